// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/store"
)

// Officers lists the data protection officers of the unit today, its own or those of the nearest unit above that has any.
// Whoever may see the unit's record of processing may see whom it names.
func (a *App) Officers(ctx context.Context, who access.Actor, unit string) ([]isms.Person, error) {
	if err := a.allow(ctx, who, access.See, "processing", unit); err != nil {
		return nil, err
	}
	var list []isms.Person
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		list, err = officers(tx, unit, a.Today())
		return err
	})
	return list, err
}
