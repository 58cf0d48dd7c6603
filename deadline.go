// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"ledsyn/law"
)

// asked is what the flags of the command deadline say, read.
type asked struct {
	rule    string
	trigger time.Time
	day     string
	sectors []string // keys
	county  string   // key
}

// deadline counts one rule's clock. It needs no database: it knows the embedded rules, not those that an administrator has
// laid over them.
func (p *program) deadline(_ context.Context, args []string) (int, error) {
	f := p.flags("deadline")
	rule := f.String("rule", "", p.lang.T("cli.flag.rule"))
	trigger := f.String("trigger", "", p.lang.T("cli.flag.trigger"))
	day := f.String("day", "", p.lang.T("cli.flag.case_day"))
	sectors := f.String("sector", "", p.lang.T("cli.flag.sector"))
	county := f.String("county", "", p.lang.T("cli.flag.county"))
	asJSON := f.Bool("json", false, p.lang.T("cli.flag.json"))
	if err := p.parseAlone(f, args); err != nil {
		return misused, err
	}
	if *rule == "" || *trigger == "" {
		return misused, usageError{errors.New(p.lang.T("cli.deadline.needs"))}
	}
	q, err := p.ask(*rule, *trigger, *day, *sectors, *county)
	if err != nil {
		return failed, err
	}
	due, provision, err := law.Embedded().Deadline(q.rule, q.trigger, q.day)
	if err != nil {
		return failed, p.noDeadline(err, q, provision)
	}
	if *asJSON {
		return succeeded, writeJSON(p.out, p.deadlineJSON(due, provision, q))
	}
	return succeeded, p.writeDeadline(due, provision, q)
}

// parseAlone is parse for commands that take nothing beside their flags.
func (p *program) parseAlone(f *flag.FlagSet, args []string) error {
	if err := p.parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return usageError{errors.New(p.lang.T("cli.too_much", f.Arg(0)))}
	}
	return nil
}

func (p *program) ask(rule, trigger, day, sectors, county string) (asked, error) {
	q := asked{rule: rule}
	var err error
	if q.trigger, err = law.ReadInstant(trigger); err != nil {
		return q, p.instantWords(trigger, err)
	}
	if q.day, err = p.lawDay(day, q.trigger); err != nil {
		return q, err
	}
	for text := range strings.SplitSeq(sectors, ",") {
		if strings.TrimSpace(text) == "" {
			continue
		}
		s, ok := law.Embedded().Sector(text)
		if !ok {
			return q, errors.New(p.lang.T("cli.sector_unknown", strings.TrimSpace(text), placeKeys(law.Embedded().Sectors())))
		}
		q.sectors = append(q.sectors, s.Key)
	}
	if county != "" {
		c, ok := law.Embedded().County(county)
		if !ok {
			return q, errors.New(p.lang.T("cli.county_unknown", county, placeKeys(law.Embedded().Counties())))
		}
		q.county = c.Key
	}
	return q, nil
}

// lawDay checks the day of a flag. Left out, it is the moment's day in Sweden.
func (p *program) lawDay(day string, moment time.Time) (string, error) {
	if day == "" {
		return moment.In(law.Zone()).Format(time.DateOnly), nil
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return "", errors.New(p.lang.T("cli.day_unknown", day))
	}
	return day, nil
}

func placeKeys(all []law.Place) string {
	keys := make([]string, len(all))
	for i, one := range all {
		keys[i] = one.Key
	}
	return strings.Join(keys, ", ")
}

// instantWords says what is wrong with a moment, and of a night when the clocks are changed what to write instead.
func (p *program) instantWords(text string, err error) error {
	var twice law.TwiceError
	var never law.NeverError
	switch {
	case errors.As(err, &twice):
		return errors.New(p.lang.T("cli.instant.twice", text, twice.Earlier.Format(jsonInstant), twice.Later.Format(jsonInstant)))
	case errors.As(err, &never):
		return errors.New(p.lang.T("cli.instant.never", text, never.Changed.Format(jsonInstant)))
	}
	return errors.New(p.lang.T("cli.instant.unknown", text))
}

// noDeadline says why there is no deadline.
func (p *program) noDeadline(err error, q asked, provision law.Provision) error {
	switch {
	case errors.Is(err, law.ErrNotInForce):
		return errors.New(p.lang.T("cli.deadline.not_in_force", q.rule, q.day))
	case errors.Is(err, law.ErrNoLength):
		return errors.New(p.lang.T("cli.deadline.no_length", q.rule, provision.Demands.In(string(p.lang))))
	}
	var keys []string
	for _, one := range law.Embedded().On(q.day) {
		if one.Clock != nil && one.Clock.Calendar != law.Local {
			keys = append(keys, one.Key)
		}
	}
	return errors.New(p.lang.T("cli.deadline.no_rule", q.rule, strings.Join(keys, ", ")))
}

func (p *program) writeDeadline(due law.Deadline, provision law.Provision, q asked) error {
	lang := string(p.lang)
	fmt.Fprintf(p.out, "%s\n%s\n\n", provision.Title.In(lang), provision.Demands.In(lang))
	w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
	line := func(key, text string) { fmt.Fprintf(w, "%s\t%s\n", p.lang.T("cli.deadline."+key), text) }
	line("trigger", p.instant(due.Trigger, false)+", "+provision.Clock.Starts.In(lang))
	line("nominal", p.instant(due.Nominal, due.WholeDay))
	line("adjusted", p.instant(due.Adjusted, due.WholeDay))
	line("shown", p.instant(due.Shown, due.WholeDay))
	line("counted", p.lang.T("law.calendar."+string(provision.Clock.Calendar)))
	line("recipient", p.recipients(law.Embedded().Recipients(provision, q.day, q.sectors, q.county), provision))
	for _, sector := range q.sectors {
		text := p.lang.T("cli.deadline.supervisor_unknown")
		if r, ok := law.Embedded().Supervisor(sector, q.county, q.day); ok {
			text = p.recipients([]law.Recipient{r}, provision)
		}
		place, _ := law.Embedded().Sector(sector)
		line("supervisor", text+", "+place.Name.In(lang))
	}
	line("statute", provision.Source)
	line("version", p.span(provision.Span))
	line("reliability", p.lang.T("law.reliability."+string(provision.Reliability))+", "+provision.VerifiedOn)
	if note := provision.Note.In(lang); note != "" {
		line("note", note)
	}
	return w.Flush()
}

const jsonInstant = "2006-01-02T15:04:05-07:00"

// instant writes a moment in Sweden with its distance from UTC, and a whole day as the day.
func (p *program) instant(t time.Time, wholeDay bool) string {
	weekday := p.lang.T("law.weekday." + strconv.Itoa(int(t.Weekday())))
	if wholeDay {
		return p.lang.T("cli.deadline.whole_day", weekday, t.Format(time.DateOnly))
	}
	return p.lang.T("cli.deadline.instant", weekday, t.Format("2006-01-02 15:04"), t.Format("-07:00"))
}

// recipients writes who receives, each marked unless read in the statute's own text.
func (p *program) recipients(all []law.Recipient, provision law.Provision) string {
	if len(all) == 0 {
		for _, r := range provision.Recipients {
			if r.By == "sector" {
				return p.lang.T("cli.deadline.recipient_by_sector")
			}
		}
		return p.lang.T("cli.deadline.no_recipient")
	}
	var names []string
	for _, r := range all {
		name := r.Name.In(string(p.lang))
		if r.Reliability != law.Read {
			name += " (" + p.lang.T("law.reliability."+string(r.Reliability)) + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, "; ")
}

// span writes the days a version is in force.
func (p *program) span(s law.Span) string {
	switch {
	case s.From == "" && s.To == "":
		return p.lang.T("cli.rules.days_unknown")
	case s.From == "":
		return p.lang.T("cli.rules.until", s.To)
	case s.To == "":
		return p.lang.T("cli.rules.from", s.From)
	}
	return p.lang.T("cli.rules.between", s.From, s.To)
}
