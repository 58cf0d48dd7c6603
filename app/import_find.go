// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet/mapping"
)

// A finder finds records of one register by what people write for them: the id, the title, a unit's code or a person's e-mail.
// It is made once for an import and follows what the rows make of the records.
type finder struct {
	schema *register.Schema
	by     map[string][]string // by the folded text: ids
	of     map[string][]string // by id: the folded texts that it is found by
	rec    map[string]register.Entity
}

func newFinder(s *register.Schema, records []register.Entity, in register.In) *finder {
	f := &finder{schema: s, by: make(map[string][]string, len(records)), of: make(map[string][]string, len(records)),
		rec: make(map[string]register.Entity, len(records))}
	for _, rec := range records {
		if in.Has(rec.Head().Unit) {
			f.take(rec)
		}
	}
	return f
}

// take lets the record be found as it is, and no longer as it was.
func (f *finder) take(rec register.Entity) {
	id := rec.Head().ID
	for _, text := range f.of[id] {
		f.by[text] = slices.DeleteFunc(f.by[text], func(other string) bool { return other == id })
	}
	title := f.schema.Title(rec)
	texts := []string{id, mapping.Fold(title), mapping.Fold(oneLine(title))}
	switch r := rec.(type) {
	case *isms.Unit:
		texts = append(texts, mapping.Fold(r.Code))
	case *isms.Person:
		texts = append(texts, mapping.Fold(r.Email), mapping.Fold(r.Number))
	case *isms.Supplier:
		texts = append(texts, mapping.Fold(r.OrgNumber))
	}
	texts = slices.DeleteFunc(texts, func(t string) bool { return t == "" })
	slices.Sort(texts)
	texts = slices.Compact(texts)
	for _, text := range texts {
		f.by[text] = append(f.by[text], id)
	}
	f.of[id], f.rec[id] = texts, rec
}

// find lists the records that the text names. A record that it names by its id is alone; records in use go before retired ones.
func (f *finder) find(text string) []string {
	text = strings.TrimSpace(text)
	if f.rec[text] != nil {
		return []string{text}
	}
	all := f.by[mapping.Fold(text)]
	var inUse []string
	for _, id := range all {
		if f.rec[id].Head().Retired == "" {
			inUse = append(inUse, id)
		}
	}
	if len(inUse) > 0 {
		return inUse
	}
	return all
}

// isNamedBy reports whether the text names the record, alone or among others.
func (f *finder) isNamedBy(id, text string) bool {
	return id == text || slices.Contains(f.of[id], mapping.Fold(text))
}

// oneLine is a title as a cell of links has it.
func oneLine(title string) string { return strings.ReplaceAll(title, "\n", ";") }

// title is the record's, or its id where it may not be seen.
func (f *finder) title(id string) string {
	if rec := f.rec[id]; rec != nil {
		return f.schema.Title(rec)
	}
	return id
}

// keyFields are the fields by which a row finds its record where the map does not say: what the register demands that tells one
// record from another. A register whose first field is a title that must be given is told by it, and by the records that it
// must be linked to and the years that it must have; one without by everything that it demands but its state, and by the links that its
// fields begin with. What nothing tells apart is told by the links and days that the list gives.
func keyFields(s *register.Schema, m ImportMap) []string {
	switch s.Name {
	case "unit":
		if m.Column("code") >= 0 {
			return []string{"code"}
		}
		return []string{s.Fields[0].Name}
	}
	first := s.Fields[0]
	titled := first.Required && (first.Kind == register.Text || first.Kind == register.Prose)
	keys := []string{"unit"}
	begins := true // with links, by which it belongs to another record
	for i, f := range s.Fields {
		begins = begins && f.Kind == register.Link
		switch {
		case begins && m.Column(f.Name) >= 0:
			keys = append(keys, f.Name)
		case !f.Required || f.Kind == register.Number || f.Kind == register.Share || f.Kind == register.Prose && i > 0:
		case i == 0 && titled, f.Kind == register.Link, f.Kind == register.Int:
			keys = append(keys, f.Name)
		case !titled && f.Name != "state" && f.Name != "model":
			keys = append(keys, f.Name)
		}
	}
	if len(keys) == 1 {
		for _, f := range s.Fields {
			if (f.Kind == register.Link || f.Kind == register.Date) && m.Column(f.Name) >= 0 {
				keys = append(keys, f.Name)
			}
		}
	}
	return keys
}

// keyOf is what tells the record from others by the fields, "" where none of them is given.
func keyOf(s *register.Schema, rec register.Entity, fields []string) string {
	var b strings.Builder
	given := false
	for _, name := range fields {
		if name == "unit" {
			b.WriteString(rec.Head().Unit + "\x00")
			continue
		}
		f, ok := s.Field(name)
		if !ok {
			continue
		}
		text := f.Text(rec)
		if f.Kind == register.Text || f.Kind == register.Prose {
			text = mapping.Fold(text)
		}
		given = given || text != ""
		b.WriteString(text + "\x00")
	}
	if !given {
		return ""
	}
	return b.String()
}

// A keyring finds records by a key.
type keyring struct {
	schema *register.Schema
	fields []string
	by     map[string][]register.Entity
}

func newKeyring(s *register.Schema, records []register.Entity, in register.In, fields []string) *keyring {
	k := &keyring{s, fields, make(map[string][]register.Entity, len(records))}
	for _, rec := range records {
		if in.Has(rec.Head().Unit) {
			k.take(rec)
		}
	}
	return k
}

func (k *keyring) take(rec register.Entity) {
	if key := keyOf(k.schema, rec, k.fields); key != "" {
		k.by[key] = append(k.by[key], rec)
	}
}

// forget takes away a record that has got another key.
func (k *keyring) forget(rec register.Entity) {
	key := keyOf(k.schema, rec, k.fields)
	k.by[key] = slices.DeleteFunc(k.by[key], func(other register.Entity) bool { return other.Head().ID == rec.Head().ID })
}

// find lists the records in use with the key, without those that another of them replaces. A row that says itself that its record is
// retired means a retired one where none is in use.
func (k *keyring) find(key string, retired bool) []register.Entity {
	if key == "" {
		return nil
	}
	var found, out []register.Entity
	for _, rec := range k.by[key] {
		if rec.Head().Retired == "" {
			found = append(found, rec)
		} else {
			out = append(out, rec)
		}
	}
	if len(found) == 0 && retired {
		found = out
	}
	if len(found) < 2 {
		return found
	}
	return slices.DeleteFunc(slices.Clone(found), func(rec register.Entity) bool {
		return slices.ContainsFunc(found, func(other register.Entity) bool { return replaces(other, rec) })
	})
}

// replaces reports whether the one record is a later version of the other.
func replaces(later, rec register.Entity) bool {
	switch l := later.(type) {
	case *isms.Processing:
		return string(l.Replaces) == rec.Head().ID
	case *isms.Classification:
		old, ok := rec.(*isms.Classification)
		return ok && old.State == isms.ClassificationSuperseded && l.State != isms.ClassificationSuperseded
	}
	return false
}

// firstTitle is the field that a record made from its title alone gets it in.
func firstTitle(s *register.Schema) (register.Field, bool) {
	i := slices.IndexFunc(s.Fields, func(f register.Field) bool { return f.Kind == register.Text })
	if i < 0 {
		return register.Field{}, false
	}
	return s.Fields[i], true
}

// sortWrongs orders what is wrong with a row by its columns, the row as a whole last.
func sortWrongs(wrong []CellWrong) {
	slices.SortStableFunc(wrong, func(a, b CellWrong) int { return cmp.Compare(uint(a.Column), uint(b.Column)) })
}
