// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/locale"
	"ledsyn/sheet"
)

// The sheet comes back with what is wrong in each row after it, every cell as it was and every row in its place, and can be read by the
// same Map.
func TestMarked(t *testing.T) {
	list := "Boklista\n\nTitel;Ex;Köpt\nMin bok;tre;2024-01-31\n\n=1+1;007;\n"
	book := open(t, []byte(list))
	m := Map{Kind: "volume", Header: 3, Columns: []Column{{Header: "Titel", Field: "title"}, {Header: "Ex", Field: "copies"}, {Header: "Köpt", Field: "bought"}}}
	for _, format := range []string{"csv", "xlsx"} {
		var b bytes.Buffer
		if err := Marked(&b, format, book, 0, m, map[int][]string{4: {"Fel ett.", "Fel två."}}, locale.English); err != nil {
			t.Fatal(err)
		}
		again := open(t, b.Bytes())
		rows, err := again.Head(0, 10)
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		for _, cells := range rows {
			var texts []string
			for _, c := range cells {
				texts = append(texts, unescaped(c.Text))
			}
			got = append(got, texts)
		}
		want := [][]string{{"Boklista"}, nil, {"Titel", "Ex", "Köpt", "To mend"}, {"Min bok", "tre", "2024-01-31", "Fel ett.\nFel två."}, nil, {"=1+1", "007"}}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", format, d)
		}
		if again.Format() != format {
			t.Error(again.Format())
		}
		if _, err := m.Reader(rows[2], library); err != nil {
			t.Error(err)
		}
	}
	if err := Marked(&bytes.Buffer{}, "pdf", book, 0, m, nil, locale.English); err == nil {
		t.Error("pdf is written")
	}
}

func open(t *testing.T, data []byte) *sheet.Book {
	t.Helper()
	book, err := sheet.Open("list", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	return book
}
