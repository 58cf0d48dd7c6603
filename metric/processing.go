// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"ledsyn/isms"
	"ledsyn/register"
)

// EntryInUse reports whether the entry of the record of processing describes processing that went on on the day.
// What has ended or been replaced since was in use until then.
func EntryInUse(p isms.Processing, day register.Day) bool {
	if gone(p.Record, day) || p.ApprovedOn > day || p.EndedOn != "" && p.EndedOn <= day {
		return false
	}
	switch p.State {
	case isms.ProcessingActive:
		return true
	case isms.ProcessingEnded, isms.ProcessingReplaced:
		return p.ApprovedOn != "" && p.EndedOn != ""
	}
	return false
}

// EntryStands reports whether the entry is there on the day, approved or not yet: whoever looks for what lacks an entry
// must not be sent to write a second one.
func EntryStands(p isms.Processing, day register.Day) bool {
	written := p.State == isms.ProcessingDraft || p.State == isms.ProcessingChecked
	return EntryInUse(p, day) || written && !gone(p.Record, day)
}

// currentMonths is for how long a word that an entry or an assessment is right holds: a year, as the inventory is
// yearly.
const currentMonths = 12

// Current reports whether something that was last vouched for on a day still counts as looked after.
func Current(last, day register.Day) bool {
	return last != "" && last <= day && day <= last.AddMonths(currentMonths)
}

// LastWord gives, for each entry, the last day up to and with the given one on which somebody vouched for it: its owner
// by a confirmation, or the controller by the approval.
func LastWord(r Records, day register.Day) map[string]register.Day {
	last := map[string]register.Day{}
	for _, p := range r.Processings {
		if p.ApprovedOn != "" && p.ApprovedOn <= day {
			last[p.ID] = p.ApprovedOn
		}
	}
	for _, c := range r.Confirmations {
		if c.Day <= day && !gone(c.Record, day) && c.Outcome != isms.ConfirmedEnded {
			last[string(c.Processing)] = max(last[string(c.Processing)], c.Day)
		}
	}
	return last
}

// ProcessingsComplete is the share of entries in use that lack no compulsory field.
func ProcessingsComplete(r Records, day register.Day) Figure {
	return ofEntries("processings_complete", r, day, func(p isms.Processing) bool { return len(p.Missing()) == 0 })
}

// ProcessingsConfirmed is the share of entries in use that their owner has confirmed, or the controller approved,
// within the last twelve months.
func ProcessingsConfirmed(r Records, day register.Day) Figure {
	last := LastWord(r, day)
	return ofEntries("processings_confirmed", r, day, func(p isms.Processing) bool { return Current(last[p.ID], day) })
}

// ProcessingsLinked is the share of entries in use that name at least one system that the data are in.
func ProcessingsLinked(r Records, day register.Day) Figure {
	return ofEntries("processings_linked", r, day, func(p isms.Processing) bool { return len(p.Systems) > 0 })
}

func ofEntries(key string, r Records, day register.Day, hit func(isms.Processing) bool) Figure {
	var counted, of []string
	for _, p := range r.Processings {
		if !EntryInUse(p, day) {
			continue
		}
		of = append(of, p.ID)
		if hit(p) {
			counted = append(counted, p.ID)
		}
	}
	return share(key, "processing", "processing", day, counted, of)
}

// SystemsWithoutProcessing is the share of systems in use with personal data that no entry names. A system of which it
// is not known whether it holds personal data is in neither number; it is listed as unclear.
func SystemsWithoutProcessing(r Records, day register.Day) Figure {
	named := map[register.Ref[isms.System]]bool{}
	for _, p := range r.Processings {
		if EntryStands(p, day) {
			for _, s := range p.Systems {
				named[s] = true
			}
		}
	}
	var counted, of, unclear []string
	for _, s := range r.Systems {
		switch {
		case !used(s, day) || s.PersonalData == isms.NoPersonalData:
		case s.PersonalData == "":
			unclear = append(unclear, s.ID)
		default:
			of = append(of, s.ID)
			if !named[register.Ref[isms.System](s.ID)] {
				counted = append(counted, s.ID)
			}
		}
	}
	f := share("systems_without_processing", "personal_data_system", "system", day, counted, of)
	f.Unclear = unclear
	return f
}

// DPIAMissing is the share of the entries in use that need an impact assessment and have no decided one. An entry
// without a threshold test, or with one that is not answered far enough to tell, is in neither number; it is listed as
// unclear.
func DPIAMissing(r Records, day register.Day) Figure {
	state := DPIAStates(r, day)
	var counted, of, unclear []string
	for _, p := range r.Processings {
		if !EntryInUse(p, day) || p.Role == isms.Processor {
			continue
		}
		switch s := state[p.ID]; {
		case !s.Known:
			unclear = append(unclear, p.ID)
		case s.Needed:
			of = append(of, p.ID)
			if !s.Decided {
				counted = append(counted, p.ID)
			}
		}
	}
	f := share("dpia_missing", "dpia_processing", "processing", day, counted, of)
	f.Unclear = unclear
	return f
}

// DPIAState is what the impact assessments of one entry say together on a day.
type DPIAState struct {
	Known   bool // the threshold test tells whether an assessment is needed
	Needed  bool
	Decided bool
}

// DPIAStates gives the state of each entry that has any assessment or threshold test.
func DPIAStates(r Records, day register.Day) map[string]DPIAState {
	states := map[string]DPIAState{}
	for _, d := range r.DPIAs {
		if gone(d.Record, day) {
			continue
		}
		s := states[string(d.Processing)]
		needed := d.Needed()
		s.Known, s.Needed = s.Known || needed != "", s.Needed || needed == isms.Yes
		s.Decided = s.Decided || d.State == isms.DPIADecided && d.DecidedOn != "" && d.DecidedOn <= day
		states[string(d.Processing)] = s
	}
	return states
}

// RequestsInTime is the share of the requests from data subjects that were answered in time, among those received in
// the twelve months before the day whose answer has come or whose last day has passed.
func RequestsInTime(r Records, day register.Day) Figure {
	var counted, of []string
	for _, q := range r.SubjectRequests {
		if gone(q.Record, day) || q.ReceivedOn > day || q.ReceivedOn <= day.AddMonths(-12) {
			continue
		}
		_, last := q.Due()
		answered := q.AnsweredOn != "" && q.AnsweredOn <= day
		if last == "" || !answered && day <= last {
			continue
		}
		of = append(of, q.ID)
		if answered && q.AnsweredOn <= last {
			counted = append(counted, q.ID)
		}
	}
	return share("requests_in_time", "subject_request", "subject_request", day, counted, of)
}
