// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"slices"

	"ledsyn/register"
)

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
	seen := map[string]bool{}
	for part := range slices.Chunk(links, maxPage) {
		args := argList{t.org}
		where := scoped(in, &args)
		ids := make([]string, len(part))
		for i, b := range part {
			ids[i] = b.ID
		}
		err := t.each(`select id from `+tb.name+` r where `+where+` and id in (`+args.marks(ids)+`)`, args,
			func(scan func(...any) error) error {
				var id string
				err := scan(&id)
				seen[id] = true
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(links, func(b Backlink) bool { return !seen[b.ID] }), nil
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
	return out, nil
}
