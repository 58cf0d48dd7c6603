// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// How mail is sent.
const (
	betweenLetters = 15 * time.Minute     // to one person, but for the first alarm of a statutory period
	brokenOff      = 10 * time.Minute     // after which an attempt that has not ended is taken to have been broken off
	tooOld         = 48 * time.Hour       // after it fell due, a reminder that has waited for the server to send mail is not sent
	mostTries      = 12                   // the last about two days after the first
	mostLines      = 5000                 // of the outbox in one round
	keepLines      = 400 * 24 * time.Hour // longer than any reminder of the same thing may come again
)

// backoff is the time until the next attempt, by how many there have been. The last step is repeated.
var backoff = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour}

// A MailProblem is why a letter was not sent: a word or a number, never an address (the words notify.problem.CODE).
type MailProblem struct {
	Code      string
	Permanent bool // trying again is of no use
	Unknown   bool // the connection broke when all was said: it may have been sent
}

// TakeLetters hands out the letters that are to be sent now, of all organisations, and marks them as being sent. Two servers on one
// database never get the same letter.
func (a *App) TakeLetters(ctx context.Context) ([]Letter, error) {
	if !a.mails() {
		return nil, nil
	}
	all, err := a.DB.Organisations(ctx)
	if err != nil {
		return nil, err
	}
	var letters []Letter
	for _, o := range all {
		some, err := a.takeFrom(ctx, o.ID)
		if err != nil {
			return letters, err
		}
		letters = append(letters, some...)
	}
	return letters, nil
}

func (a *App) takeFrom(ctx context.Context, org string) (letters []Letter, err error) {
	there, err := a.anyMail(ctx, org)
	if err != nil || !there {
		return nil, err
	}
	err = a.DB.Update(ctx, store.Act{Org: org}, func(tx *store.Tx) (err error) {
		letters, err = a.lettersOf(tx, org)
		return err
	})
	if err != nil {
		return nil, err
	}
	return letters, nil
}

// anyMail looks, without waiting for other acts, whether there is something to do in the organisation.
func (a *App) anyMail(ctx context.Context, org string) (there bool, err error) {
	err = a.DB.View(ctx, org, func(tx *store.Tx) error {
		stopped, err := tx.MailStopped()
		if err != nil || stopped != "" {
			return err
		}
		waiting, err := tx.MailOf(store.MailWaiting, tx.Now(), 1)
		if err != nil {
			return err
		}
		sending, err := tx.MailOf(store.MailSending, tx.Now(), 1)
		there = len(waiting)+len(sending) > 0
		return err
	})
	return there, err
}

// lettersOf makes letters of what is due, in an act of its own, so that two servers take turns.
func (a *App) lettersOf(tx *store.Tx, org string) ([]Letter, error) {
	stopped, err := tx.MailStopped()
	if err != nil || stopped != "" {
		return nil, err
	}
	if err := recoverMail(tx); err != nil {
		return nil, err
	}
	s := a.staffing(tx, org)
	if err := a.spread(tx, s); err != nil {
		return nil, err
	}
	due, err := tx.MailOf(store.MailWaiting, tx.Now(), mostLines)
	if err != nil {
		return nil, err
	}
	due = slices.DeleteFunc(due, func(m store.Mail) bool { return m.Person == "" })
	slices.SortStableFunc(due, func(x, y store.Mail) int { return cmp.Compare(x.Person, y.Person) })
	var letters []Letter
	for _, lines := range runs(due) {
		l, err := a.letter(tx, s, lines)
		if err != nil {
			return nil, err
		}
		if l != nil {
			letters = append(letters, *l)
		}
	}
	return letters, nil
}

// runs parts the lines by person.
func runs(lines []store.Mail) [][]store.Mail {
	var parts [][]store.Mail
	for i, m := range lines {
		if i == 0 || m.Person != lines[i-1].Person {
			parts = append(parts, nil)
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], m)
	}
	return parts
}

// recoverMail takes up what a server that broke down has left. Nobody knows whether it was sent. A statutory reminder is sent again,
// since one too many is better than none; of others at most one is lost, and it is not sent twice.
func recoverMail(tx *store.Tx) error {
	left, err := tx.MailOf(store.MailSending, tx.Now(), mostLines)
	if err != nil {
		return err
	}
	for _, m := range left {
		if tx.Now().Time().Sub(m.Began.Time()) < brokenOff {
			continue
		}
		if err := tx.KeepMail(unknown(m, tx.Now())); err != nil {
			return err
		}
	}
	return nil
}

// unknown is the line after an attempt of which nobody knows how it ended.
func unknown(m store.Mail, now register.Moment) store.Mail {
	m.State, m.Problem = store.MailFailed, "unknown"
	if ReminderKind(m.Kind).Statutory() && m.Tries < mostTries {
		m.State, m.Due = store.MailWaiting, now
	}
	return m
}

// spread puts a line for each person in the place of those that are for whoever is to act. What is no longer so, or is too old, goes.
func (a *App) spread(tx *store.Tx, s *staffing) error {
	due, err := tx.MailOf(store.MailWaiting, tx.Now(), mostLines)
	if err != nil {
		return err
	}
	for _, m := range due {
		if m.Person != "" {
			continue
		}
		e, ok, err := current(tx, m)
		if err != nil {
			return err
		}
		state := store.MailVoid
		if ok && tx.Now().Time().Sub(m.Due.Time()) < tooOld {
			persons, err := s.whose(e)
			if err != nil {
				return err
			}
			if err := enqueueFor(tx, m, persons); err != nil {
				return err
			}
			state = store.MailSpread
		}
		m.State = state
		if err := tx.KeepMail(m); err != nil {
			return err
		}
	}
	return nil
}

func enqueueFor(tx *store.Tx, m store.Mail, persons []string) error {
	for _, person := range persons {
		choice, err := choiceOf(tx, person)
		if err != nil {
			return err
		}
		one := m
		one.Key, one.Person = m.Key+"/"+person, person
		if choice.Quiet && !ReminderKind(m.Kind).Statutory() {
			one.Due = afterNight(m.Due)
		}
		if err := tx.Enqueue(one); err != nil {
			return err
		}
	}
	return nil
}

// afterNight is the moment, or where it is night in Sweden the end of that night.
func afterNight(m register.Moment) register.Moment {
	here := register.Day(dayHere(m))
	switch {
	case m < register.MomentOf(hourOf(here, morning)):
		return register.MomentOf(hourOf(here, morning))
	case m >= register.MomentOf(hourOf(here, evening)):
		return register.MomentOf(hourOf(here.AddDays(1), morning))
	}
	return m
}

// begin marks the letter's lines as being sent. One to somebody without an address fails at once.
func begin(tx *store.Tx, l *Letter) error {
	p, err := store.Get[isms.Person](tx, everywhere, l.Person)
	if err != nil {
		return err
	}
	l.Address = strings.TrimSpace(p.Email)
	keys := make([]string, len(l.lines))
	for i := range l.lines {
		m := &l.lines[i]
		keys[i] = m.Key
		m.State, m.Began = store.MailSending, tx.Now()
		m.Tries++
		if l.Address == "" {
			m.State, m.Problem = store.MailFailed, "no_address"
		}
		if err := tx.KeepMail(*m); err != nil {
			return err
		}
	}
	l.ID = hashOf(l.Org + " " + strings.Join(keys, " "))[:32]
	return nil
}

// LetterSent notes that the letter has been sent.
func (a *App) LetterSent(ctx context.Context, l Letter) error {
	return a.keepLetter(ctx, l, func(m store.Mail, _ register.Moment) store.Mail {
		m.State, m.Problem = store.MailSent, ""
		return m
	})
}

// LetterFailed notes that the letter was not sent, and when it is to be tried again.
func (a *App) LetterFailed(ctx context.Context, l Letter, why MailProblem) error {
	return a.keepLetter(ctx, l, func(m store.Mail, now register.Moment) store.Mail {
		if why.Unknown {
			return unknown(m, now)
		}
		m.State, m.Problem = store.MailFailed, why.Code
		if !why.Permanent && m.Tries < mostTries {
			m.State, m.Due = store.MailWaiting, register.MomentOf(now.Time().Add(backoff[min(m.Tries, len(backoff))-1]))
		}
		return m
	})
}

// LetterUntried gives back a letter that nobody tried to send, since the server could not be reached for another.
func (a *App) LetterUntried(ctx context.Context, l Letter) error {
	return a.keepLetter(ctx, l, func(m store.Mail, _ register.Moment) store.Mail {
		m.State, m.Tries = store.MailWaiting, m.Tries-1
		return m
	})
}

func (a *App) keepLetter(ctx context.Context, l Letter, change func(store.Mail, register.Moment) store.Mail) error {
	return a.DB.Update(context.WithoutCancel(ctx), store.Act{Org: l.Org}, func(tx *store.Tx) error {
		for _, m := range l.lines {
			if err := tx.KeepMail(change(m, tx.Now())); err != nil {
				return err
			}
		}
		return nil
	})
}

// PlanReminders puts in the outbox what no act has put there: what time itself brings near, and what was there before the program sent
// mail. It changes nothing where all is there, and forgets old lines.
func (a *App) PlanReminders(ctx context.Context) error {
	if !a.mails() {
		return nil
	}
	all, err := a.DB.Organisations(ctx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if err := a.planIn(ctx, o.ID); err != nil {
			return err
		}
	}
	return a.DB.DropMailBefore(ctx, register.MomentOf(a.Now().Add(-keepLines)))
}

func (a *App) planIn(ctx context.Context, org string) error {
	var missing []store.Mail
	err := a.DB.View(ctx, org, func(tx *store.Tx) (err error) {
		missing, err = a.missingMail(tx)
		return err
	})
	if err != nil || len(missing) == 0 {
		return err
	}
	return a.DB.Update(ctx, store.Act{Org: org}, func(tx *store.Tx) error { return tx.Enqueue(missing...) })
}

func (a *App) missingMail(tx *store.Tx) ([]store.Mail, error) {
	all, err := a.errands(tx)
	if err != nil {
		return nil, err
	}
	var missing []store.Mail
	for _, e := range all {
		for _, m := range e.lines(tx.Now()) {
			_, there, err := tx.MailByKey(m.Key)
			if err != nil {
				return nil, err
			}
			if !there {
				missing = append(missing, m)
			}
		}
	}
	return missing, nil
}
