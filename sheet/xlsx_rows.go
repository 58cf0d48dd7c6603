// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"strconv"
)

// xlsxRows reads the rows of one sheet. What the sheet says of its own size is not believed.
type xlsxRows struct {
	x     *xmlReader
	book  *xlsxTables
	row   rowMaker
	value []byte
}

func (in *xlsxRows) read(f func(number int, cells []Cell) error) error {
	number := 0
	for {
		token, err := in.x.next()
		if err != nil || token == xmlEOF {
			return err
		}
		if token != xmlStart || string(in.x.name) != "row" {
			continue
		}
		if number, err = in.number(number); err != nil {
			return err
		}
		if err := in.cells(number); err != nil {
			return placed(err, number)
		}
		if cells := in.row.done(); len(cells) > 0 {
			if err := f(number, cells); err != nil {
				return err
			}
		}
	}
}

// placed gives a FileError the row it was found in.
func placed(err error, number int) error {
	if e, ok := err.(*FileError); ok && e.Row == 0 {
		e.Row = number
	}
	return err
}

// number is that of the row that began, where the one before had the other. Rows must stand in order.
func (in *xlsxRows) number(before int) (int, error) {
	number := before + 1
	if r := in.x.attr("r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n < number {
			return 0, &FileError{Code: "sheet_xml_broken", Row: number}
		}
		number = n
	}
	if number > maxRows {
		return 0, fileError("sheet_rows_many", maxRows)
	}
	return number, nil
}

// cells reads the cells of the row that began, to its end.
func (in *xlsxRows) cells(number int) error {
	in.row.start(number)
	column := -1
	for depth := in.x.depth; ; {
		token, err := in.x.next()
		switch {
		case err != nil:
			return err
		case token == xmlEOF:
			return in.x.broken()
		case token == xmlEnd && in.x.depth < depth:
			return nil
		case token == xmlStart && string(in.x.name) == "c":
			if column, err = in.cell(column + 1); err != nil {
				return err
			}
		}
	}
}

// cell reads the cell that began, which stands in the column unless it says otherwise.
func (in *xlsxRows) cell(column int) (int, error) {
	kind, style := byte('n'), 0
	for name, value, rest, ok := attribute(in.x.attrs); ok; name, value, rest, ok = attribute(rest) {
		switch string(name) {
		case "r":
			if column, _ = cellPlace(value); column < 0 {
				return 0, fileError("sheet_xml_broken")
			}
		case "t":
			kind = typeOf(string(value))
		case "s":
			style, _ = strconv.Atoi(string(value)) // without a format it is a plain number
		}
	}
	if in.x.closing {
		return column, nil
	}
	if err := in.contents(); err != nil {
		if e, ok := err.(*FileError); ok {
			e.Column = column + 1
		}
		return 0, err
	}
	if len(in.value) == 0 {
		return column, nil
	}
	return column, in.put(column, kind, style)
}

// typeOf is one letter for the type of a cell.
func typeOf(t string) byte {
	switch t {
	case "s", "b", "e", "d", "n":
		return t[0]
	case "str", "inlineStr":
		return 't'
	}
	return 'n'
}

// contents collects the value of the cell: v, or the texts of is. A formula is passed over, so that its latest value is what counts.
func (in *xlsxRows) contents() error {
	in.value = in.value[:0]
	x := in.x
	inValue := false
	for depth := x.depth; ; {
		token, err := x.next()
		switch {
		case err != nil:
			return err
		case token == xmlEOF:
			return x.broken()
		case token == xmlStart && string(x.name) == "is":
			if in.value, err = richText(x, in.value); err != nil {
				return err
			}
		case token == xmlStart:
			inValue = string(x.name) == "v"
		case token == xmlText && inValue:
			in.value = append(in.value, x.text...)
			if len(in.value) > maxCell*4 {
				return fileError("sheet_cell_long", maxCell)
			}
		case token == xmlEnd:
			inValue = false
			if x.depth < depth {
				return nil
			}
		}
	}
}

// put makes a cell of the value that was collected.
func (in *xlsxRows) put(column int, kind byte, style int) error {
	switch kind {
	case 's':
		n, err := strconv.Atoi(string(in.value))
		text, ok := in.book.strings.get(n)
		if err != nil || !ok {
			return in.row.wrong(column, "sheet_strings_missing")
		}
		return in.row.addKept(column, Cell{TextCell, text})
	case 't':
		return in.row.add(column, TextCell, legible(in.value, 0))
	case 'b':
		switch string(in.value) {
		case "1", "true":
			return in.row.add(column, BoolCell, []byte("1"))
		case "0", "false":
			return in.row.add(column, BoolCell, []byte("0"))
		}
		return in.row.add(column, TextCell, in.value)
	case 'e':
		return in.row.add(column, ErrorCell, in.value)
	case 'd':
		kind, text := isoCell(string(in.value))
		return in.row.add(column, kind, []byte(text))
	}
	var f cellFormat
	if style >= 0 && style < len(in.book.formats) {
		f = in.book.formats[style]
	}
	if f.kind == plainFormat && tidyNumber(in.value) {
		return in.row.add(column, NumberCell, in.value)
	}
	cell := f.cell(string(in.value), in.book.from1904)
	return in.row.add(column, cell.Kind, []byte(cell.Text))
}

// tidyNumber says whether the number stands in the file as it is to be read: no exponent, and no more decimals than spreadsheets
// count with.
func tidyNumber(s []byte) bool {
	digits, point := 0, false
	for i, c := range s {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && !point && digits > 0 && i < len(s)-1:
			point = true
		case c == '-' && i == 0:
		default:
			return false
		}
	}
	return digits > 0 && (digits <= 15 || !point && digits <= 20)
}
