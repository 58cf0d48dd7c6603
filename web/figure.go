// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/chart"
	"ledsyn/isms"
	"ledsyn/register"
)

// FigurePage is one figure: what it is, how it has gone, and the records behind it.
type FigurePage struct {
	Frame
	Ask     AskFigures
	Gauge   Gauge
	Facts   []Fact
	Chart   chartHTML
	Points  []Difference // the curve's numbers: Label is the day, Is the value
	Counted []Listed
}

// Listed is some of the records behind a figure.
type Listed struct {
	Text  string
	Links []Link
}

const mostListed = 1000

func (s *site) figure(v *visit) error {
	id := v.r.PathValue("id")
	unit, day, form, err := v.asksFigures("/figures/" + escapePath(id))
	if err != nil {
		return err
	}
	figures, err := s.app.Figures(v.r.Context(), v.who, unit, day, "")
	if errors.As(err, new(register.Wrongs)) {
		return errQuery
	}
	if err != nil {
		return err
	}
	i := slices.IndexFunc(figures, func(f app.Figure) bool { return f.ID() == id })
	if i < 0 {
		return isms.ErrNotFound
	}
	f := figures[i]
	l := v.lang
	p := &FigurePage{Ask: form, Gauge: v.gauge(f, unit, day)}
	p.Title = p.Gauge.Name
	p.Place = v.unitName(unit)
	p.Crumbs = []Link{{l.T("web.figures"), "/figures?" + url.Values{"unit": {unit}, "day": {string(day)}}.Encode()}}
	p.Facts = v.figureFacts(f, day)
	if err := p.curve(v, f, unit, day); err != nil {
		return err
	}
	if err := p.records(v, f); err != nil {
		return err
	}
	return v.show(http.StatusOK, "figure", p)
}

func (v *visit) figureFacts(f app.Figure, day register.Day) []Fact {
	l := v.lang
	fact := func(key, text string) Fact { return Fact{l.T("web.figure." + key), []Value{{Text: text}}} }
	all := []Fact{fact("day", string(day)), fact("counted", l.T("figure."+f.Key+".unit"))}
	if n, ok := f.Numerator.Known(); ok {
		all = append(all, fact("numerator", l.Number(n)))
	}
	if n, ok := f.Denominator.Known(); ok {
		all = append(all, fact("denominator", l.Number(n)))
	}
	if age, ok := f.Age().Known(); ok && f.Oldest != "" {
		all = append(all, fact("oldest", l.T("web.figure.age", string(f.Oldest), age)))
	}
	if f.Recorded {
		all = append(all, fact("recorded", string(f.Day)))
	}
	if f.Source != "" {
		all = append(all, fact("source", f.Source))
	}
	return all
}

// curve draws two years of the figure, quarter by quarter, as it was known at the end of each.
func (p *FigurePage) curve(v *visit, f app.Figure, unit string, day register.Day) error {
	days := quarters(app.MonthEnds(day.AddMonths(-24), min(day, v.site.app.Today())))
	points, err := v.site.app.Curve(v.r.Context(), v.who, unit, f.ID(), days)
	if err != nil {
		return err
	}
	l := v.lang
	c := chart.Chart{Kind: chart.Curve, Title: l.T("web.figure.curve"), XHead: l.T("web.figure.day"), YHead: p.Gauge.Name}
	if isShare(f) {
		c.Top, c.Suffix = 100, "\u00a0%"
	}
	known := 0
	for _, point := range points {
		text, unknown := figureValue(l, point.Figure)
		at := chart.Point{At: point.Day.DaysSince("2000-01-01"), Label: string(point.Day), Known: !unknown && point.Figure.Known, Text: text}
		at.Value = figureHeight(point.Figure)
		if share, ok := point.Figure.Percent().Known(); ok && isShare(point.Figure) {
			at.Text = l.PercentSign((share + 50) / 100 * 100) // the table beside it has the decimals
		}
		c.Points = append(c.Points, at)
		if at.Known {
			known++
		}
		p.Points = append(p.Points, Difference{Label: string(point.Day), Is: text})
	}
	slices.Reverse(p.Points)
	if known > 1 {
		c.Desc = l.T("web.figure.curve_desc", p.Gauge.Name, firstKnown(c.Points), p.Points[0].Is)
		p.Chart = chartHTML(c.SVG("curve"))
	}
	return nil
}

// quarters leaves the last days of quarters, and the last day of all.
func quarters(days []register.Day) []register.Day {
	var kept []register.Day
	for i, d := range days {
		if i == len(days)-1 || int(d.Time().Month())%3 == 0 {
			kept = append(kept, d)
		}
	}
	return kept
}

func firstKnown(points []chart.Point) string {
	i := slices.IndexFunc(points, func(p chart.Point) bool { return p.Known })
	return points[i].Text + " (" + points[i].Label + ")"
}

func figureHeight(f app.Figure) float64 {
	if share, ok := f.Percent().Known(); ok && isShare(f) {
		return float64(share) / 100
	}
	n, _ := f.Numerator.Known()
	return float64(n)
}

// records lists what was counted, and what belongs to the whole and was not.
func (p *FigurePage) records(v *visit, f app.Figure) error {
	if f.Kind == "" {
		return nil
	}
	var rest []string
	for _, id := range f.Of {
		if !slices.Contains(f.Counted, id) {
			rest = append(rest, id)
		}
	}
	for _, part := range []struct {
		key string
		ids []string
	}{{"web.figure.in", f.Counted}, {"web.figure.out", rest}, {"web.figure.unclear", f.Unclear}} {
		if len(part.ids) == 0 {
			continue
		}
		n := len(part.ids)
		ids := part.ids[:min(n, mostListed)]
		titles, err := v.site.app.Names(v.r.Context(), v.who, f.Kind, ids)
		if err != nil {
			return err
		}
		list := Listed{Text: v.lang.T(part.key, n)}
		for _, id := range ids {
			if t := titles[id]; t != "" {
				list.Links = append(list.Links, Link{t, address(f.Kind, id)})
			}
		}
		slices.SortStableFunc(list.Links, func(a, b Link) int { return strings.Compare(a.Text, b.Text) })
		p.Counted = append(p.Counted, list)
	}
	return nil
}
