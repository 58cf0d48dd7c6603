// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// RiskForm is the form for one line.
type RiskForm struct {
	Title  string
	ID     string
	Rev    int
	Key    string
	Fields []FormField
	Whole  string // the record's own form
	Back   string
}

// riskFields are the fields of a line that the page's form has; the record's own form has the others.
var riskFields = []string{"process", "part", "because", "event", "leads", "likelihood", "consequence", "treatment", "motive", "owner", "assessed_on"}

// form opens the form for a line, "new" or its id, with what was sent in it and what is wrong. A line that was sent keeps the revision that it was
// read at; -1 takes the line's own.
func (p *risksMaking) form(v *visit, line string, sent url.Values, wrong register.Wrongs, rev int) error {
	l := v.lang
	schema := register.Of[isms.ControlAssessment]()
	f := &RiskForm{Title: l.T("register.control_assessment.new"), Key: register.NewID(), Back: ofYear("/control/risks", p.Unit, p.year.Year)}
	rec := &isms.ControlAssessment{AssessedOn: v.site.app.Today()}
	if line != "new" {
		i := slices.IndexFunc(p.year.Risks, func(r isms.PlacedRisk) bool { return r.ID == line })
		if i < 0 {
			return isms.ErrNotFound
		}
		rec = &p.year.Risks[i].ControlAssessment
		f.Title, f.ID, f.Rev, f.Whole = rec.Part, rec.ID, rec.Rev, address("control_assessment", rec.ID)+"/edit"
		if rec.AssessedOn == "" && sent.Get("assessed_on") == "" { // whoever opens it is looking at it
			sent = withValue(sent, "assessed_on", string(v.site.app.Today()))
		}
	}
	if rev >= 0 {
		f.Rev = rev
	}
	for _, name := range riskFields {
		field, _ := schema.Field(name)
		w, err := v.formField(schema, field, rec, p.year.Titles, sent, nil, wrong)
		if err != nil {
			return err
		}
		switch name {
		case "process":
			w.Options = nil
			chosen := string(rec.Process)
			if sent.Get("process") != "" {
				chosen = sent.Get("process")
			}
			for _, process := range p.year.Processes {
				w.Options = append(w.Options, Option{process.ID, process.Name, process.ID == chosen})
			}
			w.Sieve, w.More, w.FindDo = "", "", ""
		case "likelihood":
			steps(&w, l, p.year.Steps.Likelihoods)
		case "consequence":
			steps(&w, l, p.year.Steps.Consequences)
		}
		f.Fields = append(f.Fields, w)
	}
	p.Form = f
	p.Summary = summarize(l, schema, wrong)
	p.Failed = p.Summary != nil
	return nil
}

func withValue(values url.Values, name, value string) url.Values {
	all := url.Values{name: {value}}
	for k, list := range values {
		all[k] = list
	}
	return all
}

// steps lets a field be chosen from the names of the scale's steps; without a scale a number is written.
func steps(w *FormField, l locale.Lang, names []string) {
	if len(names) == 0 {
		return
	}
	w.Kind, w.Width, w.None = "choice", "w-mid", l.T("web.control.not_valued")
	for i := range names {
		w.Options = append(w.Options, Option{strconv.Itoa(i + 1), step(names, i+1), w.Value == strconv.Itoa(i+1)})
	}
	if n, err := strconv.Atoi(w.Value); err == nil && n > len(names) { // valued before there was this scale
		w.Options = append(w.Options, Option{w.Value, w.Value, true})
	}
}

// saveRisk keeps a line of the analysis.
func (s *site) saveRisk(v *visit) error {
	form, err := v.formOf(append([]string{"_id", "_rev", "_key", "_unit", "_year"}, riskFields...)...)
	if err != nil {
		return err
	}
	year, err := v.yearOf(form["_year"])
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	values := url.Values{"year": {yearText(year)}}
	for _, name := range riskFields {
		values.Set(name, form[name])
	}
	_, err = s.app.Save(v.r.Context(), v.who, app.Change{Kind: "control_assessment", ID: form["_id"], Unit: form["_unit"], Rev: rev, Key: form["_key"], Form: values})
	wrong, err := wrongForm(err)
	if wrong == nil {
		return v.afterAct(err, ofYear("/control/risks", form["_unit"], year)+"&said=saved")
	}
	p, err := v.risksPage(form["_unit"], year)
	if err != nil {
		return err
	}
	line := form["_id"]
	if line == "" {
		line = "new"
	}
	if err := p.form(v, line, values, wrong, rev); err != nil {
		return err
	}
	return v.show(http.StatusUnprocessableEntity, "control-risks", p.ControlRisksPage)
}
