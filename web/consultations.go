// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"

	"ledsyn/isms"
	"ledsyn/register"
)

// ConsultationsPage is who has taken part in a review, and a form for one more.
type ConsultationsPage struct {
	Frame
	List    []Heard
	Consult bool
	Action  string
	Key     string
	Summary *Summary
	Fields  []FormField
}

// Heard is one person's part in a review.
type Heard struct {
	Link
	Kind, Role, Day string
	Statement       string
}

var consultationNames = []string{"person", "role", "kind", "day", "statement"}

func (s *site) consultations(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showConsultations(http.StatusOK, nil, nil)
}

func (v *visit) showConsultations(status int, sent map[string]string, wrong register.Wrongs) error {
	r, err := v.reading()
	if err != nil {
		return err
	}
	l := v.lang
	p := &ConsultationsPage{Consult: r.May.Consult, Action: r.base + "/consultations", Key: register.NewID()}
	r.dress(v, &p.Frame, l.T("web.consultations"))
	schema := register.Of[isms.Consultation]()
	word := func(name, value string) string {
		f, _ := schema.Field(name)
		return worded(l, f, value)
	}
	for _, c := range r.Consultations {
		who := linked(l, "person", string(c.Person), r.Titles)
		p.List = append(p.List, Heard{Link{who.Text, address("consultation", c.ID)}, word("kind", string(c.Kind)), word("role", string(c.Role)), string(c.Day),
			c.Statement})
	}
	if p.Consult {
		rec := &isms.Consultation{Kind: "consulted", Day: v.site.app.Today()}
		form := &FormPage{finds: sent}
		given := map[string][]string{}
		for _, name := range consultationNames {
			if value, ok := sent[name]; ok {
				given[name] = []string{value}
			}
		}
		register.Read(rec, given)
		if err := form.fields(v, schema, rec, nil, given, wrong); err != nil {
			return err
		}
		for _, f := range form.Fields {
			if f.Name != "review" {
				p.Fields = append(p.Fields, f)
			}
		}
		p.Summary, p.Failed = form.Summary, form.Failed
	}
	return v.show(status, "consultations", p)
}

func (s *site) consult(v *visit) error {
	form, err := v.formOf(append([]string{"_key", "_search", "_find.person"}, consultationNames...)...)
	if err != nil {
		return err
	}
	if form["_search"] != "" {
		return v.showConsultations(http.StatusOK, form, nil)
	}
	id, key := v.r.PathValue("id"), form["_key"]
	c := isms.Consultation{Review: register.Ref[isms.Review](id)}
	sent := map[string][]string{}
	for _, name := range consultationNames {
		sent[name] = []string{form[name]}
	}
	wrong := register.Wrongs(register.Read(&c, sent))
	if len(wrong) == 0 {
		_, err = s.app.Consult(v.r.Context(), v.who, c, key)
		errors.As(err, &wrong)
	}
	if len(wrong) > 0 {
		return v.showConsultations(http.StatusUnprocessableEntity, form, wrong)
	}
	return v.afterAct(err, "/reviews/"+id+"/consultations")
}
