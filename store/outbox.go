// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"

	"ledsyn/isms"
	"ledsyn/register"
)

// Mail is a line of the outbox: somebody is to be reminded of a record. It is written in the transaction of the act that it
// follows from, so that there is none without the act and no act without it. It holds no words, no name and no address: those are
// looked up when it is sent, as they are then.
type Mail struct {
	Key     string // of the reminder: once used, it is never enqueued again
	Person  string // id of the person's record, "" for whoever is to act when it falls due
	Kind    string // what a person may choose to be told of or not
	Mark    string // which reminder of the record it is
	RefKind string // the record: its register
	RefID   string
	At      register.Moment // what it reminds of happens, or has happened
	Due     register.Moment // not to be sent before
	State   MailState
	Tries   int
	Began   register.Moment // the latest attempt at sending it
	Problem string          // why that failed: a code, never an address
}

// MailState is what has become of a line of the outbox.
type MailState string

// The states. A line is Sending from before the first byte goes out: one that stays so was broken off, and nobody knows whether the
// mail went out.
const (
	MailWaiting MailState = "waiting"
	MailSending MailState = "sending"
	MailSent    MailState = "sent"
	MailFailed  MailState = "failed" // given up
	MailVoid    MailState = "void"   // no longer of any use, or unwanted
	MailSpread  MailState = "spread" // a line for each person has taken its place
)

const mailColumns = `key, person, kind, mark, ref_kind, ref_id, at, due, state, tries, began, problem`

// Enqueue puts lines in the outbox that wait until they are due. One whose key is there already, in whatever state, is left as it is.
func (t *Tx) Enqueue(lines ...Mail) error {
	if t.head == nil {
		return errNotUpdating
	}
	for _, m := range lines {
		_, err := t.exec(`insert into mail (org, `+mailColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing`,
			t.org, m.Key, m.Person, m.Kind, m.Mark, m.RefKind, m.RefID, string(m.At), string(m.Due), string(MailWaiting), 0, "", "")
		if err != nil {
			return err
		}
	}
	return nil
}

// KeepMail keeps what has become of the line. Only its due moment, state, tries, beginning and problem change.
func (t *Tx) KeepMail(m Mail) error {
	if t.head == nil {
		return errNotUpdating
	}
	_, err := t.exec(`update mail set due = $3, state = $4, tries = $5, began = $6, problem = $7 where org = $1 and key = $2`,
		t.org, m.Key, string(m.Due), string(m.State), m.Tries, string(m.Began), m.Problem)
	return err
}

// MailOf lists the lines in the state whose due moment has come, those first due first, at most limit.
func (t *Tx) MailOf(state MailState, until register.Moment, limit int) ([]Mail, error) {
	return t.mail(`state = $2 and due <= $3 order by due, key limit $4`, string(state), string(until), limit)
}

// MailByKey returns the line with the key, and whether there is one.
func (t *Tx) MailByKey(key string) (Mail, bool, error) {
	all, err := t.mail(`key = $2`, key)
	if err != nil || len(all) == 0 {
		return Mail{}, false, err
	}
	return all[0], true, nil
}

func (t *Tx) mail(where string, args ...any) (out []Mail, err error) {
	err = t.each(`select `+mailColumns+` from mail where org = $1 and `+where, append([]any{t.org}, args...), func(scan func(...any) error) error {
		var m Mail
		err := scan(&m.Key, &m.Person, &m.Kind, &m.Mark, &m.RefKind, &m.RefID, &m.At, &m.Due, &m.State, &m.Tries, &m.Began, &m.Problem)
		out = append(out, m)
		return err
	})
	return out, err
}

// LastMailTo is when mail to the person last began to be sent and was not refused, "" if never.
func (t *Tx) LastMailTo(person string) (last register.Moment, err error) {
	_, err = t.one(`select coalesce(max(began), '') from mail where org = $1 and person = $2 and state in ($3, $4)`,
		[]any{t.org, person, string(MailSent), string(MailSending)}, &last)
	return last, err
}

// MailCount is how many lines there are in a state since a moment, with the latest beginning and the problem of that line.
type MailCount struct {
	N       int
	Latest  register.Moment
	Problem string
}

// MailSince counts the lines of the state whose latest attempt, or where there was none whose due moment, is after the moment.
func (t *Tx) MailSince(state MailState, since register.Moment) (MailCount, error) {
	var c MailCount
	err := t.each(`select began, problem from mail where org = $1 and state = $2 and (began > $3 or began = '' and due > $3) order by began desc`,
		[]any{t.org, string(state), string(since)}, func(scan func(...any) error) error {
			var at register.Moment
			var problem string
			if err := scan(&at, &problem); err != nil {
				return err
			}
			if c.N++; c.N == 1 {
				c.Latest, c.Problem = at, problem
			}
			return nil
		})
	return c, err
}

// MailTried counts the lines that wait to be tried again after a failure.
func (t *Tx) MailTried() (n int, err error) {
	_, err = t.one(`select count(*) from mail where org = $1 and state = $2 and tries > 0`, []any{t.org, string(MailWaiting)}, &n)
	return n, err
}

// DropMailBefore removes lines that are done with and were due before the moment.
func (db *DB) DropMailBefore(ctx context.Context, m register.Moment) error {
	return db.drop(ctx, `delete from mail where due < $1 and state not in ($2, $3)`, string(m), string(MailWaiting), string(MailSending))
}

// MailStopped is since when the organisation's mail is stopped, "" if it is not. A restore stops it: what was restored may be a copy
// beside the one that people use, which must not write to anybody.
func (t *Tx) MailStopped() (since register.Moment, err error) {
	_, err = t.one(`select since from mail_stop where org = $1`, []any{t.org}, &since)
	return since, err
}

// stopMail stops the organisation's mail until somebody lets it go out.
func (t *Tx) stopMail() error {
	_, err := t.exec(`insert into mail_stop (org, since) values ($1, $2) on conflict do nothing`, t.org, string(t.Now()))
	return err
}

// LetMailOut ends the stop of the organisation's mail.
func (db *DB) LetMailOut(ctx context.Context, org string) error {
	return db.drop(ctx, `delete from mail_stop where org = $1`, org)
}

// NoticeChoice is what a person wants mail of. Its zero value refuses nothing and has no quiet hours.
type NoticeChoice struct {
	Person  string
	Refused string // kinds, with spaces between
	Quiet   bool   // nothing at night that can wait
	Lang    string
}

// NoticeChoice returns what the person has chosen, and whether the person has chosen anything.
func (t *Tx) NoticeChoice(person string) (NoticeChoice, bool, error) {
	c := NoticeChoice{Person: person}
	var quiet int
	found, err := t.one(`select refused, quiet, lang from notice_choice where org = $1 and person = $2`, []any{t.org, person}, &c.Refused, &quiet, &c.Lang)
	c.Quiet = quiet != 0
	return c, found, err
}

// PutNoticeChoice keeps what the person has chosen.
func (db *DB) PutNoticeChoice(ctx context.Context, org string, c NoticeChoice) error {
	quiet := 0
	if c.Quiet {
		quiet = 1
	}
	return db.drop(ctx, `insert into notice_choice (org, person, refused, quiet, lang) values ($1, $2, $3, $4, $5)
		on conflict (org, person) do update set refused = $3, quiet = $4, lang = $5`, org, c.Person, c.Refused, quiet, c.Lang)
}

// CalendarFeed is a person's private calendar. Its address holds a secret, of which only a hash is kept.
type CalendarFeed struct {
	Hash, Org, Person, Lang string
	Made                    register.Moment
}

const feedColumns = `hash, org, person, lang, made`

// CalendarFeed returns the calendar with the hash, or isms.ErrNotFound.
func (db *DB) CalendarFeed(ctx context.Context, hash string) (CalendarFeed, error) {
	return db.feed(ctx, `hash = $1`, hash)
}

// CalendarFeedOf returns the person's calendar, or isms.ErrNotFound.
func (db *DB) CalendarFeedOf(ctx context.Context, org, person string) (CalendarFeed, error) {
	return db.feed(ctx, `org = $1 and person = $2`, org, person)
}

func (db *DB) feed(ctx context.Context, where string, args ...any) (f CalendarFeed, err error) {
	err = db.View(ctx, "", func(t *Tx) error {
		found, err := t.one(`select `+feedColumns+` from calendar_feed where `+where, args, &f.Hash, &f.Org, &f.Person, &f.Lang, &f.Made)
		if err == nil && !found {
			err = isms.ErrNotFound
		}
		return err
	})
	return f, err
}

// PutCalendarFeed gives the person a calendar in place of the one there may be, whose address is dead from now on.
func (db *DB) PutCalendarFeed(ctx context.Context, f CalendarFeed) error {
	return db.drop(ctx, `insert into calendar_feed (`+feedColumns+`) values ($1, $2, $3, $4, $5)
		on conflict (org, person) do update set hash = $1, lang = $4, made = $5`, f.Hash, f.Org, f.Person, f.Lang, string(register.MomentOf(db.Now())))
}

// DropCalendarFeed takes the person's calendar away.
func (db *DB) DropCalendarFeed(ctx context.Context, org, person string) error {
	return db.drop(ctx, `delete from calendar_feed where org = $1 and person = $2`, org, person)
}

// MaySignIn reports whether the person may have a way in: one of the person's accounts is in use, or the person has none here and
// signs in in another way.
func (t *Tx) MaySignIn(person string) (bool, error) {
	var all, open int
	_, err := t.one(`select count(*), coalesce(sum(case when state = '' then 1 else 0 end), 0) from account where org = $1 and person = $2`,
		[]any{t.org, person}, &all, &open)
	return all == 0 || open > 0, err
}
