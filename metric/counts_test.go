// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/isms"
	"ledsyn/register"
)

// some has records of every kind that is counted.
func some() Records {
	return Records{
		Systems:         []isms.System{system("a", isms.InUse, "", ""), system("b", isms.InUse, "", "")},
		Classifications: []isms.Classification{classified("c", "a", isms.ClassificationDecided, "2024-01-01", "")},
		Documents:       []isms.Document{{Record: rec("d"), State: isms.DocumentDecided, ReviewBy: "2024-01-01"}},
		Courses:         []isms.Course{{Record: rec("k"), Name: "Basics", Compulsory: true}},
		TrainingFigures: []isms.TrainingFigure{{Record: rec("t"), Course: "k", Day: today, Completed: register.CountOf(3), Headcount: register.CountOf(4), Source: "HR"}},
		Audits:          []isms.Audit{{Record: rec("audit"), DeliveredOn: "2019-05-01"}},
		Recommendations: []isms.Recommendation{{Record: rec("r"), Audit: "audit"}},
		Targets:         []isms.ActivityTarget{{Record: rec("x"), Year: 2024, State: isms.ActivityOngoing}},
		SpotChecks:      []isms.SpotCheck{{Record: rec("s"), Area: "Access", Year: 2024, SomeFound: true}},
		Measurements:    []isms.Measurement{{Record: rec("m"), Key: "processings_confirmed", Day: today, Value: register.PercentOf(1250), Source: "list"}},
	}
}

func TestNothingIsNeverZero(t *testing.T) {
	for _, f := range All(Records{}, today) {
		if f.Known || f.AtLeast || f.Numerator.IsKnown() || f.Percent().IsKnown() {
			t.Errorf("%s is %s without a single record", f.ID(), numbers(f))
		}
	}
}

func TestEveryFigureHasItsKeyAndOneID(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range All(some(), today) {
		if !slices.Contains(Keys(), f.Key) {
			t.Errorf("%s is not among Keys", f.Key)
		}
		if seen[f.ID()] {
			t.Errorf("%s is counted twice", f.ID())
		}
		seen[f.ID()] = true
		if got := Same(f, some(), today); !cmp.Equal(numbers(got), numbers(f)) || got.ID() != f.ID() {
			t.Errorf("Same(%s) = %s, want %s", f.ID(), numbers(got), numbers(f))
		}
	}
	for _, key := range []string{"systems_classified", "activities_ongoing/2024", "deviations_found/2024/access", "training_share/k", "recommendations_open/audit"} {
		if !seen[key] {
			t.Errorf("no figure %s among %v", key, seen)
		}
	}
}

func TestDocuments(t *testing.T) {
	doc := func(id string, state isms.DocumentState, owner string, reviewBy register.Day) isms.Document {
		return isms.Document{Record: rec(id), State: state, Owner: register.Ref[isms.Person](owner), ReviewBy: reviewBy}
	}
	documents := []isms.Document{doc("owned", isms.DocumentDecided, "p", today), doc("late", isms.DocumentDecided, "", today.AddDays(-1)),
		doc("never", isms.DocumentDecided, "p", ""), doc("draft", isms.DocumentDraft, "", "2020-01-01")}
	tomorrow := doc("tomorrow", isms.DocumentDecided, "", "")
	tomorrow.DecidedOn = today.AddDays(1)
	documents = append(documents, tomorrow)
	if f := DocumentsWithoutOwner(documents, today); numbers(f) != "1/3" || !cmp.Equal(f.Counted, []string{"late"}) {
		t.Errorf("without owner: %s %v", numbers(f), f.Counted)
	}
	if f := DocumentsPastReview(documents, today); numbers(f) != "1/3" || !cmp.Equal(f.Unclear, []string{"never"}) {
		t.Errorf("past review: %s, unclear %v", numbers(f), f.Unclear)
	}
	if f := DocumentsPastReview(documents[2:3], today); f.Known {
		t.Errorf("no document has a day of review, yet %s", numbers(f))
	}
}

func TestOnlyTheIssuerClosesARecommendation(t *testing.T) {
	follow := func(id, r string, day register.Day, s isms.FollowState, v isms.Verdict) isms.FollowUp {
		return isms.FollowUp{Record: rec(id), Recommendation: register.Ref[isms.Recommendation](r), Day: day, State: s, Verdict: v}
	}
	r := Records{
		Audits:     []isms.Audit{{Record: rec("audit"), DeliveredOn: "2019-06-30"}},
		DPOReports: []isms.DPOReport{{Record: rec("report"), DeliveredOn: "2023-03-01"}},
		Recommendations: []isms.Recommendation{{Record: rec("judged"), Audit: "audit"}, {Record: rec("own"), Audit: "audit"}, {Record: rec("late"), Audit: "audit"},
			{Record: rec("again"), Audit: "audit"}, {Record: rec("future"), Audit: "audit", GivenOn: today.AddDays(1)}, {Record: rec("dpo"), Report: "report", GivenOn: "2023-02-01"}},
		FollowUps: []isms.FollowUp{follow("1", "judged", today, "", isms.VerdictDone), follow("2", "own", today, isms.FollowDone, ""),
			follow("3", "late", today.AddDays(1), "", isms.VerdictDone), follow("4", "again", "2022-01-01", "", isms.VerdictDone), follow("5", "again", "2023-01-01", "", isms.VerdictNot)},
	}
	f := RecommendationsOpen(r, "audit", today)
	if numbers(f) != "3/4" || !cmp.Equal(f.Counted, []string{"own", "late", "again"}) {
		t.Errorf("open audit recommendations: %s %v", numbers(f), f.Counted)
	}
	if age, _ := f.Age().Known(); f.Oldest != "2019-06-30" || age != 1827 {
		t.Errorf("oldest %s, %d days", f.Oldest, age)
	}
	if f := RecommendationsOpen(r, "dpo", today); numbers(f) != "1/1" || f.Oldest != "2023-02-01" {
		t.Errorf("open recommendations of the officer: %s, %s", numbers(f), f.Oldest)
	}
	if f := RecommendationsOpen(r, "dpo", "2023-01-31"); f.Known || f.Age().IsKnown() {
		t.Errorf("before any was given: %s", numbers(f))
	}
}

func TestActivitiesOfAYear(t *testing.T) {
	line := func(id string, year int, s isms.ActivityState, done register.Day) isms.ActivityTarget {
		return isms.ActivityTarget{Record: rec(id), Year: year, State: s, DoneOn: done}
	}
	targets := []isms.ActivityTarget{line("a", 2024, isms.ActivityDone, today), line("b", 2024, isms.ActivityDone, today.AddDays(1)),
		line("c", 2024, isms.ActivityMoved, ""), line("d", 2025, isms.ActivityPlanned, "")}
	want := map[isms.ActivityState]string{isms.ActivityDone: "1/3", isms.ActivityPlanned: "1/3", isms.ActivityMoved: "1/3", isms.ActivityOngoing: "0/3"}
	for state, n := range want {
		if got := numbers(ActivitiesIn(targets, 2024, state, today)); got != n {
			t.Errorf("%s in 2024: %s, want %s", state, got, n)
		}
	}
	if got := numbers(ActivitiesIn(targets, 2026, isms.ActivityPlanned, today)); got != "?" {
		t.Errorf("a year without a plan: %s", got)
	}
	if got := PlanYears(targets, today); !cmp.Equal(got, []int{2024, 2025}) {
		t.Error(got)
	}
}

func TestDeviations(t *testing.T) {
	check := func(id string, found, remedied int, some bool) isms.SpotCheck {
		return isms.SpotCheck{Record: rec(id), Area: "Access", Year: 2024, Found: register.CountOf(found), Remedied: register.CountOf(remedied), SomeFound: some}
	}
	dev := func(id, check string, state isms.DeviationState, remedied register.Day) isms.Deviation {
		return isms.Deviation{Record: rec(id), Area: "access ", SpotCheck: register.Ref[isms.SpotCheck](check), FoundOn: "2024-03-01", State: state, RemediedOn: remedied}
	}
	future := check("f", 9, 0, false)
	future.PerformedOn = today.AddDays(1)
	for _, tt := range []struct {
		name        string
		checks      []isms.SpotCheck
		deviations  []isms.Deviation
		found, open string
	}{
		{"two found, two remedied", []isms.SpotCheck{check("s", 2, 2, false)}, nil, "2", "0/2"},
		{"none found", []isms.SpotCheck{check("s", 0, -1, false)}, nil, "0", "0/0"},
		{"some found, number unknown", []isms.SpotCheck{check("s", -1, -1, true)}, nil, ">=1", "?"},
		{"nothing said", []isms.SpotCheck{check("s", -1, -1, false)}, nil, "?", "?"},
		{"one known and one unknown", []isms.SpotCheck{check("s", 2, 1, false), check("t", -1, -1, true)}, nil, ">=3", ">=1"},
		{"the check's number before the linked", []isms.SpotCheck{check("s", 3, 1, false)}, []isms.Deviation{dev("d", "s", isms.DeviationOpen, "")}, "3", "2/3"},
		{"linked where the check has none", []isms.SpotCheck{check("s", -1, -1, false)}, []isms.Deviation{dev("d", "s", isms.DeviationOpen, ""), dev("e", "s", isms.DeviationRemedied, today)}, "2", "1/2"},
		{"linked and said to be more", []isms.SpotCheck{check("s", -1, -1, true)}, []isms.Deviation{dev("d", "s", isms.DeviationOpen, "")}, ">=1", ">=1"},
		{"remedied tomorrow is open today", nil, []isms.Deviation{dev("d", "", isms.DeviationRemedied, today.AddDays(1))}, "1", "1/1"},
		{"remedied on the day", nil, []isms.Deviation{dev("d", "", isms.DeviationVerified, today)}, "1", "0/1"},
		{"a check and one outside it", []isms.SpotCheck{check("s", 2, 2, false)}, []isms.Deviation{dev("d", "", isms.DeviationOpen, "")}, "3", "1/3"},
		{"a check not yet made", []isms.SpotCheck{check("s", 1, 1, false), future}, nil, "1", "0/1"},
		{"remedied not told", []isms.SpotCheck{check("s", 2, -1, false)}, nil, "2", "?"},
	} {
		found, open := Deviations(Records{SpotChecks: tt.checks, Deviations: tt.deviations}, 2024, today)
		if len(found) != 1 || len(open) != 1 {
			t.Errorf("%s: %d areas", tt.name, len(found))
			continue
		}
		if got := [2]string{numbers(found[0]), numbers(open[0])}; got != [2]string{tt.found, tt.open} {
			t.Errorf("%s: found and open %v, want %s and %s", tt.name, got, tt.found, tt.open)
		}
		for _, f := range []Figure{found[0], open[0]} {
			if p := f.Percent(); !f.Known && (p.IsKnown() || f.Number().IsKnown()) {
				t.Errorf("%s: %s is told though it is not known", tt.name, f.ID())
			}
		}
	}
	if found, _ := Deviations(Records{SpotChecks: []isms.SpotCheck{check("s", 2, 2, false)}}, 2023, today); len(found) != 0 {
		t.Errorf("another year has %v", found)
	}
}

func TestTrainingByTheLatestFigure(t *testing.T) {
	course := isms.Course{Record: rec("k"), Name: "Basics", Compulsory: true}
	figure := func(id string, day register.Day, n, d int) isms.TrainingFigure {
		return isms.TrainingFigure{Record: rec(id), Course: "k", Day: day, Completed: register.CountOf(n), Headcount: register.CountOf(d), Source: id}
	}
	figures := []isms.TrainingFigure{figure("new", today, 8, 10), figure("old", "2023-01-01", 5, 10), figure("later", today.AddDays(1), 9, 10)}
	if f := TrainingShare(course, Records{TrainingFigures: figures}, today); numbers(f) != "8/10" || f.Source != "new" || f.Day != today {
		t.Errorf("%s %+v", numbers(f), f)
	}
	if f := TrainingShare(course, Records{TrainingFigures: figures}, today.AddDays(-1)); numbers(f) != "5/10" || f.Day != "2023-01-01" {
		t.Errorf("the day before: %s", numbers(f))
	}
	for _, bad := range [][2]int{{5, -1}, {-1, 5}, {0, 0}} {
		if f := TrainingShare(course, Records{TrainingFigures: []isms.TrainingFigure{figure("x", today, bad[0], bad[1])}}, today); f.Known || f.Percent().IsKnown() {
			t.Errorf("%v gives %s", bad, numbers(f))
		}
	}
	optional := isms.Course{Record: rec("o")}
	if all := training(Records{Courses: []isms.Course{course, optional}, TrainingFigures: figures}, today); len(all) != 1 {
		t.Errorf("%d figures, want one for the compulsory course", len(all))
	}
}
