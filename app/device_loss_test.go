// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// lose reports a stolen phone that was last seen two hours ago, and returns the loss's page as the coordinator sees it.
func lose(t *testing.T, w *world, unit string) LossPage {
	t.Helper()
	seen := register.MomentOf(w.now.Add(-2 * time.Hour))
	r, err := w.ReportLoss(w.ctx(), w.as("employee"), LossReport{Unit: unit, Device: "phone", Loss: isms.Stolen, Asset: "T-1", LastSeenAt: seen, Encrypted: isms.Yes,
		Key: register.NewID()}, locale.Swedish)
	if err != nil {
		t.Fatal(err)
	}
	return lossOf(t, w, r.Loss)
}

func lossOf(t *testing.T, w *world, id string) LossPage {
	t.Helper()
	p, err := w.DeviceLoss(w.ctx(), w.as("coordinator"), id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (p LossPage) step(kind isms.StepKind) LossStep {
	i := slices.IndexFunc(p.Steps, func(s LossStep) bool { return s.Kind == kind })
	return p.Steps[i]
}

func TestALossIsReportedWithItsIncidentInOneAct(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		report := LossReport{Unit: "board-a", Device: "phone", Loss: "lost", Asset: "=HYPERLINK(\"x\")", Reachable: "<script>alert(1)</script>", Key: "k"}
		r, err := w.ReportLoss(w.ctx(), w.as("employee"), report, locale.Swedish)
		if err != nil {
			t.Fatal(err)
		}
		if r.Reference != "board-a-2023-001" || r.SeesLoss || r.Seen || len(r.Now) == 0 || r.Now[0].Name != "Ring servicedesk" {
			t.Errorf("told %+v", r)
		}
		for _, s := range r.Now {
			if !s.Holder {
				t.Errorf("the reporter is told of %q", s.Name)
			}
		}
		again, err := w.ReportLoss(w.ctx(), w.as("employee"), report, locale.Swedish)
		want(t, "the same report again", err, nil)
		if again.Loss != r.Loss {
			t.Error("a second loss of the same report")
		}
		p := lossOf(t, w, r.Loss)
		if p.About.Kind != isms.LostDevice || p.About.Title != "Borttappad telefon "+report.Asset || p.About.ReportedBy != "employee" || p.Incident == "" ||
			p.Reachable != report.Reachable || p.Playbook == "" || p.Routine.Unit != "city" {
			t.Errorf("made %+v", p)
		}
		second := lose(t, w, "board-a")
		if second.About.Reference != "board-a-2023-002" || second.Playbook != p.Playbook {
			t.Errorf("the second loss is %s of %s", second.About.Reference, second.Playbook)
		}
	})
}

func TestALossThatIsWrongMakesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		ok := LossReport{Unit: "board-a", Device: "phone", Loss: "lost"}
		for code, spoil := range map[string]func(*LossReport){
			"required":    func(r *LossReport) { r.Device = "" },
			"choice":      func(r *LossReport) { r.Loss = "eaten" },
			"in_future":   func(r *LossReport) { r.LastSeenAt = register.MomentOf(w.now.Add(time.Hour)) },
			"report_unit": func(r *LossReport) { r.Unit = "board-b" },
			"long":        func(r *LossReport) { r.Asset = strings.Repeat("x", 100) },
		} {
			r := ok
			spoil(&r)
			_, err := w.ReportLoss(w.ctx(), w.as("employee"), r, locale.Swedish)
			wantWrong(t, code, err, code)
		}
		w.put(&isms.Person{Record: isms.Record{ID: "stranger", Unit: "board-a"}, Name: "stranger"})
		_, err := w.ReportLoss(w.ctx(), w.as("stranger"), ok, locale.Swedish)
		want(t, "somebody without a role", err, isms.ErrForbidden)
		err = w.DB.View(w.ctx(), w.org, func(tx *store.Tx) error {
			incidents, err := store.All[isms.Incident](tx, everywhere)
			if len(incidents) > 0 {
				t.Errorf("%d incidents are left", len(incidents))
			}
			return err
		})
		want(t, "look", err, nil)
	})
}

func TestStepsSayWhatTheyDidToTheLoss(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		p := lose(t, w, "board-a")
		take := func(kind isms.StepKind, outcome isms.StepOutcome, note string, rev int) error {
			return w.TakeStep(w.ctx(), w.as("coordinator"), TakeStep{Loss: p.ID, Step: p.step(kind).ID, Outcome: outcome, Note: note, PoliceRef: "5000-K1", Rev: rev,
				Key: register.NewID()})
		}
		wantWrong(t, "a wipe without a why", take(isms.StepWipe, isms.StepDone, "", 0), "wipe_why")
		wantWrong(t, "impossible without a why", take("e_id", isms.StepImpossible, "", 0), "impossible_why")
		w.now = w.now.Add(30 * time.Minute)
		want(t, "wipe", take(isms.StepWipe, isms.StepDone, "Inga spår behövs.", 0), nil)
		want(t, "police", take(isms.StepPolice, isms.StepDone, "", 0), nil)
		want(t, "replacement", take(isms.StepReplacement, isms.StepDone, "", 0), nil)
		w.now = w.now.Add(time.Hour)
		want(t, "found", take(isms.StepFound, isms.StepDone, "", 0), nil)
		now := lossOf(t, w, p.ID)
		if now.WipedAt != register.MomentOf(w.now.Add(-time.Hour)) || now.FoundAt != register.MomentOf(w.now) || now.PoliceRef != "5000-K1" || now.Replaced != isms.Yes {
			t.Errorf("the loss says %+v", now.DeviceLoss)
		}
		if got := decisions(t, w, string(p.Incident)); len(got) != 1 || !strings.Contains(got[0], "Inga spår behövs.") {
			t.Errorf("decided: %q", got)
		}
		want(t, "correct the wipe", take(isms.StepWipe, isms.StepImpossible, "Enheten svarar inte.", 1), nil)
		want(t, "take the finding back", take(isms.StepFound, "", "", 1), nil)
		want(t, "police after all not", take(isms.StepPolice, isms.StepNotNeeded, "", 1), nil)
		if now = lossOf(t, w, p.ID); now.WipedAt != "" || now.FoundAt != "" || now.PoliceRef != "" || now.step(isms.StepFound).Taken != nil || now.Answered != 3 {
			t.Errorf("after the corrections the loss says %+v, %d answered", now.DeviceLoss, now.Answered)
		}
		if got := decisions(t, w, string(p.Incident)); len(got) != 2 {
			t.Errorf("decided: %q", got)
		}
	})
}

func decisions(t *testing.T, w *world, incident string) (texts []string) {
	t.Helper()
	err := w.DB.View(w.ctx(), w.org, func(tx *store.Tx) error {
		list, err := store.Linking[isms.IncidentEntry](tx, everywhere, "incident", []string{incident})
		for _, e := range list {
			if e.Kind == isms.EntryDecision {
				texts = append(texts, e.Text)
			}
		}
		return err
	})
	want(t, "look", err, nil)
	return texts
}

func TestStepsAreHeldToTheirTime(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		p := lose(t, w, "board-a")
		if s := p.step(isms.StepBlock); s.Late != 0 || s.Left != 30*time.Minute {
			t.Errorf("at once: late %v, left %v", s.Late, s.Left)
		}
		w.now = w.now.Add(40 * time.Minute)
		p = lossOf(t, w, p.ID)
		if s := p.step(isms.StepBlock); s.Late != 10*time.Minute || s.Left != 0 {
			t.Errorf("after 40 minutes: late %v, left %v", s.Late, s.Left)
		}
		if s := p.step(isms.StepFound); s.Late != 0 || s.Concerns || s.DueAt != "" {
			t.Errorf("found: %+v", s)
		}
		at := register.MomentOf(w.now.Add(-15 * time.Minute))
		err := w.TakeStep(w.ctx(), w.as("coordinator"), TakeStep{Loss: p.ID, Step: p.step(isms.StepBlock).ID, Outcome: isms.StepDone, At: at})
		want(t, "block", err, nil)
		if s := lossOf(t, w, p.ID).step(isms.StepBlock); s.Late != 0 || s.Taken.At != at || s.Taken.By != "coordinator" {
			t.Errorf("taken in time: late %v, %+v", s.Late, s.Taken)
		}
	})
}

func TestStepsThatCannotBe(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		other := &isms.Playbook{Record: isms.Record{ID: "pb-b", Unit: "city"}, Name: "Annan", ValidTo: "2020-01-01"}
		w.put(other, &isms.PlaybookStep{Record: isms.Record{ID: "step-b", Unit: "city"}, Playbook: "pb-b", Order: 1, Kind: "other", Name: "Annat"})
		p := lose(t, w, "board-a")
		step := p.step(isms.StepBlock).ID
		ok := TakeStep{Loss: p.ID, Step: step, Outcome: isms.StepDone}
		as := func(person string, change func(*TakeStep)) error {
			t := ok
			change(&t)
			return w.TakeStep(w.ctx(), w.as(person), t)
		}
		same := func(*TakeStep) {}
		wantWrong(t, "a step of another routine", as("coordinator", func(t *TakeStep) { t.Step = "step-b" }), "step_of_other")
		wantWrong(t, "in the future", as("coordinator", func(t *TakeStep) { t.At = register.MomentOf(w.now.Add(time.Minute)) }), "in_future")
		wantWrong(t, "before it was lost", as("coordinator", func(t *TakeStep) { t.At = register.MomentOf(w.now.Add(-3 * time.Hour)) }), "step_before_loss")
		wantWrong(t, "no outcome", as("coordinator", func(t *TakeStep) { t.Outcome = "" }), "required")
		want(t, "a forged loss", as("coordinator", func(t *TakeStep) { t.Loss = "nothing" }), isms.ErrNotFound)
		if err := as("coordinator", func(t *TakeStep) { t.Step = "nothing" }); err == nil {
			t.Error("a forged step was taken")
		}
		want(t, "an employee", as("employee", same), isms.ErrNotFound)
		want(t, "another board's coordinator", as("coordinator-b", same), isms.ErrNotFound)
		want(t, "an auditor", as("auditor", same), isms.ErrForbidden)
		want(t, "the manager", as("manager", same), nil)
		wantWrong(t, "a second answer", as("coordinator", same), "step_taken_already")
		want(t, "a correction of something older", as("coordinator", func(t *TakeStep) { t.Rev = 7 }), isms.ErrStale)
		want(t, "a correction by who may only answer", as("manager", func(t *TakeStep) { t.Rev = 1 }), isms.ErrForbidden)
		w.now = w.now.Add(-24 * time.Hour) // the clock is set back: acts go on from the last moment that was noted
		want(t, "with the clock set back", as("coordinator", func(t *TakeStep) { t.Step = p.step("e_id").ID }), nil)
		if s := lossOf(t, w, p.ID).step("e_id"); s.Taken.At < p.ReportedAt {
			t.Errorf("with the clock set back the step was taken at %s, before the report", s.Taken.At)
		}
	})
}

func TestTwoWhoAnswerAtOnceMakeOneAnswer(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		p := lose(t, w, "board-a")
		var wg sync.WaitGroup
		errs := make([]error, 8)
		people := []string{"coordinator", "manager"}
		for i := range errs {
			who := w.as(people[i%2])
			wg.Go(func() {
				errs[i] = w.TakeStep(w.ctx(), who, TakeStep{Loss: p.ID, Step: p.step(isms.StepBlock).ID, Outcome: isms.StepDone, Key: register.NewID()})
			})
		}
		wg.Wait()
		kept := 0
		for _, err := range errs {
			if err == nil {
				kept++
				continue
			}
			wantWrong(t, "the others", err, "step_taken_already")
		}
		if kept != 1 || lossOf(t, w, p.ID).Answered != 1 {
			t.Errorf("%d answers were kept", kept)
		}
		key := register.NewID()
		for range 2 { // a double click
			want(t, "twice", w.TakeStep(w.ctx(), w.as("manager"), TakeStep{Loss: p.ID, Step: p.step("sessions").ID, Outcome: isms.StepDone, Key: key}), nil)
		}
	})
}

// The general form goes the same way as the list.
func TestStepsByTheGeneralFormSayTheSame(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		p := lose(t, w, "board-a")
		form := map[string][]string{"loss": {p.ID}, "step": {p.step(isms.StepWipe).ID}, "outcome": {"done"}, "at": {string(register.MomentOf(w.now))}}
		save := func() (string, error) {
			return w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "step_taken", Unit: "board-a", Form: form})
		}
		_, err := save()
		wantWrong(t, "a wipe without a why", err, "wipe_why")
		form["note"] = []string{"Inga spår behövs."}
		id, err := save()
		want(t, "wipe", err, nil)
		if lossOf(t, w, p.ID).WipedAt == "" || len(decisions(t, w, string(p.Incident))) != 1 {
			t.Error("the wipe is not told of")
		}
		_, err = save()
		wantWrong(t, "twice", err, "step_taken_already")
		_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "device_loss", ID: p.ID, Rev: lossOf(t, w, p.ID).Rev, Form: map[string][]string{"playbook": {""}}})
		wantWrong(t, "another routine", err, "loss_has_steps")
		want(t, "retire", w.Retire(w.ctx(), w.as("coordinator"), "step_taken", id, 1, "", ""), nil)
		if lossOf(t, w, p.ID).WipedAt != "" {
			t.Error("the wipe stays though its step was taken back")
		}
	})
}
