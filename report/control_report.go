// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

// ControlInput is what a report on internal control is made from, all of it as of one moment.
type ControlInput struct {
	Lang         locale.Lang
	Organisation string
	Unit         isms.Unit
	Report       isms.ControlReport
	Records      isms.PlanRecords
	Former       *isms.PlanRecords // the year before, nil where there is no such plan
	Names        map[string]string // of persons
	Known        register.Moment   // "" for now
}

// ControlReport makes a tertial report, or the yearly follow-up, of an internal-control plan. It is pure: the same input gives the same Doc. What
// was not reported is said to be so, and never taken for good or for nothing.
func ControlReport(in ControlInput) Doc {
	r := &controlMaking{ControlInput: in, l: in.Lang, t: in.Report.Tertial, list: in.Records.FollowUp(in.Report.Day)}
	d := Doc{Schema: DocSchema, Lang: string(in.Lang), Template: "control_report", Front: r.front(), AsOf: string(in.Report.Day), Known: string(in.Known), Words: WordsIn(in.Lang)}
	for _, make := range []func() (string, []Block){r.summary, r.opinion, r.risks, r.controls, r.deviations, r.actions, r.silent, r.difference} {
		key, blocks := make()
		if key == "" {
			continue
		}
		d.Sections = append(d.Sections, Section{Key: key, Level: 1, Number: strconv.Itoa(len(d.Sections) + 1), Heading: r.l.T(cmp.Or(controlHeads[key], "ic.doc."+key)), Blocks: blocks})
	}
	return d
}

type controlMaking struct {
	ControlInput
	l    locale.Lang
	t    isms.Tertial
	list []isms.Followed
}

func (r *controlMaking) front() Front {
	plan := r.Records.Plan
	f := Front{Organisation: r.Organisation, Title: r.Report.Name, Board: r.Unit.Name, Head: r.l.T("ic.doc.draft")}
	if r.Report.DecidedOn != "" {
		f.Head = joinWords(", ", r.Report.Dnr, r.l.T("ic.doc.decided", r.l.Day(string(r.Report.DecidedOn))))
	}
	add := func(label, value string) {
		if value != "" {
			f.Lines = append(f.Lines, Line{label, value})
		}
	}
	add(r.l.T("control_report.plan"), plan.Title)
	add(r.l.T("control_report.tertial"), r.period())
	add(r.l.T("control_report.day"), r.l.Day(string(r.Report.Day)))
	add(r.l.T("control_report.dnr"), r.Report.Dnr)
	if r.Report.DecidedOn == "" {
		add(r.l.T("control_report.decided_on"), r.l.T("ic.doc.not_decided"))
	} else {
		add(r.l.T("control_report.decided_on"), r.l.Day(string(r.Report.DecidedOn)))
	}
	return f
}

func joinWords(between string, list ...string) string {
	return strings.Join(slices.DeleteFunc(list, func(s string) bool { return s == "" }), between)
}

// period is the part of the year with its year.
func (r *controlMaking) period() string {
	return r.l.T("choice.tertial."+string(r.t)) + " " + strconv.Itoa(r.Records.Plan.Year)
}

// PlanDecision tells when the plan was decided: late in its own year, in time, or not at all.
func PlanDecision(l locale.Lang, p isms.ControlPlan) (text string, late bool) {
	days, beyond := p.Late()
	day := l.Day(string(p.DecidedOn))
	switch {
	case p.DecidedOn == "":
		return l.T("ic.plan.undecided"), true
	case beyond:
		return l.T("ic.plan.after", day, strconv.Itoa(p.Year)), true
	case days > 0:
		return l.T("ic.plan.late", day, days), true
	case p.Dnr != "":
		return l.T("ic.plan.decided_dnr", day, p.Dnr), false
	}
	return l.T("ic.plan.decided", day), false
}

func (r *controlMaking) summary() (string, []Block) {
	decision, _ := PlanDecision(r.l, r.Records.Plan)
	blocks := []Block{{Type: Fact, Text: plain(decision), Refs: []metric.Ref{ref("control_plan", r.Records.Plan.ID)}}}
	parts := []isms.Tertial{r.t}
	if r.t == isms.WholeYear {
		parts = r.t.Parts()
		if isms.SumControls(r.list, isms.WholeYear).Reported() == 0 {
			parts = parts[:3]
		}
	}
	sums := isms.SumControls(r.list, r.t)
	if sums.Of == 0 {
		return "summary", append(blocks, Block{Type: Missing, Text: plain(r.l.T("ic.doc.no_controls"))})
	}
	for _, t := range parts {
		blocks = append(blocks, Block{Type: Fact, Text: plain(r.reported(t))})
	}
	for _, text := range DeviationWords(r.l, isms.SumDeviations(r.list, r.counted()...)) {
		blocks = append(blocks, Block{Type: Fact, Text: plain(text)})
	}
	if r.t == isms.SecondTertial || r.t == isms.ThirdTertial {
		if s := isms.SumDeviations(r.list, r.t.Parts()[:len(r.t.Parts())-1]...); s.Open > 0 {
			blocks = append(blocks, Block{Type: Fact, Text: plain(r.l.T("ic.doc.open_before", s.Open))})
		}
	}
	return "summary", append(blocks, r.statuses(parts))
}

// counted are the parts of the year whose deviations the report counts.
func (r *controlMaking) counted() []isms.Tertial {
	if r.t == isms.WholeYear {
		return r.t.Parts()
	}
	return []isms.Tertial{r.t}
}

func (r *controlMaking) reported(t isms.Tertial) string {
	s := isms.SumControls(r.list, t)
	name := r.l.T("choice.tertial." + string(t))
	switch {
	case s.Reported() == 0:
		return r.l.T("ic.doc.reported_none", name, s.Of)
	case s.NotReported == 0:
		return r.l.T("ic.doc.reported_all", name, s.Of)
	}
	return r.l.T("ic.doc.reported", name, s.Reported(), s.Of, s.NotReported)
}

// DeviationWords tells what was found, what of it is remedied and what is open, and what of that is not known.
func DeviationWords(l locale.Lang, s isms.ControlSums) []string {
	var all []string
	switch {
	case s.Found > 0 && s.OpenUnknown == s.Found:
		all = append(all, l.T("ic.doc.found", s.Found))
	case s.Found > 0:
		all = append(all, l.T("ic.doc.deviations", s.Found, s.Remedied, s.Open))
	case s.FoundUnknown == 0:
		all = append(all, l.T("ic.doc.no_deviations"))
	}
	if s.FoundUnknown > 0 {
		all = append(all, l.T("ic.doc.found_unknown", s.FoundUnknown))
	}
	if s.OpenUnknown > 0 {
		all = append(all, l.T("ic.doc.open_unknown", s.OpenUnknown))
	}
	return all
}

// statuses is how many controls have each outcome in each part of the year.
func (r *controlMaking) statuses(parts []isms.Tertial) Block {
	b := Block{Type: Table, Head: []Cell{{Text: plain(r.l.T("control_result.outcome")), Width: 3}}}
	var sums []isms.ControlSums
	for _, t := range parts {
		b.Head = append(b.Head, Cell{Text: plain(r.l.T("choice.tertial." + string(t))), Right: true, Width: 1})
		sums = append(sums, isms.SumControls(r.list, t))
	}
	row := func(name string, number func(isms.ControlSums) int) {
		cells := []Cell{{Text: plain(name)}}
		for _, s := range sums {
			cells = append(cells, Cell{Text: plain(r.l.Number(number(s))), Right: true})
		}
		b.Rows = append(b.Rows, cells)
	}
	for _, status := range isms.ControlStatus("").Choices() {
		row(r.l.T("choice.control_status."+status), func(s isms.ControlSums) int { return s.By[isms.ControlStatus(status)] })
	}
	row(r.l.T("ic.not_reported"), func(s isms.ControlSums) int { return s.NotReported })
	return b
}

func (r *controlMaking) opinion() (string, []Block) {
	if strings.TrimSpace(r.Report.Comment) == "" {
		return "opinion", []Block{{Type: Missing, Text: plain(r.l.T("ic.doc.no_opinion"))}}
	}
	return "opinion", paragraphs(r.Report.Comment, true)
}

// paragraphs are a text's lines that say something.
func paragraphs(text string, own bool) []Block {
	var all []Block
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, Block{Type: Paragraph, Own: own, Text: plain(line)})
		}
	}
	return all
}

func (r *controlMaking) risks() (string, []Block) {
	if len(r.Records.Assessments) == 0 {
		return "risks", []Block{{Type: Missing, Text: plain(r.l.T("ic.doc.no_risks", strconv.Itoa(r.Records.Plan.Year)))}}
	}
	if r.Records.Scale == nil {
		return "risks", []Block{{Type: Missing, Text: plain(r.l.T("ic.doc.no_scale"))}}
	}
	steps, _ := r.Records.Scale.Read()
	matrix := RiskMatrix(r.l, steps, isms.PlaceRisks(r.Records.Assessments, r.Records.Processes, *r.Records.Scale))
	return "risks", []Block{
		{Type: Fact, Text: plain(r.l.T("ic.doc.scale", r.Records.Scale.Name)), Refs: []metric.Ref{ref("control_scale", r.Records.Scale.ID)}},
		{Type: Graph, Chart: &matrix}}
}

// head makes the head of a table from keys of words, each with its column's width.
func (r *controlMaking) head(columns ...string) []Cell {
	var cells []Cell
	for _, c := range columns {
		key, width, _ := strings.Cut(c, ":")
		n, _ := strconv.ParseFloat(width, 64)
		cells = append(cells, Cell{Text: plain(r.l.T(key)), Width: n})
	}
	return cells
}

func number(l locale.Lang, n register.Count) Cell {
	if v, known := n.Known(); known {
		return Cell{Text: plain(l.Number(v)), Right: true}
	}
	return Cell{Text: plain("–"), Right: true}
}

// controlHeads are the headings whose words are not those of the section's key.
var controlHeads = map[string]string{"deviations": "ic.doc.deviations.head"}

// deviations tells of each control where something was found what, why, and what is done.
func (r *controlMaking) deviations() (string, []Block) {
	var blocks []Block
	for _, f := range r.list {
		for _, t := range r.counted() {
			res, ok := f.Results[t]
			if found, _ := res.Found.Known(); !ok || found == 0 && res.Outcome != isms.ControlDeviations {
				continue
			}
			heading := f.Name()
			if r.t == isms.WholeYear {
				heading += ", " + r.l.T("ic.tertial."+string(t))
			}
			kind := "control"
			if f.Action != nil {
				kind = "direct_action"
			}
			one := isms.SumDeviations([]isms.Followed{{Control: &isms.Control{}, Results: map[isms.Tertial]isms.ControlResult{t: res}}}, t)
			blocks = append(blocks, Block{Type: Heading, Level: 2, Text: plain(heading)},
				Block{Type: Fact, Text: plain(strings.Join(DeviationWords(r.l, one), " ")), Refs: []metric.Ref{ref(kind, f.Head().ID), ref("control_result", res.ID)}})
			items := []Item{}
			for _, line := range [][2]string{{"cause", res.Cause}, {"measure", res.Measure}, {"due_on", r.due(res, one)}} {
				text := line[1]
				if strings.TrimSpace(text) == "" {
					text = r.l.T("ic.doc.not_told")
				}
				items = append(items, Item{Text: []Span{{Text: r.l.T("control_result."+line[0]) + ": ", Bold: true}, {Text: text}}})
			}
			blocks = append(blocks, list(items...))
		}
	}
	if len(blocks) == 0 {
		return "deviations", []Block{{Type: Paragraph, Text: plain(r.l.T("ic.doc.none_reported"))}}
	}
	return "deviations", blocks
}

// due is the last day for what is still open, with that it has passed.
func (r *controlMaking) due(res isms.ControlResult, s isms.ControlSums) string {
	switch {
	case s.Open == 0 && s.OpenUnknown == 0 && s.FoundUnknown == 0:
		return r.l.T("ic.doc.all_remedied")
	case res.DueOn != "" && res.DueOn < r.Report.Day:
		return r.l.T("ic.doc.overdue", r.l.Day(string(res.DueOn)))
	case res.DueOn != "":
		return r.l.Day(string(res.DueOn))
	}
	return ""
}

func (r *controlMaking) actions() (string, []Block) {
	var rows [][]Cell
	for _, f := range r.list {
		if f.Action == nil {
			continue
		}
		a := f.Action
		state := r.l.T("choice.action_state." + string(a.State))
		switch {
		case a.State == isms.ActionDone && a.DoneOn != "":
			state += " " + r.l.Day(string(a.DoneOn))
		case a.Overdue(r.Report.Day):
			state += ". " + r.l.T("ic.late")
		}
		due := r.l.T("ic.no_day")
		if a.DueOn != "" {
			due = r.l.Day(string(a.DueOn))
		}
		said := r.l.T("ic.not_reported")
		if res, ok := f.Results[r.t]; ok {
			said = joinWords(". ", r.outcome(f, r.t), res.Result)
		}
		rows = append(rows, []Cell{{Text: []Span{{Text: a.Name, Bold: true}}}, {Text: plain(r.Names[string(a.Owner)])}, {Text: plain(due)}, {Text: plain(state)},
			{Text: plain(joinWords(". ", said, a.Reason))}})
	}
	if len(rows) == 0 {
		return "actions", []Block{{Type: Paragraph, Text: plain(r.l.T("ic.doc.no_actions"))}}
	}
	return "actions", []Block{{Type: Table, Rows: rows,
		Head: r.head("register.direct_action.one:4", "direct_action.owner:3", "direct_action.due_on:2", "direct_action.state:2", "control_result.result:4")}}
}

// silent lists what nothing was reported of, by name.
func (r *controlMaking) silent() (string, []Block) {
	parts := []isms.Tertial{r.t}
	if r.t == isms.WholeYear {
		parts = isms.ThirdTertial.Parts()
	}
	var items []Item
	for _, f := range r.list {
		var missing []string
		for _, t := range parts {
			if f.Outcome(t) == "" {
				missing = append(missing, r.l.T("ic.tertial."+string(t)))
			}
		}
		kind := "control"
		if f.Action != nil {
			kind = "direct_action"
		}
		if len(missing) > 0 && (f.Action == nil || r.t != isms.WholeYear && f.Action.State != isms.ActionDone) {
			items = append(items, item([]Span{{Text: f.Name(), Bold: true}, {Text: ": " + r.l.And(missing) + "."}}, ref(kind, f.Head().ID)))
		}
	}
	if len(items) == 0 {
		return "silent", []Block{{Type: Paragraph, Text: plain(r.l.T("ic.doc.all_reported"))}}
	}
	return "silent", []Block{{Type: Paragraph, Text: plain(r.l.T("ic.doc.silent.about"))}, list(items...)}
}

// difference tells, in the yearly follow-up, what the plan has kept, changed, got and dropped since the year before.
func (r *controlMaking) difference() (string, []Block) {
	if r.t != isms.WholeYear || r.Former == nil {
		return "", nil
	}
	var items []Item
	for _, d := range isms.CompareControls(r.Former.Controls, r.Records.Controls) {
		c, reason := d.Is, d.Reason
		if c == nil {
			c = d.Was
		}
		if reason == "" && d.Unexplained() {
			reason = r.l.T("ic.no_reason")
		}
		items = append(items, item([]Span{{Text: c.Name, Bold: true}, {Text: ": " + joinWords(". ", r.l.T("ic.changed."+string(d.Change)), noStop(reason)) + "."}}, ref("control", c.ID)))
	}
	if len(items) == 0 {
		return "", nil
	}
	return "difference", []Block{{Type: Paragraph, Text: plain(r.l.T("ic.doc.difference.about", strconv.Itoa(r.Former.Plan.Year)))}, list(items...)}
}
