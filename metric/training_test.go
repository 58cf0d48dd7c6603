// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"slices"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
)

// TestTrainingOfSeveralUnits adds up the boards of a city, each by its own latest figure.
func TestTrainingOfSeveralUnits(t *testing.T) {
	unit := func(id, parent string) isms.Unit {
		return isms.Unit{Record: isms.Record{ID: id, Unit: id}, Parent: register.Ref[isms.Unit](parent)}
	}
	figure := func(id, unit string, day register.Day, n, of int, list string) isms.TrainingFigure {
		f := isms.TrainingFigure{Record: isms.Record{ID: id, Unit: unit}, Course: "k", Day: day, Completed: register.CountOf(n), Headcount: register.CountOf(of),
			Population: register.Ref[isms.Population](list)}
		if list != "" {
			f.LeadersCompleted, f.Leaders = register.CountOf(n/10), register.CountOf(of/10)
		}
		return f
	}
	course := isms.Course{Record: isms.Record{ID: "k"}, Compulsory: true}
	r := Records{
		Units: []isms.Unit{unit("city", ""), unit("a", "city"), unit("a1", "a"), unit("b", "city"), unit("b1", "b")},
		TrainingFigures: []isms.TrainingFigure{
			figure("1", "a", "2025-12-31", 1, 100, ""), figure("2", "a", "2026-01-31", 50, 100, ""), // the earlier of a unit does not count
			figure("3", "a1", "2026-02-28", 9, 9, ""),                                                       // is in its board's
			figure("4", "b", "2026-02-28", 20, 40, "list"), figure("5", "b1", "2026-02-28", 10, 60, "list"), // own units only
		},
	}
	f := TrainingShare(course, r, "2026-03-01")
	if numbers(f) != "80/200" || f.Day != "2026-02-28" || f.Oldest != "2026-01-31" || !slices.Equal(f.Counted, []string{"2", "4", "5"}) {
		t.Errorf("%s on %s, oldest %s, of %v", numbers(f), f.Day, f.Oldest, f.Counted)
	}
	if f := LeadersTrained(course, r, "2026-03-01"); f.Known {
		t.Errorf("a board has not counted its managers, and yet they are %s", numbers(f))
	}
	r.TrainingFigures = r.TrainingFigures[3:]
	if f := LeadersTrained(course, r, "2026-03-01"); numbers(f) != "3/10" {
		t.Errorf("managers: %s", numbers(f))
	}
}

func TestEmployed(t *testing.T) {
	count := func(id, unit string, day register.Day, n register.Count) isms.Headcount {
		return isms.Headcount{Record: isms.Record{ID: id, Unit: unit}, Day: day, Persons: n}
	}
	r := Records{Headcounts: []isms.Headcount{count("1", "a", "2026-01-31", register.CountOf(10)), count("2", "a", "2026-02-28", register.CountOf(12)),
		count("3", "b", "2026-01-31", register.CountOf(5)), count("4", "b", "2026-04-30", register.CountOf(50))}}
	if f := Employed(r, "2026-03-01"); f.Numerator != register.CountOf(17) || !f.Known || f.Oldest != "2026-01-31" || !slices.Equal(f.Counted, []string{"2", "3"}) {
		t.Errorf("%+v", f)
	}
	if f := Employed(r, "2025-12-31"); f.Known || f.Numerator.IsKnown() {
		t.Errorf("before the first list: %+v", f)
	}
	r.Headcounts[1].Persons = register.Count{}
	if f := Employed(r, "2026-03-01"); f.Known {
		t.Errorf("one unit is not known: %+v", f)
	}
}
