// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"sync"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// Backups is the folder that backups are kept in. Its zero value says that there is none.
type Backups struct {
	Dir   string
	Every time.Duration // between two; 0 only watches what others put there
	Kept  int           // how many are kept; 0 keeps all

	mu       sync.Mutex
	failedAt time.Time // the latest attempt, if it failed
}

// BackupState is how it stands with the backups, for those who answer for them.
type BackupState struct {
	Set      bool // a folder is named
	Made     bool // the program makes them itself
	Every    time.Duration
	Kept     int
	Count    int
	Newest   register.Moment // "" is none
	Size     int64           // of the newest, in bytes
	FailedAt register.Moment // "" unless the latest attempt failed
	Old      bool            // the newest is older than twice the time between two, or there is none
	Archive  bool            // the actor may take out everything
}

// usualEvery is the time between two backups that others make.
const usualEvery = 24 * time.Hour

const backupTime = "20060102T150405Z"

// backupName is the name of a backup that the program has made. No other file is ever removed.
var backupName = regexp.MustCompile(`^ledsyn-[0-9]{8}T[0-9]{6}Z\.zip$`)

func nameOfBackup(at time.Time) string { return "ledsyn-" + at.UTC().Format(backupTime) + ".zip" }

// mayBackups reports whether the actor is told of backups: who looks after the program, and who may take out
// everything.
func mayBackups(who access.Actor) bool {
	return who.May(access.Accounts, "", "") || who.May(access.Archive, "", "")
}

// SeesBackups tells whether the actor is told of backups.
func (a *App) SeesBackups(who access.Actor) bool { return mayBackups(who) }

// BackupState tells how it stands with the backups. The error is isms.ErrForbidden for everybody else than those who
// look after the accounts or may take out everything.
func (a *App) BackupState(ctx context.Context, who access.Actor) (BackupState, error) {
	if !mayBackups(who) {
		return BackupState{}, isms.ErrForbidden
	}
	var s BackupState
	var err error
	if a.Backups != nil && a.Backups.Dir != "" {
		if s, err = a.Backups.state(a.DB.Now()); err != nil {
			a.Log.ErrorContext(ctx, "the folder of backups cannot be read", "dir", a.Backups.Dir, "error", err)
		}
	}
	s.Archive = who.May(access.Archive, "", "")
	return s, nil
}

func (b *Backups) state(now time.Time) (BackupState, error) {
	s := BackupState{Set: true, Made: b.Every > 0, Every: b.Every, Kept: b.Kept}
	if !s.Made {
		s.Every = usualEvery
	}
	all, err := b.list() // a folder that cannot be read is as bad as none, and is told as that
	s.Count = len(all)
	var newest time.Time
	if len(all) > 0 {
		newest = all[0].at
		s.Newest, s.Size = register.MomentOf(newest), all[0].size
	}
	s.Old = now.Sub(newest) > 2*s.Every
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.failedAt.IsZero() {
		s.FailedAt = register.MomentOf(b.failedAt)
	}
	return s, err
}

// A kept backup.
type keptBackup struct {
	name string
	at   time.Time
	size int64
	own  bool // the program has made it
}

// list reads what backups there are, the newest first: the program's own by the moment in their names, others by when
// they were last written.
func (b *Backups) list() ([]keptBackup, error) {
	files, err := os.ReadDir(b.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var all []keptBackup
	for _, f := range files {
		info, err := f.Info()
		if err != nil || !info.Mode().IsRegular() || filepath.Ext(f.Name()) != ".zip" || info.Size() == 0 {
			continue
		}
		k := keptBackup{f.Name(), info.ModTime(), info.Size(), backupName.MatchString(f.Name())}
		if k.own {
			if at, err := time.Parse("ledsyn-"+backupTime+".zip", k.name); err == nil {
				k.at = at
			}
		}
		all = append(all, k)
	}
	slices.SortFunc(all, func(x, y keptBackup) int { return y.at.Compare(x.at) })
	return all, err
}

// KeepBackups makes backups as the schedule says until the context ends. A failure is logged and tried again within
// the hour. Older ones are removed only after a new one is whole.
func (a *App) KeepBackups(ctx context.Context) {
	if a.Backups == nil || a.Backups.Dir == "" || a.Backups.Every <= 0 {
		return
	}
	const again = time.Hour
	for {
		wait := a.Backups.due(a.DB.Now())
		if a.Backups.failed() {
			wait = max(wait, min(again, a.Backups.Every))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if err := a.makeBackup(ctx); err != nil && ctx.Err() == nil {
			a.Log.ErrorContext(ctx, "the backup failed", "dir", a.Backups.Dir, "error", err)
		}
	}
}

func (b *Backups) failed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.failedAt.IsZero()
}

// due is how long it is until the next backup.
func (b *Backups) due(now time.Time) time.Duration {
	all, err := b.list()
	if err != nil || len(all) == 0 {
		return 0
	}
	return max(0, b.Every-now.Sub(all[0].at))
}

// makeBackup makes one backup and then removes those that are no longer to be kept.
func (a *App) makeBackup(ctx context.Context) error {
	b := a.Backups
	began, started := a.DB.Now(), time.Now()
	err := os.MkdirAll(b.Dir, 0o700)
	var m store.Manifest
	if err == nil {
		b.clear(began)
		m, err = a.BackupTo(ctx, filepath.Join(b.Dir, nameOfBackup(began)))
	}
	b.mu.Lock()
	b.failedAt = time.Time{}
	if err != nil {
		b.failedAt = began
	}
	b.mu.Unlock()
	if err != nil {
		return err
	}
	a.Log.InfoContext(ctx, "backup made", "dir", b.Dir, "files", len(m.Files), "took", time.Since(started).Round(time.Millisecond))
	if len(m.Missing) > 0 {
		a.Log.ErrorContext(ctx, "attachments were not there to be backed up", "files", m.Missing)
	}
	return b.prune()
}

// clear removes what a backup that was broken off a day ago or more has left.
func (b *Backups) clear(now time.Time) {
	left, _ := filepath.Glob(filepath.Join(b.Dir, "ledsyn-*.zip"+partEnding))
	for _, name := range left {
		if info, err := os.Stat(name); err == nil && now.Sub(info.ModTime()) > 24*time.Hour {
			os.Remove(name)
		}
	}
}

func (b *Backups) prune() error {
	all, err := b.list()
	all = slices.DeleteFunc(all, func(k keptBackup) bool { return !k.own })
	if err != nil || b.Kept <= 0 || len(all) <= b.Kept {
		return err
	}
	var errs []error
	for _, k := range all[b.Kept:] {
		errs = append(errs, os.Remove(filepath.Join(b.Dir, k.name)))
	}
	return errors.Join(errs...)
}

// BackupTo writes a backup of everything to the file, which is there whole or not at all; a folder gets one named by
// the moment. Only the program's own account may read it. Other acts go on meanwhile. It is the operator's.
func (a *App) BackupTo(ctx context.Context, file string) (m store.Manifest, err error) {
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		file = filepath.Join(file, nameOfBackup(a.DB.Now()))
	}
	err = writeFileWhole(file, func(w io.Writer) (err error) {
		m, err = a.DB.WriteBackup(ctx, w, a.archiving(ctx, locale.Swedish, "archive.readme.backup"))
		return err
	})
	return m, err
}

// ArchiveTo writes the organisation's archive to the file, which is there whole or not at all.
func (a *App) ArchiveTo(ctx context.Context, who access.Actor, l locale.Lang, file string) (m store.Manifest, err error) {
	err = writeFileWhole(file, func(w io.Writer) (err error) {
		m, err = a.Archive(ctx, who, l, w)
		return err
	})
	return m, err
}

// partEnding ends the name of a file that is not yet whole.
const partEnding = ".part"

// writeFileWhole writes beside the file's place, waits until it is on disk and moves it there: a power cut leaves the
// old file or the new one.
func writeFileWhole(file string, write func(io.Writer) error) error {
	part := file + partEnding
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(part) // it is gone when it was renamed
	w := bufio.NewWriterSize(f, 1<<18)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(part, file); err != nil {
		return err
	}
	return syncDir(filepath.Dir(file))
}

// syncDir makes a new name survive a power cut. Systems that cannot sync a folder do so by themselves.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
