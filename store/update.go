// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
)

// Act is one thing that somebody does: all of it happens and is noted, or nothing.
type Act struct {
	Org string
	Who string // noted in the journal: a person's id, or what the program calls its own acts
	Key string // makes the act happen once, however often it is asked for; "" for none

	// By is who does it as a reader: texts that are kept from that reader are not emptied by what the reader keeps. Nil for the
	// program's own acts.
	By *Reader
}

// Done is what an act with a key did the first time. Update returns it, as an error that is ErrDone, when the
// key has been seen before.
type Done struct {
	Seq      int64 // the journal's last entry after the act
	Kind, ID string
}

// ErrDone is the error of an act whose key has been seen before: it was done then and is not done again.
var ErrDone = errors.New("store: done already")

// Error says what was done.
func (d *Done) Error() string {
	return fmt.Sprintf("%v: %s %s, entry %d", ErrDone, d.Kind, d.ID, d.Seq)
}

// Is makes a Done an ErrDone.
func (d *Done) Is(target error) bool { return target == ErrDone }

// Outcome returns what the act with the key did, or isms.ErrNotFound when no such act was done.
func (db *DB) Outcome(ctx context.Context, org, key string) (Done, error) {
	var d *Done
	err := db.View(ctx, org, func(t *Tx) (err error) {
		d, err = t.outcome(key)
		return err
	})
	if err != nil {
		return Done{}, err
	}
	if d == nil {
		return Done{}, isms.ErrNotFound
	}
	return *d, nil
}

func (t *Tx) outcome(key string) (*Done, error) {
	var d Done
	found, err := t.one(`select seq, kind, id from done where org = $1 and key = $2`, []any{t.org, key}, &d.Seq, &d.Kind, &d.ID)
	if err != nil || !found {
		return nil, err
	}
	return &d, nil
}

// Update runs f, alone in its organisation, and returns nil once everything that f did is safely on disk. If f
// returns an error or panics, nothing of what it did remains, and Update returns the error or panics on.
//
// f runs in the caller's goroutine; while it runs, the organisation's other acts wait. So f must not call
// Update, nor any other method of DB that writes: it would wait for itself. An act whose ctx ends before its
// turn is not run, and one whose ctx ends while f runs is undone; once f has returned nil it is done. When the
// commit itself fails the outcome is unknown: asking again with the same key is safe.
//
// Acts that wait are run one after another, each within a savepoint, and committed together, so that they
// share the price of one write to disk.
func (db *DB) Update(ctx context.Context, act Act, f func(*Tx) error) error {
	if db.readOnly {
		return ErrReadOnly
	}
	w, err := db.writerOf(act.Org)
	if err != nil {
		return err
	}
	j := &job{ctx: ctx, act: act, turn: make(chan *Tx, 1), ran: make(chan error, 1), done: make(chan error, 1)}
	select {
	case w.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-db.closing:
		return ErrClosed
	}
	cancelled := ctx.Done()
	for {
		select {
		case t := <-j.turn:
			j.run(t, f)
			return <-j.done
		case err := <-j.done:
			return err
		case <-cancelled:
			if j.state.CompareAndSwap(waiting, gone) {
				return ctx.Err()
			}
			cancelled = nil // its turn came at the same time
		}
	}
}

// A job is an act on its way through the writer.
type job struct {
	ctx   context.Context
	act   Act
	state atomic.Int32
	turn  chan *Tx   // the writer hands the transaction over
	ran   chan error // the caller hands it back with f's error
	done  chan error // the writer says how it ended
}

const (
	waiting = iota
	started
	gone // the caller no longer waits
)

var errBroken = errors.New("store: the act did not return")

// run runs f and hands the transaction back, also when f panics or ends its goroutine.
func (j *job) run(t *Tx, f func(*Tx) error) {
	err := errBroken
	defer func() { j.ran <- err }()
	err = f(t)
}

// A writer is the one goroutine that writes in an organisation.
type writer struct {
	db   *DB
	org  string
	jobs chan *job
}

// How much may share one commit: the first act should not wait long for the last.
const (
	batchActs = 256
	batchTime = 50 * time.Millisecond
)

// writerOf returns the organisation's writer, started when first needed.
func (db *DB) writerOf(org string) (*writer, error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return nil, ErrClosed
	}
	w := db.writers[org]
	if w == nil {
		w = &writer{db: db, org: org, jobs: make(chan *job)}
		db.writers[org] = w
		db.writing.Go(w.work)
	}
	return w, nil
}

func (w *writer) work() {
	for {
		select {
		case j := <-w.jobs:
			w.batch(j)
			if w.db.prepared != nil {
				w.db.prepared.prepare(context.Background(), w.db.write)
			}
		case <-w.db.closing:
			return
		}
	}
}

// batch runs the first act and those that wait behind it, commits once, and only then tells their callers.
func (w *writer) batch(first *job) {
	ctx := context.Background()
	tx, err := w.db.write.BeginTx(ctx, nil)
	if err != nil {
		first.refuse(err)
		return
	}
	defer tx.Rollback()
	h, err := w.takeHead(ctx, tx)
	if err != nil {
		first.refuse(err)
		return
	}
	var done []*job
	began := time.Now()
	for j := first; j != nil; {
		if j.state.CompareAndSwap(waiting, started) {
			// Until an act is done there is nothing that a failing one could harm, so no savepoint is needed.
			saved := len(done) > 0
			err := w.act(tx, h, j, saved)
			switch {
			case err == nil:
				done = append(done, j)
			case saved:
				j.done <- err
			default:
				tx.Rollback()
				j.done <- err
				return
			}
		}
		j = nil
		if len(done) < batchActs && time.Since(began) < batchTime {
			select {
			case j = <-w.jobs:
			default:
			}
		}
	}
	if len(done) == 0 {
		return // nobody waited any longer
	}
	if err = w.saveHead(ctx, tx, h); err == nil {
		err = tx.Commit()
	}
	for _, j := range done {
		j.done <- err
	}
}

func (j *job) refuse(err error) {
	if j.state.CompareAndSwap(waiting, started) {
		j.done <- err
	}
}

// act runs one act, within a savepoint if so told. PostgreSQL aborts a transaction at an error; the savepoint
// keeps that from the acts before and after.
func (w *writer) act(tx *sql.Tx, h *head, j *job, saved bool) (err error) {
	// The store's own statements do not end with the caller's context.
	own := &Tx{ctx: context.Background(), run: context.Background(), db: w.db, tx: tx, org: w.org, head: h}
	if saved {
		if _, err := own.exec(`savepoint act`); err != nil {
			return err
		}
		before := h.mark()
		defer func() {
			if err != nil {
				h.back(before)
				_, back := own.exec(`rollback to savepoint act`)
				err = errors.Join(err, back)
			}
			_, release := own.exec(`release savepoint act`)
			err = errors.Join(err, release)
		}()
	}
	if j.act.Key != "" {
		seen, err := own.outcome(j.act.Key)
		if err != nil {
			return err
		}
		if seen != nil {
			return seen
		}
	}
	done, err := w.hand(tx, h, j)
	if err != nil || j.act.Key == "" {
		return err
	}
	_, err = own.exec(`insert into done (org, key, seq, kind, id) values ($1, $2, $3, $4, $5)`,
		w.org, j.act.Key, h.seq, done.Kind, done.ID)
	return err
}

// hand hands the transaction to the caller and waits for it to come back.
func (w *writer) hand(tx *sql.Tx, h *head, j *job) (Done, error) {
	t := &Tx{ctx: j.ctx, run: context.WithoutCancel(j.ctx), db: w.db, tx: tx, org: w.org, who: j.act.Who, head: h, guard: j.act.By}
	// Only now, after waiting in line, and never before the line ahead: the journal's order is time's order,
	// whatever the servers' clocks say.
	t.at = max(register.MomentOf(w.db.Now()), h.at)
	j.turn <- t
	err := <-j.ran
	t.over = true
	if err == nil {
		err = t.failed
	}
	return t.done, err
}

// takeHead reads the organisation's journal head and keeps every other program from it until the commit.
func (w *writer) takeHead(ctx context.Context, tx *sql.Tx) (*head, error) {
	h := head{}
	t := &Tx{ctx: ctx, run: ctx, db: w.db, tx: tx, head: &h}
	var frontier string
	found, err := t.one(`update head set seq = seq where org = $1 returning seq, at, frontier`, []any{w.org}, &h.seq, &h.at, &frontier)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("organisation %s: %w", w.org, isms.ErrNotFound)
	}
	h.tree, err = parseFrontier(uint64(h.seq), frontier)
	return &h, err
}

func (w *writer) saveHead(ctx context.Context, tx *sql.Tx, h *head) error {
	t := &Tx{ctx: ctx, run: ctx, db: w.db, tx: tx, head: h}
	_, err := t.exec(`update head set seq = $2, at = $3, frontier = $4 where org = $1`,
		w.org, h.seq, string(h.at), formatFrontier(h.tree))
	return err
}
