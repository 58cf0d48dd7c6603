// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestFormsKeepTheReceiversOrder(t *testing.T) {
	b := Embedded()
	for rule, wanted := range map[string]string{
		"csl_early_warning":              "organisation org_number contact ongoing course discovered_at discovered_how malicious supplier_origin effect consequences cross_border",
		"csl_final_report_after_ongoing": "organisation contact consequences recipients_hit geography economic_damage cross_border societal_effect cause measures mitigation prevention management_approval",
		"csl_situation_report":           "organisation contact why_ongoing expected_duration effect indicators next_update",
	} {
		f, ok := b.Form(rule, "2026-11-24")
		if !ok {
			t.Errorf("%s has no form", rule)
			continue
		}
		var keys []string
		for _, one := range f.Fields {
			keys = append(keys, one.Key)
		}
		if got := strings.Join(keys, " "); got != wanted {
			t.Errorf("%s has the fields %s", rule, got)
		}
		if f.Reliability != Secondary || f.Note.SV == "" {
			t.Errorf("%s does not say that its fields were read in somebody else's words", rule)
		}
	}
	imy, _ := b.Form("gdpr_breach_notification", "2026-11-24")
	last := 0
	for _, one := range imy.Fields { // the numbers that could be seen follow each other
		if n := len(one.Number); n > 0 {
			value := 0
			for _, c := range one.Number {
				value = value*10 + int(c-'0')
			}
			if value <= last {
				t.Errorf("number %s comes after %d", one.Number, last)
			}
			last = value
		}
	}
	if last != 35 {
		t.Errorf("the last number is %d", last)
	}
	if _, ok := b.Form("csl_early_warning", "2026-01-14"); ok {
		t.Error("there was a form before there was a law")
	}
	if _, ok := imy.Field("persons"); !ok {
		t.Error("the number of persons is not asked for")
	}
	if _, ok := imy.Field("elephants"); ok {
		t.Error("elephants are asked for")
	}
}

func TestFormsThatCannotBe(t *testing.T) {
	good := "origins: [{key: here, what: a place}]\nrules:\n- {key: r, kind: demand, title: {sv: a, en: b}, demands: {sv: a, en: b}, source: s, read_in: [here], verified_on: 2026-01-01, reliability: read}\nforms:\n" +
		"- &f {key: f, rules: [r], title: {sv: a, en: b}, source: s, read_in: [here], verified_on: 2026-01-01, reliability: read, fields: [{key: x, label: {sv: a, en: b}}]}\n"
	for change, wanted := range map[string]string{
		"":                      "",
		"rules: [r]>rules: [q]": "which is none",
		"{key: x,>{key: X,":     "lacks its key",
		"fields: [{>fields: [{key: x, label: {sv: a, en: b}}, {": "comes twice",
		"&f {key: f>&f {key: F":                                  "lacks a key",
		"read_in: [here], verified_on: 2026-01-01, reliability: read, f>read_in: [there], verified_on: 2026-01-01, reliability: read, f": "no origin",
		"+- {<<: *f, key: g, from: 2026-02-01}": "the same rule and day",
	} {
		text := good
		if more, ok := strings.CutPrefix(change, "+"); ok {
			text += more + "\n"
		} else if change != "" {
			from, to, _ := strings.Cut(change, ">")
			if !strings.Contains(text, from) {
				t.Fatalf("%q is not there", from)
			}
			text = strings.Replace(text, from, to, 1)
		}
		_, err := load(fstest.MapFS{"a.yaml": {Data: []byte(text)}})
		if (err == nil) != (wanted == "") || err != nil && !strings.Contains(err.Error(), wanted) {
			t.Errorf("%q gives %v, want %q", change, err, wanted)
		}
	}
}
