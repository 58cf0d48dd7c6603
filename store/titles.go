// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"slices"

	"ledsyn/register"
)

// TitlesIn is Titles of the records within the scope: those outside it are left out as if they did not exist.
func (t *Tx) TitlesIn(kind string, in register.In, ids []string) (map[string]string, error) {
	out := map[string]string{}
	tb, ok := tableNamed(kind)
	if !ok || len(ids) == 0 {
		return out, nil
	}
	for part := range slices.Chunk(ids, maxPage) {
		args := argList{t.org}
		where := scoped(in, &args)
		err := t.each(`select r.id, r."__title" from `+tb.name+` r where `+where+` and r.id in (`+args.marks(part)+`)`, args,
			func(scan func(...any) error) error {
				var id, title string
				err := scan(&id, &title)
				out[id] = title
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// All returns all of a register's records within the scope, retired ones too, by id.
func (t *Tx) All(s *register.Schema, in register.In) ([]register.Entity, error) {
	return t.every(tableOf(s), in, "")
}
