// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"ledsyn/isms"
	"ledsyn/register"
)

// Inclusion shows, to somebody who has the organisation's verifier key and nothing else, that an entry is in
// the journal that a checkpoint was signed of, without showing any other entry. It is written as JSON; bytes
// are base64.
type Inclusion struct {
	Organisation string          `json:"organisation"`
	Seq          int64           `json:"seq"`
	At           register.Moment `json:"at"`
	Who          string          `json:"who"`
	Act          string          `json:"act"`
	Kind         string          `json:"kind"`
	ID           string          `json:"id"`
	Unit         string          `json:"unit"`
	Digest       []byte          `json:"digest"`
	Salt         []byte          `json:"salt"` // empty when the body has been erased
	Body         string          `json:"body"`
	Hashes       [][]byte        `json:"hashes"`     // the inclusion proof of RFC 6962
	Checkpoint   string          `json:"checkpoint"` // signed note
}

func (p Inclusion) entry() Entry {
	return Entry{Seq: p.Seq, At: p.At, Who: p.Who, Act: p.Act, Kind: p.Kind, ID: p.ID, Unit: p.Unit, Digest: p.Digest, Salt: p.Salt, Body: []byte(p.Body)}
}

// Consistency shows that the journal of a later checkpoint is the journal of an earlier one with entries
// added, and nothing in it changed.
type Consistency struct {
	Earlier string   `json:"earlier"` // signed notes
	Later   string   `json:"later"`
	Hashes  [][]byte `json:"hashes"` // the consistency proof of RFC 6962
}

// ErrProof is a proof that proves nothing.
var ErrProof = errors.New("store: the proof does not hold")

// Prove makes the proof that an entry is in the journal as it is now. Errors: isms.ErrNotFound, ErrNoKey.
func (db *DB) Prove(ctx context.Context, org string, seq int64) (Inclusion, error) {
	var p Inclusion
	if db.key == nil {
		return p, ErrNoKey
	}
	err := db.View(ctx, org, func(t *Tx) error {
		h, err := t.readHead()
		if err != nil {
			return err
		}
		if seq < 1 || seq > h.seq {
			return fmt.Errorf("entry %d: %w", seq, isms.ErrNotFound)
		}
		err = t.entries(`org = $1 and seq = $2`, []any{org, seq}, func(e Entry) error {
			p = Inclusion{org, e.Seq, e.At, e.Who, e.Act, e.Kind, e.ID, e.Unit, e.Digest, e.Salt, string(e.Body), nil, ""}
			return nil
		})
		if err != nil {
			return err
		}
		nodes, err := proof.Inclusion(uint64(seq-1), uint64(h.seq))
		if err != nil {
			return err
		}
		if p.Hashes, err = t.hashes(nodes); err != nil {
			return err
		}
		signed, err := db.sign(org, uint64(h.seq), rootBytes(h.tree))
		p.Checkpoint = string(signed)
		return err
	})
	return p, err
}

// ProveSince makes the proof that the journal as it is now continues the journal of an earlier checkpoint.
// Errors: ErrCheckpoint when the checkpoint is not this key's, *ErrCorrupt when the journal is shorter than it
// says, ErrNoKey.
func (db *DB) ProveSince(ctx context.Context, org string, earlier []byte) (Consistency, error) {
	c := Consistency{Earlier: string(earlier)}
	key, err := db.VerifierKey(org)
	if err != nil {
		return c, err
	}
	was, err := openCheckpoint(earlier, key)
	if err != nil {
		return c, err
	}
	err = db.View(ctx, org, func(t *Tx) error {
		h, err := t.readHead()
		if err != nil {
			return err
		}
		if was.size > uint64(h.seq) {
			return &ErrCorrupt{Seq: int64(was.size), What: CorruptCheckpoint}
		}
		nodes, err := proof.Consistency(was.size, uint64(h.seq))
		if err != nil {
			return err
		}
		if c.Hashes, err = t.hashes(nodes); err != nil {
			return err
		}
		signed, err := db.sign(org, uint64(h.seq), rootBytes(h.tree))
		c.Later = string(signed)
		return err
	})
	return c, err
}

// hashes computes the tree's nodes that a proof is made of from the leaves.
func (t *Tx) hashes(nodes proof.Nodes) ([][]byte, error) {
	var leaves [][]byte
	err := t.entries(`org = $1`, []any{t.org}, func(e Entry) error {
		leaves = append(leaves, e.leaf(t.org))
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([][]byte, len(nodes.IDs))
	for i, id := range nodes.IDs {
		out[i] = subtree(leaves, id)
	}
	return nodes.Rehash(out, rfc6962.DefaultHasher.HashChildren)
}

// subtree is the hash of a full subtree.
func subtree(leaves [][]byte, id compact.NodeID) []byte {
	if id.Level == 0 {
		return leaves[id.Index]
	}
	left := compact.NewNodeID(id.Level-1, id.Index*2)
	return rfc6962.DefaultHasher.HashChildren(subtree(leaves, left), subtree(leaves, left.Sibling()))
}

// CheckInclusion reports whether the proof, as JSON, holds for the key: that its entry, with its body unless
// that has been erased, is in the journal of its checkpoint. It needs no database. Errors: ErrProof,
// ErrCheckpoint.
func CheckInclusion(text []byte, verifierKey string) (Entry, error) {
	var p Inclusion
	if err := readProof(text, &p); err != nil {
		return Entry{}, err
	}
	c, err := openCheckpoint([]byte(p.Checkpoint), verifierKey)
	if err != nil {
		return Entry{}, err
	}
	e := p.entry()
	switch {
	case c.origin != originOf(p.Organisation), e.Seq < 1:
		return e, ErrProof
	case e.Erased() && len(e.Body) > 0, !e.Erased() && !bytes.Equal(e.bodyDigest(), e.Digest):
		return e, fmt.Errorf("%w: the body is not the entry's", ErrProof)
	}
	err = proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(e.Seq-1), c.size, e.leaf(p.Organisation), p.Hashes, c.root)
	if err != nil {
		return e, fmt.Errorf("%w: %w", ErrProof, err)
	}
	return e, nil
}

// CheckConsistency reports whether the proof, as JSON, holds for the key, and returns how many entries the
// journal had then and had later. It needs no database. Errors: ErrProof, ErrCheckpoint.
func CheckConsistency(text []byte, verifierKey string) (then, later int64, err error) {
	var p Consistency
	if err := readProof(text, &p); err != nil {
		return 0, 0, err
	}
	a, err := openCheckpoint([]byte(p.Earlier), verifierKey)
	if err != nil {
		return 0, 0, err
	}
	b, err := openCheckpoint([]byte(p.Later), verifierKey)
	if err != nil {
		return 0, 0, err
	}
	err = proof.VerifyConsistency(rfc6962.DefaultHasher, a.size, b.size, p.Hashes, a.root, b.root)
	if err != nil {
		return 0, 0, fmt.Errorf("%w: %w", ErrProof, err)
	}
	return int64(a.size), int64(b.size), nil
}

func readProof(text []byte, p any) error {
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return fmt.Errorf("%w: %w", ErrProof, err)
	}
	return nil
}
