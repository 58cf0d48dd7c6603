// SPDX-License-Identifier: EUPL-1.2

package browser

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A tally is a visitor whose clicks and keystrokes are counted.
type tally struct {
	*visitor
	clicks, keys int
}

// pick chooses a level by clicking on it.
func (c *tally) pick(name, value string) {
	c.t.Helper()
	c.point(fmt.Sprintf(`input[name="%s"][value="%s"]`, name, value))
}

// point clicks a field by its CSS selector: on its label, where it stands in one.
func (c *tally) point(selector string) {
	c.t.Helper()
	at := eval[place](c.visitor, fmt.Sprintf(`(() => {
		const field = document.querySelector(%q), e = field.closest("label") || field;
		e.scrollIntoView({block: "center", behavior: "instant"});
		const r = e.getBoundingClientRect();
		return {X: r.x + r.width / 2, Y: r.y + r.height / 2};
	})()`, selector))
	c.clicks++
	c.within("point at "+selector, func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.MouseClickXY(at.X, at.Y)) })
}

func (c *tally) follow(words string) {
	c.t.Helper()
	c.clicks++
	c.visitor.follow(words)
}

func (c *tally) press(names ...string) {
	c.t.Helper()
	c.keys += len(names)
	c.visitor.press(names...)
}

func (c *tally) enter() {
	c.t.Helper()
	c.keys++
	c.pressAndLoad("Enter")
}

// workshop makes a set, with health data in it or without, and begins its classification; neither is counted.
func (c *tally) workshop(name string, types ...string) {
	c.t.Helper()
	c.visit("/r/information_set/new")
	c.fill("Namn", name)
	for _, t := range types {
		c.fill(t, "on")
	}
	c.visitor.follow("Spara")
	_, id, _ := strings.Cut(c.path(), "/r/information_set/")
	c.visit("/classify/new?object=information_set:" + id)
	c.visitor.follow("Starta workshopen")
	c.see("Vad händer om informationen når fel person?")
	c.clicks, c.keys = 0, 0
}

// TestWorkshopTakesFewClicks counts what it takes to bring one set with three aspects from a begun workshop to a proposal, in each of the
// ways that the page has. The numbers stand in doc/performance.md; a page that takes more fails.
func TestWorkshopTakesFewClicks(t *testing.T) {
	v := open(t)
	v.stepInto("exempelstaden/bun-samordnare")
	v.language("sv")
	c := &tally{visitor: v}
	for _, way := range []struct {
		name         string
		types        []string
		do           func()
		result       string
		clicks, keys int
	}{
		{"one aspect at a time, by mouse", nil, func() {
			c.pick("confidentiality.law", "3")
			c.follow("Spara och gå till Riktighet")
			c.pick("integrity.operations", "2")
			c.follow("Spara och gå till Tillgänglighet")
			c.pick("availability.operations", "2")
			c.follow("Lämna som förslag")
		}, "K3/R2/T2", 6, 0},
		{"one aspect at a time, the worst consequence by keyboard", nil, func() {
			c.press("Tab", "Tab", "3")
			c.enter()
			c.press("Tab", "2")
			c.enter()
			c.press("Tab", "2")
			c.enter()
		}, "K3/R2/T2", 0, 10},
		{"one aspect at a time, all seven consequences by keyboard", nil, func() {
			for range 3 {
				c.press("1", "1", "3", "2", "0", "2", "0")
				c.enter()
			}
		}, "K3/R3/T3", 0, 24},
		{"all aspects at once, by mouse", nil, func() {
			c.visitor.follow("Alla aspekter samtidigt") // once: the next set opens in the same view
			c.pick("confidentiality.law", "3")
			c.pick("integrity.operations", "2")
			c.pick("availability.operations", "2")
			c.follow("Lämna som förslag")
		}, "K3/R2/T2", 4, 0},
		{"written as it is said", nil, func() {
			c.point("#f-profile")
			c.press("k", "3", "r", "3", "t", "2")
			c.enter()
			c.follow("Lämna som förslag")
		}, "K3/R3/T2", 2, 7},
		{"taken over from common types", []string{"Hälsouppgifter"}, func() {
			c.follow("Utgå från K3/R3/T2")
			c.follow("Lämna som förslag")
		}, "K3/R3/T2", 2, 0},
	} {
		c.workshop("Mängd: "+way.name, way.types...)
		way.do()
		if !strings.HasSuffix(c.path(), "/decide") {
			t.Fatalf("%s: ends at %s, not at the proposal:\n%s", way.name, c.path(), c.text("main"))
		}
		marks := strings.Fields(eval[string](v, `[...document.querySelectorAll("tbody td:nth-child(2) .mark")].map(m => m.textContent).join(" ")`))
		if got := strings.Join(marks, "/"); got != way.result {
			t.Errorf("%s: the proposal is %s, want %s", way.name, got, way.result)
		}
		t.Logf("%s: %d clicks, %d keystrokes", way.name, c.clicks, c.keys)
		if c.clicks > way.clicks || c.keys > way.keys {
			t.Errorf("%s: %d clicks and %d keystrokes, at most %d and %d", way.name, c.clicks, c.keys, way.clicks, way.keys)
		}
	}
}
