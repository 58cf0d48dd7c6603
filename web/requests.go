// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"slices"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// RequestsPage is the requests from data subjects, with the clock of each.
type RequestsPage struct {
	Frame
	Ask    AskFigures
	Closed bool
	Gauges []Gauge
	Late   string
	Open   []RequestLine
	Done   []RequestLine
	More   *Link
	New    string
}

// A RequestLine is one request. Clock is how much of its time is left, or how it went.
type RequestLine struct {
	Link
	Kind, Unit, Handler    string
	Received, Last, Target string
	Clock                  Tag
	Extended               string
	Extend, Answer         string // where it is extended or answered, "" for those who may not
	Answered               string
	Refused                bool
}

const mostDone = 50

func (s *site) requests(v *visit) error {
	_, unit, ask, err := v.asksUnit("/requests", "as")
	if err != nil {
		return err
	}
	l := v.lang
	p := &RequestsPage{Ask: ask}
	p.Title = l.T("web.requests")
	p.Crumbs = []Link{{l.T("web.processing"), ofUnit("/processing", unit)}}
	if p.Place = v.unitName(unit); p.Place == "" {
		return isms.ErrNotFound
	}
	page, err := s.app.Requests(v.r.Context(), v.who, unit)
	if closedTo(err) {
		p.Closed = true
		return v.show(http.StatusOK, "requests", p)
	}
	if err != nil {
		return err
	}
	may := map[string]bool{} // by unit
	t, err := s.app.List(v.r.Context(), v.who, "subject_request", app.Query{Limit: 1})
	if err != nil {
		return err
	}
	for _, unit := range t.CreateIn {
		may[unit], p.New = true, "/r/subject_request/new"
	}
	for _, row := range page.Open {
		p.Open = append(p.Open, v.requestLine(row, page.Titles, may[row.Unit]))
	}
	done := page.Done
	if v.as == "" {
		done = done[:min(len(done), mostDone)]
	}
	for _, row := range done {
		p.Done = append(p.Done, v.requestLine(row, page.Titles, false))
	}
	if len(page.Done) > len(done) {
		p.More = &Link{l.T("web.start.all", len(page.Done)), "/r/subject_request?sort=-received_on"}
	}
	if page.Late > 0 {
		p.Late = l.T("web.requests.late", page.Late)
	}
	if figures, err := s.app.Figures(v.r.Context(), v.who, unit, page.Day, "", "requests_in_time"); err == nil {
		p.Gauges = v.gaugesOf(figures, []string{"requests_in_time"}, unit, page.Day)
		p.Gauges = slices.DeleteFunc(p.Gauges, func(g Gauge) bool { return g.Unknown })
	} else if !closedTo(err) {
		return err
	}
	return v.show(http.StatusOK, "requests", p)
}

func (v *visit) requestLine(row app.RequestRow, titles app.Titles, may bool) RequestLine {
	l := v.lang
	kind, _ := register.Of[isms.SubjectRequest]().Field("kind")
	line := RequestLine{Link: Link{row.Dnr, address("subject_request", row.ID)}, Kind: l.T(kind.ChoiceKey(string(row.Kind))),
		Handler: titles.Of("person", string(row.Handler)), Received: string(row.ReceivedOn), Last: l.Day(string(row.Last)), Answered: string(row.AnsweredOn),
		Refused: row.Refused}
	if row.Target < row.Last {
		line.Target = l.T("web.requests.target", string(row.Target))
	}
	if row.ExtendedOn != "" {
		line.Extended = l.T("web.requests.extended", string(row.ExtendedOn))
	}
	if len(titles["unit"]) > 1 {
		line.Unit = titles.Of("unit", row.Unit)
	}
	line.Clock = v.requestClock(row)
	if may {
		line.Answer = line.URL + "/edit#f-answered_on"
		if row.MayExtend {
			line.Extend = line.URL + "/edit#f-extended_on"
		}
	}
	return line
}

// hurry is how many days before its last day a request is marked.
const hurry = 10

func (v *visit) requestClock(row app.RequestRow) Tag {
	l := v.lang
	switch {
	case row.Last == "":
		return Tag{l.T("unknown"), "none"}
	case !row.Open && row.Late:
		return Tag{l.T("web.requests.answered_late", row.AnsweredOn.DaysSince(row.Last)), "bad"}
	case !row.Open:
		return Tag{l.T("web.requests.in_time"), "good"}
	case row.DaysLeft < 0:
		return Tag{l.T("web.requests.over", -row.DaysLeft), "bad"}
	case row.DaysLeft == 0:
		return Tag{l.T("web.requests.today"), "warn"}
	case row.DaysLeft <= hurry:
		return Tag{l.T("web.requests.days", row.DaysLeft), "warn"}
	}
	return Tag{l.T("web.requests.days", row.DaysLeft), "info"}
}
