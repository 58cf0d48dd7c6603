// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"cmp"
	"errors"
	"slices"
	"sort"
	"time"
)

// Book is a set of rules, with what they rest on: the embedded ones, or those with an administrator's own laid over them. It
// is never changed after it was made, so that many may read it at once.
type Book struct {
	rules      []Provision // by key, then by first day
	bodies     map[string]Body
	origins    []Origin
	calendar   *calendar
	countries  map[string]Country
	sectors    []Place
	counties   []Place
	supervised []supervised
	reassigned []Override // of sectors; the last that covers a day counts
	facts      []Fact
	thresholds []Threshold // by key, then by first day
	forms      []Form
}

// What Deadline may find wrong.
var (
	ErrNoRule     = errors.New("law: there is no such rule")
	ErrNotInForce = errors.New("law: the rule has no version for the day")
	ErrNoLength   = errors.New("law: the rule sets no length")
)

// Embedded returns the book of the rules that the program comes with.
func Embedded() *Book { return data() }

func (b *Book) sort() {
	slices.SortStableFunc(b.rules, func(a, b Provision) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.From, b.From)) })
	slices.SortStableFunc(b.thresholds, func(a, b Threshold) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.From, b.From)) })
}

// versions returns the rule's versions, by first day.
func (b *Book) versions(key string) []Provision {
	first := sort.Search(len(b.rules), func(i int) bool { return b.rules[i].Key >= key })
	n := first
	for n < len(b.rules) && b.rules[n].Key == key {
		n++
	}
	return b.rules[first:n]
}

// Rule returns the version of the rule that a case of the day is bound by, and false where the rule does not exist or had
// ended or not yet begun. A version whose first day is not known counts from always; InForce still says no of it.
func (b *Book) Rule(key, day string) (Provision, bool) {
	for _, p := range b.versions(key) {
		if p.Covers(day) {
			return p, true
		}
	}
	return Provision{}, false
}

// On returns the rules that bind on the day, by key: those in force, and those whose first day is not known, of which
// InForce says no.
func (b *Book) On(day string) []Provision {
	var on []Provision
	for _, p := range b.rules {
		if p.Covers(day) {
			on = append(on, p)
		}
	}
	return on
}

// Body returns the authority or other body of that key, and whether it is known.
func (b *Book) Body(key string) (Body, bool) {
	one, ok := b.bodies[key]
	return one, ok
}

// Deadline counts the rule's clock from the trigger, by the version of the rule that binds on the day of the case; an empty
// day is that of the trigger in Sweden. It returns the version with it. The errors are ErrNoRule, ErrNotInForce and
// ErrNoLength: a rule without a clock, or one whose length somebody sets.
func (b *Book) Deadline(key string, trigger time.Time, day string) (Deadline, Provision, error) {
	if day == "" {
		day = trigger.In(stockholm).Format(time.DateOnly)
	}
	p, ok := b.Rule(key, day)
	switch {
	case !ok && len(b.versions(key)) == 0:
		return Deadline{}, Provision{}, ErrNoRule
	case !ok:
		return Deadline{}, Provision{}, ErrNotInForce
	case p.Clock == nil:
		return Deadline{}, p, ErrNoLength
	}
	due, ok := p.Clock.Due(trigger)
	if !ok {
		return Deadline{}, p, ErrNoLength
	}
	due.Rule, due.Version = p.Key, p.Version()
	return due, p, nil
}

// Recipients returns who receives what the rule says shall be sent on the day, each by its name of the day. Where the rule
// leaves it to the sector, they are the authorities that supervise the sectors, and the county matters; nobody is returned
// for a sector that is not known or not given.
func (b *Book) Recipients(p Provision, day string, sectors []string, county string) []Recipient {
	var all []Recipient
	for _, r := range p.Recipients {
		switch {
		case !r.Covers(day):
		case r.By == "sector":
			for _, sector := range sectors {
				s, ok := b.Supervisor(sector, county, day)
				if ok && !slices.ContainsFunc(all, func(r Recipient) bool { return r.Name == s.Name }) {
					all = append(all, s)
				}
			}
		default:
			all = append(all, b.named(r, day))
		}
	}
	return all
}

func (b *Book) named(r Recipient, day string) Recipient {
	if body, ok := b.bodies[r.Body]; ok {
		r.Name = body.Called(day)
	}
	return r
}
