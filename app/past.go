// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"
	"sync"

	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/store"
)

// past remembers figures of days that are over, as they were known at the end of the day. Nothing is written into the
// past, so they never change and belong to nobody's rights: who may see them is asked each time before they are.
type past struct {
	mu      sync.Mutex
	figures map[pastDay][]metric.Figure

	staff map[string]staffList      // by set: what a set holds never changes, either
	fast  map[closedReview][]string // portions, by the access review that they are of
}

// closedReview is an access review at the revision at which it is closed.
type closedReview struct {
	org, id string
	rev     int
}

type pastDay struct {
	org, unit string
	day       register.Day
}

// maxPast is how many days of units are remembered.
const maxPast = 500

func (p *past) get(d pastDay) ([]metric.Figure, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	figures, ok := p.figures[d]
	return figures, ok
}

func (p *past) keep(d pastDay, figures []metric.Figure) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.figures == nil || len(p.figures) >= maxPast {
		p.figures = map[pastDay][]metric.Figure{}
	}
	p.figures[d] = figures
}

// pastFigures counts every figure of the unit and the units below it on each of the days, from what the journal knew at
// the end of the day. The units are those that were below it then. What is returned is shared and must not be changed.
func (a *App) pastFigures(tx *store.Tx, org, unit string, days []register.Day) ([][]metric.Figure, error) {
	all := make([][]metric.Figure, len(days))
	var unknown []int
	for i, day := range days {
		figures, ok := a.past.get(pastDay{org, unit, day})
		all[i] = figures
		if !ok {
			unknown = append(unknown, i)
		}
	}
	moments := make([]register.Moment, len(unknown))
	for k, i := range unknown {
		moments[k] = days[i].End()
	}
	now := tx.Now()
	err := recordsAt(tx, unit, moments, func(k int, records metric.Records) {
		i := unknown[k]
		all[i] = metric.All(records, days[i])
		if moments[k] < now {
			a.past.keep(pastDay{org, unit, days[i]}, all[i])
		}
	})
	return all, err
}

// recordsAt hands f the records of the unit and the units below it as the journal knew them at each moment, in one pass
// over the journal.
func recordsAt(tx *store.Tx, unit string, moments []register.Moment, f func(i int, records metric.Records)) error {
	if len(moments) == 0 {
		return nil
	}
	trees, in, err := treesAt(tx, unit, moments)
	if err != nil {
		return err
	}
	return tx.Series(countedFrom, func(string) register.In { return in }, moments,
		func(i int, at map[string][]register.Entity) error {
			f(i, fill(at, trees[i]))
			return nil
		})
}

// treesAt returns the units that stood under the unit at each moment, and the scope that holds them all.
func treesAt(tx *store.Tx, unit string, moments []register.Moment) (trees []register.In, all register.In, err error) {
	trees = make([]register.In, len(moments))
	err = store.Series(tx, everywhere, moments, func(i int, units []isms.Unit) error {
		trees[i].Units = subtree(units, unit)
		for _, id := range slices.Concat(trees[i].Units, above(units, unit)) {
			if !all.Has(id) {
				all.Units = append(all.Units, id)
			}
		}
		return nil
	})
	return trees, all, err
}
