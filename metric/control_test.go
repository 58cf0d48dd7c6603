// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"fmt"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
)

// told writes the figures with their numbers: "3/4", "5", "5+" for at least five, "12.5%" for a share without numbers, "?" for what is not known.
func told(all []Figure) map[string]string {
	out := map[string]string{}
	for _, f := range all {
		n, hasN := f.Numerator.Known()
		d, hasD := f.Denominator.Known()
		s := "?"
		switch {
		case f.Known && f.Share.IsKnown():
			s = f.Share.String() + "%"
		case f.Known && hasN && hasD:
			s = fmt.Sprint(n, "/", d)
		case f.Known && hasN:
			s = fmt.Sprint(n)
		case f.AtLeast && hasN:
			s = fmt.Sprint(n, "+")
		}
		if f.Oldest != "" {
			s += " since " + string(f.Oldest)
		}
		out[f.ID()] = s
	}
	return out
}

func tells(t *testing.T, what string, all []Figure, want map[string]string) {
	t.Helper()
	got := told(all)
	for id, s := range want {
		if got[id] != s {
			t.Errorf("%s: %s is %q, want %q", what, id, got[id], s)
		}
	}
}

// controlled is a body with an analysis, a plan that was decided late and results of it.
func controlled() Records {
	return Records{
		ControlScales: []isms.ControlScale{{Record: rec("scale"), FirstYear: 2024, Likelihoods: "1\n2\n3", Consequences: "1\n2\n3", Bands: "1 Låg\n3 Medel\n6 Hög"}},
		ControlProcesses: []isms.ControlProcess{{Record: rec("p"), Name: "Systematiskt informationssäkerhetsarbete", Compulsory: true},
			{Record: rec("q"), Name: "Inköp", Compulsory: true}, {Record: rec("r"), Name: "Frivillig"}},
		Assessments: []isms.ControlAssessment{{Record: rec("a"), Process: "p", Year: 2024, Likelihood: 3, Consequence: 3, Scale: "scale"},
			{Record: rec("b"), Process: "p", Year: 2024, Likelihood: 1, Consequence: 2, Scale: "scale"}, {Record: rec("c"), Process: "p", Year: 2024},
			{Record: rec("later"), Process: "q", Year: 2024, AssessedOn: "2024-12-01"}},
		ControlPlans: []isms.ControlPlan{{Record: rec("plan"), Year: 2024, DecidedOn: "2024-02-15"}},
		Controls:     []isms.Control{{Record: rec("c1"), Plan: "plan"}, {Record: rec("c2"), Plan: "plan"}, {Record: rec("c3"), Plan: "plan"}, {Record: rec("c4"), Plan: "plan"}},
		DirectActions: []isms.DirectAction{{Record: rec("d1"), Plan: "plan", State: isms.ActionDone, DueOn: "2024-03-01", DoneOn: "2024-03-20"},
			{Record: rec("d2"), Plan: "plan", State: isms.ActionOngoing, DueOn: "2024-04-01"}, {Record: rec("d3"), Plan: "plan", State: isms.ActionPlanned, DueOn: "2024-12-01"},
			{Record: rec("d4"), Plan: "plan", State: isms.ActionDropped, Reason: "x"}},
		ControlResults: []isms.ControlResult{
			{Record: rec("r1"), Control: "c1", Year: 2024, Tertial: "t1", Outcome: isms.ControlDeviations, Found: register.CountOf(3), Remedied: register.CountOf(1), ReportedOn: "2024-05-10"},
			{Record: rec("r2"), Control: "c1", Year: 2024, Tertial: "t2", Outcome: isms.ControlClean, Found: register.CountOf(0), ReportedOn: "2024-09-10"},
			{Record: rec("r3"), Control: "c2", Year: 2024, Tertial: "t1", Outcome: isms.ControlBegun, ReportedOn: "2024-05-10"},
			{Record: rec("r4"), Control: "c3", Year: 2024, Tertial: "t2", Outcome: isms.ControlDeviations, ReportedOn: "2024-09-10"}},
	}
}

func TestInternalControl(t *testing.T) {
	r := controlled()
	tells(t, "after the second tertial", InternalControl(r, "2024-10-01"), map[string]string{
		"processes_assessed/2024": "1/2", "risks_by_band/2024/1-låg": "1/3", "risks_by_band/2024/2-medel": "0/3", "risks_by_band/2024/3-hög": "1/3",
		"plan_days_late/2024": "46", "controls_done/2024": "2/4", "controls_not_reported/2024": "1/4",
		"control_deviations_found/2024": "3+", "control_deviations_remedied/2024": "1+", "control_deviations_open/2024": "2+",
		"actions_done/2024": "1/3", "actions_late/2024": "2/3"})
	tells(t, "after the first", InternalControl(r, "2024-05-31"), map[string]string{
		"controls_done/2024": "1/4", "controls_not_reported/2024": "2/4", "control_deviations_found/2024": "3", "control_deviations_remedied/2024": "1", "control_deviations_open/2024": "2"})
	tells(t, "before anything is reported", InternalControl(r, "2024-02-20"), map[string]string{
		"controls_done/2024": "?", "controls_not_reported/2024": "4/4", "control_deviations_found/2024": "?", "actions_late/2024": "0/3"})
	tells(t, "before the plan was decided", InternalControl(r, "2024-01-31"), map[string]string{"plan_days_late/2024": "31+"})
	tells(t, "the autumn before", InternalControl(r, "2023-11-01"), map[string]string{"plan_days_late/2024": "?", "processes_assessed/2024": "1/2"})
	r.ControlPlans[0].DecidedOn = "2023-12-10"
	tells(t, "decided in time", InternalControl(r, "2024-10-01"), map[string]string{"plan_days_late/2024": "0"})
	if all := InternalControl(r, "2022-12-31"); len(all) > 0 {
		t.Errorf("two years before: %v", told(all))
	}
	if all := InternalControl(Records{}, "2024-10-01"); len(all) > 0 {
		t.Errorf("of nothing: %v", told(all))
	}
	two := controlled()
	other := isms.ControlPlan{Record: isms.Record{ID: "other", Unit: "b"}, Year: 2024, DecidedOn: "2024-01-10"}
	two.ControlPlans = append(two.ControlPlans, other)
	tells(t, "of two bodies of which one has assessed nothing", InternalControl(two, "2024-10-01"), map[string]string{"processes_assessed/2024": "0/2", "plan_days_late/2024": "46"})
}

func TestSpotChecks(t *testing.T) {
	n := register.CountOf
	r := Records{
		SpotChecks: []isms.SpotCheck{
			{Record: rec("hand"), Name: "För hand", Area: "a", Year: 2023, SomeFound: true},
			{Record: rec("counted"), Name: "Räknad", Area: "a", Year: 2024, Population: n(1600), Sample: n(40), Found: n(3), PerformedOn: "2024-04-15"},
			{Record: rec("done"), Name: "Dragen", Area: "b", Year: 2024, State: isms.SpotCheckDone, Population: n(1240), Sample: n(60), Found: n(0), Confidence: register.PercentOf(9500),
				Upper: register.PercentOf(460), PerformedOn: "2024-05-01"},
			{Record: rec("ongoing"), Name: "Pågår", Area: "b", Year: 2024, State: isms.SpotCheckOngoing, Sample: n(60)},
			{Record: rec("planned"), Name: "Planerad", Area: "b", Year: 2024},
			{Record: rec("cancelled"), Name: "Inställd", Area: "b", Year: 2024, State: isms.SpotCheckCancelled}},
		Deviations: []isms.Deviation{
			{Record: rec("d1"), Area: "Behörigheter", FoundOn: "2023-03-01", State: isms.DeviationVerified, RemediedOn: "2023-03-11", VerifiedOn: "2023-04-01"},
			{Record: rec("d2"), SpotCheck: "counted", FoundOn: "2024-04-15", State: isms.DeviationRemedied, RemediedOn: "2024-04-20"},
			{Record: rec("d3"), Area: "behörigheter ", FoundOn: "2024-04-15", State: isms.DeviationOpen},
			{Record: rec("d4"), Area: "Annat", FoundOn: "2024-04-16", State: isms.DeviationRemedied, RemediedOn: "2024-05-16"}},
	}
	tells(t, "in the summer", SpotChecks(r, "2024-06-01"), map[string]string{
		"spot_checks_done/2023": "1/1", "spot_checks_done/2024": "2/4", "deviation_rate/2024/counted": "3/40", "deviation_rate/2024/done": "0/60", "deviation_bound/2024/done": "4.6%",
		"deviation_rate/2023/hand": "", "deviation_bound/2024/counted": "", "deviation_rate/2024/ongoing": "",
		"repeat_deviations/2023": "0/1", "repeat_deviations/2024": "1/3", "days_to_remedy/2024": "5", "days_to_remedy/2023": "10", "deviations_waiting": "1/4 since 2024-04-15"})
	tells(t, "before the checks were made", SpotChecks(r, "2024-04-01"), map[string]string{"spot_checks_done/2024": "0/4", "deviation_rate/2024/counted": "", "deviations_waiting": "0/1"})
	tells(t, "of nothing", SpotChecks(Records{}, "2024-06-01"), map[string]string{"deviations_waiting": "?"})
}

func TestAccess(t *testing.T) {
	n := register.CountOf
	r := Records{
		Systems: []isms.System{{Record: rec("s1"), Lifecycle: isms.InUse}, {Record: rec("s2"), Lifecycle: isms.InUse}, {Record: rec("s3"), Lifecycle: isms.InUse},
			{Record: rec("s4"), Lifecycle: isms.Planned}},
		Populations: []isms.Population{{Record: rec("l1"), System: "s1"}, {Record: rec("l2"), System: "s2"}},
		AccessReviews: []isms.AccessReview{
			{Record: rec("new"), Populations: []register.Ref[isms.Population]{"l1"}, State: isms.AccessReviewClosed, ClosedOn: "2024-03-01", Lines: n(200), Unanswered: n(5), Privileged: n(12)},
			{Record: rec("old"), Populations: []register.Ref[isms.Population]{"l2"}, State: isms.AccessReviewClosed, ClosedOn: "2023-05-31", Lines: n(100)},
			{Record: rec("open"), Populations: []register.Ref[isms.Population]{"l2"}, State: isms.AccessReviewOngoing, Lines: n(50), Unanswered: n(50)}},
		Removals: []isms.Removal{
			{Record: rec("m1"), DecidedOn: "2024-03-01", EndedOn: "2024-01-31", SeenOn: "2024-03-01", GoneOn: "2024-04-01"},
			{Record: rec("m2"), DecidedOn: "2024-03-01", EndedOn: "2024-02-28", SeenOn: "2024-03-01", GoneOn: "2024-03-02"},
			{Record: rec("m3"), DecidedOn: "2024-03-05", EndedOn: "2023-01-01", SeenOn: "2024-05-01"},
			{Record: rec("m4"), DecidedOn: "2024-03-06", WithdrawnOn: "2024-03-07"},
			{Record: rec("m5"), DecidedOn: "2024-07-01"}},
	}
	tells(t, "in June", Access(r, "2024-06-01"), map[string]string{"systems_reviewed": "1/3", "removals_open": "1/4 since 2024-03-05", "days_to_removal": "61", "days_to_removal_worst": "61",
		"lines_unanswered/2024": "5/200", "lines_privileged/2024": "12/200", "lines_unanswered/2023": "?", "lines_privileged/2023": "?"})
	tells(t, "in May", Access(r, "2024-05-30"), map[string]string{"systems_reviewed": "2/3"})
	tells(t, "in March", Access(r, "2024-03-15"), map[string]string{"days_to_removal": "3", "removals_open": "2/4 since 2024-03-01"})
	tells(t, "without systems", Access(Records{AccessReviews: r.AccessReviews}, "2024-06-01"), map[string]string{"systems_reviewed": "?", "removals_open": "?", "days_to_removal": "?"})
	tells(t, "without reviews", Access(Records{Systems: r.Systems}, "2024-06-01"), map[string]string{"systems_reviewed": "?"})
}

func TestPosts(t *testing.T) {
	tells(t, "of nothing", Posts(Records{}, "2024-06-01"), map[string]string{"posts_filled": "?", "posts_confirmed": "?", "posts_vacant": "?", "posts_doubled": "?", "posts_trained": "?"})
	r := Records{
		Persons: []isms.Person{{Record: isms.Record{ID: "gone", Unit: "u", Retired: "2024-05-01"}}},
		Posts: []isms.Post{{Record: rec("a"), Name: "A", Holder: "x", Description: "text"}, {Record: rec("b"), Name: "B"}, {Record: rec("c"), Name: "C", Holder: "gone"},
			{Record: rec("d"), Name: "D", Holder: "x", ValidTo: "2024-01-31"}},
		PostConfirmations: []isms.PostConfirmation{{Record: rec("k"), Post: "a", Person: "x", ConfirmedOn: "2024-03-01", Text: "text"},
			{Record: rec("l"), Post: "c", Person: "gone", ConfirmedOn: "2024-03-01"}},
	}
	tells(t, "in June", Posts(r, "2024-06-01"), map[string]string{"posts_filled": "1/3", "posts_confirmed": "1/3", "posts_vacant": "2/3", "posts_doubled": "0/3", "posts_trained": "?"})
	tells(t, "in April, when everybody was there", Posts(r, "2024-04-01"), map[string]string{"posts_filled": "2/3", "posts_confirmed": "2/3", "posts_vacant": "1/3"})
	tells(t, "the year after", Posts(r, "2025-01-02"), map[string]string{"posts_confirmed": "0/3"})
}
