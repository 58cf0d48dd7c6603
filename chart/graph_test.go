// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestGraphColumns(t *testing.T) {
	for _, c := range []struct {
		name  string
		nodes int
		edges []Edge
		want  []int
	}{
		{"alone", 1, nil, []int{0}},
		{"a chain", 3, []Edge{{0, 1}, {1, 2}}, []int{2, 1, 0}},
		{"a short way and a long one", 3, []Edge{{0, 2}, {0, 1}, {1, 2}}, []int{2, 1, 0}},
		{"two into one", 3, []Edge{{0, 2}, {1, 2}}, []int{1, 1, 0}},
		{"to itself", 1, []Edge{{0, 0}}, []int{0}},
	} {
		if diff := cmp.Diff(c.want, Graph{Nodes: make([]Node, c.nodes), Edges: c.edges}.columns()); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestGraphIsSafe holds that any names give well-formed XML that says all that was given it as text, also where the edges run in circles.
func TestGraphIsSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "nodes")
		g := Graph{Title: "T", Desc: `<script>"&`}
		for range n {
			g.Nodes = append(g.Nodes, Node{Name: rapid.StringMatching(`[a-zåäö<>&"' ]{0,40}`).Draw(t, "name"), Class: "serious"})
		}
		for range rapid.IntRange(0, 8).Draw(t, "edges") {
			g.Edges = append(g.Edges, Edge{rapid.IntRange(0, n-1).Draw(t, "from"), rapid.IntRange(0, n-1).Draw(t, "to")})
		}
		svg := g.SVG("g")
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%v in %s", err, svg)
			}
		}
		if strings.Contains(svg, "<script>") || strings.Contains(svg, "style=") || strings.Count(svg, "graph-node") != n {
			t.Fatalf("not what was asked for: %s", svg)
		}
	})
}
