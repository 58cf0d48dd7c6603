// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

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
}

// Title names the line by its part.
func (a ControlAssessment) Title() string { return a.Part }

// Wrong reports likelihoods and consequences outside 1 to 5.
func (a ControlAssessment) Wrong() []register.Wrong {
	var wrong []register.Wrong
	if a.Likelihood > 5 {
		wrong = append(wrong, register.Wrong{Field: "likelihood", Code: "scale", Args: []any{1, 5}})
	}
	if a.Consequence > 5 {
		wrong = append(wrong, register.Wrong{Field: "consequence", Code: "scale", Args: []any{1, 5}})
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
	return []string{"spot_check", "system_list", "interview", "document_review", "measurement"}
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
}

// SampleMethod is how a sample was drawn.
type SampleMethod string

// Choices lists the ways.
func (SampleMethod) Choices() []string {
	return []string{"random", "every_nth", "risk_based", "whole_population"}
}

// SpotCheck (stickprovskontroll) is a check of a sample. Its numbers may be unknown, which is shown as such; a
// deviation rate is counted over the sample, never over the population.
type SpotCheck struct {
	Record
	Name        string                `reg:"required,listed,find"`
	Area        string                `reg:"required,max=120,listed,find"` // what is checked: behörigheter, ansvarsområden
	Control     register.Ref[Control] `reg:""`
	Year        int                   `reg:"required,listed"`
	Period      string                `reg:"max=60"` // tertial 1
	Population  register.Count        `reg:"listed"`
	Sample      register.Count        `reg:"listed"`
	Method      SampleMethod          `reg:""`
	Checker     register.Ref[Person]  `reg:"listed"`
	PerformedOn register.Day          `reg:"listed"`
	Found       register.Count        `reg:"listed"` // deviations
	Remedied    register.Count        `reg:"listed"` // of those found
	SomeFound   bool                  `reg:""`       // deviations are reported, but not how many
	ReportedIn  string                `reg:"max=200"`
	Note        string                `reg:"prose"`
}

// Wrong reports parts greater than their wholes.
func (s SpotCheck) Wrong() []register.Wrong {
	var wrong []register.Wrong
	over := func(field string, part, whole register.Count) {
		n, a := part.Known()
		d, b := whole.Known()
		if a && b && n > d {
			wrong = append(wrong, register.Wrong{Field: field, Code: "part_over_whole", Args: []any{n, d}})
		}
	}
	over("sample", s.Sample, s.Population)
	over("found", s.Found, s.Sample)
	over("remedied", s.Remedied, s.Found)
	if n, known := s.Found.Known(); known && n == 0 && s.SomeFound {
		wrong = append(wrong, register.Wrong{Field: "some_found", Code: "some_of_none"})
	}
	return wrong
}

// DeviationState is where a deviation is.
type DeviationState string

// The states of a deviation.
const (
	DeviationOpen     DeviationState = "open"
	DeviationRemedied DeviationState = "remedied"
	DeviationVerified DeviationState = "verified"
)

// Choices lists the states.
func (DeviationState) Choices() []string { return []string{"open", "remedied", "verified"} }

// Deviation is one departure from what should be, found in a spot check, a control or otherwise. The deviations
// of a spot check are counted by the check's own numbers where it has any.
type Deviation struct {
	Record
	Title      string                  `reg:"required,listed,find"`
	Area       string                  `reg:"max=120,listed"`
	SpotCheck  register.Ref[SpotCheck] `reg:"listed"`
	Control    register.Ref[Control]   `reg:""`
	FoundOn    register.Day            `reg:"required,listed"`
	Cause      string                  `reg:"prose"`
	Action     string                  `reg:"prose"`
	Owner      register.Ref[Person]    `reg:"listed"`
	State      DeviationState          `reg:"required,listed"`
	RemediedOn register.Day            `reg:"listed"`
}

// Wrong reports days in the wrong order and a remedied deviation without a day.
func (d Deviation) Wrong() []register.Wrong {
	wrong := order("remedied_on", d.FoundOn, d.RemediedOn)
	if d.State != DeviationOpen && d.State != "" && d.RemediedOn == "" {
		wrong = append(wrong, register.Wrong{Field: "remedied_on", Code: "done_without_day"})
	}
	return wrong
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
