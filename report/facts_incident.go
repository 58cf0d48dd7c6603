// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/metric"
)

// incidents tells what was reported in the year of the review's day and what came of it, held against the year before.
func (c *making) incidents(TemplateFact) ([]Block, bool) {
	year := c.day.Year()
	now := c.ofYear("incidents", year)
	if !now.Known {
		return c.missing("report.incidents.unknown"), false
	}
	n, _ := now.Numerator.Known()
	text := c.say("report.incidents.count", years(year), c.days(c.day), c.number(n), n)
	if n == 0 {
		text = c.say("report.incidents.count_none", years(year), c.days(c.day))
	}
	refs := now.Refs()
	if before := c.ofYear("incidents", year-1); before.Known {
		m, _ := before.Numerator.Known()
		text = join(text, c.say("report.incidents.before", m))
	}
	blocks := []Block{fact(text, refs...)}
	c.keep(now)
	blocks = append(blocks, c.incidentKinds(year)...)
	blocks = append(blocks, c.incidentOutcome(year)...) // also where the incident is another unit's: the breach is the board's own
	blocks = append(blocks, c.incidentRate(year)...)
	return append(blocks, c.lostDevices(year)...), true
}

// ofYear is the year's figure with the key, not known where there is none.
func (c *making) ofYear(key string, year int) metric.Figure {
	for _, f := range c.counted {
		if f.Key == key && f.Year == year && f.Part == "" {
			return f
		}
	}
	return metric.Figure{Key: key, Year: year, Day: c.day}
}

// incidentKinds tells the kinds, the most usual first.
func (c *making) incidentKinds(year int) []Block {
	var kinds []metric.Figure
	for _, f := range c.counted {
		if f.Key == "incidents_by_kind" && f.Year == year {
			kinds = append(kinds, f)
		}
	}
	if len(kinds) == 0 {
		return nil
	}
	slices.SortStableFunc(kinds, func(a, b metric.Figure) int { return len(b.Counted) - len(a.Counted) })
	var told []string
	var refs []metric.Ref
	for _, f := range kinds {
		c.keep(f)
		told = append(told, c.t("report.incidents.kind", lowerFirst(PartName(c.lang, f)), len(f.Counted)))
		refs = append(refs, f.Refs()...)
	}
	return []Block{fact(c.say("report.incidents.kinds", c.lang.And(told)), refs...)}
}

// incidentOutcome tells of breaches, periods kept, repetition and risks that were not foreseen, as far as each is known.
func (c *making) incidentOutcome(year int) []Block {
	var blocks []Block
	tell := func(f metric.Figure, text []Span) {
		c.keep(f)
		blocks = append(blocks, fact(text, f.Refs()...))
	}
	if f := c.ofYear("breaches", year); f.Known && len(f.Counted) > 0 {
		g := c.ofYear("breaches_notified", year)
		text := c.say("report.incidents.breaches", upperFirst(c.number(len(f.Counted))), len(f.Counted))
		switch {
		case len(g.Unclear) == 0 && len(g.Counted) == 0:
			text = join(text, c.say("report.incidents.notified_none"))
		case len(g.Unclear) > 0:
			text = join(text, c.say("report.incidents.notified_unclear", len(g.Counted), len(g.Unclear)))
		default:
			text = join(text, c.say("report.incidents.notified", c.number(len(g.Counted)), len(g.Counted)))
		}
		tell(f, text)
	}
	if f := c.ofYear("clocks_kept", year); f.Known {
		if len(f.Of) > 0 {
			tell(f, c.say("report.incidents.clocks", len(f.Counted), len(f.Of)))
		}
	}
	if f := c.ofYear("incidents_repeated", year); f.Known && len(f.Counted) > 0 {
		tell(f, c.say("report.incidents.repeated", upperFirst(c.number(len(f.Counted))), len(f.Counted)))
	}
	if f := c.ofYear("incidents_not_listed", year); f.Known && len(f.Of) > 0 {
		tell(f, c.say("report.incidents.not_listed", len(f.Counted), len(f.Of)))
	}
	if f := c.ofYear("hours_to_triage", year); f.Known {
		h, _ := f.Numerator.Known()
		tell(f, c.say("report.incidents.triage", h))
	}
	return blocks
}

// SilentRate is how few incidents, in hundredths for each hundred employees and year, may be silence rather than peace. It is the program's own measure,
// from what municipalities' auditors find suspicious, and no rule.
const SilentRate = 100

// incidentRate tells how many there were for each hundred employees; few may be silence.
func (c *making) incidentRate(year int) []Block {
	f := c.ofYear("incidents_per_employee", year)
	p, ok := f.Percent().Known()
	if !f.Known || !ok {
		return nil
	}
	c.keep(f)
	d, _ := f.Denominator.Known()
	text := c.say("report.incidents.rate", c.lang.T("report.incidents.hundredths", p/100, p%100/10), d)
	if p < SilentRate {
		text = join(text, c.say("report.incidents.silence"))
	}
	return []Block{fact(text, f.Refs()...)}
}

func (c *making) lostDevices(year int) []Block {
	f := c.ofYear("device_losses", year)
	if !f.Known || len(f.Counted) == 0 {
		return nil
	}
	c.keep(f)
	text := c.say("report.incidents.devices", upperFirst(c.number(len(f.Counted))), len(f.Counted))
	if e := c.ofYear("devices_encrypted", year); e.Known && len(e.Of) > 0 {
		text = join(text, c.say("report.incidents.encrypted", len(e.Counted), len(e.Of)))
	}
	if w := c.ofYear("devices_wiped", year); w.Known && len(w.Of) > 0 {
		text = join(text, c.say("report.incidents.wiped", len(w.Counted), len(w.Of)))
	}
	return []Block{fact(text, f.Refs()...)}
}

// incidentRoutines tells of the routines for incidents and lost devices: their state on the day, and what is left to do with them.
func (c *making) incidentRoutines(TemplateFact) ([]Block, bool) {
	var blocks []Block
	routine := map[string]bool{}
	for _, p := range c.r.Playbooks {
		if c.alive(p.Record) && p.Document != "" {
			routine[string(p.Document)] = true
		}
	}
	for _, d := range c.r.Documents {
		about := strings.Contains(strings.ToLower(d.Title), "incident")
		if !c.alive(d.Record) || d.Type != isms.Routine || !about && !routine[d.ID] {
			continue
		}
		name := Span{Text: d.Title, Italic: true}
		var text []Span
		switch {
		case d.State == isms.DocumentDecided && d.DecidedOn != "" && d.DecidedOn <= c.day && d.ReviewBy != "" && d.ReviewBy < c.day:
			text = c.say("report.routine.past", name, c.days(d.DecidedOn), c.days(d.ReviewBy))
		case d.State == isms.DocumentDecided && d.DecidedOn != "" && d.DecidedOn <= c.day:
			text = c.say("report.routine.decided", name, c.days(d.DecidedOn))
		case d.State == isms.DocumentDecided || d.State == isms.DocumentWithdrawn:
			continue
		default:
			text = c.say("report.routine.draft", name)
		}
		refs := []metric.Ref{ref("document", d.ID)}
		var left []string
		for _, a := range c.r.Activities {
			state := metric.StateOn(a.State, a.DoneOn, c.day)
			if string(a.Document) == d.ID && c.alive(a.Record) && (state == isms.ActivityPlanned || state == isms.ActivityOngoing) {
				left = append(left, lowerFirst(noStop(a.Name)))
				refs = append(refs, ref("activity", a.ID))
			}
		}
		if len(left) > 0 {
			text = join(text, c.say("report.routine.left", c.lang.And(left)))
		}
		blocks = append(blocks, fact(text, refs...))
	}
	return blocks, len(blocks) > 0
}
