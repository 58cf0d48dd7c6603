// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/sheet/mapping"
	"ledsyn/store"
)

// TrainingFeed is what a list of completed courses comes to.
type TrainingFeed struct {
	Set            *isms.Population
	Staff          *isms.Population // the staff list that it is held against, nil if there is none of the day or before
	Figures        []*isms.TrainingFigure
	Titles         Titles
	UnknownCourses []string // courses of the list that there are not
	UnknownUnits   []string
	Done           bool
}

// TrainingPlan tells what feeding the list would make. Rights as for feeding it.
func (a *App) TrainingPlan(ctx context.Context, who access.Actor, population string) (f TrainingFeed, err error) {
	err = a.view(ctx, who, func(tx *store.Tx) (err error) {
		if f, err = a.planTraining(ctx, tx, who, population); err != nil {
			return err
		}
		w := wanted{}
		for _, t := range f.Figures {
			w.add("unit", t.Unit)
			w.add("course", string(t.Course))
		}
		f.Titles, err = titles(tx, who, w)
		return err
	})
	return f, err
}

// FeedTraining makes training figures of a list of completed courses: one for each unit and course, with the managers apart, as of the
// list's day. By persons it is held against the newest staff list of the day or before, of the same unit or one above.
func (a *App) FeedTraining(ctx context.Context, who access.Actor, population, key string) error {
	_, err := a.once(ctx, who, key, []string{"training", population}, func(tx *store.Tx) (string, error) {
		f, err := a.planTraining(ctx, tx, who, population)
		if err != nil {
			return "", err
		}
		if f.Done {
			return "", register.Wrongs{{Code: "training_fed"}}
		}
		for _, t := range f.Figures {
			if err := a.allow(ctx, who, access.Create, "training_figure", t.Unit); err != nil {
				return "", err
			}
			if wrong := register.Check(t); len(wrong) > 0 {
				return "", register.Wrongs(wrong)
			}
			if err := tx.Put(t); err != nil {
				return "", err
			}
		}
		return f.Set.ID, nil
	})
	return err
}

func (a *App) planTraining(ctx context.Context, tx *store.Tx, who access.Actor, population string) (f TrainingFeed, err error) {
	if f.Set, err = a.population(ctx, tx, who, population, isms.Completions, "training_figure"); err != nil {
		return f, err
	}
	there, err := store.Linking[isms.TrainingFigure](tx, everywhere, "population", []string{f.Set.ID})
	if err != nil {
		return f, err
	}
	f.Done = len(there) > 0
	units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	if err != nil {
		return f, err
	}
	names := namesOf(units, f.Set.Unit)
	courses, err := store.All[isms.Course](tx, who.In(access.See, "course"))
	if err != nil {
		return f, err
	}
	rows, err := f.completions(tx, names, courses)
	if err != nil {
		return f, err
	}
	staff, err := f.staff(tx, who, units, names)
	if err != nil {
		return f, err
	}
	months := map[string]int{}
	for _, c := range courses {
		months[c.ID] = c.ValidMonths
	}
	counts := isms.CountTraining(rows, staff, func(course string) int { return months[course] }, f.Set.Day)
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b isms.UnitCourse) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Course, b.Course))
	})
	for _, key := range keys {
		c := counts[key]
		if key.Unit == "" || key.Course == "" {
			continue // told of as unknown
		}
		t := &isms.TrainingFigure{Course: register.Ref[isms.Course](key.Course), Day: f.Set.Day, Completed: c.Completed, Headcount: c.Total,
			LeadersCompleted: c.LeadersCompleted, Leaders: c.LeadersTotal, Source: f.Set.Name, Population: register.Ref[isms.Population](f.Set.ID)}
		t.ID, t.Unit = register.NewID(), key.Unit
		f.Figures = append(f.Figures, t)
	}
	return f, nil
}

// namesOf finds a unit within the root by its id, code or name, folded.
func namesOf(units []isms.Unit, root string) map[string]string {
	within := subtree(units, root)
	names := map[string]string{}
	for _, by := range []func(isms.Unit) string{func(u isms.Unit) string { return u.Name }, func(u isms.Unit) string { return u.Code },
		func(u isms.Unit) string { return u.ID }} {
		for _, u := range units {
			if slices.Contains(within, u.ID) {
				names[sheet.Fold(by(u))] = u.ID
			}
		}
	}
	return names
}

// completions reads the list's rows, with units and courses by their ids.

func (f *TrainingFeed) completions(tx *store.Tx, units map[string]string, courses []isms.Course) ([]isms.Completion, error) {
	columns, order, err := meanings(f.Set, "course")
	if err != nil {
		return nil, err
	}
	_, byPerson := columns["person"]
	_, counted := columns["count"]
	if _, hasUnit := columns["unit"]; !byPerson && (!counted || !hasUnit) {
		return nil, register.Wrongs{{Code: "set_lacks_person_or_count"}}
	}
	ids := map[string]string{}
	for _, c := range courses {
		ids[sheet.Fold(c.Name)], ids[c.ID] = c.ID, c.ID
	}
	unknownCourses, unknownUnits := map[string]bool{}, map[string]bool{}
	var rows []isms.Completion
	err = tx.SetEach(f.Set.ID, func(_ int64, cells []string) error {
		c := cellsOf{columns, order, cells}
		if passed, known := mapping.Yes(c.text("passed")); known && !passed {
			return nil // taken and not passed
		}
		if _, hasDay := columns["completed"]; byPerson && hasDay && c.text("completed") == "" {
			return nil // begun and not completed
		}
		row := isms.Completion{Course: ids[sheet.Fold(c.text("course"))], Unit: units[sheet.Fold(c.text("unit"))], Leads: c.yes("leader"),
			On: c.day("completed"), Count: c.count("count"), Total: c.count("total")}
		if byPerson {
			if row.Person = sheet.Fold(c.text("person")); row.Person == "" {
				return nil
			}
		}
		if row.Course == "" {
			unknownCourses[c.text("course")] = true
		}
		if row.Unit == "" && c.text("unit") != "" {
			unknownUnits[c.text("unit")] = true
		}
		if row.Course != "" {
			rows = append(rows, row)
		}
		return nil
	})
	f.UnknownCourses, f.UnknownUnits = slices.Sorted(maps.Keys(unknownCourses)), slices.Sorted(maps.Keys(unknownUnits))
	return rows, err
}

// staff reads the newest staff list of the set's day or before, in its unit or the nearest above that has one.
func (f *TrainingFeed) staff(tx *store.Tx, who access.Actor, units []isms.Unit, names map[string]string) (isms.Staff, error) {
	parent := map[string]string{}
	for _, u := range units {
		parent[u.ID] = string(u.Parent)
	}
	for unit, seen := f.Set.Unit, map[string]bool{}; unit != "" && !seen[unit]; unit = parent[unit] {
		seen[unit] = true
		if !who.May(access.See, "population", unit) {
			break
		}
		sets, err := store.All[isms.Population](tx, register.In{Units: []string{unit}})
		if err != nil {
			return nil, err
		}
		for i, p := range sets {
			if p.Kind == isms.Employments && p.DisposedOn == "" && p.Day <= f.Set.Day && (f.Staff == nil || p.Day > f.Staff.Day) {
				f.Staff = &sets[i]
			}
		}
		if f.Staff != nil {
			break
		}
	}
	if f.Staff == nil {
		return nil, nil
	}
	all, _, err := staffOf(tx, f.Staff)
	if err != nil {
		return nil, err
	}
	for person, e := range all {
		if e.Unit = names[sheet.Fold(e.Unit)]; e.Unit == "" {
			delete(all, person) // works outside the set's unit
			continue
		}
		all[person] = e
	}
	return all, nil
}
