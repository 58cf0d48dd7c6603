// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

func (s *site) breach(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showBreach(http.StatusOK, sentToCase{})
}

// The fields of a breach that each form changes.
var (
	assessFields = []string{"nature", "person_groups", "persons", "records", "data_kinds", "special_data", "identifiable", "vulnerable", "unreadable", "recovered",
		"consequences", "measures", "risk", "risk_reason"}
	informFields    = []string{"inform", "inform_ground", "inform_text", "inform_channel", "informed"}
	processorFields = []string{"supplier", "processor_hours"}
)

func (v *visit) showBreach(status int, sent sentToCase) error {
	b, err := v.site.app.BreachCase(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := &TrackPage{}
	p.head(v, "breach", b.Record, b.Name, b.TrackCase)
	if len(sent.wrong) > 0 {
		p.Summary, p.Failed = summarize(v.lang, register.Of[isms.Breach](), sent.wrong), true
	}
	for _, part := range []func(app.BreachPage, sentToCase) (TrackPart, error){v.awarePart, v.assessPart, v.notifyPart, v.informPart, v.processorPart, v.opinionPart} {
		one, err := part(b, sent)
		if err != nil {
			return err
		}
		if one.ID != "" {
			p.Parts = append(p.Parts, one)
		}
	}
	return v.show(status, "track", p)
}

func (v *visit) awarePart(b app.BreachPage, sent sentToCase) (TrackPart, error) {
	l := v.lang
	p := TrackPart{ID: "aware", Heading: l.T("breach.aware_at"), Lead: l.T("web.breach.aware.about"),
		Facts: v.caseFacts(&b.Breach, b.Titles, "aware_at", "aware_zone", "aware_by", "aware_reason")}
	if b.Moved {
		p.Notes = append(p.Notes, Notice{l.T("web.track.moved"), "warn"})
	}
	if !b.May.Work {
		return p, nil
	}
	form, err := v.caseForm(&b.Breach, b.Titles, "aware", breachAddress(b.ID), sent, "aware_at", "aware_reason")
	form.Open = form.Open || b.AwareAt == ""
	if b.AwareAt != "" {
		form.Name, form.About = l.T("web.track.change_start"), l.T("web.track.change_start.about")
	} else {
		form.Name = l.T("web.track.do.aware")
	}
	p.Forms = append(p.Forms, form)
	return p, err
}

func (v *visit) assessPart(b app.BreachPage, sent sentToCase) (TrackPart, error) {
	l := v.lang
	p := TrackPart{ID: "assess", Heading: l.T("web.breach.assess"), Lead: l.T("web.breach.assess.about"), Facts: v.caseFacts(&b.Breach, b.Titles, assessFields...)}
	if b.Risk != "" {
		p.State = Tag{l.T("choice.breach_risk." + string(b.Risk)), map[isms.BreachRisk]string{"unlikely": "good", "risk": "warn", "high": "bad"}[b.Risk]}
	}
	if b.Suggested != "" {
		words := make([]string, len(b.Grounds))
		for i, g := range b.Grounds {
			words[i] = l.T("web.breach.ground." + string(g))
		}
		note := Notice{l.T("web.breach.suggested", l.T("choice.breach_risk."+string(b.Suggested)), l.And(words)), "info"}
		if b.Risk != "" && b.Risk != b.Suggested {
			note = Notice{note.Text + " " + l.T("web.breach.differs"), "warn"}
		}
		p.Notes = append(p.Notes, note)
	}
	if !b.May.Work {
		return p, nil
	}
	form, err := v.caseForm(&b.Breach, b.Titles, "assess", breachAddress(b.ID), sent, assessFields...)
	form.Name = l.T("web.track.do.assess")
	form.Open = form.Open || b.Next == app.NextAssess
	p.Forms = append(p.Forms, form)
	return p, err
}

func (v *visit) notifyPart(b app.BreachPage, sent sentToCase) (TrackPart, error) {
	l := v.lang
	if b.Role == isms.Processor {
		return TrackPart{}, nil // the controller decides
	}
	p := TrackPart{ID: "decide", Heading: l.T("web.breach.notify"), Lead: l.T("web.breach.notify.about"),
		Facts: v.caseFacts(&b.Breach, b.Titles, "notify", "notify_reason", "decided_by", "decided_at", "approved_by", "approved_at", "dnr")}
	switch {
	case b.Notify == isms.Yes:
		p.State = Tag{l.T("web.breach.notified"), "info"}
	case b.Settled():
		p.State = Tag{l.T("web.breach.not_notified"), "info"}
	case b.Notify == isms.No:
		p.State = Tag{l.T("web.track.unapproved"), "warn"}
	default:
		p.State = Tag{l.T("web.track.undecided"), "warn"}
	}
	return p, v.rulingForms(&p, &b.Breach, b.TrackCase, breachAddress(b.ID), sent, "notify", "notify_reason")
}

// rulingForms are the form that decides and the one that approves a no, for those who may.
func (v *visit) rulingForms(p *TrackPart, rec register.Entity, c app.TrackCase, base string, sent sentToCase, answer, reason string) error {
	l := v.lang
	if c.Next == app.NextApprove {
		if c.May.Approve {
			p.Forms = append(p.Forms, TrackForm{Action: base + "/approve", Name: l.T("web.track.approve"), About: l.T("web.track.approve.about"),
				Do: l.T("web.track.do.approve"), Open: true})
		} else if c.May.Work {
			p.Notes = append(p.Notes, Notice{l.T("web.track.approve.other"), "info"})
		}
	}
	if !c.May.Work {
		return nil
	}
	form, err := v.caseForm(rec, c.Titles, "decide", base, sent, answer, reason)
	form.Name = l.T("web.track.do.decide")
	if len(p.Facts) > 0 && c.Next != app.NextDecide {
		form.Name = l.T("web.track.redecide")
	}
	form.Open = form.Open || c.Next == app.NextDecide
	if !c.May.Decide {
		form.About = l.T("web.track.no_by_decider")
	}
	p.Forms = append(p.Forms, form)
	return err
}

func (v *visit) informPart(b app.BreachPage, sent sentToCase) (TrackPart, error) {
	l := v.lang
	if b.Role == isms.Processor {
		return TrackPart{}, nil
	}
	p := TrackPart{ID: "inform", Heading: l.T("web.breach.inform"), Lead: l.T("web.breach.inform.about"),
		Facts: v.caseFacts(&b.Breach, b.Titles, append(informFields, "informed_at")...)}
	switch {
	case b.InformedAt != "":
		p.State = Tag{l.T("web.breach.informed"), "good"}
	case b.MustInform():
		p.State = Tag{l.T("web.breach.to_inform"), "warn"}
	case b.Inform == isms.No:
		p.State = Tag{l.T("web.breach.not_informed"), "info"}
	}
	if !b.May.Work {
		return p, nil
	}
	form, err := v.caseForm(&b.Breach, b.Titles, "inform", breachAddress(b.ID), sent, append(informFields, "informed_at")...)
	form.Name = l.T("web.track.do.inform")
	form.Open = form.Open || b.Next == app.NextInform
	p.Forms = append(p.Forms, form)
	return p, err
}

// processorPart tells when the processor told, and what its promised hours leave of those that the law gives.
func (v *visit) processorPart(b app.BreachPage, sent sentToCase) (TrackPart, error) {
	l := v.lang
	if b.Role == isms.Processor {
		return v.ownProcessorPart(b, sent)
	}
	p := TrackPart{ID: "processor", Heading: l.T("web.breach.processor"), Lead: l.T("web.breach.processor.about"),
		Facts: v.caseFacts(&b.Breach, b.Titles, "supplier", "processor_at", "processor_hours")}
	if n, known := b.Promised.Known(); known && b.Hours > 0 {
		left := max(b.Hours-n, 0)
		note := Notice{l.T("web.breach.promised", n, left, b.Hours), "info"}
		if left < 24 {
			note.Class = "warn"
		}
		p.Notes = append(p.Notes, note)
	}
	if b.ProcessorAt != "" && b.AwareAt > b.ProcessorAt {
		p.Notes = append(p.Notes, Notice{l.T("web.breach.processor_told", span(l, b.AwareAt.Time().Sub(b.ProcessorAt.Time()))), "info"})
	}
	if !b.May.Work {
		return p, nil
	}
	form, err := v.caseForm(&b.Breach, b.Titles, "processor", breachAddress(b.ID), sent, append(processorFields, "processor_at")...)
	form.Name = l.T("web.track.do.processor")
	p.Forms = append(p.Forms, form)
	return p, err
}

// ownProcessorPart is the part of a unit that is the processor itself: how soon it has promised to tell.
func (v *visit) ownProcessorPart(b app.BreachPage, sent sentToCase) (TrackPart, error) {
	p := TrackPart{ID: "processor", Heading: v.lang.T("web.breach.own_processor"), Lead: v.lang.T("web.breach.own_processor.about"),
		Facts: v.caseFacts(&b.Breach, b.Titles, "processor_hours")}
	if !b.May.Work {
		return p, nil
	}
	form, err := v.caseForm(&b.Breach, b.Titles, "processor", breachAddress(b.ID), sent, append(processorFields, "processor_at")...)
	form.Name = v.lang.T("web.track.do.processor")
	p.Forms = append(p.Forms, form)
	return p, err
}

func (v *visit) opinionPart(b app.BreachPage, sent sentToCase) (TrackPart, error) {
	l := v.lang
	p := TrackPart{ID: "opinion", Heading: l.T("web.breach.opinion"), Facts: v.caseFacts(&b.Breach, b.Titles, "dpo_asked_at", "dpo_view")}
	if !b.May.Opinion {
		return p, nil
	}
	form, err := v.caseForm(&b.Breach, b.Titles, "opinion", breachAddress(b.ID), sent, "dpo_view", "dpo_asked_at")
	form.Name = l.T("web.track.do.opinion")
	p.Forms = append(p.Forms, form)
	return p, err
}

func (s *site) workBreach(v *visit) error {
	var form map[string]string
	var err error
	part := v.r.PathValue("part")
	switch part {
	case "aware":
		var e app.Entry
		if form, e, err = v.caseSent(append(instantNames("aware_at"), "aware_reason")...); err != nil {
			return err
		}
		at, wrong := readInstants(form, "aware_at")
		if err = wrongsOrNil(wrong); err == nil {
			err = s.app.SettleAwareness(v.r.Context(), v.who, app.Settling{Entry: e, At: at["aware_at"], Reason: form["aware_reason"]}, form["_key"])
		}
	case "assess":
		form, err = v.saveCase("breach", assessFields, nil)
	case "inform":
		form, err = v.saveCase("breach", informFields, []string{"informed_at"})
	case "processor":
		form, err = v.saveCase("breach", processorFields, []string{"processor_at"})
	case "opinion":
		form, err = v.saveCase("breach", []string{"dpo_view"}, []string{"dpo_asked_at"})
	case "decide":
		var e app.Entry
		if form, e, err = v.caseSent("notify", "notify_reason"); err != nil {
			return err
		}
		err = s.app.DecideBreach(v.r.Context(), v.who, app.Ruling{Entry: e, Answer: isms.Answer(form["notify"]), Reason: form["notify_reason"]}, form["_key"])
	case "approve":
		var e app.Entry
		if form, e, err = v.caseSent(); err != nil {
			return err
		}
		err = s.app.ApproveBreach(v.r.Context(), v.who, e, form["_key"])
		part = "decide"
	default:
		return isms.ErrNotFound
	}
	return v.afterCaseAct(err, "breach", part, form, v.showBreach)
}

// wrongsOrNil keeps no wrongs from becoming an error that is none.
func wrongsOrNil(wrong register.Wrongs) error {
	if len(wrong) == 0 {
		return nil
	}
	return wrong
}
