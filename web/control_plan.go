// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
)

// ControlPlanPage is an internal-control plan.
type ControlPlanPage struct {
	Frame
	Summary    *Summary
	Said       string
	Edit       string
	Decision   Tag
	Facts      []Fact
	Ways       []Link // to the follow-up of each part of the year, and the difference from the year before
	Controls   []ControlRow
	NewControl string
	Actions    []ActionRow
	NewAction  string
	Reports    []ReportRow
	Starts     []Option // parts of the year that have no report yet
	Base       string
	Key        string
	Next       *NextForm
	NextPlan   *Link
}

// A ControlRow is a control of a plan. A value that is missing says so.
type ControlRow struct {
	Link
	Method, Frequency, Performer, ReportsTo, Period, Limit Value
	Risk                                                   Link
	Value                                                  Tag
	NewCheck                                               string
	Checks                                                 []CheckLine
	Edit                                                   string
}

// A CheckLine is a spot check with what it came to.
type CheckLine struct {
	Link
	Said string
	Take string // its id where its result may be reported as the control's
}

// An ActionRow is a direct action of a plan.
type ActionRow struct {
	Link
	Risk       Link
	Owner, Due Value
	State      Value
	Note       string
	Edit       string
}

// A ReportRow is a report on the plan.
type ReportRow struct {
	Link
	State Tag
}

// NextForm is the form for making the next year's plan of this one.
type NextForm struct {
	Year     string
	Controls []KeepRow
	Actions  []KeepRow
}

// A KeepRow is something that may be carried on, or is.
type KeepRow struct {
	ID, Name string
	Chosen   bool
	Done     string // where it is carried on already, or needs not be
	Reason   string
}

func (s *site) controlPlan(v *visit) error {
	q, err := v.query("said")
	if err != nil {
		return err
	}
	p, _, err := v.planPage()
	if err != nil {
		return err
	}
	if said := q["said"]; said == "made" || said == "carried" {
		p.Said = v.lang.T("web.control.said." + said)
	}
	return v.show(http.StatusOK, "control-plan", p)
}

func (v *visit) planPage() (*ControlPlanPage, app.PlanPage, error) {
	r, err := v.site.app.ControlPlanPage(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return nil, r, err
	}
	l := v.lang
	p := &ControlPlanPage{Base: planAddress(r.Plan.ID), Key: register.NewID()}
	p.Title = r.Plan.Title
	p.Place = r.Unit.Name
	p.Crumbs = []Link{{l.T("web.control"), ofYear("/control", r.Plan.Unit, r.Plan.Year)}}
	said, late := report.PlanDecision(l, r.Plan)
	p.Decision = Tag{said, "good"}
	if late {
		p.Decision.Class = "warn"
	}
	record := address("control_plan", r.Plan.ID)
	if r.MayChange && r.Plan.Retired == "" {
		p.Edit = record + "/edit?then=" + p.Base
		in := url.Values{"unit": {r.Plan.Unit}, "plan": {r.Plan.ID}}.Encode()
		p.NewControl, p.NewAction = "/r/control/new?"+in, "/r/direct_action/new?"+in+"&state=planned"
	}
	for _, t := range isms.WholeYear.Parts() {
		p.Ways = append(p.Ways, Link{l.T("web.control.follow", l.T("ic.tertial."+string(t))), followUpAddress(r.Plan.ID, t)})
	}
	if r.Former != nil {
		p.Ways = append(p.Ways, Link{l.T("web.control.difference.from", yearText(r.Former.Plan.Year)), p.Base + "/difference"})
	}
	p.Ways = append(p.Ways, Link{l.T("web.control.risks.year", yearText(r.Plan.Year)), ofYear("/control/risks", r.Plan.Unit, r.Plan.Year)})
	p.rows(v, r)
	p.reports(l, r)
	p.next(v, r)
	return p, r, nil
}

func (p *ControlPlanPage) rows(v *visit, r app.PlanPage) {
	l := v.lang
	risk := risksOf(r)
	for _, f := range r.Followed {
		if a := f.Action; a != nil {
			p.Actions = append(p.Actions, v.actionRow(a, r, risk, p.Base))
			continue
		}
		c := f.Control
		row := ControlRow{Link: Link{c.Name, address("control", c.ID)}, Method: said(l, ""), Frequency: said(l, c.Frequency), Performer: said(l, r.Titles.Of("person", string(c.Performer))),
			ReportsTo: said(l, r.Titles.Of("person", string(c.ReportsTo))), Period: said(l, c.Period), Limit: said(l, c.Limit)}
		if c.Method != "" {
			row.Method = said(l, l.T("choice.control_method."+string(c.Method)))
		}
		row.Risk, row.Value = riskLink(l, r, risk, string(c.Assessment))
		if c.Method == "spot_check" && r.MayCheck {
			row.NewCheck = "/checks/new?control=" + url.QueryEscape(c.ID)
		}
		for _, check := range f.Checks {
			row.Checks = append(row.Checks, checkLine(l, check))
		}
		if p.Edit != "" {
			row.Edit = address("control", c.ID) + "/edit?then=" + p.Base
		}
		p.Controls = append(p.Controls, row)
	}
}

// said is a value, or that it is missing.
func said(l locale.Lang, text string) Value {
	if text == "" {
		return Value{Text: l.T("web.control.missing"), Unknown: true}
	}
	return Value{Text: text}
}

// risksOf are the plan's risks with their values, by line.
func risksOf(r app.PlanPage) map[string]isms.PlacedRisk {
	scale := isms.ControlScale{}
	if r.Scale != nil {
		scale = *r.Scale
	}
	all := map[string]isms.PlacedRisk{}
	for _, p := range isms.PlaceRisks(r.Assessments, r.Processes, scale) {
		all[p.ID] = p
	}
	return all
}

// riskLink leads to the line that a control or a direct action comes from, with its value.
func riskLink(l locale.Lang, r app.PlanPage, risks map[string]isms.PlacedRisk, id string) (Link, Tag) {
	risk, ok := risks[id]
	if !ok {
		if title := r.Titles.Of("control_assessment", id); title != "" {
			return Link{title, address("control_assessment", id)}, Tag{}
		}
		return Link{}, Tag{}
	}
	var steps isms.RiskScale
	if r.Scale != nil {
		steps, _ = r.Scale.Read()
	}
	return Link{risk.Part, ofYear("/control/risks", r.Plan.Unit, r.Plan.Year) + "#line-" + id}, toned(l, steps, risk)
}

// checkLine tells what a spot check came to: what was found, remedied and is open, each apart, and what of that is not known.
func checkLine(l locale.Lang, c isms.SpotCheck) CheckLine {
	line := CheckLine{Link: Link{c.Name, "/checks/" + c.ID}}
	found, known := c.Found.Known()
	remedied, also := c.Remedied.Known()
	switch {
	case c.PerformedOn == "":
		line.Said = l.T("web.control.check.not_made")
	case !known && c.SomeFound:
		line.Said = l.T("web.control.check.some")
	case !known:
		line.Said = l.T("web.control.check.unknown")
	case found == 0:
		line.Said = l.T("web.control.check.clean")
	case !also:
		line.Said = l.T("web.control.check.found", found)
	default:
		line.Said = l.T("web.control.check.open", found, remedied, found-remedied)
	}
	if c.PerformedOn != "" {
		line.Said = string(c.PerformedOn) + ": " + line.Said
	}
	return line
}

func (v *visit) actionRow(a *isms.DirectAction, r app.PlanPage, risks map[string]isms.PlacedRisk, base string) ActionRow {
	l := v.lang
	state, _ := register.Of[isms.DirectAction]().Field("state")
	row := ActionRow{Link: Link{a.Name, address("direct_action", a.ID)}, Owner: said(l, r.Titles.Of("person", string(a.Owner))), Due: said(l, string(a.DueOn)),
		State: choice(l, state, string(a.State)), Note: a.Reason}
	switch {
	case a.State == isms.ActionDone && a.DoneOn != "":
		row.State.Text += " " + string(a.DoneOn)
	case a.Overdue(r.Today):
		row.Due = Value{Text: l.T("web.control.late", string(a.DueOn)), Tag: "bad"}
	}
	row.Risk, _ = riskLink(l, r, risks, string(a.Assessment))
	if r.MayChange {
		row.Edit = address("direct_action", a.ID) + "/edit?then=" + base
	}
	return row
}

func (p *ControlPlanPage) reports(l locale.Lang, r app.PlanPage) {
	have := map[isms.Tertial]bool{}
	for _, one := range r.Reports {
		have[one.Tertial] = true
		row := ReportRow{Link{one.Name, controlReportAddress(one.ID)}, Tag{l.T("web.control.draft"), ""}}
		if one.DecidedOn != "" {
			row.State = Tag{l.T("web.control.decided_on", string(one.DecidedOn)), "good"}
		}
		p.Reports = append(p.Reports, row)
	}
	if !r.MayReport {
		return
	}
	for _, t := range isms.WholeYear.Parts() {
		if !have[t] {
			p.Starts = append(p.Starts, Option{Value: string(t), Text: l.T("choice.tertial." + string(t))})
		}
	}
}

// next offers to carry on what the plan has. What is carried on already is said to be.
func (p *ControlPlanPage) next(v *visit, r app.PlanPage) {
	l := v.lang
	if r.Next != nil {
		p.NextPlan = &Link{r.Next.Title, planAddress(r.Next.ID)}
	}
	if !r.MayPlan || len(r.Followed) == 0 {
		return
	}
	p.Next = &NextForm{Year: yearText(r.Plan.Year + 1)}
	for _, f := range r.Followed {
		row := KeepRow{ID: f.Head().ID, Name: f.Name(), Chosen: true}
		if f.Control != nil {
			row.Reason = f.Control.DropReason
			row.Chosen = row.Reason == ""
			p.Next.Controls = append(p.Next.Controls, row)
			continue
		}
		if f.Action.State == isms.ActionDone || f.Action.State == isms.ActionDropped {
			row.Chosen, row.Done = false, l.T("choice.action_state."+string(f.Action.State))
		}
		p.Next.Actions = append(p.Next.Actions, row)
	}
}

func (s *site) carryForward(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	n := app.NextPlan{Plan: v.r.PathValue("id"), Keep: slices.Clone(form["keep"]), Reasons: map[string]string{}}
	form.Del("keep")
	for name, values := range form {
		id, ok := strings.CutPrefix(name, "reason.")
		if !ok {
			continue
		}
		if len(values) != 1 {
			return errForm
		}
		n.Reasons[id] = values[0]
		form.Del(name)
	}
	own, err := single(form, []string{"_key"}, errForm)
	if err != nil {
		return err
	}
	n.Key = own["_key"]
	id, err := s.app.CarryForward(v.r.Context(), v.who, n, v.lang)
	if err == nil {
		return v.goTo(planAddress(id) + "?said=carried")
	}
	return v.afterPlanAct(err)
}

// afterPlanAct shows the plan with what is wrong with what was asked.
func (v *visit) afterPlanAct(err error) error {
	wrong, err := wrongForm(err)
	if wrong == nil {
		return v.afterAct(err, planAddress(v.r.PathValue("id")))
	}
	p, _, err := v.planPage()
	if err != nil {
		return err
	}
	p.Summary, p.Failed = summarize(v.lang, register.Of[isms.Control](), wrong), true
	return v.show(http.StatusUnprocessableEntity, "control-plan", p)
}

func (s *site) startControlReport(v *visit) error {
	form, err := v.formOf("_key", "tertial")
	if err != nil {
		return err
	}
	id, err := s.app.StartControlReport(v.r.Context(), v.who, v.r.PathValue("id"), isms.Tertial(form["tertial"]), v.lang, form["_key"])
	if err == nil {
		return v.goTo(controlReportAddress(id))
	}
	return v.afterPlanAct(err)
}
