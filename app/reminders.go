// SPDX-License-Identifier: EUPL-1.2

package app

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// Mailing is how this server sends mail. That an App has none says that it sends none, and nothing is put in the outbox.
type Mailing struct {
	Lang locale.Lang // of mail to those who have not chosen
}

// mails reports whether reminders go out by mail. A demonstration writes to nobody.
func (a *App) mails() bool { return a.Mail != nil && !a.Demo }

// A ReminderKind is what a person may choose to be reminded of, or not (the words notify.kind.KIND).
type ReminderKind string

// The kinds.
const (
	RemindClock    ReminderKind = "clock"    // a statutory period
	RemindTriage   ReminderKind = "triage"   // a report that nobody has judged
	RemindTask     ReminderKind = "task"     // in an incident
	RemindRequest  ReminderKind = "request"  // a data subject's
	RemindDocument ReminderKind = "document" // to look over
	RemindCampaign ReminderKind = "campaign" // entries to answer for
	RemindPost     ReminderKind = "post"     // an area of responsibility to confirm
	RemindPortion  ReminderKind = "portion"  // rows to judge
	RemindOverdue  ReminderKind = "overdue"  // rows that somebody else is late with
)

// A reminderRule says when there are reminders of a kind.
type reminderRule struct {
	kind      ReminderKind
	marks     []reminderMark
	statutory bool
}

// A reminderMark is one moment of a reminder: how long before the end, in hours or in days. What comes after the end is before it by less than
// nothing.
type reminderMark struct {
	name        string
	hours, days int
}

const (
	markStart = "start"
	markPast  = "past"
)

//go:embed reminders.txt
var reminderText string

// reminderRules are the kinds in their order.
var reminderRules = readReminderRules(reminderText)

// readReminderRules reads the rules and panics on what is none, so that a mistake in them is found by the first test.
func readReminderRules(text string) []reminderRule {
	var rules []reminderRule
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 3 || words[0] != "kind" {
			if len(words) > 0 && !strings.HasPrefix(words[0], "#") {
				panic("app: no rule of reminders: " + line)
			}
			continue
		}
		r := reminderRule{kind: ReminderKind(words[1])}
		for _, word := range words[2:] {
			if word == "statutory" {
				r.statutory = true
				continue
			}
			r.marks = append(r.marks, readMark(word))
		}
		rules = append(rules, r)
	}
	return rules
}

func readMark(word string) reminderMark {
	if word == markStart || word == markPast {
		return reminderMark{name: word}
	}
	n, err := strconv.Atoi(word[:len(word)-1])
	after := word[0] == '+'
	if err != nil || n < 0 || after && n == 0 {
		panic("app: no mark of reminders: " + word)
	}
	if after {
		n = -n
	}
	switch word[len(word)-1] {
	case 'h':
		return reminderMark{name: word, hours: n}
	case 'd':
		return reminderMark{name: word, days: n}
	}
	panic("app: no mark of reminders: " + word)
}

// ReminderKinds lists the kinds in their order.
func ReminderKinds() []ReminderKind {
	kinds := make([]ReminderKind, len(reminderRules))
	for i, r := range reminderRules {
		kinds[i] = r.kind
	}
	return kinds
}

// Statutory reports whether the kind follows from law: its reminders are sent at night too.
func (k ReminderKind) Statutory() bool { return k.rule().statutory }

func (k ReminderKind) rule() reminderRule {
	i := slices.IndexFunc(reminderRules, func(r reminderRule) bool { return r.kind == k })
	if i < 0 {
		return reminderRule{kind: k}
	}
	return reminderRules[i]
}

// An Errand is something with a time that waits for somebody. It names its record by nothing but a reference number, so that it can be
// told where what is secret may not be.
type Errand struct {
	Kind      ReminderKind
	RefKind   string // the record's register
	RefID     string
	Rev       int
	Reference string // "" where the record has none
	Starts    register.Moment
	At        register.Moment // when it is due, "" where there is no fixed time: it is due at once
	Day       register.Day    // when it is due, where that is a day
	Page      string          // the register of the record on whose page it is done
	PageID    string

	unit   string
	see    []string // the registers that the one who is to do it must see in the unit
	person register.Ref[isms.Person]
	roles  []isms.Role
	about  register.Ref[isms.Person] // who is late
	turn   string                    // tells reminders of one record apart, where it has had several
}

// morning is the hour in Sweden at which reminders of days go out, and at which the night ends; at evening it begins.
const (
	morning = 7
	evening = 22
)

// dayEnds is the last moment of the day in Sweden.
func dayEnds(d register.Day) register.Moment {
	return register.MomentOf(hourOf(d.AddDays(1), 0).Add(-time.Microsecond))
}

func hourOf(d register.Day, hour int) time.Time {
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), hour, 0, 0, 0, law.Zone())
}

// due is when the mark falls, and whether the errand has it.
func (e Errand) due(m reminderMark) (register.Moment, bool) {
	var at register.Moment
	switch {
	case m.name == markStart:
		return e.Starts, true
	case e.At == "":
		return "", false
	case e.Day != "" && m.name == markPast:
		return register.MomentOf(hourOf(e.Day.AddDays(1), morning)), true
	case e.Day != "":
		at = register.MomentOf(hourOf(e.Day.AddDays(-m.days), morning))
	default:
		at = register.MomentOf(e.At.Time().Add(-time.Duration(m.hours) * time.Hour))
	}
	return at, e.Starts == "" || at > e.Starts
}

// oldest is how long after its end an errand is still told of. It keeps a program whose outbox is empty, after a restore, from telling
// of everything that was ever left undone.
const oldest = 30 * 24 * time.Hour

// lines are what the outbox holds for the errand from now on: what is to come, and of what has passed the start, or else the latest.
func (e Errand) lines(now register.Moment) []store.Mail {
	last := e.At
	if last == "" {
		last = e.Starts
	}
	if last.Time().Before(now.Time().Add(-oldest)) {
		return nil
	}
	var list, passed []store.Mail
	for _, m := range e.Kind.rule().marks {
		due, has := e.due(m)
		if !has {
			continue
		}
		line := store.Mail{Key: e.key(m.name), Kind: string(e.Kind), Mark: m.name, RefKind: e.RefKind, RefID: e.RefID, At: e.At, Due: due}
		if due > now {
			list = append(list, line)
		} else {
			line.Due = now
			passed = append(passed, line)
		}
	}
	switch {
	case len(passed) == 0:
		return list
	case passed[0].Mark == markStart:
		return append(list, passed[0])
	}
	return append(list, passed[len(passed)-1])
}

// key names the reminder: another end makes new reminders of the same record.
func (e Errand) key(mark string) string {
	key := fmt.Sprintf("%s/%s/%s/%s", e.Kind, e.RefID, e.At, mark)
	if e.turn != "" {
		key += "/" + e.turn
	}
	return key
}

// remind puts the reminders of a record in the outbox, within the act that makes or changes it. What is no longer so when one falls
// due is not sent, so nothing is ever taken out.
func (a *App) remind(tx *store.Tx, rec register.Entity) error {
	if !a.mails() {
		return nil
	}
	errands, err := errandsOf(tx, rec)
	for _, e := range errands {
		if err == nil {
			err = tx.Enqueue(e.lines(tx.Now())...)
		}
	}
	return err
}
