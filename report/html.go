// SPDX-License-Identifier: EUPL-1.2

package report

import (
	_ "embed"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"

	"ledsyn/metric"
)

// Stylesheet is the looks of a document in HTML, on screen and in print. Its classes all begin with doc or chart.
//
//go:embed report.css
var Stylesheet string

// Links lets a page open what a document rests on. Its zero value makes no links.
type Links struct {
	Figure func(ref string) string        // the address of a figure, or ""
	After  func(refs []metric.Ref) string // HTML after a sentence that rests on the records; must be safe
	Before func(section Section) string   // HTML after a section's heading; must be safe
}

// HTML writes the document as an article element to stand in a page: no style, script or event in it.
func HTML(w io.Writer, d Doc, l Links) error {
	p := &page{links: l, notes: map[int]bool{}}
	p.article(d)
	_, err := io.WriteString(w, p.String())
	return err
}

// SectionHTML writes the blocks of one section, without its heading, and the notes that they refer to.
func SectionHTML(w io.Writer, d Doc, s Section, l Links) error {
	p := &page{links: l, id: s.Key + "-", notes: map[int]bool{}}
	p.blocks(s.Blocks, s.Level)
	p.notesOf(d, "p") // a section stands below headings of which it knows nothing
	_, err := io.WriteString(w, p.String())
	return err
}

// Page writes the document as a whole page. The style sheet is linked at the address, or where that is "" kept in
// the page, so that the file can be sent and kept by itself.
func Page(w io.Writer, d Doc, stylesheet string) error {
	d, err := Unmasked(d)
	if err != nil {
		return err
	}
	p := &page{notes: map[int]bool{}}
	p.printf(`<!DOCTYPE html><html lang="%v"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>%v</title>`,
		d.Lang, d.Front.Title+", "+d.Front.Board)
	if stylesheet == "" {
		p.WriteString("<style>" + Stylesheet + "</style>")
	} else {
		p.printf(`<link rel="stylesheet" href="%v">`, stylesheet)
	}
	p.WriteString("</head><body><main>")
	p.article(d)
	p.WriteString("</main></body></html>\n")
	_, err = io.WriteString(w, p.String())
	return err
}

// page is HTML in the making.
type page struct {
	strings.Builder
	links  Links
	id     string // before every id, where several documents stand in one page
	notes  map[int]bool
	charts int
}

// printf writes the format with every argument escaped.
func (p *page) printf(format string, args ...any) {
	for i, a := range args {
		args[i] = html.EscapeString(fmt.Sprint(a))
	}
	fmt.Fprintf(p, format, args...)
}

func (p *page) article(d Doc) {
	p.printf(`<article class="doc" lang="%v"><header class="doc-front"><p class="doc-organisation">%v</p><h1>%v</h1><p class="doc-board">%v</p><dl>`,
		d.Lang, d.Front.Organisation, d.Front.Title, d.Front.Board)
	for _, l := range d.Front.Lines {
		p.printf(`<div><dt>%v</dt><dd>%v</dd></div>`, l.Label, l.Value)
	}
	p.WriteString("</dl></header>")
	p.contents(d)
	for _, s := range d.Sections {
		p.printf(`<section class="doc-section" id="%v"><h%v>%v</h%v>`, "s-"+s.Key, s.Level+1, s.Title(), s.Level+1)
		if p.links.Before != nil {
			p.WriteString(p.links.Before(s))
		}
		p.blocks(s.Blocks, s.Level)
		p.WriteString("</section>")
	}
	p.notesOf(d, "h2")
	p.WriteString("</article>")
}

// contents nests the headings as lists.
func (p *page) contents(d Doc) {
	p.printf(`<nav class="doc-contents" aria-labelledby="doc-contents"><h2 id="doc-contents">%v</h2>`, d.Words.Contents)
	level := 0
	for _, s := range d.Sections {
		switch {
		case s.Level > level:
			p.WriteString("<ul>")
		case s.Level == level:
			p.WriteString("</li>")
		default:
			p.WriteString("</li>" + strings.Repeat("</ul></li>", level-s.Level))
		}
		level = s.Level
		p.printf(`<li><a href="#s-%v">%v</a>`, s.Key, s.Title())
	}
	if level > 0 {
		p.WriteString("</li>" + strings.Repeat("</ul></li>", level-1) + "</ul>")
	}
	p.WriteString("</nav>")
}

func (p *page) notesOf(d Doc, heading string) {
	if len(p.notes) == 0 {
		return
	}
	p.WriteString(`<section class="doc-notes"><` + heading + ` class="doc-notes-head">`)
	p.printf(`%v`, d.Words.Notes)
	p.WriteString("</" + heading + "><ol>")
	for _, n := range d.Notes {
		if p.notes[n.Number] {
			p.printf(`<li id="%v" value="%v">`, p.id+"note-"+strconv.Itoa(n.Number), n.Number)
			p.printf(`%v <a href="#%v" aria-label="%v">↩</a></li>`, n.Text, p.id+"ref-"+strconv.Itoa(n.Number), d.Words.Back)
		}
	}
	p.WriteString("</ol></section>")
}

func (p *page) blocks(blocks []Block, level int) {
	own := false
	for i, b := range blocks {
		if b.Own && !own {
			p.WriteString(`<div class="doc-own">`)
		}
		own = b.Own
		p.block(b, level)
		if own && (i == len(blocks)-1 || !blocks[i+1].Own) {
			p.WriteString("</div>")
		}
	}
}

func (p *page) block(b Block, level int) {
	switch b.Type {
	case Paragraph:
		p.paragraph("", b)
	case Fact:
		p.paragraph("doc-fact", b)
	case Missing:
		p.paragraph("doc-missing", b)
	case Heading:
		p.printf("<h%v>", min(b.Level+1, 6))
		p.spans(b.Text)
		p.printf("</h%v>", min(b.Level+1, 6))
	case List:
		p.list(b.Items, b.Numbered, b.Start)
	case Table:
		p.table(b)
	case Graph:
		p.charts++
		p.WriteString(b.Chart.HTML(p.id + "chart-" + strconv.Itoa(p.charts)))
	case Box:
		p.WriteString(`<div class="doc-box"><p><strong>`)
		p.spans(b.Text)
		p.WriteString("</strong></p>")
		p.blocks(b.Blocks, level)
		p.WriteString("</div>")
	case Quote:
		p.WriteString("<blockquote>")
		for _, inner := range b.Blocks {
			p.block(inner, level)
		}
		p.WriteString("</blockquote>")
	case Rule:
		p.WriteString("<hr>")
	case Code:
		p.printf("<pre><code>%v</code></pre>", PlainText(b.Text))
	}
}

func (p *page) paragraph(class string, b Block) {
	if class == "" {
		p.WriteString("<p>")
	} else {
		p.printf(`<p class="%v">`, class)
	}
	p.spans(b.Text)
	p.after(b.Refs)
	p.WriteString("</p>")
}

func (p *page) after(refs []metric.Ref) {
	if p.links.After != nil && len(refs) > 0 {
		p.WriteString(p.links.After(refs))
	}
}

func (p *page) list(items []Item, numbered bool, start int) {
	tag := "ul"
	if numbered {
		tag = "ol"
	}
	if numbered && start > 1 {
		p.printf(`<ol start="%v">`, start)
	} else {
		p.printf("<%v>", tag)
	}
	for _, it := range items {
		p.WriteString("<li>")
		p.spans(it.Text)
		p.after(it.Refs)
		if len(it.Sub) > 0 {
			p.list(it.Sub, false, 0)
		}
		p.WriteString("</li>")
	}
	p.printf("</%v>", tag)
}

// table writes a table that can be scrolled by keyboard where it is wider than the page.
func (p *page) table(b Block) {
	p.WriteString(`<div class="doc-table" tabindex="0"><table><thead><tr>`)
	for _, c := range b.Head {
		p.cell("th", ` scope="col"`, c)
	}
	p.WriteString("</tr></thead><tbody>")
	for _, row := range b.Rows {
		p.WriteString("<tr>")
		for i, c := range row {
			if i == 0 && !b.Own {
				p.cell("th", ` scope="row"`, c)
			} else {
				p.cell("td", "", c)
			}
		}
		p.WriteString("</tr>")
	}
	p.WriteString("</tbody></table></div>")
}

func (p *page) cell(tag, attributes string, c Cell) {
	p.WriteString("<" + tag + attributes)
	if c.Right {
		p.WriteString(` class="doc-number"`)
	}
	p.WriteString(">")
	p.spans(c.Text)
	p.WriteString("</" + tag + ">")
}

func (p *page) spans(spans []Span) {
	for _, s := range spans {
		p.span(s)
	}
}

func (p *page) span(s Span) {
	var end []string
	open := func(tag string) {
		p.WriteString("<" + tag + ">")
		end = append(end, "</"+tag+">")
	}
	link := ""
	if safeLink(s.Link) {
		link = s.Link
	} else if s.Figure != "" && p.links.Figure != nil {
		link = p.links.Figure(s.Figure)
	}
	if link != "" && s.Text != "" {
		class := ""
		if s.Figure != "" {
			class = ` class="doc-figure"`
		}
		p.printf(`<a href="%v"`, link)
		p.WriteString(class + ">")
		end = append(end, "</a>")
	}
	if s.Bold {
		open("strong")
	}
	if s.Italic {
		open("em")
	}
	if s.Code {
		open("code")
	}
	p.WriteString(strings.ReplaceAll(html.EscapeString(s.Text), "\n", "<br>"))
	for i := len(end) - 1; i >= 0; i-- {
		p.WriteString(end[i])
	}
	if s.Note > 0 {
		p.noteMark(s.Note)
	}
}

func (p *page) noteMark(n int) {
	number := strconv.Itoa(n)
	p.WriteString("<sup><a")
	if !p.notes[n] { // an id is given once, though the note may be referred to again
		p.printf(` id="%v"`, p.id+"ref-"+number)
	}
	p.notes[n] = true
	p.printf(` href="#%v" role="doc-noteref">%v</a></sup>`, p.id+"note-"+number, number)
}
