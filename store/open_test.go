// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"ledsyn/isms"
)

// onEachConfig runs f with where an empty database of each engine may be, for tests that open it themselves.
func onEachConfig(t *testing.T, f func(t *testing.T, c Config)) {
	t.Helper()
	for engine, config := range engines(t) {
		t.Run(engine, func(t *testing.T) { f(t, config(t)) })
	}
}

func TestFolderInUse(t *testing.T) {
	c := Config{Dir: t.TempDir()}
	db := open(t, c)
	_, err := Open(t.Context(), c)
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), c.Dir) {
		t.Errorf("got %v", err)
	}
	db.Close()
	open(t, c) // free again
}

func TestReadOnly(t *testing.T) {
	onEachConfig(t, func(t *testing.T, c Config) {
		readOnly := c
		readOnly.ReadOnly = true
		if _, err := Open(t.Context(), readOnly); err == nil {
			t.Fatal("a database that is not there was opened for reading")
		}
		db := open(t, c)
		settle(t, db)
		put(t, db, system("Elevregistret"))

		reads := func(when string, want int64) {
			t.Helper()
			ro := open(t, readOnly)
			defer ro.Close()
			if r, err := ro.Verify(t.Context(), org, nil); err != nil || r.Entries != want {
				t.Errorf("%s: %+v, %v", when, r, err)
			}
			if _, err := ro.Checkpoint(t.Context(), org); err != nil {
				t.Errorf("%s: checkpoint: %v", when, err)
			}
			for _, err := range []error{
				ro.Update(t.Context(), Act{Org: org}, func(tx *Tx) error { return nil }),
				ro.CreateOrganisation(t.Context(), Organisation{"ny", "Ny"}),
				ro.PutAccount(t.Context(), Account{Name: "x"}),
			} {
				if !errors.Is(err, ErrReadOnly) {
					t.Errorf("%s: %v", when, err)
				}
			}
		}
		reads("beside a server", 2)
		put(t, db, system("Ett till"))
		reads("beside a server that goes on", 3)
		db.Close()
		reads("without a server", 3)
		if r := verify(t, open(t, c)); r.Entries != 3 {
			t.Errorf("afterwards: %+v", r)
		}
	})
}

func TestNewerSchemaIsRefused(t *testing.T) {
	onEachConfig(t, func(t *testing.T, c Config) {
		db := open(t, c)
		settle(t, db)
		run(t, db, `update program set number = 99`)
		db.Close()
		for _, readOnly := range []bool{false, true} {
			c.ReadOnly = readOnly
			if _, err := Open(t.Context(), c); !errors.Is(err, ErrNewerSchema) {
				t.Errorf("read only %v: %v", readOnly, err)
			}
		}
	})
}

func TestColumnOfANewerProgramIsRefused(t *testing.T) {
	onEachConfig(t, func(t *testing.T, c Config) {
		db := open(t, c)
		run(t, db, `alter table system add column future text not null default ''`)
		run(t, db, `update program set shape = 'another'`)
		db.Close()
		if _, err := Open(t.Context(), c); !errors.Is(err, ErrNewerSchema) || !strings.Contains(err.Error(), "future") {
			t.Errorf("got %v", err)
		}
		c.ReadOnly = true
		if _, err := Open(t.Context(), c); !errors.Is(err, ErrOlderSchema) {
			t.Errorf("for reading: %v", err)
		}
	})
}

// A field that is added gets its column, and records from before have its empty value; what the store derives
// is made anew.
func TestRegisterGrows(t *testing.T) {
	onEachConfig(t, func(t *testing.T, c Config) {
		db := open(t, c)
		settle(t, db)
		s := system("Östra")
		s.ID = "s"
		put(t, db, s)
		before := verify(t, db)
		for _, statement := range []string{
			`alter table system drop column supplier`,
			`alter table system drop column supplier__sort`,
			`alter table spot_check drop column sample`,
			`update system set __title = '', __title_sort = '', __find = ''`,
			`update program set shape = 'another'`,
		} {
			run(t, db, statement)
		}
		db.Close()
		db = open(t, c)
		if after := verify(t, db); after != before {
			t.Errorf("%+v, then %+v", before, after)
		}
		if got := names(t, db, Query{Search: "ÖST", Sort: "supplier"}); !slices.Equal(got, []string{"Östra"}) {
			t.Errorf("found %v", got)
		}
		view(t, db, func(tx *Tx) error {
			titles, err := tx.Titles("system", []string{"s"})
			if titles["s"] != "Östra" {
				t.Errorf("title %q", titles["s"])
			}
			return err
		})
	})
}

// Every field of every register has a column of its kind, every column a field, and every register a table.
func TestColumnsAreTheStructsFields(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		for _, s := range isms.Registers() {
			tb := tableOf(s)
			want := []string{"org", "id", "unit", "rev", "retired"}
			for _, f := range s.Fields {
				if f.Column() != "" {
					want = append(want, f.Name)
				}
				if strings.Contains(f.Name, "__") || slices.Contains([]string{"org", "id", "unit", "rev", "retired"}, f.Name) {
					t.Errorf("%s.%s is a name of the store's", s.Name, f.Name)
				}
			}
			want = append(want, tb.derivedColumns()...)
			got := columns(t, db, s.Name)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s has columns %v, fields %v", s.Name, got, want)
			}
		}
	})
}

// migrationsText is all numbered files.
func migrationsText(t *testing.T) string {
	t.Helper()
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := migrations.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

func TestNoRegisterIsNamedAsATableOfTheStore(t *testing.T) {
	text := migrationsText(t)
	for _, s := range isms.Registers() {
		if strings.Contains(text, "create table "+s.Name+" ") || s.Name == "program" {
			t.Errorf("register %s", s.Name)
		}
	}
}

// Every table's key begins with the organisation, except those that are looked up before it is known.
func TestKeysBeginWithTheOrganisation(t *testing.T) {
	text := migrationsText(t)
	before := []string{"organisation", "account", "session", "attempt", "calendar_feed"}
	for _, statement := range statements(text) {
		name, ok := strings.CutPrefix(statement, "create table ")
		if !ok {
			continue
		}
		name, _, _ = strings.Cut(name, " ")
		if !slices.Contains(before, name) && !strings.Contains(statement, "primary key (org") && !strings.Contains(statement, "org text not null primary key") {
			t.Errorf("%s", statement)
		}
		for line := range strings.Lines(statement) {
			if strings.HasPrefix(line, "\t") && !strings.Contains(line, "not null") && !strings.Contains(line, "primary key") && !strings.Contains(line, "unique (") {
				t.Errorf("%s may be null: %s", name, line)
			}
		}
	}
}

func columns(t *testing.T, db *DB, table string) []string {
	t.Helper()
	rows, err := db.read.Query(`select * from ` + quote(table) + ` where 1 = 0`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func run(t *testing.T, db *DB, statement string) {
	t.Helper()
	if _, err := db.write.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

// Several programs may start at once on one PostgreSQL and write in the same organisation; on SQLite the
// second is refused.
func TestProgramsSideBySide(t *testing.T) {
	onEachConfig(t, func(t *testing.T, c Config) {
		var mu sync.Mutex
		var dbs []*DB
		var wait sync.WaitGroup
		for range 3 {
			wait.Go(func() {
				db, err := Open(context.Background(), c)
				if err == nil {
					mu.Lock()
					dbs = append(dbs, db)
					mu.Unlock()
				} else if c.URL != "" || !errors.Is(err, ErrInUse) {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if want := 3; c.URL != "" && len(dbs) != want || c.URL == "" && len(dbs) != 1 {
			t.Fatalf("%d are open", len(dbs))
		}
		settle(t, dbs[0])
		for i, db := range dbs {
			defer db.Close()
			for range 5 {
				wait.Go(func() {
					for range 5 {
						if err := db.Update(context.Background(), Act{Org: org}, func(tx *Tx) error { return tx.Put(system(fmt.Sprint(i))) }); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		wait.Wait()
		if r := verify(t, dbs[0]); r.Entries != int64(1+25*len(dbs)) {
			t.Errorf("%d entries", r.Entries)
		}
	})
}

func TestOldSQLiteIsNotSilentlyUsed(t *testing.T) {
	db := open(t, Config{Dir: t.TempDir()})
	if err := checkSQLite(t.Context(), db.read); err != nil {
		t.Error(err)
	}
	was := oldestSQLite
	defer func() { oldestSQLite = was }()
	oldestSQLite = [3]int{3, 999, 0}
	if err := checkSQLite(t.Context(), db.read); err == nil {
		t.Error("an old SQLite was let through")
	}
}

func TestFileThatIsNoDatabase(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, fileName), []byte(strings.Repeat("not a database\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Config{Dir: dir}); err == nil {
		t.Error("opened")
	}
	if _, err := Open(t.Context(), Config{}); err == nil {
		t.Error("opened nothing")
	}
}

// A folder with characters that addresses give another meaning is still a folder.
func TestFolderWithAnyName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "å ä?ö#%41&mode=memory")
	db := open(t, Config{Dir: dir})
	settle(t, db)
	db.Close()
	if _, err := os.Stat(filepath.Join(dir, fileName)); err != nil {
		t.Error(err)
	}
	if r := verify(t, open(t, Config{Dir: dir})); r.Entries != 1 {
		t.Errorf("%+v", r)
	}
}

// On PostgreSQL texts compare by code point whatever the database's locale, as on SQLite and in Go.
func TestTextsCompareByCodePoint(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		if !db.sqlite {
			var n int
			err := db.read.QueryRow(`select count(*) from information_schema.columns
				where table_schema = current_schema() and data_type = 'text' and collation_name is distinct from 'C'`).Scan(&n)
			if err != nil || n != 0 {
				t.Errorf("%d columns, %v", n, err)
			}
		}
		ids := []string{"a-b", "a1", "a_b", "ab", "b"}
		for _, i := range []int{3, 0, 4, 2, 1} {
			s := system("Samma namn")
			s.ID = ids[i]
			put(t, db, s)
		}
		var got []string
		view(t, db, func(tx *Tx) error {
			list, err := All[isms.System](tx, all)
			for _, s := range list {
				got = append(got, s.ID)
			}
			return err
		})
		if !slices.Equal(got, ids) {
			t.Errorf("got %v", got)
		}
	})
}
