// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"strconv"
	"time"

	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/report"
)

// events finds incidents of which something that the law or the method asks for is missing on the review's day.
func (x *examination) events() {
	x.breaches()
	var untriaged, causeless, unlearnt []string
	for i := range x.Incidents {
		in := &x.Incidents[i]
		if x.gone(in.Record) || in.ReportedAt.Day() > x.day {
			continue
		}
		old := x.day.End().Time().Sub(in.ReportedAt.Time()) > isms.TriageHours*time.Hour
		switch {
		case in.State == isms.IncidentReported && old:
			untriaged = append(untriaged, in.ID)
		case in.State == isms.IncidentClosed && in.Cause == isms.CauseUnknown && (in.Severity == "considerable" || in.Severity == "serious"):
			causeless = append(causeless, in.ID)
		case in.State == isms.IncidentClosed && in.Lessons != "" && len(in.Activities) == 0 && (in.Severity == "considerable" || in.Severity == "serious"):
			unlearnt = append(unlearnt, in.ID)
		}
	}
	x.several("incidents_untriaged", "all", "incident", "state", untriaged, isms.TriageHours)
	x.several("incidents_without_cause", "all", "incident", "cause", causeless)
	x.several("lessons_not_planned", "all", "incident", "activities", unlearnt)
	x.latePeriods()
	x.silence()
}

// breaches finds incidents with personal data that no board has judged, and breaches that were left undecided for longer than the law gives.
func (x *examination) breaches() {
	judged := map[string]bool{}
	for _, b := range x.Breaches {
		judged[string(b.Incident)] = true
	}
	var unjudged []string
	for _, in := range x.Incidents {
		counted := in.State != isms.IncidentJoined && in.State != isms.IncidentNone && !x.gone(in.Record) && in.ReportedAt.Day() <= x.day
		if counted && in.PersonalData == isms.Yes && !judged[in.ID] {
			unjudged = append(unjudged, in.ID)
		}
	}
	x.several("incidents_breach_not_judged", "all", "incident", "personal_data", unjudged)
	for i := range x.Breaches {
		b := &x.Breaches[i]
		if b.AwareAt != "" && b.AwareAt.Day().AddDays(3) < x.day && !b.Settled() && !x.gone(b.Record) {
			x.record("breach_undecided", b, "notify", string(b.AwareAt.Day()))
		}
	}
}

// latePeriods finds statutory periods that were missed without the reason that the law asks for.
func (x *examination) latePeriods() {
	var ids []string
	for _, d := range x.Deadlines {
		if !x.gone(d.Record) && d.Late(x.day.End()) && d.DelayReason == "" && (d.SentAt == "" || d.SentAt.Day() <= x.day) {
			ids = append(ids, d.ID)
		}
	}
	x.several("period_missed_without_reason", "all", "deadline", "delay_reason", ids)
}

// silence finds that so few incidents are reported, in relation to how many work there, that it may be silence.
func (x *examination) silence() {
	for _, f := range metric.Of(x.Records, "incidents_per_employee", x.day) {
		p, known := f.Percent().Known()
		n, _ := f.Numerator.Known()
		d, _ := f.Denominator.Known()
		if known && f.Year == x.day.Year() && p < report.SilentRate && d >= 100 {
			x.add(Finding{Code: "incidents_few", Key: "incidents_few/" + strconv.Itoa(f.Year), Kind: "incident", Args: []any{n, d}, Of: f.Refs()})
		}
	}
}
