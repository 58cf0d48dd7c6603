// SPDX-License-Identifier: EUPL-1.2

// Package isms holds the registers of an information-security management system, one file for each kind of
// work, and the rules that would be true with pen and paper: when a classification has expired, what a
// plan's line is, which state may follow which. It knows nothing of databases, the web or languages.
package isms

import (
	"errors"
	"sync"

	"ledsyn/register"
)

// The few ways to say no. Everything a person can mend is register.Wrongs instead.
var (
	ErrNotFound  = errors.New("not found")                    // is not there, or may not be seen
	ErrForbidden = errors.New("not allowed")                  // may be seen, may not be done
	ErrStale     = errors.New("changed by another meanwhile") // the record's revision is not the newest
	ErrFrozen    = errors.New("frozen")                       // belongs to a decided review
)

// Record is the head of every register: see register.Record.
type Record = register.Record

// Registers lists every register, in the order that a newcomer would want to read them. Stores make their
// tables from it, pages their navigation; a register that is not here does not exist.
func Registers() []*register.Schema {
	return []*register.Schema{
		register.Of[Unit](), register.Of[Person](), register.Of[Assignment](),
		register.Of[Instruction](), register.Of[ContextFactor](), register.Of[Document](), register.Of[Decision](),
		register.Of[System](), register.Of[Process](), register.Of[InformationType](), register.Of[InformationSet](),
		register.Of[Integration](), register.Of[Classification](), register.Of[ProtectionLevel](), register.Of[LevelException](),
		register.Of[Reclassification](), register.Of[ClassificationPriority](), register.Of[CoverageTarget](), register.Of[Referral](),
		register.Of[MeasureAnswer](),
		register.Of[Processing](), register.Of[Supplier](), register.Of[Agreement](), register.Of[SubProcessor](), register.Of[Transfer](),
		register.Of[DPIA](), register.Of[DPIARisk](), register.Of[SubjectRequest](), register.Of[Campaign](), register.Of[Confirmation](),
		register.Of[Measurement](), register.Of[Course](), register.Of[TrainingFigure](),
		register.Of[ControlScale](), register.Of[ControlProcess](), register.Of[ControlAssessment](), register.Of[ControlPlan](), register.Of[Control](),
		register.Of[DirectAction](), register.Of[ControlResult](), register.Of[ControlReport](),
		register.Of[SpotCheck](), register.Of[Draw](), register.Of[Deviation](), register.Of[RiskCycle](),
		register.Of[AccessReview](), register.Of[RightsConflict](), register.Of[Portion](), register.Of[AnswerSheet](), register.Of[PortionLink](),
		register.Of[Removal](), register.Of[Post](), register.Of[PostConfirmation](),
		register.Of[Audit](), register.Of[DPOReport](), register.Of[DPOArea](),
		register.Of[Recommendation](), register.Of[Response](), register.Of[FollowUp](),
		register.Of[Activity](), register.Of[ActivityTarget](),
		register.Of[Review](), register.Of[ReviewSection](), register.Of[Consultation](), register.Of[Acceptance](),
		register.Of[Import](), register.Of[Population](), register.Of[RetentionRule](), register.Of[Headcount](), register.Of[Attachment](),
		register.Of[Incident](), register.Of[IncidentEntry](), register.Of[IncidentTask](), register.Of[Breach](), register.Of[Significance](),
		register.Of[Deadline](), register.Of[Submission](), register.Of[Notice](), register.Of[ReportLink](),
		register.Of[DeviceLoss](), register.Of[Playbook](), register.Of[PlaybookStep](), register.Of[StepTaken](),
		register.Of[SecrecyMark](), register.Of[LawOverride](),
	}
}

// Register returns the register of that name.
func Register(name string) (*register.Schema, bool) {
	s, ok := byName()[name]
	return s, ok
}

var byName = sync.OnceValue(func() map[string]*register.Schema {
	all := map[string]*register.Schema{}
	for _, s := range Registers() {
		all[s.Name] = s
	}
	return all
})

// Answer is yes or no; the empty Answer is not known.
type Answer string

// The answers.
const (
	Yes Answer = "yes"
	No  Answer = "no"
)

// Choices lists the answers.
func (Answer) Choices() []string { return []string{"yes", "no"} }
