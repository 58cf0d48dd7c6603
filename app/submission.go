// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/register"
	"ledsyn/store"
)

// SentField is one field of what was sent.
type SentField struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// SentFields reads the fields of a submission, in the order that they were sent.
func SentFields(s isms.Submission) []SentField {
	var fields []SentField
	if json.Unmarshal([]byte(s.Fields), &fields) != nil {
		return []SentField{{Value: s.Fields}} // nothing of what was sent is ever left out
	}
	return fields
}

// Submit notes that a step was sent: what, when, how, and what the receiver answered.
type Submit struct {
	Deadline    string
	Situation   bool // a situation report was sent where the final report was due, because the incident still goes on
	Fields      map[string]string
	SentAt      register.Moment
	Way         string
	CaseID      string
	Receipt     string
	DelayReason string
	Replaces    string // the version that this one corrects
	Key         string
}

// Submit keeps what was sent as a version that never changes, and reckons what follows from it. A step is sent once: what is sent
// later corrects the version before, or supplements where the law opens for that. What comes late gives its reasons.
func (a *App) Submit(ctx context.Context, who access.Actor, s Submit) (string, error) {
	id, err := a.once(ctx, who, s.Key, []any{"submit", s}, func(tx *store.Tx) (string, error) {
		d, err := store.Get[isms.Deadline](tx, who.In(access.See, "deadline"), s.Deadline)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Create, "submission", d.Unit); err != nil {
			return "", err
		}
		if who.Person == "" {
			return "", register.Wrongs{{Code: "operator_decides"}}
		}
		return a.submit(tx, who, d, s)
	})
	if err == nil {
		a.Log.InfoContext(ctx, "submitted", "org", who.Org, "who", who.Person, "deadline", s.Deadline, "submission", id)
	}
	return id, err
}

func (a *App) submit(tx *store.Tx, who access.Actor, d isms.Deadline, s Submit) (string, error) {
	former, err := store.Linking[isms.Submission](tx, everywhere, "deadline", []string{d.ID})
	if err != nil {
		return "", err
	}
	wrong := s.allowed(d, former, tx.Now())
	if len(wrong) > 0 {
		return "", wrong
	}
	at := s.SentAt
	r, err := a.reckoningOf(tx, d)
	if err != nil {
		return "", err
	}
	if s.Situation {
		next, err := r.situation(d)
		if err != nil {
			return "", err
		}
		if next == nil { // the rule has been taken out of force
			return "", register.Wrongs{{Code: "no_situation_report"}}
		}
		d = *next
	}
	book, err := a.lawBook(tx)
	if err != nil {
		return "", err
	}
	sub := &isms.Submission{Deadline: register.Ref[isms.Deadline](d.ID), Step: d.Step, Version: len(former) + 1, SentAt: at,
		SentBy: register.Ref[isms.Person](who.Person), Way: s.Way, CaseID: s.CaseID, Receipt: s.Receipt, Replaces: register.Ref[isms.Submission](s.Replaces)}
	sub.ID, sub.Unit = register.NewID(), d.Unit
	if rule, ok := book.Rule(d.Rule, dayHere(d.StartsAt)); ok {
		sub.Receiver = recipients(book, rule, at)
	}
	form, _ := book.Form(d.Rule, dayHere(d.StartsAt))
	if sub.Fields, wrong = inOrder(form, s.Fields); len(wrong) > 0 {
		return "", wrong
	}
	if wrong := register.Check(sub); len(wrong) > 0 {
		return "", register.Wrongs(wrong)
	}
	if err := tx.Put(sub); err != nil {
		return "", err
	}
	if err := defaultMarks(tx, sub); err != nil {
		return "", err
	}
	if d.SentAt == "" {
		d.SentAt, d.Recipient, d.DelayReason = at, sub.Receiver, s.DelayReason
	}
	d.CaseID, d.Receipt = cmp.Or(s.CaseID, d.CaseID), cmp.Or(s.Receipt, d.Receipt)
	if wrong := register.Check(&d); len(wrong) > 0 {
		return "", register.Wrongs(wrong)
	}
	if err := r.put(&d); err != nil {
		return "", err
	}
	return sub.ID, a.reckonAgain(tx, d)
}

// allowed reports why the step may not be sent so.
func (s Submit) allowed(d isms.Deadline, former []isms.Submission, now register.Moment) register.Wrongs {
	at := s.SentAt
	var wrong register.Wrongs
	say := func(bad bool, field, code string) {
		if bad {
			wrong = append(wrong, register.Wrong{Field: field, Code: code})
		}
	}
	say(at == "", "sent_at", "required")
	say(at > now, "sent_at", "in_future")
	say(at != "" && at < d.StartsAt, "sent_at", "sent_before_start")
	say(d.Step == isms.PersonsInformed, "", "informed_on_breach")
	say(s.Situation && (d.Step != isms.FinalReport || d.Trigger != isms.StartNoticeSent || d.SentAt != ""), "", "no_situation_report")
	say(!s.filled(), "", "nothing_sent")
	latest := isms.Submission{}
	for _, f := range former {
		if f.Version > latest.Version {
			latest = f
		}
	}
	switch {
	case s.Replaces != "":
		say(s.Replaces != latest.ID, "replaces", "correct_latest")
		say(at != "" && at < latest.SentAt, "sent_at", "sent_before_former")
	case d.DroppedAt != "":
		say(true, "", "deadline_dropped")
	case d.SentAt != "":
		say(!d.Step.Often(), "", "sent_already")
	default:
		say(at != "" && s.DelayReason == "" && lateAt(d, at), "delay_reason", "delay_reason")
	}
	return wrong
}

// lateAt reports whether sending at the moment would be late.
func lateAt(d isms.Deadline, at register.Moment) bool {
	d.SentAt = at
	return d.Late(at)
}

func (s Submit) filled() bool {
	for _, value := range s.Fields {
		if strings.TrimSpace(value) != "" {
			return true
		}
	}
	return false
}

const maxFieldText = 20000 // characters

// inOrder writes the fields in the form's order. A field that the form does not have is nobody's.
func inOrder(form law.Form, given map[string]string) (string, register.Wrongs) {
	var fields []SentField
	var wrong register.Wrongs
	for _, f := range form.Fields {
		value := strings.ReplaceAll(strings.TrimSpace(given[f.Key]), "\r\n", "\n")
		switch n := utf8.RuneCountInString(value); {
		case !utf8.ValidString(value):
			wrong = append(wrong, register.Wrong{Field: f.Key, Code: "utf8"})
		case n > maxFieldText:
			wrong = append(wrong, register.Wrong{Field: f.Key, Code: "long", Args: []any{maxFieldText, n}})
		}
		fields = append(fields, SentField{f.Key, value})
	}
	for key := range given {
		if _, ok := form.Field(key); !ok {
			wrong = append(wrong, register.Wrong{Field: key, Code: "unknown_field"})
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return "", register.Wrongs{{Field: "fields", Code: "utf8"}}
	}
	return string(text), wrong
}

// reckoningOf is the reckoning of the case that the deadline belongs to.
func (a *App) reckoningOf(tx *store.Tx, d isms.Deadline) (*reckoning, error) {
	field, id := "breach", string(d.Breach)
	if id == "" {
		field, id = "significance", string(d.Significance)
	}
	all, err := store.Linking[isms.Deadline](tx, everywhere, field, []string{id})
	of := isms.Deadline{Incident: d.Incident, Breach: d.Breach, Significance: d.Significance}
	of.Unit = d.Unit
	return &reckoning{app: a, tx: tx, of: of, all: all}, err
}

// reckonAgain holds the case to what it owes after a step was sent.
func (a *App) reckonAgain(tx *store.Tx, d isms.Deadline) error {
	if d.Breach != "" {
		b, err := store.Get[isms.Breach](tx, everywhere, string(d.Breach))
		if err != nil {
			return err
		}
		return a.reckonBreach(tx, b)
	}
	s, err := store.Get[isms.Significance](tx, everywhere, string(d.Significance))
	if err != nil {
		return err
	}
	return a.reckonSignificance(tx, s)
}

// situation lets a situation report take the final report's place.
func (r *reckoning) situation(final isms.Deadline) (*isms.Deadline, error) {
	if err := r.drop(&final, isms.DropSituationReport); err != nil {
		return nil, err
	}
	return r.begin(isms.Owed{Step: isms.SituationReport, Rule: "csl_situation_report", Trigger: final.Trigger, StartsAt: final.StartsAt, Zone: final.Zone,
		SettledBy: final.SettledBy, Reason: final.Reason})
}

// Waive notes that a step is not needed after all, where the law leaves it open.
func (a *App) Waive(ctx context.Context, who access.Actor, e Entry, reason, key string) error {
	_, err := a.once(ctx, who, key, []any{"waive", e, reason}, func(tx *store.Tx) (string, error) {
		d, err := store.Get[isms.Deadline](tx, who.In(access.See, "deadline"), e.ID)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Create, "submission", d.Unit); err != nil {
			return "", err
		}
		switch {
		case !d.Step.Waivable() || !d.Runs():
			return "", register.Wrongs{{Code: "not_waivable"}}
		case strings.TrimSpace(reason) == "":
			return "", register.Wrongs{{Field: "dropped_why", Code: "reason_needed"}}
		}
		d.Rev = e.Rev
		d.DroppedAt, d.Dropped, d.DroppedWhy, d.WaivedBy = tx.Now(), isms.DropWaived, reason, register.Ref[isms.Person](who.Person)
		if wrong := register.Check(&d); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		return d.ID, tx.Put(&d)
	})
	return err
}

// A Correction is a field whose value another version changed.
type Correction struct {
	Key, Before, After string
}

// Corrections lists the fields that the later version changed, in its order.
func Corrections(before, after isms.Submission) []Correction {
	was := map[string]string{}
	var order []string
	for _, f := range SentFields(before) {
		was[f.Key] = f.Value
		order = append(order, f.Key)
	}
	var list []Correction
	for _, f := range SentFields(after) {
		if was[f.Key] != f.Value {
			list = append(list, Correction{f.Key, was[f.Key], f.Value})
		}
		order = slices.DeleteFunc(order, func(key string) bool { return key == f.Key })
	}
	for _, key := range order {
		if was[key] != "" {
			list = append(list, Correction{key, was[key], ""})
		}
	}
	return list
}
