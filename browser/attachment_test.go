// SPDX-License-Identifier: EUPL-1.2

package browser

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A file is added to a record with the browser's own means, refused with words that a person finds, and comes back as a download.
func TestFilesOfARecord(t *testing.T) {
	v := open(t)
	v.stepInto("exempelstaden/ald-samordnare")
	v.language("sv")
	v.visit("/r/system")
	v.visit(eval[string](v, `document.querySelector('main table a[href^="/r/system/"]').getAttribute("href")`))
	choose := func(name, text string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		v.within("choose "+name, func(ctx context.Context) error {
			return chromedp.Do(ctx, chromedp.SetUploadFiles("#f-file", []string{path}))
		})
	}

	v.click("Lägg till en fil")
	choose("bild.png", "<svg/>")
	v.fill("Anteckning", "Ritning över nätet")
	v.follow("Lägg till filen")
	v.see("Filen lades inte till")
	if note := eval[string](v, `document.querySelector("#f-note").value`); note != "Ritning över nätet" {
		t.Errorf("the note is now %q", note)
	}
	v.accessible()
	v.fits(390)

	choose("Beslut åäö.pdf", "%PDF-1.7\n%%EOF\n")
	v.follow("Lägg till filen")
	v.see("Beslut åäö.pdf")
	v.see("Ritning över nätet")
	v.accessible()
	v.fits(390)
	v.shot("files")
	answer := eval[string](v, `(async () => {
		const r = await fetch(document.querySelector('a[href^="/files/"]').href)
		return [r.headers.get("Content-Disposition"), r.headers.get("Content-Security-Policy"), await r.text()].join("|")
	})()`)
	if !strings.HasPrefix(answer, "attachment;") || !strings.Contains(answer, "|sandbox; default-src 'none'|%PDF-1.7") {
		t.Errorf("the file is sent as %q", answer)
	}
}
