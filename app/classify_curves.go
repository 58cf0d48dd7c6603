// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"
	"sync"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/store"
)

// UnitCurve is a coverage figure over time for one unit with the units below it.
type UnitCurve struct {
	Unit   isms.Unit
	Points []metric.Part // one for each day
}

// UnitCurves counts a coverage figure at each of the days, which ascend, for the unit and every unit below it, from what
// was known at the end of the day: the units as they stand under each other then.
func (a *App) UnitCurves(ctx context.Context, who access.Actor, unit, key string, days []register.Day) ([]UnitCurve, error) {
	kind, ok := metric.CoverageKeys()[key]
	if !ok || len(days) > maxPoints {
		return nil, register.Wrongs{{Field: "key", Code: "choice", Args: []any{cutAt(key, 40)}}}
	}
	for _, day := range days {
		if err := timely(day, ""); err != nil {
			return nil, err
		}
	}
	var curves []UnitCurve
	err := a.view(ctx, who, func(tx *store.Tx) error {
		if err := a.seesAll(ctx, tx, who, unit); err != nil {
			return err
		}
		units, err := unitsAt(tx, "")
		if err != nil {
			return err
		}
		parts, err := a.coverageAt(tx, who.Org, kind, key, days)
		if err != nil {
			return err
		}
		for _, id := range subtree(units, unit) {
			c := UnitCurve{Points: make([]metric.Part, len(days))}
			c.Unit = units[slices.IndexFunc(units, func(u isms.Unit) bool { return u.ID == id })]
			for i := range days {
				c.Points[i] = parts[i][id]
			}
			curves = append(curves, c)
		}
		return nil
	})
	return curves, err
}

// coverageAt counts every unit's part at the end of each day, in one pass over the journal for those days that nobody has
// asked for before.
func (a *App) coverageAt(tx *store.Tx, org, kind, key string, days []register.Day) ([]map[string]metric.Part, error) {
	object, err := schema(kind)
	if err != nil {
		return nil, err
	}
	parts := make([]map[string]metric.Part, len(days))
	var unknown []int
	var moments []register.Moment
	for i, day := range days {
		var ok bool
		if parts[i], ok = a.coverage.get(coverageDay{org, key, day}); !ok {
			unknown, moments = append(unknown, i), append(moments, day.End())
		}
	}
	now := tx.Now()
	schemas := []*register.Schema{register.Of[isms.Unit](), object, register.Of[isms.Classification]()}
	err = tx.Series(schemas, func(string) register.In { return everywhere }, moments, func(k int, at map[string][]register.Entity) error {
		i := unknown[k]
		r := metric.Records{Units: values[isms.Unit](at), Systems: values[isms.System](at), Processes: values[isms.Process](at),
			Sets: values[isms.InformationSet](at), Classifications: values[isms.Classification](at)}
		parts[i] = metric.UnitCoverage(r, key, days[i:i+1])[0]
		if moments[k] < now {
			a.coverage.keep(coverageDay{org, key, days[i]}, parts[i])
		}
		return nil
	})
	return parts, err
}

// values lists the records of one register.
func values[T any](at map[string][]register.Entity) []T {
	records := at[register.Of[T]().Name]
	list := make([]T, len(records))
	for i, rec := range records {
		list[i] = *any(rec).(*T)
	}
	return list
}

// coverage remembers every unit's part at the end of days that are over. As with past, nothing is written into them, and
// who may see them is asked each time before they are.
type coverage struct {
	mu    sync.Mutex
	parts map[coverageDay]map[string]metric.Part
}

type coverageDay struct {
	org, key string
	day      register.Day
}

func (c *coverage) get(d coverageDay) (map[string]metric.Part, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	parts, ok := c.parts[d]
	return parts, ok
}

func (c *coverage) keep(d coverageDay, parts map[string]metric.Part) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.parts == nil || len(c.parts) >= maxPast {
		c.parts = map[coverageDay]map[string]metric.Part{}
	}
	c.parts[d] = parts
}
