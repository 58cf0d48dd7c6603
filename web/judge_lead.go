// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"slices"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// RedealForm moves what has gone astray.
type RedealForm struct{ Kind, ID string }

// HandForm hands the portion over.
type HandForm struct {
	Find  string
	To    *FormField
	Note  string
	Open  bool
	Empty bool
}

// LeadPart is what only who leads the work sees.
type LeadPart struct {
	Pace            []Fact
	Links           []LinkRow
	Days            string // the last day that is proposed for a link
	Open            bool   // a link may be opened
	Withdraw, Again bool
}

// A LinkRow is a link to the portion. What it leads to is not kept.
type LinkRow struct {
	Name, To, Saved, Last string
	State                 Tag
	Revoke                string
}

// hand makes the form by which the portion is handed over.
func (p *PortionPage) hand(v *visit, page app.PortionPage, q map[string]string, sent sentRows) error {
	if page.ValidTo != "" || !page.Open || !page.Mine && !page.Leads {
		return nil
	}
	l := v.lang
	find := q["find"]
	if sent.hand != nil {
		find = sent.hand["find"]
	}
	found, more, err := v.options("person", find)
	if err != nil && !errors.Is(err, isms.ErrNotFound) {
		return err
	}
	field := &FormField{Name: "reviewer", Label: l.T("web.judge.hand.to"), Help: l.T("web.judge.hand.find.help"), Kind: "choice", Width: "w-mid", Required: true,
		None: l.T("web.form.none"), Wrong: wrongOf(l, sent.wrong, "reviewer")}
	for _, o := range found {
		if o.ID != string(page.Portion.Reviewer) {
			field.Options = append(field.Options, Option{Value: o.ID, Text: o.Title, Chosen: o.ID == sent.hand["reviewer"]})
		}
	}
	if more {
		field.More = l.T("web.form.more", len(found))
	} else {
		field.Sieve = sieve(l, field.Options)
	}
	p.Hand = &HandForm{Find: find, To: field, Note: sent.hand["note"], Open: q["find"] != "" || sent.hand != nil, Empty: len(field.Options) == 0}
	return nil
}

// lead makes what only who leads the work sees.
func (p *PortionPage) lead(v *visit, page app.PortionPage) {
	if !page.Leads || page.ValidTo != "" {
		return
	}
	l := v.lang
	portion := page.Portion
	if page.Astray {
		p.Astray, p.Redeal = l.T("web.judge.astray"), &RedealForm{page.Kind, page.About}
		if portion.Reviewer == "" {
			p.Astray = l.T("web.judge.astray.none")
		}
	}
	number := func(key string, n string) Fact {
		return Fact{Label: l.T("web.judge.pace." + key), Values: []Value{{Text: n}}}
	}
	seconds := l.Day("")
	if n, known := page.Pace.Seconds.Known(); known {
		seconds = l.Number(n)
	}
	lead := &LeadPart{Open: page.Open && portion.Reviewer != "", Withdraw: page.Open, Again: page.Runs && portion.DoneAt != "" && portion.WithdrawnOn == "",
		Pace: []Fact{number("items", l.Number(page.Pace.Items)), number("seconds", seconds), number("run", l.Number(page.Pace.Run)), number("bulk", l.Number(page.Pace.Bulk))}}
	lead.Days = string(v.site.app.Today().AddDays(30))
	if portion.DueOn > v.site.app.Today() && string(portion.DueOn) < lead.Days {
		lead.Days = string(portion.DueOn)
	}
	for _, use := range page.Links {
		row := LinkRow{Name: page.Titles.Of("person", string(use.Person)), To: string(use.ValidTo), Saved: l.Number(use.Saved), Last: clock(use.Last),
			State: Tag{l.T("web.judge.links.dead"), ""}}
		if use.Opens {
			row.State, row.Revoke = Tag{l.T("web.judge.links.live"), "good"}, p.Base+"/link/"+use.ID+"/revoke"
		}
		lead.Links = append(lead.Links, row)
	}
	p.Lead = lead
	p.Back = &Link{l.T("web.judge.back", page.For), leadAddress(page.Kind, page.About)}
}

// leadAddress is the page of the work that a portion was dealt out for.
func leadAddress(kind, id string) string {
	if kind == "access_review" {
		return "/access/" + id
	}
	return "/checks/" + id
}

// portionLink leads to the portion's page for who judges it, who did, and who leads what it was dealt out for; for others it is its name alone.
func (v *visit) portionLink(p isms.Portion, leads bool) Link {
	me := register.Ref[isms.Person](v.who.Person)
	if !leads && (me == "" || p.Reviewer != me && !slices.Contains(p.Former, me)) {
		return Link{Text: p.Name}
	}
	return Link{p.Name, "/judge/" + p.ID}
}
