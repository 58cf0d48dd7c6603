// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"ledsyn/access"
	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/report"
	"ledsyn/store"
)

func (p *program) report(ctx context.Context, args []string) (int, error) {
	f := p.flags("report")
	format := f.String("format", "pdf", p.lang.T("cli.flag.format"))
	out := f.String("o", "", p.lang.T("cli.flag.o"))
	return p.onReview(ctx, f, args, func(a *app.App, at place, r *isms.Review) (int, error) {
		write := func(w io.Writer) error { return p.writeReport(ctx, a, at.who, r, *format, w) }
		if *format == "earchive" {
			if !r.State.Frozen() {
				return failed, errors.New(p.lang.T("cli.archives_decided"))
			}
			write = func(w io.Writer) error { return a.ArchiveReview(ctx, at.who, r.ID, w) }
		} else if formats[*format] == nil {
			return misused, errors.New(p.lang.T("cli.format_unknown", *format))
		}
		if *out == "" {
			return succeeded, write(p.out)
		}
		return succeeded, writeFile(*out, write)
	})
}

// reviewOf finds the newest version of the unit's review of the year.
func (p *program) reviewOf(ctx context.Context, a *app.App, at place, year int) (*isms.Review, error) {
	var newest *isms.Review
	q := store.Query{Where: map[string][]string{"year": {strconv.Itoa(year)}}, Limit: 500}
	t, err := a.List(ctx, at.who, "review", q)
	if err != nil {
		return nil, err
	}
	for _, rec := range t.Records {
		r := rec.(*isms.Review)
		if r.Unit == at.unit && (newest == nil || r.Version > newest.Version) {
			newest = r
		}
	}
	if newest == nil {
		return nil, errors.New(p.lang.T("cli.no_review", strconv.Itoa(year)))
	}
	return newest, nil
}

// formats are the forms that a document is written in.
var formats = map[string]func(io.Writer, report.Doc) error{
	"pdf": report.PDF, "html": func(w io.Writer, d report.Doc) error { return report.Page(w, d, "") }, "json": report.JSON, "txt": report.Text,
}

// writeReport writes a decided review's own frozen bytes where there are such in the language, and else makes the
// document.
func (p *program) writeReport(ctx context.Context, a *app.App, who access.Actor, r *isms.Review, format string, w io.Writer) error {
	if r.State.Frozen() && p.lang == locale.Swedish {
		frozen, err := a.Frozen(ctx, who, r.ID)
		if err != nil {
			return err
		}
		kept := map[string][]byte{"pdf": frozen.PDF, "html": frozen.HTML, "json": frozen.JSON}
		if bytes := kept[format]; len(bytes) > 0 {
			_, err := w.Write(bytes)
			return err
		}
	}
	doc, err := a.Doc(ctx, who, r.ID, p.lang)
	if err != nil {
		return err
	}
	return formats[format](w, doc)
}

// writeFile writes a file whole or not at all.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".ledsyn-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // after the renaming there is nothing left to remove
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

func (p *program) examine(ctx context.Context, args []string) (int, error) {
	f := p.flags("examine")
	asJSON := f.Bool("json", false, p.lang.T("cli.flag.json"))
	return p.onReview(ctx, f, args, func(a *app.App, at place, r *isms.Review) (int, error) {
		findings, err := a.Examine(ctx, at.who, r.ID)
		if err != nil {
			return failed, err
		}
		status := succeeded
		if len(findings) > 0 {
			status = found
		}
		if *asJSON {
			return status, writeJSON(p.out, p.told(findings))
		}
		for _, t := range p.told(findings) {
			fmt.Fprintf(p.out, "%s\n  %s\n  %s\n  %s\n", t.What, t.Why, t.Mend, p.where(t))
		}
		if len(findings) == 0 {
			fmt.Fprintln(p.out, p.lang.T("cli.nothing_found"))
		}
		return status, nil
	})
}

// told is a finding in words, for people and as JSON.
type told struct {
	Code     string       `json:"code"`
	Key      string       `json:"key"`
	What     string       `json:"what"`
	Why      string       `json:"why"`
	Mend     string       `json:"mend"`
	Register string       `json:"register"`
	ID       string       `json:"id,omitempty"`
	Field    string       `json:"field,omitempty"`
	Of       []metric.Ref `json:"of,omitempty"`
	Accepted string       `json:"accepted,omitempty"`
}

func (p *program) told(findings []app.Finding) []told {
	list := make([]told, len(findings))
	for i, f := range findings {
		what, why, mend := f.Words(p.lang)
		list[i] = told{f.Code, f.Key, what, why, mend, f.Kind, f.ID, f.Field, f.Of, f.Accepted}
	}
	return list
}

func (p *program) where(t told) string {
	place := p.lang.T("register." + t.Register)
	if t.ID != "" {
		place += ": " + t.ID
	}
	if t.Accepted != "" {
		place += "\n  " + p.lang.T("cli.accepted", t.Accepted)
	}
	return place
}
