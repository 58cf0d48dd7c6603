// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"ledsyn/register"
)

// parts reads every file of a workbook, each of which must be XML.
func parts(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(text)
		for d := xml.NewDecoder(bytes.NewReader(text)); ; {
			_, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
	}
	return all
}

func book(t *testing.T, tables ...Table) map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := Workbook(&b, tables...); err != nil {
		t.Fatal(err)
	}
	return parts(t, b.Bytes())
}

func TestWorkbookCells(t *testing.T) {
	all := book(t, Table{Name: "Register", Head: []string{"Namn", "Dag"}, Rows: [][]any{
		{"=1+1", register.Day("2026-06-30"), 7, true, nil, register.CountOf(0), register.Count{}, register.PercentOf(1250), register.Percent{}},
		{"å <b> & \"c\"\n rad\x00\x1b", register.Day(""), register.Day("1899-01-01"), register.Day("1900-03-01")},
	}})
	sheet := all["xl/worksheets/sheet1.xml"]
	for _, want := range []string{
		`<c r="A2" s="1" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>`,
		`<c r="B2" s="3"><v>46203</v></c>`, `<c r="C2" s="0"><v>7</v></c>`, `<c r="D2" t="b"><v>1</v></c>`,
		`<c r="F2" s="0"><v>0</v></c>`, `<c r="H2" s="4"><v>0.125</v></c>`,
		`å &lt;b&gt; &amp; &#34;c&#34;&#xA; rad</t>`,
		`<c r="C3" s="1" t="inlineStr"><is><t xml:space="preserve">1899-01-01</t></is></c>`, `<c r="D3" s="3"><v>61</v></c>`,
		`<autoFilter ref="A1:B3"/>`, `state="frozen"`,
	} {
		if !strings.Contains(sheet, want) {
			t.Errorf("no %s in\n%s", want, sheet)
		}
	}
	for _, not := range []string{"<f>", `r="E2"`, `r="G2"`, `r="I2"`, `r="B3"`, "\x00", "\x1b"} {
		if strings.Contains(sheet, not) {
			t.Errorf("%q in\n%s", not, sheet)
		}
	}
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"} {
		if all[name] == "" {
			t.Errorf("no %s", name)
		}
	}
}

func TestWorkbookIsTheSameBytes(t *testing.T) {
	var a, b bytes.Buffer
	table := Table{Name: "Ett", Head: []string{"x"}, Rows: [][]any{{"y"}}}
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := Workbook(w, table); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same table gave other bytes")
	}
}

func TestSheetNames(t *testing.T) {
	names := sheetNames([]Table{{Name: "a/b:c"}, {Name: "A B C"}, {Name: ""}, {Name: "'x'"}, {Name: strings.Repeat("å", 40)}, {Name: strings.Repeat("Å", 40)}})
	want := []string{"a b c", "A B C 2", "3", "x", strings.Repeat("å", 31), strings.Repeat("Å", 29) + " 2"}
	for i := range want {
		if names[i] != want[i] {
			t.Errorf("name %d is %q, want %q", i, names[i], want[i])
		}
	}
}

func TestColumnNames(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := columnName(i); got != want {
			t.Errorf("column %d is %s, want %s", i, got, want)
		}
	}
}

func TestWorkbookRefuses(t *testing.T) {
	long := strings.Repeat("😀", maxCell/2+1)
	for what, tables := range map[string][]Table{
		"no sheet":              nil,
		"a text that is long":   {{Name: "a", Rows: [][]any{{long}}}},
		"a value of no kind":    {{Name: "a", Rows: [][]any{{1.5}}}},
		"more columns than fit": {{Name: "a", Head: make([]string, maxColumns+1)}},
	} {
		if err := Workbook(io.Discard, tables...); err == nil {
			t.Errorf("%s was written", what)
		}
	}
	if err := Workbook(io.Discard, Table{Name: "a", Rows: [][]any{{strings.Repeat("a", maxCell)}}}); err != nil {
		t.Errorf("the longest text: %v", err)
	}
}

func FuzzWorkbook(f *testing.F) {
	f.Add("namn", "=cmd|' /C calc'!A0", "2026-01-01")
	f.Add("]]>", "\uFFFE\x01", "1900-02-29")
	f.Fuzz(func(t *testing.T, name, text, day string) {
		var b bytes.Buffer
		if err := Workbook(&b, Table{Name: name, Head: []string{text}, Rows: [][]any{{text, register.Day(day)}}}); err != nil {
			return
		}
		for _, part := range parts(t, b.Bytes()) {
			if strings.Contains(part, "<f>") {
				t.Error("a formula")
			}
		}
	})
}
