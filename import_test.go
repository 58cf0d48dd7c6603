// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// city makes a data folder with a city and a board, and returns the flags that name them.
func city(t *testing.T) []string {
	t.Helper()
	data := t.TempDir()
	status, _, errs := run(t, "ett-langt-losenord-2026\n", "user", "add", "-data", data, "-organisation", "stad", "-organisationname", "Staden", "-unit", "STAD",
		"-person", "Anna Ek", "-role", "coordinator", "-account", "anna.ek")
	if status != succeeded {
		t.Fatal(errs)
	}
	return []string{"import", "-data", data, "-unit", "STAD"}
}

func listFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func reported(t *testing.T, out string) (r importReport) {
	t.Helper()
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err, out)
	}
	return r
}

func TestImportCommand(t *testing.T) {
	at := city(t)
	list := listFile(t, "system.csv", "Namn;Ansvarig;Livscykel\nÄrende;Anna Ek;I bruk\nJournal;Bo Borta;I bruk\n")
	ask := append(at, "-kind", "system", "-source", "Systemlistan", "-key", "Namn")

	status, out, errs := run(t, "", append(ask, "-json", list)...)
	r := reported(t, out)
	if status != found || r.Kept || r.New != 1 || r.Wrong != 1 || len(r.Rows) != 2 || r.Error == "" {
		t.Fatalf("a wrong row gives %d %s %s", status, out, errs)
	}
	if e := r.Rows[1].Errors[0]; r.Rows[1].Row != 3 || e.Column != 2 || e.Header != "Ansvarig" || e.Code != "import_no_link" || !strings.Contains(e.Words, "Bo Borta") {
		t.Errorf("the wrong row is %+v", r.Rows[1])
	}
	status, out, errs = run(t, "", append(ask, list)...)
	if status != found || !strings.Contains(out, "Ansvarig: ") || !strings.Contains(errs, "ingenting har sparats") || !strings.Contains(out, `"kind": "system"`) {
		t.Errorf("in words it is %d %s %s", status, out, errs)
	}

	// The map that was used can be changed and given back.
	m := r.Map
	for i := range m.Columns {
		if m.Columns[i].Field == "owner" {
			m.Columns[i].None = "make"
		}
	}
	mapped := listFile(t, "map.json", string(m.JSON()))
	status, out, errs = run(t, "", append(at, "-map", mapped, "-dry-run", "-json", list)...)
	if r := reported(t, out); status != succeeded || !r.DryRun || r.Kept || r.New != 2 || r.Wrong != 0 {
		t.Fatalf("a dry run gives %d %s %s", status, out, errs)
	}
	status, out, errs = run(t, "", append(at, "-map", mapped, "-json", list)...)
	if r := reported(t, out); status != succeeded || !r.Kept || r.New != 2 || r.Rows[0].ID == "" {
		t.Fatalf("the import gives %d %s %s", status, out, errs)
	}

	// Again, without a map: it is remembered. And a list that lacks a system retires it.
	status, out, errs = run(t, "", append(at, "-kind", "system", "-json", list)...)
	if r := reported(t, out); status != succeeded || r.Unchanged != 2 || r.Map.Source != "Systemlistan" {
		t.Fatalf("again gives %d %s %s", status, out, errs)
	}
	short := listFile(t, "kort.csv", "Namn;Ansvarig;Livscykel\nÄrende;Anna Ek;I bruk\n")
	status, out, errs = run(t, "", append(at, "-retire-gone", "-day", "2024-01-31", short)...)
	if status != succeeded || !strings.Contains(out, "1 post har tagits ur bruk") || !strings.Contains(out, "försvunnen\tJournal") {
		t.Fatalf("a shorter list gives %d %s %s", status, out, errs)
	}
	status, out, _ = run(t, "", append(ask, "-skip-wrong", "-json", listFile(t, "fel.csv", "Namn;Ansvarig;Livscykel\nEtt;;I bruk\nTvå;;Trasig\n"))...)
	if r := reported(t, out); status != found || !r.Kept || r.New != 1 || r.Wrong != 1 {
		t.Errorf("skipping wrong rows gives %d %s", status, out)
	}
}

func TestImportCommandMisused(t *testing.T) {
	at := city(t)
	list := listFile(t, "system.csv", "Namn;Livscykel\nÄrende;I bruk\n")
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{nil, misused, "en fil"},
		{[]string{list, list}, misused, "en fil"},
		{[]string{"-nonsense", list}, misused, "nonsense"},
		{[]string{"-map", list, list}, misused, ""},
		{[]string{"-kind", "nothing", list}, failed, "nothing"},
		{[]string{"-kind", "system", "-key", "Finns inte", list}, failed, "Finns inte"},
		{[]string{"-kind", "system", "-day", "igår", list}, failed, "igår"},
		{[]string{"-kind", "system", "-retire-gone", list}, failed, "namn"},
		{[]string{"-kind", "system", listFile(t, "x.csv", "")}, failed, ""},
		{[]string{"-kind", "system", filepath.Join(t.TempDir(), "none.csv")}, failed, "none.csv"},
		{[]string{"-kind", "population:other", "-name", "Datorer", list}, failed, "-definition: "},
	} {
		status, out, errs := run(t, "", append(at, c.args...)...)
		if status != c.status || !strings.Contains(errs, c.says) || errs == "" {
			t.Errorf("%q gives %d %s %s", c.args, status, out, errs)
		}
	}
}

// A set of rows is taken in by the same command.
func TestImportCommandOfASet(t *testing.T) {
	at := city(t)
	list := listFile(t, "rights.csv", "Anst.nr;Namn;System;Behörighet\n1001;Anna Ek;Ärende;Läsa\n1002;Bo Al;Ärende;Skriva\n")
	status, out, errs := run(t, "", append(at, "-kind", "population:entitlement", "-name", "Behörigheter", "-definition", "Alla konton",
		"-day", "2026-01-31", "-source", "Katalogen", "-json", list)...)
	r := reported(t, out)
	if status != succeeded || !r.Kept || r.New != 2 {
		t.Fatalf("the set gives %d %s %s", status, out, errs)
	}
}
