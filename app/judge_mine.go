// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// A PortionLine is a portion in a list, without a word of its rows.
type PortionLine struct {
	ID, Name        string
	Kind, About     string
	For             string
	Reviewer        string // a person's id
	DueOn           register.Day
	DoneAt          register.Moment
	Count, Answered int
	Open, Late      bool
}

// Left is how many rows have no answer.
func (l PortionLine) Left() int { return l.Count - l.Answered }

// MyPortions is what the actor has to judge.
type MyPortions struct {
	Portions []PortionLine // mine, those to judge first
	Left     int           // rows without an answer, in those that are open
	Handed   []PortionLine // mine before, handed over to others
	Late     []PortionLine // of others in units where I am head: open after their day
	Titles   Titles        // of persons
}

// MyPortions lists the actor's portions. A portion that was withdrawn, or whose check or review was never begun, is left out.
func (a *App) MyPortions(ctx context.Context, who access.Actor) (MyPortions, error) {
	var m MyPortions
	if who.Person == "" {
		return m, nil
	}
	err := a.glance(ctx, who, func(tx *store.Tx) (err error) {
		if m.Portions, err = a.portionLines(tx, "reviewer", who.Person, nil); err != nil {
			return err
		}
		if m.Handed, err = a.portionLines(tx, "former", who.Person, nil); err != nil {
			return err
		}
		if m.Late, err = a.lateUnder(tx, who); err != nil {
			return err
		}
		w := wanted{}
		for _, l := range slices.Concat(m.Handed, m.Late) {
			w.add("person", l.Reviewer)
		}
		for _, l := range m.Portions {
			if l.Open {
				m.Left += l.Left()
			}
		}
		m.Titles, err = titles(tx, who, w)
		return err
	})
	return m, err
}

// portionLines lists the portions that link to the person in the field. keep, which may be nil, says which.
func (a *App) portionLines(tx *store.Tx, field, person string, keep func(judged) bool) ([]PortionLine, error) {
	all, err := store.Linking[isms.Portion](tx, everywhere, field, []string{person})
	if err != nil {
		return nil, err
	}
	today := a.Today()
	var lines []PortionLine
	for _, p := range all {
		if p.WithdrawnOn != "" || p.Retired != "" || p.Masked != nil {
			continue
		}
		j, err := judgedOf(tx, p)
		if err != nil {
			return nil, err
		}
		if !j.Runs && p.DoneAt == "" || keep != nil && !keep(j) {
			continue
		}
		l := PortionLine{ID: p.ID, Name: p.Name, Kind: j.Kind, About: j.About, For: j.For, Reviewer: string(p.Reviewer), DueOn: p.DueOn, DoneAt: p.DoneAt,
			Open: j.Open()}
		l.Count, _ = p.Count.Known()
		l.Late = l.Open && p.DueOn != "" && p.DueOn < today
		if l.Answered, err = answeredIn(tx, p.ID); err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	slices.SortFunc(lines, func(x, y PortionLine) int {
		return cmp.Or(openFirst(x, y), cmp.Compare(x.DueOn, y.DueOn), cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
	})
	return lines, nil
}

func openFirst(x, y PortionLine) int {
	switch {
	case x.Open && !y.Open:
		return -1
	case y.Open && !x.Open:
		return 1
	}
	return 0
}

// lateUnder lists portions that are late by so long that the leader and the reviewer's head are told, where the actor is one of them.
func (a *App) lateUnder(tx *store.Tx, who access.Actor) (late []PortionLine, err error) {
	errands, err := openPortions(tx, a.Today())
	if err != nil {
		return nil, err
	}
	s := a.staffing(tx, who.Org)
	mine := map[string]bool{}
	reviewers := map[string]bool{}
	for _, e := range errands {
		if e.Kind != RemindOverdue {
			continue
		}
		told, err := s.overseers(e)
		if err != nil {
			return nil, err
		}
		if slices.Contains(told, who.Person) && string(e.about) != who.Person {
			mine[e.RefID], reviewers[string(e.about)] = true, true
		}
	}
	for reviewer := range reviewers {
		lines, err := a.portionLines(tx, "reviewer", reviewer, func(j judged) bool { return mine[j.ID] })
		if err != nil {
			return nil, err
		}
		late = append(late, lines...)
	}
	slices.SortFunc(late, func(x, y PortionLine) int { return cmp.Or(cmp.Compare(x.DueOn, y.DueOn), cmp.Compare(x.ID, y.ID)) })
	return late, nil
}

// PortionsToJudge lists the actor's open portions: what waits on the start page.
func (a *App) PortionsToJudge(ctx context.Context, who access.Actor) (open []PortionLine, err error) {
	if who.Person == "" {
		return nil, nil
	}
	err = a.glance(ctx, who, func(tx *store.Tx) (err error) {
		open, err = a.portionLines(tx, "reviewer", who.Person, judged.Open)
		return err
	})
	return open, err
}
