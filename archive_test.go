// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A backup is taken beside a running server, restored in an empty folder, and an earlier checkpoint still holds there. An
// archive moves one organisation to a place with a key of its own.
func TestBackupRestoreAndArchiveFromTheCommandLine(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	must(t, "", "load", "-data", dir, seedFolder)
	must(t, "En lång mening utan slut\n", "user", "add", "-data", dir, "-organisation", "stockholms-stad", "-account", "anna.ek", "-person", "Anna Ek", "-unit", "EAV", "-role", "administrator")
	checkpoint := filepath.Join(out, "checkpoint.txt")
	if err := os.WriteFile(checkpoint, []byte(must(t, "", "checkpoint", "-data", dir)), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &program{in: strings.NewReader(""), out: new(bytes.Buffer), errs: new(bytes.Buffer), env: func(string) string { return "" }, lang: "sv"}
	p.config.Data = dir
	server, err := p.open(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer server.DB.Close()

	backup := filepath.Join(out, "allt.zip")
	if said := must(t, "", "backup", "-data", dir, backup); !strings.Contains(said, "1 organisation och") {
		t.Error(said)
	}
	if said := must(t, "", "backup", "-language", "en", "-data", dir, out); !strings.Contains(said, "1 organisation and") {
		t.Error(said)
	}
	if named, _ := filepath.Glob(filepath.Join(out, "ledsyn-*Z.zip")); len(named) != 1 {
		t.Errorf("a backup in a folder is named %v", named)
	}
	if info, err := os.Stat(backup); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	again := filepath.Join(t.TempDir(), "new")
	said := must(t, "", "restore", "-data", again, backup)
	if !strings.Contains(said, "ingenting har ändrats") || !strings.Contains(said, "1 konto") {
		t.Error(said)
	}
	if must(t, "", "verify", "-data", dir) != must(t, "", "verify", "-data", again) {
		t.Error("what was restored is not what was backed up")
	}
	must(t, "", "verify", "-data", again, "-checkpoint", checkpoint)
	was, _ := os.ReadFile(filepath.Join(dir, "journal.key"))
	if is, err := os.ReadFile(filepath.Join(again, "journal.key")); err != nil || !bytes.Equal(was, is) {
		t.Errorf("the signing key did not come back: %v", err)
	}

	archive := filepath.Join(out, "staden.zip")
	if said := must(t, "", "archive", "-data", dir, archive); !strings.Contains(said, archive) {
		t.Error(said)
	}
	elsewhere := t.TempDir()
	must(t, "", "restore", "-data", elsewhere, archive)
	must(t, "", "verify", "-data", elsewhere, "-checkpoint", checkpoint)
	must(t, "", "checkpoint", "-data", elsewhere)
	must(t, "", "verify", "-data", elsewhere)

	cut := filepath.Join(out, "cut.zip")
	whole, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(cut, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"restore", "-data", again, backup}, failed, "finns redan"},
		{[]string{"restore", "-data", dir, backup}, failed, "används redan"},
		{[]string{"restore", "-data", t.TempDir(), cut}, failed, "avklippt"},
		{[]string{"restore", "-data", t.TempDir(), checkpoint}, failed, "inget arkiv"},
		{[]string{"restore", "-data", t.TempDir(), filepath.Join(out, "no.zip")}, failed, "no.zip"},
		{[]string{"restore", backup}, failed, "-data MAPP"},
		{[]string{"restore", "-data", t.TempDir()}, misused, "Ange filen"},
		{[]string{"backup", "-data", dir}, misused, "Ange en fil"},
		{[]string{"backup", "-data", dir, filepath.Join(out, "nowhere", "x.zip")}, failed, "nowhere"},
		{[]string{"archive", "-data", dir, "-organisation", "nowhere", archive}, failed, "finns inte"},
	} {
		status, _, errs := run(t, "", c.args...)
		if status != c.status || !strings.Contains(errs, c.want) || strings.Contains(errs, "[[") {
			t.Errorf("ledsyn %v: status %d, want %d with %q:\n%s", c.args, status, c.status, c.want, errs)
		}
	}
}
