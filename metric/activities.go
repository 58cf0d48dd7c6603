// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
)

// ActivitiesIn is how many of the lines in a year's plan are in the given state on the day.
func ActivitiesIn(targets []isms.ActivityTarget, year int, state isms.ActivityState, day register.Day) Figure {
	var counted, of []string
	for _, t := range targets {
		if t.Year != year || gone(t.Record, day) {
			continue
		}
		of = append(of, t.ID)
		if StateOn(t.State, t.DoneOn, day) == state {
			counted = append(counted, t.ID)
		}
	}
	f := share("activities_"+string(state), "activity", "activity_target", day, counted, of)
	f.Year = year
	return f
}

// StateOn is the state as it can be told on the day: what is done only after the day is planned on it. Without
// that rule a review would report in the past tense what has not yet happened.
func StateOn(state isms.ActivityState, doneOn, day register.Day) isms.ActivityState {
	if state == isms.ActivityDone && doneOn > day {
		return isms.ActivityPlanned
	}
	return state
}

// PlanYears lists the years that have lines in the plan, in order.
func PlanYears(targets []isms.ActivityTarget, day register.Day) []int {
	var years []int
	for _, t := range targets {
		if !gone(t.Record, day) && !slices.Contains(years, t.Year) {
			years = append(years, t.Year)
		}
	}
	slices.Sort(years)
	return years
}

// activities gives the four states that every year is told by, and the other two where there are any.
func activities(r Records, day register.Day) []Figure {
	var all []Figure
	for _, year := range PlanYears(r.Targets, day) {
		for _, state := range []isms.ActivityState{isms.ActivityPlanned, isms.ActivityOngoing, isms.ActivityDone, isms.ActivityMoved} {
			all = append(all, ActivitiesIn(r.Targets, year, state, day))
		}
		for _, state := range []isms.ActivityState{isms.ActivityProposed, isms.ActivityDropped} {
			if f := ActivitiesIn(r.Targets, year, state, day); len(f.Counted) > 0 {
				all = append(all, f)
			}
		}
	}
	return all
}
