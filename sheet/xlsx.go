// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"ledsyn/register"
)

// XLSXType is the media type of a workbook.
const XLSXType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// A Table is one sheet of a workbook: a heading row and rows of cells. A cell is a string, an int, a register.Day, a
// register.Count, a register.Percent, a bool or nil; what is not known is an empty cell, never 0. Texts are written as texts, so
// that no program takes one for a formula, whatever it begins with.
type Table struct {
	Name   string // of the sheet; made to fit what spreadsheet programs allow
	Head   []string
	Widths []int // of the columns in characters; 0 or none is usual
	Rows   [][]any
}

// The limits of the format (ECMA-376): what is longer is refused and not cut.
const (
	maxRows    = 1 << 20
	maxColumns = 1 << 14
	maxCell    = 32767 // UTF-16 code units
)

// Workbook writes the tables as an XLSX file (ECMA-376, transitional), with the heading frozen and filters on it. The same tables
// give the same bytes.
func Workbook(w io.Writer, tables ...Table) error {
	if len(tables) == 0 {
		return fmt.Errorf("sheet: a workbook without a sheet")
	}
	names := sheetNames(tables)
	z := zip.NewWriter(w)
	parts := []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes(len(tables))},
		{"_rels/.rels", relationships("", "officeDocument", []string{"xl/workbook.xml"})},
		{"xl/workbook.xml", workbook(names, tables)},
		{"xl/_rels/workbook.xml.rels", workbookRelationships(len(tables))},
		{"xl/styles.xml", styles},
	}
	for _, p := range parts {
		if err := part(z, p.name, func(w io.Writer) error { _, err := io.WriteString(w, p.text); return err }); err != nil {
			return err
		}
	}
	for i, t := range tables {
		err := part(z, fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), func(w io.Writer) error { return t.write(w) })
		if err != nil {
			return err
		}
	}
	return z.Close()
}

// part writes one file of the package, without a time so that the bytes depend on the contents alone.
func part(z *zip.Writer, name string, write func(io.Writer) error) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	return write(w)
}

const declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const (
	mainNamespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relNamespace  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packNamespace = "http://schemas.openxmlformats.org/package/2006/"
)

func contentTypes(sheets int) string {
	const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	var b strings.Builder
	b.WriteString(declaration + `<Types xmlns="` + packNamespace + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="` + kind + `sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + kind + `styles+xml"/>`)
	for i := range sheets {
		fmt.Fprintf(&b, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i+1, kind)
	}
	return b.String() + `</Types>`
}

// relationships writes the parts that one part points at, with the ids rId1 and so on.
func relationships(more, kind string, targets []string) string {
	var b strings.Builder
	b.WriteString(declaration + `<Relationships xmlns="` + packNamespace + `relationships">`)
	for i, t := range targets {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>`, i+1, relNamespace, kind, t)
	}
	return b.String() + more + `</Relationships>`
}

func workbookRelationships(sheets int) string {
	targets := make([]string, sheets)
	for i := range targets {
		targets[i] = fmt.Sprintf("worksheets/sheet%d.xml", i+1)
	}
	return relationships(fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, sheets+1, relNamespace), "worksheet", targets)
}

func workbook(names []string, tables []Table) string {
	var b, filters strings.Builder
	b.WriteString(declaration + `<workbook xmlns="` + mainNamespace + `" xmlns:r="` + relNamespace + `"><sheets>`)
	for i, name := range names {
		fmt.Fprintf(&b, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escaped(name), i+1, i+1)
		if t := tables[i]; len(t.Head) > 0 && len(t.Rows) > 0 {
			quoted := escaped("'" + strings.ReplaceAll(name, "'", "''") + "'")
			fmt.Fprintf(&filters, `<definedName name="_xlnm._FilterDatabase" localSheetId="%d" hidden="1">%s!$A$1:$%s$%d</definedName>`,
				i, quoted, columnName(len(t.Head)-1), len(t.Rows)+1)
		}
	}
	b.WriteString(`</sheets>`)
	if filters.Len() > 0 {
		b.WriteString(`<definedNames>` + filters.String() + `</definedNames>`)
	}
	return b.String() + `</workbook>`
}

// The cell formats of styles, by their place in it.
const (
	textStyle    = 1 // wrapped, so that prose can be read
	headStyle    = 2
	dateStyle    = 3
	percentStyle = 4
)

const styles = declaration + `<styleSheet xmlns="` + mainNamespace + `"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts>` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
	`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>` +
	`<xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>` +
	`</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

func (t Table) write(w io.Writer) error {
	if len(t.Head) > maxColumns || len(t.Rows) >= maxRows {
		return fmt.Errorf("sheet: %d columns and %d rows are too many for one sheet", len(t.Head), len(t.Rows))
	}
	b := &errWriter{w: w}
	b.print(declaration + `<worksheet xmlns="` + mainNamespace + `">`)
	if len(t.Head) > 0 {
		b.print(`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`)
	}
	t.columns(b)
	b.print(`<sheetData>`)
	row := 0
	if len(t.Head) > 0 {
		row++
		b.print(`<row r="1">`)
		for i, h := range t.Head {
			b.text(i, row, headStyle, h)
		}
		b.print(`</row>`)
	}
	for _, cells := range t.Rows {
		row++
		b.print(`<row r="` + strconv.Itoa(row) + `">`)
		for i, cell := range cells {
			b.cell(i, row, cell)
		}
		b.print(`</row>`)
	}
	b.print(`</sheetData>`)
	if len(t.Head) > 0 && len(t.Rows) > 0 {
		b.print(`<autoFilter ref="A1:` + columnName(len(t.Head)-1) + strconv.Itoa(row) + `"/>`)
	}
	b.print(`</worksheet>`)
	return b.err
}

func (t Table) columns(b *errWriter) {
	if len(t.Head) == 0 {
		return
	}
	b.print(`<cols>`)
	for i := range t.Head {
		width := 20
		if i < len(t.Widths) && t.Widths[i] > 0 {
			width = t.Widths[i]
		}
		b.print(fmt.Sprintf(`<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, width))
	}
	b.print(`</cols>`)
}

// errWriter writes until something goes wrong, and remembers what.
type errWriter struct {
	w   io.Writer
	err error
}

func (b *errWriter) print(s string) {
	if b.err == nil {
		_, b.err = io.WriteString(b.w, s)
	}
}

func (b *errWriter) cell(column, row int, value any) {
	number := func(style int, n string) {
		b.print(fmt.Sprintf(`<c r="%s%d" s="%d"><v>%s</v></c>`, columnName(column), row, style, n))
	}
	switch v := value.(type) {
	case nil:
	case string:
		b.text(column, row, textStyle, v)
	case int:
		number(0, strconv.Itoa(v))
	case bool:
		n := 0
		if v {
			n = 1
		}
		b.print(fmt.Sprintf(`<c r="%s%d" t="b"><v>%d</v></c>`, columnName(column), row, n))
	case register.Count:
		if n, known := v.Known(); known {
			number(0, strconv.Itoa(n))
		}
	case register.Percent:
		if n, known := v.Known(); known {
			number(percentStyle, strconv.FormatFloat(float64(n)/10000, 'f', -1, 64))
		}
	case register.Day:
		if n, ok := serial(v); ok {
			number(dateStyle, strconv.Itoa(n))
		} else {
			b.text(column, row, textStyle, string(v)) // a day that spreadsheets cannot count
		}
	default:
		b.fail(fmt.Errorf("sheet: no cell holds a %T", value))
	}
}

func (b *errWriter) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *errWriter) text(column, row, style int, s string) {
	if s == "" {
		return
	}
	if len(utf16.Encode([]rune(s))) > maxCell {
		b.fail(fmt.Errorf("sheet: a text of %d characters does not fit in a cell", utf8.RuneCountInString(s)))
	}
	b.print(fmt.Sprintf(`<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, columnName(column), row, style, escaped(s)))
}

// serial is the day as spreadsheets count it: days since 30 December 1899. Days before March 1900 are counted differently by
// different programs and are not given.
func serial(d register.Day) (int, bool) {
	if !d.Valid() || d < "1900-03-01" {
		return 0, false
	}
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	return int(math.Round(d.Time().Sub(epoch).Hours() / 24)), true
}

// columnName is the column's letters: A for 0, AA for 26.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// sheetNames makes names that spreadsheet programs allow: without some signs, at most 31 characters and not twice.
func sheetNames(tables []Table) []string {
	used := map[string]bool{}
	names := make([]string, len(tables))
	for i, t := range tables {
		name := strings.Trim(strings.Map(func(r rune) rune {
			if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
				return ' '
			}
			return r
		}, t.Name), "' ")
		if name == "" {
			name = strconv.Itoa(i + 1)
		}
		names[i] = shortened(name, 31)
		for n := 2; used[strings.ToLower(names[i])]; n++ {
			suffix := " " + strconv.Itoa(n)
			names[i] = shortened(name, 31-len(suffix)) + suffix
		}
		used[strings.ToLower(names[i])] = true
	}
	return names
}

func shortened(s string, n int) string {
	r := []rune(s)
	return string(r[:min(len(r), n)])
}

// escaped writes a text in XML. Signs that XML cannot hold are left out.
func escaped(s string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	var b strings.Builder
	xml.EscapeText(&b, []byte(clean)) // a strings.Builder takes everything
	return b.String()
}
