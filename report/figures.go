// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"strconv"
	"strings"

	"ledsyn/chart"
	"ledsyn/locale"
	"ledsyn/metric"
)

// FigureName names a figure for people, with its part and year where it has them.
func FigureName(l locale.Lang, f metric.Figure) string {
	name := l.T("figure." + f.Key)
	switch {
	case f.Part != "" && PartName(l, f) != "":
		name = l.T("report.figures.of", name, PartName(l, f))
	}
	if f.Year != 0 {
		name = l.T("report.figures.of", name, strconv.Itoa(f.Year))
	}
	return name
}

// partChoices are the types of the choices that figures are parted by.
var partChoices = map[string]string{"incidents_by_kind": "incident_kind", "incidents_by_severity": "severity", "incidents_by_aspect": "aspect",
	"incidents_by_cause": "cause_kind"}

// PartName is what people call the part of the whole that the figure is of, "" where it is of all.
func PartName(l locale.Lang, f metric.Figure) string {
	switch {
	case f.Key == "recommendations_open":
		return l.T("report.issuer." + f.Part)
	case partChoices[f.Key] != "" && f.Part != "":
		return l.T("choice." + partChoices[f.Key] + "." + f.Part)
	}
	return f.PartName
}

// FigureValue is a figure's value for people: a share in percent, a number, at least a number, or that it is not
// known.
func FigureValue(l locale.Lang, f metric.Figure) string {
	n, has := f.Numerator.Known()
	switch {
	case !f.Known && f.AtLeast && has:
		return l.T("report.figures.at_least", n)
	case !f.Known:
		return l.T("unknown")
	case toldAsShare(f):
		p, _ := f.Percent().Known()
		return l.PercentSign(p)
	}
	return l.Number(n)
}

// toldAsShare reports whether a figure is told as a share. Counts of things to mend are told as numbers, though they
// have a denominator.
func toldAsShare(f metric.Figure) bool {
	switch f.Key {
	case "recommendations_open", "documents_without_owner", "documents_past_review", "deviations_found", "deviations_open", "device_losses", "device_losses_per_device",
		"controls_not_reported", "risks_by_band", "actions_late", "deviations_waiting", "repeat_deviations", "removals_open", "posts_vacant", "posts_doubled":
		return false
	}
	return f.IsShare() && f.Kind != "activity_target"
}

// Curve draws a figure over time, and reports whether at least two of its days are known. Days that are not known
// are gaps.
func Curve(l locale.Lang, figures []metric.Figure) (chart.Chart, bool) {
	g := chart.Chart{Kind: chart.Curve, XHead: l.T("report.chart.day")}
	known := 0
	var told []string
	for _, f := range figures {
		p := chart.Point{At: f.Day.DaysSince("2000-01-01"), Label: l.Day(string(f.Day)), Known: f.Known, Text: FigureValue(l, f)}
		if n, ok := f.Numerator.Known(); ok && f.Known {
			p.Value = float64(n)
		}
		if share, ok := f.Percent().Known(); ok && toldAsShare(f) {
			p.Value = float64(share) / 100
			g.Top, g.Suffix = 100, strings.TrimPrefix(l.PercentSign(0), "0")
		}
		if f.Known {
			known++
		}
		told = append(told, l.T("report.chart.point", p.Label, p.Text))
		g.Points = append(g.Points, p)
	}
	if len(figures) > 0 {
		last := figures[len(figures)-1]
		g.Title = l.T("report.chart.title", FigureName(l, last))
		g.YHead = l.T("unit_of_count." + last.Unit)
		if toldAsShare(last) {
			g.YHead = l.T("report.chart.share")
		}
		g.Desc = l.T("report.chart.desc", FigureName(l, last), l.And(told))
	}
	return g, known >= 2
}
