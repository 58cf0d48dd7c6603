// SPDX-License-Identifier: EUPL-1.2

package law

import "testing"

func TestCountries(t *testing.T) {
	within := map[bool]int{}
	for _, c := range Countries() {
		within[c.EU]++
		if c.EU || c.EEA || c.Adequacy == "" {
			continue
		}
		rule, ok := Rule(c.Adequacy)
		if !ok || rule.ShowAsLaw {
			t.Errorf("%s is adequate by %q, which is shown as law without having been read", c.Code, c.Adequacy)
		}
	}
	if within[true] != 27+7 || within[true]+within[false] != 249 {
		t.Errorf("%d in the EU of %d", within[true], within[true]+within[false])
	}
	for code, third := range map[string]bool{"SE": false, "AX": false, "RE": false, "NO": false, "IS": false, "LI": false, "CH": true, "GB": true, "GL": true, "SJ": true, "US": true} {
		if c, ok := CountryOf(code); !ok || c.Third() != third {
			t.Errorf("%s: there %v, a third country %v, want %v", code, ok, c.Third(), third)
		}
	}
	for _, code := range []string{"", "se", "SWE", "XX", "EU", "UK", "ZZ", "S1", " SE"} {
		if c, ok := CountryOf(code); ok {
			t.Errorf("%q is %s", code, c.Name.EN)
		}
	}
	if c, _ := CountryOf("NO"); c.Name.In("sv") != "Norge" {
		t.Errorf("NO is %q", c.Name.SV)
	}
	if c, _ := CountryOf("US"); c.Adequacy != "dpf" {
		t.Errorf("the United States are adequate by %q", c.Adequacy)
	}
}

// Only the decisions whose first day is known can be in force; the others must be looked up before a transfer rests on them.
func TestUnverifiedAdequacyIsNeverInForce(t *testing.T) {
	if InForce("adequacy_others", "2026-11-24") || !InForce("dpf", "2026-11-24") {
		t.Error("what was not read is said to be in force, or what was is not")
	}
}
