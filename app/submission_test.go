// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
)

// TestSentOnce holds that a step is sent once, whoever sends it at the same time and however often one form is sent.
func TestSentOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.at("2026-11-24 12:00")
		w.hit()
		want(t, "aware", w.aware("2026-11-24 08:00"), nil)
		d := w.runs(isms.BreachNotice)
		sub := Submit{Deadline: d.ID, Fields: map[string]string{"course": "Ett brev."}, SentAt: moment(t, "2026-11-24 11:00"), Key: "same"}
		who := w.as("coordinator")
		errs, ids := make([]error, 8), make([]string, 8)
		var wg sync.WaitGroup
		for i := range errs {
			s := sub
			if i%2 == 1 {
				s.Key = register.NewID()
			}
			wg.Go(func() { ids[i], errs[i] = w.Submit(w.ctx(), who, s) })
		}
		wg.Wait()
		kept := map[string]bool{}
		for i, err := range errs {
			if err == nil {
				kept[ids[i]] = true
			} else {
				wantWrong(t, "sent again", err, "sent_already")
			}
		}
		f, err := w.SubmissionForm(w.ctx(), who, d.ID, false)
		want(t, "the form", err, nil)
		if len(kept) != 1 || len(f.Versions) != 1 {
			t.Errorf("%d were kept, %d versions are there", len(kept), len(f.Versions))
		}
		supplement := w.runs(isms.BreachSupplement)
		due(t, "four weeks", supplement, "2026-12-22", "2026-12-22", "2026-12-22")

		for range 2 { // phases: a supplement may be sent again
			_, err := w.Submit(w.ctx(), who, Submit{Deadline: supplement.ID, Fields: map[string]string{"update": "Fler berörs."}, SentAt: moment(t, "2026-11-24 11:30")})
			want(t, "a supplement", err, nil)
		}
		w.none(isms.BreachSupplement)
	})
}

// TestLateIsExplained holds that what comes late is kept only with its reasons, up to the last moment.
func TestLateIsExplained(t *testing.T) {
	w := newWorld(t)
	w.at("2026-12-01 12:00")
	w.hit()
	want(t, "aware", w.aware("2026-11-24 08:00"), nil)
	d := w.runs(isms.BreachNotice)
	sub := Submit{Deadline: d.ID, Fields: map[string]string{"course": "Ett brev."}}
	sub.SentAt = register.MomentOf(d.Shown.Time().Add(1000))
	_, err := w.Submit(w.ctx(), w.as("coordinator"), sub)
	wantWrong(t, "a microsecond late", err, "delay_reason")
	sub.SentAt = moment(t, "2026-12-01 12:01")
	_, err = w.Submit(w.ctx(), w.as("coordinator"), sub)
	wantWrong(t, "sent tomorrow", err, "in_future")
	sub.SentAt = moment(t, "2026-11-24 07:59")
	_, err = w.Submit(w.ctx(), w.as("coordinator"), sub)
	wantWrong(t, "sent before it began", err, "sent_before_start")
	sub.SentAt = d.Shown
	_, err = w.Submit(w.ctx(), w.as("coordinator"), sub)
	want(t, "at the last moment", err, nil)
}

// TestFormIsFilledIn holds that the form has the receiver's fields in its order with what is known, and what was sent last when it is corrected.
func TestFormIsFilledIn(t *testing.T) {
	w := newWorld(t)
	w.at("2026-11-24 12:00")
	w.hit()
	want(t, "aware", w.aware("2026-11-24 08:00"), nil)
	want(t, "facts", w.change("breach", "br", w.breach().Rev, map[string][]string{"persons": {"12"}, "data_kinds": {"Hälsa"}, "dnr": {"A 2026/7"}}), nil)
	d := w.runs(isms.BreachNotice)
	f, err := w.SubmissionForm(w.ctx(), w.as("coordinator"), d.ID, false)
	want(t, "the form", err, nil)
	got := map[string]FormValue{}
	for i, v := range f.Fields {
		got[v.Key] = v
		if v.Key != f.Form.Fields[i].Key {
			t.Errorf("field %d is %s, and is asked for as %s", i, v.Key, f.Form.Fields[i].Key)
		}
	}
	for key, wanted := range map[string]string{"organisation": "board-a", "persons": "12", "data_kinds": "Hälsa", "reference": "A 2026/7", "aware_at": "2026-11-24 08:00",
		"course": "Ett brev kom fram till någon annan.", "contact": "coordinator", "dpo": "dpo", "records": ""} {
		if got[key].Value != wanted || (got[key].From == "") != (wanted == "") {
			t.Errorf("%s is %q from %q, want %q", key, got[key].Value, got[key].From, wanted)
		}
	}
	if f.Secrecy != nil {
		t.Error("a notification to IMY is marked as a report under the Cybersecurity Act")
	}

	first, err := w.Submit(w.ctx(), w.as("coordinator"), Submit{Deadline: d.ID, Fields: map[string]string{"course": "Som det var.", "persons": "12"}, SentAt: moment(t, "2026-11-24 11:00")})
	want(t, "sent", err, nil)
	second, err := w.Submit(w.ctx(), w.as("coordinator"), Submit{Deadline: d.ID, Replaces: first, Fields: map[string]string{"course": "Som det var.", "persons": "13"}, SentAt: moment(t, "2026-11-24 11:30")})
	want(t, "corrected", err, nil)
	f, err = w.SubmissionForm(w.ctx(), w.as("coordinator"), d.ID, false)
	want(t, "the form again", err, nil)
	if len(f.Versions) != 2 || f.Versions[1].ID != second || f.Versions[1].Replaces != register.Ref[isms.Submission](first) {
		t.Fatalf("the versions are %+v", f.Versions)
	}
	if diff := Corrections(f.Versions[0], f.Versions[1]); len(diff) != 1 || diff[0] != (Correction{"persons", "12", "13"}) {
		t.Errorf("the differences are %+v", diff)
	}
	if f.SentAt != moment(t, "2026-11-24 11:00") {
		t.Errorf("a correction moved when the step was sent to %s", f.SentAt)
	}
	for _, err := range []error{
		w.change("submission", first, 1, map[string][]string{"way": {"Post"}}),
		w.change("deadline", d.ID, 1, map[string][]string{"shown": {""}}),
	} {
		if err == nil {
			t.Error("what was sent, or its period, was changed by a form")
		}
	}
}

// TestReportsArePrinted holds that a report under the Cybersecurity Act says by which provision it may be secret, in both languages.
func TestReportsArePrinted(t *testing.T) {
	w := newWorld(t)
	w.at("2026-11-24 12:00")
	w.hit()
	want(t, "known", w.known("2026-11-24 08:00"), nil)
	d := w.runs(isms.IncidentNotice)
	for _, l := range locale.Langs() {
		doc, err := w.PrintForm(w.ctx(), w.as("coordinator"), d.ID, false, map[string]string{"cause": "Ett fel i {1} <b>&\n\nrader"}, l)
		want(t, "print", err, nil)
		if !strings.Contains(doc.Front.Head, "8 b") {
			t.Errorf("the head is %q", doc.Front.Head)
		}
		var b bytes.Buffer
		if err := report.PDF(&b, doc); err != nil || !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) {
			t.Errorf("the PDF: %v", err)
		}
	}
	_, err := w.send(isms.IncidentNotice, "2026-11-24 11:00")
	want(t, "sent", err, nil)
	doc, err := w.PrintSubmission(w.ctx(), w.as("coordinator"), d.ID, 1, locale.Swedish)
	want(t, "print what was sent", err, nil)
	if len(doc.Front.Lines) < 5 {
		t.Errorf("the front page has the lines %+v", doc.Front.Lines)
	}
	_, err = w.PrintSubmission(w.ctx(), w.as("coordinator"), d.ID, 2, locale.Swedish)
	want(t, "a version that is not", err, isms.ErrNotFound)
	_, err = w.PrintForm(w.ctx(), w.as("coordinator-b"), d.ID, false, nil, locale.Swedish)
	want(t, "a neighbour's look", err, isms.ErrNotFound)
}

// TestNothingMaskedIsSent holds that a form is not filled in with what its reader may not see: another unit's secret.
func TestNothingMaskedIsSent(t *testing.T) {
	w := newWorld(t)
	w.at("2026-11-24 12:00")
	w.hit()
	w.put(&isms.Breach{Record: isms.Record{ID: "br-b", Unit: "board-b"}, Name: "Brev", Incident: "inc", Role: "controller"},
		&isms.SecrecyMark{Record: isms.Record{ID: "mark", Unit: "board-a"}, Kind: "incident", Of: "inc", Field: "description", Provision: "osl_incident_reports",
			MarkedOn: "2026-11-24", Authority: "Nämnd A"})
	who := w.as("coordinator-b")
	want(t, "aware", w.SettleAwareness(w.ctx(), who, Settling{Entry{"br-b", 1}, moment(t, "2026-11-24 08:00"), "", "Skäl."}, ""), nil)
	clocks, err := w.Clocks(w.ctx(), who)
	if err != nil || len(clocks) != 1 {
		t.Fatalf("%d clocks, %v", len(clocks), err)
	}
	f, err := w.SubmissionForm(w.ctx(), who, clocks[0].ID, false)
	want(t, "the form", err, nil)
	for _, v := range f.Fields {
		if register.IsMasked(v.Value) || strings.Contains(v.Value, "fram till någon annan") {
			t.Errorf("%s is %q", v.Key, v.Value)
		}
	}
}
