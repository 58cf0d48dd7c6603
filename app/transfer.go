// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/store"
)

// A party is somebody outside who gets the data of an entry: a supplier, or a supplier's own processor.
type party struct {
	rec             register.Entity
	name            string
	country, parent string
}

// outside reports whether the party is in a third country.
func (p party) outside() bool { return third(p.country) }

// foreignParent reports whether the party is not in a third country but its group's parent is: the parent may be made to
// hand out the data, so this is a remark of its own and never the same as no transfer.
func (p party) foreignParent() bool { return !p.outside() && third(p.parent) }

func third(code string) bool {
	c, ok := law.CountryOf(code)
	return ok && c.Third()
}

// country is the country's name in both languages, or its letters where there is no such country.
func country(code string) any {
	if c, ok := law.CountryOf(code); ok {
		return c.Name
	}
	return code
}

// parties lists who gets the data of the entry: its suppliers, those of its agreements, and their own processors.
func (v *recordOf) parties(p isms.Processing) []party {
	var list []party
	add := func(one party) {
		if !slices.ContainsFunc(list, func(was party) bool { return was.rec.Head().ID == one.rec.Head().ID }) {
			list = append(list, one)
		}
	}
	supplier := func(id register.Ref[isms.Supplier]) {
		if s, ok := v.suppliers[id]; ok {
			add(party{&s, s.Name, s.Country, s.ParentCountry})
		}
	}
	for _, id := range p.Suppliers {
		supplier(id)
	}
	for _, id := range p.Agreements {
		if a, ok := v.agreements[id]; ok {
			supplier(a.Supplier)
			for _, s := range v.subs[id] {
				add(party{&s, s.Name, s.Country, s.ParentCountry})
			}
		}
	}
	return list
}

// governing lists the decisions in force that the registers are held against for services outside the EU and the EEA.
func (v *recordOf) governing() []isms.Decision {
	var list []isms.Decision
	for _, d := range v.Decisions {
		if d.Affects == isms.SubjectCloudOutsideEU && d.State != isms.DecisionMoot && d.DecidedOn <= v.day && !v.gone(d.Record) {
			list = append(list, d)
		}
	}
	return list
}

// abroad goes through where the data of one entry in use go.
func (v *recordOf) abroad(p *isms.Processing) {
	transfers := v.transfers[register.Ref[isms.Processing](p.ID)]
	switch {
	case p.TransfersOut == isms.Yes && len(transfers) == 0:
		v.add("transfer_missing", p, p.Owner)
	case p.TransfersOut == isms.No && len(transfers) > 0:
		v.add("transfer_contradicts", p, p.Owner, country(transfers[0].Country))
	}
	var outside, against []string
	for _, one := range v.parties(*p) {
		told := func(code string) bool {
			return slices.ContainsFunc(transfers, func(t isms.Transfer) bool { return t.Country == code })
		}
		switch {
		case one.country == "":
			v.partyOnce("supplier_country_unknown", one)
		case one.outside() && !told(one.country):
			outside = append(outside, one.name)
		case one.foreignParent() && !told(one.parent):
			v.partyOnce("supplier_foreign_parent", one, country(one.country), country(one.parent))
		}
		if (one.outside() || one.foreignParent()) && !v.heldAgainstDecision(transfers, one) {
			against = append(against, one.name)
		}
	}
	if len(outside) > 0 {
		v.add("supplier_outside_eu", p, p.Owner, outside)
	}
	if len(against) > 0 {
		v.add("processing_against_decision", p, p.Owner, against, v.governing()[0].Title)
	}
}

// heldAgainstDecision reports whether no decision governs, or the entry has a transfer to the party's country, or its
// parent's, that somebody has held against one.
func (v *recordOf) heldAgainstDecision(transfers []isms.Transfer, one party) bool {
	governing := v.governing()
	return len(governing) == 0 || slices.ContainsFunc(transfers, func(t isms.Transfer) bool {
		return (t.Country == one.country || t.Country == one.parent) && held(governing, t)
	})
}

func held(governing []isms.Decision, t isms.Transfer) bool {
	return slices.ContainsFunc(governing, func(d isms.Decision) bool { return d.ID == string(t.Decision) })
}

// partyOnce adds work on the party, once for all the entries whose data it gets.
func (v *recordOf) partyOnce(code string, one party, args ...any) {
	if !slices.ContainsFunc(v.work, func(w Work) bool { return w.Code == code && w.ID == one.rec.Head().ID }) {
		v.add(code, one.rec, "", args...)
	}
}

// transfersNow goes through the transfers of entries in use.
func (v *recordOf) transfersNow() {
	owners := map[register.Ref[isms.Processing]]register.Ref[isms.Person]{}
	for _, p := range v.Processings {
		owners[register.Ref[isms.Processing](p.ID)] = p.Owner
	}
	governing := v.governing()
	for _, t := range metric.TransfersOf(v.Records, v.day) {
		owner := owners[t.Processing]
		if t.Tool == "" {
			v.add("transfer_without_tool", &t, owner, country(t.Country))
		}
		if t.Tool == isms.ToolDPF && !metric.Current(t.DPFCheckedOn, v.day) {
			v.add("transfer_dpf_unchecked", &t, owner, sinceWhen(t.DPFCheckedOn))
		}
		if metric.DPFAlone(t) {
			v.add("transfer_dpf_alone", &t, owner)
		}
		if !metric.Current(t.AssessedOn, v.day) {
			v.add("transfer_not_assessed", &t, owner, sinceWhen(t.AssessedOn))
		}
		if t.ReviewBy != "" && t.ReviewBy < v.day {
			v.add("transfer_past_review", &t, owner, t.ReviewBy)
		}
		if third(t.Country) && len(governing) > 0 && !held(governing, t) {
			v.add("transfer_against_decision", &t, owner, country(t.Country), governing[0].Title)
		}
	}
}

// sinceWhen is the day, or the word for never.
func sinceWhen(day register.Day) any {
	if day == "" {
		return key("record.never")
	}
	return day
}

// TransferRow is a transfer with what is to be seen to about it.
type TransferRow struct {
	isms.Transfer
	Third   bool // the country is a third country
	Remarks []Work
}

// PartyRow is somebody who gets data of entries in use and is outside the EU and the EEA, or belongs to a group whose
// parent is.
type PartyRow struct {
	Ref
	Name            string
	Country, Parent string
	ForeignParent   bool     // in the EU or the EEA itself
	Entries         []string // ids of the entries
}

// TransferPage is every way in which data of a unit's entries leave, or may have to leave, the EU and the EEA.
type TransferPage struct {
	Day       register.Day
	Rows      []TransferRow
	Parties   []PartyRow
	Decisions []isms.Decision // those that govern
	Figures   []Figure
	Titles    Titles
}

// Transfers goes through the transfers of the unit and the units below it today.
func (a *App) Transfers(ctx context.Context, who access.Actor, unit string) (TransferPage, error) {
	p := TransferPage{Day: a.Today()}
	err := a.view(ctx, who, func(tx *store.Tx) error {
		if err := a.seesAll(ctx, tx, who, unit); err != nil {
			return err
		}
		records, err := gather(tx, unit, "")
		if err != nil {
			return err
		}
		v := newRecordOf(common(records), p.Day)
		p.fill(v)
		w := wanted{}
		for _, row := range p.Rows {
			w.add("processing", string(row.Processing))
			w.add("decision", string(row.Decision))
		}
		for _, row := range p.Parties {
			w.add("processing", row.Entries...)
		}
		p.Titles, err = titles(tx, who, w)
		return err
	})
	return p, err
}

func (p *TransferPage) fill(v *recordOf) {
	v.transfersNow()
	for _, t := range metric.TransfersOf(v.Records, p.Day) {
		row := TransferRow{Transfer: t, Third: third(t.Country)}
		for _, w := range v.work {
			if w.ID == t.ID {
				row.Remarks = append(row.Remarks, w)
			}
		}
		p.Rows = append(p.Rows, row)
	}
	for _, e := range v.Processings {
		if metric.EntryInUse(e, p.Day) {
			for _, one := range v.parties(e) {
				p.party(one, e.ID)
			}
		}
	}
	slices.SortFunc(p.Parties, func(a, b PartyRow) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	p.Decisions = v.governing()
	for _, f := range metric.All(v.Records, p.Day) {
		if f.Unit == "transfer" {
			p.Figures = append(p.Figures, f)
		}
	}
}

func (p *TransferPage) party(one party, entry string) {
	if !one.outside() && !one.foreignParent() {
		return
	}
	i := slices.IndexFunc(p.Parties, func(r PartyRow) bool { return r.ID == one.rec.Head().ID })
	if i < 0 {
		i = len(p.Parties)
		p.Parties = append(p.Parties, PartyRow{Ref: Ref{Kind: register.OfValue(one.rec).Name, ID: one.rec.Head().ID}, Name: one.name,
			Country: one.country, Parent: one.parent, ForeignParent: one.foreignParent()})
	}
	p.Parties[i].Entries = append(p.Parties[i].Entries, entry)
}
