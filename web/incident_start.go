// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"ledsyn/app"
)

// waitingClocks are the statutory periods that run, those that have passed first.
func (v *visit) waitingClocks() ([]Todo, error) {
	clocks, err := v.site.app.Clocks(v.r.Context(), v.who)
	var list []Todo
	for _, c := range clocks {
		line := v.clockLine(c, nil)
		list = append(list, Todo{Link: line.Link, Why: c.Reference + " " + c.Title + ", " + c.UnitName + ". " + line.Last, Day: line.Left})
	}
	return list, err
}

// waitingTriage are the reports that nobody has triaged, for those who may.
func (v *visit) waitingTriage() ([]Todo, error) {
	o, err := v.site.app.Incidents(v.r.Context(), v.who, app.IncidentQuery{})
	if err != nil {
		return nil, err
	}
	var list []Todo
	for _, i := range o.Triage {
		if i.MayWork {
			list = append(list, Todo{Link: Link{i.Title, incidentAddress(i.ID) + "/triage"}, Why: i.Reference + ", " + o.Titles.Of("unit", i.Unit),
				Day: v.leftTag(i.Left, "web.incident.triage_left", "web.incident.triage_late")})
		}
	}
	return list, nil
}

// waitingIncidents are the open incidents that the person holds.
func (v *visit) waitingIncidents() ([]Todo, error) {
	o, err := v.site.app.Incidents(v.r.Context(), v.who, app.IncidentQuery{Mine: true})
	if err != nil {
		return nil, err
	}
	var list []Todo
	for _, i := range o.Open {
		line := v.incidentLine(i, o.Titles)
		list = append(list, Todo{Link: line.Link, Why: i.Reference + ", " + line.State.Text, Day: line.Clock})
	}
	return list, nil
}
