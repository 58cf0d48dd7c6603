// SPDX-License-Identifier: EUPL-1.2

//go:build unix

package store

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
)

// benchEach runs f on a settled database of each engine.
func benchEach(b *testing.B, f func(b *testing.B, db *DB)) {
	for engine, config := range engines(b) {
		b.Run(engine, func(b *testing.B) {
			db := open(b, config(b))
			settle(b, db)
			f(b, db)
		})
	}
}

// cpu reports, when the returned function is called, the processor time of this process for each turn. It is steadier
// than the clock on a machine that does other things; PostgreSQL's own time is not in it.
func cpu(b *testing.B) func() {
	used := func() int64 {
		var r syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
			b.Fatal(err)
		}
		return r.Utime.Nano() + r.Stime.Nano()
	}
	before := used()
	return func() { b.ReportMetric(float64(used()-before)/float64(b.N)/1000, "cpu-µs/op") }
}

// fill keeps n systems, a thousand to an act.
func fill(b *testing.B, db *DB, n int) []*isms.System {
	b.Helper()
	recs := make([]*isms.System, n)
	for at := 0; at < n; {
		update(b, db, func(tx *Tx) error {
			for i := 0; i < 1000 && at < n; i, at = i+1, at+1 {
				recs[at] = system(fmt.Sprintf("Systemet %05d åäö", (at*7919)%n))
				recs[at].Purpose = "Handläggning av ärenden om skolskjuts, med fritext om elever och deras behov."
				if err := tx.Put(recs[at]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if !db.sqlite { // what the server does by itself within a minute
		if _, err := db.write.Exec(`vacuum analyze`); err != nil {
			b.Fatal(err)
		}
	}
	return recs
}

func BenchmarkListPage50Of10000(b *testing.B) {
	benchEach(b, func(b *testing.B, db *DB) {
		fill(b, db, 10000)
		queries := []struct {
			name string
			in   register.In
			q    Query
		}{
			{"all", all, Query{Limit: 50}},
			{"unit", register.In{Units: []string{"stad", "annan"}}, Query{Limit: 50}},
			{"filter", all, Query{Limit: 50, Where: map[string][]string{"lifecycle": {"in_use"}}}},
			{"sort", all, Query{Limit: 50, Sort: "lifecycle"}},
			{"search", all, Query{Limit: 50, Search: "systemet 0123"}},
		}
		for _, c := range queries {
			b.Run(c.name, func(b *testing.B) {
				defer cpu(b)()
				for b.Loop() {
					err := db.View(b.Context(), org, func(tx *Tx) error {
						page, err := tx.List(register.Of[isms.System](), c.in, c.q)
						if page.Total == 0 {
							b.Fatal("nothing found")
						}
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}

func BenchmarkCreate(b *testing.B) {
	benchEach(b, func(b *testing.B, db *DB) {
		b.Run("serial", func(b *testing.B) {
			defer cpu(b)()
			for b.Loop() {
				put(b, db, system("Elevregistret"))
			}
		})
		b.Run("parallel16", func(b *testing.B) {
			defer cpu(b)()
			b.SetParallelism(8) // times two processors
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := db.Update(b.Context(), Act{Org: org}, func(tx *Tx) error { return tx.Put(system("Elevregistret")) }); err != nil {
						b.Error(err)
					}
				}
			})
		})
	})
}

func BenchmarkChange(b *testing.B) {
	benchEach(b, func(b *testing.B, db *DB) {
		s := system("Elevregistret")
		put(b, db, s)
		defer cpu(b)()
		for b.Loop() {
			s.Purpose += "x"
			if len(s.Purpose) > 100 {
				s.Purpose = ""
			}
			put(b, db, s)
		}
	})
}

// BenchmarkRawInsert is what the disk and the engine give without a journal: one small row, on disk, at a
// time.
func BenchmarkRawInsert(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		pool, err := sql.Open("sqlite", dsn(filepath.Join(b.TempDir(), "raw.db"), "rwc"))
		if err != nil {
			b.Fatal(err)
		}
		defer pool.Close()
		pool.SetMaxOpenConns(1)
		raw(b, pool)
	})
	if config, ok := engines(b)["postgres"]; ok {
		b.Run("postgres", func(b *testing.B) {
			pool, err := sql.Open("pgx", config(b).URL)
			if err != nil {
				b.Fatal(err)
			}
			defer pool.Close()
			raw(b, pool)
		})
	}
}

func raw(b *testing.B, pool *sql.DB) {
	if _, err := pool.Exec(`create table raw (id bigint primary key, text text not null)`); err != nil {
		b.Fatal(err)
	}
	var n atomic.Int64
	defer cpu(b)()
	for b.Loop() {
		if _, err := pool.Exec(`insert into raw (id, text) values ($1, $2)`, n.Add(1), "Elevregistret"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPast100000(b *testing.B) {
	benchEach(b, func(b *testing.B, db *DB) {
		set := clock(db, "2044-01-01T00:00:00Z")
		day := time.Date(2044, 1, 1, 0, 0, 0, 0, time.UTC)
		recs := fill(b, db, 10000)
		for range 9 {
			day = day.AddDate(0, 1, 0)
			set(day.Format(time.RFC3339))
			for at := 0; at < len(recs); at += 1000 {
				update(b, db, func(tx *Tx) error {
					for _, r := range recs[at : at+1000] {
						r.Purpose += "."
						if err := tx.Put(r); err != nil {
							return err
						}
					}
					return nil
				})
			}
		}
		moments := make([]register.Moment, 12)
		for i := range moments {
			moments[i] = register.MomentOf(time.Date(2044, time.Month(i+1), 15, 0, 0, 0, 0, time.UTC))
		}
		b.Run("as_of", func(b *testing.B) {
			defer cpu(b)()
			for b.Loop() {
				view(b, db, func(tx *Tx) error {
					got, err := AsOf[isms.System](tx, all, moments[5])
					if len(got) != 10000 {
						b.Fatal(len(got))
					}
					return err
				})
			}
		})
		b.Run("series_12", func(b *testing.B) {
			defer cpu(b)()
			for b.Loop() {
				view(b, db, func(tx *Tx) error {
					return Series(tx, all, moments, func(i int, got []isms.System) error {
						if len(got) != 10000 {
							b.Fatal(len(got))
						}
						return nil
					})
				})
			}
		})
		b.Run("verify", func(b *testing.B) {
			defer cpu(b)()
			for b.Loop() {
				if r := verify(b, db); r.Entries < 100000 {
					b.Fatal(r)
				}
			}
		})
	})
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	db, err := Open(b.Context(), Config{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	db.Close()
	defer cpu(b)()
	for b.Loop() {
		db, err := Open(b.Context(), Config{Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		db.Close()
	}
}
