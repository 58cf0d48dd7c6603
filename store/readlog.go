// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"fmt"

	"ledsyn/isms"
	"ledsyn/register"
)

// A Reading is that somebody saw what is marked as secret of a record: who, when and where, never what it said. Readings are no
// records and stand apart from the journal, which tells of changes; they are disposed of after isms.ReadLogDays.
type Reading struct {
	At       register.Moment
	Who      string // as the journal names somebody
	Kind, ID string
	Unit     string // the record's unit
	Page     string // where it was read
	Fields   string // the names of the fields, with spaces between
}

const readingColumns = `at, who, kind, id, unit, page, fields`

// noteReadings keeps the readings and returns when they are safely on disk. They share the organisation's one writer, so that many
// who read at once share the price of one write to disk.
func (db *DB) noteReadings(ctx context.Context, org string, seen []Reading) error {
	err := db.Update(ctx, Act{Org: org, Who: seen[0].Who}, func(t *Tx) error { return t.keepReadings(seen) })
	if err != nil {
		return fmt.Errorf("store: what was read cannot be noted, so it is not shown: %w", err)
	}
	return nil
}

func (t *Tx) keepReadings(seen []Reading) error {
	at := register.MomentOf(t.db.Now())
	for _, r := range seen {
		_, err := t.exec(`insert into read_log (org, pos, `+readingColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			t.org, register.NewID(), string(at), r.Who, r.Kind, r.ID, r.Unit, r.Page, r.Fields)
		if err != nil {
			return err
		}
	}
	return t.disposeReadings()
}

// disposeReadings removes the readings that have been kept for as long as they are to be.
func (t *Tx) disposeReadings() error {
	_, err := t.exec(`delete from read_log where org = $1 and at < $2`, t.org, string(readingsFrom(t)))
	return err
}

func readingsFrom(t *Tx) register.Moment {
	return register.MomentOf(t.db.Now().AddDate(0, 0, -isms.ReadLogDays))
}

// ReadingQuery picks readings: of records in the units, of one record or by one person where those are given, before a moment.
type ReadingQuery struct {
	In       register.In
	Kind, ID string
	Who      string
	Before   register.Moment // "" is from the latest
	Limit    int             // 100 if 0, at most 500
}

// Readings lists readings, the latest first, none older than they are to be kept.
func (t *Tx) Readings(q ReadingQuery) ([]Reading, error) {
	args := argList{t.org}
	where := scoped(q.In, &args) + ` and r.at >= ` + args.mark(string(readingsFrom(t)))
	for _, c := range []struct{ column, value string }{{"kind", q.Kind}, {"id", q.ID}, {"who", q.Who}} {
		if c.value != "" {
			where += ` and r.` + c.column + ` = ` + args.mark(c.value)
		}
	}
	if q.Before != "" {
		where += ` and r.at < ` + args.mark(string(q.Before))
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	var out []Reading
	err := t.each(`select `+readingColumns+` from read_log r where `+where+` order by r.at desc, r.pos limit `+args.mark(int64(min(limit, maxPage))), args,
		func(scan func(...any) error) error {
			var r Reading
			err := scan(&r.At, &r.Who, &r.Kind, &r.ID, &r.Unit, &r.Page, &r.Fields)
			out = append(out, r)
			return err
		})
	return out, err
}
