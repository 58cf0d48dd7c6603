// SPDX-License-Identifier: EUPL-1.2

package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// dir keeps each file as FOLDER/ab/abcd…. Only the program's own account may read it.
type dir struct {
	path string
	mu   sync.Mutex // between a file that becomes new and a Sweep that takes it for old
}

// unfinished begins the names of files that are being written.
const unfinished = ".unfinished-"

// Dir returns the store in a folder, which is made when the first file is kept. Another program may read the same folder
// while files are kept in it.
func Dir(path string) Store { return &dir{path: path} }

func (d *dir) file(sha string) string { return filepath.Join(d.path, sha[:2], sha) }

func (d *dir) Put(ctx context.Context, r io.Reader, limit int64) (sha string, size int64, err error) {
	if err := os.MkdirAll(d.path, 0o700); err != nil {
		return "", 0, err
	}
	f, err := os.CreateTemp(d.path, unfinished)
	if err != nil {
		return "", 0, err
	}
	defer os.Remove(f.Name()) // it is gone when it was renamed
	sha, size, err = spool(ctx, f, r, limit)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", 0, err
	}
	if err := d.name(f.Name(), sha); err != nil {
		return "", 0, err
	}
	return sha, size, nil
}

// name gives a written file its name. One that has it is replaced: it holds the same bytes, or ought to.
func (d *dir) name(written, sha string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	to := d.file(sha)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	now := time.Now()
	if err := os.Chtimes(written, now, now); err != nil { // a long upload was begun long ago
		return err
	}
	if err := os.Rename(written, to); err != nil {
		return err
	}
	return errors.Join(syncFolder(filepath.Dir(to)), syncFolder(d.path))
}

// syncFolder makes the folder's names survive a power cut. Windows does so by itself.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (d *dir) Open(_ context.Context, sha string) (io.ReadCloser, int64, error) {
	if err := checkName(sha); err != nil {
		return nil, 0, err
	}
	f, err := os.Open(d.file(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fmt.Errorf("%w: %s", ErrNone, sha)
	}
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%w: %s is no file", ErrChanged, sha)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return check(f, sha, info.Size()), info.Size(), nil
}

func (d *dir) Sweep(ctx context.Context, before time.Time, named func(string) bool) (removed int, err error) {
	err = filepath.WalkDir(d.path, func(path string, e fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if path == d.path && errors.Is(err, fs.ErrNotExist) {
			return fs.SkipAll // no file was ever kept
		}
		if err != nil || e.IsDir() {
			return err
		}
		name := e.Name()
		whole := checkName(name) == nil && path == d.file(name)
		broken := filepath.Dir(path) == filepath.Clean(d.path) && len(name) > len(unfinished) && name[:len(unfinished)] == unfinished
		if !broken && (!whole || named(name)) {
			return nil // also what somebody else has put here
		}
		gone, err := d.removeOld(path, before)
		if gone && whole {
			removed++
		}
		return err
	})
	return removed, err
}

func (d *dir) removeOld(path string, before time.Time) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || !info.ModTime().Before(before) {
		return false, err
	}
	return true, os.Remove(path)
}
