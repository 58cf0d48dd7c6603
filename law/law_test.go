// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"strings"
	"testing"
	"testing/fstest"
)

func rule(t *testing.T, key string) Provision {
	t.Helper()
	p, ok := Rule(key)
	if !ok {
		t.Fatalf("no rule %q", key)
	}
	return p
}

// TestEveryRuleIsSound asks of the files themselves what load asks, and what only a reader would miss.
func TestEveryRuleIsSound(t *testing.T) {
	if len(Rules()) < 40 {
		t.Errorf("only %d rules", len(Rules()))
	}
	used := map[string]bool{}
	for _, p := range Rules() {
		if p.Source == "" || p.Reliability == "" || len(p.ReadIn) == 0 || p.VerifiedOn == "" {
			t.Errorf("%s has no source, reliability or day of verification", p.Key)
		}
		if p.ShowAsLaw && (p.Reliability != Read || p.From == "") {
			t.Errorf("%s is shown as law without having been read or without its first day", p.Key)
		}
		for _, text := range []Text{p.Title, p.Demands} {
			if text.SV == text.EN {
				t.Errorf("%s is not translated: %s", p.Key, text.SV)
			}
			if strings.Contains(text.SV+text.EN, "shall shall") || strings.TrimSpace(text.SV) != text.SV {
				t.Errorf("%s: untidy text", p.Key)
			}
		}
		for _, key := range p.ReadIn {
			used[key] = true
		}
		if p.AdoptedBy != "" {
			if b, ok := p.Adopter(); !ok || b.Name.SV == "" {
				t.Errorf("%s is adopted by nobody", p.Key)
			}
		}
	}
	for _, f := range Embedded().Forms() {
		for _, key := range f.ReadIn {
			used[key] = true
		}
	}
	for _, o := range Origins() {
		if !used[o.Key] && o.Key != "sfs_time" { // holidays.yaml rests on it
			t.Errorf("nothing was read in %s", o.Key)
		}
	}
}

func TestNothingSecondaryIsShownAsLaw(t *testing.T) {
	for _, key := range []string{"nis2", "cer", "dpf", "mcffs_2026_8", "mcffs_2026_11", "kl_internal_control", "gdpr_breach_supplement"} {
		if rule(t, key).ShowAsLaw {
			t.Errorf("%s is shown as law", key)
		}
	}
}

// TestWhoAdopted holds the mistake of a published review against the data: the Commission adopts no
// directives of this kind.
func TestWhoAdopted(t *testing.T) {
	for key, want := range map[string]struct {
		is, not []string
		on      string
	}{
		"nis2": {[]string{"Europaparlamentet och rådet", " european parliament and council "}, []string{"EU-kommissionen", "", "rådet"}, "2022-12-14"},
		"cer":  {[]string{"Europaparlamentet och rådet"}, []string{"EU-kommissionen", "European Commission"}, "2022-12-14"},
		"dpf":  {[]string{"EU-kommissionen", "the European Commission"}, []string{"Europaparlamentet och rådet"}, "2023-07-10"},
	} {
		p := rule(t, key)
		body, ok := p.Adopter()
		if !ok || p.AdoptedOn != want.on {
			t.Errorf("%s: adopted by %v on %s", key, ok, p.AdoptedOn)
		}
		for _, name := range want.is {
			if !body.Is(name) {
				t.Errorf("%s: not adopted by %q", key, name)
			}
		}
		for _, name := range want.not {
			if body.Is(name) {
				t.Errorf("%s: adopted by %q", key, name)
			}
		}
	}
	if _, ok := (Provision{}).Adopter(); ok {
		t.Error("a rule without adopter has one")
	}
}

func TestInForce(t *testing.T) {
	for _, c := range []struct {
		key, day string
		want     bool
	}{
		{"csl", "2026-01-14", false}, {"csl", "2026-01-15", true}, {"csl", "2030-01-01", true},
		{"nis2", "2024-10-17", false}, {"nis2", "2024-10-18", true},
		{"nis2_inquiry", "2024-02-23", true}, {"nis2_inquiry", "2024-02-24", false},
		{"dpf", "2023-07-09", false}, {"dpf", "2023-07-10", true},
		{"nis_act", "2020-01-01", false}, // its first day is not known, so nothing is said
		{"mcffs_2026_11", "2026-09-30", false}, {"mcffs_2026_11", "2026-10-01", true},
		{"no_such_rule", "2026-01-15", false},
	} {
		if got := InForce(c.key, c.day); got != c.want {
			t.Errorf("%s in force on %s: %v", c.key, c.day, got)
		}
	}
}

func TestRecipientOfTheDay(t *testing.T) {
	p := rule(t, "csl_early_warning")
	for day, want := range map[string]string{"2026-06-30": "Myndigheten för civilt försvar", "2026-07-01": "Försvarets radioanstalt, Nationellt cybersäkerhetscenter"} {
		if r := Embedded().Recipients(p, day, nil, ""); len(r) != 1 || r[0].Name.SV != want {
			t.Errorf("recipients on %s are %v", day, r)
		}
	}
	if r := Embedded().Recipients(p, "2025-12-31", nil, ""); len(r) > 0 {
		t.Error("somebody received reports before the act")
	}
}

const good = `
origins: [{key: o, what: somewhere}]
bodies: [{key: b, name: {sv: a, en: b}}]
rules:
  - key: old
    kind: statute
    title: {sv: a, en: b}
    demands: {sv: a, en: b}
    source: s
    read_in: [o]
    verified_on: 2026-01-01
    reliability: read
  - key: new
    kind: deadline
    title: {sv: a, en: b}
    demands: {sv: a, en: b}
    source: s
    read_in: [o]
    verified_on: 2026-01-01
    adopted_by: b
    from: 2026-01-01
    to: 2026-12-31
    reliability: secondary
    replaces: [old]
    recipients: [{name: {sv: a, en: b}, reliability: read, from: 2026-01-01, to: 2026-02-01}]
    clock: {start: knowledge, starts: {sv: a, en: b}, hours: 24, calendar: hours}
  - {key: adequate, kind: decision, title: {sv: c, en: d}, demands: {sv: c, en: d}, source: t, read_in: [o], verified_on: 2026-01-02, reliability: unverified}
holidays: [{name: {sv: a, en: b}, date: 01-01}]
sectors: [{key: s1, name: {sv: a, en: b}}]
counties: [{key: c1, name: {sv: a, en: b}}]
supervision: [{from: 2026-01-01, to: 2026-03-31, source: s, read_in: [o], verified_on: 2026-01-01, reliability: read, sectors: {s1: county}, counties: {c1: b}}]
facts: [{key: f1, kind: hours, ask: {sv: a, en: b}}, {key: f2, kind: yes, ask: {sv: a, en: b}}]
thresholds:
  - {key: t1, rule: old, from: 2026-01-01, source: s, read_in: [o], verified_on: 2026-01-01, title: {sv: a, en: b}, reliability: secondary, when: [{fact: f1, over: 4}]}
  - {key: t2, rule: old, from: 2026-01-01, source: s, read_in: [o], verified_on: 2026-01-01, title: {sv: a, en: b}, sector: s1, reliability: read, when: [{fact: f2, yes: true}]}
countries: [{code: XA, name: {sv: c, en: d}, adequacy: adequate}, {code: XB, name: {sv: e, en: f}}]
`

func TestLoadIsStrict(t *testing.T) {
	read := func(text string) error {
		_, err := load(fstest.MapFS{"a.yaml": {Data: []byte(text)}})
		return err
	}
	if err := read(good); err != nil {
		t.Fatalf("good file: %v", err)
	}
	for name, mend := range map[string][2]string{
		"unknown field":          {"source: s", "sauce: s"},
		"no source":              {"    source: s\n", ""},
		"unknown kind":           {"kind: statute", "kind: rumour"},
		"directive of nobody":    {"kind: statute", "kind: directive"},
		"unknown reliability":    {"reliability: secondary", "reliability: sure"},
		"secondary shown as law": {"reliability: secondary", "reliability: secondary\n    show_as_law: true"},
		"one language":           {"title: {sv: a, en: b}", "title: {sv: a}"},
		"note in one language":   {"replaces: [old]", "replaces: [old]\n    note: {sv: a}"},
		"day that is none":       {"from: 2026-01-01", "from: 2026-02-30"},
		"ends before it begins":  {"to: 2026-12-31", "to: 2025-12-31"},
		"unknown body":           {"adopted_by: b", "adopted_by: c"},
		"unknown origin":         {"read_in: [o]", "read_in: [p]"},
		"no origin":              {"read_in: [o]", "read_in: []"},
		"not verified":           {"    verified_on: 2026-01-01\n", ""},
		"replaces nothing":       {"replaces: [old]", "replaces: [older]"},
		"replaces itself":        {"replaces: [old]", "replaces: [new]"},
		"twice":                  {"key: new", "key: old"},
		"bad key":                {"key: old", "key: Old-One"},
		"no clock":               {"    clock: {start: knowledge, starts: {sv: a, en: b}, hours: 24, calendar: hours}\n", ""},
		"clock of no deadline":   {"kind: deadline", "kind: demand"},
		"two lengths":            {"hours: 24", "hours: 24, days: 1"},
		"no length":              {"hours: 24, ", ""},
		"negative length":        {"hours: 24", "hours: -24"},
		"length set by others":   {"calendar: hours", "calendar: local"},
		"hours by calendar days": {"calendar: hours", "calendar: se"},
		"unknown calendar":       {"calendar: hours", "calendar: julian"},
		"starts at nothing":      {" starts: {sv: a, en: b},", ""},
		"starts at no kind":      {"start: knowledge", "start: rumour"},
		"recipient's days":       {"to: 2026-02-01", "to: 2025-02-01"},
		"recipient's trust":      {"reliability: read, from", "reliability: good, from"},
		"country twice":          {"{code: XB", "{code: XA"},
		"country's code":         {"code: XA", "code: xa"},
		"country in one tongue":  {"name: {sv: c, en: d}", "name: {sv: c}"},
		"country of two worlds":  {"adequacy: adequate", "eu: true, eea: true"},
		"adequate within":        {"adequacy: adequate", "adequacy: adequate, eu: true"},
		"adequate by no rule":    {"adequacy: adequate", "adequacy: more"},
		"adequate by a statute":  {"adequacy: adequate", "adequacy: old"},
		"negative threshold":     {"replaces: [old]", "replaces: [old]\n    threshold: -1"},
		"recipient of two kinds": {"recipients: [{name: {sv: a, en: b}", "recipients: [{name: {sv: a, en: b}, body: b"},
		"recipient that is none": {"recipients: [{name: {sv: a, en: b}", "recipients: [{body: c"},
		"recipient found oddly":  {"recipients: [{name: {sv: a, en: b}", "recipients: [{by: luck"},
		"body and rule":          {"bodies: [", "bodies: [{key: old, name: {sv: a, en: b}}, "},
		"earlier without an end": {"name: {sv: a, en: b}}]\nrules", "name: {sv: a, en: b}, earlier: [{name: {sv: c, en: d}}]}]\nrules"},
		"secret by no test":      {"replaces: [old]", "replaces: [old]\n    secrecy: {test: whim}"},
		"secret for no time":     {"replaces: [old]", "replaces: [old]\n    secrecy: {test: reverse, max_years: -1}"},
		"sector's name":          {"{key: s1, name: {sv: a, en: b}}", "{key: s1, name: {sv: a}}"},
		"sector of nobody":       {"sectors: {s1: county}", "sectors: {s1: nobody}"},
		"county of nobody":       {"counties: {c1: b}", "counties: {c1: nobody}"},
		"county that is none":    {"counties: {c1: b}", "counties: {c1: b, c2: b}"},
		"supervision's source":   {"to: 2026-03-31, source: s", "to: 2026-03-31"},
		"supervision's trust":    {"verified_on: 2026-01-01, reliability: read, sectors", "verified_on: 2026-01-01, reliability: good, sectors"},
		"fact twice":             {"{key: f2", "{key: f1"},
		"fact of no kind":        {"kind: yes", "kind: maybe"},
		"threshold of no rule":   {"rule: old, from", "rule: older, from"},
		"threshold's sector":     {"sector: s1", "sector: s9"},
		"threshold of nothing":   {"when: [{fact: f1, over: 4}]", "when: []"},
		"threshold's fact":       {"when: [{fact: f1, over: 4}]", "when: [{fact: f9, over: 4}]"},
		"threshold's two limits": {"when: [{fact: f1, over: 4}]", "when: [{fact: f1, over: 4, at_least: 5}]"},
		"threshold's yes":        {"when: [{fact: f1, over: 4}]", "when: [{fact: f1, yes: true}]"},
		"threshold twice":        {"key: t2, rule", "key: t1, rule"},
		"threshold and rule":     {"key: t2, rule", "key: old, rule"},
		"threshold's trust":      {"reliability: secondary, when", "reliability: sure, when"},
		"holiday's years":        {"date: 01-01}", "date: 01-01, since: 2005, until: 2004}"},
		"holiday of two forms":   {"date: 01-01", "date: 01-01, easter: 1"},
		"holiday of no form":     {", date: 01-01", ""},
		"holiday's date":         {"date: 01-01", "date: 13-01"},
		"holiday's weekday":      {"date: 01-01", "weekday: someday, from: 01-01"},
		"body without a name":    {"name: {sv: a, en: b}}]\nrules", "name: {sv: a}}]\nrules"},
		"origin of nothing":      {"what: somewhere", "what: \"\""},
		"no yaml":                {"rules:", "rules"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(good, mend[0], mend[1], 1)
			if text == good {
				t.Fatalf("%q is not in the good file", mend[0])
			}
			if err := read(text); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestSecrecyRules(t *testing.T) {
	rules := map[string]Provision{}
	for _, p := range Embedded().SecrecyRules("2026-11-24") {
		rules[p.Key] = p
	}
	if len(rules) != 12 {
		t.Errorf("%d rules of secrecy", len(rules))
	}
	if s := rules["osl_incident_reports"].Secrecy; s == nil || s.Test != Reverse || s.MaxYears != 40 || !s.Silences {
		t.Errorf("incident reports: %+v", s)
	}
	if s := rules["osl_security_measures"].Secrecy; s == nil || s.Test != Straight || s.MaxYears != 0 || !s.Silences {
		t.Errorf("security measures: %+v", s)
	}
	if s := rules["osl_health"].Secrecy; s == nil || s.Test != Considerable || s.Silences {
		t.Errorf("health: %+v", s)
	}
	for _, p := range Embedded().SecrecyRules("2026-01-14") {
		if p.Key == "osl_incident_reports" {
			t.Error("secrecy of reports before the act that they follow")
		}
	}
}
