// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"image"
	_ "image/jpeg" // reads the size of pictures
	_ "image/png"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ledsyn/register"
)

// A fileType is a kind of file that may be attached. What a file is follows from its contents; its name must agree.
type fileType struct {
	extensions []string // the first is the one that a name without any is given
	media      string
	begins     string // what the file begins with; "" for text
	check      func(r io.ReaderAt, size int64) error
}

const officeMedia = "application/vnd.openxmlformats-officedocument."

// fileTypes is every kind of file that may be attached.
var fileTypes = []fileType{
	{[]string{".pdf"}, "application/pdf", "%PDF-", checkPDF},
	{[]string{".png"}, "image/png", "\x89PNG\r\n\x1a\n", checkPNG},
	{[]string{".jpg", ".jpeg"}, "image/jpeg", "\xff\xd8\xff", checkJPEG},
	{[]string{".docx"}, officeMedia + "wordprocessingml.document", zipBegins, nil}, // office tells which of the two
	{[]string{".xlsx"}, officeMedia + "spreadsheetml.sheet", zipBegins, nil},
	{[]string{".txt"}, "text/plain", "", checkText},
}

const (
	zipBegins = "PK\x03\x04"
	oleBegins = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" // Word and Excel before 2007, and today's with a password
)

// Extensions lists the endings of the names of files that may be attached, each with its dot.
func Extensions() []string {
	var all []string
	for _, t := range fileTypes {
		all = append(all, t.extensions...)
	}
	return all
}

// ExtensionOf is the ending of the names of files of the media type, with its dot, or "" where no such file may be attached.
func ExtensionOf(media string) string {
	for _, t := range fileTypes {
		if t.media == media {
			return t.extensions[0]
		}
	}
	return ""
}

func fileWrong(code string, args ...any) error {
	return register.Wrongs{{Field: "file", Code: code, Args: args}}
}

// attachable returns the file's type, told by its contents, and its name as it is kept. What may not be attached is
// register.Wrongs; any other error is a failure to read.
func attachable(name string, r io.ReaderAt, size int64) (fileType, string, error) {
	switch {
	case size == 0:
		return fileType{}, "", fileWrong("file_empty")
	case size > MaxAttachment:
		return fileType{}, "", fileWrong("file_large", MaxAttachment>>20)
	}
	t, err := typeOf(r, size)
	if err != nil {
		return t, "", err
	}
	name, err = fileName(name, t)
	return t, name, err
}

func typeOf(r io.ReaderAt, size int64) (fileType, error) {
	head := make([]byte, min(size, 16))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return fileType{}, err
	}
	if bytes.HasPrefix(head, []byte(oleBegins)) {
		return fileType{}, fileWrong("file_ole")
	}
	if bytes.HasPrefix(head, []byte(zipBegins)) {
		return officeType(r, size)
	}
	for _, t := range fileTypes {
		if t.begins != zipBegins && bytes.HasPrefix(head, []byte(t.begins)) {
			return t, t.check(r, size)
		}
	}
	return fileType{}, fileWrong("file_type") // not reached: text begins with anything
}

// checkPDF refuses a file that is cut, or that is an archive of other files at the same time.
func checkPDF(r io.ReaderAt, size int64) error {
	tail, err := lastBytes(r, size, 2048)
	if err != nil {
		return err
	}
	if !bytes.Contains(tail, []byte("%%EOF")) {
		return fileWrong("file_cut")
	}
	return notZip(r, size)
}

// maxPixels is how large a picture may be: beyond it a small file unpacks to more than a gigabyte when it is opened.
const maxPixels = 250_000_000

func checkPNG(r io.ReaderAt, size int64) error {
	tail, err := lastBytes(r, size, 12)
	if err != nil {
		return err
	}
	if string(tail) != "\x00\x00\x00\x00IEND\xaeB`\x82" {
		return fileWrong("file_cut")
	}
	return checkPicture(r, size)
}

// checkJPEG lets bytes after the picture be: telephones put a moving picture or a note of their own there.
func checkJPEG(r io.ReaderAt, size int64) error { return checkPicture(r, size) }

func checkPicture(r io.ReaderAt, size int64) error {
	config, _, err := image.DecodeConfig(io.NewSectionReader(r, 0, size))
	switch {
	case err != nil:
		return fileWrong("file_picture")
	case config.Width <= 0 || config.Height <= 0:
		return fileWrong("file_picture")
	case int64(config.Width)*int64(config.Height) > maxPixels:
		return fileWrong("file_pixels", maxPixels/1_000_000)
	}
	return notZip(r, size)
}

// checkText takes UTF-8 and Windows-1252. A file with other control characters than those of lines is something else than text.
func checkText(r io.ReaderAt, size int64) error {
	text := make([]byte, size)
	if _, err := r.ReadAt(text, 0); err != nil && err != io.EOF {
		return err
	}
	if slices.ContainsFunc(text, func(b byte) bool {
		return b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' || b == 0x7f
	}) {
		return fileWrong("file_type")
	}
	if utf8.Valid(text) {
		return nil
	}
	if slices.ContainsFunc(text, func(b byte) bool { return strings.IndexByte("\x81\x8d\x8f\x90\x9d", b) >= 0 }) { // not in Windows-1252
		return fileWrong("file_text")
	}
	return nil
}

func lastBytes(r io.ReaderAt, size, n int64) ([]byte, error) {
	n = min(n, size)
	tail := make([]byte, n)
	if _, err := r.ReadAt(tail, size-n); err != nil && err != io.EOF {
		return nil, err
	}
	return tail, nil
}

// maxFileName is the longest name that a file keeps, in characters.
const maxFileName = 200

// fileName is the name that the file is kept under: without the folders before it and without what cannot be seen or would turn
// the text around it, with an ending that says what it is.
func fileName(name string, t fileType) (string, error) {
	name = strings.ToValidUTF8(name, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.C, r), r == utf8.RuneError: // control characters, and those that turn the direction of the text
			return -1
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	stem, ending := name, ""
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		stem, ending = name[:i], strings.ToLower(name[i:])
	}
	switch {
	case ending == "" || ending == ".":
		ending = t.extensions[0]
	case !slices.Contains(t.extensions, ending):
		if t.begins == "" && !slices.Contains(Extensions(), ending) { // any text could be said to be text: its name tells that it is more
			return "", fileWrong("file_type")
		}
		return "", fileWrong("file_extension", t.extensions[0])
	}
	stem = strings.TrimSpace(stem)
	if strings.Trim(stem, ". ") == "" {
		return "", fileWrong("file_name")
	}
	if n := utf8.RuneCountInString(stem + ending); n > maxFileName {
		return "", fileWrong("file_name_long", maxFileName, n)
	}
	return stem + ending, nil
}
