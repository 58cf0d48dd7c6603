// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"strconv"

	"ledsyn/app"
	"ledsyn/locale"
	"ledsyn/register"
)

// ValuesPage is how often each of a column's values stands in a set.
type ValuesPage struct {
	Frame
	Count string
	Rows  []ValueRow
}

// A ValueRow is a value with how many rows have it, and where those are shown.
type ValueRow struct {
	Link
	Count, Share string
	number       int
}

// mostValues is how many different values are shown.
const mostValues = 500

func (s *site) populationValues(v *visit) error {
	q, err := v.query("c", "as")
	if err != nil {
		return err
	}
	column, err := number(q["c"])
	if err != nil {
		return errQuery
	}
	id := v.r.PathValue("id")
	page, err := s.app.Population(v.r.Context(), v.who, id, app.RowQuery{Limit: 1})
	if err != nil {
		return err
	}
	most, distinct, err := s.app.PopulationValues(v.r.Context(), v.who, id, column, mostValues)
	if errors.As(err, new(register.Wrongs)) {
		return errQuery
	}
	if err != nil {
		return err
	}
	l := v.lang
	a := askedRows{path: "/population/" + id}
	p := &ValuesPage{}
	p.Title = l.T("web.population.values", columnNames(l, page.Columns)[column])
	p.Place = page.Titles.Of("unit", page.Population.Unit)
	p.Crumbs = []Link{{l.T("register.population"), "/r/population"}, {page.Population.Name, a.path}}
	p.Count = l.T("web.population.values.count", int(distinct))
	if int(distinct) > len(most) {
		p.Count = l.T("web.population.values.most", len(most), int(distinct))
	}
	for _, one := range most {
		row := ValueRow{Link: Link{one.Value, a.address("", []string{strconv.Itoa(column) + ":is:" + one.Value})}, Count: l.Number(int(one.Count)), number: int(one.Count)}
		if one.Value == "" {
			row.Link = Link{l.T("web.population.empty"), a.address("", []string{strconv.Itoa(column) + ":empty:"})}
		}
		if page.Rows.Total > 0 {
			row.Share = register.PercentOf(int(one.Count * 10000 / page.Rows.Total)).String()
		}
		p.Rows = append(p.Rows, row)
	}
	return v.show(http.StatusOK, "population-values", p)
}

func (p *ValuesPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "web.population.value", "web.population.rows")
	for _, r := range p.Rows {
		t.Rows = append(t.Rows, []any{r.Text, r.number})
	}
	return "varden", t
}
