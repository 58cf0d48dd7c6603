// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"ledsyn/access"
	"ledsyn/app"
	"ledsyn/demo"
	"ledsyn/register"
	"ledsyn/store"
)

// demoAct is a line of what the demonstration's people do in the program, by the same acts as the pages. Which rows a sample draws nobody can
// know before, so what they say of a row follows from what is known of it.
type demoAct struct {
	At   string // a minute of the past, or "now"
	Who  string // a person's id
	Act  string
	Kind string
	Unit string
	As   string // what later lines call the record by, as $NAME
	Of   string // a record's id or $NAME
	Form map[string]string

	File     string // of a list to take in
	Reason   string
	Fact     string // of rows to choose, and at most so many
	Most     int
	Reviewer string // "" is all who have a portion
	But      string // all but this one
	Verdicts string
	Seconds  int // on each row
	Share    int // of the rows that are answered or the deviations that are remedied, in percent; 0 is all
	Bulk     bool
	HandIn   bool   `yaml:"hand_in"`
	To       string // a person's id
	ValidTo  string `yaml:"valid_to"`
}

// demoStage is where the acts are played.
type demoStage struct {
	p        *program
	a        *app.App
	named    map[string]string // ids by name
	lists    []demoList
	verdicts map[string]map[string]demoVerdict
	staff    map[string]demoEmployee // by number
	gone     map[string]bool         // names of persons who have been taken out of use
}

// stage reads what is to be played.
func (p *program) stage(a *app.App) (*demoStage, []demoAct, error) {
	lists, err := demoLists()
	if err != nil {
		return nil, nil, err
	}
	s := &demoStage{p: p, a: a, named: map[string]string{}, gone: map[string]bool{}, lists: lists}
	var acts []demoAct
	for name, into := range map[string]any{"acts.yaml": &acts, "verdicts.yaml": &s.verdicts} {
		text, err := fs.ReadFile(demo.Acts(), name)
		if err != nil {
			return nil, nil, err
		}
		if err := yaml.Unmarshal(text, into); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return s, acts, nil
}

// past returns the acts of the past as steps of the city's history.
func (s *demoStage) past(acts []demoAct) []app.Step {
	var steps []app.Step
	for _, d := range acts {
		if d.At != "now" {
			at := register.Moment(d.At + ":00.000000Z")
			steps = append(steps, app.Step{At: at, Who: "central", Source: "acts.yaml", Then: func(ctx context.Context) error { return s.play(ctx, d) }})
		}
	}
	return steps
}

// now plays the acts that are done when the demonstration is made.
func (s *demoStage) now(ctx context.Context, acts []demoAct) error {
	for _, d := range acts {
		if d.At == "now" {
			if err := s.play(ctx, d); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *demoStage) play(ctx context.Context, d demoAct) error {
	if err := s.do(ctx, d); err != nil {
		return fmt.Errorf("%s %s %s %s: %w", d.At, d.Who, d.Act, d.Of, err)
	}
	return nil
}

func (s *demoStage) do(ctx context.Context, d demoAct) error {
	who := operator(demoCity)
	if d.Who != "" {
		var err error
		if who, err = s.a.Actor(ctx, demoCity, d.Who); err != nil {
			return err
		}
	}
	switch d.Act {
	case "take":
		return s.take(ctx, d.File)
	case "save":
		return s.save(ctx, who, d)
	case "judge":
		return s.judge(ctx, d)
	case "delegate", "link":
		return s.move(ctx, who, d)
	case "remedy", "verify":
		return s.deviations(ctx, who, d)
	}
	kind := d.Kind
	if kind == "" {
		kind = map[string]string{"start": "access_review", "order": "access_review"}[d.Act]
	}
	e, kind, err := s.entry(ctx, d.Of, kind)
	if err != nil {
		return err
	}
	switch d.Act {
	case "retire":
		return s.retire(ctx, who, kind, e)
	case "commit":
		return s.a.CommitDraw(ctx, who, e, d.Reason, "")
	case "freeze":
		return s.a.FreezeDraw(ctx, who, e, "")
	case "choose":
		return s.choose(ctx, who, e, d)
	case "draw":
		return s.a.DrawSample(ctx, who, e, "")
	case "replan":
		if err := s.a.OpenPlan(ctx, who, e, ""); err != nil {
			return err
		}
		d.Kind = kind
		return s.save(ctx, who, d)
	case "deal":
		return s.a.DealSpotCheck(ctx, who, e, "")
	case "start":
		return s.a.StartAccessReview(ctx, who, e, "")
	case "close":
		if kind == "access_review" {
			return s.a.CloseAccessReview(ctx, who, e, d.Reason, "")
		}
		return s.a.CloseSpotCheck(ctx, who, e, d.Reason, "")
	case "order":
		return s.a.OrderRemovals(ctx, who, e.ID, "")
	}
	return fmt.Errorf("there is no act %q", d.Act)
}

// id is what a name stands for. What is no name is an id.
func (s *demoStage) id(text string) (string, error) {
	name, named := strings.CutPrefix(text, "$")
	if !named {
		return text, nil
	}
	if days, ok := strings.CutPrefix(name, "today+"); ok {
		n, err := strconv.Atoi(days)
		return string(s.a.Today().AddDays(n)), err
	}
	if id := s.named[name]; id != "" {
		return id, nil
	}
	return "", fmt.Errorf("nothing is called %s", text)
}

// entry finds the record as it is now. Without a kind it is a spot check or an access review.
func (s *demoStage) entry(ctx context.Context, of, kind string) (app.Entry, string, error) {
	id, err := s.id(of)
	if err != nil {
		return app.Entry{}, "", err
	}
	for _, k := range []string{kind, "spot_check", "access_review"} {
		if k == "" {
			continue
		}
		rec, err := s.a.Get(ctx, operator(demoCity), k, id)
		if err == nil {
			return app.Entry{ID: id, Rev: rec.Entity.Head().Rev}, k, nil
		}
	}
	return app.Entry{}, "", fmt.Errorf("there is no record %s", of)
}

func (s *demoStage) save(ctx context.Context, who access.Actor, d demoAct) error {
	c := app.Change{Kind: d.Kind, Unit: d.Unit, Form: map[string][]string{}}
	if d.Of != "" {
		e, _, err := s.entry(ctx, d.Of, d.Kind)
		if err != nil {
			return err
		}
		c.ID, c.Rev = e.ID, e.Rev
	}
	for field, text := range d.Form {
		value, err := s.id(text)
		if err != nil {
			return err
		}
		c.Form[field] = []string{value}
	}
	id, err := s.a.Save(ctx, who, c)
	if err == nil && d.As != "" {
		s.named[d.As] = id
	}
	return err
}

func (s *demoStage) retire(ctx context.Context, who access.Actor, kind string, e app.Entry) error {
	rec, err := s.a.Get(ctx, who, kind, e.ID)
	if err != nil {
		return err
	}
	s.gone[rec.Title] = true
	return s.a.Retire(ctx, who, kind, e.ID, e.Rev, "", "")
}

// take takes in a list and remembers its set by the file's name.
func (s *demoStage) take(ctx context.Context, file string) error {
	for _, l := range s.lists {
		if l.File == file {
			set, err := s.p.takeList(ctx, s.a, l)
			if s.named[file] = set; err == nil && l.Played && l.Kind == "population:employment" {
				err = s.readStaff(file)
			}
			return err
		}
	}
	return fmt.Errorf("lists.yaml has no %s", file)
}

// deviations lets the check's deviations be remedied, or those that are be verified.
func (s *demoStage) deviations(ctx context.Context, who access.Actor, d demoAct) error {
	check, err := s.id(d.Of)
	if err != nil {
		return err
	}
	state := map[string]string{"remedy": "open", "verify": "remedied"}[d.Act]
	table, err := s.a.List(ctx, operator(demoCity), "deviation", store.Query{Where: map[string][]string{"spot_check": {check}, "state": {state}}, Limit: 500})
	if err != nil {
		return err
	}
	some := table.Records
	if d.Share > 0 {
		some = some[:(len(some)*d.Share+99)/100]
	}
	for _, rec := range some {
		if d.Act == "remedy" {
			err = s.save(ctx, who, demoAct{Kind: "deviation", Of: rec.Head().ID, Form: d.Form})
		} else {
			err = s.a.VerifyDeviation(ctx, who, app.Entry{ID: rec.Head().ID, Rev: rec.Head().Rev}, true, d.Reason, "")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// wait lets time pass within an act of the past.
func (s *demoStage) wait(seconds int) {
	if seconds > 0 {
		now := s.a.DB.Now().Add(time.Duration(seconds) * time.Second)
		s.a.DB.Now = func() time.Time { return now }
	}
}
