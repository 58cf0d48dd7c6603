// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ledsyn/isms"
	"ledsyn/register"
)

// WriteArchive writes everything of one organisation, as it was at one moment, as an archive. Other work goes on
// meanwhile. When it returns an error, what was written is no archive and cannot be read as one. Errors:
// isms.ErrNotFound, *ErrCorrupt.
func (db *DB) WriteArchive(ctx context.Context, org string, w io.Writer, with Archiving) (Manifest, error) {
	return db.archive(ctx, w, with, wholeOrganisation, func(a *archiver) error {
		for _, o := range a.all {
			if o.ID == org {
				return a.organisation(o)
			}
		}
		return fmt.Errorf("organisation %s: %w", org, isms.ErrNotFound)
	})
}

// WriteBackup writes all the organisations as they were at one moment, the accounts with their password hashes and
// the signing key, if there is one: whoever reads it can sign in its stead, so it is to be kept as the data folder
// itself. Sessions are never in it, nor drafts.
func (db *DB) WriteBackup(ctx context.Context, w io.Writer, with Archiving) (Manifest, error) {
	return db.archive(ctx, w, with, wholeBackup, func(a *archiver) error {
		for _, o := range a.all {
			if err := a.organisation(o); err != nil {
				return err
			}
		}
		if err := a.accounts(); err != nil || db.key == nil {
			return err
		}
		return a.bytes(keyName, []byte(base64.StdEncoding.EncodeToString(db.key.Seed())+"\n"))
	})
}

// archiver writes one archive, file after file, from one View.
type archiver struct {
	t        *Tx
	zip      *zip.Writer
	with     Archiving
	backup   bool
	all      []Organisation
	made     time.Time
	manifest Manifest
	kept     map[string]bool // attachments written already
}

func (db *DB) archive(ctx context.Context, w io.Writer, with Archiving, contents string, f func(*archiver) error) (Manifest, error) {
	a := &archiver{zip: zip.NewWriter(w), with: with, backup: contents == wholeBackup, made: db.Now().UTC(), kept: map[string]bool{}}
	a.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	a.manifest = Manifest{Format: archiveFormat, Version: archiveVersion, Contents: contents, Program: programName(),
		Made: register.MomentOf(a.made), Organisations: []ArchivedPosition{}, Files: []ArchivedFile{}, Missing: []string{}}
	err := db.View(ctx, "", func(t *Tx) error {
		a.t = t
		if err := a.bytes(readmeName, []byte(with.Readme)); err != nil {
			return err
		}
		if err := a.organisations(); err != nil {
			return err
		}
		return f(a)
	})
	if err != nil {
		return Manifest{}, err
	}
	text, err := json.MarshalIndent(a.manifest, "", "  ")
	if err != nil {
		return Manifest{}, err
	}
	m := a.manifest // without itself
	if err := a.bytes(manifestName, append(text, '\n')); err != nil {
		return Manifest{}, err
	}
	return m, a.zip.Close()
}

func (a *archiver) organisations() error {
	return a.t.each(`select id, name from organisation order by id`, nil, func(scan func(...any) error) error {
		var o Organisation
		err := scan(&o.ID, &o.Name)
		a.all = append(a.all, o)
		return err
	})
}

// measure counts what a file is, while it is written.
type measure struct {
	w     io.Writer
	hash  hash.Hash
	size  int64
	lines int64
}

func (m *measure) Write(b []byte) (int, error) {
	m.hash.Write(b)
	m.size += int64(len(b))
	return m.w.Write(b)
}

// file writes one file and notes it in the manifest. What is compressed already is stored as it is.
func (a *archiver) file(name string, compressed bool, write func(*measure) error) error {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.made}
	h.SetMode(0o600)
	if compressed {
		h.Method = zip.Store
	}
	w, err := a.zip.CreateHeader(h)
	if err != nil {
		return err
	}
	m := &measure{w: w, hash: sha256.New()}
	if err := write(m); err != nil {
		return err
	}
	a.manifest.Files = append(a.manifest.Files, ArchivedFile{name, m.size, m.lines, hex.EncodeToString(m.hash.Sum(nil))})
	return nil
}

func (a *archiver) bytes(name string, b []byte) error {
	return a.file(name, false, func(m *measure) error {
		_, err := m.Write(b)
		return err
	})
}

// lines writes a file of JSON lines; f is handed what writes the next.
func (a *archiver) lines(name string, f func(line func(any) error) error) error {
	return a.file(name, false, func(m *measure) error {
		buffer := bufio.NewWriterSize(m, 1<<16)
		e := json.NewEncoder(buffer)
		e.SetEscapeHTML(false)
		err := f(func(v any) error {
			m.lines++
			if raw, ok := v.([]byte); ok {
				buffer.Write(raw)
				return buffer.WriteByte('\n')
			}
			return e.Encode(v)
		})
		return errors.Join(err, buffer.Flush())
	})
}

// organisation writes everything that one organisation has.
func (a *archiver) organisation(o Organisation) error {
	a.t.org = o.ID
	if err := a.position(o); err != nil {
		return err
	}
	var attachments []isms.Attachment
	var sets []isms.Population
	for _, s := range isms.Registers() {
		err := a.register(s, func(rec register.Entity) {
			switch r := rec.(type) {
			case *isms.Attachment:
				attachments = append(attachments, *r)
			case *isms.Population:
				sets = append(sets, *r)
			}
		})
		if err != nil {
			return err
		}
	}
	steps := []func() error{a.journal, a.checkpoints, a.frozen, a.sideTables,
		func() error { return a.populations(sets) }, func() error { return a.attachments(attachments) }}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// position notes where the journal is, and signs it.
func (a *archiver) position(o Organisation) error {
	h, err := a.t.readHead()
	if err != nil {
		return err
	}
	p := ArchivedPosition{ID: o.ID, Name: o.Name, Entries: h.seq, Root: rootOf(h.tree), At: h.at}
	if p.Verifiers, err = a.t.verifiers(); err != nil {
		return err
	}
	if a.t.db.key != nil {
		signed, err := a.t.db.sign(o.ID, uint64(h.seq), rootBytes(h.tree))
		if err != nil {
			return err
		}
		p.Checkpoint = string(signed)
	}
	a.manifest.Organisations = append(a.manifest.Organisations, p)
	return nil
}

// register writes all records of a register, retired ones too, by id.
func (a *archiver) register(s *register.Schema, see func(register.Entity)) error {
	tb := tableOf(s)
	return a.lines(organisationFile(a.t.org, "registers", s.Name+".jsonl"), func(line func(any) error) error {
		if err := line(firstLine(s, a.with.Words)); err != nil {
			return err
		}
		return a.t.through(tb, func(s stretch) error {
			for _, rec := range s.records {
				if err := line(register.JSON(rec)); err != nil {
					return err
				}
				see(rec)
			}
			return nil
		})
	})
}

func (a *archiver) journal() error {
	return a.lines(organisationFile(a.t.org, "journal.jsonl"), func(line func(any) error) error {
		return a.t.entries(`org = $1`, []any{a.t.org}, func(e Entry) error {
			if !utf8.Valid(e.Body) { // JSON could not say what was hashed
				return &ErrCorrupt{e.Seq, e.Kind, e.ID, CorruptBody}
			}
			return line(entryLine{e.Seq, e.At, e.Who, e.Act, e.Kind, e.ID, e.Unit, hex.EncodeToString(e.Digest),
				hex.EncodeToString(e.Salt), string(e.Body)})
		})
	})
}

func (a *archiver) checkpoints() error {
	return a.lines(organisationFile(a.t.org, "checkpoints.jsonl"), func(line func(any) error) error {
		return a.t.each(`select seq, at, note from checkpoint where org = $1 order by seq`, []any{a.t.org},
			func(scan func(...any) error) error {
				var c checkpointLine
				if err := scan(&c.Seq, &c.At, &c.Note); err != nil {
					return err
				}
				return line(c)
			})
	})
}

// frozen writes what is known of the decided reviews, and then their documents as files of their own.
func (a *archiver) frozen() error {
	var all []frozenLine
	err := a.lines(organisationFile(a.t.org, "frozen.jsonl"), func(line func(any) error) error {
		return a.t.each(`select review, sha256, seq, root, at from frozen where org = $1 order by review`, []any{a.t.org},
			func(scan func(...any) error) error {
				var f frozenLine
				if err := scan(&f.Review, &f.SHA256, &f.Seq, &f.Root, &f.At); err != nil {
					return err
				}
				all = append(all, f)
				return line(f)
			})
	})
	for _, l := range all {
		if err != nil {
			return err
		}
		var f Frozen
		if f, err = a.t.Frozen(l.Review); err != nil {
			return err
		}
		for _, p := range frozenParts(&f) {
			err = errors.Join(err, a.bytes(organisationFile(a.t.org, "frozen", l.Review, p.name), *p.part))
		}
	}
	return err
}

// sideTables writes, in a backup, what is no record: the names of the columns, and then each row as a list.
func (a *archiver) sideTables() error {
	if !a.backup {
		return nil
	}
	for _, table := range sideTables {
		columns := strings.Join(table.columns, ", ")
		err := a.lines(organisationFile(a.t.org, "tables", table.name+".jsonl"), func(line func(any) error) error {
			if err := line(table.columns); err != nil {
				return err
			}
			cells, into := make([]any, len(table.columns)), make([]any, len(table.columns))
			for i := range cells {
				into[i] = &cells[i]
			}
			return a.t.each(`select `+columns+` from `+table.name+` where org = $1 order by `+columns, []any{a.t.org},
				func(scan func(...any) error) error {
					if err := scan(into...); err != nil {
						return err
					}
					return line(cells)
				})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// attachments writes the bytes of the organisation's files, each once. One that is not there, or is not what was
// kept, keeps nobody from a backup of the rest, but it is told; of a retired attachment nothing need be left.
func (a *archiver) attachments(all []isms.Attachment) error {
	for _, at := range all {
		if a.kept[at.SHA256] || a.with.Files == nil {
			continue
		}
		b, err := a.with.Files(at.SHA256)
		switch {
		case errors.Is(err, isms.ErrNotFound) || err == nil && hashOf(b) != at.SHA256:
			if at.Retired == "" {
				a.missing("files/" + at.SHA256)
			}
			continue
		case err != nil:
			return err
		}
		a.kept[at.SHA256] = true
		err = a.file("files/"+at.SHA256, true, func(m *measure) error {
			_, err := m.Write(b)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// populations writes the rows of each set exactly as its hash was reckoned.
func (a *archiver) populations(all []isms.Population) error {
	for _, p := range all {
		if p.DisposedOn != "" {
			continue
		}
		set, err := a.t.Set(p.ID)
		if errors.Is(err, isms.ErrNotFound) {
			return &ErrCorrupt{0, "population", p.ID, CorruptSet}
		}
		if err != nil {
			return err
		}
		err = a.lines(organisationFile(a.t.org, "populations", p.ID+".jsonl"), func(line func(any) error) error {
			if err := line(set.Columns); err != nil {
				return err
			}
			return a.t.SetEach(p.ID, func(_ int64, cells []string) error { return line(cells) })
		})
		if err != nil {
			return err
		}
		if last := a.manifest.Files[len(a.manifest.Files)-1]; last.SHA256 != p.SHA256 {
			return &ErrCorrupt{0, "population", p.ID, CorruptSet}
		}
	}
	return nil
}

func (a *archiver) missing(what string) {
	if !slices.Contains(a.manifest.Missing, what) {
		a.manifest.Missing = append(a.manifest.Missing, what)
	}
}

func (a *archiver) accounts() error {
	return a.lines(accountsName, func(line func(any) error) error {
		return a.t.each(`select `+accountColumns+` from account order by name`, nil, func(scan func(...any) error) error {
			var l accountLine
			if err := scan(&l.Name, &l.Org, &l.Person, &l.Secret, &l.State, &l.Data, &l.Changed); err != nil {
				return err
			}
			return line(l)
		})
	})
}

// HasKey reports whether there is a signing key here.
func (db *DB) HasKey() bool { return db.key != nil }

// readKey reads a signing key as its file and an archive hold it.
func readKey(text []byte) (ed25519.PrivateKey, error) {
	seed, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, errors.New("store: no signing key")
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
