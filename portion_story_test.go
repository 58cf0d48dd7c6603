// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"fmt"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// portionScene is a spot check that is under way: the rows 1 to 5 of a list are the employee's to judge, and row 6, which is about the employee's
// e-mail, the coordinator's.
func portionScene(t *testing.T, s *stage) {
	rows := [][]string{{"a1", "a1@exempel.se", "Läsare"}, {"a2", "a2@exempel.se", "Administratör"}, {"a3", "a3@exempel.se", "Läsare"},
		{"a4", "a4@exempel.se", "Läsare"}, {"a5", "a5@exempel.se", "Handläggare"}, {"a6", "medarbetare@exempel.se", "Läsare"}}
	set := judgedSet(t, s, rows)
	in := func(id string) isms.Record { return isms.Record{ID: id, Unit: "board-a"} }
	s.put(t, set,
		&isms.Person{Record: isms.Record{ID: "medarbetare", Unit: "board-a", Rev: 1}, Name: "Medarbetare", Email: "medarbetare@exempel.se"},
		&isms.SpotCheck{Record: in("check-a"), Name: "Konton i bokningen", Area: "behörigheter", Year: 2026, State: isms.SpotCheckOngoing, Judges: isms.JudgedByOne,
			Judge: "medarbetare", Checker: "samordnare", Question: "Har personen rätt behörighet?"},
		&isms.Portion{Record: in("del-a"), Name: "Bokningen", SpotCheck: "check-a", Population: "set-a", Reviewer: "medarbetare", Rows: "1-5", Count: register.CountOf(5),
			Marks: `{"2":["privileged","dormant"]}`, DueOn: "2026-03-20", SentOn: "2026-03-02"},
		&isms.Portion{Record: in("del-b"), Name: "Bokningen, egna", SpotCheck: "check-a", Population: "set-a", Reviewer: "samordnare", Rows: "6", Count: register.CountOf(1),
			DueOn: "2026-03-20", SentOn: "2026-03-02"})
}

// judgedSet writes rows of person, e-mail and role, and returns their record.
func judgedSet(t testing.TB, s *stage, rows [][]string) *isms.Population {
	t.Helper()
	w, err := s.app.DB.WriteSet(t.Context(), stageOrg, "set-a", []string{"Anst.nr", "E-post", "Roll"})
	for _, row := range rows {
		if err == nil {
			err = w.Add(row)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	set, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return &isms.Population{Record: isms.Record{ID: "set-a", Unit: "board-a"}, Name: "Behörigheter", Kind: isms.Entitlements, Day: "2026-03-01", System: "sys-a",
		Rows: register.CountOf(len(rows)), SHA256: set.SHA256, Columns: `["Anst.nr","E-post","Roll"]`, Meaning: `{"person":"Anst.nr","email":"E-post","role":"Roll"}`}
}

// put keeps records behind the back of the acts.
func (s *stage) put(t testing.TB, records ...register.Entity) {
	t.Helper()
	err := s.app.DB.Update(t.Context(), store.Act{Org: stageOrg, Who: "operator:test"}, func(tx *store.Tx) error {
		for _, rec := range records {
			if err := tx.Put(rec); err != nil {
				return fmt.Errorf("%T %s: %w", rec, rec.Head().ID, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
