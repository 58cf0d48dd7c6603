// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/register"
	"ledsyn/store"
)

// books are the organisations' own books of law: the embedded rules with the administrator's records laid over them. Each is kept by
// the records that it was made from, until those change.
type books struct {
	mu   sync.Mutex
	made map[string]*law.Book
}

const mostBooks = 64 // more than that are forgotten together: they are soon made

// lawBook returns the organisation's book of law as the records in the transaction have it.
func (a *App) lawBook(tx *store.Tx) (*law.Book, error) {
	own, err := store.All[isms.LawOverride](tx, everywhere)
	if err != nil || len(own) == 0 {
		return law.Embedded(), err
	}
	slices.SortFunc(own, func(x, y isms.LawOverride) int {
		return cmp.Or(cmp.Compare(x.ValidFrom, y.ValidFrom), cmp.Compare(x.ID, y.ID))
	})
	from := fmt.Sprintf("%+v", own)
	a.books.mu.Lock()
	defer a.books.mu.Unlock()
	if kept := a.books.made[from]; kept != nil {
		return kept, nil
	}
	book, err := overlaid(own)
	if err != nil {
		return nil, err
	}
	if a.books.made == nil || len(a.books.made) >= mostBooks {
		a.books.made = map[string]*law.Book{}
	}
	a.books.made[from] = book
	return book, nil
}

// overlaid lays the records over the embedded rules, those that no longer fit them left out: a rule of a later version of the program
// may have overtaken a record.
func overlaid(own []isms.LawOverride) (*law.Book, error) {
	book := law.Embedded()
	for _, o := range own {
		next, err := book.Over([]law.Override{overrideOf(o)})
		if fault := (law.FaultError{}); errors.As(err, &fault) {
			continue
		} else if err != nil {
			return nil, err
		}
		book = next
	}
	return book, nil
}

func overrideOf(o isms.LawOverride) law.Override {
	amount, _ := o.Amount.Known()
	return law.Override{Span: law.Span{From: string(o.ValidFrom), To: string(o.ValidTo)}, ID: o.ID, Of: o.Rule, Source: o.Source,
		VerifiedOn: string(o.CheckedOn), Reliability: law.Reliability(o.Reliability), Recipient: law.Text{SV: o.Recipient}, Amount: amount,
		Note: law.Text{SV: o.Note}}
}

// overrideRules holds an administrator's record against the rules that it would lie over, with those that lie there already.
func overrideRules(l *look, o *isms.LawOverride) (register.Wrongs, error) {
	if o.Retired != "" {
		return nil, nil
	}
	recs, err := l.All(register.Of[isms.LawOverride]())
	if err != nil {
		return nil, err
	}
	var own []isms.LawOverride
	for _, rec := range recs {
		if other := rec.(*isms.LawOverride); other.Retired == "" && other.ID != o.ID {
			own = append(own, *other)
		}
	}
	book, err := overlaid(own)
	if err != nil {
		return nil, err
	}
	var wrong register.Wrongs
	for _, f := range book.Faults(overrideOf(*o)) {
		wrong = append(wrong, register.Wrong{Field: f.Field, Code: f.Code})
	}
	return wrong, nil
}

// Law returns the organisation's book of law. Everybody who is signed in may read it: it is public.
func (a *App) Law(ctx context.Context, who access.Actor) (*law.Book, error) {
	var book *law.Book
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		book, err = a.lawBook(tx)
		return err
	})
	return book, err
}

// dayHere is the day of the moment in Sweden.
func dayHere(m register.Moment) string {
	if !m.Valid() {
		return ""
	}
	return string(register.DayOf(m.Time().In(law.Zone())))
}
