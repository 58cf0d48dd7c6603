// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func render(t testing.TB, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSameInputSameBytes(t *testing.T) {
	for name, d := range map[string]Document{"sample": sample(), "hard": hard()} {
		want := render(t, d)
		var wg sync.WaitGroup
		for range 4 { // also when several are written at a time
			wg.Go(func() {
				var b bytes.Buffer
				if err := Write(&b, d); err != nil || !bytes.Equal(b.Bytes(), want) {
					t.Errorf("%s: two runs differ (%v)", name, err)
				}
			})
		}
		wg.Wait()
	}
}

func TestAnotherTimeAnotherFile(t *testing.T) {
	d := sample()
	a := parse(t, render(t, d)).trailer["ID"]
	d.Created = d.Created.Add(1e9)
	if b := parse(t, render(t, d)).trailer["ID"]; cmp.Equal(a, b) {
		t.Errorf("both have the identifier %q", a)
	}
}

func ExampleWrite() {
	var b bytes.Buffer
	err := Write(&b, Document{
		Title: "Ledningens genomgång 2024", Lang: "sv", Created: time.Date(2023, 11, 23, 10, 0, 0, 0, time.UTC),
		Note: "Fotnot", Back: "Tillbaka till texten",
		Footer: func(page, pages int) Strip { return Strip{Right: fmt.Sprintf("Sida %d av %d", page, pages)} },
		Blocks: []Block{
			FrontPage{Organisation: "Exempelstaden", Title: "Ledningens genomgång 2024", Lines: []Labelled{{"Dnr", "NSN 2023/17"}}},
			Contents{Title: "Innehåll"},
			Heading{Level: 1, Text: "1 Status"},
			Paragraph{Text: Text{
				{Text: "Andelen klassade system är "}, {Text: "50 procent", Bold: true, Note: Plain("30 av 60 system.")}, {Text: "."},
			}},
			Table{Columns: []Column{{}, {Align: Right}}, Head: [][]Text{{Plain("System"), Plain("Klassning")}}, Rows: [][]Text{{Plain("Ärenden"), Plain("3")}}},
		},
	})
	fmt.Println(err, string(b.Bytes()[:8]))
	// Output: <nil> %PDF-1.7
}

// With LEDSYN_PDF_OUT set to a folder, the sample documents are left there, to
// be looked at.
func TestLeaveSamples(t *testing.T) {
	dir := os.Getenv("LEDSYN_PDF_OUT")
	if dir == "" {
		dir = t.TempDir()
	}
	for name, d := range map[string]Document{"sample": sample(), "hard": hard(), "review": reviewLike()} {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), render(t, d), 0o644); err != nil {
			t.Error(err)
		}
	}
}
