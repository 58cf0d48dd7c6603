// SPDX-License-Identifier: EUPL-1.2

// Package law knows the statutory rules that information security in a Swedish municipality meets, as
// dated data with sources, and how statutes count time. It knows no register and decides nothing: it
// says what a rule demands, when it is in force, how far its text can be trusted, and when a period
// ends.
//
// The rules are the embedded files *.yaml. A rule is never changed for the past: when the law changes, the old version
// gets its last day and a new one, of the same key where it is the same demand, begins. A Book holds them; an
// administrator's own records can be laid over it (Book.Over).
package law

import (
	"slices"
	"strings"
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
	Timed      Kind = "deadline"   // one demand with a clock
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

// Span is the days that something applies, written 2006-01-02: both are among them. An empty first day is not known; an
// empty last day is not set.
type Span struct {
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

// Covers reports whether nothing says that the day is outside. A span whose first day is not known reaches back without
// end: see InForce.
func (s Span) Covers(day string) bool {
	return s.From <= day && (s.To == "" || day <= s.To)
}

// InForce reports whether the day is inside. What has no known first day is never said to be in force.
func (s Span) InForce(day string) bool { return s.From != "" && s.Covers(day) }

// Provision is one version of a legal rule, with the days it is in force; a directive's first day is that from which states
// apply it.
type Provision struct {
	Span        `yaml:",inline"`
	Key         string      `yaml:"key"`
	Kind        Kind        `yaml:"kind"`
	Title       Text        `yaml:"title"`
	Demands     Text        `yaml:"demands"` // in plain words of our own
	Source      string      `yaml:"source"`  // the statute and its section
	ReadIn      []string    `yaml:"read_in"` // keys of Origins
	VerifiedOn  string      `yaml:"verified_on"`
	AdoptedOn   string      `yaml:"adopted_on"`
	AdoptedBy   string      `yaml:"adopted_by"` // key of a body: see Provision.Adopter
	Reliability Reliability `yaml:"reliability"`
	ShowAsLaw   bool        `yaml:"show_as_law"`
	Replaces    []string    `yaml:"replaces"`
	Implements  []string    `yaml:"implements"` // directives that the statute carries out
	Recipients  []Recipient `yaml:"recipients"`
	Clock       *Clock      `yaml:"clock"`     // of deadlines only
	Secrecy     *Secrecy    `yaml:"secrecy"`   // of rules of secrecy only
	Threshold   int         `yaml:"threshold"` // of demands that begin at a number: the least that it takes; 0 for all others
	Note        Text        `yaml:"note"`      // what is uncertain
	Own         *Override   `yaml:"-"`         // the administrator's record that made this version, nil for the embedded ones
}

// Version names the version of the rule, for a record that keeps what it was counted by: its first day, or "-" where that is
// not known, and the id of the administrator's record that made it.
func (p Provision) Version() string {
	v := p.From
	if v == "" {
		v = "-"
	}
	if p.Own != nil {
		v += "/" + p.Own.ID
	}
	return v
}

// Adopter returns the body that adopted the rule, and whether it is known.
func (p Provision) Adopter() (Body, bool) {
	b, ok := data().bodies[p.AdoptedBy]
	return b, ok
}

// Recipient is an authority or other party that receives a report, between two days. A report sent earlier keeps the
// recipient of its own day.
type Recipient struct {
	Span        `yaml:",inline"`
	Name        Text        `yaml:"name"`
	Body        string      `yaml:"body"` // key of a body, whose name is then that of the day
	By          string      `yaml:"by"`   // "sector": the authority that supervises the sector, found by Book.Recipients
	Source      string      `yaml:"source"`
	Reliability Reliability `yaml:"reliability"`
}

// Body is somebody who makes law, receives reports or supervises.
type Body struct {
	Key     string   `yaml:"key"`
	Name    Text     `yaml:"name"`
	Also    []string `yaml:"also"`    // other ways to write the name
	Earlier []Former `yaml:"earlier"` // in the order of time
}

// Former is a name that a body had, and its last day.
type Former struct {
	Name Text   `yaml:"name"`
	To   string `yaml:"to"`
}

// Called returns the body's name on the day.
func (b Body) Called(day string) Text {
	for _, f := range b.Earlier {
		if day <= f.To {
			return f.Name
		}
	}
	return b.Name
}

// Is reports whether a text that somebody wrote names the body, now or earlier, blind to case and outer spaces.
func (b Body) Is(text string) bool {
	names := append([]string{b.Key, b.Name.SV, b.Name.EN}, b.Also...)
	for _, f := range b.Earlier {
		names = append(names, f.Name.SV, f.Name.EN)
	}
	return slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, strings.TrimSpace(text)) })
}

// Origin is where rules were read.
type Origin struct {
	Key  string `yaml:"key"`
	What string `yaml:"what"`
	URL  string `yaml:"url"`
}

// Rules returns every version of every embedded rule, by key and first day.
func Rules() []Provision { return slices.Clone(data().rules) }

// Rule returns the latest version of the embedded rule of that key. For what a case of a certain day was bound by, and
// with the administrator's own records, ask Book.Rule.
func Rule(key string) (Provision, bool) {
	all := data().versions(key)
	if len(all) == 0 {
		return Provision{}, false
	}
	return all[len(all)-1], true
}

// InForce reports whether the embedded rule of that key is in force on the day. A rule that does not exist is not.
func InForce(key, day string) bool {
	p, ok := data().Rule(key, day)
	return ok && p.InForce(day)
}

// Origins returns where the rules were read, by key.
func Origins() []Origin { return slices.Clone(data().origins) }

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
