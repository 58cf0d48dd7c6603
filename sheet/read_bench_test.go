// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

const benchRows = 100_000

// benchCSV is a list of 100,000 rows of 10 columns.
func benchCSV() []byte {
	var b bytes.Buffer
	b.WriteString("\uFEFFPersonnummer;Namn;E-post;Enhet;Chef;Från;Till;Kurs;Timmar;Kommentar\r\n")
	for i := range benchRows {
		fmt.Fprintf(&b, "%d;Efternamn%d, Förnamn;namn.%d@example.se;Enhet %d;Chef %d;2020-01-%02d;;Grundkurs;%d,5;\"En; kommentar\"\r\n", 190001010000+i, i, i, i%500, i%90, i%28+1, i%40)
	}
	return b.Bytes()
}

// benchXLSX is such a list as Excel writes it: texts shared, days and numbers in formats of their own.
func benchXLSX(tb testing.TB) []byte {
	var strings, rows bytes.Buffer
	count := 0
	for i := range benchRows {
		fmt.Fprintf(&rows, `<row r="%d" spans="1:10" x14ac:dyDescent="0.25">`, i+1)
		fmt.Fprintf(&strings, `<si><t>Efternamn%d, Förnamn</t></si><si><t>namn.%d@example.se</t></si>`, i, i)
		for c := range 10 {
			ref := fmt.Sprintf("%s%d", columnName(c), i+1)
			switch c {
			case 0, 1:
				fmt.Fprintf(&rows, `<c r="%s" s="1" t="s"><v>%d</v></c>`, ref, count)
				count++
			case 2, 3:
				fmt.Fprintf(&rows, `<c r="%s" s="3"><v>%d</v></c>`, ref, 43000+i%2000)
			case 4:
				fmt.Fprintf(&rows, `<c r="%s"><v>%d.5</v></c>`, ref, i%40)
			default:
				fmt.Fprintf(&rows, `<c r="%s" s="1" t="s"><v>%d</v></c>`, ref, i%500*c)
			}
		}
		rows.WriteString(`</row>`)
	}
	return xlsxWith(tb, map[string]string{
		"xl/sharedStrings.xml":     declaration + `<sst xmlns="` + mainNamespace + `">` + strings.String() + `</sst>`,
		"xl/worksheets/sheet1.xml": declaration + `<worksheet xmlns="` + mainNamespace + `" xmlns:x14ac="x"><sheetData>` + rows.String() + `</sheetData></worksheet>`,
	})
}

// benchODS is a list of as many rows and columns as LibreOffice writes them.
func benchODS(tb testing.TB) []byte {
	var b bytes.Buffer
	for i := range benchRows {
		b.WriteString(`<table:table-row table:style-name="ro1">`)
		for c := range 10 {
			if c < 6 {
				fmt.Fprintf(&b, `<table:table-cell office:value-type="string" calcext:value-type="string"><text:p>Efternamn%d, Förnamn</text:p></table:table-cell>`, i*c)
			} else {
				fmt.Fprintf(&b, `<table:table-cell table:style-name="ce1" office:value-type="float" office:value="%d" calcext:value-type="float"><text:p>%d</text:p></table:table-cell>`, i+c, i+c)
			}
		}
		b.WriteString(`</table:table-row>`)
	}
	return odsRow(tb, b.String())
}

func benchJSON() []byte {
	var b bytes.Buffer
	b.WriteString("[{}")
	for i := range benchRows {
		fmt.Fprintf(&b, `,{"namn":"Efternamn%d","epost":"namn.%d@example.se","enhet":{"kod":"%d","namn":"Enhet %d"},"timmar":%d.5,"aktiv":true,"kurser":["a","b"],"start":"2024-01-%02d","slut":null,"text":"å"}`, i, i, i%500, i%500, i%40, i%28+1)
	}
	b.WriteString("]")
	return b.Bytes()
}

// xlsxWith is a workbook of one empty sheet with other parts in their places; a part that is "" is left out.
func xlsxWith(tb testing.TB, parts map[string]string) []byte {
	tb.Helper()
	all := map[string]string{
		"[Content_Types].xml": contentTypes(1),
		"_rels/.rels":         relationships("", "officeDocument", []string{"xl/workbook.xml"}),
		"xl/workbook.xml":     workbook([]string{"Blad1"}, []Table{{}}),
		"xl/_rels/workbook.xml.rels": relationships(`<Relationship Id="rId2" Type="`+relNamespace+`/styles" Target="styles.xml"/><Relationship Id="rId3" Type="`+
			relNamespace+`/sharedStrings" Target="sharedStrings.xml"/>`, "worksheet", []string{"worksheets/sheet1.xml"}),
		"xl/styles.xml":            styles,
		"xl/sharedStrings.xml":     declaration + `<sst xmlns="` + mainNamespace + `"/>`,
		"xl/worksheets/sheet1.xml": declaration + `<worksheet xmlns="` + mainNamespace + `"><sheetData/></worksheet>`,
	}
	for name, text := range parts {
		all[name] = text
	}
	return zipOf(tb, all)
}

// zipOf packs the texts under their names.
func zipOf(tb testing.TB, parts map[string]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		if text == "" {
			continue
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func benchmarkRows(b *testing.B, data []byte) {
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if n := countRows(b, data); n < benchRows {
			b.Fatalf("%d rows", n)
		}
	}
	b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func countRows(tb testing.TB, data []byte) int {
	tb.Helper()
	book, err := Open("list", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		tb.Fatal(err)
	}
	defer book.Close()
	n := 0
	if err := book.Rows(0, func(int, []Cell) error { n++; return nil }); err != nil {
		tb.Fatal(err)
	}
	return n
}

func BenchmarkReadCSV(b *testing.B)  { benchmarkRows(b, benchCSV()) }
func BenchmarkReadXLSX(b *testing.B) { benchmarkRows(b, benchXLSX(b)) }
func BenchmarkReadODS(b *testing.B)  { benchmarkRows(b, benchODS(b)) }
func BenchmarkReadJSON(b *testing.B) { benchmarkRows(b, benchJSON()) }

// peak is how much memory f needs at most beyond what was in use, sampled while it runs.
func peak(f func()) uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most := m.HeapInuse, uint64(0)
	done := make(chan struct{})
	sampled := make(chan struct{})
	go func() {
		defer close(sampled)
		for {
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	f()
	close(done)
	<-sampled
	return most - min(before, most)
}

// TestMemoryIsFlat holds that a long list takes no more memory than a short one, but for the texts that a workbook shares. The lists
// are read from files, since what is in memory lets the collector leave as much again.
func TestMemoryIsFlat(t *testing.T) {
	for name, c := range map[string]struct {
		data func() []byte
		most uint64
	}{
		"csv":  {func() []byte { return bytes.Repeat(benchCSV(), 4) }, 16 << 20},
		"xlsx": {func() []byte { return benchXLSX(t) }, 32 << 20},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, c.data(), 0o600); err != nil {
			t.Fatal(err)
		}
		got := peak(func() { readFile(t, path) })
		t.Logf("%s took %d MB of memory", name, got>>20)
		if got > c.most {
			t.Errorf("%s took %d MB of memory, more than %d", name, got>>20, c.most>>20)
		}
	}
}

func readFile(t *testing.T, path string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	book, err := Open(path, file, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	if err := book.Rows(0, func(int, []Cell) error { return nil }); err != nil {
		t.Fatal(err)
	}
}
