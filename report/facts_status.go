// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
)

func (c *making) formerReview(TemplateFact) ([]Block, bool) {
	if c.former == nil {
		return c.missing("report.former.none"), false
	}
	f := c.former
	return []Block{fact(c.say("report.former.is", years(f.Year), c.orUnknown(f.Dnr), c.days(f.DecidedOn)), ref("review", f.ID))}, true
}

// formerDecisions carries forward what earlier reviews decided: everything of the former one, and what is still open
// of those before it.
func (c *making) formerDecisions(TemplateFact) ([]Block, bool) {
	earlier := map[string]bool{}
	for _, r := range c.r.Reviews {
		earlier[r.ID] = r.Unit == c.in.Review.Unit && r.Year < c.year
	}
	var items []Item
	for _, d := range c.r.Decisions {
		if !c.alive(d.Record) || !earlier[string(d.Review)] || d.DecidedOn > c.day {
			continue
		}
		open := d.State == isms.DecisionOpen || d.DoneOn > c.day
		if !open && (c.former == nil || string(d.Review) != c.former.ID) {
			continue
		}
		items = append(items, item(c.decisionStatus(d, open), ref("decision", d.ID)))
	}
	if len(items) == 0 {
		if c.former == nil {
			return nil, false
		}
		return c.missing("report.former.no_decisions"), false
	}
	return []Block{fact(c.say("report.former.decisions")), list(items...)}, true
}

func (c *making) decisionStatus(d isms.Decision, open bool) []Span {
	title := Span{Text: noStop(d.Title)}
	var text []Span
	switch {
	case open:
		text = c.say("report.former.decision_open", title)
	case d.State == isms.DecisionMoot:
		text = c.say("report.former.decision_moot", title)
	default:
		text = c.say("report.former.decision_done", title, c.days(d.DoneOn))
	}
	return join(text, plain(stop(oneLine(d.Reason))))
}

// formerActivities tells how the lines of the year before the review's went, with the reason where one was moved
// or dropped, and what is still open of years before that.
func (c *making) formerActivities(TemplateFact) ([]Block, bool) {
	groups := map[isms.ActivityState][]Item{}
	n := 0
	for _, t := range c.plannedLines(func(year int) bool { return year < c.year }) {
		state := metric.StateOn(t.State, t.DoneOn, c.day)
		if t.Year < c.year-1 && (state == isms.ActivityDone || state == isms.ActivityDropped || state == isms.ActivityMoved) {
			continue
		}
		n++
		groups[state] = append(groups[state], item(c.targetStatus(t, state), ref("activity_target", t.ID)))
	}
	if n == 0 {
		return c.missing("report.activities.none", years(c.year-1)), false
	}
	var blocks []Block
	for _, s := range []isms.ActivityState{isms.ActivityDone, isms.ActivityOngoing, isms.ActivityPlanned, isms.ActivityMoved, isms.ActivityDropped, isms.ActivityProposed} {
		if items := groups[s]; len(items) > 0 {
			blocks = append(blocks, fact(c.say("report.activities."+string(s), years(c.year-1))), list(items...))
		}
	}
	return blocks, true
}

// plannedLines lists the plan's lines of the years wanted, by year and place.
func (c *making) plannedLines(want func(int) bool) []isms.ActivityTarget {
	var lines []isms.ActivityTarget
	for _, t := range c.r.Targets {
		if c.alive(t.Record) && want(t.Year) {
			lines = append(lines, t)
		}
	}
	slices.SortStableFunc(lines, func(a, b isms.ActivityTarget) int {
		return cmpOr(a.Year-b.Year, a.Position-b.Position, strings.Compare(a.ID, b.ID))
	})
	return lines
}

func cmpOr(n ...int) int {
	for _, n := range n {
		if n != 0 {
			return n
		}
	}
	return 0
}

func (c *making) targetStatus(t isms.ActivityTarget, state isms.ActivityState) []Span {
	text := plain(noStop(t.Text))
	switch {
	case state == isms.ActivityDone && t.DoneOn != "":
		text = c.say("report.activities.line_done", noStop(t.Text), c.days(t.DoneOn))
	case t.State == isms.ActivityDone:
		text = c.say("report.activities.line_due", noStop(t.Text), c.days(t.DoneOn))
	}
	if t.Reason != "" {
		text = c.say("report.activities.line_reason", Span{Text: PlainText(text)}, noStop(t.Reason))
	}
	if next := c.laterYear(t); next != "" && state.Open() {
		text = c.say("report.activities.line_on", Span{Text: PlainText(text)}, next)
	}
	return plain(stop(PlainText(text)))
}

// laterYear is the first later year in which the same activity has a line.
func (c *making) laterYear(t isms.ActivityTarget) string {
	later := 0
	for _, o := range c.targets[string(t.Activity)] {
		if o.Year > t.Year && o.Year >= c.year && (later == 0 || o.Year < later) {
			later = o.Year
		}
	}
	if later == 0 {
		return ""
	}
	return years(later)
}

// ongoingActivities tells the activities under way that no line above has told.
func (c *making) ongoingActivities(TemplateFact) ([]Block, bool) {
	told := map[string]bool{}
	for _, t := range c.plannedLines(func(year int) bool { return year == c.year-1 }) {
		told[string(t.Activity)] = true
	}
	var ongoing, ahead []Item
	for _, a := range c.r.Activities {
		if !c.alive(a.Record) || told[a.ID] {
			continue
		}
		switch {
		case a.State == isms.ActivityOngoing && a.StartedOn <= c.day:
			ongoing = append(ongoing, item(c.ongoing(a), ref("activity", a.ID)))
		case a.StartedOn > c.day || a.State == isms.ActivityDone && a.DoneOn > c.day:
			text := c.say("report.activities.ahead_on", noStop(a.Name), c.days(max(a.StartedOn, a.DoneOn)))
			ahead = append(ahead, item(text, ref("activity", a.ID)))
		}
	}
	var blocks []Block
	if len(ongoing) > 0 {
		key := "report.activities.under_way"
		if len(told) > 0 {
			key = "report.activities.also_under_way"
		}
		blocks = append(blocks, fact(c.say(key, c.days(c.day))), list(ongoing...))
	}
	if len(ahead) > 0 {
		blocks = append(blocks, fact(c.say("report.activities.ahead", c.days(c.day))), list(ahead...))
	}
	return blocks, len(blocks) > 0
}

func (c *making) ongoing(a isms.Activity) []Span {
	next := c.laterYear(isms.ActivityTarget{Activity: register.Ref[isms.Activity](a.ID)})
	switch {
	case a.StartedOn != "" && next != "":
		return c.say("report.activities.going_from_on", noStop(a.Name), c.days(a.StartedOn), next)
	case a.StartedOn != "":
		return c.say("report.activities.going_from", noStop(a.Name), c.days(a.StartedOn))
	case next != "":
		return c.say("report.activities.going_on", noStop(a.Name), next)
	}
	return plain(stop(noStop(a.Name)))
}

// shares tells how shares have moved since the former review, each in its own unit of counting. The first is told
// even when it is not known, and drawn; the others are told only when there is something to tell.
func (c *making) shares(tf TemplateFact) ([]Block, bool) {
	var blocks []Block
	any := false
	for i, key := range tf.Keys {
		now := c.figure(key)
		if !now.Known {
			if i == 0 {
				blocks = append(blocks, c.missing("report.share.unknown", c.t("report.share."+key))...)
			}
			continue
		}
		any = true
		curve := c.curve(now)
		blocks = append(blocks, c.shareFact(now, before(curve, c.former, c.day)))
		if b := c.expired(key); b != nil {
			blocks = append(blocks, *b)
		}
		if g := c.graph(now, curve); g != nil && i == 0 {
			blocks = append(blocks, *g)
		}
	}
	return blocks, any
}

func (c *making) shareFact(now metric.Figure, then metric.Figure) Block {
	name := c.t("report.share." + now.Key)
	change := metric.Between(then, now)
	was := c.noted(then)
	if then.Source == now.Source {
		was = c.show(then) // one note for both
	}
	var text []Span
	switch {
	case !change.Known:
		text = c.say("report.share.now", name, c.noted(now), c.days(now.Day))
	case points(change) > 0:
		text = c.say("report.share.up", name, was, c.days(then.Day), c.noted(now), c.days(now.Day), c.lang.Points(points(change)))
	case points(change) < 0:
		text = c.say("report.share.down", name, was, c.days(then.Day), c.noted(now), c.days(now.Day), c.lang.Points(-points(change)))
	default:
		text = c.say("report.share.same", name, c.noted(now), c.days(then.Day), c.days(now.Day))
	}
	b := fact(join(text, c.counts(now)), now.Refs()...)
	if change.Known && then.Recorded {
		b.Refs = append(b.Refs, then.Refs()...)
	}
	return b
}

// points is the change between the two shares as the sentence writes them, so that it adds up.
func points(change metric.Change) int {
	from, _ := change.From.Percent().Known()
	to, _ := change.To.Percent().Known()
	return tenths(to) - tenths(from)
}

// tenths rounds hundredths of a percent to the one decimal that running text has; tables have two.
func tenths(hundredths int) int { return (hundredths + 5) / 10 * 10 }

// noted is the share with its source as a footnote where people wrote it down.
func (c *making) noted(f metric.Figure) Span {
	return c.note([]Span{c.show(f)}, c.source(f))[0]
}

// counts tells the numbers behind a share, or that its source does not give them.
func (c *making) counts(f metric.Figure) []Span {
	n, hasN := f.Numerator.Known()
	d, hasD := f.Denominator.Known()
	text := c.say("report.counts.none", c.t("unit_of_count."+f.Unit))
	if hasN && hasD {
		text = c.say("report.counts."+f.Unit, n, d)
	}
	if len(f.Unclear) > 0 {
		text = join(text, c.say("report.counts.unclear", c.number(len(f.Unclear)), len(f.Unclear)))
	}
	return text
}

func (c *making) expired(key string) *Block {
	f := c.figure("systems_expired")
	n, known := f.Number().Known()
	if key != "systems_classified" || !known || f.Recorded || n == 0 {
		return nil
	}
	b := fact(c.say("report.share.expired", c.shownNumber(f, n), n), f.Refs()...)
	return &b
}

// curve is the figure over time, the day's own last.
func (c *making) curve(now metric.Figure) []metric.Figure {
	curve := slices.Clone(c.in.Curves[now.ID()])
	if curve == nil {
		days := metric.RecordedDays(c.r, now.Key, c.day)
		if c.former != nil {
			days = append(days, c.former.AsOf)
		}
		curve = metric.Series(now, c.r, sorted(days))
	}
	curve = slices.DeleteFunc(curve, func(f metric.Figure) bool { return f.Day >= now.Day })
	curve = append(curve, now)
	slices.SortStableFunc(curve, func(a, b metric.Figure) int { return strings.Compare(string(a.Day), string(b.Day)) })
	return slices.CompactFunc(curve, func(a, b metric.Figure) bool { return a.Day == b.Day })
}

// before is the figure to compare with: the last known one by the former review's day, or without a former review
// the last of an earlier year, or the first there is.
func before(curve []metric.Figure, former *isms.Review, day register.Day) metric.Figure {
	limit := register.Day(years(day.Year()-1) + "-12-31")
	if former != nil {
		limit = former.AsOf
	}
	var first, best metric.Figure
	for _, f := range curve[:len(curve)-1] {
		if !f.Known {
			continue
		}
		if !first.Known {
			first = f
		}
		if f.Day <= limit {
			best = f
		}
	}
	if best.Known {
		return best
	}
	return first
}

// graph draws the curve where it has moved.
func (c *making) graph(now metric.Figure, curve []metric.Figure) *Block {
	first := curve[slices.IndexFunc(curve, func(f metric.Figure) bool { return f.Known })].Percent()
	moved := slices.ContainsFunc(curve, func(f metric.Figure) bool { return f.Known && f.Percent() != first })
	g, ok := Curve(c.lang, curve)
	if !ok || !moved {
		return nil
	}
	return &Block{Type: Graph, Chart: &g, Figures: []string{FigureRef(now)}}
}

func (c *making) training(TemplateFact) ([]Block, bool) {
	var blocks []Block
	any := false
	for _, f := range c.counted {
		if f.Key != "training_share" {
			continue
		}
		c.keep(f)
		name := f.PartName
		switch {
		case f.Known && name == "":
			blocks = append(blocks, fact(join(c.say("report.training.all", c.noted(f), c.days(f.Day)), c.counts(f)), f.Refs()...))
		case f.Known:
			blocks = append(blocks, fact(join(c.say("report.training.is", Span{Text: name, Italic: true}, c.noted(f), c.days(f.Day)), c.counts(f)), f.Refs()...))
		case name != "":
			blocks = append(blocks, c.missing("report.training.unknown", Span{Text: name, Italic: true})...)
		default:
			blocks = append(blocks, c.missing("report.training.none")...)
		}
		any = any || f.Known
	}
	for _, f := range c.counted {
		if f.Key == "leaders_trained" && f.Known {
			c.keep(f)
			blocks = append(blocks, fact(join(c.say("report.training.leaders", Span{Text: f.PartName, Italic: true}, c.noted(f), c.days(f.Day)), c.counts(f)), f.Refs()...))
		}
	}
	return blocks, any
}

// objectives tells the measurable targets of the year before the review's.
func (c *making) objectives(TemplateFact) ([]Block, bool) {
	var items []Item
	for _, t := range c.plannedLines(func(year int) bool { return year == c.year-1 }) {
		if t.Target != "" {
			state := c.t("report.state." + string(metric.StateOn(t.State, t.DoneOn, c.day)))
			items = append(items, item(c.say("report.objectives.item", noStop(t.Text), noStop(t.Target), state), ref("activity_target", t.ID)))
		}
	}
	if len(items) == 0 {
		return c.missing("report.objectives.none", years(c.year-1)), false
	}
	return []Block{fact(c.say("report.objectives.are", years(c.year-1))), list(items...)}, true
}
