// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"

	"ledsyn/register"
)

// DaysToRemoval tells how many days after the last day of employment the right was gone. Lists show only that it was there on one day and
// not on a later one, so that it is at least one number and at most another. known is false where it is not gone, or nobody knows when the
// employment ended.
func (r Removal) DaysToRemoval() (least, most int, known bool) {
	if r.EndedOn == "" || r.GoneOn == "" || r.WithdrawnOn != "" {
		return 0, 0, false
	}
	if r.SeenOn != "" {
		least = max(0, r.SeenOn.DaysSince(r.EndedOn))
	}
	return least, max(0, r.GoneOn.DaysSince(r.EndedOn)), true
}

// Age is how many days the removal has been open on the day, from when it was decided.
func (r Removal) Age(on register.Day) int { return max(0, on.DaysSince(r.DecidedOn)) }

// RemovalSpread is how long it took until the rights of people who had left were gone.
type RemovalSpread struct {
	Count       int
	Median      int // days, at most
	MedianLeast int // the median of what it was at least
	Worst       int // at most
	Within      []int
}

// RemovalSteps are the last day of each class of a RemovalSpread but the last, which has no end.
var RemovalSteps = []int{1, 7, 30, 90, 365}

// SpreadOf reckons the spread of the removals whose days are known. Of an even number the median is the higher of the two in the middle.
func SpreadOf(removals []Removal) RemovalSpread {
	s := RemovalSpread{Within: make([]int, len(RemovalSteps)+1)}
	var least, most []int
	for _, r := range removals {
		l, m, known := r.DaysToRemoval()
		if !known {
			continue
		}
		least, most = append(least, l), append(most, m)
		class := 0
		for class < len(RemovalSteps) && m > RemovalSteps[class] {
			class++
		}
		s.Within[class]++
	}
	if s.Count = len(most); s.Count == 0 {
		return s
	}
	slices.Sort(least)
	slices.Sort(most)
	s.Median, s.MedianLeast, s.Worst = most[s.Count/2], least[s.Count/2], most[s.Count-1]
	return s
}

// SystemReview is the latest access review that went through a system's list to its end.
type SystemReview struct {
	Day     register.Day
	Review  string // id
	Partial bool   // only some roles
}

// LastAccessReviews tells when each system's rights were last gone through, by the access reviews that were closed on or before the day. Of
// two on one day a whole one counts before a partial one.
func LastAccessReviews(reviews []AccessReview, populations []Population, on register.Day) map[string]SystemReview {
	system := map[register.Ref[Population]]string{}
	for _, p := range populations {
		system[register.Ref[Population](p.ID)] = string(p.System)
	}
	last := map[string]SystemReview{}
	for _, r := range reviews {
		if r.State != AccessReviewClosed || r.ClosedOn == "" || r.ClosedOn > on {
			continue
		}
		one := SystemReview{r.ClosedOn, r.ID, r.Roles != ""}
		for _, p := range r.Populations {
			id := system[p]
			had, known := last[id]
			if id != "" && (!known || had.Day < one.Day || had.Day == one.Day && had.Partial && !one.Partial) {
				last[id] = one
			}
		}
	}
	return last
}
