// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// DeviceKind is what was lost.
type DeviceKind string

// Choices lists the kinds.
func (DeviceKind) Choices() []string {
	return []string{"phone", "computer", "tablet", "storage", "card", "other"}
}

// LossKind is how it was lost.
type LossKind string

// Stolen things are reported to the police.
const Stolen LossKind = "stolen"

// Choices lists the ways.
func (LossKind) Choices() []string { return []string{"lost", "stolen"} }

// DeviceLoss is the short report of a lost phone, computer or the like. It belongs to an incident, where the rest of the story is.
type DeviceLoss struct {
	Record
	Incident   register.Ref[Incident] `reg:"required,listed"`
	Device     DeviceKind             `reg:"required,listed"`
	Asset      string                 `reg:"max=60,listed,find"` // its number in the device list
	Loss       LossKind               `reg:"required,listed"`
	LastSeenAt register.Moment        `reg:"listed"`
	Where      string                 `reg:"max=300"`
	ReportedAt register.Moment        `reg:"required,listed"`
	Locked     Answer                 `reg:"listed"`
	Encrypted  Answer                 `reg:"listed"`
	Reachable  string                 `reg:"prose,max=2000"` // what could be reached on it or through it
	WipedAt    register.Moment        `reg:""`               // confirmed
	FoundAt    register.Moment        `reg:""`
	PoliceRef  string                 `reg:"max=60"`
	Replaced   Answer                 `reg:""`
	Cost       register.Count         `reg:""` // kronor
	Playbook   register.Ref[Playbook] `reg:""`
}

// Title names the loss by the day it was reported.
func (d DeviceLoss) Title() string {
	if d.Asset != "" {
		return d.Asset
	}
	return string(d.ReportedAt.Day())
}

// Wrong reports a device that was seen after its loss was reported, and one that was wiped or found before it was seen the last time.
func (d DeviceLoss) Wrong() []register.Wrong {
	wrong := inOrder("reported_at", d.LastSeenAt, d.ReportedAt)
	wrong = append(wrong, inOrder("wiped_at", d.LastSeenAt, d.WipedAt)...)
	return append(wrong, inOrder("found_at", d.LastSeenAt, d.FoundAt)...)
}

// Playbook is a written routine of steps: what is done, by whom, within what time. A unit without one of its own uses the nearest
// above it.
type Playbook struct {
	Record
	Name      string                 `reg:"required,max=120,listed,find"`
	Purpose   string                 `reg:"prose,max=5000"`
	Phone     string                 `reg:"max=60"` // where a loss is told of by telephone, at any hour
	Document  register.Ref[Document] `reg:"listed"` // the steering document that it is
	ValidFrom register.Day           `reg:"listed"`
	ValidTo   register.Day           `reg:"listed"`
	Owner     register.Ref[Person]   `reg:"listed"`
}

// Wrong reports ends in the wrong order.
func (p Playbook) Wrong() []register.Wrong { return order("valid_to", p.ValidFrom, p.ValidTo) }

// StepKind is what a step does. It is how figures find the steps that they measure.
type StepKind string

// The steps that figures measure.
const (
	StepBlock StepKind = "block_sim"
	StepWipe  StepKind = "remote_wipe"
)

// The steps that say something of the loss itself.
const (
	StepBreach      StepKind = "breach"
	StepPolice      StepKind = "police"
	StepReplacement StepKind = "replacement"
	StepFound       StepKind = "found"
)

// Choices lists the kinds of step.
func (StepKind) Choices() []string {
	return []string{"block_sim", "block_account", "remote_wipe", "sessions", "e_id", "manager", "breach", "police", "insurance",
		"replacement", "found", "other"}
}

// PlaybookStep is one step of a routine.
type PlaybookStep struct {
	Record
	Playbook register.Ref[Playbook] `reg:"required,listed"`
	Order    int                    `reg:"required,listed"`
	Kind     StepKind               `reg:"required,listed"`
	Name     string                 `reg:"required,listed,find"`
	How      string                 `reg:"prose,max=5000"`
	Who      string                 `reg:"max=120,listed"`
	Minutes  register.Count         `reg:"listed"`  // from the report
	When     string                 `reg:"max=200"` // the case in which it is done: when it was stolen
	Holder   bool                   `reg:""`        // the one who reports does it, and is told so at once
}

// StepOutcome is how a step went.
type StepOutcome string

// The outcomes.
const (
	StepDone       StepOutcome = "done"
	StepNotNeeded  StepOutcome = "not_applicable"
	StepImpossible StepOutcome = "impossible"
)

// Choices lists the outcomes.
func (StepOutcome) Choices() []string { return []string{"done", "not_applicable", "impossible"} }

// StepTaken is a step as it was taken in one loss.
type StepTaken struct {
	Record
	Loss    register.Ref[DeviceLoss]   `reg:"required"`
	Step    register.Ref[PlaybookStep] `reg:"required,listed"`
	Outcome StepOutcome                `reg:"required,listed"`
	At      register.Moment            `reg:"required,listed"`
	By      register.Ref[Person]       `reg:"listed"`
	Note    string                     `reg:"prose,max=2000,listed"`
}

// Wrong reports a step that was impossible without a word of why.
func (s StepTaken) Wrong() []register.Wrong {
	if s.Outcome == StepImpossible && s.Note == "" {
		return []register.Wrong{{Field: "note", Code: "impossible_why"}}
	}
	return nil
}
