// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// ReportIncidentPage is the form by which anybody reports an incident: what has happened, where and when it was discovered.
type ReportIncidentPage struct {
	Frame
	Summary *Summary
	Action  string
	Lost    string      // where a lost device is reported, "" where there is no account
	Own     string      // what the person has reported, "" where there is no account
	Unit    *FormField  // nil where there is no choice
	UnitID  string      // the only unit there is to choose
	Where   string      // its name
	Fields  []FormField // those that are enough
	More    []FormField // those that may be left empty
	Opened  bool        // More is unfolded
	Key     string
}

// reportRoutes are the pages for reporting incidents. Those of a link need no account.
func reportRoutes() []route {
	return []route{
		{"GET /report", false, (*site).reportForm},
		{"POST /report", false, (*site).reportIncident},
		{"GET /report/done/{id}", false, (*site).reported},
		{"GET /report/mine", false, (*site).ownReports},
		{"GET /report/link/{token}", true, (*site).linkForm},
		{"POST /report/link/{token}", true, (*site).reportByLink},
	}
}

func (s *site) reportForm(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showReport(http.StatusOK, nil, nil)
}

func (v *visit) showReport(status int, sent map[string]string, wrong register.Wrongs) error {
	may, err := v.site.app.ReportUnits(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	if len(may) == 0 {
		return isms.ErrForbidden
	}
	l := v.lang
	p := &ReportIncidentPage{Action: "/report", Lost: "/report/device", Own: "/report/mine"}
	p.Title = l.T("web.report")
	p.Unit, p.UnitID, p.Where = v.unitToReport(may, sent["unit"], wrong)
	p.fill(v, sent, wrong)
	return v.show(status, "report-incident", p)
}

// unitToReport is the choice of the unit that a report goes to, or the only one there is and its name.
func (v *visit) unitToReport(may []isms.Unit, chosen string, wrong register.Wrongs) (field *FormField, only, name string) {
	l := v.lang
	records := make([]*isms.Unit, len(may))
	for i := range may {
		records[i] = &may[i]
	}
	var options []Option
	for _, b := range branches(records) {
		options = append(options, Option{Value: b.unit.ID, Text: strings.Repeat("\u2003", b.depth) + b.unit.Name})
	}
	if len(options) == 1 {
		return nil, options[0].Value, options[0].Text
	}
	if chosen == "" {
		chosen = v.home(options)
	}
	for i := range options {
		options[i].Chosen = options[i].Value == chosen
	}
	return &FormField{Name: "unit", Label: l.T("web.report.unit"), Help: l.T("web.report.unit.help"), Kind: "choice", Width: "w-mid", Required: true,
		None: l.T("web.form.none"), Options: options, Sieve: sieve(l, options), Wrong: wrongOf(l, wrong, "unit")}, "", ""
}

// fill makes the form's fields, with what was sent and what is wrong with it.
func (p *ReportIncidentPage) fill(v *visit, sent map[string]string, wrong register.Wrongs) {
	l := v.lang
	p.Key = sent["_key"]
	if p.Key == "" {
		p.Key = register.NewID()
	}
	field := func(name, kind string, most int, required bool) FormField {
		f := FormField{Name: name, Label: l.T("web.report." + name), Help: l.T("web.report." + name + ".help"), Kind: kind, Value: sent[name], Max: most,
			Required: required, Wrong: wrongOf(l, wrong, name)}
		if !required {
			f.Optional = l.T("web.form.optional")
		}
		if kind == "moment" {
			if sent == nil {
				f.Value = string(register.MomentOf(v.site.app.Now()))
			}
			f.instant(l, f.Value, sent["_which."+name])
		}
		return f
	}
	p.Fields = []FormField{field("title", "text", 200, true), field("discovered_at", "moment", 30, true)}
	p.More = []FormField{field("description", "prose", 20000, false), field("discovered_how", "text", 500, false)}
	if p.Lost == "" {
		p.More = append(p.More, field("contact", "text", 200, false))
	}
	for _, f := range p.More {
		p.Opened = p.Opened || f.Wrong != "" || f.Value != ""
	}
	if len(wrong) == 0 {
		return
	}
	p.Failed, p.Summary = true, &Summary{Heading: l.T("web.form.problem")}
	for _, w := range wrong {
		item := Link{Text: l.T("wrong."+w.Code, w.Args...)}
		if w.Field = reportField(w.Field); w.Field != "" {
			item = Link{l.T("web.report."+w.Field) + ": " + item.Text, "#f-" + w.Field}
		}
		p.Summary.Items = append(p.Summary.Items, item)
	}
}

// reportField is the form's name for the incident's field.
func reportField(field string) string {
	if field == "reporter" {
		return "contact"
	}
	return field
}

// wrongOf is what is wrong with the field, in words.
func wrongOf(l locale.Lang, wrong register.Wrongs, field string) string {
	for _, w := range wrong {
		if reportField(w.Field) == field {
			return l.T("wrong."+w.Code, w.Args...)
		}
	}
	return ""
}

// sentReport reads the form.
func (v *visit) sentReport(names ...string) (app.Report, map[string]string, register.Wrongs, error) {
	form, err := v.formOf(append(append(names, "_key", "title", "description", "discovered_how", "contact"), instantNames("discovered_at")...)...)
	if err != nil {
		return app.Report{}, nil, nil, err
	}
	at, wrong := readInstants(form, "discovered_at")
	if form["discovered_at"] == "" {
		wrong = append(wrong, register.Wrong{Field: "discovered_at", Code: "required"})
	}
	if form["title"] == "" && len(wrong) > 0 {
		wrong = append(register.Wrongs{{Field: "title", Code: "required"}}, wrong...)
	}
	return app.Report{Unit: form["unit"], Title: form["title"], Description: form["description"], DiscoveredAt: at["discovered_at"],
		DiscoveredHow: form["discovered_how"], Contact: form["contact"], Key: form["_key"]}, form, wrong, nil
}

func (s *site) reportIncident(v *visit) error {
	report, form, wrong, err := v.sentReport("unit")
	if err != nil {
		return err
	}
	report.Contact = "" // who is signed in is known
	if len(wrong) > 0 {
		return v.showReport(http.StatusUnprocessableEntity, form, wrong)
	}
	receipt, err := s.app.ReportIncident(v.r.Context(), v.who, report)
	if errors.As(err, &wrong) {
		return v.showReport(http.StatusUnprocessableEntity, form, wrong)
	}
	if err != nil {
		return err
	}
	return v.goTo("/report/done/" + receipt.ID)
}

// ReportDonePage confirms a report with its reference number.
type ReportDonePage struct {
	Frame
	Reference string
	Said      string
	Open      string // the incident, for those who may see it
	Again     string
	Own       string // what the person has reported, "" where there is no account
}

func (s *site) reported(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	r, err := s.app.Receipt(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := &ReportDonePage{Reference: r.Reference, Said: v.lang.T("web.report.done.said", clock(r.ReportedAt), r.Unit), Again: "/report", Own: "/report/mine"}
	p.Title = v.lang.T("web.report.done")
	if r.Seen {
		p.Open = incidentAddress(r.ID)
	}
	return v.show(http.StatusOK, "report-done", p)
}

// linkForm is the form of a link that a unit has opened, for somebody without an account. Somebody who has one sees the same: the link is
// what lets a report in.
func (s *site) linkForm(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showLink(http.StatusOK, nil, nil)
}

func (v *visit) showLink(status int, sent map[string]string, wrong register.Wrongs) error {
	v.signed = false
	unit, err := v.site.app.LinkUnit(v.r.Context(), v.r.PathValue("token"))
	if err != nil {
		return v.linkRefused(err)
	}
	p := &ReportIncidentPage{Action: v.r.URL.Path, Where: unit}
	p.Title = v.lang.T("web.report")
	p.fill(v, sent, wrong)
	return v.show(status, "report-incident", p)
}

// linkRefused says the same of a link that never was, has been closed or has expired.
func (v *visit) linkRefused(err error) error {
	switch {
	case errors.Is(err, app.ErrNoLink):
		return v.message(http.StatusNotFound, "web.report.no_link")
	case errors.Is(err, app.ErrFlood):
		v.w.Header().Set("Retry-After", "3600")
		return v.message(http.StatusTooManyRequests, "web.report.flood")
	}
	return err
}

func (s *site) reportByLink(v *visit) error {
	v.signed = false
	report, form, wrong, err := v.sentReport()
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return v.showLink(http.StatusUnprocessableEntity, form, wrong)
	}
	reference, err := s.app.ReportByLink(v.r.Context(), v.r.PathValue("token"), report, s.login.Network(v.r))
	if errors.As(err, &wrong) {
		return v.showLink(http.StatusUnprocessableEntity, form, wrong)
	}
	if err != nil {
		return v.linkRefused(err)
	}
	p := &ReportDonePage{Reference: reference, Said: v.lang.T("web.report.done.link"), Again: v.r.URL.Path}
	p.Title = v.lang.T("web.report.done")
	return v.show(http.StatusOK, "report-done", p)
}
