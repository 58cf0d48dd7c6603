// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed templates/*.json
var templateFiles embed.FS

// Template is the shape of a review: its sections in order, the facts of each, and where people write themselves.
// It is data, issued with the year's instruction.
type Template struct {
	Key      string            `json:"key"`
	Name     map[string]string `json:"name"`
	Title    map[string]string `json:"title"`
	Sections []TemplateSection `json:"sections"`
}

// TemplateSection is one section of a template. Headings may hold {year}, {year+1} and so on.
type TemplateSection struct {
	Key      string            `json:"key"`
	Level    int               `json:"level"`
	Number   string            `json:"number,omitempty"`
	Heading  map[string]string `json:"heading"`
	Facts    []TemplateFact    `json:"facts,omitempty"`
	OwnText  bool              `json:"own_text,omitempty"`
	OwnFirst bool              `json:"own_first,omitempty"` // the own text stands before the facts
	Inputs   []string          `json:"inputs,omitempty"`    // what the section answers, by its own text or any of its facts
	Optional bool              `json:"optional,omitempty"`  // left out when it would be empty
}

// TemplateFact names a fact and what it is told about.
type TemplateFact struct {
	Fact   string   `json:"fact"`
	Areas  []string `json:"areas,omitempty"`  // of context factors
	Keys   []string `json:"keys,omitempty"`   // of figures
	Kinds  []string `json:"kinds,omitempty"`  // of decisions
	Offset int      `json:"offset,omitempty"` // years after the review's year
	Known  bool     `json:"known,omitempty"`  // told only where something is known
	Inputs []string `json:"inputs,omitempty"` // what this fact answers, where it is less than the section's
}

// Inputs lists what the standard asks a review to take up, in its order: ISO/IEC 27001:2022, 9.3.2 a to g with the
// four parts of d, 9.3.3, and the resources of 7.1 that decisions are about. Their words have the key report.iso.INPUT.
func Inputs() []string {
	return []string{"a", "b", "c", "d1", "d2", "d3", "d4", "e", "f", "g", "improvements", "changes", "resources"}
}

var readTemplates = sync.OnceValues(func() ([]Template, error) {
	entries, err := templateFiles.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	var all []Template
	for _, e := range entries {
		data, err := templateFiles.ReadFile("templates/" + e.Name())
		if err != nil {
			return nil, err
		}
		t, err := ReadTemplate(data)
		if err != nil {
			return nil, fmt.Errorf("report: %s: %w", e.Name(), err)
		}
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b Template) int { return strings.Compare(b.Key, a.Key) })
	return all, nil
})

// Templates lists the templates that come with the program.
func Templates() []Template {
	all, err := readTemplates()
	if err != nil {
		panic(err) // embedded files that the tests read
	}
	return all
}

// TemplateOf returns the template with the key.
func TemplateOf(key string) (Template, bool) {
	for _, t := range Templates() {
		if t.Key == key {
			return t, true
		}
	}
	return Template{}, false
}

// ReadTemplate reads a template and checks that every fact and input in it exists.
func ReadTemplate(data []byte) (Template, error) {
	var t Template
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&t); err != nil {
		return t, err
	}
	if t.Key == "" || len(t.Sections) == 0 {
		return t, fmt.Errorf("a template has a key and sections")
	}
	seen := map[string]bool{}
	level := 0
	for _, s := range t.Sections {
		switch {
		case s.Key == "" || seen[s.Key]:
			return t, fmt.Errorf("section %q: the key is missing or used twice", s.Key)
		case s.Level < 1 || s.Level > 3 || s.Level > level+1:
			return t, fmt.Errorf("section %q: level %d after level %d", s.Key, s.Level, level)
		case s.Heading["sv"] == "" || s.Heading["en"] == "":
			return t, fmt.Errorf("section %q: a heading in sv and in en", s.Key)
		}
		seen[s.Key], level = true, s.Level
		inputs := slices.Clone(s.Inputs)
		for _, f := range s.Facts {
			if facts[f.Fact] == nil {
				return t, fmt.Errorf("section %q: no fact is called %q", s.Key, f.Fact)
			}
			inputs = append(inputs, f.Inputs...)
		}
		for _, input := range inputs {
			if !slices.Contains(Inputs(), input) {
				return t, fmt.Errorf("section %q: no input is called %q", s.Key, input)
			}
		}
	}
	return t, nil
}

// withYear writes the years in a heading.
func withYear(s string, year int) string {
	for i := 5; i > 0; i-- {
		s = strings.ReplaceAll(s, "{year+"+strconv.Itoa(i)+"}", strconv.Itoa(year+i))
		s = strings.ReplaceAll(s, "{year-"+strconv.Itoa(i)+"}", strconv.Itoa(year-i))
	}
	return strings.ReplaceAll(s, "{year}", strconv.Itoa(year))
}
