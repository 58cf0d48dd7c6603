// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
)

// These tests are named after the ways in which SQLite and PostgreSQL, or their drivers, are known to differ.

func TestTrapPlaceholdersBindByNumber(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		view(t, db, func(tx *Tx) error {
			var got string
			_, err := tx.one(`select cast($2 as text) || cast($1 as text) || cast($2 as text)`, []any{"a", "b"}, &got)
			if got != "bab" {
				t.Errorf("got %q", got)
			}
			return err
		})
	})
}

func TestTrapTenthPlaceholderIsNotTheFirst(t *testing.T) {
	db := &DB{sqlite: true}
	if got := db.sql(`($1, $10, $2)`); got != `(?1, ?10, ?2)` {
		t.Errorf("got %s", got)
	}
}

// Twenty that read and then write at once: with deferred transactions nineteen would fail with "database is
// locked".
func TestTrapReadThenWriteIsNotLocked(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		var wait sync.WaitGroup
		for i := range 20 {
			wait.Go(func() {
				err := db.change(context.Background(), func(tx *Tx) error {
					var n int
					if _, err := tx.one(`select count(*) from account`, nil, &n); err != nil {
						return err
					}
					_, err := tx.exec(`insert into session (hash, org, account, person, made, seen, expires, data)
						values ($1, '', '', '', '', '', '', $2)`, fmt.Sprint(i), fmt.Sprint(n))
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
	})
}

func TestTrapPragmasHoldOnEveryConnection(t *testing.T) {
	db := open(t, Config{Dir: t.TempDir()})
	want := map[string]string{"busy_timeout": "10000", "foreign_keys": "1", "query_only": "1"}
	for range 8 {
		c, err := db.read.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close() // held until the end, so that each is another
		for pragma, value := range want {
			var got string
			if err := c.QueryRowContext(t.Context(), `pragma `+pragma).Scan(&got); err != nil || got != value {
				t.Errorf("%s: %s, %v", pragma, got, err)
			}
		}
	}
	for pragma, value := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} {
		var got string
		if err := db.write.QueryRow(`pragma ` + pragma).Scan(&got); err != nil || got != value {
			t.Errorf("write %s: %s, %v", pragma, got, err)
		}
	}
}

// PostgreSQL aborts a transaction at the first error, SQLite carries on. Here an error ends its own act on
// either, and the act beside it is kept.
func TestTrapErrorInsideSavepoint(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		hold, release := make(chan bool), make(chan bool)
		var wait sync.WaitGroup
		wait.Go(func() {
			update(t, db, func(tx *Tx) error {
				close(hold)
				<-release // until the others stand in line
				return tx.Put(system("Före"))
			})
		})
		<-hold
		var failed error
		wait.Go(func() {
			failed = db.Update(context.Background(), Act{Org: org}, func(tx *Tx) error {
				if err := tx.Put(system("Mellan")); err != nil {
					return err
				}
				_, err := tx.exec(`insert into no_such_table values (1)`)
				if err == nil {
					t.Error("no error from a table that is not there")
				}
				return err
			})
		})
		wait.Go(func() { put(t, db, system("Efter")) })
		time.Sleep(50 * time.Millisecond)
		close(release)
		wait.Wait()
		if failed == nil {
			t.Error("the failing act was done")
		}
		var names []string
		view(t, db, func(tx *Tx) error {
			list, err := All[isms.System](tx, all)
			for _, s := range list {
				names = append(names, s.Name)
			}
			return err
		})
		slices.Sort(names)
		if !slices.Equal(names, []string{"Efter", "Före"}) {
			t.Errorf("kept %v", names)
		}
		if r := verify(t, db); r.Entries != 3 {
			t.Errorf("%d entries", r.Entries)
		}
	})
}

// An act that overlooks an error is not done on either engine, first in line or behind others.
func TestTrapErrorThatIsOverlooked(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		var wait sync.WaitGroup
		for i := range 20 {
			wait.Go(func() {
				err := db.Update(context.Background(), Act{Org: org}, func(tx *Tx) error {
					if i%2 == 0 {
						tx.exec(`insert into no_such_table values (1)`)
						tx.Put(system("Fel"))
						return nil
					}
					return tx.Put(system("Rätt"))
				})
				if (err == nil) != (i%2 == 1) {
					t.Errorf("act %d: %v", i, err)
				}
			})
		}
		wait.Wait()
		if r := verify(t, db); r.Entries != 11 {
			t.Errorf("%d entries", r.Entries)
		}
	})
}

func TestTrapStatementWhileRowsAreOpen(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		view(t, db, func(tx *Tx) error {
			err := tx.each(`select id from unit`, nil, func(func(...any) error) error {
				_, err := tx.one(`select 1`, nil, new(int))
				return err
			})
			if !errors.Is(err, errRowsOpen) {
				t.Errorf("got %v", err)
			}
			_, err = tx.one(`select id from unit`, nil, new(string)) // the rows were closed
			return err
		})
	})
}

func TestTrapStatementAfterTheEnd(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		var kept *Tx
		update(t, db, func(tx *Tx) error { kept = tx; return nil })
		if err := kept.Put(system("Sent")); !errors.Is(err, errOver) {
			t.Errorf("got %v", err)
		}
	})
}

func TestTrapChangeInView(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		view(t, db, func(tx *Tx) error {
			for _, err := range []error{tx.Put(system("Nej")), tx.Note("sign", "system", "x", nil), tx.Erase(1, ""), tx.Freeze(Frozen{})} {
				if !errors.Is(err, errNotUpdating) {
					t.Errorf("got %v", err)
				}
			}
			return nil
		})
		err := db.View(t.Context(), org, func(tx *Tx) error {
			_, err := tx.exec(`delete from unit`)
			return err
		})
		if err == nil {
			t.Error("a view deleted rows")
		}
	})
}

// Times are text of one length, so that both engines keep, order and return them alike.
func TestTrapTimeIsText(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		db.Now = func() time.Time {
			return time.Date(2036, 3, 31, 2, 30, 0, 123456789, time.FixedZone("CEST", 7200))
		}
		s := system("Elevregistret")
		s.InUseFrom = "2024-02-29"
		put(t, db, s)
		view(t, db, func(tx *Tx) error {
			h, err := tx.History(register.Of[isms.System](), all, s.ID)
			if err != nil {
				return err
			}
			if h[0].At != "2036-03-31T00:30:00.123456Z" {
				t.Errorf("at %s", h[0].At)
			}
			got, err := Get[isms.System](tx, all, s.ID)
			if got.InUseFrom != "2024-02-29" {
				t.Errorf("day %s", got.InUseFrom)
			}
			return err
		})
	})
}

// SQLite keeps a text in a column of numbers. The struct's types and Check keep it out.
func TestTrapWeakTyping(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		for _, c := range []struct {
			field string
			rec   register.Entity
		}{
			{"lifecycle", &isms.System{Record: isms.Record{Unit: "stad"}, Name: "A", Lifecycle: "abc"}},
			{"in_use_from", &isms.System{Record: isms.Record{Unit: "stad"}, Name: "A", Lifecycle: "planned", InUseFrom: "2023-02-29"}},
			{"name", &isms.System{Record: isms.Record{Unit: "stad"}, Name: "A\x00B", Lifecycle: "planned"}},
			{"name", &isms.System{Record: isms.Record{Unit: "stad"}, Name: "A\xffB", Lifecycle: "planned"}},
			{"id", &isms.System{Record: isms.Record{Unit: "stad", ID: "Å"}, Name: "A", Lifecycle: "planned"}},
		} {
			err := db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error { return tx.Put(c.rec) })
			var wrong register.Wrongs
			if !errors.As(err, &wrong) || wrong[0].Field != c.field {
				t.Errorf("%s: %v", c.field, err)
			}
		}
		// A number put into a column of numbers by hand as text is found when it is read, not taken for 0.
		if db.sqlite {
			put(t, db, &isms.Instruction{Record: isms.Record{Unit: "stad", ID: "i"}, Year: 2024, Title: "Anvisning"})
			if _, err := db.write.Exec(`update instruction set year = 'abc'`); err != nil {
				t.Fatal(err)
			}
			err := db.View(t.Context(), org, func(tx *Tx) error {
				_, err := Get[isms.Instruction](tx, all, "i")
				return err
			})
			if err == nil {
				t.Error("'abc' was read as a year")
			}
		}
	})
}

var swedishOrder = []string{"ale-stenar", "Alingsås", "Zinkgruvan", "Åmål", "Älmhult", "Ödeshög", "örebro"}

func TestTrapSwedishOrder(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		for _, i := range []int{3, 0, 6, 2, 5, 1, 4} {
			put(t, db, system(swedishOrder[i]))
		}
		for _, field := range []string{"", "name"} {
			if got := names(t, db, Query{Sort: field}); !slices.Equal(got, swedishOrder) {
				t.Errorf("by %q: %v", field, got)
			}
			down := slices.Clone(swedishOrder)
			slices.Reverse(down)
			if got := names(t, db, Query{Sort: field, Desc: true}); !slices.Equal(got, down) {
				t.Errorf("by %q, down: %v", field, got)
			}
		}
	})
}

func TestTrapSearchFoldsCaseAndKeepsLetters(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		for _, name := range []string{"Örebro", "ÖDESHÖG", "får", "far", "fa\u030ar två", "100 % klart", "a_b", "axb", "STRASSE!"} {
			put(t, db, system(name))
		}
		for search, want := range map[string][]string{
			"ö":        {"ÖDESHÖG", "Örebro"},
			"Ö":        {"ÖDESHÖG", "Örebro"},
			"örebro":   {"Örebro"},
			"ödes":     {"ÖDESHÖG"},
			"far":      {"far"},
			"FÅR":      {"får", "fa\u030ar två"},
			"två FÅR":  {"fa\u030ar två"},
			"a\u030a":  {"får", "fa\u030ar två"},
			"fär":      {},
			"%":        {"100 % klart"},
			"a_b":      {"a_b"},
			"!":        {"STRASSE!"},
			"' or 1=1": {},
		} {
			if got := names(t, db, Query{Search: search}); !slices.Equal(got, want) {
				t.Errorf("%q found %q, not %q", search, got, want)
			}
		}
	})
}

// Nothing is null, so what is not given sorts first on both engines.
func TestTrapNullOrder(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		with, without := system("Med"), system("Utan")
		with.Supplier = "Acme"
		put(t, db, with, without)
		if got := names(t, db, Query{Sort: "supplier"}); !slices.Equal(got, []string{"Utan", "Med"}) {
			t.Errorf("got %v", got)
		}
		if got := names(t, db, Query{Sort: "supplier", Desc: true}); !slices.Equal(got, []string{"Med", "Utan"}) {
			t.Errorf("down %v", got)
		}
		if got := names(t, db, Query{Where: map[string][]string{"personal_data": {""}}}); len(got) != 2 {
			t.Errorf("not given: %v", got)
		}
	})
}

// What JSON says is looked into by Go only: quotes and backslashes come back as they were.
func TestTrapTextComesBackAsItWas(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		s := system(`Robert'); drop table system;-- "å" \ $1 ?1`)
		s.Purpose = "rad ett\n\trad två — 🙂 \u2028"
		put(t, db, s)
		view(t, db, func(tx *Tx) error {
			got, err := Get[isms.System](tx, all, s.ID)
			if got != *s {
				t.Errorf("got %+v", got)
			}
			return err
		})
		verify(t, db)
	})
}

// names lists systems' names as the query picks them.
func names(t *testing.T, db *DB, q Query) []string {
	t.Helper()
	out := []string{}
	view(t, db, func(tx *Tx) error {
		page, err := tx.List(register.Of[isms.System](), all, q)
		for _, rec := range page.Records {
			out = append(out, rec.(*isms.System).Name)
		}
		return err
	})
	return out
}
