// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// BenchmarkJudgePage is the whole handler for the page of a reviewer with 500 rows, 450 of them answered one at a time. The target is 20 ms
// of processor time.
func BenchmarkJudgePage(b *testing.B) {
	s := newStage(b, true)
	set, err := s.app.DB.WriteSet(b.Context(), stageOrg, "list", []string{"Namn", "Anst.nr", "Enhet", "Roll", "Tilldelad"})
	if err != nil {
		b.Fatal(err)
	}
	marks := make([]string, 0, 100)
	for i := range 500 {
		if err := set.Add([]string{fmt.Sprintf("Person %03d", i), fmt.Sprint(1000 + i), "KUN", "Handläggare", "2025-01-15"}); err != nil {
			b.Fatal(err)
		}
		if i%5 == 0 {
			marks = append(marks, fmt.Sprintf(`"%d":["dormant:unused:2025-06-01"]`, i+1))
		}
	}
	kept, err := set.Close()
	if err != nil {
		b.Fatal(err)
	}
	in := func(id string) register.Record { return register.Record{ID: id, Unit: "board-a"} }
	records := []register.Entity{
		&isms.Population{Record: in("list"), Name: "Behörigheter", Kind: isms.Entitlements, Day: "2026-02-01", Rows: register.CountOf(500), SHA256: kept.SHA256, System: "sys-a",
			Columns: `["Namn","Anst.nr","Enhet","Roll","Tilldelad"]`, Meaning: `{"name":"Namn","person":"Anst.nr","unit":"Enhet","role":"Roll","granted":"Tilldelad"}`},
		&isms.SpotCheck{Record: in("check"), Name: "Stickprov", Area: "Behörigheter", Year: 2026, State: isms.SpotCheckOngoing},
		&isms.Portion{Record: in("part"), Name: "Kulturnämnden", SpotCheck: "check", Population: "list", Reviewer: "samordnare", Rows: "1-500", Count: register.CountOf(500),
			Marks: "{" + strings.Join(marks, ",") + "}", SentOn: "2026-02-10", DueOn: "2026-04-01"},
	}
	for i := range 450 {
		records = append(records, &isms.AnswerSheet{Record: in(fmt.Sprintf("sheet-%03d", i)), Portion: "part", Number: i + 1, Person: "samordnare", At: "2026-02-20T08:00:00.000000Z",
			Answers: fmt.Sprintf(`[{"row":%d,"answer":"keep"}]`, i+1), Count: register.CountOf(1), Answered: register.CountOf(i + 1)})
	}
	err = s.app.DB.Update(b.Context(), store.Act{Org: stageOrg, Who: "central"}, func(tx *store.Tx) error {
		for _, r := range records {
			if err := tx.Put(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	cookie := s.stepInto(b, "samordnare")
	for _, page := range []struct{ name, address string }{{"portion", "/judge/part"}, {"mine", "/judge"}} {
		b.Run(page.name, func(b *testing.B) {
			size := 0
			for b.Loop() {
				r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "http://127.0.0.1:8080"+page.address, nil)
				r.RemoteAddr = "127.0.0.1:40000"
				r.AddCookie(cookie)
				w := httptest.NewRecorder()
				s.pages.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code, w.Body.String())
				}
				size = w.Body.Len()
			}
			b.ReportMetric(float64(size)/1000, "kB")
		})
	}
}
