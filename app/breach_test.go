// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
)

func (w *world) decideBreach(who string, answer isms.Answer) error {
	return w.DecideBreach(w.ctx(), w.as(who), Ruling{Entry{"br", w.breach().Rev}, answer, "Skäl."}, "")
}

func (w *world) approveBreach(who string) error {
	return w.ApproveBreach(w.ctx(), w.as(who), Entry{"br", w.breach().Rev}, "")
}

// TestFourEyes holds that no is decided by whoever decides in the unit and approved by another person, also where one person was entered
// twice, and that every way of saving a breach asks the same.
func TestFourEyes(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.at("2026-11-24 12:00")
		w.hit()
		want(t, "aware", w.aware("2026-11-24 08:00"), nil)
		wantWrong(t, "no before the risk", w.decideBreach("head", isms.No), "risk_first")
		want(t, "risk", w.change("breach", "br", w.breach().Rev, map[string][]string{"risk": {"unlikely"}, "risk_reason": {"Oläst."}}), nil)
		wantWrong(t, "no by the coordinator", w.decideBreach("coordinator", isms.No), "no_by_decider")
		wantWrong(t, "nothing decided", w.approveBreach("coordinator"), "nothing_to_approve")
		want(t, "no by the head", w.decideBreach("head", isms.No), nil)
		w.runs(isms.BreachNotice) // until it is approved

		wantWrong(t, "approved by the head", w.approveBreach("head"), "four_eyes")
		w.put(&isms.Person{Record: isms.Record{ID: "head", Unit: "board-a", Rev: 1}, Name: "head", Email: "Chef@example.se"},
			&isms.Person{Record: isms.Record{ID: "coordinator", Unit: "board-a", Rev: 1}, Name: "coordinator", Email: " chef@example.se"})
		wantWrong(t, "approved by the head's other record", w.approveBreach("coordinator"), "four_eyes")
		w.put(&isms.Person{Record: isms.Record{ID: "coordinator", Unit: "board-a", Rev: 2}, Name: "coordinator", Email: "samordnare@example.se"})
		wantWrong(t, "approved by the data protection officer", w.approveBreach("dpo"), "opinion_only")
		form := map[string][]string{"approved_by": {"security_coordinator"}}
		wantWrong(t, "approved for somebody else", w.change("breach", "br", w.breach().Rev, form), "approve_yourself")
		want(t, "approved", w.approveBreach("coordinator"), nil)
		w.none(isms.BreachNotice)

		wantWrong(t, "the reason is changed by the coordinator", w.change("breach", "br", w.breach().Rev, map[string][]string{"notify_reason": {"Annat."}}), "no_by_decider")
		_, err := w.Save(w.ctx(), w.as("head"), Change{Kind: "breach", ID: "br", Rev: w.breach().Rev, Form: map[string][]string{"notify_reason": {"Annat."}}})
		wantWrong(t, "the approved decision is changed", err, "approve_anew")
		want(t, "yes takes the no back", w.decideBreach("head", isms.Yes), nil)
		if b := w.breach(); b.ApprovedBy != "" || b.ApprovedAt != "" {
			t.Errorf("the approval stands: %+v", b)
		}
		w.runs(isms.BreachNotice)
		_, err = w.Save(w.ctx(), w.as("head"), Change{Kind: "breach", ID: "br", Rev: w.breach().Rev, Form: map[string][]string{"notify": {"no"}, "decided_by": {"coordinator"}}})
		wantWrong(t, "a no in another's name", err, "decide_yourself")
		wantWrong(t, "another's no by the form", w.change("breach", "br", w.breach().Rev, map[string][]string{"notify": {"no"}, "decided_by": {"head"}}), "no_by_decider")
	})
}

// TestYesNeverWaits holds that everybody who works with a case may say yes and send.
func TestYesNeverWaits(t *testing.T) {
	w := newWorld(t)
	w.at("2026-11-24 12:00")
	w.hit()
	want(t, "aware", w.aware("2026-11-24 08:00"), nil)
	want(t, "yes", w.decideBreach("coordinator", isms.Yes), nil)
	_, err := w.send(isms.BreachNotice, "2026-11-24 11:00")
	want(t, "sent", err, nil)
	w.runs(isms.BreachSupplement)
	p, err := w.BreachCase(w.ctx(), w.as("coordinator"), "br")
	want(t, "the case", err, nil)
	if p.Next != NextAssess {
		t.Errorf("what is next is %q", p.Next)
	}
	_, err = w.BreachCase(w.ctx(), w.as("coordinator-b"), "br")
	want(t, "a neighbour's look", err, isms.ErrNotFound)
	err = w.SettleAwareness(w.ctx(), w.as("auditor"), Settling{Entry{"br", w.breach().Rev}, moment(t, "2026-11-24 07:00"), "", "Skäl."}, "")
	want(t, "an auditor's act", err, isms.ErrForbidden)
	wantWrong(t, "aware after it was sent", w.aware("2026-11-24 11:30"), "start_after_sent")
}

// TestProcessorsHours holds that a processor's promise ends its own period, and what it leaves of the controller's.
func TestProcessorsHours(t *testing.T) {
	w := newWorld(t)
	w.at("2026-11-24 12:00")
	w.hit()
	w.put(&isms.Supplier{Record: isms.Record{ID: "sup", Unit: "board-a"}, Name: "Leverantören"},
		&isms.Agreement{Record: isms.Record{ID: "agr", Unit: "board-a"}, Title: "Avtalet", Supplier: "sup", IncidentHours: register.CountOf(48), ValidFrom: "2025-01-01"},
		&isms.Agreement{Record: isms.Record{ID: "old", Unit: "board-a"}, Title: "Det gamla", Supplier: "sup", IncidentHours: register.CountOf(12), ValidTo: "2025-01-01"})
	want(t, "the supplier", w.change("breach", "br", w.breach().Rev, map[string][]string{"supplier": {"sup"}}), nil)
	p, err := w.BreachCase(w.ctx(), w.as("coordinator"), "br")
	want(t, "the case", err, nil)
	if n, _ := p.Promised.Known(); n != 48 || p.Hours != 72 {
		t.Errorf("%d of %d hours are promised", n, p.Hours)
	}
	want(t, "a processor itself", w.change("breach", "br", w.breach().Rev, map[string][]string{"role": {"processor"}, "processor_hours": {"24"}}), nil)
	want(t, "aware", w.aware("2026-11-24 08:00"), nil)
	w.none(isms.BreachNotice)
	if d := w.runs(isms.ProcessorNotice); swedish(d.Shown, false) != "2026-11-25 08:00" {
		t.Errorf("24 hours end %s", swedish(d.Shown, false))
	}
	want(t, "other hours", w.change("breach", "br", w.breach().Rev, map[string][]string{"processor_hours": {""}}), nil)
	if d := w.runs(isms.ProcessorNotice); d.Shown != "" {
		t.Errorf("without a promise the law gives no time, and %s is shown", d.Shown)
	}
}
