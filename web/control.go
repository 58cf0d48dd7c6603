// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
)

// controlRoutes are the pages of internal control.
func controlRoutes() []route {
	return []route{
		{"GET /control", false, (*site).control},
		{"GET /control/risks", false, (*site).controlRisks},
		{"POST /control/risks", false, (*site).saveRisk},
		{"POST /control/risks/scale", false, (*site).proposeScale},
		{"POST /control/risks/copy", false, (*site).copyRisks},
		{"POST /control/risks/place", false, (*site).placeRisks},
		{"POST /control/risks/plan", false, (*site).makePlan},
		{"GET /control/plan/{id}", false, (*site).controlPlan},
		{"GET /control/plan/{id}/follow-up", false, (*site).controlFollowUp},
		{"POST /control/plan/{id}/follow-up", false, (*site).saveResult},
		{"POST /control/plan/{id}/take", false, (*site).takeCheck},
		{"GET /control/plan/{id}/difference", false, (*site).controlDifference},
		{"POST /control/plan/{id}/next", false, (*site).carryForward},
		{"POST /control/plan/{id}/report", false, (*site).startControlReport},
		{"GET /control/report/{id}", false, (*site).controlReport},
		{"POST /control/report/{id}", false, (*site).saveControlReport},
		{"POST /control/report/{id}/decide", false, (*site).decideControlReport},
		{"GET /control/report/{id}/document/{file}", false, (*site).controlDocument},
	}
}

func planAddress(id string) string { return "/control/plan/" + id }

func controlReportAddress(id string) string { return "/control/report/" + id }

func followUpAddress(plan string, t isms.Tertial) string {
	return planAddress(plan) + "/follow-up?tertial=" + string(t)
}

// ofYear is the address of a page about a unit's year.
func ofYear(path, unit string, year int) string {
	return path + "?" + url.Values{"unit": {unit}, "year": {yearText(year)}}.Encode()
}

// ControlPage is how internal control stands in a unit and a year, and in the units below it.
type ControlPage struct {
	Frame
	Ask   AskYear
	Risks ControlStep
	Plan  ControlStep
	Parts []ControlPart
	Work  []Link
	More  string
	Units []ControlUnit
}

// AskYear is the form that asks for a unit and a year.
type AskYear struct {
	Action string
	Units  []Option
	Years  []Option
}

// A ControlStep is a step of the year: the analysis or the plan.
type ControlStep struct {
	Link
	State Tag
	Said  []string
}

// A ControlPart is what was reported for a part of the year.
type ControlPart struct {
	Link
	State      Tag
	Deviations string
	Report     Link
	Decided    Tag
}

// A ControlUnit is a unit below with how it stands.
type ControlUnit struct {
	Link
	Risks, Plan Tag
	Parts       []Tag
	Open        string
}

// asksYear reads which unit and year a page is asked for, with further parameters.
func (v *visit) asksYear(names ...string) (q map[string]string, unit string, year int, err error) {
	if sees, _ := v.site.app.Sees(v.who); !sees["control_plan"] {
		return nil, "", 0, isms.ErrNotFound
	}
	if q, err = v.query(append([]string{"unit", "year"}, names...)...); err != nil {
		return nil, "", 0, err
	}
	if unit = q["unit"]; unit == "" {
		units, err := v.units()
		if err != nil {
			return nil, "", 0, err
		}
		unit = v.home(units)
	}
	year, err = v.yearOf(q["year"])
	return q, unit, year, err
}

// askYear is the form that asks for a unit and a year.
func (v *visit) askYear(action, unit string, year int) (AskYear, error) {
	form := AskYear{Action: action}
	units, err := v.units()
	for _, u := range units {
		form.Units = append(form.Units, Option{u.Value, u.Text, u.Value == unit})
	}
	now := v.site.app.Today().Year()
	for y := max(now+1, year); y >= min(now-4, year); y-- {
		form.Years = append(form.Years, Option{yearText(y), yearText(y), y == year})
	}
	return form, err
}

// yearOf reads a year of an address or a form: this year where none is given.
func (v *visit) yearOf(text string) (int, error) {
	if text == "" {
		return v.site.app.Today().Year(), nil
	}
	year, err := strconv.Atoi(text)
	if now := v.site.app.Today().Year(); err != nil || year < now-50 || year > now+10 {
		return 0, errQuery
	}
	return year, nil
}

func (s *site) control(v *visit) error {
	_, unit, year, err := v.asksYear()
	if err != nil {
		return err
	}
	own, below, err := s.app.ControlOverview(v.r.Context(), v.who, unit, year)
	if err != nil {
		return err
	}
	l := v.lang
	p := &ControlPage{}
	if p.Ask, err = v.askYear("/control", unit, year); err != nil {
		return err
	}
	p.Title = l.T("web.control")
	p.Place = own.Unit.Name
	p.Risks = ControlStep{Link: Link{l.T("web.control.risks"), ofYear("/control/risks", unit, year)}, State: risksTag(l, own)}
	if own.Risks > 0 {
		p.Risks.Said = append(p.Risks.Said, l.T("web.control.lines", own.Risks))
	}
	if !own.Scale {
		p.Risks.Said = append(p.Risks.Said, l.T("web.control.no_scale"))
	}
	p.Plan = planStep(l, own, year)
	if own.Plan != nil {
		p.parts(v, own)
	}
	p.work(v, own, year)
	for _, u := range below {
		p.Units = append(p.Units, v.controlUnit(u, year))
	}
	return v.show(http.StatusOK, "control", p)
}

func risksTag(l locale.Lang, u app.UnitControl) Tag {
	switch {
	case u.Risks == 0:
		return Tag{l.T("web.control.not_begun"), "warn"}
	case len(u.Work) > 0:
		return Tag{l.T("web.control.to_do", len(u.Work)), "warn"}
	}
	return Tag{l.T("web.control.whole"), "good"}
}

func planTag(l locale.Lang, u app.UnitControl) Tag {
	switch {
	case u.Plan == nil:
		return Tag{l.T("web.control.no_plan"), "warn"}
	case u.Plan.DecidedOn == "":
		return Tag{l.T("web.control.undecided"), "warn"}
	}
	if _, late := report.PlanDecision(l, *u.Plan); late {
		return Tag{l.T("web.control.decided_late"), "warn"}
	}
	return Tag{l.T("web.control.decided"), "good"}
}

func planStep(l locale.Lang, u app.UnitControl, year int) ControlStep {
	step := ControlStep{Link: Link{l.T("register.control_plan.one"), ofYear("/control/risks", u.Unit.ID, year) + "#plan"}, State: planTag(l, u)}
	if u.Plan == nil {
		step.Said = []string{l.T("web.control.no_plan.about")}
		return step
	}
	step.Link = Link{u.Plan.Title, planAddress(u.Plan.ID)}
	said, _ := report.PlanDecision(l, *u.Plan)
	step.Said = append(step.Said, said, l.T("web.control.controls", u.Sums[isms.FirstTertial].Of, u.Actions))
	if u.Late > 0 {
		step.Said = append(step.Said, l.T("web.control.actions_late", u.Late))
	}
	return step
}

// partTag tells how much of a plan was reported for a part of the year. Nothing is not the same as nothing wrong.
func partTag(l locale.Lang, s isms.ControlSums, over bool) Tag {
	switch {
	case s.Of == 0:
		return Tag{l.T("web.control.none"), ""}
	case s.Reported() == 0 && over:
		return Tag{l.T("ic.not_reported"), "warn"}
	case s.Reported() == 0:
		return Tag{l.T("ic.not_reported"), ""}
	case s.NotReported > 0:
		return Tag{l.T("web.control.reported", s.Reported(), s.Of), "warn"}
	case s.By[isms.ControlDeviations] > 0:
		return Tag{l.T("web.control.reported", s.Reported(), s.Of), "info"}
	}
	return Tag{l.T("web.control.reported", s.Reported(), s.Of), "good"}
}

func (p *ControlPage) parts(v *visit, u app.UnitControl) {
	l := v.lang
	for _, t := range isms.WholeYear.Parts() {
		s := u.Sums[t]
		part := ControlPart{Link: Link{l.T("choice.tertial." + string(t)), followUpAddress(u.Plan.ID, t)},
			State: partTag(l, s, t.Ends(u.Plan.Year) < v.site.app.Today())}
		if t == isms.WholeYear {
			s = u.All
			part.Deviations = strings.Join(report.DeviationWords(l, s), " ")
		} else if s.Reported() > 0 {
			part.Deviations = strings.Join(report.DeviationWords(l, s), " ")
		}
		for _, r := range u.Reports {
			if r.Tertial == t {
				part.Report = Link{r.Name, controlReportAddress(r.ID)}
				part.Decided = Tag{l.T("web.control.draft"), ""}
				if r.DecidedOn != "" {
					part.Decided = Tag{l.T("web.control.decided_on", string(r.DecidedOn)), "good"}
				}
			}
		}
		p.Parts = append(p.Parts, part)
	}
}

// mostControlWork is how much of what there is to do a page names.
const mostControlWork = 12

func (p *ControlPage) work(v *visit, u app.UnitControl, year int) {
	l := v.lang
	for i, w := range u.Work {
		if i == mostControlWork {
			p.More = l.T("web.control.more", len(u.Work)-i)
			break
		}
		p.Work = append(p.Work, workLink(l, u.Unit.ID, year, w))
	}
	if u.Plan == nil {
		return
	}
	for _, t := range u.Due {
		p.Work = append(p.Work, Link{l.T("web.control.due", l.T("choice.tertial."+string(t)), u.Sums[t].NotReported), followUpAddress(u.Plan.ID, t)})
	}
}

// workLink leads to where something of the analysis is mended.
func workLink(l locale.Lang, unit string, year int, w app.ControlWork) Link {
	to := ofYear("/control/risks", unit, year)
	if w.Kind == "control_process" {
		to += "&line=new&process=" + url.QueryEscape(w.ID) + "#line"
	} else {
		to += "&line=" + url.QueryEscape(w.ID) + "#line"
	}
	if strings.HasPrefix(w.Code, "unplanned_") {
		to = ofYear("/control/risks", unit, year) + "#plan"
	}
	return Link{l.T("ic.work."+w.Code, w.Args...), to}
}

func (v *visit) controlUnit(u app.UnitControl, year int) ControlUnit {
	l := v.lang
	row := ControlUnit{Link: Link{u.Unit.Name, ofYear("/control", u.Unit.ID, year)}, Risks: risksTag(l, u), Plan: planTag(l, u), Open: "–"}
	for _, t := range isms.ThirdTertial.Parts() {
		row.Parts = append(row.Parts, partTag(l, u.Sums[t], t.Ends(year) < v.site.app.Today()))
	}
	if u.Plan != nil && (u.All.Found > 0 || u.Sums[isms.FirstTertial].Reported() > 0 || u.Sums[isms.SecondTertial].Reported() > 0 || u.Sums[isms.ThirdTertial].Reported() > 0) {
		row.Open = l.T("web.control.open_of", u.All.Open, u.All.Found)
	}
	return row
}

// controlLinks are the pages of internal control that the navigation leads to.
func controlLinks(link func(key, to string) NavLink, sees map[string]bool) []NavLink {
	if !sees["control_plan"] {
		return nil
	}
	return []NavLink{link("web.control", "/control")}
}

// wrongForm splits what is wrong with something that was sent from every other error.
func wrongForm(err error) (register.Wrongs, error) {
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return wrong, nil
	}
	return nil, err
}
