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
	Token   string
	Chosen  bool
	Purpose string
	Facts   template.HTML // what the owner vouches for; see factList
	State   Value
	Last    Value
	Missing []Link // the compulsory fields that it lacks, to where they are filled in
	Edit    string
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
		if q, err = v.query("all", "done", "ended", "id", "as"); err != nil {
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
	row := OwnEntry{Link: Link{e.Name, entryAddress(e.ID)}, Token: e.ID + ":" + strconv.Itoa(e.Rev), Purpose: e.Purpose}
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
