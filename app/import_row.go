// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet/mapping"
)

// A rowWork is the work on one row.
type rowWork struct {
	*planner
	r     mapping.Reading
	row   plannedRow
	unit  string
	rec   register.Entity // the first record as it will be
	steps []step
	needs []*makeable
	acts  []string
	asks  []Ask
}

func (w *rowWork) add(column int, wrong ...register.Wrong) {
	for _, x := range wrong {
		w.row.wrong = append(w.row.wrong, CellWrong{Column: column, Wrong: x})
	}
}

// wrongFields places what is wrong with a part's fields in their columns.
func (w *rowWork) wrongFields(part string, wrong register.Wrongs) {
	for _, x := range wrong {
		place := w.reader.Place(part, x.Field)
		if slices.ContainsFunc(w.row.wrong, func(c CellWrong) bool { return place >= 0 && c.Column == place }) {
			continue // the cell itself is wrong already
		}
		w.add(place, x)
	}
}

// main plans the row's first record. aside says that the row must wait for others.
func (w *rowWork) main() (aside bool, err error) {
	if err := w.place(); err != nil {
		return false, err
	}
	links, aside, err := w.links("")
	if err != nil || aside {
		return aside, err
	}
	form := w.r.Forms[""]
	was, err := w.find(form, links)
	if err != nil {
		return false, err
	}
	if len(w.row.wrong) > 0 && was == nil {
		w.row.ambiguous = true
	}
	form, err = w.linked(form, links, was)
	if err != nil {
		return false, err
	}
	w.rec, err = w.intend("", w.schema, was, form)
	if err == nil && w.rec != nil && w.r.Retired != "" && w.r.Retired != w.rec.Head().Retired {
		err = w.retire(w.rec)
	}
	return false, err
}

// place finds the row's unit.
func (w *rowWork) place() error {
	if w.schema.Name == "unit" {
		return nil
	}
	w.unit = w.unitIn
	if w.r.Unit == "" {
		return nil
	}
	f, err := w.finder("unit")
	if err != nil {
		return err
	}
	found := f.find(w.r.Unit)
	switch {
	case len(found) == 1:
		w.unit = found[0]
	case len(found) == 0 && w.none(w.unitAt) == mapping.Leave, len(found) > 1 && w.several(w.unitAt) == mapping.Leave:
	case len(found) > 1 && w.several(w.unitAt) == mapping.First:
		if w.unit, err = w.oldest(f.schema, found); err != nil {
			return err
		}
	case len(found) == 0:
		w.ask(w.unitAt, w.r.Unit, "import_no_unit", "unit", nil)
		w.add(w.unitAt, register.Wrong{Field: "unit", Code: "import_no_unit", Args: []any{w.r.Unit}})
	default:
		w.ask(w.unitAt, w.r.Unit, "import_several", "unit", found)
		w.add(w.unitAt, register.Wrong{Field: "unit", Code: "import_several", Args: []any{w.r.Unit, len(found)}})
	}
	return nil
}

// find returns the record that the row means, nil if it is a new one.
func (w *rowWork) find(form map[string][]string, links []foundLink) (register.Entity, error) {
	if w.r.ID != "" {
		rec, err := w.l.Get(w.schema, w.l.reach(w.who, access.See, w.schema.Name), w.r.ID)
		if errors.Is(err, isms.ErrNotFound) {
			w.row.ambiguous = true
			w.add(w.reader.Place("", "id"), register.Wrong{Field: "id", Code: "import_no_id", Args: []any{w.r.ID}})
			return nil, nil
		}
		return rec, err
	}
	fresh := w.fresh("", w.schema, form, links)
	found := w.keys.find(keyOf(w.schema, fresh, w.keys.fields), w.r.Retired != "")
	if len(found) == 0 && w.r.Unit == "" && w.loose != nil {
		var err error
		if found, err = w.below(fresh); err != nil {
			return nil, err
		}
	}
	if len(found) > 1 {
		found = w.retiredThen(found, form)
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return found[0], nil
	}
	w.row.ambiguous = true
	w.add(w.keyPlace(), register.Wrong{Code: "import_key_several", Args: []any{len(found)}})
	return nil, nil
}

// retiredThen tells retired records with the same key apart: by the row's day, and then by whether the row leaves them as they are.
func (w *rowWork) retiredThen(found []register.Entity, form map[string][]string) []register.Entity {
	var then, same []register.Entity
	for _, rec := range found {
		if day := rec.Head().Retired; day != "" && day == w.r.Retired {
			then = append(then, rec)
			if unchanged(rec, maps.Clone(form)) {
				same = append(same, rec)
			}
		}
	}
	switch {
	case len(then) == 0:
		return found
	case len(same) > 0:
		return same[:1]
	}
	return then
}

// below finds a record that was moved to a unit below the one of rows that name none.
func (w *rowWork) below(fresh register.Entity) ([]register.Entity, error) {
	found := w.loose.find(keyOf(w.schema, fresh, w.loose.fields), w.r.Retired != "")
	if len(found) == 0 {
		return nil, nil
	}
	tree, ok := w.trees[w.unit]
	if !ok {
		units, err := w.l.units()
		if err != nil {
			return nil, err
		}
		tree = subtree(units, w.unit)
		w.trees[w.unit] = tree
	}
	return slices.DeleteFunc(slices.Clone(found), func(rec register.Entity) bool { return !slices.Contains(tree, rec.Head().Unit) }), nil
}

// keyPlace is the column that the key's first field is read from, or -1.
func (w *rowWork) keyPlace() int {
	for _, name := range w.keys.fields {
		if at := w.reader.Place("", name); at >= 0 && name != "unit" {
			return at
		}
	}
	return -1
}

// fresh is a new record as the form and what is certain of the links would make it, to be compared with others by its key.
func (w *rowWork) fresh(part string, s *register.Schema, form map[string][]string, links []foundLink) register.Entity {
	rec := s.New()
	rec.Head().Unit = w.unit
	register.Read(rec, w.reader.Fixed(part))
	register.Read(rec, form)
	for _, l := range links {
		f, _ := s.Field(l.Field)
		f.Set(rec, l.certain()...)
	}
	return rec
}

// propose makes a proposal of a classification that the list does not itself call decided, only gives a day for, where the actor
// may not decide it: who may has the last word.
func (w *rowWork) propose(part string, s *register.Schema, was register.Entity, form map[string][]string) {
	old, _ := was.(*isms.Classification)
	decided := string(isms.ClassificationDecided)
	if s.Name != "classification" || lastValue(form["state"]) != decided || w.reader.Place(part, "state") >= 0 ||
		old != nil && old.State == isms.ClassificationDecided || w.who.May(access.Decide, s.Name, w.l.settled(w.unit)) {
		return
	}
	form["state"] = []string{string(isms.ClassificationProposed)}
}

// intend plans that the record becomes what the form says, and returns it as it will be; nil if it is wrong.
func (w *rowWork) intend(part string, s *register.Schema, was register.Entity, form map[string][]string) (register.Entity, error) {
	w.propose(part, s, was, form)
	c := Change{Kind: s.Name, Unit: w.unit, Form: form}
	if was != nil {
		h := was.Head()
		if first, twice := w.seen[h.ID]; twice && part == "" {
			w.add(w.keyPlace(), register.Wrong{Code: "import_row_twice", Args: []any{first}})
			return nil, nil
		}
		c.ID, c.Rev, c.Unit = h.ID, h.Rev, ""
		if w.r.Unit != "" && part == "" && s.Name != "unit" && w.unit != h.Unit {
			c.Unit = w.unit
		}
		if part == "" {
			w.seen[h.ID] = w.r.Row
			w.row.id, w.row.title = h.ID, s.Title(was)
		}
		if c.Unit == "" && unchanged(was, form) {
			w.acts = append(w.acts, RowUnchanged)
			return was, nil
		}
	} else {
		c.Form = w.begin(part, s, form)
	}
	_, rec, wrong, err := intended(w.l, w.who, s, c, w.allow(s.Name))
	if wrong, err = refusals(wrong, err); err != nil {
		return nil, err
	}
	w.wrongFields(part, wrong)
	if len(wrong) > 0 || rec == nil {
		return nil, nil
	}
	if was != nil && len(register.Diff(was, rec)) == 0 && was.Head().Unit == rec.Head().Unit {
		w.acts = append(w.acts, RowUnchanged) // what the row would change is not its reader's to change
		return was, nil
	}
	w.steps = append(w.steps, step{row: w.r.Row, schema: s, was: was, rec: rec, change: c})
	w.acts = append(w.acts, map[bool]string{true: RowNew, false: RowChanged}[was == nil])
	if part == "" {
		w.row.id, w.row.title = rec.Head().ID, s.Title(rec)
	}
	return rec, nil
}

// begin is what a new record begins with: what is fixed for it, and then what the row says.
func (w *rowWork) begin(part string, s *register.Schema, form map[string][]string) map[string][]string {
	all := map[string][]string{}
	for field, values := range w.reader.Fixed(part) {
		all[field] = values
	}
	for field, values := range form {
		all[field] = values
	}
	if _, given := all["parent"]; !given && s.Name == "unit" && w.unitIn != "" {
		all["parent"] = []string{w.unitIn}
	}
	return all
}

// unchanged reports whether the form leaves the record as it is. Blanks around a text, which a cell does not keep, are no change.
func unchanged(was register.Entity, form map[string][]string) bool {
	is := copyOf(was)
	if len(register.Read(is, form)) > 0 {
		return false
	}
	for _, c := range register.Diff(was, is) {
		text := c.Field.Kind == register.Text || c.Field.Kind == register.Prose
		if !text || strings.TrimSpace(c.Was) != strings.TrimSpace(c.Is) {
			return false
		}
		delete(form, c.Field.Name)
	}
	return true
}
