// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet/mapping"
)

// allow asks for a right without noting a refusal for each row.
func (p *planner) allow(kind string) func(access.Act, string) error {
	return func(act access.Act, unit string) error {
		if p.who.May(act, kind, p.l.settled(unit)) {
			return nil
		}
		return isms.ErrForbidden
	}
}

// refusals makes of an act's refusal something wrong with the row.
func refusals(wrong register.Wrongs, err error) (register.Wrongs, error) {
	var more register.Wrongs
	switch {
	case errors.As(err, &more):
		return append(wrong, more...), nil
	case errors.Is(err, isms.ErrForbidden), errors.Is(err, isms.ErrNotFound):
		return append(wrong, register.Wrong{Code: "import_forbidden"}), nil
	case errors.Is(err, isms.ErrFrozen):
		return append(wrong, register.Wrong{Code: "import_frozen"}), nil
	}
	return wrong, err
}

// retire plans that the record is taken out of use on the row's day.
func (w *rowWork) retire(rec register.Entity) error {
	wrong, err := refusals(nil, retirable(w.l, w.who, rec, w.allow(w.schema.Name)))
	if err != nil {
		return err
	}
	if len(wrong) == 0 && !w.r.Retired.Valid() {
		wrong = register.Wrongs{{Field: "retired", Code: "day", Args: []any{string(w.r.Retired)}}}
	}
	if len(wrong) > 0 {
		w.wrongFields("", wrong)
		return nil
	}
	i := slices.IndexFunc(w.steps, func(s step) bool { return s.rec.Head().ID == rec.Head().ID })
	if i < 0 {
		w.steps = append(w.steps, step{row: w.r.Row, schema: w.schema, was: rec, rec: rec})
		i = len(w.steps) - 1
		w.acts = append(w.acts, RowChanged)
	}
	w.steps[i].retire = w.r.Retired
	return nil
}

// part plans a second record of the row, which is found again by its link to the first.
func (w *rowWork) part(part mapping.Part) error {
	s, ok := isms.Register(part.Kind)
	if !ok {
		return register.Wrongs{{Field: "parts", Code: "map_part", Args: []any{part.Name}}}
	}
	links, _, err := w.links(part.Name)
	if err != nil {
		return err
	}
	form := w.r.Forms[part.Name]
	var was register.Entity
	if w.rec != nil {
		form[part.Link] = []string{w.rec.Head().ID}
		if was, err = w.findPart(part, s, form, links); err != nil {
			return err
		}
	}
	if form, err = w.linked(form, links, was); err != nil {
		return err
	}
	if w.rec == nil { // the first record is wrong: only the part's own fields can be told
		fresh := s.New()
		wrong := register.Read(fresh, w.begin(part.Name, s, form))
		for _, x := range append(wrong, register.Check(fresh)...) {
			if w.reader.Place(part.Name, x.Field) >= 0 {
				w.wrongFields(part.Name, register.Wrongs{x})
			}
		}
		return nil
	}
	unit := w.unit
	w.unit = w.rec.Head().Unit
	rec, err := w.intend(part.Name, s, was, form)
	w.unit = unit
	if err == nil && rec != nil && was == nil {
		w.parts[part.Name].take(rec)
	}
	return err
}

func (w *rowWork) findPart(part mapping.Part, s *register.Schema, form map[string][]string, links []foundLink) (register.Entity, error) {
	ring := w.parts[part.Name]
	if ring == nil {
		records, err := w.l.All(s)
		if err != nil {
			return nil, err
		}
		ring = newKeyring(s, records, w.l.reach(w.who, access.See, s.Name), append([]string{part.Link}, part.Key...))
		w.parts[part.Name] = ring
	}
	found := ring.find(keyOf(s, w.fresh(part.Name, s, form, links), ring.fields), w.rec.Head().Retired != "" || w.r.Retired != "")
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return w.l.Get(s, everywhere, found[0].Head().ID)
	}
	w.add(-1, register.Wrong{Code: "import_part_several", Args: []any{len(found)}})
	return nil, nil
}

// end keeps what was planned for the row, or that it is wrong.
func (w *rowWork) end() error {
	p := w.planner
	sortWrongs(w.row.wrong)
	if len(w.row.wrong) > 0 {
		w.row.act = RowWrong
		p.wrong++
		p.rows = append(p.rows, w.row)
		w.countAsks()
		return nil
	}
	switch {
	case len(w.acts) > 0 && w.acts[0] == RowNew:
		w.row.act = RowNew
		p.created++
		p.seen[w.row.id] = w.r.Row
	case slices.ContainsFunc(w.acts, func(a string) bool { return a != RowUnchanged }):
		w.row.act = RowChanged
		p.changed++
	default:
		w.row.act = RowUnchanged
		p.unchanged++
	}
	p.met[w.row.id] = true
	for _, need := range w.needs {
		if !need.done {
			need.done = true
			need.step.row = w.r.Row
			p.steps = append(p.steps, need.step)
		}
	}
	w.row.from, w.row.to = len(p.steps), len(p.steps)+len(w.steps)
	for _, s := range w.steps {
		if s.was == nil {
			s.change = Change{} // it is only asked for again where the record was there, and there may be many
		}
		p.steps = append(p.steps, s)
		if err := p.take(s); err != nil {
			return err
		}
	}
	p.rows = append(p.rows, w.row)
	return nil
}

// take lets the rows that follow see what the step makes.
func (p *planner) take(s step) error {
	rec := s.rec
	if s.retire != "" {
		rec = copyOf(rec)
		rec.Head().Retired = s.retire
	}
	if err := p.l.take(rec); err != nil {
		return err
	}
	if f := p.finders[s.schema.Name]; f != nil {
		f.take(rec)
	}
	if s.was == nil {
		if p.made[s.schema.Name] == nil {
			p.made[s.schema.Name] = map[string]string{}
		}
		p.made[s.schema.Name][rec.Head().ID] = s.schema.Title(rec)
	}
	for _, ring := range []*keyring{p.keys, p.loose} {
		if ring == nil || s.schema != p.schema {
			continue
		}
		if s.was != nil {
			ring.forget(s.was)
		}
		ring.take(rec)
	}
	return nil
}
