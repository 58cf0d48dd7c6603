// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	_ "embed"
	"slices"
	"sync"
)

// Area is what kind of protection a measure is.
type Area string

// Areas lists the areas in the catalogue's order.
func Areas() []Area { return []Area{"organisational", "people", "physical", "technical"} }

// Measure is one protective measure of the catalogue. Its words are catalogue.KEY for its name, catalogue.KEY.is for how
// it is in one's own operation and catalogue.KEY.shall for what is demanded in procurement.
type Measure struct {
	Key   string           `json:"key"`
	Area  Area             `json:"area"`
	Basic bool             `json:"basic"` // basic protection: called for by every system
	Calls map[Aspect]Level `json:"calls"` // the lowest level in each aspect that calls for it
}

//go:embed catalogue/measures.json
var measuresFile []byte

var measures = sync.OnceValue(func() (list []Measure) {
	mustUnmarshal("catalogue/measures.json", measuresFile, &list)
	return list
})

// Catalogue lists all measures, by area and number.
func Catalogue() []Measure { return slices.Clone(measures()) }

// MeasureWithKey returns the measure of that key.
func MeasureWithKey(key string) (Measure, bool) {
	for _, m := range measures() {
		if m.Key == key {
			return m, true
		}
	}
	return Measure{}, false
}

// Call is a measure that a profile calls for.
type Call struct {
	By []Aspect // the aspects whose level calls for it; none for basic protection
	Measure
}

// Called lists the measures that the profile calls for. Which further ones an aspect that is not classified calls for is
// not known, and Unknown lists them: they are not the same as not needed.
func Called(p Profile) []Call {
	var list []Call
	for _, m := range measures() {
		if by := m.calledBy(p); m.Basic || len(by) > 0 {
			list = append(list, Call{by, m})
		}
	}
	return list
}

// Unknown lists the measures that are not called for by what is classified, but may be by a compulsory aspect that is
// not.
func Unknown(p Profile) []Measure {
	var list []Measure
	for _, m := range measures() {
		if m.Basic || len(m.calledBy(p)) > 0 {
			continue
		}
		for _, a := range Aspects() {
			if m.Calls[a] != "" && p.Level(a) == "" && a != Traceability {
				list = append(list, m)
				break
			}
		}
	}
	return list
}

func (m Measure) calledBy(p Profile) []Aspect {
	var by []Aspect
	for _, a := range Aspects() {
		if lowest := m.Calls[a]; lowest != "" && p.Level(a) >= lowest {
			by = append(by, a)
		}
	}
	return by
}

// Answered is a measure that is called for, with how the system meets it.
type Answered struct {
	Answer *MeasureAnswer // nil where nobody has answered
	Call
}

// Gap reports whether something remains to be done: nobody has answered, or the measure is not or only partly fulfilled.
func (a Answered) Gap() bool {
	return a.Answer == nil || a.Answer.State == "" || a.Answer.State == NotFulfilled || a.Answer.State == PartlyFulfilled
}

// Answers puts the system's answers beside the measures that the profile calls for. The newest answer to a measure
// counts; answers to measures that are not called for are left out.
func Answers(p Profile, system string, all []MeasureAnswer) []Answered {
	newest := map[string]*MeasureAnswer{}
	for i, a := range all {
		if string(a.System) != system || a.Retired != "" {
			continue
		}
		if was := newest[a.Measure]; was == nil || a.AnsweredOn > was.AnsweredOn || a.AnsweredOn == was.AnsweredOn && a.ID > was.ID {
			newest[a.Measure] = &all[i]
		}
	}
	var list []Answered
	for _, c := range Called(p) {
		list = append(list, Answered{newest[c.Key], c})
	}
	return list
}
