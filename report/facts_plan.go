// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/metric"
)

// improvements tells the proposals that came from outside plans, audits and the like and are still open.
func (c *making) improvements(TemplateFact) ([]Block, bool) {
	var items []Item
	for _, a := range c.r.Activities {
		if !c.alive(a.Record) || a.Source != "outside_plan" || !a.State.Open() {
			continue
		}
		text := plain(stop(a.Name))
		if a.SourceText != "" {
			text = c.say("report.improvements.item", noStop(a.Name), noStop(a.SourceText))
		}
		items = append(items, item(text, ref("activity", a.ID)))
	}
	if len(items) == 0 {
		return c.missing("report.improvements.none"), false
	}
	return []Block{fact(c.say("report.improvements.are")), list(items...)}, true
}

// decisions tells what is decided in this review, of the given kinds.
func (c *making) decisions(tf TemplateFact) ([]Block, bool) {
	var items []Item
	for _, d := range c.r.Decisions {
		if c.alive(d.Record) && string(d.Review) == c.in.Review.ID && slices.Contains(tf.Kinds, string(d.Kind)) {
			text := []Span{{Text: stop(d.Title), Bold: d.Text != ""}}
			items = append(items, item(join(text, plain(oneLine(d.Text))), ref("decision", d.ID)))
		}
	}
	if len(items) > 0 {
		return []Block{fact(c.say("report.decisions." + tf.Kinds[0])), list(items...)}, true
	}
	if tf.Kinds[0] == "direction" {
		return nil, false
	}
	return c.missing("report.decisions." + tf.Kinds[0] + ".none"), false
}

// line reports whether a line of the plan still stands: moved and dropped ones do not.
func stands(t isms.ActivityTarget) bool {
	return t.State != isms.ActivityMoved && t.State != isms.ActivityDropped
}

// plan tells the three-year plan as a whole: how much each year holds, and which activities run over several years.
func (c *making) plan(TemplateFact) ([]Block, bool) {
	var counts []string
	byYear := map[int][]isms.ActivityTarget{}
	total := 0
	for year := c.year; year < c.year+3; year++ {
		for _, t := range c.plannedLines(func(y int) bool { return y == year }) {
			if stands(t) {
				byYear[year] = append(byYear[year], t)
				total++
			}
		}
		if n := len(byYear[year]); n > 0 {
			counts = append(counts, c.t("report.plan.year_count", c.number(n), n, years(year)))
		} else {
			counts = append(counts, c.t("report.plan.year_none", years(year)))
		}
	}
	if total == 0 {
		return c.missing("report.plan.none", years(c.year), years(c.year+2)), false
	}
	b := fact(c.say("report.plan.is", years(c.year), years(c.year+2), c.lang.And(counts)))
	for _, f := range c.counted {
		if f.Kind == "activity_target" && f.Year >= c.year && f.Year < c.year+3 && f.Known {
			c.keep(f)
			b.Figures = append(b.Figures, FigureRef(f))
		}
	}
	return append([]Block{b}, c.planTable(byYear)...), true
}

// planTable shows the activities with lines in more than one year, once each.
func (c *making) planTable(byYear map[int][]isms.ActivityTarget) []Block {
	t := Block{Type: Table, Head: cells(c.t("report.plan.activity"))}
	for year := c.year; year < c.year+3; year++ {
		t.Head = append(t.Head, cells(years(year))...)
	}
	t.Head = append(t.Head, cells(c.t("report.plan.owner"))...)
	for _, a := range c.r.Activities {
		row := cells(a.Name)
		n := 0
		for year := c.year; year < c.year+3; year++ {
			mark := c.t("report.plan.no")
			for _, line := range byYear[year] {
				if string(line.Activity) == a.ID {
					mark = c.t("report.state." + string(metric.StateOn(line.State, line.DoneOn, c.day)))
					n++
					break
				}
			}
			row = append(row, cells(mark)...)
		}
		if n > 1 && c.alive(a.Record) {
			t.Rows = append(t.Rows, append(row, cells(c.orUnknown(c.who(string(a.Owner))))...))
			t.Refs = append(t.Refs, ref("activity", a.ID))
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []Block{fact(c.say("report.plan.over_years")), t}
}

func cells(texts ...string) []Cell {
	list := make([]Cell, len(texts))
	for i, s := range texts {
		list[i] = Cell{Text: plain(s)}
	}
	return list
}

// planYear tells the lines of one year's plan, in their order.
func (c *making) planYear(tf TemplateFact) ([]Block, bool) {
	year := c.year + tf.Offset
	var items []Item
	for _, t := range c.plannedLines(func(y int) bool { return y == year }) {
		if stands(t) {
			items = append(items, item(c.planLine(t), ref("activity_target", t.ID)))
		}
	}
	if len(items) == 0 {
		return c.missing("report.plan.year_empty", years(year)), false
	}
	return []Block{fact(c.say("report.plan.year", years(year))), list(items...)}, true
}

func (c *making) planLine(t isms.ActivityTarget) []Span {
	text := plain(noStop(t.Text))
	if t.Target != "" {
		text = c.say("report.plan.target", noStop(t.Text), noStop(t.Target))
	}
	if state := metric.StateOn(t.State, t.DoneOn, c.day); state == isms.ActivityDone || state == isms.ActivityOngoing {
		text = c.say("report.plan.line_state", Span{Text: PlainText(text)}, c.t("report.state."+string(state)))
	}
	return plain(PlainText(text))
}

// consultations tells who took part in the review and what they said.
func (c *making) consultations(TemplateFact) ([]Block, bool) {
	var items, present []Item
	for _, k := range c.r.Consultations {
		if string(k.Review) != c.in.Review.ID || !c.alive(k.Record) {
			continue
		}
		role := upperFirst(c.orUnknown(c.who(string(k.Person))))
		if as := c.t("report.role." + string(k.Role)); k.Role != "" && !strings.Contains(strings.ToLower(role), strings.ToLower(as)) {
			role = c.t("report.consultation.as", role, as)
		}
		at := ref("consultation", k.ID)
		switch {
		case k.Kind == "attended":
			present = append(present, item(c.say("report.consultation.attended", role, c.days(k.Day)), at))
		case k.Statement == "":
			items = append(items, item(c.say("report.consultation.silent", role, c.days(k.Day)), at))
		default:
			items = append(items, item(join(c.say("report.consultation.said", role, c.days(k.Day)), plain(stop(oneLine(k.Statement)))), at))
		}
	}
	if len(items)+len(present) == 0 {
		return c.missing("report.consultation.none"), false
	}
	var blocks []Block
	if len(items) > 0 {
		blocks = append(blocks, fact(c.say("report.consultation.are")), list(items...))
	}
	if len(present) > 0 {
		blocks = append(blocks, fact(c.say("report.consultation.present")), list(present...))
	}
	return blocks, true
}

// decision tells who decided the review and when, and prints it where the same person wrote and decided it.
func (c *making) decision(TemplateFact) ([]Block, bool) {
	rv := c.in.Review
	if !rv.State.Frozen() {
		return c.missing("report.decision.not_yet", c.t("report.review_state."+string(rv.State))), false
	}
	at := ref("review", rv.ID)
	blocks := []Block{fact(join(c.say("report.decision.is", c.days(rv.DecidedOn)),
		c.say("report.decision.by", c.orUnknown(c.who(string(rv.DecidedBy))))), at)}
	switch {
	case rv.Author == "" || rv.DecidedBy == "":
		blocks = append(blocks, c.missing("report.decision.author_unknown")...)
	case rv.Author == rv.DecidedBy:
		blocks = append(blocks, Block{Type: Box, Text: c.say("report.decision.same"), Refs: nil,
			Blocks: []Block{fact(c.say("report.decision.same_why"), at)}})
	default:
		blocks = append(blocks, fact(c.say("report.decision.author", c.orUnknown(c.who(string(rv.Author)))), at))
	}
	if c.in.Validation != "" {
		link := Span{Text: c.in.Validation}
		if safeLink(c.in.Validation) {
			link.Link = c.in.Validation
		}
		blocks = append(blocks, Block{Type: Paragraph, Text: c.say("report.decision.validation", link)})
	}
	return blocks, true
}

// accepted tells the findings of the examination that were let stand, with the reasons.
func (c *making) accepted(TemplateFact) ([]Block, bool) {
	var items []Item
	for _, a := range c.r.Acceptances {
		if string(a.Review) != c.in.Review.ID || !c.alive(a.Record) {
			continue
		}
		text := c.in.Findings[a.Finding]
		if text == "" {
			text = a.Finding
		}
		says := c.say("report.accepted.item", Span{Text: stop(text)}, stop(a.Reason))
		if p := c.who(string(a.Person)); p != "" {
			says = c.say("report.accepted.item_by", Span{Text: stop(text)}, stop(a.Reason), p)
		}
		items = append(items, item(says, ref("acceptance", a.ID)))
	}
	if len(items) == 0 {
		return nil, false
	}
	return []Block{fact(c.say("report.accepted.are")), list(items...)}, true
}
