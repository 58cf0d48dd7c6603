// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os/user"
	"strings"
	"text/tabwriter"

	"ledsyn/access"
	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
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

// inUnit carries out a command that reads about one unit: it adds the flags that name the unit, parses, opens beside a
// running server and finds the unit.
func (p *program) inUnit(ctx context.Context, f *flag.FlagSet, args []string, do func(*app.App, place) (int, error)) (int, error) {
	org := f.String("organisation", "", p.lang.T("cli.flag.organisation"))
	unit := f.String("unit", "", p.lang.T("cli.flag.unit"))
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
	return do(a, at)
}

// onReview is inUnit for a command about the unit's review of the year that the flag names.
func (p *program) onReview(ctx context.Context, f *flag.FlagSet, args []string, do func(*app.App, place, *isms.Review) (int, error)) (int, error) {
	year := f.Int("year", 0, p.lang.T("cli.flag.year"))
	return p.inUnit(ctx, f, args, func(a *app.App, at place) (int, error) {
		r, err := p.reviewOf(ctx, a, at, *year)
		if err != nil {
			return failed, err
		}
		return do(a, at, r)
	})
}

func (p *program) figures(ctx context.Context, args []string) (int, error) {
	f := p.flags("figures")
	day := f.String("day", "", p.lang.T("cli.flag.day"))
	known := f.String("known", "", p.lang.T("cli.flag.known"))
	asJSON := f.Bool("json", false, p.lang.T("cli.flag.json"))
	return p.inUnit(ctx, f, args, func(a *app.App, at place) (int, error) {
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
	})
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
