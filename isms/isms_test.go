// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/register"
)

func TestRegisters(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Registers() {
		if seen[s.Name] {
			t.Errorf("%s comes twice", s.Name)
		}
		seen[s.Name] = true
		if got, ok := Register(s.Name); !ok || got != s {
			t.Errorf("%s is not found by its name", s.Name)
		}
	}
	if _, ok := Register("no_such_register"); ok {
		t.Error("a register that does not exist is found")
	}
	for _, s := range Registers() {
		listed := false
		for _, f := range s.Fields {
			listed = listed || f.Listed
			if f.Target != "" && !seen[f.Target] {
				t.Errorf("%s.%s points at %q, which is no register", s.Name, f.Name, f.Target)
			}
			if f.Find && f.Kind != register.Text && f.Kind != register.Prose {
				t.Errorf("%s.%s is searched, but is no text", s.Name, f.Name)
			}
			if f.Required && f.Kind == register.Bool {
				t.Errorf("%s.%s is required, but a box left empty is an answer", s.Name, f.Name)
			}
			for i, c := range f.Choices {
				if c == "" || c != strings.ToLower(c) || slices.Contains(f.Choices[:i], c) {
					t.Errorf("%s.%s has the choice %q", s.Name, f.Name, c)
				}
			}
		}
		if !listed {
			t.Errorf("%s shows nothing in its list", s.Name)
		}
	}
}

// TestEveryStructIsARegister finds a register that was written but forgotten in Registers, where it would never
// be kept.
func TestEveryStructIsARegister(t *testing.T) {
	for _, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			s, ok := spec.Type.(*ast.StructType)
			if !ok || len(s.Fields.List) == 0 || len(s.Fields.List[0].Names) > 0 {
				return true
			}
			if head, ok := s.Fields.List[0].Type.(*ast.Ident); !ok || head.Name != "Record" {
				return true
			}
			if _, ok := Register(register.Snake(spec.Name.Name)); !ok {
				t.Errorf("%s is not in Registers", spec.Name.Name)
			}
			return true
		})
	}
}

// TestConstantsAreChoices holds every constant of a choice's type against the type's Choices.
func TestConstantsAreChoices(t *testing.T) {
	choices := map[string][]string{}
	for _, s := range Registers() {
		for _, f := range s.Fields {
			if f.Kind == register.Choice {
				choices[f.Type] = f.Choices
			}
		}
	}
	held := 0
	for _, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || spec.Type == nil || len(spec.Values) != 1 {
				return true
			}
			name, ok := spec.Type.(*ast.Ident)
			lit, isLit := spec.Values[0].(*ast.BasicLit)
			if !ok || !isLit || lit.Kind != token.STRING {
				return true
			}
			allowed, ofRegister := choices[register.Snake(name.Name)]
			if !ofRegister {
				return true
			}
			value, err := strconv.Unquote(lit.Value)
			if err != nil || !slices.Contains(allowed, value) {
				t.Errorf("%s = %s is no choice of %s", spec.Names[0], lit.Value, name.Name)
			}
			held++
			return true
		})
	}
	if held < 40 {
		t.Errorf("only %d constants were found", held)
	}
}

func sources(t *testing.T) []*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

var exact = cmp.Exporter(func(reflect.Type) bool { return true })

// TestEveryRegisterIsReadBackTheSame draws records of every register, with anything in their fields that the
// fields allow: JSON and the form both give back the same record, and nothing but the register's own rules has
// anything against it.
func TestEveryRegisterIsReadBackTheSame(t *testing.T) {
	for _, s := range Registers() {
		t.Run(s.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				rec := draw(t, s)
				fromJSON := s.New()
				text := register.JSON(rec)
				if err := register.ReadJSON(fromJSON, text); err != nil {
					t.Fatalf("%s: %v", text, err)
				}
				if diff := cmp.Diff(rec, fromJSON, exact); diff != "" {
					t.Errorf("by JSON (-written +read):\n%s", diff)
				}
				if diff := register.Diff(rec, fromJSON); len(diff) > 0 {
					t.Errorf("differs: %v", diff)
				}
				fromForm, form := s.New(), map[string][]string{}
				*fromForm.Head() = *rec.Head()
				for _, f := range s.Fields {
					form[f.Name] = []string{f.Text(rec)}
				}
				if wrong := register.Read(fromForm, form); len(wrong) > 0 {
					t.Fatalf("%v: %v", form, wrong)
				}
				if diff := cmp.Diff(rec, fromForm, exact); diff != "" {
					t.Errorf("by form (-written +read):\n%s", diff)
				}
				var own []register.Wrong
				if r, ok := rec.(interface{ Wrong() []register.Wrong }); ok {
					own = r.Wrong()
				}
				if diff := cmp.Diff(own, register.Check(rec)); diff != "" {
					t.Errorf("more is wrong than the register's rules say:\n%s", diff)
				}
			})
		})
	}
}

var ids = rapid.StringMatching(`[a-z0-9_-]{1,64}`)

func draw(t *rapid.T, s *register.Schema) register.Entity {
	rec := s.New()
	*rec.Head() = register.Record{ID: ids.Draw(t, "id"), Unit: ids.Draw(t, "unit"), Rev: rapid.IntRange(0, 1e9).Draw(t, "rev"),
		Retired: rapid.SampledFrom([]register.Day{"", "2024-02-29"}).Draw(t, "retired")}
	for _, f := range s.Fields {
		if f.Kind == register.Links {
			f.SetIDs(rec, rapid.SliceOfN(ids, 0, 5).Draw(t, f.Name))
			continue
		}
		value := drawValue(t, f)
		if err := f.SetValue(rec, value); err != nil {
			t.Fatal(err)
		}
	}
	return rec
}

// drawValue draws what Field.Value gives: unknown and empty values too, where the field need not be given.
func drawValue(t *rapid.T, f register.Field) any {
	if !f.Required && rapid.IntRange(0, 3).Draw(t, f.Name+" empty") == 0 {
		switch f.Kind {
		case register.Number, register.Share:
			return int64(-1)
		case register.Bool, register.Int:
			return int64(0)
		}
		return ""
	}
	switch f.Kind {
	case register.Bool:
		return int64(rapid.IntRange(0, 1).Draw(t, f.Name))
	case register.Int:
		return int64(rapid.IntRange(1, 1e9).Draw(t, f.Name))
	case register.Number:
		return int64(rapid.IntRange(0, 1e9).Draw(t, f.Name))
	case register.Share:
		return int64(rapid.IntRange(0, 1e7).Draw(t, f.Name))
	case register.Date:
		return string(register.Day("2024-02-29").AddDays(rapid.IntRange(-99999, 99999).Draw(t, f.Name)))
	case register.Instant:
		return "2024-02-29T23:59:59.999999Z"
	case register.Choice:
		return rapid.SampledFrom(f.Choices).Draw(t, f.Name)
	case register.Link:
		return ids.Draw(t, f.Name)
	case register.Prose:
		return "x" + rapid.StringOfN(rapid.SampledFrom([]rune("aåÖ \n\t\"\\<&\u2028\u00a0😀'; ")), 0, 40, -1).Draw(t, f.Name)
	}
	text := rapid.StringOfN(rapid.SampledFrom([]rune("aåÖ \"\\<&\u2028\u00a0😀'; =")), 0, f.Max-2, -1).Draw(t, f.Name)
	return "x" + text + "x"
}
