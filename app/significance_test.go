// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/register"
)

// TestThresholdsNeverSayNo holds that facts below every threshold decide nothing, that the strictest that is reached is told apart, and
// that what is not known stays unknown.
func TestThresholdsNeverSayNo(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.at("2026-11-24 12:00")
		w.hit()
		hold := func(facts map[string]string, sectors ...string) error {
			return w.HoldAgainstThresholds(w.ctx(), w.as("coordinator"), EnteredFacts{Entry: Entry{"sig", w.significance().Rev}, Sectors: sectors, Facts: facts}, "")
		}
		want(t, "sectors", hold(nil, "public_administration", "waste"), nil)
		p, err := w.SignificanceCase(w.ctx(), w.as("coordinator"), "sig")
		want(t, "the case", err, nil)
		if len(p.Asked) == 0 || len(p.Unmeasured) != 1 || p.Unmeasured[0] != "waste" || p.Day != "2026-11-24" {
			t.Errorf("asked %d, unmeasured %v by the rules of %s", len(p.Asked), p.Unmeasured, p.Day)
		}
		low := map[string]string{}
		for _, f := range p.Asked {
			low[f.Key] = "0"
		}
		want(t, "nothing hit", hold(low, "public_administration", "waste"), nil)
		if s := w.significance(); s.Significant != "" || s.Hits != "" {
			t.Errorf("the thresholds decided: %+v", s)
		}
		want(t, "13 hours", hold(map[string]string{"limited_hours": "12,5", "cost": "1 200 000", "persons_hit": ""}, "public_administration"), nil)
		p, err = w.SignificanceCase(w.ctx(), w.as("coordinator"), "sig")
		want(t, "the case", err, nil)
		results := map[string]law.Tested{}
		for _, one := range p.Tested {
			results[one.Key] = one
		}
		if a, b := results["administration_limited"], results["any_limited"]; a.Result != law.Reached || !a.Strictest || b.Result != law.Reached || b.Strictest {
			t.Errorf("the results are %+v and %+v", a, b)
		}
		if r := results["any_persons"]; r.Result != law.Unknown || len(r.Missing) != 1 {
			t.Errorf("what is not known came out as %+v", r)
		}
		if r := results["any_cost"]; r.Result != law.Unknown || p.Known["cost"] != 1200000 {
			t.Errorf("the cost came out as %+v of %v", r, p.Known)
		}
		s := w.significance()
		if !strings.HasPrefix(s.Hits, "Verksamheten begränsad i mer än 4 timmar") || s.RulesOf != "2026-11-24" || s.Significant != "" {
			t.Errorf("kept %q by the rules of %s", s.Hits, s.RulesOf)
		}
		for _, bad := range []map[string]string{{"limited_hours": "-1"}, {"limited_hours": "NaN"}, {"limited_hours": "många"}, {"persons_hit": "1,5"},
			{"protected_data_hit": "2"}, {"elephants": "1"}, {"cost": "1e400"}} {
			if err := hold(bad, "public_administration"); !isWrongs(err) {
				t.Errorf("%v gives %v", bad, err)
			}
		}
		wantWrong(t, "a sector that is none", hold(nil, "circus"), "no_such")
	})
}

// TestFactsKeepTheirFields holds that facts are read back as they were kept, whether the record has a field for them or not.
func TestFactsKeepTheirFields(t *testing.T) {
	var s isms.Significance
	facts := law.Facts{"limited_hours": 5, "persons_hit": 600, "protected_data_hit": 0, "person_harmed": 1, "system_down_hours": 4.5, "cost": 12000000, "yearly_income": 3e9}
	s.SetFacts(facts)
	back := s.Facts()
	for key, n := range facts {
		if got, known := back[key]; !known || got != n {
			t.Errorf("%s is %v, want %v", key, got, n)
		}
	}
	if len(back) != len(facts) || s.Protected != isms.No || s.Injury != isms.Yes {
		t.Errorf("read back %v", back)
	}
	s.SetFacts(law.Facts{})
	if len(s.Facts()) != 0 || s.MoreFacts != "" {
		t.Errorf("what was taken away is still there: %v", s.Facts())
	}
	s.CostShare = register.PercentOf(600)
	if f := s.Facts(); f["cost"] != 600 || f["yearly_income"] != 10000 {
		t.Errorf("6 percent is %v", f)
	}
}

// TestFinalReportComesOnce plays the incident through a situation report, its handling, its final report and a reopening.
func TestFinalReportComesOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.at("2026-08-03 12:00")
		w.hit()
		want(t, "known", w.known("2026-08-03 08:00"), nil)
		_, err := w.send(isms.IncidentNotice, "2026-08-03 11:00")
		want(t, "the notification", err, nil)
		final := w.runs(isms.FinalReport)
		w.at("2026-09-03 12:00")
		_, err = w.Submit(w.ctx(), w.as("coordinator"), Submit{Deadline: final.ID, Situation: true, Fields: map[string]string{"why_ongoing": "Delar saknas."}, SentAt: moment(t, "2026-09-03 11:00")})
		want(t, "a situation report", err, nil)
		w.none(isms.FinalReport)
		w.none(isms.SituationReport)
		p, err := w.SignificanceCase(w.ctx(), w.as("coordinator"), "sig")
		want(t, "the case", err, nil)
		if len(p.Sent) != 2 || p.Sent[1].Step != isms.SituationReport || p.Sent[1].StartsAt != final.StartsAt {
			t.Errorf("sent %+v", p.Sent)
		}

		move := func(to isms.IncidentState) {
			t.Helper()
			inc := get[isms.Incident](w, "inc")
			want(t, string(to), w.MoveIncident(w.ctx(), w.as("coordinator"), Move{ID: "inc", Rev: inc.Rev, To: to, Reason: "Skäl."}), nil)
		}
		w.at("2026-09-30 10:00")
		move(isms.IncidentHandled)
		d := w.runs(isms.FinalReport)
		due(t, "a month from the handling", d, "2026-10-30", "2026-10-30", "2026-10-30")
		if d.Rule != "csl_final_report_after_ongoing" || d.Trigger != isms.StartHandled {
			t.Errorf("reckoned by %s from %s", d.Rule, d.Trigger)
		}
		move(isms.IncidentInvestigating) // it was not handled after all
		w.none(isms.FinalReport)
		w.at("2026-10-05 10:00")
		move(isms.IncidentHandled)
		w.at("2026-10-20 10:00")
		_, err = w.send(isms.FinalReport, "2026-10-20 09:00")
		want(t, "the final report", err, nil)
		move(isms.IncidentInvestigating)
		w.at("2026-10-25 10:00")
		move(isms.IncidentHandled)
		w.none(isms.FinalReport)
		sent := w.deadlines(func(d isms.Deadline) bool { return d.Step == isms.FinalReport && d.SentAt != "" })
		if len(sent) != 1 {
			t.Errorf("%d final reports", len(sent))
		}
	})
}
