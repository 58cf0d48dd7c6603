// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"ledsyn/app"
	"ledsyn/data"
	"ledsyn/demo"
	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/store"
)

// The review that the demo writes out: the seed's.
const (
	seedUnit = "EAV"
	seedYear = 2024
)

// demoMark is a file that tells a demo's folder from any other, so that only a demo is ever thrown away.
const demoMark = "ledsyn-demo.txt"

// demo makes a folder with two organisations, writes the seed's review as PDF, HTML and JSON, and serves the pages to
// this machine alone, where one may step into any role.
func (p *program) demo(ctx context.Context, args []string) (int, error) {
	f := p.flags("demo")
	dir := f.String("dir", "ledsyn-demo", p.lang.T("cli.flag.dir"))
	keep := f.Bool("keep", false, p.lang.T("cli.flag.keep"))
	once := f.Bool("once", false, p.lang.T("cli.flag.once"))
	p.config.serving(f, p.lang)
	if err := p.parse(f, args); err != nil {
		return misused, err
	}
	if err := p.clear(*dir, *keep); err != nil {
		return failed, err
	}
	log := slog.New(slog.NewTextHandler(p.errs, &slog.HandlerOptions{Level: slog.LevelWarn}))
	db, err := store.Open(ctx, store.Config{Dir: filepath.Join(*dir, "data"), Log: log})
	if err != nil {
		return failed, err
	}
	defer db.Close()
	kept, err := p.files(filepath.Join(*dir, "data"))
	if err != nil {
		return misused, err
	}
	a := &app.App{DB: db, Log: log, Files: kept, Demo: true}
	if err := p.fillDemo(ctx, a); err != nil {
		return failed, err
	}
	if err := p.writeLists(*dir); err != nil {
		return failed, err
	}
	if err := p.writeDemo(ctx, a, *dir); err != nil {
		return failed, err
	}
	if *once {
		return succeeded, nil
	}
	return succeeded, p.listen(ctx, a, func(address string) { fmt.Fprintln(p.out, p.lang.T("cli.demo.serving", address)) })
}

// clear makes the demo's folder, empty unless the earlier demo is kept. A folder with anything else in it is left
// alone.
func (p *program) clear(dir string, keep bool) error {
	mark := filepath.Join(dir, demoMark)
	_, err := os.Stat(mark)
	isDemo := err == nil
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 0 && !isDemo {
		return errors.New(p.lang.T("cli.demo.not_empty", dir))
	}
	if isDemo && !keep {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(mark, []byte(p.lang.T("cli.demo.mark")+"\n"), 0o644)
}

// fillDemo loads the two organisations, unless an earlier demo that was kept holds them.
func (p *program) fillDemo(ctx context.Context, a *app.App) error {
	there, err := a.DB.Organisations(ctx)
	if err != nil || len(there) > 0 {
		return err
	}
	stage, acts, err := p.stage(a)
	if err != nil {
		return err
	}
	for _, one := range []struct {
		folder fs.FS
		acts   []app.Step
	}{{demo.Seed(), nil}, {demo.Exempelstaden(), stage.past(acts)}} {
		org, steps, err := data.Read(one.folder)
		if err != nil {
			return err
		}
		if err := loadInto(ctx, a, org, steps, one.acts...); err != nil {
			return err
		}
	}
	if err := stage.takeLists(ctx); err != nil {
		return err
	}
	return stage.now(ctx, acts)
}

// writeDemo writes the seed's review and says where it is and what its figures are.
func (p *program) writeDemo(ctx context.Context, a *app.App, dir string) error {
	at, err := p.place(ctx, a, "", seedUnit)
	if err != nil {
		return err
	}
	r, err := p.reviewOf(ctx, a, at, seedYear)
	if err != nil {
		return err
	}
	for _, format := range []string{"pdf", "html", "json"} {
		name := filepath.Join(dir, "ledningens-genomgang-2024."+format)
		err := writeFile(name, func(w io.Writer) error { return p.writeReport(ctx, a, at.who, r, format, w) })
		if err != nil {
			return err
		}
		fmt.Fprintln(p.out, name)
	}
	return p.demoFigures(ctx, a)
}

// demoFigures prints the share of classified systems of each organisation, recorded in the one and counted in the other.
func (p *program) demoFigures(ctx context.Context, a *app.App) error {
	all, err := a.DB.Organisations(ctx)
	if err != nil {
		return err
	}
	for _, o := range all {
		who := operator(o.ID)
		units, err := a.List(ctx, who, "unit", store.Query{Limit: 500})
		if err != nil {
			return err
		}
		for _, rec := range units.Records {
			u := rec.(*isms.Unit)
			if u.Code != seedUnit && u.Kind != "city" {
				continue
			}
			figures, err := a.Figures(ctx, who, u.ID, a.Today(), "")
			if err != nil {
				return err
			}
			for _, f := range figures {
				if f.Key == "systems_classified" && f.Known {
					fmt.Fprintln(p.out, p.lang.T("cli.demo.figure", u.Name, p.value(f), p.numbers(f), p.lang.T("figure."+f.Key)))
				}
			}
		}
	}
	return nil
}

// numbers gives the figure's numerator and denominator, or where it was recorded.
func (p *program) numbers(f metric.Figure) string {
	n, hasN := f.Numerator.Known()
	d, hasD := f.Denominator.Known()
	if hasN && hasD {
		return p.lang.T("cli.of", n, d)
	}
	return strings.TrimSpace(f.Source)
}
