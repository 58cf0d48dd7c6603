// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// Collision is two people who changed the same part of a classification at once. Nothing of the later one was kept; both
// are given, so that both can be shown. It is isms.ErrStale.
type Collision struct {
	Mine, Theirs isms.Classification
}

// Error says that somebody else was first.
func (Collision) Error() string { return isms.ErrStale.Error() }

// Is reports that a collision is isms.ErrStale.
func (Collision) Is(err error) bool { return err == isms.ErrStale }

// inWorkshop changes a classification in workshop from the revision that was read, and puts the change onto the newest.
func (a *App) inWorkshop(ctx context.Context, who access.Actor, id string, rev int, key string, asked any,
	change func(*isms.Classification) register.Wrongs) (isms.Classification, error) {
	var kept isms.Classification
	_, err := a.once(ctx, who, key, asked, func(tx *store.Tx) (string, error) {
		now, err := a.openClassification(ctx, tx, who, access.Change, id)
		if err != nil {
			return "", err
		}
		if now.State != isms.ClassificationInWorkshop {
			return "", register.Wrongs{{Field: "state", Code: "not_in_workshop"}}
		}
		base := now
		if rev != now.Rev {
			if base, err = versionOf(tx, now, rev); err != nil {
				return "", err
			}
		}
		mine := base
		if wrong := change(&mine); len(wrong) > 0 {
			return "", wrong
		}
		if mine.Stops() {
			return "", register.Wrongs{{Code: "security_protected"}}
		}
		merged, ok := merge(base, mine, now)
		if !ok {
			return "", Collision{mine, now}
		}
		if wrong := register.Check(&merged); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		kept = merged
		if err := tx.Put(&kept); err != nil {
			return "", err
		}
		return id, nil
	})
	if err == nil && kept.ID == "" { // done before under the same key
		err = a.view(ctx, who, func(tx *store.Tx) (err error) {
			kept, err = store.Get[isms.Classification](tx, who.In(access.See, "classification"), id)
			return err
		})
	}
	return kept, err
}

func (a *App) openClassification(ctx context.Context, tx *store.Tx, who access.Actor, act access.Act, id string) (isms.Classification, error) {
	c, err := store.Get[isms.Classification](tx, who.In(access.See, "classification"), id)
	if err != nil {
		return c, err
	}
	return c, a.allow(ctx, who, act, "classification", c.Unit)
}

// partOf reads a classification for somebody who takes part in it: who may judge it, or decide it.
func (a *App) partOf(ctx context.Context, tx *store.Tx, who access.Actor, id string) (isms.Classification, error) {
	c, err := store.Get[isms.Classification](tx, who.In(access.See, "classification"), id)
	if err != nil || who.May(access.Decide, "classification", c.Unit) {
		return c, err
	}
	return c, a.allow(ctx, who, access.Change, "classification", c.Unit)
}

// versionOf is what the classification was at the revision, or isms.ErrStale if that is not known.
func versionOf(tx *store.Tx, now isms.Classification, rev int) (isms.Classification, error) {
	entries, err := tx.History(register.Of[isms.Classification](), everywhere, now.ID)
	if err != nil {
		return now, err
	}
	for _, e := range slices.Backward(entries) {
		rec, err := e.Record()
		if err != nil && !errors.Is(err, isms.ErrNotFound) {
			return now, err
		}
		if c, ok := rec.(*isms.Classification); ok && c.Rev == rev {
			return *c, nil
		}
	}
	return now, isms.ErrStale
}

// merge puts what was changed from base to mine onto now: an aspect's level, consequences and motive are one part, and
// every other field is one. It reports false where the same part was changed in both, to different things.
func merge(base, mine, now isms.Classification) (isms.Classification, bool) {
	out := now
	for _, a := range isms.Aspects() {
		b, m, n := base.Judgement(a), mine.Judgement(a), now.Judgement(a)
		switch {
		case m == b || m == n:
		case n == b:
			out.SetJudgement(a, m)
		default:
			return now, false
		}
	}
	text := func(b, m, n string, into *string) bool {
		if m == b || m == n {
			return true
		}
		*into = m
		return n == b
	}
	return out, text(base.LegalGrounds, mine.LegalGrounds, now.LegalGrounds, &out.LegalGrounds) &&
		text(base.Participants, mine.Participants, now.Participants, &out.Participants)
}
