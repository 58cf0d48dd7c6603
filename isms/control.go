// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"strconv"

	"ledsyn/register"
)

// ControlProcess is a process that internal control looks at. One that the city's instruction makes compulsory
// must be assessed each year; whether it then enters the control plan is the board's own choice.
type ControlProcess struct {
	Record
	Name        string                    `reg:"required,max=120,listed,find"`
	Compulsory  bool                      `reg:"listed"`
	Instruction register.Ref[Instruction] `reg:"listed"`
	Description string                    `reg:"prose"`
}

// Treatment is what was chosen for an assessed risk.
type Treatment string

// The treatments.
const (
	Accept        Treatment = "accept"
	ActDirectly   Treatment = "action"       // direktåtgärd
	ToControlPlan Treatment = "control_plan" // enters the internal-control plan
)

// Choices lists the treatments.
func (Treatment) Choices() []string { return []string{"accept", "action", "control_plan"} }

// ControlAssessment is a line of the materiality and risk analysis (väsentlighets- och riskanalys, VoR): an
// event in a part of a process, its value, and what was chosen and why. An unknown likelihood is 0.
type ControlAssessment struct {
	Record
	Process     register.Ref[ControlProcess] `reg:"required,listed"`
	Part        string                       `reg:"required,max=120,listed,find"` // the part of the process: behörighetshantering
	Year        int                          `reg:"required,listed"`
	Event       string                       `reg:"prose"`
	Likelihood  int                          `reg:"listed"`
	Consequence int                          `reg:"listed"`
	Treatment   Treatment                    `reg:"listed"`
	Motive      string                       `reg:"prose"`
	AssessedOn  register.Day                 `reg:""`
	Owner       register.Ref[Person]         `reg:""`

	// The event in full: because of this, Event happens, which leads to that.
	Because string                     `reg:"prose"`
	Leads   string                     `reg:"prose"`
	Scale   register.Ref[ControlScale] `reg:""` // that the risk is valued on; it stays with the year
}

// Title names the line by its part.
func (a ControlAssessment) Title() string { return a.Part }

// mostSteps is the most steps that a scale of likelihood or consequence has.
const mostSteps = 10

// Wrong reports likelihoods and consequences that no scale has. The year's scale may have fewer steps.
func (a ControlAssessment) Wrong() []register.Wrong {
	var wrong []register.Wrong
	if a.Likelihood < 0 || a.Likelihood > mostSteps {
		wrong = append(wrong, register.Wrong{Field: "likelihood", Code: "scale", Args: []any{1, mostSteps}})
	}
	if a.Consequence < 0 || a.Consequence > mostSteps {
		wrong = append(wrong, register.Wrong{Field: "consequence", Code: "scale", Args: []any{1, mostSteps}})
	}
	return wrong
}

// ControlPlan is a year's internal-control plan (internkontrollplan, IKP), decided by the board.
type ControlPlan struct {
	Record
	Title     string       `reg:"required,listed,find"`
	Year      int          `reg:"required,listed"`
	Dnr       string       `reg:"max=60,listed"`
	DecidedOn register.Day `reg:"listed"`
}

// ControlMethod is how a control is made.
type ControlMethod string

// Choices lists the methods.
func (ControlMethod) Choices() []string {
	return []string{"spot_check", "system_list", "interview", "log_reading", "document_review", "measurement"}
}

// Control is a control moment (kontrollmoment) of a plan.
type Control struct {
	Record
	Name       string                          `reg:"required,listed,find"`
	Plan       register.Ref[ControlPlan]       `reg:"required,listed"`
	Assessment register.Ref[ControlAssessment] `reg:""`
	Method     ControlMethod                   `reg:"listed"`
	Frequency  string                          `reg:"max=60"`
	Performer  register.Ref[Person]            `reg:"listed"`
	ReportsTo  register.Ref[Person]            `reg:""`

	Period       string                `reg:"max=60"`  // what time it looks at: the tertial before
	Limit        string                `reg:"max=500"` // what is borne before it is a deviation to report
	Continues    register.Ref[Control] `reg:""`        // the control of the year before that this one is
	ChangeReason string                `reg:"prose"`   // why it is not as it was the year before, or why it is new
	DropReason   string                `reg:"prose"`   // why the next year's plan does not have it
}

// ActionState is where a direct action is.
type ActionState string

// The states of a direct action.
const (
	ActionPlanned ActionState = "planned"
	ActionOngoing ActionState = "ongoing"
	ActionDone    ActionState = "done"
	ActionDropped ActionState = "dropped" // with reason
)

// Choices lists the states.
func (ActionState) Choices() []string { return []string{"planned", "ongoing", "done", "dropped"} }

// DirectAction (direktåtgärd) is something a plan says shall be done about a risk at once, with no more study.
type DirectAction struct {
	Record
	Name        string                          `reg:"required,listed,find"`
	Plan        register.Ref[ControlPlan]       `reg:"required,listed"`
	Assessment  register.Ref[ControlAssessment] `reg:""`
	Description string                          `reg:"prose"`
	Owner       register.Ref[Person]            `reg:"listed"`
	DueOn       register.Day                    `reg:"listed"`
	State       ActionState                     `reg:"required,listed"`
	DoneOn      register.Day                    `reg:"listed"`
	Reason      string                          `reg:"prose"` // why late or dropped
	Continues   register.Ref[DirectAction]      `reg:""`      // the action of the year before that this one is
}

// Wrong reports a done action without its day, and a dropped one without a reason.
func (a DirectAction) Wrong() []register.Wrong {
	var wrong []register.Wrong
	if a.State == ActionDone && a.DoneOn == "" {
		wrong = append(wrong, register.Wrong{Field: "done_on", Code: "done_without_day"})
	}
	if a.State == ActionDropped && a.Reason == "" {
		wrong = append(wrong, register.Wrong{Field: "reason", Code: "reason_needed"})
	}
	return wrong
}

// Tertial is a part of the year that internal control is followed up for; the whole year is the yearly follow-up.
type Tertial string

// The parts of the year.
const (
	FirstTertial  Tertial = "t1"
	SecondTertial Tertial = "t2"
	ThirdTertial  Tertial = "t3"
	WholeYear     Tertial = "year"
)

// Choices lists the parts of the year.
func (Tertial) Choices() []string { return []string{"t1", "t2", "t3", "year"} }

// ControlStatus is how a control or a direct action stands at a follow-up. Where nothing was reported there is no record, and that is
// not the same as a control that was not done.
type ControlStatus string

// The statuses.
const (
	ControlNotBegun   ControlStatus = "not_begun"
	ControlBegun      ControlStatus = "begun"
	ControlClean      ControlStatus = "clean"     // done, no deviation
	ControlDeviations ControlStatus = "deviation" // done, with deviations
	ControlNotDone    ControlStatus = "not_done"  // will not be done in the period
)

// Choices lists the statuses.
func (ControlStatus) Choices() []string {
	return []string{"not_begun", "begun", "clean", "deviation", "not_done"}
}

// ControlResult is what a control, or a direct action, came to in a part of the year.
type ControlResult struct {
	Record
	Control    register.Ref[Control]      `reg:"listed"`
	Action     register.Ref[DirectAction] `reg:"listed"`
	Year       int                        `reg:"required,listed"`
	Tertial    Tertial                    `reg:"required,listed"`
	Outcome    ControlStatus              `reg:"required,listed"`
	Result     string                     `reg:"prose,find"`
	Found      register.Count             `reg:"listed"` // deviations
	Remedied   register.Count             `reg:"listed"` // of those found
	Cause      string                     `reg:"prose"`
	Measure    string                     `reg:"prose"` // what is done about it
	DueOn      register.Day               `reg:""`
	SpotCheck  register.Ref[SpotCheck]    `reg:""` // that the result comes from
	ReportedOn register.Day               `reg:"listed"`
	Reporter   register.Ref[Person]       `reg:""`
}

// Wrong reports more remedied than found.
func (r ControlResult) Wrong() []register.Wrong { return partOver("remedied", r.Remedied, r.Found) }

// Title names the result by its year and part of it.
func (r ControlResult) Title() string { return strconv.Itoa(r.Year) + " " + string(r.Tertial) }

// ControlReport is a tertial report, or the yearly follow-up, of a plan. A decided one states what was known at the moment of its decision
// and never changes.
type ControlReport struct {
	Record
	Name      string                    `reg:"required,listed,find"`
	Plan      register.Ref[ControlPlan] `reg:"required,listed"`
	Tertial   Tertial                   `reg:"required,listed"`
	Day       register.Day              `reg:"required,listed"` // whose facts it states
	Comment   string                    `reg:"prose"`
	Dnr       string                    `reg:"max=60,listed"`
	DecidedOn register.Day              `reg:"listed"`
	At        register.Moment           `reg:""` // whose knowledge it states; "" is now
}

// ControlScale is the scale that the risks of internal control are valued on: as many steps of likelihood and consequence as the
// organisation has chosen. No statute sets it. It holds from its first year until another takes over, and does not change once a risk is
// valued on it, so that an earlier year's matrix stays what it was.
type ControlScale struct {
	Record
	Name         string         `reg:"required,max=120,listed,find"`
	FirstYear    int            `reg:"required,listed"`
	Likelihoods  string         `reg:"required,prose,max=1000"` // from the least up, one a line
	Consequences string         `reg:"required,prose,max=1000"` // from the least up, one a line
	Bands        string         `reg:"required,prose,max=1000"` // from the least up, one a line: the least value of the band and its name
	ActFrom      register.Count `reg:"listed"`                  // a risk of this value or more is not accepted without a motive
	DecidedOn    register.Day   `reg:"listed"`
	Dnr          string         `reg:"max=60,listed"`
}

// PhaseState is where a phase of a risk cycle is.
type PhaseState string

// Choices lists the states.
func (PhaseState) Choices() []string { return []string{"planned", "ongoing", "done"} }

// RiskCycle is a cycle of the risk and vulnerability analysis (risk- och sårbarhetsanalys, RSA): one year of
// analysis and choosing measures, the next of introducing them and following up.
type RiskCycle struct {
	Record
	Name                string     `reg:"required,max=120,listed"`
	AnalysisYear        int        `reg:"required,listed"`
	AnalysisState       PhaseState `reg:"required,listed"`
	ImplementationYear  int        `reg:"required,listed"`
	ImplementationState PhaseState `reg:"required,listed"`
	Focus               string     `reg:"prose"` // what information security adds to the cycle
}

// Wrong reports an implementation before its analysis.
func (c RiskCycle) Wrong() []register.Wrong {
	if c.ImplementationYear != 0 && c.ImplementationYear < c.AnalysisYear {
		return []register.Wrong{{Field: "implementation_year", Code: "year_before", Args: []any{c.AnalysisYear}}}
	}
	return nil
}
