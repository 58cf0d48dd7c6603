// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// errandOf is what the record asks of somebody, and whether it asks anything.
func errandOf(tx *store.Tx, rec register.Entity) (Errand, bool, error) {
	switch r := rec.(type) {
	case *isms.Deadline:
		return clockErrand(tx, r)
	case *isms.IncidentTask:
		return taskErrand(tx, r)
	case *isms.Incident:
		e := newErrand(RemindTriage, rec, "incident", r.ID)
		e.Reference, e.Starts, e.At, e.roles = r.Reference, r.ReportedAt, r.TriageBy(), []isms.Role{isms.Coordinator}
		return e, r.State == isms.IncidentReported && r.Retired == "" && e.At != "", nil
	case *isms.SubjectRequest:
		e := newErrand(RemindRequest, rec, "subject_request", r.ID)
		_, last := r.Due()
		e.onDay(r.ReceivedOn, last)
		e.Reference, e.person, e.roles = r.Dnr, r.Handler, []isms.Role{isms.Coordinator}
		return e, r.AnsweredOn == "" && r.Retired == "" && last != "", nil
	case *isms.Document:
		e := newErrand(RemindDocument, rec, "document", r.ID)
		e.onDay("", r.ReviewBy)
		e.Reference, e.person, e.roles = r.Dnr, r.Owner, []isms.Role{isms.Coordinator}
		return e, r.State == isms.DocumentDecided && r.Retired == "" && r.ReviewBy != "", nil
	case *isms.Post:
		return postErrand(tx, r)
	case *isms.Campaign:
		e := newErrand(RemindCampaign, rec, "campaign", r.ID)
		e.onDay(r.StartsOn, r.EndsOn)
		e.see = []string{"processing"}
		return e, r.Retired == "" && r.EndsOn != "", nil
	}
	return Errand{}, false, nil
}

func newErrand(kind ReminderKind, rec register.Entity, page, id string) Errand {
	s, head := register.OfValue(rec), rec.Head()
	return Errand{Kind: kind, RefKind: s.Name, RefID: head.ID, Rev: head.Rev, Page: page, PageID: id, unit: head.Unit, see: []string{s.Name}}
}

// onDay makes the errand due on a day.
func (e *Errand) onDay(from, last register.Day) {
	e.Day = last
	if last.Valid() {
		e.At = dayEnds(last)
	}
	if from.Valid() {
		e.Starts = register.MomentOf(hourOf(from, morning))
	}
}

// clockErrand is a statutory period: a board's breach is its head's, its coordinator's and its data protection officer's, an operator's
// significant incident the central office's and the coordinator's.
func clockErrand(tx *store.Tx, d *isms.Deadline) (Errand, bool, error) {
	if !d.Runs() {
		return Errand{}, false, nil
	}
	inc, err := store.Get[isms.Incident](tx, everywhere, string(d.Incident))
	if err != nil {
		return Errand{}, false, err
	}
	e := newErrand(RemindClock, d, "incident", inc.ID)
	e.Reference, e.Starts, e.At = inc.Reference, d.StartsAt, d.Shown
	e.roles = []isms.Role{isms.CentralOffice, isms.Coordinator}
	if d.Breach != "" {
		e.roles = []isms.Role{isms.Head, isms.Coordinator, isms.DPO}
	}
	return e, true, nil
}

func taskErrand(tx *store.Tx, t *isms.IncidentTask) (Errand, bool, error) {
	if t.State != isms.TaskOpen || t.Retired != "" || t.DueAt == "" {
		return Errand{}, false, nil
	}
	inc, err := store.Get[isms.Incident](tx, everywhere, string(t.Incident))
	if err != nil {
		return Errand{}, false, err
	}
	e := newErrand(RemindTask, t, "incident", inc.ID)
	e.Reference, e.At, e.person = inc.Reference, t.DueAt, cmp.Or(t.Owner, inc.Coordinator)
	e.Starts, e.roles = inc.ReportedAt, []isms.Role{isms.Coordinator}
	return e, inc.State.Open(), nil
}

// errands lists all that waits for somebody, whoever it is.
func (a *App) errands(tx *store.Tx) ([]Errand, error) {
	var list []Errand
	for _, part := range []struct {
		kind  string
		where map[string][]string
	}{
		{"deadline", map[string][]string{"sent_at": {""}}},
		{"incident", map[string][]string{"state": {string(isms.IncidentReported)}}},
		{"incident_task", map[string][]string{"state": {string(isms.TaskOpen)}}},
		{"subject_request", map[string][]string{"answered_on": {""}}},
		{"document", map[string][]string{"state": {string(isms.DocumentDecided)}}},
		{"campaign", nil},
		{"post", nil},
	} {
		s, err := schema(part.kind)
		if err != nil {
			return nil, err
		}
		records, err := every(tx, s, part.where)
		if err != nil {
			return nil, err
		}
		for _, rec := range records {
			e, ok, err := errandOf(tx, rec)
			if err != nil {
				return nil, err
			}
			if ok {
				list = append(list, e)
			}
		}
	}
	portions, err := openPortions(tx, tx.Now().Day())
	return append(list, portions...), err
}

// every lists all records in use that fit.
func every(tx *store.Tx, s *register.Schema, where map[string][]string) ([]register.Entity, error) {
	var all []register.Entity
	for after := ""; ; {
		page, err := tx.List(s, everywhere, store.Query{Where: where, Limit: maxPage, After: after})
		if err != nil {
			return nil, err
		}
		all = append(all, page.Records...)
		if after = page.Next; after == "" {
			return all, nil
		}
	}
}

// A staffing finds who is to do an errand today, reading what it rests on once.
type staffing struct {
	app     *App
	tx      *store.Tx
	org     string
	holders map[string][]string // by unit and role
	actors  map[string]*access.Actor
	answers map[string][]string // who has entries left to answer for, by campaign
}

func (a *App) staffing(tx *store.Tx, org string) *staffing {
	return &staffing{app: a, tx: tx, org: org, holders: map[string][]string{}, actors: map[string]*access.Actor{}, answers: map[string][]string{}}
}

// actor is the person as who acts today, nil if there is none: gone, or without an account that is open.
func (s *staffing) actor(person string) (*access.Actor, error) {
	if who, known := s.actors[person]; known {
		return who, nil
	}
	who, err := actor(s.tx, s.org, person, s.app.Today())
	switch {
	case errors.Is(err, isms.ErrNotFound):
		s.actors[person] = nil
		return nil, nil
	case err != nil:
		return nil, err
	}
	open, err := s.tx.MaySignIn(person)
	if err != nil {
		return nil, err
	}
	s.actors[person] = nil
	if open {
		s.actors[person] = &who
	}
	return s.actors[person], nil
}

// whose lists the persons who are to do the errand and may see what it is about.
func (s *staffing) whose(e Errand) ([]string, error) {
	var list []string
	switch {
	case e.Kind == RemindCampaign:
		var err error
		if list, err = s.asked(e); err != nil {
			return nil, err
		}
	case e.Kind == RemindOverdue:
		var err error
		if list, err = s.overseers(e); err != nil {
			return nil, err
		}
	case e.person != "":
		list = []string{string(e.person)}
	default:
		for _, role := range e.roles {
			held, err := s.holding(e.unit, role)
			if err != nil {
				return nil, err
			}
			list = append(list, held...)
		}
	}
	slices.Sort(list)
	var may []string
	for _, person := range slices.Compact(list) {
		who, err := s.actor(person)
		if err != nil {
			return nil, err
		}
		if who != nil && s.sees(who, e) {
			may = append(may, person)
		}
	}
	return may, nil
}

// sees reports whether the person may see what the errand is about. Who is asked about entries sees them in units of their own.
func (s *staffing) sees(who *access.Actor, e Errand) bool {
	for _, kind := range e.see {
		if e.Kind == RemindCampaign && len(who.In(access.See, kind).Units) > 0 {
			continue
		}
		if !who.May(access.See, kind, e.unit) {
			return false
		}
	}
	return true
}

func (s *staffing) holding(unit string, role isms.Role) ([]string, error) {
	key := unit + "/" + string(role)
	if held, known := s.holders[key]; known {
		return held, nil
	}
	persons, err := holders(s.tx, unit, role, register.Day(dayHere(s.tx.Now())))
	if err != nil {
		return nil, err
	}
	held := make([]string, len(persons))
	for i, p := range persons {
		held[i] = p.ID
	}
	s.holders[key] = held
	return held, nil
}

// asked lists those who have entries left to answer for in the campaign.
func (s *staffing) asked(e Errand) ([]string, error) {
	if list, known := s.answers[e.RefID]; known {
		return list, nil
	}
	campaign, err := store.Get[isms.Campaign](s.tx, everywhere, e.RefID)
	if err != nil {
		return nil, err
	}
	units, err := store.AllWithRetired[isms.Unit](s.tx, everywhere)
	if err != nil {
		return nil, err
	}
	entries, err := store.All[isms.Processing](s.tx, register.In{Units: subtree(units, campaign.Unit)})
	if err != nil {
		return nil, err
	}
	entries = slices.DeleteFunc(entries, func(p isms.Processing) bool { return p.State != isms.ProcessingActive })
	words, err := store.Linking[isms.Confirmation](s.tx, everywhere, "campaign", []string{campaign.ID})
	if err != nil {
		return nil, err
	}
	status := CampaignStatus{Campaign: campaign}
	status.count(entries, words)
	list := []string{}
	for _, o := range status.Owners {
		if o.Person != "" && o.Answered < o.Entries {
			list = append(list, o.Person)
		}
	}
	s.answers[e.RefID] = list
	return list, nil
}

// Agenda lists what waits for the actor and has a time, the first that is due first. It tells nothing of a record but its reference.
func (a *App) Agenda(ctx context.Context, who access.Actor) ([]Errand, error) {
	if who.Person == "" {
		return nil, nil
	}
	var list []Errand
	err := a.view(ctx, who, func(tx *store.Tx) error {
		all, err := a.errands(tx)
		if err != nil {
			return err
		}
		s := a.staffing(tx, who.Org)
		for _, e := range all {
			if !e.couldBe(who) {
				continue
			}
			persons, err := s.whose(e)
			if err != nil {
				return err
			}
			if slices.Contains(persons, who.Person) {
				list = append(list, e)
			}
		}
		return nil
	})
	slices.SortFunc(list, func(x, y Errand) int {
		return cmp.Or(cmp.Compare(x.dueBy(), y.dueBy()), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.RefID, y.RefID))
	})
	return list, err
}

// couldBe reports whether the errand could be the actor's, from what the actor holds alone, so that of a whole organisation's errands few
// need a closer look.
func (e Errand) couldBe(who access.Actor) bool {
	switch {
	case e.Kind == RemindCampaign, e.Kind == RemindOverdue:
		return true
	case e.person != "":
		return string(e.person) == who.Person
	}
	held := who.Roles(e.unit)
	return slices.ContainsFunc(e.roles, func(r isms.Role) bool { return slices.Contains(held, r) })
}

// dueBy is when the errand is due: one without a fixed time since it began.
func (e Errand) dueBy() register.Moment { return cmp.Or(e.At, e.Starts) }
