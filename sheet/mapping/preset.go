// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

// A Preset is the shape of a kind of list that municipalities have. Its words are preset.NAME and preset.NAME.about.
type Preset struct {
	Name    string                       `json:"name"`
	Kind    string                       `json:"kind"`
	Key     []string                     `json:"key,omitempty"`
	Totals  bool                         `json:"totals,omitempty"`
	Parts   []PresetPart                 `json:"parts,omitempty"`
	Fixed   map[string]string            `json:"fixed,omitempty"`
	Given   map[string]map[string]string `json:"given,omitempty"`
	Columns []PresetColumn               `json:"columns"`
}

// A PresetPart is a Part; with Years, each column whose heading names a year makes one, and the column becomes its field Years.
type PresetPart struct {
	Part
	Years string `json:"years,omitempty"`
}

// A PresetColumn says under which headings, in any language, a field stands in such lists, and what its values mean.
type PresetColumn struct {
	Field    string            `json:"field"`
	Headings []string          `json:"headings"`
	Values   map[string]string `json:"values,omitempty"` // as they are written; a Map has them by Fold
	None     string            `json:"none,omitempty"`
	Several  string            `json:"several,omitempty"`
}

//go:embed presets/*.json
var presetFiles embed.FS

//go:embed words.json
var wordFile []byte

// wordData is what people write for fields, choices, yes, no and nothing beside the program's own words.
type wordData struct {
	Heads   map[string][]string            `json:"heads"`   // id, unit, retired, levels, and the parts of a name
	Fields  map[string]map[string][]string `json:"fields"`  // register, or * for all -> field -> headings
	Sets    map[string][]string            `json:"sets"`    // meaning -> headings
	Choices map[string]map[string][]string `json:"choices"` // type of choice -> value -> words
	Yes     []string                       `json:"yes"`
	No      []string                       `json:"no"`
	Unknown []string                       `json:"unknown"`
	Small   []string                       `json:"small"` // words that say nothing in a heading
}

// data is read once. A fault in it is a mistake in the program, found by the first test.
var data = sync.OnceValue(func() (d struct {
	presets []Preset
	words   wordData
	yes, no map[string]bool
	unknown map[string]bool
	small   map[string]bool
}) {
	entries, err := presetFiles.ReadDir("presets")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		text, err := presetFiles.ReadFile("presets/" + e.Name())
		if err != nil {
			panic(err)
		}
		var p Preset
		mustRead(e.Name(), text, &p)
		if p.Name+".json" != e.Name() {
			panic("mapping: the preset in " + e.Name() + " has another name")
		}
		d.presets = append(d.presets, p)
	}
	mustRead("words.json", wordFile, &d.words)
	d.yes, d.no, d.unknown = foldSet(d.words.Yes), foldSet(d.words.No), foldSet(d.words.Unknown)
	d.small = foldSet(d.words.Small)
	return d
})

func mustRead(name string, text []byte, into any) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		panic(fmt.Sprintf("mapping: %s: %v", name, err))
	}
}

func foldSet(words []string) map[string]bool {
	set := map[string]bool{}
	for _, w := range words {
		set[Fold(w)] = true
	}
	return set
}

// Presets lists the presets by name. What it returns must not be changed.
func Presets() []Preset { return data().presets }

// PresetOf returns the preset of that name.
func PresetOf(name string) (Preset, bool) {
	i := slices.IndexFunc(Presets(), func(p Preset) bool { return p.Name == name })
	if i < 0 {
		return Preset{}, false
	}
	return Presets()[i], true
}
