// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"

	"ledsyn/isms"
)

// proposalDays is how many days a proposed classification may wait before it is told.
const proposalDays = 60

// classification finds levels lower than they may be, exceptions that have ended, what the cybersecurity law covers and
// is not classified, proposals that nobody has decided, and sets without an owner who could.
func (x *examination) classification() {
	x.levels()
	x.exceptions()
	candidates := isms.Candidates(x.Systems, x.Processes, nil, x.Classifications, x.day)
	var systems, processes []string
	for _, c := range candidates {
		switch {
		case c.NISCovered != isms.Yes || c.Valid:
		case c.Kind == "system":
			systems = append(systems, c.ID)
		default:
			processes = append(processes, c.ID)
		}
	}
	x.several("nis_unclassified", "process", "process", "", processes)
	x.several("nis_system_unclassified", "system", "system", "", systems)
	var waiting []string
	for _, c := range x.Classifications {
		if c.State == isms.ClassificationProposed && !x.gone(c.Record) && c.ProposedOn != "" && c.ProposedOn.AddDays(proposalDays) < x.day {
			waiting = append(waiting, c.ID)
		}
	}
	x.several("proposal_waits", "classification", "classification", "state", waiting, proposalDays)
	var ownerless []string
	for _, s := range x.Sets {
		if s.Owner == "" && !x.gone(s.Record) {
			ownerless = append(ownerless, s.ID)
		}
	}
	x.several("set_without_owner", "information_set", "information_set", "owner", ownerless)
}

// levels finds systems whose decided level, or own classification, is lower than what they hold, as far as the records of
// the review's own units tell: what flows in from other units is told on the system's page.
func (x *examination) levels() {
	if len(x.Classifications) == 0 {
		return
	}
	d := isms.Derive(isms.Landscape{Types: x.InformationTypes, Sets: x.Sets, Systems: x.Systems, Processes: x.Processes,
		Integrations: x.Integrations, Classifications: x.Classifications, Day: x.day})
	for i := range x.Systems {
		s := &x.Systems[i]
		if !s.Used(x.day) {
			continue
		}
		list := d.StandingOf(s.ID, x.ProtectionLevels, x.LevelExceptions)
		decided, derived, _ := profiles(list, func(s isms.Standing) bool { return s.Below })
		if decided != "" {
			x.record("level_below_derived", s, "", decided, derived)
		}
		own, ok := d.Own("system", s.ID)
		if !ok {
			continue
		}
		low := slices.DeleteFunc(list, func(st isms.Standing) bool {
			level := own.Profile().Level(st.Aspect)
			return level == "" || level >= st.Derived.Level || st.Exception != nil || st.Decided >= st.Derived.Level
		})
		for i := range low {
			low[i].Decided = own.Profile().Level(low[i].Aspect)
		}
		if decided, derived, any := profiles(low, func(isms.Standing) bool { return true }); any {
			x.record("classified_below_derived", s, "", decided, derived)
		}
	}
}

// profiles writes the picked aspects as they were decided and as they are derived: K2/T1 and K3/T2.
func profiles(list []isms.Standing, pick func(isms.Standing) bool) (decided, derived string, any bool) {
	for _, s := range list {
		if !pick(s) {
			continue
		}
		if any {
			decided, derived = decided+"/", derived+"/"
		}
		decided += s.Aspect.Code() + string(s.Decided)
		derived += s.Aspect.Code() + string(s.Derived.Level)
		any = true
	}
	return decided, derived, any
}

// exceptions finds those that were approved and have ended without being taken out of use: somebody may still believe
// that they hold.
func (x *examination) exceptions() {
	var ended []string
	for _, e := range x.LevelExceptions {
		if !x.gone(e.Record) && e.ApprovedBy != "" && e.EndsOn < x.day {
			ended = append(ended, e.ID)
		}
	}
	x.several("exception_ended", "level_exception", "level_exception", "ends_on", ended)
}
