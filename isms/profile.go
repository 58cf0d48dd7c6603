// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"
	"strings"

	"ledsyn/register"
)

// Profile is a result with a level for each aspect: K3/R3/T2. Profiles are never added or averaged.
type Profile struct {
	Confidentiality, Integrity, Availability, Traceability Level
}

// Level is the profile's level in the aspect; "" is not classified.
func (p Profile) Level(a Aspect) Level {
	switch a {
	case Confidentiality:
		return p.Confidentiality
	case Integrity:
		return p.Integrity
	case Availability:
		return p.Availability
	}
	return p.Traceability
}

// With is the profile with another level in the aspect.
func (p Profile) With(a Aspect, l Level) Profile {
	switch a {
	case Confidentiality:
		p.Confidentiality = l
	case Integrity:
		p.Integrity = l
	case Availability:
		p.Availability = l
	case Traceability:
		p.Traceability = l
	}
	return p
}

// String is the compact notation, with S only where it was judged and - where a level is missing.
func (p Profile) String() string {
	var parts []string
	for _, a := range Aspects() {
		switch l := p.Level(a); {
		case l != "":
			parts = append(parts, a.Code()+string(l))
		case a != Traceability:
			parts = append(parts, a.Code()+"-")
		}
	}
	return strings.Join(parts, "/")
}

// Code is the aspect's letter in the compact notation.
func (a Aspect) Code() string {
	switch a {
	case Confidentiality:
		return "K"
	case Integrity:
		return "R"
	case Availability:
		return "T"
	}
	return "S"
}

// maxProfile is longer than any profile that somebody writes on purpose.
const maxProfile = 40

// ParseProfile reads the compact notation: K, R and T in any order and perhaps S, each with a level of any model or -,
// in capitals or small letters, with /, spaces or nothing between.
func ParseProfile(s string) (Profile, bool) {
	var p Profile
	if len(s) > maxProfile {
		return p, false
	}
	s = strings.ToUpper(strings.NewReplacer("/", "", " ", "", ",", "", "\u00a0", "").Replace(s))
	seen := map[Aspect]bool{}
	for len(s) >= 2 {
		i := slices.IndexFunc(Aspects(), func(a Aspect) bool { return a.Code() == s[:1] })
		if i < 0 || seen[Aspects()[i]] {
			return Profile{}, false
		}
		level := Level(s[1:2])
		if level == "-" {
			level = ""
		} else if !slices.Contains(level.Choices(), string(level)) {
			return Profile{}, false
		}
		seen[Aspects()[i]] = true
		p, s = p.With(Aspects()[i], level), s[2:]
	}
	if s != "" || !seen[Confidentiality] || !seen[Integrity] || !seen[Availability] {
		return Profile{}, false
	}
	return p, true
}

// CategoryLevel is the level of one category of consequences.
type CategoryLevel struct {
	Category Category
	Level    Level
}

// ParseBy reads the levels by category as a classification keeps them: economy=2 trust=3. Each category stands at most
// once.
func ParseBy(s string) ([]CategoryLevel, bool) {
	var list []CategoryLevel
	for _, word := range strings.Fields(s) {
		c, l, ok := strings.Cut(word, "=")
		cl := CategoryLevel{Category(c), Level(l)}
		twice := slices.ContainsFunc(list, func(o CategoryLevel) bool { return o.Category == cl.Category })
		if !ok || twice || !slices.Contains(cl.Category.Choices(), c) || !slices.Contains(cl.Level.Choices(), l) {
			return nil, false
		}
		list = append(list, cl)
	}
	return list, true
}

// FormatBy writes what ParseBy reads, in the order of the categories.
func FormatBy(list []CategoryLevel) string {
	var words []string
	for _, c := range Category("").Choices() {
		for _, cl := range list {
			if string(cl.Category) == c && cl.Level != "" {
				words = append(words, c+"="+string(cl.Level))
			}
		}
	}
	return strings.Join(words, " ")
}

// Worst is the highest level of any category, which decides; "" without any.
func Worst(list []CategoryLevel) Level {
	worst := Level("")
	for _, cl := range list {
		worst = max(worst, cl.Level)
	}
	return worst
}

// Judgement is what a classification says of one aspect.
type Judgement struct {
	Level  Level
	By     string // by category, as ParseBy reads it
	Motive string
}

// Judgement returns what the classification says of the aspect.
func (c Classification) Judgement(a Aspect) Judgement {
	level, by, motive := c.fields(a)
	return Judgement{*level, *by, *motive}
}

// SetJudgement makes the classification say so of the aspect.
func (c *Classification) SetJudgement(a Aspect, j Judgement) {
	level, by, motive := c.fields(a)
	*level, *by, *motive = j.Level, j.By, j.Motive
}

func (c *Classification) fields(a Aspect) (level *Level, by, motive *string) {
	switch a {
	case Confidentiality:
		return &c.Confidentiality, &c.ConfidentialityBy, &c.ConfidentialityMotive
	case Integrity:
		return &c.Integrity, &c.IntegrityBy, &c.IntegrityMotive
	case Availability:
		return &c.Availability, &c.AvailabilityBy, &c.AvailabilityMotive
	}
	return &c.Traceability, &c.TraceabilityBy, &c.TraceabilityMotive
}

// Profile is the classification's result.
func (c Classification) Profile() Profile {
	return Profile{c.Confidentiality, c.Integrity, c.Availability, c.Traceability}
}

// SetProfile sets the levels of all aspects.
func (c *Classification) SetProfile(p Profile) {
	c.Confidentiality, c.Integrity, c.Availability, c.Traceability = p.Confidentiality, p.Integrity, p.Availability, p.Traceability
}

// Stops reports whether the classification says anywhere that the information may concern Sweden's security, so that
// nothing about it may be kept.
func (c Classification) Stops() bool {
	m, ok := Model(c.Model)
	if !ok {
		m, _ = Model(CurrentModel)
	}
	for _, a := range Aspects() {
		j := c.Judgement(a)
		by, _ := ParseBy(j.By)
		if m.Stops(j.Level) || m.Stops(Worst(by)) {
			return true
		}
	}
	return false
}

// judgementWrong reports levels outside the model, levels by category that cannot be read, and a level lower than the
// worst category's, which decides.
func (c Classification) judgementWrong(m ClassificationModel, known bool) []register.Wrong {
	var wrong []register.Wrong
	for _, a := range Aspects() {
		j := c.Judgement(a)
		if j.Level == "" && c.State == ClassificationDecided && a != Traceability {
			wrong = append(wrong, register.Wrong{Field: string(a), Code: "decided_without"})
		}
		by, ok := ParseBy(j.By)
		if !ok {
			wrong = append(wrong, register.Wrong{Field: string(a) + "_by", Code: "categories", Args: []any{j.By}})
		}
		for _, l := range append([]CategoryLevel{{"", j.Level}}, by...) {
			if l.Level != "" && known && !m.Has(l.Level) {
				field := string(a)
				if l.Category != "" {
					field += "_by"
				}
				wrong = append(wrong, register.Wrong{Field: field, Code: "not_in_model", Args: []any{string(l.Level), c.Model}})
			}
		}
		if worst := Worst(by); j.Level != "" && j.Level < worst {
			wrong = append(wrong, register.Wrong{Field: string(a), Code: "below_worst", Args: []any{string(j.Level), string(worst)}})
		}
	}
	return wrong
}

func refTo(c Classification) register.Ref[Classification] { return register.Ref[Classification](c.ID) }
