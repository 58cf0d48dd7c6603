// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"ledsyn/isms"
	"ledsyn/register"
)

// TrainingShare is the share of those who should have taken a course that had taken it, by the latest figure on
// or before the day. Figures that were counted from the same list are one figure, added up over its units. It is not known until there is
// such a figure with both numbers.
func TrainingShare(c isms.Course, figures []isms.TrainingFigure, day register.Day) Figure {
	f := Figure{Key: "training_share", Part: c.ID, PartName: c.Name, Unit: "person", Day: day, Kind: "training_figure"}
	return f.latestTraining(figures, func(t isms.TrainingFigure) (n, of register.Count) { return t.Completed, t.Headcount })
}

// LeadersTrained is TrainingShare of managers. By the cybersecurity act the management shall be trained (2025:1506, 2 kap. 4 §).
func LeadersTrained(c isms.Course, figures []isms.TrainingFigure, day register.Day) Figure {
	f := Figure{Key: "leaders_trained", Part: c.ID, PartName: c.Name, Unit: "manager", Day: day, Kind: "training_figure"}
	return f.latestTraining(figures, func(t isms.TrainingFigure) (n, of register.Count) { return t.LeadersCompleted, t.Leaders })
}

func (f Figure) latestTraining(figures []isms.TrainingFigure, numbers func(isms.TrainingFigure) (n, of register.Count)) Figure {
	of := func(t isms.TrainingFigure) bool {
		return string(t.Course) == f.Part && t.Day <= f.Day && !gone(t.Record, f.Day)
	}
	var last *isms.TrainingFigure
	for i, t := range figures {
		if of(t) && (last == nil || t.Day > last.Day || t.Day == last.Day && t.ID > last.ID) {
			last = &figures[i]
		}
	}
	if last == nil {
		return f
	}
	f.Numerator, f.Denominator = numbers(*last)
	f.Counted = []string{last.ID}
	for _, t := range figures {
		if of(t) && t.ID != last.ID && t.Population != "" && t.Population == last.Population {
			n, all := numbers(t)
			f.Numerator, f.Denominator = plus(f.Numerator, n), plus(f.Denominator, all)
			f.Counted = append(f.Counted, t.ID)
		}
	}
	f.Day, f.Source = last.Day, last.Source
	f.Of = f.Counted
	return f.settled()
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

// Employed is how many work in the units, by the latest headcount on or before the day: those of one staff list added up, or the one that was
// entered by hand.
func Employed(r Records, day register.Day) Figure {
	f := Figure{Key: "employed", Unit: "person", Day: day, Kind: "headcount"}
	var last *isms.Headcount
	for i, h := range r.Headcounts {
		if h.Day <= day && !gone(h.Record, day) && (last == nil || h.Day > last.Day || h.Day == last.Day && h.ID > last.ID) {
			last = &r.Headcounts[i]
		}
	}
	if last == nil {
		return f
	}
	f.Day, f.Numerator, f.Counted, f.Source = last.Day, last.Persons, []string{last.ID}, last.Source
	for _, h := range r.Headcounts {
		if h.ID != last.ID && h.Day <= day && !gone(h.Record, day) && h.Population != "" && h.Population == last.Population {
			f.Numerator = plus(f.Numerator, h.Persons)
			f.Counted = append(f.Counted, h.ID)
		}
	}
	f.Known = f.Numerator.IsKnown()
	return f
}

// leaders gives a figure for each compulsory course of which managers have been counted apart.
func leaders(r Records, day register.Day) []Figure {
	var all []Figure
	for _, c := range r.Courses {
		if f := LeadersTrained(c, r.TrainingFigures, day); c.Compulsory && !gone(c.Record, day) && f.Known {
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
			all = append(all, TrainingShare(c, r.TrainingFigures, day))
		}
	}
	if len(all) == 0 {
		all = append(all, r.OrRecorded(Figure{Key: "training_share", Unit: "person", Day: day}))
	}
	return all
}
