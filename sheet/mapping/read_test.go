// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/register"
	"ledsyn/sheet"
)

func reader(t testing.TB, m Map) *Reader {
	t.Helper()
	var header []sheet.Cell
	for _, c := range m.Columns {
		header = append(header, text(c.Header))
	}
	r, err := m.Reader(header, library)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What a cell comes to in each kind of field. A code of what is wrong stands after !, and "skip" leaves out the row.
func TestCells(t *testing.T) {
	number := func(s string) sheet.Cell { return sheet.Cell{Kind: sheet.NumberCell, Text: s} }
	for _, c := range []struct {
		field string
		cell  sheet.Cell
		want  string
	}{
		{"title", text(" Min bok\u00a0"), "Min bok"},
		{"title", text("Min\r\nbok"), "Min bok"},
		{"title", text("'=SUM(A1)"), "=SUM(A1)"},
		{"title", text("'citat'"), "'citat'"},
		{"title", text("-"), "-"},
		{"title", number("12.5"), "12.5"},
		{"title", sheet.Cell{Kind: sheet.ErrorCell, Text: "#N/A"}, "!cell_error"},
		{"summary", text("a\r\nb "), "a\nb "},
		{"summary", text(" "), ""},
		{"lent", text("Ja"), "1"}, {"lent", text("x"), "1"}, {"lent", text("1"), "1"}, {"lent", text("sant"), "1"}, {"lent", text("TRUE"), "1"}, {"lent", text("J"), "1"}, {"lent", text("Y"), "1"},
		{"lent", text("Nej"), "0"}, {"lent", text("no"), "0"}, {"lent", text("0"), "0"}, {"lent", text(""), "0"}, {"lent", sheet.Cell{Kind: sheet.BoolCell, Text: "1"}, "1"},
		{"lent", text("kanske"), "!cell_bool"},
		{"year", text("2024"), "2024"}, {"year", text("4 – stor"), "4"}, {"year", text("4 st"), "!cell_number"}, {"year", text("okänt"), ""},
		{"copies", text("1\u00a0234"), "1234"}, {"copies", text("1.234,00"), "1234"}, {"copies", number("12"), "12"}, {"copies", text(""), ""}, {"copies", text("?"), ""},
		{"copies", text("0"), "0"}, {"copies", text("1,5"), "!cell_number"}, {"copies", text("-1"), "!cell_number"}, {"copies", text("12 %"), "!cell_number"}, {"copies", text("ca 10"), "!cell_number"},
		{"worn", text("12,5 %"), "12.5"}, {"worn", text("12.5"), "12.5"}, {"worn", number("14.285714%"), "14.29"}, {"worn", text("14,285"), "!cell_percent"}, {"worn", text("uppgift saknas"), ""}, {"worn", text("-3"), "!cell_percent"},
		{"bought", text("2024-01-31"), "2024-01-31"}, {"bought", text("31/1-24"), "2024-01-31"}, {"bought", text("20240131"), "2024-01-31"}, {"bought", sheet.Cell{Kind: sheet.DayCell, Text: "2024-01-31"}, "2024-01-31"},
		{"bought", sheet.Cell{Kind: sheet.MomentCell, Text: "2024-01-31 12:00:00"}, "2024-01-31"}, {"bought", number("45322"), "2024-01-31"},
		{"bought", text("31/12/2024"), "2024-12-31"}, {"bought", text("3/4/2024"), "!cell_day_order"}, {"bought", text("2024"), "!cell_day"}, {"bought", text("2024-02-30"), "!cell_day"}, {"bought", text("tills vidare"), ""},
		{"seen", text("2024-01-31T12:00:00.000000Z"), "2024-01-31T12:00:00.000000Z"}, {"seen", text("2024-01-31"), "!cell_moment"},
		{"known", text("Ja"), "yes"}, {"known", text("x"), "yes"}, {"known", text("0"), "no"}, {"known", text("nej"), "no"}, {"known", text("vet ej"), ""}, {"known", text(""), ""}, {"known", text("delvis"), "!cell_choice"},
		{"loan.confidentiality", text("3"), "3"}, {"loan.confidentiality", number("3"), "3"}, {"loan.confidentiality", text("3,0"), "3"}, {"loan.confidentiality", text("K3"), "3"}, {"loan.confidentiality", text("Nivå 2"), "2"},
		{"loan.confidentiality", text("3 – allvarlig"), "3"}, {"loan.confidentiality", text("3 - Serious"), "3"}, {"loan.confidentiality", text("Allvarlig"), "3"}, {"loan.confidentiality", text("0"), "0"},
		{"loan.confidentiality", text("OKÄND"), ""}, {"loan.confidentiality", text("ej klassad"), ""}, {"loan.confidentiality", text("-"), ""}, {"loan.confidentiality", text("7"), "!cell_choice"}, {"loan.confidentiality", text("Hög"), "!cell_choice"},
		{"loan.state", text("I bruk"), "in_use"}, {"loan.state", text("IN USE"), "in_use"}, {"loan.state", text("in_use"), "in_use"}, {"loan.state", text("i drift"), "in_use"}, {"loan.state", text("Avvecklad"), "retired"},
	} {
		m := Map{Kind: "volume", Header: 1, Columns: []Column{{Header: "A", Field: c.field}, {Header: "B", Field: "loan.lender"}},
			Parts: []Part{{Name: "loan", Kind: "loan", Link: "volume"}}}
		part, name := cut(c.field)
		reading := reader(t, m).Read(2, []sheet.Cell{c.cell, text("Kim")})
		got := strings.Join(reading.Forms[part][name], "|")
		for _, w := range reading.Wrong {
			got += "!" + w.Code
			if w.Column != 0 || w.Field != name {
				t.Errorf("%s: %+v", c.field, w)
			}
		}
		if got != c.want {
			t.Errorf("%s of %q (%d) is %q, want %q", c.field, c.cell.Text, c.cell.Kind, got, c.want)
		}
	}
}

// The scale of another register is translated by the column's values, where nothing known stays nothing.
func TestValues(t *testing.T) {
	m := Map{Kind: "loan", Header: 1, Columns: []Column{
		{Header: "K", Field: "confidentiality", Values: map[string]string{"OKÄND": "", "öppen": "0", "intern": "1", "KONFIDENTIELL": "2", "hemlig": "3", "0": "", "annat": Skip}},
		{Header: "Bok", Field: "volume", Values: map[string]string{"min bok": "id1", "ingen": ""}},
	}}
	r := reader(t, m)
	for in, want := range map[string]string{"Okänd": "", "ÖPPEN": "0", "OPPEN": "0", "Intern": "1", "konfidentiell": "2", "HEMLIG": "3", "0": "", "2": "2"} {
		if got := r.Read(2, row(in, "x")).Forms[""]["confidentiality"]; len(got) != 1 || got[0] != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	if !r.Read(2, row("Annat", "x")).Skip {
		t.Error("the row is not left out")
	}
	if got := r.Read(2, row("2", "Min  Bok")); len(got.Links) != 1 || cmp.Diff(got.Links[0], Link{Field: "volume", Target: "volume", IDs: []string{"id1"}, Cell: "Min  Bok", Column: 1}) != "" {
		t.Errorf("%+v", got.Links)
	}
	if got := r.Read(2, row("2", "Ingen")); len(got.Links) != 0 || got.Forms[""]["volume"][0] != "" {
		t.Errorf("%+v", got)
	}
}

func TestYes(t *testing.T) {
	for text, want := range map[string][2]bool{"Ja": {true, true}, " X ": {true, true}, "På": {true, true}, "nej": {false, true}, "0": {false, true}, "": {}, "kanske": {}, "okänt": {}} {
		if yes, known := Yes(text); yes != want[0] || known != want[1] {
			t.Errorf("%q: %v, %v", text, yes, known)
		}
	}
}

func TestOrderOfDays(t *testing.T) {
	m := Map{Kind: "volume", Header: 1, Order: "mdy", Columns: []Column{{Header: "A", Field: "bought"}}}
	if got := reader(t, m).Read(2, row("3/4/2024")); got.Forms[""]["bought"][0] != "2024-03-04" {
		t.Error(got)
	}
	r := reader(t, m)
	r.From1904 = true
	if got := r.Read(2, []sheet.Cell{{Kind: sheet.NumberCell, Text: "43860"}}); got.Forms[""]["bought"][0] != "2024-01-31" {
		t.Error(got)
	}
	for want, days := range map[string][]string{"dmy": {"3/4/2024", "31/1/2024"}, "mdy": {"3/4/2024", "1/31/2024"}, "": {"3/4/2024", "5/6/2024"}} {
		var sample [][]sheet.Cell
		for _, day := range days {
			sample = append(sample, row(day))
		}
		if got := Guess(library, "volume", "", row("bought"), sample); got.Order != want || got.Columns[0].Field != "bought" {
			t.Errorf("%v proves %q: %+v", days, got.Order, got.Columns)
		}
	}
}

func TestLevels(t *testing.T) {
	m := Map{Kind: "loan", Header: 1, Columns: []Column{{Header: "KRT", Field: Levels}}}
	r := reader(t, m)
	for in, want := range map[string]string{
		"K3/R2/T1": "321", "k3r2t1": "321", "3/2/1": "321", "3-2-1": "321", "321": "321", "K: 3, R: 2, T: 1": "321", "3 2 1": "321", "K3/R2/T1/S2": "321", "K3/R?/T1": "3.1", "K-/R2/T1": ".21",
		"okänd": "...", "K3": "!", "K9/R1/T1": "!", "3/2": "!",
	} {
		reading := r.Read(2, row(in))
		got := ""
		for _, field := range []string{"confidentiality", "integrity", "availability"} {
			if values := reading.Forms[""][field]; len(values) == 1 && values[0] == "" {
				got += "."
			} else {
				got += strings.Join(values, "")
			}
		}
		if len(reading.Wrong) > 0 {
			got = "!"
		}
		if got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	if r.Place("", "integrity") != 0 || r.Place("", "state") != -1 {
		t.Error("the place of a field is wrong")
	}
}

// A row makes a second record only where it says something of it, with what follows from its values, and what is fixed is for new
// records alone but for what tells the second records apart.
func TestParts(t *testing.T) {
	m := Map{Kind: "volume", Header: 1, Unit: "library",
		Parts: []Part{{Name: "first", Kind: "loan", Link: "volume", Key: []string{"year"}, When: []string{"lender"}}, {Name: "then", Kind: "loan", Link: "volume"}},
		Fixed: map[string]string{"first.year": "2025", "first.state": "planned", "copies": "1"},
		Given: map[string]map[string]string{"first.on": {"first.state": "in_use"}},
		Columns: []Column{{Header: "Id", Field: "id"}, {Header: "Titel", Field: "title"}, {Header: "Ex", Field: "copies"}, {Header: "Enhet", Field: "unit"},
			{Header: "2025", Field: "first.lender"}, {Header: "Dag", Field: "first.on"}, {Header: "K", Field: "then.confidentiality"}, {Header: "Slut", Field: "retired"}, {Header: "Annat"}}}
	r := reader(t, m)
	for _, c := range []struct {
		cells []sheet.Cell
		want  Reading
	}{
		{row("a1", "Bok", "", "", "Kim", "2025-02-01", "", "2026-01-01", "x"), Reading{ID: "a1", Unit: "library", Retired: "2026-01-01", Forms: map[string]map[string][]string{
			"":      {"title": {"Bok"}},
			"first": {"lender": {"Kim"}, "on": {"2025-02-01"}, "year": {"2025"}, "state": {"in_use"}},
		}}},
		{row("", "Bok", "2", "Filialen", "", "2025-02-01", "3"), Reading{Unit: "Filialen", Forms: map[string]map[string][]string{
			"":     {"title": {"Bok"}, "copies": {"2"}},
			"then": {"confidentiality": {"3"}},
		}}},
		{row("", "", "", ""), Reading{Skip: true}},
		{nil, Reading{Skip: true}},
	} {
		c.want.Row = 7
		if d := cmp.Diff(c.want, r.Read(7, c.cells)); d != "" {
			t.Error(d)
		}
	}
	if d := cmp.Diff(map[string][]string{"year": {"2025"}, "state": {"planned"}}, r.Fixed("first")); d != "" {
		t.Error(d)
	}
}

func TestTotalsAreLeftOut(t *testing.T) {
	m := Map{Kind: "volume", Header: 1, Totals: true, Columns: []Column{{Header: "A", Field: "title"}, {Header: "B", Field: "copies"}}}
	if !reader(t, m).Read(9, row("Summa", "12")).Skip {
		t.Error("a total is read")
	}
	m.Totals = false
	if reader(t, m).Read(9, row("Summa", "12")).Skip {
		t.Error("a row is left out")
	}
}

func TestColumnsAreFoundByHeading(t *testing.T) {
	m := Map{Kind: "volume", Header: 1, Columns: []Column{{Header: "Titel", Field: "title"}, {Header: "Namn", Field: "summary"}, {Header: "Namn", Field: "year"}, {Header: "Borta"}}}
	r, err := m.Reader(row("Namn", "Ny", " TITEL ", "namn"), library)
	if err != nil {
		t.Fatal(err)
	}
	if r.Place("", "title") != 2 || r.Place("", "summary") != 0 || r.Place("", "year") != 3 {
		t.Error(r.Place("", "title"), r.Place("", "summary"), r.Place("", "year"))
	}
	_, err = m.Reader(row("Namn", "Titel"), library)
	if d := cmp.Diff(register.Wrongs{{Field: "columns", Code: "map_no_column", Args: []any{"Namn"}}}, err); d != "" {
		t.Error(d)
	}
	m.Header = 0
	if r, err = m.Reader(nil, library); err != nil || r.Place("", "year") != 2 {
		t.Error(err)
	}
}

func TestLinks(t *testing.T) {
	m := Map{Kind: "volume", Header: 1, Columns: []Column{{Header: "A", Field: "sequel"}, {Header: "B", Field: "siblings", Values: map[string]string{"c": "id3"}}}}
	r := reader(t, m)
	for in, want := range map[string]Link{
		"a; b\nc": {Texts: []string{"a", "b"}, IDs: []string{"id3"}, Cell: "a; b;c"},
		"a, b":    {Texts: []string{"a", "b"}, Cell: "a, b"},
		"a, x; b": {Texts: []string{"a, x", "b"}, Cell: "a, x; b"},
	} {
		want.Field, want.Target, want.Many, want.Column = "siblings", "volume", true, 1
		got := r.Read(2, row("Nästa, del 2", in)).Links
		if d := cmp.Diff([]Link{{Field: "sequel", Target: "volume", Texts: []string{"Nästa, del 2"}, Cell: "Nästa, del 2"}, want}, got); d != "" {
			t.Error(d)
		}
	}
	if got := r.Read(2, row("Saknas", "-")); len(got.Links) != 0 || got.Forms[""]["sequel"][0] != "" {
		t.Errorf("%+v", got)
	}
}

// Titles are found in a cell whatever commas and semicolons stand in them, as long as no title begins another.
func TestSplitFindsTitles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		known := map[string]bool{}
		var titles []string
		for i := range rapid.IntRange(1, 5).Draw(t, "n") {
			title := fmt.Sprintf("%d %sx", i, rapid.StringMatching(`([ab]|[a,;] ?){0,4}`).Draw(t, "title"))
			titles, known[title] = append(titles, title), true
		}
		by := rapid.SampledFrom([]string{", ", "; ", ";", "\n"}).Draw(t, "by")
		l := Link{Many: true, Cell: strings.Join(titles, by)}
		got := l.Split(func(text string) bool { return known[text] })
		if d := cmp.Diff(titles, got); d != "" {
			t.Fatalf("%q: %s", l.Cell, d)
		}
	})
	l := Link{Many: true, Cell: "a, b; c"}
	if d := cmp.Diff([]string{"a, b", "c"}, l.Split(func(string) bool { return false })); d != "" {
		t.Error(d)
	}
}

// Several columns of one text are joined, a last name after a first.
func TestColumnsAreJoined(t *testing.T) {
	m := Map{Kind: "volume", Header: 1, Columns: []Column{{Header: "Titel", Field: "title"}, {Header: "A", Field: "summary"}, {Header: "Undertitel", Field: "title"}, {Header: "B", Field: "summary"}}}
	for _, c := range [][4]string{{"Bok", "ett", "del 1", "två"}, {"", "", "del 1", "två"}, {"Bok", "ett", "", ""}, {"Bok", "", "", ""}} {
		got := reader(t, m).Read(2, row(c[:]...)).Forms[""]
		title, summary := strings.TrimSpace(c[0]+" "+c[2]), strings.TrimSpace(c[1]+"\n"+c[3])
		if got["title"][0] != title || got["summary"][0] != summary {
			t.Errorf("%q became %q", c, got)
		}
	}
}

// A set's rows are read by their meanings.
func TestSets(t *testing.T) {
	header := row("Anst.nr", "Namn", "Fr.o.m.", "Är chef", "Lön")
	m := Guess(library, "", "staff", header, [][]sheet.Cell{row("1", "Kim Ek", "2020-01-01", "Ja", "1"), row("2", "Lo Ask", "2021-01-01", "Nej", "2")})
	r, err := m.Reader(header, library)
	if err != nil {
		t.Fatal(err)
	}
	got := r.Read(3, row("0042", "Kim Ek", "1/2 2020", "x", "9"))
	want := map[string]map[string][]string{"": {"person": {"0042"}, "name": {"Kim Ek"}, "from": {"2020-02-01"}, "leader": {"1"}}}
	if d := cmp.Diff(want, got.Forms); d != "" || !m.IsSet() || len(got.Wrong) > 0 {
		t.Error(d, got.Wrong)
	}
}

// Wherever a row comes from, reading it never stops the program, and what it gives can be read into the records.
func TestAnyRowIsRead(t *testing.T) {
	m := Map{Kind: "volume", Header: 1, Totals: true, Parts: []Part{{Name: "loan", Kind: "loan", Link: "volume"}}, Columns: []Column{
		{Header: "a", Field: "title"}, {Header: "b", Field: "lent"}, {Header: "c", Field: "year"}, {Header: "d", Field: "copies"}, {Header: "e", Field: "worn"},
		{Header: "f", Field: "bought"}, {Header: "g", Field: "known"}, {Header: "h", Field: "loan.levels"}, {Header: "i", Field: "siblings"}, {Header: "j", Field: "loan.on"}}}
	r := reader(t, m)
	cell := rapid.Custom(func(t *rapid.T) sheet.Cell {
		return sheet.Cell{Kind: sheet.CellKind(rapid.IntRange(0, 6).Draw(t, "kind")), Text: rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9/.,%KRT -]{0,12}`)).Draw(t, "text")}
	})
	rapid.Check(t, func(t *rapid.T) {
		reading := r.Read(2, rapid.SliceOfN(cell, 0, 12).Draw(t, "cells"))
		for part, form := range reading.Forms {
			p, _ := m.Part(part)
			s, _ := library(p.Kind)
			for _, w := range register.Read(s.New(), form) {
				if w.Code != "utf8" {
					t.Fatalf("%s %v: %v", part, form, w)
				}
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	m := Map{Kind: "volume", Header: 1, Unit: "library", Parts: []Part{{Name: "loan", Kind: "loan", Link: "volume"}}, Columns: []Column{
		{Header: "a", Field: "id"}, {Header: "b", Field: "title"}, {Header: "c", Field: "summary"}, {Header: "d", Field: "lent"}, {Header: "e", Field: "year"},
		{Header: "f", Field: "copies"}, {Header: "g", Field: "worn"}, {Header: "h", Field: "bought"}, {Header: "i", Field: "known"},
		{Header: "j", Field: "siblings"}, {Header: "k", Field: "loan.state"}, {Header: "l", Field: "loan.on"}}}
	rows := make([][]sheet.Cell, 10000)
	for i := range rows {
		rows[i] = row(fmt.Sprintf("id%d", i), fmt.Sprintf("Bok %d", i), fmt.Sprintf("Om bok %d", i), "Ja", "2024", fmt.Sprint(i), "12,5 %",
			string(register.Day("2010-01-01").AddDays(i%3000)), "Nej", fmt.Sprintf("Bok %d; Bok %d", i+1, i+2), "I bruk", "31/1 2024")
	}
	b.ReportAllocs()
	for b.Loop() {
		r := reader(b, m)
		for i, cells := range rows {
			if got := r.Read(i+2, cells); got.Skip || len(got.Wrong) > 0 {
				b.Fatal(got)
			}
		}
	}
}
