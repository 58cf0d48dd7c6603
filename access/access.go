// SPDX-License-Identifier: EUPL-1.2

// Package access knows who may do what, where: which role may do which act on which register, and over
// which units a role reaches. May this person do this, in this unit: yes or no. It knows nothing of
// databases, of how anybody proves who they are, or of what is in a record.
package access

import (
	"maps"
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
)

// Act is something a person may be allowed to do.
type Act string

// The acts. Load, Accounts, Verify and Archive are acts on the organisation itself and concern no register.
const (
	See        Act = "see"
	SeeHistory Act = "see_history" // what a record was before, and who changed it
	SeeSecret  Act = "see_secret"  // what is marked as secret
	Create     Act = "create"
	Change     Act = "change"
	Retire     Act = "retire"
	Decide     Act = "decide"
	Publish    Act = "publish"
	Report     Act = "report"   // tell of what has happened, also for those who may not see what was told
	Load       Act = "load"     // read in a folder of data files
	Accounts   Act = "accounts" // who can sign in
	Verify     Act = "verify"   // check the journal, take checkpoints
	Archive    Act = "archive"  // take out everything
)

// Acts lists every act.
func Acts() []Act {
	return []Act{See, SeeHistory, SeeSecret, Create, Change, Retire, Decide, Publish, Report, Load, Accounts, Verify, Archive}
}

// OnOrganisation reports whether the act concerns the organisation itself and no register.
func (a Act) OnOrganisation() bool { return a == Load || a == Accounts || a == Verify || a == Archive }

// Actor is somebody who acts in one organisation, with the roles held on one day. Its zero value may do
// nothing. An Actor is made anew for every request: a role that has ended must not live on in a session.
type Actor struct {
	Org    string // the organisation's id: the only one that the actor can reach
	Person string // the person's id, "" for the operator
	Name   string

	operator bool
	homes    []string                      // units with a role of their own
	within   map[string]map[isms.Role]bool // unit: roles held in it or in a unit above it
	above    map[string]map[isms.Role]bool // unit: roles held in a unit below it
	top      map[isms.Role]bool            // roles that reach every unit there is
}

// NewActor returns the person as an actor of the organisation on the day. Of the assignments only those count that
// are the person's own, hold on the day and are in one of the units; a role reaches its unit and all units
// below. That a unit has ceased to exist takes no role away: its records must still be seen and closed.
// A retired person may do nothing.
func NewActor(org string, person isms.Person, assignments []isms.Assignment, units []isms.Unit, today register.Day) Actor {
	a := Actor{Org: org, Person: person.ID, Name: person.Name, within: map[string]map[isms.Role]bool{},
		above: map[string]map[isms.Role]bool{}, top: map[isms.Role]bool{}}
	if org == "" || person.ID == "" || person.Retired != "" && person.Retired <= today {
		return a
	}
	chains := chains(units)
	for _, as := range assignments {
		_, known := chains[as.Unit]
		if string(as.Person) == person.ID && known && as.Holds(today) {
			a.hold(as.Role, as.Unit, chains)
		}
	}
	slices.Sort(a.homes)
	a.homes = slices.Compact(a.homes)
	return a
}

// chains gives each unit's way up: itself, its parent and so on. A circle ends where it closes.
func chains(units []isms.Unit) map[string][]string {
	parent := map[string]string{}
	for _, u := range units {
		parent[u.ID] = string(u.Parent)
	}
	ways := map[string][]string{}
	for id := range parent {
		for up := id; up != "" && !slices.Contains(ways[id], up); up = parent[up] {
			if _, known := parent[up]; known {
				ways[id] = append(ways[id], up)
			}
		}
	}
	return ways
}

func (a *Actor) hold(role isms.Role, unit string, chains map[string][]string) {
	a.homes = append(a.homes, unit)
	everywhere := true
	for id, up := range chains {
		if slices.Contains(up, unit) {
			add(a.within, id, role)
		} else {
			everywhere = false
		}
	}
	for _, id := range chains[unit][1:] {
		add(a.above, id, role)
	}
	if everywhere {
		a.top[role] = true
	}
}

func add(m map[string]map[isms.Role]bool, unit string, role isms.Role) {
	if m[unit] == nil {
		m[unit] = map[isms.Role]bool{}
	}
	m[unit][role] = true
}

// Operator returns the actor of those who run the program on its own machine, from the command line. They
// hold the database in their hands, so nothing is kept from them; what they do is noted under the name.
func Operator(org, name string) Actor { return Actor{Org: org, Name: name, operator: org != ""} }

// System reports whether the actor is the operator and no person.
func (a Actor) System() bool { return a.operator }

// Units returns the units in which the actor has a role of their own, not those below.
func (a Actor) Units() []string { return slices.Clone(a.homes) }

// Roles returns the roles that the actor holds in the unit, or in a unit above it.
func (a Actor) Roles(unit string) []isms.Role { return slices.Sorted(maps.Keys(a.within[unit])) }

// May reports whether the actor may do the act on records of the register in the unit. Acts on the
// organisation have no register, "", and either a unit or "" for the whole organisation, which needs a role
// that reaches every unit. A new unit has no place yet: ask about its parent.
func (a Actor) May(act Act, kind, unit string) bool {
	switch {
	case !sensible(act, kind):
		return false
	case a.operator:
		return true
	case unit == "":
		return act.OnOrganisation() && anyMay(a.top, act, kind)
	}
	return anyMay(a.within[unit], act, kind) ||
		act == See && rules.common[kind] && anyMay(a.above[unit], act, kind)
}

func sensible(act Act, kind string) bool {
	if act.OnOrganisation() {
		return kind == ""
	}
	return rules.registers[kind] && slices.Contains(Acts(), act)
}

func anyMay(roles map[isms.Role]bool, act Act, kind string) bool {
	for role := range roles {
		if rules.rights[right{role, act, kind}] {
			return true
		}
	}
	return false
}

// In returns the units in which the actor may do the act on records of the register.
func (a Actor) In(act Act, kind string) register.In {
	if a.operator {
		return register.In{All: sensible(act, kind)}
	}
	var in register.In
	for _, units := range []map[string]map[isms.Role]bool{a.within, a.above} {
		for unit := range units {
			if a.May(act, kind, unit) {
				in.Units = append(in.Units, unit)
			}
		}
	}
	slices.Sort(in.Units)
	in.Units = slices.Compact(in.Units)
	return in
}
