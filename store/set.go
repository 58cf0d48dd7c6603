// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"ledsyn/isms"
	"ledsyn/register"
)

// A set of rows is a list of up to millions of rows that was taken in whole and never changes: the rows of a
// Population. It is not journaled row by row; the Population's record, which has the set's id, binds it by its
// SHA-256, and the set counts only when that record is there.
//
// It is kept column by column, so that a question reads only what it asks about. The values of a column are numbered as they
// first come, from 0: the number is the value's code. A row_set_text row holds the values of the codes from start on, both as they
// came and folded (packTexts says how); a row_set_block row holds the codes, less the least of them, of the rows from start on, each in 0, 1,
// 2 or 4 bytes. Rows are counted from 0 here, and from 1 by everybody else. The writer forgets the values of a column when
// they grow too many, and begins a new round in which they get new codes; so one value can have several.

// Set says what a set of rows is.
type Set struct {
	Columns []string // the headings as they came
	Rows    int64
	// SHA256, in hexadecimal, is of JSON Lines: the list of columns, then each row as a list of strings, each as encoding/json writes
	// it without escapes for HTML, and each followed by a line feed.
	SHA256 string
}

// What a set can hold.
const (
	MaxSetColumns = 2000
	MaxSetRows    = 10_000_000
	MaxSetCell    = 32767 // characters, as in a spreadsheet
)

// What can go wrong when a set is written. The error says where.
var (
	ErrSetClosed = errors.New("store: the set is closed")
	ErrSetShape  = errors.New("store: not as many cells as columns")
	ErrSetLimit  = errors.New("store: more than a set can hold")
	ErrSetText   = errors.New("store: not a text in UTF-8")
	ErrSetKept   = errors.New("store: the set's population has not been disposed of")
)

// setLimits say when the writer empties its hands.
type setLimits struct {
	rows   int // in a block
	bytes  int // of codes and new values in a block
	memory int // of values that are remembered
}

var usualSetLimits = setLimits{rows: 16384, bytes: 8 << 20, memory: 28 << 20}

// SetWriter writes a set. It belongs to one goroutine.
type SetWriter struct {
	ctx     context.Context
	db      *DB
	org, id string
	limits  setLimits
	columns []setColumn
	hash    setHash
	done    int64 // rows on disk
	block   int   // rows in hand
	bytes   int   // of the rows in hand, about
	failed  error // why nothing more can be written
}

// WriteSet begins a set under the id that its Population will have. Rows are written in short transactions of their own, while
// other acts go on; a set that is not closed is never seen, and SweepSets removes it. Errors: ErrExists, ErrSetLimit.
func (db *DB) WriteSet(ctx context.Context, org, id string, columns []string) (*SetWriter, error) {
	if !register.ValidID(id) {
		return nil, fmt.Errorf("store: %q cannot be a set's id", id)
	}
	if len(columns) == 0 || len(columns) > MaxSetColumns {
		return nil, fmt.Errorf("%w: %d columns; a set has 1 to %d", ErrSetLimit, len(columns), MaxSetColumns)
	}
	for i, c := range columns {
		if err := checkCell(c); err != nil {
			return nil, fmt.Errorf("%w: the heading of column %d", err, i+1)
		}
	}
	headings, err := json.Marshal(columns)
	if err != nil {
		return nil, err
	}
	w := &SetWriter{ctx: ctx, db: db, org: org, id: id, limits: usualSetLimits, columns: make([]setColumn, len(columns)), hash: newSetHash()}
	for i := range w.columns {
		w.columns[i].codes = map[string]uint32{}
	}
	w.hash.add(columns)
	err = db.change(ctx, func(t *Tx) error {
		n, err := t.exec(`insert into row_set (org, id, made, headings, size, sha256) values ($1, $2, $3, $4, 0, '') on conflict do nothing`,
			org, id, string(register.MomentOf(db.Now())), string(headings))
		if err == nil && n == 0 {
			err = fmt.Errorf("%w: set %s", ErrExists, id)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return w, nil
}

// Add writes a row. Errors: ErrSetClosed, ErrSetShape, ErrSetLimit and ErrSetText, after which the row is not written and others can be;
// any other ends the writing.
func (w *SetWriter) Add(cells []string) error {
	if w.failed != nil {
		return w.failed
	}
	row := w.done + int64(w.block) + 1
	if len(cells) != len(w.columns) {
		return fmt.Errorf("%w: row %d has %d cells for %d columns", ErrSetShape, row, len(cells), len(w.columns))
	}
	if row > MaxSetRows {
		return fmt.Errorf("%w: row %d; a set has at most %d rows", ErrSetLimit, row, MaxSetRows)
	}
	for i, cell := range cells {
		if err := checkCell(cell); err != nil {
			return fmt.Errorf("%w: row %d, column %d", err, row, i+1)
		}
	}
	for i, cell := range cells {
		w.bytes += w.columns[i].add(cell)
	}
	w.hash.add(cells)
	w.block++
	if w.block < w.limits.rows && w.bytes < w.limits.bytes {
		return nil
	}
	return w.flush(false)
}

// checkCell reports a text that a set cannot hold.
func checkCell(s string) error {
	if len(s) > MaxSetCell {
		if n := utf8.RuneCountInString(s); n > MaxSetCell {
			return fmt.Errorf("%w: a cell of %d characters; the most is %d", ErrSetLimit, n, MaxSetCell)
		}
	}
	if !utf8.ValidString(s) {
		return ErrSetText
	}
	return nil
}

// Close ends the set, which can then be read, and says what it is. A writer that is closed twice says ErrSetClosed.
func (w *SetWriter) Close() (Set, error) {
	if w.failed != nil {
		return Set{}, w.failed
	}
	if err := w.flush(true); err != nil {
		return Set{}, err
	}
	w.failed = ErrSetClosed
	var s Set
	err := w.db.View(w.ctx, w.org, func(t *Tx) (err error) {
		s, err = t.Set(w.id)
		return err
	})
	return s, err
}

// Drop removes what has been written, also by a writer that has failed. A set that has been closed is left: DropSet removes it.
func (w *SetWriter) Drop() error {
	if w.failed == ErrSetClosed {
		return nil
	}
	w.failed = ErrSetClosed
	return w.db.dropSet(context.WithoutCancel(w.ctx), w.org, w.id)
}

// flush writes the rows in hand and, at the end, closes the set, in one short transaction.
func (w *SetWriter) flush(last bool) error {
	err := w.db.change(w.ctx, func(t *Tx) error {
		t.org = w.org
		sha := ""
		if last {
			sha = w.hash.sum()
		}
		n, err := t.exec(`update row_set set size = $3, sha256 = $4 where org = $1 and id = $2 and sha256 = ''`,
			w.org, w.id, w.done+int64(w.block), sha)
		if err == nil && n == 0 {
			err = fmt.Errorf("set %s: %w", w.id, isms.ErrNotFound) // swept away under the writer
		}
		if err != nil {
			return err
		}
		all := last || w.pending() > w.limits.bytes/2
		for i := range w.columns {
			if err := w.columns[i].write(t, w.id, i, w.done, all); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.failed = err
		return err
	}
	for i := range w.columns {
		w.columns[i].block = w.columns[i].block[:0]
	}
	w.done, w.block, w.bytes = w.done+int64(w.block), 0, 0
	w.forget()
	return nil
}

// pending is the size of the new values that no row of texts holds yet.
func (w *SetWriter) pending() (n int) {
	for i := range w.columns {
		n += w.columns[i].newBytes
	}
	return n
}

// forget begins a new round in columns until what is remembered has room to grow. A column that got many new values in the block is likely to
// go on so, and to remember it is of least use.
func (w *SetWriter) forget() {
	sum := 0
	for i := range w.columns {
		sum += w.columns[i].memory
	}
	if sum > w.limits.memory {
		byGrowth := make([]*setColumn, len(w.columns))
		for i := range w.columns {
			byGrowth[i] = &w.columns[i]
		}
		slices.SortFunc(byGrowth, func(a, b *setColumn) int { return cmp.Compare(b.growth, a.growth) })
		for _, c := range byGrowth {
			if sum > w.limits.memory/10*9 {
				sum -= c.memory
				c.forget()
			}
		}
	}
	for i := range w.columns {
		w.columns[i].growth = 0
	}
}

// Set returns what the set is, or isms.ErrNotFound when there is none or it is not closed.
func (t *Tx) Set(id string) (Set, error) {
	var s Set
	var headings string
	found, err := t.one(`select headings, size, sha256 from row_set where org = $1 and id = $2 and sha256 <> ''`, []any{t.org, id},
		&headings, &s.Rows, &s.SHA256)
	if err != nil {
		return Set{}, err
	}
	if !found {
		return Set{}, fmt.Errorf("set %s: %w", id, isms.ErrNotFound)
	}
	if err := json.Unmarshal([]byte(headings), &s.Columns); err != nil || len(s.Columns) == 0 || s.Rows < 0 || s.Rows > MaxSetRows {
		return Set{}, corruptSet(id)
	}
	return s, nil
}
