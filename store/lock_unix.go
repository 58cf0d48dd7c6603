// SPDX-License-Identifier: EUPL-1.2

//go:build unix

package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// folderLock holds a data folder for this process. The system lets it go when the process ends, however it
// ends.
type folderLock struct{ file *os.File }

// lockFolder takes the folder's lock, or fails with ErrInUse at once.
func lockFolder(dir string) (*folderLock, error) {
	f, err := os.OpenFile(filepath.Join(dir, "ledsyn.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s", ErrInUse, dir)
		}
		return nil, err
	}
	return &folderLock{f}, nil
}

func (l *folderLock) release() error { return l.file.Close() }
