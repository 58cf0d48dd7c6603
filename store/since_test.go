// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
)

func TestSinceGivesWhatWasKeptAfterwards(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		first, second := system("Ett"), system("Två")
		put(t, db, first)
		var seq int64
		view(t, db, func(tx *Tx) (err error) {
			seq, _, _, err = tx.Head()
			return err
		})
		first.Name = "Ett igen"
		put(t, db, first)
		put(t, db, second)
		since := func(kinds ...string) (names []string) {
			view(t, db, func(tx *Tx) error {
				return tx.Since(seq, kinds, func(e Entry) error {
					rec, err := e.Record()
					if err == nil {
						names = append(names, rec.(*isms.System).Name)
					}
					return err
				})
			})
			return names
		}
		if got := since("system", "process"); !slices.Equal(got, []string{"Ett igen", "Två"}) {
			t.Errorf("since the first: %q", got)
		}
		if got := since("process"); got != nil {
			t.Errorf("of another register: %q", got)
		}
	})
}

func TestEntriesBetween(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		told(t, db) // the entries 1 to 6 are of records, 7 and 8 are notes
		between := func(from, to int64) (got []int64) {
			view(t, db, func(tx *Tx) error {
				return tx.EntriesBetween(from, to, func(e Entry) error {
					got = append(got, e.Seq)
					return nil
				})
			})
			return got
		}
		for _, c := range []struct {
			from, to int64
			want     []int64
		}{{3, 5, []int64{3, 4, 5}}, {0, 1, []int64{1}}, {6, 99, []int64{6}}, {7, 8, nil}, {5, 3, nil}} {
			if got := between(c.from, c.to); !slices.Equal(got, c.want) {
				t.Errorf("%d to %d: %v", c.from, c.to, got)
			}
		}
	})
}

func TestBeforeIsTheRecordAsItWas(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		told(t, db) // 2 makes the system elev, 3 gives it a purpose; 5 is a process that links to it
		before := func(kind *register.Schema, in register.In, id string, seq int64) string {
			var rec register.Entity
			err := db.View(t.Context(), org, func(tx *Tx) (err error) {
				rec, err = tx.Before(kind, in, id, seq)
				return err
			})
			if errors.Is(err, isms.ErrNotFound) {
				return "none"
			}
			switch r := rec.(type) {
			case *isms.System:
				return r.Purpose
			case *isms.Process:
				return fmt.Sprint(r.Systems)
			}
			return fmt.Sprint(rec, err)
		}
		systems, processes := register.Of[isms.System](), register.Of[isms.Process]()
		for _, c := range []struct {
			kind *register.Schema
			in   register.In
			id   string
			seq  int64
			want string
		}{
			{systems, all, "elev", 2, "none"},
			{systems, all, "elev", 3, ""},
			{systems, all, "elev", 4, "Betyg"},
			{systems, all, "elev", 99, "Betyg"},
			{systems, all, "annat", 99, "none"},
			{systems, register.In{Units: []string{"stad"}}, "elev", 4, "Betyg"},
			{systems, register.In{Units: []string{"annan"}}, "elev", 4, "none"},
			{systems, register.In{}, "elev", 4, "none"},
			{processes, all, "elev", 99, "none"},
			{processes, all, "pr", 6, "[elev]"},
		} {
			if got := before(c.kind, c.in, c.id, c.seq); got != c.want {
				t.Errorf("%s %s before %d: %q, not %q", c.kind.Name, c.id, c.seq, got, c.want)
			}
		}
		update(t, db, func(tx *Tx) error { return tx.Erase(2, "gallrat") })
		if got := before(systems, all, "elev", 3); got != "none" {
			t.Errorf("erased: %q", got)
		}
	})
}
