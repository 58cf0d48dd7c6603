// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// own is an override with what each must have.
func own(o Override) Override {
	o.ID, o.Source, o.VerifiedOn, o.Reliability = "own1", "https://example.se/2027:1", "2027-01-10", Read
	return o
}

func over(t *testing.T, all ...Override) *Book {
	t.Helper()
	b, err := Embedded().Over(all)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAnOverrideHasItsDays(t *testing.T) {
	b := over(t, own(Override{Of: "gdpr_breach_notification", Span: Span{From: "2027-02-01", To: "2027-12-31"}, Amount: 96, Statute: "Article 33(1) as amended"}))
	for day, want := range map[string]struct {
		hours   int
		version string
	}{
		"2027-01-31": {72, "2018-05-25"}, "2027-02-01": {96, "2027-02-01/own1"}, "2027-12-31": {96, "2027-02-01/own1"}, "2028-01-01": {72, "2028-01-01"},
	} {
		due, p, err := b.Deadline("gdpr_breach_notification", at(day+" 10:00"), "")
		if err != nil || p.Clock.Hours != want.hours || due.Version != want.version {
			t.Errorf("%s: %d hours by version %s (%v)", day, p.Clock.Hours, due.Version, err)
		}
		if p.Own != nil && (p.Source != "Article 33(1) as amended" || p.Own.Source != "https://example.se/2027:1" || p.Reliability != Read || p.VerifiedOn != "2027-01-10") {
			t.Errorf("%s: %+v", day, p)
		}
	}
	if p, _ := Embedded().Rule("gdpr_breach_notification", "2027-06-01"); p.Clock.Hours != 72 || p.Own != nil {
		t.Error("the embedded book was changed")
	}
}

func TestOverridesOfEachKind(t *testing.T) {
	heard := own(Override{Of: "csl_early_warning", Span: Span{From: "2027-01-01"}, Recipient: Text{"Nya myndigheten", "the New Authority"}})
	heard.Reliability, heard.VerifiedOn = Unverified, ""
	b := over(t,
		heard,
		own(Override{Of: "mcf", Span: Span{From: "2028-01-01"}, Recipient: Text{"Civilmyndigheten", "the Civil Authority"}}),
		own(Override{Of: "administration_limited", Span: Span{From: "2027-01-01"}, Amount: 6}),
		own(Override{Of: "any_environment", Span: Span{From: "2027-01-01"}, Repealed: true}),
		own(Override{Of: "any_persons", Span: Span{From: "2027-01-01"}, Amount: 100}),
		own(Override{Of: "energy", Span: Span{From: "2027-01-01", To: "2027-06-30"}, Recipient: Text{SV: "Energitillsynen"}}),
		own(Override{Of: "csl_final_report", Span: Span{From: "2027-01-01"}, Amount: 20, Unit: InWorkingDays}),
	)
	if r := b.Recipients(mustRule(t, b, "csl_early_warning", "2027-01-01"), "2027-01-01", nil, ""); len(r) != 1 || r[0].Name.EN != "the New Authority" || r[0].Reliability != Unverified {
		t.Errorf("recipients: %v", r)
	}
	if _, p, err := b.Deadline("csl_early_warning", at("2027-01-01 10:00"), ""); err != nil || p.Reliability != Read || !p.ShowAsLaw || p.Own == nil {
		t.Errorf("a recipient that is not verified makes the rule uncertain: %+v (%v)", p, err)
	}
	if r := b.Recipients(mustRule(t, b, "csl_early_warning", "2026-12-31"), "2026-12-31", nil, ""); len(r) != 1 || r[0].Body != "ncsc" {
		t.Errorf("recipients the day before: %v", r)
	}
	for day, want := range map[string]string{"2026-12-31": "Statens energimyndighet", "2027-01-01": "Energitillsynen", "2027-07-01": "Statens energimyndighet"} {
		if r, ok := b.Supervisor("energy", "", day); !ok || r.Name.SV != want || r.Name.EN == "" {
			t.Errorf("energy on %s: %v", day, r)
		}
	}
	if got := b.Test(Facts{"persons_hit": 100}, nil, "2027-01-01"); !slices.ContainsFunc(got, func(one Tested) bool { return one.Key == "any_persons" && one.Result == Reached }) {
		t.Error("the limit of persons was not changed")
	}
	mcf, _ := b.Body("mcf")
	if mcf.Called("2025-06-01").EN == mcf.Called("2026-06-01").EN || mcf.Called("2027-12-31").SV != "Myndigheten för civilt försvar" || mcf.Called("2028-01-01").SV != "Civilmyndigheten" {
		t.Errorf("the names: %+v", mcf)
	}
	limits := map[string]map[string]Result{}
	for _, day := range []string{"2026-12-31", "2027-01-01"} {
		limits[day] = map[string]Result{}
		for _, one := range b.Test(Facts{"limited_hours": 5, "environment_harmed": 1}, []string{"public_administration"}, day) {
			limits[day][one.Key] = one.Result
		}
	}
	if limits["2026-12-31"]["administration_limited"] != Reached || limits["2027-01-01"]["administration_limited"] != NotReached {
		t.Errorf("the limit: %v", limits)
	}
	if limits["2026-12-31"]["any_environment"] != Reached || limits["2027-01-01"]["any_environment"] != "" {
		t.Errorf("the repealed threshold: %v", limits)
	}
	if p := mustRule(t, b, "csl_final_report", "2027-01-01"); p.Clock.WorkingDays != 20 || p.Clock.Months != 0 {
		t.Errorf("the clock: %+v", p.Clock)
	}
}

func mustRule(t *testing.T, b *Book, key, day string) Provision {
	t.Helper()
	p, ok := b.Rule(key, day)
	if !ok {
		t.Fatalf("no rule %s on %s", key, day)
	}
	return p
}

// A record that only says that the statute has now been read changes the mark and nothing else.
func TestReadingTheStatuteChangesTheMark(t *testing.T) {
	b := over(t, own(Override{Of: "appeal", Span: Span{From: "2027-01-01"}}))
	for day, want := range map[string]Reliability{"2026-12-31": Unverified, "2027-01-01": Read} {
		due, p, err := b.Deadline("appeal", at(day+" 10:00"), "")
		if err != nil || p.Reliability != want || p.Clock.Days != 21 || p.InForce(day) != (want == Read) || due.Version != p.Version() {
			t.Errorf("%s: %+v (%v)", day, p, err)
		}
	}
}

func TestARepealedRuleIsNoMore(t *testing.T) {
	b := over(t, own(Override{Of: "csl_inform_threat", Span: Span{From: "2027-01-01"}, Repealed: true}))
	if _, ok := b.Rule("csl_inform_threat", "2027-01-01"); ok {
		t.Error("still there")
	}
	if _, _, err := b.Deadline("csl_inform_threat", at("2027-01-01 10:00"), ""); !errors.Is(err, ErrNotInForce) {
		t.Error(err)
	}
	mustRule(t, b, "csl_inform_threat", "2026-12-31")
}

func TestFaultyOverridesAreRefused(t *testing.T) {
	good := own(Override{Of: "csl_early_warning", Span: Span{From: "2027-01-01"}, Amount: 12})
	if faults := Embedded().Faults(good); len(faults) > 0 {
		t.Fatalf("the good one: %v", faults)
	}
	for name, c := range map[string]struct {
		field string
		spoil func(*Override)
	}{
		"of nothing":            {"rule", func(o *Override) { o.Of = "no_such_rule" }},
		"before the rule":       {"rule", func(o *Override) { o.From = "2020-01-01" }},
		"no first day":          {"valid_from", func(o *Override) { o.From = "" }},
		"last before first":     {"valid_to", func(o *Override) { o.To = "2026-12-31" }},
		"no source":             {"source", func(o *Override) { o.Source = "" }},
		"verified at no day":    {"checked_on", func(o *Override) { o.VerifiedOn = "soon" }},
		"not verified":          {"checked_on", func(o *Override) { o.VerifiedOn = "" }},
		"no reliability":        {"reliability", func(o *Override) { o.Reliability = "" }},
		"negative":              {"amount", func(o *Override) { o.Amount = -1 }},
		"days counted as hours": {"amount", func(o *Override) { o.Unit = InDays }},
		"unknown unit":          {"amount", func(o *Override) { o.Unit = "weeks" }},
		"a unit of nothing":     {"amount", func(o *Override) { o.Amount, o.Unit = 0, InHours }},
		"unknown calendar":      {"amount", func(o *Override) { o.Calendar = "julian" }},
		"no clock":              {"amount", func(o *Override) { o.Of = "csl_measures" }},
		"length set by others":  {"amount", func(o *Override) { o.Of = "csl_interim_report" }},
		"limit of a yes":        {"amount", func(o *Override) { o.Of = "any_environment" }},
		"unit of a limit":       {"amount", func(o *Override) { o.Of, o.Unit = "any_limited", InHours }},
		"limit's recipient":     {"recipient", func(o *Override) { o.Of, o.Recipient.SV = "any_limited", "x" }},
		"name without a name":   {"recipient", func(o *Override) { o.Of, o.Amount = "mcf", 0 }},
		"sector of nobody":      {"recipient", func(o *Override) { o.Of, o.Amount = "energy", 0 }},
		"amount of a name":      {"amount", func(o *Override) { o.Of, o.Recipient.SV = "mcf", "x" }},
		"name that ends":        {"valid_to", func(o *Override) { o.Of, o.Amount, o.To, o.Recipient.SV = "mcf", 0, "2028-01-01", "x" }},
		"repealed name":         {"repealed", func(o *Override) { o.Of, o.Amount, o.Repealed, o.Recipient.SV = "mcf", 0, true, "x" }},
	} {
		t.Run(name, func(t *testing.T) {
			o := good
			c.spoil(&o)
			faults := Embedded().Faults(o)
			if len(faults) == 0 || faults[0].Field != c.field {
				t.Errorf("faults %v, want one of %s", faults, c.field)
			}
			var refused FaultError
			if _, err := Embedded().Over([]Override{o}); !errors.As(err, &refused) || refused.ID != "own1" {
				t.Errorf("laid over: %v", err)
			}
		})
	}
}

// However overrides overlap, every day has one version at most, the one that was laid last, and days outside all keep theirs.
func TestOverridesNeverOverlap(t *testing.T) {
	day := func(n int) string { return next("2026-07-01", n) }
	rapid.Check(t, func(t *rapid.T) {
		var all []Override
		for i := range rapid.IntRange(1, 5).Draw(t, "overrides") {
			o := own(Override{Of: "csl_registration_change", Amount: i + 1})
			from := rapid.IntRange(0, 60).Draw(t, "from")
			o.From = day(from)
			if rapid.Bool().Draw(t, "ends") {
				o.To = day(from + rapid.IntRange(0, 30).Draw(t, "length"))
			}
			all = append(all, o)
		}
		b, err := Embedded().Over(all)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.check(); err != nil {
			t.Fatal(err)
		}
		for n := -2; n < 100; n++ {
			want := 14
			for _, o := range all {
				if o.Covers(day(n)) {
					want = o.Amount
				}
			}
			if p, ok := b.Rule("csl_registration_change", day(n)); !ok || p.Clock.Days != want {
				t.Errorf("day %d has %d days, want %d", n, p.Clock.Days, want)
			}
		}
	})
}

func TestWhatBindsOnADay(t *testing.T) {
	keys := map[string]bool{}
	for _, p := range Embedded().On("2026-09-30") {
		keys[p.Key] = true
	}
	for key, want := range map[string]bool{"csl": true, "mcffs_2026_8": true, "mcffs_2026_11": false, "nis_act": false, "leh_rsa": true} {
		if keys[key] != want {
			t.Errorf("%s binds: %v", key, keys[key])
		}
	}
	if p := mustRule(t, Embedded(), "leh_rsa", "2026-09-30"); p.InForce("2026-09-30") || p.Version() != "-" {
		t.Error("a rule without a known first day is said to be in force")
	}
}
