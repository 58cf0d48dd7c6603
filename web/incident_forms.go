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

// forms fills in the page's small forms, for those who may send them.
func (p *IncidentPage) forms(v *visit, a app.IncidentPage, sent sentToIncident) error {
	now := string(register.MomentOf(v.site.app.Now()))
	var err error
	build := func(name string, rec register.Entity, prefilled map[string]string, fields ...string) []FormField {
		if err != nil {
			return nil
		}
		given, own, wrong := url.Values{}, map[string]string{}, register.Wrongs(nil)
		for f, text := range prefilled {
			given.Set(f, text)
		}
		if sent.form == name {
			wrong, own = sent.wrong, sent.sent
			for f, text := range sent.sent {
				given.Set(f, text)
			}
		}
		var list []FormField
		s := register.OfValue(rec)
		for _, n := range fields {
			f, _ := s.Field(n)
			var field FormField
			if field, err = v.formField(s, f, rec, a.Titles, given, own, wrong); err != nil {
				return nil
			}
			for i := range field.Options {
				if sent := given.Get(n); sent != "" && f.Kind != register.Instant {
					field.Options[i].Chosen = field.Options[i].Value == sent
				}
			}
			list = append(list, field)
		}
		return list
	}
	if a.May.Entry && a.State.Open() {
		p.Entry = build("entry", &isms.IncidentEntry{}, map[string]string{"at": now, "kind": "event"}, "at", "kind", "text")
	}
	if a.May.Task && a.State.Open() {
		p.Task = build("task", &isms.IncidentTask{}, nil, "name", "owner", "due_at")
	}
	if a.May.Work && a.State.Open() && a.State != isms.IncidentReported {
		p.Learn = build("learn", &a.Incident, nil, "cause", "cause_text", "lessons", "risk_listed", "risk")
	}
	if a.May.Lesson && a.State != isms.IncidentReported && a.State != isms.IncidentJoined && a.State != isms.IncidentNone {
		p.Lesson = build("lesson", &isms.Activity{}, nil, "name", "owner")
	}
	if len(sent.wrong) > 0 {
		p.Failed, p.Summary = true, summarize(v.lang, formSchema(sent.form), sent.wrong)
	}
	return err
}

// formSchema is the register that a form of the page makes or changes a record of.
func formSchema(form string) *register.Schema {
	switch form {
	case "entry":
		return register.Of[isms.IncidentEntry]()
	case "task":
		return register.Of[isms.IncidentTask]()
	case "lesson":
		return register.Of[isms.Activity]()
	}
	return register.Of[isms.Incident]()
}

// afterIncidentAct shows the page again with what was wrong, or goes to the part of it that has changed.
func (v *visit) afterIncidentAct(err error, form string, sent map[string]string, part string) error {
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showIncident(http.StatusUnprocessableEntity, sentToIncident{form, sent, wrong})
	}
	return v.afterAct(err, incidentAddress(v.r.PathValue("id"))+part)
}

// addRecord adds a line or a task to the incident, in the incident's own unit.
func (v *visit) addRecord(form string, names []string, times []string, fixed map[string]string, part string) error {
	sent, err := v.formOf(append(append(names, "_key"), instantNames(times...)...)...)
	if err != nil {
		return err
	}
	page, err := v.site.app.Incident(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	at, wrong := readInstants(sent, times...)
	if len(wrong) > 0 {
		return v.afterIncidentAct(wrong, form, sent, part)
	}
	values := url.Values{"incident": {page.ID}}
	for _, name := range names {
		values.Set(name, sent[name])
	}
	for name, m := range at {
		values.Set(name, string(m))
	}
	for name, text := range fixed {
		values.Set(name, text)
	}
	_, err = v.site.app.Save(v.r.Context(), v.who, app.Change{Kind: formSchema(form).Name, Unit: page.Unit, Key: sent["_key"], Form: values})
	return v.afterIncidentAct(err, form, sent, part)
}

func (s *site) addEntry(v *visit) error {
	return v.addRecord("entry", []string{"kind", "text"}, []string{"at"}, map[string]string{"by": v.who.Person}, "#timeline")
}

func (s *site) addTask(v *visit) error {
	return v.addRecord("task", []string{"name", "owner"}, []string{"due_at"}, map[string]string{"state": "open"}, "#tasks")
}

func (s *site) taskDone(v *visit) error {
	form, err := v.formOf("_rev", "_key")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	values := url.Values{"state": {"done"}, "done_at": {string(register.MomentOf(s.app.Now()))}}
	_, err = s.app.Save(v.r.Context(), v.who, app.Change{Kind: "incident_task", ID: v.r.PathValue("task"), Rev: rev, Key: form["_key"], Form: values})
	return v.afterAct(err, incidentAddress(v.r.PathValue("id"))+"#tasks")
}

func (s *site) learn(v *visit) error {
	form, err := v.formOf("_rev", "_key", "cause", "cause_text", "lessons", "risk_listed", "risk")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	err = s.app.Learn(v.r.Context(), v.who, app.Learned{ID: v.r.PathValue("id"), Rev: rev, Cause: isms.CauseKind(form["cause"]), CauseText: form["cause_text"],
		Lessons: form["lessons"], RiskListed: isms.Answer(form["risk_listed"]), Risk: register.Ref[isms.ControlAssessment](form["risk"]), Key: form["_key"]})
	return v.afterIncidentAct(err, "learn", form, "#learned")
}

func (s *site) lesson(v *visit) error {
	form, err := v.formOf("_key", "name", "owner")
	if err != nil {
		return err
	}
	_, err = s.app.LessonActivity(v.r.Context(), v.who, app.Lesson{ID: v.r.PathValue("id"), Name: form["name"], Owner: register.Ref[isms.Person](form["owner"]), Key: form["_key"]})
	return v.afterIncidentAct(err, "lesson", form, "#learned")
}
