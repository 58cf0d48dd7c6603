// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"ledsyn/app"
	"ledsyn/demo"
	"ledsyn/register"
)

// demoCity is the id of the organisation that has lists.
const demoCity = "exempelstaden"

// demoList is a list that the demo takes in.
type demoList struct {
	File       string
	Kind       string
	Unit       string
	Name       string
	Source     string
	Day        string
	Definition string
	System     string
	Played     bool // taken in by an act of the past, and kept as it is
}

// takeLists takes the demo's lists in, by the same acts as the pages, and lets those of staff and training become numbers.
func (s *demoStage) takeLists(ctx context.Context) error {
	for _, l := range s.lists {
		if l.Played {
			continue
		}
		if err := s.take(ctx, l.File); err != nil {
			return fmt.Errorf("%s: %w", l.File, err)
		}
	}
	return nil
}

func demoLists() (lists []demoList, err error) {
	text, err := fs.ReadFile(demo.Lists(), "lists.yaml")
	if err != nil {
		return nil, err
	}
	return lists, yaml.Unmarshal(text, &lists)
}

// takeList takes a list in and returns the id of its set, "" where it is none.
func (p *program) takeList(ctx context.Context, a *app.App, l demoList) (set string, err error) {
	at, err := p.place(ctx, a, demoCity, l.Unit)
	if err != nil {
		return "", err
	}
	data, err := fs.ReadFile(demo.Lists(), l.File)
	if err != nil {
		return "", err
	}
	report, err := a.ImportFile(ctx, at.who, app.ImportFile{Name: l.File, File: bytes.NewReader(data), Size: int64(len(data)), Kind: l.Kind,
		Unit: at.unit, Source: l.Source, Run: app.RunImport{Name: l.Name, ListDay: register.Day(l.Day), Definition: l.Definition, System: l.System}})
	if err != nil {
		return "", err
	}
	result, err := a.ImportResult(ctx, at.who, report.Record, 1)
	if err != nil || len(result.Records) == 0 {
		return "", err
	}
	set = result.Records[0].ID
	switch {
	case l.Played:
	case l.Kind == "population:employment":
		err = a.FeedStaff(ctx, at.who, app.FeedStaff{Population: set})
	case l.Kind == "population:completion":
		err = a.FeedTraining(ctx, at.who, set, "")
	}
	return set, err
}

// writeLists lays the lists out in the demo's folder, to be taken in by whoever tries it.
func (p *program) writeLists(dir string) error {
	dir = filepath.Join(dir, p.lang.T("cli.demo.lists"))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return fs.WalkDir(demo.Lists(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) == ".yaml" {
			return err
		}
		data, err := fs.ReadFile(demo.Lists(), name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name), data, 0o644)
	})
}
