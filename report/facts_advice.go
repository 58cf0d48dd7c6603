// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
)

// audits tells, for each audit report whose recommendations are open or were judged since the former review, what
// was recommended and the auditor's own later verdict. Only that closes a recommendation.
func (c *making) audits(TemplateFact) ([]Block, bool) {
	var blocks []Block
	for _, a := range c.r.Audits {
		if c.alive(a.Record) {
			blocks = append(blocks, c.audit(a)...)
		}
	}
	if len(blocks) > 0 {
		return blocks, true
	}
	f := c.figure("recommendations_open/audit")
	if n, known := f.Denominator.Known(); known {
		return []Block{c.openFigure(fact(c.say("report.audit.all_closed", c.shownNumber(f, n), n), f.Refs()...), "audit")}, true
	}
	return c.missing("report.audit.none"), false
}

func (c *making) audit(a isms.Audit) []Block {
	recs := c.recommendations(func(r isms.Recommendation) bool { return string(r.Audit) == a.ID })
	if len(recs) == 0 || !slices.ContainsFunc(recs, c.current) {
		return nil
	}
	text := c.say("report.audit.gave", upperFirst(a.Auditor), c.number(len(recs)), len(recs), c.auditName(a))
	items := make([]Item, len(recs))
	for i, r := range recs {
		items[i] = item(c.recommendation(r), c.advice(r)...)
	}
	b := list(items...)
	b.Numbered = true
	return []Block{c.openFigure(fact(text, ref("audit", a.ID)), "audit"), b}
}

// auditName names a report by its number and title, or what there is of them.
func (c *making) auditName(a isms.Audit) Span {
	name := a.Title
	if a.Number != "" {
		name = c.t("report.audit.numbered", a.Number, a.Title)
	}
	if a.Dnr != "" && a.Dnr != a.Number {
		name += ", " + dnr(c, a.Dnr)
	}
	return Span{Text: name}
}

func (c *making) openFigure(b Block, issuer string) Block {
	f := c.figure("recommendations_open/" + issuer)
	c.keep(f)
	b.Figures = append(b.Figures, FigureRef(f))
	return b
}

// recommendations lists those of an issuer given by the review's day, by number.
func (c *making) recommendations(of func(isms.Recommendation) bool) []isms.Recommendation {
	var all []isms.Recommendation
	for _, r := range c.r.Recommendations {
		if of(r) && c.alive(r.Record) && c.r.GivenOn(r) <= c.day {
			all = append(all, r)
		}
	}
	return byNumber(all)
}

// current reports whether a recommendation is still open, or was closed since the former review.
func (c *making) current(r isms.Recommendation) bool {
	v, judged := metric.Verdicts(c.r.FollowUps, c.day)[r.ID]
	return !judged || !v.Verdict.Closes() || c.former == nil || v.Day > c.former.AsOf
}

func (c *making) recommendation(r isms.Recommendation) []Span {
	text := join([]Span{{Text: stop(r.Subject), Bold: true}})
	if noStop(r.Text) != noStop(r.Subject) {
		text = join(text, plain(stop(oneLine(r.Text))))
	}
	return join(text, c.standing(r))
}

// standing tells how far a recommendation has come: the issuer's verdict first, then the unit's own state, then what
// is planned, then how much of it the answer covers.
func (c *making) standing(r isms.Recommendation) []Span {
	issuer := "audit"
	if r.Report != "" {
		issuer = "dpo"
	}
	verdict, judged := metric.Verdicts(c.r.FollowUps, c.day)[r.ID]
	own, told := metric.OwnStates(c.r.FollowUps, c.day)[r.ID]
	var text []Span
	if judged {
		text = c.say("report.verdict."+string(verdict.Verdict)+"_"+issuer, verdict.Source, c.days(verdict.Day))
		text = join(text, plain(stop(oneLine(verdict.Text))))
	}
	if judged && verdict.Verdict.Closes() {
		return text
	}
	response, answered := c.response(r)
	switch {
	case told && own.State == isms.FollowDone:
		text = join(text, c.say("report.own.done", c.days(own.Day)))
	case told && own.State == isms.FollowOngoing:
		text = join(text, c.say("report.own.ongoing", c.days(own.Day)))
	}
	if !(told && own.State == isms.FollowDone) {
		text = join(text, c.planned(r, response))
	}
	if !judged && told && own.State == isms.FollowDone {
		text = join(text, c.say("report.own.not_judged_"+issuer))
	}
	switch {
	case !answered:
		text = join(text, c.say("report.response.none"))
	case response.Position == "declined":
		text = join(text, c.say("report.response.declined"), plain(stop(response.Text)))
	case response.Covers == "":
		text = join(text, c.say("report.response.cover_unknown", lowerFirst(noStop(response.Subject))))
	case response.Covers == "partly":
		text = join(text, c.say("report.response.partly", lowerFirst(noStop(response.Subject))))
	}
	return text
}

func (c *making) response(r isms.Recommendation) (isms.Response, bool) {
	var last isms.Response
	found := false
	for _, s := range c.r.Responses {
		if string(s.Recommendation) == r.ID && c.alive(s.Record) && s.DecidedOn <= c.day && (!found || s.DecidedOn >= last.DecidedOn) {
			last, found = s, true
		}
	}
	return last, found
}

// activitiesOf lists the activities that carry out a recommendation, by its answer or their own link.
func (c *making) activitiesOf(r isms.Recommendation, s isms.Response) []isms.Activity {
	var all []isms.Activity
	for _, a := range c.r.Activities {
		byAnswer := slices.ContainsFunc(s.Activities, func(id register.Ref[isms.Activity]) bool { return string(id) == a.ID })
		if c.alive(a.Record) && (byAnswer || string(a.Recommendation) == r.ID) {
			all = append(all, a)
		}
	}
	return all
}

// planned tells for which year a recommendation is planned, in which activity.
func (c *making) planned(r isms.Recommendation, s isms.Response) []Span {
	var text []Span
	for _, a := range c.activitiesOf(r, s) {
		if !a.State.Open() {
			continue
		}
		name := Span{Text: noStop(a.Name), Italic: true}
		if y := c.plannedYears(a); len(y) > 0 {
			text = join(text, c.say("report.own.planned_year", c.lang.And(y), name))
		} else {
			text = join(text, c.say("report.own.no_line", name, years(c.year)))
		}
	}
	if len(text) == 0 {
		return c.say("report.own.not_planned")
	}
	return text
}

// plannedYears lists the years from the review's on in which an activity has a line that is not yet done.
func (c *making) plannedYears(a isms.Activity) []string {
	var list []string
	for _, t := range c.plannedLines(func(year int) bool { return year >= c.year }) {
		if string(t.Activity) == a.ID && t.State != isms.ActivityDropped && t.State != isms.ActivityMoved && !slices.Contains(list, years(t.Year)) {
			list = append(list, years(t.Year))
		}
	}
	return list
}

// advice lists the records that a recommendation's standing rests on.
func (c *making) advice(r isms.Recommendation) []metric.Ref {
	refs := []metric.Ref{ref("recommendation", r.ID)}
	if s, ok := c.response(r); ok {
		refs = append(refs, ref("response", s.ID))
		for _, a := range c.activitiesOf(r, s) {
			refs = append(refs, ref("activity", a.ID))
		}
	}
	for _, last := range []map[string]isms.FollowUp{metric.Verdicts(c.r.FollowUps, c.day), metric.OwnStates(c.r.FollowUps, c.day)} {
		if f, ok := last[r.ID]; ok && !slices.Contains(refs, ref("follow_up", f.ID)) {
			refs = append(refs, ref("follow_up", f.ID))
		}
	}
	return refs
}

// dpoReport is the latest yearly report delivered by the review's day.
func (c *making) dpoReport() (isms.DPOReport, bool) {
	var last isms.DPOReport
	found := false
	for _, d := range c.r.DPOReports {
		if c.alive(d.Record) && d.DeliveredOn <= c.day && (!found || d.Year > last.Year) {
			last, found = d, true
		}
	}
	return last, found
}

func (c *making) dpoAreas(TemplateFact) ([]Block, bool) {
	report, ok := c.dpoReport()
	if !ok {
		return c.missing("report.dpo.none"), false
	}
	var blocks []Block
	for _, a := range c.r.DPOAreas {
		if string(a.Report) == report.ID && c.alive(a.Record) {
			blocks = append(blocks, fact(join(c.graded(a, report), plain(stop(oneLine(a.Text)))), ref("dpo_area", a.ID), ref("dpo_report", report.ID)))
		}
	}
	if len(blocks) == 0 {
		return c.missing("report.dpo.no_areas", years(report.Year)), false
	}
	return blocks, true
}

func (c *making) graded(a isms.DPOArea, report isms.DPOReport) []Span {
	name := Span{Text: a.Name, Italic: true}
	worse := func(g isms.Grade) int { return slices.Index(g.Choices(), string(g)) }
	was, is := worse(a.PreviousGrade), worse(a.Grade)
	key := "same"
	switch {
	case is < 0:
		return c.say("report.dpo.area_unknown", name, years(report.Year))
	case was < 0:
		return c.say("report.dpo.area_now", name, years(report.Year), c.t("report.grade."+string(a.Grade)))
	case is < was:
		key = "better"
	case is > was:
		key = "worse"
	}
	return c.say("report.dpo.area_"+key, name, years(report.Year), c.t("report.grade."+string(a.PreviousGrade)), c.t("report.grade."+string(a.Grade)))
}

// dpoRecommendations tells the officer's recommendations: those of the latest report, and what is still open of
// earlier ones.
func (c *making) dpoRecommendations(TemplateFact) ([]Block, bool) {
	latest, _ := c.dpoReport()
	var blocks []Block
	for _, report := range c.r.DPOReports {
		if !c.alive(report.Record) || report.DeliveredOn > c.day {
			continue
		}
		recs := c.recommendations(func(r isms.Recommendation) bool { return string(r.Report) == report.ID })
		if report.ID != latest.ID {
			recs = slices.DeleteFunc(recs, func(r isms.Recommendation) bool { return !c.current(r) })
		}
		if len(recs) > 0 {
			blocks = append(blocks, c.dpoGave(report, recs)...)
		}
	}
	if len(blocks) == 0 {
		return c.missing("report.dpo.no_recommendations"), false
	}
	return blocks, true
}

func (c *making) dpoGave(report isms.DPOReport, recs []isms.Recommendation) []Block {
	text := c.say("report.dpo.gave", years(report.Year), c.number(len(recs)), len(recs))
	items := make([]Item, len(recs))
	for i, r := range recs {
		items[i] = item(c.recommendation(r), c.advice(r)...)
		if r.Number != "" && r.Number != years(i+1) {
			items[i].Text = join([]Span{{Text: c.t("report.numbered", r.Number)}}, items[i].Text)
		}
	}
	b := list(items...)
	b.Numbered = true
	first := c.openFigure(fact(text, ref("dpo_report", report.ID)), "dpo")
	return []Block{first, b, fact(c.tally(recs))}
}

// tally says in one sentence each which of the recommendations are judged done, done by the unit's own account, and
// planned for which year.
func (c *making) tally(recs []isms.Recommendation) []Span {
	verdicts, own := metric.Verdicts(c.r.FollowUps, c.day), metric.OwnStates(c.r.FollowUps, c.day)
	var judged, done, open []string
	planned := map[string][]string{}
	var plannedYears []string
	for i, r := range recs {
		number := r.Number
		if number == "" {
			number = years(i + 1)
		}
		if verdicts[r.ID].Verdict.Closes() {
			judged = append(judged, number)
			continue
		}
		if own[r.ID].State == isms.FollowDone {
			done = append(done, number)
			continue
		}
		s, _ := c.response(r)
		first := ""
		for _, a := range c.activitiesOf(r, s) {
			if y := c.plannedYears(a); a.State.Open() && len(y) > 0 && (first == "" || y[0] < first) {
				first = y[0]
			}
		}
		if first == "" {
			open = append(open, number)
			continue
		}
		if planned[first] == nil {
			plannedYears = append(plannedYears, first)
		}
		planned[first] = append(planned[first], number)
	}
	var text []Span
	tell := func(key string, numbers []string, args ...any) {
		if len(numbers) > 0 {
			text = join(text, c.say("report.tally."+key, append([]any{c.lang.And(numbers), len(numbers)}, args...)...))
		}
	}
	tell("judged", judged)
	tell("done", done)
	slices.Sort(plannedYears)
	for _, y := range plannedYears {
		tell("planned", planned[y], y)
	}
	tell("open", open, years(c.year), years(c.year+2))
	return text
}
