// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/register"
	"ledsyn/store"
)

// reckonBreach holds the deadlines of a breach to what it owes.
func (a *App) reckonBreach(tx *store.Tx, b isms.Breach) error {
	all, err := store.Linking[isms.Deadline](tx, everywhere, "breach", []string{b.ID})
	if err != nil {
		return err
	}
	of := isms.Deadline{Incident: b.Incident, Breach: register.Ref[isms.Breach](b.ID)}
	of.Unit = b.Unit
	r := reckoning{app: a, tx: tx, of: of, all: all}
	if err := r.hold(b.Owes(isms.SentOf(all), tx.Now())); err != nil {
		return err
	}
	return r.informed(b)
}

// reckonSignificance holds the deadlines of a judgement of significance to what it owes.
func (a *App) reckonSignificance(tx *store.Tx, s isms.Significance) error {
	inc, err := store.Get[isms.Incident](tx, everywhere, string(s.Incident))
	if err != nil {
		return err
	}
	return a.reckonOperator(tx, s, inc)
}

// reckonHandled reckons anew what counts from when the incident was handled.
func (a *App) reckonHandled(tx *store.Tx, inc isms.Incident) error {
	all, err := store.Linking[isms.Significance](tx, everywhere, "incident", []string{inc.ID})
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := a.reckonOperator(tx, s, inc); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) reckonOperator(tx *store.Tx, s isms.Significance, inc isms.Incident) error {
	all, err := store.Linking[isms.Deadline](tx, everywhere, "significance", []string{s.ID})
	if err != nil {
		return err
	}
	of := isms.Deadline{Incident: s.Incident, Significance: register.Ref[isms.Significance](s.ID)}
	of.Unit = s.Unit
	r := reckoning{app: a, tx: tx, of: of, all: all}
	return r.hold(s.Owes(inc, isms.SentOf(all)))
}

// A reckoning holds the deadlines of one case to what the case owes. What was sent stays; what runs stays as it was reckoned, by the
// wording of the rule that it was reckoned by, for as long as its start stands; what else runs is dropped with why, and what is missing
// is made. So the outcome depends on the case as it is, and on nothing else.
type reckoning struct {
	app *App
	tx  *store.Tx
	of  isms.Deadline // what every deadline of the case has in common
	all []isms.Deadline
}

func (r *reckoning) hold(owed []isms.Owed) error {
	met := make([]bool, len(owed))
	for i := range r.all {
		d := r.all[i]
		if !d.Runs() || d.Step == isms.InterimReport { // which an authority has asked for, and nothing else starts
			continue
		}
		n := slices.IndexFunc(owed, func(o isms.Owed) bool { return o.Step == d.Step })
		switch {
		case n < 0:
			if err := r.drop(&d, isms.DropNotOwed); err != nil {
				return err
			}
		case standsFor(d, owed[n]):
			met[n] = true
		default:
			if err := r.drop(&d, isms.DropStartChanged); err != nil {
				return err
			}
		}
	}
	for n, o := range owed {
		if met[n] || slices.ContainsFunc(r.all, func(d isms.Deadline) bool { return doneWith(d, o) }) {
			continue
		}
		if _, err := r.begin(o); err != nil {
			return err
		}
	}
	return nil
}

// standsFor reports whether the running deadline is still that of what is owed. A duty without a fixed time began when it began.
func standsFor(d isms.Deadline, o isms.Owed) bool {
	if d.Rule != o.Rule || d.Trigger != o.Trigger {
		return false
	}
	return d.Trigger == isms.StartHighRisk || d.StartsAt == o.StartsAt && promisedStill(d, o)
}

// promisedStill reports whether the deadline rests on the hours that the agreement now gives, where it rests on an agreement.
func promisedStill(d isms.Deadline, o isms.Owed) bool {
	if o.Step != isms.ProcessorNotice {
		return true
	}
	hours, known := o.Hours.Known()
	return !known && d.Shown == "" || known && d.Shown == hoursAfter(o.StartsAt, hours)
}

func hoursAfter(m register.Moment, hours int) register.Moment {
	return register.MomentOf(m.Time().Add(time.Duration(hours) * time.Hour))
}

// doneWith reports whether nothing more is to be made of what is owed: it was sent, or somebody said that it is not needed.
func doneWith(d isms.Deadline, o isms.Owed) bool {
	if d.Step != o.Step || d.Retired != "" {
		return false
	}
	return d.SentAt != "" || d.Dropped == isms.DropWaived && d.StartsAt == o.StartsAt
}

func (r *reckoning) drop(d *isms.Deadline, why isms.DropCause) error {
	d.DroppedAt, d.Dropped = r.tx.Now(), why
	return r.put(d)
}

// put keeps the deadline, and its new revision in the list.
func (r *reckoning) put(d *isms.Deadline) error {
	if err := r.tx.Put(d); err != nil {
		return err
	}
	for i := range r.all {
		if r.all[i].ID == d.ID {
			r.all[i] = *d
			return nil
		}
	}
	r.all = append(r.all, *d)
	return nil
}

// begin reckons a new deadline. Where no rule was in force on the day of the case, nothing is owed and nothing runs.
func (r *reckoning) begin(o isms.Owed) (*isms.Deadline, error) {
	d := r.of
	d.ID = register.NewID()
	d.Step, d.Rule, d.Trigger, d.StartsAt = o.Step, o.Rule, o.Trigger, o.StartsAt
	d.Zone, d.SettledBy, d.Reason = cmp.Or(o.Zone, law.Zone().String()), o.SettledBy, o.Reason
	book, err := r.app.lawBook(r.tx)
	if err != nil {
		return nil, err
	}
	due, p, err := book.Deadline(o.Rule, o.StartsAt.Time(), "")
	switch {
	case errors.Is(err, law.ErrNotInForce):
		return nil, nil
	case errors.Is(err, law.ErrNoLength):
		if hours, known := o.Hours.Known(); known {
			d.Shown = hoursAfter(o.StartsAt, hours)
			d.Nominal, d.Adjusted = d.Shown, d.Shown
		}
	case err != nil:
		return nil, err
	default:
		d.WholeDay = due.WholeDay
		d.Nominal, d.Adjusted, d.Shown = lastMoment(due, due.Nominal), lastMoment(due, due.Adjusted), lastMoment(due, due.Shown)
	}
	d.RuleFrom, d.Statute = register.Day(p.From), p.Source
	d.Recipient = recipients(book, p, r.tx.Now())
	if err := r.put(&d); err != nil {
		return nil, err
	}
	if err := errors.Join(defaultMarks(r.tx, &d), r.markReason(&d)); err != nil {
		return nil, err
	}
	return &d, r.app.remind(r.tx, &d)
}

// markReason marks the deadline's reason where the text of the breach that it was written from is marked.
func (r *reckoning) markReason(d *isms.Deadline) error {
	if d.Breach == "" || d.Reason == "" {
		return nil
	}
	b, err := store.Get[isms.Breach](r.tx, everywhere, string(d.Breach))
	switch {
	case err != nil:
		return err
	case d.Reason == b.AwareReason:
		return markLike(r.tx, &b, "aware_reason", d, "reason")
	case d.Reason == b.RiskReason:
		return markLike(r.tx, &b, "risk_reason", d, "reason")
	}
	return nil
}

// lastMoment is the last moment in time where the instant is when a period ends: of a whole day the last of that day.
func lastMoment(due law.Deadline, at time.Time) register.Moment {
	if due.WholeDay {
		at = at.In(law.Zone()).AddDate(0, 0, 1).Add(-time.Microsecond)
	}
	return register.MomentOf(at)
}

// recipients names who receives what the rule says shall be sent, by the names of the day that it is sent.
func recipients(book *law.Book, p law.Provision, sent register.Moment) string {
	var names []string
	for _, one := range book.Recipients(p, dayHere(sent), nil, "") {
		names = append(names, one.Name.SV)
	}
	return strings.Join(names, ", ")
}

// informed takes over from the breach when the persons were informed.
func (r *reckoning) informed(b isms.Breach) error {
	if b.InformedAt == "" {
		return nil
	}
	for _, d := range r.all {
		if d.Step == isms.PersonsInformed && d.Runs() {
			d.SentAt, d.StartsAt = b.InformedAt, min(d.StartsAt, b.InformedAt)
			return r.put(&d)
		}
	}
	return nil
}
