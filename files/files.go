// SPDX-License-Identifier: EUPL-1.2

// Package files keeps files under the SHA-256 of their bytes: in a folder beside the database or in a store that speaks the S3
// protocol. What is kept under a name can therefore never be something else, and the same bytes are kept once. It knows no
// database, no register and no access, and does not look at what a file holds.
package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"strings"
	"time"
)

// Store keeps files. A name is the SHA-256 of the file's bytes in hexadecimal, lower case. Safe for concurrent use.
type Store interface {
	// Put keeps what r gives and returns its name and its size in bytes. When it returns without an error the file survives a
	// power cut; with an error nothing is kept. A file that is there already becomes new again, so that a Sweep under way
	// leaves it. The error is ErrLarge where r gives more than limit bytes, and r's own where reading fails.
	Put(ctx context.Context, r io.Reader, limit int64) (sha string, size int64, err error)

	// Open returns the file and its size in bytes. Reading it fails with ErrChanged, before its last bytes are given, where
	// they are not the ones that were kept. The error is ErrNone where there is no such file.
	Open(ctx context.Context, sha string) (io.ReadCloser, int64, error)

	// Sweep removes the files that were put before the moment and that named does not know, with what a broken Put may have
	// left, and returns how many files they were. A file that is put while it runs stays. To remove a file in any other way
	// is wrong: the same bytes may have been kept by somebody else.
	Sweep(ctx context.Context, before time.Time, named func(sha string) bool) (removed int, err error)
}

// Errors that a caller tells apart.
var (
	ErrNone    = errors.New("no such file")
	ErrLarge   = errors.New("the file is too large")
	ErrChanged = errors.New("the file is not the one that was kept")
)

// Open returns the store at an address: https://KEY:SECRET@HOST/BUCKET with an optional /PREFIX and ?region=REGION is an S3
// store, anything else a folder. Nothing is made or reached before the first file is kept.
func Open(address string) (Store, error) {
	if strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") {
		return newS3(address)
	}
	if strings.Contains(address, "://") || address == "" {
		return nil, errors.New("an address of files is a folder or begins with https://")
	}
	return Dir(address), nil
}

var nameForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// checkName keeps anything but a name from becoming part of a path.
func checkName(sha string) error {
	if !nameForm.MatchString(sha) {
		return fmt.Errorf("%w: %q is no SHA-256", ErrNone, sha)
	}
	return nil
}

// spool copies r to w and returns the name and the size of what was copied.
func spool(ctx context.Context, w io.Writer, r io.Reader, limit int64) (sha string, size int64, err error) {
	h := sha256.New()
	size, err = io.Copy(io.MultiWriter(w, h), io.LimitReader(cancellable{ctx, r}, limit+1))
	if err == nil && size > limit {
		err = fmt.Errorf("%w: over %d bytes", ErrLarge, limit)
	}
	return hex.EncodeToString(h.Sum(nil)), size, err
}

// cancellable is a reader that ends with its context.
type cancellable struct {
	ctx context.Context
	r   io.Reader
}

func (c cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// checked is a file that is held to its name while it is read. The last bytes are given only when all are right, so that
// whoever was promised the size sees that the file is cut.
type checked struct {
	io.ReadCloser
	sha  string
	left int64
	sum  hash.Hash
}

func check(r io.ReadCloser, sha string, size int64) io.ReadCloser {
	return &checked{r, sha, size, sha256.New()}
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.sum.Write(p[:n])
	c.left -= int64(n)
	switch {
	case c.left > 0 && err == io.EOF, c.left < 0:
		return 0, ErrChanged
	case c.left == 0 && hex.EncodeToString(c.sum.Sum(nil)) != c.sha:
		return 0, ErrChanged
	}
	return n, err
}
