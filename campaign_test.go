// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
)

// manyEntries is an inventory and n entries that the coordinator answers for, all of them to go through.
func manyEntries(n int) []register.Entity {
	records := []register.Entity{&isms.Campaign{Record: register.Record{ID: "inventory", Unit: "board-a"}, Name: "Inventering 2026", Year: 2026,
		StartsOn: "2026-02-01", EndsOn: "2026-04-30"}}
	for i := range n {
		records = append(records, &isms.Processing{Record: register.Record{ID: fmt.Sprintf("p%03d", i), Unit: "board-a"}, Name: fmt.Sprintf("Behandling %03d", i),
			Role: "controller", State: isms.ProcessingActive, Version: 1, Owner: "samordnare", Purpose: "Handlägga ansökningar.", LegalBasis: isms.PublicInterest,
			Statute: "Kommunallagen (2017:725)", Subjects: "Sökande", DataCategories: "Namn och adress", Recipients: "Handläggare", TransfersOut: isms.No,
			Security: "Behörigheter", ApprovedOn: "2025-01-15", Systems: []register.Ref[isms.System]{"sys-a"}})
	}
	return records
}

var entryToken = regexp.MustCompile(`name="entry" value="([^"]+)" checked`)

// TestFiveHundredEntries confirms 500 entries in one go, as somebody does who has ticked them all.
func TestFiveHundredEntries(t *testing.T) {
	const n = 500
	p := &player{t: t, s: newStage(t, true, manyEntries(n)...), cookies: map[string]*http.Cookie{}}
	p.as("samordnare")
	page := func(method, address string, form url.Values) (int, string) {
		r := p.send(method, address, form)
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, r.Header.Get("Location") + string(body)
	}
	_, body := page("GET", "/processing/campaign?all=1", nil)
	form := url.Values{"do": {"confirm"}}
	for _, m := range entryToken.FindAllStringSubmatch(body, -1) {
		form.Add("entry", m[1])
	}
	if len(form["entry"]) != n {
		t.Fatalf("the page has %d entries ticked, want %d", len(form["entry"]), n)
	}
	if status, to := page("POST", "/processing/campaign", form); status != http.StatusSeeOther || !strings.HasPrefix(to, "/processing/campaign?done=500") {
		t.Fatalf("answers %d, %.200s", status, to)
	}
	if _, body := page("GET", "/processing/campaign?done=500", nil); entryToken.MatchString(body) || !strings.Contains(body, "500 behandlingar är bekräftade.") {
		t.Errorf("something is left: %s", plainText(body))
	}
}
