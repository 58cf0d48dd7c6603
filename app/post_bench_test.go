// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// BenchmarkPosts shows 500 posts held against a staff list of 40,000: first reads the list, then finds it read.
func BenchmarkPosts(b *testing.B) {
	db, err := store.Open(b.Context(), store.Config{Dir: b.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	db.Now = func() time.Time { return time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) }
	if err := db.CreateOrganisation(b.Context(), store.Organisation{ID: org, Name: "Exempelstad"}); err != nil {
		b.Fatal(err)
	}
	out, err := db.WriteSet(b.Context(), org, "staff", []string{"person", "unit"})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 40_000 {
		if err := out.Add([]string{fmt.Sprint(i), "city"}); err != nil {
			b.Fatal(err)
		}
	}
	set, err := out.Close()
	if err != nil {
		b.Fatal(err)
	}
	in := func(id string) isms.Record { return isms.Record{ID: id, Unit: "city"} }
	records := []register.Entity{unit("city", "", "city"), &isms.Person{Record: in("auditor"), Name: "Revisor"},
		&isms.Assignment{Record: in("as"), Person: "auditor", Role: "auditor"},
		&isms.Population{Record: in("staff"), Name: "Lista", Kind: isms.Employments, Day: "2026-02-28", Rows: register.CountOf(40_000), SHA256: set.SHA256,
			Columns: `["person","unit"]`, Meaning: `{"person":"person","unit":"unit"}`}}
	for i := range 500 {
		id := fmt.Sprint("p", i)
		records = append(records, &isms.Person{Record: in(id), Name: id, Number: fmt.Sprint(i * 100)}, post("post"+id, "city", "Roll "+id, id),
			&isms.PostConfirmation{Record: in("word" + id), Post: register.Ref[isms.Post]("post" + id), Person: register.Ref[isms.Person](id), ConfirmedOn: "2026-01-10", Text: "Se till att det blir gjort."})
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
	for _, first := range []bool{true, false} {
		b.Run(map[bool]string{true: "first", false: "again"}[first], func(b *testing.B) {
			a := &App{DB: db, Log: slog.New(slog.DiscardHandler)}
			who, err := a.Actor(b.Context(), org, "auditor")
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if first {
					a.past = past{}
				}
				page, err := a.Posts(b.Context(), who, "city", "")
				if err != nil || len(page.Rows) != 500 || page.Counts.NotListed != 100 || page.Counts.Confirmed != 500 {
					b.Fatal(err, len(page.Rows), page.Counts)
				}
			}
		})
	}
}
