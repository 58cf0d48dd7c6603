// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// lineWidth is how wide a line of plain text is, in characters.
const lineWidth = 96

// Text writes the document as plain text. A star marks what is not known or not reported, a bar people's own text.
func Text(w io.Writer, d Doc) error {
	d, err := Unmasked(d)
	if err != nil {
		return err
	}
	t := &plainText{}
	t.line(d.Front.Organisation)
	t.line(d.Front.Title)
	t.line(d.Front.Board)
	for _, l := range d.Front.Lines {
		t.line(l.Label + ": " + l.Value)
	}
	for _, s := range d.Sections {
		t.line("")
		title := s.Title()
		t.line(title)
		t.line(strings.Repeat([]string{"=", "-", "~"}[min(s.Level, 3)-1], utf8.RuneCountInString(title)))
		t.blocks(s.Blocks, "")
	}
	if len(d.Notes) > 0 {
		t.line("")
		t.line(d.Words.Notes)
		for _, n := range d.Notes {
			t.wrap("["+strconv.Itoa(n.Number)+"] ", "    ", n.Text)
		}
	}
	_, err = io.WriteString(w, t.String())
	return err
}

type plainText struct{ strings.Builder }

func (t *plainText) line(s string) { t.WriteString(strings.TrimRight(s, " ") + "\n") }

// wrap writes the text in lines, the first after one prefix and the rest after another.
func (t *plainText) wrap(first, rest, text string) {
	for part := range strings.SplitSeq(text, "\n") {
		line, used := first, false
		for _, word := range strings.FieldsFunc(part, func(r rune) bool { return r == ' ' || r == '\t' }) {
			if used && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > lineWidth {
				t.line(line)
				line, used = rest, false
			}
			if used {
				line += " "
			}
			line, used = line+word, true
		}
		t.line(line)
		first = rest
	}
}

func (t *plainText) blocks(blocks []Block, indent string) {
	for _, b := range blocks {
		in := indent
		if b.Own {
			in += "| "
		}
		switch b.Type {
		case Missing:
			t.wrap(in+"* ", in+"  ", textOf(b.Text))
		case List:
			t.list(b.Items, b.Numbered, b.Start, in+"  ")
		case Table:
			t.table(b, in)
		case Graph:
			t.wrap(in, in, b.Chart.Desc)
		case Box:
			t.wrap(in, in, textOf(b.Text))
			t.blocks(b.Blocks, in+"  ")
		case Quote:
			t.blocks(b.Blocks, in+"> ")
		case Rule:
			t.line(in + "---")
		case Heading:
			t.wrap(in+"# ", in+"  ", textOf(b.Text))
		case Code:
			for line := range strings.SplitSeq(PlainText(b.Text), "\n") {
				t.line(in + "    " + line)
			}
		default:
			t.wrap(in, in, textOf(b.Text))
		}
	}
}

func (t *plainText) list(items []Item, numbered bool, start int, in string) {
	for i, it := range items {
		mark := "- "
		if numbered {
			mark = strconv.Itoa(max(start, 1)+i) + ". "
		}
		t.wrap(in+mark, in+strings.Repeat(" ", len(mark)), textOf(it.Text))
		t.list(it.Sub, false, 0, in+"  ")
	}
}

func (t *plainText) table(b Block, in string) {
	row := func(cells []Cell) {
		texts := make([]string, len(cells))
		for i, c := range cells {
			texts[i] = textOf(c.Text)
		}
		t.line(in + strings.Join(texts, " | "))
	}
	row(b.Head)
	for _, cells := range b.Rows {
		row(cells)
	}
}

// textOf is the spans' text with note numbers and addresses in it.
func textOf(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
		if s.Link != "" && s.Link != s.Text {
			b.WriteString(" <" + s.Link + ">")
		}
		if s.Note > 0 {
			b.WriteString(" [" + strconv.Itoa(s.Note) + "]")
		}
	}
	return b.String()
}

// JSON writes the document as JSON of the form DocSchema, indented, the same bytes for the same document.
func JSON(w io.Writer, d Doc) error {
	d, err := Unmasked(d)
	if err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(d)
}

// ReadJSON reads a document that JSON wrote.
func ReadJSON(r io.Reader) (Doc, error) {
	var d Doc
	if err := json.NewDecoder(r).Decode(&d); err != nil {
		return d, fmt.Errorf("report: not a document: %w", err)
	}
	if d.Schema != DocSchema {
		return d, fmt.Errorf("report: a document of the form %q, not %q", d.Schema, DocSchema)
	}
	return d, nil
}
