// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"html/template"
	"net/http"
	"slices"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// IncidentPage is one incident: what it is, how far the work has come, who owes what by when, and all that has happened.
type IncidentPage struct {
	Frame
	Summary   *Summary
	Kicker    string
	Tags      []Value
	Lead      string
	TriageBy  Tag // until it is triaged
	Notes     []Notice
	Steps     []Step
	Forward   *Link // the next step of the work
	Others    []Link
	Triage    *Link
	Edit      string
	History   string
	Secrecy   string
	Record    string
	Clocks    []ClockLine
	Tracks    []TrackLine
	Hidden    string
	Told      string // the description
	Facts     []Fact
	Timeline  template.HTML
	Entries   int
	Decisions template.HTML // the rows of the decision log
	Decided   int
	Tasks     []IncidentTaskLine
	Learned   []Fact
	Lessons   []Link
	Similar   []SimilarLine
	Joined    []SimilarLine
	Losses    []Link
	Notices   []Link
	NewNotice string
	Sent      []Link
	Files     *FilesPart
	Base      string
	Rev       int
	Key       string
	Entry     []FormField // the form for a line in the timeline, nil for those who may not
	Task      []FormField
	Learn     []FormField
	Lesson    []FormField
	Opened    string // the form that is open because something is wrong with it
}

// A ClockLine is a statutory period that runs.
type ClockLine struct {
	Link
	For       string // the unit, or the incident
	Recipient string
	Last      string // when it ends, in words
	Left      Tag
	Statute   string
	Who       string
}

// A TrackLine is a board, an operator or a supplier with what it still owes.
type TrackLine struct {
	Link
	Track  string
	State  Tag
	Owes   []string
	Clocks []ClockLine
	Sent   []string
}

// An IncidentTaskLine is a task.
type IncidentTaskLine struct {
	Link
	Owner, Due, Note string
	State            Value
	Late             bool
	Done             string // where it is marked as done, "" for those who may not
	Rev              int
	Key              string
}

// A SimilarLine is another incident, and why it is here.
type SimilarLine struct {
	Link
	Why   string
	State Value
}

// incidentAddress is where an incident is worked with.
func incidentAddress(id string) string { return "/incident/" + id }

// incidentRoutes are the pages for working with incidents.
func incidentRoutes() []route {
	return append(reportRoutes(), []route{
		{"GET /incidents", false, (*site).incidents},
		{"GET /incidents/links", false, (*site).reportLinks},
		{"POST /incidents/links", false, (*site).openReportLink},
		{"POST /incidents/links/{id}/close", false, (*site).closeReportLink},
		{"GET /incident/{id}", false, (*site).incident},
		{"GET /incident/{id}/triage", false, (*site).triageForm},
		{"POST /incident/{id}/triage", false, (*site).triage},
		{"GET /incident/{id}/move", false, (*site).moveForm},
		{"POST /incident/{id}/move", false, (*site).moveIncident},
		{"POST /incident/{id}/entry", false, (*site).addEntry},
		{"POST /incident/{id}/task", false, (*site).addTask},
		{"POST /incident/{id}/task/{task}/done", false, (*site).taskDone},
		{"POST /incident/{id}/learn", false, (*site).learn},
		{"POST /incident/{id}/lesson", false, (*site).lesson},
	}...)
}

func (s *site) incident(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showIncident(http.StatusOK, sentToIncident{})
}

// sentToIncident is what was sent by one of the page's forms and could not be done.
type sentToIncident struct {
	form  string // entry, task, learn or lesson
	sent  map[string]string
	wrong register.Wrongs
}

func (v *visit) showIncident(status int, sent sentToIncident) error {
	a, err := v.site.app.Incident(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := &IncidentPage{Base: incidentAddress(a.ID), Record: address("incident", a.ID), Rev: a.Rev, Key: register.NewID(), Opened: sent.form}
	p.head(v, a)
	p.work(v, a)
	for _, c := range a.Clocks {
		p.Clocks = append(p.Clocks, v.clockLine(c, a.Titles))
	}
	for _, t := range a.Tracks {
		p.Tracks = append(p.Tracks, v.trackLine(t, a))
	}
	if a.Hidden > 0 {
		p.Hidden = v.lang.T("web.incident.hidden", a.Hidden)
	}
	p.timeline(v, a)
	p.beside(v, a)
	if !a.Guest {
		if p.Files, err = v.filesOf("incident", a.ID, nil, ""); err != nil {
			return err
		}
	}
	if err := p.forms(v, a, sent); err != nil {
		return err
	}
	return v.show(status, "incident", p)
}

// head fills in what the incident is.
func (p *IncidentPage) head(v *visit, a app.IncidentPage) {
	l, s := v.lang, register.Of[isms.Incident]()
	p.Title = a.Title
	p.Kicker = a.Reference
	p.Place = a.Titles.Of("unit", a.Unit)
	p.Crumbs = []Link{{l.T("web.incidents"), "/incidents"}}
	for _, name := range []string{"state", "severity", "kind"} {
		f, _ := s.Field(name)
		if text := f.Text(&a.Incident); text != "" {
			p.Tags = append(p.Tags, choice(l, f, text))
		}
	}
	by := a.Titles.Of("person", string(a.ReportedBy))
	if by == "" && a.ReportedBy == "" {
		by = l.T("web.incident.by_link")
	}
	p.Lead = l.T("web.incident.lead", clock(a.ReportedAt), by)
	p.Told = a.Description
	if a.Coordinator == "" && a.State.Open() && a.State != isms.IncidentReported {
		p.Facts = append(p.Facts, Fact{l.T("incident.coordinator"), []Value{{Text: l.T("web.incident.unheld"), Tag: "warn"}}})
	}
	for _, f := range s.Fields {
		if !slices.Contains(incidentFacts, f.Name) {
			continue
		}
		if list := values(l, f, &a.Incident, a.Titles, v.site.app.Today()); len(list) > 0 {
			p.Facts = append(p.Facts, Fact{label(l, s, f), list})
		}
	}
	for _, name := range []string{"cause", "cause_text", "lessons", "risk_listed", "risk"} {
		f, _ := s.Field(name)
		if list := values(l, f, &a.Incident, a.Titles, v.site.app.Today()); len(list) > 0 {
			p.Learned = append(p.Learned, Fact{label(l, s, f), list})
		}
	}
	p.notes(v, a)
}

// incidentFacts are the fields that stand together as what is known.
var incidentFacts = []string{"coordinator", "discovered_at", "discovered_how", "happened_from", "happened_to", "ongoing", "confidentiality", "integrity",
	"availability", "traceability", "malicious", "supplier_origin", "cross_border", "personal_data", "can_be_serious", "units", "systems", "sets", "suppliers",
	"reporter", "duplicate_of"}

// notes tells what a reader must know before anything else.
func (p *IncidentPage) notes(v *visit, a app.IncidentPage) {
	l := v.lang
	note := func(class, key string, args ...any) { p.Notes = append(p.Notes, Notice{l.T(key, args...), class}) }
	if a.Guest {
		note("", "web.incident.guest", p.Place)
	}
	if a.State == isms.IncidentReported {
		p.TriageBy = v.leftTag(a.TriageBy().Time().Sub(a.Now.Time()), "web.incident.triage_left", "web.incident.triage_late")
	}
	if a.ReopenedAt != "" && a.State != isms.IncidentClosed {
		note("warn", "web.incident.reopened", clock(a.ReopenedAt))
		if a.Final {
			note("warn", "web.incident.reopened.final")
		}
	}
	for _, w := range a.Owed {
		note("warn", "wrong."+w.Code, w.Args...)
	}
	if a.State == isms.IncidentHandled && len(a.Owed) == 0 {
		note("good", "web.incident.may_close")
	}
	if len(a.Similar) > 0 {
		note("", "web.incident.similar.note", len(a.Similar))
	}
}

// work fills in the steps of the work and where it can go.
func (p *IncidentPage) work(v *visit, a app.IncidentPage) {
	l := v.lang
	state, _ := register.Of[isms.Incident]().Field("state")
	order := state.Choices[:slices.Index(state.Choices, string(isms.IncidentClosed))+1]
	here := slices.Index(order, string(a.State))
	if here >= 0 {
		for i, c := range order {
			p.Steps = append(p.Steps, Step{l.T(state.ChoiceKey(c)), i < here, i == here})
		}
	}
	if a.May.History {
		p.History = p.Record + "/history"
	}
	if !a.Guest {
		p.Secrecy = secrecyAddress("incident", a.ID)
	}
	if !a.May.Work {
		return
	}
	p.Edit = p.Record + "/edit?then=" + p.Base
	if a.State.Open() {
		p.Triage = &Link{l.T("web.triage.again"), p.Base + "/triage"}
	}
	if a.State == isms.IncidentReported {
		p.Forward = &Link{l.T("web.triage.do"), p.Base + "/triage"}
		p.Triage = nil
	}
	for _, to := range a.State.Next() {
		if to == isms.IncidentTriaged {
			continue
		}
		link := Link{l.T("web.move." + string(to)), p.Base + "/move?to=" + string(to)}
		if p.Forward == nil && slices.Index(order, string(to)) > here && here >= 0 {
			p.Forward = &link
			continue
		}
		if to == isms.IncidentInvestigating && a.State == isms.IncidentClosed {
			link.Text = l.T("web.move.reopen")
		}
		p.Others = append(p.Others, link)
	}
}
