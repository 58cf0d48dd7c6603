// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/report"
	"ledsyn/store"
)

// Doc returns the review's document in the language: made from what is known now, and for a decided review as it was
// decided. In another language than it was decided in, it is made anew from what the journal knew then.
func (a *App) Doc(ctx context.Context, who access.Actor, id string, lang locale.Lang) (report.Doc, error) {
	var doc report.Doc
	err := a.reading(ctx, who, id, func(tx *store.Tx, r isms.Review, organisation Organisation) error {
		if r.State.Frozen() {
			f, err := tx.Frozen(r.ID)
			if err != nil {
				return err
			}
			if err := json.Unmarshal(f.Doc, &doc); err != nil || doc.Lang == string(lang) {
				return err
			}
		}
		made, err := a.compose(tx, organisation, r, lang)
		doc = made.doc
		return err
	})
	return doc, err
}

// Examine returns what does not hold together in the review, as known now, or for a decided one as known then.
func (a *App) Examine(ctx context.Context, who access.Actor, id string) ([]Finding, error) {
	var findings []Finding
	err := a.reading(ctx, who, id, func(tx *store.Tx, r isms.Review, organisation Organisation) error {
		made, err := a.compose(tx, organisation, r, locale.Swedish)
		findings = made.findings
		return err
	})
	return findings, err
}

// reading looks at a review with everything in it, for somebody who may see all that it is made from.
func (a *App) reading(ctx context.Context, who access.Actor, id string, f func(*store.Tx, isms.Review, Organisation) error) error {
	organisation, err := a.organisation(ctx, who.Org)
	if err != nil {
		return err
	}
	return a.view(ctx, who, func(tx *store.Tx) error {
		r, err := store.Get[isms.Review](tx, who.In(access.See, "review"), id)
		if err != nil {
			return err
		}
		if err := a.seesAll(ctx, tx, who, r.Unit); err != nil {
			return err
		}
		return f(tx, r, organisation)
	})
}

func (a *App) organisation(ctx context.Context, id string) (Organisation, error) {
	name, err := a.OrganisationName(ctx, id)
	if err == nil && name == "" {
		err = isms.ErrNotFound
	}
	return Organisation{ID: id, Name: name}, err
}

// A composition is a review made into a document and examined.
type composition struct {
	doc      report.Doc
	findings []Finding
	records  gathering
}

// compose makes the review's document from what is known now, or for a decided review from what the journal knew when
// it was decided.
func (a *App) compose(tx *store.Tx, organisation Organisation, r isms.Review, lang locale.Lang) (composition, error) {
	var c composition
	var known register.Moment
	if r.State.Frozen() {
		f, err := tx.Frozen(r.ID)
		if err != nil {
			return c, err
		}
		known = f.At
	}
	return a.composeAt(tx, organisation, r, lang, known)
}

func (a *App) composeAt(tx *store.Tx, organisation Organisation, r isms.Review, lang locale.Lang, known register.Moment) (composition, error) {
	var c composition
	template, ok := report.TemplateOf(r.Template)
	if !ok {
		return c, register.Wrongs{{Field: "template", Code: "no_template"}}
	}
	counted, err := c.gather(tx, r.Unit, known)
	if err != nil {
		return c, err
	}
	units := c.records.all.Units
	i := slices.IndexFunc(units, func(u isms.Unit) bool { return u.ID == r.Unit })
	if i < 0 {
		return c, isms.ErrNotFound
	}
	in := report.Input{Lang: lang, Template: template, Organisation: organisation.Name, Unit: units[i], Review: r,
		Records: c.records.all, Known: known, Validation: r.Validation, Figures: metric.All(counted, r.AsOf)}
	if in.Curves, err = a.curves(tx, organisation.ID, r, in.Figures, formerDay(c.records.own.Reviews, r)); err != nil {
		return c, err
	}
	c.doc = report.ManagementReview(in)
	examined := c.records.own
	examined.Factors = c.records.all.Factors                   // the document tells of those above, too,
	examined.ControlProcesses = c.records.all.ControlProcesses // and what the city makes compulsory is assessed below
	c.findings = append(examine(r, examined, unreported(c.doc)), examineRecord(r, c.records)...)
	if known == "" {
		more, err := a.examineAnswers(tx, organisation.ID, r, examined)
		if err != nil {
			return c, err
		}
		c.findings = append(c.findings, more...)
	}
	if in.Findings = accepted(c.findings, lang); len(in.Findings) > 0 {
		c.doc = report.ManagementReview(in) // once more, to print what was let stand
	}
	c.doc, err = report.Unmasked(c.doc)
	return c, err
}

// gather reads the records that the document tells of, as anybody may see them: a review is public, whoever writes it. It returns
// those that are counted, which only lack secret words: how many there are is no secret.
func (c *composition) gather(tx *store.Tx, unit string, known register.Moment) (counted metric.Records, err error) {
	err = tx.Public(func() (err error) {
		c.records, err = gather(tx, unit, known)
		return err
	})
	if err != nil {
		return counted, err
	}
	counted = c.records.own
	if marked, err := tx.Marked(); err != nil || !marked {
		return counted, err
	}
	err = tx.Counting(func() error {
		whole, err := gather(tx, unit, known)
		counted = whole.own
		return err
	})
	return counted, err
}

// unreported lists the inputs that no section of the document answers.
func unreported(d report.Doc) []string {
	var inputs []string
	for _, c := range d.Coverage {
		if len(c.Sections) == 0 {
			inputs = append(inputs, c.Input)
		}
	}
	return inputs
}

// accepted gives the sentences of the findings that were let stand, by key.
func accepted(findings []Finding, lang locale.Lang) map[string]string {
	said := map[string]string{}
	for _, f := range findings {
		if f.Accepted != "" {
			said[f.Key], _, _ = f.Words(lang)
		}
	}
	return said
}

// curves counts the review's shares at the ends of the quarters in the three years before its day, and on the former
// review's day, which it is compared with; as the journal knew them then. What was recorded by hand or not known has no curve here: its history is in the records themselves.
func (a *App) curves(tx *store.Tx, org string, r isms.Review, figures []metric.Figure, former register.Day) (map[string][]metric.Figure, error) {
	all := map[string][]metric.Figure{}
	for _, f := range figures {
		if f.Known && !f.Recorded && f.Year == 0 && f.IsShare() {
			all[f.ID()] = nil
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	days := quarterEnds(r.AsOf)
	if former != "" && !slices.Contains(days, former) {
		days = append(days, former)
		slices.Sort(days)
	}
	past, err := a.pastFigures(tx, org, r.Unit, days)
	for _, figures := range past {
		for _, f := range figures {
			if _, wanted := all[f.ID()]; wanted && f.Known {
				all[f.ID()] = append(all[f.ID()], f)
			}
		}
	}
	for id, curve := range all {
		if len(curve) == 0 {
			delete(all, id)
		}
	}
	return all, err
}

// quarterEnds lists the ends of the twelve quarters before the day.
func quarterEnds(day register.Day) []register.Day {
	var ends []register.Day
	for _, end := range MonthEnds(day.AddMonths(-36), day) {
		if month := end.Time().Month(); month%3 == 0 && end < day {
			ends = append(ends, end)
		}
	}
	return ends
}

// formerDay is the day whose facts the unit's former decided review states, or "" if there is none.
func formerDay(reviews []isms.Review, r isms.Review) (day register.Day) {
	for _, was := range reviews {
		if was.Unit == r.Unit && was.State.Frozen() && was.Year < r.Year && was.AsOf > day {
			day = was.AsOf
		}
	}
	return day
}
