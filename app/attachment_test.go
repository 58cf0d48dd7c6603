// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ledsyn/access"
	"ledsyn/files"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// withFiles gives the world a folder for files.
func (w *world) withFiles() string {
	w.t.Helper()
	dir := filepath.Join(w.t.TempDir(), "files")
	w.Files = files.Dir(dir)
	return dir
}

// attach adds a text to the record.
func (w *world) attach(who access.Actor, kind, id, name, text string) (string, error) {
	return w.Attach(w.ctx(), who, NewAttachment{Kind: kind, ID: id, Name: name}, strings.NewReader(text), int64(len(text)))
}

// read opens the attachment and reads it to its end.
func (w *world) read(who access.Actor, id string) (string, error) {
	_, r, err := w.OpenAttachment(w.ctx(), who, id)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	return string(b), err
}

func TestAttachments(t *testing.T) { onEach(t, attachments) }

func attachments(t *testing.T, w *world) {
	w.withFiles()
	who := w.as("coordinator")
	id, err := w.attach(who, "system", "sys-a", "Beslut", samplePDF)
	want(t, "attach", err, nil)
	text, err := w.read(who, id)
	if err != nil || text != samplePDF {
		t.Errorf("read %q, %v", text, err)
	}
	_, err = w.attach(who, "system", "sys-a", "Igen.pdf", samplePDF)
	wantWrong(t, "the same file", err, "file_there")
	_, err = w.attach(who, "system", "sys-d", "Igen.pdf", samplePDF)
	want(t, "the same file on another record", err, nil)
	_, err = w.attach(who, "attachment", id, "a.txt", "a")
	want(t, "a file on a file", err, isms.ErrNotFound)
	_, err = w.attach(who, "no_register", "x", "a.txt", "a")
	want(t, "no register", err, isms.ErrNotFound)

	list, err := w.Attachments(w.ctx(), who, "system", "sys-a")
	if err != nil || len(list.Files) != 1 || !list.MayAdd || list.Secret {
		t.Fatalf("the list is %+v, %v", list, err)
	}
	at := list.Files[0]
	if at.Name != "Beslut.pdf" || at.Type != "application/pdf" || at.AddedBy != "coordinator" || at.AddedOn != "2023-01-10" || at.Unit != "board-a" {
		t.Errorf("it is noted as %+v", at)
	}
	want(t, "remove with an old revision", w.RemoveAttachment(w.ctx(), who, id, 7, ""), isms.ErrStale)
	want(t, "remove", w.RemoveAttachment(w.ctx(), who, id, 1, ""), nil)
	if list, _ = w.Attachments(w.ctx(), who, "system", "sys-a"); len(list.Files) != 0 || len(list.Removed) != 1 {
		t.Errorf("after removal: %+v", list)
	}
	_, err = w.attach(who, "system", "sys-a", "Igen.pdf", samplePDF)
	want(t, "what was removed again", err, nil)
}

// TestAttachmentsFollowTheirRecord tries every way to a file on records that somebody may not see or change, in each way that a
// record can be out of reach.
func TestAttachmentsFollowTheirRecord(t *testing.T) { onEach(t, attachmentsFollow) }

func attachmentsFollow(t *testing.T, w *world) {
	w.withFiles()
	w.put(&isms.Audit{Record: isms.Record{ID: "audit", Unit: "board-a"}, Title: "Granskning", Auditor: "Revisionen", Year: 2022},
		&isms.Document{Record: isms.Record{ID: "doc", Unit: "city"}, Title: "Policy", Type: "policy", State: "draft"})
	central := w.as("central_office")
	of := map[string]string{}
	for kind, id := range map[string]string{"system": "sys-a", "audit": "audit", "document": "doc"} {
		at, err := w.attach(central, kind, id, "a.txt", "text om "+kind)
		want(t, kind, err, nil)
		of[kind] = at
	}
	for _, c := range []struct {
		who, kind, record string
		see, change       error
	}{
		{"coordinator", "system", "sys-a", nil, nil},
		{"coordinator", "document", "doc", nil, isms.ErrForbidden}, // common: seen from the unit below
		{"system_owner", "system", "sys-a", nil, nil},              // sees no files as such
		{"system_owner", "audit", "audit", isms.ErrNotFound, isms.ErrNotFound},
		{"auditor", "audit", "audit", nil, isms.ErrForbidden},
		{"employee", "system", "sys-a", isms.ErrNotFound, isms.ErrNotFound},
		{"employee", "document", "doc", nil, isms.ErrForbidden},
		{"administrator", "document", "doc", isms.ErrNotFound, isms.ErrNotFound},
		{"coordinator-b", "system", "sys-a", isms.ErrNotFound, isms.ErrNotFound},
		{"coordinator-b", "document", "doc", nil, isms.ErrForbidden},
	} {
		what, who := c.who+" and "+c.kind, w.as(c.who)
		_, err := w.read(who, of[c.kind])
		want(t, what+": open", err, c.see)
		list, err := w.Attachments(w.ctx(), who, c.kind, c.record)
		want(t, what+": list", err, c.see)
		if list.MayAdd != (c.change == nil) || (len(list.Files) == 1) != (c.see == nil) {
			t.Errorf("%s: the list is %+v", what, list)
		}
		if c.change != nil {
			_, err = w.attach(who, c.kind, c.record, "b.txt", "b")
			want(t, what+": attach", err, c.change)
			want(t, what+": remove", w.RemoveAttachment(w.ctx(), who, of[c.kind], 1, ""), c.change)
		}
		// The register itself is nobody's.
		_, err = w.Get(w.ctx(), who, "attachment", of[c.kind])
		want(t, what+": as a record", err, isms.ErrNotFound)
		_, err = w.List(w.ctx(), who, "attachment", store.Query{})
		want(t, what+": as a list", err, isms.ErrNotFound)
		_, err = w.History(w.ctx(), who, "attachment", of[c.kind])
		want(t, what+": history", err, isms.ErrNotFound)
		_, err = w.Save(w.ctx(), who, Change{Kind: "attachment", ID: of[c.kind], Rev: 1, Form: map[string][]string{"of": {"sys-b"}}})
		want(t, what+": change", err, isms.ErrNotFound)
		want(t, what+": retire", w.Retire(w.ctx(), who, "attachment", of[c.kind], 1, "", ""), isms.ErrNotFound)
		if names, err := w.Names(w.ctx(), who, "attachment", []string{of[c.kind]}); err != nil || len(names) != 0 {
			t.Errorf("%s: names %v, %v", what, names, err)
		}
	}
	// A record that moves takes its files along: rights are asked where it is now.
	_, err := w.Save(w.ctx(), central, Change{Kind: "system", ID: "sys-a", Rev: 1, Unit: "board-b"})
	want(t, "move", err, nil)
	_, err = w.read(w.as("coordinator"), of["system"])
	want(t, "after the move, from where it was", err, isms.ErrNotFound)
	_, err = w.read(w.as("coordinator-b"), of["system"])
	want(t, "after the move, where it is", err, nil)
}

func TestSecretAttachments(t *testing.T) { onEach(t, secretAttachments) }

func secretAttachments(t *testing.T, w *world) {
	w.withFiles()
	coordinator, auditor := w.as("coordinator"), w.as("auditor")
	open, err := w.attach(coordinator, "system", "sys-a", "a.txt", "a")
	want(t, "attach", err, nil)
	shut, err := w.attach(coordinator, "system", "sys-a", "b.txt", "b")
	want(t, "attach", err, nil)
	mark := &isms.SecrecyMark{Record: isms.Record{ID: "mark", Unit: "board-a"}, Kind: "attachment", Of: shut, Provision: "osl_18_8",
		MarkedOn: "2023-01-10", Authority: "Nämnden"}
	w.put(mark)
	_, err = w.read(auditor, shut)
	want(t, "a marked file", err, isms.ErrNotFound)
	_, err = w.read(auditor, open)
	want(t, "the other file", err, nil)
	_, err = w.read(coordinator, shut)
	want(t, "a marked file, for who may", err, nil)
	if list, err := w.Attachments(w.ctx(), auditor, "system", "sys-a"); err != nil || len(list.Files) != 1 || list.Files[0].ID != open || !list.Secret {
		t.Errorf("the list is %+v, %v", list, err)
	}
	w.put(&isms.SecrecyMark{Record: isms.Record{ID: "part", Unit: "board-a"}, Kind: "system", Of: "sys-a", Field: "name", Provision: "osl_18_8",
		MarkedOn: "2023-01-10", Authority: "Nämnden", LiftedOn: "2023-06-01"})
	_, err = w.read(auditor, open)
	want(t, "a file of a record with a mark on a part of it", err, isms.ErrNotFound)
	w.later("2023-06-01")
	_, err = w.read(w.as("auditor"), open)
	want(t, "after the mark was lifted", err, nil)
}

func TestFrozenRecordsTakeNoFiles(t *testing.T) { onEach(t, frozenTakeNoFiles) }

func frozenTakeNoFiles(t *testing.T, w *world) {
	w.withFiles()
	w.put(&isms.Review{Record: isms.Record{ID: "review", Unit: "board-a"}, Year: 2022, Version: 1, Template: "iso-9-3", State: isms.ReviewDraft, AsOf: "2022-12-31"})
	who := w.as("coordinator")
	id, err := w.attach(who, "review", "review", "a.txt", "a")
	want(t, "attach to a draft", err, nil)
	err = w.DB.Update(w.ctx(), store.Act{Org: w.org, Who: "test"}, func(tx *store.Tx) error {
		r, err := store.Get[isms.Review](tx, everywhere, "review")
		if err != nil {
			return err
		}
		r.State, r.DecidedBy, r.DecidedOn = isms.ReviewDecided, "head", "2023-01-10"
		return tx.Put(&r)
	})
	want(t, "decide", err, nil)
	_, err = w.attach(who, "review", "review", "b.txt", "b")
	want(t, "attach", err, isms.ErrFrozen)
	want(t, "remove", w.RemoveAttachment(w.ctx(), who, id, 1, ""), isms.ErrFrozen)
	_, err = w.read(who, id)
	want(t, "read", err, nil)
}

// TestAttachOnce holds that a form that is sent twice, also at the same time, adds one file.
func TestAttachOnce(t *testing.T) { onEach(t, attachOnce) }

func attachOnce(t *testing.T, w *world) {
	w.withFiles()
	who := w.as("coordinator")
	const times = 8
	got := make(chan string, times)
	for range times {
		go func() {
			id, err := w.Attach(w.ctx(), who, NewAttachment{Kind: "system", ID: "sys-a", Name: "a.txt", Key: "once"}, strings.NewReader("a"), 1)
			got <- fmt.Sprint(id, err)
		}()
	}
	first := <-got
	for range times - 1 {
		if other := <-got; other != first {
			t.Errorf("one got %s, another %s", first, other)
		}
	}
	if list, err := w.Attachments(w.ctx(), who, "system", "sys-a"); err != nil || len(list.Files) != 1 {
		t.Errorf("%d files, %v", len(list.Files), err)
	}
}

func TestLimitsOnAttachments(t *testing.T) {
	w := newWorld(t)
	w.withFiles()
	who := w.as("coordinator")
	for i := range maxAttached {
		_, err := w.attach(who, "system", "sys-a", "a.txt", fmt.Sprint("text ", i))
		want(t, fmt.Sprint("file ", i), err, nil)
	}
	_, err := w.attach(who, "system", "sys-a", "a.txt", "one more")
	wantWrong(t, "one more", err, "files_many")
	if got := register.CountOf(maxAllAttached); got.String() == "" {
		t.Fatal("the size cannot be kept")
	}
	w.put(&isms.Attachment{Record: isms.Record{ID: "great", Unit: "board-a"}, Name: "stor.pdf", Kind: "system", Of: "sys-d", Type: "application/pdf",
		Size: register.CountOf(maxAllAttached), SHA256: strings.Repeat("a", 64)})
	_, err = w.attach(who, "system", "sys-d", "a.txt", "a")
	wantWrong(t, "no room", err, "files_full")
	_, err = w.Attach(w.ctx(), who, NewAttachment{Kind: "system", ID: "sys-b"}, strings.NewReader("a"), 1)
	want(t, "a limit tells nothing of what may not be seen", err, isms.ErrNotFound)
	w.Files = nil
	_, err = w.attach(who, "system", "sys-d", "a.txt", "a")
	wantWrong(t, "nowhere to keep it", err, "file_nowhere")
}

// failing is a store of files that is down, full or slow to find out.
type failing struct{ err error }

func (f failing) Put(_ context.Context, r io.Reader, _ int64) (string, int64, error) {
	_, _ = io.CopyN(io.Discard, r, 1) // it began
	return "", 0, f.err
}
func (f failing) Open(context.Context, string) (io.ReadCloser, int64, error) { return nil, 0, f.err }
func (f failing) Sweep(context.Context, time.Time, func(string) bool) (int, error) {
	return 0, f.err
}

func TestFailingFiles(t *testing.T) { onEach(t, failingFiles) }

func failingFiles(t *testing.T, w *world) {
	kept := w.withFiles()
	who := w.as("coordinator")
	id, err := w.attach(who, "system", "sys-a", "a.txt", "a")
	want(t, "attach", err, nil)
	before, _, _, err := head(w)
	want(t, "head", err, nil)

	full := errors.New("no space left on device")
	working := w.Files
	w.Files = failing{full}
	_, err = w.attach(who, "system", "sys-a", "b.txt", "b")
	want(t, "a full disk", err, ErrFiles)
	want(t, "a full disk, its cause", err, full)
	_, err = w.read(who, id)
	want(t, "reading", err, ErrFiles)
	_, err = w.SweepFiles(w.ctx())
	want(t, "sweeping", err, full)
	_, err = w.VerifyFiles(w.ctx(), w.as("central_office"))
	want(t, "verifying", err, ErrFiles)

	w.Files = working
	_, err = w.Attach(w.ctx(), who, NewAttachment{Kind: "system", ID: "sys-a", Name: "b.txt"}, brokenAt{}, 5000)
	if err == nil {
		t.Error("a file that cannot be read was kept")
	}
	if after, _, _, _ := head(w); after != before {
		t.Errorf("the journal went from %d to %d", before, after)
	}
	var names []string
	want(t, "walk", filepath.WalkDir(kept, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, path)
		}
		return err
	}), nil)
	if len(names) != 1 {
		t.Errorf("there are the files %v", names)
	}
}

func head(w *world) (seq int64, root string, at register.Moment, err error) {
	err = w.DB.View(w.ctx(), w.org, func(tx *store.Tx) error {
		seq, root, at, err = tx.Head()
		return err
	})
	return seq, root, at, err
}

// brokenAt gives text and then fails.
type brokenAt struct{}

func (brokenAt) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > 4096 {
		return 0, errors.New("the disk is broken")
	}
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

// age makes every file in the folder two days old.
func age(t *testing.T, dir string) {
	t.Helper()
	old := time.Now().Add(-48 * time.Hour)
	want(t, "age", filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			err = os.Chtimes(path, old, old)
		}
		return err
	}), nil)
}

// TestSweepFiles holds that what an act that failed has left is swept, and nothing that anything names, in any organisation.
func TestSweepFiles(t *testing.T) { onEach(t, sweepFiles) }

func sweepFiles(t *testing.T, w *world) {
	dir := w.withFiles()
	who := w.as("coordinator")
	kept, err := w.attach(who, "system", "sys-a", "a.txt", "kept")
	want(t, "attach", err, nil)
	removed, err := w.attach(who, "system", "sys-a", "b.txt", "removed")
	want(t, "attach", err, nil)
	want(t, "remove", w.RemoveAttachment(w.ctx(), who, removed, 1, ""), nil)
	list, _, err := w.Files.Put(w.ctx(), strings.NewReader("a list that is being taken in"), 100)
	want(t, "put", err, nil)
	want(t, "draft", w.DB.PutDraft(w.ctx(), store.Draft{Org: w.org, ID: register.NewID(), Person: "coordinator", Data: `{"file":"` + list + `"}`}), nil)
	orphan, _, err := w.Files.Put(w.ctx(), strings.NewReader("orphan"), 100)
	want(t, "put", err, nil)

	if n, err := w.SweepFiles(w.ctx()); n != 0 || err != nil {
		t.Errorf("what is new: %d, %v", n, err)
	}
	age(t, dir)
	if n, err := w.SweepFiles(w.ctx()); n != 1 || err != nil {
		t.Errorf("what is old: %d, %v", n, err)
	}
	if _, _, err := w.Files.Open(w.ctx(), orphan); !errors.Is(err, files.ErrNone) {
		t.Errorf("the orphan: %v", err)
	}
	for _, id := range []string{kept, removed} {
		_, err := w.read(who, id)
		want(t, "what is named", err, nil)
	}
	r, _, err := w.Files.Open(w.ctx(), list)
	want(t, "the list", err, nil)
	r.Close()
}

func TestVerifyFiles(t *testing.T) { onEach(t, verifyFiles) }

func verifyFiles(t *testing.T, w *world) {
	dir := w.withFiles()
	who, checker := w.as("coordinator"), w.as("central_office")
	var ids []string
	for _, text := range []string{"one", "two", "three"} {
		id, err := w.attach(who, "system", "sys-a", text+".txt", text)
		want(t, "attach", err, nil)
		ids = append(ids, id)
	}
	want(t, "remove", w.RemoveAttachment(w.ctx(), who, ids[2], 1, ""), nil)
	_, err := w.VerifyFiles(w.ctx(), who)
	want(t, "for somebody who may not", err, isms.ErrForbidden)
	v, err := w.VerifyFiles(w.ctx(), checker)
	if err != nil || v.Files != 3 || v.Bytes != 11 || len(v.Missing)+len(v.Changed) > 0 {
		t.Errorf("all are there: %+v, %v", v, err)
	}
	all, err := w.Attachments(w.ctx(), who, "system", "sys-a")
	want(t, "list", err, nil)
	for _, at := range slices.Concat(all.Files, all.Removed) {
		path := filepath.Join(dir, at.SHA256[:2], at.SHA256)
		switch at.ID {
		case ids[1]:
			err = os.WriteFile(path, []byte("TWO"), 0o600)
		case ids[2]:
			err = os.Remove(path)
		}
		want(t, "harm", err, nil)
	}
	v, err = w.VerifyFiles(w.ctx(), checker)
	if err != nil || !slices.Equal(v.Changed, ids[1:2]) || !slices.Equal(v.Missing, ids[2:]) {
		t.Errorf("%+v, %v; changed is %s, missing is %s", v, err, ids[1], ids[2])
	}
	_, err = w.read(who, ids[1])
	want(t, "reading a changed file", err, files.ErrChanged)
}
