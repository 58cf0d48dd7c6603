// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/sheet"
)

// Volume is a register of library books, and Loan what belongs to each of them.
type Volume struct {
	register.Record
	Title    string                 `reg:"required"`
	Summary  string                 `reg:"prose"`
	Lent     bool                   `reg:""`
	Year     int                    `reg:""`
	Copies   register.Count         `reg:""`
	Worn     register.Percent       `reg:""`
	Bought   register.Day           `reg:""`
	Seen     register.Moment        `reg:""`
	Known    Answer                 `reg:""`
	Sequel   register.Ref[Volume]   `reg:""`
	Siblings []register.Ref[Volume] `reg:""`
}

type Loan struct {
	register.Record
	Volume          register.Ref[Volume] `reg:""`
	Lender          string               `reg:""`
	Confidentiality Level                `reg:""`
	Integrity       Level                `reg:""`
	Availability    Level                `reg:""`
	Year            int                  `reg:""`
	State           Lifecycle            `reg:""`
	On              register.Day         `reg:""`
}

// The choices have the names of the program's own, so that they have words.
type (
	Answer    string
	Level     string
	Lifecycle string
)

func (Answer) Choices() []string    { return []string{"yes", "no"} }
func (Level) Choices() []string     { return []string{"0", "1", "2", "3", "4"} }
func (Lifecycle) Choices() []string { return []string{"planned", "in_use", "retired"} }

func library(kind string) (*register.Schema, bool) {
	for _, s := range []*register.Schema{register.Of[Volume](), register.Of[Loan]()} {
		if s.Name == kind {
			return s, true
		}
	}
	return nil, false
}

func text(s string) sheet.Cell {
	if strings.TrimSpace(s) == "" {
		return sheet.Cell{}
	}
	return sheet.Cell{Kind: sheet.TextCell, Text: s}
}

func row(texts ...string) []sheet.Cell {
	var cells []sheet.Cell
	for _, s := range texts {
		cells = append(cells, text(s))
	}
	return cells
}

func codes(wrong []register.Wrong) []string {
	var list []string
	for _, w := range wrong {
		list = append(list, w.Field+" "+w.Code)
	}
	return list
}

func TestMapIsReadAsWritten(t *testing.T) {
	words := rapid.StringMatching(`[a-zåäö"<&\\ ]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		m := Map{Kind: words.Draw(t, "kind"), Header: rapid.IntRange(0, 9).Draw(t, "header"), Totals: rapid.Bool().Draw(t, "totals"),
			Columns: []Column{}, Key: rapid.SliceOfN(words, 1, 3).Draw(t, "key"), Order: words.Draw(t, "order")}
		for range rapid.IntRange(0, 3).Draw(t, "columns") {
			m.Columns = append(m.Columns, Column{Header: words.Draw(t, "heading"), Field: words.Draw(t, "field"), None: words.Draw(t, "none"),
				Values: rapid.MapOfN(words, words, 1, 3).Draw(t, "values")})
		}
		got, err := ReadMap(m.JSON())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(m, got); d != "" {
			t.Fatal(d)
		}
	})
}

func TestReadMapIsStrict(t *testing.T) {
	for text, want := range map[string]register.Wrong{
		`{"kind":"volume","header":1,"columns":[]}x`:                          {Code: "map_json", Args: []any{1}},
		"{\"kind\":\"volume\",\n\"header\" 1}":                                {Code: "map_json", Args: []any{2}},
		"{\"kind\":\"volume\",\n\"header\":\"1\"}":                            {Code: "map_type", Args: []any{"header", 2}},
		`{"kind":"volume","heading":1}`:                                       {Code: "map_key", Args: []any{"heading"}},
		`{"kind":"volume","kind":"loan"}`:                                     {Code: "map_key_twice", Args: []any{"kind"}},
		`{"columns":[{"header":"a"},{"header":"b","field":"x","field":"y"}]}`: {Code: "map_key_twice", Args: []any{"field"}},
		`{"columns":[{"header":"a","values":{"x":"1","x":"2"}}]}`:             {Code: "map_key_twice", Args: []any{"x"}},
		`[]`:                           {Code: "map_json", Args: []any{1}},
		``:                             {Code: "map_json", Args: []any{1}},
		`{"kind":"` + "\xff" + `"}`:    {Code: "utf8"},
		strings.Repeat(" ", MaxJSON+1): {Code: "map_long", Args: []any{MaxJSON + 1, MaxJSON}},
	} {
		_, err := ReadMap([]byte(text))
		var wrong register.Wrongs
		if !errors.As(err, &wrong) {
			t.Errorf("%.60q: %v", text, err)
			continue
		}
		if d := cmp.Diff(register.Wrongs{want}, wrong); d != "" {
			t.Errorf("%.60q: %s", text, d)
		}
	}
}

func TestCheck(t *testing.T) {
	base := func(change func(m *Map)) Map {
		m := Map{Kind: "volume", Header: 1, Columns: []Column{{Header: "A", Field: "title"}, {Header: "B", Field: "loan.state"}},
			Parts: []Part{{Name: "loan", Kind: "loan", Link: "volume"}}}
		change(&m)
		return m
	}
	for want, m := range map[string]Map{
		"":                  base(func(m *Map) {}),
		"kind map_kind":     base(func(m *Map) { m.Kind = "shelf" }),
		"preset map_preset": base(func(m *Map) { m.Preset = "shelf" }),
		"dates map_dates":   base(func(m *Map) { m.Order = "dym" }),
		"header map_header": base(func(m *Map) { m.Header = -1 }),
		"unit link":         base(func(m *Map) { m.Unit = "A B" }),
		"source long":       base(func(m *Map) { m.Source = strings.Repeat("å", 121) }),
		"sheet long":        base(func(m *Map) { m.Sheet = strings.Repeat("å", 1001) }),
		"key map_key_field": base(func(m *Map) { m.Key = []string{"year"} }),
		"parts map_part":    base(func(m *Map) { m.Parts = append(m.Parts, Part{Name: "loan", Kind: "loan", Link: "volume"}) }),
		"parts map_field":   base(func(m *Map) { m.Parts[0].When = []string{"shelf"} }),
		"fixed map_value":   base(func(m *Map) { m.Fixed = map[string]string{"loan.state": "lost"} }),
		"fixed map_field":   base(func(m *Map) { m.Fixed = map[string]string{"loan.volume": "a"} }),
		"given map_field":   base(func(m *Map) { m.Given = map[string]map[string]string{"shelf": nil} }),
		"given map_value":   base(func(m *Map) { m.Given = map[string]map[string]string{"title": {"lent": "maybe"}} }),
		"columns map_field": base(func(m *Map) { m.Columns[0].Field = "shelf" }),
		"columns map_twice": base(func(m *Map) {
			m.Columns = append(m.Columns, Column{Header: "C", Field: "year"}, Column{Header: "D", Field: "year"})
		}),
		"columns map_action":  base(func(m *Map) { m.Columns[0].None = "guess" }),
		"columns map_value":   base(func(m *Map) { m.Columns[1].Values = map[string]string{"x": "lost"} }),
		"columns long":        base(func(m *Map) { m.Columns[0].Header = strings.Repeat("x", 1001) }),
		"columns map_columns": base(func(m *Map) { m.Columns = append(m.Columns, make([]Column, maxColumns)...) }),
		"parts map_parts":     {Kind: "population:employment", Parts: []Part{{Name: "loan", Kind: "loan", Link: "volume"}}},
	} {
		got := strings.Join(codes(m.Check(library)), ", ")
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	wrongPart := base(func(m *Map) { m.Parts[0].Link = "lender" })
	if got := codes(wrongPart.Check(library)); len(got) != 2 || got[0] != "parts map_part" { // and so its column's field
		t.Error(got)
	}
}

// Whatever is found wrong with a Map or a cell has words in both languages, and so has every meaning.
func TestEveryCodeHasWords(t *testing.T) {
	var keys []string
	for _, file := range []string{"value.go", "check.go", "json.go", "read.go"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?:wrong\(|Code: )"([a-z_]+)"`).FindAllSubmatch(source, -1) {
			keys = append(keys, "wrong."+string(m[1]))
		}
	}
	if len(keys) < 25 {
		t.Fatal(len(keys))
	}
	for _, kind := range []string{"employment", "completion", "entitlement", "device", "other"} {
		if len(Meanings(kind)) < 5 {
			t.Error(kind)
		}
		for _, m := range Meanings(SetPrefix + kind) {
			keys = append(keys, "meaning."+m.Name)
		}
	}
	for _, l := range locale.Langs() {
		for _, key := range keys {
			if !l.Has(key) {
				t.Errorf("%s has no words in %s", key, l)
			}
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"  Åke\u00a0 Öberg\n": "ake oberg", "LÅG": "lag", "låg": "lag", "–": "-", "?": "?", "A\u0308": "a", "a b": "a b", "3 – Allvarlig": "3 - allvarlig", "": "", "\uFEFFid": "id",
	} {
		if got := Fold(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
		if Fold(want) != want {
			t.Errorf("%q is not stable", want)
		}
	}
	for in, want := range map[string]string{"klassningDatum": "klassning datum", "E-post:": "e post", "K/R/T": "k r t", "Org.nr": "org nr", "OS-version": "os version", "NIS2": "nis2"} {
		if got := foldWords(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func FuzzReadMap(f *testing.F) {
	f.Add([]byte(`{"kind":"volume","header":1,"columns":[{"header":"A","field":"title","values":{"x":"-"}}]}`))
	f.Add([]byte(`{"kind":"volume","parts":[{"name":"loan","kind":"loan","link":"volume"}],"fixed":{"loan.state":"planned"},"columns":[]}`))
	f.Add([]byte(`{"kind":"population:employment","columns":[{"header":"","field":"from"}]}`))
	f.Add([]byte(`[[[[]]]]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ReadMap(data)
		if err != nil {
			return
		}
		again, err := ReadMap(m.JSON())
		if len(m.JSON()) <= MaxJSON && (err != nil || string(again.JSON()) != string(m.JSON())) {
			t.Fatalf("%s became %s: %v", m.JSON(), again.JSON(), err)
		}
		header := row("A", "B")
		r, err := m.Reader(header, library)
		if err != nil {
			return
		}
		for _, cells := range [][]sheet.Cell{row("a", "2024-01-31"), row("-", "?", "K3/R3/T2"), nil} {
			reading := r.Read(2, cells)
			for part, form := range reading.Forms {
				p, _ := m.Part(part)
				if s, ok := library(p.Kind); ok {
					register.Read(s.New(), form)
				}
			}
		}
	})
}
