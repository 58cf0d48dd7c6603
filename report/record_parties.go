// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"cmp"
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/metric"
	"ledsyn/register"
)

// transfersOf tells the transfers of one entry.
func (r *recordMaking) transfersOf(p isms.Processing) string {
	var told []string
	for _, t := range r.transfersNow() {
		if string(t.Processing) == p.ID {
			told = append(told, r.t("record.transfer.one", r.country(t.Country), t.Importer, r.tool(t.Tool)))
		}
	}
	return strings.Join(told, "; ")
}

func (r *recordMaking) tool(t isms.TransferTool) string {
	if t == "" {
		return r.t("record.transfer.no_tool")
	}
	return r.t("choice.transfer_tool." + string(t))
}

// transfersNow lists the transfers of entries in use, by country and importer.
func (r *recordMaking) transfersNow() []isms.Transfer {
	list := metric.TransfersOf(r.in.Records, r.in.Day)
	slices.SortFunc(list, func(a, b isms.Transfer) int {
		return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Importer, b.Importer), cmp.Compare(a.ID, b.ID))
	})
	return list
}

func (r *recordMaking) transfers() Section {
	s := Section{Key: "transfers", Level: 1, Heading: r.t("record.transfers.heading")}
	head := r.heads("record.transfer.country", "record.transfer.importer", "record.transfer.entry", "record.transfer.tool", "record.transfer.assessed")
	for i, width := range []float64{2, 3, 3, 4, 2} {
		head[i].Width = width
	}
	table := Block{Type: Table, Head: head}
	for _, t := range r.transfersNow() {
		table.Refs = append(table.Refs, ref("transfer", t.ID))
		entry := nameOf(r.in.Records.Processings, string(t.Processing), func(p isms.Processing) (string, string) { return p.ID, p.Name })
		table.Rows = append(table.Rows, textCells(r.country(t.Country), t.Importer, entry, r.tool(t.Tool), r.orUnknown(r.dayOrNothing(t.AssessedOn))))
	}
	if len(table.Rows) == 0 {
		s.Blocks = r.missing("record.transfers.none")
	} else {
		s.Blocks = []Block{table}
	}
	for _, p := range r.inUse() {
		if p.TransfersOut == "" {
			s.Blocks = append(s.Blocks, r.missing("record.transfers.unanswered")...)
			break
		}
	}
	return s
}

func (r *recordMaking) dayOrNothing(d register.Day) string {
	if d == "" {
		return ""
	}
	return r.days(d)
}

func (r *recordMaking) heads(keys ...string) []Cell {
	var head []Cell
	for _, key := range keys {
		head = append(head, Cell{Text: plain(r.t(key))})
	}
	return head
}

func textCells(texts ...string) []Cell {
	row := make([]Cell, len(texts))
	for i, text := range texts {
		row[i] = Cell{Text: plain(text)}
	}
	return row
}

// A recipient is a supplier or a supplier's own processor that gets data of entries in use.
type recipient struct {
	id, name, role  string
	country, parent string
	ref             metric.Ref
}

// foreignParent reports whether the recipient is in the EU or the EEA and its group's parent in a third country.
func (p recipient) foreignParent() bool {
	at, known := law.CountryOf(p.country)
	parent, known2 := law.CountryOf(p.parent)
	return known && !at.Third() && known2 && parent.Third()
}

// recipients lists who gets data of the entries: their suppliers, those of their agreements, and these suppliers' own
// processors.
func (r *recordMaking) recipients(entries ...isms.Processing) []recipient {
	suppliers, agreements := map[register.Ref[isms.Supplier]]bool{}, map[register.Ref[isms.Agreement]]bool{}
	for _, p := range entries {
		for _, s := range p.Suppliers {
			suppliers[s] = true
		}
		for _, a := range p.Agreements {
			agreements[a] = true
		}
	}
	for _, a := range r.in.Records.Agreements {
		if agreements[register.Ref[isms.Agreement](a.ID)] {
			suppliers[a.Supplier] = true
		}
	}
	var list []recipient
	for _, s := range r.in.Records.Suppliers {
		if suppliers[register.Ref[isms.Supplier](s.ID)] {
			list = append(list, recipient{s.ID, s.Name, r.t("register.supplier.one"), s.Country, s.ParentCountry, ref("supplier", s.ID)})
		}
	}
	for _, s := range r.in.Records.SubProcessors {
		if agreements[s.Agreement] && r.alive(s.Record) {
			list = append(list, recipient{s.ID, s.Name, r.t("register.sub_processor.one"), s.Country, s.ParentCountry, ref("sub_processor", s.ID)})
		}
	}
	slices.SortFunc(list, func(a, b recipient) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id)) })
	return list
}

// foreignParents tells which recipients of one entry are in the EU or the EEA but belong to a group outside: a remark of
// its own, which no answer on transfers takes away.
func (r *recordMaking) foreignParents(p isms.Processing) string {
	var told []string
	for _, one := range r.recipients(p) {
		if one.foreignParent() {
			told = append(told, r.t("record.foreign_parent", one.name, r.country(one.country), r.country(one.parent)))
		}
	}
	return strings.Join(told, " ")
}

func (r *recordMaking) parties() Section {
	s := Section{Key: "parties", Level: 1, Heading: r.t("record.parties")}
	table := Block{Type: Table, Head: r.heads("record.party.name", "record.party.role", "record.party.country", "record.party.parent", "record.party.remark")}
	for _, one := range r.recipients(r.inUse()...) {
		remark := ""
		at, known := law.CountryOf(one.country)
		switch {
		case known && at.Third():
			remark = r.t("record.party.third")
		case one.foreignParent():
			remark = r.t("record.party.foreign_parent")
		}
		parent := ""
		if one.parent != "" {
			parent = r.country(one.parent)
		}
		table.Refs = append(table.Refs, one.ref)
		table.Rows = append(table.Rows, textCells(one.name, one.role, r.country(one.country), parent, remark))
	}
	if len(table.Rows) == 0 {
		s.Blocks = r.missing("record.parties.none")
		return s
	}
	s.Blocks = []Block{table}
	return s
}

// left lists the entries that the public version leaves out: nothing of them but the provision.
func (r *recordMaking) left() Section {
	s := Section{Key: "left_out", Level: 1, Heading: r.t("record.left_out")}
	if len(r.leftOut) == 0 {
		s.Blocks = []Block{{Type: Paragraph, Text: r.say("record.left_out.none")}}
		return s
	}
	var items []Item
	for _, provision := range r.leftOut {
		items = append(items, item(r.say("record.left_out.one", r.orUnknown(provision))))
	}
	s.Blocks = []Block{{Type: Paragraph, Text: r.say("record.left_out.are", len(items))}, list(items...)}
	return s
}
