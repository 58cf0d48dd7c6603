// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
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
	from, to  int // its steps
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

// changes are the fields that the step changes.
func (s step) changes() (list []ImportChange) {
	if s.rec != s.was {
		for _, d := range register.Diff(s.was, s.rec) {
			list = append(list, ImportChange{s.schema.Name, d.Field.Name, d.Was, d.Is})
		}
		if s.was != nil && s.was.Head().Unit != s.rec.Head().Unit {
			list = append(list, ImportChange{s.schema.Name, "unit", s.was.Head().Unit, s.rec.Head().Unit})
		}
	}
	if s.retire != "" {
		list = append(list, ImportChange{s.schema.Name, "retired", string(s.rec.Head().Retired), string(s.retire)})
	}
	return list
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
	eldest  map[string]string    // of records that a text names several of
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
		trees: map[string][]string{}, eldest: map[string]string{}, plan: &plan{seq: seq, seen: map[string]int{}, met: map[string]bool{}, made: Titles{}}}
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

// partOf divides the name of a field in a map into its part and the field's own name.
func partOf(field string) (part, name string) {
	if part, name, ok := strings.Cut(field, "."); ok {
		return part, name
	}
	return "", field
}
