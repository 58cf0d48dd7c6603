// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// PlanPage is an internal-control plan with all that hangs on it.
type PlanPage struct {
	isms.PlanRecords
	Unit      isms.Unit
	Followed  []isms.Followed
	Former    *isms.PlanRecords // the plan of the year before
	Next      *isms.ControlPlan // the plan of the year after
	Years     []isms.ControlPlan
	Reports   []isms.ControlReport
	Titles    Titles
	Today     register.Day
	MayChange bool // the plan and its controls
	MayPlan   bool // make the next year's plan
	MayResult bool
	MayReport bool
	MayCheck  bool
}

// ControlPlanPage returns the plan.
func (a *App) ControlPlanPage(ctx context.Context, who access.Actor, id string) (PlanPage, error) {
	p := PlanPage{Today: a.Today()}
	err := a.view(ctx, who, func(tx *store.Tx) error {
		plan, err := store.Get[isms.ControlPlan](tx, who.In(access.See, "control_plan"), id)
		if err != nil {
			return err
		}
		return p.read(tx, who, plan)
	})
	unit := p.Plan.Unit
	p.MayChange = who.May(access.Change, "control_plan", unit)
	p.MayPlan = p.MayChange && who.May(access.Create, "control_plan", unit) && who.May(access.Create, "control", unit)
	p.MayResult = who.May(access.Create, "control_result", unit) && who.May(access.Change, "control_result", unit)
	p.MayReport = who.May(access.Create, "control_report", unit)
	p.MayCheck = who.May(access.Create, "spot_check", unit)
	return p, err
}

func (p *PlanPage) read(tx *store.Tx, who access.Actor, plan isms.ControlPlan) (err error) {
	if p.PlanRecords, err = planRecords(tx, who, plan, asOf{}); err != nil {
		return err
	}
	p.Followed = p.FollowUp(p.Today)
	if p.Unit, err = store.Get[isms.Unit](tx, everywhere, plan.Unit); err != nil {
		return err
	}
	own := register.In{Units: []string{plan.Unit}}
	former, err := formerPlan(tx, own, p.PlanRecords, asOf{})
	if err != nil {
		return err
	}
	if former != nil {
		records, err := planRecords(tx, who, *former, asOf{})
		if err != nil {
			return err
		}
		p.Former = &records
	}
	if p.Next, err = planOfYear(tx, own, plan.Year+1); err != nil {
		return err
	}
	if p.Reports, err = store.Linking[isms.ControlReport](tx, who.In(access.See, "control_report"), "plan", []string{plan.ID}); err != nil {
		return err
	}
	slices.SortFunc(p.Reports, func(a, b isms.ControlReport) int {
		return cmp.Or(strings.Compare(string(a.Tertial), string(b.Tertial)), strings.Compare(a.ID, b.ID))
	})
	p.Titles, err = titles(tx, who, links(p.entities()...))
	return err
}

func (p *PlanPage) entities() []register.Entity {
	all := slices.Concat(entities(p.Controls), entities(p.Actions), entities(p.Results), entities(p.Checks), entities(p.Deviations), entities(p.Assessments))
	return append(all, &p.Plan)
}

// recordsThen lists a register's records in use within the scope: as they are, or as the journal knew them then.
func recordsThen[T any](tx *store.Tx, in register.In, known asOf) ([]T, error) {
	if known.at == "" {
		return store.All[T](tx, in)
	}
	all, err := known.all(tx, register.Of[T](), in)
	return inUse[T](all), err
}

// withRetired is recordsThen with those that were out of use.
func withRetired[T any](tx *store.Tx, known asOf) ([]T, error) {
	if known.at == "" {
		return store.AllWithRetired[T](tx, everywhere)
	}
	all, err := known.all(tx, register.Of[T](), everywhere)
	list := make([]T, len(all))
	for i, rec := range all {
		list[i] = *any(rec).(*T)
	}
	return list, err
}

// linkingThen is store.Linking as it is or as it was then.
func linkingThen[T any](tx *store.Tx, in register.In, field string, targets []string, known asOf) ([]T, error) {
	if len(targets) == 0 {
		return nil, nil
	}
	if known.at == "" {
		return store.Linking[T](tx, in, field, targets)
	}
	f, _ := register.Of[T]().Field(field)
	all, err := recordsThen[T](tx, in, known)
	return slices.DeleteFunc(all, func(rec T) bool {
		return !slices.ContainsFunc(f.IDs(any(&rec).(register.Entity)), func(id string) bool { return slices.Contains(targets, id) })
	}), err
}

// planRecords gathers all that hangs on the plan, as it is or as the journal knew it then.
func planRecords(tx *store.Tx, who access.Actor, plan isms.ControlPlan, known asOf) (isms.PlanRecords, error) {
	g := &planGathering{tx: tx, who: who, known: known, PlanRecords: isms.PlanRecords{Plan: plan}}
	g.Controls = gatherInto[isms.Control](g, "control", "plan", plan.ID)
	g.Actions = gatherInto[isms.DirectAction](g, "direct_action", "plan", plan.ID)
	controls := idsOf(g.Controls)
	g.Results = append(gatherInto[isms.ControlResult](g, "control_result", "control", controls...), gatherInto[isms.ControlResult](g, "control_result", "action", idsOf(g.Actions)...)...)
	g.Checks = gatherInto[isms.SpotCheck](g, "spot_check", "control", controls...)
	g.Deviations = append(gatherInto[isms.Deviation](g, "deviation", "control", controls...), gatherInto[isms.Deviation](g, "deviation", "spot_check", idsOf(g.Checks)...)...)
	slices.SortStableFunc(g.Deviations, func(a, b isms.Deviation) int {
		return cmp.Or(strings.Compare(string(a.FoundOn), string(b.FoundOn)), strings.Compare(a.ID, b.ID))
	})
	g.Deviations = slices.CompactFunc(g.Deviations, func(a, b isms.Deviation) bool { return a.ID == b.ID })
	if g.err != nil {
		return g.PlanRecords, g.err
	}
	return g.PlanRecords, g.risks()
}

type planGathering struct {
	isms.PlanRecords
	tx    *store.Tx
	who   access.Actor
	known asOf
	err   error
}

func gatherInto[T any](g *planGathering, kind, field string, targets ...string) []T {
	if g.err != nil {
		return nil
	}
	var list []T
	list, g.err = linkingThen[T](g.tx, g.who.In(access.See, kind), field, targets, g.known)
	return list
}

func idsOf[T any](list []T) []string {
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = any(&list[i]).(register.Entity).Head().ID
	}
	return ids
}

// risks gathers the analysis that the plan comes from, and the scale that its risks are valued on.
func (g *planGathering) risks() error {
	lines, err := recordsThen[isms.ControlAssessment](g.tx, register.In{Units: []string{g.Plan.Unit}}, g.known)
	if err != nil {
		return err
	}
	g.Assessments = slices.DeleteFunc(lines, func(a isms.ControlAssessment) bool { return a.Year != g.Plan.Year })
	units, err := withRetired[isms.Unit](g.tx, g.known)
	if err != nil {
		return err
	}
	scales, err := withRetired[isms.ControlScale](g.tx, g.known)
	if err != nil {
		return err
	}
	processes, err := withRetired[isms.ControlProcess](g.tx, g.known)
	if err != nil {
		return err
	}
	places := append([]string{g.Plan.Unit}, above(units, g.Plan.Unit)...)
	g.Processes = chosenProcesses(processes, places, g.Assessments)
	g.Scale = scaleOfLines(g.Assessments, scales, places, g.Plan.Year)
	return nil
}

// scaleOfLines is the scale that lines of the year are valued on, or else the one that they would be.
func scaleOfLines(lines []isms.ControlAssessment, scales []isms.ControlScale, places []string, year int) *isms.ControlScale {
	for _, a := range lines {
		if i := slices.IndexFunc(scales, func(s isms.ControlScale) bool { return a.Scale != "" && s.ID == string(a.Scale) }); i >= 0 {
			return &scales[i]
		}
	}
	scales = slices.DeleteFunc(slices.Clone(scales), func(s isms.ControlScale) bool { return s.Retired != "" })
	if s, ok := isms.ScaleFor(scales, places, year); ok {
		return &s
	}
	return nil
}

// formerPlan is the plan that the plan's controls continue, or else the unit's of the year before. Nil: there is none.
func formerPlan(tx *store.Tx, own register.In, r isms.PlanRecords, known asOf) (*isms.ControlPlan, error) {
	plans, err := recordsThen[isms.ControlPlan](tx, own, known)
	if err != nil {
		return nil, err
	}
	plans = slices.DeleteFunc(plans, func(p isms.ControlPlan) bool { return p.Year != r.Plan.Year-1 })
	controls, err := linkingThen[isms.Control](tx, own, "plan", idsOf(plans), known)
	if err != nil || len(plans) == 0 {
		return nil, err
	}
	for _, c := range r.Controls {
		for _, was := range controls {
			if was.ID == string(c.Continues) {
				return &plans[slices.IndexFunc(plans, func(p isms.ControlPlan) bool { return p.ID == string(was.Plan) })], nil
			}
		}
	}
	return &plans[0], nil
}

// MakePlan proposes the unit's plan of the year from its analysis: a control for each line that was chosen for it, and a direct action for each that
// is to be acted on, where there is none. It returns the plan's id. How a control is made, how often and by whom is for people to say.
func (a *App) MakePlan(ctx context.Context, who access.Actor, unit string, year int, lang locale.Lang, key string) (string, error) {
	return a.once(ctx, who, key, []any{"make_plan", unit, year}, func(tx *store.Tx) (string, error) {
		for _, kind := range []string{"control_plan", "control", "direct_action"} {
			if err := a.allow(ctx, who, access.Create, kind, unit); err != nil {
				return "", err
			}
		}
		own := register.In{Units: []string{unit}}
		lines, err := store.All[isms.ControlAssessment](tx, own)
		if err != nil {
			return "", err
		}
		lines = slices.DeleteFunc(lines, func(l isms.ControlAssessment) bool { return l.Year != year || !leadsOn(l) })
		if len(lines) == 0 {
			return "", register.Wrongs{{Code: "nothing_to_plan"}}
		}
		plan, err := planOrNew(tx, own, unit, year, lang)
		if err != nil {
			return "", err
		}
		in, err := planRecords(tx, who, *plan, asOf{})
		if err != nil {
			return "", err
		}
		for _, l := range lines {
			if inPlan(l, in) {
				continue
			}
			if err := putControl(tx, nil, fromLine(l, *plan)); err != nil {
				return "", err
			}
		}
		return plan.ID, nil
	})
}

// planOrNew is the unit's plan of the year, a new one where there is none.
func planOrNew(tx *store.Tx, own register.In, unit string, year int, lang locale.Lang) (*isms.ControlPlan, error) {
	plan, err := planOfYear(tx, own, year)
	if err != nil || plan != nil {
		return plan, err
	}
	plan = &isms.ControlPlan{Title: lang.T("ic.plan.title", strconv.Itoa(year)), Year: year}
	plan.ID, plan.Unit = register.NewID(), unit
	return plan, putControl(tx, nil, plan)
}

// fromLine is the control or the direct action that a line leads to.
func fromLine(l isms.ControlAssessment, plan isms.ControlPlan) register.Entity {
	head := isms.Record{ID: register.NewID(), Unit: plan.Unit}
	if l.Treatment == isms.ActDirectly {
		return &isms.DirectAction{Record: head, Name: l.Part, Plan: register.Ref[isms.ControlPlan](plan.ID), Assessment: register.Ref[isms.ControlAssessment](l.ID),
			Description: l.Motive, Owner: l.Owner, State: isms.ActionPlanned}
	}
	return &isms.Control{Record: head, Name: l.Part, Plan: register.Ref[isms.ControlPlan](plan.ID), Assessment: register.Ref[isms.ControlAssessment](l.ID), ReportsTo: l.Owner}
}

// NextPlan is what somebody takes on into the next year's plan.
type NextPlan struct {
	Plan    string   // the year before's
	Keep    []string // ids of its controls and direct actions
	Reasons map[string]string
	Key     string
}

// CarryForward makes the plan of the year after, or adds to it, with the chosen controls and direct actions as they are, each told to continue the
// one it was copied from; it returns the plan's id. Why the others are left is kept with them. A direct action that is carried on keeps its last day,
// which may have passed.
func (a *App) CarryForward(ctx context.Context, who access.Actor, n NextPlan, lang locale.Lang) (string, error) {
	return a.once(ctx, who, n.Key, n, func(tx *store.Tx) (string, error) {
		was, err := store.Get[isms.ControlPlan](tx, who.In(access.See, "control_plan"), n.Plan)
		if err != nil {
			return "", err
		}
		for _, kind := range []string{"control_plan", "control", "direct_action"} {
			if err := a.allow(ctx, who, access.Create, kind, was.Unit); err != nil {
				return "", err
			}
		}
		old, err := planRecords(tx, who, was, asOf{})
		if err != nil {
			return "", err
		}
		known := append(idsOf(old.Controls), idsOf(old.Actions)...)
		for _, id := range n.Keep {
			if !slices.Contains(known, id) {
				return "", isms.ErrNotFound
			}
		}
		next, err := planOrNew(tx, register.In{Units: []string{was.Unit}}, was.Unit, was.Year+1, lang)
		if err != nil {
			return "", err
		}
		is, err := planRecords(tx, who, *next, asOf{})
		if err != nil {
			return "", err
		}
		c := carrying{tx: tx, next: *next, is: is, lines: is.Assessments, before: old.Assessments}
		return next.ID, errors.Join(c.controls(old.Controls, n), c.actions(old.Actions, n))
	})
}

type carrying struct {
	tx            *store.Tx
	next          isms.ControlPlan
	is            isms.PlanRecords
	lines, before []isms.ControlAssessment
}

func (c carrying) controls(old []isms.Control, n NextPlan) error {
	for _, was := range old {
		continued := slices.ContainsFunc(c.is.Controls, func(k isms.Control) bool { return string(k.Continues) == was.ID })
		switch reason := strings.TrimSpace(n.Reasons[was.ID]); {
		case slices.Contains(n.Keep, was.ID) && !continued:
			k := was
			k.Record = isms.Record{ID: register.NewID(), Unit: c.next.Unit}
			k.Plan, k.Continues, k.ChangeReason, k.DropReason = register.Ref[isms.ControlPlan](c.next.ID), register.Ref[isms.Control](was.ID), "", ""
			k.Assessment = c.line(was.Assessment)
			if err := putControl(c.tx, nil, &k); err != nil {
				return err
			}
		case !slices.Contains(n.Keep, was.ID) && !continued && reason != "" && reason != was.DropReason:
			is := was
			is.DropReason = reason
			if err := putControl(c.tx, &was, &is); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c carrying) actions(old []isms.DirectAction, n NextPlan) error {
	for _, was := range old {
		continued := slices.ContainsFunc(c.is.Actions, func(k isms.DirectAction) bool { return string(k.Continues) == was.ID })
		if !slices.Contains(n.Keep, was.ID) || continued {
			continue
		}
		k := was
		k.Record = isms.Record{ID: register.NewID(), Unit: c.next.Unit}
		k.Plan, k.Continues, k.Assessment = register.Ref[isms.ControlPlan](c.next.ID), register.Ref[isms.DirectAction](was.ID), c.line(was.Assessment)
		if err := putControl(c.tx, nil, &k); err != nil {
			return err
		}
	}
	return nil
}

// line is the line of the next year's analysis about the same part as the year before's, none where there is none yet.
func (c carrying) line(was register.Ref[isms.ControlAssessment]) register.Ref[isms.ControlAssessment] {
	i := slices.IndexFunc(c.before, func(a isms.ControlAssessment) bool { return a.ID == string(was) })
	if i < 0 {
		return ""
	}
	k := slices.IndexFunc(c.lines, func(a isms.ControlAssessment) bool { return samePart(a) == samePart(c.before[i]) })
	if k < 0 {
		return ""
	}
	return register.Ref[isms.ControlAssessment](c.lines[k].ID)
}
