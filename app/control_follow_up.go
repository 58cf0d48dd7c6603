// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// TakeCheck reports what a spot check came to as the result of its control for the part of the year that it was made in, in the place of what was
// reported from a check before, and returns the result's id. A result that somebody wrote by hand is not written over.
func (a *App) TakeCheck(ctx context.Context, who access.Actor, check, key string) (string, error) {
	return a.once(ctx, who, key, []any{"take_check", check}, func(tx *store.Tx) (string, error) {
		c, err := store.Get[isms.SpotCheck](tx, who.In(access.See, "spot_check"), check)
		if err != nil {
			return "", err
		}
		return a.resultOfCheck(ctx, tx, who, c)
	})
}

// resultOfCheck is TakeCheck within an act.
func (a *App) resultOfCheck(ctx context.Context, tx *store.Tx, who access.Actor, c isms.SpotCheck) (string, error) {
	if c.Control == "" || c.PerformedOn == "" || c.State != "" && c.State != isms.SpotCheckDone {
		return "", register.Wrongs{{Field: "spot_check", Code: "check_not_done"}}
	}
	control, err := store.Get[isms.Control](tx, everywhere, string(c.Control))
	if err != nil {
		return "", err
	}
	if err := a.allow(ctx, who, access.Create, "control_result", control.Unit); err != nil {
		return "", err
	}
	tertial := isms.TertialOf(c.Year, c.PerformedOn)
	results, err := store.Linking[isms.ControlResult](tx, everywhere, "control", []string{control.ID})
	if err != nil {
		return "", err
	}
	is := isms.ControlResult{Record: isms.Record{ID: register.NewID(), Unit: control.Unit}, Control: c.Control, Year: c.Year, Tertial: tertial}
	var was register.Entity
	if i := slices.IndexFunc(results, func(r isms.ControlResult) bool { return r.Year == c.Year && r.Tertial == tertial }); i >= 0 {
		if is = results[i]; is.SpotCheck == "" && (is.Outcome != isms.ControlBegun && is.Outcome != isms.ControlNotBegun) {
			return "", register.Wrongs{{Field: "tertial", Code: "result_by_hand"}}
		}
		if err := a.allow(ctx, who, access.Change, "control_result", control.Unit); err != nil {
			return "", err
		}
		was = &results[i]
	}
	is.Outcome, is.Found, is.Remedied = isms.ControlClean, c.Found, c.Remedied
	if found, known := c.Found.Known(); c.SomeFound || found > 0 || !known {
		is.Outcome = isms.ControlDeviations
		if !known && !c.SomeFound {
			return "", register.Wrongs{{Field: "spot_check", Code: "check_not_counted"}}
		}
	}
	is.Result = cmp.Or(is.Result, c.Note)
	is.SpotCheck, is.ReportedOn, is.Reporter = register.Ref[isms.SpotCheck](c.ID), a.Today(), register.Ref[isms.Person](who.Person)
	return is.ID, putControl(tx, was, &is)
}

// UnitControl is how internal control stands in a unit and a year.
type UnitControl struct {
	Unit    isms.Unit
	Risks   int
	Work    []ControlWork // of the analysis
	Scale   bool
	Plan    *isms.ControlPlan
	Sums    map[isms.Tertial]isms.ControlSums
	All     isms.ControlSums // deviations of the year
	Actions int
	Late    int // direct actions past their last day
	Reports []isms.ControlReport
	Due     []isms.Tertial // parts of the year that are over, of which something is not reported
	Next    bool           // the year after has a plan or lines
}

// ControlOverview returns how internal control stands in the unit, and in the units below it that have anything of the year, by name.
func (a *App) ControlOverview(ctx context.Context, who access.Actor, unit string, year int) (own UnitControl, below []UnitControl, err error) {
	if err := a.allow(ctx, who, access.See, "control_plan", unit); err != nil {
		return own, nil, err
	}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		if own, err = a.unitControl(tx, who, unit, year); err != nil {
			return err
		}
		units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
		if err != nil {
			return err
		}
		with, err := unitsWithControl(tx, year)
		if err != nil {
			return err
		}
		for _, id := range subtree(units, unit)[1:] {
			if !with[id] || !who.May(access.See, "control_plan", id) {
				continue
			}
			u, err := a.unitControl(tx, who, id, year)
			if err != nil {
				return err
			}
			below = append(below, u)
		}
		slices.SortFunc(below, func(a, b UnitControl) int { return strings.Compare(a.Unit.Name, b.Unit.Name) })
		return nil
	})
	return own, below, err
}

// unitsWithControl are the units that have a plan or an analysis of the year.
func unitsWithControl(tx *store.Tx, year int) (map[string]bool, error) {
	with := map[string]bool{}
	plans, err := store.All[isms.ControlPlan](tx, everywhere)
	if err != nil {
		return nil, err
	}
	for _, p := range plans {
		if p.Year == year {
			with[p.Unit] = true
		}
	}
	lines, err := store.All[isms.ControlAssessment](tx, everywhere)
	for _, l := range lines {
		if l.Year == year {
			with[l.Unit] = true
		}
	}
	return with, err
}

func (a *App) unitControl(tx *store.Tx, who access.Actor, unit string, year int) (UnitControl, error) {
	y := ControlYear{Year: year}
	if err := y.read(tx, who, unit, year); err != nil {
		return UnitControl{}, err
	}
	u := UnitControl{Unit: y.Unit, Risks: len(y.Risks), Work: y.Work, Scale: y.Scale != nil, Plan: y.Plan, Sums: map[isms.Tertial]isms.ControlSums{}}
	if y.Plan == nil {
		return u, nil
	}
	records, err := planRecords(tx, who, *y.Plan, asOf{})
	if err != nil {
		return u, err
	}
	today := a.Today()
	list := records.FollowUp(today)
	for _, t := range isms.WholeYear.Parts() {
		u.Sums[t] = isms.SumControls(list, t)
		if t != isms.WholeYear && t.Ends(year) < today && u.Sums[t].NotReported > 0 {
			u.Due = append(u.Due, t)
		}
	}
	u.All = isms.SumDeviations(list, isms.WholeYear.Parts()...)
	for _, f := range list {
		if f.Action != nil {
			u.Actions++
			if f.Action.Overdue(today) {
				u.Late++
			}
		}
	}
	u.Reports, err = store.Linking[isms.ControlReport](tx, who.In(access.See, "control_report"), "plan", []string{y.Plan.ID})
	slices.SortFunc(u.Reports, func(a, b isms.ControlReport) int {
		return strings.Compare(string(a.Tertial)+a.ID, string(b.Tertial)+b.ID)
	})
	return u, err
}
