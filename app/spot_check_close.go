// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// DealSpotCheck deals the drawn and the chosen rows out to those who are to judge them.
func (a *App) DealSpotCheck(ctx context.Context, who access.Actor, e Entry, key string) error {
	_, err := a.once(ctx, who, key, []any{"deal check", e}, func(tx *store.Tx) (string, error) {
		c, err := a.workOn(ctx, tx, who, e, isms.SpotCheckDrawn)
		if err != nil {
			return "", err
		}
		d, err := currentDraw(tx, c.ID)
		if err != nil {
			return "", err
		}
		if c.DueOn < a.Today() {
			return "", register.Wrongs{{Field: "due_on", Code: "due_passed"}}
		}
		_, items, _, err := itemsOf(tx, d)
		if err != nil {
			return "", err
		}
		p, err := store.Get[isms.Population](tx, everywhere, string(d.Population))
		if err != nil {
			return "", err
		}
		rows, apart := make([]int64, len(items)), map[int64]bool{}
		for i, item := range items {
			rows[i], apart[item.Row] = item.Row, !item.Drawn
		}
		dealer, err := a.dealers(tx, who.Org, dealingOfCheck(c))
		if err != nil {
			return "", err
		}
		if err := dealer.of(&p).rows(rows, apart); err != nil {
			return "", err
		}
		c.State = isms.SpotCheckOngoing
		if err := tx.Put(&c); err != nil {
			return "", err
		}
		_, err = a.deal(ctx, tx, who, portionOf{SpotCheck: c.ID, Draw: d.ID, Unit: c.Unit, DueOn: c.DueOn}, dealer.deal(), string(c.Checker))
		return c.ID, err
	})
	return err
}

// CloseSpotCheck ends the judging and writes down what the sample showed. Each deviating row becomes a deviation, and a right that is to be taken
// away or changed a removal. Where rows are unanswered it needs a reason. A check of a control gives the control its result.
func (a *App) CloseSpotCheck(ctx context.Context, who access.Actor, e Entry, reason, key string) error {
	id, err := a.once(ctx, who, key, []any{"close check", e, reason}, func(tx *store.Tx) (string, error) {
		c, err := a.workOn(ctx, tx, who, e, isms.SpotCheckOngoing)
		if err != nil {
			return "", err
		}
		draws, err := drawsOf(tx, c.ID)
		if err != nil {
			return "", err
		}
		d, err := currentDraw(tx, c.ID)
		if err != nil {
			return "", err
		}
		strata, items, _, err := itemsOf(tx, d)
		if err != nil {
			return "", err
		}
		r, err := resultOf(c, draws, d, strata, items)
		if err != nil {
			return "", err
		}
		reason = strings.TrimSpace(reason)
		if r.Unanswered+r.Chosen.Unanswered > 0 && reason == "" {
			return "", register.Wrongs{{Field: "reason", Code: "close_unanswered", Args: []any{r.Unanswered + r.Chosen.Unanswered}}}
		}
		r.keep(&c, tx.Now().Day(), reason)
		if wrong := register.Check(&c); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		if err := tx.Put(&c); err != nil {
			return "", err
		}
		if err := a.deviations(tx, c, d, items); err != nil {
			return "", err
		}
		return c.ID, flowBack(tx, who, c, r)
	})
	if err == nil {
		a.Log.InfoContext(ctx, "closed", "org", who.Org, "who", signature(who), "spot_check", id)
	}
	return err
}

// keep writes the result into the check's record: the sample's numbers alone.
func (r SpotResult) keep(c *isms.SpotCheck, day register.Day, reason string) {
	c.State, c.PerformedOn, c.Method = isms.SpotCheckDone, day, "random"
	if r.Entire {
		c.Method = "whole_population"
	}
	c.Population, c.Sample = register.CountOf(r.Population), register.CountOf(r.Size)
	c.Found, c.Remedied, c.Unanswered = register.CountOf(r.Deviations), register.CountOf(0), register.CountOf(r.Open())
	if r.Chosen.Size > 0 {
		c.FoundChosen = register.CountOf(r.Chosen.Deviations)
	}
	c.Upper = register.PercentOf(r.Worst.UpperPercent())
	if reason != "" {
		c.Note = joined("\n", c.Note, reason)
	}
}

// deviations makes a deviation of each deviating row, and has rights that are to go removed.
func (a *App) deviations(tx *store.Tx, c isms.SpotCheck, d isms.Draw, items []SpotItem) error {
	var rows []int64
	var found []SpotItem
	for _, i := range items {
		if i.Deviates() {
			rows, found = append(rows, i.Row), append(found, i)
		}
	}
	if len(found) == 0 {
		return nil
	}
	p, err := store.Get[isms.Population](tx, everywhere, string(d.Population))
	if err != nil {
		return err
	}
	read, err := tx.SetRows(p.ID, rows)
	if err != nil {
		return err
	}
	for n, i := range found {
		dev := isms.Deviation{Title: rowTitle(p, read[n]), Area: c.Area, SpotCheck: register.Ref[isms.SpotCheck](c.ID), Control: c.Control, FoundOn: tx.Now().Day(),
			Cause: i.Note, State: isms.DeviationOpen, Portion: register.Ref[isms.Portion](i.Portion), Row: register.CountOf(int(i.Row))}
		dev.ID, dev.Unit = register.NewID(), c.Unit
		if wrong := register.Check(&dev); len(wrong) > 0 {
			return register.Wrongs(wrong)
		}
		if err := tx.Put(&dev); err != nil {
			return err
		}
	}
	return a.removalsOfCheck(tx, c, p, found)
}

// rowTitle tells a row by the right or the thing that it is about, and by its number: never by whom, since a deviation is read by many who may
// not read the row.
func rowTitle(p isms.Population, row store.SetRow) string {
	means := columnMeanings(p)
	cell := func(i int) string {
		if i >= 0 && i < len(row.Cells) {
			return strings.TrimSpace(row.Cells[i])
		}
		return ""
	}
	at := func(name string) int {
		if i, ok := means[name]; ok {
			return i
		}
		return -1
	}
	text := joined(", ", cell(at("system")), cell(at("role")))
	whose := []int{at("name"), at("person"), at("email"), at("account"), at("manager")}
	for i := 0; i < len(row.Cells) && text == ""; i++ {
		if !slices.Contains(whose, i) {
			text = cell(i)
		}
	}
	if text == "" {
		return locale.Swedish.T("web.check.row_only", row.Number)
	}
	return locale.Swedish.T("web.check.row_title", cut(text, 100), row.Number)
}

// tertialOf is the part of the plan's year that the day falls in, the nearest where it is in another year.
func tertialOf(year int, day register.Day) isms.Tertial {
	month, _ := strconv.Atoi(string(day)[5:7])
	switch {
	case day.Year() < year || day.Year() == year && month <= 4:
		return isms.FirstTertial
	case day.Year() == year && month <= 8:
		return isms.SecondTertial
	}
	return isms.ThirdTertial
}

// flowBack gives the check's control its result of the tertial, where the actor may report it: a control of another unit takes it itself (TakeCheck).
// What somebody has written of the same control and tertial stays, and the check's words are put after it.
func flowBack(tx *store.Tx, who access.Actor, c isms.SpotCheck, r SpotResult) error {
	if c.Control == "" {
		return nil
	}
	control, err := store.Get[isms.Control](tx, everywhere, string(c.Control))
	if err != nil {
		return err
	}
	if !who.May(access.Create, "control_result", control.Unit) || !who.May(access.Change, "control_result", control.Unit) {
		return nil
	}
	plan, err := store.Get[isms.ControlPlan](tx, everywhere, string(control.Plan))
	if err != nil {
		return err
	}
	is, _, err := resultFor(tx, c, plan.Year)
	if err != nil {
		return err
	}
	if is.ID == "" {
		is = isms.ControlResult{Control: c.Control, Year: plan.Year, Tertial: tertialOf(plan.Year, c.PerformedOn)}
		is.ID, is.Unit, is.Found, is.Remedied = register.NewID(), control.Unit, register.CountOf(0), register.CountOf(0)
	}
	is.Result = joined("\n", is.Result, r.Sentence(locale.Swedish))
	before, known := is.Found.Known()
	if now := before + r.Deviations + r.Chosen.Deviations; known {
		is.Found = register.CountOf(now)
	}
	switch n, known := is.Found.Known(); {
	case known && n == 0:
		is.Outcome = isms.ControlClean
	case known || r.Deviations+r.Chosen.Deviations > 0 || is.Outcome == isms.ControlDeviations:
		is.Outcome = isms.ControlDeviations
	default:
		is.Found, is.Outcome = register.CountOf(0), isms.ControlClean // what was written before told of no number
	}
	is.SpotCheck, is.ReportedOn, is.Reporter = register.Ref[isms.SpotCheck](c.ID), c.PerformedOn, register.Ref[isms.Person](who.Person)
	if wrong := register.Check(&is); len(wrong) > 0 {
		return register.Wrongs(wrong)
	}
	return tx.Put(&is)
}

// resultFor is the result of the check's control in the tertial that the check was done in; a control has one for each.
func resultFor(tx *store.Tx, c isms.SpotCheck, year int) (is isms.ControlResult, found bool, err error) {
	all, err := store.Linking[isms.ControlResult](tx, everywhere, "control", []string{string(c.Control)})
	for _, one := range all {
		if one.Year == year && one.Tertial == tertialOf(year, c.PerformedOn) {
			is, found = one, true
		}
	}
	return is, found, err
}

// removalsOfCheck has rights that somebody wants taken away or changed followed until a later list shows that they are.
func (a *App) removalsOfCheck(tx *store.Tx, c isms.SpotCheck, p isms.Population, found []SpotItem) error {
	if p.Kind != isms.Entitlements {
		return nil
	}
	answers := map[int64]rowAnswer{}
	for _, i := range found {
		answers[i.Row] = rowAnswer{Row: i.Row, Answer: i.Answer, Note: i.Note, Person: i.Person, At: i.At}
	}
	_, err := a.makeRemovals(tx, removalOf{SpotCheck: c.ID, Unit: c.Unit}, p.ID, answers)
	return err
}
