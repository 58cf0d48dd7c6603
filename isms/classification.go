// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// InformationType is a kind of information that occurs in many sets, such as personal data about pupils. A common type is
// classified once for the whole organisation, and its classification is reused by every set that holds it.
type InformationType struct {
	Record
	Name         string               `reg:"required,max=120,listed,find"`
	Description  string               `reg:"prose,find"`
	PersonalData Sensitivity          `reg:"listed"`
	Common       bool                 `reg:"listed"` // classified once for the organisation
	Owner        register.Ref[Person] `reg:"listed"`
}

// Integration is information that one system passes on to another.
type Integration struct {
	Record
	Name   string                         `reg:"required,max=120,listed,find"`
	Source register.Ref[System]           `reg:"required,listed"`
	Target register.Ref[System]           `reg:"required,listed"`
	Sets   []register.Ref[InformationSet] `reg:""` // empty: everything that the source holds
	Note   string                         `reg:"prose"`
}

// Wrong reports a system that passes information to itself.
func (i Integration) Wrong() []register.Wrong {
	if i.Source != "" && i.Source == i.Target {
		return []register.Wrong{{Field: "target", Code: "own_target"}}
	}
	return nil
}

// RaiseReason is why a system's decided level is higher than what it holds.
type RaiseReason string

// Choices lists the reasons.
func (RaiseReason) Choices() []string {
	return []string{"accumulation", "aggregation", "integration", "law", "other"}
}

// ProtectionLevel is what a system owner has decided that a system's protection must meet, per aspect. An empty level
// leaves the derived one standing. It may be higher than the derived, with a reason; lower only by a LevelException.
type ProtectionLevel struct {
	Record
	System          register.Ref[System] `reg:"required,listed"`
	Confidentiality Level                `reg:"listed"`
	Integrity       Level                `reg:"listed"`
	Availability    Level                `reg:"listed"`
	Traceability    Level                `reg:"listed"`
	Reason          RaiseReason          `reg:"listed"`
	ReasonText      string               `reg:"prose"`
	DecidedBy       register.Ref[Person] `reg:"listed"`
	DecidedOn       register.Day         `reg:"required,listed"`
}

// Aspect is what is judged of information.
type Aspect string

// The aspects. Traceability is optional.
const (
	Confidentiality Aspect = "confidentiality"
	Integrity       Aspect = "integrity"
	Availability    Aspect = "availability"
	Traceability    Aspect = "traceability"
)

// Choices lists the aspects.
func (Aspect) Choices() []string {
	return []string{"confidentiality", "integrity", "availability", "traceability"}
}

// LevelException lets a system's decided level be lower than the derived one for a time. It counts from its approval to
// its last day, and never without one.
type LevelException struct {
	Record
	System     register.Ref[System] `reg:"required,listed"`
	Aspect     Aspect               `reg:"required,listed"`
	Level      Level                `reg:"required,listed"` // the lower level that is let stand
	Reason     string               `reg:"required,prose"`
	ApprovedBy register.Ref[Person] `reg:"listed"`
	ApprovedOn register.Day         `reg:"listed"`
	EndsOn     register.Day         `reg:"required,listed"`
}

// Wrong reports an end before the approval.
func (e LevelException) Wrong() []register.Wrong { return order("ends_on", e.ApprovedOn, e.EndsOn) }

// InForce reports whether the exception is approved and has not ended on the day.
func (e LevelException) InForce(on register.Day) bool {
	return e.ApprovedBy != "" && e.ApprovedOn != "" && e.ApprovedOn <= on && on <= e.EndsOn && e.Retired == ""
}

// Trigger is why something must be classified again.
type Trigger string

// Choices lists the triggers.
func (Trigger) Choices() []string {
	return []string{"expired", "owner_changed", "supplier_changed", "set_added", "integration_added", "personal_data_changed", "law_changed", "incident", "contract_renewed", "model_changed", "other"}
}

// TaskState is whether a task remains to be done.
type TaskState string

// The states of a task.
const (
	TaskOpen      TaskState = "open"
	TaskDone      TaskState = "done"
	TaskDismissed TaskState = "dismissed" // with reason
)

// Choices lists the states.
func (TaskState) Choices() []string { return []string{"open", "done", "dismissed"} }

// Reclassification is a task to classify an object again, with what called for it.
type Reclassification struct {
	Record
	System   register.Ref[System]         `reg:"listed"`
	Process  register.Ref[Process]        `reg:"listed"`
	Set      register.Ref[InformationSet] `reg:"listed"`
	Trigger  Trigger                      `reg:"required,listed"`
	Reason   string                       `reg:"required,prose"`
	RaisedOn register.Day                 `reg:"required,listed"`
	Owner    register.Ref[Person]         `reg:"listed"`
	State    TaskState                    `reg:"required,listed"`
	ClosedOn register.Day                 `reg:""`
	Outcome  string                       `reg:"prose"` // why dismissed
}

// Title names the task by its reason.
func (r Reclassification) Title() string { return r.Reason }

// ClassificationPriority is the coordinator's own place for an object in the order of classification. It wins over the
// proposed order and keeps its reason.
type ClassificationPriority struct {
	Record
	System   register.Ref[System]         `reg:"listed"`
	Process  register.Ref[Process]        `reg:"listed"`
	Set      register.Ref[InformationSet] `reg:"listed"`
	Position int                          `reg:"required,listed"`
	Reason   string                       `reg:"required,prose,listed"`
}

// CoverageTarget is the share of classified objects that a unit is to reach by a day.
type CoverageTarget struct {
	Record
	Key   MeasureKey       `reg:"required,listed"`
	Day   register.Day     `reg:"required,listed"`
	Share register.Percent `reg:"required,listed"`
	Note  string           `reg:"prose"`
}

// Referral is all that is kept of information that may concern Sweden's security: that it was referred, when and to whom.
// Nothing about the information itself may be written here.
type Referral struct {
	Record
	ReferredOn register.Day         `reg:"required,listed"`
	To         string               `reg:"required,max=120,listed"`
	By         register.Ref[Person] `reg:"listed"`
}

// Title names the referral by whom it went to.
func (r Referral) Title() string { return r.To }

// Fulfilment is how far a protective measure is in place.
type Fulfilment string

// The degrees; the empty one is not answered.
const (
	Fulfilled       Fulfilment = "fulfilled"
	PartlyFulfilled Fulfilment = "partly"
	NotFulfilled    Fulfilment = "not"
	NotApplicable   Fulfilment = "not_applicable"
)

// Choices lists the degrees.
func (Fulfilment) Choices() []string { return []string{"fulfilled", "partly", "not", "not_applicable"} }

// MeasureAnswer is how a system meets one measure of the catalogue.
type MeasureAnswer struct {
	Record
	System     register.Ref[System]   `reg:"required,listed"`
	Measure    string                 `reg:"required,max=20,listed"` // the measure's key in the catalogue
	State      Fulfilment             `reg:"listed"`
	How        string                 `reg:"prose"`
	Evidence   string                 `reg:"max=500"`
	Activity   register.Ref[Activity] `reg:"listed"` // what closes the gap
	AnsweredBy register.Ref[Person]   `reg:""`
	AnsweredOn register.Day           `reg:"listed"`
}

// Title names the answer by its measure.
func (m MeasureAnswer) Title() string { return m.Measure }
