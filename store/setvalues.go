// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"cmp"
	"database/sql"
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
		return c.texts(func(text []byte, rows int64) {
			c.distinct++
			c.take(text, rows, limit)
		})
	}
	// A value may have a code in each round.
	place := make(map[string]uint32, len(c.rows))
	var sums []int64
	err := c.texts(func(text []byte, rows int64) {
		if i, ok := place[string(text)]; ok {
			sums[i] += rows
			return
		}
		place[string(text)] = uint32(len(sums))
		sums = append(sums, rows)
	})
	if err != nil {
		return err
	}
	c.distinct = int64(len(sums))
	for text, i := range place {
		c.take([]byte(text), sums[i], limit)
	}
	return nil
}

// texts hands over each code's text and number of rows.
func (c *setCounts) texts(f func(text []byte, rows int64)) error {
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
		at := 0
		for i, end := range ends {
			f(p.text[at:end], int64(c.rows[start+i]))
			at = end
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
