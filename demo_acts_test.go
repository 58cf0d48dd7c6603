// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"log/slog"
	"path/filepath"
	"testing"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// cityRecords lists the city's records of a register.
func cityRecords[T any](t *testing.T, a *app.App, kind string) (list []T) {
	t.Helper()
	for after := ""; ; {
		table, err := a.List(t.Context(), operator(demoCity), kind, store.Query{Limit: 500, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range table.Records {
			list = append(list, rec.(T))
		}
		if after = table.Next; after == "" {
			return list
		}
	}
}

// demoApp opens what the demonstration has made, to be read.
func demoApp(t *testing.T) *app.App {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	db, err := store.Open(t.Context(), store.Config{Dir: filepath.Join(demoFolder(t), "data"), ReadOnly: true, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return &app.App{DB: db, Log: log}
}

// Which rows a draw takes differs each time that the demonstration is made. What holds whatever they are is held here.
func TestTheDemosSpotChecksAreDoneByTheProgram(t *testing.T) {
	a := demoApp(t)
	checks := map[string]*isms.SpotCheck{}
	for _, c := range cityRecords[*isms.SpotCheck](t, a, "spot_check") {
		if c.State != "" {
			checks[c.Unit] = c
		}
	}
	if len(checks) != 3 || checks["ald"] == nil || checks["bun"] == nil || checks["kfn"] == nil {
		t.Fatalf("checks by the program's acts: %v", checks)
	}

	// The seed's story: of the areas of responsibility two deviate, and both are remedied and verified.
	posts := checks["bun"]
	for name, c := range map[string]struct {
		is   register.Count
		want int
	}{"population": {posts.Population, 12}, "sample": {posts.Sample, 12}, "found": {posts.Found, 2}, "remedied": {posts.Remedied, 2}, "unanswered": {posts.Unanswered, 0}} {
		if n, known := c.is.Known(); !known || n != c.want {
			t.Errorf("areas of responsibility: %s is %v, want %d", name, c.is, c.want)
		}
	}
	verified := map[string]int{}
	for _, d := range cityRecords[*isms.Deviation](t, a, "deviation") {
		if d.State == isms.DeviationVerified && d.VerifiedBy != register.Ref[isms.Person](d.Owner) {
			verified[string(d.SpotCheck)]++
		}
	}
	if verified[posts.ID] != 2 || verified[checks["ald"].ID] == 0 {
		t.Errorf("verified by somebody else: %v", verified)
	}

	rights := checks["ald"]
	if rights.State != isms.SpotCheckDone || rights.Population != register.CountOf(1240) || rights.Sample != register.CountOf(60) || !rights.Upper.IsKnown() {
		t.Errorf("rights: %+v", rights)
	}
	suspected := map[int]bool{} // one that was also drawn counts as drawn
	for _, d := range cityRecords[*isms.Draw](t, a, "draw") {
		var chosen []app.ChosenRow
		if string(d.SpotCheck) == rights.ID && d.Chosen != "" {
			if err := json.Unmarshal([]byte(d.Chosen), &chosen); err != nil {
				t.Fatal(err)
			}
		}
		for _, one := range chosen {
			suspected[int(one.Row)] = true
		}
	}
	n := 0
	for _, d := range cityRecords[*isms.Deviation](t, a, "deviation") {
		if row, known := d.Row.Known(); known && string(d.SpotCheck) == rights.ID && suspected[row] {
			n++
		}
	}
	if len(suspected) != 2 || n != 2 {
		t.Errorf("of the rows that were suspected, %v, %d deviate", suspected, n)
	}

	if checks["kfn"].State != isms.SpotCheckOngoing {
		t.Errorf("the check under way is %s", checks["kfn"].State)
	}
	draws := map[int]*isms.Draw{}
	for _, d := range cityRecords[*isms.Draw](t, a, "draw") {
		if string(d.SpotCheck) == checks["kfn"].ID {
			draws[d.Number] = d
		}
	}
	if len(draws) != 2 || draws[1].AbandonedAt == "" || draws[1].Seed == "" || draws[2].Reason == "" || draws[1].Seed == draws[2].Seed {
		t.Errorf("draws of the check under way: %+v", draws)
	}
}

func TestTheDemosAccessReviewIsVerifiedByTheNextList(t *testing.T) {
	a := demoApp(t)
	states := map[isms.AccessReviewState]*isms.AccessReview{}
	for _, r := range cityRecords[*isms.AccessReview](t, a, "access_review") {
		states[r.State] = r
	}
	closed, ongoing := states[isms.AccessReviewClosed], states[isms.AccessReviewOngoing]
	if closed == nil || ongoing == nil {
		t.Fatalf("access reviews: %v", states)
	}
	if closed.Lines != register.CountOf(1240) || closed.Leavers != register.CountOf(27) || closed.Shared != register.CountOf(4) || closed.Reason == "" {
		t.Errorf("the closed review: %+v", closed)
	}
	gone, left := 0, 0
	for _, r := range cityRecords[*isms.Removal](t, a, "removal") {
		switch {
		case string(r.AccessReview) != closed.ID:
		case r.OrderedOn == "":
			t.Errorf("%s was never ordered", r.Name)
		case r.GoneOn == "":
			left++
		case r.VerifiedBy == "":
			t.Errorf("%s is gone by no list", r.Name)
		default:
			gone++
		}
	}
	if left == 0 || gone < 5*left {
		t.Errorf("%d removals are gone and %d are left; most should be gone, but not all", gone, left)
	}
	done, open := 0, 0
	for _, p := range cityRecords[*isms.Portion](t, a, "portion") {
		switch {
		case string(p.AccessReview) != ongoing.ID:
		case p.DoneAt != "":
			done++
		default:
			open++
		}
	}
	if done == 0 || open == 0 {
		t.Errorf("under way: %d portions done, %d open", done, open)
	}
	if links := cityRecords[*isms.PortionLink](t, a, "portion_link"); len(links) == 0 {
		t.Error("nobody judges by a link")
	}
}
