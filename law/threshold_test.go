// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const now = "2026-11-24"

// reached lists the thresholds that the facts reach, the strictest of each fact with a star.
func reached(facts Facts, sectors ...string) string {
	var keys []string
	for _, one := range Embedded().Test(facts, sectors, now) {
		if one.Result == Reached {
			star := ""
			if one.Strictest {
				star = "*"
			}
			keys = append(keys, one.Key+star)
		}
	}
	return strings.Join(keys, " ")
}

func TestThresholds(t *testing.T) {
	for _, c := range []struct {
		facts   Facts
		sectors []string
		want    string
	}{
		{Facts{"limited_hours": 4}, []string{"public_administration"}, ""},
		{Facts{"limited_hours": 4.1}, []string{"public_administration"}, "administration_limited*"},
		{Facts{"limited_hours": 4.1}, nil, ""},
		{Facts{"limited_hours": 13}, []string{"public_administration", "care"}, "administration_limited any_limited care_limited*"},
		{Facts{"system_down_hours": 5}, []string{"water"}, "water_down*"},
		{Facts{"workaround_hours": 13, "limited_hours": 2}, []string{"public_administration", "care"}, "administration_workaround care_limited* care_workaround*"},
		{Facts{"persons_hit": 499}, nil, ""},
		{Facts{"persons_hit": 500}, nil, "any_persons*"},
		{Facts{"protected_data_hit": 1}, nil, "any_protected_data*"},
		{Facts{"protected_data_hit": 0}, nil, ""},
		{Facts{"cost": 5_000_000, "yearly_income": 100_000_000}, nil, ""},
		{Facts{"cost": 5_000_001, "yearly_income": 100_000_000}, nil, "any_cost*"},
		{Facts{"same_cause_incidents": 1, "same_cause_cost": 9, "yearly_income": 100}, nil, ""},
		{Facts{"same_cause_incidents": 2, "same_cause_cost": 9, "yearly_income": 100}, nil, "any_recurring*"},
		{Facts{"external_down_hours": 3, "users_hit": 1999, "users_hit_share": 50}, []string{"energy"}, "energy_down_share*"},
		{Facts{"external_down_hours": 1.5, "users_hit": 2000}, []string{"energy", "transport"}, "transport_down_users*"},
		{Facts{"external_down_hours": 1.5, "area_hit_km2": 10000}, []string{"transport"}, "transport_down_area*"},
		{Facts{"departures_lost_share": 5}, []string{"transport"}, ""},
	} {
		if got := reached(c.facts, c.sectors...); got != c.want {
			t.Errorf("%v in %v reaches %q, want %q", c.facts, c.sectors, got, c.want)
		}
	}
}

func TestAMissingFactIsNotZero(t *testing.T) {
	results := map[string]Tested{}
	for _, one := range Embedded().Test(Facts{"cost": 10, "same_cause_incidents": 1, "external_down_hours": 3}, []string{"energy"}, now) {
		results[one.Key] = one
	}
	for key, want := range map[string]struct {
		result  Result
		missing string
	}{
		"any_cost":          {Unknown, "yearly_income"},
		"any_recurring":     {NotReached, ""}, // one condition decides, whatever the missing ones are
		"any_limited":       {Unknown, "limited_hours"},
		"energy_down_users": {Unknown, "users_hit"},
	} {
		if got := results[key]; got.Result != want.result || strings.Join(got.Missing, " ") != want.missing {
			t.Errorf("%s: %s, missing %v", key, got.Result, got.Missing)
		}
	}
}

// The thresholds were decided on a day; an incident before it is a matter for a person.
func TestThresholdsOfTheDay(t *testing.T) {
	all := Facts{"limited_hours": 1000}
	if got := Embedded().Test(all, []string{"public_administration"}, "2026-06-30"); len(got) != 0 {
		t.Errorf("thresholds before the regulations: %v", got)
	}
	if got := Embedded().Unmeasured([]string{"waste", "public_administration", "food"}, now); !slices.Equal(got, []string{"waste", "food"}) {
		t.Errorf("to be judged whatever the facts: %v", got)
	}
	for _, one := range Embedded().Test(nil, []string{"care"}, now) {
		if one.Reliability != Secondary || one.Result != Unknown {
			t.Errorf("%s: %s, %s", one.Key, one.Reliability, one.Result)
		}
	}
}

func TestFactsFor(t *testing.T) {
	keys := func(sectors ...string) []string {
		var keys []string
		for _, f := range Embedded().FactsFor(sectors, now) {
			keys = append(keys, f.Key)
		}
		return keys
	}
	if got := keys(); slices.Contains(got, "ambulance_stopped") || !slices.Contains(got, "cost") || !slices.Contains(got, "yearly_income") {
		t.Errorf("asked of all: %v", got)
	}
	if got := keys("care"); !slices.Contains(got, "ambulance_stopped") {
		t.Errorf("asked of care: %v", got)
	}
}

// More of what is bad never takes a threshold away, and another sector never does.
func TestWorseReachesNoLess(t *testing.T) {
	var sectors, facts []string
	for _, s := range Embedded().Sectors() {
		sectors = append(sectors, s.Key)
	}
	for _, f := range Embedded().FactsFor(sectors, now) {
		if f.Key != "yearly_income" {
			facts = append(facts, f.Key)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		entered := Facts{"yearly_income": 1000}
		for _, key := range facts {
			if rapid.Bool().Draw(t, key+" known") {
				entered[key] = float64(rapid.IntRange(0, 3000).Draw(t, key))
			}
		}
		chosen := rapid.SliceOfDistinct(rapid.SampledFrom(sectors), rapid.ID[string]).Draw(t, "sectors")
		before := Embedded().Test(entered, chosen, now)
		entered[rapid.SampledFrom(facts).Draw(t, "worse")] = 1e6
		after := map[string]Result{}
		for _, one := range Embedded().Test(entered, append(chosen, "care"), now) {
			after[one.Key] = one.Result
		}
		for _, one := range before {
			if one.Result == Reached && after[one.Key] != Reached {
				t.Errorf("%s is no longer reached", one.Key)
			}
		}
	})
}
