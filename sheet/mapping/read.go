// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"slices"

	"ledsyn/register"
	"ledsyn/sheet"
)

// A Reading is what a row says, by its Map.
type Reading struct {
	Row     int
	ID      string // of the record, where a column gives it
	Unit    string // as it stands: a title, a code or an id; the Map's own where the row names none
	Retired register.Day
	Skip    bool // the row is left out: it is empty, a total, or a value of it says so

	// Forms are the records to make or change by part, "" for the first, each as register.Read takes it. An empty cell empties its
	// field, unless the Map has a fixed value for it. A part that the row says nothing of is not there.
	// Rows share their values, so they must not be changed in place.
	Forms map[string]map[string][]string
	Links []Link
	Wrong []CellWrong
}

// A CellWrong is something wrong with a cell, which Column counts from 0; -1 is the row as a whole.
type CellWrong struct {
	Column int
	register.Wrong
}

// A Reader reads rows by a Map. It is not for several goroutines at once.
type Reader struct {
	// From1904 says that the file counts its days from 1904: see sheet.Book.
	From1904 bool

	m       Map
	columns []*column
	parts   []part
}

// A part is a Part with what is fixed for it.
type part struct {
	Part
	fixed map[string][]string
	key   map[string][]string // those of the fixed that tell the record from others
}

// A column is a Column with its place and its field.
type column struct {
	Column
	place  int
	part   string
	name   string
	field  register.Field
	fields []register.Field // of Levels
	fixed  bool
	joins  bool              // an earlier column becomes the same field
	values map[string]string // the Column's, by Fold
	words  map[string]string // of a choice, by Fold
	known  map[string]answer // what the texts read so far came to
}

// known answers are kept for so many different texts of a column; lists repeat themselves.
const maxKnown = 10000

// Reader returns a reader of rows under the heading, or register.Wrongs: what is wrong with the Map, and columns that become fields and
// are not in the list. Columns of the list that the Map does not know are not read.
func (m Map) Reader(header []sheet.Cell, schemas Schemas) (*Reader, error) {
	if wrong := m.Check(schemas); len(wrong) > 0 {
		return nil, register.Wrongs(wrong)
	}
	r := &Reader{m: m}
	shapes := map[string]shape{}
	for _, p := range append([]Part{{Kind: m.Kind}}, m.Parts...) {
		shapes[p.Name], _ = shapeOf(p.Kind, schemas)
		r.parts = append(r.parts, m.fixedPart(p))
	}
	places, wrong := m.places(header)
	if len(wrong) > 0 {
		return nil, wrong
	}
	for i, c := range m.Columns {
		if c.Field == "" {
			continue
		}
		into := &column{Column: c, place: places[i], known: map[string]answer{}, values: map[string]string{}}
		for raw, value := range c.Values {
			into.values[Fold(raw)] = value
		}
		into.part, into.name = cut(c.Field)
		into.field, _ = shapes[into.part].field(into.name)
		_, into.fixed = m.Fixed[c.Field]
		if into.name == Levels {
			into.fields = shapes[into.part].levels()
		}
		if into.field.Kind == register.Choice {
			into.words = choiceWords(into.field)
		}
		r.columns = append(r.columns, into)
	}
	r.join()
	return r, nil
}

// join notes which columns come after another of the same field. A last name comes last, wherever it stands in the list.
func (r *Reader) join() {
	last := func(c *column) int {
		if c.name == "name" && slices.ContainsFunc(data().words.Heads["last_name"], sameHeading(c.Header)) {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(r.columns, func(a, b *column) int { return last(a) - last(b) })
	seen := map[string]bool{}
	for _, c := range r.columns {
		c.joins = seen[c.Field]
		seen[c.Field] = true
	}
}

func (m Map) fixedPart(p Part) part {
	out := part{Part: p, fixed: map[string][]string{}, key: map[string][]string{}}
	for field, value := range m.Fixed {
		if of, name := cut(field); of == p.Name {
			out.fixed[name] = []string{value}
			if p.Name != "" && slices.Contains(p.Key, name) {
				out.key[name] = out.fixed[name]
			}
		}
	}
	return out
}

// places finds each column of the Map in the heading. Of headings that are alike the first is the first.
func (m Map) places(header []sheet.Cell) ([]int, register.Wrongs) {
	places := make([]int, len(m.Columns))
	if m.Header == 0 {
		for i := range places {
			places[i] = i
		}
		return places, nil
	}
	free := map[string][]int{}
	for i, cell := range header {
		text := Fold(cell.Text)
		free[text] = append(free[text], i)
	}
	var wrong register.Wrongs
	for i, c := range m.Columns {
		text := Fold(c.Header)
		switch at := free[text]; {
		case text == "":
			places[i] = i
		case len(at) > 0:
			places[i], free[text] = at[0], at[1:]
		case c.Field != "":
			wrong = append(wrong, register.Wrong{Field: "columns", Code: "map_no_column", Args: []any{c.Header}})
		}
	}
	return places, wrong
}

// Fixed is what a new record of the part begins with, as register.Read takes it; what a row says comes after.
func (r *Reader) Fixed(part string) map[string][]string {
	for _, p := range r.parts {
		if p.Name == part {
			return p.fixed
		}
	}
	return nil
}

// Place is where in a row's cells the part's field is read from, or -1: the column of what register.Check finds wrong with it.
func (r *Reader) Place(part, field string) int {
	for _, c := range r.columns {
		if c.part == part && (c.name == field || slices.ContainsFunc(c.fields, func(f register.Field) bool { return f.Name == field })) {
			return c.place
		}
	}
	return -1
}

// Read reads a row. The cells are not kept.
func (r *Reader) Read(row int, cells []sheet.Cell) Reading {
	out := Reading{Row: row, Unit: r.m.Unit}
	if r.m.Totals && sheet.IsTotal(cells) {
		out.Skip = true
		return out
	}
	out.Forms = make(map[string]map[string][]string, len(r.parts))
	empty := true
	for _, c := range r.columns {
		var cell sheet.Cell
		if c.place < len(cells) {
			cell = cells[c.place]
		}
		empty = empty && cell.Kind == sheet.Empty
		r.cell(&out, c, cell)
		if out.Skip {
			return Reading{Row: row, Skip: true}
		}
	}
	if empty {
		return Reading{Row: row, Skip: true}
	}
	r.follow(&out)
	r.settle(&out)
	return out
}

// cell adds what the cell says to the reading.
func (r *Reader) cell(out *Reading, c *column, cell sheet.Cell) {
	a := r.known(c, cell)
	switch {
	case a.skip:
		out.Skip = true
	case a.wrong != nil:
		out.Wrong = append(out.Wrong, CellWrong{c.place, *a.wrong})
	case c.part == "" && c.name == "id":
		out.ID = a.text
	case c.part == "" && c.name == "unit":
		if a.text != "" {
			out.Unit = a.text
		}
	case c.part == "" && c.name == "retired":
		out.Retired = register.Day(a.text)
	case c.fields != nil:
		for i, f := range c.fields {
			if i < len(a.values) {
				out.set(c.part, f.Name, a.values[i:i+1])
			}
		}
	case a.link:
		out.Links = append(out.Links, Link{Part: c.part, Field: c.name, Target: c.field.Target, Many: c.field.Kind == register.Links,
			Texts: a.texts, IDs: a.values, Cell: a.text, Column: c.place})
	case a.text == "" && c.fixed:
		// A new record gets the fixed value, an old one keeps its own.
	case c.joins:
		out.set(c.part, c.name, joined(c.field.Kind, out.Forms[c.part][c.name], a.text))
	default:
		out.set(c.part, c.name, a.values)
	}
}

// joined is the text after what is there already: in one line, or on a line of its own.
func joined(k register.Kind, was []string, text string) []string {
	switch {
	case len(was) == 0 || was[0] == "":
		return []string{text}
	case text == "":
		return was
	case k == register.Prose:
		return []string{was[0] + "\n" + text}
	}
	return []string{was[0] + " " + text}
}

// known is the answer to the cell, remembered where it costs something to find.
func (r *Reader) known(c *column, cell sheet.Cell) answer {
	if k := c.field.Kind; k == register.Text || k == register.Prose || isLink(k) { // no field is of kind Text too
		return r.answer(c, cell)
	}
	a, ok := c.known[cell.Text]
	if !ok || a.kind != cell.Kind {
		a = r.answer(c, cell)
		a.kind = cell.Kind
		if len(c.known) < maxKnown {
			c.known[cell.Text] = a
		}
	}
	return a
}

func (out *Reading) set(part, field string, values []string) {
	form := out.Forms[part]
	if form == nil {
		form = make(map[string][]string, 8)
		out.Forms[part] = form
	}
	form[field] = values
}

// has reports whether the row gives the field a value.
func (out *Reading) has(part, field string) bool {
	if values := out.Forms[part][field]; len(values) > 0 && values[0] != "" {
		return true
	}
	return slices.ContainsFunc(out.Links, func(l Link) bool { return l.Part == part && l.Field == field })
}

// follow sets what follows from the values that the row gives.
func (r *Reader) follow(out *Reading) {
	for field, then := range r.m.Given {
		part, name := cut(field)
		if !out.has(part, name) {
			continue
		}
		for field, value := range then {
			if part, name := cut(field); !out.has(part, name) {
				out.set(part, name, []string{value})
			}
		}
	}
}

// settle leaves out the parts that the row says nothing of, and sees to it that the first is there.
func (r *Reader) settle(out *Reading) {
	if out.Forms[""] == nil {
		out.Forms[""] = map[string][]string{}
	}
	for _, p := range r.parts[1:] {
		if !r.says(out, p) {
			delete(out.Forms, p.Name)
			out.Links = slices.DeleteFunc(out.Links, func(l Link) bool { return l.Part == p.Name })
			continue
		}
		for field, value := range p.key {
			if !out.has(p.Name, field) {
				out.set(p.Name, field, value)
			}
		}
		if out.Forms[p.Name] == nil {
			out.Forms[p.Name] = map[string][]string{}
		}
	}
}

func (r *Reader) says(out *Reading, p part) bool {
	if len(p.When) > 0 {
		return slices.ContainsFunc(p.When, func(field string) bool { return out.has(p.Name, field) })
	}
	return slices.ContainsFunc(r.columns, func(c *column) bool { return c.part == p.Name && out.has(c.part, c.name) })
}
