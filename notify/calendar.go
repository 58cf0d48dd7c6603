// SPDX-License-Identifier: EUPL-1.2

package notify

import (
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ledsyn/app"
	"ledsyn/locale"
	"ledsyn/register"
)

// Calendar writes the errands of a person as an iCalendar (RFC 5545). What has an hour is an event, so that programs that show no tasks
// show it; all is a task. Times are in UTC, and a day is a day. now is when it is written; base is as for Link.
func Calendar(l locale.Lang, base, org string, now register.Moment, errands []app.Errand) []byte {
	var c calendar
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Ledsyn//Ledsyn//"+strings.ToUpper(string(l)))
	c.line("CALSCALE", "GREGORIAN")
	c.line("METHOD", "PUBLISH")
	c.text("X-WR-CALNAME", l.T("notify.calendar"))
	c.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")
	c.line("X-PUBLISHED-TTL", "PT1H")
	for _, e := range errands {
		if e.Day == "" {
			c.event(l, base, org, now, e)
		}
		c.task(l, base, org, now, e)
	}
	c.line("END", "VCALENDAR")
	return []byte(c.String())
}

type calendar struct{ strings.Builder }

// event is the moment when the errand is due; one without a fixed time is due when it began.
func (c *calendar) event(l locale.Lang, base, org string, now register.Moment, e app.Errand) {
	c.line("BEGIN", "VEVENT")
	c.common(l, base, org, "event", now, e)
	at := cmp.Or(e.At, e.Starts)
	c.line("DTSTART", utc(at))
	c.line("TRANSP", "TRANSPARENT") // nobody is busy by it
	c.line("END", "VEVENT")
}

func (c *calendar) task(l locale.Lang, base, org string, now register.Moment, e app.Errand) {
	c.line("BEGIN", "VTODO")
	c.common(l, base, org, "task", now, e)
	switch {
	case e.Day != "":
		c.line("DUE;VALUE=DATE", strings.ReplaceAll(string(e.Day), "-", ""))
	default:
		c.line("DUE", utc(cmp.Or(e.At, e.Starts)))
	}
	c.line("STATUS", "NEEDS-ACTION")
	if e.Kind.Statutory() {
		c.line("PRIORITY", "1")
	}
	c.line("END", "VTODO")
}

func (c *calendar) common(l locale.Lang, base, org, kind string, now register.Moment, e app.Errand) {
	c.line("UID", kind+"-"+e.RefKind+"-"+e.RefID+"@"+org+".ledsyn")
	c.line("DTSTAMP", utc(now))
	c.line("SEQUENCE", strconv.Itoa(e.Rev))
	c.text("SUMMARY", Title(l, e))
	if e.At == "" {
		c.text("DESCRIPTION", l.T("notify.due.at_once"))
	}
	c.line("URL", Link(base, e))
	c.line("CLASS", "PRIVATE")
}

func utc(m register.Moment) string {
	return m.Time().UTC().Truncate(time.Second).Format("20060102T150405Z")
}

var escape = strings.NewReplacer(`\`, `\\`, `;`, `\;`, `,`, `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// text writes a property whose value is a text.
func (c *calendar) text(name, value string) { c.line(name, escape.Replace(value)) }

const longestLine = 75 // bytes, without the line break

// line writes a property, folded where it is long, never within a character.
func (c *calendar) line(name, value string) {
	text := name + ":" + value
	for room := longestLine; len(text) > room; room = longestLine - 1 {
		cut := room
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		c.WriteString(text[:cut] + "\r\n ")
		text = text[cut:]
	}
	c.WriteString(text + "\r\n")
}
