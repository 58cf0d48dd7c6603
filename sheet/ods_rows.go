// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// odsRows reads the rows of one table.
type odsRows struct {
	x     *xmlReader
	row   rowMaker
	give  func(number int, cells []Cell) error
	areas []area
	text  []byte // of the cell, as it is shown
}

// What a table may repeat. Rows that hold something are seldom alike, so that a small file does not become a long list.
const odsRepeats = 10_000

// table reads the table that began, to its end.
func (in *odsRows) table() error {
	number := 0
	for depth := in.x.depth; ; {
		token, err := in.x.next()
		switch {
		case err != nil:
			return err
		case token == xmlEOF:
			return in.x.broken()
		case token == xmlEnd && in.x.depth < depth:
			return nil
		case token != xmlStart:
			continue
		}
		switch string(in.x.name) {
		case "table-row":
			if number, err = in.tableRow(number); err != nil {
				return placed(err, number+1)
			}
		case "shapes", "forms", "table": // a table inside a table is none of ours
			if err := in.x.skip(); err != nil {
				return err
			}
		}
	}
}

// repeated is how many times the row or cell that began stands after itself. The last of a sheet are often said to stand a million
// times, which costs nothing where they are empty.
func repeated(n string) int {
	if n == "" {
		return 1
	}
	count, err := strconv.Atoi(n)
	if err != nil || count < 1 {
		return 1
	}
	return min(count, 1<<30)
}

// tableRow reads the row that began and gives it as often as it is repeated. It gives the number of the last.
func (in *odsRows) tableRow(number int) (int, error) {
	times := repeated(in.x.attr("number-rows-repeated"))
	in.row.start(number + 1)
	column := 0
	for depth := in.x.depth; ; {
		token, err := in.x.next()
		switch {
		case err != nil:
			return number, err
		case token == xmlEOF:
			return number, in.x.broken()
		case token == xmlStart && (string(in.x.name) == "table-cell" || string(in.x.name) == "covered-table-cell"):
			if column, err = in.cell(column, number); err != nil {
				return number, err
			}
		}
		if token == xmlEnd && in.x.depth < depth {
			break
		}
	}
	cells := in.row.done()
	if len(cells) == 0 {
		return min(number+times, 1<<30), nil
	}
	if times > odsRepeats {
		return number, fileError("sheet_rows_repeated", odsRepeats)
	}
	if number+times > maxRows {
		return number, fileError("sheet_rows_many", maxRows)
	}
	for range times {
		number++
		if err := in.give(number, cells); err != nil {
			return number, err
		}
	}
	return number, nil
}

// cell reads the cell that began, in the row before which there are so many, and gives the column after it.
func (in *odsRows) cell(column, before int) (int, error) {
	x := in.x
	v := odsValue{times: 1, wide: 1, high: 1}
	for name, value, rest, ok := attribute(x.attrs); ok; name, value, rest, ok = attribute(rest) {
		if err := v.take(string(name), value, x); err != nil {
			return 0, err
		}
	}
	if err := in.paragraphs(); err != nil {
		if e, ok := err.(*FileError); ok {
			e.Column = column + 1
		}
		return 0, err
	}
	after := min(column+v.times, 1<<30)
	c := v.cell(string(in.text))
	if c.Kind == Empty || blank([]byte(c.Text)) {
		return after, nil
	}
	for i := range v.times {
		if err := in.row.add(column+i, c.Kind, []byte(c.Text)); err != nil {
			return 0, err
		}
	}
	if (v.wide > 1 || v.high > 1) && before < mergedHead && len(in.areas) < mergedAreas {
		in.areas = append(in.areas, area{before, column, min(before+v.high-1, maxRows), min(column+v.wide-1, readColumns)})
	}
	return after, nil
}

// An odsValue is what the attributes of a cell say.
type odsValue struct {
	kind, value       string
	failed            bool // a formula without a result
	times, wide, high int
}

func (v *odsValue) take(name string, value []byte, x *xmlReader) error {
	switch name {
	case "value-type":
		if v.kind == "" {
			v.kind = string(value)
		}
		v.failed = v.failed || string(value) == "error"
	case "value", "date-value", "time-value", "boolean-value", "string-value":
		text, err := x.decoded(value)
		if err != nil {
			return err
		}
		v.value = string(text)
	case "number-columns-repeated":
		v.times = repeated(string(value))
	case "number-columns-spanned":
		v.wide = repeated(string(value))
	case "number-rows-spanned":
		v.high = repeated(string(value))
	}
	return nil
}

// cell is the value as a person reads it; shown is the text that the program that made the file shows for it.
func (v odsValue) cell(shown string) Cell {
	switch {
	case v.failed:
		return Cell{ErrorCell, shown}
	case v.kind == "float" || v.kind == "currency" || v.kind == "percentage":
		return v.number(shown)
	case v.kind == "date":
		kind, text := isoCell(v.value)
		return Cell{kind, text}
	case v.kind == "time":
		if m := duration.FindStringSubmatch(v.value); m != nil {
			h, _ := strconv.Atoi(m[1])
			min, _ := strconv.Atoi(m[2])
			s, _ := strconv.Atoi(m[3])
			return Cell{TextCell, clock(float64(h*3600+min*60+s) / 86400)}
		}
	case v.kind == "boolean" && v.value == "true":
		return Cell{BoolCell, "1"}
	case v.kind == "boolean":
		return Cell{BoolCell, "0"}
	case v.kind == "string" && v.value != "":
		return Cell{TextCell, v.value}
	}
	if shown == "" {
		return Cell{}
	}
	return Cell{TextCell, shown}
}

var duration = regexp.MustCompile(`^PT(\d{1,7})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S$`)

// number is the value of a cell of numbers. Where zeros stand before it or signs between its digits it is a text, as in XLSX.
func (v odsValue) number(shown string) Cell {
	n, err := strconv.ParseFloat(v.value, 64)
	switch {
	case err != nil || math.IsInf(n, 0) || math.IsNaN(n):
		return Cell{TextCell, shown}
	case v.kind == "percentage" && math.Abs(n) < 1e300:
		return Cell{NumberCell, plain(n*100) + "%"}
	case (v.value == "0" || v.value == "1") && !strings.ContainsFunc(shown, func(c rune) bool { return !unicode.IsLetter(c) }) && shown != "":
		return Cell{BoolCell, v.value} // shown as true or false, in some language
	case tidyNumber([]byte(v.value)):
		if filledUp(shown, v.value) {
			return Cell{TextCell, shown}
		}
		return Cell{NumberCell, v.value}
	}
	return Cell{NumberCell, plain(n)}
}

// filledUp says whether the text is the whole number with zeros before it or with signs that are not those of thousands.
func filledUp(shown, number string) bool {
	if shown == number {
		return false
	}
	digits := unsigned.Replace(shown)
	return len(digits) > 1 && strings.TrimLeft(digits, "0") == strings.TrimLeft(number, "0") &&
		(digits[0] == '0' || strings.ContainsAny(shown[1:], "-/"))
}

var unsigned = strings.NewReplacer("-", "", "/", "", " ", "")

// paragraphs reads the cell that began to its end and collects its text: what stands in its paragraphs, but not in notes and drawings.
func (in *odsRows) paragraphs() error {
	in.text = in.text[:0]
	x := in.x
	inside, count, soft := 0, 0, false // the depth of the paragraph; how many there were; whether a blank may be one of layout
	for depth := x.depth; ; {
		token, err := x.next()
		switch {
		case err != nil:
			return err
		case token == xmlEOF:
			return x.broken()
		case token == xmlText && inside > 0:
			soft = in.layout(x.text, soft)
		case token == xmlEnd && x.depth < inside:
			inside = 0
		case token == xmlStart && inside == 0 && (string(x.name) == "p" || string(x.name) == "h"):
			if inside = x.depth; count > 0 {
				in.text = append(in.text, '\n')
			}
			count++
			soft = false
		case token == xmlStart:
			if soft, err = in.sign(inside > 0, soft); err != nil {
				return err
			}
		}
		if token == xmlEnd && x.depth < depth {
			return nil
		}
		if len(in.text) > maxCell*4 {
			return fileError("sheet_cell_long", maxCell)
		}
	}
}

// sign adds what the element that began stands for in a text, and passes over it if it is beside the text.
func (in *odsRows) sign(inside, soft bool) (bool, error) {
	switch string(in.x.name) {
	case "s":
		if inside {
			in.text = append(in.text, bytes.Repeat([]byte(" "), min(repeated(in.x.attr("c")), maxCell))...)
			return false, nil
		}
	case "tab":
		if inside {
			in.text = append(in.text, '\t')
		}
	case "line-break":
		if inside {
			in.text = append(in.text, '\n')
		}
	case "annotation", "note", "ruby-text", "frame", "custom-shape", "control", "g", "rect", "line", "table":
		return soft, in.x.skip()
	}
	return soft, nil
}

// layout adds text in which a line break and the blanks after it are the file's own layout and one blank in the text. Several blanks in
// a row are kept: programs write them so, though the format would have them marked. Soft says that one of layout stands before.
func (in *odsRows) layout(text []byte, soft bool) bool {
	for _, c := range text {
		switch {
		case c == '\n' || c == '\r' || c == '\t':
			if !soft {
				in.text = append(in.text, ' ')
			}
			soft = true
		case c != ' ' || !soft:
			in.text = append(in.text, c)
			soft = false
		}
	}
	return soft
}
