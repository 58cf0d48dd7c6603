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

// inventory is a board whose coordinator owns 500 entries among 5000, five years of confirmations behind them and a
// campaign that has begun.
func inventory(b *testing.B) (*App, access.Actor) {
	b.Helper()
	db, err := store.Open(b.Context(), store.Config{Dir: b.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	now := time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)
	db.Now = func() time.Time { return now }
	if err := db.CreateOrganisation(b.Context(), store.Organisation{ID: org, Name: "Exempelstad"}); err != nil {
		b.Fatal(err)
	}
	records := []register.Entity{unit("city", "", "city"), unit("board-a", "city", "board"),
		&isms.Campaign{Record: isms.Record{ID: "c", Unit: "board-a"}, Name: "2026", Year: 2026, StartsOn: "2026-09-01", EndsOn: "2026-10-31"}}
	for _, person := range []string{"coordinator", "somebody"} {
		records = append(records, &isms.Person{Record: isms.Record{ID: person, Unit: "board-a"}, Name: person},
			&isms.Assignment{Record: isms.Record{ID: "as-" + person, Unit: "board-a"}, Person: register.Ref[isms.Person](person), Role: "coordinator"})
	}
	for i := range 5000 {
		owner := "somebody"
		if i%10 == 0 {
			owner = "coordinator"
		}
		p := entry(fmt.Sprint("p", i), "board-a", owner)
		records = append(records, p)
		for year := 2021; year < 2026; year++ {
			records = append(records, &isms.Confirmation{Record: isms.Record{ID: fmt.Sprint("w", i, "-", year), Unit: "board-a"},
				Processing: register.Ref[isms.Processing](p.ID), Person: p.Owner, Day: register.Day(fmt.Sprint(year, "-10-01")), Outcome: isms.ConfirmedUnchanged})
		}
	}
	err = db.Update(b.Context(), store.Act{Org: org, Who: "test"}, func(tx *store.Tx) error {
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
	a := &App{DB: db, Log: slog.New(slog.DiscardHandler)}
	who, err := a.Actor(b.Context(), org, "coordinator")
	if err != nil {
		b.Fatal(err)
	}
	return a, who
}

func BenchmarkMineOf500Entries(b *testing.B) {
	a, who := inventory(b)
	for b.Loop() {
		m, err := a.Mine(b.Context(), who)
		if err != nil || len(m.Entries) != 500 || m.Left != 500 {
			b.Fatal(len(m.Entries), m.Left, err)
		}
	}
}

func BenchmarkCampaignOf5000Entries(b *testing.B) {
	a, who := inventory(b)
	for b.Loop() {
		if s, err := a.Campaign(b.Context(), who, "c"); err != nil || s.Entries != 5000 {
			b.Fatal(s.Entries, err)
		}
	}
}

func BenchmarkConfirm500Entries(b *testing.B) {
	a, who := inventory(b)
	day := time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)
	a.DB.Now = func() time.Time { return day }
	for b.Loop() {
		m, err := a.Mine(b.Context(), who)
		if err != nil {
			b.Fatal(err)
		}
		var answers []EntryAnswer
		for _, e := range m.Entries {
			answers = append(answers, EntryAnswer{Entry: Entry{e.ID, e.Rev}, Outcome: isms.ConfirmedUnchanged})
		}
		if err := a.Confirm(b.Context(), who, answers, ""); err != nil {
			b.Fatal(err)
		}
		day = day.AddDate(0, 0, 1)
	}
}

func BenchmarkWorkOf5000Entries(b *testing.B) {
	r := good()
	var entries []isms.Processing
	for i := range 5000 {
		p := r.Processings[0]
		p.ID = fmt.Sprint("p", i)
		p.Security = ""
		if i%2 == 0 {
			p.Owner = ""
		}
		entries = append(entries, p)
	}
	r.Processings = entries
	r.SubProcessors[0].ParentCountry = "US"
	for b.Loop() {
		if len(recordWork(r, workDay)) < 5000 {
			b.Fatal("too little work")
		}
	}
}
