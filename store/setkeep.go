// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
)

// VerifySet reads the whole set, reckons its SHA-256 anew and returns what it found. *ErrCorrupt ("set") says that the set is not what it
// was when it was closed, isms.ErrNotFound that there is none. That it is what the journal knows, only Verify can say.
func (db *DB) VerifySet(ctx context.Context, org, id string) (Set, error) {
	var s Set
	err := db.View(ctx, org, func(t *Tx) (err error) {
		s, err = t.verifySet(id)
		return err
	})
	return s, err
}

func (t *Tx) verifySet(id string) (Set, error) {
	r, err := t.readSet(id)
	if err != nil {
		return Set{}, err
	}
	r.strict = true
	h := newSetHash()
	h.add(r.set.Columns)
	err = r.each(func(_ int64, cells []string) error {
		h.add(cells)
		return nil
	})
	if err != nil {
		return Set{}, err
	}
	if h.sum() != r.set.SHA256 {
		return Set{}, corruptSet(id)
	}
	return r.set, nil
}

// sets holds the rows of every population that has not been disposed of to its record.
func (v *verifier) sets() error {
	populations, err := AllWithRetired[isms.Population](v.t, register.In{All: true})
	if err != nil {
		return err
	}
	for _, p := range populations {
		if p.DisposedOn != "" {
			continue
		}
		s, err := v.t.verifySet(p.ID)
		var corrupt *ErrCorrupt
		if err != nil && !errors.Is(err, isms.ErrNotFound) && !errors.As(err, &corrupt) {
			return err
		}
		rows, known := p.Rows.Known()
		if err != nil || s.SHA256 != p.SHA256 || !known || int64(rows) != s.Rows {
			var seq int64
			if _, err := v.t.one(`select max(seq) from journal where org = $1 and kind = 'population' and id = $2 and act in `+recordActs,
				[]any{v.t.org, p.ID}, &seq); err != nil {
				return err
			}
			return &ErrCorrupt{seq, "population", p.ID, CorruptSet}
		}
		v.report.Sets++
	}
	return nil
}

// kept is true, in SQL, of a set s whose population has not been disposed of.
const kept = `exists (select 1 from population p where p.org = s.org and p.id = s.id and p.disposed_on = '')`

// DropSet removes the rows of a set whose Population has been disposed of or was never kept. There being none is no error. Error: ErrSetKept.
func (db *DB) DropSet(ctx context.Context, org, id string) error {
	err := db.change(ctx, func(t *Tx) error {
		n, err := t.exec(`update row_set as s set sha256 = '' where s.org = $1 and s.id = $2 and not `+kept, org, id)
		if err != nil || n > 0 {
			return err
		}
		var found string
		held, err := t.one(`select id from row_set where org = $1 and id = $2`, []any{org, id}, &found)
		if err == nil && held {
			err = fmt.Errorf("%w: %s", ErrSetKept, id)
		}
		return err
	})
	if err != nil {
		return err
	}
	return db.dropSet(ctx, org, id)
}

// SweepSets removes the organisation's sets that were begun before the moment and have no Population, as a program that was stopped leaves
// them, and those whose Population has been disposed of. It returns how many they were. A set that is being written, or waits for its
// Population, has none either: before must be longer ago than that takes.
func (db *DB) SweepSets(ctx context.Context, org string, before register.Moment) (int, error) {
	var ids []string
	err := db.View(ctx, org, func(t *Tx) error {
		return t.each(`select s.id from row_set s where s.org = $1 and s.made < $2 and not `+kept+` order by s.id`,
			[]any{org, string(before)}, func(scan func(...any) error) error {
				var id string
				err := scan(&id)
				ids = append(ids, id)
				return err
			})
	})
	if err != nil {
		return 0, err
	}
	n := 0
	for _, id := range ids {
		switch err := db.DropSet(ctx, org, id); {
		case errors.Is(err, ErrSetKept): // its population has come since
		case err != nil:
			return n, err
		default:
			n++
		}
	}
	return n, nil
}

// droppedColumns is how many columns are dropped in one transaction: other acts wait for it.
const droppedColumns = 8

// dropSet removes the set, kept or not, in several short transactions. First it is no longer closed, so that nobody sees a part of it; its own
// row goes last, so that a sweep finds what is left if this is cut short.
func (db *DB) dropSet(ctx context.Context, org, id string) error {
	if err := db.drop(ctx, `update row_set set sha256 = '' where org = $1 and id = $2`, org, id); err != nil {
		return err
	}
	var cols []int
	err := db.View(ctx, org, func(t *Tx) error {
		return t.each(`select distinct col from row_set_block where org = $1 and id = $2`, []any{org, id}, func(scan func(...any) error) error {
			var col int
			err := scan(&col)
			cols = append(cols, col)
			return err
		})
	})
	if err != nil {
		return err
	}
	slices.Sort(cols)
	for part := range slices.Chunk(cols, droppedColumns) {
		err := db.change(ctx, func(t *Tx) error { return t.dropColumns(org, id, part[0], part[len(part)-1]) })
		if err != nil {
			return err
		}
	}
	return db.change(ctx, func(t *Tx) error {
		// The set's own row first: a writer that still holds it writes no more.
		if _, err := t.exec(`delete from row_set where org = $1 and id = $2`, org, id); err != nil {
			return err
		}
		return t.dropColumns(org, id, 0, MaxSetColumns)
	})
}

func (t *Tx) dropColumns(org, id string, from, to int) error {
	for _, table := range []string{"row_set_block", "row_set_text"} {
		_, err := t.exec(`delete from `+table+` where org = $1 and id = $2 and col >= $3 and col <= $4`, org, id, from, to)
		if err != nil {
			return err
		}
	}
	return nil
}
