// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"
	"time"

	"ledsyn/register"
)

// IncidentKind is what has happened.
type IncidentKind string

// LostDevice is the kind that has a short report and a playbook of its own.
const LostDevice IncidentKind = "lost_device"

// Choices lists the kinds of incident.
func (IncidentKind) Choices() []string {
	return []string{"wrong_recipient", "unauthorised_access", "lost_device", "lost_paper", "phishing", "malware", "outage", "supplier",
		"wrong_rights", "published_by_mistake", "other"}
}

// IncidentState is how far the work with an incident has come. Assessed is reached by the work itself and not by a person: when
// no breach and no significance is left to judge.
type IncidentState string

// The states.
const (
	IncidentReported      IncidentState = "reported"
	IncidentTriaged       IncidentState = "triaged"
	IncidentInvestigating IncidentState = "investigating"
	IncidentContained     IncidentState = "contained"
	IncidentRestored      IncidentState = "restored"
	IncidentHandled       IncidentState = "handled" // the law's "har hanterats": measures are done, what is left is to learn
	IncidentClosed        IncidentState = "closed"
	IncidentJoined        IncidentState = "joined" // a second report of another incident
	IncidentNone          IncidentState = "none"   // was no incident
)

// Choices lists the states in their order.
func (IncidentState) Choices() []string {
	return []string{"reported", "triaged", "investigating", "contained", "restored", "handled", "closed", "joined", "none"}
}

// Open reports whether somebody still works with the incident.
func (s IncidentState) Open() bool {
	return !slices.Contains([]IncidentState{IncidentClosed, IncidentJoined, IncidentNone}, s)
}

// steps are the states of an incident that is worked with, in their order. One may be left out, and one may go back.
var steps = []IncidentState{IncidentTriaged, IncidentInvestigating, IncidentContained, IncidentRestored, IncidentHandled}

// May reports whether an incident may go from the one state to the other. A reported one is triaged first, or was no incident, or was
// told of before; what is handled can be closed; and what is closed, joined or was none can be opened again.
func (s IncidentState) May(to IncidentState) bool {
	worked := slices.Contains(steps, s)
	switch to {
	case s:
		return false
	case IncidentReported:
		return s == IncidentJoined || s == IncidentNone
	case IncidentTriaged:
		return s == IncidentReported
	case IncidentJoined, IncidentNone:
		return s == IncidentReported || worked
	case IncidentClosed:
		return s == IncidentHandled
	case IncidentInvestigating:
		return worked || s == IncidentClosed
	}
	return worked
}

// Next lists the states that the incident may go to, in their order.
func (s IncidentState) Next() []IncidentState {
	var next []IncidentState
	for _, to := range s.Choices() {
		if s.May(IncidentState(to)) {
			next = append(next, IncidentState(to))
		}
	}
	return next
}

// Back reports whether going from the one state to the other undoes something that somebody decided, which needs a reason: a step back,
// opening again, or that it was no incident after all.
func (s IncidentState) Back(to IncidentState) bool {
	return to == IncidentNone || !s.Open() || slices.Index(steps, to) < slices.Index(steps, s) && slices.Contains(steps, to)
}

// TriageHours is within how many hours of its report an incident is to be triaged. It is the program's own measure and no law's: the
// shortest statutory period (24 hours) runs from knowledge, so a report must not lie longer than that.
const TriageHours = 24

// Severity is the common scale of harm, in the words of the national method for analysing gaps and consequences.
type Severity string

// Choices lists the scale from the least.
func (Severity) Choices() []string {
	return []string{"negligible", "moderate", "considerable", "serious"}
}

// CauseKind is the kind of root cause.
type CauseKind string

// The causes that say nothing of whether it is the same trouble coming back.
const (
	CauseUnknown CauseKind = "unknown"
	CauseOther   CauseKind = "other"
)

// Choices lists the causes.
func (CauseKind) Choices() []string {
	return []string{"mistake", "way_of_working", "technology", "rights", "supplier", "attack", "theft", "unknown", "other"}
}

// Incident is an unwanted event that has harmed information, or could have: its confidentiality, integrity, availability or
// traceability. One report may lead to several legal tracks: a Breach for each board concerned and a Significance for the
// operator. Its record belongs to the unit where it happened.
//
// No security-classified information may be written in it (cybersäkerhetslagen 2025:1506, 1 kap. 13 §).
type Incident struct {
	Record
	Reference       string                          `reg:"required,max=40,listed,find"`
	Title           string                          `reg:"required,listed,find"`
	Description     string                          `reg:"prose,find"`
	State           IncidentState                   `reg:"required,listed"`
	Kind            IncidentKind                    `reg:"listed"`
	Severity        Severity                        `reg:"listed"`
	DiscoveredAt    register.Moment                 `reg:""`
	DiscoveredHow   string                          `reg:"max=500"`
	ReportedAt      register.Moment                 `reg:"required,listed"`
	ReportedBy      register.Ref[Person]            `reg:""`
	Reporter        string                          `reg:"max=200"` // how to reach somebody who reported without an account
	HappenedFrom    register.Moment                 `reg:""`
	HappenedTo      register.Moment                 `reg:""`
	Ongoing         Answer                          `reg:""`
	Confidentiality Answer                          `reg:""` // was it hit
	Integrity       Answer                          `reg:""`
	Availability    Answer                          `reg:""`
	Traceability    Answer                          `reg:""`
	Malicious       Answer                          `reg:""`
	SupplierOrigin  Answer                          `reg:""`
	CrossBorder     Answer                          `reg:""`
	PersonalData    Answer                          `reg:"listed"` // may personal data be concerned
	CanBeSerious    Answer                          `reg:""`       // can it be a significant incident
	Units           []register.Ref[Unit]            `reg:""`       // the boards and companies that are hit
	Systems         []register.Ref[System]          `reg:""`
	Sets            []register.Ref[InformationSet]  `reg:""`
	Suppliers       []register.Ref[Supplier]        `reg:""`
	Coordinator     register.Ref[Person]            `reg:"listed"`
	TriagedAt       register.Moment                 `reg:""`
	ContainedAt     register.Moment                 `reg:""`
	RestoredAt      register.Moment                 `reg:""`
	HandledAt       register.Moment                 `reg:""`
	ClosedAt        register.Moment                 `reg:""`
	ReopenedAt      register.Moment                 `reg:""`
	DuplicateOf     register.Ref[Incident]          `reg:""`
	Cause           CauseKind                       `reg:""`
	CauseText       string                          `reg:"prose,find"`
	Lessons         string                          `reg:"prose"`
	RiskListed      Answer                          `reg:""` // was it among the risks that had been assessed
	Risk            register.Ref[ControlAssessment] `reg:""`
	Activities      []register.Ref[Activity]        `reg:""` // what the lessons became
}

// Wrong reports moments in the wrong order, a joined incident that does not say to which, and a closed one without a cause.
func (i Incident) Wrong() []register.Wrong {
	wrong := inOrder("happened_to", i.HappenedFrom, i.HappenedTo)
	if i.State == IncidentJoined && i.DuplicateOf == "" {
		wrong = append(wrong, register.Wrong{Field: "duplicate_of", Code: "required"})
	}
	if i.ID != "" && string(i.DuplicateOf) == i.ID {
		wrong = append(wrong, register.Wrong{Field: "duplicate_of", Code: "own_duplicate"})
	}
	if i.State == IncidentClosed && i.Cause == "" {
		wrong = append(wrong, register.Wrong{Field: "cause", Code: "cause_needed"})
	}
	return wrong
}

// TriageBy is when the incident is to be triaged.
func (i Incident) TriageBy() register.Moment {
	if i.ReportedAt == "" {
		return ""
	}
	return register.MomentOf(i.ReportedAt.Time().Add(TriageHours * time.Hour))
}

// Began is the earliest that is known of when it happened: from then it is counted whether incidents repeat.
func (i Incident) Began() register.Moment {
	for _, m := range []register.Moment{i.HappenedFrom, i.DiscoveredAt} {
		if m != "" {
			return m
		}
	}
	return i.ReportedAt
}

// recurrenceMonths is how far apart two incidents of one cause may be to be the same trouble coming back: the time that the regulation on
// significant incidents counts recurring ones in (MCFFS 2026:8).
const recurrenceMonths = 6

// Near reports whether the two incidents began within six months of each other.
func (i Incident) Near(other Incident) bool {
	a, b := i.Began().Day(), other.Began().Day()
	return a != "" && b != "" && max(a, b) <= min(a, b).AddMonths(recurrenceMonths)
}

// SameCause reports whether the two incidents have the same root cause within six months. A cause that could not be found, or that is
// another than those listed, tells nothing.
func (i Incident) SameCause(other Incident) bool {
	return i.Cause != "" && i.Cause != CauseUnknown && i.Cause != CauseOther && i.Cause == other.Cause && i.counts() && other.counts() && i.Near(other)
}

// SameSystem lists the systems that both incidents hit within six months.
func (i Incident) SameSystem(other Incident) []register.Ref[System] {
	if !i.counts() || !other.counts() || !i.Near(other) {
		return nil
	}
	var both []register.Ref[System]
	for _, s := range i.Systems {
		if slices.Contains(other.Systems, s) {
			both = append(both, s)
		}
	}
	return both
}

// counts reports whether the incident is one of its own.
func (i Incident) counts() bool {
	return i.State != IncidentJoined && i.State != IncidentNone && i.Retired == ""
}

// inOrder reports that the moment of the named field comes before the one it must follow.
func inOrder(field string, first, then register.Moment) []register.Wrong {
	if first != "" && then != "" && then < first {
		return []register.Wrong{{Field: field, Code: "before", Args: []any{string(first.Day())}}}
	}
	return nil
}

// EntryKind is what a line of an incident's timeline tells.
type EntryKind string

// EntryDecision lines are the decision log.
const EntryDecision EntryKind = "decision"

// Choices lists the kinds.
func (EntryKind) Choices() []string {
	return []string{"event", "measure", "decision", "contact", "note"}
}

// IncidentEntry is a line of an incident's timeline. Decisions are lines of their own kind: together they are the decision log.
type IncidentEntry struct {
	Record
	Incident register.Ref[Incident] `reg:"required"`
	At       register.Moment        `reg:"required,listed"`
	Kind     EntryKind              `reg:"required,listed"`
	Text     string                 `reg:"required,prose,max=5000,listed,find"`
	By       register.Ref[Person]   `reg:"listed"`
}

// IncidentTask is something that somebody must do in an incident.
type IncidentTask struct {
	Record
	Incident register.Ref[Incident] `reg:"required"`
	Name     string                 `reg:"required,listed,find"`
	Owner    register.Ref[Person]   `reg:"listed"`
	DueAt    register.Moment        `reg:"listed"`
	State    TaskState              `reg:"required,listed"`
	DoneAt   register.Moment        `reg:""`
	Note     string                 `reg:"prose,max=2000"`
}

// ReportLink lets somebody without an account report an incident to a unit. Only a hash of the link's secret part is kept.
type ReportLink struct {
	Record
	Name      string               `reg:"required,listed,find"`
	Secret    string               `reg:"required,max=64"` // SHA-256 of the secret part, in hexadecimal
	ValidFrom register.Day         `reg:"listed"`
	ValidTo   register.Day         `reg:"listed"`
	OpenedBy  register.Ref[Person] `reg:"listed"`
}

// Open reports whether the link may be used on the day.
func (l ReportLink) Open(on register.Day) bool {
	return l.Retired == "" && during(l.ValidFrom, l.ValidTo, on)
}

// Wrong reports ends in the wrong order.
func (l ReportLink) Wrong() []register.Wrong { return order("valid_to", l.ValidFrom, l.ValidTo) }
