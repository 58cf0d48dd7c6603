// SPDX-License-Identifier: EUPL-1.2

// Package pdf writes documents as tagged PDF 1.7 files that are PDF/A-2a and
// PDF/UA-1 at once: fit to be kept for ever and to be read by everyone.
//
// It knows pages, fonts and structure. It knows nothing of reviews, registers
// or languages: every word on the page comes from the caller. It never asks
// what time it is, and the same Document gives the same bytes.
package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"
)

// Document is a whole document. Title, Lang and Created must be given.
type Document struct {
	Title   string    // shown by readers in the window's title
	Lang    string    // the language of all text, as BCP 47: sv, sv-SE, en
	Author  string    // who stands behind the document, such as the board
	Subject string    // what it is about, in a sentence
	Creator string    // the program that the document was made in
	Created time.Time // becomes both creation and modification date, in its own zone

	// Header and Footer give the lines at the head and foot of a page, which
	// counts from 1. Nil, or an empty Strip, leaves the place empty.
	Header, Footer func(page, pages int) Strip

	// Note and Back describe the links to and from a footnote for those who
	// do not see the page, such as "Fotnot" and "Tillbaka till texten". The
	// footnote's number is added.
	Note, Back string

	Blocks []Block
}

// Strip is one line at the head or foot of a page. It is not part of the
// document's reading order. Texts that do not fit are cut with an ellipsis.
type Strip struct {
	Left, Centre, Right string
}

// Block is a part of a document, placed below the one before it: FrontPage,
// Contents, Heading, Paragraph, List, Table, Figure, Box, Quote, Rule or
// PageBreak.
type Block interface {
	// place lays the block out under the parent in the structure tree.
	place(l *layout, parent *elem) error
}

// FrontPage fills a page of its own.
type FrontPage struct {
	Organisation string
	Title        string
	Subtitle     string
	Lines        []Labelled // such as Beslutad, Dnr, Kontaktfunktion
}

// Labelled is a value with its label.
type Labelled struct {
	Label, Value string
}

// Contents lists the document's headings with page numbers and links.
type Contents struct {
	Title string // itself a heading of level 1, not listed; may be empty
	Depth int    // levels listed; 0 means 3
}

// Heading is a heading, a bookmark and a line of the contents.
type Heading struct {
	Level int    // 1 to 4
	Text  string // with its number, if it has one
	ID    string // makes the heading the target of Span.Link "#ID"; may be empty
}

// Paragraph is running text.
type Paragraph struct {
	Text Text
	Lead bool // set larger, as an opening paragraph
}

// List is a bulleted or numbered list.
type List struct {
	Numbered bool
	Start    int // the first number; 0 means 1
	Items    []Item
}

// Item is one item of a list, with a list below it if Sub has items.
type Item struct {
	Text Text
	Sub  List
}

// Table is a table. Its header rows are repeated on each page that it covers.
// Rows shorter than Columns are filled with empty cells; longer ones are an
// error.
type Table struct {
	Caption  Text
	Columns  []Column
	Head     [][]Text // header rows; normally one
	Rows     [][]Text
	RowHeads bool // the first column holds row headers
	Zebra    bool // shades every second row
	Small    bool // sets the table in smaller type
}

// Column says how a column is set. If no column has a width, widths follow the
// contents; else a width is relative to the others', and 0 means 1.
type Column struct {
	Width float64
	Align Align
}

// Align is a horizontal alignment.
type Align int

// The alignments.
const (
	Left Align = iota
	Right
	Centre
)

// Box is a shaded box for what needs attention, such as a finding.
type Box struct {
	Title string
	Tone  Tone
	Body  []Block // Paragraph and List
}

// Tone is a box's colour. It carries no meaning that is not also in the text.
type Tone int

// The tones.
const (
	Neutral Tone = iota
	Notice
	Warning
)

// Quote is a block quotation.
type Quote struct {
	Text Text
}

// Rule is a thin horizontal line.
type Rule struct{}

// PageBreak starts a new page unless the page is still empty.
type PageBreak struct{}

// Text is inline text: spans one after another.
type Text []Span

// Span is a piece of text in one style. A line break is "\n", a no-break
// space U+00A0, and a soft hyphen U+00AD marks where a long word may be
// divided.
type Span struct {
	Text   string
	Bold   bool
	Italic bool
	Link   string // a URL, or "#ID" of a heading
	Lang   string // if other than the document's
	Note   Text   // a footnote whose mark follows the text; no notes in notes
}

// Plain returns s as regular text.
func Plain(s string) Text { return Text{{Text: s}} }

// Bold returns s as bold text.
func Bold(s string) Text { return Text{{Text: s, Bold: true}} }

// Italic returns s as italic text.
func Italic(s string) Text { return Text{{Text: s, Italic: true}} }

// Limits on a document, so that a mistake cannot fill memory or disk.
const (
	MaxPages = 5_000
	MaxText  = 16 << 20 // bytes of text
	maxLines = MaxPages * 100
)

// Write writes the document to w. It fails on a Document that lacks Title,
// Lang or Created, a figure without alternative text, a link to a heading that
// is not there, a malformed table, or a limit passed. Nothing is written to w
// unless the whole document could be made.
//
// A character that the fonts lack is shown as U+25A1 (an empty box), and text
// that is not UTF-8 likewise: use Missing to find them beforehand.
func Write(w io.Writer, d Document) error {
	switch {
	case d.Title == "":
		return errors.New("pdf: the document has no title")
	case !isLang(d.Lang):
		return fmt.Errorf("pdf: %q is not a language tag", d.Lang)
	case d.Created.IsZero():
		return errors.New("pdf: the document has no time of creation")
	}
	l, err := newLayout(&d)
	if err != nil {
		return err
	}
	for i, b := range d.Blocks {
		if err := b.place(l, l.root); err != nil {
			return fmt.Errorf("pdf: block %d: %w", i+1, err)
		}
		if len(l.pages) > MaxPages {
			return fmt.Errorf("pdf: the document has more than %d pages", MaxPages)
		}
	}
	if err := l.finish(); err != nil {
		return fmt.Errorf("pdf: %w", err)
	}
	var out bytes.Buffer
	assemble(&out, &d, l)
	_, err = w.Write(out.Bytes())
	return err
}

// isLang reports whether s has the form of a language tag by RFC 3066, which
// is what PDF/A-2a checks.
var isLang = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`).MatchString
