// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestPackedFiles holds the container that XLSX and ODS share: what it is called, how much comes out of it and where it is cut.
func TestPackedFiles(t *testing.T) {
	for name, code := range map[string]string{"../../etc/passwd": "sheet_zip_path", `xl\..\..\x`: "sheet_zip_path", "/etc/passwd": "sheet_zip_path", "c:/x": "sheet_zip_path",
		"a/..": "sheet_zip_path", "XL/Workbook.xml": "sheet_zip_twice", `xl\workbook.xml`: "sheet_zip_twice"} {
		refuses(t, name, xlsxWith(t, map[string]string{name: "x"}), code)
	}
	many := map[string]string{}
	for i := range zipEntries + 1 {
		many[fmt.Sprintf("xl/%d", i)] = "x"
	}
	refuses(t, "many parts", xlsxWith(t, many), "sheet_zip_entries")
	for i := range 60_000 {
		many[fmt.Sprintf("xl/%050d", i)] = "x"
	}
	refuses(t, "parts without end", zipOf(t, many), "sheet_zip_entries")
	refuses(t, "a bomb", xlsxSheet1(t, strings.Repeat(" ", 24<<20)), "sheet_zip_ratio")
	refuses(t, "a bomb of texts", xlsxWith(t, map[string]string{"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si><t></t></si>", 1<<20) + "</sst>"}), "sheet_zip_ratio")
	refuses(t, "a bomb in OpenDocument", odsWith(t, strings.Repeat(" ", 24<<20)), "sheet_zip_ratio")
	refuses(t, "a part that says it is large", declaring(t, "xl/workbook.xml", smallPart+1), "sheet_unpacked_large")
	refuses(t, "a part that says it is small", declaring(t, "xl/workbook.xml", 10), "sheet_zip_broken")
	refuses(t, "a part with a password", locked(t), "sheet_locked")
	whole, err := os.ReadFile("testdata/files/libreoffice.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n < len(whole); n += len(whole) / 50 {
		if n >= 4 {
			refuses(t, fmt.Sprintf("%d of %d bytes", n, len(whole)), whole[:n], "sheet_zip_broken")
		}
	}
}

// declaring is a workbook with a part that says it has another size than it has.
func declaring(t *testing.T, name string, size uint64) []byte {
	t.Helper()
	var packed, b bytes.Buffer
	w, err := flate.NewWriter(&packed, 9)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(w, strings.Repeat("<a></a>", 1000))
	w.Close()
	z := zip.NewWriter(&b)
	raw, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: size})
	if err != nil {
		t.Fatal(err)
	}
	raw.Write(packed.Bytes())
	rels, err := z.Create("_rels/.rels")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(rels, relationships("", "officeDocument", []string{"xl/workbook.xml"}))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func locked(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if _, err := z.CreateRaw(&zip.FileHeader{Name: "_rels/.rels", Flags: 1}); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
