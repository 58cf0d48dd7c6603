// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"strconv"

	"ledsyn/register"
)

// AccessReviewState is how far an access review has come.
type AccessReviewState string

// The states of an access review.
const (
	AccessReviewPlanned   AccessReviewState = "planned"
	AccessReviewOngoing   AccessReviewState = "ongoing" // the lines are with those who judge
	AccessReviewClosed    AccessReviewState = "closed"
	AccessReviewCancelled AccessReviewState = "cancelled"
)

// Choices lists the states.
func (AccessReviewState) Choices() []string {
	return []string{"planned", "ongoing", "closed", "cancelled"}
}

// AccessReview (behörighetsgenomgång) is a campaign in which every line of one or more entitlement lists is judged by somebody who can.
// The numbers are of the day when it began, and those of the answers of the day when it was closed.
type AccessReview struct {
	Record
	Name        string                     `reg:"required,listed,find"`
	Populations []register.Ref[Population] `reg:""` // the entitlement lists
	Staff       register.Ref[Population]   `reg:""` // the HR list that they are held against
	Roles       string                     `reg:"prose,max=20000"`
	Judges      Judges                     `reg:"required"`
	Judge       register.Ref[Person]       `reg:""` // where one person judges all
	Reserve     register.Ref[Person]       `reg:""` // judges what nobody else can: no manager known, one's own rights
	Leader      register.Ref[Person]       `reg:"listed"`
	Advice      string                     `reg:"prose,max=4000"` // to those who judge
	StartedOn   register.Day               `reg:"listed"`
	EndsOn      register.Day               `reg:"required,listed"`
	State       AccessReviewState          `reg:"required,listed"`
	ClosedOn    register.Day               `reg:"listed"`
	Reason      string                     `reg:"prose"` // why cancelled, or closed with lines unanswered

	// When a line is marked before anybody looks.
	DormantDays    register.Count `reg:""`                // not used for so many days
	SharedAccounts string         `reg:"prose,max=20000"` // accounts known to be shared, one a line; * stands for anything

	Lines      register.Count `reg:"listed"`
	Leavers    register.Count `reg:""` // the employment has ended
	Unemployed register.Count `reg:""` // no such employee
	Moved      register.Count `reg:""` // to another unit since the right was granted
	Dormant    register.Count `reg:""`
	Privileged register.Count `reg:""`
	Conflicts  register.Count `reg:""` // rights that one person may not hold together
	Shared     register.Count `reg:""` // accounts
	Kept       register.Count `reg:""`
	Changed    register.Count `reg:""`
	Removed    register.Count `reg:"listed"`
	Unknown    register.Count `reg:""` // answered with "do not know"
	Unanswered register.Count `reg:"listed"`
}

// Wrong reports ends in the wrong order.
func (r AccessReview) Wrong() []register.Wrong { return order("ends_on", r.StartedOn, r.EndsOn) }

// RightsConflict is a pair of rights that one person may not hold together (otillåten kombination av behörigheter). "*" is any right of
// the system.
type RightsConflict struct {
	Record
	Name      string               `reg:"required,listed,find"`
	System    register.Ref[System] `reg:"required,listed"`
	Right     string               `reg:"required,max=200,listed,find"`
	Other     register.Ref[System] `reg:"required,listed"`
	With      string               `reg:"required,max=200,listed,find"` // the right in the other system
	Why       string               `reg:"prose"`
	ValidFrom register.Day         `reg:""`
	ValidTo   register.Day         `reg:""`
}

// Wrong reports ends in the wrong order.
func (c RightsConflict) Wrong() []register.Wrong { return order("valid_to", c.ValidFrom, c.ValidTo) }

// Portion is the rows of a spot check or an access review that one person is to judge. The rows stay what they were when it was dealt out.
type Portion struct {
	Record
	Name         string                     `reg:"required,listed,find"` // what the rows are about: a unit, a system
	SpotCheck    register.Ref[SpotCheck]    `reg:"listed"`
	Draw         register.Ref[Draw]         `reg:""`
	AccessReview register.Ref[AccessReview] `reg:"listed"`
	Population   register.Ref[Population]   `reg:"required"`
	Reviewer     register.Ref[Person]       `reg:"listed"`
	Rows         string                     `reg:"required,prose,max=90000"` // their numbers in order: 1-4,9
	Count        register.Count             `reg:"required,listed"`
	Chosen       string                     `reg:"prose,max=90000"` // those of them that were chosen by risk and are no part of the estimate
	Marks        string                     `reg:"prose,max=90000"` // what rules say of rows, as JSON: {"9":["leaver"]}
	DueOn        register.Day               `reg:"listed"`
	SentOn       register.Day               `reg:"listed"`
	DelegatedBy  register.Ref[Person]       `reg:""`
	DelegatedOn  register.Day               `reg:""`
	Former       []register.Ref[Person]     `reg:""` // who judged it before, and still see it
	ByUnit       register.Ref[Unit]         `reg:""` // whose manager or head the reviewer was, where that is why
	Note         string                     `reg:"prose"`
	DoneAt       register.Moment            `reg:"listed"` // handed in: nothing more is answered
	WithdrawnOn  register.Day               `reg:""`
}

// RowAnswer is what somebody who judges says of a row.
type RowAnswer string

// The answers. Keep is also the answer of a spot check's sound row.
const (
	Keep      RowAnswer = "keep"
	Alter     RowAnswer = "change"
	Remove    RowAnswer = "remove"
	Deviating RowAnswer = "deviation"
	Unsure    RowAnswer = "unknown"
)

// Choices lists the answers.
func (RowAnswer) Choices() []string {
	return []string{"keep", "change", "remove", "deviation", "unknown"}
}

// AnswerSheet is one saving of answers to rows of a portion. A later answer to the same row takes the place of the earlier, which stays to be
// seen.
type AnswerSheet struct {
	Record
	Portion  register.Ref[Portion] `reg:"required,listed"`
	Number   int                   `reg:"required,listed"` // 1 is the portion's first
	Person   register.Ref[Person]  `reg:"listed"`          // who answered
	ByLink   bool                  `reg:""`                // without an account
	At       register.Moment       `reg:"listed"`
	Answers  string                `reg:"required,prose,max=90000"` // as JSON: [{"row":9,"answer":"remove","note":"…"}]
	Count    register.Count        `reg:"listed"`                   // rows answered in this saving
	Bulk     bool                  `reg:""`                         // one answer was given to all of them at once
	Seconds  register.Count        `reg:""`                         // from the page was shown, or the earlier saving, until this
	Answered register.Count        `reg:""`                         // rows of the portion that have an answer after this
}

// Title names the sheet by its number.
func (j AnswerSheet) Title() string { return strconv.Itoa(j.Number) }

// PortionLink lets somebody without an account judge a portion. Only a hash of the link's secret part is kept.
type PortionLink struct {
	Record
	Portion   register.Ref[Portion] `reg:"required,listed"`
	Person    register.Ref[Person]  `reg:"required,listed"` // for whom it is; answers are that person's
	Secret    string                `reg:"required,max=64"` // SHA-256 of the secret part, in hexadecimal
	ValidFrom register.Day          `reg:"listed"`
	ValidTo   register.Day          `reg:"required,listed"`
	RevokedOn register.Day          `reg:"listed"`
	OpenedBy  register.Ref[Person]  `reg:""`
}

// Title names the link by its last day.
func (l PortionLink) Title() string { return string(l.ValidTo) }

// Open reports whether the link may be used on the day.
func (l PortionLink) Open(on register.Day) bool {
	return l.Retired == "" && l.RevokedOn == "" && during(l.ValidFrom, l.ValidTo, on)
}

// Wrong reports ends in the wrong order.
func (l PortionLink) Wrong() []register.Wrong { return order("valid_to", l.ValidFrom, l.ValidTo) }

// RemovalCause is why a right is to be taken away.
type RemovalCause string

// Why a right is to be taken away.
const (
	RemovalDecided RemovalCause = "decision" // somebody who judged said so
	RemovalLeaver  RemovalCause = "leaver"   // the employment had ended
)

// Choices lists the causes.
func (RemovalCause) Choices() []string { return []string{"decision", "leaver"} }

// Removal is a right that is to be taken away or changed, and when it was seen to be. A later list of the same system shows whether it is
// gone; until then it is open.
type Removal struct {
	Record
	Name         string                     `reg:"required,listed,find"` // whose, as the list has it
	AccessReview register.Ref[AccessReview] `reg:"listed"`
	SpotCheck    register.Ref[SpotCheck]    `reg:""`
	Population   register.Ref[Population]   `reg:"required"` // the list that it stood in
	Row          register.Count             `reg:"required"`
	System       register.Ref[System]       `reg:"listed"`
	Right        string                     `reg:"max=500,listed"`
	Wanted       RowAnswer                  `reg:"required,listed"` // remove or change
	Cause        RemovalCause               `reg:"required,listed"`
	Note         string                     `reg:"prose"`
	DecidedOn    register.Day               `reg:"listed"`
	EndedOn      register.Day               `reg:""`       // the last day of the employment
	OrderedOn    register.Day               `reg:""`       // sent to those who take rights away
	SeenOn       register.Day               `reg:"listed"` // the day of the last list that it stood in
	GoneOn       register.Day               `reg:"listed"` // the day of the first list that it did not stand in
	VerifiedBy   register.Ref[Population]   `reg:""`       // that list
	WithdrawnOn  register.Day               `reg:""`       // it was to stay after all: the note says why
}

// Open reports whether the right is still to be taken away, as far as lists up to the day show.
func (r Removal) Open(on register.Day) bool {
	return r.DecidedOn <= on && (r.GoneOn == "" || r.GoneOn > on) && (r.WithdrawnOn == "" || r.WithdrawnOn > on)
}
