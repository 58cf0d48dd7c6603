// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// DevicePage is a lost device with the routine's steps to tick off.
type DevicePage struct {
	Frame
	Summary  *Summary
	Kicker   Link // the incident, where it may be seen
	Tags     []Value
	Lead     string
	Progress string
	Late     string
	Edit     string
	History  string
	Facts    []Fact
	Reached  string
	Routine  Link
	Phone    string
	Steps    []DeviceStep
	None     string // said where no routine is known
	Record   string
}

// A DeviceStep is a step of the list: what it is, how it went, and the form for that.
type DeviceStep struct {
	RoutineLine
	ID     string
	Is     Tag    // done, not needed, impossible, not asked for, or not answered yet
	Time   Tag    // late, or time left
	DueAt  string // when at the latest
	Told   string // when and by whom
	Note   string
	Links  []Link // the breaches of the incident
	Hidden string
	Form   *AnswerForm
}

// AnswerForm is the form for one step.
type AnswerForm struct {
	Action, Key, Name string
	Rev               int
	Open              bool
	At                FormField
	Note              FormField
	Police            *FormField
	Options           []Option // the outcomes, each a button
	Back              bool     // an answer may be taken back
}

// sentAnswer is what was sent for a step and could not be done.
type sentAnswer struct {
	step  string
	sent  map[string]string
	wrong register.Wrongs
}

func (s *site) device(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showDevice(http.StatusOK, sentAnswer{})
}

func (v *visit) showDevice(status int, sent sentAnswer) error {
	a, err := v.site.app.DeviceLoss(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	l := v.lang
	p := &DevicePage{Record: address("device_loss", a.ID)}
	p.head(v, a)
	late, open := 0, false
	for i, step := range a.Steps {
		row := v.deviceStep(i, a, step, sent)
		if step.Late > 0 && step.Taken == nil {
			late++
		}
		if row.Form != nil && !open && step.Taken == nil && step.Concerns && sent.step == "" {
			row.Form.Open, open = true, true // the next thing to do
		}
		p.Steps = append(p.Steps, row)
	}
	p.Progress = l.T("web.device.progress", a.Answered, len(a.Steps))
	if late > 0 {
		p.Late = l.T("web.device.late", late)
	}
	if len(a.Steps) == 0 {
		p.None = l.T("web.device.no_routine")
	}
	if len(sent.wrong) > 0 {
		p.Failed, p.Summary = true, v.summarizeStep(sent)
	}
	return v.show(status, "device", p)
}

// head fills in what was lost and what is known of it.
func (p *DevicePage) head(v *visit, a app.LossPage) {
	l, s := v.lang, register.Of[isms.DeviceLoss]()
	p.Title = l.T("loss.title." + string(a.Loss) + "." + string(a.Device))
	if a.Asset != "" {
		p.Title += " " + a.Asset
	}
	p.Place = a.Titles.Of("unit", a.Unit)
	p.Crumbs = []Link{{l.T("register.device_loss"), "/r/device_loss"}}
	p.Kicker = Link{Text: l.T("register.incident.one")}
	if a.About.ID != "" {
		p.Kicker = Link{a.About.Reference + " " + a.About.Title, incidentAddress(a.About.ID)}
	}
	p.Lead = l.T("web.device.reported", clock(a.ReportedAt))
	for _, name := range []string{"locked", "encrypted"} {
		f, _ := s.Field(name)
		if text := f.Text(&a.DeviceLoss); text != "" {
			p.Tags = append(p.Tags, Value{Text: l.T("web.device." + name + "." + text)})
		}
	}
	for _, f := range s.Fields {
		if slices.Contains([]string{"incident", "device", "asset", "loss", "reachable", "playbook"}, f.Name) {
			continue
		}
		if list := values(l, f, &a.DeviceLoss, a.Titles, v.site.app.Today()); len(list) > 0 {
			p.Facts = append(p.Facts, Fact{label(l, s, f), list})
		}
	}
	p.Reached = a.Reachable
	if a.Routine.ID != "" {
		p.Routine, p.Phone = Link{a.Routine.Name, routineAddress(a.Routine.ID)}, a.Routine.Phone
	}
	if a.MayEdit {
		p.Edit = p.Record + "/edit?then=" + deviceAddress(a.ID)
	}
	if a.History {
		p.History = p.Record + "/history"
	}
}

// deviceStep is a row of the list.
func (v *visit) deviceStep(i int, a app.LossPage, s app.LossStep, sent sentAnswer) DeviceStep {
	l := v.lang
	row := DeviceStep{RoutineLine: routineLine(l, i, s.PlaybookStep), ID: s.ID}
	if s.DueAt != "" {
		row.DueAt = clock(s.DueAt)
	}
	switch {
	case s.Taken != nil:
		class := map[isms.StepOutcome]string{isms.StepDone: "good", isms.StepImpossible: "warn"}[s.Taken.Outcome]
		row.Is = Tag{l.T("choice.step_outcome." + string(s.Taken.Outcome)), class}
		row.Told = l.T("web.device.by", clock(s.Taken.At), a.Titles.Of("person", string(s.Taken.By)))
		if a.Titles.Of("person", string(s.Taken.By)) == "" {
			row.Told = clock(s.Taken.At)
		}
		row.Note = s.Taken.Note
		if s.Late > 0 {
			row.Time = Tag{l.T("web.device.was_late", span(l, s.Late)), "warn"}
		}
	case !s.Concerns:
		row.Is = Tag{l.T("web.device.not_asked"), ""}
	case s.Late > 0:
		row.Is, row.Time = Tag{l.T("web.device.open"), ""}, Tag{l.T("web.device.is_late", span(l, s.Late)), "bad"}
	default:
		row.Is = Tag{l.T("web.device.open"), ""}
		if s.DueAt != "" {
			row.Time = Tag{l.T("web.device.left", span(l, s.Left)), "info"}
			if s.Left < time.Hour {
				row.Time.Class = "warn"
			}
		}
	}
	if s.Kind == isms.StepBreach {
		row.breaches(v, a)
	}
	if s.Taken == nil && a.MayTake || s.Taken != nil && a.MayCorrect {
		row.Form = v.answerForm(a, s, sent)
	}
	return row
}

// breaches leads to the boards' judgements, or to where they are made.
func (s *DeviceStep) breaches(v *visit, a app.LossPage) {
	l := v.lang
	for _, b := range a.Breaches {
		s.Links = append(s.Links, Link{l.T("web.device.breach", b.Name), breachAddress(b.ID)})
	}
	if a.Hidden > 0 {
		s.Hidden = l.T("web.incident.hidden", a.Hidden)
	}
	if len(a.Breaches)+a.Hidden == 0 && a.MayTriage {
		s.Links = append(s.Links, Link{l.T("web.device.triage"), incidentAddress(a.About.ID) + "/triage"})
	}
}

func (v *visit) answerForm(a app.LossPage, s app.LossStep, sent sentAnswer) *AnswerForm {
	l := v.lang
	f := &AnswerForm{Action: deviceAddress(a.ID) + "/step/" + s.ID, Key: register.NewID(), Name: l.T("web.device.answer")}
	form := map[string]string{}
	if s.Taken != nil {
		f.Rev, f.Back, f.Name = s.Taken.Rev, true, l.T("web.device.correct")
		form["at"], form["note"], form["police_ref"] = string(s.Taken.At), s.Taken.Note, a.PoliceRef
	}
	mine := sent.step == s.ID
	if mine {
		form, f.Open = sent.sent, true
	}
	field := func(name, kind string, most int) FormField {
		w := FormField{Name: name, Label: l.T("web.device." + name), Help: l.T("web.device." + name + ".help"), Kind: kind, Max: most, Value: form[name],
			Optional: l.T("web.form.optional")}
		if mine {
			w.Wrong = wrongOf(l, sent.wrong, name)
		}
		return w
	}
	f.At = field("at", "moment", 30)
	f.At.instant(l, form["at"], form["_which.at"])
	f.Note = field("note", "prose", 2000)
	if s.Kind == isms.StepWipe {
		f.Note.Help, f.Note.Optional, f.Note.Required = l.T("web.device.note.wipe"), "", true
	}
	if s.Kind == isms.StepPolice {
		police := field("police_ref", "text", 60)
		f.Police = &police
	}
	outcome, _ := register.Of[isms.StepTaken]().Field("outcome")
	for _, c := range outcome.Choices {
		f.Options = append(f.Options, Option{c, l.T(outcome.ChoiceKey(c)), c == string(isms.StepDone)})
	}
	return f
}

func (v *visit) summarizeStep(sent sentAnswer) *Summary {
	l := v.lang
	sum := &Summary{Heading: l.T("web.form.problem")}
	for _, w := range sent.wrong {
		item := Link{Text: l.T("wrong."+w.Code, w.Args...), URL: "#s-" + sent.step}
		if w.Field == "at" || w.Field == "note" || w.Field == "police_ref" {
			item = Link{l.T("web.device."+w.Field) + ": " + item.Text, "#f-" + w.Field + "-" + sent.step}
		}
		sum.Items = append(sum.Items, item)
	}
	return sum
}

func (s *site) takeStep(v *visit) error {
	form, err := v.formOf(append([]string{"_rev", "_key", "outcome", "note", "police_ref"}, instantNames("at")...)...)
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	id, step := v.r.PathValue("id"), v.r.PathValue("step")
	at, wrong := readInstants(form, "at")
	if len(wrong) == 0 {
		err = s.app.TakeStep(v.r.Context(), v.who, app.TakeStep{Loss: id, Step: step, Outcome: isms.StepOutcome(form["outcome"]), At: at["at"], Note: form["note"],
			PoliceRef: form["police_ref"], Rev: rev, Key: form["_key"]})
	}
	if len(wrong) > 0 || errors.As(err, &wrong) {
		return v.showDevice(http.StatusUnprocessableEntity, sentAnswer{step, form, wrong})
	}
	return v.afterAct(err, deviceAddress(id)+"#s-"+step)
}
