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

// soonDays is how long before its last day a request is told to be due.
const soonDays = 10

// RequestRow is a request from a data subject with its clock.
type RequestRow struct {
	isms.SubjectRequest
	Target, Last register.Day // the day to plan for, and the last day to answer
	Open         bool         // not answered
	Late         bool         // answered late, or not answered when the last day has passed
	DaysLeft     int          // to the last day, for an open one; negative when it has passed
	MayExtend    bool         // the first month has not passed and it is not extended
}

// RequestPage is the requests of a unit and the units below it.
type RequestPage struct {
	Day    register.Day
	Open   []RequestRow // the most pressing first
	Done   []RequestRow // the latest first
	Late   int          // open ones whose last day has passed
	Titles Titles
}

// Requests lists the requests from data subjects in the unit, as far as the actor may see them.
func (a *App) Requests(ctx context.Context, who access.Actor, unit string) (RequestPage, error) {
	p := RequestPage{Day: a.Today()}
	err := a.view(ctx, who, func(tx *store.Tx) error {
		if _, err := tx.Get(register.Of[isms.Unit](), who.In(access.See, "unit"), unit); err != nil {
			return err
		}
		if err := a.allow(ctx, who, access.See, "subject_request", unit); err != nil {
			return err
		}
		units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
		if err != nil {
			return err
		}
		all, err := store.All[isms.SubjectRequest](tx, within(who.In(access.See, "subject_request"), subtree(units, unit)))
		if err != nil {
			return err
		}
		records := make([]register.Entity, len(all))
		for i, q := range all {
			records[i] = &q
			p.add(requestRow(q, p.Day))
		}
		p.sort()
		p.Titles, err = titles(tx, who, links(records...))
		return err
	})
	return p, err
}

func requestRow(q isms.SubjectRequest, day register.Day) RequestRow {
	row := RequestRow{SubjectRequest: q, Open: q.AnsweredOn == "" || q.AnsweredOn > day, Late: q.Late(day)}
	row.Target, row.Last = q.Due()
	row.DaysLeft = row.Last.DaysSince(day)
	row.MayExtend = row.Open && q.ExtendedOn == "" && day <= row.Last
	return row
}

func (p *RequestPage) add(row RequestRow) {
	if !row.Open {
		p.Done = append(p.Done, row)
		return
	}
	p.Open = append(p.Open, row)
	if row.Late {
		p.Late++
	}
}

func (p *RequestPage) sort() {
	slices.SortStableFunc(p.Open, func(a, b RequestRow) int { return cmp.Or(cmp.Compare(a.Last, b.Last), cmp.Compare(a.ID, b.ID)) })
	slices.SortStableFunc(p.Done, func(a, b RequestRow) int {
		return cmp.Or(cmp.Compare(b.AnsweredOn, a.AnsweredOn), cmp.Compare(a.ID, b.ID))
	})
}

// requests finds open requests that are late or soon due.
func (v *recordOf) requests() {
	for i := range v.SubjectRequests {
		q := &v.SubjectRequests[i]
		if v.gone(q.Record) || q.ReceivedOn > v.day {
			continue
		}
		switch row := requestRow(*q, v.day); {
		case !row.Open || row.Last == "":
		case row.Late:
			v.add("request_late", q, q.Handler, row.Last)
		case row.DaysLeft <= soonDays:
			v.add("request_due", q, q.Handler, row.Last)
		}
	}
}
