// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"ledsyn/law"
	"ledsyn/register"
)

// Facts are what is known of the incident, as the thresholds ask for it. What is not entered is left out: it is not known.
func (s Significance) Facts() law.Facts {
	facts := law.Facts{}
	for _, f := range s.counted() {
		if n, known := f.value.Known(); known {
			facts[f.key] = float64(n)
		}
	}
	for _, f := range s.answered() {
		switch *f.value {
		case Yes:
			facts[f.key] = 1
		case No:
			facts[f.key] = 0
		}
	}
	for _, word := range strings.Fields(s.MoreFacts) {
		key, text, _ := strings.Cut(word, "=")
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			facts[key] = n
		}
	}
	_, income := facts["yearly_income"]
	_, cost := facts["cost"]
	if share, known := s.CostShare.Known(); known && !income && !cost {
		facts["cost"], facts["yearly_income"] = float64(share), 100*100 // both in hundredths of a percent of last year's money
	}
	return facts
}

// SetFacts keeps the facts: where the record has a field for one, in the field, hours begun counted as whole.
func (s *Significance) SetFacts(facts law.Facts) {
	var kept []string
	for _, f := range s.counted() {
		*f.value = register.Count{}
		if n, known := facts[f.key]; known {
			*f.value = register.CountOf(int(math.Ceil(n)))
		}
		kept = append(kept, f.key)
	}
	for _, f := range s.answered() {
		switch n, known := facts[f.key]; {
		case !known:
			*f.value = ""
		case n != 0:
			*f.value = Yes
		default:
			*f.value = No
		}
		kept = append(kept, f.key)
	}
	var more []string
	for key, n := range facts {
		if !slices.Contains(kept, key) {
			more = append(more, key+"="+strconv.FormatFloat(n, 'f', -1, 64))
		}
	}
	slices.Sort(more)
	s.MoreFacts = strings.Join(more, " ")
}

type countFact struct {
	key   string
	value *register.Count
}

type answerFact struct {
	key   string
	value *Answer
}

// counted and answered are the fields that hold facts, by the facts' keys in law.
func (s *Significance) counted() []countFact {
	return []countFact{{"limited_hours", &s.LimitedHours}, {"workaround_hours", &s.ReserveHours}, {"persons_hit", &s.PersonsHit}, {"users_hit", &s.UsersHit}}
}

func (s *Significance) answered() []answerFact {
	return []answerFact{{"protected_data_hit", &s.Protected}, {"others_data_hit", &s.OthersData}, {"environment_harmed", &s.Environment},
		{"other_in_crisis", &s.OtherInCrisis}, {"person_harmed", &s.Injury}}
}

// SectorKeys lists the sectors that the incident concerns.
func (s Significance) SectorKeys() []string { return strings.Fields(s.Sectors) }
