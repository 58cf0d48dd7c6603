// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"strconv"

	"ledsyn/register"
)

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

	// What is to be checked. A check that was only written down has no state.
	State      SpotCheckState           `reg:"listed"`
	Question   string                   `reg:"prose"` // what is a deviation
	Definition string                   `reg:"prose"` // the population in words: what is in it and what is not
	Source     register.Ref[Population] `reg:""`      // the set that is checked, or
	Kind       string                   `reg:"max=64"`
	SourceDay  register.Day             `reg:""`                // the day whose records of that register are checked
	Choice     string                   `reg:"prose,max=20000"` // which of them, as JSON
	Stratify   string                   `reg:"max=200"`         // the column by whose values the sample is divided
	Confidence register.Percent         `reg:""`
	Tolerable  register.Percent         `reg:""` // the deviation rate that can be borne
	Expected   register.Count           `reg:""` // deviations that the size makes room for
	Judges     Judges                   `reg:""`
	Judge      register.Ref[Person]     `reg:""` // where one person judges all
	DueOn      register.Day             `reg:""`

	// How many rows are to be checked, where the number was chosen and not reckoned from the tolerable rate. What came of the check beside
	// the numbers above, which are the random sample's alone.
	Size        register.Count   `reg:""`
	Unanswered  register.Count   `reg:""` // of the sample: nobody answered, or who did could not tell
	FoundChosen register.Count   `reg:""` // deviations among the rows chosen by risk
	Upper       register.Percent `reg:""` // at most this share of the population deviates, at the confidence, whatever the unanswered rows are
}

// SpotCheckState is how far a spot check has come. It goes through them in their order; a draw that is made anew goes back to committed.
type SpotCheckState string

// The states of a spot check.
const (
	SpotCheckPlanned   SpotCheckState = "planned"
	SpotCheckCommitted SpotCheckState = "committed" // the seed's hash is journaled
	SpotCheckFrozen    SpotCheckState = "frozen"    // the population stands
	SpotCheckDrawn     SpotCheckState = "drawn"     // the seed is revealed
	SpotCheckOngoing   SpotCheckState = "ongoing"   // the items are with those who judge
	SpotCheckDone      SpotCheckState = "done"
	SpotCheckCancelled SpotCheckState = "cancelled" // with a note that says why
)

// Choices lists the states.
func (SpotCheckState) Choices() []string {
	return []string{"planned", "committed", "frozen", "drawn", "ongoing", "done", "cancelled"}
}

// Judges is who judges the rows of a spot check or an access review.
type Judges string

// Who judges.
const (
	JudgedByManagers Judges = "manager" // of the person that the row is about
	JudgedByOwners   Judges = "owner"   // of the system that the row is about
	JudgedByOne      Judges = "one"     // a person who is named
)

// Choices lists who can judge.
func (Judges) Choices() []string { return []string{"manager", "owner", "one"} }

// Draw is one drawing of a spot check's sample: a seed that was bound before the population was frozen, and revealed when the rows
// were drawn. Every one stays to be seen, also those that were replaced.
type Draw struct {
	Record
	SpotCheck   register.Ref[SpotCheck]  `reg:"required,listed"`
	Number      int                      `reg:"required,listed"` // 1 is the check's first
	Reason      string                   `reg:"prose"`           // why it was drawn anew
	Commitment  string                   `reg:"required,max=64"` // the seed's hash: doc/sampling.md
	CommittedAt register.Moment          `reg:"listed"`
	Population  register.Ref[Population] `reg:"listed"` // the frozen rows
	Rows        register.Count           `reg:"listed"`
	SHA256      string                   `reg:"max=64"` // of the frozen rows
	FrozenAt    register.Moment          `reg:""`
	Strata      string                   `reg:"prose,max=90000"` // as JSON: each part's name, rows and size
	Size        register.Count           `reg:"listed"`
	Seed        string                   `reg:"max=64"` // revealed when the rows are drawn, in hexadecimal
	DrawnAt     register.Moment          `reg:"listed"`
	Chosen      string                   `reg:"prose,max=90000"` // rows chosen by risk and why, as JSON; no part of the estimate
	AbandonedAt register.Moment          `reg:""`                // replaced by another, or given up
}

// Title names the draw by its number.
func (d Draw) Title() string { return strconv.Itoa(d.Number) }

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

	Portion    register.Ref[Portion] `reg:""` // whose answer it comes from
	Row        register.Count        `reg:""` // of the population
	VerifiedOn register.Day          `reg:""` // by a new test
	VerifiedBy register.Ref[Person]  `reg:""`
}

// Wrong reports days in the wrong order and a remedied deviation without a day.
func (d Deviation) Wrong() []register.Wrong {
	wrong := append(order("remedied_on", d.FoundOn, d.RemediedOn), order("verified_on", d.RemediedOn, d.VerifiedOn)...)
	if d.State != DeviationOpen && d.State != "" && d.RemediedOn == "" {
		wrong = append(wrong, register.Wrong{Field: "remedied_on", Code: "done_without_day"})
	}
	return wrong
}
