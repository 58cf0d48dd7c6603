// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"strings"

	"ledsyn/register"
)

// SetQuery picks rows of a set: those that hold every word of the search, in whichever columns, and meet every condition.
type SetQuery struct {
	Search string
	Where  []SetCondition
	After  int64 // SetPage.Next of the page before
	Limit  int   // 50 if 0, at most 500
}

// SetCondition says what a cell must be. Case makes no difference, and days compare as the texts they are.
type SetCondition struct {
	Column int    // from 0
	Op     string // is, not, contains, empty, given; from and to, which both take in the value itself, and no empty cell
	Value  string // of to: also the beginning of what is taken in, so that 2024 takes in the year
}

// SetPage is a part of the rows that a query picks.
type SetPage struct {
	Rows  []SetRow
	Total int64 // all that the query picks, on all pages
	Next  int64 // where the next page begins; 0 on the last page
}

// SetPage returns a page of the set's rows in their order. Errors: isms.ErrNotFound, register.Wrongs.
func (t *Tx) SetPage(id string, q SetQuery) (SetPage, error) {
	r, err := t.readSet(id)
	if err != nil {
		return SetPage{}, err
	}
	tests, err := q.tests(len(r.set.Columns))
	if err != nil {
		return SetPage{}, err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, maxPage)
	var p SetPage
	var numbers []int64
	if p.Total, numbers, err = r.pick(tests, q.After, limit+1); err != nil {
		return SetPage{}, err
	}
	if len(numbers) > limit {
		numbers = numbers[:limit]
		p.Next = numbers[limit-1]
	}
	p.Rows, err = r.rows(numbers)
	return p, err
}

// maxConditions leaves room for the words of a search in 32 bits.
const maxConditions = 20

// A setTest is a word or a condition. The values that pass it have its bit; the rows that are picked have a value with each bit.
type setTest struct {
	bit    uint32
	column int // -1 is any
	op     string
	value  string // folded
}

func (q SetQuery) tests(columns int) ([]setTest, error) {
	if n := len([]rune(q.Search)); n > maxSearch {
		return nil, register.Wrongs{{Field: "search", Code: "long", Args: []any{maxSearch, n}}}
	}
	if len(q.Where) > maxConditions {
		return nil, register.Wrongs{{Field: "where", Code: "many", Args: []any{maxConditions}}}
	}
	var tests []setTest
	words := strings.Fields(fold(q.Search))
	for _, w := range words[:min(len(words), maxSearchWords)] {
		tests = append(tests, setTest{1 << len(tests), -1, "contains", w})
	}
	for _, c := range q.Where {
		if c.Column < 0 || c.Column >= columns {
			return nil, register.Wrongs{{Field: "where", Code: "unknown_field", Args: []any{c.Column}}}
		}
		switch c.Op {
		case "is", "not", "contains", "empty", "given", "from", "to":
		default:
			return nil, register.Wrongs{{Field: "where", Code: "choice", Args: []any{c.Op}}}
		}
		if n := len([]rune(c.Value)); n > MaxSetCell {
			return nil, register.Wrongs{{Field: "where", Code: "long", Args: []any{MaxSetCell, n}}}
		}
		tests = append(tests, setTest{1 << len(tests), c.Column, c.Op, fold(c.Value)})
	}
	return tests, nil
}

// passes reports whether the folded value passes the test.
func (s setTest) passes(value []byte) bool {
	switch s.op {
	case "is":
		return string(value) == s.value
	case "not":
		return string(value) != s.value
	case "contains":
		return bytes.Contains(value, []byte(s.value))
	case "empty":
		return len(value) == 0
	case "given":
		return len(value) > 0
	case "from":
		return len(value) > 0 && string(value) >= s.value
	}
	return len(value) > 0 && (string(value) <= s.value || strings.HasPrefix(string(value), s.value))
}

// sought reports whether the test is for a text that can be looked for in all values at once.
func (s setTest) sought() bool { return s.value != "" && (s.op == "is" || s.op == "contains") }

// pick counts the rows that pass the tests, and returns the numbers of the first n of them after the given number.
func (r *setReader) pick(tests []setTest, after int64, n int) (total int64, numbers []int64, err error) {
	after = min(max(after, 0), r.set.Rows)
	if len(tests) == 0 {
		for number := after + 1; number <= r.set.Rows && len(numbers) < n; number++ {
			numbers = append(numbers, number)
		}
		return r.set.Rows, numbers, nil
	}
	want := uint32(1)<<len(tests) - 1
	has := make([]uint32, r.set.Rows)
	for col := range r.columns {
		v := values{t: r.t, id: r.id, col: col}
		for _, s := range tests {
			if s.column == -1 || s.column == col {
				v.tests = append(v.tests, s)
			}
		}
		if len(v.tests) == 0 {
			continue
		}
		if err := v.read(r.set.Rows); err != nil {
			return 0, nil, err
		}
		if err := v.mark(has); err != nil {
			return 0, nil, err
		}
	}
	for row, bits := range has {
		if bits != want {
			continue
		}
		total++
		if number := int64(row) + 1; number > after && len(numbers) < n {
			numbers = append(numbers, number)
		}
	}
	return total, numbers, nil
}

// values are which of the tests each value of a column passes, by code.
type values struct {
	t     *Tx
	id    string
	col   int
	tests []setTest
	n     int      // values
	bits  []uint32 // of each; nil while none passes any
	low   int      // the least and the greatest code that passes any
	high  int
	ends  []int
}

// read goes through the column's values, of which there are no more than rows.
func (v *values) read(rows int64) error {
	if _, err := v.t.one(`select coalesce(sum(size), 0) from row_set_text where org = $1 and id = $2 and col = $3`,
		[]any{v.t.org, v.id, v.col}, &v.n); err != nil {
		return err
	}
	if v.n < 0 || int64(v.n) > rows {
		return corruptSet(v.id)
	}
	next := 0
	return v.t.each(`select start, size, find from row_set_text where org = $1 and id = $2 and col = $3 order by start`,
		[]any{v.t.org, v.id, v.col}, func(scan func(...any) error) error {
			var start, n int
			var packed sql.RawBytes
			if err := scan(&start, &n, &packed); err != nil {
				return err
			}
			p, ok := openTexts(packed)
			if !ok || start != next || n < 0 || n > v.n-start || n > len(p.lengths) || !v.look(p, start, n) {
				return corruptSet(v.id)
			}
			next += n
			return nil
		})
}

// look gives n values, whose codes begin with start, their bits.
func (v *values) look(p packedTexts, start, n int) bool {
	read := false
	for _, s := range v.tests {
		if s.sought() && !bytes.Contains(p.text, []byte(s.value)) {
			continue
		}
		if !read {
			var ok bool
			if v.ends, ok = p.ends(n, v.ends); !ok {
				return false
			}
			read = true
		}
		if s.sought() {
			v.seek(s, p.text, start)
			continue
		}
		for i := range v.ends {
			if s.passes(p.of(v.ends, i)) {
				v.pass(start+i, s.bit)
			}
		}
	}
	return true
}

// seek looks for the text in all values at once. What is found across the border of two is none's.
func (v *values) seek(s setTest, text []byte, start int) {
	sought := []byte(s.value)
	at, i := 0, 0 // i is the value that holds at
	for {
		found := bytes.Index(text[at:], sought)
		if found < 0 {
			return
		}
		at += found
		for v.ends[i] <= at {
			i++
		}
		begin := 0
		if i > 0 {
			begin = v.ends[i-1]
		}
		end := at + len(sought)
		if end <= v.ends[i] && (s.op == "contains" || begin == at && end == v.ends[i]) {
			v.pass(start+i, s.bit)
			at = v.ends[i]
		} else {
			at++
		}
	}
}

func (v *values) pass(code int, bit uint32) {
	if v.bits == nil {
		// Room for whatever a code of two bytes can be, so that the loops of markRows need not look.
		v.bits, v.low, v.high = make([]uint32, v.n+1<<16), code, code
	}
	v.bits[code] |= bit
	v.low, v.high = min(v.low, code), max(v.high, code)
}

// mark gives the rows the bits of their values in the column.
func (v *values) mark(has []uint32) error {
	if v.bits == nil {
		return nil
	}
	return v.t.each(`select start, size, low, codes from row_set_block where org = $1 and id = $2 and col = $3 and high >= $4 and low <= $5`,
		[]any{v.t.org, v.id, v.col, v.low, v.high}, func(scan func(...any) error) error {
			var start, n, low int
			var codes sql.RawBytes
			if err := scan(&start, &n, &low, &codes); err != nil {
				return err
			}
			if start < 0 || n <= 0 || n > len(has)-start || low < 0 || low > v.n || !markRows(has[start:start+n], v.bits[low:], codes) {
				return corruptSet(v.id)
			}
			return nil
		})
}

// markRows gives each row the bits of its code. There are at least 65,536 of them.
func markRows(has, bits []uint32, codes []byte) bool {
	switch len(codes) {
	case 0:
		for i := range has {
			has[i] |= bits[0]
		}
	case len(has):
		bits := (*[1 << 8]uint32)(bits)
		for i, c := range codes {
			has[i] |= bits[c]
		}
	case 2 * len(has):
		bits := (*[1 << 16]uint32)(bits)
		for i := range has {
			has[i] |= bits[binary.LittleEndian.Uint16(codes[2*i:])]
		}
	case 4 * len(has):
		for i := range has {
			code := binary.LittleEndian.Uint32(codes[4*i:])
			if uint64(code) >= uint64(len(bits)) {
				return false
			}
			has[i] |= bits[code]
		}
	default:
		return false
	}
	return true
}
