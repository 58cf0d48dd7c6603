// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// ClassifyPlanPage is how far classification has come, where it leads, and what to take next.
type ClassifyPlanPage struct {
	Frame
	Summary    *Summary
	Self       string
	Units      []Option
	Keys       []Option
	Focuses    []Option
	Pace       []Fact
	Chart      chartHTML
	Legend     []Key
	Points     []Difference
	Below      []UnitShare
	OrderAbout string
	Months     []PlanMonth
	More       *Link
}

// A Key tells what a line of a drawing is.
type Key struct{ Class, Text string }

// UnitShare is how far a unit has come.
type UnitShare struct {
	Link
	Share, Value, Of, Target string
}

// PlanMonth is what to take in a month to hold the pace.
type PlanMonth struct {
	Text  string
	First int
	List  []PlanPlace
}

// PlanPlace is an object at its place in the order.
type PlanPlace struct {
	ID, Name, URL, Unit string
	Position            int
	Why, Own            string
	State               Tag
	Start               string // where to begin with it, "" for those who may not or where it is under way
	Move, Open          bool
	Object              string
	Priority            string // the id of the own place, "" for a proposed one
	Rev                 int
	Key                 string
	Reason, Wrong       string
}

// mostOrder is how much of the order a page shows, and mostMonths how far ahead.
const (
	mostOrder  = 60
	mostMonths = 6
)

// planKeys are the figures that can be planned by.
var planKeys = []string{"systems_classified", "sets_classified", "processes_classified"}

func (s *site) classifyPlan(v *visit) error {
	q, err := v.query("unit", "key", "focus", "all", "as")
	if err != nil {
		return err
	}
	p, err := v.plan(q)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "classify-plan", p)
}

func (v *visit) plan(q map[string]string) (*ClassifyPlanPage, error) {
	units, err := v.units()
	if err != nil {
		return nil, err
	}
	unit := q["unit"]
	if unit == "" {
		unit = v.home(units)
	}
	if q["key"] == "" {
		q["key"] = planKeys[0]
	}
	plan, err := v.site.app.PlanClassification(v.r.Context(), v.who, app.PlanQuery{Unit: unit, Key: q["key"], Focus: isms.Focus(q["focus"])})
	if errors.As(err, new(register.Wrongs)) {
		return nil, errQuery
	}
	if err != nil {
		return nil, err
	}
	l := v.lang
	p := &ClassifyPlanPage{Self: "/classify/plan?" + url.Values{"unit": {unit}, "key": {plan.Key}, "focus": {string(plan.Focus)}}.Encode()}
	p.Title = l.T("web.plan")
	p.Place = v.unitName(unit)
	p.Crumbs = []Link{{l.T("web.classify"), "/classify"}}
	for _, u := range units {
		p.Units = append(p.Units, Option{u.Value, u.Text, u.Value == unit})
	}
	for _, key := range planKeys {
		p.Keys = append(p.Keys, Option{key, l.T("web.plan.key." + key), key == plan.Key})
	}
	if p.Focuses, err = v.focuses(plan); err != nil {
		return nil, err
	}
	p.Pace = v.paceFacts(plan)
	p.draw(v, plan)
	if err := p.below(v, plan); err != nil {
		return nil, err
	}
	return p, p.order(v, plan, q["all"] != "" || v.as != "")
}

// focuses are what the order can be thinned out to, with the years whose instruction puts it first.
func (v *visit) focuses(plan app.ClassificationPlan) ([]Option, error) {
	l := v.lang
	t, err := v.listed("instruction", nil, "year")
	if err != nil && !errors.Is(err, isms.ErrNotFound) {
		return nil, err
	}
	years := map[isms.Focus][]string{}
	for _, rec := range t.Records {
		in := rec.(*isms.Instruction)
		if year := yearText(in.Year); in.Focus != "" && !slices.Contains(years[in.Focus], year) {
			years[in.Focus] = append(years[in.Focus], year)
		}
	}
	all := []Option{{"", l.T("web.plan.focus.none"), plan.Focus == ""}}
	for _, f := range plan.Focus.Choices() {
		text := l.T("choice.focus." + f)
		if list := years[isms.Focus(f)]; len(list) > 0 {
			text = l.T("web.plan.focus.years", text, l.And(list))
		}
		all = append(all, Option{f, text, f == string(plan.Focus)})
	}
	return all, nil
}

// below tells how far each unit has come, where there are several.
func (p *ClassifyPlanPage) below(v *visit, plan app.ClassificationPlan) error {
	curves, err := v.site.app.UnitCurves(v.r.Context(), v.who, plan.Unit.ID, plan.Key, []register.Day{plan.Day})
	if err != nil || len(curves) < 2 {
		return err
	}
	l := v.lang
	for _, c := range curves[1:] {
		f := c.Points[0].Figure(plan.Key, plan.Figure.Unit, plan.Day)
		if c.Points[0].Of == 0 {
			continue
		}
		row := UnitShare{Link: Link{c.Unit.Name, "/classify/plan?" + url.Values{"unit": {c.Unit.ID}, "key": {plan.Key}}.Encode()}}
		if share, ok := f.Percent().Known(); ok {
			row.Share, row.Value = register.PercentOf(share).String(), l.PercentSign(share)
			row.Of = l.T("web.figures.of", c.Points[0].Counted, c.Points[0].Of, unitOfCount(l, plan.Figure.Unit))
		}
		if plan.HasAim {
			share, _ := plan.Need.Target.Share.Known()
			row.Target = l.PercentSign(share)
		}
		p.Below = append(p.Below, row)
	}
	return nil
}

// order is what to take, month by month at the pace that is needed.
func (p *ClassifyPlanPage) order(v *visit, plan app.ClassificationPlan, all bool) error {
	l := v.lang
	per := len(plan.Next)
	p.OrderAbout = l.T("web.plan.order.about")
	if plan.Focus != "" {
		p.OrderAbout = l.T("web.plan.order.focus", l.T("choice.focus."+string(plan.Focus)))
	}
	if per == 0 {
		return nil
	}
	own, err := v.ownPlaces()
	if err != nil {
		return err
	}
	start, err := v.mayCreate("classification", plan.Unit.ID)
	if err != nil {
		return err
	}
	most := min(len(plan.Order), min(mostOrder, per*mostMonths))
	if all {
		most = min(len(plan.Order), mostListed)
	}
	if most < len(plan.Order) {
		p.More = &Link{l.T("web.plan.all", len(plan.Order)), p.Self + "&all=1#order"}
	}
	for i, place := range plan.Order[:most] {
		if i%per == 0 {
			p.Months = append(p.Months, PlanMonth{Text: v.planMonth(plan.Day, i/per), First: place.Position})
		}
		row := PlanPlace{ID: place.ID, Name: place.Name, URL: address(place.Kind, place.ID), Position: place.Position,
			Why: v.reasons(place), Own: place.Own, Object: place.Kind + ":" + place.ID, Key: register.NewID(), Move: plan.May.Change}
		if place.Unit != plan.Unit.ID {
			row.Unit = plan.Titles.Of("unit", place.Unit)
		}
		if mine := own[isms.Step{Kind: place.Kind, ID: place.ID}]; mine != nil {
			row.Priority, row.Rev, row.Reason = mine.ID, mine.Rev, mine.Reason
		}
		switch {
		case place.Under:
			row.State = Tag{l.T("web.plan.under_way"), "info"}
		case start:
			row.Start = "/classify/new?object=" + url.QueryEscape(row.Object)
		default:
			row.State = Tag{l.T("web.classify.not_classified"), "none"}
		}
		p.Months[len(p.Months)-1].List = append(p.Months[len(p.Months)-1].List, row)
	}
	return nil
}

// planMonth is the month that is so many after the one that the plan is made in: the coming one first.
func (v *visit) planMonth(day register.Day, ahead int) string {
	to := register.Day(string(day)[:8] + "01").AddMonths(ahead + 1)
	return v.lang.T("web.month."+string(to)[5:7]) + " " + string(to)[:4]
}

// reasons tell why an object stands where it does.
func (v *visit) reasons(p isms.Place) string {
	var list []string
	for _, r := range p.Reasons {
		list = append(list, v.lang.T("priority."+r))
	}
	if len(list) == 0 {
		return ""
	}
	text := v.lang.And(list)
	return strings.ToUpper(text[:1]) + text[1:]
}

// ownPlaces are the places that somebody has set, by what they are set for.
func (v *visit) ownPlaces() (map[isms.Step]*isms.ClassificationPriority, error) {
	own := map[isms.Step]*isms.ClassificationPriority{}
	t, err := v.listed("classification_priority", nil, "")
	if errors.Is(err, isms.ErrNotFound) {
		return own, nil
	}
	for _, rec := range t.Records {
		c := rec.(*isms.ClassificationPriority)
		own[placedObject(c)] = c
	}
	return own, err
}

func placedObject(c *isms.ClassificationPriority) isms.Step {
	switch {
	case c.System != "":
		return isms.Step{Kind: "system", ID: string(c.System)}
	case c.Process != "":
		return isms.Step{Kind: "process", ID: string(c.Process)}
	}
	return isms.Step{Kind: "information_set", ID: string(c.Set)}
}

// placeAt keeps an own place in the order, with its reason, or gives one up.
func (s *site) placeAt(v *visit) error {
	form, err := v.formOf("_key", "_rev", "priority", "object", "back", "reason", "position", "do")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	kind, id, _ := strings.Cut(form["object"], ":")
	back := local(form["back"]) + "#p-" + id
	if form["do"] == "free" {
		return v.afterAct(s.app.Retire(v.r.Context(), v.who, "classification_priority", form["priority"], rev, "", form["_key"]), back)
	}
	obj, err := s.app.Get(v.r.Context(), v.who, kind, id)
	if err != nil {
		return err
	}
	position := form["position"]
	if at, err := strconv.Atoi(position); err == nil {
		switch form["do"] {
		case "up":
			position = strconv.Itoa(max(1, at-1))
		case "down":
			position = strconv.Itoa(at + 1)
		}
	}
	change := app.Change{Kind: "classification_priority", ID: form["priority"], Rev: rev, Key: form["_key"],
		Form: url.Values{objectField(kind): {id}, "position": {position}, "reason": {form["reason"]}}}
	if change.ID == "" {
		change.Unit = obj.Entity.Head().Unit
	}
	_, err = s.app.Save(v.r.Context(), v.who, change)
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.planAgain(form, id, wrong)
	}
	return v.afterAct(err, back)
}

// planAgain shows the page with what was written for one object, when it could not be kept.
func (v *visit) planAgain(form map[string]string, id string, wrong register.Wrongs) error {
	u, err := url.Parse(local(form["back"]))
	if err != nil {
		return errForm
	}
	q := u.Query()
	p, err := v.plan(map[string]string{"unit": q.Get("unit"), "key": q.Get("key"), "focus": q.Get("focus"), "all": "1"})
	if err != nil {
		return err
	}
	p.Failed, p.Summary = true, summarize(v.lang, register.Of[isms.ClassificationPriority](), wrong)
	for i := range p.Summary.Items {
		p.Summary.Items[i].URL = "#r-" + id
	}
	for m := range p.Months {
		if i := slices.IndexFunc(p.Months[m].List, func(r PlanPlace) bool { return r.ID == id }); i >= 0 {
			row := &p.Months[m].List[i]
			row.Open, row.Reason, row.Wrong = true, form["reason"], v.lang.T("wrong."+wrong[0].Code, wrong[0].Args...)
		}
	}
	return v.show(http.StatusUnprocessableEntity, "classify-plan", p)
}
