// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"errors"
	"slices"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// A Letter is one mail to one person, with all that the person is to be reminded of now. It is marked as being sent before it is handed
// out, and whoever takes it says how it went.
type Letter struct {
	Org, Person string
	ID          string // the same when the same reminders are sent again
	At          register.Moment
	Address     string
	Lang        locale.Lang
	Reminders   []LetterLine

	lines []store.Mail
}

// A LetterLine is one thing in a letter.
type LetterLine struct {
	Errand
	Mark string
}

// First reports whether the line is the first alarm of a statutory period.
func (l LetterLine) First() bool { return l.Kind.Statutory() && l.Mark == markStart }

// current is what the line's record asks for today, and whether the line is still about that.
func current(tx *store.Tx, m store.Mail) (Errand, bool, error) {
	s, err := schema(m.RefKind)
	if err != nil {
		return Errand{}, false, nil // of a register that is no more
	}
	rec, err := tx.Get(s, everywhere, m.RefID)
	if errors.Is(err, isms.ErrNotFound) {
		return Errand{}, false, nil
	}
	if err != nil {
		return Errand{}, false, err
	}
	errands, err := errandsOf(tx, rec)
	for _, e := range errands {
		if string(e.Kind) == m.Kind {
			return e, e.At == m.At, err
		}
	}
	return Errand{}, false, err
}

// letter makes one letter of the lines to a person, nil where none is to be sent now.
func (a *App) letter(tx *store.Tx, s *staffing, lines []store.Mail) (*Letter, error) {
	now := tx.Now()
	person := lines[0].Person
	choice, err := choiceOf(tx, person)
	if err != nil {
		return nil, err
	}
	l := &Letter{Org: s.org, Person: person, At: now, Lang: cmp.Or(choice.Lang, a.Mail.Lang)}
	first := false
	for _, m := range lines {
		line, ok, err := s.stillFor(m, choice)
		if err != nil {
			return nil, err
		}
		if !ok {
			m.State = store.MailVoid
			if err := tx.KeepMail(m); err != nil {
				return nil, err
			}
			continue
		}
		first = first || line.First()
		l.lines = append(l.lines, m)
		l.add(line)
	}
	if len(l.lines) == 0 {
		return nil, nil
	}
	last, err := tx.LastMailTo(person)
	if err != nil {
		return nil, err
	}
	if since := now.Time().Sub(last.Time()); last != "" && since >= 0 && since < betweenLetters && !first {
		return nil, nil // with the next
	}
	if err := begin(tx, l); err != nil || l.Address == "" {
		return nil, err
	}
	return l, nil
}

// stillFor is what the line is about, and whether the person is still to be told of it.
func (s *staffing) stillFor(m store.Mail, choice Choice) (LetterLine, bool, error) {
	if !choice.Wants(ReminderKind(m.Kind)) || s.tx.Now().Time().Sub(m.Due.Time()) >= tooOld {
		return LetterLine{}, false, nil
	}
	e, ok, err := current(s.tx, m)
	if err != nil || !ok {
		return LetterLine{}, false, err
	}
	persons, err := s.whose(e)
	return LetterLine{e, m.Mark}, slices.Contains(persons, m.Person), err
}

// add takes a line into the letter: of several about one record the latest counts.
func (l *Letter) add(line LetterLine) {
	i := slices.IndexFunc(l.Reminders, func(r LetterLine) bool { return r.RefID == line.RefID && r.Kind == line.Kind })
	if i < 0 {
		l.Reminders = append(l.Reminders, line)
		return
	}
	l.Reminders[i] = line
}
