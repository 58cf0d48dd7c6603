// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"maps"
	"slices"

	"ledsyn/register"
)

// complete fills in the records' many-links and covers what their reader may not see. Every record that is read to be handed out
// goes through it.
func (t *Tx) complete(tb *table, recs []register.Entity) error {
	if err := t.readLinks(tb, recs); err != nil {
		return err
	}
	return t.cover(tb, recs)
}

// readLinks fills in the records' many-links.
func (t *Tx) readLinks(tb *table, recs []register.Entity) error {
	if !tb.many || len(recs) == 0 {
		return nil
	}
	links, err := t.links(tb.Name, recs)
	if err != nil {
		return err
	}
	for _, rec := range recs {
		for _, f := range tb.links {
			if ids := links[linkOf{rec.Head().ID, f.Name}]; f.Kind == register.Links && len(ids) > 0 {
				f.SetIDs(rec, ids)
			}
		}
	}
	return nil
}

type linkOf struct{ id, field string }

// links reads what the records point at: by their ids when they are few, else all of the register's.
func (t *Tx) links(kind string, recs []register.Entity) (map[linkOf][]string, error) {
	args := argList{t.org, kind}
	where := `org = $1 and kind = $2`
	if len(recs) <= maxPage {
		ids := make([]string, len(recs))
		for i, rec := range recs {
			ids[i] = rec.Head().ID
		}
		where += ` and id in (` + args.marks(ids) + `)`
	}
	out := map[linkOf][]string{}
	err := t.each(`select id, field, target from link where `+where+` order by id, field, pos`, args,
		func(scan func(...any) error) error {
			var l linkOf
			var target string
			err := scan(&l.id, &l.field, &target)
			out[l] = append(out[l], target)
			return err
		})
	return out, err
}

// Backlink is a record that points at another.
type Backlink struct {
	Kind, ID string
	Field    string // the field of that record that points
}

// Backlinks lists the records that point at the record, by register, id and field. in gives the scope for each
// register; records outside it are not shown.
func (t *Tx) Backlinks(kind, id string, in func(kind string) register.In) ([]Backlink, error) {
	byKind := map[string][]Backlink{}
	var kinds []string
	err := t.each(`select distinct kind, id, field from link where org = $1 and target_kind = $2 and target = $3
		order by kind, id, field`, []any{t.org, kind, id}, func(scan func(...any) error) error {
		var b Backlink
		err := scan(&b.Kind, &b.ID, &b.Field)
		if byKind[b.Kind] == nil {
			kinds = append(kinds, b.Kind)
		}
		byKind[b.Kind] = append(byKind[b.Kind], b)
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []Backlink
	for _, k := range kinds {
		seen, err := t.within(k, byKind[k], in(k))
		if err != nil {
			return nil, err
		}
		out = append(out, seen...)
	}
	return out, nil
}

// within keeps the links whose record is within the scope.
func (t *Tx) within(kind string, links []Backlink, in register.In) ([]Backlink, error) {
	tb, ok := tableNamed(kind)
	if !ok {
		return nil, nil
	}
	seen, units := map[string]bool{}, map[string]string{}
	for part := range slices.Chunk(links, maxPage) {
		args := argList{t.org}
		where := scoped(in, &args)
		ids := make([]string, len(part))
		for i, b := range part {
			ids[i] = b.ID
		}
		err := t.each(`select id, unit from `+tb.name+` r where `+where+` and id in (`+args.marks(ids)+`)`, args,
			func(scan func(...any) error) error {
				var id, unit string
				err := scan(&id, &unit)
				seen[id], units[id] = true, unit
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	links = slices.DeleteFunc(links, func(b Backlink) bool { return !seen[b.ID] })
	return t.openLinks(tb, links, units)
}

// openLinks leaves out the links by fields that the reader may not see.
func (t *Tx) openLinks(tb *table, links []Backlink, units map[string]string) ([]Backlink, error) {
	v := t.veil
	if v == nil || v.off {
		return links, nil
	}
	marks, err := t.SecretParts(tb.Schema, slices.Collect(maps.Keys(units)))
	if err != nil || marks == nil {
		return links, err
	}
	in := v.scope(tb.Name)
	return slices.DeleteFunc(links, func(b Backlink) bool {
		_, secret := hidden(tb.Schema, marks[b.ID])[b.Field]
		return secret && !in.Has(units[b.ID])
	}), nil
}

// Titles returns what the records are called, for showing links: a link that may be seen shows its target's
// title even where the target itself may not be opened. Ids that do not exist are left out.
func (t *Tx) Titles(kind string, ids []string) (map[string]string, error) {
	out := map[string]string{}
	tb, ok := tableNamed(kind)
	if !ok || len(ids) == 0 {
		return out, nil
	}
	for part := range slices.Chunk(ids, maxPage) {
		args := argList{t.org}
		err := t.each(`select id, "__title" from `+tb.name+` where org = $1 and id in (`+args.marks(part)+`)`, args,
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
