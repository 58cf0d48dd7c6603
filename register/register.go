// SPDX-License-Identifier: EUPL-1.2

// Package register knows what a register is, read from its Go struct: fields and their kinds, how a
// form or JSON is read into a record, how a record is checked, written, and compared with an earlier
// one. It knows nothing of information security, databases, the web or languages; it would serve a
// register of library books as well.
package register

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// Record is the head that every register's struct embeds. Unit is the id of the organisational unit
// that the record belongs to, Rev counts its changes from 1 (0 is a record not yet kept), and Retired
// is the day from which it is no longer in use; nothing is ever deleted. Masked is what of the record its reader may not
// see; it is nil where all may be seen, and never kept.
type Record struct {
	ID      string
	Unit    string
	Rev     int
	Retired Day
	Masked  *Mask
}

// Head returns the record's head, so that rooms which know no register can still tell records apart.
func (r *Record) Head() *Record { return r }

// Entity is a pointer to a register's struct.
type Entity interface{ Head() *Record }

// Kind says how a field is kept, shown and filled in.
type Kind int

// The kinds. The Go type of a struct field decides which one it has.
const (
	Text    Kind = iota // string: one line
	Prose               // string with the tag word prose: many lines
	Bool                // bool
	Int                 // int: a year or an ordinal; 0 means not given
	Number              // Count: a number that may be unknown
	Share               // Percent: percent with two decimals that may be unknown
	Date                // Day
	Instant             // Moment
	Choice              // a string type with Choices()
	Link                // Ref[T]: one record of another register
	Links               // []Ref[T]: many
)

// Field is one field of a register.
type Field struct {
	Name     string // as in columns, JSON and forms: in_use_from
	Kind     Kind
	Required bool
	Listed   bool     // shown in lists
	Find     bool     // searched by the free-text search
	Max      int      // longest text in characters; for Links the greatest number
	Choices  []string // for Choice: the values in order, without the empty one
	Type     string   // for Choice: the type's name, the first part of its words' keys
	Target   string   // for Link and Links: the register pointed at

	index int
}

// ChoiceKey is the key of the words for one choice: choice.lifecycle.in_use.
func (f Field) ChoiceKey(value string) string { return "choice." + f.Type + "." + value }

// Column is the SQL type of the field's column, the same on every engine, or "" for Links, which are
// rows of their own.
func (f Field) Column() string {
	switch f.Kind {
	case Bool, Int, Number, Share:
		return "bigint"
	case Links:
		return ""
	}
	return "text"
}

// Schema is the shape of a register.
type Schema struct {
	Name   string // as in tables, JSON and addresses: spot_check
	Type   reflect.Type
	Fields []Field

	byName map[string]int
}

// Field returns the field of that name.
func (s *Schema) Field(name string) (Field, bool) {
	i, ok := s.byName[name]
	if !ok {
		return Field{}, false
	}
	return s.Fields[i], true
}

// New returns an empty record of the register.
func (s *Schema) New() Entity { return reflect.New(s.Type).Interface().(Entity) }

// Title names a record for people: what its Title method says, or else its first text.
func (s *Schema) Title(rec Entity) string {
	if t, ok := rec.(interface{ Title() string }); ok {
		if title := t.Title(); title != "" {
			return title
		}
	}
	for _, f := range s.Fields {
		if f.Kind == Text || f.Kind == Prose {
			if t := f.Text(rec); t != "" {
				return t
			}
		}
	}
	return rec.Head().ID
}

var shapes sync.Map // reflect.Type to *Schema

// Of returns the shape of the register whose struct is T. It panics on a struct that is no register
// or a tag word it does not know: a mistake in the program, found by the first test that runs.
func Of[T any]() *Schema { return OfType(reflect.TypeFor[T]()) }

// OfValue returns the shape of the record's register.
func OfValue(rec Entity) *Schema { return OfType(reflect.TypeOf(rec).Elem()) }

// OfType returns the shape of the register whose struct has the given type.
func OfType(t reflect.Type) *Schema {
	if s, ok := shapes.Load(t); ok {
		return s.(*Schema)
	}
	s, _ := shapes.LoadOrStore(t, shape(t))
	return s.(*Schema)
}

func shape(t reflect.Type) *Schema {
	if head, ok := t.FieldByName("Record"); !ok || !head.Anonymous || head.Type != reflect.TypeFor[Record]() {
		panic(fmt.Sprintf("register: %v does not embed register.Record", t))
	}
	s := &Schema{Name: Snake(t.Name()), Type: t, byName: map[string]int{}}
	for i := range t.NumField() {
		if t.Field(i).Name == "Record" {
			continue
		}
		f := field(t, t.Field(i))
		f.index = i
		if _, twice := s.byName[f.Name]; twice || slices.Contains(headNames, f.Name) || !t.Field(i).IsExported() {
			panic(fmt.Sprintf("register: %v.%s: the name is taken or is not public", t, t.Field(i).Name))
		}
		s.byName[f.Name] = len(s.Fields)
		s.Fields = append(s.Fields, f)
	}
	return s
}

// headNames are the keys of a record's head in JSON and columns.
var headNames = []string{"id", "unit", "rev", "retired"}

func field(t reflect.Type, sf reflect.StructField) Field {
	f := Field{Name: Snake(sf.Name)}
	f.Kind = kindOf(&f, t, sf)
	for word := range strings.SplitSeq(sf.Tag.Get("reg"), ",") {
		value, isMax := strings.CutPrefix(word, "max=")
		switch {
		case word == "":
		case word == "required":
			f.Required = true
		case word == "listed":
			f.Listed = true
		case word == "find":
			f.Find = true
		case word == "prose" && f.Kind == Text:
			f.Kind = Prose
		case isMax:
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 {
				panic(fmt.Sprintf("register: %v.%s: %q", t, sf.Name, word))
			}
			f.Max = n
		default:
			panic(fmt.Sprintf("register: %v.%s: unknown tag word %q", t, sf.Name, word))
		}
	}
	switch {
	case f.Max == 0 && f.Kind == Prose:
		f.Max = 20000
	case f.Max == 0:
		f.Max = 200
	}
	return f
}

func kindOf(f *Field, t reflect.Type, sf reflect.StructField) Kind {
	zero := reflect.Zero(sf.Type).Interface()
	switch v := zero.(type) {
	case bool:
		return Bool
	case int:
		return Int
	case string:
		return Text
	case Day:
		return Date
	case Moment:
		return Instant
	case Count:
		return Number
	case Percent:
		return Share
	case choice:
		if sf.Type.Kind() == reflect.String {
			f.Type, f.Choices = Snake(sf.Type.Name()), v.Choices()
			return Choice
		}
	case reference:
		f.Target = Snake(v.target().Name())
		return Link
	}
	if sf.Type.Kind() == reflect.Slice {
		if v, ok := reflect.Zero(sf.Type.Elem()).Interface().(reference); ok {
			f.Target = Snake(v.target().Name())
			return Links
		}
	}
	panic(fmt.Sprintf("register: %v.%s has type %v, which no kind keeps", t, sf.Name, sf.Type))
}

// Snake writes a Go name as registers and columns are named: InUseFrom becomes in_use_from, DPOReport
// dpo_report.
func Snake(name string) string {
	runes := []rune(name)
	var b strings.Builder
	for i, r := range runes {
		startsWord := i > 0 && unicode.IsUpper(r) &&
			(!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if startsWord {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
