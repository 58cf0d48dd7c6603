// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"cmp"
	"errors"
	"maps"
	"regexp"
	"slices"
)

// Country is a country or territory with letters of its own, and where it stands to the GDPR.
type Country struct {
	Code     string `yaml:"code"` // ISO 3166-1 alpha-2
	Name     Text   `yaml:"name"`
	EU       bool   `yaml:"eu"`
	EEA      bool   `yaml:"eea"`      // in the EEA but not the EU
	Adequacy string `yaml:"adequacy"` // key of the rule by which the level of protection is adequate, "" for none
}

// Third reports whether the country is a third country: one where the GDPR does not apply.
func (c Country) Third() bool { return !c.EU && !c.EEA }

// CountryOf returns the country with the two capital letters, and whether there is one.
func CountryOf(code string) (Country, bool) {
	c, ok := data().countries[code]
	return c, ok
}

// Countries returns every country, by code.
func Countries() []Country {
	return slices.SortedFunc(maps.Values(data().countries), func(a, b Country) int { return cmp.Compare(a.Code, b.Code) })
}

var countryShape = regexp.MustCompile(`^[A-Z]{2}$`)

func (c Country) check() error {
	switch {
	case !countryShape.MatchString(c.Code):
		return errors.New("the code is not two capital letters")
	case !c.Name.whole():
		return errors.New("the name lacks a language")
	case c.EU && c.EEA:
		return errors.New("is in the EU and in the EEA only")
	case c.Adequacy != "" && !c.Third():
		return errors.New("needs no adequacy decision")
	}
	return nil
}
