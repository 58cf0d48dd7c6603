// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"
	"strconv"

	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/store"
)

// accessReviews finds access reviews that are late or ended with unanswered lines, rights that are still there long after they were to go, and
// systems whose rights were never gone through. Where no pairs of conflicting rights are written down there is nothing to find: not every body
// has such rights.
func (x *examination) accessReviews() {
	for i := range x.AccessReviews {
		r := &x.AccessReviews[i]
		if x.gone(r.Record) {
			continue
		}
		n, known := r.Unanswered.Known()
		switch {
		case r.State == isms.AccessReviewOngoing && r.EndsOn < x.day:
			x.record("access_review_late", r, "ends_on", string(r.EndsOn))
		case r.State == isms.AccessReviewClosed && r.ClosedOn <= x.day && r.ClosedOn.AddMonths(12) > x.day && known && n > 0:
			lines, _ := r.Lines.Known()
			x.record("access_review_unanswered", r, "", n, lines)
		}
	}
	var old []string
	for _, m := range x.Removals {
		if !x.gone(m.Record) && m.Open(x.day) && m.Age(x.day) > limit("removal_days") {
			old = append(old, m.ID)
		}
	}
	x.several("removal_old", "all", "removal", "", old, limit("removal_days"))
	if len(x.AccessReviews) == 0 {
		return // the rights are gone through elsewhere, if at all
	}
	last := isms.LastAccessReviews(x.AccessReviews, x.Populations, x.day)
	var never []string
	for _, s := range x.Systems {
		if s.Used(x.day) && last[s.ID].Day == "" {
			never = append(never, s.ID)
		}
	}
	x.several("system_never_reviewed", "all", "system", "", never)
}

// posts finds areas of responsibility that nobody has, or two, and holders who have not said that they know theirs or lack the training.
func (x *examination) posts() {
	var vacant, left, double, silent, untrained []string
	for _, p := range metric.PostStandings(x.Records, x.day) {
		switch {
		case p.Vacant:
			vacant = append(vacant, p.ID)
		case p.Left:
			left = append(left, p.ID)
		case p.Word != metric.WordThisYear:
			silent = append(silent, p.ID)
		}
		if len(p.Doubles) > 0 {
			double = append(double, p.ID)
		}
		if p.Filled() && p.Trained == isms.No {
			untrained = append(untrained, p.ID)
		}
	}
	x.several("post_vacant", "all", "post", "holder", vacant)
	x.several("post_holder_left", "all", "post", "holder", left)
	x.several("post_double", "all", "post", "holder", double)
	x.several("post_unconfirmed", "all", "post", "", silent, strconv.Itoa(x.day.Year()))
	x.several("post_untrained", "all", "post", "trained_on", untrained)
}

// examineAnswers finds what only the rows and the answers themselves tell: portions that were kept whole faster than anybody reads, and holders
// of posts whom the staff list does not have. A frozen review is examined by its records alone.
func (a *App) examineAnswers(tx *store.Tx, org string, review isms.Review, r metric.Records) ([]Finding, error) {
	x := examination{Records: r, review: review, day: review.AsOf}
	fast, err := a.fastPortions(tx, org, r, x.day)
	if err != nil {
		return nil, err
	}
	x.several("portion_fast", "all", "portion", "", fast, limit("fast_seconds"))
	standings := metric.PostStandings(r, x.day)
	missing, _, err := a.notListed(tx, org, r, standings, x.day)
	if err != nil {
		return nil, err
	}
	var gone []string
	for _, p := range standings {
		if missing[string(p.Holder)] {
			gone = append(gone, p.ID)
		}
	}
	x.several("post_holder_not_listed", "all", "post", "holder", gone)
	markAccepted(x.found, review, r.Acceptances)
	return x.found, nil
}

// fastPortions lists the portions of the access reviews closed within a year of which every line was kept at a pace that leaves no time to
// look. While a review is going on its leader sees the pace of each portion.
func (a *App) fastPortions(tx *store.Tx, org string, r metric.Records, day register.Day) ([]string, error) {
	var fast []string
	for _, one := range r.AccessReviews {
		if one.State != isms.AccessReviewClosed || one.ClosedOn > day || one.ClosedOn.AddMonths(12) <= day || one.Retired != "" {
			continue
		}
		k := closedReview{org, one.ID, one.Rev}
		ids, known := a.past.fastOf(k)
		if !known {
			var err error
			if ids, err = fastOf(tx, one.ID); err != nil {
				return nil, err
			}
			a.past.keepFast(k, ids)
		}
		fast = append(fast, ids...)
	}
	slices.Sort(fast)
	return fast, nil
}

func fastOf(tx *store.Tx, review string) ([]string, error) {
	portions, err := store.Linking[isms.Portion](tx, everywhere, "access_review", []string{review})
	if err != nil {
		return nil, err
	}
	var fast []string
	for _, p := range portions {
		if n, _ := p.Count.Known(); p.DoneAt == "" || p.WithdrawnOn != "" || n < limit("fast_rows") {
			continue
		}
		pace, err := portionPace(tx, p.ID)
		if err != nil {
			return nil, err
		}
		if seconds, known := pace.Seconds.Known(); known && pace.Kept == pace.Items && seconds <= limit("fast_seconds") {
			fast = append(fast, p.ID)
		}
	}
	return fast, nil
}

// maxFast is how many closed access reviews are remembered.
const maxFast = 200

func (p *past) fastOf(k closedReview) ([]string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	ids, ok := p.fast[k]
	return ids, ok
}

func (p *past) keepFast(k closedReview, ids []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fast == nil || len(p.fast) >= maxFast {
		p.fast = map[closedReview][]string{}
	}
	p.fast[k] = ids
}
