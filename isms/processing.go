// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// ProcessingRole is whether the unit processes on its own account or another's (GDPR Art. 30.1 and 30.2).
type ProcessingRole string

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

// Choices lists the bases in the article's order.
func (LegalBasis) Choices() []string {
	return []string{"consent", "contract", "legal_obligation", "vital_interest", "public_interest", "legitimate_interest"}
}

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
// the legal basis with its ground, without which a board cannot process at all. A transfer not answered is missing:
// silence is not "none".
func (p Processing) Missing() []string {
	var missing []string
	need := func(field, value string) {
		if value == "" {
			missing = append(missing, field)
		}
	}
	if p.Role == "processor" {
		need("on_behalf_of", p.OnBehalfOf)
		need("data_categories", p.DataCategories)
		need("transfers_out", string(p.TransfersOut))
		need("security", p.Security)
		return missing
	}
	need("purpose", p.Purpose)
	need("legal_basis", string(p.LegalBasis))
	need("statute", p.Statute)
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

// InUse reports whether the entry describes processing that goes on.
func (p Processing) InUse() bool { return p.State == ProcessingActive && p.Retired == "" }

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

// DPIAState is where an impact assessment is.
type DPIAState string

// The states of an impact assessment.
const (
	DPIAThreshold         DPIAState = "threshold"
	DPIAInWork            DPIAState = "in_work"
	DPIADPOOpinion        DPIAState = "dpo_opinion"
	DPIAPriorConsultation DPIAState = "prior_consultation"
	DPIADecided           DPIAState = "decided"
	DPIANotNeeded         DPIAState = "not_needed"
)

// Choices lists the states.
func (DPIAState) Choices() []string {
	return []string{"threshold", "in_work", "dpo_opinion", "prior_consultation", "decided", "not_needed"}
}

// DPIA is a data protection impact assessment (konsekvensbedömning, GDPR Art. 35) with its threshold test: by IMY's list one is
// made when at least two of nine criteria are met.
type DPIA struct {
	Record
	Title               string                   `reg:"required,listed,find"`
	Processing          register.Ref[Processing] `reg:"required,listed"`
	State               DPIAState                `reg:"required,listed"`
	Scoring             Answer                   `reg:""`
	AutomatedDecision   Answer                   `reg:""`
	Monitoring          Answer                   `reg:""`
	SensitiveData       Answer                   `reg:""`
	LargeScale          Answer                   `reg:""`
	Matching            Answer                   `reg:""`
	VulnerablePersons   Answer                   `reg:""`
	NewTechnology       Answer                   `reg:""`
	PreventsRight       Answer                   `reg:""`
	Description         string                   `reg:"prose"` // 35.7 a
	Necessity           string                   `reg:"prose"` // 35.7 b
	Conclusion          string                   `reg:"prose"`
	DPOOpinion          string                   `reg:"prose"` // 35.2
	DPOOpinionOn        register.Day             `reg:""`
	SubjectsViews       string                   `reg:"prose"` // 35.9
	PriorConsultationOn register.Day             `reg:""`      // 36
	DecidedBy           register.Ref[Person]     `reg:"listed"`
	DecidedOn           register.Day             `reg:"listed"`
	ReviewBy            register.Day             `reg:"listed"`
}

// DPIARisk is one risk to persons, before and after measures, on the organisation's own scale of 1 to 4.
type DPIARisk struct {
	Record
	DPIA              register.Ref[DPIA]       `reg:"required,listed"`
	Number            string                   `reg:"max=10,listed"`
	Event             string                   `reg:"required,prose"`
	LikelihoodBefore  int                      `reg:"listed"`
	ConsequenceBefore int                      `reg:"listed"`
	LikelihoodAfter   int                      `reg:"listed"`
	ConsequenceAfter  int                      `reg:"listed"`
	Measures          string                   `reg:"prose"`
	Activities        []register.Ref[Activity] `reg:""`
}

// RequestKind is the right that a person asks for.
type RequestKind string

// Choices lists the rights of GDPR Art. 15-22.
func (RequestKind) Choices() []string {
	return []string{"access", "rectification", "erasure", "restriction", "portability", "objection", "automated_decision"}
}

// SubjectRequest is a request from a data subject. It is to be answered within one month, which may be extended by two with notice
// in the first (GDPR Art. 12.3). The person is never named here; the registry has the case.
type SubjectRequest struct {
	Record
	Dnr            string                     `reg:"required,max=60,listed,find"`
	Kind           RequestKind                `reg:"required,listed"`
	ReceivedOn     register.Day               `reg:"required,listed"`
	ExtendedOn     register.Day               `reg:""` // the day the person was told of the extension
	ExtensionCause string                     `reg:"prose"`
	AnsweredOn     register.Day               `reg:"listed"`
	Refused        bool                       `reg:"listed"`
	Outcome        string                     `reg:"prose"`
	Handler        register.Ref[Person]       `reg:"listed"`
	Processings    []register.Ref[Processing] `reg:""`
}

// Campaign is a yearly inventory of the record of processing: every owner is asked to confirm, change or end their entries.
type Campaign struct {
	Record
	Name     string       `reg:"required,max=120,listed"`
	Year     int          `reg:"required,listed"`
	StartsOn register.Day `reg:"required,listed"`
	EndsOn   register.Day `reg:"required,listed"`
}

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
