// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"slices"
	"strings"

	"ledsyn/register"
)

// A Meaning is what a column of a set of rows can hold. Its words are meaning.NAME.
type Meaning struct {
	Name string
	Kind register.Kind // Text, Date, Bool or Number: how its cells are read
}

// meanings are what the columns of each kind of set can hold; a set of another kind can hold any of it.
var meanings = map[string][]Meaning{
	"employment": {
		{"person", register.Text}, {"name", register.Text}, {"email", register.Text}, {"unit", register.Text}, {"manager", register.Text},
		{"leader", register.Bool}, {"title", register.Text}, {"from", register.Date}, {"to", register.Date}, {"share", register.Share},
	},
	"completion": {
		{"person", register.Text}, {"name", register.Text}, {"email", register.Text}, {"unit", register.Text}, {"leader", register.Bool},
		{"course", register.Text}, {"completed", register.Date}, {"passed", register.Bool}, {"count", register.Number}, {"total", register.Number},
	},
	"entitlement": {
		{"person", register.Text}, {"name", register.Text}, {"email", register.Text}, {"unit", register.Text}, {"account", register.Text},
		{"system", register.Text}, {"role", register.Text}, {"privileged", register.Bool}, {"granted", register.Date},
		{"last_used", register.Date}, {"to", register.Date}, {"manager", register.Text}, {"active", register.Bool},
	},
	"device": {
		{"device", register.Text}, {"type", register.Text}, {"model", register.Text}, {"person", register.Text}, {"name", register.Text},
		{"email", register.Text}, {"unit", register.Text}, {"encrypted", register.Bool}, {"managed", register.Bool},
		{"version", register.Text}, {"last_used", register.Date}, {"granted", register.Date}, {"to", register.Date},
	},
}

// Meanings lists what the columns of a kind of set can hold: "population:employment", or only "employment".
func Meanings(kind string) []Meaning {
	kind = strings.TrimPrefix(kind, SetPrefix)
	if list, ok := meanings[kind]; ok {
		return slices.Clone(list)
	}
	if kind != "other" {
		return nil
	}
	var all []Meaning
	for _, of := range []string{"employment", "completion", "entitlement", "device"} {
		for _, m := range meanings[of] {
			if !slices.Contains(all, m) {
				all = append(all, m)
			}
		}
	}
	return all
}

// A shape is the fields that a list's columns can become, whether of a register or of a set.
type shape struct {
	kind   string
	set    bool
	fields []register.Field
}

// shapeOf returns the shape of the register or the kind of set.
func shapeOf(kind string, schemas Schemas) (shape, bool) {
	if set, ok := strings.CutPrefix(kind, SetPrefix); ok {
		s := shape{kind: set, set: true}
		for _, m := range Meanings(set) {
			s.fields = append(s.fields, register.Field{Name: m.Name, Kind: m.Kind})
		}
		return s, len(s.fields) > 0
	}
	s, ok := schemas(kind)
	if !ok {
		return shape{}, false
	}
	return shape{kind: kind, fields: s.Fields}, true
}

func (s shape) field(name string) (register.Field, bool) {
	i := slices.IndexFunc(s.fields, func(f register.Field) bool { return f.Name == name })
	if i < 0 {
		return register.Field{}, false
	}
	return s.fields[i], true
}

// label is the key of the field's words.
func (s shape) label(f register.Field) string {
	if s.set {
		return "meaning." + f.Name
	}
	return s.kind + "." + f.Name
}

// levels are the fields that the compact notation fills in, or nothing if the shape lacks one that must be there.
func (s shape) levels() []register.Field {
	var fields []register.Field
	for _, name := range []string{"confidentiality", "integrity", "availability", "traceability"} {
		f, ok := s.field(name)
		if !ok || f.Kind != register.Choice {
			if name == "traceability" {
				break
			}
			return nil
		}
		fields = append(fields, f)
	}
	return fields
}
