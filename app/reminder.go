// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// Reminder is something in the record of processing that waits for the actor (the words reminder.WHAT).
type Reminder struct {
	What     string // mine, silent, approve, request
	Kind, ID string // the record it is about; ID is "" for several
	Day      register.Day
	Late     bool // the day has passed
	Args     []any
}

// Words is the reminder in the reader's language.
func (r Reminder) Words(l locale.Lang) string { return l.T("reminder."+r.What, inWords(l, r.Args)...) }

// Reminders lists what waits for the actor in the record of processing: entries to answer for in a campaign, owners who
// have not answered in a campaign that the actor runs, entries to approve, and requests to answer.
func (a *App) Reminders(ctx context.Context, who access.Actor) ([]Reminder, error) {
	mine, err := a.Mine(ctx, who)
	if err != nil {
		return nil, err
	}
	today := a.Today()
	var list []Reminder
	if mine.Left > 0 {
		c := mine.Campaigns[0]
		list = append(list, Reminder{What: "mine", Kind: "campaign", ID: c.ID, Day: c.EndsOn, Late: c.EndsOn < today, Args: []any{mine.Left, c.Name}})
	}
	campaigns, err := a.myCampaigns(ctx, who)
	if err != nil {
		return nil, err
	}
	for _, c := range campaigns {
		s, err := a.Campaign(ctx, who, c.ID)
		if err != nil {
			return nil, err
		}
		if left := s.Entries - s.Answered; left > 0 {
			list = append(list, Reminder{What: "silent", Kind: "campaign", ID: c.ID, Day: c.EndsOn, Late: c.EndsOn < today,
				Args: []any{left, s.Entries, len(s.Silent), c.Name}})
		}
	}
	err = a.glance(ctx, who, func(tx *store.Tx) error {
		waiting, err := tx.List(register.Of[isms.Processing](), who.In(access.Decide, "processing"),
			store.Query{Where: map[string][]string{"state": {string(isms.ProcessingChecked)}}, Limit: 1})
		if err != nil {
			return err
		}
		if waiting.Total > 0 {
			list = append(list, Reminder{What: "approve", Kind: "processing", Args: []any{waiting.Total}})
		}
		requests, err := store.Linking[isms.SubjectRequest](tx, who.In(access.See, "subject_request"), "handler", []string{who.Person})
		for _, q := range requests {
			if row := requestRow(q, today); row.Open && row.DaysLeft <= soonDays {
				list = append(list, Reminder{What: "request", Kind: "subject_request", ID: q.ID, Day: row.Last, Late: row.Late, Args: []any{q.Dnr, row.Last}})
			}
		}
		return err
	})
	return list, err
}

// myCampaigns lists the newest campaign of each unit in which the actor runs campaigns.
func (a *App) myCampaigns(ctx context.Context, who access.Actor) ([]isms.Campaign, error) {
	var newest []isms.Campaign
	err := a.glance(ctx, who, func(tx *store.Tx) error {
		all, err := store.All[isms.Campaign](tx, who.In(access.Change, "campaign"))
		slices.SortFunc(all, func(a, b isms.Campaign) int {
			return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(b.StartsOn, a.StartsOn), cmp.Compare(b.ID, a.ID))
		})
		all = slices.DeleteFunc(all, func(c isms.Campaign) bool { return c.StartsOn > a.Today() })
		newest = slices.CompactFunc(all, func(a, b isms.Campaign) bool { return a.Unit == b.Unit })
		return err
	})
	return newest, err
}
