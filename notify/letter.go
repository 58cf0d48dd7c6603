// SPDX-License-Identifier: EUPL-1.2

package notify

import (
	"strings"

	"ledsyn/app"
)

// mostInLetter is how many things a letter lists; it tells how many more there are.
const mostInLetter = 40

// subject names the only thing of a letter, or how many there are.
func subject(l app.Letter) string {
	if len(l.Reminders) == 1 {
		return l.Lang.T("notify.subject", Title(l.Lang, l.Reminders[0].Errand))
	}
	return l.Lang.T("notify.subject.many", len(l.Reminders))
}

// body is the letter's text.
func body(l app.Letter, base string) string {
	var b strings.Builder
	line := func(text string) { b.WriteString(text + "\n") }
	line(l.Lang.T("notify.letter.lead"))
	for i, r := range l.Reminders {
		if i == mostInLetter {
			line("")
			line(l.Lang.T("notify.letter.more", len(l.Reminders)-mostInLetter))
			break
		}
		line("")
		line(Title(l.Lang, r.Errand))
		line(urgency(l, r))
		line(Link(base, r.Errand))
	}
	line("")
	line(l.Lang.T("notify.letter.why"))
	line(strings.TrimSuffix(base, "/") + "/account/notices")
	return b.String()
}

// urgency says when the thing is due, or was due when the letter is written.
func urgency(l app.Letter, r app.LetterLine) string {
	switch {
	case r.At == "":
		return l.Lang.T("notify.due.at_once")
	case r.At <= l.At:
		return l.Lang.T("notify.due.past", when(r.Errand))
	}
	return l.Lang.T("notify.due", when(r.Errand))
}
