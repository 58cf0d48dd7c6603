// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func matrixOf(rows, columns int, points ...Point) Chart {
	g := &MatrixGrid{}
	for i := range rows {
		g.Rows = append(g.Rows, fmt.Sprintf("Sannolikhet %d", i+1))
		var cells []GridCell
		for k := range columns {
			cells = append(cells, GridCell{Tone: 1 + (i*k)%5, Text: fmt.Sprint((i + 1) * (k + 1)), Title: fmt.Sprintf("cell %d %d", i+1, k+1)})
		}
		g.Cells = append(g.Cells, cells)
	}
	for i := range columns {
		g.Columns = append(g.Columns, fmt.Sprintf("Konsekvens <%d>", i+1))
	}
	return Chart{Kind: Matrix, Title: "Matris", Desc: "I ord", XHead: "Konsekvens", YHead: "Sannolikhet", Grid: g, Points: points}
}

// cellTitles reads the titles of the cells out of the drawing.
func cellTitles(t interface{ Fatal(...any) }, svg string) (titles []string) {
	d := xml.NewDecoder(strings.NewReader(svg))
	depth := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return titles
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			depth += "/" + e.Name.Local
		case xml.EndElement:
			depth = depth[:strings.LastIndex(depth, "/")]
		case xml.CharData:
			if depth == "/svg/rect/title" {
				titles = append(titles, string(e))
			}
		}
	}
}

// However many risks there are and wherever they stand, the titles of the cells name those of the table that are known, each once and in its own
// cell, and nothing is drawn outside the drawing.
func TestMatrixAndTableAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, columns := rapid.IntRange(1, 10).Draw(t, "rows"), rapid.IntRange(1, 10).Draw(t, "columns")
		marks := Marks(rapid.IntRange(0, 60).Draw(t, "points"))
		var points []Point
		wanted := map[string]string{}
		for _, m := range marks {
			p := Point{Mark: m, Label: "risk", Known: rapid.Bool().Draw(t, "known"), At: rapid.IntRange(1, columns).Draw(t, "column"), Value: float64(rapid.IntRange(1, rows).Draw(t, "row"))}
			if p.Known {
				wanted[m] = fmt.Sprintf("cell %v %d", p.Value, p.At)
			}
			points = append(points, p)
		}
		c := matrixOf(rows, columns, points...)
		got := map[string]string{}
		titles := cellTitles(t, c.SVG("m"))
		if len(titles) != rows*columns {
			t.Fatalf("%d cells of %d × %d", len(titles), rows, columns)
		}
		for _, title := range titles {
			cell, list, _ := strings.Cut(title, ": ")
			for _, m := range strings.Split(list, ", ") {
				if got[m] != "" {
					t.Fatalf("%s stands twice", m)
				}
				if m != "" {
					got[m] = cell
				}
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(wanted) {
			t.Fatalf("the cells hold %v, want %v", got, wanted)
		}
		_, table := c.Table()
		for i, row := range table {
			if row[0] != marks[i]+". risk" {
				t.Fatalf("row %d of the table is %q", i, row[0])
			}
		}
		d := c.Draw()
		for _, b := range d.Boxes {
			if b.X < 0 || b.Y < 0 || b.X+b.W > d.Width || b.Y+b.H > d.Height {
				t.Fatalf("outside: %+v", b)
			}
		}
		for _, o := range d.Dots {
			if !slices.ContainsFunc(d.Boxes, func(b Box) bool {
				return o.X-o.R >= b.X && o.X+o.R <= b.X+b.W && o.Y-o.R >= b.Y && o.Y+o.R <= b.Y+b.H
			}) {
				t.Fatalf("a dot is in no cell: %+v of %v", o, d.Boxes)
			}
		}
	})
}

func TestMatrixSaysHowManyMore(t *testing.T) {
	var points []Point
	for _, m := range Marks(30) {
		points = append(points, Point{Mark: m, Known: true, At: 5, Value: 5})
	}
	svg := matrixOf(5, 5, points...).SVG("m")
	if !strings.Contains(svg, ">+") || !strings.Contains(svg, "cell 5 5: A, B, C") || !strings.Contains(svg, "AD</title>") {
		t.Errorf("a full cell does not say what is in it: %s", svg)
	}
	if strings.Contains(svg, "Konsekvens <1>") {
		t.Error("a name is not escaped")
	}
}

func TestMarks(t *testing.T) {
	m := Marks(28)
	if m[0] != "A" || m[25] != "Z" || m[26] != "AA" || m[27] != "AB" {
		t.Errorf("marks %v", m)
	}
}
