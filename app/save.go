// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// Change is what somebody wants a record to be: the fields of a form, each with its values.
type Change struct {
	Kind string
	ID   string // "" for a new record
	Unit string // the record's unit; "" keeps the unit of a record that is
	Rev  int    // the revision that the form was filled in from
	Key  string // chosen by who asks: the same key is never done twice; "" none
	Form map[string][]string
}

// The greatest form that is read. Larger ones are somebody's mistake or mischief.
const (
	maxFields = 200
	maxForm   = 1 << 20 // bytes of all values
)

// Save makes a new record or changes one, and returns its id. Fields that the form does not name stay as they are.
//
// It refuses, with words for the person, what has an act of its own: a review's way (StartReview, Advance, Decide), its
// sections' text (SaveSection), accepted findings (AcceptFinding), and a classification decided by somebody who may not.
func (a *App) Save(ctx context.Context, who access.Actor, c Change) (string, error) {
	s, err := schema(c.Kind)
	if err != nil {
		return "", err
	}
	if err := tooMuch(c.Form); err != nil {
		return "", err
	}
	return a.once(ctx, who, c.Key, c, func(tx *store.Tx) (string, error) {
		allow := func(act access.Act, unit string) error { return a.allow(ctx, who, act, s.Name, unit) }
		was, rec, wrong, err := intended(one(tx), who, s, c, allow)
		if err != nil {
			return "", err
		}
		if len(wrong) > 0 {
			return "", wrong
		}
		id, err := a.keep(tx, who, was, rec)
		if err != nil {
			return "", err
		}
		return id, a.afterwards(tx, was, rec)
	})
}

// intended returns the record as it is, nil if it is new, and as the change would have it, with everything that is wrong with
// that. Each record that somebody saves and each row of an import goes through it, so that one cannot do what the other may not.
// allow says whether the actor may do the act in the unit.
func intended(l *look, who access.Actor, s *register.Schema, c Change, allow func(access.Act, string) error) (was, rec register.Entity, wrong register.Wrongs, err error) {
	if was, rec, err = open(l, who, s, c, allow); err != nil {
		return nil, nil, nil, err
	}
	if err := ownAct(was, rec); err != nil {
		return nil, nil, nil, err
	}
	hidden, err := hiddenFrom(l, who, was)
	if err != nil {
		return nil, nil, nil, err
	}
	wrong = register.Read(rec, withoutHidden(c.Form, hidden))
	unread := len(wrong)
	for _, w := range register.Check(rec) {
		if !slices.ContainsFunc(wrong[:unread], func(u register.Wrong) bool { return u.Field == w.Field }) {
			wrong = append(wrong, w)
		}
	}
	if wrong = openWrongs(wrong, was, hidden); len(wrong) == 0 {
		wrong, err = rules(l, who, was, rec)
		wrong = openWrongs(wrong, was, hidden)
	}
	return was, rec, wrong, err
}

func tooMuch(form map[string][]string) error {
	size := 0
	for _, values := range form {
		for _, v := range values {
			size += len(v)
		}
	}
	switch {
	case len(form) > maxFields:
		return register.Wrongs{{Code: "many", Args: []any{maxFields}}}
	case size > maxForm:
		return register.Wrongs{{Code: "long", Args: []any{maxForm, size}}}
	}
	return nil
}

// open returns the record as it is, nil if it is new, and a copy to change, for somebody who may make or change it: in
// the unit where it is and in the one where it will be.
func open(l *look, who access.Actor, s *register.Schema, c Change, allow func(access.Act, string) error) (was, rec register.Entity, err error) {
	if c.ID == "" {
		rec = s.New()
		rec.Head().ID, rec.Head().Unit = register.NewID(), c.Unit
		place := c.Unit
		if u, ok := rec.(*isms.Unit); ok {
			u.Unit, place = u.ID, lastValue(c.Form["parent"]) // a unit's record belongs to the unit itself
		}
		return nil, rec, allow(access.Create, place)
	}
	if was, err = l.Get(s, l.reach(who, access.See, s.Name), c.ID); err != nil {
		return nil, nil, err
	}
	rec = copyOf(was)
	rec.Head().Rev = c.Rev
	if err := allow(access.Change, was.Head().Unit); err != nil {
		return nil, nil, err
	}
	if c.Unit != "" && c.Unit != was.Head().Unit && s.Name != "unit" {
		rec.Head().Unit = c.Unit
		if err := allow(access.Create, c.Unit); err != nil {
			return nil, nil, err
		}
	}
	if is, err := frozen(l, was); err != nil || is {
		return nil, nil, errors.Join(err, isms.ErrFrozen)
	}
	return was, rec, nil
}

// lastValue is the one that counts, as register.Read reads a field of one value.
func lastValue(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}

// Retire takes a record out of use from the day, today if it is "". Nothing is deleted.
func (a *App) Retire(ctx context.Context, who access.Actor, kind, id string, rev int, day register.Day, key string) error {
	s, err := schema(kind)
	if err != nil {
		return err
	}
	if day == "" {
		day = a.Today()
	}
	if !day.Valid() {
		return register.Wrongs{{Field: "retired", Code: "day", Args: []any{string(day)}}}
	}
	_, err = a.once(ctx, who, key, []any{"retire", kind, id, rev, day}, func(tx *store.Tx) (string, error) {
		rec, err := tx.Get(s, who.In(access.See, kind), id)
		if err != nil {
			return "", err
		}
		allow := func(act access.Act, unit string) error { return a.allow(ctx, who, act, kind, unit) }
		if err := retirable(one(tx), who, rec, allow); err != nil {
			return "", err
		}
		if err := tx.Retire(s, who.In(access.Retire, kind), id, rev, day); err != nil {
			return "", err
		}
		if step, ok := rec.(*isms.StepTaken); ok {
			return id, stepTakenBack(tx, who, *step)
		}
		return id, nil
	})
	return err
}

// retirable returns why the record may not be taken out of use by the actor.
func retirable(l *look, who access.Actor, rec register.Entity, allow func(access.Act, string) error) error {
	if err := allow(access.Retire, rec.Head().Unit); err != nil {
		return err
	}
	if is, err := frozen(l, rec); err != nil || is {
		return errors.Join(err, isms.ErrFrozen)
	}
	switch rec.(type) {
	case *isms.Draw, *isms.Portion, *isms.AnswerSheet, *isms.Removal, *isms.PostConfirmation, *isms.ControlReport:
		return ownAct(rec, rec) // what is out of use is not shown: a draw that was replaced, or an answer, would be hidden
	}
	if as, ok := rec.(*isms.Assignment); ok {
		if wrong := ownRole(who, nil, as); wrong != nil {
			return wrong
		}
	}
	return nil
}

// rules reports what is wrong with the record beside its own fields: links to records that are not there, and what the
// actor may not put in it.
func rules(l *look, who access.Actor, was, rec register.Entity) (register.Wrongs, error) {
	wrong, err := dangling(l, who, was, rec)
	if err != nil {
		return nil, err
	}
	switch r := rec.(type) {
	case *isms.Unit:
		circle, err := circular(l, who, was, r)
		return append(wrong, circle...), err
	case *isms.Assignment:
		old, _ := was.(*isms.Assignment)
		wrong = append(wrong, ownRole(who, old, r)...)
	case *isms.Classification:
		old, _ := was.(*isms.Classification)
		wrong = append(wrong, classificationRules(who, old, r)...)
	case *isms.Review:
		old, _ := was.(*isms.Review)
		wrong = append(wrong, reviewRules(old, r)...)
	case *isms.Processing:
		old, _ := was.(*isms.Processing)
		wrong = append(wrong, processingRules(old, r)...)
		if len(wrong) == 0 {
			return oneVersion(l, old, r)
		}
	case *isms.DPIA:
		old, _ := was.(*isms.DPIA)
		wrong = append(wrong, dpiaRules(who, old, r)...)
	case *isms.Incident:
		old, _ := was.(*isms.Incident)
		wrong = append(wrong, incidentRules(old, r)...)
	case *isms.Breach:
		old, _ := was.(*isms.Breach)
		more, err := breachRules(l, who, old, r)
		return append(wrong, more...), err
	case *isms.Significance:
		old, _ := was.(*isms.Significance)
		more, err := significanceRules(l, who, old, r)
		return append(wrong, more...), err
	case *isms.SecrecyMark:
		old, _ := was.(*isms.SecrecyMark)
		more, err := markRules(l, who, old, r)
		return append(wrong, more...), err
	case *isms.LawOverride:
		more, err := overrideRules(l, r)
		return append(wrong, more...), err
	case *isms.DeviceLoss:
		old, _ := was.(*isms.DeviceLoss)
		more, err := lossRules(l, old, r)
		return append(wrong, more...), err
	case *isms.StepTaken:
		if len(wrong) > 0 {
			return wrong, nil
		}
		old, _ := was.(*isms.StepTaken)
		return stepRules(l, old, r)
	case *isms.Post:
		old, _ := was.(*isms.Post)
		wrong = append(wrong, postRules(old, r)...)
	case *isms.ControlScale, *isms.ControlAssessment, *isms.ControlPlan, *isms.Control, *isms.DirectAction, *isms.ControlResult:
		if len(wrong) > 0 {
			return wrong, nil
		}
		return controlWorkRules(l, was, rec)
	case *isms.SpotCheck:
		old, _ := was.(*isms.SpotCheck)
		wrong = append(wrong, spotCheckRules(old, r)...)
	case *isms.Deviation:
		old, _ := was.(*isms.Deviation)
		more, err := deviationRules(l, old, r)
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, more...)
	case *isms.AccessReview:
		old, _ := was.(*isms.AccessReview)
		more, err := accessReviewRules(l, old, r)
		return append(wrong, more...), err
	case *isms.Consultation:
		return wrong, intoOpen(l, r.Review)
	}
	if len(wrong) > 0 {
		return wrong, nil
	}
	return levelRules(l, who, was, rec)
}

// dangling reports links that the change adds to records that are not there or may not be seen: which of the two is
// not told. A link that was there before may stay.
func dangling(l *look, who access.Actor, was, rec register.Entity) (register.Wrongs, error) {
	var wrong register.Wrongs
	for _, f := range register.OfValue(rec).Fields {
		if f.Target == "" {
			continue
		}
		target, err := schema(f.Target)
		if err != nil {
			return nil, err
		}
		var before []string
		if was != nil {
			before = f.IDs(was)
		}
		for _, id := range f.IDs(rec) {
			if slices.Contains(before, id) {
				continue
			}
			_, err := l.Get(target, l.reach(who, access.See, f.Target), id)
			switch {
			case errors.Is(err, isms.ErrNotFound):
				wrong = append(wrong, register.Wrong{Field: f.Name, Code: "no_such", Args: []any{id}})
			case err != nil:
				return nil, err
			}
		}
	}
	return wrong, nil
}

// circular reports a unit that would come to stand under itself, and a parent under which the actor may make no units.
func circular(l *look, who access.Actor, was register.Entity, u *isms.Unit) (register.Wrongs, error) {
	if old, ok := was.(*isms.Unit); ok && old.Parent == u.Parent {
		return nil, nil
	}
	if !who.May(access.Create, "unit", l.settled(string(u.Parent))) {
		return register.Wrongs{{Field: "parent", Code: "not_yours"}}, nil
	}
	units, err := l.units()
	if err != nil {
		return nil, err
	}
	if slices.Contains(subtree(units, u.ID), string(u.Parent)) {
		return register.Wrongs{{Field: "parent", Code: "own_parent"}}, nil
	}
	return nil, nil
}

// ownRole reports that somebody gives themselves a role or changes their own: roles are given by another, so that nobody can widen their
// own reach alone.
func ownRole(who access.Actor, was, is *isms.Assignment) register.Wrongs {
	own := string(is.Person) == who.Person || was != nil && string(was.Person) == who.Person
	if who.System() || !own {
		return nil
	}
	return register.Wrongs{{Field: "person", Code: "own_role"}}
}

// classificationRules lets only those who may decide make a classification decided or touch a decided one.
func classificationRules(who access.Actor, was, is *isms.Classification) register.Wrongs {
	for _, c := range []*isms.Classification{was, is} {
		if c != nil && c.State == isms.ClassificationDecided && !who.May(access.Decide, "classification", c.Unit) {
			return register.Wrongs{{Field: "state", Code: "classification_by_decider"}}
		}
	}
	return nil
}
