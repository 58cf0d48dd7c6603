// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestModelsAreWhole(t *testing.T) {
	if len(Models()) < 2 {
		t.Fatalf("%d models ship", len(Models()))
	}
	if _, ok := Model(CurrentModel); !ok {
		t.Errorf("the current model %s does not ship", CurrentModel)
	}
	for _, m := range Models() {
		if len(m.Categories) != len(Category("").Choices()) || len(m.Aspects) != 4 || len(m.Levels) < 3 {
			t.Errorf("%s has %d categories, %d aspects, %d levels", m.Version, len(m.Categories), len(m.Aspects), len(m.Levels))
		}
		for i, a := range m.Aspects {
			if a.Aspect != Aspects()[i] || a.Code != a.Aspect.Code() || a.Compulsory == (a.Aspect == Traceability) {
				t.Errorf("%s: aspect %+v", m.Version, a)
			}
		}
		for i, l := range m.Levels {
			if !slices.Contains(l.Level.Choices(), string(l.Level)) || i > 0 && l.Level <= m.Levels[i-1].Level || l.Colour == "" || l.Stop != (l.Level == "4") {
				t.Errorf("%s: level %+v", m.Version, l)
			}
		}
		if m.Colour("") != "unclassified" {
			t.Errorf("%s gives what is not classified the colour %s", m.Version, m.Colour(""))
		}
	}
	if _, ok := Model("no-such"); ok {
		t.Error("a model that does not ship is found")
	}
}

// TestMappingsReachEveryLevel holds that a mapping leads between two models that ship, never to a level that stops, and
// never lets a higher level become a lower one than a lower level becomes.
func TestMappingsReachEveryLevel(t *testing.T) {
	for _, m := range modelData().mappings {
		from, okFrom := Model(m.From)
		to, okTo := Model(m.To)
		if !okFrom || !okTo {
			t.Fatalf("mapping %s to %s", m.From, m.To)
		}
		last := Level("")
		for _, l := range from.Levels {
			is, ok := m.Levels[l.Level]
			if ok == l.Stop || ok && (!to.Has(is) || to.Stops(is) || is < last) {
				t.Errorf("%s %s becomes %q", m.From, l.Level, is)
			}
			last = max(last, is)
		}
	}
	if _, ok := Mapping("klassa-0-4", "no-such"); ok {
		t.Error("a mapping to nowhere is found")
	}
}

func TestMovingMakesAProposalThatNamesTheFormer(t *testing.T) {
	m, _ := Mapping("klassa-0-4", "tre-nivaer-1")
	old := Classification{Record: Record{ID: "old", Unit: "u", Rev: 3}, System: "s", Model: "klassa-0-4", State: ClassificationDecided,
		Confidentiality: "3", ConfidentialityBy: "economy=0 trust=3", ConfidentialityMotive: "m", Integrity: "0", Availability: "4", AvailabilityBy: "law=4",
		DecidedBy: "p", DecidedOn: today, ValidUntil: after}
	got := m.Moved(old)
	want := Classification{Record: Record{Unit: "u"}, System: "s", Model: "tre-nivaer-1", State: ClassificationProposed, Former: "old",
		Confidentiality: "3", ConfidentialityBy: "economy=1 trust=3", ConfidentialityMotive: "m", Integrity: "1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if wrong := got.Wrong(); wrong != nil {
		t.Errorf("what was moved is wrong: %v", wrong)
	}
}

func TestProfilesReadAsTheyAreWritten(t *testing.T) {
	for in, want := range map[string]string{
		"K3/R3/T2": "K3/R3/T2", "k3 r3 t2": "K3/R3/T2", "T2R3K3": "K3/R3/T2", "K3/R3/T2/S1": "K3/R3/T2/S1", "K-/R2/T0": "K-/R2/T0",
	} {
		if p, ok := ParseProfile(in); !ok || p.String() != want {
			t.Errorf("%s reads as %s, %v", in, p, ok)
		}
	}
	for _, in := range []string{"", "K3", "K3/R3", "K3/R3/T5", "K3/R3/T2/K1", "K3/R3/T2/X1", "K3/R3/T", "K33/R3/T2", "3/3/2", "Å3/R3/T2", "K3/R3/T2 and a long story about the system"} {
		if p, ok := ParseProfile(in); ok {
			t.Errorf("%q reads as %s", in, p)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		level := func() Level { return Level(rapid.SampledFrom([]string{"", "0", "1", "2", "3", "4"}).Draw(t, "l")) }
		p := Profile{level(), level(), level(), level()}
		if got, ok := ParseProfile(p.String()); !ok || got != p {
			t.Fatalf("%s reads as %s", p, got)
		}
	})
}

func FuzzParseProfile(f *testing.F) {
	f.Add("K3/R3/T2")
	f.Add("K-/R\xff/T2")
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := ParseProfile(s); ok {
			if again, ok := ParseProfile(p.String()); !ok || again != p {
				t.Errorf("%q reads as %s and that as %s", s, p, again)
			}
		}
	})
}

func TestLevelsByCategory(t *testing.T) {
	list, ok := ParseBy(" trust=3  economy=2 ")
	if !ok || FormatBy(list) != "economy=2 trust=3" || Worst(list) != "3" {
		t.Errorf("%v %v", list, ok)
	}
	for _, s := range []string{"trust", "trust=", "trust=9", "honour=1", "trust=1 trust=2", "trust=1,law=2"} {
		if _, ok := ParseBy(s); ok {
			t.Errorf("%q is read", s)
		}
	}
	if Worst(nil) != "" {
		t.Error("the worst of nothing is a level")
	}
}

func TestTheWorstCategoryDecides(t *testing.T) {
	c := Classification{Set: "s", Model: "tre-nivaer-1", State: ClassificationInWorkshop}
	for _, tt := range []struct {
		by    string
		level Level
		want  string
	}{
		{"economy=2 trust=3", "3", ""},
		{"economy=2", "3", ""},
		{"economy=2 trust=3", "2", "confidentiality below_worst"},
		{"economy=2", "", ""},
		{"economy=x", "2", "confidentiality_by categories"},
		{"economy=0", "1", "confidentiality_by not_in_model"},
		{"", "0", "confidentiality not_in_model"},
	} {
		c.ConfidentialityBy, c.Confidentiality = tt.by, tt.level
		if got := wrongOf(c); got != tt.want {
			t.Errorf("%q at %q: %s, want %s", tt.by, tt.level, got, tt.want)
		}
	}
}

func TestWhatStops(t *testing.T) {
	for _, tt := range []struct {
		c    Classification
		want bool
	}{
		{Classification{Model: "klassa-0-4", Availability: "4"}, true},
		{Classification{Model: "klassa-0-4", Traceability: "4"}, true},
		{Classification{Model: "klassa-0-4", IntegrityBy: "law=4"}, true},
		{Classification{Model: "klassa-0-4", Integrity: "3"}, false},
		{Classification{Model: "no-such", Integrity: "4"}, true},
	} {
		if got := tt.c.Stops(); got != tt.want {
			t.Errorf("%+v stops: %v", tt.c.Profile(), got)
		}
	}
}
