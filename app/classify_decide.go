// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// ProposeClassification hands a classification in workshop to the information owner. Every aspect that its model demands
// must be judged.
func (a *App) ProposeClassification(ctx context.Context, who access.Actor, e Entry, key string) error {
	_, err := a.once(ctx, who, key, e, func(tx *store.Tx) (string, error) {
		c, err := a.openClassification(ctx, tx, who, access.Change, e.ID)
		if err != nil {
			return "", err
		}
		if c.State != isms.ClassificationInWorkshop {
			return "", register.Wrongs{{Field: "state", Code: "not_in_workshop"}}
		}
		if c.Rev != e.Rev {
			return "", isms.ErrStale
		}
		if c.Stops() {
			return "", register.Wrongs{{Code: "security_protected"}}
		}
		if wrong := unjudged(c); len(wrong) > 0 {
			return "", wrong
		}
		c.State, c.ProposedOn = isms.ClassificationProposed, a.Today()
		return c.ID, tx.Put(&c)
	})
	return err
}

// unjudged reports the aspects that the classification's model demands and that have no level.
func unjudged(c isms.Classification) register.Wrongs {
	var wrong register.Wrongs
	m, _ := isms.Model(c.Model)
	for _, a := range isms.Aspects() {
		if m.Compulsory(a) && c.Judgement(a).Level == "" {
			wrong = append(wrong, register.Wrong{Field: string(a), Code: "required"})
		}
	}
	return wrong
}

// ReturnToWorkshop takes a proposed classification back, to be judged further. Those who judge it may, and those who may
// decide it: who finds a proposal wanting need not decide it first.
func (a *App) ReturnToWorkshop(ctx context.Context, who access.Actor, e Entry, key string) error {
	_, err := a.once(ctx, who, key, e, func(tx *store.Tx) (string, error) {
		c, err := a.partOf(ctx, tx, who, e.ID)
		if err != nil {
			return "", err
		}
		if c.State != isms.ClassificationProposed {
			return "", register.Wrongs{{Field: "state", Code: "not_proposed_classification"}}
		}
		if c.Rev != e.Rev {
			return "", isms.ErrStale
		}
		c.State, c.ProposedOn = isms.ClassificationInWorkshop, ""
		return c.ID, tx.Put(&c)
	})
	return err
}

// maxClassifications is the greatest number that is decided in one act: a system with all its sets has room.
const maxClassifications = 200

// ClassificationDecision is what an information owner decides.
type ClassificationDecision struct {
	Proposals  []Entry      // all are decided or none
	DecidedOn  register.Day // "" is today
	ValidUntil register.Day // "" is a year from the decision
	Key        string
}

// DecideClassifications decides proposed classifications in the actor's own name. Only the owner of what is classified
// can, where it has one, and only somebody who may decide classifications in the unit; a system's classification is
// decided by any such, since the system's owner is not the owner of its information. What was decided of the same object
// before is superseded, and tasks to classify it again are done.
func (a *App) DecideClassifications(ctx context.Context, who access.Actor, d ClassificationDecision) error {
	if d.DecidedOn == "" {
		d.DecidedOn = a.Today()
	}
	if !d.DecidedOn.Valid() || d.DecidedOn > a.Today() {
		return register.Wrongs{{Field: "decided_on", Code: "decided_ahead"}}
	}
	if d.ValidUntil == "" {
		d.ValidUntil = d.DecidedOn.AddMonths(12)
	}
	if len(d.Proposals) == 0 || len(d.Proposals) > maxClassifications {
		return register.Wrongs{{Field: "classification", Code: "many", Args: []any{maxClassifications}}}
	}
	_, err := a.once(ctx, who, d.Key, d, func(tx *store.Tx) (string, error) {
		for _, e := range d.Proposals {
			c, err := a.openClassification(ctx, tx, who, access.Decide, e.ID)
			if err != nil {
				return "", err
			}
			if err := a.decideOne(tx, who, c, e.Rev, d); err != nil {
				return "", err
			}
		}
		return d.Proposals[0].ID, nil
	})
	if err == nil {
		a.Log.InfoContext(ctx, "decided", "org", who.Org, "who", who.Person, "classifications", len(d.Proposals))
	}
	return err
}

func (a *App) decideOne(tx *store.Tx, who access.Actor, c isms.Classification, rev int, d ClassificationDecision) error {
	switch {
	case who.Person == "":
		return register.Wrongs{{Code: "operator_decides"}}
	case c.State != isms.ClassificationProposed:
		return register.Wrongs{{Field: "state", Code: "not_proposed_classification"}}
	case c.Rev != rev:
		return isms.ErrStale
	case c.Stops():
		return register.Wrongs{{Code: "security_protected"}}
	}
	wrong, err := notOwner(one(tx), who, c)
	if err != nil || wrong != nil {
		return wrongOr(wrong, err)
	}
	was := c
	c.State, c.DecidedBy, c.DecidedOn, c.ValidUntil = isms.ClassificationDecided, register.Ref[isms.Person](who.Person), d.DecidedOn, d.ValidUntil
	if wrong := register.Check(&c); len(wrong) > 0 {
		return register.Wrongs(wrong)
	}
	if c.Former == "" {
		all, err := classificationsOf(tx, kindOf(c), objectOf(c))
		if err != nil {
			return err
		}
		if last, ok := lastDecided(all); ok {
			c.Former = register.Ref[isms.Classification](last.ID)
		}
	}
	if err := tx.Put(&c); err != nil {
		return err
	}
	return a.afterwards(tx, &was, &c)
}

func kindOf(c isms.Classification) string {
	kind, _ := c.Object()
	return kind
}

func objectOf(c isms.Classification) string {
	_, id := c.Object()
	return id
}

func wrongOr(wrong register.Wrongs, err error) error {
	if err != nil {
		return err
	}
	return wrong
}

// notOwner reports that what is classified has an owner who is somebody else. A system's owner answers for the system
// and not for the information in it.
func notOwner(l *look, who access.Actor, c isms.Classification) (register.Wrongs, error) {
	kind, id := c.Object()
	if kind == "system" || who.System() {
		return nil, nil
	}
	s, err := schema(kind)
	if err != nil {
		return nil, err
	}
	obj, err := l.Get(s, everywhere, id)
	if err != nil {
		return nil, err
	}
	owner := ownerOf(obj)
	if owner == "" || string(owner) == who.Person {
		return nil, nil
	}
	p, err := l.Get(register.Of[isms.Person](), everywhere, string(owner))
	if err != nil {
		return nil, err
	}
	return register.Wrongs{{Field: "decided_by", Code: "not_owner", Args: []any{p.(*isms.Person).Name}}}, nil
}

// ownerOf is the owner of an object that can be classified.
func ownerOf(obj register.Entity) register.Ref[isms.Person] {
	switch o := obj.(type) {
	case *isms.System:
		return o.Owner
	case *isms.Process:
		return o.Owner
	case *isms.InformationSet:
		return o.Owner
	case *isms.InformationType:
		return o.Owner
	}
	return ""
}

// supersede takes the place of every other decided classification of the same object.
func supersede(tx *store.Tx, by isms.Classification) error {
	all, err := classificationsOf(tx, kindOf(by), objectOf(by))
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.ID == by.ID || c.State != isms.ClassificationDecided {
			continue
		}
		c.State = isms.ClassificationSuperseded
		if err := tx.Put(&c); err != nil {
			return err
		}
	}
	return nil
}
