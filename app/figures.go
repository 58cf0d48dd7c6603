// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/store"
)

// Figures counts every figure of the unit and the units below it on the day, from the records as the journal knew them
// at the moment; "" is what is known now. The units are those that were below it at that moment.
//
// Who may not see every register of the unit gets no figures: a figure counted from a part of the records would be
// false, and nobody could see it.
//
// With keys only the figures with those keys are counted.
func (a *App) Figures(ctx context.Context, who access.Actor, unit string, day register.Day, known register.Moment, keys ...string) ([]metric.Figure, error) {
	if err := timely(day, known); err != nil {
		return nil, err
	}
	var figures []metric.Figure
	err := a.view(ctx, who, func(tx *store.Tx) error {
		if err := a.seesAll(ctx, tx, who, unit); err != nil {
			return err
		}
		var records gathering
		err := tx.Counting(func() (err error) {
			records, err = gather(tx, unit, known)
			return err
		})
		if len(keys) == 0 {
			figures = metric.All(records.own, day)
		}
		for _, key := range keys {
			figures = append(figures, metric.Of(records.own, key, day)...)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return figures, nil
}

// timely reports days and moments that do not exist.
func timely(day register.Day, known register.Moment) error {
	if !day.Valid() {
		return register.Wrongs{{Field: "day", Code: "day", Args: []any{string(day)}}}
	}
	if known != "" && !known.Valid() {
		return register.Wrongs{{Field: "known", Code: "moment", Args: []any{string(known)}}}
	}
	return nil
}

// seesAll returns nil if the actor may see every register of a unit that there is.
func (a *App) seesAll(ctx context.Context, tx *store.Tx, who access.Actor, unit string) error {
	if _, err := tx.Get(register.Of[isms.Unit](), who.In(access.See, "unit"), unit); err != nil {
		return err
	}
	for _, s := range countedFrom {
		if err := a.allow(ctx, who, access.See, s.Name, unit); err != nil {
			return isms.ErrForbidden // the unit itself may be seen
		}
	}
	return nil
}

// countedFrom is the registers that metric.Records holds.
var countedFrom = func() []*register.Schema {
	var list []*register.Schema
	for i := range reflect.TypeFor[metric.Records]().NumField() {
		list = append(list, register.OfType(reflect.TypeFor[metric.Records]().Field(i).Type.Elem()))
	}
	return list
}()

// A gathering is the records of a unit at a moment.
type gathering struct {
	own metric.Records // of the unit and those below it: what is counted
	all metric.Records // with what the units above it hold in common: what a document tells of
}

// inherited lists the registers whose records in the units above hold for the unit too.
var inherited = []string{"unit", "person", "instruction", "context_factor", "document", "decision", "course", "supplier", "agreement",
	"sub_processor", "coverage_target", "control_process", "control_scale", "playbook"}

// gather reads the records of the unit and the units below it, and the common records of those above, as the journal
// knew them at the moment, or as they are if it is "".
func gather(tx *store.Tx, unit string, known register.Moment) (gathering, error) {
	units, err := unitsAt(tx, known)
	if err != nil {
		return gathering{}, err
	}
	below, over := subtree(units, unit), above(units, unit)
	lists := map[string][]register.Entity{}
	for _, s := range countedFrom {
		in := register.In{Units: below}
		switch {
		case slices.Contains(inherited, s.Name):
			in.Units = slices.Concat(below, over)
		case s.Name == "measurement":
			in.Units = []string{unit} // what a unit below recorded of itself says nothing of the whole
		}
		if lists[s.Name], err = at(tx, s, in, known); err != nil {
			return gathering{}, err
		}
	}
	return gathering{fill(lists, register.In{Units: below}), fill(lists, everywhere)}, nil
}

func unitsAt(tx *store.Tx, known register.Moment) ([]isms.Unit, error) {
	if known == "" {
		return store.AllWithRetired[isms.Unit](tx, everywhere)
	}
	return store.AsOf[isms.Unit](tx, everywhere, known)
}

// at lists the records of the register in the scope at the moment, also the retired: whether a record counts on a day is
// the figure's own rule.
func at(tx *store.Tx, s *register.Schema, in register.In, known register.Moment) ([]register.Entity, error) {
	if known != "" {
		return tx.AsOf(s, in, known)
	}
	return tx.All(s, in)
}

// fill sorts records by register, those in the scope; persons, units, courses and instructions always, since figures
// only name them, and what the units above make compulsory or value risks on.
func fill(lists map[string][]register.Entity, in register.In) metric.Records {
	var r metric.Records
	v := reflect.ValueOf(&r).Elem()
	for i, s := range countedFrom {
		named := slices.Contains([]string{"unit", "person", "course", "instruction", "control_process", "control_scale"}, s.Name)
		list := reflect.MakeSlice(v.Field(i).Type(), 0, len(lists[s.Name]))
		for _, rec := range lists[s.Name] {
			if named || in.Has(rec.Head().Unit) {
				list = reflect.Append(list, reflect.ValueOf(rec).Elem())
			}
		}
		v.Field(i).Set(list)
	}
	return r
}

// Point is one point of a curve: the figure on a day, from what was known at the end of that day.
type Point struct {
	Day    register.Day
	Figure metric.Figure
}

// maxPoints is the greatest number of points that a curve is asked for.
const maxPoints = 400

// MonthEnds lists the last days of the months from the first day to the last, and the last day itself.
func MonthEnds(from, to register.Day) []register.Day {
	var days []register.Day
	t := from.Time()
	for len(days) < maxPoints-1 {
		end := register.DayOf(time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC))
		if end >= to {
			break
		}
		days = append(days, end)
		t = time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	}
	return append(days, to)
}

// Curve counts the figure with the id on each of the days, which ascend, from what was known at the end of the day, in
// one pass over the journal. A figure that a day does not have is not known on it.
func (a *App) Curve(ctx context.Context, who access.Actor, unit, id string, days []register.Day) ([]Point, error) {
	if len(days) > maxPoints {
		return nil, register.Wrongs{{Field: "days", Code: "many", Args: []any{maxPoints}}}
	}
	for _, day := range days {
		if err := timely(day, ""); err != nil {
			return nil, err
		}
	}
	points := make([]Point, len(days))
	err := a.view(ctx, who, func(tx *store.Tx) error {
		if err := a.seesAll(ctx, tx, who, unit); err != nil {
			return err
		}
		past, err := a.pastFigures(tx, who.Org, unit, days)
		for i, figures := range past {
			points[i] = Point{days[i], withID(figures, id, days[i])}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return points, nil
}

// withID returns the one of the figures that has the id (see metric.Figure.ID), or one not known if there is none.
func withID(figures []metric.Figure, id string, day register.Day) metric.Figure {
	for _, f := range figures {
		if f.ID() == id {
			return f
		}
	}
	key, _, _ := strings.Cut(id, "/")
	return metric.Figure{Key: key, Day: day}
}
