// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
)

// veiled keeps a system and an incident, each with one marked field.
func veiled(t *testing.T, db *DB) {
	t.Helper()
	err := db.Update(t.Context(), Act{Org: org, Who: "operator:test"}, func(tx *Tx) error {
		for _, rec := range []register.Entity{
			&isms.Unit{Record: isms.Record{ID: "u", Unit: "u"}, Name: "Enheten", Code: "E", Kind: "city"},
			&isms.System{Record: isms.Record{ID: "sys", Unit: "u"}, Name: "Larmet", Purpose: "hemligt", Lifecycle: isms.InUse},
			&isms.Incident{Record: isms.Record{ID: "inc", Unit: "u"}, Reference: "E-1", Title: "Intrång", Description: "hemligt", State: isms.IncidentReported,
				ReportedAt: "2026-01-01T00:00:00.000000Z"},
			&isms.SecrecyMark{Record: isms.Record{Unit: "u"}, Kind: "system", Of: "sys", Field: "purpose", Provision: "osl_1", MarkedOn: "2026-01-01", Authority: "E"},
			&isms.SecrecyMark{Record: isms.Record{Unit: "u"}, Kind: "incident", Of: "inc", Field: "description", Provision: "osl_1", MarkedOn: "2026-01-01", Authority: "E"},
		} {
			if err := tx.Put(rec); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var seesAll = func(string) register.In { return register.In{All: true} }

func TestVeil(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		veiled(t, db)
		for name, c := range map[string]struct {
			reader Reader
			want   string
		}{
			"without the right": {Reader{Name: "a"}, register.MaskedText("osl_1")},
			"with the right":    {Reader{Name: "b", Sees: seesAll}, "hemligt"},
		} {
			err := db.ViewFor(t.Context(), org, c.reader, func(tx *Tx) error {
				s, err := Get[isms.System](tx, register.In{All: true}, "sys")
				if err != nil {
					return err
				}
				all, err := All[isms.System](tx, register.In{All: true})
				if err != nil {
					return err
				}
				page, err := tx.List(register.Of[isms.System](), register.In{All: true}, Query{})
				if err != nil {
					return err
				}
				then, err := AsOf[isms.System](tx, register.In{All: true}, register.MomentOf(db.Now()))
				if err != nil {
					return err
				}
				entries, err := tx.History(register.Of[isms.System](), register.In{All: true}, "sys")
				if err != nil {
					return err
				}
				past, err := entries[0].Record()
				if err != nil {
					return err
				}
				for i, got := range []string{s.Purpose, all[0].Purpose, page.Records[0].(*isms.System).Purpose, then[0].Purpose, past.(*isms.System).Purpose} {
					if got != c.want {
						t.Errorf("%s: way %d gives %q", name, i, got)
					}
				}
				return tx.Unveiled(func() error {
					if s, err := Get[isms.System](tx, register.In{All: true}, "sys"); err != nil || s.Purpose != "hemligt" {
						t.Errorf("%s: unveiled it is %+v, %v", name, s, err)
					}
					return nil
				})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestMaskedIsNeverKept holds that putting a masked record back leaves what was masked as it was, and that no record keeps the sign.
func TestMaskedIsNeverKept(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		veiled(t, db)
		err := db.Update(t.Context(), Act{Org: org, Who: "a"}, func(tx *Tx) error {
			var s isms.System
			err := tx.As(Reader{Name: "a"}, func() (err error) {
				s, err = Get[isms.System](tx, register.In{All: true}, "sys")
				return err
			})
			if err != nil {
				return err
			}
			s.Name = "Larmet två"
			return tx.Put(&s)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(t.Context(), org, func(tx *Tx) error {
			s, err := Get[isms.System](tx, register.In{All: true}, "sys")
			if s.Purpose != "hemligt" || s.Name != "Larmet två" {
				t.Errorf("kept is %+v", s)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(t.Context(), Act{Org: org, Who: "a"}, func(tx *Tx) error {
			s := &isms.System{Record: isms.Record{Unit: "u"}, Name: register.MaskedText("osl_1"), Lifecycle: isms.InUse}
			return tx.Put(s)
		})
		var wrong register.Wrongs
		if !errors.As(err, &wrong) {
			t.Errorf("the sign is kept: %v", err)
		}
	})
}

// TestReadBesideTheServer holds that whoever runs the program on its own machine reads what is marked without anything being written:
// the journal's one writer may be the server that runs beside.
func TestReadBesideTheServer(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		veiled(t, db)
		noted := func() (n int) {
			view(t, db, func(tx *Tx) error {
				_, err := tx.one(`select count(*) from read_log`, nil, &n)
				return err
			})
			return n
		}
		read := func(r Reader) string {
			var i isms.Incident
			err := db.ViewFor(t.Context(), org, r, func(tx *Tx) (err error) {
				i, err = Get[isms.Incident](tx, all, "inc")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return i.Description
		}
		operator := Reader{Name: "operator:rot", Page: "record", Sees: seesAll, Unnoted: true}
		if said := read(operator); said != "hemligt" || noted() != 0 {
			t.Errorf("the operator reads %q, and %d readings are noted", said, noted())
		}
		operator.Unnoted = false
		if said := read(operator); said != "hemligt" || noted() != 1 {
			t.Errorf("somebody else reads %q, and %d readings are noted", said, noted())
		}
	})
}

func TestReadLog(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		veiled(t, db)
		read := func(ctx context.Context, r Reader) error {
			return db.ViewFor(ctx, org, r, func(tx *Tx) error {
				for range 3 { // a page reads the same record several times
					if _, err := Get[isms.Incident](tx, register.In{All: true}, "inc"); err != nil {
						return err
					}
				}
				_, err := Get[isms.System](tx, register.In{All: true}, "sys")
				return err
			})
		}
		for _, r := range []Reader{{Name: "a", Page: "/x", Sees: seesAll}, {Name: "b"}} {
			if err := read(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		log := func(in register.In) (list []Reading) {
			err := db.View(t.Context(), org, func(tx *Tx) (err error) {
				list, err = tx.Readings(ReadingQuery{In: in})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		list := log(register.In{All: true})
		if len(list) != 1 || list[0].Who != "a" || list[0].Kind != "incident" || list[0].Fields != "description" || list[0].Page != "/x" {
			t.Errorf("noted is %+v", list)
		}
		for _, r := range list {
			if strings.Contains(r.Fields+r.Page+r.Who, "hemligt") {
				t.Error("the log tells what it said")
			}
		}
		if other := log(register.In{Units: []string{"other"}}); len(other) > 0 {
			t.Errorf("another unit's readings are told: %+v", other)
		}
	})
}
