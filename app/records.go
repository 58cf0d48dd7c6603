// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"
	"unicode/utf8"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// Titles names records for people, by register and id. A record that the actor may not see has no title here, though
// others link to it.
type Titles map[string]map[string]string

// Of returns the record's title, or "" if it may not be seen.
func (t Titles) Of(kind, id string) string { return t[kind][id] }

// Table is one page of a register.
type Table struct {
	Schema *register.Schema
	store.Page
	Titles   Titles   // of the records that these link to, and of their units
	CreateIn []string // the units in which the actor may make new records
}

// List returns a page of the register: the records that the actor may see and that q asks for. A filter on "unit" holds
// for the unit and all units below it. It is isms.ErrNotFound where the actor may see no record of the register anywhere.
func (a *App) List(ctx context.Context, who access.Actor, kind string, q store.Query) (Table, error) {
	s, in, err := a.visible(ctx, who, kind)
	if err != nil {
		return Table{}, err
	}
	if wrong := checkQuery(s, q); wrong != nil {
		return Table{}, wrong
	}
	t := Table{Schema: s, CreateIn: who.In(access.Create, kind).Units}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		in, q, err := withinUnit(tx, in, q)
		if err != nil {
			return err
		}
		if t.Page, err = tx.List(s, in, q); err != nil {
			return err
		}
		t.Titles, err = titles(tx, who, links(t.Records...))
		return err
	})
	return t, err
}

// visible returns the register and the units in which the actor may see its records.
func (a *App) visible(ctx context.Context, who access.Actor, kind string) (*register.Schema, register.In, error) {
	s, err := schema(kind)
	if err != nil {
		return nil, register.In{}, err
	}
	in := who.In(access.See, kind)
	if !in.All && len(in.Units) == 0 {
		return nil, in, a.allow(ctx, who, access.See, kind, "")
	}
	return s, in, nil
}

// checkQuery reports what no page of ours would ask for.
func checkQuery(s *register.Schema, q store.Query) error {
	var wrong register.Wrongs
	if n := utf8.RuneCountInString(q.Search); n > 200 {
		wrong = append(wrong, register.Wrong{Field: "search", Code: "long", Args: []any{200, n}})
	}
	if !utf8.ValidString(q.Search) {
		wrong = append(wrong, register.Wrong{Field: "search", Code: "utf8"})
	}
	if len(q.After) > 2000 {
		wrong = append(wrong, register.Wrong{Field: "after", Code: "long", Args: []any{2000, len(q.After)}})
	}
	for name, values := range q.Where {
		_, ok := s.Field(name)
		if !ok && name != "unit" {
			wrong = append(wrong, register.Wrong{Field: name, Code: "unknown_field"})
		}
		if len(values) > 100 {
			wrong = append(wrong, register.Wrong{Field: name, Code: "many", Args: []any{100}})
		}
	}
	if _, ok := s.Field(q.Sort); q.Sort != "" && !ok {
		wrong = append(wrong, register.Wrong{Field: q.Sort, Code: "unknown_field"})
	}
	if wrong != nil {
		return wrong
	}
	return nil
}

// withinUnit narrows the scope to the units that the query's filter names and those below them.
func withinUnit(tx *store.Tx, in register.In, q store.Query) (register.In, store.Query, error) {
	wanted, ok := q.Where["unit"]
	if !ok {
		return in, q, nil
	}
	units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	if err != nil {
		return in, q, err
	}
	narrow := register.In{}
	for _, root := range wanted {
		for _, unit := range subtree(units, root) {
			if in.Has(unit) && !slices.Contains(narrow.Units, unit) {
				narrow.Units = append(narrow.Units, unit)
			}
		}
	}
	where := map[string][]string{}
	for name, values := range q.Where {
		if name != "unit" {
			where[name] = values
		}
	}
	q.Where = where
	return narrow, q, nil
}

// Record is one record with what a reader of it needs.
type Record struct {
	Schema *register.Schema
	Entity register.Entity
	Title  string
	Titles Titles             // of the records that it links to, those that link to it, and its unit
	Back   []Back             // who links to it, by register and field
	May    Rights             // what the actor may do with it
	Frozen bool               // it belongs to a decided review
	Marks  []isms.SecrecyMark // that hold on it today, for everybody: a mark is a warning
}

// Rights is what an actor may do with a record as it is.
type Rights struct{ Change, Retire, Decide, Publish, History bool }

func rights(who access.Actor, kind, unit string, frozen bool) Rights {
	return Rights{
		Change:  who.May(access.Change, kind, unit) && !frozen,
		Retire:  who.May(access.Retire, kind, unit) && !frozen,
		Decide:  who.May(access.Decide, kind, unit) && !frozen,
		Publish: who.May(access.Publish, kind, unit),
		History: who.May(access.SeeHistory, kind, unit),
	}
}

// Back is the records of one register that link to a record by one field.
type Back struct {
	Kind  string
	Field string
	IDs   []string // their titles are in the record's Titles
}

// Get returns the record with the links in both directions, as far as the actor may see them.
func (a *App) Get(ctx context.Context, who access.Actor, kind, id string) (Record, error) {
	s, in, err := a.visible(ctx, who, kind)
	if err != nil {
		return Record{}, err
	}
	r := Record{Schema: s}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		if r.Entity, err = tx.Get(s, in, id); err != nil {
			return err
		}
		r.Title = s.Title(r.Entity)
		wanted := links(r.Entity)
		if r.Marks, err = standingMarks(tx, r.Entity); err != nil {
			return err
		}
		for _, m := range r.Marks {
			wanted.add("person", string(m.MarkedBy))
		}
		if r.Back, err = backlinks(tx, who, kind, id); err != nil {
			return err
		}
		for _, b := range r.Back {
			for _, id := range b.IDs {
				wanted.add(b.Kind, id)
			}
		}
		if r.Frozen, err = frozen(one(tx), r.Entity); err != nil {
			return err
		}
		r.Titles, err = titles(tx, who, wanted)
		return err
	})
	if err != nil {
		return Record{}, err
	}
	r.May = rights(who, kind, r.Entity.Head().Unit, r.Frozen)
	return r, nil
}

func backlinks(tx *store.Tx, who access.Actor, kind, id string) ([]Back, error) {
	found, err := tx.Backlinks(kind, id, func(kind string) register.In { return who.In(access.See, kind) })
	if err != nil {
		return nil, err
	}
	var back []Back
	for _, f := range found {
		i := slices.IndexFunc(back, func(b Back) bool { return b.Kind == f.Kind && b.Field == f.Field })
		if i < 0 {
			i = len(back)
			back = append(back, Back{Kind: f.Kind, Field: f.Field})
		}
		back[i].IDs = append(back[i].IDs, f.ID)
	}
	return back, nil
}

// wanted is the records whose titles are wanted: by register, their ids.
type wanted map[string][]string

func (w wanted) add(kind string, ids ...string) {
	for _, id := range ids {
		if id != "" && !slices.Contains(w[kind], id) {
			w[kind] = append(w[kind], id)
		}
	}
}

// links lists what the records link to, with the units they belong to.
func links(records ...register.Entity) wanted {
	w := wanted{}
	for _, rec := range records {
		w.add("unit", rec.Head().Unit)
		for _, f := range register.OfValue(rec).Fields {
			if f.Target != "" {
				w.add(f.Target, f.IDs(rec)...)
			}
		}
	}
	return w
}

// titles names the wanted records that the actor may see, and the persons among them always: whoever may see a record
// may see whom it names, though the person belongs to another unit.
func titles(tx *store.Tx, who access.Actor, w wanted) (Titles, error) {
	t := Titles{}
	for kind, ids := range w {
		in := who.In(access.See, kind)
		if kind == "person" {
			in = everywhere
		}
		named, err := tx.TitlesIn(kind, in, ids)
		if err != nil {
			return nil, err
		}
		t[kind] = named
	}
	return t, nil
}

// Option is a record that a field can link to.
type Option struct{ ID, Title, Unit string }

// Options lists at most 50 records of the register that the actor may see and that the search finds, in order of title,
// for a field that links to one; more tells that there are others.
func (a *App) Options(ctx context.Context, who access.Actor, kind, search string) (list []Option, more bool, err error) {
	s, in, err := a.visible(ctx, who, kind)
	if err != nil {
		return nil, false, err
	}
	q := store.Query{Search: search, Limit: 50, Glance: true}
	if wrong := checkQuery(s, q); wrong != nil {
		return nil, false, wrong
	}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		page, err := tx.List(s, in, q)
		for _, rec := range page.Records {
			list = append(list, Option{rec.Head().ID, s.Title(rec), rec.Head().Unit})
		}
		more = page.Next != ""
		return err
	})
	return list, more, err
}

// Names gives the titles of those of the register's records that the actor may see.
func (a *App) Names(ctx context.Context, who access.Actor, kind string, ids []string) (map[string]string, error) {
	if _, err := schema(kind); err != nil {
		return nil, err
	}
	var named Titles
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		named, err = titles(tx, who, wanted{kind: ids})
		return err
	})
	return named[kind], err
}
