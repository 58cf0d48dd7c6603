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
		frozenLine{}, doneLine{}, accountLine{}} {
		shape := reflect.TypeOf(line)
		for i := range shape.NumField() {
			key, _, _ := strings.Cut(shape.Field(i).Tag.Get("json"), ",")
			named(`"` + key + `"`)
		}
	}
	for _, kind := range kindNames {
		named("`" + kind + "`")
	}
	for _, name := range []string{manifestName, readmeName, accountsName, keyName, "journal.jsonl", "checkpoints.jsonl", "frozen.jsonl", "done.jsonl",
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
