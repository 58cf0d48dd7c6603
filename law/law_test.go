// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"
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
		if r, ok := p.Recipient(day); !ok || r.Name.SV != want {
			t.Errorf("recipient on %s is %q", day, r.Name.SV)
		}
	}
	if _, ok := p.Recipient("2025-12-31"); ok {
		t.Error("somebody received reports before the act")
	}
}

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, stockholm)
	if err != nil {
		panic(err)
	}
	return t
}

// TestDeadlines are worked examples: clocks over Christmas, summer time and short months.
func TestDeadlines(t *testing.T) {
	for _, c := range []struct{ rule, from, target, last string }{
		{"gdpr_breach_notification", "2026-12-23 14:20", "2026-12-26 14:20", "2026-12-26 15:00"},
		{"gdpr_breach_notification", "2026-12-23 14:00", "2026-12-26 14:00", "2026-12-26 14:00"},
		{"gdpr_breach_notification", "2027-03-25 17:10", "2027-03-28 17:10", "2027-03-28 19:00"}, // clocks go forward
		{"gdpr_breach_notification", "2026-10-24 10:00", "2026-10-27 09:00", "2026-10-27 09:00"}, // clocks go back
		{"csl_early_warning", "2026-12-23 14:20", "2026-12-24 14:20", "2026-12-24 14:20"},
		{"csl_incident_notification", "2027-03-25 17:10", "2027-03-28 17:10", "2027-03-28 18:10"},
		{"csl_final_report", "2026-11-24 11:00", "2026-12-24 00:00", "2026-12-28 00:00"},
		{"csl_final_report", "2027-01-31 11:00", "2027-02-26 00:00", "2027-03-01 00:00"},
		{"csl_final_report", "2026-11-23 23:59", "2026-12-23 00:00", "2026-12-23 00:00"},
		{"csl_final_report_after_ongoing", "2028-01-31 09:00", "2028-02-29 00:00", "2028-02-29 00:00"},
		{"csl_registration_change", "2026-12-10 08:00", "2026-12-24 00:00", "2026-12-28 00:00"},
		{"gdpr_subject_request", "2026-11-24 08:00", "2026-12-24 00:00", "2026-12-24 00:00"},
		{"gdpr_subject_request", "2027-01-31 08:00", "2027-02-26 00:00", "2027-03-01 00:00"},
		{"gdpr_subject_request_extended", "2026-11-24 08:00", "2027-02-24 00:00", "2027-02-24 00:00"},
		{"gdpr_subject_request_extended", "2026-11-30 08:00", "2027-02-26 00:00", "2027-03-01 00:00"},
		{"archive_ceased_board", "2026-03-24 08:00", "2026-06-24 00:00", "2026-06-24 00:00"},
		{"archive_ceased_board", "2026-03-19 08:00", "2026-06-19 00:00", "2026-06-22 00:00"}, // Midsummer
		{"gdpr_prior_consultation", "2026-10-29 08:00", "2026-12-24 00:00", "2026-12-24 00:00"},
	} {
		p := rule(t, c.rule)
		due, ok := p.Clock.Due(at(c.from).UTC())
		if !ok || !due.Target.Equal(at(c.target)) || !due.Last.Equal(at(c.last)) {
			t.Errorf("%s from %s: target %v, last %v; want %s, %s", c.rule, c.from, due.Target, due.Last, c.target, c.last)
		}
		if due.WholeDay != (p.Clock.Hours == 0) {
			t.Errorf("%s: whole day %v", c.rule, due.WholeDay)
		}
	}
	if _, ok := rule(t, "csl_interim_report").Clock.Due(at("2026-11-24 11:00")); ok {
		t.Error("a period that the authority sets has a length of its own")
	}
}

func TestDueProperties(t *testing.T) {
	start := at("2020-01-01 00:00")
	rapid.Check(t, func(t *rapid.T) {
		from := start.Add(time.Duration(rapid.IntRange(0, 20*366*24*60).Draw(t, "minutes")) * time.Minute)
		c := Clock{Calendar: rapid.SampledFrom([]Calendar{Hours, HoursEU, Swedish, EU}).Draw(t, "calendar")}
		switch n := rapid.IntRange(1, 100).Draw(t, "length"); {
		case c.Calendar == Hours || c.Calendar == HoursEU:
			c.Hours = n
		case n > 36:
			c.Days = n
		default:
			c.Months = n
		}
		due, ok := c.Due(from)
		if !ok || due.Target.After(due.Last) {
			t.Fatalf("target %v after last %v", due.Target, due.Last)
		}
		if c.Hours > 0 && due.Target.Sub(from) > time.Duration(c.Hours)*time.Hour {
			t.Errorf("target %v is later than the hours elapsed from %v", due.Target, from)
		}
		if due.WholeDay && (free(due.Last, c.Calendar == Swedish) || due.Last.Hour() != 0) {
			t.Errorf("last day %v is free", due.Last)
		}
	})
}

// TestHolidays holds the computed days against those verified for three years.
func TestHolidays(t *testing.T) {
	for year, days := range map[string]string{
		"2026": "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-06 06-19 06-20 10-31 12-24 12-25 12-26 12-31",
		"2027": "01-01 01-06 03-26 03-28 03-29 05-01 05-06 05-16 06-06 06-25 06-26 11-06 12-24 12-25 12-26 12-31",
		"2028": "01-01 01-06 04-14 04-16 04-17 05-01 05-25 06-04 06-06 06-23 06-24 11-04 12-24 12-25 12-26 12-31",
	} {
		var got []string
		for day := at(year + "-01-01 00:00"); day.Format("2006") == year; day = day.AddDate(0, 0, 1) {
			if _, ok := Holiday(day.Format(time.DateOnly)); ok {
				got = append(got, day.Format("01-02"))
			}
		}
		if s := strings.Join(got, " "); s != days {
			t.Errorf("%s: %s\nwant: %s", year, s, days)
		}
	}
	if name, _ := Holiday("2027-03-26"); name.In("sv") != "långfredagen" || name.In("en") != "Good Friday" {
		t.Errorf("26 March 2027 is %v", name)
	}
	if _, ok := Holiday("2027-02-30"); ok {
		t.Error("a day that does not exist is a holiday")
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
    clock: {starts: {sv: a, en: b}, hours: 24, calendar: hours}
  - {key: adequate, kind: decision, title: {sv: c, en: d}, demands: {sv: c, en: d}, source: t, read_in: [o], verified_on: 2026-01-02, reliability: unverified}
holidays: [{name: {sv: a, en: b}, date: 01-01}]
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
		"no clock":               {"    clock: {starts: {sv: a, en: b}, hours: 24, calendar: hours}\n", ""},
		"clock of no deadline":   {"kind: deadline", "kind: demand"},
		"two lengths":            {"hours: 24", "hours: 24, days: 1"},
		"no length":              {"hours: 24, ", ""},
		"negative length":        {"hours: 24", "hours: -24"},
		"length set by others":   {"calendar: hours", "calendar: local"},
		"hours by calendar days": {"calendar: hours", "calendar: se"},
		"unknown calendar":       {"calendar: hours", "calendar: julian"},
		"starts at nothing":      {"starts: {sv: a, en: b}, ", ""},
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
