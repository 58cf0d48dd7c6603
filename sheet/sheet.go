// SPDX-License-Identifier: EUPL-1.2

// Package sheet writes registers and other tables as CSV for the spreadsheet programs of Swedish offices:
// UTF-8 with a byte-order mark, semicolons, CRLF, decimal commas in Swedish, and no cell that a spreadsheet
// would run as a formula; and tables as XLSX workbooks with dates and numbers as such. It reads the tables that such
// programs and others make: CSV, XLSX, ODS and JSON, however large or hostile. It knows no database and no access, and
// not what the columns that it reads mean.
package sheet

import (
	"encoding/csv"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"ledsyn/locale"
	"ledsyn/register"
)

// ContentType is the media type of what the package writes.
const ContentType = "text/csv; charset=utf-8"

const byteOrderMark = "\uFEFF"

// Rows writes a table of texts. Cells are made safe; nothing else about them is changed.
func Rows(w io.Writer, rows [][]string) error { return Each(w, slices.Values(rows)) }

// Each writes a table of texts as its rows come. A row may be used again for the next one.
func Each(w io.Writer, rows iter.Seq[[]string]) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = ';', true
	var cells []string
	for row := range rows {
		cells = cells[:0]
		for _, cell := range row {
			cells = append(cells, safe(cell))
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func writeSafe(c *csv.Writer, rows [][]string) error {
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = safe(cell)
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// safe puts an apostrophe before a cell that a spreadsheet program might take for a formula (OWASP ASVS 5.0,
// 1.2.10), also where spaces stand before the sign or the sign is the wide one of East Asian scripts. No number
// of a register is negative, so no number is made a text.
func safe(cell string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(cell, " \u00a0\uFEFF"))
	if strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠", first) {
		return "'" + cell
	}
	return cell
}

// A Writer writes the records of one register, a page at a time.
type Writer struct {
	csv    *csv.Writer
	lang   locale.Lang
	schema *register.Schema
	title  func(kind, id string) string
}

// NewWriter writes the heading of the register's table to w: id, unit, every field and the day of retirement,
// in the language. Title gives the words for a record that a link points at; where it gives "" the id is
// written.
func NewWriter(w io.Writer, lang locale.Lang, s *register.Schema, title func(kind, id string) string) (*Writer, error) {
	head := []string{lang.T("record.id"), lang.T("record.unit")}
	for _, f := range s.Fields {
		head = append(head, lang.T(s.Name+"."+f.Name))
	}
	head = append(head, lang.T("record.retired"))
	out := &Writer{csv: csv.NewWriter(w), lang: lang, schema: s, title: title}
	out.csv.Comma, out.csv.UseCRLF = ';', true
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return nil, err
	}
	return out, writeSafe(out.csv, [][]string{head})
}

// Write writes a row for each record, which must be of the writer's register.
func (w *Writer) Write(recs []register.Entity) error {
	rows := make([][]string, len(recs))
	for i, rec := range recs {
		h := rec.Head()
		row := []string{h.ID, w.link("unit", h.Unit)}
		for _, f := range w.schema.Fields {
			row = append(row, w.cell(f, rec))
		}
		rows[i] = append(row, string(h.Retired))
	}
	return writeSafe(w.csv, rows)
}

// Line writes a row that is no record but says something of the whole table, in its first cell.
func (w *Writer) Line(text string) error { return writeSafe(w.csv, [][]string{{text}}) }

func (w *Writer) link(kind, id string) string {
	if t := w.title(kind, id); id != "" && t != "" {
		return register.Unmask(t, w.lang.Masked)
	}
	return id
}

// cell is the field's value in words, or the word for secret. What is not known is an empty cell, never 0.
func (w *Writer) cell(f register.Field, rec register.Entity) string {
	if rests, masked := rec.Head().Masks(f.Name); masked {
		return w.lang.Masked(rests)
	}
	text := f.Text(rec)
	switch {
	case f.Kind == register.Bool && text == "1":
		return w.lang.T("choice.answer.yes")
	case f.Kind == register.Bool:
		return w.lang.T("choice.answer.no")
	case f.Kind == register.Choice && text != "":
		return w.lang.T(f.ChoiceKey(text))
	case f.Kind == register.Share && w.lang != locale.English:
		return strings.Replace(text, ".", ",", 1)
	case f.Kind == register.Link || f.Kind == register.Links:
		var titles []string
		for _, id := range f.IDs(rec) {
			titles = append(titles, w.link(f.Target, id))
		}
		return strings.Join(titles, ", ")
	}
	return text
}
