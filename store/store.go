// SPDX-License-Identifier: EUPL-1.2

// Package store keeps the registers and their journal in SQLite or PostgreSQL. All SQL of the program is in
// this package, written once in the words that both engines know, with $1 $2 for arguments. It knows what a
// register looks like and which records a decided review freezes; it does not know who may do what, what a
// figure is, or what anything is called in a language.
//
// Every change goes through Update, which takes the organisation's journal head first. So there is one writer
// per organisation on either engine, a change and its journal entry are in one transaction, and what tests
// prove on SQLite holds on PostgreSQL.
package store

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"ledsyn/register"
)

// What can go wrong with a database as a whole.
var (
	ErrNewerSchema = errors.New("store: the database belongs to a newer version of the program")
	ErrOlderSchema = errors.New("store: the database belongs to an older version of the program; start the server once to bring it up to date")
	ErrInUse       = errors.New("store: the data folder is in use by another process")
	ErrReadOnly    = errors.New("store: opened for reading only")
	ErrClosed      = errors.New("store: closed")
	ErrExists      = errors.New("store: exists already")
	ErrNoKey       = errors.New("store: there is no signing key; name a file for it")
)

// Config says where the data is and how it is opened. Either Dir or URL is needed.
type Config struct {
	Dir      string       // the data folder: SQLite's file and the signing key; made if missing
	URL      string       // postgres://...; when set, records are kept there instead of in Dir
	KeyFile  string       // the signing key, mode 0600; Dir/journal.key if empty
	ReadOnly bool         // read beside a running server; takes no lock and makes nothing
	Log      *slog.Logger // nil is slog.Default
}

// DB is an open database. It may be used by many goroutines at once.
type DB struct {
	// Now is the program's one clock. Tests and the demo set it before they use the database.
	Now func() time.Time

	log         *slog.Logger
	sqlite      bool
	readOnly    bool
	read, write *sql.DB // one and the same pool on PostgreSQL
	key         ed25519.PrivateKey
	lock        *folderLock

	prepared *prepared // nil on PostgreSQL
	marked   sync.Map  // organisation to the markedAt that was asked for last
	texts    sync.Map  // query in the shared words to the engine's own
	mu       sync.Mutex
	writers  map[string]*writer
	closing  chan struct{}
	writing  sync.WaitGroup
	closed   bool
}

// Open opens the database, brings its tables up to date and takes the data folder's lock. The caller closes
// the DB. Errors: ErrInUse, ErrNewerSchema, and with ReadOnly ErrOlderSchema.
func Open(ctx context.Context, c Config) (*DB, error) {
	db := &DB{Now: time.Now, log: c.Log, sqlite: c.URL == "", readOnly: c.ReadOnly,
		writers: map[string]*writer{}, closing: make(chan struct{})}
	if db.sqlite {
		db.prepared = &prepared{ready: map[string]*sql.Stmt{}, wanted: map[string]bool{}}
	}
	if db.log == nil {
		db.log = slog.Default()
	}
	if err := db.open(ctx, c); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) open(ctx context.Context, c Config) error {
	if c.Dir == "" && c.URL == "" {
		return errors.New("store: neither a data folder nor a database address is given")
	}
	if c.Dir != "" && !c.ReadOnly {
		if err := os.MkdirAll(c.Dir, 0o700); err != nil {
			return err
		}
	}
	if db.sqlite && !c.ReadOnly {
		lock, err := lockFolder(c.Dir)
		if err != nil {
			return err
		}
		db.lock = lock
	}
	keyFile := c.KeyFile
	if keyFile == "" && c.Dir != "" {
		keyFile = filepath.Join(c.Dir, "journal.key")
	}
	if err := db.openEngine(ctx, c); err != nil {
		return err
	}
	if err := db.migrate(ctx); err != nil {
		return err
	}
	key, err := openKey(keyFile, !c.ReadOnly)
	db.key = key
	return err
}

// Close waits for acts under way, ends the writers and closes the database.
func (db *DB) Close() error {
	db.mu.Lock()
	if db.closed {
		db.mu.Unlock()
		return nil
	}
	db.closed = true
	close(db.closing)
	db.mu.Unlock()
	db.writing.Wait()

	var errs []error
	if db.read != nil {
		errs = append(errs, db.read.Close())
	}
	if db.write != nil && db.write != db.read {
		errs = append(errs, db.write.Close())
	}
	if db.lock != nil {
		errs = append(errs, db.lock.release())
	}
	return errors.Join(errs...)
}

// Ready reports whether the database answers.
func (db *DB) Ready(ctx context.Context) error {
	if err := db.read.PingContext(ctx); err != nil {
		return err
	}
	var n int64
	return db.read.QueryRowContext(ctx, `select count(*) from organisation`).Scan(&n)
}

// Organisation is a municipality or another public body. Everything in the database belongs to one, and none
// sees another's.
type Organisation struct {
	ID   string // a register.ValidID
	Name string
}

// Organisations lists the organisations by id.
func (db *DB) Organisations(ctx context.Context) ([]Organisation, error) {
	rows, err := db.read.QueryContext(ctx, `select id, name from organisation order by id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Organisation
	for rows.Next() {
		var o Organisation
		if err := rows.Scan(&o.ID, &o.Name); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

// CreateOrganisation adds an organisation with an empty journal. Error: ErrExists.
func (db *DB) CreateOrganisation(ctx context.Context, o Organisation) error {
	if !register.ValidID(o.ID) {
		return fmt.Errorf("store: %q cannot be an organisation's id", o.ID)
	}
	return db.change(ctx, func(t *Tx) error {
		n, err := t.exec(`insert into organisation (id, name) values ($1, $2) on conflict do nothing`, o.ID, o.Name)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("%w: organisation %s", ErrExists, o.ID)
		}
		_, err = t.exec(`insert into head (org, seq, at, frontier) values ($1, 0, '', '')`, o.ID)
		return err
	})
}
