// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"cmp"
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/register"
)

// Deviations gives, for each area that was checked or had a deviation in the year, how many deviations were found
// and how many of them are still open on the day, in the areas' order. A spot check's own numbers count before
// the deviations written down from it. A check whose number is unknown makes the figure unknown; the numerator is
// then what is known at least.
func Deviations(r Records, year int, day register.Day) (found, open []Figure) {
	for _, a := range areas(r, year, day) {
		f := Figure{Key: "deviations_found", Year: year, Part: a.key, PartName: a.name, Unit: "deviation", Day: day}
		o := f
		o.Key = "deviations_open"
		f.count(a.found, a, func(c tally) part { return c.found })
		o.count(a.open, a, func(c tally) part { return c.open })
		if f.Known && o.Known {
			o.Denominator = f.Numerator
		}
		found, open = append(found, f), append(open, o)
	}
	return found, open
}

// part is a number of which some may be unknown.
type part struct {
	n       int
	unknown bool
}

func (p *part) add(q part) {
	p.n += q.n
	p.unknown = p.unknown || q.unknown
}

// tally is what one check, or one deviation outside all checks, adds.
type tally struct {
	ref         Ref
	found, open part
}

type area struct {
	key, name   string
	tallies     []tally
	found, open part
}

func areas(r Records, year int, day register.Day) []*area {
	linked := map[string][]isms.Deviation{}
	for _, d := range r.Deviations {
		if d.SpotCheck != "" && !gone(d.Record, day) && d.FoundOn <= day {
			linked[string(d.SpotCheck)] = append(linked[string(d.SpotCheck)], d)
		}
	}
	byKey := map[string]*area{}
	add := func(name string, t tally) {
		key := strings.ToLower(strings.TrimSpace(name))
		if byKey[key] == nil {
			byKey[key] = &area{key: key, name: name}
		}
		a := byKey[key]
		a.tallies = append(a.tallies, t)
		a.found.add(t.found)
		a.open.add(t.open)
	}
	for _, s := range r.SpotChecks {
		if s.Year == year && s.PerformedOn <= day && !gone(s.Record, day) && (s.State == "" || Performed(s, day)) { // one on its way has found nothing yet
			add(s.Area, tallyOf(s, linked[s.ID], day))
		}
	}
	for _, d := range r.Deviations {
		if d.SpotCheck == "" && d.FoundOn.Year() == year && d.FoundOn <= day && !gone(d.Record, day) {
			add(d.Area, tally{Ref{"deviation", d.ID}, part{n: 1}, part{n: openOf(d, day)}})
		}
	}
	list := make([]*area, 0, len(byKey))
	for _, a := range byKey {
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b *area) int { return cmp.Compare(a.key, b.key) })
	return list
}

func tallyOf(s isms.SpotCheck, deviations []isms.Deviation, day register.Day) tally {
	t := tally{ref: Ref{"spot_check", s.ID}}
	stillOpen := 0
	for _, d := range deviations {
		stillOpen += openOf(d, day)
	}
	found, hasFound := s.Found.Known()
	remedied, hasRemedied := s.Remedied.Known()
	switch {
	case hasFound:
		t.found.n = found
	case len(deviations) > 0:
		t.found = part{len(deviations), s.SomeFound}
	case s.SomeFound:
		t.found = part{1, true}
	default:
		t.found.unknown = true
	}
	switch {
	case hasFound && hasRemedied:
		t.open.n = max(found-remedied, 0)
	case hasFound && found == 0:
	case !t.found.unknown && len(deviations) == t.found.n:
		t.open.n = stillOpen
	default:
		t.open = part{min(stillOpen, t.found.n), true}
	}
	return t
}

func openOf(d isms.Deviation, day register.Day) int {
	if d.State == isms.DeviationOpen || d.RemediedOn > day {
		return 1
	}
	return 0
}

// count fills the figure from the area. Of lists the checks looked at, Counted those that add to the number.
func (f *Figure) count(sum part, a *area, of func(tally) part) {
	f.Kind = a.tallies[0].ref.Kind
	for _, t := range a.tallies {
		if t.ref.Kind != f.Kind {
			f.Also = append(f.Also, t.ref)
			continue
		}
		f.Of = append(f.Of, t.ref.ID)
		if p := of(t); p.n > 0 || p.unknown {
			f.Counted = append(f.Counted, t.ref.ID)
		}
	}
	f.Known = !sum.unknown
	f.AtLeast = sum.unknown && sum.n > 0
	if f.Known || f.AtLeast {
		f.Numerator = register.CountOf(sum.n)
	}
}

// deviations gives the figures of every year up to the day's that has any.
func deviations(r Records, day register.Day) []Figure {
	var years []int
	for _, s := range r.SpotChecks {
		years = append(years, s.Year)
	}
	for _, d := range r.Deviations {
		years = append(years, d.FoundOn.Year())
	}
	slices.Sort(years)
	var all []Figure
	for _, year := range slices.Compact(years) {
		found, open := Deviations(r, year, day)
		for i := range found {
			all = append(all, found[i], open[i])
		}
	}
	return all
}
