// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"cmp"
	"database/sql"
	"hash/maphash"
	"math/bits"
	"slices"
	"strings"

	"ledsyn/register"
)

// SetValue is a value of a column, as it came, and how many rows have it.
type SetValue struct {
	Value string
	Count int64
}

// SetValues returns a column's most common values, the most common first and then by text, at most limit (50 if 0, at most 500), and how many
// different ones there are in all. Columns are numbered from 0. Errors: isms.ErrNotFound, register.Wrongs.
func (t *Tx) SetValues(id string, column, limit int) (most []SetValue, distinct int64, err error) {
	r, err := t.readSet(id)
	if err != nil {
		return nil, 0, err
	}
	if column < 0 || column >= len(r.columns) {
		return nil, 0, register.Wrongs{{Field: "column", Code: "unknown_field", Args: []any{column}}}
	}
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, maxPage)
	c := setCounts{t: t, id: id, col: column}
	if err := c.count(); err != nil {
		return nil, 0, err
	}
	if err := c.name(limit); err != nil {
		return nil, 0, err
	}
	return c.most, c.distinct, nil
}

// setCounts counts the rows of each value of a column.
type setCounts struct {
	t        *Tx
	id       string
	col      int
	rows     []uint32 // of each code
	most     []SetValue
	distinct int64
}

// count counts the rows of each code.
func (c *setCounts) count() error {
	var codes []uint32
	return c.t.each(`select size, low, high, codes from row_set_block where org = $1 and id = $2 and col = $3`, []any{c.t.org, c.id, c.col},
		func(scan func(...any) error) error {
			var n, low, high int
			var packed sql.RawBytes
			if err := scan(&n, &low, &high, &packed); err != nil {
				return err
			}
			if n <= 0 || low < 0 || high < low || high > MaxSetRows {
				return corruptSet(c.id)
			}
			if high >= len(c.rows) {
				c.rows = append(c.rows, make([]uint32, high+1-len(c.rows))...)
			}
			var ok bool
			if codes, ok = unpackCodes(packed, n, codes); !ok {
				return corruptSet(c.id)
			}
			rows := c.rows[low : high+1]
			for _, code := range codes {
				if uint64(code) >= uint64(len(rows)) {
					return corruptSet(c.id)
				}
				rows[code]++
			}
			return nil
		})
}

// name reads the values' texts and keeps the most common ones.
func (c *setCounts) name(limit int) error {
	rounds := 0
	if _, err := c.t.one(`select coalesce(max(round), 0) from row_set_text where org = $1 and id = $2 and col = $3`,
		[]any{c.t.org, c.id, c.col}, &rounds); err != nil {
		return err
	}
	if rounds == 0 {
		c.distinct = int64(len(c.rows))
	} else if err := c.merge(); err != nil {
		return err
	}
	return c.texts(func(text []byte, code int) {
		if rows := int64(c.rows[code]); rows > 0 {
			c.take(text, rows, limit)
		}
	})
}

// merge gives the rows of all of a value's codes, of which it may have one in each round, to one of them.
//
// Values are told apart by a hash of 64 bits that is another each time: of ten million values, two have the same once in 300,000 times.
// The codes are first put in heaps by their hash, so that each heap's table fits in the processor's cache.
func (c *setCounts) merge() error {
	const heaps = 256
	seed := maphash.MakeSeed()
	hashes := make([]uint64, len(c.rows))
	var ends [heaps]int
	err := c.texts(func(text []byte, code int) {
		h := maphash.Bytes(seed, text)
		hashes[code] = h
		ends[h%heaps]++
	})
	if err != nil {
		return err
	}
	most, at := 0, 0
	for i, n := range ends {
		most = max(most, n)
		ends[i], at = at, at+n
	}
	order := make([]uint32, len(c.rows))
	for code, h := range hashes {
		order[ends[h%heaps]] = uint32(code)
		ends[h%heaps]++
	}
	table := make([]uint32, 1<<bits.Len(uint(2*most)))
	begin := 0
	for _, end := range ends {
		clear(table)
		c.mergeHeap(order[begin:end], hashes, table)
		begin = end
	}
	return nil
}

// mergeHeap merges some codes. In a place of the empty table, which has more than twice as many, it writes a code plus one.
func (c *setCounts) mergeHeap(codes []uint32, hashes []uint64, table []uint32) {
	for _, code := range codes {
		at := hashes[code] >> 8 & uint64(len(table)-1)
		for table[at] != 0 && hashes[table[at]-1] != hashes[code] {
			at = (at + 1) & uint64(len(table)-1)
		}
		if first := table[at]; first != 0 {
			c.rows[first-1] += c.rows[code]
			c.rows[code] = 0
			continue
		}
		table[at] = code + 1
		c.distinct++
	}
}

// texts hands over each code with its text.
func (c *setCounts) texts(f func(text []byte, code int)) error {
	next := 0
	var ends []int
	err := c.t.each(`select start, size, case when length(raw) = 0 then find else raw end from row_set_text
		where org = $1 and id = $2 and col = $3 order by start`, []any{c.t.org, c.id, c.col}, func(scan func(...any) error) error {
		var start, n int
		var packed sql.RawBytes
		if err := scan(&start, &n, &packed); err != nil {
			return err
		}
		p, ok := openTexts(packed)
		if !ok || start != next || n < 0 || n > len(c.rows)-start {
			return corruptSet(c.id)
		}
		if ends, ok = p.ends(n, ends); !ok {
			return corruptSet(c.id)
		}
		for i := range ends {
			f(p.of(ends, i), start+i)
		}
		next += n
		return nil
	})
	if err == nil && next != len(c.rows) {
		err = corruptSet(c.id)
	}
	return err
}

// take keeps the value among the most common ones if it is one of them.
func (c *setCounts) take(text []byte, rows int64, limit int) {
	if len(c.most) == limit {
		last := c.most[limit-1]
		if rows < last.Count || rows == last.Count && string(text) >= last.Value {
			return
		}
	}
	v := SetValue{string(text), rows}
	at, _ := slices.BinarySearchFunc(c.most, v, func(a, b SetValue) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	c.most = slices.Insert(c.most, at, v)
	c.most = c.most[:min(len(c.most), limit)]
}
