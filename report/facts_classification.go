// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
)

// pace tells the target for a share, what it takes to reach it, and where the last year's pace leads: for each of the
// keys that is counted from registers. A share that people wrote down has no numbers to plan by.
func (c *making) pace(tf TemplateFact) ([]Block, bool) {
	var blocks []Block
	for i, key := range tf.Keys {
		now := c.figure(key)
		if !now.Known || now.Recorded {
			continue
		}
		target, aimed := metric.TargetFor(c.r.CoverageTargets, c.unitsUp(), key, c.day)
		goal := metric.Whole
		if share, ok := target.Share.Known(); aimed && ok {
			goal = share
			blocks = append(blocks, c.aim(now, target)...)
		}
		p := metric.Forecast(c.curve(now), c.day, goal)
		stands := p.On == "" && !aimed && i > 0 // that what nobody aims for is not reached need not be told of each
		if !p.Reached && !stands {
			blocks = append(blocks, c.forecast(now, p, aimed)...)
		}
	}
	return blocks, len(blocks) > 0
}

// unitsUp lists the review's unit and the units above it, the nearest first.
func (c *making) unitsUp() []string {
	ids := []string{c.in.Unit.ID}
	for {
		i := slices.IndexFunc(c.r.Units, func(u isms.Unit) bool { return u.ID == ids[len(ids)-1] })
		if i < 0 || c.r.Units[i].Parent == "" || slices.Contains(ids, string(c.r.Units[i].Parent)) {
			return ids
		}
		ids = append(ids, string(c.r.Units[i].Parent))
	}
}

// aim tells a target, and what it takes.
func (c *making) aim(now metric.Figure, target isms.CoverageTarget) []Block {
	need, ok := metric.Needed(now, target)
	if !ok {
		return nil
	}
	share, _ := target.Share.Known()
	what := []any{c.t("pace.things." + now.Unit), c.lang.Percent(share), c.days(target.Day)}
	left := Span{Text: c.lang.Number(need.Objects), Figure: FigureRef(now)}
	var text []Span
	switch {
	case need.Met:
		text = c.say("pace.met", what...)
	case need.Late:
		text = c.say("pace.late", append(what, left, need.Objects)...)
	default:
		text = c.say("pace.aim", append(what, left, need.Objects, c.lang.Number(need.PerMonth))...)
	}
	c.keep(now)
	return []Block{fact(text, append(now.Refs(), metric.Ref{Kind: "coverage_target", ID: target.ID})...)}
}

// forecast tells when the goal is reached at the pace of the last year, and how sure that is.
func (c *making) forecast(now metric.Figure, p metric.Pace, aimed bool) []Block {
	goal := c.t("pace.whole", c.t("pace.things."+now.Unit))
	if aimed {
		goal = c.t("pace.target")
	}
	var text []Span
	switch {
	case !p.Known && !aimed:
		return nil
	case !p.Known:
		return c.missing("pace.unknown", c.t("pace.things."+now.Unit))
	case p.On == "" && p.Earliest == "":
		text = c.say("pace.never", goal)
	case p.On == "":
		text = c.say("pace.hardly", goal, month(p.Earliest))
	case p.Latest == "":
		text = c.say("pace.from", goal, month(p.On), month(p.Earliest))
	case p.Earliest == p.Latest:
		text = c.say("pace.on", goal, month(p.On))
	default:
		text = c.say("pace.between", goal, month(p.On), month(p.Earliest), month(p.Latest))
	}
	if rate := tenths(p.PerMonth); rate > 0 {
		text = join(c.say("pace.rate", c.t("report.share."+now.Key), c.lang.Points(rate)), text)
	}
	return []Block{fact(text, now.Refs()...)}
}

// month writes the month of a day: 2027-05.
func month(d register.Day) string { return string(d[:len("2027-05")]) }

// focus tells how far what the instructions put first has come: for the years up to and with the review's, or with an
// offset in the template for those from so many years after it.
func (c *making) focus(tf TemplateFact) ([]Block, bool) {
	var items []Item
	for _, f := range c.counted {
		in := f.Year <= c.year
		if tf.Offset > 0 {
			in = f.Year >= c.year+tf.Offset
		}
		if !in || f.Key != metric.FocusKey(isms.FocusNIS) && f.Key != metric.FocusKey(isms.FocusLarge) {
			continue
		}
		what := c.t("choice.focus." + focusOf(f))
		switch n, _ := f.Numerator.Known(); {
		case !f.Known:
			items = append(items, item(c.say("pace.focus.unknown", years(f.Year), lowerFirst(what)), f.Also...))
		default:
			text := c.say("pace.focus.is", years(f.Year), lowerFirst(what), c.shownNumber(f, n), c.lang.Number(len(f.Of)), len(f.Of))
			if len(f.Unclear) > 0 {
				text = join(text, c.say("pace.focus.unclear", c.number(len(f.Unclear)), len(f.Unclear)))
			}
			items = append(items, item(text, f.Refs()...))
		}
	}
	if len(items) == 0 {
		return nil, false
	}
	return []Block{fact(c.say("pace.focus.are")), list(items...)}, true
}

func focusOf(f metric.Figure) string {
	if f.Key == metric.FocusKey(isms.FocusNIS) {
		return string(isms.FocusNIS)
	}
	return string(isms.FocusLarge)
}
