// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"ledsyn/isms"
	"ledsyn/register"
)

// TrainingShare is the share of those who should have taken a course that had taken it, by the latest figure on
// or before the day. It is not known until there is such a figure with both numbers.
func TrainingShare(c isms.Course, figures []isms.TrainingFigure, day register.Day) Figure {
	f := Figure{Key: "training_share", Part: c.ID, PartName: c.Name, Unit: "person", Day: day, Kind: "training_figure"}
	var last *isms.TrainingFigure
	for i, t := range figures {
		if string(t.Course) != c.ID || t.Day > day || gone(t.Record, day) {
			continue
		}
		if last == nil || t.Day > last.Day || t.Day == last.Day && t.ID > last.ID {
			last = &figures[i]
		}
	}
	if last == nil {
		return f
	}
	f.Day, f.Counted, f.Of, f.Source = last.Day, []string{last.ID}, []string{last.ID}, last.Source
	f.Numerator, f.Denominator = last.Completed, last.Headcount
	return f.settled()
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
