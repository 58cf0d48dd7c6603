// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// IncidentQuery narrows the overview. Its zero value asks for all.
type IncidentQuery struct {
	Unit  string // and those below
	Kind  isms.IncidentKind
	Mine  bool // held by the actor
	Years int  // how many years back closed ones are listed; 0 is one
}

// IncidentRow is one incident in the overview.
type IncidentRow struct {
	isms.Incident
	Left   time.Duration // until it is to be triaged; negative when that has passed
	Clocks int           // statutory periods that run, of those the actor may see
	Late   int           // of them those that have passed
	Joined int           // other reports of it

	MayWork bool // the actor may triage it and work with it
}

// IncidentOverview is the incidents that the actor may see.
type IncidentOverview struct {
	Triage []IncidentRow // reported and not triaged, the longest waiting first
	Open   []IncidentRow // worked with, the latest first
	Done   []IncidentRow // closed, joined or none, the latest first
	Clocks []RunningClock
	Titles Titles
	Links  bool // the actor may open report links somewhere
}

// Incidents lists the incidents that the actor may see, with the periods that run.
func (a *App) Incidents(ctx context.Context, who access.Actor, q IncidentQuery) (IncidentOverview, error) {
	var o IncidentOverview
	_, in, err := a.visible(ctx, who, "incident")
	if err != nil {
		return o, err
	}
	o.Links = len(who.In(access.Create, "report_link").Units) > 0 || who.System()
	err = a.glance(ctx, who, func(tx *store.Tx) error {
		if q.Unit != "" {
			units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
			if err != nil {
				return err
			}
			in = within(in, subtree(units, q.Unit))
		}
		all, err := store.All[isms.Incident](tx, in)
		if err != nil {
			return err
		}
		if o.Clocks, err = clocks(tx, who, who.In(access.See, "deadline"), a.Now()); err != nil {
			return err
		}
		o.fill(who, all, q, a.Now())
		o.Titles, err = titles(tx, who, o.wanted())
		return err
	})
	return o, err
}

func (o *IncidentOverview) fill(who access.Actor, all []isms.Incident, q IncidentQuery, now time.Time) {
	joined := map[string]int{}
	listed := map[string]bool{}
	for _, i := range all {
		if i.DuplicateOf != "" {
			joined[string(i.DuplicateOf)]++
		}
		listed[i.ID] = true
	}
	if q != (IncidentQuery{}) {
		o.Clocks = slices.DeleteFunc(o.Clocks, func(c RunningClock) bool { return !listed[string(c.Incident)] })
	}
	since := register.DayOf(now).AddMonths(-12 * max(q.Years, 1))
	for _, i := range all {
		if q.Kind != "" && i.Kind != q.Kind || q.Mine && string(i.Coordinator) != who.Person {
			continue
		}
		row := IncidentRow{Incident: i, Joined: joined[i.ID], MayWork: who.May(access.Change, "incident", i.Unit)}
		for _, c := range o.Clocks {
			if string(c.Incident) == i.ID {
				row.Clocks++
				if c.Overdue {
					row.Late++
				}
			}
		}
		switch {
		case i.State == isms.IncidentReported:
			row.Left = i.TriageBy().Time().Sub(now)
			o.Triage = append(o.Triage, row)
		case i.State.Open():
			o.Open = append(o.Open, row)
		case i.ReportedAt.Day() >= since:
			o.Done = append(o.Done, row)
		}
	}
	slices.SortFunc(o.Triage, func(a, b IncidentRow) int { return cmp.Compare(a.ReportedAt, b.ReportedAt) })
	latest := func(a, b IncidentRow) int { return cmp.Compare(b.ReportedAt, a.ReportedAt) }
	slices.SortFunc(o.Open, latest)
	slices.SortFunc(o.Done, latest)
}

func (o *IncidentOverview) wanted() wanted {
	w := wanted{}
	for _, list := range [][]IncidentRow{o.Triage, o.Open, o.Done} {
		for _, i := range list {
			w.add("unit", i.Unit)
			w.add("person", string(i.Coordinator))
		}
	}
	for _, c := range o.Clocks {
		w.add("person", c.Act)
	}
	return w
}
