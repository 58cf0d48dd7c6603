// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Override is an administrator's own record over an embedded rule, threshold or body, from a day on: what the law has become
// since the program was made, or what was read in the statute's own text where the program had it from others. Whatever is
// left empty stays as it was. It says where it was read and how far that can be trusted, as every rule does.
type Override struct {
	Span                    // From is required
	ID          string      // the record's own id, for versions to name
	Of          string      // key of the rule, threshold or body
	Repealed    bool        // the rule or threshold is no more in the days of the span
	Statute     string      // the statute and its section
	Source      string      // where it was read, in words or as an address; required
	VerifiedOn  string      // required
	Reliability Reliability // required
	Demands     Text        // of a rule
	Recipient   Text        // of a rule: who receives it instead; of a body: its new name
	Hours       int         // of a rule with a clock; at most one of the lengths
	Days        int
	WorkingDays int
	Months      int
	Calendar    Calendar // of a rule with a clock, when the way of counting changes
	Limit       *float64 // of a threshold: of its first condition
	Note        Text
}

// Fault is something wrong with an override: the field in words like valid_from, and a code that has words (wrong.CODE).
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
	p.Own, p.VerifiedOn, p.Reliability = &o, o.VerifiedOn, o.Reliability
	p.ShowAsLaw = o.Reliability == Read
	p.Source = cmp.Or(o.Statute, p.Source)
	p.Demands, p.Note = o.Demands.or(p.Demands), o.Note.or(p.Note)
	if o.Recipient.whole() {
		p.Recipients = []Recipient{{Name: o.Recipient, Reliability: o.Reliability}}
	}
	if p.Clock != nil {
		c := *p.Clock
		if o.lengths() > 0 {
			c.Hours, c.Days, c.WorkingDays, c.Months = o.Hours, o.Days, o.WorkingDays, o.Months
		}
		c.Calendar = cmp.Or(o.Calendar, c.Calendar)
		p.Clock = &c
	}
	return p
}

func (o Override) overThreshold(t Threshold) Threshold {
	t.Own, t.VerifiedOn, t.Reliability = &o, o.VerifiedOn, o.Reliability
	t.Source = cmp.Or(o.Statute, t.Source)
	if o.Limit != nil {
		t.When = slices.Clone(t.When)
		c := &t.When[0]
		if c.Over != nil {
			c.Over = o.Limit
		} else {
			c.AtLeast = o.Limit
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
	b.Earlier, b.Name = append(kept, old), o.Recipient
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
	var clock *Clock
	rules := slices.DeleteFunc(slices.Clone(b.versions(o.Of)), func(p Provision) bool { return !p.Covers(o.From) })
	if len(rules) > 0 {
		clock = rules[0].Clock
	}
	limits := slices.DeleteFunc(slices.Clone(b.thresholds), func(t Threshold) bool { return t.Key != o.Of || !t.Covers(o.From) })
	_, isBody := b.bodies[o.Of]

	wrong(len(rules)+len(limits) == 0 && !isBody, "of", "override_of_nothing")
	wrong(o.To != "" && (!isDay(o.To) || o.To < o.From), "valid_to", "override_day")
	wrong(isBody && o.To != "", "valid_to", "override_name_ends")
	wrong(o.Source == "", "source", "override_source")
	wrong(!isDay(o.VerifiedOn), "verified_on", "override_day")
	wrong(!slices.Contains(degrees, o.Reliability), "reliability", "override_reliability")
	wrong(!o.Demands.both() || len(rules) == 0 && o.Demands.whole(), "demands", "override_demands")
	wrong(!o.Recipient.both() || isBody != o.Recipient.whole() && len(rules) == 0, "recipient", "override_recipient")
	wrong(!o.Note.both(), "note", "override_note")
	wrong(o.Repealed && isBody, "repealed", "override_repealed")
	wrong(o.Limit != nil && (len(limits) == 0 || *o.Limit < 0 || limits[0].When[0].Yes), "limit", "override_limit")
	wrong(clock == nil && (o.lengths() > 0 || o.Calendar != ""), "length", "override_no_clock")
	if clock != nil && !o.Repealed {
		wrong(o.overRule(rules[0]).Clock.check() != nil || o.lengths() > 1, "length", "override_length")
	}
	return faults
}

// lengths counts the lengths that are given; a negative one is one too many.
func (o Override) lengths() int {
	n := 0
	for _, length := range []int{o.Hours, o.Days, o.WorkingDays, o.Months} {
		switch {
		case length < 0:
			n += 2
		case length > 0:
			n++
		}
	}
	return n
}

func (t Text) or(other Text) Text {
	if t.whole() {
		return t
	}
	return other
}

// both reports whether both languages or neither has words.
func (t Text) both() bool { return (t.SV == "") == (t.EN == "") }
