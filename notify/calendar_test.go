// SPDX-License-Identifier: EUPL-1.2

package notify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"ledsyn/app"
	"ledsyn/locale"
	"ledsyn/register"
)

const written = register.Moment("2026-03-02T08:00:00.000000Z")

func someErrands() []app.Errand {
	request := app.Errand{Kind: app.RemindRequest, RefKind: "subject_request", RefID: "q1", Reference: `X 1; "a", b\c`, Day: "2026-04-01",
		At: "2026-04-01T21:59:59.999999Z", Starts: "2026-03-01T06:00:00.000000Z", Page: "subject_request", PageID: "q1", Rev: 3}
	timeless := clockErrand()
	timeless.RefID, timeless.At = "d2", ""
	return []app.Errand{clockErrand(), timeless, request}
}

func TestCalendar(t *testing.T) {
	got := string(Calendar(locale.Swedish, "https://ledsyn.example.se", "exempel", written, someErrands()[:1]))
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Ledsyn//Ledsyn//SV
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:Ledsyn
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VEVENT
UID:event-deadline-d1@exempel.ledsyn
DTSTAMP:20260302T080000Z
SEQUENCE:0
SUMMARY:Lagstadgad frist\, KUN-2026-007
URL:https://ledsyn.example.se/incident/i1
CLASS:PRIVATE
DTSTART:20260305T080000Z
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VTODO
UID:task-deadline-d1@exempel.ledsyn
DTSTAMP:20260302T080000Z
SEQUENCE:0
SUMMARY:Lagstadgad frist\, KUN-2026-007
URL:https://ledsyn.example.se/incident/i1
CLASS:PRIVATE
DUE:20260305T080000Z
STATUS:NEEDS-ACTION
PRIORITY:1
END:VTODO
END:VCALENDAR
`, "\n", "\r\n")
	if got != want {
		t.Errorf("wrote\n%s\nwant\n%s", got, want)
	}
}

// TestCalendarIsRead has an outside parser read calendars. LEDSYN_TEST_ICAL names a Python that has icalendar.
func TestCalendarIsRead(t *testing.T) {
	python := os.Getenv("LEDSYN_TEST_ICAL")
	if python == "" {
		t.Skip("LEDSYN_TEST_ICAL names no Python with icalendar")
	}
	read := func(calendar []byte) []map[string]any {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), python, "testdata/read_calendar.py")
		cmd.Stdin = bytes.NewReader(calendar)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("the parser refuses it: %v %s\n%s", err, err.(*exec.ExitError).Stderr, calendar)
		}
		var all []map[string]any
		for line := range bytes.Lines(out) {
			var one map[string]any
			if err := json.Unmarshal(line, &one); err != nil {
				t.Fatal(err)
			}
			all = append(all, one)
		}
		return all
	}
	if got := read(Calendar(locale.English, "http://127.0.0.1:8080", "exempel", written, nil)); len(got) != 1 {
		t.Errorf("an empty calendar holds %v", got)
	}
	long := someErrands()
	long[2].Reference = "Diarienummer åäö 漢字 " + strings.Repeat("ö", 40)
	for _, errands := range [][]app.Errand{someErrands(), long} {
		got := read(Calendar(locale.Swedish, "https://ledsyn.example.se", "exempel", written, errands))
		if len(got) != 6 {
			t.Fatalf("read %d components: %v", len(got), got)
		}
		if got[1]["DTSTART"] != "2026-03-05T08:00:00+00:00" || got[3]["DTSTART"] != "2026-03-02T08:00:00+00:00" || got[5]["DUE"] != "2026-04-01" {
			t.Errorf("times: %v", got)
		}
		if want := "Begäran från en registrerad, " + plain(errands[2].Reference); got[5]["SUMMARY"] != want {
			t.Errorf("summary %q, want %q", got[5]["SUMMARY"], want)
		}
	}
}

// TestCalendarInAProgram opens a calendar in a calendar program. LEDSYN_TEST_KHAL names khal.
func TestCalendarInAProgram(t *testing.T) {
	khal := os.Getenv("LEDSYN_TEST_KHAL")
	if khal == "" {
		t.Skip("LEDSYN_TEST_KHAL names no calendar program")
	}
	dir := t.TempDir()
	write := func(name string, text []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	config := write("config", fmt.Appendf(nil, `[calendars]
[[ledsyn]]
path = %[1]s/calendar
[locale]
local_timezone = Europe/Stockholm
default_timezone = Europe/Stockholm
timeformat = %%H:%%M
dateformat = %%Y-%%m-%%d
longdateformat = %%Y-%%m-%%d
datetimeformat = %%Y-%%m-%%d %%H:%%M
longdatetimeformat = %%Y-%%m-%%d %%H:%%M
[default]
default_calendar = ledsyn
[sqlite]
path = %[1]s/khal.db
`, dir))
	if err := os.Mkdir(filepath.Join(dir, "calendar"), 0o700); err != nil {
		t.Fatal(err)
	}
	do := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), khal, append([]string{"-c", config}, args...)...)
		cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "HOME="+dir)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("khal %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	file := write("feed.ics", Calendar(locale.Swedish, "https://ledsyn.example.se", "exempel", written, someErrands()))
	do("import", "--batch", file)
	got := do("list", "--format", "{start-date} {start-time} {title}", "2026-03-05", "1d")
	if !strings.Contains(got, "2026-03-05 09:00 Lagstadgad frist, KUN-2026-007") { // as clocks in Sweden show it
		t.Errorf("khal shows %q", got)
	}
	do("import", "--batch", file) // fetched again, nothing is there twice
	if again := do("list", "--format", "{start-date} {start-time} {title}", "2026-03-05", "1d"); again != got {
		t.Errorf("fetched again khal shows %q", again)
	}
}

// TestLinesAreFolded holds that whatever is written, lines are short, characters whole, and unfolding gives the text back.
func TestLinesAreFolded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 300, -1).Draw(t, "text")
		var c calendar
		c.text("SUMMARY", text)
		for line := range strings.SplitSeq(strings.TrimSuffix(c.String(), "\r\n"), "\r\n") {
			if len(line) > longestLine || strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) {
				t.Fatalf("line %q", line)
			}
		}
		if got, want := strings.ReplaceAll(c.String(), "\r\n ", ""), "SUMMARY:"+escape.Replace(text)+"\r\n"; got != want {
			t.Fatalf("unfolded %q, want %q", got, want)
		}
	})
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{"": "", " a  b ": "a b", "a\r\nb": "a b", "a\x00b\u2028c": "a b c", strings.Repeat("ö", 80): strings.Repeat("ö", 60)} {
		if got := plain(text); got != want {
			t.Errorf("plain(%q) = %q, want %q", text, got, want)
		}
	}
}
