// SPDX-License-Identifier: EUPL-1.2

package register

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDayValid(t *testing.T) {
	for day, want := range map[Day]bool{"2024-02-29": true, "1000-01-01": true, "9999-12-31": true,
		"": false, "2023-02-29": false, "2024-02-30": false, "2024-13-01": false, "2024-00-01": false, "2024-01-00": false,
		"2024-1-1": false, "2024-01-01 ": false, "20240101": false, "0999-12-31": false, "10000-01-01": false, "-024-01-01": false,
		"2024-01-01T00:00:00Z": false, "２０２４-01-01": false} {
		if got := day.Valid(); got != want {
			t.Errorf("%q valid: %v", day, got)
		}
		if !want && (day.Year() != 0 || day.AddDays(1) != day || day.AddMonths(1) != day) {
			t.Errorf("%q is reckoned with", day)
		}
	}
}

func TestDayArithmetic(t *testing.T) {
	for _, c := range []struct {
		day    Day
		months int
		want   Day
	}{
		{"2024-01-31", 1, "2024-02-29"}, {"2023-01-31", 1, "2023-02-28"}, {"2024-01-31", 3, "2024-04-30"}, {"2024-02-29", 12, "2025-02-28"},
		{"2024-03-31", -1, "2024-02-29"}, {"2024-12-15", 1, "2025-01-15"}, {"2024-01-15", -13, "2022-12-15"}, {"2024-05-30", 0, "2024-05-30"},
		{"9999-12-31", 1, ""}, {"1000-01-31", -1, ""},
	} {
		if got := c.day.AddMonths(c.months); got != c.want {
			t.Errorf("%s and %d months: %s, want %s", c.day, c.months, got, c.want)
		}
	}
	for _, c := range []struct {
		day  Day
		days int
		want Day
	}{{"2024-02-28", 1, "2024-02-29"}, {"2024-12-31", 1, "2025-01-01"}, {"2024-03-01", -1, "2024-02-29"}, {"9999-12-31", 1, ""}, {"2024-03-30", 2, "2024-04-01"}} {
		if got := c.day.AddDays(c.days); got != c.want {
			t.Errorf("%s and %d days: %s, want %s", c.day, c.days, got, c.want)
		}
	}
	if n := Day("2024-03-01").DaysSince("2023-03-01"); n != 366 {
		t.Errorf("a leap year has %d days", n)
	}
	if n := Day("9999-12-31").DaysSince("1000-01-01"); n != 3287181 {
		t.Errorf("the longest time is %d days", n)
	}
	if y := Day("2024-07-01").Year(); y != 2024 {
		t.Errorf("year %d", y)
	}
}

func TestDayProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := DayOf(time.Date(2000, 1, 1+rapid.IntRange(-100000, 100000).Draw(t, "day"), 0, 0, 0, 0, time.UTC))
		n := rapid.IntRange(-50000, 50000).Draw(t, "n")
		if later := day.AddDays(n); later.DaysSince(day) != n || (n > 0) != (later > day) {
			t.Errorf("%s and %d days is %s", day, n, later)
		}
		months := n / 100
		got := day.AddMonths(months)
		if !got.Valid() || (got.Year()-day.Year())*12+int(got.Time().Month()-day.Time().Month()) != months {
			t.Errorf("%s and %d months is %s", day, months, got)
		}
		if want := day.Time().Day(); got.Time().Day() > want || got.Time().Day() < want && got.AddDays(1).Time().Day() != 1 {
			t.Errorf("%s and %d months is %s: another number, and not the month's last", day, months, got)
		}
	})
}

func TestMoment(t *testing.T) {
	for m, want := range map[Moment]bool{"2024-01-01T10:00:00.000000Z": true, "2024-02-29T23:59:59.999999Z": true,
		"": false, "2024-01-01T10:00:00Z": false, "2024-01-01T10:00:00,000000Z": false, "2024-01-01T10:00:00.000000+01:00": false,
		"2024-01-01T24:00:00.000000Z": false, "2023-02-29T10:00:00.000000Z": false, "2024-01-01 10:00:00.000000Z": false, "0000-01-01T10:00:00.000000Z": false} {
		if got := m.Valid(); got != want {
			t.Errorf("%q valid: %v", m, got)
		}
	}
	zone := time.FixedZone("", 2*60*60)
	m := MomentOf(time.Date(2024, 7, 1, 1, 30, 0, 123456789, zone))
	if m != "2024-06-30T23:30:00.123456Z" || m.Day() != "2024-06-30" || !m.Time().Equal(time.Date(2024, 6, 30, 23, 30, 0, 123456000, time.UTC)) {
		t.Errorf("moment %s on %s", m, m.Day())
	}
	if d := DayOf(time.Date(2024, 7, 1, 1, 30, 0, 0, zone)); d != "2024-07-01" {
		t.Errorf("day %s", d)
	}
	if end := Day("2024-06-30").End(); !end.Valid() || end < m || end.Day() != "2024-06-30" {
		t.Errorf("end of the day is %s", end)
	}
	if Day("").End() != "" || Moment("").Day() != "" || !Moment("").Time().IsZero() {
		t.Error("the unknown does not stay unknown")
	}
}

func TestUnknownIsNeverZero(t *testing.T) {
	for text, c := range map[string]Count{"": {}, "0": CountOf(0), "12": CountOf(12)} {
		if c.String() != text || c.IsKnown() != (text != "") {
			t.Errorf("count %q is written %q", text, c)
		}
	}
	for text, p := range map[string]Percent{"": {}, "0": PercentOf(0), "12.5": PercentOf(1250), "100": PercentOf(10000), "0.05": PercentOf(5), "30": PercentOf(3000)} {
		if p.String() != text || p.IsKnown() != (text != "") {
			t.Errorf("share %q is written %q", text, p)
		}
	}
	if CountOf(-1).IsKnown() || PercentOf(-1).IsKnown() || CountOf(0) == (Count{}) || PercentOf(0) == (Percent{}) {
		t.Error("0 and unknown are the same")
	}
	var b Book
	for _, name := range []string{"copies", "worn"} {
		f, _ := Of[Book]().Field(name)
		if f.Text(&b) != "" || f.Value(&b) != int64(-1) {
			t.Errorf("unknown %s is %q, kept as %v", name, f.Text(&b), f.Value(&b))
		}
		if w := f.Set(&b, "0"); w != nil || f.Text(&b) != "0" || f.Value(&b) != int64(0) {
			t.Errorf("%s of 0 is %q, kept as %v", name, f.Text(&b), f.Value(&b))
		}
		if w := f.Set(&b, ""); w != nil || f.Value(&b) != int64(-1) {
			t.Errorf("%s emptied is kept as %v", name, f.Value(&b))
		}
	}
}

func TestParsePercent(t *testing.T) {
	for text, want := range map[string]int{"0": 0, "30": 3000, "12,5": 1250, "12.5": 1250, " 12,05 ": 1205, "100000": 10000000, "5,": 500, "007": 700} {
		p, ok := ParsePercent(text)
		if n, known := p.Known(); !ok || !known || n != want {
			t.Errorf("%q is %d hundredths, %v", text, n, ok)
		}
	}
	for _, text := range []string{"", ",5", "12,555", "-1", "+1", "1,-1", "1e2", "100000,01", "1000000", "1 0", "1.2.3", "1..", "12 %", "x", "1,x", "٣"} {
		if p, ok := ParsePercent(text); ok {
			t.Errorf("%q is read as %s", text, p)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p := PercentOf(rapid.IntRange(0, 10000000).Draw(t, "hundredths"))
		if got, ok := ParsePercent(p.String()); !ok || got != p {
			t.Errorf("%s is read back as %s", p, got)
		}
	})
}

func TestIDs(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := NewID()
		if !ValidID(id) || len(id) != 26 || seen[id] {
			t.Fatalf("id %q", id)
		}
		seen[id] = true
	}
	long := "a123456789b123456789c123456789d123456789e123456789f123456789abcd"
	for id, want := range map[string]bool{"a": true, "a-b_9": true, long: true, "": false, long + "e": false, "A": false, "a b": false, "å": false, "a'": false, "../a": false, "a\x00": false} {
		if ValidID(id) != want {
			t.Errorf("%q valid: %v", id, !want)
		}
	}
}

func TestIn(t *testing.T) {
	if (In{}).Has("u") || (In{}).Has("") || (In{Units: []string{"u"}}).Has("v") {
		t.Error("a scope shows what it does not hold")
	}
	if !(In{Units: []string{"u", "v"}}).Has("v") || !(In{All: true}).Has("w") {
		t.Error("a scope hides what it holds")
	}
}
