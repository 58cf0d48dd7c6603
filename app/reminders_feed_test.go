// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/store"
)

func TestFeed(t *testing.T) { onEach(t, feed) }

// feed follows a calendar from when it is made until its person has left.
func feed(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 12:00")
	w.hit()
	want(t, "aware", w.aware("2026-03-02 12:00"), nil)
	w.task("head", "2026-03-09 12:00")
	w.task("manager", "2026-03-09 12:00")
	reads := func(token, want string) {
		t.Helper()
		who, lang, list, err := w.Feed(w.ctx(), token, "192.0.2.1")
		got := fmt.Sprint(err)
		if err == nil {
			got = who.Person + " " + string(lang)
			for _, e := range list {
				got += ", " + string(e.Kind) + " " + e.Reference
			}
		}
		if got != want {
			t.Errorf("reads %q, want %q", got, want)
		}
	}
	unknown := isms.ErrNotFound.Error()
	reads("", unknown)
	reads(strings.Repeat("a", 26), unknown)
	first, err := w.OpenFeed(w.ctx(), w.as("head"), locale.English)
	want(t, "open", err, nil)
	reads(first, "head en, clock A-2026-001, task A-2026-001")
	kept, err := w.DB.CalendarFeedOf(w.ctx(), w.org, "head")
	want(t, "kept", err, nil)
	if strings.Contains(fmt.Sprint(kept), first) || len(first) < 20 {
		t.Errorf("the token %q is kept: %v", first, kept)
	}
	second, err := w.OpenFeed(w.ctx(), w.as("head"), locale.Swedish)
	want(t, "renew", err, nil)
	reads(first, unknown)
	reads(second, "head sv, clock A-2026-001, task A-2026-001")
	want(t, "close", w.CloseFeed(w.ctx(), w.as("head")), nil)
	reads(second, unknown)

	third, err := w.OpenFeed(w.ctx(), w.as("head"), locale.Swedish)
	want(t, "open again", err, nil)
	as := get[isms.Assignment](w, "as-head")
	as.ValidTo = "2026-03-01"
	w.put(&as)
	reads(third, "head sv")
	head := get[isms.Person](w, "head")
	want(t, "leaves", w.Retire(w.ctx(), w.as("central_office"), "person", "head", head.Rev, "", ""), nil)
	reads(third, unknown)

	fourth, err := w.OpenFeed(w.ctx(), w.as("manager"), locale.Swedish)
	want(t, "manager", err, nil)
	reads(fourth, "manager sv, task A-2026-001")
	name := w.org + ".manager"
	want(t, "account", w.DB.PutAccount(w.ctx(), store.Account{Name: name, Org: w.org, Person: "manager", State: AccountClosed}), nil)
	reads(fourth, unknown)
	_, err = w.OpenFeed(w.ctx(), access.Operator(w.org, "op"), locale.Swedish)
	want(t, "the operator", err, isms.ErrForbidden)
}

func TestFeedFloods(t *testing.T) { onEach(t, feedFloods) }

// feedFloods guesses from one network and fetches one calendar all the time; others are not hindered.
func feedFloods(t *testing.T, w *world) {
	token, err := w.OpenFeed(w.ctx(), w.as("head"), locale.Swedish)
	want(t, "open", err, nil)
	from := "guesser " + w.org // in one database with other tests
	for i := range mostWrongFeeds + 5 {
		_, _, _, err := w.Feed(w.ctx(), fmt.Sprint("guess", i), from)
		wanted := isms.ErrNotFound
		if i >= mostWrongFeeds {
			wanted = ErrFlood
		}
		want(t, fmt.Sprint("guess ", i), err, wanted)
	}
	_, _, _, err = w.Feed(w.ctx(), token, from)
	want(t, "the owner, from behind the same address", err, nil)
	for range mostOfFeed - 1 {
		_, _, _, err = w.Feed(w.ctx(), token, "elsewhere")
		want(t, "fetch", err, nil)
	}
	_, _, _, err = w.Feed(w.ctx(), token, "elsewhere")
	want(t, "one too many", err, ErrFlood)
	w.now = w.now.Add(feedTime + 1e9)
	_, _, _, err = w.Feed(w.ctx(), token, "elsewhere")
	want(t, "an hour later", err, nil)
}

// TestRestoredCopyIsSilent reads a backup into another database: nothing goes out of it until somebody lets it, and what people have chosen
// is as it was.
func TestRestoredCopyIsSilent(t *testing.T) {
	w := newWorld(t)
	w.mailing()
	w.at("2026-03-02 12:00")
	w.hit()
	want(t, "choice", w.Choose(w.ctx(), w.as("dpo"), Choice{Refused: ReminderKinds(), Quiet: true, Lang: locale.English}), nil)
	token, err := w.OpenFeed(w.ctx(), w.as("head"), locale.Swedish)
	want(t, "feed", err, nil)
	want(t, "aware", w.aware("2026-03-02 12:00"), nil)
	var backup bytes.Buffer
	_, err = w.DB.WriteBackup(w.ctx(), &backup, w.archiving(w.ctx(), locale.Swedish, "archive.readme.backup"))
	want(t, "backup", err, nil)

	db, err := store.Open(w.ctx(), store.Config{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	want(t, "open", err, nil)
	defer db.Close()
	db.Now = w.DB.Now
	a, err := store.OpenArchive(bytes.NewReader(backup.Bytes()), int64(backup.Len()))
	want(t, "archive", err, nil)
	_, err = db.ReadArchive(w.ctx(), a, nil)
	want(t, "restore", err, nil)
	other := &world{App: &App{DB: db, Log: w.Log, Mail: w.Mail}, t: t, org: w.org, now: w.now}
	want(t, "plan", other.planIn(w.ctx(), w.org), nil)
	other.tells("in the copy", "")
	if s := other.mailState(); s.Stopped == "" || !s.On {
		t.Errorf("state %+v", s)
	}
	_, _, _, err = other.Feed(w.ctx(), token, "192.0.2.1")
	want(t, "a calendar that somebody subscribes to", err, nil)
	want(t, "somebody lets it out", other.LetMailOut(w.ctx(), other.as("head")), isms.ErrForbidden)
	other.tells("still", "")
	want(t, "who may lets it out", other.LetMailOut(w.ctx(), other.as("central_office")), nil)
	other.tells("after that", "coordinator: clock start; head: clock start")
	w.tells("in the one that people use", "coordinator: clock start; head: clock start")
}

// TestErrandsTellNothing holds that what leaves the program has no field for a title, a name or a text.
func TestErrandsTellNothing(t *testing.T) {
	w := newWorld(t)
	w.mailing()
	w.at("2026-03-02 12:00")
	w.hit()
	want(t, "aware", w.aware("2026-03-02 12:00"), nil)
	w.task("head", "2026-03-09 12:00")
	list, err := w.Agenda(w.ctx(), w.as("head"))
	want(t, "agenda", err, nil)
	text := fmt.Sprintf("%+v", list)
	for _, secret := range []string{"Brev", "Ring", "fel adress", "mottagaren", "breach_notice"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is told: %s", secret, text)
		}
	}
	if len(list) != 2 {
		t.Errorf("%d errands", len(list))
	}
	none, err := w.Agenda(w.ctx(), access.Operator(w.org, "op"))
	if err != nil || len(none) > 0 {
		t.Errorf("the operator has %v, %v", none, err)
	}
}
