// SPDX-License-Identifier: EUPL-1.2

package web

import "testing"

// Whatever somebody writes as a number, the address that a phone calls holds figures only.
func TestTelephoneIsOnlyFigures(t *testing.T) {
	for text, want := range map[string]string{
		"08-465 004 10":              "tel:0846500410",
		"+46 8 465 004 10":           "tel:+46846500410",
		"Servicedesk 0999-12 (jour)": "tel:099912",
		"javascript:alert(1)":        "",
		"112":                        "tel:112",
		"ring växeln":                "",
		"":                           "",
		"\"><script>1234</script>":   "tel:1234",
	} {
		if got := string(telephone(text)); got != want {
			t.Errorf("%q is called by %q, want %q", text, got, want)
		}
	}
}
