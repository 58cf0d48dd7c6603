// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// Import is a list that was taken in: which file, how its columns were read, and what became of its rows. It is made in the
// very act that keeps the rows, so it is there if and only if they are. Its record belongs to the unit that the list was
// taken in for.
type Import struct {
	Record
	Name        string         `reg:"required,listed,find"` // the file's name
	Kind        string         `reg:"required,max=64,listed"`
	Source      string         `reg:"max=120,listed,find"` // what the list is called each time it comes: Systemlistan
	ImportedOn  register.Day   `reg:"required,listed"`
	ListDay     register.Day   `reg:""`                // the day that the list tells of
	SHA256      string         `reg:"required,max=64"` // of the file, in hexadecimal
	Mapping     string         `reg:"prose,max=90000"` // how the columns were read, as JSON
	Created     register.Count `reg:"listed"`
	Changed     register.Count `reg:"listed"`
	Unchanged   register.Count `reg:""`
	Skipped     register.Count `reg:""` // rows that could not be taken in
	Disappeared register.Count `reg:""` // records of an earlier list that are not in this one
	TakenOut    register.Count `reg:""` // of those, the ones that were retired
	FirstEntry  register.Count `reg:""` // the journal's entries of the rows
	LastEntry   register.Count `reg:""`
	UndoneOn    register.Day   `reg:"listed"`
}

// PopulationKind says what each row of a set is.
type PopulationKind string

// The kinds of set.
const (
	Entitlements PopulationKind = "entitlement" // who has which right in which system
	Completions  PopulationKind = "completion"  // who has taken which course, or how many
	Employments  PopulationKind = "employment"  // who is employed where: an HR list
	Devices      PopulationKind = "device"      // phones and computers
	OtherRows    PopulationKind = "other"
)

// Choices lists the kinds of set.
func (PopulationKind) Choices() []string {
	return []string{"entitlement", "completion", "employment", "device", "other"}
}

// Population is a set of rows that was taken in whole and is frozen: an entitlement list, training completions, an HR list. The
// rows are kept beside the registers with their columns as they came; this record says what they are and binds them by their
// number and their SHA-256. They stay until a decided rule disposes of them.
type Population struct {
	Record
	Name       string                      `reg:"required,listed,find"`
	Kind       PopulationKind              `reg:"required,listed"`
	Day        register.Day                `reg:"required,listed"` // the day that the rows tell of
	Source     string                      `reg:"max=120,listed,find"`
	Definition string                      `reg:"prose"` // in words: what is in the set and what is not
	System     register.Ref[System]        `reg:""`      // whose entitlements they are
	Rows       register.Count              `reg:"listed"`
	Columns    string                      `reg:"prose,max=90000"` // the headings as they came, as a JSON list
	Meaning    string                      `reg:"prose,max=20000"` // which column holds what, as JSON: {"person":"Anst.nr"}
	SHA256     string                      `reg:"required,max=64"` // of the rows: doc/archive.md says how it is reckoned
	FileName   string                      `reg:"max=200"`
	FileSHA256 string                      `reg:"max=64"`
	ImportedOn register.Day                `reg:"listed"`
	DisposedOn register.Day                `reg:"listed"` // the rows are gone from this day
	Rule       register.Ref[RetentionRule] `reg:""`       // by which they were disposed of
}

// RetentionRule is a decided rule for how long sets of a kind are kept (gallringsbeslut; arkivlagen 1990:782, 10 §). It holds in its
// own unit and the units below.
type RetentionRule struct {
	Record
	Name      string         `reg:"required,listed,find"`
	Kind      PopulationKind `reg:"required,listed"`
	Months    register.Count `reg:"required,listed"` // from the set's day until its rows are disposed of
	DecidedOn register.Day   `reg:"listed"`          // "" is a proposal: nothing is disposed of by it
	Dnr       string         `reg:"max=60,listed"`
	ValidTo   register.Day   `reg:""`
}

// Wrong reports ends in the wrong order.
func (r RetentionRule) Wrong() []register.Wrong { return order("valid_to", r.DecidedOn, r.ValidTo) }

// Due returns the day from which rows of a set of the given day are disposed of by the rule; "" where they are not: the rule is
// only proposed, or its time is not known.
func (r RetentionRule) Due(set register.Day) register.Day {
	months, known := r.Months.Known()
	if r.DecidedOn == "" || !known {
		return ""
	}
	return set.AddMonths(months)
}

// Headcount is how many worked in a unit on a day, units below it not counted, and how many had come, gone and moved since the
// earlier list. Persons are counted, never employments.
type Headcount struct {
	Record
	Day        register.Day             `reg:"required,listed"`
	Persons    register.Count           `reg:"listed"`
	Managers   register.Count           `reg:"listed"`
	Joined     register.Count           `reg:"listed"`
	Left       register.Count           `reg:"listed"`
	MovedIn    register.Count           `reg:""`
	MovedOut   register.Count           `reg:""`
	Population register.Ref[Population] `reg:""`
	Source     string                   `reg:"max=500,find"`
}

// Title names the headcount by its day.
func (h Headcount) Title() string { return string(h.Day) }

// Wrong reports more managers than persons.
func (h Headcount) Wrong() []register.Wrong { return partOver("managers", h.Managers, h.Persons) }

// Attachment is a file that belongs to a record of any register. The file itself is kept beside the database under its SHA-256; who
// may see or change the record it belongs to may see or change it, and nobody else. Its own record belongs to the unit that the other
// belonged to when the file was added.
type Attachment struct {
	Record
	Name    string               `reg:"required,max=200,listed,find"` // the file's name
	Kind    string               `reg:"required,max=64,listed"`       // the register of the record it belongs to
	Of      string               `reg:"required,max=64"`              // that record's id
	Type    string               `reg:"required,max=100,listed"`      // the media type, told by its contents
	Size    register.Count       `reg:"required,listed"`              // bytes
	SHA256  string               `reg:"required,max=64"`              // of the file, in hexadecimal
	Note    string               `reg:"prose,max=2000,find"`
	AddedOn register.Day         `reg:"listed"`
	AddedBy register.Ref[Person] `reg:"listed"`
}
