// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"strconv"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
)

// outcome is what the answers show, so far or in the end.
func (p *CheckPage) outcome(v *visit, c app.SpotCheckPage) {
	l, r := v.lang, c.Result
	if c.Now != nil {
		drawn := map[int64]bool{}
		for _, s := range c.Now.Strata {
			for _, n := range s.Drawn {
				drawn[n] = true
			}
		}
		for _, one := range c.Now.Risky {
			row := RiskyRow{Row: l.Number(int(one.Row)), Reason: one.Reason}
			if drawn[one.Row] {
				row.Drawn = l.T("web.check.chosen.drawn")
			}
			p.Risky = append(p.Risky, row)
		}
	}
	if r == nil || c.State != isms.SpotCheckOngoing && c.State != isms.SpotCheckDone {
		return
	}
	out := &CheckResult{Heading: l.T("web.check.result"), Said: r.Sentence(l), OtherLang: string(locale.English)}
	other := locale.English
	if l == locale.English {
		other, out.OtherLang = locale.Swedish, string(locale.Swedish)
	}
	out.Other = r.Sentence(other)
	if c.State == isms.SpotCheckOngoing {
		out.Heading = l.T("web.check.result.so_far")
	}
	if n, known := c.Tolerable.Known(); known {
		out.Tolerable = l.T("web.check.result.tolerable", l.Percent(n))
		over := r.Worst.UpperPercent() > n
		switch known := r.Entire && r.Open() == 0; { // the rate of all, and no bound on it
		case known && over:
			out.Within = Tag{l.T("web.check.result.over.entire"), "bad"}
		case known:
			out.Within = Tag{l.T("web.check.result.within.entire"), "good"}
		case over:
			out.Within = Tag{l.T("web.check.result.over"), "warn"}
		default:
			out.Within = Tag{l.T("web.check.result.within"), "good"}
		}
	}
	rate := 0
	if r.Size > 0 {
		rate = (r.Deviations*10000 + r.Size/2) / r.Size
	}
	out.Chart = chartHTML(report.SpotCheckInterval(l, rate, r.Worst.UpperPercent()).HTML("interval"))
	p.Result = out
	tally := func(key string, t app.SpotTally) {
		p.Tally = append(p.Tally, TallyRow{l.T("web.check.tally." + key), l.Number(t.Size), l.Number(t.Sound), l.Number(t.Deviations), l.Number(t.Unsure), l.Number(t.Unanswered)})
	}
	tally("sample", r.SpotTally)
	if r.Chosen.Size > 0 {
		tally("chosen", r.Chosen)
	}
	if len(r.Strata) > 1 {
		for _, s := range r.Strata {
			p.Parts = append(p.Parts, CheckPart{v.stratumName(s.Name, r.Divided), l.Number(s.Population), l.Number(s.Size), l.Number(s.Deviations), l.Number(s.Open()),
				l.PercentSign(s.Bound.UpperPercent())})
		}
		p.PartSay = r.StrataSay(l)
	}
}

// judging is who has which rows.
func (p *CheckPage) judging(v *visit, c app.SpotCheckPage) {
	l := v.lang
	nobody := 0
	for _, one := range c.Portions {
		row := PortionRow{Link: v.portionLink(one.Portion, c.May.Work), Who: c.Titles.Of("person", string(one.Reviewer)), Answered: l.T("web.check.sample_of", one.Answered, one.Rows)}
		if one.Rows > 0 {
			row.Share = one.Answered * 100 / one.Rows
		}
		if one.Reviewer == "" {
			row.Who = l.T("web.check.portions.none")
			nobody += one.Rows
		}
		if one.DoneAt != "" {
			row.State = Tag{l.T("web.check.portions.done"), "good"}
		}
		p.Portions = append(p.Portions, row)
	}
	if nobody > 0 && c.State == isms.SpotCheckOngoing {
		p.Nobody = l.T("web.check.portions.nobody", nobody)
	}
	for _, r := range c.Results {
		p.Flowed = append(p.Flowed, Link{strconv.Itoa(r.Year) + ", " + l.T("choice.tertial."+string(r.Tertial)), address("control_result", r.ID)})
	}
}

// deviations tells what was found. Found, open, remedied and verified are four numbers.
func (p *CheckPage) deviations(v *visit, c app.SpotCheckPage, sent sentToCheck) {
	l := v.lang
	if c.State != isms.SpotCheckDone {
		return
	}
	if len(c.Found) == 0 {
		p.Found = l.T("web.check.deviations.none")
		return
	}
	drawn := map[int64]bool{}
	for _, s := range c.Now.Strata {
		for _, n := range s.Drawn {
			drawn[n] = true
		}
	}
	state, _ := register.Of[isms.Deviation]().Field("state")
	var open, remedied, verified int
	for _, d := range c.Found {
		n, _ := d.Row.Known()
		row := DeviationRow{Link: Link{d.Title, address("deviation", d.ID)}, Chosen: !drawn[int64(n)], Cause: d.Cause, Action: d.Action, Owner: c.Titles.Of("person", string(d.Owner)),
			State: choice(l, state, string(d.State)), Day: string(d.RemediedOn), Rev: d.Rev, Key: register.NewID()}
		switch d.State {
		case isms.DeviationOpen:
			open++
		case isms.DeviationVerified:
			remedied++
			verified++
			row.Day = string(d.VerifiedOn)
		default:
			remedied++
			if c.May.Retest && d.Owner != "" && string(d.Owner) != c.Mine {
				row.Retest = p.Base + "/deviation/" + d.ID
			}
		}
		if c.May.Retest && d.State != isms.DeviationVerified {
			row.Edit = address("deviation", d.ID) + "/edit?then=" + p.Base
		}
		if sent.act == d.ID {
			row.Note, row.Wrong = sent.form["note"], l.T("wrong."+sent.wrong[0].Code, sent.wrong[0].Args...)
		}
		p.Deviation = append(p.Deviation, row)
	}
	p.Found = l.T("web.check.deviations.count", len(c.Found), open, remedied, verified)
}
