// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
)

// Redraw is the commands that draw the sample again, one for each part. There are none before the seed is made known.
func (d DrawView) Redraw() (commands, scripts []string) {
	if d.Seed == "" {
		return nil, nil
	}
	for i, s := range d.Strata {
		asked, stratum := fmt.Sprintf("-rows %d -size %d -seed %s", s.Rows, s.Size, d.Seed), 0
		if s.Name != "" || len(d.Strata) > 1 {
			stratum = i + 1
			asked += " -stratum " + strconv.Itoa(stratum)
		}
		script := fmt.Sprintf("python3 doc/redraw.py %s %d %d %d %s", d.Seed, s.Rows, s.Size, stratum, d.Commitment)
		commands, scripts = append(commands, "ledsyn sample draw "+asked), append(scripts, script)
	}
	return commands, scripts
}

// Rows writes numbers of rows as ranges: 1-4, 9.
func Rows(numbers []int64) string { return strings.ReplaceAll(rowsText(numbers), ",", ", ") }

// ParseRows reads numbers of rows as people write them: 12, 40–44. At most so many as can be chosen by risk. Error: register.Wrongs.
func ParseRows(text string) ([]int64, error) { return chosenNumbers(text) }

// PlanFacts is the check's plan in words, field by field.
func (p SpotCheckPage) PlanFacts(l locale.Lang) []report.Line {
	s := register.Of[isms.SpotCheck]()
	var lines []report.Line
	for _, name := range []string{"question", "definition", "source", "kind", "source_day", "stratify", "confidence", "tolerable", "expected", "size", "judges", "judge",
		"checker", "due_on", "control"} {
		f, _ := s.Field(name)
		text := f.Text(&p.SpotCheck)
		switch {
		case text == "":
			continue
		case f.Target != "":
			text = p.Titles.Of(f.Target, text)
		case f.Kind == register.Choice:
			text = l.T(f.ChoiceKey(text))
		case name == "kind":
			text = l.T("register." + text)
		case f.Kind == register.Share:
			share, _ := register.ParsePercent(text)
			n, _ := share.Known()
			text = l.Percent(n)
		}
		lines = append(lines, report.Line{Label: l.T("spot_check." + name), Value: text})
		if name == "source_day" || name == "source" {
			lines = append(lines, p.conditionLine(l)...)
		}
	}
	return lines
}

// conditionLine tells in words which rows are taken in.
func (p SpotCheckPage) conditionLine(l locale.Lang) []report.Line {
	list, err := conditionsOf(p.SpotCheck)
	if err != nil || len(list) == 0 {
		return nil
	}
	var said []string
	for _, c := range list {
		text := c.Column + " " + l.T("web.population.op."+c.Op)
		if c.Value != "" {
			text += " " + l.T("web.population.quoted", c.Value)
		}
		said = append(said, text)
	}
	return []report.Line{{Label: l.T("spot_check.choice"), Value: l.And(said)}}
}

// SpotCheckProtocol is the check as a document to sign. Error: isms.ErrNotFound before rows are drawn.
func (a *App) SpotCheckProtocol(ctx context.Context, who access.Actor, id string, l locale.Lang) (report.Doc, error) {
	p, err := a.SpotCheck(ctx, who, id)
	if err != nil {
		return report.Doc{}, err
	}
	if p.Result == nil {
		return report.Doc{}, isms.ErrNotFound
	}
	organisation, err := a.organisation(ctx, who.Org)
	if err != nil {
		return report.Doc{}, err
	}
	r, d := *p.Result, *p.Now
	tally := func(t SpotTally) report.SpotCheckTally { return report.SpotCheckTally(t) }
	in := report.SpotCheckInput{Lang: l, Organisation: organisation.Name, Unit: p.Titles.Of("unit", p.Unit), Check: p.SpotCheck, Draw: d.Draw, Set: p.Population.Name,
		About: p.PlanFacts(l), Drawn: tally(r.SpotTally), Chosen: tally(r.Chosen), Said: []string{r.Sentence(l)}, StrataSay: r.StrataSay(l),
		Rate: r.Worst.RatePercent(), Upper: r.Worst.UpperPercent(), Deviations: p.Found, Performer: p.Titles.Of("person", string(p.Checker)),
		Owner: func(id string) string { return p.Titles.Of("person", id) }, Day: a.Today(), Known: register.MomentOf(a.DB.Now())}
	if n := r.Size; n > 0 {
		in.Rate = (r.Deviations*10000 + n/2) / n
	}
	in.Commands, _ = d.Redraw()
	for i, at := range []register.Moment{d.CommittedAt, d.FrozenAt, d.DrawnAt} {
		in.Steps = append(in.Steps, report.SpotCheckStep{Key: []string{"committed", "frozen", "drawn"}[i], At: wallClock(at), Entry: d.Entry[i]})
	}
	for i := len(p.Draws) - 1; i > 0; i-- {
		in.Replaced = append(in.Replaced, report.SpotCheckReplaced{Number: p.Draws[i].Number, At: wallClock(p.Draws[i].AbandonedAt), Why: p.Draws[i-1].Reason})
	}
	for i, s := range d.Strata {
		name := s.Name
		if name == "" {
			name = l.T("web.check.strata.all")
			if r.Divided {
				name = l.T("web.check.strata.empty")
			}
		}
		one := r.Strata[i]
		in.Strata = append(in.Strata, report.SpotCheckPart{Name: name, Rows: s.Rows, Size: s.Size, Deviations: one.Deviations, Open: one.Open(),
			Upper: one.Bound.UpperPercent(), Drawn: Rows(s.Drawn)})
	}
	for _, c := range d.Risky {
		in.Risky = append(in.Risky, report.Line{Label: l.T("web.check.items.row") + " " + l.Number(int(c.Row)), Value: c.Reason})
	}
	return report.SpotCheckProtocol(in), nil
}
