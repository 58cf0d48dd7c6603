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

// Due is when a period ends. A period in days or months ends with a whole day, given as its midnight in
// Sweden; then WholeDay is true and the whole day may be used.
type Due struct {
	Target   time.Time // what to plan for: never later than any reading of the rule allows
	Last     time.Time // the end as the rule's own calendar counts it
	WholeDay bool
}

// Due returns when the period that begins at the moment ends, and false where the rule sets no length.
//
// Hours are elapsed hours, also over the nights when the clocks are changed. Their target is the earliest
// reading there is: of the hours elapsed and of the wall clock the one that comes first; neither holidays nor the
// full hours of the EU regulation are relied on. Days and months are counted from the day of the event in
// Sweden and end on the same number, or on the month's last day; an end on a free day moves to the next
// working day, and the target is then the working day before. Christmas Eve, Midsummer Eve and New Year's Eve
// are free in Swedish periods and working days in those of the EU.
func (c Clock) Due(from time.Time) (Due, bool) {
	switch c.Calendar {
	case Hours, HoursEU:
		return c.hours(from.In(stockholm)), true
	case Swedish, EU:
		return c.days(from.In(stockholm)), true
	}
	return Due{}, false
}

func (c Clock) hours(from time.Time) Due {
	length := time.Duration(c.Hours) * time.Hour
	elapsed := from.Add(length)
	y, m, d := from.Date()
	wall := time.Date(y, m, d, from.Hour()+c.Hours, from.Minute(), from.Second(), from.Nanosecond(), stockholm)
	due := Due{Target: elapsed, Last: elapsed}
	if wall.Before(elapsed) {
		due.Target = wall
	}
	if c.Calendar == HoursEU {
		// Regulation 1182/71, 3(1) and 3(2)(a): the hour of the event does not count.
		if whole := from.Truncate(time.Hour); whole.Before(from) {
			due.Last = whole.Add(time.Hour + length)
		}
	}
	return due
}

func (c Clock) days(from time.Time) Due {
	y, m, d := from.Date()
	nominal := time.Date(y, m, d+c.Days, 0, 0, 0, 0, stockholm)
	if c.Months > 0 {
		lastOfMonth := time.Date(y, m+time.Month(c.Months)+1, 0, 0, 0, 0, 0, stockholm)
		nominal = time.Date(y, m+time.Month(c.Months), min(d, lastOfMonth.Day()), 0, 0, 0, 0, stockholm)
	}
	due := Due{Target: nominal, Last: nominal, WholeDay: true}
	for free(due.Last, c.Calendar == Swedish) {
		due.Last = due.Last.AddDate(0, 0, 1)
	}
	for free(due.Target, false) {
		due.Target = due.Target.AddDate(0, 0, -1)
	}
	return due
}

// Holiday returns the name of the public holiday or eve that the day is, a day being written 2006-01-02, and
// false for all other days, Sundays among them.
func Holiday(day string) (Text, bool) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return Text{}, false
	}
	for _, h := range data().holidays {
		if h.on(t) {
			return h.Name, true
		}
	}
	return Text{}, false
}

// free reports whether the day is a Saturday, a Sunday or a public holiday, or, if eves count, one of the
// three eves.
func free(t time.Time, eves bool) bool {
	if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		return true
	}
	for _, h := range data().holidays {
		if h.on(t) && (eves || !h.Eve) {
			return true
		}
	}
	return false
}

func (h holiday) on(t time.Time) bool {
	switch {
	case h.Easter != nil:
		return sameDay(t, easter(t.Year()).AddDate(0, 0, *h.Easter))
	case h.Weekday != "":
		first, _ := time.Parse("01-02", h.OnAfter)
		day := time.Date(t.Year(), first.Month(), first.Day(), 0, 0, 0, 0, time.UTC)
		for day.Weekday() != weekdays[h.Weekday] {
			day = day.AddDate(0, 0, 1)
		}
		return sameDay(t, day)
	}
	return t.Format("01-02") == h.Date
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

// easter returns the Easter Day of a year in the Gregorian calendar, by the algorithm of Meeus, Jones and
// Butcher.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	day := (h + l - 7*m + 33*month + 19) % 32
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}
