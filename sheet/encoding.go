// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// A textEncoding is one way in which the letters of a file are kept.
type textEncoding struct {
	name    string
	mark    int // bytes of the byte-order mark that the file begins with
	decoder encoding.Encoding
}

var (
	utf8Text    = textEncoding{"UTF-8", 0, unicode.UTF8}
	utf16Little = textEncoding{"UTF-16LE", 0, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
	utf16Big    = textEncoding{"UTF-16BE", 0, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
	western     = textEncoding{"Windows-1252", 0, charmap.Windows1252}
)

// encodingOf tells the encoding by the beginning of the file, and gives the beginning decoded. Without a byte-order mark UTF-16 is
// told by its zeros; the rest is said to be UTF-8, which all of the file must be read to know: see checked.
func encodingOf(head []byte) (textEncoding, []byte) {
	e := utf8Text
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		e.mark = 3
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		e = utf16Little
		e.mark = 2
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		e = utf16Big
		e.mark = 2
	default:
		var zeros [2]int
		for i, c := range head {
			if c == 0 {
				zeros[i%2]++
			}
		}
		switch few := len(head) / 5; { // Latin letters have a zero in every second byte
		case zeros[1] > few && zeros[0]*10 < zeros[1]:
			e = utf16Little
		case zeros[0] > few && zeros[1]*10 < zeros[0]:
			e = utf16Big
		}
	}
	text, err := e.decoder.NewDecoder().Bytes(head[e.mark:])
	if err != nil {
		text = head[e.mark:]
	}
	return e, text
}

// checked reads all of a file that has no byte-order mark and says whether it is UTF-8 or Windows-1252. A file that is almost
// only UTF-8 is UTF-8 with a few broken letters; one in Windows-1252 has hardly any letter that is UTF-8 by chance.
func checked(r io.Reader) (textEncoding, error) {
	buf := make([]byte, 256<<10)
	kept, good, bad := 0, 0, 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		text := buf[:kept+n]
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			return utf8Text, err
		}
		if utf8.Valid(text) {
			good += len(text) - utf8.RuneCount(text)
			text = nil
		}
		for len(text) > 0 && (last || utf8.FullRune(text)) {
			c, size := utf8.DecodeRune(text)
			if c == utf8.RuneError && size == 1 {
				bad++
			} else if size > 1 {
				good++
			}
			text = text[size:]
		}
		if last {
			break
		}
		kept = copy(buf, text)
	}
	if bad*10 > good {
		return western, nil
	}
	return utf8Text, nil
}

// reader reads the file as UTF-8. What is no letter becomes the replacement character.
func (e textEncoding) reader(r *io.SectionReader) io.Reader {
	return e.decoder.NewDecoder().Reader(io.NewSectionReader(r, int64(e.mark), r.Size()-int64(e.mark)))
}
