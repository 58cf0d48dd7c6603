// SPDX-License-Identifier: EUPL-1.2

package law

import "errors"

// Secrecy is what a rule of secrecy says beside what it protects. A rule that has it can be cited when a record or a field is
// marked; the mark is a warning and never a decision.
type Secrecy struct {
	Test     HarmTest `yaml:"test"`
	MaxYears int      `yaml:"max_years"` // 0 where the text that was read states none
	Silences bool     `yaml:"silences"`  // the duty of silence goes before the right to inform the media
}

// HarmTest is the kind of harm that decides whether information is secret.
type HarmTest string

// The tests.
const (
	Straight     HarmTest = "straight"     // public unless harm can be assumed
	Considerable HarmTest = "considerable" // public unless considerable harm must be assumed
	Reverse      HarmTest = "reverse"      // secret unless it is clear that there is no harm
	ForReason    HarmTest = "for_reason"   // secret where special reasons say so
	NotRead      HarmTest = "not_read"     // the test has not been read
)

// SecrecyRules returns the rules of secrecy that bind on the day, by key.
func (b *Book) SecrecyRules(day string) []Provision {
	var all []Provision
	for _, p := range b.On(day) {
		if p.Secrecy != nil {
			all = append(all, p)
		}
	}
	return all
}

func (s *Secrecy) check() error {
	if s == nil {
		return nil
	}
	switch s.Test {
	case Straight, Considerable, Reverse, ForReason, NotRead:
	default:
		return errors.New("unknown test of harm")
	}
	if s.MaxYears < 0 {
		return errors.New("secret for less than no time")
	}
	return nil
}
