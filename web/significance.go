// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/register"
)

// A ThresholdLine is a threshold held against what is known.
type ThresholdLine struct {
	Title, Sector, Source string
	Result                Tag
	Strictest             bool
	Missing               []string // the questions that would decide it
	Reliability           Tag
}

func (s *site) significance(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showSignificance(http.StatusOK, sentToCase{})
}

func (v *visit) showSignificance(status int, sent sentToCase) error {
	s, err := v.site.app.SignificanceCase(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := &TrackPage{}
	p.head(v, "significance", s.Record, s.Name, s.TrackCase)
	if len(sent.wrong) > 0 {
		p.Summary, p.Failed = v.summarizeFacts(s, sent.wrong), true
	}
	for _, part := range []func(app.SignificancePage, sentToCase) (TrackPart, error){v.knownPart, v.factsPart, v.significantPart, v.recipientsPart, v.interimPart} {
		one, err := part(s, sent)
		if err != nil {
			return err
		}
		if one.ID != "" {
			p.Parts = append(p.Parts, one)
		}
	}
	return v.show(status, "track", p)
}

// summarizeFacts is summarize with the questions of the thresholds for fields of their own.
func (v *visit) summarizeFacts(s app.SignificancePage, wrong register.Wrongs) *Summary {
	sum := summarize(v.lang, register.Of[isms.Significance](), wrong)
	for i, w := range wrong {
		for _, f := range s.Asked {
			if f.Key == w.Field {
				sum.Items[i] = Link{f.Ask.In(string(v.lang)) + " " + v.lang.T("wrong."+w.Code, w.Args...), "#f-" + f.Key}
			}
		}
		if w.Field == "asked_at" || w.Field == "due_at" {
			sum.Items[i] = Link{v.lang.T("web.significance."+w.Field) + ": " + v.lang.T("wrong."+w.Code, w.Args...), "#f-" + w.Field}
		}
	}
	return sum
}

func (v *visit) knownPart(s app.SignificancePage, sent sentToCase) (TrackPart, error) {
	l := v.lang
	p := TrackPart{ID: "known", Heading: l.T("significance.known_at"), Lead: l.T("web.significance.known.about"),
		Facts: v.caseFacts(&s.Significance, s.Titles, "known_at", "known_zone", "known_by", "known_reason")}
	if !s.May.Work {
		return p, nil
	}
	form, err := v.caseForm(&s.Significance, s.Titles, "known", significanceAddress(s.ID), sent, "known_at", "known_reason")
	form.Open = form.Open || s.KnownAt == ""
	if form.Name = l.T("web.track.do.known"); s.KnownAt != "" {
		form.Name, form.About = l.T("web.track.change_start"), l.T("web.track.change_start.about")
	}
	p.Forms = append(p.Forms, form)
	return p, err
}

// factsPart shows what is known of the incident, and each threshold held against it. It never says that none is enough.
func (v *visit) factsPart(s app.SignificancePage, sent sentToCase) (TrackPart, error) {
	l := v.lang
	lang := string(l)
	p := TrackPart{ID: "facts", Heading: l.T("web.significance.facts"), Lead: l.T("web.significance.facts.about", s.Day)}
	reached := 0
	for _, t := range s.Tested {
		line := ThresholdLine{Title: t.Title.In(lang), Source: t.Source, Sector: l.T("web.significance.every_sector"), Strictest: t.Strictest,
			Result:      Tag{l.T("law.threshold." + string(t.Result)), map[law.Result]string{law.Reached: "bad", law.NotReached: "none", law.Unknown: "warn"}[t.Result]},
			Reliability: v.reliability(t.Reliability)}
		if place, ok := s.Book.Sector(t.Sector); ok {
			line.Sector = place.Name.In(lang)
		}
		for _, key := range t.Missing {
			if i := slices.IndexFunc(s.Asked, func(f law.Fact) bool { return f.Key == key }); i >= 0 {
				line.Missing = append(line.Missing, s.Asked[i].Ask.In(lang))
			}
		}
		if t.Result == law.Reached {
			reached++
		}
		p.Thresholds = append(p.Thresholds, line)
	}
	slices.SortStableFunc(p.Thresholds, func(x, y ThresholdLine) int { return cmp.Compare(thresholdPlace(x), thresholdPlace(y)) })
	switch {
	case s.Hidden:
		p.Notes = append(p.Notes, Notice{l.T("web.significance.hidden"), "info"})
	case len(s.Tested) == 0:
		p.Notes = append(p.Notes, Notice{l.T("web.significance.no_thresholds", s.Day), "warn"})
	case reached > 0:
		p.Notes = append(p.Notes, Notice{l.T("web.significance.reached", reached), "bad"})
	default:
		p.Notes = append(p.Notes, Notice{l.T("law.threshold.person_decides"), "info"})
	}
	if len(s.Unmeasured) > 0 && len(s.Tested) > 0 {
		names := make([]string, len(s.Unmeasured))
		for i, key := range s.Unmeasured {
			place, _ := s.Book.Sector(key)
			names[i] = place.Name.In(lang)
		}
		p.Notes = append(p.Notes, Notice{l.T("web.significance.unmeasured", l.And(names)), "warn"})
	}
	if s.May.Work {
		p.Forms = append(p.Forms, v.factsForm(s, sent))
	}
	return p, nil
}

func thresholdPlace(t ThresholdLine) int {
	return map[string]int{"bad": 1, "warn": 2, "none": 3}[t.Result.Class]*2 - map[bool]int{true: 1}[t.Strictest]
}

// factsForm asks for the sectors, and for what their thresholds ask.
func (v *visit) factsForm(s app.SignificancePage, sent sentToCase) TrackForm {
	l := v.lang
	lang := string(l)
	form := TrackForm{Action: significanceAddress(s.ID) + "/facts", Name: l.T("web.track.do.facts"), Do: l.T("web.track.do.facts"), About: l.T("web.significance.sectors.about"),
		Open: sent.part == "facts"}
	again := sent.part == "facts"
	sectors := FormField{Name: "sectors", Label: l.T("significance.sectors"), Help: l.T("significance.sectors.help"), Kind: "links"}
	chosen := s.SectorKeys()
	if again {
		chosen = strings.Fields(sent.sent["sectors"])
	}
	for _, place := range s.Book.Sectors() {
		sectors.Options = append(sectors.Options, Option{place.Key, place.Name.In(lang), slices.Contains(chosen, place.Key)})
	}
	form.Fields = append(form.Fields, sectors)
	for _, f := range s.Asked {
		field := FormField{Name: f.Key, Label: f.Ask.In(lang), Help: l.T("web.significance.unit." + string(f.Kind)), Kind: "number", Width: "w-short", Max: 20,
			Optional: l.T("web.form.optional"), None: l.T("web.significance.not_known")}
		if n, known := s.Known[f.Key]; known {
			field.Value = v.floatText(n)
		}
		if again {
			field.Value = sent.sent[f.Key]
		}
		if f.Kind == law.FactYes {
			field.Kind, field.Width = "choice", "w-mid"
			field.Options = []Option{{"1", l.T("web.yes"), field.Value == "1"}, {"0", l.T("web.no"), field.Value == "0"}}
		}
		for _, w := range sent.wrong {
			if again && w.Field == f.Key {
				field.Wrong = l.T("wrong."+w.Code, w.Args...)
			}
		}
		form.Fields = append(form.Fields, field)
	}
	can := FormField{Name: "can_cause", Label: l.T("significance.can_cause"), Help: l.T("significance.can_cause.help"), Kind: "choice", Width: "w-mid",
		Optional: l.T("web.form.optional"), None: l.T("web.form.none")}
	value := string(s.CanCause)
	if again {
		value = sent.sent["can_cause"]
	}
	for _, c := range isms.Answer("").Choices() {
		can.Options = append(can.Options, Option{c, l.T("choice.answer." + c), c == value})
	}
	form.Fields = append(form.Fields, can)
	return form
}

func (v *visit) significantPart(s app.SignificancePage, sent sentToCase) (TrackPart, error) {
	l := v.lang
	p := TrackPart{ID: "decide", Heading: l.T("web.significance.decide"), Lead: l.T("web.significance.decide.about"),
		Facts: v.caseFacts(&s.Significance, s.Titles, "significant", "reason", "hits", "rules_of", "decided_by", "decided_at", "approved_by", "approved_at", "dnr")}
	switch {
	case s.Significant == isms.Yes:
		p.State = Tag{l.T("web.track.significance.yes"), "bad"}
	case s.Settled():
		p.State = Tag{l.T("web.track.significance.no"), "info"}
	case s.Significant == isms.No:
		p.State = Tag{l.T("web.track.unapproved"), "warn"}
	default:
		p.State = Tag{l.T("web.track.undecided"), "warn"}
	}
	return p, v.rulingForms(&p, &s.Significance, s.TrackCase, significanceAddress(s.ID), sent, "significant", "reason")
}

// recipientsPart is whether those who use the service are told.
func (v *visit) recipientsPart(s app.SignificancePage, _ sentToCase) (TrackPart, error) {
	l := v.lang
	if s.Significant != isms.Yes && len(s.Notices) == 0 {
		return TrackPart{}, nil
	}
	p := TrackPart{ID: "recipients", Heading: l.T("web.significance.recipients"), Lead: l.T("web.significance.recipients.about")}
	if s.NoticeOwed {
		p.State = Tag{l.T("web.track.undecided"), "warn"}
	}
	for _, n := range s.Notices {
		text := l.T("web.significance.notice."+string(n.Inform), l.T("choice.notice_ground."+string(n.Ground)))
		if n.SentAt != "" {
			text += ", " + clock(n.SentAt)
		}
		p.Links = append(p.Links, Link{text, address("notice", n.ID)})
	}
	if s.May.Work {
		for _, ground := range isms.NoticeGround("").Choices() {
			p.Links = append(p.Links, Link{l.T("web.significance.new_notice." + ground), "/r/notice/new?incident=" + s.About.ID + "&unit=" + s.Unit + "&ground=" + ground})
		}
	}
	return p, nil
}

// interimPart is where it is noted that the authority has asked for an interim report.
func (v *visit) interimPart(s app.SignificancePage, sent sentToCase) (TrackPart, error) {
	l := v.lang
	if s.Significant == isms.No && s.Settled() || s.KnownAt == "" || !s.May.Work {
		return TrackPart{}, nil
	}
	p := TrackPart{ID: "interim", Heading: l.T("choice.report_step.interim_report"), Lead: l.T("web.significance.interim.about")}
	form := TrackForm{Action: significanceAddress(s.ID) + "/interim", Name: l.T("web.track.do.interim"), Do: l.T("web.track.do.interim"), Open: sent.part == "interim"}
	for _, name := range []string{"asked_at", "due_at"} {
		f := FormField{Name: name, Label: l.T("web.significance." + name), Help: l.T("web.significance." + name + ".help"), Required: name == "asked_at"}
		if !f.Required {
			f.Optional = l.T("web.form.optional")
		}
		given, which := "", ""
		if sent.part == "interim" {
			given, which = sent.sent[name], sent.sent["_which."+name]
		}
		f.instant(l, given, which)
		form.Fields = append(form.Fields, f)
	}
	reason := FormField{Name: "reason", Label: l.T("web.significance.asked"), Help: l.T("web.significance.asked.help"), Kind: "prose", Required: true}
	if sent.part == "interim" {
		reason.Value = sent.sent["reason"]
	}
	form.Fields = append(form.Fields, reason)
	for i, f := range form.Fields {
		for _, w := range sent.wrong {
			if sent.part == "interim" && w.Field == f.Name {
				form.Fields[i].Wrong = l.T("wrong."+w.Code, w.Args...)
			}
		}
	}
	p.Forms = append(p.Forms, form)
	return p, nil
}

func (s *site) workSignificance(v *visit) error {
	var form map[string]string
	var e app.Entry
	var err error
	part := v.r.PathValue("part")
	switch part {
	case "known":
		if form, e, err = v.caseSent(append(instantNames("known_at"), "known_reason")...); err != nil {
			return err
		}
		at, wrong := readInstants(form, "known_at")
		if err = wrongsOrNil(wrong); err == nil {
			err = s.app.SettleKnowledge(v.r.Context(), v.who, app.Settling{Entry: e, At: at["known_at"], Reason: form["known_reason"]}, form["_key"])
		}
	case "facts":
		if form, err = v.enterFacts(); form == nil {
			return err
		}
	case "decide":
		if form, e, err = v.caseSent("significant", "reason"); err != nil {
			return err
		}
		err = s.app.DecideSignificance(v.r.Context(), v.who, app.Ruling{Entry: e, Answer: isms.Answer(form["significant"]), Reason: form["reason"]}, form["_key"])
	case "approve":
		if form, e, err = v.caseSent(); err != nil {
			return err
		}
		err = s.app.ApproveSignificance(v.r.Context(), v.who, e, form["_key"])
		part = "decide"
	case "interim":
		if form, e, err = v.caseSent(append(instantNames("asked_at", "due_at"), "reason")...); err != nil {
			return err
		}
		at, wrong := readInstants(form, "asked_at", "due_at")
		if err = wrongsOrNil(wrong); err == nil {
			err = s.app.AskForInterim(v.r.Context(), v.who, app.AskedReport{Entry: e, AskedAt: at["asked_at"], DueAt: at["due_at"], Reason: form["reason"]}, form["_key"])
		}
	default:
		return isms.ErrNotFound
	}
	return v.afterCaseAct(err, "significance", part, form, v.showSignificance)
}

// enterFacts reads the answers to the questions of the sectors that are chosen: those of a sector that is no longer chosen fall away.
func (v *visit) enterFacts() (map[string]string, error) {
	sent, err := v.form()
	if err != nil {
		return nil, err
	}
	s, err := v.site.app.SignificanceCase(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	f := app.EnteredFacts{Entry: app.Entry{ID: s.ID}, Facts: map[string]string{}}
	if f.Rev, err = number(sent.Get("_rev")); err != nil {
		return nil, err
	}
	for _, sector := range sent["sectors"] {
		if _, ok := s.Book.Sector(sector); ok && sector != "" {
			f.Sectors = append(f.Sectors, sector)
		}
	}
	form := map[string]string{"sectors": strings.Join(f.Sectors, " "), "can_cause": sent.Get("can_cause")}
	f.CanCause = isms.Answer(form["can_cause"])
	asked := s.Book.FactsFor(f.Sectors, s.Day)
	for name, list := range sent {
		if name == "sectors" || name == "can_cause" || strings.HasPrefix(name, "_") {
			continue
		}
		known := func(f law.Fact) bool { return f.Key == name }
		if len(list) != 1 || !slices.ContainsFunc(s.Asked, known) && !slices.ContainsFunc(asked, known) {
			return nil, errForm
		}
		form[name] = list[0]
		if slices.ContainsFunc(asked, known) {
			f.Facts[name] = list[0]
		}
	}
	return form, v.site.app.HoldAgainstThresholds(v.r.Context(), v.who, f, sent.Get("_key"))
}

// reliability marks how far a text of law can be trusted. Only what was read in the statute's own text goes without colour.
func (v *visit) reliability(r law.Reliability) Tag {
	return Tag{v.lang.T("law.reliability." + string(r)), map[law.Reliability]string{law.Read: "none", law.Secondary: "warn", law.Inferred: "warn", law.Unverified: "bad"}[r]}
}
