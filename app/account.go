// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// Account is what a person signs in with. What is in Secret only login knows; State is "" for an account in use.
type Account = store.Account

// AccountClosed is the state of an account that nobody can sign in with.
const AccountClosed = "closed"

// Session is a sign-in that lasts, kept under the digest of what the browser holds.
type Session struct {
	Hash, Org, Account, Person string
	Made, Seen, Expires        time.Time
	Data                       string
}

// Now is the time on the store's clock.
func (a *App) Now() time.Time { return a.DB.Now() }

// OrganisationName returns the name of the organisation, or "" if there is none.
func (a *App) OrganisationName(ctx context.Context, org string) (string, error) {
	all, err := a.DB.Organisations(ctx)
	i := slices.IndexFunc(all, func(o store.Organisation) bool { return o.ID == org })
	if err != nil || i < 0 {
		return "", err
	}
	return all[i].Name, nil
}

// Person returns the person as Actor does, and whether there is one who can act.
func (a *App) Person(ctx context.Context, org, person string) (access.Actor, bool, error) {
	return found(a.Actor(ctx, org, person))
}

// Account returns the account of that name and whether there is one.
func (a *App) Account(ctx context.Context, name string) (Account, bool, error) {
	acc, err := a.DB.Account(ctx, name)
	return found(acc, err)
}

// Accounts lists the accounts of the actor's organisation. It is for those who keep accounts.
func (a *App) Accounts(ctx context.Context, who access.Actor) ([]Account, error) {
	if err := a.allowed(ctx, who, access.Accounts); err != nil {
		return nil, err
	}
	return a.DB.Accounts(ctx, who.Org)
}

const longestAccount = 100 // characters of an account's name

// NewAccount gives a person of the actor's organisation an account to sign in with.
func (a *App) NewAccount(ctx context.Context, who access.Actor, acc Account) error {
	if err := a.allowed(ctx, who, access.Accounts); err != nil {
		return err
	}
	switch n := utf8.RuneCountInString(acc.Name); {
	case n == 0:
		return register.Wrongs{{Field: "name", Code: "required"}}
	case n > longestAccount:
		return register.Wrongs{{Field: "name", Code: "long", Args: []any{longestAccount, n}}}
	case !utf8.ValidString(acc.Name) || strings.ContainsFunc(acc.Name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return register.Wrongs{{Field: "name", Code: "account_name"}}
	}
	acc.Org = who.Org
	if _, err := a.Actor(ctx, acc.Org, acc.Person); errors.Is(err, isms.ErrNotFound) {
		return register.Wrongs{{Field: "person", Code: "no_such", Args: []any{acc.Person}}}
	} else if err != nil {
		return err
	}
	if _, taken, err := a.Account(ctx, acc.Name); err != nil {
		return err
	} else if taken {
		return register.Wrongs{{Field: "name", Code: "account_taken"}}
	}
	a.Log.InfoContext(ctx, "account made", "org", who.Org, "who", signature(who), "account", acc.Name, "person", acc.Person)
	return a.DB.PutAccount(ctx, acc)
}

// SetSecret changes what the account's owner proves who they are by. Login has made sure that it is the owner, or
// that somebody who keeps accounts asks.
func (a *App) SetSecret(ctx context.Context, name, secret string) error {
	acc, err := a.DB.Account(ctx, name)
	if err != nil {
		return err
	}
	acc.Secret = secret
	return a.DB.PutAccount(ctx, acc)
}

// SetAccountState opens ("") or closes (AccountClosed) an account. Closing it ends its sessions at once.
func (a *App) SetAccountState(ctx context.Context, who access.Actor, name, state string) error {
	if err := a.allowed(ctx, who, access.Accounts); err != nil {
		return err
	}
	acc, err := a.DB.Account(ctx, name)
	if err != nil {
		return err
	}
	if acc.Org != who.Org || state != "" && state != AccountClosed {
		return isms.ErrNotFound
	}
	acc.State = state
	if err := a.DB.PutAccount(ctx, acc); err != nil {
		return err
	}
	a.Log.InfoContext(ctx, "account changed", "org", who.Org, "who", signature(who), "account", name, "state", state)
	if state == "" {
		return nil
	}
	return a.DB.DropSessions(ctx, name)
}

// Session returns the session kept under the digest and whether there is one that has not expired.
func (a *App) Session(ctx context.Context, hash string) (Session, bool, error) {
	s, ok, err := found(a.DB.Session(ctx, hash))
	return Session{s.Hash, s.Org, s.Account, s.Person, s.Made.Time(), s.Seen.Time(), s.Expires.Time(), s.Data}, ok, err
}

// PutSession keeps the session, new or changed.
func (a *App) PutSession(ctx context.Context, s Session) error {
	return a.DB.PutSession(ctx, store.Session{Hash: s.Hash, Org: s.Org, Account: s.Account, Person: s.Person, Data: s.Data,
		Made: register.MomentOf(s.Made), Seen: register.MomentOf(s.Seen), Expires: register.MomentOf(s.Expires)})
}

// DropSession ends the session kept under the digest, if there is one.
func (a *App) DropSession(ctx context.Context, hash string) error { return a.DB.DropSession(ctx, hash) }

// DropSessions ends every session of the account.
func (a *App) DropSessions(ctx context.Context, account string) error {
	return a.DB.DropSessions(ctx, account)
}

// Attempt counts one more under the key, now.
func (a *App) Attempt(ctx context.Context, key string) error { return a.DB.Attempt(ctx, key) }

// Attempts returns how many were counted under the key within the time until now.
func (a *App) Attempts(ctx context.Context, key string, within time.Duration) (int, error) {
	return a.DB.Attempts(ctx, key, register.MomentOf(a.Now().Add(-within)))
}

// DropAttempts forgets what was counted under the key.
func (a *App) DropAttempts(ctx context.Context, key string) error { return a.DB.DropAttempts(ctx, key) }

// SweepSignIns forgets expired sessions, and what was counted longer ago than the given time.
func (a *App) SweepSignIns(ctx context.Context, older time.Duration) error {
	if err := a.DB.DropExpired(ctx); err != nil {
		return err
	}
	return a.DB.DropAttemptsBefore(ctx, register.MomentOf(a.Now().Add(-older)))
}

// found turns isms.ErrNotFound into false, for look-ups in which it is no error that nothing is there.
func found[T any](v T, err error) (T, bool, error) {
	if errors.Is(err, isms.ErrNotFound) {
		return v, false, nil
	}
	return v, err == nil, err
}
