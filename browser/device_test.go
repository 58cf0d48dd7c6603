// SPDX-License-Identifier: EUPL-1.2

package browser

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestLostPhoneIsReportedOnAPhone reports a lost phone on a narrow screen, by somebody who may do nothing else, and counts what it takes.
func TestLostPhoneIsReportedOnAPhone(t *testing.T) {
	v := open(t)
	v.stepInto("exempelstaden/bun-enhet")
	v.language("sv")
	v.size(390)
	v.visit("/report")
	c := &tally{visitor: v}
	c.follow("Använd den korta rapporten för det")
	v.size(1280) // where the language can be chosen
	v.good("device-report", "en")
	v.size(390)
	c.follow("Skicka rapporten") // nothing said: both answers are asked for
	v.see("Det finns något att rätta till")
	v.accessible()
	c.clicks = 1 // from the form that was opened
	c.pick("device", "phone")
	c.pick("loss", "lost")
	c.pick("encrypted", "yes")
	c.follow("Skicka rapporten")
	v.see("Gör så här nu")
	v.see("08-465 004 10")
	v.see("BUN-2026-001")
	if c.clicks > 5 || c.keys > 0 {
		t.Errorf("the report took %d clicks and %d keys", c.clicks, c.keys)
	}
	t.Logf("the report took %d clicks", c.clicks)
	v.size(1280)
	v.good("device-done", "en")
}

// TestStepsAreTakenByKeyboard answers a step of a running loss with the keyboard alone, also without scripts, and looks at the page in print.
func TestStepsAreTakenByKeyboard(t *testing.T) {
	v := open(t)
	v.stepInto("exempelstaden/bun-samordnare")
	v.language("sv")
	v.visit("/device/forlust-bun-telefon")
	v.see("sent med")
	v.good("device-steps", "en")
	v.tabTo("Gick inte : Anmäl till försäkringen")
	v.pressAndLoad("Enter")
	v.see("Skriv varför det inte gick")
	v.accessible()
	v.scripts(false)
	v.visit("/device/forlust-bun-telefon")
	v.fill("Anteckning", "Självrisken är högre.")
	v.tabTo("Gjort : Anmäl till försäkringen")
	v.pressAndLoad("Enter")
	v.see("Självrisken är högre.")
	v.see("efter tiden")
	v.scripts(true)
	v.visit("/playbook/rutin-forlust")
	v.good("device-routine", "en")
	if text := v.printed(); !strings.Contains(text, "Radera på distans") || strings.Contains(text, "Hämta som PDF") {
		t.Error("the routine does not print as it should")
	}
	v.visit("/device/forlust-bun-telefon")
	if text := v.printed(); !strings.Contains(text, "Gjort") || strings.Contains(text, "Ändra svaret") {
		t.Error("the steps do not print as they should")
	}
}

// printed is the page's text as paper shows it.
func (v *visitor) printed() string {
	v.t.Helper()
	v.media("print")
	defer v.media("")
	return eval[string](v, "document.body.innerText")
}

// media makes the page show itself as on the medium, "" for the screen.
func (v *visitor) media(name string) {
	v.t.Helper()
	v.within("media", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: name})
		return err
	})
}
