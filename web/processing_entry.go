// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// EntryPage is one entry of the record of processing, in the order of the article that asks for it.
type EntryPage struct {
	Frame
	Summary   *Summary
	State     Value
	Lead      string
	Gone      string // the day it went out of use, in words
	Missing   []Link
	Parts     []EntryPart
	Remarks   []RemarkLine
	Suppliers []PartyLine
	Without   string // that no agreement is named
	Deals     []Deal
	Transfers TransferTable
	NewOut    string
	DPIAs     []EntryDPIA
	NewDPIA   string
	Versions  []EntryVersion
	Words     []EntryWord
	Last      Value
	Acts      EntryActs
}

// EntryPart is what the article asks for, or what is told beside it.
type EntryPart struct {
	Text  string
	Facts []EntryFact
}

// EntryFact is a field, marked when it is compulsory and missing. Letter is the place in the law that the field and those after it answer.
type EntryFact struct {
	Fact
	Letter string
	Lacks  bool
	Fill   string // where it is filled in
}

// A Deal is an agreement with what it must hold, and the processor's own processors.
type Deal struct {
	Link
	With, Dnr, Period string
	State             Tag
	Processing        bool
	Clauses           []Criterion
	Facts             []Fact
	Subs              []PartyLine
	Remarks           []string
	Edit              string

	id string
}

// EntryDPIA is an impact assessment of the entry.
type EntryDPIA struct {
	Link
	State Value
	Why   string
}

// EntryVersion is the entry with one purpose.
type EntryVersion struct {
	Link
	Here     bool
	State    Value
	Approved string
	Purpose  string
}

// EntryWord is an owner's word on the entry.
type EntryWord struct {
	Link
	Outcome Value
	By      string
	Note    string
}

// EntryActs is what the person may do with the entry, and the addresses of it.
type EntryActs struct {
	Edit, History, Record   string
	Check, Approve, End     bool
	Confirm, Own            bool // Own: the person answers for the entry
	Base, Token, Key, Today string
	Rev                     int
	Lacking                 string // why it cannot be approved
}

// entryParts are the fields by the letters of Article 30.1; those of 30.2 have letters of their own.
var entryParts = []struct {
	key    string
	fields []string
}{
	{"a", []string{"role", "joint_with", "on_behalf_of", "owner"}},
	{"b", []string{"purpose", "legal_basis", "statute"}},
	{"c", []string{"subjects", "data_categories", "personal_data", "special_basis", "special_statute", "criminal_data", "identity_numbers", "persons_estimate", "sources"}},
	{"d", []string{"recipients"}},
	{"e", []string{"transfers_out"}},
	{"f", []string{"retention"}},
	{"g", []string{"security"}},
	{"more", []string{"information", "automated_decisions", "processes", "sets", "systems", "approved_on", "ended_on", "secret", "secret_reason"}},
}

func (s *site) processingEntry(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showEntry(http.StatusOK, nil)
}

func (v *visit) showEntry(status int, wrong register.Wrongs) error {
	id := v.r.PathValue("id")
	rec, err := v.site.app.Get(v.r.Context(), v.who, "processing", id)
	if err != nil {
		return err
	}
	e := rec.Entity.(*isms.Processing)
	l := v.lang
	state, _ := rec.Schema.Field("state")
	p := &EntryPage{Transfers: TransferTable{Lang: l}, State: choice(l, state, string(e.State))}
	p.Title = e.Name
	p.Crumbs = []Link{{l.T("web.processing"), ofUnit("/processing", e.Unit)}}
	p.Place = rec.Titles.Of("unit", e.Unit)
	p.Summary = summarize(l, rec.Schema, wrong)
	p.Failed = p.Summary != nil
	if e.Retired != "" {
		p.Gone = l.T("web.record.gone", string(e.Retired))
	}
	p.acts(v, rec, e)
	if p.parts(v, rec, e); len(p.Missing) > 0 {
		p.Lead = l.T("web.entry.missing", len(p.Missing))
	}
	p.Summary.lead(func(field string) string {
		switch {
		case field == "approved_on" || field == "ended_on":
			return "#f-" + field
		case p.Acts.Edit != "":
			return p.Acts.Edit + "?then=" + p.Acts.Base + "#f-" + field
		}
		return ""
	})
	fills := []func(*visit, app.Record, *isms.Processing) error{p.controller, p.suppliers, p.deals, p.abroad, p.assessments, p.versions, p.words}
	for _, fill := range fills {
		if err := fill(v, rec, e); err != nil && !closedTo(err) {
			return err
		}
	}
	return v.show(status, "processing-entry", p)
}

func (p *EntryPage) acts(v *visit, rec app.Record, e *isms.Processing) {
	here := address("processing", e.ID)
	a := EntryActs{Record: here, Base: entryAddress(e.ID), Rev: e.Rev, Key: register.NewID(), Today: string(v.site.app.Today()),
		Token: e.ID + ":" + yearText(e.Rev)}
	open := e.Retired == "" && e.State != isms.ProcessingEnded && e.State != isms.ProcessingReplaced
	if rec.May.History {
		a.History = here + "/history"
	}
	if open && rec.May.Change {
		a.Edit, a.End = here+"/edit", true
		a.Check = e.State == isms.ProcessingDraft
	}
	if open && rec.May.Decide && e.State != isms.ProcessingActive {
		a.Approve = len(e.Missing()) == 0
		if !a.Approve {
			a.Lacking = v.lang.T("web.entry.approve.lacking")
		}
	}
	runs := false
	if t, err := v.site.app.List(v.r.Context(), v.who, "campaign", app.Query{Limit: 1}); err == nil {
		runs = slices.Contains(t.CreateIn, e.Unit)
	}
	a.Confirm = e.State == isms.ProcessingActive && (runs || e.Owner != "" && string(e.Owner) == v.who.Person)
	a.Own = e.Owner != "" && string(e.Owner) == v.who.Person
	p.Acts = a
}

// parts fills in the fields by the letters of the article. A compulsory field that is missing is marked, others that are empty left out.
func (p *EntryPage) parts(v *visit, rec app.Record, e *isms.Processing) {
	l := v.lang
	missing := e.Missing()
	today := v.site.app.Today()
	p.Parts = []EntryPart{{Text: l.T("web.entry.article")}, {Text: l.T("web.entry.more")}}
	for _, part := range entryParts {
		one := &p.Parts[0]
		if part.key == "more" {
			one = &p.Parts[1]
		}
		letter := l.T("web.entry.letter." + part.key)
		if e.Role == isms.Processor {
			letter = l.T("web.entry.processor.letter." + part.key)
		}
		for _, name := range part.fields {
			f, _ := rec.Schema.Field(name)
			fact := EntryFact{Fact: Fact{Label: label(l, rec.Schema, f), Values: values(l, f, rec.Entity, rec.Titles, today)}}
			switch {
			case slices.Contains(missing, name):
				fact.Lacks = true
				if p.Acts.Edit != "" {
					fact.Fill = p.Acts.Edit + "?then=" + p.Acts.Base + "#f-" + name
				}
				p.Missing = append(p.Missing, Link{fact.Label, fact.Fill})
			case len(fact.Values) == 0, f.Kind == register.Bool && f.Text(rec.Entity) != "1":
				continue
			}
			fact.Letter, letter = letter, ""
			one.Facts = append(one.Facts, fact)
		}
	}
}

// controller tells whose processing it is and who the data protection officer is, who hold a role and are written in no entry.
func (p *EntryPage) controller(v *visit, rec app.Record, e *isms.Processing) error {
	officers, err := v.site.app.Officers(v.r.Context(), v.who, e.Unit)
	if err != nil {
		return err
	}
	l := v.lang
	var facts []EntryFact
	if e.Role != isms.Processor {
		facts = append(facts, EntryFact{Fact: Fact{l.T("web.entry.controller"), []Value{{Text: p.Place, URL: address("unit", e.Unit)}}}})
	}
	named := Fact{Label: l.T("web.entry.officer")}
	for _, o := range officers {
		named.Values = append(named.Values, Value{Text: strings.TrimSuffix(o.Name+", "+o.Email, ", ")})
	}
	if len(officers) == 0 {
		named.Values = []Value{{Text: l.T("web.entry.no_officer"), Tag: "warn"}}
	}
	facts = append(facts, EntryFact{Fact: named})
	all := &p.Parts[0].Facts
	if len(*all) > 0 {
		facts[0].Letter, (*all)[0].Letter = (*all)[0].Letter, ""
	}
	*all = append(facts, *all...)
	return nil
}

func (p *EntryPage) versions(v *visit, rec app.Record, e *isms.Processing) error {
	l := v.lang
	state, _ := rec.Schema.Field("state")
	add := func(one *isms.Processing) {
		version := EntryVersion{Link: Link{l.T("web.entry.version", max(one.Version, 1)), entryAddress(one.ID)}, Here: one.ID == e.ID,
			State: choice(l, state, string(one.State)), Approved: l.T("web.entry.approved", string(one.ApprovedOn)), Purpose: one.Purpose}
		if one.ApprovedOn == "" {
			version.Approved = ""
		}
		p.Versions = append(p.Versions, version)
	}
	later, err := v.listed("processing", map[string][]string{"replaces": {e.ID}}, "")
	if err != nil {
		return err
	}
	for _, r := range later.Records {
		add(r.(*isms.Processing))
	}
	add(e)
	const most = 20
	for one := e; one.Replaces != "" && len(p.Versions) < most; {
		former, err := v.site.app.Get(v.r.Context(), v.who, "processing", string(one.Replaces))
		if err != nil {
			return err
		}
		one = former.Entity.(*isms.Processing)
		add(one)
	}
	return nil
}

func (p *EntryPage) words(v *visit, rec app.Record, e *isms.Processing) error {
	l := v.lang
	t, err := v.listed("confirmation", map[string][]string{"processing": {e.ID}}, "day")
	if err != nil {
		return err
	}
	outcome, _ := t.Schema.Field("outcome")
	last := e.ApprovedOn
	for _, r := range slices.Backward(t.Records) {
		c := r.(*isms.Confirmation)
		last = max(last, c.Day)
		p.Words = append(p.Words, EntryWord{Link{string(c.Day), address("confirmation", c.ID)}, choice(l, outcome, string(c.Outcome)),
			t.Titles.Of("person", string(c.Person)), c.Note})
	}
	if e.State == isms.ProcessingActive {
		p.Last = Value{Text: l.T("web.campaign.never"), Tag: "warn"}
	}
	if last != "" {
		p.Last = Value{Text: l.T("web.entry.last", string(last))}
	}
	return nil
}

// entryForm reads a form that does something with an entry.
func (v *visit) entryForm() (e app.Entry, form map[string]string, err error) {
	if form, err = v.formOf("_rev", "_key", "day"); err != nil {
		return e, nil, err
	}
	rev, err := number(form["_rev"])
	return app.Entry{ID: v.r.PathValue("id"), Rev: rev}, form, err
}

// afterEntryAct shows what is wrong with what was asked, or the entry as it has become.
func (v *visit) afterEntryAct(err error, id string) error {
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showEntry(http.StatusUnprocessableEntity, wrong)
	}
	return v.afterAct(err, entryAddress(id))
}

func (s *site) checkEntry(v *visit) error {
	e, form, err := v.entryForm()
	if err != nil {
		return err
	}
	return v.afterEntryAct(s.app.CheckProcessing(v.r.Context(), v.who, e, form["_key"]), e.ID)
}

func (s *site) approveEntry(v *visit) error {
	e, form, err := v.entryForm()
	if err != nil {
		return err
	}
	return v.afterEntryAct(s.app.ApproveProcessings(v.r.Context(), v.who, []app.Entry{e}, register.Day(form["day"]), form["_key"]), e.ID)
}

func (s *site) endEntry(v *visit) error {
	e, form, err := v.entryForm()
	if err != nil {
		return err
	}
	return v.afterEntryAct(s.app.EndProcessing(v.r.Context(), v.who, e, register.Day(strings.TrimSpace(form["day"])), form["_key"]), e.ID)
}
