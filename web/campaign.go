// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"cmp"
	"errors"
	"html"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// CampaignPage is the yearly inventory: the person's own entries to confirm, change or end, and for those who run it who has answered.
type CampaignPage struct {
	Frame
	Summary  *Summary
	Said     string // what was just done
	Lead     string
	Ends     Tag
	Key      string
	Left     []OwnEntry // to answer
	Answered []OwnEntry
	Waiting  []OwnEntry // not approved yet: nobody is asked about them
	All      *Link      // the page with every entry chosen, or with none
	Chosen   bool
	Today    string
	Ending   bool // the form for ending entries is open
	EndDay   string
	EndNote  string
	Status   *CampaignStatus
	Start    *StartForm
}

// An OwnEntry is one of the person's entries. Token names it as it was read.
type OwnEntry struct {
	Link
	Token    string
	Chosen   bool
	Purpose  string
	Facts    template.HTML // what the owner vouches for; see factList
	State    Value
	Last     Value
	Missing  []Link // the compulsory fields that it lacks, to where they are filled in
	Edit     string
	Confirms bool
}

// CampaignStatus is who has answered in an inventory.
type CampaignStatus struct {
	Name, Period string
	Said, Share  string
	Silent       string
	Owners       []OwnerRow
	Others       []Link
}

// An OwnerRow is how far one owner has come.
type OwnerRow struct {
	Name                       string
	URL                        string
	Entries, Answered, Lacking string
	State                      Tag
}

// StartForm is what an inventory is started with.
type StartForm struct {
	Key    string
	Open   bool
	Fields []FormField
}

func (s *site) campaign(v *visit) error {
	return v.showCampaign(http.StatusOK, sentToCampaign{})
}

// sentToCampaign is what was sent and could not be done, to be mended: an answer, or the form that starts an inventory.
type sentToCampaign struct {
	wrong  *Summary
	chosen []string          // the entries that were answered for
	end    map[string]string // day and note, where they were to be ended; nil where not
	start  map[string]string // nil where no inventory was to be started
}

func (v *visit) showCampaign(status int, sent sentToCampaign) error {
	q := map[string]string{}
	if v.r.Method == http.MethodGet {
		if sees, _ := v.site.app.Sees(v.who); !sees["processing"] {
			return isms.ErrNotFound
		}
		var err error
		if q, err = v.query("all", "done", "ended", "id"); err != nil {
			return err
		}
	}
	l := v.lang
	mine, err := v.site.app.Mine(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	p := &CampaignPage{Key: register.NewID(), Chosen: q["all"] == "1", Today: string(v.site.app.Today()), Ending: sent.end != nil}
	p.EndDay, p.EndNote = cmp.Or(sent.end["day"], p.Today), sent.end["note"]
	p.Title = l.T("web.campaign")
	p.Crumbs = []Link{{l.T("web.processing"), "/processing"}}
	p.Summary = sent.wrong
	p.Failed = p.Summary != nil
	p.said(v, q)
	p.entries(v, mine, sent.chosen)
	if err := p.status(v, q["id"]); err != nil {
		return err
	}
	if p.Status != nil && len(mine.Entries) == 0 {
		p.Lead = l.T("web.campaign.about")
	}
	if err := p.start(v, sent.start); err != nil {
		return err
	}
	return v.show(status, "processing-campaign", p)
}

func (p *CampaignPage) said(v *visit, q map[string]string) {
	if n, err := strconv.Atoi(q["done"]); err == nil && n > 0 {
		p.Said = v.lang.T("web.campaign.done", n)
	}
	if n, err := strconv.Atoi(q["ended"]); err == nil && n > 0 {
		p.Said = v.lang.T("web.campaign.ended", n)
	}
}

func (p *CampaignPage) entries(v *visit, mine app.MyEntries, chosen []string) {
	l := v.lang
	asked := 0
	for _, e := range mine.Entries {
		row := v.ownEntry(e, mine)
		switch {
		case e.State != isms.ProcessingActive:
			p.Waiting = append(p.Waiting, row)
			continue
		case e.Answered || e.Campaign.ID == "":
			p.Answered = append(p.Answered, row)
		default:
			row.Chosen = p.Chosen || slices.Contains(chosen, row.Token)
			p.Left = append(p.Left, row)
		}
		asked++
	}
	switch {
	case len(mine.Entries) == 0:
		p.Lead = l.T("web.campaign.none")
	case len(mine.Campaigns) == 0:
		p.Lead = l.T("web.campaign.not_asked", asked)
	case mine.Left == 0:
		p.Lead = l.T("web.campaign.all_done", asked)
	default:
		p.Lead = l.T("web.campaign.lead", mine.Left, asked)
	}
	if len(mine.Campaigns) > 0 && mine.Left > 0 {
		p.Ends, _ = v.by(mine.Campaigns[0].EndsOn)
	}
	if len(p.Left) > 1 {
		p.All = &Link{l.T("web.campaign.choose_all", len(p.Left)), "/processing/campaign?all=1"}
		if p.Chosen {
			p.All = &Link{l.T("web.campaign.choose_none"), "/processing/campaign"}
		}
	}
}

// confirmedFields are what an owner vouches for, beside the purpose.
var confirmedFields = []string{"legal_basis", "statute", "subjects", "data_categories", "personal_data", "recipients", "transfers_out", "retention", "security", "systems"}

func (v *visit) ownEntry(e app.MyEntry, mine app.MyEntries) OwnEntry {
	l := v.lang
	schema := register.Of[isms.Processing]()
	row := OwnEntry{Link: Link{e.Name, entryAddress(e.ID)}, Token: e.ID + ":" + strconv.Itoa(e.Rev), Purpose: e.Purpose,
		Confirms: e.State == isms.ProcessingActive}
	state, _ := schema.Field("state")
	row.State = choice(l, state, string(e.State))
	row.Last = Value{Text: l.T("web.campaign.never"), Tag: "warn"}
	if e.Last != "" {
		row.Last = Value{Text: string(e.Last), Day: true}
		if !e.Current {
			row.Last.Tag = "warn"
		}
	}
	edit := ""
	if mine.MayChange[e.Unit] {
		edit = address("processing", e.ID) + "/edit"
		row.Edit = edit + "?then=/processing/campaign"
	}
	for _, name := range e.Missing {
		f, _ := schema.Field(name)
		link := Link{Text: label(l, schema, f)}
		if edit != "" {
			link.URL = row.Edit + "#f-" + name
		}
		row.Missing = append(row.Missing, link)
	}
	var facts []Fact
	today := v.site.app.Today()
	for _, name := range confirmedFields {
		f, _ := schema.Field(name)
		if list := values(l, f, &e.Processing, mine.Titles, today); len(list) > 0 {
			facts = append(facts, Fact{label(l, schema, f), list})
		}
	}
	row.Facts = factList(facts)
	return row
}

// factList writes fields with their values. It is not left to the template because a page of 500 entries has 5,000 of them.
func factList(facts []Fact) template.HTML {
	var b strings.Builder
	b.WriteString(`<dl class="facts slim">`)
	for _, f := range facts {
		b.WriteString(`<div><dt>` + html.EscapeString(f.Label) + `</dt><dd>`)
		for i, value := range f.Values {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(string(value.HTML()))
		}
		b.WriteString(`</dd></div>`)
	}
	b.WriteString(`</dl>`)
	return template.HTML(b.String())
}

// campaignStatus is how far the inventory with the id has come, or the newest that has begun; ok is false for those who neither run
// inventories nor see all that a review rests on.
func (v *visit) campaignStatus(id string) (status app.CampaignStatus, ok bool, err error) {
	sees, _ := v.site.app.Sees(v.who)
	t, err := v.listed("campaign", nil, "starts_on")
	if closedTo(err) || err == nil && len(t.CreateIn) == 0 && !sees["review"] {
		return status, false, nil
	}
	if err != nil {
		return status, false, err
	}
	if id == "" {
		today := v.site.app.Today()
		for _, rec := range t.Records { // in order of day
			if c := rec.(*isms.Campaign); c.StartsOn <= today {
				id = c.ID
			}
		}
	}
	if id == "" {
		return status, false, nil
	}
	status, err = v.site.app.Campaign(v.r.Context(), v.who, id)
	return status, err == nil, err
}

func (p *CampaignPage) status(v *visit, id string) error {
	s, ok, err := v.campaignStatus(id)
	if err != nil || !ok {
		return err
	}
	l := v.lang
	c := s.Campaign
	p.Status = &CampaignStatus{Name: c.Name, Period: l.T("web.campaign.period", string(c.StartsOn), string(c.EndsOn)),
		Said: l.T("web.campaign.answered_of", s.Answered, s.Entries)}
	if s.Entries > 0 {
		p.Status.Share = register.PercentOf(s.Answered * 10000 / s.Entries).String()
	}
	if len(s.Silent) > 0 {
		p.Status.Silent = l.T("web.campaign.silent", len(s.Silent))
	}
	for _, o := range s.Owners {
		row := OwnerRow{Name: s.Titles.Of("person", o.Person), Entries: l.Number(o.Entries), Answered: l.Number(o.Answered), Lacking: l.Number(o.Lacking),
			URL: "/r/processing?state=active&owner=" + o.Person}
		switch {
		case o.Person == "":
			row.Name, row.URL, row.State = l.T("web.campaign.nobody"), "/processing/worklist#processing_without_owner", Tag{l.T("web.campaign.cannot_ask"), "bad"}
		case o.Answered == o.Entries:
			row.State = Tag{l.T("web.campaign.ready"), "good"}
		case o.Answered == 0:
			row.State = Tag{l.T("web.campaign.not_begun"), "warn"}
		default:
			row.State = Tag{l.T("web.campaign.under_way"), "info"}
		}
		p.Status.Owners = append(p.Status.Owners, row)
	}
	return nil
}

// start is the form that starts an inventory, for those who may.
func (p *CampaignPage) start(v *visit, sent map[string]string) error {
	t, err := v.site.app.List(v.r.Context(), v.who, "campaign", app.Query{Limit: 1})
	if closedTo(err) || err == nil && len(t.CreateIn) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	form := &FormPage{}
	if err := form.units(v, t.Schema, t.CreateIn, sent["_unit"]); err != nil {
		return err
	}
	given := map[string][]string{}
	for name, value := range sent {
		given[name] = []string{value}
	}
	rec := &isms.Campaign{Year: v.site.app.Today().Year(), StartsOn: v.site.app.Today()}
	register.Read(rec, given)
	if err := form.fields(v, t.Schema, rec, nil, given, nil); err != nil {
		return err
	}
	p.Start = &StartForm{Key: register.NewID(), Open: sent != nil}
	if form.Units != nil {
		p.Start.Fields = append(p.Start.Fields, *form.Units)
	} else {
		p.Start.Fields = append(p.Start.Fields, FormField{Name: "_unit", Label: v.lang.T("web.unit"), Kind: "choice", Width: "w-mid", Required: true,
			None: v.lang.T("web.form.none"), Options: []Option{{form.Unit, form.Place, true}}})
	}
	p.Start.Fields = append(p.Start.Fields, form.Fields...)
	return nil
}

func (s *site) startCampaign(v *visit) error {
	form, err := v.formOf("_key", "_unit", "name", "year", "starts_on", "ends_on")
	if err != nil {
		return err
	}
	year, _ := strconv.Atoi(form["year"])
	_, err = s.app.StartCampaign(v.r.Context(), v.who, app.NewCampaign{Unit: form["_unit"], Name: form["name"], Year: year,
		StartsOn: register.Day(form["starts_on"]), EndsOn: register.Day(form["ends_on"]), Key: form["_key"]})
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showCampaign(http.StatusUnprocessableEntity, sentToCampaign{wrong: summarize(v.lang, register.Of[isms.Campaign](), wrong), start: form})
	}
	if err != nil {
		return err
	}
	return v.goTo("/processing/campaign")
}

// answerCampaign keeps the person's word on one entry or on all that are chosen.
func (s *site) answerCampaign(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	chosen := form["entry"]
	delete(form, "entry")
	own, err := single(form, []string{"_key", "one", "do", "day", "note", "then"}, errForm)
	if err != nil {
		return err
	}
	outcome := isms.ConfirmedUnchanged
	if own["one"] != "" {
		chosen = []string{own["one"]}
	} else if own["do"] == "end" {
		outcome = isms.ConfirmedEnded
	}
	l := v.lang
	if len(chosen) == 0 {
		return v.showCampaign(http.StatusUnprocessableEntity, sentToCampaign{wrong: &Summary{l.T("web.form.problem"), []Link{{l.T("web.campaign.choose"), "#entries"}}}})
	}
	var answers []app.EntryAnswer
	for _, token := range chosen {
		id, rev, _ := strings.Cut(token, ":")
		n, err := number(rev)
		if err != nil {
			return err
		}
		answers = append(answers, app.EntryAnswer{Entry: app.Entry{ID: id, Rev: n}, Outcome: outcome, EndedOn: register.Day(own["day"]), Note: own["note"]})
	}
	if outcome == isms.ConfirmedUnchanged {
		for i := range answers {
			answers[i].EndedOn, answers[i].Note = "", ""
		}
	}
	err = s.app.Confirm(v.r.Context(), v.who, answers, own["_key"])
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		sent := sentToCampaign{wrong: summarize(l, register.Of[isms.Processing](), wrong), chosen: chosen}
		if outcome == isms.ConfirmedEnded {
			sent.end = own
		}
		sent.wrong.lead(func(field string) string { return map[string]string{"ended_on": "#f-day"}[field] })
		return v.showCampaign(http.StatusUnprocessableEntity, sent)
	}
	if own["then"] != "" {
		return v.afterAct(err, local(own["then"]))
	}
	done := "done"
	if outcome == isms.ConfirmedEnded {
		done = "ended"
	}
	return v.afterAct(err, "/processing/campaign?"+done+"="+strconv.Itoa(len(answers)))
}

// reminderPages are where each reminder of the record of processing leads.
var reminderPages = map[string]func(app.Reminder) string{
	"mine":    func(app.Reminder) string { return "/processing/campaign" },
	"silent":  func(r app.Reminder) string { return "/processing/campaign?id=" + r.ID + "#status" },
	"approve": func(app.Reminder) string { return "/processing#approve" },
	"request": func(r app.Reminder) string { return address(r.Kind, r.ID) },
}

// waitingRecord is what waits for the person in the record of processing.
func (v *visit) waitingRecord() ([]Todo, error) {
	reminders, err := v.site.app.Reminders(v.r.Context(), v.who)
	var list []Todo
	for _, r := range reminders {
		if page, ok := reminderPages[r.What]; ok {
			day, _ := v.by(r.Day)
			list = append(list, Todo{Link{r.Words(v.lang), page(r)}, "", day})
		}
	}
	return list, err
}
