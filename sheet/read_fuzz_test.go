// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"unicode/utf8"

	"ledsyn/register"
)

// sound reads all of a file twice, and holds what is true of every file: it is read or refused with a FileError, its rows have rising
// numbers, cells are never blank, of a kind that their text can be and no more than are allowed, it is the same the second time, and
// the memory is bounded.
func sound(t *testing.T, data []byte) {
	t.Helper()
	book, err := openBytes(data)
	if err != nil {
		refused(t, err)
		return
	}
	for i := range book.Sheets() {
		first, failed := count(t, book, i)
		second, failedAgain := count(t, book, i)
		if first != second || failed != failedAgain {
			t.Errorf("sheet %d has %d cells and then %d", i, first, second)
		}
		head, err := book.Head(i, 20)
		if err != nil {
			refused(t, err)
		}
		if n := GuessHeader(head); n >= len(head) || n < -1 {
			t.Errorf("the heading is %d of %d", n, len(head))
		}
	}
	var m runtime.MemStats
	if runtime.ReadMemStats(&m); m.HeapAlloc > 400<<20 {
		t.Errorf("%d MB of memory", m.HeapAlloc>>20)
	}
}

func refused(t *testing.T, err error) {
	t.Helper()
	if _, ok := errors.AsType[*FileError](err); !ok {
		t.Errorf("refused with %v", err)
	}
}

// errLong stops the reading of a file that repeats much: the point is made.
var errLong = errors.New("long")

func count(t *testing.T, book *Book, sheet int) (n int, failed bool) {
	t.Helper()
	before := 0
	err := book.Rows(sheet, func(number int, cells []Cell) error {
		if number <= before || len(cells) == 0 || len(cells) > readColumns {
			t.Errorf("row %d after %d with %d cells", number, before, len(cells))
		}
		before = number
		for _, c := range cells {
			if !fits(c) {
				t.Errorf("a cell of kind %d with %q", c.Kind, c.Text)
			}
		}
		if cells[len(cells)-1].Kind == Empty {
			t.Errorf("row %d ends with an empty cell", number)
		}
		IsTotal(cells)
		if n += len(cells); n > 200_000 {
			return errLong
		}
		return nil
	})
	if err != nil && err != errLong {
		refused(t, err)
	}
	return n, err != nil
}

// fits says whether the text may stand in a cell of its kind.
func fits(c Cell) bool {
	if c.Kind == Empty || blank([]byte(c.Text)) || !utf8.ValidString(c.Text) || long([]byte(c.Text)) {
		return c == Cell{}
	}
	switch c.Kind {
	case NumberCell:
		_, ok := ParseNumber(c.Text)
		return ok || len(c.Text) > longestValue
	case DayCell:
		return register.Day(c.Text).Valid()
	case MomentCell:
		return len(c.Text) == 19 && register.Day(c.Text[:10]).Valid()
	case BoolCell:
		return c.Text == "0" || c.Text == "1"
	}
	return true
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("Namn;Ägare\r\n\"Å \"\"x\"\"\r\n\";1,5\r\n"))
	f.Add([]byte("\xff\xfea\x00\t\x00b\x00\n\x00"))
	f.Add([]byte("sep=,\na,'=1\n\xe5,\"x"))
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, data) })
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`[{"a":1.5e3,"b":[true,null,"x"],"c":{"d":"å"}},{"e":[{"f":1}]}]`))
	f.Add([]byte(`{"x":{"y":[{"a":1}]},"z":[{"b":2},{"b":`))
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, data) })
}

func FuzzXLSX(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="s" s="3"><v>0</v></c><c r="C1" s="3"><v>45322.5</v></c></row>`, `<si><t>å</t></si>`, `<numFmt numFmtId="200" formatCode="[h]:mm"/>`)
	f.Add(`<row><c t="inlineStr"><is><r><t>a</t></r></is></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>2024-01-31</v></c></row>`, `<si><r><t>_x000D_</t></r><rPh><t>x</t></rPh></si>`, `<xf numFmtId="9"/>`)
	f.Fuzz(func(t *testing.T, rows, texts, formats string) {
		sound(t, xlsxWith(t, map[string]string{
			"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` + rows + `</sheetData><mergeCells><mergeCell ref="A1:C2"/></mergeCells></worksheet>`,
			"xl/sharedStrings.xml":     `<sst>` + texts + `</sst>`,
			"xl/styles.xml":            `<styleSheet><numFmts>` + formats + `</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="22"/><xf numFmtId="200"/>` + formats + `</cellXfs></styleSheet>`,
		}))
	})
}

func FuzzODS(f *testing.F) {
	f.Add(`<table:table table:name="a"><table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="float" office:value="1.5" table:number-columns-repeated="2"><text:p>1<text:s/>x</text:p></table:table-cell></table:table-row></table:table>`)
	f.Add(`<table:table><table:table-row><table:table-cell office:value-type="date" office:date-value="2024-01-31T10:00:00" table:number-columns-spanned="4"/><table:covered-table-cell/></table:table-row></table:table>`)
	f.Fuzz(func(t *testing.T, tables string) { sound(t, odsWith(t, tables)) })
}

// FuzzOpen begins with whole files, so that what is packed and how is tried too.
func FuzzOpen(f *testing.F) {
	files, err := filepath.Glob("testdata/files/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add(xlsxSheet1(f, `<row><c><v>1</v></c></row>`))
	f.Add(odsRow(f, `<table:table-row>`+odsCell+`</table:table-row>`))
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, data) })
}

func FuzzParseDay(f *testing.F) {
	for _, s := range []string{"2024-01-31", "31/1-24", "31 januari 2024", "1/2/2024 10:00", "45322", "den 1 maj -24"} {
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, text, order string) {
		day, other, ok := ParseDay(text, order)
		if ok != day.Valid() || other != "" && (!other.Valid() || other == day || order != "") {
			t.Errorf("%q in the order %q is %q or %q, %v", text, order, day, other, ok)
		}
		if number, ok := ParseNumber(text); ok && !tidyNumber([]byte(number)) && len(number) <= 15 {
			t.Errorf("%q is %q", text, number)
		}
	})
}
