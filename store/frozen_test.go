// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/isms"
	"ledsyn/register"
)

func TestFrozenReviewDoesNotChange(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		r := review("r", isms.ReviewProposed)
		put(t, db, r, &isms.Person{Record: isms.Record{ID: "p", Unit: "stad"}, Name: "P"})
		section := &isms.ReviewSection{Record: isms.Record{Unit: "stad"}, Review: "r", Section: "1", State: "ready"}
		consultation := &isms.Consultation{Record: isms.Record{Unit: "stad"}, Review: "r", Person: "p", Kind: "consulted"}
		acceptance := &isms.Acceptance{Record: isms.Record{Unit: "stad"}, Review: "r", Finding: "f", Reason: "Skäl"}
		put(t, db, section, consultation, acceptance)
		open := review("open", isms.ReviewDraft)
		mine := &isms.ReviewSection{Record: isms.Record{Unit: "stad"}, Review: "open", Section: "1", State: "ready"}
		put(t, db, open, mine)
		r.State, r.DecidedOn = isms.ReviewDecided, "2023-11-23"
		put(t, db, r)
		before := verify(t, db)

		later := *r
		later.State, later.Dnr = isms.ReviewPublished, "2023/1"
		back := *r
		back.State = isms.ReviewProposed
		moved := *section
		moved.Review = "open"
		into := *mine
		into.Review = "r"
		fresh := *acceptance
		fresh.ID, fresh.Rev = "", 0
		for name, rec := range map[string]register.Entity{
			"published with a change": &later, "back": &back, "same again": copyRecord(r), "section": copyRecord(section),
			"consultation": copyRecord(consultation), "acceptance": copyRecord(acceptance), "new acceptance": &fresh,
			"section moved out": &moved, "section moved in": &into,
		} {
			err := db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error { return tx.Put(rec) })
			if !errors.Is(err, isms.ErrFrozen) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for kind, id := range map[string]string{"review": "r", "review_section": section.ID} {
			s, _ := isms.Register(kind)
			err := db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error {
				rec, err := tx.Get(s, all, id)
				if err != nil {
					return err
				}
				return tx.Retire(s, all, id, rec.Head().Rev, "2024-01-01")
			})
			if !errors.Is(err, isms.ErrFrozen) {
				t.Errorf("%s retired: %v", kind, err)
			}
		}
		if after := verify(t, db); after != before {
			t.Errorf("%+v, then %+v", before, after)
		}
		r.State = isms.ReviewPublished // the one step that remains
		put(t, db, r)
		put(t, db, mine, open) // the other review is not frozen
		err := db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error { return tx.Put(copyRecord(r)) })
		if !errors.Is(err, isms.ErrFrozen) {
			t.Errorf("published again: %v", err)
		}
	})
}

// copyRecord is a record that a refused Put may touch.
func copyRecord(rec register.Entity) register.Entity {
	c := register.OfValue(rec).New()
	if err := register.ReadJSON(c, register.JSON(rec)); err != nil {
		panic(err)
	}
	return c
}

func TestFreeze(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		put(t, db, review("r", isms.ReviewDecided))
		var seq int64
		var root string
		view(t, db, func(tx *Tx) (err error) {
			seq, root, _, err = tx.Head()
			return err
		})
		f := Frozen{Review: "r", Doc: []byte(`{"a":1}`), PDF: []byte("%PDF\x00\xff"), HTML: []byte("<p>å"), JSON: nil}
		update(t, db, func(tx *Tx) error { return tx.Freeze(f) })
		view(t, db, func(tx *Tx) error {
			got, err := tx.Frozen("r")
			f.SHA256, f.Seq, f.Root, f.At, f.JSON = hashOf(f.Doc), seq, root, got.At, []byte{}
			if diff := cmp.Diff(f, got); diff != "" || got.At == "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			h, err := tx.History(register.Of[isms.Review](), all, "r")
			if len(h) != 2 || h[1].Act != Decide || string(h[1].Body) != string(got.note()) {
				t.Errorf("%+v", h)
			}
			if _, err := tx.Frozen("x"); !errors.Is(err, isms.ErrNotFound) {
				t.Errorf("got %v", err)
			}
			return err
		})
		for id, want := range map[string]error{"r": isms.ErrFrozen, "x": isms.ErrNotFound} {
			err := db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error { return tx.Freeze(Frozen{Review: id, Doc: []byte("annat")}) })
			if !errors.Is(err, want) {
				t.Errorf("%s: %v", id, err)
			}
		}
		if r := verify(t, db); r.Frozen != 1 {
			t.Errorf("%+v", r)
		}
	})
}
