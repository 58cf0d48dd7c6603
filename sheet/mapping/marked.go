// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/sheet"
)

// Marked writes the sheet again as csv or xlsx with a column after the others that says what is wrong in each row, by the row's number,
// in words. Rows keep their numbers, so that the mended file can be taken in by the same Map.
func Marked(w io.Writer, format string, book *sheet.Book, number int, m Map, wrong map[int][]string, lang locale.Lang) error {
	width := 0
	err := book.Rows(number, func(_ int, cells []sheet.Cell) error {
		width = max(width, len(cells))
		return nil
	})
	if err != nil {
		return err
	}
	var rows [][]any
	err = book.Rows(number, func(row int, cells []sheet.Cell) error {
		for len(rows) < row-1 {
			rows = append(rows, []any{})
		}
		line := make([]any, width+1)
		for i := range line[:width] {
			line[i] = ""
			if i < len(cells) {
				line[i] = typed(cells[i])
			}
		}
		line[width] = strings.Join(wrong[row], "\n")
		if row == m.Header {
			line[width] = lang.T("mapping.wrong")
		}
		rows = append(rows, line)
		return nil
	})
	if err != nil {
		return err
	}
	switch format {
	case "csv":
		return markedCSV(w, rows)
	case "xlsx":
		return markedXLSX(w, rows, book.Sheets()[number])
	}
	return fmt.Errorf("mapping: no format %q", format)
}

// typed is the cell as sheet writes it. A number that is not whole stays a text: it is read back alike.
func typed(c sheet.Cell) any {
	switch c.Kind {
	case sheet.Empty:
		return ""
	case sheet.NumberCell:
		if n, err := strconv.Atoi(c.Text); err == nil && strconv.Itoa(n) == c.Text {
			return n
		}
	case sheet.DayCell:
		return register.Day(c.Text)
	case sheet.BoolCell:
		return c.Text == "1"
	}
	return c.Text
}

func markedCSV(w io.Writer, rows [][]any) error {
	texts := make([][]string, len(rows))
	for i, row := range rows {
		for _, cell := range row {
			if b, ok := cell.(bool); ok {
				cell = map[bool]string{true: "1", false: "0"}[b]
			}
			texts[i] = append(texts[i], fmt.Sprint(cell))
		}
		if len(row) == 0 {
			texts[i] = []string{""}
		}
	}
	return sheet.Rows(w, texts)
}

func markedXLSX(w io.Writer, rows [][]any, name string) error {
	t := sheet.Table{Name: name}
	if len(rows) > 0 {
		for _, cell := range rows[0] {
			t.Head = append(t.Head, fmt.Sprint(cell))
		}
		t.Rows = rows[1:]
	}
	return sheet.Workbook(w, t)
}
