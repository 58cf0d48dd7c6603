// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
)

// The settings that make the test binary such a program.
const (
	recordsUntilKilled = "LEDSYN_TEST_WRITE_UNTIL_KILLED"
	setsUntilKilled    = "LEDSYN_TEST_WRITE_SETS_UNTIL_KILLED"
)

// TestMain lets the test binary start itself as a program that writes until it is killed.
func TestMain(m *testing.M) {
	for name, write := range map[string]func(string) error{recordsUntilKilled: writeUntilKilled, setsUntilKilled: writeSetsUntilKilled} {
		if config := os.Getenv(name); config != "" {
			if err := write(config); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeUntilKilled writes with eight goroutines and says each act's key once the act is acknowledged. An act
// keeps two records under one key, the second pointing at the first, and changes a third.
func writeUntilKilled(config string) error {
	var c Config
	if err := json.Unmarshal([]byte(config), &c); err != nil {
		return err
	}
	ctx := context.Background()
	db, err := Open(ctx, c)
	if err != nil {
		return err
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for {
				key := register.NewID()
				err := db.Update(ctx, Act{Org: org, Who: "skrivaren", Key: key}, func(tx *Tx) error { return writePair(tx, key) })
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				fmt.Println(key)
			}
		})
	}
	wait.Wait()
	return nil
}

func writePair(tx *Tx, key string) error {
	p := &isms.Person{Record: isms.Record{ID: "p-" + key, Unit: "stad"}, Name: "Ägaren"}
	if err := tx.Put(p); err != nil {
		return err
	}
	s := system("Systemet")
	s.ID, s.Owner = "s-"+key, register.Ref[isms.Person](p.ID)
	if err := tx.Put(s); err != nil {
		return err
	}
	counter, err := Get[isms.System](tx, all, "counter")
	if err != nil {
		return err
	}
	counter.Purpose = key
	return tx.Put(&counter)
}

// A program that is killed while it writes loses nothing that it said was done, does nothing by halves, and
// leaves a journal that verifies.
func TestKilledWhileWriting(t *testing.T) {
	for engine, config := range engines(t) {
		t.Run(engine, func(t *testing.T) {
			kills := 20
			if engine != "sqlite" {
				kills = 5
			}
			c := config(t)
			db, err := Open(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			settle(t, db)
			counter := system("Räknaren")
			counter.ID = "counter"
			put(t, db, counter)
			db.Close()
			said := map[string]bool{}
			for range kills {
				for _, key := range killOnce(t, c, recordsUntilKilled) {
					said[key] = true
				}
				afterKill(t, c, said)
			}
			t.Logf("%d kills, %d acts acknowledged", kills, len(said))
		})
	}
}

// killOnce starts the writer, kills it at a random time after its first acknowledgement, and returns the keys it acknowledged.
func killOnce(t *testing.T, c Config, program string) []string {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), program+"="+string(text))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(out)
	first, err := r.ReadString('\n')
	if err != nil {
		cmd.Wait()
		t.Fatalf("the writer wrote nothing: %v %s", err, stderr.String())
	}
	go func() {
		time.Sleep(time.Duration(100+rand.IntN(300)) * time.Millisecond)
		cmd.Process.Kill()
	}()
	rest, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // it was killed
	if stderr.Len() > 0 {
		t.Fatalf("the writer failed by itself: %s", stderr.String())
	}
	lines := strings.Split(first+string(rest), "\n")
	return lines[:len(lines)-1] // the last is empty, or was cut
}

func afterKill(t *testing.T, c Config, said map[string]bool) {
	t.Helper()
	db, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r, err := db.Verify(t.Context(), org, nil)
	if err != nil {
		t.Fatal(err)
	}
	pairs := map[string]int{}
	view(t, db, func(tx *Tx) error {
		for _, query := range []string{`select key from done`, `select substr(id, 3) from person`, `select substr(id, 3) from system where id <> 'counter'`} {
			err := tx.each(query, nil, func(scan func(...any) error) error {
				var key string
				err := scan(&key)
				pairs[key]++
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	for key := range said {
		if pairs[key] != 3 {
			t.Fatalf("act %s was acknowledged, and %d of its 3 parts are there", key, pairs[key])
		}
	}
	for key, n := range pairs {
		if n != 3 {
			t.Fatalf("act %s is there by halves: %d of 3", key, n)
		}
	}
	if want := int64(3*len(pairs) + 2); r.Entries != want {
		t.Fatalf("%d entries, not %d", r.Entries, want)
	}
}
