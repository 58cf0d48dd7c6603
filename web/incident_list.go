// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"net/url"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// IncidentsPage is the incidents that the person may see: those to triage, the periods that run, those worked with, and those that are done.
type IncidentsPage struct {
	Frame
	Units    []Option
	Kinds    []Option
	Mine     bool
	Narrowed bool
	Triage   []IncidentLine
	Clocks   []ClockLine
	Open     []IncidentLine
	Done     []IncidentLine
	More     *Link
	Report   bool
	Links    bool
}

// An IncidentLine is one incident in the overview.
type IncidentLine struct {
	Link
	Reference, Kind, Unit, When, Who, Joined string
	State                                    Value
	Clock                                    Tag
}

func (s *site) incidents(v *visit) error {
	q, err := v.query("unit", "kind", "mine")
	if err != nil {
		return err
	}
	l := v.lang
	kind, _ := register.Of[isms.Incident]().Field("kind")
	o, err := s.app.Incidents(v.r.Context(), v.who, app.IncidentQuery{Unit: q["unit"], Kind: isms.IncidentKind(q["kind"]), Mine: q["mine"] == "1"})
	if err != nil {
		return err
	}
	p := &IncidentsPage{Mine: q["mine"] == "1", Narrowed: q["unit"] != "" || q["kind"] != "" || q["mine"] != "", Links: o.Links, Report: true}
	p.Title = l.T("web.incidents")
	units, err := v.units()
	if err != nil {
		return err
	}
	for _, u := range units {
		u.Chosen = u.Value == q["unit"]
		p.Units = append(p.Units, u)
	}
	for _, c := range kind.Choices {
		p.Kinds = append(p.Kinds, Option{c, l.T(kind.ChoiceKey(c)), c == q["kind"]})
	}
	for _, c := range o.Clocks {
		line := v.clockLine(c, o.Titles)
		line.For = c.Reference + " " + c.Title + ", " + c.UnitName
		p.Clocks = append(p.Clocks, line)
	}
	for _, i := range o.Triage {
		line := v.incidentLine(i, o.Titles)
		line.Clock = v.leftTag(i.Left, "web.incident.triage_left", "web.incident.triage_late")
		p.Triage = append(p.Triage, line)
	}
	for _, i := range o.Open {
		p.Open = append(p.Open, v.incidentLine(i, o.Titles))
	}
	for _, i := range o.Done[:min(len(o.Done), mostDone)] {
		p.Done = append(p.Done, v.incidentLine(i, o.Titles))
	}
	if len(o.Done) > mostDone {
		p.More = &Link{l.T("web.start.all", len(o.Done)), "/r/incident?" + url.Values{"sort": {"-reported_at"}}.Encode()}
	}
	return v.show(http.StatusOK, "incidents", p)
}

func (v *visit) incidentLine(i app.IncidentRow, titles app.Titles) IncidentLine {
	l, s := v.lang, register.Of[isms.Incident]()
	state, _ := s.Field("state")
	kind, _ := s.Field("kind")
	line := IncidentLine{Link: Link{i.Title, incidentAddress(i.ID)}, Reference: i.Reference, Unit: titles.Of("unit", i.Unit), When: clock(i.ReportedAt),
		Who: titles.Of("person", string(i.Coordinator)), State: choice(l, state, string(i.State))}
	if i.Kind != "" {
		line.Kind = l.T(kind.ChoiceKey(string(i.Kind)))
	}
	if i.Joined > 0 {
		line.Joined = l.T("web.incident.joined.count", i.Joined)
	}
	switch {
	case i.Late > 0:
		line.Clock = Tag{l.T("web.incident.clocks_late", i.Late), "bad"}
	case i.Clocks > 0:
		line.Clock = Tag{l.T("web.incident.clocks", i.Clocks), "info"}
	}
	return line
}
