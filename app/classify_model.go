// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// MoveToModel makes a proposal of a decided classification in another version of the model, by the mapping between the
// two, and returns its id. It names the former and stands for nothing until the information owner has decided it.
func (a *App) MoveToModel(ctx context.Context, who access.Actor, id, to, key string) (string, error) {
	return a.once(ctx, who, key, []any{id, to}, func(tx *store.Tx) (string, error) {
		c, err := a.openClassification(ctx, tx, who, access.Create, id)
		if err != nil {
			return "", err
		}
		m, ok := isms.Mapping(c.Model, to)
		switch {
		case c.Model == to:
			return "", register.Wrongs{{Field: "model", Code: "nothing_changed_model", Args: []any{to}}}
		case !ok:
			return "", register.Wrongs{{Field: "model", Code: "no_mapping", Args: []any{c.Model, cutAt(to, 40)}}}
		case c.State != isms.ClassificationDecided || c.Retired != "":
			return "", register.Wrongs{{Field: "state", Code: "classification_not_decided"}}
		}
		all, err := classificationsOf(tx, kindOf(c), objectOf(c))
		if err != nil {
			return "", err
		}
		for _, o := range all {
			if o.State != isms.ClassificationDecided && o.State != isms.ClassificationSuperseded {
				return "", register.Wrongs{{Code: "one_under_way"}}
			}
		}
		moved := m.Moved(c)
		moved.ID, moved.ProposedOn = register.NewID(), a.Today()
		if len(unjudged(moved)) > 0 {
			moved.State, moved.ProposedOn = isms.ClassificationInWorkshop, ""
		}
		if wrong := register.Check(&moved); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		return moved.ID, tx.Put(&moved)
	})
}
