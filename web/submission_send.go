// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/report"
)

// sentStep is a form of a step that was sent and could not be kept.
type sentStep struct {
	form  map[string]string
	wrong register.Wrongs
}

// stepForm reads the form of a step: the receiver's fields, whose names begin with f., and what is said of the sending.
func (v *visit) stepForm() (fields, form map[string]string, err error) {
	sent, err := v.form()
	if err != nil {
		return nil, nil, err
	}
	fields, form = map[string]string{}, map[string]string{}
	for name, list := range sent {
		if len(list) != 1 {
			return nil, nil, errForm
		}
		if key, ok := strings.CutPrefix(name, "f."); ok {
			fields[key] = list[0]
		}
		form[name] = list[0]
	}
	known := map[string]bool{"_key": true, "_which.sent_at": true, "report": true, "replaces": true, "sent_at": true, "way": true, "case_id": true, "receipt": true, "delay_reason": true}
	for name := range form {
		if !known[name] && !strings.HasPrefix(name, "f.") {
			return nil, nil, errForm
		}
	}
	return fields, form, nil
}

func (s *site) sendStep(v *visit) error {
	fields, form, err := v.stepForm()
	if err != nil {
		return err
	}
	id, situation := v.r.PathValue("id"), form["report"] == "situation"
	at, wrong := readInstants(form, "sent_at")
	submission := ""
	if err = wrongsOrNil(wrong); err == nil {
		submission, err = s.app.Submit(v.r.Context(), v.who, app.Submit{Deadline: id, Situation: situation, Fields: fields, SentAt: at["sent_at"], Way: form["way"],
			CaseID: form["case_id"], Receipt: form["receipt"], DelayReason: form["delay_reason"], Replaces: form["replaces"], Key: form["_key"]})
	}
	if errors.As(err, &wrong) {
		return v.showStep(http.StatusUnprocessableEntity, situation, form["replaces"] != "", sentStep{form, wrong})
	}
	if err != nil {
		return v.afterAct(err, deadlineAddress(id))
	}
	rec, err := s.app.Get(v.r.Context(), v.who, "submission", submission)
	if err != nil {
		return err
	}
	return v.goTo(deadlineAddress(string(rec.Entity.(*isms.Submission).Deadline)) + "#versions")
}

func (s *site) printStep(v *visit) error {
	fields, form, err := v.stepForm()
	if err != nil {
		return err
	}
	doc, err := s.app.PrintForm(v.r.Context(), v.who, v.r.PathValue("id"), form["report"] == "situation", fields, v.lang)
	if err != nil {
		return err
	}
	return v.sendStepPDF(doc)
}

func (s *site) sentFile(v *visit) error {
	number, ok := strings.CutSuffix(v.r.PathValue("file"), ".pdf")
	version, err := strconv.Atoi(number)
	if !ok || err != nil {
		return isms.ErrNotFound
	}
	doc, err := s.app.PrintSubmission(v.r.Context(), v.who, v.r.PathValue("id"), version, v.lang)
	if err != nil {
		return err
	}
	return v.sendStepPDF(doc)
}

func (v *visit) sendStepPDF(doc report.Doc) error {
	if v.masked {
		text, err := json.Marshal(doc)
		if err != nil {
			return err
		}
		v.said(string(text))
		doc.Front.Lines = append(doc.Front.Lines, report.Line{Label: v.lang.T("web.secrecy.masked_copy"), Value: strings.Join(v.copyNote(), " ")})
	}
	var b bytes.Buffer
	if err := report.PDF(&b, doc); err != nil {
		return err
	}
	return v.sendFile("application/pdf", "anmalan-"+string(v.site.app.Today())+".pdf", b.Bytes())
}

func (s *site) waiveStep(v *visit) error {
	form, err := v.formOf("_rev", "_key", "reason")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	err = s.app.Waive(v.r.Context(), v.who, app.Entry{ID: id, Rev: rev}, form["reason"], form["_key"])
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showStep(http.StatusUnprocessableEntity, false, false, sentStep{nil, wrong})
	}
	return v.afterAct(err, deadlineAddress(id))
}
