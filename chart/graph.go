// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// Graph is things that lead to each other, drawn from left to right: what something comes from, and what it comes to.
type Graph struct {
	Title string
	Desc  string // the same in words, for those who do not see it
	Nodes []Node
	Edges []Edge
}

// Node is one thing. Class is added to the box's class, for its colour; what it tells must stand in the texts, too.
type Node struct {
	Name  string
	Note  string // under the name
	Class string
}

// Edge leads from one node to another, by their places in Nodes.
type Edge struct{ From, To int }

// The sizes of a graph, in points.
const (
	nodeWidth  = 216.0
	nodeHeight = 46.0
	nodeGap    = 14.0 // between nodes of a column
	columnGap  = 58.0
	margin     = 2.0
	longName   = 27 // letters of a text that fit in a box
	longNote   = 34
)

// columns is each node's place from the right: 0 leads nowhere, and every other stands left of all that it leads to. An
// edge that closes a circle is not followed.
func (g Graph) columns() []int {
	column := make([]int, len(g.Nodes))
	for range g.Nodes { // the longest way has no more edges than there are nodes
		moved := false
		for _, e := range g.Edges {
			if want := column[e.To] + 1; e.From != e.To && column[e.From] < want && want < len(g.Nodes) {
				column[e.From], moved = want, true
			}
		}
		if !moved {
			break
		}
	}
	return column
}

// SVG draws the graph as an svg element to stand in a page. Its looks are classes: chart graph, graph-node with the
// node's own class, graph-edge, graph-name, graph-note. The id must be the page's only one of its name.
func (g Graph) SVG(id string) string {
	column := g.columns()
	last, count := 0, map[int]int{}
	for _, c := range column {
		last = max(last, c)
		count[c]++
	}
	tallest := 0
	for _, n := range count {
		tallest = max(tallest, n)
	}
	step := nodeHeight + nodeGap
	width := float64(last+1)*nodeWidth + float64(last)*columnGap + 2*margin
	height := float64(tallest)*step - nodeGap + 2*margin
	x, y := make([]float64, len(g.Nodes)), make([]float64, len(g.Nodes))
	placed := map[int]int{}
	for i, c := range column {
		x[i] = margin + float64(last-c)*(nodeWidth+columnGap)
		y[i] = margin + (height-2*margin-float64(count[c])*step+nodeGap)/2 + float64(placed[c])*step
		placed[c]++
	}

	id = html.EscapeString(id)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart graph" viewBox="0 0 %s %s" width="%s" role="img" aria-labelledby="%s-title %s-desc" xmlns="http://www.w3.org/2000/svg">`,
		number(width), number(height), number(width), id, id)
	fmt.Fprintf(&b, `<title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`, id, html.EscapeString(g.Title), id, html.EscapeString(g.Desc))
	for _, e := range g.Edges {
		x1, y1, x2, y2 := x[e.From]+nodeWidth, y[e.From]+nodeHeight/2, x[e.To], y[e.To]+nodeHeight/2
		bend := (x2 - x1) / 2
		fmt.Fprintf(&b, `<path class="graph-edge" fill="none" d="M%s %sC%s %s %s %s %s %s"/>`, number(x1), number(y1), number(x1+bend), number(y1),
			number(x2-bend), number(y2), number(x2-4), number(y2))
		fmt.Fprintf(&b, `<path class="graph-head" d="M%s %sl-7 -4v8z"/>`, number(x2), number(y2))
	}
	for i, n := range g.Nodes {
		fmt.Fprintf(&b, `<rect class="graph-node %s" x="%s" y="%s" width="%s" height="%s" rx="5"/>`, html.EscapeString(n.Class), number(x[i]), number(y[i]),
			number(nodeWidth), number(nodeHeight))
		fmt.Fprintf(&b, `<text class="graph-name" x="%s" y="%s">%s</text>`, number(x[i]+10), number(y[i]+19), html.EscapeString(cut(n.Name, longName)))
		fmt.Fprintf(&b, `<text class="graph-note" x="%s" y="%s">%s</text>`, number(x[i]+10), number(y[i]+36), html.EscapeString(cut(n.Note, longNote)))
	}
	b.WriteString("</svg>")
	return b.String()
}

// cut shortens a text to what a box holds.
func cut(s string, longest int) string {
	if utf8.RuneCountInString(s) <= longest {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:longest-1]), " ") + "…"
}
