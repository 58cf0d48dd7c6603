// SPDX-License-Identifier: EUPL-1.2

// Package app is what people may ask the program to do. Each act is the same steps in the same order: who may, is it
// right, keep it and note it. It is the only room that asks access.May and the only one that writes to the store. It
// knows nothing of http, pages or SQL, and turns no error into words.
//
// It says no in few ways: isms.ErrNotFound for what is not there or may not be seen, isms.ErrForbidden for what may be
// seen but not done, isms.ErrStale for a record that another has changed meanwhile, isms.ErrFrozen for what belongs to a
// decided review, and register.Wrongs for what the person can mend.
package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"ledsyn/access"
	"ledsyn/files"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// App is the program behind its doors. Of what may change it keeps nothing between two acts: who may do what is read
// anew each time, so that a revoked role is revoked at once.
type App struct {
	DB   *store.DB
	Log  *slog.Logger // refusals and decisions, never contents
	Demo bool         // a demonstration on the machine itself, where one may step into any role

	// Files keeps attachments and the files of lists while they are taken in. Nil: none are taken.
	Files files.Store

	// Backups is where backups are kept and how often they are made. Nil: the program knows of none.
	Backups *Backups

	// Mail is how reminders are sent. Nil: this server sends none.
	Mail *Mailing

	seeds    io.Reader // of draws; nil is the machine's own randomness
	past     past
	levels   levels
	coverage coverage
	known    knownPersons
	shown    shownKey
	imports  imports
	books    books
}

// everywhere is the scope of the program's own look-ups, whose results are shown to nobody as they are.
var everywhere = register.In{All: true}

// Today is the day on the store's clock.
func (a *App) Today() register.Day { return register.DayOf(a.DB.Now()) }

// Actor returns the person of the organisation as an actor, with the roles held today. The error is isms.ErrNotFound if
// there is no such person or the person is retired.
func (a *App) Actor(ctx context.Context, org, person string) (access.Actor, error) {
	var who access.Actor
	err := a.DB.View(ctx, org, func(tx *store.Tx) (err error) {
		who, err = actor(tx, org, person, a.Today())
		return err
	})
	return who, err
}

func actor(tx *store.Tx, org, person string, today register.Day) (access.Actor, error) {
	p, err := store.Get[isms.Person](tx, everywhere, person)
	if err != nil {
		return access.Actor{}, err
	}
	if p.Retired != "" && p.Retired <= today {
		return access.Actor{}, isms.ErrNotFound
	}
	held, err := assignmentsOf(tx, person)
	if err != nil {
		return access.Actor{}, err
	}
	units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	if err != nil {
		return access.Actor{}, err
	}
	return access.NewActor(org, p, held, units, today), nil
}

// assignmentsOf lists the person's assignments, also those that have been retired: the actor's own rule says on which
// days they hold.
func assignmentsOf(tx *store.Tx, person string) ([]isms.Assignment, error) {
	page, err := tx.List(register.Of[isms.Assignment](), everywhere,
		store.Query{Where: map[string][]string{"person": {person}}, Retired: true, Limit: maxPage})
	if err != nil {
		return nil, err
	}
	held := make([]isms.Assignment, len(page.Records))
	for i, rec := range page.Records {
		held[i] = *rec.(*isms.Assignment)
	}
	return held, nil
}

// maxPage is the greatest number of records that one page of a list holds.
const maxPage = 500

// allow returns nil if the actor may do the act on records of the register in the unit, isms.ErrForbidden if they may
// be seen at least, and else isms.ErrNotFound.
func (a *App) allow(ctx context.Context, who access.Actor, act access.Act, kind, unit string) error {
	if who.May(act, kind, unit) {
		return nil
	}
	a.Log.WarnContext(ctx, "refused", "org", who.Org, "who", signature(who), "act", string(act), "kind", kind, "unit", unit)
	if who.May(access.See, kind, unit) {
		return isms.ErrForbidden
	}
	return isms.ErrNotFound
}

// allowed is allow for acts on the organisation, which everybody who is signed in knows to exist.
func (a *App) allowed(ctx context.Context, who access.Actor, act access.Act) error {
	if who.May(act, "", "") {
		return nil
	}
	a.Log.WarnContext(ctx, "refused", "org", who.Org, "who", signature(who), "act", string(act))
	return isms.ErrForbidden
}

// signature is how the journal names the actor: the person's id, or the operator's name after a word that no id can
// hold.
func signature(who access.Actor) string {
	if who.System() {
		return "operator:" + who.Name
	}
	return who.Person
}

// maxKey is the longest key that an act is given, in bytes.
const maxKey = 100

// once runs an act that makes or changes one record and returns the record's id. An act that was done before under the
// same key is not done again. A key belongs to the person who used it and to what was asked under it: a form that is sent
// again after somebody went back and wrote something else in it is another act, which must not be lost.
func (a *App) once(ctx context.Context, who access.Actor, key string, asked any, f func(*store.Tx) (id string, err error)) (string, error) {
	if len(key) > maxKey {
		return "", register.Wrongs{{Code: "long", Args: []any{maxKey, len(key)}}}
	}
	reader := readerOf(who)
	act := store.Act{Org: who.Org, Who: signature(who), By: &reader}
	if key != "" {
		sum := sha256.Sum256(fmt.Appendf(nil, "%#v", asked)) // maps are written in the order of their keys
		act.Key = act.Who + "/" + key + "/" + hex.EncodeToString(sum[:])
	}
	var id string
	err := a.DB.Update(ctx, act, func(tx *store.Tx) (err error) {
		id, err = f(tx)
		return err
	})
	if done := (*store.Done)(nil); errors.As(err, &done) {
		return done.ID, nil
	}
	if err != nil {
		return "", err
	}
	return id, nil
}

// schema returns the register of that name, or isms.ErrNotFound.
func schema(kind string) (*register.Schema, error) {
	if s, ok := isms.Register(kind); ok {
		return s, nil
	}
	return nil, isms.ErrNotFound
}
