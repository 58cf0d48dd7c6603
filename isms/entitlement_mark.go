// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"
	"strings"
)

// What rules can say of a line of an entitlement list before anybody looks at it.
const (
	MarkLeaver     = "leaver"     // a live right of somebody whose employment has ended
	MarkUnemployed = "unemployed" // of somebody whom the staff list does not know
	MarkMoved      = "moved"      // to another unit since it was granted
	MarkDormant    = "dormant"    // not used for long
	MarkPrivileged = "privileged"
	MarkConflict   = "conflict" // with another right of the same person
	MarkShared     = "shared"   // an account that several use
)

// Marks lists them in their order.
var Marks = []string{MarkLeaver, MarkUnemployed, MarkMoved, MarkDormant, MarkPrivileged, MarkConflict, MarkShared}

// MarkSet is marks as bits, in the order of Marks.
type MarkSet uint8

func bitOf(kind string) MarkSet { return 1 << slices.Index(Marks, kind) }

var conflictBit, sharedBit = bitOf(MarkConflict), bitOf(MarkShared)

// Has reports whether the mark is one of the set.
func (s MarkSet) Has(kind string) bool { return s&bitOf(kind) != 0 }

// A Mark is what a rule says of a line, which of its reasons it has, and the facts of that reason: days, units, names.
type Mark struct {
	Kind  string
	Why   string
	Facts []string
}

// longestFact is how much of a fact a mark keeps, in characters.
const longestFact = 60

// String writes the mark as it is kept with a portion: leaver:ended:2026-08-31, moved:unit:KFN|TN.
func (m Mark) String() string {
	facts := make([]string, len(m.Facts))
	for i, f := range m.Facts {
		f = strings.ReplaceAll(f, "|", "/")
		if r := []rune(f); len(r) > longestFact {
			f = string(r[:longestFact-1]) + "…"
		}
		facts[i] = f
	}
	return strings.TrimRight(m.Kind+":"+m.Why+":"+strings.Join(facts, "|"), ":")
}

// ParseMark reads what String wrote. A mark that is only its kind has no reason.
func ParseMark(text string) Mark {
	kind, rest, _ := strings.Cut(text, ":")
	m := Mark{Kind: kind}
	why, facts, some := strings.Cut(rest, ":")
	m.Why = why
	if some {
		m.Facts = strings.Split(facts, "|")
	}
	return m
}
