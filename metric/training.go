// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"maps"
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
)

// TrainingShare is the share of those who should have taken a course that had taken it, by the latest figures on or before the day, added up
// over the units that have one. It is not known until there is such a figure, and each has both numbers.
func TrainingShare(c isms.Course, r Records, day register.Day) Figure {
	f := Figure{Key: "training_share", Part: c.ID, PartName: c.Name, Unit: "person", Day: day, Kind: "training_figure"}
	return f.latestTraining(r, func(t isms.TrainingFigure) (n, of register.Count) { return t.Completed, t.Headcount })
}

// LeadersTrained is TrainingShare of managers. By the cybersecurity act the management shall be trained (2025:1506, 2 kap. 4 §).
func LeadersTrained(c isms.Course, r Records, day register.Day) Figure {
	f := Figure{Key: "leaders_trained", Part: c.ID, PartName: c.Name, Unit: "manager", Day: day, Kind: "training_figure"}
	return f.latestTraining(r, func(t isms.TrainingFigure) (n, of register.Count) { return t.LeadersCompleted, t.Leaders })
}

// latestTraining adds up the latest figure of each unit. A figure that somebody entered is of its unit and all below it, so theirs are left
// out; one that was counted from a list is of its own unit only.
func (f Figure) latestTraining(r Records, numbers func(isms.TrainingFigure) (n, of register.Count)) Figure {
	last := map[string]isms.TrainingFigure{}
	for _, t := range r.TrainingFigures {
		if string(t.Course) != f.Part || t.Day > f.Day || gone(t.Record, f.Day) {
			continue
		}
		if was, there := last[t.Unit]; !there || t.Day > was.Day || t.Day == was.Day && t.ID > was.ID {
			last[t.Unit] = t
		}
	}
	covered := r.covered(func(unit string) bool { t, there := last[unit]; return there && t.Population == "" })
	f.Numerator, f.Denominator = register.CountOf(0), register.CountOf(0)
	var newest register.Day
	for _, unit := range slices.Sorted(maps.Keys(last)) {
		t := last[unit]
		if covered[unit] {
			continue
		}
		n, all := numbers(t)
		f.Numerator, f.Denominator = plus(f.Numerator, n), plus(f.Denominator, all)
		f.Counted = append(f.Counted, t.ID)
		newest = max(newest, t.Day)
		if f.Oldest == "" || t.Day < f.Oldest {
			f.Oldest = t.Day
		}
		if f.Source == "" {
			f.Source = t.Source
		}
	}
	if f.Counted == nil {
		f.Numerator, f.Denominator = register.Count{}, register.Count{}
		return f
	}
	f.Day, f.Of = newest, f.Counted
	return f.settled()
}

// covered lists the units that stand below one for which whole holds.
func (r Records) covered(whole func(unit string) bool) map[string]bool {
	parent := map[string]string{}
	for _, u := range r.Units {
		parent[u.ID] = string(u.Parent)
	}
	below := map[string]bool{}
	for unit := range parent {
		for up, seen := parent[unit], map[string]bool{}; up != "" && !seen[up]; up = parent[up] {
			seen[up] = true
			below[unit] = below[unit] || whole(up)
		}
	}
	return below
}

// plus adds counts; what is not known makes the sum unknown.
func plus(a, b register.Count) register.Count {
	n, hasN := a.Known()
	m, hasM := b.Known()
	if !hasN || !hasM {
		return register.Count{}
	}
	return register.CountOf(n + m)
}

// Employed is how many work in the units, by the latest headcounts on or before the day. Each is of its own unit only.
func Employed(r Records, day register.Day) Figure {
	f := Figure{Key: "employed", Unit: "person", Day: day, Kind: "headcount", Numerator: register.CountOf(0)}
	last := map[string]isms.Headcount{}
	for _, h := range r.Headcounts {
		if h.Day > day || gone(h.Record, day) {
			continue
		}
		if was, there := last[h.Unit]; !there || h.Day > was.Day || h.Day == was.Day && h.ID > was.ID {
			last[h.Unit] = h
		}
	}
	for _, unit := range slices.Sorted(maps.Keys(last)) {
		h := last[unit]
		f.Numerator = plus(f.Numerator, h.Persons)
		f.Counted = append(f.Counted, h.ID)
		if f.Oldest == "" || h.Day < f.Oldest {
			f.Oldest = h.Day
		}
	}
	if f.Counted == nil {
		f.Numerator = register.Count{}
	}
	f.Known = f.Numerator.IsKnown()
	return f
}

// leaders gives a figure for each compulsory course of which managers have been counted apart.
func leaders(r Records, day register.Day) []Figure {
	var all []Figure
	for _, c := range r.Courses {
		if f := LeadersTrained(c, r, day); c.Compulsory && !gone(c.Record, day) && f.Known {
			all = append(all, f)
		}
	}
	return all
}

// training gives a figure for each compulsory course, or the one recorded for them all where there is no course.
func training(r Records, day register.Day) []Figure {
	var all []Figure
	for _, c := range r.Courses {
		if c.Compulsory && !gone(c.Record, day) {
			all = append(all, TrainingShare(c, r, day))
		}
	}
	if len(all) == 0 {
		all = append(all, r.OrRecorded(Figure{Key: "training_share", Unit: "person", Day: day}))
	}
	return all
}
