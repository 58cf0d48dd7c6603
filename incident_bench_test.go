// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ledsyn/access"
	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/login"
	"ledsyn/register"
	"ledsyn/web"
)

// BenchmarkIncidentPage is the whole handler for an incident with 500 lines in its timeline, three boards, a company and a supplier. The
// target is 10 ms of processor time.
func BenchmarkIncidentPage(b *testing.B) {
	in := func(id, unit string) register.Record { return register.Record{ID: id, Unit: unit} }
	records := []register.Entity{
		&isms.Unit{Record: in("board-c", "board-c"), Name: "Socialnämnden", Code: "SON", Kind: "board", Parent: "city"},
		&isms.Unit{Record: in("company", "company"), Name: "Bostadsbolaget", Code: "BOB", Kind: "company", Parent: "city"},
		&isms.Incident{Record: in("big", "city"), Reference: "EX-2026-001", Title: "Kryptering hos leverantören", State: "investigating", Kind: "malware",
			Severity: "serious", ReportedAt: "2026-02-20T08:00:00.000000Z", ReportedBy: "central", Coordinator: "central", PersonalData: "yes", CanBeSerious: "yes",
			Units: []register.Ref[isms.Unit]{"board-a", "board-b", "board-c", "company"}, Systems: []register.Ref[isms.System]{"sys-a"},
			Suppliers: []register.Ref[isms.Supplier]{"supplier-a"}},
	}
	for _, unit := range []string{"board-a", "board-b", "board-c", "company"} {
		records = append(records, &isms.Breach{Record: in("breach-"+unit, unit), Name: "Kryptering", Incident: "big", Role: "controller"})
	}
	for _, unit := range []string{"city", "company"} {
		records = append(records, &isms.Significance{Record: in("sig-"+unit, unit), Name: "Kryptering", Incident: "big"})
	}
	kinds := isms.EntryKind("").Choices()
	for i := range 500 {
		at := time.Date(2026, 2, 20, 8, 5*i, 0, 0, time.UTC)
		records = append(records, &isms.IncidentEntry{Record: in(fmt.Sprintf("entry-%03d", i), "city"), Incident: "big", At: register.MomentOf(at), Kind: isms.EntryKind(kinds[i%len(kinds)]),
			Text: fmt.Sprintf("Rad %d: driften har ringt, leverantören återkommer före nästa avstämning med besked om återläsningen.", i), By: "central"})
	}
	s := newStage(b, true, records...)
	cookie := s.stepInto(b, "central")
	for b.Loop() {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "http://127.0.0.1:8080/incident/big", nil)
		r.RemoteAddr = "127.0.0.1:40000"
		r.AddCookie(cookie)
		w := httptest.NewRecorder()
		s.pages.ServeHTTP(w, r)
		if w.Code != http.StatusOK || strings.Count(w.Body.String(), "återläsningen") < 500 {
			b.Fatal(w.Code, w.Body.Len())
		}
	}
}

// BenchmarkReports is how many reports a second are taken in, noted in the journal and on disk, when many people report at once. The
// target is 200 without one lost.
func BenchmarkReports(b *testing.B) {
	s := newStage(b, true)
	who, err := s.app.Actor(b.Context(), stageOrg, "medarbetare")
	if err != nil {
		b.Fatal(err)
	}
	var n atomic.Int64
	b.SetParallelism(100)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := s.app.ReportIncident(b.Context(), who, app.Report{Unit: "board-a", Title: "Ett brev kom fel", Key: register.NewID()}); err != nil {
				b.Error(err)
			}
			n.Add(1)
		}
	})
	b.ReportMetric(float64(n.Load())/b.Elapsed().Seconds(), "reports/s")
	if got := s.incidents(b); got != int(n.Load())+1 { // the scenery has one
		b.Errorf("%d reports were acknowledged and %d incidents are there", n.Load(), got-1)
	}
}

func (s *stage) incidents(t testing.TB) int {
	t.Helper()
	list, err := s.app.List(t.Context(), access.Operator(stageOrg, "test"), "incident", app.Query{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	return list.Total
}

// Two hundred reports within a second, by people and by links: each that was confirmed is there, under a number of its own.
func TestReportsUnderLoad(t *testing.T) {
	s := newStage(t, true)
	who, err := s.app.Actor(t.Context(), stageOrg, "samordnare")
	if err != nil {
		t.Fatal(err)
	}
	_, token, err := s.app.OpenReportLink(t.Context(), who, app.NewReportLink{Unit: "board-a", Name: "Anslag", ValidTo: "2026-12-31"})
	if err != nil {
		t.Fatal(err)
	}
	const people, links = 120, 80
	var mu sync.Mutex
	numbers := map[string]bool{}
	confirmed := func(reference string, err error) {
		mu.Lock()
		defer mu.Unlock()
		if err != nil || numbers[reference] || !strings.HasPrefix(reference, "KUN-2026-") {
			t.Errorf("%q %v", reference, err)
		}
		numbers[reference] = true
	}
	began := time.Now()
	var all sync.WaitGroup
	for range people {
		all.Go(func() {
			r, err := s.app.ReportIncident(t.Context(), who, app.Report{Unit: "board-a", Title: "Samtidigt"})
			confirmed(r.Reference, err)
		})
	}
	for i := range links {
		all.Go(func() {
			confirmed(s.app.ReportByLink(t.Context(), token, app.Report{Title: "Samtidigt"}, fmt.Sprintf("192.0.2.%d", i)))
		})
	}
	all.Wait()
	t.Logf("%d reports in %v", people+links, time.Since(began))
	if got := s.incidents(t); got != people+links+1 || len(numbers) != people+links {
		t.Errorf("%d incidents and %d numbers", got, len(numbers))
	}
}

// The public form over the wire: a flood is told to use the telephone, what is too large is refused, and neither shows whether the link
// was ever there.
func TestReportLinkFlood(t *testing.T) {
	s := newStage(t, true)
	who, err := s.app.Actor(t.Context(), stageOrg, "samordnare")
	if err != nil {
		t.Fatal(err)
	}
	_, token, err := s.app.OpenReportLink(t.Context(), who, app.NewReportLink{Unit: "board-a", Name: "Anslag", ValidTo: "2026-12-31"})
	if err != nil {
		t.Fatal(err)
	}
	post := func(token, address, title string, change func(*http.Request)) *httptest.ResponseRecorder {
		form := url.Values{"title": {title}, "discovered_at": {"2026-03-02T08:00"}}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:8080/report/link/"+token, strings.NewReader(form.Encode()))
		r.RemoteAddr = address + ":40000"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		if change != nil {
			change(r)
		}
		w := httptest.NewRecorder()
		s.pages.ServeHTTP(w, r)
		return w
	}
	expect := func(what string, w *httptest.ResponseRecorder, status int, has string) {
		t.Helper()
		if w.Code != status || !strings.Contains(w.Body.String(), has) {
			t.Errorf("%s: %d %s", what, w.Code, plainText(w.Body.String()))
		}
	}
	forged := stageOrg + "-" + register.NewID()
	refused := post(forged, "192.0.2.9", "Gissat", nil)
	expect("a forged link", refused, http.StatusNotFound, locale.Swedish.T("web.report.no_link"))
	expect("a text that is too long", post(token, "192.0.2.8", strings.Repeat("a", 300), nil), http.StatusUnprocessableEntity, "300")
	expect("a form that is too large", post(token, "192.0.2.8", strings.Repeat("a", 2<<20), nil), http.StatusRequestEntityTooLarge, "")
	expect("from another site", post(token, "192.0.2.8", "x", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }), http.StatusForbidden, "")
	expect("no form", post(token, "192.0.2.8", "x", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }), http.StatusUnsupportedMediaType, "")
	for i := range 30 {
		expect(fmt.Sprint("report ", i), post(token, "192.0.2.1", "Flod", nil), http.StatusOK, "KUN-2026-")
	}
	flood := locale.Swedish.T("web.report.flood")
	w := post(token, "192.0.2.1", "Flod", nil)
	expect("the next", w, http.StatusTooManyRequests, flood)
	if w.Header().Get("Retry-After") == "" {
		t.Error("it is not told when to come back")
	}
	expect("the next with a forged link", post(forged, "192.0.2.1", "Flod", nil), http.StatusTooManyRequests, flood)
	expect("somebody else", post(token, "192.0.2.2", "Lugnt", nil), http.StatusOK, "KUN-2026-")
	for i := range 40 { // nothing on the way is believed of who asks, unless the program stands behind a proxy
		w = post(token, "192.0.2.3", "Flod", func(r *http.Request) { r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i)) })
	}
	expect("a flood with forged addresses", w, http.StatusTooManyRequests, flood)
}

// What lets a report in is told once and stands in no log, whatever becomes of the request.
func TestReportLinkIsNotLogged(t *testing.T) {
	s := newStage(t, true)
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.app.Log = logger
	pages, err := web.New(web.Config{App: s.app, Login: login.New(s.app, login.Config{Listen: "127.0.0.1:8080"}), Log: logger})
	if err != nil {
		t.Fatal(err)
	}
	who, err := s.app.Actor(t.Context(), stageOrg, "samordnare")
	if err != nil {
		t.Fatal(err)
	}
	_, token, err := s.app.OpenReportLink(t.Context(), who, app.NewReportLink{Unit: "board-a", Name: "Anslag", ValidTo: "2026-12-31"})
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"title=Brev&discovered_at=2026-03-02T08:00", "title=&discovered_at=", "unknown=1", "title=Brev&discovered_at=x", "", "%"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:8080/report/link/"+token, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		pages.ServeHTTP(httptest.NewRecorder(), r)
		pages.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8080/report/link/"+token+"?x="+form, nil))
	}
	if !strings.Contains(log.String(), "/report/link/...") {
		t.Errorf("the requests are not logged: %s", log.String())
	}
	if secret := strings.TrimPrefix(token, stageOrg+"-"); strings.Contains(log.String(), secret) {
		t.Errorf("the log holds the link's secret: %s", log.String())
	}
}
