// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// listColumns are those of the entitlement lists of the tests, each called as what it holds.
var listColumns = []string{"person", "name", "email", "unit", "account", "role", "privileged", "granted", "last_used", "active"}

// listOn keeps a list of the system of board-a, of the day, by one name.
func (w *world) listOn(id string, day register.Day, rows ...[]string) {
	w.t.Helper()
	w.rowsFor(id, isms.Entitlements, listColumns, rows...)
	w.rewrite("population", id, func(rec register.Entity) {
		p := rec.(*isms.Population)
		p.Day, p.Source = day, "Ärendelistan"
	})
}

func (w *world) staffOn(id string, day register.Day, rows ...[]string) {
	w.t.Helper()
	w.rowsFor(id, isms.Employments, []string{"person", "name", "email", "unit", "from", "to"}, rows...)
	w.rewrite("population", id, func(rec register.Entity) {
		p := rec.(*isms.Population)
		p.Day, p.Source, p.System = day, "Personal", ""
	})
}

// theLists are two HR lists and an entitlement list with a line for each mark.
func (w *world) theLists() {
	w.t.Helper()
	w.later("2023-01-20")
	w.staffOn("hr-old", "2022-12-01", []string{"1", "Åsa", "asa@x.se", "board-a", "2015-01-01", ""}, []string{"3", "Gone", "", "board-a", "2015-01-01", ""})
	w.staffOn("hr", "2023-01-09", []string{"1", "Åsa", "asa@x.se", "board-a", "2015-01-01", ""}, []string{"2", "Left", "", "board-a", "2015-01-01", "2022-12-31"},
		[]string{"4", "Moved", "", "board-b", "2015-01-01", ""}, []string{"5", "Bo", "bo@x.se", "dept-a", "2015-01-01", ""})
	w.listOn("list", "2023-01-09",
		[]string{"1", "Åsa", "asa@x.se", "board-a", "aasa", "Inköp", "nej", "2016-01-01", "2023-01-05", ""},
		[]string{"2", "Left", "", "board-a", "left", "Läsare", "nej", "2016-01-01", "2022-12-20", ""},
		[]string{"3", "=CMD()", "", "board-a", "gone", "Läsare", "nej", "2016-01-01", "2022-12-20", ""},
		[]string{"4", "Moved", "", "board-a", "moved", "Läsare", "nej", "2016-01-01", "2023-01-05", ""},
		[]string{"5", "Bo", "bo@x.se", "board-a", "bo", "Läsare", "nej", "2016-01-01", "2022-01-05", ""},
		[]string{"", "Robot", "", "board-a", "drift-1", "Admin", "ja", "2016-01-01", "2023-01-05", ""},
		[]string{"ASA@x.se ", "Åsa igen", "", "board-a", "aasa2", "betala", "nej", "2016-01-01", "2023-01-05", ""},
		[]string{"99", "Ingen", "", "board-a", "bo", "Läsare", "nej", "2016-01-01", "2023-01-05", ""},
		[]string{"2", "Left", "", "board-a", "left2", "Admin", "ja", "2016-01-01", "2022-12-20", "nej"})
	w.put(&isms.RightsConflict{Record: isms.Record{ID: "pair", Unit: "board-a"}, Name: "Köpa och betala", System: "sys-a", Right: "inköp", Other: "sys-a", With: "Betala"},
		&isms.RightsConflict{Record: isms.Record{ID: "over", Unit: "board-a"}, Name: "Gäller inte", System: "sys-a", Right: "*", Other: "sys-a", With: "*", ValidTo: "2022-12-31"})
}

// planned is an access review of the list, planned by the form.
func (w *world) plannedReview(change func(map[string][]string)) string {
	w.t.Helper()
	form := map[string][]string{"name": {"Genomgång"}, "populations": {"list"}, "staff": {"hr"}, "judges": {"manager"}, "reserve": {"dpo"}, "leader": {"coordinator"},
		"ends_on": {"2023-02-10"}, "dormant_days": {"180"}, "shared_accounts": {"drift-*"}, "state": {"planned"}}
	if change != nil {
		change(form)
	}
	id, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "access_review", Unit: "board-a", Form: form})
	want(w.t, "plan", err, nil)
	return id
}

func (w *world) accessReviewOf(id string) isms.AccessReview {
	w.t.Helper()
	p, err := w.AccessReview(w.ctx(), w.as("coordinator"), id)
	want(w.t, "review", err, nil)
	return p.Review
}

func (w *world) reviewEntry(id string) Entry { return Entry{ID: id, Rev: w.accessReviewOf(id).Rev} }

func (w *world) startedReview(change func(map[string][]string)) string {
	w.t.Helper()
	id := w.plannedReview(change)
	want(w.t, "start", w.StartAccessReview(w.ctx(), w.as("coordinator"), w.reviewEntry(id), "start"), nil)
	return id
}

// portionOfRow finds who judges the row.
func (w *world) portionOfRow(review string, row int64) isms.Portion {
	w.t.Helper()
	var found isms.Portion
	want(w.t, "portions", w.DB.View(w.ctx(), w.org, func(tx *store.Tx) error {
		all, err := portionsIn(tx, review)
		for _, p := range all {
			if rows, err := rowsIn(p.Rows); err == nil && slices.Contains(rows, row) {
				found = p
			}
		}
		return err
	}), nil)
	return found
}

func (w *world) says(review string, answers map[int64]isms.RowAnswer) {
	w.t.Helper()
	for row, answer := range answers {
		p := w.portionOfRow(review, row)
		page, err := w.Portion(w.ctx(), w.as(string(p.Reviewer)), p.ID, RowsShown{})
		want(w.t, "page", err, nil)
		_, err = w.Judge(w.ctx(), w.as(string(p.Reviewer)), Judging{Portion: p.ID, Seen: page.Seen, Answers: []JudgedRow{say(row, answer, fmt.Sprint("anm ", row))}})
		want(w.t, fmt.Sprint("judge row ", row), err, nil)
	}
}

func (w *world) removals(review string) []isms.Removal {
	w.t.Helper()
	p, err := w.AccessReview(w.ctx(), w.as("coordinator"), review)
	want(w.t, "review", err, nil)
	var all []isms.Removal
	for _, l := range p.Removals {
		all = append(all, l.Removals...)
	}
	return all
}

// TestAccessReview goes from the plan to rights that are gone.
func TestAccessReview(t *testing.T) { onEach(t, accessReview) }

func accessReview(t *testing.T, w *world) {
	w.theLists()
	ctx, who := w.ctx(), w.as("coordinator")
	id := w.plannedReview(nil)
	before := w.seq()
	p, err := w.AccessPreview(ctx, who, id)
	want(t, "preview", err, nil)
	counts := map[string]string{}
	for kind, n := range p.Marks {
		counts[kind] = n.String()
	}
	if diff := cmp.Diff(map[string]string{"leaver": "2", "unemployed": "1", "moved": "1", "dormant": "1", "privileged": "1", "conflict": "2", "shared": "3"}, counts); diff != "" {
		t.Error(diff)
	}
	if p.Lines != 9 || p.Marked != 8 || !p.MayStart || p.Before != "2022-12-01" || len(p.Pairs) != 1 || p.Pairs[0].Persons != 1 || p.Nobody != 0 || len(p.Reviewers) != 1 || p.Reviewers[0].Person != "manager" || w.seq() != before {
		t.Errorf("the preview is %+v", p)
	}
	for name, other := range map[string]access.Actor{"another board": w.as("coordinator-b"), "an employee": w.as("employee"), "nobody": {}} {
		_, err := w.AccessPreview(ctx, other, id)
		want(t, "preview by "+name, err, isms.ErrNotFound)
		_, err = w.AccessReview(ctx, other, id)
		want(t, "page by "+name, err, isms.ErrNotFound)
		want(t, "start by "+name, w.StartAccessReview(ctx, other, w.reviewEntry(id), ""), isms.ErrNotFound)
	}
	want(t, "start by who only reads", w.StartAccessReview(ctx, w.as("dpo"), w.reviewEntry(id), ""), isms.ErrForbidden)
	stale := w.reviewEntry(id)
	stale.Rev--
	want(t, "start of what has changed", w.StartAccessReview(ctx, who, stale, ""), isms.ErrStale)
	e := w.reviewEntry(id)
	want(t, "start", w.StartAccessReview(ctx, who, e, "k"), nil)
	want(t, "start again by the same form", w.StartAccessReview(ctx, who, e, "k"), nil)
	wantWrong(t, "start again", w.StartAccessReview(ctx, who, w.reviewEntry(id), "other"), "access_review_begun")
	r := w.accessReviewOf(id)
	if r.State != isms.AccessReviewOngoing || r.StartedOn != "2023-01-20" || r.Lines.String() != "9" || r.Leavers.String() != "2" || r.Shared.String() != "3" {
		t.Errorf("begun it is %+v", r)
	}
	marks, _ := marksIn(w.portionOfRow(id, 3))
	if diff := cmp.Diff([]string{"leaver:gone:2022-12-01|2023-01-09"}, marks[3]); diff != "" {
		t.Error(diff)
	}
	w.says(id, map[int64]isms.RowAnswer{1: isms.Keep, 2: isms.Remove, 3: isms.Remove, 4: isms.Alter, 5: isms.Unsure, 7: isms.Remove})
	page, err := w.AccessReview(ctx, who, id)
	want(t, "page", err, nil)
	if page.Lines != 9 || page.Answered != 6 || len(page.Portions) != 1 || !page.May.Close || page.May.Start {
		t.Errorf("the page is %+v", page)
	}
	i := slices.IndexFunc(page.Marks, func(o MarkOutcome) bool { return o.Kind == isms.MarkLeaver })
	if diff := cmp.Diff(MarkOutcome{Kind: "leaver", Lines: 2, Removed: 2}, page.Marks[i]); diff != "" {
		t.Error(diff)
	}
	wantWrong(t, "close with lines unanswered", w.CloseAccessReview(ctx, who, w.reviewEntry(id), " ", ""), "access_review_unanswered")
	if len(w.removals(id)) != 0 {
		t.Error("what was refused has made removals")
	}
	want(t, "close", w.CloseAccessReview(ctx, who, w.reviewEntry(id), "Resten gäller tekniska konton", "close"), nil)
	r = w.accessReviewOf(id)
	if got := fmt.Sprint(r.Kept, r.Changed, r.Removed, r.Unknown, r.Unanswered); got != "1 1 3 1 3" || r.ClosedOn != "2023-01-20" {
		t.Errorf("closed it is %s: %+v", got, r)
	}
	portion := w.portionOfRow(id, 9)
	_, err = w.Judge(ctx, w.as(string(portion.Reviewer)), Judging{Portion: portion.ID, Seen: 9, Answers: []JudgedRow{say(9, isms.Keep, "")}})
	wantWrong(t, "answer a closed review", err, "portion_closed")
	wantWrong(t, "close again", w.CloseAccessReview(ctx, who, w.reviewEntry(id), "x", ""), "access_review_over")
	wantWrong(t, "cancel a closed one", w.CancelAccessReview(ctx, who, w.reviewEntry(id), "x", ""), "access_review_over")
	w.afterClosing(t, id)
}

// afterClosing orders the removals and holds them to later lists.
func (w *world) afterClosing(t *testing.T, id string) {
	ctx, who := w.ctx(), w.as("coordinator")
	all := w.removals(id)
	if len(all) != 4 {
		t.Fatalf("%d removals", len(all))
	}
	if r := all[0]; r.Name != "Left" || r.Right != "Läsare" || r.System != "sys-a" || r.Wanted != isms.Remove || r.Cause != isms.RemovalDecided || r.EndedOn != "2022-12-31" || r.SeenOn != "2023-01-09" || r.DecidedOn != "2023-01-20" || r.Note != "anm 2" {
		t.Errorf("the first is %+v", r)
	}
	for form, quoted := range map[string]string{"csv": "'=CMD()", "xlsx": ">=CMD()<"} {
		var b bytes.Buffer
		want(t, form, w.ExportRemovals(ctx, who, id, "list", form, locale.Swedish, &b), nil)
		text := b.String()
		if form == "xlsx" {
			text = firstSheet(t, b.Bytes())
		}
		for _, holds := range []string{quoted, "last_used", "anm 4", locale.Swedish.T("choice.row_answer.change"), "ASA@x.se"} {
			if !strings.Contains(text, holds) {
				t.Errorf("%s does not hold %q: %s", form, holds, text)
			}
		}
		if strings.Contains(text, "Robot") {
			t.Errorf("%s holds a row that is to stay", form)
		}
		want(t, "export by another board", w.ExportRemovals(ctx, w.as("coordinator-b"), id, "list", form, locale.Swedish, &b), isms.ErrNotFound)
		want(t, "export of another list", w.ExportRemovals(ctx, who, id, "hr", form, locale.Swedish, &b), isms.ErrNotFound)
	}
	want(t, "order by who only reads", w.OrderRemovals(ctx, w.as("dpo"), id, ""), isms.ErrForbidden)
	want(t, "order", w.OrderRemovals(ctx, who, id, ""), nil)
	if got := w.removals(id)[3].OrderedOn; got != "2023-01-20" {
		t.Errorf("ordered %q", got)
	}

	w.later("2023-02-20")
	// Of the three to be gone one is, one is left with another right beside it, and one is left in another spelling; the one to be changed is.
	w.listOn("next", "2023-02-15",
		[]string{"2", "Left", "", "board-a", "LEFT ", "läsare", "nej", "", "", ""},
		[]string{"4", "Moved", "", "board-a", "moved", "Handläggare", "nej", "", "", ""},
		[]string{"1", "Åsa", "", "board-a", "aasa2", "Betala", "nej", "", "", "nej"})
	c, err := w.CompareList(ctx, who, "next", "")
	want(t, "compare", err, nil)
	if c.Gone != 3 || c.Left != 1 || c.Untold != 0 {
		t.Errorf("the next list shows %+v", c)
	}
	got := map[string]register.Day{}
	for _, r := range w.removals(id) {
		got[r.Name] = r.GoneOn
		if r.GoneOn == "" && r.SeenOn != "2023-02-15" || r.GoneOn != "" && r.VerifiedBy != "next" {
			t.Errorf("compared it is %+v", r)
		}
	}
	if diff := cmp.Diff(map[string]register.Day{"Left": "", "=CMD()": "2023-02-15", "Moved": "2023-02-15", "Åsa igen": "2023-02-15"}, got); diff != "" {
		t.Error(diff)
	}
	before := w.seq()
	if c, err := w.CompareList(ctx, who, "next", ""); err != nil || c.Gone+c.Left+c.Leavers > 0 || w.seq() != before {
		t.Errorf("the same list again shows %+v: %v", c, err)
	}
	left := w.removals(id)[0]
	want(t, "keep by another board", w.WithdrawRemoval(ctx, w.as("coordinator-b"), Entry{left.ID, left.Rev}, "x", ""), isms.ErrNotFound)
	wantWrong(t, "keep without a reason", w.WithdrawRemoval(ctx, who, Entry{left.ID, left.Rev}, " ", ""), "required")
	want(t, "keep", w.WithdrawRemoval(ctx, who, Entry{left.ID, left.Rev}, "Timvikarie", ""), nil)
	wantWrong(t, "keep again", w.WithdrawRemoval(ctx, who, Entry{left.ID, left.Rev + 1}, "x", ""), "removal_over")
	o, err := w.AccessOverview(ctx, who)
	want(t, "overview", err, nil)
	for _, s := range o.Systems {
		if s.ID == "sys-a" && (s.Last.Day != "2023-01-20" || !s.Fresh("2023-06-01") || s.Fresh("2024-02-01") || s.Open != 0) || s.ID == "sys-d" && s.Last.Day != "" {
			t.Errorf("%+v", s)
		}
	}
	if o.Reviewed != 1 || len(o.Removals) != 0 || len(o.Reviews) != 1 || !o.MayPlan {
		t.Errorf("the overview is %+v", o)
	}
	_, err = w.AccessOverview(ctx, w.as("employee"))
	want(t, "overview by an employee", err, isms.ErrNotFound)
}

// TestAccessReviewRules lets the general form change only what is no act's.
func TestAccessReviewRules(t *testing.T) { onEach(t, accessReviewForm) }

func accessReviewForm(t *testing.T, w *world) {
	w.theLists()
	ctx, who := w.ctx(), w.as("coordinator")
	save := func(id string, form map[string][]string) error {
		rev := 0
		if id != "" {
			rev = w.accessReviewOf(id).Rev
		}
		_, err := w.Save(ctx, who, Change{Kind: "access_review", ID: id, Unit: "board-a", Rev: rev, Form: form})
		return err
	}
	whole := func(more map[string][]string) map[string][]string {
		form := map[string][]string{"name": {"G"}, "judges": {"owner"}, "ends_on": {"2023-02-10"}, "state": {"planned"}}
		for name, value := range more {
			form[name] = value
		}
		return form
	}
	wantWrong(t, "begun by the form", save("", whole(map[string][]string{"state": {"closed"}})), "access_review_by_act")
	wantWrong(t, "counts by the form", save("", whole(map[string][]string{"removed": {"7"}})), "access_review_by_act")
	wantWrong(t, "an HR list as entitlements", save("", whole(map[string][]string{"populations": {"hr"}})), "set_of_other_kind")
	wantWrong(t, "entitlements as an HR list", save("", whole(map[string][]string{"staff": {"list"}})), "set_of_other_kind")
	wantWrong(t, "one, but nobody", save("", whole(map[string][]string{"judges": {"one"}})), "required")
	wantWrong(t, "a list that there is not", save("", whole(map[string][]string{"populations": {"nothing"}})), "no_such")
	empty := w.plannedReview(func(form map[string][]string) { form["populations"] = nil })
	wantWrong(t, "without lists", w.StartAccessReview(ctx, who, w.reviewEntry(empty), ""), "required")
	none := w.plannedReview(func(form map[string][]string) { form["roles"] = []string{"Finns inte"} })
	wantWrong(t, "without lines", w.StartAccessReview(ctx, who, w.reviewEntry(none), ""), "access_review_empty")
	late := w.plannedReview(func(form map[string][]string) { form["ends_on"] = []string{"2023-01-19"} })
	wantWrong(t, "over before it begins", w.StartAccessReview(ctx, who, w.reviewEntry(late), ""), "before")
	id := w.startedReview(nil)
	wantWrong(t, "other lists once begun", save(id, map[string][]string{"populations": {"list", "next"}}), "no_such")
	wantWrong(t, "other judges once begun", save(id, map[string][]string{"judges": {"owner"}}), "access_review_begun")
	wantWrong(t, "closed by the form", save(id, map[string][]string{"state": {"closed"}}), "access_review_by_act")
	want(t, "more time", save(id, map[string][]string{"ends_on": {"2023-03-10"}}), nil)
	wantWrong(t, "cancel without a reason", w.CancelAccessReview(ctx, who, w.reviewEntry(id), " ", ""), "required")
	want(t, "cancel", w.CancelAccessReview(ctx, who, w.reviewEntry(id), "Fel lista", ""), nil)
	wantWrong(t, "more time when it is over", save(id, map[string][]string{"ends_on": {"2023-04-10"}}), "access_review_over")
	wantWrong(t, "close a planned one", w.CloseAccessReview(ctx, who, w.reviewEntry(none), "x", ""), "access_review_not_begun")
	if len(w.removals(id)) != 0 || w.accessReviewOf(id).Reason != "Fel lista" {
		t.Error("a cancelled review has removals or no reason")
	}
}

// TestAccessReviewOfRoles reviews only some roles, and holds the others against them.
func TestAccessReviewOfRoles(t *testing.T) { onEach(t, someRoles) }

func someRoles(t *testing.T, w *world) {
	w.theLists()
	id := w.startedReview(func(form map[string][]string) {
		form["roles"], form["staff"], form["dormant_days"], form["shared_accounts"] = []string{"INKÖP\nadmin"}, nil, nil, nil
	})
	r := w.accessReviewOf(id)
	if got := fmt.Sprint(r.Lines, "/", r.Leavers, "/", r.Dormant, "/", r.Privileged, "/", r.Shared); got != "3///1/0" {
		t.Errorf("of three lines the counts are %s", got)
	}
	marks, _ := marksIn(w.portionOfRow(id, 1))
	if marks[1] != nil { // without an HR list nobody knows that the two spellings are one
		t.Errorf("line 1 is %v", marks[1])
	}
	if p := w.portionOfRow(id, 2); p.ID != "" {
		t.Errorf("a line of another role was dealt out: %+v", p)
	}
}

// TestAccessReviewOfAnEditedList does not begin where the rows are not those that were taken in.
func TestAccessReviewOfAnEditedList(t *testing.T) { onEach(t, editedList) }

func editedList(t *testing.T, w *world) {
	w.theLists()
	id := w.plannedReview(nil)
	w.rewrite("population", "list", func(rec register.Entity) { rec.(*isms.Population).SHA256 = strings.Repeat("0", 64) })
	wantWrong(t, "start on an edited list", w.StartAccessReview(w.ctx(), w.as("coordinator"), w.reviewEntry(id), "k"), "population_edited")
	if r := w.accessReviewOf(id); r.State != isms.AccessReviewPlanned || w.portionOfRow(id, 1).ID != "" {
		t.Errorf("it began: %+v", r)
	}
}

// TestAccessReviewOverAMerger moves what nobody can judge any more to whom it belongs after the merger.
func TestAccessReviewOverAMerger(t *testing.T) { onEach(t, merger) }

func merger(t *testing.T, w *world) {
	w.theLists()
	w.appoint("chef-a", "manager", "dept-a")
	w.listOn("dept", "2023-01-09", []string{"1", "Åsa", "", "dept-a", "aasa", "Läsare", "", "", "", ""}, []string{"5", "Bo", "", "dept-a", "bo", "Läsare", "", "", "", ""})
	id := w.startedReview(func(form map[string][]string) { form["populations"] = []string{"dept"} })
	if p := w.portionOfRow(id, 2); p.Reviewer != "chef-a" {
		t.Fatalf("row 2 is %s's", p.Reviewer)
	}
	w.says(id, map[int64]isms.RowAnswer{1: isms.Remove})
	w.later("2023-02-01")
	w.rewrite("unit", "dept-a", func(rec register.Entity) { rec.(*isms.Unit).ValidTo = "2023-01-31" })
	w.rewrite("assignment", "as-chef-a", func(rec register.Entity) { rec.(*isms.Assignment).ValidTo = "2023-01-31" })
	page, err := w.AccessReview(w.ctx(), w.as("coordinator"), id)
	want(t, "page", err, nil)
	if page.Astray != 1 {
		t.Errorf("%d portions are astray", page.Astray)
	}
	if n, err := w.Redeal(w.ctx(), w.as("coordinator"), "access_review", id, ""); err != nil || n != 1 {
		t.Errorf("%d were moved: %v", n, err)
	}
	w.says(id, map[int64]isms.RowAnswer{2: isms.Keep})
	if p := w.portionOfRow(id, 2); p.Reviewer != "manager" {
		t.Errorf("row 2 is %s's", p.Reviewer)
	}
	want(t, "close", w.CloseAccessReview(w.ctx(), w.as("coordinator"), w.reviewEntry(id), "", ""), nil)
	r := w.accessReviewOf(id)
	if got := fmt.Sprint(r.Kept, r.Removed, r.Unanswered); got != "1 1 0" || len(w.removals(id)) != 1 {
		t.Errorf("closed it is %s", got)
	}
}

// TestAccessReviewStops when nobody waits for it.
func TestAccessReviewStops(t *testing.T) {
	w := newWorld(t)
	w.theLists()
	id := w.plannedReview(nil)
	ctx, stop := context.WithCancel(w.ctx())
	stop()
	if _, err := w.AccessPreview(ctx, w.as("coordinator"), id); err == nil {
		t.Error("it goes on")
	}
}

// TestSignsOfNotLooking flags what is quick, all the same or in bulk, and not what is little.
func TestSignsOfNotLooking(t *testing.T) {
	for _, c := range []struct {
		name string
		pace Pace
		want []string
	}{
		{"quick", Pace{Items: 60, Timed: 60, Seconds: register.CountOf(2)}, []string{"quick"}},
		{"quick, but few", Pace{Items: 10, Timed: 10, Seconds: register.CountOf(1)}, nil},
		{"time not known", Pace{Items: 60}, nil},
		{"all kept", Pace{Items: 120, Kept: 120, Run: 120}, []string{"run"}},
		{"not all kept", Pace{Items: 200, Kept: 150, Run: 120}, nil},
		{"in bulk", Pace{Items: 100, Bulk: 80}, []string{"bulk"}},
		{"half in bulk", Pace{Items: 100, Bulk: 50}, nil},
	} {
		if diff := cmp.Diff(c.want, signsOf(c.pace)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}
