// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCatalogueIsWhole(t *testing.T) {
	if n := len(Catalogue()); n < 55 {
		t.Fatalf("%d measures", n)
	}
	seen := map[string]bool{}
	areas := map[Area]int{}
	for _, m := range Catalogue() {
		if seen[m.Key] || m.Key == "" || len(m.Key) > 20 {
			t.Errorf("the key %q", m.Key)
		}
		seen[m.Key] = true
		areas[m.Area]++
		if m.Basic == (len(m.Calls) > 0) {
			t.Errorf("%s is called for by nothing, or by everything and by levels too", m.Key)
		}
		for a, l := range m.Calls {
			if !slices.Contains(Aspects(), a) || l < "1" || l > "3" {
				t.Errorf("%s is called for by %s %s", m.Key, a, l)
			}
		}
	}
	for _, a := range Areas() {
		if areas[a] < 5 {
			t.Errorf("%d measures in %s", areas[a], a)
		}
	}
	if len(areas) != len(Areas()) {
		t.Errorf("areas: %v", areas)
	}
}

func TestWhatAProfileCallsFor(t *testing.T) {
	keys := func(p Profile) []string {
		var list []string
		for _, c := range Called(p) {
			list = append(list, c.Key)
		}
		return list
	}
	low, high := keys(Profile{"0", "0", "0", ""}), keys(Profile{"3", "3", "3", "3"})
	if len(high) != len(Catalogue()) || len(low) >= len(high) || slices.Contains(low, "tec-02") || !slices.Contains(low, "org-01") {
		t.Errorf("%d at the lowest, %d at the highest", len(low), len(high))
	}
	if got := keys(Profile{Confidentiality: "2"}); !slices.Contains(got, "tec-02") || slices.Contains(got, "tec-03") || slices.Contains(got, "org-13") {
		t.Errorf("K2 calls for %v", got)
	}
	unknown := Unknown(Profile{Confidentiality: "3", Integrity: "3"})
	if !slices.ContainsFunc(unknown, func(m Measure) bool { return m.Key == "org-13" }) || slices.ContainsFunc(unknown, func(m Measure) bool { return m.Key == "tec-02" || m.Key == "org-20" }) {
		t.Errorf("not known with T not classified: %v", unknown)
	}
}

// TestAHigherLevelNeverCallsForLess holds that protection grows with the level.
func TestAHigherLevelNeverCallsForLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := func() Level { return Level(rapid.SampledFrom([]string{"", "0", "1", "2", "3"}).Draw(t, "l")) }
		p, a := Profile{level(), level(), level(), level()}, rapid.SampledFrom(Aspects()).Draw(t, "a")
		higher := p.With(a, max(p.Level(a), level()))
		for _, c := range Called(p) {
			if !slices.ContainsFunc(Called(higher), func(o Call) bool { return o.Key == c.Key }) {
				t.Fatalf("%s calls for %s and %s does not", p, c.Key, higher)
			}
		}
	})
}

func TestGaps(t *testing.T) {
	answers := []MeasureAnswer{
		{Record: Record{ID: "1"}, System: "s", Measure: "org-01", State: Fulfilled, AnsweredOn: before},
		{Record: Record{ID: "2"}, System: "s", Measure: "org-02", State: Fulfilled, AnsweredOn: before},
		{Record: Record{ID: "3"}, System: "s", Measure: "org-02", State: NotFulfilled, AnsweredOn: today},
		{Record: Record{ID: "4"}, System: "s", Measure: "org-03", State: NotApplicable, AnsweredOn: today},
		{Record: Record{ID: "5"}, System: "s", Measure: "org-04", State: PartlyFulfilled, AnsweredOn: today},
		{Record: Record{ID: "6"}, System: "other", Measure: "org-08", State: Fulfilled, AnsweredOn: today},
		{Record: Record{ID: "7"}, System: "s", Measure: "tec-03", State: Fulfilled, AnsweredOn: today},
	}
	gaps := map[string]bool{}
	for _, a := range Answers(Profile{"0", "0", "0", ""}, "s", answers) {
		gaps[a.Key] = a.Gap()
	}
	for key, want := range map[string]bool{"org-01": false, "org-02": true, "org-03": false, "org-04": true, "org-08": true} {
		if got, ok := gaps[key]; !ok || got != want {
			t.Errorf("%s: gap %v, called for %v", key, got, ok)
		}
	}
	if _, ok := gaps["tec-03"]; ok {
		t.Error("what is not called for is listed")
	}
}
