// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// IncidentLinksPage is the links by which anybody may report, and the forms that open and close them.
type IncidentLinksPage struct {
	Frame
	Summary *Summary
	New     string // the link that was just opened, shown once
	Rows    []ReportLinkRow
	Fields  []FormField
	Units   *FormField
	Unit    string
	Key     string
}

// A ReportLinkRow is one link. What it leads to is not kept.
type ReportLinkRow struct {
	Name, Unit, By, From, To string
	State                    Tag
	Close                    string
	Rev                      int
	Key                      string
}

func (s *site) reportLinks(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showLinks(http.StatusOK, "", nil, nil)
}

func (v *visit) showLinks(status int, fresh string, sent map[string]string, wrong register.Wrongs) error {
	l, s := v.lang, register.Of[isms.ReportLink]()
	t, err := v.site.app.List(v.r.Context(), v.who, "report_link", app.Query{Limit: 500, Sort: "valid_from", Desc: true, Retired: true})
	if err != nil {
		return err
	}
	p := &IncidentLinksPage{New: fresh, Key: register.NewID()}
	p.Title = l.T("web.links")
	p.Crumbs = []Link{{l.T("web.incidents"), "/incidents"}}
	today := v.site.app.Today()
	for _, rec := range t.Records {
		link := rec.(*isms.ReportLink)
		row := ReportLinkRow{Name: link.Name, Unit: t.Titles.Of("unit", link.Unit), By: t.Titles.Of("person", string(link.OpenedBy)), From: string(link.ValidFrom),
			To: string(link.ValidTo), State: Tag{l.T("web.links.closed"), ""}, Rev: link.Rev}
		if link.Open(today) {
			row.State = Tag{l.T("web.links.open"), "good"}
			for _, unit := range t.CreateIn {
				if unit == link.Unit {
					row.Close, row.Key = "/incidents/links/"+link.ID+"/close", register.NewID()
				}
			}
		}
		p.Rows = append(p.Rows, row)
	}
	if len(t.CreateIn) > 0 {
		form := FormPage{}
		if err := form.units(v, s, t.CreateIn, sent["_unit"]); err != nil {
			return err
		}
		p.Units, p.Unit = form.Units, form.Unit
		given := url.Values{"valid_to": {string(today.AddMonths(12))}}
		for name, text := range sent {
			given.Set(name, text)
		}
		for _, name := range []string{"name", "valid_to"} {
			f, _ := s.Field(name)
			f.Required = true
			field, err := v.formField(s, f, &isms.ReportLink{}, nil, given, nil, wrong)
			if err != nil {
				return err
			}
			p.Fields = append(p.Fields, field)
		}
	}
	p.Summary = summarize(l, s, wrong)
	p.Failed = p.Summary != nil
	return v.show(status, "incident-links", p)
}

// openReportLink opens a link and shows it, this once: nobody can see it again, for nothing but a hash of it is kept.
func (s *site) openReportLink(v *visit) error {
	form, err := v.formOf("_key", "_unit", "name", "valid_to")
	if err != nil {
		return err
	}
	_, token, err := s.app.OpenReportLink(v.r.Context(), v.who, app.NewReportLink{Unit: form["_unit"], Name: form["name"], ValidTo: register.Day(form["valid_to"]), Key: form["_key"]})
	var wrong register.Wrongs
	switch {
	case errors.As(err, &wrong):
		return v.showLinks(http.StatusUnprocessableEntity, "", form, wrong)
	case err != nil:
		return err
	case token == "": // the same form sent twice
		return v.goTo("/incidents/links")
	}
	return v.showLinks(http.StatusOK, v.ownAddress()+"/report/link/"+token, nil, nil)
}

// ownAddress is how people reach the program.
func (v *visit) ownAddress() string {
	switch {
	case v.site.config.Own != "":
		return v.site.config.Own
	case v.site.config.TLS:
		return "https://" + v.r.Host
	}
	return "http://" + v.r.Host
}

func (s *site) closeReportLink(v *visit) error {
	form, err := v.formOf("_rev", "_key")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	return v.afterAct(s.app.CloseReportLink(v.r.Context(), v.who, v.r.PathValue("id"), rev, form["_key"]), "/incidents/links")
}
