// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"slices"

	"ledsyn/locale"
	"ledsyn/register"
)

// TableOf makes a table of the register's records, which must be of it: the unit, and every field that is not hidden, in
// the language and each in its own type. Title gives the words for a record that a link points at; where it gives "" the
// id is written.
func TableOf(lang locale.Lang, s *register.Schema, records []register.Entity, hidden []string, title func(kind, id string) string) Table {
	w := Writer{lang: lang, schema: s, title: title}
	t := Table{Name: lang.T("register." + s.Name), Head: []string{lang.T("record.unit")}, Widths: []int{24}}
	var fields []register.Field
	for _, f := range s.Fields {
		if slices.Contains(hidden, f.Name) {
			continue
		}
		fields = append(fields, f)
		t.Head = append(t.Head, lang.T(s.Name+"."+f.Name))
		t.Widths = append(t.Widths, width(f.Kind))
	}
	for _, rec := range records {
		row := []any{w.link("unit", rec.Head().Unit)}
		for _, f := range fields {
			row = append(row, w.typed(f, rec))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func width(k register.Kind) int {
	switch k {
	case register.Prose, register.Links:
		return 48
	case register.Text, register.Link, register.Choice:
		return 28
	}
	return 14
}

// typed is the field's value as a cell of its own type, nothing where it is not known; words where it has none.
func (w *Writer) typed(f register.Field, rec register.Entity) any {
	if _, masked := rec.Head().Masks(f.Name); masked {
		return w.cell(f, rec)
	}
	n, _ := f.Value(rec).(int64)
	switch {
	case f.Kind == register.Date:
		return register.Day(f.Text(rec))
	case f.Kind == register.Int && n != 0, f.Kind == register.Number && n >= 0:
		return int(n)
	case f.Kind == register.Share:
		return register.PercentOf(int(n)) // a negative one is unknown
	}
	return w.cell(f, rec)
}
