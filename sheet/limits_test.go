// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"ledsyn/locale"
)

// readAll opens a file and reads all there is in it.
func readAll(data []byte) (*Book, error) {
	book, err := openBytes(data)
	if err != nil {
		return nil, err
	}
	for i := range book.Sheets() {
		if _, err := book.Head(i, 50); err != nil {
			return book, err
		}
		if err := book.Rows(i, func(int, []Cell) error { return nil }); err != nil {
			return book, err
		}
	}
	return book, book.Close()
}

// refuses holds that the file is refused with the code, in the row and column that are given where they are known.
func refuses(t *testing.T, what string, data []byte, code string, place ...int) {
	t.Helper()
	_, err := readAll(data)
	e, ok := errors.AsType[*FileError](err)
	switch {
	case !ok:
		t.Errorf("%s: %v, want %s", what, err, code)
	case e.Code != code:
		t.Errorf("%s: %v, want %s", what, e, code)
	case len(place) > 0 && (e.Row != place[0] || e.Column != place[1]):
		t.Errorf("%s: %v, want row %d, column %d", what, e, place[0], place[1])
	}
}

// xlsxSheet1 is a workbook whose one sheet holds the XML.
func xlsxSheet1(tb testing.TB, rows string) []byte {
	return xlsxWith(tb, map[string]string{"xl/worksheets/sheet1.xml": declaration + `<worksheet xmlns="` + mainNamespace + `"><sheetData>` + rows + `</sheetData></worksheet>`})
}

// odsWith is a spreadsheet with the XML as its tables.
func odsWith(tb testing.TB, tables string) []byte {
	return zipOf(tb, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": declaration +
		`<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>` + tables +
		`</office:spreadsheet></office:body></office:document-content>`})
}

// odsRow is a spreadsheet of one table that holds the rows.
func odsRow(tb testing.TB, rows string) []byte {
	return odsWith(tb, `<table:table table:name="Blad1">`+rows+`</table:table>`)
}

const odsCell = `<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>`

func TestFilesThatAreNoLists(t *testing.T) {
	ole := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
	for what, c := range map[string]struct{ text, code string }{
		"nothing":            {"", "sheet_empty"},
		"blanks":             {" \r\n\t\n", "sheet_empty"},
		"only a mark":        {"\uFEFF", "sheet_empty"},
		"a picture":          {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "sheet_kind"},
		"a PDF":              {"%PDF-1.7\n1 0 obj", "sheet_kind"},
		"rich text":          {`{\rtf1\ansi`, "sheet_kind"},
		"zeros":              {strings.Repeat("\x00", 5000), "sheet_kind"},
		"a web page":         {"\r\n<!DOCTYPE html><html>", "sheet_markup"},
		"a table of the web": {"\uFEFF<TABLE border=1>", "sheet_markup"},
		"XML":                {`<?xml version="1.0"?><Workbook>`, "sheet_markup"},
		"an old workbook":    {ole + strings.Repeat("\x00", 3000) + "Workbook", "sheet_old"},
		"a locked workbook":  {ole + strings.Repeat("\x00", 256<<10-20) + string(utf16Text("EncryptedPackage")) + strings.Repeat("\x00", 300), "sheet_locked"},
	} {
		refuses(t, what, []byte(c.text), c.code)
	}
	refuses(t, "a packed folder", zipOf(t, map[string]string{"a.csv": "a;b"}), "sheet_kind")
	refuses(t, "a document", xlsxWith(t, map[string]string{"xl/workbook.xml": "<w:document xmlns:w='w'><w:body/></w:document>"}), "sheet_kind")
	refuses(t, "a text in OpenDocument", zipOf(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), "sheet_kind")
	refuses(t, "OpenDocument without a kind", zipOf(t, map[string]string{"content.xml": "<a/>"}), "sheet_kind")
	refuses(t, "a locked spreadsheet", zipOf(t, map[string]string{"content.xml": "<a/>", "META-INF/manifest.xml": `<manifest:manifest xmlns:manifest="m"><manifest:encryption-data/></manifest:manifest>`}), "sheet_locked")
	refuses(t, "a binary workbook", xlsxWith(t, map[string]string{"_rels/.rels": relationships("", "officeDocument", []string{"xl/workbook.bin"})}), "sheet_binary")
	if _, err := Open("x", bytes.NewReader(nil), readBytes+1); err == nil || err.(*FileError).Code != "sheet_large" {
		t.Errorf("a large file: %v", err)
	}
	if _, err := Open("x", closedFile{}, 100); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}

type closedFile struct{}

func (closedFile) ReadAt([]byte, int64) (int, error) { return 0, io.ErrClosedPipe }

func TestLimitsOfCSV(t *testing.T) {
	refuses(t, "100,000 columns", []byte(strings.Repeat("a;", 100_000)), "sheet_columns_many", 1, readColumns+1)
	refuses(t, "a long cell", []byte("a;b\nc;"+strings.Repeat("å", maxCell+1)), "sheet_cell_long", 2, 2)
	refuses(t, "a very long cell", []byte("a;b\nc;"+strings.Repeat("å", 10*maxCell)), "sheet_cell_long", 2, 2)
	refuses(t, "a mark that never ends", []byte("a;b\n\n1;\"x\n;;;\n"), "sheet_csv_quote", 3, 2)
	refuses(t, "a mark that ends far away", []byte("a;\""+strings.Repeat("x;y\n", 40_000)+"\""), "sheet_csv_quote", 1, 2)
	refuses(t, "a long row", []byte(strings.Repeat(strings.Repeat("x", 32_000)+";", 300)), "sheet_row_long", 1, 263)
	refuses(t, "many rows", bytes.Repeat([]byte("\n"), readRows+1), "sheet_rows_many")
	if _, err := readAll([]byte(strings.Repeat("å", maxCell) + strings.Repeat(";a", readColumns-1) + strings.Repeat(";", 100_000))); err != nil {
		t.Errorf("as much as fits, and empty columns after it: %v", err)
	}
}

func TestLimitsOfJSON(t *testing.T) {
	object := func(keys int) string {
		var b strings.Builder
		for i := range keys {
			fmt.Fprintf(&b, `"k%d":1,`, i)
		}
		return `[{` + b.String() + `"z":1}]`
	}
	for what, c := range map[string]struct{ text, code string }{
		"100,000 keys":            {object(100_000), "sheet_columns_many"},
		"a long text":             {`[{"a":"` + strings.Repeat("x", maxCell+1) + `"}]`, "sheet_cell_long"},
		"a long list in a cell":   {`[{"a":[` + strings.Repeat(`"xxxxxxxx",`, 5000) + `"z"]}]`, "sheet_cell_long"},
		"a text of 20 MB":         {`[{"a":"` + strings.Repeat("x", 20<<20) + `"}]`, "sheet_cell_long"},
		"a long key":              {`[{"` + strings.Repeat("x", maxCell+1) + `":1}]`, "sheet_cell_long"},
		"a long row":              {`[{"a":[` + strings.Repeat(`"`+strings.Repeat("x", 30_000)+`",`, 300) + `"z"]}]`, "sheet_row_long"},
		"objects in objects":      {`[` + strings.Repeat(`{"a":`, 60) + `1` + strings.Repeat(`}`, 60) + `]`, "sheet_json_deep"},
		"lists in lists":          {`[{"a":` + strings.Repeat(`[`, 60) + strings.Repeat(`]`, 60) + `}]`, "sheet_json_deep"},
		"objects outside lists":   {strings.Repeat(`{"a":`, 60) + `[{}]` + strings.Repeat(`}`, 60), "sheet_json_deep"},
		"a cut list":              {`[{"a":1},{"a":`, "sheet_json_broken"},
		"a comma too much":        {`[{"a":1},]`, "sheet_json_broken"},
		"something after":         {`[{"a":1}] {"b":2}`, "sheet_json_shape"},
		"an object alone":         {`{"a":1,"b":{"c":[1,2]}}`, "sheet_json_shape"},
		"a list of numbers":       {`[1,2,3]`, "sheet_json_shape"},
		"a list of lists":         {`[["a","b"],[1,2]]`, "sheet_json_shape"},
		"a number among objects":  {`[{"a":1},2]`, "sheet_json_shape"},
		"an empty list":           {`[ ]`, "sheet_json_shape"},
		"long keys":               {longKeys(600), "sheet_columns_many"},
		"lists in more than fits": {`{` + strings.Repeat(`"a":[{"b":1}],`, readSheets) + `"z":[{"b":1}]}`, "sheet_many"},
	} {
		refuses(t, what, []byte(c.text), c.code)
	}
	refuses(t, "the row is told", []byte(`[{"a":1},{"b":2},{"a":"`+strings.Repeat("x", maxCell+1)+`"}]`), "sheet_cell_long", 4, 1)
}

// longKeys is a list whose objects have so many keys of 30,000 bytes.
func longKeys(n int) string {
	return "[" + numbered(`{"%d`+strings.Repeat("x", 30_000)+`":1},`, n) + "{}]"
}

func TestLimitsOfXLSX(t *testing.T) {
	for what, c := range map[string]struct {
		rows, code  string
		row, column int
	}{
		"100,000 columns":     {`<row r="3">` + strings.Repeat(`<c><v>1</v></c>`, 100_000) + `</row>`, "sheet_columns_many", 3, readColumns + 1},
		"a far column":        {`<row r="1"><c r="XFD1"><v>1</v></c></row>`, "sheet_columns_many", 1, 16384},
		"a row beyond":        {`<row r="1048577"/>`, "sheet_rows_many", 0, 0},
		"rows out of order":   {`<row r="2"/><row r="1"/>`, "sheet_xml_broken", 3, 0},
		"a row twice":         {`<row r="2"/><row r="2"/>`, "sheet_xml_broken", 3, 0},
		"a cell twice":        {`<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>1</v></c></row>`, "sheet_cell_twice", 1, 1},
		"a cell nowhere":      {`<row r="1"><c r="11"><v>1</v></c></row>`, "sheet_xml_broken", 1, 0},
		"a long text":         {`<row><c t="inlineStr"><is><t>` + strings.Repeat("x", maxCell+1) + `</t></is></c></row>`, "sheet_cell_long", 1, 1},
		"a very long text":    {`<row><c/><c t="inlineStr"><is><t>` + strings.Repeat("x", 5*maxCell) + `</t></is></c></row>`, "sheet_cell_long", 1, 2},
		"a very long formula": {`<row><c t="str"><v>` + strings.Repeat("x", 5*maxCell) + `</v></c></row>`, "sheet_cell_long", 1, 1},
		"a long row":          {`<row>` + strings.Repeat(`<c t="str"><v>`+strings.Repeat("x", 30_000)+`</v></c>`, 300) + `</row>`, "sheet_row_long", 1, 280},
		"no such text":        {`<row r="7"><c r="C7" t="s"><v>0</v></c></row>`, "sheet_strings_missing", 7, 3},
		"a cut row":           {`<row><c><v>1</v>`, "sheet_xml_broken", 0, 0},
		"an entity":           {`<row><c t="str"><v>&lol9;</v></c></row>`, "sheet_xml_entity", 1, 1},
		"a tag without end":   {`<row x="` + strings.Repeat("x", 2<<20), "sheet_xml_broken", 0, 0},
		"elements in others":  {strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300), "sheet_xml_broken", 0, 0},
	} {
		refuses(t, what, xlsxSheet1(t, c.rows), c.code, c.row, c.column)
	}
	bomb := declaration + `<!DOCTYPE x [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><worksheet><sheetData/></worksheet>`
	xs := strings.Repeat(`<xf numFmtId="0"/>`, formatCount+1)
	for what, c := range map[string]struct{ part, text, code string }{
		"a document type in a sheet": {"xl/worksheets/sheet1.xml", bomb, "sheet_xml_doctype"},
		"a document type in texts":   {"xl/sharedStrings.xml", bomb, "sheet_xml_doctype"},
		"a document type at once":    {"xl/workbook.xml", bomb, "sheet_xml_doctype"},
		"a document type in links":   {"_rels/.rels", bomb, "sheet_xml_doctype"},
		"other letters":              {"xl/workbook.xml", `<?xml version="1.0" encoding="EBCDIC"?><workbook/>`, "sheet_xml_broken"},
		"a long text that is shared": {"xl/sharedStrings.xml", `<sst><si><t>` + strings.Repeat("x", maxCell+1) + `</t></si></sst>`, "sheet_cell_long"},
		"many formats":               {"xl/styles.xml", `<styleSheet><cellXfs>` + xs + `</cellXfs></styleSheet>`, "sheet_styles_many"},
		"many codes":                 {"xl/styles.xml", `<styleSheet><numFmts>` + numbered(`<numFmt numFmtId="%d" formatCode="0"/>`, formatCount+1) + `</numFmts></styleSheet>`, "sheet_styles_many"},
		"many sheets":                {"xl/workbook.xml", `<workbook>` + strings.Repeat(`<sheet name="a" id="rId1"/>`, readSheets+1) + `</workbook>`, "sheet_many"},
		"no sheets":                  {"xl/workbook.xml", `<workbook><sheets/></workbook>`, "sheet_none"},
		"a sheet of a chart":         {"xl/_rels/workbook.xml.rels", relationships("", "chartsheet", []string{"worksheets/sheet1.xml"}), "sheet_none"},
		"no workbook":                {"xl/workbook.xml", "", "sheet_part_missing"},
		"no sheet":                   {"xl/worksheets/sheet1.xml", "", "sheet_part_missing"},
		"no texts":                   {"xl/sharedStrings.xml", "", "sheet_part_missing"},
		"no link to the workbook":    {"_rels/.rels", "", "sheet_part_missing"},
		"no links of the workbook":   {"xl/_rels/workbook.xml.rels", "", "sheet_part_missing"},
		"a link of no part":          {"xl/_rels/workbook.xml.rels", relationships("", "worksheet", []string{"../../../sheet1.xml"}), "sheet_part_missing"},
		"a sheet elsewhere":          {"xl/_rels/workbook.xml.rels", external("rId1", "worksheet"), "sheet_relation_outside"},
		"a workbook elsewhere":       {"_rels/.rels", external("rId1", "officeDocument"), "sheet_relation_outside"},
	} {
		refuses(t, what, xlsxWith(t, map[string]string{c.part: c.text}), c.code)
	}
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func external(id, kind string) string {
	return `<Relationships><Relationship Id="` + id + `" Type="x/` + kind + `" Target="http://127.0.0.1:1/a.xlsx" TargetMode="External"/></Relationships>`
}

// TestSharedStringsAreBounded holds that texts which all rows share cannot fill the memory, neither by their length nor their number.
func TestSharedStringsAreBounded(t *testing.T) {
	for what, text := range map[string]string{
		"long ones": strings.Repeat("<si><t>"+strings.Repeat("x", 10_000)+"</t></si>", 110),
		"many ones": strings.Repeat("<si><t/></si>", 50_000),
	} {
		data := zipOf(t, map[string]string{"s.xml": "<sst>" + text + "</sst>"})
		parts, err := openContainer(io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data))))
		if err == nil {
			_, err = readStrings(parts, "s.xml", 1<<20)
		}
		if e, ok := errors.AsType[*FileError](err); !ok || e.Code != "sheet_strings_many" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestLimitsOfODS(t *testing.T) {
	long := `<table:table-cell office:value-type="string"><text:p>` + strings.Repeat("x", maxCell+1) + `</text:p></table:table-cell>`
	spaces := `<table:table-cell office:value-type="string"><text:p>a` + strings.Repeat(`<text:s text:c="2000000000"/>`, 10) + `</text:p></table:table-cell>`
	wide := strings.Replace(odsCell, "office:", `table:number-columns-repeated="100000" office:`, 1)
	for what, c := range map[string]struct {
		rows, code  string
		row, column int
	}{
		"100,000 columns":     {`<table:table-row>` + strings.Repeat(odsCell, 100_000) + `</table:table-row>`, "sheet_columns_many", 1, readColumns + 1},
		"a cell repeated":     {`<table:table-row>` + wide + `</table:table-row>`, "sheet_columns_many", 1, readColumns + 1},
		"a row repeated":      {`<table:table-row table:number-rows-repeated="1048576">` + odsCell + `</table:table-row>`, "sheet_rows_repeated", 1, 0},
		"a row beyond":        {`<table:table-row table:number-rows-repeated="1048576"/><table:table-row>` + odsCell + `</table:table-row>`, "sheet_rows_many", 1<<20 + 1, 0},
		"a long text":         {`<table:table-row>` + long + `</table:table-row>`, "sheet_cell_long", 1, 1},
		"a long row of blank": {`<table:table-row>` + spaces + `</table:table-row>`, "sheet_cell_long", 1, 1},
		"an entity":           {`<table:table-row><table:table-cell><text:p>&x;</text:p></table:table-cell></table:table-row>`, "sheet_xml_entity", 0, 0},
		"a cut row":           {`<table:table-row><table:table-cell>`, "sheet_xml_broken", 0, 0},
	} {
		refuses(t, what, odsRow(t, c.rows), c.code, c.row, c.column)
	}
	refuses(t, "many tables", odsWith(t, strings.Repeat(`<table:table/>`, readSheets+1)), "sheet_many")
	refuses(t, "no tables", odsWith(t, ``), "sheet_none")
	refuses(t, "a document type", zipOf(t, map[string]string{"content.xml": `<!DOCTYPE x><a/>`}), "sheet_xml_doctype")
	refuses(t, "a document type in the list of parts", zipOf(t, map[string]string{"content.xml": "<a/>", "META-INF/manifest.xml": "<!DOCTYPE x><a/>"}), "sheet_xml_doctype")
	empty := `<table:table-row table:number-rows-repeated="2000000000"><table:table-cell table:number-columns-repeated="2000000000"/></table:table-row>`
	if _, err := readAll(odsRow(t, strings.Repeat(empty, 5))); err != nil {
		t.Errorf("empty rows and columns without end: %v", err)
	}
}

// TestDeclaredSizeIsNotBelieved holds that a sheet which says it fills a whole workbook costs no more than what is in it.
func TestDeclaredSizeIsNotBelieved(t *testing.T) {
	data := xlsxWith(t, map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384"/></cols><sheetData>` +
		`<row r="1" spans="1:16384"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576"><c r="B1048576"><v>2</v></c></row></sheetData>` +
		`<mergeCells count="4000000000"><mergeCell ref="A1:XFD1048576"/><mergeCell ref="B2"/><mergeCell ref="Z9:A1"/><mergeCell ref="ZZZZ1:ZZZZ2"/></mergeCells></worksheet>`})
	begun := time.Now()
	book, err := openBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	got := lines(t, book, 0)
	if len(got) != 2 || got[1].Number != 1<<20 || len(got[1].Cells) != 2 {
		t.Errorf("got %v", got)
	}
	if head, err := book.Head(0, 5000); err != nil || len(head) != 1 || len(head[0]) != readColumns {
		t.Errorf("the head is %d rows: %v", len(head), err)
	}
	if time.Since(begun) > time.Second {
		t.Errorf("it took %v", time.Since(begun))
	}
}

// TestNothingIsFetched holds that links out of a workbook are passed over where no sheet is behind them.
func TestNothingIsFetched(t *testing.T) {
	links := strings.Replace(relationships("", "worksheet", []string{"worksheets/sheet1.xml"}), "</Relationships>",
		`<Relationship Id="rId9" Type="x/externalLink" Target="file:///etc/passwd" TargetMode="External"/><Relationship Id="rId8" Type="x/sharedStrings" Target="http://127.0.0.1:1/" TargetMode="External"/></Relationships>`, 1)
	if _, err := readAll(xlsxWith(t, map[string]string{"xl/_rels/workbook.xml.rels": links})); err != nil {
		t.Error(err)
	}
}

func TestSheetsThatAreNot(t *testing.T) {
	book, err := openBytes([]byte("a;b"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{-1, 1} {
		if err := book.Rows(n, nil); err == nil || err.(*FileError).Code != "sheet_missing" {
			t.Errorf("sheet %d: %v", n, err)
		}
	}
	mine := errors.New("mine")
	if err := book.Rows(0, func(int, []Cell) error { return mine }); err != mine {
		t.Errorf("the error of the one who reads came back as %v", err)
	}
	book.Close()
	if err := book.Rows(0, nil); err == nil {
		t.Error("a closed book was read")
	}
}

// TestEveryFileErrorHasWords finds the codes in the sources.
func TestEveryFileErrorHasWords(t *testing.T) {
	code := regexp.MustCompile(`(?:fileError\(|wrong\(column, |Code: )"(sheet_[a-z_]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllSubmatch(text, -1) {
			found[string(m[1])] = true
		}
	}
	if len(found) < 30 {
		t.Errorf("only %d codes found", len(found))
	}
	for _, l := range locale.Langs() {
		for c := range found {
			if !l.Has("wrong." + c) {
				t.Errorf("wrong.%s has no words in %s", c, l)
			}
		}
	}
}

// failing is a file whose disk fails beyond a place once it is open.
type failing struct {
	data []byte
	at   int64
	on   bool
}

func (f *failing) ReadAt(p []byte, at int64) (int, error) {
	if f.on && at+int64(len(p)) > f.at {
		return 0, io.ErrClosedPipe
	}
	return bytes.NewReader(f.data).ReadAt(p, at)
}

// TestErrorsOfTheDiskAreReturned holds that a file which cannot be read to its end is not taken for a shorter one, nor for a broken one.
func TestErrorsOfTheDiskAreReturned(t *testing.T) {
	rows := numbered(`<row><c><v>%d</v></c></row>`, 100_000)
	table := numbered(`<table:table-row><table:table-cell office:value-type="float" office:value="%d"/></table:table-row>`, 100_000)
	for what, data := range map[string][]byte{"csv": []byte(numbered("a;%d\n", 100_000)), "json": []byte("[" + numbered(`{"a":%d},`, 100_000) + "{}]"),
		"xlsx": xlsxSheet1(t, rows), "ods": odsRow(t, table)} {
		f := &failing{data: data, at: int64(len(data) / 2)}
		book, err := Open("x", f, int64(len(data)))
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		f.on = true
		if err := book.Rows(0, func(int, []Cell) error { return nil }); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
