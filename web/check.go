// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"strconv"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// ChecksPage is every spot check: those under way, those that are done, and those that were written down by hand.
type ChecksPage struct {
	Frame
	New    string
	Groups []CheckGroup
}

// A CheckGroup is the checks that have come equally far.
type CheckGroup struct {
	Key, Text, About string
	Rows             []CheckRow
	Done             bool // they have results
}

// A CheckRow is a check in a list. What is not known is said to be.
type CheckRow struct {
	Link
	Area, Unit, Year string
	State            Value
	Due              Tag
	Progress         string
	Sample           string
	Found, Open      string
	Upper            string
	On               string
}

func checkAddress(id string) string { return "/checks/" + id }

// checkRoutes are the pages of spot checks.
func checkRoutes() []route {
	return []route{
		{"GET /checks", false, (*site).checks},
		{"GET /checks/new", false, (*site).checkNew},
		{"POST /checks/new", false, (*site).makeCheck},
		{"GET /checks/{id}", false, (*site).check},
		{"GET /checks/{id}/plan", false, (*site).checkPlan},
		{"POST /checks/{id}/plan", false, (*site).saveCheckPlan},
		{"GET /checks/{id}/items", false, (*site).checkItems},
		{"GET /checks/{id}/protocol", false, (*site).checkProtocol},
		{"POST /checks/{id}/do/{act}", false, (*site).doCheck},
		{"POST /checks/{id}/deviation/{deviation}", false, (*site).retest},
	}
}

func (s *site) checks(v *visit) error {
	if _, err := v.query("as"); err != nil {
		return err
	}
	list, names, may, err := s.app.SpotChecks(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	l := v.lang
	p := &ChecksPage{}
	p.Title = l.T("web.checks")
	if may {
		p.New = "/checks/new"
	}
	groups := []CheckGroup{{Key: "open"}, {Key: "done", Done: true}, {Key: "written", About: l.T("web.checks.written.about"), Done: true}, {Key: "cancelled"}}
	for _, c := range list {
		i := 0
		switch c.State {
		case isms.SpotCheckDone:
			i = 1
		case "":
			i = 2
		case isms.SpotCheckCancelled:
			i = 3
		}
		groups[i].Rows = append(groups[i].Rows, v.checkRow(c, names))
	}
	for _, g := range groups {
		if g.Text = l.T("web.checks." + g.Key); len(g.Rows) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	return v.show(http.StatusOK, "checks", p)
}

func (v *visit) checkRow(c app.SpotCheckRow, names app.Titles) CheckRow {
	l := v.lang
	state, _ := register.Of[isms.SpotCheck]().Field("state")
	row := CheckRow{Link: Link{c.Name, checkAddress(c.ID)}, Area: c.Area, Unit: names.Of("unit", c.Unit), Year: strconv.Itoa(c.Year), On: string(c.PerformedOn),
		Sample: counted(l, c.Sample), Found: counted(l, c.Found), Open: l.T("web.check.not_known"), Upper: l.T("web.check.not_known")}
	if c.State == "" {
		row.URL = address("spot_check", c.ID)
	} else {
		row.State = choice(l, state, string(c.State))
	}
	if n, known := c.Population.Known(); known && c.Sample.IsKnown() {
		row.Sample = l.T("web.check.sample_of", row.Sample, l.Number(n))
	}
	if !c.Found.IsKnown() && c.SomeFound {
		row.Found = l.T("web.check.some")
	}
	found, a := c.Found.Known()
	if remedied, b := c.Remedied.Known(); a && b {
		row.Open = l.Number(found - remedied)
	}
	if n, known := c.Upper.Known(); known {
		row.Upper = l.T("web.check.upper_at_most", l.PercentSign(n))
		if c.Sample == c.Population { // nothing is estimated where all were looked at
			row.Upper = l.PercentSign(n)
		}
	}
	if c.State == isms.SpotCheckOngoing {
		row.Progress = l.T("web.check.progress", c.Answered, c.Rows)
	}
	if c.DueOn != "" && c.State != isms.SpotCheckDone && c.State != isms.SpotCheckCancelled {
		row.Due = Tag{string(c.DueOn), ""}
		if c.DueOn < v.site.app.Today() {
			row.Due.Class = "warn"
		}
	}
	return row
}

// counted is a number for people, or the word for one that is not known.
func counted(l locale.Lang, c register.Count) string {
	if n, known := c.Known(); known {
		return l.Number(n)
	}
	return l.T("web.check.not_known")
}

func (p *ChecksPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "web.check.name", "spot_check.area", "web.unit", "spot_check.year", "web.check.column.state", "web.check.column.due", "web.check.column.sample",
		"web.check.column.found", "web.check.column.open", "web.check.column.upper", "spot_check.performed_on")
	for _, g := range p.Groups {
		for _, r := range g.Rows {
			t.Rows = append(t.Rows, []any{r.Text, r.Area, r.Unit, typed(r.Year), r.State.Text, typed(r.Due.Text), r.Sample, typed(r.Found), typed(r.Open), r.Upper, typed(r.On)})
		}
	}
	return "stickprovskontroller", t
}
