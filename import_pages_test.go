// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ledsyn/locale"
)

// TestImportThatDidNotEnd shows the page of an import as it is found after the program was stopped in the middle of it, and after it
// failed: each says that nothing was kept, and leads to where it is tried again.
func TestImportThatDidNotEnd(t *testing.T) {
	s := newStage(t, true)
	p := &player{t: t, s: s, cookies: map[string]*http.Cookie{}}
	p.as("samordnare")
	p.file = [2]string{"lista.csv", "Systemnamn\nArkivet\n"}
	r := p.send("POST", "/import", url.Values{"kind": {"system"}})
	p.file = [2]string{}
	id := strings.Split(r.Header.Get("Location"), "/")[2]
	draft, err := s.app.DB.Draft(t.Context(), stageOrg, id)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ set, key string }{
		"stopped": {`{"started": "2026-03-01T08:00:00.000000Z"}`, "web.import.stopped"},
		"failed":  {`{"started": "2026-03-01T08:00:00.000000Z", "failed": {"wrong": [{"Code": "import_rows_wrong", "Args": [3]}]}}`, "web.import.failed"},
	} {
		var data map[string]any
		if err := json.Unmarshal([]byte(draft.Data), &data); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(c.set), &data); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(data)
		if err != nil {
			t.Fatal(err)
		}
		changed := draft
		changed.Data = string(text)
		if err := s.app.DB.PutDraft(t.Context(), changed); err != nil {
			t.Fatal(err)
		}
		page := p.page("/import/" + id)
		for _, words := range []string{locale.Swedish.T(c.key), locale.Swedish.T(c.key + ".why"), `href="/import/` + id + `/preview"`} {
			if !strings.Contains(page, words) {
				t.Errorf("%s: the page does not say %q\n%s", name, words, plainText(page))
			}
		}
		if name == "failed" && !strings.Contains(page, locale.Swedish.T("wrong.import_rows_wrong", 3)) {
			t.Errorf("the page does not say why it failed\n%s", plainText(page))
		}
		if now := p.page("/import/" + id + "/now"); !strings.Contains(now, `"phase":"`+name+`"`) {
			t.Errorf("a script is told %s, want %s", now, name)
		}
	}
}

// page is what stands at the address.
func (p *player) page(address string) string {
	p.t.Helper()
	r := p.send("GET", address, nil)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(body)
}
