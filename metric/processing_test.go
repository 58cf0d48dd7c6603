// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/register"
)

func processing(id string, approved, ended register.Day) isms.Processing {
	p := isms.Processing{Record: rec(id), Role: "controller", State: isms.ProcessingActive, Purpose: "p", LegalBasis: "consent", Subjects: "s", DataCategories: "d",
		Recipients: "r", TransfersOut: isms.No, Retention: "t", Security: "u", ApprovedOn: approved, EndedOn: ended}
	if ended != "" {
		p.State = isms.ProcessingEnded
	}
	return p
}

func TestEntryInUse(t *testing.T) {
	for _, c := range []struct {
		state           isms.ProcessingState
		approved, ended register.Day
		inUse, stands   bool
	}{
		{isms.ProcessingDraft, "", "", false, true},
		{isms.ProcessingChecked, "", "", false, true},
		{isms.ProcessingActive, "", "", true, true},
		{isms.ProcessingActive, today, "", true, true},
		{isms.ProcessingActive, "2024-07-01", "", false, false},
		{isms.ProcessingEnded, "2023-01-01", today, false, false},
		{isms.ProcessingEnded, "2023-01-01", "2024-07-01", true, true},
		{isms.ProcessingReplaced, "2023-01-01", "2024-07-01", true, true},
		{isms.ProcessingReplaced, "", "2024-07-01", false, false},
		{isms.ProcessingEnded, "2023-01-01", "", false, false},
	} {
		p := isms.Processing{Record: rec("p"), State: c.state, ApprovedOn: c.approved, EndedOn: c.ended}
		if got := EntryInUse(p, today); got != c.inUse {
			t.Errorf("%s from %q to %q: in use %v", c.state, c.approved, c.ended, got)
		}
		if got := EntryStands(p, today); got != c.stands {
			t.Errorf("%s from %q to %q: stands %v", c.state, c.approved, c.ended, got)
		}
		p.Retired = today
		if EntryInUse(p, today) || EntryStands(p, today) {
			t.Errorf("%s is there though it is retired", c.state)
		}
	}
}

func TestRecordFigures(t *testing.T) {
	old := register.Day("2023-06-29") // a year and a day ago
	r := Records{
		Systems: []isms.System{
			{Record: rec("s1"), Lifecycle: isms.InUse, PersonalData: isms.OrdinaryData}, {Record: rec("s2"), Lifecycle: isms.InUse, PersonalData: isms.SpecialCategories},
			{Record: rec("s3"), Lifecycle: isms.InUse}, {Record: rec("s4"), Lifecycle: isms.InUse, PersonalData: isms.NoPersonalData}, {Record: rec("s5"), Lifecycle: isms.Planned, PersonalData: isms.OrdinaryData}},
		Processings: []isms.Processing{processing("a", "2020-01-01", ""), processing("b", "2023-06-30", ""), processing("c", old, ""), processing("d", old, ""), processing("gone", "2020-01-01", "2024-01-01")},
		Confirmations: []isms.Confirmation{
			{Record: rec("k1"), Processing: "a", Day: "2023-06-30", Outcome: isms.ConfirmedUnchanged}, {Record: rec("k2"), Processing: "c", Day: old, Outcome: isms.ConfirmedChanged},
			{Record: rec("k3"), Processing: "d", Day: "2024-07-01", Outcome: isms.ConfirmedUnchanged}, {Record: rec("k4"), Processing: "d", Day: "2024-01-01", Outcome: isms.ConfirmedEnded}},
		Transfers: []isms.Transfer{
			{Record: rec("t1"), Processing: "a", Tool: isms.ToolDPF, AssessedOn: "2023-06-30"}, {Record: rec("t2"), Processing: "a", Tool: isms.ToolDPF, Fallback: "scc", AssessedOn: old},
			{Record: rec("t3"), Processing: "b"}, {Record: rec("t4"), Processing: "gone", Tool: "scc"}},
		DPIAs: []isms.DPIA{
			{Record: rec("i1"), Processing: "a", Scoring: isms.Yes, Matching: isms.Yes, State: isms.DPIADecided, DecidedOn: "2024-01-01"},
			{Record: rec("i2"), Processing: "b", Scoring: isms.Yes, Matching: isms.Yes, State: isms.DPIADecided, DecidedOn: "2024-07-01"},
			{Record: rec("i3"), Processing: "c", Scoring: isms.Yes}},
		SubjectRequests: []isms.SubjectRequest{
			{Record: rec("q1"), ReceivedOn: "2024-01-08", AnsweredOn: "2024-02-08"}, {Record: rec("q2"), ReceivedOn: "2024-01-08", AnsweredOn: "2024-02-09"},
			{Record: rec("q3"), ReceivedOn: "2024-06-10"}, {Record: rec("q4"), ReceivedOn: "2024-04-08"}, {Record: rec("q5"), ReceivedOn: "2023-06-30", AnsweredOn: "2023-07-01"},
			{Record: rec("q6"), ReceivedOn: "2024-03-01", ExtendedOn: "2024-03-20", AnsweredOn: "2024-05-31"}},
	}
	r.Processings[0].Systems, r.Processings[3].Security = []register.Ref[isms.System]{"s1"}, ""
	r.Processings[2].TransfersOut = ""
	for key, want := range map[string]struct {
		n, d, unclear int
	}{
		"processings_complete": {2, 4, 0}, "processings_confirmed": {2, 4, 0}, "processings_linked": {1, 4, 0}, "systems_without_processing": {1, 2, 1},
		"transfers_assessed": {1, 3, 1}, "transfers_dpf_alone": {1, 3, 1}, "transfers_by_dpf": {2, 3, 1}, "transfers_by_none": {1, 3, 1},
		"dpia_missing": {1, 2, 2}, "requests_in_time": {2, 4, 0},
	} {
		found := Of(r, key, today)
		if len(found) != 1 {
			t.Errorf("%d figures %s", len(found), key)
			continue
		}
		f := found[0]
		n, _ := f.Numerator.Known()
		d, _ := f.Denominator.Known()
		if n != want.n || d != want.d || len(f.Unclear) != want.unclear || !f.Known {
			t.Errorf("%s is %d of %d with %d unclear, want %v (%v of %v)", key, n, d, len(f.Unclear), want, f.Counted, f.Of)
		}
	}
	if got := Of(r, "transfers_by_scc", today); len(got) != 0 {
		t.Errorf("a tool that no transfer rests on has a figure: %v", got)
	}
}

// TestRecordFiguresHoldTogether holds whatever is written in the record: shares of transfers by tool make up the whole, and the
// figures of a day do not depend on what is dated after it.
func TestRecordFiguresHoldTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r Records
		for i := range rapid.IntRange(0, 6).Draw(t, "entries") {
			p := processing(fmt.Sprint("p", i), days.Draw(t, "approved"), "")
			p.State = isms.ProcessingState(rapid.SampledFrom(isms.ProcessingState("").Choices()).Draw(t, "state"))
			p.EndedOn = days.Draw(t, "ended")
			r.Processings = append(r.Processings, p)
		}
		ref := func() register.Ref[isms.Processing] {
			return register.Ref[isms.Processing](fmt.Sprint("p", rapid.IntRange(0, 6).Draw(t, "of")))
		}
		for i := range rapid.IntRange(0, 6).Draw(t, "transfers") {
			tools := append(isms.TransferTool("").Choices(), "")
			r.Transfers = append(r.Transfers, isms.Transfer{Record: rec(fmt.Sprint("t", i)), Processing: ref(), Tool: isms.TransferTool(rapid.SampledFrom(tools).Draw(t, "tool")), AssessedOn: days.Draw(t, "assessed")})
		}
		for i := range rapid.IntRange(0, 6).Draw(t, "words") {
			r.Confirmations = append(r.Confirmations, isms.Confirmation{Record: rec(fmt.Sprint("c", i)), Processing: ref(), Day: days.Draw(t, "day"), Outcome: isms.ConfirmedUnchanged})
		}
		sum := 0
		for _, f := range transfersByTool(r, today) {
			n, _ := f.Numerator.Known()
			sum += n
		}
		if sum != len(TransfersOf(r, today)) {
			t.Fatalf("%d transfers by tool, but %d in all", sum, len(TransfersOf(r, today)))
		}
		for _, f := range All(r, today) {
			for _, id := range f.Counted {
				if !slices.Contains(f.Of, id) {
					t.Fatalf("%s counts %s, which is not among %v", f.ID(), id, f.Of)
				}
			}
		}
		before := ProcessingsConfirmed(r, today)
		r.Confirmations = append(r.Confirmations, isms.Confirmation{Record: rec("late"), Processing: "p0", Day: "2024-07-01", Outcome: isms.ConfirmedUnchanged})
		if after := ProcessingsConfirmed(r, today); numbers(after) != numbers(before) {
			t.Fatalf("what is said tomorrow makes %s of %s today", numbers(after), numbers(before))
		}
	})
}
