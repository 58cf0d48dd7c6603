// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/register"
)

// checkKeys are the keys of what is counted of spot checks, beside the deviations that they found.
var checkKeys = []string{"spot_checks_done", "deviation_rate", "deviation_bound", "repeat_deviations", "days_to_remedy", "deviations_waiting"}

// Performed reports whether the check has been made by the day. One that was only written down has been made if it says anything of how it
// went.
func Performed(s isms.SpotCheck, day register.Day) bool {
	switch {
	case s.PerformedOn > day:
		return false
	case s.State == "":
		return s.PerformedOn != "" || s.Found.IsKnown() || s.SomeFound || s.ReportedIn != ""
	}
	return s.State == isms.SpotCheckDone
}

// SpotChecks counts the checks of each year, and what each of them shows.
func SpotChecks(r Records, day register.Day) []Figure {
	by := map[int][]isms.SpotCheck{}
	for _, s := range r.SpotChecks {
		if !gone(s.Record, day) && s.State != isms.SpotCheckCancelled && s.Year <= day.Year() {
			by[s.Year] = append(by[s.Year], s)
		}
	}
	var years []int
	for y := range by {
		years = append(years, y)
	}
	slices.Sort(years)
	var all []Figure
	for _, y := range years {
		var done, of []string
		var each []Figure
		for _, s := range by[y] {
			of = append(of, s.ID)
			if Performed(s, day) {
				done = append(done, s.ID)
				each = append(each, checkShows(s, day)...)
			}
		}
		f := share("spot_checks_done", "spot_check", "spot_check", day, done, of)
		f.Year = y
		all = append(append(all, f), each...)
	}
	return append(all, remedies(r, day)...)
}

// checkShows is the rate in the check's sample, where both numbers are known, and what the check shows about the whole population, where
// the program has reckoned it. Rows chosen by risk are in neither.
func checkShows(s isms.SpotCheck, day register.Day) []Figure {
	f := Figure{Key: "deviation_rate", Year: s.Year, Part: s.ID, PartName: s.Name, Unit: "row", Kind: "spot_check", Day: day, Numerator: s.Found, Denominator: s.Sample,
		Counted: []string{s.ID}, Of: []string{s.ID}}
	if n, known := s.Unanswered.Known(); known && n > 0 {
		f.Unclear = []string{s.ID}
	}
	var all []Figure
	if n, known := s.Sample.Known(); known && n > 0 && s.Found.IsKnown() {
		f.Known = true
		all = append(all, f)
	}
	if s.State != "" {
		b := f
		b.Key, b.Numerator, b.Denominator = "deviation_bound", register.Count{}, register.Count{}
		b.Share, b.Known = s.Upper, s.Upper.IsKnown()
		all = append(all, b)
	}
	return all
}

// remedies tells of deviations that came again, of how long they took to remedy, and of those that wait.
func remedies(r Records, day register.Day) []Figure {
	area := map[string]string{} // of checks
	for _, s := range r.SpotChecks {
		area[s.ID] = s.Area
	}
	by := map[int][]isms.Deviation{}
	var years []int
	waiting := Figure{Key: "deviations_waiting", Unit: "deviation", Kind: "deviation", Day: day}
	for _, d := range r.Deviations {
		if gone(d.Record, day) || d.FoundOn > day {
			continue
		}
		waiting.Known = true
		waiting.Of = append(waiting.Of, d.ID)
		if openOf(d, day) == 1 {
			waiting.Counted = append(waiting.Counted, d.ID)
			if waiting.Oldest == "" || d.FoundOn < waiting.Oldest {
				waiting.Oldest = d.FoundOn
			}
		}
		by[d.FoundOn.Year()] = append(by[d.FoundOn.Year()], d)
		years = append(years, d.FoundOn.Year())
	}
	if !waiting.Known {
		return []Figure{waiting} // nobody has written any down
	}
	waiting.Numerator, waiting.Denominator = register.CountOf(len(waiting.Counted)), register.CountOf(len(waiting.Of))
	slices.Sort(years)
	var all []Figure
	for _, y := range slices.Compact(years) {
		again := Figure{Key: "repeat_deviations", Year: y, Unit: "deviation", Kind: "deviation", Day: day, Known: true}
		days := Figure{Key: "days_to_remedy", Year: y, Unit: "day", Kind: "deviation", Day: day}
		var spans []int
		for _, d := range by[y] {
			again.Of = append(again.Of, d.ID)
			if CameAgain(d, r.Deviations, area) {
				again.Counted = append(again.Counted, d.ID)
			}
			if openOf(d, day) == 1 || d.RemediedOn == "" {
				days.Unclear = append(days.Unclear, d.ID)
				continue
			}
			days.Counted, days.Of = append(days.Counted, d.ID), append(days.Of, d.ID)
			spans = append(spans, max(0, d.RemediedOn.DaysSince(d.FoundOn)))
		}
		again.Numerator, again.Denominator = register.CountOf(len(again.Counted)), register.CountOf(len(again.Of))
		all = append(all, again, days.median(spans))
	}
	return append(all, waiting)
}

// CameAgain reports whether a deviation was found in an area where an earlier one had been verified as remedied. checks gives the areas of
// spot checks, for deviations that do not say theirs.
func CameAgain(d isms.Deviation, all []isms.Deviation, checks map[string]string) bool {
	of := func(d isms.Deviation) string {
		if d.Area == "" {
			return strings.ToLower(strings.TrimSpace(checks[string(d.SpotCheck)]))
		}
		return strings.ToLower(strings.TrimSpace(d.Area))
	}
	own := of(d)
	return own != "" && slices.ContainsFunc(all, func(e isms.Deviation) bool {
		return e.ID != d.ID && e.Retired == "" && e.VerifiedOn != "" && e.VerifiedOn <= d.FoundOn && of(e) == own
	})
}
