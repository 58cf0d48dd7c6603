// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// openBytes opens what is in memory.
func openBytes(data []byte) (*Book, error) {
	return Open("file", bytes.NewReader(data), int64(len(data)))
}

// A line is a row as the tests write it: its number and its cells.
type line struct {
	Number int
	Cells  []Cell
}

func lines(t *testing.T, book *Book, sheet int) []line {
	t.Helper()
	var all []line
	err := book.Rows(sheet, func(number int, cells []Cell) error {
		all = append(all, line{number, append([]Cell(nil), cells...)})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// cells writes cells shortly: a letter for the kind and the text, and nothing for an empty one.
func cells(texts ...string) []Cell {
	kinds := map[byte]CellKind{'t': TextCell, 'n': NumberCell, 'd': DayCell, 'm': MomentCell, 'b': BoolCell, 'e': ErrorCell}
	list := make([]Cell, len(texts))
	for i, s := range texts {
		if s != "" {
			list[i] = Cell{kinds[s[0]], s[1:]}
		}
	}
	return list
}

// realRows is the table in testdata/files, which other programs wrote: titles and headings in merged cells, an empty row that
// holds a non-breaking space, days, moments, times, money, shares, formulas, a note, bold words and a hidden sheet.
var realRows = []line{
	{1, cells("tSystemförteckning 2024")},
	{3, cells("tNamn", "tKlassning", "", "", "tDriftsatt", "tÄndrad", "tKostnad", "tPersonnummer", "tAndel", "tAktiv", "tStart kl", "tKod")},
	{4, cells("", "tK", "tR", "tT")},
	{5, cells("tÅsas ärendesystem", "n2", "n3", "n1", "d2024-01-31", "m2024-02-29 13:45:30", "n1234.5", "t19700101-1234", "n12.5%", "b1", "t09:30", "t0007")},
	{6, cells("tRad ett\nrad  två", "n1", "t2", "", "d1999-12-31", "d2024-03-01", "n0.3", "t20001231-9876", "n100%", "b0", "t23:59:59", "t0042")},
	{8, cells("tFet text & <mer>", "n3", "n3", "n3", "d2000-02-29", "", "t1 234,50", "", "n33.33%", "", "", "t0123")},
	{12, cells("tSumma", "n6", "", "", "d2024-02-01", "", "e#DIV/0!", "", "", "b1", "ttext!", "e#N/A")},
}

// TestFilesOfOtherPrograms reads the same table as openpyxl and LibreOffice have written it, counting days from 1900 and from 1904.
// openpyxl reckons no formulas, and LibreOffice shows a sheet in XLSX that was hidden in ODS.
func TestFilesOfOtherPrograms(t *testing.T) {
	unreckoned := append(append([]line(nil), realRows[:6]...), line{12, cells("tSumma")})
	for name, c := range map[string]struct {
		format   string
		sheet    int
		sheets   string
		want     []line
		from1904 bool
	}{
		"openpyxl.xlsx":        {"xlsx", 0, "System & mer,Dold", unreckoned, false},
		"openpyxl1904.xlsx":    {"xlsx", 0, "System & mer,Dold", unreckoned, true},
		"libreoffice.ods":      {"ods", 0, "System & mer,Dold", realRows, false},
		"libreoffice1904.ods":  {"ods", 0, "System & mer,Dold", realRows, false},
		"libreoffice.xlsx":     {"xlsx", 1, "Dold,System & mer", realRows, false},
		"libreoffice1904.xlsx": {"xlsx", 1, "Dold,System & mer", realRows, true},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile("testdata/files/" + name)
			if err != nil {
				t.Fatal(err)
			}
			book, err := openBytes(data)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(book.Sheets(), ","); got != c.sheets || book.Format() != c.format || book.From1904() != c.from1904 {
				t.Errorf("%s with %s, from 1904 %v", book.Format(), got, book.From1904())
			}
			if diff := cmp.Diff(c.want, lines(t, book, c.sheet)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if got := lines(t, book, 1-c.sheet); len(got) != 1 || got[0].Cells[0].Text != "hemligt" {
				t.Errorf("the hidden sheet is %v", got)
			}
			head, err := book.Head(c.sheet, 5)
			if err != nil {
				t.Fatal(err)
			}
			want := cells("tNamn", "tK", "tR", "tT", "tDriftsatt", "tÄndrad", "tKostnad", "tPersonnummer", "tAndel", "tAktiv", "tStart kl", "tKod")
			if n := GuessHeader(head); n != 3 {
				t.Errorf("the heading is %d", n)
			} else if diff := cmp.Diff(want, head[3]); diff != "" {
				t.Errorf("heading (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCSVOfAnotherProgram reads what LibreOffice writes as CSV, where merged cells and formats are lost.
func TestCSVOfAnotherProgram(t *testing.T) {
	data, err := os.ReadFile("testdata/files/libreoffice.csv")
	if err != nil {
		t.Fatal(err)
	}
	book, err := openBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	got := lines(t, book, 0)
	if len(got) != 7 || book.Delimiter() != ";" || book.Encoding() != "UTF-8" {
		t.Fatalf("%d rows, %q, %s", len(got), book.Delimiter(), book.Encoding())
	}
	want := line{6, cells("tRad ett\nrad  två", "t1", "t2", "", "t1999-12-31", "t2024-03-01 00:00:00", "t0.3", "t200012319876", "t100%", "tFALSE", "t11:59:59 PM", "t42")}
	if diff := cmp.Diff(want, got[4]); diff != "" {
		t.Errorf("row 6 (-want +got):\n%s", diff)
	}
}
