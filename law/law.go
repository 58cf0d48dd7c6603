// SPDX-License-Identifier: EUPL-1.2

// Package law knows the statutory rules that information security in a Swedish municipality meets, as
// dated data with sources, and how statutes count time. It knows no register and decides nothing: it
// says what a rule demands, when it is in force, how far its text can be trusted, and when a period
// ends.
//
// The rules are the embedded files *.yaml. A rule is never changed for the past: when the law changes, the old rule
// gets its last day and a new one says what it replaces.
package law

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Text is a text in the program's two languages.
type Text struct {
	SV string `yaml:"sv"`
	EN string `yaml:"en"`
}

// In returns the text in the language "en", or else in Swedish.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.SV
}

// Kind says what a rule is.
type Kind string

// The kinds of rules.
const (
	Statute    Kind = "statute"    // a Swedish act or ordinance
	Regulation Kind = "regulation" // an EU regulation
	Directive  Kind = "directive"  // an EU directive: binds states, which make statutes of it
	Authority  Kind = "authority"  // regulations of a Swedish authority
	Demand     Kind = "demand"     // one demand of any of these
	Deadline   Kind = "deadline"   // one demand with a clock
	Decision   Kind = "decision"   // a decision in a matter: adequacy, a judgment, a committee's terms
)

// Reliability says how far a rule's text can be trusted.
type Reliability string

// The degrees of reliability. Only what was read in the statute's own text may be shown as law.
const (
	Read       Reliability = "read"       // read in the statute's own text or a full copy of it
	Secondary  Reliability = "secondary"  // read only in what others say of it
	Inferred   Reliability = "inferred"   // our conclusion from the text; a lawyer should confirm
	Unverified Reliability = "unverified" // could not be read anywhere
)

// Provision is one legal rule. Days are written 2006-01-02; an empty one is not known or, for To, not set.
type Provision struct {
	Key         string      `yaml:"key"`
	Kind        Kind        `yaml:"kind"`
	Title       Text        `yaml:"title"`
	Demands     Text        `yaml:"demands"` // in plain words of our own
	Source      string      `yaml:"source"`  // the statute and its section
	ReadIn      []string    `yaml:"read_in"` // keys of Origins
	VerifiedOn  string      `yaml:"verified_on"`
	AdoptedOn   string      `yaml:"adopted_on"`
	AdoptedBy   string      `yaml:"adopted_by"` // key of a body: see Provision.Adopter
	From        string      `yaml:"from"`       // first day in force; of a directive, the day from which states apply it
	To          string      `yaml:"to"`         // last day in force
	Reliability Reliability `yaml:"reliability"`
	ShowAsLaw   bool        `yaml:"show_as_law"`
	Replaces    []string    `yaml:"replaces"`
	Implements  []string    `yaml:"implements"` // directives that the statute carries out
	Recipients  []Recipient `yaml:"recipients"`
	Clock       *Clock      `yaml:"clock"`     // of deadlines only
	Threshold   int         `yaml:"threshold"` // of demands that begin at a number: the least that it takes; 0 for all others
	Note        Text        `yaml:"note"`      // what is uncertain
}

// InForce reports whether the rule is in force on the day. A rule whose first day is not known is never said
// to be.
func (p Provision) InForce(day string) bool {
	return p.From != "" && p.From <= day && (p.To == "" || day <= p.To)
}

// Adopter returns the body that adopted the rule, and whether it is known.
func (p Provision) Adopter() (Body, bool) {
	b, ok := data().bodies[p.AdoptedBy]
	return b, ok
}

// Recipient returns who receives what the rule says shall be sent on the day, and whether anybody is known to.
// A report sent earlier keeps the recipient of its own day.
func (p Provision) Recipient(day string) (Recipient, bool) {
	for _, r := range p.Recipients {
		if (r.From == "" || r.From <= day) && (r.To == "" || day <= r.To) {
			return r, true
		}
	}
	return Recipient{}, false
}

// Recipient is an authority or other party that receives a report, between two days.
type Recipient struct {
	Name        Text        `yaml:"name"`
	From        string      `yaml:"from"`
	To          string      `yaml:"to"`
	Reliability Reliability `yaml:"reliability"`
}

// Body is somebody who makes law.
type Body struct {
	Key  string   `yaml:"key"`
	Name Text     `yaml:"name"`
	Also []string `yaml:"also"` // other ways to write the name
}

// Is reports whether a text that somebody wrote names the body, blind to case and outer spaces.
func (b Body) Is(text string) bool {
	names := append([]string{b.Key, b.Name.SV, b.Name.EN}, b.Also...)
	return slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, strings.TrimSpace(text)) })
}

// Origin is where rules were read.
type Origin struct {
	Key  string `yaml:"key"`
	What string `yaml:"what"`
	URL  string `yaml:"url"`
}

// Calendar says how a period is counted.
type Calendar string

// The calendars. Hours are never lengthened by holidays.
const (
	Hours   Calendar = "hours"    // elapsed hours
	HoursEU Calendar = "hours_eu" // hours as Regulation 1182/71 counts them: from the next full hour
	Swedish Calendar = "se"       // days and months by the act 1930:173
	EU      Calendar = "eu"       // days and months by Regulation 1182/71
	Local   Calendar = "local"    // the length is set by somebody: the request, an instruction
)

// Clock is how long a rule gives, and from what.
type Clock struct {
	Starts   Text     `yaml:"starts"`
	Hours    int      `yaml:"hours"`
	Days     int      `yaml:"days"`
	Months   int      `yaml:"months"`
	Calendar Calendar `yaml:"calendar"`
}

var data = sync.OnceValue(mustLoad)

// Rules returns every rule, by key.
func Rules() []Provision { return slices.Clone(data().rules) }

// Rule returns the rule of that key.
func Rule(key string) (Provision, bool) {
	i, ok := data().index[key]
	if !ok {
		return Provision{}, false
	}
	return data().rules[i], true
}

// InForce reports whether the rule of that key is in force on the day. A rule that does not exist is not.
func InForce(key, day string) bool {
	p, ok := Rule(key)
	return ok && p.InForce(day)
}

// Origins returns where the rules were read, by key.
func Origins() []Origin { return slices.Clone(data().origins) }

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
