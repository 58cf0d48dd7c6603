// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// Lifecycle is where a system is in its life.
type Lifecycle string

// The states of a system.
const (
	Planned  Lifecycle = "planned"
	InUse    Lifecycle = "in_use"
	OutOfUse Lifecycle = "retired"
)

// Choices lists the states.
func (Lifecycle) Choices() []string { return []string{"planned", "in_use", "retired"} }

// Sensitivity is the most sensitive personal data that something holds. Privacy-sensitive
// (integritetskänsliga) and special-category (känsliga, GDPR Art. 9) data are not the same.
type Sensitivity string

// The degrees of sensitivity; the empty one is not known.
const (
	NoPersonalData    Sensitivity = "none"
	OrdinaryData      Sensitivity = "ordinary"
	PrivacySensitive  Sensitivity = "sensitive"
	SpecialCategories Sensitivity = "special"
)

// Choices lists the degrees.
func (Sensitivity) Choices() []string { return []string{"none", "ordinary", "sensitive", "special"} }

// Volume is how much personal data a process handles.
type Volume string

// Choices lists the volumes; the empty one is not known.
func (Volume) Choices() []string { return []string{"small", "large"} }

// Criticality is how much the organisation depends on something; the empty one is not judged.
type Criticality string

// Choices lists the degrees.
func (Criticality) Choices() []string { return []string{"low", "medium", "high"} }

// System is an IT system that a unit runs, buys or uses.
type System struct {
	Record
	Name         string               `reg:"required,max=120,listed,find"`
	Purpose      string               `reg:"prose,find"`
	Owner        register.Ref[Person] `reg:"listed"`
	Supplier     string               `reg:"max=120,listed,find"`
	Lifecycle    Lifecycle            `reg:"required,listed"`
	InUseFrom    register.Day         `reg:""`
	InUseTo      register.Day         `reg:""`
	PersonalData Sensitivity          `reg:"listed"`
	NISCovered   Answer               `reg:"listed"`
	Criticality  Criticality          `reg:"listed"`
	Hosting      string               `reg:"max=120"` // where it runs: own operation, the supplier, a cloud service
}

// Wrong reports ends in the wrong order.
func (s System) Wrong() []register.Wrong { return order("in_use_to", s.InUseFrom, s.InUseTo) }

// Used reports whether the system is in use on the day: what coverage is counted over. Planned and retired
// systems are not.
func (s System) Used(on register.Day) bool {
	return s.Lifecycle == InUse && s.Retired == "" && during(s.InUseFrom, s.InUseTo, on)
}

// Process is a business process; some are covered by the cybersecurity law.
type Process struct {
	Record
	Name         string                         `reg:"required,max=120,listed,find"`
	Description  string                         `reg:"prose,find"`
	Owner        register.Ref[Person]           `reg:"listed"`
	NISCovered   Answer                         `reg:"listed"`
	PersonalData Sensitivity                    `reg:"listed"`
	Volume       Volume                         `reg:"listed"`
	Criticality  Criticality                    `reg:"listed"`
	Sets         []register.Ref[InformationSet] `reg:""`
	Systems      []register.Ref[System]         `reg:""`
}

// InformationSet (informationsmängd) is the smallest meaningful group of information that is classified.
type InformationSet struct {
	Record
	Name         string                          `reg:"required,max=120,listed,find"`
	Description  string                          `reg:"prose,find"`
	Owner        register.Ref[Person]            `reg:"listed"`
	PersonalData Sensitivity                     `reg:"listed"`
	Types        []register.Ref[InformationType] `reg:""`
	Systems      []register.Ref[System]          `reg:""`
}

// Level is a level of consequence in a classification model, 0 to 4; the empty Level is not classified,
// which is never low.
type Level string

// Choices lists every level that any model has.
func (Level) Choices() []string { return []string{"0", "1", "2", "3", "4"} }

// ClassificationState is where a classification is on its way.
type ClassificationState string

// The states of a classification.
const (
	ClassificationPlanned    ClassificationState = "planned"
	ClassificationInWorkshop ClassificationState = "in_workshop"
	ClassificationProposed   ClassificationState = "proposed"
	ClassificationDecided    ClassificationState = "decided"
	ClassificationSuperseded ClassificationState = "superseded"
)

// Choices lists the states.
func (ClassificationState) Choices() []string {
	return []string{"planned", "in_workshop", "proposed", "decided", "superseded"}
}

// Classification is one judgement of what happens if an object's information is not protected. The object is
// a system, a process, an information set or an information type: exactly one of them. Each aspect has a level and a motive.
type Classification struct {
	Record
	System                register.Ref[System]          `reg:"listed"`
	Process               register.Ref[Process]         `reg:"listed"`
	Set                   register.Ref[InformationSet]  `reg:"listed"`
	Type                  register.Ref[InformationType] `reg:"listed"`
	Model                 string                        `reg:"required,max=40"` // version of the classification model
	State                 ClassificationState           `reg:"required,listed"`
	Confidentiality       Level                         `reg:"listed"`
	ConfidentialityBy     string                        `reg:"max=200"` // the level in each consequence category: economy=2 trust=3
	ConfidentialityMotive string                        `reg:"prose"`
	Integrity             Level                         `reg:"listed"`
	IntegrityBy           string                        `reg:"max=200"` // the level in each consequence category: economy=2 trust=3
	IntegrityMotive       string                        `reg:"prose"`
	Availability          Level                         `reg:"listed"`
	AvailabilityBy        string                        `reg:"max=200"` // the level in each consequence category: economy=2 trust=3
	AvailabilityMotive    string                        `reg:"prose"`
	Traceability          Level                         `reg:""`
	TraceabilityBy        string                        `reg:"max=200"` // the level in each consequence category: economy=2 trust=3
	TraceabilityMotive    string                        `reg:"prose"`
	LegalGrounds          string                        `reg:"prose"` // provisions that bear on the result, a line each
	Leader                register.Ref[Person]          `reg:""`      // of the workshop
	Participants          string                        `reg:"prose"`
	DecidedBy             register.Ref[Person]          `reg:"listed"`
	DecidedOn             register.Day                  `reg:"listed"`
	ValidUntil            register.Day                  `reg:"listed"`
	ProposedOn            register.Day                  `reg:""`
	Former                register.Ref[Classification]  `reg:""` // the one that it was moved from or replaces
}

// Object returns the register and the id of what is classified.
func (c Classification) Object() (kind, id string) {
	switch {
	case c.System != "":
		return "system", string(c.System)
	case c.Process != "":
		return "process", string(c.Process)
	case c.Type != "":
		return "information_type", string(c.Type)
	}
	return "information_set", string(c.Set)
}

// Title is the compact notation of the result, K3/R3/T2, with S where it was judged and - where a level is
// missing.
func (c Classification) Title() string { return c.Profile().String() }

// Decided reports whether the classification was decided on or before the day and not superseded.
func (c Classification) Decided(on register.Day) bool {
	return c.State == ClassificationDecided && c.DecidedOn != "" && c.DecidedOn <= on && c.Retired == ""
}

// Valid reports whether the classification is decided and has not passed its last day. Without a last day it
// stays valid.
func (c Classification) Valid(on register.Day) bool {
	return c.Decided(on) && (c.ValidUntil == "" || on <= c.ValidUntil)
}

// Due reports whether the classification has passed its last day and is to be made again. A decided classification that
// is due counts in no figure.
func (c Classification) Due(on register.Day) bool { return c.Decided(on) && !c.Valid(on) }

// Wrong reports an object that is none or several, a model that does not exist, levels outside it, and a
// decided classification without levels or day. Who decided may be unknown where it was done on paper.
func (c Classification) Wrong() []register.Wrong {
	var wrong []register.Wrong
	objects := 0
	for _, id := range []string{string(c.System), string(c.Process), string(c.Set), string(c.Type)} {
		if id != "" {
			objects++
		}
	}
	if objects != 1 {
		wrong = append(wrong, register.Wrong{Field: "system", Code: "one_object"})
	}
	model, ok := Model(c.Model)
	if c.Model != "" && !ok {
		wrong = append(wrong, register.Wrong{Field: "model", Code: "no_model", Args: []any{c.Model}})
	}
	wrong = append(wrong, c.judgementWrong(model, ok)...)
	if c.State == ClassificationDecided && c.DecidedOn == "" {
		wrong = append(wrong, register.Wrong{Field: "decided_on", Code: "decided_without"})
	}
	return append(wrong, order("valid_until", c.DecidedOn, c.ValidUntil)...)
}
