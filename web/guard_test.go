// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ledsyn/app"
	"ledsyn/locale"
	"ledsyn/login"
	"ledsyn/register"
)

// closed is the site as somebody meets it who is not signed in. It has no database: what is asked of one before sign-in fails the test.
func closed(t *testing.T, c Config) *site {
	t.Helper()
	c.App = &app.App{Log: slog.New(slog.DiscardHandler), Demo: c.Demo}
	c.Login = login.New(c.App, login.Config{Listen: "127.0.0.1:0"})
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return h.(*site)
}

func send(s *site, method, path, body string, header ...string) *http.Response {
	r := httptest.NewRequest(method, "http://ledsyn.test"+path, strings.NewReader(body))
	if unsafeMethod(method) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://ledsyn.test")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i+1] == "" {
			r.Header.Del(header[i])
			continue
		}
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, answer *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// example is an address that the pattern takes.
func example(pattern string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	return method, strings.NewReplacer("{$}", "", "{kind}", "system", "{id...}", "systems_classified", "{id}", "abc", "{section}", "status",
		"{file}", "pdf", "{hash}", "0", "{name}", "ledsyn.css").Replace(path)
}

// TestEveryRoute holds every address to the headers that all answers carry, to asking who is there, and to the methods it takes.
func TestEveryRoute(t *testing.T) {
	s := closed(t, Config{TLS: true, Demo: false})
	for _, r := range s.routes() {
		method, path := example(r.pattern)
		if r.pattern == "GET /readyz" {
			continue // asks the database
		}
		answer := send(s, method, path, "")
		for _, header := range fixedHeaders {
			if header[0] != "Cache-Control" && answer.Header.Get(header[0]) != header[1] {
				t.Errorf("%s: %s is %q", r.pattern, header[0], answer.Header.Get(header[0]))
			}
		}
		if answer.Header.Get("Strict-Transport-Security") == "" || answer.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s lacks Strict-Transport-Security or X-Request-Id", r.pattern)
		}
		if got := answer.Header.Get("Cache-Control"); got != "no-store" && got != "private, no-store" {
			t.Errorf("%s: Cache-Control is %q", r.pattern, got)
		}
		if !r.open && (answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(answer.Header.Get("Location"), "/login")) {
			t.Errorf("%s lets somebody in who is not signed in: %d %s", r.pattern, answer.StatusCode, answer.Header.Get("Location"))
		}
		if other := send(s, http.MethodDelete, path, ""); other.StatusCode != http.StatusMethodNotAllowed || other.Header.Get("Allow") == "" {
			t.Errorf("DELETE %s: %d, Allow %q", path, other.StatusCode, other.Header.Get("Allow"))
		}
		if method == http.MethodPost {
			s.formsOnly(t, path)
		}
	}
}

// formsOnly holds a POST address to forms of the program's own pages.
func (s *site) formsOnly(t *testing.T, path string) {
	t.Helper()
	for name, header := range map[string][]string{
		"from another site":               {"Sec-Fetch-Site", "cross-site", "Origin", "https://elsewhere.test"},
		"from another origin":             {"Sec-Fetch-Site", "", "Origin", "https://elsewhere.test"},
		"from nowhere that can be known":  {"Sec-Fetch-Site", "", "Origin", ""},
		"from a neighbour of the program": {"Sec-Fetch-Site", "same-site", "Origin", "http://other.ledsyn.test"},
	} {
		if answer := send(s, http.MethodPost, path, "", header...); answer.StatusCode != http.StatusForbidden {
			t.Errorf("POST %s %s: %d, want 403", path, name, answer.StatusCode)
		}
	}
}

func TestDemoIsOnlyInDemo(t *testing.T) {
	s := closed(t, Config{})
	for _, path := range []string{"/demo", "/demo/step"} {
		if answer := send(s, "GET", path, ""); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d in a program that is no demonstration", path, answer.StatusCode)
		}
	}
}

func TestRefusals(t *testing.T) {
	s := closed(t, Config{})
	for _, c := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		key                      string
	}{
		{"a page that is not there", "GET", "/nothing", "", nil, 404, "not_found"},
		{"an old hash", "GET", "/static/0/ledsyn.css", "", nil, 404, "not_found"},
		{"an address too long", "GET", "/login?next=" + strings.Repeat("a", mostAddress), "", nil, 414, "address"},
		{"a body too large", "POST", "/language", "lang=" + strings.Repeat("a", mostBody), nil, 413, "too_large"},
		{"a form that is none", "POST", "/language", `{"lang":"sv"}`, []string{"Content-Type", "application/json"}, 415, "media_type"},
		{"an unknown field", "POST", "/language", "lang=sv&back=/&other=1", nil, 400, "form"},
		{"a field twice", "POST", "/language", "lang=sv&lang=en&back=/", nil, 400, "form"},
		{"broken UTF-8", "POST", "/language", "lang=%ff%fe&back=/", nil, 400, "text"},
		{"broken UTF-8 in a name", "POST", "/language", "%ff=1", nil, 400, "text"},
		{"broken UTF-8 in the address", "GET", "/r/%ff", "", nil, 400, "text"},
		{"a broken escape", "POST", "/language", "lang=%zz", nil, 400, "form"},
		{"too many fields", "POST", "/language", strings.Repeat("a=1&", mostFields+1), nil, 413, "too_large"},
		{"an unknown language", "POST", "/language", "lang=xx&back=/", nil, 400, "form"},
		{"an unknown parameter", "GET", "/login?x=1", "", nil, 400, "query"},
	} {
		answer := send(s, c.method, c.path, c.body, c.header...)
		text := body(t, answer)
		if answer.StatusCode != c.status || !strings.Contains(text, "<h1>"+locale.Swedish.T("web.error."+c.key)+"</h1>") {
			t.Errorf("%s: %d, want %d with %q; the page says %.300q", c.name, answer.StatusCode, c.status, c.key, text)
		}
		if !strings.Contains(text, answer.Header.Get("X-Request-Id")) {
			t.Errorf("%s: the page does not name the request", c.name)
		}
	}
}

func TestErrorsInTheReadersLanguage(t *testing.T) {
	s := closed(t, Config{})
	for accept, l := range map[string]locale.Lang{"en-GB,sv;q=0.5": locale.English, "de, en;q=0.5": locale.English, "sv": locale.Swedish, "de": locale.Swedish} {
		text := body(t, send(s, "GET", "/nothing", "", "Accept-Language", accept))
		if !strings.Contains(text, l.T("web.error.not_found")) || !strings.Contains(text, `<html lang="`+string(l)+`"`) {
			t.Errorf("Accept-Language %s does not give %s", accept, l)
		}
	}
}

func TestLanguageOfTheProgram(t *testing.T) {
	s := closed(t, Config{Lang: locale.English})
	for accept, l := range map[string]locale.Lang{"": locale.English, "de": locale.English, "sv": locale.Swedish} {
		if text := body(t, send(s, "GET", "/nothing", "", "Accept-Language", accept)); !strings.Contains(text, `<html lang="`+string(l)+`"`) {
			t.Errorf("Accept-Language %q does not give %s", accept, l)
		}
	}
}

func TestPanicIsCaught(t *testing.T) {
	var log strings.Builder
	s := closed(t, Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
	s.mux.HandleFunc("GET /boom", func(http.ResponseWriter, *http.Request) { panic(errors.New("secret of the program")) })
	answer := send(s, "GET", "/boom", "")
	text := body(t, answer)
	if answer.StatusCode != 500 || strings.Contains(text, "secret") || !strings.Contains(text, answer.Header.Get("X-Request-Id")) {
		t.Errorf("%d: %.400s", answer.StatusCode, text)
	}
	if !strings.Contains(log.String(), "secret of the program") || !strings.Contains(log.String(), answer.Header.Get("X-Request-Id")) {
		t.Errorf("the log does not tell what happened: %s", log.String())
	}
}

func TestAssets(t *testing.T) {
	s := closed(t, Config{})
	for name, a := range s.assets {
		plain := send(s, "GET", a.address, "")
		if plain.StatusCode != 200 || body(t, plain) != string(a.plain) || plain.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%s: %d, Cache-Control %q", name, plain.StatusCode, plain.Header.Get("Cache-Control"))
		}
		packed := send(s, "GET", a.address, "", "Accept-Encoding", "gzip, br")
		if packed.Header.Get("Content-Encoding") != "gzip" || len(body(t, packed)) != len(a.gzipped) {
			t.Errorf("%s is not sent packed", name)
		}
	}
}

func TestLocal(t *testing.T) {
	for path, want := range map[string]string{"/r/system?q=1": "/r/system?q=1", "": "/", "//elsewhere.test": "/", "https://elsewhere.test/": "/",
		"/\\elsewhere.test": "/", "/a\nb": "/", "javascript:alert(1)": "/", "r/system": "/", "/%2f%2felsewhere.test": "/%2f%2felsewhere.test"} {
		if got := local(path); got != want {
			t.Errorf("local(%q) is %q, want %q", path, got, want)
		}
	}
}

func TestLanguageCookie(t *testing.T) {
	s := closed(t, Config{TLS: true})
	answer := send(s, "POST", "/language", "lang=en&back=//elsewhere.test")
	c := answer.Cookies()
	if answer.Header.Get("Location") != "/" || len(c) != 1 || c[0].Value != "en" || !c[0].HttpOnly || !c[0].Secure || c[0].SameSite != http.SameSiteLaxMode {
		t.Errorf("%d to %q with %v", answer.StatusCode, answer.Header.Get("Location"), c)
	}
}

func TestClock(t *testing.T) {
	for m, want := range map[register.Moment]string{"2026-07-01T10:00:00.000000Z": "2026-07-01 12:00", "2026-01-01T23:30:00.000000Z": "2026-01-02 00:30", "": ""} {
		if got := clock(m); got != want {
			t.Errorf("clock(%s) is %q, want %q", m, got, want)
		}
	}
}
