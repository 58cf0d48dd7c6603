// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/register"
)

// ProcessingsPage is a unit's record of processing as a whole: how complete and current it is, what is to be seen to, and where it is taken out.
type ProcessingsPage struct {
	Frame
	Ask       AskFigures
	Partial   bool // the person does not see all that the figures are counted from
	Lead      []Gauge
	More      []Gauge
	Inventory *Inventory
	Approve   []Todo
	Work      []WorkLine
	WorkURL   string
	WorkCount string
	Files     []Link
	Decisions []Governing
	Transfers string // where they are listed
	New       string
}

// Inventory is how far the yearly inventory has come.
type Inventory struct {
	Name  string
	Ends  Tag
	Said  string
	Share string
	Mine  string
	URL   string
}

// WorkLine is how much there is to see to of one kind.
type WorkLine struct {
	Link
	Count string
}

// Governing is a decision that the registers are held against, with what it affects.
type Governing struct {
	Link
	By      string
	Affects string
	Against []Conflict
}

// A Conflict is something that has not been held against a decision, and how it goes against it.
type Conflict struct {
	Link
	Said string
}

// asksUnit reads which unit a page is asked for, and further parameters. The unit is one of the actor's own if the address does not say.
func (v *visit) asksUnit(action string, names ...string) (q map[string]string, unit string, form AskFigures, err error) {
	if sees, _ := v.site.app.Sees(v.who); !sees["processing"] {
		return nil, "", form, isms.ErrNotFound
	}
	if q, err = v.query(append([]string{"unit"}, names...)...); err != nil {
		return nil, "", form, err
	}
	units, err := v.units()
	if err != nil {
		return nil, "", form, err
	}
	if unit = q["unit"]; unit == "" {
		unit = v.home(units)
	}
	form = AskFigures{Action: action}
	for _, u := range units {
		form.Units = append(form.Units, Option{u.Value, u.Text, u.Value == unit})
	}
	return q, unit, form, nil
}

// ofUnit is the address of a page about the unit.
func ofUnit(path, unit string) string { return path + "?" + url.Values{"unit": {unit}}.Encode() }

// closedTo reports whether the error says that the person may not see what the page rests on.
func closedTo(err error) bool {
	return errors.Is(err, isms.ErrForbidden) || errors.Is(err, isms.ErrNotFound)
}

func (s *site) processings(v *visit) error {
	_, unit, ask, err := v.asksUnit("/processing")
	if err != nil {
		return err
	}
	l := v.lang
	p := &ProcessingsPage{Ask: ask, WorkURL: ofUnit("/processing/worklist", unit), Transfers: ofUnit("/processing/transfers", unit)}
	p.Title = l.T("web.processing")
	p.Place = v.unitName(unit)
	if p.Place == "" {
		return isms.ErrNotFound
	}
	for _, fill := range []func(*visit, string) error{p.figures, p.work, p.governing} {
		if err := fill(v, unit); closedTo(err) {
			p.Partial = true
		} else if err != nil {
			return err
		}
	}
	if !p.Partial {
		p.files(v, unit)
	}
	if p.Inventory, err = v.inventory(); err != nil {
		return err
	}
	if p.Approve, err = v.waitingApprovals(); err != nil && !closedTo(err) {
		return err
	}
	t, err := s.app.List(v.r.Context(), v.who, "processing", app.Query{Limit: 1})
	if err != nil {
		return err
	}
	if len(t.CreateIn) > 0 {
		p.New = "/r/processing/new"
	}
	return v.show(http.StatusOK, "processing", p)
}

// leadFigures say whether the record is complete and current; moreFigures what else is counted from it.
var (
	leadFigures = []string{"processings_complete", "processings_confirmed"}
	moreFigures = []string{"processings_linked", "systems_without_processing", "transfers_assessed", "dpia_missing"}
)

func (p *ProcessingsPage) figures(v *visit, unit string) error {
	today := v.site.app.Today()
	figures, err := v.site.app.Figures(v.r.Context(), v.who, unit, today, "", slices.Concat(leadFigures, moreFigures)...)
	if err != nil {
		return err
	}
	p.Lead, p.More = v.gaugesOf(figures, leadFigures, unit, today), v.gaugesOf(figures, moreFigures, unit, today)
	p.More = slices.DeleteFunc(p.More, func(g Gauge) bool { return g.Unknown })
	return nil
}

// gaugesOf picks the figures with the keys, in the order of the keys.
func (v *visit) gaugesOf(figures []app.Figure, keys []string, unit string, day register.Day) []Gauge {
	var list []Gauge
	for _, key := range keys {
		for _, f := range figures {
			if f.Key == key {
				list = append(list, v.gauge(f, unit, day))
			}
		}
	}
	return list
}

func (p *ProcessingsPage) work(v *visit, unit string) error {
	list, err := v.site.app.ProcessingWorklist(v.r.Context(), v.who, unit)
	if err != nil {
		return err
	}
	for _, g := range list.Groups {
		p.Work = append(p.Work, WorkLine{Link{v.lang.T("web.work." + g.Code), p.WorkURL + "#" + g.Code}, v.lang.Number(len(g.List))})
	}
	p.WorkCount = v.lang.Number(list.Total)
	return nil
}

// governing tells of the decisions that the unit's transfers and suppliers are held against, and of what goes against them.
func (p *ProcessingsPage) governing(v *visit, unit string) error {
	page, err := v.site.app.Transfers(v.r.Context(), v.who, unit)
	if err != nil {
		return err
	}
	p.Decisions, err = v.decisions(page, unit)
	for i, d := range p.Decisions { // the page of transfers has them all
		p.Decisions[i].Against = d.Against[:min(len(d.Against), mostTodos)]
	}
	return err
}

// inventory is how far the newest inventory has come that the actor sees, for those who run it, and what the actor has left herself.
func (v *visit) inventory() (*Inventory, error) {
	l := v.lang
	mine, err := v.site.app.Mine(v.r.Context(), v.who)
	if err != nil {
		return nil, err
	}
	in := &Inventory{Name: l.T("web.campaign"), URL: "/processing/campaign"}
	if len(mine.Entries) > 0 {
		in.Mine = l.T("web.campaign.own")
	}
	if len(mine.Campaigns) > 0 {
		in.Name = mine.Campaigns[0].Name
		in.Ends, _ = v.by(mine.Campaigns[0].EndsOn)
	}
	status, _, ok, err := v.campaignStatus("")
	if err != nil {
		return nil, err
	}
	if c := status.Campaign; ok {
		in.Name, in.Said = c.Name, l.T("web.campaign.answered_of", status.Answered, status.Entries)
		in.Ends, _ = v.by(c.EndsOn)
		if status.Entries > 0 {
			in.Share = register.PercentOf(status.Answered * 10000 / status.Entries).String()
		}
	}
	if mine.Left > 0 {
		in.Mine = l.T("web.campaign.left", mine.Left)
	}
	return in, nil
}

// waitingApprovals are entries that the controller has not approved, in the units where the person approves them.
func (v *visit) waitingApprovals() ([]Todo, error) {
	t, err := v.listed("processing", map[string][]string{"state": {"checked"}}, "name")
	if err != nil {
		return nil, err
	}
	var list []Todo
	decides := map[string]bool{}
	for _, rec := range t.Records {
		e := rec.(*isms.Processing)
		if _, known := decides[e.Unit]; !known {
			one, err := v.site.app.Get(v.r.Context(), v.who, "processing", e.ID)
			if err != nil {
				return nil, err
			}
			decides[e.Unit] = one.May.Decide
		}
		if decides[e.Unit] {
			list = append(list, Todo{Link{e.Name, entryAddress(e.ID)}, v.lang.T("web.processing.approve.why"), Tag{}})
		}
	}
	return list, nil
}

// entryAddress is the page of an entry of the record of processing.
func entryAddress(id string) string { return "/processing/" + id }

// countryName is the country's name in the language, or its letters where there is no such country.
func (v *visit) countryName(code string) string {
	if c, ok := law.CountryOf(code); ok {
		return c.Name.In(string(v.lang))
	}
	return code
}

// workWords writes remarks on a record, without those told before.
func (v *visit) workWords(list []app.Work) []string {
	var said []string
	for _, w := range list {
		if text := w.Words(v.lang); !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	return said
}

// recordLinks lead to the pages of the record of processing.
func recordLinks(link func(key, to string) NavLink, sees map[string]bool) []NavLink {
	if !sees["processing"] {
		return nil
	}
	links := []NavLink{link("web.processing.nav", "/processing"), link("web.campaign", "/processing/campaign")}
	if sees["review"] { // counted for those who see all that it rests on
		links = append(links, link("web.worklist", "/processing/worklist"), link("web.transfers.nav", "/processing/transfers"))
	}
	if sees["subject_request"] {
		links = append(links, link("web.requests", "/requests"))
	}
	if slices.ContainsFunc(links[1:], func(n NavLink) bool { return n.Current != "" }) {
		links[0].Current = ""
	}
	return links
}

// behindPages are the registers that a page of the record of processing shows, and the page.
var behindPages = map[string]string{"/r/transfer": "/processing/transfers", "/r/subject_request": "/requests", "/r/campaign": "/processing/campaign",
	"/r/confirmation": "/processing/campaign", "/r/dpia_risk": "/r/dpia"}

// behind takes away the registers that have a page in their place, and marks the page when one is at its register.
func (f *NavFold) behind(onDPIA bool) {
	at := map[string]bool{}
	for i, n := range f.Links {
		at[n.URL] = true
		if onDPIA && n.URL == "/r/dpia" {
			f.Open, f.Links[i].Current = true, "true"
		}
	}
	for _, n := range f.Links {
		page := behindPages[n.URL]
		i := slices.IndexFunc(f.Links, func(other NavLink) bool { return other.URL == page })
		if n.Current != "" && i >= 0 && f.Links[i].Current == "" {
			f.Links[i].Current = "true"
		}
	}
	f.Links = slices.DeleteFunc(f.Links, func(n NavLink) bool { return at[behindPages[n.URL]] })
}

// lead lets what is wrong lead to where it is mended, on a page that has not the register's own fields.
func (s *Summary) lead(to func(field string) string) {
	if s == nil {
		return
	}
	for i, item := range s.Items {
		if field, ok := strings.CutPrefix(item.URL, "#f-"); ok {
			s.Items[i].URL = to(field)
		}
	}
}
