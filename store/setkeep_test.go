// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
)

// Every way to change a set by hand, or to lose it, is found and said of the population.
func TestChangedSetIsFound(t *testing.T) {
	cases := []struct {
		statement string
		args      []any
	}{
		{`update row_set set sha256 = 'annan'`, nil},
		{`update row_set set sha256 = ''`, nil},
		{`update row_set set size = size - 1`, nil},
		{`update row_set set size = -1`, nil},
		{`update row_set set headings = '["Namn","","Datum","Annat"]'`, nil},
		{`update row_set set headings = 'inget'`, nil},
		{`update row_set set headings = '["Namn"]'`, nil},
		{`update row_set set id = 'annan'`, nil},
		{`delete from row_set`, nil},
		{`delete from row_set_block where col = 2`, nil},
		{`delete from row_set_block where start = 2`, nil},
		{`update row_set_block set codes = $1 where col = 0 and start = 0`, []any{[]byte{1, 0}}},
		{`update row_set_block set codes = $1 where col = 0 and start = 0`, []any{[]byte{0, 0}}},
		{`update row_set_block set codes = $1 where col = 0 and start = 0`, []any{[]byte{0, 2}}},
		{`update row_set_block set codes = $1 where col = 0 and start = 0`, []any{[]byte{}}},
		{`update row_set_block set codes = $1 where col = 0 and start = 0`, []any{[]byte{0}}},
		{`update row_set_block set codes = $1 where col = 0 and start = 0`, []any{[]byte{0, 1, 2, 3, 4, 5, 6}}},
		{`update row_set_text set raw = $1 where col = 0`, []any{[]byte{0, 0, 0, 0}}},
		{`update row_set_text set find = $1 where col = 0`, []any{[]byte{255, 255, 255, 255, 1}}},
		{`update row_set_text set find = $1 where col = 0`, []any{[]byte{}}},
		{`update row_set_block set low = low + 1 where col = 3`, nil},
		{`update row_set_block set low = -1 where col = 3`, nil},
		{`update row_set_block set high = high + 1 where col = 3 and start = 0`, nil},
		{`update row_set_block set size = 3 where col = 0`, nil},
		{`update row_set_block set size = 0`, nil},
		{`update row_set_block set col = 7 where col = 3`, nil},
		{`update row_set_block set start = start + 1`, nil},
		{`delete from row_set_text where col = 1`, nil},
		{`update row_set_text set start = 1 where col = 1 and start = 0`, nil},
		{`update row_set_text set size = 9 where col = 1`, nil},
		{`update row_set_text set find = $1 where col = 0`, []any{packTexts([]string{"åsa öberg", "åsa öberg", "åsa öberg", "x"}, nil)}},
		{`update row_set_text set raw = $1 where col = 0`, []any{packTexts([]string{"Åsa Öberg", "ÅSA ÖBERG", "Åsa öberg", "x"}, nil)}},
		{`update population set rows = rows + 1`, nil},
	}
	onEach(t, func(t *testing.T, db *DB) {
		w, err := db.WriteSet(t.Context(), org, "a", someColumns)
		if err != nil {
			t.Fatal(err)
		}
		w.limits.rows = 2
		for _, cells := range someRows {
			if err := w.Add(cells); err != nil {
				t.Fatal(err)
			}
		}
		s, err := w.Close()
		if err != nil {
			t.Fatal(err)
		}
		populate(t, db, "a", s)
		if r := verify(t, db); r.Sets != 1 {
			t.Errorf("%d sets", r.Sets)
		}
		run := func(statement string, args ...any) {
			t.Helper()
			if _, err := db.write.Exec(db.sql(statement), args...); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		tables := []string{"row_set", "row_set_block", "row_set_text", "population"}
		for _, table := range tables {
			run(`create table kept_` + table + ` as select * from ` + table)
		}
		for _, c := range cases {
			run(c.statement, c.args...)
			_, err := db.Verify(t.Context(), org, nil)
			var corrupt *ErrCorrupt
			what := CorruptSet
			if strings.HasPrefix(c.statement, "update population") {
				what = CorruptRow
			}
			if !errors.As(err, &corrupt) || *corrupt != (ErrCorrupt{2, "population", "a", what}) {
				t.Errorf("%s %v: %v", c.statement, c.args, err)
			}
			readAll(t, db, "a") // whatever is wrong, nothing panics
			for _, table := range tables {
				run(`delete from ` + table)
				run(`insert into ` + table + ` select * from kept_` + table)
			}
		}
		verify(t, db)
	})
}

// Who can change the database can put another whole set in a set's place. The population's record, which the journal binds, tells them apart.
func TestReplacedSetIsFound(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		p := populate(t, db, "a", writeSet(t, db, "a", someColumns, someRows))
		found := func(what string, seq int64) {
			t.Helper()
			_, err := db.Verify(t.Context(), org, nil)
			var corrupt *ErrCorrupt
			if !errors.As(err, &corrupt) || *corrupt != (ErrCorrupt{seq, "population", "a", CorruptSet}) {
				t.Errorf("%s: %v", what, err)
			}
		}
		replace := func(rows [][]string) Set {
			t.Helper()
			if err := db.dropSet(t.Context(), org, "a"); err != nil {
				t.Fatal(err)
			}
			return writeSet(t, db, "a", someColumns, rows)
		}
		other := slices.Clone(someRows)
		slices.Reverse(other)
		replace(other)
		if _, err := db.VerifySet(t.Context(), org, "a"); err != nil {
			t.Errorf("the other set by itself: %v", err)
		}
		found("as many rows in another order", 2)
		replace(someRows)
		verify(t, db)
		p.Rows = register.CountOf(5)
		put(t, db, p)
		found("a population that says another number", 3)
	})
}

// readAll asks everything that can be asked of a set.
func readAll(t *testing.T, db *DB, id string) {
	t.Helper()
	view(t, db, func(tx *Tx) error {
		for _, q := range []SetQuery{{}, {Search: "a"}, {Where: []SetCondition{{1, "not", "x"}, {3, "given", ""}}}} {
			tx.SetPage(id, q)
		}
		for col := range someColumns {
			tx.SetValues(id, col, 3)
		}
		tx.SetRows(id, []int64{1, 4, 2})
		tx.SetEach(id, func(int64, []string) error { return nil })
		return nil
	})
}

// setRows returns how many rows there are in the tables of sets.
func setRows(t *testing.T, db *DB) (n int) {
	t.Helper()
	view(t, db, func(tx *Tx) error {
		_, err := tx.one(`select (select count(*) from row_set) + (select count(*) from row_set_block) + (select count(*) from row_set_text)`, nil, &n)
		return err
	})
	return n
}

func TestDropSetOnlyWhenDisposedOf(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		p := populate(t, db, "a", writeSet(t, db, "a", someColumns, someRows))
		writeSet(t, db, "b", someColumns, someRows)
		if err := db.DropSet(t.Context(), org, "a"); !errors.Is(err, ErrSetKept) {
			t.Errorf("dropped while kept: %v", err)
		}
		p.Retired = "2024-05-01"
		update(t, db, func(tx *Tx) error { return tx.Put(p) })
		if err := db.DropSet(t.Context(), org, "a"); !errors.Is(err, ErrSetKept) {
			t.Errorf("dropped while retired: %v", err)
		}
		verify(t, db)
		p.DisposedOn = "2024-06-01"
		update(t, db, func(tx *Tx) error { return tx.Put(p) })
		verify(t, db) // the rows are there still, and need not be
		for _, id := range []string{"a", "b", "b"} {
			if err := db.DropSet(t.Context(), org, id); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		if n := setRows(t, db); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		if r := verify(t, db); r.Sets != 0 {
			t.Errorf("%d sets", r.Sets)
		}
	})
}

func TestSweepSetsLeavesWhatIsKept(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		set := clock(db, "2044-01-01T00:00:00Z")
		if err := db.CreateOrganisation(t.Context(), Organisation{"annan", "Annan"}); err != nil {
			t.Fatal(err)
		}
		populate(t, db, "kept", writeSet(t, db, "kept", someColumns, someRows))
		gone := populate(t, db, "gone", writeSet(t, db, "gone", someColumns, someRows))
		gone.DisposedOn = "2044-01-01"
		update(t, db, func(tx *Tx) error { return tx.Put(gone) })
		writeSet(t, db, "closed", someColumns, someRows)
		begin := func(org, id string) *SetWriter {
			w, err := db.WriteSet(t.Context(), org, id, someColumns)
			if err != nil {
				t.Fatal(err)
			}
			w.limits.rows = 1
			if err := w.Add(someRows[0]); err != nil {
				t.Fatal(err)
			}
			return w
		}
		begun, others := begin(org, "begun"), begin("annan", "begun")
		set("2044-01-02T00:00:00Z")
		late := begin(org, "late")
		n, err := db.SweepSets(t.Context(), org, register.Moment("2044-01-01T12:00:00.000000Z"))
		if n != 3 || err != nil {
			t.Errorf("swept %d: %v", n, err)
		}
		if err := begun.Add(someRows[1]); !errors.Is(err, isms.ErrNotFound) {
			t.Errorf("adding to what was swept away: %v", err)
		}
		if _, err := begun.Close(); !errors.Is(err, isms.ErrNotFound) {
			t.Errorf("closing what was swept away: %v", err)
		}
		for _, w := range []*SetWriter{late, others} {
			if s, err := w.Close(); err != nil || s.Rows != 1 {
				t.Errorf("%s: %v, %v", w.id, s, err)
			}
		}
		verify(t, db)
		before := setRows(t, db)
		if err := begun.Drop(); err != nil || setRows(t, db) != before {
			t.Errorf("dropping what was swept away: %v", err)
		}
		view(t, db, func(tx *Tx) error {
			_, err := tx.Set("kept")
			return err
		})
	})
}

func TestDroppedWriterLeavesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		ctx, stop := context.WithCancel(t.Context())
		w, err := db.WriteSet(ctx, org, "a", someColumns)
		if err != nil {
			t.Fatal(err)
		}
		w.limits.rows = 1
		if err := w.Add(someRows[0]); err != nil {
			t.Fatal(err)
		}
		stop()
		if err := w.Add(someRows[1]); !errors.Is(err, context.Canceled) {
			t.Errorf("after the caller has gone: %v", err)
		}
		if _, err := w.Close(); !errors.Is(err, context.Canceled) {
			t.Errorf("closing after a failure: %v", err)
		}
		if err := w.Drop(); err != nil {
			t.Error(err)
		}
		if n := setRows(t, db); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		writeSet(t, db, "a", someColumns, someRows) // the id is free
	})
}

// While a set is written, other acts are done in between: the writer holds nothing that they wait for.
func TestOtherActsGoOnWhileASetIsWritten(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		w, err := db.WriteSet(t.Context(), org, "a", []string{"Ett", "Två"})
		if err != nil {
			t.Fatal(err)
		}
		w.limits.rows = 500
		for i := range 5000 {
			if err := w.Add([]string{strconv.Itoa(i), strconv.Itoa(i % 7)}); err != nil {
				t.Fatal(err)
			}
			if i%777 == 0 {
				ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
				err := db.Update(ctx, Act{Org: org}, func(tx *Tx) error { return tx.Put(system("Under tiden")) })
				if stop(); err != nil {
					t.Fatalf("after row %d: %v", i+1, err)
				}
			}
		}
		if s, err := w.Close(); err != nil || s.Rows != 5000 {
			t.Fatalf("%v, %v", s, err)
		}
	})
}
