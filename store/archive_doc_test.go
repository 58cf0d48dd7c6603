// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// doc/archive.md names every file, every key and every kind of value that an archive has.
func TestTheDescriptionNamesEverything(t *testing.T) {
	text, err := os.ReadFile("../doc/archive.md")
	if err != nil {
		t.Fatal(err)
	}
	named := func(what string) {
		t.Helper()
		if !strings.Contains(string(text), what) {
			t.Errorf("doc/archive.md does not name %s", what)
		}
	}
	for _, line := range []any{Manifest{}, ArchivedPosition{}, ArchivedFile{}, entryLine{}, registerLine{}, columnLine{}, choiceLine{}, checkpointLine{},
		frozenLine{}, accountLine{}} {
		shape := reflect.TypeOf(line)
		for i := range shape.NumField() {
			key, _, _ := strings.Cut(shape.Field(i).Tag.Get("json"), ",")
			named(`"` + key + `"`)
		}
	}
	for _, kind := range kindNames {
		named("`" + kind + "`")
	}
	for _, name := range []string{manifestName, readmeName, accountsName, keyName, "journal.jsonl", "checkpoints.jsonl", "frozen.jsonl", "tables/NAME.jsonl",
		"registers/NAME.jsonl", "populations/ID.jsonl", "files/SHA256", archiveFormat} {
		named(name)
	}
	for _, p := range frozenParts(&Frozen{}) {
		named("`" + p.name + "`")
	}
	if len(kindNames) != 11 {
		t.Errorf("%d kinds of values; the description has 11", len(kindNames))
	}
}

// Every table is archived, backed up or left out for a reason, so that one that is added later is not forgotten.
func TestEveryTableIsArchivedOrLeftOut(t *testing.T) {
	accounted := map[string]bool{}
	for _, name := range []string{"organisation", "head", "journal", "link", "checkpoint", "verifier", "frozen", "account", "row_set", "row_set_block",
		"row_set_text"} { // with code of their own
		accounted[name] = true
	}
	for name := range leftOut {
		accounted[name] = true
	}
	for _, table := range sideTables {
		accounted[table.name] = true
	}
	files, err := migrations.ReadDir("migrations")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := migrations.ReadFile("migrations/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range statements(string(text)) {
			if rest, ok := strings.CutPrefix(statement, "create table "); ok {
				name, _, _ := strings.Cut(rest, " ")
				if !accounted[name] {
					t.Errorf("table %s of %s is neither in sideTables nor in leftOut, in archive.go", name, f.Name())
				}
			}
		}
	}
}
