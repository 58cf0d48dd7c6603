// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// rowsFor keeps a set under the id, whose columns hold what they are called.
func (w *world) rowsFor(id string, kind isms.PopulationKind, columns []string, rows ...[]string) {
	w.t.Helper()
	out, err := w.DB.WriteSet(w.ctx(), w.org, id, columns)
	want(w.t, "write", err, nil)
	for _, row := range rows {
		want(w.t, "row", out.Add(row), nil)
	}
	set, err := out.Close()
	want(w.t, "close", err, nil)
	means := map[string]string{}
	for _, c := range columns {
		means[c] = c
	}
	heads, _ := json.Marshal(columns)
	meaning, _ := json.Marshal(means)
	w.put(&isms.Population{Record: isms.Record{ID: id, Unit: "board-a"}, Name: "Lista " + id, Kind: kind, Day: "2023-01-09", System: "sys-a",
		Rows: register.CountOf(len(rows)), Columns: string(heads), Meaning: string(meaning), SHA256: set.SHA256})
}

// dealtOut deals the list's rows out and tells whose each is.
func (w *world) dealtOut(how dealing, list string) (whose map[int64]string, parts []dealt) {
	w.t.Helper()
	whose = map[int64]string{}
	want(w.t, "deal", w.DB.View(w.ctx(), w.org, func(tx *store.Tx) error {
		d, err := w.dealers(tx, w.org, how)
		if err != nil {
			return err
		}
		p, err := store.Get[isms.Population](tx, everywhere, list)
		if err != nil {
			return err
		}
		if err := d.of(&p).each(nil); err != nil {
			return err
		}
		parts = d.deal()
		return nil
	}), nil)
	for _, p := range parts {
		for _, n := range p.Rows {
			whose[n] = p.Reviewer
		}
	}
	return whose, parts
}

func person(id, unit, number, email string) *isms.Person {
	return &isms.Person{Record: isms.Record{ID: id, Unit: unit}, Name: "Namn " + id, Number: number, Email: email}
}

func role(person, role, unit string, to register.Day) *isms.Assignment {
	return &isms.Assignment{Record: isms.Record{ID: "as-" + person + "-" + unit, Unit: unit}, Person: register.Ref[isms.Person](person), Role: isms.Role(role), ValidTo: to}
}

// TestDealers finds who judges each row, and gives nobody their own.
func TestDealers(t *testing.T) { onEach(t, dealers) }

func dealers(t *testing.T, w *world) {
	w.put(person("chef-d", "dept-a", "100", "chef.d@exempelstad.se"), role("chef-d", "manager", "dept-a", ""),
		person("rad", "dept-a", "200", "rad@exempelstad.se"), person("namngiven", "dept-a", "", "n@exempelstad.se"),
		person("chef-d-admin", "board-a", "", "Chef.D@exempelstad.se"), // a second record of the same person
		person("gone", "dept-a", "300", ""))
	want(t, "retire", w.Retire(w.ctx(), w.as("central_office"), "person", "gone", 1, "", ""), nil)
	w.rowsFor("hr", isms.Employments, []string{"person", "email", "unit", "manager", "to"},
		[]string{"200", "rad@exempelstad.se", "dept-a", "Namn namngiven", ""},
		[]string{"201", "", "dept-a", "300", ""}, // whose manager has left: the unit's
		[]string{"202", "", "dept-a", "200", "2022-12-31"}, []string{"202", "", "board-b", "", ""},
		[]string{"888", "chef.d@exempelstad.se", "dept-a", "", ""}) // the HR list knows the manager by another number
	w.rowsFor("pop", isms.Entitlements, []string{"person", "email", "account", "unit", "manager", "system"},
		[]string{"1", "", "", "", "N@Exempelstad.se ", ""},              // 1: the row's own manager
		[]string{"200", "", "", "", "", ""},                             // 2: the HR list's
		[]string{"", "", "", " DEPT-A", "", ""},                         // 3: the unit's manager
		[]string{"100", "", "", "dept-a", "", ""},                       // 4: about the manager: the head above
		[]string{"", "", "chef.d", "dept-a", "", ""},                    // 5: an account named as the manager's e-mail
		[]string{"888", "", "", "dept-a", "", ""},                       // 6: the manager by the number of the HR list
		[]string{"", "", "", "board-b", "", ""},                         // 7: no manager and no head there: the reserve
		[]string{"", "dpo@exempelstad.se", "", "", "", ""},              // 8: nothing is known: the reserve
		[]string{"201", "", "", "", "", "Journal"},                      // 9: the manager has left: the unit of the HR list
		[]string{"202", "", "", "", "", "Annat"},                        // 10: the employment that holds counts
		[]string{"", "CHEF.D@exempelstad.se", "", "dept-a", "100", "x"}) // 11: named as one's own manager
	how := dealing{Judges: isms.JudgedByManagers, Staff: "hr", Reserve: "dpo"}
	whose, parts := w.dealtOut(how, "pop")
	if diff := cmp.Diff(map[int64]string{1: "namngiven", 2: "namngiven", 3: "chef-d", 4: "manager", 5: "manager", 6: "manager", 7: "dpo", 8: "dpo", 9: "chef-d", 10: "dpo", 11: "manager"}, whose); diff != "" {
		t.Error(diff)
	}
	for _, p := range parts {
		if !p.looked || p.Name == "" || !slices.IsSorted(p.Rows) || (p.byUnit != "") != (p.Reviewer == "chef-d" || p.Reviewer == "manager") {
			t.Errorf("%+v", p)
		}
	}
	how.Reserve = ""
	if whose, _ = w.dealtOut(how, "pop"); whose[7] != "" || whose[8] != "" {
		t.Errorf("without a reserve: %v", whose)
	}
	whose, _ = w.dealtOut(dealing{Judges: isms.JudgedByOwners, Reserve: "dpo"}, "pop")
	if whose[9] != "system_owner" || whose[10] != "coordinator-b" || whose[1] != "dpo" { // sys-a, of the list, has no owner
		t.Errorf("by owners: %v", whose)
	}
	whose, _ = w.dealtOut(dealing{Judges: isms.JudgedByOne, Judge: "chef-d-admin", Reserve: "dpo"}, "pop")
	if whose[1] != "chef-d-admin" || whose[4] != "dpo" || whose[5] != "dpo" || whose[11] != "dpo" {
		t.Errorf("by one, who is the same as another: %v", whose)
	}
	want(t, "a list that is no more", w.DB.View(w.ctx(), w.org, func(tx *store.Tx) error {
		_, err := w.dealers(tx, w.org, dealing{Staff: "none"})
		return err
	}), isms.ErrNotFound)
}

// TestDealByMergedUnits gives what belonged to a unit that has ceased to those above it, and what moved to those it moved to.
func TestDealByMergedUnits(t *testing.T) {
	w := newWorld(t)
	w.put(person("chef-d", "dept-a", "", ""), role("chef-d", "manager", "dept-a", ""))
	w.rowsFor("pop", isms.Entitlements, []string{"account", "unit"}, []string{"a", "dept-a"})
	how := dealing{Judges: isms.JudgedByManagers}
	if whose, _ := w.dealtOut(how, "pop"); whose[1] != "chef-d" {
		t.Fatalf("before: %v", whose)
	}
	dept := unit("dept-a", "board-a", "department")
	dept.Rev, dept.ValidTo = 1, "2023-01-09"
	w.put(dept)
	if whose, _ := w.dealtOut(how, "pop"); whose[1] != "manager" {
		t.Errorf("the unit has ceased: %v", whose)
	}
	dept.ValidTo, dept.Parent = "", "board-b"
	w.put(role("chef-d", "employee", "city", ""), dept, person("chef-b", "board-b", "", ""), role("chef-b", "head", "board-b", ""))
	as := role("chef-d", "manager", "dept-a", "2023-01-09")
	as.Rev = 1
	w.put(as)
	if whose, _ := w.dealtOut(how, "pop"); whose[1] != "chef-b" {
		t.Errorf("the unit has moved and its manager ended: %v", whose)
	}
}

// TestDeal makes portions that hold what was dealt, cuts large ones, and keeps a reviewer's own rows from them also where no dealer has looked.
func TestDeal(t *testing.T) { onEach(t, deal) }

func deal(t *testing.T, w *world) {
	w.put(person("granskare", "board-a", "7", "g@exempelstad.se"))
	w.checking("check", isms.SpotCheckOngoing)
	var rows [][]string
	for i := range 4500 {
		rows = append(rows, []string{fmt.Sprint("p", i+1), ""})
	}
	rows[9][0], rows[10][1] = "7", "G@exempelstad.se"
	w.rowsFor("pop", isms.Entitlements, []string{"person", "email"}, rows...)
	part := dealt{Name: "Del", Reviewer: "granskare", Population: "pop", Marks: map[int64][]string{}}
	for n := range int64(4500) {
		part.Rows = append(part.Rows, n+1)
		part.Marks[n+1] = []string{"dormant", "privileged"}
	}
	part.Chosen = []int64{5, 4500}
	portions := w.deals("check", "dpo", part)
	count, met := map[string]int{}, map[int64]bool{}
	for _, p := range portions {
		numbers, err := rowsIn(p.Rows)
		want(t, "rows", err, nil)
		marks, err := marksIn(p)
		want(t, "marks", err, nil)
		if n, _ := p.Count.Known(); n != len(numbers) || n > maxPortion || len(marks) != n || len(p.Marks) > 90_000 {
			t.Errorf("%s: count %v, %d rows, %d marked in %d bytes", p.Name, p.Count, len(numbers), len(marks), len(p.Marks))
		}
		for _, n := range numbers {
			if met[n] {
				t.Fatalf("row %d is in two portions", n)
			}
			met[n] = true
		}
		count[string(p.Reviewer)] += len(numbers)
	}
	if count["granskare"] != 4498 || count["dpo"] != 2 || len(met) != 4500 {
		t.Errorf("%v of %d", count, len(met))
	}
	chosen := ""
	for _, p := range portions {
		if p.Chosen != "" {
			chosen += p.Chosen + " "
		}
	}
	if chosen != "5 4500 " {
		t.Errorf("chosen: %q", chosen)
	}
	for _, p := range w.deals("check", "granskare", dealt{Name: "Del", Reviewer: "granskare", Population: "pop", Rows: []int64{10, 11, 12}}) {
		if p.Rows == "10-11" && p.Reviewer != "" || p.Rows == "12" && p.Reviewer != "granskare" {
			t.Errorf("%s for %q", p.Rows, p.Reviewer)
		}
	}
}

// checking makes a spot check of board-a in the state.
func (w *world) checking(id string, state isms.SpotCheckState) {
	w.t.Helper()
	w.put(&isms.SpotCheck{Record: isms.Record{ID: id, Unit: "board-a"}, Name: "Stickprov", Area: "behörigheter", Year: 2023, State: state, Checker: "coordinator",
		Judges: isms.JudgedByManagers})
}

// deals deals the parts out for the check, and returns its portions that it made in the order in which it made them.
func (w *world) deals(check, reserve string, parts ...dealt) []isms.Portion {
	w.t.Helper()
	who := w.as("coordinator")
	var portions []isms.Portion
	want(w.t, "deal", w.DB.Update(w.ctx(), store.Act{Org: w.org, Who: "coordinator"}, func(tx *store.Tx) error {
		ids, err := w.deal(w.ctx(), tx, who, portionOf{SpotCheck: check, Unit: "board-a", DueOn: "2023-01-31"}, parts, reserve)
		if err != nil {
			return err
		}
		for _, id := range ids {
			p, err := store.Get[isms.Portion](tx, everywhere, id)
			if err != nil {
				return err
			}
			portions = append(portions, p)
		}
		return nil
	}), nil)
	return portions
}

// TestRowsText writes and reads row numbers.
func TestRowsText(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		set := rapid.MapOfN(rapid.Int64Range(1, 300), rapid.Just(true), 0, 200).Draw(r, "rows")
		rows := slices.Sorted(maps.Keys(set))
		read, err := rowsIn(rowsText(rows))
		if err != nil || !slices.Equal(read, rows) {
			r.Fatalf("%v is read as %v: %v", rows, read, err)
		}
	})
	if got := rowsText([]int64{1, 2, 3, 4, 9}); got != "1-4,9" {
		t.Error(got)
	}
	for _, bad := range []string{"x", "4-1", "1-9999", "-", "1-2-3"} {
		if _, err := rowsIn(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// TestSelf holds who is the same as whom.
func TestSelf(t *testing.T) { onEach(t, selves) }

func selves(t *testing.T, w *world) {
	w.put(person("a", "board-a", "7", "a@x.se"), person("b", "board-a", "7", "b@x.se"), person("c", "board-a", "", "B@x.se"), person("d", "board-a", "8", "d@x.se"),
		person("e", "board-a", "9", "e@x.se"))
	w.rowsFor("hr", isms.Employments, []string{"person", "email", "unit"}, []string{"8", "c2@x.se", ""}, []string{"9", "a@x.se", ""})
	of := func(who, staff string, n rowNames) (is bool) {
		want(t, "self", w.DB.View(w.ctx(), w.org, func(tx *store.Tx) error {
			s, err := w.selfOf(tx, w.org, who, staff)
			is = s.isIn(n)
			return err
		}), nil)
		return is
	}
	for _, c := range []struct {
		who, staff string
		row        rowNames
		own        bool
	}{
		{"a", "", rowNames{person: "7"}, true},
		{"a", "", rowNames{email: "b@x.se"}, true},    // by another record with the same number
		{"a", "", rowNames{person: "c"}, true},        // and by that one's e-mail a third
		{"c", "", rowNames{email: "a@x.se"}, true},    // and back
		{"a", "", rowNames{account: "b"}, true},       // an account named as an e-mail
		{"a", "", rowNames{person: "8"}, false},       //
		{"d", "hr", rowNames{email: "c2@x.se"}, true}, // the HR list gives the number another e-mail
		{"d", "", rowNames{email: "c2@x.se"}, false},
		{"a", "hr", rowNames{person: "9"}, true}, // and an e-mail another number
		{"d", "", rowNames{person: "x", name: "namn d"}, false},
		{"d", "", rowNames{name: "namn d"}, true}, // a name, where there is nothing else
		{"d", "", rowNames{}, false},
	} {
		if got := of(c.who, c.staff, c.row); got != c.own {
			t.Errorf("%s with %q of %+v: %v", c.who, c.staff, c.row, got)
		}
	}
	w.put(person("f", "board-a", "x1", "d@x.se")) // known only after the first look
	if !of("d", "", rowNames{person: "x1"}) {
		t.Error("a record that was made since is not seen")
	}
	p := person("f", "board-a", "x1", "annan@x.se")
	p.Rev = 1
	w.put(p)
	if !of("d", "", rowNames{person: "x1"}) {
		t.Error("what somebody was called is forgotten")
	}
}

// TestPortionSplit cuts a part whose marks are too long for one portion.
func TestPortionSplit(t *testing.T) {
	d := dealt{Marks: map[int64][]string{}}
	for n := range int64(2000) {
		d.Rows = append(d.Rows, n+1)
		d.Marks[n+1] = RowMarks()
	}
	for _, piece := range d.split() {
		p := &isms.Portion{}
		want(t, "fill", piece.fill(p), nil)
		if len(p.Marks) > 90_000 || strings.Count(p.Marks, "leaver") != len(piece.Rows) {
			t.Errorf("%d bytes, %d rows", len(p.Marks), len(piece.Rows))
		}
	}
}
