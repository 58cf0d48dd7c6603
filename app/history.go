// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// History is what a record has been.
type History struct {
	Schema   *register.Schema
	Title    string
	Versions []Version // the newest first
	Titles   Titles    // of the records that any version links to, and of those who made them
}

// Version is one entry of the journal for a record.
type Version struct {
	Seq     int64 // the entry's place in the journal
	At      register.Moment
	Who     string // a person's id, or how the operator is named
	Act     string
	Rev     int
	Changes []register.Change // what differs from the version before
	Moved   bool              // the record came to another unit
	Unit    string            // the unit it belonged to after the act
	Hidden  bool              // it then belonged to a unit whose history the actor may not see: nothing but the time is told
	Erased  bool              // the contents have been erased by law
}

// History returns the versions of a record, each with what it changed.
func (a *App) History(ctx context.Context, who access.Actor, kind, id string) (History, error) {
	s, in, err := a.visible(ctx, who, kind)
	if err != nil {
		return History{}, err
	}
	h := History{Schema: s}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		rec, err := tx.Get(s, in, id)
		if err != nil {
			return err
		}
		if err := a.allow(ctx, who, access.SeeHistory, kind, rec.Head().Unit); err != nil {
			return err
		}
		h.Title = s.Title(rec)
		entries, err := tx.History(s, in, id)
		if err != nil {
			return err
		}
		w, err := h.read(who, entries)
		if err != nil {
			return err
		}
		h.Titles, err = titles(tx, who, w)
		return err
	})
	slices.Reverse(h.Versions)
	return h, err
}

// read makes versions of the entries, oldest first, and returns the records they link to.
func (h *History) read(who access.Actor, entries []store.Entry) (wanted, error) {
	w := wanted{}
	var was register.Entity
	unit := ""
	for _, e := range entries {
		v := Version{Seq: e.Seq, At: e.At, Who: e.Who, Act: e.Act, Unit: e.Unit, Erased: e.Erased()}
		if e.Unit != "" {
			v.Moved = unit != "" && unit != e.Unit
			unit = e.Unit
		}
		if e.Unit != "" && !who.May(access.SeeHistory, h.Schema.Name, e.Unit) {
			h.Versions = append(h.Versions, Version{Seq: e.Seq, At: e.At, Hidden: true})
			was = nil // so that the next version shows itself whole and not what was hidden
			continue
		}
		if register.ValidID(e.Who) {
			w.add("person", e.Who)
		}
		is, err := e.Record()
		if err != nil && !errors.Is(err, isms.ErrNotFound) {
			return nil, err
		}
		if err != nil { // erased, or a note without a record
			h.Versions = append(h.Versions, v)
			continue
		}
		v.Rev = is.Head().Rev
		v.Changes = register.Diff(was, is)
		for kind, ids := range links(is) {
			w.add(kind, ids...)
		}
		was = is
		h.Versions = append(h.Versions, v)
	}
	return w, nil
}
