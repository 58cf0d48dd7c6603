// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ledsyn/app"
	"ledsyn/store"
)

// TestVerifyReadsTheFiles adds a file, changes it where it is kept, and takes it away.
func TestVerifyReadsTheFiles(t *testing.T) {
	dir := t.TempDir()
	must(t, "", "load", "-data", dir, seedFolder)
	p := &program{in: strings.NewReader(""), out: new(bytes.Buffer), errs: new(bytes.Buffer), env: func(string) string { return "" }, lang: "sv"}
	p.config.Data = dir
	a, err := p.open(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	all, err := a.DB.Organisations(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	who := operator(all[0].ID)
	units, err := a.List(t.Context(), who, "unit", store.Query{Limit: 1})
	if err != nil || len(units.Records) != 1 {
		t.Fatal(err)
	}
	_, err = a.Attach(t.Context(), who, app.NewAttachment{Kind: "unit", ID: units.Records[0].Head().ID, Name: "a.txt"}, strings.NewReader("text"), 4)
	if err != nil {
		t.Fatal(err)
	}
	a.DB.Close()

	if out := must(t, "", "verify", "-data", dir); !strings.Contains(out, "1 bilagd fil är den som lades till") {
		t.Error(out)
	}
	kept, err := filepath.Glob(filepath.Join(dir, "files", "*", "*"))
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	if err := os.WriteFile(kept[0], []byte("TEXT"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := run(t, "", "verify", "-data", dir); status != failed || !strings.Contains(errs, "är inte längre vad som lades till") {
		t.Errorf("changed: status %d: %s", status, errs)
	}
	if err := os.Remove(kept[0]); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := run(t, "", "verify", "-data", dir); status != failed || !strings.Contains(errs, "saknas") {
		t.Errorf("missing: status %d: %s", status, errs)
	}
	if status, _, errs := run(t, "", "verify", "-data", dir, "-files", "https://key:hush@/"); status == succeeded || !strings.Contains(errs, "-files") || strings.Contains(errs, "hush") {
		t.Errorf("an address that is none: status %d: %s", status, errs)
	}
}
