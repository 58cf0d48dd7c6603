// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/sheet/mapping"
)

// The headings of lists as municipalities have them are guessed as the files say: a line for each column, with its heading, the field
// it becomes (nothing: it is left to people) and some of its cells. The Map that comes out of it can be used.
func TestGuessedLists(t *testing.T) {
	files, err := filepath.Glob("sheet/mapping/testdata/guess/*.txt")
	if err != nil || len(files) < 20 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			kind, preset, header, want, rows := guessCase(t, string(text))
			m := mapping.Guess(isms.Register, kind, preset, header, rows)
			for i, field := range want {
				if m.Columns[i].Field != field {
					t.Errorf("%q became %q, want %q", header[i].Text, m.Columns[i].Field, field)
				}
			}
			if wrong := m.Check(isms.Register); len(wrong) > 0 {
				t.Error(wrong)
			}
			r, err := m.Reader(header, isms.Register)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range r.Read(2, rows[0]).Wrong {
				if w.Code != "cell_choice" { // yes is no kind of personal data: asked
					t.Error(w)
				}
			}
			if found := mapping.GuessPreset(kind, header); preset != "" && found != preset && !strings.Contains(string(text), "\nunlike") {
				t.Errorf("taken for the preset %q, not %q", found, preset)
			}
		})
	}
}

func guessCase(t *testing.T, text string) (kind, preset string, header []sheet.Cell, want []string, rows [][]sheet.Cell) {
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if value, ok := strings.CutPrefix(line, "kind: "); ok {
			kind = value
			continue
		}
		if value, ok := strings.CutPrefix(line, "preset: "); ok {
			preset = value
			continue
		}
		if line == "unlike" { // its headings are not enough to tell the preset
			continue
		}
		heading, rest, ok := strings.Cut(line, " -> ")
		cells := strings.Split(rest, "|")
		if !ok || len(cells) < 3 {
			t.Fatalf("no column: %q", line)
		}
		header = append(header, sheet.Cell{Kind: sheet.TextCell, Text: heading})
		want = append(want, strings.TrimSpace(cells[0]))
		for i, cell := range cells[1:] {
			for len(rows) <= i {
				rows = append(rows, nil)
			}
			c := sheet.Cell{Kind: sheet.TextCell, Text: strings.TrimSpace(cell)}
			if c.Text == "" {
				c.Kind = sheet.Empty
			}
			for len(rows[i]) < len(header)-1 {
				rows[i] = append(rows[i], sheet.Cell{})
			}
			rows[i] = append(rows[i], c)
		}
	}
	return kind, preset, header, want, rows
}

// A name in two columns is one, the first name first.
func TestNameOfTwoColumns(t *testing.T) {
	header := []sheet.Cell{{Kind: sheet.TextCell, Text: "Efternamn"}, {Kind: sheet.TextCell, Text: "Förnamn"}}
	rows := [][]sheet.Cell{{{Kind: sheet.TextCell, Text: "Ek"}, {Kind: sheet.TextCell, Text: "Kim"}}}
	r, err := mapping.Guess(isms.Register, "person", "", header, rows).Reader(header, isms.Register)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Read(2, rows[0]).Forms[""]["name"]; len(got) != 1 || got[0] != "Kim Ek" {
		t.Error(got)
	}
}

// Every preset is of a register or a kind of set that there is, its fields are fields, its values choices, and it has words.
func TestPresetsFit(t *testing.T) {
	for _, p := range mapping.Presets() {
		m := mapping.Map{Kind: p.Kind, Preset: p.Name, Fixed: map[string]string{}, Given: p.Given}
		for _, part := range p.Parts {
			if part.Years == "" {
				m.Parts = append(m.Parts, part.Part)
				continue
			}
			year := part.Part
			year.Name = "target2027"
			m.Parts = append(m.Parts, year)
		}
		for field, value := range p.Fixed {
			m.Fixed[strings.Replace(field, "target.", "target2027.", 1)] = value
		}
		for _, c := range p.Columns {
			if len(c.Headings) == 0 {
				t.Errorf("%s: %s has no heading", p.Name, c.Field)
			}
			values := map[string]string{}
			for raw, value := range c.Values {
				values[mapping.Fold(raw)] = value
			}
			m.Columns = append(m.Columns, mapping.Column{Header: c.Headings[0], Field: c.Field, Values: values, None: c.None, Several: c.Several})
		}
		for _, wrong := range m.Check(isms.Register) {
			t.Errorf("%s: %v", p.Name, wrong)
		}
		for _, l := range locale.Langs() {
			for _, key := range []string{"preset." + p.Name, "preset." + p.Name + ".about"} {
				if !l.Has(key) {
					t.Errorf("%s has no words in %s", key, l)
				}
			}
		}
	}
}

// The words that lists are read by are of registers, fields and choices that there are.
func TestListWordsFit(t *testing.T) {
	text, err := os.ReadFile("sheet/mapping/words.json")
	if err != nil {
		t.Fatal(err)
	}
	var words struct {
		Fields  map[string]map[string][]string
		Sets    map[string][]string
		Choices map[string]map[string][]string
	}
	if err := json.Unmarshal(text, &words); err != nil {
		t.Fatal(err)
	}
	choices, anywhere := map[string][]string{}, map[string]bool{}
	for _, s := range isms.Registers() {
		for _, f := range s.Fields {
			choices[f.Type] = f.Choices
			anywhere[f.Name] = true
		}
	}
	for kind, fields := range words.Fields {
		s, ok := isms.Register(kind)
		for name := range fields {
			if kind == "*" && !anywhere[name] {
				t.Errorf("no register has a field %s", name)
			}
			if kind != "*" && (!ok || !hasField(s, name)) {
				t.Errorf("there is no field %s.%s", kind, name)
			}
		}
	}
	for kind, values := range words.Choices {
		for value := range values {
			if !slices.Contains(choices[kind], value) {
				t.Errorf("there is no choice %s.%s", kind, value)
			}
		}
	}
	for name := range words.Sets {
		if !slices.ContainsFunc(mapping.Meanings("other"), func(m mapping.Meaning) bool { return m.Name == name }) {
			t.Errorf("there is no meaning %s", name)
		}
	}
}

func hasField(s *register.Schema, name string) bool {
	_, ok := s.Field(name)
	return ok
}
