// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ledsyn/app"
)

// The start page and the page of backups tell those who answer for them when the newest is old or none could be made, and
// nobody else, and no longer when there is a new one.
func TestAnOldBackupIsTold(t *testing.T) {
	s := newStage(t, true)
	now := s.app.DB.Now()
	s.app.DB.Now = func() time.Time { return now }
	s.app.Backups = &app.Backups{Dir: filepath.Join(t.TempDir(), "copies"), Every: 24 * time.Hour, Kept: 14}
	p := &player{t: t, s: s, cookies: nil, said: map[string]string{}}
	read := func(person, path string) string {
		p.as(person)
		body, err := io.ReadAll(p.send("GET", path, nil).Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	const old, good = "Den senaste säkerhetskopian är för gammal.", "Säkerhetskopiorna är aktuella."
	told := func(when string, isOld bool) {
		t.Helper()
		for _, person := range []string{"teknik", "central"} {
			if start := read(person, "/"); strings.Contains(start, old) != isOld {
				t.Errorf("%s: %s is told that the newest is old: %v", when, person, !isOld)
			}
			if page := read(person, "/archive"); strings.Contains(page, old) != isOld || strings.Contains(page, good) == isOld {
				t.Errorf("%s: the page tells %s something else", when, person)
			}
		}
		if start := read("samordnare", "/"); strings.Contains(start, "säkerhetskopi") {
			t.Errorf("%s: the coordinator is told", when)
		}
	}
	told("before the first", true)
	if _, err := s.app.BackupTo(t.Context(), filepath.Join(s.app.Backups.Dir, "x")); err == nil {
		t.Fatal("a backup in a folder that is not there")
	}
	s.app.Backups.Dir = filepath.Dir(s.app.Backups.Dir)
	if _, err := s.app.BackupTo(t.Context(), s.app.Backups.Dir); err != nil {
		t.Fatal(err)
	}
	told("after the first", false)
	now = now.Add(47 * time.Hour)
	told("within twice the time", false)
	now = now.Add(2 * time.Hour)
	told("after twice the time", true)
	if page := read("teknik", "/archive"); !strings.Contains(page, "med 24 timmars mellanrum") || !strings.Contains(page, "högst 14") {
		t.Error("the page does not tell how backups are made")
	}
}
