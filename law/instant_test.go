// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const instantOut = "2006-01-02T15:04-07:00"

func TestReadInstant(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-29T01:30+01:00":    "2026-03-29T01:30+01:00",
		"2026-03-29 01:30":          "2026-03-29T01:30+01:00",
		"2026-03-29T03:00":          "2026-03-29T03:00+02:00",
		" 2026-10-25 01:59:30 ":     "2026-10-25T01:59+02:00",
		"2026-10-25T02:30+02:00":    "2026-10-25T02:30+02:00",
		"2026-10-25T02:30+01:00":    "2026-10-25T02:30+01:00",
		"2026-10-25 03:00":          "2026-10-25T03:00+01:00",
		"2026-07-01T12:00:00Z":      "2026-07-01T14:00+02:00",
		"2026-07-01T12:00:00-05:00": "2026-07-01T19:00+02:00",
		"1970-01-01 00:00":          "1970-01-01T00:00+01:00",
		"2100-12-31 23:59":          "2100-12-31T23:59+01:00",
	} {
		got, err := ReadInstant(text)
		if err != nil || got.Format(instantOut) != want || got.Location() != Zone() {
			t.Errorf("%q is %v (%v), want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "igår", "2026-02-30 10:00", "2026-11-24", "2026-11-24 25:00", "1969-12-31 23:59", "2101-01-01 00:00", "2026-11-24T10:00+25:00"} {
		if got, err := ReadInstant(text); !errors.Is(err, ErrInstant) {
			t.Errorf("%q is %v (%v)", text, got, err)
		}
	}
	_, err := ReadInstant("2026-10-25 02:30")
	var twice TwiceError
	if !errors.As(err, &twice) || twice.Later.Sub(twice.Earlier) != time.Hour || twice.Earlier.Format(instantOut) != "2026-10-25T02:30+02:00" {
		t.Errorf("the hour that comes twice: %v", err)
	}
	_, err = ReadInstant("2027-03-28 02:00")
	var never NeverError
	if !errors.As(err, &never) || never.Changed.Format(instantOut) != "2027-03-28T03:00+02:00" {
		t.Errorf("the hour that is left out: %v", err)
	}
}

// Whatever a clock on the wall in Sweden shows, reading it gives the moment back, or says that there are two.
func TestReadInstantProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		moment := time.Unix(rapid.Int64Range(0, 130*365*86400).Draw(t, "seconds"), 0).In(stockholm)
		got, err := ReadInstant(moment.Format(time.DateTime))
		var twice TwiceError
		if errors.As(err, &twice) && (twice.Earlier.Equal(moment) || twice.Later.Equal(moment)) {
			return
		}
		if err != nil || !got.Equal(moment) {
			t.Errorf("%v is read as %v (%v)", moment, got, err)
		}
	})
}

func FuzzReadInstant(f *testing.F) {
	for _, text := range []string{"2026-03-29T01:30+01:00", "2026-10-25 02:30", "2027-03-28 02:30", "x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := ReadInstant(text); err == nil && (got.Year() < 1970 || got.Year() > 2100) {
			t.Errorf("%q is %v", text, got)
		}
	})
}
