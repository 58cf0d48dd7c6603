// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/register"
)

// Corrupt says in what way the journal or a record is not what it was.
type Corrupt string

// The ways. Each is a key for words, too.
const (
	CorruptNumber     Corrupt = "number"     // entries are missing or twice
	CorruptTime       Corrupt = "time"       // an entry is older than the one before it
	CorruptDigest     Corrupt = "digest"     // the body is not what was written
	CorruptBody       Corrupt = "body"       // the body cannot be read, or is another record's
	CorruptErased     Corrupt = "erased"     // a body is gone and no act of erasing it is noted
	CorruptFrontier   Corrupt = "frontier"   // the head's tree cannot be read
	CorruptRoot       Corrupt = "root"       // the entries do not make the head's tree
	CorruptCheckpoint Corrupt = "checkpoint" // the entries do not make a tree that was signed
	CorruptRow        Corrupt = "row"        // a record is not what its latest entry says
	CorruptLink       Corrupt = "link"       // what points at what is not what the records say
	CorruptUnnoted    Corrupt = "unnoted"    // a record has no entry
	CorruptGone       Corrupt = "gone"       // a record that the journal knows is not there
	CorruptFrozen     Corrupt = "frozen"     // a frozen document is not what was decided
	CorruptSet        Corrupt = "set"        // a population's rows are not those that were taken in
)

// ErrCorrupt is the first thing found that is not what it was: in entry Seq, or in the record Kind ID whose
// latest entry is Seq. Seq is 0 where no entry is known.
type ErrCorrupt struct {
	Seq      int64
	Kind, ID string
	What     Corrupt
}

// Error says what was found, and where.
func (e *ErrCorrupt) Error() string {
	return strings.TrimSpace(fmt.Sprintf("store: corrupted (%s) at entry %d: %s %s", e.What, e.Seq, e.Kind, e.ID))
}

// Report is what Verify went through when nothing was wrong.
type Report struct {
	Entries     int64
	Erased      int64 // entries whose body was erased by law
	Records     int64
	Frozen      int64
	Sets        int64 // populations whose rows are kept
	Checkpoints int   // signed earlier, the given one among them
	Root        string
	At          register.Moment // of the last entry
}

// Verify recomputes the organisation's whole journal: every digest, the order of numbers and of time, the
// tree's root, every checkpoint the database remembers and the given one (nil for none); and it holds every
// record, every frozen document and every population's rows to what the journal says of it. Errors: *ErrCorrupt with the first thing
// found, ErrCheckpoint when the given checkpoint is not this key's, ErrNoKey when there is no key to check it with.
func (db *DB) Verify(ctx context.Context, org string, given []byte) (Report, error) {
	var r Report
	err := db.View(ctx, org, func(t *Tx) (err error) {
		r, err = t.verify(given)
		return err
	})
	return r, err
}

func (t *Tx) verify(given []byte) (Report, error) {
	signed, err := t.checkpoints(given)
	if err != nil {
		return Report{}, err
	}
	v := verifier{t: t, signed: signed, latest: map[recordKey]latest{}, erasable: map[int64]latest{},
		frozen: map[string]latest{}}
	for _, part := range []func() error{v.entries, v.records, v.documents, v.sets} {
		if err := part(); err != nil {
			return Report{}, err
		}
	}
	v.report.Checkpoints = len(signed)
	return v.report, nil
}

// checkpoints reads what was signed earlier, each root by its size.
func (t *Tx) checkpoints(given []byte) (map[uint64][]byte, error) {
	out := map[uint64][]byte{}
	var notes [][]byte
	err := t.each(`select note from checkpoint where org = $1 order by seq`, []any{t.org}, func(scan func(...any) error) error {
		var n []byte
		err := scan(&n)
		notes = append(notes, n)
		return err
	})
	if err != nil {
		return nil, err
	}
	keys, err := t.verifiers()
	if err == nil && len(keys) == 0 && (given != nil || len(notes) > 0) {
		err = ErrNoKey
	}
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		c, err := openCheckpoint(n, keys...)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", &ErrCorrupt{What: CorruptCheckpoint}, err)
		}
		out[c.size] = c.root
	}
	if given != nil {
		c, err := openCheckpoint(given, keys...)
		if err != nil {
			return nil, err
		}
		if root, ok := out[c.size]; ok && !bytes.Equal(root, c.root) {
			return nil, &ErrCorrupt{Seq: int64(c.size), What: CorruptCheckpoint}
		}
		out[c.size] = c.root
	}
	return out, nil
}

type recordKey struct{ kind, id string }

// latest is the last that the journal said of something.
type latest struct {
	seq  int64
	body [sha256.Size]byte // its hash
	unit string
}

type verifier struct {
	t        *Tx
	signed   map[uint64][]byte
	latest   map[recordKey]latest
	erasable map[int64]latest // bodies that are gone, until the act of erasing them is met
	frozen   map[string]latest
	report   Report
}

// entries goes through the journal from its first line to its last.
func (v *verifier) entries() error {
	tree := ranges.NewEmptyRange(0)
	err := v.t.entries(`org = $1`, []any{v.t.org}, func(e Entry) error {
		if err := v.entry(e); err != nil {
			return err
		}
		if err := tree.Append(e.leaf(v.t.org), nil); err != nil {
			return err
		}
		if root, ok := v.signed[tree.End()]; ok && !bytes.Equal(root, rootBytes(tree)) {
			return &ErrCorrupt{e.Seq, e.Kind, e.ID, CorruptCheckpoint}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, seq := range slices.Sorted(maps.Keys(v.erasable)) {
		return &ErrCorrupt{Seq: seq, What: CorruptErased}
	}
	h, err := v.t.readHead()
	if err != nil {
		return err
	}
	if h.seq != v.report.Entries || formatFrontier(h.tree) != formatFrontier(tree) || h.at != v.report.At {
		return &ErrCorrupt{Seq: h.seq, What: CorruptRoot}
	}
	for size := range v.signed {
		if size > tree.End() {
			return &ErrCorrupt{Seq: int64(size), What: CorruptCheckpoint}
		}
	}
	v.report.Root = rootOf(tree)
	return nil
}

// entry checks one line by itself and against the line before it.
func (v *verifier) entry(e Entry) error {
	corrupt := func(what Corrupt) error { return &ErrCorrupt{e.Seq, e.Kind, e.ID, what} }
	switch {
	case e.Seq != v.report.Entries+1:
		return corrupt(CorruptNumber)
	case e.At < v.report.At || !e.At.Valid():
		return corrupt(CorruptTime)
	case e.Erased() && len(e.Body) > 0, !e.Erased() && !bytes.Equal(e.Digest, e.bodyDigest()):
		return corrupt(CorruptDigest)
	}
	v.report.Entries, v.report.At = e.Seq, e.At
	if e.Erased() {
		v.report.Erased++
		v.erasable[e.Seq] = latest{seq: e.Seq}
	}
	l := latest{e.Seq, sha256.Sum256(e.Body), e.Unit}
	switch {
	case isRecordAct(e.Act):
		v.latest[recordKey{e.Kind, e.ID}] = l
	case e.Act == Erased:
		var gone erasure
		if json.Unmarshal(e.Body, &gone) != nil {
			return corrupt(CorruptBody)
		}
		delete(v.erasable, gone.Seq)
	case e.Act == Decide && isFreezing(e.Body):
		v.frozen[e.ID] = l
	}
	return nil
}

// records holds every row of every register to its latest entry.
func (v *verifier) records() error {
	for _, s := range isms.Registers() {
		err := v.t.through(tableOf(s), func(part stretch) error {
			for _, rec := range part.records {
				if err := v.record(s, rec); err != nil {
					return err
				}
			}
			v.report.Records += int64(len(part.records))
			return v.links(tableOf(s), part)
		})
		if err != nil {
			return err
		}
	}
	// What is left in the journal has no row.
	var gone *ErrCorrupt
	for key, l := range v.latest {
		if gone == nil || l.seq < gone.Seq {
			gone = &ErrCorrupt{l.seq, key.kind, key.id, CorruptGone}
		}
	}
	if gone != nil {
		return gone
	}
	return nil
}

func (v *verifier) record(s *register.Schema, rec register.Entity) error {
	h := rec.Head()
	key := recordKey{s.Name, h.ID}
	l, ok := v.latest[key]
	if !ok {
		return &ErrCorrupt{0, s.Name, h.ID, CorruptUnnoted}
	}
	delete(v.latest, key)
	if l.unit != h.Unit {
		return &ErrCorrupt{l.seq, s.Name, h.ID, CorruptRow}
	}
	row := register.JSON(rec)
	if sha256.Sum256(row) == l.body {
		return nil
	}
	// An entry from before a field was added says the same in fewer words.
	same := false
	err := v.t.entries(`org = $1 and seq = $2`, []any{v.t.org, l.seq}, func(e Entry) error {
		was, err := decode(s, e)
		same = err == nil && bytes.Equal(register.JSON(was), row)
		return err
	})
	if err == nil && !same {
		err = &ErrCorrupt{l.seq, s.Name, h.ID, CorruptRow}
	}
	return err
}

// links holds the rows of the link table, which answer what points at a record, to the register's records of a stretch.
func (v *verifier) links(tb *table, part stretch) error {
	rows := map[linkOf][]string{}
	err := v.t.each(`select id, field, target_kind, target from link where org = $1 and kind = $2 and id > $3 and ($4 = '' or id <= $4)
			order by id, field, pos`, []any{v.t.org, tb.Name, part.after, part.last}, func(scan func(...any) error) error {
		var l linkOf
		var kind, target string
		err := scan(&l.id, &l.field, &kind, &target)
		rows[l] = append(rows[l], kind+" "+target)
		return err
	})
	if err != nil {
		return err
	}
	for _, rec := range part.records {
		for _, f := range tb.links {
			l := linkOf{rec.Head().ID, f.Name}
			ids := f.IDs(rec)
			for i, id := range ids {
				ids[i] = f.Target + " " + id
			}
			if !slices.Equal(ids, rows[l]) {
				return &ErrCorrupt{0, tb.Name, l.id, CorruptLink}
			}
			delete(rows, l)
		}
	}
	for l := range rows {
		return &ErrCorrupt{0, tb.Name, l.id, CorruptLink}
	}
	return nil
}

// documents holds every frozen review to the hashes that were noted when it was decided.
func (v *verifier) documents() error {
	var reviews []string
	err := v.t.each(`select review from frozen where org = $1 order by review`, []any{v.t.org}, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		reviews = append(reviews, id)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range reviews {
		f, err := v.t.Frozen(id)
		if err != nil {
			return err
		}
		l, ok := v.frozen[id]
		if !ok || sha256.Sum256(f.note()) != l.body {
			return &ErrCorrupt{l.seq, "review", id, CorruptFrozen}
		}
		delete(v.frozen, id)
	}
	for id, l := range v.frozen {
		return &ErrCorrupt{l.seq, "review", id, CorruptGone}
	}
	v.report.Frozen = int64(len(reviews))
	return nil
}
