// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"testing"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// TestWordsOfTheRecord holds that whatever the pages of the record of processing put together into keys has words.
func TestWordsOfTheRecord(t *testing.T) {
	var keys []string
	for _, code := range app.WorkCodes() {
		keys = append(keys, "web.work."+code)
	}
	for _, part := range entryParts {
		keys = append(keys, "web.entry.letter."+part.key, "web.entry.processor.letter."+part.key)
	}
	for _, f := range recordFiles {
		keys = append(keys, "web.processing.file."+f.name)
	}
	for _, l := range locale.Langs() {
		for _, key := range keys {
			if !l.Has(key) {
				t.Errorf("%s has no words in %s", key, l)
			}
		}
	}
}

// TestEntryShowsEveryField holds that no field of an entry is left out of its page.
func TestEntryShowsEveryField(t *testing.T) {
	shown := map[string]bool{"name": true, "state": true, "version": true, "replaces": true, "suppliers": true, "agreements": true} // shown elsewhere on the page
	for _, part := range entryParts {
		for _, name := range part.fields {
			if shown[name] {
				t.Errorf("%s is shown twice", name)
			}
			shown[name] = true
		}
	}
	for _, f := range register.Of[isms.Processing]().Fields {
		if !shown[f.Name] {
			t.Errorf("%s is not shown", f.Name)
		}
		delete(shown, f.Name)
	}
	for name := range shown {
		t.Errorf("%s is no field", name)
	}
}

// TestMonths holds the age of an assessment to whole months.
func TestMonths(t *testing.T) {
	for _, c := range []struct {
		from, to register.Day
		want     int
	}{
		{"2026-01-15", "2026-02-14", 0}, {"2026-01-15", "2026-02-15", 1}, {"2026-01-31", "2026-02-28", 1}, {"2024-12-02", "2026-03-02", 15},
		{"2026-03-02", "2026-03-02", 0}, {"2026-03-02", "2025-03-02", 0},
	} {
		if got := months(c.from, c.to); got != c.want {
			t.Errorf("months(%s, %s) = %d, want %d", c.from, c.to, got, c.want)
		}
	}
}

// TestRegistersBehindPages holds that the menu leads to a page in place of its register, and to the register where there is no page.
func TestRegistersBehindPages(t *testing.T) {
	fold := NavFold{Links: []NavLink{{Link: Link{"Requests", "/requests"}}, {Link: Link{"Requests", "/r/subject_request"}, Current: "page"}, {Link: Link{"Transfers", "/r/transfer"}}}}
	fold.behind(false)
	if len(fold.Links) != 2 || fold.Links[0].Current != "true" || fold.Links[1].URL != "/r/transfer" {
		t.Errorf("the menu is %v", fold.Links)
	}
}
