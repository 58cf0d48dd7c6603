// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"time"
	_ "time/tzdata" // so that a deadline never depends on what is installed on the machine
)

var stockholm = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err)
	}
	return zone
}()

// Zone returns the time zone of Swedish deadlines.
func Zone() *time.Location { return stockholm }

// Calendar says how a period is counted.
type Calendar string

// The calendars. Hours are never lengthened by holidays.
const (
	Hours   Calendar = "hours"    // elapsed hours
	HoursEU Calendar = "hours_eu" // hours as Regulation 1182/71 counts them: from the next full hour
	Swedish Calendar = "se"       // days and months by the act 1930:173
	EU      Calendar = "eu"       // days and months by Regulation 1182/71
	Local   Calendar = "local"    // the length is set by somebody: the request, an instruction
)

// Start is the kind of event that starts a clock.
type Start string

// The events that start clocks.
const (
	Knowledge        Start = "knowledge"         // somebody who answers for it got to know
	NotificationSent Start = "notification_sent" // the notification was actually sent
	Handled          Start = "handled"           // the incident has been handled
	Occurred         Start = "occurred"          // the change or act itself, known or not
	Requested        Start = "requested"         // an authority asked
	Received         Start = "received"          // what is to be answered came in
	LegalForce       Start = "legal_force"       // a decision gained legal force
	Served           Start = "served"            // a decision was served
)

// Clock is how long a rule gives, and from what. A period has one length, in hours, days, working days or months; a
// local one has none.
type Clock struct {
	Start       Start    `yaml:"start"`
	Starts      Text     `yaml:"starts"` // the event in words
	Hours       int      `yaml:"hours"`
	Days        int      `yaml:"days"`
	WorkingDays int      `yaml:"working_days"`
	Months      int      `yaml:"months"`
	Calendar    Calendar `yaml:"calendar"`
}

// Deadline is when a period ends. All instants are in the zone of Sweden. A period in days or months ends with a whole
// day: then WholeDay is true, each instant is the midnight that the day begins with, and the whole day may be used.
type Deadline struct {
	Rule     string    `json:"rule"`    // key of the rule; "" where a clock was asked without one
	Version  string    `json:"version"` // of the rule: see Provision.Version
	Trigger  time.Time `json:"trigger"`
	Nominal  time.Time `json:"nominal"`  // the period and nothing else; of hours the earlier of elapsed and wall clock
	Adjusted time.Time `json:"adjusted"` // the last moment or day as the rule's own calendar counts
	Shown    time.Time `json:"shown"`    // what to plan for: never later than any reading of the rule allows
	WholeDay bool      `json:"whole_day"`
}

// Until returns the moment when what is shown has run out.
func (d Deadline) Until() time.Time { return d.end(d.Shown) }

// Last returns the moment when also the rule's own calendar has run out.
func (d Deadline) Last() time.Time { return d.end(d.Adjusted) }

// Left returns the time left until what is shown has run out, less than nothing afterwards.
func (d Deadline) Left(now time.Time) time.Duration { return d.Until().Sub(now) }

// Late reports whether something done at the moment came after the last moment that the rule's own calendar allows.
func (d Deadline) Late(done time.Time) bool {
	if d.WholeDay {
		return !done.Before(d.Last())
	}
	return done.After(d.Adjusted)
}

func (d Deadline) end(t time.Time) time.Time {
	if d.WholeDay {
		return t.AddDate(0, 0, 1)
	}
	return t
}

// Due returns when the period that begins at the moment ends, and false where the rule sets no length. It depends on
// nothing but the moment: no clock is read.
//
// Hours are elapsed hours, also over the nights when the clocks are changed. What is shown is the earliest reading there
// is: of the hours elapsed and of the wall clock the one that comes first; neither holidays nor the full hours of the EU
// regulation are relied on. Days and months are counted from the day of the event in Sweden and end on the same number, or
// on the month's last day; an end on a free day moves to the next working day, and what is shown is then the working day
// before. Christmas Eve, Midsummer Eve and New Year's Eve are free in Swedish periods and working days in those of the EU.
func (c Clock) Due(from time.Time) (Deadline, bool) {
	from = from.In(stockholm)
	switch {
	case c.Calendar == Hours || c.Calendar == HoursEU:
		return c.hours(from), true
	case c.Calendar == Swedish || c.Calendar == EU:
		return c.days(from), true
	}
	return Deadline{}, false
}

func (c Clock) hours(from time.Time) Deadline {
	length := time.Duration(c.Hours) * time.Hour
	due := Deadline{Trigger: from, Nominal: from.Add(length), Adjusted: from.Add(length)}
	_, before := from.Zone()
	if _, after := due.Nominal.Zone(); after > before {
		// The clocks have gone forward: the wall clock reaches the number first. A number that the night leaves out is
		// reached when the clocks are changed.
		changed, _ := due.Nominal.ZoneBounds()
		due.Nominal = due.Nominal.Add(-time.Duration(after-before) * time.Second)
		if due.Nominal.Before(changed) {
			due.Nominal = changed.In(stockholm)
		}
	}
	due.Shown = due.Nominal
	if c.Calendar == HoursEU {
		// Regulation 1182/71, 3(1) and 3(2)(a): the hour of the event does not count.
		if whole := from.Truncate(time.Hour); whole.Before(from) {
			due.Adjusted = whole.Add(time.Hour + length)
		}
	}
	return due
}

// days counts with days as midnights in UTC, where all are equally long.
func (c Clock) days(from time.Time) Deadline {
	_, offset := from.Zone()
	today := from.Add(time.Duration(offset) * time.Second).UTC().Truncate(24 * time.Hour)
	all, eves := data().calendar, c.Calendar == Swedish
	var nominal, adjusted, shown time.Time
	if c.WorkingDays > 0 {
		nominal = all.working(today, c.WorkingDays, eves)
		adjusted, shown = nominal, all.working(today, c.WorkingDays, false)
	} else {
		nominal = c.plain(today)
		for adjusted = nominal; all.free(adjusted, eves); {
			adjusted = adjusted.AddDate(0, 0, 1)
		}
		for shown = nominal; all.free(shown, false); {
			shown = shown.AddDate(0, 0, -1)
		}
	}
	if c.Calendar == EU && c.Days >= 2 {
		// Regulation 1182/71, 3(5): two days or more include at least two working days.
		if two := all.working(today, 2, false); two.After(adjusted) {
			adjusted = two
		}
	}
	if shown.Before(today) { // the free days that the period ends in were going on when it began
		shown = nominal
	}
	due := Deadline{Trigger: from, Nominal: midnight(nominal, offset), WholeDay: true}
	due.Adjusted, due.Shown = due.Nominal, due.Nominal
	if !adjusted.Equal(nominal) {
		due.Adjusted = midnight(adjusted, offset)
	}
	if !shown.Equal(nominal) {
		due.Shown = midnight(shown, offset)
	}
	return due
}

// plain is the day that the number of days or months leads to.
func (c Clock) plain(today time.Time) time.Time {
	if c.Months == 0 {
		return today.AddDate(0, 0, c.Days)
	}
	y, m, d := today.Date()
	lastOfMonth := time.Date(y, m+time.Month(c.Months)+1, 0, 0, 0, 0, 0, time.UTC)
	return time.Date(y, m+time.Month(c.Months), min(d, lastOfMonth.Day()), 0, 0, 0, 0, time.UTC)
}

// midnight is the moment in Sweden when the day begins. The offset from UTC, in seconds, is tried first: it spares two searches
// in the table of time zones, which take most of the time that a deadline costs.
func midnight(day time.Time, offset int) time.Time {
	tried := day.Add(-time.Duration(offset) * time.Second).In(stockholm)
	if h, m, s := tried.Clock(); h+m+s == 0 {
		return tried
	}
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, stockholm)
}
