// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/chart"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// outcome tells what was said of the lines, and what came of it.
func (p *AccessReviewPage) outcome(v *visit, a app.AccessReviewPage) {
	l := v.lang
	c := chart.Chart{Kind: chart.Bars, Title: l.T("web.access.outcome.chart"), XHead: l.T("web.access.mark"), YHead: l.T("web.access.outcome.share"), Top: 100, Suffix: "\u00a0%"}
	var said []string
	for i, o := range a.Marks {
		number := strconv.Itoa(i + 1) // a name has no room under its bar
		name := number + ". " + markName(l, o.Kind)
		p.Marks = append(p.Marks, AccessMark{Name: name, Lines: l.Number(o.Lines), Kept: l.Number(o.Kept), Changed: l.Number(o.Changed), Removed: l.Number(o.Removed),
			Unknown: l.Number(o.Unknown), Blank: l.Number(o.Blank)})
		point := chart.Point{Label: number, Text: l.T("unknown")}
		if answered := o.Lines - o.Blank; answered > 0 {
			share := (o.Changed + o.Removed) * 10000 / answered
			point.Value, point.Known, point.Text = float64(share)/100, true, l.PercentSign((share+50)/100*100)
		}
		said = append(said, name+" "+point.Text)
		c.Points = append(c.Points, point)
	}
	if a.Answered > 0 {
		c.Desc = strings.Join(said, ", ")
		p.Chart = chartHTML(c.SVG("outcome"))
	}
	if a.Review.State == isms.AccessReviewClosed {
		r := a.Review
		p.Progress = l.T("web.access.closed.lead", number0(r.Kept), number0(r.Changed), number0(r.Removed), number0(r.Unknown), number0(r.Unanswered))
	}
	p.removals(v, a)
}

func number0(c register.Count) int { n, _ := c.Known(); return n }

func (p *AccessReviewPage) removals(v *visit, a app.AccessReviewPage) {
	l := v.lang
	left := 0
	for _, list := range a.Removals {
		part := RemovalPart{Name: list.Population.Name, Table: RemovalTable{Lang: l}}
		left += list.NotOrdered
		for _, r := range list.Removals[:min(len(list.Removals), mostRemovals)] {
			part.Table.Rows = append(part.Table.Rows, v.removalLine(r, a.Titles))
		}
		if more := len(list.Removals) - mostRemovals; more > 0 {
			part.More = l.T("web.leavers.more", more)
		}
		switch {
		case list.Population.DisposedOn != "":
			part.Gone = l.T("wrong.set_disposed", string(list.Population.DisposedOn))
		case list.Open > 0:
			for _, form := range []string{"csv", "xlsx"} {
				part.Files = append(part.Files, Link{l.T("web.access.export."+form, list.Open), p.Base + "/removals/" + list.Population.ID + "/" + form})
			}
		}
		p.Removals = append(p.Removals, part)
	}
	if left > 0 && a.May.Order {
		p.Order = l.T("web.access.order.do", left)
	}
	if a.May.Removals {
		for _, newer := range a.Newer {
			p.Compare = append(p.Compare, Option{newer.ID, l.T("web.access.list", newer.Name, string(newer.Day), countText(v, newer.Rows)), false})
		}
	}
}

// MarkWhy tells why a rule has marked a row, from the mark as it is kept: its reason with its days, units and names.
func markWhy(l locale.Lang, text string) string {
	m := isms.ParseMark(text)
	key := "access.why." + m.Kind
	if m.Why != "" {
		key += "." + m.Why
	}
	if !l.Has(key) {
		return ""
	}
	switch m.Kind {
	case isms.MarkConflict:
		return l.T(key, strings.Join(m.Facts, ", "))
	}
	args := make([]any, len(m.Facts))
	for i, fact := range m.Facts {
		args[i] = fact
	}
	return l.T(key, args...)
}

// RemovalPage is a right that is to be taken away, with its row as the list has it.
type RemovalPage struct {
	Frame
	Summary  *Summary
	State    Tag
	Facts    []Fact
	Row      []Fact
	List     Link
	Between  string
	Withdraw string
	Rev      int
	Key      string
	Reason   string
}

func (s *site) removal(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showRemoval(http.StatusOK, nil, "")
}

func (v *visit) showRemoval(status int, wrong register.Wrongs, reason string) error {
	a, err := v.site.app.Removal(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	l, schema := v.lang, register.Of[isms.Removal]()
	line := v.removalLine(a.Removal, a.Titles)
	p := &RemovalPage{State: line.State, Rev: a.Rev, Key: register.NewID(), Reason: reason, List: Link{a.Titles.Of("population", string(a.Population)), "/population/" + string(a.Population)}}
	p.Title, p.Crumbs, p.Place = cmp.Or(a.Name, "–"), []Link{{l.T("web.access"), "/access"}}, a.Titles.Of("unit", a.Unit)
	if a.AccessReview != "" {
		p.Crumbs = append(p.Crumbs, Link{a.Titles.Of("access_review", string(a.AccessReview)), accessAddress(string(a.AccessReview))})
	}
	for _, f := range schema.Fields {
		if f.Name == "name" || f.Name == "population" || f.Name == "row" {
			continue
		}
		if list := values(l, f, &a.Removal, a.Titles, v.site.app.Today()); len(list) > 0 {
			p.Facts = append(p.Facts, Fact{label(l, schema, f), list})
		}
	}
	for i, head := range a.Heads {
		if i < len(a.Cells) {
			p.Row = append(p.Row, Fact{head, []Value{{Text: a.Cells[i]}}})
		}
	}
	if a.GoneOn != "" {
		p.Between = l.T("web.access.latest", string(a.SeenOn), string(a.GoneOn))
	}
	if a.MayWithdraw {
		p.Withdraw = "/access/removal/" + a.ID + "/withdraw"
	}
	p.Summary = summarize(l, schema, wrong)
	p.Failed = p.Summary != nil
	return v.show(status, "access-removal", p)
}

func (s *site) withdrawRemoval(v *visit) error {
	form, err := v.formOf("_rev", "_key", "note")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	err = s.app.WithdrawRemoval(v.r.Context(), v.who, app.Entry{ID: id, Rev: rev}, form["note"], form["_key"])
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showRemoval(http.StatusUnprocessableEntity, wrong, form["note"])
	}
	return v.afterAct(err, "/access/removal/"+id)
}
