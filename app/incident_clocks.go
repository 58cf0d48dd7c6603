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

// RunningClock is a statutory period that runs, with what a person needs to know to act on it.
type RunningClock struct {
	isms.Deadline
	Reference string // the incident's
	Title     string // the incident's
	UnitName  string
	Act       string        // the person who must act: who holds the incident, or who settled the period's start; "" is nobody yet
	Left      time.Duration // until what is shown; negative when it has passed
	Overdue   bool
	Timeless  bool // the law gives no hours: without undue delay
}

func runningClock(d isms.Deadline, inc isms.Incident, now register.Moment) RunningClock {
	c := RunningClock{Deadline: d, Reference: inc.Reference, Title: inc.Title, Act: string(cmp.Or(inc.Coordinator, d.SettledBy)), Timeless: d.Shown == ""}
	if !c.Timeless {
		c.Left = d.Shown.Time().Sub(now.Time())
		c.Overdue = d.Late(now)
	}
	return c
}

// pressing orders clocks: the first that ends first, those without hours after the overdue ones, since they are due at once.
func pressing(a, b RunningClock) int {
	at := func(c RunningClock) register.Moment {
		if c.Timeless {
			return c.StartsAt
		}
		return c.Shown
	}
	return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(a.ID, b.ID))
}

// Clocks lists the statutory periods that run and that the actor may see, the most pressing first.
func (a *App) Clocks(ctx context.Context, who access.Actor) ([]RunningClock, error) {
	var list []RunningClock
	in := who.In(access.See, "deadline")
	if !in.All && len(in.Units) == 0 {
		return nil, nil
	}
	err := a.glance(ctx, who, func(tx *store.Tx) (err error) {
		list, err = clocks(tx, who, in, a.Now())
		return err
	})
	return list, err
}

func clocks(tx *store.Tx, who access.Actor, in register.In, at time.Time) ([]RunningClock, error) {
	now := register.MomentOf(at)
	running, err := store.All[isms.Deadline](tx, in)
	if err != nil {
		return nil, err
	}
	running = slices.DeleteFunc(running, func(d isms.Deadline) bool { return !d.Runs() })
	units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	if err != nil {
		return nil, err
	}
	known := map[string]isms.Incident{}
	var list []RunningClock
	for _, d := range running {
		inc, ok := known[string(d.Incident)]
		if !ok {
			if inc, err = store.Get[isms.Incident](tx, everywhere, string(d.Incident)); err != nil {
				return nil, err
			}
			known[inc.ID] = inc
		}
		c := runningClock(d, inc, now)
		c.UnitName = nameOf(units, d.Unit)
		list = append(list, c)
	}
	slices.SortFunc(list, pressing)
	return list, nil
}

// nameOf is the unit's name.
func nameOf(units []isms.Unit, id string) string {
	for _, u := range units {
		if u.ID == id {
			return u.Name
		}
	}
	return ""
}
