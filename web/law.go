// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"ledsyn/law"
	"ledsyn/register"
)

// LawPage is the rules that bind on a day.
type LawPage struct {
	Frame
	Day    string
	Lead   string
	Groups []LawGroup
}

// A LawGroup is rules of one kind.
type LawGroup struct {
	ID, Text string
	Rules    []LawRule
}

// A LawRule is a rule as it binds on the day.
type LawRule struct {
	Key, Title, Demands, Statute string
	Period, From                 string
	Recipients                   []LawRecipient
	ReadIn                       []Link
	VerifiedOn                   string
	Mark                         Tag
	Own                          *Link // the administrator's record that made it so
	Note                         string
}

// A LawRecipient is who receives what the rule says, with how far that can be trusted where it is another mark than the rule's.
type LawRecipient struct {
	Name string
	Mark Tag
}

// lawKinds are the kinds of rules, those with clocks first.
var lawKinds = []law.Kind{law.Timed, law.Demand, law.Statute, law.Regulation, law.Directive, law.Authority, law.Decision}

func (s *site) law(v *visit) error {
	q, err := v.query("day")
	if err != nil {
		return err
	}
	l := v.lang
	p := &LawPage{Day: q["day"]}
	if p.Day == "" {
		p.Day = string(s.app.Today())
	}
	if !register.Day(p.Day).Valid() {
		return errQuery
	}
	book, err := s.app.Law(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	p.Title = l.T("web.law")
	rules := book.On(p.Day)
	slices.SortStableFunc(rules, func(x, y law.Provision) int {
		return cmp.Or(cmp.Compare(x.Source, y.Source), cmp.Compare(x.Key, y.Key))
	})
	p.Lead = l.T("web.law.about", len(rules), p.Day)
	for _, kind := range lawKinds {
		g := LawGroup{ID: string(kind), Text: l.T("web.law.kind." + string(kind))}
		for _, r := range rules {
			if r.Kind == kind {
				g.Rules = append(g.Rules, v.lawRule(book, r, p.Day))
			}
		}
		if len(g.Rules) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	return v.show(http.StatusOK, "law", p)
}

func (v *visit) lawRule(book *law.Book, r law.Provision, day string) LawRule {
	l, lang := v.lang, string(v.lang)
	row := LawRule{Key: r.Key, Title: r.Title.In(lang), Demands: r.Demands.In(lang), Statute: r.Source, VerifiedOn: r.VerifiedOn, Mark: v.reliability(r.Reliability),
		Note: r.Note.In(lang), From: r.From}
	if r.Clock != nil {
		row.Period = v.period(*r.Clock)
	}
	for _, one := range book.Recipients(r, day, nil, "") {
		to := LawRecipient{Name: one.Name.In(lang)}
		if one.Reliability != r.Reliability {
			to.Mark = v.reliability(one.Reliability)
		}
		row.Recipients = append(row.Recipients, to)
	}
	if slices.ContainsFunc(r.Recipients, func(one law.Recipient) bool { return one.By == "sector" }) {
		row.Recipients = append(row.Recipients, LawRecipient{Name: l.T("web.law.by_sector")})
	}
	for _, key := range r.ReadIn {
		for _, o := range law.Origins() {
			if o.Key == key {
				row.ReadIn = append(row.ReadIn, Link{o.What, o.URL})
			}
		}
	}
	if r.Own != nil {
		row.Own = &Link{l.T("web.law.own"), address("law_override", r.Own.ID)}
		row.ReadIn = []Link{{Text: r.Own.Source}}
	}
	return row
}

// period writes how long a clock runs and from what.
func (v *visit) period(c law.Clock) string {
	l := v.lang
	var length string
	switch {
	case c.Hours > 0:
		length = l.T("web.law.hours", c.Hours)
	case c.Days > 0:
		length = l.T("web.law.days", c.Days)
	case c.WorkingDays > 0:
		length = l.T("web.law.working_days", c.WorkingDays)
	case c.Months > 0:
		length = l.T("web.law.months", c.Months)
	default:
		return l.T("web.law.set", c.Starts.In(string(l)))
	}
	return l.T("web.law.period", length, c.Starts.In(string(l)), strings.TrimSuffix(l.T("law.calendar."+string(c.Calendar)), "."))
}

// lawLink leads to the rule's row on the page of the rules of the day.
func lawLink(key, day string) string { return "/law?day=" + day + "#" + key }
