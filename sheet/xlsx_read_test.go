// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"ledsyn/register"
)

// TestCellsOfXLSX holds what the types of cells are read as, and the ways of writing the same thing that the format allows.
func TestCellsOfXLSX(t *testing.T) {
	shared := `<sst><si><t>ett</t></si><si><r><rPr><b/></rPr><t>fet</t></r><r><t xml:space="preserve"> och inte</t></r><rPh sb="0" eb="1"><t>läsning</t></rPh></si>` +
		`<si><t/></si><si><t xml:space="preserve">  </t></si><si><t>a_x000D_
b_x0009_c_x005F_x000D__x0007_ _x00g0_ _x12_</t></si><si><t>å&lt;&amp;&#229;&#xE4;&quot;&apos;&gt;</t></si></sst>`
	for what, c := range map[string]struct {
		rows string
		want []line
	}{
		"shared texts":            {`<row r="1">` + numbered(`<c t="s"><v>%d</v></c>`, 6) + `</row>`, []line{{1, cells("tett", "tfet och inte", "", "", "ta\nb\tc_x000D_ _x00g0_ _x12_", "tå<&åä\"'>")}}},
		"texts of their own":      {`<row><c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c><c t="str"><f>A1</f><v>c d</v></c></row>`, []line{{1, cells("tab", "tc d")}}},
		"true and false":          {`<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="b"><v>true</v></c><c t="b"><v>false</v></c></row>`, []line{{1, cells("b1", "b0", "b1", "b0")}}},
		"errors":                  {`<row><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>`, []line{{1, cells("e#DIV/0!")}}},
		"days as ISO 8601":        {`<row><c t="d"><v>2024-01-31</v></c><c t="d"><v>2024-01-31T13:45:30Z</v></c><c t="d"><v>2024-01-31T00:00:00.000</v></c><c t="d"><v>i dag</v></c></row>`, []line{{1, cells("d2024-01-31", "m2024-01-31 13:45:30", "d2024-01-31", "ti dag")}}},
		"formulas":                {`<row><c><f>SUM(A1:A2)</f><v>3</v></c><c><f t="shared" si="0"/><v>4</v></c><c><f>NOW()</f></c></row>`, []line{{1, cells("n3", "n4")}}},
		"places left out":         {`<row><c><v>1</v></c><c r="C1"><v>3</v></c><c><v>4</v></c></row><row/><row><c><v>5</v></c></row><row r="9"><c r="B9"><v>6</v></c></row>`, []line{{1, cells("n1", "", "n3", "n4")}, {3, cells("n5")}, {9, cells("", "n6")}}},
		"cells out of order":      {`<row><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>`, []line{{1, cells("n1", "n2")}}},
		"rows that hold nothing":  {`<row r="1"><c r="A1" s="1"/></row><row r="2"><c r="A2" t="inlineStr"><is><t> ` + "\u00a0" + ` </t></is></c></row><row r="3"><c r="A3" t="s"><v>3</v></c></row>`, nil},
		"prefixes":                {`<x:row><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c><x:c><x:v>1</x:v></x:c></x:row>`, []line{{1, cells("ta", "n1")}}},
		"comments and CDATA":      {`<!-- <row> --><row><c t="str"><v><![CDATA[<b> & ]] >]]>c<!-- d -->e</v></c><?x y?></row>`, []line{{1, cells("t<b> & ]] >ce")}}},
		"signs inside tags":       {`<row a='">' b=">"><c r = "B1"  t='n' ><v >1</v ></c ></row >`, []line{{1, cells("", "n1")}}},
		"line breaks":             {"<row><c t=\"str\"><v>a\r\nb\rc\nd</v></c></row>", []line{{1, cells("ta\nb\nc\nd")}}},
		"what is no letter":       {"<row><c t=\"str\"><v>a\xffb&#0;&#xD800;c</v></c></row>", []line{{1, cells("ta\ufffdb\ufffd\ufffdc")}}},
		"numbers with exponents":  {`<row><c><v>1E3</v></c><c><v>1.5E-3</v></c><c><v>197001011234</v></c><c><v>-0.5</v></c><c><v>1.7E308</v></c></row>`, []line{{1, append(cells("n1000", "n0.0015", "n197001011234", "n-0.5"), Cell{NumberCell, "17" + strings.Repeat("0", 307)})}}},
		"formats that are not":    {`<row><c s="99"><v>1</v></c><c s="-1"><v>2</v></c><c s="x"><v>3</v></c></row>`, []line{{1, cells("n1", "n2", "n3")}}},
		"unknown types and parts": {`<row><c t="z"><v>1</v><extLst><ext><v>2</v></ext></extLst></c></row>`, []line{{1, cells("n12")}}},
	} {
		book, err := openBytes(xlsxWith(t, map[string]string{"xl/sharedStrings.xml": shared,
			"xl/worksheets/sheet1.xml": `<worksheet xmlns:x="y"><sheetData>` + c.rows + `</sheetData></worksheet>`}))
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if diff := cmp.Diff(c.want, lines(t, book, 0)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
}

// TestDialectsOfXLSX reads workbooks in the strict namespace, with prefixes everywhere, in UTF-16, with links from the root and with
// sheets that are hidden.
func TestDialectsOfXLSX(t *testing.T) {
	const strict = "http://purl.oclc.org/ooxml/"
	rels := func(kind, target string) string {
		return `<Relationships xmlns="` + packNamespace + `relationships"><Relationship Id="rId1" Type="` + strict + `officeDocument/relationships/` + kind + `" Target="` + target + `"/></Relationships>`
	}
	sheet := `<?xml version="1.0" encoding="UTF-8"?><s:worksheet xmlns:s="` + strict + `spreadsheetml/main"><s:sheetData><s:row r="1"><s:c r="A1" t="inlineStr"><s:is><s:t>Å</s:t></s:is></s:c></s:row></s:sheetData>` +
		`<s:mergeCells><s:mergeCell ref="A1:B1"/></s:mergeCells></s:worksheet>`
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.Replace(sheet, "UTF-8", "UTF-16", 1))
	if err != nil {
		t.Fatal(err)
	}
	strictBook := map[string]string{
		"_rels/.rels":                rels("officeDocument", "/xl/workbook.xml"),
		"xl/workbook.xml":            `<s:workbook xmlns:s="` + strict + `spreadsheetml/main" xmlns:q="` + strict + `officeDocument/relationships" conformance="strict"><s:sheets><s:sheet name="Å" sheetId="1" q:id="rId1"/></s:sheets></s:workbook>`,
		"xl/_rels/workbook.xml.rels": rels("worksheet", "../xl/./worksheets/Sheet1.xml"),
		"xl/styles.xml":              "", "xl/sharedStrings.xml": "",
	}
	for what, text := range map[string]string{"strict": sheet, "with a mark": "\uFEFF" + sheet, "UTF-16": utf16} {
		strictBook["xl/worksheets/sheet1.xml"] = text
		book, err := openBytes(xlsxWith(t, strictBook))
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		head, err := book.Head(0, 3)
		if err != nil || book.Sheets()[0] != "Å" {
			t.Fatalf("%s: %v, %q", what, err, book.Sheets())
		}
		if diff := cmp.Diff([][]Cell{cells("tÅ", "tÅ")}, head); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	book, err := openBytes(xlsxWith(t, map[string]string{"xl/workbook.xml": `<workbook><sheets><sheet name="a" state="hidden" id="rId1"/><sheet name="b" id="rId1"/><sheet name="c" state="veryHidden" id="rId1"/><sheet name="d" state="visible" id="rId1"/></sheets></workbook>`}))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(book.Sheets(), ""); got != "bdac" {
		t.Errorf("the sheets are %s", got)
	}
}

// TestMergedCells holds that merged cells are repeated in the first rows, and only there.
func TestMergedCells(t *testing.T) {
	data := xlsxWith(t, map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="2"><c t="str"><v>a</v></c><c r="D2" t="str"><v>d</v></c></row><row r="4"><c r="B4"><v>1</v></c></row></sheetData>` +
		`<mergeCells><mergeCell ref="A2:C3"/><mergeCell ref="D2:D4"/><mergeCell ref="A4:A5"/><mergeCell ref="A9:B9"/></mergeCells></worksheet>`})
	book, err := openBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time the areas are known
		head, err := book.Head(0, 4)
		if err != nil {
			t.Fatal(err)
		}
		want := [][]Cell{nil, cells("ta", "ta", "ta", "td"), cells("ta", "ta", "ta", "td"), cells("", "n1", "", "td")}
		if diff := cmp.Diff(want, head); diff != "" {
			t.Errorf("head (-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff([]line{{2, cells("ta", "", "", "td")}, {4, cells("", "n1")}}, lines(t, book, 0)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// TestCellsOfODS holds what LibreOffice does not write in the files of testdata.
func TestCellsOfODS(t *testing.T) {
	cell := func(attrs, text string) string {
		return `<table:table-cell ` + attrs + `>` + text + `</table:table-cell>`
	}
	for what, c := range map[string]struct {
		rows string
		want []line
	}{
		"signs in texts":        {`<table:table-row>` + cell(`office:value-type="string"`, "<text:p>a<text:s text:c=\"2\"/>b<text:tab/>c<text:line-break/><text:span>d</text:span>\n   e</text:p><text:p/><text:p>f</text:p>") + `</table:table-row>`, []line{{1, cells("ta  b\tc\nd e\n\nf")}}},
		"what stands beside":    {`<table:table-row>` + cell(``, "<office:annotation><text:p>not</text:p></office:annotation><text:p>a<text:note><text:p>x</text:p></text:note></text:p><draw:frame><text:p>picture</text:p></draw:frame>") + `</table:table-row>`, []line{{1, cells("ta")}}},
		"numbers":               {`<table:table-row>` + cell(`office:value-type="float" office:value="1.5E3"`, "<text:p>1 500</text:p>") + cell(`office:value-type="currency" office:value="12.5"`, "<text:p>12,50 kr</text:p>") + cell(`office:value-type="float" office:value="x"`, "<text:p>y</text:p>") + cell(`office:value-type="percentage" office:value="0.07"`, "<text:p>7 %</text:p>") + `</table:table-row>`, []line{{1, cells("n1500", "n12.5", "ty", "n7%")}}},
		"digits with signs":     {`<table:table-row>` + cell(`office:value-type="float" office:value="7"`, "<text:p>007</text:p>") + cell(`office:value-type="float" office:value="-7"`, "<text:p>-7</text:p>") + cell(`office:value-type="float" office:value="12345"`, "<text:p>12 345</text:p>") + cell(`office:value-type="float" office:value="0"`, "<text:p>0</text:p>") + `</table:table-row>`, []line{{1, cells("t007", "n-7", "n12345", "n0")}}},
		"true and false":        {`<table:table-row>` + cell(`office:value-type="boolean" office:boolean-value="true"`, "<text:p>SANT</text:p>") + cell(`office:value-type="boolean" office:boolean-value="false"`, "") + cell(`office:value-type="float" office:value="0"`, "<text:p>FALSKT</text:p>") + `</table:table-row>`, []line{{1, cells("b1", "b0", "b0")}}},
		"days and times":        {`<table:table-row>` + cell(`office:value-type="date" office:date-value="2024-01-31"`, "<text:p>31/1</text:p>") + cell(`office:value-type="time" office:time-value="PT36H05M01.5S"`, "") + cell(`office:value-type="time" office:time-value="P1D"`, "<text:p>24:00</text:p>") + cell(`office:value-type="string" office:string-value="a&amp;b"`, "<text:p>c</text:p>") + `</table:table-row>`, []line{{1, cells("d2024-01-31", "t36:05:01", "t24:00", "ta&b")}}},
		"rows and cells again":  {`<table:table-header-rows><table:table-row table:number-rows-repeated="2">` + cell(`office:value-type="float" office:value="1" table:number-columns-repeated="2"`, "") + cell(`table:number-columns-repeated="3"`, "") + odsCell + `</table:table-row></table:table-header-rows><table:table-row table:number-rows-repeated="1000"/><table:table-row-group><table:table-row>` + odsCell + `</table:table-row></table:table-row-group>`, []line{{1, cells("n1", "n1", "", "", "", "ta")}, {2, cells("n1", "n1", "", "", "", "ta")}, {1003, cells("ta")}}},
		"tables in a cell":      {`<table:table-row>` + cell(``, `<table:table><table:table-row>`+odsCell+`</table:table-row></table:table>`) + odsCell + `</table:table-row>`, []line{{1, cells("", "ta")}}},
		"formulas gone wrong":   {`<table:table-row>` + cell(`office:value-type="string" calcext:value-type="error"`, "<text:p>#REF!</text:p>") + `</table:table-row>`, []line{{1, cells("e#REF!")}}},
		"cells that are hidden": {`<table:table-row><table:covered-table-cell><text:p>a</text:p></table:covered-table-cell></table:table-row>`, []line{{1, cells("ta")}}},
	} {
		book, err := openBytes(odsWith(t, `<table:table table:name="x"/><table:tracked-changes><table:table/></table:tracked-changes><table:table table:name="Blad">`+c.rows+`</table:table>`))
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if got := strings.Join(book.Sheets(), ","); got != "x,Blad" {
			t.Errorf("%s: sheets %s", what, got)
		}
		if diff := cmp.Diff(c.want, lines(t, book, 1)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
}

// TestWorkbookIsReadBack holds that what Workbook writes is read back: every text, number, day, count, share and answer, in its sheet,
// row and column.
func TestWorkbookIsReadBack(t *testing.T) {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("ab åÄ=<&>\"'\n\t_x0D;,1-\u00a0\ufffd😀")), 0, 12, -1)
	value := rapid.OneOf(
		rapid.Map(text, func(s string) any { return s }),
		rapid.Map(rapid.Int(), func(n int) any { return n / 4000 }),
		rapid.Map(rapid.IntRange(0, 60_000), func(n int) any { return register.Day("1900-03-01").AddDays(n) }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Map(rapid.IntRange(0, 1e6), func(n int) any { return register.CountOf(n) }),
		rapid.Map(rapid.IntRange(0, 20_000), func(n int) any { return register.PercentOf(n) }),
		rapid.Just[any](nil),
	)
	rapid.Check(t, func(t *rapid.T) {
		tables := make([]Table, rapid.IntRange(1, 3).Draw(t, "tables"))
		for i := range tables {
			tables[i] = Table{Name: string(rune('a' + i)), Head: []string{"h"}, Rows: rapid.SliceOfN(rapid.SliceOfN(value, 0, 5), 0, 5).Draw(t, "rows")}
		}
		var b bytes.Buffer
		if err := Workbook(&b, tables...); err != nil {
			t.Fatal(err)
		}
		book, err := openBytes(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for i, table := range tables {
			want := []line{{1, cells("th")}}
			for j, row := range table.Rows {
				if c := expected(row); len(c) > 0 {
					want = append(want, line{j + 2, c})
				}
			}
			var got []line
			if err := book.Rows(i, func(number int, cells []Cell) error {
				got = append(got, line{number, append([]Cell(nil), cells...)})
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("sheet %d (-want +got):\n%s", i, diff)
			}
		}
	})
}

// expected is the row as it should be read: without blank cells at its end, and without the signs that XML cannot hold.
func expected(row []any) []Cell {
	var all []Cell
	for i, v := range row {
		c := Cell{}
		switch v := v.(type) {
		case string:
			c = Cell{TextCell, strings.ReplaceAll(v, "\ufffd", "")}
		case int:
			c = Cell{NumberCell, strconv.Itoa(v)}
		case register.Day:
			c = Cell{DayCell, string(v)}
		case bool:
			c = Cell{BoolCell, "0"}
			if v {
				c.Text = "1"
			}
		case register.Count:
			n, _ := v.Known()
			c = Cell{NumberCell, strconv.Itoa(n)}
		case register.Percent:
			n, _ := v.Known()
			c = Cell{NumberCell, plain(float64(n)/100) + "%"}
		}
		if blank([]byte(c.Text)) {
			continue
		}
		for len(all) <= i {
			all = append(all, Cell{})
		}
		all[i] = c
	}
	return all
}

// TestCSVIsReadBack holds that what Rows writes is read back, with the apostrophe taken away again where it was put.
func TestCSVIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringOfN(rapid.RuneFrom([]rune("=+-@;\"\n\t 'aå1,")), 0, 8, -1)
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 3, 3), 1, 5).Draw(t, "rows")
		var b bytes.Buffer
		if err := Rows(&b, append([][]string{{"id", "namn", "x"}}, rows...)); err != nil {
			t.Fatal(err)
		}
		book, err := openBytes(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		got := map[int][]Cell{}
		if err := book.Rows(0, func(number int, cells []Cell) error {
			got[number] = append([]Cell(nil), cells...)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			want := make([]any, len(row))
			for j, s := range row {
				if strings.HasPrefix(s, "'") && safe(s[1:]) != s[1:] {
					s = s[1:] // it looks as if the writer had put it there
				}
				want[j] = s
			}
			if diff := cmp.Diff(expected(want), got[i+2]); diff != "" {
				t.Fatalf("row %d of %q (-want +got):\n%s", i+2, b.String(), diff)
			}
		}
	})
}
