// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"ledsyn/isms"
	"ledsyn/metric"
)

// controlWork tells how the internal control of the year of the review's day has gone: its plan, its risks, its controls and what they found.
func (c *making) controlWork(TemplateFact) ([]Block, bool) {
	year := c.day.Year()
	var blocks []Block
	if f := c.ofYear("processes_assessed", year); f.Known {
		n, d := numbers(f)
		blocks = append(blocks, fact(c.say("report.ic.assessed", c.shownNumber(f, n), d, years(year)), f.Refs()...))
	}
	blocks = append(blocks, c.planDecided(year)...)
	blocks = append(blocks, c.risksByBand(year)...)
	if f := c.ofYear("controls_done", year); len(f.Of) > 0 {
		n, d := numbers(f)
		silent := c.ofYear("controls_not_reported", year)
		c.keep(silent)
		switch {
		case !f.Known:
			blocks = append(blocks, Block{Type: Missing, Text: c.say("report.ic.controls_unknown", d, years(year)), Refs: f.Refs()})
		case len(silent.Counted) > 0:
			blocks = append(blocks, fact(join(c.say("report.ic.controls", c.shownNumber(f, n), d, years(year)), c.say("report.ic.not_reported", len(silent.Counted))), f.Refs()...))
		default:
			blocks = append(blocks, fact(c.say("report.ic.controls", c.shownNumber(f, n), d, years(year)), f.Refs()...))
		}
	}
	blocks = append(blocks, c.controlDeviations(year)...)
	if f := c.ofYear("actions_done", year); f.Known {
		n, d := numbers(f)
		text := c.say("report.ic.actions", c.shownNumber(f, n), d)
		if late := c.ofYear("actions_late", year); len(late.Counted) > 0 {
			text = join(text, c.say("report.ic.actions_late", c.shownNumber(late, len(late.Counted)), len(late.Counted)))
		}
		blocks = append(blocks, fact(text, f.Refs()...))
	}
	return blocks, len(blocks) > 0
}

// numbers are a share's numerator and denominator, 0 where they are not known.
func numbers(f metric.Figure) (n, d int) {
	n, _ = f.Numerator.Known()
	d, _ = f.Denominator.Known()
	return n, d
}

// planDecided tells when the plans of the year were decided; one that was decided late in its own year, or not yet, is said to be so.
func (c *making) planDecided(year int) []Block {
	var blocks []Block
	for _, p := range c.r.ControlPlans {
		if p.Year != year || !c.alive(p.Record) {
			continue
		}
		at := ref("control_plan", p.ID)
		name := Span{Text: p.Title, Italic: true}
		days, beyond := p.Late()
		switch {
		case p.DecidedOn == "" || p.DecidedOn > c.day:
			blocks = append(blocks, Block{Type: Missing, Text: c.say("report.ic.plan_undecided", name, years(year)), Refs: []metric.Ref{at}})
			continue
		case beyond:
			blocks = append(blocks, fact(c.say("report.ic.plan_beyond", name, c.days(p.DecidedOn), years(year)), at))
		case days > 0:
			f := c.ofYear("plan_days_late", year)
			c.keep(f)
			blocks = append(blocks, fact(c.say("report.ic.plan_late", name, c.days(p.DecidedOn), days), at))
		default:
			blocks = append(blocks, fact(c.say("report.ic.plan", name, c.days(p.DecidedOn)), at))
		}
	}
	return blocks
}

func (c *making) risksByBand(year int) []Block {
	var told []string
	var refs []metric.Ref
	unvalued := 0
	for _, f := range c.counted {
		if f.Key != "risks_by_band" || f.Year != year {
			continue
		}
		c.keep(f)
		told = append(told, c.t("report.ic.band", lowerFirst(f.PartName), len(f.Counted)))
		refs, unvalued = f.Refs(), len(f.Unclear)
	}
	if len(told) == 0 {
		return nil
	}
	text := c.say("report.ic.bands", c.lang.And(told))
	if unvalued > 0 {
		text = join(text, c.say("report.ic.unvalued", unvalued))
	}
	return []Block{fact(text, refs...)}
}

// controlDeviations tells what the controls found, what of it is remedied and what is open: three numbers, each of which may be unknown.
func (c *making) controlDeviations(year int) []Block {
	found := c.ofYear("control_deviations_found", year)
	remedied, open := c.ofYear("control_deviations_remedied", year), c.ofYear("control_deviations_open", year)
	n, hasFound := found.Number().Known()
	switch {
	case len(found.Of) == 0:
		return nil
	case !hasFound:
		c.keep(found)
		return []Block{{Type: Missing, Text: c.say("report.ic.found_unknown", FigureValue(c.lang, found)), Refs: found.Refs()}}
	case n == 0:
		return []Block{fact(c.say("report.ic.found_none", c.shownNumber(found, 0)), found.Refs()...)}
	}
	text := c.say("report.ic.found", c.shownNumber(found, n), n)
	r, known := remedied.Number().Known()
	o, both := open.Number().Known()
	if known && both {
		text = join(text, c.say("report.ic.remedied", c.shownNumber(remedied, r), r, c.shownNumber(open, o), o))
	} else {
		text = join(text, c.say("report.ic.remedied_unknown"))
	}
	return []Block{fact(text, found.Refs()...)}
}

// checkWork tells how many of the year's spot checks are made, what came again and how long deviations wait.
func (c *making) checkWork(TemplateFact) ([]Block, bool) {
	year := c.day.Year()
	var blocks []Block
	tell := func(f metric.Figure, text []Span) { blocks = append(blocks, fact(text, f.Refs()...)) }
	if f := c.ofYear("spot_checks_done", year); f.Known {
		n, d := numbers(f)
		tell(f, c.say("report.checks.done", c.shownNumber(f, n), d, years(year)))
	}
	if f := c.ofYear("repeat_deviations", year); len(f.Counted) > 0 {
		tell(f, c.say("report.checks.again", c.shownNumber(f, len(f.Counted)), len(f.Counted)))
	}
	if f := c.ofYear("days_to_remedy", year); f.Known {
		if n, _ := f.Numerator.Known(); n > 0 {
			tell(f, c.say("report.checks.days", c.shownNumber(f, n), n))
		} else {
			c.keep(f)
			tell(f, c.say("report.checks.days_same"))
		}
	}
	if f := c.figure("deviations_waiting"); f.Known && len(f.Counted) > 0 {
		age, _ := f.Age().Known()
		tell(f, c.say("report.checks.waiting", c.shownNumber(f, len(f.Counted)), len(f.Counted), c.days(f.Oldest), age))
	}
	return blocks, len(blocks) > 0
}

// drawn tells what a check that was drawn by lot shows: of the sample, and at most of all. Rows chosen by risk are told apart.
func (c *making) drawn(s isms.SpotCheck) []Span {
	size, _ := s.Sample.Known()
	all, _ := s.Population.Known()
	text := c.say("report.checks.drawn", size, all)
	if p, known := s.Upper.Known(); known && size < all {
		f := c.figure("deviation_bound/" + years(s.Year) + "/" + s.ID)
		c.keep(f)
		confidence, _ := s.Confidence.Known()
		bound := Span{Text: c.lang.Percent(p), Figure: FigureRef(f)}
		text = join(text, c.say("report.checks.bound", bound, c.lang.Percent(confidence)))
	}
	if n, known := s.Unanswered.Known(); known && n > 0 {
		text = join(text, c.say("report.checks.unanswered", n))
	}
	if n, known := s.FoundChosen.Known(); known {
		text = join(text, c.say("report.checks.chosen", n))
	}
	return text
}

// accessReviews tells how the rights in systems are looked after: what was gone through, what is still to go, and how long that takes.
func (c *making) accessReviews(TemplateFact) ([]Block, bool) {
	reviewed := c.figure("systems_reviewed")
	if !reviewed.Known {
		return c.missing("report.access.unknown"), false
	}
	n, d := numbers(reviewed)
	text := c.say("report.access.reviewed", c.shownNumber(reviewed, n), d)
	if len(reviewed.Unclear) > 0 {
		text = join(text, c.say("report.access.partly", len(reviewed.Unclear)))
	}
	blocks := []Block{fact(text, reviewed.Refs()...)}
	if f := c.ofYear("lines_unanswered", c.day.Year()); f.Known {
		n, d := numbers(f)
		text := c.say("report.access.unanswered", c.shownNumber(f, n), d)
		if g := c.ofYear("lines_privileged", c.day.Year()); g.Known {
			n, _ := numbers(g)
			text = join(text, c.say("report.access.privileged", c.shownNumber(g, n), n))
		}
		blocks = append(blocks, fact(text, f.Refs()...))
	}
	if f := c.figure("removals_open"); f.Known {
		if age, old := f.Age().Known(); len(f.Counted) > 0 && old {
			blocks = append(blocks, fact(c.say("report.access.open", c.shownNumber(f, len(f.Counted)), len(f.Counted), c.days(f.Oldest), age), f.Refs()...))
		} else {
			blocks = append(blocks, fact(c.say("report.access.open_none", c.shownNumber(f, 0)), f.Refs()...))
		}
	}
	if f, worst := c.figure("days_to_removal"), c.figure("days_to_removal_worst"); f.Known && worst.Known {
		n, _ := f.Numerator.Known()
		m, _ := worst.Numerator.Known()
		blocks = append(blocks, fact(c.say("report.access.days", c.shownNumber(f, n), c.shownNumber(worst, m)), f.Refs()...))
	}
	return blocks, true
}

// posts tells how the organisation for information security is manned.
func (c *making) posts(TemplateFact) ([]Block, bool) {
	filled := c.figure("posts_filled")
	if !filled.Known {
		return c.missing("report.posts.unknown"), false
	}
	n, d := numbers(filled)
	blocks := []Block{fact(c.say("report.posts.filled", c.shownNumber(filled, n), d), filled.Refs()...)}
	confirmed := c.figure("posts_confirmed")
	m, _ := numbers(confirmed)
	text := c.say("report.posts.confirmed", c.shownNumber(confirmed, m), d)
	if t := c.figure("posts_trained"); t.Known {
		a, b := numbers(t)
		text = join(text, c.say("report.posts.trained", c.shownNumber(t, a), b))
	}
	blocks = append(blocks, fact(text, confirmed.Refs()...))
	if f := c.figure("posts_doubled"); len(f.Counted) > 0 {
		blocks = append(blocks, fact(c.say("report.posts.doubled", c.shownNumber(f, len(f.Counted))), f.Refs()...))
	}
	return blocks, true
}
