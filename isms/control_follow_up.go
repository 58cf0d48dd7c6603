// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"cmp"
	"slices"
	"strings"

	"ledsyn/register"
)

// PlanRecords is what is known of an internal-control plan, all of it as of one moment.
type PlanRecords struct {
	Plan        ControlPlan
	Controls    []Control
	Actions     []DirectAction
	Results     []ControlResult
	Checks      []SpotCheck // of the controls
	Deviations  []Deviation // of the controls and of the checks
	Assessments []ControlAssessment
	Processes   []ControlProcess
	Scale       *ControlScale // that the year's risks are valued on
}

// Followed is a control, or a direct action, with what was reported of it. One of the two is nil.
type Followed struct {
	Control *Control
	Action  *DirectAction
	Results map[Tertial]ControlResult
	Checks  []SpotCheck // in the order that they were made; those not made last
}

// Head is the head of the control or the action.
func (f Followed) Head() Record {
	if f.Control != nil {
		return f.Control.Record
	}
	return f.Action.Record
}

// Name is the name of the control or the action.
func (f Followed) Name() string {
	if f.Control != nil {
		return f.Control.Name
	}
	return f.Action.Name
}

// Outcome is what was reported for the part of the year; "" says that nothing was, which is no outcome.
func (f Followed) Outcome(t Tertial) ControlStatus { return f.Results[t].Outcome }

// ChecksOf are the checks made in the part of the year.
func (f Followed) ChecksOf(t Tertial) []SpotCheck {
	var list []SpotCheck
	for _, c := range f.Checks {
		if c.PerformedOn != "" && (t == WholeYear || TertialOf(c.Year, c.PerformedOn) == t) {
			list = append(list, c)
		}
	}
	return list
}

// FollowUp puts what was reported by the day with what the plan has on that day: first its controls, then its direct actions, by name.
func (r PlanRecords) FollowUp(day register.Day) []Followed {
	in := func(rec Record) bool { return rec.Retired == "" || rec.Retired > day }
	var controls, actions []Followed
	for i := range r.Controls {
		if c := &r.Controls[i]; in(c.Record) {
			f := Followed{Control: c, Results: map[Tertial]ControlResult{}}
			for _, check := range r.Checks {
				if string(check.Control) == c.ID && check.Year == r.Plan.Year && in(check.Record) && check.PerformedOn <= day {
					f.Checks = append(f.Checks, check)
				}
			}
			slices.SortStableFunc(f.Checks, func(a, b SpotCheck) int {
				return cmp.Or(cmp.Compare(orLast(a.PerformedOn), orLast(b.PerformedOn)), strings.Compare(a.ID, b.ID))
			})
			controls = append(controls, f)
		}
	}
	for i := range r.Actions {
		if a := &r.Actions[i]; in(a.Record) {
			actions = append(actions, Followed{Action: a, Results: map[Tertial]ControlResult{}})
		}
	}
	for _, list := range [][]Followed{controls, actions} {
		slices.SortStableFunc(list, func(a, b Followed) int {
			return cmp.Or(strings.Compare(a.Name(), b.Name()), strings.Compare(a.Head().ID, b.Head().ID))
		})
	}
	all := append(controls, actions...)
	for _, res := range r.Results {
		if !in(res.Record) || res.ReportedOn > day {
			continue
		}
		for _, f := range all {
			if f.Control != nil && string(res.Control) == f.Control.ID || f.Action != nil && string(res.Action) == f.Action.ID {
				f.Results[res.Tertial] = res
			}
		}
	}
	return all
}

func orLast(d register.Day) string { return cmp.Or(string(d), "9999") }

// ControlSums is how the controls of a plan stand. What was found, what of it is remedied and what is open are three numbers: what is not known
// of them is counted apart and never taken for 0.
type ControlSums struct {
	Of          int // controls
	By          map[ControlStatus]int
	NotReported int

	Found        int // deviations
	FoundUnknown int // results with deviations whose number is not known
	Remedied     int
	Open         int
	OpenUnknown  int // deviations of which it is not known whether they are remedied
}

// Reported is how many controls have an outcome.
func (s ControlSums) Reported() int { return s.Of - s.NotReported }

// SumControls counts the controls, not the direct actions, by their outcome in the part of the year, and the deviations that were reported for it.
func SumControls(list []Followed, t Tertial) ControlSums {
	s := ControlSums{By: map[ControlStatus]int{}}
	for _, f := range list {
		if f.Control == nil {
			continue
		}
		s.Of++
		if r, ok := f.Results[t]; ok {
			s.By[r.Outcome]++
			s.deviations(r)
		} else {
			s.NotReported++
		}
	}
	return s
}

// SumDeviations counts the deviations that were reported of the controls for any of the parts of the year.
func SumDeviations(list []Followed, parts ...Tertial) ControlSums {
	var s ControlSums
	for _, f := range list {
		for _, t := range parts {
			if r, ok := f.Results[t]; ok && f.Control != nil {
				s.deviations(r)
			}
		}
	}
	return s
}

func (s *ControlSums) deviations(r ControlResult) {
	found, known := r.Found.Known()
	if !known {
		if r.Outcome == ControlDeviations {
			s.FoundUnknown++
		}
		return
	}
	s.Found += found
	if remedied, known := r.Remedied.Known(); known {
		s.Remedied += remedied
		s.Open += found - remedied
	} else {
		s.OpenUnknown += found
	}
}

// Parts are the parts of the year up to and with the given one; the whole year is all of them and what was reported for the year as such.
func (t Tertial) Parts() []Tertial {
	all := []Tertial{FirstTertial, SecondTertial, ThirdTertial, WholeYear}
	return all[:slices.Index(all, t)+1]
}

// Overdue reports an action that should have been done before the day and is not.
func (a DirectAction) Overdue(day register.Day) bool {
	return a.DueOn != "" && a.DueOn < day && a.State != ActionDone && a.State != ActionDropped
}

// PlacedRisk is a line of the analysis with its place in the year's matrix.
type PlacedRisk struct {
	ControlAssessment
	Process  string // its name
	Duty     bool   // the process is compulsory
	Value    int    // 0: the line is not valued, or not on the year's scale
	OffScale bool   // valued, but not on the year's scale
}

// PlaceRisks puts the year's lines in the order that they are told, those of compulsory processes first, with their values on the scale. A line
// that was valued on another scale, or on none, has no value here.
func PlaceRisks(lines []ControlAssessment, processes []ControlProcess, scale ControlScale) []PlacedRisk {
	steps, _ := scale.Read()
	var all []PlacedRisk
	for _, a := range lines {
		p := PlacedRisk{ControlAssessment: a}
		if i := slices.IndexFunc(processes, func(q ControlProcess) bool { return q.ID == string(a.Process) }); i >= 0 {
			p.Process, p.Duty = processes[i].Name, processes[i].Compulsory
		}
		if a.Likelihood != 0 && a.Consequence != 0 {
			if a.Scale != "" && string(a.Scale) == scale.ID {
				p.Value = steps.Value(a.Likelihood, a.Consequence)
			}
			p.OffScale = p.Value == 0
		}
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b PlacedRisk) int {
		if a.Duty != b.Duty {
			if a.Duty {
				return -1
			}
			return 1
		}
		return cmp.Or(strings.Compare(a.Process, b.Process), strings.Compare(a.Part, b.Part), strings.Compare(a.ID, b.ID))
	})
	return all
}
