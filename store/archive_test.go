// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/isms"
	"ledsyn/register"
)

// attached is what stands for the attachments' own store in these tests: bytes by their hash.
type attached map[string][]byte

func (a attached) read(sha string) ([]byte, error) {
	if b, ok := a[sha]; ok {
		return b, nil
	}
	return nil, isms.ErrNotFound
}

func (a attached) keep(sha string, r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	a[sha] = b
	return nil
}

// fillAll gives the organisation something of everything that an archive holds, and returns its attachments and a
// checkpoint that somebody has kept elsewhere.
func fillAll(t testing.TB, db *DB) (attached, []byte) {
	t.Helper()
	files := attached{}
	attach := func(text, retired string) *isms.Attachment {
		files[hashOf([]byte(text))] = []byte(text)
		return &isms.Attachment{Record: isms.Record{Unit: "stad", Retired: register.Day(retired)}, Name: "Avtal å.txt", Kind: "system", Of: "s1",
			Type: "text/plain", Size: register.CountOf(len(text)), SHA256: hashOf([]byte(text))}
	}
	owner := &isms.Person{Record: isms.Record{ID: "p", Unit: "stad"}, Name: "Ägaren", Email: "a@example.org"}
	first := system("Ekonomi & <lön> \"ÅÄÖ\" \u2028\\")
	first.ID, first.Owner, first.Purpose = "s1", "p", "rad ett\nrad två\ttabb"
	process := &isms.Process{Record: isms.Record{ID: "pr", Unit: "stad"}, Name: "Processen"}
	put(t, db, owner, first, process, attach("ett avtal", ""), attach("ett till", ""), attach("ett avtal", ""))
	if err := db.Update(t.Context(), Act{Org: org, Who: "tester", Key: "nyckel"}, func(tx *Tx) error {
		return tx.Note("sign", "organisation", org, []byte(`{"what":"å"}`))
	}); err != nil {
		t.Fatal(err)
	}
	gone := *first
	gone.Name = "Ekonomi"
	put(t, db, &gone)
	update(t, db, func(tx *Tx) error {
		if err := tx.Erase(3, "gallrat"); err != nil { // the system's first body
			return err
		}
		return tx.Retire(register.Of[isms.Process](), all, "pr", 1, "2024-02-01")
	})
	if _, err := db.Checkpoint(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	put(t, db, review("r", isms.ReviewDecided))
	update(t, db, func(tx *Tx) error {
		return tx.Freeze(Frozen{Review: "r", Doc: []byte(`{"doc":1}`), PDF: []byte("%PDF-\x00\xff"), HTML: []byte("<p>"), JSON: []byte("[]")})
	})
	setOf(t, db, "hr", [][]string{{"Anst.nr", "Namn", "Ort"}, {"1", "Å \"B\" <c>", ""}, {"2", "", "Ö\nrad"}})
	old := setOf(t, db, "old", [][]string{{"a"}, {"b"}})
	old.DisposedOn = "2024-05-01"
	put(t, db, old)
	if err := db.DropSet(t.Context(), org, "old"); err != nil {
		t.Fatal(err)
	}
	if err := db.PutAccount(t.Context(), Account{Name: "anna", Org: org, Person: "p", Secret: "$argon2id$x", Data: "{}"}); err != nil {
		t.Fatal(err)
	}
	if err := db.PutSession(t.Context(), Session{Hash: "h", Org: org, Account: "anna", Person: "p", Expires: "2999-01-01T00:00:00.000000Z"}); err != nil {
		t.Fatal(err)
	}
	kept, err := db.Checkpoint(t.Context(), org)
	if err != nil {
		t.Fatal(err)
	}
	put(t, db, system("Efter kvittot"))
	return files, kept
}

// setOf keeps a set of rows, its columns first, and the record that binds it.
func setOf(t testing.TB, db *DB, id string, rows [][]string) *isms.Population {
	t.Helper()
	w, err := db.WriteSet(t.Context(), org, id, rows[0])
	for _, row := range rows[1:] {
		err = errors.Join(err, w.Add(row))
	}
	if err != nil {
		t.Fatal(err)
	}
	set, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	p := &isms.Population{Record: isms.Record{ID: id, Unit: "stad"}, Name: "Lista " + id, Kind: isms.Employments, Day: "2024-01-31",
		Rows: register.CountOf(int(set.Rows)), SHA256: set.SHA256}
	put(t, db, p)
	return p
}

// everything reads every row of every table that a backup holds, as texts, without the archive's help.
func everything(t testing.TB, db *DB) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	view(t, db, func(tx *Tx) error {
		read := func(name, columns, order string, n int) {
			err := tx.each(`select `+columns+` from `+name+` order by `+order, nil, func(scan func(...any) error) error {
				cells := make([]any, n)
				into := make([]any, n)
				for i := range cells {
					into[i] = &cells[i]
				}
				err := scan(into...)
				for i, c := range cells {
					if b, ok := c.([]byte); ok {
						cells[i] = hex.EncodeToString(b)
					}
				}
				out[name] = append(out[name], fmt.Sprintf("%q", fmt.Sprint(cells...)))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range isms.Registers() {
			columns, err := tx.columnsOf(quote(s.Name))
			if err != nil {
				return err
			}
			slices.Sort(columns)
			for i := range columns {
				columns[i] = quote(columns[i])
			}
			read(quote(s.Name), strings.Join(columns, ", "), "org, id", len(columns))
		}
		read("organisation", "id, name", "id", 2)
		read("head", "org, seq, at, frontier", "org", 4)
		read("journal", "org, seq, at, who, act, kind, id, unit, digest, salt, body", "org, seq", 11)
		read("link", "org, kind, id, field, pos, target_kind, target", "org, kind, id, field, pos", 7)
		read("done", "org, key, seq, kind, id", "org, key", 5)
		read("checkpoint", "org, seq, at, note", "org, seq", 4)
		read("frozen", "org, review, sha256, seq, root, at, doc, pdf, html, json", "org, review", 10)
		read("account", accountColumns, "name", 7)
		read("row_set", "org, id, headings, size, sha256", "org, id", 5)
		read("session", "hash", "hash", 1)
		return tx.SetEach("hr", func(n int64, cells []string) error {
			out["set"] = append(out["set"], fmt.Sprintf("%d %q", n, cells))
			return nil
		})
	})
	return out
}

// backup writes a backup or, of one organisation, an archive.
func backup(t testing.TB, db *DB, one string, files attached) ([]byte, Manifest) {
	t.Helper()
	var b bytes.Buffer
	with := Archiving{Files: files.read, Readme: "Läs mig"}
	m, err := Manifest{}, error(nil)
	if one != "" {
		m, err = db.WriteArchive(t.Context(), one, &b, with)
	} else {
		m, err = db.WriteBackup(t.Context(), &b, with)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), m
}

func openArchive(t testing.TB, b []byte) *Archive {
	t.Helper()
	a, err := OpenArchive(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// restore reads a backup into an empty place with the backup's key.
func restore(t testing.TB, c Config, b []byte, files attached) *DB {
	t.Helper()
	a := openArchive(t, b)
	if ours, err := RestoreKey(a, filepath.Join(c.Dir, "journal.key")); err != nil || !ours {
		t.Fatal(ours, err)
	}
	db := open(t, c)
	r, err := db.ReadArchive(t.Context(), a, files.keep)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Organisations[org]; got.Erased != 1 || got.Frozen != 1 || got.Sets != 1 || got.Checkpoints != 2 || r.Files != 2 || r.Accounts != 1 {
		t.Errorf("read %+v", r)
	}
	return db
}

// The drill: what was backed up comes back the same, register by register and entry by entry, from each engine to each
// and back again, and the log verifies against a checkpoint that somebody kept from before.
func TestABackupComesBackAsItWas(t *testing.T) {
	for from, source := range engines(t) {
		for to, target := range engines(t) {
			t.Run(from+" to "+to+" and back", func(t *testing.T) {
				db := open(t, source(t))
				settle(t, db)
				files, kept := fillAll(t, db)
				want := everything(t, db)
				delete(want, "session")
				bytes, first := backup(t, db, "", files)
				for i, c := range []Config{target(t), source(t)} {
					again := attached{}
					db := restore(t, c, bytes, again)
					got := everything(t, db)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("restore %d: (-was +is)\n%s", i+1, diff)
					}
					if diff := cmp.Diff(files, again); diff != "" {
						t.Errorf("restore %d: files (-was +is)\n%s", i+1, diff)
					}
					if _, err := db.Verify(t.Context(), org, kept); err != nil {
						t.Errorf("restore %d: an earlier checkpoint: %v", i+1, err)
					}
					var m Manifest
					bytes, m = backup(t, db, "", again)
					if diff := cmp.Diff(first.Files, m.Files); diff != "" {
						t.Errorf("restore %d: a new backup has other files (-was +is)\n%s", i+1, diff)
					}
					put(t, db, system("Efter återläsningen")) // work goes on
					verify(t, db)
				}
			})
		}
	}
}

// An archive of one organisation holds no account, no key and nothing of another organisation, and moves to a place
// with a key of its own, where what the old key signed is still checked.
func TestAnArchiveMovesToAPlaceWithAnotherKey(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		files, kept := fillAll(t, db)
		if err := db.CreateOrganisation(t.Context(), Organisation{"annan", "Annan"}); err != nil {
			t.Fatal(err)
		}
		b, m := backup(t, db, org, files)
		for _, f := range m.Files {
			if strings.Contains(f.Path, "annan") || f.Path == keyName || f.Path == accountsName || strings.HasSuffix(f.Path, "done.jsonl") {
				t.Errorf("the archive holds %s", f.Path)
			}
		}
		for engine, config := range engines(t) {
			other := open(t, config(t))
			if err := other.CreateOrganisation(t.Context(), Organisation{"annan", "Annan"}); err != nil {
				t.Fatal(err)
			}
			if _, err := other.ReadArchive(t.Context(), openArchive(t, b), attached{}.keep); err != nil {
				t.Fatal(engine, err)
			}
			if _, err := other.Checkpoint(t.Context(), org); err != nil {
				t.Fatal(err)
			}
			put(t, other, system("Här"))
			if r, err := other.Verify(t.Context(), org, kept); err != nil || r.Checkpoints != 3 {
				t.Errorf("%s: %+v, %v", engine, r, err)
			}
			again, _ := backup(t, other, org, files)
			if n := len(openArchive(t, again).Manifest.Organisations[0].Verifiers); n != 2 {
				t.Errorf("%d verifiers, want the old and the new", n)
			}
			_, err := other.ReadArchive(t.Context(), openArchive(t, b), attached{}.keep)
			if code(err) != ArchiveExists {
				t.Errorf("%s: read twice: %v", engine, err)
			}
		}
	})
}

func code(err error) string {
	var wrong *ErrArchive
	if errors.As(err, &wrong) {
		return wrong.Code
	}
	return fmt.Sprint(err)
}

// What is written is what doc/archive.md says, read here with nothing but a zip reader and JSON.
func TestAnArchiveCanBeReadWithoutTheProgram(t *testing.T) {
	db := open(t, Config{Dir: t.TempDir()})
	settle(t, db)
	files, _ := fillAll(t, db)
	var b bytes.Buffer
	m, err := db.WriteArchive(t.Context(), org, &b, Archiving{Files: files.read, Readme: "Läs mig",
		Words: func(key string) string { return "<" + key + ">" }})
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		texts[f.Name] = string(text)
	}
	if z.File[len(z.File)-1].Name != manifestName || texts[readmeName] != "Läs mig" {
		t.Error("the manifest is not last, or the README is not there")
	}
	for _, f := range m.Files {
		sum := sha256.Sum256([]byte(texts[f.Path]))
		if f.SHA256 != hex.EncodeToString(sum[:]) || f.Size != int64(len(texts[f.Path])) {
			t.Errorf("%s is not what the manifest says", f.Path)
		}
		if strings.HasSuffix(f.Path, ".jsonl") && f.Lines != int64(strings.Count(texts[f.Path], "\n")) {
			t.Errorf("%s has another number of lines than the manifest says", f.Path)
		}
	}
	systems := strings.Split(texts["organisations/staden/registers/system.jsonl"], "\n")
	for _, part := range []string{`{"register":"system","words":"<register.system>","columns":[{"name":"id","kind":"text"`,
		`{"name":"owner","kind":"link","target":"person","words":"<system.owner>"}`,
		`{"value":"in_use","words":"<choice.lifecycle.in_use>"}`} {
		if !strings.Contains(systems[0], part) {
			t.Errorf("the first line lacks %s:\n%s", part, systems[0])
		}
	}
	var s map[string]any
	if err := json.Unmarshal([]byte(systems[1]), &s); err != nil || s["rev"] == nil {
		t.Errorf("a record: %v, %v", s, err)
	}
	if want := "[\"Anst.nr\",\"Namn\",\"Ort\"]\n[\"1\",\"Å \\\"B\\\" <c>\",\"\"]\n[\"2\",\"\",\"Ö\\nrad\"]\n"; texts["organisations/staden/populations/hr.jsonl"] != want {
		t.Errorf("rows: %s", texts["organisations/staden/populations/hr.jsonl"])
	}
	erased := false
	for line := range strings.Lines(texts["organisations/staden/journal.jsonl"]) {
		var e struct{ Digest, Salt, Body string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if e.Salt == "" {
			erased = true
			continue
		}
		salt, _ := hex.DecodeString(e.Salt)
		if hashOf(append(salt, e.Body...)) != e.Digest {
			t.Errorf("the digest does not follow from %s", line)
		}
	}
	if !erased {
		t.Error("no erased entry")
	}
	if texts["organisations/staden/frozen/r/document.pdf"] != "%PDF-\x00\xff" {
		t.Error("the frozen document is not there as a file")
	}
	if len(m.Missing) != 0 {
		t.Errorf("missing %v", m.Missing)
	}
}

// A file that is gone or changed is told, and keeps nobody from a backup of the rest.
func TestAMissingAttachmentIsTold(t *testing.T) {
	db := open(t, Config{Dir: t.TempDir()})
	settle(t, db)
	files, _ := fillAll(t, db)
	gone, changed := hashOf([]byte("ett avtal")), hashOf([]byte("ett till"))
	delete(files, gone)
	files[changed] = []byte("något annat")
	b, m := backup(t, db, "", files)
	slices.Sort(m.Missing)
	want := []string{"files/" + gone, "files/" + changed}
	slices.Sort(want)
	if diff := cmp.Diff(want, m.Missing); diff != "" {
		t.Error(diff)
	}
	openArchive(t, b)
}

// A backup holds all the organisations of a database, an attachment that several have once, and each comes back as it was.
func TestABackupHoldsAllOrganisations(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		files, _ := fillAll(t, db)
		if err := db.CreateOrganisation(t.Context(), Organisation{"annan", "Den andra"}); err != nil {
			t.Fatal(err)
		}
		err := db.Update(t.Context(), Act{Org: "annan", Who: "tester"}, func(tx *Tx) error {
			return errors.Join(
				tx.Put(&isms.Unit{Record: isms.Record{ID: "stad"}, Name: "Den andra", Code: "DA", Kind: "city"}),
				tx.Put(&isms.Attachment{Record: isms.Record{Unit: "stad"}, Name: "samma.txt", Kind: "unit", Of: "stad", Type: "text/plain",
					Size: register.CountOf(9), SHA256: hashOf([]byte("ett avtal"))}))
		})
		if err != nil {
			t.Fatal(err)
		}
		was := everything(t, db)
		delete(was, "session")
		b, m := backup(t, db, "", files)
		if len(m.Organisations) != 2 || len(m.Missing) != 0 {
			t.Errorf("%d organisations, missing %v", len(m.Organisations), m.Missing)
		}
		other := restore(t, Config{Dir: t.TempDir()}, b, attached{})
		if diff := cmp.Diff(was, everything(t, other)); diff != "" {
			t.Errorf("(-was +is)\n%s", diff)
		}
		if r, err := other.Verify(t.Context(), "annan", nil); err != nil || r.Records != 2 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestNoOrganisationNoArchive(t *testing.T) {
	db := open(t, Config{Dir: t.TempDir()})
	if _, err := db.WriteArchive(t.Context(), "ingen", io.Discard, Archiving{}); !errors.Is(err, isms.ErrNotFound) {
		t.Error(err)
	}
	var b bytes.Buffer
	if _, err := db.WriteBackup(t.Context(), &b, Archiving{}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("organisations"); err == nil {
		t.Error("something was unpacked")
	}
	if len(openArchive(t, b.Bytes()).Manifest.Organisations) != 0 {
		t.Error("an organisation out of nothing")
	}
}
