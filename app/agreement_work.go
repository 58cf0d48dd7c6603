// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/metric"
	"ledsyn/register"
)

// processors finds suppliers of the entry with whom no data processing agreement in force is known, among all those of
// the unit and the units above it.
func (v *recordOf) processors(p *isms.Processing) {
	var without []string
	for _, id := range p.Suppliers {
		s, ok := v.suppliers[id]
		if !ok {
			continue
		}
		agreed := slices.ContainsFunc(v.Agreements, func(a isms.Agreement) bool {
			return a.Supplier == id && a.IsProcessing && !v.gone(a.Record) && a.InForce(v.day)
		})
		if !agreed {
			without = append(without, s.Name)
		}
	}
	if len(without) > 0 {
		v.add("processing_without_agreement", p, p.Owner, without)
	}
}

// leastHours is how many of the hours that the law gives a board to report a breach must remain when a processor has used
// all the time that its agreement gives it to tell of one: two thirds.
func leastHours(clock int) int { return clock * 2 / 3 }

// agreementsInForce goes through the data processing agreements in force that the entries in use rest on: those that they
// name, and those with their suppliers. What other units rest on is theirs to see to.
func (v *recordOf) agreementsInForce() {
	named, suppliers := map[string]bool{}, map[register.Ref[isms.Supplier]]bool{}
	for _, p := range v.Processings {
		if metric.EntryInUse(p, v.day) {
			for _, id := range p.Agreements {
				named[string(id)] = true
			}
			for _, id := range p.Suppliers {
				suppliers[id] = true
			}
		}
	}
	for i := range v.Agreements {
		a := &v.Agreements[i]
		if !a.IsProcessing || v.gone(a.Record) || !a.InForce(v.day) || !named[a.ID] && !suppliers[a.Supplier] {
			continue
		}
		if missing := a.MissingClauses(); len(missing) > 0 {
			v.lacking("agreement_missing_clauses", a, "", missing)
		}
		v.incidentHours(a)
		if a.SuitabilityOn == "" || a.SuitabilityOn > v.day {
			v.lacking("agreement_without_suitability", a, "", []string{"suitability_on"})
		}
		if a.ReviewBy != "" && a.ReviewBy < v.day {
			v.add("agreement_past_review", a, "", a.ReviewBy)
		}
	}
}

// incidentHours holds the supplier's promise against the clock of the breach notification, which the promise eats.
func (v *recordOf) incidentHours(a *isms.Agreement) {
	rule, ok := law.Rule("gdpr_breach_notification")
	if !ok || rule.Clock == nil || rule.Clock.Hours == 0 {
		return
	}
	hours, known := a.IncidentHours.Known()
	switch left := rule.Clock.Hours - hours; {
	case !known:
		v.lacking("agreement_incident_hours_unknown", a, "", []string{"incident_hours"})
	case left < leastHours(rule.Clock.Hours):
		v.add("agreement_incident_hours", a, register.Ref[isms.Person](""), hours, max(left, 0), rule.Clock.Hours)
	}
}
