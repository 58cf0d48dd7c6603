// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

// flow is the first board's system with pupils, which passes them to the department's, and that back again.
func flow(t *testing.T) *world {
	w := newWorld(t)
	w.pupils()
	w.put(&isms.Integration{Record: isms.Record{ID: "to-d", Unit: "board-a"}, Name: "Till journalen", Source: "sys-a", Target: "sys-d"},
		&isms.Integration{Record: isms.Record{ID: "back", Unit: "board-a"}, Name: "Tillbaka", Source: "sys-d", Target: "sys-a"})
	return w
}

func (w *world) protection(system string) Protection {
	w.t.Helper()
	p, err := w.Protection(w.ctx(), w.as("coordinator"), system)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func TestLevelsFollowWhatFlowsIn(t *testing.T) {
	w := flow(t)
	if p := w.protection("sys-d"); p.Profile != (isms.Profile{}) || !p.AtLeast || len(p.Measures) == 0 || len(p.Unknown) == 0 {
		t.Errorf("before anything is classified: %s, at least %v", p.Profile, p.AtLeast)
	}
	w.judge("information_set", "pupils", "K3/R2/T1", "information_owner")
	p := w.protection("sys-d")
	if p.Profile.String() != "K3/R2/T1" || !p.AtLeast {
		t.Errorf("what flows in gives %s, at least %v", p.Profile, p.AtLeast)
	}
	path := p.Standing[0].Derived.Path
	if n := len(path); n != 5 || path[1] != (isms.Step{Kind: "information_set", ID: "pupils"}) || path[3] != (isms.Step{Kind: "integration", ID: "to-d"}) {
		t.Errorf("the path is %v", path)
	}
	if p.Titles.Of("information_set", "pupils") != "Elever" || p.Titles.Of("integration", "to-d") != "Till journalen" {
		t.Errorf("titles: %v", p.Titles)
	}
	if len(p.Inputs) != 1 || p.Inputs[0].Profile.String() != "K3/R2/T1" || p.Inputs[0].By != "to-d" {
		t.Errorf("inputs: %+v", p.Inputs)
	}
	levels, err := w.Levels(w.ctx(), w.as("coordinator"), "system", []string{"sys-a", "sys-b", "sys-d"})
	want(t, "levels", err, nil)
	if len(levels) != 2 || levels["sys-a"].Profile.String() != "K3/R2/T1" {
		t.Errorf("levels: %v", levels)
	}
	_, err = w.Protection(w.ctx(), w.as("coordinator"), "sys-b")
	want(t, "another board's system", err, isms.ErrNotFound)
	w.later("2024-01-11")
	if p := w.protection("sys-d"); p.Profile != (isms.Profile{}) {
		t.Errorf("after the last day: %s", p.Profile)
	}
}

// TestLevelsKeptInStep holds that the kept derivation takes in every kind of change, and is what one made anew would be.
func TestLevelsKeptInStep(t *testing.T) {
	w := flow(t)
	w.judge("information_set", "pupils", "K1/R1/T1", "information_owner")
	who := w.as("coordinator")
	change := func(kind, id string, rev int, form map[string][]string) {
		t.Helper()
		_, err := w.Save(w.ctx(), who, Change{Kind: kind, ID: id, Rev: rev, Unit: "board-a", Form: form})
		want(t, kind, err, nil)
	}
	check := func(what, wanted string) {
		t.Helper()
		kept := w.protection("sys-d")
		fresh := &App{DB: w.DB, Log: w.Log}
		made, err := fresh.Protection(w.ctx(), who, "sys-d")
		want(t, what, err, nil)
		if kept.Profile.String() != wanted || kept.Profile != made.Profile || kept.AtLeast != made.AtLeast {
			t.Errorf("%s: kept %s %v, anew %s %v, want %s", what, kept.Profile, kept.AtLeast, made.Profile, made.AtLeast, wanted)
		}
	}
	check("at first", "K1/R1/T1")
	w.later("2023-02-01")
	w.judge("information_set", "pupils", "K3/R1/T1", "information_owner")
	check("classified anew", "K3/R1/T1")
	change("integration", "to-d", 1, map[string][]string{"source": {"sys-d"}, "target": {"sys-a"}})
	check("turned round", "K-/R-/T-")
	change("information_set", "pupils", 1, map[string][]string{"systems": {"sys-d"}})
	check("moved", "K3/R1/T1")
	want(t, "retire", w.Retire(w.ctx(), who, "information_set", "pupils", 2, "", ""), nil)
	check("retired", "K-/R-/T-")
}

func TestADecidedLevelIsHeldToTheDerived(t *testing.T) {
	w := flow(t)
	w.judge("information_set", "pupils", "K3/R2/T1", "information_owner")
	decide := func(form map[string][]string) error {
		form["system"], form["decided_on"] = []string{"sys-a"}, []string{"2023-01-10"}
		if form["reason"] == nil {
			form["reason"] = []string{"accumulation"}
		}
		_, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "protection_level", Unit: "board-a", Form: form})
		return err
	}
	wantWrong(t, "lower", decide(map[string][]string{"confidentiality": {"2"}}), "below_derived")
	wantWrong(t, "higher without a reason", decide(map[string][]string{"availability": {"2"}, "reason": {""}}), "raised_without_reason")
	want(t, "higher with a reason", decide(map[string][]string{"availability": {"2"}}), nil)
	if p := w.protection("sys-a"); p.Profile.String() != "K3/R2/T2" || !p.Standing[2].Raised || !p.IsDecided {
		t.Errorf("raised: %s", p.Profile)
	}
	if p := w.protection("sys-d"); p.Profile.String() != "K3/R2/T1" {
		t.Errorf("what was raised for one system flows on: %s", p.Profile)
	}
	exception := func(person string, form map[string][]string) error {
		form["system"], form["aspect"], form["reason"] = []string{"sys-a"}, []string{"confidentiality"}, []string{"Byts ut till hösten"}
		_, err := w.Save(w.ctx(), w.as(person), Change{Kind: "level_exception", Unit: "board-a", Form: form})
		return err
	}
	approved := func() map[string][]string {
		return map[string][]string{"level": {"2"}, "ends_on": {"2023-06-30"}, "approved_by": {"head"}, "approved_on": {"2023-01-10"}}
	}
	wantWrong(t, "past its day", exception("head", map[string][]string{"level": {"2"}, "ends_on": {"2023-01-09"}}), "exception_past")
	wantWrong(t, "not lower", exception("head", map[string][]string{"level": {"3"}, "ends_on": {"2023-06-30"}}), "exception_not_lower")
	wantWrong(t, "approved by who asks", exception("coordinator", approved()), "by_decider")
	want(t, "approved by the head", exception("head", approved()), nil)
	want(t, "lower with an exception", decide(map[string][]string{"confidentiality": {"2"}}), nil)
	wantWrong(t, "lower than the exception lets", decide(map[string][]string{"confidentiality": {"1"}}), "below_derived")
	w.later("2023-07-01")
	if p := w.protection("sys-a"); p.Profile.Confidentiality != "3" || !p.Standing[0].Below {
		t.Errorf("after the exception's day: %s, %+v", p.Profile, p.Standing[0])
	}
}

func TestAnApprovedExceptionIsNotStretchedByOthers(t *testing.T) {
	w := flow(t)
	w.judge("information_set", "pupils", "K3/R2/T1", "information_owner")
	w.put(&isms.LevelException{Record: isms.Record{ID: "e", Unit: "board-a"}, System: "sys-a", Aspect: isms.Confidentiality, Level: "2", Reason: "r",
		ApprovedBy: "head", ApprovedOn: "2023-01-10", EndsOn: "2023-02-01"})
	_, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "level_exception", ID: "e", Rev: 1, Form: map[string][]string{"ends_on": {"2030-01-01"}}})
	wantWrong(t, "the coordinator", err, "exception_by_decider")
	_, err = w.Save(w.ctx(), w.as("head"), Change{Kind: "level_exception", ID: "e", Rev: 1, Form: map[string][]string{"ends_on": {"2023-03-01"}}})
	want(t, "the head", err, nil)
}

func TestWhatHappensRaisesTasksOnce(t *testing.T) {
	w := flow(t)
	who := w.as("coordinator")
	tasks := func() []string {
		t.Helper()
		list, err := w.ClassificationTasks(w.ctx(), who, "board-a")
		want(t, "tasks", err, nil)
		var got []string
		for _, task := range list {
			got = append(got, task.Object+" "+string(task.Trigger))
			if !task.Computed && task.Reason == "" || task.Name == "" {
				t.Errorf("a task without reason or name: %+v", task)
			}
		}
		slices.Sort(got)
		return got
	}
	save := func(kind, id string, rev int, form map[string][]string) {
		t.Helper()
		_, err := w.Save(w.ctx(), who, Change{Kind: kind, ID: id, Rev: rev, Unit: "board-a", Form: form})
		want(t, kind, err, nil)
	}
	save("system", "sys-a", 1, map[string][]string{"supplier": {"Ett"}})
	if got := tasks(); got != nil {
		t.Errorf("what was never classified is to be classified again: %v", got)
	}
	w.judge("information_set", "pupils", "K3/R2/T1", "information_owner")
	w.judge("system", "sys-a", "K3/R2/T1", "head")
	save("system", "sys-a", 2, map[string][]string{"supplier": {"Två"}, "owner": {"system_owner"}, "personal_data": {"special"}})
	save("system", "sys-a", 3, map[string][]string{"supplier": {"Tre"}, "hosting": {"moln"}})
	save("system", "sys-a", 4, map[string][]string{"purpose": {"ett annat"}})
	save("information_set", "pupils", 1, map[string][]string{"personal_data": {"special"}})
	save("information_set", "", 0, map[string][]string{"name": {"Betyg"}, "systems": {"sys-a"}})
	save("integration", "", 0, map[string][]string{"name": {"Ny"}, "source": {"sys-d"}, "target": {"sys-a"}})
	w.put(&isms.Supplier{Record: isms.Record{ID: "sup", Unit: "board-a"}, Name: "Leverantör"},
		&isms.Agreement{Record: isms.Record{ID: "agr", Unit: "board-a"}, Title: "Avtal", Supplier: "sup", ValidTo: "2023-12-31"},
		&isms.Processing{Record: isms.Record{ID: "entry", Unit: "board-a"}, Name: "Elevregister", Role: "controller", State: isms.ProcessingActive,
			LegalBasis: "consent", Systems: []register.Ref[isms.System]{"sys-a"}, Agreements: []register.Ref[isms.Agreement]{"agr"}})
	save("agreement", "agr", 1, map[string][]string{"dnr": {"N 2023/1"}})
	if got := tasks(); slices.Contains(got, "sys-a contract_renewed") {
		t.Errorf("an agreement with the same days is renewed: %v", got)
	}
	save("agreement", "agr", 2, map[string][]string{"valid_to": {"2026-12-31"}})
	want := []string{"pupils personal_data_changed", "sys-a contract_renewed", "sys-a integration_added", "sys-a owner_changed", "sys-a personal_data_changed", "sys-a set_added", "sys-a supplier_changed"}
	if got := tasks(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	w.judge("system", "sys-a", "K3/R3/T1", "head")
	if got := tasks(); !slices.Equal(got, want[:1]) {
		t.Errorf("after a new classification: %q", got)
	}
	list, _ := w.ClassificationTasks(w.ctx(), who, "board-a")
	wantWrong(t, "dismissed without words", w.DismissTask(w.ctx(), who, Entry{list[0].ID, 1}, "", ""), "dismissed_without_reason")
	if err := w.DismissTask(w.ctx(), who, Entry{list[0].ID, 1}, "Bara ett namnbyte", ""); err != nil {
		t.Error(err)
	}
	byHand := Change{Kind: "reclassification", Unit: "board-a", Form: map[string][]string{"system": {"sys-a"}, "trigger": {"incident"}, "reason": {"Intrånget i mars"},
		"raised_on": {"2023-01-10"}, "state": {"open"}}}
	if _, err := w.Save(w.ctx(), who, byHand); err != nil {
		t.Error(err)
	}
	_, err := w.Save(w.ctx(), who, byHand)
	wantWrong(t, "the same by hand once more", err, "task_is_open")
	w.judge("system", "sys-a", "K3/R3/T1", "head")
	w.later("2024-01-11")
	want = []string{"pupils expired", "sys-a expired"}
	if got := tasks(); !slices.Equal(got, want) {
		t.Errorf("a year later: %q", got)
	}
}

func TestMeasuresAnsweredAndPlanned(t *testing.T) {
	w := flow(t)
	w.judge("information_set", "pupils", "K3/R2/T1", "information_owner")
	who := w.as("coordinator")
	_, err := w.AnswerMeasure(w.ctx(), who, MeasureReply{System: "sys-a", Measure: "no-such", State: isms.NotFulfilled})
	wantWrong(t, "no measure", err, "no_measure")
	_, err = w.AnswerMeasure(w.ctx(), who, MeasureReply{System: "sys-a", Measure: "tec-02", State: isms.Fulfilled})
	wantWrong(t, "fulfilled without words", err, "how_needed")
	_, err = w.AnswerMeasure(w.ctx(), who, MeasureReply{System: "sys-b", Measure: "tec-02", State: isms.NotFulfilled})
	want(t, "another board's system", err, isms.ErrNotFound)
	id, err := w.AnswerMeasure(w.ctx(), who, MeasureReply{System: "sys-a", Measure: "tec-02", State: isms.Fulfilled, How: "BankID"})
	want(t, "answer", err, nil)
	_, err = w.AnswerMeasure(w.ctx(), who, MeasureReply{System: "sys-a", Measure: "tec-02", State: isms.NotFulfilled})
	want(t, "answered meanwhile", err, isms.ErrStale)
	again, err := w.AnswerMeasure(w.ctx(), who, MeasureReply{System: "sys-a", Measure: "tec-02", Rev: 1, State: isms.Fulfilled, How: "BankID och SITHS"})
	want(t, "answered again", err, nil)
	if id != again {
		t.Error("a second answer beside the first")
	}
	_, err = w.PlanMeasure(w.ctx(), who, "sys-a", "tec-02", locale.Swedish, "")
	wantWrong(t, "no gap", err, "no_gap")
	activity, err := w.PlanMeasure(w.ctx(), who, "sys-a", "tec-03", locale.Swedish, "")
	want(t, "plan", err, nil)
	same, err := w.PlanMeasure(w.ctx(), who, "sys-a", "tec-03", locale.Swedish, "")
	want(t, "planned twice", err, nil)
	r, err := w.Get(w.ctx(), who, "activity", activity)
	want(t, "activity", err, nil)
	if a := r.Entity.(*isms.Activity); same != activity || a.State != isms.ActivityProposed || !strings.Contains(a.Name, "Ärende") || a.Description == "" {
		t.Errorf("the activity is %+v", a)
	}
	for _, form := range Forms {
		for _, lang := range locale.Langs() {
			var b bytes.Buffer
			want(t, form, w.MeasureList(w.ctx(), who, "sys-a", form, lang, &b), nil)
			read := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\uFEFF")))
			read.Comma = ';'
			rows, err := read.ReadAll()
			want(t, "csv", err, nil)
			if len(rows) != 1+len(w.protection("sys-a").Measures) || strings.Contains(b.String(), "[[") {
				t.Errorf("%s in %s: %d rows\n%s", form, lang, len(rows), b.String())
			}
			i := slices.IndexFunc(rows, func(r []string) bool { return r[0] == "tec-02" })
			if i < 0 || rows[i][4] != "K3, R2" || form == "is" && rows[i][6] != "BankID och SITHS" {
				t.Errorf("%s: %q", form, rows[max(i, 0)])
			}
		}
	}
	want(t, "no form", w.MeasureList(w.ctx(), who, "sys-a", "may", locale.Swedish, &bytes.Buffer{}), isms.ErrNotFound)
}

func TestThePlanOfAUnit(t *testing.T) {
	w := flow(t)
	who := w.as("coordinator")
	w.put(&isms.CoverageTarget{Record: isms.Record{ID: "goal", Unit: "city"}, Key: "systems_classified", Day: "2023-06-30", Share: register.PercentOf(10000)},
		&isms.ClassificationPriority{Record: isms.Record{ID: "own", Unit: "board-a"}, System: "sys-d", Position: 1, Reason: "Avtalet löper ut"})
	p, err := w.PlanClassification(w.ctx(), who, PlanQuery{Unit: "board-a"})
	want(t, "plan", err, nil)
	if len(p.Order) != 2 || p.Order[0].ID != "sys-d" || p.Order[0].Own != "Avtalet löper ut" || !p.HasAim || p.Need.Objects != 2 || p.Need.PerMonth != 1 || len(p.Next) != 1 || p.Pace.Known {
		t.Errorf("at first: %+v", p)
	}
	w.judge("system", "sys-d", "K1/R1/T1", "head")
	w.later("2023-03-15")
	p, err = w.PlanClassification(w.ctx(), who, PlanQuery{Unit: "board-a"})
	want(t, "plan", err, nil)
	if n, _ := p.Figure.Numerator.Known(); n != 1 || len(p.Curve) != 3 || !p.Pace.Known || p.Pace.On != "" || len(p.Order) != 2 {
		t.Errorf("two months later: %+v", p) // the coordinator's own place keeps the classified system in the order
	}
	p, err = w.PlanClassification(w.ctx(), who, PlanQuery{Unit: "board-a", Key: "processes_classified", Focus: isms.FocusNIS})
	want(t, "focus", err, nil)
	if len(p.Order) != 0 || p.Figure.Known || p.HasAim {
		t.Errorf("no process: %+v", p)
	}
	_, err = w.PlanClassification(w.ctx(), who, PlanQuery{Unit: "board-a", Focus: "everything"})
	wantWrong(t, "no focus", err, "choice")
	_, err = w.PlanClassification(w.ctx(), who, PlanQuery{Unit: "board-b"})
	want(t, "another board", err, isms.ErrNotFound)
	days := []register.Day{"2023-01-09", "2023-01-31", "2023-02-28"}
	curves, err := w.UnitCurves(w.ctx(), w.as("central_office"), "city", "systems_classified", days)
	want(t, "curves", err, nil)
	got := map[string][]metric.Part{}
	for _, c := range curves {
		got[c.Unit.ID] = c.Points
	}
	if len(got) != 4 || got["city"][2] != (metric.Part{Counted: 1, Of: 3}) || got["board-a"][1] != (metric.Part{Counted: 1, Of: 2}) || got["board-b"][2] != (metric.Part{Of: 1}) || got["city"][0] != (metric.Part{}) {
		t.Errorf("curves: %v", got)
	}
}

func TestSettingAPlace(t *testing.T) {
	w := flow(t)
	who := w.as("coordinator")
	first := func() string {
		t.Helper()
		p, err := w.PlanClassification(w.ctx(), who, PlanQuery{Unit: "board-a"})
		want(t, "plan", err, nil)
		return p.Order[0].ID + " " + p.Order[0].Own
	}
	before := first()
	wantWrong(t, "without a reason", w.SetPlace(w.ctx(), who, Place{Kind: "system", ID: "sys-d", Position: 1}), "required")
	want(t, "set", w.SetPlace(w.ctx(), who, Place{Kind: "system", ID: "sys-d", Position: 1, Reason: "Först"}), nil)
	want(t, "set again", w.SetPlace(w.ctx(), who, Place{Kind: "system", ID: "sys-d", Position: 1, Reason: "Fortfarande"}), nil)
	if got := first(); got != "sys-d Fortfarande" {
		t.Errorf("first is %s", got)
	}
	want(t, "given back", w.SetPlace(w.ctx(), who, Place{Kind: "system", ID: "sys-d"}), nil)
	want(t, "given back twice", w.SetPlace(w.ctx(), who, Place{Kind: "system", ID: "sys-d"}), nil)
	if got := first(); got != before {
		t.Errorf("first is %s, was %s", got, before)
	}
	want(t, "by the system's owner", w.SetPlace(w.ctx(), w.as("system_owner"), Place{Kind: "system", ID: "sys-d", Position: 1, Reason: "r"}), isms.ErrForbidden)
	want(t, "of another board", w.SetPlace(w.ctx(), who, Place{Kind: "system", ID: "sys-b", Position: 1, Reason: "r"}), isms.ErrNotFound)
}

func TestExaminingClassification(t *testing.T) {
	day := register.Day("2024-06-30")
	valid := func(id string, set, system, profile string) isms.Classification {
		p, _ := isms.ParseProfile(profile)
		c := isms.Classification{Record: isms.Record{ID: id}, Set: register.Ref[isms.InformationSet](set), System: register.Ref[isms.System](system),
			Model: "klassa-0-4", State: isms.ClassificationDecided, DecidedOn: "2024-01-01"}
		c.SetProfile(p)
		return c
	}
	waiting := valid("waiting", "ownerless", "", "K1/R1/T1")
	waiting.State, waiting.ProposedOn = isms.ClassificationProposed, day.AddDays(-61)
	fresh := waiting
	fresh.ID, fresh.ProposedOn = "fresh", day.AddDays(-60)
	r := metric.Records{
		Systems:          []isms.System{{Record: isms.Record{ID: "low"}, Name: "Lågt", Lifecycle: isms.InUse}, {Record: isms.Record{ID: "decided"}, Name: "Beslutat", Lifecycle: isms.InUse, NISCovered: isms.Yes}},
		Sets:             []isms.InformationSet{{Record: isms.Record{ID: "s"}, Name: "S", Owner: "p", Systems: []register.Ref[isms.System]{"low", "decided"}}, {Record: isms.Record{ID: "ownerless"}, Name: "O"}},
		Processes:        []isms.Process{{Record: isms.Record{ID: "nis"}, Name: "N", NISCovered: isms.Yes}},
		Classifications:  []isms.Classification{valid("c", "s", "", "K3/R2/T2"), valid("own", "", "low", "K2/R2/T1"), waiting, fresh},
		ProtectionLevels: []isms.ProtectionLevel{{System: "decided", Confidentiality: "2", DecidedOn: "2024-01-01"}},
		LevelExceptions: []isms.LevelException{{Record: isms.Record{ID: "ended"}, System: "decided", Aspect: isms.Confidentiality, Level: "2", ApprovedBy: "p", ApprovedOn: "2024-01-01", EndsOn: day.AddDays(-1)},
			{Record: isms.Record{ID: "today"}, System: "decided", Aspect: isms.Integrity, Level: "1", ApprovedBy: "p", ApprovedOn: "2024-01-01", EndsOn: day}},
	}
	x := examination{Records: r, day: day}
	x.classification()
	got := map[string]Finding{}
	for _, f := range x.found {
		got[f.Code] = f
		for _, l := range locale.Langs() {
			what, why, mend := f.Words(l)
			if strings.Contains(what+why+mend, "[[") {
				t.Errorf("%s in %s: %s %s %s", f.Code, l, what, why, mend)
			}
		}
	}
	for code, id := range map[string]string{"classified_below_derived": "low", "level_below_derived": "decided", "exception_ended": "ended", "nis_unclassified": "nis",
		"nis_system_unclassified": "decided", "proposal_waits": "waiting", "set_without_owner": "ownerless"} {
		if f, ok := got[code]; !ok || f.ID != id {
			t.Errorf("%s: %+v", code, f)
		}
	}
	if len(x.found) != 7 {
		t.Errorf("%d findings: %+v", len(x.found), x.found)
	}
	if f := got["classified_below_derived"]; f.Args[1] != "K2/T1" || f.Args[2] != "K3/T2" {
		t.Errorf("levels are told as %v", f.Args)
	}
	x = examination{day: day}
	if x.classification(); len(x.found) != 0 {
		t.Errorf("with empty registers: %+v", x.found)
	}
}
