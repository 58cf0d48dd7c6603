// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"fmt"
	"strings"
	"sync"

	"ledsyn/isms"
	"ledsyn/register"
)

// A table is a register's table with its statements, made from the struct once. Only names that come from
// structs are ever written into SQL.
//
// Columns: org, the head's id, unit, rev, retired, one for each field that is not Links, and what the store
// derives from a record so that both engines sort and search alike:
//
//	__title       what the record is called
//	__title_sort  the title's key in Swedish order
//	__find        the texts that the free-text search looks in, folded
//	NAME__sort    the key in Swedish order, for a listed text; for a listed choice, its place among the choices
//
// Links are no foreign keys in SQL: where nothing may be null, "points at nothing" is the empty text, which no
// row answers to. Put itself checks that what a record points at is there, and nothing is ever deleted.
//
// No register has a field with two underscores, so the names cannot meet.
type table struct {
	*register.Schema
	name    string           // quoted
	columns []register.Field // the fields that are columns
	links   []register.Field // the fields that are links, one or many
	many    bool             // some field is Links
	sorts   []register.Field // the fields with a sort column of their own

	all    string // every column of a record, for reading
	insert string
	update string
}

var tables sync.Map // register's name to *table

// tableOf returns the register's table.
func tableOf(s *register.Schema) *table {
	if t, ok := tables.Load(s.Name); ok && t.(*table).Type == s.Type {
		return t.(*table)
	}
	t := newTable(s)
	tables.Store(s.Name, t)
	return t
}

// tableNamed returns the table of the register of that name, if isms has one.
func tableNamed(kind string) (*table, bool) {
	if t, ok := tables.Load(kind); ok {
		return t.(*table), true
	}
	s, ok := isms.Register(kind)
	if !ok {
		return nil, false
	}
	return tableOf(s), true
}

func newTable(s *register.Schema) *table {
	t := &table{Schema: s, name: quote(s.Name)}
	for _, f := range s.Fields {
		if f.Kind == register.Link || f.Kind == register.Links {
			t.links = append(t.links, f)
		}
		if f.Kind == register.Links {
			t.many = true
			continue
		}
		t.columns = append(t.columns, f)
		if f.Listed && (f.Kind == register.Text || f.Kind == register.Prose || f.Kind == register.Choice) {
			t.sorts = append(t.sorts, f)
		}
	}
	names := []string{`"id"`, `"unit"`, `"rev"`, `"retired"`}
	for _, f := range t.columns {
		names = append(names, quote(f.Name))
	}
	t.all = strings.Join(names, ", ")
	for _, c := range t.derivedColumns() {
		names = append(names, quote(c))
	}
	marks, sets := make([]string, len(names)), make([]string, len(names))
	for i, name := range names {
		marks[i] = fmt.Sprintf("$%d", i+2)
		sets[i] = fmt.Sprintf("%s = $%d", name, i+2)
	}
	t.insert = "insert into " + t.name + " (org, " + strings.Join(names, ", ") + ") values ($1, " +
		strings.Join(marks, ", ") + ") on conflict do nothing"
	t.update = "update " + t.name + " set " + strings.Join(sets[1:], ", ") +
		fmt.Sprintf(" where org = $1 and id = $2 and rev = $%d", len(names)+2)
	return t
}

// quote writes a name of a register or field as SQL does; such names have no quotation marks.
func quote(name string) string { return `"` + name + `"` }

// derivedColumns names the columns that the store makes from a record, in the order of derived.
func (t *table) derivedColumns() []string {
	names := []string{"__title", "__title_sort", "__find"}
	for _, f := range t.sorts {
		names = append(names, f.Name+"__sort")
	}
	return names
}

// derived makes the values of derivedColumns.
func (t *table) derived(rec register.Entity) []any {
	title := t.Title(rec)
	values := []any{title, sortKey(title), t.findText(rec)}
	for _, f := range t.sorts {
		values = append(values, fieldSortKey(f, rec))
	}
	return values
}

// values makes the arguments of insert, and of update when the revision that the record was read at is added.
func (t *table) values(org string, rec register.Entity) []any {
	h := rec.Head()
	args := []any{org, h.ID, h.Unit, int64(h.Rev), string(h.Retired)}
	for _, f := range t.columns {
		args = append(args, f.Value(rec))
	}
	return append(args, t.derived(rec)...)
}

// scan reads a record from a row of t.all and whatever follows it in the row. Its Links are not in the row.
func (t *table) scan(scan func(...any) error, more ...any) (register.Entity, error) {
	rec := t.New()
	h := rec.Head()
	cells := make([]any, len(t.columns))
	into := []any{&h.ID, &h.Unit, &h.Rev, &h.Retired}
	for i := range cells {
		into = append(into, &cells[i])
	}
	if err := scan(append(into, more...)...); err != nil {
		return nil, err
	}
	for i, f := range t.columns {
		if err := f.SetValue(rec, cells[i]); err != nil {
			return nil, fmt.Errorf("store: %s %s: %w", t.Name, h.ID, err)
		}
	}
	return rec, nil
}
