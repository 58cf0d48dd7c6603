// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"errors"
	"fmt"
	"strings"
)

// heading is a heading as the contents and the bookmarks need it.
type heading struct {
	text  string
	level int
	dest  *dest
	seen  bool // laid out
	apart bool // the heading of the contents, which do not list it
}

// headingTypes are by level, with the room above and below.
var headingTypes = [...]struct {
	typeface
	above, below float64
}{
	1: {typeface{size: 19, leading: 24, bold: true, colour: titleColour}, 26, 8},
	2: {typeface{size: 14, leading: 18, bold: true, colour: titleColour}, 20, 5},
	3: {typeface{size: 11.5, leading: 15, bold: true, colour: titleColour}, 15, 3},
	4: {typeface{size: 10.5, leading: 14.4, bold: true, italic: true, colour: titleColour}, 12, 2},
}

const paragraphGap = 7.0

// lines adds a box for each line, with at least two lines before and after
// where a page ends.
func (l *layout) lines(lines []line, f typeface, before, x float64, keep bool) {
	n := len(lines)
	for i, ln := range lines {
		b := box{height: f.leading, notes: ln.notes, keep: keep || i == 0 && n > 1 || i == n-2}
		if i == 0 {
			b.before = before
		}
		b.paint = func(p *page, y float64) { l.paintLine(p, ln, x, y, f, false) }
		l.add(b)
	}
}

// para wraps and adds a text as an element of its own.
func (l *layout) para(t Text, e *elem, f typeface, before float64, keep bool) error {
	lines, err := l.wrap(t, e, l.width, f)
	if err != nil {
		return err
	}
	l.lines(lines, f, before, l.left, keep)
	return nil
}

func (b Paragraph) place(l *layout, parent *elem) error {
	f := bodyType
	if b.Lead {
		f = leadType
	}
	inside, err := l.hold(func() error { return l.para(b.Text, parent.child("P"), f, paragraphGap, false) })
	if err != nil {
		return err
	}
	// What ends with a colon belongs with what comes next.
	if n := len(b.Text); n > 0 && strings.HasSuffix(b.Text[n-1].Text, ":") {
		inside[len(inside)-1].keep = true
	}
	l.addAll(inside)
	return nil
}

// place tags a heading that skips levels as one below the last, since PDF/UA
// allows no gap; it looks as its level says.
func (b Heading) place(l *layout, parent *elem) error {
	var h *heading
	for _, c := range l.headings {
		if !c.seen {
			h = c
			break
		}
	}
	if h == nil {
		return errors.New("a heading lies inside another block")
	}
	h.seen = true
	return l.heading(h, b.Level, b.Text, parent)
}

func (l *layout) heading(h *heading, level int, text string, parent *elem) error {
	l.listed = min(level, l.listed+1)
	f := headingTypes[level]
	e := parent.child(fmt.Sprintf("H%d", l.listed))
	lines, err := l.wrap(Plain(text), e, l.width, f.typeface)
	if err != nil {
		return err
	}
	l.add(box{before: f.above, keep: true, paint: func(p *page, y float64) { *h.dest = dest{p, y} }})
	l.lines(lines, f.typeface, 0, l.left, true)
	l.after = f.below - paragraphGap // most blocks bring a paragraph's room above
	return nil
}

// place keeps the first two items on one page, and the last two.
func (b List) place(l *layout, parent *elem) error {
	inside, err := l.hold(func() error { return l.list(b, parent, 0) })
	if err != nil {
		return err
	}
	var begins []int
	for i, in := range inside {
		if in.height == 0 { // an item's label takes no room of its own
			begins = append(begins, i)
		}
	}
	if n := len(begins); n > 1 {
		inside[begins[1]-1].keep = true
		inside[begins[n-1]-1].keep = true
	}
	l.addAll(inside)
	return nil
}

// list lays a list out under parent. Lists nest as deep as the column allows.
func (l *layout) list(b List, parent *elem, depth int) error {
	if len(b.Items) == 0 {
		return nil
	}
	if depth > 4 {
		return errors.New("a list is nested more than five deep")
	}
	e := parent.child("L")
	numbering, bullet := "Disc", "•"
	if depth%2 == 1 {
		numbering, bullet = "Circle", "–"
	}
	if b.Numbered {
		numbering = "Decimal"
	}
	e.attrs = "<</O /List /ListNumbering /" + numbering + ">>"
	first := max(b.Start, 1)
	indent := 14.0
	if b.Numbered {
		widest := fmt.Sprintf("%d.", first+len(b.Items)-1)
		indent = max(indent, l.fonts[regular].width(widest, bodyType.size)+6)
	}
	for i, it := range b.Items {
		label := bullet
		if b.Numbered {
			label = fmt.Sprintf("%d.", first+i)
		}
		before := 3.0
		if i == 0 && depth == 0 {
			before = paragraphGap - 1
		}
		if err := l.item(it, e.child("LI"), label, indent, before, depth); err != nil {
			return err
		}
	}
	return nil
}

func (l *layout) item(it Item, li *elem, label string, indent, before float64, depth int) error {
	f, x := bodyType, l.left
	lbl, body := li.child("Lbl"), li.child("LBody")
	l.left, l.width = l.left+indent, l.width-indent
	defer func() { l.left, l.width = l.left-indent, l.width+indent }()
	lines, err := l.wrap(it.Text, body, l.width, f)
	if err != nil {
		return err
	}
	mark := l.join([]atom{{look: look{size: f.size, colour: quietColour, elem: lbl}, text: label}})
	l.add(box{before: before, keep: true, paint: func(p *page, y float64) {
		l.paintLine(p, mark, x, y, f, false)
		body.attach()
	}})
	l.lines(lines, f, 0, l.left, false)
	return l.list(it.Sub, body, depth+1)
}

func (b Quote) place(l *layout, parent *elem) error {
	const indent = 14.0
	l.left, l.width = l.left+indent, l.width-2*indent
	defer func() { l.left, l.width = l.left-indent, l.width+2*indent }()
	f := bodyType
	f.italic, f.colour = true, quietColour
	return l.para(b.Text, parent.child("BlockQuote").child("P"), f, paragraphGap+2, false)
}

func (b Rule) place(l *layout, _ *elem) error {
	x, w := l.left, l.width
	l.add(box{before: 10, height: 4, paint: func(p *page, y float64) {
		p.rule(rect{x, y, w, 0.6}, ruleColour)
	}})
	return nil
}

func (b PageBreak) place(l *layout, _ *elem) error {
	l.flush()
	if !l.fresh {
		l.newPage(nil)
	}
	return nil
}

// tones are a box's ground and the bar at its left.
var tones = [...]struct{ fill, bar Colour }{
	Neutral: {0xF1F4F7, 0x7C8B99},
	Notice:  {0xEAF2FA, 0x2F6FA8},
	Warning: {0xFDF3E4, 0xB96A00},
}

func (b Box) place(l *layout, parent *elem) error {
	if b.Tone < 0 || int(b.Tone) >= len(tones) {
		return fmt.Errorf("a box has the tone %d", b.Tone)
	}
	const pad, inset = 9.0, 14.0
	t := tones[b.Tone]
	ground := &shade{t.fill, t.bar, l.left, l.width}
	inside, err := l.hold(func() error {
		l.left, l.width = l.left+inset, l.width-2*inset
		defer func() { l.left, l.width = l.left-inset, l.width+2*inset }()
		return l.boxed(b, parent.child("Div"))
	})
	if err != nil || len(inside) == 0 {
		return err
	}
	inside[0].before, inside[len(inside)-1].keep = 0, true
	l.add(box{before: 12, height: pad, keep: true, shade: ground})
	for _, in := range inside {
		in.shade = ground
		l.add(in)
	}
	l.add(box{height: pad, shade: ground})
	l.after = 6
	return nil
}

func (l *layout) boxed(b Box, div *elem) error {
	if b.Title != "" {
		f := bodyType
		f.bold = true
		if err := l.para(Plain(b.Title), div.child("P"), f, 0, len(b.Body) > 0); err != nil {
			return err
		}
	}
	for _, in := range b.Body {
		switch in.(type) {
		case Paragraph, List:
		default:
			return fmt.Errorf("a box holds a %T", in)
		}
		if err := in.place(l, div); err != nil {
			return err
		}
	}
	return nil
}
