// SPDX-License-Identifier: EUPL-1.2

package files

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// onEach runs the test on a folder, and on the S3 store that LEDSYN_TEST_S3 names.
func onEach(t *testing.T, f func(*testing.T, Store)) {
	t.Run("folder", func(t *testing.T) { f(t, Dir(t.TempDir()+"/files")) })
	if address := os.Getenv("LEDSYN_TEST_S3"); address != "" {
		t.Run("s3", func(t *testing.T) { f(t, own(t, address)) })
	}
}

// own is the store in a part of the bucket that no other test has.
func own(t *testing.T, address string) Store {
	t.Helper()
	s, err := Open(address + "/" + rand.Text())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

const mega = 1 << 20

func put(t *testing.T, s Store, b []byte) string {
	t.Helper()
	sha, size, err := s.Put(t.Context(), bytes.NewReader(b), mega)
	if err != nil || sha != sum(b) || size != int64(len(b)) {
		t.Fatalf("Put gives %s, %d, %v", sha, size, err)
	}
	return sha
}

func get(t *testing.T, s Store, sha string) []byte {
	t.Helper()
	r, size, err := s.Open(t.Context(), sha)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil || int64(len(b)) != size {
		t.Fatalf("read %d of %d bytes: %v", len(b), size, err)
	}
	return b
}

func TestWhatIsPutIsFound(t *testing.T) {
	onEach(t, func(t *testing.T, s Store) {
		for _, b := range [][]byte{nil, []byte("a"), bytes.Repeat([]byte("å"), 100_000), bytes.Repeat([]byte{0}, mega)} {
			sha := put(t, s, b)
			if put(t, s, b) != sha {
				t.Error("the same bytes have two names")
			}
			if got := get(t, s, sha); !bytes.Equal(got, b) {
				t.Errorf("%d bytes became %d", len(b), len(got))
			}
		}
	})
}

func TestWhatIsNoNameIsNotFound(t *testing.T) {
	onEach(t, func(t *testing.T, s Store) {
		for _, name := range []string{"", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("a", 63), strings.Repeat("a", 64), strings.Repeat("a", 64) + "\n"} {
			if _, _, err := s.Open(t.Context(), name); !errors.Is(err, ErrNone) {
				t.Errorf("%q gives %v", name, err)
			}
		}
	})
}

// broken gives some bytes and then fails, as a disk, a connection or a person does.
func broken(b []byte, err error) io.Reader {
	return io.MultiReader(bytes.NewReader(b), readerFunc(func([]byte) (int, error) { return 0, err }))
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func count(t *testing.T, s Store) int {
	t.Helper()
	n := 0
	if _, err := s.Sweep(t.Context(), time.Now().Add(time.Hour), func(string) bool { n++; return true }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFailedPutKeepsNothing(t *testing.T) {
	onEach(t, func(t *testing.T, s Store) {
		put(t, s, []byte("kept"))
		lost := errors.New("lost")
		if _, _, err := s.Put(t.Context(), broken([]byte("half"), lost), mega); !errors.Is(err, lost) {
			t.Errorf("a broken reader gives %v", err)
		}
		if _, _, err := s.Put(t.Context(), bytes.NewReader(make([]byte, mega+1)), mega); !errors.Is(err, ErrLarge) {
			t.Errorf("a large file gives %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := s.Put(ctx, strings.NewReader("late"), mega); !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled act gives %v", err)
		}
		if n := count(t, s); n != 1 {
			t.Errorf("there are %d files", n)
		}
	})
}

func TestSweepTakesWhatNobodyNames(t *testing.T) {
	onEach(t, func(t *testing.T, s Store) {
		if n, err := s.Sweep(t.Context(), time.Now(), func(string) bool { return false }); n != 0 || err != nil {
			t.Fatalf("an empty store: %d, %v", n, err)
		}
		named, orphan := put(t, s, []byte("named")), put(t, s, []byte("orphan"))
		isNamed := func(sha string) bool { return sha == named }
		if n, err := s.Sweep(t.Context(), time.Now().Add(-time.Hour), isNamed); n != 0 || err != nil {
			t.Fatalf("what is new: %d, %v", n, err)
		}
		if n, err := s.Sweep(t.Context(), time.Now().Add(time.Hour), isNamed); n != 1 || err != nil {
			t.Fatalf("what is old: %d, %v", n, err)
		}
		get(t, s, named)
		if _, _, err := s.Open(t.Context(), orphan); !errors.Is(err, ErrNone) {
			t.Errorf("the orphan is still there: %v", err)
		}
	})
}

// TestSweepLeavesWhatBecameNew holds that a file that was put again while a sweep runs is not taken for the old one.
func TestSweepLeavesWhatBecameNew(t *testing.T) {
	onEach(t, func(t *testing.T, s Store) {
		orphan := put(t, s, []byte("orphan"))
		time.Sleep(1100 * time.Millisecond) // an S3 store tells whole seconds
		before := time.Now()
		time.Sleep(1100 * time.Millisecond)
		n, err := s.Sweep(t.Context(), before, func(sha string) bool {
			put(t, s, []byte("orphan"))
			return false
		})
		if n != 0 || err != nil {
			t.Errorf("it took %d, %v", n, err)
		}
		get(t, s, orphan)
	})
}

func TestOpenTellsAddresses(t *testing.T) {
	for address, ok := range map[string]bool{
		"":                              false,
		"s3://key:secret@host/bucket":   false,
		"https://host/bucket":           false,
		"https://key:secret@host":       false,
		"https://key@host/bucket":       false,
		"https://key:hush%zz@host/b":    false,
		"https://key:hush@host/bucket":  true,
		"http://k:hush@host/b/pre/fix":  true,
		"/var/lib/ledsyn/files":         true,
		"https://k:hush@h/b?region=sto": true,
	} {
		_, err := Open(address)
		if (err == nil) != ok {
			t.Errorf("%q gives %v", address, err)
		}
		if err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("the error tells the secret: %v", err)
		}
	}
}
