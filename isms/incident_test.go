// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"fmt"
	"strings"
	"testing"

	"ledsyn/register"
)

// Where an incident may go from each state, and which of those steps need a reason (in brackets).
func TestIncidentStates(t *testing.T) {
	want := `reported: joined (none)
triaged: investigating contained restored handled joined (none)
investigating: contained restored handled joined (none)
contained: (investigating) restored handled joined (none)
restored: (investigating) (contained) handled joined (none)
handled: (investigating) (contained) (restored) closed joined (none)
closed: (investigating)
joined: (reported)
none: (reported)
`
	var got strings.Builder
	for _, from := range IncidentState("").Choices() {
		fmt.Fprintf(&got, "%s:", from)
		for _, to := range IncidentState(from).Next() {
			if from == "reported" && to == IncidentTriaged {
				continue // by triage
			}
			if IncidentState(from).Back(to) {
				fmt.Fprintf(&got, " (%s)", to)
			} else {
				fmt.Fprintf(&got, " %s", to)
			}
		}
		got.WriteString("\n")
	}
	if got.String() != want {
		t.Errorf("the states are\n%swant\n%s", got.String(), want)
	}
}

// Two incidents are of one cause when it is known, they are incidents of their own, and began within six months.
func TestSameCause(t *testing.T) {
	at := func(day string, cause CauseKind, state IncidentState) Incident {
		return Incident{ReportedAt: register.Moment(day + "T12:00:00.000000Z"), Cause: cause, State: state, Systems: []register.Ref[System]{"a", "b"}}
	}
	this := at("2026-03-31", "mistake", IncidentInvestigating)
	for _, c := range []struct {
		other Incident
		same  bool
	}{
		{at("2026-03-01", "mistake", IncidentClosed), true},
		{at("2025-10-01", "mistake", IncidentClosed), true},
		{at("2025-09-30", "mistake", IncidentClosed), false}, // six months later is the thirtieth of March
		{at("2026-09-30", "mistake", IncidentTriaged), true},
		{at("2026-10-01", "mistake", IncidentTriaged), false},
		{at("2026-03-01", "theft", IncidentClosed), false},
		{at("2026-03-01", "", IncidentClosed), false},
		{at("2026-03-01", "mistake", IncidentJoined), false},
		{at("2026-03-01", "mistake", IncidentNone), false},
	} {
		if got := this.SameCause(c.other); got != c.same {
			t.Errorf("%s %s %s: %v", c.other.ReportedAt.Day(), c.other.Cause, c.other.State, got)
		}
	}
	unknown := at("2026-03-01", CauseUnknown, IncidentClosed)
	if unknown.SameCause(unknown) {
		t.Error("what could not be found is no common cause")
	}
	other := at("2026-03-01", "", IncidentClosed)
	other.Systems = []register.Ref[System]{"b", "c"}
	if got := this.SameSystem(other); len(got) != 1 || got[0] != "b" {
		t.Errorf("the common systems are %v", got)
	}
	if by := this.TriageBy(); by != "2026-04-01T12:00:00.000000Z" {
		t.Errorf("to be triaged by %s", by)
	}
}
