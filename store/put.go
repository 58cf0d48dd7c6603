// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"ledsyn/isms"
	"ledsyn/register"
)

// Put writes a record, new (Rev 0, with or without an id) or changed, together with its journal entry. On
// success the record carries its id and new revision; if the act as a whole fails later, that revision was
// never kept.
//
// Errors: register.Wrongs for what a person can mend, among it no_such for a link or unit that the
// organisation does not have; isms.ErrStale when the record was changed since it was read, or created by
// another under the same id; isms.ErrNotFound; isms.ErrFrozen.
func (t *Tx) Put(rec register.Entity) error {
	if wrong := register.Check(rec); len(wrong) > 0 {
		return register.Wrongs(wrong)
	}
	return t.put(rec)
}

// Retire sets the day from which the record is no longer in use. Nothing is deleted. rev is the revision it
// was read at. Errors as of Get and Put.
func (t *Tx) Retire(s *register.Schema, in register.In, id string, rev int, day register.Day) error {
	if !day.Valid() {
		return register.Wrongs{{Field: "retired", Code: "day", Args: []any{string(day)}}}
	}
	rec, err := t.Get(s, in, id)
	if err != nil {
		return err
	}
	if rec.Head().Rev != rev {
		return isms.ErrStale
	}
	rec.Head().Retired = day
	return t.put(rec)
}

func (t *Tx) put(rec register.Entity) (err error) {
	if t.head == nil {
		return errNotUpdating
	}
	tb := tableOf(register.OfValue(rec))
	h := rec.Head()
	before := *h
	defer func() {
		if err != nil {
			*h = before
		}
	}()
	old, act, err := t.before(tb, h)
	if err != nil {
		return err
	}
	if old != nil && old.Head().Retired == "" && h.Retired != "" {
		act = Retire
	}
	if err := t.keepHidden(tb, old, rec); err != nil {
		return err
	}
	h.Rev++
	if wrong := unkeepable(tb, rec); wrong != nil {
		return wrong
	}
	if err := t.thawed(old, rec); err != nil {
		return err
	}
	if err := t.linksExist(tb, old, rec); err != nil {
		return err
	}
	if err := t.write(tb, old, rec); err != nil {
		return err
	}
	if err := t.writeLinks(tb, old, rec); err != nil {
		return err
	}
	return t.journal(act, tb.Name, h.ID, h.Unit, register.JSON(rec))
}

// keepHidden gives back to the record what its writer could not see: fields that are masked in it keep what they were, and so do
// texts that a writer who may not see them would empty. A form that was filled in without a field must not take it away.
func (t *Tx) keepHidden(tb *table, old, rec register.Entity) error {
	h := rec.Head()
	if tb.Name == "secrecy_mark" {
		t.marked = nil // what stands marked may become another
	}
	if old == nil {
		if h.Masked != nil {
			return fmt.Errorf("store: a new %s cannot be made of a masked record", tb.Name)
		}
		return nil
	}
	keep := h.MaskedFields()
	h.Masked = nil
	if t.guard != nil {
		fields, err := t.Hides(*t.guard, old)
		if err != nil {
			return err
		}
		for name := range fields {
			if f, ok := tb.Field(name); ok && (f.Kind == register.Text || f.Kind == register.Prose) && f.Text(rec) == "" {
				keep = append(keep, name)
			}
		}
	}
	for _, name := range keep {
		f, _ := tb.Field(name)
		if f.Kind == register.Links {
			f.SetIDs(rec, f.IDs(old))
		} else if err := f.SetValue(rec, f.Value(old)); err != nil {
			return err
		}
	}
	return nil
}

// before returns the record as it is kept, or nil for one to be created, and gives a new one its id.
func (t *Tx) before(tb *table, h *register.Record) (register.Entity, string, error) {
	if h.Rev == 0 {
		if h.ID == "" {
			h.ID = register.NewID()
		}
		if h.Unit == "" && tb.Name == "unit" {
			h.Unit = h.ID // a unit's own record belongs to the unit itself
		}
		return nil, Create, nil
	}
	var old register.Entity
	err := t.Unveiled(func() (err error) {
		old, err = t.Get(tb.Schema, register.In{All: true}, h.ID)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if old.Head().Rev != h.Rev {
		return nil, "", isms.ErrStale
	}
	return old, Change, nil
}

// unkeepable guards what the engines would keep differently or not at all: SQLite keeps any bytes as text,
// PostgreSQL refuses a zero byte and broken UTF-8.
func unkeepable(tb *table, rec register.Entity) error {
	h := rec.Head()
	if !register.ValidID(h.ID) {
		return register.Wrongs{{Field: "id", Code: "link", Args: []any{h.ID}}}
	}
	for _, f := range tb.columns {
		if text := f.Text(rec); !utf8.ValidString(text) || strings.ContainsRune(text, 0) || register.IsMasked(text) {
			return register.Wrongs{{Field: f.Name, Code: "utf8"}}
		}
	}
	return nil
}

// linksExist reports links to records that the organisation does not have. What the record pointed at before
// is there, because nothing is deleted.
func (t *Tx) linksExist(tb *table, old, rec register.Entity) error {
	var wrong register.Wrongs
	h := rec.Head()
	isOwnUnit := tb.Name == "unit" && h.Unit == h.ID
	if !isOwnUnit && (old == nil || old.Head().Unit != h.Unit) {
		if h.Unit == "" {
			wrong = append(wrong, register.Wrong{Field: "unit", Code: "required"})
		} else if missing, err := t.missing("unit", []string{h.Unit}); err != nil {
			return err
		} else if len(missing) > 0 {
			wrong = append(wrong, register.Wrong{Field: "unit", Code: "no_such", Args: []any{h.Unit}})
		}
	}
	for _, f := range tb.links {
		ids := f.IDs(rec)
		if old != nil {
			had := f.IDs(old)
			ids = slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(had, id) })
		}
		if f.Target == tb.Name {
			ids = slices.DeleteFunc(ids, func(id string) bool { return id == h.ID })
		}
		missing, err := t.missing(f.Target, ids)
		if err != nil {
			return err
		}
		for _, id := range missing {
			wrong = append(wrong, register.Wrong{Field: f.Name, Code: "no_such", Args: []any{id}})
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// missing returns those of the ids that the register does not have.
func (t *Tx) missing(kind string, ids []string) ([]string, error) {
	titles, err := t.Titles(kind, ids)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, id := range ids {
		if _, ok := titles[id]; !ok {
			out = append(out, id)
		}
	}
	return out, nil
}

func (t *Tx) write(tb *table, old, rec register.Entity) error {
	args := tb.values(t.org, rec)
	statement := tb.insert
	if old != nil {
		statement, args = tb.update, append(args, int64(old.Head().Rev))
	}
	n, err := t.exec(statement, args...)
	if err != nil {
		return err
	}
	if n != 1 { // another has created a record with this id
		return isms.ErrStale
	}
	return nil
}

// writeLinks keeps the link table as the record says. Single links are in it beside their own column, so that
// one question finds everything that points at a record.
func (t *Tx) writeLinks(tb *table, old, rec register.Entity) error {
	id := rec.Head().ID
	var args argList
	var rows []string
	for _, f := range tb.links {
		ids := f.IDs(rec)
		if old != nil {
			if slices.Equal(ids, f.IDs(old)) {
				continue
			}
			_, err := t.exec(`delete from link where org = $1 and kind = $2 and id = $3 and field = $4`, t.org, tb.Name, id, f.Name)
			if err != nil {
				return err
			}
		}
		for pos, target := range ids {
			if args == nil {
				args.marks([]string{t.org, tb.Name, id})
			}
			rows = append(rows, fmt.Sprintf("($1, $2, $3, %s, %s, %s, %s)",
				args.mark(f.Name), args.mark(int64(pos)), args.mark(f.Target), args.mark(target)))
		}
	}
	if rows == nil {
		return nil
	}
	_, err := t.exec(`insert into link (org, kind, id, field, pos, target_kind, target) values `+strings.Join(rows, ", "), args...)
	return err
}
