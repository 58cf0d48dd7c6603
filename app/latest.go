// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"ledsyn/access"
	"ledsyn/register"
	"ledsyn/store"
)

// Noted is that something was noted in the journal, without its contents.
type Noted struct {
	Seq      int64
	At       register.Moment
	Who      string // the person's name, or how the operator is named
	Act      string
	Kind, ID string
	Title    string // "" if the actor may not see the record
}

// Latest tells what was noted last in the journal, the latest first, to those who may check it. Who and what are told as far as the actor
// may see them: looking after the journal gives no insight into records.
func (a *App) Latest(ctx context.Context, who access.Actor, n int) ([]Noted, error) {
	if err := a.allowed(ctx, who, access.Verify); err != nil {
		return nil, err
	}
	var list []Noted
	err := a.view(ctx, who, func(tx *store.Tx) error {
		entries, err := tx.Latest(n)
		if err != nil {
			return err
		}
		w := wanted{}
		for _, e := range entries {
			if _, err := schema(e.Kind); err == nil {
				w.add(e.Kind, e.ID)
			}
			if register.ValidID(e.Who) {
				w.add("person", e.Who)
			}
		}
		named, err := titles(tx, who, w)
		if err != nil {
			return err
		}
		for _, e := range entries {
			author := named.Of("person", e.Who)
			list = append(list, Noted{e.Seq, e.At, author, e.Act, e.Kind, e.ID, named.Of(e.Kind, e.ID)})
		}
		return nil
	})
	return list, err
}
