// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// BenchmarkSpotCheck freezes an entitlement list and draws a divided sample from it: 100,000 rows, or 2,000,000 where LEDSYN_TEST_LARGE
// asks for it. A part of the list is written as a set of its own.
func BenchmarkSpotCheck(b *testing.B) {
	rows := 100_000
	if os.Getenv("LEDSYN_TEST_LARGE") != "" {
		rows = 2_000_000
	}
	a, who := large(b, 1)
	benchCheckList(b, a, rows)
	for name, choice := range map[string]string{"whole": "", "part": `[{"column":"Förhöjd","op":"is","value":"nej"}]`} {
		b.Run(name, func(b *testing.B) {
			done := peakHeap(b)
			for b.Loop() {
				id, err := a.Save(b.Context(), who, Change{Kind: "spot_check", Unit: "board-a", Form: aPlan("stratify", "Enhet", "choice", choice, "size", "400",
					"judge", "head", "checker", "coordinator")})
				if err != nil {
					b.Fatal(err)
				}
				rev := 1
				for _, act := range []checkAct{
					func(e Entry) error { return a.CommitDraw(b.Context(), who, e, "", "") },
					func(e Entry) error { return a.FreezeDraw(b.Context(), who, e, "") },
					func(e Entry) error { return a.DrawSample(b.Context(), who, e, "") }} {
					if err := act(Entry{id, rev}); err != nil {
						b.Fatal(err)
					}
					rev++
				}
			}
			done()
		})
	}
}

// benchCheckList keeps a list of so many rights of 60,000 persons.
func benchCheckList(b *testing.B, a *App, rows int) {
	b.Helper()
	columns := []string{"Anst.nr", "Namn", "Enhet", "System", "Roll", "Förhöjd", "Tilldelad", "Senast använd"}
	heads, err := json.Marshal(columns)
	if err != nil {
		b.Fatal(err)
	}
	out, err := a.DB.WriteSet(b.Context(), org, "list", columns)
	if err != nil {
		b.Fatal(err)
	}
	for i := range rows {
		err := out.Add([]string{fmt.Sprint("a", i%60_000), fmt.Sprint("Person ", i%60_000), fmt.Sprint("Enhet ", i%40), fmt.Sprint("System ", i%300),
			fmt.Sprint("Roll ", i%90), []string{"nej", "nej", "nej", "ja"}[i%4], fmt.Sprintf("20%02d-%02d-%02d", 10+i%13, 1+i%12, 1+i%28),
			fmt.Sprintf("2022-%02d-%02d", 1+i%12, 1+i%28)})
		if err != nil {
			b.Fatal(err)
		}
	}
	set, err := out.Close()
	if err != nil {
		b.Fatal(err)
	}
	p := &isms.Population{Record: isms.Record{ID: "list", Unit: "board-a"}, Name: "Lista", Kind: isms.Entitlements, Day: "2023-01-09", Rows: register.CountOf(rows),
		Columns: string(heads), Meaning: `{"person":"Anst.nr"}`, SHA256: set.SHA256}
	if err := a.DB.Update(b.Context(), store.Act{Org: org, Who: "test"}, func(tx *store.Tx) error { return tx.Put(p) }); err != nil {
		b.Fatal(err)
	}
}
