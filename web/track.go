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

// TrackPage is the case of a breach or of a judgement of significance: what is next and whose it is, the periods, and each part of the
// case with its form.
type TrackPage struct {
	Frame
	Summary    *Summary
	Kicker     string
	Incident   Link
	Edit       string
	History    string
	Next       Notice
	NextBy     string
	Clocks     []ClockLine
	Parts      []TrackPart
	Sent       []SentLine
	Dropped    []DroppedLine
	Police     string // where a task of it is made, "" when there is one or for those who may not
	PoliceTold bool
	Key        string
	Rev        int
}

// A TrackPart is a part of a case: what is known and the forms that change it.
type TrackPart struct {
	ID, Heading string
	State       Tag
	Lead        string
	Facts       []Fact
	Notes       []Notice
	Thresholds  []ThresholdLine
	Links       []Link
	Forms       []TrackForm
}

// A TrackForm is a form of a part.
type TrackForm struct {
	Action, Name, About, Do string
	Open                    bool
	Fields                  []FormField
}

// A SentLine is a step that was sent.
type SentLine struct {
	Link
	At, To, CaseID, Receipt string
	State                   Tag
	Delay                   string
}

// A DroppedLine is a period that does not run any longer.
type DroppedLine struct {
	Link
	At, Why, From string
}

// sentToCase is what was sent by one of a case's forms and could not be done.
type sentToCase struct {
	part  string
	sent  map[string]string
	wrong register.Wrongs
}

// trackRoutes are the pages of the legal tracks.
func trackRoutes() []route {
	return []route{
		{"GET /breach/{id}", false, (*site).breach},
		{"POST /breach/{id}/{part}", false, (*site).workBreach},
		{"GET /significance/{id}", false, (*site).significance},
		{"POST /significance/{id}/{part}", false, (*site).workSignificance},
		{"POST /incident/{id}/police", false, (*site).police},
		{"GET /deadline/{id}", false, (*site).deadline},
		{"POST /deadline/{id}/send", false, (*site).sendStep},
		{"POST /deadline/{id}/print", false, (*site).printStep},
		{"POST /deadline/{id}/waive", false, (*site).waiveStep},
		{"GET /deadline/{id}/sent/{file}", false, (*site).sentFile},
		{"GET /clocks", false, (*site).clocks},
		{"GET /law", false, (*site).law},
	}
}

// Addresses of the pages where judgements and periods are worked with.
func breachAddress(id string) string       { return "/breach/" + id }
func significanceAddress(id string) string { return "/significance/" + id }
func deadlineAddress(id string) string     { return "/deadline/" + id }

// head fills in what the pages of all cases have in common.
func (p *TrackPage) head(v *visit, kind string, rec isms.Record, name string, c app.TrackCase) {
	l := v.lang
	p.Title, p.Kicker, p.Place = name, l.T("register."+kind+".one"), c.UnitName
	p.Incident = Link{c.About.Reference + " " + c.About.Title, incidentAddress(c.About.ID)}
	p.Crumbs = []Link{{l.T("web.incidents"), "/incidents"}, p.Incident}
	p.Key, p.Rev = register.NewID(), rec.Rev
	if c.May.Work {
		p.Edit = address(kind, rec.ID) + "/edit?then=/" + kind + "/" + rec.ID
	}
	if c.May.History {
		p.History = address(kind, rec.ID) + "/history"
	}
	p.next(v, kind, c)
	for _, one := range c.Clocks {
		line := v.clockLine(one, c.Titles)
		line.Recipient = c.Receivers[one.ID]
		p.Clocks = append(p.Clocks, line)
	}
	step, _ := register.Of[isms.Deadline]().Field("step")
	for _, d := range c.Sent {
		line := SentLine{Link: Link{l.T(step.ChoiceKey(string(d.Step))), deadlineAddress(d.ID)}, At: clock(d.SentAt), To: d.Recipient, CaseID: d.CaseID, Receipt: d.Receipt,
			State: Tag{l.T("web.track.in_time"), "good"}, Delay: d.DelayReason}
		if d.Step == isms.PersonsInformed {
			line.URL = p.anchor(kind, rec.ID, "inform")
		}
		switch {
		case d.Shown == "":
			line.State = Tag{}
		case d.Late(d.SentAt):
			line.State = Tag{l.T("web.track.late", span(l, d.SentAt.Time().Sub(d.Last().Time()))), "bad"}
		}
		p.Sent = append(p.Sent, line)
	}
	for _, d := range c.Dropped {
		why := l.T("choice.drop_cause." + string(d.Dropped))
		if d.DroppedWhy != "" {
			why += ": " + d.DroppedWhy
		}
		p.Dropped = append(p.Dropped, DroppedLine{Link{l.T(step.ChoiceKey(string(d.Step))), address("deadline", d.ID)}, clock(d.DroppedAt), why, clock(d.StartsAt)})
	}
	p.PoliceTold = c.Police
	if !c.Police && c.May.Work && c.About.State.Open() {
		p.Police = incidentAddress(c.About.ID) + "/police"
	}
}

func (p *TrackPage) anchor(kind, id, part string) string { return "/" + kind + "/" + id + "#" + part }

// next says what is to be done and by whom.
func (p *TrackPage) next(v *visit, kind string, c app.TrackCase) {
	l := v.lang
	if c.Next == "" {
		p.Next = Notice{l.T("web.track.next.none"), "good"}
		return
	}
	p.Next = Notice{l.T("web.track.next." + kind + "." + string(c.Next)), "warn"}
	if slices.ContainsFunc(c.Clocks, func(c app.RunningClock) bool { return c.Overdue }) {
		p.Next.Class = "bad"
	}
	names := make([]string, len(c.NextBy))
	for i, person := range c.NextBy {
		names[i] = person.Name
	}
	switch {
	case c.Next == app.NextApprove:
		p.NextBy = l.T("web.track.by.another")
	case c.Next == app.NextDecide && len(names) == 0:
		p.NextBy = l.T("web.track.by.no_decider")
	case len(names) > 0:
		p.NextBy = l.T("web.track.by", l.And(names))
	case c.Titles.Of("person", string(c.About.Coordinator)) != "":
		p.NextBy = l.T("web.track.by", c.Titles.Of("person", string(c.About.Coordinator)))
	default:
		p.NextBy = l.T("web.track.by.nobody")
	}
}

// caseFacts lists the fields that are filled in, as facts.
func (v *visit) caseFacts(rec register.Entity, titles app.Titles, names ...string) []Fact {
	s := register.OfValue(rec)
	var all []Fact
	for _, name := range names {
		f, _ := s.Field(name)
		if list := values(v.lang, f, rec, titles, v.site.app.Today()); len(list) > 0 {
			all = append(all, Fact{label(v.lang, s, f), list})
		}
	}
	return all
}

// neededInCase are the fields that an act of a case demands, though a draft may be without them.
var neededInCase = []string{"aware_at", "aware_reason", "known_at", "known_reason", "risk", "risk_reason", "notify", "notify_reason", "significant", "reason"}

// caseForm is a form for some of the record's fields, with what was sent in place of what the record says.
func (v *visit) caseForm(rec register.Entity, titles app.Titles, part, action string, sent sentToCase, names ...string) (TrackForm, error) {
	form := TrackForm{Action: action + "/" + part, Name: part, Do: v.lang.T("web.track.do." + part), Open: sent.part == part}
	s := register.OfValue(rec)
	given, own, wrong := url.Values{}, map[string]string{}, register.Wrongs(nil)
	if sent.part == part {
		own, wrong = sent.sent, sent.wrong
		for name, text := range sent.sent {
			given.Set(name, text)
		}
	}
	for _, name := range names {
		f, _ := s.Field(name)
		field, err := v.formField(s, f, rec, titles, given, own, wrong)
		if err != nil {
			return form, err
		}
		if slices.Contains(neededInCase, name) {
			field.Required, field.Optional = true, ""
		}
		if text, ok := given[name]; ok && f.Kind != register.Instant {
			for i := range field.Options {
				field.Options[i].Chosen = field.Options[i].Value == text[0]
			}
		}
		form.Fields = append(form.Fields, field)
	}
	return form, nil
}

// caseSent reads one of the forms of a case.
func (v *visit) caseSent(names ...string) (form map[string]string, e app.Entry, err error) {
	form, err = v.formOf(append([]string{"_rev", "_key"}, names...)...)
	if err != nil {
		return nil, e, err
	}
	e = app.Entry{ID: v.r.PathValue("id")}
	e.Rev, err = number(form["_rev"])
	return form, e, err
}

// saveCase saves some of the record's fields, the named times among them.
func (v *visit) saveCase(kind string, fields, times []string) (map[string]string, error) {
	form, e, err := v.caseSent(append(fields, instantNames(times...)...)...)
	if err != nil {
		return nil, err
	}
	at, wrong := readInstants(form, times...)
	if len(wrong) > 0 {
		return form, wrong
	}
	change := url.Values{}
	for _, name := range fields {
		change.Set(name, form[name])
	}
	for name, m := range at {
		change.Set(name, string(m))
	}
	_, err = v.site.app.Save(v.r.Context(), v.who, app.Change{Kind: kind, ID: e.ID, Rev: e.Rev, Key: form["_key"], Form: change})
	return form, err
}

// afterCaseAct shows the case again with what was wrong, or goes to the part of it that was changed.
func (v *visit) afterCaseAct(err error, kind, part string, form map[string]string, show func(int, sentToCase) error) error {
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return show(http.StatusUnprocessableEntity, sentToCase{part, form, wrong})
	}
	return v.afterAct(err, "/"+kind+"/"+v.r.PathValue("id")+"#"+part)
}

func (s *site) police(v *visit) error {
	form, err := v.formOf("_key", "then")
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	if err := s.app.ReportToPolice(v.r.Context(), v.who, id, form["_key"]); err != nil {
		return err
	}
	return v.goTo(incidentAddress(id) + "#tasks")
}

// floatText writes a number as people do in the language.
func (v *visit) floatText(n float64) string {
	return strings.Replace(strconv.FormatFloat(n, 'f', -1, 64), ".", decimalMark(v.lang), 1)
}
