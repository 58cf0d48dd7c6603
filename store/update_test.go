// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
)

func TestRollbackLeavesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		before := verify(t, db)
		no := errors.New("no")
		err := db.Update(t.Context(), Act{Org: org, Key: "k"}, func(tx *Tx) error {
			p := &isms.Person{Record: isms.Record{Unit: "stad"}, Name: "Systemägaren"}
			if err := tx.Put(p); err != nil {
				return err
			}
			s := system("Elevregistret")
			s.Owner = register.Ref[isms.Person](p.ID)
			if err := tx.Put(s); err != nil {
				return err
			}
			return no
		})
		if err != no {
			t.Fatalf("got %v", err)
		}
		if after := verify(t, db); after != before {
			t.Errorf("before %+v, after %+v", before, after)
		}
		for _, table := range []string{"system", "person", "link", "done"} {
			var n int
			if err := db.read.QueryRow(`select count(*) from ` + table).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s has %d rows, %v", table, n, err)
			}
		}
		put(t, db, system("Nästa")) // and the journal goes on without a gap
		verify(t, db)
	})
}

func TestPanicLeavesNothingAndPassesOn(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		func() {
			defer func() {
				if r := recover(); r != "oj" {
					t.Errorf("recovered %v", r)
				}
			}()
			db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error {
				if err := tx.Put(system("Elevregistret")); err != nil {
					t.Error(err)
				}
				panic("oj")
			})
		}()
		put(t, db, system("Nästa"))
		if r := verify(t, db); r.Records != 2 {
			t.Errorf("%+v", r)
		}
	})
}

// Thirty writers read, think and write the same record; none writes over another.
func TestThirtyWritersLoseNothing(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		const writers, each = 30, 4
		s := system("Räknaren")
		s.Purpose = "0"
		put(t, db, s)
		var wait sync.WaitGroup
		for range writers {
			wait.Go(func() {
				for range each {
					err := db.Update(context.Background(), Act{Org: org}, func(tx *Tx) error {
						got, err := Get[isms.System](tx, all, s.ID)
						if err != nil {
							return err
						}
						n, _ := strconv.Atoi(got.Purpose)
						time.Sleep(time.Millisecond / 4)
						got.Purpose = strconv.Itoa(n + 1)
						return tx.Put(&got)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wait.Wait()
		view(t, db, func(tx *Tx) error {
			got, err := Get[isms.System](tx, all, s.ID)
			if got.Purpose != strconv.Itoa(writers*each) || got.Rev != writers*each+1 {
				t.Errorf("counted %s in revision %d", got.Purpose, got.Rev)
			}
			return err
		})
		if r := verify(t, db); r.Entries != writers*each+2 {
			t.Errorf("%d entries", r.Entries)
		}
	})
}

func TestClockSetBackKeepsTheJournalInOrder(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		set := clock(db, "2036-05-01T12:00:00Z")
		s := system("Elevregistret")
		put(t, db, s)
		set("2035-01-01T00:00:00Z")
		put(t, db, s)
		set("2037-01-01T00:00:00Z")
		put(t, db, s)
		view(t, db, func(tx *Tx) error {
			h, err := tx.History(register.Of[isms.System](), all, s.ID)
			if err != nil {
				return err
			}
			if h[0].At != "2036-05-01T12:00:00.000000Z" || h[1].At != h[0].At || h[2].At != "2037-01-01T00:00:00.000000Z" {
				t.Errorf("%s, %s, %s", h[0].At, h[1].At, h[2].At)
			}
			return nil
		})
		verify(t, db)
	})
}

// Acts that wait are committed together: a hundred acts that stand in line behind one take few commits.
func TestGroupCommit(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		hold, release := make(chan bool), make(chan bool)
		var wait sync.WaitGroup
		wait.Go(func() {
			update(t, db, func(tx *Tx) error { close(hold); <-release; return nil })
		})
		<-hold
		var mu sync.Mutex
		transactions := map[any]int{}
		for i := range 100 {
			wait.Go(func() {
				update(t, db, func(tx *Tx) error {
					mu.Lock()
					transactions[tx.tx]++
					mu.Unlock()
					if i == 50 {
						return tx.Put(system("Den femtionde"))
					}
					return tx.Note("sign", "test", fmt.Sprint(i), nil)
				})
			})
		}
		time.Sleep(50 * time.Millisecond)
		close(release)
		wait.Wait()
		if len(transactions) > 50 {
			t.Errorf("%d transactions for 100 waiting acts", len(transactions))
		}
		if r := verify(t, db); r.Entries != 101 {
			t.Errorf("%d entries", r.Entries)
		}
	})
}

func TestAnActIsSeenOnlyAfterItsCommit(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		s := system("Elevregistret")
		s.ID = "elev"
		update(t, db, func(tx *Tx) error {
			if err := tx.Put(s); err != nil {
				return err
			}
			view(t, db, func(other *Tx) error {
				if _, err := Get[isms.System](other, all, "elev"); !errors.Is(err, isms.ErrNotFound) {
					t.Errorf("seen before its commit: %v", err)
				}
				return nil
			})
			return nil
		})
		view(t, db, func(tx *Tx) error { _, err := Get[isms.System](tx, all, "elev"); return err })
	})
}

func TestViewSeesOneMoment(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		put(t, db, system("Ett"))
		view(t, db, func(tx *Tx) error {
			before, err := All[isms.System](tx, all)
			if err != nil {
				return err
			}
			put(t, db, system("Två"))
			after, err := All[isms.System](tx, all)
			if len(before) != 1 || len(after) != 1 {
				t.Errorf("%d systems, then %d", len(before), len(after))
			}
			return err
		})
	})
}

func TestIdempotencyKey(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		s := system("Elevregistret")
		act := Act{Org: org, Who: "tester", Key: "formulär-1"}
		if _, err := db.Outcome(t.Context(), org, act.Key); !errors.Is(err, isms.ErrNotFound) {
			t.Errorf("outcome before: %v", err)
		}
		if err := db.Update(t.Context(), act, func(tx *Tx) error { return tx.Put(s) }); err != nil {
			t.Fatal(err)
		}
		err := db.Update(t.Context(), act, func(tx *Tx) error { t.Error("done twice"); return nil })
		var done *Done
		if !errors.Is(err, ErrDone) || !errors.As(err, &done) || done.Kind != "system" || done.ID != s.ID || done.Seq != 2 {
			t.Errorf("got %v", err)
		}
		if d, err := db.Outcome(t.Context(), org, act.Key); err != nil || d != *done {
			t.Errorf("outcome %+v, %v", d, err)
		}
		// A key of an act that failed is free, and another organisation's keys are its own.
		no := errors.New("no")
		act.Key = "formulär-2"
		if err := db.Update(t.Context(), act, func(tx *Tx) error { return no }); err != no {
			t.Errorf("got %v", err)
		}
		if err := db.Update(t.Context(), act, func(tx *Tx) error { return nil }); err != nil {
			t.Errorf("after a failed act: %v", err)
		}
		if err := db.CreateOrganisation(t.Context(), Organisation{"annan", "Annan"}); err != nil {
			t.Fatal(err)
		}
		if err := db.Update(t.Context(), Act{Org: "annan", Key: "formulär-1"}, func(tx *Tx) error { return nil }); err != nil {
			t.Errorf("another organisation: %v", err)
		}
	})
}

func TestActWhoseContextEndsInLineIsNotRun(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		hold, release := make(chan bool), make(chan bool)
		var wait sync.WaitGroup
		wait.Go(func() {
			update(t, db, func(tx *Tx) error { close(hold); <-release; return nil })
		})
		<-hold
		ctx, cancel := context.WithCancel(context.Background())
		wait.Go(func() {
			err := db.Update(ctx, Act{Org: org}, func(tx *Tx) error { t.Error("run"); return nil })
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
		time.Sleep(20 * time.Millisecond)
		cancel()
		time.Sleep(20 * time.Millisecond)
		close(release)
		wait.Wait()

		// One that ends while the act runs undoes it and harms no other.
		ctx, cancel = context.WithCancel(context.Background())
		err := db.Update(ctx, Act{Org: org}, func(tx *Tx) error {
			if err := tx.Put(system("Avbruten")); err != nil {
				return err
			}
			cancel()
			return tx.Put(system("Avbruten igen"))
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		put(t, db, system("Nästa"))
		if r := verify(t, db); r.Records != 2 {
			t.Errorf("%+v", r)
		}
	})
}

func TestUnknownOrganisationAndClosed(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		err := db.Update(t.Context(), Act{Org: "ingen"}, func(tx *Tx) error { return nil })
		if !errors.Is(err, isms.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		if err := db.CreateOrganisation(t.Context(), Organisation{org, "Igen"}); !errors.Is(err, ErrExists) {
			t.Errorf("got %v", err)
		}
		if err := db.CreateOrganisation(t.Context(), Organisation{"Å", "Å"}); err == nil {
			t.Error("an id that cannot be was taken")
		}
		if list, err := db.Organisations(t.Context()); err != nil || len(list) != 1 || list[0].Name != "Staden" {
			t.Errorf("%v, %v", list, err)
		}
		if err := db.Ready(t.Context()); err != nil {
			t.Error(err)
		}
		db.Close()
		if err := db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error { return nil }); !errors.Is(err, ErrClosed) {
			t.Errorf("got %v", err)
		}
		if err := db.Ready(t.Context()); err == nil {
			t.Error("ready after Close")
		}
	})
}
