// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"cmp"
	"strings"

	"ledsyn/register"
)

// Owed is a step that a case owes somebody, with what its period is reckoned from. It says nothing of when the period ends: that is law.
type Owed struct {
	Step      ReportStep
	Rule      string // the rule's key in law
	Trigger   string
	StartsAt  register.Moment
	Zone      string
	SettledBy register.Ref[Person]
	Reason    string
	Hours     register.Count // what an agreement gives, where the law gives no time
}

// What starts periods.
const (
	StartKnowledge  = "knowledge"
	StartNoticeSent = "notice_sent"
	StartHandled    = "handled"
	StartRequest    = "request"
	StartHighRisk   = "high_risk"
)

// Sent is when each step of a case was sent first; steps that were not are left out.
type Sent map[ReportStep]register.Moment

// SentOf gathers what was sent of the deadlines.
func SentOf(deadlines []Deadline) Sent {
	sent := Sent{}
	for _, d := range deadlines {
		if d.SentAt != "" && d.Retired == "" && (sent[d.Step] == "" || d.SentAt < sent[d.Step]) {
			sent[d.Step] = d.SentAt
		}
	}
	return sent
}

// Owes lists what the board owes: as a controller the notice within the time from when it became aware, until it is decided for good
// that nothing is notified; after a notice its supplement; the persons their information as soon as the risk is high or it is decided to
// inform them. A processor owes its controller a notice. Nothing runs before the moment of awareness is settled. now is when a duty
// without a moment of its own begins.
func (b Breach) Owes(sent Sent, now register.Moment) []Owed {
	if b.Retired != "" {
		return nil
	}
	known := Owed{Trigger: StartKnowledge, StartsAt: b.AwareAt, Zone: b.AwareZone, SettledBy: b.AwareBy, Reason: b.AwareReason}
	if b.Role == Processor {
		if b.AwareAt == "" {
			return nil
		}
		known.Step, known.Rule, known.Hours = ProcessorNotice, "gdpr_processor_notice", b.ProcessorHours
		return []Owed{known}
	}
	var owed []Owed
	if b.AwareAt != "" && (b.Notify != No || !b.Settled()) {
		known.Step, known.Rule = BreachNotice, "gdpr_breach_notification"
		owed = append(owed, known)
	}
	if at := sent[BreachNotice]; at != "" {
		owed = append(owed, Owed{Step: BreachSupplement, Rule: "gdpr_breach_supplement", Trigger: StartNoticeSent, StartsAt: at, Zone: b.AwareZone})
	}
	if b.MustInform() {
		owed = append(owed, Owed{Step: PersonsInformed, Rule: "gdpr_inform_persons", Trigger: StartHighRisk, StartsAt: now, Zone: b.AwareZone,
			SettledBy: cmp.Or(b.DecidedBy, b.AwareBy), Reason: b.RiskReason})
	}
	return owed
}

// MustInform reports whether the persons are to be informed: the risk is high and no exemption was decided, or it was decided to.
func (b Breach) MustInform() bool {
	return b.Inform == Yes || b.Risk == BreachHigh && b.Inform != No
}

// Owes lists what the operator owes of the incident: an early warning and a notification from when it got to know, until it is decided
// for good that the incident is not significant; and the final report, a month from the notification that was sent. When a situation
// report was sent instead, because it still went on, the final report comes a month after the incident was handled. A final report that
// was sent is never owed again, though the incident is opened anew.
func (s Significance) Owes(i Incident, sent Sent) []Owed {
	if s.Retired != "" || s.KnownAt == "" || s.Significant == No && s.Settled() {
		return nil
	}
	known := Owed{Trigger: StartKnowledge, StartsAt: s.KnownAt, Zone: s.KnownZone, SettledBy: s.KnownBy, Reason: s.KnownReason}
	warning, notice := known, known
	warning.Step, warning.Rule = EarlyWarning, "csl_early_warning"
	notice.Step, notice.Rule = IncidentNotice, "csl_incident_notification"
	owed := []Owed{warning, notice}
	switch at := sent[IncidentNotice]; {
	case at == "" || sent[FinalReport] != "":
	case sent[SituationReport] == "":
		owed = append(owed, Owed{Step: FinalReport, Rule: "csl_final_report", Trigger: StartNoticeSent, StartsAt: at, Zone: s.KnownZone})
	case i.HandledAt != "":
		owed = append(owed, Owed{Step: FinalReport, Rule: "csl_final_report_after_ongoing", Trigger: StartHandled, StartsAt: i.HandledAt, Zone: s.KnownZone})
	}
	return owed
}

// Waivable reports whether a person may say that the step is not needed: the law only opens for it, or somebody asked.
func (s ReportStep) Waivable() bool { return s == BreachSupplement || s == InterimReport }

// Often reports whether the step may be sent several times without correcting what was sent.
func (s ReportStep) Often() bool { return s == BreachSupplement }

// Secret reports whether what is sent in the step is a report under cybersäkerhetslagen, which is secret in its own way.
func (s ReportStep) Secret() bool {
	switch s {
	case EarlyWarning, IncidentNotice, InterimReport, FinalReport, SituationReport:
		return true
	}
	return false
}

// Same reports whether two records are of one person: a person may have been entered twice, with the same address or employee number.
func (p Person) Same(q Person) bool {
	return p.ID == q.ID || p.Email != "" && strings.EqualFold(strings.TrimSpace(p.Email), strings.TrimSpace(q.Email)) || p.Number != "" && p.Number == q.Number
}
