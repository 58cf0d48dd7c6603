// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/sheet/mapping"
	"ledsyn/store"
)

// sampled is how many rows are looked at to guess what a list is.
const sampled = 200

// guess returns the map of the latest import of a list with the same headings, with that import's id, or else one guessed from the
// headings and values. kind and preset may be empty.
func (a *App) guess(ctx context.Context, who access.Actor, b *sheet.Book, kind, preset string) (m ImportMap, again string, err error) {
	n, at, rows, err := likelySheet(b)
	if err != nil {
		return ImportMap{}, "", err
	}
	return a.guessAt(ctx, who, b, n, at, rows, kind, preset)
}

// guessAt is guess where the sheet and its heading are known: n is the sheet, rows are its first ones, and at is the heading's place among
// them, or -1.
func (a *App) guessAt(ctx context.Context, who access.Actor, b *sheet.Book, n, at int, rows [][]sheet.Cell, kind, preset string) (m ImportMap, again string, err error) {
	var header []sheet.Cell
	if at >= 0 {
		header = rows[at]
	}
	name := ""
	if len(b.Sheets()) > 1 {
		name = b.Sheets()[n]
	}
	if preset == "" {
		m, again, err = a.remembered(ctx, who, header, kind)
		if err != nil {
			return ImportMap{}, "", err
		}
		if again != "" {
			if m.Header > 0 {
				m.Header = at + 1
			}
			m.Sheet = name
			return m, again, nil
		}
		if own := exportOf(header); own != "" && (kind == "" || kind == own) {
			kind = own
		} else {
			preset = mapping.GuessPreset(kind, header)
		}
	}
	m = mapping.Guess(isms.Register, kind, preset, header, rows[at+1:])
	m.Header, m.Sheet, m.Unit = at+1, name, homeUnit(who)
	return m, "", nil
}

// exportOf returns the register that the program itself has written the list out of, in any language, or "".
func exportOf(header []sheet.Cell) string {
	for _, lang := range locale.Langs() {
		if len(header) < 3 || header[0].Text != lang.T("record.id") {
			continue
		}
		for _, s := range isms.Registers() {
			labels := []string{lang.T("record.id"), lang.T("record.unit"), lang.T("record.retired")}
			for _, f := range s.Fields {
				labels = append(labels, lang.T(s.Name+"."+f.Name))
			}
			foreign := func(c sheet.Cell) bool { return !slices.Contains(labels, c.Text) }
			if len(labels) == len(header) && !slices.ContainsFunc(header, foreign) {
				return s.Name
			}
		}
	}
	return ""
}

// likelySheet is the first sheet that seems to have a heading, with the place of the heading, or -1, and its first rows.
func likelySheet(b *sheet.Book) (n, at int, rows [][]sheet.Cell, err error) {
	for n := range b.Sheets() {
		head, err := b.Head(n, sampled)
		if err != nil {
			return 0, 0, nil, err
		}
		if at := sheet.GuessHeader(head[:min(len(head), 30)]); at >= 0 {
			return n, at, head, nil
		}
		if n == 0 {
			rows = head
		}
		if n == 20 {
			break
		}
	}
	return 0, -1, rows, nil
}

// remembered is the map of the latest import whose columns are all in the heading.
func (a *App) remembered(ctx context.Context, who access.Actor, header []sheet.Cell, kind string) (m ImportMap, id string, err error) {
	heads := map[string]bool{}
	for _, c := range header {
		heads[mapping.Fold(c.Text)] = true
	}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		all, err := store.All[isms.Import](tx, who.In(access.See, "import"))
		if err != nil {
			return err
		}
		latestFirst(all)
		for _, i := range all {
			if i.UndoneOn != "" || kind != "" && i.Kind != kind {
				continue
			}
			was, err := mapping.ReadMap([]byte(i.Mapping))
			if err != nil || len(header) == 0 || was.Header == 0 || len(was.Check(isms.Register)) > 0 {
				continue
			}
			foreign := func(c ImportColumn) bool { return c.Field != "" && !heads[mapping.Fold(c.Header)] }
			if len(was.Columns) > 0 && !slices.ContainsFunc(was.Columns, foreign) {
				m, id = was, i.ID
				return nil
			}
		}
		return nil
	})
	return m, id, err
}

// homeUnit is the unit that a person's list is most likely for: the only one in which the person has a role and may take lists in.
func homeUnit(who access.Actor) string {
	var may []string
	for _, unit := range who.Units() {
		if who.May(access.Create, "import", unit) {
			may = append(may, unit)
		}
	}
	if len(may) == 1 {
		return may[0]
	}
	return ""
}

// GuessImport guesses the draft's map anew, as a list of the kind or the preset; either may be empty.
func (a *App) GuessImport(ctx context.Context, who access.Actor, id, kind, preset string) (ImportMap, error) {
	d, _, err := a.ownDraft(ctx, who, id)
	if err != nil {
		return ImportMap{}, err
	}
	b, done, err := a.book(ctx, d)
	if err != nil {
		return ImportMap{}, err
	}
	defer done()
	m, _, err := a.guess(ctx, who, b, kind, preset)
	return m, err
}

// A ColumnView is a column of a list as somebody who maps it sees it.
type ColumnView struct {
	Place   int    // in the file, from 0
	Header  string // as it stands in the file
	Samples []string
	Column  ImportColumn // what the map says of it
	Field   register.Field
	Target  string // the register that it points at
}

// An ImportTarget is something that a column can become.
type ImportTarget struct {
	Field    string // as in ImportColumn.Field
	Part     string // "" for the row's first record
	Label    string // the key of its words
	PartKind string // the part's register, whose words are register.KIND.one
	Kind     register.Kind
	Required bool
	Target   string // the register that it points at
}

// ImportColumns lists the columns of the draft's sheet with what stands in them first, and what they can become.
func (a *App) ImportColumns(ctx context.Context, who access.Actor, id string) ([]ColumnView, []ImportTarget, error) {
	d, _, err := a.ownDraft(ctx, who, id)
	if err != nil {
		return nil, nil, err
	}
	b, done, err := a.book(ctx, d)
	if err != nil {
		return nil, nil, err
	}
	defer done()
	n, err := sheetOf(b, d.Map)
	if err != nil {
		return nil, nil, err
	}
	rows, err := b.Head(n, d.Map.Header+20)
	if err != nil {
		return nil, nil, err
	}
	return columnViews(d.Map, rows), targetsOf(d.Map), nil
}

func columnViews(m ImportMap, rows [][]sheet.Cell) []ColumnView {
	width := 0
	for _, row := range rows {
		width = max(width, len(row))
	}
	views := make([]ColumnView, width)
	free := slices.Clone(m.Columns)
	for i := range views {
		v := &views[i]
		v.Place = i
		if m.Header > 0 && m.Header <= len(rows) && i < len(rows[m.Header-1]) {
			v.Header = rows[m.Header-1][i].Text
		}
		for _, row := range rows[min(m.Header, len(rows)):] {
			if i < len(row) && row[i].Text != "" && !slices.Contains(v.Samples, row[i].Text) && len(v.Samples) < 3 {
				v.Samples = append(v.Samples, row[i].Text)
			}
		}
		at := i
		if m.Header > 0 {
			at = slices.IndexFunc(free, func(c ImportColumn) bool {
				return mapping.Fold(c.Header) == mapping.Fold(v.Header) && c.Header != "\x00"
			})
		}
		v.Column = ImportColumn{Header: v.Header}
		if at >= 0 && at < len(free) {
			v.Column = free[at]
			free[at].Header = "\x00" // the next with the same heading is the next column
		}
		v.Field = fieldOf(m, v.Column.Field)
		v.Target = v.Field.Target
		if v.Column.Field == "unit" {
			v.Target = "unit"
		}
	}
	return views
}

// fieldOf is the field of the register that the name in the map means.
func fieldOf(m ImportMap, name string) register.Field {
	part, field := partOf(name)
	of, _ := m.Part(part)
	if s, ok := isms.Register(of.Kind); ok {
		f, _ := s.Field(field)
		return f
	}
	return register.Field{}
}

func targetsOf(m ImportMap) []ImportTarget {
	var list []ImportTarget
	if m.IsSet() {
		for _, meaning := range mapping.Meanings(m.Kind) {
			list = append(list, ImportTarget{Field: meaning.Name, Label: "meaning." + meaning.Name, Kind: meaning.Kind})
		}
		return list
	}
	for _, name := range []string{"id", "unit", "retired"} {
		t := ImportTarget{Field: name, Label: "record." + name}
		if name == "unit" {
			t.Target = "unit"
		}
		if m.Kind != "unit" || name != "unit" {
			list = append(list, t)
		}
	}
	for _, part := range append([]mapping.Part{{Kind: m.Kind}}, m.Parts...) {
		s, ok := isms.Register(part.Kind)
		if !ok {
			continue
		}
		prefix, kind := "", ""
		if part.Name != "" {
			prefix, kind = part.Name+".", part.Kind
		}
		for _, f := range s.Fields {
			if part.Name == "" || f.Name != part.Link {
				list = append(list, ImportTarget{prefix + f.Name, part.Name, s.Name + "." + f.Name, kind, f.Kind, f.Required, f.Target})
			}
		}
		if _, leveled := s.Field("confidentiality"); leveled {
			list = append(list, ImportTarget{Field: prefix + mapping.Levels, Part: part.Name, Label: "import.field.levels", PartKind: kind})
		}
	}
	return list
}
