// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"ledsyn/register"
	"ledsyn/sheet"
)

// A guess surer than sure is taken; anything less leaves the column to people, since a wrong guess is worse than none. The values
// are out of 100.
const sure = 60

// Guess guesses what a list's columns become from its heading and the first rows under it. The kind may be empty where the preset says
// it, and the preset where none is meant. Every field is guessed once at most, but for a name
// in two columns. The Map has Header 1 if there is a heading, else 0: the
// caller knows the row, the sheet and the unit.
func Guess(schemas Schemas, kind, preset string, header []sheet.Cell, sample [][]sheet.Cell) Map {
	p, _ := PresetOf(preset)
	if kind == "" {
		kind = p.Kind
	}
	if p.Kind != kind {
		p = Preset{}
	}
	m := Map{Kind: kind, Preset: p.Name, Totals: true, Columns: columnsOf(header, sample)}
	if len(header) > 0 {
		m.Header = 1
	}
	main, ok := shapeOf(kind, schemas)
	if !ok {
		return m
	}
	g := guesser{m: &m, preset: p, sample: sample, headings: map[string]int{}}
	for _, c := range m.Columns {
		g.headings[Fold(c.Header)]++
	}
	g.targets("", main, nil)
	g.parts(schemas)
	g.assign()
	g.names(main)
	g.finish()
	return m
}

func columnsOf(header []sheet.Cell, sample [][]sheet.Cell) []Column {
	n := len(header)
	for _, row := range sample {
		n = max(n, len(row))
	}
	columns := make([]Column, min(n, maxColumns))
	for i := range columns {
		if i < len(header) {
			columns[i].Header = header[i].Text
		}
	}
	return columns
}

// GuessPreset returns the preset whose headings the heading has most of, or "" if none is like it. A kind that is not empty must be the
// preset's.
func GuessPreset(kind string, header []sheet.Cell) string {
	best, name := 0, ""
	for _, p := range Presets() {
		if kind != "" && p.Kind != kind {
			continue
		}
		found := 0
		for _, c := range p.Columns {
			if slices.ContainsFunc(header, func(cell sheet.Cell) bool { return slices.ContainsFunc(c.Headings, sameHeading(cell.Text)) }) {
				found++
			}
		}
		if found > best && found >= 3 {
			best, name = found, p.Name
		}
	}
	return name
}

func sameHeading(text string) func(string) bool {
	whole, short := foldWords(text), foldWords(withoutAside(text))
	return func(heading string) bool { return foldWords(heading) == whole || foldWords(heading) == short }
}

type guesser struct {
	m       *Map
	preset  Preset
	sample  [][]sheet.Cell
	all     []target
	skipped map[int]bool // columns that are taken already

	headings map[string]int // how many columns have the heading, by Fold
}

// A target is a field that a column can become.
type target struct {
	name  string // as in Column.Field
	field register.Field
	names map[string]int // headings by foldWords, and how sure each makes
	words map[string]string

	foreign bool // the list has the shape of a preset
}

// targets adds the fields of the shape as the part's. What they are called in the list's first record counts for more than in a part.
func (g *guesser) targets(part string, s shape, without []string) {
	less := 0
	if part != "" {
		less = 4
	}
	words := data().words
	add := func(f register.Field, name string, sets ...nameSet) {
		t := target{name: join(part, name), field: f, names: map[string]int{}, foreign: g.preset.Name != ""}
		if f.Kind == register.Choice {
			t.words = choiceWords(f)
		}
		for _, c := range g.preset.Columns {
			if c.Field == t.name {
				sets = append(sets, nameSet{c.Headings, 100 + less})
			}
		}
		for _, set := range sets {
			for _, heading := range set.headings {
				key := foldWords(heading)
				t.names[key] = max(t.names[key], set.score-less)
			}
		}
		g.all = append(g.all, t)
	}
	if part == "" && !s.set {
		for _, head := range []string{"id", "unit", "retired"} {
			add(register.Field{}, head, nameSet{labels("record." + head), 94}, nameSet{words.Heads[head], 88})
		}
	}
	titled := false
	for _, f := range s.fields {
		if slices.Contains(without, f.Name) {
			continue
		}
		sets := []nameSet{{labels(s.label(f)), 96}, {[]string{f.Name}, 88}}
		if s.set {
			sets = append(sets, nameSet{words.Sets[f.Name], 90})
		} else {
			sets = append(sets, nameSet{words.Fields[s.kind][f.Name], 90}, nameSet{words.Fields["*"][f.Name], 80})
		}
		if !titled && !s.set && part == "" && f.Kind == register.Text {
			titled = true
			sets = append(sets, nameSet{append(labels("register."+s.kind), labels("register."+s.kind+".one")...), 84})
		}
		add(f, f.Name, sets...)
	}
	if s.levels() != nil {
		add(register.Field{}, Levels, nameSet{words.Heads[Levels], 90})
	}
}

type nameSet struct {
	headings []string
	score    int
}

// parts adds the preset's parts, and one for each heading that names a year where the preset has such.
func (g *guesser) parts(schemas Schemas) {
	g.skipped = map[int]bool{}
	g.m.Fixed, g.m.Given = maps.Clone(g.preset.Fixed), maps.Clone(g.preset.Given)
	for _, p := range g.preset.Parts {
		s, ok := shapeOf(p.Kind, schemas)
		if !ok {
			g.forget(p.Name)
			continue
		}
		if p.Years == "" {
			g.m.Parts = append(g.m.Parts, p.Part)
			g.targets(p.Name, s, []string{p.Link})
			continue
		}
		for i := range g.m.Columns {
			if m := yearHeading.FindStringSubmatch(foldWords(g.m.Columns[i].Header)); m != nil {
				g.year(i, p, m[1])
			}
		}
		g.forget(p.Name)
	}
}

// yearHeading is a heading of one year's part of a plan: 2027, Plan 2027, Mål år 2027.
var yearHeading = regexp.MustCompile(`^(?:\pL+ ){0,2}(20[0-9]{2})$`)

func (g *guesser) year(column int, p PresetPart, year string) {
	part := p.Part
	part.Name = p.Name + year
	if g.m.Column(join(part.Name, p.Years)) >= 0 || len(g.m.Parts) == maxParts {
		return
	}
	g.m.Parts = append(g.m.Parts, part)
	g.m.Columns[column].Field = join(part.Name, p.Years)
	g.skipped[column] = true
	for field, value := range g.preset.Fixed {
		if of, name := cut(field); of == p.Name {
			g.m.Fixed[join(part.Name, name)] = value
		}
	}
	if g.m.Fixed == nil {
		g.m.Fixed = map[string]string{}
	}
	g.m.Fixed[join(part.Name, "year")] = year
}

// forget takes away what is fixed for a part that the Map does not have.
func (g *guesser) forget(part string) {
	of := func(field string) bool { p, _ := cut(field); return p == part }
	maps.DeleteFunc(g.m.Fixed, func(field, _ string) bool { return of(field) })
	maps.DeleteFunc(g.m.Given, func(field string, _ map[string]string) bool { return of(field) })
}

// assign gives each column the target it is surest of; where two columns want one target, the surer column has it, and the first of two
// that are as sure.
func (g *guesser) assign() {
	type pair struct{ score, column, target int }
	var pairs []pair
	for i := range g.m.Columns {
		if g.skipped[i] {
			continue
		}
		seen := g.look(i)
		for j, t := range g.all {
			if score := t.score(g.m.Columns[i].Header, seen, g.all); score >= sure {
				pairs = append(pairs, pair{score, i, j})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return b.score - a.score })
	taken := map[int]bool{}
	for _, p := range pairs {
		if g.m.Columns[p.column].Field == "" && !taken[p.target] {
			g.m.Columns[p.column].Field = g.all[p.target].name
			taken[p.target] = true
		}
	}
}

// names makes a first name and a last name the name, where no column is the whole of it.
func (g *guesser) names(main shape) {
	f, ok := main.field("name")
	if !ok || f.Kind != register.Text || main.set || g.m.Column("name") >= 0 {
		return
	}
	find := func(head string) int {
		return slices.IndexFunc(g.m.Columns, func(c Column) bool {
			return c.Field == "" && slices.ContainsFunc(data().words.Heads[head], sameHeading(c.Header))
		})
	}
	if first, last := find("first_name"), find("last_name"); first >= 0 && last >= 0 {
		g.m.Columns[first].Field, g.m.Columns[last].Field = "name", "name"
	}
}

// finish sets what follows from the fields: the preset's values, the key and the order of days.
func (g *guesser) finish() {
	for i := range g.m.Columns {
		c := &g.m.Columns[i]
		for _, p := range g.preset.Columns {
			if p.Field != c.Field || c.Field == "" {
				continue
			}
			c.None, c.Several = p.None, p.Several
			for raw, value := range p.Values {
				if c.Values == nil {
					c.Values = map[string]string{}
				}
				c.Values[Fold(raw)] = value
			}
		}
	}
	for _, key := range g.preset.Key {
		if g.m.Column(key) >= 0 {
			g.m.Key = append(g.m.Key, key)
		}
	}
	g.m.Order = g.order()
	for _, p := range g.m.Parts {
		if !slices.ContainsFunc(g.m.Columns, func(c Column) bool { of, _ := cut(c.Field); return c.Field != "" && of == p.Name }) {
			g.forget(p.Name)
		}
	}
	g.m.Parts = slices.DeleteFunc(g.m.Parts, func(p Part) bool {
		return !slices.ContainsFunc(g.m.Columns, func(c Column) bool { of, _ := cut(c.Field); return of == p.Name })
	})
}

// order is the order of days that a day in a column of days proves, if none proves another.
func (g *guesser) order() string {
	proved := map[string]bool{}
	for i, c := range g.m.Columns {
		j := slices.IndexFunc(g.all, func(t target) bool { return t.name == c.Field && c.Field != "" })
		if j < 0 || g.all[j].field.Kind != register.Date && c.Field != "retired" {
			continue
		}
		for _, row := range g.sample {
			if i < len(row) && row[i].Kind == sheet.TextCell {
				if order := provesOrder(row[i].Text); order != "" {
					proved[order] = true
				}
			}
		}
	}
	if len(proved) != 1 {
		return ""
	}
	for order := range proved {
		return order
	}
	return ""
}

// numbersDay is a day of three numbers with the year in four figures last.
var numbersDay = regexp.MustCompile(`^([0-9]{1,2})[-/ ]([0-9]{1,2})[-/ ][0-9]{4}\b`)

func provesOrder(text string) string {
	m := numbersDay.FindStringSubmatch(strings.TrimSpace(text))
	switch {
	case m == nil:
		return ""
	case len(m[1]) == 2 && m[1] > "12":
		return "dmy"
	case len(m[2]) == 2 && m[2] > "12":
		return "mdy"
	}
	return ""
}
