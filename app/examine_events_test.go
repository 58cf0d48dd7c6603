// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"
	"testing"

	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
)

func TestExamineEvents(t *testing.T) {
	rec := func(id string) isms.Record { return isms.Record{ID: id, Unit: "board"} }
	at := func(day string) register.Moment { return register.Moment(day + "T10:00:00.000000Z") }
	review := isms.Review{Record: rec("r"), Year: 2027, AsOf: "2026-10-31"}
	// Each line is wrong as it is and right when it has been mended; the day before, none of it had happened.
	for code, c := range map[string]struct {
		wrong, mended metric.Records
		ids           []string
	}{
		"incidents_untriaged": {
			metric.Records{Incidents: []isms.Incident{{Record: rec("a"), State: isms.IncidentReported, ReportedAt: at("2026-10-29")}, {Record: rec("b"), State: isms.IncidentReported, ReportedAt: at("2026-10-31")}}},
			metric.Records{Incidents: []isms.Incident{{Record: rec("a"), State: isms.IncidentTriaged, ReportedAt: at("2026-10-29")}}}, []string{"a"},
		},
		"incidents_without_cause": {
			metric.Records{Incidents: []isms.Incident{{Record: rec("a"), State: isms.IncidentClosed, Cause: isms.CauseUnknown, Severity: "serious", ReportedAt: at("2026-03-01")}}},
			metric.Records{Incidents: []isms.Incident{{Record: rec("a"), State: isms.IncidentClosed, Cause: isms.CauseUnknown, Severity: "negligible", ReportedAt: at("2026-03-01")}}}, []string{"a"},
		},
		"lessons_not_planned": {
			metric.Records{Incidents: []isms.Incident{{Record: rec("a"), State: isms.IncidentClosed, Cause: "mistake", Severity: "serious", Lessons: "Rutin", ReportedAt: at("2026-03-01")}}},
			metric.Records{Incidents: []isms.Incident{{Record: rec("a"), State: isms.IncidentClosed, Cause: "mistake", Severity: "serious", Lessons: "Rutin", Activities: []register.Ref[isms.Activity]{"x"},
				ReportedAt: at("2026-03-01")}}}, []string{"a"},
		},
		"incidents_breach_not_judged": {
			metric.Records{Incidents: []isms.Incident{{Record: rec("a"), State: isms.IncidentTriaged, PersonalData: isms.Yes, ReportedAt: at("2026-03-01")}}},
			metric.Records{Incidents: []isms.Incident{{Record: rec("a"), State: isms.IncidentTriaged, PersonalData: isms.Yes, ReportedAt: at("2026-03-01")}},
				Breaches: []isms.Breach{{Record: rec("b"), Incident: "a"}}}, []string{"a"},
		},
		"breach_undecided": {
			metric.Records{Breaches: []isms.Breach{{Record: rec("a"), Name: "Brev", AwareAt: at("2026-10-01"), Notify: isms.No}}}, // nobody has approved the no
			metric.Records{Breaches: []isms.Breach{{Record: rec("a"), Name: "Brev", AwareAt: at("2026-10-01"), Notify: isms.No, DecidedBy: "x", ApprovedBy: "y"}}}, []string{"a"},
		},
		"period_missed_without_reason": {
			metric.Records{Deadlines: []isms.Deadline{{Record: rec("a"), Shown: at("2026-10-01")}, {Record: rec("b"), Shown: at("2026-11-01")}}},
			metric.Records{Deadlines: []isms.Deadline{{Record: rec("a"), Shown: at("2026-10-01"), SentAt: at("2026-10-02"), DelayReason: "Semester"}}}, []string{"a"},
		},
		"incidents_few": {
			metric.Records{Incidents: []isms.Incident{{Record: rec("a"), State: isms.IncidentTriaged, ReportedAt: at("2026-03-01")}},
				Headcounts: []isms.Headcount{{Record: rec("h"), Day: "2026-01-31", Persons: register.CountOf(1000)}}},
			metric.Records{Incidents: []isms.Incident{{Record: rec("a"), State: isms.IncidentTriaged, ReportedAt: at("2026-03-01")}},
				Headcounts: []isms.Headcount{{Record: rec("h"), Day: "2026-01-31", Persons: register.CountOf(50)}}}, []string{"a"},
		},
	} {
		found := func(r isms.Review, records metric.Records) (ids []string, any bool) {
			for _, f := range examine(r, records, nil) {
				if f.Code == code {
					for _, of := range f.Of {
						if of.Kind != "headcount" {
							ids = append(ids, of.ID)
						}
					}
					any = true
				}
			}
			return ids, any
		}
		if ids, any := found(review, c.wrong); !any || !slices.Equal(ids, c.ids) {
			t.Errorf("%s: found of %v, want %v", code, ids, c.ids)
		}
		if ids, any := found(review, c.mended); any {
			t.Errorf("%s is mended and still found of %v", code, ids)
		}
		early := review
		early.AsOf = "2026-02-28"
		if ids, any := found(early, c.wrong); any {
			t.Errorf("%s: found of %v before it happened", code, ids)
		}
	}
}
