// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

func (w *world) system(id string) isms.System {
	w.t.Helper()
	r, err := w.Get(w.ctx(), w.as("auditor"), "system", id)
	if err != nil {
		w.t.Fatal(err)
	}
	return *r.Entity.(*isms.System)
}

func TestSaveRefusesAStaleRevision(t *testing.T) { onEach(t, saveRefusesAStaleRevision) }

func saveRefusesAStaleRevision(t *testing.T, w *world) {
	who := w.as("coordinator")
	_, err := w.Save(w.ctx(), who, Change{Kind: "system", ID: "sys-a", Rev: 1, Form: map[string][]string{"supplier": {"Ett"}}})
	want(t, "first", err, nil)
	_, err = w.Save(w.ctx(), who, Change{Kind: "system", ID: "sys-a", Rev: 1, Form: map[string][]string{"supplier": {"Två"}}})
	want(t, "second", err, isms.ErrStale)
	if s := w.system("sys-a"); s.Supplier != "Ett" || s.Rev != 2 || s.Name != "Ärende" {
		t.Errorf("the record is %+v", s)
	}
	want(t, "retire", w.Retire(w.ctx(), who, "system", "sys-a", 1, "", ""), isms.ErrStale)
}

func TestSaveOnceUnderOneKey(t *testing.T) { onEach(t, saveOnceUnderOneKey) }

func saveOnceUnderOneKey(t *testing.T, w *world) {
	c := Change{Kind: "system", Unit: "board-a", Key: "k1", Form: map[string][]string{"name": {"Nytt"}, "lifecycle": {"in_use"}}}
	first, err := w.Save(w.ctx(), w.as("coordinator"), c)
	want(t, "first", err, nil)
	again, err := w.Save(w.ctx(), w.as("coordinator"), c)
	want(t, "again", err, nil)
	if first != again || first == "" {
		t.Errorf("the same key made %q and %q", first, again)
	}
	other, err := w.Save(w.ctx(), w.as("central_office"), c)
	want(t, "somebody else's key", err, nil)
	if other == first {
		t.Error("one person's key gave another person's record")
	}
	page, err := w.List(w.ctx(), w.as("coordinator"), "system", store.Query{Search: "nytt"})
	want(t, "list", err, nil)
	if page.Total != 2 {
		t.Errorf("%d systems were made, want one for each person", page.Total)
	}
	c.Form["name"] = []string{"Något annat"}
	another, err := w.Save(w.ctx(), w.as("coordinator"), c)
	want(t, "the same key for something else", err, nil)
	if another == first {
		t.Error("what somebody went back and wrote was lost")
	}
	c.Key = strings.Repeat("k", 101)
	_, err = w.Save(w.ctx(), w.as("coordinator"), c)
	wantWrong(t, "a long key", err, "long")
}

func TestSaveSaysWhatIsWrongAndKeepsNothing(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		code string
		form map[string][]string
	}{
		{"unknown_field", map[string][]string{"secret": {"1"}}},
		{"required", map[string][]string{"name": {""}}},
		{"utf8", map[string][]string{"name": {"\xff"}}},
		{"long", map[string][]string{"name": {strings.Repeat("å", 121)}}},
		{"long", map[string][]string{"purpose": {strings.Repeat("å", 1<<20)}}},
		{"day", map[string][]string{"in_use_from": {"2023-02-30"}}},
		{"choice", map[string][]string{"lifecycle": {"lost"}}},
		{"no_such", map[string][]string{"owner": {"nobody"}}},
		{"before", map[string][]string{"in_use_from": {"2023-02-02"}, "in_use_to": {"2023-02-01"}}},
	} {
		_, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "system", ID: "sys-a", Rev: 1, Form: c.form})
		wantWrong(t, c.code, err, c.code)
	}
	many := map[string][]string{}
	for range 201 {
		many[register.NewID()] = nil
	}
	_, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "system", ID: "sys-a", Rev: 1, Form: many})
	wantWrong(t, "too many fields", err, "many")
	if s := w.system("sys-a"); s.Rev != 1 {
		t.Errorf("something was kept: %+v", s)
	}
	wantWrong(t, "retire", w.Retire(w.ctx(), w.as("coordinator"), "system", "sys-a", 1, "2023-02-30", ""), "day")
}

func TestOnlyDecidersDecideClassifications(t *testing.T) {
	w := newWorld(t)
	form := map[string][]string{"system": {"sys-a"}, "model": {"klassa-0-4"}, "state": {"decided"}, "confidentiality": {"2"},
		"integrity": {"2"}, "availability": {"1"}, "decided_on": {"2023-01-10"}}
	for _, role := range []string{"coordinator", "central_office", "system_owner"} {
		_, err := w.Save(w.ctx(), w.as(role), Change{Kind: "classification", Unit: "board-a", Form: form})
		wantWrong(t, role, err, "classification_by_decider")
	}
	id, err := w.Save(w.ctx(), w.as("information_owner"), Change{Kind: "classification", Unit: "board-a", Form: form})
	want(t, "information owner", err, nil)
	_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "classification", ID: id, Rev: 1, Form: map[string][]string{"confidentiality": {"0"}}})
	wantWrong(t, "lowering a decided level", err, "classification_by_decider")
	_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "classification", ID: id, Rev: 1, Form: map[string][]string{"state": {"planned"}}})
	wantWrong(t, "undoing a decision", err, "classification_by_decider")
}

func TestNobodyGivesThemselvesARole(t *testing.T) {
	w := newWorld(t)
	who := w.as("central_office")
	form := func(person string) map[string][]string {
		return map[string][]string{"person": {person}, "role": {"head"}}
	}
	_, err := w.Save(w.ctx(), who, Change{Kind: "assignment", Unit: "board-a", Form: form("central_office")})
	wantWrong(t, "to oneself", err, "own_role")
	id, err := w.Save(w.ctx(), who, Change{Kind: "assignment", Unit: "board-a", Form: form("employee")})
	want(t, "to another", err, nil)
	_, err = w.Save(w.ctx(), who, Change{Kind: "assignment", ID: id, Rev: 1, Form: form("central_office")})
	wantWrong(t, "by changing another's", err, "own_role")
	wantWrong(t, "ending one's own", w.Retire(w.ctx(), who, "assignment", "as-central_office", 1, "", ""), "own_role")
	_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "assignment", Unit: "board-a", Form: form("employee")})
	want(t, "coordinator", err, isms.ErrForbidden)
}

func TestUnitsFormATree(t *testing.T) {
	w := newWorld(t)
	who := w.as("central_office")
	form := map[string][]string{"name": {"Ny"}, "code": {"NY"}, "kind": {"department"}, "parent": {"board-b"}}
	id, err := w.Save(w.ctx(), who, Change{Kind: "unit", Form: form})
	want(t, "a new unit", err, nil)
	if !w.as("coordinator-b").May("see", "system", id) {
		t.Error("the role above does not reach the new unit")
	}
	_, err = w.Save(w.ctx(), who, Change{Kind: "unit", ID: "board-a", Rev: 1, Form: map[string][]string{"parent": {"dept-a"}}})
	wantWrong(t, "under its own part", err, "own_parent")
	form["parent"] = nil
	_, err = w.Save(w.ctx(), who, Change{Kind: "unit", Form: form})
	want(t, "a second root", err, isms.ErrNotFound)
	_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "unit", ID: "board-a", Rev: 1, Form: map[string][]string{"name": {"Vi"}}})
	want(t, "coordinator", err, isms.ErrForbidden)
}

// TestMovingNeedsBothUnits holds that a record is moved only by somebody who may make such a record where it comes.
func TestMovingNeedsBothUnits(t *testing.T) {
	w := newWorld(t)
	w.put(&isms.Assignment{Record: isms.Record{ID: "as-more", Unit: "board-b"}, Person: "coordinator", Role: isms.Auditor})
	_, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "system", ID: "sys-a", Rev: 1, Unit: "board-b"})
	want(t, "into a unit where one only reads", err, isms.ErrForbidden)
	_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "system", ID: "sys-b", Rev: 1, Unit: "board-a"})
	want(t, "out of a unit where one only reads", err, isms.ErrForbidden)
	_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "system", ID: "sys-a", Rev: 1, Unit: "dept-a"})
	want(t, "within one's own", err, nil)
}

func TestListRefusesWhatNoPageAsksFor(t *testing.T) {
	w := newWorld(t)
	for name, q := range map[string]store.Query{
		"long":          {Search: strings.Repeat("a", 201)},
		"utf8":          {Search: "\xff"},
		"many":          {Where: map[string][]string{"lifecycle": make([]string, 101)}},
		"unknown_field": {Where: map[string][]string{"body": {"x"}}},
		"cursor":        {After: "here"},
	} {
		_, err := w.List(w.ctx(), w.as("coordinator"), "system", q)
		wantWrong(t, name, err, name)
	}
	_, err := w.List(w.ctx(), w.as("coordinator"), "system", store.Query{Sort: "nothing"})
	wantWrong(t, "sort", err, "unknown_field")
	_, err = w.List(w.ctx(), w.as("employee"), "system", store.Query{})
	want(t, "a register that the role does not see", err, isms.ErrNotFound)
	_, err = w.List(w.ctx(), w.as("administrator"), "person", store.Query{})
	want(t, "the administrator", err, isms.ErrNotFound)
}
