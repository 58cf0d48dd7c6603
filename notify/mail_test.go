// SPDX-License-Identifier: EUPL-1.2

package notify

import (
	"bytes"
	"log/slog"
	"net"
	"strings"
	"testing"

	"ledsyn/app"
	"ledsyn/locale"
	"ledsyn/register"
)

func letter(to string, errands ...app.Errand) app.Letter {
	l := app.Letter{Org: "exempel", Person: "p1", ID: "0123456789abcdef", At: "2026-03-02T08:00:00.000000Z", Address: to, Lang: locale.Swedish}
	for _, e := range errands {
		l.Reminders = append(l.Reminders, app.LetterLine{Errand: e, Mark: "start"})
	}
	return l
}

func clockErrand() app.Errand {
	return app.Errand{Kind: app.RemindClock, RefKind: "deadline", RefID: "d1", Reference: "KUN-2026-007", Starts: "2026-03-02T08:00:00.000000Z",
		At: "2026-03-05T08:00:00.000000Z", Page: "incident", PageID: "i1"}
}

// try connects and sends, and says what came of it.
func try(t *testing.T, m *Mailer, l app.Letter) app.MailProblem {
	t.Helper()
	client, problem := m.dial(t.Context())
	if client == nil {
		return problem
	}
	defer client.Close()
	return m.send(client, l)
}

func TestLetterArrives(t *testing.T) {
	box := startServer(t, true)
	m := box.mailer(StartTLS)
	if why := try(t, m, letter("head@example.se", clockErrand())); why != (app.MailProblem{}) {
		t.Fatalf("not sent: %+v", why)
	}
	got := box.next(t)
	if !got.TLS || got.From != "ledsyn@example.se" || len(got.To) != 1 || got.To[0] != "head@example.se" {
		t.Errorf("sent %+v", got)
	}
	if s := got.header("Subject"); s != "Ledsyn: Lagstadgad frist, KUN-2026-007" {
		t.Errorf("subject %q", s)
	}
	if got.header("Auto-Submitted") != "auto-generated" || got.header("Message-ID") != "<0123456789abcdef@example.se>" {
		t.Errorf("headers %q", got.Headers)
	}
	want := "Det här väntar på dig i Ledsyn.\n\nLagstadgad frist, KUN-2026-007\nSenast 2026-03-05 09:00.\nhttps://ledsyn.example.se/incident/i1\n\n" +
		"Av säkerhetsskäl står inget mer här. Välj vad du vill få e-post om:\nhttps://ledsyn.example.se/account/notices\n"
	if body := strings.ReplaceAll(got.Body, "\r\n", "\n"); body != want {
		t.Errorf("body %q\nwant %q", body, want)
	}
}

func TestWhatTheServerSays(t *testing.T) {
	box := startServer(t, false)
	m := box.mailer(NoTLS)
	for _, c := range []struct {
		to   string
		want app.MailProblem
	}{
		{"refused@example.se", app.MailProblem{Code: "550", Permanent: true}},
		{"later1@example.se", app.MailProblem{Code: "450"}},
		{"later1@example.se", app.MailProblem{}},
		{"full@example.se", app.MailProblem{Code: "552", Permanent: true}},
		{"broken@example.se", app.MailProblem{Code: "connection", Unknown: true}},
		{"", app.MailProblem{Code: "address", Permanent: true}},
		{"nobody", app.MailProblem{Code: "address", Permanent: true}},
		{"a@example.se\r\nRCPT TO:<b@example.se>", app.MailProblem{Code: "address", Permanent: true}},
		{"a@example.se, b@example.se", app.MailProblem{Code: "address", Permanent: true}},
		{"Somebody <a@example.se>", app.MailProblem{Code: "address", Permanent: true}},
	} {
		if got := try(t, m, letter(c.to, clockErrand())); got != c.want {
			t.Errorf("to %q: %+v, want %+v", c.to, got, c.want)
		}
	}
	box.next(t) // later1
	box.next(t) // broken, which has been taken
	box.none(t)
}

// TestOneRefusedOthersArrive holds that the connection serves on after a refusal.
func TestOneRefusedOthersArrive(t *testing.T) {
	box := startServer(t, false)
	m := box.mailer(NoTLS)
	client, problem := m.dial(t.Context())
	if client == nil {
		t.Fatal(problem)
	}
	defer client.Close()
	m.send(client, letter("refused@example.se", clockErrand()))
	if why := m.send(client, letter("good@example.se", clockErrand())); why.Code != "" {
		t.Errorf("after a refusal: %+v", why)
	}
	if got := box.next(t); got.To[0] != "good@example.se" {
		t.Errorf("came to %q", got.To)
	}
}

func TestServerDown(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	box := &mailbox{address: address}
	if got := try(t, box.mailer(NoTLS), letter("a@example.se", clockErrand())); got != (app.MailProblem{Code: "connection"}) {
		t.Errorf("%+v", got)
	}
}

// TestNothingIsSentInTheClear holds that a server that cannot or will not be sure of itself gets nothing.
func TestNothingIsSentInTheClear(t *testing.T) {
	clear, secure := startServer(t, false), startServer(t, true)
	if got := try(t, clear.mailer(StartTLS), letter("a@example.se", clockErrand())); got != (app.MailProblem{Code: "tls"}) {
		t.Errorf("a server without TLS: %+v", got)
	}
	if got := try(t, secure.mailer(NoTLS), letter("a@example.se", clockErrand())); got.Code != "530" {
		t.Errorf("a server that demands TLS: %+v", got)
	}
	stranger := secure.mailer(StartTLS)
	stranger.Server.Roots = nil
	if got := try(t, stranger, letter("a@example.se", clockErrand())); got != (app.MailProblem{Code: "tls"}) {
		t.Errorf("a server that nobody vouches for: %+v", got)
	}
	clear.none(t)
	secure.none(t)
}

func TestTLSFromTheFirstByte(t *testing.T) {
	box := startServer(t, true, "-implicit")
	if why := try(t, box.mailer(TLS), letter("a@example.se", clockErrand())); why.Code != "" {
		t.Fatalf("%+v", why)
	}
	if !box.next(t).TLS {
		t.Error("in the clear")
	}
}

func TestLogin(t *testing.T) {
	box := startServer(t, true, "-user", "ledsyn", "-password", "rätt lösenord")
	m := box.mailer(StartTLS)
	var log bytes.Buffer
	m.Log = slog.New(slog.NewTextHandler(&log, nil))
	m.Server.User, m.Server.Password = "ledsyn", "fel lösenord"
	if got := try(t, m, letter("a@example.se", clockErrand())); got != (app.MailProblem{Code: "login"}) {
		t.Errorf("a wrong password: %+v", got)
	}
	if text := log.String(); strings.Contains(text, "lösenord") || strings.Contains(text, "a@example.se") || text == "" {
		t.Errorf("the log holds %q", text)
	}
	m.Server.Password = "rätt lösenord"
	if why := try(t, m, letter("a@example.se", clockErrand())); why.Code != "" {
		t.Errorf("the right one: %+v", why)
	}
	box.next(t)
}

// TestHeadersAreNotInjected sends what somebody has written as a registry number to make headers, lines and letters of their own.
func TestHeadersAreNotInjected(t *testing.T) {
	box := startServer(t, false)
	m := box.mailer(NoTLS)
	for _, evil := range []string{"X\r\nBcc: b@example.se", "X\nSubject: other\n\nbody", "X\r\n.\r\nMAIL FROM:<x@y>", "X\x00\u2028Bcc: b@example.se", strings.Repeat("långt ", 500)} {
		e := clockErrand()
		e.Reference = evil
		if why := try(t, m, letter("a@example.se", e)); why.Code != "" {
			t.Fatalf("%q: %+v", evil, why)
		}
		got := box.next(t)
		if len(got.To) != 1 || got.header("Bcc") != "" || !strings.HasPrefix(got.header("Subject"), "Ledsyn: Lagstadgad frist, ") ||
			!strings.HasPrefix(got.Body, "Det här väntar") || len(got.header("Subject")) > 200 {
			t.Errorf("%q: %+v", evil, got)
		}
	}
	box.none(t)
}

func TestManyThingsInOneLetter(t *testing.T) {
	var errands []app.Errand
	for range 45 {
		errands = append(errands, clockErrand())
	}
	l := letter("a@example.se", errands...)
	if got := subject(l); got != "Ledsyn: 45 påminnelser" {
		t.Errorf("subject %q", got)
	}
	text := body(l, "https://ledsyn.example.se/")
	if n := strings.Count(text, "/incident/i1\n"); n != mostInLetter || !strings.Contains(text, "\nOch 5 till.") {
		t.Errorf("%d things in %q", n, text)
	}
	l.Lang = locale.English
	if got := subject(l); got != "Ledsyn: 45 reminders" {
		t.Errorf("subject %q", got)
	}
}

func TestUrgency(t *testing.T) {
	timeless, day := clockErrand(), app.Errand{Day: "2026-03-02", At: "2026-03-02T22:59:59.999999Z"}
	timeless.At = ""
	for _, c := range []struct {
		errand    app.Errand
		now, want string
	}{
		{clockErrand(), "2026-03-05T07:59:59.999999Z", "Senast 2026-03-05 09:00."},
		{clockErrand(), "2026-03-05T08:00:00.000000Z", "Tiden gick ut 2026-03-05 09:00."},
		{timeless, "2026-03-05T08:00:00.000000Z", "Ska göras genast."},
		{day, "2026-03-02T22:00:00.000000Z", "Senast 2026-03-02."},
		{day, "2026-03-03T06:00:00.000000Z", "Tiden gick ut 2026-03-02."},
	} {
		l := letter("a@example.se", c.errand)
		l.At = register.Moment(c.now)
		if got := urgency(l, l.Reminders[0]); got != c.want {
			t.Errorf("at %s: %q, want %q", c.now, got, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	good := Server{Address: "mail.example.se:587", From: "ledsyn@example.se", TLS: StartTLS}
	for _, c := range []struct {
		change func(*Mailer)
		want   error
	}{
		{func(*Mailer) {}, nil},
		{func(m *Mailer) { m.Server.Address = "mail.example.se" }, ErrAddress},
		{func(m *Mailer) { m.Server.Address = "mail.example.se:0" }, ErrAddress},
		{func(m *Mailer) { m.Server.Address = ":25" }, ErrAddress},
		{func(m *Mailer) { m.Server.From = "Ledsyn <ledsyn@example.se>" }, ErrFrom},
		{func(m *Mailer) { m.Server.From = "a@b\r\nBcc: c@d" }, ErrFrom},
		{func(m *Mailer) { m.Server.TLS = "maybe" }, ErrTLS},
		{func(m *Mailer) { m.Server.TLS, m.Server.User = NoTLS, "ledsyn" }, ErrClear},
		{func(m *Mailer) { m.Base = "" }, ErrBase},
		{func(m *Mailer) { m.Base = "ledsyn.example.se" }, ErrBase},
	} {
		m := &Mailer{Server: good, Base: "https://ledsyn.example.se"}
		c.change(m)
		if got := m.Check(); got != c.want {
			t.Errorf("%+v %s: %v, want %v", m.Server, m.Base, got, c.want)
		}
	}
}
