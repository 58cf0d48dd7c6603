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
	"ledsyn/locale"
	"ledsyn/register"
)

// FiguresPage is every figure of a unit on a day.
type FiguresPage struct {
	Frame
	Ask    AskFigures
	Groups []Gauges
}

// AskFigures is the form for unit and day.
type AskFigures struct {
	Action string
	Units  []Option
	Day    string
}

// Gauges is figures of one kind of work: those of the day as cards, those of a year each in a table of years.
type Gauges struct {
	Text  string
	List  []Gauge
	Years []string
	Rows  []YearRow
}

// A YearRow is a figure that there is one of for each year.
type YearRow struct {
	Name  string
	Cells []Gauge // one for each of the group's years; without an address where there is none
}

// A Gauge is one figure. Share is between 0 and 100, for the bar; it has none where the figure is no share.
type Gauge struct {
	Name, URL string
	Value     string
	Unknown   bool
	Of        string // 18 of 60 systems
	Share     string
	Note      string // recorded by hand, or at least
}

// asksFigures reads which unit and day a page of figures is asked for: the actor's first unit and today if it does not say.
func (v *visit) asksFigures(action string) (unit string, day register.Day, form AskFigures, err error) {
	q, err := v.query("unit", "day")
	if err != nil {
		return "", "", form, err
	}
	units, err := v.units()
	if err != nil {
		return "", "", form, err
	}
	unit, day = q["unit"], register.Day(q["day"])
	if unit == "" {
		unit = v.home(units)
	}
	if day == "" {
		day = v.site.app.Today()
	}
	form = AskFigures{Action: action, Day: string(day)}
	for _, u := range units {
		form.Units = append(form.Units, Option{u.Value, u.Text, u.Value == unit})
	}
	return unit, day, form, nil
}

func (s *site) figures(v *visit) error {
	unit, day, form, err := v.asksFigures("/figures")
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
	p := &FiguresPage{Ask: form}
	p.Title = v.lang.T("web.figures")
	p.Place = v.unitName(unit)
	for _, g := range navGroups {
		var own []app.Figure
		for _, f := range figures {
			if figureGroup(f) == g.key {
				own = append(own, f)
			}
		}
		if len(own) > 0 {
			p.Groups = append(p.Groups, v.gauges(v.lang.T("web.group."+g.key), own, unit, day))
		}
	}
	return v.show(http.StatusOK, "figures", p)
}

func (v *visit) gauges(text string, figures []app.Figure, unit string, day register.Day) Gauges {
	g := Gauges{Text: text}
	for _, f := range figures {
		if year := yearText(f.Year); f.Year != 0 && !slices.Contains(g.Years, year) {
			g.Years = append(g.Years, year)
		}
	}
	slices.Sort(g.Years)
	for _, f := range figures {
		if f.Year == 0 {
			g.List = append(g.List, v.gauge(f, unit, day))
			continue
		}
		name := figureName(v.lang, f, false)
		i := slices.IndexFunc(g.Rows, func(r YearRow) bool { return r.Name == name })
		if i < 0 {
			i = len(g.Rows)
			g.Rows = append(g.Rows, YearRow{name, make([]Gauge, len(g.Years))})
		}
		g.Rows[i].Cells[slices.Index(g.Years, yearText(f.Year))] = v.gauge(f, unit, day)
	}
	return g
}

// figureGroup is the part of the work that a figure belongs to: that of its records.
func figureGroup(f app.Figure) string {
	kind := f.Kind
	if kind == "" {
		kind = f.Unit
	}
	for _, g := range navGroups {
		if slices.Contains(g.kinds, kind) {
			return g.key
		}
	}
	return "measures"
}

func (v *visit) gauge(f app.Figure, unit string, day register.Day) Gauge {
	l := v.lang
	g := Gauge{Name: figureName(l, f, true), URL: "/figures/" + escapePath(f.ID()) + "?" + url.Values{"unit": {unit}, "day": {string(day)}}.Encode()}
	g.Value, g.Unknown = figureValue(l, f)
	n, hasN := f.Numerator.Known()
	d, hasD := f.Denominator.Known()
	things := unitOfCount(l, f.Unit)
	switch {
	case hasN && hasD:
		g.Of = l.T("web.figures.of", n, d, things)
	case !f.IsShare():
		g.Of = l.T("figure." + f.Key + ".unit")
	default:
		g.Of = l.T("web.figures.share_of", things)
	}
	if p, ok := f.Percent().Known(); ok && isShare(f) {
		g.Share = register.PercentOf(p).String()
	}
	switch {
	case f.Recorded:
		g.Note = l.T("web.figures.recorded", string(f.Day))
	case len(f.Unclear) > 0:
		g.Note = l.T("web.figures.unclear", len(f.Unclear))
	}
	return g
}

// figureName is what a figure is called, with the part it is of and, if asked for, the year.
func figureName(l locale.Lang, f app.Figure, year bool) string {
	name := l.T("figure." + f.Key)
	if part := partName(l, f); part != "" {
		name += ", " + part
	}
	if year && f.Year != 0 {
		name += " " + yearText(f.Year)
	}
	return name
}

func partName(l locale.Lang, f app.Figure) string {
	if f.Key == "recommendations_open" {
		return l.T("report.issuer." + f.Part)
	}
	return f.PartName
}

// toldAsNumber are the figures that are things to mend: how many there are is told, though they have a whole that they are a part of.
var toldAsNumber = []string{"recommendations_open", "documents_without_owner", "documents_past_review", "systems_expired", "deviations_found", "deviations_open"}

func isShare(f app.Figure) bool {
	return f.IsShare() && f.Kind != "activity_target" && !slices.Contains(toldAsNumber, f.Key)
}

// figureValue is the figure's number in words, or that it is not known.
func figureValue(l locale.Lang, f app.Figure) (text string, unknown bool) {
	if share, ok := f.Percent().Known(); ok && isShare(f) {
		return l.PercentSign(share), false
	}
	n, ok := f.Numerator.Known()
	switch {
	case f.Known && ok && isShare(f): // nothing to take a share of
		return l.T("web.figures.none_of"), true
	case f.Known && ok:
		return l.Number(n), false
	case f.AtLeast && ok:
		return l.T("web.figures.at_least", n), false
	}
	return l.T("unknown"), true
}

func unitOfCount(l locale.Lang, unit string) string { return l.T("unit_of_count." + unit) }

// escapePath writes a figure's id as part of an address; its slashes stay.
func escapePath(id string) string {
	parts := strings.Split(id, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}

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

// figureText is the figure's number with what it was counted from.
func figureText(v *visit, f app.Figure) string {
	text, unknown := figureValue(v.lang, f)
	n, hasN := f.Numerator.Known()
	d, hasD := f.Denominator.Known()
	if unknown || !hasN || !hasD {
		return text
	}
	return v.lang.T("web.figures.value_of", text, n, d)
}
