// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

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

// campaignStatus is how far the inventory with the id has come, or the newest that has begun, and the others, the newest first; ok is
// false for those who neither run inventories nor see all that a review rests on.
func (v *visit) campaignStatus(id string) (status app.CampaignStatus, others []*isms.Campaign, ok bool, err error) {
	sees, _ := v.site.app.Sees(v.who)
	t, err := v.listed("campaign", nil, "starts_on")
	if closedTo(err) || err == nil && len(t.CreateIn) == 0 && !sees["review"] {
		return status, nil, false, nil
	}
	if err != nil {
		return status, nil, false, err
	}
	today := v.site.app.Today()
	for _, rec := range slices.Backward(t.Records) {
		c := rec.(*isms.Campaign)
		if id == "" && c.StartsOn <= today {
			id = c.ID
		}
		if c.ID != id {
			others = append(others, c)
		}
	}
	if id == "" {
		return status, nil, false, nil
	}
	status, err = v.site.app.Campaign(v.r.Context(), v.who, id)
	return status, others, err == nil, err
}

func (p *CampaignPage) status(v *visit, id string) error {
	s, others, ok, err := v.campaignStatus(id)
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
	for _, c := range others[:min(len(others), mostTodos)] {
		p.Status.Others = append(p.Status.Others, Link{c.Name, "/processing/campaign?id=" + c.ID + "#status"})
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
