// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"net/http"
	"net/url"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/report"
)

// ControlReportPage is a report on internal control: while it is a draft with what people write in it, and once decided as it was decided.
type ControlReportPage struct {
	Frame
	Summary *Summary
	Said    string
	State   Tag
	Lead    string
	Files   []Link
	Plan    Link
	Follow  Link
	Differs []ControlDiffersRow
	Frozen  bool
	Parts   []FrozenPart
	Base    string
	Key     string
	Rev     int
	Write   []FormField // nil where nothing may be written
	Decide  []FormField // nil where the person may not decide
	Open    string      // the form that is open
}

// A ControlDiffersRow is something that a decided report says otherwise than what is known today.
type ControlDiffersRow struct{ What, Then, Now string }

func (s *site) controlReport(v *visit) error {
	q, err := v.query("said")
	if err != nil {
		return err
	}
	p, err := v.controlReportPage(nil, nil)
	if err != nil {
		return err
	}
	if q["said"] == "saved" || q["said"] == "decided" {
		p.Said = v.lang.T("web.control.said.report_" + q["said"])
	}
	return v.show(http.StatusOK, "control-report", p)
}

func (v *visit) controlReportPage(sent url.Values, wrong register.Wrongs) (*ControlReportPage, error) {
	r, err := v.site.app.ControlReportPage(v.r.Context(), v.who, v.r.PathValue("id"), v.lang)
	if err != nil {
		return nil, err
	}
	l := v.lang
	p := &ControlReportPage{Base: controlReportAddress(r.Report.ID), Key: register.NewID(), Rev: r.Report.Rev, Plan: Link{r.Plan.Title, planAddress(r.Plan.ID)},
		Follow: Link{l.T("web.control.follow", l.T("ic.tertial."+string(r.Report.Tertial))), followUpAddress(r.Plan.ID, r.Report.Tertial)}}
	p.Title = r.Report.Name
	p.Place = r.Doc.Front.Board
	p.Crumbs = []Link{{l.T("web.control"), ofYear("/control", r.Plan.Unit, r.Plan.Year)}, p.Plan}
	p.State, p.Lead = Tag{l.T("web.control.draft"), "warn"}, l.T("web.control.report.draft", string(r.Report.Day))
	if p.Frozen = r.Report.DecidedOn != ""; p.Frozen {
		p.State = Tag{l.T("web.control.decided_on", string(r.Report.DecidedOn)), "good"}
		p.Lead = l.T("web.control.report.decided", r.Report.Dnr, clock(r.Report.At))
	}
	for _, kind := range documentKinds {
		p.Files = append(p.Files, Link{l.T("web.document." + kind.name), p.Base + "/document/" + kind.name})
	}
	for _, d := range r.Differs {
		p.Differs = append(p.Differs, ControlDiffersRow{l.T("ic.differs."+d.Key, d.Args...), d.Then, d.Now})
	}
	for _, section := range r.Doc.Sections {
		body, err := v.documentPart(r.Doc, r.Report.Unit, section, func(report.Block) bool { return true })
		if err != nil {
			return nil, err
		}
		p.Parts = append(p.Parts, FrozenPart{section.Title(), section.Level, body})
	}
	return p, p.forms(v, r, sent, wrong)
}

func (p *ControlReportPage) forms(v *visit, r app.ControlReportPage, sent url.Values, wrong register.Wrongs) (err error) {
	fields := func(rec *isms.ControlReport, names ...string) (list []FormField) {
		schema := register.Of[isms.ControlReport]()
		for _, name := range names {
			field, _ := schema.Field(name)
			w, e := v.formField(schema, field, rec, r.Titles, sent, nil, wrong)
			if e != nil {
				err = e
			}
			list = append(list, w)
		}
		return list
	}
	if r.MayChange {
		p.Write = fields(&r.Report, "name", "comment", "day", "dnr")
	}
	if r.MayDecide {
		given := r.Report
		given.DecidedOn = v.site.app.Today()
		p.Decide = fields(&given, "decided_on", "dnr")
		for i := range p.Decide {
			p.Decide[i].Required, p.Decide[i].Optional = true, ""
		}
	}
	if wrong != nil {
		p.Summary, p.Failed = summarize(v.lang, register.Of[isms.ControlReport](), wrong), true
		p.Open = "write"
		if sent.Has("decided_on") {
			p.Open = "decide"
		}
	}
	return err
}

// again shows the report with what is wrong with what was sent.
func (v *visit) againControlReport(err error, form map[string]string, said string) error {
	wrong, err := wrongForm(err)
	if wrong == nil {
		return v.afterAct(err, controlReportAddress(v.r.PathValue("id"))+"?said="+said)
	}
	sent := url.Values{}
	for name, value := range form {
		sent.Set(name, value)
	}
	p, err := v.controlReportPage(sent, wrong)
	if err != nil {
		return err
	}
	p.Rev, _ = number(form["_rev"])
	return v.show(http.StatusUnprocessableEntity, "control-report", p)
}

func (s *site) saveControlReport(v *visit) error {
	form, err := v.formOf("_rev", "_key", "name", "comment", "day", "dnr")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	err = s.app.SaveControlReport(v.r.Context(), v.who, app.ControlReportText{Report: v.r.PathValue("id"), Name: form["name"], Comment: form["comment"], Dnr: form["dnr"],
		Day: register.Day(form["day"]), Rev: rev, Key: form["_key"]})
	return v.againControlReport(err, form, "saved")
}

func (s *site) decideControlReport(v *visit) error {
	form, err := v.formOf("_rev", "_key", "decided_on", "dnr")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	err = s.app.DecideControlReport(v.r.Context(), v.who, app.ControlDecision{Report: v.r.PathValue("id"), DecidedOn: register.Day(form["decided_on"]), Dnr: form["dnr"],
		Rev: rev, Key: form["_key"]})
	return v.againControlReport(err, form, "decided")
}

// controlDocument sends the report as a file.
func (s *site) controlDocument(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	for _, kind := range documentKinds {
		if kind.name != v.r.PathValue("file") {
			continue
		}
		r, err := s.app.ControlReportPage(v.r.Context(), v.who, v.r.PathValue("id"), v.lang)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := kind.write(&b, r.Doc); err != nil {
			return err
		}
		return v.sendFile(kind.kind, "intern-kontroll-"+yearText(r.Plan.Year)+"-"+string(r.Report.Tertial)+"."+kind.name, b.Bytes())
	}
	return isms.ErrNotFound
}
