// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"testing"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

const org = "exempelstad"

// onEach runs f in an empty world on each engine. On PostgreSQL, where LEDSYN_TEST_POSTGRES is the address of a server, the
// world is an organisation of its own in the server's one database, as municipalities are.
func onEach(t *testing.T, f func(*testing.T, *world)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, newWorld(t)) })
	if server := os.Getenv("LEDSYN_TEST_POSTGRES"); server != "" {
		t.Run("postgres", func(t *testing.T) { f(t, newWorldIn(t, store.Config{URL: server, Dir: t.TempDir()}, register.NewID())) })
	}
}

// A world is an organisation with a city, two boards and a department below the first, and in the first board a person
// for each role, called as the role is.
type world struct {
	*App
	t   *testing.T
	org string
	now time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldIn(t, store.Config{Dir: t.TempDir()}, org)
}

func newWorldIn(t *testing.T, c store.Config, org string) *world {
	t.Helper()
	c.Log = slog.New(slog.DiscardHandler)
	db, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := &world{App: &App{DB: db, Log: slog.New(slog.DiscardHandler)}, t: t, org: org, now: time.Date(2023, 1, 10, 8, 0, 0, 0, time.UTC)}
	db.Now = func() time.Time { return w.now }
	if err := db.CreateOrganisation(t.Context(), store.Organisation{ID: org, Name: "Exempelstad"}); err != nil {
		t.Fatal(err)
	}
	w.put(unit("city", "", "city"), unit("board-a", "city", "board"), unit("board-b", "city", "board"), unit("dept-a", "board-a", "department"))
	for _, role := range isms.Role("").Choices() {
		place := "board-a"
		if role == "central_office" {
			place = "city"
		}
		w.appoint(role, role, place)
	}
	w.appoint("coordinator-b", "coordinator", "board-b")
	w.put(
		&isms.System{Record: isms.Record{ID: "sys-a", Unit: "board-a"}, Name: "Ärende", Lifecycle: isms.InUse},
		&isms.System{Record: isms.Record{ID: "sys-b", Unit: "board-b"}, Name: "Annat", Lifecycle: isms.InUse, Owner: "coordinator-b"},
		&isms.System{Record: isms.Record{ID: "sys-d", Unit: "dept-a"}, Name: "Journal", Lifecycle: isms.InUse, Owner: "system_owner"})
	return w
}

func unit(id, parent, kind string) *isms.Unit {
	return &isms.Unit{Record: isms.Record{ID: id, Unit: id}, Name: id, Code: id, Parent: register.Ref[isms.Unit](parent), Kind: isms.UnitKind(kind)}
}

// put keeps records behind the back of the acts, as the world's beginning.
func (w *world) put(records ...register.Entity) {
	w.t.Helper()
	err := w.DB.Update(w.t.Context(), store.Act{Org: w.org, Who: "test"}, func(tx *store.Tx) error {
		for _, rec := range records {
			if err := tx.Put(rec); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) appoint(person, role, unit string) {
	w.t.Helper()
	w.put(&isms.Person{Record: isms.Record{ID: person, Unit: unit}, Name: person},
		&isms.Assignment{Record: isms.Record{ID: "as-" + person, Unit: unit}, Person: register.Ref[isms.Person](person), Role: isms.Role(role)})
}

// as returns the person as an actor.
func (w *world) as(person string) access.Actor {
	w.t.Helper()
	who, err := w.Actor(w.t.Context(), w.org, person)
	if err != nil {
		w.t.Fatal(err)
	}
	return who
}

// later moves the clock.
func (w *world) later(day string) {
	w.t.Helper()
	w.now = register.Day(day).Time().Add(9 * time.Hour)
}

func (w *world) ctx() context.Context { return w.t.Context() }

// want fails unless the error is the wanted one; nil wants none.
func want(t *testing.T, what string, got, wanted error) {
	t.Helper()
	if !errors.Is(got, wanted) || wanted == nil && got != nil {
		t.Errorf("%s: error %v, want %v", what, got, wanted)
	}
}

// wantWrong fails unless the error is register.Wrongs with the code.
func wantWrong(t *testing.T, what string, got error, code string) {
	t.Helper()
	var wrong register.Wrongs
	if errors.As(got, &wrong) {
		for _, w := range wrong {
			if w.Code == code {
				return
			}
		}
	}
	t.Errorf("%s: error %v, want the wrong %q", what, got, code)
}

func TestActorLosesARevokedRoleAtOnce(t *testing.T) {
	w := newWorld(t)
	if who := w.as("coordinator"); !who.May(access.Change, "system", "board-a") {
		t.Fatal("the coordinator may not change systems")
	}
	w.put(&isms.Assignment{Record: isms.Record{ID: "as-coordinator", Unit: "board-a", Rev: 1}, Person: "coordinator",
		Role: isms.Coordinator, ValidTo: "2023-01-09"})
	if who := w.as("coordinator"); who.May(access.See, "system", "board-a") {
		t.Error("the role has ended and still holds")
	}
	_, err := w.Actor(w.ctx(), w.org, "nobody")
	want(t, "a person who is not there", err, isms.ErrNotFound)
	_, err = w.Actor(w.ctx(), "elsewhere", "coordinator")
	want(t, "a person of another organisation", err, isms.ErrNotFound)
}

func TestRetiredPersonIsNobody(t *testing.T) {
	w := newWorld(t)
	err := w.Retire(w.ctx(), w.as("central_office"), "person", "coordinator", 1, "2023-02-01", "")
	want(t, "retire", err, nil)
	if _, err := w.Actor(w.ctx(), w.org, "coordinator"); err != nil {
		t.Errorf("the person is retired only from February: %v", err)
	}
	w.later("2023-02-01")
	_, err = w.Actor(w.ctx(), w.org, "coordinator")
	want(t, "retired person", err, isms.ErrNotFound)
}
