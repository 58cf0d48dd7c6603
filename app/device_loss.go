// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// LossReport is what somebody tells of a lost phone, computer or the like. What it is and how it went are enough.
type LossReport struct {
	Unit       string
	Device     isms.DeviceKind
	Loss       isms.LossKind
	Asset      string
	LastSeenAt register.Moment
	Where      string
	Locked     isms.Answer
	Encrypted  isms.Answer
	Reachable  string
	Key        string // the same report is never made twice
}

// LossReceipt is what the one who reported is told: the reference number, and what to do now.
type LossReceipt struct {
	IncidentReceipt
	Loss     string
	Routine  string              // the routine's name
	Playbook string              // its id
	Phone    string              // where to call, "" where the routine says no number
	Now      []isms.PlaybookStep // the steps that the reporter takes
	SeesLoss bool                // the actor may see the list of steps
}

// ReportLoss makes the incident and the loss in one act, with the routine that the unit uses that day. Everybody who has a role may do it.
// A body that has no routine yet begins with the program's own, which then is its top unit's to change.
func (a *App) ReportLoss(ctx context.Context, who access.Actor, r LossReport, lang locale.Lang) (LossReceipt, error) {
	id, err := a.once(ctx, who, r.Key, []any{"report loss", r}, func(tx *store.Tx) (string, error) {
		d := isms.DeviceLoss{Device: r.Device, Loss: r.Loss, Asset: r.Asset, LastSeenAt: r.LastSeenAt, Where: r.Where, ReportedAt: tx.Now(),
			Locked: r.Locked, Encrypted: r.Encrypted, Reachable: r.Reachable}
		d.ID, d.Unit, d.Incident = register.NewID(), r.Unit, "-" // the incident is made when the rest is right
		wrong := register.Wrongs(register.Check(&d))
		wrong = append(wrong, lossMoments(tx, &d)...)
		if len(wrong) > 0 {
			return "", wrong
		}
		inc, err := a.reportIn(ctx, tx, who, Report{Unit: r.Unit, Title: lossTitle(lang, d), Kind: isms.LostDevice})
		if err != nil {
			return "", err
		}
		d.Incident = register.Ref[isms.Incident](inc.ID)
		if d.Playbook, err = a.playbookFor(tx, inc.Unit); err != nil {
			return "", err
		}
		_, err = a.keepWith(tx, access.Actor{}, nil, &d)
		return inc.ID, err // what an act made first is what it is known by when it is asked for again
	})
	if err != nil {
		return LossReceipt{}, err
	}
	loss, err := a.lossReported(ctx, who, id)
	if err != nil {
		return LossReceipt{}, err
	}
	return a.LossReceipt(ctx, who, loss)
}

// lossReported is the loss that an incident was reported with: the first of its losses.
func (a *App) lossReported(ctx context.Context, who access.Actor, incident string) (string, error) {
	id := ""
	err := a.view(ctx, who, func(tx *store.Tx) error {
		losses, err := store.Linking[isms.DeviceLoss](tx, everywhere, "incident", []string{incident})
		if err != nil || len(losses) == 0 {
			return errors.Join(err, isms.ErrNotFound)
		}
		id = slices.MinFunc(losses, func(x, y isms.DeviceLoss) int {
			return cmp.Or(cmp.Compare(x.ReportedAt, y.ReportedAt), cmp.Compare(x.ID, y.ID))
		}).ID
		return nil
	})
	return id, err
}

// lossTitle is the incident's title: what is gone and how.
func lossTitle(l locale.Lang, d isms.DeviceLoss) string {
	title := l.T("loss.title." + string(d.Loss) + "." + string(d.Device))
	if d.Asset != "" {
		title += " " + d.Asset
	}
	return title
}

// playbookFor is the routine that the unit uses today. Where none reaches it the program's own is written down for the top unit: steps are
// taken in a routine that is on record.
func (a *App) playbookFor(tx *store.Tx, unit string) (register.Ref[isms.Playbook], error) {
	p, found, err := playbookOn(tx, unit, a.Today())
	if err != nil || found {
		return register.Ref[isms.Playbook](p.ID), err
	}
	units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	if err != nil {
		return "", err
	}
	top := unit
	if over := above(units, unit); len(over) > 0 {
		top = over[len(over)-1]
	}
	own, steps := isms.DefaultPlaybook(string(locale.Swedish))
	id, err := a.newPlaybook(tx, access.Actor{}, top, own, steps)
	return register.Ref[isms.Playbook](id), err
}

// LossReceipt returns what the one who reported the loss was told, or isms.ErrNotFound for others who may not see it.
func (a *App) LossReceipt(ctx context.Context, who access.Actor, id string) (LossReceipt, error) {
	var r LossReceipt
	var incident string
	err := a.view(ctx, who, func(tx *store.Tx) error {
		d, err := store.Get[isms.DeviceLoss](tx, everywhere, id)
		if err != nil {
			return err
		}
		incident = string(d.Incident)
		r.Loss, r.SeesLoss = d.ID, who.May(access.See, "device_loss", d.Unit)
		if d.Playbook == "" {
			return nil
		}
		p, err := store.Get[isms.Playbook](tx, everywhere, string(d.Playbook))
		if err != nil {
			return err
		}
		r.Playbook, r.Routine, r.Phone = p.ID, p.Name, p.Phone
		steps, err := stepsThen(tx, p.ID, d.ReportedAt)
		r.Now = slices.DeleteFunc(steps, func(s isms.PlaybookStep) bool { return !s.Holder || !s.Concerns(d) })
		return err
	})
	if err != nil {
		return LossReceipt{}, err
	}
	if r.IncidentReceipt, err = a.Receipt(ctx, who, incident); err != nil {
		return LossReceipt{}, err
	}
	return r, nil
}

// LossPage is a lost device with its routine as a list to tick off.
type LossPage struct {
	isms.DeviceLoss
	Now        register.Moment
	About      isms.Incident // the zero value where the actor may not see it
	Routine    isms.Playbook // the zero value where none is known
	Steps      []LossStep
	Breaches   []isms.Breach // of the incident, those that the actor may see
	Hidden     int           // breaches that the actor may not see
	Answered   int           // steps that somebody has answered
	MayTake    bool
	MayCorrect bool
	MayEdit    bool
	MayTriage  bool // the incident is the actor's to judge
	History    bool
	Titles     Titles
}

// LossStep is a step of the routine in one loss.
type LossStep struct {
	isms.PlaybookStep
	Taken    *isms.StepTaken // nil until somebody has answered
	DueAt    register.Moment // "" where the routine says no time
	Concerns bool            // the loss asks for the step
	Late     time.Duration   // how long after its time it was taken, or is waited for; 0 is in time
	Left     time.Duration   // until its time, of a step that is waited for
}

// DeviceLoss returns the page of a lost device.
func (a *App) DeviceLoss(ctx context.Context, who access.Actor, id string) (LossPage, error) {
	var p LossPage
	_, in, err := a.visible(ctx, who, "device_loss")
	if err != nil {
		return p, err
	}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		if p.DeviceLoss, err = store.Get[isms.DeviceLoss](tx, in, id); err != nil {
			return err
		}
		p.Now = register.MomentOf(a.Now())
		w := links(&p.DeviceLoss)
		may := func(act access.Act, kind string) bool { return who.May(act, kind, p.Unit) }
		p.MayTake, p.MayCorrect = may(access.Create, "step_taken"), may(access.Change, "step_taken")
		p.MayEdit, p.History = may(access.Change, "device_loss"), may(access.SeeHistory, "device_loss")
		if err := p.around(tx, who); err != nil {
			return err
		}
		if err := p.steps(tx, a.Today(), w); err != nil {
			return err
		}
		p.Titles, err = titles(tx, who, w)
		return err
	})
	return p, err
}

// around finds the incident and its breaches, as far as the actor may see them.
func (p *LossPage) around(tx *store.Tx, who access.Actor) error {
	inc, err := store.Get[isms.Incident](tx, everywhere, string(p.Incident))
	if err != nil {
		return err
	}
	if who.May(access.See, "incident", inc.Unit) {
		p.About, p.MayTriage = inc, who.May(access.Change, "incident", inc.Unit) && inc.State.Open()
	}
	breaches, err := store.Linking[isms.Breach](tx, everywhere, "incident", []string{inc.ID})
	for _, b := range breaches {
		if who.May(access.See, "breach", b.Unit) {
			p.Breaches = append(p.Breaches, b)
		} else {
			p.Hidden++
		}
	}
	return err
}

// steps fills in the routine's steps with how each has gone. A loss without a routine shows the one that its unit uses.
func (p *LossPage) steps(tx *store.Tx, today register.Day, w wanted) error {
	playbook := string(p.Playbook)
	if playbook == "" {
		near, found, err := playbookOn(tx, p.Unit, today)
		if err != nil || !found {
			return err
		}
		playbook = near.ID
	}
	var err error
	if p.Routine, err = store.Get[isms.Playbook](tx, everywhere, playbook); err != nil {
		return err
	}
	steps, err := stepsThen(tx, playbook, p.ReportedAt)
	if err != nil {
		return err
	}
	taken, err := store.Linking[isms.StepTaken](tx, everywhere, "loss", []string{p.ID})
	if err != nil {
		return err
	}
	if steps, err = withTaken(tx, steps, taken); err != nil {
		return err
	}
	for _, s := range steps {
		row := LossStep{PlaybookStep: s, DueAt: s.Due(p.ReportedAt), Concerns: s.Concerns(p.DeviceLoss)}
		if i := slices.IndexFunc(taken, func(t isms.StepTaken) bool { return string(t.Step) == s.ID }); i >= 0 {
			row.Taken = &taken[i]
			w.add("person", string(taken[i].By))
			p.Answered++
		}
		row.time(p.Now)
		p.Steps = append(p.Steps, row)
	}
	return nil
}

// withTaken adds steps that were taken though the routine did not have them when the loss was reported.
func withTaken(tx *store.Tx, steps []isms.PlaybookStep, taken []isms.StepTaken) ([]isms.PlaybookStep, error) {
	for _, t := range taken {
		if slices.ContainsFunc(steps, func(s isms.PlaybookStep) bool { return s.ID == string(t.Step) }) {
			continue
		}
		s, err := store.Get[isms.PlaybookStep](tx, everywhere, string(t.Step))
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	slices.SortFunc(steps, isms.BySteps)
	return steps, nil
}

// time holds the step to its time.
func (s *LossStep) time(now register.Moment) {
	if s.DueAt == "" || s.Taken == nil && !s.Concerns || s.Taken != nil && s.Taken.Outcome == isms.StepNotNeeded {
		return
	}
	at := now
	if s.Taken != nil {
		at = s.Taken.At
	}
	if after := at.Time().Sub(s.DueAt.Time()); after >= time.Minute {
		s.Late = after
	} else if s.Taken == nil {
		s.Left = max(0, -after)
	}
}
