// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// Restored says what was read and verified.
type Restored struct {
	Organisations map[string]Report // by id
	Files         int               // attachments
	Accounts      int
}

// RestoreKey writes a backup's signing key as the file, mode 0600, unless there is one already. It reports whether the
// file now holds the backup's key: a place that has a key of its own keeps it, and what the old key signed is checked
// with the public key that ReadArchive keeps.
func RestoreKey(a *Archive, file string) (bool, error) {
	key, err := a.Key()
	if err != nil || key == nil {
		return false, err
	}
	has, err := openKey(file, false)
	if err != nil {
		return false, err
	}
	if has == nil {
		if has, err = keepKey(file, key.Seed()); errors.Is(err, os.ErrExist) {
			has, err = openKey(file, false)
		}
	}
	return bytes.Equal(has, key), err
}

// ReadArchive reads an archive or a backup into a database that has none of its organisations. The attachments' bytes
// are handed to keep, which must read each to its end and keep nothing on an error; then come the sets of rows, which
// nothing counts before the records are there; then all the rest in one transaction, in which the journal is verified
// before it is kept. So the organisations are there whole or not at all. Errors: *ErrArchive, *ErrCorrupt.
func (db *DB) ReadArchive(ctx context.Context, a *Archive, keep func(sha string, r io.Reader) error) (Restored, error) {
	if db.readOnly {
		return Restored{}, ErrReadOnly
	}
	r := restorer{ctx: ctx, db: db, a: a, report: Restored{Organisations: map[string]Report{}}}
	err := r.read(keep)
	if err != nil {
		for _, s := range r.sets {
			err = errors.Join(err, db.dropSet(context.WithoutCancel(ctx), s[0], s[1]))
		}
		return Restored{}, err
	}
	return r.report, nil
}

type restorer struct {
	ctx    context.Context
	db     *DB
	a      *Archive
	t      *Tx
	sets   [][2]string // organisation and id, written so far
	report Restored
}

func (r *restorer) read(keep func(string, io.Reader) error) error {
	if err := r.vacant(); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(r.a.files)) {
		if err := r.beside(name, keep); err != nil {
			return err
		}
	}
	return r.db.change(r.ctx, func(t *Tx) error {
		r.t = t
		for _, o := range r.a.Manifest.Organisations {
			t.org = o.ID
			if err := r.organisation(o); err != nil {
				return err
			}
		}
		return r.accounts()
	})
}

// vacant refuses an organisation that is there already, before anything is written.
func (r *restorer) vacant() error {
	there, err := r.db.Organisations(r.ctx)
	if err != nil {
		return err
	}
	for _, o := range r.a.Manifest.Organisations {
		if slices.ContainsFunc(there, func(t Organisation) bool { return t.ID == o.ID }) {
			return wrongArchive(ArchiveExists, o.ID, nil)
		}
	}
	return nil
}

// beside reads what is kept outside the transaction.
func (r *restorer) beside(name string, keep func(string, io.Reader) error) error {
	if sha, ok := strings.CutPrefix(name, "files/"); ok {
		if keep == nil {
			return wrongArchive(ArchiveFiles, "", nil)
		}
		f, err := r.a.open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		r.report.Files++
		return keep(sha, f)
	}
	if name == readmeName || name == keyName {
		_, err := r.a.document(name) // nothing of it is kept here, but all that the archive holds is to be what was written
		return err
	}
	for _, o := range r.a.Manifest.Organisations {
		rest, ok := strings.CutPrefix(name, organisationFile(o.ID, "populations")+"/")
		if id, isSet := strings.CutSuffix(rest, ".jsonl"); ok && isSet {
			return r.set(o.ID, id, name)
		}
	}
	return nil
}

// set reads the rows of a population. One that a broken restore has left goes first.
func (r *restorer) set(org, id, name string) error {
	if err := r.db.dropSet(r.ctx, org, id); err != nil {
		return err
	}
	var w *SetWriter
	err := r.a.lines(name, func(n int64, line []byte) error {
		var cells []string
		err := json.Unmarshal(line, &cells)
		switch {
		case err != nil:
			return err
		case w != nil:
			return w.Add(cells)
		}
		r.sets = append(r.sets, [2]string{org, id})
		w, err = r.db.WriteSet(r.ctx, org, id, cells)
		return err
	})
	if err != nil {
		return err
	}
	if w == nil {
		return wrongArchive(ArchiveContent, name, nil)
	}
	_, err = w.Close()
	return err
}

// organisation reads one organisation and holds it to its own journal and to the manifest.
func (r *restorer) organisation(o ArchivedPosition) error {
	n, err := r.t.exec(`insert into organisation (id, name) values ($1, $2) on conflict do nothing`, o.ID, o.Name)
	if err != nil {
		return err
	}
	if n == 0 {
		return wrongArchive(ArchiveExists, o.ID, nil)
	}
	steps := []func() error{r.journal, r.registers, r.checkpoints, r.frozen, r.sideTables, func() error { return r.verifiers(o) }, r.t.stopMail}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	report, err := r.t.verify(nil)
	if err != nil {
		return fmt.Errorf("%s: %w", o.ID, err)
	}
	if report.Entries != o.Entries || report.Root != o.Root {
		return wrongArchive(ArchiveRoot, o.ID, nil)
	}
	r.report.Organisations[o.ID] = report
	return nil
}
