// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// list keeps a set of rows with its record, each column meaning what its heading says.
func (w *world) list(id, unit string, kind isms.PopulationKind, day register.Day, columns []string, rows ...[]string) {
	w.t.Helper()
	out, err := w.DB.WriteSet(w.ctx(), w.org, id, columns)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, row := range rows {
		if err := out.Add(row); err != nil {
			w.t.Fatal(err)
		}
	}
	set, err := out.Close()
	if err != nil {
		w.t.Fatal(err)
	}
	means := map[string]string{}
	for _, c := range columns {
		means[c] = c
	}
	heads, _ := json.Marshal(columns)
	meaning, _ := json.Marshal(means)
	w.put(&isms.Population{Record: isms.Record{ID: id, Unit: unit}, Name: "Lista " + string(day), Kind: kind, Day: day, Source: "Personalsystemet",
		Rows: register.CountOf(int(set.Rows)), Columns: string(heads), Meaning: string(meaning), SHA256: set.SHA256})
}

var staffColumns = []string{"person", "name", "email", "unit", "leader", "from", "to"}

func headcounts(w *world) map[string]isms.Headcount {
	w.t.Helper()
	found := map[string]isms.Headcount{}
	err := w.DB.View(w.ctx(), w.org, func(tx *store.Tx) error {
		all, err := store.All[isms.Headcount](tx, everywhere)
		for _, h := range all {
			found[h.Unit+" "+string(h.Day)] = h
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

func TestFeedStaff(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.put(&isms.Person{Record: isms.Record{ID: "vera", Unit: "board-a"}, Name: "Vera", Email: "vera@exempel.se"},
			&isms.Person{Record: isms.Record{ID: "olle", Unit: "board-a"}, Name: "Olle", Number: "104"})
		w.list("jan", "board-a", isms.Employments, "2023-01-31", staffColumns,
			[]string{"101", "Vera Vik", "Vera@exempel.se", "board-a", "ja", "", ""}, []string{"102", "Per", "", "dept-a", "", "", ""},
			[]string{"104", "Olle", "", "board-a", "", "", ""}, []string{"105", "Eva", "", "board-a", "", "2023-02-01", ""},
			[]string{"106", "Ulf", "", "Okänd enhet", "", "", ""})
		who := w.as("central_office")
		plan, err := w.StaffPlan(w.ctx(), who, FeedStaff{Population: "jan", Persons: "leaders"})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(plan.Unknown, []string{"Okänd enhet"}) || len(plan.New) != 0 || len(plan.Changed) != 1 || plan.Done || plan.Earlier != nil {
			t.Errorf("the plan: %+v", plan)
		}
		if len(headcounts(w)) != 0 {
			t.Error("the plan made headcounts")
		}
		if err := w.FeedStaff(w.ctx(), who, FeedStaff{Population: "jan", Persons: "leaders", Key: "a"}); err != nil {
			t.Fatal(err)
		}
		got := headcounts(w)
		if h := got["board-a 2023-01-31"]; h.Persons != register.CountOf(2) || h.Managers != register.CountOf(1) || h.Joined.IsKnown() {
			t.Errorf("the board: %+v", h)
		}
		if h := got["dept-a 2023-01-31"]; h.Persons != register.CountOf(1) || len(got) != 2 {
			t.Errorf("the department: %+v of %d", h, len(got))
		}
		var wrong register.Wrongs
		if err := w.FeedStaff(w.ctx(), who, FeedStaff{Population: "jan", Key: "b"}); !errors.As(err, &wrong) || wrong[0].Code != "staff_fed" {
			t.Errorf("fed twice: %v", err)
		}

		w.later("2023-03-01")
		w.list("feb", "board-a", isms.Employments, "2023-02-28", staffColumns,
			[]string{"101", "Vera Vik", "vera@exempel.se", "dept-a", "ja", "", ""}, []string{"102", "Per", "", "dept-a", "", "", ""},
			[]string{"105", "Eva", "", "board-a", "", "2023-02-01", ""}, []string{"106", "Ulf", "", "Okänd enhet", "", "", ""})
		if err := w.FeedStaff(w.ctx(), who, FeedStaff{Population: "feb", Persons: "all", MakeUnits: true, Retire: true}); err != nil {
			t.Fatal(err)
		}
		got = headcounts(w)
		n := register.CountOf
		for unit, want := range map[string]isms.StaffCount{"board-a": {Persons: 1, Joined: n(1), Left: n(1), MovedIn: n(0), MovedOut: n(1)},
			"dept-a": {Persons: 2, Managers: 1, Joined: n(0), Left: n(0), MovedIn: n(1), MovedOut: n(0)}} {
			h := got[unit+" 2023-02-28"]
			is := isms.StaffCount{Joined: h.Joined, Left: h.Left, MovedIn: h.MovedIn, MovedOut: h.MovedOut}
			is.Persons, _ = h.Persons.Known()
			is.Managers, _ = h.Managers.Known()
			if is != want {
				t.Errorf("%s: %+v, want %+v", unit, is, want)
			}
		}
		err = w.DB.View(w.ctx(), w.org, func(tx *store.Tx) error {
			vera, err := store.Get[isms.Person](tx, everywhere, "vera")
			if vera.Unit != "dept-a" || vera.Number != "101" {
				t.Errorf("Vera: %+v, %v", vera, err)
			}
			olle, err := store.Get[isms.Person](tx, everywhere, "olle")
			if olle.Retired != "2023-02-28" {
				t.Errorf("Olle: %+v, %v", olle, err)
			}
			persons, err := store.All[isms.Person](tx, everywhere)
			for _, name := range []string{"Per", "Eva", "Ulf"} {
				if !slices.ContainsFunc(persons, func(p isms.Person) bool { return p.Name == name && p.Number != "" }) {
					t.Errorf("%s has no record: %v", name, err)
				}
			}
			units, err := store.All[isms.Unit](tx, everywhere)
			if !slices.ContainsFunc(units, func(u isms.Unit) bool { return u.Name == "Okänd enhet" && u.Parent == "board-a" && u.Unit == u.ID }) {
				t.Errorf("the new unit: %v, %v", units, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestFeedStaffRights(t *testing.T) {
	w := newWorld(t)
	w.list("jan", "board-a", isms.Employments, "2023-01-31", staffColumns, []string{"1", "Ny", "", "Ny enhet", "", "", ""})
	if err := w.FeedStaff(w.ctx(), w.as("auditor"), FeedStaff{Population: "jan"}); !errors.Is(err, isms.ErrForbidden) {
		t.Errorf("an auditor: %v", err)
	}
	if err := w.FeedStaff(w.ctx(), w.as("system_owner"), FeedStaff{Population: "jan"}); !errors.Is(err, isms.ErrNotFound) {
		t.Errorf("somebody who may not see it: %v", err)
	}
	if err := w.FeedStaff(w.ctx(), w.as("coordinator"), FeedStaff{Population: "jan", MakeUnits: true}); err == nil {
		t.Error("a coordinator made a unit")
	}
	w.list("kurs", "board-a", isms.Completions, "2023-01-31", []string{"person", "course"})
	var wrong register.Wrongs
	if err := w.FeedStaff(w.ctx(), w.as("coordinator"), FeedStaff{Population: "kurs"}); !errors.As(err, &wrong) || wrong[0].Code != "set_of_other_kind" {
		t.Errorf("a list of courses: %v", err)
	}
	w.list("utan", "board-a", isms.Employments, "2023-01-31", []string{"name"})
	if err := w.FeedStaff(w.ctx(), w.as("coordinator"), FeedStaff{Population: "utan"}); !errors.As(err, &wrong) || len(wrong) != 2 {
		t.Errorf("a list without person and unit: %v", err)
	}
}

func TestFeedTraining(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.put(&isms.Course{Record: isms.Record{ID: "grund", Unit: "board-a"}, Name: "Grundkurs", Kind: "e_learning", Compulsory: true, ValidMonths: 12})
		w.list("staff", "board-a", isms.Employments, "2023-01-31", staffColumns,
			[]string{"1", "A", "", "board-a", "ja", "", ""}, []string{"2", "B", "", "board-a", "", "", ""}, []string{"3", "C", "", "dept-a", "", "", ""})
		w.list("done", "board-a", isms.Completions, "2023-01-31", []string{"person", "course", "completed"},
			[]string{"1", "grundkurs", "2022-10-01"}, []string{"2", "Grundkurs", "2020-10-01"}, []string{"3", "Grundkurs", "2022-12-01"},
			[]string{"3", "Grundkurs", ""}, []string{"9", "Grundkurs", "2022-12-01"}, []string{"1", "Annan kurs", "2022-12-01"})
		who := w.as("coordinator")
		plan, err := w.TrainingPlan(w.ctx(), who, "done")
		if err != nil || !slices.Equal(plan.UnknownCourses, []string{"Annan kurs"}) || plan.Staff == nil || len(plan.Figures) != 2 {
			t.Fatalf("the plan: %+v, %v", plan, err)
		}
		if err := w.FeedTraining(w.ctx(), who, "done", ""); err != nil {
			t.Fatal(err)
		}
		var wrong register.Wrongs
		if err := w.FeedTraining(w.ctx(), who, "done", ""); !errors.As(err, &wrong) || wrong[0].Code != "training_fed" {
			t.Errorf("fed twice: %v", err)
		}
		w.later("2023-02-01")
		all, err := w.Figures(w.ctx(), who, "board-a", "2023-02-01", "")
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][2]int{"training_share/grund": {2, 3}, "leaders_trained/grund": {1, 1}}
		for _, f := range all {
			numbers, asked := want[f.ID()]
			if asked && (f.Numerator != register.CountOf(numbers[0]) || f.Denominator != register.CountOf(numbers[1])) {
				t.Errorf("%s: %v of %v", f.ID(), f.Numerator, f.Denominator)
			}
			delete(want, f.ID())
		}
		if len(want) > 0 {
			t.Errorf("not counted: %v", want)
		}
		// By counts only, and no staff list of the unit.
		w.list("counts", "board-b", isms.Completions, "2023-01-31", []string{"unit", "course", "count", "total"}, []string{"board-b", "grund", "30", "60"})
		if err := w.FeedTraining(w.ctx(), w.as("central_office"), "counts", ""); err != nil {
			t.Fatal(err)
		}
	})
}
