// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// at is the moment of a text: a local time in Sweden, or its day's midnight.
func at(s string) time.Time {
	form := "2006-01-02 15:04"
	if len(s) == len(time.DateOnly) {
		form = time.DateOnly
	}
	t, err := time.ParseInLocation(form, s, stockholm)
	if err != nil {
		panic(err)
	}
	return t
}

// worked is an example of how a rule is counted.
type worked struct{ rule, from, nominal, adjusted, shown string }

func (w worked) check(t *testing.T) {
	t.Helper()
	trigger := at(w.from)
	due, p, err := Embedded().Deadline(w.rule, trigger.UTC(), "")
	if err != nil {
		t.Fatalf("%s: %v", w.rule, err)
	}
	if !due.Nominal.Equal(at(w.nominal)) || !due.Adjusted.Equal(at(w.adjusted)) || !due.Shown.Equal(at(w.shown)) {
		t.Errorf("%s from %s: nominal %v, adjusted %v, shown %v; want %s, %s, %s", w.rule, w.from, due.Nominal, due.Adjusted, due.Shown, w.nominal, w.adjusted, w.shown)
	}
	if due.WholeDay != (p.Clock.Hours == 0) || due.Rule != w.rule || due.Version != p.Version() || !due.Trigger.Equal(trigger) {
		t.Errorf("%s: %+v", w.rule, due)
	}
	for _, one := range []time.Time{due.Trigger, due.Nominal, due.Adjusted, due.Shown} {
		if one.Location() != Zone() {
			t.Errorf("%s: %v is not in the zone of Sweden", w.rule, one)
		}
	}
}

// The seven worked examples of where the calendars and the clocks differ.

func TestExample1BreachOverChristmas(t *testing.T) {
	worked{"gdpr_breach_notification", "2026-12-23 14:20", "2026-12-26 14:20", "2026-12-26 15:00", "2026-12-26 14:20"}.check(t)
}

func TestExample2BreachOverEasterAndSummerTime(t *testing.T) {
	worked{"gdpr_breach_notification", "2027-03-25 17:10", "2027-03-28 17:10", "2027-03-28 19:00", "2027-03-28 17:10"}.check(t)
}

func TestExample3FinalReportOnChristmasEve(t *testing.T) {
	worked{"csl_final_report", "2026-11-24 11:00", "2026-12-24", "2026-12-28", "2026-12-24"}.check(t)
}

func TestExample4SubjectRequestOnChristmasEve(t *testing.T) {
	worked{"gdpr_subject_request", "2026-11-24 11:00", "2026-12-24", "2026-12-24", "2026-12-24"}.check(t)
}

func TestExample5FinalReportInAShortMonth(t *testing.T) {
	worked{"csl_final_report", "2027-01-31 11:00", "2027-02-28", "2027-03-01", "2027-02-26"}.check(t)
	worked{"gdpr_subject_request", "2027-01-31 11:00", "2027-02-28", "2027-03-01", "2027-02-26"}.check(t)
}

func TestExample6RegistrationChangeOverChristmas(t *testing.T) {
	worked{"csl_registration_change", "2026-12-10 08:00", "2026-12-24", "2026-12-28", "2026-12-24"}.check(t)
}

func TestExample7EarlyWarningOnChristmasEve(t *testing.T) {
	worked{"csl_early_warning", "2026-12-23 14:20", "2026-12-24 14:20", "2026-12-24 14:20", "2026-12-24 14:20"}.check(t)
}

// TestDeadlines are more of them: summer time, leap years, the ends of months and years, and the free days.
func TestDeadlines(t *testing.T) {
	for _, w := range []worked{
		{"gdpr_breach_notification", "2026-12-23 14:00", "2026-12-26 14:00", "2026-12-26 14:00", "2026-12-26 14:00"},
		{"gdpr_breach_notification", "2026-10-24 10:00", "2026-10-27 09:00", "2026-10-27 09:00", "2026-10-27 09:00"}, // clocks go back
		{"csl_incident_notification", "2027-03-25 17:10", "2027-03-28 17:10", "2027-03-28 18:10", "2027-03-28 17:10"},
		{"csl_early_warning", "2027-03-27 02:30", "2027-03-28 03:00", "2027-03-28 03:30", "2027-03-28 03:00"}, // the night leaves out 02:30
		{"csl_early_warning", "2026-10-24 12:00", "2026-10-25 11:00", "2026-10-25 11:00", "2026-10-25 11:00"},
		{"csl_early_warning", "2026-12-31 23:59", "2027-01-01 23:59", "2027-01-01 23:59", "2027-01-01 23:59"},
		{"csl_early_warning", "2028-02-28 12:00", "2028-02-29 12:00", "2028-02-29 12:00", "2028-02-29 12:00"},
		{"csl_situation_report", "2026-11-24 11:00", "2026-12-24", "2026-12-28", "2026-12-24"},
		{"csl_final_report", "2026-11-23 23:59", "2026-12-23", "2026-12-23", "2026-12-23"},
		{"csl_final_report", "2026-11-24 00:00", "2026-12-24", "2026-12-28", "2026-12-24"},
		{"csl_final_report", "2026-12-01 09:00", "2027-01-01", "2027-01-04", "2026-12-31"},
		{"csl_final_report_after_ongoing", "2028-01-31 09:00", "2028-02-29", "2028-02-29", "2028-02-29"},
		{"csl_fine_hearing", "2028-02-29 09:00", "2030-02-28", "2030-02-28", "2030-02-28"},
		{"gdpr_subject_request_extended", "2026-11-24 08:00", "2027-02-24", "2027-02-24", "2027-02-24"},
		{"gdpr_subject_request_extended", "2026-11-30 08:00", "2027-02-28", "2027-03-01", "2027-02-26"},
		{"archive_ceased_board", "2026-03-24 08:00", "2026-06-24", "2026-06-24", "2026-06-24"},
		{"archive_ceased_board", "2026-03-19 08:00", "2026-06-19", "2026-06-22", "2026-06-19"}, // Midsummer
		{"gdpr_prior_consultation", "2026-10-29 08:00", "2026-12-24", "2026-12-24", "2026-12-24"},
	} {
		w.check(t)
	}
}

func TestDeadlineErrors(t *testing.T) {
	for _, c := range []struct {
		rule, day string
		want      error
	}{
		{"no_such_rule", "", ErrNoRule},
		{"csl_early_warning", "2026-01-14", ErrNotInForce},
		{"csl_interim_report", "", ErrNoLength},
		{"csl_measures", "", ErrNoLength},
	} {
		if _, _, err := Embedded().Deadline(c.rule, at("2026-11-24 11:00"), c.day); !errors.Is(err, c.want) {
			t.Errorf("%s on %q: %v, want %v", c.rule, c.day, err, c.want)
		}
	}
	// The day of the case is Sweden's: half an hour into the act's first day is still the day before in UTC.
	if _, _, err := Embedded().Deadline("csl_early_warning", time.Date(2026, 1, 14, 23, 30, 0, 0, time.UTC), ""); err != nil {
		t.Error(err)
	}
}

func TestWhatIsLateAndWhatIsLeft(t *testing.T) {
	final, _, _ := Embedded().Deadline("csl_final_report", at("2026-11-24 11:00"), "")
	warning, _, _ := Embedded().Deadline("csl_early_warning", at("2026-12-23 14:20"), "")
	for _, c := range []struct {
		due  Deadline
		done string
		late bool
		left time.Duration
	}{
		{final, "2026-12-24 23:00", false, time.Hour},
		{final, "2026-12-28 23:59", false, -4*24*time.Hour + time.Minute},
		{final, "2026-12-29 00:00", true, -4 * 24 * time.Hour},
		{warning, "2026-12-24 14:20", false, 0},
		{warning, "2026-12-24 14:21", true, -time.Minute},
	} {
		if late, left := c.due.Late(at(c.done)), c.due.Left(at(c.done)); late != c.late || left != c.left {
			t.Errorf("%s done %s: late %v, left %v", c.due.Rule, c.done, late, left)
		}
	}
}

// Whatever the machine's clock shows, and whether it is set back while an incident goes on, the deadline is the trigger's; only
// what is left follows the clock.
func TestAClockSetBackMovesNoDeadline(t *testing.T) {
	before, _, _ := Embedded().Deadline("csl_early_warning", at("2026-12-23 14:20"), "")
	wrongClock := at("2026-12-23 13:00") // an hour and twenty minutes before the trigger
	if left := before.Left(wrongClock); left != 25*time.Hour+20*time.Minute {
		t.Errorf("left by a clock set back: %v", left)
	}
	if after, _, _ := Embedded().Deadline("csl_early_warning", before.Trigger, ""); after != before || before.Late(wrongClock) {
		t.Errorf("%+v, then %+v", before, after)
	}
	// Who wrote the trigger down on a machine with another zone or another name for it gets the same deadline.
	if other, _, _ := Embedded().Deadline("csl_early_warning", before.Trigger.In(time.FixedZone("X", -5*3600)), ""); other != before {
		t.Errorf("%+v in another zone", other)
	}
}

func TestWorkingDays(t *testing.T) {
	for _, c := range []struct {
		calendar                        Calendar
		days                            int
		from, nominal, adjusted, latest string
	}{
		{Swedish, 1, "2026-12-23 10:00", "2026-12-28", "2026-12-28", "2026-12-24"},
		{EU, 1, "2026-12-23 10:00", "2026-12-24", "2026-12-24", "2026-12-24"},
		{Swedish, 3, "2027-03-25 10:00", "2027-04-01", "2027-04-01", "2027-04-01"},
	} {
		due, ok := Clock{Calendar: c.calendar, WorkingDays: c.days}.Due(at(c.from))
		if !ok || !due.Nominal.Equal(at(c.nominal)) || !due.Adjusted.Equal(at(c.adjusted)) || !due.Shown.Equal(at(c.latest)) {
			t.Errorf("%d working days (%s) from %s: %+v", c.days, c.calendar, c.from, due)
		}
	}
	// Regulation 1182/71, 3(5): two days from a Friday hold one working day only, even when moved to the Monday.
	if due, _ := (Clock{Calendar: EU, Days: 2}).Due(at("2026-11-20 10:00")); !due.Adjusted.Equal(at("2026-11-24")) {
		t.Errorf("two days from a Friday end on %v", due.Adjusted)
	}
}

func TestDueProperties(t *testing.T) {
	start := at("1970-01-01 00:00")
	rapid.Check(t, func(t *rapid.T) {
		from := start.Add(time.Duration(rapid.IntRange(0, 130*366*24*60).Draw(t, "minutes")) * time.Minute)
		c := Clock{Calendar: rapid.SampledFrom([]Calendar{Hours, HoursEU, Swedish, EU}).Draw(t, "calendar")}
		switch n := rapid.IntRange(1, 100).Draw(t, "length"); {
		case c.Calendar == Hours || c.Calendar == HoursEU:
			c.Hours = n
		case n > 70:
			c.WorkingDays = n
		case n > 36:
			c.Days = n
		default:
			c.Months = n
		}
		due, ok := c.Due(from)
		if !ok || due.Shown.After(due.Adjusted) || due.Shown.After(due.Nominal) || due.Nominal.After(due.Adjusted) {
			t.Fatalf("out of order: %+v", due)
		}
		if c.Hours > 0 {
			length := time.Duration(c.Hours) * time.Hour
			if short := length - due.Shown.Sub(from); short < 0 || short > time.Hour {
				t.Errorf("shown %v from %v for %v", due.Shown, from, length)
			}
			if long := due.Adjusted.Sub(from) - length; long < 0 || long >= time.Hour || c.Calendar == Hours && long != 0 {
				t.Errorf("adjusted %v from %v for %v", due.Adjusted, from, length)
			}
		} else if data().calendar.free(due.Adjusted, c.Calendar == Swedish) || due.Adjusted.Hour() != 0 {
			t.Errorf("the last day %v is free", due.Adjusted)
		}
		// A later event never ends earlier, whatever the clocks do in the night between.
		later, _ := c.Due(from.Add(time.Duration(rapid.IntRange(1, 3*24*60).Draw(t, "later")) * time.Minute))
		if later.Shown.Before(due.Shown) || later.Adjusted.Before(due.Adjusted) {
			t.Errorf("a later event ends earlier: %+v, then %+v", due, later)
		}
		if again, _ := c.Due(from.UTC()); again != due {
			t.Errorf("the zone that the trigger was written in matters: %+v and %+v", due, again)
		}
	})
}

// TestHolidaysAgreeWithALibrary holds every day of 131 years against what another library says of it.
func TestHolidaysAgreeWithALibrary(t *testing.T) {
	wanted := map[string]bool{} // day to whether it is an eve
	years := 0
	for _, line := range golden(t, "testdata/holidays.txt") {
		years++
		for _, day := range line[1:] {
			wanted[line[0]+"-"+strings.Trim(day, "()")] = strings.HasPrefix(day, "(")
		}
	}
	if years != 131 {
		t.Fatalf("%d years", years)
	}
	for day := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() <= 2100; day = day.AddDate(0, 0, 1) {
		text := day.Format(time.DateOnly)
		eve, special := wanted[text]
		if _, ok := Holiday(text); ok != special {
			t.Errorf("%s is special: %v, by the library %v", text, ok, special)
		}
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		if got := data().calendar.free(day, true); got != (weekend || special) {
			t.Errorf("%s is free in Swedish periods: %v", text, got)
		}
		if got := data().calendar.free(day, false); got != (weekend || special && !eve) {
			t.Errorf("%s is free in EU periods: %v", text, got)
		}
	}
}

// The days before and after the computed years come out as those within.
func TestYearsBeyondTheTable(t *testing.T) {
	for _, c := range []struct {
		day  string
		free bool
	}{{"1969-12-25", true}, {"1969-12-24", false}, {"2150-01-06", true}, {"2150-01-07", false}} {
		day, _ := time.Parse(time.DateOnly, c.day)
		if data().calendar.free(day, false) != c.free {
			t.Errorf("%s is free: %v", c.day, !c.free)
		}
	}
}

// TestDeadlinesAgreeWithAnotherProgram holds a thousand deadlines against those that a program in another language, with its own
// calendar and time zones, counted by the same rules.
func TestDeadlinesAgreeWithAnotherProgram(t *testing.T) {
	lines := golden(t, "testdata/deadlines.txt")
	if len(lines) < 1000 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, line := range lines {
		c := Clock{Calendar: Calendar(line[0])}
		n, err := strconv.Atoi(line[1][:len(line[1])-1])
		if err != nil {
			t.Fatal(err)
		}
		switch line[1][len(line[1])-1] {
		case 'h':
			c.Hours = n
		case 'd':
			c.Days = n
		case 'm':
			c.Months = n
		}
		trigger, err := ReadInstant(line[2])
		if err != nil {
			t.Fatal(err)
		}
		due, _ := c.Due(trigger)
		form := instantOut
		if due.WholeDay {
			form = time.DateOnly
		}
		if got := []string{due.Nominal.Format(form), due.Adjusted.Format(form), due.Shown.Format(form)}; strings.Join(got, " ") != strings.Join(line[3:], " ") {
			t.Errorf("%s %s from %s: %v, the other program says %v", line[0], line[1], line[2], got, line[3:])
		}
	}
}

// golden reads lines of words, without those that begin with #.
func golden(t *testing.T, file string) [][]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			lines = append(lines, strings.Fields(line))
		}
	}
	return lines
}

func TestHolidayNames(t *testing.T) {
	if name, _ := Holiday("2027-03-26"); name.In("sv") != "långfredagen" || name.In("en") != "Good Friday" {
		t.Errorf("26 March 2027 is %v", name)
	}
	if name, _ := Holiday("2004-05-31"); name.In("en") != "Whit Monday" {
		t.Errorf("31 May 2004 is %v", name)
	}
	for _, day := range []string{"2027-02-30", "2004-06-06", "2005-05-16", "x"} {
		if name, ok := Holiday(day); ok {
			t.Errorf("%s is %v", day, name)
		}
	}
}

// BenchmarkDeadline counts cases spread over a year, in this decade and in one for which the table of time zones gives a rule only.
func BenchmarkDeadline(b *testing.B) {
	book := Embedded()
	for _, c := range []struct{ rule, from string }{
		{"csl_early_warning", "2026-02-01"}, {"gdpr_breach_notification", "2026-02-01"}, {"csl_final_report", "2026-02-01"}, {"csl_registration_change", "2026-02-01"},
		{"gdpr_breach_notification", "2060-02-01"}, {"csl_final_report", "2060-02-01"},
	} {
		rule, start := c.rule, at(c.from)
		b.Run(rule+"/"+c.from[:4], func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				if _, _, err := book.Deadline(rule, start.Add(time.Duration(n%500_000)*time.Minute), ""); err != nil {
					b.Fatal(err)
				}
				n += 7919
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "cases/s")
		})
	}
}
