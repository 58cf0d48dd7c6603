// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"maps"
	"slices"

	"ledsyn/register"
)

// Employed is a row of a staff list: one employment. From and To are its first and last day; "" is open.
type Employed struct {
	Person string // what tells persons apart: an employee number, or an e-mail address
	Name   string
	Email  string
	Title  string
	Unit   string // as the list writes it, or a unit's id
	Leads  bool
	From   register.Day
	To     register.Day
}

// Staff is who is employed on a day: each person once, whatever the number of employments.
type Staff map[string]Employed

// StaffOn returns the staff of the day. Of several employments that hold then, the person's unit is that of the first row; who
// leads in any of them leads. Rows without a person are left out and counted.
func StaffOn(rows []Employed, day register.Day) (staff Staff, without int) {
	staff = Staff{}
	for _, row := range rows {
		without += staff.Add(row, day)
	}
	return staff, without
}

// Add adds the row if it holds on the day, and returns 1 if it names no person.
func (s Staff) Add(row Employed, day register.Day) int {
	switch had, there := s[row.Person]; {
	case row.Person == "":
		return 1
	case !during(row.From, row.To, day):
	case !there:
		s[row.Person] = row
	case row.Leads && !had.Leads:
		had.Leads = true
		s[row.Person] = had
	}
	return 0
}

// StaffCount is a unit's own numbers, and what has come of the earlier list's persons. Where there is no earlier list, Joined, Left and
// the moves are unknown.
type StaffCount struct {
	Persons, Managers               int
	Joined, Left, MovedIn, MovedOut register.Count
}

// CountStaff counts each unit that is in one of the lists, by the list's own name for it. was is nil where there is no earlier list.
func CountStaff(was, is Staff) map[string]StaffCount {
	type moves struct{ persons, managers, joined, left, in, out int }
	counts := map[string]*moves{}
	of := func(unit string) *moves {
		if counts[unit] == nil {
			counts[unit] = &moves{}
		}
		return counts[unit]
	}
	for person, e := range is {
		n := of(e.Unit)
		n.persons++
		if e.Leads {
			n.managers++
		}
		before, there := was[person]
		switch {
		case !there:
			n.joined++
		case before.Unit != e.Unit:
			n.in++
			of(before.Unit).out++
		}
	}
	for person, e := range was {
		if _, there := is[person]; !there {
			of(e.Unit).left++
		}
	}
	all := map[string]StaffCount{}
	for unit, n := range counts {
		c := StaffCount{Persons: n.persons, Managers: n.managers}
		if was != nil {
			c.Joined, c.Left = register.CountOf(n.joined), register.CountOf(n.left)
			c.MovedIn, c.MovedOut = register.CountOf(n.in), register.CountOf(n.out)
		}
		all[unit] = c
	}
	return all
}

// Left lists the persons of the earlier staff who are not in this one, in order.
func (s Staff) Left(was Staff) []string {
	var gone []string
	for _, person := range slices.Sorted(maps.Keys(was)) {
		if _, there := s[person]; !there {
			gone = append(gone, person)
		}
	}
	return gone
}

// Completion is a row of a list of completed courses: a person's, or how many of how many.
type Completion struct {
	Course string // as the list writes it, or a course's id
	Person string // "" in a list of counts
	Unit   string
	Leads  bool
	On     register.Day // "" is a day not known
	Count  register.Count
	Total  register.Count
}

// TrainingCount is how many have completed a course in a unit, and how many should have.
type TrainingCount struct {
	Completed, Total               register.Count
	LeadersCompleted, LeadersTotal register.Count
}

// UnitCourse is a unit and a course.
type UnitCourse struct{ Unit, Course string }

// CountTraining counts completions on the day by unit and course. valid gives a course's months of validity, 0 for no end.
//
// By persons: whoever has completed the course on or before the day, not so long ago that it has ceased to be valid, is counted once. With a
// staff list of the day, only its persons are counted, in the unit where it has them, and they are what the count is of; a unit and a course of the
// list that nobody there has completed are 0 of its staff. Without one the total is unknown. By counts: the rows' own numbers are added up, and
// one that is unknown makes the sum unknown; rows of leaders are counted as leaders, too.
func CountTraining(rows []Completion, staff Staff, valid func(course string) int, day register.Day) map[UnitCourse]TrainingCount {
	out := map[UnitCourse]TrainingCount{}
	done := map[UnitCourse]map[string]bool{} // person: leads
	courses, led := map[string]bool{}, map[UnitCourse]bool{}
	for _, r := range rows {
		if r.Person == "" {
			key := UnitCourse{r.Unit, r.Course}
			had, there := out[key]
			if !there {
				had = TrainingCount{Completed: register.CountOf(0), Total: register.CountOf(0)}
			}
			had.Completed, had.Total = plus(had.Completed, r.Count), plus(had.Total, r.Total)
			if r.Leads {
				if !led[key] {
					led[key], had.LeadersCompleted, had.LeadersTotal = true, register.CountOf(0), register.CountOf(0)
				}
				had.LeadersCompleted, had.LeadersTotal = plus(had.LeadersCompleted, r.Count), plus(had.LeadersTotal, r.Total)
			}
			out[key] = had
			continue
		}
		courses[r.Course] = true
		if r.On > day || r.On != "" && valid(r.Course) > 0 && r.On.AddMonths(valid(r.Course)) < day {
			continue
		}
		unit, leads := r.Unit, r.Leads
		if staff != nil {
			e, employed := staff[r.Person]
			if !employed {
				continue
			}
			unit, leads = e.Unit, e.Leads
		}
		key := UnitCourse{unit, r.Course}
		if done[key] == nil {
			done[key] = map[string]bool{}
		}
		done[key][r.Person] = done[key][r.Person] || leads
	}
	totals := CountStaff(nil, staff)
	for course := range courses {
		for unit, n := range totals {
			out[UnitCourse{unit, course}] = TrainingCount{Completed: register.CountOf(0), Total: register.CountOf(n.Persons),
				LeadersCompleted: register.CountOf(0), LeadersTotal: register.CountOf(n.Managers)}
		}
	}
	for key, persons := range done {
		c := out[key]
		leaders := 0
		for _, leads := range persons {
			if leads {
				leaders++
			}
		}
		c.Completed = register.CountOf(len(persons))
		if staff != nil {
			c.LeadersCompleted = register.CountOf(leaders)
		}
		out[key] = c
	}
	return out
}

func plus(a, b register.Count) register.Count {
	n, hasN := a.Known()
	m, hasM := b.Known()
	if !hasN || !hasM {
		return register.Count{}
	}
	return register.CountOf(n + m)
}
