// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// A deviation is found, remedied, and verified by a new test. These are three numbers, and none stands for another.

// deviationRules keep a form from verifying what a spot check of the program's found: that is an act of somebody else than who owns it.
// A deviation of a check that was written down by hand is written down, too.
func deviationRules(l *look, was, is *isms.Deviation) (register.Wrongs, error) {
	before := isms.Deviation{}
	if was != nil {
		before = *was
	}
	check := before.SpotCheck
	if check == "" {
		check = is.SpotCheck
	}
	if check == "" {
		return verifiedByAnother(is), nil
	}
	rec, err := l.Get(register.Of[isms.SpotCheck](), everywhere, string(check))
	if errors.Is(err, isms.ErrNotFound) {
		return nil, nil // the link is wrong, and that is said already
	}
	if err != nil {
		return nil, err
	}
	if rec.(*isms.SpotCheck).State == "" {
		return verifiedByAnother(is), nil
	}
	var wrong register.Wrongs
	for _, c := range register.Diff(&before, is) {
		switch c.Field.Name {
		case "verified_on", "verified_by":
			wrong = append(wrong, register.Wrong{Field: c.Field.Name, Code: "deviation_by_retest"})
		case "state":
			if is.State == isms.DeviationVerified || before.State == isms.DeviationVerified {
				wrong = append(wrong, register.Wrong{Field: "state", Code: "deviation_by_retest"})
			}
		case "portion", "row": // of the sample: one that somebody adds beside it is counted in no rate
			wrong = append(wrong, register.Wrong{Field: c.Field.Name, Code: "deviation_found"})
		case "spot_check", "found_on":
			if was != nil {
				wrong = append(wrong, register.Wrong{Field: c.Field.Name, Code: "deviation_found"})
			}
		}
	}
	return wrong, nil
}

// verifiedByAnother reports a deviation that its owner has tested. Outside a drawn sample who tested it is written down by hand.
func verifiedByAnother(d *isms.Deviation) register.Wrongs {
	if d.VerifiedBy != "" && d.VerifiedBy == d.Owner {
		return register.Wrongs{{Field: "verified_by", Code: "retest_own"}}
	}
	return nil
}

// VerifyDeviation tells what a new test of a remedied deviation showed: that it is remedied, or that it is still there, and then it is open again.
// Whoever owns the deviation, has owned it or set it as remedied does not test it.
func (a *App) VerifyDeviation(ctx context.Context, who access.Actor, e Entry, held bool, note, key string) error {
	_, err := a.once(ctx, who, key, []any{"verify deviation", e, held, note}, func(tx *store.Tx) (string, error) {
		d, err := store.Get[isms.Deviation](tx, who.In(access.See, "deviation"), e.ID)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Change, "deviation", d.Unit); err != nil {
			return "", err
		}
		note = strings.TrimSpace(note)
		switch {
		case d.Rev != e.Rev:
			return "", isms.ErrStale
		case who.Person == "":
			return "", register.Wrongs{{Code: "operator_decides"}}
		case d.State != isms.DeviationRemedied:
			return "", register.Wrongs{{Code: "retest_remedied"}}
		case d.Owner == "":
			return "", register.Wrongs{{Code: "retest_owner"}}
		case !held && note == "":
			return "", register.Wrongs{{Field: "note", Code: "reason_needed"}}
		}
		part, err := hadPart(tx, who, d)
		if err != nil {
			return "", err
		}
		if part {
			return "", register.Wrongs{{Code: "retest_own"}}
		}
		was := d
		if held {
			d.State, d.VerifiedOn, d.VerifiedBy = isms.DeviationVerified, tx.Now().Day(), register.Ref[isms.Person](who.Person)
		} else {
			d.State, d.RemediedOn = isms.DeviationOpen, ""
		}
		if note != "" {
			d.Action = joined("\n", d.Action, string(tx.Now().Day())+": "+note)
		}
		if wrong := register.Check(&d); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		if err := tx.Put(&d); err != nil {
			return "", err
		}
		return d.ID, deviationChanged(tx, &was, &d)
	})
	return err
}

// deviationChanged lets the check that found the deviation, and the control that the check was made for, tell how many are remedied.
func deviationChanged(tx *store.Tx, was, is *isms.Deviation) error {
	if is.SpotCheck == "" || was != nil && was.State == is.State {
		return nil
	}
	c, err := store.Get[isms.SpotCheck](tx, everywhere, string(is.SpotCheck))
	if err != nil || c.State != isms.SpotCheckDone {
		return err
	}
	all, err := store.Linking[isms.Deviation](tx, everywhere, "spot_check", []string{c.ID})
	if err != nil {
		return err
	}
	drawn, err := drawnIn(tx, c.ID)
	if err != nil {
		return err
	}
	sampled := 0
	for _, d := range all {
		if n, known := d.Row.Known(); known && drawn[int64(n)] && d.State != isms.DeviationOpen {
			sampled++
		}
	}
	if now, known := c.Remedied.Known(); !known || now != sampled {
		c.Remedied = register.CountOf(sampled)
		if err := tx.Put(&c); err != nil {
			return err
		}
	}
	return toldControl(tx, c, was, is)
}

// toldControl counts a deviation that was remedied, or was not after all, in the result that the check gave its control.
func toldControl(tx *store.Tx, c isms.SpotCheck, was, is *isms.Deviation) error {
	if c.Control == "" || was == nil {
		return nil
	}
	change := 0
	switch {
	case was.State == isms.DeviationOpen:
		change = 1
	case is.State == isms.DeviationOpen:
		change = -1
	}
	control, err := store.Get[isms.Control](tx, everywhere, string(c.Control))
	if err != nil {
		return err
	}
	plan, err := store.Get[isms.ControlPlan](tx, everywhere, string(control.Plan))
	if err != nil {
		return err
	}
	r, found, err := resultFor(tx, c, plan.Year)
	if err != nil || !found || change == 0 {
		return err
	}
	most, known := r.Found.Known()
	if n, told := r.Remedied.Known(); known && told {
		r.Remedied = register.CountOf(min(max(n+change, 0), most))
		return tx.Put(&r)
	}
	return nil
}

// drawnIn are the rows of the check's sample.
func drawnIn(tx *store.Tx, check string) (map[int64]bool, error) {
	d, err := currentDraw(tx, check)
	if err != nil {
		return nil, err
	}
	strata, err := strataOf(d)
	rows := map[int64]bool{}
	for _, n := range drawnRows(strata) {
		rows[n] = true
	}
	return rows, err
}

// hadPart reports whether the actor owns the deviation, has owned it, or set it as remedied, as the journal has it: else whoever owns one could
// hand it over and then test it.
func hadPart(tx *store.Tx, who access.Actor, d isms.Deviation) (bool, error) {
	entries, err := tx.History(register.Of[isms.Deviation](), everywhere, d.ID)
	if err != nil {
		return false, err
	}
	before := isms.Deviation{State: isms.DeviationOpen}
	for _, e := range entries {
		rec, err := e.Record()
		if errors.Is(err, isms.ErrNotFound) {
			continue // erased
		}
		if err != nil {
			return false, err
		}
		is := *rec.(*isms.Deviation)
		remedied := is.State == isms.DeviationRemedied && before.State != isms.DeviationRemedied
		if string(is.Owner) == who.Person || remedied && e.Who == signature(who) {
			return true, nil
		}
		before = is
	}
	return false, nil
}
