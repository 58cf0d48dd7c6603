// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/register"
)

// writeSet writes a set whole.
func writeSet(t testing.TB, db *DB, id string, columns []string, rows [][]string) Set {
	t.Helper()
	w, err := db.WriteSet(t.Context(), org, id, columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range rows {
		if err := w.Add(cells); err != nil {
			t.Fatal(err)
		}
	}
	s, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// populate keeps the record of a set.
func populate(t testing.TB, db *DB, id string, s Set) *isms.Population {
	t.Helper()
	p := &isms.Population{Record: isms.Record{ID: id, Unit: "stad"}, Name: "Behörigheter", Kind: isms.Entitlements, Day: "2024-03-01",
		Rows: register.CountOf(int(s.Rows)), SHA256: s.SHA256}
	put(t, db, p)
	return p
}

// linesHash is the SHA-256 of a set as its documentation says.
func linesHash(t testing.TB, columns []string, rows [][]string) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, line := range append([][]string{columns}, rows...) {
		if err := e.Encode(line); err != nil {
			t.Fatal(err)
		}
	}
	sum := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(sum[:])
}

// Some rows, with what is hard in them.
var (
	someColumns = []string{"Namn", "", "Datum", "Namn"}
	someRows    = [][]string{
		{"Åsa Öberg", "\"citat\" och \\", "2024-01-31", "<a&b>"},
		{"ÅSA ÖBERG", "", "2024-02-01", "två\nrader"},
		{"Åsa öberg", "\x00\x1f\x7f", "", "\u2028 och \u2029"},
		{"", "K", "2023-12-31", "€ 😀"},
	}
)

func TestSetIsWhatWasWritten(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		s := writeSet(t, db, "a", someColumns, someRows)
		if diff := gocmp.Diff(Set{someColumns, 4, linesHash(t, someColumns, someRows)}, s); diff != "" {
			t.Error(diff)
		}
		empty := writeSet(t, db, "b", []string{"Ett"}, nil)
		if want := linesHash(t, []string{"Ett"}, nil); empty.SHA256 != want || empty.Rows != 0 {
			t.Errorf("an empty set: %v", empty)
		}
		for _, id := range []string{"a", "b"} {
			if _, err := db.VerifySet(t.Context(), org, id); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		view(t, db, func(tx *Tx) error {
			again, err := tx.Set("a")
			if diff := gocmp.Diff(s, again); diff != "" {
				t.Error(diff)
			}
			page, none := tx.SetPage("b", SetQuery{Search: "x"})
			if none != nil || page.Total != 0 || len(page.Rows) != 0 {
				t.Errorf("a page of an empty set: %v, %v", page, none)
			}
			return err
		})
	})
}

func TestSetRefusesWhatItCannotHold(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		refused := func(what string, err, want error) {
			t.Helper()
			if !errors.Is(err, want) {
				t.Errorf("%s: %v", what, err)
			}
		}
		begin := func(id string, columns ...string) error {
			_, err := db.WriteSet(t.Context(), org, id, columns)
			return err
		}
		long := strings.Repeat("å", MaxSetCell)
		refused("no columns", begin("a"), ErrSetLimit)
		refused("columns", begin("a", make([]string, MaxSetColumns+1)...), ErrSetLimit)
		refused("a long heading", begin("a", long+"å"), ErrSetLimit)
		if err := begin("inte ett id", "x"); err == nil {
			t.Error("any id will do")
		}
		w, err := db.WriteSet(t.Context(), org, "a", []string{"Ett", "Två"})
		if err != nil {
			t.Fatal(err)
		}
		refused("the same id", begin("a", "Ett"), ErrExists)
		refused("few cells", w.Add([]string{"x"}), ErrSetShape)
		refused("many cells", w.Add([]string{"x", "y", "z"}), ErrSetShape)
		refused("a long cell", w.Add([]string{"x", long + "å"}), ErrSetLimit)
		refused("no UTF-8", w.Add([]string{"x", "\xff"}), ErrSetText)
		if err := w.Add([]string{"x", long}); err != nil {
			t.Errorf("after what was refused: %v", err)
		}
		view(t, db, func(tx *Tx) error {
			_, err := tx.Set("a")
			refused("a set that is not closed", err, isms.ErrNotFound)
			return nil
		})
		if s, err := w.Close(); err != nil || s.Rows != 1 {
			t.Errorf("closing: %v, %v", s, err)
		}
		refused("adding to a closed set", w.Add([]string{"x", "y"}), ErrSetClosed)
		_, err = w.Close()
		refused("closing twice", err, ErrSetClosed)
		if err := w.Drop(); err != nil {
			t.Error(err)
		}
		view(t, db, func(tx *Tx) error {
			rows, err := tx.SetRows("a", []int64{1})
			if err == nil && rows[0].Cells[1] != long {
				t.Error("the longest cell is another")
			}
			return err
		})
	})
}

func TestSetQueryRefusesWhatCannotBeAsked(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		writeSet(t, db, "a", someColumns, someRows)
		view(t, db, func(tx *Tx) error {
			for _, q := range []SetQuery{
				{Search: strings.Repeat("x", maxSearch+1)},
				{Where: []SetCondition{{4, "is", ""}}},
				{Where: []SetCondition{{-1, "is", ""}}},
				{Where: []SetCondition{{0, "like", ""}}},
				{Where: slices.Repeat([]SetCondition{{0, "given", ""}}, maxConditions+1)},
				{Where: []SetCondition{{0, "is", strings.Repeat("x", MaxSetCell+1)}}},
			} {
				var wrong register.Wrongs
				if _, err := tx.SetPage("a", q); !errors.As(err, &wrong) {
					t.Errorf("%.60v: %v", q, err)
				}
			}
			var wrong register.Wrongs
			if _, _, err := tx.SetValues("a", 4, 0); !errors.As(err, &wrong) {
				t.Errorf("values of no column: %v", err)
			}
			for _, numbers := range [][]int64{{0}, {5}, {1, -1}} {
				if _, err := tx.SetRows("a", numbers); !errors.Is(err, isms.ErrNotFound) {
					t.Errorf("rows %v: %v", numbers, err)
				}
			}
			_, err := tx.SetPage("b", SetQuery{})
			if !errors.Is(err, isms.ErrNotFound) {
				t.Errorf("no set: %v", err)
			}
			// The most that may be asked fits.
			words := SetQuery{Search: strings.Repeat("a ", maxSearchWords+3), Where: slices.Repeat([]SetCondition{{0, "given", ""}}, maxConditions)}
			_, err = tx.SetPage("a", words)
			return err
		})
	})
}

// Of two thousand columns, too, everything comes back.
func TestSetOfManyColumns(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		columns := make([]string, MaxSetColumns)
		rows := make([][]string, 30)
		for i := range columns {
			columns[i] = fmt.Sprint("Kolumn ", i)
		}
		for i := range rows {
			rows[i] = make([]string, MaxSetColumns)
			for j := range rows[i] {
				rows[i][j] = fmt.Sprint(i*j%7, "-", j)
			}
		}
		w, err := db.WriteSet(t.Context(), org, "a", columns)
		if err != nil {
			t.Fatal(err)
		}
		w.limits.bytes = 1 << 20 // several blocks
		for _, cells := range rows {
			if err := w.Add(cells); err != nil {
				t.Fatal(err)
			}
		}
		s, err := w.Close()
		if err != nil || s.SHA256 != linesHash(t, columns, rows) {
			t.Fatalf("%v, %v", s.SHA256, err)
		}
		if _, err := db.VerifySet(t.Context(), org, "a"); err != nil {
			t.Error(err)
		}
		view(t, db, func(tx *Tx) error {
			p, err := tx.SetPage("a", SetQuery{Where: []SetCondition{{1999, "is", "4-1999"}}})
			if p.Total == 0 || p.Rows[0].Cells[1999] != "4-1999" {
				t.Errorf("in the last column: %d", p.Total)
			}
			return err
		})
	})
}

// A set is drawn for the properties: few different texts, so that they are found, and limits so small that there are many blocks, rows
// of texts and rounds.
type drawnSet struct {
	columns []string
	rows    [][]string
	limits  setLimits
}

var cellTexts = []string{"", "a", "A", "å", "Å", "A\u030a", "ö", "Ö", "ÅÄÖ", "Anna Åberg", "anna  åberg", "\u212a", "k", "2024-01-31", "2024-02-01",
	"2024-02", "Roll 1", "roll 11", "a\x00b", "ß", "ss", "\u2028", "<&>", "ab", "b", "ba"}

func drawSet(r *rapid.T) drawnSet {
	s := drawnSet{limits: setLimits{rapid.IntRange(1, 9).Draw(r, "block"), rapid.IntRange(1, 3000).Draw(r, "bytes"), rapid.IntRange(1, 1500).Draw(r, "memory")}}
	n := rapid.IntRange(1, 4).Draw(r, "columns")
	cell := rapid.OneOf(rapid.SampledFrom(cellTexts), rapid.StringN(0, 4, -1), rapid.Map(rapid.IntRange(0, 400), func(n int) string { return fmt.Sprint(n) }))
	s.columns = rapid.SliceOfN(rapid.String(), n, n).Draw(r, "headings")
	s.rows = rapid.SliceOfN(rapid.SliceOfN(cell, n, n), 0, 60).Draw(r, "rows")
	return s
}

func (s drawnSet) write(t *rapid.T, db *DB, id string) Set {
	w, err := db.WriteSet(t.Context(), org, id, s.columns)
	if err != nil {
		t.Fatal(err)
	}
	w.limits = s.limits
	for _, cells := range s.rows {
		if err := w.Add(cells); err != nil {
			t.Fatal(err)
		}
	}
	set, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func drawQuery(r *rapid.T, columns int) SetQuery {
	value := rapid.OneOf(rapid.SampledFrom(cellTexts), rapid.StringN(0, 2, -1), rapid.SampledFrom([]string{"1", "2024", "roll", "NA Å"}))
	q := SetQuery{After: rapid.OneOf(rapid.Int64Range(-1, 70), rapid.Just(int64(math.MaxInt64))).Draw(r, "after"), Limit: rapid.IntRange(0, 12).Draw(r, "limit")}
	if rapid.Bool().Draw(r, "searching") {
		q.Search = strings.Join(rapid.SliceOfN(value, 0, 3).Draw(r, "search"), " ")
	}
	for range rapid.IntRange(0, 3).Draw(r, "conditions") {
		q.Where = append(q.Where, SetCondition{rapid.IntRange(0, columns-1).Draw(r, "column"),
			rapid.SampledFrom([]string{"is", "not", "contains", "empty", "given", "from", "to"}).Draw(r, "op"), value.Draw(r, "value")})
	}
	return q
}

// picks is what SetQuery says, row by row.
func (q SetQuery) picks(cells []string) bool {
	folded := make([]string, len(cells))
	for i, c := range cells {
		folded[i] = fold(c)
	}
	for _, word := range strings.Fields(fold(q.Search)) {
		if !slices.ContainsFunc(folded, func(c string) bool { return strings.Contains(c, word) }) {
			return false
		}
	}
	for _, c := range q.Where {
		has, value := folded[c.Column], fold(c.Value)
		var ok bool
		switch c.Op {
		case "is":
			ok = has == value
		case "not":
			ok = has != value
		case "contains":
			ok = strings.Contains(has, value)
		case "empty":
			ok = has == ""
		case "given":
			ok = has != ""
		case "from":
			ok = has != "" && has >= value
		case "to":
			ok = has != "" && (has <= value || strings.HasPrefix(has, value))
		}
		if !ok {
			return false
		}
	}
	return true
}

func (s drawnSet) page(q SetQuery) SetPage {
	var p SetPage
	limit := q.Limit
	if limit == 0 {
		limit = 50
	}
	more := false
	for i, cells := range s.rows {
		if !q.picks(cells) {
			continue
		}
		p.Total++
		if number := int64(i) + 1; number > q.After {
			if len(p.Rows) == limit {
				more = true
				continue
			}
			p.Rows = append(p.Rows, SetRow{number, cells})
		}
	}
	if more {
		p.Next = p.Rows[limit-1].Number
	}
	return p
}

func (s drawnSet) values(column, limit int) ([]SetValue, int64) {
	counts := map[string]int64{}
	for _, cells := range s.rows {
		counts[cells[column]]++
	}
	var all []SetValue
	for v, n := range maps.All(counts) {
		all = append(all, SetValue{v, n})
	}
	slices.SortFunc(all, func(a, b SetValue) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return all[:min(limit, len(all))], int64(len(all))
}

var sameNothing = gocmp.FilterValues(func(a, b []SetRow) bool { return len(a)+len(b) == 0 }, gocmp.Ignore())

// Whatever the rows, the blocks they are split in and the question, the answer is what going through the rows one by one gives; the SHA-256 is
// of the lines alone, on either engine.
func TestSetEqualsItsRows(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			n++
			id := fmt.Sprint("set-", n)
			s := drawSet(r)
			set := s.write(r, db, id)
			if want := linesHash(t, s.columns, s.rows); set.SHA256 != want || set.Rows != int64(len(s.rows)) {
				r.Fatalf("it is %v, not %s", set, want)
			}
			if _, err := db.VerifySet(r.Context(), org, id); err != nil {
				r.Fatal(err)
			}
			err := db.View(r.Context(), org, func(tx *Tx) error { return s.compare(r, tx, id) })
			if err != nil {
				r.Fatal(err)
			}
		})
	})
}

func (s drawnSet) compare(r *rapid.T, tx *Tx, id string) error {
	var each [][]string
	err := tx.SetEach(id, func(number int64, cells []string) error {
		if each = append(each, slices.Clone(cells)); number != int64(len(each)) {
			r.Errorf("row %d comes as %d", len(each), number)
		}
		return nil
	})
	if diff := gocmp.Diff(s.rows, each); len(s.rows) > 0 && diff != "" {
		r.Errorf("each: %s", diff)
	}
	if err != nil {
		return err
	}
	for range 4 {
		q := drawQuery(r, len(s.columns))
		got, err := tx.SetPage(id, q)
		if err != nil {
			return err
		}
		if diff := gocmp.Diff(s.page(q), got, sameNothing); diff != "" {
			r.Errorf("%+v: %s", q, diff)
		}
	}
	column, limit := rapid.IntRange(0, len(s.columns)-1).Draw(r, "column"), rapid.IntRange(1, 30).Draw(r, "most")
	got, distinct, err := tx.SetValues(id, column, limit)
	if err != nil {
		return err
	}
	if want, n := s.values(column, limit); !slices.Equal(want, got) || n != distinct {
		r.Errorf("values: %v of %d, not %v of %d", got, distinct, want, n)
	}
	if len(s.rows) == 0 {
		return nil
	}
	numbers := rapid.SliceOfN(rapid.Int64Range(1, int64(len(s.rows))), 0, 8).Draw(r, "numbers")
	rows, err := tx.SetRows(id, numbers)
	for i, n := range numbers {
		if err == nil && (rows[i].Number != n || !slices.Equal(rows[i].Cells, s.rows[n-1])) {
			r.Errorf("row %d: %v", n, rows[i])
		}
	}
	return err
}
