// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Place is a sector or a county.
type Place struct {
	Key  string `yaml:"key"`
	Code string `yaml:"code"` // of counties: the official number, 01 to 25
	Name Text   `yaml:"name"`
}

// is reports whether the text means the place: its key, number or name, blind to case.
func (p Place) is(text string) bool {
	return text != "" && slices.ContainsFunc([]string{p.Key, p.Code, p.Name.SV, p.Name.EN}, func(name string) bool {
		return strings.EqualFold(name, strings.TrimSpace(text))
	})
}

// Sectors returns the sectors that the supervision is divided into.
func (b *Book) Sectors() []Place { return slices.Clone(b.sectors) }

// Counties returns the counties, by number.
func (b *Book) Counties() []Place { return slices.Clone(b.counties) }

// Sector returns the sector that the text names by key or name, and whether there is one.
func (b *Book) Sector(text string) (Place, bool) { return find(b.sectors, text) }

// County returns the county that the text names by key, number or name, and whether there is one.
func (b *Book) County(text string) (Place, bool) { return find(b.counties, text) }

func find(all []Place, text string) (Place, bool) {
	i := slices.IndexFunc(all, func(p Place) bool { return p.is(text) })
	if i < 0 {
		return Place{}, false
	}
	return all[i], true
}

// A supervised is who supervises each sector and, for the sectors left to the county boards, which board has each county.
type supervised struct {
	Span        `yaml:",inline"`
	Source      string            `yaml:"source"`
	ReadIn      []string          `yaml:"read_in"`
	VerifiedOn  string            `yaml:"verified_on"`
	Reliability Reliability       `yaml:"reliability"`
	Sectors     map[string]string `yaml:"sectors"`  // sector to body, or to "county"
	Counties    map[string]string `yaml:"counties"` // county to body
}

// Supervisor returns the authority that supervises the sector on the day, under the name it then has, and false where it is
// not known: another day, another sector, or a sector of the county boards without a county. Keys of both are expected.
func (b *Book) Supervisor(sector, county, day string) (Recipient, bool) {
	for _, o := range slices.Backward(b.reassigned) {
		if o.Of == sector && o.InForce(day) {
			return Recipient{Span: o.Span, Name: o.Recipient.filled(), Source: o.Source, Reliability: o.Reliability}, true
		}
	}
	for _, s := range b.supervised {
		key := s.Sectors[sector]
		if key == "county" {
			key = s.Counties[county]
		}
		if s.InForce(day) && key != "" {
			return b.named(Recipient{Span: s.Span, Body: key, Source: s.Source, Reliability: s.Reliability}, day), true
		}
	}
	return Recipient{}, false
}

func (b *Book) checkSupervision() error {
	for _, p := range slices.Concat(b.sectors, b.counties) {
		if !keyShape.MatchString(p.Key) || !p.Name.whole() {
			return fmt.Errorf("the sector or county %q lacks a key or a name", p.Key)
		}
	}
	for _, s := range b.supervised {
		if err := firstOf(s.Span.check(), b.checkOrigins(s.ReadIn)); err != nil {
			return fmt.Errorf("supervision: %w", err)
		}
		if s.From == "" || s.Source == "" || len(s.ReadIn) == 0 || !isDay(s.VerifiedOn) || !slices.Contains(degrees, s.Reliability) {
			return errors.New("supervision without first day, source, day of verification or reliability")
		}
		for _, p := range b.sectors {
			if _, ok := b.bodies[s.Sectors[p.Key]]; !ok && s.Sectors[p.Key] != "county" {
				return fmt.Errorf("nobody supervises the sector %q", p.Key)
			}
		}
		for _, p := range b.counties {
			if _, ok := b.bodies[s.Counties[p.Key]]; !ok {
				return fmt.Errorf("no board has the county %q", p.Key)
			}
		}
		if len(s.Sectors) != len(b.sectors) || len(s.Counties) != len(b.counties) {
			return errors.New("supervision of a sector or county that is none")
		}
	}
	return nil
}
