// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// IncidentTriagePage is the form for the first judgement of an incident.
type IncidentTriagePage struct {
	Frame
	Summary *Summary
	Told    string
	Facts   []Fact
	Units   *FormField
	Parts   []TriagePart
	Action  string
	Back    string
	Join    string
	Rev     int
	Key     string
}

// A TriagePart is some of the form's fields under a heading.
type TriagePart struct {
	Text, Why string
	Fields    []FormField
}

// triageParts is the form's order.
var triageParts = []struct {
	key    string
	fields []string
}{
	{"what", []string{"kind", "severity", "coordinator"}},
	{"law", []string{"personal_data", "can_be_serious", "units"}},
	{"hit", []string{"confidentiality", "integrity", "availability", "traceability", "systems", "sets"}},
	{"course", []string{"happened_from", "happened_to", "ongoing", "malicious", "supplier_origin", "suppliers", "cross_border"}},
}

func (s *site) triageForm(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showTriage(http.StatusOK, nil, nil, nil)
}

func (v *visit) showTriage(status int, sent url.Values, own map[string]string, wrong register.Wrongs) error {
	a, err := v.site.app.Incident(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !a.May.Work {
		return isms.ErrForbidden
	}
	l, s := v.lang, register.Of[isms.Incident]()
	base := incidentAddress(a.ID)
	p := &IncidentTriagePage{Told: a.Description, Action: base + "/triage", Back: base, Join: base + "/move?to=joined", Rev: a.Rev, Key: register.NewID()}
	p.Title = l.T("web.triage")
	p.Crumbs = []Link{{l.T("web.incidents"), "/incidents"}, {a.Reference, base}}
	p.Place = a.Titles.Of("unit", a.Unit)
	p.Facts = []Fact{{l.T("incident.title"), []Value{{Text: a.Title}}}, {l.T("incident.discovered_at"), []Value{{Text: clock(a.DiscoveredAt)}}}}
	if a.DiscoveredHow != "" {
		p.Facts = append(p.Facts, Fact{l.T("incident.discovered_how"), []Value{{Text: a.DiscoveredHow}}})
	}
	rec := a.Incident
	register.Read(&rec, sent)
	if own == nil {
		own = map[string]string{}
	}
	for _, part := range triageParts {
		group := TriagePart{Text: l.T("web.triage." + part.key), Why: l.T("web.triage." + part.key + ".why")}
		for _, name := range part.fields {
			f, _ := s.Field(name)
			f.Required = f.Required || triageNeeds[name]
			field, err := v.formField(s, f, &rec, a.Titles, sent, own, wrong)
			if err != nil {
				return err
			}
			group.Fields = append(group.Fields, field)
		}
		p.Parts = append(p.Parts, group)
	}
	if p.Units, err = v.triageUnits(a, own["_unit"]); err != nil {
		return err
	}
	p.Summary = summarize(l, s, wrong)
	p.Failed = p.Summary != nil
	return v.show(status, "incident-triage", p)
}

// triageUnits is the choice of where it happened, for a report that was sent to another unit; nil where there is no choice.
func (v *visit) triageUnits(a app.IncidentPage, chosen string) (*FormField, error) {
	t, err := v.site.app.List(v.r.Context(), v.who, "incident", app.Query{Limit: 1})
	if err != nil {
		return nil, err
	}
	if chosen == "" {
		chosen = a.Unit
	}
	form := FormPage{}
	if err := form.units(v, register.Of[isms.Incident](), t.CreateIn, chosen); err != nil || form.Units == nil {
		return nil, err
	}
	form.Units.Help = v.lang.T("web.triage.unit.help")
	return form.Units, nil
}

// triageNeeds are the fields that triage is for.
var triageNeeds = map[string]bool{"kind": true, "severity": true, "personal_data": true, "can_be_serious": true}

func (s *site) triage(v *visit) error {
	form, own, err := v.recordForm()
	if err != nil {
		return err
	}
	rev, err := number(own["_rev"])
	if err != nil {
		return err
	}
	if err := onlyTriage(form); err != nil {
		return err
	}
	if own["_search"] != "" {
		return v.showTriage(http.StatusOK, form, own, nil)
	}
	a, err := s.app.Incident(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	wrong := moments(register.Of[isms.Incident](), &a.Incident, form, own)
	rec := a.Incident
	for _, w := range register.Read(&rec, form) {
		if w.Code != "moment" {
			wrong = append(wrong, w)
		}
	}
	if len(wrong) > 0 {
		return v.showTriage(http.StatusUnprocessableEntity, form, own, wrong)
	}
	err = s.app.Triage(v.r.Context(), v.who, app.Triage{ID: a.ID, Rev: rev, Unit: own["_unit"], Kind: rec.Kind, Severity: rec.Severity, HappenedFrom: rec.HappenedFrom,
		HappenedTo: rec.HappenedTo, Ongoing: rec.Ongoing, Confidentiality: rec.Confidentiality, Integrity: rec.Integrity, Availability: rec.Availability,
		Traceability: rec.Traceability, Malicious: rec.Malicious, SupplierOrigin: rec.SupplierOrigin, CrossBorder: rec.CrossBorder,
		PersonalData: rec.PersonalData, CanBeSerious: rec.CanBeSerious, Units: rec.Units, Systems: rec.Systems, Sets: rec.Sets, Suppliers: rec.Suppliers,
		Coordinator: rec.Coordinator, Key: own["_key"]})
	if errors.As(err, &wrong) {
		return v.showTriage(http.StatusUnprocessableEntity, form, own, wrong)
	}
	return v.afterAct(err, incidentAddress(a.ID))
}

// onlyTriage refuses fields that the form does not have.
func onlyTriage(form url.Values) error {
	for name := range form {
		known := false
		for _, part := range triageParts {
			for _, f := range part.fields {
				known = known || f == name
			}
		}
		if !known {
			return errForm
		}
	}
	return nil
}
