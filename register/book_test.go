// SPDX-License-Identifier: EUPL-1.2

package register

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Book is a register with a field of every kind.
type Book struct {
	Record
	Title    string      `reg:"required,max=11,listed,find"`
	Summary  string      `reg:"max=30,prose"`
	Lent     bool        `reg:"listed"`
	Year     int         `reg:""`
	Copies   Count       `reg:""`
	Worn     Percent     `reg:""`
	BoughtOn Day         `reg:""`
	SeenAt   Moment      `reg:""`
	Shelf    Shelf       `reg:"required"`
	Sequel   Ref[Book]   `reg:""`
	Similar  []Ref[Book] `reg:"max=3"`
}

// Shelf is where a book stands.
type Shelf string

// Choices lists the shelves.
func (Shelf) Choices() []string { return []string{"high", "low"} }

// Wrong reports a book that is its own sequel.
func (b Book) Wrong() []Wrong {
	if b.ID != "" && string(b.Sequel) == b.ID {
		return []Wrong{{"sequel", "own_sequel", nil}}
	}
	return nil
}

func whole() *Book {
	return &Book{Record: Record{ID: "b1", Unit: "u1", Rev: 3, Retired: "2024-05-01"}, Title: "Röda rummet", Summary: "one\n\ttwo",
		Lent: true, Year: 1879, Copies: CountOf(0), Worn: PercentOf(1250), BoughtOn: "2020-02-29",
		SeenAt: "2024-01-01T10:00:00.000000Z", Shelf: "high", Sequel: "b2", Similar: []Ref[Book]{"b4", "b3"}}
}

func TestShape(t *testing.T) {
	s := Of[Book]()
	want := []Field{
		{Name: "title", Kind: Text, Required: true, Listed: true, Find: true, Max: 11},
		{Name: "summary", Kind: Prose, Max: 30},
		{Name: "lent", Kind: Bool, Listed: true, Max: 200},
		{Name: "year", Kind: Int, Max: 200},
		{Name: "copies", Kind: Number, Max: 200},
		{Name: "worn", Kind: Share, Max: 200},
		{Name: "bought_on", Kind: Date, Max: 200},
		{Name: "seen_at", Kind: Instant, Max: 200},
		{Name: "shelf", Kind: Choice, Required: true, Max: 200, Choices: []string{"high", "low"}, Type: "shelf"},
		{Name: "sequel", Kind: Link, Max: 200, Target: "book"},
		{Name: "similar", Kind: Links, Max: 3, Target: "book"},
	}
	ignoreIndex := cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "index" }, cmp.Ignore())
	if diff := cmp.Diff(want, s.Fields, cmp.AllowUnexported(Field{}), ignoreIndex); diff != "" {
		t.Error(diff)
	}
	if s.Name != "book" || OfValue(whole()) != s || OfType(reflect.TypeFor[Book]()) != s {
		t.Errorf("the shape %q is not one and the same", s.Name)
	}
	if f, ok := s.Field("shelf"); !ok || f.ChoiceKey("low") != "choice.shelf.low" || f.Column() != "text" {
		t.Errorf("shelf is %v %+v", ok, f)
	}
	if _, ok := s.Field("Shelf"); ok {
		t.Error("a field is found by its Go name")
	}
	if _, ok := s.New().(*Book); !ok {
		t.Errorf("New gives %T", s.New())
	}
	columns := ""
	for _, f := range s.Fields {
		columns += f.Column() + " "
	}
	if columns != "text text bigint bigint bigint bigint text text text text  " {
		t.Errorf("columns: %q", columns)
	}
}

func TestTitle(t *testing.T) {
	s := Of[Book]()
	for want, b := range map[string]*Book{"T": {Title: "T", Summary: "S"}, "S": {Summary: "S"}, "b9": {Record: Record{ID: "b9"}}} {
		if got := s.Title(b); got != want {
			t.Errorf("title %q, want %q", got, want)
		}
	}
	if got := Of[named]().Title(&named{Name: "n", Nick: "the"}); got != "the n" {
		t.Errorf("title by method: %q", got)
	}
	if got := Of[named]().Title(&named{Name: "n"}); got != "n" {
		t.Errorf("title where the method gives none: %q", got)
	}
}

type named struct {
	Record
	Name string
	Nick string
}

func (n *named) Title() string {
	if n.Nick == "" {
		return ""
	}
	return n.Nick + " " + n.Name
}

type number int

func (number) Choices() []string { return nil }

func TestMistakesInStructsPanic(t *testing.T) {
	type noHead struct{ Name string }
	type namedHead struct {
		Head Record
		Name string
	}
	type foreignHead struct {
		Record string
	}
	type unknownWord struct {
		Record
		Name string `reg:"requierd"`
	}
	type badMax struct {
		Record
		Name string `reg:"max=0"`
	}
	type proseDay struct {
		Record
		On Day `reg:"prose"`
	}
	type noKind struct {
		Record
		Price float64
	}
	type sliceOfText struct {
		Record
		Names []string
	}
	type numberChoice struct {
		Record
		N number
	}
	type headName struct {
		Record
		Unit string
	}
	type twice struct {
		Record
		InUse  string
		In_use string
	}
	type private struct {
		Record
		name string
	}
	_ = private{name: ""}
	for _, typ := range []reflect.Type{reflect.TypeFor[noHead](), reflect.TypeFor[namedHead](), reflect.TypeFor[foreignHead](),
		reflect.TypeFor[unknownWord](), reflect.TypeFor[badMax](), reflect.TypeFor[proseDay](), reflect.TypeFor[noKind](),
		reflect.TypeFor[sliceOfText](), reflect.TypeFor[numberChoice](), reflect.TypeFor[headName](), reflect.TypeFor[twice](),
		reflect.TypeFor[private]()} {
		t.Run(typ.Name(), func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("accepted")
				}
			}()
			OfType(typ)
		})
	}
}

func TestSnake(t *testing.T) {
	for name, want := range map[string]string{"InUseFrom": "in_use_from", "DPOReport": "dpo_report", "NISCovered": "nis_covered",
		"ID": "id", "AsOf": "as_of", "Name": "name", "ReportsTo": "reports_to", "DecidedByDPO": "decided_by_dpo", "A": "a", "": "", "ÅrsPlan": "års_plan"} {
		if got := Snake(name); got != want {
			t.Errorf("%s becomes %s, want %s", name, got, want)
		}
	}
}
