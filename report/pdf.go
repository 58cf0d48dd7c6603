// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"io"
	"strconv"
	"strings"
	"time"

	"ledsyn/chart"
	"ledsyn/pdf"
	"ledsyn/register"
)

// Creator names the program in the files it writes.
const Creator = "Ledsyn"

// PDF writes the document as a tagged PDF. Its date is the moment it was made from, or the day of its facts, so that
// the same document gives the same bytes.
func PDF(w io.Writer, d Doc) error {
	d, err := Unmasked(d)
	if err != nil {
		return err
	}
	p := &printing{notes: map[int]string{}}
	for _, n := range d.Notes {
		p.notes[n.Number] = n.Text
	}
	out := pdf.Document{Title: d.Front.Title + ", " + d.Front.Board, Lang: d.Lang, Author: d.Front.Board, Subject: d.Front.Head,
		Creator: Creator, Created: created(d), Note: d.Words.Note, Back: d.Words.Back,
		Header: func(page, _ int) pdf.Strip {
			if page == 1 {
				return pdf.Strip{}
			}
			return pdf.Strip{Left: d.Front.Title, Right: d.Front.Head}
		},
		Footer: func(page, pages int) pdf.Strip {
			text := strings.ReplaceAll(d.Words.Page, "{1}", strconv.Itoa(page))
			return pdf.Strip{Right: strings.ReplaceAll(text, "{2}", strconv.Itoa(pages))}
		}}
	front := pdf.FrontPage{Organisation: d.Front.Organisation, Title: d.Front.Title, Subtitle: d.Front.Board}
	for _, l := range d.Front.Lines {
		front.Lines = append(front.Lines, pdf.Labelled{Label: l.Label, Value: l.Value})
	}
	out.Blocks = []pdf.Block{front, pdf.Contents{Title: d.Words.Contents}, pdf.PageBreak{}}
	for _, s := range d.Sections {
		out.Blocks = append(out.Blocks, pdf.Heading{Level: s.Level, Text: s.Title(), ID: "s-" + s.Key})
		out.Blocks = append(out.Blocks, p.blocks(s.Blocks)...)
	}
	return pdf.Write(w, out)
}

func created(d Doc) time.Time {
	if m := register.Moment(d.Known); m.Valid() {
		return m.Time()
	}
	return register.Day(d.AsOf).Time()
}

// printing turns blocks into those of a PDF.
type printing struct{ notes map[int]string }

func (p *printing) blocks(blocks []Block) []pdf.Block {
	var out []pdf.Block
	for _, b := range blocks {
		out = append(out, p.block(b)...)
	}
	return out
}

func (p *printing) block(b Block) []pdf.Block {
	switch b.Type {
	case Missing:
		return []pdf.Block{pdf.Paragraph{Text: p.italic(b.Text)}}
	case Heading:
		return []pdf.Block{pdf.Heading{Level: min(b.Level, 4), Text: PlainText(b.Text)}}
	case List:
		return []pdf.Block{p.list(b)}
	case Table:
		return []pdf.Block{p.table(b)}
	case Graph:
		return p.chart(*b.Chart)
	case Box:
		return []pdf.Block{pdf.Box{Title: PlainText(b.Text), Tone: pdf.Notice, Body: p.blocks(b.Blocks)}}
	case Quote:
		var out []pdf.Block
		for _, inner := range b.Blocks {
			if inner.Type == Paragraph {
				out = append(out, pdf.Quote{Text: p.text(inner.Text)})
			} else {
				out = append(out, p.block(inner)...)
			}
		}
		return out
	case Rule:
		return []pdf.Block{pdf.Rule{}}
	}
	return []pdf.Block{pdf.Paragraph{Text: p.text(b.Text)}}
}

func (p *printing) text(spans []Span) pdf.Text {
	var t pdf.Text
	for _, s := range spans {
		out := pdf.Span{Text: s.Text, Bold: s.Bold, Italic: s.Italic, Link: s.Link}
		if note := p.notes[s.Note]; note != "" {
			out.Note = pdf.Plain(note)
		}
		t = append(t, out)
	}
	return t
}

func (p *printing) italic(spans []Span) pdf.Text {
	t := p.text(spans)
	for i := range t {
		t[i].Italic = true
	}
	return t
}

func (p *printing) list(b Block) pdf.List {
	return pdf.List{Numbered: b.Numbered, Start: b.Start, Items: p.items(b.Items)}
}

func (p *printing) items(items []Item) []pdf.Item {
	out := make([]pdf.Item, len(items))
	for i, it := range items {
		out[i] = pdf.Item{Text: p.text(it.Text), Sub: pdf.List{Items: p.items(it.Sub)}}
	}
	return out
}

func (p *printing) table(b Block) pdf.Table {
	t := pdf.Table{Columns: make([]pdf.Column, columns(b)), RowHeads: !b.Own, Small: columns(b) > 4, Head: [][]pdf.Text{p.row(b.Head)}}
	for i, c := range b.Head {
		t.Columns[i].Width = c.Width
		if c.Right {
			t.Columns[i].Align = pdf.Right
		}
	}
	for _, row := range b.Rows {
		t.Rows = append(t.Rows, p.row(row))
	}
	return t
}

func columns(b Block) int {
	n := len(b.Head)
	for _, row := range b.Rows {
		n = max(n, len(row))
	}
	return n
}

func (p *printing) row(cells []Cell) []pdf.Text {
	row := make([]pdf.Text, len(cells))
	for i, c := range cells {
		row[i] = p.text(c.Text)
	}
	return row
}

// colours of a chart in print; what they say stands in texts too.
var colours = map[chart.Class]pdf.Colour{chart.Grid: 0xd5dae1, chart.Axis: 0x5b6675, chart.Data: 0x1f5fa8, chart.Tick: 0x444c56, chart.Value: 0x1b2430,
	chart.Mark: 0x1b2430, "tone-0": 0xeef0f3, "tone-1": 0xd9ecdf, "tone-2": 0xe9efc9, "tone-3": 0xfbeac2, "tone-4": 0xfad7b8, "tone-5": 0xf7c6c0}

// chart draws the chart and sets the same numbers in a table below it.
func (p *printing) chart(c chart.Chart) []pdf.Block {
	d := c.Draw()
	f := pdf.Figure{Alt: c.Title + ". " + c.Desc, Caption: pdf.Plain(c.Title), Width: d.Width, Height: d.Height}
	for _, l := range d.Lines {
		line := pdf.Line{Width: 0.6, Colour: colours[l.Class]}
		if l.Class == chart.Data {
			line.Width = 1.8
		}
		for i := 0; i+1 < len(l.Points); i += 2 {
			line.Points = append(line.Points, pdf.Point{X: l.Points[i], Y: l.Points[i+1]})
		}
		f.Marks = append(f.Marks, line)
	}
	for _, b := range d.Boxes {
		f.Marks = append(f.Marks, pdf.Area{Points: pdf.Rect(b.X, b.Y, b.W, b.H), Colour: colours[b.Class]})
	}
	for _, o := range d.Dots {
		f.Marks = append(f.Marks, pdf.Disc{Centre: pdf.Point{X: o.X, Y: o.Y}, Radius: o.R, Colour: colours[o.Class]})
	}
	align := map[chart.Anchor]pdf.Align{chart.Start: pdf.Left, chart.Middle: pdf.Centre, chart.End: pdf.Right}
	for _, t := range d.Texts {
		label := pdf.Label{At: pdf.Point{X: t.X, Y: t.Y}, Text: t.Text, Size: 9, Bold: t.Class == chart.Value, Align: align[t.Anchor], Colour: colours[t.Class]}
		if t.Class == chart.Mark { // on a dark dot
			label.Size, label.Bold, label.Colour = 8, true, 0xffffff
		}
		f.Marks = append(f.Marks, label)
	}
	return []pdf.Block{f, chartTable(c)}
}

// chartTable sets few numbers side by side, which takes less room, and many below each other.
func chartTable(c chart.Chart) pdf.Table {
	head, rows := c.Table()
	t := pdf.Table{RowHeads: true, Small: true}
	if c.Kind == chart.Matrix { // words, not numbers
		t.Columns = []pdf.Column{{Width: 2}, {Width: 3}}
	}
	if len(rows) > 6 || c.Kind == chart.Matrix {
		if t.Columns == nil {
			t.Columns = []pdf.Column{{}, {Align: pdf.Right}}
		}
		t.Head = [][]pdf.Text{{pdf.Plain(head[0]), pdf.Plain(head[1])}}
		for _, r := range rows {
			t.Rows = append(t.Rows, []pdf.Text{pdf.Plain(r[0]), pdf.Plain(r[1])})
		}
		return t
	}
	t.Columns, t.Head, t.Rows = []pdf.Column{{}}, [][]pdf.Text{{pdf.Plain(head[0])}}, [][]pdf.Text{{pdf.Plain(head[1])}}
	for _, r := range rows {
		t.Columns = append(t.Columns, pdf.Column{Align: pdf.Right})
		t.Head[0], t.Rows[0] = append(t.Head[0], pdf.Plain(r[0])), append(t.Rows[0], pdf.Plain(r[1]))
	}
	return t
}
