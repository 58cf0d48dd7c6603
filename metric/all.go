// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
)

// A family is a function that counts one or several figures, with the keys it counts.
type family struct {
	keys  []string
	count func(Records, register.Day) []Figure
}

func single(key string, count func(Records, register.Day) Figure) family {
	return family{[]string{key}, func(r Records, day register.Day) []Figure { return []Figure{r.OrRecorded(count(r, day))} }}
}

var families = []family{
	single("systems_classified", func(r Records, d register.Day) Figure { return Classified(r.Systems, r.Classifications, d) }),
	single("systems_ever_classified", func(r Records, d register.Day) Figure { return EverClassified(r.Systems, r.Classifications, d) }),
	single("systems_expired", func(r Records, d register.Day) Figure { return Expired(r.Systems, r.Classifications, d) }),
	single("processes_classified", func(r Records, d register.Day) Figure {
		return ProcessesClassified(r.Processes, r.Classifications, d)
	}),
	single("nis_processes_classified", func(r Records, d register.Day) Figure {
		return NISProcessesClassified(r.Processes, r.Classifications, d)
	}),
	single("sets_classified", func(r Records, d register.Day) Figure { return SetsClassified(r.Sets, r.Classifications, d) }),
	{[]string{FocusKey(isms.FocusNIS), FocusKey(isms.FocusLarge)}, focuses},
	{[]string{"measures_fulfilled"}, measured},
	single("processings_complete", ProcessingsComplete),
	single("processings_confirmed", ProcessingsConfirmed),
	single("processings_linked", ProcessingsLinked),
	single("systems_without_processing", SystemsWithoutProcessing),
	single("transfers_assessed", TransfersAssessed),
	single("transfers_dpf_alone", TransfersOnDPFAlone),
	{toolKeys, transfersByTool},
	single("dpia_missing", DPIAMissing),
	single("requests_in_time", RequestsInTime),
	single("documents_without_owner", func(r Records, d register.Day) Figure { return DocumentsWithoutOwner(r.Documents, d) }),
	single("documents_past_review", func(r Records, d register.Day) Figure { return DocumentsPastReview(r.Documents, d) }),
	{[]string{"recommendations_open"}, func(r Records, d register.Day) []Figure {
		var all []Figure
		for _, issuer := range Issuers() {
			all = append(all, RecommendationsOpen(r, issuer, d))
		}
		return all
	}},
	{[]string{"activities_planned", "activities_ongoing", "activities_done", "activities_moved", "activities_proposed",
		"activities_dropped"}, activities},
	{[]string{"deviations_found", "deviations_open"}, deviations},
	{controlKeys, InternalControl},
	{checkKeys, SpotChecks},
	{accessKeys, Access},
	{postKeys, Posts},
	{incidentKeys, Incidents},
	{deviceKeys, DeviceLosses},
	{[]string{"training_share"}, training},
	{[]string{"leaders_trained"}, leaders},
	{[]string{"employed"}, func(r Records, d register.Day) []Figure { return []Figure{Employed(r, d)} }},
}

// Keys lists the keys of all figures, in the order that All gives them.
func Keys() []string {
	var keys []string
	for _, f := range families {
		keys = append(keys, f.keys...)
	}
	return keys
}

// All counts every figure on the day, in a fixed order.
func All(r Records, day register.Day) []Figure {
	var all []Figure
	for _, f := range families {
		all = append(all, f.count(r, day)...)
	}
	return all
}

// Of counts the figures with the key on the day: one, or one for each year and part.
func Of(r Records, key string, day register.Day) []Figure {
	var all []Figure
	for _, f := range families {
		if !slices.Contains(f.keys, key) {
			continue
		}
		for _, g := range f.count(r, day) {
			if g.Key == key {
				all = append(all, g)
			}
		}
	}
	return all
}

// Same counts the same figure on another day, from the given records. It is not known where the records of that
// day have no such figure.
func Same(f Figure, r Records, day register.Day) Figure {
	for _, g := range Of(r, f.Key, day) {
		if g.ID() == f.ID() {
			return g
		}
	}
	return Figure{Key: f.Key, Year: f.Year, Part: f.Part, PartName: f.PartName, Unit: f.Unit, Day: day, Kind: f.Kind}
}

// Series counts the same figure on each of the days.
func Series(f Figure, r Records, days []register.Day) []Figure {
	list := make([]Figure, len(days))
	for i, day := range days {
		list[i] = Same(f, r, day)
	}
	return list
}

// RecordedDays lists the days, up to and with the given one, for which a figure with the key was recorded by hand.
func RecordedDays(r Records, key string, day register.Day) []register.Day {
	var days []register.Day
	for _, m := range r.Measurements {
		if string(m.Key) == key && m.Day <= day && !gone(m.Record, day) {
			days = append(days, m.Day)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}
