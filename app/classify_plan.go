// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/store"
)

// ClassificationPlan is where a unit's classification stands today, where it leads, and what to take next.
type ClassificationPlan struct {
	Unit   isms.Unit
	Day    register.Day
	Key    string          // the figure that is planned by: systems_classified, processes_classified or sets_classified
	Figure metric.Figure   // today
	Curve  []metric.Figure // the ends of the twelve months before, as they were known then, and today
	Pace   metric.Pace     // to the target's share, or to everything where there is no target
	Need   metric.Need
	HasAim bool // there is a target, and Need tells what it takes
	Focus  isms.Focus
	Order  []isms.Place // what the figure counts and is not classified, in the order to take it; with a focus only what is in it
	Next   []isms.Place // what to take in the next month to hold the pace needed
	Titles Titles       // of owners
	May    Rights       // to set places
}

// PlanQuery is what plan is asked for.
type PlanQuery struct {
	Unit  string
	Key   string     // "" is systems_classified
	Focus isms.Focus // "" is everything
}

// nextMonth is how many objects are proposed for the next month where no target says how many are needed.
const nextMonth = 5

// PlanClassification tells a unit's coverage, pace and order, with the units below it. It is for those who may see every
// register there.
func (a *App) PlanClassification(ctx context.Context, who access.Actor, q PlanQuery) (ClassificationPlan, error) {
	if q.Key == "" {
		q.Key = "systems_classified"
	}
	kind, ok := metric.CoverageKeys()[q.Key]
	if !ok || q.Focus != "" && !slices.Contains(q.Focus.Choices(), string(q.Focus)) {
		return ClassificationPlan{}, register.Wrongs{{Field: "key", Code: "choice", Args: []any{cutAt(q.Key+" "+string(q.Focus), 40)}}}
	}
	p := ClassificationPlan{Day: a.Today(), Key: q.Key, Focus: q.Focus}
	err := a.DB.View(ctx, who.Org, func(tx *store.Tx) (err error) {
		if err := a.seesAll(ctx, tx, who, q.Unit); err != nil {
			return err
		}
		if p.Unit, err = store.Get[isms.Unit](tx, everywhere, q.Unit); err != nil {
			return err
		}
		g, err := gather(tx, q.Unit, "")
		if err != nil {
			return err
		}
		if err := a.paceOf(tx, who.Org, &p, g); err != nil {
			return err
		}
		p.order(g, kind)
		owners := wanted{}
		for _, place := range p.Order {
			owners.add("person", string(place.Owner))
			owners.add("unit", place.Unit)
		}
		p.Titles, err = titles(tx, who, owners)
		return err
	})
	p.May = rights(who, "classification_priority", q.Unit, false)
	return p, err
}

// paceOf tells the figure, its curve over the last year, the pace and what the target takes.
func (a *App) paceOf(tx *store.Tx, org string, p *ClassificationPlan, g gathering) error {
	p.Figure = metric.Of(g.own, p.Key, p.Day)[0]
	days := MonthEnds(p.Day.AddMonths(-12), p.Day)
	past, err := a.pastFigures(tx, org, p.Unit.ID, days[:len(days)-1])
	if err != nil {
		return err
	}
	for _, figures := range past {
		i := slices.IndexFunc(figures, func(f metric.Figure) bool { return f.ID() == p.Figure.ID() })
		if i >= 0 && figures[i].Known && !figures[i].Recorded {
			p.Curve = append(p.Curve, figures[i])
		}
	}
	if p.Figure.Known {
		p.Curve = append(p.Curve, p.Figure)
	}
	units, err := unitsAt(tx, "")
	if err != nil {
		return err
	}
	targets, err := store.All[isms.CoverageTarget](tx, everywhere)
	if err != nil {
		return err
	}
	goal := metric.Whole
	if target, ok := metric.TargetFor(targets, slices.Concat([]string{p.Unit.ID}, above(units, p.Unit.ID)), p.Key, p.Day); ok {
		p.Need, p.HasAim = metric.Needed(p.Figure, target)
		goal, _ = target.Share.Known()
	}
	p.Pace = metric.Forecast(p.Curve, p.Day, goal)
	return nil
}

// order proposes what to classify, of the kind that the figure counts.
func (p *ClassificationPlan) order(g gathering, kind string) {
	all := isms.Candidates(g.own.Systems, g.own.Processes, g.own.Sets, g.own.Classifications, p.Day)
	all = slices.DeleteFunc(all, func(c isms.Candidate) bool { return c.Kind != kind || p.Focus != "" && !p.Focus.Has(c) })
	p.Order = isms.Proposed(all, g.own.ClassificationPriorities, p.Day)
	n := nextMonth
	if p.HasAim && p.Need.PerMonth > 0 {
		n = p.Need.PerMonth
	}
	p.Next = p.Order[:min(n, len(p.Order))]
}

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
	err := a.DB.View(ctx, who.Org, func(tx *store.Tx) error {
		if err := a.seesAll(ctx, tx, who, unit); err != nil {
			return err
		}
		units, err := unitsAt(tx, "")
		if err != nil {
			return err
		}
		parts, err := coverageAt(tx, kind, key, days)
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

// coverageAt counts every unit's part at the end of each day, in one pass over the journal.
func coverageAt(tx *store.Tx, kind, key string, days []register.Day) ([]map[string]metric.Part, error) {
	object, err := schema(kind)
	if err != nil {
		return nil, err
	}
	moments := make([]register.Moment, len(days))
	for i, day := range days {
		moments[i] = day.End()
	}
	parts := make([]map[string]metric.Part, len(days))
	schemas := []*register.Schema{register.Of[isms.Unit](), object, register.Of[isms.Classification]()}
	err = tx.Series(schemas, func(string) register.In { return everywhere }, moments, func(i int, at map[string][]register.Entity) error {
		parts[i] = metric.UnitCoverage(fill(at, everywhere), key, days[i:i+1])[0]
		return nil
	})
	return parts, err
}
