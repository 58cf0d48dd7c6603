// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
)

// A factFunc tells one thing from the records, and reports whether there was anything to tell: a sentence that says
// that nothing is known does not count.
type factFunc func(c *making, tf TemplateFact) ([]Block, bool)

var facts map[string]factFunc

func init() { // not in the declaration, since the table of inputs reads the template that names the facts
	facts = map[string]factFunc{
		"purpose":             (*making).purpose,
		"instruction":         (*making).instruction,
		"as_of":               (*making).asOf,
		"correction":          (*making).correction,
		"former_review":       (*making).formerReview,
		"former_decisions":    (*making).formerDecisions,
		"former_activities":   (*making).formerActivities,
		"ongoing_activities":  (*making).ongoingActivities,
		"coverage":            (*making).shares,
		"pace":                (*making).pace,
		"focus":               (*making).focus,
		"training":            (*making).training,
		"incidents":           (*making).incidents,
		"incident_routines":   (*making).incidentRoutines,
		"objectives":          (*making).objectives,
		"documents":           (*making).documents,
		"outside_decisions":   (*making).outsideDecisions,
		"factors":             (*making).factors,
		"control_choice":      (*making).controlChoice,
		"risk_cycles":         (*making).riskCycles,
		"spot_checks":         (*making).spotChecks,
		"controls":            (*making).controls,
		"control_work":        (*making).controlWork,
		"check_work":          (*making).checkWork,
		"access_reviews":      (*making).accessReviews,
		"posts":               (*making).posts,
		"audits":              (*making).audits,
		"dpo_areas":           (*making).dpoAreas,
		"dpo_recommendations": (*making).dpoRecommendations,
		"improvements":        (*making).improvements,
		"processing_record":   (*making).processingRecord,
		"processing_gaps":     (*making).processingGaps,
		"transfers":           (*making).transfers,
		"processing_left":     (*making).processingLeft,
		"decisions":           (*making).decisions,
		"plan":                (*making).plan,
		"plan_year":           (*making).planYear,
		"consultations":       (*making).consultations,
		"decision":            (*making).decision,
		"accepted":            (*making).accepted,
		"iso":                 nothing, // made when the rest of the document is
		"figures":             nothing,
	}
}

func nothing(*making, TemplateFact) ([]Block, bool) { return nil, false }

// alive reports whether the record is in use on the review's day.
func (c *making) alive(r isms.Record) bool { return r.Retired == "" || r.Retired > c.day }

// purpose says what a review is for, where nobody has said it in their own words.
func (c *making) purpose(TemplateFact) ([]Block, bool) {
	if len(c.ownText(c.section)) > 0 { // which says it better
		return nil, true
	}
	return []Block{{Type: Paragraph, Text: c.say("report.purpose")}}, true
}

func (c *making) instruction(TemplateFact) ([]Block, bool) {
	for _, in := range c.r.Instructions {
		if in.ID == string(c.in.Review.Instruction) && in.ID != "" {
			return c.tellInstruction(in), true
		}
	}
	return c.missing("report.instruction.none"), false
}

func (c *making) tellInstruction(in isms.Instruction) []Block {
	about := []string{}
	for _, s := range []string{in.Issuer, dnr(c, in.Dnr), string(in.DecidedOn)} {
		if s != "" {
			about = append(about, s)
		}
	}
	text := c.say("report.instruction.is", Span{Text: in.Title, Italic: true})
	if len(about) > 0 {
		text = c.say("report.instruction.is_by", Span{Text: in.Title, Italic: true}, strings.Join(about, ", "))
	}
	blocks := []Block{fact(text, ref("instruction", in.ID))}
	lines := func(key, prose string) {
		if items := linesOf(prose); len(items) > 0 {
			blocks = append(blocks, fact(c.say(key, years(in.Year)), ref("instruction", in.ID)), list(items...))
		}
	}
	lines("report.instruction.demands", in.Demands)
	lines("report.instruction.priorities", in.Priorities)
	if in.PlanGoal != "" {
		blocks = append(blocks, fact(c.goal(in), ref("instruction", in.ID)))
	}
	if c.in.Review.AppendedTo != "" {
		blocks = append(blocks, fact(c.say("report.instruction.appended", lowerFirst(c.in.Review.AppendedTo)), ref("review", c.in.Review.ID)))
	}
	return blocks
}

func (c *making) goal(in isms.Instruction) []Span {
	if in.PlanGoalName == "" {
		return c.say("report.instruction.goal", in.PlanGoal)
	}
	return c.say("report.instruction.goal_named", in.PlanGoal, Span{Text: in.PlanGoalName, Italic: true})
}

// linesOf reads prose that holds a line for each thing, with or without list marks.
func linesOf(prose string) []Item {
	var items []Item
	for line := range strings.SplitSeq(prose, "\n") {
		line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "-*• "))
		if line != "" {
			items = append(items, item(plain(line)))
		}
	}
	return items
}

func dnr(c *making, s string) string {
	if s == "" {
		return ""
	}
	return c.t("report.dnr", s)
}

func (c *making) asOf(TemplateFact) ([]Block, bool) {
	return []Block{{Type: Paragraph, Text: c.say("report.as_of", c.days(c.day))}}, true
}

func (c *making) correction(TemplateFact) ([]Block, bool) {
	if c.in.Review.Version < 2 {
		return nil, false
	}
	body := Block{Type: Paragraph, Text: plain(c.orUnknown(c.in.Review.Correction))}
	return []Block{{Type: Box, Text: c.say("report.correction", years(c.in.Review.Version)), Blocks: []Block{body}}}, true
}

// documents tells the steering documents in force from the highest down, each under the one that it carries out.
func (c *making) documents(TemplateFact) ([]Block, bool) {
	var inForce []isms.Document
	for _, d := range c.r.Documents {
		if c.alive(d.Record) && d.InForce(c.day) && d.DecidedOn <= c.day {
			inForce = append(inForce, d)
		}
	}
	if len(inForce) == 0 {
		return c.missing("report.documents.none"), false
	}
	slices.SortStableFunc(inForce, func(a, b isms.Document) int { return rank(a.Type) - rank(b.Type) })
	children := byParent(inForce)
	var below func(parent string) []Item
	below = func(parent string) []Item {
		var items []Item
		for _, d := range children[parent] {
			it := item(c.document(d), ref("document", d.ID))
			it.Sub = below(d.ID)
			items = append(items, it)
		}
		return items
	}
	blocks := []Block{fact(c.say("report.documents.chain", c.days(c.day))), list(below("")...)}
	return append(blocks, c.documentFigures(len(inForce))...), true
}

// byParent lists the documents below each one, in their order, and the highest below "". A document whose parent is
// not among them, or that stands above itself, is among the highest: all are shown, and each once.
func byParent(all []isms.Document) map[string][]isms.Document {
	parent := map[string]string{}
	for _, d := range all {
		parent[d.ID] = string(d.Parent)
	}
	children := map[string][]isms.Document{}
	for _, d := range all {
		above := parent[d.ID]
		if _, there := parent[above]; !there {
			above = ""
		}
		for up, steps := above, 0; up != ""; up, steps = parent[up], steps+1 {
			if up == d.ID || steps > len(all) {
				above, parent[d.ID] = "", ""
				break
			}
		}
		children[above] = append(children[above], d)
	}
	return children
}

func rank(t isms.DocumentType) int { return slices.Index(t.Choices(), string(t)) }

func (c *making) document(d isms.Document) []Span {
	about := []string{}
	switch {
	case d.Approver != "" && d.DecidedOn != "":
		about = append(about, c.t("report.documents.decided_by_on", lowerFirst(d.Approver), c.days(d.DecidedOn)))
	case d.Approver != "":
		about = append(about, c.t("report.documents.decided_by", lowerFirst(d.Approver)))
	case d.DecidedOn != "":
		about = append(about, c.t("report.documents.decided_on", c.days(d.DecidedOn)))
	}
	if d.Dnr != "" {
		about = append(about, dnr(c, d.Dnr))
	}
	if d.Overdue(c.day) {
		about = append(about, c.t("report.documents.overdue", c.days(d.ReviewBy)))
	}
	text := []Span{{Text: d.Title}}
	if len(about) > 0 {
		text[0].Text += " (" + strings.Join(about, "; ") + ")"
	}
	return text
}

// documentFigures tells what is missing among the documents that the unit's own figures count. A unit that only
// follows others' documents has nothing to tell.
func (c *making) documentFigures(inForce int) []Block {
	if !c.figure("documents_without_owner").Known {
		return nil
	}
	var blocks []Block
	for _, key := range []string{"documents_without_owner", "documents_past_review"} {
		f := c.figure(key)
		n, known := f.Number().Known()
		d, _ := f.Denominator.Known()
		which := c.t("report.documents.in_force")
		if len(f.Of) < inForce {
			which = c.t("report.documents.own_in_force")
		}
		switch {
		case !known:
			blocks = append(blocks, c.missing("report."+key+".unknown")...)
		case n == 0:
			blocks = append(blocks, fact(c.say("report."+key+".none", c.shownNumber(f, d), which), f.Refs()...))
		default:
			blocks = append(blocks, fact(c.say("report."+key+".some", c.shownNumber(f, n), d, which), f.Refs()...))
		}
	}
	return blocks
}

// shownNumber is a number of the figure as a span that opens it.
func (c *making) shownNumber(f metric.Figure, n int) Span {
	c.keep(f)
	return Span{Text: c.lang.Number(n), Figure: FigureRef(f)}
}

// outsideDecisions tells decisions by others that bind the unit.
func (c *making) outsideDecisions(TemplateFact) ([]Block, bool) {
	var items []Item
	for _, d := range c.r.Decisions {
		if d.Review != "" || d.Issuer == "" || !c.alive(d.Record) || d.DecidedOn > c.day || d.State == isms.DecisionMoot {
			continue
		}
		text := c.say("report.outside.item", Span{Text: d.Title, Bold: true}, d.Issuer, c.days(d.DecidedOn))
		if d.DecidedOn == "" {
			text = c.say("report.outside.item_no_day", Span{Text: d.Title, Bold: true}, d.Issuer)
		}
		items = append(items, item(join(text, plain(oneLine(d.Text))), ref("decision", d.ID)))
	}
	if len(items) == 0 {
		return nil, false
	}
	return []Block{fact(c.say("report.outside.are")), list(items...)}, true
}

// factors tells what has changed around and within the unit, in the given areas, each with the day it is known for.
func (c *making) factors(tf TemplateFact) ([]Block, bool) {
	var blocks []Block
	for _, area := range tf.Areas {
		for _, f := range c.r.Factors {
			if string(f.Area) == area && c.alive(f.Record) && f.SupersededBy == "" && f.AsOf <= c.day {
				blocks = append(blocks, c.factor(f)...)
			}
		}
	}
	if len(blocks) > 0 {
		return blocks, true
	}
	if slices.Contains(tf.Areas, "transfer") && c.figure("transfers_assessed").Known {
		return nil, false // the transfers themselves are told
	}
	names := make([]string, len(tf.Areas))
	for i, area := range tf.Areas {
		names[i] = c.t("report.area." + area)
	}
	return c.missing("report.factors.none", c.lang.And(names)), false
}

func (c *making) factor(f isms.ContextFactor) []Block {
	at := ref("context_factor", f.ID)
	paragraphs := paragraphsOf(f.Text)
	first := []Span{{Text: stop(f.Heading), Bold: true}}
	if len(paragraphs) > 0 {
		first = join(first, plain(paragraphs[0]))
		paragraphs = paragraphs[1:]
	}
	blocks := []Block{fact(first, at)}
	for _, p := range paragraphs {
		blocks = append(blocks, fact(plain(p), at))
	}
	if act := c.legalAct(f); len(act) > 0 {
		blocks = append(blocks, fact(act, at))
	}
	last := c.say("report.factors.as_of", c.days(f.Fresh()))
	if f.Source != "" {
		last = c.note(last, c.t("report.source", stop(f.Source)))
	}
	if f.Fresh().AddMonths(12) < c.day {
		last = join(last, c.say("report.factors.old"))
	}
	if f.Effect != "" {
		last = join(c.say("report.factors.effect", stop(f.Effect)), last)
	}
	return append(blocks, fact(last, at))
}

// legalAct tells who adopted a legal act and from when it is applied, as far as that is written down.
func (c *making) legalAct(f isms.ContextFactor) []Span {
	var text []Span
	switch {
	case f.AdoptedBy != "" && f.AdoptedOn != "":
		text = c.say("report.factors.adopted_by_on", f.AdoptedBy, c.days(f.AdoptedOn))
	case f.AdoptedBy != "":
		text = c.say("report.factors.adopted_by", f.AdoptedBy)
	case f.AdoptedOn != "":
		text = c.say("report.factors.adopted_on", c.days(f.AdoptedOn))
	}
	if f.AppliesFrom != "" {
		text = join(text, c.say("report.factors.applies", c.days(f.AppliesFrom)))
	}
	return text
}

func paragraphsOf(prose string) []string {
	var out []string
	for p := range strings.SplitSeq(prose, "\n\n") {
		if p = oneLine(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// oneLine joins the lines of a text that people broke where their screen ended.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// source writes where a number that people wrote down comes from.
func (c *making) source(f metric.Figure) string {
	if f.Source == "" {
		return ""
	}
	return c.t("report.source", stop(f.Source))
}

func sorted(days []register.Day) []register.Day {
	slices.Sort(days)
	return slices.Compact(days)
}
