// SPDX-License-Identifier: EUPL-1.2

// Package notify tells people that something waits for them: by mail, and in a calendar that their own calendar program fetches. It
// knows SMTP and iCalendar and how addresses of pages are written in what leaves the program. It does not know who is to be told of
// what, nor when: that is app's. Nothing that it writes holds a title, a name or a text from a record, for mail and calendars are read by
// others than those who may see the record: a kind, a reference number, a time and a link is all.
package notify

import (
	"strings"
	"unicode"

	"ledsyn/app"
	"ledsyn/law"
	"ledsyn/locale"
	"ledsyn/register"
)

// Link is the address of the page on which the errand is done, under the address that people use the program by.
func Link(base string, e app.Errand) string {
	path := "/r/" + e.Page + "/" + e.PageID
	switch e.Page {
	case "incident":
		path = "/incident/" + e.PageID
	case "campaign":
		path = "/processing/campaign"
	case "post":
		path = "/posts/mine"
	case "portion":
		path = "/judge/" + e.PageID
	case "judge":
		path = "/judge"
	}
	return strings.TrimSuffix(base, "/") + path
}

// Title is the kind of the errand, with its reference number where it has one.
func Title(l locale.Lang, e app.Errand) string {
	title := l.T("notify.kind." + string(e.Kind))
	if ref := plain(e.Reference); ref != "" {
		title += ", " + ref
	}
	return title
}

// longestReference is how much is told of a reference number that a person has written.
const longestReference = 60

// plain is a text in one line without control characters, so that it cannot become a header or a property of its own.
func plain(text string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
	runes := []rune(strings.Join(strings.Fields(clean), " "))
	return strings.TrimSpace(string(runes[:min(len(runes), longestReference)]))
}

// when is the errand's time on the clocks in Sweden, or its day.
func when(e app.Errand) string {
	if e.Day != "" {
		return string(e.Day)
	}
	return clock(e.At)
}

func clock(m register.Moment) string { return m.Time().In(law.Zone()).Format("2006-01-02 15:04") }
