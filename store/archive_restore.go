// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"ledsyn/isms"
	"ledsyn/register"
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

// rows inserts many rows with one statement each hundred.
type rows struct {
	t      *Tx
	into   string // insert into T (columns) values
	args   argList
	values []string
}

func (r *rows) add(values ...any) error {
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = r.args.mark(v)
	}
	r.values = append(r.values, "("+strings.Join(marks, ", ")+")")
	if len(r.values) < 100 {
		return nil
	}
	return r.flush()
}

func (r *rows) flush() error {
	if len(r.values) == 0 {
		return nil
	}
	_, err := r.t.exec(r.into+strings.Join(r.values, ", "), r.args...)
	r.args, r.values = nil, nil
	return err
}

// journal reads the entries and makes the head that they have.
func (r *restorer) journal() error {
	tree := ranges.NewEmptyRange(0)
	at := register.Moment("")
	to := rows{t: r.t, into: `insert into journal (org, seq, at, who, act, kind, id, unit, digest, salt, body) values `}
	err := r.a.lines(r.name("journal.jsonl"), func(_ int64, line []byte) error {
		var l entryLine
		if err := json.Unmarshal(line, &l); err != nil {
			return err
		}
		digest, err := hex.DecodeString(l.Digest)
		if err != nil {
			return err
		}
		e := Entry{Seq: l.Seq, At: l.At, Who: l.Who, Act: l.Act, Kind: l.Kind, ID: l.ID, Unit: l.Unit, Digest: digest}
		if e.Seq != int64(tree.End())+1 {
			return &ErrCorrupt{e.Seq, e.Kind, e.ID, CorruptNumber}
		}
		at = e.At
		if err := tree.Append(e.leaf(r.t.org), nil); err != nil {
			return err
		}
		return to.add(r.t.org, l.Seq, string(l.At), l.Who, l.Act, l.Kind, l.ID, l.Unit, l.Digest, l.Salt, l.Body)
	})
	if err == nil {
		err = to.flush()
	}
	if err != nil {
		return err
	}
	_, err = r.t.exec(`insert into head (org, seq, at, frontier) values ($1, $2, $3, $4)`,
		r.t.org, int64(tree.End()), string(at), formatFrontier(tree))
	return err
}

func (r *restorer) name(parts ...string) string { return organisationFile(r.t.org, parts...) }

// registers reads the records of every register that the archive has. A register that it lacks was not yet thought of
// when it was written.
func (r *restorer) registers() error {
	for _, name := range slices.Sorted(maps.Keys(r.a.files)) {
		rest, ok := strings.CutPrefix(name, r.name("registers")+"/")
		if !ok {
			continue
		}
		s, known := isms.Register(strings.TrimSuffix(rest, ".jsonl"))
		if !known {
			return wrongArchive(ArchiveNewer, name, nil)
		}
		if err := r.register(s, name); err != nil {
			return err
		}
	}
	return nil
}

func (r *restorer) register(s *register.Schema, name string) error {
	tb := tableOf(s)
	return r.a.lines(name, func(n int64, line []byte) error {
		if n == 1 {
			return newerColumns(s, name, line)
		}
		rec, err := decode(s, Entry{Kind: s.Name, Body: line})
		if err != nil {
			return errors.New(err.Error()) // the journal is not what is wrong
		}
		if wrong := unkeepable(tb, rec); wrong != nil {
			return wrong
		}
		if err := r.t.write(tb, nil, rec); err != nil {
			return err
		}
		return r.t.writeLinks(tb, nil, rec)
	})
}

// newerColumns reads a register's first line and refuses columns that this program does not have: it would lose what
// stands in them.
func newerColumns(s *register.Schema, name string, line []byte) error {
	var first registerLine
	if err := json.Unmarshal(line, &first); err != nil {
		return err
	}
	for _, c := range first.Columns {
		if _, ok := s.Field(c.Name); !ok && !slices.Contains([]string{"id", "unit", "rev", "retired"}, c.Name) {
			return wrongArchive(ArchiveNewer, name+" "+short(c.Name), nil)
		}
	}
	return nil
}

func (r *restorer) checkpoints() error {
	to := rows{t: r.t, into: `insert into checkpoint (org, seq, at, note) values `}
	err := r.a.lines(r.name("checkpoints.jsonl"), func(_ int64, line []byte) error {
		var c checkpointLine
		if err := json.Unmarshal(line, &c); err != nil {
			return err
		}
		return to.add(r.t.org, c.Seq, string(c.At), c.Note)
	})
	if err != nil {
		return err
	}
	return to.flush()
}

func (r *restorer) frozen() error {
	return r.a.lines(r.name("frozen.jsonl"), func(_ int64, line []byte) error {
		var l frozenLine
		if err := json.Unmarshal(line, &l); err != nil {
			return err
		}
		var f Frozen
		for _, p := range frozenParts(&f) {
			b, err := r.a.document(r.name("frozen", l.Review, p.name))
			if err != nil {
				return err
			}
			*p.part = b
		}
		_, err := r.t.exec(`insert into frozen (org, review, sha256, seq, root, at, doc, pdf, html, json)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, r.t.org, l.Review, l.SHA256, l.Seq, l.Root, string(l.At),
			some(f.Doc), some(f.PDF), some(f.HTML), some(f.JSON))
		return err
	})
}

// sideTables reads what is no record. An archive has none of it.
func (r *restorer) sideTables() error {
	for _, name := range slices.Sorted(maps.Keys(r.a.files)) {
		rest, ok := strings.CutPrefix(name, r.name("tables")+"/")
		if !ok {
			continue
		}
		i := slices.IndexFunc(sideTables, func(t sideTable) bool { return t.name+".jsonl" == rest })
		if i < 0 {
			return wrongArchive(ArchiveNewer, name, nil)
		}
		if err := r.sideTable(sideTables[i], name); err != nil {
			return err
		}
	}
	return nil
}

func (r *restorer) sideTable(table sideTable, name string) error {
	var to *rows
	var columns []string
	err := r.a.lines(name, func(_ int64, line []byte) error {
		if to == nil {
			if err := json.Unmarshal(line, &columns); err != nil {
				return err
			}
			if len(columns) == 0 {
				return errors.New("no columns")
			}
			for _, c := range columns { // they go into the statement, so only those that are known
				if !slices.Contains(table.columns, c) {
					return wrongArchive(ArchiveNewer, name+" "+short(c), nil)
				}
			}
			to = &rows{t: r.t, into: `insert into ` + table.name + ` (org, ` + strings.Join(columns, ", ") + `) values `}
			return nil
		}
		var cells []any
		d := json.NewDecoder(bytes.NewReader(line))
		d.UseNumber()
		if err := d.Decode(&cells); err != nil {
			return err
		}
		if len(cells) != len(columns) {
			return errors.New("not as many cells as columns")
		}
		for i, c := range cells {
			switch c := c.(type) {
			case json.Number:
				n, err := c.Int64()
				if err != nil {
					return err
				}
				cells[i] = n
			case string:
			default:
				return fmt.Errorf("cell %d is neither a text nor a whole number", i+1)
			}
		}
		return to.add(append([]any{r.t.org}, cells...)...)
	})
	if err != nil || to == nil {
		return err
	}
	return to.flush()
}

// verifiers keeps the public keys of the places that the journal comes from.
func (r *restorer) verifiers(o ArchivedPosition) error {
	for _, key := range o.Verifiers {
		if v, err := note.NewVerifier(key); err != nil || v.Name() != originOf(o.ID) {
			return wrongArchive(ArchiveManifest, o.ID, err)
		}
		_, err := r.t.exec(`insert into verifier (org, verifier, since) values ($1, $2, $3) on conflict do nothing`,
			o.ID, key, string(r.t.Now()))
		if err != nil {
			return err
		}
	}
	return nil
}

// accounts reads the accounts. A name that is there already is somebody else's, who must not be let in as this one.
func (r *restorer) accounts() error {
	if _, ok := r.a.files[accountsName]; !ok {
		return nil
	}
	return r.a.lines(accountsName, func(_ int64, line []byte) error {
		var l accountLine
		if err := json.Unmarshal(line, &l); err != nil {
			return err
		}
		n, err := r.t.exec(`insert into account (`+accountColumns+`) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
			l.Name, l.Org, l.Person, l.Secret, l.State, l.Data, string(l.Changed))
		if err == nil && n == 0 {
			err = wrongArchive(ArchiveAccount, l.Name, nil)
		}
		r.report.Accounts++
		return err
	})
}
