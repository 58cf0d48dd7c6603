// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var (
	demoOnce sync.Once
	demoDir  string
	demoOut  string
	demoErr  error
)

func TestMain(m *testing.M) {
	if setting := os.Getenv(killedImportSetting); setting != "" {
		if err := importUntilKilled(setting); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	status := m.Run()
	if demoDir != "" {
		os.RemoveAll(demoDir)
	}
	os.Exit(status)
}

func TestEveryCommandHasWordsAndAnExample(t *testing.T) {
	for _, lang := range []string{"sv", "en"} {
		for _, c := range commands() {
			status, _, errs := run(t, "", c.name, "-language", lang, "-h")
			if status != succeeded || !strings.Contains(errs, "ledsyn "+c.name) || strings.Contains(errs, "[[") {
				t.Errorf("%s -h in %s: status %d: %s", c.name, lang, status, errs)
			}
		}
	}
}

func TestWhatIsAskedForWronglyIsSaid(t *testing.T) {
	data := filepath.Join(demoFolder(t), "data")
	for _, c := range []struct {
		args   string
		status int
		want   string
	}{
		{"", misused, "Kommandon:"},
		{"vissla", misused, "”vissla” finns inte"},
		{"figures", failed, "-data MAPP"},
		{"figures -data " + data, failed, "-unit"},
		{"figures -data " + data + " -unit XYZ", failed, "”XYZ” finns inte"},
		{"figures -data " + data + " -unit EAV -day 2023-02-30", failed, "2023-02-30"},
		{"figures -data " + data + " -unit EAV -known igår", failed, "igår"},
		{"figures -data " + data + " -unit STAD", failed, "flera organisationer"},
		{"figures -nonsense", misused, "nonsense"},
		{"figures -language de", misused, "”de” finns inte"},
		{"report -data " + data + " -unit EAV -year 1999", failed, "ingen genomgång för 1999"},
		{"report -data " + data + " -unit EAV -year 2024 -format doc", misused, "”doc” finns inte"},
		{"checkpoint -data " + data, failed, "flera organisationer"},
		{"checkpoint -data " + data + " -organisation nowhere", failed, "”nowhere” finns inte"},
		{"load -data " + t.TempDir(), misused, "en mapp"},
		{"load -data " + t.TempDir() + " " + t.TempDir(), failed, "no .yaml files"},
		{"user -data " + t.TempDir(), misused, "organisation"},
		{"user add -data " + t.TempDir() + " -organisation a -person b -account c", failed, "lösenord"},
		{"user add -data " + t.TempDir() + " -organisation a -person b -account c -role boss", misused, "”boss” finns inte"},
	} {
		status, _, errs := run(t, "", strings.Fields(c.args)...)
		if status != c.status || !strings.Contains(errs, c.want) {
			t.Errorf("ledsyn %s: status %d, want %d with %q:\n%s", c.args, status, c.status, c.want, errs)
		}
	}
}

func TestReportWritesEveryFormatAndTheFrozenBytes(t *testing.T) {
	dir := demoFolder(t)
	data := filepath.Join(dir, "data")
	for format, begins := range map[string]string{"pdf": "%PDF-", "html": "<!doctype html>", "json": "{", "txt": ""} {
		file := filepath.Join(t.TempDir(), "review."+format)
		must(t, "", "report", "-data", data, "-unit", "eav", "-year", "2024", "-format", format, "-o", file)
		got, err := os.ReadFile(file)
		if err != nil || !bytes.HasPrefix(bytes.ToLower(got), []byte(strings.ToLower(begins))) {
			t.Errorf("%s: %v, %.40q", format, err, got)
		}
		if kept, err := os.ReadFile(filepath.Join(dir, "ledningens-genomgang-2024."+format)); err == nil && !bytes.Equal(kept, got) {
			t.Errorf("%s differs from the frozen one", format)
		}
	}
	archive := filepath.Join(t.TempDir(), "review.zip")
	must(t, "", "report", "-data", data, "-unit", "eav", "-year", "2024", "-format", "earchive", "-o", archive)
	z, err := zip.OpenReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	inside, err := fs.ReadFile(z, "review.pdf")
	if kept, keptErr := os.ReadFile(filepath.Join(dir, "ledningens-genomgang-2024.pdf")); err != nil || keptErr != nil || !bytes.Equal(inside, kept) {
		t.Errorf("the archive's PDF is not the frozen one: %v, %v", err, keptErr)
	}
	english := must(t, "", "report", "-language", "en", "-data", data, "-unit", "EAV", "-year", "2024", "-format", "txt")
	if !strings.Contains(english, "20 percentage points") {
		t.Error("the review in English does not say 20 percentage points")
	}
}

func TestCheckpointIsKeptAndVerified(t *testing.T) {
	dir := t.TempDir()
	must(t, "", "load", "-data", dir, seedFolder)
	note := must(t, "", "checkpoint", "-data", dir)
	file := filepath.Join(dir, "checkpoint.txt")
	if err := os.WriteFile(file, []byte(note), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := must(t, "", "verify", "-data", dir, "-checkpoint", file); !strings.Contains(out, "ingenting har ändrats") {
		t.Error(out)
	}
	forged := strings.Replace(note, "ledsyn/stockholms-stad\n", "ledsyn/somebody-else\n", 1)
	if err := os.WriteFile(file, []byte(forged), 0o600); err != nil {
		t.Fatal(err)
	}
	status, _, errs := run(t, "", "verify", "-data", dir, "-checkpoint", file)
	if status != failed || !strings.Contains(errs, "Kvittot går inte att läsa") {
		t.Errorf("a forged checkpoint: status %d: %s", status, errs)
	}
}

const seedFolder = "demo/seed"

func TestLoadTwiceIsRefusedAndNothingIsChanged(t *testing.T) {
	dir := t.TempDir()
	must(t, "", "load", "-data", dir, seedFolder)
	before := must(t, "", "verify", "-data", dir)
	status, _, errs := run(t, "", "load", "-data", dir, seedFolder)
	if status != failed || strings.Contains(errs, "[[") {
		t.Errorf("status %d: %s", status, errs)
	}
	if after := must(t, "", "verify", "-data", dir); after != before {
		t.Errorf("the journal moved:\n%s%s", before, after)
	}
}

func TestTheFirstUserMakesTheOrganisation(t *testing.T) {
	dir := t.TempDir()
	add := func(stdin string, more ...string) (int, string, string) {
		return run(t, stdin, append([]string{"user", "add", "-data", dir, "-organisation", "lillstad", "-account", "anna.ek", "-person", "Anna Ek"}, more...)...)
	}
	if status, _, errs := add("kort\n", "-organisationname", "Lillstad", "-unit", "STAD"); status != failed || !strings.Contains(errs, "15") {
		t.Errorf("a short password: status %d: %s", status, errs)
	}
	status, out, errs := add("En lång mening utan slut\n", "-organisationname", "Lillstad", "-unit", "STAD")
	if status != succeeded || !strings.Contains(out, "anna.ek") {
		t.Errorf("status %d: %s", status, errs)
	}
	if status, _, errs := add("En annan lång mening\n", "-unit", "STAD"); status != failed || !strings.Contains(errs, "kont") {
		t.Errorf("the same account twice: status %d: %s", status, errs)
	}
}

func TestAFolderInUseAndASettingsFileAreTold(t *testing.T) {
	dir := t.TempDir()
	must(t, "", "load", "-data", dir, seedFolder)
	p := &program{in: strings.NewReader(""), out: new(bytes.Buffer), errs: new(bytes.Buffer), env: func(string) string { return "" }, lang: "sv"}
	p.config.Data = dir
	a, err := p.open(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer a.DB.Close()
	status, _, errs := run(t, "", "checkpoint", "-data", dir)
	if status != failed || !strings.Contains(errs, "används redan") {
		t.Errorf("status %d: %s", status, errs)
	}
	if out := must(t, "", "figures", "-data", dir, "-unit", "EAV"); !strings.Contains(out, "systems_classified") {
		t.Error("reading beside a running server does not work")
	}
	file := filepath.Join(t.TempDir(), "ledsyn.yaml")
	if err := os.WriteFile(file, []byte("data: "+dir+"\ndatta: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, _, errs = run(t, "", "figures", "-config", file, "-unit", "EAV")
	if status != misused && status != failed || !strings.Contains(errs, "datta") {
		t.Errorf("a misspelt setting: status %d: %s", status, errs)
	}
	if err := os.WriteFile(file, []byte("data: "+dir+"\nlisten: 127.0.0.1:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := must(t, "", "figures", "-config", file, "-unit", "EAV"); !strings.Contains(out, "systems_classified") {
		t.Error("the settings file is not read")
	}
}
