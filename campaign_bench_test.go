// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
)

// BenchmarkCampaignPage is the whole handler for the inventory of somebody who answers for 500 entries, all of them to go through.
func BenchmarkCampaignPage(b *testing.B) {
	records := []register.Entity{&isms.Campaign{Record: register.Record{ID: "inventory", Unit: "board-a"}, Name: "Inventering 2026", Year: 2026,
		StartsOn: "2026-02-01", EndsOn: "2026-04-30"}}
	for i := range 500 {
		records = append(records, &isms.Processing{Record: register.Record{ID: fmt.Sprintf("p%03d", i), Unit: "board-a"}, Name: fmt.Sprintf("Behandling %03d", i),
			Role: "controller", State: isms.ProcessingActive, Version: 1, Owner: "samordnare", Purpose: "Handlägga ansökningar.", LegalBasis: isms.PublicInterest,
			Statute: "Kommunallagen (2017:725)", Subjects: "Sökande", DataCategories: "Namn och adress", Recipients: "Handläggare", TransfersOut: isms.No,
			Security: "Behörigheter", ApprovedOn: "2025-01-15", Systems: []register.Ref[isms.System]{"sys-a"}})
	}
	s := newStage(b, true, records...)
	cookie := s.stepInto(b, "samordnare")
	size := 0
	for b.Loop() {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "http://127.0.0.1:8080/processing/campaign", nil)
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
}
