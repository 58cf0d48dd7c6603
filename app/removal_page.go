// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/store"
)

// RemovalPage is a right that is to be taken away, with its row as the list has it.
type RemovalPage struct {
	isms.Removal
	List        isms.Population
	Heads       []string // none where the actor may not see the list, or its rows have been disposed of
	Cells       []string
	MayWithdraw bool
	Titles      Titles
}

// Removal returns a right that is to be taken away, for those who may see it.
func (a *App) Removal(ctx context.Context, who access.Actor, id string) (RemovalPage, error) {
	var p RemovalPage
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		if p.Removal, err = store.Get[isms.Removal](tx, who.In(access.See, "removal"), id); err != nil {
			return err
		}
		p.MayWithdraw = who.May(access.Change, "removal", p.Unit) && p.GoneOn == "" && p.WithdrawnOn == ""
		p.List, err = store.Get[isms.Population](tx, who.In(access.See, "population"), string(p.Population))
		switch {
		case err != nil && !errors.Is(err, isms.ErrNotFound):
			return err
		case err == nil && p.List.DisposedOn == "":
			if p.Heads, err = headsOf(&p.List); err != nil {
				return err
			}
			n, _ := p.Row.Known()
			rows, err := tx.SetRows(p.List.ID, []int64{int64(n)})
			if err != nil {
				return err
			}
			p.Cells = rows[0].Cells
		}
		p.Titles, err = titles(tx, who, links(&p.Removal))
		return err
	})
	return p, err
}
