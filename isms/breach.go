// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"cmp"

	"ledsyn/register"
)

// BreachRisk is the risk of a personal-data breach to the persons concerned (GDPR Art. 33.1 and 34.1).
type BreachRisk string

// The risks.
const (
	BreachUnlikely BreachRisk = "unlikely"
	BreachRisky    BreachRisk = "risk"
	BreachHigh     BreachRisk = "high"
)

// Choices lists the risks from the least.
func (BreachRisk) Choices() []string { return []string{"unlikely", "risk", "high"} }

// InformGround says why persons are informed of a breach or not (GDPR Art. 34).
type InformGround string

// Choices lists the grounds: the duty, own choice, and the exemptions of Art. 34.1 and 34.3 a-c.
func (InformGround) Choices() []string {
	return []string{"high_risk", "chosen", "no_high_risk", "unintelligible", "risk_removed", "disproportionate"}
}

// Breach is a personal-data breach (GDPR Art. 4.12) as it concerns one board: the controller, or the processor of another. One
// incident may have none or several. Every breach is documented, also one that is not notified (Art. 33.5). Its record belongs to the
// board. The persons are never named.
type Breach struct {
	Record
	Name           string                     `reg:"required,listed,find"`
	Incident       register.Ref[Incident]     `reg:"required,listed"`
	Role           ProcessingRole             `reg:"required,listed"`
	AwareAt        register.Moment            `reg:"listed"` // when the board had a reasonable degree of certainty
	AwareZone      string                     `reg:"max=60"` // the time zone that it was entered in
	AwareReason    string                     `reg:"prose,max=5000"`
	AwareBy        register.Ref[Person]       `reg:""` // who settled the moment
	ProcessorAt    register.Moment            `reg:""` // when the processor told of it
	ProcessorHours register.Count             `reg:""` // hours that the agreement gives the processor
	Supplier       register.Ref[Supplier]     `reg:""`
	Processings    []register.Ref[Processing] `reg:""`
	Nature         string                     `reg:"prose,max=5000"`
	PersonGroups   string                     `reg:"prose,max=2000"`
	Persons        register.Count             `reg:"listed"`
	Records        register.Count             `reg:""`
	DataKinds      string                     `reg:"prose,max=2000"`
	SpecialData    Answer                     `reg:""`
	Identifiable   Answer                     `reg:""` // can the persons be identified from the data
	Vulnerable     Answer                     `reg:""` // children or others in a weak position
	Unreadable     Answer                     `reg:""` // was the data encrypted with a key that is safe
	Recovered      Answer                     `reg:""` // is it certain that nobody has used it
	Consequences   string                     `reg:"prose,max=5000"`
	Measures       string                     `reg:"prose,max=5000"`
	Risk           BreachRisk                 `reg:"listed"`
	RiskReason     string                     `reg:"prose,max=5000"`
	Notify         Answer                     `reg:"listed"`
	NotifyReason   string                     `reg:"prose,max=5000"`
	DecidedBy      register.Ref[Person]       `reg:""`
	DecidedAt      register.Moment            `reg:""`
	ApprovedBy     register.Ref[Person]       `reg:""` // the second pair of eyes when it is not notified
	ApprovedAt     register.Moment            `reg:""`
	DPOAskedAt     register.Moment            `reg:""`
	DPOView        string                     `reg:"prose,max=5000"`
	Inform         Answer                     `reg:""`
	InformGround   InformGround               `reg:""`
	InformText     string                     `reg:"prose,max=5000"`
	InformChannel  string                     `reg:"max=200"`
	Informed       register.Count             `reg:""`
	InformedAt     register.Moment            `reg:""`
	Dnr            string                     `reg:"max=60,listed,find"`
}

// Wrong reports a decision without its reason or its person, the same person deciding and approving that a breach is not notified,
// and persons who are not informed of a high risk without one of the grounds that the law gives.
func (b Breach) Wrong() []register.Wrong {
	wrong := inOrder("aware_at", b.ProcessorAt, b.AwareAt)
	if b.Notify != "" && b.NotifyReason == "" {
		wrong = append(wrong, register.Wrong{Field: "notify_reason", Code: "reason_needed"})
	}
	if b.Notify != "" && b.DecidedBy == "" {
		wrong = append(wrong, register.Wrong{Field: "decided_by", Code: "required"})
	}
	if b.Notify == No && (b.Risk == BreachRisky || b.Risk == BreachHigh) {
		wrong = append(wrong, register.Wrong{Field: "notify", Code: "risk_must_be_notified"})
	}
	if b.ApprovedBy != "" && b.ApprovedBy == b.DecidedBy {
		wrong = append(wrong, register.Wrong{Field: "approved_by", Code: "four_eyes"})
	}
	if b.Risk == BreachHigh && b.Inform == No && (b.InformGround == "" || b.InformGround == "no_high_risk" || b.InformGround == "high_risk" || b.InformGround == "chosen") {
		wrong = append(wrong, register.Wrong{Field: "inform_ground", Code: "inform_ground_needed"})
	}
	return wrong
}

// Settled reports whether it is decided for good whether the breach is notified: a no needs a second person.
func (b Breach) Settled() bool { return b.Notify == Yes || b.Notify == No && b.ApprovedBy != "" }

// A RiskGround is an answer to a guiding question that weighs in what the questions point to.
type RiskGround string

// The grounds.
const (
	GroundUnreadable     RiskGround = "unreadable"
	GroundRecovered      RiskGround = "recovered"
	GroundUnidentifiable RiskGround = "unidentifiable"
	GroundSpecialData    RiskGround = "special_data"
	GroundVulnerable     RiskGround = "vulnerable"
	GroundManyPersons    RiskGround = "many_persons"
	GroundUnknown        RiskGround = "unknown" // nothing that makes it high is known, and nothing that makes it unlikely
)

// ManyPersons is how many persons make a breach of theirs one of very many.
const ManyPersons = 1000

// Suggested is what the guiding questions point to, and which answers make it so; a person decides. Data that nobody can read, or
// that certainly nobody has used, makes a risk unlikely; special or secret data, weak persons who can be identified, or very many of
// them make it high. What is not known never lowers the risk (EDPB Guidelines 9/2022, part IV). "" is nothing answered.
func (b Breach) Suggested() (BreachRisk, []RiskGround) {
	persons, known := b.Persons.Known()
	if b.Unreadable == "" && b.Recovered == "" && b.SpecialData == "" && b.Identifiable == "" && b.Vulnerable == "" && !known {
		return "", nil
	}
	if low := grounds(when{b.Unreadable == Yes, GroundUnreadable}, when{b.Recovered == Yes, GroundRecovered},
		when{b.Identifiable == No, GroundUnidentifiable}); len(low) > 0 {
		return BreachUnlikely, low
	}
	if high := grounds(when{b.SpecialData == Yes, GroundSpecialData}, when{b.Vulnerable == Yes, GroundVulnerable},
		when{persons >= ManyPersons, GroundManyPersons}); len(high) > 0 {
		return BreachHigh, high
	}
	return BreachRisky, []RiskGround{GroundUnknown}
}

type when struct {
	so     bool
	ground RiskGround
}

func grounds(all ...when) []RiskGround {
	var list []RiskGround
	for _, w := range all {
		if w.so {
			list = append(list, w.ground)
		}
	}
	return list
}

// Significance is the operator's judgement of whether an incident is significant (betydande) under cybersäkerhetslagen (2025:1506)
// 2 kap. 5 §. The operator is the municipality or a company, never a board: the record belongs to its unit. Thresholds are held
// against the facts one by one; none of them can say no, because an incident that can cause harm is significant too. A person decides.
type Significance struct {
	Record
	Name          string                 `reg:"required,listed,find"`
	Incident      register.Ref[Incident] `reg:"required,listed"`
	KnownAt       register.Moment        `reg:"listed"` // when the operator got to know of the incident
	KnownZone     string                 `reg:"max=60"` // the time zone that it was entered in
	KnownReason   string                 `reg:"prose,max=5000"`
	KnownBy       register.Ref[Person]   `reg:""`        // who settled the moment
	Sectors       string                 `reg:"max=500"` // keys of the sectors concerned, with spaces between
	LimitedHours  register.Count         `reg:""`        // hours, begun ones counted, that the activity was limited
	ReserveHours  register.Count         `reg:""`        // hours with other ways of working
	CriticalDown  Answer                 `reg:""`        // was a system that the sector depends on down or degraded
	Protected     Answer                 `reg:""`        // was protected information reached, changed or destroyed
	OthersData    Answer                 `reg:""`        // another legal person's protected information
	PersonsHit    register.Count         `reg:""`        // persons whose protected information was hit
	UsersHit      register.Count         `reg:""`        // users of the service without it
	CostShare     register.Percent       `reg:""`        // total cost in percent of last year's appropriation or turnover
	Environment   Answer                 `reg:""`
	OtherInCrisis Answer                 `reg:""` // has another important activity gone into crisis mode
	Injury        Answer                 `reg:""`
	Repeated      Answer                 `reg:""`               // two or more within six months with the same cause, which together reach the cost
	MoreFacts     string                 `reg:"max=5000"`       // facts that thresholds ask for and no field holds: see Facts
	CanCause      Answer                 `reg:""`               // can it come to cause what the law describes
	Hits          string                 `reg:"prose,max=5000"` // the thresholds that were met, as they stood then
	RulesOf       register.Day           `reg:""`               // the day whose rules were used
	Significant   Answer                 `reg:"listed"`
	Reason        string                 `reg:"prose,max=5000"`
	DecidedBy     register.Ref[Person]   `reg:"listed"`
	DecidedAt     register.Moment        `reg:""`
	ApprovedBy    register.Ref[Person]   `reg:""` // the second pair of eyes when it is not significant
	ApprovedAt    register.Moment        `reg:""`
	Dnr           string                 `reg:"max=60,find"`
}

// Wrong reports a decision without its reason or its person, and the same person deciding and approving a no.
func (s Significance) Wrong() []register.Wrong {
	var wrong []register.Wrong
	if s.Significant != "" && s.Reason == "" {
		wrong = append(wrong, register.Wrong{Field: "reason", Code: "reason_needed"})
	}
	if s.Significant != "" && s.DecidedBy == "" {
		wrong = append(wrong, register.Wrong{Field: "decided_by", Code: "required"})
	}
	if s.ApprovedBy != "" && s.ApprovedBy == s.DecidedBy {
		wrong = append(wrong, register.Wrong{Field: "approved_by", Code: "four_eyes"})
	}
	return wrong
}

// Settled reports whether it is decided for good: a no needs a second person.
func (s Significance) Settled() bool {
	return s.Significant == Yes || s.Significant == No && s.ApprovedBy != ""
}

// ReportStep is one thing that a law wants sent.
type ReportStep string

// The steps: those of cybersäkerhetslagen 2 kap. 5-8 §§ and those of GDPR Art. 33-34.
const (
	EarlyWarning     ReportStep = "early_warning"    // upplysning
	IncidentNotice   ReportStep = "incident_notice"  // incidentanmälan
	InterimReport    ReportStep = "interim_report"   // delrapport, on request
	FinalReport      ReportStep = "final_report"     // slutrapport
	SituationReport  ReportStep = "situation_report" // lägesrapport, instead of the final report while it goes on
	BreachNotice     ReportStep = "breach_notice"    // to IMY
	BreachSupplement ReportStep = "breach_supplement"
	PersonsInformed  ReportStep = "persons_informed"
	ProcessorNotice  ReportStep = "processor_notice" // a processor's to its controller
)

// Choices lists the steps.
func (ReportStep) Choices() []string {
	return []string{"early_warning", "incident_notice", "interim_report", "final_report", "situation_report", "breach_notice",
		"breach_supplement", "persons_informed", "processor_notice"}
}

// Deadline is a period that runs for one step, with everything it was reckoned from, so that it can be reckoned again.
type Deadline struct {
	Record
	Step         ReportStep                 `reg:"required,listed"`
	Incident     register.Ref[Incident]     `reg:"required,listed"`
	Breach       register.Ref[Breach]       `reg:""`
	Significance register.Ref[Significance] `reg:""`
	Rule         string                     `reg:"required,max=80"` // the rule's key in law
	RuleFrom     register.Day               `reg:""`                // from when that wording of the rule holds
	Statute      string                     `reg:"max=200"`
	Recipient    string                     `reg:"max=200,listed"`
	Trigger      string                     `reg:"required,max=80"` // what starts it: knowledge, notice_sent, handled, request
	StartsAt     register.Moment            `reg:"required"`
	Zone         string                     `reg:"max=60"` // the time zone that it was entered in
	SettledBy    register.Ref[Person]       `reg:""`
	Reason       string                     `reg:"prose,max=5000"`
	Nominal      register.Moment            `reg:""`
	Adjusted     register.Moment            `reg:""`
	Shown        register.Moment            `reg:"listed"` // what to keep to: "" where the law gives no fixed time
	WholeDay     bool                       `reg:""`       // the period ends with a day: the moments are the last ones of their days
	SentAt       register.Moment            `reg:"listed"`
	CaseID       string                     `reg:"max=100,find"`
	Receipt      string                     `reg:"max=200"`
	DelayReason  string                     `reg:"prose,max=5000"`
	DroppedAt    register.Moment            `reg:""` // it does not run any longer: what it rested on was changed
	Dropped      DropCause                  `reg:""`
	DroppedWhy   string                     `reg:"max=500"`
	WaivedBy     register.Ref[Person]       `reg:""` // who said that the step is not needed, where the law leaves it open
}

// DropCause is why a period does not run any longer.
type DropCause string

// The causes.
const (
	DropStartChanged    DropCause = "start_changed"    // another moment was settled
	DropNotOwed         DropCause = "not_owed"         // it was decided that nothing is to be sent
	DropSituationReport DropCause = "situation_report" // a situation report was sent instead
	DropWaived          DropCause = "waived"           // somebody said that it is not needed
)

// Choices lists the causes.
func (DropCause) Choices() []string {
	return []string{"start_changed", "not_owed", "situation_report", "waived"}
}

// Title is the deadline's id: it has no words of its own, but a step, an incident and a unit.
func (d Deadline) Title() string { return d.ID }

// Runs reports whether something is still to be sent.
func (d Deadline) Runs() bool { return d.SentAt == "" && d.DroppedAt == "" && d.Retired == "" }

// Last is the last moment in time: of a period that ends with a day the last day as the law moves it, of hours what is shown. "" is
// no fixed time.
func (d Deadline) Last() register.Moment {
	if d.WholeDay {
		return max(d.Shown, d.Adjusted)
	}
	return d.Shown
}

// Late reports whether it was sent after its last moment, or has passed it unsent at the moment.
func (d Deadline) Late(at register.Moment) bool {
	last := d.Last()
	if d.SentAt != "" {
		at = d.SentAt
	}
	return last != "" && d.DroppedAt == "" && at > last
}

// Wrong reports a step that belongs to neither track.
func (d Deadline) Wrong() []register.Wrong {
	if d.Breach == "" && d.Significance == "" {
		return []register.Wrong{{Field: "breach", Code: "deadline_of_nothing"}}
	}
	return nil
}

// Submission is what was sent to an authority, word for word. It never changes: a correction is a new version that names the one
// before.
type Submission struct {
	Record
	Deadline register.Ref[Deadline]   `reg:"required,listed"`
	Step     ReportStep               `reg:"required,listed"`
	Version  int                      `reg:"required,listed"`
	Fields   string                   `reg:"required,prose,max=90000"` // JSON list of {"key","value"} in the authority's order
	SentAt   register.Moment          `reg:"required,listed"`
	SentBy   register.Ref[Person]     `reg:"listed"`
	Way      string                   `reg:"max=200"` // portal, telephone, post
	CaseID   string                   `reg:"max=100,listed,find"`
	Receipt  string                   `reg:"max=200"`
	Receiver string                   `reg:"max=200"` // who received it, by the name of that day
	Replaces register.Ref[Submission] `reg:""`
}

// Title is the receiver's number of the case, or else the id.
func (s Submission) Title() string { return cmp.Or(s.CaseID, s.ID) }

// NoticeGround is why recipients of a service are informed.
type NoticeGround string

// Choices lists the grounds: cybersäkerhetslagen 2 kap. 9 § and 10 §.
func (NoticeGround) Choices() []string { return []string{"incident", "threat"} }

// Notice is the decision to inform the recipients of a service of a significant incident or threat, or not to
// (cybersäkerhetslagen 2 kap. 9-10 §§).
type Notice struct {
	Record
	Incident register.Ref[Incident] `reg:"required,listed"`
	Ground   NoticeGround           `reg:"required,listed"`
	Inform   Answer                 `reg:"required,listed"`
	Reason   string                 `reg:"required,prose,max=5000"`
	Audience string                 `reg:"max=500,listed,find"`
	Channel  string                 `reg:"max=200"`
	Text     string                 `reg:"prose,max=10000"`
	SentAt   register.Moment        `reg:"listed"`
	SentBy   register.Ref[Person]   `reg:""`
}
