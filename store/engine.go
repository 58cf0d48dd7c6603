// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the PostgreSQL driver
	_ "modernc.org/sqlite"             // the SQLite driver
)

// oldestSQLite is the oldest SQLite that the traps were tried on. The driver brings its own SQLite, so an
// older one means that somebody changed the driver without reading this.
var oldestSQLite = [3]int{3, 53, 2}

const fileName = "ledsyn.db"

// openEngine opens the pools: on SQLite one for reading and one of a single connection for writing.
func (db *DB) openEngine(ctx context.Context, c Config) (err error) {
	if !db.sqlite {
		if db.read, err = sql.Open("pgx", c.URL); err != nil {
			return err
		}
		db.read.SetMaxOpenConns(24)
		db.write = db.read
		return db.read.PingContext(ctx)
	}
	file := filepath.Join(c.Dir, fileName)
	if !c.ReadOnly {
		// Made here so that nobody else may read it; SQLite gives its other files the same mode.
		f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
		if db.write, err = sql.Open("sqlite", dsn(file, "rwc")); err != nil {
			return err
		}
		db.write.SetMaxOpenConns(1)
		if err := checkSQLite(ctx, db.write); err != nil {
			return err
		}
	}
	if db.read, err = sql.Open("sqlite", dsn(file, "ro")); err != nil {
		return err
	}
	db.read.SetMaxOpenConns(8)
	db.read.SetMaxIdleConns(8)
	return checkSQLite(ctx, db.read)
}

// dsn is SQLite's address. The pragmas are in it because a pragma by Exec would reach one pooled connection
// only; busy_timeout comes first because the others may wait for a lock. Write transactions begin immediate:
// one that reads first and then writes would fail with "database is locked" at once, whatever the timeout.
// synchronous=FULL because NORMAL loses acknowledged acts in a power cut.
func dsn(file, mode string) string {
	q := "?mode=" + mode + "&_pragma=busy_timeout(10000)"
	if mode == "ro" {
		q += "&_pragma=query_only(1)"
	} else {
		q += "&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(4000)&_txlock=immediate"
	}
	q += "&_pragma=foreign_keys(1)&_pragma=cache_size(-16000)&_pragma=temp_store(MEMORY)&_pragma=trusted_schema(0)"
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath()}).String() + q
}

func checkSQLite(ctx context.Context, pool *sql.DB) error {
	var v string
	if err := pool.QueryRowContext(ctx, `select sqlite_version()`).Scan(&v); err != nil {
		return fmt.Errorf("store: cannot open the database file: %w", err)
	}
	for i, part := range strings.SplitN(v, ".", 3) {
		n, _ := strconv.Atoi(part)
		if n > oldestSQLite[i] {
			return nil
		}
		if n < oldestSQLite[i] {
			return fmt.Errorf("store: SQLite %s is older than %v", v, oldestSQLite)
		}
	}
	return nil
}

var dollar = regexp.MustCompile(`\$(\d+)`)

// sql returns the query in the engine's own words. SQLite takes $2 for a name, and some of its drivers number
// names by first appearance; ?2 is always the second.
func (db *DB) sql(query string) string {
	if !db.sqlite {
		return query
	}
	if text, ok := db.texts.Load(query); ok {
		return text.(string)
	}
	text := dollar.ReplaceAllString(query, "?$1")
	db.texts.Store(query, text)
	return text
}
