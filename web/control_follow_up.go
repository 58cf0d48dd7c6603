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

// ControlFollowUpPage is what was reported of a plan for a part of its year.
type ControlFollowUpPage struct {
	Frame
	Summary *Summary
	Said    string
	Plan    Link
	Tertial string
	Tabs    []NavLink
	Lead    string
	Words   []string
	Year    bool // the whole year: the parts stand beside each other
	Heads   []string
	Rows    []FollowRow
	Post    string
	Take    string
	Report  *Link
}

// A FollowRow is a control or a direct action with what was reported of it.
type FollowRow struct {
	Link
	Anchor                string
	How                   string
	Outcome               Tag
	Parts                 []Tag // of the year, where the page is about all of it
	Found, Remedied, Open string
	Result                string
	Details               []Fact
	Checks                []CheckLine
	Form                  *ResultForm
	Key                   string
}

// ResultForm is the form for a result.
type ResultForm struct {
	Open            bool
	Do              string
	Control, Action string
	ID              string
	Rev             int
	Key             string
	Fields          []ResultField
}

// ResultField is a field of a result's form, with its place on the page: there are as many forms on it as there are controls.
type ResultField struct {
	FormField
	Place string
}

// resultFields are the fields of a result that the page's form has.
var resultFields = []string{"outcome", "result", "found", "remedied", "cause", "measure", "due_on"}

// outcomeClasses are the tones of the outcomes, which always stand in words too.
var outcomeClasses = map[isms.ControlStatus]string{isms.ControlClean: "good", isms.ControlDeviations: "bad", isms.ControlBegun: "info", isms.ControlNotBegun: "warn", isms.ControlNotDone: "warn"}

// outcomeTag is an outcome in words. Where nothing was reported it has no tone.
func outcomeTag(l locale.Lang, s isms.ControlStatus) Tag {
	if s == "" {
		return Tag{l.T("ic.not_reported"), "plainly"}
	}
	return Tag{l.T("choice.control_status." + string(s)), outcomeClasses[s]}
}

func (s *site) controlFollowUp(v *visit) error {
	q, err := v.query("tertial", "said")
	if err != nil {
		return err
	}
	r, err := s.app.ControlPlanPage(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	t := isms.Tertial(q["tertial"])
	if t == "" {
		t = isms.TertialOf(r.Plan.Year, r.Today)
	}
	if !slices.Contains(t.Choices(), string(t)) {
		return isms.ErrNotFound
	}
	p, err := v.followUp(r, t, nil, nil)
	if err != nil {
		return err
	}
	if q["said"] == "saved" || q["said"] == "taken" {
		p.Said = v.lang.T("web.control.said.result_" + q["said"])
	}
	return v.show(http.StatusOK, "control-follow-up", p)
}

// followUp makes the page, with the form that was sent and what is wrong with it.
func (v *visit) followUp(r app.PlanPage, t isms.Tertial, sent map[string]string, wrong register.Wrongs) (*ControlFollowUpPage, error) {
	l := v.lang
	base := planAddress(r.Plan.ID)
	p := &ControlFollowUpPage{Plan: Link{r.Plan.Title, base}, Tertial: string(t), Year: t == isms.WholeYear, Post: base + "/follow-up", Take: base + "/take"}
	name := l.T("ic.tertial." + string(t))
	p.Title = l.T("web.control.follow.title", name, yearText(r.Plan.Year))
	p.Place = r.Unit.Name
	p.Crumbs = []Link{{l.T("web.control"), ofYear("/control", r.Plan.Unit, r.Plan.Year)}, p.Plan}
	for _, part := range isms.WholeYear.Parts() {
		tab := NavLink{Link: Link{l.T("choice.tertial." + string(part)), followUpAddress(r.Plan.ID, part)}}
		if part == t {
			tab.Current = "page"
		}
		p.Tabs = append(p.Tabs, tab)
		if part != isms.WholeYear {
			p.Heads = append(p.Heads, l.T("choice.tertial."+string(part)))
		}
	}
	parts := []isms.Tertial{t}
	if p.Year {
		parts = t.Parts()
	}
	sums := isms.SumControls(r.Followed, t)
	p.Lead = l.T("web.control.follow.lead", sums.Reported(), sums.Of)
	if p.Year {
		reported := func(t isms.Tertial) int { return isms.SumControls(r.Followed, t).Reported() }
		p.Lead = l.T("web.control.follow.lead_year", sums.Of, reported(isms.FirstTertial), reported(isms.SecondTertial), reported(isms.ThirdTertial))
	}
	if all := isms.SumDeviations(r.Followed, parts...); sums.Reported() > 0 || all.Found > 0 || all.FoundUnknown > 0 {
		p.Words = report.DeviationWords(l, all)
	}
	for _, one := range r.Reports {
		if one.Tertial == t {
			p.Report = &Link{one.Name, controlReportAddress(one.ID)}
		}
	}
	for _, f := range r.Followed {
		row, err := v.followRow(r, f, t, sent, wrong)
		if err != nil {
			return nil, err
		}
		p.Rows = append(p.Rows, row)
	}
	if wrong != nil {
		p.Summary, p.Failed = summarize(l, register.Of[isms.ControlResult](), wrong), true
	}
	return p, nil
}

func (v *visit) followRow(r app.PlanPage, f isms.Followed, t isms.Tertial, sent map[string]string, wrong register.Wrongs) (FollowRow, error) {
	l := v.lang
	res, reported := f.Results[t]
	kind := "control"
	if f.Action != nil {
		kind = "direct_action"
	}
	row := FollowRow{Link: Link{f.Name(), address(kind, f.Head().ID)}, Anchor: "row-" + f.Head().ID, How: v.how(r, f), Outcome: outcomeTag(l, f.Outcome(t)),
		Found: res.Found.String(), Remedied: res.Remedied.String(), Result: res.Result, Key: register.NewID()}
	if t == isms.WholeYear {
		for _, part := range isms.ThirdTertial.Parts() {
			row.Parts = append(row.Parts, outcomeTag(l, f.Outcome(part)))
		}
	}
	if t == isms.WholeYear && !reported {
		row.sums(l, f)
	}
	found, known := res.Found.Known()
	if remedied, also := res.Remedied.Known(); known && also {
		row.Open = l.Number(found - remedied)
	}
	for _, name := range []string{"cause", "measure", "due_on", "reported_on"} {
		field, _ := register.Of[isms.ControlResult]().Field(name)
		if list := values(l, field, &res, r.Titles, r.Today); len(list) > 0 {
			row.Details = append(row.Details, Fact{label(l, register.Of[isms.ControlResult](), field), list})
		}
	}
	if open := row.Open != "0" && (found > 0 || known && found > 0); open && res.DueOn != "" && res.DueOn < r.Today {
		row.Details = append(row.Details, Fact{l.T("control_result.due_on"), []Value{{Text: l.T("web.control.late", string(res.DueOn)), Tag: "bad"}}})
	}
	for _, check := range f.Checks {
		if check.PerformedOn != "" && t != isms.WholeYear && isms.TertialOf(r.Plan.Year, check.PerformedOn) != t {
			continue
		}
		line := checkLine(l, check)
		_, counted := check.Found.Known()
		done := check.PerformedOn != "" && (check.State == "" || check.State == isms.SpotCheckDone) && (counted || check.SomeFound)
		if done && r.MayResult && t != isms.WholeYear && string(res.SpotCheck) != check.ID && (!reported || res.SpotCheck != "" || res.Outcome == isms.ControlBegun || res.Outcome == isms.ControlNotBegun) {
			line.Take = check.ID
		}
		row.Checks = append(row.Checks, line)
	}
	var err error
	if r.MayResult {
		row.Form, err = v.resultForm(f, t, res, sent, wrong)
	}
	return row, err
}

// sums are the deviations of the year's parts, where nothing was reported for the year as such.
func (row *FollowRow) sums(l locale.Lang, f isms.Followed) {
	s := isms.SumDeviations([]isms.Followed{f}, isms.ThirdTertial.Parts()...)
	some := false
	for _, r := range f.Results {
		some = some || r.Found.IsKnown()
	}
	if some && s.FoundUnknown == 0 {
		row.Found = l.Number(s.Found)
	}
	if row.Found != "" && s.OpenUnknown == 0 {
		row.Remedied, row.Open = l.Number(s.Remedied), l.Number(s.Open)
	}
}

// how tells how a control is made, or whose a direct action is and by when.
func (v *visit) how(r app.PlanPage, f isms.Followed) string {
	l := v.lang
	if a := f.Action; a != nil {
		text := []string{l.T("register.direct_action.one"), l.T("choice.action_state." + string(a.State))}
		if name := r.Titles.Of("person", string(a.Owner)); name != "" {
			text = append(text, name)
		}
		if a.Overdue(r.Today) {
			text = append(text, l.T("web.control.late", string(a.DueOn)))
		} else if a.DueOn != "" {
			text = append(text, l.T("web.control.by", string(a.DueOn)))
		}
		return strings.Join(text, " · ")
	}
	c := f.Control
	text := []string{l.T("ic.no_method")}
	if c.Method != "" {
		text[0] = l.T("choice.control_method." + string(c.Method))
	}
	for _, more := range []string{c.Frequency, r.Titles.Of("person", string(c.Performer)), c.Limit} {
		if more != "" {
			text = append(text, more)
		}
	}
	return strings.Join(text, " · ")
}

func (v *visit) resultForm(f isms.Followed, t isms.Tertial, res isms.ControlResult, sent map[string]string, wrong register.Wrongs) (*ResultForm, error) {
	l := v.lang
	form := &ResultForm{ID: res.ID, Rev: res.Rev, Key: register.NewID(), Do: l.T("web.control.report")}
	if res.ID != "" {
		form.Do = l.T("web.control.report.change")
	}
	if f.Control != nil {
		form.Control = f.Control.ID
	} else {
		form.Action = f.Action.ID
	}
	var given url.Values
	var mine register.Wrongs
	if sent != nil && sent["control"] == form.Control && sent["action"] == form.Action {
		given, mine, form.Open = url.Values{}, wrong, true
		for _, name := range resultFields {
			given.Set(name, sent[name])
		}
		form.Rev, _ = number(sent["_rev"])
	}
	schema := register.Of[isms.ControlResult]()
	for _, name := range resultFields {
		field, _ := schema.Field(name)
		w, err := v.formField(schema, field, &res, nil, given, nil, mine)
		if err != nil {
			return nil, err
		}
		place := name + "-" + f.Head().ID
		if form.Open {
			place = "f-" + name // where the summary of what is wrong leads
		}
		form.Fields = append(form.Fields, ResultField{w, place})
	}
	return form, nil
}

// saveResult keeps what was reported of a control or a direct action for a part of the year.
func (s *site) saveResult(v *visit) error {
	form, err := v.formOf(append([]string{"_id", "_rev", "_key", "control", "action", "tertial"}, resultFields...)...)
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	r, err := s.app.ControlPlanPage(v.r.Context(), v.who, id)
	if err != nil {
		return err
	}
	t := isms.Tertial(form["tertial"])
	if !slices.Contains(t.Choices(), string(t)) || !slices.ContainsFunc(r.Followed, func(f isms.Followed) bool { return f.Head().ID == form["control"]+form["action"] }) {
		return isms.ErrNotFound
	}
	values := url.Values{"control": {form["control"]}, "action": {form["action"]}, "tertial": {string(t)}, "year": {yearText(r.Plan.Year)},
		"reported_on": {string(r.Today)}, "reporter": {v.who.Person}}
	for _, name := range resultFields {
		values.Set(name, form[name])
	}
	_, err = s.app.Save(v.r.Context(), v.who, app.Change{Kind: "control_result", ID: form["_id"], Unit: r.Plan.Unit, Rev: rev, Key: form["_key"], Form: values})
	wrong, err := wrongForm(err)
	if wrong == nil {
		return v.afterAct(err, followUpAddress(id, t)+"&said=saved#row-"+form["control"]+form["action"])
	}
	p, err := v.followUp(r, t, form, wrong)
	if err != nil {
		return err
	}
	return v.show(http.StatusUnprocessableEntity, "control-follow-up", p)
}

// takeCheck reports what a spot check came to as its control's result.
func (s *site) takeCheck(v *visit) error {
	form, err := v.formOf("check", "tertial", "_key")
	if err != nil {
		return err
	}
	_, err = s.app.TakeCheck(v.r.Context(), v.who, form["check"], form["_key"])
	id, t := v.r.PathValue("id"), isms.Tertial(form["tertial"])
	wrong, err := wrongForm(err)
	if wrong == nil {
		return v.afterAct(err, followUpAddress(id, t)+"&said=taken")
	}
	r, err := s.app.ControlPlanPage(v.r.Context(), v.who, id)
	if err != nil {
		return err
	}
	p, err := v.followUp(r, t, nil, wrong)
	if err != nil {
		return err
	}
	return v.show(http.StatusUnprocessableEntity, "control-follow-up", p)
}
