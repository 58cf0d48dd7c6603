// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"

	"ledsyn/isms"
	"ledsyn/register"
)

// Draft is something that a person has begun and not yet done: a list that is being read in. It is no record and is
// not journaled; what comes of it is.
type Draft struct {
	Org    string
	ID     string
	Person string // id of the person's record
	Made   register.Moment
	Name   string
	Data   string // the app's own; the store never looks into it
}

const draftColumns = `org, id, person, made, name, data`

// PutDraft keeps the draft, new or changed. Made is set to now where it is empty.
func (db *DB) PutDraft(ctx context.Context, d Draft) error {
	if d.Made == "" {
		d.Made = register.MomentOf(db.Now())
	}
	return db.drop(ctx, `insert into draft (`+draftColumns+`) values ($1, $2, $3, $4, $5, $6)
		on conflict (org, id) do update set person = $3, made = $4, name = $5, data = $6`,
		d.Org, d.ID, d.Person, string(d.Made), d.Name, d.Data)
}

// Draft returns the organisation's draft with the id, or isms.ErrNotFound.
func (db *DB) Draft(ctx context.Context, org, id string) (Draft, error) {
	all, err := db.drafts(ctx, `org = $1 and id = $2`, org, id)
	if err != nil {
		return Draft{}, err
	}
	if len(all) == 0 {
		return Draft{}, isms.ErrNotFound
	}
	return all[0], nil
}

// Drafts lists the organisation's drafts, everybody's, the latest first.
func (db *DB) Drafts(ctx context.Context, org string) ([]Draft, error) {
	return db.drafts(ctx, `org = $1`, org)
}

// DropDraft removes the draft, if there is one.
func (db *DB) DropDraft(ctx context.Context, org, id string) error {
	return db.drop(ctx, `delete from draft where org = $1 and id = $2`, org, id)
}

func (db *DB) drafts(ctx context.Context, where string, args ...any) (out []Draft, err error) {
	err = db.View(ctx, "", func(t *Tx) error {
		return t.each(`select `+draftColumns+` from draft where `+where+` order by made desc, id`, args,
			func(scan func(...any) error) error {
				var d Draft
				err := scan(&d.Org, &d.ID, &d.Person, &d.Made, &d.Name, &d.Data)
				out = append(out, d)
				return err
			})
	})
	return out, err
}
