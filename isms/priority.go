// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"cmp"
	"slices"

	"ledsyn/register"
)

// Candidate is an object that may need to be classified, with what its place in the order is proposed from.
type Candidate struct {
	Kind, ID     string // system, process or information_set
	Unit         string
	Name         string
	Owner        register.Ref[Person]
	NISCovered   Answer
	PersonalData Sensitivity
	Volume       Volume
	Criticality  Criticality
	DecidedOn    register.Day // of its latest decided classification, "" if it was never classified
	ValidUntil   register.Day // of the same
	Valid        bool         // it has a valid classification on the day
	Under        bool         // a classification is planned, in workshop or proposed
}

// Place is a candidate's place in the order of classification.
type Place struct {
	Position int // from 1
	Candidate
	Score   int      // of the proposed order; means nothing by itself
	Reasons []string // why there: each with words priority.REASON
	Own     string   // the coordinator's reason, where the place is the coordinator's own
}

// weights say how much each reason moves an object forward. Only their order matters: what the cybersecurity law covers
// comes before everything else, and the age of a classification only parts what is otherwise alike.
var weights = map[string]int{
	"nis": 100, "special": 40, "sensitive": 30, "large": 20, "critical": 20, "important": 10, "never": 16, "expired": 12, "old": 4, "soon": 2,
}

// Proposed orders the candidates that have no valid classification, and those whose classification ends within 90 days,
// by score and then by name; the coordinator's own places are then put where they were set. Objects with an own place
// are in the order even when they are valid.
func Proposed(all []Candidate, own []ClassificationPriority, on register.Day) []Place {
	mine := map[Step]ClassificationPriority{}
	for _, p := range own {
		if p.Retired == "" || p.Retired > on {
			mine[p.object()] = p
		}
	}
	var places, set []Place
	for _, c := range all {
		p := Place{Candidate: c, Reasons: reasons(c, on)}
		for _, r := range p.Reasons {
			p.Score += weights[r]
		}
		if m, ok := mine[Step{c.Kind, c.ID}]; ok {
			p.Position, p.Own = m.Position, m.Reason
			set = append(set, p)
		} else if !c.Valid || slices.Contains(p.Reasons, "soon") {
			places = append(places, p)
		}
	}
	slices.SortFunc(places, func(a, b Place) int {
		return cmp.Or(b.Score-a.Score, cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(set, func(a, b Place) int {
		return cmp.Or(a.Position-b.Position, b.Score-a.Score, cmp.Compare(a.ID, b.ID))
	})
	for _, p := range set {
		at := min(max(p.Position-1, 0), len(places))
		for at < len(places) && places[at].Own != "" && places[at].Position <= p.Position {
			at++
		}
		places = slices.Insert(places, at, p)
	}
	for i := range places {
		places[i].Position = i + 1
	}
	return places
}

func (p ClassificationPriority) object() Step {
	switch {
	case p.System != "":
		return Step{"system", string(p.System)}
	case p.Process != "":
		return Step{"process", string(p.Process)}
	}
	return Step{"information_set", string(p.Set)}
}

// reasons lists why the object should be classified early, the weightiest first.
func reasons(c Candidate, on register.Day) []string {
	var list []string
	add := func(reason string, is bool) {
		if is {
			list = append(list, reason)
		}
	}
	add("nis", c.NISCovered == Yes)
	add("special", c.PersonalData == SpecialCategories)
	add("sensitive", c.PersonalData == PrivacySensitive)
	add("large", c.Volume == "large")
	add("critical", c.Criticality == "high")
	add("important", c.Criticality == "medium")
	add("never", c.DecidedOn == "")
	add("expired", c.DecidedOn != "" && !c.Valid)
	add("old", c.Valid && c.DecidedOn.AddMonths(12) < on)
	add("soon", c.Valid && c.ValidUntil != "" && c.ValidUntil <= on.AddDays(90))
	return list
}

// Focus is what a year's instruction puts first.
type Focus string

// The focuses.
const (
	FocusNIS   Focus = "nis"             // what the cybersecurity law covers
	FocusLarge Focus = "large_sensitive" // large volumes of privacy-sensitive or special-category data
)

// Choices lists the focuses.
func (Focus) Choices() []string { return []string{"nis", "large_sensitive"} }

// Has reports whether the candidate is in the focus.
func (f Focus) Has(c Candidate) bool {
	switch f {
	case FocusNIS:
		return c.NISCovered == Yes
	case FocusLarge:
		return c.Volume == "large" && (c.PersonalData == PrivacySensitive || c.PersonalData == SpecialCategories)
	}
	return false
}

// Candidates lists the systems in use, processes and sets as candidates on the day. Sets and systems have no volume or
// coverage of their own: they take those of the processes that use them.
func Candidates(systems []System, processes []Process, sets []InformationSet, all []Classification, on register.Day) []Candidate {
	states := standingOf(all, on)
	large, nis := map[Step]bool{}, map[Step]bool{}
	var list []Candidate
	live := func(r Record) bool { return r.Retired == "" || r.Retired > on }
	for _, p := range processes {
		if !live(p.Record) {
			continue
		}
		for _, s := range p.Systems {
			large[Step{"system", string(s)}] = large[Step{"system", string(s)}] || p.Volume == "large"
		}
		for _, s := range p.Sets {
			large[Step{"information_set", string(s)}] = large[Step{"information_set", string(s)}] || p.Volume == "large"
			nis[Step{"information_set", string(s)}] = nis[Step{"information_set", string(s)}] || p.NISCovered == Yes
		}
		list = append(list, states[Step{"process", p.ID}].with(Candidate{Kind: "process", ID: p.ID, Unit: p.Unit, Name: p.Name, Owner: p.Owner,
			NISCovered: p.NISCovered, PersonalData: p.PersonalData, Volume: p.Volume, Criticality: p.Criticality}))
	}
	volume := func(s Step) Volume {
		if large[s] {
			return "large"
		}
		return ""
	}
	for _, s := range systems {
		if live(s.Record) && s.Used(on) {
			step := Step{"system", s.ID}
			list = append(list, states[step].with(Candidate{Kind: "system", ID: s.ID, Unit: s.Unit, Name: s.Name, Owner: s.Owner,
				NISCovered: s.NISCovered, PersonalData: s.PersonalData, Volume: volume(step), Criticality: s.Criticality}))
		}
	}
	for _, s := range sets {
		if live(s.Record) {
			step := Step{"information_set", s.ID}
			c := Candidate{Kind: "information_set", ID: s.ID, Unit: s.Unit, Name: s.Name, Owner: s.Owner, PersonalData: s.PersonalData, Volume: volume(step)}
			if nis[step] {
				c.NISCovered = Yes
			}
			list = append(list, states[step].with(c))
		}
	}
	return list
}

// A state is what is known of an object's classifications.
type objectState struct {
	decided, until register.Day
	valid, under   bool
}

func (s objectState) with(c Candidate) Candidate {
	c.DecidedOn, c.ValidUntil, c.Valid, c.Under = s.decided, s.until, s.valid, s.under
	return c
}

func standingOf(all []Classification, on register.Day) map[Step]objectState {
	states := map[Step]objectState{}
	for _, c := range all {
		if c.Retired != "" && c.Retired <= on {
			continue
		}
		kind, id := c.Object()
		s := states[Step{kind, id}]
		switch c.State {
		case ClassificationDecided, ClassificationSuperseded:
			if c.DecidedOn != "" && c.DecidedOn <= on && c.DecidedOn >= s.decided {
				s.decided, s.until = c.DecidedOn, c.ValidUntil
			}
			s.valid = s.valid || c.Valid(on)
		default:
			s.under = true
		}
		states[Step{kind, id}] = s
	}
	return states
}
