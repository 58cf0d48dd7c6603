// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// CheckNewPage is the beginning of a spot check: what is checked.
type CheckNewPage struct {
	Frame
	Summary *Summary
	Units   *FormField
	Unit    string
	Key     string
	Fields  []FormField // what it is called and asks
	Source  []FormField // a set, or a register and a day
}

// The fields that a check begins with.
var (
	checkNewFields    = []string{"name", "area", "year", "control", "question", "definition"}
	checkSourceFields = []string{"source", "kind", "source_day"}
)

func (s *site) checkNew(v *visit) error {
	q, err := v.query("control", "source")
	if err != nil {
		return err
	}
	form, own := url.Values{}, map[string]string{}
	if q["source"] != "" {
		form.Set("source", q["source"])
	}
	if q["control"] != "" {
		if err := v.fromControl(q["control"], form, own); err != nil {
			return err
		}
	}
	return v.showCheckNew(http.StatusOK, form, own, nil)
}

// fromControl fills in what a control of the plan for internal control says of its check.
func (v *visit) fromControl(id string, form url.Values, own map[string]string) error {
	rec, err := v.site.app.Get(v.r.Context(), v.who, "control", id)
	if err != nil {
		return err
	}
	c := rec.Entity.(*isms.Control)
	form.Set("name", c.Name)
	form.Set("control", c.ID)
	form.Set("checker", string(c.Performer))
	if c.Limit != "" {
		form.Set("question", c.Limit)
	}
	own["_unit"] = c.Unit
	if plan, err := v.site.app.Get(v.r.Context(), v.who, "control_plan", string(c.Plan)); err == nil {
		form.Set("year", strconv.Itoa(plan.Entity.(*isms.ControlPlan).Year))
	}
	return nil
}

func (v *visit) showCheckNew(status int, form url.Values, own map[string]string, wrong register.Wrongs) error {
	s := register.Of[isms.SpotCheck]()
	t, err := v.site.app.List(v.r.Context(), v.who, s.Name, app.Query{Limit: 1})
	if err != nil {
		return err
	}
	if len(t.CreateIn) == 0 {
		return isms.ErrForbidden
	}
	l := v.lang
	p := &CheckNewPage{Key: register.NewID()}
	p.Title = l.T("web.checks.new")
	p.Crumbs = []Link{{l.T("web.checks"), "/checks"}}
	units := &FormPage{}
	units.Lang = l
	if err := units.units(v, s, t.CreateIn, own["_unit"]); err != nil {
		return err
	}
	p.Units, p.Unit, p.Place = units.Units, units.Unit, units.Place
	if form.Get("year") == "" {
		form.Set("year", strconv.Itoa(v.site.app.Today().Year()))
	}
	rec := &isms.SpotCheck{}
	register.Read(rec, form)
	if p.Fields, err = v.checkFields(checkNewFields, rec, nil, form, own, wrong); err != nil {
		return err
	}
	if p.Source, err = v.checkFields(checkSourceFields, rec, nil, form, own, wrong); err != nil {
		return err
	}
	p.Summary = summarize(l, s, wrong)
	p.Failed = p.Summary != nil
	return v.show(status, "check-new", p)
}

// checkFields are fields of the form of a spot check. Those that a plan must have in the end are not told to be optional.
func (v *visit) checkFields(names []string, rec *isms.SpotCheck, titles app.Titles, form url.Values, own map[string]string, wrong register.Wrongs) ([]FormField, error) {
	s := register.Of[isms.SpotCheck]()
	var list []FormField
	for _, name := range names {
		f, _ := s.Field(name)
		field, err := v.formField(s, f, rec, titles, form, own, wrong)
		if err != nil {
			return nil, err
		}
		if slices.Contains([]string{"question", "definition", "judges", "confidence", "due_on"}, name) {
			field.Optional = ""
		}
		if name == "kind" {
			v.registerChoice(&field)
		}
		list = append(list, field)
	}
	return list, nil
}

// registerChoice makes a field a choice among the registers that can be checked and that the person sees.
func (v *visit) registerChoice(f *FormField) {
	sees, _ := v.site.app.Sees(v.who)
	f.Kind, f.Width = "choice", "w-mid"
	for _, s := range isms.Registers() {
		if sees[s.Name] && app.Checkable(s.Name) {
			f.Options = append(f.Options, Option{s.Name, v.lang.T("register." + s.Name), s.Name == f.Value})
		}
	}
	slices.SortFunc(f.Options, func(a, b Option) int { return cmp.Compare(a.Text, b.Text) })
	f.Sieve = sieve(v.lang, f.Options)
}

func (s *site) makeCheck(v *visit) error {
	form, own, err := v.recordForm()
	if err != nil {
		return err
	}
	for name := range form {
		if !slices.Contains(checkNewFields, name) && !slices.Contains(checkSourceFields, name) {
			return errForm
		}
	}
	if own["_search"] != "" {
		return v.showCheckNew(http.StatusOK, form, own, nil)
	}
	var wrong register.Wrongs
	if form.Get("source") == "" && (form.Get("kind") == "" || form.Get("source_day") == "") {
		wrong = append(wrong, register.Wrong{Field: "source", Code: "source_needed"})
	}
	id := ""
	if err = wrongsOrNil(wrong); err == nil {
		form.Set("state", string(isms.SpotCheckPlanned))
		id, err = s.app.Save(v.r.Context(), v.who, app.Change{Kind: "spot_check", Unit: own["_unit"], Key: own["_key"], Form: form})
	}
	if errors.As(err, &wrong) {
		return v.showCheckNew(http.StatusUnprocessableEntity, form, own, wrong)
	}
	if err != nil {
		return err
	}
	return v.goTo(checkAddress(id) + "/plan")
}
