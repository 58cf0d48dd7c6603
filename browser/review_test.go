// SPDX-License-Identifier: EUPL-1.2

package browser

import (
	"strings"
	"testing"
)

// The main job: the coordinator writes and proposes, the head decides, and what was decided stands.
func TestReviewFromTextToFrozen(t *testing.T) {
	v := open(t)
	v.stepInto("exempelstaden/vatten-samordnare")
	v.language("sv")
	v.visit("/reviews/lg-vatten-2027/s/rsa")
	v.fill("Text", "Vi har övat ett avbrott i styrsystemet.")
	v.follow("Spara")
	v.visit("/reviews/lg-vatten-2027/s/rsa")
	if kept := eval[string](v, `document.querySelector("textarea[name=text]").value`); kept != "Vi har övat ett avbrott i styrsystemet." {
		t.Fatalf("the text is kept as %q", kept)
	}
	v.accessible()

	v.visit("/reviews/lg-vatten-2027")
	v.follow("Till samråd")
	v.follow("Föreslå för beslut")
	v.see("Förslag till beslut")

	v.stepInto("exempelstaden/vatten-chef")
	v.visit("/reviews/lg-vatten-2027/decide")
	v.accessible()
	v.follow("Besluta") // without having confirmed the findings
	v.see("anmärkning")
	if !strings.HasSuffix(v.path(), "/decide") {
		t.Fatalf("decided without confirming what was found: %s", v.path())
	}
	eval[bool](v, `document.querySelectorAll("input[name=confirm]").forEach(b => b.checked || b.click()), true`)
	v.follow("Besluta")
	v.visit("/reviews/lg-vatten-2027/frozen")
	v.see("SHA-256")
	v.see("Vi har övat ett avbrott i styrsystemet.")
	v.accessible()

	v.stepInto("exempelstaden/vatten-samordnare")
	v.visit("/reviews/lg-vatten-2027/s/rsa")
	if eval[bool](v, `document.querySelector("main textarea[name=text]") !== null`) {
		t.Error("a decided review can still be written in")
	}
}

// The same without scripts: a section's text is written and kept by the plain form.
func TestReviewIsWrittenWithoutScripts(t *testing.T) {
	v := open(t)
	v.stepInto("exempelstaden/ks-samordnare")
	v.language("sv")
	v.visit("/reviews/lg-ks-2027/s/budget")
	v.fill("Text", "Budgeten räcker inte till.")
	v.scripts(false)
	v.follow("Spara")
	v.scripts(true)
	v.visit("/reviews/lg-ks-2027/s/budget")
	if kept := eval[string](v, `document.querySelector("textarea[name=text]").value`); kept != "Budgeten räcker inte till." {
		t.Fatalf("the text is kept as %q", kept)
	}
}

// With the keyboard alone: from the start page to a figure's records.
func TestFigureIsOpenedByKeyboard(t *testing.T) {
	v := open(t)
	v.stepInto("exempelstaden/bun-samordnare")
	v.language("sv")
	v.visit("/")
	v.tabTo("Nyckeltal")
	v.pressAndLoad("Enter")
	v.tabTo("Informationsklassade system")
	v.pressAndLoad("Enter")
	v.see("3 av 8 system")
	v.see("Elevregistret")
}
