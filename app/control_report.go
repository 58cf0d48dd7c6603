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
	"ledsyn/report"
	"ledsyn/store"
)

// StartControlReport makes a draft of the report on the plan for a part of its year, as of today, and returns its id. There is one of each.
func (a *App) StartControlReport(ctx context.Context, who access.Actor, plan string, tertial isms.Tertial, lang locale.Lang, key string) (string, error) {
	return a.once(ctx, who, key, []any{"start_control_report", plan, tertial}, func(tx *store.Tx) (string, error) {
		p, err := store.Get[isms.ControlPlan](tx, who.In(access.See, "control_plan"), plan)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Create, "control_report", p.Unit); err != nil {
			return "", err
		}
		reports, err := store.Linking[isms.ControlReport](tx, everywhere, "plan", []string{plan})
		if err != nil {
			return "", err
		}
		if slices.ContainsFunc(reports, func(r isms.ControlReport) bool { return r.Tertial == tertial }) {
			return "", register.Wrongs{{Field: "tertial", Code: "report_exists"}}
		}
		r := &isms.ControlReport{Name: lang.T("ic.report.name."+map[bool]string{true: "year", false: "tertial"}[tertial == isms.WholeYear],
			lang.T("choice.tertial."+string(tertial)), strconv.Itoa(p.Year)), Plan: register.Ref[isms.ControlPlan](plan), Tertial: tertial, Day: a.Today()}
		r.ID, r.Unit = register.NewID(), p.Unit
		return r.ID, putControl(tx, nil, r)
	})
}

// ControlReportText is what people write in a report while it is a draft.
type ControlReportText struct {
	Report, Name, Comment, Dnr string
	Day                        register.Day // "" keeps it
	Rev                        int
	Key                        string
}

// SaveControlReport keeps what was written in a draft.
func (a *App) SaveControlReport(ctx context.Context, who access.Actor, t ControlReportText) error {
	_, err := a.once(ctx, who, t.Key, t, func(tx *store.Tx) (string, error) {
		r, err := a.draftReport(ctx, tx, who, access.Change, t.Report)
		if err != nil {
			return "", err
		}
		is := r
		is.Name, is.Comment, is.Dnr, is.Day, is.Rev = t.Name, t.Comment, t.Dnr, cmp.Or(t.Day, r.Day), t.Rev
		if is.Day.Valid() && is.Day > a.Today() {
			return "", register.Wrongs{{Field: "day", Code: "ic_decided_ahead", Args: []any{string(a.Today())}}}
		}
		return is.ID, putControl(tx, &r, &is)
	})
	return err
}

// draftReport is the report for an act on it. A decided one takes nothing more.
func (a *App) draftReport(ctx context.Context, tx *store.Tx, who access.Actor, act access.Act, id string) (isms.ControlReport, error) {
	r, err := store.Get[isms.ControlReport](tx, who.In(access.See, "control_report"), id)
	if err != nil {
		return r, err
	}
	if err := a.allow(ctx, who, act, "control_report", r.Unit); err != nil {
		return r, err
	}
	if r.DecidedOn != "" || r.Retired != "" {
		return r, isms.ErrFrozen
	}
	return r, nil
}

// ControlDecision is the board's decision on a report.
type ControlDecision struct {
	Report    string
	DecidedOn register.Day
	Dnr       string
	Rev       int
	Key       string
}

// DecideControlReport writes down the board's decision and freezes the report: from then on it tells what the journal knew at the moment of this act,
// whatever is changed afterwards.
func (a *App) DecideControlReport(ctx context.Context, who access.Actor, d ControlDecision) error {
	_, err := a.once(ctx, who, d.Key, d, func(tx *store.Tx) (string, error) {
		r, err := a.draftReport(ctx, tx, who, access.Decide, d.Report)
		if err != nil {
			return "", err
		}
		if who.Person == "" {
			return "", register.Wrongs{{Code: "operator_decides"}}
		}
		var wrong register.Wrongs
		if !d.DecidedOn.Valid() || d.DecidedOn > a.Today() || d.DecidedOn < r.Day {
			wrong = append(wrong, register.Wrong{Field: "decided_on", Code: "report_decided_on", Args: []any{string(r.Day), string(a.Today())}})
		}
		is := r
		is.Dnr = cmp.Or(strings.TrimSpace(d.Dnr), r.Dnr)
		if is.Dnr == "" {
			wrong = append(wrong, register.Wrong{Field: "dnr", Code: "report_dnr"})
		}
		if len(wrong) > 0 {
			return "", wrong
		}
		is.DecidedOn, is.At, is.Rev = d.DecidedOn, tx.Now(), d.Rev
		return is.ID, putControl(tx, &r, &is)
	})
	if err == nil {
		a.Log.InfoContext(ctx, "decided", "org", who.Org, "who", who.Person, "control_report", d.Report)
	}
	return err
}

// ControlReportPage is a report on internal control.
type ControlReportPage struct {
	Report    isms.ControlReport
	Plan      isms.ControlPlan
	Doc       report.Doc
	Differs   []ControlDiffers // of a decided one: what is otherwise today
	Titles    Titles
	MayChange bool
	MayDecide bool
}

// ControlDiffers is something that a decided report says otherwise than what is known now.
type ControlDiffers struct {
	Key       string // of its words: ic.differs.KEY
	Args      []any
	Then, Now string
}

// ControlReportPage returns the report: a draft as of now, a decided one as of the moment it was decided.
func (a *App) ControlReportPage(ctx context.Context, who access.Actor, id string, lang locale.Lang) (ControlReportPage, error) {
	var p ControlReportPage
	organisation, err := a.organisation(ctx, who.Org)
	if err != nil {
		return p, err
	}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		if p.Report, err = store.Get[isms.ControlReport](tx, who.In(access.See, "control_report"), id); err != nil {
			return err
		}
		known := asOf{}
		if p.Report.At != "" {
			if known, err = decidedWhen(tx, p.Report); err != nil {
				return err
			}
		}
		in, err := controlInput(tx, who, p.Report, known)
		if err != nil {
			return err
		}
		in.Lang, in.Organisation = lang, organisation.Name
		p.Plan, p.Doc = in.Records.Plan, report.ControlReport(in)
		if p.Report.At != "" {
			now, err := controlInput(tx, who, p.Report, asOf{})
			if err != nil {
				return err
			}
			p.Differs = controlDiffers(in, now, a.Today(), lang)
		}
		p.Titles, err = titles(tx, who, links(&p.Report))
		return err
	})
	draft := p.Report.DecidedOn == "" && p.Report.Retired == ""
	p.MayChange = draft && who.May(access.Change, "control_report", p.Report.Unit)
	p.MayDecide = draft && who.May(access.Decide, "control_report", p.Report.Unit)
	return p, err
}

// controlInput gathers what the report is made from, as it is or as the journal knew it then.
func controlInput(tx *store.Tx, who access.Actor, r isms.ControlReport, known asOf) (report.ControlInput, error) {
	in := report.ControlInput{Report: r, Known: known.at}
	plan, err := known.get(tx, register.Of[isms.ControlPlan](), string(r.Plan))
	if err != nil {
		return in, err
	}
	if in.Records, err = planRecords(tx, who, *plan.(*isms.ControlPlan), known); err != nil {
		return in, err
	}
	unit, err := known.get(tx, register.Of[isms.Unit](), r.Unit)
	if err != nil {
		return in, err
	}
	in.Unit = *unit.(*isms.Unit)
	former, err := formerPlan(tx, register.In{Units: []string{r.Unit}}, in.Records, known)
	if err != nil {
		return in, err
	}
	if former != nil {
		records, err := planRecords(tx, who, *former, known)
		if err != nil {
			return in, err
		}
		in.Former = &records
	}
	in.Names = map[string]string{}
	for _, id := range personsOf(in.Records) {
		rec, err := known.get(tx, register.Of[isms.Person](), id)
		if err == nil {
			in.Names[id] = rec.(*isms.Person).Name
		} else if notThere(err) != nil {
			return in, err
		}
	}
	return in, nil
}

func personsOf(r isms.PlanRecords) []string {
	var all []string
	for _, c := range r.Controls {
		all = append(all, string(c.Performer))
	}
	for _, a := range r.Actions {
		all = append(all, string(a.Owner))
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(id string) bool { return id == "" })
}

// asOf is when records are read as they were: before the entry of the journal that something was decided by. A moment is not enough, since acts that
// come close upon each other can have the same. The zero value is now.
type asOf struct {
	at    register.Moment
	seq   int64
	later map[string][]string // records, by register, that have entries of the same moment after it
}

// decidedWhen finds the entry that the report was decided by.
func decidedWhen(tx *store.Tx, r isms.ControlReport) (asOf, error) {
	known := asOf{at: r.At, later: map[string][]string{}}
	entries, err := tx.History(register.Of[isms.ControlReport](), everywhere, r.ID)
	if err != nil {
		return known, err
	}
	for _, e := range entries {
		if e.At == r.At {
			known.seq = e.Seq
		}
	}
	if known.seq == 0 {
		return known, isms.ErrNotFound
	}
	past := errors.New("the moment is over")
	err = tx.Since(known.seq, controlKinds, func(e store.Entry) error {
		if e.At != r.At {
			return past
		}
		known.later[e.Kind] = append(known.later[e.Kind], e.ID)
		return nil
	})
	if errors.Is(err, past) {
		err = nil
	}
	return known, err
}

// controlKinds are the registers that a report is made from.
var controlKinds = []string{"unit", "person", "control_process", "control_scale", "control_assessment", "control_plan", "control", "direct_action", "control_result", "spot_check", "deviation"}

// all lists the register's records within the scope as they were, those out of use too.
func (k asOf) all(tx *store.Tx, s *register.Schema, in register.In) ([]register.Entity, error) {
	all, err := tx.AsOf(s, in, k.at)
	if err != nil {
		return nil, err
	}
	later := slices.Compact(slices.Sorted(slices.Values(k.later[s.Name])))
	all = slices.DeleteFunc(all, func(rec register.Entity) bool { return slices.Contains(later, rec.Head().ID) })
	for _, id := range later {
		rec, err := tx.Before(s, in, id, k.seq)
		if err == nil {
			all = append(all, rec)
		} else if notThere(err) != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b register.Entity) int { return strings.Compare(a.Head().ID, b.Head().ID) })
	return all, nil
}

// get returns a record as it was.
func (k asOf) get(tx *store.Tx, s *register.Schema, id string) (register.Entity, error) {
	if k.at == "" {
		return tx.Get(s, everywhere, id)
	}
	return tx.Before(s, everywhere, id, k.seq)
}

// controlDiffers compares what a decided report says with what is known today.
func controlDiffers(was, is report.ControlInput, today register.Day, lang locale.Lang) []ControlDiffers {
	var all []ControlDiffers
	add := func(key, then, now string, args ...any) {
		if then != now {
			all = append(all, ControlDiffers{key, args, then, now})
		}
	}
	day, t := was.Report.Day, was.Report.Tertial
	parts := []isms.Tertial{t}
	if t == isms.WholeYear {
		parts = t.Parts()
	}
	a, b := was.Records.FollowUp(day), is.Records.FollowUp(today)
	then, now := isms.SumDeviations(a, parts...), isms.SumDeviations(b, parts...)
	add("found", lang.Number(then.Found), lang.Number(now.Found))
	add("remedied", lang.Number(then.Remedied), lang.Number(now.Remedied))
	add("open", lang.Number(then.Open), lang.Number(now.Open))
	outcome := func(f isms.Followed, t isms.Tertial) string {
		if s := f.Outcome(t); s != "" {
			return lang.T("choice.control_status." + string(s))
		}
		return lang.T("ic.not_reported")
	}
	for _, f := range b {
		i := slices.IndexFunc(a, func(g isms.Followed) bool { return g.Head().ID == f.Head().ID })
		if i < 0 {
			add("row", lang.T("ic.differs.not_there"), lang.T("ic.differs.there"), f.Name())
			continue
		}
		add("name", a[i].Name(), f.Name(), a[i].Name())
		for _, part := range parts {
			add("outcome", outcome(a[i], part), outcome(f, part), f.Name(), lang.T("ic.tertial."+string(part)))
			if then, now := a[i].Results[part], f.Results[part]; then.Result != now.Result || then.Cause != now.Cause || then.Measure != now.Measure || then.DueOn != now.DueOn {
				add("text", lang.T("ic.differs.texts"), lang.T("ic.differs.other_texts"), f.Name(), lang.T("ic.tertial."+string(part)))
			}
		}
	}
	for _, f := range a {
		if !slices.ContainsFunc(b, func(g isms.Followed) bool { return g.Head().ID == f.Head().ID }) {
			add("row", lang.T("ic.differs.there"), lang.T("ic.differs.not_there"), f.Name())
		}
	}
	add("plan", was.Records.Plan.Title+string(was.Records.Plan.DecidedOn)+was.Records.Plan.Dnr, is.Records.Plan.Title+string(is.Records.Plan.DecidedOn)+is.Records.Plan.Dnr)
	return append(all, risksDiffer(was.Records, is.Records, lang)...)
}

// risksDiffer tells of lines of the analysis that have another value now, or are others.
func risksDiffer(was, is isms.PlanRecords, lang locale.Lang) []ControlDiffers {
	values := func(r isms.PlanRecords) map[string]isms.PlacedRisk {
		all := map[string]isms.PlacedRisk{}
		if r.Scale != nil {
			for _, p := range isms.PlaceRisks(r.Assessments, r.Processes, *r.Scale) {
				all[p.ID] = p
			}
		}
		return all
	}
	text := func(p isms.PlacedRisk, ok bool) string {
		switch {
		case !ok:
			return lang.T("ic.differs.not_there")
		case p.Value == 0:
			return lang.T("ic.matrix.not_valued")
		}
		return lang.T("ic.differs.value", p.Likelihood, p.Consequence, p.Value)
	}
	a, b := values(was), values(is)
	var all []ControlDiffers
	for _, r := range []map[string]isms.PlacedRisk{a, b} {
		for id, p := range r {
			x, had := a[id]
			y, has := b[id]
			if then, now := text(x, had), text(y, has); then != now && !slices.ContainsFunc(all, func(d ControlDiffers) bool { return d.Args[1] == id }) {
				all = append(all, ControlDiffers{"risk", []any{p.Part, id}, then, now})
			}
		}
	}
	slices.SortFunc(all, func(a, b ControlDiffers) int {
		return strings.Compare(a.Args[0].(string)+a.Args[1].(string), b.Args[0].(string)+b.Args[1].(string))
	})
	return all
}
