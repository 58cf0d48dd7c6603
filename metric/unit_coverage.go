// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"ledsyn/isms"
	"ledsyn/register"
)

// UnitCoverage counts a coverage figure for every unit with the units below it, on each of the days, without the lists of
// records: what a table of many units or a curve over many days needs. Its numbers are those of the figure with the key.
func UnitCoverage(r Records, key string, days []register.Day) []map[string]Part {
	objects := coverable(r, key)
	chains := unitChains(r.Units)
	all := make([]map[string]Part, len(days))
	for i, day := range days {
		own := map[string]*Part{}
		for _, o := range objects {
			if !o.counts(day) {
				continue
			}
			p := own[o.unit]
			if p == nil {
				p = &Part{}
				own[o.unit] = p
			}
			p.Of++
			if o.valid(day) {
				p.Counted++
			}
		}
		all[i] = rolledUp(chains, own)
	}
	return all
}

// An object is something that can be classified, with its classifications.
type object struct {
	unit            string
	counts          func(register.Day) bool
	classifications []*isms.Classification
}

func (o object) valid(day register.Day) bool {
	for _, c := range o.classifications {
		if c.Valid(day) {
			return true
		}
	}
	return false
}

// coverable lists what the figure counts over.
func coverable(r Records, key string) []object {
	kind := CoverageKeys()[key]
	of := map[string][]*isms.Classification{}
	for i := range r.Classifications {
		c := &r.Classifications[i]
		if k, id := c.Object(); k == kind && c.State == isms.ClassificationDecided {
			of[id] = append(of[id], c)
		}
	}
	var list []object
	add := func(rec isms.Record, counts func(register.Day) bool) {
		list = append(list, object{rec.Unit, counts, of[rec.ID]})
	}
	there := func(rec isms.Record) func(register.Day) bool {
		return func(day register.Day) bool { return !gone(rec, day) }
	}
	switch kind {
	case "system":
		for _, s := range r.Systems {
			add(s.Record, func(day register.Day) bool { return used(s, day) })
		}
	case "process":
		for _, p := range r.Processes {
			add(p.Record, there(p.Record))
		}
	case "information_set":
		for _, s := range r.Sets {
			add(s.Record, there(s.Record))
		}
	}
	return list
}

// unitChains gives each unit's way up: itself, its parent and so on. A circle ends where it closes.
func unitChains(units []isms.Unit) map[string][]string {
	parent := map[string]string{}
	for _, u := range units {
		parent[u.ID] = string(u.Parent)
	}
	chains := map[string][]string{}
	for id := range parent {
		seen := map[string]bool{}
		for up := id; up != "" && !seen[up]; up = parent[up] {
			seen[up] = true
			chains[id] = append(chains[id], up)
		}
	}
	return chains
}

// rolledUp adds each unit's part to those of the units above it.
func rolledUp(chains map[string][]string, own map[string]*Part) map[string]Part {
	sum := map[string]Part{}
	for unit, p := range own {
		chain := chains[unit]
		if chain == nil {
			chain = []string{unit}
		}
		for _, up := range chain {
			s := sum[up]
			sum[up] = Part{s.Counted + p.Counted, s.Of + p.Of}
		}
	}
	return sum
}
