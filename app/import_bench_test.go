// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"ledsyn/access"
	"ledsyn/files"
)

// longList is a list of n systems of board-a with owners, days and a class each.
func longList(n int) string {
	var b strings.Builder
	b.WriteString("System;Leverantör;Ansvarig;Status;I bruk från;Personuppgifter;Syfte;K;R;T\n")
	for i := range n {
		fmt.Fprintf(&b, "Program %d;Leverantör %d AB;%s;I bruk;2020-01-%02d;Ja;Används i verksamheten för ärende %d och liknande.;%d;%d;%d\n",
			i, i%200, []string{"coordinator", "head"}[i%2], i%28+1, i, i%4, i%3, i%2)
	}
	return b.String()
}

func longMap(m *ImportMap) {
	mapped("system", "name", "", "owner", "lifecycle", "in_use_from", "", "purpose", "class.confidentiality", "class.integrity", "class.availability")(m)
	m.Parts = []ImportPart{{Name: "class", Kind: "classification", Link: "system"}}
	m.Fixed = map[string]string{"class.model": "klassa-0-4", "class.state": "proposed"}
	m.Source, m.Order = "Systemlistan", ""
}

// BenchmarkPreview previews 10,000 rows of an organisation that has 10,000 systems.
func BenchmarkPreview(b *testing.B) {
	a, who, d := drafted(b, 10_000, longList(10_000))
	for b.Loop() {
		a.imports.plans = nil
		began := time.Now()
		p, err := a.PreviewImport(b.Context(), who, d.ID, PreviewQuery{})
		if err != nil || p.New != 10_000 {
			b.Fatal(err, sums(p))
		}
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms")
	}
}

// BenchmarkPreviewAgain pages in a preview that has been made.
func BenchmarkPreviewAgain(b *testing.B) {
	a, who, d := drafted(b, 10_000, longList(10_000))
	for b.Loop() {
		if _, err := a.PreviewImport(b.Context(), who, d.ID, PreviewQuery{Only: RowNew, After: 5000}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkImport takes rows in, each a system and its classification, of which nothing is there.
func BenchmarkImport(b *testing.B) {
	for _, rows := range []int{10_000, maxImportRows} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) { benchmarkImport(b, rows) })
	}
}

func benchmarkImport(b *testing.B, rows int) {
	for b.Loop() {
		a, who, d := drafted(b, 10, longList(rows))
		began := time.Now()
		if err := a.RunImport(b.Context(), who, d.ID, RunImport{}); err != nil {
			b.Fatal(err)
		}
		for {
			s, err := a.ImportState(b.Context(), who, d.ID)
			if err != nil || s.Phase == ImportFailed {
				b.Fatal(s, err)
			}
			if s.Phase == ImportDone {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s")
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.Sys>>20), "MB-of-system")
	}
}

func drafted(b *testing.B, systems int, list string) (*App, access.Actor, ImportDraft) {
	b.Helper()
	a, who := large(b, systems)
	a.Files = files.Dir(b.TempDir())
	d, err := a.Upload(b.Context(), who, "lista.csv", strings.NewReader(list))
	if err != nil {
		b.Fatal(err)
	}
	d.Map.Unit = "board-a"
	longMap(&d.Map)
	if err := a.SetImportMap(b.Context(), who, d.ID, d.Map); err != nil {
		b.Fatal(err)
	}
	return a, who, d
}

// Of 10,000 rows with 200 faults all 200 are told in one run, each in its row and column, and nothing is kept.
func TestEveryFaultIsToldAtOnce(t *testing.T) {
	w := newWorld(t)
	who := w.as("coordinator")
	w.put(unit("dept-b", "board-b", "department"))
	lines := strings.Split(strings.TrimSpace(longList(10_000)), "\n")
	faults := []struct {
		column int
		value  string
		code   string
	}{
		{0, "", "required"}, {0, strings.Repeat("å", 121), "long"}, {2, "ingen", "import_no_link"}, {3, "halvvägs", "cell_choice"},
		{4, "2020-02-30", "cell_day"}, {4, "1/2/2020", "cell_day_order"}, {7, "9", "cell_choice"}, {6, "#N/A", ""}, {0, "Program 1", "import_row_twice"},
		{3, "", "required"},
	}
	random := rand.New(rand.NewPCG(1, 2))
	wanted := map[int]string{}
	for i := 0; len(wanted) < 200; {
		row := 2 + random.IntN(9_998)
		f := faults[i%len(faults)]
		if wanted[row+1] != "" || f.code == "" {
			i++
			continue
		}
		cells := strings.Split(lines[row], ";")
		cells[f.column] = f.value
		lines[row] = strings.Join(cells, ";")
		wanted[row+1] = fmt.Sprint(f.column, " ", f.code)
		i++
	}
	before := w.seq()
	d := w.upload(who, strings.Join(lines, "\n"), longMap)
	if s := w.run(who, d.ID, RunImport{}); s.Phase != ImportFailed || s.Wrong[0].Code != "import_rows_wrong" || s.Wrong[0].Args[0] != 200 {
		t.Errorf("the import is %+v", s)
	}
	told := map[int]string{}
	for after := 0; ; {
		p, err := w.PreviewImport(w.ctx(), who, d.ID, PreviewQuery{Only: RowWrong, After: after, Limit: 150})
		want(t, "preview", err, nil)
		for _, r := range p.Rows {
			told[r.Number] = strings.Join(wrongAt(r), ", ")
		}
		if after = p.Next; after == 0 {
			break
		}
	}
	for row, code := range wanted {
		if told[row] != code {
			t.Errorf("row %d is %q, want %q", row, told[row], code)
		}
	}
	if len(told) != 200 || w.seq() != before {
		t.Errorf("%d rows are wrong, and %d entries were made", len(told), w.seq()-before)
	}
	var out bytes.Buffer
	want(t, "errors", w.ImportErrors(w.ctx(), who, d.ID, "xlsx", "sv", &out), nil)
	if out.Len() < 1000 {
		t.Error("the sheet of errors is empty")
	}
}
