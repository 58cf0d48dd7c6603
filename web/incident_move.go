// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"slices"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// IncidentMovePage is the form that takes an incident to another state.
type IncidentMovePage struct {
	Frame
	Summary *Summary
	About   string
	Notes   []Notice
	To      string
	At      *FormField
	Reason  FormField
	Other   *FormField // the incident that a report is joined to
	Action  string
	Back    string
	Do      string
	Rev     int
	Key     string
}

func (s *site) moveForm(v *visit) error {
	q, err := v.query("to")
	if err != nil {
		return err
	}
	return v.showMove(http.StatusOK, isms.IncidentState(q["to"]), nil, nil)
}

func (v *visit) showMove(status int, to isms.IncidentState, sent map[string]string, wrong register.Wrongs) error {
	a, err := v.site.app.Incident(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !a.May.Work {
		return isms.ErrForbidden
	}
	if to == isms.IncidentTriaged || !slices.Contains(to.Choices(), string(to)) || len(wrong) == 0 && !a.State.May(to) {
		return isms.ErrNotFound
	}
	l := v.lang
	base := incidentAddress(a.ID)
	p := &IncidentMovePage{To: string(to), Action: base + "/move", Back: base, Rev: a.Rev, Key: register.NewID()}
	verb := string(to)
	if a.State == isms.IncidentClosed && to == isms.IncidentInvestigating {
		verb = "reopen"
	}
	p.Title, p.About = l.T("web.move."+verb), l.T("web.move."+verb+".about")
	p.Do = p.Title
	p.Crumbs = []Link{{l.T("web.incidents"), "/incidents"}, {a.Reference, base}}
	p.Place = a.Titles.Of("unit", a.Unit)
	if verb == "reopen" && a.Final {
		p.Notes = append(p.Notes, Notice{l.T("web.incident.reopened.final"), "warn"})
	}
	for _, w := range a.Owed {
		if to == isms.IncidentClosed && len(wrong) == 0 {
			p.Notes = append(p.Notes, Notice{l.T("wrong."+w.Code, w.Args...), "warn"})
		}
	}
	if to != isms.IncidentJoined && to != isms.IncidentNone && to != isms.IncidentReported {
		at := FormField{Name: "at", Label: l.T("web.move.at"), Help: l.T("web.move.at.help"), Required: true, Wrong: wrongOf(l, wrong, "at")}
		text := sent["at"]
		if sent == nil {
			text = string(register.MomentOf(v.site.app.Now()))
		}
		at.instant(l, text, sent["_which.at"])
		p.At = &at
	}
	p.Reason = FormField{Name: "reason", Label: l.T("web.move.reason"), Help: l.T("web.move.reason.help"), Kind: "prose", Value: sent["reason"], Max: 5000,
		Required: a.State.Back(to), Wrong: wrongOf(l, wrong, "reason")}
	if !p.Reason.Required {
		p.Reason.Optional = l.T("web.form.optional")
	}
	if to == isms.IncidentJoined {
		if p.Other, err = v.otherIncidents(a, sent["duplicate_of"], wrong); err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		p.Failed, p.Summary = true, &Summary{Heading: l.T("web.form.problem")}
		for _, w := range wrong {
			item := Link{Text: l.T("wrong."+w.Code, w.Args...)}
			if slices.Contains([]string{"at", "reason", "duplicate_of"}, w.Field) {
				item.URL = "#f-" + w.Field
			}
			p.Summary.Items = append(p.Summary.Items, item)
		}
	}
	return v.show(status, "incident-move", p)
}

// otherIncidents is the choice of which incident a report tells of.
func (v *visit) otherIncidents(a app.IncidentPage, chosen string, wrong register.Wrongs) (*FormField, error) {
	l := v.lang
	all, err := v.site.app.Incidents(v.r.Context(), v.who, app.IncidentQuery{})
	if err != nil {
		return nil, err
	}
	f := &FormField{Name: "duplicate_of", Label: l.T("incident.duplicate_of"), Help: l.T("incident.duplicate_of.help"), Kind: "choice", Required: true,
		None: l.T("web.form.none"), Wrong: wrongOf(l, wrong, "duplicate_of")}
	for _, list := range [][]app.IncidentRow{all.Open, all.Triage, all.Done} {
		for _, i := range list {
			if i.ID != a.ID && i.State != isms.IncidentJoined && i.State != isms.IncidentNone {
				f.Options = append(f.Options, Option{i.ID, i.Reference + " " + i.Title, i.ID == chosen})
			}
		}
	}
	f.Sieve = sieve(l, f.Options)
	return f, nil
}

func (s *site) moveIncident(v *visit) error {
	form, err := v.formOf("_rev", "_key", "to", "at", "_which.at", "reason", "duplicate_of")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	id, to := v.r.PathValue("id"), isms.IncidentState(form["to"])
	at, wrong := readInstants(form, "at")
	if len(wrong) > 0 {
		return v.showMove(http.StatusUnprocessableEntity, to, form, wrong)
	}
	if to == isms.IncidentJoined {
		err = s.app.JoinIncident(v.r.Context(), v.who, app.Joins{ID: id, Rev: rev, To: form["duplicate_of"], Reason: form["reason"], Key: form["_key"]})
	} else {
		err = s.app.MoveIncident(v.r.Context(), v.who, app.Move{ID: id, Rev: rev, To: to, At: at["at"], Reason: form["reason"], Key: form["_key"]})
	}
	if errors.As(err, &wrong) {
		return v.showMove(http.StatusUnprocessableEntity, to, form, wrong)
	}
	return v.afterAct(err, incidentAddress(id))
}
