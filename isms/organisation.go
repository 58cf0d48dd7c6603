// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// UnitKind says what a unit is in the municipality's organisation.
type UnitKind string

// The kinds that are bodies of their own in law: a board is a controller, a company is a legal person.
const (
	BoardUnit   UnitKind = "board"
	CompanyUnit UnitKind = "company"
)

// Choices lists the kinds of unit.
func (UnitKind) Choices() []string {
	return []string{"city", "board", "administration", "company", "department"}
}

// Unit is a part of the organisation: the city itself, a board (nämnd), an administration (förvaltning), a
// company or a department. Units form a tree; they have days because boards merge and split. A unit's own
// record belongs to the unit itself.
type Unit struct {
	Record
	Name      string             `reg:"required,max=120,listed,find"`
	Code      string             `reg:"required,max=20,listed,find"` // short, as in commands and addresses: EAV
	Kind      UnitKind           `reg:"required,listed"`
	Parent    register.Ref[Unit] `reg:"listed"`
	DnrPrefix string             `reg:"max=20"` // what its registry numbers begin with: EÅV
	ValidFrom register.Day       `reg:"listed"`
	ValidTo   register.Day       `reg:"listed"`
}

// Exists reports whether the unit exists on the day; unknown ends are open.
func (u Unit) Exists(on register.Day) bool { return during(u.ValidFrom, u.ValidTo, on) }

// Wrong reports ends in the wrong order and a unit that is its own parent.
func (u Unit) Wrong() []register.Wrong {
	wrong := order("valid_to", u.ValidFrom, u.ValidTo)
	if u.ID != "" && string(u.Parent) == u.ID {
		wrong = append(wrong, register.Wrong{Field: "parent", Code: "own_parent"})
	}
	return wrong
}

func during(from, to, on register.Day) bool {
	return (from == "" || from <= on) && (to == "" || on <= to)
}

// order reports that the day of the named field comes before the day it must follow.
func order(field string, first, then register.Day) []register.Wrong {
	if first != "" && then != "" && then < first {
		return []register.Wrong{{Field: field, Code: "before", Args: []any{string(first)}}}
	}
	return nil
}

// Person is somebody who has a part in the work: a name, or only a role's title where no name is to be
// kept.
type Person struct {
	Record
	Name  string `reg:"required,max=120,listed,find"`
	Title string `reg:"max=120,listed,find"`
	Email string `reg:"max=200,listed,find"`

	Number string `reg:"max=40,find"` // employee number: what staff lists know the person by
}

// Role is what a person may have to do in a unit. access says what each role may.
type Role string

// The roles.
const (
	CentralOffice       Role = "central_office"       // centralfunktion: leads the work for the whole city
	Head                Role = "head"                 // förvaltningschef: decides the review
	Coordinator         Role = "coordinator"          // informationssäkerhetssamordnare: writes it
	DPO                 Role = "dpo"                  // dataskyddsombud: reads all, advises, never decides
	SecurityCoordinator Role = "security_coordinator" // säkerhetssamordnare: RSA
	SystemOwner         Role = "system_owner"
	InformationOwner    Role = "information_owner"
	Manager             Role = "manager"
	Auditor             Role = "auditor" // reads all including history, changes nothing
	Employee            Role = "employee"
	Administrator       Role = "administrator" // technical: no rights to contents by itself
)

// Choices lists the roles.
func (Role) Choices() []string {
	return []string{"central_office", "head", "coordinator", "dpo", "security_coordinator", "system_owner",
		"information_owner", "manager", "auditor", "employee", "administrator"}
}

// Assignment gives a person a role in a unit (the record's own unit) and all units below it, between two
// days.
type Assignment struct {
	Record
	Person    register.Ref[Person] `reg:"required,listed"`
	Role      Role                 `reg:"required,listed"`
	ValidFrom register.Day         `reg:"listed"`
	ValidTo   register.Day         `reg:"listed"`
}

// Holds reports whether the assignment is in force on the day.
func (a Assignment) Holds(on register.Day) bool {
	return during(a.ValidFrom, a.ValidTo, on) && (a.Retired == "" || on < a.Retired)
}

// Wrong reports ends in the wrong order.
func (a Assignment) Wrong() []register.Wrong { return order("valid_to", a.ValidFrom, a.ValidTo) }
