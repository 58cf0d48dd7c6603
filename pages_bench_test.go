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
)

// BenchmarkListPage is the whole handler for a page of 50 of 10,000 systems, as a person with a session in a browser asks for it: who it is
// and what she may see are read anew each time. The target is 3 ms of processor time.
func BenchmarkListPage(b *testing.B) {
	var systems []register.Entity
	for i := range 10000 {
		systems = append(systems, &isms.System{Record: register.Record{ID: fmt.Sprintf("s%05d", i), Unit: "board-a"}, Name: fmt.Sprintf("System %05d", i),
			Lifecycle: isms.InUse, Owner: "systemagare", Supplier: "Vitsippan IT AB", PersonalData: isms.OrdinaryData, NISCovered: isms.No})
	}
	s := newStage(b, true, systems...)
	cookie := s.stepInto(b, "samordnare")
	for _, page := range []struct{ name, address string }{
		{"first", "/r/system"}, {"searched", "/r/system?q=09"}, {"sorted", "/r/system?sort=-supplier"}, {"record", "/r/system/s00001"}, {"start", "/"},
	} {
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

func (s *stage) stepInto(t testing.TB, person string) *http.Cookie {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:8080/demo/step", strings.NewReader("person="+stageOrg+"/"+person))
	r.RemoteAddr = "127.0.0.1:40000"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	s.pages.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.Value != "" {
			return c
		}
	}
	t.Fatalf("nobody can step into %s: %d", person, w.Code)
	return nil
}
