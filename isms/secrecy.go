// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"maps"
	"slices"

	"ledsyn/register"
)

// SecrecyMark says that a record, or one field of it, may be secret: by which provision, from which day, by which authority
// (offentlighets- och sekretesslagen 2009:400, 5 kap. 5 §). It is a warning and no decision: each request is judged anew. Its
// record belongs to the marked record's unit.
type SecrecyMark struct {
	Record
	Kind      string               `reg:"required,max=64,listed"` // the marked record's register
	Of        string               `reg:"required,max=64"`        // its id
	Field     string               `reg:"max=64,listed"`          // "" is all of it
	Provision string               `reg:"required,max=80,listed"` // the provision's key in law
	MarkedOn  register.Day         `reg:"required,listed"`
	Authority string               `reg:"required,max=200,listed"`
	MarkedBy  register.Ref[Person] `reg:"listed"`
	Note      string               `reg:"prose,max=2000"`
	LiftedOn  register.Day         `reg:"listed"`
}

// Title names the mark by its provision.
func (m SecrecyMark) Title() string { return m.Provision }

// Holds reports whether the mark stands on the day.
func (m SecrecyMark) Holds(on register.Day) bool {
	return m.Retired == "" && (m.LiftedOn == "" || on < m.LiftedOn)
}

// Wrong reports a mark lifted before it was made.
func (m SecrecyMark) Wrong() []register.Wrong { return order("lifted_on", m.MarkedOn, m.LiftedOn) }

// unmarkable are the registers whose records cannot be marked: what units there are and who holds which role is what rights are
// asked of, and a mark is itself what tells of secrecy.
var unmarkable = []string{"unit", "assignment", "secrecy_mark", "law_override", "import", "report_link"}

// Markable reports whether records of the register can be marked as secret.
func Markable(kind string) bool { return !slices.Contains(unmarkable, kind) }

// partOf are the registers whose records are parts of another register's record, by the field that says which: all of an
// incident is also its timeline.
var partOf = map[string]string{"incident_entry": "incident", "incident_task": "incident", "breach": "incident", "significance": "incident",
	"deadline": "incident", "submission": "deadline", "notice": "incident", "device_loss": "incident", "step_taken": "loss", "dpia_risk": "dpia",
	"review_section": "review", "follow_up": "recommendation", "response": "recommendation", "dpo_area": "report"}

// PartOf returns the field by which a record of the register is a part of another record. A mark on all of that record is a mark
// on all of this one too.
func PartOf(s *register.Schema) (register.Field, bool) {
	name, ok := partOf[s.Name]
	if !ok {
		return register.Field{}, false
	}
	return s.Field(name)
}

// registered are the fields of each register that stay public when a record is marked as a whole. A public authority's register
// of its records holds the day, the reference, from whom or to whom and in short what it is about, and shall be open to anybody
// (offentlighets- och sekretesslagen 2009:400, 5 kap. 2 §). Where the last two would tell a secret they are left out by a mark on
// the field itself.
var registered = map[string][]string{
	"incident":        {"reference", "title", "reported_at", "reported_by"},
	"incident_entry":  {"at", "kind"},
	"incident_task":   {"due_at", "owner"},
	"breach":          {"name", "dnr", "aware_at"},
	"significance":    {"name", "dnr", "known_at"},
	"deadline":        {"step", "breach", "significance", "rule", "rule_from", "statute", "recipient", "trigger", "starts_at", "nominal", "adjusted", "shown", "whole_day", "sent_at", "case_id", "dropped_at", "dropped"},
	"submission":      {"step", "version", "sent_at", "sent_by", "receiver", "case_id", "replaces"},
	"notice":          {"ground", "inform", "audience", "sent_at", "sent_by"},
	"device_loss":     {"device", "loss", "reported_at"},
	"step_taken":      {"outcome", "at", "by"},
	"instruction":     {"title", "year", "issuer", "dnr", "decided_on"},
	"document":        {"title", "type", "dnr", "decided_on"},
	"decision":        {"title", "kind", "issuer", "dnr", "decided_on", "decided_by"},
	"agreement":       {"title", "dnr", "valid_from", "valid_to"},
	"subject_request": {"dnr", "kind", "received_on"},
	"control_plan":    {"title", "year", "dnr", "decided_on"},
	"audit":           {"title", "auditor", "number", "year", "dnr", "delivered_on"},
	"dpo_report":      {"title", "author", "year", "dnr", "delivered_on"},
	"review":          {"year", "version", "corrects", "dnr", "template", "as_of", "decided_by", "decided_on"},
	"retention_rule":  {"name", "kind", "dnr", "decided_on"},
}

// StaysPublic reports whether the field may be read by those who may see the record when all of the record is marked. Besides
// what a register of records holds these are the record's place in the work: its state, and what it belongs to.
func StaysPublic(s *register.Schema, f register.Field) bool {
	structure := f.Name == "state" && f.Kind == register.Choice || f.Kind == register.Link && f.Required
	return structure || slices.Contains(registered[s.Name], f.Name)
}

// PublicFields lists the fields of the register that stay public when all of a record is marked.
func PublicFields(s *register.Schema) []register.Field {
	return slices.DeleteFunc(slices.Clone(s.Fields), func(f register.Field) bool { return !StaysPublic(s, f) })
}

// Keys of the provisions of offentlighets- och sekretesslagen that the program itself puts or proposes, in law.
const (
	secretMeasures = "osl_security_measures" // 18 kap. 8 §
	secretReports  = "osl_incident_reports"  // 18 kap. 8 b §
	secretHealth   = "osl_health"            // 21 kap. 1 §
	secretBusiness = "osl_business_conditions"
)

// cslSteps are the steps of reporting under cybersäkerhetslagen.
var cslSteps = []ReportStep{EarlyWarning, IncidentNotice, InterimReport, FinalReport, SituationReport}

// DefaultMarks are the marks that a new record gets without anybody asking: reports under cybersäkerhetslagen are secret unless it
// is clear that they can be disclosed without harm. They lack what the act adds: id, unit, day, authority and by whom.
func DefaultMarks(rec register.Entity) []SecrecyMark {
	var fields []string
	switch r := rec.(type) {
	case *Significance:
		fields = []string{"known_reason", "more_facts", "hits", "reason"}
	case *Deadline:
		if slices.Contains(cslSteps, r.Step) {
			fields = []string{"reason", "delay_reason"} // reason is the significance's own, written over
		}
	case *Submission:
		if slices.Contains(cslSteps, r.Step) {
			fields = []string{"fields"}
		}
	}
	var marks []SecrecyMark
	for _, field := range fields {
		marks = append(marks, SecrecyMark{Kind: register.OfValue(rec).Name, Of: rec.Head().ID, Field: field, Provision: secretReports})
	}
	return marks
}

// proposed are the provisions that the fields of each register are most likely to need. They are put by a person and never by the
// program: whether a weakness harms is judged from what is written, not from where.
var proposed = map[string]map[string]string{
	"protection_level": {"reason_text": secretMeasures},
	"level_exception":  {"reason": secretMeasures},
	"measure_answer":   {"how": secretMeasures, "evidence": secretMeasures},
	"processing":       {"security": secretMeasures},
	"dpia_risk":        {"event": secretMeasures, "measures": secretMeasures},
	"device_loss":      {"reachable": secretMeasures},
	"deviation":        {"cause": secretMeasures, "action": secretMeasures},
	"incident":         {"description": secretReports, "cause_text": secretReports, "lessons": secretReports},
	"incident_entry":   {"text": secretReports},
	"significance":     {"known_reason": secretReports, "more_facts": secretReports, "hits": secretReports, "reason": secretReports},
	"submission":       {"fields": secretReports},
	"breach": {"nature": secretHealth, "person_groups": secretHealth, "data_kinds": secretHealth, "consequences": secretHealth,
		"measures": secretMeasures},
	"agreement": {"suitability_text": secretBusiness},
}

// ProposedProvision is the provision's key that the field most likely needs, or "".
func ProposedProvision(kind, field string) string { return proposed[kind][field] }

// ProposedFields lists the fields of the register that have a proposed provision.
func ProposedFields(kind string) []string { return slices.Sorted(maps.Keys(proposed[kind])) }

// ReadingIsNoted reports whether it is noted who reads what is marked as secret in a record of the register: an incident with
// what belongs to it, whose reports the law keeps secret for decades.
func ReadingIsNoted(kind string) bool { return slices.Contains(notedKinds, kind) }

var notedKinds = []string{"incident", "incident_entry", "incident_task", "breach", "significance", "deadline", "submission", "notice", "device_loss",
	"step_taken"}

// ReadLogDays is how long it is kept who has read what is secret: two years, so that a yearly follow-up sees the year before
// whole. It is the program's own measure and no law's; the log is itself personal data and is kept no longer than it is used.
const ReadLogDays = 730

// LawOverride is an administrator's own wording of a rule of law that the program carries: another recipient, period or
// reliability, between two days, with its source. Cases from before keep the rule they were reckoned by.
type LawOverride struct {
	Record
	Rule        string               `reg:"required,max=80,listed,find"` // the rule's key
	ValidFrom   register.Day         `reg:"required,listed"`
	ValidTo     register.Day         `reg:"listed"`
	Recipient   string               `reg:"max=200,listed"`
	Amount      register.Count       `reg:"listed"` // of the rule's own unit: hours, days or months
	Source      string               `reg:"required,max=500,find"`
	Reliability string               `reg:"required,max=40,listed"` // as law writes it
	CheckedOn   register.Day         `reg:"listed"`
	CheckedBy   register.Ref[Person] `reg:""`
	Note        string               `reg:"prose,max=2000"`
}

// Title names the override by its rule.
func (o LawOverride) Title() string { return o.Rule }

// Wrong reports ends in the wrong order.
func (o LawOverride) Wrong() []register.Wrong { return order("valid_to", o.ValidFrom, o.ValidTo) }
