// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"ledsyn/access"
	"ledsyn/files"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// Limits on attachments.
const (
	MaxAttachment  = 25 << 20 // bytes in one file
	maxAttached    = 100      // files of one record
	maxAllAttached = 50 << 30 // bytes of an organisation's files, so that no mistake fills the disk that the database needs: two thousand of the largest
)

// ErrFiles is that the store of the files does not answer as it should. Nothing is half done.
var ErrFiles = errors.New("app: the files cannot be reached")

// NewAttachment is a file to add to a record.
type NewAttachment struct {
	Kind, ID string // the record's register and id
	Name     string // as the file was called where it came from
	Note     string
	Key      string // never done twice under the same key
}

// Attachments is the files of a record.
type Attachments struct {
	Files   []isms.Attachment // in the order they were added
	Removed []isms.Attachment // for those who may see what the record was
	Titles  Titles            // of those who added them
	Secret  bool              // the record is marked as secret, and so are its files: the actor sees none of them
	MayAdd  bool              // and remove
}

// Attach adds a file to a record, for those who may change the record, and returns the attachment's id. What the file is
// follows from its contents. Nothing in it is changed or taken away, also not what it tells of who wrote it and where.
//
// The bytes are kept before the record that names them: an act that fails leaves bytes that SweepFiles takes, never a record
// without its file.
func (a *App) Attach(ctx context.Context, who access.Actor, n NewAttachment, r io.ReaderAt, size int64) (string, error) {
	if a.Files == nil {
		return "", fileWrong("file_nowhere")
	}
	err := a.view(ctx, who, func(tx *store.Tx) error { // before a stranger's bytes are kept
		if _, err := a.attachTo(ctx, tx, who, n.Kind, n.ID); err != nil {
			return err
		}
		return roomFor(tx, size)
	})
	if err != nil {
		return "", err
	}
	t, name, err := attachable(n.Name, r, size)
	if err != nil {
		return "", err
	}
	sha, _, err := a.Files.Put(ctx, io.NewSectionReader(r, 0, size), MaxAttachment)
	if err != nil {
		return "", a.filesFailed(ctx, "a file could not be kept", err)
	}
	return a.once(ctx, who, n.Key, []any{"attach", n, sha}, func(tx *store.Tx) (string, error) {
		rec, err := a.attachTo(ctx, tx, who, n.Kind, n.ID)
		if err != nil {
			return "", err
		}
		at := &isms.Attachment{Name: name, Kind: n.Kind, Of: n.ID, Type: t.media, Size: register.CountOf(int(size)), SHA256: sha, Note: n.Note,
			AddedOn: a.Today(), AddedBy: register.Ref[isms.Person](who.Person)}
		at.ID, at.Unit = register.NewID(), rec.Head().Unit
		if wrong := register.Wrongs(register.Check(at)); len(wrong) > 0 {
			return "", wrong
		}
		if err := oneMore(tx, at); err != nil {
			return "", err
		}
		return at.ID, tx.Put(at)
	})
}

// filesFailed logs why the files cannot be reached, which is nothing for a person to read, and returns ErrFiles.
func (a *App) filesFailed(ctx context.Context, what string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	a.Log.ErrorContext(ctx, what, "error", err)
	return fmt.Errorf("%w: %w", ErrFiles, err)
}

// attachTo returns the record if the actor may add files to it and take them away.
func (a *App) attachTo(ctx context.Context, tx *store.Tx, who access.Actor, kind, id string) (register.Entity, error) {
	rec, err := bearer(tx, who, kind, id)
	if err != nil {
		return nil, err
	}
	if err := a.allow(ctx, who, access.Change, kind, rec.Head().Unit); err != nil {
		return nil, err
	}
	if is, err := frozen(one(tx), rec); err != nil || is {
		return nil, errors.Join(err, isms.ErrFrozen)
	}
	secret, err := secretFiles(tx, who, rec, nil)
	if err == nil && secret[""] {
		err = isms.ErrForbidden
	}
	return rec, err
}

// bearer returns the record that files belong to, if the actor may see it. Files have no files.
func bearer(tx *store.Tx, who access.Actor, kind, id string) (register.Entity, error) {
	s, err := schema(kind)
	if err != nil {
		return nil, err
	}
	if kind == "attachment" {
		return nil, isms.ErrNotFound
	}
	return tx.Get(s, who.In(access.See, kind), id)
}

// secretFiles tells which of the record's files the actor may not see because they are marked as secret, by their ids; "" is
// all of them. A mark on any part of the record is one on its files: nobody has said that they leave that part out. That the actor
// does see secret files is noted.
func secretFiles(tx *store.Tx, who access.Actor, rec register.Entity, ids []string) (map[string]bool, error) {
	s, h := register.OfValue(rec), rec.Head()
	secret := map[string]bool{}
	marks, err := tx.SecretParts(s, []string{h.ID})
	if err != nil {
		return nil, err
	}
	own, err := tx.SecretParts(register.Of[isms.Attachment](), ids)
	if err != nil {
		return nil, err
	}
	if who.May(access.SeeSecret, s.Name, h.Unit) && tx.SeesSecret(s.Name, h.Unit) {
		if len(marks[h.ID])+len(own) > 0 && len(ids) > 0 {
			tx.NoteRead(rec, "files")
		}
		return secret, nil
	}
	secret[""] = len(marks[h.ID]) > 0
	for id := range own {
		secret[id] = true
	}
	return secret, nil
}

// roomFor refuses what would make an organisation's files too large. It is a guard and no rule of the work: two who add at the
// same time may pass it.
func roomFor(tx *store.Tx, size int64) error {
	all, err := store.AllWithRetired[isms.Attachment](tx, everywhere)
	if err != nil {
		return err
	}
	for _, at := range all {
		n, _ := at.Size.Known()
		size += int64(n)
	}
	if size > maxAllAttached {
		return fileWrong("files_full", maxAllAttached>>30)
	}
	return nil
}

// oneMore refuses a file that the record has already, and more files than it can have.
func oneMore(tx *store.Tx, at *isms.Attachment) error {
	there, err := attachmentsOf(tx, at.Kind, at.Of)
	if err != nil {
		return err
	}
	n := 0
	for _, other := range there {
		switch {
		case other.Retired != "":
		case other.SHA256 == at.SHA256:
			return fileWrong("file_there", other.Name)
		default:
			n++
		}
	}
	if n >= maxAttached {
		return fileWrong("files_many", maxAttached)
	}
	return nil
}

// attachmentsOf lists the record's files, also those that were removed, in the order they were added.
func attachmentsOf(tx *store.Tx, kind, id string) ([]isms.Attachment, error) {
	q := store.Query{Where: map[string][]string{"kind": {kind}, "of": {id}}, Retired: true, Limit: maxPage}
	var all []isms.Attachment
	for {
		var page store.Page
		err := tx.Unveiled(func() (err error) { // which of them are secret is asked of secretFiles
			page, err = tx.List(register.Of[isms.Attachment](), everywhere, q)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, rec := range page.Records {
			all = append(all, *rec.(*isms.Attachment))
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	slices.SortStableFunc(all, func(a, b isms.Attachment) int { return cmp.Compare(a.AddedOn, b.AddedOn) })
	return all, nil
}

// Attachments lists the files of a record that the actor may see.
func (a *App) Attachments(ctx context.Context, who access.Actor, kind, id string) (Attachments, error) {
	var list Attachments
	err := a.view(ctx, who, func(tx *store.Tx) error {
		rec, err := bearer(tx, who, kind, id)
		if err != nil {
			return err
		}
		there, err := attachmentsOf(tx, kind, id)
		if err != nil {
			return err
		}
		ids := make([]string, len(there))
		for i, at := range there {
			ids[i] = at.ID
		}
		secret, err := secretFiles(tx, who, rec, ids)
		if err != nil {
			return err
		}
		if list.Secret = secret[""]; list.Secret {
			return nil
		}
		past := who.May(access.SeeHistory, kind, rec.Head().Unit)
		w := wanted{}
		for _, at := range there {
			switch {
			case secret[at.ID]:
				list.Secret = true
			case at.Retired == "":
				list.Files = append(list.Files, at)
			case past:
				list.Removed = append(list.Removed, at)
			}
			w.add("person", string(at.AddedBy))
		}
		done, err := frozen(one(tx), rec)
		if err != nil {
			return err
		}
		list.MayAdd = who.May(access.Change, kind, rec.Head().Unit) && !done
		list.Titles, err = titles(tx, who, w)
		return err
	})
	return list, err
}

// OpenAttachment returns a file for those who may see the record it belongs to, with what is noted of it. One that was removed
// is for those who may see what the record was. Reading it fails before its end if it is not what was kept. The caller closes it.
func (a *App) OpenAttachment(ctx context.Context, who access.Actor, id string) (isms.Attachment, io.ReadCloser, error) {
	var at isms.Attachment
	err := a.view(ctx, who, func(tx *store.Tx) error {
		var err error
		err = tx.Unveiled(func() (err error) {
			at, err = store.Get[isms.Attachment](tx, everywhere, id)
			return err
		})
		if err != nil {
			return err
		}
		rec, err := bearer(tx, who, at.Kind, at.Of)
		if err != nil {
			return err
		}
		if at.Retired != "" && !who.May(access.SeeHistory, at.Kind, rec.Head().Unit) {
			return isms.ErrNotFound
		}
		secret, err := secretFiles(tx, who, rec, []string{id})
		if err == nil && (secret[""] || secret[id]) {
			err = isms.ErrNotFound
		}
		return err
	})
	if err != nil {
		return isms.Attachment{}, nil, err
	}
	if a.Files == nil {
		return at, nil, a.filesFailed(ctx, "a file is asked for, but no place for files is set", files.ErrNone)
	}
	r, _, err := a.Files.Open(ctx, at.SHA256)
	if err != nil {
		return at, nil, a.filesFailed(ctx, "a file could not be opened", err)
	}
	return at, r, nil
}

// RemoveAttachment takes a file from its record, for those who may change the record. Its bytes stay as a part of what was.
func (a *App) RemoveAttachment(ctx context.Context, who access.Actor, id string, rev int, key string) error {
	_, err := a.once(ctx, who, key, []any{"remove attachment", id, rev}, func(tx *store.Tx) (string, error) {
		at, err := store.Get[isms.Attachment](tx, everywhere, id)
		if err != nil {
			return "", err
		}
		if _, err := a.attachTo(ctx, tx, who, at.Kind, at.Of); err != nil {
			return "", err
		}
		return id, tx.Retire(register.Of[isms.Attachment](), everywhere, id, rev, a.Today())
	})
	return err
}
