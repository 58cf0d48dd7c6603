// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/register"
)

func TestDaysToRemoval(t *testing.T) {
	removal := func(ended, seen, gone register.Day) Removal {
		return Removal{EndedOn: ended, SeenOn: seen, GoneOn: gone}
	}
	for _, c := range []struct {
		name        string
		removal     Removal
		least, most int
		known       bool
	}{
		{"between two lists", removal("2026-08-31", "2026-09-30", "2026-10-31"), 30, 61, true},
		{"left after the list", removal("2026-10-05", "2026-09-30", "2026-10-31"), 0, 26, true},
		{"still there", removal("2026-08-31", "2026-09-30", ""), 0, 0, false},
		{"last day not known", removal("", "2026-09-30", "2026-10-31"), 0, 0, false},
		{"kept after all", Removal{EndedOn: "2026-08-31", GoneOn: "2026-10-31", WithdrawnOn: "2026-10-01"}, 0, 0, false},
	} {
		least, most, known := c.removal.DaysToRemoval()
		if least != c.least || most != c.most || known != c.known {
			t.Errorf("%s: %d to %d, %v", c.name, least, most, known)
		}
	}
	spread := SpreadOf([]Removal{removal("2026-08-31", "2026-09-30", "2026-10-31"), removal("2026-10-05", "2026-09-30", "2026-10-31"), removal("2026-10-30", "2026-09-30", "2026-10-31"),
		removal("2020-01-01", "2026-09-30", "2026-10-31"), removal("2026-08-31", "", "")})
	if diff := cmp.Diff(RemovalSpread{Count: 4, Median: 61, MedianLeast: 30, Worst: 2495, Within: []int{1, 0, 1, 1, 0, 1}}, spread); diff != "" {
		t.Error(diff)
	}
	if got := SpreadOf(nil); got.Count != 0 || got.Median != 0 {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestLastAccessReviews(t *testing.T) {
	list := func(id, system string) Population {
		return Population{Record: Record{ID: id}, System: register.Ref[System](system)}
	}
	review := func(id string, state AccessReviewState, closed register.Day, roles string, lists ...register.Ref[Population]) AccessReview {
		return AccessReview{Record: Record{ID: id}, State: state, ClosedOn: closed, Roles: roles, Populations: lists}
	}
	got := LastAccessReviews([]AccessReview{
		review("first", AccessReviewClosed, "2025-03-01", "", "p1", "p2"),
		review("second", AccessReviewClosed, "2026-03-01", "admin", "p1"),
		review("whole", AccessReviewClosed, "2026-03-01", "", "p1"),
		review("cancelled", AccessReviewCancelled, "2026-04-01", "", "p1", "p2"),
		review("later", AccessReviewClosed, "2026-12-01", "", "p2"),
		review("under way", AccessReviewOngoing, "", "", "p2"),
	}, []Population{list("p1", "a"), list("p2", "b"), list("p3", "")}, "2026-10-01")
	want := map[string]SystemReview{"a": {"2026-03-01", "whole", false}, "b": {"2025-03-01", "first", false}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
