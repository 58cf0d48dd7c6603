// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// ProtectionPage is what a system's protection must meet: the levels with what gives them, and the measures that they call for.
type ProtectionPage struct {
	Frame
	Summary      *Summary
	Said         string
	Base, Record string
	Lead         string
	Aspects      []AspectLevel
	AtLeast      string
	Unclassified []Link
	More         string
	Notes        []string
	Graph        chartHTML
	Raise        *LevelForm
	Except       *LevelForm
	Tally        string
	Unknown      string
	Shows        []NavLink
	Areas        []MeasureArea
}

// AspectLevel is one aspect of a system.
type AspectLevel struct {
	Name                                 string
	Stands, Derived, Decided             Mark
	HasDecided                           bool
	StandsNote, DerivedNote, DecidedNote string
	Path                                 []PathStep
}

// A PathStep is a record that a level comes through, from what was classified to the system.
type PathStep struct {
	Link
	By string // how it comes to the next
}

// LevelForm is the form for a decided level or an exception.
type LevelForm struct {
	Action string
	Open   bool
	Key    string
	Levels []FormField
	Fields []FormField
}

func (s *site) protection(v *visit) error {
	q, err := v.query("show", "said")
	if err != nil {
		return err
	}
	p, err := v.protectionPage(v.r.PathValue("id"), q["show"])
	if err != nil {
		return err
	}
	switch q["said"] {
	case "level", "exception", "answer", "activity":
		p.Said = v.lang.T("web.protection.said." + q["said"])
	}
	return v.show(http.StatusOK, "protection", p)
}

func (v *visit) protectionPage(id, show string) (*ProtectionPage, error) {
	r, err := v.site.app.Protection(v.r.Context(), v.who, id)
	if err != nil {
		return nil, err
	}
	l := v.lang
	p := &ProtectionPage{Base: "/systems/" + id + "/protection", Record: address("system", id)}
	p.Title = r.System.Name
	p.Place = r.Titles.Of("unit", r.System.Unit)
	p.Crumbs = []Link{{l.T("register.system"), "/r/system"}, {r.System.Name, p.Record}}
	m, _ := isms.Model(isms.CurrentModel)
	for _, s := range r.Standing {
		if s.Aspect == isms.Traceability && s.Level == "" && s.Decided == "" {
			continue // judged only where it is needed
		}
		p.Aspects = append(p.Aspects, v.aspectLevel(m, s, r))
	}
	p.Lead = l.T("web.protection.lead", r.Profile.String())
	switch {
	case r.Profile == isms.Profile{}:
		p.Lead = l.T("web.protection.lead.none")
	case r.AtLeast:
		p.Lead = l.T("web.protection.lead.at_least", r.Profile.String())
	}
	if err := p.unclassified(v, r); err != nil {
		return nil, err
	}
	p.notes(v, r)
	p.Graph = v.levelGraph(r)
	if err := p.forms(v, r); err != nil {
		return nil, err
	}
	return p, p.measures(v, r, show)
}

func (v *visit) aspectLevel(m isms.ClassificationModel, s isms.Standing, r app.Protection) AspectLevel {
	l := v.lang
	a := AspectLevel{Name: l.T("model.aspect." + string(s.Aspect)), Stands: mark(l, m, s.Aspect, s.Level, s.AtLeast), Derived: mark(l, m, s.Aspect, s.Derived.Level, s.Derived.AtLeast),
		HasDecided: s.Decided != "", Decided: mark(l, m, s.Aspect, s.Decided, false)}
	if s.Level != "" {
		a.StandsNote = l.T(m.LevelName(s.Level))
	}
	switch {
	case s.Exception != nil:
		a.DecidedNote = l.T("web.protection.exception", string(s.Exception.Level), string(s.Exception.EndsOn))
	case s.Below:
		a.DecidedNote = l.T("web.protection.below")
	case s.Raised:
		a.DecidedNote = l.T("web.protection.raised", l.T("choice.raise_reason."+string(r.Decided.Reason)))
	}
	a.Path = v.levelPath(s.Derived.Path, r.Titles)
	return a
}

// levelPath tells each step of a path: what was classified, and how it comes on from there.
func (v *visit) levelPath(path []isms.Step, titles app.Titles) []PathStep {
	var steps []PathStep
	for _, s := range path {
		switch s.Kind {
		case "classification":
			continue
		case "integration":
			if len(steps) > 0 {
				by := v.lang.T("web.protection.by_integration")
				if name := titles.Of(s.Kind, s.ID); name != "" {
					by = v.lang.T("web.protection.by", name)
				}
				steps[len(steps)-1].By = by
			}
			continue
		}
		known := linked(v.lang, s.Kind, s.ID, titles)
		steps = append(steps, PathStep{Link: Link{known.Text, known.URL}})
	}
	if len(steps) == 1 {
		steps[0].By = v.lang.T("web.protection.own")
	}
	return steps
}

// mostUnclassified is how many of the sets that lack a classification a page names.
const mostUnclassified = 10

// unclassified names what makes a level uncertain.
func (p *ProtectionPage) unclassified(v *visit, r app.Protection) error {
	if !r.AtLeast {
		return nil
	}
	classify, err := v.mayCreate("classification", r.System.Unit)
	if err != nil {
		return err
	}
	l := v.lang
	p.AtLeast = l.T("web.protection.at_least")
	if r.Profile == (isms.Profile{}) {
		p.AtLeast = l.T("web.protection.nothing_classified")
	}
	n := 0
	for _, in := range r.Inputs {
		if !in.AtLeast {
			continue
		}
		if n++; n <= mostUnclassified {
			known := linked(l, in.From.Kind, in.From.ID, r.Titles)
			link := Link{known.Text, known.URL}
			if classify && in.From.Kind == "information_set" && known.URL != "" {
				link.URL = "/classify/new?object=" + url.QueryEscape(in.From.Kind+":"+in.From.ID)
			}
			p.Unclassified = append(p.Unclassified, link)
		}
	}
	if n > mostUnclassified {
		p.More = l.T("web.protection.more", n-mostUnclassified)
	}
	switch {
	case n > 0:
	case len(r.Inputs) == 0 && r.Own == nil:
		p.AtLeast = l.T("web.protection.no_inputs")
	default:
		p.AtLeast = l.T("web.protection.at_least.beneath")
	}
	return nil
}

// notes tell who decided the level and why, and of exceptions that have ended.
func (p *ProtectionPage) notes(v *visit, r app.Protection) {
	l := v.lang
	if r.IsDecided {
		text := l.T("web.protection.decided_on", r.Decided.Title(), string(r.Decided.DecidedOn))
		if name := r.Titles.Of("person", string(r.Decided.DecidedBy)); name != "" {
			text = l.T("web.protection.decided_by", r.Decided.Title(), string(r.Decided.DecidedOn), name)
		}
		if r.Decided.ReasonText != "" {
			text += " " + r.Decided.ReasonText
		}
		p.Notes = append(p.Notes, text)
	}
	for _, e := range r.Exceptions {
		name := l.T("model.aspect." + string(e.Aspect))
		switch {
		case e.InForce(v.site.app.Today()):
			p.Notes = append(p.Notes, l.T("web.protection.exception_note", name, string(e.Level), string(e.EndsOn))+" "+e.Reason)
		case e.ApprovedOn == "" && e.Retired == "":
			p.Notes = append(p.Notes, l.T("web.protection.exception_waits", name, string(e.Level))+" "+e.Reason)
		case e.Retired == "":
			p.Notes = append(p.Notes, l.T("web.protection.exception_over", name, string(e.EndsOn)))
		}
	}
}

// forms are for those who may decide the level, or ask for an exception.
func (p *ProtectionPage) forms(v *visit, r app.Protection) error {
	raise, err := v.mayCreate("protection_level", r.System.Unit)
	if err != nil {
		return err
	}
	if raise {
		p.Raise = v.levelForm("protection_level", p.Base+"/level", r, "reason", "reason_text", "decided_on")
	}
	except, err := v.mayCreate("level_exception", r.System.Unit)
	if err != nil || !except {
		return err
	}
	p.Except = v.levelForm("level_exception", p.Base+"/exception", r, "aspect", "level", "reason", "ends_on")
	return nil
}

// levelForm is a form for some of a register's fields. The levels that a model has, and no others, are offered.
func (v *visit) levelForm(kind, action string, r app.Protection, names ...string) *LevelForm {
	l := v.lang
	schema, _ := isms.Register(kind)
	f := &LevelForm{Action: action, Key: register.NewID()}
	m, _ := isms.Model(isms.CurrentModel)
	levels := func(chosen isms.Level) []Option {
		var all []Option
		for _, level := range m.Levels {
			if !level.Stop {
				all = append(all, Option{string(level.Level), levelText(l, m, level.Level), level.Level == chosen})
			}
		}
		return all
	}
	if kind == "protection_level" {
		for _, a := range m.Aspects {
			f.Levels = append(f.Levels, FormField{Name: string(a.Aspect), Label: l.T("model.aspect." + string(a.Aspect)), Kind: "choice",
				None: l.T("web.protection.derived_stands"), Options: levels(r.Decided.Profile().Level(a.Aspect))})
		}
	}
	for _, name := range names {
		field, _ := schema.Field(name)
		w := FormField{Name: name, Label: label(l, schema, field), Help: l.T(kind + "." + name + ".help"), Max: field.Max, Required: field.Required}
		if !field.Required && kind != "protection_level" { // a raised level needs them all
			w.Optional = l.T("web.form.optional")
		}
		w.widget(v, field, schema.New(), nil)
		w.None = l.T("web.form.none")
		switch name {
		case "level":
			w.Options = levels("")
		case "decided_on":
			w.Value = string(v.site.app.Today())
		}
		f.Fields = append(f.Fields, w)
	}
	return f
}

func (s *site) decideLevel(v *visit) error {
	return v.saveLevel("protection_level", "level", []string{"confidentiality", "integrity", "availability", "traceability", "reason", "reason_text", "decided_on"})
}

func (s *site) askException(v *visit) error {
	return v.saveLevel("level_exception", "exception", []string{"aspect", "level", "reason", "ends_on"})
}

// saveLevel keeps a decided level or an exception for the system of the address.
func (v *visit) saveLevel(kind, said string, names []string) error {
	form, err := v.formOf(append(names, "_key")...)
	if err != nil {
		return err
	}
	system := v.r.PathValue("id")
	r, err := v.site.app.Protection(v.r.Context(), v.who, system)
	if err != nil {
		return err
	}
	values := url.Values{"system": {system}}
	for _, name := range names {
		values.Set(name, form[name])
	}
	if kind == "protection_level" {
		values.Set("decided_by", v.who.Person)
	}
	_, err = v.site.app.Save(v.r.Context(), v.who, app.Change{Kind: kind, Unit: r.System.Unit, Key: form["_key"], Form: values})
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		p, err := v.protectionPage(system, "")
		if err != nil {
			return err
		}
		p.again(v, kind, form, wrong)
		return v.show(http.StatusUnprocessableEntity, "protection", p)
	}
	return v.afterAct(err, "/systems/"+system+"/protection?said="+said)
}

// again opens the form with what was written in it and what is wrong.
func (p *ProtectionPage) again(v *visit, kind string, form map[string]string, wrong register.Wrongs) {
	schema, _ := isms.Register(kind)
	p.Summary, p.Failed = summarize(v.lang, schema, wrong), true
	f := p.Raise
	if kind == "level_exception" {
		f = p.Except
	}
	if f == nil {
		return
	}
	f.Open = true
	for _, list := range [][]FormField{f.Levels, f.Fields} {
		for i := range list {
			list[i].Value = form[list[i].Name]
			for o := range list[i].Options {
				list[i].Options[o].Chosen = list[i].Options[o].Value == list[i].Value
			}
		}
		wrongFields(v, list, wrong)
	}
}

// measureList sends the measures as a table to keep: as they are, or as demands in a procurement.
func (s *site) measureList(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	form, ok := map[string]string{"is.csv": "is", "shall.csv": "shall"}[v.r.PathValue("file")]
	if !ok {
		return isms.ErrNotFound
	}
	var b bytes.Buffer
	if err := s.app.MeasureList(v.r.Context(), v.who, v.r.PathValue("id"), form, v.lang, &b); err != nil {
		return err
	}
	return v.sendFile("text/csv; charset=utf-8", v.lang.T("web.protection.file."+form), b.Bytes())
}
