// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"ledsyn/access"
	"ledsyn/app"
	"ledsyn/data"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/report"
	"ledsyn/store"
)

// operator is the actor of the one who runs the command: whoever holds the database in their hands, noted by the name
// that the machine knows.
func operator(org string) access.Actor {
	name := "ledsyn"
	if u, err := user.Current(); err == nil && u.Username != "" {
		name = u.Username
	}
	return access.Operator(org, name)
}

// organisation returns the organisation that the flag names, or the only one there is.
func (p *program) organisation(ctx context.Context, a *app.App, id string) (string, error) {
	all, err := a.DB.Organisations(ctx)
	if err != nil {
		return "", err
	}
	var ids []string
	for _, o := range all {
		if o.ID == id || id == "" && len(all) == 1 {
			return o.ID, nil
		}
		ids = append(ids, o.ID)
	}
	switch {
	case len(all) == 0:
		return "", errors.New(p.lang.T("cli.no_organisations"))
	case id == "":
		return "", errors.New(p.lang.T("cli.which_organisation", strings.Join(ids, ", ")))
	}
	return "", errors.New(p.lang.T("cli.no_organisation", id, strings.Join(ids, ", ")))
}

// place is a unit of an organisation, as the flags of a command name it.
type place struct {
	org, unit string
	who       access.Actor
}

// place finds the unit by its code or id. Without an organisation it looks in all of them.
func (p *program) place(ctx context.Context, a *app.App, org, unit string) (place, error) {
	if unit == "" {
		return place{}, usageError{errors.New(p.lang.T("cli.no_unit"))}
	}
	all, err := a.DB.Organisations(ctx)
	if err != nil {
		return place{}, err
	}
	var hits []place
	var codes []string
	for _, o := range all {
		if org != "" && org != o.ID {
			continue
		}
		who := operator(o.ID)
		units, err := a.List(ctx, who, "unit", store.Query{Limit: 500})
		if err != nil {
			return place{}, err
		}
		for _, rec := range units.Records {
			u := rec.(*isms.Unit)
			codes = append(codes, u.Code)
			if strings.EqualFold(u.Code, unit) || u.ID == unit {
				hits = append(hits, place{o.ID, u.ID, who})
			}
		}
	}
	switch len(hits) {
	case 1:
		return hits[0], nil
	case 0:
		return place{}, errors.New(p.lang.T("cli.unit_unknown", unit, strings.Join(codes, ", ")))
	}
	return place{}, errors.New(p.lang.T("cli.unit_in_several", unit))
}

func (p *program) figures(ctx context.Context, args []string) (int, error) {
	f := p.flags("figures")
	org := f.String("organisation", "", p.lang.T("cli.flag.organisation"))
	unit := f.String("unit", "", p.lang.T("cli.flag.unit"))
	day := f.String("day", "", p.lang.T("cli.flag.day"))
	known := f.String("known", "", p.lang.T("cli.flag.known"))
	asJSON := f.Bool("json", false, p.lang.T("cli.flag.json"))
	if err := p.parse(f, args); err != nil {
		return misused, err
	}
	a, err := p.open(ctx, true)
	if err != nil {
		return failed, err
	}
	defer a.DB.Close()
	at, err := p.place(ctx, a, *org, *unit)
	if err != nil {
		return failed, err
	}
	if *day == "" {
		*day = string(a.Today())
	}
	figures, err := a.Figures(ctx, at.who, at.unit, register.Day(*day), register.Moment(*known))
	if err != nil {
		return failed, err
	}
	if *asJSON {
		return succeeded, writeJSON(p.out, figures)
	}
	return succeeded, p.writeFigures(figures)
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// writeFigures writes a line for each figure: the key, its numbers, what is counted and the records behind it.
func (p *program) writeFigures(figures []metric.Figure) error {
	w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, p.lang.T("cli.figures.head"))
	for _, f := range figures {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\n", f.ID(), p.value(f), f.Numerator, f.Denominator, p.lang.T("unit_of_count."+f.Unit), len(f.Refs()))
	}
	return w.Flush()
}

// value is the figure in words: a share in percent, a number, at least a number, or that it is not known.
func (p *program) value(f metric.Figure) string {
	n, hasNumber := f.Numerator.Known()
	share, isShare := f.Percent().Known()
	switch {
	case !f.Known && f.AtLeast && hasNumber:
		return p.lang.T("cli.at_least", n)
	case !f.Known:
		return p.lang.T("unknown")
	case isShare:
		return p.lang.PercentSign(share)
	}
	return p.lang.Number(n)
}

// review finds the newest version of the unit's review of the year.
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

func (p *program) report(ctx context.Context, args []string) (int, error) {
	f := p.flags("report")
	org := f.String("organisation", "", p.lang.T("cli.flag.organisation"))
	unit := f.String("unit", "", p.lang.T("cli.flag.unit"))
	year := f.Int("year", 0, p.lang.T("cli.flag.year"))
	format := f.String("format", "pdf", p.lang.T("cli.flag.format"))
	out := f.String("o", "", p.lang.T("cli.flag.o"))
	if err := p.parse(f, args); err != nil {
		return misused, err
	}
	if _, ok := formats[*format]; !ok {
		return misused, errors.New(p.lang.T("cli.format_unknown", *format))
	}
	a, err := p.open(ctx, true)
	if err != nil {
		return failed, err
	}
	defer a.DB.Close()
	at, err := p.place(ctx, a, *org, *unit)
	if err != nil {
		return failed, err
	}
	r, err := p.reviewOf(ctx, a, at, *year)
	if err != nil {
		return failed, err
	}
	if *out == "" {
		return succeeded, p.writeReport(ctx, a, at.who, r, *format, p.out)
	}
	return succeeded, writeFile(*out, func(w io.Writer) error { return p.writeReport(ctx, a, at.who, r, *format, w) })
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
	org := f.String("organisation", "", p.lang.T("cli.flag.organisation"))
	unit := f.String("unit", "", p.lang.T("cli.flag.unit"))
	year := f.Int("year", 0, p.lang.T("cli.flag.year"))
	asJSON := f.Bool("json", false, p.lang.T("cli.flag.json"))
	if err := p.parse(f, args); err != nil {
		return misused, err
	}
	a, err := p.open(ctx, true)
	if err != nil {
		return failed, err
	}
	defer a.DB.Close()
	at, err := p.place(ctx, a, *org, *unit)
	if err != nil {
		return failed, err
	}
	r, err := p.reviewOf(ctx, a, at, *year)
	if err != nil {
		return failed, err
	}
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

func (p *program) load(ctx context.Context, args []string) (int, error) {
	f := p.flags("load")
	if err := p.parse(f, args); err != nil {
		return misused, err
	}
	if f.NArg() != 1 {
		return misused, errors.New(p.lang.T("cli.load.one_folder"))
	}
	org, steps, err := data.Read(os.DirFS(f.Arg(0)))
	if err != nil {
		return failed, err
	}
	a, err := p.open(ctx, false)
	if err != nil {
		return failed, err
	}
	defer a.DB.Close()
	if err := loadInto(ctx, a, org, steps); err != nil {
		return failed, err
	}
	fmt.Fprintln(p.out, p.lang.T("cli.load.done", org.Name, len(steps)))
	return succeeded, nil
}

// loadInto makes the organisation, if it does not exist, and replays the steps in it.
func loadInto(ctx context.Context, a *app.App, org data.Organisation, steps []data.Step) error {
	err := a.DB.CreateOrganisation(ctx, store.Organisation{ID: org.ID, Name: org.Name})
	if err != nil && !errors.Is(err, store.ErrExists) {
		return err
	}
	acts := make([]app.Step, len(steps))
	for i, s := range steps {
		acts[i] = app.Step(s)
	}
	return a.Load(ctx, operator(org.ID), acts)
}

func (p *program) verify(ctx context.Context, args []string) (int, error) {
	f := p.flags("verify")
	org := f.String("organisation", "", p.lang.T("cli.flag.organisation"))
	file := f.String("checkpoint", "", p.lang.T("cli.flag.checkpoint"))
	if err := p.parse(f, args); err != nil {
		return misused, err
	}
	var checkpoint []byte
	if *file != "" {
		var err error
		if checkpoint, err = os.ReadFile(*file); err != nil {
			return failed, err
		}
	}
	a, err := p.open(ctx, true)
	if err != nil {
		return failed, err
	}
	defer a.DB.Close()
	all, err := a.DB.Organisations(ctx)
	if *org != "" || checkpoint != nil {
		var one string
		one, err = p.organisation(ctx, a, *org)
		all = []store.Organisation{{ID: one}}
	}
	if err != nil {
		return failed, err
	}
	for _, o := range all {
		v, err := a.Verify(ctx, operator(o.ID), checkpoint)
		if err != nil {
			return failed, fmt.Errorf("%s: %w", o.ID, err)
		}
		fmt.Fprintln(p.out, p.verified(o.ID, v))
	}
	return succeeded, nil
}

func (p *program) checkpoint(ctx context.Context, args []string) (int, error) {
	f := p.flags("checkpoint")
	org := f.String("organisation", "", p.lang.T("cli.flag.organisation"))
	if err := p.parse(f, args); err != nil {
		return misused, err
	}
	a, err := p.open(ctx, false)
	if err != nil {
		return failed, err
	}
	defer a.DB.Close()
	id, err := p.organisation(ctx, a, *org)
	if err != nil {
		return failed, err
	}
	note, err := a.Checkpoint(ctx, operator(id))
	if err != nil {
		return failed, err
	}
	_, err = p.out.Write(note)
	return succeeded, err
}
