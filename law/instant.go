// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrInstant is returned for a text that is no moment between 1970 and 2100.
var ErrInstant = errors.New("law: no moment")

// TwiceError is returned for a local time that comes twice, in the night when the clocks go back. Whoever wrote it must
// say which one is meant.
type TwiceError struct {
	Earlier, Later time.Time
}

func (e TwiceError) Error() string {
	return fmt.Sprintf("law: the local time comes twice: %s and %s", e.Earlier.Format(instantForm), e.Later.Format(instantForm))
}

// NeverError is returned for a local time that is left out, in the night when the clocks go forward.
type NeverError struct {
	Changed time.Time // when the clocks go forward
}

func (e NeverError) Error() string {
	return "law: the local time is left out: the clocks go forward to " + e.Changed.Format(instantForm)
}

// instantForm is how an instant is written with its distance from UTC.
const instantForm = "2006-01-02T15:04Z07:00"

// ReadInstant reads a moment. With a distance from UTC (2026-03-29T01:30+01:00, or ending in Z) it is exact; without one
// (2026-03-29 01:30) it is the wall clock's time in Sweden, which must be there once. Seconds may be given. The result is
// in the zone of Sweden.
func ReadInstant(text string) (time.Time, error) {
	text = strings.Replace(strings.TrimSpace(text), " ", "T", 1)
	for _, form := range []string{instantForm, time.RFC3339} {
		if t, err := time.Parse(form, text); err == nil {
			return within(t)
		}
	}
	for _, form := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(form, text); err == nil {
			return FromWall(t)
		}
	}
	return time.Time{}, ErrInstant
}

// FromWall returns the moment when clocks on the wall in Sweden show the numbers of t, whatever zone t has. It returns a
// TwiceError or a NeverError when there is not one such moment.
func FromWall(t time.Time) (time.Time, error) {
	y, m, d := t.Date()
	utc := time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	var found []time.Time
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := utc.Add(near).In(stockholm).Zone()
		one := utc.Add(-time.Duration(offset) * time.Second).In(stockholm)
		if one.Format(time.DateTime) == utc.Format(time.DateTime) && (len(found) == 0 || !found[0].Equal(one)) {
			found = append(found, one)
		}
	}
	switch len(found) {
	case 1:
		return within(found[0])
	case 2:
		return time.Time{}, TwiceError{found[0], found[1]}
	}
	changed, _ := utc.In(stockholm).ZoneBounds()
	return time.Time{}, NeverError{changed.In(stockholm)}
}

func within(t time.Time) (time.Time, error) {
	t = t.In(stockholm)
	if t.Year() < firstYear || t.Year() >= lastYear {
		return time.Time{}, ErrInstant
	}
	return t, nil
}
