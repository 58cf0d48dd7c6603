// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"fmt"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// decided makes removals of the rows of a list, as a spot check does, and returns them.
func (w *world) decided(check, list string, answers map[int64]rowAnswer) []isms.Removal {
	w.t.Helper()
	var all []isms.Removal
	want(w.t, "removals", w.DB.Update(w.ctx(), store.Act{Org: w.org, Who: "coordinator"}, func(tx *store.Tx) error {
		ids, err := w.makeRemovals(tx, removalOf{SpotCheck: check, Unit: "board-a"}, list, answers)
		if err != nil {
			return err
		}
		for _, id := range ids {
			r, err := store.Get[isms.Removal](tx, everywhere, id)
			if err != nil {
				return err
			}
			all = append(all, r)
		}
		return nil
	}), nil)
	return all
}

func (w *world) answeredOn(answer isms.RowAnswer) rowAnswer {
	return rowAnswer{Answer: answer, At: register.MomentOf(w.now)}
}

// TestRemovalsOfASpotCheck come of its answers, once for each row.
func TestRemovalsOfASpotCheck(t *testing.T) { onEach(t, checkRemovals) }

func checkRemovals(t *testing.T, w *world) {
	w.theLists()
	w.checking("check", isms.SpotCheckOngoing)
	answers := map[int64]rowAnswer{1: w.answeredOn(isms.Keep), 2: w.answeredOn(isms.Remove), 3: w.answeredOn(isms.Deviating), 6: w.answeredOn(isms.Alter)}
	all := w.decided("check", "list", answers)
	if len(all) != 2 || all[0].Name != "Left" || all[1].Name != "Robot" || all[0].SpotCheck != "check" || all[0].AccessReview != "" || all[1].Wanted != isms.Alter || all[0].EndedOn != "" {
		t.Errorf("%+v", all)
	}
	if again := w.decided("check", "list", answers); len(again) != 0 {
		t.Errorf("%d were made twice", len(again))
	}
	page, err := w.Removal(w.ctx(), w.as("coordinator"), all[0].ID)
	want(t, "page", err, nil)
	if len(page.Heads) != len(listColumns) || page.Cells[0] != "2" || !page.MayWithdraw {
		t.Errorf("the page is %+v", page)
	}
	page, err = w.Removal(w.ctx(), w.as("auditor"), all[0].ID)
	if err != nil || page.MayWithdraw {
		t.Errorf("who only reads may withdraw: %v", err)
	}
	_, err = w.Removal(w.ctx(), w.as("coordinator-b"), all[0].ID)
	want(t, "page by another board", err, isms.ErrNotFound)
}

// TestListThatCannotTell shows nothing to be gone: of another system, of another name, from before, or without the columns that tell.
func TestListThatCannotTell(t *testing.T) { onEach(t, cannotTell) }

func cannotTell(t *testing.T, w *world) {
	w.theLists()
	w.checking("check", isms.SpotCheckOngoing)
	removals := w.decided("check", "list", map[int64]rowAnswer{2: w.answeredOn(isms.Remove), 4: w.answeredOn(isms.Alter)})
	if len(removals) != 2 {
		t.Fatal(len(removals))
	}
	nobody := []string{"77", "Någon", "", "board-a", "x", "y", "", "", "", ""}
	list := func(id string, day register.Day, change func(*isms.Population)) {
		w.listOn(id, day, nobody)
		w.rewrite("population", id, func(rec register.Entity) { change(rec.(*isms.Population)) })
	}
	list("other-system", "2023-02-15", func(p *isms.Population) { p.System = "sys-d" })
	list("other-name", "2023-02-15", func(p *isms.Population) { p.Source = "Bara administratörer" })
	list("other-unit", "2023-02-15", func(p *isms.Population) { p.Unit = "dept-a" })
	list("before", "2022-11-01", func(*isms.Population) {})
	list("same-day", "2023-01-09", func(*isms.Population) {})
	list("no-right", "2023-02-15", func(p *isms.Population) { p.Meaning = strings.Replace(p.Meaning, `"role":"role"`, `"x":"role"`, 1) })
	list("nobody", "2023-02-15", func(p *isms.Population) {
		p.Meaning = strings.NewReplacer(`"person":"person"`, `"x":"person"`, `"account":"account"`, `"z":"account"`, `"email":"email"`, `"q":"email"`).Replace(p.Meaning)
	})
	for id, untold := range map[string]int{"other-system": 0, "other-name": 0, "other-unit": 0, "before": 0, "same-day": 0, "no-right": 2, "nobody": 2} {
		c, err := w.CompareList(w.ctx(), w.as("central_office"), id, "")
		if err != nil || c.Gone+c.Left > 0 || c.Untold != untold {
			t.Errorf("%s shows %+v: %v", id, c, err)
		}
	}
	_, err := w.CompareList(w.ctx(), w.as("coordinator"), "hr", "")
	wantWrong(t, "an HR list", err, "set_of_other_kind")
	_, err = w.CompareList(w.ctx(), w.as("coordinator-b"), "other-name", "")
	want(t, "by another board", err, isms.ErrNotFound)
	_, err = w.CompareList(w.ctx(), w.as("auditor"), "other-name", "")
	want(t, "by who only reads", err, isms.ErrForbidden)
	w.rewrite("population", "list", func(rec register.Entity) {
		p := rec.(*isms.Population)
		p.Meaning = strings.Replace(p.Meaning, `"account":"account"`, `"x":"account"`, 1)
	})
	w.listOn("by-number", "2023-02-20", []string{"0004", "Moved", "", "board-a", "nytt", "Läsare", "", "", "", ""})
	c, err := w.CompareList(w.ctx(), w.as("coordinator"), "by-number", "")
	if err != nil || c.Gone != 1 || c.Left != 1 {
		t.Errorf("a list that tells persons and not accounts shows %+v: %v", c, err)
	}
}

// TestLeaversRights tells how long they outlived the employment, from lists alone.
func TestLeaversRights(t *testing.T) { onEach(t, leaversRights) }

func leaversRights(t *testing.T, w *world) {
	w.theLists()
	w.staffOn("hr-new", "2023-02-10", []string{"1", "Åsa", "asa@x.se", "board-a", "2015-01-01", "2023-02-01"}, []string{"2", "Left", "", "board-a", "2015-01-01", "2022-12-31"},
		[]string{"4", "Moved", "", "board-b", "2015-01-01", ""}, []string{"5", "Bo", "bo@x.se", "dept-a", "2015-01-01", "2023-06-30"})
	w.checking("check", isms.SpotCheckOngoing)
	w.decided("check", "list", map[int64]rowAnswer{7: w.answeredOn(isms.Remove)}) // Åsa's other right, by a decision
	w.listOn("next", "2023-02-15",
		[]string{"2", "Left", "", "board-a", "left2", "Admin", "ja", "", "", "nej"},
		[]string{"4", "Moved", "", "board-a", "moved", "Läsare", "", "", "", ""})
	c, err := w.CompareList(w.ctx(), w.as("coordinator"), "next", "")
	want(t, "compare", err, nil)
	if c.Gone != 1 || c.Leavers != 2 { // Åsa's and Left's; nobody knows when Gone left, and Bo is still employed
		t.Errorf("the list shows %+v", c)
	}
	if c, err := w.CompareList(w.ctx(), w.as("coordinator"), "next", ""); err != nil || c.Leavers != 0 {
		t.Errorf("again it shows %+v: %v", c, err)
	}
	p, err := w.Leavers(w.ctx(), w.as("coordinator"))
	want(t, "page", err, nil)
	var got []string
	for _, r := range p.Worst {
		least, most, _ := r.DaysToRemoval()
		got = append(got, fmt.Sprint(r.Name, " ", r.Right, " ", r.Cause, " ", least, "-", most))
	}
	if fmt.Sprint(got) != "[Left Läsare leaver 9-46 Åsa Inköp leaver 0-14 Åsa igen betala decision 0-14]" && fmt.Sprint(got) != "[Left Läsare leaver 9-46 Åsa igen betala decision 0-14 Åsa Inköp leaver 0-14]" {
		t.Errorf("%v", got)
	}
	if s := p.Spread; s.Count != 3 || s.Median != 14 || s.Worst != 46 || s.MedianLeast != 0 || len(p.Systems) != 1 || len(p.Open) != 0 {
		t.Errorf("%+v", p)
	}
	_, err = w.Leavers(w.ctx(), w.as("employee"))
	want(t, "by an employee", err, isms.ErrNotFound)
}

// TestImportComparesTheList does it when the list comes, and takes it back when the import is undone.
func TestImportComparesTheList(t *testing.T) { onEach(t, importCompares) }

func importCompares(t *testing.T, w *world) {
	w.takesFiles()
	w.later("2023-01-20")
	who := w.as("coordinator")
	w.checking("check", isms.SpotCheckOngoing)
	take := func(day register.Day, rows string) isms.Import {
		d := w.upload(who, "Anst.nr;Konto;Roll\n"+rows, func(m *ImportMap) {
			mapped("population:entitlement", "person", "account", "role")(m)
			m.Source = "Ärendelistan"
		})
		return w.taken(who, d.ID, RunImport{Name: "Behörigheter", ListDay: day, Definition: "Alla konton", System: "sys-a"})
	}
	first := take("2023-01-09", "1;a;Läsare\n2;b;Läsare\n")
	s, err := w.ImportState(w.ctx(), who, first.ID)
	want(t, "state", err, nil)
	r := w.decided("check", s.Population, map[int64]rowAnswer{1: w.answeredOn(isms.Remove), 2: w.answeredOn(isms.Remove)})
	next := take("2023-02-09", "1;a;läsare\n")
	seen := func(i int) string {
		p, err := w.Removal(w.ctx(), who, r[i].ID)
		want(t, "removal", err, nil)
		return fmt.Sprint(p.SeenOn, " ", p.GoneOn)
	}
	if got := seen(0) + ", " + seen(1); got != "2023-02-09 , 2023-01-09 2023-02-09" {
		t.Errorf("after the import: %s", got)
	}
	want(t, "undo", w.UndoImport(w.ctx(), who, next.ID, ""), nil)
	if got := seen(1); got != "2023-01-09 " {
		t.Errorf("after the undoing: %s", got)
	}
}
