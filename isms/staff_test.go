// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/register"
)

func TestStaffOn(t *testing.T) {
	staff, without := StaffOn([]Employed{
		{Person: "1", Unit: "A"}, {Person: "1", Unit: "B", Leads: true},
		{Person: "2", Unit: "A", From: "2026-04-01"}, {Person: "3", Unit: "A", To: "2026-02-28"}, {Person: "4", Unit: "A", To: "2026-03-01"}, {Unit: "A"},
	}, "2026-03-01")
	want := Staff{"1": {Person: "1", Unit: "A", Leads: true}, "4": {Person: "4", Unit: "A", To: "2026-03-01"}}
	if diff := cmp.Diff(want, staff); diff != "" || without != 1 {
		t.Errorf("staff (-want +got), %d without a person:\n%s", without, diff)
	}
}

func TestCountStaff(t *testing.T) {
	was := Staff{"1": {Unit: "A"}, "2": {Unit: "A"}, "3": {Unit: "B"}, "4": {Unit: "C"}}
	is := Staff{"1": {Unit: "A", Leads: true}, "2": {Unit: "B"}, "3": {Unit: "B"}, "5": {Unit: "B"}}
	n := register.CountOf
	want := map[string]StaffCount{
		"A": {1, 1, n(0), n(0), n(0), n(1)}, "B": {3, 0, n(1), n(0), n(1), n(0)}, "C": {0, 0, n(0), n(1), n(0), n(0)},
	}
	if diff := cmp.Diff(want, CountStaff(was, is), exact); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if first := CountStaff(nil, is)["B"]; first.Joined.IsKnown() || first.Left.IsKnown() || first.Persons != 3 {
		t.Errorf("a first list: %+v", first)
	}
	if gone := is.Left(was); !cmp.Equal(gone, []string{"4"}) {
		t.Errorf("left: %v", gone)
	}
}

// TestStaffAddsUp draws two lists: who was there, less those who left, with those who came, are those who are there, in every unit.
func TestStaffAddsUp(t *testing.T) {
	list := rapid.MapOf(rapid.StringMatching(`[1-9]`), rapid.Custom(func(t *rapid.T) Employed {
		return Employed{Unit: rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "unit"), Leads: rapid.Bool().Draw(t, "leads")}
	}))
	rapid.Check(t, func(t *rapid.T) {
		was, is := Staff(list.Draw(t, "was")), Staff(list.Draw(t, "is"))
		before, now := CountStaff(nil, was), CountStaff(was, is)
		for unit, c := range now {
			sum := before[unit].Persons
			for _, step := range []struct {
				count register.Count
				sign  int
			}{{c.Joined, 1}, {c.MovedIn, 1}, {c.Left, -1}, {c.MovedOut, -1}} {
				n, known := step.count.Known()
				if !known {
					t.Fatalf("unit %s: %+v has an unknown step", unit, c)
				}
				sum += step.sign * n
			}
			if sum != c.Persons {
				t.Fatalf("unit %s: %d do not become %+v", unit, before[unit].Persons, c)
			}
		}
	})
}

func TestCountTraining(t *testing.T) {
	n, unknown := register.CountOf, register.Count{}
	yearly := func(course string) int { return map[string]int{"yearly": 12}[course] }
	rows := []Completion{
		{Course: "once", Person: "1", Unit: "A", On: "2020-01-01"}, {Course: "once", Person: "1", Unit: "A", On: "2021-01-01"},
		{Course: "once", Person: "2", Unit: "A", On: "2026-06-01"}, // after the day
		{Course: "yearly", Person: "1", Unit: "A", On: "2024-12-31"}, {Course: "yearly", Person: "2", Unit: "A", On: "2025-03-01"},
		{Course: "once", Person: "9", Unit: "A", On: "2026-01-01"}, // no longer employed
		{Course: "once", Person: "3", Unit: "A"},
	}
	staff := Staff{"1": {Unit: "A"}, "2": {Unit: "B", Leads: true}, "3": {Unit: "A"}}
	want := map[UnitCourse]TrainingCount{
		{"A", "once"}: {n(2), n(2), n(0), n(0)}, {"B", "once"}: {n(0), n(1), n(0), n(1)},
		{"A", "yearly"}: {n(0), n(2), n(0), n(0)}, {"B", "yearly"}: {n(1), n(1), n(1), n(1)},
	}
	if diff := cmp.Diff(want, CountTraining(rows, staff, yearly, "2026-03-01"), exact); diff != "" {
		t.Errorf("by persons (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[UnitCourse]TrainingCount{{"A", "once"}: {n(3), unknown, unknown, unknown}, {"A", "yearly"}: {n(1), unknown, unknown, unknown}},
		CountTraining(rows, nil, yearly, "2026-03-01"), exact); diff != "" {
		t.Errorf("without a staff list (-want +got):\n%s", diff)
	}
	counts := []Completion{{Course: "once", Unit: "A", Count: n(3), Total: n(10)}, {Course: "once", Unit: "A", Count: n(4), Total: n(5)},
		{Course: "once", Unit: "B", Count: n(1)}, {Course: "once", Unit: "C", Count: n(5), Total: n(8), Leads: true},
		{Course: "once", Unit: "C", Count: n(40), Total: n(62)}, {Course: "once", Unit: "D", Count: n(2), Leads: true}}
	if diff := cmp.Diff(map[UnitCourse]TrainingCount{{"A", "once"}: {n(7), n(15), unknown, unknown}, {"B", "once"}: {n(1), unknown, unknown, unknown},
		{"C", "once"}: {n(45), n(70), n(5), n(8)}, {"D", "once"}: {n(2), unknown, n(2), unknown}},
		CountTraining(counts, staff, yearly, "2026-03-01"), exact); diff != "" {
		t.Errorf("by counts (-want +got):\n%s", diff)
	}
}
