// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// portionsOf lists the portions of a spot check or an access review, those that were withdrawn too.
func portionsOf(tx *store.Tx, kind, id string) ([]isms.Portion, error) {
	if kind != "spot_check" && kind != "access_review" {
		return nil, isms.ErrNotFound
	}
	return store.Linking[isms.Portion](tx, everywhere, kind, []string{id})
}

// astray lists those of the portions that are open and have nobody who can judge them any more: there is no reviewer, the reviewer is gone, or is
// no longer manager or head of the unit that was why, since that has merged, moved or got another. A portion that somebody was given by
// hand is only astray when the person is gone.
func (a *App) astray(tx *store.Tx, portions []isms.Portion) ([]isms.Portion, error) {
	d := &dealer{app: a, tx: tx, today: a.Today(), there: map[string]bool{}, called: map[string]string{}, units: map[string]string{},
		title: map[string]string{}, up: map[string][]string{}, holds: map[string][]string{}}
	if err := errors.Join(d.readPersons(), d.readUnits()); err != nil {
		return nil, err
	}
	var list []isms.Portion
	for _, p := range portions {
		if p.DoneAt != "" || p.WithdrawnOn != "" || p.Retired != "" {
			continue
		}
		holds := func(place string) bool { return slices.Contains(d.holds[place], string(p.Reviewer)) }
		if !d.there[string(p.Reviewer)] || p.ByUnit != "" && !slices.ContainsFunc(d.up[string(p.ByUnit)], holds) {
			list = append(list, p)
		}
	}
	return list, nil
}

// Redeal moves the portions of a spot check or an access review that have gone astray to those who judge them by the organisation as it is today,
// and tells how many it moved. Answers stay where they were given: where several are to judge what is left, whoever has most of it takes the portion,
// and the rest becomes new portions. It is the leader's act.
func (a *App) Redeal(ctx context.Context, who access.Actor, kind, id, key string) (moved int, err error) {
	_, err = a.once(ctx, who, key, []any{"redeal", kind, id}, func(tx *store.Tx) (string, error) {
		all, err := portionsOf(tx, kind, id)
		if err != nil || len(all) == 0 {
			return "", cmp.Or(err, isms.ErrNotFound)
		}
		astray, err := a.astray(tx, all)
		if err != nil {
			return "", err
		}
		if moved, err = a.redeal(ctx, tx, who, all[0], astray); err != nil {
			return "", err
		}
		return id, nil
	})
	return moved, err
}

func (a *App) redeal(ctx context.Context, tx *store.Tx, who access.Actor, first isms.Portion, astray []isms.Portion) (moved int, err error) {
	j, err := a.led(ctx, tx, who, first.ID, first.Rev)
	if err != nil {
		return 0, err
	}
	if !j.Runs {
		return 0, register.Wrongs{{Code: "portion_closed"}}
	}
	if len(astray) == 0 {
		return 0, nil
	}
	how, err := dealingOf(tx, j)
	if err != nil {
		return 0, err
	}
	d, err := a.dealers(tx, who.Org, how)
	if err != nil {
		return 0, err
	}
	for _, p := range astray {
		did, err := a.moveOn(tx, who, d, p)
		if err != nil {
			return 0, err
		}
		if did {
			moved++
		}
	}
	return moved, nil
}

func dealingOf(tx *store.Tx, j judged) (dealing, error) {
	if j.Kind == "access_review" {
		r, err := store.Get[isms.AccessReview](tx, everywhere, j.About)
		return dealingOfReview(r), err
	}
	c, err := store.Get[isms.SpotCheck](tx, everywhere, j.About)
	return dealingOfCheck(c), err
}

// moveOn gives the portion to whoever is to judge its unanswered rows now, and reports whether that is somebody else.
func (a *App) moveOn(tx *store.Tx, who access.Actor, d *dealer, p isms.Portion) (bool, error) {
	answers, err := answersOf(tx, p.ID)
	if err != nil {
		return false, err
	}
	whole, left, err := leftIn(p, answers)
	if err != nil {
		return false, err
	}
	set, err := store.Get[isms.Population](tx, everywhere, string(p.Population))
	if err != nil {
		return false, err
	}
	ask := left
	if len(left) == 0 { // all is answered: somebody is still to hand it in
		ask = whole.Rows
	}
	if err := d.of(&set).rows(ask, nil); err != nil {
		return false, err
	}
	parts := d.deal()
	slices.SortStableFunc(parts, func(x, y dealt) int {
		return cmp.Or(nobodyLast(x, y), len(y.Rows)-len(x.Rows))
	})
	if len(parts) == 0 || parts[0].Reviewer == "" || len(parts) == 1 && parts[0].Reviewer == string(p.Reviewer) {
		return false, nil
	}
	if len(left) == 0 {
		parts = parts[:1]
	}
	apart := map[int64]bool{}
	of := portionOf{string(p.SpotCheck), string(p.Draw), string(p.AccessReview), p.Unit, p.DueOn}
	for _, part := range parts[1:] {
		rows := map[int64]bool{}
		for _, n := range part.Rows {
			rows[n], apart[n] = true, true
		}
		one := whole.only(part.Reviewer, func(n int64) bool { return rows[n] })
		one.Name, one.byUnit = part.Name, part.byUnit
		if _, err := a.makePortions(tx, of, one); err != nil {
			return false, err
		}
	}
	j := judged{Portion: p}
	if string(p.Reviewer) != parts[0].Reviewer {
		j.hand(register.Ref[isms.Person](parts[0].Reviewer), register.Ref[isms.Person](who.Person), a.Today(), p.Note)
	}
	j.ByUnit = register.Ref[isms.Unit](parts[0].byUnit)
	if err := whole.only(whole.Reviewer, func(n int64) bool { return !apart[n] }).fill(&j.Portion); err != nil {
		return false, err
	}
	if err := revokeLinks(tx, p.ID, a.Today()); err != nil {
		return false, err
	}
	return true, a.putPortion(tx, j)
}

func nobodyLast(x, y dealt) int {
	switch {
	case x.Reviewer == "" && y.Reviewer != "":
		return 1
	case x.Reviewer != "" && y.Reviewer == "":
		return -1
	}
	return 0
}

// leftIn is the portion as it was dealt, and its rows without an answer.
func leftIn(p isms.Portion, answers map[int64]rowAnswer) (whole dealt, left []int64, err error) {
	whole = dealt{Name: p.Name, Reviewer: string(p.Reviewer), Population: string(p.Population)}
	if whole.Rows, err = rowsIn(p.Rows); err != nil {
		return whole, nil, err
	}
	if whole.Chosen, err = rowsIn(p.Chosen); err != nil {
		return whole, nil, err
	}
	if whole.Marks, err = marksIn(p); err != nil {
		return whole, nil, err
	}
	for _, n := range whole.Rows {
		if _, has := answers[n]; !has {
			left = append(left, n)
		}
	}
	return whole, left, nil
}
