// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"

	"ledsyn/isms"
	"ledsyn/register"
)

// Accounts, sessions and attempts are no records: they are not journaled, because they change with every
// request and prove nothing about the work. What somebody does with an account is noted where it is done.

// Account is what a person logs in with. Login decides what the texts hold; the store never looks into them.
type Account struct {
	Name    string // unique in the whole database, as login folds it
	Org     string
	Person  string // id of the person's record
	Secret  string // a password's hash with its parameters, never a password
	State   string // "" is in use
	Data    string // login's own: passkeys, when the password was set
	Changed register.Moment
}

const accountColumns = `name, org, person, secret, state, data, changed`

// Account returns the account of that name, or isms.ErrNotFound.
func (db *DB) Account(ctx context.Context, name string) (Account, error) {
	all, err := db.accounts(ctx, `name = $1`, name)
	if err != nil {
		return Account{}, err
	}
	if len(all) == 0 {
		return Account{}, isms.ErrNotFound
	}
	return all[0], nil
}

// Accounts lists the organisation's accounts by name.
func (db *DB) Accounts(ctx context.Context, org string) ([]Account, error) {
	return db.accounts(ctx, `org = $1`, org)
}

func (db *DB) accounts(ctx context.Context, where, arg string) (out []Account, err error) {
	err = db.View(ctx, "", func(t *Tx) error {
		return t.each(`select `+accountColumns+` from account where `+where+` order by name`, []any{arg},
			func(scan func(...any) error) error {
				var a Account
				err := scan(&a.Name, &a.Org, &a.Person, &a.Secret, &a.State, &a.Data, &a.Changed)
				out = append(out, a)
				return err
			})
	})
	return out, err
}

// PutAccount keeps the account, new or changed, and sets Changed to now.
func (db *DB) PutAccount(ctx context.Context, a Account) error {
	a.Changed = register.MomentOf(db.Now())
	return db.change(ctx, func(t *Tx) error {
		_, err := t.exec(`insert into account (`+accountColumns+`) values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (name) do update set org = $2, person = $3, secret = $4, state = $5, data = $6, changed = $7`,
			a.Name, a.Org, a.Person, a.Secret, a.State, a.Data, string(a.Changed))
		return err
	})
}

// Session is a login that lasts. It is kept under a hash of what the browser holds, so that who reads the
// database cannot take a session over.
type Session struct {
	Hash    string
	Org     string
	Account string
	Person  string
	Made    register.Moment
	Seen    register.Moment
	Expires register.Moment
	Data    string // login's own
}

const sessionColumns = `hash, org, account, person, made, seen, expires, data`

// Session returns the session with the hash, or isms.ErrNotFound if there is none or it has expired.
func (db *DB) Session(ctx context.Context, hash string) (Session, error) {
	all, err := db.sessions(ctx, `hash = $1`, hash)
	if err != nil {
		return Session{}, err
	}
	if len(all) == 0 || all[0].Expires <= register.MomentOf(db.Now()) {
		return Session{}, isms.ErrNotFound
	}
	return all[0], nil
}

// Sessions lists the account's sessions, the latest first, expired ones too.
func (db *DB) Sessions(ctx context.Context, account string) ([]Session, error) {
	return db.sessions(ctx, `account = $1`, account)
}

func (db *DB) sessions(ctx context.Context, where, arg string) (out []Session, err error) {
	err = db.View(ctx, "", func(t *Tx) error {
		return t.each(`select `+sessionColumns+` from session where `+where+` order by made desc, hash`, []any{arg},
			func(scan func(...any) error) error {
				var s Session
				err := scan(&s.Hash, &s.Org, &s.Account, &s.Person, &s.Made, &s.Seen, &s.Expires, &s.Data)
				out = append(out, s)
				return err
			})
	})
	return out, err
}

// PutSession keeps the session, new or changed.
func (db *DB) PutSession(ctx context.Context, s Session) error {
	return db.change(ctx, func(t *Tx) error {
		_, err := t.exec(`insert into session (`+sessionColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8)
			on conflict (hash) do update set org = $2, account = $3, person = $4, made = $5, seen = $6, expires = $7, data = $8`,
			s.Hash, s.Org, s.Account, s.Person, string(s.Made), string(s.Seen), string(s.Expires), s.Data)
		return err
	})
}

// DropSession ends the session with the hash, if there is one.
func (db *DB) DropSession(ctx context.Context, hash string) error {
	return db.drop(ctx, `delete from session where hash = $1`, hash)
}

// DropSessions ends all the account's sessions.
func (db *DB) DropSessions(ctx context.Context, account string) error {
	return db.drop(ctx, `delete from session where account = $1`, account)
}

// DropExpired removes sessions that have expired.
func (db *DB) DropExpired(ctx context.Context) error {
	return db.drop(ctx, `delete from session where expires <= $1`, string(register.MomentOf(db.Now())))
}

func (db *DB) drop(ctx context.Context, statement string, args ...any) error {
	return db.change(ctx, func(t *Tx) error {
		_, err := t.exec(statement, args...)
		return err
	})
}

// Attempt counts one failed attempt under the key: an account, an address.
func (db *DB) Attempt(ctx context.Context, key string) error {
	return db.drop(ctx, `insert into attempt (key, at, pos) values ($1, $2, $3)`,
		key, string(register.MomentOf(db.Now())), register.NewID())
}

// Attempts returns how many attempts were counted under the key since the moment.
func (db *DB) Attempts(ctx context.Context, key string, since register.Moment) (n int, err error) {
	err = db.View(ctx, "", func(t *Tx) error {
		_, err := t.one(`select count(*) from attempt where key = $1 and at >= $2`, []any{key, string(since)}, &n)
		return err
	})
	return n, err
}

// DropAttempts forgets the attempts under the key.
func (db *DB) DropAttempts(ctx context.Context, key string) error {
	return db.drop(ctx, `delete from attempt where key = $1`, key)
}

// DropAttemptsBefore forgets all attempts before the moment.
func (db *DB) DropAttemptsBefore(ctx context.Context, m register.Moment) error {
	return db.drop(ctx, `delete from attempt where at < $1`, string(m))
}
