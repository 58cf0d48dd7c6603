// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"net/url"
	"strconv"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
)

// ControlRisksPage is a unit's materiality and risk analysis of a year.
type ControlRisksPage struct {
	Frame
	Ask       AskYear
	Summary   *Summary
	Said      string
	Unit      string
	Year      string
	Key       string
	Scale     *Link
	ScaleNote string
	NoScale   string // why nothing can be placed
	NewScale  string
	Propose   bool
	Copying   string // what the button for copying says
	Placing   string // what the button for placing says
	Work      []Link
	Matrix    chartHTML
	Rows      []MatrixLine
	Processes []RiskProcess
	Outside   *Link // to a new line
	Form      *RiskForm
	Plan      *Link
	PlanSaid  string
	MakePlan  string
}

// A MatrixLine is a line of the table beside the matrix.
type MatrixLine struct {
	Mark, Text string
	Link       Link
}

// A RiskProcess is a process with its lines.
type RiskProcess struct {
	Link
	ID          string
	Compulsory  bool
	Instruction Value
	Lines       []RiskRow
	New         string
}

// A RiskRow is a line of the analysis.
type RiskRow struct {
	Link
	ID                    string
	Mark                  string
	Because, Event, Leads string
	Likelihood            string
	Consequence           string
	Value                 Tag
	Treatment             Value
	Motive                string
	Before                string // what was chosen the year before
	Assessed              Value
	Owner                 string
	Edit                  string
}

func (s *site) controlRisks(v *visit) error {
	q, unit, year, err := v.asksYear("line", "process", "said", "n")
	if err != nil {
		return err
	}
	p, err := v.risksPage(unit, year)
	if err != nil {
		return err
	}
	switch q["said"] {
	case "saved", "scale", "none":
		p.Said = v.lang.T("web.control.said." + q["said"])
	case "copied", "placed":
		if n, err := strconv.Atoi(q["n"]); err == nil {
			p.Said = v.lang.T("web.control.said."+q["said"], n)
		}
	}
	if q["line"] != "" && p.year.MayAssess {
		given := url.Values{}
		if q["process"] != "" {
			given.Set("process", q["process"])
		}
		if err := p.form(v, q["line"], given, nil, -1); err != nil {
			return err
		}
	}
	return v.show(http.StatusOK, "control-risks", p.ControlRisksPage)
}

// risksMaking is the page in the making, with what it is made from.
type risksMaking struct {
	*ControlRisksPage
	year app.ControlYear
}

func (v *visit) risksPage(unit string, year int) (*risksMaking, error) {
	y, err := v.site.app.ControlYear(v.r.Context(), v.who, unit, year)
	if err != nil {
		return nil, err
	}
	l := v.lang
	p := &risksMaking{&ControlRisksPage{Unit: unit, Year: yearText(year), Key: register.NewID()}, y}
	if p.Ask, err = v.askYear("/control/risks", unit, year); err != nil {
		return nil, err
	}
	p.Title = l.T("web.control.risks.year", yearText(year))
	p.Place = y.Unit.Name
	p.Crumbs = []Link{{l.T("web.control"), ofYear("/control", unit, year)}}
	p.scale(l)
	p.matrix(l)
	p.processes(v)
	for _, w := range y.Work {
		p.Work = append(p.Work, workLink(l, unit, year, w))
	}
	if y.Copyable > 0 && y.MayAssess {
		p.Copying = l.T("web.control.copy", y.Copyable, yearText(year-1))
	}
	if y.Placeable > 0 && y.MayAssess {
		p.Placing = l.T("web.control.place", y.Placeable)
	}
	if y.Plan != nil {
		p.Plan = &Link{y.Plan.Title, planAddress(y.Plan.ID)}
		p.PlanSaid, _ = report.PlanDecision(l, *y.Plan)
	}
	if y.Unplanned > 0 && y.MayPlan {
		p.MakePlan = l.T("web.control.make_plan", y.Unplanned)
		if y.Plan != nil {
			p.MakePlan = l.T("web.control.add_to_plan", y.Unplanned)
		}
	}
	return p, nil
}

func (p *risksMaking) scale(l locale.Lang) {
	y := p.year
	if y.Scale != nil {
		p.Scale = &Link{y.Scale.Name, address("control_scale", y.Scale.ID)}
		p.ScaleNote = l.T("web.control.scale.undecided")
		if y.Scale.DecidedOn != "" {
			p.ScaleNote = l.T("web.control.scale.decided", string(y.Scale.DecidedOn))
		}
		return
	}
	p.NoScale = l.T("web.control.scale.none")
	if y.MayScale {
		p.NewScale = "/r/control_scale/new?" + url.Values{"unit": {p.Unit}, "first_year": {p.Year}}.Encode()
		p.Propose = true
	}
}

// matrix draws the risks. The table beside is the drawing's own.
func (p *risksMaking) matrix(l locale.Lang) {
	if p.year.Scale == nil || len(p.year.Risks) == 0 {
		return
	}
	c := report.RiskMatrix(l, p.year.Steps, p.year.Risks)
	p.Matrix = chartHTML(c.SVG("matrix"))
	_, rows := c.Table()
	for i, row := range rows {
		p.Rows = append(p.Rows, MatrixLine{Mark: c.Points[i].Mark, Text: row[1], Link: Link{row[0], "#line-" + p.year.Risks[i].ID}})
	}
}

// toned is a risk's value as a tag: its band in words, and its tone.
func toned(l locale.Lang, steps isms.RiskScale, r isms.PlacedRisk) Tag {
	switch {
	case r.Value > 0:
		return Tag{l.T("web.control.value", r.Value, report.RiskWord(steps, r.Value)), "tone-" + strconv.Itoa(steps.Tone(r.Value))}
	case r.OffScale:
		return Tag{l.T("web.control.off_scale", r.Likelihood, r.Consequence), "warn"}
	}
	return Tag{l.T("web.control.not_valued"), ""}
}

func (p *risksMaking) processes(v *visit) {
	l := v.lang
	base := ofYear("/control/risks", p.Unit, p.year.Year)
	marks := map[string]string{}
	if p.Matrix != "" {
		for i, r := range p.year.Risks {
			marks[r.ID] = p.Rows[i].Mark
		}
	}
	for _, process := range p.year.Processes {
		row := RiskProcess{Link: Link{process.Name, address("control_process", process.ID)}, ID: process.ID, Compulsory: process.Compulsory}
		if process.Instruction != "" {
			row.Instruction = linked(l, "instruction", string(process.Instruction), p.year.Titles)
		}
		if p.year.MayAssess && process.Retired == "" {
			row.New = base + "&line=new&process=" + url.QueryEscape(process.ID) + "#line"
		}
		for _, r := range p.year.Risks {
			if string(r.ControlAssessment.Process) == process.ID {
				row.Lines = append(row.Lines, p.row(v, r, marks[r.ID], base))
			}
		}
		p.Processes = append(p.Processes, row)
	}
}

func (p *risksMaking) row(v *visit, r isms.PlacedRisk, mark, base string) RiskRow {
	l := v.lang
	treatment, _ := register.Of[isms.ControlAssessment]().Field("treatment")
	row := RiskRow{Link: Link{r.Part, address("control_assessment", r.ID)}, ID: r.ID, Mark: mark, Because: r.Because, Event: r.Event, Leads: r.Leads, Motive: r.Motive,
		Likelihood: step(p.year.Steps.Likelihoods, r.Likelihood), Consequence: step(p.year.Steps.Consequences, r.Consequence),
		Value: toned(l, p.year.Steps, r), Owner: p.year.Titles.Of("person", string(r.Owner)),
		Treatment: Value{Text: l.T("web.control.not_chosen"), Tag: "warn"}, Assessed: Value{Text: l.T("web.control.not_looked_at"), Tag: "warn"}}
	if r.Treatment != "" {
		row.Treatment = choice(l, treatment, string(r.Treatment))
	}
	if r.AssessedOn != "" {
		row.Assessed = Value{Text: string(r.AssessedOn), Day: true}
	}
	if was, ok := p.year.Earlier[r.ID]; ok && was.Treatment != "" && (r.Treatment != was.Treatment || r.Motive != was.Motive) {
		row.Before = l.T("web.control.before", yearText(was.Year), l.T(treatment.ChoiceKey(string(was.Treatment))), was.Motive)
	}
	if p.year.MayAssess {
		row.Edit = base + "&line=" + r.ID + "#line"
	}
	return row
}

// step is a step with its name, where the scale has it.
func step(names []string, n int) string {
	switch {
	case n == 0:
		return "–"
	case n < 1 || n > len(names):
		return strconv.Itoa(n)
	}
	return strconv.Itoa(n) + " " + names[n-1]
}

// yearForm reads a form that does something with a unit's year.
func (v *visit) yearForm() (unit string, year int, key string, err error) {
	form, err := v.formOf("unit", "year", "_key")
	if err != nil {
		return "", 0, "", err
	}
	year, err = v.yearOf(form["year"])
	return form["unit"], year, form["_key"], err
}

// afterYearAct shows what is wrong with what was asked, or the year with what was done.
func (v *visit) afterYearAct(err error, unit string, year int, said string) error {
	wrong, err := wrongForm(err)
	if wrong == nil {
		return v.afterAct(err, ofYear("/control/risks", unit, year)+"&said="+said)
	}
	p, err := v.risksPage(unit, year)
	if err != nil {
		return err
	}
	p.Summary, p.Failed = summarize(v.lang, register.Of[isms.ControlAssessment](), wrong), true
	return v.show(http.StatusUnprocessableEntity, "control-risks", p.ControlRisksPage)
}

func (s *site) proposeScale(v *visit) error {
	unit, year, key, err := v.yearForm()
	if err != nil {
		return err
	}
	_, err = s.app.ProposeScale(v.r.Context(), v.who, unit, year, v.lang, key)
	return v.afterYearAct(err, unit, year, "scale")
}

func (s *site) copyRisks(v *visit) error {
	unit, year, key, err := v.yearForm()
	if err != nil {
		return err
	}
	n, err := s.app.CopyRisks(v.r.Context(), v.who, unit, year, key)
	return v.afterYearAct(err, unit, year, "copied&n="+strconv.Itoa(n))
}

func (s *site) placeRisks(v *visit) error {
	unit, year, key, err := v.yearForm()
	if err != nil {
		return err
	}
	n, err := s.app.PlaceOnScale(v.r.Context(), v.who, unit, year, key)
	return v.afterYearAct(err, unit, year, "placed&n="+strconv.Itoa(n))
}

func (s *site) makePlan(v *visit) error {
	unit, year, key, err := v.yearForm()
	if err != nil {
		return err
	}
	id, err := s.app.MakePlan(v.r.Context(), v.who, unit, year, v.lang, key)
	if err == nil {
		return v.goTo(planAddress(id) + "?said=made")
	}
	return v.afterYearAct(err, unit, year, "none")
}
