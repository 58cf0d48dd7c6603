// SPDX-License-Identifier: EUPL-1.2

package login

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"time"

	"ledsyn/access"
	"ledsyn/app"
	"ledsyn/locale"
)

// How long a session lasts: a working day at most, and less if it is left alone. Accounts and the journal's keys are in
// administrators' hands, so their sessions are shorter.
const (
	idleTime          = 30 * time.Minute
	idleAdministrator = 15 * time.Minute
	longestTime       = 10 * time.Hour
)

// touchTime is how long a session may be used before that is noted, so that not every request writes. A session may end
// so much too early.
const touchTime = time.Minute

// A Visitor is the person who makes a request.
type Visitor struct {
	Actor   access.Actor
	Account string    // "" in a demonstration, where one stepped into the person
	Ends    time.Time // when the session ends if it is left alone
	Latest  time.Time // when it ends in any case
}

type visitorKey struct{}

// Who returns the person whose request the context belongs to, and false for nobody. Nobody's Actor may do nothing.
func Who(ctx context.Context) (Visitor, bool) {
	v, ok := ctx.Value(visitorKey{}).(Visitor)
	return v, ok
}

// Recognise returns the request with the person who makes it in its context, or as it was when that is nobody. With an
// error, which is the database's, it is nobody.
func (l *Login) Recognise(r *http.Request) (*http.Request, error) {
	token := cookieOf(r, l.sessionCookie())
	if token == "" {
		return r, nil
	}
	ctx := r.Context()
	s, ok, err := l.app.Session(ctx, digest(token))
	if err != nil || !ok {
		return r, err
	}
	who, usable, err := l.owner(ctx, s)
	if err != nil {
		return r, err
	}
	now := l.app.Now()
	if ends := end(s, who); !usable || !now.Before(ends) || s.Account == "" && !(l.stepping() && fromHere(r)) {
		return r, l.app.DropSession(ctx, s.Hash)
	}
	if now.Sub(s.Seen) >= touchTime {
		s.Seen = now
		s.Expires = end(s, who)
		if err := l.app.PutSession(ctx, s); err != nil {
			return r, err
		}
	}
	v := Visitor{Actor: who, Account: s.Account, Ends: end(s, who), Latest: s.Made.Add(longestTime)}
	return r.WithContext(context.WithValue(ctx, visitorKey{}, v)), nil
}

// owner returns the session's person, with the roles of today, and whether the account still lets them in.
func (l *Login) owner(ctx context.Context, s app.Session) (access.Actor, bool, error) {
	if s.Account != "" {
		acc, there, err := l.app.Account(ctx, s.Account)
		if err != nil || !there || acc.State != "" || acc.Person != s.Person || acc.Org != s.Org {
			return access.Actor{}, false, err
		}
	}
	who, there, err := l.app.Person(ctx, s.Org, s.Person)
	return who, there, err
}

// Handler lets requests through to next with the person who makes them in their context. When the database does not
// answer nobody is let through.
func (l *Login) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, err := l.Recognise(r)
		if err != nil {
			l.log.ErrorContext(r.Context(), "session", "outcome", "not read", "error", err)
			http.Error(w, locale.Swedish.T("login.unavailable")+"\n"+locale.English.T("login.unavailable"), http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// end is when the session ends if it is not used again.
func end(s app.Session, who access.Actor) time.Time {
	idle := idleTime
	for _, unit := range who.Units() {
		if who.May(access.Accounts, "", unit) {
			idle = idleAdministrator
		}
	}
	left, latest := s.Seen.Add(idle), s.Made.Add(longestTime)
	if latest.Before(left) {
		return latest
	}
	return left
}

// start ends the session that the browser had and begins a new one under a new token, so that a token somebody planted
// before is worth nothing after. An account may have several sessions, one for each browser.
func (l *Login) start(w http.ResponseWriter, r *http.Request, account string, who access.Actor) error {
	if old := cookieOf(r, l.sessionCookie()); old != "" {
		if err := l.app.DropSession(r.Context(), digest(old)); err != nil {
			return err
		}
	}
	token := newToken()
	now := l.app.Now()
	s := app.Session{Hash: digest(token), Org: who.Org, Account: account, Person: who.Person, Made: now, Seen: now}
	s.Expires = end(s, who)
	if err := l.app.PutSession(r.Context(), s); err != nil {
		return err
	}
	l.setCookie(w, l.sessionCookie(), token, 0)
	return nil
}

// SignOut ends the session on the server and in the browser. Without a session it does nothing.
func (l *Login) SignOut(w http.ResponseWriter, r *http.Request) error {
	if token := cookieOf(r, l.sessionCookie()); token != "" {
		if err := l.app.DropSession(r.Context(), digest(token)); err != nil {
			return err
		}
	}
	if v, ok := Who(r.Context()); ok {
		l.log.InfoContext(r.Context(), "sign-out", "org", v.Actor.Org, "account", v.Account, "person", v.Actor.Person)
	}
	l.setCookie(w, l.sessionCookie(), "", -1)
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return nil
}

// SignOutEverywhere ends all sessions of the signed-in person's account, in every browser.
func (l *Login) SignOutEverywhere(w http.ResponseWriter, r *http.Request) error {
	v, ok := Who(r.Context())
	if !ok {
		return ErrNobody
	}
	if v.Account != "" {
		if err := l.app.DropSessions(r.Context(), v.Account); err != nil {
			return err
		}
	}
	return l.SignOut(w, r)
}

// StepIn starts a session as the person, without a password. It is only for a demonstration that listens on loopback,
// and only for requests made on the machine itself; all else gets ErrNoStepping.
func (l *Login) StepIn(w http.ResponseWriter, r *http.Request, org, person string) error {
	if !l.stepping() || !fromHere(r) {
		l.log.WarnContext(r.Context(), "sign-in", "outcome", "no stepping", "from", l.from(r))
		return ErrNoStepping
	}
	who, there, err := l.app.Person(r.Context(), org, person)
	if err != nil {
		return err
	}
	if !there {
		return ErrWrong
	}
	l.log.InfoContext(r.Context(), "sign-in", "outcome", "stepped in", "org", org, "person", person)
	return l.start(w, r, "", who)
}

// Stepping reports whether a person may be stepped into without a password.
func (l *Login) Stepping() bool { return l.stepping() }

func (l *Login) stepping() bool { return l.app.Demo && l.loopback && !l.config.Proxied }

// newToken returns 256 bits that nobody can guess.
func newToken() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// digest is what the database keeps of a token, so that who reads the database cannot take a session over.
func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
