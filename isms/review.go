// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// ReviewState is where a management review is on its way.
type ReviewState string

// The states of a review. After decided nothing in it changes.
const (
	ReviewDraft        ReviewState = "draft"
	ReviewCollecting   ReviewState = "collecting"
	ReviewConsultation ReviewState = "consultation"
	ReviewProposed     ReviewState = "proposed"
	ReviewDecided      ReviewState = "decided"
	ReviewPublished    ReviewState = "published"
)

// Choices lists the states in order.
func (ReviewState) Choices() []string {
	return []string{"draft", "collecting", "consultation", "proposed", "decided", "published"}
}

// Frozen reports whether a review in this state never changes again.
func (s ReviewState) Frozen() bool { return s == ReviewDecided || s == ReviewPublished }

// Next returns the states that may follow: one step on, or back to collecting while nothing is decided.
func (s ReviewState) Next() []ReviewState {
	switch s {
	case ReviewDraft:
		return []ReviewState{ReviewCollecting}
	case ReviewCollecting:
		return []ReviewState{ReviewConsultation}
	case ReviewConsultation:
		return []ReviewState{ReviewProposed, ReviewCollecting}
	case ReviewProposed:
		return []ReviewState{ReviewDecided, ReviewCollecting}
	case ReviewDecided:
		return []ReviewState{ReviewPublished}
	}
	return nil
}

// Review is a unit's management review (ledningens genomgång) for a year, with a plan for that year and the
// following two. AsOf is the day whose facts it states.
type Review struct {
	Record
	Year        int                       `reg:"required,listed"`
	Version     int                       `reg:"required,listed"` // 1, or more for a correction
	Corrects    register.Ref[Review]      `reg:""`                // the version that this one corrects
	Correction  string                    `reg:"prose"`           // what is corrected and why
	Dnr         string                    `reg:"max=60,listed,find"`
	Template    string                    `reg:"required,max=60"`
	Instruction register.Ref[Instruction] `reg:""`
	State       ReviewState               `reg:"required,listed"`
	AsOf        register.Day              `reg:"required,listed"`
	Author      register.Ref[Person]      `reg:"listed"`
	Contact     string                    `reg:"max=120"` // the role to ask
	AppendedTo  string                    `reg:"max=200"` // the plan it is attached to
	Validation  string                    `reg:"max=500"` // the address where the decision's signature can be checked, if it is signed outside the program
	DecidedBy   register.Ref[Person]      `reg:"listed"`
	DecidedOn   register.Day              `reg:"listed"`
}

// SectionState is how far a section's own text has come.
type SectionState string

// Choices lists the states.
func (SectionState) Choices() []string { return []string{"empty", "in_work", "ready"} }

// ReviewSection is the coordinator's own text in one section of a review, in Markdown, beside the facts and never
// over them.
type ReviewSection struct {
	Record
	Review  register.Ref[Review] `reg:"required,listed"`
	Section string               `reg:"required,max=60,listed"` // the section's key in the review's template
	Text    string               `reg:"prose"`
	Notes   string               `reg:"prose"` // for those who write; never printed
	State   SectionState         `reg:"required,listed"`
}

// ConsultationKind says how somebody took part in a review.
type ConsultationKind string

// Choices lists the kinds.
func (ConsultationKind) Choices() []string { return []string{"consulted", "attended"} }

// Consultation is somebody's part in a review: consulted with a statement, or present at its meeting.
type Consultation struct {
	Record
	Review    register.Ref[Review] `reg:"required,listed"`
	Person    register.Ref[Person] `reg:"required,listed"`
	Role      Role                 `reg:"listed"` // in which the person took part
	Kind      ConsultationKind     `reg:"required,listed"`
	Day       register.Day         `reg:"listed"`
	Statement string               `reg:"prose"`
}

// Acceptance is a finding of the review's examination that is let stand, with the reason, which is printed.
type Acceptance struct {
	Record
	Review  register.Ref[Review] `reg:"required,listed"`
	Finding string               `reg:"required,max=200,listed"` // the finding's key
	Reason  string               `reg:"required,prose"`
	Person  register.Ref[Person] `reg:"listed"`
}
