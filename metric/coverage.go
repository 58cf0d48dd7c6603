// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"ledsyn/isms"
	"ledsyn/register"
)

// Classified is the share of systems in use on the day that have a decided classification which is still valid.
// Planned and retired systems are not counted.
func Classified(systems []isms.System, all []isms.Classification, day register.Day) Figure {
	valid, _ := standing(all, "system", day)
	return coverage("systems_classified", systems, valid, day)
}

// EverClassified is the share of systems in use that have at some time been classified, valid or not.
func EverClassified(systems []isms.System, all []isms.Classification, day register.Day) Figure {
	_, ever := standing(all, "system", day)
	return coverage("systems_ever_classified", systems, ever, day)
}

// Expired is the share of systems in use that have been classified but have no valid classification. With
// Classified it adds up to EverClassified.
func Expired(systems []isms.System, all []isms.Classification, day register.Day) Figure {
	valid, ever := standing(all, "system", day)
	for id := range valid {
		delete(ever, id)
	}
	return coverage("systems_expired", systems, ever, day)
}

func coverage(key string, systems []isms.System, hit map[string]bool, day register.Day) Figure {
	var counted, of []string
	for _, s := range systems {
		if !used(s, day) {
			continue
		}
		of = append(of, s.ID)
		if hit[s.ID] {
			counted = append(counted, s.ID)
		}
	}
	return share(key, "system", "system", day, counted, of)
}

// used adds the last day of use to the system's own rule.
func used(s isms.System, day register.Day) bool {
	return s.Used(day) && (s.InUseTo == "" || day <= s.InUseTo)
}

// ProcessesClassified is the share of processes with a valid classification of their own.
func ProcessesClassified(processes []isms.Process, all []isms.Classification, day register.Day) Figure {
	valid, _ := standing(all, "process", day)
	var counted, of []string
	for _, p := range processes {
		if gone(p.Record, day) {
			continue
		}
		of = append(of, p.ID)
		if valid[p.ID] {
			counted = append(counted, p.ID)
		}
	}
	return share("processes_classified", "process", "process", day, counted, of)
}

// NISProcessesClassified is the share of the processes covered by the cybersecurity law that have a valid
// classification. A process of which it is not known whether it is covered is in neither number; it is listed as
// unclear.
func NISProcessesClassified(processes []isms.Process, all []isms.Classification, day register.Day) Figure {
	valid, _ := standing(all, "process", day)
	var counted, of, unclear []string
	for _, p := range processes {
		switch {
		case gone(p.Record, day) || p.NISCovered == isms.No:
		case p.NISCovered == "":
			unclear = append(unclear, p.ID)
		default:
			of = append(of, p.ID)
			if valid[p.ID] {
				counted = append(counted, p.ID)
			}
		}
	}
	f := share("nis_processes_classified", "nis_process", "process", day, counted, of)
	f.Unclear = unclear
	return f
}

// SetsClassified is the share of information sets with a valid classification of their own.
func SetsClassified(sets []isms.InformationSet, all []isms.Classification, day register.Day) Figure {
	valid, _ := standing(all, "information_set", day)
	var counted, of []string
	for _, s := range sets {
		if gone(s.Record, day) {
			continue
		}
		of = append(of, s.ID)
		if valid[s.ID] {
			counted = append(counted, s.ID)
		}
	}
	return share("sets_classified", "information_set", "information_set", day, counted, of)
}

// standing returns the objects of the kind that have a valid classification on the day, and those that have ever
// had a decided one. A superseded classification was decided once, but is no longer valid.
func standing(all []isms.Classification, kind string, day register.Day) (valid, ever map[string]bool) {
	valid, ever = map[string]bool{}, map[string]bool{}
	for _, c := range all {
		k, id := c.Object()
		if k != kind || gone(c.Record, day) {
			continue
		}
		decided := c.State == isms.ClassificationDecided || c.State == isms.ClassificationSuperseded
		if decided && c.DecidedOn != "" && c.DecidedOn <= day {
			ever[id] = true
		}
		if c.Valid(day) {
			valid[id] = true
			ever[id] = true
		}
	}
	return valid, ever
}

// OrRecorded returns the figure, or where the registers hold nothing to count it from, the latest figure recorded
// by hand for the same thing on or before its day.
func (r Records) OrRecorded(f Figure) Figure {
	if f.Known {
		return f
	}
	var last *isms.Measurement
	for i, m := range r.Measurements {
		if string(m.Key) != f.Key || m.Day > f.Day || gone(m.Record, f.Day) {
			continue
		}
		if last == nil || m.Day > last.Day || m.Day == last.Day && m.ID > last.ID {
			last = &r.Measurements[i]
		}
	}
	if last == nil {
		return f
	}
	return Figure{Key: f.Key, Unit: f.Unit, Day: last.Day, Kind: "measurement", Counted: []string{last.ID},
		Of: []string{last.ID}, Numerator: last.Numerator, Denominator: last.Denominator, Share: last.Value,
		Known: true, Recorded: true, Source: last.Source, Unclear: f.Unclear}.settled()
}

// settled makes a recorded figure unknown if it has no share after all: a denominator of 0 and no value.
func (f Figure) settled() Figure {
	if n, _ := f.Denominator.Known(); n == 0 {
		f.Denominator = register.Count{}
	}
	f.Known = true // Percent asks for it
	f.Known = f.Percent().IsKnown()
	return f
}
