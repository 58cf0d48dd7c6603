// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// What the shared strings of a workbook may hold at most. They are all kept while the book is open, since any row may need any of
// them.
const (
	sharedBytes = 96 << 20 // with sharedEach for each of them
	sharedEach  = 24
	sharedChunk = 1 << 20
)

// sharedStrings are the texts that cells point at by number, kept in few large pieces.
type sharedStrings struct {
	chunks []string
	at     []uint64 // per string: its chunk, where it begins there and how long it is, 24, 20 and 20 bits
	chunk  []byte   // the one that is being filled
}

// get is the string with the number. What a cell keeps of it keeps its whole chunk, which the book keeps anyway.
func (s *sharedStrings) get(n int) (string, bool) {
	if n < 0 || n >= len(s.at) {
		return "", false
	}
	at := s.at[n]
	if at == 0 {
		return "", true
	}
	from, size := at>>20&0xFFFFF, at&0xFFFFF
	return s.chunks[at>>40][from : from+size], true
}

func (s *sharedStrings) add(text []byte) {
	if blank(text) {
		s.at = append(s.at, 0)
		return
	}
	text = validUTF8(text)
	if len(s.chunk)+len(text) >= sharedChunk {
		s.flush()
	}
	s.at = append(s.at, uint64(len(s.chunks))<<40|uint64(len(s.chunk))<<20|uint64(len(text)))
	s.chunk = append(s.chunk, text...)
}

func (s *sharedStrings) flush() {
	s.chunks = append(s.chunks, string(s.chunk))
	s.chunk = s.chunk[:0]
}

// readStrings reads the part of shared strings, at most so many bytes of them; without the part there are none.
func readStrings(parts container, name string, most int) (*sharedStrings, error) {
	s := &sharedStrings{}
	if name == "" {
		return s, nil
	}
	r, err := parts.open(name, readBytes)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	x := newXMLReader(r)
	total := 0
	var text []byte
	for {
		token, err := x.next()
		if err != nil {
			return nil, err
		}
		if token == xmlEOF {
			s.flush()
			s.chunk = nil
			return s, nil
		}
		if token != xmlStart || string(x.name) != "si" {
			continue
		}
		if text, err = richText(x, text[:0]); err != nil {
			return nil, err
		}
		total += len(text) + sharedEach
		if len(text) > maxCell && long(text) {
			return nil, fileError("sheet_cell_long", maxCell)
		}
		if total > most {
			return nil, fileError("sheet_strings_many", most>>20)
		}
		s.add(text)
	}
}

// richText adds the texts of the element that began, si or is, and reads to its end. Formatting falls away, and the readings that
// East Asian programs keep beside the text (rPh) are left out.
func richText(x *xmlReader, text []byte) ([]byte, error) {
	from := len(text)
	inside := false
	for depth := x.depth; ; {
		token, err := x.next()
		if err != nil {
			return nil, err
		}
		switch {
		case token == xmlEOF:
			return nil, x.broken()
		case token == xmlStart && string(x.name) == "rPh":
			if err := x.skip(); err != nil {
				return nil, err
			}
		case token == xmlStart:
			inside = string(x.name) == "t"
		case token == xmlText && inside:
			text = append(text, x.text...)
			if len(text)-from > maxCell*4 {
				return nil, fileError("sheet_cell_long", maxCell)
			}
		case token == xmlEnd:
			inside = false
			if x.depth < depth {
				return legible(text, from), nil
			}
		}
	}
}

// legible turns the signs that XML cannot hold, written as _x000D_, into what they mean, from the place in the text: ends of lines
// become line feeds, tabs stay, and other control characters, which show nothing, fall away.
func legible(text []byte, from int) []byte {
	if !bytes.Contains(text[from:], []byte("_x")) {
		return text
	}
	out := text[:from]
	for i := from; i < len(text); i++ {
		c, ok := escapedSign(text[i:])
		if !ok {
			out = append(out, text[i])
			continue
		}
		i += 6
		switch {
		case c == '\r' && i+1 < len(text) && text[i+1] == '\n':
		case c == '\r':
			out = append(out, '\n')
		case c >= ' ' || c == '\t' || c == '\n':
			out = utf8.AppendRune(out, c)
		}
	}
	return out
}

func escapedSign(s []byte) (rune, bool) {
	if len(s) < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	return rune(n), err == nil
}
