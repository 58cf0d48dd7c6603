// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Override is an administrator's own record over an embedded rule, threshold, sector or body, from a day on: what the law has become
// since the program was made, or what was read in the statute's own text where the program had it from others. Whatever is
// left empty stays as it was. It says where it was read and how far that can be trusted, as every rule does.
type Override struct {
	Span                    // From is required
	ID          string      // the record's own id, for versions to name
	Of          string      // key of the rule, threshold, sector or body
	Repealed    bool        // the rule or threshold is no more in the days of the span
	Statute     string      // the statute and its section
	Source      string      // where it was read, in words or as an address; required
	VerifiedOn  string      // required unless it is unverified
	Reliability Reliability // required
	Demands     Text        // of a rule; here and below, what is not given in English is as in Swedish
	Recipient   Text        // of a rule: who receives it instead; of a sector: who supervises it; of a body: its new name
	Amount      int         // the length of a rule's clock, or the limit of a threshold's first condition
	Unit        Unit        // of a rule with a clock, when the length is given in another unit than before
	Calendar    Calendar    // of a rule with a clock, when the way of counting changes
	Note        Text
}

// Unit is the unit of a clock's length.
type Unit string

// The units.
const (
	InHours       Unit = "hours"
	InDays        Unit = "days"
	InWorkingDays Unit = "working_days"
	InMonths      Unit = "months"
)

// Fault is something wrong with an override: the field (rule, valid_from, valid_to, source, checked_on, reliability, recipient,
// amount or repealed) and a code that has words (wrong.CODE).
type Fault struct {
	Field, Code string
}

// FaultError is returned by Over for the first override that has faults.
type FaultError struct {
	ID     string
	Faults []Fault
}

func (e FaultError) Error() string {
	return "law: the override " + e.ID + ": " + e.Faults[0].Field + ": " + e.Faults[0].Code
}

// Over returns a book with the overrides laid over this one, in the order given: where two meet, the later one counts. Each
// version that an override covers in part is cut, so that days outside it keep what they had. Nothing is laid if an override
// has faults.
func (b *Book) Over(own []Override) (*Book, error) {
	over := *b
	over.bodies = maps.Clone(b.bodies)
	for _, o := range own {
		if faults := over.Faults(o); len(faults) > 0 {
			return nil, FaultError{o.ID, faults}
		}
		over.rules = cut(over.rules, o, o.overRule)
		over.thresholds = cut(over.thresholds, o, o.overThreshold)
		if body, ok := over.bodies[o.Of]; ok {
			over.bodies[o.Of] = o.overBody(body)
		}
		if _, ok := find(over.sectors, o.Of); ok {
			over.reassigned = append(slices.Clone(over.reassigned), o)
		}
		over.sort()
	}
	return &over, nil
}

// spanned is what an override may lie over.
type spanned interface {
	Provision | Threshold
}

// identity returns the key and the days of what an override may lie over, to read and to set.
func identity[T spanned](v *T) (string, *Span) {
	switch v := any(v).(type) {
	case *Provision:
		return v.Key, &v.Span
	case *Threshold:
		return v.Key, &v.Span
	}
	panic("law: not spanned")
}

// cut divides the versions that the override covers: what is before it, what it changes, and what is after it.
func cut[T spanned](versions []T, o Override, change func(T) T) []T {
	var out []T
	for _, v := range versions {
		key, span := identity(&v)
		was := *span
		if key != o.Of || o.To != "" && was.From > o.To || was.To != "" && was.To < o.From {
			out = append(out, v)
			continue
		}
		add := func(s Span, v T) {
			_, span := identity(&v)
			*span = s
			out = append(out, v)
		}
		if was.From < o.From {
			add(Span{was.From, next(o.From, -1)}, v)
		}
		if !o.Repealed {
			add(Span{max(was.From, o.From), earlier(was.To, o.To)}, change(v))
		}
		if o.To != "" && (was.To == "" || was.To > o.To) {
			add(Span{next(o.To, 1), was.To}, v)
		}
	}
	return out
}

// earlier returns the earlier of two last days, where empty is never.
func earlier(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

func next(day string, n int) string {
	t, _ := time.Parse(time.DateOnly, day)
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

func (o Override) overRule(p Provision) Provision {
	p.Own = &o
	p.Source = cmp.Or(o.Statute, p.Source)
	p.Demands, p.Note = cmp.Or(o.Demands.filled(), p.Demands), cmp.Or(o.Note.filled(), p.Note)
	if o.Recipient.SV == "" || o.Statute != "" || o.Demands.SV != "" || o.Amount > 0 || o.Calendar != "" {
		// Another recipient alone says nothing of how far the rule itself can be trusted.
		p.VerifiedOn, p.Reliability, p.ShowAsLaw = o.VerifiedOn, o.Reliability, o.Reliability == Read
	}
	if o.Recipient.SV != "" {
		p.Recipients = []Recipient{{Name: o.Recipient.filled(), Source: o.Source, Reliability: o.Reliability}}
	}
	if p.Clock != nil {
		c := o.overClock(*p.Clock)
		p.Clock = &c
	}
	return p
}

func (o Override) overClock(c Clock) Clock {
	c.Calendar = cmp.Or(o.Calendar, c.Calendar)
	if o.Amount == 0 {
		return c
	}
	unit := cmp.Or(o.Unit, c.unit())
	c.Hours, c.Days, c.WorkingDays, c.Months = 0, 0, 0, 0
	*c.length(unit) = o.Amount
	return c
}

// length returns where the clock keeps a length of the unit. An unknown unit has a place that nobody reads.
func (c *Clock) length(u Unit) *int {
	switch u {
	case InHours:
		return &c.Hours
	case InDays:
		return &c.Days
	case InWorkingDays:
		return &c.WorkingDays
	case InMonths:
		return &c.Months
	}
	return new(int)
}

func (c *Clock) unit() Unit {
	for _, u := range []Unit{InHours, InDays, InWorkingDays, InMonths} {
		if *c.length(u) > 0 {
			return u
		}
	}
	return ""
}

func (o Override) overThreshold(t Threshold) Threshold {
	t.Own, t.VerifiedOn, t.Reliability = &o, o.VerifiedOn, o.Reliability
	t.Source = cmp.Or(o.Statute, t.Source)
	if o.Amount > 0 {
		t.When = slices.Clone(t.When)
		c, limit := &t.When[0], float64(o.Amount)
		if c.Over != nil {
			c.Over = &limit
		} else {
			c.AtLeast = &limit
		}
	}
	return t
}

// overBody gives the body its new name. What it was called until then is kept for the days before; names that began later
// are forgotten.
func (o Override) overBody(b Body) Body {
	until := next(o.From, -1)
	old := Former{b.Called(until), until}
	kept := slices.Clone(b.Earlier)
	kept = slices.DeleteFunc(kept, func(f Former) bool { return f.To >= until })
	b.Earlier, b.Name = append(kept, old), o.Recipient.filled()
	return b
}

// Faults returns what is wrong with the override over this book, in the order of its fields.
func (b *Book) Faults(o Override) []Fault {
	var faults []Fault
	wrong := func(bad bool, field, code string) {
		if bad {
			faults = append(faults, Fault{field, code})
		}
	}
	if !isDay(o.From) { // what it lies over depends on the day
		return []Fault{{"valid_from", "override_day"}}
	}
	rules := slices.DeleteFunc(slices.Clone(b.versions(o.Of)), func(p Provision) bool { return !p.Covers(o.From) })
	limits := slices.DeleteFunc(slices.Clone(b.thresholds), func(t Threshold) bool { return t.Key != o.Of || !t.Covers(o.From) })
	_, isBody := b.bodies[o.Of]
	_, isSector := find(b.sectors, o.Of)
	named := isBody || isSector

	wrong(len(rules)+len(limits) == 0 && !named, "rule", "override_of_nothing")
	wrong(o.To != "" && (!isDay(o.To) || o.To < o.From), "valid_to", "override_day")
	wrong(isBody && o.To != "", "valid_to", "override_name_ends")
	wrong(o.Source == "", "source", "override_source")
	wrong(o.VerifiedOn != "" && !isDay(o.VerifiedOn) || o.VerifiedOn == "" && o.Reliability != Unverified, "checked_on", "override_day")
	wrong(!slices.Contains(degrees, o.Reliability), "reliability", "override_reliability")
	wrong(named && o.Recipient.SV == "", "recipient", "override_recipient")
	wrong(len(limits) > 0 && o.Recipient.SV != "", "recipient", "override_no_recipient")
	wrong(o.Repealed && named, "repealed", "override_repealed")
	wrong(!o.fits(rules, limits), "amount", "override_amount")
	return faults
}

// fits reports whether what the override lies over has the length or limit that it changes.
func (o Override) fits(rules []Provision, limits []Threshold) bool {
	plain := o.Unit == "" && o.Calendar == ""
	switch {
	case o.Amount < 0:
		return false
	case o.Amount == 0 && plain:
		return true
	case len(rules) > 0 && rules[0].Clock != nil:
		clock := o.overClock(*rules[0].Clock)
		lost := o.Amount > 0 && clock.unit() == "" || o.Amount == 0 && o.Unit != "" // a length without a unit, a unit without a length
		return !lost && clock.check() == nil
	case len(limits) > 0:
		return plain && !limits[0].When[0].Yes
	}
	return false
}

// filled is the text with the Swedish words where the English ones are left out.
func (t Text) filled() Text {
	return Text{t.SV, cmp.Or(t.EN, t.SV)}
}
