// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"html/template"
	"net/http"
	"slices"
	"time"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// longCount is how long the counting of a large set may take, and longDraw the freezing and the drawing of one.
const (
	longCount = 2 * time.Minute
	longDraw  = 10 * time.Minute
)

// CheckPage is a spot check: its plan, the draw, how far the judging has come, and what it showed.
type CheckPage struct {
	Frame
	Summary  *Summary
	State    Value
	Steps    []Step
	Base     string
	Rev      int
	Key      string
	Record   string
	History  string
	Plan     string // where the plan is changed, "" where it is not
	Items    string
	Protocol string

	Next     string // commit, freeze, draw, deal or close
	About    string
	Lacks    []string
	Again    bool // a reason is asked for: it is not the first draw
	Reason   FormField
	Strata   []StratumRow
	Total    StratumRow
	Divided  bool
	Choose   bool
	Risky    []RiskyRow
	RowsSent FormField
	WhySent  FormField
	Set      Link

	Result  *CheckResult
	Tally   []TallyRow
	Parts   []CheckPart
	PartSay string

	Portions []PortionRow
	Nobody   string
	Progress string

	Found     string
	Deviation []DeviationRow
	Flowed    []Link

	Facts    []Fact
	Draws    []DrawRow
	Seen     string
	Redo     *RedoPart
	OpenPlan bool
	Redraw   bool
	Cancel   bool
	AgainWhy FormField
	Why      FormField // of what is done otherwise
	Opened   string    // the form that is open because something is wrong with it
}

// A CheckResult is what the sample shows, in a sentence and in a drawing.
type CheckResult struct {
	Heading   string
	Said      string
	Other     string // in the other language
	OtherLang string
	Tolerable string
	Within    Tag
	Chart     template.HTML
}

// A RiskyRow is a row that was chosen by risk.
type RiskyRow struct{ Row, Reason, Drawn string }

// A TallyRow is how rows were answered.
type TallyRow struct{ Name, Size, Sound, Deviations, Unsure, Unanswered string }

// A CheckPart is what a part of the rows shows by itself.
type CheckPart struct{ Name, Rows, Size, Deviations, Open, Upper string }

// A PortionRow is rows with somebody who judges them.
type PortionRow struct {
	Link
	Who      string
	Answered string
	Share    int
	State    Tag
}

// A DeviationRow is what was found in a row.
type DeviationRow struct {
	Link
	Chosen        bool
	Cause, Action string
	Owner         string
	State         Value
	Day           string
	Edit          string
	Retest        string
	Rev           int
	Key           string
	Wrong         string
	Note          string
}

// A DrawRow is a draw with its steps.
type DrawRow struct {
	Number string
	Why    string
	Steps  [3]string
	State  Tag
	Order  Tag
	Seed   string
}

// RedoPart is what somebody needs who wants to draw the sample again.
type RedoPart struct {
	Facts    []Fact
	Parts    []RedoRow
	Commands []string
	Scripts  []string
}

// A RedoRow is a part with the rows that were drawn in it.
type RedoRow struct{ Name, Rows, Size, Drawn string }

// sentToCheck is what was sent by one of the page's forms and could not be done.
type sentToCheck struct {
	act   string
	form  map[string]string
	wrong register.Wrongs
}

func (s *site) check(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showCheck(http.StatusOK, sentToCheck{})
}

func (v *visit) showCheck(status int, sent sentToCheck) error {
	c, err := v.site.app.SpotCheck(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if c.State == "" {
		return v.goTo(address("spot_check", c.ID))
	}
	p := &CheckPage{Base: checkAddress(c.ID), Record: address("spot_check", c.ID), Rev: c.Rev, Key: register.NewID(), Opened: sent.act}
	p.head(v, c)
	p.next(v, c, sent)
	p.outcome(v, c)
	p.judging(v, c)
	p.deviations(v, c, sent)
	p.draws(v, c)
	if len(sent.wrong) > 0 {
		p.Failed = true
		p.Summary = summarize(v.lang, register.Of[isms.SpotCheck](), sent.wrong)
		for i, w := range sent.wrong {
			item := &p.Summary.Items[i]
			*item = Link{Text: v.lang.T("wrong."+w.Code, w.Args...)}
			switch w.Field {
			case "reason", "rows":
				item.URL = "#f-" + w.Field
				if w.Field == "reason" {
					item.URL += "-" + sent.act
				}
			case "":
			default:
				f, _ := register.Of[isms.SpotCheck]().Field(w.Field)
				if f.Name != "" {
					item.Text = label(v.lang, register.Of[isms.SpotCheck](), f) + ": " + item.Text
				}
			}
		}
	}
	return v.show(status, "check", p)
}

// checkOrder are the states of a check in their order.
var checkOrder = []isms.SpotCheckState{isms.SpotCheckPlanned, isms.SpotCheckCommitted, isms.SpotCheckFrozen, isms.SpotCheckDrawn, isms.SpotCheckOngoing, isms.SpotCheckDone}

func (p *CheckPage) head(v *visit, c app.SpotCheckPage) {
	l := v.lang
	state, _ := register.Of[isms.SpotCheck]().Field("state")
	p.Title, p.State = c.Name, choice(l, state, string(c.State))
	p.Place = c.Titles.Of("unit", c.Unit)
	p.Crumbs = []Link{{l.T("web.checks"), "/checks"}}
	here := slices.Index(checkOrder, c.State)
	for i, s := range checkOrder {
		if here >= 0 {
			p.Steps = append(p.Steps, Step{l.T(state.ChoiceKey(string(s))), i < here, i == here})
		}
	}
	if c.May.History {
		p.History = p.Record + "/history"
	}
	if c.May.Work && c.State == isms.SpotCheckPlanned {
		p.Plan = p.Base + "/plan"
	}
	if c.Result != nil {
		p.Protocol = p.Base + "/protocol"
		if c.May.Rows {
			p.Items = p.Base + "/items"
		}
	}
	for _, line := range c.PlanFacts(l) {
		p.Facts = append(p.Facts, Fact{line.Label, []Value{{Text: line.Value, Prose: true}}})
	}
	if c.Note != "" {
		p.Facts = append(p.Facts, Fact{l.T("spot_check.note"), []Value{{Text: c.Note, Prose: true}}})
	}
}

// next tells what is to be done now, for those who may.
func (p *CheckPage) next(v *visit, c app.SpotCheckPage, sent sentToCheck) {
	l := v.lang
	if !c.May.Work {
		return
	}
	p.Next = map[isms.SpotCheckState]string{isms.SpotCheckPlanned: "commit", isms.SpotCheckCommitted: "freeze", isms.SpotCheckFrozen: "draw", isms.SpotCheckDrawn: "deal",
		isms.SpotCheckOngoing: "close"}[c.State]
	if p.Next == "" {
		return
	}
	p.About = l.T("web.check." + p.Next + ".about")
	for _, w := range c.Lacks {
		f, _ := register.Of[isms.SpotCheck]().Field(w.Field)
		p.Lacks = append(p.Lacks, label(l, register.Of[isms.SpotCheck](), f))
	}
	field := func(name, act, help string) FormField {
		f := FormField{Name: "reason-" + act, Label: l.T("web.check." + name), Help: help, Kind: "prose", Max: 2000}
		if sent.act == act {
			f.Value, f.Wrong = sent.form["reason"], wrongOf(l, sent.wrong, "reason")
		}
		return f
	}
	switch p.Next {
	case "commit":
		p.Again = len(c.Draws) > 0
		p.Reason = field("commit.reason", "commit", l.T("web.check.commit.reason.help"))
	case "close":
		open := c.Result.Unanswered + c.Result.Chosen.Unanswered
		p.Again = open > 0
		p.Reason = field("close.reason", "close", l.T("web.check.close.reason.help", open))
		p.Progress = l.T("web.check.ongoing.answered", c.Result.Size+c.Result.Chosen.Size-open, c.Result.Size+c.Result.Chosen.Size)
	}
	p.chosen(v, c, sent)
	p.OpenPlan = slices.Contains([]string{"freeze", "draw", "deal"}, p.Next)
	p.Redraw = slices.Contains([]string{"draw", "deal", "close"}, p.Next)
	p.Cancel = true
	p.AgainWhy = field("commit.reason", "commit", l.T("web.check.commit.reason.help"))
	p.Why = field("cancel.reason", "cancel", l.T("web.check.cancel.reason.help"))
}

// chosen is the frozen rows before they are dealt out: how the sample is divided, and what is put beside it by risk.
func (p *CheckPage) chosen(v *visit, c app.SpotCheckPage, sent sentToCheck) {
	l := v.lang
	if c.Now == nil || c.Now.FrozenAt == "" {
		return
	}
	p.Divided = c.Stratify != ""
	size := 0
	for _, s := range c.Now.Strata {
		p.Strata = append(p.Strata, StratumRow{v.stratumName(s.Name, p.Divided), l.Number(s.Rows), l.Number(s.Size)})
		size += s.Size
	}
	rows, _ := c.Now.Rows.Known()
	p.Total = StratumRow{l.T("web.check.total"), l.Number(rows), l.Number(size)}
	p.Set = Link{l.T("web.check.chosen.set"), "/population/" + c.Population.ID}
	if c.State != isms.SpotCheckFrozen && c.State != isms.SpotCheckDrawn {
		return
	}
	p.Choose = true
	p.RowsSent = FormField{Name: "rows", Label: l.T("web.check.chosen.rows"), Help: l.T("web.check.chosen.rows.help"), Kind: "text", Width: "w-mid", Max: 1000}
	p.WhySent = FormField{Name: "reason-choose", Label: l.T("web.check.chosen.reason"), Help: l.T("web.check.chosen.reason.help"), Kind: "prose", Max: 1000}
	if sent.act == "choose" {
		p.RowsSent.Value, p.RowsSent.Wrong = sent.form["rows"], wrongOf(l, sent.wrong, "rows")
		p.WhySent.Value, p.WhySent.Wrong = sent.form["reason"], wrongOf(l, sent.wrong, "reason")
	}
}
