// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"cmp"
	"database/sql"
	"fmt"
	"slices"

	"ledsyn/isms"
)

// SetRow is a row of a set.
type SetRow struct {
	Number int64 // from 1
	Cells  []string
}

func corruptSet(id string) error { return &ErrCorrupt{0, "population", id, CorruptSet} }

// SetEach hands f every row of the set in order. The slice is used again for the next row; its texts may be kept.
func (t *Tx) SetEach(id string, f func(number int64, cells []string) error) error {
	r, err := t.readSet(id)
	if err != nil {
		return err
	}
	return r.each(f)
}

func (r *setReader) each(f func(number int64, cells []string) error) error {
	cells := make([]string, len(r.set.Columns))
	for _, start := range r.starts {
		if err := r.open(start); err != nil {
			return err
		}
		for i := range r.size {
			if err := r.row(i, cells); err != nil {
				return err
			}
			if err := f(start+int64(i)+1, cells); err != nil {
				return err
			}
		}
	}
	return nil
}

// SetRows returns the rows of those numbers, in their order. A number that the set does not have is isms.ErrNotFound.
func (t *Tx) SetRows(id string, numbers []int64) ([]SetRow, error) {
	r, err := t.readSet(id)
	if err != nil {
		return nil, err
	}
	return r.rows(numbers)
}

// setReader reads whole rows, a block at a time. Of a column's texts it holds those that the block needs.
type setReader struct {
	t       *Tx
	id      string
	set     Set
	starts  []int64 // the blocks' first rows, from 0
	at      int64   // the open block's first row
	size    int     // its rows
	columns []readColumn
	strict  bool // look also at what only searching uses
}

// readColumn is a column of the open block.
type readColumn struct {
	low   int64
	high  int64
	codes []uint32     // each less low
	texts []*readTexts // in the order of codes
	last  *readTexts   // where the latest value was
}

// readTexts are the values of some codes.
type readTexts struct {
	start  int64
	values []string
	used   int64 // the block that needed them last
}

func (t *Tx) readSet(id string) (*setReader, error) {
	set, err := t.Set(id)
	if err != nil {
		return nil, err
	}
	r := &setReader{t: t, id: id, set: set, columns: make([]readColumn, len(set.Columns))}
	next := int64(0)
	err = t.each(`select start, size from row_set_block where org = $1 and id = $2 and col = 0 order by start`, []any{t.org, id},
		func(scan func(...any) error) error {
			var start, size int64
			if err := scan(&start, &size); err != nil {
				return err
			}
			if start != next || size <= 0 || size > set.Rows {
				return corruptSet(id)
			}
			r.starts = append(r.starts, start)
			next += size
			return nil
		})
	if err == nil && next != set.Rows {
		err = corruptSet(id)
	}
	return r, err
}

// manyColumns is how many columns one statement reads.
const manyColumns = 250

// open reads the codes of the block that begins with the row.
func (r *setReader) open(start int64) error {
	r.forget(r.at)
	r.at = start
	for from := 0; from < len(r.columns); from += manyColumns {
		next, until := from, min(from+manyColumns, len(r.columns))
		args := argList{r.t.org, r.id, start}
		cols := make([]byte, 0, 5*manyColumns)
		for c := from; c < until; c++ {
			cols = append(append(cols, ", "...), args.mark(c)...)
		}
		err := r.t.each(`select col, size, low, high, codes from row_set_block where org = $1 and id = $2 and start = $3
			and col in (`+string(cols[2:])+`) order by col`, args, func(scan func(...any) error) error {
			var col, size int
			var packed sql.RawBytes
			c := &r.columns[next]
			if err := scan(&col, &size, &c.low, &c.high, &packed); err != nil {
				return err
			}
			if next == 0 {
				r.size = size
			}
			if col != next || size != r.size || c.low < 0 {
				return corruptSet(r.id)
			}
			var ok bool
			if c.codes, ok = unpackCodes(packed, size, c.codes); !ok {
				return corruptSet(r.id)
			}
			if r.strict && c.low+int64(slices.Max(c.codes)) != c.high {
				return corruptSet(r.id)
			}
			next++
			return nil
		})
		if err != nil {
			return err
		}
		if next != until {
			return corruptSet(r.id)
		}
	}
	return nil
}

// forget lets go of the texts that the given block, the one before, did not need.
func (r *setReader) forget(block int64) {
	for i := range r.columns {
		c := &r.columns[i]
		c.texts = slices.DeleteFunc(c.texts, func(texts *readTexts) bool { return texts.used != block })
		c.last = nil
	}
}

// row reads the open block's row of that place into cells.
func (r *setReader) row(i int, cells []string) error {
	for col := range cells {
		c := &r.columns[col]
		code := c.low + int64(c.codes[i])
		if c.last == nil || uint64(code-c.last.start) >= uint64(len(c.last.values)) {
			if err := r.find(col, code); err != nil {
				return err
			}
		}
		cells[col] = c.last.values[code-c.last.start]
	}
	return nil
}

// find makes the texts with the code the column's last ones.
func (r *setReader) find(col int, code int64) error {
	c := &r.columns[col]
	at, exact := slices.BinarySearchFunc(c.texts, code, func(texts *readTexts, code int64) int { return cmp.Compare(texts.start, code) })
	if !exact {
		at--
	}
	if at < 0 || code >= c.texts[at].start+int64(len(c.texts[at].values)) {
		start, n, packed, err := r.texts(col, code)
		if err != nil {
			return err
		}
		values, ok := unpackTexts(packed, n)
		if !ok {
			return corruptSet(r.id)
		}
		if r.strict {
			if err := r.folded(col, start, values); err != nil {
				return err
			}
		}
		at++
		c.texts = slices.Insert(c.texts, at, &readTexts{start: start, values: values})
	}
	c.last = c.texts[at]
	c.last.used = r.at
	return nil
}

// texts reads the row of texts with the code, as they came.
func (r *setReader) texts(col int, code int64) (start int64, n int, packed []byte, err error) {
	found, err := r.t.one(`select start, size, case when length(raw) = 0 then find else raw end from row_set_text
		where org = $1 and id = $2 and col = $3 and start <= $4 order by start desc limit 1`, []any{r.t.org, r.id, col, code}, &start, &n, &packed)
	if err == nil && (!found || code >= start+int64(n)) {
		err = corruptSet(r.id)
	}
	return start, n, packed, err
}

// folded holds what is searched in to the values.
func (r *setReader) folded(col int, start int64, values []string) error {
	var find []byte
	_, err := r.t.one(`select find from row_set_text where org = $1 and id = $2 and col = $3 and start = $4`, []any{r.t.org, r.id, col, start}, &find)
	if err == nil && !bytes.Equal(find, packTexts(values, quickFold)) {
		err = corruptSet(r.id)
	}
	return err
}

func unpackTexts(packed []byte, n int) (values []string, ok bool) {
	p, ok := openTexts(packed)
	if !ok || n < 0 || n > len(p.lengths) {
		return nil, false
	}
	ends, ok := p.ends(n, make([]int, 0, n))
	if !ok {
		return nil, false
	}
	text, at := string(p.text), 0
	values = make([]string, n)
	for i, end := range ends {
		values[i], at = text[at:end], end
	}
	return values, true
}

// rows reads the rows of those numbers: each block once, and then each row of texts once.
func (r *setReader) rows(numbers []int64) ([]SetRow, error) {
	out := make([]SetRow, len(numbers))
	order := make([]int, len(numbers))
	for i, n := range numbers {
		if n < 1 || n > r.set.Rows {
			return nil, fmt.Errorf("row %d of set %s: %w", n, r.id, isms.ErrNotFound)
		}
		out[i], order[i] = SetRow{n, make([]string, len(r.columns))}, i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(numbers[a], numbers[b]) })
	codes, err := r.codesOf(numbers, order)
	if err != nil {
		return nil, err
	}
	for col := range r.columns {
		if err := r.name(out, col, func(i int) int64 { return codes[i*len(r.columns)+col] }, order); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// codesOf returns the codes of the rows of those numbers, all of a row's together. The order is that of the numbers.
func (r *setReader) codesOf(numbers []int64, order []int) ([]int64, error) {
	codes := make([]int64, len(numbers)*len(r.columns))
	opened := false
	for _, i := range order {
		row := numbers[i] - 1
		if !opened || row >= r.at+int64(r.size) {
			at, exact := slices.BinarySearch(r.starts, row)
			if !exact {
				at--
			}
			if err := r.open(r.starts[at]); err != nil {
				return nil, err
			}
			opened = true
		}
		if row-r.at >= int64(r.size) {
			return nil, corruptSet(r.id)
		}
		for col, c := range r.columns {
			codes[i*len(r.columns)+col] = c.low + int64(c.codes[row-r.at])
		}
	}
	return codes, nil
}

// name fills in the rows' cells of the column from their codes.
func (r *setReader) name(out []SetRow, col int, code func(i int) int64, order []int) error {
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(code(a), code(b)) })
	var at, until int64
	var p packedTexts
	var ends []int
	for _, i := range order {
		if code(i) >= until {
			start, n, packed, err := r.texts(col, code(i))
			if err != nil {
				return err
			}
			var ok bool
			if p, ok = openTexts(packed); !ok {
				return corruptSet(r.id)
			}
			if ends, ok = p.ends(n, ends); !ok {
				return corruptSet(r.id)
			}
			at, until = start, start+int64(n)
		}
		out[i].Cells[col] = string(p.of(ends, int(code(i)-at)))
	}
	return nil
}
