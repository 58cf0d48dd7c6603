// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
)

const org = "staden"

var all = register.In{All: true}

// onEach runs f on an empty database of each engine, with one organisation and its one unit "stad". Where
// LEDSYN_TEST_POSTGRES is the address of a PostgreSQL server, a database that cannot be made there is a
// failure.
func onEach(t *testing.T, f func(t *testing.T, db *DB)) {
	t.Helper()
	for engine, config := range engines(t) {
		t.Run(engine, func(t *testing.T) {
			db := open(t, config(t))
			settle(t, db)
			f(t, db)
		})
	}
}

// engines gives, for each engine there is, a way to make an empty database.
func engines(testing.TB) map[string]func(testing.TB) Config {
	all := map[string]func(testing.TB) Config{
		"sqlite": func(t testing.TB) Config { return Config{Dir: t.TempDir()} },
	}
	if server := os.Getenv("LEDSYN_TEST_POSTGRES"); server != "" {
		all["postgres"] = func(t testing.TB) Config { return Config{URL: freshSchema(t, server), Dir: t.TempDir()} }
	}
	return all
}

// freshSchema makes a schema of its own for the test, and returns the address at which it is the only one.
func freshSchema(t testing.TB, server string) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text()[:12])
	pool, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(`create schema ` + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		defer pool.Close()
		if _, err := pool.Exec(`drop schema ` + name + ` cascade`); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func open(t testing.TB, c Config) *DB {
	t.Helper()
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	db, err := Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// settle makes the organisation and its unit.
func settle(t testing.TB, db *DB) {
	t.Helper()
	if err := db.CreateOrganisation(t.Context(), Organisation{org, "Staden"}); err != nil {
		t.Fatal(err)
	}
	unit := isms.Unit{Record: isms.Record{ID: "stad"}, Name: "Staden", Code: "ST", Kind: "city"}
	put(t, db, &unit)
}

// clock makes the store's clock one that stands still, and returns how to set it.
func clock(db *DB, start string) func(string) {
	var now atomic.Pointer[time.Time]
	set := func(s string) {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			panic(err)
		}
		now.Store(&t)
	}
	set(start)
	db.Now = func() time.Time { return *now.Load() }
	return set
}

// update runs f as one act of the tester's, which must be done.
func update(t testing.TB, db *DB, f func(tx *Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), Act{Org: org, Who: "tester"}, f); err != nil {
		t.Fatal(err)
	}
}

// view runs f in a view, which must succeed.
func view(t testing.TB, db *DB, f func(tx *Tx) error) {
	t.Helper()
	if err := db.View(t.Context(), org, f); err != nil {
		t.Fatal(err)
	}
}

// put keeps the records in one act.
func put(t testing.TB, db *DB, recs ...register.Entity) {
	t.Helper()
	update(t, db, func(tx *Tx) error {
		for _, rec := range recs {
			if err := tx.Put(rec); err != nil {
				return err
			}
		}
		return nil
	})
}

func system(name string) *isms.System {
	return &isms.System{Record: isms.Record{Unit: "stad"}, Name: name, Lifecycle: isms.InUse}
}

func verify(t testing.TB, db *DB) Report {
	t.Helper()
	r, err := db.Verify(t.Context(), org, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
