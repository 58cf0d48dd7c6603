// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// landscape is a city of forty boards with 2,000 systems, 10,000 sets and 5,000 integrations, its systems classified over
// five years.
func landscape(b *testing.B) (*App, access.Actor) {
	b.Helper()
	db, err := store.Open(b.Context(), store.Config{Dir: b.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	now := time.Date(2020, 1, 3, 9, 0, 0, 0, time.UTC)
	db.Now = func() time.Time { return now }
	if err := db.CreateOrganisation(b.Context(), store.Organisation{ID: org, Name: "Exempelstad"}); err != nil {
		b.Fatal(err)
	}
	put := func(records ...register.Entity) {
		err := db.Update(b.Context(), store.Act{Org: org, Who: "test"}, func(tx *store.Tx) error {
			for _, rec := range records {
				if err := tx.Put(rec); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	records := []register.Entity{unit("city", "", "city"), &isms.Person{Record: isms.Record{ID: "office", Unit: "city"}, Name: "office"},
		&isms.Assignment{Record: isms.Record{ID: "as-office", Unit: "city"}, Person: "office", Role: "central_office"}}
	for i := range 40 {
		records = append(records, unit(fmt.Sprint("board-", i), "city", "board"))
	}
	system := func(i int) register.Ref[isms.System] { return register.Ref[isms.System](fmt.Sprint("sys-", i%2000)) }
	for i := range 2000 {
		records = append(records, &isms.System{Record: isms.Record{ID: string(system(i)), Unit: fmt.Sprint("board-", i%40)}, Name: fmt.Sprint("System ", i), Lifecycle: isms.InUse})
	}
	for i := range 10000 {
		records = append(records, &isms.InformationSet{Record: isms.Record{ID: fmt.Sprint("set-", i), Unit: fmt.Sprint("board-", i%40)}, Name: fmt.Sprint("Set ", i),
			Systems: []register.Ref[isms.System]{system(i), system(i * 7)}})
	}
	for i := range 5000 {
		source, target := system(i), system(i*13+1)
		if source != target {
			records = append(records, &isms.Integration{Record: isms.Record{ID: fmt.Sprint("int-", i), Unit: "city"}, Name: "i", Source: source, Target: target})
		}
	}
	put(records...)
	for month := range 60 {
		now = now.AddDate(0, 1, 0)
		records = nil
		for i := month * 200; i < (month+1)*200; i++ {
			c := &isms.Classification{Record: isms.Record{ID: fmt.Sprint("c-", i), Unit: fmt.Sprint("board-", i%40)}, Model: isms.CurrentModel, State: isms.ClassificationDecided,
				Confidentiality: isms.Level(fmt.Sprint(i % 4)), Integrity: "1", Availability: "2", DecidedOn: register.DayOf(now)}
			if i%6 == 0 {
				c.System = system(i)
			} else {
				c.Set = register.Ref[isms.InformationSet](fmt.Sprint("set-", i%10000))
			}
			records = append(records, c)
		}
		put(records...)
	}
	a := &App{DB: db, Log: slog.New(slog.DiscardHandler)}
	who, err := a.Actor(b.Context(), org, "office")
	if err != nil {
		b.Fatal(err)
	}
	return a, who
}

func BenchmarkClassification(b *testing.B) {
	a, who := landscape(b)
	b.Run("CurvesOf40Units", func(b *testing.B) {
		days := MonthEnds("2020-02-01", "2025-01-01")
		for b.Loop() {
			a := &App{DB: a.DB, Log: a.Log} // that remembers nothing
			if _, err := a.UnitCurves(b.Context(), who, "city", "systems_classified", days); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ProtectionFirst", func(b *testing.B) {
		for b.Loop() {
			a := &App{DB: a.DB, Log: a.Log}
			if _, err := a.Protection(b.Context(), who, "sys-1"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ProtectionAfterAChange", func(b *testing.B) {
		rev := 1
		if _, err := a.Protection(b.Context(), who, "sys-1"); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			_, err := a.Save(b.Context(), who, Change{Kind: "information_set", ID: "set-1", Rev: rev, Form: map[string][]string{"description": {register.NewID()}}})
			if err != nil {
				b.Fatal(err)
			}
			rev++
			if _, err := a.Protection(b.Context(), who, "sys-1"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
