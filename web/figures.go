// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
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
	Text    string
	List    []Gauge
	Unknown []Link // figures of the day that are not known
	Years   []string
	Rows    []YearRow
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
	q, err := v.query("unit", "day", "as")
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
			one := v.gauge(f, unit, day)
			if one.Unknown && one.Note == "" {
				g.Unknown = append(g.Unknown, Link{one.Name, one.URL})
			} else {
				g.List = append(g.List, one)
			}
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

// figureGroup is the part of the work that a figure belongs to: that of what is counted, or else that of its records.
func figureGroup(f app.Figure) string {
	for _, kind := range []string{f.Unit, f.Kind} {
		for _, g := range navGroups {
			if slices.Contains(g.kinds, kind) && kind != "person" { // persons are counted for training, not for the organisation
				return g.key
			}
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
	if part := report.PartName(l, f); part != "" {
		name += ", " + part
	}
	if year && f.Year != 0 {
		name += " " + yearText(f.Year)
	}
	return name
}

// toldAsNumber are the figures that are things to mend: how many there are is told, though they have a whole that they are a part of.
var toldAsNumber = []string{"recommendations_open", "documents_without_owner", "documents_past_review", "systems_expired", "deviations_found", "deviations_open",
	"controls_not_reported", "risks_by_band", "actions_late", "deviations_waiting", "repeat_deviations", "removals_open", "posts_vacant", "posts_doubled"}

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
