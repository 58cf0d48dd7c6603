// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"maps"
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
)

const markHolds = `m.retired = '' and (m."lifted_on" = '' or m."lifted_on" > `

// markedKinds are the registers that marks stand on today.
func (t *Tx) markedKinds() (map[string]bool, error) {
	if t.marked != nil {
		return t.marked, nil
	}
	var seq int64
	if t.head == nil { // in a View what the journal's end knows stays so
		if _, err := t.one(`select seq from head where org = $1`, []any{t.org}, &seq); err != nil {
			return nil, err
		}
		if was, ok := t.db.marked.Load(t.org); ok && was.(markedAt).seq == seq && was.(markedAt).day == t.day() {
			t.marked = was.(markedAt).kinds
			return t.marked, nil
		}
	}
	kinds := map[string]bool{}
	err := t.each(`select distinct m."kind" from "secrecy_mark" m where m.org = $1 and `+markHolds+`$2)`, []any{t.org, t.day()},
		func(scan func(...any) error) error {
			var kind string
			err := scan(&kind)
			kinds[kind] = true
			return err
		})
	if err == nil {
		t.marked = kinds
		if t.head == nil {
			t.db.marked.Store(t.org, markedAt{seq, t.day(), kinds})
		}
	}
	return kinds, err
}

// markedAt is the registers that marks stood on, when the journal was so long.
type markedAt struct {
	seq   int64
	day   string
	kinds map[string]bool
}

func (t *Tx) day() string { return string(register.DayOf(t.db.Now())) }

// concerned reports whether something may be marked in records of the register: in themselves or as parts of others.
func (t *Tx) concerned(s *register.Schema) (bool, error) {
	kinds, err := t.markedKinds()
	for s != nil && err == nil && len(kinds) > 0 {
		if kinds[s.Name] {
			return true, nil
		}
		s = whole(s)
	}
	return false, err
}

// whole is the register whose records the register's are parts of, or nil.
func whole(s *register.Schema) *register.Schema {
	f, ok := isms.PartOf(s)
	if !ok {
		return nil
	}
	up, _ := isms.Register(f.Target)
	return up
}

// marksOn returns the marks that hold on the records and on what they are parts of, by id and field; "" is all of it.
func (t *Tx) marksOn(s *register.Schema, ids []string) (map[string]map[string]string, error) {
	marks := map[string]map[string]string{}
	put := func(id, field, provision string) {
		if marks[id] == nil {
			marks[id] = map[string]string{}
		}
		marks[id][field] = provision
	}
	args := argList{t.org, s.Name}
	query := `select m."of", m."field", m."provision" from "secrecy_mark" m where m.org = $1 and m."kind" = $2 and ` + markHolds + args.mark(t.day()) + `)`
	few := len(ids) <= maxPage
	if few {
		query += ` and m."of" in (` + args.marks(ids) + `)`
	}
	err := t.each(query+` order by m.id`, args, func(scan func(...any) error) error {
		var id, field, provision string
		err := scan(&id, &field, &provision)
		put(id, field, provision)
		return err
	})
	up := whole(s)
	if err != nil || up == nil {
		return marks, err
	}
	if above, err := t.concerned(up); err != nil || !above {
		return marks, err
	}
	of, err := t.partsOf(s, ids, few)
	if err != nil {
		return nil, err
	}
	over, err := t.marksOn(up, slices.Collect(maps.Values(of)))
	for id, parent := range of {
		if _, own := marks[id][""]; own {
			continue
		}
		if provision, all := over[parent][""]; all {
			put(id, "", provision)
		}
	}
	return marks, err
}

// partsOf tells what each record is a part of.
func (t *Tx) partsOf(s *register.Schema, ids []string, few bool) (map[string]string, error) {
	f, _ := isms.PartOf(s)
	args := argList{t.org}
	query := `select id, ` + quote(f.Name) + ` from ` + quote(s.Name) + ` where org = $1`
	if few {
		query += ` and id in (` + args.marks(ids) + `)`
	}
	of := map[string]string{}
	err := t.each(query, args, func(scan func(...any) error) error {
		var id, parent string
		err := scan(&id, &parent)
		if parent != "" {
			of[id] = parent
		}
		return err
	})
	return of, err
}
