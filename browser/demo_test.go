// SPDX-License-Identifier: EUPL-1.2

package browser

import (
	"strings"

	"github.com/chromedp/chromedp"
)

// A person is somebody whose part one can step into in the demo: the value that the form sends, organisation/person, and the words of
// the button, which end with name, role, unit.
type person struct{ Person, Label string }

// part is what decides which pages a person meets: the organisation and the roles.
func (p person) part() string {
	organisation, _, _ := strings.Cut(p.Person, "/")
	words := strings.Split(p.Label, ", ")
	return organisation + ": " + strings.Join(words[min(1, len(words)-1):max(1, len(words)-1)], ", ")
}

// people lists them, as the demo's page does.
func (v *visitor) people() []person {
	v.t.Helper()
	v.visit("/demo")
	list := ask[[]person](v, "people")
	if len(list) == 0 {
		v.t.Fatalf("/demo (status %d) has no forms for stepping into a person's part:\n%s", v.status, v.text("body"))
	}
	return list
}

// stepInto takes a person's part, named by the value that the form sends or by words of the button.
func (v *visitor) stepInto(who string) {
	v.t.Helper()
	list := v.people()
	var labels []string
	for _, p := range list {
		if p.Person == who || strings.Contains(p.Label, who) {
			v.send("/demo/step", "person", p.Person)
			if v.status >= 400 {
				v.t.Fatalf("stepping in as %s leads to %s, which answers %d:\n%s", p.Label, v.path(), v.status, v.text("body"))
			}
			return
		}
		labels = append(labels, p.Label)
	}
	v.t.Fatalf("/demo has no person %q; it has: %s", who, strings.Join(labels, " | "))
}

// language changes the language of the pages: "sv" or "en".
func (v *visitor) language(lang string) {
	v.t.Helper()
	if eval[string](v, "document.documentElement.lang") == lang {
		return
	}
	v.send("/language", "lang", lang)
	if now := eval[string](v, "document.documentElement.lang"); now != lang {
		v.t.Fatalf("%s: the page says it is in %q after a change to %q", v.path(), now, lang)
	}
}

// send clicks the button of the form with that action that sends name=value.
func (v *visitor) send(action, name, value string) {
	v.t.Helper()
	at := ask[*place](v, "send", action, name, value)
	if at == nil {
		v.t.Fatalf("%s has no form with action %s that sends %s=%s", v.path(), action, name, value)
	}
	v.loading(action+" "+value, chromedp.MouseClickXY(at.X, at.Y))
}
