// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ledsyn/access"
	"ledsyn/isms"
)

// TestArchiveReview hands a decided review to the archive: what is frozen comes with it byte for byte, and every file is what the list of
// sums and the metadata say.
func TestArchiveReview(t *testing.T) { onEach(t, archiveReview) }

func archiveReview(t *testing.T, w *world) {
	id := w.decidedReview()
	files := w.archived(id, w.as("auditor"))
	f, err := w.Frozen(w.ctx(), w.as("auditor"), id)
	want(t, "frozen", err, nil)
	if !bytes.Equal(files["review.pdf"], f.PDF) {
		t.Error("the PDF is not the frozen one")
	}
	sums := ""
	for _, name := range []string{"review.pdf", "facts.csv", "figures.csv", "metadata.xml", "metadata.xsd"} {
		sums += sha256Hex(files[name]) + "  " + name + "\n"
	}
	if got := string(files["sha256.txt"]); got != sums || len(files) != 6 {
		t.Errorf("%d files with the sums\n%s\nwant\n%s", len(files), got, sums)
	}
	var m archivedReview
	want(t, "metadata", xml.Unmarshal(files["metadata.xml"], &m), nil)
	if m.ID != id || m.Decided.On != "2023-11-23" || m.Decided.By != "head" || m.Decided.Name != "head" || m.Unit.Name != "board-a" || m.AsOf != string(f.Review.AsOf) ||
		m.Organisation.Name != "Exempelstad" || m.Journal.Position != f.Seq || m.Journal.Root != f.Root || m.Files[0].SHA256 != f.SHA256 || m.Secrecy.Marked {
		t.Errorf("the metadata is\n%s", files["metadata.xml"])
	}
	valid(t, files["metadata.xml"], files["metadata.xsd"])
	for _, name := range []string{"facts.csv", "figures.csv"} {
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(files[name], []byte("\ufeff"))))
		r.Comma = ';'
		if rows, err := r.ReadAll(); err != nil || len(rows) < 5 || strings.Contains(strings.Join(rows[0], ""), "[[") {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
	if again := w.archived(id, w.as("head")); fmt.Sprint(again) != fmt.Sprint(files) {
		t.Error("the same review is another the second time")
	}

	w.put(&isms.SecrecyMark{Record: isms.Record{ID: "m", Unit: "board-a"}, Kind: "review", Of: id, Provision: "osl_18_8", MarkedOn: "2023-11-24", Authority: "Nämnd A"})
	w.later("2023-11-25")
	marked := w.archived(id, w.as("auditor"))["metadata.xml"]
	if !strings.Contains(string(marked), `provision="osl_18_8"`) || !strings.Contains(string(marked), `<secrecy marked="true">`) {
		t.Errorf("a review marked as secret is handed over without it:\n%s", marked)
	}
	valid(t, marked, files["metadata.xsd"])
}

// TestArchiveOnlyTheDecided hands over neither a draft nor what may not be seen.
func TestArchiveOnlyTheDecided(t *testing.T) {
	w := newWorld(t)
	id := w.review()
	want(t, "a draft", w.ArchiveReview(w.ctx(), w.as("coordinator"), id, io.Discard), isms.ErrNotFound)
	decided := newWorld(t)
	id = decided.decidedReview()
	want(t, "of another board", decided.ArchiveReview(t.Context(), decided.as("coordinator-b"), id, io.Discard), isms.ErrNotFound)
	want(t, "by nobody", decided.ArchiveReview(t.Context(), access.Actor{}, id, io.Discard), isms.ErrNotFound)
}

func (w *world) decidedReview() string {
	w.t.Helper()
	id := w.review()
	w.advance(id, isms.ReviewCollecting, isms.ReviewConsultation, isms.ReviewProposed)
	w.later("2023-11-23")
	w.decide(id)
	return id
}

func (w *world) archived(id string, who access.Actor) map[string][]byte {
	w.t.Helper()
	var b bytes.Buffer
	want(w.t, "archive", w.ArchiveReview(w.ctx(), who, id, &b), nil)
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		w.t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			w.t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			w.t.Fatal(err)
		}
	}
	return files
}

// valid holds the metadata to its schema with xmllint, where it is at hand, and shows that it finds faults.
func valid(t *testing.T, text, schema []byte) {
	t.Helper()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Log("xmllint is not at hand: only read, not held to the schema")
		return
	}
	dir := t.TempDir()
	check := func(name string, body []byte) ([]byte, error) {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
		return exec.CommandContext(t.Context(), xmllint, "--nonet", "--noout", "--schema", filepath.Join(dir, "s.xsd"), filepath.Join(dir, name)).CombinedOutput()
	}
	check("s.xsd", schema)
	if out, err := check("m.xml", text); err != nil {
		t.Errorf("not valid: %v\n%s\n%s", err, out, text)
	}
	if _, err := check("bad.xml", bytes.Replace(text, []byte("<as_of>"), []byte("<as_of>x"), 1)); err == nil {
		t.Error("a broken day is valid")
	}
}
