// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// SecrecyMark says that a record, or one field of it, may be secret: by which provision, from which day, by which authority
// (offentlighets- och sekretesslagen 2009:400, 5 kap. 5 §). It is a warning and no decision: each request is judged anew. Its
// record belongs to the marked record's unit.
type SecrecyMark struct {
	Record
	Kind      string               `reg:"required,max=64,listed"` // the marked record's register
	Of        string               `reg:"required,max=64"`        // its id
	Field     string               `reg:"max=64,listed"`          // "" is all of it
	Provision string               `reg:"required,max=80,listed"` // the provision's key in law
	MarkedOn  register.Day         `reg:"required,listed"`
	Authority string               `reg:"required,max=200,listed"`
	MarkedBy  register.Ref[Person] `reg:"listed"`
	Note      string               `reg:"prose,max=2000"`
	LiftedOn  register.Day         `reg:"listed"`
}

// Title names the mark by its provision.
func (m SecrecyMark) Title() string { return m.Provision }

// Holds reports whether the mark stands on the day.
func (m SecrecyMark) Holds(on register.Day) bool {
	return m.Retired == "" && (m.LiftedOn == "" || on < m.LiftedOn)
}

// Wrong reports a mark lifted before it was made.
func (m SecrecyMark) Wrong() []register.Wrong { return order("lifted_on", m.MarkedOn, m.LiftedOn) }

// LawOverride is an administrator's own wording of a rule of law that the program carries: another recipient, period or
// reliability, between two days, with its source. Cases from before keep the rule they were reckoned by.
type LawOverride struct {
	Record
	Rule        string               `reg:"required,max=80,listed,find"` // the rule's key
	ValidFrom   register.Day         `reg:"required,listed"`
	ValidTo     register.Day         `reg:"listed"`
	Recipient   string               `reg:"max=200,listed"`
	Amount      register.Count       `reg:"listed"` // of the rule's own unit: hours, days or months
	Source      string               `reg:"required,max=500,find"`
	Reliability string               `reg:"required,max=40,listed"` // as law writes it
	CheckedOn   register.Day         `reg:"listed"`
	CheckedBy   register.Ref[Person] `reg:""`
	Note        string               `reg:"prose,max=2000"`
}

// Title names the override by its rule.
func (o LawOverride) Title() string { return o.Rule }

// Wrong reports ends in the wrong order.
func (o LawOverride) Wrong() []register.Wrong { return order("valid_to", o.ValidFrom, o.ValidTo) }
