// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// population keeps a set of n rows of board-a under the id, as an import does.
func (w *world) population(id string, n int) {
	w.t.Helper()
	out, err := w.DB.WriteSet(w.ctx(), w.org, id, []string{"Anst.nr", "System", "Senast inloggad"})
	want(w.t, "write", err, nil)
	for i := range n {
		want(w.t, "row", out.Add([]string{fmt.Sprint("a", i), []string{"=Ärende", "Annat"}[i%2], "2023-01-01"}), nil)
	}
	set, err := out.Close()
	want(w.t, "close", err, nil)
	w.put(&isms.Population{Record: isms.Record{ID: id, Unit: "board-a"}, Name: "Behörigheter", Kind: isms.Entitlements, Day: "2023-01-09", System: "sys-a",
		Rows: register.CountOf(n), Columns: `["Anst.nr","System","Senast inloggad"]`, Meaning: `{"person":"Anst.nr","nothing":"Inget"}`, SHA256: set.SHA256})
}

// TestPopulation looks at a set of rows, and keeps it from those it is not for.
func TestPopulation(t *testing.T) { onEach(t, population) }

func population(t *testing.T, w *world) {
	w.population("pop", 120)
	ctx, who := w.ctx(), w.as("coordinator")
	p, err := w.Population(ctx, who, "pop", RowQuery{Where: []RowCondition{{Column: 1, Op: "is", Value: "annat"}}})
	want(t, "look", err, nil)
	if p.Rows.Total != 60 || len(p.Rows.Rows) != 50 || p.Rows.Next == 0 || p.Rows.Rows[0].Number != 2 || len(p.Columns) != 3 || !p.Dispose {
		t.Errorf("the page is %d of %d, next %d: %+v", len(p.Rows.Rows), p.Rows.Total, p.Rows.Next, p)
	}
	if len(p.Meaning) != 1 || p.Meaning["person"] != 0 || p.Titles.Of("system", "sys-a") != "Ärende" {
		t.Errorf("the meaning is %v, the titles %v", p.Meaning, p.Titles)
	}
	most, distinct, err := w.PopulationValues(ctx, who, "pop", 1, 10)
	want(t, "values", err, nil)
	if distinct != 2 || len(most) != 2 || most[0].Count != 60 {
		t.Errorf("%d values: %v", distinct, most)
	}
	_, _, err = w.PopulationValues(ctx, who, "pop", 9, 10)
	wantWrong(t, "a column that there is not", err, "unknown_field")

	for name, other := range map[string]access.Actor{"another board": w.as("coordinator-b"), "an employee": w.as("employee"), "nobody": {}} {
		_, err := w.Population(ctx, other, "pop", RowQuery{})
		want(t, "look by "+name, err, isms.ErrNotFound)
		_, _, err = w.PopulationValues(ctx, other, "pop", 0, 1)
		want(t, "values by "+name, err, isms.ErrNotFound)
		want(t, "export by "+name, w.ExportPopulation(ctx, other, "pop", RowQuery{}, "csv", locale.Swedish, io.Discard), isms.ErrNotFound)
		want(t, "disposal by "+name, w.DisposePopulation(ctx, other, "pop", ""), isms.ErrNotFound)
	}
}

// TestExportPopulation writes what a query picks, with formulas made harmless in CSV.
func TestExportPopulation(t *testing.T) { onEach(t, exportPopulation) }

func exportPopulation(t *testing.T, w *world) {
	w.population("pop", 120)
	ctx, who := w.ctx(), w.as("coordinator")
	for form, quote := range map[string]string{"csv": "'=Ärende", "xlsx": ">=Ärende<"} {
		for rows, q := range map[int]RowQuery{120: {}, 60: {Where: []RowCondition{{Column: 1, Op: "contains", Value: "ärende"}}}} {
			var b bytes.Buffer
			want(t, form, w.ExportPopulation(ctx, who, "pop", q, form, locale.Swedish, &b), nil)
			text := b.String()
			if form == "xlsx" {
				text = firstSheet(t, b.Bytes())
			}
			if got := strings.Count(text, quote); got != 60 {
				t.Errorf("%s of %d rows holds %d of the system", form, rows, got)
			}
			if got := strings.Count(text, "Annat"); got != rows-60 {
				t.Errorf("%s of %d rows holds %d of the other", form, rows, got)
			}
		}
	}
	want(t, "another form", w.ExportPopulation(ctx, who, "pop", RowQuery{}, "pdf", locale.Swedish, io.Discard), isms.ErrNotFound)
	wantWrong(t, "a bad condition", w.ExportPopulation(ctx, who, "pop", RowQuery{Where: []RowCondition{{Column: 9, Op: "is"}}}, "csv", locale.Swedish, io.Discard), "unknown_field")
	if err := w.ExportPopulation(ctx, who, "pop", RowQuery{}, "csv", locale.Swedish, broken{}); err == nil {
		t.Error("what cannot be written is written")
	}
}

// broken is a reader who has gone away.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestDisposePopulation disposes of rows by a decided rule whose time has come, and by no other.
func TestDisposePopulation(t *testing.T) { onEach(t, disposePopulation) }

func disposePopulation(t *testing.T, w *world) {
	w.population("pop", 10)
	rule := func(id, unit string, kind isms.PopulationKind, decided, until register.Day) register.Entity {
		return &isms.RetentionRule{Record: isms.Record{ID: id, Unit: unit}, Name: id, Kind: kind, Months: register.CountOf(12), DecidedOn: decided, ValidTo: until}
	}
	w.put(rule("proposed", "board-a", isms.Entitlements, "", ""), rule("other-kind", "board-a", isms.Completions, "2022-01-01", ""), rule("other-unit", "board-b", isms.Entitlements, "2022-01-01", ""),
		rule("over", "board-a", isms.Entitlements, "2022-01-01", "2022-12-31"), rule("ahead", "board-a", isms.Entitlements, "2023-06-01", ""))
	ctx, who := w.ctx(), w.as("coordinator")
	wantWrong(t, "without a decided rule", w.DisposePopulation(ctx, who, "pop", ""), "rule_undecided")
	w.put(rule("decided", "city", isms.Entitlements, "2022-01-01", ""))
	p, err := w.Population(ctx, who, "pop", RowQuery{})
	want(t, "look", err, nil)
	if len(p.Rules) != 3 || p.Rules[0].ID != "decided" || !p.Rules[0].Holds || p.Rules[0].Due != "2024-01-09" || p.Rules[1].Due != "" || p.Rules[1].Holds {
		t.Errorf("the rules are %+v", p.Rules)
	}
	wantWrong(t, "too early", w.DisposePopulation(ctx, who, "pop", ""), "rule_later")
	near := rule("near", "board-a", isms.Entitlements, "2022-01-01", "").(*isms.RetentionRule)
	near.Months = register.CountOf(11)
	w.put(near)
	if p, err = w.Population(ctx, who, "pop", RowQuery{}); err != nil || p.Rules[0].ID != "near" || p.Rules[1].Holds {
		t.Errorf("the nearer rule does not hold: %+v, %v", p.Rules, err)
	}
	w.later("2024-01-09")
	want(t, "by who may only see", w.DisposePopulation(ctx, w.as("auditor"), "pop", ""), isms.ErrForbidden)
	want(t, "disposal", w.DisposePopulation(ctx, who, "pop", "key"), nil)
	want(t, "the same disposal again", w.DisposePopulation(ctx, who, "pop", "key"), nil)
	want(t, "another disposal", w.DisposePopulation(ctx, who, "pop", ""), nil)
	p, err = w.Population(ctx, who, "pop", RowQuery{})
	want(t, "look afterwards", err, nil)
	if p.Population.DisposedOn != "2024-01-09" || p.Population.Rule != "ahead" || len(p.Rows.Rows) != 0 || p.Dispose {
		t.Errorf("afterwards the page is %+v", p)
	}
	want(t, "export afterwards", w.ExportPopulation(ctx, who, "pop", RowQuery{}, "csv", locale.Swedish, io.Discard), isms.ErrNotFound)
	err = w.DB.View(ctx, w.org, func(tx *store.Tx) error { _, err := tx.Set("pop"); return err })
	want(t, "the rows", err, isms.ErrNotFound)
	if _, err := w.Verify(ctx, w.as("central_office"), nil); err != nil {
		t.Errorf("the journal does not verify: %v", err)
	}
}
