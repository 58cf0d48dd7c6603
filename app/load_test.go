// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// facts are a small organisation's steps up to a decided review, made anew for each test.
func facts() []Step {
	rec := func(id string) isms.Record { return isms.Record{ID: id, Unit: "board"} }
	review := func(state isms.ReviewState) *isms.Review {
		return &isms.Review{Record: rec("review"), Year: 2024, Version: 1, Template: "stockholm-2024", State: state, AsOf: "2023-11-20", Author: "coordinator"}
	}
	return []Step{
		{At: "2023-01-02T09:00:00.000000Z", Who: "coordinator", Source: "a.yaml:1", Put: []register.Entity{
			unit("board", "", "board"),
			&isms.Person{Record: rec("coordinator"), Name: "Samordnaren"}, &isms.Person{Record: rec("head"), Name: "Chefen"},
			&isms.Assignment{Record: rec("a1"), Person: "head", Role: isms.Head},
			&isms.Assignment{Record: rec("a2"), Person: "coordinator", Role: isms.Coordinator}}},
		{At: "2023-06-02T09:00:00.000000Z", Who: "coordinator", Source: "a.yaml:9", Put: []register.Entity{
			&isms.System{Record: rec("sys"), Name: "Ärende", Lifecycle: isms.InUse}}},
		{At: "2023-07-02T09:00:00.000000Z", Who: "coordinator", Source: "a.yaml:15", Put: []register.Entity{
			&isms.System{Record: rec("sys"), Name: "Ärende", Lifecycle: isms.OutOfUse}, review(isms.ReviewDraft)}},
		{At: "2023-11-23T09:00:00.000000Z", Who: "head", Source: "b.yaml:1", Put: []register.Entity{review(isms.ReviewProposed)}, Decide: "review"},
	}
}

func loader(t *testing.T) *App {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.CreateOrganisation(t.Context(), store.Organisation{ID: org, Name: "Exempelstad"}); err != nil {
		t.Fatal(err)
	}
	return &App{DB: db, Log: slog.New(slog.DiscardHandler)}
}

func TestLoadReplaysEachStepAtItsMoment(t *testing.T) {
	a := loader(t)
	operator := access.Operator(org, "load")
	want(t, "load", a.Load(t.Context(), operator, facts()), nil)
	if year := a.DB.Now().Year(); year < 2026 {
		t.Errorf("the clock was left in %d", year)
	}
	h, err := a.History(t.Context(), operator, "system", "sys")
	want(t, "history", err, nil)
	if len(h.Versions) != 2 || h.Versions[1].At != "2023-06-02T09:00:00.000000Z" || h.Versions[0].At != "2023-07-02T09:00:00.000000Z" || h.Versions[0].Who != "coordinator" {
		t.Errorf("versions are %+v", h.Versions)
	}
	f, err := a.Frozen(t.Context(), operator, "review")
	want(t, "frozen", err, nil)
	if f.Review.DecidedBy != "head" || f.Review.DecidedOn != "2023-11-23" || f.At != "2023-11-23T09:00:00.000000Z" {
		t.Errorf("decided as %+v at %s", f.Review, f.At)
	}
	_, err = a.Verify(t.Context(), operator, nil)
	want(t, "verify", err, nil)
	wantWrong(t, "once more", a.Load(t.Context(), operator, facts()), "not_empty")
}

func TestLoadIsForTheOperator(t *testing.T) {
	w := newWorld(t)
	want(t, "central office", w.Load(w.ctx(), w.as("central_office"), facts()), isms.ErrForbidden)
}

// TestLoadTellsEverythingWrong holds that what can be told beforehand is told of every step at once, with nothing kept.
func TestLoadTellsEverythingWrong(t *testing.T) {
	a := loader(t)
	steps := facts()
	steps[1].Put[0].(*isms.System).Name = ""
	steps[2].Put[1].(*isms.Review).State = isms.ReviewDecided
	steps[3].At = "2023-01-01T09:00:00.000000Z"
	err := a.Load(t.Context(), access.Operator(org, "load"), steps)
	for _, place := range []string{"a.yaml:9: system sys: ", "a.yaml:15: review review: ", "b.yaml:1: "} {
		if err == nil || !strings.Contains(err.Error(), place) {
			t.Errorf("%v does not name %q", err, place)
		}
	}
	want(t, "nothing was kept", a.empty(t.Context(), org), nil)
}

func TestLoadKeepsAStepWholeOrNotAtAll(t *testing.T) {
	a := loader(t)
	steps := facts()
	steps[1].Put = append(steps[1].Put, &isms.System{Record: isms.Record{ID: "other", Unit: "board"}, Name: "Annat", Lifecycle: isms.InUse, Owner: "nobody"})
	err := a.Load(t.Context(), access.Operator(org, "load"), steps)
	wantWrong(t, "a link to nobody", err, "no_such")
	var failed StepError
	if !errors.As(err, &failed) || failed.ID != "other" || failed.Step.Source != "a.yaml:9" {
		t.Errorf("the error is %+v", err)
	}
	_, err = a.Get(t.Context(), access.Operator(org, "load"), "system", "sys")
	want(t, "the step's first record", err, isms.ErrNotFound)
	_, err = a.Get(t.Context(), access.Operator(org, "load"), "person", "head")
	want(t, "the step before", err, nil)
}

// TestLoadDecidesOnlyByWhoMay holds that a folder of facts can make nobody decide who could not have.
func TestLoadDecidesOnlyByWhoMay(t *testing.T) {
	a := loader(t)
	steps := facts()
	steps[3].Who = "coordinator"
	want(t, "load", a.Load(t.Context(), access.Operator(org, "load"), steps), isms.ErrForbidden)
	_, err := a.Frozen(t.Context(), access.Operator(org, "load"), "review")
	want(t, "frozen", err, isms.ErrNotFound)
	err = a.Decide(t.Context(), access.Operator(org, "load"), Decision{Review: "review", Rev: 1})
	wantWrong(t, "the operator", err, "operator_decides")
}
