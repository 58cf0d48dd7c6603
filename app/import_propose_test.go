// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/store"
)

// TestImportProposesWhatOneMayNotDecide takes in a system list with days of classification as somebody who may decide them and as somebody
// who may not.
func TestImportProposesWhatOneMayNotDecide(t *testing.T) {
	for role, want := range map[string]isms.ClassificationState{"coordinator": isms.ClassificationProposed, "head": isms.ClassificationDecided} {
		w := newWorld(t)
		who := w.as("coordinator")
		if role == "head" {
			w.appoint("both", "coordinator", "board-a")
			w.put(&isms.Assignment{Record: isms.Record{ID: "also", Unit: "board-a"}, Person: "both", Role: isms.Head})
			who = w.as("both")
		}
		list := "System;K;R;T;Klassad\r\nLarmet;1;2;3;2022-11-03\r\nKartan;1;1;1;\r\n"
		r, err := w.ImportFile(w.ctx(), who, ImportFile{Name: "lista.csv", File: strings.NewReader(list), Size: int64(len(list)), Kind: "system", Unit: "board-a"})
		if err != nil {
			t.Fatalf("%s: %v %+v", role, err, r.Preview)
		}
		err = w.DB.View(w.ctx(), w.org, func(tx *store.Tx) error {
			systems, err := store.All[isms.System](tx, everywhere)
			if err != nil {
				return err
			}
			names := map[string]string{}
			for _, s := range systems {
				names[s.ID] = s.Name
			}
			all, err := store.All[isms.Classification](tx, everywhere)
			found := 0
			for _, c := range all {
				switch names[string(c.System)] {
				case "Larmet":
					found++
					if c.State != want {
						t.Errorf("%s: classified is %s, want %s", role, c.State, want)
					}
				case "Kartan":
					found++
					if c.State != isms.ClassificationProposed {
						t.Errorf("%s: without a day it is %s", role, c.State)
					}
				}
			}
			if found != 2 {
				t.Errorf("%s: %d classifications", role, found)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
