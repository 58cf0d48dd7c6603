// SPDX-License-Identifier: EUPL-1.2

package app

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"

	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
)

//go:embed examine_limits.txt
var examineText string

// examineLimits are the limits by name.
var examineLimits = readExamineLimits(examineText)

// readExamineLimits reads the limits and panics on what is none, so that a mistake in them is found by the first test.
func readExamineLimits(text string) map[string]int {
	limits := map[string]int{}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		n, err := strconv.Atoi(words[len(words)-1])
		if len(words) != 2 || err != nil || n < 1 || limits[words[0]] != 0 {
			panic("app: no limit of an examination: " + line)
		}
		limits[words[0]] = n
	}
	return limits
}

// limit is the limit of that name, which there must be.
func limit(name string) int {
	n, ok := examineLimits[name]
	if !ok {
		panic("app: there is no limit " + name)
	}
	return n
}

// controlPlans finds what is missing in the internal control of the review's year and of that of its day: risks accepted without a motive, plans
// decided late or not at all, controls that say too little, and results that nobody reported.
func (x *examination) controlPlans() {
	years := []int{x.day.Year()}
	if x.review.Year != x.day.Year() {
		years = append(years, x.review.Year)
	}
	for i := range x.Assessments {
		if a := &x.Assessments[i]; slices.Contains(years, a.Year) && x.acceptedHigh(*a) {
			x.record("risk_accepted_high", a, "motive", strconv.Itoa(a.Year))
		}
	}
	for i := range x.ControlPlans {
		p := &x.ControlPlans[i]
		if !slices.Contains(years, p.Year) || x.gone(p.Record) {
			continue
		}
		x.planDecision(p)
		own := x.ofPlan(*p)
		x.controlsOf(p, own)
		x.silentControls(p, own)
		x.copiedPlan(p, own)
	}
}

// acceptedHigh reports a risk that was accepted without a motive though the scale says that one of its value is not.
func (x *examination) acceptedHigh(a isms.ControlAssessment) bool {
	if x.gone(a.Record) || a.Treatment != isms.Accept || a.Motive != "" || a.AssessedOn > x.day {
		return false
	}
	i := slices.IndexFunc(x.ControlScales, func(s isms.ControlScale) bool { return s.ID == string(a.Scale) && a.Scale != "" })
	if i < 0 {
		return false
	}
	steps, wrong := x.ControlScales[i].Read()
	return len(wrong) == 0 && steps.ActFrom > 0 && steps.Value(a.Likelihood, a.Consequence) >= steps.ActFrom
}

// planDecision finds a plan that was decided when its year had begun, or that has none though it has.
func (x *examination) planDecision(p *isms.ControlPlan) {
	decided := p.DecidedOn != "" && p.DecidedOn <= x.day
	days, _ := p.Late()
	switch {
	case decided && days > 0:
		x.record("plan_late", p, "decided_on", string(p.DecidedOn), days)
	case !decided && p.Year <= x.day.Year():
		x.record("plan_undecided", p, "decided_on", strconv.Itoa(p.Year))
	}
}

// ofPlan lists the plan's controls that are in use.
func (x *examination) ofPlan(p isms.ControlPlan) []isms.Control {
	var own []isms.Control
	for _, c := range x.Controls {
		if string(c.Plan) == p.ID && !x.gone(c.Record) {
			own = append(own, c)
		}
	}
	return own
}

// controlsOf finds controls that do not say how or by whom they are made, and those whose performer is also who gets the report or who owns the
// risk: it is no fault in a small body, but it is to be known.
func (x *examination) controlsOf(p *isms.ControlPlan, own []isms.Control) {
	var methodless, nobodys []string
	for i := range own {
		c := &own[i]
		if c.Method == "" {
			methodless = append(methodless, c.ID)
		}
		switch {
		case c.Performer == "":
			nobodys = append(nobodys, c.ID)
		case c.Performer == c.ReportsTo:
			x.record("control_reports_to_self", c, "reports_to")
		case c.Performer == x.riskOwner(c.Assessment):
			x.record("control_of_own_risk", c, "performer")
		}
	}
	x.several("control_without_method", p.ID, "control", "method", methodless, p.Title)
	x.several("control_without_performer", p.ID, "control", "performer", nobodys, p.Title)
}

func (x *examination) riskOwner(assessment register.Ref[isms.ControlAssessment]) register.Ref[isms.Person] {
	for _, a := range x.Assessments {
		if a.ID == string(assessment) {
			return a.Owner
		}
	}
	return ""
}

// silentControls finds the controls of which nothing was reported for a part of the year that has been over for a while. A result for the whole year
// stands for its parts.
func (x *examination) silentControls(p *isms.ControlPlan, own []isms.Control) {
	if p.DecidedOn == "" || p.DecidedOn > x.day {
		return
	}
	reported := func(c isms.Control, t isms.Tertial) bool {
		return slices.ContainsFunc(x.ControlResults, func(r isms.ControlResult) bool {
			return string(r.Control) == c.ID && (r.Tertial == t || r.Tertial == isms.WholeYear) && !x.gone(r.Record) && r.ReportedOn <= x.day
		})
	}
	for _, t := range []isms.Tertial{isms.FirstTertial, isms.SecondTertial, isms.ThirdTertial} {
		if t.Ends(p.Year).AddDays(limit("report_days")) >= x.day || t.Ends(p.Year) < p.DecidedOn {
			continue
		}
		var silent []string
		for _, c := range own {
			if !reported(c, t) {
				silent = append(silent, c.ID)
			}
		}
		x.several("control_not_reported", p.ID+"/"+string(t), "control", "", silent, key("choice.tertial."+string(t)), p.Title)
	}
}

// copiedPlan finds a plan whose controls are those of the plan before, all of them, unchanged and without a word of why.
func (x *examination) copiedPlan(p *isms.ControlPlan, own []isms.Control) {
	if len(own) == 0 {
		return
	}
	former := map[string]isms.Control{}
	for _, c := range x.Controls {
		former[c.ID] = c
	}
	var before register.Ref[isms.ControlPlan]
	for _, c := range own {
		was, there := former[string(c.Continues)]
		same := was.Name == c.Name && was.Method == c.Method && was.Frequency == c.Frequency && was.Performer == c.Performer && was.Period == c.Period && was.Limit == c.Limit
		if !there || !same || c.ChangeReason != "" || before != "" && was.Plan != before {
			return
		}
		before = was.Plan
	}
	for _, c := range x.Controls {
		continued := slices.ContainsFunc(own, func(k isms.Control) bool { return string(k.Continues) == c.ID })
		if c.Plan == before && c.Retired == "" && !continued {
			return // something was left out, which is a choice
		}
	}
	x.record("plan_copied", p, "", len(own))
}

// checkWork finds spot checks that are late, were drawn again or ended with unanswered rows, and deviations that nobody verified or that came
// again.
func (x *examination) checkWork() {
	draws := map[string]int{}
	for _, d := range x.Draws {
		draws[string(d.SpotCheck)]++
	}
	area := map[string]string{}
	for i := range x.SpotChecks {
		s := &x.SpotChecks[i]
		area[s.ID] = s.Area
		if x.gone(s.Record) || s.Year < x.review.Year-1 || s.Year > x.review.Year || s.State == isms.SpotCheckCancelled || s.State == "" {
			continue
		}
		if n := draws[s.ID]; n > 1 {
			x.record("check_drawn_again", s, "", n)
		}
		switch n, known := s.Unanswered.Known(); {
		case s.State == isms.SpotCheckDone && known && n > 0:
			x.record("check_unanswered", s, "", n)
		case s.State != isms.SpotCheckDone && s.DueOn != "" && s.DueOn < x.day:
			x.record("check_late", s, "due_on", string(s.DueOn))
		}
	}
	var unverified, again []string
	for _, d := range x.Deviations {
		if x.gone(d.Record) || d.FoundOn > x.day || d.FoundOn.Year() < x.review.Year-2 {
			continue
		}
		if d.State == isms.DeviationRemedied && d.VerifiedOn == "" && d.RemediedOn != "" && d.RemediedOn.AddDays(limit("verify_days")) < x.day {
			unverified = append(unverified, d.ID)
		}
		if metric.CameAgain(d, x.Deviations, area) {
			again = append(again, d.ID)
		}
	}
	x.several("deviation_unverified", "all", "deviation", "verified_on", unverified, limit("verify_days"))
	x.several("deviation_again", "all", "deviation", "cause", again)
}
