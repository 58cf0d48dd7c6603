// SPDX-License-Identifier: EUPL-1.2

package files

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestDirIsPrivate holds that nobody but the program's own account can read the files.
func TestDirIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("rights are kept in another way there")
	}
	root := filepath.Join(t.TempDir(), "a", "files")
	put(t, Dir(root), []byte("a"))
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestChangedFileIsNotGivenOut changes a file in each way that a disk or a hand does.
func TestChangedFileIsNotGivenOut(t *testing.T) {
	whole := bytes.Repeat([]byte("0123456789"), 10_000)
	for what, change := range map[string]func([]byte) []byte{
		"a bit":      func(b []byte) []byte { b[70_000] ^= 1; return b },
		"the last":   func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
		"cut":        func(b []byte) []byte { return b[:len(b)-1] },
		"nothing":    func([]byte) []byte { return nil },
		"more of it": func(b []byte) []byte { return append(b, '!') },
	} {
		d := Dir(t.TempDir()).(*dir)
		sha := put(t, d, whole)
		if err := os.WriteFile(d.file(sha), change(bytes.Clone(whole)), 0o600); err != nil {
			t.Fatal(err)
		}
		r, size, err := d.Open(t.Context(), sha)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		r.Close()
		if !errors.Is(err, ErrChanged) || size > 0 && int64(len(b)) >= size {
			t.Errorf("%s: %d of %d bytes, %v", what, len(b), size, err)
		}
		if put(t, d, whole); !bytes.Equal(get(t, d, sha), whole) {
			t.Errorf("%s: putting it anew does not mend it", what)
		}
	}
}

// TestSweepTakesWhatABrokenPutLeft leaves a file as a power cut does, and one of somebody else's.
func TestSweepTakesWhatABrokenPutLeft(t *testing.T) {
	root := t.TempDir()
	d := Dir(root)
	old := time.Now().Add(-48 * time.Hour)
	for _, name := range []string{unfinished + "123", "notes.txt", "ab/notes.txt", strings.Repeat("a", 64), "ab/" + strings.Repeat("c", 64)} {
		path := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600), os.Chtimes(path, old, old)); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := d.Sweep(t.Context(), time.Now(), func(string) bool { return false }); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := os.Stat(filepath.Join(root, unfinished+"123")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what a broken Put left is still there: %v", err)
	}
	for _, name := range []string{"notes.txt", "ab/notes.txt", strings.Repeat("a", 64), "ab/" + strings.Repeat("c", 64)} {
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			t.Errorf("somebody else's file: %v", err)
		}
	}
}

// fullDisk takes some bytes and no more.
type fullDisk struct{ left int }

var errFull = errors.New("no space left on device")

func (f *fullDisk) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestFullDisk(t *testing.T) {
	if _, _, err := spool(t.Context(), &fullDisk{100}, bytes.NewReader(make([]byte, 200_000)), mega); !errors.Is(err, errFull) {
		t.Errorf("a full disk gives %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Dir(filepath.Join(file, "files")).Put(t.Context(), strings.NewReader("a"), mega); err == nil {
		t.Error("kept in a folder that cannot be made")
	}
}
