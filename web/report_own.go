// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"

	"ledsyn/isms"
	"ledsyn/register"
)

// OwnReportsPage lists what the person has reported, for whoever may report and no more.
type OwnReportsPage struct {
	Frame
	Reports []OwnReportLine
}

// An OwnReportLine is a report with where it stands.
type OwnReportLine struct {
	Link     Link
	Title    string
	Reported string
	State    Value
}

func (s *site) ownReports(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	list, err := s.app.OwnReports(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	p := &OwnReportsPage{}
	p.Title = v.lang.T("web.report.own")
	p.Crumbs = []Link{{v.lang.T("web.report"), "/report"}}
	state, _ := register.Of[isms.Incident]().Field("state")
	for _, r := range list {
		line := OwnReportLine{Link: Link{r.Reference, "/report/done/" + r.ID}, Title: r.Title, Reported: clock(r.ReportedAt), State: choice(v.lang, state, string(r.State))}
		if line.Title == "" {
			line.Title = v.lang.T("web.hidden")
		}
		p.Reports = append(p.Reports, line)
	}
	return v.show(http.StatusOK, "report-own", p)
}
