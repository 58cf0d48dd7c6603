// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// ControlYear is a unit's materiality and risk analysis of a year, with what it led to.
type ControlYear struct {
	Unit       isms.Unit
	Year       int
	Scale      *isms.ControlScale // that the year's risks are valued on; nil where there is none
	Steps      isms.RiskScale
	Processes  []isms.ControlProcess // that the unit looks at, the compulsory ones first
	Risks      []isms.PlacedRisk     // the lines of the year, in their order
	Earlier    map[string]isms.ControlAssessment
	Work       []ControlWork
	Copyable   int // lines of the year before that this year does not have
	Placeable  int // lines that are valued on no scale and can be on the year's
	Plan       *isms.ControlPlan
	Unplanned  int // lines that lead to a control or a direct action, and have none in the plan
	Titles     Titles
	MayAssess  bool
	MayPlan    bool
	MayScale   bool
	Registered bool // the organisation has processes to look at
}

// ControlWork is something that has to be done about an analysis, and where.
type ControlWork struct {
	Code string // of its words: ic.work.CODE
	Kind string // the record that it is about
	ID   string
	Args []any
}

// ControlYear returns the unit's analysis of the year.
func (a *App) ControlYear(ctx context.Context, who access.Actor, unit string, year int) (ControlYear, error) {
	y := ControlYear{Year: year, MayAssess: who.May(access.Create, "control_assessment", unit), MayScale: who.May(access.Create, "control_scale", unit),
		MayPlan: who.May(access.Create, "control_plan", unit) && who.May(access.Create, "control", unit) && who.May(access.Create, "direct_action", unit)}
	if err := a.allow(ctx, who, access.See, "control_assessment", unit); err != nil {
		return y, err
	}
	err := a.view(ctx, who, func(tx *store.Tx) error { return y.read(tx, who, unit, year) })
	return y, err
}

func (y *ControlYear) read(tx *store.Tx, who access.Actor, unit string, year int) (err error) {
	if y.Unit, err = store.Get[isms.Unit](tx, who.In(access.See, "unit"), unit); err != nil {
		return err
	}
	own := register.In{Units: []string{unit}}
	units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	if err != nil {
		return err
	}
	lines, err := store.All[isms.ControlAssessment](tx, own)
	if err != nil {
		return err
	}
	now := slices.DeleteFunc(slices.Clone(lines), func(a isms.ControlAssessment) bool { return a.Year != year })
	if y.Processes, err = processesOf(tx, who, unit, units, now); err != nil {
		return err
	}
	y.Registered = len(y.Processes) > 0
	scale, ok, err := yearScale(one(tx), unit, year, "")
	if err != nil {
		return err
	}
	if ok {
		y.Scale = &scale
		y.Steps, _ = scale.Read()
	}
	y.Risks = isms.PlaceRisks(now, y.Processes, scale)
	y.earlier(lines)
	for _, r := range y.Risks {
		if r.OffScale && r.Scale == "" && ok && y.Steps.Value(r.Likelihood, r.Consequence) > 0 {
			y.Placeable++
		}
	}
	if y.Plan, err = planOfYear(tx, own, year); err != nil {
		return err
	}
	var in isms.PlanRecords
	if y.Plan != nil {
		if in, err = planRecords(tx, who, *y.Plan, asOf{}); err != nil {
			return err
		}
	}
	y.work(in)
	records := []register.Entity{&y.Unit}
	for i := range y.Risks {
		records = append(records, &y.Risks[i].ControlAssessment)
	}
	for i := range y.Processes {
		records = append(records, &y.Processes[i])
	}
	y.Titles, err = titles(tx, who, links(records...))
	return err
}

// processesOf are the processes in use of the unit and of those above it, with those that the lines are about.
func processesOf(tx *store.Tx, who access.Actor, unit string, units []isms.Unit, lines []isms.ControlAssessment) ([]isms.ControlProcess, error) {
	all, err := store.AllWithRetired[isms.ControlProcess](tx, who.In(access.See, "control_process"))
	if err != nil {
		return nil, err
	}
	return chosenProcesses(all, append([]string{unit}, above(units, unit)...), lines), nil
}

func chosenProcesses(all []isms.ControlProcess, places []string, lines []isms.ControlAssessment) []isms.ControlProcess {
	all = slices.DeleteFunc(all, func(p isms.ControlProcess) bool {
		used := slices.ContainsFunc(lines, func(a isms.ControlAssessment) bool { return string(a.Process) == p.ID })
		return !used && (p.Retired != "" || !slices.Contains(places, p.Unit))
	})
	slices.SortStableFunc(all, func(a, b isms.ControlProcess) int {
		if a.Compulsory != b.Compulsory {
			if a.Compulsory {
				return -1
			}
			return 1
		}
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	return all
}

// samePart names what a line is about, whatever its year.
func samePart(a isms.ControlAssessment) string {
	return string(a.Process) + "\x00" + strings.ToLower(strings.TrimSpace(a.Part)) + "\x00" + strings.ToLower(strings.TrimSpace(a.Event))
}

// earlier finds what was chosen the year before for the same part, and counts what can be copied.
func (y *ControlYear) earlier(lines []isms.ControlAssessment) {
	y.Earlier = map[string]isms.ControlAssessment{}
	byPart := map[string]string{}
	for _, r := range y.Risks {
		byPart[samePart(r.ControlAssessment)] = r.ID
	}
	for _, a := range lines {
		if a.Year != y.Year-1 {
			continue
		}
		if id, ok := byPart[samePart(a)]; ok {
			y.Earlier[id] = a
		} else {
			y.Copyable++
		}
	}
}

// work finds what has to be done: what is compulsory and not assessed, and what is chosen and not explained.
func (y *ControlYear) work(in isms.PlanRecords) {
	add := func(code, kind, id string, args ...any) {
		y.Work = append(y.Work, ControlWork{code, kind, id, args})
	}
	for _, p := range y.Processes {
		if p.Compulsory && !slices.ContainsFunc(y.Risks, func(r isms.PlacedRisk) bool { return string(r.ControlAssessment.Process) == p.ID }) {
			add("not_assessed", "control_process", p.ID, p.Name)
		}
	}
	for _, r := range y.Risks {
		for _, code := range assessmentGaps(r, y.Steps) {
			add(code, "control_assessment", r.ID, r.Part)
		}
		if y.Plan == nil || !leadsOn(r.ControlAssessment) {
			continue
		}
		if !inPlan(r.ControlAssessment, in) {
			add("unplanned_"+string(r.Treatment), "control_assessment", r.ID, r.Part)
			y.Unplanned++
		}
	}
	if y.Plan == nil {
		for _, r := range y.Risks {
			if leadsOn(r.ControlAssessment) {
				y.Unplanned++
			}
		}
	}
}

// leadsOn reports whether the line leads to something in a plan.
func leadsOn(a isms.ControlAssessment) bool {
	return a.Treatment == isms.ToControlPlan || a.Treatment == isms.ActDirectly
}

func inPlan(a isms.ControlAssessment, in isms.PlanRecords) bool {
	if a.Treatment == isms.ActDirectly {
		return slices.ContainsFunc(in.Actions, func(d isms.DirectAction) bool { return string(d.Assessment) == a.ID })
	}
	return slices.ContainsFunc(in.Controls, func(c isms.Control) bool { return string(c.Assessment) == a.ID })
}

// assessmentGaps are what a line lacks. A part may be left out of the plan, but not without saying why.
func assessmentGaps(r isms.PlacedRisk, steps isms.RiskScale) []string {
	var gaps []string
	if r.AssessedOn == "" {
		gaps = append(gaps, "not_looked_at")
	}
	switch {
	case r.Likelihood == 0 || r.Consequence == 0:
		gaps = append(gaps, "not_valued")
	case r.OffScale:
		gaps = append(gaps, "off_scale")
	}
	motive := strings.TrimSpace(r.Motive) != ""
	switch {
	case r.Treatment == "":
		gaps = append(gaps, "not_chosen")
	case r.Treatment == isms.Accept && !motive && steps.ActFrom > 0 && r.Value >= steps.ActFrom:
		gaps = append(gaps, "accepted_high")
	case r.Treatment != isms.ToControlPlan && !motive:
		gaps = append(gaps, "left_out")
	}
	return gaps
}

// planOfYear is the plan of the year in the scope: where there are several, the one that was decided first.
func planOfYear(tx *store.Tx, in register.In, year int) (*isms.ControlPlan, error) {
	plans, err := store.All[isms.ControlPlan](tx, in)
	plans = slices.DeleteFunc(plans, func(p isms.ControlPlan) bool { return p.Year != year })
	if err != nil || len(plans) == 0 {
		return nil, err
	}
	return &slices.SortedFunc(slices.Values(plans), func(a, b isms.ControlPlan) int {
		return cmp.Or(strings.Compare(cmp.Or(string(a.DecidedOn), "9999"), cmp.Or(string(b.DecidedOn), "9999")), strings.Compare(a.ID, b.ID))
	})[0], nil
}

// ProposeScale makes a scale of five steps for the unit from the year on, as a start for those who have none, and returns its id. Its words are the
// program's own and no source's, which its name says; nobody has decided it.
func (a *App) ProposeScale(ctx context.Context, who access.Actor, unit string, year int, lang locale.Lang, key string) (string, error) {
	return a.once(ctx, who, key, []any{"propose_scale", unit, year}, func(tx *store.Tx) (string, error) {
		if err := a.allow(ctx, who, access.Create, "control_scale", unit); err != nil {
			return "", err
		}
		if _, there, err := yearScale(one(tx), unit, year, ""); err != nil || there {
			return "", refuse(err, register.Wrong{Field: "year", Code: "scale_exists"})
		}
		s := &isms.ControlScale{Name: lang.T("ic.proposal.name"), FirstYear: year, Likelihoods: lang.T("ic.proposal.likelihoods"),
			Consequences: lang.T("ic.proposal.consequences"), Bands: lang.T("ic.proposal.bands"), ActFrom: register.CountOf(10)}
		s.ID, s.Unit = register.NewID(), unit
		return s.ID, putControl(tx, nil, s)
	})
}

// refuse is the error, or where there is none what is wrong.
func refuse(err error, w register.Wrong) error {
	if err != nil {
		return err
	}
	return register.Wrongs{w}
}

// CopyRisks begins the unit's analysis of the year with the lines of the year before that it does not have, and returns how many. What was chosen
// and why is not taken over, and every line says that nobody has looked at it this year: last year's words are never this year's unseen. Values are
// taken over only where both years have the same scale.
func (a *App) CopyRisks(ctx context.Context, who access.Actor, unit string, year int, key string) (n int, err error) {
	_, err = a.once(ctx, who, key, []any{"copy_risks", unit, year}, func(tx *store.Tx) (string, error) {
		if err := a.allow(ctx, who, access.Create, "control_assessment", unit); err != nil {
			return "", err
		}
		lines, err := store.All[isms.ControlAssessment](tx, register.In{Units: []string{unit}})
		if err != nil {
			return "", err
		}
		scale, _, err := yearScale(one(tx), unit, year, "")
		if err != nil {
			return "", err
		}
		have := map[string]bool{}
		for _, l := range lines {
			if l.Year == year {
				have[samePart(l)] = true
			}
		}
		for _, l := range lines {
			if l.Year != year-1 || have[samePart(l)] {
				continue
			}
			c := l
			c.Record = isms.Record{ID: register.NewID(), Unit: unit}
			c.Year, c.AssessedOn, c.Treatment, c.Motive, c.Scale = year, "", "", "", ""
			if string(l.Scale) != scale.ID {
				c.Likelihood, c.Consequence = 0, 0
			}
			if err := putControl(tx, nil, &c); err != nil {
				return "", err
			}
			n++
		}
		return unit, nil
	})
	return n, err
}

// PlaceOnScale gives the year's scale to the lines of the unit that were valued before there was one and fit it, and returns how many.
func (a *App) PlaceOnScale(ctx context.Context, who access.Actor, unit string, year int, key string) (n int, err error) {
	_, err = a.once(ctx, who, key, []any{"place_risks", unit, year}, func(tx *store.Tx) (string, error) {
		if err := a.allow(ctx, who, access.Change, "control_assessment", unit); err != nil {
			return "", err
		}
		lines, err := store.All[isms.ControlAssessment](tx, register.In{Units: []string{unit}})
		if err != nil {
			return "", err
		}
		scale, ok, err := yearScale(one(tx), unit, year, "")
		if err != nil || !ok {
			return "", refuse(err, register.Wrong{Field: "scale", Code: "no_scale"})
		}
		steps, _ := scale.Read()
		for _, l := range lines {
			if l.Year != year || l.Scale != "" || steps.Value(l.Likelihood, l.Consequence) == 0 {
				continue
			}
			is := l
			is.Scale = register.Ref[isms.ControlScale](scale.ID)
			if err := tx.Put(&is); err != nil { // the rule gives a scale when a line is valued; this line was
				return "", err
			}
			n++
		}
		return unit, nil
	})
	return n, err
}
