// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
)

// Limits on what an office document may unpack to. The largest that may be attached hold far less: pictures in them are packed
// already.
const (
	maxParts    = 10_000
	maxUnpacked = 400 << 20 // bytes
	maxTypes    = 4 << 20   // bytes of the list of the parts' types
)

// mainParts gives the ending of a document's name by the type of its main part.
var mainParts = map[string]string{
	officeMedia + "wordprocessingml.document.main+xml": ".docx",
	officeMedia + "spreadsheetml.sheet.main+xml":       ".xlsx",
}

const typesPart = "[Content_Types].xml"

// officeType tells DOCX and XLSX by what is in the file. It refuses documents with macros and archives that are made to do harm
// to whoever unpacks them: each part is unpacked once, held to its size and its checksum, and thrown away.
func officeType(r io.ReaderAt, size int64) (fileType, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return fileType{}, fileWrong("file_cut")
	}
	if len(z.File) > maxParts {
		return fileType{}, fileWrong("file_bomb")
	}
	parts := map[string]*zip.File{}
	for _, f := range z.File {
		if err := checkPart(f); err != nil {
			return fileType{}, err
		}
		name := strings.ToLower(f.Name)
		if parts[name] != nil {
			return fileType{}, fileWrong("file_parts")
		}
		parts[name] = f
	}
	ending, err := mainPart(parts)
	if err != nil {
		return fileType{}, err
	}
	if err := unpack(z); err != nil {
		return fileType{}, err
	}
	for _, t := range fileTypes {
		if t.extensions[0] == ending {
			return t, nil
		}
	}
	return fileType{}, fileWrong("file_type")
}

// checkPart refuses what no office program writes: a way out of the folder that the document is unpacked in, a link, a part
// behind a password; and macros.
func checkPart(f *zip.File) error {
	name := strings.TrimSuffix(f.Name, "/")
	switch {
	case f.Flags&1 != 0:
		return fileWrong("file_locked")
	case !fs.ValidPath(name) || strings.ContainsAny(name, "\\:\x00"), f.Mode()&fs.ModeType&^fs.ModeDir != 0:
		return fileWrong("file_parts")
	}
	base := strings.ToLower(path.Base(name))
	if strings.HasPrefix(base, "vbaproject") || strings.Contains(strings.ToLower(name), "macrosheets/") {
		return fileWrong("file_macros")
	}
	return nil
}

// mainPart reads the list of the parts' types and returns the ending that the document's name ought to have.
func mainPart(parts map[string]*zip.File) (ending string, err error) {
	list := parts[strings.ToLower(typesPart)]
	if list == nil || list.UncompressedSize64 > maxTypes {
		return "", fileWrong("file_type")
	}
	in, err := list.Open()
	if err != nil {
		return "", fileWrong("file_cut")
	}
	defer in.Close()
	var types struct {
		Default []struct {
			ContentType string `xml:",attr"`
		}
		Override []struct {
			PartName    string `xml:",attr"`
			ContentType string `xml:",attr"`
		}
	}
	if err := xml.NewDecoder(io.LimitReader(in, maxTypes)).Decode(&types); err != nil {
		return "", fileWrong("file_cut")
	}
	for _, d := range types.Default {
		if hasMacros(d.ContentType) {
			return "", fileWrong("file_macros")
		}
	}
	for _, o := range types.Override {
		if hasMacros(o.ContentType) {
			return "", fileWrong("file_macros")
		}
		found, ok := mainParts[o.ContentType]
		if !ok || parts[strings.ToLower(strings.TrimPrefix(o.PartName, "/"))] == nil {
			continue
		}
		if ending != "" && ending != found {
			return "", fileWrong("file_two_types")
		}
		ending = found
	}
	if ending == "" {
		return "", fileWrong("file_type")
	}
	return ending, nil
}

func hasMacros(contentType string) bool {
	t := strings.ToLower(contentType)
	return strings.Contains(t, "macroenabled") || strings.Contains(t, "vbaproject")
}

// unpack reads every part to its end, so that one that is damaged, or unpacks to more than it says, is found.
func unpack(z *zip.Reader) error {
	left := uint64(maxUnpacked)
	for _, f := range z.File {
		if f.UncompressedSize64 > left {
			return fileWrong("file_bomb")
		}
		left -= f.UncompressedSize64
		in, err := f.Open()
		if err != nil {
			return fileWrong("file_cut")
		}
		n, err := io.Copy(io.Discard, io.LimitReader(in, int64(f.UncompressedSize64)+1))
		in.Close()
		if err != nil || uint64(n) != f.UncompressedSize64 {
			return fileWrong("file_cut")
		}
	}
	return nil
}

// notZip refuses a file that can be opened as an archive too: what one program takes for a picture another would unpack.
func notZip(r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if errors.Is(err, zip.ErrFormat) || err == nil && len(z.File) == 0 {
		return nil
	}
	return fileWrong("file_two_types")
}
