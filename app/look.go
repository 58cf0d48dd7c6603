// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"reflect"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// A look is how the rules see the records. Saving one record asks the store for each. An import reads a register whole when it
// is first asked for, and sees the records as the rows before have made them, though nothing of it is kept yet.
type look struct {
	*store.Tx
	held map[string]*wholeRegister // by register; nil where every question goes to the store
	in   map[inKey]register.In
	from *isms.Derivation // of what was kept before the import
}

// wholeRegister is a register that has been read whole, with what the rows have made of it.
type wholeRegister struct {
	list []register.Entity
	at   map[string]int  // place in list, by id
	made map[string]bool // records that are not kept yet
}

type inKey struct {
	act  access.Act
	kind string
}

// one is the look of an act on one record.
func one(tx *store.Tx) *look { return &look{Tx: tx} }

// many is the look of an act on many.
func many(tx *store.Tx) *look {
	return &look{Tx: tx, held: map[string]*wholeRegister{}, in: map[inKey]register.In{}}
}

// Get is store.Tx.Get. What it returns must not be changed.
func (l *look) Get(s *register.Schema, in register.In, id string) (register.Entity, error) {
	if l.held == nil {
		return l.Tx.Get(s, in, id)
	}
	h, err := l.whole(s)
	if err != nil {
		return nil, err
	}
	i, ok := h.at[id]
	if !ok || !in.Has(h.list[i].Head().Unit) && !h.made[id] {
		return nil, isms.ErrNotFound
	}
	return h.list[i], nil
}

// All returns all the register's records, retired ones too. What it returns must not be changed.
func (l *look) All(s *register.Schema) ([]register.Entity, error) {
	if l.held == nil {
		return l.Tx.All(s, everywhere)
	}
	h, err := l.whole(s)
	if err != nil {
		return nil, err
	}
	return h.list, nil
}

func (l *look) whole(s *register.Schema) (*wholeRegister, error) {
	if h := l.held[s.Name]; h != nil {
		return h, nil
	}
	list, err := l.Tx.All(s, everywhere)
	if err != nil {
		return nil, err
	}
	h := &wholeRegister{list: list, at: make(map[string]int, len(list)), made: map[string]bool{}}
	for i, rec := range list {
		h.at[rec.Head().ID] = i
	}
	l.held[s.Name] = h
	return h, nil
}

// take lets the record be seen as it will be.
func (l *look) take(rec register.Entity) error {
	h, err := l.whole(register.OfValue(rec))
	if err != nil {
		return err
	}
	id := rec.Head().ID
	if i, ok := h.at[id]; ok {
		h.list[i] = rec
		return nil
	}
	h.at[id], h.made[id] = len(h.list), true
	h.list = append(h.list, rec)
	return nil
}

// drop forgets a record that was taken and will not be made after all.
func (l *look) drop(rec register.Entity) {
	h := l.held[register.OfValue(rec).Name]
	i, ok := h.at[rec.Head().ID]
	if !ok || !h.made[rec.Head().ID] {
		return
	}
	delete(h.at, rec.Head().ID)
	delete(h.made, rec.Head().ID)
	h.list = slices.Delete(h.list, i, i+1)
	for ; i < len(h.list); i++ {
		h.at[h.list[i].Head().ID] = i
	}
}

// reach is who.In, asked once in an import.
func (l *look) reach(who access.Actor, act access.Act, kind string) register.In {
	if l.held == nil {
		return who.In(act, kind)
	}
	in, ok := l.in[inKey{act, kind}]
	if !ok {
		in = who.In(act, kind)
		l.in[inKey{act, kind}] = in
	}
	return in
}

// settled is the unit by which rights are asked for: of a unit that the import itself makes, the nearest above it that there was.
func (l *look) settled(unit string) string {
	h := l.held["unit"]
	for range 100 {
		if h == nil || !h.made[unit] {
			return unit
		}
		unit = string(h.list[h.at[unit]].(*isms.Unit).Parent)
	}
	return ""
}

// units lists the units, retired ones too.
func (l *look) units() ([]isms.Unit, error) {
	recs, err := l.All(register.Of[isms.Unit]())
	units := make([]isms.Unit, len(recs))
	for i, rec := range recs {
		units[i] = *rec.(*isms.Unit)
	}
	return units, err
}

// derivation is what levels are derived from. An import's own rows change nothing in it that its rules ask for: the registers
// that levels are derived from have no rules that ask for levels.
func (l *look) derivation(day register.Day) (*isms.Derivation, error) {
	if l.from != nil {
		return l.from, nil
	}
	d, err := deriveNow(l.Tx, day)
	if l.held != nil {
		l.from = d
	}
	return d, err
}

// exceptions lists the exceptions in use for the system.
func (l *look) exceptions(system string) ([]isms.LevelException, error) {
	return linkedIn[isms.LevelException](l, "system", system)
}

// openTasks lists the object's open tasks.
func (l *look) openTasks(kind, id string) ([]isms.Reclassification, error) {
	if kind == "information_type" {
		return nil, nil
	}
	all, err := linkedIn[isms.Reclassification](l, objectField(kind), id)
	return slices.DeleteFunc(all, func(t isms.Reclassification) bool { return t.State != isms.TaskOpen }), err
}

// linkedIn is linked as the look sees the records.
func linkedIn[T any](l *look, field, id string) ([]T, error) {
	if l.held == nil {
		return linked[T](l.Tx, field, id)
	}
	s := register.Of[T]()
	f, _ := s.Field(field)
	recs, err := l.All(s)
	var list []T
	for _, rec := range recs {
		if rec.Head().Retired == "" && slices.Contains(f.IDs(rec), id) {
			list = append(list, *any(rec).(*T))
		}
	}
	return list, err
}

// copyOf returns a record that can be changed without the other noticing. Lists of links are shared: setting a field never
// changes the list that was there.
func copyOf(rec register.Entity) register.Entity {
	c := register.OfValue(rec).New()
	reflect.ValueOf(c).Elem().Set(reflect.ValueOf(rec).Elem())
	return c
}
