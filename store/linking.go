// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"slices"
	"strings"

	"ledsyn/register"
)

// Linking returns the register's records in use that point at any of the given records by the field, by id: what belongs
// to a few records is found without going through all there is.
func Linking[T any](t *Tx, in register.In, field string, targets []string) ([]T, error) {
	tb := tableOf(register.Of[T]())
	f, ok := tb.Field(field)
	if !ok || f.Target == "" {
		return nil, register.Wrongs{{Field: field, Code: "unknown_field"}}
	}
	var recs []register.Entity
	for part := range slices.Chunk(targets, maxPage) {
		args := argList{t.org}
		query := `select ` + tb.all + ` from ` + tb.name + ` r where ` + scoped(in, &args) + ` and r.retired = '' and r.id in (
			select l.id from link l where l.org = ` + args.mark(t.org) + ` and l.target_kind = ` + args.mark(f.Target) +
			` and l.target in (` + args.marks(part) + `) and l.kind = ` + args.mark(tb.Name) + ` and l.field = ` + args.mark(field) + `)`
		err := t.each(query, args, func(scan func(...any) error) error {
			rec, err := tb.scan(scan)
			recs = append(recs, rec)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(recs, func(a, b register.Entity) int { return strings.Compare(a.Head().ID, b.Head().ID) })
	recs = slices.CompactFunc(recs, func(a, b register.Entity) bool { return a.Head().ID == b.Head().ID })
	if err := t.complete(tb, recs); err != nil {
		return nil, err
	}
	recs = slices.DeleteFunc(recs, func(rec register.Entity) bool { // who may not see the link does not find by it
		_, secret := rec.Head().Masks(field)
		return secret
	})
	return valuesOf[T](recs), nil
}
