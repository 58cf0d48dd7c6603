// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"maps"
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
	return out, t.coverTitles(tb, out)
}

// coverTitles makes the titles anew of records whose titles are made from something marked.
func (t *Tx) coverTitles(tb *table, titles map[string]string) error {
	if t.veil == nil || t.veil.off || len(titles) == 0 {
		return nil
	}
	marks, err := t.SecretParts(tb.Schema, slices.Collect(maps.Keys(titles)))
	if err != nil {
		return err
	}
	for id, on := range marks {
		fields := hidden(tb.Schema, on)
		if _, named := titles[id]; !named || !slices.ContainsFunc(titleFields(tb.Schema), func(name string) bool { _, secret := fields[name]; return secret }) {
			continue
		}
		rec, err := t.Get(tb.Schema, register.In{All: true}, id)
		if err != nil {
			return err
		}
		titles[id] = tb.Title(rec)
	}
	return nil
}

// All returns all of a register's records within the scope, retired ones too, by id.
func (t *Tx) All(s *register.Schema, in register.In) ([]register.Entity, error) {
	return t.every(tableOf(s), in, "")
}
