// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// TestUnitWithoutARoleIsNotFound tries every way to a record of another board.
func TestUnitWithoutARoleIsNotFound(t *testing.T) { onEach(t, unitWithoutARoleIsNotFound) }

func unitWithoutARoleIsNotFound(t *testing.T, w *world) {
	who := w.as("coordinator")
	ctx := w.ctx()

	_, err := w.Get(ctx, who, "system", "sys-b")
	want(t, "get", err, isms.ErrNotFound)
	_, err = w.History(ctx, who, "system", "sys-b")
	want(t, "history", err, isms.ErrNotFound)
	_, err = w.Save(ctx, who, Change{Kind: "system", ID: "sys-b", Rev: 1, Form: map[string][]string{"name": {"Mitt"}}})
	want(t, "change", err, isms.ErrNotFound)
	_, err = w.Save(ctx, who, Change{Kind: "system", Unit: "board-b", Form: map[string][]string{"name": {"Nytt"}, "lifecycle": {"in_use"}}})
	want(t, "create", err, isms.ErrNotFound)
	_, err = w.Save(ctx, who, Change{Kind: "system", ID: "sys-a", Rev: 1, Unit: "board-b"})
	want(t, "move there", err, isms.ErrNotFound)
	want(t, "retire", w.Retire(ctx, who, "system", "sys-b", 1, "", ""), isms.ErrNotFound)
	_, err = w.Figures(ctx, who, "board-b", "2023-01-10", "")
	want(t, "figures", err, isms.ErrNotFound)
	_, err = w.Curve(ctx, who, "board-b", "systems_classified", []register.Day{"2023-01-10"})
	want(t, "curve", err, isms.ErrNotFound)
	_, err = w.StartReview(ctx, who, NewReview{Unit: "board-b", Year: 2024, Template: "iso-9-3"})
	want(t, "review", err, isms.ErrNotFound)
	_, err = w.Get(ctx, who, "no_register", "x")
	want(t, "a register that is none", err, isms.ErrNotFound)

	page, err := w.List(ctx, who, "system", store.Query{})
	want(t, "list", err, nil)
	if got := ids(page.Records); !slices.Equal(got, []string{"sys-d", "sys-a"}) {
		t.Errorf("the list shows %v", got)
	}
	page, err = w.List(ctx, who, "system", store.Query{Where: map[string][]string{"unit": {"board-b"}}})
	want(t, "list of the other unit", err, nil)
	if page.Total != 0 || len(page.Records) != 0 {
		t.Errorf("the other unit's list shows %v of %d", ids(page.Records), page.Total)
	}
	options, _, err := w.Options(ctx, who, "system", "annat")
	want(t, "options", err, nil)
	if len(options) != 0 {
		t.Errorf("options show %v", options)
	}
	var csv bytes.Buffer
	want(t, "csv", w.Export(ctx, who, "system", store.Query{}, "csv", locale.Swedish, &csv), nil)
	if s := csv.String(); strings.Contains(s, "Annat") || !strings.Contains(s, "Journal") {
		t.Errorf("csv shows\n%s", s)
	}
	names, err := w.Names(ctx, who, "system", []string{"sys-a", "sys-b"})
	want(t, "names", err, nil)
	if names["sys-b"] != "" || names["sys-a"] != "Ärende" {
		t.Errorf("names are %v", names)
	}
}

func ids(records []register.Entity) []string {
	var list []string
	for _, rec := range records {
		list = append(list, rec.Head().ID)
	}
	return list
}

// TestLinksDoNotLeak holds that links into another board show no title, and links from it are not shown.
func TestLinksDoNotLeak(t *testing.T) { onEach(t, linksDoNotLeak) }

func linksDoNotLeak(t *testing.T, w *world) {
	w.put(
		&isms.Process{Record: isms.Record{ID: "proc-a", Unit: "board-a"}, Name: "Vår process", Systems: []register.Ref[isms.System]{"sys-a", "sys-b"}},
		&isms.Process{Record: isms.Record{ID: "proc-b", Unit: "board-b"}, Name: "Deras process", Systems: []register.Ref[isms.System]{"sys-a"}})
	who := w.as("coordinator")

	r, err := w.Get(w.ctx(), who, "process", "proc-a")
	want(t, "get", err, nil)
	if r.Titles.Of("system", "sys-a") != "Ärende" || r.Titles.Of("system", "sys-b") != "" {
		t.Errorf("titles are %v", r.Titles["system"])
	}
	r, err = w.Get(w.ctx(), who, "system", "sys-a")
	want(t, "get", err, nil)
	if len(r.Back) != 1 || r.Back[0].Kind != "process" || r.Back[0].Field != "systems" || !slices.Equal(r.Back[0].IDs, []string{"proc-a"}) {
		t.Errorf("backlinks are %+v", r.Back)
	}
	_, err = w.Save(w.ctx(), who, Change{Kind: "process", Unit: "board-a", Form: map[string][]string{"name": {"Tredje"}, "systems": {"sys-b"}}})
	wantWrong(t, "a link to another board", err, "no_such")
	_, err = w.Save(w.ctx(), who, Change{Kind: "process", ID: "proc-a", Rev: 1, Form: map[string][]string{"name": {"Ändrad"}, "systems": {"sys-a sys-b"}}})
	want(t, "a link that was there before", err, nil)
}

// TestHistoryOfAMovedRecord holds that what a record was in a unit that the reader has no insight into stays hidden.
func TestHistoryOfAMovedRecord(t *testing.T) { onEach(t, historyOfAMovedRecord) }

func historyOfAMovedRecord(t *testing.T, w *world) {
	w.now = w.now.AddDate(0, 1, 0)
	_, err := w.Save(w.ctx(), w.as("central_office"), Change{Kind: "system", ID: "sys-b", Rev: 1, Unit: "board-a",
		Form: map[string][]string{"owner": {"system_owner"}}})
	want(t, "move", err, nil)

	h, err := w.History(w.ctx(), w.as("coordinator"), "system", "sys-b")
	want(t, "history", err, nil)
	if len(h.Versions) != 2 {
		t.Fatalf("%d versions", len(h.Versions))
	}
	now, before := h.Versions[0], h.Versions[1]
	if !before.Hidden || before.Changes != nil || before.Who != "" || before.Unit != "" {
		t.Errorf("the version of the other unit shows %+v", before)
	}
	if now.Hidden || !now.Moved || now.Who != "central_office" || h.Titles.Of("person", "central_office") == "" {
		t.Errorf("the newest version is %+v", now)
	}
	for _, c := range now.Changes {
		if c.Was != "" && c.Was != "0" || strings.Contains(c.Was, "coordinator-b") {
			t.Errorf("the newest version tells what %s was: %q", c.Field.Name, c.Was)
		}
	}
	full, err := w.History(w.ctx(), w.as("central_office"), "system", "sys-b")
	want(t, "history", err, nil)
	if len(full.Versions[0].Changes) != 1 || full.Versions[0].Changes[0].Was != "coordinator-b" || full.Versions[1].Hidden {
		t.Errorf("who sees both units sees %+v", full.Versions)
	}
}

// TestListsAreWhatMayBeSeen draws people with any roles in any units, and holds that lists, options and single records show
// exactly what they may see.
func TestListsAreWhatMayBeSeen(t *testing.T) {
	w := newWorld(t)
	units := []isms.Unit{*unit("city", "", "city"), *unit("board-a", "city", "board"), *unit("board-b", "city", "board"), *unit("dept-a", "board-a", "department")}
	kinds := []string{"system", "document", "risk_cycle"}
	for _, u := range units {
		w.put(
			&isms.System{Record: isms.Record{ID: "s-" + u.ID, Unit: u.ID}, Name: "Systemet", Lifecycle: isms.InUse},
			&isms.Document{Record: isms.Record{ID: "d-" + u.ID, Unit: u.ID}, Title: "Rutinen", Type: "routine", State: isms.DocumentDraft},
			&isms.RiskCycle{Record: isms.Record{ID: "r-" + u.ID, Unit: u.ID}, Name: "Cykeln", AnalysisYear: 2023, AnalysisState: "planned",
				ImplementationYear: 2024, ImplementationState: "planned"})
	}
	everything := map[string][]register.Entity{}
	for _, kind := range kinds {
		page, err := w.List(w.ctx(), access.Operator(org, "test"), kind, store.Query{})
		want(t, "everything", err, nil)
		everything[kind] = page.Records
	}
	rapid.Check(t, func(rt *rapid.T) {
		var held []isms.Assignment
		for range rapid.IntRange(0, 3).Draw(rt, "roles") {
			held = append(held, isms.Assignment{Record: isms.Record{Unit: rapid.SampledFrom(units).Draw(rt, "unit").ID}, Person: "somebody",
				Role: isms.Role(rapid.SampledFrom(isms.Role("").Choices()).Draw(rt, "role"))})
		}
		who := access.NewActor(org, isms.Person{Record: isms.Record{ID: "somebody"}}, held, units, "2023-01-10")
		kind := rapid.SampledFrom(kinds).Draw(rt, "kind")
		var may []string
		for _, rec := range everything[kind] {
			id := rec.Head().ID
			_, err := w.Get(t.Context(), who, kind, id)
			if who.May(access.See, kind, rec.Head().Unit) {
				may = append(may, id)
			}
			if (err == nil) != slices.Contains(may, id) || err != nil && !errors.Is(err, isms.ErrNotFound) {
				rt.Fatalf("%s %s: %v", kind, id, err)
			}
		}
		page, err := w.List(t.Context(), who, kind, store.Query{})
		options, _, optErr := w.Options(t.Context(), who, kind, "")
		if len(may) == 0 && (err == nil && page.Total == 0 || errors.Is(err, isms.ErrNotFound)) && len(options) == 0 {
			return
		}
		if err != nil || optErr != nil || page.Total != len(may) || !slices.Equal(ids(page.Records), may) || len(options) != len(may) {
			rt.Fatalf("%s: listed %v of %d and %d options, may see %v (%v, %v)", kind, ids(page.Records), page.Total, len(options), may, err, optErr)
		}
	})
}
