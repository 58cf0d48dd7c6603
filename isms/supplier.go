// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"ledsyn/law"
	"ledsyn/register"
)

// Supplier is a company or body that delivers something, perhaps as a processor.
type Supplier struct {
	Record
	Name          string `reg:"required,max=120,listed,find"`
	OrgNumber     string `reg:"max=20,find"`
	Country       string `reg:"max=2,listed"` // ISO 3166-1 alpha-2
	ParentName    string `reg:"max=120"`
	ParentCountry string `reg:"max=2,listed"` // of the group's parent, where there is one
	Contact       string `reg:"max=200"`
}

// Wrong reports countries that do not exist.
func (s Supplier) Wrong() []register.Wrong {
	return append(country("country", s.Country), country("parent_country", s.ParentCountry)...)
}

// country reports a code that is no country's; no code is not known.
func country(field, code string) []register.Wrong {
	if _, ok := law.CountryOf(code); code != "" && !ok {
		return []register.Wrong{{Field: field, Code: "no_country", Args: []any{code}}}
	}
	return nil
}

// Agreement is a data processing agreement (personuppgiftsbiträdesavtal) or another contract with a supplier. The clauses
// are those of GDPR Art. 28.3 a-h; an unanswered one is not known to be there.
type Agreement struct {
	Record
	Title            string                 `reg:"required,listed,find"`
	Supplier         register.Ref[Supplier] `reg:"required,listed"`
	Dnr              string                 `reg:"max=60,listed"`
	ValidFrom        register.Day           `reg:"listed"`
	ValidTo          register.Day           `reg:"listed"`
	IsProcessing     bool                   `reg:"listed"` // a data processing agreement
	Instructions     Answer                 `reg:""`       // 28.3 a
	Confidentiality  Answer                 `reg:""`       // b
	Security         Answer                 `reg:""`       // c
	SubProcessors    Answer                 `reg:""`       // d
	RightsAssistance Answer                 `reg:""`       // e
	DutyAssistance   Answer                 `reg:""`       // f
	Deletion         Answer                 `reg:""`       // g
	Audit            Answer                 `reg:""`       // h
	IncidentHours    register.Count         `reg:"listed"` // within how many hours incidents are told
	SuitabilityOn    register.Day           `reg:""`       // assessment under OSL 10:2 a
	SuitabilityText  string                 `reg:"prose"`
	ReviewBy         register.Day           `reg:"listed"`
}

// MissingClauses lists the fields of the clauses that a data processing agreement must have and is not known to have; for
// other agreements none.
func (a Agreement) MissingClauses() []string {
	if !a.IsProcessing {
		return nil
	}
	var missing []string
	for _, c := range []struct {
		field  string
		answer Answer
	}{
		{"instructions", a.Instructions}, {"confidentiality", a.Confidentiality}, {"security", a.Security},
		{"sub_processors", a.SubProcessors}, {"rights_assistance", a.RightsAssistance}, {"duty_assistance", a.DutyAssistance},
		{"deletion", a.Deletion}, {"audit", a.Audit},
	} {
		if c.answer != Yes {
			missing = append(missing, c.field)
		}
	}
	return missing
}

// Wrong reports ends in the wrong order.
func (a Agreement) Wrong() []register.Wrong { return order("valid_to", a.ValidFrom, a.ValidTo) }

// InForce reports whether the agreement is in force on the day.
func (a Agreement) InForce(on register.Day) bool {
	return a.Retired == "" && during(a.ValidFrom, a.ValidTo, on)
}

// SubProcessor is a processor's own processor.
type SubProcessor struct {
	Record
	Name          string                  `reg:"required,max=120,listed,find"`
	Agreement     register.Ref[Agreement] `reg:"required,listed"`
	OrgNumber     string                  `reg:"max=20"`
	Country       string                  `reg:"max=2,listed"`
	ParentCountry string                  `reg:"max=2,listed"`
	Purpose       string                  `reg:"prose"`
	DataKinds     string                  `reg:"prose"`
}

// Wrong reports countries that do not exist.
func (s SubProcessor) Wrong() []register.Wrong {
	return append(country("country", s.Country), country("parent_country", s.ParentCountry)...)
}

// TransferTool is what a transfer to a third country rests on (GDPR Chapter V).
type TransferTool string

// The tools that rules ask about by name.
const (
	ToolAdequacy TransferTool = "adequacy"
	ToolDPF      TransferTool = "dpf" // the EU-US Data Privacy Framework: only for importers certified under it
)

// Choices lists the tools in the order in which the chapter tries them.
func (TransferTool) Choices() []string {
	return []string{"adequacy", "dpf", "scc", "bcr", "authority_instrument", "derogation"}
}

// Transfer is a transfer of personal data to a third country, or access from one.
type Transfer struct {
	Record
	Processing    register.Ref[Processing] `reg:"required,listed"`
	Country       string                   `reg:"required,max=2,listed"`
	Importer      string                   `reg:"required,max=120,listed,find"`
	Tool          TransferTool             `reg:"listed"`
	DPFCheckedOn  register.Day             `reg:""` // the importer's certification was seen on
	AssessedOn    register.Day             `reg:"listed"`
	Assessment    string                   `reg:"prose"`
	Supplementary string                   `reg:"prose"`
	Fallback      TransferTool             `reg:""`
	Decision      register.Ref[Decision]   `reg:""` // the governing decision it was held against
	ReviewBy      register.Day             `reg:"listed"`
}

// Title names the transfer by its importer.
func (t Transfer) Title() string { return t.Importer }

// Wrong reports a country that does not exist or is no third country, and the EU-US framework as the tool, or as what to
// fall back on, for another country than the one that the decision on it concerns.
func (t Transfer) Wrong() []register.Wrong {
	if t.Country == "" {
		return nil
	}
	c, ok := law.CountryOf(t.Country)
	if !ok {
		return country("country", t.Country)
	}
	var wrong []register.Wrong
	if !c.Third() {
		wrong = append(wrong, register.Wrong{Field: "country", Code: "not_third_country", Args: []any{t.Country}})
	}
	if t.Tool == ToolDPF && c.Adequacy != "dpf" {
		wrong = append(wrong, register.Wrong{Field: "tool", Code: "tool_not_for_country", Args: []any{t.Country}})
	}
	if t.Fallback == ToolDPF && c.Adequacy != "dpf" {
		wrong = append(wrong, register.Wrong{Field: "fallback", Code: "tool_not_for_country", Args: []any{t.Country}})
	}
	return wrong
}
