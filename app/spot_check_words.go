// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"ledsyn/locale"
	"ledsyn/sample"
)

// sampledFrom is a bound as sentences tell of it.
func sampledFrom(b Bound) locale.Sampled {
	return locale.Sampled{Population: b.Population, Size: b.Size, Deviations: b.Deviations, Rate: b.RatePercent(), Upper: b.UpperPercent(), UpperCount: b.UpperCount,
		Confidence: int(b.Confidence*10000 + 0.5)}
}

// Meaning says in words what the sample will be able to show, before anything is decided.
func (p SamplePlan) Meaning(l locale.Lang) []string {
	var said []string
	for i, b := range p.Shows {
		switch {
		case i == 0 && !p.Reckoned:
			said = append(said, l.SamplePlainNumber(sampledFrom(b)))
		case p.Reckoned && b.Deviations == p.Expected:
			said = append(said, l.SamplePlan(sampledFrom(b)))
		}
	}
	if len(p.Shows) > 0 && p.Size < p.Rows {
		said = append(said, l.SampleConfidence(sampledFrom(p.Shows[0]).Confidence))
	}
	return said
}

// Sentence is what the board is told: what was found in the sample, what that shows of all, and apart from it what was found where
// somebody suspected it.
func (r SpotResult) Sentence(l locale.Lang) string {
	said := l.SampleBound(sampledFrom(r.Worst))
	if open := r.Open(); open > 0 {
		said = l.T("web.check.said.open", r.Size, r.Population, r.Deviations) + " " + l.SampleUnanswered(open, sampledFrom(r.Best), sampledFrom(r.Worst))
	}
	if r.Chosen.Size > 0 {
		said += " " + l.T("web.check.said.chosen", r.Chosen.Size, r.Chosen.Deviations)
		if open := r.Chosen.Open(); open > 0 {
			said += " " + l.T("web.check.said.chosen.open", open)
		}
	}
	if r.Draws > 1 {
		said += " " + l.T("web.check.said.draws", r.Draws)
	}
	return said
}

// Says is what the stratum shows by itself.
func (s SpotStratum) Says(l locale.Lang) string { return l.SampleStratum(s.Name, sampledFrom(s.Bound)) }

// StrataSay says how far the bounds of the parts hold together, "" where there is one part.
func (r SpotResult) StrataSay(l locale.Lang) string {
	if len(r.Strata) < 2 {
		return ""
	}
	var parts []sample.Stratum
	for _, s := range r.Strata {
		parts = append(parts, sample.Stratum{Name: s.Name, Population: s.Population, Size: s.Size})
	}
	return l.SampleStrata(r.Confidence, sample.Evenly(parts))
}
