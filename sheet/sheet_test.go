// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/locale"
	"ledsyn/register"
)

// Volume is a register of library books: one field of each kind.
type Volume struct {
	register.Record
	Title    string                 `reg:"required"`
	Summary  string                 `reg:"prose"`
	Lent     bool                   `reg:""`
	Year     int                    `reg:""`
	Copies   register.Count         `reg:""`
	Worn     register.Percent       `reg:""`
	Bought   register.Day           `reg:""`
	Seen     register.Moment        `reg:""`
	Shelf    Shelf                  `reg:""`
	Sequel   register.Ref[Volume]   `reg:""`
	Siblings []register.Ref[Volume] `reg:""`
}

// Shelf is where a book stands.
type Shelf string

// Choices lists the shelves.
func (Shelf) Choices() []string { return []string{"high", "low"} }

func titles(kind, id string) string {
	return map[string]string{"unit/u1": "Main library", "volume/b1": "First; book", "volume/b2": "=Second"}[kind+"/"+id]
}

func write(t *testing.T, l locale.Lang, books ...register.Entity) string {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, l, register.Of[Volume](), titles)
	if err != nil {
		t.Fatal(err)
	}
	for _, book := range books {
		if err := w.Write([]register.Entity{book}); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func TestWriter(t *testing.T) {
	book := &Volume{Record: register.Record{ID: "b3", Unit: "u1", Retired: "2024-05-01"}, Title: `Say "a;b"`, Summary: "one\ntwo",
		Lent: true, Year: 1999, Copies: register.CountOf(0), Worn: register.PercentOf(1250), Bought: "2020-02-29",
		Seen: "2024-01-01T10:00:00.000000Z", Sequel: "b1", Siblings: []register.Ref[Volume]{"b2", "b1", "b9"}}
	unknown := &Volume{Record: register.Record{ID: "b4", Unit: "u9"}, Title: "Unknown"}
	yes, no := locale.Swedish.T("choice.answer.yes"), locale.Swedish.T("choice.answer.no")
	want := `b3;Main library;"Say ""a;b""";"one` + "\r\n" + `two";` + yes + `;1999;0;12,5;2020-02-29;2024-01-01T10:00:00.000000Z;;"First; book";"'=Second, First; book, b9";2024-05-01` + "\r\n" +
		`b4;u9;Unknown;;` + no + `;;;;;;;;;` + "\r\n"
	got := write(t, locale.Swedish, book, unknown)
	head, rows, _ := strings.Cut(got, "\r\n")
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(head, "\uFEFF"+locale.Swedish.T("record.id")+";"+locale.Swedish.T("record.unit")+";") || strings.Count(head, ";") != 13 {
		t.Errorf("head is %q", head)
	}
	if english := write(t, locale.English, book); !strings.Contains(english, ";12.5;") || !strings.Contains(english, locale.English.T("choice.answer.yes")) {
		t.Errorf("English row is %q", english)
	}
}

func TestChoicesAreWords(t *testing.T) {
	got := write(t, locale.Swedish, &Volume{Shelf: "high"})
	if !strings.Contains(got, locale.Swedish.T("choice.shelf.high")) {
		t.Errorf("the choice is not written with its words: %q", got)
	}
}

// TestHostileCells holds every way known to begin a formula, in the first column and in later ones.
func TestHostileCells(t *testing.T) {
	for cell, want := range map[string]string{
		`=1+1`: `'=1+1`, `+1`: `'+1`, `-1`: `'-1`, `@SUM(A1)`: `'@SUM(A1)`,
		"\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1", "\x00=1": "'\x00=1",
		` =1`: `' =1`, "\u00a0=1": "'\u00a0=1", "\uFEFF=1": "'\uFEFF=1", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠a": "'＠a",
		`=cmd|'/C calc'!A0`: `'=cmd|'/C calc'!A0`, `=HYPERLINK("http://x","y")`: `'=HYPERLINK("http://x","y")`,
		``: ``, ` `: ` `, `a=b`: `a=b`, `'=1`: `'=1`, `1-2`: `1-2`, `2024-01-01`: `2024-01-01`, "\xff": "\xff", `–tankstreck`: `–tankstreck`,
	} {
		if got := safe(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
}

// TestRowsAreReadBack holds that whatever stands in the cells, a reader of CSV finds as many rows and cells, each
// as written but for the apostrophe, and none that begins as a formula.
func TestRowsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringOfN(rapid.RuneFrom([]rune("=+-@;\"\n\t 'aå1,")), 0, 8, -1)
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 2), 1, 5).Draw(t, "rows")
		var b bytes.Buffer
		if err := Rows(&b, rows); err != nil {
			t.Fatal(err)
		}
		text, hasMark := strings.CutPrefix(b.String(), "\uFEFF")
		if !hasMark || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
			t.Fatalf("no byte-order mark or a bare line feed: %q", text)
		}
		r := csv.NewReader(strings.NewReader(text))
		r.Comma = ';'
		got, err := r.ReadAll()
		if err != nil || len(got) != len(rows) {
			t.Fatalf("%d rows read of %d: %v", len(got), len(rows), err)
		}
		for i := range rows {
			for j, cell := range rows[i] {
				if got[i][j] != cell && got[i][j] != "'"+cell {
					t.Errorf("%q read back as %q", cell, got[i][j])
				}
				if strings.IndexAny(strings.TrimLeft(got[i][j], " "), "=+-@\t\n") == 0 {
					t.Errorf("%q begins as a formula", got[i][j])
				}
			}
		}
	})
}

type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

func TestErrorsOfTheWriterAreReturned(t *testing.T) {
	if err := Rows(&full{}, [][]string{{"a"}}); err == nil {
		t.Error("no error where the mark could not be written")
	}
	if err := Rows(&full{left: 3}, [][]string{{"a"}}); err == nil {
		t.Error("no error where a row could not be written")
	}
	if _, err := NewWriter(&full{left: 3}, locale.Swedish, register.Of[Volume](), titles); err == nil {
		t.Error("no error where the head could not be written")
	}
	long := &full{left: 500}
	w, err := NewWriter(long, locale.Swedish, register.Of[Volume](), titles)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write([]register.Entity{&Volume{Summary: strings.Repeat("a", 600)}}); err == nil {
		t.Error("no error where a record could not be written")
	}
}
