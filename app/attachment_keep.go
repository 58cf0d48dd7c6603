// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"time"

	"ledsyn/access"
	"ledsyn/files"
	"ledsyn/isms"
	"ledsyn/store"
)

// orphanAge is how long a file that nothing names is left alone: it may belong to an act that is under way.
const orphanAge = 24 * time.Hour

// fileNames finds the names of files in what a draft holds. What only looks like one spares nothing that is there.
var fileNames = regexp.MustCompile(`[0-9a-f]{64}`)

// SweepFiles removes the files that no attachment of any organisation names, removed ones included, nor any list that is being
// taken in, and returns how many they were. Every organisation must be read first: a file is not removed on half an answer.
func (a *App) SweepFiles(ctx context.Context) (int, error) {
	if a.Files == nil {
		return 0, nil
	}
	before := time.Now().Add(-orphanAge) // the age of a file is told by the clock of the machine that keeps it, never by ours
	named := map[string]bool{}
	all, err := a.DB.Organisations(ctx)
	if err != nil {
		return 0, err
	}
	for _, o := range all {
		err := a.DB.View(ctx, o.ID, func(tx *store.Tx) error {
			list, err := store.AllWithRetired[isms.Attachment](tx, everywhere)
			for _, at := range list {
				named[at.SHA256] = true
			}
			return err
		})
		if err != nil {
			return 0, err
		}
		drafts, err := a.DB.Drafts(ctx, o.ID)
		if err != nil {
			return 0, err
		}
		for _, d := range drafts {
			for _, sha := range fileNames.FindAllString(d.Data, -1) {
				named[sha] = true
			}
		}
	}
	return a.Files.Sweep(ctx, before, func(sha string) bool { return named[sha] })
}

// VerifiedFiles is what was gone through when the attachments were held to the journal.
type VerifiedFiles struct {
	Files   int   // different ones
	Bytes   int64 // in them
	Missing []string
	Changed []string // ids of attachments whose files are not there, and not what they were
}

// VerifyFiles reads every file that an attachment names, also a removed one, and holds it to the SHA-256 that the journal has
// bound. It is for those who may check the journal. An error is that it could not be done.
func (a *App) VerifyFiles(ctx context.Context, who access.Actor) (VerifiedFiles, error) {
	var v VerifiedFiles
	if err := a.allowed(ctx, who, access.Verify); err != nil {
		return v, err
	}
	ids := map[string][]string{} // by the file
	err := a.DB.View(ctx, who.Org, func(tx *store.Tx) error {
		list, err := store.AllWithRetired[isms.Attachment](tx, everywhere)
		for _, at := range list {
			ids[at.SHA256] = append(ids[at.SHA256], at.ID)
		}
		return err
	})
	if err != nil {
		return v, err
	}
	for _, sha := range slices.Sorted(maps.Keys(ids)) {
		n, err := a.readThrough(ctx, sha)
		switch {
		case errors.Is(err, files.ErrNone):
			v.Missing = append(v.Missing, ids[sha]...)
		case errors.Is(err, files.ErrChanged):
			v.Changed = append(v.Changed, ids[sha]...)
		case err != nil:
			return v, a.filesFailed(ctx, "a file could not be read", err)
		}
		v.Files++
		v.Bytes += n
	}
	return v, nil
}

func (a *App) readThrough(ctx context.Context, sha string) (int64, error) {
	if a.Files == nil {
		return 0, files.ErrNone
	}
	r, _, err := a.Files.Open(ctx, sha)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	return io.Copy(io.Discard, r)
}
