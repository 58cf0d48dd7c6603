// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/transparency-dev/merkle/rfc6962"

	"ledsyn/isms"
	"ledsyn/register"
)

// The acts that keep a whole record in their entry. Every other act is a note.
const (
	Create = "create"
	Change = "change"
	Retire = "retire"
)

// The notes that the store itself writes. Others ("sign", "import") are their rooms' own.
const (
	Erased = "erase"
	Decide = "decide"
)

// recordActs is the same list in SQL.
const recordActs = `('create', 'change', 'retire')`

func isRecordAct(act string) bool { return act == Create || act == Change || act == Retire }

// Entry is a line of the journal.
//
// Digest is SHA-256 of the 32 bytes of Salt followed by Body. The entry's leaf in the Merkle tree is its RFC
// 6962 leaf hash over the texts
//
//	"ledsyn entry 1", organisation, Seq in decimal, At, Who, Act, Kind, ID, Unit, Digest in hexadecimal
//
// each preceded by its length in bytes as a big-endian number of 8 bytes. So everything but the body is bound directly and
// the body through its digest: when Body and Salt are erased by law, the rest of the entry and the whole
// tree still verify, and without the salt a short body cannot be guessed from its digest.
type Entry struct {
	Seq    int64 // from 1, without gaps, within the organisation
	At     register.Moment
	Who    string
	Act    string
	Kind   string // the register, or what else the entry is about
	ID     string
	Unit   string // the record's unit after the change; empty in notes
	Digest []byte
	Salt   []byte // empty when erased
	Body   []byte // register.JSON of the record after the change, or the note; empty when erased

	now *register.Record // in a record's history: what is kept from the reader is kept of every version
}

// Erased reports whether the entry's body has been erased by law.
func (e Entry) Erased() bool { return len(e.Salt) == 0 }

func (e Entry) bodyDigest() []byte {
	d := sha256.Sum256(slices.Concat(e.Salt, e.Body))
	return d[:]
}

// leaf is the entry's leaf hash.
func (e Entry) leaf(org string) []byte {
	var b []byte
	for _, text := range []string{"ledsyn entry 1", org, strconv.FormatInt(e.Seq, 10), string(e.At), e.Who, e.Act,
		e.Kind, e.ID, e.Unit, hex.EncodeToString(e.Digest)} {
		b = binary.BigEndian.AppendUint64(b, uint64(len(text)))
		b = append(b, text...)
	}
	return rfc6962.DefaultHasher.HashLeaf(b)
}

// journal adds an entry and moves the head.
func (t *Tx) journal(act, kind, id, unit string, body []byte) error {
	if t.head == nil {
		return errNotUpdating
	}
	e := Entry{Seq: t.head.seq + 1, At: t.at, Who: t.who, Act: act, Kind: kind, ID: id, Unit: unit,
		Salt: make([]byte, 32), Body: body}
	rand.Read(e.Salt)
	e.Digest = e.bodyDigest()
	_, err := t.exec(`insert into journal (org, seq, at, who, act, kind, id, unit, digest, salt, body)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, t.org, e.Seq, string(e.At), e.Who, e.Act, e.Kind, e.ID,
		e.Unit, hex.EncodeToString(e.Digest), hex.EncodeToString(e.Salt), string(e.Body))
	if err != nil {
		return err
	}
	if err := t.head.tree.Append(e.leaf(t.org), nil); err != nil {
		return err
	}
	t.head.seq, t.head.at = e.Seq, e.At
	if t.done.Kind == "" {
		t.done = Done{e.Seq, kind, id}
	}
	return nil
}

// Note adds an entry that is no record's: a decision, a signature, an import. kind and id say what it is about.
// The acts create, change, retire and erase are the store's own and refused.
func (t *Tx) Note(act, kind, id string, body []byte) error {
	if isRecordAct(act) || act == Erased || act == "" {
		return fmt.Errorf("store: %q is no act of a note", act)
	}
	return t.journal(act, kind, id, "", body)
}

// Head returns the journal's last number, the tree's root in hexadecimal and the last entry's moment.
func (t *Tx) Head() (seq int64, root string, at register.Moment, err error) {
	h, err := t.readHead()
	if err != nil {
		return 0, "", "", err
	}
	return h.seq, rootOf(h.tree), h.at, nil
}

func (t *Tx) readHead() (*head, error) {
	if t.head != nil {
		return t.head, nil
	}
	var h head
	var frontier string
	found, err := t.one(`select seq, at, frontier from head where org = $1`, []any{t.org}, &h.seq, &h.at, &frontier)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("organisation %s: %w", t.org, isms.ErrNotFound)
	}
	h.tree, err = parseFrontier(uint64(h.seq), frontier)
	return &h, err
}

// entries hands the entries that the condition picks to f, by number.
func (t *Tx) entries(where string, args []any, f func(Entry) error) error {
	return t.each(`select seq, at, who, act, kind, id, unit, digest, salt, body from journal where `+where+` order by seq`,
		args, func(scan func(...any) error) error {
			var e Entry
			var digest, salt string
			err := scan(&e.Seq, &e.At, &e.Who, &e.Act, &e.Kind, &e.ID, &e.Unit, &digest, &salt, &e.Body)
			if err != nil {
				return err
			}
			var bad [2]error
			e.Digest, bad[0] = hex.DecodeString(digest)
			e.Salt, bad[1] = hex.DecodeString(salt)
			if bad[0] != nil || bad[1] != nil {
				return &ErrCorrupt{e.Seq, e.Kind, e.ID, CorruptDigest}
			}
			return f(e)
		})
}

// History returns everything noted about a record, from its creation on. A record outside the scope is
// isms.ErrNotFound.
func (t *Tx) History(s *register.Schema, in register.In, id string) ([]Entry, error) {
	now, err := t.Get(s, in, id)
	if err != nil {
		return nil, err
	}
	var out []Entry
	err = t.entries(`org = $1 and kind = $2 and id = $3`, []any{t.org, s.Name, id}, func(e Entry) error {
		e.now = now.Head()
		out = append(out, e)
		return nil
	})
	return out, err
}

// Record reads the record that the entry keeps. An erased entry or a note has none: isms.ErrNotFound.
func (e Entry) Record() (register.Entity, error) {
	tb, ok := tableNamed(e.Kind)
	if !ok || !isRecordAct(e.Act) || e.Erased() {
		return nil, isms.ErrNotFound
	}
	rec := tb.New()
	if err := register.ReadJSON(rec, e.Body); err != nil {
		return nil, fmt.Errorf("store: entry %d: %w", e.Seq, err)
	}
	if e.now != nil { // what is kept from the reader is kept as it was, too
		for _, name := range e.now.MaskedFields() {
			if f, ok := tb.Field(name); ok {
				rests, _ := e.now.Masks(name)
				f.MaskField(rec, rests)
			}
		}
	}
	return rec, nil
}

// ErrLatest is the refusal to erase what a record is now: it must be changed first.
var ErrLatest = errors.New("store: the entry is its record's latest; change the record first")

// Erase removes the body of an earlier entry, as the law may demand, and notes that and why. The log still
// verifies. Errors: isms.ErrNotFound, ErrLatest.
func (t *Tx) Erase(seq int64, reason string) error {
	if t.head == nil {
		return errNotUpdating
	}
	var e Entry
	var latest int64
	found, err := t.one(`select act, kind, id from journal where org = $1 and seq = $2 and salt <> ''`,
		[]any{t.org, seq}, &e.Act, &e.Kind, &e.ID)
	if err != nil {
		return err
	}
	if !found || e.Act == Erased || e.Act == Decide {
		return fmt.Errorf("entry %d: %w", seq, isms.ErrNotFound)
	}
	if isRecordAct(e.Act) {
		_, err = t.one(`select max(seq) from journal where org = $1 and kind = $2 and id = $3 and act in `+recordActs,
			[]any{t.org, e.Kind, e.ID}, &latest)
		if err != nil {
			return err
		}
		if latest == seq {
			return ErrLatest
		}
	}
	if _, err := t.exec(`update journal set body = '', salt = '' where org = $1 and seq = $2`, t.org, seq); err != nil {
		return err
	}
	body, err := json.Marshal(erasure{seq, reason})
	if err != nil {
		return err
	}
	return t.journal(Erased, e.Kind, e.ID, "", body)
}

// erasure is the body of the note that something was erased.
type erasure struct {
	Seq    int64  `json:"seq"`
	Reason string `json:"reason"`
}
