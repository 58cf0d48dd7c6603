// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"fmt"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
)

// A register of more records than a stretch holds is gone through whole: exactly full stretches too, and links that no
// record has are found in and after each of them.
func TestManyRecordsAreGoneThroughAStretchAtATime(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		put(t, db, &isms.Person{Record: isms.Record{ID: "p", Unit: "stad"}, Name: "P"})
		made := 0
		grow := func(until int) {
			var recs []register.Entity
			for ; made < until; made++ {
				s := system("Systemet")
				s.ID, s.Owner = fmt.Sprintf("s%04d", made), "p"
				recs = append(recs, s)
			}
			put(t, db, recs...)
		}
		for _, n := range []int{maxPage - 1, maxPage, maxPage + 1, 2 * maxPage} {
			grow(n)
			seen := map[string]bool{}
			view(t, db, func(tx *Tx) error {
				return tx.through(tableOf(register.Of[isms.System]()), func(s stretch) error {
					for _, rec := range s.records {
						seen[rec.Head().ID] = true
					}
					return nil
				})
			})
			if len(seen) != n {
				t.Errorf("%d of %d records", len(seen), n)
			}
			if r := verify(t, db); r.Records != int64(n)+2 {
				t.Errorf("verified %d records, want %d", r.Records, n+2)
			}
		}
		for _, id := range []string{"a", "s0250x", "s0499x", "s0999x", "t"} {
			stray := func(statement string) {
				if err := db.change(t.Context(), func(tx *Tx) error {
					_, err := tx.exec(statement, org, "system", id)
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
			stray(`insert into link (org, kind, id, field, pos, target_kind, target) values ($1, $2, $3, 'owner', 0, 'person', 'p')`)
			var corrupt *ErrCorrupt
			if _, err := db.Verify(t.Context(), org, nil); !errors.As(err, &corrupt) || corrupt.What != CorruptLink || corrupt.ID != id {
				t.Errorf("a link of no record, %s: %v", id, err)
			}
			stray(`delete from link where org = $1 and kind = $2 and id = $3`)
		}
	})
}
