// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
)

// accessKeys are the keys of what is counted of access reviews and of rights to be taken away.
var accessKeys = []string{"systems_reviewed", "removals_open", "days_to_removal", "days_to_removal_worst", "lines_unanswered", "lines_privileged"}

// reviewMonths is how old an access review may be.
const reviewMonths = 12

// Access counts how the rights in systems are looked after.
func Access(r Records, day register.Day) []Figure {
	all := append([]Figure{systemsReviewed(r, day)}, removals(r, day)...)
	return append(all, accessLines(r, day)...)
}

// systemsReviewed is the share of the systems in use whose rights have been gone through within twelve months, whole or in part. Where no
// systems are written down, or no review was ever made in the program, it is not known: the rights may be gone through elsewhere.
func systemsReviewed(r Records, day register.Day) Figure {
	last := isms.LastAccessReviews(inUse(r.AccessReviews, day), r.Populations, day)
	var counted, of, partly []string
	for _, s := range r.Systems {
		if !s.Used(day) {
			continue
		}
		of = append(of, s.ID)
		if one := last[s.ID]; one.Day != "" && one.Day.AddMonths(reviewMonths) > day {
			counted = append(counted, s.ID)
			if one.Partial {
				partly = append(partly, s.ID)
			}
		}
	}
	f := share("systems_reviewed", "system", "system", day, counted, of)
	f.Unclear = partly
	if len(r.AccessReviews) == 0 {
		return Figure{Key: f.Key, Unit: f.Unit, Kind: f.Kind, Day: day}
	}
	return f
}

func inUse(all []isms.AccessReview, day register.Day) (list []isms.AccessReview) {
	for _, a := range all {
		if !gone(a.Record, day) {
			list = append(list, a)
		}
	}
	return list
}

// removals are the rights that are still to be taken away, with the oldest, and how long it took from the last day of employment until a
// right was gone: the days are the most that it can have been, since lists show only that it was there on one day and not on another.
func removals(r Records, day register.Day) []Figure {
	open := Figure{Key: "removals_open", Unit: "removal", Kind: "removal", Day: day}
	median := Figure{Key: "days_to_removal", Unit: "day", Kind: "removal", Day: day}
	var known []isms.Removal
	for _, m := range r.Removals {
		if gone(m.Record, day) || m.DecidedOn > day {
			continue
		}
		open.Known = true
		open.Of = append(open.Of, m.ID)
		if m.Open(day) {
			open.Counted = append(open.Counted, m.ID)
			if open.Oldest == "" || m.DecidedOn < open.Oldest {
				open.Oldest = m.DecidedOn
			}
			if m.EndedOn != "" {
				median.Unclear = append(median.Unclear, m.ID)
			}
		}
		if _, _, ok := m.DaysToRemoval(); ok && m.GoneOn <= day {
			known = append(known, m)
			median.Counted = append(median.Counted, m.ID)
		}
	}
	if open.Known {
		open.Numerator, open.Denominator = register.CountOf(len(open.Counted)), register.CountOf(len(open.Of))
	}
	worst := median
	worst.Key = "days_to_removal_worst"
	if spread := isms.SpreadOf(known); spread.Count > 0 {
		median.Known, worst.Known = true, true
		median.Numerator, worst.Numerator = register.CountOf(spread.Median), register.CountOf(spread.Worst)
	}
	return []Figure{open, median, worst}
}

// accessLines are the lines of each year's closed reviews that nobody answered, and those with privileged rights, of all their lines.
func accessLines(r Records, day register.Day) []Figure {
	by := map[int][]isms.AccessReview{}
	var years []int
	for _, a := range inUse(r.AccessReviews, day) {
		if a.State == isms.AccessReviewClosed && a.ClosedOn != "" && a.ClosedOn <= day {
			by[a.ClosedOn.Year()] = append(by[a.ClosedOn.Year()], a)
			years = append(years, a.ClosedOn.Year())
		}
	}
	slices.Sort(years)
	var all []Figure
	for _, y := range slices.Compact(years) {
		for _, key := range []string{"lines_unanswered", "lines_privileged"} {
			f := Figure{Key: key, Year: y, Unit: "row", Kind: "access_review", Day: day, Numerator: register.CountOf(0), Denominator: register.CountOf(0)}
			for _, a := range by[y] {
				n := a.Unanswered
				if key == "lines_privileged" {
					n = a.Privileged
				}
				f.Counted = append(f.Counted, a.ID)
				f.Numerator, f.Denominator = plus(f.Numerator, n), plus(f.Denominator, a.Lines)
			}
			all = append(all, f.settled())
		}
	}
	return all
}
