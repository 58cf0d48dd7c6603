// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// StartPage is what waits for the person this month.
type StartPage struct {
	Frame
	Month  string
	Lead   string
	Gauges []Gauge
	Groups []Waiting
	Backup *Notice // what is wrong with the backups, for those who answer for them
	Mail   *Notice // and with the mail
}

// Waiting is things of one kind that wait for somebody.
type Waiting struct {
	ID, Text string
	Count    string
	List     []Todo
	More     *Link
}

// A Todo is one thing that waits, with why and by when.
type Todo struct {
	Link
	Why string
	Day Tag
}

const (
	mostTodos = 8
	soon      = 60 // days ahead in which a coming day is told
)

// waitings are the kinds of what can wait for somebody, the most pressing first.
var waitings = []struct {
	key  string
	find func(*visit) ([]Todo, error)
	all  string
}{
	{"clocks", (*visit).waitingClocks, "/clocks"},
	{"triage", (*visit).waitingTriage, "/incidents"},
	{"judgements", (*visit).waitingJudgements, ""},
	{"incidents", (*visit).waitingIncidents, "/incidents?mine=1"},
	{"reviews", (*visit).waitingReviews, "/reviews"},
	{"decide", (*visit).waitingDecisions, "/r/classification?state=proposed"},
	{"targets", (*visit).waitingTargets, ""},
	{"activities", (*visit).waitingActivities, ""},
	{"record", (*visit).waitingRecord, ""},
	{"portions", (*visit).waitingPortions, "/judge"},
	{"posts", (*visit).waitingPosts, "/posts/mine"},
	{"documents", (*visit).waitingDocuments, "/r/document?sort=review_by"},
	{"expired", (*visit).waitingExpired, "/r/classification?sort=valid_until&state=decided"},
	{"again", (*visit).waitingAgain, "/classify"},
	{"recommendations", (*visit).waitingRecommendations, "/r/recommendation"},
	{"deviations", (*visit).waitingDeviations, ""},
}

func (s *site) start(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	l := v.lang
	today := s.app.Today()
	p := &StartPage{}
	p.Title = l.T("web.start")
	p.Month = l.T("web.month."+string(today)[5:7]) + " " + string(today)[:4]
	units, err := v.units()
	if err != nil {
		return err
	}
	unit := v.home(units)
	p.Place = v.unitName(unit)
	things := 0
	for _, w := range waitings {
		list, err := w.find(v)
		if errors.Is(err, isms.ErrNotFound) || errors.Is(err, isms.ErrForbidden) {
			continue // a register that is not the person's to see
		}
		if err != nil {
			return err
		}
		if len(list) == 0 {
			continue
		}
		g := Waiting{ID: w.key, Text: l.T("web.start." + w.key), Count: l.Number(len(list)), List: list}
		if len(list) > mostTodos {
			g.List = list[:mostTodos]
			if w.all != "" {
				g.More = &Link{l.T("web.start.all", len(list)), w.all}
			} else {
				g.List = list
			}
		}
		things += len(list)
		p.Groups = append(p.Groups, g)
	}
	p.Lead = l.T("web.start.lead", things)
	if p.Gauges, err = v.startGauges(unit, today); err != nil {
		return err
	}
	if p.Backup, err = v.startBackup(); err != nil {
		return err
	}
	if p.Mail, err = v.startMail(); err != nil {
		return err
	}
	return v.show(http.StatusOK, "start", p)
}

// startFigures are shown to those who may see what they are counted from.
var startFigures = []string{"systems_classified", "nis_processes_classified", "systems_expired", "documents_past_review"}

func (v *visit) startGauges(unit string, today register.Day) ([]Gauge, error) {
	if unit == "" {
		return nil, nil
	}
	figures, err := v.site.app.Figures(v.r.Context(), v.who, unit, today, "", startFigures...)
	if errors.Is(err, isms.ErrForbidden) || errors.Is(err, isms.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Gauge
	for _, key := range startFigures {
		for _, f := range figures {
			if f.Key == key {
				all = append(all, v.gauge(f, unit, today))
				break
			}
		}
	}
	return all, nil
}

// listed reads all records of a register that the conditions fit, as many as a page of the greatest size holds.
func (v *visit) listed(kind string, where map[string][]string, sort string) (app.Table, error) {
	return v.site.app.List(v.r.Context(), v.who, kind, app.Query{Where: where, Sort: sort, Limit: 500})
}

func (v *visit) mine() map[string][]string { return map[string][]string{"owner": {v.who.Person}} }

// by is the day by which something is to be done, marked when it has passed or is near; nothing when it is far off.
func (v *visit) by(day register.Day) (tag Tag, near bool) {
	today := v.site.app.Today()
	switch {
	case day == "":
		return Tag{}, false
	case day < today:
		return Tag{v.lang.T("web.start.since", string(day)), "bad"}, true
	case day.DaysSince(today) <= soon:
		return Tag{v.lang.T("web.start.by", string(day)), "warn"}, true
	}
	return Tag{string(day), "none"}, false
}

func (v *visit) waitingReviews() ([]Todo, error) {
	t, err := v.listed("review", map[string][]string{"state": {"draft", "collecting", "consultation", "proposed", "decided"}}, "year")
	if err != nil {
		return nil, err
	}
	var list []Todo
	for _, rec := range t.Records {
		r := rec.(*isms.Review)
		may, err := v.site.app.Get(v.r.Context(), v.who, "review", r.ID)
		if err != nil {
			return nil, err
		}
		allowed := may.May.Change
		switch r.State {
		case isms.ReviewProposed:
			allowed = may.May.Decide
		case isms.ReviewDecided:
			allowed = may.May.Publish
		}
		if !allowed {
			continue
		}
		list = append(list, Todo{Link{reviewName(v, r) + ", " + t.Titles.Of("unit", r.Unit), "/reviews/" + r.ID}, v.lang.T("web.start.review." + string(r.State)),
			reviewState(v, r.State)})
	}
	return list, nil
}

func (v *visit) waitingDecisions() ([]Todo, error) {
	t, err := v.listed("classification", map[string][]string{"state": {"proposed"}}, "")
	if err != nil {
		return nil, err
	}
	var list []Todo
	for _, rec := range t.Records {
		c := rec.(*isms.Classification)
		may, err := v.site.app.Get(v.r.Context(), v.who, "classification", c.ID)
		if err != nil {
			return nil, err
		}
		if may.May.Decide {
			kind, id := c.Object()
			list = append(list, Todo{Link{t.Titles.Of(kind, id), "/classify/" + c.ID + "/decide"}, v.lang.T("web.start.proposed", c.Title()), Tag{}})
		}
	}
	return list, nil
}

func (v *visit) waitingActivities() ([]Todo, error) {
	where := v.mine()
	where["state"] = []string{"proposed", "planned", "ongoing", "moved"}
	t, err := v.listed("activity", where, "name")
	if err != nil {
		return nil, err
	}
	var list []Todo
	state, _ := t.Schema.Field("state")
	for _, rec := range t.Records {
		a := rec.(*isms.Activity)
		c := choice(v.lang, state, string(a.State))
		list = append(list, Todo{Link{a.Name, address("activity", a.ID)}, a.Measure, Tag{c.Text, c.Tag}})
	}
	return list, nil
}

// waitingTargets are this year's targets of the person's own activities.
func (v *visit) waitingTargets() ([]Todo, error) {
	own, err := v.listed("activity", v.mine(), "")
	if err != nil || len(own.Records) == 0 {
		return nil, err
	}
	where := map[string][]string{"year": {yearText(v.site.app.Today().Year())}, "state": {"proposed", "planned", "ongoing"}}
	for _, rec := range own.Records[:min(len(own.Records), 100)] {
		where["activity"] = append(where["activity"], rec.Head().ID)
	}
	t, err := v.listed("activity_target", where, "")
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(t.Records, func(a, b register.Entity) int {
		return a.(*isms.ActivityTarget).Position - b.(*isms.ActivityTarget).Position
	})
	var list []Todo
	state, _ := t.Schema.Field("state")
	for _, rec := range t.Records {
		a := rec.(*isms.ActivityTarget)
		c := choice(v.lang, state, string(a.State))
		list = append(list, Todo{Link{a.Text, address("activity_target", a.ID)}, t.Titles.Of("activity", string(a.Activity)), Tag{c.Text, c.Tag}})
	}
	return list, nil
}

// waitingDocuments are the person's own documents that are to be looked over, and those without an owner in the units whose documents the
// person keeps.
func (v *visit) waitingDocuments() ([]Todo, error) {
	t, err := v.listed("document", map[string][]string{"state": {"decided"}}, "review_by")
	if err != nil {
		return nil, err
	}
	var list []Todo
	for _, rec := range t.Records {
		d := rec.(*isms.Document)
		day, near := v.by(d.ReviewBy)
		todo := Todo{Link{d.Title, address("document", d.ID)}, v.lang.T("web.start.review_by"), day}
		switch {
		case string(d.Owner) == v.who.Person && near:
			list = append(list, todo)
		case d.Owner == "" && slices.Contains(t.CreateIn, d.Unit):
			todo.Why = v.lang.T("web.start.no_owner")
			list = append(list, todo)
		}
	}
	return list, nil
}

// waitingExpired are decided classifications past their last day, in the units where the person may classify anew; of an object that has been
// classified again since, none.
func (v *visit) waitingExpired() ([]Todo, error) {
	t, err := v.listed("classification", map[string][]string{"state": {"decided"}}, "valid_until")
	if err != nil {
		return nil, err
	}
	today := v.site.app.Today()
	object := func(c *isms.Classification) string { kind, id := c.Object(); return kind + "/" + id }
	valid := map[string]bool{}
	for _, rec := range t.Records {
		if c := rec.(*isms.Classification); c.Valid(today) {
			valid[object(c)] = true
		}
	}
	var list []Todo
	for _, rec := range t.Records {
		c := rec.(*isms.Classification)
		if c.ValidUntil == "" || c.ValidUntil >= today || valid[object(c)] || !slices.Contains(t.CreateIn, c.Unit) {
			continue
		}
		kind, id := c.Object()
		day := Tag{v.lang.T("web.start.expired_on", string(c.ValidUntil)), "bad"}
		list = append(list, Todo{Link{t.Titles.Of(kind, id), address("classification", c.ID)}, v.lang.T("web.start.expired.why", c.Title()), day})
	}
	return list, nil
}

// waitingRecommendations are those that their issuer has not closed, in the units where the person answers them.
func (v *visit) waitingRecommendations() ([]Todo, error) {
	answers, err := v.site.app.List(v.r.Context(), v.who, "response", app.Query{Limit: 1})
	if err != nil || len(answers.CreateIn) == 0 {
		return nil, err
	}
	looks, err := v.listed("follow_up", nil, "day")
	if err != nil {
		return nil, err
	}
	closed := map[string]bool{}
	for _, rec := range looks.Records { // in order of day: the latest verdict counts
		if f := rec.(*isms.FollowUp); f.Verdict != "" {
			closed[string(f.Recommendation)] = f.Verdict.Closes()
		}
	}
	t, err := v.listed("recommendation", nil, "deadline")
	if err != nil {
		return nil, err
	}
	var list []Todo
	for _, rec := range t.Records {
		r := rec.(*isms.Recommendation)
		if closed[r.ID] || !slices.Contains(answers.CreateIn, r.Unit) {
			continue
		}
		issuer := t.Titles.Of("audit", string(r.Audit)) + t.Titles.Of("dpo_report", string(r.Report))
		day, _ := v.by(r.Deadline)
		list = append(list, Todo{Link{strings.TrimSpace(r.Number + " " + r.Subject), address("recommendation", r.ID)}, issuer, day})
	}
	return list, nil
}

func (v *visit) waitingDeviations() ([]Todo, error) {
	where := v.mine()
	where["state"] = []string{"open"}
	t, err := v.listed("deviation", where, "found_on")
	if err != nil {
		return nil, err
	}
	var list []Todo
	for _, rec := range t.Records {
		d := rec.(*isms.Deviation)
		list = append(list, Todo{Link{d.Title, address("deviation", d.ID)}, d.Area, Tag{v.lang.T("web.start.found", string(d.FoundOn)), "warn"}})
	}
	return list, nil
}
