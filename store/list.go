// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/register"
)

// Query picks and orders records of a register.
type Query struct {
	Search  string              // words that must all be found in the register's Find fields
	Where   map[string][]string // field, or unit: any of the values; "" is not given
	Sort    string              // a listed field, unit, or "" for the title
	Desc    bool
	After   string // Page.Next of the page before
	Limit   int    // 50 if 0, at most 500
	Retired bool   // retired records too
	Glance  bool   // for a list: see Tx.Glance
}

// Page is a part of a list.
type Page struct {
	Records []register.Entity
	Next    string // where the next page begins; "" on the last page
	Total   int    // all that the query picks, on all pages
}

// Limits on what one question may ask.
const (
	maxPage        = 500
	maxSearch      = 200 // characters
	maxSearchWords = 12
	maxValues      = 500 // in one filter
)

// Get returns a record, retired or not. One that is not there or outside the scope is isms.ErrNotFound.
func (t *Tx) Get(s *register.Schema, in register.In, id string) (register.Entity, error) {
	tb := tableOf(s)
	var rec register.Entity
	err := t.each(`select `+tb.all+` from `+tb.name+` where org = $1 and id = $2`, []any{t.org, id},
		func(scan func(...any) error) (err error) {
			rec, err = tb.scan(scan)
			return err
		})
	if err != nil {
		return nil, err
	}
	if rec == nil || !in.Has(rec.Head().Unit) {
		return nil, isms.ErrNotFound
	}
	return rec, t.complete(tb, []register.Entity{rec})
}

// Get returns a record of the register T: see Tx.Get.
func Get[T any](t *Tx, in register.In, id string) (T, error) {
	rec, err := t.Get(register.Of[T](), in, id)
	if err != nil {
		var none T
		return none, err
	}
	return *rec.(any).(*T), nil
}

// All returns the register's records within the scope that are not retired, by id.
func All[T any](t *Tx, in register.In) ([]T, error) {
	return every[T](t, in, ` and retired = ''`)
}

// AllWithRetired returns all the register's records within the scope, by id.
func AllWithRetired[T any](t *Tx, in register.In) ([]T, error) { return every[T](t, in, "") }

func every[T any](t *Tx, in register.In, and string) ([]T, error) {
	recs, err := t.every(tableOf(register.Of[T]()), in, and)
	return valuesOf[T](recs), err
}

// valuesOf copies records out of their pointers.
func valuesOf[T any](recs []register.Entity) []T {
	out := make([]T, len(recs))
	for i, rec := range recs {
		out[i] = *rec.(any).(*T)
	}
	return out
}

func (t *Tx) every(tb *table, in register.In, and string) ([]register.Entity, error) {
	args := argList{t.org}
	var recs []register.Entity
	err := t.each(`select `+tb.all+` from `+tb.name+` r where `+scoped(in, &args)+and+` order by id`, args,
		func(scan func(...any) error) error {
			rec, err := tb.scan(scan)
			recs = append(recs, rec)
			return err
		})
	if err != nil {
		return nil, err
	}
	return recs, t.complete(tb, recs)
}

// scoped is the condition that a row of r is the organisation's, which is $1, and within the scope. The zero
// scope lets nothing through.
func scoped(in register.In, args *argList) string {
	switch {
	case in.All:
		return "r.org = $1"
	case len(in.Units) == 0:
		return "r.org = $1 and 1 = 0"
	}
	return "r.org = $1 and r.unit in (" + args.marks(in.Units) + ")"
}

// List returns a page of the records that the query picks within the scope. A query that names no field of
// the register, or a place that was no Page.Next of the same order, is register.Wrongs.
func (t *Tx) List(s *register.Schema, in register.In, q Query) (Page, error) {
	tb := tableOf(s)
	args := argList{t.org}
	where := scoped(in, &args)
	if !q.Retired {
		where += " and r.retired = ''"
	}
	filters, err := t.filters(tb, q, &args)
	if err != nil {
		return Page{}, err
	}
	where += filters
	var page Page
	if _, err := t.one(`select count(*) from `+tb.name+` r where `+where, args, &page.Total); err != nil {
		return Page{}, err
	}
	key, err := t.sortColumn(tb, q.Sort, &args)
	if err != nil {
		return Page{}, err
	}
	order, than := " asc", " > "
	if q.Desc {
		order, than = " desc", " < "
	}
	if q.After != "" {
		c, err := readCursor(q)
		if err != nil {
			return Page{}, err
		}
		where += " and (" + key + ", r.id)" + than + "(" + args.mark(c.Value) + ", " + args.mark(c.ID) + ")"
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, maxPage)
	var last any
	more := false
	err = t.each(`select `+tb.all+`, `+key+` from `+tb.name+` r where `+where+` order by `+key+order+`, r.id`+order+
		` limit `+args.mark(int64(limit+1)), args, func(scan func(...any) error) error {
		var value any
		rec, err := tb.scan(scan, &value)
		if len(page.Records) == limit {
			more = true
			return err
		}
		last = value
		page.Records = append(page.Records, rec)
		return err
	})
	if err != nil {
		return Page{}, err
	}
	if more {
		page.Next = cursor{q.Sort, q.Desc, last, page.Records[limit-1].Head().ID}.String()
	}
	finish := func() error { return t.complete(tb, page.Records) }
	if q.Glance {
		return page, t.Glance(finish)
	}
	return page, finish()
}

// filters is the condition of the query's search and filters.
func (t *Tx) filters(tb *table, q Query, args *argList) (string, error) {
	var b strings.Builder
	if len([]rune(q.Search)) > maxSearch {
		return "", register.Wrongs{{Field: "search", Code: "long", Args: []any{maxSearch, len([]rune(q.Search))}}}
	}
	patterns := likePatterns(q.Search)
	for _, p := range patterns[:min(len(patterns), maxSearchWords)] {
		b.WriteString(` and r."__find" like ` + args.mark(p) + ` escape '!'`)
	}
	if len(patterns) > 0 {
		if err := t.onlyOpen(&b, tb, tb.finds(), args); err != nil {
			return "", err
		}
	}
	var names []string
	for name, values := range q.Where {
		if len(values) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		condition, err := tb.filter(name, q.Where[name], args)
		if err != nil {
			return "", err
		}
		b.WriteString(" and " + condition)
		if err := t.onlyOpen(&b, tb, []string{name}, args); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// onlyOpen keeps a condition on the fields from finding records by what their reader may not see.
func (t *Tx) onlyOpen(b *strings.Builder, tb *table, fields []string, args *argList) error {
	secret, err := t.hiddenRow("r", tb.Schema, slices.DeleteFunc(fields, func(name string) bool { return name == "unit" }), args)
	if secret != "" {
		b.WriteString(" and not " + secret)
	}
	return err
}

// finds names the fields that the free-text search looks in.
func (t *table) finds() []string {
	var names []string
	for _, f := range t.Fields {
		if f.Find {
			names = append(names, f.Name)
		}
	}
	return names
}

func (t *table) filter(name string, values []string, args *argList) (string, error) {
	if len(values) > maxValues {
		return "", register.Wrongs{{Field: name, Code: "many", Args: []any{maxValues}}}
	}
	if name == "unit" {
		return "r.unit in (" + args.marks(values) + ")", nil
	}
	f, ok := t.Field(name)
	if !ok {
		return "", register.Wrongs{{Field: name, Code: "unknown_field"}}
	}
	if f.Kind == register.Links {
		return linkFilter(f, t.Name, values, args), nil
	}
	marks := make([]string, len(values))
	for i, v := range values {
		probe := t.New() // the field itself knows how its values are written
		if w := f.Set(probe, v); w != nil {
			return "", register.Wrongs{*w}
		}
		marks[i] = args.mark(f.Value(probe))
	}
	return "r." + quote(f.Name) + " in (" + strings.Join(marks, ", ") + ")", nil
}

func linkFilter(f register.Field, kind string, values []string, args *argList) string {
	const links = `exists (select 1 from link l where l.org = r.org and l.id = r.id and l.kind = `
	of := links + args.mark(kind) + " and l.field = " + args.mark(f.Name)
	given := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	var any []string
	if len(given) > 0 {
		any = append(any, of+" and l.target in ("+args.marks(given)+"))")
	}
	if len(given) < len(values) {
		any = append(any, "not "+of+")")
	}
	return "(" + strings.Join(any, " or ") + ")"
}

// sortColumn is what the list is ordered by, in SQL: nothing where the reader may not see it.
func (t *Tx) sortColumn(tb *table, name string, args *argList) (string, error) {
	key, err := tb.sortColumn(name)
	if err != nil || name == "unit" {
		return key, err
	}
	if name == "" {
		return t.openKey("r", tb.Schema, titleFields(tb.Schema), key, "''", args)
	}
	f, _ := tb.Field(name)
	if f.Kind == register.Link {
		target, ok := tableNamed(f.Target)
		if !ok {
			return key, nil
		}
		title, err := t.openKey("x", target.Schema, titleFields(target.Schema), `x."__title_sort"`, "''", args)
		if err != nil {
			return "", err
		}
		key = strings.Replace(key, `x."__title_sort"`, title, 1)
	}
	return t.openKey("r", tb.Schema, []string{name}, key, empty(f), args)
}

// openKey is the key, or the empty one for rows of which the reader may not see the fields.
func (t *Tx) openKey(row string, s *register.Schema, fields []string, key, empty string, args *argList) (string, error) {
	secret, err := t.hiddenRow(row, s, fields, args)
	if secret == "" || err != nil {
		return key, err
	}
	return `case when ` + secret + ` then ` + empty + ` else ` + key + ` end`, nil
}

func (t *table) sortColumn(name string) (string, error) {
	const titleOf = `coalesce((select x."__title_sort" from `
	if name == "" {
		return `r."__title_sort"`, nil
	}
	if name == "unit" {
		return titleOf + `"unit" x where x.org = r.org and x.id = r.unit), '')`, nil
	}
	f, ok := t.Field(name)
	switch {
	case !ok || !f.Listed || f.Kind == register.Links:
		return "", register.Wrongs{{Field: "sort", Code: "unknown_field", Args: []any{name}}}
	case f.Kind == register.Link:
		return titleOf + quote(f.Target) + ` x where x.org = r.org and x.id = r.` + quote(f.Name) + `), '')`, nil
	case slices.ContainsFunc(t.sorts, func(s register.Field) bool { return s.Name == name }):
		return `r.` + quote(name+"__sort"), nil
	}
	return `r.` + quote(name), nil
}

// A cursor says where a page ended: the value that the list is ordered by and the id of its last record. So
// pages hold together while records are added and removed elsewhere.
type cursor struct {
	Sort  string
	Desc  bool
	Value any // string or int64
	ID    string
}

// String writes the cursor as addresses carry it.
func (c cursor) String() string {
	text, _ := json.Marshal(c) // strings, a number and a bool
	return base64.RawURLEncoding.EncodeToString(text)
}

func readCursor(q Query) (cursor, error) {
	wrong := register.Wrongs{{Field: "after", Code: "cursor"}}
	var c cursor
	text, err := base64.RawURLEncoding.DecodeString(q.After)
	if err != nil {
		return c, wrong
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	if err := d.Decode(&c); err != nil || c.Sort != q.Sort || c.Desc != q.Desc {
		return c, wrong
	}
	switch v := c.Value.(type) {
	case string:
		return c, nil
	case json.Number:
		if c.Value, err = v.Int64(); err == nil {
			return c, nil
		}
	}
	return c, wrong
}
