// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"ledsyn/app"
	"ledsyn/chart"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// accessRoutes are the pages of access reviews.
func accessRoutes() []route {
	return []route{
		{"GET /access", false, (*site).access},
		{"GET /access/new", false, (*site).planAccessForm},
		{"POST /access/new", false, (*site).planAccess},
		{"GET /access/leavers", false, (*site).leavers},
		{"GET /access/removal/{id}", false, (*site).removal},
		{"POST /access/removal/{id}/withdraw", false, (*site).withdrawRemoval},
		{"GET /access/{id}", false, (*site).accessReview},
		{"POST /access/{id}/start", false, (*site).startAccess},
		{"POST /access/{id}/cancel", false, (*site).cancelAccess},
		{"POST /access/{id}/close", false, (*site).closeAccess},
		{"POST /access/{id}/remind", false, (*site).remindAccess},
		{"POST /access/{id}/redeal", false, (*site).redealAccess},
		{"POST /access/{id}/order", false, (*site).orderRemovals},
		{"POST /access/{id}/compare", false, (*site).compareRemovals},
		{"GET /access/{id}/removals/{list}/{form}", false, (*site).removalFile},
	}
}

// accessAddress is where an access review is led.
func accessAddress(id string) string { return "/access/" + id }

// AccessPage is how rights are gone through and taken away.
type AccessPage struct {
	Frame
	Plan     string // where one is planned, "" for those who may not
	NoLists  bool   // there is no entitlement list to go through
	Gauges   []Gauge
	Reviews  []AccessLine
	Systems  []SystemLine
	Removals RemovalTable
	More     *Link
	Leavers  string
}

// An AccessLine is an access review in a list.
type AccessLine struct {
	Link
	Unit, Leader, Ends, Lines string
	State                     Value
}

// A SystemLine is when a system was last gone through.
type SystemLine struct {
	Link
	Unit  string
	Last  Value
	Age   string
	Note  string
	Lists string
	Open  string
}

// A RemovalLine is a right that is to be taken away.
type RemovalLine struct {
	Link
	Right, System, Wanted string
	Decided, Seen, Age    string
	State                 Tag
	Note                  string
}

// RemovalTable is rights that are to be taken away.
type RemovalTable struct {
	locale.Lang
	Rows []RemovalLine
}

// mostRemovals is how many rights a page shows.
const mostRemovals = 100

func (s *site) access(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	o, err := s.app.AccessOverview(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	l := v.lang
	p := &AccessPage{NoLists: o.Lists == 0, Removals: RemovalTable{Lang: l}}
	p.Title = l.T("web.access")
	if o.MayPlan {
		p.Plan = "/access/new"
	}
	if sees, _ := s.app.Sees(v.who); sees["removal"] {
		p.Leavers = "/access/leavers"
	}
	p.gauges(v, o)
	state, _ := register.Of[isms.AccessReview]().Field("state")
	for _, r := range o.Reviews {
		p.Reviews = append(p.Reviews, AccessLine{Link: Link{r.Name, accessAddress(r.ID)}, Unit: o.Titles.Of("unit", r.Unit), Leader: o.Titles.Of("person", string(r.Leader)),
			Ends: string(r.EndsOn), Lines: countText(v, r.Lines), State: choice(l, state, string(r.State))})
	}
	for _, one := range o.Systems {
		p.Systems = append(p.Systems, v.systemLine(one, o))
	}
	for _, r := range o.Removals[:min(len(o.Removals), mostRemovals)] {
		p.Removals.Rows = append(p.Removals.Rows, v.removalLine(r, o.Titles))
	}
	if len(o.Removals) > mostRemovals {
		p.More = &Link{l.T("web.access.removals.all", len(o.Removals)), "/r/removal?gone_on=&withdrawn_on="}
	}
	return v.show(http.StatusOK, "access", p)
}

// countText is a number in words, or that it is not known.
func countText(v *visit, c register.Count) string {
	if n, known := c.Known(); known {
		return v.lang.Number(n)
	}
	return v.lang.T("unknown")
}

func (p *AccessPage) gauges(v *visit, o app.AccessOverview) {
	l := v.lang
	share := Gauge{Name: l.T("web.access.fresh"), URL: "#systems", Value: l.T("unknown"), Unknown: len(o.Systems) == 0, Of: l.T("web.access.fresh.of", o.Reviewed, len(o.Systems))}
	if n := len(o.Systems); n > 0 {
		percent := register.PercentOf(o.Reviewed * 10000 / n)
		hundredths, _ := percent.Known()
		share.Value, share.Share = l.PercentSign((hundredths+50)/100*100), percent.String()
	}
	open := Gauge{Name: l.T("web.access.open"), URL: "#removals", Value: l.Number(len(o.Removals)), Of: l.T("web.access.open.none")}
	if len(o.Removals) > 0 {
		open.Of = l.T("web.access.open.of", o.Removals[0].Age(o.Today))
	}
	p.Gauges = []Gauge{share, open}
}

func (v *visit) systemLine(one app.SystemAccess, o app.AccessOverview) SystemLine {
	l := v.lang
	line := SystemLine{Link: Link{one.Name, address("system", one.ID)}, Unit: o.Titles.Of("unit", one.Unit), Lists: l.Number(one.Lists), Open: l.Number(one.Open),
		Last: Value{Text: l.T("web.access.never"), Tag: "warn"}}
	if one.Last.Day == "" {
		return line
	}
	line.Last = Value{Text: string(one.Last.Day), Tag: "good"}
	if !one.Fresh(o.Today) {
		line.Last.Tag = "warn"
	}
	line.Age = l.T("web.access.age", o.Today.DaysSince(one.Last.Day))
	if one.Last.Partial {
		line.Note = l.T("web.access.partial")
	}
	if slices.ContainsFunc(o.Reviews, func(r isms.AccessReview) bool { return r.ID == one.Last.Review }) {
		line.Last = Value{Text: string(one.Last.Day), URL: accessAddress(one.Last.Review)}
	}
	return line
}

func (v *visit) removalLine(r isms.Removal, titles app.Titles) RemovalLine {
	l := v.lang
	wanted, _ := register.Of[isms.Removal]().Field("wanted")
	today := v.site.app.Today()
	line := RemovalLine{Link: Link{r.Name, "/access/removal/" + r.ID}, Right: r.Right, System: titles.Of("system", string(r.System)), Wanted: l.T(wanted.ChoiceKey(string(r.Wanted))),
		Decided: string(r.DecidedOn), Seen: string(r.SeenOn), Note: r.Note, Age: l.T("web.access.age", r.Age(today))}
	switch {
	case r.WithdrawnOn != "":
		line.State, line.Age = Tag{l.T("web.access.withdrawn"), "none"}, ""
	case r.GoneOn != "":
		line.State, line.Age = Tag{l.T("web.access.gone", string(r.GoneOn)), "good"}, ""
	case r.OrderedOn == "":
		line.State = Tag{l.T("web.access.not_ordered"), "warn"}
	case r.SeenOn > r.OrderedOn:
		line.State = Tag{l.T("web.access.still", string(r.SeenOn)), "bad"}
	default:
		line.State = Tag{l.T("web.access.ordered", string(r.OrderedOn)), "info"}
	}
	return line
}

// AccessPlanPage is the form for an access review.
type AccessPlanPage struct {
	FormPage
	NoLists bool
}

// accessFields are what an access review is planned with, in the order that they are asked.
var accessFields = []string{"name", "populations", "staff", "roles", "judges", "judge", "reserve", "leader", "ends_on", "dormant_days", "shared_accounts", "advice"}

func (s *site) planAccessForm(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showAccessPlan(http.StatusOK, nil, nil, nil)
}

// usualDormant is how many days without use the form begins with.
const usualDormant = "180"

func (v *visit) showAccessPlan(status int, sent url.Values, own map[string]string, wrong register.Wrongs) error {
	t, err := v.site.app.List(v.r.Context(), v.who, "access_review", app.Query{Limit: 1})
	if err != nil {
		return err
	}
	if len(t.CreateIn) == 0 {
		return isms.ErrForbidden
	}
	l := v.lang
	p := &AccessPlanPage{}
	p.Title, p.About, p.Action, p.Back, p.Key = l.T("register.access_review.new"), l.T("web.access.plan.about"), "/access/new", "/access", register.NewID()
	p.Crumbs = []Link{{l.T("web.access"), "/access"}}
	if err := p.units(v, t.Schema, t.CreateIn, own["_unit"]); err != nil {
		return err
	}
	if sent == nil {
		sent = url.Values{"dormant_days": {usualDormant}, "judges": {string(isms.JudgedByManagers)}, "leader": {v.who.Person}}
	}
	rec := &isms.AccessReview{}
	register.Read(rec, sent)
	for _, name := range accessFields {
		f, _ := t.Schema.Field(name)
		field, err := v.formField(t.Schema, f, rec, nil, sent, own, wrong)
		if err != nil {
			return err
		}
		if f.Target == "population" {
			if err := v.onlyKind(&field, map[string]isms.PopulationKind{"populations": isms.Entitlements, "staff": isms.Employments}[name]); err != nil {
				return err
			}
			p.NoLists = p.NoLists || name == "populations" && len(field.Options) == 0
		}
		p.Fields = append(p.Fields, field)
	}
	p.Summary = summarize(l, t.Schema, wrong)
	p.Failed = p.Summary != nil
	return v.show(status, "access-plan", p)
}

// onlyKind keeps the lists of one kind that have their rows among those that a field offers, the newest first.
func (v *visit) onlyKind(field *FormField, kind isms.PopulationKind) error {
	t, err := v.listed("population", map[string][]string{"kind": {string(kind)}, "disposed_on": {""}}, "day")
	if err != nil {
		return err
	}
	var options []Option
	for _, rec := range slices.Backward(t.Records) {
		p := rec.(*isms.Population)
		chosen := slices.ContainsFunc(field.Options, func(o Option) bool { return o.Value == p.ID && o.Chosen })
		options = append(options, Option{p.ID, v.lang.T("web.access.list", p.Name, string(p.Day), countText(v, p.Rows)), chosen})
	}
	field.Options, field.More, field.FindDo, field.None = options, "", "", v.lang.T("web.form.none")
	field.Sieve = sieve(v.lang, options)
	return nil
}

func (s *site) planAccess(v *visit) error {
	form, own, err := v.recordForm()
	if err != nil {
		return err
	}
	if own["_search"] != "" {
		return v.showAccessPlan(http.StatusOK, form, own, nil)
	}
	for name := range form {
		if !slices.Contains(accessFields, name) {
			return errForm
		}
	}
	sent := url.Values{}
	for name, list := range form {
		sent[name] = list
	}
	sent.Set("state", string(isms.AccessReviewPlanned))
	id, err := s.app.Save(v.r.Context(), v.who, app.Change{Kind: "access_review", Unit: own["_unit"], Key: own["_key"], Form: sent})
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showAccessPlan(http.StatusUnprocessableEntity, form, own, wrong)
	}
	return v.afterAct(err, accessAddress(id))
}

// LeaversPage is how long rights have outlived the employment.
type LeaversPage struct {
	Frame
	Facts   []Fact
	Chart   chartHTML
	Steps   []Difference // the chart's numbers
	Systems []LeaverLine
	Worst   []LeaverLine
	Open    []LeaverLine
	More    string
}

// A LeaverLine is a right of somebody who has left, or the rights of a system.
type LeaverLine struct {
	Link
	Right, System, Ended, Between, Days string
	Count, Median, Worst, Open          string
}

func (s *site) leavers(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	a, err := s.app.Leavers(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	l := v.lang
	p := &LeaversPage{}
	p.Title = l.T("web.leavers")
	p.Crumbs = []Link{{l.T("web.access"), "/access"}}
	p.spread(v, a)
	for _, one := range a.Systems {
		line := LeaverLine{Link: Link{Text: l.T("web.leavers.no_system")}, Count: l.Number(one.Spread.Count), Median: v.days(one.Spread.Median, one.Spread.Count),
			Worst: v.days(one.Spread.Worst, one.Spread.Count), Open: l.Number(one.Open)}
		if title := a.Titles.Of("system", one.ID); title != "" {
			line.Link = Link{title, address("system", one.ID)}
		}
		p.Systems = append(p.Systems, line)
	}
	for _, r := range a.Worst {
		least, most, _ := r.DaysToRemoval()
		p.Worst = append(p.Worst, LeaverLine{Link: Link{r.Name, "/access/removal/" + r.ID}, Right: r.Right, System: a.Titles.Of("system", string(r.System)), Ended: string(r.EndedOn),
			Between: l.T("web.leavers.between", string(r.SeenOn), string(r.GoneOn)), Days: l.T("web.leavers.days", least, most)})
	}
	for _, r := range a.Open[:min(len(a.Open), mostRemovals)] {
		p.Open = append(p.Open, LeaverLine{Link: Link{r.Name, "/access/removal/" + r.ID}, Right: r.Right, System: a.Titles.Of("system", string(r.System)), Ended: string(r.EndedOn),
			Between: string(r.SeenOn), Days: l.T("web.access.age", max(0, a.Today.DaysSince(r.EndedOn)))})
	}
	if len(a.Open) > mostRemovals {
		p.More = l.T("web.leavers.more", len(a.Open)-mostRemovals)
	}
	return v.show(http.StatusOK, "access-leavers", p)
}

// days is a number of days at most, or that it is not known.
func (v *visit) days(n, of int) string {
	if of == 0 {
		return v.lang.T("unknown")
	}
	return v.lang.T("web.leavers.at_most", n)
}

// spread draws how long it took.
func (p *LeaversPage) spread(v *visit, a app.LeaversPage) {
	l := v.lang
	fact := func(key, text string) {
		p.Facts = append(p.Facts, Fact{l.T("web.leavers." + key), []Value{{Text: text}}})
	}
	fact("count", l.Number(a.Spread.Count))
	fact("median", v.days(a.Spread.Median, a.Spread.Count))
	fact("worst", v.days(a.Spread.Worst, a.Spread.Count))
	fact("open", l.Number(len(a.Open)))
	if a.Spread.Count == 0 {
		return
	}
	c := chart.Chart{Kind: chart.Bars, Title: l.T("web.leavers.chart"), Desc: l.T("web.leavers.chart.desc", a.Spread.Count, a.Spread.Median, a.Spread.Worst),
		XHead: l.T("web.leavers.step"), YHead: l.T("web.leavers.rights")}
	for i, n := range a.Spread.Within {
		last := isms.RemovalSteps[len(isms.RemovalSteps)-1]
		label, short := l.T("web.leavers.over", last), "> "+l.Number(last) // the whole name has no room under a bar
		if i < len(isms.RemovalSteps) {
			label, short = l.T("web.leavers.within", isms.RemovalSteps[i]), "≤ "+l.Number(isms.RemovalSteps[i])
		}
		c.Points = append(c.Points, chart.Point{Label: short, Value: float64(n), Known: true, Text: l.Number(n)})
		p.Steps = append(p.Steps, Difference{Label: label, Is: l.Number(n)})
	}
	p.Chart = chartHTML(c.SVG("spread"))
}
