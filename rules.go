// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"ledsyn/law"
)

// rules lists the embedded rules that bind on a day, each with how far it can be trusted.
func (p *program) rules(_ context.Context, args []string) (int, error) {
	f := p.flags("rules")
	day := f.String("day", "", p.lang.T("cli.flag.rules_day"))
	asJSON := f.Bool("json", false, p.lang.T("cli.flag.json"))
	if err := p.parseAlone(f, args); err != nil {
		return misused, err
	}
	on, err := p.lawDay(*day, time.Now())
	if err != nil {
		return failed, err
	}
	all := law.Embedded().On(on)
	if *asJSON {
		list := make([]ruleJSON, len(all))
		for i, one := range all {
			list[i] = p.ruleJSON(one, on)
		}
		return succeeded, writeJSON(p.out, list)
	}
	w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, p.lang.T("cli.rules.head"))
	for _, one := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", one.Key, p.lang.T("law.reliability."+string(one.Reliability)), p.span(one.Span), one.Title.In(string(p.lang)), one.Source)
	}
	if err := w.Flush(); err != nil {
		return failed, err
	}
	fmt.Fprintln(p.out, "\n"+p.lang.T("cli.rules.marks"))
	return succeeded, nil
}

// ruleJSON is a rule as other programs read it. Texts are in the language asked for.
type ruleJSON struct {
	Rule        string          `json:"rule"`
	Version     string          `json:"version"`
	Kind        law.Kind        `json:"kind"`
	Title       string          `json:"title"`
	Demands     string          `json:"demands"`
	Statute     string          `json:"statute"`
	From        string          `json:"from,omitempty"`
	To          string          `json:"to,omitempty"`
	InForce     bool            `json:"in_force"`
	Reliability law.Reliability `json:"reliability"`
	ReadIn      []originJSON    `json:"read_in"`
	VerifiedOn  string          `json:"verified_on"`
	Recipients  []receiverJSON  `json:"recipients,omitempty"`
	Clock       *clockJSON      `json:"clock,omitempty"`
	Note        string          `json:"note,omitempty"`
}

type originJSON struct {
	What string `json:"what"`
	URL  string `json:"url,omitempty"`
}

type receiverJSON struct {
	Name        string          `json:"name"`
	Reliability law.Reliability `json:"reliability"`
}

type clockJSON struct {
	Start       law.Start    `json:"start"`
	Calendar    law.Calendar `json:"calendar"`
	Hours       int          `json:"hours,omitempty"`
	Days        int          `json:"days,omitempty"`
	WorkingDays int          `json:"working_days,omitempty"`
	Months      int          `json:"months,omitempty"`
}

// ruleJSON is the rule on the day, with its recipients where they do not depend on a sector.
func (p *program) ruleJSON(one law.Provision, day string) ruleJSON {
	lang := string(p.lang)
	r := ruleJSON{
		Rule: one.Key, Version: one.Version(), Kind: one.Kind, Title: one.Title.In(lang), Demands: one.Demands.In(lang), Statute: one.Source,
		From: one.From, To: one.To, InForce: one.InForce(day), Reliability: one.Reliability, VerifiedOn: one.VerifiedOn, Note: one.Note.In(lang),
		Recipients: p.receivers(law.Embedded().Recipients(one, day, nil, "")),
	}
	for _, o := range law.Origins() {
		for _, key := range one.ReadIn {
			if o.Key == key {
				r.ReadIn = append(r.ReadIn, originJSON{o.What, o.URL})
			}
		}
	}
	if c := one.Clock; c != nil {
		r.Clock = &clockJSON{c.Start, c.Calendar, c.Hours, c.Days, c.WorkingDays, c.Months}
	}
	return r
}

func (p *program) receivers(all []law.Recipient) []receiverJSON {
	var out []receiverJSON
	for _, r := range all {
		out = append(out, receiverJSON{r.Name.In(string(p.lang)), r.Reliability})
	}
	return out
}

// deadlineJSON is a deadline with the rule it was counted by. Instants carry their distance from UTC; of a whole day they are the
// midnight it begins with.
type deadlineJSON struct {
	law.Deadline
	Zone        string         `json:"zone"`
	Day         string         `json:"day"`
	Recipients  []receiverJSON `json:"recipients"`
	Supervisors []receiverJSON `json:"supervisors,omitempty"`
	By          ruleJSON       `json:"by"`
}

func (p *program) deadlineJSON(due law.Deadline, one law.Provision, q asked) deadlineJSON {
	d := deadlineJSON{Deadline: due, Zone: law.Zone().String(), Day: q.day, By: p.ruleJSON(one, q.day)}
	d.Recipients = p.receivers(law.Embedded().Recipients(one, q.day, q.sectors, q.county))
	for _, sector := range q.sectors {
		if r, ok := law.Embedded().Supervisor(sector, q.county, q.day); ok {
			d.Supervisors = append(d.Supervisors, p.receivers([]law.Recipient{r})...)
		}
	}
	return d
}
