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

// RaisedOtherwise is a reason that says nothing without its text.
const RaisedOtherwise RaiseReason = "other"

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

// Wrong reports a level of its own without a reason, and a reason that does not say what it is. That the level is not
// lower than the derived one is known only with what the system holds.
func (p ProtectionLevel) Wrong() []register.Wrong {
	own := p.Confidentiality != "" || p.Integrity != "" || p.Availability != "" || p.Traceability != ""
	switch {
	case own && p.Reason == "":
		return []register.Wrong{{Field: "reason", Code: "raised_without_reason"}}
	case p.Reason == RaisedOtherwise && p.ReasonText == "":
		return []register.Wrong{{Field: "reason_text", Code: "other_without_text"}}
	}
	return nil
}

// Title is the compact notation of the decided levels, - where the derived one stands.
func (p ProtectionLevel) Title() string {
	return Classification{Confidentiality: p.Confidentiality, Integrity: p.Integrity, Availability: p.Availability, Traceability: p.Traceability}.Title()
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

// Wrong reports half an approval, and an end before it.
func (e LevelException) Wrong() []register.Wrong {
	wrong := order("ends_on", e.ApprovedOn, e.EndsOn)
	if e.ApprovedBy == "" && e.ApprovedOn != "" {
		wrong = append(wrong, register.Wrong{Field: "approved_by", Code: "approved_by_nobody"})
	}
	if e.ApprovedBy != "" && e.ApprovedOn == "" {
		wrong = append(wrong, register.Wrong{Field: "approved_on", Code: "approved_without_day"})
	}
	return wrong
}

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

// Wrong reports an object that is none or several, an end before the beginning, and a task that is closed without its day
// or dismissed without a reason.
func (r Reclassification) Wrong() []register.Wrong {
	wrong := append(oneThing(r.System, r.Process, r.Set), order("closed_on", r.RaisedOn, r.ClosedOn)...)
	if (r.State == TaskDone || r.State == TaskDismissed) && r.ClosedOn == "" {
		wrong = append(wrong, register.Wrong{Field: "closed_on", Code: "done_without_day"})
	}
	if r.State == TaskDismissed && r.Outcome == "" {
		wrong = append(wrong, register.Wrong{Field: "outcome", Code: "dismissed_without_reason"})
	}
	return wrong
}

// oneThing reports that none or several are given of the three that can be given a place or a task.
func oneThing(system register.Ref[System], process register.Ref[Process], set register.Ref[InformationSet]) []register.Wrong {
	given := 0
	for _, id := range []string{string(system), string(process), string(set)} {
		if id != "" {
			given++
		}
	}
	if given != 1 {
		return []register.Wrong{{Field: "system", Code: "one_thing"}}
	}
	return nil
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

// Wrong reports an object that is none or several.
func (c ClassificationPriority) Wrong() []register.Wrong { return oneThing(c.System, c.Process, c.Set) }

// CoverageTarget is the share of classified objects that a unit is to reach by a day.
type CoverageTarget struct {
	Record
	Key   MeasureKey       `reg:"required,listed"`
	Day   register.Day     `reg:"required,listed"`
	Share register.Percent `reg:"required,listed"`
	Note  string           `reg:"prose"`
}

// Wrong reports a share of more than everything.
func (c CoverageTarget) Wrong() []register.Wrong {
	if share, ok := c.Share.Known(); ok && share > 10000 {
		return []register.Wrong{{Field: "share", Code: "percent", Args: []any{c.Share.String()}}}
	}
	return nil
}

// Title names the target by its day.
func (c CoverageTarget) Title() string { return string(c.Day) }

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
