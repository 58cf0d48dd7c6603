// SPDX-License-Identifier: EUPL-1.2

package register

import (
	"crypto/rand"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Day is a day of the world, written 2006-01-02; "" is a day not known. Days compare as strings do.
type Day string

// DayOf returns the day of t in t's own time zone.
func DayOf(t time.Time) Day { return Day(t.Format(time.DateOnly)) }

// Valid reports whether d is a day that exists, in the years 1000 to 9999. The unknown day is not valid.
func (d Day) Valid() bool {
	t, err := time.Parse(time.DateOnly, string(d))
	return err == nil && t.Year() >= 1000
}

// reckoned is a day that was reckoned from another. One that no Day can be written for is unknown, so that days
// always compare rightly as strings.
func reckoned(t time.Time) Day {
	if t.Year() < 1000 || t.Year() > 9999 {
		return ""
	}
	return DayOf(t)
}

// Time returns the day's midnight in UTC, or the zero time if d is not a day.
func (d Day) Time() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

// Year returns the day's year, or 0 if d is not a day.
func (d Day) Year() int {
	if !d.Valid() {
		return 0
	}
	return d.Time().Year()
}

// AddDays returns the day n days after d. The unknown day stays unknown, and so is one after the year 9999.
func (d Day) AddDays(n int) Day {
	if !d.Valid() {
		return d
	}
	return reckoned(d.Time().AddDate(0, 0, n))
}

// AddMonths returns the day n months after d, and the month's last day where d's number is missing in
// it: one month after 31 January is 28 or 29 February, never 3 March.
func (d Day) AddMonths(n int) Day {
	if !d.Valid() {
		return d
	}
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return reckoned(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// DaysSince returns the number of days from e to d; negative if d is before e. It means nothing where either day
// is unknown.
func (d Day) DaysSince(e Day) int { return int((d.Time().Unix() - e.Time().Unix()) / (24 * 60 * 60)) }

// End returns the last moment of the day in UTC; of the unknown day, the unknown moment.
func (d Day) End() Moment {
	if d == "" {
		return ""
	}
	return Moment(string(d) + "T23:59:59.999999Z")
}

// Moment is a moment of time in UTC, written 2006-01-02T15:04:05.000000Z; "" is a moment not known.
// Moments compare as strings do, alike in every database.
type Moment string

const momentFormat = "2006-01-02T15:04:05.000000Z"

// MomentOf returns t as a Moment, cut to microseconds.
func MomentOf(t time.Time) Moment { return Moment(t.UTC().Format(momentFormat)) }

// Valid reports whether m is a moment written in the one way.
func (m Moment) Valid() bool {
	t, err := time.Parse(momentFormat, string(m))
	return err == nil && t.Year() >= 1000 && MomentOf(t) == m // Parse also takes a comma for the point
}

// Time returns m as a time in UTC, or the zero time if m is not a moment.
func (m Moment) Time() time.Time {
	t, _ := time.Parse(momentFormat, string(m))
	return t
}

// Day returns the UTC day of the moment.
func (m Moment) Day() Day {
	if len(m) < 10 {
		return ""
	}
	return Day(m[:10])
}

// Count is a number of things, 0 or more, that may be unknown. Its zero value is unknown, never 0.
type Count struct {
	n     int
	known bool
}

// CountOf returns the known count n. A negative n is unknown.
func CountOf(n int) Count { return Count{max(n, 0), n >= 0} }

// Known returns the number and whether it is known.
func (c Count) Known() (int, bool) { return c.n, c.known }

// IsKnown reports whether the number is known.
func (c Count) IsKnown() bool { return c.known }

// String writes the number, or nothing if it is unknown.
func (c Count) String() string {
	if !c.known {
		return ""
	}
	return strconv.Itoa(c.n)
}

// Percent is a share in percent with two decimals that may be unknown. Its zero value is unknown,
// never 0.
type Percent struct {
	hundredths int
	known      bool
}

// PercentOf returns the known share of hundredths of a percent: 1250 is 12.5 percent.
func PercentOf(hundredths int) Percent { return Percent{max(hundredths, 0), hundredths >= 0} }

// Known returns the share in hundredths of a percent and whether it is known.
func (p Percent) Known() (int, bool) { return p.hundredths, p.known }

// IsKnown reports whether the share is known.
func (p Percent) IsKnown() bool { return p.known }

// String writes the share with a decimal point and no needless zeros, or nothing if it is unknown.
func (p Percent) String() string {
	if !p.known {
		return ""
	}
	s := fmt.Sprintf("%d.%02d", p.hundredths/100, p.hundredths%100)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// ParsePercent reads a share with decimal comma or point, at most two decimals, from 0 to 100000.
func ParsePercent(s string) (Percent, bool) {
	whole, part, _ := strings.Cut(strings.Replace(strings.TrimSpace(s), ",", ".", 1), ".")
	if len(part) > 2 || len(whole) == 0 || len(whole) > 6 || strings.ContainsAny(whole+part, "+-") {
		return Percent{}, false
	}
	n, err := strconv.Atoi(whole + (part + "00")[:2])
	if err != nil || n > 10000000 {
		return Percent{}, false
	}
	return PercentOf(n), true
}

// Ref is the id of a record of the register T, or "" for none.
type Ref[T any] string

func (Ref[T]) target() reflect.Type { return reflect.TypeFor[T]() }

type reference interface{ target() reflect.Type }

type choice interface{ Choices() []string }

// NewID returns a new id: 26 characters that nobody can guess.
func NewID() string { return strings.ToLower(rand.Text()) }

// ValidID reports whether s can be an id: 1 to 64 of a-z, 0-9, hyphen and underscore.
func ValidID(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return len(s) > 0 && len(s) <= 64
}

// In limits what a list may show to records of the named units. Its zero value shows nothing; All is for
// those who may see the whole organisation.
type In struct {
	All   bool
	Units []string
}

// Has reports whether the scope holds the unit.
func (in In) Has(unit string) bool {
	if in.All {
		return true
	}
	for _, u := range in.Units {
		if u == unit {
			return true
		}
	}
	return false
}
