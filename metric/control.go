// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"ledsyn/isms"
	"ledsyn/register"
)

// controlKeys are the keys of what is counted of each year's internal control.
var controlKeys = []string{"processes_assessed", "risks_by_band", "plan_days_late", "controls_done", "controls_not_reported", "control_deviations_found",
	"control_deviations_remedied", "control_deviations_open", "actions_done", "actions_late"}

// A controlYear is a year's analysis and its plans, as they stood on the day.
type controlYear struct {
	Records
	year     int
	day      register.Day
	lines    []isms.ControlAssessment
	plans    []isms.ControlPlan
	followed []isms.Followed
}

// controlYears lists the years that have an analysis or a plan, the earliest first. The coming year's is made in the autumn before.
func controlYears(r Records, day register.Day) []controlYear {
	by := map[int]*controlYear{}
	of := func(year int) *controlYear {
		if by[year] == nil {
			by[year] = &controlYear{Records: r, year: year, day: day}
		}
		return by[year]
	}
	for _, a := range r.Assessments {
		if !gone(a.Record, day) && a.AssessedOn <= day && a.Year <= day.Year()+1 {
			of(a.Year).lines = append(of(a.Year).lines, a)
		}
	}
	for _, p := range r.ControlPlans {
		if gone(p.Record, day) || p.Year > day.Year()+1 {
			continue
		}
		y := of(p.Year)
		y.plans = append(y.plans, p)
		y.followed = append(y.followed, followed(r, p, day)...)
	}
	var years []controlYear
	for _, y := range by {
		years = append(years, *y)
	}
	slices.SortFunc(years, func(a, b controlYear) int { return a.year - b.year })
	return years
}

// followed is what was reported of the plan by the day.
func followed(r Records, p isms.ControlPlan, day register.Day) []isms.Followed {
	own := isms.PlanRecords{Plan: p, Results: r.ControlResults, Checks: r.SpotChecks}
	for _, c := range r.Controls {
		if string(c.Plan) == p.ID {
			own.Controls = append(own.Controls, c)
		}
	}
	for _, a := range r.DirectActions {
		if string(a.Plan) == p.ID {
			own.Actions = append(own.Actions, a)
		}
	}
	return own.FollowUp(day)
}

// InternalControl counts each year's internal control.
func InternalControl(r Records, day register.Day) []Figure {
	var all []Figure
	for _, y := range controlYears(r, day) {
		all = append(all, y.assessed())
		all = append(all, y.bands()...)
		if len(y.plans) == 0 {
			continue
		}
		all = append(all, y.late())
		all = append(all, y.controls()...)
		all = append(all, y.deviations()...)
		all = append(all, y.actions()...)
	}
	return all
}

func (y controlYear) figure(key, unit, kind string) Figure {
	return Figure{Key: key, Year: y.year, Unit: unit, Kind: kind, Day: y.day}
}

func (y controlYear) share(key, unit, kind string, counted, of []string) Figure {
	f := share(key, unit, kind, y.day, counted, of)
	f.Year = y.year
	return f
}

// assessed is the share of the compulsory processes that every body with a plan, or else with any line, has assessed.
func (y controlYear) assessed() Figure {
	var units, counted, of []string
	for _, p := range y.plans {
		units = append(units, p.Unit)
	}
	for _, a := range y.lines {
		if len(y.plans) == 0 {
			units = append(units, a.Unit)
		}
	}
	for _, p := range y.ControlProcesses {
		if !p.Compulsory || gone(p.Record, y.day) {
			continue
		}
		of = append(of, p.ID)
		unassessed := func(unit string) bool {
			return !slices.ContainsFunc(y.lines, func(a isms.ControlAssessment) bool { return a.Unit == unit && string(a.Process) == p.ID })
		}
		if !slices.ContainsFunc(units, unassessed) {
			counted = append(counted, p.ID)
		}
	}
	return y.share("processes_assessed", "control_process", "control_process", counted, of)
}

// bands counts the risks in each band of the scales that they are valued on. Those that are not valued are unclear.
func (y controlYear) bands() []Figure {
	scales := map[string]isms.RiskScale{}
	for _, s := range y.ControlScales {
		if steps, wrong := s.Read(); len(wrong) == 0 {
			scales[s.ID] = steps
		}
	}
	type place struct {
		at   int
		name string
	}
	in := map[place][]string{}
	var of, unclear []string
	for _, a := range y.lines {
		of = append(of, a.ID)
		steps := scales[string(a.Scale)]
		at, known := steps.Band(steps.Value(a.Likelihood, a.Consequence))
		if !known {
			unclear = append(unclear, a.ID)
			continue
		}
		for i, b := range steps.Bands {
			p := place{i, b.Name}
			ids := in[p]
			if b == at {
				ids = append(ids, a.ID)
			}
			in[p] = ids // a band without any risk is told, too
		}
	}
	places := make([]place, 0, len(in))
	for p := range in {
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Or(a.at-b.at, strings.Compare(a.name, b.name)) })
	var all []Figure
	for _, p := range places {
		f := y.share("risks_by_band", "control_assessment", "control_assessment", in[p], of)
		f.Part, f.PartName, f.Unclear = strconv.Itoa(p.at+1)+"-"+strings.ReplaceAll(strings.ToLower(p.name), "/", "-"), p.name, unclear
		all = append(all, f)
	}
	return all
}

// late is how many days of its own year had gone when the plan was decided; of several the latest. A plan that is not decided though its
// year has begun is at least so late.
func (y controlYear) late() Figure {
	f := y.figure("plan_days_late", "day", "control_plan")
	f.Known = true
	worst := 0
	for _, p := range y.plans {
		days, _ := p.Late()
		switch {
		case p.DecidedOn != "" && p.DecidedOn <= y.day:
		case y.day.Year() < p.Year: // there is still time
			f.Known, days = false, 0
		default:
			f.Known, f.AtLeast = false, true
			days = y.day.DaysSince(register.Day(strconv.Itoa(p.Year)+"-01-01")) + 1
		}
		if days > 0 {
			f.Counted = append(f.Counted, p.ID)
		}
		worst = max(worst, days)
	}
	if f.Known || f.AtLeast {
		f.Numerator = register.CountOf(worst)
	}
	return f
}

// controls are the controls that were done, of those planned, and those of which nothing was reported. A control is done when one of its
// results says so; nothing reported is not the same as not done, and never the same as done.
func (y controlYear) controls() []Figure {
	var done, silent, of []string
	for _, f := range y.followed {
		if f.Control == nil {
			continue
		}
		of = append(of, f.Control.ID)
		did := false
		for _, r := range f.Results {
			did = did || r.Outcome == isms.ControlClean || r.Outcome == isms.ControlDeviations
		}
		switch {
		case did:
			done = append(done, f.Control.ID)
		case len(f.Results) == 0:
			silent = append(silent, f.Control.ID)
		}
	}
	all := []Figure{y.share("controls_done", "control", "control", done, of), y.share("controls_not_reported", "control", "control", silent, of)}
	all[0].Unclear = silent
	if len(of) > 0 && len(silent) == len(of) { // the year is not followed up yet
		all[0].Known = false
	}
	return all
}

// deviations are those that were reported of the controls: found, and of them remedied and open. What is not known is never 0.
func (y controlYear) deviations() []Figure {
	sums := isms.SumDeviations(y.followed, isms.WholeYear.Parts()...)
	var results, with []string
	for _, f := range y.followed {
		for _, r := range f.Results {
			if f.Control == nil {
				continue
			}
			results = append(results, r.ID)
			if n, known := r.Found.Known(); known && n > 0 || !known && r.Outcome == isms.ControlDeviations {
				with = append(with, r.ID)
			}
		}
	}
	slices.Sort(results)
	slices.Sort(with)
	count := func(key string, n int, unknown bool) Figure {
		f := y.figure(key, "control_deviation", "control_result")
		f.Counted, f.Of = with, results
		f.Known = len(results) > 0 && !unknown
		if f.AtLeast = len(results) > 0 && unknown && n > 0; f.Known || f.AtLeast {
			f.Numerator = register.CountOf(n)
		}
		return f
	}
	vague := sums.FoundUnknown > 0
	return []Figure{count("control_deviations_found", sums.Found, vague), count("control_deviations_remedied", sums.Remedied, vague || sums.OpenUnknown > 0),
		count("control_deviations_open", sums.Open, vague || sums.OpenUnknown > 0)}
}

// actions are the direct actions that were done, and those that were late: done after their day, or not done though it has passed.
func (y controlYear) actions() []Figure {
	var done, late, of []string
	for _, f := range y.followed {
		if f.Action == nil || f.Action.State == isms.ActionDropped {
			continue
		}
		a := *f.Action
		of = append(of, a.ID)
		if a.State == isms.ActionDone && a.DoneOn > y.day {
			a.State = isms.ActionOngoing
		}
		if a.State == isms.ActionDone {
			done = append(done, a.ID)
		}
		if a.Overdue(y.day) || a.State == isms.ActionDone && a.DueOn != "" && a.DoneOn > a.DueOn {
			late = append(late, a.ID)
		}
	}
	if len(of) == 0 {
		return nil
	}
	return []Figure{y.share("actions_done", "direct_action", "direct_action", done, of), y.share("actions_late", "direct_action", "direct_action", late, of)}
}
