// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// afterwards does what follows from a record having been made or changed: tasks to classify again, and when a
// classification is decided, that the former one is superseded and its tasks are done. It notes them in the same act.
func (a *App) afterwards(tx *store.Tx, was, rec register.Entity) error {
	switch r := rec.(type) {
	case *isms.System:
		old, ok := was.(*isms.System)
		if !ok {
			return nil
		}
		return systemChanged(tx, old, r)
	case *isms.Process:
		if old, ok := was.(*isms.Process); ok && old.PersonalData != r.PersonalData {
			return raise(tx, r, "personal_data_changed", "")
		}
	case *isms.InformationSet:
		old, _ := was.(*isms.InformationSet)
		return setChanged(tx, old, r)
	case *isms.Integration:
		old, _ := was.(*isms.Integration)
		return integrationChanged(tx, old, r)
	case *isms.Agreement:
		if old, ok := was.(*isms.Agreement); ok && (old.ValidFrom != r.ValidFrom || old.ValidTo != r.ValidTo) {
			return contractRenewed(tx, r)
		}
	case *isms.Classification:
		old, _ := was.(*isms.Classification)
		if r.State == isms.ClassificationDecided && (old == nil || old.State != isms.ClassificationDecided) {
			if err := supersede(tx, *r); err != nil {
				return err
			}
			return closeTasks(tx, *r)
		}
	case *isms.Deviation:
		old, _ := was.(*isms.Deviation)
		return deviationChanged(tx, old, r)
	case *isms.StepTaken:
		old, _ := was.(*isms.StepTaken)
		return stepTold(tx, string(r.By), old, *r)
	case *isms.Breach:
		return a.reckonBreach(tx, *r)
	case *isms.Significance:
		if was == nil {
			if err := defaultMarks(tx, r); err != nil {
				return err
			}
		}
		return a.reckonSignificance(tx, *r)
	case *isms.Incident:
		old, ok := was.(*isms.Incident)
		if ok && old.HandledAt != r.HandledAt {
			return a.reckonHandled(tx, *r)
		}
		if !ok {
			return a.remind(tx, rec)
		}
	case *isms.IncidentTask, *isms.SubjectRequest, *isms.Document, *isms.Campaign, *isms.Post:
		return a.remind(tx, rec)
	}
	return nil
}

func systemChanged(tx *store.Tx, was, is *isms.System) error {
	if was.Owner != is.Owner {
		if err := raise(tx, is, "owner_changed", ""); err != nil {
			return err
		}
	}
	if was.Supplier != is.Supplier || was.Hosting != is.Hosting {
		if err := raise(tx, is, "supplier_changed", ""); err != nil {
			return err
		}
	}
	if was.PersonalData != is.PersonalData {
		return raise(tx, is, "personal_data_changed", "")
	}
	return nil
}

func setChanged(tx *store.Tx, was, is *isms.InformationSet) error {
	if was != nil && was.PersonalData != is.PersonalData {
		if err := raise(tx, is, "personal_data_changed", ""); err != nil {
			return err
		}
	}
	for _, id := range is.Systems {
		if was != nil && slices.Contains(was.Systems, id) {
			continue
		}
		s, err := store.Get[isms.System](tx, everywhere, string(id))
		if err != nil {
			return err
		}
		if err := raise(tx, &s, "set_added", is.Name); err != nil {
			return err
		}
	}
	return nil
}

func integrationChanged(tx *store.Tx, was, is *isms.Integration) error {
	if is.Retired != "" || was != nil && was.Target == is.Target && was.Source == is.Source && slices.Equal(was.Sets, is.Sets) {
		return nil
	}
	s, err := store.Get[isms.System](tx, everywhere, string(is.Target))
	if err != nil {
		return err
	}
	return raise(tx, &s, "integration_added", is.Name)
}

// contractRenewed concerns the systems of the processing that goes on under the agreement.
func contractRenewed(tx *store.Tx, a *isms.Agreement) error {
	entries, err := store.Linking[isms.Processing](tx, everywhere, "agreements", []string{a.ID})
	if err != nil {
		return err
	}
	for _, p := range entries {
		if !p.InUse() {
			continue
		}
		for _, id := range p.Systems {
			s, err := store.Get[isms.System](tx, everywhere, string(id))
			if err != nil {
				return err
			}
			if err := raise(tx, &s, "contract_renewed", a.Title); err != nil {
				return err
			}
		}
	}
	return nil
}

// raise makes a task to classify the object again, unless there is an open one for the same reason or the object has
// never been classified: then there is nothing to do again.
func raise(tx *store.Tx, obj register.Entity, trigger isms.Trigger, about string) error {
	kind, id := register.OfValue(obj).Name, obj.Head().ID
	was, err := everJudged(tx, kind, id)
	if err != nil || !was {
		return err
	}
	open, err := openTasks(tx, kind, id)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(open, func(t isms.Reclassification) bool { return t.Trigger == trigger }) {
		return nil
	}
	title := register.OfValue(obj).Title(obj)
	t := isms.Reclassification{Record: isms.Record{ID: register.NewID(), Unit: obj.Head().Unit}, Trigger: trigger, Owner: ownerOf(obj),
		Reason: locale.Swedish.T("reclassification.reason."+string(trigger), title, about), RaisedOn: tx.Now().Day(), State: isms.TaskOpen}
	switch kind {
	case "system":
		t.System = register.Ref[isms.System](id)
	case "process":
		t.Process = register.Ref[isms.Process](id)
	default:
		t.Set = register.Ref[isms.InformationSet](id)
	}
	return tx.Put(&t)
}

// everJudged reports whether the object has been classified, or is a system whose level has been decided.
func everJudged(tx *store.Tx, kind, id string) (bool, error) {
	all, err := classificationsOf(tx, kind, id)
	if err != nil {
		return false, err
	}
	for _, c := range all {
		if c.State == isms.ClassificationDecided || c.State == isms.ClassificationSuperseded {
			return true, nil
		}
	}
	if kind != "system" {
		return false, nil
	}
	decided, err := linked[isms.ProtectionLevel](tx, "system", id)
	return len(decided) > 0, err
}

func openTasks(tx *store.Tx, kind, id string) ([]isms.Reclassification, error) {
	if kind == "information_type" {
		return nil, nil
	}
	all, err := linked[isms.Reclassification](tx, objectField(kind), id)
	return slices.DeleteFunc(all, func(t isms.Reclassification) bool { return t.State != isms.TaskOpen }), err
}

// closeTasks marks the object's open tasks as done: it has been classified anew.
func closeTasks(tx *store.Tx, c isms.Classification) error {
	kind, id := c.Object()
	open, err := openTasks(tx, kind, id)
	if err != nil {
		return err
	}
	for _, t := range open {
		t.State, t.ClosedOn = isms.TaskDone, tx.Now().Day()
		if err := tx.Put(&t); err != nil {
			return err
		}
	}
	return nil
}

// Task is something to classify again.
type Task struct {
	isms.Reclassification
	Kind, Object string // what is to be classified
	Name         string // its name
	Computed     bool   // follows from the day alone and is no record: the classification has passed its last day
}

// ClassificationTasks lists what is to be classified again in the unit and the units below it, the oldest first: the open
// tasks, and for every object whose classification has ended a task of its own.
func (a *App) ClassificationTasks(ctx context.Context, who access.Actor, unit string) ([]Task, error) {
	var tasks []Task
	err := a.view(ctx, who, func(tx *store.Tx) error {
		if err := a.seesAll(ctx, tx, who, unit); err != nil {
			return err
		}
		g, err := gather(tx, unit, "")
		tasks = tasksOf(g, a.Today())
		return err
	})
	return tasks, err
}

func tasksOf(g gathering, today register.Day) []Task {
	var tasks []Task
	candidates := isms.Candidates(g.own.Systems, g.own.Processes, g.own.Sets, g.own.Classifications, today)
	name := map[isms.Step]string{}
	for _, c := range candidates {
		name[isms.Step{Kind: c.Kind, ID: c.ID}] = c.Name
	}
	told := map[isms.Step]bool{}
	for _, r := range g.own.Reclassifications {
		if r.State != isms.TaskOpen || r.Retired != "" {
			continue
		}
		t := Task{Reclassification: r}
		t.Kind, t.Object = taskObject(r)
		step := isms.Step{Kind: t.Kind, ID: t.Object}
		t.Name = name[step]
		told[step] = told[step] || r.Trigger == "expired"
		tasks = append(tasks, t)
	}
	for _, c := range candidates {
		if c.DecidedOn == "" || c.Valid || told[isms.Step{Kind: c.Kind, ID: c.ID}] {
			continue
		}
		t := Task{Kind: c.Kind, Object: c.ID, Name: c.Name, Computed: true}
		t.Unit, t.Owner, t.Trigger, t.State = c.Unit, c.Owner, "expired", isms.TaskOpen
		t.RaisedOn = c.DecidedOn
		if c.ValidUntil != "" {
			t.RaisedOn = c.ValidUntil.AddDays(1)
		}
		tasks = append(tasks, t)
	}
	slices.SortStableFunc(tasks, func(a, b Task) int {
		return cmp.Or(cmp.Compare(a.RaisedOn, b.RaisedOn), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Object, b.Object))
	})
	return tasks
}

func taskObject(r isms.Reclassification) (kind, id string) {
	switch {
	case r.System != "":
		return "system", string(r.System)
	case r.Process != "":
		return "process", string(r.Process)
	}
	return "information_set", string(r.Set)
}

// DismissTask closes a task without a new classification, for the reason given.
func (a *App) DismissTask(ctx context.Context, who access.Actor, e Entry, outcome, key string) error {
	_, err := a.once(ctx, who, key, []any{e, outcome}, func(tx *store.Tx) (string, error) {
		t, err := store.Get[isms.Reclassification](tx, who.In(access.See, "reclassification"), e.ID)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Change, "reclassification", t.Unit); err != nil {
			return "", err
		}
		if t.Rev != e.Rev {
			return "", isms.ErrStale
		}
		t.State, t.ClosedOn, t.Outcome = isms.TaskDismissed, a.Today(), outcome
		if wrong := register.Check(&t); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		return t.ID, tx.Put(&t)
	})
	return err
}
