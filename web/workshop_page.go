// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// judging is the page for judging what the workshop has come to.
func (v *visit) judging(w *workshop) (*WorkshopPage, error) {
	l := v.lang
	p := &WorkshopPage{Kicker: l.T("register." + w.kind + ".one"), Action: w.base, Now: w.base + "/now", Rev: w.Rev, Key: register.NewID(), In: w.in, One: !w.all,
		View: string(w.aspect), SeriesText: w.seriesText, Series: w.series}
	if w.all {
		p.View = allAspects
	}
	p.Self = w.address(w.ID, p.View)
	p.Title = w.name
	p.Crumbs = []Link{{l.T("web.classify"), "/classify"}}
	p.Place = w.rec.Titles.Of("unit", w.Unit)
	if w.place >= 0 && len(w.series) > 1 {
		p.Kicker = l.T("web.classify.place", p.Kicker, w.place+1, len(w.series))
	}
	if w.all {
		p.Ways = []Link{{l.T("web.classify.one"), w.address(w.ID, string(w.first()))}}
	} else {
		p.Ways = []Link{{l.T("web.classify.all"), w.address(w.ID, allAspects)}}
	}
	for _, a := range w.model.Aspects {
		j := w.Judgement(a.Aspect)
		p.Tabs = append(p.Tabs, AspectTab{Link{l.T("model.aspect." + string(a.Aspect)), w.address(w.ID, string(a.Aspect))},
			mark(l, w.model, a.Aspect, j.Level, false).short(), a.Aspect == w.aspect})
		if w.all && (a.Compulsory || j.Level != "") || a.Aspect == w.aspect {
			p.ask(v, w, a, j)
		}
	}
	p.criteria(v, w)
	p.Meeting = &Meeting{Fields: meetingFields(v, w.LegalGrounds, w.Participants)}
	p.buttons(v, w)
	return p, p.quick(v, w)
}

func (p *WorkshopPage) ask(v *visit, w *workshop, a isms.ModelAspect, j isms.Judgement) {
	l := v.lang
	q := Question{Name: string(a.Aspect), Code: a.Code, Question: l.T("model.aspect." + string(a.Aspect) + ".question"), Mark: mark(l, w.model, a.Aspect, j.Level, false).short(),
		MotiveLabel: l.T("web.classify.motive", l.T("model.aspect."+string(a.Aspect))), Motive: j.Motive, Because: l.T("web.classify.not_judged")}
	if j.Level != "" {
		q.Because = l.T(w.model.LevelName(j.Level)) + ". " + because(l, w.model, j)
	}
	p.Asked = append(p.Asked, q)
}

// criteria are the rows to judge by: for each kind of consequence not judged, and then the levels from the lowest. A level that stops is no
// choice but a way out.
func (p *WorkshopPage) criteria(v *visit, w *workshop) {
	l := v.lang
	chosen := map[string]isms.Level{}
	for _, q := range p.Asked {
		by, _ := isms.ParseBy(w.Judgement(isms.Aspect(q.Name)).By)
		for _, cl := range by {
			chosen[q.Name+"."+string(cl.Category)] = cl.Level
		}
	}
	for _, level := range w.model.Levels {
		if level.Stop {
			p.Stop, p.StopText = w.base+"/stop", l.T("web.classify.stop.link", levelText(l, w.model, level.Level))
			continue
		}
		p.Heads = append(p.Heads, Tag{levelText(l, w.model, level.Level), level.Colour})
	}
	for _, category := range w.model.Categories {
		row := CriterionRow{Category: string(category), Name: l.T("model.category." + string(category))}
		cell := func(level isms.Level, class, text, criterion string) {
			c := CriterionCell{Class: class, Text: text, Criterion: criterion}
			for _, q := range p.Asked {
				name := q.Name + "." + row.Category
				c.Picks = append(c.Picks, Pick{Name: name, Value: string(level), Code: q.Code, Class: class, Text: text, Criterion: criterion,
					Label: l.T("model.aspect."+q.Name) + ", " + row.Name + ": " + text, Checked: chosen[name] == level})
			}
			row.Cells = append(row.Cells, c)
		}
		cell("", "unclassified", l.T("web.classify.unjudged"), "")
		for _, level := range w.model.Levels {
			if level.Stop {
				continue
			}
			cell(level.Level, level.Colour, levelText(l, w.model, level.Level), l.T(w.model.Criterion(category, level.Level)))
		}
		p.Rows = append(p.Rows, row)
	}
}

func meetingFields(v *visit, grounds, participants string) []FormField {
	l := v.lang
	return []FormField{
		{Name: "legal_grounds", Label: l.T("classification.legal_grounds"), Help: l.T("classification.legal_grounds.help"), Kind: "prose", Value: grounds,
			Optional: l.T("web.form.optional")},
		{Name: "participants", Label: l.T("classification.participants"), Help: l.T("classification.participants.help"), Kind: "prose", Value: participants,
			Optional: l.T("web.form.optional")},
	}
}

// buttons lead on: to the next aspect, to a proposal when everything is judged that must be, or out for today.
func (p *WorkshopPage) buttons(v *visit, w *workshop) {
	l := v.lang
	next := isms.Aspect("")
	if !w.all {
		next = w.after(w.aspect)
	}
	propose := Button{"propose", l.T("web.classify.propose"), true}
	if name, _ := w.nextSet(v); name != "" {
		propose.Text = l.T("web.classify.propose_next", name)
	}
	// The last compulsory aspect ends the set with one button, whether or not it is judged yet: what is missing is told.
	last := next == "" || !w.model.Compulsory(next)
	if last {
		p.Buttons = append(p.Buttons, propose)
	}
	if next != "" {
		p.Buttons = append(p.Buttons, Button{"next", l.T("web.classify.next", l.T("model.aspect."+string(next))), !last})
	}
	p.Buttons = append(p.Buttons, Button{"stay", l.T("web.classify.save"), false}, Button{"pause", l.T("web.classify.pause"), false})
}

// quick is what saves a group from judging what has been judged: the set's common types, and a result written as it is said.
func (p *WorkshopPage) quick(v *visit, w *workshop) error {
	p.MayType, p.TypeAction = true, w.base+"/type"
	if w.kind != "information_set" {
		return nil
	}
	set, err := v.site.app.Get(v.r.Context(), v.who, w.kind, w.id)
	if err != nil {
		return err
	}
	p.About = set.Entity.(*isms.InformationSet).Description
	return p.common(v, w, set)
}

// common offers what the set's common types come to together.
func (p *WorkshopPage) common(v *visit, w *workshop, set app.Record) error {
	var ids []string
	for _, id := range set.Entity.(*isms.InformationSet).Types {
		ids = append(ids, string(id))
	}
	if len(ids) == 0 || w.judged() {
		return nil
	}
	levels, err := v.site.app.Levels(v.r.Context(), v.who, "information_type", ids)
	if errors.Is(err, isms.ErrNotFound) || errors.Is(err, isms.ErrForbidden) {
		return nil
	}
	if err != nil {
		return err
	}
	var highest isms.Profile
	var names []string
	for _, id := range ids {
		name, level := set.Titles.Of("information_type", id), levels[id].Profile
		if name == "" || level == (isms.Profile{}) {
			continue
		}
		names = append(names, name)
		p.Common = append(p.Common, Link{name + " " + level.String(), address("information_type", id)})
		for _, a := range isms.Aspects() {
			if l := max(highest.Level(a), level.Level(a)); w.model.Has(l) && !w.model.Stops(l) {
				highest = highest.With(a, l)
			}
		}
	}
	if len(names) > 0 {
		p.Reuse = highest.String()
		p.ReuseText = v.lang.T("web.classify.reuse", p.Reuse)
		p.ReuseMotive = v.lang.T("web.classify.reuse.motive", strings.Join(names, ", "))
	}
	return nil
}
