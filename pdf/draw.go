// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"math"
)

// Figure is a drawing of lines, areas and labels.
type Figure struct {
	Alt     string // what it shows, for those who do not see it; must be given
	Caption Text   // set below it; may be empty
	// Width and Height are the drawing's size in its own units, with x to the
	// right and y down from the top left corner, as in SVG. A unit is a point
	// unless the drawing is wider than the column or higher than two thirds
	// of the page: then it is shrunk to fit.
	Width, Height float64
	Marks         []Mark // painted in order
}

// Mark is a part of a drawing: Line, Area, Disc or Label.
type Mark interface {
	mark(l *layout, b *bytes.Buffer)
}

// Point is a place in a drawing.
type Point struct{ X, Y float64 }

// Line is a line through points.
type Line struct {
	Points []Point
	Width  float64 // 0 means 1
	Dash   float64 // length of dashes and gaps; 0 means none
	Colour Colour
}

// Area is a filled polygon.
type Area struct {
	Points []Point
	Colour Colour
}

// Disc is a filled circle.
type Disc struct {
	Centre Point
	Radius float64
	Colour Colour
}

// Label is a line of text. At is on its baseline, at its left, middle or right
// as Align says.
type Label struct {
	At     Point
	Text   string
	Size   float64 // 0 means 9
	Bold   bool
	Align  Align
	Colour Colour
}

// maxLabel keeps a label within what PDF/A allows for one string.
const maxLabel = 1000

// Rect returns the corners of a rectangle, for an Area.
func Rect(x, y, w, h float64) []Point {
	return []Point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}
}

func (b Figure) place(l *layout, parent *elem) error {
	if oneLine(b.Alt) == "" {
		return errors.New("a figure has no alternative text")
	}
	if !(b.Width > 0) || !(b.Height > 0) || math.IsInf(b.Width, 0) || math.IsInf(b.Height, 0) {
		return fmt.Errorf("a figure is %v wide and %v high", b.Width, b.Height)
	}
	for _, m := range b.Marks {
		if !finite(m) {
			return errors.New("a figure's mark has a measure that is no number or beyond 100,000")
		}
		if t, ok := m.(Label); ok && len(t.Text) > maxLabel {
			return fmt.Errorf("a figure's label is longer than %d bytes", maxLabel)
		}
	}
	scale := min(1, l.width/b.Width, (bottom-top)*2/3/b.Height)
	e := parent.child("Figure")
	e.alt = oneLine(l.clean(b.Alt))
	x, w, h := l.left, b.Width*scale, b.Height*scale
	l.add(box{before: 12, height: h, keep: len(b.Caption) > 0, paint: func(p *page, y float64) {
		p.begin(e)
		e.attrs = fmt.Sprintf("<</O /Layout /Placement /Block /BBox [%s %s %s %s]>>",
			appendNumber(nil, x), appendNumber(nil, pageHeight-y-h), appendNumber(nil, x+w), appendNumber(nil, pageHeight-y))
		p.main.WriteString("q ")
		for _, v := range []float64{scale, 0, 0, -scale, x, pageHeight - y} {
			number(&p.main, v)
		}
		p.main.WriteString("cm\n")
		fmt.Fprintf(&p.main, "0 0 %s %s re W n\n", appendNumber(nil, b.Width), appendNumber(nil, b.Height))
		for _, m := range b.Marks {
			m.mark(l, &p.main)
		}
		p.main.WriteString("Q\n")
	}})
	if len(b.Caption) > 0 {
		f := captionType
		f.bold, f.colour = false, quietColour
		if err := l.para(b.Caption, e.child("Caption"), f, 5, false); err != nil {
			return err
		}
	}
	l.after = 6
	return nil
}

func path(b *bytes.Buffer, points []Point) {
	for i, p := range points {
		number(b, p.X)
		number(b, p.Y)
		if i == 0 {
			b.WriteString("m ")
		} else {
			b.WriteString("l ")
		}
	}
}

func (m Line) mark(_ *layout, b *bytes.Buffer) {
	if len(m.Points) < 2 {
		return
	}
	width := m.Width
	if width <= 0 {
		width = 1
	}
	setColour(b, m.Colour, "RG ")
	number(b, width)
	b.WriteString("w 1 j ")
	if m.Dash > 0 {
		fmt.Fprintf(b, "[%s] 0 d ", appendNumber(nil, m.Dash))
	} else {
		b.WriteString("[] 0 d ")
	}
	path(b, m.Points)
	b.WriteString("S\n")
}

func (m Area) mark(_ *layout, b *bytes.Buffer) {
	if len(m.Points) < 3 {
		return
	}
	setColour(b, m.Colour, "rg ")
	path(b, m.Points)
	b.WriteString("h f\n")
}

func (m Disc) mark(_ *layout, b *bytes.Buffer) {
	const k = 0.5523 // how far a quarter circle's handles reach
	setColour(b, m.Colour, "rg ")
	x, y, r := m.Centre.X, m.Centre.Y, m.Radius
	for i, p := range [][]float64{
		{x + r, y},
		{x + r, y + k*r, x + k*r, y + r, x, y + r},
		{x - k*r, y + r, x - r, y + k*r, x - r, y},
		{x - r, y - k*r, x - k*r, y - r, x, y - r},
		{x + k*r, y - r, x + r, y - k*r, x + r, y},
	} {
		for _, v := range p {
			number(b, v)
		}
		if i == 0 {
			b.WriteString("m ")
		} else {
			b.WriteString("c ")
		}
	}
	b.WriteString("f\n")
}

// mark turns the drawing's y around again, so that text stands upright.
func (m Label) mark(l *layout, b *bytes.Buffer) {
	text := oneLine(l.clean(m.Text))
	if text == "" {
		return
	}
	size := m.Size
	if size <= 0 {
		size = 9
	}
	s := seg{look: look{style: styleOf(Span{Bold: m.Bold}), size: size, colour: m.Colour}, text: text}
	x, w := m.At.X, l.fonts[s.style].width(text, size)
	switch m.Align {
	case Right:
		x -= w
	case Centre:
		x -= w / 2
	}
	b.WriteString("q 1 0 0 -1 0 ")
	number(b, 2*m.At.Y)
	b.WriteString("cm\n")
	l.show(b, s, x, pageHeight-m.At.Y)
	b.WriteString("Q\n")
}

// finite reports whether all of a mark's measures are numbers that a reader
// can take.
func finite(m Mark) bool {
	var vs []float64
	var ps []Point
	switch m := m.(type) {
	case Line:
		vs, ps = []float64{m.Width, m.Dash}, m.Points
	case Area:
		ps = m.Points
	case Disc:
		vs, ps = []float64{m.Radius}, []Point{m.Centre}
	case Label:
		vs, ps = []float64{m.Size}, []Point{m.At}
	}
	for _, p := range ps {
		vs = append(vs, p.X, p.Y)
	}
	for _, v := range vs {
		if !(math.Abs(v) < 1e5) {
			return false
		}
	}
	return true
}
