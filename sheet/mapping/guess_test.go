// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"fmt"
	"testing"
	"time"

	"ledsyn/sheet"
)

// Whatever stands in headings and cells, a guess can be used, and takes each field once.
func TestGuessCanBeUsed(t *testing.T) {
	headings := []string{"", "Titel", "title", "Title", "K", "R", "Bok", "bought", "Köpt", "2025", "Plan 2026", "levels", "KRT", "unit", "Enhet", "Id", "Namn", "=1"}
	for i := range headings {
		for j := range headings {
			for _, kind := range []string{"volume", "loan", "population:other", "population:employment", "shelf"} {
				header := row(headings[i], headings[j], headings[(i+j)%len(headings)])
				m := Guess(library, kind, "", header, [][]sheet.Cell{row("2024-01-31", "K3", "Ja", "x"), row("2024-02-01", "K2", "kim@exempel.se")})
				if len(m.Columns) != 4 {
					t.Fatalf("%q: %+v", header, m)
				}
				if wrong := m.Check(library); len(wrong) > 0 && kind != "shelf" {
					t.Fatalf("%q: %v", header, wrong)
				}
			}
		}
	}
}

// Values alone tell what can hardly be anything else, and nothing more.
func TestGuessByValues(t *testing.T) {
	for want, cells := range map[string][2]string{
		"confidentiality": {"K3", "K2"},
		"integrity":       {"R 1", "R 0"},
		"levels":          {"K3/R2/T1", "K1R1T1"},
		"state":           {"I bruk", "Avvecklat"},
		"":                {"3", "2"},
	} {
		if got := Guess(library, "loan", "", row("Kolumn"), [][]sheet.Cell{row(cells[0]), row(cells[1])}); got.Columns[0].Field != want {
			t.Errorf("%v is guessed to be %q, want %q", cells, got.Columns[0].Field, want)
		}
	}
	if got := Guess(library, "volume", "", nil, [][]sheet.Cell{row("2024-01-31"), row("2024-02-01")}); got.Columns[0].Field != "bought" || got.Header != 0 {
		t.Errorf("%+v", got)
	}
}

// A list as wide as a file may be is guessed while somebody waits.
func TestWideListIsGuessedFast(t *testing.T) {
	var header, cells []sheet.Cell
	for i := range maxColumns {
		header = append(header, text(fmt.Sprintf("Rubrik för kolumn nummer %d i listan", i)))
		cells = append(cells, text(fmt.Sprintf("värde %d", i)))
	}
	sample := make([][]sheet.Cell, 100)
	for i := range sample {
		sample[i] = cells
	}
	began := time.Now()
	Guess(library, "population:other", "", header, sample)
	if took := time.Since(began); took > 10*time.Second {
		t.Error(took)
	} else {
		t.Log(took)
	}
}
