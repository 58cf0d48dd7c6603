// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"ledsyn/law"
	"ledsyn/locale"
)

func TestDeadlineIsPrintedInBothLanguages(t *testing.T) {
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"-rule", "csl_final_report", "-trigger", "2026-11-24 11:00"},
			[]string{"tisdag 2026-11-24 11:00 (UTC+01:00)", "torsdag 2026-12-24, hela dagen", "måndag 2026-12-28, hela dagen", "Nationellt cybersäkerhetscenter (bara läst i andra källor)", "2 kap. 8 §", "läst i lagtexten"}},
		{[]string{"-rule", "csl_final_report", "-trigger", "2026-05-04T11:00+02:00", "-language", "en"},
			[]string{"Thursday 2026-06-04, all day", "the Swedish Civil Defence Agency\n", "read in the statute"}},
		{[]string{"-rule", "gdpr_breach_notification", "-trigger", "2027-03-25 17:10", "-language", "en"},
			[]string{"Sunday 2027-03-28 17:10 (UTC+02:00)", "Sunday 2027-03-28 19:00 (UTC+02:00)", "the Swedish Authority for Privacy Protection", "never relies on"}},
		{[]string{"-rule", "csl_early_warning", "-trigger", "2026-07-01 10:00", "-day", "2026-06-30"}, []string{"Myndigheten för civilt försvar\n"}},
		{[]string{"-rule", "csl_fine_payment", "-trigger", "2026-03-02 10:00"}, []string{"ange -sector"}},
		{[]string{"-rule", "csl_fine_payment", "-trigger", "2026-03-02 10:00", "-sector", "public_administration,Dricksvatten", "-county", "Uppsala län"},
			[]string{"Länsstyrelsen i Örebro län; Livsmedelsverket\n", "Länsstyrelsen i Örebro län, offentlig förvaltning"}},
		{[]string{"-rule", "csl_early_warning", "-trigger", "2026-03-02 10:00", "-sector", "waste"}, []string{"kräver -county"}},
		{[]string{"-rule", "appeal", "-trigger", "2026-11-24 10:00"}, []string{"inte bekräftad", "ingen känd", "första dag okänd"}},
	} {
		out := must(t, "", append([]string{"deadline"}, c.args...)...)
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("ledsyn deadline %s does not say %q:\n%s", strings.Join(c.args, " "), want, out)
			}
		}
		if strings.Contains(out, "[[") {
			t.Errorf("words are missing:\n%s", out)
		}
	}
}

func TestDeadlineAsJSON(t *testing.T) {
	out := must(t, "", "deadline", "-rule", "csl_early_warning", "-trigger", "2026-12-23 14:20", "-sector", "energy", "-json")
	var got struct {
		law.Deadline
		Zone, Day   string
		Recipients  []struct{ Name, Reliability string }
		Supervisors []struct{ Name string }
		By          struct{ Statute, Reliability string }
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	due, _, err := law.Embedded().Deadline("csl_early_warning", got.Trigger, "")
	if err != nil || !got.Shown.Equal(due.Shown) || got.Version != "2026-01-15" || got.Zone != "Europe/Stockholm" || got.Day != "2026-12-23" ||
		len(got.Recipients) != 1 || got.Recipients[0].Reliability != "secondary" || len(got.Supervisors) != 1 || got.By.Reliability != "read" {
		t.Errorf("%s", out)
	}
	if !strings.Contains(out, `"shown": "2026-12-24T14:20:00+01:00"`) {
		t.Errorf("no distance from UTC: %s", out)
	}
}

func TestDeadlineRefusals(t *testing.T) {
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{nil, misused, "-rule"},
		{[]string{"-rule", "csl_early_warning"}, misused, "-trigger"},
		{[]string{"-rule", "csl_early_warning", "-trigger", "2026-11-24 10:00", "more"}, misused, "”more”"},
		{[]string{"-rule", "csl_early_warning", "-trigger", "i morgon"}, failed, "ingen tidpunkt"},
		{[]string{"-rule", "csl_early_warning", "-trigger", "2026-10-25 02:30"}, failed, "2026-10-25T02:30:00+02:00 eller 2026-10-25T02:30:00+01:00"},
		{[]string{"-rule", "csl_early_warning", "-trigger", "2027-03-28 02:30"}, failed, "2027-03-28T03:00:00+02:00"},
		{[]string{"-rule", "csl_early_warning", "-trigger", "2026-01-10 10:00"}, failed, "gällde inte"},
		{[]string{"-rule", "csl_early_warning", "-trigger", "2026-11-24 10:00", "-day", "2026-02-30"}, failed, "ingen dag"},
		{[]string{"-rule", "csl_early_warning", "-trigger", "2026-11-24 10:00", "-sector", "sjöröveri"}, failed, "public_administration"},
		{[]string{"-rule", "csl_early_warning", "-trigger", "2026-11-24 10:00", "-county", "Nangijala"}, failed, "norrbotten"},
		{[]string{"-rule", "csl_interim_report", "-trigger", "2026-11-24 10:00"}, failed, "På begäran"},
		{[]string{"-rule", "no_such_rule", "-trigger", "2026-11-24 10:00"}, failed, "csl_final_report"},
	} {
		status, out, errs := run(t, "", append([]string{"deadline"}, c.args...)...)
		if status != c.status || !strings.Contains(errs, c.want) || out != "" || strings.Contains(errs, "[[") {
			t.Errorf("ledsyn deadline %s: status %d, want %d with %q:\n%s", strings.Join(c.args, " "), status, c.status, c.want, errs)
		}
	}
}

func TestRulesOfTheDay(t *testing.T) {
	before, after := must(t, "", "rules", "-day", "2026-09-30"), must(t, "", "rules", "-day", "2026-10-01")
	if strings.Contains(before, "mcffs_2026_11 ") || !strings.Contains(after, "mcffs_2026_11 ") || !strings.Contains(after, "bara läst i andra källor") {
		t.Errorf("MCFFS 2026:11 binds from another day:\n%s", after)
	}
	if !strings.Contains(must(t, "", "rules", "-language", "en"), "read in the statute") {
		t.Error("no marks in English")
	}
	var list []struct {
		Rule, Reliability string
		InForce           bool `json:"in_force"`
	}
	if err := json.Unmarshal([]byte(must(t, "", "rules", "-day", "2026-11-24", "-json")), &list); err != nil || len(list) < 40 {
		t.Fatalf("%d rules, %v", len(list), err)
	}
	for _, one := range list {
		if one.Rule == "" || one.Reliability == "" || one.Rule == "mcffs_2026_9" && one.InForce {
			t.Errorf("%+v", one)
		}
	}
	if status, _, errs := run(t, "", "rules", "-day", "idag"); status != failed || !strings.Contains(errs, "ingen dag") {
		t.Errorf("status %d: %s", status, errs)
	}
}

// What the law data can say has words, in both languages.
func TestEveryLegalMarkHasWords(t *testing.T) {
	var keys []string
	for _, one := range law.Rules() {
		keys = append(keys, "law.reliability."+string(one.Reliability))
		if s := one.Secrecy; s != nil {
			keys = append(keys, "law.harm_test."+string(s.Test))
		}
		if c := one.Clock; c != nil {
			keys = append(keys, "law.calendar."+string(c.Calendar), "law.start."+string(c.Start))
		}
	}
	for _, r := range []law.Result{law.Reached, law.NotReached, law.Unknown} {
		keys = append(keys, "law.threshold."+string(r))
	}
	source, err := os.ReadFile("law/override.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`"(override_\w+)"`).FindAllStringSubmatch(string(source), -1)
	if len(codes) < 9 {
		t.Fatalf("only %d codes of overrides", len(codes))
	}
	for _, code := range codes {
		keys = append(keys, "wrong."+code[1])
	}
	for _, key := range keys {
		for _, l := range locale.Langs() {
			if !l.Has(key) {
				t.Errorf("%s has no words in %s", key, l)
			}
		}
	}
}
