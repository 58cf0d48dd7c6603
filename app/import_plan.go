// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/sheet/mapping"
	"ledsyn/store"
)

// What becomes of a row.
const (
	RowNew       = "new"
	RowChanged   = "changed"
	RowUnchanged = "unchanged"
	RowWrong     = "wrong"
	RowSkipped   = "skipped"
	RowGone      = "gone" // no row: a record of an earlier list that this one does not have
)

// A plannedRow is what becomes of one row.
type plannedRow struct {
	number    int
	act       string
	kind, id  string
	title     string
	changes   []ImportChange
	wrong     []CellWrong
	ambiguous bool // wrong in a way that leaves unknown which record it is
}

// An ImportChange is a field that a row changes, with its values as register.Field.Text gives them.
type ImportChange struct {
	Kind, Field string
	Was, Is     string
}

// A step makes or changes one record. was and rec are as the plan saw them.
type step struct {
	row    int // its number
	schema *register.Schema
	was    register.Entity
	rec    register.Entity // was itself where the record is only retired
	change Change
	retire register.Day
}

// A plan is what an import would do. It is made without changing anything, and holds as long as the journal stands where it
// stood.
type plan struct {
	seq   int64
	rows  []plannedRow
	steps []step
	gone  []goneRecord
	fresh []string        // records of the list that no earlier list of the same source has had
	seen  map[string]int  // records that rows mean, right or wrong, with the row's number
	met   map[string]bool // those of rows that are right
	asks  []Ask
	made  Titles   // of the records that it makes
	heads []string // as they stand in the file

	created, changed, unchanged, wrong, skipped int
}

// A goneRecord is one that an earlier list of the same source had.
type goneRecord struct {
	rec  register.Entity
	deny []CellWrong // why the actor may not retire it
}

// A planner makes a plan, row by row, as if each had been saved before the next.
type planner struct {
	ctx    context.Context
	l      *look
	who    access.Actor
	m      ImportMap
	schema *register.Schema
	reader *mapping.Reader
	unitIn string // of rows that name none
	unitAt int    // the unit's column, or -1

	columns map[int]*ImportColumn // by place in the file
	finders map[string]*finder
	keys    *keyring
	parts   map[string]*keyring
	loose   *keyring             // as keys, in whichever unit
	trees   map[string][]string  // units with those below them
	makes   map[string]*makeable // by register and folded title, and by id
	later   []mapping.Reading    // rows that link to a record that a later row may make
	last    bool                 // nothing more is put aside
	asked   map[askKey]*Ask
	*plan
}

// A makeable is a record that is made because a row names it. It is made in earnest when a row that is right needs it.
type makeable struct {
	step step
	done bool
	deny *register.Wrong
}

// planned makes the plan of the list. The book is read once; progress is told how many rows have been read.
func planned(ctx context.Context, tx *store.Tx, who access.Actor, b *sheet.Book, m ImportMap, progress func(rows int)) (*plan, error) {
	p, n, err := newPlanner(ctx, tx, who, b, m)
	if err != nil {
		return nil, err
	}
	err = b.Rows(n, func(number int, cells []sheet.Cell) error {
		if number <= m.Header {
			return nil
		}
		if len(p.rows)+len(p.later) >= maxImportRows {
			return register.Wrongs{{Code: "import_rows", Args: []any{maxImportRows}}}
		}
		if progress != nil && number%100 == 0 {
			progress(number)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return p.row(p.reader.Read(number, cells))
	})
	if err == nil {
		err = p.putAside()
	}
	if err != nil {
		return nil, err
	}
	if err := p.finish(tx); err != nil {
		return nil, err
	}
	return p.plan, nil
}

func newPlanner(ctx context.Context, tx *store.Tx, who access.Actor, b *sheet.Book, m ImportMap) (*planner, int, error) {
	n, err := sheetOf(b, m)
	if err != nil {
		return nil, 0, err
	}
	s, ok := isms.Register(m.Kind)
	if !ok {
		return nil, 0, register.Wrongs{{Field: "kind", Code: "map_kind", Args: []any{m.Kind}}}
	}
	header, err := heading(b, n, m.Header)
	if err != nil {
		return nil, 0, err
	}
	seq, _, _, err := tx.Head()
	if err != nil {
		return nil, 0, err
	}
	p := &planner{ctx: ctx, l: many(tx), who: who, m: m, schema: s, unitIn: m.Unit, finders: map[string]*finder{},
		parts: map[string]*keyring{}, makes: map[string]*makeable{}, asked: map[askKey]*Ask{},
		trees: map[string][]string{}, plan: &plan{seq: seq, seen: map[string]int{}, met: map[string]bool{}, made: Titles{}}}
	read := m
	read.Unit = "" // so that a row that names no unit can be told from one that names the map's
	if p.reader, err = read.Reader(header, isms.Register); err != nil {
		return nil, 0, err
	}
	p.reader.From1904 = b.From1904()
	p.unitAt = p.reader.Place("", "unit")
	p.columns = map[int]*ImportColumn{}
	for i, c := range m.Columns {
		if place := p.reader.Place(partOf(c.Field)); c.Field != "" && place >= 0 {
			p.columns[place] = &m.Columns[i]
		}
	}
	for _, c := range header {
		p.heads = append(p.heads, c.Text)
	}
	records, err := p.l.All(s)
	if err != nil {
		return nil, 0, err
	}
	fields := m.Key
	if len(fields) == 0 || len(fields) == 1 && fields[0] == "id" {
		fields = keyFields(s, m)
	}
	in := p.l.reach(who, access.See, s.Name)
	p.keys = newKeyring(s, records, in, fields)
	if i := slices.Index(fields, "unit"); i >= 0 && m.Unit != "" {
		p.loose = newKeyring(s, records, in, slices.Delete(slices.Clone(fields), i, i+1))
	}
	return p, n, nil
}

// heading is the row of headings, with merged cells repeated.
func heading(b *sheet.Book, n, number int) ([]sheet.Cell, error) {
	if number == 0 {
		return nil, nil
	}
	head, err := b.Head(n, number)
	if err != nil || len(head) < number {
		return nil, err
	}
	return head[number-1], nil
}

// putAside plans the rows that were put aside, again and again while that lets more of them find what they link to.
func (p *planner) putAside() error {
	for len(p.later) > 0 {
		waiting := p.later
		p.later = nil
		for _, r := range waiting {
			if err := p.row(r); err != nil {
				return err
			}
		}
		p.last = len(p.later) == len(waiting)
	}
	return nil
}

// row plans one row.
func (p *planner) row(r mapping.Reading) error {
	if r.Skip {
		p.rows = append(p.rows, plannedRow{number: r.Row, act: RowSkipped})
		p.skipped++
		return nil
	}
	w := rowWork{planner: p, r: r, row: plannedRow{number: r.Row, kind: p.m.Kind, wrong: slices.Clone(r.Wrong)}}
	if aside, err := w.main(); err != nil || aside {
		if aside {
			p.later = append(p.later, r)
		}
		return err
	}
	made := len(p.m.Parts) > 0 && len(w.acts) > 0 && w.acts[0] == RowNew
	if made { // so that its parts can point at it
		if err := p.l.take(w.rec); err != nil {
			return err
		}
	}
	for _, part := range p.m.Parts {
		if _, says := r.Forms[part.Name]; says {
			if err := w.part(part); err != nil {
				return err
			}
		}
	}
	if made && len(w.row.wrong) > 0 {
		p.l.drop(w.rec)
	}
	return w.end()
}

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
		w.unit = oldest(found)
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

// intend plans that the record becomes what the form says, and returns it as it will be; nil if it is wrong.
func (w *rowWork) intend(part string, s *register.Schema, was register.Entity, form map[string][]string) (register.Entity, error) {
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
	w.steps = append(w.steps, step{row: w.r.Row, schema: s, was: was, rec: rec, change: c})
	w.acts = append(w.acts, map[bool]string{true: RowNew, false: RowChanged}[was == nil])
	if part == "" {
		w.row.id, w.row.title = rec.Head().ID, s.Title(rec)
	}
	for _, d := range register.Diff(was, rec) {
		w.row.changes = append(w.row.changes, ImportChange{s.Name, d.Field.Name, d.Was, d.Is})
	}
	if was != nil && was.Head().Unit != rec.Head().Unit {
		w.row.changes = append(w.row.changes, ImportChange{s.Name, "unit", was.Head().Unit, rec.Head().Unit})
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
	w.row.changes = append(w.row.changes, ImportChange{w.schema.Name, "retired", string(rec.Head().Retired), string(w.r.Retired)})
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
		w.row.act, w.row.changes = RowWrong, nil
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
	for _, s := range w.steps {
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

// partOf divides the name of a field in a map into its part and the field's own name.
func partOf(field string) (part, name string) {
	if part, name, ok := strings.Cut(field, "."); ok {
		return part, name
	}
	return "", field
}
