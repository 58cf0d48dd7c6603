// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"cmp"
	"embed"
	"slices"
	"time"

	"ledsyn/register"
)

//go:embed playbooks/*.json
var playbookFiles embed.FS

// DefaultPlaybook returns the program's own routine for lost devices in the language (sv or en; sv for any other), with its steps in order.
// It belongs to no unit, and says no telephone number: a body that wants it makes it its own.
func DefaultPlaybook(lang string) (Playbook, []PlaybookStep) {
	if lang != "en" {
		lang = "sv"
	}
	name := "playbooks/device." + lang + ".json"
	data, err := playbookFiles.ReadFile(name)
	if err != nil {
		panic(err) // the file is part of the program
	}
	var own struct {
		Name, Purpose string
		Steps         []struct {
			Kind           StepKind
			Name, How, Who string
			Minutes        *int
			When           string
			Holder         bool
		}
	}
	mustUnmarshal(name, data, &own)
	steps := make([]PlaybookStep, len(own.Steps))
	for i, s := range own.Steps {
		steps[i] = PlaybookStep{Order: (i + 1) * 10, Kind: s.Kind, Name: s.Name, How: s.How, Who: s.Who, When: s.When, Holder: s.Holder}
		if s.Minutes != nil {
			steps[i].Minutes = register.CountOf(*s.Minutes)
		}
	}
	return Playbook{Name: own.Name, Purpose: own.Purpose}, steps
}

// InForce reports whether the routine is used on the day.
func (p Playbook) InForce(on register.Day) bool {
	return (p.Retired == "" || p.Retired > on) && during(p.ValidFrom, p.ValidTo, on)
}

// NearestPlaybook returns the routine that a unit uses on the day: its own, or that of the nearest unit above it that has one. units
// are the unit and those above it, the nearest first. Of several in one unit the one that came into force last is used.
func NearestPlaybook(all []Playbook, units []string, on register.Day) (Playbook, bool) {
	for _, u := range units {
		own := slices.DeleteFunc(slices.Clone(all), func(p Playbook) bool { return p.Unit != u || !p.InForce(on) })
		if len(own) > 0 {
			return slices.MaxFunc(own, func(a, b Playbook) int { return cmp.Or(cmp.Compare(a.ValidFrom, b.ValidFrom), cmp.Compare(a.ID, b.ID)) }), true
		}
	}
	return Playbook{}, false
}

// BySteps orders steps as they are taken.
func BySteps(a, b PlaybookStep) int {
	return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
}

// Due is when the step is to be done at the latest in a loss that was reported at the moment, or "" where the routine says no time.
func (s PlaybookStep) Due(reported register.Moment) register.Moment {
	minutes, known := s.Minutes.Known()
	if !known || reported == "" {
		return ""
	}
	return register.MomentOf(reported.Time().Add(time.Duration(minutes) * time.Minute))
}

// Concerns reports whether the step is asked for in the loss: the police are told of what was stolen, and only what is found is taken
// care of. It may be taken all the same.
func (s PlaybookStep) Concerns(d DeviceLoss) bool {
	switch s.Kind {
	case StepPolice:
		return d.Loss == Stolen
	case StepFound:
		return d.FoundAt != ""
	}
	return true
}
