// SPDX-License-Identifier: EUPL-1.2

package chart

import "strconv"

// The size of every drawing, in points, with x to the right and y down.
const (
	Width  = 480.0
	Height = 220.0

	left, right, upper, lower = 44.0, 20.0, 22.0, 28.0 // margins around the scale
)

// Class says what a mark is, so that a writer can choose how it looks.
type Class string

// The classes.
const (
	Grid  Class = "grid"
	Axis  Class = "axis"
	Data  Class = "data"
	Tick  Class = "tick"  // text on a scale
	Value Class = "value" // text at a point

	Goal     Class = "goal"     // what is aimed at
	Forecast Class = "forecast" // what is foreseen
	Band     Class = "band"     // the edges of how sure that is
)

// Anchor says which end of a text its place is.
type Anchor string

// The anchors.
const (
	Start  Anchor = "start"
	Middle Anchor = "middle"
	End    Anchor = "end"
)

// Drawing is a chart as marks: first the lines, then boxes, dots and texts.
type Drawing struct {
	Width, Height float64
	Lines         []Line
	Boxes         []Box
	Dots          []Dot
	Texts         []Text
}

// Line is a line through points given as x, y, x, y.
type Line struct {
	Class  Class
	Points []float64
}

// Box is a filled rectangle. Title, if any, says what it is.
type Box struct {
	Class      Class
	X, Y, W, H float64
	Title      string
}

// Dot is a filled circle.
type Dot struct {
	Class   Class
	X, Y, R float64
}

// Text is a line of text with its baseline at Y.
type Text struct {
	Class  Class
	X, Y   float64
	Anchor Anchor
	Text   string
}

// Draw lays the chart out.
func (c Chart) Draw() Drawing {
	if c.Kind == Matrix {
		return c.matrix()
	}
	d := Drawing{Width: Width, Height: Height}
	top := c.top()
	c.scale(&d, top)
	if c.Kind == Bars {
		c.bars(&d, top)
	} else {
		c.curve(&d, top)
	}
	return d
}

func y(value, top float64) float64 { return Height - lower - value/top*(Height-upper-lower) }

func (c Chart) scale(d *Drawing, top float64) {
	for i := range 5 {
		value := top * float64(i) / 4
		class := Grid
		if i == 0 {
			class = Axis
		}
		d.Lines = append(d.Lines, Line{class, []float64{left, y(value, top), Width - right, y(value, top)}})
		label := strconv.FormatFloat(value, 'f', -1, 64) + c.Suffix
		if value == float64(int(value)) { // a scale of whole things shows no halves
			d.Texts = append(d.Texts, Text{Tick, left - 6, y(value, top) + 3, End, label})
		}
	}
}

func (c Chart) curve(d *Drawing, top float64) {
	points := c.sorted()
	if len(points) == 0 {
		return
	}
	first, last := points[0].At, points[len(points)-1].At
	for _, b := range c.Beside {
		for _, s := range b.Spots {
			first, last = min(first, s.At), max(last, s.At)
		}
	}
	xAt := func(at int) float64 {
		const inset = 24
		if first == last {
			return (left + Width - right) / 2
		}
		return left + inset + float64(at-first)/float64(last-first)*(Width-left-right-2*inset)
	}
	x := func(p Point) float64 { return xAt(p.At) }
	c.beside(d, top, xAt)
	var run []float64
	end := func() {
		if len(run) > 2 {
			d.Lines = append(d.Lines, Line{Data, run})
		}
		run = nil
	}
	newest := x(points[len(points)-1])
	labels := spread{min: 62, end: newest}
	values := spread{min: 40, end: newest}
	for i, p := range points {
		if labels.fits(x(p), i == len(points)-1) {
			d.Texts = append(d.Texts, Text{Tick, x(p), Height - 10, Middle, p.Label})
		}
		if !p.Known {
			end()
			continue
		}
		run = append(run, x(p), y(p.Value, top))
		d.Dots = append(d.Dots, Dot{Data, x(p), y(p.Value, top), 3})
		if values.fits(x(p), i == len(points)-1) {
			d.Texts = append(d.Texts, Text{Value, x(p), y(p.Value, top) - 7, Middle, p.Text})
		}
	}
	end()
}

// beside draws the lines that nobody has counted, under the curve.
func (c Chart) beside(d *Drawing, top float64, x func(int) float64) {
	newest := x(c.sorted()[len(c.Points)-1].At)
	for _, b := range c.Beside {
		var run []float64
		for _, s := range b.Spots {
			run = append(run, x(s.At), y(min(s.Value, top), top))
		}
		if len(run) < 4 {
			continue
		}
		d.Lines = append(d.Lines, Line{b.Class, run})
		endX, endY := run[len(run)-2], run[len(run)-1]
		if b.Text != "" {
			d.Texts = append(d.Texts, Text{Value, endX, max(endY-6, 10), End, b.Text})
		}
		if b.Label != "" && endX-newest > 62 {
			d.Texts = append(d.Texts, Text{Tick, endX, Height - 10, Middle, b.Label})
		}
	}
}

// spread keeps texts from running into each other. The last one has its place reserved.
type spread struct {
	min  float64
	end  float64 // where the last one stands
	used bool
	last float64
}

func (s *spread) fits(x float64, last bool) bool {
	if s.used && x-s.last < s.min || !last && s.end-x < s.min {
		return false
	}
	s.used, s.last = true, x
	return true
}

func (c Chart) bars(d *Drawing, top float64) {
	if len(c.Points) == 0 {
		return
	}
	step := (Width - left - right) / float64(len(c.Points))
	width := min(step*0.6, 48)
	for i, p := range c.Points {
		centre := left + step*(float64(i)+0.5)
		if step >= 28 {
			d.Texts = append(d.Texts, Text{Tick, centre, Height - 10, Middle, p.Label})
		}
		if !p.Known {
			continue
		}
		d.Boxes = append(d.Boxes, Box{Class: Data, X: centre - width/2, Y: y(p.Value, top), W: width, H: p.Value / top * (Height - upper - lower)})
		if step >= 28 {
			d.Texts = append(d.Texts, Text{Value, centre, y(p.Value, top) - 5, Middle, p.Text})
		}
	}
}
