// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/report"
	"ledsyn/store"
)

// PrintRoutine is the written routine as a document: what it is for, each step with who takes it and within what time, who owns it, and
// which steering document it is.
func (a *App) PrintRoutine(ctx context.Context, who access.Actor, id string, lang locale.Lang) (report.Doc, error) {
	r, err := a.Routine(ctx, who, id, lang)
	if err != nil {
		return report.Doc{}, err
	}
	organisation, err := a.organisation(ctx, who.Org)
	if err != nil {
		return report.Doc{}, err
	}
	p := printedRoutine{Routine: r, lang: lang, organisation: organisation.Name}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		if r.Unit != "" {
			unit, err := store.Get[isms.Unit](tx, everywhere, r.Unit)
			if err != nil {
				return err
			}
			p.unit = unit.Name
		}
		if r.Document != "" {
			d, err := store.Get[isms.Document](tx, who.In(access.See, "document"), string(r.Document))
			if err == nil {
				p.document = &d
			}
		}
		return nil
	})
	return p.doc(string(a.Today())), err
}

type printedRoutine struct {
	Routine
	lang         locale.Lang
	organisation string
	unit         string
	document     *isms.Document // the steering document, nil where none is named or it is not to be seen
}

func (p printedRoutine) doc(day string) report.Doc {
	l := p.lang
	d := report.Doc{Schema: report.DocSchema, Lang: string(l), Template: "routine", AsOf: day, Words: report.WordsIn(l)}
	d.Front = report.Front{Organisation: p.organisation, Title: p.Name, Board: p.unit, Lines: p.front()}
	if p.document == nil || p.document.DecidedOn == "" {
		d.Front.Head = l.T("routine.not_decided")
	} else {
		d.Front.Head = l.T("routine.decided", l.Day(string(p.document.DecidedOn)))
	}
	text := func(s string) []report.Span { return []report.Span{{Text: s}} }
	if p.Purpose != "" {
		d.Sections = append(d.Sections, report.Section{Key: "purpose", Level: 1, Heading: l.T("playbook.purpose"),
			Blocks: []report.Block{{Type: report.Paragraph, Text: text(p.Purpose)}}})
	}
	call := report.Block{Type: report.Missing, Text: text(l.T("routine.no_phone"))}
	if p.Phone != "" {
		call = report.Block{Type: report.Box, Text: text(l.T("routine.call", p.Phone))}
	}
	steps := report.Section{Key: "steps", Level: 1, Heading: l.T("routine.steps"), Blocks: []report.Block{call}}
	table := report.Block{Type: report.Table, Head: []report.Cell{{Text: text(l.T("routine.nr")), Width: 1}, {Text: text(l.T("playbook_step.name")), Width: 7},
		{Text: text(l.T("playbook_step.who")), Width: 5}, {Text: text(l.T("routine.within")), Width: 2}}}
	for i, s := range p.Steps {
		what := []report.Span{{Text: s.Name, Bold: true}}
		if s.When != "" {
			what = append(what, report.Span{Text: " (" + s.When + ")", Italic: true})
		}
		if s.How != "" {
			what = append(what, report.Span{Text: ". " + s.How})
		}
		table.Rows = append(table.Rows, []report.Cell{{Text: text(l.T("routine.number", i+1))}, {Text: what}, {Text: text(s.Who)}, {Text: text(WithinWords(l, s))}})
	}
	if len(table.Rows) > 0 {
		steps.Blocks = append(steps.Blocks, table)
	} else {
		steps.Blocks = append(steps.Blocks, report.Block{Type: report.Missing, Text: text(l.T("routine.no_steps"))})
	}
	d.Sections = append(d.Sections, steps)
	return d
}

// front is who answers for the routine and what it is.
func (p printedRoutine) front() []report.Line {
	l := p.lang
	lines := []report.Line{}
	add := func(label, value string) {
		if value != "" {
			lines = append(lines, report.Line{Label: label, Value: value})
		}
	}
	add(l.T("playbook.owner"), p.Titles.Of("person", string(p.Owner)))
	if p.document != nil {
		add(l.T("playbook.document"), p.document.Title)
		add(l.T("document.state"), l.T("choice.document_state."+string(p.document.State)))
		add(l.T("document.decided_on"), dayOrNone(l, string(p.document.DecidedOn)))
		add(l.T("document.approver"), p.document.Approver)
		add(l.T("document.dnr"), p.document.Dnr)
	}
	add(l.T("playbook.valid_from"), dayOrNone(l, string(p.ValidFrom)))
	add(l.T("playbook.valid_to"), dayOrNone(l, string(p.ValidTo)))
	return lines
}

func dayOrNone(l locale.Lang, day string) string {
	if day == "" {
		return ""
	}
	return l.Day(day)
}

// WithinWords is within what time from the report the step is to be done, in words; "" where the routine says none.
func WithinWords(l locale.Lang, s isms.PlaybookStep) string {
	minutes, known := s.Minutes.Known()
	switch {
	case !known:
		return ""
	case minutes == 0:
		return l.T("routine.within.at_once")
	case minutes%1440 == 0:
		return l.T("routine.within.days", minutes/1440)
	case minutes%60 == 0:
		return l.T("routine.within.hours", minutes/60)
	}
	return l.T("routine.within.minutes", minutes)
}
