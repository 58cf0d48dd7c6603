// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
)

// writeSetsUntilKilled writes one set after another, each in many transactions, and says each one's id once its population is kept.
func writeSetsUntilKilled(config string) error {
	var c Config
	if err := json.Unmarshal([]byte(config), &c); err != nil {
		return err
	}
	ctx := context.Background()
	db, err := Open(ctx, c)
	if err != nil {
		return err
	}
	for {
		id := register.NewID()
		w, err := db.WriteSet(ctx, org, id, []string{"Nummer", "Rest"})
		if err != nil {
			return err
		}
		w.limits.rows = 20
		for i := range 300 {
			if err := w.Add([]string{id + strconv.Itoa(i), strconv.Itoa(i % 7)}); err != nil {
				return err
			}
		}
		s, err := w.Close()
		if err != nil {
			return err
		}
		p := &isms.Population{Record: isms.Record{ID: id, Unit: "stad"}, Name: "Lista", Kind: isms.OtherRows, Day: "2024-01-31",
			Rows: register.CountOf(int(s.Rows)), SHA256: s.SHA256}
		if err := db.Update(ctx, Act{Org: org, Who: "skrivaren"}, func(tx *Tx) error { return tx.Put(p) }); err != nil {
			return err
		}
		fmt.Println(id)
	}
}

// A program that is killed while it writes a set leaves nothing of it after a sweep, and every set that it said was kept is whole.
func TestKilledWhileWritingASet(t *testing.T) {
	for engine, config := range engines(t) {
		t.Run(engine, func(t *testing.T) {
			kills := 10
			if engine != "sqlite" {
				kills = 5
			}
			c := config(t)
			db, err := Open(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			settle(t, db)
			db.Close()
			said, cut := map[string]bool{}, 0
			for range kills {
				for _, id := range killOnce(t, c, setsUntilKilled) {
					said[id] = true
				}
				cut += afterSetKill(t, c, said)
			}
			t.Logf("%d kills, %d sets kept, %d cut short", kills, len(said), cut)
			if cut == 0 {
				t.Error("no kill met a set that was being written")
			}
		})
	}
}

// afterSetKill sweeps, looks at what is left, and returns how many sets were swept away.
func afterSetKill(t *testing.T, c Config, said map[string]bool) int {
	t.Helper()
	db, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	swept, err := db.SweepSets(t.Context(), org, register.MomentOf(db.Now().Add(time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	if r := verify(t, db); r.Sets < int64(len(said)) {
		t.Fatalf("%d sets are whole of %d that were kept", r.Sets, len(said))
	}
	view(t, db, func(tx *Tx) error {
		for id := range said {
			if s, err := tx.Set(id); err != nil || s.Rows != 300 {
				t.Fatalf("set %s: %v, %v", id, s.Rows, err)
			}
		}
		for _, table := range []string{"row_set", "row_set_block", "row_set_text"} {
			var n int
			_, err := tx.one(`select count(*) from `+table+` where id not in (select id from population)`, nil, &n)
			if err != nil || n != 0 {
				t.Fatalf("%d rows of %s are left: %v", n, table, err)
			}
		}
		return nil
	})
	return swept
}
