// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"ledsyn/isms"
	"ledsyn/register"
)

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
