// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// rowBytes is how much one row may hold.
const rowBytes = 8 << 20

// A rowMaker collects the cells of one row at a time. The texts of a row are kept in one string, so that reading allocates once a
// row and not once a cell.
type rowMaker struct {
	number int
	cells  []Cell
	text   []byte
	ends   []span
}

// A span is where a cell's text stands among the row's texts.
type span struct{ cell, from, to int }

// start begins the row with the number, from 1.
func (r *rowMaker) start(number int) {
	r.number = number
	r.cells, r.text, r.ends = r.cells[:0], r.text[:0], r.ends[:0]
}

// add puts a cell in the column, from 0. Nothing is put where the text is blank, so that a column far out counts only if something
// stands in it.
func (r *rowMaker) add(column int, kind CellKind, text []byte) error {
	if blank(text) {
		return nil
	}
	if err := r.reach(column); err != nil {
		return err
	}
	if len(text) > maxCell && long(text) {
		return r.wrong(column, "sheet_cell_long", maxCell)
	}
	if r.cells[column].Kind != Empty {
		return r.wrong(column, "sheet_cell_twice")
	}
	if len(r.text)+len(text) > rowBytes {
		return r.wrong(column, "sheet_row_long", rowBytes>>20)
	}
	text = validUTF8(text)
	from := len(r.text)
	r.text = append(r.text, text...)
	r.ends = append(r.ends, span{column, from, len(r.text)})
	r.cells[column] = Cell{Kind: kind}
	return nil
}

// addKept puts a cell whose text is kept elsewhere and known to fit.
func (r *rowMaker) addKept(column int, c Cell) error {
	if c.Text == "" {
		return nil
	}
	if err := r.reach(column); err != nil {
		return err
	}
	if r.cells[column].Kind != Empty {
		return r.wrong(column, "sheet_cell_twice")
	}
	r.cells[column] = c
	return nil
}

// validUTF8 is the text with the replacement character for what is no letter.
func validUTF8(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return bytes.ToValidUTF8(text, []byte("\uFFFD"))
}

func (r *rowMaker) reach(column int) error {
	if column >= readColumns {
		return r.wrong(column, "sheet_columns_many", readColumns)
	}
	for len(r.cells) <= column {
		r.cells = append(r.cells, Cell{})
	}
	return nil
}

func (r *rowMaker) wrong(column int, code string, args ...any) error {
	return &FileError{Code: code, Args: args, Row: r.number, Column: column + 1}
}

// done gives the row's cells, none if nothing stands in them.
func (r *rowMaker) done() []Cell {
	texts := string(r.text)
	for _, s := range r.ends {
		r.cells[s.cell].Text = texts[s.from:s.to]
	}
	r.ends = r.ends[:0]
	return r.cells
}

// blank says whether nothing that shows stands in the text.
func blank(text []byte) bool {
	for len(text) > 0 {
		if text[0] > ' ' && text[0] < utf8.RuneSelf {
			return false
		}
		c, n := utf8.DecodeRune(text)
		if !unicode.IsSpace(c) && !invisible(c) {
			return false
		}
		text = text[n:]
	}
	return true
}

// invisible are signs without width that programs leave in texts: the soft hyphen and the marks of joining and of byte order.
func invisible(c rune) bool {
	return c == '\u00ad' || c == '\u200b' || c == '\u200c' || c == '\u200d' || c == '\u2060' || c == '\ufeff'
}

// long says whether the text has more than maxCell characters, as spreadsheet programs count them.
func long(text []byte) bool {
	n := 0
	for len(text) > 0 {
		c, size := utf8.DecodeRune(text)
		n += max(1, utf16.RuneLen(c))
		text = text[size:]
	}
	return n > maxCell
}
