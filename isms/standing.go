// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// Standing is the level that a system's protection must meet in one aspect on a day, and why.
type Standing struct {
	Aspect    Aspect
	Derived   Derived
	Decided   Level           // what was decided for the system, "" if nothing was
	Level     Level           // what stands; "" is not classified
	AtLeast   bool            // it may be higher, since something beneath is not classified
	Raised    bool            // decided higher than derived
	Below     bool            // decided lower than derived without an exception that lets it: the derived stands
	Exception *LevelException // the one that lets it be lower, nil if none is needed or in force
}

// Stand tells what stands of a derived level, a decided one and the exceptions of the system and aspect on the day: the
// derived, unless the decided is higher, or an exception in force lets it be lower. With several in force the most
// careful one counts. An exception never lets a level be lower than was decided.
func Stand(a Aspect, derived Derived, decided Level, exceptions []LevelException, on register.Day) Standing {
	s := Standing{Aspect: a, Derived: derived, Decided: decided, Level: max(derived.Level, decided), AtLeast: derived.AtLeast}
	s.Raised = derived.Level != "" && decided > derived.Level
	var let *LevelException
	for i, e := range exceptions {
		if e.Aspect == a && e.InForce(on) && e.Level < derived.Level && (let == nil || e.Level > let.Level) {
			let = &exceptions[i]
		}
	}
	below := decided != "" && decided < derived.Level
	switch {
	case let != nil && decided < derived.Level:
		s.Exception, s.Level = let, max(let.Level, decided)
		s.Below = below && decided < let.Level
	case below:
		s.Below = true
	}
	return s
}

// DecidedLevel is the system's protection level decided last, on or before the day. Of several decided on one day the
// highest level counts in each aspect: which of them came last is not known, and the careful one does no harm.
func DecidedLevel(all []ProtectionLevel, system string, on register.Day) (ProtectionLevel, bool) {
	var last ProtectionLevel
	found := false
	for _, p := range all {
		if string(p.System) != system || p.DecidedOn > on || p.Retired != "" && p.Retired <= on {
			continue
		}
		switch {
		case !found || p.DecidedOn > last.DecidedOn:
			last, found = p, true
		case p.DecidedOn == last.DecidedOn:
			if p.ID > last.ID {
				p, last = last, p
			}
			last.Confidentiality, last.Integrity = max(last.Confidentiality, p.Confidentiality), max(last.Integrity, p.Integrity)
			last.Availability, last.Traceability = max(last.Availability, p.Availability), max(last.Traceability, p.Traceability)
		}
	}
	return last, found
}

// Profile is the decided levels.
func (p ProtectionLevel) Profile() Profile {
	return Profile{p.Confidentiality, p.Integrity, p.Availability, p.Traceability}
}

// StandingOf tells what stands for a system in every aspect on the derivation's day.
func (d *Derivation) StandingOf(system string, decided []ProtectionLevel, exceptions []LevelException) []Standing {
	p, _ := DecidedLevel(decided, system, d.day)
	var own []LevelException
	for _, e := range exceptions {
		if string(e.System) == system {
			own = append(own, e)
		}
	}
	var list []Standing
	for _, a := range Aspects() {
		list = append(list, Stand(a, d.Of("system", system, a), p.Profile().Level(a), own, d.day))
	}
	return list
}

// StandingProfile is the levels that stand, and whether any of the compulsory ones may be higher.
func StandingProfile(list []Standing) (p Profile, atLeast bool) {
	for _, s := range list {
		p = p.With(s.Aspect, s.Level)
		atLeast = atLeast || s.AtLeast && s.Aspect != Traceability
	}
	return p, atLeast
}
