// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// Choice is what a person wants mail of.
type Choice struct {
	Refused []ReminderKind // all others are sent
	Quiet   bool           // what can wait does, from 22 to 7
	Lang    locale.Lang    // "" is the server's
}

// Wants reports whether the person wants mail of the kind.
func (c Choice) Wants(k ReminderKind) bool { return !slices.Contains(c.Refused, k) }

// choiceOf is what the person has chosen, and for who has chosen nothing everything, with quiet nights.
func choiceOf(tx *store.Tx, person string) (Choice, error) {
	kept, found, err := tx.NoticeChoice(person)
	if err != nil || !found {
		return Choice{Quiet: true}, err
	}
	c := Choice{Quiet: kept.Quiet}
	c.Lang, _ = locale.Parse(kept.Lang)
	if kept.Lang == "" {
		c.Lang = ""
	}
	for _, word := range strings.Fields(kept.Refused) {
		c.Refused = append(c.Refused, ReminderKind(word))
	}
	return c, nil
}

// Notices is what a person has chosen of mail and calendar.
type Notices struct {
	Choice
	Mail    bool            // this server sends mail
	Address string          // the person's, "" where none is known
	Feed    register.Moment // when the address of the calendar was made, "" where there is none
}

// Notices returns what the actor has chosen.
func (a *App) Notices(ctx context.Context, who access.Actor) (Notices, error) {
	n := Notices{Mail: a.mails()}
	if who.Person == "" {
		return n, isms.ErrForbidden
	}
	err := a.view(ctx, who, func(tx *store.Tx) error {
		p, err := store.Get[isms.Person](tx, everywhere, who.Person)
		if err != nil {
			return err
		}
		n.Address = p.Email
		n.Choice, err = choiceOf(tx, who.Person)
		return err
	})
	if err != nil {
		return n, err
	}
	feed, _, err := found(a.DB.CalendarFeedOf(ctx, who.Org, who.Person))
	n.Feed = feed.Made
	return n, err
}

// Choose keeps what the actor wants mail of. It is the actor's own, so nobody else may.
func (a *App) Choose(ctx context.Context, who access.Actor, c Choice) error {
	if who.Person == "" {
		return isms.ErrForbidden
	}
	var refused []string
	for _, k := range c.Refused {
		if !slices.Contains(ReminderKinds(), k) {
			return register.Wrongs{{Code: "choice", Args: []any{string(k)}}}
		}
		refused = append(refused, string(k))
	}
	if c.Lang != "" && !slices.Contains(locale.Langs(), c.Lang) {
		return register.Wrongs{{Code: "choice", Args: []any{string(c.Lang)}}}
	}
	return a.DB.PutNoticeChoice(ctx, who.Org, store.NoticeChoice{Person: who.Person, Refused: strings.Join(refused, " "), Quiet: c.Quiet, Lang: string(c.Lang)})
}

// OpenFeed gives the actor a private calendar and returns the secret token of its address, which is told this once. The address of an
// earlier one is dead from then on.
func (a *App) OpenFeed(ctx context.Context, who access.Actor, l locale.Lang) (token string, err error) {
	if who.Person == "" {
		return "", isms.ErrForbidden
	}
	token = register.NewID()
	return token, a.DB.PutCalendarFeed(ctx, store.CalendarFeed{Hash: hashOf(token), Org: who.Org, Person: who.Person, Lang: string(l)})
}

// CloseFeed takes the actor's calendar away.
func (a *App) CloseFeed(ctx context.Context, who access.Actor) error {
	if who.Person == "" {
		return isms.ErrForbidden
	}
	return a.DB.DropCalendarFeed(ctx, who.Org, who.Person)
}

// Limits on a calendar. Programs fetch one a few times an hour, and a whole town hall may share an address.
const (
	mostWrongFeeds = 30 // unknown addresses of calendars from one network within the time
	mostOfFeed     = 60 // fetchings of one calendar within the time
	feedTime       = time.Hour
)

// Feed returns whose calendar the token opens, with what is in it, in the language that it was made in. The error is isms.ErrNotFound
// for a token that is unknown, that has been replaced or taken back, or whose person has left: it is the same for all. ErrFlood is too
// many; from is the network that asks.
func (a *App) Feed(ctx context.Context, token, from string) (access.Actor, locale.Lang, []Errand, error) {
	feed, who, err := a.feedOf(ctx, token)
	if errors.Is(err, isms.ErrNotFound) {
		if flood := a.countFeed(ctx, "calendar from:"+hashOf(from), mostWrongFeeds); flood != nil {
			err = flood
		}
	}
	if err == nil {
		err = a.countFeed(ctx, "calendar:"+feed.Hash, mostOfFeed)
	}
	if err != nil {
		return access.Actor{}, "", nil, err
	}
	agenda, err := a.Agenda(ctx, who)
	return who, locale.Lang(feed.Lang), agenda, err
}

// feedOf finds the calendar. The token is compared as a hash by the database, so how long that takes tells nothing of it.
func (a *App) feedOf(ctx context.Context, token string) (store.CalendarFeed, access.Actor, error) {
	feed, err := a.DB.CalendarFeed(ctx, hashOf(token))
	if err != nil {
		return feed, access.Actor{}, err
	}
	var who access.Actor
	err = a.DB.View(ctx, feed.Org, func(tx *store.Tx) error {
		found, err := a.staffing(tx, feed.Org).actor(feed.Person)
		if err == nil && found == nil {
			err = isms.ErrNotFound
		}
		if err == nil {
			who = *found
		}
		return err
	})
	return feed, who, err
}

func (a *App) countFeed(ctx context.Context, key string, most int) error {
	n, err := a.Attempts(ctx, key, feedTime)
	if err != nil {
		return err
	}
	if n >= most {
		return ErrFlood
	}
	return a.Attempt(ctx, key)
}

// MailState is how it stands with the mail of the organisation, for those who answer for the program.
type MailState struct {
	On       bool            // this server sends mail
	Stopped  register.Moment // since when it is stopped after a restore, "" if it is not
	Sent     int             // reminders within the week
	Failed   int             // those given up within the week
	FailedAt register.Moment // the latest of them
	Problem  string          // why: the words notify.problem.CODE
	Retrying int             // reminders that wait to be tried again
}

// week is how far back the state of mail looks.
const week = 7 * 24 * time.Hour

// MailState tells how it stands with the mail. The error is isms.ErrForbidden as for BackupState.
func (a *App) MailState(ctx context.Context, who access.Actor) (MailState, error) {
	s := MailState{On: a.mails()}
	if !mayBackups(who) {
		return s, isms.ErrForbidden
	}
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		if s.Stopped, err = tx.MailStopped(); err != nil {
			return err
		}
		since := register.MomentOf(tx.Now().Time().Add(-week))
		sent, err := tx.MailSince(store.MailSent, since)
		if err != nil {
			return err
		}
		failed, err := tx.MailSince(store.MailFailed, since)
		if err != nil {
			return err
		}
		s.Sent, s.Failed, s.FailedAt, s.Problem = sent.N, failed.N, failed.Latest, failed.Problem
		s.Retrying, err = tx.MailTried()
		return err
	})
	return s, err
}

// LetMailOut ends the stop that a restore has made. It is for those who answer for the program, who know whether this is the one that
// people use or a copy beside it.
func (a *App) LetMailOut(ctx context.Context, who access.Actor) error {
	if !mayBackups(who) {
		return isms.ErrForbidden
	}
	a.Log.InfoContext(ctx, "mail is let out after a restore", "org", who.Org, "who", signature(who))
	return a.DB.LetMailOut(ctx, who.Org)
}
