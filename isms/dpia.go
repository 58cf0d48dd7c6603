// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"ledsyn/law"
	"ledsyn/register"
)

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

// CriteriaMet counts the criteria of IMY's list that are met and those that are not answered.
func (d DPIA) CriteriaMet() (met, unknown int) {
	for _, a := range []Answer{d.Scoring, d.AutomatedDecision, d.Monitoring, d.SensitiveData, d.LargeScale, d.Matching,
		d.VulnerablePersons, d.NewTechnology, d.PreventsRight} {
		switch a {
		case Yes:
			met++
		case "":
			unknown++
		}
	}
	return met, unknown
}

// Needed reports whether the list demands an assessment: unknown while the criteria not yet answered can decide it.
func (d DPIA) Needed() Answer {
	list, ok := law.Rule("imy_dpia_list")
	met, unknown := d.CriteriaMet()
	switch {
	case !ok || list.Threshold == 0:
		return ""
	case met >= list.Threshold:
		return Yes
	case met+unknown < list.Threshold:
		return No
	}
	return ""
}

// Wrong reports an assessment said not to be needed though the list demands it, a decision without its day, and a review
// due before it.
func (d DPIA) Wrong() []register.Wrong {
	var wrong []register.Wrong
	if d.State == DPIANotNeeded && d.Needed() == Yes {
		met, _ := d.CriteriaMet()
		wrong = append(wrong, register.Wrong{Field: "state", Code: "dpia_needed", Args: []any{met}})
	}
	if d.State == DPIADecided && d.DecidedOn == "" {
		wrong = append(wrong, register.Wrong{Field: "decided_on", Code: "dpia_decided_without_day"})
	}
	return append(wrong, order("review_by", d.DecidedOn, d.ReviewBy)...)
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

// maxDPIAScale is the end of the organisation's scale of likelihood and consequence.
const maxDPIAScale = 4

// Wrong reports values outside the scale; one not given is not assessed.
func (r DPIARisk) Wrong() []register.Wrong {
	var wrong []register.Wrong
	for _, v := range []struct {
		field string
		value int
	}{
		{"likelihood_before", r.LikelihoodBefore}, {"consequence_before", r.ConsequenceBefore},
		{"likelihood_after", r.LikelihoodAfter}, {"consequence_after", r.ConsequenceAfter},
	} {
		if v.value < 0 || v.value > maxDPIAScale {
			wrong = append(wrong, register.Wrong{Field: v.field, Code: "scale", Args: []any{1, maxDPIAScale}})
		}
	}
	return wrong
}

// Before is the risk's value before measures, likelihood times consequence, or 0 where either is not assessed.
func (r DPIARisk) Before() int { return r.LikelihoodBefore * r.ConsequenceBefore }

// After is the risk's value after measures, or 0 where it is not assessed.
func (r DPIARisk) After() int { return r.LikelihoodAfter * r.ConsequenceAfter }

// RiskGrade is how great a risk's value is on the scale of 1 to 4 by 1 to 4.
type RiskGrade string

// The grades.
const (
	RiskLow    RiskGrade = "low"
	RiskMiddle RiskGrade = "middle"
	RiskHigh   RiskGrade = "high"
)

// The least values of the two upper grades: a middle risk is at least 2 by 2, a high one at least 3 by 3.
const (
	leastMiddle = 4
	leastHigh   = 9
)

// GradeOf returns the grade of a risk's value, likelihood times consequence.
func GradeOf(value int) RiskGrade {
	switch {
	case value >= leastHigh:
		return RiskHigh
	case value >= leastMiddle:
		return RiskMiddle
	}
	return RiskLow
}
