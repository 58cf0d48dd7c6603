// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func curve() Chart {
	return Chart{Kind: Curve, Title: `Share <&">`, Desc: "From 30 to 50", XHead: "Day", YHead: "Share", Top: 100, Suffix: " %",
		Points: []Point{
			{At: 400, Label: "d3", Value: 50, Known: true, Text: "50 %"},
			{At: 0, Label: "d1", Value: 30, Known: true, Text: "30 %"},
			{At: 200, Label: "d2", Text: "not known"},
		}}
}

func dataLines(d Drawing) int {
	n := 0
	for _, l := range d.Lines {
		if l.Class == Data {
			n++
		}
	}
	return n
}

func TestUnknownIsAGap(t *testing.T) {
	c := curve()
	if n := dataLines(c.Draw()); n != 0 {
		t.Errorf("a curve of two points with an unknown between them has %d lines, want 0", n)
	}
	if n := len(c.Draw().Dots); n != 2 {
		t.Errorf("%d dots, want 2: the unknown must have none", n)
	}
	c.Points[2].Known, c.Points[2].Value = true, 40
	if n := dataLines(c.Draw()); n != 1 {
		t.Errorf("a whole curve has %d lines, want 1", n)
	}
}

func TestTimeIsToScale(t *testing.T) {
	c := curve()
	c.Points[2] = Point{At: 100, Label: "d2", Value: 40, Known: true}
	d := c.Draw().Dots
	if early, late := d[1].X-d[0].X, d[2].X-d[1].X; late < 2.99*early || late > 3.01*early {
		t.Errorf("100 days are %.1f points and 300 days %.1f", early, late)
	}
	if d[0].Y <= d[2].Y {
		t.Error("30 percent is drawn above 50")
	}
}

func TestMarksStayInside(t *testing.T) {
	for _, c := range []Chart{curve(), {Kind: Bars, Points: []Point{{Value: 7, Known: true}, {}, {Value: 0, Known: true}}}, {}, {Kind: Bars},
		{Kind: Curve, Top: 5, Points: []Point{{Value: 12, Known: true}}}} {
		d := c.Draw()
		inside := func(x, y float64) {
			t.Helper()
			if x < 0 || x > d.Width || y < 0 || y > d.Height {
				t.Errorf("%v: %v, %v is outside", c.Kind, x, y)
			}
		}
		for _, l := range d.Lines {
			for i := 0; i < len(l.Points); i += 2 {
				inside(l.Points[i], l.Points[i+1])
			}
		}
		for _, b := range d.Boxes {
			inside(b.X, b.Y)
			inside(b.X+b.W, b.Y+b.H)
		}
		for _, o := range d.Dots {
			inside(o.X, o.Y)
		}
		for _, x := range d.Texts {
			inside(x.X, x.Y)
		}
	}
}

func TestTop(t *testing.T) {
	for _, tt := range []struct{ asked, highest, want float64 }{
		{100, 50, 100}, {100, 120, 200}, {0, 7, 10}, {0, 2, 2}, {0, 0.4, 0.5}, {0, 0, 1}, {0, 3, 5}, {0, 100, 100}, {0, 101, 200},
	} {
		c := Chart{Top: tt.asked, Points: []Point{{Value: tt.highest, Known: true}, {Value: 1e9}}}
		if got := c.top(); got != tt.want {
			t.Errorf("top of %v asked %v = %v, want %v", tt.highest, tt.asked, got, tt.want)
		}
	}
}

func TestLabelsDoNotCollide(t *testing.T) {
	c := Chart{Kind: Curve, Top: 100}
	for i := range 60 {
		c.Points = append(c.Points, Point{At: i * 30, Label: "2024-01-01", Value: float64(i), Known: true, Text: "12 %"})
	}
	last := map[Class]float64{}
	for _, x := range c.Draw().Texts {
		if x.Anchor != Middle {
			continue
		}
		if before, ok := last[x.Class]; ok && x.X-before < 40 {
			t.Errorf("%s texts at %v and %v", x.Class, before, x.X)
		}
		last[x.Class] = x.X
	}
	if last[Tick] != Width-right-24 {
		t.Errorf("the last day is not labelled: %v", last[Tick])
	}
}

func TestHTMLIsWellFormedAndSafe(t *testing.T) {
	out := curve().HTML("c1")
	for _, bad := range []string{"style=", "<script", "onload", `<&"`} {
		if strings.Contains(out, bad) {
			t.Errorf("the figure holds %q", bad)
		}
	}
	for _, want := range []string{`role="img"`, `aria-labelledby="c1-title c1-desc"`, `<title id="c1-title">`, `<desc id="c1-desc">From 30 to 50</desc>`,
		`<tr><th scope="row">d1</th><td>30 %</td></tr><tr><th scope="row">d2</th><td>not known</td></tr><tr><th scope="row">d3</th>`} {
		if !strings.Contains(out, want) {
			t.Errorf("the figure lacks %s\n%s", want, out)
		}
	}
	for d := xml.NewDecoder(strings.NewReader(out)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, out)
		}
	}
}
