// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/isms"
	"ledsyn/register"
)

func TestPutGetHistory(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		s := system("Elevregistret")
		put(t, db, s)
		if s.ID == "" || s.Rev != 1 {
			t.Fatalf("after the first Put: %+v", s.Record)
		}
		s.Purpose = "Elever och betyg"
		put(t, db, s)
		view(t, db, func(tx *Tx) error {
			got, err := Get[isms.System](tx, all, s.ID)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(*s, got); diff != "" {
				t.Error(diff)
			}
			list, err := All[isms.System](tx, all)
			if err != nil || len(list) != 1 {
				t.Errorf("All: %v, %v", list, err)
			}
			h, err := tx.History(register.Of[isms.System](), all, s.ID)
			if err != nil {
				return err
			}
			if len(h) != 2 || h[0].Act != Create || h[1].Act != Change || h[1].Who != "tester" {
				t.Errorf("history: %+v", h)
			}
			if got := string(h[1].Body); got != string(register.JSON(s)) {
				t.Errorf("body %s", got)
			}
			return nil
		})
		verify(t, db)
	})
}

func TestStaleRevisionIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		s := system("Elevregistret")
		put(t, db, s)
		mine, yours := *s, *s
		mine.Purpose, yours.Purpose = "mitt", "ditt"
		put(t, db, &mine)
		err := db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error { return tx.Put(&yours) })
		if !errors.Is(err, isms.ErrStale) {
			t.Fatalf("got %v", err)
		}
		if yours.Rev != 1 {
			t.Errorf("a refused record's revision became %d", yours.Rev)
		}
		again := system("Annat")
		again.ID = s.ID
		err = db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error { return tx.Put(again) })
		if !errors.Is(err, isms.ErrStale) {
			t.Errorf("created twice: %v", err)
		}
		verify(t, db)
	})
}
