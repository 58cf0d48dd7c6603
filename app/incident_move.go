// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// Move is an incident's step to another state.
type Move struct {
	ID     string
	Rev    int
	To     isms.IncidentState
	At     register.Moment // when it came so far; "" is now
	Reason string          // becomes a decision in the timeline; needed for a step back
	Key    string
}

// MoveIncident moves an incident to another state and notes when it came there. Triage and JoinIncident are moves of their own. Closing
// demands a cause and that nothing is owed. Opening again keeps what was sent: it is the state then, and what comes to light is sent
// as a supplement or a new version.
func (a *App) MoveIncident(ctx context.Context, who access.Actor, m Move) error {
	_, err := a.once(ctx, who, m.Key, []any{"move", m}, func(tx *store.Tx) (string, error) {
		was, err := a.workedOn(ctx, tx, who, m.ID)
		if err != nil {
			return "", err
		}
		inc := was
		inc.Rev = m.Rev
		wrong, err := a.moveWrong(tx, was, m)
		if err != nil {
			return "", err
		}
		m.onto(&inc, tx.Now())
		if wrong = append(wrong, register.Check(&inc)...); len(wrong) > 0 {
			return "", wrong
		}
		if _, err := a.keepWith(tx, who, &was, &inc); err != nil {
			return "", err
		}
		return inc.ID, decided(tx, who, inc, m.Reason)
	})
	return err
}

func (a *App) moveWrong(tx *store.Tx, was isms.Incident, m Move) (register.Wrongs, error) {
	if !was.State.May(m.To) || m.To == isms.IncidentTriaged || m.To == isms.IncidentJoined {
		return register.Wrongs{{Field: "state", Code: "move_not_allowed"}}, nil
	}
	var wrong register.Wrongs
	if m.At != "" && !m.At.Valid() {
		wrong = append(wrong, register.Wrong{Field: "at", Code: "moment", Args: []any{string(m.At)}})
	} else if m.At > tx.Now() {
		wrong = append(wrong, register.Wrong{Field: "at", Code: "in_future"})
	} else if m.At != "" && m.At < was.HappenedFrom {
		wrong = append(wrong, register.Wrong{Field: "at", Code: "before", Args: []any{string(was.HappenedFrom.Day())}})
	}
	if m.Reason == "" && was.State.Back(m.To) {
		wrong = append(wrong, register.Wrong{Field: "reason", Code: "reason_needed"})
	}
	if m.To != isms.IncidentClosed && m.To != isms.IncidentNone {
		return wrong, nil
	}
	o, err := owes(tx, was)
	if err != nil {
		return nil, err
	}
	return append(wrong, o.wrong()...), nil
}

// onto gives the incident its new state and the moment of it. The moment of a state that the work goes back behind is taken away again:
// it was not so.
func (m Move) onto(i *isms.Incident, now register.Moment) {
	at := m.At
	if at == "" {
		at = now
	}
	was := i.State
	i.State = m.To
	if !was.Open() {
		i.DuplicateOf = ""
		if was == isms.IncidentClosed {
			i.ReopenedAt, i.ClosedAt = at, ""
		}
		if m.To == isms.IncidentReported {
			i.TriagedAt = "" // to be judged anew
		}
	}
	passed := []struct {
		state isms.IncidentState
		at    *register.Moment
	}{{isms.IncidentContained, &i.ContainedAt}, {isms.IncidentRestored, &i.RestoredAt}, {isms.IncidentHandled, &i.HandledAt}}
	order := m.To.Choices()
	for _, p := range passed {
		switch {
		case p.state == m.To:
			*p.at = at
		case slices.Index(order, string(p.state)) > slices.Index(order, string(m.To)) && (was.Open() || m.To == isms.IncidentReported):
			*p.at = ""
		}
	}
	if m.To == isms.IncidentClosed {
		i.ClosedAt = at
		if i.Ongoing == isms.Yes {
			i.Ongoing = isms.No // when it ended is not told by when it was closed
		}
	}
}

// decided notes the reason of an act on an incident as a decision in its timeline. Without a reason there is nothing to note that the
// incident's own moments do not tell.
func decided(tx *store.Tx, who access.Actor, inc isms.Incident, reason string) error {
	if reason == "" {
		return nil
	}
	e := &isms.IncidentEntry{Incident: register.Ref[isms.Incident](inc.ID), At: tx.Now(), Kind: isms.EntryDecision, Text: reason,
		By: register.Ref[isms.Person](who.Person)}
	e.ID, e.Unit = register.NewID(), inc.Unit
	return tx.Put(e)
}

// owed is what an incident still owes before it can be closed.
type owed struct {
	cause         bool // no root cause
	breaches      []isms.Breach
	significances []isms.Significance
	deadlines     []isms.Deadline
	tasks         []isms.IncidentTask
}

// Tracks is how many legal judgements and periods are not settled.
func (o owed) Tracks() int { return len(o.breaches) + len(o.significances) + len(o.deadlines) }

func owes(tx *store.Tx, inc isms.Incident) (owed, error) {
	o := owed{cause: inc.Cause == ""}
	ids := []string{inc.ID}
	var err error
	if o.breaches, err = store.Linking[isms.Breach](tx, everywhere, "incident", ids); err != nil {
		return o, err
	}
	if o.significances, err = store.Linking[isms.Significance](tx, everywhere, "incident", ids); err != nil {
		return o, err
	}
	if o.deadlines, err = store.Linking[isms.Deadline](tx, everywhere, "incident", ids); err != nil {
		return o, err
	}
	if o.tasks, err = store.Linking[isms.IncidentTask](tx, everywhere, "incident", ids); err != nil {
		return o, err
	}
	o.breaches = slices.DeleteFunc(o.breaches, func(b isms.Breach) bool { return b.Settled() })
	o.significances = slices.DeleteFunc(o.significances, func(s isms.Significance) bool { return s.Settled() })
	o.deadlines = slices.DeleteFunc(o.deadlines, func(d isms.Deadline) bool { return !d.Runs() })
	o.tasks = slices.DeleteFunc(o.tasks, func(t isms.IncidentTask) bool { return t.State != isms.TaskOpen })
	return o, nil
}

// wrong tells what is owed as what is wrong with closing.
func (o owed) wrong() register.Wrongs {
	var wrong register.Wrongs
	if n := len(o.breaches); n > 0 {
		wrong = append(wrong, register.Wrong{Field: "state", Code: "close_breaches", Args: []any{n}})
	}
	if n := len(o.significances); n > 0 {
		wrong = append(wrong, register.Wrong{Field: "state", Code: "close_significances", Args: []any{n}})
	}
	if n := len(o.deadlines); n > 0 {
		wrong = append(wrong, register.Wrong{Field: "state", Code: "close_deadlines", Args: []any{n}})
	}
	if n := len(o.tasks); n > 0 {
		wrong = append(wrong, register.Wrong{Field: "state", Code: "close_tasks", Args: []any{n}})
	}
	return wrong
}

// Learned is what an incident taught.
type Learned struct {
	ID         string
	Rev        int
	Cause      isms.CauseKind
	CauseText  string
	Lessons    string
	RiskListed isms.Answer
	Risk       register.Ref[isms.ControlAssessment]
	Key        string
}

// Learn keeps the root cause, the lessons and whether the risk was known.
func (a *App) Learn(ctx context.Context, who access.Actor, l Learned) error {
	_, err := a.once(ctx, who, l.Key, []any{"learn", l}, func(tx *store.Tx) (string, error) {
		was, err := a.workedOn(ctx, tx, who, l.ID)
		if err != nil {
			return "", err
		}
		inc := was
		inc.Rev, inc.Cause, inc.CauseText, inc.Lessons, inc.RiskListed, inc.Risk = l.Rev, l.Cause, l.CauseText, l.Lessons, l.RiskListed, l.Risk
		wrong := register.Wrongs(register.Check(&inc))
		if inc.Risk != "" && inc.RiskListed != isms.Yes {
			wrong = append(wrong, register.Wrong{Field: "risk_listed", Code: "risk_not_listed"})
		}
		broken, err := dangling(one(tx), who, &was, &inc)
		if wrong = append(wrong, broken...); err != nil || len(wrong) > 0 {
			return "", orWrong(err, wrong)
		}
		return a.keepWith(tx, who, &was, &inc)
	})
	return err
}

func orWrong(err error, wrong register.Wrongs) error {
	if err != nil {
		return err
	}
	return wrong
}

// Lesson is an activity that an incident led to.
type Lesson struct {
	ID    string // the incident
	Name  string
	Owner register.Ref[isms.Person]
	Key   string
}

// LessonActivity makes an activity of what an incident taught, in the incident's unit, and links it to the incident.
func (a *App) LessonActivity(ctx context.Context, who access.Actor, l Lesson) (string, error) {
	return a.once(ctx, who, l.Key, []any{"lesson", l}, func(tx *store.Tx) (string, error) {
		was, err := a.workedOn(ctx, tx, who, l.ID)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Create, "activity", was.Unit); err != nil {
			return "", err
		}
		act := &isms.Activity{Name: l.Name, Owner: l.Owner, Source: "incident", SourceText: was.Reference, State: isms.ActivityProposed}
		act.ID, act.Unit = register.NewID(), was.Unit
		if wrong := register.Wrongs(register.Check(act)); len(wrong) > 0 {
			return "", wrong
		}
		if _, err := a.keepWith(tx, who, nil, act); err != nil {
			return "", err
		}
		inc := was
		inc.Activities = append(slices.Clone(was.Activities), register.Ref[isms.Activity](act.ID))
		_, err = a.keepWith(tx, who, &was, &inc)
		return act.ID, err
	})
}
