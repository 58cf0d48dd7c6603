// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
)

// FocusClassified is the share of the processes that a year's instruction puts first which have a valid classification.
// A process of which it is not known whether it belongs there is in neither number; it is listed as unclear.
func FocusClassified(processes []isms.Process, all []isms.Classification, focus isms.Focus, year int, day register.Day) Figure {
	valid, _ := standing(all, "process", day)
	var counted, of, unclear []string
	for _, p := range processes {
		c := isms.Candidate{NISCovered: p.NISCovered, PersonalData: p.PersonalData, Volume: p.Volume}
		switch {
		case gone(p.Record, day):
		case focus.Has(c):
			of = append(of, p.ID)
			if valid[p.ID] {
				counted = append(counted, p.ID)
			}
		case mayBelong(focus, p):
			unclear = append(unclear, p.ID)
		}
	}
	f := share(FocusKey(focus), "focus_process", "process", day, counted, of)
	f.Year, f.Unclear = year, unclear
	return f
}

// FocusKey is the key of the focus's figure: focus_nis_classified.
func FocusKey(f isms.Focus) string { return "focus_" + string(f) + "_classified" }

func mayBelong(focus isms.Focus, p isms.Process) bool {
	if focus == isms.FocusNIS {
		return p.NISCovered == ""
	}
	sensitive := p.PersonalData == isms.PrivacySensitive || p.PersonalData == isms.SpecialCategories
	return p.Volume == "" && (sensitive || p.PersonalData == "") || p.Volume == "large" && p.PersonalData == ""
}

// focuses gives a figure for each year whose instruction puts something first.
func focuses(r Records, day register.Day) []Figure {
	var all []Figure
	for _, in := range r.Instructions {
		if in.Focus == "" || gone(in.Record, day) || in.DecidedOn > day {
			continue
		}
		f := FocusClassified(r.Processes, r.Classifications, in.Focus, in.Year, day)
		if !slices.ContainsFunc(all, func(o Figure) bool { return o.ID() == f.ID() }) {
			f.Also = []Ref{{"instruction", in.ID}}
			all = append(all, f)
		}
	}
	return all
}

// measured gives the share of measures fulfilled once somebody has answered any.
func measured(r Records, day register.Day) []Figure {
	if len(r.MeasureAnswers) == 0 {
		return nil
	}
	return []Figure{MeasuresFulfilled(r, day)}
}

// MeasuresFulfilled is the share of the protective measures called for by the systems' classifications that are
// fulfilled. Measures that do not apply are counted in neither number. It counts over the systems in use whose level is
// known; those that are not classified are unclear.
func MeasuresFulfilled(r Records, day register.Day) Figure {
	f := Figure{Key: "measures_fulfilled", Unit: "measure", Kind: "measure_answer", Day: day}
	answers := map[string][]isms.MeasureAnswer{}
	for _, a := range r.MeasureAnswers {
		if a.AnsweredOn <= day && !gone(a.Record, day) {
			a.Retired = ""
			answers[string(a.System)] = append(answers[string(a.System)], a)
		}
	}
	levels := derive(r, day)
	called, fulfilled := 0, 0
	for _, s := range r.Systems {
		if !used(s, day) {
			continue
		}
		p, _ := isms.StandingProfile(levels.StandingOf(s.ID, r.ProtectionLevels, r.LevelExceptions))
		if p == (isms.Profile{}) {
			f.Unclear = append(f.Unclear, s.ID)
			continue
		}
		f.Also = append(f.Also, Ref{"system", s.ID})
		for _, a := range isms.Answers(p, s.ID, answers[s.ID]) {
			if a.Answer == nil {
				called++
				continue
			}
			if a.Answer.State == isms.NotApplicable {
				continue
			}
			called++
			f.Of = append(f.Of, a.Answer.ID)
			if a.Answer.State == isms.Fulfilled {
				fulfilled++
				f.Counted = append(f.Counted, a.Answer.ID)
			}
		}
	}
	if called > 0 {
		f.Known, f.Numerator, f.Denominator = true, register.CountOf(fulfilled), register.CountOf(called)
	}
	return f
}

// derive derives the levels of the records on the day.
func derive(r Records, day register.Day) *isms.Derivation {
	return isms.Derive(isms.Landscape{Types: r.InformationTypes, Sets: r.Sets, Systems: r.Systems, Processes: r.Processes,
		Integrations: r.Integrations, Classifications: r.Classifications, Day: day})
}

// Part is a numerator and its denominator.
type Part struct{ Counted, Of int }

// Figure is the part as a figure of the key on the day; none of nothing is not known.
func (p Part) Figure(key, unit string, day register.Day) Figure {
	f := Figure{Key: key, Unit: unit, Day: day}
	if p.Of > 0 {
		f.Known, f.Numerator, f.Denominator = true, register.CountOf(p.Counted), register.CountOf(p.Of)
	}
	return f
}

// CoverageKeys lists the figures that UnitCoverage counts, each with the unit of counting.
func CoverageKeys() map[string]string {
	return map[string]string{"systems_classified": "system", "processes_classified": "process", "sets_classified": "information_set"}
}
