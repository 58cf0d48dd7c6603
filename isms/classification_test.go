// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"
	"testing"

	"ledsyn/register"
)

// TestClassificationWorkWrong holds the rules of what classification leads to at their edges.
func TestClassificationWorkWrong(t *testing.T) {
	open := Reclassification{System: "s", Trigger: "incident", Reason: "r", RaisedOn: today, State: TaskOpen}
	task := func(change func(*Reclassification)) Reclassification {
		r := open
		change(&r)
		return r
	}
	for _, c := range []struct {
		name string
		rec  interface{ Wrong() []register.Wrong }
		want string
	}{
		{"integration", Integration{Source: "a", Target: "b"}, ""},
		{"integration with itself", Integration{Source: "a", Target: "a"}, "target own_target"},
		{"integration of nothing yet", Integration{}, ""},

		{"derived level stands", ProtectionLevel{System: "s", DecidedOn: today}, ""},
		{"raised with reason", ProtectionLevel{System: "s", Confidentiality: "3", Reason: "accumulation"}, ""},
		{"raised without reason", ProtectionLevel{System: "s", Availability: "1"}, "reason raised_without_reason"},
		{"raised to the lowest without reason", ProtectionLevel{System: "s", Traceability: "0"}, "reason raised_without_reason"},
		{"raised for another reason", ProtectionLevel{System: "s", Integrity: "2", Reason: RaisedOtherwise}, "reason_text other_without_text"},
		{"raised for another reason that is told", ProtectionLevel{System: "s", Integrity: "2", Reason: RaisedOtherwise, ReasonText: "t"}, ""},

		{"exception asked for", LevelException{EndsOn: today}, ""},
		{"exception of one day", LevelException{ApprovedBy: "p", ApprovedOn: today, EndsOn: today}, ""},
		{"exception ends before its approval", LevelException{ApprovedBy: "p", ApprovedOn: today, EndsOn: before}, "ends_on before"},
		{"exception approved by nobody", LevelException{ApprovedOn: today, EndsOn: after}, "approved_by approved_by_nobody"},
		{"exception approved on no day", LevelException{ApprovedBy: "p", EndsOn: after}, "approved_on approved_without_day"},

		{"task", open, ""},
		{"task for a process", task(func(r *Reclassification) { r.System, r.Process = "", "p" }), ""},
		{"task for a set", task(func(r *Reclassification) { r.System, r.Set = "", "i" }), ""},
		{"task for nothing", task(func(r *Reclassification) { r.System = "" }), "system one_thing"},
		{"task for two", task(func(r *Reclassification) { r.Set = "i" }), "system one_thing"},
		{"task for three", task(func(r *Reclassification) { r.Process, r.Set = "p", "i" }), "system one_thing"},
		{"task done the same day", task(func(r *Reclassification) { r.State, r.ClosedOn = TaskDone, today }), ""},
		{"task done before it was raised", task(func(r *Reclassification) { r.State, r.ClosedOn = TaskDone, before }), "closed_on before"},
		{"task done on no day", task(func(r *Reclassification) { r.State = TaskDone }), "closed_on done_without_day"},
		{"task dismissed without reason", task(func(r *Reclassification) { r.State, r.ClosedOn = TaskDismissed, today }), "outcome dismissed_without_reason"},
		{"task dismissed with reason", task(func(r *Reclassification) { r.State, r.ClosedOn, r.Outcome = TaskDismissed, today, "o" }), ""},

		{"place for one", ClassificationPriority{Set: "i", Position: 1}, ""},
		{"place for nothing", ClassificationPriority{Position: 1}, "system one_thing"},
		{"place for two", ClassificationPriority{System: "s", Process: "p", Position: 1}, "system one_thing"},

		{"all by the day", CoverageTarget{Share: percent(10000)}, ""},
		{"more than all by the day", CoverageTarget{Share: percent(10001)}, "share percent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := wrongOf(c.rec); got != c.want {
				t.Errorf("wrong: %q, want %q", got, c.want)
			}
		})
	}
}

// An exception without an end is refused before any rule of its own is asked.
func TestExceptionHasAnEnd(t *testing.T) {
	e := LevelException{Record: Record{ID: "e", Unit: "u"}, System: "s", Aspect: Confidentiality, Level: "1", Reason: "r"}
	ends := func(w register.Wrong) bool { return w.Field == "ends_on" && w.Code == "required" }
	if wrong := register.Check(&e); !slices.ContainsFunc(wrong, ends) {
		t.Errorf("without an end: %v", wrong)
	}
	e.EndsOn = today
	if wrong := register.Check(&e); len(wrong) > 0 {
		t.Errorf("with an end: %v", wrong)
	}
}

func TestExceptionInForce(t *testing.T) {
	approved := LevelException{ApprovedBy: "p", ApprovedOn: today, EndsOn: today}
	but := func(change func(*LevelException)) LevelException {
		e := approved
		change(&e)
		return e
	}
	for name, c := range map[string]struct {
		e    LevelException
		want [3]bool // before, today, after
	}{
		"of one day":         {approved, [3]bool{false, true, false}},
		"past its day":       {but(func(e *LevelException) { e.ApprovedOn, e.EndsOn = before, before }), [3]bool{true, false, false}},
		"not approved":       {but(func(e *LevelException) { e.ApprovedBy = "" }), [3]bool{}},
		"approved on no day": {but(func(e *LevelException) { e.ApprovedOn = "" }), [3]bool{}},
		"retired":            {but(func(e *LevelException) { e.Retired = after }), [3]bool{}},
	} {
		if got := [3]bool{c.e.InForce(before), c.e.InForce(today), c.e.InForce(after)}; got != c.want {
			t.Errorf("%s: in force %v, want %v", name, got, c.want)
		}
	}
}

func TestTitlesOfTheWork(t *testing.T) {
	for want, rec := range map[string]register.Entity{
		"K3/R-/T-": &ProtectionLevel{Confidentiality: "3", Reason: "law", ReasonText: "text"}, "reason": &Reclassification{Reason: "reason", Outcome: "outcome"},
		"2026-12-31": &CoverageTarget{Day: "2026-12-31", Note: "note"}, "2026-11-24": &Confirmation{Day: "2026-11-24", Note: "note"},
		"to": &Referral{To: "to"}, "6001": &MeasureAnswer{Measure: "6001", How: "how"}, "importer": &Transfer{Country: "US", Importer: "importer"},
		"1/26": &SubjectRequest{Dnr: "1/26", Outcome: "outcome"}, "R1": &DPIARisk{Number: "R1", Event: "event"},
	} {
		if got := register.OfValue(rec).Title(rec); got != want {
			t.Errorf("titled %q, want %q", got, want)
		}
	}
}
