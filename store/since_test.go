// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"slices"
	"testing"

	"ledsyn/isms"
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
