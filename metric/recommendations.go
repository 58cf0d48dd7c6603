// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"ledsyn/isms"
	"ledsyn/register"
)

// Issuers lists who gives recommendations, as the Part of RecommendationsOpen.
func Issuers() []string { return []string{"audit", "dpo"} }

// RecommendationsOpen is how many of an issuer's recommendations are still open on the day. Only the issuer's own
// verdict closes one: what the unit itself says is done is still open. Oldest is the day of the oldest open one.
func RecommendationsOpen(r Records, issuer string, day register.Day) Figure {
	verdicts := Verdicts(r.FollowUps, day)
	var counted, of []string
	var oldest register.Day
	for _, rec := range r.Recommendations {
		given := r.GivenOn(rec)
		if gone(rec.Record, day) || (rec.Audit != "") != (issuer == "audit") || given > day {
			continue
		}
		of = append(of, rec.ID)
		if verdicts[rec.ID].Verdict.Closes() {
			continue
		}
		counted = append(counted, rec.ID)
		if given != "" && (oldest == "" || given < oldest) {
			oldest = given
		}
	}
	f := share("recommendations_open", "recommendation", "recommendation", day, counted, of)
	f.Part, f.Oldest = issuer, oldest
	return f
}

// GivenOn is the day of a recommendation: its own, or that of the report it stands in.
func (r Records) GivenOn(rec isms.Recommendation) register.Day {
	if rec.GivenOn != "" {
		return rec.GivenOn
	}
	for _, a := range r.Audits {
		if a.ID == string(rec.Audit) {
			return a.DeliveredOn
		}
	}
	for _, d := range r.DPOReports {
		if d.ID == string(rec.Report) {
			return d.DeliveredOn
		}
	}
	return ""
}

// Verdicts returns each recommendation's latest follow-up with a verdict of its issuer, on or before the day.
func Verdicts(all []isms.FollowUp, day register.Day) map[string]isms.FollowUp {
	return latest(all, day, func(f isms.FollowUp) bool { return f.Verdict != "" })
}

// OwnStates returns each recommendation's latest follow-up with the unit's own state, on or before the day.
func OwnStates(all []isms.FollowUp, day register.Day) map[string]isms.FollowUp {
	return latest(all, day, func(f isms.FollowUp) bool { return f.State != "" })
}

func latest(all []isms.FollowUp, day register.Day, says func(isms.FollowUp) bool) map[string]isms.FollowUp {
	last := map[string]isms.FollowUp{}
	for _, f := range all {
		if f.Day > day || gone(f.Record, day) || !says(f) {
			continue
		}
		id := string(f.Recommendation)
		if was, ok := last[id]; !ok || f.Day > was.Day || f.Day == was.Day && f.ID > was.ID {
			last[id] = f
		}
	}
	return last
}
