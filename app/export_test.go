// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// TestExportKeepsTheFilter writes a narrowed list in each form: what the filter leaves out and what the actor may not see is in neither.
func TestExportKeepsTheFilter(t *testing.T) { onEach(t, exportKeepsTheFilter) }

func exportKeepsTheFilter(t *testing.T, w *world) {
	w.put(&isms.System{Record: isms.Record{ID: "sys-f", Unit: "board-a"}, Name: "=1+1", Lifecycle: isms.Planned, InUseFrom: "2024-01-31"})
	who := w.as("coordinator")
	q := store.Query{Where: map[string][]string{"lifecycle": {"planned"}}}
	for form, has := range map[string][]string{
		"csv":  {"\ufeff" + locale.Swedish.T("record.id") + ";", "'=1+1", "2024-01-31", locale.Swedish.T("choice.lifecycle.planned")},
		"xlsx": {`>=1+1</t>`, `state="frozen"`, `<autoFilter`, `s="3"><v>45322</v>`, `customWidth="1"`, ">" + locale.Swedish.T("choice.lifecycle.planned") + "<"},
	} {
		var b bytes.Buffer
		want(t, form, w.Export(w.ctx(), who, "system", q, form, locale.Swedish, &b), nil)
		text := b.String()
		if form == "xlsx" {
			text = firstSheet(t, b.Bytes())
		}
		for _, part := range has {
			if !strings.Contains(text, part) {
				t.Errorf("%s lacks %q:\n%s", form, part, text)
			}
		}
		for _, hidden := range []string{"Journal", "Annat", "sys-a"} {
			if strings.Contains(text, hidden) {
				t.Errorf("%s shows %s", form, hidden)
			}
		}
	}
	want(t, "another form", w.Export(w.ctx(), who, "system", q, "pdf", locale.Swedish, io.Discard), isms.ErrNotFound)
	want(t, "another form of a table", WriteSheet(io.Discard, "pdf", locale.Swedish, Sheet{}), isms.ErrNotFound)
}

// TestExportCrossesPages writes more records than one page of a list holds, with the names of what they link to on each.
func TestExportCrossesPages(t *testing.T) {
	w := newWorld(t)
	w.put(manySystems(maxPage + 10)...)
	for _, form := range []string{"csv", "xlsx"} {
		var b bytes.Buffer
		want(t, form, w.Export(w.ctx(), w.as("coordinator"), "system", store.Query{Search: "exported"}, form, locale.English, &b), nil)
		text := b.String()
		if form == "xlsx" {
			text = firstSheet(t, b.Bytes())
		}
		if got := strings.Count(text, "Exported "); got != maxPage+10 {
			t.Errorf("%s holds %d systems", form, got)
		}
		if got := strings.Count(text, "system_owner"); got != maxPage+10 {
			t.Errorf("%s names %d owners", form, got)
		}
	}
}

// TestTablesOfPages writes each type of cell as CSV in each language.
func TestTablesOfPages(t *testing.T) {
	table := Sheet{Head: []string{"a"}, Rows: [][]any{{"+x", 1234, register.Day("2024-02-29"), register.PercentOf(1250), register.Percent{}, register.CountOf(0),
		register.Count{}, true, false, nil}}}
	for lang, share := range map[locale.Lang]string{locale.Swedish: "12,5", locale.English: "12.5"} {
		var b bytes.Buffer
		want(t, "csv", WriteSheet(&b, "csv", lang, table), nil)
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff")))
		r.Comma, r.FieldsPerRecord = ';', -1
		rows, err := r.ReadAll()
		want(t, "reading", err, nil)
		row := []string{"'+x", "1234", "2024-02-29", share, "", "0", "", lang.T("choice.answer.yes"), lang.T("choice.answer.no"), ""}
		if diff := cmp.Diff([][]string{{"a"}, row}, rows); diff != "" {
			t.Error(diff)
		}
	}
}

func manySystems(n int) []register.Entity {
	var systems []register.Entity
	for i := range n {
		systems = append(systems, &isms.System{Record: isms.Record{ID: fmt.Sprintf("x%05d", i), Unit: "board-a"}, Name: fmt.Sprintf("Exported %05d", i),
			Lifecycle: isms.InUse, Owner: "system_owner", InUseFrom: "2020-01-01", Purpose: "Keeps the case files of the board and who may see them."})
	}
	return systems
}

func firstSheet(t *testing.T, book []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// BenchmarkExport is the whole of a list of 10,000 systems as a file. The target is less than a second.
func BenchmarkExport(b *testing.B) {
	a, who := inventory(b)
	err := a.DB.Update(b.Context(), store.Act{Org: org, Who: "test"}, func(tx *store.Tx) error {
		for _, rec := range manySystems(10_000) {
			rec.(*isms.System).Owner = "coordinator"
			if err := tx.Put(rec); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, form := range []string{"csv", "xlsx"} {
		b.Run(form, func(b *testing.B) {
			for b.Loop() {
				if err := a.Export(b.Context(), who, "system", store.Query{}, form, locale.Swedish, io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
