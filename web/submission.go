// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// SubmissionPage is a step as it is to be sent, and as it was.
type SubmissionPage struct {
	Frame
	Summary    *Summary
	Kicker     string
	Incident   Link
	Case       Link
	Clock      Tag
	Last       string
	About      []Fact
	Law        Link
	Marks      []MarkLine
	Secrecy    string
	Notes      []Notice
	Other      *Link // the other report that can be sent in this one's place
	Action     string
	Situation  bool
	Correct    *Link  // where the version last sent is corrected
	Replaces   string // the version that the form corrects
	Key        string
	Fields     []StepField
	Sending    []FormField
	Do         string
	Versions   []VersionLine
	Waive      string
	WaiveWrong string
	Rev        int
}

// A MarkLine says how far something can be trusted.
type MarkLine struct {
	What string
	Mark Tag
	Note string
}

// A StepField is a field of the receiver's form.
type StepField struct {
	FormField
	Number string // the receiver's own
	From   string // where the value comes from
	Long   bool
	Rows   int
	Copy   string
}

// A VersionLine is a version of what was sent.
type VersionLine struct {
	Heading string
	Facts   []Fact
	Changes []ChangeLine // against the version before
	Fields  []Fact
	PDF     string
}

// A ChangeLine is a field that a version changed.
type ChangeLine struct{ Label, Before, After string }

func (s *site) deadline(v *visit) error {
	q, err := v.query("report", "correct")
	if err != nil {
		return err
	}
	return v.showStep(http.StatusOK, q["report"] == "situation", q["correct"] == "1", sentStep{})
}

func (v *visit) showStep(status int, situation, correct bool, sent sentStep) error {
	f, err := v.site.app.SubmissionForm(v.r.Context(), v.who, v.r.PathValue("id"), situation)
	if err != nil {
		return err
	}
	l := v.lang
	base := deadlineAddress(f.ID)
	p := &SubmissionPage{Key: register.NewID(), Situation: situation, Rev: f.Rev}
	p.Title = l.T("choice.report_step." + string(f.Step))
	if situation {
		p.Title = l.T("choice.report_step.situation_report")
	}
	p.Kicker, p.Place = f.UnitName, f.UnitName
	p.Incident = Link{f.About.Reference + " " + f.About.Title, incidentAddress(f.About.ID)}
	p.Case = Link{l.T("register.breach.one"), breachAddress(string(f.Breach))}
	if f.Breach == "" {
		p.Case = Link{l.T("register.significance.one"), significanceAddress(string(f.Significance))}
	}
	p.Crumbs = []Link{{l.T("web.incidents"), "/incidents"}, p.Incident, p.Case}
	p.clock(v, f)
	p.rule(v, f)
	if f.Either && f.About.HandledAt == "" && !situation {
		p.Notes = append(p.Notes, Notice{l.T("web.step.ongoing"), "info"})
	}
	if f.Either {
		p.Other = &Link{l.T("web.step.situation"), base + "?report=situation"}
		if situation {
			p.Other = &Link{l.T("web.step.final"), base}
		}
	}
	p.versions(v, f)
	if p.Waive = ""; f.MaySend && f.Runs() && f.Step.Waivable() {
		p.Waive = base + "/waive"
	}
	if f.Step == isms.PersonsInformed {
		p.Notes = append(p.Notes, Notice{l.T("web.step.informed_elsewhere"), "info"})
		p.Case.URL += "#inform"
		return v.show(status, "submission", p)
	}
	if n := len(f.Versions); n > 0 && f.MaySend {
		p.Correct = &Link{l.T("web.step.correct", n), base + "?correct=1#form"}
	}
	open := f.Runs() || f.SentAt != "" && f.Step.Often() && f.DroppedAt == "" || correct && len(f.Versions) > 0
	if f.MaySend && open && len(f.Fields) > 0 {
		p.Action = base
		p.form(v, f, correct, sent)
	}
	if len(sent.wrong) > 0 {
		p.Failed = true
		p.summarize(v, sent.wrong)
	}
	return v.show(status, "submission", p)
}

func (p *SubmissionPage) clock(v *visit, f app.SubmissionForm) {
	l := v.lang
	switch {
	case f.SentAt != "":
		p.Clock, p.Last = Tag{l.T("web.step.sent", clock(f.SentAt)), "good"}, ""
		if f.Shown != "" && f.Deadline.Late(f.SentAt) {
			p.Clock.Class = "bad"
			p.Last = l.T("web.track.late", span(l, f.SentAt.Time().Sub(f.Deadline.Last().Time())))
		}
	case f.DroppedAt != "":
		p.Clock = Tag{l.T("web.step.dropped", clock(f.DroppedAt)), "none"}
		p.Last = l.T("choice.drop_cause." + string(f.Dropped))
	case f.Shown == "":
		p.Clock, p.Last = Tag{l.T("web.clock.at_once"), "warn"}, ""
	default:
		p.Clock = v.clockTag(f.Deadline, f.Shown.Time().Sub(f.Now.Time()))
		p.Last = l.T("web.step.last", v.ends(f.Deadline, f.Shown))
		if f.WholeDay && f.Adjusted != f.Shown {
			p.Last = l.T("web.step.target", v.ends(f.Deadline, f.Shown), v.ends(f.Deadline, f.Adjusted))
		}
	}
}

// ends writes when a period ends: a day, or a day and a time.
func (v *visit) ends(d isms.Deadline, m register.Moment) string {
	if d.WholeDay {
		return clock(m)[:10]
	}
	return clock(m)
}

func (p *SubmissionPage) rule(v *visit, f app.SubmissionForm) {
	l, lang := v.lang, string(v.lang)
	receiver := f.Receiver
	if f.SentAt != "" {
		receiver = f.Recipient
	}
	fact := func(name, text string) {
		if text != "" {
			p.About = append(p.About, Fact{l.T("deadline." + name), []Value{{Text: text}}})
		}
	}
	fact("recipient", receiver)
	fact("starts_at", clock(f.StartsAt)+" ("+l.T("web.step.trigger."+f.Trigger)+")")
	fact("settled_by", f.Titles.Of("person", string(f.SettledBy)))
	fact("reason", f.Reason)
	fact("case_id", f.CaseID)
	fact("receipt", f.Receipt)
	fact("delay_reason", f.DelayReason)
	if f.Rule.Key != "" {
		p.Law = Link{f.Rule.Source, lawLink(f.Rule.Key, clock(f.StartsAt)[:10])}
		p.Marks = append(p.Marks, MarkLine{l.T("web.step.rule"), v.reliability(f.Rule.Reliability), f.Rule.Note.In(lang)})
	}
	if f.Form.Key != "" {
		p.Marks = append(p.Marks, MarkLine{l.T("web.step.fields", f.Form.Source), v.reliability(f.Form.Reliability), f.Form.Note.In(lang)})
	}
	if f.Secrecy != nil {
		p.Secrecy = l.T("track.secrecy", f.Secrecy.Source)
	}
}

func (p *SubmissionPage) form(v *visit, f app.SubmissionForm, correct bool, sent sentStep) {
	l, lang := v.lang, string(v.lang)
	p.Do = l.T("web.step.do")
	if n := len(f.Versions); correct && n > 0 {
		p.Replaces, p.Do = f.Versions[n-1].ID, l.T("web.step.do_correct")
	}
	if r, again := sent.form["replaces"]; again {
		p.Replaces = r
	}
	for _, field := range f.Fields {
		s := StepField{Number: field.Number, Long: field.Long, Copy: l.T("web.step.copy")}
		s.Name, s.Label, s.Value, s.Kind = "f."+field.Key, field.Label.In(lang), field.Value, "text"
		if text, again := sent.form[s.Name]; again {
			s.Value = text
		} else if field.From != "" {
			s.From = l.T("web.step.from." + field.From)
		}
		if s.Long || strings.Contains(s.Value, "\n") || len(s.Value) > 90 {
			s.Long, s.Rows = true, min(max(3, strings.Count(s.Value, "\n")+2, len(s.Value)/80+2), 14)
		}
		for _, w := range sent.wrong {
			if w.Field == field.Key {
				s.Wrong = l.T("wrong."+w.Code, w.Args...)
			}
		}
		p.Fields = append(p.Fields, s)
	}
	now := string(register.MomentOf(v.site.app.Now()))
	add := func(name, kind, width string, max int, required bool) {
		field := FormField{Name: name, Label: l.T("web.step.field." + name), Help: l.T("web.step.field." + name + ".help"), Kind: kind, Width: width, Max: max, Required: required,
			Value: sent.form[name]}
		if !required {
			field.Optional = l.T("web.form.optional")
		}
		if kind == "moment" {
			given := now
			if sent.form != nil {
				given = sent.form[name]
			}
			field.instant(l, given, sent.form["_which."+name])
		}
		for _, w := range sent.wrong {
			if w.Field == name {
				field.Wrong = l.T("wrong."+w.Code, w.Args...)
			}
		}
		p.Sending = append(p.Sending, field)
	}
	add("sent_at", "moment", "w-mid", 30, true)
	add("way", "text", "w-mid", 200, false)
	add("case_id", "text", "w-mid", 100, false)
	add("receipt", "text", "w-mid", 200, false)
	if p.Replaces == "" && f.SentAt == "" {
		add("delay_reason", "prose", "", 5000, f.Late)
	}
}

// summarize tells what is wrong with the form, each with where it is mended.
func (p *SubmissionPage) summarize(v *visit, wrong register.Wrongs) {
	l := v.lang
	sum := &Summary{Heading: l.T("web.form.problem")}
	for _, w := range wrong {
		item := Link{Text: l.T("wrong."+w.Code, w.Args...)}
		for _, f := range p.Fields {
			if f.Name == "f."+w.Field {
				item = Link{f.Label + ": " + item.Text, "#f-" + f.Name}
			}
		}
		for _, f := range p.Sending {
			if f.Name == w.Field {
				item = Link{f.Label + ": " + item.Text, "#f-" + f.Name}
			}
		}
		if w.Field == "dropped_why" {
			item.URL, p.WaiveWrong = "#f-waive", item.Text
		}
		sum.Items = append(sum.Items, item)
	}
	p.Summary = sum
}

// versions lists what was sent, the latest first, and what each changed against the one before.
func (p *SubmissionPage) versions(v *visit, f app.SubmissionForm) {
	l, lang := v.lang, string(v.lang)
	name := func(key string) string {
		if field, ok := f.Form.Field(key); ok {
			return field.Label.In(lang)
		}
		return key
	}
	for i := len(f.Versions) - 1; i >= 0; i-- {
		s := f.Versions[i]
		line := VersionLine{Heading: l.T("web.step.version", s.Version, clock(s.SentAt)), PDF: deadlineAddress(f.ID) + "/sent/" + strconv.Itoa(s.Version) + ".pdf"}
		fact := func(name, text string) {
			if text != "" {
				line.Facts = append(line.Facts, Fact{l.T("submission." + name), []Value{{Text: text}}})
			}
		}
		fact("sent_by", f.Titles.Of("person", string(s.SentBy)))
		fact("receiver", s.Receiver)
		fact("way", s.Way)
		fact("case_id", s.CaseID)
		fact("receipt", s.Receipt)
		if i > 0 {
			for _, c := range app.Corrections(f.Versions[i-1], s) {
				line.Changes = append(line.Changes, ChangeLine{name(c.Key), c.Before, c.After})
			}
		}
		for _, one := range app.SentFields(s) {
			if one.Value != "" {
				line.Fields = append(line.Fields, Fact{name(one.Key), []Value{{Text: one.Value, Prose: true}}})
			}
		}
		p.Versions = append(p.Versions, line)
	}
}
