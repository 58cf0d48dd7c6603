// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"io"
	"strings"
)

// What a packed file may hold at most, besides readBytes. Real workbooks shrink to between a third and a fiftieth.
const (
	zipEntries   = 10_000
	zipDirectory = 4 << 20 // bytes read to know the entries, so that their number is bounded before it is known
	zipRatio     = 300     // unpacked to packed, where more than zipFree is unpacked
	zipFree      = 16 << 20
	smallPart    = 64 << 20 // bytes of a part that is no sheet
)

// A container is the parts of a packed file, by their names in lower case. Nothing of it is written anywhere.
type container map[string]*zip.File

// openZip tells which kind of packed file it is.
func openZip(name string, r *io.SectionReader) (*Book, error) {
	parts, err := openContainer(r)
	if err != nil {
		return nil, err
	}
	switch {
	case parts["[content_types].xml"] != nil || parts["_rels/.rels"] != nil:
		return openXLSX(name, parts)
	case parts["content.xml"] != nil:
		return openODS(name, parts)
	}
	return nil, fileError("sheet_kind", name)
}

func openContainer(r *io.SectionReader) (container, error) {
	guard := &guarded{r: r, left: zipDirectory}
	z, err := zip.NewReader(guard, r.Size())
	switch {
	case guard.left < 0:
		return nil, fileError("sheet_zip_entries", zipEntries)
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, broken(err)
	case len(z.File) > zipEntries:
		return nil, fileError("sheet_zip_entries", zipEntries)
	}
	guard.open = true
	parts := make(container, len(z.File))
	for _, f := range z.File {
		name := strings.ReplaceAll(f.Name, `\`, "/") // as some old programs write them
		if outside(name) {
			return nil, fileError("sheet_zip_path", f.Name)
		}
		if strings.HasSuffix(name, "/") {
			continue
		}
		name = strings.ToLower(name)
		if parts[name] != nil {
			return nil, fileError("sheet_zip_twice", f.Name)
		}
		parts[name] = f
	}
	return parts, nil
}

// outside says whether the name points out of the packed file.
func outside(name string) bool {
	return name == "" || name[0] == '/' || len(name) > 1 && name[1] == ':' || strings.ContainsRune(name, 0) ||
		strings.HasPrefix(name, "../") || strings.Contains(name, "/../") || strings.HasSuffix(name, "/..")
}

// guarded lets no more than some bytes be read until it is open.
type guarded struct {
	r    io.ReaderAt
	left int64
	open bool
}

func (g *guarded) ReadAt(p []byte, at int64) (int, error) {
	if !g.open {
		if g.left -= int64(len(p)); g.left < 0 {
			return 0, io.ErrUnexpectedEOF
		}
	}
	return g.r.ReadAt(p, at)
}

// open unpacks a part, at most so many bytes of it.
func (c container) open(name string, limit int64) (io.ReadCloser, error) {
	f := c[strings.ToLower(name)]
	if f == nil {
		return nil, fileError("sheet_part_missing", name)
	}
	if f.Flags&1 != 0 {
		return nil, fileError("sheet_locked")
	}
	if f.UncompressedSize64 > uint64(limit) {
		return nil, fileError("sheet_unpacked_large", limit>>20)
	}
	r, err := f.Open()
	if err != nil {
		return nil, broken(err)
	}
	return &unpacked{r: r, limit: limit, packed: int64(min(f.CompressedSize64, readBytes))}, nil
}

// small is the text of a very small part.
func (c container) small(name string, limit int64) (string, error) {
	r, err := c.open(name, limit)
	if err != nil {
		return "", err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	return string(text), err
}

// unpacked counts what comes out of a part, whatever the file says of its size.
type unpacked struct {
	r                   io.ReadCloser
	limit, packed, read int64
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.read += int64(n)
	switch {
	case u.read > u.limit:
		return 0, fileError("sheet_unpacked_large", u.limit>>20)
	case u.read > zipFree && u.read/zipRatio > u.packed:
		return 0, fileError("sheet_zip_ratio")
	case err != nil && err != io.EOF:
		return n, broken(err)
	}
	return n, err
}

func (u *unpacked) Close() error { return u.r.Close() }

// broken says in words that the file was cut or changed, where the library says so in its own.
func broken(err error) error {
	if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrAlgorithm) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fileError("sheet_zip_broken")
	}
	if _, ok := errors.AsType[flate.CorruptInputError](err); ok {
		return fileError("sheet_zip_broken")
	}
	return err
}
