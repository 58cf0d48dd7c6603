// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"regexp"
	"slices"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
)

// A verdict is a decision of a case that a person makes and that a second person must approve when it is a no: to notify a breach, or
// that an incident is significant.
type verdict struct {
	kind, unit            string
	answer                isms.Answer
	reason                string
	decidedBy, approvedBy register.Ref[isms.Person]
}

func verdictOfBreach(b *isms.Breach) verdict {
	if b == nil {
		return verdict{}
	}
	return verdict{"breach", b.Unit, b.Notify, b.NotifyReason, b.DecidedBy, b.ApprovedBy}
}

func verdictOfSignificance(s *isms.Significance) verdict {
	if s == nil {
		return verdict{}
	}
	return verdict{"significance", s.Unit, s.Significant, s.Reason, s.DecidedBy, s.ApprovedBy}
}

// verdictRules let everybody who works with the case say yes, so that caution never waits for anybody, and only those who decide in
// the unit say no or take a no back. Who decides no and who approves it do so themselves, and are two persons, also where one of them
// was entered twice. A no that is changed must be approved anew.
func verdictRules(l *look, who access.Actor, was, is verdict) (register.Wrongs, error) {
	if who.System() {
		return nil, nil
	}
	var wrong register.Wrongs
	changed := was.answer != is.answer || was.reason != is.reason || was.decidedBy != is.decidedBy
	field := map[string]string{"breach": "notify", "significance": "significant"}[is.kind]
	if changed && (was.answer == isms.No || is.answer == isms.No) {
		if !who.May(access.Decide, is.kind, is.unit) {
			wrong = append(wrong, register.Wrong{Field: field, Code: "no_by_decider"})
		}
		if is.answer == isms.No && string(is.decidedBy) != who.Person && is.decidedBy != "" {
			wrong = append(wrong, register.Wrong{Field: "decided_by", Code: "decide_yourself"})
		}
	}
	if is.approvedBy == "" {
		return wrong, nil
	}
	if is.approvedBy == was.approvedBy {
		if changed {
			wrong = append(wrong, register.Wrong{Field: "approved_by", Code: "approve_anew"})
		}
		return wrong, nil
	}
	if string(is.approvedBy) != who.Person || !who.May(access.Create, is.kind, is.unit) {
		wrong = append(wrong, register.Wrong{Field: "approved_by", Code: "approve_yourself"})
	}
	same, err := samePerson(l, is.decidedBy, is.approvedBy)
	if same {
		wrong = append(wrong, register.Wrong{Field: "approved_by", Code: "four_eyes"})
	}
	return wrong, err
}

// samePerson reports whether two records are of one person.
func samePerson(l *look, a, b register.Ref[isms.Person]) (bool, error) {
	if a == b {
		return true, nil
	}
	var two [2]isms.Person
	for i, id := range []string{string(a), string(b)} {
		rec, err := l.Get(register.Of[isms.Person](), everywhere, id)
		if errors.Is(err, isms.ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		two[i] = *rec.(*isms.Person)
	}
	return two[0].Same(two[1]), nil
}

// breachRules are what a breach must not be, whichever way it is saved.
func breachRules(l *look, who access.Actor, was, is *isms.Breach) (register.Wrongs, error) {
	if wrong := onlyOpinion(who, was, is); len(wrong) > 0 {
		return wrong, nil
	}
	wrong, err := verdictRules(l, who, verdictOfBreach(was), verdictOfBreach(is))
	if err != nil {
		return nil, err
	}
	if was == nil {
		was = &isms.Breach{}
	}
	now := l.Now()
	for _, m := range []struct {
		field   string
		was, is register.Moment
	}{{"aware_at", was.AwareAt, is.AwareAt}, {"processor_at", was.ProcessorAt, is.ProcessorAt}, {"informed_at", was.InformedAt, is.InformedAt},
		{"dpo_asked_at", was.DPOAskedAt, is.DPOAskedAt}} {
		wrong = append(wrong, future(m.field, m.was, m.is, now)...)
	}
	wrong = append(wrong, startRules(who, settledStart{"aware", was.AwareAt, is.AwareAt, is.AwareZone, is.AwareReason, is.AwareBy})...)
	if is.AwareAt == was.AwareAt || is.AwareAt == "" {
		return wrong, nil
	}
	sent, err := linkedIn[isms.Deadline](l, "breach", is.ID)
	return append(wrong, startAfterSent("aware_at", is.AwareAt, sent, isms.BreachNotice, isms.ProcessorNotice)...), err
}

// onlyOpinion lets those who may not make a breach, such as the data protection officer, write nothing in it but the opinion.
func onlyOpinion(who access.Actor, was, is *isms.Breach) register.Wrongs {
	if who.System() || was == nil || who.May(access.Create, "breach", is.Unit) {
		return nil
	}
	var wrong register.Wrongs
	for _, c := range register.Diff(was, is) {
		if c.Field.Name != "dpo_view" && c.Field.Name != "dpo_asked_at" {
			wrong = append(wrong, register.Wrong{Field: c.Field.Name, Code: "opinion_only"})
		}
	}
	return wrong
}

// significanceRules are what a judgement of significance must not be, whichever way it is saved.
func significanceRules(l *look, who access.Actor, was, is *isms.Significance) (register.Wrongs, error) {
	wrong, err := verdictRules(l, who, verdictOfSignificance(was), verdictOfSignificance(is))
	if err != nil {
		return nil, err
	}
	if was == nil {
		was = &isms.Significance{}
	}
	wrong = append(wrong, future("known_at", was.KnownAt, is.KnownAt, l.Now())...)
	wrong = append(wrong, startRules(who, settledStart{"known", was.KnownAt, is.KnownAt, is.KnownZone, is.KnownReason, is.KnownBy})...)
	if is.KnownAt == was.KnownAt || is.KnownAt == "" {
		return wrong, nil
	}
	sent, err := linkedIn[isms.Deadline](l, "significance", is.ID)
	return append(wrong, startAfterSent("known_at", is.KnownAt, sent, isms.EarlyWarning, isms.IncidentNotice)...), err
}

func future(field string, was, is, now register.Moment) register.Wrongs {
	if is != was && is > now {
		return register.Wrongs{{Field: field, Code: "in_future"}}
	}
	return nil
}

// A settledStart is the moment that periods are reckoned from, with what must be said of it.
type settledStart struct {
	name    string
	was, is register.Moment
	zone    string
	reason  string
	by      register.Ref[isms.Person]
}

var offsetShape = regexp.MustCompile(`^[+-][0-2][0-9]:[0-5][0-9]$`)

// startRules hold that a moment is settled by somebody and for a reason.
func startRules(who access.Actor, s settledStart) register.Wrongs {
	var wrong register.Wrongs
	if _, err := time.LoadLocation(s.zone); err != nil && !offsetShape.MatchString(s.zone) {
		wrong = append(wrong, register.Wrong{Field: s.name + "_zone", Code: "zone", Args: []any{s.zone}})
	}
	if s.is == s.was || s.is == "" || who.System() {
		return wrong
	}
	if s.reason == "" {
		wrong = append(wrong, register.Wrong{Field: s.name + "_reason", Code: "start_reason"})
	}
	if s.by == "" {
		wrong = append(wrong, register.Wrong{Field: s.name + "_by", Code: "required"})
	}
	return wrong
}

// startAfterSent reports a start that would come after what it started was sent.
func startAfterSent(field string, at register.Moment, all []isms.Deadline, steps ...isms.ReportStep) register.Wrongs {
	for _, d := range all {
		if d.SentAt != "" && d.SentAt < at && slices.Contains(steps, d.Step) {
			return register.Wrongs{{Field: field, Code: "start_after_sent"}}
		}
	}
	return nil
}
