// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"syscall"
)

// folderLock holds a data folder for this process. The system lets it go when the process ends, however it
// ends.
type folderLock struct{ handle syscall.Handle }

const sharingViolation syscall.Errno = 32

// lockFolder takes the folder's lock by opening a file that it shares with nobody, or fails with ErrInUse at
// once.
func lockFolder(dir string) (*folderLock, error) {
	name, err := syscall.UTF16PtrFromString(filepath.Join(dir, "ledsyn.lock"))
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, sharingViolation) {
		return nil, fmt.Errorf("%w: %s", ErrInUse, dir)
	}
	if err != nil {
		return nil, err
	}
	return &folderLock{h}, nil
}

func (l *folderLock) release() error { return syscall.CloseHandle(l.handle) }
