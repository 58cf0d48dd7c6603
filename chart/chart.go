// SPDX-License-Identifier: EUPL-1.2

// Package chart draws figures: a curve over days, bars or a matrix, as a Drawing of lines, boxes and texts that any writer can
// paint, as SVG with a title and a description, and as a table with the same numbers. It does not know what is
// counted, or any language: every text comes from the caller. Colours are classes in SVG and never carry meaning
// alone.
package chart

import (
	"cmp"
	"math"
	"slices"
)

// Kind is the form of a chart.
type Kind string

// The forms.
const (
	Curve Kind = "curve" // points on a scale of time, joined where both are known
	Bars  Kind = "bars"  // a bar for each point

	Matrix Kind = "matrix" // a mark for each point in the cells of a MatrixGrid
)

// Chart is what is to be drawn. What is not known is a gap in the drawing and says so in the table.
type Chart struct {
	Kind   Kind        `json:"kind"`
	Title  string      `json:"title"` // what it shows
	Desc   string      `json:"desc"`  // the same in words, for those who do not see it
	XHead  string      `json:"x_head"`
	YHead  string      `json:"y_head"`
	Top    float64     `json:"top"`    // the scale's greatest value; 0 chooses one
	Suffix string      `json:"suffix"` // after the scale's numbers, such as " %"
	Points []Point     `json:"points"`
	Beside []Beside    `json:"beside,omitempty"` // on a curve: what is aimed at, what is foreseen
	Grid   *MatrixGrid `json:"grid,omitempty"`   // of a matrix
}

// Beside is a line on a curve that nobody has counted: what is aimed at or foreseen. Its class tells which, and Text, if
// any, stands at its end.
type Beside struct {
	Class Class  `json:"class"`
	Spots []Spot `json:"spots"`
	Text  string `json:"text,omitempty"`
	Label string `json:"label,omitempty"` // under the scale at its end, such as the day
}

// Spot is a place on a curve's scales.
type Spot struct {
	At    int     `json:"at"`
	Value float64 `json:"value"`
}

// Point is one value of a chart.
type Point struct {
	At    int     `json:"at"`    // place on the curve's scale, such as days since any day
	Label string  `json:"label"` // such as the day
	Value float64 `json:"value"`
	Known bool    `json:"known"`
	Text  string  `json:"text"` // the value in words, or that it is not known

	Mark string `json:"mark,omitempty"` // of a point of a matrix, where a name has no room
}

// top is the greatest value of the scale: a round number, never below the greatest point.
func (c Chart) top() float64 {
	highest := 0.0
	for _, p := range c.Points {
		if p.Known {
			highest = max(highest, p.Value)
		}
	}
	if c.Top >= highest && c.Top > 0 {
		return c.Top
	}
	if highest <= 0 {
		return 1
	}
	step := math.Pow(10, math.Floor(math.Log10(highest)))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*step >= highest {
			return m * step
		}
	}
	return 10 * step
}

// sorted returns the points in the order they are drawn and told.
func (c Chart) sorted() []Point {
	points := slices.Clone(c.Points)
	if c.Kind == Curve {
		slices.SortStableFunc(points, func(a, b Point) int { return cmp.Compare(a.At, b.At) })
	}
	return points
}
