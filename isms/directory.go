// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"strings"

	"ledsyn/register"
)

// Directory is who a staff list knows, as entitlement lists are held against it. Texts are compared as they are: who fills it folds
// them first.
type Directory struct {
	Day    register.Day // the staff list's
	Before register.Day // the earlier list's, "" where there is none

	people  []employee
	numbers map[string]int32 // place in people; alike where several have it
	emails  map[string]int32
	bare    map[string]int32 // numbers without the zeros that they begin with
}

// alike stands for what several persons have: it tells nobody apart.
const alike = -1

type employee struct {
	spells  []spell
	earlier bool         // only an earlier list has the person
	last    register.Day // the last day of the earlier list's employments, "" where it does not say
}

// spell is one employment in a unit.
type spell struct {
	unit     string
	from, to register.Day
}

// NewDirectory returns an empty directory of the staff list of the day, and of an earlier one if there is any.
func NewDirectory(day, before register.Day) *Directory {
	return &Directory{Day: day, Before: before, numbers: map[string]int32{}, emails: map[string]int32{}, bare: map[string]int32{}}
}

// Add adds an employment of the list, whatever its days. One without a person is left out. A person's rows need not follow each other.
func (d *Directory) Add(e Employed) {
	if e.Person == "" {
		return
	}
	at, known := d.numbers[e.Person]
	if !known {
		at = d.meet(e)
	}
	p := &d.people[at]
	p.spells = append(p.spells, spell{e.Unit, e.From, e.To})
}

// AddEarlier adds an employment of the earlier list, after all of the later list's have been added.
func (d *Directory) AddEarlier(e Employed) {
	if e.Person == "" {
		return
	}
	at, known := d.numbers[e.Person]
	if !known {
		at = d.meet(e)
		d.people[at].earlier, d.people[at].last = true, e.To
		return
	}
	if p := &d.people[at]; p.earlier && p.last != "" {
		p.last = max(p.last, e.To)
		if e.To == "" {
			p.last = ""
		}
	}
}

func (d *Directory) meet(e Employed) int32 {
	at := int32(len(d.people))
	d.people = append(d.people, employee{})
	d.numbers[e.Person] = at
	note(d.bare, unpadded(e.Person), at)
	if e.Email != "" {
		note(d.emails, e.Email, at)
	}
	return at
}

func note(places map[string]int32, key string, at int32) {
	if had, taken := places[key]; taken && had != at {
		at = alike
	}
	places[key] = at
}

// unpadded is a number without the zeros that it begins with: spreadsheets lose them.
func unpadded(number string) string {
	if strings.Trim(number, "0123456789") != "" {
		return number
	}
	return strings.TrimLeft(number, "0")
}

// Find returns whom the texts mean: by number, by the number less its first zeros, or by e-mail address, also where that stands in the place
// of the number. A name tells nobody.
func (d *Directory) Find(person, email string) (at int32, ok bool) {
	if person != "" {
		if at, ok = d.numbers[person]; ok {
			return at, true
		}
		if at, ok = d.bare[unpadded(person)]; ok && at != alike {
			return at, true
		}
		if at, ok = d.emails[person]; ok && at != alike {
			return at, true
		}
	}
	if email != "" {
		if at, ok = d.emails[email]; ok && at != alike {
			return at, true
		}
		if at, ok = d.numbers[email]; ok {
			return at, true
		}
	}
	return 0, false
}

// standing is how the person stands on the day: employed, or why not.
func (d *Directory) standing(at int32, on register.Day) (employed bool, why Mark) {
	p := &d.people[at]
	if p.earlier {
		if p.last != "" && p.last < on {
			return false, Mark{MarkLeaver, "ended", []string{string(p.last)}}
		}
		return false, Mark{MarkLeaver, "gone", []string{string(d.Before), string(d.Day)}}
	}
	var ended, ahead register.Day
	for _, s := range p.spells {
		switch {
		case during(s.from, s.to, on):
			return true, Mark{}
		case s.to != "" && s.to < on:
			ended = max(ended, s.to)
		case ahead == "" || s.from < ahead:
			ahead = s.from
		}
	}
	if ended != "" {
		return false, Mark{MarkLeaver, "ended", []string{string(ended)}}
	}
	return false, Mark{MarkUnemployed, "ahead", []string{string(ahead)}}
}

// Ended returns the last day of employment of somebody who is not employed on the day, "" where the lists do not tell it, and whether
// the person has left.
func (d *Directory) Ended(at int32, on register.Day) (last register.Day, left bool) {
	employed, why := d.standing(at, on)
	switch {
	case employed || why.Kind != MarkLeaver:
		return "", false
	case why.Why == "ended":
		return register.Day(why.Facts[0]), true
	}
	return "", true
}

// moved tells whether an employed person has moved since the right was granted: no employment of the day is in the line's unit, or it began
// there after the right had been granted.
func (d *Directory) moved(at int32, unit string, granted, on register.Day, same func(a, b string) bool) (bool, Mark) {
	var other string
	var since register.Day
	unitOf, here := "", false
	for _, s := range d.people[at].spells {
		if !during(s.from, s.to, on) {
			continue
		}
		if unit != "" && s.unit != "" && !same(unit, s.unit) {
			other = s.unit
			continue
		}
		if granted == "" || s.from == "" || s.from <= granted {
			return false, Mark{}
		}
		if !here || s.from < since {
			since, unitOf = s.from, s.unit
		}
		here = true
	}
	switch {
	case here:
		return true, Mark{MarkMoved, "since", []string{string(granted), string(since), unitOf}}
	case other != "":
		return true, Mark{MarkMoved, "unit", []string{unit, other}}
	}
	return false, Mark{}
}
