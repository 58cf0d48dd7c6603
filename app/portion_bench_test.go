// SPDX-License-Identifier: EUPL-1.2

//go:build unix

package app

import (
	"fmt"
	"os"
	"testing"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

func BenchmarkDeal100000(b *testing.B) { benchDeal(b, 4_000, 100_000) }

// BenchmarkDeal2000000 takes minutes to make its lists; LEDSYN_TEST_LARGE asks for it.
func BenchmarkDeal2000000(b *testing.B) {
	if os.Getenv("LEDSYN_TEST_LARGE") == "" {
		b.Skip("LEDSYN_TEST_LARGE is not set")
	}
	benchDeal(b, 40_000, 2_000_000)
}

// benchDeal finds who judges each row by the HR list and the organisation's tree, and makes the portions.
func benchDeal(b *testing.B, persons, lines int) {
	w := benchCity(b, persons, lines)
	w.keep(b, &isms.SpotCheck{Record: isms.Record{ID: "check", Unit: "city"}, Name: "Stickprov", Area: "behörigheter", Year: 2023, State: isms.SpotCheckOngoing})
	who, err := w.Actor(b.Context(), org, "central_office")
	if err != nil {
		b.Fatal(err)
	}
	peak := peakHeap(b)
	portions := 0
	for b.Loop() {
		err := w.DB.Update(b.Context(), store.Act{Org: org, Who: "central_office"}, func(tx *store.Tx) error {
			d, err := w.dealers(tx, org, dealing{Judges: isms.JudgedByManagers, Staff: "hr", Reserve: "central_office"})
			if err != nil {
				return err
			}
			set, err := store.Get[isms.Population](tx, everywhere, "list")
			if err != nil {
				return err
			}
			if err := d.of(&set).each(nil); err != nil {
				return err
			}
			ids, err := w.deal(b.Context(), tx, who, portionOf{SpotCheck: "check", Unit: "city", DueOn: "2023-02-01"}, d.deal(), "central_office")
			portions = len(ids)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	peak()
	b.ReportMetric(float64(portions), "portions")
}

// BenchmarkPortion reads the page of a reviewer with 500 rows, each answered by itself, and saves one more answer.
func BenchmarkPortion(b *testing.B) {
	w := benchCity(b, 300, 2_000)
	w.keep(b, &isms.SpotCheck{Record: isms.Record{ID: "check", Unit: "city"}, Name: "Stickprov", Area: "behörigheter", Year: 2023, State: isms.SpotCheckOngoing})
	who, err := w.Actor(b.Context(), org, "m0")
	if err != nil {
		b.Fatal(err)
	}
	part := dealt{Name: "Del", Reviewer: "m0", Population: "list", looked: true, Marks: map[int64][]string{}}
	for n := range int64(500) {
		part.Rows = append(part.Rows, n+501)
		if n%5 == 0 {
			part.Marks[n+501] = []string{"dormant", "moved"}
		}
	}
	var id string
	err = w.DB.Update(b.Context(), store.Act{Org: org, Who: "central_office"}, func(tx *store.Tx) error {
		ids, err := w.deal(b.Context(), tx, access.Actor{Org: org}, portionOf{SpotCheck: "check", Unit: "city"}, []dealt{part}, "")
		id = ids[0]
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	var sheets []register.Entity
	for n := range 450 {
		s := &isms.AnswerSheet{Record: isms.Record{ID: register.NewID(), Unit: "city"}, Portion: register.Ref[isms.Portion](id), Number: n + 1, Person: "m0", At: "2023-01-10T08:00:00.000000Z",
			Answers: fmt.Sprintf(`[{"row":%d,"answer":"keep"}]`, 501+n), Count: register.CountOf(1), Answered: register.CountOf(n + 1)}
		sheets = append(sheets, s)
	}
	w.keep(b, sheets...)
	b.Run("read", func(b *testing.B) {
		peak := peakHeap(b)
		for b.Loop() {
			if page, err := w.Portion(b.Context(), who, id, RowsShown{Page: 2}); err != nil || len(page.Rows) != 100 {
				b.Fatal(err, len(page.Rows))
			}
		}
		peak()
	})
	b.Run("save", func(b *testing.B) {
		peak := peakHeap(b)
		n, seen := 0, 450
		for b.Loop() {
			n++
			done, err := w.Judge(b.Context(), who, Judging{Portion: id, Seen: seen, Answers: []JudgedRow{{Row: 990, Answer: isms.Remove, Note: fmt.Sprint(n)}}})
			if err != nil {
				b.Fatal(err)
			}
			seen = done.Seen
		}
		peak()
	})
}
