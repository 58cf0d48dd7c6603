// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/report"
)

// PrintForm is the form as a document to print, with the given values in place of those that were filled in; nil keeps them.
func (a *App) PrintForm(ctx context.Context, who access.Actor, deadline string, situation bool, values map[string]string, lang locale.Lang) (report.Doc, error) {
	f, err := a.SubmissionForm(ctx, who, deadline, situation)
	if err != nil {
		return report.Doc{}, err
	}
	for i := range f.Fields {
		if v, ok := values[f.Fields[i].Key]; ok {
			f.Fields[i].Value = v
		}
	}
	organisation, err := a.organisation(ctx, who.Org)
	if err != nil {
		return report.Doc{}, err
	}
	p := printedForm{SubmissionForm: f, lang: lang, organisation: organisation.Name}
	return p.doc(f.Fields, []report.Line{{Label: lang.T("deadline.recipient"), Value: f.Receiver}, {Label: lang.T("submission.sent_at"), Value: lang.T("track.not_sent")}}), nil
}

// PrintSubmission is a version of what was sent as a document.
func (a *App) PrintSubmission(ctx context.Context, who access.Actor, deadline string, version int, lang locale.Lang) (report.Doc, error) {
	f, err := a.SubmissionForm(ctx, who, deadline, false)
	if err != nil {
		return report.Doc{}, err
	}
	if version < 1 || version > len(f.Versions) {
		return report.Doc{}, isms.ErrNotFound
	}
	organisation, err := a.organisation(ctx, who.Org)
	if err != nil {
		return report.Doc{}, err
	}
	s := f.Versions[version-1]
	var fields []FormValue
	for _, one := range SentFields(s) {
		field, _ := f.Form.Field(one.Key)
		field.Key = one.Key
		fields = append(fields, FormValue{FormField: field, Value: one.Value})
	}
	p := printedForm{SubmissionForm: f, lang: lang, organisation: organisation.Name, version: s.Version}
	lines := []report.Line{{Label: lang.T("deadline.recipient"), Value: s.Receiver}, {Label: lang.T("submission.sent_at"), Value: wallClock(s.SentAt)},
		{Label: lang.T("submission.sent_by"), Value: f.Titles.Of("person", string(s.SentBy))}, {Label: lang.T("submission.version"), Value: strconv.Itoa(s.Version)},
		{Label: lang.T("submission.case_id"), Value: s.CaseID}, {Label: lang.T("submission.receipt"), Value: s.Receipt}}
	return p.doc(fields, lines), nil
}

type printedForm struct {
	SubmissionForm
	lang         locale.Lang
	organisation string
	version      int
}

func (p printedForm) doc(fields []FormValue, lines []report.Line) report.Doc {
	l := p.lang
	d := report.Doc{Schema: report.DocSchema, Lang: string(l), Template: "submission", AsOf: dayHere(p.Now), Known: string(p.Now), Words: report.WordsIn(l)}
	d.Front = report.Front{Organisation: p.organisation, Title: p.Form.Title.In(string(l)), Board: p.UnitName, Head: p.About.Reference}
	d.Front.Lines = []report.Line{{Label: l.T("incident.reference"), Value: p.About.Reference}, {Label: l.T("deadline.statute"), Value: p.Rule.Source}}
	for _, line := range lines {
		if line.Value != "" {
			d.Front.Lines = append(d.Front.Lines, line)
		}
	}
	s := report.Section{Key: "fields", Level: 1, Heading: l.T("track.print.fields")}
	if p.Secrecy != nil {
		line := l.T("track.secrecy", p.Secrecy.Source)
		d.Front.Head = l.T("track.secrecy.head", l.T("secrecy.provision."+p.Secrecy.Key))
		d.Front.Lines = append(d.Front.Lines, report.Line{Label: l.T("track.secrecy.label"), Value: line})
		s.Blocks = append(s.Blocks, report.Block{Type: report.Paragraph, Text: []report.Span{{Text: line, Bold: true}}})
	}
	for _, f := range fields {
		name := f.Label.In(string(l))
		if name == "" {
			name = cmp.Or(f.Key, l.T("submission.fields")) // what was sent is one text where its fields cannot be told apart
		}
		s.Blocks = append(s.Blocks, report.Block{Type: report.Heading, Level: 2, Text: []report.Span{{Text: joined(". ", f.Number, name)}}})
		if f.Value == "" {
			s.Blocks = append(s.Blocks, report.Block{Type: report.Missing, Text: []report.Span{{Text: l.T("track.print.empty")}}})
			continue
		}
		for line := range strings.Lines(f.Value) {
			if line = strings.TrimSpace(line); line != "" {
				s.Blocks = append(s.Blocks, report.Block{Type: report.Paragraph, Text: []report.Span{{Text: line}}})
			}
		}
	}
	if note := p.Form.Note.In(string(l)); note != "" {
		s.Blocks = append(s.Blocks, report.Block{Type: report.Paragraph, Text: []report.Span{{Text: note, Italic: true}}})
	}
	d.Sections = []report.Section{s}
	return d
}
