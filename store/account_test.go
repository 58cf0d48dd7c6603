// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/isms"
)

func TestAccounts(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		set := clock(db, "2040-01-01T10:00:00Z")
		ctx := t.Context()
		if _, err := db.Account(ctx, "anna"); !errors.Is(err, isms.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		a := Account{Name: "anna", Org: org, Person: "p", Secret: "$argon2id$", Data: "{}"}
		b := Account{Name: "bo", Org: "annan"}
		for _, a := range []Account{a, b} {
			if err := db.PutAccount(ctx, a); err != nil {
				t.Fatal(err)
			}
		}
		set("2040-01-02T10:00:00Z")
		a.State = "closed"
		if err := db.PutAccount(ctx, a); err != nil {
			t.Fatal(err)
		}
		a.Changed = "2040-01-02T10:00:00.000000Z"
		if got, err := db.Account(ctx, "anna"); err != nil || got != a {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := db.Accounts(ctx, org); err != nil || !cmp.Equal(got, []Account{a}) {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestSessions(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		set := clock(db, "2040-01-01T10:00:00Z")
		ctx := t.Context()
		s := Session{Hash: "h1", Org: org, Account: "anna", Person: "p", Made: "2040-01-01T10:00:00.000000Z",
			Seen: "2040-01-01T10:00:00.000000Z", Expires: "2040-01-01T11:00:00.000000Z", Data: "{}"}
		other := s
		other.Hash, other.Made = "h2", "2040-01-01T10:30:00.000000Z"
		for _, s := range []Session{s, other} {
			if err := db.PutSession(ctx, s); err != nil {
				t.Fatal(err)
			}
		}
		s.Seen = "2040-01-01T10:45:00.000000Z"
		if err := db.PutSession(ctx, s); err != nil {
			t.Fatal(err)
		}
		if got, err := db.Session(ctx, "h1"); err != nil || got != s {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := db.Sessions(ctx, "anna"); err != nil || !cmp.Equal(got, []Session{other, s}) {
			t.Errorf("%+v, %v", got, err)
		}
		set("2040-01-01T11:00:00Z")
		if _, err := db.Session(ctx, "h1"); !errors.Is(err, isms.ErrNotFound) {
			t.Errorf("expired: %v", err)
		}
		set("2040-01-01T10:50:00Z")
		if err := db.DropSession(ctx, "h1"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Session(ctx, "h1"); !errors.Is(err, isms.ErrNotFound) {
			t.Errorf("dropped: %v", err)
		}
		if err := db.DropSessions(ctx, "anna"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Session(ctx, "h2"); !errors.Is(err, isms.ErrNotFound) {
			t.Errorf("all dropped: %v", err)
		}
		if err := errors.Join(db.PutSession(ctx, s), db.DropExpired(ctx)); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Session(ctx, "h1"); err != nil {
			t.Errorf("not expired: %v", err)
		}
		set("2040-01-01T12:00:00Z")
		if err := db.DropExpired(ctx); err != nil {
			t.Fatal(err)
		}
		if got, err := db.Sessions(ctx, "anna"); err != nil || len(got) != 0 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestAttempts(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		set := clock(db, "2040-01-01T10:00:00Z")
		ctx := t.Context()
		count := func(key string, want int) {
			t.Helper()
			if n, err := db.Attempts(ctx, key, "2040-01-01T10:00:00.000000Z"); err != nil || n != want {
				t.Errorf("%s: %d, %v", key, n, err)
			}
		}
		for range 3 { // in the same moment
			if err := db.Attempt(ctx, "anna"); err != nil {
				t.Fatal(err)
			}
		}
		count("anna", 3)
		count("bo", 0)
		set("2040-01-01T11:00:00Z")
		if err := errors.Join(db.Attempt(ctx, "anna"), db.DropAttemptsBefore(ctx, "2040-01-01T10:30:00.000000Z")); err != nil {
			t.Fatal(err)
		}
		count("anna", 1)
		if err := db.DropAttempts(ctx, "anna"); err != nil {
			t.Fatal(err)
		}
		count("anna", 0)
	})
}
