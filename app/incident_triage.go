// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// Triage is the first judgement of an incident, and any later one of the same things.
type Triage struct {
	ID              string
	Rev             int
	Unit            string // where it happened, if the reporter chose another; "" keeps it
	Title           string // "" keeps it
	Kind            isms.IncidentKind
	Severity        isms.Severity
	HappenedFrom    register.Moment
	HappenedTo      register.Moment
	Ongoing         isms.Answer
	Confidentiality isms.Answer
	Integrity       isms.Answer
	Availability    isms.Answer
	Traceability    isms.Answer
	Malicious       isms.Answer
	SupplierOrigin  isms.Answer
	CrossBorder     isms.Answer
	PersonalData    isms.Answer // yes makes a breach to judge for each board or company that is hit
	CanBeSerious    isms.Answer // yes makes a significance to judge for the municipality, and for each company that is hit
	Units           []register.Ref[isms.Unit]
	Systems         []register.Ref[isms.System]
	Sets            []register.Ref[isms.InformationSet]
	Suppliers       []register.Ref[isms.Supplier]
	Coordinator     register.Ref[isms.Person]
	Key             string
}

// Triage judges an incident. What it leads to is made in the same act: drafts of what the boards and the operators must judge. Those that
// are there already stay, also when an answer is changed: that they are not needed is a decision of theirs.
func (a *App) Triage(ctx context.Context, who access.Actor, t Triage) error {
	_, err := a.once(ctx, who, t.Key, []any{"triage", t}, func(tx *store.Tx) (string, error) {
		was, err := a.workedOn(ctx, tx, who, t.ID)
		if err != nil {
			return "", err
		}
		if !was.State.Open() {
			return "", register.Wrongs{{Field: "state", Code: "triage_of_closed"}}
		}
		inc := was
		if inc.Rev = t.Rev; t.Unit != "" && t.Unit != was.Unit {
			if err := a.allow(ctx, who, access.Create, "incident", t.Unit); err != nil {
				return "", err
			}
			inc.Unit = t.Unit
		}
		t.onto(&inc)
		if inc.State == isms.IncidentReported {
			inc.State = isms.IncidentTriaged
		}
		if inc.TriagedAt == "" {
			inc.TriagedAt = tx.Now()
		}
		wrong, err := a.triageWrong(tx, who, was, inc)
		if err != nil {
			return "", err
		}
		if len(wrong) > 0 {
			return "", wrong
		}
		if _, err := a.keepWith(tx, who, &was, &inc); err != nil {
			return "", err
		}
		if err := a.follow(tx, who, was, inc); err != nil {
			return "", err
		}
		return inc.ID, a.drafts(tx, who, inc)
	})
	return err
}

// workedOn returns the incident if the actor may work with it. Who may not see all of it may not: the forms of the acts hold what is
// secret, and would overwrite it unseen.
func (a *App) workedOn(ctx context.Context, tx *store.Tx, who access.Actor, id string) (isms.Incident, error) {
	inc, err := store.Get[isms.Incident](tx, who.In(access.See, "incident"), id)
	if err != nil {
		return inc, err
	}
	if err := a.allow(ctx, who, access.Change, "incident", inc.Unit); err != nil {
		return inc, err
	}
	hidden, err := hiddenFrom(one(tx), who, &inc)
	if err == nil && len(hidden) > 0 {
		err = isms.ErrForbidden
	}
	return inc, err
}

// follow moves what is part of an incident to the unit that it was moved to, so that those who see the one see the other.
func (a *App) follow(tx *store.Tx, who access.Actor, was, inc isms.Incident) error {
	if was.Unit == inc.Unit {
		return nil
	}
	parts, err := ownParts(tx, inc.ID)
	if err != nil {
		return err
	}
	for _, rec := range parts {
		old := copyOf(rec)
		rec.Head().Unit = inc.Unit
		if _, err := a.keepWith(tx, who, old, rec); err != nil {
			return err
		}
	}
	return nil
}

// ownParts lists the records that are an incident's own, in its unit: not the judgements, which are each board's and operator's.
func ownParts(tx *store.Tx, incident string) ([]register.Entity, error) {
	entries, err := store.Linking[isms.IncidentEntry](tx, everywhere, "incident", []string{incident})
	if err != nil {
		return nil, err
	}
	tasks, err := store.Linking[isms.IncidentTask](tx, everywhere, "incident", []string{incident})
	if err != nil {
		return nil, err
	}
	losses, err := store.Linking[isms.DeviceLoss](tx, everywhere, "incident", []string{incident})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(losses))
	for i, l := range losses {
		ids[i] = l.ID
	}
	taken, err := store.Linking[isms.StepTaken](tx, everywhere, "loss", ids)
	return slices.Concat(entities(entries), entities(tasks), entities(losses), entities(taken)), err
}

func (t Triage) onto(i *isms.Incident) {
	if t.Title != "" {
		i.Title = t.Title
	}
	i.Kind, i.Severity = t.Kind, t.Severity
	i.HappenedFrom, i.HappenedTo, i.Ongoing = t.HappenedFrom, t.HappenedTo, t.Ongoing
	i.Confidentiality, i.Integrity, i.Availability, i.Traceability = t.Confidentiality, t.Integrity, t.Availability, t.Traceability
	i.Malicious, i.SupplierOrigin, i.CrossBorder = t.Malicious, t.SupplierOrigin, t.CrossBorder
	i.PersonalData, i.CanBeSerious = t.PersonalData, t.CanBeSerious
	i.Units, i.Systems, i.Sets, i.Suppliers = t.Units, t.Systems, t.Sets, t.Suppliers
	i.Coordinator = t.Coordinator
}

func (a *App) triageWrong(tx *store.Tx, who access.Actor, was, inc isms.Incident) (register.Wrongs, error) {
	wrong := register.Wrongs(register.Check(&inc))
	for field, missing := range map[string]bool{"kind": inc.Kind == "", "severity": inc.Severity == "", "personal_data": inc.PersonalData == "",
		"can_be_serious": inc.CanBeSerious == ""} {
		if missing {
			wrong = append(wrong, register.Wrong{Field: field, Code: "required"})
		}
	}
	for field, m := range map[string]register.Moment{"happened_from": inc.HappenedFrom, "happened_to": inc.HappenedTo} {
		if m > tx.Now() {
			wrong = append(wrong, register.Wrong{Field: field, Code: "in_future"})
		}
	}
	slices.SortStableFunc(wrong, byField(register.Of[isms.Incident]()))
	broken, err := dangling(one(tx), who, &was, &inc)
	return append(wrong, broken...), err
}

// byField orders what is wrong as the register's fields stand.
func byField(s *register.Schema) func(a, b register.Wrong) int {
	place := func(w register.Wrong) int {
		return slices.IndexFunc(s.Fields, func(f register.Field) bool { return f.Name == w.Field })
	}
	return func(a, b register.Wrong) int { return place(a) - place(b) }
}

// drafts makes what the boards and operators must judge because of the triage, where it is not there. The drafts are the rule's and not
// the triager's: the one who triages in one board may see nothing of another.
func (a *App) drafts(tx *store.Tx, who access.Actor, inc isms.Incident) error {
	units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	if err != nil {
		return err
	}
	hit := []string{inc.Unit}
	if len(inc.Units) > 0 {
		hit = nil
		for _, u := range inc.Units {
			hit = append(hit, string(u))
		}
	}
	if inc.PersonalData == isms.Yes {
		there, err := store.Linking[isms.Breach](tx, everywhere, "incident", []string{inc.ID})
		if err != nil {
			return err
		}
		for _, unit := range controllers(units, hit) {
			if slices.ContainsFunc(there, func(b isms.Breach) bool { return b.Unit == unit }) {
				continue
			}
			b := &isms.Breach{Name: inc.Title, Incident: register.Ref[isms.Incident](inc.ID), Role: "controller", Nature: inc.Description}
			b.Nature = cut(b.Nature, 5000)
			if len(inc.Suppliers) == 1 && inc.SupplierOrigin == isms.Yes {
				b.Supplier = inc.Suppliers[0]
			}
			b.ID, b.Unit = register.NewID(), unit
			if _, err := a.keepWith(tx, who, nil, b); err != nil {
				return err
			}
			if err := errors.Join(markLike(tx, &inc, "title", b, "name"), markLike(tx, &inc, "description", b, "nature")); err != nil {
				return err
			}
		}
	}
	if inc.CanBeSerious != isms.Yes {
		return nil
	}
	there, err := store.Linking[isms.Significance](tx, everywhere, "incident", []string{inc.ID})
	if err != nil {
		return err
	}
	for _, unit := range operators(units, hit) {
		if slices.ContainsFunc(there, func(s isms.Significance) bool { return s.Unit == unit }) {
			continue
		}
		s := &isms.Significance{Name: inc.Title, Incident: register.Ref[isms.Incident](inc.ID)}
		s.ID, s.Unit = register.NewID(), unit
		if _, err := a.keepWith(tx, who, nil, s); err != nil {
			return err
		}
		if err := markLike(tx, &inc, "title", s, "name"); err != nil {
			return err
		}
	}
	return nil
}

// controllers are the boards and companies that the units belong to: each is the controller of its own personal data. What belongs to
// neither is the city's.
func controllers(units []isms.Unit, hit []string) []string {
	return nearest(units, hit, isms.BoardUnit, isms.CompanyUnit)
}

// operators are the legal persons that the units belong to: the city, or a company.
func operators(units []isms.Unit, hit []string) []string {
	return nearest(units, hit, isms.CompanyUnit)
}

// nearest gives for each unit the first of it and those above it that is of one of the kinds, or the topmost; each once.
func nearest(units []isms.Unit, hit []string, kinds ...isms.UnitKind) []string {
	kind := map[string]isms.UnitKind{}
	for _, u := range units {
		kind[u.ID] = u.Kind
	}
	var found []string
	for _, id := range hit {
		way := append([]string{id}, above(units, id)...)
		place := slices.IndexFunc(way, func(u string) bool { return slices.Contains(kinds, kind[u]) })
		if place < 0 {
			place = len(way) - 1
		}
		if !slices.Contains(found, way[place]) {
			found = append(found, way[place])
		}
	}
	return found
}

// Joins tells that a report is of an incident that was told of before.
type Joins struct {
	ID     string
	Rev    int
	To     string // the incident that it belongs to
	Reason string
	Key    string
}

// JoinIncident joins a report to the incident that it tells of. It keeps its own history and is listed on the other; its tasks and the
// like stay with it. What must be judged because of it must be settled or be judged on the other.
func (a *App) JoinIncident(ctx context.Context, who access.Actor, j Joins) error {
	_, err := a.once(ctx, who, j.Key, []any{"join", j}, func(tx *store.Tx) (string, error) {
		was, err := a.workedOn(ctx, tx, who, j.ID)
		if err != nil {
			return "", err
		}
		inc := was
		inc.Rev, inc.State, inc.DuplicateOf = j.Rev, isms.IncidentJoined, register.Ref[isms.Incident](j.To)
		if !was.State.May(isms.IncidentJoined) {
			return "", register.Wrongs{{Field: "state", Code: "move_not_allowed"}}
		}
		if wrong := register.Wrongs(register.Check(&inc)); len(wrong) > 0 {
			return "", wrong
		}
		other, err := store.Get[isms.Incident](tx, who.In(access.See, "incident"), j.To)
		if err != nil || other.State == isms.IncidentJoined || other.State == isms.IncidentNone {
			return "", register.Wrongs{{Field: "duplicate_of", Code: "no_such", Args: []any{j.To}}}
		}
		owed, err := owes(tx, was)
		if err != nil {
			return "", err
		}
		if owed.Tracks() > 0 {
			return "", register.Wrongs{{Field: "duplicate_of", Code: "join_with_tracks", Args: []any{owed.Tracks()}}}
		}
		if _, err := a.keepWith(tx, who, &was, &inc); err != nil {
			return "", err
		}
		return inc.ID, decided(tx, who, inc, j.Reason)
	})
	return err
}
