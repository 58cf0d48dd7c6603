// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRecordIsWrittenInEveryFormat(t *testing.T) {
	data := filepath.Join(demoFolder(t), "data")
	at := []string{"record", "-data", data, "-organisation", "exempelstaden", "-unit", "KS"}
	for format, begins := range map[string]string{"pdf": "%PDF-", "xlsx": "PK\x03\x04", "html": "<!DOCTYPE html>", "json": "{", "txt": "Exempelstaden"} {
		file := filepath.Join(t.TempDir(), "record."+format)
		must(t, "", append(at, "-format", format, "-o", file)...)
		if got, err := os.ReadFile(file); err != nil || !bytes.HasPrefix(got, []byte(begins)) {
			t.Errorf("%s: %v, %.40q", format, err, got)
		}
	}
	whole, public := must(t, "", append(at, "-format", "txt")...), must(t, "", append(at, "-format", "txt", "-public")...)
	if !strings.Contains(whole, "Kamerabevakning") {
		t.Error("the whole record lacks an entry that is secret")
	}
	if strings.Contains(public, "amerabevakning") || !strings.Contains(public, "18 kap. 8 § OSL") {
		t.Error("the public version tells what is secret, or not under which provision it is left out")
	}
	if status, _, errs := run(t, "", append(at, "-format", "doc")...); status != misused || !strings.Contains(errs, "xlsx") {
		t.Errorf("a format that is none: status %d: %s", status, errs)
	}
}
