// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"errors"
	"fmt"
	"slices"
)

// Fact is something about an incident that thresholds ask for.
type Fact struct {
	Key  string   `yaml:"key"`
	Kind FactKind `yaml:"kind"`
	Ask  Text     `yaml:"ask"` // the question to whoever enters it
}

// FactKind says what a fact's number means.
type FactKind string

// The kinds of facts.
const (
	FactHours  FactKind = "hours"  // elapsed, with fractions
	FactNumber FactKind = "number" // a count
	FactSEK    FactKind = "sek"    // whole kronor
	FactShare  FactKind = "share"  // percent
	FactYes    FactKind = "yes"    // 1 for yes, 0 for no
)

// Facts are what somebody has entered about an incident, by key. What is left out is not known, which is another thing than 0.
type Facts map[string]float64

// Condition is one thing that must be so. It has one limit.
type Condition struct {
	Fact    string   `yaml:"fact"`
	Over    *float64 `yaml:"over"`     // the fact is more than this
	AtLeast *float64 `yaml:"at_least"` // the fact is this or more
	Yes     bool     `yaml:"yes"`      // the fact is so
	Of      string   `yaml:"of"`       // the limit is in percent of this other fact
}

// Threshold is a circumstance that makes an incident significant when all its conditions are met. That they are not met
// never makes it insignificant: an incident is also significant for what it can cause, which only a person can judge.
type Threshold struct {
	Span        `yaml:",inline"`
	Key         string      `yaml:"key"`
	Sector      string      `yaml:"sector"` // "" for all sectors
	Rule        string      `yaml:"rule"`   // key of the rule that sets it
	Title       Text        `yaml:"title"`
	When        []Condition `yaml:"when"`
	Source      string      `yaml:"source"`
	ReadIn      []string    `yaml:"read_in"`
	VerifiedOn  string      `yaml:"verified_on"`
	Reliability Reliability `yaml:"reliability"`
	Own         *Override   `yaml:"-"` // the administrator's record that made this version, nil for the embedded ones
}

// Result is what the entered facts say of a threshold.
type Result string

// The results. Neither of the latter two means that the incident is not significant.
const (
	Reached    Result = "reached"
	NotReached Result = "not_reached"
	Unknown    Result = "unknown" // a fact is missing
)

// Tested is a threshold held against the facts.
type Tested struct {
	Threshold
	Result    Result
	Missing   []string // the facts that would decide it
	Strictest bool     // reached, and no other reached threshold for the same fact has a lower limit
}

// Test holds the facts against every threshold of the day for all sectors and for those named, one by one. It says what is
// reached; it never says that an incident is not significant, since no set of thresholds can. Sectors without thresholds of
// their own must be judged by a person whatever the result: see Unmeasured.
func (b *Book) Test(facts Facts, sectors []string, day string) []Tested {
	var all []Tested
	lowest := map[string]float64{}
	for _, t := range b.thresholds {
		if !t.InForce(day) || t.Sector != "" && !slices.Contains(sectors, t.Sector) {
			continue
		}
		one := t.test(facts)
		if limit, seen := lowest[t.lead()]; one.Result == Reached && (!seen || t.limit() < limit) {
			lowest[t.lead()] = t.limit()
		}
		all = append(all, one)
	}
	for i, one := range all {
		all[i].Strictest = one.Result == Reached && one.limit() == lowest[one.lead()]
	}
	return all
}

// Unmeasured returns those of the sectors that no threshold of their own is known for on the day.
func (b *Book) Unmeasured(sectors []string, day string) []string {
	return slices.DeleteFunc(slices.Clone(sectors), func(sector string) bool {
		return slices.ContainsFunc(b.thresholds, func(t Threshold) bool { return t.Sector == sector && t.InForce(day) })
	})
}

// FactsFor returns the facts that the thresholds of the day ask for in the sectors, in the order of the data.
func (b *Book) FactsFor(sectors []string, day string) []Fact {
	asked := map[string]bool{}
	for _, one := range b.Test(nil, sectors, day) {
		for _, key := range one.Missing {
			asked[key] = true
		}
	}
	var list []Fact
	for _, f := range b.facts {
		if asked[f.Key] {
			list = append(list, f)
		}
	}
	return list
}

// lead and limit are the fact that a threshold is mainly about, and how much of it is too much.
func (t Threshold) lead() string { return t.When[0].Fact }

func (t Threshold) limit() float64 {
	limit, _ := t.When[0].limit()
	return limit
}

// test is strict in order: a condition known not to be met decides, else a missing fact leaves it open.
func (t Threshold) test(facts Facts) Tested {
	one := Tested{Threshold: t, Result: Reached}
	failed := false
	for _, c := range t.When {
		met, missing := c.met(facts)
		one.Missing = append(one.Missing, missing...)
		failed = failed || len(missing) == 0 && !met
	}
	switch {
	case failed:
		one.Result, one.Missing = NotReached, nil
	case len(one.Missing) > 0:
		one.Result = Unknown
	}
	return one
}

func (c Condition) met(facts Facts) (met bool, missing []string) {
	value, known := facts[c.Fact]
	if !known {
		missing = append(missing, c.Fact)
	}
	limit, over := c.limit()
	if c.Of != "" {
		whole, known := facts[c.Of]
		if !known {
			missing = append(missing, c.Of)
		}
		value, limit = value*100, limit*whole
	}
	return value > limit || !over && value == limit, missing
}

func (c Condition) limit() (limit float64, over bool) {
	switch {
	case c.Over != nil:
		return *c.Over, true
	case c.AtLeast != nil:
		return *c.AtLeast, false
	}
	return 1, false
}

func (b *Book) checkThresholds() error {
	kinds := map[string]FactKind{}
	for _, f := range b.facts {
		if _, twice := kinds[f.Key]; twice || !keyShape.MatchString(f.Key) || !f.Ask.whole() {
			return fmt.Errorf("the fact %q comes twice or lacks its question", f.Key)
		}
		if !slices.Contains([]FactKind{FactHours, FactNumber, FactSEK, FactShare, FactYes}, f.Kind) {
			return fmt.Errorf("the fact %q is of the unknown kind %q", f.Key, f.Kind)
		}
		kinds[f.Key] = f.Kind
	}
	for i, t := range b.thresholds {
		if err := b.checkThreshold(t, kinds); err != nil {
			return fmt.Errorf("the threshold %q: %w", t.Key, err)
		}
		if i > 0 && b.thresholds[i-1].Key == t.Key && (b.thresholds[i-1].To == "" || b.thresholds[i-1].To >= t.From) {
			return fmt.Errorf("the threshold %q comes twice on the same day", t.Key)
		}
	}
	return nil
}

func (b *Book) checkThreshold(t Threshold, kinds map[string]FactKind) error {
	_, sectorKnown := find(b.sectors, t.Sector)
	switch {
	case !keyShape.MatchString(t.Key) || !t.Title.whole():
		return errors.New("lacks a key or a title")
	case t.From == "" || t.Source == "" || len(t.ReadIn) == 0 || !isDay(t.VerifiedOn) || !slices.Contains(degrees, t.Reliability):
		return errors.New("lacks its first day, source, day of verification or reliability")
	case len(b.versions(t.Rule)) == 0:
		return fmt.Errorf("is set by the rule %q, which is none", t.Rule)
	case t.Sector != "" && !sectorKnown:
		return fmt.Errorf("is for the sector %q, which is none", t.Sector)
	case len(t.When) == 0:
		return errors.New("has no conditions")
	}
	for _, c := range t.When {
		forms := 0
		for _, has := range []bool{c.Over != nil, c.AtLeast != nil, c.Yes} {
			if has {
				forms++
			}
		}
		kind, known := kinds[c.Fact]
		switch limit, _ := c.limit(); {
		case !known || c.Of != "" && kinds[c.Of] == "":
			return fmt.Errorf("asks for the fact %q, which is none", c.Fact)
		case forms != 1 || c.Yes != (kind == FactYes) || limit < 0:
			return errors.New("a condition has not one limit that fits its fact")
		}
	}
	return firstOf(t.Span.check(), b.checkOrigins(t.ReadIn))
}
