// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"strconv"

	"ledsyn/app"
	"ledsyn/register"
)

// draws lists every draw, and what it takes to draw the one that holds again.
func (p *CheckPage) draws(v *visit, c app.SpotCheckPage) {
	l := v.lang
	seen := 0
	for i, d := range c.Draws {
		row := DrawRow{Number: l.Number(d.Number), Why: d.Reason, Seed: d.Seed, State: Tag{l.T("web.check.draws.holds"), "good"}, Order: Tag{l.T("web.check.draws.ordered"), "good"}}
		for n, at := range []register.Moment{d.CommittedAt, d.FrozenAt, d.DrawnAt} {
			row.Steps[n] = l.T("web.check.draws.not")
			if at != "" {
				row.Steps[n] = l.T("web.check.draws.entry", clock(at), strconv.FormatInt(d.Entry[n], 10))
			}
		}
		if !d.Ordered() {
			row.Order = Tag{l.T("web.check.draws.disordered"), "bad"}
		}
		if d.AbandonedAt != "" {
			row.State = Tag{l.T("web.check.draws.gone", clock(d.AbandonedAt)), ""}
			if d.DrawnAt != "" {
				seen++
			}
		} else if i > 0 {
			row.State = Tag{}
		}
		p.Draws = append(p.Draws, row)
	}
	if seen > 0 {
		p.Seen = l.T("web.check.draws.seen", seen)
	}
	if c.Now == nil {
		return
	}
	p.redo(v, c)
}

func (p *CheckPage) redo(v *visit, c app.SpotCheckPage) {
	l, d := v.lang, *c.Now
	fact := func(key, text string) Fact { return Fact{l.T(key), []Value{{Text: text}}} }
	r := &RedoPart{Facts: []Fact{fact("draw.commitment", d.Commitment)}}
	if d.FrozenAt != "" {
		n, _ := d.Rows.Known()
		r.Facts = append(r.Facts, Fact{l.T("web.check.population"), []Value{{Text: c.Population.Name, URL: "/population/" + c.Population.ID}}}, fact("draw.rows", l.Number(n)),
			fact("web.check.again.sha", d.SHA256))
	}
	if d.Seed == "" {
		r.Facts = append(r.Facts, fact("draw.seed", l.T("web.check.again.hidden")))
		p.Redo = r
		return
	}
	r.Facts = append(r.Facts, fact("draw.seed", d.Seed))
	for _, s := range d.Strata {
		r.Parts = append(r.Parts, RedoRow{v.stratumName(s.Name, c.Stratify != ""), l.Number(s.Rows), l.Number(s.Size), app.Rows(s.Drawn)})
	}
	r.Commands, r.Scripts = d.Redraw()
	p.Redo = r
}
