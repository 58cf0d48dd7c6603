// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkCampaignPage is the whole handler for the inventory of somebody who answers for 500 entries, all of them to go through.
func BenchmarkCampaignPage(b *testing.B) {
	s := newStage(b, true, manyEntries(500)...)
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
