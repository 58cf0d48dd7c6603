// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"cmp"
	"fmt"
	"slices"

	"ledsyn/isms"
	"ledsyn/metric"
)

// ordered puts the records in the order they are told in, so that the document does not depend on the order they
// were read in.
func ordered(r metric.Records) metric.Records {
	r.Systems = by(r.Systems, func(s isms.System) string { return s.ID })
	r.Processes = by(r.Processes, func(p isms.Process) string { return p.ID })
	r.Sets = by(r.Sets, func(s isms.InformationSet) string { return s.ID })
	r.Recommendations = by(r.Recommendations, func(r isms.Recommendation) string { return r.ID })
	r.Targets = by(r.Targets, func(t isms.ActivityTarget) string { return t.ID })
	r.Factors = by(r.Factors, func(f isms.ContextFactor) string { return string(f.AsOf) + f.Heading + f.ID })
	r.Documents = by(r.Documents, func(d isms.Document) string { return fmt.Sprintf("%02d", rank(d.Type)) + d.Title + d.ID })
	r.Decisions = by(r.Decisions, func(d isms.Decision) string { return string(d.DecidedOn) + d.Title + d.ID })
	r.ControlProcesses = by(r.ControlProcesses, func(p isms.ControlProcess) string { return p.Name + p.ID })
	r.Assessments = by(r.Assessments, func(a isms.ControlAssessment) string { return a.Part + a.ID })
	r.ControlPlans = by(r.ControlPlans, func(p isms.ControlPlan) string { return p.Title + p.ID })
	r.Controls = by(r.Controls, func(c isms.Control) string { return c.Name + c.ID })
	r.SpotChecks = by(r.SpotChecks, func(s isms.SpotCheck) string { return string(s.PerformedOn) + s.Area + s.ID })
	r.Deviations = by(r.Deviations, func(d isms.Deviation) string { return string(d.FoundOn) + d.Title + d.ID })
	r.RiskCycles = by(r.RiskCycles, func(c isms.RiskCycle) string { return fmt.Sprintf("%05d", c.AnalysisYear) + c.ID })
	r.Audits = by(r.Audits, func(a isms.Audit) string { return fmt.Sprintf("%05d", a.Year) + a.Number + a.ID })
	r.DPOReports = by(r.DPOReports, func(d isms.DPOReport) string { return fmt.Sprintf("%05d", d.Year) + d.ID })
	r.DPOAreas = by(r.DPOAreas, func(a isms.DPOArea) string { return a.Name + a.ID })
	r.Courses = by(r.Courses, func(c isms.Course) string { return c.Name + c.ID })
	r.Responses = by(r.Responses, func(s isms.Response) string { return string(s.DecidedOn) + s.ID })
	r.Reviews = by(r.Reviews, func(v isms.Review) string { return v.ID })
	r.Sections = by(r.Sections, func(s isms.ReviewSection) string { return s.ID })
	r.Consultations = by(r.Consultations, func(k isms.Consultation) string { return string(k.Day) + k.ID })
	r.Acceptances = by(r.Acceptances, func(a isms.Acceptance) string { return a.Finding + a.ID })
	orderedProcessing(&r)

	first := map[string]string{} // an activity stands where its first line in the plan does
	for _, t := range r.Targets {
		at := fmt.Sprintf("%05d%05d", t.Year, t.Position)
		if was, ok := first[string(t.Activity)]; !ok || at < was {
			first[string(t.Activity)] = at
		}
	}
	r.Activities = by(r.Activities, func(a isms.Activity) string {
		if first[a.ID] == "" {
			return "~" + a.Name + a.ID // after those with a line
		}
		return first[a.ID] + a.Name + a.ID
	})
	return r
}

// by returns the records sorted by the key.
func by[T any](records []T, key func(T) string) []T {
	type keyed struct {
		key    string
		record T
	}
	list := make([]keyed, len(records))
	for i, r := range records {
		list[i] = keyed{key(r), r}
	}
	slices.SortStableFunc(list, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	out := make([]T, len(list))
	for i, k := range list {
		out[i] = k.record
	}
	return out
}
