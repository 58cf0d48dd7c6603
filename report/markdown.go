// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	xast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var parser = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Linkify)).Parser()

// deepest is how far lists and quotes may stand within each other before they are written flat.
const deepest = 6

// markdown reads people's own text into blocks. HTML in it is text like any other, pictures are their description,
// and only links to the web and to mail addresses are links. Headings start one level below the section's.
func markdown(source string, level int) []Block {
	src := []byte(source)
	doc := parser.Parse(text.NewReader(src))
	m := &reading{src: src, level: level, top: level, highest: 6}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			m.highest = min(m.highest, h.Level)
		}
	}
	return m.blocks(doc, 0)
}

type reading struct {
	src     []byte
	top     int // the section's level
	level   int // of the section or the last heading
	highest int // level of the text's own highest heading
}

func (m *reading) blocks(parent ast.Node, depth int) []Block {
	var out []Block
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		out = append(out, m.block(n, depth)...)
	}
	return out
}

func (m *reading) block(n ast.Node, depth int) []Block {
	own := func(b Block) []Block { b.Own = true; return []Block{b} }
	switch n := n.(type) {
	case *ast.Heading:
		return own(Block{Type: Heading, Level: m.heading(n.Level), Text: m.inline(n, Span{})})
	case *ast.Paragraph, *ast.TextBlock:
		if text := m.inline(n, Span{}); len(text) > 0 {
			return own(Block{Type: Paragraph, Text: text})
		}
		return nil
	case *ast.List:
		return own(Block{Type: List, Numbered: n.IsOrdered(), Start: n.Start, Items: m.items(n, depth)})
	case *ast.Blockquote:
		if depth >= deepest {
			return m.blocks(n, depth)
		}
		return own(Block{Type: Quote, Blocks: m.blocks(n, depth+1)})
	case *ast.ThematicBreak:
		return own(Block{Type: Rule})
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		return own(Block{Type: Code, Text: plain(strings.TrimRight(m.lines(n), "\n"))})
	case *ast.HTMLBlock:
		html := m.lines(n)
		if n.HasClosure() {
			html += string(n.ClosureLine.Value(m.src))
		}
		return own(Block{Type: Paragraph, Text: plain(strings.TrimSpace(html))})
	case *xast.Table:
		return own(m.table(n))
	}
	return m.blocks(n, depth)
}

// heading keeps the text's own order of levels, without jumps that a reader of the structure would stumble on.
func (m *reading) heading(level int) int {
	m.level = min(max(m.top+1+level-m.highest, m.top+1), m.level+1, 6)
	return m.level
}

func (m *reading) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(m.src))
	}
	return b.String()
}

// items reads a list. What is not text or a list within an item is kept as text.
func (m *reading) items(parent ast.Node, depth int) []Item {
	var items []Item
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		var it Item
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			l, isList := c.(*ast.List)
			switch {
			case isList && depth < deepest:
				it.Sub = append(it.Sub, m.items(l, depth+1)...)
			case c.Kind() == ast.KindParagraph || c.Kind() == ast.KindTextBlock:
				it.Text = join(it.Text, m.inline(c, Span{}))
			default:
				for _, b := range m.blocks(n, deepest) {
					it.Text = join(it.Text, b.Text)
				}
			}
		}
		items = append(items, it)
	}
	return items
}

func (m *reading) table(t *xast.Table) Block {
	b := Block{Type: Table}
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		var line []Cell
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cell, _ := c.(*xast.TableCell)
			line = append(line, Cell{Text: m.inline(c, Span{}), Right: cell != nil && cell.Alignment == xast.AlignRight})
		}
		if row.Kind() == xast.KindTableHeader {
			b.Head = line
		} else {
			b.Rows = append(b.Rows, line)
		}
	}
	return b
}

func (m *reading) inline(parent ast.Node, style Span) []Span {
	var out []Span
	add := func(s string, st Span) {
		if s != "" {
			st.Text = s
			out = append(out, st)
		}
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		st := style
		switch n := n.(type) {
		case *ast.Text:
			add(m.plain(n), st)
			switch {
			case n.HardLineBreak():
				add("\n", st)
			case n.SoftLineBreak():
				add(" ", st)
			}
		case *ast.String:
			add(string(n.Value), st)
		case *ast.CodeSpan:
			st.Code = true
			out = append(out, m.inline(n, st)...)
		case *ast.Emphasis:
			st.Italic, st.Bold = st.Italic || n.Level == 1, st.Bold || n.Level == 2
			out = append(out, m.inline(n, st)...)
		case *ast.Link:
			st.Link = linkTo(string(n.Destination))
			out = append(out, m.inline(n, st)...)
		case *ast.AutoLink:
			st.Link = linkTo(string(n.URL(m.src)))
			add(string(n.Label(m.src)), st)
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				seg := n.Segments.At(i)
				add(string(seg.Value(m.src)), st)
			}
		default: // pictures are their description
			out = append(out, m.inline(n, st)...)
		}
	}
	return merge(out)
}

// plain is a text node as it is read: \* is a star and &auml; an ä, except in code.
func (m *reading) plain(n *ast.Text) string {
	b := n.Value(m.src)
	if n.IsRaw() || n.Parent().Kind() == ast.KindCodeSpan {
		return string(b)
	}
	return string(util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(b))))
}

// linkTo is the address, or "" if it is not one of the web or of mail.
func linkTo(address string) string {
	if !strings.Contains(address, ":") && strings.Contains(address, "@") {
		address = "mailto:" + address
	}
	if !safeLink(address) {
		return ""
	}
	return address
}

// safeLink reports whether an address leads to the web or to mail, and nowhere else.
func safeLink(address string) bool {
	u, err := url.Parse(address)
	if err != nil || strings.ContainsAny(address, " \t\r\n") {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return u.Opaque != ""
	}
	return false
}
