// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ledsyn/files"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// opened reads an archive's manifest from a file.
func opened(t *testing.T, name string) *store.Archive {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	a, err := store.OpenArchive(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func names(t *testing.T, dir string) string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range files {
		all = append(all, f.Name())
	}
	return strings.Join(all, " ")
}

func (w *world) backups() BackupState {
	w.t.Helper()
	s, err := w.BackupState(w.t.Context(), w.as("teknik"))
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// The last backups are kept, older ones go only when a new one is whole, and what others put in the folder stays.
func TestBackupsAreKeptAndOlderOnesGo(t *testing.T) {
	w := newWorld(t)
	w.appoint("teknik", "administrator", "city") // of the whole city, not of a board
	if s := w.backups(); s.Set {
		t.Errorf("none are set up: %+v", s)
	}
	dir := filepath.Join(t.TempDir(), "copies")
	w.Backups = &Backups{Dir: dir, Every: 24 * time.Hour, Kept: 2}
	if s := w.backups(); !s.Set || !s.Old || s.Newest != "" {
		t.Errorf("before the first: %+v", s)
	}
	for range 3 {
		if err := w.makeBackup(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(24 * time.Hour)
	}
	if got, want := names(t, dir), "ledsyn-20230111T080000Z.zip ledsyn-20230112T080000Z.zip"; got != want {
		t.Errorf("kept %s, want %s", got, want)
	}
	info, err := os.Stat(filepath.Join(dir, "ledsyn-20230112T080000Z.zip"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	s := w.backups()
	if s.Old || s.Count != 2 || s.Newest != "2023-01-12T08:00:00.000000Z" || s.Size != info.Size() || s.FailedAt != "" || s.Archive {
		t.Errorf("a day after the newest: %+v", s)
	}
	w.now = w.now.Add(24*time.Hour + time.Second)
	if s := w.backups(); !s.Old {
		t.Errorf("over two days after the newest: %+v", s)
	}

	for _, name := range []string{"ledsyn-egen.zip", "ledsyn-20200101T000000Z.zip.part", "ledsyn-20200101T000000Z.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.makeBackup(cancelled); err == nil {
		t.Error("a backup that was broken off succeeded")
	}
	if got := names(t, dir); !strings.Contains(got, "20230111") || strings.Contains(got, "20230114T080001Z") {
		t.Errorf("after one that failed: %s", got)
	}
	if s := w.backups(); s.FailedAt != "2023-01-14T08:00:01.000000Z" {
		t.Errorf("after one that failed: %+v", s)
	}
	if err := w.makeBackup(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := names(t, dir), "ledsyn-20200101T000000Z.txt ledsyn-20200101T000000Z.zip.part ledsyn-20230112T080000Z.zip ledsyn-20230114T080001Z.zip ledsyn-egen.zip"; got != want {
		t.Errorf("kept %s, want %s", got, want)
	}
	if s := w.backups(); s.FailedAt != "" || s.Old {
		t.Errorf("after one that succeeded: %+v", s)
	}

	w.Backups = &Backups{Dir: filepath.Join(dir, "ledsyn-egen.zip", "below")}
	if s := w.backups(); !s.Old || s.Made {
		t.Errorf("a folder that cannot be: %+v", s)
	}
	if err := w.makeBackup(t.Context()); err == nil {
		t.Error("a backup in a folder that cannot be")
	}
}

func TestTheScheduleMakesBackupsUntilItEnds(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	w.Backups = &Backups{Dir: dir, Every: time.Hour, Kept: 1}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan bool)
	go func() {
		w.KeepBackups(ctx)
		close(ended)
	}()
	for began := time.Now(); len(names(t, dir)) == 0 || strings.HasSuffix(names(t, dir), partEnding); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatal("no backup was made")
		}
	}
	stop()
	<-ended
	opened(t, filepath.Join(dir, names(t, dir)))
	(&App{DB: w.DB, Backups: &Backups{Dir: dir}}).KeepBackups(t.Context()) // nothing is to be made, so it returns
	(&App{DB: w.DB}).KeepBackups(t.Context())
}

func TestWhoIsToldOfBackupsAndMayTakeOutEverything(t *testing.T) {
	w := newWorld(t)
	w.appoint("teknik", "administrator", "city")
	if w.SeesBackups(w.as("administrator")) {
		t.Error("who looks after a board's accounts is told of the whole city's backups")
	}
	for _, role := range isms.Role("").Choices() {
		who := w.as(role)
		if role == "administrator" {
			who = w.as("teknik")
		}
		_, err := w.BackupState(t.Context(), who)
		if told := role == "administrator" || role == "central_office"; told != (err == nil) || told != w.SeesBackups(who) {
			t.Errorf("%s: told of backups: %v", role, err)
		}
		var b bytes.Buffer
		_, err = w.Archive(t.Context(), who, locale.Swedish, &b)
		if role == "central_office" {
			if err != nil || b.Len() == 0 {
				t.Errorf("%s: %d bytes, %v", role, b.Len(), err)
			}
		} else if !errors.Is(err, isms.ErrForbidden) || b.Len() > 0 {
			t.Errorf("%s: %d bytes, %v", role, b.Len(), err)
		}
	}
	latest, err := w.Latest(t.Context(), w.as("central_office"), 20)
	if err != nil {
		t.Fatal(err)
	}
	noted := 0
	for _, e := range latest {
		if e.Act == "archive" {
			noted++
		}
	}
	if noted != 1 {
		t.Errorf("noted %d times in the journal, want once", noted)
	}
}

// Attachments go with a backup and come back, and one that is gone or damaged is told.
func TestAttachmentsGoWithABackup(t *testing.T) {
	w := newWorld(t)
	folder := t.TempDir()
	w.Files = files.Dir(folder)
	for _, text := range []string{"hel", "borta", "skadad"} {
		sha, size, err := w.Files.Put(t.Context(), strings.NewReader(text), 100)
		if err != nil {
			t.Fatal(err)
		}
		w.put(&isms.Attachment{Record: isms.Record{ID: text, Unit: "board-a"}, Name: text, Kind: "system", Of: "sys-a", Type: "text/plain",
			Size: register.CountOf(int(size)), SHA256: sha})
		file := filepath.Join(folder, sha[:2], sha)
		switch text {
		case "borta":
			err = os.Remove(file)
		case "skadad":
			err = os.WriteFile(file, []byte("SKADAD"), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	m, err := w.BackupTo(t.Context(), dir)
	if err != nil || len(m.Missing) != 2 {
		t.Fatalf("missing %v, %v", m.Missing, err)
	}
	from := opened(t, filepath.Join(dir, "ledsyn-20230110T080000Z.zip"))

	db, err := store.Open(t.Context(), store.Config{Dir: t.TempDir(), Log: w.Log})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	other := &App{DB: db, Log: w.Log}
	var wrong *store.ErrArchive
	if _, err := other.Restore(t.Context(), from); !errors.As(err, &wrong) || wrong.Code != store.ArchiveFiles {
		t.Errorf("without a place for attachments: %v", err)
	}
	other.Files = files.Dir(t.TempDir())
	if r, err := other.Restore(t.Context(), from); err != nil || r.Files != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	sum := sha256.Sum256([]byte("hel"))
	if b, err := other.fileWhole(t.Context(), hex.EncodeToString(sum[:])); err != nil || string(b) != "hel" {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := w.ArchiveTo(t.Context(), w.as("dpo"), locale.English, filepath.Join(dir, "allt.zip")); !errors.Is(err, isms.ErrForbidden) {
		t.Error(err)
	}
	if got := names(t, dir); got != "ledsyn-20230110T080000Z.zip" {
		t.Errorf("a file that may not be written is there: %s", got)
	}
}
