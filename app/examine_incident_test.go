// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"
	"testing"

	"ledsyn/isms"
	"ledsyn/metric"
)

// A routine for lost devices that was asked for does not disappear into one for incidents at large.
func TestARoutineForLostDevicesHiddenInAnotherIsFound(t *testing.T) {
	playbook := func(r *metric.Records) {
		r.Playbooks = []isms.Playbook{{Record: rec("pb"), Name: "Rutin", Document: "d", ValidFrom: "2024-02-01"}}
		r.Documents[0].Type = isms.Routine
	}
	for name, c := range map[string]struct {
		set  func(*metric.Records)
		want bool
	}{
		"answered with a general one":          {func(*metric.Records) {}, true},
		"though it says that it covers all":    {func(r *metric.Records) { r.Responses[0].Covers = "whole" }, true},
		"answered with itself":                 {func(r *metric.Records) { r.Responses[0].Subject = "Rutin för borttappade telefoner" }, false},
		"declined":                             {func(r *metric.Records) { r.Responses[0].Position = "declined" }, false},
		"not answered, which is another fault": {func(r *metric.Records) { r.Responses = nil }, false},
		"another recommendation":               {func(r *metric.Records) { r.Recommendations[0].Subject = "Rutin för säkerhetskopior" }, false},
		"a decided routine":                    {playbook, false},
		"a routine that is no document":        {func(r *metric.Records) { playbook(r); r.Playbooks[0].Document = "" }, true},
		"a routine that is a draft":            {func(r *metric.Records) { playbook(r); r.Documents[0].State = isms.DocumentDraft }, true},
		"a routine decided after the day":      {func(r *metric.Records) { playbook(r); r.Documents[0].DecidedOn = "2024-12-01" }, true},
		"a routine that is not in force":       {func(r *metric.Records) { playbook(r); r.Playbooks[0].ValidTo = "2024-03-01" }, true},
		"a document that is not a routine":     {func(r *metric.Records) { playbook(r); r.Documents[0].Type = "policy" }, true},
		"closed by the one who recommended it": {func(r *metric.Records) {
			r.FollowUps = []isms.FollowUp{{Record: rec("fu"), Recommendation: "r", Day: "2024-11-01", Verdict: "done", Source: "x"}}
		}, false},
		"another answer that is about the loss": {func(r *metric.Records) {
			r.Responses = append(r.Responses, isms.Response{Record: rec("s2"), Recommendation: "r", Subject: "Stulna och borttappade enheter"})
		}, false},
	} {
		review, r := whole()
		r.Responses[0].Subject = "Ny rutin för informationssäkerhetsincidenter"
		c.set(&r)
		got := slices.ContainsFunc(examine(review, r, nil), func(f Finding) bool { return f.Code == "device_routine_hidden" && f.ID == "r" })
		if got != c.want {
			t.Errorf("%s: found %v", name, got)
		}
	}
}
