// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTheProposedOrder(t *testing.T) {
	all := []Candidate{
		{Kind: "system", ID: "plain", Name: "a"},
		{Kind: "system", ID: "valid", Name: "b", Valid: true, DecidedOn: before},
		{Kind: "system", ID: "nis", Name: "c", NISCovered: Yes},
		{Kind: "process", ID: "special", Name: "d", PersonalData: SpecialCategories, Volume: "large"},
		{Kind: "system", ID: "critical", Name: "e", Criticality: "high"},
		{Kind: "system", ID: "expired", Name: "f", DecidedOn: "2022-01-01", ValidUntil: "2023-01-01"},
		{Kind: "system", ID: "soon", Name: "g", Valid: true, DecidedOn: "2023-01-01", ValidUntil: today.AddDays(90)},
	}
	ids := func(places []Place) []string {
		var list []string
		for i, p := range places {
			list = append(list, p.ID)
			if p.Position != i+1 {
				t.Errorf("%s is at %d and says %d", p.ID, i+1, p.Position)
			}
		}
		return list
	}
	got := Proposed(all, nil, today)
	if diff := cmp.Diff([]string{"nis", "special", "critical", "plain", "expired", "soon"}, ids(got)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"special", "large", "never"}, got[1].Reasons); diff != "" {
		t.Error(diff)
	}
	own := []ClassificationPriority{{System: "expired", Position: 1, Reason: "the contract ends"}, {System: "valid", Position: 1, Reason: "a new law"},
		{Process: "special", Position: 99, Reason: "waits"}, {Record: Record{Retired: before}, System: "plain", Position: 1, Reason: "old"}}
	got = Proposed(all, own, today)
	if diff := cmp.Diff([]string{"expired", "valid", "nis", "critical", "plain", "soon", "special"}, ids(got)); diff != "" {
		t.Error(diff)
	}
	if got[0].Own != "the contract ends" || got[2].Own != "" {
		t.Errorf("the coordinator's reasons: %q, %q", got[0].Own, got[2].Own)
	}
}

// TestTheCoordinatorsOwnOrderWins holds that two objects with own places always stand in that order.
func TestTheCoordinatorsOwnOrderWins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Candidate
		var own []ClassificationPriority
		for i := range rapid.IntRange(1, 12).Draw(t, "n") {
			id := string(rune('a' + i))
			all = append(all, Candidate{Kind: "system", ID: id, Name: id, Criticality: Criticality(rapid.SampledFrom([]string{"", "low", "medium", "high"}).Draw(t, "c"))})
			if rapid.Bool().Draw(t, "own") {
				own = append(own, ClassificationPriority{System: refs[System](id)[0], Position: rapid.IntRange(-1, 15).Draw(t, "p"), Reason: "r"})
			}
		}
		got := Proposed(all, own, today)
		if len(got) != len(all) {
			t.Fatalf("%d of %d", len(got), len(all))
		}
		at := func(o ClassificationPriority) int {
			return slices.IndexFunc(got, func(p Place) bool { return p.ID == string(o.System) })
		}
		for _, a := range own {
			for _, b := range own {
				if a.Position < b.Position && at(a) > at(b) {
					t.Fatalf("%s at %d stands after %s at %d", a.System, a.Position, b.System, b.Position)
				}
			}
		}
	})
}

func TestCandidates(t *testing.T) {
	systems := []System{{Record: Record{ID: "used"}, Lifecycle: InUse}, {Record: Record{ID: "planned"}, Lifecycle: Planned}}
	processes := []Process{{Record: Record{ID: "p"}, NISCovered: Yes, Volume: "large", PersonalData: PrivacySensitive, Systems: refs[System]("used"), Sets: refs[InformationSet]("i")}}
	sets := []InformationSet{{Record: Record{ID: "i"}, PersonalData: SpecialCategories}, {Record: Record{ID: "gone", Retired: before}}}
	old, under := judged("old", "system", "used", "1", "1", "1"), judged("under", "system", "used", "1", "1", "1")
	old.ValidUntil, under.State = before, ClassificationProposed
	got := Candidates(systems, processes, sets, []Classification{old, under}, today)
	want := []Candidate{
		{Kind: "process", ID: "p", NISCovered: Yes, PersonalData: PrivacySensitive, Volume: "large"},
		{Kind: "system", ID: "used", Volume: "large", DecidedOn: before, ValidUntil: before, Under: true},
		{Kind: "information_set", ID: "i", NISCovered: Yes, PersonalData: SpecialCategories, Volume: "large"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var focus []string
	for _, f := range []Focus{FocusNIS, FocusLarge, ""} {
		for _, c := range got {
			if f.Has(c) {
				focus = append(focus, string(f)+" "+c.ID)
			}
		}
	}
	if diff := cmp.Diff([]string{"nis p", "nis i", "large_sensitive p", "large_sensitive i"}, focus); diff != "" {
		t.Error(diff)
	}
}
