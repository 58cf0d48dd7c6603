// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"ledsyn/register"
)

// Check returns what is wrong with the Map: a kind, a preset, a part or a field that does not exist, a field that two columns become
// and that is no text, values that are none of a field's, and what is too long. Field is the key of the Map that it stands in.
func (m Map) Check(schemas Schemas) []register.Wrong {
	main, ok := shapeOf(m.Kind, schemas)
	if !ok {
		return []register.Wrong{{Field: "kind", Code: "map_kind", Args: []any{m.Kind}}}
	}
	c := check{m: m, shapes: map[string]shape{"": main}}
	c.head()
	c.parts(schemas)
	c.fixed()
	for i, column := range m.Columns {
		c.column(i, column)
	}
	for _, key := range m.Key {
		if m.Column(key) < 0 {
			c.add("key", register.Wrong{Code: "map_key_field", Args: []any{key}})
		}
	}
	return c.wrong
}

type check struct {
	m      Map
	shapes map[string]shape // by part
	wrong  []register.Wrong
}

func (c *check) add(field string, w register.Wrong) {
	w.Field = field
	c.wrong = append(c.wrong, w)
}

func (c *check) head() {
	if _, ok := PresetOf(c.m.Preset); c.m.Preset != "" && !ok {
		c.add("preset", register.Wrong{Code: "map_preset", Args: []any{c.m.Preset}})
	}
	if !slices.Contains([]string{"", "dmy", "mdy", "ymd"}, c.m.Order) {
		c.add("dates", register.Wrong{Code: "map_dates", Args: []any{c.m.Order}})
	}
	if c.m.Header < 0 || c.m.Header > 1000 {
		c.add("header", register.Wrong{Code: "map_header", Args: []any{c.m.Header, 1000}})
	}
	if c.m.Unit != "" && !register.ValidID(c.m.Unit) {
		c.add("unit", register.Wrong{Code: "link", Args: []any{c.m.Unit}})
	}
	if n := utf8.RuneCountInString(c.m.Source); n > 120 {
		c.add("source", register.Wrong{Code: "long", Args: []any{120, n}})
	}
	c.long("sheet", c.m.Sheet)
	if len(c.m.Columns) > maxColumns {
		c.add("columns", register.Wrong{Code: "map_columns", Args: []any{len(c.m.Columns), maxColumns}})
		c.m.Columns = c.m.Columns[:maxColumns]
	}
}

func (c *check) long(field, text string) {
	if n := utf8.RuneCountInString(text); n > maxText {
		c.add(field, register.Wrong{Code: "long", Args: []any{maxText, n}})
	}
}

func (c *check) parts(schemas Schemas) {
	if len(c.m.Parts) > maxParts || len(c.m.Parts) > 0 && c.m.IsSet() {
		c.add("parts", register.Wrong{Code: "map_parts", Args: []any{len(c.m.Parts), maxParts}})
		return
	}
	for _, p := range c.m.Parts {
		s, ok := shapeOf(p.Kind, schemas)
		link, has := s.field(p.Link)
		_, taken := c.shapes[p.Name]
		if !ok || s.set || !has || link.Kind != register.Link || link.Target != c.m.Kind || taken || strings.Contains(p.Name, ".") {
			c.add("parts", register.Wrong{Code: "map_part", Args: []any{p.Name}})
			continue
		}
		c.shapes[p.Name] = s
		for _, name := range slices.Concat(p.Key, p.When) {
			if _, ok := s.field(name); !ok {
				c.add("parts", register.Wrong{Code: "map_field", Args: []any{join(p.Name, name)}})
			}
		}
	}
}

// fixed checks the values that no column gives.
func (c *check) fixed() {
	value := func(in, field, value string) {
		if field == "id" || field == "unit" || field == "retired" || field == Levels || !c.takes(field) {
			c.add(in, register.Wrong{Code: "map_field", Args: []any{field}})
		} else if !c.fits(field, value) {
			c.add(in, register.Wrong{Code: "map_value", Args: []any{field, value}})
		}
	}
	for _, field := range slices.Sorted(maps.Keys(c.m.Fixed)) {
		value("fixed", field, c.m.Fixed[field])
	}
	for _, field := range slices.Sorted(maps.Keys(c.m.Given)) {
		if !c.takes(field) {
			c.add("given", register.Wrong{Code: "map_field", Args: []any{field}})
		}
		for _, then := range slices.Sorted(maps.Keys(c.m.Given[field])) {
			value("given", then, c.m.Given[field][then])
		}
	}
}

// takes reports whether a column can become the field.
func (c *check) takes(field string) bool {
	part, name := cut(field)
	s, ok := c.shapes[part]
	if !ok {
		return false
	}
	if part == "" && !s.set && (name == "id" || name == "unit" || name == "retired") {
		return true
	}
	if p, _ := c.m.Part(part); part != "" && p.Link == name { // the program makes that link itself
		return false
	}
	_, ok = s.field(name)
	return ok || name == Levels && s.levels() != nil
}

// fits reports whether the value can stand in the field, as far as the field alone can tell.
func (c *check) fits(field, value string) bool {
	part, name := cut(field)
	f, _ := c.shapes[part].field(name)
	switch f.Kind {
	case register.Choice:
		return value == "" || slices.Contains(f.Choices, value)
	case register.Bool:
		return value == "" || value == "0" || value == "1"
	case register.Link:
		return value == "" || register.ValidID(value)
	}
	return true
}

// joins reports whether several columns may become the field: their texts are joined.
func (c *check) joins(field string) bool {
	part, name := cut(field)
	s := c.shapes[part]
	f, ok := s.field(name)
	return ok && !s.set && (f.Kind == register.Text || f.Kind == register.Prose)
}

func (c *check) column(i int, column Column) {
	c.long("columns", column.Header)
	if column.Field != "" && !c.takes(column.Field) {
		c.add("columns", register.Wrong{Code: "map_field", Args: []any{column.Field}})
		return
	}
	if first := c.m.Column(column.Field); column.Field != "" && first < i && !c.joins(column.Field) {
		c.add("columns", register.Wrong{Code: "map_twice", Args: []any{column.Field, c.m.Columns[first].Header, column.Header}})
	}
	if !slices.Contains([]string{"", Ask, Make, Leave}, column.None) || !slices.Contains([]string{"", Ask, First, Leave}, column.Several) {
		c.add("columns", register.Wrong{Code: "map_action", Args: []any{column.Header}})
	}
	for _, raw := range slices.Sorted(maps.Keys(column.Values)) {
		c.long("columns", raw)
		if v := column.Values[raw]; v != Skip && !c.fits(column.Field, v) {
			c.add("columns", register.Wrong{Code: "map_value", Args: []any{column.Field, v}})
		}
	}
}
