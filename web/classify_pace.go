// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/chart"
	"ledsyn/register"
)

// paceFacts say how far it has come, at what pace, where that leads and what the target takes.
func (v *visit) paceFacts(plan app.ClassificationPlan) []Fact {
	l := v.lang
	fact := func(key, text string) Fact { return Fact{l.T("web.plan." + key), []Value{{Text: text}}} }
	all := []Fact{fact("now", figureText(v, plan.Figure))}
	goal := l.PercentSign(plan.Pace.Goal)
	if plan.HasAim {
		share, _ := plan.Need.Target.Share.Known()
		all = append(all, fact("target", l.T("web.plan.target.by", l.PercentSign(share), string(plan.Need.Target.Day))))
	}
	switch pace := plan.Pace; {
	case !pace.Known:
		all = append(all, fact("per_month", l.T("web.plan.pace_unknown")))
	default:
		all = append(all, fact("per_month", l.T("web.plan.points", signed(l.Points(pace.PerMonth), pace.PerMonth))))
	}
	switch pace := plan.Pace; {
	case pace.Reached:
		all = append(all, fact("forecast", l.T("web.plan.reached", goal)))
	case !pace.Known:
	case pace.On == "":
		all = append(all, fact("forecast", l.T("web.plan.never", goal)))
	default:
		text := l.T("web.plan.reaches", goal, v.month(pace.On))
		switch {
		case pace.Earliest != "" && pace.Latest != "" && pace.Earliest != pace.Latest:
			text += " " + l.T("web.plan.between", v.month(pace.Earliest), v.month(pace.Latest))
		case pace.Latest == "":
			text += " " + l.T("web.plan.unsure", v.month(pace.Earliest))
		}
		all = append(all, fact("forecast", text))
	}
	if need := plan.Need; plan.HasAim {
		things := unitOfCount(l, plan.Figure.Unit)
		switch {
		case need.Met:
			all = append(all, fact("need", l.T("web.plan.met")))
		case need.Late:
			all = append(all, fact("need", l.T("web.plan.late", need.Objects, things)))
		case need.PerMonth > 0:
			all = append(all, fact("need", l.T("web.plan.needed", need.PerMonth, things, need.Objects, need.Months)))
		}
	}
	return all
}

// signed puts a plus before what rises.
func signed(text string, n int) string {
	if n > 0 {
		return "+" + text
	}
	return text
}

// month writes a day's month and year.
func (v *visit) month(day register.Day) string {
	return strings.ToLower(v.lang.T("web.month."+string(day)[5:7])) + " " + string(day)[:4]
}

// draw draws the share month by month.
func (p *ClassifyPlanPage) draw(v *visit, plan app.ClassificationPlan) {
	l := v.lang
	c := chart.Chart{Kind: chart.Curve, Title: l.T("web.plan.curve", l.T("web.plan.key."+plan.Key)), XHead: l.T("web.figure.day"), YHead: l.T("web.figure.value"), Top: 100,
		Suffix: "\u00a0%"}
	for _, f := range plan.Curve {
		share, known := f.Percent().Known()
		c.Points = append(c.Points, chart.Point{At: since(f.Day), Label: string(f.Day), Known: known, Value: float64(share) / 100,
			Text: l.PercentSign((share + 50) / 100 * 100)})
		p.Points = append(p.Points, Difference{Label: string(f.Day), Is: figureText(v, f)})
	}
	slices.Reverse(p.Points)
	if len(c.Points) < 2 {
		return
	}
	c.Desc = l.T("web.figure.curve_desc", l.T("web.plan.key."+plan.Key), firstKnown(c.Points), p.Points[0].Is)
	p.Legend = append(p.Legend, Key{"now", l.T("web.plan.legend.curve")})
	if plan.HasAim {
		share, _ := plan.Need.Target.Share.Known()
		end := max(since(plan.Need.Target.Day), c.Points[len(c.Points)-1].At)
		c.Beside = append(c.Beside, chart.Beside{Class: chart.Goal, Text: l.PercentSign(share), Label: string(plan.Need.Target.Day),
			Spots: []chart.Spot{{At: c.Points[0].At, Value: float64(share) / 100}, {At: end, Value: float64(share) / 100}}})
		p.Legend = append(p.Legend, Key{"goal", l.T("web.plan.legend.goal", l.PercentSign(share), string(plan.Need.Target.Day))})
	}
	if ahead := foreseen(plan, c.Points[len(c.Points)-1]); len(ahead) > 0 {
		c.Beside = append(c.Beside, ahead...)
		p.Legend = append(p.Legend, Key{"forecast", l.T("web.plan.legend.forecast")})
	}
	p.Chart = chartHTML(c.SVG("plan"))
}

// since is a day's place on the scale of the curve.
func since(day register.Day) int { return day.DaysSince("2000-01-01") }

// monthsAhead is how far a forecast is drawn beyond the day and the target.
const monthsAhead = 12

// foreseen are the lines from the newest share to where the pace leads, with the edges of how sure that is, as far ahead as the target or a
// year.
func foreseen(plan app.ClassificationPlan, newest chart.Point) []chart.Beside {
	pace := plan.Pace
	if !pace.Known || pace.Reached {
		return nil
	}
	limit := since(plan.Day.AddMonths(monthsAhead))
	if plan.HasAim {
		limit = max(limit, since(plan.Need.Target.Day))
	}
	goal := float64(pace.Goal) / 100
	var lines []chart.Beside
	for _, to := range []struct {
		day   register.Day
		class chart.Class
	}{{pace.Earliest, chart.Band}, {pace.Latest, chart.Band}, {pace.On, chart.Forecast}} {
		if to.day == "" {
			continue
		}
		end := chart.Spot{At: since(to.day), Value: goal}
		if end.At > limit && end.At > newest.At {
			end.Value = newest.Value + (goal-newest.Value)*float64(limit-newest.At)/float64(end.At-newest.At)
			end.At = limit
		}
		lines = append(lines, chart.Beside{Class: to.class, Spots: []chart.Spot{{At: newest.At, Value: newest.Value}, end}})
	}
	return lines
}
