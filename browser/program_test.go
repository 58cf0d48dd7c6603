// SPDX-License-Identifier: EUPL-1.2

package browser

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"
)

// scratch holds the built program, its data and the browser's profile, while the tests run.
var scratch string

// atEnd is what to do, last first, when all tests are done.
var atEnd []func()

func TestMain(m *testing.M) {
	code := 1
	func() {
		dir, err := os.MkdirTemp("", "ledsyn-browser-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return
		}
		defer os.RemoveAll(dir)
		scratch = dir
		code = m.Run()
		for i := len(atEnd) - 1; i >= 0; i-- {
			atEnd[i]()
		}
	}()
	os.Exit(code)
}

// program is the address of the running demo, without a slash at the end. It is built and started once for all tests.
var program = sync.OnceValues(startProgram)

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

func startProgram() (string, error) {
	binary := filepath.Join(scratch, "ledsyn")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %v\n%s", err, out)
	}

	demo := exec.Command(binary, "demo", "-dir", filepath.Join(scratch, "demo"), "-listen", "127.0.0.1:0")
	demo.Dir = scratch
	said, write, err := os.Pipe()
	if err != nil {
		return "", err
	}
	demo.Stdout, demo.Stderr = write, write
	if err := demo.Start(); err != nil {
		return "", err
	}
	write.Close()
	atEnd = append(atEnd, func() { stop(demo) })

	found := make(chan string, 1)
	log := new(bytes.Buffer)
	go func() {
		defer close(found)
		lines := bufio.NewReader(said)
		for {
			line, err := lines.ReadString('\n')
			log.WriteString(line)
			if at := address.FindString(line); at != "" {
				found <- at
				io.Copy(io.Discard, lines) // a full pipe would stop the program
				return
			}
			if err != nil {
				return
			}
		}
	}()
	select {
	case at, ok := <-found:
		if !ok {
			return "", fmt.Errorf("the demo ended without an address; it said:\n%s", log)
		}
		return at, nil
	case <-time.After(time.Minute):
		return "", fmt.Errorf("the demo named no address within a minute")
	}
}

// stop asks a process to end as a person's Ctrl-C does, and ends it after ten seconds.
func stop(c *exec.Cmd) {
	c.Process.Signal(os.Interrupt)
	late := time.AfterFunc(10*time.Second, func() { c.Process.Kill() })
	defer late.Stop()
	c.Wait()
}
