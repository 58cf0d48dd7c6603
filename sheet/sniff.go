// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"io"
)

// sniffed is how many bytes from the beginning tell what a file is.
const sniffed = 64 << 10

// open chooses the reader by the file's first bytes.
func open(name string, head []byte, r *io.SectionReader) (*Book, error) {
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return openZip(name, r)
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return nil, oldFile(r)
	}
	enc, text := encodingOf(head)
	start := bytes.TrimLeft(text, " \t\r\n\f")
	switch {
	case len(start) == 0 && r.Size() <= sniffed:
		return nil, fileError("sheet_empty")
	case !isText(text):
		return nil, fileError("sheet_kind", name)
	case isMarkup(start):
		return nil, fileError("sheet_markup", name)
	case isJSON(start):
		return openJSON(r, enc)
	}
	return openCSV(r, enc)
}

// oldFile tells a workbook of the old binary format (.xls) from one that is locked with a password: both are kept in the container
// that Office used before 2007, and the streams of a locked one have names of their own.
func oldFile(r io.Reader) error {
	locked := utf16Text("EncryptedPackage")
	buf := make([]byte, 256<<10)
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		if bytes.Contains(buf[:kept+n], locked) {
			return fileError("sheet_locked")
		}
		if err != nil {
			return fileError("sheet_old")
		}
		kept = copy(buf, buf[len(buf)-len(locked):])
	}
}

func utf16Text(ascii string) []byte {
	var b []byte
	for i := range len(ascii) {
		b = append(b, ascii[i], 0)
	}
	return b
}

// isText says whether the text holds no signs that only programs write. A few control characters stand in real lists.
func isText(text []byte) bool {
	strange := 0
	for _, c := range text {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v' || c == 0x7f {
			strange++
		}
	}
	return strange <= 2+len(text)/1000 && !bytes.HasPrefix(text, []byte("%PDF-")) && !bytes.HasPrefix(text, []byte(`{\rtf`))
}

// isMarkup tells web pages and XML, which some systems send under the name of .xls.
func isMarkup(start []byte) bool {
	begin := bytes.ToLower(start[:min(len(start), 512)])
	for _, mark := range []string{"<?xml", "<!doctype", "<html", "<table", "<meta", "<head", "<workbook"} {
		if bytes.HasPrefix(begin, []byte(mark)) {
			return true
		}
	}
	return false
}

// isJSON tells a list or an object from a heading that happens to begin with a bracket: [id];[name].
func isJSON(start []byte) bool {
	if len(start) == 0 || start[0] != '[' && start[0] != '{' {
		return false
	}
	next := bytes.TrimLeft(start[1:], " \t\r\n")
	if len(next) == 0 {
		return true
	}
	if start[0] == '{' {
		return next[0] == '"' || next[0] == '}'
	}
	return bytes.IndexByte([]byte(`[{]"-0123456789`), next[0]) >= 0
}
