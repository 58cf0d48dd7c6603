// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
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

// isoTable tells for each input that the standard asks for where it is reported, or that it is not.
func (c *making) isoTable(d Doc) []Block {
	t := Block{Type: Table, Head: cells(c.t("report.iso.ref"), c.t("report.iso.input"), c.t("report.iso.where"))}
	missing := 0
	for _, cover := range d.Coverage {
		where := c.t("report.iso.not")
		if len(cover.Sections) == 0 {
			missing++
		} else {
			names := make([]string, 0, len(cover.Sections))
			for _, key := range cover.Sections {
				if s, ok := d.Section(key); ok {
					names = append(names, shortTitle(s))
				}
			}
			where = c.t("report.iso.section", c.lang.And(names))
		}
		t.Rows = append(t.Rows, cells(c.t("report.iso."+cover.Input+".ref"), c.t("report.iso."+cover.Input), where))
	}
	intro := c.say("report.iso.all")
	if missing > 0 {
		intro = c.say("report.iso.some", c.number(missing), missing, c.number(len(d.Coverage)))
	}
	return []Block{{Type: Paragraph, Text: intro}, t}
}

func shortTitle(s Section) string {
	if s.Number != "" {
		return s.Number
	}
	return s.Heading
}

// figureTable lists every figure the document shows with its numbers, unit of counting, day and source.
func (c *making) figureTable() []Block {
	t := Block{Type: Table, Head: cells(c.t("report.figures.figure"), c.t("report.figures.value"), c.t("report.figures.numerator"),
		c.t("report.figures.denominator"), c.t("report.figures.unit"), c.t("report.figures.day"), c.t("report.figures.source"))}
	for i, width := range []float64{27, 11, 9.5, 10.5, 17, 11.5, 13.5} {
		t.Head[i].Width, t.Head[i].Right = width, i >= 1 && i < 4
	}
	for _, f := range c.shown {
		row := cells(c.figureName(f), c.value(f), c.count(f.Numerator, f.Known), c.count(f.Denominator, f.Known),
			c.t("unit_of_count."+f.Unit), c.days(f.Day), c.figureSource(f))
		for i := 1; i < 4; i++ {
			row[i].Right = true
		}
		row[0].Text[0].Figure = FigureRef(f)
		t.Rows = append(t.Rows, row)
		t.Figures = append(t.Figures, FigureRef(f))
	}
	return []Block{{Type: Paragraph, Text: c.say("report.figures.about")}, t}
}

func (c *making) figureName(f metric.Figure) string {
	name := c.t("figure." + f.Key)
	switch {
	case f.Key == "recommendations_open":
		name = c.t("report.figures.of", name, c.t("report.issuer."+f.Part))
	case f.PartName != "":
		name = c.t("report.figures.of", name, f.PartName)
	}
	if f.Year != 0 {
		name = c.t("report.figures.of", name, years(f.Year))
	}
	return name
}

func (c *making) value(f metric.Figure) string {
	n, has := f.Numerator.Known()
	switch {
	case !f.Known && f.AtLeast && has:
		return c.t("report.figures.at_least", n)
	case !f.Known:
		return c.t("unknown")
	}
	if isShare(f) {
		p, _ := f.Percent().Known()
		return c.lang.PercentSign(p)
	}
	return c.lang.Number(n)
}

// isShare reports whether a figure is told as a share. Counts of things to mend are told as numbers, though they
// have a denominator.
func isShare(f metric.Figure) bool {
	switch f.Key {
	case "recommendations_open", "documents_without_owner", "documents_past_review", "deviations_found", "deviations_open":
		return false
	}
	return f.IsShare() && f.Kind != "activity_target"
}

func (c *making) count(n register.Count, known bool) string {
	if k, ok := n.Known(); ok && known {
		return c.lang.Number(k)
	}
	return c.t("report.figures.dash")
}

func (c *making) figureSource(f metric.Figure) string {
	switch {
	case f.Source != "":
		return f.Source
	case f.Known || f.AtLeast:
		return c.t("report.figures.counted")
	}
	return c.t("report.figures.dash")
}
