// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/register"
)

// Over random histories, what Series gives in one pass is what AsOf gives moment by moment, what AsOf gives of
// now is what the register holds, and both respect the scope.
func TestSeriesIsAsOf(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		put(t, db, &isms.Unit{Record: isms.Record{ID: "skola"}, Name: "Skolan", Code: "SK", Kind: "board"})
		run := 0
		start := time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)
		now := start
		db.Now = func() time.Time { return now }
		rapid.Check(t, func(rt *rapid.T) {
			run++
			o := fmt.Sprintf("org-%d", run)
			if err := db.CreateOrganisation(t.Context(), Organisation{o, o}); err != nil {
				rt.Fatal(err)
			}
			history(rt, db, o, &now)
			in := rapid.SampledFrom([]register.In{all, {}, {Units: []string{"stad"}}, {Units: []string{"skola", "x"}}}).Draw(rt, "in")
			moments := []register.Moment{register.MomentOf(now.Add(time.Hour))}
			for range rapid.IntRange(0, 6).Draw(rt, "moments") {
				h := rapid.IntRange(-2, int(now.Sub(start).Hours())+1).Draw(rt, "hour")
				moments = append(moments, register.MomentOf(start.Add(time.Duration(h)*time.Hour)))
			}
			schemas := []*register.Schema{systems, register.Of[isms.Process]()}
			err := db.View(t.Context(), o, func(tx *Tx) error {
				seen := 0
				err := tx.Series(schemas, func(string) register.In { return in }, moments,
					func(i int, at map[string][]register.Entity) error { seen |= 1 << i; return nil })
				if err != nil {
					return err
				}
				if seen != 1<<len(moments)-1 {
					rt.Fatalf("moments given: %b of %d", seen, len(moments))
				}
				at := make([]map[string][]register.Entity, len(moments))
				err = tx.Series(schemas, func(string) register.In { return in }, moments,
					func(i int, m map[string][]register.Entity) error { at[i] = m; return nil })
				if err != nil {
					return err
				}
				for i, m := range moments {
					for _, s := range schemas {
						want, err := tx.AsOf(s, in, m)
						if err != nil {
							return err
						}
						if diff := cmp.Diff(want, at[i][s.Name]); diff != "" {
							rt.Fatalf("%s at %s: %s", s.Name, m, diff)
						}
					}
				}
				today, err := AllWithRetired[isms.System](tx, in)
				if err != nil {
					return err
				}
				last, err := AsOf[isms.System](tx, in, moments[0])
				if diff := cmp.Diff(today, last); diff != "" {
					rt.Fatalf("now: %s", diff)
				}
				return err
			})
			if err != nil {
				rt.Fatal(err)
			}
			if _, err := db.Verify(t.Context(), o, nil); err != nil {
				rt.Fatal(err)
			}
		})
	})
}

// history makes a random history of two registers in the organisation, an act an hour or at the same moment.
func history(rt *rapid.T, db *DB, o string, now *time.Time) {
	act := func(f func(tx *Tx) error) {
		if err := db.Update(rt.Context(), Act{Org: o, Who: "tester"}, f); err != nil {
			rt.Fatal(err)
		}
	}
	act(func(tx *Tx) error {
		for _, id := range []string{"stad", "skola"} {
			if err := tx.Put(&isms.Unit{Record: isms.Record{ID: id}, Name: id, Code: id, Kind: "board"}); err != nil {
				return err
			}
		}
		return nil
	})
	var kept []*isms.System
	unit := rapid.SampledFrom([]string{"stad", "skola"})
	for range rapid.IntRange(1, 8).Draw(rt, "acts") {
		*now = now.Add(time.Duration(rapid.IntRange(0, 2).Draw(rt, "hours")) * time.Hour)
		what := rapid.IntRange(0, 4).Draw(rt, "what")
		if len(kept) == 0 {
			what = 0
		}
		act(func(tx *Tx) error {
			switch what {
			case 0, 1:
				s := system(rapid.StringMatching(`[A-ZÅÄÖ]{1,5}`).Draw(rt, "name"))
				s.Unit = unit.Draw(rt, "unit")
				kept = append(kept, s)
				return tx.Put(s)
			case 2:
				s := rapid.SampledFrom(kept).Draw(rt, "changed")
				s.Unit, s.Supplier = unit.Draw(rt, "unit"), rapid.StringN(0, 5, 20).Filter(fine).Draw(rt, "supplier")
				return tx.Put(s)
			case 3:
				p := &isms.Process{Record: isms.Record{Unit: "stad"}, Name: "P"}
				for _, s := range kept {
					p.Systems = append(p.Systems, register.Ref[isms.System](s.ID))
				}
				return tx.Put(p)
			}
			s := rapid.SampledFrom(kept).Draw(rt, "retired")
			if err := tx.Retire(systems, all, s.ID, s.Rev, "2041-01-01"); err != nil {
				return err
			}
			s.Rev, s.Retired = s.Rev+1, "2041-01-01"
			return tx.Note("sign", "system", s.ID, []byte("{}"))
		})
	}
}

// fine are texts that Check lets through as one line.
func fine(s string) bool {
	rec := system("A")
	rec.Supplier = s
	return len(register.Check(rec)) == 0
}

func TestAsOfBeforeAnythingAndOfTheVeryMoment(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		set := clock(db, "2040-01-01T10:00:00Z")
		s := system("Ett")
		put(t, db, s)
		set("2040-01-02T10:00:00Z")
		s.Name = "Två"
		put(t, db, s)
		for m, want := range map[register.Moment]string{
			"":                            "",
			"2000-01-01T00:00:00.000000Z": "",
			"2040-01-01T09:59:59.999999Z": "",
			"2040-01-01T10:00:00.000000Z": "Ett",
			"2040-01-02T09:59:59.999999Z": "Ett",
			"2040-01-02T10:00:00.000000Z": "Två",
		} {
			view(t, db, func(tx *Tx) error {
				got, err := AsOf[isms.System](tx, all, m)
				name := ""
				if len(got) > 0 {
					name = got[0].Name
				}
				if name != want {
					t.Errorf("at %q: %q, not %q", m, name, want)
				}
				return err
			})
		}
	})
}
