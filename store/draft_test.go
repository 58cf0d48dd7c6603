// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/isms"
)

func TestDrafts(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		set := clock(db, "2044-01-01T00:00:00Z")
		keep := func(d Draft) Draft {
			t.Helper()
			if err := db.PutDraft(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			return d
		}
		first := keep(Draft{Org: org, ID: "a", Person: "p", Name: "system.xlsx", Data: `{"file":"å"}`})
		set("2044-01-02T00:00:00Z")
		second := keep(Draft{Org: org, ID: "b", Person: "q", Name: "personal.csv"})
		keep(Draft{Org: "annan", ID: "a", Name: "en annans"})
		first.Made, second.Made = "2044-01-01T00:00:00.000000Z", "2044-01-02T00:00:00.000000Z"
		first.Data, first.Name = `{"file":"ö"}`, "system2.xlsx"
		keep(first)
		got, err := db.Draft(t.Context(), org, "a")
		if diff := cmp.Diff(first, got); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		all, err := db.Drafts(t.Context(), org)
		if diff := cmp.Diff([]Draft{second, first}, all); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		for range 2 {
			if err := db.DropDraft(t.Context(), org, "a"); err != nil {
				t.Error(err)
			}
		}
		if _, err := db.Draft(t.Context(), org, "a"); !errors.Is(err, isms.ErrNotFound) {
			t.Errorf("a dropped draft: %v", err)
		}
		if _, err := db.Draft(t.Context(), "annan", "a"); err != nil {
			t.Errorf("another organisation's: %v", err)
		}
	})
}
