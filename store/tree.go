// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"

	"ledsyn/register"
)

// The journal's entries are the leaves of a Merkle tree as in RFC 6962, entry 1 being leaf 0. The head row
// keeps the tree's frontier: the roots of the full subtrees, from left to right, which is all that is needed to
// add a leaf or tell the root.

var ranges = compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}

// head is an organisation's journal head while an act holds it.
type head struct {
	seq  int64
	at   register.Moment
	tree *compact.Range
}

// mark remembers where the head is, for back.
func (h *head) mark() head {
	return head{h.seq, h.at, copyOf(h.tree)}
}

func (h *head) back(to head) { *h = head{to.seq, to.at, copyOf(to.tree)} }

func copyOf(r *compact.Range) *compact.Range {
	c, err := ranges.NewRange(0, r.End(), slices.Clone(r.Hashes()))
	if err != nil {
		panic(err) // a range that was one is one
	}
	return c
}

// rootOf is the tree's root in hexadecimal.
func rootOf(r *compact.Range) string { return hex.EncodeToString(rootBytes(r)) }

func rootBytes(r *compact.Range) []byte {
	if r.End() == 0 {
		return rfc6962.DefaultHasher.EmptyRoot()
	}
	root, err := r.GetRootHash(nil)
	if err != nil {
		panic(err) // only of a range that does not begin at 0
	}
	return root
}

func formatFrontier(r *compact.Range) string {
	texts := make([]string, len(r.Hashes()))
	for i, h := range r.Hashes() {
		texts[i] = hex.EncodeToString(h)
	}
	return strings.Join(texts, " ")
}

func parseFrontier(size uint64, text string) (*compact.Range, error) {
	var hashes [][]byte
	for _, word := range strings.Fields(text) {
		h, err := hex.DecodeString(word)
		if err != nil || len(h) != rfc6962.DefaultHasher.Size() {
			return nil, &ErrCorrupt{Seq: int64(size), What: CorruptFrontier}
		}
		hashes = append(hashes, h)
	}
	r, err := ranges.NewRange(0, size, hashes)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", &ErrCorrupt{Seq: int64(size), What: CorruptFrontier}, err)
	}
	return r, nil
}
