// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"sync"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// levels keeps what is derived for each organisation, and takes in only what the journal has noted since. It holds no
// rights: who may see a level is asked each time before it is shown.
type levels struct {
	mu sync.Mutex
	of map[string]*known
}

// known is a derivation with the journal's position that it stands at.
type known struct {
	seq  int64
	day  register.Day
	from *isms.Derivation
}

// levelKinds are the registers that levels are derived from.
var levelKinds = []string{"information_type", "information_set", "system", "process", "integration", "classification"}

// derived hands f the organisation's derivation of today, as the reading transaction sees the records. f must keep
// nothing of it. It must not be used in an act that changes records: what is not yet kept would be remembered.
func (a *App) derived(tx *store.Tx, org string, f func(*isms.Derivation) error) error {
	seq, _, _, err := tx.Head()
	if err != nil {
		return err
	}
	today := a.Today()
	a.levels.mu.Lock()
	defer a.levels.mu.Unlock()
	k := a.levels.of[org]
	if k != nil && k.day == today && k.seq > seq { // this reader's moment is before what is known
		d, err := deriveNow(tx, today)
		if err != nil {
			return err
		}
		return f(d)
	}
	if k == nil || k.day != today {
		d, err := deriveNow(tx, today)
		if err != nil {
			return err
		}
		k = &known{seq, today, d}
		if a.levels.of == nil {
			a.levels.of = map[string]*known{}
		}
		a.levels.of[org] = k
	}
	if err := k.catchUp(tx, seq); err != nil {
		delete(a.levels.of, org)
		return err
	}
	return f(k.from)
}

// catchUp takes in what the journal has noted since.
func (k *known) catchUp(tx *store.Tx, seq int64) error {
	if k.seq == seq {
		return nil
	}
	err := tx.Since(k.seq, levelKinds, func(e store.Entry) error {
		rec, err := e.Record()
		if errors.Is(err, isms.ErrNotFound) { // erased: a later entry says what the record is
			return nil
		}
		if err == nil {
			k.from.Change(rec)
		}
		return err
	})
	k.seq = seq
	return err
}

// deriveNow derives everything from the records as they are in the transaction.
func deriveNow(tx *store.Tx, day register.Day) (*isms.Derivation, error) {
	l := isms.Landscape{Day: day}
	err := tx.Unveiled(func() error { // what is derived is the same for everybody, and shows nothing of what it was derived from
		return errors.Join(
			load(tx, &l.Types), load(tx, &l.Sets), load(tx, &l.Systems), load(tx, &l.Processes), load(tx, &l.Integrations),
			load(tx, &l.Classifications))
	})
	if err != nil {
		return nil, err
	}
	return isms.Derive(l), nil
}

func load[T any](tx *store.Tx, into *[]T) (err error) {
	*into, err = store.AllWithRetired[T](tx, everywhere)
	return err
}
