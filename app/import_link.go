// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet/mapping"
)

// A foundLink is what a cell says of a field that points at records, with the records that each of its texts names.
type foundLink struct {
	mapping.Link
	texts []string
	found [][]string
}

// certain lists the records that the cell surely means.
func (l foundLink) certain() []string {
	ids := slices.Clone(l.IDs)
	for _, found := range l.found {
		if len(found) == 1 {
			ids = append(ids, found[0])
		}
	}
	return ids
}

// finder returns the finder of the register's records, made when it is first asked for.
func (p *planner) finder(kind string) (*finder, error) {
	if f := p.finders[kind]; f != nil {
		return f, nil
	}
	s, err := schema(kind)
	if err != nil {
		return nil, err
	}
	records, err := p.l.All(s)
	if err != nil {
		return nil, err
	}
	p.finders[kind] = newFinder(s, records, p.l.reach(p.who, access.See, kind))
	return p.finders[kind], nil
}

// links finds the records that the part's cells name. aside says that a later row may make one that is not there yet.
func (w *rowWork) links(part string) (links []foundLink, aside bool, err error) {
	for _, l := range w.r.Links {
		if l.Part != part {
			continue
		}
		f, err := w.finder(l.Target)
		if err != nil {
			return nil, false, err
		}
		found := foundLink{Link: l, texts: l.Texts}
		if len(l.IDs) == 0 {
			found.texts = l.Split(func(text string) bool { return len(f.find(text)) > 0 })
		}
		for _, text := range found.texts {
			ids := f.find(text)
			aside = aside || len(ids) == 0 && l.Target == w.m.Kind && !w.last && part == ""
			found.found = append(found.found, ids)
		}
		links = append(links, found)
	}
	return links, aside, nil
}

// linked adds to the form the records that its cells point at, and what is wrong with them to the row. Where a text does not say
// which record it means, the one that was there stays.
func (w *rowWork) linked(form map[string][]string, links []foundLink, was register.Entity) (map[string][]string, error) {
	for _, l := range links {
		f, err := w.finder(l.Target)
		if err != nil {
			return nil, err
		}
		var before []string
		if was != nil {
			field, _ := register.OfValue(was).Field(l.Field)
			before = field.IDs(was)
		}
		if len(before) > 0 && f.titlesAre(before, l.Cell) {
			form[l.Field] = before
			continue
		}
		ids, left := slices.Clone(l.IDs), len(l.IDs) == 0
		for i, text := range l.texts {
			id, err := w.one(l, f, text, l.found[i], before, was)
			if err != nil {
				return nil, err
			}
			if id != "" {
				ids, left = append(ids, id), false
			}
		}
		if !left {
			form[l.Field] = ids
		}
	}
	return form, nil
}

// titlesAre reports whether the cell is the records' titles as a list writes them.
func (f *finder) titlesAre(ids []string, cell string) bool {
	text := ""
	for i, id := range ids {
		if i > 0 {
			text += ", "
		}
		text += oneLine(f.title(id))
	}
	return mapping.Fold(text) == mapping.Fold(cell)
}

// one chooses the record that a text of a cell means, "" where the field is left as it is or the row is wrong.
func (w *rowWork) one(l foundLink, f *finder, text string, found, before []string, was register.Entity) (string, error) {
	if i := slices.IndexFunc(before, func(id string) bool { return f.isNamedBy(id, text) }); i >= 0 && !slices.Equal(found, before[i:i+1]) {
		return before[i], nil
	}
	switch {
	case len(found) == 1:
		if made := w.makes[found[0]]; made != nil {
			w.needs = append(w.needs, made)
		}
		return found[0], nil
	case len(found) > 1:
		switch w.several(l.Column) {
		case mapping.First:
			return w.oldest(f.schema, found)
		case mapping.Leave:
			return "", nil
		}
		w.ask(l.Column, text, "import_several", l.Target, found)
		w.add(l.Column, register.Wrong{Field: l.Field, Code: "import_several", Args: []any{text, len(found)}})
		return "", nil
	}
	switch {
	case w.none(l.Column) == mapping.Leave:
		return "", nil
	case w.none(l.Column) == mapping.Make && l.Target != w.m.Kind:
		return w.make(l, f, text, was)
	}
	w.ask(l.Column, text, "import_no_link", l.Target, nil)
	w.add(l.Column, register.Wrong{Field: l.Field, Code: "import_no_link", Args: []any{text}})
	return "", nil
}

// make plans a record with nothing but the title that the text gives, once for all rows that name it.
func (w *rowWork) make(l foundLink, f *finder, text string, was register.Entity) (string, error) {
	key := l.Target + "\x00" + mapping.Fold(text)
	made := w.makes[key]
	if made == nil {
		unit := w.unit
		if unit == "" && was != nil {
			unit = was.Head().Unit
		}
		var err error
		if made, err = w.makeOf(f.schema, text, cmp.Or(unit, w.unitIn)); err != nil {
			return "", err
		}
		w.makes[key] = made
		if made.deny == nil {
			w.makes[made.step.rec.Head().ID] = made
			if err := w.take(made.step); err != nil {
				return "", err
			}
		}
	}
	if made.deny != nil {
		w.ask(l.Column, text, made.deny.Code, l.Target, nil)
		w.add(l.Column, *made.deny)
		return "", nil
	}
	w.needs = append(w.needs, made)
	return made.step.rec.Head().ID, nil
}

func (w *rowWork) makeOf(s *register.Schema, text, unit string) (*makeable, error) {
	field, ok := firstTitle(s)
	if !ok {
		return &makeable{deny: &register.Wrong{Code: "import_make", Args: []any{text}}}, nil
	}
	c := Change{Kind: s.Name, Unit: unit, Form: map[string][]string{field.Name: {text}}}
	_, rec, wrong, err := intended(w.l, w.who, s, c, w.allow(s.Name))
	var more register.Wrongs
	switch {
	case errors.As(err, &more):
		wrong = append(wrong, more...)
	case errors.Is(err, isms.ErrForbidden):
		return &makeable{deny: &register.Wrong{Code: "import_make_forbidden", Args: []any{text}}}, nil
	case err != nil:
		return nil, err
	}
	if len(wrong) > 0 || mapping.Fold(s.Title(rec)) != mapping.Fold(text) {
		return &makeable{deny: &register.Wrong{Code: "import_make", Args: []any{text}}}, nil
	}
	return &makeable{step: step{schema: s, rec: rec, change: c}}, nil
}

// oldest is the record that the journal has known longest; those that the import itself makes are younger than all.
func (p *planner) oldest(s *register.Schema, ids []string) (string, error) {
	key := s.Name + " " + strings.Join(ids, " ")
	if id := p.eldest[key]; id != "" {
		return id, nil
	}
	first, best := int64(math.MaxInt64), ids[0]
	for _, id := range ids {
		entries, err := p.l.History(s, everywhere, id)
		if errors.Is(err, isms.ErrNotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		if entries[0].Seq < first {
			first, best = entries[0].Seq, id
		}
	}
	p.eldest[key] = best
	return best, nil
}

// none is what the map does where no record answers to a text in the column.
func (p *planner) none(place int) string { return p.columnAt(place).None }

// several is what the map does where several do.
func (p *planner) several(place int) string { return p.columnAt(place).Several }

func (p *planner) columnAt(place int) ImportColumn {
	if c := p.columns[place]; c != nil {
		return *c
	}
	return ImportColumn{}
}

// An Ask is a text in a column that the map does not say the meaning of, with how many rows have it. It is answered in the
// column's Values, by the folded text: Text is folded so already.
type Ask struct {
	Column  int    // in the file, from 0
	Text    string // folded, as a key of ImportColumn.Values
	Shown   string // as it stands in the first row
	Code    string // the words wrong.CODE say what is asked
	Count   int
	Kind    string         // the register that the text names a record of; "" where it is a choice
	Field   register.Field // of the choice
	Options []Option       // records to choose among, at most 20
}

type askKey struct {
	column int
	text   string
}

func (w *rowWork) ask(column int, text, code, kind string, found []string) {
	a := Ask{Column: column, Text: mapping.Fold(text), Shown: text, Code: code, Kind: kind}
	for _, id := range found[:min(20, len(found))] {
		rec := w.finders[kind].rec[id]
		a.Options = append(a.Options, Option{id, w.finders[kind].title(id), rec.Head().Unit})
	}
	w.asks = append(w.asks, a)
}

// maxAsks is how many different questions a preview has at most.
const maxAsks = 500

// countAsks counts the row's questions, those about choices among them.
func (w *rowWork) countAsks() {
	for _, c := range w.row.wrong {
		if (c.Code != "cell_choice" && c.Code != "cell_bool") || len(c.Args) == 0 {
			continue
		}
		text, _ := c.Args[0].(string)
		a := Ask{Column: c.Column, Text: mapping.Fold(text), Shown: text, Code: c.Code}
		a.Field = w.fieldAt(c.Column)
		w.asks = append(w.asks, a)
	}
	for _, a := range w.asks {
		key := askKey{a.Column, a.Text}
		if known := w.asked[key]; known != nil {
			known.Count++
		} else if len(w.asked) < maxAsks {
			a.Count = 1
			w.asked[key] = &a
		}
	}
}

// fieldAt is the field that the column becomes.
func (p *planner) fieldAt(place int) register.Field { return fieldOf(p.m, p.columnAt(place).Field) }
