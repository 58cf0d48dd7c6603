// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ledsyn/isms"
	"ledsyn/metric"
)

// controlChoice tells, for each process that must be assessed, what of it was chosen for the control plan of the
// review's year, and why the rest was not. It is compulsory to assess a process, not to include it.
func (c *making) controlChoice(TemplateFact) ([]Block, bool) {
	var blocks []Block
	for _, p := range c.r.ControlProcesses {
		if c.alive(p.Record) {
			blocks = append(blocks, c.processChoice(p)...)
		}
	}
	if len(blocks) == 0 {
		return c.missing("report.control.none"), false
	}
	return blocks, true
}

func (c *making) processChoice(p isms.ControlProcess) []Block {
	at := ref("control_process", p.ID)
	name := Span{Text: p.Name, Italic: true}
	var chosen, rest []isms.ControlAssessment
	for _, a := range c.r.Assessments {
		switch {
		case string(a.Process) != p.ID || a.Year != c.year || !c.alive(a.Record) || a.AssessedOn > c.day:
		case a.Treatment == isms.ToControlPlan:
			chosen = append(chosen, a)
		default:
			rest = append(rest, a)
		}
	}
	if len(chosen)+len(rest) == 0 {
		if !p.Compulsory {
			return nil
		}
		return []Block{{Type: Missing, Text: c.say("report.control.not_assessed", name, years(c.year)), Refs: []metric.Ref{at}}}
	}
	key := "report.control.assessed"
	if p.Compulsory {
		key = "report.control.compulsory"
	}
	text := c.say(key, name, years(c.year))
	refs := []metric.Ref{at}
	names := make([]string, len(chosen))
	for i, a := range chosen {
		names[i] = lowerFirst(a.Part)
		refs = append(refs, ref("control_assessment", a.ID))
	}
	switch len(chosen) {
	case 0:
		text = join(text, c.say("report.control.chosen_none", years(c.year)))
	case 1:
		text = join(text, c.say("report.control.chosen_one", names[0], years(c.year)), c.motive(chosen[0]))
	default:
		text = join(text, c.say("report.control.chosen", c.lang.And(names), years(c.year)))
	}
	blocks := []Block{fact(text, refs...)}
	if len(rest) == 0 {
		if len(chosen) > 0 {
			blocks = append(blocks, c.missing("report.control.rest_none")...)
		}
		return blocks
	}
	items := make([]Item, len(rest))
	for i, a := range rest {
		items[i] = item(c.leftOut(a), ref("control_assessment", a.ID))
	}
	return append(blocks, fact(c.say("report.control.rest"), at), list(items...))
}

func (c *making) motive(a isms.ControlAssessment) []Span {
	if a.Motive == "" {
		return nil
	}
	return plain(stop(upperFirst(a.Motive)))
}

func (c *making) leftOut(a isms.ControlAssessment) []Span {
	text := c.say("report.control.left_out", Span{Text: upperFirst(a.Part), Bold: true}, c.t("report.treatment."+orNone(string(a.Treatment))))
	if a.Likelihood > 0 && a.Consequence > 0 {
		text = join(text, c.say("report.control.value", a.Likelihood, a.Consequence))
	}
	if a.Motive == "" {
		return join(text, c.say("report.control.no_motive"))
	}
	return join(text, c.motive(a))
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// riskCycles tells which phase of the risk and vulnerability analysis each year holds, from two years before the
// review's to its own.
func (c *making) riskCycles(TemplateFact) ([]Block, bool) {
	blocks := []Block{fact(c.say("report.rsa.is"))}
	var items []Item
	any := false
	var focus []Block
	for year := c.year - 2; year <= c.year; year++ {
		text, refs := c.phases(year)
		if len(text) == 0 {
			text = c.say("report.rsa.unknown")
		} else {
			any = true
		}
		items = append(items, item(join([]Span{{Text: years(year) + ":", Bold: true}}, text), refs...))
	}
	if !any {
		return c.missing("report.rsa.none"), false
	}
	for _, y := range c.r.RiskCycles {
		if c.alive(y.Record) && y.Focus != "" && y.ImplementationYear >= c.year {
			focus = append(focus, fact(plain(stop(y.Focus)), ref("risk_cycle", y.ID)))
		}
	}
	return append(append(blocks, list(items...)), focus...), true
}

func (c *making) phases(year int) ([]Span, []metric.Ref) {
	var text []Span
	var refs []metric.Ref
	for _, y := range c.r.RiskCycles {
		if !c.alive(y.Record) {
			continue
		}
		tell := func(phase string, state isms.PhaseState) {
			text = join(text, c.say("report.rsa."+phase+"_"+string(state)))
			refs = append(refs, ref("risk_cycle", y.ID))
		}
		if y.AnalysisYear == year {
			tell("analysis", y.AnalysisState)
		}
		if y.ImplementationYear == year {
			tell("implementation", y.ImplementationState)
		}
	}
	return text, refs
}

// spotChecks tells what the checks of the year of the review's day found, by area. Where a number is not known, that
// is said.
func (c *making) spotChecks(TemplateFact) ([]Block, bool) {
	year := c.day.Year()
	var checks []isms.SpotCheck
	for _, s := range c.r.SpotChecks {
		if s.Year == year && s.PerformedOn <= c.day && c.alive(s.Record) && (s.State == "" || metric.Performed(s, c.day)) {
			checks = append(checks, s)
		}
	}
	var blocks []Block
	if len(checks) == 0 {
		blocks = c.missing("report.checks.none", years(year))
	} else {
		items := make([]Item, len(checks))
		for i, s := range checks {
			items[i] = item(c.check(s), ref("spot_check", s.ID))
		}
		b := fact(c.say("report.checks.are", years(year)))
		for _, f := range c.counted {
			if strings.HasPrefix(f.Key, "deviations_") && f.Year == year && f.Kind == "spot_check" {
				c.keep(f)
				b.Figures = append(b.Figures, FigureRef(f))
			}
		}
		blocks = append(blocks, b, list(items...))
	}
	other := c.otherDeviations(year)
	return append(blocks, other...), len(checks)+len(other) > 0
}

func (c *making) check(s isms.SpotCheck) []Span {
	area := lowerFirst(s.Area)
	switch {
	case s.Period != "":
		area = c.t("report.checks.when", area, lowerFirst(s.Period))
	case s.PerformedOn != "":
		area = c.t("report.checks.when", area, c.days(s.PerformedOn))
	}
	found, known := s.Found.Known()
	if !known {
		found, known = c.linkedDeviations(s)
	}
	var text []Span
	switch {
	case known && found == 0:
		text = c.say("report.checks.clean", area)
	case known:
		text = c.say("report.checks.found", area, c.number(found), found, c.remedied(s, found))
	case s.SomeFound:
		text = c.say("report.checks.some", area)
	default:
		text = c.say("report.checks.unknown", area)
	}
	if s.State == "" {
		text = join(text, c.sample(s))
	} else {
		text = join(text, c.drawn(s))
	}
	if s.ReportedIn != "" {
		text = c.note(text, c.t("report.source", stop(s.ReportedIn)))
	}
	return text
}

// linkedDeviations counts a check's deviations from those written down, where the check itself has no number and
// does not say that there were more.
func (c *making) linkedDeviations(s isms.SpotCheck) (int, bool) {
	n := 0
	for _, d := range c.r.Deviations {
		if string(d.SpotCheck) == s.ID && c.alive(d.Record) && d.FoundOn <= c.day {
			n++
		}
	}
	return n, n > 0 && !s.SomeFound
}

func (c *making) remedied(s isms.SpotCheck, found int) string {
	done, known := s.Remedied.Known()
	if !known {
		done = 0
		for _, d := range c.r.Deviations {
			if string(d.SpotCheck) == s.ID && c.alive(d.Record) && d.FoundOn <= c.day {
				known = true
				if d.State != isms.DeviationOpen && d.RemediedOn <= c.day {
					done++
				}
			}
		}
	}
	switch {
	case !known:
		return c.t("report.checks.remedied_unknown")
	case done == found:
		return c.t("report.checks.remedied_all", found)
	case done == 0:
		return c.t("report.checks.remedied_none", found)
	}
	return c.t("report.checks.remedied_some", c.number(done), done)
}

func (c *making) sample(s isms.SpotCheck) []Span {
	n, hasN := s.Sample.Known()
	d, hasD := s.Population.Known()
	switch {
	case hasN && hasD:
		return c.say("report.checks.sample_of", n, d)
	case hasN:
		return c.say("report.checks.sample", n)
	}
	return c.say("report.checks.sample_unknown")
}

// otherDeviations tells the deviations of the year that were found in other ways.
func (c *making) otherDeviations(year int) []Block {
	var items []Item
	for _, d := range c.r.Deviations {
		if d.SpotCheck != "" || d.FoundOn.Year() != year || d.FoundOn > c.day || !c.alive(d.Record) {
			continue
		}
		text := c.say("report.deviations.open", noStop(d.Title), c.days(d.FoundOn))
		if d.State != isms.DeviationOpen && d.RemediedOn <= c.day {
			text = c.say("report.deviations.remedied", noStop(d.Title), c.days(d.FoundOn), c.days(d.RemediedOn))
		}
		items = append(items, item(text, ref("deviation", d.ID)))
	}
	if len(items) == 0 {
		return nil
	}
	return []Block{fact(c.say("report.deviations.are", years(year))), list(items...)}
}

// controls tells the control moments of the plan for the review's year.
func (c *making) controls(TemplateFact) ([]Block, bool) {
	var items []Item
	var plans []metric.Ref
	for _, p := range c.r.ControlPlans {
		if p.Year != c.year || !c.alive(p.Record) || p.DecidedOn > c.day {
			continue
		}
		plans = append(plans, ref("control_plan", p.ID))
		for _, m := range c.r.Controls {
			if string(m.Plan) == p.ID && c.alive(m.Record) {
				items = append(items, item(c.control(m), ref("control", m.ID)))
			}
		}
	}
	switch {
	case len(plans) == 0:
		return c.missing("report.controls.no_plan", years(c.year)), false
	case len(items) == 0:
		return c.missing("report.controls.none", years(c.year)), false
	}
	return []Block{fact(c.say("report.controls.are", years(c.year)), plans...), list(items...)}, true
}

func (c *making) control(m isms.Control) []Span {
	var about []string
	if m.Frequency != "" {
		about = append(about, lowerFirst(m.Frequency))
	}
	if who := c.who(string(m.Performer)); isName(who) {
		about = append(about, who)
	} else if who != "" {
		about = append(about, lowerFirst(who)) // a role, which is a word like others
	}
	if len(about) == 0 {
		return plain(stop(m.Name))
	}
	return plain(stop(noStop(m.Name) + " (" + strings.Join(about, "; ") + ")"))
}

// isName reports whether what a person is called is a name rather than a role: a later word of it, too, has a capital letter.
func isName(s string) bool {
	for i, word := range strings.Fields(s) {
		if first, _ := utf8.DecodeRuneInString(word); i > 0 && unicode.IsUpper(first) {
			return true
		}
	}
	return false
}

// byNumber sorts recommendations by their number, 2 before 10.
func byNumber(all []isms.Recommendation) []isms.Recommendation {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b isms.Recommendation) int {
		return cmpOr(len(a.Number)-len(b.Number), strings.Compare(a.Number, b.Number), strings.Compare(a.ID, b.ID))
	})
	return all
}
