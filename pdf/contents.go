// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"fmt"
	"strings"
)

var (
	organisationType = typeface{size: 11, leading: 15, colour: quietColour}
	coverType        = typeface{size: 32, leading: 38, bold: true, colour: titleColour}
	subtitleType     = typeface{size: 16, leading: 22, colour: inkColour}
	labelType        = typeface{size: 10.5, leading: 15, colour: quietColour}
)

func (b FrontPage) place(l *layout, parent *elem) error {
	if err := (PageBreak{}).place(l, parent); err != nil {
		return err
	}
	if b.Organisation != "" {
		if err := l.para(Plain(b.Organisation), parent.child("P"), organisationType, 0, false); err != nil {
			return err
		}
	}
	l.y = max(l.y, pageHeight*0.30)
	title := parent.child("Title")
	if err := l.para(Plain(b.Title), title, coverType, 0, false); err != nil {
		return err
	}
	if b.Subtitle != "" {
		if err := l.para(Plain(b.Subtitle), parent.child("P"), subtitleType, 12, false); err != nil {
			return err
		}
	}
	l.add(box{before: 22, height: 24, paint: func(p *page, y float64) {
		p.fill(rect{margin, y, 36 * mm, 2.5}, titleColour)
	}})
	if err := l.labelled(b.Lines, parent); err != nil {
		return err
	}
	l.flush()
	l.newPage(nil)
	return nil
}

// labelled sets labels and values in two columns. A label and its value are
// one paragraph, so that they are read together.
func (l *layout) labelled(lines []Labelled, parent *elem) error {
	column := 0.0
	for _, b := range lines {
		column = max(column, l.fonts[regular].width(l.clean(b.Label), labelType.size)+14)
	}
	column = min(column, l.width/2)
	valueType := labelType
	valueType.colour = inkColour
	for _, b := range lines {
		e := parent.child("P")
		label, err := l.wrap(Plain(b.Label+" "), e, column-6, labelType)
		if err != nil {
			return err
		}
		value, err := l.wrap(Plain(b.Value), e, l.width-column, valueType)
		if err != nil {
			return err
		}
		l.add(box{before: 3, keep: true, paint: func(p *page, y float64) {
			for i, ln := range label {
				l.paintLine(p, ln, margin, y+float64(i)*labelType.leading, labelType, false)
			}
		}})
		for len(value) < len(label) {
			value = append(value, line{})
		}
		l.lines(value[:len(label)], valueType, 0, margin+column, true)
		l.lines(value[len(label):], valueType, 0, margin+column, false)
		l.flush()
	}
	return nil
}

// Contents lines are by level: the first stands out, the others are indented.
var contentsTypes = [...]struct {
	typeface
	indent, before float64
}{
	1: {typeface{size: 10.5, leading: 15, bold: true, colour: inkColour}, 0, 7},
	2: {typeface{size: 10.5, leading: 15, colour: inkColour}, 14, 1},
	3: {typeface{size: 10, leading: 14, colour: quietColour}, 30, 0},
	4: {typeface{size: 10, leading: 14, colour: quietColour}, 46, 0},
}

func (b Contents) place(l *layout, parent *elem) error {
	if b.Title != "" {
		own := &heading{text: oneLine(l.clean(b.Title)), level: 1, dest: &dest{}, seen: true, apart: true}
		at := 0
		for at < len(l.headings) && l.headings[at].seen {
			at++
		}
		l.headings = append(l.headings[:at:at], append([]*heading{own}, l.headings[at:]...)...)
		if err := l.heading(own, 1, b.Title, parent); err != nil {
			return err
		}
	}
	depth := b.Depth
	if depth == 0 {
		depth = 3
	}
	toc := parent.child("TOC")
	for _, h := range l.headings {
		if h.level > depth || h.apart {
			continue
		}
		if err := l.entry(h, toc.child("TOCI")); err != nil {
			return err
		}
	}
	l.flush()
	return nil
}

// entry sets a line of the contents. The page's number is set when all pages
// are known; room for it is kept, so that it cannot move anything.
func (l *layout) entry(h *heading, toci *elem) error {
	const numberRoom = 36.0
	f := contentsTypes[h.level]
	e := toci.child("Reference").child("Link")
	lines, err := l.wrap(Plain(h.text+" "), e, l.width-f.indent-numberRoom, f.typeface)
	if err != nil {
		return err
	}
	x, right := l.left+f.indent, l.left+l.width
	for i, ln := range lines {
		last := i == len(lines)-1
		b := box{height: f.leading, keep: !last}
		if i == 0 {
			b.before = f.before
		}
		b.paint = func(p *page, y float64) {
			l.paintLine(p, ln, x, y, f.typeface, false)
			if last {
				p.later(func() { l.entryPage(p, h, e, x+ln.width+6, right, y, f.typeface) })
			}
			p.link(annot{elem: e, rect: rect{x, y, right - x, f.leading}, contents: h.text, dest: h.dest})
		}
		l.add(b)
	}
	return nil
}

// entryPage sets the dots and the page's number of a line of the contents.
func (l *layout) entryPage(p *page, h *heading, e *elem, from, right, y float64, f typeface) {
	num := fmt.Sprint(h.dest.page.number)
	lk := look{size: f.size, colour: f.colour, elem: e}
	font := l.fonts[regular]
	w := font.width(num, f.size)
	dot := font.width(".", f.size) * 2
	if n := int((right - w - 6 - from) / dot); n > 0 {
		dots := seg{look: lk, text: strings.Repeat(". ", n)}
		dots.colour = strongColour
		ln := line{segs: []seg{dots}}
		l.paintLine(p, ln, right-w-6-float64(n)*font.width(". ", f.size), y, f, true)
	}
	l.paintLine(p, line{segs: []seg{{look: lk, text: num, width: w}}}, right-w, y, f, false)
}
