// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// ClassifyDecidePage is a proposed classification for the one who decides it, with the former beside.
type ClassifyDecidePage struct {
	Frame
	Kicker, Lead string
	State        Tag
	Summary      *Summary
	Aspects      []Proposed
	Former       string // address, "" where nothing was decided before
	FormerText   string
	Facts        []Fact
	Decide       bool
	Return       bool // to the workshop
	NotYours     string
	Action       string
	Rev          int
	Key          string
	Fields       []FormField
	Also         []Thing // other proposals that the person can decide at once
}

// Proposed is one aspect of a proposal.
type Proposed struct {
	Name, LevelName     string
	Mark, Was           Mark
	WasName             string // of the level, where it was judged in another model
	Change, ChangeClass string
	Because, Motive     string
	WasMotive           string
}

func (s *site) classifyDecideForm(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	p, err := v.proposal(v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "classify-decide", p)
}

func (v *visit) proposal(id string) (*ClassifyDecidePage, error) {
	c, rec, err := v.classification(id)
	if err != nil {
		return nil, err
	}
	l := v.lang
	kind, object := c.Object()
	name := rec.Titles.Of(kind, object)
	if name == "" {
		name = l.T("register." + kind + ".one")
	}
	p := &ClassifyDecidePage{Kicker: l.T("register." + kind + ".one"), Action: "/classify/" + id + "/decide", Rev: c.Rev, Key: register.NewID(),
		Lead: l.T("web.classify.decide.lead"), NotYours: l.T("web.classify.decide.not_yours")}
	p.Title = name
	p.Crumbs = []Link{{l.T("web.classify"), "/classify"}}
	p.Place = rec.Titles.Of("unit", c.Unit)
	p.State = Tag{l.T("choice.classification_state." + string(c.State)), stateTypes["classification_state"][string(c.State)]}
	former, err := v.former(c)
	if err != nil {
		return nil, err
	}
	if former != nil {
		p.Former, p.FormerText = address("classification", former.ID), l.T("web.classify.former_column", string(former.DecidedOn))
		if former.Model != c.Model {
			p.FormerText = l.T("web.classify.former_column.model", string(former.DecidedOn), l.T("model."+modelOf(*former).Version))
		}
	}
	m := modelOf(*c)
	for _, a := range m.Aspects {
		if j := c.Judgement(a.Aspect); j.Level != "" || a.Compulsory {
			p.Aspects = append(p.Aspects, v.proposed(m, a.Aspect, j, former))
		}
	}
	p.Facts = v.meetingFacts(rec)
	p.Decide = rec.May.Decide && c.State == isms.ClassificationProposed
	p.Return = (rec.May.Decide || rec.May.Change) && c.State == isms.ClassificationProposed
	if c.State != isms.ClassificationProposed {
		p.NotYours = l.T("web.classify.decide.not_proposed")
	}
	if p.Decide {
		if p.Also, err = v.alsoProposed(c); err != nil {
			return nil, err
		}
	}
	today := v.site.app.Today()
	p.Fields = []FormField{
		{Name: "decided_on", Label: l.T("classification.decided_on"), Help: l.T("web.classify.decide.day.help"), Kind: "date", Value: string(today), Max: 10, Shape: l.T("web.form.day_shape")},
		{Name: "valid_until", Label: l.T("classification.valid_until"), Help: l.T("web.classify.decide.until.help"), Kind: "date", Value: string(today.AddMonths(12)), Max: 10, Shape: l.T("web.form.day_shape")},
	}
	return p, nil
}

// alsoProposed are the other proposals of the unit that the person may decide. That somebody else owns the information is found when it is
// tried.
func (v *visit) alsoProposed(c *isms.Classification) ([]Thing, error) {
	t, err := v.listed("classification", map[string][]string{"state": {"proposed"}, "unit": {c.Unit}}, "")
	if err != nil {
		return nil, err
	}
	var list []Thing
	for _, rec := range t.Records {
		other := rec.(*isms.Classification)
		if other.ID == c.ID || other.Unit != c.Unit {
			continue
		}
		kind, id := other.Object()
		if name := t.Titles.Of(kind, id); name != "" {
			list = append(list, Thing{Option{Value: other.ID + ":" + strconv.Itoa(other.Rev), Text: name}, marks(v.lang, *other), "/classify/" + other.ID + "/decide"})
		}
	}
	return list, nil
}

func (v *visit) proposed(m isms.ClassificationModel, a isms.Aspect, j isms.Judgement, former *isms.Classification) Proposed {
	l := v.lang
	row := Proposed{Name: l.T("model.aspect." + string(a)), Mark: mark(l, m, a, j.Level, false), Because: because(l, m, j), Motive: j.Motive}
	if j.Level != "" {
		row.LevelName = l.T(m.LevelName(j.Level))
	}
	if j.Motive == row.Because {
		row.Because = ""
	}
	if former == nil {
		return row
	}
	was := former.Judgement(a)
	row.Was = mark(l, modelOf(*former), a, was.Level, false)
	if was.Motive != j.Motive {
		row.WasMotive = was.Motive
	}
	switch {
	case was.Level == "":
	case former.Model != m.Version: // a higher number in another model says nothing
		row.WasName = l.T(modelOf(*former).LevelName(was.Level))
	case was.Level == j.Level || j.Level == "":
	case was.Level < j.Level:
		row.Change, row.ChangeClass = l.T("web.classify.higher"), "info"
	default:
		row.Change, row.ChangeClass = l.T("web.classify.lower"), "warn"
	}
	return row
}

// former is the decided classification that a decision would supersede.
func (v *visit) former(c *isms.Classification) (*isms.Classification, error) {
	if c.State == isms.ClassificationDecided {
		return nil, nil
	}
	kind, id := c.Object()
	decided, err := v.listed("classification", map[string][]string{objectField(kind): {id}, "state": {"decided"}}, "decided_on")
	if err != nil || len(decided.Records) == 0 {
		return nil, err
	}
	return decided.Records[len(decided.Records)-1].(*isms.Classification), nil
}

// meetingFacts are what is noted of the workshop, and what it was judged by.
func (v *visit) meetingFacts(rec app.Record) []Fact {
	var all []Fact
	for _, name := range []string{"legal_grounds", "participants", "leader", "proposed_on"} {
		f, _ := rec.Schema.Field(name)
		if list := values(v.lang, f, rec.Entity, rec.Titles, v.site.app.Today()); len(list) > 0 {
			all = append(all, Fact{label(v.lang, rec.Schema, f), list})
		}
	}
	return append(all, Fact{v.lang.T("classification.model"), []Value{{Text: v.lang.T("model." + modelOf(*rec.Entity.(*isms.Classification)).Version)}}})
}

func (s *site) classifyDecide(v *visit) error {
	sent, err := v.form()
	if err != nil {
		return err
	}
	also := sent["also"]
	sent.Del("also")
	form, err := single(sent, []string{"_rev", "_key", "decided_on", "valid_until", "do"}, errForm)
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	proposals := []app.Entry{{ID: id, Rev: rev}}
	for _, other := range also {
		otherID, text, _ := strings.Cut(other, ":")
		otherRev, err := number(text)
		if err != nil {
			return err
		}
		proposals = append(proposals, app.Entry{ID: otherID, Rev: otherRev})
	}
	if form["do"] == "back" {
		err = s.app.ReturnToWorkshop(v.r.Context(), v.who, proposals[0], form["_key"])
	} else {
		err = s.app.DecideClassifications(v.r.Context(), v.who, app.ClassificationDecision{Proposals: proposals, DecidedOn: register.Day(form["decided_on"]),
			ValidUntil: register.Day(form["valid_until"]), Key: form["_key"]})
	}
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		p, err := v.proposal(id)
		if err != nil {
			return err
		}
		p.Fields[0].Value, p.Fields[1].Value = form["decided_on"], form["valid_until"]
		for i := range p.Also {
			p.Also[i].Chosen = slices.Contains(also, p.Also[i].Value)
		}
		wrongFields(v, p.Fields, wrong)
		p.Summary, p.Failed = summarize(v.lang, register.Of[isms.Classification](), wrong), true
		return v.show(http.StatusUnprocessableEntity, "classify-decide", p)
	}
	if err != nil {
		return err
	}
	if form["do"] == "back" {
		return v.goTo("/classify/" + id)
	}
	return v.goTo(address("classification", id))
}

// wrongFields puts what is wrong at the fields that it is about.
func wrongFields(v *visit, fields []FormField, wrong register.Wrongs) {
	for i := range fields {
		if n := slices.IndexFunc(wrong, func(w register.Wrong) bool { return w.Field == fields[i].Name }); n >= 0 {
			fields[i].Wrong = v.lang.T("wrong."+wrong[n].Code, wrong[n].Args...)
		}
	}
}
