// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/sample"
	"ledsyn/store"
)

// seedText is bytes enough for the seeds of a test, each another.
func seedText(n int) io.Reader {
	var b bytes.Buffer
	for i := range n {
		b.Write(bytes.Repeat([]byte{byte(i + 1)}, 32))
	}
	return &b
}

// checkSet keeps an imported set of n rows of two units, of which the first has two thirds.
func (w *world) checkSet(id string, n int) {
	w.t.Helper()
	columns := []string{"Anst.nr", "Namn", "Enhet", "Roll"}
	out, err := w.DB.WriteSet(w.ctx(), w.org, id, columns)
	want(w.t, "write", err, nil)
	for i := range n {
		want(w.t, "row", out.Add([]string{fmt.Sprint("a", i+1), fmt.Sprint("Person ", i+1), []string{"dept-a", "board-a", "dept-a"}[i%3], []string{"läsa", "skriva"}[i%2]}), nil)
	}
	set, err := out.Close()
	want(w.t, "close", err, nil)
	heads, _ := json.Marshal(columns)
	w.put(&isms.Population{Record: isms.Record{ID: id, Unit: "board-a"}, Name: "Behörigheter " + id, Kind: isms.Entitlements, Day: "2023-01-09", System: "sys-a",
		Rows: register.CountOf(n), Columns: string(heads), Meaning: `{"person":"Anst.nr","name":"Namn","unit":"Enhet","role":"Roll"}`, SHA256: set.SHA256})
}

// aPlan is the form of a check that lacks nothing.
func aPlan(more ...string) map[string][]string {
	form := map[string][]string{"name": {"Behörigheter i Ärende"}, "area": {"Behörigheter"}, "year": {"2023"}, "state": {"planned"}, "question": {"Rätten behövs inte"},
		"definition": {"Alla rader i listan"}, "source": {"list"}, "confidence": {"95"}, "size": {"20"}, "judges": {"one"}, "judge": {"manager"},
		"checker": {"security_coordinator"}, "due_on": {"2023-02-01"}}
	for i := 0; i+1 < len(more); i += 2 {
		form[more[i]] = []string{more[i+1]}
	}
	return form
}

// planCheck makes a check of the plan by the coordinator and returns its id.
func (w *world) planCheck(more ...string) string {
	w.t.Helper()
	id, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "spot_check", Unit: "board-a", Form: aPlan(more...)})
	want(w.t, "plan", err, nil)
	return id
}

// check is the check as the coordinator sees it.
func (w *world) check(id string) SpotCheckPage {
	w.t.Helper()
	p, err := w.SpotCheck(w.ctx(), w.as("coordinator"), id)
	want(w.t, "look at the check", err, nil)
	return p
}

// asRead names the check as it is now.
func (w *world) asRead(id string) Entry { return Entry{id, w.check(id).Rev} }

type checkAct = func(Entry) error

// acts are those that take no more than the check, by the coordinator.
func (w *world) acts() map[string]checkAct {
	who := w.as("coordinator")
	return map[string]checkAct{
		"commit": func(e Entry) error { return w.CommitDraw(w.ctx(), who, e, "Listan var fel", "") },
		"freeze": func(e Entry) error { return w.FreezeDraw(w.ctx(), who, e, "") },
		"draw":   func(e Entry) error { return w.DrawSample(w.ctx(), who, e, "") },
		"deal":   func(e Entry) error { return w.DealSpotCheck(w.ctx(), who, e, "") },
		"open":   func(e Entry) error { return w.OpenPlan(w.ctx(), who, e, "") },
		"close":  func(e Entry) error { return w.CloseSpotCheck(w.ctx(), who, e, "Svaren kom inte", "") },
	}
}

// walk takes the check through the acts.
func (w *world) walk(id string, names ...string) {
	w.t.Helper()
	for _, name := range names {
		want(w.t, name, w.acts()[name](w.asRead(id)), nil)
	}
}

// say answers rows of the check behind the back of the acts.
func (w *world) say(id string, answer func(SpotItem) isms.RowAnswer) {
	w.t.Helper()
	items, err := w.SpotItems(w.ctx(), w.as("coordinator"), id)
	want(w.t, "items", err, nil)
	lines := map[string][]sheetLine{}
	for _, i := range items.Items {
		if a := answer(i); a != "" {
			lines[i.Portion] = append(lines[i.Portion], sheetLine{Row: i.Row, Answer: a, Note: "Slutade i mars"})
		}
	}
	for portion, list := range lines {
		text, _ := json.Marshal(list)
		w.put(&isms.AnswerSheet{Record: isms.Record{ID: register.NewID(), Unit: "board-a"}, Portion: register.Ref[isms.Portion](portion), Number: 1, Person: "manager",
			At: register.MomentOf(w.now), Answers: string(text), Count: register.CountOf(len(list)), Answered: register.CountOf(len(list))})
	}
}

// TestSpotCheck takes a check from its plan to its result.
func TestSpotCheck(t *testing.T) { onEach(t, spotCheck) }

func spotCheck(t *testing.T, w *world) {
	w.seeds = seedText(3)
	w.checkSet("list", 300)
	w.put(&isms.ControlPlan{Record: isms.Record{ID: "plan", Unit: "board-a"}, Title: "Plan", Year: 2023},
		&isms.Control{Record: isms.Record{ID: "control", Unit: "board-a"}, Name: "Konton", Plan: "plan", Method: "spot_check"})
	id := w.planCheck("stratify", "Enhet", "control", "control")
	plan, err := w.PlanOf(w.ctx(), w.as("coordinator"), id, nil)
	want(t, "plan", err, nil)
	if plan.Sample == nil || plan.Sample.Size != 20 || len(plan.Sample.Strata) != 2 || plan.Sample.Strata[1].Size != 13 || len(plan.Wrong) > 0 {
		t.Fatalf("the plan is %+v, wrong %v", plan.Sample, plan.Wrong)
	}
	if said := strings.Join(plan.Sample.Meaning(locale.Swedish), " "); !strings.Contains(said, "20") || strings.Contains(said, "[[") {
		t.Errorf("the plan means %q", said)
	}
	w.walk(id, "commit")
	if d := w.check(id).Now; d.Seed != "" || len(d.Commitment) != 64 || d.Number != 1 {
		t.Fatalf("the bound draw is %+v", d)
	}
	w.walk(id, "freeze")
	if d := w.check(id).Now; d.Draw.Population != "list" || d.Seed != "" || len(d.Strata) != 2 || len(d.Strata[0].Drawn) != 0 {
		t.Fatalf("the frozen draw is %+v", d)
	}
	want(t, "choose", w.ChooseRows(w.ctx(), w.as("coordinator"), w.asRead(id), []int64{7, 8}, "Har slutat", ""), nil)
	w.walk(id, "draw")
	p := w.check(id)
	var seed sample.Seed
	copy(seed[:], bytes.Repeat([]byte{1}, 32))
	for i, s := range p.Now.Strata {
		drawn, _ := sample.Draw(seed.Stratum(i+1), int64(s.Rows), s.Size)
		if len(drawn) != len(s.Drawn) {
			t.Fatalf("part %d has %d rows drawn of %d", i, len(s.Drawn), s.Size)
		}
		slices.Sort(drawn)
		for k, n := range drawn { // dept-a has the rows 1, 3, 4, 6, …, board-a the rows 2, 5, 8, …
			place := 3*n - 1
			if s.Name == "dept-a" {
				place = (n-1)/2*3 + 1 + (n-1)%2*2
			}
			if s.Drawn[k] != place {
				t.Errorf("row %d of %s is %d, want %d", n, s.Name, s.Drawn[k], place)
			}
		}
	}
	if p.Now.Seed != seed.Hex() || seed.Commitment() != p.Now.Commitment || !p.Now.Ordered() || p.Now.Entry[0] == 0 {
		t.Errorf("the draw is %+v", p.Now)
	}
	w.walk(id, "deal")
	first := p.Now.Strata[1].Drawn[0]
	w.say(id, func(i SpotItem) isms.RowAnswer {
		switch {
		case i.Row == first:
			return isms.Remove
		case !i.Drawn && i.Row == 7:
			return isms.Deviating
		case i.Row == p.Now.Strata[0].Drawn[0]:
			return isms.Unsure
		}
		return isms.Keep
	})
	p = w.check(id)
	if p.Result.Deviations != 1 || p.Result.Unsure != 1 || p.Result.Unanswered != 0 || p.Result.Size != 20 {
		t.Errorf("so far: %+v", p.Result)
	}
	w.walk(id, "close")
	p = w.check(id)
	if n, _ := p.SpotCheck.Found.Known(); n != 1 || p.State != isms.SpotCheckDone || len(p.Found) != 1+p.Result.Chosen.Deviations {
		t.Errorf("the result is %+v, found %v", p.SpotCheck, p.Found)
	}
	if !(p.Result.Best.Upper < p.Result.Worst.Upper) {
		t.Errorf("best %v, worst %v", p.Result.Best.Upper, p.Result.Worst.Upper)
	}
	if said := p.Result.Sentence(locale.Swedish); !strings.Contains(said, "20") || strings.Contains(said, "[[") {
		t.Errorf("the sentence is %q", said)
	}
	if len(p.Results) != 1 || p.Results[0].Tertial != isms.FirstTertial || p.Results[0].Outcome != isms.ControlDeviations || p.Results[0].Found != register.CountOf(len(p.Found)) {
		t.Fatalf("the control's result is %+v", p.Results)
	}
	w.retest(id, p)
}

// TestCheckOfAnothersControl lets a check report nothing of a control in a unit where whoever closes it may only look.
func TestCheckOfAnothersControl(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.put(role("coordinator", "auditor", "board-b", ""), &isms.ControlPlan{Record: isms.Record{ID: "plan", Unit: "board-b"}, Title: "Plan", Year: 2023},
			&isms.Control{Record: isms.Record{ID: "control", Unit: "board-b"}, Name: "Konton", Plan: "plan", Method: "spot_check"})
		w.checkSet("list", 30)
		id := w.planCheck("control", "control", "size", "10")
		w.walk(id, "commit", "freeze", "draw", "deal", "close")
		if p := w.check(id); len(p.Results) != 0 {
			t.Errorf("the other unit was given %+v", p.Results)
		}
	})
}

// retest remedies a deviation of the check's sample and has it tested anew.
func (w *world) retest(id string, p SpotCheckPage) {
	t, ctx := w.t, w.ctx()
	var d isms.Deviation
	for _, one := range p.Found {
		if n, _ := one.Row.Known(); n != 7 {
			d = one
		}
	}
	save := func(person string, rev int, form map[string][]string) error {
		_, err := w.Save(ctx, w.as(person), Change{Kind: "deviation", ID: d.ID, Rev: rev, Form: form})
		return err
	}
	wantWrong(t, "verified by a form", save("coordinator", 1, map[string][]string{"state": {"verified"}, "remedied_on": {"2023-01-10"}, "verified_on": {"2023-01-10"}}), "deviation_by_retest")
	_, err := w.Save(ctx, w.as("coordinator"), Change{Kind: "deviation", Unit: "board-a", Form: map[string][]string{"title": {"En till"}, "area": {"Behörigheter"},
		"spot_check": {id}, "row": {d.Row.String()}, "state": {"remedied"}, "found_on": {"2023-01-10"}, "remedied_on": {"2023-01-10"}}})
	wantWrong(t, "a remedied one of the sample by a form", err, "deviation_found")
	wantWrong(t, "tested before it is remedied", w.VerifyDeviation(ctx, w.as("coordinator"), Entry{d.ID, 1}, true, "", ""), "retest_remedied")
	want(t, "remedy", save("coordinator", 1, map[string][]string{"state": {"remedied"}, "remedied_on": {"2023-01-10"}, "owner": {"coordinator"}}), nil)
	if p = w.check(id); p.SpotCheck.Remedied != register.CountOf(1) || p.Results[0].Remedied != register.CountOf(1) || p.SpotCheck.Found != register.CountOf(1) {
		t.Errorf("after it was remedied: %v of %v, the control's %v", p.SpotCheck.Remedied, p.SpotCheck.Found, p.Results[0].Remedied)
	}
	wantWrong(t, "tested by its owner", w.VerifyDeviation(ctx, w.as("coordinator"), Entry{d.ID, 2}, true, "", ""), "retest_own")
	want(t, "tested by one who may not", w.VerifyDeviation(ctx, w.as("auditor"), Entry{d.ID, 2}, true, "", ""), isms.ErrForbidden)
	wantWrong(t, "no reason", w.VerifyDeviation(ctx, w.as("manager"), Entry{d.ID, 2}, false, "", ""), "reason_needed")
	want(t, "not held", w.VerifyDeviation(ctx, w.as("manager"), Entry{d.ID, 2}, false, "Kontot finns kvar", ""), nil)
	if p = w.check(id); p.SpotCheck.Remedied != register.CountOf(0) || p.Results[0].Remedied != register.CountOf(0) {
		t.Errorf("after the test failed: %v, the control's %v", p.SpotCheck.Remedied, p.Results[0].Remedied)
	}
	want(t, "remedy again", save("coordinator", 3, map[string][]string{"state": {"remedied"}, "remedied_on": {"2023-01-10"}}), nil)
	want(t, "an old revision", w.VerifyDeviation(ctx, w.as("manager"), Entry{d.ID, 3}, true, "", ""), isms.ErrStale)
	want(t, "hand over", save("coordinator", 4, map[string][]string{"owner": {"head"}}), nil)
	wantWrong(t, "tested by who owned it", w.VerifyDeviation(ctx, w.as("coordinator"), Entry{d.ID, 5}, true, "", ""), "retest_own")
	want(t, "held", w.VerifyDeviation(ctx, w.as("manager"), Entry{d.ID, 5}, true, "", ""), nil)
	_, err = w.Save(ctx, w.as("coordinator"), Change{Kind: "deviation", Unit: "board-a", Form: map[string][]string{"title": {"Utan stickprov"}, "area": {"Annat"}, "state": {"verified"},
		"found_on": {"2023-01-10"}, "remedied_on": {"2023-01-10"}, "verified_on": {"2023-01-10"}, "owner": {"coordinator"}, "verified_by": {"coordinator"}}})
	wantWrong(t, "tested by its owner outside a sample", err, "retest_own")
	if p = w.check(id); p.SpotCheck.Remedied != register.CountOf(1) {
		t.Errorf("after the test: %v", p.SpotCheck.Remedied)
	}
}

// TestSpotCheckOfRecords draws from a register as it was on a day, and from a part of a set.
func TestSpotCheckOfRecords(t *testing.T) { onEach(t, spotCheckOfRecords) }

func spotCheckOfRecords(t *testing.T, w *world) {
	for i := range 12 {
		w.put(&isms.Post{Record: isms.Record{ID: fmt.Sprintf("post-%02d", i), Unit: []string{"board-a", "dept-a", "board-b"}[i%3]}, Name: fmt.Sprint("Ansvar ", i), Holder: "manager"})
	}
	w.later("2023-01-20")
	w.put(&isms.Post{Record: isms.Record{ID: "later", Unit: "board-a"}, Name: "Senare", Holder: "manager"})
	id := w.planCheck("source", "", "kind", "post", "source_day", "2023-01-15", "size", "3", "choice", `[{"column":"`+locale.Swedish.T("post.name")+`","op":"not","value":"ansvar 0"}]`)
	plan, err := w.PlanOf(w.ctx(), w.as("coordinator"), id, nil)
	want(t, "plan", err, nil)
	if plan.Sample == nil || plan.Sample.Rows != 7 { // eight of board-a and below, one left out
		t.Fatalf("the plan is %+v, wrong %v", plan.Sample, plan.Wrong)
	}
	w.walk(id, "commit", "freeze", "draw")
	p := w.check(id)
	if n, _ := p.Population.Rows.Known(); n != 7 || p.Population.Kind != isms.OtherRows || p.Population.SHA256 != p.Now.SHA256 || p.Population.ID == "list" {
		t.Errorf("the frozen set is %+v", p.Population)
	}
	items, err := w.SpotItems(w.ctx(), w.as("coordinator"), id)
	want(t, "items", err, nil)
	if len(items.Items) != 3 || !slices.Contains(items.Columns, "Enhet") {
		t.Errorf("the items are %+v in %q", items.Items, items.Columns)
	}
	for _, i := range items.Items {
		if strings.Contains(strings.Join(i.Cells, "|"), "Senare") {
			t.Error("a record that came later was drawn")
		}
	}
	if _, err := w.DB.VerifySet(w.ctx(), w.org, p.Population.ID); err != nil {
		t.Error(err)
	}
	w.checkSet("list", 90)
	part := w.planCheck("choice", `[{"column":"Roll","op":"is","value":"SKRIVA"}]`, "size", "5")
	w.walk(part, "commit", "freeze", "draw")
	if p := w.check(part); p.Population.ID == "list" || p.Population.Rows != register.CountOf(45) || p.Population.Kind != isms.Entitlements || p.Population.System != "sys-a" {
		t.Errorf("the part of the set is %+v", p.Population)
	}
}

// TestSpotCheckAbuse tries what would spoil a sample.
func TestSpotCheckAbuse(t *testing.T) { onEach(t, spotCheckAbuse) }

func spotCheckAbuse(t *testing.T, w *world) {
	ctx, who := w.ctx(), w.as("coordinator")
	w.checkSet("list", 100)
	id := w.planCheck()
	wantWrong(t, "drawn before it is bound", w.acts()["draw"](w.asRead(id)), "spot_check_state")
	wantWrong(t, "frozen before it is bound", w.acts()["freeze"](w.asRead(id)), "spot_check_state")
	w.walk(id, "commit")
	wantWrong(t, "drawn before it is frozen", w.acts()["draw"](w.asRead(id)), "spot_check_state")
	want(t, "an old revision", w.FreezeDraw(ctx, who, Entry{id, 1}, ""), isms.ErrStale)
	for name, person := range map[string]string{"an auditor": "auditor", "a head": "head"} {
		want(t, "frozen by "+name, w.FreezeDraw(ctx, w.as(person), w.asRead(id), ""), isms.ErrForbidden)
	}
	want(t, "frozen by another board", w.FreezeDraw(ctx, w.as("coordinator-b"), w.asRead(id), ""), isms.ErrNotFound)
	for field, value := range map[string]string{"size": "5", "question": "Annat", "stratify": "Enhet", "source": "", "confidence": "50"} {
		_, err := w.Save(ctx, who, Change{Kind: "spot_check", ID: id, Rev: w.check(id).Rev, Form: map[string][]string{field: {value}}})
		wantWrong(t, "changed when it is bound: "+field, err, "spot_check_bound")
	}
	for field, value := range map[string]string{"state": "drawn", "found": "0", "population": "7", "performed_on": "2023-01-10", "upper": "1"} {
		_, err := w.Save(ctx, who, Change{Kind: "spot_check", ID: id, Rev: w.check(id).Rev, Form: map[string][]string{field: {value}}})
		wantWrong(t, "set by a form: "+field, err, "spot_check_by_act")
	}
	for _, kind := range []string{"draw", "portion", "removal"} {
		if _, err := w.Save(ctx, who, Change{Kind: kind, Unit: "board-a", Form: map[string][]string{"spot_check": {id}}}); err == nil {
			t.Errorf("a %s was made by a form", kind)
		}
	}
	w.walk(id, "freeze")
	w.seedChanged(id)
	w.walk(id, "commit", "freeze")
	w.setEdited(id)
}

// seedChanged puts another seed where the bound one waits.
func (w *world) seedChanged(id string) {
	w.t.Helper()
	draw := w.check(id).Now.ID
	swap := func(seed string) (was string) {
		err := w.DB.Update(w.ctx(), store.Act{Org: w.org, Who: "test"}, func(tx *store.Tx) (err error) {
			if was, err = tx.DrawSeed(draw); err != nil {
				return err
			}
			if err := tx.DropDrawSeed(draw); err != nil || seed == "" {
				return err
			}
			return tx.KeepDrawSeed(draw, seed)
		})
		want(w.t, "swap the seed", err, nil)
		return was
	}
	was := swap(strings.Repeat("ab", 32))
	wantWrong(w.t, "another seed", w.acts()["draw"](w.asRead(id)), "seed_changed")
	swap("no seed")
	wantWrong(w.t, "no seed at all", w.acts()["draw"](w.asRead(id)), "seed_changed")
	swap("")
	wantWrong(w.t, "a lost seed", w.acts()["draw"](w.asRead(id)), "seed_lost")
	if w.check(id).State != isms.SpotCheckFrozen || was == "" {
		w.t.Error("a refused draw went on")
	}
}

// setEdited writes the population's rows anew with one of them changed, first alone and then with its record.
func (w *world) setEdited(id string) {
	w.t.Helper()
	rewrite := func(also bool) {
		var p isms.Population
		err := w.DB.View(w.ctx(), w.org, func(tx *store.Tx) (err error) {
			p, err = store.Get[isms.Population](tx, everywhere, "list")
			return err
		})
		want(w.t, "read", err, nil)
		p.DisposedOn = "2023-01-10"
		w.put(&p)
		want(w.t, "drop", w.DB.DropSet(w.ctx(), w.org, "list"), nil)
		out, err := w.DB.WriteSet(w.ctx(), w.org, "list", []string{"Anst.nr", "Namn", "Enhet", "Roll"})
		want(w.t, "write", err, nil)
		for i := range 100 {
			want(w.t, "row", out.Add([]string{fmt.Sprint("b", i), "x", "dept-a", "läsa"}), nil)
		}
		set, err := out.Close()
		want(w.t, "close", err, nil)
		if p.DisposedOn = ""; also {
			p.SHA256 = set.SHA256
		}
		w.put(&p)
	}
	for _, also := range []bool{false, true} {
		rewrite(also)
		wantWrong(w.t, "other rows", w.acts()["draw"](w.asRead(id)), "population_edited")
	}
	if c := w.check(id); c.State != isms.SpotCheckFrozen || c.Now.Seed != "" {
		w.t.Errorf("a refused draw went on: %+v", c.Now)
	}
}

// TestRedraw draws until it suits, and is seen to.
func TestRedraw(t *testing.T) { onEach(t, redraw) }

func redraw(t *testing.T, w *world) {
	w.seeds = seedText(9)
	w.checkSet("list", 100)
	id := w.planCheck()
	w.walk(id, "commit", "freeze", "draw")
	wantWrong(t, "no reason", w.CommitDraw(w.ctx(), w.as("coordinator"), w.asRead(id), " ", ""), "redraw_why")
	w.walk(id, "commit")
	p := w.check(id)
	if len(p.Draws) != 2 || p.Draws[1].AbandonedAt == "" || p.Draws[1].Seed == "" || p.Draws[0].Reason == "" || p.Draws[0].Seed != "" {
		t.Fatalf("the draws are %+v", p.Draws)
	}
	w.walk(id, "commit") // one whose seed nobody saw
	if p = w.check(id); p.Draws[1].Seed == "" {
		t.Error("the seed of a draw that was given up is not told")
	}
	w.walk(id, "freeze", "draw", "deal", "commit", "freeze", "draw", "deal")
	var live int
	for _, d := range w.check(id).Portions {
		if d.WithdrawnOn == "" {
			live += d.Rows
		}
	}
	if live != 20 {
		t.Errorf("%d rows are dealt out", live)
	}
	w.say(id, func(SpotItem) isms.RowAnswer { return isms.Keep })
	w.walk(id, "close")
	if p = w.check(id); p.Result.Draws != 4 || p.Result.Seen != 2 || !strings.Contains(p.Result.Sentence(locale.Swedish), "4") {
		t.Errorf("%d draws, %d seen: %s", p.Result.Draws, p.Result.Seen, p.Result.Sentence(locale.Swedish))
	}
	wantWrong(t, "redrawn when it is done", w.CommitDraw(w.ctx(), w.as("coordinator"), w.asRead(id), "Ännu en", ""), "spot_check_state")
	_, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "spot_check", ID: id, Rev: p.Rev, Form: map[string][]string{"found": {"3"}}})
	wantWrong(t, "the result by a form", err, "spot_check_by_act")
}

// TestSampleIsTheSameOnBothEngines draws with one seed on each.
func TestSampleIsTheSameOnBothEngines(t *testing.T) {
	var drawn []string
	onEach(t, func(t *testing.T, w *world) {
		w.seeds = seedText(1)
		w.checkSet("list", 500)
		id := w.planCheck("stratify", "Roll", "size", "", "tolerable", "5")
		w.walk(id, "commit", "freeze", "draw")
		d := w.check(id).Now
		drawn = append(drawn, d.Draw.Strata+d.SHA256)
	})
	for _, d := range drawn[1:] {
		if d != drawn[0] {
			t.Errorf("one engine draws %s, the other %s", drawn[0], d)
		}
	}
}

// TestAFormSentTwiceDrawsOnce sends each act's form two times.
func TestAFormSentTwiceDrawsOnce(t *testing.T) { onEach(t, sentTwice) }

func sentTwice(t *testing.T, w *world) {
	ctx, who := w.ctx(), w.as("coordinator")
	w.checkSet("list", 50)
	id := w.planCheck("choice", `[{"column":"Roll","op":"is","value":"läsa"}]`)
	e := w.asRead(id)
	for range 2 {
		want(t, "commit", w.CommitDraw(ctx, who, e, "", "k1"), nil)
	}
	e = w.asRead(id)
	for range 2 {
		want(t, "freeze", w.FreezeDraw(ctx, who, e, "k2"), nil)
	}
	e = w.asRead(id)
	for range 2 {
		want(t, "draw", w.DrawSample(ctx, who, e, "k3"), nil)
	}
	if p := w.check(id); len(p.Draws) != 1 || p.State != isms.SpotCheckDrawn {
		t.Errorf("%d draws, state %s", len(p.Draws), p.State)
	}
}
