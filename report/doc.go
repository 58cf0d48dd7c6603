// SPDX-License-Identifier: EUPL-1.2

// Package report makes documents: ManagementReview turns records and a day into a Doc, which is data, and a Doc is
// written as HTML, PDF, JSON or plain text. Making a Doc is pure: the same input gives the same Doc, byte for
// byte. The package does not know where records come from, who may read them, what was frozen, or what time it is.
package report

import (
	"ledsyn/chart"
	"ledsyn/metric"
)

// DocSchema names the form of a Doc as JSON. It changes when the form does.
const DocSchema = "ledsyn/doc/1"

// Doc is a document as data.
type Doc struct {
	Schema   string          `json:"schema"`
	Lang     string          `json:"lang"`
	Template string          `json:"template"`
	Front    Front           `json:"front"`
	AsOf     string          `json:"as_of"` // the day whose facts it states
	Known    string          `json:"known"` // the moment of the journal it was made from; "" for now
	Sections []Section       `json:"sections"`
	Notes    []Note          `json:"notes"`
	Figures  []metric.Figure `json:"figures"` // every figure that the document shows
	Coverage []Coverage      `json:"coverage"`
	Words    Words           `json:"words"`
}

// Front is the front page and the head of the other pages.
type Front struct {
	Organisation string `json:"organisation"`
	Title        string `json:"title"`
	Board        string `json:"board"`
	Head         string `json:"head"` // registry number and decision, for the head of every page
	Lines        []Line `json:"lines"`
}

// Line is a labelled line of the front page.
type Line struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Words are the texts around a document's contents, in its own language.
type Words struct {
	Contents string `json:"contents"`
	Notes    string `json:"notes"`
	Note     string `json:"note"` // footnote
	Back     string `json:"back"` // back to the text
	Page     string `json:"page"` // "{1} (of) {2}"
	Own      string `json:"own"`  // the unit's own text
}

// Section is a heading and what stands under it, up to the next heading of any level.
type Section struct {
	Key     string   `json:"key"`
	Level   int      `json:"level"`
	Number  string   `json:"number,omitempty"` // 4.2.1
	Heading string   `json:"heading"`
	OwnText bool     `json:"own_text"` // there is a place for people's own text
	Inputs  []string `json:"inputs,omitempty"`
	Blocks  []Block  `json:"blocks,omitempty"`
}

// Title is the heading with its number.
func (s Section) Title() string {
	if s.Number == "" {
		return s.Heading
	}
	return s.Number + " " + s.Heading
}

// Section returns the section with the key.
func (d Doc) Section(key string) (Section, bool) {
	for _, s := range d.Sections {
		if s.Key == key {
			return s, true
		}
	}
	return Section{}, false
}

// Figure returns the figure that spans and blocks name by ref.
func (d Doc) Figure(ref string) (metric.Figure, bool) {
	for _, f := range d.Figures {
		if FigureRef(f) == ref {
			return f, true
		}
	}
	return metric.Figure{}, false
}

// FigureRef names a figure within a document: the same figure of two days has two names.
func FigureRef(f metric.Figure) string { return f.ID() + "@" + string(f.Day) }

// BlockType says what a block is.
type BlockType string

// The types of block and the fields that each one has.
const (
	Paragraph BlockType = "paragraph" // Text
	Fact      BlockType = "fact"      // Text: a sentence made from records, with Fact, Figures and Refs
	Missing   BlockType = "missing"   // Text: says that something is not known or not reported
	Heading   BlockType = "heading"   // Text and Level, within a section
	List      BlockType = "list"      // Items, Numbered, Start
	Table     BlockType = "table"     // Head, Rows
	Graph     BlockType = "chart"     // Chart
	Box       BlockType = "box"       // Text as its title, and Blocks
	Quote     BlockType = "quote"     // Blocks
	Rule      BlockType = "rule"
	Code      BlockType = "code" // Text, kept line by line
)

// Block is a part of a section. Own is set on people's own text, which stands beside the facts and never over them.
type Block struct {
	Type     BlockType    `json:"type"`
	Fact     string       `json:"fact,omitempty"` // which fact of the template made it
	Own      bool         `json:"own,omitempty"`
	Text     []Span       `json:"text,omitempty"`
	Level    int          `json:"level,omitempty"`
	Numbered bool         `json:"numbered,omitempty"`
	Start    int          `json:"start,omitempty"`
	Items    []Item       `json:"items,omitempty"`
	Head     []Cell       `json:"head,omitempty"`
	Rows     [][]Cell     `json:"rows,omitempty"`
	Chart    *chart.Chart `json:"chart,omitempty"`
	Blocks   []Block      `json:"blocks,omitempty"`
	Figures  []string     `json:"figures,omitempty"`
	Refs     []metric.Ref `json:"refs,omitempty"` // the records that the sentence rests on
}

// Item is an item of a list, with a list below it where it has Sub.
type Item struct {
	Text []Span       `json:"text"`
	Sub  []Item       `json:"sub,omitempty"`
	Refs []metric.Ref `json:"refs,omitempty"`
}

// Cell is a cell of a table. A Right cell holds a number. Width is how wide a head cell's column is beside the
// others, where its contents do not tell it well.
type Cell struct {
	Text  []Span  `json:"text"`
	Right bool    `json:"right,omitempty"`
	Width float64 `json:"width,omitempty"`
}

// Span is a piece of text in one style.
type Span struct {
	Text   string `json:"text"`
	Bold   bool   `json:"bold,omitempty"`
	Italic bool   `json:"italic,omitempty"`
	Code   bool   `json:"code,omitempty"`
	Link   string `json:"link,omitempty"`   // http, https or mailto
	Figure string `json:"figure,omitempty"` // the figure it shows
	Note   int    `json:"note,omitempty"`   // the footnote whose mark follows the text
}

// Note is a footnote: mostly the source of a figure.
type Note struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
}

// Coverage is one input that the standard asks for, and the sections that answer it: none where it is not
// reported.
type Coverage struct {
	Input    string   `json:"input"`
	Sections []string `json:"sections"`
}

// PlainText is the spans' text without styles.
func PlainText(spans []Span) string {
	s := ""
	for _, p := range spans {
		s += p.Text
	}
	return s
}
