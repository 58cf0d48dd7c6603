// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// ClassifyStopPage is where the work stops: the information may concern Sweden's security. It has fields for nothing but when and to whom
// it was referred.
type ClassifyStopPage struct {
	Frame
	Summary      *Summary
	Refer        bool
	Action, Back string
	Rev          int
	Key          string
	Fields       []FormField
}

func (s *site) classifyStop(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	c, rec, err := v.classification(v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "classify-stop", v.stopPage(c, rec.May, string(s.app.Today()), ""))
}

func (v *visit) stopPage(c *isms.Classification, may app.Rights, day, to string) *ClassifyStopPage {
	l := v.lang
	p := &ClassifyStopPage{Action: "/classify/" + c.ID + "/stop", Back: "/classify/" + c.ID, Rev: c.Rev, Key: register.NewID(),
		Refer: (may.Change || may.Decide) && c.Retired == "" && c.State != isms.ClassificationDecided && c.State != isms.ClassificationSuperseded}
	p.Title = l.T("web.classify.stop")
	p.Crumbs = []Link{{l.T("web.classify"), "/classify"}}
	p.Fields = []FormField{
		{Name: "referred_on", Label: l.T("referral.referred_on"), Help: l.T("referral.referred_on.help"), Kind: "date", Value: day, Max: 10, Shape: l.T("web.form.day_shape"), Required: true},
		{Name: "to", Label: l.T("referral.to"), Help: l.T("web.classify.stop.to.help"), Kind: "text", Width: "w-mid", Value: to, Max: 120, Required: true},
	}
	return p
}

func (s *site) refer(v *visit) error {
	form, err := v.formOf("_rev", "_key", "referred_on", "to")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	c, rec, err := v.classification(v.r.PathValue("id"))
	if err != nil {
		return err
	}
	referral, err := s.app.StopWorkshop(v.r.Context(), v.who, app.Entry{ID: c.ID, Rev: rev}, form["to"], register.Day(form["referred_on"]), form["_key"])
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		p := v.stopPage(c, rec.May, form["referred_on"], form["to"])
		wrongFields(v, p.Fields, wrong)
		p.Summary, p.Failed = summarize(v.lang, register.Of[isms.Referral](), wrong), true
		return v.show(http.StatusUnprocessableEntity, "classify-stop", p)
	}
	if err != nil {
		return err
	}
	if _, err := s.app.Get(v.r.Context(), v.who, "referral", referral); errors.Is(err, isms.ErrNotFound) { // is not for everybody who may stop
		return v.goTo("/classify?said=referred")
	}
	return v.goTo(address("referral", referral))
}
