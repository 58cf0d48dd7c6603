// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ledsyn/register"
)

func stepsOf(owed []Owed) string {
	var list []string
	for _, o := range owed {
		list = append(list, fmt.Sprintf("%s from %s", o.Step, o.StartsAt))
	}
	return strings.Join(list, ", ")
}

// TestBreachOwes holds what a breach owes in each of its states.
func TestBreachOwes(t *testing.T) {
	sent := Sent{BreachNotice: "t2"}
	for _, c := range []struct {
		name   string
		breach Breach
		sent   Sent
		want   string
	}{
		{"nothing is settled", Breach{}, nil, ""},
		{"aware", Breach{AwareAt: "t1"}, nil, "breach_notice from t1"},
		{"no by one", Breach{AwareAt: "t1", Notify: No, DecidedBy: "a"}, nil, "breach_notice from t1"},
		{"no by two", Breach{AwareAt: "t1", Notify: No, DecidedBy: "a", ApprovedBy: "b"}, nil, ""},
		{"yes", Breach{AwareAt: "t1", Notify: Yes}, nil, "breach_notice from t1"},
		{"sent", Breach{AwareAt: "t1", Notify: Yes}, sent, "breach_notice from t1, breach_supplement from t2"},
		{"high", Breach{AwareAt: "t1", Risk: BreachHigh}, nil, "breach_notice from t1, persons_informed from now"},
		{"high and exempted", Breach{AwareAt: "t1", Risk: BreachHigh, Inform: No}, nil, "breach_notice from t1"},
		{"informed by choice", Breach{Inform: Yes}, nil, "persons_informed from now"},
		{"a processor", Breach{Role: Processor, AwareAt: "t1", Risk: BreachHigh}, nil, "processor_notice from t1"},
		{"a processor that knows nothing", Breach{Role: Processor, Risk: BreachHigh}, nil, ""},
		{"retired", Breach{Record: Record{Retired: "2026-01-01"}, AwareAt: "t1"}, sent, ""},
	} {
		if got := stepsOf(c.breach.Owes(c.sent, "now")); got != c.want {
			t.Errorf("%s: owes %q, want %q", c.name, got, c.want)
		}
	}
}

// TestSignificanceOwes holds what an operator owes in each state of its judgement.
func TestSignificanceOwes(t *testing.T) {
	both := "early_warning from t1, incident_notice from t1"
	known := Significance{KnownAt: "t1"}
	for _, c := range []struct {
		name string
		sig  Significance
		inc  Incident
		sent Sent
		want string
	}{
		{"nothing is settled", Significance{}, Incident{}, nil, ""},
		{"known", known, Incident{}, nil, both},
		{"no by one", Significance{KnownAt: "t1", Significant: No, DecidedBy: "a"}, Incident{}, nil, both},
		{"no by two", Significance{KnownAt: "t1", Significant: No, DecidedBy: "a", ApprovedBy: "b"}, Incident{}, nil, ""},
		{"notified", known, Incident{}, Sent{IncidentNotice: "t2"}, both + ", final_report from t2"},
		{"only warned", known, Incident{HandledAt: "t3"}, Sent{EarlyWarning: "t2"}, both},
		{"notified and handled", known, Incident{HandledAt: "t3"}, Sent{IncidentNotice: "t2"}, both + ", final_report from t2"},
		{"still going on", known, Incident{}, Sent{IncidentNotice: "t2", SituationReport: "t3"}, both},
		{"handled after that", known, Incident{HandledAt: "t4"}, Sent{IncidentNotice: "t2", SituationReport: "t3"}, both + ", final_report from t4"},
		{"reported at last", known, Incident{HandledAt: "t9"}, Sent{IncidentNotice: "t2", SituationReport: "t3", FinalReport: "t5"}, both},
	} {
		if got := stepsOf(c.sig.Owes(c.inc, c.sent)); got != c.want {
			t.Errorf("%s: owes %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSentOf(t *testing.T) {
	got := SentOf([]Deadline{{Step: EarlyWarning, SentAt: "t2"}, {Step: EarlyWarning, SentAt: "t1"}, {Step: EarlyWarning, SentAt: "t3"}, {Step: FinalReport},
		{Record: Record{Retired: "2026-01-01"}, Step: IncidentNotice, SentAt: "t1"}})
	if len(got) != 1 || got[EarlyWarning] != "t1" {
		t.Errorf("sent %v", got)
	}
}

// TestUnknownNeverLowersTheRisk holds that an answer taken away never makes what is suggested lower, unless it was what made it high.
func TestUnknownNeverLowersTheRisk(t *testing.T) {
	rank := map[BreachRisk]int{"": 0, BreachUnlikely: 1, BreachRisky: 2, BreachHigh: 3}
	rapid.Check(t, func(r *rapid.T) {
		answer := func(name string) Answer { return rapid.SampledFrom([]Answer{"", Yes, No}).Draw(r, name) }
		b := Breach{SpecialData: answer("special"), Identifiable: answer("identifiable"), Vulnerable: answer("vulnerable"), Unreadable: answer("unreadable"), Recovered: answer("recovered")}
		if rapid.Bool().Draw(r, "counted") {
			b.Persons = register.CountOf(rapid.IntRange(0, 2000).Draw(r, "persons"))
		}
		was, why := b.Suggested()
		if (was == "") != (len(why) == 0) {
			r.Fatalf("%q for %v", was, why)
		}
		b.Unreadable, b.Recovered = "", ""
		if b.Identifiable == No {
			b.Identifiable = ""
		}
		if is, _ := b.Suggested(); is != "" && rank[is] < rank[was] {
			r.Fatalf("what made the risk unlikely was taken away, and it went from %s to %s", was, is)
		}
		if is, _ := b.Suggested(); is == BreachUnlikely {
			r.Fatalf("nothing makes the risk unlikely, and it is said to be")
		}
	})
}

func TestOnePersonTwice(t *testing.T) {
	for _, c := range []struct {
		p, q Person
		same bool
	}{
		{Person{Record: Record{ID: "a"}}, Person{Record: Record{ID: "a"}}, true},
		{Person{Record: Record{ID: "a"}}, Person{Record: Record{ID: "b"}}, false},
		{Person{Record: Record{ID: "a"}, Email: "A@b.se "}, Person{Record: Record{ID: "b"}, Email: "a@B.se"}, true},
		{Person{Record: Record{ID: "a"}, Number: "7"}, Person{Record: Record{ID: "b"}, Number: "7"}, true},
		{Person{Record: Record{ID: "a"}, Email: "a@b.se", Number: "7"}, Person{Record: Record{ID: "b"}, Email: "c@b.se", Number: "8"}, false},
	} {
		if c.p.Same(c.q) != c.same {
			t.Errorf("%+v and %+v: %v", c.p, c.q, !c.same)
		}
	}
}

// TestDeadlineEnds holds that hours end when they are shown to, and a day when the law moves it to.
func TestDeadlineEnds(t *testing.T) {
	hours := Deadline{Shown: "2026-01-01", Adjusted: "2026-01-03"}
	day := Deadline{Shown: "2026-01-01", Adjusted: "2026-01-03", WholeDay: true}
	if !hours.Late("2026-01-02") || day.Late("2026-01-03") || !day.Late("2026-01-04") || (Deadline{}).Late("2026-01-04") {
		t.Error("a period ends at another moment than its last")
	}
	hours.SentAt = "2026-01-01"
	if hours.Late("2027-01-01") {
		t.Error("what was sent in time is late")
	}
	hours.SentAt, hours.DroppedAt = "", "2026-01-01"
	if hours.Late("2027-01-01") || hours.Runs() {
		t.Error("what was dropped runs on")
	}
}
