// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"fmt"

	"ledsyn/isms"
	"ledsyn/register"
)

// Since hands f every entry after the given number that keeps a record of one of the registers, in the journal's order:
// what somebody who knew the records then needs to know them now.
func (t *Tx) Since(seq int64, kinds []string, f func(Entry) error) error {
	if len(kinds) == 0 {
		return nil // PostgreSQL knows no empty list
	}
	args := argList{t.org}
	where := `org = $1 and seq > ` + args.mark(seq) + ` and kind in (` + args.marks(kinds) + `) and act in ` + recordActs
	return t.entries(where, args, f)
}

// EntriesBetween hands f every entry from the one number to the other, both included, that keeps a record of any register, in the
// journal's order. f cannot run statements of its own.
func (t *Tx) EntriesBetween(from, to int64, f func(Entry) error) error {
	return t.entries(`org = $1 and seq >= $2 and seq <= $3 and act in `+recordActs, []any{t.org, from, to}, f)
}

// Before returns the record as its latest entry before the given number says. isms.ErrNotFound says that there was none, that it
// was outside the scope then, or that what it was has been erased by law.
func (t *Tx) Before(s *register.Schema, in register.In, id string, seq int64) (register.Entity, error) {
	var rec register.Entity
	err := t.entries(`org = $1 and seq = (select max(seq) from journal where org = $1 and kind = $2 and id = $3 and seq < $4
		and act in `+recordActs+`)`, []any{t.org, s.Name, id, seq}, func(e Entry) (err error) {
		if !e.Erased() && in.Has(e.Unit) {
			rec, err = decode(s, e)
		}
		return err
	})
	if err == nil && rec == nil {
		err = fmt.Errorf("%s %s before entry %d: %w", s.Name, id, seq, isms.ErrNotFound)
	}
	return rec, err
}
