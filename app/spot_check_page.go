// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// A SpotCheckPage is a spot check with all that has come of it.
type SpotCheckPage struct {
	isms.SpotCheck
	Population isms.Population // the frozen rows of the draw that holds
	Lacks      register.Wrongs // what the plan lacks before a seed can be bound
	Draws      []DrawView      // the last first
	Now        *DrawView       // the draw that holds, nil for none
	Portions   []SpotPortion
	Result     *SpotResult // once rows are drawn
	Found      []isms.Deviation
	Results    []isms.ControlResult // that the check gave its control
	Titles     Titles
	Mine       string                                     // id of the person who looks
	May        struct{ Work, History, Retest, Rows bool } // Rows: see the frozen rows
}

// A DrawView is a draw with the journal's entries for its three steps.
type DrawView struct {
	isms.Draw
	Strata []DrawnStratum
	Risky  []ChosenRow
	Entry  [3]int64 // where the seed was bound, the rows frozen and the seed made known; 0 is not yet
}

// Ordered reports whether the steps that were taken stand in the journal in their order. The journal proves it whatever the clocks said.
func (d DrawView) Ordered() bool {
	last := int64(0)
	for i, seq := range d.Entry {
		taken := []bool{true, d.FrozenAt != "", d.DrawnAt != ""}[i]
		if taken && seq <= last {
			return false
		}
		if taken {
			last = seq
		}
	}
	return true
}

// A SpotPortion is a part of the rows that somebody is to judge.
type SpotPortion struct {
	isms.Portion
	Rows, Answered int
}

// SpotCheck returns the check with what has come of it.
func (a *App) SpotCheck(ctx context.Context, who access.Actor, id string) (SpotCheckPage, error) {
	var p SpotCheckPage
	_, in, err := a.visible(ctx, who, "spot_check")
	if err != nil {
		return p, err
	}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		if p.SpotCheck, err = store.Get[isms.SpotCheck](tx, in, id); err != nil {
			return err
		}
		p.Mine = who.Person
		p.May.Work = p.State != "" && who.May(access.Change, "spot_check", p.Unit)
		p.May.History = who.May(access.SeeHistory, "spot_check", p.Unit)
		p.May.Retest = who.May(access.Change, "deviation", p.Unit)
		if p.State == isms.SpotCheckPlanned {
			p.Lacks = unplanned(p.SpotCheck)
		}
		if err := p.draws(tx); err != nil {
			return err
		}
		w := links(&p.SpotCheck)
		if err := p.outcome(tx, w); err != nil {
			return err
		}
		p.May.Rows = who.May(access.See, "population", p.Population.Unit)
		p.Titles, err = titles(tx, who, w)
		return err
	})
	return p, err
}

func (p *SpotCheckPage) draws(tx *store.Tx) error {
	draws, err := drawsOf(tx, p.ID)
	if err != nil {
		return err
	}
	for _, d := range slices.Backward(draws) {
		v := DrawView{Draw: d}
		if v.Strata, err = strataOf(d); err != nil {
			return err
		}
		if v.Risky, err = chosenOf(d); err != nil {
			return err
		}
		if v.Entry, err = stepsOf(tx, d.ID); err != nil {
			return err
		}
		p.Draws = append(p.Draws, v)
	}
	if len(p.Draws) > 0 && (p.Draws[0].AbandonedAt == "" || p.State == isms.SpotCheckCancelled) {
		p.Now = &p.Draws[0]
	}
	return nil
}

// stepsOf finds the journal's entries in which the draw's seed was bound, its rows frozen and its seed made known by drawing.
func stepsOf(tx *store.Tx, draw string) (steps [3]int64, err error) {
	entries, err := tx.History(register.Of[isms.Draw](), everywhere, draw)
	if err != nil {
		return steps, err
	}
	for _, e := range entries {
		rec, err := e.Record()
		if errors.Is(err, isms.ErrNotFound) {
			continue
		}
		if err != nil {
			return steps, err
		}
		d := rec.(*isms.Draw)
		for i, has := range []bool{d.Commitment != "", d.SHA256 != "" && d.FrozenAt != "", d.Seed != "" && d.DrawnAt != ""} {
			if has && steps[i] == 0 {
				steps[i] = e.Seq
			}
		}
	}
	return steps, nil
}

// outcome fills in who judges and what the answers show.
func (p *SpotCheckPage) outcome(tx *store.Tx, w wanted) error {
	if p.Now == nil || p.Now.FrozenAt == "" {
		return nil
	}
	var err error
	if p.Population, err = store.Get[isms.Population](tx, everywhere, string(p.Now.Draw.Population)); err != nil {
		return err
	}
	if p.Now.DrawnAt == "" {
		return nil
	}
	strata, items, portions, err := itemsOf(tx, p.Now.Draw)
	if err != nil {
		return err
	}
	plain := make([]isms.Draw, len(p.Draws))
	for i, d := range p.Draws {
		plain[i] = d.Draw
	}
	r, err := resultOf(p.SpotCheck, plain, p.Now.Draw, strata, items)
	if err != nil {
		return err
	}
	p.Result = &r
	answered, of := map[string]int{}, map[string]int{}
	for _, i := range items {
		of[i.Portion]++
		if i.Answer != "" {
			answered[i.Portion]++
		}
	}
	for _, one := range portions {
		w.add("person", string(one.Reviewer))
		p.Portions = append(p.Portions, SpotPortion{one, of[one.ID], answered[one.ID]})
	}
	if p.Found, err = store.Linking[isms.Deviation](tx, everywhere, "spot_check", []string{p.ID}); err != nil {
		return err
	}
	slices.SortFunc(p.Found, func(a, b isms.Deviation) int {
		n, _ := a.Row.Known()
		m, _ := b.Row.Known()
		return n - m
	})
	for _, d := range p.Found {
		w.add("person", string(d.Owner), string(d.VerifiedBy))
	}
	p.Results, err = store.Linking[isms.ControlResult](tx, everywhere, "spot_check", []string{p.ID})
	return err
}

// SpotItems is the rows of a check's draw with their cells.
type SpotItems struct {
	isms.SpotCheck
	Draw    isms.Draw
	Set     isms.Population
	Columns []string
	Items   []SpotItem
	Gone    bool // the rows have been disposed of
	Titles  Titles
}

// SpotItems returns the drawn and chosen rows of the draw that holds, in order, with what was answered. Error: isms.ErrNotFound where none are drawn, or
// the actor may not see the set.
func (a *App) SpotItems(ctx context.Context, who access.Actor, id string) (SpotItems, error) {
	var s SpotItems
	_, in, err := a.visible(ctx, who, "spot_check")
	if err != nil {
		return s, err
	}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		if s.SpotCheck, err = store.Get[isms.SpotCheck](tx, in, id); err != nil {
			return err
		}
		if s.Draw, err = currentDraw(tx, id); err != nil {
			return err
		}
		if s.Set, err = store.Get[isms.Population](tx, who.In(access.See, "population"), string(s.Draw.Population)); err != nil {
			return err
		}
		if _, s.Items, _, err = itemsOf(tx, s.Draw); err != nil {
			return err
		}
		w := wanted{}
		for _, i := range s.Items {
			w.add("person", i.Person, i.Reviewer)
		}
		if s.Titles, err = titles(tx, who, w); err != nil {
			return err
		}
		if s.Gone = s.Set.DisposedOn != ""; s.Gone {
			return nil
		}
		return s.cells(tx)
	})
	return s, err
}

func (s *SpotItems) cells(tx *store.Tx) error {
	set, err := tx.Set(s.Set.ID)
	if err != nil {
		return err
	}
	s.Columns = set.Columns
	numbers := make([]int64, len(s.Items))
	for i, item := range s.Items {
		numbers[i] = item.Row
	}
	rows, err := tx.SetRows(s.Set.ID, numbers)
	if err != nil {
		return err
	}
	for i := range rows {
		s.Items[i].Cells = rows[i].Cells
	}
	return nil
}

// A SpotCheckRow is a check in the list of them.
type SpotCheckRow struct {
	isms.SpotCheck
	Rows, Answered int // while it is judged
}

// SpotChecks lists the checks that the actor may see, the newest first.
func (a *App) SpotChecks(ctx context.Context, who access.Actor) (list []SpotCheckRow, names Titles, may bool, err error) {
	_, in, err := a.visible(ctx, who, "spot_check")
	if err != nil {
		return nil, nil, false, err
	}
	err = a.glance(ctx, who, func(tx *store.Tx) error {
		all, err := store.All[isms.SpotCheck](tx, in)
		if err != nil {
			return err
		}
		w := wanted{}
		var ongoing []string
		for _, c := range all {
			w.add("unit", c.Unit)
			w.add("person", string(c.Checker))
			list = append(list, SpotCheckRow{SpotCheck: c})
			if c.State == isms.SpotCheckOngoing {
				ongoing = append(ongoing, c.ID)
			}
		}
		if err := progress(tx, list, ongoing); err != nil {
			return err
		}
		names, err = titles(tx, who, w)
		return err
	})
	slices.SortStableFunc(list, func(a, b SpotCheckRow) int { return b.Year - a.Year })
	return list, names, len(who.In(access.Create, "spot_check").Units) > 0 || who.In(access.Create, "spot_check").All, err
}

// progress counts how many rows have been answered in the checks that are judged.
func progress(tx *store.Tx, list []SpotCheckRow, ongoing []string) error {
	portions, err := store.Linking[isms.Portion](tx, everywhere, "spot_check", ongoing)
	if err != nil {
		return err
	}
	rows, ids, check := map[string]int{}, []string{}, map[string]string{}
	for _, p := range portions {
		if p.WithdrawnOn != "" {
			continue
		}
		n, _ := p.Count.Known()
		rows[string(p.SpotCheck)] += n
		ids, check[p.ID] = append(ids, p.ID), string(p.SpotCheck)
	}
	sheets, err := store.Linking[isms.AnswerSheet](tx, everywhere, "portion", ids)
	if err != nil {
		return err
	}
	last := map[string]isms.AnswerSheet{}
	for _, s := range sheets {
		if s.Number > last[string(s.Portion)].Number {
			last[string(s.Portion)] = s
		}
	}
	answered := map[string]int{}
	for id, s := range last {
		n, _ := s.Answered.Known()
		answered[check[id]] += n
	}
	for i := range list {
		list[i].Rows, list[i].Answered = rows[list[i].ID], answered[list[i].ID]
	}
	return nil
}
