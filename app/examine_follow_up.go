// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"
	"strconv"

	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/metric"
	"ledsyn/register"
)

// letters are the letters that words in records are made of.
const letters = "abcdefghijklmnopqrstuvwxyzåäöéü0123456789"

// spotChecks finds checks of the year before the review's, or of its own, whose numbers are not known.
func (x *examination) spotChecks() {
	for i := range x.SpotChecks {
		s := &x.SpotChecks[i]
		if x.gone(s.Record) || s.Year < x.review.Year-1 || s.Year > x.review.Year || s.State != "" && s.State != isms.SpotCheckDone {
			continue
		}
		if !s.Found.IsKnown() {
			x.record("spot_check_without_count", s, "found")
		}
		if !s.Sample.IsKnown() || !s.Population.IsKnown() {
			x.record("spot_check_without_sample", s, "sample")
		}
	}
}

// controls finds compulsory processes that nobody has assessed for the year, and assessments without a choice or a
// motive: what is compulsory is to assess and to say why, not to include.
func (x *examination) controls() {
	year := strconv.Itoa(x.review.Year)
	for i := range x.ControlProcesses {
		p := &x.ControlProcesses[i]
		if p.Compulsory && !x.gone(p.Record) && !slices.ContainsFunc(x.Assessments, func(a isms.ControlAssessment) bool {
			return string(a.Process) == p.ID && a.Year == x.review.Year
		}) {
			x.record("process_not_assessed", p, "", year)
		}
	}
	for i := range x.Assessments {
		a := &x.Assessments[i]
		if a.Year == x.review.Year && !x.gone(a.Record) && a.Treatment != isms.ToControlPlan && a.Motive == "" && !x.acceptedHigh(*a) {
			x.record("left_out_without_motive", a, "motive", year)
		}
	}
}

// surroundings finds factors that nobody has looked at for twelve months, and factors about a legal act that say
// something else than the law data does.
func (x *examination) surroundings() {
	for i := range x.Factors {
		c := &x.Factors[i]
		if x.gone(c.Record) || c.SupersededBy != "" {
			continue
		}
		if c.Fresh().AddMonths(12) < x.day {
			x.record("factor_old", c, "reviewed_on", string(c.Fresh()))
		}
		rule, ok := law.Rule(c.Law)
		if !ok {
			continue
		}
		if body, known := rule.Adopter(); known && c.AdoptedBy != "" && !body.Is(c.AdoptedBy) {
			x.record("law_adopted_by", c, "adopted_by", c.AdoptedBy, body.Name, rule.Source)
		}
		if c.AdoptedOn != "" && rule.AdoptedOn != "" && string(c.AdoptedOn) != rule.AdoptedOn {
			x.record("law_adopted_on", c, "adopted_on", string(c.AdoptedOn), rule.AdoptedOn, rule.Source)
		}
		if c.AppliesFrom != "" && rule.From != "" && string(c.AppliesFrom) != rule.From {
			x.record("law_applies_from", c, "applies_from", string(c.AppliesFrom), rule.From, rule.Source)
		}
		if rule.To != "" && rule.To < string(x.day) {
			x.record("law_replaced", c, "law", rule.To, rule.Source)
		}
	}
}

// documents finds steering documents without an owner or past the day of their review.
func (x *examination) documents() {
	owner := metric.DocumentsWithoutOwner(x.Documents, x.day)
	x.several("document_without_owner", "document", "document", "owner", slices.Clone(owner.Counted))
	late := metric.DocumentsPastReview(x.Documents, x.day)
	x.several("document_past_review", "document", "document", "review_by", slices.Clone(late.Counted))
}

// systems finds systems in use without an owner or a valid classification, and classifications at the level where
// information is to be referred to the security-protection manager and not kept here at all.
func (x *examination) systems() {
	var ownerless, unclassified []string
	valid := metric.Classified(x.Systems, x.Classifications, x.day)
	for _, s := range x.Systems {
		if !slices.Contains(valid.Of, s.ID) {
			continue
		}
		if s.Owner == "" {
			ownerless = append(ownerless, s.ID)
		}
		if !slices.Contains(valid.Counted, s.ID) {
			unclassified = append(unclassified, s.ID)
		}
	}
	x.several("system_without_owner", "system", "system", "owner", ownerless)
	x.several("system_unclassified", "system", "system", "", unclassified)
	expired := metric.Expired(x.Systems, x.Classifications, x.day)
	x.several("classification_expired", "system", "system", "", slices.Clone(expired.Counted))
	var secret []string
	for _, c := range x.Classifications {
		if !x.gone(c.Record) && slices.Contains([]isms.Level{c.Confidentiality, c.Integrity, c.Availability, c.Traceability}, "4") {
			secret = append(secret, c.ID)
		}
	}
	x.several("security_protected", "classification", "classification", "", secret)
}

// people finds one person in two roles that should watch each other: it is no fault in a small body, but it is to
// be known and printed.
func (x *examination) people() {
	if x.review.DecidedBy != "" && x.review.DecidedBy == x.review.Author {
		x.record("author_decides", &x.review, "decided_by")
	}
	for i := range x.SpotChecks {
		s := &x.SpotChecks[i]
		c := slices.IndexFunc(x.Controls, func(c isms.Control) bool { return c.ID == string(s.Control) })
		if c >= 0 && s.Checker != "" && s.Checker == x.Controls[c].Performer && x.ownsWhatIsChecked(s.Checker) {
			x.record("checks_own_work", s, "checker")
		}
	}
}

// ownsWhatIsChecked reports whether the person owns systems of the review, whose access rights checks are about.
func (x *examination) ownsWhatIsChecked(person register.Ref[isms.Person]) bool {
	return slices.ContainsFunc(x.Systems, func(s isms.System) bool { return s.Owner == person })
}
