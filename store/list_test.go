// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/register"
)

var systems = register.Of[isms.System]()

// Whatever the order, the filter and the page's size, the pages one after another are the whole list: nothing
// twice, nothing missing, and in the order that sorting in Go gives.
func TestPagesAreTheWholeList(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		seed := rapid.Custom(func(t *rapid.T) *isms.System {
			s := system(rapid.StringMatching(`[aåÄöÖz][aåÄöÖz ]{0,2}`).Draw(t, "name"))
			s.Supplier = rapid.SampledFrom([]string{"", "Acme", "Östbolaget", "acme"}).Draw(t, "supplier")
			s.Lifecycle = rapid.SampledFrom([]isms.Lifecycle{isms.Planned, isms.InUse, isms.OutOfUse}).Draw(t, "lifecycle")
			s.NISCovered = rapid.SampledFrom([]isms.Answer{"", isms.Yes, isms.No}).Draw(t, "nis")
			if rapid.IntRange(0, 9).Draw(t, "retired") == 0 {
				s.Retired = "2024-01-01"
			}
			return s
		})
		var recs []register.Entity
		for i := range 60 {
			recs = append(recs, seed.Example(i))
		}
		put(t, db, recs...)
		rapid.Check(t, func(rt *rapid.T) {
			q := Query{
				Sort:    rapid.SampledFrom([]string{"", "name", "supplier", "lifecycle", "owner", "unit", "nis_covered"}).Draw(rt, "sort"),
				Desc:    rapid.Bool().Draw(rt, "desc"),
				Retired: rapid.Bool().Draw(rt, "retired"),
				Limit:   rapid.IntRange(1, 70).Draw(rt, "limit"),
				Search:  rapid.SampledFrom([]string{"", "ö", "acme"}).Draw(rt, "search"),
			}
			if rapid.Bool().Draw(rt, "filter") {
				q.Where = map[string][]string{"lifecycle": {"planned", "in_use"}, "nis_covered": {"yes", ""}}
			}
			whole := q
			whole.Limit = 500
			view(t, db, func(tx *Tx) error {
				want, err := tx.List(systems, all, whole)
				if err != nil {
					return err
				}
				var got []register.Entity
				for pages := 0; ; pages++ {
					page, err := tx.List(systems, all, q)
					if err != nil {
						return err
					}
					if page.Total != len(want.Records) || pages > 61 {
						rt.Fatalf("total %d of %d", page.Total, len(want.Records))
					}
					got = append(got, page.Records...)
					if q.After = page.Next; q.After == "" {
						break
					}
				}
				if diff := cmp.Diff(want.Records, got); diff != "" {
					rt.Fatal(diff)
				}
				f, isField := systems.Field(q.Sort)
				for i := 1; isField && i < len(got) && f.Kind != register.Link; i++ {
					a, b := fieldSortKey(f, got[i-1]), fieldSortKey(f, got[i])
					if a > b != q.Desc && a != b {
						rt.Fatalf("%s before %s", f.Text(got[i-1]), f.Text(got[i]))
					}
				}
				return nil
			})
		})
	})
}

func TestPagesHoldTogetherWhileRecordsCome(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		put(t, db, system("B"), system("D"), system("F"))
		var first, second Page
		view(t, db, func(tx *Tx) (err error) {
			first, err = tx.List(systems, all, Query{Limit: 2})
			return err
		})
		put(t, db, system("A"), system("E"))
		view(t, db, func(tx *Tx) (err error) {
			second, err = tx.List(systems, all, Query{Limit: 2, After: first.Next})
			return err
		})
		got := []string{}
		for _, rec := range second.Records {
			got = append(got, rec.(*isms.System).Name)
		}
		if !slices.Equal(got, []string{"E", "F"}) || second.Next != "" || second.Total != 5 {
			t.Errorf("then came %v of %d, next %q", got, second.Total, second.Next)
		}
	})
}

func TestQueryThatCannotBeAnswered(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		put(t, db, system("A"), system("B"))
		view(t, db, func(tx *Tx) error {
			page, err := tx.List(systems, all, Query{Limit: 1})
			if err != nil {
				return err
			}
			for name, q := range map[string]Query{
				"sort of no field":       {Sort: `name"; drop table system; --`},
				"sort of unlisted field": {Sort: "purpose"},
				"filter on no field":     {Where: map[string][]string{`1=1 or name`: {"x"}}},
				"filter on a bad number": {Where: map[string][]string{"lifecycle": slices.Repeat([]string{"x"}, 501)}},
				"cursor that is none":    {After: "%%%"},
				"cursor of another sort": {After: page.Next, Sort: "name"},
				"cursor of other way":    {After: page.Next, Desc: true},
				"cursor with a list":     {After: cursor{"", false, []string{"x"}, "id"}.String()},
				"search too long":        {Search: string(slices.Repeat([]byte("x"), 201))},
			} {
				var wrong register.Wrongs
				if _, err := tx.List(systems, all, q); !errors.As(err, &wrong) {
					t.Errorf("%s: %v", name, err)
				}
			}
			years := register.Of[isms.Instruction]()
			if _, err := tx.List(years, all, Query{Where: map[string][]string{"year": {"i fjol"}}}); err == nil {
				t.Error("a year that is no number was taken")
			}
			if _, err := tx.List(systems, all, Query{Limit: 100000}); err != nil {
				t.Error(err)
			}
			return nil
		})
	})
}

// Filters on every kind of field, and the links' both ways.
func TestFiltersAndLinks(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		p := &isms.Person{Record: isms.Record{Unit: "stad", ID: "p"}, Name: "Ägaren"}
		a, b := system("A"), system("B")
		a.ID, b.ID = "a", "b"
		a.Owner = "p"
		put(t, db, p, a, b)
		both := &isms.Process{Record: isms.Record{Unit: "stad", ID: "both"}, Name: "Båda", Systems: []register.Ref[isms.System]{"b", "a"}}
		one := &isms.Process{Record: isms.Record{Unit: "stad", ID: "one"}, Name: "En", Owner: "p", Systems: []register.Ref[isms.System]{"a"}}
		none := &isms.Process{Record: isms.Record{Unit: "stad", ID: "none"}, Name: "Ingen"}
		put(t, db, both, one, none)

		processes := register.Of[isms.Process]()
		find := func(field string, values ...string) (ids []string) {
			view(t, db, func(tx *Tx) error {
				page, err := tx.List(processes, all, Query{Where: map[string][]string{field: values}})
				for _, rec := range page.Records {
					ids = append(ids, rec.Head().ID)
				}
				return err
			})
			return ids
		}
		for _, c := range []struct {
			field  string
			values []string
			want   []string
		}{
			{"systems", []string{"a"}, []string{"both", "one"}},
			{"systems", []string{"b"}, []string{"both"}},
			{"systems", []string{""}, []string{"none"}},
			{"systems", []string{"b", ""}, []string{"both", "none"}},
			{"owner", []string{"p"}, []string{"one"}},
			{"owner", []string{"p", ""}, []string{"both", "one", "none"}},
			{"unit", []string{"stad"}, []string{"both", "one", "none"}},
			{"unit", []string{"annan"}, nil},
		} {
			if got := find(c.field, c.values...); !slices.Equal(got, c.want) {
				t.Errorf("%s %q: %v, not %v", c.field, c.values, got, c.want)
			}
		}

		view(t, db, func(tx *Tx) error {
			got, err := Get[isms.Process](tx, all, "both")
			if diff := cmp.Diff(*both, got); diff != "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			list, err := All[isms.Process](tx, all)
			if len(list) != 3 || len(list[0].Systems) != 2 || len(list[1].Systems) != 0 {
				t.Errorf("%+v", list)
			}
			if err != nil {
				return err
			}
			everywhere := func(string) register.In { return all }
			back, err := tx.Backlinks("system", "a", everywhere)
			want := []Backlink{{"process", "both", "systems"}, {"process", "one", "systems"}}
			if diff := cmp.Diff(want, back); diff != "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			back, err = tx.Backlinks("person", "p", func(kind string) register.In { return register.In{All: kind == "system"} })
			if diff := cmp.Diff([]Backlink{{"system", "a", "owner"}}, back); diff != "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			titles, err := tx.Titles("system", []string{"a", "b", "c"})
			if diff := cmp.Diff(map[string]string{"a": "A", "b": "B"}, titles); diff != "" {
				t.Error(diff)
			}
			return err
		})

		both.Systems, both.Owner = both.Systems[:1], "p"
		put(t, db, both)
		if got := find("systems", "a"); !slices.Equal(got, []string{"one"}) {
			t.Errorf("after a link was taken away: %v", got)
		}
		verify(t, db)
	})
}

func TestLinksMustExist(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		if err := db.CreateOrganisation(t.Context(), Organisation{"annan", "Annan"}); err != nil {
			t.Fatal(err)
		}
		err := db.Update(t.Context(), Act{Org: "annan"}, func(tx *Tx) error {
			return errors.Join(tx.Put(&isms.Unit{Record: isms.Record{ID: "u"}, Name: "U", Code: "U", Kind: "city"}),
				tx.Put(&isms.System{Record: isms.Record{ID: "deras", Unit: "u"}, Name: "Deras", Lifecycle: isms.InUse}))
		})
		if err != nil {
			t.Fatal(err)
		}
		p := &isms.Process{Record: isms.Record{Unit: "u"}, Name: "Processen", Owner: "ingen", Systems: []register.Ref[isms.System]{"deras"}}
		err = db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error { return tx.Put(p) })
		want := register.Wrongs{{Field: "unit", Code: "no_such", Args: []any{"u"}},
			{Field: "owner", Code: "no_such", Args: []any{"ingen"}}, {Field: "systems", Code: "no_such", Args: []any{"deras"}}}
		var got register.Wrongs
		if !errors.As(err, &got) || !cmp.Equal(want, got) {
			t.Errorf("got %v", err)
		}
		err = db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error {
			return tx.Put(&isms.System{Name: "Utan enhet", Lifecycle: isms.InUse})
		})
		if !errors.As(err, &got) || got[0].Field != "unit" || got[0].Code != "required" {
			t.Errorf("without a unit: %v", err)
		}
	})
}

// The zero scope shows nothing, a scope of units only theirs, and no organisation sees another's.
func TestScope(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		put(t, db, &isms.Unit{Record: isms.Record{ID: "skola"}, Name: "Skolan", Code: "SK", Kind: "board", Parent: "stad"})
		ours, theirs := system("Vårt"), system("Deras")
		ours.ID, theirs.ID, theirs.Unit = "v", "d", "skola"
		put(t, db, ours, theirs)
		put(t, db, &isms.Process{Record: isms.Record{ID: "pr", Unit: "skola"}, Name: "P", Systems: []register.Ref[isms.System]{"v"}})
		if err := db.CreateOrganisation(t.Context(), Organisation{"annan", "Annan"}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name, org string
			in        register.In
			want      []string
		}{
			{"zero", org, register.In{}, nil},
			{"own unit", org, register.In{Units: []string{"stad"}}, []string{"v"}},
			{"other unit", org, register.In{Units: []string{"skola"}}, []string{"d"}},
			{"no such unit", org, register.In{Units: []string{"x"}}, nil},
			{"all", org, all, []string{"d", "v"}},
			{"other organisation", "annan", all, nil},
			{"no organisation", "", all, nil},
		} {
			t.Run(c.name, func(t *testing.T) {
				err := db.View(t.Context(), c.org, func(tx *Tx) error { return scopeShows(tx, c.in, c.want) })
				if err != nil {
					t.Error(err)
				}
			})
		}
		// What cannot be seen cannot be retired, and says so as if it were not there.
		err := db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error {
			return tx.Retire(systems, register.In{Units: []string{"stad"}}, "d", 1, "2024-01-01")
		})
		if !errors.Is(err, isms.ErrNotFound) {
			t.Errorf("retired: %v", err)
		}
	})
}

// scopeShows asks for systems in every way there is, and wants the same answer from all.
func scopeShows(tx *Tx, in register.In, want []string) error {
	check := func(how string, got []string) error {
		if !slices.Equal(got, want) {
			return fmt.Errorf("%s shows %v, not %v", how, got, want)
		}
		return nil
	}
	var errs []error
	add := func(how string, ids []string, err error) {
		slices.Sort(ids)
		errs = append(errs, err, check(how, ids))
	}
	ids := func(recs []register.Entity) (out []string) {
		for _, rec := range recs {
			out = append(out, rec.Head().ID)
		}
		return out
	}
	page, err := tx.List(systems, in, Query{})
	add("List", ids(page.Records), err)
	if page.Total != len(want) {
		errs = append(errs, fmt.Errorf("List counts %d", page.Total))
	}
	list, err := AllWithRetired[isms.System](tx, in)
	var values []string
	for _, s := range list {
		values = append(values, s.ID)
	}
	add("All", values, err)
	if tx.org != "" {
		then, err := tx.AsOf(systems, in, "9999-01-01T00:00:00.000000Z")
		add("AsOf", ids(then), err)
		err = tx.Series([]*register.Schema{systems}, func(string) register.In { return in },
			[]register.Moment{"9999-01-01T00:00:00.000000Z"}, func(_ int, at map[string][]register.Entity) error {
				add("Series", ids(at["system"]), nil)
				return nil
			})
		errs = append(errs, err)
	}
	var got, told []string
	for _, id := range []string{"d", "v"} {
		if _, err := tx.Get(systems, in, id); err == nil {
			got = append(got, id)
		} else if !errors.Is(err, isms.ErrNotFound) {
			errs = append(errs, err)
		}
		if _, err := tx.History(systems, in, id); err == nil {
			told = append(told, id)
		}
	}
	add("Get", got, nil)
	add("History", told, nil)
	back, err := tx.Backlinks("system", "v", func(string) register.In { return in })
	errs = append(errs, err)
	if sees := in.Has("skola") && tx.org == org; sees != (len(back) == 1) {
		errs = append(errs, fmt.Errorf("Backlinks shows %v", back))
	}
	return errors.Join(errs...)
}

func TestRetire(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		s := system("Elevregistret")
		put(t, db, s)
		for _, c := range []struct {
			rev  int
			day  register.Day
			want error
		}{{7, "2024-01-01", isms.ErrStale}, {1, "2024-02-30", register.Wrongs{}}, {1, "2024-01-01", nil}} {
			err := db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error { return tx.Retire(systems, all, s.ID, c.rev, c.day) })
			var wrong register.Wrongs
			if _, isWrong := c.want.(register.Wrongs); isWrong && errors.As(err, &wrong) {
				continue
			}
			if !errors.Is(err, c.want) {
				t.Errorf("%d %s: %v", c.rev, c.day, err)
			}
		}
		if got := names(t, db, Query{}); len(got) != 0 {
			t.Errorf("still listed: %v", got)
		}
		if got := names(t, db, Query{Retired: true}); len(got) != 1 {
			t.Errorf("not among the retired: %v", got)
		}
		view(t, db, func(tx *Tx) error {
			h, err := tx.History(systems, all, s.ID)
			if err == nil && (len(h) != 2 || h[1].Act != Retire) {
				t.Errorf("history %+v", h)
			}
			return err
		})
		verify(t, db)
	})
}
