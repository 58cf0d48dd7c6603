// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/data"
	"ledsyn/store"
)

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

// loadInto makes the organisation, if it does not exist, and replays the steps in it, with acts between them.
func loadInto(ctx context.Context, a *app.App, org data.Organisation, steps []data.Step, between ...app.Step) error {
	err := a.DB.CreateOrganisation(ctx, store.Organisation{ID: org.ID, Name: org.Name})
	if err != nil && !errors.Is(err, store.ErrExists) {
		return err
	}
	acts := make([]app.Step, len(steps))
	for i, s := range steps {
		acts[i] = app.Step{At: s.At, Who: s.Who, Put: s.Put, Decide: s.Decide, Source: s.Source}
	}
	acts = append(acts, between...)
	slices.SortStableFunc(acts, func(x, y app.Step) int { return strings.Compare(string(x.At), string(y.At)) })
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
		if err := p.verifyFiles(ctx, a, o.ID); err != nil {
			return failed, err
		}
	}
	return succeeded, nil
}

// verifyFiles holds the attached files to the journal and says how they are.
func (p *program) verifyFiles(ctx context.Context, a *app.App, org string) error {
	v, err := a.VerifyFiles(ctx, operator(org))
	if err != nil {
		return err
	}
	if n := len(v.Missing); n > 0 {
		err = errors.New(p.lang.T("cli.files.missing", org, n, strings.Join(v.Missing, ", ")))
	}
	if n := len(v.Changed); n > 0 {
		err = errors.Join(err, errors.New(p.lang.T("cli.files.changed", org, n, strings.Join(v.Changed, ", "))))
	}
	if err == nil && v.Files > 0 {
		fmt.Fprintln(p.out, p.lang.T("cli.files.verified", org, v.Files))
	}
	return err
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
