// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"fmt"
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
)

// incidentKeys are the keys of what is counted of each year's incidents.
var incidentKeys = []string{"incidents", "incidents_by_kind", "incidents_by_severity", "incidents_by_aspect", "incidents_by_cause", "incidents_by_unit",
	"incidents_per_employee", "incidents_not_listed", "incidents_repeated", "incidents_with_cause", "breaches", "breaches_notified", "clocks_kept",
	"hours_to_report", "hours_to_triage", "hours_to_notice"}

// A year is what happened in it, as it stood on the day.
type year struct {
	Records
	year      int
	day       register.Day
	at        register.Moment // the day's end
	incidents []isms.Incident // reports that were incidents of their own
}

// counts reports whether the incident is one of its own: a second report of another is not, nor what was no incident.
func counts(i isms.Incident) bool {
	return i.State != isms.IncidentJoined && i.State != isms.IncidentNone
}

// incidentYears lists the years of incidents up to the day, the earliest first.
func incidentYears(r Records, day register.Day) []year {
	by := map[int][]isms.Incident{}
	first := 0
	for _, i := range r.Incidents {
		d := i.ReportedAt.Day()
		if d > day || gone(i.Record, day) {
			continue
		}
		if first == 0 || d.Year() < first { // a report that was joined to another shows that the register is in use, too
			first = d.Year()
		}
		if counts(i) {
			by[d.Year()] = append(by[d.Year()], i)
		}
	}
	if first == 0 {
		return nil
	}
	var years []year
	for y := first; y <= day.Year(); y++ { // a year between without any has none: the register was in use
		on := min(day, yearEnd(y))
		years = append(years, year{r, y, on, on.End(), by[y]})
	}
	return years
}

// Incidents counts everything of each year's incidents. Where no incident was ever reported there is no figure: the register is then not known
// to be used, and 0 would be a wrong zero.
func Incidents(r Records, day register.Day) []Figure {
	var all []Figure
	for _, y := range incidentYears(r, day) {
		all = append(all, y.all("incidents", "", func(isms.Incident) bool { return true }))
		all = append(all, y.parted("incidents_by_kind", isms.IncidentKind("").Choices(), func(i isms.Incident) []string { return []string{string(i.Kind)} })...)
		all = append(all, y.parted("incidents_by_severity", isms.Severity("").Choices(), func(i isms.Incident) []string { return []string{string(i.Severity)} })...)
		all = append(all, y.parted("incidents_by_aspect", isms.Aspect("").Choices(), aspectsHit)...)
		all = append(all, y.parted("incidents_by_cause", isms.CauseKind("").Choices(), func(i isms.Incident) []string { return []string{string(i.Cause)} })...)
		all = append(all, y.byUnit()...)
		all = append(all, y.perEmployee(), y.notListed(), y.repeated(), y.withCause())
		all = append(all, y.breaches()...)
		all = append(all, y.clocksKept())
		all = append(all, y.hours("hours_to_report", func(i isms.Incident) (from, to register.Moment) { return i.DiscoveredAt, i.ReportedAt }),
			y.hours("hours_to_triage", func(i isms.Incident) (from, to register.Moment) { return i.ReportedAt, i.TriagedAt }), y.hoursToNotice())
	}
	return all
}

func (y year) figure(key, part, unit, kind string) Figure {
	return Figure{Key: key, Year: y.year, Part: part, Unit: unit, Kind: kind, Day: y.day}
}

// all counts the incidents that are.
func (y year) all(key, part string, is func(isms.Incident) bool) Figure {
	f := y.figure(key, part, "incident", "incident")
	for _, i := range y.incidents {
		if is(i) {
			f.Counted = append(f.Counted, i.ID)
		}
	}
	f.Numerator, f.Known = register.CountOf(len(f.Counted)), true
	return f
}

// parted counts each value that some incident has, in the choices' order, of all incidents of the year. Those of which the value is not known are
// unclear.
func (y year) parted(key string, choices []string, values func(isms.Incident) []string) []Figure {
	var all []Figure
	for _, c := range choices {
		f := y.all(key, c, func(i isms.Incident) bool { return slices.Contains(values(i), c) })
		if len(f.Counted) > 0 {
			for _, i := range y.incidents {
				f.Of = append(f.Of, i.ID)
				if slices.Contains(values(i), "") {
					f.Unclear = append(f.Unclear, i.ID)
				}
			}
			f.Denominator = register.CountOf(len(f.Of))
			all = append(all, f)
		}
	}
	return all
}

func aspectsHit(i isms.Incident) []string {
	var hit []string
	for aspect, answer := range map[string]isms.Answer{"confidentiality": i.Confidentiality, "integrity": i.Integrity, "availability": i.Availability,
		"traceability": i.Traceability} {
		if answer == isms.Yes {
			hit = append(hit, aspect)
		}
	}
	if hit == nil && i.Confidentiality == "" && i.Integrity == "" && i.Availability == "" && i.Traceability == "" {
		return []string{""}
	}
	return hit
}

// byUnit counts the incidents of each unit, where there are several.
func (y year) byUnit() []Figure {
	names := map[string]string{}
	for _, u := range y.Units {
		names[u.ID] = u.Name
	}
	var units []string
	for _, i := range y.incidents {
		units = append(units, i.Unit)
	}
	slices.Sort(units)
	units = slices.Compact(units)
	if len(units) < 2 {
		return nil
	}
	var all []Figure
	for _, f := range y.parted("incidents_by_unit", units, func(i isms.Incident) []string { return []string{i.Unit} }) {
		f.PartName = names[f.Part]
		all = append(all, f)
	}
	return all
}

// perEmployee is the year's incidents in relation to how many work there, by the headcounts of the day. Few in relation to many may be silence. It is
// not known while some unit that has had an incident has no headcount: the one number would be of all and the other of some.
func (y year) perEmployee() Figure {
	f := y.all("incidents_per_employee", "", func(isms.Incident) bool { return true })
	staff := Employed(y.Records, y.day)
	f.Denominator, f.Known = staff.Numerator, staff.Known
	counted := map[string]bool{}
	for _, h := range y.Headcounts {
		if slices.Contains(staff.Counted, h.ID) {
			counted[h.Unit] = true
		}
	}
	for _, id := range staff.Counted {
		f.Also = append(f.Also, Ref{"headcount", id})
	}
	for _, i := range y.incidents {
		if !counted[i.Unit] {
			f.Unclear = append(f.Unclear, i.ID)
		}
	}
	if len(f.Unclear) > 0 {
		f.Known, f.Denominator = false, register.Count{}
	}
	return f
}

// notListed is the share of incidents whose risk had not been assessed before, of those of which it has been asked.
func (y year) notListed() Figure {
	f := y.figure("incidents_not_listed", "", "incident", "incident")
	for _, i := range y.incidents {
		switch i.RiskListed {
		case isms.No:
			f.Counted, f.Of = append(f.Counted, i.ID), append(f.Of, i.ID)
		case isms.Yes:
			f.Of = append(f.Of, i.ID)
		default:
			f.Unclear = append(f.Unclear, i.ID)
		}
	}
	f.Numerator, f.Denominator = register.CountOf(len(f.Counted)), register.CountOf(len(f.Of))
	return f.settled()
}

// repeated counts incidents of which one with the same known cause was reported in the same unit within the six months before.
func (y year) repeated() Figure {
	return y.all("incidents_repeated", "", func(i isms.Incident) bool {
		if i.Cause == "" || i.Cause == isms.CauseUnknown || i.Cause == isms.CauseOther {
			return false
		}
		from := i.ReportedAt.Day().AddMonths(-6)
		return slices.ContainsFunc(y.Incidents, func(b isms.Incident) bool {
			return b.ID != i.ID && counts(b) && b.Unit == i.Unit && b.Cause == i.Cause && b.ReportedAt < i.ReportedAt && b.ReportedAt.Day() >= from
		})
	})
}

// withCause is the share of the closed incidents whose root cause could be established.
func (y year) withCause() Figure {
	f := y.figure("incidents_with_cause", "", "incident", "incident")
	for _, i := range y.incidents {
		if i.State != isms.IncidentClosed {
			continue
		}
		f.Of = append(f.Of, i.ID)
		if i.Cause != "" && i.Cause != isms.CauseUnknown {
			f.Counted = append(f.Counted, i.ID)
		}
	}
	f.Numerator, f.Denominator = register.CountOf(len(f.Counted)), register.CountOf(len(f.Of))
	return f.settled()
}

// breaches counts the year's personal-data breaches, by the day that the board was aware or else of the incident, and how many of them are notified. One
// that is not decided yet is unclear.
func (y year) breaches() []Figure {
	f, g := y.figure("breaches", "", "breach", "breach"), y.figure("breaches_notified", "", "breach", "breach")
	reported := map[string]register.Day{}
	for _, i := range y.Incidents {
		reported[i.ID] = i.ReportedAt.Day()
	}
	for _, b := range y.Breaches {
		on := b.AwareAt.Day()
		if on == "" {
			on = reported[string(b.Incident)]
		}
		if on.Year() != y.year || on > y.day || gone(b.Record, y.day) {
			continue
		}
		f.Counted = append(f.Counted, b.ID)
		switch b.Notify {
		case isms.Yes:
			g.Counted = append(g.Counted, b.ID)
		case "":
			g.Unclear = append(g.Unclear, b.ID)
		}
	}
	f.Numerator, f.Known = register.CountOf(len(f.Counted)), true
	g.Of, g.Numerator, g.Denominator = f.Counted, register.CountOf(len(g.Counted)), f.Numerator
	g.Known = len(g.Unclear) == 0 && len(g.Of) > 0
	g.AtLeast = len(g.Unclear) > 0
	return []Figure{f, g}
}

// clocksKept is the share of the statutory periods that ended in the year, sent or passed, which were kept.
func (y year) clocksKept() Figure {
	f := y.figure("clocks_kept", "", "deadline", "deadline")
	for _, d := range y.Deadlines {
		last := d.Last()
		if last == "" || d.DroppedAt != "" || gone(d.Record, y.day) {
			continue
		}
		ended := last
		if d.SentAt != "" {
			ended = d.SentAt
		}
		if ended.Day().Year() != y.year || ended > y.at {
			continue
		}
		f.Of = append(f.Of, d.ID)
		if !d.Late(y.at) {
			f.Counted = append(f.Counted, d.ID)
		}
	}
	f.Numerator, f.Denominator = register.CountOf(len(f.Counted)), register.CountOf(len(f.Of))
	return f.settled()
}

// hours is the median, in whole hours begun, from the one moment to the other of the incidents of which both are known.
func (y year) hours(key string, between func(isms.Incident) (from, to register.Moment)) Figure {
	f := y.figure(key, "", "hour", "incident")
	var spans []int
	for _, i := range y.incidents {
		from, to := between(i)
		if from == "" || to == "" || to < from {
			f.Unclear = append(f.Unclear, i.ID)
			continue
		}
		f.Counted = append(f.Counted, i.ID)
		spans = append(spans, begun(from, to, 60))
	}
	return f.median(spans)
}

// hoursToNotice is the median from the moment a board was aware of a breach to the notification.
func (y year) hoursToNotice() Figure {
	f := y.figure("hours_to_notice", "", "hour", "deadline")
	var spans []int
	for _, d := range y.Deadlines {
		if d.Step == isms.BreachNotice && d.SentAt != "" && d.SentAt.Day().Year() == y.year && d.SentAt <= y.at && d.SentAt >= d.StartsAt && !gone(d.Record, y.day) {
			f.Counted = append(f.Counted, d.ID)
			spans = append(spans, begun(d.StartsAt, d.SentAt, 60))
		}
	}
	return f.median(spans)
}

// begun is the time between two moments in so many minutes, begun ones counted.
func begun(from, to register.Moment, minutes int) int {
	n := int(to.Time().Sub(from.Time()).Minutes())
	return (n + minutes - 1) / minutes
}

// median makes the figure the median of the numbers, the lower of the two in the middle.
func (f Figure) median(numbers []int) Figure {
	if len(numbers) == 0 {
		return f
	}
	slices.Sort(numbers)
	f.Numerator, f.Known = register.CountOf(numbers[(len(numbers)-1)/2]), true
	return f
}

// yearEnd is the last day of the year.
func yearEnd(year int) register.Day { return register.Day(fmt.Sprintf("%04d-12-31", year)) }
