// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/unicode/norm"

	"ledsyn/isms"
	"ledsyn/register"
)

// Two kinds of tables, brought up to date in two ways, in one transaction.
//
// Those that are no registers come from numbered files, forward only.
//
// Register tables come from the structs: a missing table is made, a missing column added with its kind's empty
// value (-1 for an unknown number). Nothing is ever renamed or dropped, because old journal bodies must decode; so
// a table that has a column which no field answers to was made by a newer program, and the start is refused as
// with a newer number. A numbered file per register would say the same thing twice and could be forgotten; here
// the forgotten step cannot happen, and a test holds the columns to the structs.
//
//go:embed migrations/*.sql
var migrations embed.FS

// deriving counts the versions of the derived columns' making. Raise it when order.go or a Title changes.
const deriving = "1"

// migrate brings the tables up to date, or only checks them when the database is open for reading.
func (db *DB) migrate(ctx context.Context) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	if db.readOnly {
		return db.View(ctx, "", func(t *Tx) error {
			number, shape, err := t.version()
			switch {
			case err != nil:
				return fmt.Errorf("%w (%w)", ErrOlderSchema, err)
			case number > len(files):
				return ErrNewerSchema
			case number < len(files) || shape != registersShape():
				return ErrOlderSchema
			}
			return nil
		})
	}
	return db.change(ctx, func(t *Tx) error { return t.migrate(files) })
}

func (t *Tx) migrate(files []string) error {
	if !t.db.sqlite {
		// Two servers may start at once. The number is this program's own among advisory locks.
		if _, err := t.exec(`select pg_advisory_xact_lock(4991105)`); err != nil {
			return err
		}
	}
	if err := t.define(`create table if not exists program (number bigint not null, shape text not null)`); err != nil {
		return err
	}
	number, shape, err := t.version()
	if err != nil {
		return err
	}
	if number > len(files) {
		return fmt.Errorf("%w: it is at %d, this program knows %d", ErrNewerSchema, number, len(files))
	}
	for _, file := range files[number:] {
		if err := t.runFile(file); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	if shape == registersShape() && number == len(files) {
		return nil
	}
	t.db.log.Info("bringing the database's tables up to date", "from", number, "to", len(files))
	for _, s := range isms.Registers() {
		if err := t.extend(tableOf(s)); err != nil {
			return err
		}
	}
	if _, err := t.exec(`delete from program`); err != nil {
		return err
	}
	_, err = t.exec(`insert into program (number, shape) values ($1, $2)`, len(files), registersShape())
	return err
}

// version returns how many files have been run and the shape of the registers then.
func (t *Tx) version() (number int, shape string, err error) {
	_, err = t.one(`select number, shape from program`, nil, &number, &shape)
	return number, shape, err
}

func (t *Tx) runFile(name string) error {
	text, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	for _, statement := range statements(string(text)) {
		if err := t.define(statement); err != nil {
			return err
		}
	}
	return nil
}

// define runs a statement that makes a table or a column. On PostgreSQL texts are made to compare by code point,
// as they do on SQLite and in Go, whatever the database's own locale.
func (t *Tx) define(statement string) error {
	if !t.db.sqlite {
		statement = strings.ReplaceAll(statement, " text not null", ` text collate "C" not null`)
	}
	_, err := t.exec(statement)
	return err
}

// statements cuts a migration at each line that ends with a semicolon, and drops comment lines.
func statements(text string) []string {
	var out []string
	var b strings.Builder
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || strings.HasPrefix(trimmed, "--") {
			continue
		}
		b.WriteString(line)
		if strings.HasSuffix(trimmed, ";") {
			out = append(out, b.String())
			b.Reset()
		}
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

// registersShape is a fingerprint of everything that register tables depend on. While it is the same as the
// database's, there is nothing to do.
func registersShape() string {
	h := sha256.New()
	fmt.Fprintln(h, deriving, collate.CLDRVersion, norm.Version)
	for _, s := range isms.Registers() {
		fmt.Fprintln(h, s.Name)
		for _, f := range s.Fields {
			fmt.Fprintln(h, f.Name, f.Kind, f.Listed, f.Find, f.Choices, f.Target)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// extend makes the register's table, or adds the columns that it lacks and makes the derived columns anew.
func (t *Tx) extend(tb *table) error {
	columns := []string{"org text not null", "id text not null", "unit text not null", "rev bigint not null", "retired text not null"}
	names := []string{"org", "id", "unit", "rev", "retired"}
	for _, f := range tb.columns {
		names = append(names, f.Name)
		columns = append(columns, quote(f.Name)+" "+f.Column()+" not null default "+empty(f))
	}
	for _, name := range tb.derivedColumns() {
		names = append(names, name)
		columns = append(columns, quote(name)+" text not null default ''")
	}
	err := t.define(`create table if not exists ` + tb.name + ` (` + strings.Join(columns, ", ") + `, primary key (org, id))`)
	if err != nil {
		return err
	}
	has, err := t.columnsOf(tb.name)
	if err != nil {
		return err
	}
	for i, name := range names {
		if !slices.Contains(has, name) {
			if err := t.define(`alter table ` + tb.name + ` add column ` + columns[i]); err != nil {
				return err
			}
		}
	}
	for _, name := range has {
		if !slices.Contains(names, name) && !strings.Contains(name, "__") {
			return fmt.Errorf("%w: %s has a column %s", ErrNewerSchema, tb.name, name)
		}
	}
	if err := t.indexes(tb); err != nil {
		return err
	}
	return t.derive(tb)
}

func (t *Tx) columnsOf(name string) ([]string, error) {
	rows, err := t.tx.QueryContext(t.run, `select * from `+name+` where 1 = 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return rows.Columns()
}

// empty is the value, in SQL, of a field that a record from before the field has.
func empty(f register.Field) string {
	switch {
	case f.Kind == register.Number || f.Kind == register.Share:
		return strconv.Itoa(-1)
	case f.Column() == "bigint":
		return strconv.Itoa(0)
	}
	return "''"
}

// indexes makes what pages need: a list's usual order, the count of what may be seen, and what belongs to a record.
func (t *Tx) indexes(tb *table) error {
	all := map[string]string{
		"__by_title": `org, "__title_sort", id`,
		"__by_unit":  `org, retired, unit`,
	}
	if _, ok := tb.Field("of"); ok { // the id of any register's record: that record's page asks for it
		all["__by_of"] = `org, "of", kind`
	}
	for name, columns := range all {
		_, err := t.exec(`create index if not exists ` + quote(tb.Name+name) + ` on ` + tb.name + ` (` + columns + `)`)
		if err != nil {
			return err
		}
	}
	return nil
}

// derive makes the derived columns of every row of every organisation.
func (t *Tx) derive(tb *table) error {
	type row struct {
		org string
		rec register.Entity
	}
	var rows []row
	err := t.each(`select `+tb.all+`, org from `+tb.name, nil, func(scan func(...any) error) error {
		var r row
		var err error
		r.rec, err = tb.scan(scan, &r.org)
		rows = append(rows, r)
		return err
	})
	if err != nil {
		return err
	}
	for _, r := range rows {
		args := append(tb.values(r.org, r.rec), int64(r.rec.Head().Rev))
		if _, err := t.exec(tb.update, args...); err != nil {
			return err
		}
	}
	return nil
}
