// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"ledsyn/access"
	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/login"
	"ledsyn/notify"
	"ledsyn/register"
	"ledsyn/store"
)

// postOffice starts a mail server, which listens on the address and tells each letter it takes. LEDSYN_TEST_SMTP names a Python that
// has aiosmtpd. close ends it before the test does.
func postOffice(t *testing.T) (address string, letters chan string, close func()) {
	t.Helper()
	python := os.Getenv("LEDSYN_TEST_SMTP")
	if python == "" {
		t.Skip("LEDSYN_TEST_SMTP names no Python with aiosmtpd")
	}
	cmd := exec.CommandContext(t.Context(), python, "notify/testdata/smtp_server.py")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	close = func() { cmd.Process.Kill(); cmd.Wait() }
	t.Cleanup(close)
	lines := bufio.NewScanner(out)
	var first struct{ Port int }
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &first) != nil {
		t.Fatalf("the mail server says %q", lines.Text())
	}
	letters = make(chan string, 100)
	go func() {
		for lines.Scan() {
			letters <- lines.Text()
		}
	}()
	return fmt.Sprintf("127.0.0.1:%d", first.Port), letters, close
}

const stagePassword = "tre små grisar byggde hus"

// received is what has come within a moment, as the server tells it.
func received(letters chan string) []string {
	var list []string
	for {
		select {
		case l := <-letters:
			list = append(list, l)
		case <-time.After(200 * time.Millisecond):
			return list
		}
	}
}

// TestMailFromTheReportToTheLetter reports an incident on a page and lets a real mail server take, refuse and put off the letters, be away
// and come back. Each letter arrives once, what fails is told to those who answer for the program, and no log holds an address.
func TestMailFromTheReportToTheLetter(t *testing.T) {
	address, letters, down := postOffice(t)
	s := newStage(t, false)
	s.app.Mail = &app.Mailing{Lang: locale.Swedish}
	now := s.app.DB.Now()
	s.app.DB.Now = func() time.Time { return now }
	var log bytes.Buffer
	s.app.Log = slog.New(slog.NewTextHandler(&log, nil))
	for person, email := range map[string]string{"samordnare": "later1@example.se", "chef": "chef@example.se", "systemagare": "refused@example.se"} {
		s.address(t, person, email)
	}
	m := &notify.Mailer{App: s.app, Base: "https://ledsyn.example.se", Log: s.app.Log,
		Server: notify.Server{Address: address, From: "ledsyn@example.se", TLS: notify.NoTLS}}
	round := func() {
		t.Helper()
		if err := m.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	plays := func(person, lines string) {
		t.Helper()
		p := &player{t: t, s: s, cookies: map[string]*http.Cookie{}, said: map[string]string{}}
		p.lines("as "+person, "POST /login\naccount = "+person+"\npassword = "+stagePassword+"\n"+lines)
		p.ask()
	}
	for _, person := range []string{"medarbetare", "teknik"} {
		err := login.New(s.app, login.Config{Listen: "127.0.0.1:8080"}).NewAccount(t.Context(), access.Operator(stageOrg, "test"), person, person, stagePassword)
		if err != nil {
			t.Fatal(err)
		}
	}
	plays("medarbetare", `POST /report
		_key = report-1
		title = Hemlig rubrik
		discovered_at = 2026-03-02T08:30
		unit = board-a`)
	s.owe(t, "chef", "systemagare")

	round()
	first := received(letters)
	if len(first) != 1 || !strings.Contains(first[0], "chef@example.se") || !strings.Contains(first[0], "KUN-2026-001") || strings.Contains(first[0], "Hemlig") {
		t.Fatalf("first came %q", first)
	}
	round()
	now = now.Add(2 * time.Minute)
	round()
	round()
	second := received(letters)
	if len(second) != 1 || !strings.Contains(second[0], "later1@example.se") || !strings.Contains(second[0], "KUN-2026-002") {
		t.Fatalf("then came %q", second)
	}

	down()
	now = now.Add(time.Hour)
	s.owe(t, "chef")
	round()
	who, err := s.app.Actor(t.Context(), stageOrg, "teknik")
	if err != nil {
		t.Fatal(err)
	}
	state, err := s.app.MailState(t.Context(), who)
	if err != nil || state.Failed != 1 || state.Problem != "550" || state.Retrying != 1 || state.Sent != 2 {
		t.Errorf("state %+v, %v", state, err)
	}
	plays("teknik", `GET /
		body has href="/archive#mail"
		GET /archive
		body has {word web.mail.about}
		body has 550`)
	address, letters, _ = postOffice(t)
	m.Server.Address = address
	round()
	if got := received(letters); len(got) != 0 {
		t.Errorf("before it is time to try again: %q", got)
	}
	now = now.Add(2 * time.Minute)
	round()
	round()
	if got := received(letters); len(got) != 1 {
		t.Errorf("when the server is back: %q", got)
	}
	if strings.Contains(log.String(), "@example.se") || !strings.Contains(log.String(), "problem=550") {
		t.Errorf("the log says %s", log.String())
	}
}

// address gives the person a mail address.
func (s *stage) address(t *testing.T, person, email string) {
	t.Helper()
	err := s.app.DB.Update(t.Context(), store.Act{Org: stageOrg, Who: "operator:test"}, func(tx *store.Tx) error {
		p, err := store.Get[isms.Person](tx, register.In{All: true}, person)
		if err != nil {
			return err
		}
		p.Email = email
		return tx.Put(&p)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// owe gives each person a task in the stage's incident.
func (s *stage) owe(t *testing.T, persons ...string) {
	t.Helper()
	who, err := s.app.Actor(t.Context(), stageOrg, "samordnare")
	if err != nil {
		t.Fatal(err)
	}
	for _, person := range persons {
		_, err := s.app.Save(t.Context(), who, app.Change{Kind: "incident_task", Unit: "board-a", Form: map[string][]string{"incident": {"incident-a"},
			"name": {"Hemlig uppgift"}, "owner": {person}, "due_at": {"2026-03-20T08:00:00.000000Z"}, "state": {"open"}}})
		if err != nil {
			t.Fatal(err)
		}
	}
}
