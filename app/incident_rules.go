// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
)

// incidentByAct are the fields of an incident that its own acts set and the general form may not.
var incidentByAct = []string{"reference", "state", "reported_at", "reported_by", "triaged_at", "contained_at", "restored_at", "handled_at", "closed_at",
	"reopened_at", "duplicate_of"}

// incidentRules reports fields of an incident that only its own acts may change.
func incidentRules(was, is *isms.Incident) register.Wrongs {
	if was == nil {
		return nil // made by an act of its own
	}
	var wrong register.Wrongs
	for _, c := range register.Diff(was, is) {
		if slices.Contains(incidentByAct, c.Field.Name) {
			wrong = append(wrong, register.Wrong{Field: c.Field.Name, Code: "incident_by_act"})
		}
	}
	if was.State == isms.IncidentClosed && len(register.Diff(was, is)) > 0 && len(wrong) == 0 {
		wrong = append(wrong, register.Wrong{Code: "incident_closed"})
	}
	return wrong
}
