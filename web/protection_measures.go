// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/chart"
	"ledsyn/isms"
	"ledsyn/register"
)

// MeasureArea is the measures of one kind of protection.
type MeasureArea struct {
	Text string
	List []MeasureRow
}

// MeasureRow is a measure with how the system meets it.
type MeasureRow struct {
	Key, Name, By, Is     string
	State                 Tag
	How, Evidence         string
	Activity              *Link
	Answer, Plan          string // addresses, "" for those who may not
	Open                  bool
	SendKey               string
	Rev                   int
	States                []Option
	HowText, EvidenceText string
}

var fulfilmentTags = map[isms.Fulfilment]string{isms.Fulfilled: "good", isms.PartlyFulfilled: "warn", isms.NotFulfilled: "bad", isms.NotApplicable: "none"}

// measures lists what the levels call for, by area: all, or only what remains to be done.
func (p *ProtectionPage) measures(v *visit, r app.Protection, show string) error {
	l := v.lang
	answer, err := v.mayCreate("measure_answer", r.System.Unit)
	if err != nil {
		return err
	}
	plan, err := v.mayCreate("activity", r.System.Unit)
	if err != nil {
		return err
	}
	gaps, fulfilled := 0, 0
	areas := map[isms.Area]*MeasureArea{}
	for _, m := range r.Measures {
		if m.Gap() {
			gaps++
		} else if m.Answer.State == isms.Fulfilled {
			fulfilled++
		}
		if show == "gaps" && !m.Gap() {
			continue
		}
		row := v.measureRow(m, r)
		if answer {
			row.Answer = p.Base + "/answer"
		}
		if plan && answer && m.Gap() && row.Activity == nil {
			row.Plan = p.Base + "/activity"
		}
		if areas[m.Area] == nil {
			areas[m.Area] = &MeasureArea{Text: l.T("catalogue.area." + string(m.Area))}
		}
		areas[m.Area].List = append(areas[m.Area].List, row)
	}
	for _, a := range isms.Areas() {
		if areas[a] != nil {
			p.Areas = append(p.Areas, *areas[a])
		}
	}
	p.Tally = l.T("web.protection.tally", len(r.Measures), fulfilled, gaps)
	if len(r.Unknown) > 0 {
		p.Unknown = l.T("web.protection.unknown", len(r.Unknown))
	}
	p.Shows = []NavLink{{Link: Link{l.T("web.protection.show.all", len(r.Measures)), p.Base + "#measures"}}, {Link: Link{l.T("web.protection.show.gaps", gaps), p.Base + "?show=gaps#measures"}}}
	if show == "gaps" {
		p.Shows[1].Current = "true"
	} else {
		p.Shows[0].Current = "true"
	}
	return nil
}

func (v *visit) measureRow(m isms.Answered, r app.Protection) MeasureRow {
	l := v.lang
	row := MeasureRow{Key: m.Key, Name: l.T("catalogue." + m.Key), Is: l.T("catalogue." + m.Key + ".is"), SendKey: register.NewID(),
		State: Tag{l.T("protection.unanswered"), "none"}}
	var by []string
	for _, a := range m.By {
		by = append(by, a.Code()+string(r.Profile.Level(a)))
	}
	if row.By = strings.Join(by, ", "); row.By == "" {
		row.By = l.T("catalogue.basic")
	}
	state := isms.Fulfilment("")
	if a := m.Answer; a != nil {
		state = a.State
		row.Rev, row.How, row.Evidence, row.HowText, row.EvidenceText = a.Rev, a.How, a.Evidence, a.How, a.Evidence
		if state != "" {
			row.State = Tag{l.T("choice.fulfilment." + string(state)), fulfilmentTags[state]}
		}
		if title := r.Titles.Of("activity", string(a.Activity)); title != "" {
			row.Activity = &Link{l.T("web.protection.activity", title), address("activity", string(a.Activity))}
		}
	}
	for _, c := range state.Choices() {
		row.States = append(row.States, Option{c, l.T("choice.fulfilment." + c), c == string(state)})
	}
	return row
}

func (s *site) answerMeasure(v *visit) error {
	form, err := v.formOf("_key", "_rev", "measure", "state", "how", "evidence")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	system := v.r.PathValue("id")
	_, err = s.app.AnswerMeasure(v.r.Context(), v.who, app.MeasureReply{System: system, Measure: form["measure"], Rev: rev, State: isms.Fulfilment(form["state"]),
		How: form["how"], Evidence: form["evidence"], Key: form["_key"]})
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		p, err := v.protectionPage(system, "")
		if err != nil {
			return err
		}
		p.answerAgain(v, form, rev, wrong)
		return v.show(http.StatusUnprocessableEntity, "protection", p)
	}
	return v.afterAct(err, "/systems/"+system+"/protection?said=answer#m-"+form["measure"])
}

func (p *ProtectionPage) answerAgain(v *visit, form map[string]string, rev int, wrong register.Wrongs) {
	p.Summary, p.Failed = summarize(v.lang, register.Of[isms.MeasureAnswer](), wrong), true
	for i := range p.Summary.Items {
		p.Summary.Items[i].URL = "#how-" + form["measure"]
	}
	for _, area := range p.Areas {
		for i := range area.List {
			row := &area.List[i]
			if row.Key != form["measure"] {
				continue
			}
			row.Open, row.Rev, row.HowText, row.EvidenceText = true, rev, form["how"], form["evidence"]
			for o := range row.States {
				row.States[o].Chosen = row.States[o].Value == form["state"]
			}
		}
	}
}

func (s *site) planMeasure(v *visit) error {
	form, err := v.formOf("_key", "measure")
	if err != nil {
		return err
	}
	system := v.r.PathValue("id")
	_, err = s.app.PlanMeasure(v.r.Context(), v.who, system, form["measure"], v.lang, form["_key"])
	return v.afterAct(err, "/systems/"+system+"/protection?said=activity#m-"+form["measure"])
}

// levelGraph draws the ways that give the system its levels: each thing once, though several levels come through it.
func (v *visit) levelGraph(r app.Protection) chartHTML {
	l := v.lang
	m, _ := isms.Model(isms.CurrentModel)
	g := chart.Graph{Title: l.T("web.protection.graph", r.System.Name)}
	at := map[isms.Step]int{}
	levels := map[isms.Step]isms.Profile{}
	var steps []isms.Step
	for _, s := range r.Standing {
		last := -1
		var told []string
		for _, step := range s.Derived.Path {
			if step.Kind == "classification" || step.Kind == "integration" {
				continue
			}
			if _, ok := at[step]; !ok {
				at[step] = len(steps)
				steps = append(steps, step)
			}
			levels[step] = levels[step].With(s.Aspect, max(levels[step].Level(s.Aspect), s.Derived.Level))
			if e := (chart.Edge{From: last, To: at[step]}); last >= 0 && !slices.Contains(g.Edges, e) {
				g.Edges = append(g.Edges, e)
			}
			last = at[step]
			told = append(told, linked(l, step.Kind, step.ID, r.Titles).Text)
		}
		if len(told) > 0 {
			g.Desc += s.Aspect.Code() + string(s.Derived.Level) + ": " + strings.Join(told, " → ") + ". "
		}
	}
	if len(steps) < 2 {
		return ""
	}
	for _, step := range steps {
		worst := isms.Level("")
		var codes []string
		for _, a := range isms.Aspects() {
			if level := levels[step].Level(a); level != "" {
				worst, codes = max(worst, level), append(codes, a.Code()+string(level))
			}
		}
		g.Nodes = append(g.Nodes, chart.Node{Name: linked(l, step.Kind, step.ID, r.Titles).Text, Note: l.T("register."+step.Kind+".one") + " · " + strings.Join(codes, "/"),
			Class: m.Colour(worst)})
	}
	return chartHTML(g.SVG("levels"))
}
