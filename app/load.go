// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// Step is something that happened at one moment and is now written down: records that became known, and then perhaps a
// review that was decided.
type Step struct {
	At     register.Moment
	Who    string // the id of the person who acts
	Put    []register.Entity
	Decide string // id of a review
	Source string // where the step is written, for messages

	Then func(context.Context) error // acts of the program at the same moment, after the records: the demonstration's
}

// A StepError is a step that was not done, and with it none that follow. Its contents tell what is wrong with which
// record.
type StepError struct {
	Step Step
	Kind string // the record's register, "" when the whole step is meant
	ID   string
	Err  error
}

// Error names the step and the record.
func (e StepError) Error() string {
	place := e.Step.Source
	if place == "" {
		place = string(e.Step.At)
	}
	if e.Kind == "" {
		return fmt.Sprintf("%s: %v", place, e.Err)
	}
	return fmt.Sprintf("%s: %s %s: %v", place, e.Kind, e.ID, e.Err)
}

// Unwrap gives what was wrong.
func (e StepError) Unwrap() error { return e.Err }

// Load replays steps into an organisation that has no records yet, each at its own moment on the store's clock and by
// the same acts as pages use. Everything that is wrong with the records themselves is reported before anything is kept,
// as joined StepErrors; a step is kept whole or not at all. The clock must be the caller's alone while it runs.
func (a *App) Load(ctx context.Context, who access.Actor, steps []Step) error {
	if err := a.allowed(ctx, who, access.Load); err != nil {
		return err
	}
	if err := a.empty(ctx, who.Org); err != nil {
		return err
	}
	if err := checkSteps(steps); err != nil {
		return err
	}
	organisation, err := a.organisation(ctx, who.Org)
	if err != nil {
		return err
	}
	now := a.DB.Now
	defer func() { a.DB.Now = now }()
	for _, s := range steps {
		a.DB.Now = func() time.Time { return s.At.Time() }
		if err := a.step(ctx, organisation, s); err != nil {
			return err
		}
		if s.Then == nil {
			continue
		}
		if err := s.Then(ctx); err != nil {
			return StepError{s, "", "", err}
		}
	}
	return nil
}

// empty reports an organisation that has a journal already.
func (a *App) empty(ctx context.Context, org string) error {
	return a.DB.View(ctx, org, func(tx *store.Tx) error {
		seq, _, _, err := tx.Head()
		if err == nil && seq > 0 {
			return register.Wrongs{{Code: "not_empty"}}
		}
		return err
	})
}

// checkSteps reports everything that can be told without keeping anything.
func checkSteps(steps []Step) error {
	var wrong []error
	var last register.Moment
	for _, s := range steps {
		if !s.At.Valid() || s.At < last {
			wrong = append(wrong, StepError{s, "", "", register.Wrongs{{Field: "at", Code: "step_order", Args: []any{string(last)}}}})
		}
		last = max(last, s.At)
		for _, rec := range s.Put {
			ws := register.Check(rec)
			if r, ok := rec.(*isms.Review); ok && r.State.Frozen() {
				ws = append(ws, register.Wrong{Field: "state", Code: "review_by_act"})
			}
			if c, ok := rec.(*isms.Classification); ok && c.Stops() {
				ws = append(ws, register.Wrong{Code: "security_protected"})
			}
			if len(ws) > 0 {
				wrong = append(wrong, StepError{s, register.OfValue(rec).Name, rec.Head().ID, register.Wrongs(ws)})
			}
		}
	}
	return errors.Join(wrong...)
}

// step keeps the step's records and lets its person decide the review that it names, in one act.
func (a *App) step(ctx context.Context, organisation Organisation, s Step) error {
	return a.DB.Update(ctx, store.Act{Org: organisation.ID, Who: s.Who}, func(tx *store.Tx) error {
		for _, rec := range s.Put {
			if err := replay(tx, rec); err != nil {
				return StepError{s, register.OfValue(rec).Name, rec.Head().ID, err}
			}
		}
		if _, err := store.Get[isms.Person](tx, everywhere, s.Who); err != nil {
			return StepError{s, "", "", register.Wrongs{{Field: "who", Code: "no_such", Args: []any{s.Who}}}}
		}
		if s.Decide == "" {
			return nil
		}
		who, err := actor(tx, organisation.ID, s.Who, a.Today())
		if err == nil {
			err = a.decideAsWritten(ctx, tx, who, organisation, s.Decide)
		}
		if err != nil {
			return StepError{s, "review", s.Decide, err}
		}
		return nil
	})
}

// replay keeps a record as it is written: the newest revision is the one that it follows, since nobody else writes.
func replay(tx *store.Tx, rec register.Entity) error {
	was, err := tx.Get(register.OfValue(rec), everywhere, rec.Head().ID)
	switch {
	case errors.Is(err, isms.ErrNotFound):
		rec.Head().Rev = 0
	case err != nil:
		return err
	default:
		rec.Head().Rev = was.Head().Rev
	}
	return tx.Put(rec)
}
