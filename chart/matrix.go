// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MatrixGrid is what a matrix is drawn on. A point of a matrix stands in the cell of its At, the column from 1 on the left, and its Value, the
// row from 1 at the bottom. One that is not known stands in no cell, and is told in the table only.
type MatrixGrid struct {
	Columns []string     `json:"columns"`
	Rows    []string     `json:"rows"` // from the bottom up
	Cells   [][]GridCell `json:"cells"`
	Head    [2]string    `json:"head"` // of its table: what stands in it, and where
}

// GridCell is a cell: Cells[row][column], both from 0. Its tone is how grave it is, from 1, the least, to 5; 0 is none.
type GridCell struct {
	Tone  int    `json:"tone"`
	Text  string `json:"text"`  // its value, in its corner
	Title string `json:"title"` // what it is, in words
}

// The sizes of a matrix, in points.
const (
	rowHead     = 104.0 // the width of the rows' names
	columnHead  = 44.0  // the height of the columns' names
	axisHead    = 20.0  // the height of the name of the rows' scale
	leastCell   = 34.0
	tallestCell = 54.0
	pitch       = 18.0 // from one dot to the next
	dot         = 8.0  // radius
)

// tones are the classes of the cells' boxes.
var tones = [...]Class{"tone-0", "tone-1", "tone-2", "tone-3", "tone-4", "tone-5"}

// Mark is the class of the letters on the dots.
const Mark Class = "mark"

// in tells which points stand in the cell, both numbers from 0, in their order.
func (c Chart) in(row, column int) []Point {
	var list []Point
	for _, p := range c.Points {
		if p.Known && p.At == column+1 && p.Value == float64(row+1) {
			list = append(list, p)
		}
	}
	return list
}

// matrix lays the cells out with the marks of the points in them. Where there are more than a cell has room for, it says how many more:
// its title names them all, and so does the table.
func (c Chart) matrix() Drawing {
	g := c.Grid
	if g == nil || len(g.Rows) == 0 || len(g.Columns) == 0 {
		return Drawing{Width: Width, Height: Height}
	}
	w := (Width - rowHead) / float64(len(g.Columns))
	h := max(leastCell, min(tallestCell, 290/float64(len(g.Rows))))
	d := Drawing{Width: Width, Height: axisHead + h*float64(len(g.Rows)) + columnHead}
	d.Texts = append(d.Texts, Text{Tick, 0, 12, Start, c.YHead}, Text{Tick, rowHead + (Width-rowHead)/2, d.Height - 4, Middle, c.XHead})
	for row := range g.Rows {
		top := axisHead + h*float64(len(g.Rows)-1-row)
		for i, line := range headLines(row, g.Rows[row], rowHead-8) {
			d.Texts = append(d.Texts, Text{Tick, 0, top + h/2 - 2 + float64(i)*11, Start, line})
		}
		for column := range g.Columns {
			c.cell(&d, row, column, rowHead+w*float64(column), top, w, h)
		}
	}
	for column, name := range g.Columns {
		for i, line := range headLines(column, name, w-4) {
			d.Texts = append(d.Texts, Text{Tick, rowHead + w*(float64(column)+0.5), axisHead + h*float64(len(g.Rows)) + 12 + float64(i)*11, Middle, line})
		}
	}
	return d
}

func (c Chart) cell(d *Drawing, row, column int, x, y, w, h float64) {
	var cell GridCell
	if row < len(c.Grid.Cells) && column < len(c.Grid.Cells[row]) {
		cell = c.Grid.Cells[row][column]
	}
	points := c.in(row, column)
	title := cell.Title
	for i, p := range points {
		if i == 0 {
			title += ": "
		} else {
			title += ", "
		}
		title += p.Mark
	}
	d.Boxes = append(d.Boxes, Box{tones[min(max(cell.Tone, 0), len(tones)-1)], x + 1, y + 1, w - 2, h - 2, title})
	d.Texts = append(d.Texts, Text{Tick, x + 5, y + 12, Start, cell.Text})
	across, down := max(1, int((w-6)/pitch)), max(1, int((h-17)/pitch))
	room := across * down
	shown := len(points)
	if shown > room {
		shown = room - 1
	}
	for i := range min(len(points), room) {
		cx, cy := x+5+dot+float64(i%across)*pitch, y+16+dot+float64(i/across)*pitch
		if i >= shown {
			d.Texts = append(d.Texts, Text{Value, cx, cy + 3, Middle, "+" + strconv.Itoa(len(points)-shown)})
			break
		}
		d.Dots = append(d.Dots, Dot{Mark, cx, cy, dot})
		d.Texts = append(d.Texts, Text{Mark, cx, cy + 3, Middle, points[i].Mark})
	}
}

// headLines is a step's number and as much of its name as there is room for on two lines.
func headLines(i int, name string, width float64) []string {
	const letter = 5.3 // mean width
	fits := int(width / letter)
	number := strconv.Itoa(i + 1)
	if fits < 6 {
		return []string{number}
	}
	lines := []string{number}
	for _, word := range strings.Fields(name) {
		last := len(lines) - 1
		switch {
		case utf8.RuneCountInString(lines[last])+1+utf8.RuneCountInString(word) <= fits:
			lines[last] += " " + word
		case last == 0:
			lines = append(lines, cut(word, fits))
		default:
			lines[last] = cut(lines[last]+" "+word, fits)
			return lines
		}
	}
	return lines
}

// Marks gives the first n marks of points: A to Z, then AA.
func Marks(n int) []string {
	all := make([]string, n)
	for i := range all {
		var letters []byte
		for k := i; k >= 0; k = k/26 - 1 {
			letters = append(letters, byte('A'+k%26))
		}
		slices.Reverse(letters)
		all[i] = string(letters)
	}
	return all
}
