// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/locale"
	"ledsyn/register"
)

// DPIAPage is an impact assessment: whether it is needed, what it says, its risks and matrices, and what in it does not hold together.
type DPIAPage struct {
	Frame
	Steps    []Step
	Entry    Link
	Edit     string
	History  string
	Verdict  Tag
	Verdicts string
	Criteria []Criterion
	Remarks  []RemarkLine
	Texts    []Fact // what the assessment must hold, in the article's order
	Before   MatrixTable
	After    MatrixTable
	Unplaced string
	Risks    []RiskLine
	NewRisk  string
	Decision []Fact
	Record   string
}

// A Criterion is one question of the threshold test with its answer.
type Criterion struct {
	Name, Help string
	Answer     Tag
}

// A RemarkLine is something to see to, with where it is mended.
type RemarkLine struct{ Link }

// A MatrixTable is risks by likelihood and consequence. The greatest likelihood stands first.
type MatrixTable struct {
	locale.Lang
	Caption string
	Heads   []string
	Rows    []MatrixRow
}

// A MatrixRow is one likelihood.
type MatrixRow struct {
	Head  string
	Cells []MatrixCell
}

// A MatrixCell is the risks of one likelihood and consequence.
type MatrixCell struct {
	Class, Value, Risks string
}

// A RiskLine is one risk.
type RiskLine struct {
	Link
	Number        string
	Before, After Tag
	Measures      string
	Activities    []ActivityLine
	Plan          string // where a form makes an activity of the measures, or ""
	ID, Key       string
}

// An ActivityLine is an activity that a risk's measures are carried out by.
type ActivityLine struct {
	Link
	State Value
}

func (s *site) dpia(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	d, err := s.app.DPIA(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	l := v.lang
	p := &DPIAPage{Entry: Link{d.Processing.Name, entryAddress(d.Processing.ID)}, Record: address("dpia", d.DPIA.ID)}
	p.Title = d.DPIA.Title
	p.Crumbs = []Link{{l.T("web.processing"), ofUnit("/processing", d.DPIA.Unit)}, {l.T("register.dpia"), "/r/dpia"}}
	p.Place = d.Titles.Of("unit", d.DPIA.Unit)
	if d.May.Change {
		p.Edit = p.Record + "/edit?then=/dpia/" + d.DPIA.ID
		p.NewRisk = "/r/dpia_risk/new?dpia=" + d.DPIA.ID + "&unit=" + d.DPIA.Unit
		if t, err := s.app.List(v.r.Context(), v.who, "dpia_risk", app.Query{Limit: 1}); err != nil || len(t.CreateIn) == 0 {
			p.NewRisk = ""
		}
	}
	if d.May.History {
		p.History = p.Record + "/history"
	}
	p.steps(v, d.DPIA)
	p.threshold(v, d)
	for _, w := range d.Remarks {
		p.Remarks = append(p.Remarks, RemarkLine{Link{w.Words(l), mendAddress(w)}})
		if w.Kind == "dpia" || w.Kind == "processing" {
			p.Remarks[len(p.Remarks)-1].URL = ""
		}
	}
	p.Texts = v.dpiaFacts(d, []string{"description", "necessity", "subjects_views", "conclusion"})
	p.Decision = v.dpiaFacts(d, []string{"dpo_opinion", "dpo_opinion_on", "prior_consultation_on", "decided_by", "decided_on", "review_by"})
	p.risks(v, d)
	return v.show(http.StatusOK, "dpia", p)
}

// steps are the states on the way to a decision. An assessment that is not needed has only the test behind it.
func (p *DPIAPage) steps(v *visit, d isms.DPIA) {
	way := []isms.DPIAState{isms.DPIAThreshold, isms.DPIAInWork, isms.DPIADPOOpinion, isms.DPIADecided}
	switch {
	case d.State == isms.DPIANotNeeded:
		way = []isms.DPIAState{isms.DPIAThreshold, isms.DPIANotNeeded}
	case d.State == isms.DPIAPriorConsultation || d.PriorConsultationOn != "":
		way = []isms.DPIAState{isms.DPIAThreshold, isms.DPIAInWork, isms.DPIADPOOpinion, isms.DPIAPriorConsultation, isms.DPIADecided}
	}
	state, _ := register.Of[isms.DPIA]().Field("state")
	now := slices.Index(way, d.State)
	for i, s := range way {
		p.Steps = append(p.Steps, Step{Text: v.lang.T(state.ChoiceKey(string(s))), Past: i < now, Current: i == now})
	}
}

// criteria are the fields of the threshold test, in the list's order.
var criteria = []string{"scoring", "automated_decision", "monitoring", "sensitive_data", "large_scale", "matching", "vulnerable_persons", "new_technology", "prevents_right"}

func (p *DPIAPage) threshold(v *visit, d app.DPIAPage) {
	l := v.lang
	schema := register.Of[isms.DPIA]()
	for _, name := range criteria {
		f, _ := schema.Field(name)
		c := Criterion{Name: label(l, schema, f), Help: l.T("dpia." + name + ".help"), Answer: Tag{l.T("web.dpia.unanswered"), "warn"}}
		switch isms.Answer(f.Text(&d.DPIA)) {
		case isms.Yes:
			c.Answer = Tag{l.T("web.dpia.met"), "info"}
		case isms.No:
			c.Answer = Tag{l.T("web.no"), "none"}
		}
		p.Criteria = append(p.Criteria, c)
	}
	list, _ := law.Rule("imy_dpia_list")
	p.Verdicts = l.T("web.dpia.criteria", d.Met, len(criteria), list.Threshold)
	switch d.Needed {
	case isms.Yes:
		p.Verdict = Tag{l.T("web.dpia.needed"), "warn"}
	case isms.No:
		p.Verdict = Tag{l.T("web.dpia.not_needed"), "good"}
	default:
		p.Verdict = Tag{l.T("web.dpia.unknown", d.Unknown), "info"}
	}
}

// dpiaFacts lists the fields, those that are not filled in said to be so.
func (v *visit) dpiaFacts(d app.DPIAPage, names []string) []Fact {
	l := v.lang
	schema := register.Of[isms.DPIA]()
	var all []Fact
	for _, name := range names {
		f, _ := schema.Field(name)
		list := values(l, f, &d.DPIA, d.Titles, v.site.app.Today())
		if len(list) == 0 {
			list = []Value{{Text: l.T("web.dpia.not_yet"), Unknown: true}}
		}
		all = append(all, Fact{label(l, schema, f), list})
	}
	return all
}

func (p *DPIAPage) risks(v *visit, d app.DPIAPage) {
	l := v.lang
	p.Before, p.After = v.matrix(d.Before, l.T("web.dpia.before")), v.matrix(d.After, l.T("web.dpia.after"))
	if len(d.Unplaced) > 0 {
		p.Unplaced = l.T("web.dpia.unplaced", l.And(d.Unplaced))
	}
	state, _ := register.Of[isms.Activity]().Field("state")
	for _, r := range d.Risks {
		line := RiskLine{Link: Link{r.Event, address("dpia_risk", r.ID)}, Number: r.Number, Before: v.riskTag(r.LikelihoodBefore, r.ConsequenceBefore),
			After: v.riskTag(r.LikelihoodAfter, r.ConsequenceAfter), Measures: r.Measures, ID: r.ID, Key: register.NewID()}
		if p.NewRisk != "" && r.Measures != "" && len(d.Activities[r.ID]) == 0 {
			line.Plan = "/dpia/" + d.DPIA.ID + "/activity"
		}
		for _, a := range d.Activities[r.ID] {
			line.Activities = append(line.Activities, ActivityLine{Link{a.Name, address("activity", a.ID)}, choice(l, state, string(a.State))})
		}
		p.Risks = append(p.Risks, line)
	}
}

// riskClasses are the colours of what a risk's value is on the scale.
var riskClasses = map[isms.RiskGrade]string{isms.RiskLow: "good", isms.RiskMiddle: "warn", isms.RiskHigh: "bad"}

func (v *visit) riskTag(likelihood, consequence int) Tag {
	if likelihood*consequence == 0 {
		return Tag{v.lang.T("web.dpia.not_assessed"), "none"}
	}
	grade := isms.GradeOf(likelihood * consequence)
	return Tag{fmt.Sprintf("%d × %d = %d", likelihood, consequence, likelihood*consequence), riskClasses[grade]}
}

func (v *visit) matrix(m app.Matrix, caption string) MatrixTable {
	l := v.lang
	t := MatrixTable{Lang: l, Caption: caption}
	for c := 1; c <= app.MatrixSize; c++ {
		t.Heads = append(t.Heads, l.Number(c))
	}
	for n := app.MatrixSize; n >= 1; n-- {
		row := MatrixRow{Head: l.Number(n)}
		for c := 1; c <= app.MatrixSize; c++ {
			row.Cells = append(row.Cells, MatrixCell{Class: riskClasses[isms.GradeOf(n*c)], Value: l.Number(n * c),
				Risks: strings.Join(m[n-1][c-1], ", ")})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (s *site) planRisk(v *visit) error {
	form, err := v.formOf("_key", "risk")
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	_, err = s.app.PlanRisk(v.r.Context(), v.who, id, form["risk"], form["_key"])
	return v.afterAct(err, "/dpia/"+id+"#risks")
}
