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
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
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

// Place is the coordinator's own place for an object in the order.
type Place struct {
	Kind, ID string
	Position int // from 1; 0 gives the place back to the proposed order
	Reason   string
	Key      string
}

// SetPlace puts an object where the coordinator wants it in the order, with the reason, or gives it back to the proposed
// order.
func (a *App) SetPlace(ctx context.Context, who access.Actor, n Place) error {
	_, err := a.once(ctx, who, n.Key, n, func(tx *store.Tx) (string, error) {
		if n.Kind == "information_type" {
			return "", isms.ErrNotFound
		}
		obj, err := classified(tx, who, n.Kind, n.ID)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Create, "classification_priority", obj.Head().Unit); err != nil {
			return "", err
		}
		own, err := linked[isms.ClassificationPriority](tx, objectField(n.Kind), n.ID)
		if err != nil {
			return "", err
		}
		p := placeOf(own, n, obj)
		if n.Position == 0 {
			if p.Rev == 0 {
				return p.ID, nil
			}
			return p.ID, tx.Retire(register.Of[isms.ClassificationPriority](), everywhere, p.ID, p.Rev, a.Today())
		}
		if wrong := register.Check(&p); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		return p.ID, tx.Put(&p)
	})
	return err
}

func placeOf(own []isms.ClassificationPriority, n Place, obj register.Entity) isms.ClassificationPriority {
	p := isms.ClassificationPriority{Record: isms.Record{ID: register.NewID(), Unit: obj.Head().Unit}}
	if len(own) > 0 {
		p = own[0]
	}
	switch n.Kind {
	case "system":
		p.System = register.Ref[isms.System](n.ID)
	case "process":
		p.Process = register.Ref[isms.Process](n.ID)
	default:
		p.Set = register.Ref[isms.InformationSet](n.ID)
	}
	p.Position, p.Reason = n.Position, n.Reason
	return p
}
