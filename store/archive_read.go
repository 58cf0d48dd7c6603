// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"ledsyn/register"
)

// Archive is an archive that has been opened: its manifest has been read and its files are those that the manifest
// names. What is in them has not been looked at.
type Archive struct {
	Manifest Manifest
	files    map[string]archiveFile
}

type archiveFile struct {
	ArchivedFile
	zip *zip.File
}

// OpenArchive opens an archive or a backup. Nothing is unpacked, and nothing is ever written under a name that an archive
// gives. Error: *ErrArchive.
func OpenArchive(r io.ReaderAt, size int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		var start [4]byte
		if n, _ := r.ReadAt(start[:], 0); n == 4 && string(start[:]) == "PK\x03\x04" {
			return nil, wrongArchive(ArchiveCut, "", err)
		}
		return nil, wrongArchive(ArchiveNone, "", err)
	}
	packed, err := checkDirectory(z, size)
	if err != nil {
		return nil, err
	}
	m, ok := packed[manifestName]
	if !ok {
		return nil, wrongArchive(ArchiveNone, "", nil)
	}
	a := &Archive{files: map[string]archiveFile{}}
	if err := a.readManifest(m); err != nil {
		return nil, err
	}
	delete(packed, manifestName)
	return a, a.agree(packed)
}

// checkDirectory looks at the zip's own list: names that an archive has, each once, and no more to unpack than there
// can be.
func checkDirectory(z *zip.Reader, size int64) (map[string]*zip.File, error) {
	if len(z.File) > maxArchiveFiles {
		return nil, wrongArchive(ArchiveBomb, "", nil)
	}
	files := map[string]*zip.File{}
	var packed, unpacked uint64
	for _, f := range z.File {
		if f.Name != manifestName && !archiveName.MatchString(f.Name) || files[f.Name] != nil {
			return nil, wrongArchive(ArchiveName, short(f.Name), nil)
		}
		const encrypted = 1
		if f.Flags&encrypted != 0 || f.Method != zip.Store && f.Method != zip.Deflate {
			return nil, wrongArchive(ArchiveNone, f.Name, nil)
		}
		files[f.Name] = f
		packed, unpacked = packed+f.CompressedSize64, unpacked+f.UncompressedSize64
		// Files that share bytes have more packed in all than there is; each sum is looked at before it can turn over.
		if packed > uint64(size) || unpacked > 1<<62 || unpacked > bombSize && unpacked/bombRatio > uint64(size) {
			return nil, wrongArchive(ArchiveBomb, "", nil)
		}
	}
	return files, nil
}

// short is a name that somebody else chose, as it can be shown.
func short(name string) string {
	name = strings.ToValidUTF8(name, "?")
	if len(name) > 100 {
		name = strings.ToValidUTF8(name[:100], "") + "…"
	}
	return fmt.Sprintf("%q", name)
}

func (a *Archive) readManifest(f *zip.File) error {
	text, err := readWhole(f, maxManifest)
	if err != nil {
		return wrongArchive(ArchiveManifest, manifestName, err)
	}
	var kind struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if json.Unmarshal(text, &kind) != nil || kind.Format != archiveFormat {
		return wrongArchive(ArchiveNone, "", nil)
	}
	if kind.Version != archiveVersion { // the rest of it may be written in another way
		return wrongArchive(ArchiveVersion, "", nil)
	}
	if err := json.Unmarshal(text, &a.Manifest); err != nil {
		return wrongArchive(ArchiveManifest, manifestName, err)
	}
	if c := a.Manifest.Contents; c != wholeOrganisation && c != wholeBackup {
		return wrongArchive(ArchiveManifest, manifestName, nil)
	}
	seen := map[string]bool{}
	for _, o := range a.Manifest.Organisations {
		if !register.ValidID(o.ID) || seen[o.ID] {
			return wrongArchive(ArchiveManifest, short(o.ID), nil)
		}
		seen[o.ID] = true
	}
	return nil
}

// agree holds the manifest and the zip's own list to each other, and every file's place to the organisations named.
func (a *Archive) agree(packed map[string]*zip.File) error {
	for _, f := range a.Manifest.Files {
		z := packed[f.Path]
		_, twice := a.files[f.Path]
		if z == nil || twice || f.Size < 0 || uint64(f.Size) != z.UncompressedSize64 {
			return wrongArchive(ArchiveManifest, short(f.Path), nil)
		}
		if sha, ok := strings.CutPrefix(f.Path, "files/"); ok && sha != f.SHA256 {
			return wrongArchive(ArchiveManifest, f.Path, nil)
		}
		if rest, ok := strings.CutPrefix(f.Path, "organisations/"); ok {
			org, _, _ := strings.Cut(rest, "/")
			if !slices.ContainsFunc(a.Manifest.Organisations, func(o ArchivedPosition) bool { return o.ID == org }) {
				return wrongArchive(ArchiveManifest, f.Path, nil)
			}
		}
		a.files[f.Path] = archiveFile{f, z}
	}
	for name := range packed {
		if _, ok := a.files[name]; !ok {
			return wrongArchive(ArchiveManifest, name, nil)
		}
	}
	return nil
}

func readWhole(f *zip.File, limit int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = fmt.Errorf("over %d bytes", limit)
	}
	return text, err
}

// Key is the signing key of a backup, or nil.
func (a *Archive) Key() (ed25519.PrivateKey, error) {
	if _, ok := a.files[keyName]; !ok {
		return nil, nil
	}
	text, err := a.document(keyName)
	if err != nil {
		return nil, err
	}
	key, err := readKey(text)
	if err != nil {
		return nil, wrongArchive(ArchiveContent, keyName, nil)
	}
	return key, nil
}

// heldReader gives a file's bytes and holds them to the manifest: instead of the end it gives an *ErrArchive when they
// are not what the manifest says, so whoever keeps what it reads must read to the end before it counts.
type heldReader struct {
	file archiveFile
	r    io.ReadCloser
	hash hash.Hash
}

func (a *Archive) open(name string) (*heldReader, error) {
	f, ok := a.files[name]
	if !ok {
		return nil, wrongArchive(ArchiveManifest, name, nil)
	}
	r, err := f.zip.Open()
	if err != nil {
		return nil, wrongArchive(ArchiveChanged, name, err)
	}
	return &heldReader{f, r, sha256.New()}, nil
}

func (r *heldReader) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	r.hash.Write(b[:n])
	switch {
	case err == io.EOF && hex.EncodeToString(r.hash.Sum(nil)) != r.file.SHA256:
		return 0, wrongArchive(ArchiveChanged, r.file.Path, nil)
	case err != nil && err != io.EOF:
		return 0, wrongArchive(ArchiveChanged, r.file.Path, err)
	}
	return n, err
}

func (r *heldReader) Close() error { return r.r.Close() }

// document reads a whole file into memory.
func (a *Archive) document(name string) ([]byte, error) {
	r, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if r.file.Size > maxDocument {
		return nil, wrongArchive(ArchiveLong, name, nil)
	}
	return io.ReadAll(r)
}

// lines hands every line of a file to f, without its end, with its number from 1. The slice is used again. f's own error is
// told with the line.
func (a *Archive) lines(name string, f func(n int64, line []byte) error) error {
	r, err := a.open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 1<<16), maxLine)
	s.Split(wholeLines)
	n := int64(0)
	for s.Scan() {
		n++
		if err := f(n, s.Bytes()); err != nil {
			var told *ErrArchive
			if errors.As(err, &told) {
				return err
			}
			return wrongLine(name, n, err)
		}
	}
	switch err := s.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return wrongArchive(ArchiveLong, name, nil)
	case errors.Is(err, errNoEnd):
		return wrongArchive(ArchiveContent, name, err)
	case err != nil:
		return err
	}
	if n != r.file.Lines {
		return wrongArchive(ArchiveManifest, name, nil)
	}
	return nil
}

var errNoEnd = errors.New("the last line has no end")

// wholeLines is bufio.ScanLines for files in which every line ends with a line feed.
func wholeLines(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return 0, nil, errNoEnd
	}
	return 0, nil, nil
}
