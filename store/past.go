// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"slices"
	"sort"
	"strings"

	"ledsyn/register"
)

// AsOf returns the register's records within the scope as the journal knew them at the moment, the last entry
// of that very moment included, by id. Records retired by then are among them, with Retired set. Records whose
// body of then has been erased by law are not.
func (t *Tx) AsOf(s *register.Schema, in register.In, m register.Moment) ([]register.Entity, error) {
	if !in.All && len(in.Units) == 0 {
		return nil, nil
	}
	h, err := t.readHead()
	if err != nil {
		return nil, err
	}
	if h.at <= m { // the journal's end is what the registers hold
		return t.every(tableOf(s), in, "")
	}
	until, err := t.seqAt(m)
	if err != nil {
		return nil, err
	}
	args := argList{t.org, s.Name, until}
	units := ""
	if !in.All {
		units = " and unit in (" + args.marks(in.Units) + ")"
	}
	var out []register.Entity
	err = t.each(`select seq, id, body from journal where org = $1 and salt <> ''`+units+` and seq in (
			select max(seq) from journal where org = $1 and kind = $2 and seq <= $3 and act in `+recordActs+` group by id)
		order by id`, args,
		func(scan func(...any) error) error {
			e := Entry{Kind: s.Name}
			if err := scan(&e.Seq, &e.ID, &e.Body); err != nil {
				return err
			}
			rec, err := decode(s, e)
			out = append(out, rec)
			return err
		})
	if err != nil {
		return nil, err
	}
	return out, t.cover(tableOf(s), out)
}

// AsOf returns records of the register T as of a moment: see Tx.AsOf.
func AsOf[T any](t *Tx, in register.In, m register.Moment) ([]T, error) {
	recs, err := t.AsOf(register.Of[T](), in, m)
	return valuesOf[T](recs), err
}

// seqAt returns the number of the last entry at or before the moment; 0 if there is none. Numbers and moments
// have the same order and numbers have no gaps, so it is found by halving; an index would cost every act.
func (t *Tx) seqAt(m register.Moment) (int64, error) {
	h, err := t.readHead()
	if err != nil {
		return 0, err
	}
	if h.at <= m {
		return h.seq, nil
	}
	var failed error
	after := sort.Search(int(h.seq), func(i int) bool {
		var at register.Moment
		if _, err := t.one(`select at from journal where org = $1 and seq = $2`, []any{t.org, i + 1}, &at); err != nil {
			failed = err
		}
		return at > m
	})
	return int64(after), failed
}

// Series gives the past at many moments in one reading of the journal: f is called once for each moment, in
// the order of time, with the moment's place in moments and, for each register, what AsOf would return. The records are shared
// between calls and must not be changed. Nothing in them is masked: they are for counting.
func (t *Tx) Series(schemas []*register.Schema, in func(kind string) register.In, moments []register.Moment,
	f func(i int, at map[string][]register.Entity) error) error {
	p := past{in: map[string]register.In{}, schemas: map[string]*register.Schema{}, latest: map[string]map[string]*version{}}
	args := argList{t.org}
	var kinds []string
	for _, s := range schemas {
		kinds = append(kinds, s.Name)
		p.schemas[s.Name], p.in[s.Name], p.latest[s.Name] = s, in(s.Name), map[string]*version{}
	}
	if len(kinds) == 0 || len(moments) == 0 {
		return nil
	}
	order := make([]int, len(moments))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(string(moments[a]), string(moments[b])) })
	until, err := t.seqAt(moments[order[len(order)-1]])
	if err != nil {
		return err
	}

	next := 0
	err = t.each(`select seq, at, kind, id, unit, salt = '', body from journal where org = $1 and seq <= `+args.mark(until)+
		` and kind in (`+args.marks(kinds)+`) and act in `+recordActs+` order by seq`, args,
		func(scan func(...any) error) error {
			var v version
			var kind, id string
			if err := scan(&v.seq, &v.at, &kind, &id, &v.unit, &v.erased, &v.body); err != nil {
				return err
			}
			for ; next < len(order) && moments[order[next]] < v.at; next++ {
				if err := p.give(order[next], f); err != nil {
					return err
				}
			}
			p.latest[kind][id] = &v
			return nil
		})
	for ; err == nil && next < len(order); next++ {
		err = p.give(order[next], f)
	}
	return err
}

// Series gives records of the register T at many moments: see Tx.Series.
func Series[T any](t *Tx, in register.In, moments []register.Moment, f func(i int, recs []T) error) error {
	s := register.Of[T]()
	return t.Series([]*register.Schema{s}, func(string) register.In { return in }, moments,
		func(i int, at map[string][]register.Entity) error { return f(i, valuesOf[T](at[s.Name])) })
}

// past is what the journal has told so far.
type past struct {
	schemas map[string]*register.Schema
	in      map[string]register.In
	latest  map[string]map[string]*version
}

// version is a record after one of its changes, decoded when first asked for.
type version struct {
	seq    int64
	at     register.Moment
	unit   string
	erased bool
	body   []byte
	rec    register.Entity
}

func (p past) give(i int, f func(int, map[string][]register.Entity) error) error {
	at := map[string][]register.Entity{}
	for kind, latest := range p.latest {
		var ids []string
		for id, v := range latest {
			if !v.erased && p.in[kind].Has(v.unit) {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		for _, id := range ids {
			v := latest[id]
			if v.rec == nil {
				rec, err := decode(p.schemas[kind], Entry{Seq: v.seq, Kind: kind, ID: id, Body: v.body})
				if err != nil {
					return err
				}
				v.rec, v.body = rec, nil
			}
			at[kind] = append(at[kind], v.rec)
		}
	}
	return f(i, at)
}
