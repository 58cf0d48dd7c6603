// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

// plannedControl is a plan of the year with controls in which nothing is missing: c1 continues old1 of the plan of the year before.
func plannedControl(change func(*metric.Records)) metric.Records {
	control := func(id, plan, continues string) isms.Control {
		return isms.Control{Record: rec(id), Name: "Kontroll", Plan: register.Ref[isms.ControlPlan](plan), Method: "interview", Performer: "p", ReportsTo: "head",
			Continues: register.Ref[isms.Control](continues)}
	}
	r := metric.Records{
		ControlPlans: []isms.ControlPlan{{Record: rec("old"), Title: "Plan 2025", Year: 2025, DecidedOn: "2024-12-01"}, {Record: rec("plan"), Title: "Plan 2026", Year: 2026, DecidedOn: "2025-12-01"}},
		Controls:     []isms.Control{control("old1", "old", ""), control("c1", "plan", "old1")},
		ControlResults: []isms.ControlResult{
			{Record: rec("r1"), Control: "c1", Year: 2026, Tertial: "t1", Outcome: isms.ControlClean, ReportedOn: "2026-05-20"},
			{Record: rec("r2"), Control: "c1", Year: 2026, Tertial: "t2", Outcome: isms.ControlClean, ReportedOn: "2026-09-20"}},
		ControlScales: []isms.ControlScale{{Record: rec("scale"), FirstYear: 2026, Likelihoods: "a\nb\nc", Consequences: "a\nb\nc", Bands: "1 Låg\n6 Hög", ActFrom: register.CountOf(6)}},
		Assessments:   []isms.ControlAssessment{{Record: rec("a"), Part: "Roller", Year: 2026, Likelihood: 2, Consequence: 3, Scale: "scale", Treatment: isms.Accept, Motive: "Tas om hand", Owner: "owner"}},
	}
	r.Controls[1].ChangeReason = "Gäller fortfarande"
	change(&r)
	return r
}

func TestWhatIsExaminedOfControl(t *testing.T) {
	n := register.CountOf
	plan := plannedControl
	sound := plan(func(*metric.Records) {})
	check := func(change func(*isms.SpotCheck), draws int) metric.Records {
		s := isms.SpotCheck{Record: rec("s"), Name: "Stickprov", Year: 2026, State: isms.SpotCheckDone, Population: n(100), Sample: n(10), Found: n(0), Unanswered: n(0), DueOn: "2026-05-01"}
		change(&s)
		r := metric.Records{SpotChecks: []isms.SpotCheck{s}}
		for range draws {
			r.Draws = append(r.Draws, isms.Draw{SpotCheck: "s"})
		}
		return r
	}
	soundCheck := check(func(*isms.SpotCheck) {}, 1)
	review := func(change func(*isms.AccessReview)) metric.Records {
		a := isms.AccessReview{Record: rec("rev"), Name: "Våren", Populations: []register.Ref[isms.Population]{"l"}, State: isms.AccessReviewClosed, StartedOn: "2026-04-01", EndsOn: "2026-05-31", ClosedOn: "2026-06-01",
			Lines: n(40), Unanswered: n(0)}
		change(&a)
		return metric.Records{AccessReviews: []isms.AccessReview{a}, Populations: []isms.Population{{Record: rec("l"), System: "sys"}}, Systems: []isms.System{{Record: rec("sys"), Owner: "x", Lifecycle: isms.InUse}}}
	}
	soundReview := review(func(*isms.AccessReview) {})
	posted := func(change func(*metric.Records)) metric.Records {
		r := metric.Records{Posts: []isms.Post{{Record: rec("p"), Name: "Samordnare", Holder: "h", Course: "c", TrainedOn: "2026-02-01"}}, Persons: []isms.Person{{Record: rec("h"), Name: "H"}},
			PostConfirmations: []isms.PostConfirmation{{Record: rec("w"), Post: "p", Person: "h", ConfirmedOn: "2026-03-01"}}}
		change(&r)
		return r
	}
	manned := posted(func(*metric.Records) {})
	deviations := func(d ...isms.Deviation) metric.Records { return metric.Records{Deviations: d} }
	for code, c := range map[string]struct {
		wrong, mended metric.Records
		ids           []string
	}{
		"risk_accepted_high":        {plan(func(r *metric.Records) { r.Assessments[0].Motive = "" }), sound, []string{"a"}},
		"plan_late":                 {plan(func(r *metric.Records) { r.ControlPlans[1].DecidedOn = "2026-02-01" }), sound, []string{"plan"}},
		"plan_undecided":            {plan(func(r *metric.Records) { r.ControlPlans[1].DecidedOn = "" }), sound, []string{"plan"}},
		"control_without_method":    {plan(func(r *metric.Records) { r.Controls[1].Method = "" }), sound, []string{"c1"}},
		"control_without_performer": {plan(func(r *metric.Records) { r.Controls[1].Performer = "" }), sound, []string{"c1"}},
		"control_reports_to_self":   {plan(func(r *metric.Records) { r.Controls[1].ReportsTo = "p" }), sound, []string{"c1"}},
		"control_of_own_risk":       {plan(func(r *metric.Records) { r.Controls[1].Assessment, r.Controls[1].Performer = "a", "owner" }), sound, []string{"c1"}},
		"control_not_reported":      {plan(func(r *metric.Records) { r.ControlResults = r.ControlResults[:1] }), sound, []string{"c1"}},
		"plan_copied":               {plan(func(r *metric.Records) { r.Controls[1].ChangeReason = "" }), plan(func(r *metric.Records) { r.Controls[1].ChangeReason, r.Controls[1].Limit = "", "Fem" }), []string{"plan"}},
		"check_drawn_again":         {check(func(*isms.SpotCheck) {}, 2), soundCheck, []string{"s"}},
		"check_unanswered":          {check(func(s *isms.SpotCheck) { s.Unanswered = n(2) }, 1), soundCheck, []string{"s"}},
		"check_late":                {check(func(s *isms.SpotCheck) { s.State, s.Found = isms.SpotCheckOngoing, register.Count{} }, 1), soundCheck, []string{"s"}},
		"spot_check_without_count": {check(func(s *isms.SpotCheck) { s.State, s.Found, s.SomeFound = "", register.Count{}, true }, 0),
			check(func(s *isms.SpotCheck) {
				s.State, s.Found, s.DueOn = isms.SpotCheckPlanned, register.Count{}, "2027-01-01"
			}, 0), []string{"s"}},
		"deviation_unverified": {deviations(isms.Deviation{Record: rec("d"), FoundOn: "2026-05-01", State: isms.DeviationRemedied, RemediedOn: "2026-06-01"}),
			deviations(isms.Deviation{Record: rec("d"), FoundOn: "2026-05-01", State: isms.DeviationRemedied, RemediedOn: "2026-10-01"},
				isms.Deviation{Record: rec("e"), FoundOn: "2026-05-01", State: isms.DeviationVerified, RemediedOn: "2026-06-01", VerifiedOn: "2026-07-01"}), []string{"d"}},
		"deviation_again": {deviations(isms.Deviation{Record: rec("d"), Area: "A", FoundOn: "2026-01-10", State: isms.DeviationVerified, RemediedOn: "2026-02-01", VerifiedOn: "2026-03-01"},
			isms.Deviation{Record: rec("e"), Area: "a", FoundOn: "2026-04-01", State: isms.DeviationOpen}),
			deviations(isms.Deviation{Record: rec("d"), Area: "A", FoundOn: "2026-01-10", State: isms.DeviationOpen}, isms.Deviation{Record: rec("e"), Area: "a", FoundOn: "2026-04-01", State: isms.DeviationOpen}), []string{"e"}},
		"access_review_late": {review(func(a *isms.AccessReview) { a.State, a.ClosedOn = isms.AccessReviewOngoing, "" }), soundReview, []string{"rev"}},
		"access_review_unanswered": {review(func(a *isms.AccessReview) { a.Unanswered = n(3) }), review(func(a *isms.AccessReview) {
			a.State, a.Unanswered, a.EndsOn = isms.AccessReviewOngoing, n(40), "2026-12-01"
		}),
			[]string{"rev"}},
		"removal_old": {metric.Records{Removals: []isms.Removal{{Record: rec("m"), DecidedOn: "2026-09-01"}}},
			metric.Records{Removals: []isms.Removal{{Record: rec("m"), DecidedOn: "2026-10-15"}, {Record: rec("gone"), DecidedOn: "2026-03-01", GoneOn: "2026-04-01"}}}, []string{"m"}},
		"system_never_reviewed": {func() metric.Records {
			r := review(func(*isms.AccessReview) {})
			r.Systems = append(r.Systems, isms.System{Record: rec("new"), Owner: "x", Lifecycle: isms.InUse, InUseFrom: "2026-05-01"})
			return r
		}(), soundReview, []string{"new"}},
		"post_vacant":      {posted(func(r *metric.Records) { r.Posts[0].Holder = "" }), manned, []string{"p"}},
		"post_holder_left": {posted(func(r *metric.Records) { r.Persons[0].Retired = "2026-09-01" }), manned, []string{"p"}},
		"post_double": {posted(func(r *metric.Records) {
			r.Posts = append(r.Posts, isms.Post{Record: rec("q"), Name: "samordnare", Holder: "k", ValidFrom: "2026-04-01"})
		}), manned, []string{"p", "q"}},
		"post_unconfirmed": {posted(func(r *metric.Records) { r.PostConfirmations[0].ConfirmedOn = "2025-03-01" }), manned, []string{"p"}},
		"post_untrained":   {posted(func(r *metric.Records) { r.Posts[0].TrainedOn = "" }), manned, []string{"p"}},
	} {
		found := func(records metric.Records) (ids []string, any bool) {
			for _, f := range examine(isms.Review{Record: rec("lg"), Year: 2026, AsOf: "2026-11-01"}, records, nil) {
				if f.Code != code {
					continue
				}
				any = true
				for _, of := range f.Of {
					ids = append(ids, of.ID)
				}
				for _, l := range locale.Langs() {
					if what, why, mend := f.Words(l); strings.Contains(what+why+mend, "[[") || strings.Contains(what+why+mend, "{") {
						t.Errorf("%s %s: %s %s %s", l, code, what, why, mend)
					}
				}
			}
			return ids, any
		}
		if ids, any := found(c.wrong); !any || !slices.Equal(ids, c.ids) {
			t.Errorf("%s: found of %v, want %v", code, ids, c.ids)
		}
		if ids, any := found(c.mended); any {
			t.Errorf("%s is mended and still found of %v", code, ids)
		}
	}
}

// TestAHighRiskIsToldOnce holds that a risk that is accepted too high without a motive is not told of as one left out as well.
func TestAHighRiskIsToldOnce(t *testing.T) {
	r := plannedControl(func(r *metric.Records) { r.Assessments[0].Motive = "" })
	for _, f := range examine(isms.Review{Record: rec("lg"), Year: 2026, AsOf: "2026-11-01"}, r, nil) {
		if f.Code == "left_out_without_motive" {
			t.Errorf("told twice: %+v", f)
		}
	}
}

func TestExamineLimits(t *testing.T) {
	for _, text := range []string{"removal_days", "removal_days x", "removal_days 0", "a 1\na 2", "a 1 2"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q was read", text)
				}
			}()
			readExamineLimits(text)
		}()
	}
}

// TestAnswersAreExamined holds that a portion which was kept whole faster than anybody reads is found, and a holder whom the staff list lacks.
func TestAnswersAreExamined(t *testing.T) { onEach(t, answersAreExamined) }

func answersAreExamined(t *testing.T, w *world) {
	sheet := func(id, portion, answer string, seconds int) *isms.AnswerSheet {
		lines := make([]string, limit("fast_rows"))
		for i := range lines {
			lines[i] = `{"row":` + strings.Repeat("1", i+1)[:1] + `,"answer":"` + answer + `"}`
		}
		return &isms.AnswerSheet{Record: isms.Record{ID: id, Unit: "board-a"}, Portion: register.Ref[isms.Portion](portion), Number: 1, Answers: "[" + strings.Join(lines, ",") + "]", Seconds: register.CountOf(seconds)}
	}
	portion := func(id string) *isms.Portion {
		return &isms.Portion{Record: isms.Record{ID: id, Unit: "board-a"}, Name: id, AccessReview: "rev", Population: "staff", Rows: "1-20", Count: register.CountOf(limit("fast_rows")), DoneAt: "2023-01-09T08:00:00.000000Z"}
	}
	w.put(&isms.Person{Record: isms.Record{ID: "unlisted", Unit: "board-a"}, Name: "Inte i listan", Number: "7"}, post("p", "board-a", "Samordnare", "unlisted"))
	w.list("staff", "board-a", isms.Employments, "2022-12-31", staffColumns, []string{"8", "I listan", "", "dept-a", "", "", ""})
	rev := &isms.AccessReview{Record: isms.Record{ID: "rev", Unit: "board-a"}, Name: "Våren", Judges: isms.JudgedByManagers, State: isms.AccessReviewClosed, StartedOn: "2023-01-01", EndsOn: "2023-02-01", ClosedOn: "2023-01-10"}
	w.put(rev, portion("fast"), portion("slow"), portion("changed"))
	w.put(sheet("s1", "fast", "keep", 20), sheet("s2", "slow", "keep", 600), sheet("s3", "changed", "remove", 20))
	id, err := w.StartReview(w.ctx(), w.as("coordinator"), NewReview{Unit: "board-a", Year: 2024, Template: "kommun", AsOf: "2023-01-10"})
	want(t, "a review", err, nil)
	found, err := w.Examine(w.ctx(), w.as("coordinator"), id)
	want(t, "examining", err, nil)
	got := map[string][]metric.Ref{}
	for _, f := range found {
		got[f.Code] = f.Of
	}
	if of := got["portion_fast"]; len(of) != 1 || of[0].ID != "fast" {
		t.Errorf("portions kept too fast: %v", of)
	}
	if of := got["post_holder_not_listed"]; len(of) != 1 || of[0].ID != "p" {
		t.Errorf("holders who are not in the list: %v", of)
	}
}
