// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed *.yaml
var files embed.FS

var data = sync.OnceValue(mustLoad)

// A sheet is what one file may hold.
type sheet struct {
	Rules     []Provision `yaml:"rules"`
	Bodies    []Body      `yaml:"bodies"`
	Origins   []Origin    `yaml:"origins"`
	Holidays  []holiday   `yaml:"holidays"`
	Countries []Country   `yaml:"countries"`

	Sectors    []Place      `yaml:"sectors"`
	Counties   []Place      `yaml:"counties"`
	Supervised []supervised `yaml:"supervision"`
	Facts      []Fact       `yaml:"facts"`
	Thresholds []Threshold  `yaml:"thresholds"`
	Forms      []Form       `yaml:"forms"`

	Shared map[string]any `yaml:"shared"` // anchors that other parts of the file name
}

func mustLoad() *Book {
	b, err := load(files)
	if err != nil {
		panic("law: " + err.Error())
	}
	return b
}

func load(fsys fs.FS) (*Book, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, err
	}
	b := &Book{bodies: map[string]Body{}, countries: map[string]Country{}}
	var holidays []holiday
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		var s sheet
		d := yaml.NewDecoder(bytes.NewReader(text))
		d.KnownFields(true)
		if err := d.Decode(&s); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := b.add(s); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		holidays = append(holidays, s.Holidays...)
	}
	b.calendar = newCalendar(holidays)
	slices.SortFunc(b.origins, func(a, b Origin) int { return cmp.Compare(a.Key, b.Key) })
	b.sort()
	return b, b.check()
}

// add takes in what one file holds, looking at each part by itself. What parts say of each other is for check.
func (b *Book) add(s sheet) error {
	b.rules = append(b.rules, s.Rules...)
	b.origins = append(b.origins, s.Origins...)
	b.sectors = append(b.sectors, s.Sectors...)
	b.counties = append(b.counties, s.Counties...)
	b.supervised = append(b.supervised, s.Supervised...)
	b.facts = append(b.facts, s.Facts...)
	b.thresholds = append(b.thresholds, s.Thresholds...)
	b.forms = append(b.forms, s.Forms...)
	for _, one := range s.Bodies {
		if _, twice := b.bodies[one.Key]; twice {
			return fmt.Errorf("the body %q comes twice", one.Key)
		}
		if err := one.check(); err != nil {
			return fmt.Errorf("the body %q: %w", one.Key, err)
		}
		b.bodies[one.Key] = one
	}
	for _, o := range s.Origins {
		if o.Key == "" || o.What == "" {
			return fmt.Errorf("the origin %q says not what it is", o.Key)
		}
	}
	for _, h := range s.Holidays {
		if err := h.check(); err != nil {
			return fmt.Errorf("the holiday %q: %w", h.Name.EN, err)
		}
	}
	for _, c := range s.Countries {
		if _, twice := b.countries[c.Code]; twice {
			return fmt.Errorf("the country %q comes twice", c.Code)
		}
		if err := c.check(); err != nil {
			return fmt.Errorf("the country %q: %w", c.Code, err)
		}
		b.countries[c.Code] = c
	}
	return nil
}
