// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"ledsyn/register"
)

// Tx is one transaction in one organisation. It belongs to the function that it was handed to and is of no
// use after it. A Tx of View changes nothing.
type Tx struct {
	ctx    context.Context // the caller's: looked at before each statement of an Update, never during one
	run    context.Context // what statements run under
	db     *DB
	tx     *sql.Tx
	org    string
	who    string
	at     register.Moment
	head   *head // nil in View
	done   Done  // the first record or thing that this act noted
	failed error // a statement that the engine refused
	rows   bool  // rows are open
	over   bool  // the function it was handed to has returned

	veil   *veil           // what is kept from whom the View is for; nil where nothing is
	guard  *Reader         // who an Update is by: see Act.By
	marked map[string]bool // the registers that marks of secrecy stand on, once they have been asked for
}

var (
	errNotUpdating = errors.New("store: a change outside Update")
	errOver        = errors.New("store: a statement after its transaction's function has returned")
	errRowsOpen    = errors.New("store: a statement while another's rows are open")
)

// View runs f in a transaction that sees one moment of the database and changes nothing. It hides nothing: what is read to be
// shown to somebody is read by ViewFor.
func (db *DB) View(ctx context.Context, org string, f func(*Tx) error) error {
	return db.view(ctx, org, nil, f)
}

func (db *DB) view(ctx context.Context, org string, v *veil, f func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if !db.sqlite {
		opts.Isolation = sql.LevelRepeatableRead
	}
	tx, err := db.read.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return f(&Tx{ctx: ctx, run: ctx, db: db, tx: tx, org: org, veil: v})
}

// change is the small unjournaled twin of Update, for what is no record: accounts, sessions, attempts,
// checkpoints.
func (db *DB) change(ctx context.Context, f func(*Tx) error) error {
	if db.readOnly {
		return ErrReadOnly
	}
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(&Tx{ctx: ctx, run: context.WithoutCancel(ctx), db: db, tx: tx}); err != nil {
		return err
	}
	return tx.Commit()
}

// Now is the moment of the act, the same for all that it notes; in View it is the clock's.
func (t *Tx) Now() register.Moment {
	if t.at == "" {
		return register.MomentOf(t.db.Now())
	}
	return t.at
}

// Who is who an Update is by, as the journal writes it; "" in a View.
func (t *Tx) Who() string { return t.who }

// exec runs a statement and returns the number of rows it changed.
func (t *Tx) exec(query string, args ...any) (int64, error) {
	if err := t.free(); err != nil {
		return 0, err
	}
	query = t.db.sql(query)
	var r sql.Result
	var err error
	if s := t.prepared(query); s != nil {
		r, err = s.ExecContext(t.run, args...)
	} else {
		r, err = t.tx.ExecContext(t.run, query, args...)
	}
	if err != nil {
		return 0, t.fail(err)
	}
	return r.RowsAffected()
}

// each hands every row's scan to f. Rows never escape, and no other statement may run in f: SQLite would allow
// it, PostgreSQL's driver fails with "bad connection", so both are made to say errRowsOpen.
func (t *Tx) each(query string, args []any, f func(scan func(...any) error) error) (err error) {
	if err := t.free(); err != nil {
		return err
	}
	query = t.db.sql(query)
	var rows *sql.Rows
	if s := t.prepared(query); s != nil {
		rows, err = s.QueryContext(t.run, args...)
	} else {
		rows, err = t.tx.QueryContext(t.run, query, args...)
	}
	if err != nil {
		return t.fail(err)
	}
	t.rows = true
	defer func() { t.rows = false; err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return t.fail(err)
	}
	return nil
}

// fail remembers that the engine refused a statement. An act of which one failed is not done, also when its
// function goes on: PostgreSQL would have it so, SQLite would not.
func (t *Tx) fail(err error) error {
	t.failed = fmt.Errorf("store: %w", err)
	return t.failed
}

// one reads a single row and reports whether there was one.
func (t *Tx) one(query string, args []any, into ...any) (found bool, err error) {
	err = t.each(query, args, func(scan func(...any) error) error {
		found = true
		return scan(into...)
	})
	return found, err
}

// prepared returns the compiled statement for an act, if there is one.
func (t *Tx) prepared(query string) *sql.Stmt {
	if t.head == nil || t.db.prepared == nil {
		return nil
	}
	if s := t.db.prepared.statement(query); s != nil {
		return t.tx.StmtContext(t.run, s)
	}
	return nil
}

func (t *Tx) free() error {
	if t.over {
		return errOver
	}
	if t.rows {
		return errRowsOpen
	}
	return t.ctx.Err()
}

// An argList collects a statement's arguments and writes their marks.
type argList []any

// mark adds an argument and returns its mark, $3.
func (a *argList) mark(v any) string {
	*a = append(*a, v)
	return fmt.Sprintf("$%d", len(*a))
}

// marks adds the arguments and returns their marks, $3, $4. Of none it is null, which no value is in: SQLite takes in () and PostgreSQL does not.
func (a *argList) marks(vs []string) string {
	if len(vs) == 0 {
		return "null"
	}
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = a.mark(v)
	}
	return strings.Join(out, ", ")
}
