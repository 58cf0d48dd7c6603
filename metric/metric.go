// SPDX-License-Identifier: EUPL-1.2

// Package metric counts: pure functions from registers and a day to a figure. A figure knows its numerator and
// denominator, what is counted, the day, and the records behind it; what is not known is said to be unknown and
// never becomes 0. The package does not know where the records came from, who may see them, which moment's
// knowledge they are, or any language.
package metric

import (
	"strconv"

	"ledsyn/isms"
	"ledsyn/register"
)

// Records is what figures are counted from: the registers of one unit and the units below it, as the journal knew
// them at one moment. A figure of an earlier day counted from today's records is what is known today of that day;
// for what was known then, give the records of then.
type Records struct {
	Units            []isms.Unit
	Persons          []isms.Person
	Instructions     []isms.Instruction
	Factors          []isms.ContextFactor
	Documents        []isms.Document
	Decisions        []isms.Decision
	Systems          []isms.System
	Processes        []isms.Process
	Sets             []isms.InformationSet
	Classifications  []isms.Classification
	Measurements     []isms.Measurement
	Courses          []isms.Course
	TrainingFigures  []isms.TrainingFigure
	Headcounts       []isms.Headcount
	ControlProcesses []isms.ControlProcess
	Assessments      []isms.ControlAssessment
	ControlPlans     []isms.ControlPlan
	Controls         []isms.Control
	SpotChecks       []isms.SpotCheck
	Deviations       []isms.Deviation
	RiskCycles       []isms.RiskCycle
	Audits           []isms.Audit
	DPOReports       []isms.DPOReport
	DPOAreas         []isms.DPOArea
	Recommendations  []isms.Recommendation
	Responses        []isms.Response
	FollowUps        []isms.FollowUp
	Activities       []isms.Activity
	Targets          []isms.ActivityTarget
	Reviews          []isms.Review
	Sections         []isms.ReviewSection
	Consultations    []isms.Consultation
	Acceptances      []isms.Acceptance

	// What has happened.
	Incidents    []isms.Incident
	Breaches     []isms.Breach
	Deadlines    []isms.Deadline
	DeviceLosses []isms.DeviceLoss
	Populations  []isms.Population
	Playbooks    []isms.Playbook

	// Classification in depth.
	InformationTypes         []isms.InformationType
	Integrations             []isms.Integration
	ProtectionLevels         []isms.ProtectionLevel
	LevelExceptions          []isms.LevelException
	Reclassifications        []isms.Reclassification
	ClassificationPriorities []isms.ClassificationPriority
	CoverageTargets          []isms.CoverageTarget
	MeasureAnswers           []isms.MeasureAnswer

	// The record of processing.
	Processings     []isms.Processing
	Suppliers       []isms.Supplier
	Agreements      []isms.Agreement
	SubProcessors   []isms.SubProcessor
	Transfers       []isms.Transfer
	DPIAs           []isms.DPIA
	DPIARisks       []isms.DPIARisk
	SubjectRequests []isms.SubjectRequest
	Campaigns       []isms.Campaign
	Confirmations   []isms.Confirmation

	// Internal control in depth, access reviews and areas of responsibility.
	ControlScales     []isms.ControlScale
	DirectActions     []isms.DirectAction
	ControlResults    []isms.ControlResult
	Draws             []isms.Draw
	AccessReviews     []isms.AccessReview
	Removals          []isms.Removal
	Posts             []isms.Post
	PostConfirmations []isms.PostConfirmation
}

// A Ref points at one record of a register.
type Ref struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Figure is something counted on a day. Its zero value is not known.
//
// A share has a denominator, or a Share where it was recorded by hand without numbers; a plain count has neither.
// Where Known is false no number may be shown as the figure; with AtLeast the numerator is then the part that is
// known, and may be shown as "at least".
type Figure struct {
	Key         string           // systems_classified
	Year        int              // the year a figure is of, or 0
	Part        string           // what part of the whole it is of: an issuer, an area, a course's id; or ""
	PartName    string           // the part's own name where people gave it one
	Numerator   register.Count   //
	Denominator register.Count   // unknown for a plain count
	Share       register.Percent // only for shares recorded without numbers
	Unit        string           // what is counted: system, process, information_set, document, person...
	Day         register.Day     // the day asked for; for a recorded figure the day it was recorded for
	Kind        string           // the register of Counted and Of
	Counted     []string         // the records in the numerator
	Of          []string         // the records in the denominator
	Unclear     []string         // records of which it is not known whether they belong to the figure
	Also        []Ref            // records of other registers that were counted too
	Oldest      register.Day     // the day of the oldest record counted, where age matters
	Known       bool
	AtLeast     bool
	Recorded    bool   // recorded by hand, not counted from registers
	Source      string // where a number written down by people comes from
}

// ID tells the figure from every other figure of the same day.
func (f Figure) ID() string {
	id := f.Key
	if f.Year != 0 {
		id += "/" + strconv.Itoa(f.Year)
	}
	if f.Part != "" {
		id += "/" + f.Part
	}
	return id
}

// IsShare reports whether the figure is a share of something rather than a plain count.
func (f Figure) IsShare() bool { return f.Share.IsKnown() || f.Denominator.IsKnown() }

// Percent is the figure as a share, rounded to hundredths of a percent; unknown for a plain count and whatever is
// not known.
func (f Figure) Percent() register.Percent {
	if !f.Known {
		return register.Percent{}
	}
	n, hasN := f.Numerator.Known()
	d, hasD := f.Denominator.Known()
	if hasN && hasD && d > 0 {
		return register.PercentOf((n*20000 + d) / (2 * d))
	}
	return f.Share
}

// Number is the figure's count; unknown if it is not known, also where at least a part is.
func (f Figure) Number() register.Count {
	if !f.Known {
		return register.Count{}
	}
	return f.Numerator
}

// Age is the number of whole days from the oldest record counted to the figure's day, or unknown.
func (f Figure) Age() register.Count {
	if !f.Oldest.Valid() || !f.Day.Valid() || f.Day < f.Oldest {
		return register.Count{}
	}
	return register.CountOf(f.Day.DaysSince(f.Oldest))
}

// Refs lists the records the figure was counted from: those of the denominator where it has one, else those of the
// numerator, and those of other registers.
func (f Figure) Refs() []Ref {
	ids := f.Of
	if len(ids) == 0 {
		ids = f.Counted
	}
	refs := make([]Ref, 0, len(ids)+len(f.Also))
	for _, id := range ids {
		refs = append(refs, Ref{f.Kind, id})
	}
	return append(refs, f.Also...)
}

// share makes a figure of the records counted among those that it is a share of. With nothing to be a share of it
// is not known.
func share(key, unit, kind string, day register.Day, counted, of []string) Figure {
	f := Figure{Key: key, Unit: unit, Kind: kind, Day: day}
	if len(of) == 0 {
		return f
	}
	f.Counted, f.Of, f.Known = counted, of, true
	f.Numerator, f.Denominator = register.CountOf(len(counted)), register.CountOf(len(of))
	return f
}

// gone reports whether the record is out of use on the day.
func gone(r isms.Record, day register.Day) bool { return r.Retired != "" && r.Retired <= day }
