// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"cmp"
	"errors"
	"time"
)

// Holiday returns the name of the public holiday or eve that the day is, a day being written 2006-01-02, and
// false for all other days, Sundays among them.
func Holiday(day string) (Text, bool) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return Text{}, false
	}
	for _, h := range data().calendar.holidays {
		if on, ok := h.in(t.Year()); ok && on.Equal(t) {
			return h.Name, true
		}
	}
	return Text{}, false
}

// The years whose free days are computed beforehand. Others are computed when asked for.
const (
	firstYear = 1970
	lastYear  = 2101
)

// A calendar knows which days are free. Its days are midnights in UTC.
type calendar struct {
	holidays []holiday
	years    [lastYear - firstYear + 1]year
}

// A year says of each day, from 1, whether it is free.
type year [367]freedom

type freedom uint8

const (
	eve  freedom = 1 << iota // free in Swedish periods only
	free                     // a Saturday, Sunday or public holiday
)

func newCalendar(holidays []holiday) *calendar {
	c := &calendar{holidays: holidays}
	for i := range c.years {
		c.years[i] = c.year(firstYear + i)
	}
	return c
}

func (c *calendar) year(n int) year {
	var y year
	for day := time.Date(n, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == n; day = day.AddDate(0, 0, 1) {
		if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			y[day.YearDay()] = free
		}
	}
	for _, h := range c.holidays {
		switch day, ok := h.in(n); {
		case !ok:
		case h.Eve:
			y[day.YearDay()] |= eve
		default:
			y[day.YearDay()] |= free
		}
	}
	return y
}

// free reports whether the day is a Saturday, a Sunday or a public holiday, or, if eves count, one of the three eves.
func (c *calendar) free(day time.Time, eves bool) bool {
	blocks := free
	if eves {
		blocks |= eve
	}
	if i := day.Year() - firstYear; i >= 0 && i < len(c.years) {
		return c.years[i][day.YearDay()]&blocks != 0
	}
	y := c.year(day.Year())
	return y[day.YearDay()]&blocks != 0
}

// working is the working day number n after the day.
func (c *calendar) working(day time.Time, n int, eves bool) time.Time {
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if !c.free(day, eves) {
			n--
		}
	}
	return day
}

// A holiday is a rule for a day of the year that is no working day: a date, a number of days from Easter Day, or the
// first given weekday from a date on. An eve is free under the act 1930:173 only.
type holiday struct {
	Name    Text   `yaml:"name"`
	Date    string `yaml:"date"`    // 12-24
	Easter  *int   `yaml:"easter"`  // -2 is Good Friday
	Weekday string `yaml:"weekday"` // saturday
	OnAfter string `yaml:"from"`    // 06-20
	Eve     bool   `yaml:"eve"`
	Since   int    `yaml:"since"` // the first year, 0 for always
	Until   int    `yaml:"until"` // the last year, 0 for always
}

// in returns the day in the year, and false in years when it is none.
func (h holiday) in(year int) (time.Time, bool) {
	switch {
	case year < h.Since || h.Until != 0 && year > h.Until:
		return time.Time{}, false
	case h.Easter != nil:
		return easter(year).AddDate(0, 0, *h.Easter), true
	}
	t, _ := time.Parse("01-02", cmp.Or(h.Date, h.OnAfter))
	day := time.Date(year, t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	for h.Weekday != "" && day.Weekday() != weekdays[h.Weekday] {
		day = day.AddDate(0, 0, 1)
	}
	return day, true
}

func (h holiday) check() error {
	forms := 0
	for _, has := range []bool{h.Date != "", h.Easter != nil, h.Weekday != ""} {
		if has {
			forms++
		}
	}
	_, dateErr := time.Parse("01-02", cmp.Or(h.Date, h.OnAfter, "01-01"))
	switch {
	case !h.Name.whole():
		return errors.New("no name")
	case forms != 1 || (h.Weekday != "") != (h.OnAfter != ""):
		return errors.New("has not one form")
	case dateErr != nil:
		return dateErr
	case h.Weekday != "" && weekdays[h.Weekday] == 0:
		return errors.New("unknown weekday " + h.Weekday)
	case h.Until != 0 && h.Until < h.Since:
		return errors.New("ends before it begins")
	}
	return nil
}

// weekdays lists those that holidays fall on by rule. Sunday is free in any case.
var weekdays = map[string]time.Weekday{"monday": time.Monday, "thursday": time.Thursday, "friday": time.Friday, "saturday": time.Saturday}

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
