// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// Instruction is the city's yearly instruction (årets anvisning) to its boards: what every board must do,
// what the city puts first, and the plan goal under which activities are reported.
type Instruction struct {
	Record
	Title        string       `reg:"required,listed,find"`
	Year         int          `reg:"required,listed"` // the year it concerns
	Issuer       string       `reg:"listed"`
	Dnr          string       `reg:"max=60,find"`
	DecidedOn    register.Day `reg:"listed"`
	PlanGoal     string       `reg:"max=20,listed"` // number of the business plan's goal: 3.5
	PlanGoalName string       `reg:""`
	Priorities   string       `reg:"prose"`  // what every board must put first, a line each
	Demands      string       `reg:"prose"`  // what every board must do
	Template     string       `reg:"max=60"` // the review template it prescribes
	Focus        Focus        `reg:""`       // what is to be classified first that year
}

// FactorArea says what kind of change in the surroundings a factor is.
type FactorArea string

// Choices lists the areas.
func (FactorArea) Choices() []string {
	return []string{"law", "transfer", "budget", "technology", "security_situation", "organisation", "interested_party"}
}

// Origin says whether a factor is outside the organisation or within it.
type Origin string

// Choices lists the origins.
func (Origin) Choices() []string { return []string{"external", "internal"} }

// ContextFactor is something in or around the organisation that affects its information security
// (ISO/IEC 27001:2022, 9.3.2 b and c), as known on a day. It grows old: a factor not looked at for twelve
// months is never carried into a new review unremarked.
type ContextFactor struct {
	Record
	Heading      string                      `reg:"required,max=120,listed,find"`
	Area         FactorArea                  `reg:"required,listed"`
	Origin       Origin                      `reg:"listed"`
	Text         string                      `reg:"required,prose,find"` // what has happened
	Effect       string                      `reg:"prose"`               // what it means to us
	Law          string                      `reg:"max=60"`              // the key of a rule in the law data
	AdoptedBy    string                      `reg:"max=120"`             // for a legal act: who adopted it,
	AdoptedOn    register.Day                `reg:""`                    // when,
	AppliesFrom  register.Day                `reg:""`                    // and from when it is applied
	AsOf         register.Day                `reg:"required,listed"`
	ReviewedOn   register.Day                `reg:"listed"`
	Source       string                      `reg:"max=500"`
	SupersededBy register.Ref[ContextFactor] `reg:""`
}

// Fresh returns the last day on which somebody vouched for the text.
func (c ContextFactor) Fresh() register.Day { return max(c.AsOf, c.ReviewedOn) }

// DocumentType is the level of a steering document.
type DocumentType string

// Routine is the type of a written way of working.
const Routine DocumentType = "routine"

// Choices lists the types from the highest level down.
func (DocumentType) Choices() []string {
	return []string{"programme", "policy", "guideline", "application_instruction", "local_instruction", "routine", "handbook", "plan", "report"}
}

// DocumentState is where a document is in its life.
type DocumentState string

// The states of a document.
const (
	DocumentDraft        DocumentState = "draft"
	DocumentConsultation DocumentState = "consultation"
	DocumentDecided      DocumentState = "decided"
	DocumentWithdrawn    DocumentState = "withdrawn"
)

// Choices lists the states.
func (DocumentState) Choices() []string {
	return []string{"draft", "consultation", "decided", "withdrawn"}
}

// Document is a steering document (styrdokument) with an owner who keeps it current.
type Document struct {
	Record
	Title     string                 `reg:"required,listed,find"`
	Type      DocumentType           `reg:"required,listed"`
	State     DocumentState          `reg:"required,listed"`
	Owner     register.Ref[Person]   `reg:"listed"`
	Approver  string                 `reg:"max=120"` // the role or body that decides it
	DecidedOn register.Day           `reg:"listed"`
	Dnr       string                 `reg:"max=60,find"`
	Version   string                 `reg:"max=20"`
	ValidFrom register.Day           `reg:""`
	ValidTo   register.Day           `reg:""`
	ReviewBy  register.Day           `reg:"listed"` // the day by which it must have been looked over
	Parent    register.Ref[Document] `reg:""`
	Audience  string                 `reg:""`
	Address   string                 `reg:"max=500"` // where the text is kept
	Note      string                 `reg:"prose"`
}

// InForce reports whether the document is decided and valid on the day.
func (d Document) InForce(on register.Day) bool {
	return d.State == DocumentDecided && during(d.ValidFrom, d.ValidTo, on)
}

// Overdue reports whether the document should have been looked over before the day.
func (d Document) Overdue(on register.Day) bool { return d.ReviewBy != "" && d.ReviewBy < on }

// Wrong reports days in the wrong order and a document that is its own parent. A decided document may lack its day:
// old ones often do.
func (d Document) Wrong() []register.Wrong {
	wrong := order("valid_to", d.ValidFrom, d.ValidTo)
	if d.ID != "" && string(d.Parent) == d.ID {
		wrong = append(wrong, register.Wrong{Field: "parent", Code: "own_parent"})
	}
	return wrong
}

// DecisionKind says what a decision changes (ISO/IEC 27001:2022, 9.3.3).
type DecisionKind string

// Choices lists the kinds.
func (DecisionKind) Choices() []string {
	return []string{"improvement", "isms_change", "resource", "direction", "other"}
}

// DecisionSubject is what a governing decision is about, so that the registers can be held against it.
type DecisionSubject string

// SubjectCloudOutsideEU is a decision to be restrained with services whose supplier, or supplier's group, is outside
// the EU and the EEA.
const SubjectCloudOutsideEU DecisionSubject = "cloud_outside_eu"

// Choices lists the subjects.
func (DecisionSubject) Choices() []string { return []string{"cloud_outside_eu"} }

// DecisionState says whether what was decided has been carried out.
type DecisionState string

// The states of a decision.
const (
	DecisionOpen DecisionState = "open"
	DecisionDone DecisionState = "done"
	DecisionMoot DecisionState = "moot" // no longer of consequence, with reason
)

// Choices lists the states.
func (DecisionState) Choices() []string { return []string{"open", "done", "moot"} }

// Decision is a decision that steers the work: one taken in a management review, or an outside one that
// binds the unit, such as the city's direction for cloud services.
type Decision struct {
	Record
	Title     string               `reg:"required,listed,find"`
	Text      string               `reg:"prose,find"`
	Kind      DecisionKind         `reg:"required,listed"`
	Issuer    string               `reg:"listed"` // who decided, if not the unit itself
	DecidedOn register.Day         `reg:"listed"`
	DecidedBy register.Ref[Person] `reg:""`
	Dnr       string               `reg:"max=60,find"`
	Review    register.Ref[Review] `reg:""` // the review it was taken in
	State     DecisionState        `reg:"required,listed"`
	Reason    string               `reg:"prose"` // why late, or why moot
	DoneOn    register.Day         `reg:""`
	Affects   DecisionSubject      `reg:""` // of a governing decision: what the registers are held against
}
