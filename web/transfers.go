// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// TransfersPage is every way in which a unit's personal data leave the EU and the EEA, or may have to.
type TransfersPage struct {
	Frame
	Ask       AskFigures
	Closed    bool
	Gauges    []Gauge
	Told      TransferTable
	Foreign   PartyTable // in the EU or the EEA, with a parent outside
	Outside   PartyTable
	Decisions []Governing
	New       string
}

// TransferTable is transfers, with the entries that they belong to where these differ.
type TransferTable struct {
	locale.Lang
	Entries bool
	Rows    []TransferLine
}

// PartyTable is those who get data.
type PartyTable struct {
	locale.Lang
	Rows []PartyLine
}

// A TransferLine is one transfer with what is to be seen to about it.
type TransferLine struct {
	Link
	Entry, Decision Value
	Country         string
	Tool            Value
	ToolNote        string
	Fallback        string
	Assessed        Value
	Age             string
	Remarks         []string
}

// A PartyLine is a supplier or its own processor, with whose data it gets.
type PartyLine struct {
	Link
	Kind, Country, Parent string
	Foreign               bool // in the EU or the EEA, with a parent outside
	Entries               []Link
}

func (s *site) transfers(v *visit) error {
	_, unit, ask, err := v.asksUnit("/processing/transfers", "as")
	if err != nil {
		return err
	}
	l := v.lang
	p := &TransfersPage{Ask: ask, Told: TransferTable{Lang: l, Entries: true}, Foreign: PartyTable{Lang: l}, Outside: PartyTable{Lang: l}}
	p.Title = l.T("web.transfers")
	p.Crumbs = []Link{{l.T("web.processing"), ofUnit("/processing", unit)}}
	if p.Place = v.unitName(unit); p.Place == "" {
		return isms.ErrNotFound
	}
	page, err := s.app.Transfers(v.r.Context(), v.who, unit)
	if closedTo(err) {
		p.Closed = true
		return v.show(http.StatusOK, "processing-transfers", p)
	}
	if err != nil {
		return err
	}
	p.Gauges = v.gaugesOf(page.Figures, []string{"transfers_assessed", "transfers_dpf_alone"}, unit, page.Day)
	for _, row := range page.Rows {
		p.Told.Rows = append(p.Told.Rows, v.transferLine(row, page))
	}
	for _, one := range page.Parties {
		line := PartyLine{Link: Link{one.Name, address(one.Kind, one.ID)}, Kind: l.T("register." + one.Kind + ".one"), Country: v.countryName(one.Country),
			Parent: v.countryName(one.Parent)}
		for _, id := range one.Entries {
			if title := page.Titles.Of("processing", id); title != "" {
				line.Entries = append(line.Entries, Link{title, entryAddress(id)})
			}
		}
		if one.ForeignParent {
			p.Foreign.Rows = append(p.Foreign.Rows, line)
		} else {
			p.Outside.Rows = append(p.Outside.Rows, line)
		}
	}
	if p.Decisions, err = v.decisions(page, unit); err != nil {
		return err
	}
	t, err := v.site.app.List(v.r.Context(), v.who, "transfer", app.Query{Limit: 1})
	if err == nil && len(t.CreateIn) > 0 {
		p.New = "/r/transfer/new"
	}
	return v.show(http.StatusOK, "processing-transfers", p)
}

func (v *visit) transferLine(row app.TransferRow, page app.TransferPage) TransferLine {
	l := v.lang
	schema := register.Of[isms.Transfer]()
	line := TransferLine{Link: Link{row.Importer, address("transfer", row.ID)}, Country: v.countryName(row.Country), Remarks: v.workWords(row.Remarks)}
	line.Entry = Value{Text: page.Titles.Of("processing", string(row.Processing)), URL: entryAddress(string(row.Processing))}
	if row.Decision != "" {
		line.Decision = linked(l, "decision", string(row.Decision), page.Titles)
	}
	tool, _ := schema.Field("tool")
	line.Tool = Value{Text: l.T("web.transfers.no_tool"), Tag: "bad"}
	if row.Tool != "" {
		line.Tool = Value{Text: l.T(tool.ChoiceKey(string(row.Tool)))}
	}
	if row.Tool == isms.ToolDPF && row.DPFCheckedOn != "" {
		line.ToolNote = l.T("web.transfers.checked", string(row.DPFCheckedOn))
	}
	if row.Fallback != "" {
		line.Fallback = l.T(tool.ChoiceKey(string(row.Fallback)))
	}
	line.Assessed = Value{Text: l.T("web.transfers.never"), Tag: "warn"}
	if row.AssessedOn != "" {
		line.Assessed = Value{Text: string(row.AssessedOn), Day: true}
		line.Age = l.T("web.transfers.age", months(row.AssessedOn, page.Day))
	}
	return line
}

// months is the number of whole months from one day to another.
func months(from, to register.Day) int {
	n := 0
	for n < 1200 && from.AddMonths(n+1) <= to {
		n++
	}
	return n
}

// decisions tells of the decisions that govern transfers and suppliers, and of what has not been held against them.
func (v *visit) decisions(page app.TransferPage, unit string) ([]Governing, error) {
	if len(page.Decisions) == 0 {
		return nil, nil
	}
	work, err := v.site.app.ProcessingWorklist(v.r.Context(), v.who, unit)
	if err != nil {
		return nil, err
	}
	var against []Conflict
	for _, group := range work.Groups {
		if group.Code == "transfer_against_decision" || group.Code == "processing_against_decision" {
			for _, w := range group.List {
				against = append(against, Conflict{Link{w.Title, mendAddress(w)}, w.Words(v.lang)})
			}
		}
	}
	var list []Governing
	for i, d := range page.Decisions {
		g := Governing{Link: Link{d.Title, address("decision", d.ID)}, By: v.lang.T("web.transfers.decided", d.Issuer, string(d.DecidedOn))}
		if d.Issuer == "" {
			g.By = string(d.DecidedOn)
		}
		g.Affects = v.lang.T("web.transfers.affects", len(page.Rows), len(page.Parties))
		if i == 0 { // what goes against several is told at the first
			g.Against = against
		}
		list = append(list, g)
	}
	return list, nil
}
