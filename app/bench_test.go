// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// large is a city with a hundred units, where board-a has the given number of systems, every second classified, written
// down over three years.
func large(b *testing.B, systems int) (*App, access.Actor) {
	b.Helper()
	db, err := store.Open(b.Context(), store.Config{Dir: b.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	now := time.Date(2022, 1, 3, 9, 0, 0, 0, time.UTC)
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
	put(unit("city", "", "city"), unit("board-a", "city", "board"))
	for i := range 98 {
		put(unit(fmt.Sprintf("unit-%d", i), "city", "board"))
	}
	for _, role := range []string{"head", "coordinator"} {
		put(&isms.Person{Record: isms.Record{ID: role, Unit: "board-a"}, Name: role},
			&isms.Assignment{Record: isms.Record{ID: "as-" + role, Unit: "board-a"}, Person: register.Ref[isms.Person](role), Role: isms.Role(role)})
	}
	for month := range 36 {
		now = now.AddDate(0, 1, 0)
		var records []register.Entity
		for i := month * systems / 36; i < (month+1)*systems/36; i++ {
			id := fmt.Sprintf("sys-%d", i)
			records = append(records, &isms.System{Record: isms.Record{ID: id, Unit: "board-a"}, Name: fmt.Sprintf("System %d", i),
				Lifecycle: isms.InUse, Owner: "coordinator", Supplier: "Leverantören AB"})
			if i%2 == 0 {
				records = append(records, &isms.Classification{Record: isms.Record{ID: "c-" + id, Unit: "board-a"}, System: register.Ref[isms.System](id),
					Model: "klassa-0-4", State: isms.ClassificationDecided, Confidentiality: "1", Integrity: "1", Availability: "1",
					DecidedOn: register.DayOf(now)})
			}
		}
		put(records...)
	}
	a := &App{DB: db, Log: slog.New(slog.DiscardHandler)}
	who, err := a.Actor(b.Context(), org, "coordinator")
	if err != nil {
		b.Fatal(err)
	}
	return a, who
}

func BenchmarkActor(b *testing.B) {
	a, _ := large(b, 0)
	for b.Loop() {
		if _, err := a.Actor(b.Context(), org, "coordinator"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkListOf10000(b *testing.B) {
	a, who := large(b, 10000)
	for b.Loop() {
		if _, err := a.List(b.Context(), who, "system", store.Query{Limit: 50}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReviewOf2000Systems(b *testing.B) {
	a, who := large(b, 2000)
	id, err := a.StartReview(b.Context(), who, NewReview{Unit: "board-a", Year: 2026, Template: "stockholm-2024"})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := a.Doc(b.Context(), who, id, locale.Swedish); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFiguresOf2000Systems(b *testing.B) {
	a, who := large(b, 2000)
	for b.Loop() {
		if _, err := a.Figures(b.Context(), who, "board-a", "2025-01-01", ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCurveOf2000Systems(b *testing.B) {
	a, who := large(b, 2000)
	days := MonthEnds("2023-01-01", "2025-01-01")
	for b.Loop() {
		if _, err := a.Curve(b.Context(), who, "board-a", "systems_classified", days); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSave(b *testing.B) {
	a, who := large(b, 100)
	for b.Loop() {
		c := Change{Kind: "system", Unit: "board-a", Key: register.NewID(), Form: map[string][]string{"name": {"Nytt"}, "lifecycle": {"in_use"}, "owner": {"head"}}}
		if _, err := a.Save(b.Context(), who, c); err != nil {
			b.Fatal(err)
		}
	}
}
