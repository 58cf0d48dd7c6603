// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"fmt"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
)

func TestLinking(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		for _, id := range []string{"a", "b"} {
			put(t, db, &isms.Unit{Record: register.Record{ID: id, Unit: id}, Name: id, Code: id, Kind: "board"})
		}
		for i, unit := range []string{"a", "a", "b"} {
			r := register.Record{ID: fmt.Sprint("s", i), Unit: unit}
			put(t, db, &isms.System{Record: r, Name: "System", Lifecycle: isms.InUse})
			for j := range 2 {
				c := &isms.Classification{Record: register.Record{ID: fmt.Sprintf("c%d%d", i, j), Unit: unit}, System: register.Ref[isms.System](r.ID),
					Model: "klassa-0-4", State: isms.ClassificationPlanned}
				put(t, db, c)
				if j == 1 && i == 0 {
					c.Retired = "2024-01-01"
					put(t, db, c)
				}
			}
		}
		put(t, db, &isms.InformationSet{Record: register.Record{ID: "set", Unit: "a"}, Name: "Mängd", Systems: []register.Ref[isms.System]{"s0", "s1"}})
		view(t, db, func(tx *Tx) error {
			ids := func(in register.In, targets ...string) string {
				list, err := Linking[isms.Classification](tx, in, "system", targets)
				if err != nil {
					t.Error(err)
				}
				var ids []string
				for _, c := range list {
					ids = append(ids, c.ID)
				}
				return fmt.Sprint(ids)
			}
			for _, c := range []struct{ got, want string }{
				{ids(all, "s0", "s2"), "[c00 c20 c21]"},
				{ids(register.In{Units: []string{"a"}}, "s0", "s1", "s2"), "[c00 c10 c11]"},
				{ids(register.In{}, "s0"), "[]"},
				{ids(all), "[]"},
				{ids(all, "nothing"), "[]"},
			} {
				if c.got != c.want {
					t.Errorf("got %s, want %s", c.got, c.want)
				}
			}
			sets, err := Linking[isms.InformationSet](tx, all, "systems", []string{"s0", "s1"})
			if err != nil || len(sets) != 1 || len(sets[0].Systems) != 2 {
				t.Errorf("by many links: %+v, %v", sets, err)
			}
			if _, err := Linking[isms.InformationSet](tx, all, "name", []string{"s0"}); !errors.As(err, new(register.Wrongs)) {
				t.Errorf("by what is no link: %v", err)
			}
			return nil
		})
	})
}
