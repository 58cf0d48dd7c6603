// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"slices"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
)

func TestAUnitMakesTheNearestRoutineItsOwn(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		city, err := w.AdaptPlaybook(w.ctx(), w.as("central_office"), "city", locale.Swedish, "k1")
		want(t, "the city's own", err, nil)
		again, err := w.AdaptPlaybook(w.ctx(), w.as("central_office"), "city", locale.Swedish, "k1")
		want(t, "a double click", err, nil)
		if again != city {
			t.Error("two routines were made by one click")
		}
		_, err = w.AdaptPlaybook(w.ctx(), w.as("central_office"), "city", locale.Swedish, "k2")
		wantWrong(t, "a second one", err, "playbook_own_exists")
		r, err := w.Routine(w.ctx(), w.as("employee"), city, locale.Swedish)
		want(t, "an employee reads it", err, nil)
		if len(r.Steps) != 12 || r.May.Change || r.Steps[0].Name != "Ring servicedesk" || r.Owner != "central_office" {
			t.Errorf("the city's routine is %+v", r)
		}
		_, err = w.Save(w.ctx(), w.as("central_office"), Change{Kind: "playbook", ID: city, Rev: 1, Form: map[string][]string{"phone": {"0999-123 45"}}})
		want(t, "the number", err, nil)
		running := lose(t, w, "board-a")
		if string(running.Playbook) != city {
			t.Errorf("the loss follows %s", running.Playbook)
		}
		board, err := w.AdaptPlaybook(w.ctx(), w.as("coordinator"), "board-a", locale.English, "k3")
		want(t, "the board's own", err, nil)
		own, err := w.Routine(w.ctx(), w.as("coordinator"), board, locale.Swedish)
		want(t, "the board's own", err, nil)
		if own.Phone != "0999-123 45" || own.Steps[0].Name != "Ring servicedesk" || own.ValidFrom != "2023-01-10" || !own.May.Change {
			t.Errorf("the copy is of the program's own and not of the city's: %+v", own.Playbook)
		}
		if p := lossOf(t, w, running.ID); string(p.Playbook) != city {
			t.Error("the running loss changed its routine")
		}
		if p := lose(t, w, "board-a"); string(p.Playbook) != board {
			t.Error("a new loss does not follow the board's own")
		}
		if r, err := w.ReportLoss(w.ctx(), w.as("employee"), LossReport{Unit: "city", Device: "phone", Loss: "lost"}, locale.Swedish); err != nil || r.Playbook != city || r.Phone != "0999-123 45" {
			t.Errorf("a loss of the city follows %s: %v", r.Playbook, err)
		}
		_, err = w.AdaptPlaybook(w.ctx(), w.as("coordinator"), "board-b", locale.Swedish, "")
		want(t, "another board's", err, isms.ErrNotFound)
		_, err = w.AdaptPlaybook(w.ctx(), w.as("employee"), "board-a", locale.Swedish, "")
		want(t, "by an employee", err, isms.ErrForbidden)
	})
}

// A loss keeps the steps that it began with, whatever becomes of the routine.
func TestARunningLossKeepsItsSteps(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		_, err := w.AdaptPlaybook(w.ctx(), w.as("coordinator"), "board-a", locale.Swedish, "")
		want(t, "adapt", err, nil)
		p := lose(t, w, "board-a")
		w.later("2023-02-01")
		step := p.step("insurance")
		want(t, "retire a step", w.Retire(w.ctx(), w.as("coordinator"), "playbook_step", step.ID, step.Rev, "", ""), nil)
		_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "playbook_step", Unit: "board-a", Form: map[string][]string{"playbook": {string(p.Playbook)}, "order": {"5"},
			"kind": {"other"}, "name": {"Nytt steg"}}})
		want(t, "add a step", err, nil)
		was, is := lossOf(t, w, p.ID), lose(t, w, "board-a")
		names := func(p LossPage) (list []string) {
			for _, s := range p.Steps {
				list = append(list, s.Name)
			}
			return list
		}
		if len(was.Steps) != 12 || slices.Contains(names(was), "Nytt steg") || !slices.Contains(names(was), step.Name) {
			t.Errorf("the running loss has %q", names(was))
		}
		if len(is.Steps) != 12 || is.Steps[0].Name != "Nytt steg" || slices.Contains(names(is), step.Name) {
			t.Errorf("the new loss has %q", names(is))
		}
	})
}

func TestStepsAreOrdered(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		id, err := w.AdaptPlaybook(w.ctx(), w.as("coordinator"), "board-a", locale.Swedish, "")
		want(t, "adapt", err, nil)
		r, err := w.Routine(w.ctx(), w.as("coordinator"), id, locale.Swedish)
		want(t, "read", err, nil)
		last := r.Steps[11]
		order := func(who string, places ...StepPlace) error { return w.OrderSteps(w.ctx(), w.as(who), id, places, "") }
		want(t, "order", order("coordinator", StepPlace{last.ID, 1, 1}, StepPlace{r.Steps[0].ID, 1, 10}), nil)
		r, err = w.Routine(w.ctx(), w.as("coordinator"), id, locale.Swedish)
		want(t, "read", err, nil)
		if r.Steps[0].ID != last.ID || r.Steps[0].Rev != 2 || r.Steps[1].Rev != 1 {
			t.Errorf("first stands %+v", r.Steps[0])
		}
		want(t, "an old order", order("coordinator", StepPlace{last.ID, 1, 2}), isms.ErrStale)
		want(t, "another routine's step", order("coordinator", StepPlace{"elsewhere", 1, 2}), isms.ErrNotFound)
		wantWrong(t, "no number", order("coordinator", StepPlace{r.Steps[1].ID, 1, -1}), "step_order_number")
		want(t, "by an employee", order("employee", StepPlace{last.ID, 2, 2}), isms.ErrForbidden)
	})
}

func TestNearestRoutineInForceOnTheDay(t *testing.T) {
	p := func(id, unit string, from, to, retired register.Day) isms.Playbook {
		return isms.Playbook{Record: isms.Record{ID: id, Unit: unit, Retired: retired}, ValidFrom: from, ValidTo: to}
	}
	all := []isms.Playbook{p("city", "city", "", "", ""), p("old", "a", "2025-01-01", "2025-06-30", ""), p("new", "a", "2025-07-01", "", ""), p("gone", "a", "2025-08-01", "", "2025-09-01")}
	for day, want := range map[register.Day]string{"2024-12-31": "city", "2025-01-01": "old", "2025-06-30": "old", "2025-07-01": "new", "2025-08-15": "gone", "2025-09-01": "new"} {
		if got, found := isms.NearestPlaybook(all, []string{"a", "city"}, day); !found || got.ID != want {
			t.Errorf("on %s %s is nearest, want %s", day, got.ID, want)
		}
	}
	if _, found := isms.NearestPlaybook(all[1:2], []string{"b", "city"}, "2025-01-01"); found {
		t.Error("a board uses another board's routine")
	}
}

// The routine is printed in both languages, also the program's own and one without anything in it.
func TestTheRoutineIsPrinted(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.put(&isms.Document{Record: isms.Record{ID: "doc", Unit: "city"}, Title: "Rutin vid förlust", Type: isms.Routine, State: isms.DocumentDecided, Approver: "Kommundirektören",
			DecidedOn: "2022-12-01"},
			&isms.Playbook{Record: isms.Record{ID: "pb", Unit: "city"}, Name: "Rutin <b>vid</b> förlust", Document: "doc", Owner: "central_office", Phone: "0999-1"},
			&isms.PlaybookStep{Record: isms.Record{ID: "st", Unit: "city"}, Playbook: "pb", Order: 1, Kind: "other", Name: "=1+1", Who: "Alla", Minutes: register.CountOf(90)},
			&isms.Playbook{Record: isms.Record{ID: "empty", Unit: "city"}, Name: "Tom"})
		for _, l := range locale.Langs() {
			for id, says := range map[string][]string{
				"pb":            {"Rutin <b>vid</b> förlust", l.T("routine.call", "0999-1"), "=1+1", "Alla", l.T("routine.within.minutes", 90), l.T("playbook.owner"), "Kommundirektören", l.T("document.decided_on")},
				DefaultPlaybook: {l.T("routine.no_phone"), l.T("routine.within.at_once"), l.T("routine.not_decided")},
				"empty":         {l.T("routine.no_steps")},
			} {
				d, err := w.PrintRoutine(w.ctx(), w.as("employee"), id, l)
				want(t, "print "+id, err, nil)
				var text, pdf bytes.Buffer
				if err := report.Text(&text, d); err != nil {
					t.Fatal(err)
				}
				for _, s := range says {
					if !bytes.Contains(text.Bytes(), []byte(s)) && d.Front.Head != s {
						t.Errorf("%s in %s does not say %q:\n%s", id, l, s, text.String())
					}
				}
				if err := report.PDF(&pdf, d); err != nil || !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF")) {
					t.Errorf("%s is no PDF: %v", id, err)
				}
			}
		}
		_, err := w.PrintRoutine(w.ctx(), w.as("administrator"), "pb", locale.Swedish)
		want(t, "by who may see nothing", err, isms.ErrNotFound)
	})
}
