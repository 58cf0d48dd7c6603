// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// judging is a world with a spot check that is under way: rows 1 to 10, of which 2 and 3 are marked, with granskare.
func (w *world) judging() isms.Portion {
	w.t.Helper()
	w.put(person("granskare", "board-a", "7", "g@exempelstad.se"), person("vikarie", "board-a", "8", "v@exempelstad.se"), person("utan", "board-a", "", ""),
		role("granskare", "employee", "board-a", ""), role("vikarie", "employee", "board-a", ""))
	w.checking("check", isms.SpotCheckOngoing)
	var rows [][]string
	for i := range 12 {
		rows = append(rows, []string{fmt.Sprint("p", i+1), "", fmt.Sprint("konto", i+1)})
	}
	rows[11][0] = "8" // about vikarie, in another portion
	w.rowsFor("pop", isms.Entitlements, []string{"person", "email", "account"}, rows...)
	return w.deals("check", "dpo", dealt{Name: "Del", Reviewer: "granskare", Population: "pop", Rows: []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
		Marks: map[int64][]string{2: {"leaver"}, 3: {"dormant", "shared"}}})[0]
}

func (w *world) answers(portion string) map[int64]rowAnswer {
	w.t.Helper()
	var all map[int64]rowAnswer
	want(w.t, "answers", w.DB.View(w.ctx(), w.org, func(tx *store.Tx) (err error) {
		all, err = answersOf(tx, portion)
		return err
	}), nil)
	return all
}

func say(row int64, answer isms.RowAnswer, note string) JudgedRow {
	return JudgedRow{row, answer, note}
}

// TestJudge saves answers a few at a time, keeps what was said before, and times them by the server's clock alone.
func TestJudge(t *testing.T) { onEach(t, judges) }

func judges(t *testing.T, w *world) {
	p := w.judging()
	ctx, who := w.ctx(), w.as("granskare")
	page, err := w.Portion(ctx, who, p.ID, RowsShown{})
	want(t, "page", err, nil)
	if len(page.Rows) != 10 || page.Count != 10 || page.Answered != 0 || page.Marked != 2 || !page.Mine || page.Leads || !page.Open || page.Seen != 0 {
		t.Fatalf("%+v", page)
	}
	w.now = w.now.Add(40 * time.Second)
	done, err := w.Judge(ctx, who, Judging{Portion: p.ID, Answers: []JudgedRow{say(1, isms.Keep, ""), say(2, isms.Alter, "annan roll")}, Shown: page.Shown, Key: "k1"})
	want(t, "save", err, nil)
	if done != (Judged{1, 2, 10}) {
		t.Errorf("%+v", done)
	}
	w.now = w.now.Add(10 * time.Second)
	again, err := w.Judge(ctx, who, Judging{Portion: p.ID, Answers: []JudgedRow{say(1, isms.Keep, ""), say(2, isms.Alter, "annan roll")}, Shown: "another", Key: "k1"})
	want(t, "the same form again", err, nil)
	if again != done {
		t.Errorf("a replayed key saved again: %+v", again)
	}
	// The page is sent whole: what is as it was is not kept again.
	done, err = w.Judge(ctx, who, Judging{Portion: p.ID, Seen: 1, Answers: []JudgedRow{say(1, isms.Keep, ""), say(2, isms.Remove, "annan roll"), say(3, isms.Unsure, "")}, Shown: page.Shown})
	want(t, "save more", err, nil)
	if done != (Judged{2, 3, 10}) {
		t.Errorf("%+v", done)
	}
	done, err = w.Judge(ctx, who, Judging{Portion: p.ID, Seen: 2, Answers: []JudgedRow{say(1, isms.Keep, "")}})
	want(t, "nothing new", err, nil)
	if done != (Judged{2, 3, 10}) {
		t.Errorf("nothing new was kept: %+v", done)
	}
	_, err = w.Judge(ctx, who, Judging{Portion: p.ID, Seen: 1, Answers: []JudgedRow{say(2, isms.Keep, "")}})
	want(t, "from a page that was shown before another saving", err, isms.ErrStale)
	got := w.answers(p.ID)
	if len(got) != 3 || got[2].Answer != isms.Remove || got[2].Person != "granskare" || got[2].ByLink || got[2].Note != "annan roll" {
		t.Errorf("%+v", got)
	}
	var sheets []isms.AnswerSheet
	want(t, "sheets", w.DB.View(ctx, w.org, func(tx *store.Tx) (err error) {
		sheets, err = sheetsOf(tx, p.ID)
		return err
	}), nil)
	if len(sheets) != 2 || sheets[0].Seconds != register.CountOf(40) || sheets[1].Seconds != register.CountOf(10) || sheets[1].Count != register.CountOf(2) {
		t.Errorf("%+v", sheets)
	}
	seen := 2
	for i, token := range []string{"", "1.x", "2" + page.Shown[1:], w.shownNow(register.MomentOf(w.now), w.org, p.ID, "vikarie")} {
		done, err = w.Judge(ctx, who, Judging{Portion: p.ID, Seen: seen, Answers: []JudgedRow{say(4, isms.Keep, fmt.Sprint(i))}, Shown: token})
		want(t, "with a page's word that cannot be trusted", err, nil)
		seen = done.Seen
		want(t, "sheets", w.DB.View(ctx, w.org, func(tx *store.Tx) (err error) {
			sheets, err = sheetsOf(tx, p.ID)
			return err
		}), nil)
		if last := sheets[len(sheets)-1]; last.Seconds.IsKnown() || last.Number != 3+i {
			t.Errorf("%q: %+v", token, last)
		}
	}
	shown := map[string]int{"unanswered": 6, "marked": 2, "all": 10}
	for show, n := range shown {
		page, err := w.Portion(ctx, who, p.ID, RowsShown{Show: show})
		want(t, show, err, nil)
		if len(page.Rows) != n {
			t.Errorf("%s: %d rows", show, len(page.Rows))
		}
	}
}

// TestJudgeLongNotes keeps notes of signs that are written with several.
func TestJudgeLongNotes(t *testing.T) { onEach(t, longNotes) }

func longNotes(t *testing.T, w *world) {
	w.put(person("granskare", "board-a", "7", "g@exempelstad.se"), role("granskare", "employee", "board-a", ""))
	w.checking("check", isms.SpotCheckOngoing)
	var list [][]string
	var rows []int64
	var answers []JudgedRow
	for i := range int64(30) {
		list, rows = append(list, []string{fmt.Sprint("p", i)}), append(rows, i+1)
		answers = append(answers, say(i+1, isms.Deviating, strings.Repeat("<", maxRowNote)))
	}
	w.rowsFor("pop", isms.Entitlements, []string{"person"}, list...)
	p := w.deals("check", "dpo", dealt{Name: "Del", Reviewer: "granskare", Population: "pop", Rows: rows})[0]
	done, err := w.Judge(w.ctx(), w.as("granskare"), Judging{Portion: p.ID, Answers: answers})
	want(t, "save", err, nil)
	if done.Answered != 30 || len(w.answers(p.ID)) != 30 {
		t.Errorf("%+v", done)
	}
}

// TestLinkOverOwnRights lets nobody open a link to a portion with rows about themselves: whoever opens a link could answer by it.
func TestLinkOverOwnRights(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		p := w.judging()
		w.put(person("ledare", "board-a", "p3", "l@exempelstad.se"), role("ledare", "coordinator", "board-a", ""))
		wantWrong(t, "a link", first(w.OpenPortionLink(w.ctx(), w.as("ledare"), OpenLink{Portion: p.ID, ValidTo: "2023-01-20"})), "link_own")
	})
}

// TestAnswersStay lets nobody take answers, rows or draws out of use: what is out of use is not shown.
func TestAnswersStay(t *testing.T) { onEach(t, answersStay) }

func answersStay(t *testing.T, w *world) {
	p := w.judging()
	ctx := w.ctx()
	_, err := w.Judge(ctx, w.as("granskare"), Judging{Portion: p.ID, Answers: []JudgedRow{say(1, isms.Remove, "")}})
	want(t, "save", err, nil)
	var sheets []isms.AnswerSheet
	want(t, "sheets", w.DB.View(ctx, w.org, func(tx *store.Tx) (err error) {
		sheets, err = sheetsOf(tx, p.ID)
		return err
	}), nil)
	draw := &isms.Draw{Record: isms.Record{ID: "d1", Unit: "board-a"}, SpotCheck: "check", Number: 1, Commitment: strings.Repeat("0", 64)}
	removal := &isms.Removal{Record: isms.Record{ID: "r1", Unit: "board-a"}, Name: "P", Population: "pop", Row: register.CountOf(1), Wanted: isms.Remove, Cause: isms.RemovalDecided}
	w.put(draw, removal)
	for kind, one := range map[string]struct{ id, code string }{"answer_sheet": {sheets[0].ID, "portion_by_act"}, "portion": {p.ID, "portion_by_act"},
		"draw": {"d1", "draw_by_act"}, "removal": {"r1", "removal_by_act"}} {
		wantWrong(t, kind, w.Retire(ctx, w.as("coordinator"), kind, one.id, 1, "", ""), one.code)
	}
}

// TestJudgeRefuses holds what is wrong with answers.
func TestJudgeRefuses(t *testing.T) { onEach(t, judgeRefuses) }

func judgeRefuses(t *testing.T, w *world) {
	p := w.judging()
	ctx, who := w.ctx(), w.as("granskare")
	for code, rows := range map[string][]JudgedRow{
		"note_needed": {say(1, isms.Alter, " ")},
		"choice":      {say(1, "maybe", "")},
		"required":    {say(1, "", "en anteckning utan svar")},
		"long":        {say(1, isms.Keep, strings.Repeat("å", maxRowNote+1))},
		"many":        {},
	} {
		_, err := w.Judge(ctx, who, Judging{Portion: p.ID, Answers: rows})
		wantWrong(t, code, err, code)
	}
	if _, err := w.Judge(ctx, who, Judging{Portion: p.ID, Answers: []JudgedRow{say(1, isms.Keep, "vänd \u202e text")}}); !errors.As(err, new(register.Wrongs)) {
		t.Errorf("a text that turns the reading direction: %v", err)
	}
	_, err := w.Judge(ctx, who, Judging{Portion: p.ID, Answers: []JudgedRow{say(11, isms.Keep, "")}})
	want(t, "a row of the list that is not in the portion", err, isms.ErrNotFound)
	_, err = w.Judge(ctx, who, Judging{Portion: p.ID, Answers: []JudgedRow{say(1, isms.Keep, ""), say(1, isms.Remove, "")}})
	want(t, "a row twice", err, isms.ErrNotFound)
	_, err = w.Judge(ctx, who, Judging{Portion: "none", Answers: []JudgedRow{say(1, isms.Keep, "")}})
	want(t, "no portion", err, isms.ErrNotFound)

	// One wrong row and nothing is kept.
	_, err = w.Judge(ctx, who, Judging{Portion: p.ID, Answers: []JudgedRow{say(1, isms.Keep, ""), say(2, isms.Deviating, "")}})
	wantWrong(t, "one of two", err, "note_needed")
	if got := w.answers(p.ID); len(got) != 0 {
		t.Errorf("kept: %v", got)
	}
	for name, other := range map[string]access.Actor{"another": w.as("vikarie"), "an employee": w.as("employee"), "another board": w.as("coordinator-b"), "an owner": w.as("system_owner"), "nobody": {}} {
		_, err := w.Judge(ctx, other, Judging{Portion: p.ID, Answers: []JudgedRow{say(1, isms.Keep, "")}})
		want(t, "answer by "+name, err, isms.ErrNotFound)
		_, err = w.Portion(ctx, other, p.ID, RowsShown{})
		want(t, "page for "+name, err, isms.ErrNotFound)
		want(t, "hand in by "+name, w.HandIn(ctx, other, HandIn{Portion: p.ID, Unanswered: 10}), isms.ErrNotFound)
		want(t, "hand over by "+name, w.Delegate(ctx, other, Delegation{Portion: p.ID, To: "vikarie", Rev: p.Rev}), isms.ErrNotFound)
		want(t, "withdraw by "+name, w.Withdraw(ctx, other, p.ID, p.Rev, "x", ""), isms.ErrNotFound)
	}
	// Who leads sees all and answers nothing for others.
	_, err = w.Judge(ctx, w.as("coordinator"), Judging{Portion: p.ID, Answers: []JudgedRow{say(1, isms.Keep, "")}})
	want(t, "answer by the leader", err, isms.ErrForbidden)
	want(t, "withdraw by the reviewer", w.Withdraw(ctx, who, p.ID, p.Rev, "x", ""), isms.ErrForbidden)
	want(t, "reopen by the reviewer", w.Reopen(ctx, who, p.ID, p.Rev, "x", ""), isms.ErrForbidden)
	_, _, err = w.OpenPortionLink(ctx, who, OpenLink{Portion: p.ID, ValidTo: "2023-01-20"})
	want(t, "link by the reviewer", err, isms.ErrForbidden)

	// Nothing of it is made by a form.
	for _, kind := range []string{"portion", "answer_sheet", "portion_link"} {
		_, err := w.Save(ctx, w.as("central_office"), Change{Kind: kind, Unit: "board-a", Form: map[string][]string{"portion": {p.ID}, "name": {"x"}}})
		wantWrong(t, kind+" by form", err, "portion_by_act")
	}
	_, err = w.Save(ctx, w.as("central_office"), Change{Kind: "portion", ID: p.ID, Rev: p.Rev, Form: map[string][]string{"reviewer": {"vikarie"}}})
	wantWrong(t, "another reviewer by form", err, "portion_by_act")
}

// TestJudgeOwnRights refuses answers to rows about oneself, also when it comes to be known after the rows were dealt.
func TestJudgeOwnRights(t *testing.T) { onEach(t, ownRights) }

func ownRights(t *testing.T, w *world) {
	p := w.judging()
	ctx, who := w.ctx(), w.as("granskare")
	w.put(person("granskare-adm", "board-a", "p3", "G@exempelstad.se ")) // a second account, found afterwards
	_, err := w.Judge(ctx, who, Judging{Portion: p.ID, Answers: []JudgedRow{say(3, isms.Keep, "")}})
	wantWrong(t, "own rights by a second account", err, "own_rights")
	_, err = w.Judge(ctx, who, Judging{Portion: p.ID, Answers: []JudgedRow{say(1, isms.Keep, "")}})
	want(t, "others'", err, nil)
	w.put(person("konto", "board-a", "7", "konto5@exempelstad.se"))
	_, err = w.Judge(ctx, who, Judging{Portion: p.ID, Seen: 1, Answers: []JudgedRow{say(5, isms.Remove, "")}})
	wantWrong(t, "own rights by an account named as an e-mail", err, "own_rights")
	_, token, err := w.OpenPortionLink(ctx, w.as("coordinator"), OpenLink{Portion: p.ID, ValidTo: "2023-01-20"})
	want(t, "link", err, nil)
	_, err = w.JudgeByLink(ctx, token, register.NewID(), Judging{Seen: 1, Answers: []JudgedRow{say(3, isms.Keep, "")}})
	wantWrong(t, "own rights by link", err, "own_rights")
	if got := w.answers(p.ID); len(got) != 1 {
		t.Errorf("%v", got)
	}
	err = w.Delegate(ctx, w.as("coordinator"), Delegation{Portion: p.ID, To: "granskare-adm", Rev: p.Rev})
	wantWrong(t, "to the same person's other record, whose row is in the portion", err, "own_portion")
}

// TestJudgeBulk gives one answer to many rows only after it has been confirmed, and keeps no marked row by it.
func TestJudgeBulk(t *testing.T) { onEach(t, bulk) }

func bulk(t *testing.T, w *world) {
	p := w.judging()
	ctx, who := w.ctx(), w.as("granskare")
	all := func(answer isms.RowAnswer, note string, rows ...int64) (list []JudgedRow) {
		for _, n := range rows {
			list = append(list, say(n, answer, note))
		}
		return list
	}
	_, err := w.Judge(ctx, who, Judging{Portion: p.ID, Answers: all(isms.Keep, "", 1, 2), Bulk: true, Confirmed: 2})
	wantWrong(t, "keep of a marked row", err, "bulk_marked")
	_, err = w.Judge(ctx, who, Judging{Portion: p.ID, Answers: all(isms.Keep, "", 1, 4, 5), Bulk: true})
	wantWrong(t, "not confirmed", err, "bulk_confirm")
	_, err = w.Judge(ctx, who, Judging{Portion: p.ID, Answers: all(isms.Keep, "", 1, 4, 5), Bulk: true, Confirmed: 2})
	wantWrong(t, "another number confirmed", err, "bulk_confirm")
	_, err = w.Judge(ctx, who, Judging{Portion: p.ID, Answers: append(all(isms.Keep, "", 1), all(isms.Remove, "", 4)...), Bulk: true, Confirmed: 2})
	wantWrong(t, "two answers", err, "bulk_one")
	done, err := w.Judge(ctx, who, Judging{Portion: p.ID, Answers: all(isms.Keep, "", 1, 4, 5), Bulk: true, Confirmed: 3})
	want(t, "confirmed", err, nil)
	if done.Answered != 3 || !w.answers(p.ID)[4].Bulk {
		t.Errorf("%+v", done)
	}
	_, err = w.Judge(ctx, who, Judging{Portion: p.ID, Seen: done.Seen, Answers: all(isms.Remove, "", 2, 3), Bulk: true, Confirmed: 2})
	want(t, "a marked row may be removed so", err, nil)
	var many []int64
	for n := range int64(maxBulk + 1) {
		many = append(many, n+1)
	}
	var rows [][]string
	for range many {
		rows = append(rows, []string{"någon"})
	}
	w.rowsFor("big", isms.Entitlements, []string{"person"}, rows...)
	big := w.deals("check", "", dealt{Name: "Stor", Reviewer: "granskare", Population: "big", Rows: many})[0]
	_, err = w.Judge(ctx, who, Judging{Portion: big.ID, Answers: all(isms.Keep, "", many...), Bulk: true, Confirmed: len(many)})
	wantWrong(t, "more than a page", err, "bulk_many")
	page, err := w.Portion(ctx, w.as("coordinator"), p.ID, RowsShown{})
	want(t, "the leader's page", err, nil)
	if page.Pace.Bulk != 5 || page.Pace.Items != 5 || page.Pace.Run != 3 || page.Pace.Kept != 3 || page.Pace.Seconds.IsKnown() || page.Mine || !page.Leads {
		t.Errorf("%+v", page.Pace)
	}
}

// TestHandIn closes a portion, and nothing is answered after that but when its leader opens it again.
func TestHandIn(t *testing.T) { onEach(t, handsIn) }

func handsIn(t *testing.T, w *world) {
	p := w.judging()
	ctx, who, leader := w.ctx(), w.as("granskare"), w.as("coordinator")
	save := func(seen int, row int64) error {
		_, err := w.Judge(ctx, who, Judging{Portion: p.ID, Seen: seen, Answers: []JudgedRow{say(row, isms.Keep, "")}})
		return err
	}
	want(t, "save", save(0, 1), nil)
	wantWrong(t, "unanswered and not told", w.HandIn(ctx, who, HandIn{Portion: p.ID}), "portion_unanswered")
	wantWrong(t, "another number", w.HandIn(ctx, who, HandIn{Portion: p.ID, Unanswered: 8}), "portion_unanswered")
	wantWrong(t, "not done", w.Reopen(ctx, leader, p.ID, p.Rev, "varför", ""), "portion_not_done")
	want(t, "by the leader", w.HandIn(ctx, leader, HandIn{Portion: p.ID, Unanswered: 9}), isms.ErrForbidden)
	want(t, "hand in", w.HandIn(ctx, who, HandIn{Portion: p.ID, Unanswered: 9, Key: "h"}), nil)
	want(t, "hand in again by the same form", w.HandIn(ctx, who, HandIn{Portion: p.ID, Unanswered: 9, Key: "h"}), nil)
	wantWrong(t, "hand in again", w.HandIn(ctx, who, HandIn{Portion: p.ID, Unanswered: 9}), "portion_closed")
	wantWrong(t, "answer after handing in", save(1, 2), "portion_closed")
	wantWrong(t, "hand over after handing in", w.Delegate(ctx, who, Delegation{Portion: p.ID, To: "vikarie", Rev: p.Rev + 1}), "portion_closed")
	wantWrong(t, "reopened without a reason", w.Reopen(ctx, leader, p.ID, p.Rev+1, " ", ""), "required")
	want(t, "reopened from an old page", w.Reopen(ctx, leader, p.ID, p.Rev, "fel rad", ""), isms.ErrStale)
	want(t, "reopened", w.Reopen(ctx, leader, p.ID, p.Rev+1, "fel rad", ""), nil)
	want(t, "answer again", save(1, 2), nil)
	for _, state := range []isms.SpotCheckState{isms.SpotCheckDone, isms.SpotCheckCancelled, isms.SpotCheckDrawn} {
		w.rewrite("spot_check", "check", func(rec register.Entity) { rec.(*isms.SpotCheck).State = state })
		wantWrong(t, "answer when the check is "+string(state), save(2, 3), "portion_closed")
		wantWrong(t, "hand in then", w.HandIn(ctx, who, HandIn{Portion: p.ID, Unanswered: 8}), "portion_closed")
		wantWrong(t, "a link then", first(w.OpenPortionLink(ctx, leader, OpenLink{Portion: p.ID, ValidTo: "2023-01-20"})), "portion_closed")
	}
	w.rewrite("spot_check", "check", func(rec register.Entity) { rec.(*isms.SpotCheck).State = isms.SpotCheckOngoing })
	page, err := w.Portion(ctx, leader, p.ID, RowsShown{})
	want(t, "page", err, nil)
	want(t, "withdraw", w.Withdraw(ctx, leader, p.ID, page.Portion.Rev, "delades ut fel", ""), nil)
	wantWrong(t, "answer when withdrawn", save(2, 3), "portion_closed")
	if got := w.answers(p.ID); len(got) != 2 {
		t.Errorf("%v", got)
	}
	mine, err := w.MyPortions(ctx, who)
	want(t, "mine", err, nil)
	if len(mine.Portions) != 0 {
		t.Errorf("a withdrawn portion is still to be judged: %+v", mine.Portions)
	}
}

func first(_, _ string, err error) error { return err }

// rewrite changes a record behind the back of the acts.
func (w *world) rewrite(kind, id string, f func(register.Entity)) {
	w.t.Helper()
	s, err := schema(kind)
	want(w.t, "schema", err, nil)
	want(w.t, "change", w.DB.Update(w.ctx(), store.Act{Org: w.org, Who: "test"}, func(tx *store.Tx) error {
		rec, err := tx.Get(s, everywhere, id)
		if err != nil {
			return err
		}
		f(rec)
		return tx.Put(rec)
	}), nil)
}

// TestAnswerToADrawThatWasReplaced refuses answers to rows of a sample that has been drawn anew.
func TestAnswerToADrawThatWasReplaced(t *testing.T) {
	w := newWorld(t)
	p := w.judging()
	w.put(&isms.Draw{Record: isms.Record{ID: "draw", Unit: "board-a"}, SpotCheck: "check", Number: 1, Commitment: "x"})
	w.rewrite("portion", p.ID, func(rec register.Entity) { rec.(*isms.Portion).Draw = "draw" })
	save := func(seen int) error {
		_, err := w.Judge(w.ctx(), w.as("granskare"), Judging{Portion: p.ID, Seen: seen, Answers: []JudgedRow{say(int64(seen+1), isms.Keep, "")}})
		return err
	}
	want(t, "before", save(0), nil)
	w.rewrite("draw", "draw", func(rec register.Entity) { rec.(*isms.Draw).AbandonedAt = register.MomentOf(w.now) })
	wantWrong(t, "after", save(1), "portion_closed")
}

// TestDelegate hands a portion on, twice, and lets everybody who had it read it.
func TestDelegate(t *testing.T) { onEach(t, delegates) }

func delegates(t *testing.T, w *world) {
	p := w.judging()
	ctx, who, leader := w.ctx(), w.as("granskare"), w.as("coordinator")
	_, err := w.Judge(ctx, who, Judging{Portion: p.ID, Answers: []JudgedRow{say(1, isms.Remove, "borta")}})
	want(t, "save", err, nil)
	_, token, err := w.OpenPortionLink(ctx, leader, OpenLink{Portion: p.ID, ValidTo: "2023-01-20"})
	want(t, "link", err, nil)
	wantWrong(t, "to oneself", w.Delegate(ctx, who, Delegation{Portion: p.ID, To: "granskare", Rev: p.Rev}), "same_reviewer")
	wantWrong(t, "to nobody", w.Delegate(ctx, who, Delegation{Portion: p.ID, To: "none", Rev: p.Rev}), "no_such")
	want(t, "hand over", w.Delegate(ctx, who, Delegation{Portion: p.ID, To: "vikarie", Note: "är ledig", Rev: p.Rev, Key: "d"}), nil)
	want(t, "the same form again", w.Delegate(ctx, who, Delegation{Portion: p.ID, To: "vikarie", Note: "är ledig", Rev: p.Rev, Key: "d"}), nil)
	_, err = w.PortionByLink(ctx, token, register.NewID(), RowsShown{})
	want(t, "the old link", err, ErrNoLink)
	page, err := w.Portion(ctx, who, p.ID, RowsShown{})
	want(t, "the first still reads", err, nil)
	if page.Mine || page.Rows[0].Answer != isms.Remove || page.Portion.Note != "är ledig" {
		t.Errorf("%+v", page)
	}
	_, err = w.Judge(ctx, who, Judging{Portion: p.ID, Seen: 1, Answers: []JudgedRow{say(2, isms.Keep, "")}})
	want(t, "the first answers no more", err, isms.ErrForbidden)
	want(t, "nor hands over", w.Delegate(ctx, who, Delegation{Portion: p.ID, To: "utan", Rev: p.Rev + 1}), isms.ErrForbidden)
	second := w.as("vikarie")
	_, err = w.Judge(ctx, second, Judging{Portion: p.ID, Seen: 1, Answers: []JudgedRow{say(1, isms.Keep, "borta"), say(2, isms.Keep, "")}})
	want(t, "the second answers", err, nil)
	want(t, "and hands on", w.Delegate(ctx, second, Delegation{Portion: p.ID, To: "utan", Rev: p.Rev + 1}), nil)
	for _, former := range []string{"granskare", "vikarie"} {
		_, err := w.Portion(ctx, w.as(former), p.ID, RowsShown{})
		want(t, former+" reads", err, nil)
		m, err := w.MyPortions(ctx, w.as(former))
		want(t, "lists", err, nil)
		if len(m.Handed) != 1 || len(m.Portions) != 0 || m.Titles.Of("person", m.Handed[0].Reviewer) != "Namn utan" {
			t.Errorf("%s: %+v", former, m)
		}
	}
	want(t, "back to the first, by the leader", w.Delegate(ctx, leader, Delegation{Portion: p.ID, To: "granskare", Rev: p.Rev + 2}), nil)
	m, err := w.MyPortions(ctx, who)
	want(t, "mine", err, nil)
	if len(m.Portions) != 1 || len(m.Handed) != 0 || m.Left != 8 {
		t.Errorf("%+v", m)
	}
	want(t, "retire", w.Retire(ctx, w.as("central_office"), "person", "utan", 1, "", ""), nil)
	wantWrong(t, "to who has left", w.Delegate(ctx, who, Delegation{Portion: p.ID, To: "utan", Rev: p.Rev + 3}), "no_such")
	other := w.deals("check", "", dealt{Name: "Två", Reviewer: "granskare", Population: "pop", Rows: []int64{11, 12}})[0]
	wantWrong(t, "to whom a row is about", w.Delegate(ctx, who, Delegation{Portion: other.ID, To: "vikarie", Rev: 1}), "own_portion")
}

// TestPortionLink opens one portion to one person without an account, and nothing else.
func TestPortionLink(t *testing.T) { onEach(t, portionLink) }

func portionLink(t *testing.T, w *world) {
	p, net := w.judging(), register.NewID() // tries are counted in the whole database, which several tests share
	other := w.deals("check", "", dealt{Name: "Annans", Reviewer: "vikarie", Population: "pop", Rows: []int64{11}})[0]
	ctx, leader := w.ctx(), w.as("coordinator")
	for valid, code := range map[register.Day]string{"": "required", "2023-01-09": "link_days", "2023-03-12": "link_days", "x": "day"} {
		wantWrong(t, "valid to "+string(valid), first(w.OpenPortionLink(ctx, leader, OpenLink{Portion: p.ID, ValidTo: valid})), code)
	}
	id, token, err := w.OpenPortionLink(ctx, leader, OpenLink{Portion: p.ID, ValidTo: "2023-01-20", Key: "l"})
	want(t, "open", err, nil)
	_, again, err := w.OpenPortionLink(ctx, leader, OpenLink{Portion: p.ID, ValidTo: "2023-01-20", Key: "l"})
	want(t, "the same form again", err, nil)
	if again != "" || len(token) < len(w.org)+26 {
		t.Errorf("tokens %q and %q", token, again)
	}
	rec, err := w.Get(ctx, leader, "portion_link", id)
	want(t, "record", err, nil)
	if secret := token[strings.LastIndexByte(token, '-')+1:]; strings.Contains(string(register.JSON(rec.Entity)), secret) {
		t.Error("the secret is kept")
	}
	page, err := w.PortionByLink(ctx, token, net, RowsShown{})
	want(t, "page", err, nil)
	if len(page.Rows) != 10 || page.Leads || !page.Mine || page.ValidTo != "2023-01-20" || page.Links != nil || page.Titles.Of("person", "granskare") == "" {
		t.Errorf("%+v", page)
	}
	w.now = w.now.Add(time.Minute)
	done, err := w.JudgeByLink(ctx, token, net, Judging{Portion: other.ID, Answers: []JudgedRow{say(1, isms.Keep, "")}, Shown: page.Shown, Key: "k"})
	want(t, "answer, with another portion named", err, nil)
	if got := w.answers(p.ID)[1]; !got.ByLink || got.Person != "granskare" || done.Answered != 1 || len(w.answers(other.ID)) != 0 {
		t.Errorf("%+v", got)
	}
	_, err = w.JudgeByLink(ctx, token, net, Judging{Seen: 1, Answers: []JudgedRow{say(11, isms.Keep, "")}})
	want(t, "a row of another portion", err, isms.ErrNotFound)
	uses, err := w.Portion(ctx, leader, p.ID, RowsShown{})
	want(t, "the leader's page", err, nil)
	if len(uses.Links) != 1 || uses.Links[0].Saved != 1 || uses.Links[0].Last == "" || !uses.Links[0].Opens || uses.Pace.Seconds != register.CountOf(60) {
		t.Errorf("%+v, %+v", uses.Links, uses.Pace)
	}
	secret := token[strings.LastIndexByte(token, '-')+1:]
	for what, bad := range map[string]string{"forged": w.org + "-" + register.NewID(), "of another organisation": "elsewhere-" + secret, "empty": "", "the hash": w.org + "-" + hashOf(secret),
		"cut": token[:len(token)-1], "no secret": w.org + "-"} {
		_, err := w.PortionByLink(ctx, bad, net+"elsewhere", RowsShown{})
		want(t, what, err, ErrNoLink)
		_, err = w.JudgeByLink(ctx, bad, net+"elsewhere", Judging{Answers: []JudgedRow{say(2, isms.Keep, "")}})
		want(t, "answer by "+what, err, ErrNoLink)
		want(t, "hand in by "+what, w.HandInByLink(ctx, bad, net+"elsewhere", HandIn{Unanswered: 9}), ErrNoLink)
	}
	was := w.now
	w.later("2023-01-21")
	_, err = w.PortionByLink(ctx, token, net, RowsShown{})
	want(t, "expired", err, ErrNoLink)
	w.now = was
	want(t, "revoke by another", w.RevokePortionLink(ctx, w.as("vikarie"), id, ""), isms.ErrNotFound)
	want(t, "revoke", w.RevokePortionLink(ctx, leader, id, ""), nil)
	want(t, "revoke again", w.RevokePortionLink(ctx, leader, id, ""), nil)
	_, err = w.JudgeByLink(ctx, token, net, Judging{Seen: 1, Answers: []JudgedRow{say(2, isms.Keep, "")}})
	want(t, "revoked", err, ErrNoLink)
	_, token, err = w.OpenPortionLink(ctx, leader, OpenLink{Portion: p.ID, ValidTo: "2023-01-20"})
	want(t, "another", err, nil)
	wantWrong(t, "hand in by link", w.HandInByLink(ctx, token, net, HandIn{}), "portion_unanswered")
	want(t, "hand in by link", w.HandInByLink(ctx, token, net, HandIn{Unanswered: 9}), nil)
	_, err = w.PortionByLink(ctx, token, net, RowsShown{})
	want(t, "handed in", err, ErrNoLink)
	for range mostMissesFrom {
		if _, err = w.PortionByLink(ctx, "x-y", net+"guesser", RowsShown{}); errors.Is(err, ErrFlood) {
			t.Fatal("too soon")
		}
	}
	_, err = w.PortionByLink(ctx, "x-y", net+"guesser", RowsShown{})
	want(t, "guessing", err, ErrFlood)
	_, err = w.PortionByLink(ctx, "x-y", net, RowsShown{})
	want(t, "from elsewhere", err, ErrNoLink)
	if _, err := w.Verify(ctx, w.as("central_office"), nil); err != nil {
		t.Errorf("the journal does not verify: %v", err)
	}
}

// TestRedeal moves portions of units that have merged to those who are managers now, with what has been answered.
func TestRedeal(t *testing.T) { onEach(t, redeals) }

func redeals(t *testing.T, w *world) {
	w.put(person("chef-d", "dept-a", "", ""), role("chef-d", "manager", "dept-a", ""), unit("dept-b", "board-b", "department"), person("chef-b", "dept-b", "", ""), role("chef-b", "manager", "dept-b", ""))
	w.checking("check", isms.SpotCheckOngoing)
	w.rowsFor("pop", isms.Entitlements, []string{"account", "unit"}, []string{"a", "dept-a"}, []string{"b", "dept-a"}, []string{"c", "dept-b"}, []string{"d", "dept-a"})
	_, parts := w.dealtOut(dealing{Judges: isms.JudgedByManagers}, "pop")
	portions := w.deals("check", "", parts...)
	leader := w.as("coordinator")
	var mine isms.Portion
	for _, p := range portions {
		if p.Reviewer == "chef-d" {
			mine = p
		}
	}
	_, err := w.Judge(w.ctx(), w.as("chef-d"), Judging{Portion: mine.ID, Answers: []JudgedRow{say(1, isms.Remove, "")}})
	want(t, "answer", err, nil)
	moved, err := w.Redeal(w.ctx(), leader, "spot_check", "check", "")
	want(t, "nothing to move", err, nil)
	if moved != 0 {
		t.Errorf("%d moved", moved)
	}
	want(t, "by another", second(w.Redeal(w.ctx(), w.as("employee"), "spot_check", "check", "")), isms.ErrNotFound)
	want(t, "of nothing", second(w.Redeal(w.ctx(), leader, "spot_check", "none", "")), isms.ErrNotFound)
	want(t, "of another kind", second(w.Redeal(w.ctx(), leader, "person", "chef-d", "")), isms.ErrNotFound)

	// dept-a merges into dept-b.
	w.rewrite("unit", "dept-a", func(rec register.Entity) {
		u := rec.(*isms.Unit)
		u.Parent, u.ValidTo = "dept-b", "2023-01-09"
	})
	page, err := w.Portion(w.ctx(), leader, mine.ID, RowsShown{})
	want(t, "page", err, nil)
	if !page.Astray {
		t.Error("the leader is not told")
	}
	moved, err = w.Redeal(w.ctx(), leader, "spot_check", "check", "r")
	want(t, "move", err, nil)
	if moved != 1 {
		t.Errorf("%d moved", moved)
	}
	page, err = w.Portion(w.ctx(), w.as("chef-b"), mine.ID, RowsShown{})
	want(t, "the successor's page", err, nil)
	if !page.Mine || page.Answered != 1 || page.Count != 3 || page.Rows[0].Answer != isms.Remove || page.Rows[0].By != "chef-d" {
		t.Errorf("%+v", page)
	}
	_, err = w.Portion(w.ctx(), w.as("chef-d"), mine.ID, RowsShown{})
	want(t, "the former reads", err, nil)

	// The manager leaves, and the HR list is none: the head above, who there is none of; then nobody, which is said.
	want(t, "retire", w.Retire(w.ctx(), w.as("central_office"), "person", "chef-b", 1, "", ""), nil)
	moved, err = w.Redeal(w.ctx(), leader, "spot_check", "check", "")
	want(t, "move on", err, nil)
	if moved != 2 { // to the checker, who judges what nobody else can
		t.Errorf("%d moved", moved)
	}
	all, rows := w.answers(mine.ID), 0
	want(t, "portions", w.DB.View(w.ctx(), w.org, func(tx *store.Tx) error {
		list, err := portionsOf(tx, "spot_check", "check")
		for _, p := range list {
			n, _ := p.Count.Known()
			rows += n
			if p.Reviewer != "coordinator" {
				t.Errorf("%s is with %q", p.Name, p.Reviewer)
			}
		}
		return err
	}), nil)
	if len(all) != 1 || rows != 4 {
		t.Errorf("%d answers, %d rows", len(all), rows)
	}
}

func second(_ int, err error) error { return err }

// TestRedealParts gives what is left to several, and leaves answers where they were given.
func TestRedealParts(t *testing.T) {
	w := newWorld(t)
	w.put(unit("dept-b", "board-a", "department"), person("x", "board-a", "", ""), person("y", "board-a", "", ""), person("z", "board-a", "", ""))
	w.checking("check", isms.SpotCheckOngoing)
	w.rowsFor("pop", isms.Entitlements, []string{"account", "manager"}, []string{"a", "y"}, []string{"b", "z"}, []string{"c", "z"}, []string{"d", "z"}, []string{"e", "y"})
	p := w.deals("check", "", dealt{Name: "Del", Reviewer: "x", Population: "pop", Rows: []int64{1, 2, 3, 4, 5}, Chosen: []int64{5}, Marks: map[int64][]string{5: {"leaver"}, 2: {"moved"}}})[0]
	_, err := w.Judge(w.ctx(), w.as("x"), Judging{Portion: p.ID, Answers: []JudgedRow{say(1, isms.Keep, ""), say(2, isms.Keep, "")}})
	want(t, "answer", err, nil)
	want(t, "retire", w.Retire(w.ctx(), w.as("central_office"), "person", "x", 1, "", ""), nil)
	moved, err := w.Redeal(w.ctx(), w.as("coordinator"), "spot_check", "check", "")
	want(t, "move", err, nil)
	got := map[string]string{}
	want(t, "portions", w.DB.View(w.ctx(), w.org, func(tx *store.Tx) error {
		list, err := portionsOf(tx, "spot_check", "check")
		for _, p := range list {
			got[string(p.Reviewer)] = p.Rows + " " + p.Chosen + " " + p.Marks
		}
		return err
	}), nil)
	if moved != 1 || len(got) != 2 || got["z"] != `1-4  {"2":["moved"]}` || got["y"] != `5 5 {"5":["leaver"]}` {
		t.Errorf("%d: %v", moved, got)
	}
}

// TestPortionInAccessReview takes no answer that an access review does not ask for, and knows who is who by its HR list.
func TestPortionInAccessReview(t *testing.T) { onEach(t, inReview) }

func inReview(t *testing.T, w *world) {
	w.put(person("granskare", "board-a", "7", "g@exempelstad.se"))
	w.rowsFor("hr", isms.Employments, []string{"person", "email", "unit"}, []string{"p2", "g@exempelstad.se", "board-a"})
	w.rowsFor("pop", isms.Entitlements, []string{"person"}, []string{"p1"}, []string{"p2"}, []string{"p3"})
	w.put(&isms.AccessReview{Record: isms.Record{ID: "review", Unit: "board-a"}, Name: "Genomgång", Judges: isms.JudgedByOne, Judge: "granskare", Reserve: "dpo", Staff: "hr", Leader: "coordinator",
		EndsOn: "2023-02-01", State: isms.AccessReviewOngoing})
	var ids []string
	want(t, "deal", w.DB.Update(w.ctx(), store.Act{Org: w.org, Who: "coordinator"}, func(tx *store.Tx) (err error) {
		ids, err = w.deal(w.ctx(), tx, w.as("coordinator"), portionOf{AccessReview: "review", Unit: "board-a"}, []dealt{{Name: "Del", Reviewer: "granskare", Population: "pop", Rows: []int64{1, 2, 3}}}, "dpo")
		return err
	}), nil)
	if len(ids) != 2 {
		t.Fatalf("%d portions: the row about the reviewer, as the HR list knows, is to be the reserve's", len(ids))
	}
	save := func(who string, id string, row int64, answer isms.RowAnswer) error {
		_, err := w.Judge(w.ctx(), w.as(who), Judging{Portion: id, Answers: []JudgedRow{say(row, answer, "x")}})
		return err
	}
	wantWrong(t, "a deviation", save("granskare", ids[0], 1, isms.Deviating), "choice")
	want(t, "keep", save("granskare", ids[0], 1, isms.Keep), nil)
	want(t, "the reserve", save("dpo", ids[1], 2, isms.Remove), nil)
	w.rewrite("access_review", "review", func(rec register.Entity) { rec.(*isms.AccessReview).State = isms.AccessReviewClosed })
	wantWrong(t, "closed", save("granskare", ids[0], 3, isms.Keep), "portion_closed")
}

// TestPace tells how rows were judged.
func TestPace(t *testing.T) {
	sheet := func(n int, seconds int, bulk bool, answers string) isms.AnswerSheet {
		var lines []string
		for i, a := range strings.Fields(answers) {
			lines = append(lines, fmt.Sprintf(`{"row":%d,"answer":%q}`, 10*n+i, a))
		}
		return isms.AnswerSheet{Number: n, Seconds: register.CountOf(seconds), Bulk: bulk, Answers: "[" + strings.Join(lines, ",") + "]"}
	}
	p, err := paceOf([]isms.AnswerSheet{sheet(1, 60, false, "keep keep keep"), sheet(2, 4, true, "keep keep keep keep"), sheet(3, 30, false, "remove"), sheet(4, -1, false, "keep keep")})
	want(t, "pace", err, nil)
	if p != (Pace{Items: 10, Kept: 9, Seconds: register.CountOf(1), Timed: 8, Run: 7, Bulk: 4}) {
		t.Errorf("%+v", p)
	}
	if p, err = paceOf(nil); err != nil || p != (Pace{}) {
		t.Errorf("%+v, %v", p, err)
	}
}

// TestPortionReminders tells the reviewer in time, and when it is late the leader and the reviewer's head.
func TestPortionReminders(t *testing.T) { onEach(t, portionReminders) }

func portionReminders(t *testing.T, w *world) {
	p := w.judging()
	ctx := context.Background()
	agenda := func(who string) (kinds []string) {
		list, err := w.Agenda(ctx, w.as(who))
		want(t, "agenda", err, nil)
		for _, e := range list {
			kinds = append(kinds, string(e.Kind)+" "+string(e.Day))
		}
		return kinds
	}
	is := func(who string, wanted ...string) {
		t.Helper()
		if got := agenda(who); strings.Join(got, ",") != strings.Join(wanted, ",") {
			t.Errorf("%s: %v, want %v", who, got, wanted)
		}
	}
	is("granskare", "portion 2023-01-31")
	is("coordinator")
	is("head")
	w.later("2023-02-03")
	is("granskare", "portion 2023-01-31")
	is("coordinator", "overdue 2023-01-31")
	is("head", "overdue 2023-01-31")
	is("employee")
	for who, n := range map[string]int{"head": 1, "coordinator": 1, "granskare": 0, "employee": 0, "manager": 0} {
		m, err := w.MyPortions(ctx, w.as(who))
		want(t, "lists", err, nil)
		if len(m.Late) != n {
			t.Errorf("%s sees %d late", who, len(m.Late))
		}
	}
	want(t, "hand over", w.Delegate(ctx, w.as("granskare"), Delegation{Portion: p.ID, To: "vikarie", Rev: p.Rev}), nil)
	is("granskare")
	is("vikarie", "portion 2023-01-31")
	want(t, "hand in", w.HandIn(ctx, w.as("vikarie"), HandIn{Portion: p.ID, Unanswered: 10}), nil)
	is("vikarie")
	is("coordinator")
	is("head")
}

// TestPortionMail reminds the new reviewer from the beginning, and nobody of what is done.
func TestPortionMail(t *testing.T) {
	w := newWorld(t)
	w.Mail = &Mailing{}
	p := w.judging()
	w.rewrite("person", "head", func(rec register.Entity) { rec.(*isms.Person).Email = "chef@exempelstad.se" }) // the coordinator has no address
	letters := func() (to []string) {
		list, err := w.TakeLetters(w.ctx())
		want(t, "letters", err, nil)
		for _, l := range list {
			to = append(to, l.Person+":"+string(l.Reminders[0].Kind)+":"+l.Reminders[0].Mark)
			want(t, "sent", w.LetterSent(w.ctx(), l), nil)
		}
		return to
	}
	is := func(what string, wanted ...string) {
		t.Helper()
		if got := letters(); strings.Join(got, " ") != strings.Join(wanted, " ") {
			t.Errorf("%s: %v, want %v", what, got, wanted)
		}
	}
	is("at first", "granskare:portion:start")
	is("at once again")
	want(t, "hand over", w.Delegate(w.ctx(), w.as("granskare"), Delegation{Portion: p.ID, To: "vikarie", Rev: p.Rev}), nil)
	is("handed over", "vikarie:portion:start")
	w.later("2023-01-24")
	is("a week before", "vikarie:portion:7d")
	w.later("2023-01-30")
	is("the day before", "vikarie:portion:1d")
	w.later("2023-02-01")
	is("late", "vikarie:portion:past")
	w.later("2023-02-03")
	is("three days late", "head:overdue:+3d")
	want(t, "hand in", w.HandIn(w.ctx(), w.as("vikarie"), HandIn{Portion: p.ID, Unanswered: 10}), nil)
	w.later("2023-02-08")
	is("done")
}
