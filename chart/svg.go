// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// SVG writes the chart as an svg element to stand in a page. Its looks are classes that the page's style sheet
// knows: chart, chart-grid, chart-axis, chart-data, chart-tick, chart-value, and in a matrix chart-mark and chart-tone-0 to chart-tone-5. The id must be the page's only one of
// its name; the title and description are named by it.
func (c Chart) SVG(id string) string {
	d := c.Draw()
	id = html.EscapeString(id)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-title %s-desc" xmlns="http://www.w3.org/2000/svg">`,
		number(d.Width), number(d.Height), id, id)
	fmt.Fprintf(&b, `<title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`, id, html.EscapeString(c.Title), id, html.EscapeString(c.Desc))
	for _, l := range d.Lines {
		points := make([]string, len(l.Points)/2)
		for i := range points {
			points[i] = number(l.Points[2*i]) + "," + number(l.Points[2*i+1])
		}
		fmt.Fprintf(&b, `<polyline class="chart-%s" fill="none" points="%s"/>`, l.Class, strings.Join(points, " "))
	}
	for _, r := range d.Boxes {
		fmt.Fprintf(&b, `<rect class="chart-%s" x="%s" y="%s" width="%s" height="%s"`, r.Class, number(r.X), number(r.Y), number(r.W), number(r.H))
		if r.Title == "" {
			b.WriteString("/>")
		} else {
			b.WriteString("><title>" + html.EscapeString(r.Title) + "</title></rect>")
		}
	}
	for _, o := range d.Dots {
		fmt.Fprintf(&b, `<circle class="chart-%s" cx="%s" cy="%s" r="%s"/>`, o.Class, number(o.X), number(o.Y), number(o.R))
	}
	for _, t := range d.Texts {
		fmt.Fprintf(&b, `<text class="chart-%s" x="%s" y="%s" text-anchor="%s">%s</text>`, t.Class, number(t.X), number(t.Y), t.Anchor, html.EscapeString(t.Text))
	}
	b.WriteString("</svg>")
	return b.String()
}

// Table gives the chart's numbers as rows of label and text, in the order they are drawn, under Head.
func (c Chart) Table() (head [2]string, rows [][2]string) {
	for _, p := range c.sorted() {
		label := p.Label
		if p.Mark != "" {
			label = p.Mark + ". " + label
		}
		rows = append(rows, [2]string{label, p.Text})
	}
	if c.Grid != nil {
		return c.Grid.Head, rows
	}
	return [2]string{c.XHead, c.YHead}, rows
}

// HTML writes the chart as a figure with its caption, the drawing, and the same numbers in a table.
func (c Chart) HTML(id string) string {
	var b strings.Builder
	b.WriteString(`<figure class="chart-figure">` + c.SVG(id))
	fmt.Fprintf(&b, `<figcaption>%s</figcaption><table class="chart-table"><thead><tr>`, html.EscapeString(c.Title))
	head, rows := c.Table()
	fmt.Fprintf(&b, `<th scope="col">%s</th><th scope="col">%s</th></tr></thead><tbody>`, html.EscapeString(head[0]), html.EscapeString(head[1]))
	for _, r := range rows {
		fmt.Fprintf(&b, `<tr><th scope="row">%s</th><td>%s</td></tr>`, html.EscapeString(r[0]), html.EscapeString(r[1]))
	}
	b.WriteString("</tbody></table></figure>")
	return b.String()
}

// number writes a coordinate with at most two decimals.
func number(f float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(f, 'f', 2, 64), "0"), ".")
}
