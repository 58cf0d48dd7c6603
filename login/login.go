// SPDX-License-Identifier: EUPL-1.2

// Package login is who is asking: passwords, the sessions that follow on them, and the cookies that carry these. It
// knows nothing of what anybody may do, of pages or of databases; it turns a request into a person and an account into
// an access.Actor, and when in doubt into nobody.
//
// There are two ways in: a name and a password, and, in a demonstration on the machine itself, stepping into a person.
package login

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"ledsyn/access"
	"ledsyn/app"
	"ledsyn/locale"
)

// The ways to say no. Which of name and password was wrong, or whether there is such an account, is never told.
var (
	ErrWrong      = errors.New("login: not the right name and password")
	ErrTooMany    = errors.New("login: too many tries")
	ErrNobody     = errors.New("login: nobody is signed in")
	ErrNoStepping = errors.New("login: stepping into a person is only for a demonstration on the machine itself")
)

// Config is how people reach the program.
type Config struct {
	Listen  string // the address that is listened on, as host:port
	HTTPS   bool   // people come by https, so cookies are marked secure also when the program listens on loopback
	Proxied bool   // every request comes through a proxy of our own, which adds the visitor's address last in X-Forwarded-For
}

// Login lets people in. It may be used by many goroutines at once.
type Login struct {
	app      *app.App
	config   Config
	log      *slog.Logger
	secure   bool
	loopback bool
}

// New returns the Login of the program. On any other address than loopback cookies are always secure: where people come
// by plain http, browsers then keep none and nobody is let in.
func New(a *app.App, c Config) *Login {
	log := a.Log
	if log == nil {
		log = slog.Default()
	}
	local := onLoopback(c.Listen)
	return &Login{app: a, config: c, log: log, secure: c.HTTPS || !local, loopback: local}
}

// Text says in words why somebody was not let in, or why a password was not taken; "" for an error that is not
// login's own.
func Text(l locale.Lang, err error) string {
	var p Problem
	switch {
	case errors.As(err, &p):
		return p.Text(l)
	case errors.Is(err, ErrWrong):
		return l.T("login.wrong")
	case errors.Is(err, ErrTooMany):
		return l.T("login.too_many", int(tryTime/time.Minute))
	case errors.Is(err, errBusy):
		return l.T("login.busy")
	case errors.Is(err, ErrNobody):
		return l.T("login.nobody")
	case errors.Is(err, ErrNoStepping):
		return l.T("login.no_stepping")
	}
	return ""
}

// SignIn starts a session for the owner of the account and sets its cookie on the answer. The password is taken exactly
// as it was typed, spaces included. Errors: ErrWrong, ErrTooMany, and those of the database.
func (l *Login) SignIn(w http.ResponseWriter, r *http.Request, name, password string) error {
	ctx := r.Context()
	name = fold(name)
	acc, err := l.prove(r, name, password)
	if err != nil {
		return err
	}
	who, there, err := l.app.Person(ctx, acc.Org, acc.Person)
	if err != nil {
		return err
	}
	if !there {
		l.log.WarnContext(ctx, "sign-in", "outcome", "no person", "org", acc.Org, "account", acc.Name, "from", l.from(r))
		return ErrWrong
	}
	if err := l.knowDevice(w, r, acc.Name); err != nil {
		return err
	}
	if err := l.start(w, r, acc.Name, who); err != nil {
		return err
	}
	l.log.InfoContext(ctx, "sign-in", "outcome", "in", "org", acc.Org, "account", acc.Name, "person", acc.Person, "from", l.from(r))
	return l.app.SweepSignIns(ctx, deviceTime)
}

// prove returns the account if the password is its own and it is in use. A failed try is counted; what it counts
// against is looked at before the password, so that a guesser who has used up the tries learns nothing.
func (l *Login) prove(r *http.Request, name, password string) (app.Account, error) {
	ctx := r.Context()
	device, err := l.knownDevice(r, name)
	if err != nil {
		return app.Account{}, err
	}
	done, err := turn(ctx)
	if err != nil {
		return app.Account{}, err
	}
	defer done() // counting within the turn bounds how far guesses made at the same time can overshoot
	against := limits(name, l.from(r), device)
	if err := l.within(ctx, against); err != nil {
		l.log.WarnContext(ctx, "sign-in", "outcome", "too many", "from", l.from(r), "known device", device != "")
		return app.Account{}, err
	}
	acc, there, err := l.app.Account(ctx, name)
	if err != nil {
		return app.Account{}, err
	}
	right, err := checkPassword(acc.Secret, password)
	if err != nil {
		l.log.ErrorContext(ctx, "sign-in", "outcome", "unreadable hash", "account", acc.Name, "error", err)
	}
	if !right || !there || acc.State != "" {
		// A name that is no account is not logged: it may be a password typed in the wrong place.
		l.log.WarnContext(ctx, "sign-in", "outcome", "wrong", "org", acc.Org, "account", acc.Name, "state", acc.State, "from", l.from(r))
		return app.Account{}, errors.Join(ErrWrong, l.count(ctx, against))
	}
	if outdated(acc.Secret) {
		if err := l.app.SetSecret(ctx, acc.Name, hashPassword(password)); err != nil {
			return app.Account{}, err
		}
	}
	return acc, l.app.DropAttempts(ctx, against[0].key)
}

func (l *Login) within(ctx context.Context, against []limit) error {
	for _, lim := range against {
		n, err := l.app.Attempts(ctx, lim.key, lim.within)
		if err != nil {
			return err
		}
		if n >= lim.most {
			return ErrTooMany
		}
	}
	return nil
}

func (l *Login) count(ctx context.Context, against []limit) error {
	for _, lim := range against {
		if err := l.app.Attempt(ctx, lim.key); err != nil {
			return err
		}
	}
	return nil
}

// NewAccount gives the person of the actor's organisation an account with a first password. Errors: Problem, and those
// of app.NewAccount.
func (l *Login) NewAccount(ctx context.Context, who access.Actor, person, name, password string) error {
	name = fold(name)
	owner, there, err := l.app.Person(ctx, who.Org, person)
	if there && err == nil { // else app refuses, after the question who may
		err = l.judge(ctx, owner, name, password)
	}
	if err != nil {
		return err
	}
	done, err := turn(ctx)
	if err != nil {
		return err
	}
	defer done()
	return l.app.NewAccount(ctx, who, app.Account{Name: name, Person: person, Secret: hashPassword(password)})
}

// ChangePassword changes the signed-in person's own password, which needs the present one. All the account's other
// sessions end, and this one goes on under a new token. Errors: ErrNobody, ErrWrong, ErrTooMany, Problem.
func (l *Login) ChangePassword(w http.ResponseWriter, r *http.Request, present, password string) error {
	v, ok := Who(r.Context())
	if !ok || v.Account == "" {
		return ErrNobody
	}
	acc, err := l.prove(r, v.Account, present)
	if err != nil {
		return err
	}
	if password == present {
		return Problem{Code: "same"}
	}
	if err := l.judge(r.Context(), v.Actor, acc.Name, password); err != nil {
		return err
	}
	done, err := turn(r.Context())
	if err != nil {
		return err
	}
	secret := hashPassword(password)
	done()
	if err := l.app.SetSecret(r.Context(), acc.Name, secret); err != nil {
		return err
	}
	if err := l.app.DropSessions(r.Context(), acc.Name); err != nil {
		return err
	}
	l.log.InfoContext(r.Context(), "password changed", "org", acc.Org, "account", acc.Name, "person", acc.Person, "from", l.from(r))
	return l.start(w, r, acc.Name, v.Actor)
}

func (l *Login) judge(ctx context.Context, owner access.Actor, account, password string) error {
	organisation, err := l.app.OrganisationName(ctx, owner.Org)
	if err != nil {
		return err
	}
	return judge(password, organisation, owner.Org, owner.Name, account)
}

// fold is the one way an account's name is written, so that Anna and anna are the same account.
func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// from is the network that the request comes from.
func (l *Login) from(r *http.Request) string {
	if l.config.Proxied {
		all := r.Header.Values("X-Forwarded-For")
		if len(all) > 0 {
			last := all[len(all)-1]
			return networkOf(strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:]))
		}
	}
	return networkOf(r.RemoteAddr)
}

// Network is the network that the request comes from, for counting what somebody without an account does.
func (l *Login) Network(r *http.Request) string { return l.from(r) }

// fromHere reports whether the request was made on the machine itself, and under a name that is the machine's own: a
// page elsewhere whose name was pointed at this machine is not let in.
func fromHere(r *http.Request) bool {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return onLoopback(r.RemoteAddr) && onLoopback(host)
}
