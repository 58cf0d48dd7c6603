// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"
)

// setColumn is a column while its set is written.
type setColumn struct {
	codes    map[string]uint32 // of the values that are remembered
	memory   int               // what codes takes, about
	growth   int               // how much of it the block in hand brought
	next     uint32            // the next value's code
	round    int
	block    []uint32 // the codes of the rows in hand
	new      []string // values that no row of texts holds yet
	newBytes int
}

// What a value takes beside its own bytes: in memory, and until it is written.
const (
	rememberedValue = 64
	newValue        = 24
)

// add takes a cell in hand and returns how much that was.
func (c *setColumn) add(cell string) int {
	code, known := c.codes[cell]
	if known {
		c.block = append(c.block, code)
		return 4
	}
	cell = strings.Clone(cell) // the reader's whole line may be behind it
	code = c.next
	c.next++
	c.codes[cell] = code
	c.memory += rememberedValue + len(cell)
	c.growth += rememberedValue + len(cell)
	c.new = append(c.new, cell)
	c.newBytes += newValue + len(cell)
	c.block = append(c.block, code)
	return 4 + newValue + len(cell)
}

const (
	enoughTexts = 64 << 10 // the size of new values from which they are written; fewer wait for more
	manyTexts   = 4096     // in one row, which is read whole for the sake of one of them
)

// write writes the codes of the rows in hand, of which the first is the given row, and the new values if they are enough, or all.
func (c *setColumn) write(t *Tx, id string, col int, start int64, all bool) error {
	if len(c.block) > 0 {
		low, high := slices.Min(c.block), slices.Max(c.block)
		_, err := t.exec(`insert into row_set_block (org, id, col, start, size, low, high, codes) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			t.org, id, col, start, len(c.block), int64(low), int64(high), packCodes(c.block, low, high))
		if err != nil {
			return err
		}
	}
	if c.newBytes < enoughTexts && !all {
		return nil
	}
	code := int64(c.next) - int64(len(c.new))
	for values := range slices.Chunk(c.new, manyTexts) {
		find, raw := packTexts(values, quickFold), packTexts(values, nil)
		if bytes.Equal(find, raw) {
			raw = []byte{}
		}
		_, err := t.exec(`insert into row_set_text (org, id, col, start, size, round, find, raw) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			t.org, id, col, code, len(values), c.round, find, raw)
		if err != nil {
			return err
		}
		code += int64(len(values))
	}
	c.new, c.newBytes = nil, 0
	return nil
}

// forget begins a new round.
func (c *setColumn) forget() {
	c.codes, c.memory, c.round = map[string]uint32{}, 0, c.round+1
}

// quickFold is fold, and many times faster where all letters are in ASCII.
func quickFold(s string) string {
	upper := false
	for i := range len(s) {
		if s[i] > unicode.MaxASCII {
			return fold(s)
		}
		upper = upper || 'A' <= s[i] && s[i] <= 'Z'
	}
	if upper {
		return strings.ToLower(s)
	}
	return s
}

// packCodes writes each code, less the least of them, in as few bytes as the greatest needs: none where all are the same.
func packCodes(codes []uint32, low, high uint32) []byte {
	switch span := high - low; {
	case span == 0:
		return []byte{}
	case span < 1<<8:
		out := make([]byte, len(codes))
		for i, c := range codes {
			out[i] = byte(c - low)
		}
		return out
	case span < 1<<16:
		out := make([]byte, 0, 2*len(codes))
		for _, c := range codes {
			out = binary.LittleEndian.AppendUint16(out, uint16(c-low))
		}
		return out
	}
	out := make([]byte, 0, 4*len(codes))
	for _, c := range codes {
		out = binary.LittleEndian.AppendUint32(out, c-low)
	}
	return out
}

// unpackCodes reads what packCodes wrote of n codes, without adding the least. It reuses into.
func unpackCodes(packed []byte, n int, into []uint32) (codes []uint32, ok bool) {
	codes = slices.Grow(into[:0], n)[:n]
	switch len(packed) {
	case 0:
		clear(codes)
	case n:
		for i, c := range packed {
			codes[i] = uint32(c)
		}
	case 2 * n:
		for i := range codes {
			codes[i] = uint32(binary.LittleEndian.Uint16(packed[2*i:]))
		}
	case 4 * n:
		for i := range codes {
			codes[i] = binary.LittleEndian.Uint32(packed[4*i:])
		}
	default:
		return nil, false
	}
	return codes, true
}

// packTexts writes the size of all the texts together in 4 bytes, then the texts, then each one's length as a varint: whoever
// looks for something in them reads the lengths only when it is there. Each text goes through f first, unless it is nil.
func packTexts(texts []string, f func(string) string) []byte {
	out := make([]byte, 4)
	lengths := make([]byte, 0, len(texts))
	for _, s := range texts {
		if f != nil {
			s = f(s)
		}
		out = append(out, s...)
		lengths = binary.AppendUvarint(lengths, uint64(len(s)))
	}
	binary.LittleEndian.PutUint32(out, uint32(len(out)-4))
	return append(out, lengths...)
}

// packedTexts is what packTexts wrote, its lengths not yet read.
type packedTexts struct{ text, lengths []byte }

func openTexts(packed []byte) (p packedTexts, ok bool) {
	if len(packed) < 4 {
		return p, false
	}
	size := int(binary.LittleEndian.Uint32(packed))
	if packed = packed[4:]; size > len(packed) {
		return p, false
	}
	return packedTexts{packed[:size], packed[size:]}, true
}

// ends returns where each of the n texts ends. It reuses into.
func (p packedTexts) ends(n int, into []int) (ends []int, ok bool) {
	ends, at, lengths := into[:0], 0, p.lengths
	for range n {
		length, read := binary.Uvarint(lengths)
		if read <= 0 || length > uint64(len(p.text)-at) {
			return nil, false
		}
		at, lengths = at+int(length), lengths[read:]
		ends = append(ends, at)
	}
	return ends, at == len(p.text) && len(lengths) == 0
}

// of returns the text of that place.
func (p packedTexts) of(ends []int, i int) []byte {
	if i == 0 {
		return p.text[:ends[0]]
	}
	return p.text[ends[i-1]:ends[i]]
}
