// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"bytes"
	"strconv"
	"strings"
)

// paintLine sets a line of text with its left edge at x, in a strip of the
// height of the leading whose top is y. As an artifact it has no elements.
func (l *layout) paintLine(p *page, ln line, x, y float64, f typeface, artifact bool) {
	base := y + f.leading/2 + 0.36*f.size // puts x-height and capitals in the strip's middle
	for i, s := range ln.segs {
		e := s.elem
		if artifact {
			e = nil
		}
		p.begin(e)
		l.show(&p.main, s, x, base-s.rise)
		if s.note != nil && !artifact && s.note.mark.page == nil {
			*s.note.mark = dest{p, y}
		}
		if s.link != nil && !artifact {
			w := s.width
			if i == len(ln.segs)-1 {
				w -= l.tailSpace(s)
			}
			l.paintLink(p, s, rect{x, y, w, f.leading}, base)
		}
		x += s.width
	}
}

// tailSpace is the width of the space at the end of a stretch, if it has one.
func (l *layout) tailSpace(s seg) float64 {
	if strings.HasSuffix(s.text, " ") {
		return l.fonts[s.style].width(" ", s.size)
	}
	return 0
}

func (l *layout) paintLink(p *page, s seg, r rect, base float64) {
	if s.note == nil { // a footnote's mark is known by its place
		p.rule(rect{r.x, base + 1.5, r.w, 0.5}, s.colour)
	}
	p.link(annot{elem: s.elem, rect: r, contents: s.link.contents, uri: s.link.uri, dest: s.link.dest})
}

// show writes the operators that set a stretch of text, with the glyphs that
// it uses noted and pairs kerned.
func (l *layout) show(b *bytes.Buffer, s seg, x, base float64) {
	f, used := l.fonts[s.style], l.used[s.style]
	b.WriteString("BT ")
	setColour(b, s.colour, "rg ")
	b.WriteString("/F")
	b.WriteByte('1' + byte(s.style))
	b.WriteByte(' ')
	number(b, s.size)
	b.WriteString(" Tf ")
	number(b, x)
	number(b, pageHeight-base)
	b.WriteString("Td [<")
	last := uint16(0)
	for _, r := range s.text {
		g := f.glyph(r)
		if old, ok := used[g]; !ok || r < old {
			used[g] = r
		}
		if k := f.kern[uint32(last)<<16|uint32(g)]; k != 0 {
			b.WriteByte('>')
			number(b, -1000*float64(k)/float64(f.unitsPerEm))
			b.WriteByte('<')
		}
		const hex = "0123456789ABCDEF"
		b.Write([]byte{hex[g>>12], hex[g>>8&15], hex[g>>4&15], hex[g&15]})
		last = g
	}
	b.WriteString(">] TJ ET\n")
}

// fill paints a ground below the text, and rule a thin line between the two.
// Both are artifacts.
func (p *page) fill(r rect, c Colour) { fillRect(&p.under, r, c) }
func (p *page) rule(r rect, c Colour) { fillRect(&p.rules, r, c) }

func fillRect(b *bytes.Buffer, r rect, c Colour) {
	setColour(b, c, "rg ")
	number(b, r.x)
	number(b, pageHeight-r.y-r.h)
	number(b, r.w)
	number(b, r.h)
	b.WriteString("re f\n")
}

// strips paints the page's header and footer.
func (l *layout) strips(p *page) {
	for _, s := range []struct {
		text func(page, pages int) Strip
		kind string
		y    float64
	}{
		{l.doc.Header, "Header", 13 * mm},
		{l.doc.Footer, "Footer", pageHeight - 17*mm},
	} {
		if s.text == nil {
			continue
		}
		t := s.text(p.number, len(l.pages))
		if t == (Strip{}) {
			continue
		}
		p.edge.WriteString("/Artifact <</Type /Pagination /Subtype /" + s.kind + ">> BDC\n")
		l.strip(p, t, s.y)
		p.edge.WriteString("EMC\n")
	}
}

// strip sets three texts on a line: the left one has what the others leave.
func (l *layout) strip(p *page, t Strip, y float64) {
	f := smallType
	set := func(text string, room float64, x func(w float64) float64) float64 {
		text = l.shorten(oneLine(l.clean(text)), room, f.size)
		w := l.fonts[regular].width(text, f.size)
		if text != "" {
			l.show(&p.edge, seg{look: look{size: f.size, colour: f.colour}, text: text}, x(w), y+f.size)
		}
		return w
	}
	right := set(t.Right, textWidth/2, func(w float64) float64 { return pageWidth - margin - w })
	room := textWidth - right - 12
	if t.Centre != "" {
		c := set(t.Centre, textWidth-2*right-24, func(w float64) float64 { return (pageWidth - w) / 2 })
		room = (textWidth-c)/2 - 12
	}
	set(t.Left, room, func(float64) float64 { return margin })
}

// shorten cuts text with an ellipsis so that it is no wider than room.
func (l *layout) shorten(text string, room, size float64) string {
	f := l.fonts[regular]
	if f.width(text, size) <= room {
		return text
	}
	runes := []rune(text)
	runes = runes[:min(len(runes), 400)]
	for len(runes) > 0 && f.width(string(runes)+"…", size) > room {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + "…"
}

// oneLine returns s with every run of white space as one space, and without
// soft hyphens, which have a meaning only where lines break.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, string(softHyphen), "")), " ")
}

// setColour writes a colour and the operator that takes it.
func setColour(b *bytes.Buffer, c Colour, op string) {
	for _, v := range []Colour{c >> 16 & 255, c >> 8 & 255, c & 255} {
		b.Write(appendNumber(b.AvailableBuffer(), float64(v)/255))
		b.WriteByte(' ')
	}
	b.WriteString(op)
}

// number writes a number and a space.
func number(b *bytes.Buffer, v float64) {
	b.Write(appendNumber(b.AvailableBuffer(), v))
	b.WriteByte(' ')
}

// appendNumber writes v with at most three decimals, which is finer than any
// printer, and never with an exponent, which PDF does not have.
func appendNumber(b []byte, v float64) []byte {
	n := len(b)
	b = strconv.AppendFloat(b, v, 'f', 3, 64)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	if string(b[n:]) == "-0" {
		b = append(b[:n], '0')
	}
	return b
}
