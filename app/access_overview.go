// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// AccessOverview is how rights are gone through and taken away, as far as the actor may see.
type AccessOverview struct {
	Today    register.Day
	Reviews  []isms.AccessReview // those under way first, then the newest
	Systems  []SystemAccess      // never gone through first, then the longest ago
	Reviewed int                 // systems that were gone through whole within twelve months
	Removals []isms.Removal      // open, the oldest first
	Lists    int                 // entitlement lists that there are
	MayPlan  bool
	Titles   Titles
}

// SystemAccess is when a system's rights were last gone through.
type SystemAccess struct {
	ID, Name, Unit string
	Last           isms.SystemReview // no day: never
	Lists          int               // entitlement lists of it
	Open           int               // removals
}

// Fresh reports whether the system was gone through whole within twelve months before the day.
func (s SystemAccess) Fresh(on register.Day) bool {
	return s.Last.Day != "" && !s.Last.Partial && s.Last.Day >= on.AddMonths(-12)
}

// AccessOverview returns it for those who may see access reviews.
func (a *App) AccessOverview(ctx context.Context, who access.Actor) (AccessOverview, error) {
	_, in, err := a.visible(ctx, who, "access_review")
	if err != nil {
		return AccessOverview{}, err
	}
	o := AccessOverview{Today: a.Today()}
	err = a.view(ctx, who, func(tx *store.Tx) (err error) {
		if o.Reviews, err = store.All[isms.AccessReview](tx, in); err != nil {
			return err
		}
		if err := o.systems(tx, who); err != nil {
			return err
		}
		if err := o.removals(tx, who); err != nil {
			return err
		}
		w := wanted{}
		for i := range o.Reviews {
			w.add("person", string(o.Reviews[i].Leader))
			w.add("unit", o.Reviews[i].Unit)
		}
		for _, r := range o.Removals {
			w.add("system", string(r.System))
			w.add("access_review", string(r.AccessReview))
		}
		for _, s := range o.Systems {
			w.add("unit", s.Unit)
		}
		o.Titles, err = titles(tx, who, w)
		return err
	})
	stage := func(r isms.AccessReview) int {
		switch r.State {
		case isms.AccessReviewOngoing:
			return 0
		case isms.AccessReviewPlanned:
			return 1
		}
		return 2
	}
	slices.SortFunc(o.Reviews, func(a, b isms.AccessReview) int {
		return cmp.Or(stage(a)-stage(b), cmp.Compare(b.EndsOn, a.EndsOn), cmp.Compare(a.ID, b.ID))
	})
	return o, err
}

func (o *AccessOverview) systems(tx *store.Tx, who access.Actor) error {
	systems, err := store.All[isms.System](tx, who.In(access.See, "system"))
	if err != nil {
		return err
	}
	reviews, err := store.All[isms.AccessReview](tx, everywhere)
	if err != nil {
		return err
	}
	lists, err := store.All[isms.Population](tx, everywhere)
	if err != nil {
		return err
	}
	last := isms.LastAccessReviews(reviews, lists, o.Today)
	of := map[register.Ref[isms.System]]int{}
	for _, p := range lists {
		if p.Kind == isms.Entitlements {
			of[p.System]++
		}
	}
	mine, err := store.All[isms.Population](tx, who.In(access.See, "population"))
	if err != nil {
		return err
	}
	for _, p := range mine {
		if p.Kind == isms.Entitlements && p.DisposedOn == "" {
			o.Lists++
		}
	}
	for _, s := range systems {
		if s.Lifecycle != isms.InUse {
			continue
		}
		one := SystemAccess{ID: s.ID, Name: s.Name, Unit: s.Unit, Last: last[s.ID], Lists: of[register.Ref[isms.System](s.ID)]}
		if one.Fresh(o.Today) {
			o.Reviewed++
		}
		o.Systems = append(o.Systems, one)
	}
	slices.SortFunc(o.Systems, func(a, b SystemAccess) int {
		return cmp.Or(cmp.Compare(a.Last.Day, b.Last.Day), cmp.Compare(b.Lists, a.Lists), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	o.MayPlan = len(who.In(access.Create, "access_review").Units) > 0 || who.In(access.Create, "access_review").All
	return nil
}

func (o *AccessOverview) removals(tx *store.Tx, who access.Actor) error {
	all, err := store.All[isms.Removal](tx, who.In(access.See, "removal"))
	if err != nil {
		return err
	}
	open := map[register.Ref[isms.System]]int{}
	for _, r := range all {
		if r.Open(o.Today) {
			o.Removals = append(o.Removals, r)
			open[r.System]++
		}
	}
	slices.SortFunc(o.Removals, func(a, b isms.Removal) int {
		return cmp.Or(cmp.Compare(a.DecidedOn, b.DecidedOn), cmp.Compare(a.ID, b.ID))
	})
	for i := range o.Systems {
		o.Systems[i].Open = open[register.Ref[isms.System](o.Systems[i].ID)]
	}
	return nil
}

// LeaversPage is how long rights have outlived the employment.
type LeaversPage struct {
	Today   register.Day
	Spread  isms.RemovalSpread
	Systems []SystemLeavers
	Worst   []isms.Removal // those that took longest, the longest first
	Open    []isms.Removal // of people who have left, not yet seen gone, the oldest first
	Titles  Titles
}

// SystemLeavers is the spread of one system; ID is "" for rights of no known system.
type SystemLeavers struct {
	ID     string
	Spread isms.RemovalSpread
	Open   int
}

// mostWorst is how many of the longest are shown.
const mostWorst = 20

// Leavers returns how long it has taken until the rights of people who had left were gone, as far as the actor may see.
func (a *App) Leavers(ctx context.Context, who access.Actor) (LeaversPage, error) {
	_, in, err := a.visible(ctx, who, "removal")
	if err != nil {
		return LeaversPage{}, err
	}
	p := LeaversPage{Today: a.Today()}
	err = a.view(ctx, who, func(tx *store.Tx) (err error) {
		all, err := store.All[isms.Removal](tx, in)
		if err != nil {
			return err
		}
		p.fill(all)
		w := wanted{}
		for _, s := range p.Systems {
			w.add("system", s.ID)
		}
		for _, list := range [][]isms.Removal{p.Worst, p.Open} {
			for _, r := range list {
				w.add("system", string(r.System))
			}
		}
		p.Titles, err = titles(tx, who, w)
		return err
	})
	return p, err
}

func (p *LeaversPage) fill(all []isms.Removal) {
	by := map[string][]isms.Removal{}
	open := map[string]int{}
	for _, r := range all {
		if r.EndedOn == "" || r.WithdrawnOn != "" {
			continue
		}
		by[string(r.System)] = append(by[string(r.System)], r)
		if r.GoneOn == "" {
			open[string(r.System)]++
			p.Open = append(p.Open, r)
		} else {
			p.Worst = append(p.Worst, r)
		}
	}
	p.Spread = isms.SpreadOf(p.Worst)
	for id, list := range by {
		p.Systems = append(p.Systems, SystemLeavers{id, isms.SpreadOf(list), open[id]})
	}
	slices.SortFunc(p.Systems, func(a, b SystemLeavers) int {
		return cmp.Or(cmp.Compare(b.Spread.Median, a.Spread.Median), cmp.Compare(a.ID, b.ID))
	})
	days := func(r isms.Removal) int { _, most, _ := r.DaysToRemoval(); return most }
	slices.SortFunc(p.Worst, func(a, b isms.Removal) int { return cmp.Or(cmp.Compare(days(b), days(a)), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(p.Open, func(a, b isms.Removal) int { return cmp.Or(cmp.Compare(a.EndedOn, b.EndedOn), cmp.Compare(a.ID, b.ID)) })
	p.Worst = p.Worst[:min(len(p.Worst), mostWorst)]
}
