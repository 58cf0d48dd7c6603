// SPDX-License-Identifier: EUPL-1.2

// Package mapping knows how the columns of somebody's list become the fields of a register: it guesses it from headings and values,
// keeps it as JSON that people can read and change, and reads rows by it. It knows no file format, no database and no access, and not
// which records there are: what a link's text points at is for its user to find.
package mapping

import (
	"strings"

	"ledsyn/register"
)

// SetPrefix begins the kind of a list that is kept as a set of rows: population:employment.
const SetPrefix = "population:"

// Skip is the value in Column.Values that leaves out the whole row.
const Skip = "-"

// Levels is the field of a column that holds a whole classification in the compact notation, K3/R3/T2 or 332, wherever a register
// has the fields confidentiality, integrity and availability.
const Levels = "levels"

// What is done with a link's text that no record has, or several have. The empty value asks, which a command cannot: there the row
// is wrong.
const (
	Ask   = "ask"
	Make  = "make"  // None: a record with that title
	First = "first" // Several: the oldest
	Leave = "skip"  // the field is left as it is
)

// A Map says how a list's columns become fields. It is kept as JSON, which ReadMap reads.
type Map struct {
	Kind    string                       `json:"kind"`             // a register, or a kind of set with SetPrefix
	Preset  string                       `json:"preset,omitempty"` // the preset it was guessed with
	Source  string                       `json:"source,omitempty"` // the list's name, the same each time it comes
	Sheet   string                       `json:"sheet,omitempty"`
	Header  int                          `json:"header"`          // row number of the heading, from 1; 0: none, and Columns go by place
	Unit    string                       `json:"unit,omitempty"`  // unit of rows that name none
	Key     []string                     `json:"key,omitempty"`   // fields by which a row finds its record; none: id, else the title within the unit
	Order   string                       `json:"dates,omitempty"` // how days that can be read in two ways are: dmy, mdy or ymd; "" is not said
	Totals  bool                         `json:"totals,omitempty"`
	Parts   []Part                       `json:"parts,omitempty"` // further records that each row makes
	Fixed   map[string]string            `json:"fixed,omitempty"` // field -> value of new records whose row gives it none
	Given   map[string]map[string]string `json:"given,omitempty"` // field -> fields and values that follow where the row gives it one
	Columns []Column                     `json:"columns"`
}

// A Column says what one column of the list is. Several may become the same text of a register: a first name and a last name one name,
// in that order, and other texts one after the other.
type Column struct {
	Header  string            `json:"header"`            // as it stands in the file
	Field   string            `json:"field,omitempty"`   // name, "id", "unit", "retired", Levels, PART.name of a part; "": not taken
	Values  map[string]string `json:"values,omitempty"`  // what stands in the cell, by Fold -> choice, id, unit; "": nothing; Skip
	None    string            `json:"none,omitempty"`    // a link that no record answers to: Ask, Make or Leave
	Several string            `json:"several,omitempty"` // a link that several answer to: Ask, First or Leave
}

// A Part is a second record that each row makes beside the first, linked to it. It is made only where the row gives a value to one
// of the fields in When, or, if that is empty, to any of its fields.
type Part struct {
	Name string   `json:"name"` // the first part of its fields' names in the Map
	Kind string   `json:"kind"`
	Link string   `json:"link"`          // its field that points at the first record
	Key  []string `json:"key,omitempty"` // fields that, beside the link, tell it from the first record's others
	When []string `json:"when,omitempty"`
}

// IsSet reports whether the list is kept as a set of rows and does not become records.
func (m Map) IsSet() bool { return strings.HasPrefix(m.Kind, SetPrefix) }

// Column returns the place in m.Columns of the column that becomes the field, named as in Column.Field, or -1.
func (m Map) Column(field string) int {
	for i, c := range m.Columns {
		if c.Field == field && field != "" {
			return i
		}
	}
	return -1
}

// Part returns the part of that name; the empty name is the row's first record.
func (m Map) Part(name string) (Part, bool) {
	if name == "" {
		return Part{Kind: m.Kind}, true
	}
	for _, p := range m.Parts {
		if p.Name == name {
			return p, true
		}
	}
	return Part{}, false
}

// Schemas finds a register by its name.
type Schemas func(kind string) (*register.Schema, bool)

// cut divides the name of a field in a Map into its part and the field's own name.
func cut(field string) (part, name string) {
	if part, name, ok := strings.Cut(field, "."); ok {
		return part, name
	}
	return "", field
}

func join(part, name string) string {
	if part == "" {
		return name
	}
	return part + "." + name
}
