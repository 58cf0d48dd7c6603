// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// HandIn says that a portion is judged.
type HandIn struct {
	Portion    string
	Unanswered int // how many rows without an answer the person was told of, and said yes to
	Key        string
}

// HandIn closes a portion that is the actor's own: nothing more is answered in it. Errors: register.Wrongs: portion_closed, and unanswered with
// their number where they are others than were confirmed.
func (a *App) HandIn(ctx context.Context, who access.Actor, h HandIn) error {
	return a.handIn(ctx, who, h, func(tx *store.Tx) (judged, error) {
		p, err := portionFor(tx, who, h.Portion)
		if err == nil && !p.mine(who) {
			err = isms.ErrForbidden
		}
		return p, err
	})
}

func (a *App) handIn(ctx context.Context, who access.Actor, h HandIn, find func(*store.Tx) (judged, error)) error {
	_, err := a.once(ctx, who, h.Key, []any{"hand in", h.Portion, h.Unanswered}, func(tx *store.Tx) (string, error) {
		p, err := find(tx)
		if err != nil {
			return "", err
		}
		if !p.Open() {
			return "", register.Wrongs{{Code: "portion_closed"}}
		}
		answered, err := answeredIn(tx, p.ID)
		if err != nil {
			return "", err
		}
		count, _ := p.Count.Known()
		if left := count - answered; left > 0 && left != h.Unanswered {
			return "", register.Wrongs{{Code: "portion_unanswered", Args: []any{left}}}
		}
		p.DoneAt = tx.Now()
		return p.ID, tx.Put(&p.Portion)
	})
	return err
}

// answeredIn is how many rows of the portion have an answer.
func answeredIn(tx *store.Tx, portion string) (int, error) {
	_, answered, err := farOf(tx, portion)
	return answered, err
}

// farOf is the number of the portion's newest saving, and how many rows have an answer after it.
func farOf(tx *store.Tx, portion string) (seen, answered int, err error) {
	page, err := tx.List(register.Of[isms.AnswerSheet](), everywhere,
		store.Query{Where: map[string][]string{"portion": {portion}}, Sort: "number", Desc: true, Limit: 1})
	if err != nil || len(page.Records) == 0 {
		return 0, 0, err
	}
	return farIn([]isms.AnswerSheet{*page.Records[0].(*isms.AnswerSheet)})
}

// led returns the portion for an act of who leads what it was dealt out for.
func (a *App) led(ctx context.Context, tx *store.Tx, who access.Actor, id string, rev int) (judged, error) {
	p, err := portionFor(tx, who, id)
	if err != nil {
		return p, err
	}
	if err := a.allow(ctx, who, access.Change, p.Kind, p.Unit); err != nil {
		if p.mine(who) || p.was(who) {
			err = isms.ErrForbidden
		}
		return p, err
	}
	p.Rev = rev
	return p, nil
}

// Reopen lets a portion that was handed in be answered again, for a reason. It is the leader's act.
func (a *App) Reopen(ctx context.Context, who access.Actor, portion string, rev int, reason, key string) error {
	_, err := a.once(ctx, who, key, []any{"reopen", portion, rev, reason}, func(tx *store.Tx) (string, error) {
		p, err := a.led(ctx, tx, who, portion, rev)
		if err != nil {
			return "", err
		}
		if !p.Runs || p.DoneAt == "" || p.WithdrawnOn != "" {
			return "", register.Wrongs{{Code: "portion_not_done"}}
		}
		p.DoneAt = ""
		return p.ID, a.keepPortion(tx, p, reason)
	})
	return err
}

// Withdraw takes a portion back, for a reason: nobody judges it, and its answers stay to be seen. It is the leader's act.
func (a *App) Withdraw(ctx context.Context, who access.Actor, portion string, rev int, reason, key string) error {
	_, err := a.once(ctx, who, key, []any{"withdraw", portion, rev, reason}, func(tx *store.Tx) (string, error) {
		p, err := a.led(ctx, tx, who, portion, rev)
		if err != nil {
			return "", err
		}
		if !p.Open() {
			return "", register.Wrongs{{Code: "portion_closed"}}
		}
		p.WithdrawnOn = a.Today()
		if err := revokeLinks(tx, p.ID, a.Today()); err != nil {
			return "", err
		}
		return p.ID, a.keepPortion(tx, p, reason)
	})
	return err
}

// keepPortion keeps the portion with the reason for what is done to it.
func (a *App) keepPortion(tx *store.Tx, p judged, reason string) error {
	p.Note = strings.TrimSpace(reason)
	if p.Note == "" {
		return register.Wrongs{{Field: "note", Code: "required"}}
	}
	return a.putPortion(tx, p)
}

func (a *App) putPortion(tx *store.Tx, p judged) error {
	if wrong := register.Check(&p.Portion); len(wrong) > 0 {
		return register.Wrongs(wrong)
	}
	if err := tx.Put(&p.Portion); err != nil {
		return err
	}
	return a.remind(tx, &p.Portion)
}

// Delegation hands a portion over to somebody else.
type Delegation struct {
	Portion, To string // To is a person's id
	Note        string
	Rev         int
	Key         string
}

// Delegate hands the portion over with what has been answered in it: by who judges it, or by who leads what it was dealt out for. Who judged it
// still sees it, and its links lead nowhere. Errors: register.Wrongs: portion_closed, same_reviewer, no_such, own_portion with the number of rows that are
// about the new reviewer.
func (a *App) Delegate(ctx context.Context, who access.Actor, d Delegation) error {
	_, err := a.once(ctx, who, d.Key, d, func(tx *store.Tx) (string, error) {
		p, err := portionFor(tx, who, d.Portion)
		if err != nil {
			return "", err
		}
		switch {
		case !p.mine(who) && !p.leads(who):
			return "", isms.ErrForbidden
		case !p.Open():
			return "", register.Wrongs{{Code: "portion_closed"}}
		case d.To == string(p.Reviewer):
			return "", register.Wrongs{{Field: "reviewer", Code: "same_reviewer"}}
		}
		to, err := store.Get[isms.Person](tx, who.In(access.See, "person"), d.To)
		if err != nil || !active(to, a.Today()) {
			return "", register.Wrongs{{Field: "reviewer", Code: "no_such", Args: []any{d.To}}}
		}
		rows, err := rowsIn(p.Rows)
		if err != nil {
			return "", err
		}
		own, err := a.ownRows(tx, who.Org, p, to.ID, rows)
		if err != nil {
			return "", err
		}
		if len(own) > 0 {
			return "", register.Wrongs{{Field: "reviewer", Code: "own_portion", Args: []any{len(own)}}}
		}
		p.Rev = d.Rev
		p.hand(register.Ref[isms.Person](to.ID), register.Ref[isms.Person](who.Person), a.Today(), d.Note)
		if err := revokeLinks(tx, p.ID, a.Today()); err != nil {
			return "", err
		}
		return p.ID, a.putPortion(tx, p)
	})
	return err
}

// hand gives the portion to another reviewer.
func (j *judged) hand(to, by register.Ref[isms.Person], on register.Day, note string) {
	former := slices.DeleteFunc(slices.Clone(j.Former), func(p register.Ref[isms.Person]) bool { return p == to || p == j.Reviewer })
	if j.Reviewer != "" {
		former = append(former, j.Reviewer)
	}
	j.Former, j.Reviewer, j.DelegatedBy, j.DelegatedOn, j.Note, j.ByUnit = former, to, by, on, strings.TrimSpace(note), ""
}

// revokeLinks lets no link lead to the portion any more.
func revokeLinks(tx *store.Tx, portion string, on register.Day) error {
	links, err := store.Linking[isms.PortionLink](tx, everywhere, "portion", []string{portion})
	for _, l := range links {
		if err == nil && l.RevokedOn == "" {
			l.RevokedOn = on
			err = tx.Put(&l)
		}
	}
	return err
}
