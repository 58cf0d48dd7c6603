// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// FreezeDraw freezes what the check is drawn from. An imported set that is checked whole stands as it is once its rows have been
// read and found to be what they were; a part of one, or records, are written as a set of their own. How the sample is divided is settled with the rows.
func (a *App) FreezeDraw(ctx context.Context, who access.Actor, e Entry, key string) error {
	var c isms.SpotCheck
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		if c, err = a.workOn(ctx, tx, who, e, isms.SpotCheckCommitted); err != nil {
			return err
		}
		_, err = currentDraw(tx, c.ID)
		return err
	})
	if err != nil {
		return a.doneBefore(ctx, who, key, []any{"freeze draw", e}, err)
	}
	f := freezing{app: a, ctx: ctx, who: who, check: c}
	if err := f.freeze(); err != nil {
		return errors.Join(err, f.drop())
	}
	kept := false
	_, err = a.once(ctx, who, key, []any{"freeze draw", e}, func(tx *store.Tx) (string, error) {
		kept = false
		c, err := a.workOn(ctx, tx, who, e, isms.SpotCheckCommitted)
		if err != nil {
			return "", err
		}
		d, err := currentDraw(tx, c.ID)
		if err != nil {
			return "", err
		}
		if err := f.keep(tx, c, d); err != nil {
			return "", err
		}
		c.State = isms.SpotCheckFrozen
		kept = true
		return c.ID, tx.Put(&c)
	})
	if err != nil || !kept {
		return errors.Join(err, f.drop())
	}
	a.Log.InfoContext(ctx, "frozen", "org", who.Org, "who", signature(who), "spot_check", c.ID, "rows", f.set.Rows)
	return nil
}

// doneBefore lets a form that is sent twice succeed twice: the state that the act asks for is gone once it has been done.
func (a *App) doneBefore(ctx context.Context, who access.Actor, key string, asked any, refused error) error {
	if key == "" || !errors.As(refused, new(register.Wrongs)) && !errors.Is(refused, isms.ErrStale) {
		return refused
	}
	_, err := a.once(ctx, who, key, asked, func(*store.Tx) (string, error) { return "", refused })
	return err
}

// A freezing is a population on its way to be frozen.
type freezing struct {
	app    *App
	ctx    context.Context
	who    access.Actor
	check  isms.SpotCheck
	source *checkSource
	made   string // the id of the set that was written, "" where the imported one stands
	set    store.Set
	rows   countedRows
	plan   SamplePlan
}

func (f *freezing) freeze() error {
	err := f.app.openView(f.ctx, f.who, func(tx *store.Tx) (err error) {
		if f.source, err = f.app.sourceOf(tx, f.who, f.check); err != nil {
			return err
		}
		if f.source.asItIs() {
			return nil
		}
		return f.write()
	})
	if err == nil && f.source.asItIs() {
		err = f.verify()
	}
	if err != nil {
		return err
	}
	if f.plan, err = sizeOf(f.check, f.rows.rows); err != nil {
		return err
	}
	return f.plan.divide(f.check, f.rows.strata())
}

// verify reads the whole imported set and counts it.
func (f *freezing) verify() error {
	p := f.source.set
	var err error
	if f.set, err = f.app.verifiedSet(f.ctx, f.who.Org, p.ID, p.Rows, p.SHA256); err != nil {
		return err
	}
	return f.app.DB.View(f.ctx, f.who.Org, func(tx *store.Tx) error {
		f.source.tx = tx
		f.rows, err = f.source.count(f.ctx, f.check.Stratify)
		return err
	})
}

// verifiedSet reads the set and holds it to what was written down of it. Error: register.Wrongs with the code population_edited.
func (a *App) verifiedSet(ctx context.Context, org, id string, rows register.Count, sha string) (store.Set, error) {
	set, err := a.DB.VerifySet(ctx, org, id)
	n, known := rows.Known()
	if errors.As(err, new(*store.ErrCorrupt)) || errors.Is(err, isms.ErrNotFound) || err == nil && (set.SHA256 != sha || !known || int64(n) != set.Rows) {
		a.Log.ErrorContext(ctx, "the rows are not what they were", "org", org, "population", id, "error", err)
		return set, register.Wrongs{{Code: "population_edited"}}
	}
	return set, err
}

// write writes the rows as a set of their own, while other acts go on.
func (f *freezing) write() error {
	s := f.source
	column := -1
	if f.check.Stratify != "" {
		column, _ = s.column(f.check.Stratify)
	}
	id := register.NewID()
	w, err := f.app.DB.WriteSet(f.ctx, f.who.Org, id, s.columns)
	if err != nil {
		return setError(err)
	}
	f.made = id
	err = s.each(func(cells []string) error {
		if err := f.rows.add(cells, column); err != nil {
			return err
		}
		return w.Add(cells)
	})
	if err == nil && f.rows.rows == 0 {
		err = register.Wrongs{{Field: "choice", Code: "population_empty"}}
	}
	if err == nil {
		f.set, err = w.Close()
	}
	if err != nil {
		return errors.Join(setError(err), w.Drop())
	}
	return nil
}

// drop takes away the set that was written and is not to be kept.
func (f *freezing) drop() error {
	if f.made == "" {
		return nil
	}
	return f.app.DB.DropSet(context.WithoutCancel(f.ctx), f.who.Org, f.made)
}

// keep notes the frozen rows.
func (f *freezing) keep(tx *store.Tx, c isms.SpotCheck, d isms.Draw) error {
	population := f.made
	if population == "" {
		population = f.source.set.ID
	} else if err := f.note(tx, c, d); err != nil {
		return err
	}
	d.Population, d.Rows, d.SHA256, d.FrozenAt = register.Ref[isms.Population](population), register.CountOf(int(f.set.Rows)), f.set.SHA256, tx.Now()
	if err := setStrata(&d, f.plan.Strata); err != nil {
		return err
	}
	return tx.Put(&d)
}

// note makes the record of the set that was written.
func (f *freezing) note(tx *store.Tx, c isms.SpotCheck, d isms.Draw) error {
	columns, err := json.Marshal(f.source.columns)
	if err != nil {
		return err
	}
	meaning, err := json.Marshal(f.source.meaning)
	if err != nil {
		return err
	}
	p := isms.Population{Name: cut(c.Name, 140) + " (" + strconv.Itoa(d.Number) + ")", Kind: isms.OtherRows, Day: f.source.day, Source: cut(f.source.name, 120),
		Definition: c.Definition, Rows: register.CountOf(int(f.set.Rows)), Columns: string(columns), Meaning: string(meaning), SHA256: f.set.SHA256,
		ImportedOn: tx.Now().Day()}
	if from := f.source.set; from != nil {
		p.Kind, p.System = from.Kind, from.System
	}
	p.ID, p.Unit = f.made, c.Unit
	if wrong := register.Check(&p); len(wrong) > 0 {
		return register.Wrongs(wrong)
	}
	return tx.Put(&p)
}

func setStrata(d *isms.Draw, strata []DrawnStratum) error {
	text, err := json.Marshal(strata)
	if err != nil {
		return err
	}
	d.Strata = string(text)
	if wrong := register.Check(d); len(wrong) > 0 {
		return register.Wrongs{{Field: "stratify", Code: "many_strata", Args: []any{maxStrata}}}
	}
	return nil
}
