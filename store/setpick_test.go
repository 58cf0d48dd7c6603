// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"fmt"
	"testing"

	"ledsyn/isms"
)

// TestSetPicked goes through what a query picks, over more than one block, and stops when it is told to.
func TestSetPicked(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		const n = 25_000
		w, err := db.WriteSet(t.Context(), org, "picked", []string{"number", "parity"})
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i <= n; i++ {
			if err := w.Add([]string{fmt.Sprint(i), []string{"even", "odd"}[i%2]}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Close(); err != nil {
			t.Fatal(err)
		}
		odd := SetQuery{Where: []SetCondition{{Column: 1, Op: "is", Value: "odd"}}, Limit: 1}
		stop := errors.New("stop")
		err = db.View(t.Context(), org, func(tx *Tx) error {
			for name, c := range map[string]struct {
				q           SetQuery
				first, step int64
				count       int
			}{"all": {SetQuery{}, 1, 1, n}, "odd": {odd, 1, 2, n / 2}, "after": {SetQuery{After: n - 3}, n - 2, 1, 3}} {
				next, count := c.first, 0
				err := tx.SetPicked("picked", c.q, func(number int64, cells []string) error {
					if number != next || cells[0] != fmt.Sprint(number) {
						return fmt.Errorf("%s: row %d is %v, want number %d", name, number, cells, next)
					}
					next += c.step
					count++
					return nil
				})
				if err != nil || count != c.count {
					t.Errorf("%s: %d rows, want %d: %v", name, count, c.count, err)
				}
			}
			if err := tx.SetPicked("picked", odd, func(int64, []string) error { return stop }); !errors.Is(err, stop) {
				t.Errorf("told to stop: %v", err)
			}
			if err := tx.SetPicked("none", SetQuery{}, func(int64, []string) error { return nil }); !errors.Is(err, isms.ErrNotFound) {
				t.Errorf("no set: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
