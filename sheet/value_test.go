// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"testing"

	"pgregory.net/rapid"

	"ledsyn/register"
)

func TestParseDay(t *testing.T) {
	for text, want := range map[string]register.Day{
		"2024-01-31": "2024-01-31", "2024/1/31": "2024-01-31", "2024.01.31": "2024-01-31", "2024 01 31": "2024-01-31", "20240131": "2024-01-31", "240131": "2024-01-31",
		"31/1-24": "2024-01-31", "31/1 -24": "", "31/1 24": "2024-01-31", "31/1 2024": "2024-01-31", "31/1-2024": "2024-01-31", "1/2-24": "2024-02-01", "1/2 2024": "2024-02-01",
		"31.1.2024": "2024-01-31", "1.2.24": "2024-02-01", "1. 2. 2024": "2024-02-01", "1.2 2024": "2024-02-01",
		"1/31/2024": "2024-01-31", "31/1/2024": "2024-01-31", "31-01-2024": "2024-01-31", "31 01 2024": "2024-01-31", "99-12-31": "1999-12-31", "99/12/31": "1999-12-31", "5/5/2024": "2024-05-05",
		"31 januari 2024": "2024-01-31", "den 31 januari 2024": "2024-01-31", "31 jan 2024": "2024-01-31", "31 jan. 2024": "2024-01-31", "31-jan-24": "2024-01-31", "1 MAJ 2024": "2024-05-01",
		"3 okt -24": "2024-10-03", "January 31, 2024": "2024-01-31", "31st of": "", "31st January 2024": "2024-01-31", "1:e maj 2024": "", "1 sept 2024": "2024-09-01", "29 februari 2024": "2024-02-29",
		"2024-01-31 13:45": "2024-01-31", "2024-01-31T13:45:30": "2024-01-31", "2024-01-31T13:45:30.123Z": "2024-01-31", "2024-01-31 13:45:30 +0100": "2024-01-31",
		"2024-01-31 kl. 13.45": "2024-01-31", "31/1-24 08:00": "2024-01-31", "1/31/2024 1:45:30 PM": "2024-01-31", "31.1.2024 13:45": "2024-01-31",
		" 2024-01-31\u00a0": "2024-01-31", "31\u00a0januari\u00a02024": "2024-01-31", "2024-01-31.": "2024-01-31",
		"45322": "2024-01-31", "45322.75": "2024-01-31", "10000": "1927-05-18",
		"": "", "2024": "", "januari 2024": "", "jan 2024": "", "2024-01": "", "2024-02-30": "", "29 februari 2023": "", "31/4-24": "", "2024-13-01": "", "0000-01-01": "", "00010101": "", "10000101": "1000-01-01",
		"i dag": "", "snarast": "", "kvartal 1 2024": "", "v 12 2024": "", "12": "", "1234": "", "197001011234": "", "19700101-1234": "", "9999": "", "99999": "", "123456": "", "1/2": "", "2024-01-31-02": "",
		"1 mars 20245": "", "måndag": "", "31 x 2024": "", "31 janvier 2024": "2024-01-31", "08:30": "", "1,5": "", "12.5": "", "-45322": "",
	} {
		day, other, ok := ParseDay(text, "")
		if day != want || ok != (want != "") || other != "" {
			t.Errorf("%q is %q or %q, %v; want %q", text, day, other, ok, want)
		}
	}
}

// TestDaysInTwoWays holds that a day which can be read in two ways is told to be such, unless the order is known.
func TestDaysInTwoWays(t *testing.T) {
	for _, c := range []struct {
		text, order string
		day, other  register.Day
	}{
		{"1/2/2024", "", "2024-02-01", "2024-01-02"},
		{"1/2/2024", "dmy", "2024-02-01", ""},
		{"1/2/2024", "mdy", "2024-01-02", ""},
		{"01-02-2024", "", "2024-02-01", "2024-01-02"},
		{"01-02-2024", "ymd", "2024-02-01", ""}, // the order does not apply: the more usual
		{"24-02-03", "", "2024-02-03", "2003-02-24"},
		{"24-02-03", "ymd", "2024-02-03", ""},
		{"24-02-03", "dmy", "2003-02-24", ""},
		{"02-24-03", "mdy", "2003-02-24", ""},
		{"02-24-03", "", "2003-02-24", ""},
		{"02/03/04", "", "2004-03-02", "2004-02-03"},
		{"02/03/04", "ymd", "2002-03-04", ""},
		{"1/2/24", "", "2024-02-01", "2024-01-02"},
		{"13/2/2024", "mdy", "2024-02-13", ""}, // it can only be read in the other way
		{"2024-01-02", "dmy", "2024-01-02", ""},
		{"3.4.2024", "mdy", "2024-04-03", ""},
		{"1/2/2024 10:00", "", "2024-02-01", "2024-01-02"},
	} {
		day, other, ok := ParseDay(c.text, c.order)
		if day != c.day || other != c.other || !ok {
			t.Errorf("%q in the order %q is %q or %q, %v; want %q or %q", c.text, c.order, day, other, ok, c.day, c.other)
		}
	}
}

// TestDaysAreReadBack holds that every day that spreadsheets count is read in each of the ways that people in Sweden write it.
func TestDaysAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := register.Day("1970-01-01").AddDays(rapid.IntRange(0, 36_000).Draw(t, "days"))
		at := day.Time()
		for _, layout := range []string{"2006-01-02", "20060102", "2/1-06", "2/1 2006", "2.1.2006", "02.01.06", "2 January 2006", "Jan 2, 2006", "2006-01-02 15:04:05"} {
			text := at.Format(layout)
			if got, other, ok := ParseDay(text, ""); got != day || other != "" || !ok {
				t.Fatalf("%q is %q or %q", text, got, other)
			}
		}
		for layout, order := range map[string]string{"2/1/2006": "dmy", "1/2/2006": "mdy", "02-01-2006": "dmy", "06-01-02": "ymd", "06/01/02": "ymd"} {
			text := at.Format(layout)
			if got, _, ok := ParseDay(text, order); got != day || !ok {
				t.Fatalf("%q in the order %s is %q", text, order, got)
			}
		}
		n, ok := serial(day)
		if back, ok2 := SerialDay(float64(n)+0.99, false); !ok || !ok2 || back != day {
			t.Fatalf("%s is counted as %d, which is %s", day, n, back)
		}
		if back, ok := SerialDay(float64(n-1462), true); !ok || back != day {
			t.Fatalf("%s is counted as %d from 1904, which is %s", day, n-1462, back)
		}
	})
}

func TestSerialDay(t *testing.T) {
	for _, c := range []struct {
		n        float64
		from1904 bool
		want     register.Day // "" where there is none
	}{
		{1, false, "1900-01-01"}, {59, false, "1900-02-28"}, {60, false, ""}, {61, false, "1900-03-01"}, {0, false, ""}, {-1, false, ""},
		{45322, false, "2024-01-31"}, {2958465, false, "9999-12-31"}, {2958466, false, ""}, {1e300, false, ""},
		{0, true, "1904-01-01"}, {43860, true, "2024-01-31"}, {-1, true, ""}, {2957003, true, "9999-12-31"}, {2957004, true, ""},
	} {
		if got, ok := SerialDay(c.n, c.from1904); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%v from 1904 %v is %q, %v; want %q", c.n, c.from1904, got, ok, c.want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "12": "12", "007": "007", "1234,5": "1234.5", "1234.5": "1234.5", "1 234,5": "1234.5", "1\u00a0234,50": "1234.50", "1\u202f234": "1234", "1.234,5": "1234.5", "1,234.5": "1234.5",
		"1.234.567": "1234567", "1,234,567": "1234567", "1.234.567,8": "1234567.8", "1'234.5": "1234.5", "1,234": "1.234", "1.234": "1.234", ",5": "0.5", ".5": "0.5",
		"-12": "-12", "−12,5": "-12.5", "–3": "-3", "+7": "7", " 12 ": "12", "12,5 %": "12.5", "12.5%": "12.5", "12 procent": "12", "1 234 kr": "1234", "250:-": "250", "99.-": "99", "1 000 SEK": "1000", "5 kronor": "5",
		"": "", "-": "", "a": "", "12a": "", "1,2,3": "", "1.2.3": "", "1,23,456": "", "1.2,3.4": "", "12,": "", "1e5": "", "0x10": "", "NaN": "", "%": "", "kr": "", "--1": "-1", "2024-01-31": "", "1 234 567 890": "1234567890", "½": "", "٣": "",
	} {
		if got, ok := ParseNumber(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", text, got, ok, want)
		}
	}
}

func TestCleanAndFold(t *testing.T) {
	for text, want := range map[string]string{"": "", "\u00a0 ": "", " Namn\u00a0på\r\n system ": "Namn på system", "\ufeffId": "Id", "in\u00adforma\u200btion": "information", "A\tB": "A B"} {
		if got := Clean(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	if got := Fold(" ÄGARE\u00a0 (Enhet)"); got != "ägare (enhet)" {
		t.Errorf("got %q", got)
	}
}

// TestFormats holds what number formats make of a number, as Excel writes the formats.
func TestFormats(t *testing.T) {
	for _, c := range []struct {
		code, value string
		want        Cell
	}{
		{"General", "45322", Cell{NumberCell, "45322"}}, {"Standard", "45322", Cell{NumberCell, "45322"}}, {"", "1.5E3", Cell{NumberCell, "1500"}},
		{"yyyy-mm-dd", "45322", Cell{DayCell, "2024-01-31"}}, {`yyyy\-mm\-dd;@`, "45322", Cell{DayCell, "2024-01-31"}}, {"[$-41D]d mmmm yyyy", "45322", Cell{DayCell, "2024-01-31"}},
		{"d/m", "45322", Cell{DayCell, "2024-01-31"}}, {"mmm/yy", "45322", Cell{DayCell, "2024-01-31"}}, {"mm", "45322", Cell{DayCell, "2024-01-31"}}, {"[$-F800]dddd, mmmm dd, yyyy", "45322", Cell{DayCell, "2024-01-31"}},
		{"ÅÅÅÅ-MM-DD", "45322", Cell{DayCell, "2024-01-31"}}, {"åå", "45322", Cell{DayCell, "2024-01-31"}},
		{"yyyy-mm-dd hh:mm", "45322.5", Cell{MomentCell, "2024-01-31 12:00:00"}}, {"yyyy-mm-dd", "45322.999999999", Cell{DayCell, "2024-02-01"}}, {"m/d/yy h:mm", "45322.573263889", Cell{MomentCell, "2024-01-31 13:45:30"}},
		{"h:mm", "0.395833333333333", Cell{TextCell, "09:30"}}, {"mm:ss", "0.0006944444", Cell{TextCell, "00:01"}}, {"[h]:mm", "1.5", Cell{TextCell, "36:00"}}, {"h:mm:ss AM/PM", "0.9999884259", Cell{TextCell, "23:59:59"}}, {"[mm]", "0.5", Cell{TextCell, "12:00"}},
		{"0%", "0.125", Cell{NumberCell, "12.5%"}}, {"0.00%", "0.07", Cell{NumberCell, "7%"}}, {`0\%`, "12", Cell{NumberCell, "12"}},
		{`#,##0\ "dagar"`, "12", Cell{NumberCell, "12"}}, {"[Red]#,##0.00", "1234.5", Cell{NumberCell, "1234.5"}}, {`#,##0.00\ _k_r;[Red]\-#,##0.00`, "-3", Cell{NumberCell, "-3"}}, {`_-* #,##0\ "kr"_-`, "3", Cell{NumberCell, "3"}},
		{"0", "7", Cell{NumberCell, "7"}}, {"0.00", "7", Cell{NumberCell, "7"}}, {"0000", "7", Cell{TextCell, "0007"}}, {`000\ 00`, "12345", Cell{TextCell, "123 45"}}, {`000000\-0000`, "7001011234", Cell{TextCell, "700101-1234"}},
		{"0000", "12345", Cell{TextCell, "12345"}}, {"0000", "1.5", Cell{NumberCell, "1.5"}}, {"0000", "-5", Cell{NumberCell, "-5"}}, {"0.00E+00", "12", Cell{NumberCell, "12"}}, {"@", "12", Cell{NumberCell, "12"}},
		{"yyyy", "0", Cell{NumberCell, "0"}}, {"yyyy", "-5", Cell{NumberCell, "-5"}}, {"yyyy", "60", Cell{NumberCell, "60"}}, {"h:mm", "-1", Cell{NumberCell, "-1"}},
		{"", "0.30000000000000004", Cell{NumberCell, "0.3"}}, {"", "1E-7", Cell{NumberCell, "0.0000001"}}, {"", "-0", Cell{NumberCell, "0"}}, {"", "1E+400", Cell{TextCell, "1E+400"}}, {"", "x", Cell{TextCell, "x"}}, {"[", "5", Cell{NumberCell, "5"}}, {`"`, "5", Cell{NumberCell, "5"}},
	} {
		if got := formatOf(c.code).cell(c.value, false); got != c.want {
			t.Errorf("%s as %s is %v, want %v", c.value, c.code, got, c.want)
		}
	}
}

func TestBuiltInFormats(t *testing.T) {
	for id, want := range map[string]string{"0": "1.5", "9": "150%", "10": "150%", "14": "1900-01-01 12:00:00", "22": "1900-01-01 12:00:00", "20": "36:00", "46": "36:00", "49": "1.5", "x": "1.5", "58": "1900-01-01 12:00:00", "": "1.5"} {
		if got := formatOf(builtIn(id)).cell("1.5", false); got.Text != want {
			t.Errorf("format %s makes %q of 1.5, want %q", id, got.Text, want)
		}
	}
}
