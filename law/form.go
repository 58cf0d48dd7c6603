// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"errors"
	"fmt"
	"slices"
)

// Form is what a report shall contain, in the order that its receiver asks for it. It names no form of the program's own: each field is
// what somebody copies into the receiver's.
type Form struct {
	Span        `yaml:",inline"`
	Key         string      `yaml:"key"`
	Rules       []string    `yaml:"rules"` // keys of the rules that demand the report
	Title       Text        `yaml:"title"`
	Source      string      `yaml:"source"`
	ReadIn      []string    `yaml:"read_in"`
	VerifiedOn  string      `yaml:"verified_on"`
	Reliability Reliability `yaml:"reliability"`
	Note        Text        `yaml:"note"`
	Fields      []FormField `yaml:"fields"`
}

// FormField is one thing that a report shall contain.
type FormField struct {
	Key    string `yaml:"key"`    // the same in every form for the same thing
	Number string `yaml:"number"` // the receiver's own number, "" where none is known
	Label  Text   `yaml:"label"`
	Long   bool   `yaml:"long"` // a text of several lines
}

// Form returns what a report that the rule demands shall contain on the day, and whether it is known.
func (b *Book) Form(rule, day string) (Form, bool) {
	for _, f := range b.forms {
		if slices.Contains(f.Rules, rule) && f.Covers(day) {
			return f, true
		}
	}
	return Form{}, false
}

// Forms returns every form, in the order of the data.
func (b *Book) Forms() []Form { return slices.Clone(b.forms) }

// Field returns the field of that key, and whether the form has it.
func (f Form) Field(key string) (FormField, bool) {
	i := slices.IndexFunc(f.Fields, func(one FormField) bool { return one.Key == key })
	if i < 0 {
		return FormField{}, false
	}
	return f.Fields[i], true
}

func (b *Book) checkForms() error {
	for i, f := range b.forms {
		if err := b.checkForm(f); err != nil {
			return fmt.Errorf("the form %q: %w", f.Key, err)
		}
		for _, g := range b.forms[:i] {
			meet := (g.To == "" || f.From <= g.To) && (f.To == "" || g.From <= f.To)
			if meet && slices.ContainsFunc(f.Rules, func(rule string) bool { return slices.Contains(g.Rules, rule) }) {
				return fmt.Errorf("the forms %q and %q are for the same rule and day", g.Key, f.Key)
			}
		}
	}
	return nil
}

func (b *Book) checkForm(f Form) error {
	switch {
	case !keyShape.MatchString(f.Key) || !f.Title.whole() || len(f.Rules) == 0 || len(f.Fields) == 0:
		return errors.New("lacks a key, a title, a rule or its fields")
	case f.Source == "" || len(f.ReadIn) == 0 || !isDay(f.VerifiedOn) || !slices.Contains(degrees, f.Reliability):
		return errors.New("lacks its source, day of verification or reliability")
	case (f.Note.SV == "") != (f.Note.EN == ""):
		return errors.New("the note lacks a language")
	}
	for _, rule := range f.Rules {
		if len(b.versions(rule)) == 0 {
			return fmt.Errorf("is for the rule %q, which is none", rule)
		}
	}
	for i, one := range f.Fields {
		if !keyShape.MatchString(one.Key) || !one.Label.whole() {
			return errors.New("a field lacks its key or label")
		}
		if slices.ContainsFunc(f.Fields[:i], func(other FormField) bool { return other.Key == one.Key }) {
			return fmt.Errorf("the field %q comes twice", one.Key)
		}
	}
	return firstOf(f.Span.check(), b.checkOrigins(f.ReadIn))
}
