// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// Protection is what a system's protection must meet today, and everything that tells why.
type Protection struct {
	System     isms.System
	Standing   []isms.Standing // by aspect; an exception in force is in it
	Profile    isms.Profile    // what stands
	AtLeast    bool            // a compulsory aspect may be higher: something beneath is not classified
	Decided    isms.ProtectionLevel
	IsDecided  bool
	Exceptions []isms.LevelException // all of the system's, also those that have ended
	Own        *isms.Classification  // the system's own valid classification
	Inputs     []ProtectionInput     // what the system gets information from directly
	Measures   []isms.Answered
	Unknown    []isms.Measure // those that an aspect that is not classified may call for
	Titles     Titles         // of the records on the paths, as far as the actor may see them
	May        Rights         // to decide the level
}

// ProtectionInput is something that a system gets information from, with what is derived of it.
type ProtectionInput struct {
	isms.Input
	Profile isms.Profile
	AtLeast bool
}

// Protection returns what a system must meet. Levels come from everything that flows in, also from units that the actor
// may not see; the names of what is there are told only to those who may.
func (a *App) Protection(ctx context.Context, who access.Actor, system string) (Protection, error) {
	var p Protection
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		if p.System, err = store.Get[isms.System](tx, who.In(access.See, "system"), system); err != nil {
			return err
		}
		decided, err := linked[isms.ProtectionLevel](tx, "system", system)
		if err != nil {
			return err
		}
		if p.Exceptions, err = linked[isms.LevelException](tx, "system", system); err != nil {
			return err
		}
		answers, err := linked[isms.MeasureAnswer](tx, "system", system)
		if err != nil {
			return err
		}
		p.Decided, p.IsDecided = isms.DecidedLevel(decided, system, a.Today())
		err = a.derived(tx, who.Org, func(d *isms.Derivation) error {
			p.Standing = d.StandingOf(system, decided, p.Exceptions)
			if own, ok := d.Own("system", system); ok {
				p.Own = &own
			}
			for _, in := range d.Inputs("system", system) {
				profile, atLeast := d.Profile(in.From.Kind, in.From.ID)
				p.Inputs = append(p.Inputs, ProtectionInput{in, profile, atLeast})
			}
			return nil
		})
		if err != nil {
			return err
		}
		p.Profile, p.AtLeast = isms.StandingProfile(p.Standing)
		p.Measures, p.Unknown = isms.Answers(p.Profile, system, answers), isms.Unknown(p.Profile)
		p.Titles, err = titles(tx, who, p.names())
		return err
	})
	p.May = rights(who, "protection_level", p.System.Unit, false)
	return p, err
}

// names lists everything that the page names.
func (p Protection) names() wanted {
	w := links(&p.System)
	for _, s := range p.Standing {
		for _, step := range s.Derived.Path {
			w.add(step.Kind, step.ID)
		}
	}
	for _, in := range p.Inputs {
		w.add(in.From.Kind, in.From.ID)
		w.add("integration", in.By)
	}
	for _, e := range p.Exceptions {
		w.add("person", string(e.ApprovedBy))
	}
	w.add("person", string(p.Decided.DecidedBy))
	for _, m := range p.Measures {
		if m.Answer != nil {
			w.add("activity", string(m.Answer.Activity))
			w.add("person", string(m.Answer.AnsweredBy))
		}
	}
	return w
}

// Level is what an object's level is today, for lists.
type Level struct {
	Profile isms.Profile
	AtLeast bool
}

// Levels gives the levels of the objects that the actor may see: what stands for systems, what is derived for sets and
// processes.
func (a *App) Levels(ctx context.Context, who access.Actor, kind string, ids []string) (map[string]Level, error) {
	if !slices.Contains(classifiable, kind) {
		return nil, isms.ErrNotFound
	}
	out := map[string]Level{}
	err := a.view(ctx, who, func(tx *store.Tx) error {
		seen, err := tx.TitlesIn(kind, who.In(access.See, kind), ids)
		if err != nil {
			return err
		}
		var decided []isms.ProtectionLevel
		var exceptions []isms.LevelException
		if kind == "system" {
			if decided, err = store.All[isms.ProtectionLevel](tx, everywhere); err != nil {
				return err
			}
			if exceptions, err = store.All[isms.LevelException](tx, everywhere); err != nil {
				return err
			}
		}
		return a.derived(tx, who.Org, func(d *isms.Derivation) error {
			for id := range seen {
				var l Level
				if kind == "system" {
					l.Profile, l.AtLeast = isms.StandingProfile(d.StandingOf(id, decided, exceptions))
				} else {
					l.Profile, l.AtLeast = d.Profile(kind, id)
				}
				out[id] = l
			}
			return nil
		})
	})
	return out, err
}

// MeasureReply is how a system meets a measure.
type MeasureReply struct {
	System   string
	Measure  string
	Rev      int // the revision of the answer that was read, 0 where there was none
	State    isms.Fulfilment
	How      string
	Evidence string
	Key      string
}

// AnswerMeasure keeps how a system meets a measure of the catalogue, and returns the answer's id. What is fulfilled or
// does not apply must be said in words.
func (a *App) AnswerMeasure(ctx context.Context, who access.Actor, n MeasureReply) (string, error) {
	if _, ok := isms.MeasureWithKey(n.Measure); !ok {
		return "", register.Wrongs{{Field: "measure", Code: "no_measure", Args: []any{cutAt(n.Measure, 40)}}}
	}
	if (n.State == isms.Fulfilled || n.State == isms.NotApplicable) && n.How == "" {
		return "", register.Wrongs{{Field: "how", Code: "how_needed"}}
	}
	return a.once(ctx, who, n.Key, n, func(tx *store.Tx) (string, error) {
		s, err := store.Get[isms.System](tx, who.In(access.See, "system"), n.System)
		if err != nil {
			return "", err
		}
		m, err := answerTo(tx, n.System, n.Measure)
		if err != nil {
			return "", err
		}
		act := access.Change
		if m.ID == "" {
			act = access.Create
			m.Record = isms.Record{ID: register.NewID(), Unit: s.Unit}
		}
		if err := a.allow(ctx, who, act, "measure_answer", m.Unit); err != nil {
			return "", err
		}
		if m.Rev != n.Rev {
			return "", isms.ErrStale
		}
		m.System, m.Measure, m.State, m.How, m.Evidence = register.Ref[isms.System](n.System), n.Measure, n.State, n.How, n.Evidence
		m.AnsweredBy, m.AnsweredOn = register.Ref[isms.Person](who.Person), a.Today()
		if wrong := register.Check(&m); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		return m.ID, tx.Put(&m)
	})
}

// answerTo is the system's answer to the measure, without an id where there is none.
func answerTo(tx *store.Tx, system, measure string) (isms.MeasureAnswer, error) {
	all, err := linked[isms.MeasureAnswer](tx, "system", system)
	if err != nil {
		return isms.MeasureAnswer{}, err
	}
	var newest isms.MeasureAnswer
	for _, m := range all {
		if m.Measure == measure && (newest.ID == "" || m.AnsweredOn > newest.AnsweredOn || m.AnsweredOn == newest.AnsweredOn && m.ID > newest.ID) {
			newest = m
		}
	}
	return newest, nil
}
