// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"ledsyn/register"
)

func encoded(t *testing.T, e encoding.Encoding, text string) string {
	t.Helper()
	s, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestListsAsSwedesHaveThem reads the same small list in the encodings and with the delimiters, ends of lines and layouts that the
// spreadsheet programs of Swedish offices give it. Row is the number that the row of the list has in the file.
func TestListsAsSwedesHaveThem(t *testing.T) {
	const list = "Namn;Ägare;Kostnad\r\nÅtgärd;Öberg, Åsa;1 234,5\r\n"
	utf16 := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	utf16Big := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	for what, c := range map[string]struct {
		text, encoding, delimiter string
		row                       int
	}{
		"as Excel saves it":             {encoded(t, charmap.Windows1252, list), "Windows-1252", ";", 2},
		"as UTF-8":                      {list, "UTF-8", ";", 2},
		"as UTF-8 with a mark":          {"\uFEFF" + list, "UTF-8", ";", 2},
		"as Unicode text":               {"\xFF\xFE" + encoded(t, utf16, strings.ReplaceAll(list, ";", "\t")), "UTF-16LE", "\t", 2},
		"as UTF-16 without a mark":      {encoded(t, utf16, list), "UTF-16LE", ";", 2},
		"as UTF-16, the other way":      {"\xFE\xFF" + encoded(t, utf16Big, list), "UTF-16BE", ";", 2},
		"that way without a mark":       {encoded(t, utf16Big, list), "UTF-16BE", ";", 2},
		"with tabs":                     {strings.ReplaceAll(list, ";", "\t"), "UTF-8", "\t", 2},
		"with bars":                     {strings.ReplaceAll(list, ";", "|"), "UTF-8", "|", 2},
		"with commas":                   {"Namn,Ägare,Kostnad\nÅtgärd,\"Öberg, Åsa\",\"1 234,5\"\n", "UTF-8", ",", 2},
		"with commas, old":              {encoded(t, charmap.Windows1252, "Namn,Ägare,Kostnad\nÅtgärd,\"Öberg, Åsa\",\"1 234,5\"\n"), "Windows-1252", ",", 2},
		"with line feeds":               {strings.ReplaceAll(list, "\r\n", "\n"), "UTF-8", ";", 2},
		"with carriage returns":         {strings.ReplaceAll(list, "\r\n", "\r"), "UTF-8", ";", 2},
		"without a last end of line":    {strings.TrimSuffix(list, "\r\n"), "UTF-8", ";", 2},
		"with all cells quoted":         {`"Namn";"Ägare";"Kostnad"` + "\r\n" + `"Åtgärd";"Öberg, Åsa";"1 234,5"`, "UTF-8", ";", 2},
		"with its delimiter named":      {"sep=;\r\n" + list, "UTF-8", ";", 2},
		"with its delimiter in quotes":  {"\"sep=;\"\r\n" + list, "UTF-8", ";", 2},
		"with empty columns":            {"Namn;Ägare;Kostnad;;;\r\nÅtgärd;Öberg, Åsa;1 234,5;;;\r\n;;;;;\r\n", "UTF-8", ";", 2},
		"with a title and empty rows":   {"Systemlista 2024-01-31, förvaltning A, B, C\r\n\r\n" + list, "UTF-8", ";", 4},
		"with a title in its columns":   {"Systemlista;;\r\n;;\r\n" + list, "UTF-8", ";", 4},
		"with blanks that do not break": {"Namn;Ägare;Kostnad\r\n\u00a0;\u00a0;\u00a0\r\nÅtgärd;Öberg, Åsa;1 234,5", "UTF-8", ";", 3},
		"with a broken letter":          {strings.Repeat("Namn;Ägare;Kostnad\r\n", 20) + "Åtgärd;Öberg, Åsa;1 234,5\r\nx;\xc3;\xe5", "UTF-8", ";", 21},
	} {
		book, err := openBytes([]byte(c.text))
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if book.Encoding() != c.encoding || book.Delimiter() != c.delimiter || book.Format() != "csv" || len(book.Sheets()) != 1 {
			t.Errorf("%s: %s with %q", what, book.Encoding(), book.Delimiter())
		}
		var got []Cell
		for _, l := range lines(t, book, 0) {
			if l.Number == c.row {
				got = l.Cells
			}
		}
		if diff := cmp.Diff(cells("tÅtgärd", "tÖberg, Åsa", "t1 234,5"), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
		head, err := book.Head(0, 10)
		if n := GuessHeader(head); err != nil || n < 0 || head[n][0].Text != "Namn" {
			t.Errorf("%s: the heading is %d, %v", what, n, err)
		}
	}
}

func TestDelimiters(t *testing.T) {
	for text, want := range map[string]string{
		"Kostnad;Drift\n1,5;2,5\n3,5;4,5": ";", "1,5;2,5\n3,5;4,5": ";", "1,5\t2,5\n3,5\t4,5": "\t", "a,b\n1,2\n": ",", "1,2,3\n4,5,6": ",", "a|b\n1|2": "|",
		"namn,roll\nx,a;b\ny,c;d\nz,e;f": ",", "namn;roll\nx;a,b\ny;c,d": ";", "bara en kolumn\nrad\n": ";", "a": ";", "a\tb;c;d;e\n1\t2;3\n4\t5": "\t",
		"sep=,\na,b": ",", "SEP=|\na|b": "|", "Namn;Beskrivning\na;\"x, y, z\n1, 2, 3\"\nb;\"q, r\"": ";", "id;text\n1;\"a\n\nb\"\n2;c": ";",
		"[id];[namn]\n1;a": ";", "{a};b\n1;2": ";", "\"a\";\"b\"\n\"1\";\"2": ";",
	} {
		book, err := openBytes([]byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if book.Delimiter() != want || book.Format() != "csv" {
			t.Errorf("%q is %s with %q, want %q", text, book.Format(), book.Delimiter(), want)
		}
	}
}

// TestCellsOfCSV holds how quotation marks, ends of lines and apostrophes are read.
func TestCellsOfCSV(t *testing.T) {
	for text, want := range map[string][]Cell{
		`"a ""b"" c";d`: cells("ta \"b\" c", "td"), `a "b" c;d`: cells("ta \"b\" c", "td"), `"a"b;c`: cells("tab", "tc"), `"";b`: cells("", "tb"), `a;""`: cells("ta"),
		"\"a\r\nb\rc\nd\";e": cells("ta\nb\nc\nd", "te"), "'=1+1;b": cells("t=1+1", "tb"), "'-5;b": cells("t-5", "tb"), "'abc;b": cells("t'abc", "tb"), "';b": cells("t'", "tb"), "=1+1;b": cells("t=1+1", "tb"),
		" a ;b": cells("t a ", "tb"), "007;b": cells("t007", "tb"), ";;c": cells("", "", "tc"), "a;b;;;": cells("ta", "tb"), "a\u00ad;\u200b": cells("ta\u00ad"), "\ufffd;\u0001": cells("t\ufffd", "t\u0001"),
	} {
		book, err := openBytes([]byte("x;y\n" + text))
		if err != nil {
			t.Fatal(err)
		}
		got := lines(t, book, 0)
		if len(got) != 2 {
			t.Errorf("%q has rows %v", text, got)
		} else if diff := cmp.Diff(want, got[1].Cells); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// TestGuessHeader holds which row is taken for the heading.
func TestGuessHeader(t *testing.T) {
	rows := func(text string) [][]Cell {
		var all [][]Cell
		for line := range strings.SplitSeq(text, "\n") {
			var row []Cell
			for cell := range strings.SplitSeq(line, ";") {
				row = append(row, cells(strings.TrimSpace(cell))...)
			}
			all = append(all, row)
		}
		return all
	}
	for _, c := range []struct {
		text string
		want int
	}{
		{"tNamn;tÄgare\ntA;tB", 0},
		{"tSystemlista;\n;\ntNamn;tÄgare;tKostnad\ntA;tB;n5", 2},
		{"tSystemlista;tSystemlista;tSystemlista\ntNamn;tÄgare;tKostnad\ntA;tB;n5", 1},           // a merged title
		{"tNamn;tKlassning;tKlassning;tKlassning\ntNamn;tK;tR;tT\ntA;n1;n2;n3", 1},               // two rows, with merged cells
		{"tSystem;tKlassning;;;tDrift;\ntNamn;tK;tR;tT;tFrån;tTill\ntA;n1;n2;n3;d2024-01-01", 1}, // groups above the heading
		{"tFörvaltning:;tKultur\ntDatum:;d2024-01-31\n;\ntNamn;tÄgare;tKostnad;tK;tR\ntA;tB;n5;n1;n2", 3},
		{"tNamn;t2023;t2024;t2025\ntA;n1;n2;n3", 0},
		{"tNamn;n2023;n2024\ntA;n1;n2", 0},
		{"n1;tA;d2024-01-31\nn2;tB;d2024-02-01", -1},
		{"tA;t2024-01-31\ntB;t2024-02-01", -1},
		{"tNamn\ntA\ntB", 0},
		{"", -1},
	} {
		if got := GuessHeader(rows(c.text)); got != c.want {
			t.Errorf("%q has its heading in %d, want %d", c.text, got, c.want)
		}
	}
	if got := GuessHeader(nil); got != -1 {
		t.Errorf("no rows have a heading in %d", got)
	}
}

func TestIsTotal(t *testing.T) {
	for _, c := range []struct {
		cells []Cell
		want  bool
	}{
		{cells("tSumma", "n5"), true}, {cells("", "tTotalt:", "", "n5", "t1 234,5"), true}, {cells("tTotalt antal system", "n12"), true}, {cells("tSUMMA 12"), true}, {cells("tSumma:\u00a0"), true},
		{cells("tTotal", "e#REF!"), true}, {cells("tDelsumma", "n3"), true}, {cells("tAntal", "t12"), true},
		{cells("tSummanet", "n5"), false}, {cells("tSumma", "tEkonomienheten"), false}, {cells("tTotalförsvaret", "n1"), false}, {cells("tAntal"), true}, {cells("tA", "n5"), false}, {cells("n5"), false}, {nil, false},
		{cells("tTotal översikt", "n1"), false}, {cells("tSumma", "d2024-01-31"), false},
	} {
		if got := IsTotal(c.cells); got != c.want {
			t.Errorf("%v: %v", c.cells, got)
		}
	}
}

// TestJSON reads the lists that other systems give.
func TestJSON(t *testing.T) {
	type sheet = map[string][]line
	for what, c := range map[string]struct {
		text string
		want sheet
	}{
		"a list": {`[{"namn":"Å","ägare":{"namn":"B","kod":7}},{"namn":"C","aktiv":true,"inget":null}]`, sheet{"": {
			{1, cells("tnamn", "tägare.namn", "tägare.kod", "taktiv", "tinget")}, {2, cells("tÅ", "tB", "n7")}, {3, cells("tC", "", "", "b1")}}}},
		"numbers": {`[{"a":1.50,"b":-1e3,"c":0.1e-7,"d":12345678901234567890,"e":1e999,"f":0.30000000000000004}]`, sheet{"": {
			{1, cells("ta", "tb", "tc", "td", "te", "tf")}, {2, cells("n1.50", "n-1000", "n0.00000001", "n12345678901234567890", "t1e999", "n0.3")}}}},
		"lists in it": {`[{"a":["x","y",1,null,true],"b":[{"c":"1","d":[2,3]},{"c":"4"}],"e":[],"f":{}}]`, sheet{"": {
			{1, cells("ta", "tb.c", "tb.d")}, {2, cells("tx; y; 1; 1", "t1; 4", "t2; 3")}}}},
		"under a name": {`{"antal":2,"sida":{"nästa":null},"system":[{"a":1}],"taggar":["x",["y"]]}`, sheet{"system": {{1, cells("ta")}, {2, cells("n1")}}}},
		"two lists":    {`{"b":{"c":[{"x":1}]},"d":[{"y":2},{},{"z":3}]}`, sheet{"b.c": {{1, cells("tx")}, {2, cells("n1")}}, "d": {{1, cells("ty", "tz")}, {2, cells("n2")}, {4, cells("", "n3")}}}},
		"a mark":       {"\uFEFF [\n{\"a\": \"rad\\nrad\"}]", sheet{"": {{1, cells("ta")}, {2, cells("trad\nrad")}}}},
		"a key twice":  {`[{"a":1,"a":2}]`, sheet{"": {{1, cells("ta")}, {2, cells("t1; 2")}}}},
		"empty ones":   {`[{},{}]`, sheet{"": nil}},
	} {
		book, err := openBytes([]byte(c.text))
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		got := sheet{}
		for i, name := range book.Sheets() {
			got[name] = lines(t, book, i)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || book.Format() != "json" || book.Encoding() != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
}

// TestMacintoshSerials holds that a workbook which counts from 1904 says so, for numbers that are days without saying it.
func TestMacintoshSerials(t *testing.T) {
	book, err := openBytes(xlsxWith(t, map[string]string{
		"xl/workbook.xml":          `<workbook><workbookPr date1904="1"/><sheets><sheet name="a" id="rId1"/></sheets></workbook>`,
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row><c><v>43860</v></c><c s="3"><v>43860</v></c></row></sheetData></worksheet>`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	got := lines(t, book, 0)
	if day, ok := SerialDay(43860, book.From1904()); !ok || day != register.Day(got[0].Cells[1].Text) || day != "2024-01-31" {
		t.Errorf("%v is %s", got, day)
	}
}
