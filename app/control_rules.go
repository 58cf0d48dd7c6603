// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// inUse lists those of the records that are not out of use.
func inUse[T any](all []register.Entity) (list []T) {
	for _, rec := range all {
		if rec.Head().Retired == "" {
			list = append(list, *any(rec).(*T))
		}
	}
	return list
}

// everyOf lists the records of a register that are in use, as the rules see them.
func everyOf[T any](l *look) ([]T, error) {
	all, err := l.All(register.Of[T]())
	return inUse[T](all), err
}

// scaleRules keep a scale as it is once a risk has been valued on it: an earlier year's matrix stays what it was, and what is decided otherwise is
// another scale, from a later year.
func scaleRules(l *look, was, is *isms.ControlScale) (register.Wrongs, error) {
	wrong := decidedAhead(l, "decided_on", is.DecidedOn)
	scales, err := everyOf[isms.ControlScale](l)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(scales, func(s isms.ControlScale) bool {
		return s.ID != is.ID && s.Unit == is.Unit && s.FirstYear == is.FirstYear
	}) {
		wrong = append(wrong, register.Wrong{Field: "first_year", Code: "scale_year_taken"})
	}
	if was == nil {
		return wrong, nil
	}
	var changed []string
	if was.Unit != is.Unit {
		changed = append(changed, "unit")
	}
	for _, c := range register.Diff(was, is) {
		if slices.Contains([]string{"first_year", "likelihoods", "consequences", "bands", "act_from"}, c.Field.Name) {
			changed = append(changed, c.Field.Name)
		}
	}
	if len(changed) == 0 {
		return wrong, nil
	}
	used, err := l.All(register.Of[isms.ControlAssessment]()) // retired ones too: the matrix of their year may be looked at
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(used, func(rec register.Entity) bool { return string(rec.(*isms.ControlAssessment).Scale) == was.ID }) {
		for _, name := range changed {
			wrong = append(wrong, register.Wrong{Field: name, Code: "scale_in_use"})
		}
	}
	return wrong, nil
}

// decidedAhead reports a day of decision that has not come yet.
func decidedAhead(l *look, field string, day register.Day) register.Wrongs {
	if today := register.DayOf(l.Now().Time()); day > today {
		return register.Wrongs{{Field: field, Code: "ic_decided_ahead", Args: []any{string(today)}}}
	}
	return nil
}

// assessmentRules hold a line's steps to the scale of its year, and give a line that is valued that scale. A line keeps the scale that it was
// valued on for as long as it stays in its unit and its year.
func assessmentRules(l *look, was, is *isms.ControlAssessment) (register.Wrongs, error) {
	given := is.Scale
	moved := was == nil || was.Year != is.Year || was.Unit != is.Unit
	if is.Scale = ""; !moved {
		is.Scale = was.Scale
	}
	valued := is.Likelihood != 0 || is.Consequence != 0
	var scale isms.ControlScale
	found := false
	var err error
	switch {
	case is.Scale != "":
		var rec register.Entity
		if rec, err = l.Get(register.Of[isms.ControlScale](), everywhere, string(is.Scale)); err == nil {
			scale, found = *rec.(*isms.ControlScale), true
		}
	case valued:
		scale, found, err = yearScale(l, is.Unit, is.Year, is.ID)
		is.Scale = register.Ref[isms.ControlScale](scale.ID)
	}
	if err != nil {
		return nil, err
	}
	var wrong register.Wrongs
	if given != "" && given != is.Scale && (was == nil || given != was.Scale) {
		wrong = append(wrong, register.Wrong{Field: "scale", Code: "scale_by_year"})
	}
	if found {
		steps, _ := scale.Read()
		wrong = append(wrong, offScale("likelihood", is.Likelihood, steps.Likelihoods)...)
		wrong = append(wrong, offScale("consequence", is.Consequence, steps.Consequences)...)
	}
	return wrong, nil
}

func offScale(field string, step int, steps []string) register.Wrongs {
	if step >= 0 && step <= len(steps) {
		return nil
	}
	return register.Wrongs{{Field: field, Code: "off_scale", Args: []any{len(steps), strings.Join(steps, ", ")}}}
}

// yearScale is the scale that the unit's risks of the year are valued on: that which lines of the year are valued on already, the line with the
// given id left out, and else the unit's own or that of the nearest unit above.
func yearScale(l *look, unit string, year int, but string) (isms.ControlScale, bool, error) {
	lines, err := everyOf[isms.ControlAssessment](l)
	if err != nil {
		return isms.ControlScale{}, false, err
	}
	slices.SortFunc(lines, func(a, b isms.ControlAssessment) int { return strings.Compare(a.ID, b.ID) })
	for _, a := range lines {
		if a.Unit == unit && a.Year == year && a.ID != but && a.Scale != "" {
			rec, err := l.Get(register.Of[isms.ControlScale](), everywhere, string(a.Scale))
			if err != nil {
				return isms.ControlScale{}, false, err
			}
			return *rec.(*isms.ControlScale), true, nil
		}
	}
	scales, err := everyOf[isms.ControlScale](l)
	if err != nil {
		return isms.ControlScale{}, false, err
	}
	units, err := l.units()
	if err != nil {
		return isms.ControlScale{}, false, err
	}
	scale, ok := isms.ScaleFor(scales, append([]string{unit}, above(units, unit)...), year)
	return scale, ok, nil
}

// resultRules let a control have one result for each part of a year, and hold its words and its numbers together.
func resultRules(l *look, is *isms.ControlResult) (register.Wrongs, error) {
	if (is.Control == "") == (is.Action == "") {
		return register.Wrongs{{Field: "control", Code: "result_of_one"}}, nil
	}
	var wrong register.Wrongs
	plan, err := planOfResult(l, *is)
	switch {
	case errors.Is(err, isms.ErrNotFound):
	case err != nil:
		return nil, err
	case plan.Year != is.Year:
		wrong = append(wrong, register.Wrong{Field: "year", Code: "result_year", Args: []any{plan.Year}})
	}
	results, err := everyOf[isms.ControlResult](l)
	if err != nil {
		return nil, err
	}
	for _, r := range results {
		if r.ID != is.ID && r.Control == is.Control && r.Action == is.Action && r.Year == is.Year && r.Tertial == is.Tertial {
			wrong = append(wrong, register.Wrong{Field: "tertial", Code: "result_twice"})
			break
		}
	}
	found, known := is.Found.Known()
	switch {
	case found > 0 && is.Outcome != isms.ControlDeviations && is.Outcome != isms.ControlBegun:
		wrong = append(wrong, register.Wrong{Field: "found", Code: "found_but_clean"})
	case is.Outcome == isms.ControlDeviations && known && found == 0:
		wrong = append(wrong, register.Wrong{Field: "found", Code: "deviation_of_none"})
	}
	if is.SpotCheck != "" {
		check, err := l.Get(register.Of[isms.SpotCheck](), everywhere, string(is.SpotCheck))
		if err != nil {
			return nil, err
		}
		if c := check.(*isms.SpotCheck).Control; is.Control == "" || c != is.Control {
			wrong = append(wrong, register.Wrong{Field: "spot_check", Code: "check_of_another"})
		}
	}
	return wrong, nil
}

// planOfResult is the plan of the control, or of the direct action, that the result is of.
func planOfResult(l *look, r isms.ControlResult) (isms.ControlPlan, error) {
	var plan register.Ref[isms.ControlPlan]
	if r.Control != "" {
		c, err := l.Get(register.Of[isms.Control](), everywhere, string(r.Control))
		if err != nil {
			return isms.ControlPlan{}, err
		}
		plan = c.(*isms.Control).Plan
	} else {
		a, err := l.Get(register.Of[isms.DirectAction](), everywhere, string(r.Action))
		if err != nil {
			return isms.ControlPlan{}, err
		}
		plan = a.(*isms.DirectAction).Plan
	}
	p, err := l.Get(register.Of[isms.ControlPlan](), everywhere, string(plan))
	if err != nil {
		return isms.ControlPlan{}, err
	}
	return *p.(*isms.ControlPlan), nil
}

// continuesRules let a control or a direct action continue one of another plan of an earlier year only.
func continuesRules[T any](l *look, id, plan, continues string, planOf func(*T) string) (register.Wrongs, error) {
	if continues == "" {
		return nil, nil
	}
	wrong := register.Wrongs{{Field: "continues", Code: "continues_later"}}
	rec, err := l.Get(register.Of[T](), everywhere, continues)
	if err != nil || continues == id {
		return wrong, notThere(err)
	}
	var years [2]int
	for i, p := range []string{planOf(any(rec).(*T)), plan} {
		rec, err := l.Get(register.Of[isms.ControlPlan](), everywhere, p)
		if err != nil {
			return wrong, notThere(err)
		}
		years[i] = rec.(*isms.ControlPlan).Year
	}
	if years[0] < years[1] {
		return nil, nil
	}
	return wrong, nil
}

// notThere is the error, none where it says that a record is not there.
func notThere(err error) error {
	if errors.Is(err, isms.ErrNotFound) {
		return nil
	}
	return err
}

// controlWorkRules are the rules of what internal control is made of.
func controlWorkRules(l *look, was, rec register.Entity) (register.Wrongs, error) {
	switch r := rec.(type) {
	case *isms.ControlScale:
		old, _ := was.(*isms.ControlScale)
		return scaleRules(l, old, r)
	case *isms.ControlAssessment:
		old, _ := was.(*isms.ControlAssessment)
		return assessmentRules(l, old, r)
	case *isms.ControlPlan:
		return decidedAhead(l, "decided_on", r.DecidedOn), nil
	case *isms.ControlResult:
		return resultRules(l, r)
	case *isms.Control:
		return continuesRules(l, r.ID, string(r.Plan), string(r.Continues), func(c *isms.Control) string { return string(c.Plan) })
	case *isms.DirectAction:
		return continuesRules(l, r.ID, string(r.Plan), string(r.Continues), func(a *isms.DirectAction) string { return string(a.Plan) })
	}
	return nil, nil
}

// putControl keeps a record that an act of internal control makes or changes, by the rules that hold for a form.
func putControl(tx *store.Tx, was, rec register.Entity) error {
	wrong := register.Wrongs(register.Check(rec))
	if len(wrong) == 0 {
		more, err := controlWorkRules(one(tx), was, rec)
		if err != nil {
			return err
		}
		wrong = more
	}
	if len(wrong) > 0 {
		return wrong
	}
	return tx.Put(rec)
}
