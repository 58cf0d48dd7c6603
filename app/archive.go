// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"ledsyn/access"
	"ledsyn/files"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/store"
)

// Archive writes everything of the organisation as one file: what is marked as secret too, and the attachments. Who
// takes it out is noted in the journal before the first byte is written; the operator, who holds the database in
// their hands, can take it beside a running server and is not noted.
func (a *App) Archive(ctx context.Context, who access.Actor, l locale.Lang, w io.Writer) (store.Manifest, error) {
	if err := a.allowed(ctx, who, access.Archive); err != nil {
		return store.Manifest{}, err
	}
	if !who.System() {
		err := a.DB.Update(ctx, store.Act{Org: who.Org, Who: signature(who)}, func(tx *store.Tx) error {
			return tx.Note("archive", "organisation", who.Org, json.RawMessage(`{}`))
		})
		if err != nil {
			return store.Manifest{}, err
		}
		a.Log.InfoContext(ctx, "taking out everything", "org", who.Org, "who", signature(who))
	}
	return a.DB.WriteArchive(ctx, who.Org, w, a.archiving(ctx, l, "archive.readme"))
}

// archiving is what the store needs to write an archive that people can read.
func (a *App) archiving(ctx context.Context, l locale.Lang, readme string) store.Archiving {
	with := store.Archiving{Readme: l.T(readme) + "\n", Words: func(key string) string {
		if !l.Has(key) {
			return ""
		}
		return l.T(key)
	}}
	if a.Files != nil {
		with.Files = func(sha string) ([]byte, error) { return a.fileWhole(ctx, sha) }
	}
	return with
}

// fileWhole reads a file. One that has been damaged is as good as gone, and the log says which.
func (a *App) fileWhole(ctx context.Context, sha string) ([]byte, error) {
	r, _, err := a.Files.Open(ctx, sha)
	if errors.Is(err, files.ErrNone) {
		return nil, isms.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if errors.Is(err, files.ErrChanged) {
		a.Log.ErrorContext(ctx, "a kept file is damaged", "sha256", sha)
		return nil, isms.ErrNotFound
	}
	return b, err
}

// Restore reads an archive or a backup into a place where none of its organisations is, and verifies it. It is the
// operator's, before anything is served.
func (a *App) Restore(ctx context.Context, from *store.Archive) (store.Restored, error) {
	if a.Files == nil {
		return a.DB.ReadArchive(ctx, from, nil)
	}
	return a.DB.ReadArchive(ctx, from, func(sha string, r io.Reader) error {
		got, _, err := a.Files.Put(ctx, r, maxRestored)
		if err == nil && got != sha {
			err = fmt.Errorf("%s: %w", sha, files.ErrChanged)
		}
		return err
	})
}

// maxRestored is the largest file that is read from an archive, in bytes. None is taken in that is near it.
const maxRestored = 1 << 30
