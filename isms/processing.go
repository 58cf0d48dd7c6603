// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// ProcessingRole is whether the unit processes on its own account or another's (GDPR Art. 30.1 and 30.2).
type ProcessingRole string

// Processor is the role that has a record of its own kind (Art. 30.2) and needs no legal basis: the controller has it.
const Processor ProcessingRole = "processor"

// Choices lists the roles.
func (ProcessingRole) Choices() []string {
	return []string{"controller", "joint_controller", "processor"}
}

// ProcessingState is where an entry of the record is.
type ProcessingState string

// The states of an entry.
const (
	ProcessingDraft    ProcessingState = "draft"
	ProcessingChecked  ProcessingState = "checked" // by the data-protection coordinator
	ProcessingActive   ProcessingState = "active"  // approved by the controller
	ProcessingEnded    ProcessingState = "ended"
	ProcessingReplaced ProcessingState = "replaced" // by a new version with another purpose
)

// Choices lists the states.
func (ProcessingState) Choices() []string {
	return []string{"draft", "checked", "active", "ended", "replaced"}
}

// LegalBasis is a legal basis of GDPR Art. 6.1.
type LegalBasis string

// The bases that hold only with a ground in law (GDPR Art. 6.3).
const (
	LegalObligation LegalBasis = "legal_obligation"
	PublicInterest  LegalBasis = "public_interest"
)

// Choices lists the bases in the article's order.
func (LegalBasis) Choices() []string {
	return []string{"consent", "contract", "legal_obligation", "vital_interest", "public_interest", "legitimate_interest"}
}

// NeedsStatute reports whether the basis holds only with a ground in law.
func (b LegalBasis) NeedsStatute() bool { return b == LegalObligation || b == PublicInterest }

// SpecialBasis is an exception of GDPR Art. 9.2 that lets special categories be processed.
type SpecialBasis string

// Choices lists the exceptions in the article's order.
func (SpecialBasis) Choices() []string {
	return []string{"explicit_consent", "employment", "vital_interest", "association", "made_public", "legal_claims", "substantial_public_interest", "health_care", "public_health", "archiving"}
}

// Processing is one entry of the record of processing (registerförteckning, GDPR Art. 30): one purpose, with all that the
// article asks and what a municipality adds. A changed purpose makes a new version; the old one is kept.
type Processing struct {
	Record
	Name               string                         `reg:"required,max=160,listed,find"`
	Role               ProcessingRole                 `reg:"required,listed"`
	State              ProcessingState                `reg:"required,listed"`
	Version            int                            `reg:""`
	Replaces           register.Ref[Processing]       `reg:""`
	Purpose            string                         `reg:"prose,find"` // 30.1 b
	OnBehalfOf         string                         `reg:"prose"`      // 30.2 a: the controllers, for a processor
	JointWith          string                         `reg:"prose"`      // 30.1 a: joint controllers
	Owner              register.Ref[Person]           `reg:"listed"`     // who describes and confirms it
	LegalBasis         LegalBasis                     `reg:"listed"`
	Statute            string                         `reg:"max=200"` // the Swedish statute that gives the basis
	Subjects           string                         `reg:"prose"`   // 30.1 c: categories of persons
	DataCategories     string                         `reg:"prose"`   // 30.1 c: categories of data
	PersonalData       Sensitivity                    `reg:"listed"`
	SpecialBasis       SpecialBasis                   `reg:""`
	SpecialStatute     string                         `reg:"max=200"`
	CriminalData       Answer                         `reg:""`
	IdentityNumbers    Answer                         `reg:""`
	PersonsEstimate    register.Count                 `reg:""`
	Recipients         string                         `reg:"prose"`  // 30.1 d
	TransfersOut       Answer                         `reg:"listed"` // 30.1 e: to a third country
	Retention          string                         `reg:"prose"`  // 30.1 f
	Security           string                         `reg:"prose"`  // 30.1 g
	Information        string                         `reg:"prose"`  // how persons are informed
	AutomatedDecisions Answer                         `reg:""`
	Sources            string                         `reg:""` // where the data come from
	Systems            []register.Ref[System]         `reg:""`
	Sets               []register.Ref[InformationSet] `reg:""`
	Processes          []register.Ref[Process]        `reg:""`
	Suppliers          []register.Ref[Supplier]       `reg:""`
	Agreements         []register.Ref[Agreement]      `reg:""`
	ApprovedOn         register.Day                   `reg:""`
	EndedOn            register.Day                   `reg:""`
	Secret             bool                           `reg:""`        // left out of the public version
	SecretReason       string                         `reg:"max=200"` // the provision of OSL
}

// Missing lists the compulsory fields that the entry lacks: those of Art. 30.1 for a controller, 30.2 for a processor, and
// the legal basis, with its ground where it needs one, without which a board cannot process at all. A transfer not answered is missing:
// silence is not "none".
func (p Processing) Missing() []string {
	var missing []string
	need := func(field, value string) {
		if value == "" {
			missing = append(missing, field)
		}
	}
	if p.Role == Processor {
		need("on_behalf_of", p.OnBehalfOf)
		need("data_categories", p.DataCategories)
		need("transfers_out", string(p.TransfersOut))
		need("security", p.Security)
		return missing
	}
	need("purpose", p.Purpose)
	need("legal_basis", string(p.LegalBasis))
	if p.LegalBasis.NeedsStatute() {
		need("statute", p.Statute)
	}
	need("subjects", p.Subjects)
	need("data_categories", p.DataCategories)
	need("recipients", p.Recipients)
	need("transfers_out", string(p.TransfersOut))
	need("retention", p.Retention)
	need("security", p.Security)
	if p.PersonalData == SpecialCategories {
		need("special_basis", string(p.SpecialBasis))
	}
	return missing
}

// Wrong reports an entry that replaces itself, days in the wrong order, an end without its day, and, of an entry that has
// been checked, a legal basis or special categories without what they rest on. A draft may still lack them.
func (p Processing) Wrong() []register.Wrong {
	var wrong []register.Wrong
	if p.Replaces != "" && string(p.Replaces) == p.ID {
		wrong = append(wrong, register.Wrong{Field: "replaces", Code: "own_predecessor"})
	}
	checked := p.State == ProcessingChecked || p.State == ProcessingActive
	if checked && p.LegalBasis.NeedsStatute() && p.Statute == "" {
		wrong = append(wrong, register.Wrong{Field: "statute", Code: "basis_without_ground"})
	}
	if p.State == ProcessingActive && p.Role != Processor && p.PersonalData == SpecialCategories && p.SpecialBasis == "" {
		wrong = append(wrong, register.Wrong{Field: "special_basis", Code: "special_without_basis"})
	}
	if p.State == ProcessingEnded && p.EndedOn == "" {
		wrong = append(wrong, register.Wrong{Field: "ended_on", Code: "ended_without_day"})
	}
	return append(wrong, order("ended_on", p.ApprovedOn, p.EndedOn)...)
}

// InUse reports whether the entry describes processing that goes on.
func (p Processing) InUse() bool { return p.State == ProcessingActive && p.Retired == "" }

// Campaign is a yearly inventory of the record of processing: every owner is asked to confirm, change or end their entries.
type Campaign struct {
	Record
	Name     string       `reg:"required,max=120,listed"`
	Year     int          `reg:"required,listed"`
	StartsOn register.Day `reg:"required,listed"`
	EndsOn   register.Day `reg:"required,listed"`
}

// Wrong reports a campaign that ends before it begins.
func (c Campaign) Wrong() []register.Wrong { return order("ends_on", c.StartsOn, c.EndsOn) }

// ConfirmationOutcome is what an owner said of an entry.
type ConfirmationOutcome string

// The outcomes.
const (
	ConfirmedUnchanged ConfirmationOutcome = "unchanged"
	ConfirmedChanged   ConfirmationOutcome = "changed"
	ConfirmedEnded     ConfirmationOutcome = "ended"
)

// Choices lists the outcomes.
func (ConfirmationOutcome) Choices() []string { return []string{"unchanged", "changed", "ended"} }

// Confirmation is an owner's word on a day that an entry is right, was changed or has ended.
type Confirmation struct {
	Record
	Processing register.Ref[Processing] `reg:"required,listed"`
	Campaign   register.Ref[Campaign]   `reg:"listed"`
	Person     register.Ref[Person]     `reg:"listed"`
	Day        register.Day             `reg:"required,listed"`
	Outcome    ConfirmationOutcome      `reg:"required,listed"`
	Note       string                   `reg:"prose"`
}

// Title names the confirmation by its day.
func (c Confirmation) Title() string { return string(c.Day) }
