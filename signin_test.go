// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ledsyn/access"
	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/login"
	"ledsyn/register"
	"ledsyn/store"
)

const annasPassword = "tre små grisar byggde hus"

// A gate is a program with two people who have accounts, a coordinator and an administrator, and a clock that stands still.
type gate struct {
	*login.Login
	t   *testing.T
	app *app.App
	db  *store.DB
	now time.Time
	log bytes.Buffer
}

func newGate(t *testing.T, c login.Config, demo bool) *gate {
	t.Helper()
	ctx := t.Context()
	g := &gate{t: t, now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	db, err := store.Open(ctx, store.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.Now = func() time.Time { return g.now }
	if err := db.CreateOrganisation(ctx, store.Organisation{ID: "exempel", Name: "Exempelstaden"}); err != nil {
		t.Fatal(err)
	}
	err = db.Update(ctx, store.Act{Org: "exempel", Who: "operator:test"}, func(tx *store.Tx) error {
		for _, rec := range []register.Entity{
			&isms.Unit{Record: register.Record{ID: "city", Unit: "city"}, Name: "Exempelstaden", Code: "EX", Kind: "city"},
			&isms.Person{Record: register.Record{ID: "anna", Unit: "city"}, Name: "Anna Ek"},
			&isms.Person{Record: register.Record{ID: "bo", Unit: "city"}, Name: "Bo Alm"},
			&isms.Assignment{Record: register.Record{ID: "a1", Unit: "city"}, Person: "anna", Role: isms.Coordinator},
			&isms.Assignment{Record: register.Record{ID: "a2", Unit: "city"}, Person: "bo", Role: isms.Administrator},
		} {
			if err := tx.Put(rec); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	g.db = db
	g.app = &app.App{DB: db, Log: slog.New(slog.NewTextHandler(&g.log, nil)), Demo: demo}
	g.Login = login.New(g.app, c)
	operator := access.Operator("exempel", "test")
	for person, name := range map[string]string{"anna": "Anna.Ek", "bo": "bo"} {
		if err := g.NewAccount(ctx, operator, person, name, annasPassword); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

var served = login.Config{Listen: "0.0.0.0:8080"}

// A browser keeps cookies as browsers do.
type browser struct {
	g    *gate
	from string
	jar  map[string]string
}

func (g *gate) browser(from string) *browser {
	return &browser{g: g, from: from, jar: map[string]string{}}
}

func (b *browser) request() *http.Request {
	r := httptest.NewRequestWithContext(b.g.t.Context(), http.MethodPost, "http://localhost/", nil)
	r.RemoteAddr = b.from + ":40000"
	for name, value := range b.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return r
}

func (b *browser) do(f func(http.ResponseWriter, *http.Request) error) error {
	b.g.t.Helper()
	r, err := b.g.Recognise(b.request())
	if err != nil {
		b.g.t.Fatal(err)
	}
	w := httptest.NewRecorder()
	err = f(w, r)
	for _, c := range w.Result().Cookies() {
		b.jar[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.jar, c.Name)
		}
	}
	return err
}

func (b *browser) signIn(name, password string) error {
	return b.do(func(w http.ResponseWriter, r *http.Request) error { return b.g.SignIn(w, r, name, password) })
}

// who is the person that the program takes the browser's next request to be from.
func (b *browser) who() string {
	person := ""
	b.do(func(_ http.ResponseWriter, r *http.Request) error {
		v, _ := login.Who(r.Context())
		person = v.Actor.Person
		return nil
	})
	return person
}

func (b *browser) must(err error) {
	b.g.t.Helper()
	if err != nil {
		b.g.t.Fatal(err)
	}
}

func TestSignInAndOut(t *testing.T) {
	g := newGate(t, served, false)
	b := g.browser("192.0.2.1")
	if b.who() != "" {
		t.Error("somebody before signing in")
	}
	b.must(b.signIn(" ANNA.ek ", annasPassword))
	if b.who() != "anna" {
		t.Error("not signed in")
	}
	stolen := &browser{g: g, from: "192.0.2.9", jar: map[string]string{"__Host-ledsyn": b.jar["__Host-ledsyn"]}}
	b.must(b.do(g.SignOut))
	if b.who() != "" || stolen.who() != "" {
		t.Error("the session lives on after signing out")
	}
	for _, secret := range []string{annasPassword, stolen.jar["__Host-ledsyn"]} {
		if strings.Contains(g.log.String(), secret) {
			t.Errorf("the log holds a secret:\n%s", g.log.String())
		}
	}
	for _, outcome := range []string{"msg=sign-in outcome=in", "msg=sign-out"} {
		if !strings.Contains(g.log.String(), outcome) {
			t.Errorf("the log lacks %s:\n%s", outcome, g.log.String())
		}
	}
}

func TestWrongIsAlwaysTheSame(t *testing.T) {
	g := newGate(t, served, false)
	g.must(g.app.SetAccountState(t.Context(), access.Operator("exempel", "test"), "bo", app.AccountClosed))
	b := g.browser("192.0.2.1")
	for _, c := range [][2]string{
		{"anna.ek", annasPassword + " "}, {"anna.ek", ""}, {"nobody", annasPassword}, {"", ""}, {"bo", annasPassword},
		{annasPassword, "x"}, {"anna.ek' or '1'='1", "x"}, {"\xff", "\xff"},
	} {
		if err := b.signIn(c[0], c[1]); !errors.Is(err, login.ErrWrong) {
			t.Errorf("%q: %v", c, err)
		}
		if len(b.jar) > 0 || b.who() != "" {
			t.Fatalf("%q left %v", c, b.jar)
		}
	}
	if strings.Contains(g.log.String(), annasPassword) {
		t.Error("a password typed as a name is in the log")
	}
}

func (g *gate) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

func TestCookiesAreBound(t *testing.T) {
	for _, c := range []struct {
		config login.Config
		name   string
		secure bool
	}{
		{login.Config{Listen: "0.0.0.0:8080"}, "__Host-ledsyn", true},
		{login.Config{Listen: "127.0.0.1:8080", HTTPS: true, Proxied: true}, "__Host-ledsyn", true},
		{login.Config{Listen: "127.0.0.1:8080"}, "ledsyn", false},
	} {
		g := newGate(t, c.config, false)
		w := httptest.NewRecorder()
		g.must(g.SignIn(w, g.browser("127.0.0.1").request(), "bo", annasPassword))
		cookies := w.Result().Cookies()
		if len(cookies) != 2 || cookies[1].Name != c.name {
			t.Fatalf("%v: %v", c.config, cookies)
		}
		for _, k := range cookies {
			if k.Secure != c.secure || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" {
				t.Errorf("%v: %v", c.config, k)
			}
		}
	}
}

// A token that somebody put into the browser before is worth nothing after, and the session before is ended.
func TestNewTokenAtSignIn(t *testing.T) {
	g := newGate(t, served, false)
	b := g.browser("192.0.2.1")
	planted := strings.Repeat("A", 43)
	b.jar["__Host-ledsyn"] = planted
	b.must(b.signIn("anna.ek", annasPassword))
	first := b.jar["__Host-ledsyn"]
	if first == planted {
		t.Error("the planted token was taken")
	}
	b.must(b.signIn("bo", annasPassword))
	old := &browser{g: g, from: "192.0.2.1", jar: map[string]string{"__Host-ledsyn": first}}
	if old.who() != "" || b.who() != "bo" {
		t.Errorf("the old token is %q, the new %q", old.who(), b.who())
	}
}

func TestSessionsEnd(t *testing.T) {
	g := newGate(t, served, false)
	anna, bo := g.browser("192.0.2.1"), g.browser("192.0.2.2")
	anna.must(anna.signIn("anna.ek", annasPassword))
	bo.must(bo.signIn("bo", annasPassword))
	g.now = g.now.Add(14 * time.Minute)
	if bo.who() != "bo" {
		t.Error("an administrator is out too early")
	}
	g.now = g.now.Add(15 * time.Minute)
	if bo.who() != "" {
		t.Error("an administrator is in after 15 idle minutes")
	}
	if anna.who() != "anna" {
		t.Error("a coordinator is out before 30 idle minutes")
	}
	began := g.now.Add(-29 * time.Minute)
	for g.now.Sub(began) < 10*time.Hour-20*time.Minute {
		g.now = g.now.Add(20 * time.Minute)
		if anna.who() != "anna" {
			t.Fatalf("out after %v of work", g.now.Sub(began))
		}
	}
	g.now = began.Add(10 * time.Hour)
	if anna.who() != "" {
		t.Error("in after 10 hours")
	}
	anna.must(anna.signIn("anna.ek", annasPassword))
	g.now = g.now.Add(30 * time.Minute)
	if anna.who() != "" {
		t.Error("a coordinator is in after 30 idle minutes")
	}
}

func TestClosedAccountIsOutAtOnce(t *testing.T) {
	g := newGate(t, served, false)
	b := g.browser("192.0.2.1")
	b.must(b.signIn("anna.ek", annasPassword))
	g.must(g.app.SetAccountState(t.Context(), access.Operator("exempel", "test"), "anna.ek", app.AccountClosed))
	if b.who() != "" {
		t.Error("a closed account is in")
	}
	anna, err := g.app.Actor(t.Context(), "exempel", "anna")
	g.must(err)
	if err := g.app.SetAccountState(t.Context(), anna, "bo", app.AccountClosed); !errors.Is(err, isms.ErrForbidden) {
		t.Errorf("a coordinator closing accounts: %v", err)
	}
}

// A thousand guesses at one account: few are tried, and the one who owns the account still gets in on the device used before.
func TestGuessingIsSlowAndShutsNobodyOut(t *testing.T) {
	g := newGate(t, served, false)
	own := g.browser("192.0.2.1")
	own.must(own.signIn("anna.ek", annasPassword))
	own.must(own.do(g.SignOut))
	tried := 0
	for i := range 1000 {
		from := g.browser("198.51.100." + string(rune('0'+i%10)))
		switch err := from.signIn("anna.ek", "a guess"); {
		case errors.Is(err, login.ErrWrong):
			tried++
		case !errors.Is(err, login.ErrTooMany):
			t.Fatal(err)
		}
	}
	if tried != 50 {
		t.Errorf("%d of 1000 guesses were tried, want 50", tried)
	}
	stranger := g.browser("203.0.113.1")
	if err := stranger.signIn("anna.ek", annasPassword); !errors.Is(err, login.ErrTooMany) {
		t.Errorf("a guesser learns that a guess was right: %v", err)
	}
	own.must(own.signIn("anna.ek", annasPassword))
	if other := g.browser("203.0.113.1"); other.signIn("bo", annasPassword) != nil {
		t.Error("another account is shut out")
	}
	g.now = g.now.Add(16 * time.Minute)
	stranger.must(stranger.signIn("anna.ek", annasPassword))
}

// A device cookie gives tries of its own for its own account, and not more than an address has.
func TestKnownDeviceIsLimitedToo(t *testing.T) {
	g := newGate(t, served, false)
	b := g.browser("192.0.2.1")
	b.must(b.signIn("anna.ek", annasPassword))
	tried := 0
	for range 30 {
		if errors.Is(b.signIn("anna.ek", "a guess"), login.ErrWrong) {
			tried++
		}
	}
	if tried != 10 {
		t.Errorf("%d guesses were tried from a known device, want 10", tried)
	}
}

func TestProxiedAddressCounts(t *testing.T) {
	g := newGate(t, login.Config{Listen: "127.0.0.1:8080", HTTPS: true, Proxied: true}, false)
	try := func(forwarded string) error {
		r := g.browser("127.0.0.1").request()
		r.Header.Set("X-Forwarded-For", forwarded)
		return g.SignIn(httptest.NewRecorder(), r, "anna.ek", "a guess")
	}
	for i := range 10 {
		if err := try("10.0.0." + string(rune('0'+i)) + ", 192.0.2.1"); !errors.Is(err, login.ErrWrong) {
			t.Fatal(err)
		}
	}
	if err := try("10.0.0.99, 192.0.2.1"); !errors.Is(err, login.ErrTooMany) {
		t.Errorf("a made-up address in the header gave tries: %v", err)
	}
	if err := try("192.0.2.2"); !errors.Is(err, login.ErrWrong) {
		t.Errorf("another visitor behind the proxy: %v", err)
	}
}

func TestChangePassword(t *testing.T) {
	const next = "fyra getter bodde i skogen"
	g := newGate(t, served, false)
	here, there := g.browser("192.0.2.1"), g.browser("192.0.2.2")
	here.must(here.signIn("anna.ek", annasPassword))
	there.must(there.signIn("anna.ek", annasPassword))
	change := func(b *browser, present, password string) error {
		return b.do(func(w http.ResponseWriter, r *http.Request) error { return g.ChangePassword(w, r, present, password) })
	}
	var p login.Problem
	for _, c := range []struct{ password, code string }{{"short", "short"}, {annasPassword, "same"}, {"AnnaEkExempelstaden", "guessable"}} {
		if err := change(here, annasPassword, c.password); !errors.As(err, &p) || p.Code != c.code {
			t.Errorf("%q: %v", c.password, err)
		}
	}
	if err := change(here, "wrong", next); !errors.Is(err, login.ErrWrong) {
		t.Errorf("without the present password: %v", err)
	}
	if err := change(g.browser("192.0.2.3"), annasPassword, next); !errors.Is(err, login.ErrNobody) {
		t.Errorf("nobody: %v", err)
	}
	before := here.jar["__Host-ledsyn"]
	here.must(change(here, annasPassword, next))
	if here.who() != "anna" || here.jar["__Host-ledsyn"] == before || there.who() != "" {
		t.Errorf("here %q, there %q", here.who(), there.who())
	}
	if err := there.signIn("anna.ek", annasPassword); !errors.Is(err, login.ErrWrong) {
		t.Errorf("the old password: %v", err)
	}
	there.must(there.signIn("anna.ek", next))
	here.must(here.do(g.SignOutEverywhere))
	if here.who()+there.who() != "" {
		t.Error("somebody is in after signing out everywhere")
	}
}

func TestSteppingInOnlyInDemonstration(t *testing.T) {
	local := login.Config{Listen: "127.0.0.1:8080"}
	for _, c := range []struct {
		name       string
		config     login.Config
		demo       bool
		from, host string
		want       error
	}{
		{"demonstration", local, true, "127.0.0.1", "127.0.0.1:8080", nil},
		{"by name", local, true, "127.0.0.1", "localhost:8080", nil},
		{"no demonstration", local, false, "127.0.0.1", "127.0.0.1:8080", login.ErrNoStepping},
		{"open to the net", login.Config{Listen: "0.0.0.0:8080"}, true, "127.0.0.1", "127.0.0.1:8080", login.ErrNoStepping},
		{"behind a proxy", login.Config{Listen: "127.0.0.1:8080", Proxied: true}, true, "127.0.0.1", "127.0.0.1:8080", login.ErrNoStepping},
		{"from elsewhere", local, true, "192.0.2.1", "127.0.0.1:8080", login.ErrNoStepping},
		{"under another name", local, true, "127.0.0.1", "evil.example", login.ErrNoStepping},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newGate(t, c.config, c.demo)
			b := g.browser(c.from)
			err := b.do(func(w http.ResponseWriter, r *http.Request) error {
				r.Host = c.host
				return g.StepIn(w, r, "exempel", "anna")
			})
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if in := b.who() == "anna"; in != (c.want == nil) {
				t.Errorf("in: %v", in)
			}
			g.app.Demo = false // a session that was stepped into ends with the demonstration
			if b.who() != "" {
				t.Error("in after the demonstration")
			}
		})
	}
}

func TestAccountsAreRefused(t *testing.T) {
	g := newGate(t, served, false)
	operator := access.Operator("exempel", "test")
	for _, c := range []struct{ person, name, code string }{
		{"anna", "BO", "account_taken"}, {"anna", "", "required"}, {"anna", "a b", "account_name"},
		{"anna", strings.Repeat("x", 101), "long"}, {"nobody", "new", "no_such"},
	} {
		var wrong register.Wrongs
		if err := g.NewAccount(t.Context(), operator, c.person, c.name, annasPassword); !errors.As(err, &wrong) || wrong[0].Code != c.code {
			t.Errorf("%q: %v, want %s", c.name, err, c.code)
		}
	}
	var p login.Problem
	if err := g.NewAccount(t.Context(), operator, "anna", "new", "password"); !errors.As(err, &p) || p.Code != "short" {
		t.Errorf("short password: %v", err)
	}
	bo, err := g.app.Actor(t.Context(), "exempel", "anna")
	g.must(err)
	if err := g.NewAccount(t.Context(), bo, "anna", "new", annasPassword); !errors.Is(err, isms.ErrForbidden) {
		t.Errorf("a coordinator making accounts: %v", err)
	}
}

// When the database does not answer nobody is let through, not even to pages for everybody.
func TestNoDatabaseNobodyIn(t *testing.T) {
	g := newGate(t, served, false)
	b := g.browser("192.0.2.1")
	b.must(b.signIn("anna.ek", annasPassword))
	g.db.Close()
	w := httptest.NewRecorder()
	g.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("let through") })).ServeHTTP(w, b.request())
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d", w.Code)
	}
	if _, ok := login.Who(context.Background()); ok {
		t.Error("somebody in an empty context")
	}
}
