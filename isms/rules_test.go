// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"
	"strings"
	"testing"

	"ledsyn/register"
)

func wrongOf(rec interface{ Wrong() []register.Wrong }) string {
	var list []string
	for _, w := range rec.Wrong() {
		list = append(list, w.Field+" "+w.Code)
	}
	return strings.Join(list, ", ")
}

func count(n int) register.Count     { return register.CountOf(n) }
func percent(n int) register.Percent { return register.PercentOf(n) }

const (
	before = register.Day("2024-02-28")
	today  = register.Day("2024-02-29")
	after  = register.Day("2024-03-01")
)

// TestWrong holds each register's own rules at their edges: "" is a record with nothing against it.
func TestWrong(t *testing.T) {
	decided := Classification{System: "s", Model: "klassa-0-4", State: ClassificationDecided, Confidentiality: "0", Integrity: "4", Availability: "2", DecidedOn: today}
	but := func(change func(*Classification)) Classification {
		c := decided
		change(&c)
		return c
	}
	for _, c := range []struct {
		name string
		rec  interface{ Wrong() []register.Wrong }
		want string
	}{
		{"unit of one day", Unit{ValidFrom: today, ValidTo: today}, ""},
		{"unit ends before it begins", Unit{ValidFrom: today, ValidTo: before}, "valid_to before"},
		{"unit without ends", Unit{}, ""},
		{"unit above itself", Unit{Record: Record{ID: "u"}, Parent: "u"}, "parent own_parent"},
		{"new unit at the top", Unit{Parent: ""}, ""},
		{"role of one day", Assignment{ValidFrom: today, ValidTo: today}, ""},
		{"role ends before it begins", Assignment{ValidFrom: today, ValidTo: before}, "valid_to before"},
		{"document of one day", Document{ValidFrom: today, ValidTo: today}, ""},
		{"document ends before it begins", Document{ValidFrom: today, ValidTo: before}, "valid_to before"},
		{"document above itself", Document{Record: Record{ID: "d"}, Parent: "d"}, "parent own_parent"},
		{"system of one day", System{InUseFrom: today, InUseTo: today}, ""},
		{"system ends before it begins", System{InUseFrom: today, InUseTo: before}, "in_use_to before"},

		{"classification", decided, ""},
		{"decided by nobody known", but(func(c *Classification) { c.DecidedBy = "" }), ""},
		{"classification of nothing", but(func(c *Classification) { c.System = "" }), "system one_object"},
		{"classification of two things", but(func(c *Classification) { c.Set = "i" }), "system one_object"},
		{"classification of three things", but(func(c *Classification) { c.Set, c.Process = "i", "p" }), "system one_object"},
		{"unknown model", but(func(c *Classification) { c.Model = "klassa-9" }), "model no_model"},
		{"level outside the scale", but(func(c *Classification) { c.Integrity = "5" }), "integrity not_in_model"},
		{"traceability outside the scale", but(func(c *Classification) { c.Traceability = "9" }), "traceability not_in_model"},
		{"decided without a level", but(func(c *Classification) { c.Availability = "" }), "availability decided_without"},
		{"decided without traceability", but(func(c *Classification) { c.Traceability = "" }), ""},
		{"decided without a day", but(func(c *Classification) { c.DecidedOn = "" }), "decided_on decided_without"},
		{"valid on the day of decision only", but(func(c *Classification) { c.ValidUntil = today }), ""},
		{"expires before it is decided", but(func(c *Classification) { c.ValidUntil = before }), "valid_until before"},
		{"planned without anything", Classification{System: "s", Model: "klassa-0-4", State: ClassificationPlanned}, ""},

		{"share alone", Measurement{Value: percent(3000)}, ""},
		{"share of 0", Measurement{Value: percent(0)}, ""},
		{"numbers alone", Measurement{Numerator: count(18), Denominator: count(60)}, ""},
		{"nothing known", Measurement{}, "value no_value"},
		{"half of the numbers", Measurement{Numerator: count(18)}, "value no_value"},
		{"part over whole", Measurement{Numerator: count(61), Denominator: count(60)}, "numerator part_over_whole"},
		{"all", Measurement{Numerator: count(60), Denominator: count(60), Value: percent(10000)}, ""},
		{"more than all", Measurement{Value: percent(10001)}, "value percent"},
		{"value fits numbers", Measurement{Numerator: count(1), Denominator: count(3), Value: percent(3333)}, ""},
		{"value rounded to whole", Measurement{Numerator: count(1), Denominator: count(3), Value: percent(3300)}, ""},
		{"value half a point off", Measurement{Numerator: count(1), Denominator: count(2), Value: percent(5050)}, ""},
		{"value more than half a point off", Measurement{Numerator: count(1), Denominator: count(2), Value: percent(5051)}, "value value_contradicts"},
		{"value less than half a point off", Measurement{Numerator: count(1), Denominator: count(2), Value: percent(4949)}, "value value_contradicts"},
		{"share of nothing", Measurement{Numerator: count(0), Denominator: count(0), Value: percent(0)}, "value value_contradicts"},
		{"nothing of nothing", Measurement{Numerator: count(0), Denominator: count(0)}, ""},
		{"the greatest numbers", Measurement{Numerator: count(1e12), Denominator: count(1e12), Value: percent(10000)}, ""},

		{"everybody trained", TrainingFigure{Completed: count(9), Headcount: count(9)}, ""},
		{"more trained than there are", TrainingFigure{Completed: count(10), Headcount: count(9)}, "completed part_over_whole"},
		{"headcount unknown", TrainingFigure{Completed: count(10)}, ""},

		{"highest risk", ControlAssessment{Likelihood: 5, Consequence: 5}, ""},
		{"risk not assessed", ControlAssessment{}, ""},
		{"off the scale", ControlAssessment{Likelihood: 11, Consequence: 12}, "likelihood scale, consequence scale"},

		{"whole population checked", SpotCheck{Population: count(5), Sample: count(5), Found: count(5), Remedied: count(5)}, ""},
		{"numbers unknown", SpotCheck{SomeFound: true}, ""},
		{"sample over population", SpotCheck{Population: count(5), Sample: count(6)}, "sample part_over_whole"},
		{"found over sample", SpotCheck{Sample: count(5), Found: count(6)}, "found part_over_whole"},
		{"remedied over found", SpotCheck{Found: count(1), Remedied: count(2)}, "remedied part_over_whole"},
		{"found of an unknown sample", SpotCheck{Population: count(1), Found: count(6)}, ""},
		{"some of none", SpotCheck{Found: count(0), SomeFound: true}, "some_found some_of_none"},
		{"some of two", SpotCheck{Found: count(2), SomeFound: true}, ""},

		{"open deviation", Deviation{FoundOn: today, State: DeviationOpen}, ""},
		{"remedied the same day", Deviation{FoundOn: today, State: DeviationRemedied, RemediedOn: today}, ""},
		{"remedied before found", Deviation{FoundOn: today, State: DeviationRemedied, RemediedOn: before}, "remedied_on before"},
		{"remedied on no day", Deviation{FoundOn: today, State: DeviationRemedied}, "remedied_on done_without_day"},
		{"verified on no day", Deviation{FoundOn: today, State: DeviationVerified}, "remedied_on done_without_day"},

		{"cycle within a year", RiskCycle{AnalysisYear: 2022, ImplementationYear: 2022}, ""},
		{"cycle over two years", RiskCycle{AnalysisYear: 2022, ImplementationYear: 2023}, ""},
		{"cycle backwards", RiskCycle{AnalysisYear: 2022, ImplementationYear: 2021}, "implementation_year year_before"},

		{"recommended by an audit", Recommendation{Audit: "a"}, ""},
		{"recommended by the officer", Recommendation{Report: "r"}, ""},
		{"recommended by nobody", Recommendation{}, "audit one_issuer"},
		{"recommended by two", Recommendation{Audit: "a", Report: "r"}, "audit one_issuer"},
		{"own state", FollowUp{State: FollowOngoing}, ""},
		{"verdict with source", FollowUp{Verdict: VerdictDone, Source: "5/2019"}, ""},
		{"verdict without source", FollowUp{Verdict: VerdictDone}, "source verdict_without_source"},
		{"a look that sees nothing", FollowUp{}, "state required"},

		{"planned activity", Activity{State: ActivityPlanned}, ""},
		{"done the day it began", Activity{State: ActivityDone, StartedOn: today, DoneOn: today}, ""},
		{"done before it began", Activity{State: ActivityDone, StartedOn: today, DoneOn: before}, "done_on before"},
		{"done on no day", Activity{State: ActivityDone}, "done_on done_without_day"},
		{"moved without reason", Activity{State: ActivityMoved}, "reason reason_needed"},
		{"dropped without reason", Activity{State: ActivityDropped}, "reason reason_needed"},
		{"dropped with reason", Activity{State: ActivityDropped, Reason: "r"}, ""},
		{"target moved without reason", ActivityTarget{State: ActivityMoved}, "reason reason_needed"},
		{"target dropped without reason", ActivityTarget{State: ActivityDropped}, "reason reason_needed"},
		{"target moved with reason", ActivityTarget{State: ActivityMoved, Reason: "r"}, ""},
		{"target done", ActivityTarget{State: ActivityDone}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := wrongOf(c.rec); got != c.want {
				t.Errorf("wrong: %q, want %q", got, c.want)
			}
		})
	}
}

// TestOnDays holds what is true the day before, on the day and the day after.
func TestOnDays(t *testing.T) {
	retired := Record{Retired: today}
	classified := func(c Classification) Classification {
		c.State, c.DecidedOn = ClassificationDecided, before
		return c
	}
	for _, c := range []struct {
		name string
		is   func(register.Day) bool
		want [3]bool // before, today, after
	}{
		{"unit from today", Unit{ValidFrom: today}.Exists, [3]bool{false, true, true}},
		{"unit until today", Unit{ValidTo: today}.Exists, [3]bool{true, true, false}},
		{"unit without ends", Unit{}.Exists, [3]bool{true, true, true}},
		{"role from today", Assignment{ValidFrom: today}.Holds, [3]bool{false, true, true}},
		{"role until today", Assignment{ValidTo: today}.Holds, [3]bool{true, true, false}},
		{"role retired today", Assignment{Record: retired}.Holds, [3]bool{true, false, false}},
		{"decided document from today", Document{State: DocumentDecided, ValidFrom: today}.InForce, [3]bool{false, true, true}},
		{"decided document until today", Document{State: DocumentDecided, ValidTo: today}.InForce, [3]bool{true, true, false}},
		{"draft document", Document{State: DocumentDraft}.InForce, [3]bool{}},
		{"withdrawn document", Document{State: DocumentWithdrawn}.InForce, [3]bool{}},
		{"document to look over by today", Document{ReviewBy: today}.Overdue, [3]bool{false, false, true}},
		{"document never to look over", Document{}.Overdue, [3]bool{}},
		{"system from today", System{Lifecycle: InUse, InUseFrom: today}.Used, [3]bool{false, true, true}},
		{"system until today", System{Lifecycle: InUse, InUseTo: today}.Used, [3]bool{true, true, false}},
		{"system in use", System{Lifecycle: InUse}.Used, [3]bool{true, true, true}},
		{"planned system", System{Lifecycle: Planned, InUseFrom: before}.Used, [3]bool{}},
		{"system taken out of use", System{Lifecycle: OutOfUse}.Used, [3]bool{}},
		{"retired record of a system", System{Record: retired, Lifecycle: InUse}.Used, [3]bool{}},
		{"classified today", Classification{State: ClassificationDecided, DecidedOn: today}.Decided, [3]bool{false, true, true}},
		{"valid from today", Classification{State: ClassificationDecided, DecidedOn: today}.Valid, [3]bool{false, true, true}},
		{"valid until today", classified(Classification{ValidUntil: today}).Valid, [3]bool{true, true, false}},
		{"expired is still decided", classified(Classification{ValidUntil: before}).Decided, [3]bool{true, true, true}},
		{"decided on no day", Classification{State: ClassificationDecided}.Decided, [3]bool{}},
		{"superseded", Classification{State: ClassificationSuperseded, DecidedOn: before}.Valid, [3]bool{}},
		{"proposed", Classification{State: ClassificationProposed, DecidedOn: before}.Valid, [3]bool{}},
		{"retired classification", classified(Classification{Record: retired}).Valid, [3]bool{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := [3]bool{c.is(before), c.is(today), c.is(after)}; got != c.want {
				t.Errorf("the day before, the day, the day after: %v, want %v", got, c.want)
			}
		})
	}
}

func TestFreshness(t *testing.T) {
	for want, c := range map[register.Day]ContextFactor{before: {AsOf: before}, today: {AsOf: before, ReviewedOn: today}, after: {AsOf: after, ReviewedOn: today}} {
		if got := c.Fresh(); got != want {
			t.Errorf("vouched for on %s, want %s", got, want)
		}
	}
}

// TestReviewsWay walks every way a review can take: it comes to published only through decided, decided only
// through proposed, and never leaves decided but to be published.
func TestReviewsWay(t *testing.T) {
	states := ReviewState("").Choices()
	for _, s := range states {
		from := ReviewState(s)
		for _, next := range from.Next() {
			switch {
			case !slices.Contains(states, string(next)):
				t.Errorf("%s leads to %q, which is no state", from, next)
			case next == ReviewDecided && from != ReviewProposed, next == ReviewPublished && from != ReviewDecided:
				t.Errorf("%s leads to %s", from, next)
			case from.Frozen() && !next.Frozen():
				t.Errorf("what is frozen thaws: %s leads to %s", from, next)
			}
		}
		if frozen := s == "decided" || s == "published"; from.Frozen() != frozen {
			t.Errorf("%s is frozen: %v", s, from.Frozen())
		}
	}
	reached := map[ReviewState]bool{ReviewDraft: true}
	for range states {
		for s := range reached {
			for _, next := range s.Next() {
				reached[next] = true
			}
		}
	}
	if len(reached) != len(states) {
		t.Errorf("only %v can be reached", reached)
	}
	if len(ReviewPublished.Next()) > 0 || len(ReviewState("").Next()) > 0 || len(ReviewState("lost").Next()) > 0 {
		t.Error("there is a way on from an end")
	}
}

func TestOpenAndClosed(t *testing.T) {
	for _, s := range ActivityState("").Choices() {
		if open := s != "done" && s != "dropped"; ActivityState(s).Open() != open {
			t.Errorf("%s is open: %v", s, !open)
		}
	}
	for _, v := range append(Verdict("").Choices(), "") {
		if closes := v == "done" || v == "not_relevant"; Verdict(v).Closes() != closes {
			t.Errorf("%q closes: %v", v, !closes)
		}
	}
}

func TestClassificationNotation(t *testing.T) {
	for want, c := range map[string]Classification{
		"K3/R3/T2":    {Confidentiality: "3", Integrity: "3", Availability: "2"},
		"K0/R0/T0/S0": {Confidentiality: "0", Integrity: "0", Availability: "0", Traceability: "0"},
		"K-/R-/T-":    {},
		"K1/R-/T4/S2": {Confidentiality: "1", Availability: "4", Traceability: "2"},
	} {
		if got := c.Title(); got != want {
			t.Errorf("written %s, want %s", got, want)
		}
	}
}

func TestClassificationObject(t *testing.T) {
	for want, c := range map[string]Classification{"system s": {System: "s"}, "process p": {Process: "p"}, "information_set i": {Set: "i"}} {
		if kind, id := c.Object(); kind+" "+id != want {
			t.Errorf("is of %s %s, want %s", kind, id, want)
		}
		if kind, _ := c.Object(); kind != "" {
			if _, ok := Register(kind); !ok {
				t.Errorf("%s is no register", kind)
			}
		}
	}
}

func TestTitles(t *testing.T) {
	for want, rec := range map[string]register.Entity{
		"part": &ControlAssessment{Part: "part", Event: "event"}, "area": &DPOArea{Name: "area"}, "subject": &Recommendation{Number: "1", Subject: "subject"},
		"answer": &Response{Subject: "answer"}, "line": &ActivityTarget{Text: "line"}, "K1/R1/T1": &Classification{Model: "klassa-0-4", Confidentiality: "1", Integrity: "1", Availability: "1"},
		"name": &System{Name: "name", Purpose: "purpose"},
	} {
		if got := register.OfValue(rec).Title(rec); got != want {
			t.Errorf("titled %q, want %q", got, want)
		}
	}
}
