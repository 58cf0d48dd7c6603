// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/register"
)

var days = rapid.SampledFrom([]register.Day{"", "2023-12-31", "2024-01-01", "2024-06-29", today, "2024-07-01", "2025-01-01"})

func drawRecords(t *rapid.T) Records {
	var r Records
	pick := func(n int, name string) int { return rapid.IntRange(0, n-1).Draw(t, name) }
	number := func() register.Count { return register.CountOf(rapid.IntRange(-1, 5).Draw(t, "n")) }
	lifecycles := []isms.Lifecycle{isms.Planned, isms.InUse, isms.OutOfUse}
	states := []isms.ClassificationState{isms.ClassificationPlanned, isms.ClassificationDecided, isms.ClassificationSuperseded}
	for i := range pick(8, "systems") {
		r.Systems = append(r.Systems, system(fmt.Sprint("s", i), lifecycles[pick(3, "l")], days.Draw(t, "from"), days.Draw(t, "to")))
		answers := []isms.Answer{"", isms.Yes, isms.No}
		r.Processes = append(r.Processes, isms.Process{Record: rec(fmt.Sprint("p", i)), NISCovered: answers[pick(3, "nis")]})
	}
	for i := range pick(10, "classifications") {
		c := classified(fmt.Sprint("c", i), fmt.Sprint("s", pick(8, "of")), states[pick(3, "state")], days.Draw(t, "on"), days.Draw(t, "until"))
		if pick(2, "process") == 1 {
			c.System, c.Process = "", register.Ref[isms.Process](fmt.Sprint("p", pick(8, "of")))
		}
		r.Classifications = append(r.Classifications, c)
	}
	for i := range pick(5, "checks") {
		n := number()
		r.SpotChecks = append(r.SpotChecks, isms.SpotCheck{Record: rec(fmt.Sprint("k", i)), Area: []string{"a", "B"}[pick(2, "area")], Year: 2024,
			Found: n, Remedied: number(), SomeFound: !n.IsKnown() && pick(2, "some") == 1, PerformedOn: days.Draw(t, "day")})
	}
	for i := range pick(5, "deviations") {
		r.Deviations = append(r.Deviations, isms.Deviation{Record: rec(fmt.Sprint("d", i)), Area: "b", SpotCheck: register.Ref[isms.SpotCheck]([]string{"", "k0", "k1"}[pick(3, "check")]),
			FoundOn: days.Draw(t, "found"), State: []isms.DeviationState{isms.DeviationOpen, isms.DeviationRemedied}[pick(2, "state")], RemediedOn: days.Draw(t, "remedied")})
	}
	for i := range pick(6, "targets") {
		s := isms.ActivityState(isms.ActivityState("").Choices()[pick(6, "state")])
		r.Targets = append(r.Targets, isms.ActivityTarget{Record: rec(fmt.Sprint("t", i)), Year: 2023 + pick(3, "year"), State: s, DoneOn: days.Draw(t, "done")})
	}
	return r
}

func TestFiguresHoldTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecords(t)
		for _, f := range All(r, today) {
			n, hasN := f.Numerator.Known()
			d, hasD := f.Denominator.Known()
			if hasN && hasD && n > d {
				t.Fatalf("%s: %d of %d", f.ID(), n, d)
			}
			if f.Known && !hasN && !f.Share.IsKnown() {
				t.Fatalf("%s is known without a number", f.ID())
			}
			for _, id := range f.Counted {
				if !slices.Contains(f.Of, id) {
					t.Fatalf("%s counts %s, which is not among %v", f.ID(), id, f.Of)
				}
			}
			if f.Kind == "system" && f.Known && (n != len(f.Counted) || d != len(f.Of)) {
				t.Fatalf("%s: %d of %d, but %v of %v", f.ID(), n, d, f.Counted, f.Of)
			}
		}
		valid, ever, old := Classified(r.Systems, r.Classifications, today), EverClassified(r.Systems, r.Classifications, today), Expired(r.Systems, r.Classifications, today)
		if len(valid.Counted)+len(old.Counted) != len(ever.Counted) {
			t.Fatalf("%v valid and %v expired, but %v ever", valid.Counted, old.Counted, ever.Counted)
		}
	})
}

func TestAnUnclassifiedSystemNeverRaisesTheShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecords(t)
		before := Classified(r.Systems, r.Classifications, today)
		life := rapid.SampledFrom([]isms.Lifecycle{isms.Planned, isms.InUse, isms.OutOfUse}).Draw(t, "lifecycle")
		after := Classified(append(r.Systems, system("new", life, days.Draw(t, "from"), "")), r.Classifications, today)
		b, wasKnown := before.Percent().Known()
		a, isKnown := after.Percent().Known()
		if wasKnown && (!isKnown || a > b) || !wasKnown && isKnown && a != 0 {
			t.Fatalf("from %s to %s", numbers(before), numbers(after))
		}
	})
}
