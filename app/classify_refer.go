// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// Refer notes that something was referred to those who answer for protective security: on which day, and to whom. It is
// all that is kept of it.
func (a *App) Refer(ctx context.Context, who access.Actor, unit, to string, day register.Day, key string) (string, error) {
	if day == "" {
		day = a.Today()
	}
	return a.once(ctx, who, key, []any{unit, to, day}, func(tx *store.Tx) (string, error) {
		if err := a.allow(ctx, who, access.Create, "referral", unit); err != nil {
			return "", err
		}
		r := isms.Referral{Record: isms.Record{ID: register.NewID(), Unit: unit}, ReferredOn: day, To: to, By: register.Ref[isms.Person](who.Person)}
		if wrong := register.Check(&r); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		return r.ID, tx.Put(&r)
	})
}

// StopWorkshop ends a classification of what turns out to concern Sweden's security and notes the referral: everything
// that was judged is taken away, the classification is taken out of use, and what the journal kept of it is erased. A
// decided classification is not stopped here: whoever answers for protective security says what becomes of it. Everybody
// who judges or decides the classification may stop it, and note the referral by that: nobody may have to leave what was
// written until somebody else comes.
func (a *App) StopWorkshop(ctx context.Context, who access.Actor, e Entry, to string, day register.Day, key string) (referral string, err error) {
	if day == "" {
		day = a.Today()
	}
	return a.once(ctx, who, key, []any{e, to, day}, func(tx *store.Tx) (string, error) {
		c, err := a.partOf(ctx, tx, who, e.ID)
		if err != nil {
			return "", err
		}
		if c.State == isms.ClassificationDecided || c.State == isms.ClassificationSuperseded || c.Retired != "" {
			return "", register.Wrongs{{Code: "not_in_workshop"}}
		}
		r := isms.Referral{Record: isms.Record{ID: register.NewID(), Unit: c.Unit}, ReferredOn: day, To: to, By: register.Ref[isms.Person](who.Person)}
		if wrong := register.Check(&r); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		if err := tx.Put(&r); err != nil {
			return "", err
		}
		return r.ID, emptied(tx, c)
	})
}

// emptied takes away everything that the classification says and that the journal kept of it.
func emptied(tx *store.Tx, c isms.Classification) error {
	entries, err := tx.History(register.Of[isms.Classification](), everywhere, c.ID)
	if err != nil {
		return err
	}
	bare := isms.Classification{Record: c.Record, System: c.System, Process: c.Process, Set: c.Set, Type: c.Type, Model: c.Model,
		State: isms.ClassificationPlanned, Leader: c.Leader}
	bare.Retired = tx.Now().Day()
	if err := tx.Put(&bare); err != nil {
		return err
	}
	for _, e := range entries {
		if e.Erased() {
			continue
		}
		if err := tx.Erase(e.Seq, "referred"); err != nil {
			return err
		}
	}
	return nil
}
