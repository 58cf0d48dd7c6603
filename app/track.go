// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// A TrackCase is what the page of a breach and that of a judgement of significance have in common: the incident, the periods, and what
// is next and whose it is.
type TrackCase struct {
	About     isms.Incident
	UnitName  string
	Now       register.Moment
	Book      *law.Book
	Clocks    []RunningClock
	Sent      []isms.Deadline   // in the order that they were sent
	Dropped   []isms.Deadline   // the latest first
	Next      NextStep          // "" when nothing is owed
	NextBy    []isms.Person     // those who may take it; none where everybody who works with the case may
	Receivers map[string]string // who receives each running step if it is sent today, by the deadline's id
	Police    bool              // a task to report to the Police is there
	Titles    Titles
	May       TrackRights
}

// TrackRights is what the actor may do with a case.
type TrackRights struct {
	Work, Decide, Approve, Opinion, History bool
}

// NextStep is what is to be done next in a case.
type NextStep string

// The steps, in the order that they come.
const (
	NextSettle  NextStep = "settle" // when the organisation knew
	NextAssess  NextStep = "assess" // the risk, or the facts
	NextDecide  NextStep = "decide"
	NextApprove NextStep = "approve"
	NextSend    NextStep = "send"
	NextInform  NextStep = "inform" // the persons
	NextHandle  NextStep = "handle" // the incident, before the final report can be reckoned
)

// next is the first of the steps that is so.
func next(steps ...struct {
	step NextStep
	so   bool
}) NextStep {
	for _, s := range steps {
		if s.so {
			return s.step
		}
	}
	return ""
}

// trackCase gathers what pages of cases have in common.
func (a *App) trackCase(tx *store.Tx, who access.Actor, rec register.Entity, incident register.Ref[isms.Incident], all []isms.Deadline) (TrackCase, error) {
	c := TrackCase{Now: tx.Now(), Receivers: map[string]string{}}
	var err error
	if c.About, err = store.Get[isms.Incident](tx, everywhere, string(incident)); err != nil {
		return c, err
	}
	if c.Book, err = a.lawBook(tx); err != nil {
		return c, err
	}
	kind, unit := register.OfValue(rec).Name, rec.Head().Unit
	owner, err := store.Get[isms.Unit](tx, everywhere, unit)
	if err != nil {
		return c, err
	}
	c.UnitName = owner.Name
	records := []register.Entity{rec}
	for i, d := range all {
		records = append(records, &all[i])
		switch {
		case d.Runs():
			clock := runningClock(d, c.About, c.Now)
			clock.UnitName = c.UnitName
			c.Clocks = append(c.Clocks, clock)
			if p, ok := c.Book.Rule(d.Rule, dayHere(d.StartsAt)); ok {
				c.Receivers[d.ID] = recipients(c.Book, p, c.Now)
			}
		case d.SentAt != "":
			c.Sent = append(c.Sent, d)
		case d.DroppedAt != "":
			c.Dropped = append(c.Dropped, d)
		}
	}
	slices.SortFunc(c.Clocks, pressing)
	slices.SortFunc(c.Sent, func(x, y isms.Deadline) int { return cmp.Or(cmp.Compare(x.SentAt, y.SentAt), cmp.Compare(x.ID, y.ID)) })
	slices.SortFunc(c.Dropped, func(x, y isms.Deadline) int {
		return cmp.Or(cmp.Compare(y.DroppedAt, x.DroppedAt), cmp.Compare(x.ID, y.ID))
	})
	c.May = TrackRights{Work: who.May(access.Create, kind, unit), Decide: who.May(access.Decide, kind, unit), History: who.May(access.SeeHistory, kind, unit),
		Opinion: who.May(access.Change, kind, unit)}
	if c.Police, err = policeTask(tx, c.About); err != nil {
		return c, err
	}
	w := links(records...)
	for _, clock := range c.Clocks {
		w.add("person", clock.Act)
	}
	c.Titles, err = titles(tx, who, w)
	return c, err
}

// whose finds who may take the next step of the case: the unit's decision is its head's, and a no is approved by somebody else.
func (c *TrackCase) whose(tx *store.Tx, who access.Actor, unit string, decidedBy register.Ref[isms.Person]) error {
	switch c.Next {
	case NextDecide:
		heads, err := holders(tx, unit, isms.Head, register.Day(dayHere(tx.Now())))
		c.NextBy = heads
		return err
	case NextApprove:
		same, err := samePerson(one(tx), decidedBy, register.Ref[isms.Person](who.Person))
		c.May.Approve = c.May.Work && !same && who.Person != ""
		return err
	}
	return nil
}

// A Settling settles when the organisation knew, from which periods are reckoned.
type Settling struct {
	Entry
	At     register.Moment
	Zone   string // the time zone that it was entered in; "" is that of Sweden
	Reason string
}

// wrong reports a moment that is none or has not been, and that no reason was given for it.
func (s Settling) wrong(name string, now register.Moment) register.Wrongs {
	var wrong register.Wrongs
	switch {
	case s.At == "":
		wrong = register.Wrongs{{Field: name + "_at", Code: "required"}}
	case s.At > now:
		wrong = register.Wrongs{{Field: name + "_at", Code: "in_future"}}
	}
	if s.Reason == "" {
		wrong = append(wrong, register.Wrong{Field: name + "_reason", Code: "start_reason"})
	}
	return wrong
}

// A Ruling is a person's answer in a case, with the motive.
type Ruling struct {
	Entry
	Answer isms.Answer
	Reason string
}

// amend changes a record in an act, with the same rules and the same consequences as when it is saved by its form.
func amend[T any](ctx context.Context, a *App, who access.Actor, key string, asked any, e Entry, change func(*store.Tx, *T) error) error {
	s := register.Of[T]()
	_, err := a.once(ctx, who, key, asked, func(tx *store.Tx) (string, error) {
		was, err := tx.Get(s, who.In(access.See, s.Name), e.ID)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Change, s.Name, was.Head().Unit); err != nil {
			return "", err
		}
		if who.Person == "" {
			return "", register.Wrongs{{Code: "operator_decides"}}
		}
		rec := copyOf(was)
		rec.Head().Rev = e.Rev
		if err := change(tx, any(rec).(*T)); err != nil {
			return "", err
		}
		wrong := register.Wrongs(register.Check(rec))
		if len(wrong) == 0 {
			if wrong, err = rules(one(tx), who, was, rec); err != nil {
				return "", err
			}
		}
		if len(wrong) > 0 {
			return "", wrong
		}
		return a.keepWith(tx, who, was, rec)
	})
	return err
}

// ReportToPolice makes a task of reporting the incident to the Police, if there is none.
func (a *App) ReportToPolice(ctx context.Context, who access.Actor, incident, key string) error {
	_, err := a.once(ctx, who, key, []any{"police", incident}, func(tx *store.Tx) (string, error) {
		inc, err := store.Get[isms.Incident](tx, who.In(access.See, "incident"), incident)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Create, "incident_task", inc.Unit); err != nil {
			return "", err
		}
		if there, err := policeTask(tx, inc); err != nil || there {
			return inc.ID, err
		}
		t := &isms.IncidentTask{Incident: register.Ref[isms.Incident](inc.ID), Name: locale.Swedish.T("track.police"), Owner: inc.Coordinator, State: isms.TaskOpen,
			Note: locale.Swedish.T("track.police.note")}
		t.ID, t.Unit = register.NewID(), inc.Unit
		return a.keepWith(tx, who, nil, t)
	})
	return err
}

// policeTask reports whether the incident has a task to report it to the Police.
func policeTask(tx *store.Tx, inc isms.Incident) (bool, error) {
	tasks, err := store.Linking[isms.IncidentTask](tx, everywhere, "incident", []string{inc.ID})
	return slices.ContainsFunc(tasks, func(t isms.IncidentTask) bool { return t.Name == locale.Swedish.T("track.police") }), err
}
