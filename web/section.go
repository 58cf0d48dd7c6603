// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"html/template"
	"net/http"
	"slices"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/report"
)

// SectionPage is one section of a review: what the registers say, and people's own text beside it.
type SectionPage struct {
	Frame
	Said     template.HTML // the facts
	Own      template.HTML // the own text as it is printed
	HasText  bool          // the section has a place for own text
	Write    bool
	Action   string
	Text     string
	Notes    string
	States   []Option
	Rev      int
	Key      string
	Stale    bool // somebody else has changed the text: Theirs is what stands now
	Theirs   string
	Inputs   []string
	Previous *Link
	Next     *Link
	Saved    string
	Summary  *Summary
}

func (s *site) section(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	r, err := v.reading()
	if err != nil {
		return err
	}
	p, err := v.sectionPage(r)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "section", p)
}

func (v *visit) sectionPage(r *reading) (*SectionPage, error) {
	key := v.r.PathValue("section")
	sections := r.Doc.Sections
	i := slices.IndexFunc(sections, func(s report.Section) bool { return s.Key == key })
	if i < 0 {
		return nil, isms.ErrNotFound
	}
	section := sections[i]
	own := r.Own[key]
	p := &SectionPage{HasText: section.OwnText, Write: section.OwnText && r.May.Write, Action: r.base + "/s/" + key, Text: own.Text, Notes: own.Notes, Rev: own.Rev,
		Key: register.NewID()}
	r.dress(v, &p.Frame, section.Title())
	if i > 0 {
		p.Previous = &Link{sections[i-1].Title(), r.base + "/s/" + sections[i-1].Key}
	}
	if i+1 < len(sections) {
		p.Next = &Link{sections[i+1].Title(), r.base + "/s/" + sections[i+1].Key}
	}
	state, _ := register.Of[isms.ReviewSection]().Field("state")
	kept := string(own.State)
	if kept == "" {
		kept = "in_work" // who opens an empty section to write is about to work in it
	}
	for _, c := range state.Choices {
		p.States = append(p.States, Option{c, v.lang.T(state.ChoiceKey(c)), c == kept})
	}
	for _, input := range section.Inputs {
		p.Inputs = append(p.Inputs, v.lang.T("report.iso."+input))
	}
	var err error
	if p.Said, err = v.documentPart(r.Doc, r.Unit.ID, section, func(b report.Block) bool { return !b.Own }); err != nil {
		return nil, err
	}
	p.Own, err = v.documentPart(r.Doc, r.Unit.ID, section, func(b report.Block) bool { return b.Own })
	return p, err
}

func (s *site) saveSection(v *visit) error {
	form, err := v.formOf("_rev", "_key", "text", "notes", "state")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	text := app.SectionText{Review: v.r.PathValue("id"), Section: v.r.PathValue("section"), Text: form["text"], Notes: form["notes"], State: form["state"], Rev: rev,
		Key: form["_key"]}
	rev, err = s.app.SaveSection(v.r.Context(), v.who, text)
	if v.wantsJSON() {
		if err != nil {
			return err
		}
		return v.sendJSON(http.StatusOK, map[string]any{"rev": rev, "said": v.lang.T("web.section.saved", clock(register.MomentOf(s.app.Now()))[11:])})
	}
	var wrong register.Wrongs
	stale := errors.Is(err, isms.ErrStale)
	if !stale && !errors.As(err, &wrong) {
		if err != nil {
			return err
		}
		return v.goTo("/reviews/" + text.Review + "/s/" + text.Section)
	}
	return v.sectionAgain(text, stale, wrong)
}

// sectionAgain shows the page with what was written, when it could not be kept.
func (v *visit) sectionAgain(text app.SectionText, stale bool, wrong register.Wrongs) error {
	r, err := v.reading()
	if err != nil {
		return err
	}
	p, err := v.sectionPage(r)
	if err != nil {
		return err
	}
	p.Failed = true
	status := http.StatusUnprocessableEntity
	if stale {
		status, p.Stale, p.Theirs = http.StatusConflict, true, p.Text
	} else {
		p.Rev = text.Rev
		p.Summary = summarize(v.lang, register.Of[isms.ReviewSection](), wrong)
	}
	p.Text, p.Notes = text.Text, text.Notes
	for i := range p.States {
		p.States[i].Chosen = p.States[i].Value == text.State
	}
	return v.show(status, "section", p)
}
