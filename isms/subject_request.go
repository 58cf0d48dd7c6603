// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"ledsyn/law"
	"ledsyn/register"
)

// RequestKind is the right that a person asks for.
type RequestKind string

// Choices lists the rights of GDPR Art. 15-22.
func (RequestKind) Choices() []string {
	return []string{"access", "rectification", "erasure", "restriction", "portability", "objection", "automated_decision"}
}

// SubjectRequest is a request from a data subject. It is to be answered within one month, which may be extended by two with notice
// in the first (GDPR Art. 12.3). The person is never named here; the registry has the case.
type SubjectRequest struct {
	Record
	Dnr            string                     `reg:"required,max=60,listed,find"`
	Kind           RequestKind                `reg:"required,listed"`
	ReceivedOn     register.Day               `reg:"required,listed"`
	ExtendedOn     register.Day               `reg:""` // the day the person was told of the extension
	ExtensionCause string                     `reg:"prose"`
	AnsweredOn     register.Day               `reg:"listed"`
	Refused        bool                       `reg:"listed"`
	Outcome        string                     `reg:"prose"`
	Handler        register.Ref[Person]       `reg:"listed"`
	Processings    []register.Ref[Processing] `reg:""`
}

// Due returns the day to plan for and the last day to answer, by the rules of the law on the first month and on its
// extension; both are empty where the day of receipt is not known. An extension counts only if the person was told of it
// within the first month.
func (s SubjectRequest) Due() (target, last register.Day) {
	if s.ExtendedOn != "" && s.extendedInTime() {
		return s.end("gdpr_subject_request_extended")
	}
	return s.end("gdpr_subject_request")
}

// Late reports whether the request was answered after its last day, or has passed it unanswered on the day.
func (s SubjectRequest) Late(on register.Day) bool {
	_, last := s.Due()
	if s.AnsweredOn != "" && s.AnsweredOn <= on {
		on = s.AnsweredOn
	}
	return last != "" && on > last
}

func (s SubjectRequest) end(rule string) (target, last register.Day) {
	p, ok := law.Rule(rule)
	if !ok || p.Clock == nil || !s.ReceivedOn.Valid() {
		return "", ""
	}
	due, ok := p.Clock.Due(s.ReceivedOn.Time())
	if !ok {
		return "", ""
	}
	return register.DayOf(due.Shown), register.DayOf(due.Adjusted)
}

func (s SubjectRequest) extendedInTime() bool {
	_, first := s.end("gdpr_subject_request")
	return s.ReceivedOn <= s.ExtendedOn && s.ExtendedOn <= first
}

// Wrong reports days before the receipt, an extension told after the first month or without its cause, and a refusal
// without reasons. An answer that comes late is no mistake in the record.
func (s SubjectRequest) Wrong() []register.Wrong {
	wrong := order("extended_on", s.ReceivedOn, s.ExtendedOn)
	if _, first := s.end("gdpr_subject_request"); first != "" && s.ExtendedOn > first {
		wrong = append(wrong, register.Wrong{Field: "extended_on", Code: "extended_late", Args: []any{string(first)}})
	}
	if s.ExtendedOn != "" && s.ExtensionCause == "" {
		wrong = append(wrong, register.Wrong{Field: "extension_cause", Code: "extension_without_cause"})
	}
	if s.Refused && s.Outcome == "" {
		wrong = append(wrong, register.Wrong{Field: "outcome", Code: "refused_without_reason"})
	}
	return append(wrong, order("answered_on", s.ReceivedOn, s.AnsweredOn)...)
}
