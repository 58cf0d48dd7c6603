// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// DefaultPlaybook stands for the program's own routine where a routine's id is asked for.
const DefaultPlaybook = "default"

// Routine is a written routine with its steps in order. ID is DefaultPlaybook for the program's own, which belongs to no unit.
type Routine struct {
	isms.Playbook
	Steps  []isms.PlaybookStep
	May    RoutineRights
	Titles Titles
}

// RoutineRights is what the actor may do with a routine.
type RoutineRights struct {
	Change bool            // change the routine and its steps, and their order
	Adapt  register.In     // the units that the actor may make a routine for
	See    map[string]bool // the registers that the actor may read in the routine's unit
}

// RoutineRow is a unit and the routine that it uses today.
type RoutineRow struct {
	Unit    isms.Unit
	Routine isms.Playbook // ID is DefaultPlaybook where no routine reaches the unit
	Own     bool          // it is the unit's own
	May     bool          // the actor may make the unit a routine of its own
}

// Routine returns a routine for those who may see it, or the program's own in the language.
func (a *App) Routine(ctx context.Context, who access.Actor, id string, lang locale.Lang) (Routine, error) {
	var r Routine
	_, in, err := a.visible(ctx, who, "playbook")
	if err != nil {
		return r, err
	}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		if id == DefaultPlaybook {
			r.Playbook, r.Steps = isms.DefaultPlaybook(string(lang))
			r.ID = DefaultPlaybook
		} else {
			if r.Playbook, err = store.Get[isms.Playbook](tx, in, id); err != nil {
				return err
			}
			if r.Steps, err = stepsNow(tx, id); err != nil {
				return err
			}
		}
		r.May = RoutineRights{Change: id != DefaultPlaybook && r.Retired == "" && who.May(access.Change, "playbook_step", r.Unit), Adapt: who.In(access.Create, "playbook")}
		r.Titles, err = titles(tx, who, links(&r.Playbook))
		return err
	})
	return r, err
}

// stepsNow are the routine's steps as they are.
func stepsNow(tx *store.Tx, playbook string) ([]isms.PlaybookStep, error) {
	steps, err := store.Linking[isms.PlaybookStep](tx, everywhere, "playbook", []string{playbook})
	slices.SortFunc(steps, isms.BySteps)
	return steps, err
}

// stepsThen are the routine's steps as they were at the moment, so that a loss keeps the routine that it began with. Where the routine was
// written down later than that its steps are those of now.
func stepsThen(tx *store.Tx, playbook string, at register.Moment) ([]isms.PlaybookStep, error) {
	all, err := store.AsOf[isms.PlaybookStep](tx, everywhere, at)
	if err != nil {
		return nil, err
	}
	steps := slices.DeleteFunc(all, func(s isms.PlaybookStep) bool { return string(s.Playbook) != playbook || s.Retired != "" })
	if len(steps) == 0 {
		return stepsNow(tx, playbook)
	}
	slices.SortFunc(steps, isms.BySteps)
	return steps, nil
}

// Routines lists the units whose routines the actor may see, each with the one that it uses today.
func (a *App) Routines(ctx context.Context, who access.Actor, lang locale.Lang) ([]RoutineRow, error) {
	var rows []RoutineRow
	_, in, err := a.visible(ctx, who, "playbook")
	if err != nil {
		return nil, err
	}
	create := who.In(access.Create, "playbook")
	err = a.view(ctx, who, func(tx *store.Tx) error {
		units, err := store.All[isms.Unit](tx, who.In(access.See, "unit"))
		if err != nil {
			return err
		}
		everyUnit, err := store.AllWithRetired[isms.Unit](tx, everywhere)
		if err != nil {
			return err
		}
		all, err := store.All[isms.Playbook](tx, everywhere)
		if err != nil {
			return err
		}
		today := a.Today()
		for _, u := range units {
			if !u.Exists(today) {
				continue
			}
			row := RoutineRow{Unit: u, May: create.Has(u.ID)}
			found := false
			if row.Routine, found = isms.NearestPlaybook(all, append([]string{u.ID}, above(everyUnit, u.ID)...), today); !found {
				row.Routine, _ = isms.DefaultPlaybook(string(lang))
				row.Routine.ID = DefaultPlaybook
			} else if !in.Has(row.Routine.Unit) {
				continue
			}
			row.Own = row.Routine.Unit == u.ID
			rows = append(rows, row)
		}
		return nil
	})
	return rows, err
}

// playbookOn is the routine that the unit uses on the day.
func playbookOn(tx *store.Tx, unit string, on register.Day) (isms.Playbook, bool, error) {
	all, err := store.AllWithRetired[isms.Playbook](tx, everywhere)
	if err != nil {
		return isms.Playbook{}, false, err
	}
	units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	p, found := isms.NearestPlaybook(all, append([]string{unit}, above(units, unit)...), on)
	return p, found, err
}

// AdaptPlaybook makes a routine of the unit's own, as a copy of the one that it uses today, or of the program's own in the language. From
// then on the unit uses the copy; losses that run keep theirs. The copy is no steering document until somebody says which one it is.
func (a *App) AdaptPlaybook(ctx context.Context, who access.Actor, unit string, lang locale.Lang, key string) (string, error) {
	return a.once(ctx, who, key, []any{"adapt playbook", unit, lang}, func(tx *store.Tx) (string, error) {
		u, err := store.Get[isms.Unit](tx, who.In(access.See, "playbook"), unit)
		if err != nil {
			return "", err
		}
		for _, kind := range []string{"playbook", "playbook_step"} {
			if err := a.allow(ctx, who, access.Create, kind, u.ID); err != nil {
				return "", err
			}
		}
		today := a.Today()
		from, found, err := playbookOn(tx, u.ID, today)
		if err != nil {
			return "", err
		}
		if found && from.Unit == u.ID {
			return "", register.Wrongs{{Field: "unit", Code: "playbook_own_exists"}}
		}
		steps := []isms.PlaybookStep(nil)
		if found {
			steps, err = stepsNow(tx, from.ID)
		} else {
			from, steps = isms.DefaultPlaybook(string(lang))
		}
		if err != nil {
			return "", err
		}
		p := isms.Playbook{Name: from.Name, Purpose: from.Purpose, Phone: from.Phone, ValidFrom: today, Owner: register.Ref[isms.Person](who.Person)}
		return a.newPlaybook(tx, who, u.ID, p, steps)
	})
}

// newPlaybook keeps a routine with copies of the steps in the unit.
func (a *App) newPlaybook(tx *store.Tx, who access.Actor, unit string, p isms.Playbook, steps []isms.PlaybookStep) (string, error) {
	p.Record = isms.Record{ID: register.NewID(), Unit: unit}
	if _, err := a.keepWith(tx, who, nil, &p); err != nil {
		return "", err
	}
	for _, s := range steps {
		s.Record = isms.Record{ID: register.NewID(), Unit: unit}
		s.Playbook = register.Ref[isms.Playbook](p.ID)
		if _, err := a.keepWith(tx, who, nil, &s); err != nil {
			return "", err
		}
	}
	return p.ID, nil
}

// StepPlace is where a step is to stand in its routine.
type StepPlace struct {
	ID    string
	Rev   int
	Order int
}

// OrderSteps puts the routine's steps in another order. Steps of another routine are refused, and so is an order that rests on steps as
// they were before somebody else changed them.
func (a *App) OrderSteps(ctx context.Context, who access.Actor, playbook string, places []StepPlace, key string) error {
	_, err := a.once(ctx, who, key, []any{"order steps", playbook, places}, func(tx *store.Tx) (string, error) {
		p, err := store.Get[isms.Playbook](tx, who.In(access.See, "playbook"), playbook)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Change, "playbook_step", p.Unit); err != nil {
			return "", err
		}
		steps, err := stepsNow(tx, playbook)
		if err != nil {
			return "", err
		}
		for _, place := range places {
			i := slices.IndexFunc(steps, func(s isms.PlaybookStep) bool { return s.ID == place.ID })
			if i < 0 {
				return "", isms.ErrNotFound
			}
			if place.Rev != steps[i].Rev {
				return "", isms.ErrStale
			}
			if place.Order < 0 || place.Order > 9999 {
				return "", register.Wrongs{{Field: "order", Code: "step_order_number"}}
			}
			was, is := steps[i], steps[i]
			if is.Order = place.Order; is.Order == was.Order {
				continue
			}
			if err := a.allow(ctx, who, access.Change, "playbook_step", is.Unit); err != nil {
				return "", err
			}
			if _, err := a.keepWith(tx, who, &was, &is); err != nil {
				return "", err
			}
		}
		return playbook, nil
	})
	return err
}
