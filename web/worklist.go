// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"

	"ledsyn/app"
	"ledsyn/isms"
)

// WorklistPage is all that somebody should see to in a unit's record of processing.
type WorklistPage struct {
	Frame
	Ask    AskFigures
	Closed bool
	Count  string
	Mine   bool // only what is the person's own
	Other  *Link
	Groups []WorkRows
}

// WorkRows is work of one kind: what it is, why it matters and how to mend it, and where.
type WorkRows struct {
	ID, What, Why, Mend string
	Count               string
	Rows                []WorkRow
}

// A WorkRow is one thing to see to.
type WorkRow struct {
	Link
	Said  string
	Unit  string
	Owner string
}

func (s *site) worklist(v *visit) error {
	q, unit, ask, err := v.asksUnit("/processing/worklist", "mine", "as")
	if err != nil {
		return err
	}
	l := v.lang
	p := &WorklistPage{Ask: ask, Mine: q["mine"] == "1"}
	p.Title = l.T("web.worklist")
	p.Crumbs = []Link{{l.T("web.processing"), ofUnit("/processing", unit)}}
	if p.Place = v.unitName(unit); p.Place == "" {
		return isms.ErrNotFound
	}
	list, err := s.app.ProcessingWorklist(v.r.Context(), v.who, unit)
	if closedTo(err) {
		p.Closed = true
		return v.show(http.StatusOK, "processing-worklist", p)
	}
	if err != nil {
		return err
	}
	total := p.rows(v, list)
	p.Count = l.T("web.worklist.count", total)
	if p.Mine {
		p.Other = &Link{l.T("web.worklist.all"), ofUnit("/processing/worklist", unit)}
	} else if v.owns(list) {
		p.Other = &Link{l.T("web.worklist.mine"), ofUnit("/processing/worklist", unit) + "&mine=1"}
	}
	return v.show(http.StatusOK, "processing-worklist", p)
}

func (v *visit) owns(list app.Worklist) bool {
	for _, g := range list.Groups {
		for _, w := range g.List {
			if w.Owner != "" && w.Owner == v.who.Person {
				return true
			}
		}
	}
	return false
}

func (p *WorklistPage) rows(v *visit, list app.Worklist) (total int) {
	several := len(list.Titles["unit"]) > 1
	for _, g := range list.Groups {
		rows := WorkRows{ID: g.Code}
		_, rows.Why, rows.Mend = g.Words(v.lang)
		rows.What = v.lang.T("web.work." + g.Code)
		for _, w := range g.List {
			if p.Mine && w.Owner != v.who.Person {
				continue
			}
			row := WorkRow{Link: Link{w.Title, mendAddress(w)}, Said: w.Words(v.lang), Owner: list.Titles.Of("person", w.Owner)}
			if several {
				row.Unit = list.Titles.Of("unit", w.Unit)
			}
			rows.Rows = append(rows.Rows, row)
		}
		if len(rows.Rows) > 0 {
			rows.Count = v.lang.Number(len(rows.Rows))
			p.Groups = append(p.Groups, rows)
			total += len(rows.Rows)
		}
	}
	return total
}

// mendAddress is the page where a remark is mended: the entry's own, which leads on to the field, or the record's.
func mendAddress(w app.Work) string {
	switch w.Kind {
	case "processing":
		if len(w.Fields) > 0 {
			return entryAddress(w.ID) + "#missing"
		}
		return entryAddress(w.ID)
	case "dpia":
		return "/dpia/" + w.ID
	}
	return address(w.Kind, w.ID)
}
