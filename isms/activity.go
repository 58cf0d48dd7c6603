// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// ActivityState is where an activity is.
type ActivityState string

// The states of an activity and of its yearly targets.
const (
	ActivityProposed ActivityState = "proposed"
	ActivityPlanned  ActivityState = "planned"
	ActivityOngoing  ActivityState = "ongoing"
	ActivityDone     ActivityState = "done"
	ActivityMoved    ActivityState = "moved"   // to a later year, with reason
	ActivityDropped  ActivityState = "dropped" // with reason
)

// Choices lists the states.
func (ActivityState) Choices() []string {
	return []string{"proposed", "planned", "ongoing", "done", "moved", "dropped"}
}

// Open reports whether there is still something to do.
func (s ActivityState) Open() bool { return s != ActivityDone && s != ActivityDropped }

// ActivitySource is where an activity comes from.
type ActivitySource string

// Choices lists the sources.
func (ActivitySource) Choices() []string {
	return []string{"instruction", "review", "audit", "dpo", "risk", "incident", "deviation", "law", "outside_plan", "own"}
}

// Activity is something the unit does for its information security. It keeps one identity over the years; each
// year's part is an ActivityTarget.
type Activity struct {
	Record
	Name           string                       `reg:"required,listed,find"`
	Description    string                       `reg:"prose,find"`
	Owner          register.Ref[Person]         `reg:"listed"`
	PlanGoal       string                       `reg:"max=20,listed"` // goal of the business plan: 3.5
	Source         ActivitySource               `reg:"listed"`
	SourceText     string                       `reg:""` // an outside plan or decision
	Recommendation register.Ref[Recommendation] `reg:""` // the recommendation it answers
	Document       register.Ref[Document]       `reg:""` // the document it makes or revises
	State          ActivityState                `reg:"required,listed"`
	Reason         string                       `reg:"prose"` // why moved, dropped or late
	Measure        string                       `reg:""`      // how it is known that it is done
	StartedOn      register.Day                 `reg:""`
	DoneOn         register.Day                 `reg:"listed"`
	Evidence       string                       `reg:"max=500"`
}

// Wrong reports days in the wrong order, a moved or dropped activity without a reason, and a done one without a
// day.
func (a Activity) Wrong() []register.Wrong {
	wrong := order("done_on", a.StartedOn, a.DoneOn)
	if (a.State == ActivityMoved || a.State == ActivityDropped) && a.Reason == "" {
		wrong = append(wrong, register.Wrong{Field: "reason", Code: "reason_needed"})
	}
	if a.State == ActivityDone && a.DoneOn == "" {
		wrong = append(wrong, register.Wrong{Field: "done_on", Code: "done_without_day"})
	}
	return wrong
}

// ActivityTarget is what an activity is to reach in one year: a line of the three-year plan.
type ActivityTarget struct {
	Record
	Activity register.Ref[Activity] `reg:"required,listed"`
	Year     int                    `reg:"required,listed"`
	Position int                    `reg:""` // the line's place in the year's plan
	Text     string                 `reg:"required,max=400,listed,find"`
	Target   string                 `reg:""` // the figure to reach, if any
	State    ActivityState          `reg:"required,listed"`
	Reason   string                 `reg:"prose"`
	DoneOn   register.Day           `reg:""`
}

// Title names the target by its text.
func (t ActivityTarget) Title() string { return t.Text }

// Wrong reports a moved or dropped target without a reason.
func (t ActivityTarget) Wrong() []register.Wrong {
	if (t.State == ActivityMoved || t.State == ActivityDropped) && t.Reason == "" {
		return []register.Wrong{{Field: "reason", Code: "reason_needed"}}
	}
	return nil
}
