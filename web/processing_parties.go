// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"path"
	"slices"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/register"
)

// suppliers lists who gets the entry's data, with the group that each belongs to.
func (p *EntryPage) suppliers(v *visit, rec app.Record, e *isms.Processing) error {
	for _, id := range e.Suppliers {
		one, err := v.site.app.Get(v.r.Context(), v.who, "supplier", string(id))
		if closedTo(err) {
			p.Suppliers = append(p.Suppliers, PartyLine{Link: Link{Text: v.lang.T("web.hidden")}})
			continue
		}
		if err != nil {
			return err
		}
		s := one.Entity.(*isms.Supplier)
		p.Suppliers = append(p.Suppliers, PartyLine{Link: Link{s.Name, address("supplier", s.ID)}, Country: v.countryOrUnknown(s.Country),
			Parent: v.parentName(s.ParentName, s.ParentCountry), Foreign: foreign(s.Country, s.ParentCountry)})
	}
	return nil
}

// foreign reports whether somebody in the EU or the EEA belongs to a group whose parent is outside.
func foreign(code, parent string) bool {
	here, ok := law.CountryOf(code)
	over, known := law.CountryOf(parent)
	return ok && known && !here.Third() && over.Third()
}

func (v *visit) countryOrUnknown(code string) string {
	if code == "" {
		return v.lang.T("unknown")
	}
	return v.countryName(code)
}

// parentName is the group's parent with its country.
func (v *visit) parentName(name, code string) string {
	switch {
	case code == "":
		return name
	case name == "":
		return v.countryName(code)
	}
	return name + ", " + v.countryName(code)
}

// clauseFields are the clauses of Article 28.3, by its letters.
var clauseFields = []string{"instructions", "confidentiality", "security", "sub_processors", "rights_assistance", "duty_assistance", "deletion", "audit"}

func (p *EntryPage) deals(v *visit, rec app.Record, e *isms.Processing) error {
	l := v.lang
	if len(e.Agreements) == 0 && len(e.Suppliers) > 0 {
		p.Without = l.T("web.entry.no_agreement")
	}
	for _, id := range e.Agreements {
		one, err := v.site.app.Get(v.r.Context(), v.who, "agreement", string(id))
		if closedTo(err) {
			continue
		}
		if err != nil {
			return err
		}
		d, err := v.deal(one)
		if err != nil {
			return err
		}
		p.Deals = append(p.Deals, d)
	}
	return nil
}

func (v *visit) deal(rec app.Record) (Deal, error) {
	l := v.lang
	a := rec.Entity.(*isms.Agreement)
	today := v.site.app.Today()
	d := Deal{id: a.ID, Link: Link{a.Title, address("agreement", a.ID)}, With: rec.Titles.Of("supplier", string(a.Supplier)), Dnr: a.Dnr, Processing: a.IsProcessing,
		Period: l.T("web.entry.period", l.Day(string(a.ValidFrom)), string(a.ValidTo))}
	if a.ValidTo == "" {
		d.Period = l.T("web.entry.since", l.Day(string(a.ValidFrom)))
	}
	d.State = Tag{l.T("web.entry.in_force"), "good"}
	if !a.InForce(today) {
		d.State = Tag{l.T("web.entry.not_in_force"), "bad"}
	}
	if rec.May.Change {
		d.Edit = d.URL + "/edit"
	}
	for _, name := range clauseFields {
		f, _ := rec.Schema.Field(name)
		c := Criterion{Name: label(l, rec.Schema, f), Answer: Tag{l.T("web.entry.clause.unknown"), "warn"}}
		switch isms.Answer(f.Text(a)) {
		case isms.Yes:
			c.Answer = Tag{l.T("web.entry.clause.yes"), "good"}
		case isms.No:
			c.Answer = Tag{l.T("web.entry.clause.no"), "bad"}
		}
		d.Clauses = append(d.Clauses, c)
	}
	for _, name := range []string{"incident_hours", "suitability_on", "suitability_text", "review_by"} {
		f, _ := rec.Schema.Field(name)
		list := values(l, f, a, rec.Titles, today)
		if len(list) == 0 && name != "suitability_text" {
			list = []Value{{Text: l.T("unknown"), Unknown: true}}
		}
		if len(list) > 0 {
			d.Facts = append(d.Facts, Fact{label(l, rec.Schema, f), list})
		}
	}
	var err error
	d.Subs, err = v.subProcessors(a.ID)
	return d, err
}

func (v *visit) subProcessors(agreement string) ([]PartyLine, error) {
	t, err := v.listed("sub_processor", map[string][]string{"agreement": {agreement}}, "name")
	if closedTo(err) {
		return nil, nil
	}
	var list []PartyLine
	for _, r := range t.Records {
		s := r.(*isms.SubProcessor)
		list = append(list, PartyLine{Link: Link{s.Name, address("sub_processor", s.ID)}, Kind: s.Purpose, Country: v.countryOrUnknown(s.Country),
			Parent: v.parentName("", s.ParentCountry), Foreign: foreign(s.Country, s.ParentCountry)})
	}
	return list, err
}

// abroad lists the entry's transfers, and what is to be seen to about the entry and all that belongs to it.
func (p *EntryPage) abroad(v *visit, rec app.Record, e *isms.Processing) error {
	if p.Acts.Edit != "" {
		if t, err := v.site.app.List(v.r.Context(), v.who, "transfer", app.Query{Limit: 1}); err == nil && slices.Contains(t.CreateIn, e.Unit) {
			p.NewOut = "/r/transfer/new?processing=" + e.ID + "&unit=" + e.Unit
		}
	}
	t, err := v.listed("transfer", map[string][]string{"processing": {e.ID}}, "country")
	if err != nil {
		return err
	}
	list, err := v.site.app.ProcessingWorklist(v.r.Context(), v.who, e.Unit)
	if err != nil && !closedTo(err) {
		return err
	}
	about := map[string][]app.Work{}
	for _, g := range list.Groups {
		for _, w := range g.List {
			about[w.ID] = append(about[w.ID], w)
		}
	}
	page := app.TransferPage{Titles: t.Titles, Day: v.site.app.Today()}
	for _, r := range t.Records {
		transfer := *r.(*isms.Transfer)
		p.Transfers.Rows = append(p.Transfers.Rows, v.transferLine(app.TransferRow{Transfer: transfer, Remarks: about[transfer.ID]}, page))
	}
	for i := range p.Deals {
		p.Deals[i].Remarks = v.workWords(about[p.Deals[i].id])
	}
	for _, id := range p.belonging(rec, e) {
		for _, w := range about[id] {
			link := Link{w.Title + ": " + w.Words(v.lang), mendAddress(w)}
			if id == e.ID {
				if w.Code == "processing_incomplete" || w.Code == "processing_without_special_basis" || w.Code == "processing_without_ground" {
					continue // marked at the fields
				}
				link = Link{Text: w.Words(v.lang)}
			}
			p.Remarks = append(p.Remarks, RemarkLine{link})
		}
	}
	return nil
}

// belonging lists the ids of the entry, and of its suppliers, their own processors and its assessments.
func (p *EntryPage) belonging(rec app.Record, e *isms.Processing) []string {
	ids := []string{e.ID}
	for _, id := range e.Suppliers {
		ids = append(ids, string(id))
	}
	for _, d := range p.Deals {
		for _, s := range d.Subs {
			ids = append(ids, path.Base(s.URL))
		}
	}
	for _, b := range rec.Back {
		if b.Kind == "dpia" {
			ids = append(ids, b.IDs...)
		}
	}
	return ids
}

func (p *EntryPage) assessments(v *visit, rec app.Record, e *isms.Processing) error {
	l := v.lang
	if p.Acts.Edit != "" {
		if t, err := v.site.app.List(v.r.Context(), v.who, "dpia", app.Query{Limit: 1}); err == nil && slices.Contains(t.CreateIn, e.Unit) {
			p.NewDPIA = "/r/dpia/new?processing=" + e.ID + "&unit=" + e.Unit
		}
	}
	t, err := v.listed("dpia", map[string][]string{"processing": {e.ID}}, "")
	if err != nil {
		return err
	}
	state, _ := register.Of[isms.DPIA]().Field("state")
	for _, r := range t.Records {
		d := r.(*isms.DPIA)
		met, _ := d.CriteriaMet()
		p.DPIAs = append(p.DPIAs, EntryDPIA{Link{d.Title, "/dpia/" + d.ID}, choice(l, state, string(d.State)), l.T("web.entry.dpia.met", met, len(criteria))})
	}
	return nil
}
