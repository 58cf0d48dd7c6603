// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"
	"strings"

	"ledsyn/register"
)

// PlanChange is what became of a control, or of a direct action, from one year's plan to the next.
type PlanChange string

// What can become of it.
const (
	ControlKept    PlanChange = "kept"
	ControlChanged PlanChange = "changed"
	ControlNew     PlanChange = "new"
	ControlDropped PlanChange = "dropped"
	ActionDoneWith PlanChange = "done" // a direct action that was done is not dropped
)

// PlanChanges lists them in the order that they are told.
func PlanChanges() []PlanChange {
	return []PlanChange{ControlKept, ControlChanged, ControlNew, ControlDropped, ActionDoneWith}
}

// ControlDifference is one control in two plans. Was is nil for a new one, Is for one that was dropped.
type ControlDifference struct {
	Change PlanChange
	Was    *Control
	Is     *Control
	Fields []register.Change
	Reason string
}

// Unexplained reports a difference that nobody has given a reason for.
func (d ControlDifference) Unexplained() bool { return d.Change != ControlKept && d.Reason == "" }

// ActionDifference is one direct action in two plans.
type ActionDifference struct {
	Change PlanChange
	Was    *DirectAction
	Is     *DirectAction
	Reason string
}

// Unexplained reports a direct action that was left without a reason.
func (d ActionDifference) Unexplained() bool { return d.Change == ControlDropped && d.Reason == "" }

// ofThePlan are the fields of a control that differ between two plans by nature, or that tell why the others do.
var ofThePlan = []string{"plan", "assessment", "continues", "change_reason", "drop_reason"}

// CompareControls tells each control of a plan against the plan before, by what it continues: those of the newer plan in its order, then
// those that were dropped. Two that continue the same control are both held against it.
func CompareControls(before, after []Control) []ControlDifference {
	var all []ControlDifference
	continued := map[string]bool{}
	for i := range after {
		is := &after[i]
		d := ControlDifference{Change: ControlNew, Is: is, Reason: strings.TrimSpace(is.ChangeReason)}
		if at := slices.IndexFunc(before, func(c Control) bool { return c.ID == string(is.Continues) }); at >= 0 {
			d.Was, d.Change = &before[at], ControlKept
			continued[before[at].ID] = true
			for _, c := range register.Diff(d.Was, is) {
				if !slices.Contains(ofThePlan, c.Field.Name) {
					d.Fields, d.Change = append(d.Fields, c), ControlChanged
				}
			}
		}
		all = append(all, d)
	}
	for i := range before {
		if !continued[before[i].ID] {
			all = append(all, ControlDifference{Change: ControlDropped, Was: &before[i], Reason: strings.TrimSpace(before[i].DropReason)})
		}
	}
	return all
}

// CompareActions tells each direct action of a plan against the plan before.
func CompareActions(before, after []DirectAction) []ActionDifference {
	var all []ActionDifference
	continued := map[string]bool{}
	for i := range after {
		d := ActionDifference{Change: ControlNew, Is: &after[i]}
		if at := slices.IndexFunc(before, func(a DirectAction) bool { return a.ID == string(after[i].Continues) }); at >= 0 {
			d.Was, d.Change, continued[before[at].ID] = &before[at], ControlKept, true
		}
		all = append(all, d)
	}
	for i := range before {
		if continued[before[i].ID] {
			continue
		}
		d := ActionDifference{Change: ControlDropped, Was: &before[i], Reason: strings.TrimSpace(before[i].Reason)}
		if before[i].State == ActionDone {
			d.Change = ActionDoneWith
		}
		all = append(all, d)
	}
	return all
}
