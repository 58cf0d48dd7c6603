// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"testing"

	"ledsyn/locale"
	"ledsyn/register"
)

// TestTypedCells gives the texts of pages their own types in a file, and leaves alone what only looks like a number.
func TestTypedCells(t *testing.T) {
	for text, want := range map[string]any{
		"": "", "2024-02-29": register.Day("2024-02-29"), "2024-02-30": "2024-02-30", "7": 7, locale.Swedish.Number(12345): 12345, locale.English.Number(1234567): 1234567,
		"12,5": "12,5", "1.5": "1.5", "-4": "-4", locale.Swedish.PercentSign(1250): register.PercentOf(1250), locale.English.PercentSign(10000): register.PercentOf(10000),
		"allt %": "allt %", "0701234567": "0701234567", "12 av 20": "12 av 20",
	} {
		if got := typed(text); got != want {
			t.Errorf("%q is %#v, want %#v", text, got, want)
		}
	}
}
