// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"io"
	"unicode/utf8"
)

const (
	xmlTag   = 1 << 20 // bytes of one tag
	xmlDepth = 200
)

// An xmlToken is a kind of thing in XML.
type xmlToken uint8

const (
	xmlEnd xmlToken = iota // of an element
	xmlStart
	xmlText // a piece of it: one text may come in several
	xmlEOF
)

// An xmlReader reads XML in one pass, several times as fast as encoding/xml: prefixes are left out and namespaces not looked up,
// names of ends are not held to those of beginnings. It knows no document types and no entities but the five of XML.
type xmlReader struct {
	r        io.Reader
	buf      []byte
	pos, end int
	err      error // of r
	depth    int
	closing  bool // the element that began has no contents
	cdata    bool
	began    bool

	name  []byte // of the element that began or ended, without prefix
	whole []byte // the same with its prefix
	attrs []byte // as they stand
	text  []byte
	tmp   []byte
}

func newXMLReader(r io.Reader) *xmlReader {
	x := &xmlReader{r: r, buf: make([]byte, 64<<10)}
	x.fill(4)
	start := x.buf[:x.end]
	if bytes.HasPrefix(start, []byte("\xFF\xFE")) || bytes.HasPrefix(start, []byte("\xFE\xFF")) {
		enc, _ := encodingOf(start)
		whole := io.MultiReader(bytes.NewReader(bytes.Clone(start[2:])), r)
		x.r, x.pos, x.end, x.err = enc.decoder.NewDecoder().Reader(whole), 0, 0, nil
	}
	if bytes.HasPrefix(start, []byte("\xEF\xBB\xBF")) {
		x.pos = 3
	}
	return x
}

// fill reads until so many bytes are ahead, and says whether they are.
func (x *xmlReader) fill(n int) bool {
	for x.end-x.pos < n && x.err == nil {
		if x.pos > 0 {
			x.end = copy(x.buf, x.buf[x.pos:x.end])
			x.pos = 0
		}
		if x.end == len(x.buf) {
			x.buf = append(x.buf, make([]byte, len(x.buf))...)
		}
		var got int
		got, x.err = x.r.Read(x.buf[x.end:])
		x.end += got
	}
	return x.end-x.pos >= n
}

// more reads a little more than is ahead.
func (x *xmlReader) more() bool { return x.fill(x.end - x.pos + 1) }

func (x *xmlReader) broken() error {
	if x.err != nil && x.err != io.EOF {
		return x.err
	}
	return fileError("sheet_xml_broken")
}

// next reads the next token.
func (x *xmlReader) next() (xmlToken, error) {
	if x.closing {
		x.closing = false
		x.depth--
		return xmlEnd, nil
	}
	for {
		if x.cdata {
			if token, err := x.nextCDATA(); token == xmlText || err != nil {
				return token, err
			}
			continue
		}
		if x.pos == x.end && !x.more() {
			if x.err != io.EOF || x.depth > 0 || !x.began {
				return xmlEOF, x.broken()
			}
			return xmlEOF, nil
		}
		if x.buf[x.pos] != '<' {
			return xmlText, x.nextText()
		}
		if !x.fill(2) {
			return xmlEOF, x.broken()
		}
		switch x.buf[x.pos+1] {
		case '!':
			if err := x.declared(); err != nil {
				return xmlEOF, err
			}
		case '?':
			if err := x.instruction(); err != nil {
				return xmlEOF, err
			}
		case '/':
			return x.nextEnd()
		default:
			return x.nextStart()
		}
	}
}

func (x *xmlReader) nextEnd() (xmlToken, error) {
	for {
		if i := bytes.IndexByte(x.buf[x.pos:x.end], '>'); i >= 0 {
			x.name = local(trimRight(x.buf[x.pos+2 : x.pos+i]))
			x.pos += i + 1
			if x.depth--; x.depth < 0 {
				return xmlEOF, fileError("sheet_xml_broken")
			}
			return xmlEnd, nil
		}
		if x.end-x.pos > xmlTag || !x.more() {
			return xmlEOF, x.broken()
		}
	}
}

func (x *xmlReader) nextStart() (xmlToken, error) {
	quote := byte(0)
	for i := 1; ; i++ {
		for x.pos+i >= x.end {
			if i > xmlTag || !x.more() {
				return xmlEOF, x.broken()
			}
		}
		switch c := x.buf[x.pos+i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			tag := x.buf[x.pos+1 : x.pos+i]
			x.pos += i + 1
			x.startTag(tag)
			if x.depth > xmlDepth || len(x.name) == 0 {
				return xmlEOF, fileError("sheet_xml_broken")
			}
			return xmlStart, nil
		}
	}
}

func (x *xmlReader) startTag(tag []byte) {
	if n := len(tag); n > 0 && tag[n-1] == '/' {
		x.closing = true
		tag = tag[:n-1]
	}
	i := 0
	for i < len(tag) && tag[i] > ' ' {
		i++
	}
	x.whole = tag[:i]
	x.name, x.attrs = local(x.whole), tag[i:]
	x.began = true
	x.depth++
}

func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// declared passes over a comment and begins a CDATA section. Document types are refused: they can grow without end.
func (x *xmlReader) declared() error {
	switch {
	case x.fill(4) && string(x.buf[x.pos:x.pos+4]) == "<!--":
		x.pos += 4
		return x.skipPast("-->")
	case x.fill(9) && string(x.buf[x.pos:x.pos+9]) == "<![CDATA[":
		x.pos += 9
		x.cdata = true
		return nil
	case x.fill(9) && bytes.EqualFold(x.buf[x.pos:x.pos+9], []byte("<!DOCTYPE")):
		return fileError("sheet_xml_doctype")
	}
	return x.broken()
}

// instruction passes over a processing instruction. The first may say which encoding the file has.
func (x *xmlReader) instruction() error {
	x.fill(128)
	start := x.buf[x.pos:min(x.end, x.pos+128)]
	if end := bytes.Index(start, []byte("?>")); end > 0 && bytes.HasPrefix(start, []byte("<?xml ")) {
		if _, after, ok := bytes.Cut(start[:end], []byte("encoding=")); ok {
			after = bytes.ToLower(after)
			if !bytes.Contains(after, []byte("utf-8")) && !bytes.Contains(after, []byte("utf-16")) && !bytes.Contains(after, []byte("ascii")) {
				return fileError("sheet_xml_broken")
			}
		}
	}
	return x.skipPast("?>")
}

func (x *xmlReader) skipPast(mark string) error {
	for {
		if i := bytes.Index(x.buf[x.pos:x.end], []byte(mark)); i >= 0 {
			x.pos += i + len(mark)
			return nil
		}
		x.pos = max(x.pos, x.end-len(mark)+1)
		if !x.more() {
			return x.broken()
		}
	}
}

// nextCDATA gives a piece of the section; where it has ended, an end and nothing.
func (x *xmlReader) nextCDATA() (xmlToken, error) {
	if !x.fill(3) {
		return xmlEOF, x.broken()
	}
	ahead := x.buf[x.pos:x.end]
	i := bytes.Index(ahead, []byte("]]>"))
	switch {
	case i == 0:
		x.pos += 3
		x.cdata = false
		return xmlEnd, nil
	case i < 0:
		i = len(ahead) - 2
	}
	x.text = ahead[:i]
	x.pos += i
	return xmlText, nil
}

// nextText gives the text up to the next tag, or as much of it as is ahead.
func (x *xmlReader) nextText() error {
	for {
		ahead := x.buf[x.pos:x.end]
		i := bytes.IndexByte(ahead, '<')
		if i < 0 {
			i = len(ahead)
			if amp := bytes.LastIndexByte(ahead[max(0, i-12):], '&'); amp >= 0 { // perhaps not the whole of a reference
				i = max(0, i-12) + amp
			} else if ahead[i-1] == '\r' {
				i--
			}
			if i == 0 {
				if len(ahead) <= 12 && x.more() {
					continue
				}
				i = len(ahead)
			}
		}
		x.pos += i
		var err error
		x.text, err = x.decoded(ahead[:i])
		return err
	}
}

// decoded is the text with references replaced and ends of lines as line feeds.
func (x *xmlReader) decoded(s []byte) ([]byte, error) {
	if bytes.IndexByte(s, '&') < 0 && bytes.IndexByte(s, '\r') < 0 {
		return s, nil
	}
	out := x.tmp[:0]
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\r':
			if i+1 == len(s) || s[i+1] != '\n' {
				out = append(out, '\n')
			}
		case '&':
			end := bytes.IndexByte(s[i:min(len(s), i+12)], ';')
			if end < 0 {
				return nil, fileError("sheet_xml_broken")
			}
			c, ok := reference(string(s[i+1 : i+end]))
			if !ok {
				return nil, fileError("sheet_xml_entity", string(s[i+1:i+end]))
			}
			out = utf8.AppendRune(out, c)
			i += end
		default:
			out = append(out, s[i])
		}
	}
	x.tmp = out
	return out, nil
}

// skip passes over the rest of the element that began.
func (x *xmlReader) skip() error {
	for depth := x.depth; x.depth >= depth; {
		if token, err := x.next(); err != nil {
			return err
		} else if token == xmlEOF {
			return x.broken()
		}
	}
	return nil
}
