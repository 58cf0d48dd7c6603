// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// TakeStep is how a step went in a loss. Rev is the answer's revision where one is there already and is corrected.
type TakeStep struct {
	Loss      string
	Step      string
	Outcome   isms.StepOutcome // "" takes an answer back
	At        register.Moment  // "" is now
	Note      string
	PoliceRef string // the police's number, of the step that tells them
	Rev       int
	Key       string
}

// TakeStep writes down how a step went, corrects it or takes it back. What it says of the loss itself (wiped, found, replaced, told to the
// police) is set in the same act.
func (a *App) TakeStep(ctx context.Context, who access.Actor, t TakeStep) error {
	_, err := a.once(ctx, who, t.Key, []any{"take step", t}, func(tx *store.Tx) (string, error) {
		loss, err := store.Get[isms.DeviceLoss](tx, who.In(access.See, "device_loss"), t.Loss)
		if err != nil {
			return "", err
		}
		act := access.Create
		if t.Rev > 0 {
			act = access.Change
		}
		if err := a.allow(ctx, who, act, "step_taken", loss.Unit); err != nil {
			return "", err
		}
		was, err := takenStep(tx, loss.ID, t.Step)
		if err != nil {
			return "", err
		}
		switch {
		case t.Rev > 0 && (was == nil || was.Rev != t.Rev):
			return "", isms.ErrStale
		case t.Rev > 0 && t.Outcome == "":
			return was.ID, a.takeBack(ctx, tx, who, *was)
		}
		rec := &isms.StepTaken{}
		if t.Rev > 0 {
			*rec = *was
		} else {
			rec.ID = register.NewID()
			rec.Loss, rec.Step, rec.By = register.Ref[isms.DeviceLoss](loss.ID), register.Ref[isms.PlaybookStep](t.Step), register.Ref[isms.Person](who.Person)
			rec.Unit = loss.Unit
		}
		rec.Outcome, rec.At, rec.Note = t.Outcome, t.At, t.Note
		if rec.At == "" {
			rec.At = tx.Now()
		}
		return rec.ID, a.takeStep(tx, who, was, rec, t)
	})
	return err
}

// takeStep keeps the answer when nothing is wrong with it, and the police's number with the loss.
func (a *App) takeStep(tx *store.Tx, who access.Actor, was, rec *isms.StepTaken, t TakeStep) error {
	wrong := register.Wrongs(register.Check(rec))
	var before register.Entity
	if t.Rev > 0 {
		before = was
	}
	more, err := rules(one(tx), who, before, rec)
	if err != nil {
		return err
	}
	if wrong = append(wrong, more...); len(wrong) > 0 {
		return wrong
	}
	if _, err := a.keepWith(tx, who, before, rec); err != nil {
		return err
	}
	step, err := store.Get[isms.PlaybookStep](tx, everywhere, string(rec.Step))
	if err != nil || step.Kind != isms.StepPolice {
		return err
	}
	return changeLoss(tx, string(rec.Loss), func(d *isms.DeviceLoss) {
		d.PoliceRef = ""
		if rec.Outcome == isms.StepDone {
			d.PoliceRef = t.PoliceRef
		}
	})
}

// takenStep is the answer that the step has in the loss, nil for none.
func takenStep(tx *store.Tx, loss, step string) (*isms.StepTaken, error) {
	list, err := store.Linking[isms.StepTaken](tx, everywhere, "loss", []string{loss})
	for i := range list {
		if string(list[i].Step) == step {
			return &list[i], err
		}
	}
	return nil, err
}

// takeBack takes an answer out of use, and with it what it said of the loss.
func (a *App) takeBack(ctx context.Context, tx *store.Tx, who access.Actor, was isms.StepTaken) error {
	if err := a.allow(ctx, who, access.Retire, "step_taken", was.Unit); err != nil {
		return err
	}
	if err := tx.Retire(register.Of[isms.StepTaken](), who.In(access.Retire, "step_taken"), was.ID, was.Rev, a.Today()); err != nil {
		return err
	}
	return stepTakenBack(tx, who, was)
}

// stepTakenBack takes back what an answer that is out of use said of the loss.
func stepTakenBack(tx *store.Tx, who access.Actor, was isms.StepTaken) error {
	none := was
	none.Outcome, none.Note = "", ""
	return stepTold(tx, who.Person, &was, none)
}

// lossMoments reports moments of a loss that have not been yet.
func lossMoments(tx *store.Tx, d *isms.DeviceLoss) register.Wrongs {
	var wrong register.Wrongs
	for _, m := range []struct {
		field string
		at    register.Moment
	}{{"last_seen_at", d.LastSeenAt}, {"reported_at", d.ReportedAt}, {"wiped_at", d.WipedAt}, {"found_at", d.FoundAt}} {
		if m.at > tx.Now() {
			wrong = append(wrong, register.Wrong{Field: m.field, Code: "in_future"})
		}
	}
	return wrong
}

// lossRules reports moments that have not been yet, and another routine for a loss that has begun with one.
func lossRules(l *look, was, is *isms.DeviceLoss) (register.Wrongs, error) {
	wrong := lossMoments(l.Tx, is)
	if was == nil || was.Playbook == is.Playbook {
		return wrong, nil
	}
	taken, err := linkedIn[isms.StepTaken](l, "loss", is.ID)
	if slices.ContainsFunc(taken, func(t isms.StepTaken) bool { return t.Retired == "" }) {
		wrong = append(wrong, register.Wrong{Field: "playbook", Code: "loss_has_steps"})
	}
	return wrong, err
}

// stepRules reports an answer of another time, of another routine's step, or of a step that has one already; and a wipe that nobody has
// said why of: it destroys what an investigation may need, so both to wipe and not to is a choice to answer for.
func stepRules(l *look, was, is *isms.StepTaken) (register.Wrongs, error) {
	var wrong register.Wrongs
	add := func(field, code string, args ...any) {
		wrong = append(wrong, register.Wrong{Field: field, Code: code, Args: args})
	}
	loss, err := l.Get(register.Of[isms.DeviceLoss](), everywhere, string(is.Loss))
	if err != nil {
		return nil, err
	}
	step, err := l.Get(register.Of[isms.PlaybookStep](), everywhere, string(is.Step))
	if err != nil {
		return nil, err
	}
	d, s := loss.(*isms.DeviceLoss), step.(*isms.PlaybookStep)
	if is.At > l.Tx.Now() {
		add("at", "in_future")
	}
	if d.LastSeenAt != "" && is.At < d.LastSeenAt {
		add("at", "step_before_loss")
	}
	if d.Playbook != "" && d.Playbook != s.Playbook {
		add("step", "step_of_other")
	}
	if was != nil && (was.Loss != is.Loss || was.Step != is.Step) {
		add("step", "step_moved")
	}
	if is.Unit != d.Unit {
		add("unit", "step_unit")
	}
	if s.Kind == isms.StepWipe && is.Note == "" && is.Outcome != isms.StepImpossible {
		add("note", "wipe_why")
	}
	taken, err := linkedIn[isms.StepTaken](l, "loss", d.ID)
	for _, t := range taken {
		if t.ID != is.ID && t.Step == is.Step && t.Retired == "" {
			add("step", "step_taken_already")
		}
	}
	return wrong, err
}

// stepTold sets what the answer says of the loss itself, and writes the choice about the wipe into the incident's decisions.
func stepTold(tx *store.Tx, by string, was *isms.StepTaken, is isms.StepTaken) error {
	step, err := store.Get[isms.PlaybookStep](tx, everywhere, string(is.Step))
	if err != nil {
		return err
	}
	done, undone := is.Outcome == isms.StepDone, was != nil && was.Outcome == isms.StepDone && is.Outcome != isms.StepDone
	err = changeLoss(tx, string(is.Loss), func(d *isms.DeviceLoss) {
		if d.Playbook == "" {
			d.Playbook = step.Playbook
		}
		set := func(m *register.Moment) {
			if done {
				*m = is.At
			} else if undone && *m == was.At {
				*m = ""
			}
		}
		switch {
		case step.Kind == isms.StepWipe:
			set(&d.WipedAt)
		case step.Kind == isms.StepFound:
			set(&d.FoundAt)
		case step.Kind == isms.StepReplacement && done:
			d.Replaced = isms.Yes
		case step.Kind == isms.StepReplacement && undone:
			d.Replaced = ""
		case step.Kind == isms.StepPolice && undone:
			d.PoliceRef = ""
		}
	})
	if err != nil || step.Kind != isms.StepWipe {
		return err
	}
	return logWipe(tx, by, is, step)
}

// changeLoss changes the loss, if there is anything to change.
func changeLoss(tx *store.Tx, id string, change func(*isms.DeviceLoss)) error {
	d, err := store.Get[isms.DeviceLoss](tx, everywhere, id)
	if err != nil {
		return err
	}
	old := d
	change(&d)
	if len(register.Diff(&old, &d)) == 0 {
		return nil
	}
	return tx.Put(&d)
}

// logWipe writes the choice into the incident's log: to wipe destroys evidence, and not to wipe leaves the information on the device.
func logWipe(tx *store.Tx, by string, is isms.StepTaken, step isms.PlaybookStep) error {
	d, err := store.Get[isms.DeviceLoss](tx, everywhere, string(is.Loss))
	if err != nil {
		return err
	}
	inc, err := store.Get[isms.Incident](tx, everywhere, string(d.Incident))
	if err != nil {
		return err
	}
	outcome := "loss.taken_back"
	if is.Outcome != "" {
		outcome = "choice.step_outcome." + string(is.Outcome)
	}
	text := step.Name + ": " + locale.Swedish.T(outcome)
	if is.Note != "" {
		text += ". " + is.Note
	}
	return decided(tx, access.Actor{Person: by}, inc, text)
}
