// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
)

// TestReasonOfADeadlineIsAsSecretAsWhatItWasWrittenFrom marks why a board became aware, and then settles it: the period that begins tells the
// same reason, and must not tell it to others.
func TestReasonOfADeadlineIsAsSecretAsWhatItWasWrittenFrom(t *testing.T) {
	w := newWorld(t)
	const canary = "Grannens dotter ringde"
	for _, marked := range []bool{false, true} {
		id := map[bool]string{false: "open", true: "marked"}[marked]
		w.put(&isms.Incident{Record: isms.Record{ID: "i-" + id, Unit: "board-a"}, Reference: "A-" + id, Title: "Brev", State: isms.IncidentTriaged, ReportedAt: "2023-01-09T08:00:00.000000Z"},
			&isms.Breach{Record: isms.Record{ID: id, Unit: "board-a"}, Name: "Brev", Incident: register.Ref[isms.Incident]("i-" + id), Role: "controller"})
		if marked {
			w.put(&isms.SecrecyMark{Record: isms.Record{ID: "mark", Unit: "board-a"}, Kind: "breach", Of: id, Field: "aware_reason", Provision: "osl_health",
				MarkedOn: "2023-01-09", Authority: "Nämnden"})
		}
		err := w.SettleAwareness(w.ctx(), w.as("coordinator"), Settling{Entry: Entry{ID: id, Rev: 1}, At: "2023-01-09T09:00:00.000000Z", Reason: canary}, "")
		if err != nil {
			t.Fatal(err)
		}
		for role, sees := range map[string]bool{"coordinator": true, "auditor": !marked} {
			page, err := w.List(w.ctx(), w.as(role), "deadline", Query{Where: map[string][]string{"breach": {id}}})
			if err != nil || len(page.Records) == 0 {
				t.Fatalf("%s: %v, %d deadlines", role, err, len(page.Records))
			}
			for _, rec := range page.Records {
				if told := rec.(*isms.Deadline).Reason == canary; told != sees {
					t.Errorf("marked %v: %s reads %q", marked, role, rec.(*isms.Deadline).Reason)
				}
			}
		}
	}
}
