// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// Audit is a report of the auditors (stadsrevision, förtroendevalda revisorer): a report on one matter, or the
// yearly report in which they follow up earlier ones.
type Audit struct {
	Record
	Title       string       `reg:"required,listed,find"`
	Auditor     string       `reg:"required,max=120,listed,find"`
	Number      string       `reg:"max=40,listed,find"` // 5/2019
	Year        int          `reg:"required,listed"`    // the year examined
	Dnr         string       `reg:"max=60,listed,find"`
	DeliveredOn register.Day `reg:"listed"`
	ReplyDue    register.Day `reg:"listed"`
}

// DPOReport is the data protection officer's yearly report (dataskyddsombudets årsrapport).
type DPOReport struct {
	Record
	Title       string       `reg:"required,listed,find"`
	Year        int          `reg:"required,listed"` // the year it reports on
	Dnr         string       `reg:"max=60,listed"`
	DeliveredOn register.Day `reg:"listed"`
	Author      string       `reg:"max=120"`
}

// Grade is how the officer judges an area.
type Grade string

// Choices lists the grades from best to worst.
func (Grade) Choices() []string { return []string{"none", "minor", "notable", "serious"} }

// DPOArea is one graded area of a yearly report.
type DPOArea struct {
	Record
	Report        register.Ref[DPOReport] `reg:"required,listed"`
	Name          string                  `reg:"required,listed,find"`
	PreviousGrade Grade                   `reg:"listed"`
	Grade         Grade                   `reg:"listed"`
	Text          string                  `reg:"prose"`
}

// Title names the area.
func (a DPOArea) Title() string { return a.Name }

// Recommendation is what an auditor or the data protection officer recommends. It has exactly one issuer: an
// audit or a report. Only the issuer's own verdict closes it.
type Recommendation struct {
	Record
	Number             string                  `reg:"max=20,listed"`
	Subject            string                  `reg:"required,max=200,listed,find"` // what it is about, in few words
	Text               string                  `reg:"required,prose,find"`
	Audit              register.Ref[Audit]     `reg:"listed"`
	Report             register.Ref[DPOReport] `reg:"listed"`
	AddressedTo        string                  `reg:"max=120"`
	InConsultationWith string                  `reg:"max=120"`
	GivenOn            register.Day            `reg:"listed"`
	Deadline           register.Day            `reg:"listed"`
}

// Title names the recommendation by its subject.
func (r Recommendation) Title() string { return r.Subject }

// Wrong reports a recommendation with no issuer or two.
func (r Recommendation) Wrong() []register.Wrong {
	if (r.Audit == "") == (r.Report == "") {
		return []register.Wrong{{Field: "audit", Code: "one_issuer"}}
	}
	return nil
}

// Position is whether the unit does what is recommended.
type Position string

// Choices lists the positions.
func (Position) Choices() []string { return []string{"accepted", "partly", "declined"} }

// Cover is how much of a recommendation an answer covers. An answer that renames its subject covers part
// of it at most.
type Cover string

// Choices lists the covers.
func (Cover) Choices() []string { return []string{"whole", "partly"} }

// Response is the unit's answer to a recommendation and the activities that carry it out.
type Response struct {
	Record
	Recommendation register.Ref[Recommendation] `reg:"required,listed"`
	Subject        string                       `reg:"required,max=200,listed,find"` // what the unit says it will do, in few words
	Text           string                       `reg:"prose"`
	Position       Position                     `reg:"required,listed"`
	Covers         Cover                        `reg:"listed"`
	DecidedOn      register.Day                 `reg:"listed"`
	DecidedBy      register.Ref[Person]         `reg:""`
	Activities     []register.Ref[Activity]     `reg:""`
}

// Title names the answer by its subject.
func (r Response) Title() string { return r.Subject }

// FollowState is how far the unit itself says that a recommendation is carried out.
type FollowState string

// The states, in order.
const (
	FollowNotStarted FollowState = "not_started"
	FollowPlanned    FollowState = "planned"
	FollowOngoing    FollowState = "ongoing"
	FollowDone       FollowState = "done"
)

// Choices lists the states.
func (FollowState) Choices() []string { return []string{"not_started", "planned", "ongoing", "done"} }

// Verdict is what the issuer says of what was done.
type Verdict string

// The verdicts; the empty one is none yet.
const (
	VerdictDone        Verdict = "done"
	VerdictPartly      Verdict = "partly"
	VerdictNot         Verdict = "not"
	VerdictNotRelevant Verdict = "not_relevant"
)

// Choices lists the verdicts.
func (Verdict) Choices() []string { return []string{"done", "partly", "not", "not_relevant"} }

// Closes reports whether the verdict closes the recommendation.
func (v Verdict) Closes() bool { return v == VerdictDone || v == VerdictNotRelevant }

// FollowUp is one look at a recommendation on a day: the unit's own state, and the issuer's verdict where it
// has given one, with its source.
type FollowUp struct {
	Record
	Recommendation register.Ref[Recommendation] `reg:"required,listed"`
	Day            register.Day                 `reg:"required,listed"`
	State          FollowState                  `reg:"listed"`
	Verdict        Verdict                      `reg:"listed"`
	Source         string                       `reg:"max=200,listed,find"` // the issuer's report and its number: RVK 2023/22
	Text           string                       `reg:"prose"`
	Evidence       string                       `reg:"max=500"`
}

// Title names the look by its day.
func (f FollowUp) Title() string { return string(f.Day) }

// Wrong reports a verdict without a source and a look that sees nothing.
func (f FollowUp) Wrong() []register.Wrong {
	var wrong []register.Wrong
	if f.Verdict != "" && f.Source == "" {
		wrong = append(wrong, register.Wrong{Field: "source", Code: "verdict_without_source"})
	}
	if f.Verdict == "" && f.State == "" {
		wrong = append(wrong, register.Wrong{Field: "state", Code: "required"})
	}
	return wrong
}
