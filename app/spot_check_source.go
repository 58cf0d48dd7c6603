// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/store"
)

// A CheckCondition narrows what is checked to rows with such a cell. It names the column as the set does, so that it can be read.
type CheckCondition struct {
	Column string `json:"column"`
	Op     string `json:"op"` // as store.SetCondition has it
	Value  string `json:"value,omitempty"`
}

// checkOps are what a condition can ask.
var checkOps = []string{"contains", "is", "not", "given", "empty", "from", "to"}

const maxCheckConditions = 10

// conditionsOf reads what narrows the check's population.
func conditionsOf(c isms.SpotCheck) (list []CheckCondition, err error) {
	if err := readKept(c.Choice, &list); err != nil {
		return nil, err
	}
	for _, one := range list {
		if one.Column == "" || !slices.Contains(checkOps, one.Op) || len(list) > maxCheckConditions {
			return nil, errors.New("app: no conditions")
		}
	}
	return list, nil
}

// A checkSource is what a spot check is drawn from, before it is frozen.
type checkSource struct {
	name    string
	day     register.Day
	set     *isms.Population // the imported set, nil for records
	columns []string
	meaning map[string]string // what a column holds -> its heading
	where   []store.SetCondition
	each    func(f func(cells []string) error) error // the rows that the conditions pick
	size    int64                                    // of the set, where it is taken whole
	tx      *store.Tx
}

// asItIs reports whether the rows of an imported set are the population as they stand, and need not be written anew.
func (s *checkSource) asItIs() bool { return s.set != nil && len(s.where) == 0 }

// column is the place of the heading.
func (s *checkSource) column(heading string) (int, bool) {
	i := slices.Index(s.columns, heading)
	return i, i >= 0
}

// sourceOf opens what the check is drawn from, as far as the actor may see it. In records what is marked as secret is masked, since
// others will judge the rows.
func (a *App) sourceOf(tx *store.Tx, who access.Actor, c isms.SpotCheck) (*checkSource, error) {
	var s *checkSource
	var err error
	switch {
	case c.Source != "":
		s, err = setSource(tx, who, c)
	case c.Kind != "" && c.SourceDay != "":
		s, err = a.recordSource(tx, who, c)
	default:
		return nil, register.Wrongs{{Field: "source", Code: "required"}}
	}
	if err != nil {
		return nil, err
	}
	conditions, err := conditionsOf(c)
	if err != nil {
		return nil, register.Wrongs{{Field: "choice", Code: "choice_json"}}
	}
	for _, one := range conditions {
		i, ok := s.column(one.Column)
		if !ok {
			return nil, register.Wrongs{{Field: "choice", Code: "no_column", Args: []any{one.Column}}}
		}
		s.where = append(s.where, store.SetCondition{Column: i, Op: one.Op, Value: one.Value})
	}
	if c.Stratify != "" {
		if _, ok := s.column(c.Stratify); !ok {
			return nil, register.Wrongs{{Field: "stratify", Code: "no_column", Args: []any{c.Stratify}}}
		}
	}
	return s, nil
}

func setSource(tx *store.Tx, who access.Actor, c isms.SpotCheck) (*checkSource, error) {
	p, err := store.Get[isms.Population](tx, who.In(access.See, "population"), string(c.Source))
	if errors.Is(err, isms.ErrNotFound) {
		return nil, register.Wrongs{{Field: "source", Code: "no_such", Args: []any{string(c.Source)}}}
	}
	if err != nil {
		return nil, err
	}
	if p.DisposedOn != "" {
		return nil, register.Wrongs{{Field: "source", Code: "population_gone"}}
	}
	set, err := tx.Set(p.ID)
	if err != nil {
		return nil, err
	}
	s := &checkSource{name: p.Name, day: p.Day, set: &p, columns: set.Columns, meaning: map[string]string{}, size: set.Rows, tx: tx}
	if err := readKept(p.Meaning, &s.meaning); err != nil {
		return nil, err
	}
	s.each = func(f func([]string) error) error {
		return tx.SetPicked(p.ID, store.SetQuery{Where: s.where}, func(_ int64, cells []string) error { return f(cells) })
	}
	return s, nil
}

// recordSource makes rows of the register's records as of the end of the day: those of the check's unit and the units below it that were in
// use, by id, and of them what is no longer text.
func (a *App) recordSource(tx *store.Tx, who access.Actor, c isms.SpotCheck) (*checkSource, error) {
	if c.SourceDay > a.Today() {
		return nil, register.Wrongs{{Field: "source_day", Code: "in_future"}}
	}
	schema, ok := isms.Register(c.Kind)
	if !ok || !Checkable(c.Kind) {
		return nil, register.Wrongs{{Field: "kind", Code: "choice", Args: []any{c.Kind}}}
	}
	t := recordTable{schema: schema, lang: locale.Swedish}
	s := &checkSource{name: t.lang.T("register." + schema.Name), day: c.SourceDay, tx: tx}
	s.columns, s.meaning = t.columns()
	s.each = func(f func([]string) error) error {
		records, names, err := recordsOn(tx, who, schema, c.Unit, c.SourceDay)
		if err != nil {
			return err
		}
		for _, rec := range records {
			cells := t.row(rec, names)
			if s.picks(cells) {
				if err := f(cells); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return s, nil
}

// picks reports whether a row of records meets the conditions, as a set's search would have it.
func (s *checkSource) picks(cells []string) bool {
	for _, w := range s.where {
		cell, value := sheet.Fold(cells[w.Column]), sheet.Fold(w.Value)
		var ok bool
		switch w.Op {
		case "is":
			ok = cell == value
		case "not":
			ok = cell != value
		case "contains":
			ok = strings.Contains(cell, value)
		case "empty":
			ok = cell == ""
		case "given":
			ok = cell != ""
		case "from":
			ok = cell != "" && cell >= value
		case "to":
			ok = cell != "" && (cell <= value || strings.HasPrefix(cell, value))
		}
		if !ok {
			return false
		}
	}
	return true
}

// recordsOn are the records of the unit and those below it on the day, with the titles of all that they link to.
func recordsOn(tx *store.Tx, who access.Actor, schema *register.Schema, unit string, day register.Day) ([]register.Entity, Titles, error) {
	at := min(day.End(), tx.Now())
	units, err := store.AsOf[isms.Unit](tx, everywhere, at)
	if err != nil {
		return nil, nil, err
	}
	in, sees := register.In{}, who.In(access.See, schema.Name)
	for _, id := range subtree(units, unit) {
		if sees.Has(id) {
			in.Units = append(in.Units, id)
		}
	}
	all, err := tx.AsOf(schema, in, at)
	if err != nil {
		return nil, nil, err
	}
	all = slices.DeleteFunc(all, func(rec register.Entity) bool { r := rec.Head().Retired; return r != "" && r <= day })
	names, err := titles(tx, who, links(all...))
	if err != nil {
		return nil, nil, err
	}
	emails := map[string]string{}
	if _, has := personField(schema); has {
		persons, err := store.AsOf[isms.Person](tx, everywhere, at)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range persons {
			emails[p.ID] = p.Email
		}
	}
	names["email"] = emails
	return all, names, nil
}

// A recordTable makes rows of records.
type recordTable struct {
	schema *register.Schema
	lang   locale.Lang
}

// shown are the fields that become columns: all but long texts.
func (t recordTable) shown() []register.Field {
	return slices.DeleteFunc(slices.Clone(t.schema.Fields), func(f register.Field) bool { return f.Kind == register.Prose })
}

// personField is the field by which a record is about a person.
func personField(s *register.Schema) (register.Field, bool) {
	for _, f := range s.Fields {
		if f.Kind == register.Link && f.Target == "person" {
			return f, true
		}
	}
	return register.Field{}, false
}

func (t recordTable) columns() (columns []string, meaning map[string]string) {
	meaning = map[string]string{"unit": t.lang.T("record.unit")}
	add := func(name string) string {
		for slices.Contains(columns, name) {
			name += " *"
		}
		columns = append(columns, name)
		return name
	}
	person, about := personField(t.schema)
	add(t.lang.T("record.unit"))
	for _, f := range t.shown() {
		name := add(t.lang.T(t.schema.Name + "." + f.Name))
		switch {
		case about && f.Name == person.Name:
			meaning["name"] = name
		case f.Kind == register.Link && f.Target == "system" && meaning["system"] == "", t.schema.Name == "system" && f.Name == "name":
			meaning["system"] = name
		case t.schema.Name == "person" && (f.Name == "name" || f.Name == "email"):
			meaning[f.Name] = name
		}
	}
	if about {
		meaning["email"] = add(t.lang.T("web.check.email_of", t.lang.T(t.schema.Name+"."+person.Name)))
	}
	add(t.lang.T("record.id"))
	return columns, meaning
}

func (t recordTable) row(rec register.Entity, names Titles) []string {
	unmask := func(text string) string { return register.Unmask(text, t.lang.Masked) }
	cells := []string{unmask(names.Of("unit", rec.Head().Unit))}
	for _, f := range t.shown() {
		text := f.Text(rec)
		switch {
		case text == "":
		case f.Kind == register.Choice:
			text = t.lang.T(f.ChoiceKey(text))
		case f.Kind == register.Bool:
			text = t.lang.T("choice.answer.yes")
		case f.Target != "":
			var list []string
			for _, id := range f.IDs(rec) {
				list = append(list, names.Of(f.Target, id))
			}
			text = strings.Join(slices.DeleteFunc(list, func(s string) bool { return s == "" }), ", ")
		}
		cells = append(cells, unmask(text))
	}
	if person, about := personField(t.schema); about {
		email := ""
		for _, id := range person.IDs(rec) {
			email = names.Of("email", id)
		}
		cells = append(cells, email)
	}
	return append(cells, rec.Head().ID)
}

// A counted population is how many rows there are, and how many of each value of the column that the sample is divided by.
type countedRows struct {
	rows   int
	values map[string]int
}

func (n *countedRows) add(cells []string, column int) error {
	n.rows++
	if column < 0 {
		return nil
	}
	if n.values == nil {
		n.values = map[string]int{}
	}
	n.values[strings.Clone(cells[column])]++
	return manyStrata(len(n.values))
}

func manyStrata(n int) error {
	if n > maxStrata {
		return register.Wrongs{{Field: "stratify", Code: "many_strata", Args: []any{maxStrata}}}
	}
	return nil
}

// count counts the rows that the check would be drawn from.
func (s *checkSource) count(ctx context.Context, stratify string) (countedRows, error) {
	column := -1
	if stratify != "" {
		column, _ = s.column(stratify)
	}
	if s.asItIs() {
		return countSet(s.tx, s.set.ID, s.size, column)
	}
	if s.set != nil && column < 0 {
		page, err := s.tx.SetPage(s.set.ID, store.SetQuery{Where: s.where, Limit: 1})
		return countedRows{rows: int(page.Total)}, err
	}
	var n countedRows
	err := s.each(func(cells []string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return n.add(cells, column)
	})
	return n, err
}

// countSet counts the rows of a whole set.
func countSet(tx *store.Tx, id string, rows int64, column int) (countedRows, error) {
	n := countedRows{rows: int(rows)}
	if column < 0 {
		return n, nil
	}
	values, distinct, err := tx.SetValues(id, column, maxStrata+1)
	if err != nil {
		return n, err
	}
	if err := manyStrata(int(distinct)); err != nil {
		return n, err
	}
	n.values = map[string]int{}
	for _, v := range values {
		n.values[v.Value] = int(v.Count)
	}
	return n, nil
}

// strata are the parts in their order, without sizes.
func (n countedRows) strata() []DrawnStratum {
	if n.values == nil {
		return []DrawnStratum{{Rows: n.rows}}
	}
	var list []DrawnStratum
	for _, name := range slices.Sorted(maps.Keys(n.values)) {
		list = append(list, DrawnStratum{Name: name, Rows: n.values[name]})
	}
	return list
}
