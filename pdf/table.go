// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"errors"
	"fmt"
)

const (
	cellX = 5.0 // room at the sides of a cell's text
	cellY = 3.5 // and above and below it
)

var (
	tableType      = typeface{size: 9.5, leading: 12.6, colour: inkColour}
	smallTableType = typeface{size: 8, leading: 10.4, colour: inkColour}
	captionType    = typeface{size: 9.5, leading: 12.6, bold: true, colour: inkColour}
)

// grid is a table being laid out.
type grid struct {
	Table
	l      *layout
	x      []float64 // left edge of each column, and the right edge of the last
	face   typeface
	repeat *box // the header rows as one box
}

// row is a row with its cells wrapped.
type row struct {
	elem  *elem
	cells []cell
	head  bool
	inner bool // a header row with another below it
	shade bool
	rest  bool // its beginning is on an earlier page
	more  bool // its end is on a later page
}

type cell struct {
	elem  *elem
	lines []line
	face  typeface
}

func (b Table) place(l *layout, parent *elem) error {
	if len(b.Columns) == 0 {
		return errors.New("a table has no columns")
	}
	if len(b.Head) == 0 && len(b.Rows) == 0 {
		return errors.New("a table has no rows")
	}
	g := &grid{Table: b, l: l, face: tableType}
	if b.Small {
		g.face = smallTableType
	}
	if err := g.measure(); err != nil {
		return err
	}
	table := parent.child("Table")
	before := 12.0
	if len(b.Caption) > 0 {
		if err := l.para(b.Caption, table.child("Caption"), captionType, before, true); err != nil {
			return err
		}
		before = 4
	}
	if err := g.header(table, before); err != nil {
		return err
	}
	if len(b.Head) > 0 {
		before = 0
	}
	body := table.child("TBody")
	for i, texts := range b.Rows {
		r, err := g.row(texts, body.child("TR"), false)
		if err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
		if len(l.pages) > MaxPages {
			return fmt.Errorf("the document has more than %d pages", MaxPages)
		}
		r.shade = b.Zebra && i%2 == 1
		bx := g.box(r)
		if i == 0 {
			bx.before = before
		}
		// No row of a few lines stands alone at the end of a page or after it.
		n := len(b.Rows)
		bx.keep = r.depth() < 4 && (i == 0 && n > 1 || i == n-2)
		l.add(bx)
	}
	l.after = 6
	return nil
}

// header adds the header rows, and makes the box that repeats them.
func (g *grid) header(table *elem, before float64) error {
	if len(g.Head) == 0 {
		return nil
	}
	head, height := table.child("THead"), 0.0
	if len(g.Rows) == 0 {
		head.tag = "TBody" // PDF/UA allows no THead without a TBody
	}
	var rows []row
	for i, texts := range g.Head {
		r, err := g.row(texts, head.child("TR"), true)
		if err != nil {
			return fmt.Errorf("header row %d: %w", i+1, err)
		}
		r.inner = i < len(g.Head)-1
		rows = append(rows, r)
		bx := g.box(r)
		bx.keep = len(g.Rows) > 0 || r.inner
		divide := bx.split
		bx.split = func(room float64, must bool) (box, box, bool) {
			if !must { // only a head higher than a page is divided
				return box{}, box{}, false
			}
			return divide(room, must)
		}
		if i == 0 {
			bx.before = before
		}
		g.l.add(bx)
		height += bx.height
	}
	if height > (bottom-top)/3 {
		return nil // so high a head would leave no room for what it heads
	}
	g.repeat = &box{height: height, paint: func(p *page, y float64) {
		for _, r := range rows {
			y = g.paint(p, r, y, true)
		}
	}}
	return nil
}

// row wraps the cells of a row. Missing cells are empty: PDF/UA wants as many
// in each row.
func (g *grid) row(texts []Text, tr *elem, head bool) (row, error) {
	if len(texts) > len(g.Columns) {
		return row{}, fmt.Errorf("%d cells for %d columns", len(texts), len(g.Columns))
	}
	r := row{elem: tr, head: head}
	for i := range g.Columns {
		c := cell{elem: tr.child("TD"), face: g.face}
		switch {
		case head:
			c.elem.tag, c.elem.attrs = "TH", "<</O /Table /Scope /Column>>"
			c.face.bold, c.face.colour = true, titleColour
		case g.RowHeads && i == 0:
			c.elem.tag, c.elem.attrs = "TH", "<</O /Table /Scope /Row>>"
			c.face.bold = true
		}
		if i < len(texts) && len(texts[i]) > 0 {
			var err error
			if c.lines, err = g.l.wrap(texts[i], c.elem, g.x[i+1]-g.x[i]-2*cellX, c.face); err != nil {
				return row{}, err
			}
		}
		r.cells = append(r.cells, c)
	}
	return r, nil
}

// depth is the number of lines of the row's highest cell, at least one.
func (r row) depth() int {
	n := 1
	for _, c := range r.cells {
		n = max(n, len(c.lines))
	}
	return n
}

// height is a row's height with the room above and below its text; a row that
// is divided has them on both pages.
func (g *grid) height(r row) float64 {
	return float64(r.depth())*g.face.leading + 2*cellY
}

func (g *grid) box(r row) box {
	b := box{height: g.height(r), head: g.repeat}
	for _, c := range r.cells {
		for _, ln := range c.lines {
			b.notes = append(b.notes, ln.notes...)
		}
	}
	b.paint = func(p *page, y float64) { g.paint(p, r, y, false) }
	b.split = func(room float64, must bool) (box, box, bool) {
		n := int((room - 2*cellY + 0.01) / g.face.leading)
		depth := r.depth()
		if n = min(n, depth-2); !must && (n < 2 || depth < 8) {
			return box{}, box{}, false
		}
		if n = max(n, 1); n >= depth {
			return box{}, box{}, false
		}
		head, tail := r.cut(n)
		return g.box(head), g.box(tail), true
	}
	return b
}

// cut divides a row after n lines.
func (r row) cut(n int) (head, tail row) {
	head, tail = r, r
	head.cells, tail.cells = make([]cell, len(r.cells)), make([]cell, len(r.cells))
	for i, c := range r.cells {
		k := min(n, len(c.lines))
		head.cells[i] = cell{c.elem, c.lines[:k], c.face}
		tail.cells[i] = cell{c.elem, c.lines[k:], c.face}
	}
	head.more, tail.rest = true, true
	return head, tail
}

// paint paints a row, cell after cell, and returns where the next one begins.
// As an artifact it repeats a header.
func (g *grid) paint(p *page, r row, y float64, artifact bool) float64 {
	h, left, right := g.height(r), g.x[0], g.x[len(g.x)-1]
	if r.shade {
		p.fill(rect{left, y, right - left, h}, zebraColour)
	}
	if r.head && !r.inner {
		p.rule(rect{left, y + h - 0.9, right - left, 0.9}, strongColour)
	} else if !r.more {
		p.rule(rect{left, y + h - 0.4, right - left, 0.4}, ruleColour)
	}
	for i, c := range r.cells {
		if !artifact {
			c.elem.attach() // an empty cell is a cell
		}
		at := y + cellY
		if r.head { // headers stand on their rule
			at += float64(r.depth()-len(c.lines)) * g.face.leading
		}
		for _, ln := range c.lines {
			x, room := g.x[i]+cellX, g.x[i+1]-g.x[i]-2*cellX-ln.width
			switch g.Columns[i].Align {
			case Right:
				x += room
			case Centre:
				x += room / 2
			}
			g.l.paintLine(p, ln, x, at, c.face, artifact)
			at += g.face.leading
		}
	}
	return y + h
}

// measure sets the columns' edges: by the widths given, or else by contents.
func (g *grid) measure() error {
	widths := make([]float64, len(g.Columns))
	sum := 0.0
	for i, c := range g.Columns {
		if c.Width < 0 {
			return errors.New("a column has a negative width")
		}
		widths[i] = c.Width
		sum += c.Width
	}
	if sum == 0 {
		widths = g.natural()
	}
	sum = 0
	for i, w := range widths {
		if w == 0 {
			widths[i] = 1
		}
		sum += widths[i]
	}
	x := g.l.left
	g.x = append(g.x, x)
	for _, w := range widths {
		x += w / sum * g.l.width
		g.x = append(g.x, x)
	}
	if g.l.width/float64(len(widths)) < 2*cellX+g.face.size {
		return fmt.Errorf("a table has %d columns, more than the page has room for", len(widths))
	}
	return nil
}

// natural shares the width as a browser does: each column gets room for its
// longest word, and what is left goes to those that would use it.
func (g *grid) natural() []float64 {
	n := len(g.Columns)
	least, most := make([]float64, n), make([]float64, n)
	for k, rows := range [][][]Text{g.Head, g.Rows} {
		for _, r := range rows {
			for i, t := range r[:min(len(r), n)] {
				w, m := g.extent(t, k == 0 || g.RowHeads && i == 0)
				least[i], most[i] = max(least[i], w), max(most[i], m)
			}
		}
	}
	wants, needs := 0.0, 0.0
	for i := range most {
		least[i], most[i] = min(least[i], g.l.width/2)+2*cellX, min(most[i], g.l.width)+2*cellX
		needs, wants = needs+least[i], wants+most[i]
	}
	if wants <= g.l.width {
		return most
	}
	if needs >= g.l.width {
		return least
	}
	for i := range least {
		least[i] += (most[i] - least[i]) / (wants - needs) * (g.l.width - needs)
	}
	return least
}

// extent returns the width of a cell's longest word and of all its text.
func (g *grid) extent(t Text, bold bool) (word, all float64) {
	for _, s := range t {
		s.Bold = s.Bold || bold
		f, w := g.l.fonts[styleOf(s)], 0.0
		for _, r := range s.Text {
			a := float64(f.advance[f.glyph(r)]) * g.face.size / float64(f.unitsPerEm)
			all += a
			if w += a; r == ' ' || r == '\n' || r == softHyphen || r == '-' {
				w = 0
			}
			word = max(word, w)
		}
	}
	return word + 0.5, all + 0.5
}
