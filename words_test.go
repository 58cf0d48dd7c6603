// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
)

// Every register, field and choice has words in both languages, so that a field added without them fails by name.
func TestEveryRegisterHasWords(t *testing.T) {
	for _, l := range locale.Langs() {
		need := needer(t, l)
		for _, field := range []string{"id", "unit", "rev", "retired"} {
			need("record." + field)
			need("record." + field + ".help")
		}
		for _, s := range isms.Registers() {
			for _, of := range []string{"", ".one", ".new", ".about"} {
				need("register." + s.Name + of)
			}
			for _, f := range s.Fields {
				need(s.Name + "." + f.Name)
				need(s.Name + "." + f.Name + ".help")
				for _, value := range f.Choices {
					need(f.ChoiceKey(value))
				}
			}
		}
	}
}

// A label is a name, a help is a sentence that says more than the label, and a translation is not the original.
func TestWordsAreWritten(t *testing.T) {
	for _, l := range locale.Langs() {
		for _, s := range isms.Registers() {
			for _, f := range s.Fields {
				key := s.Name + "." + f.Name
				label, help := l.T(key), l.T(key+".help")
				if strings.HasSuffix(label, ".") || strings.Contains(label, "\n") || len([]rune(label)) > 60 {
					t.Errorf("%s in %s is no label: %q", key, l, label)
				}
				if !strings.HasSuffix(help, ".") && !strings.HasSuffix(help, "?") || strings.HasPrefix(help, label+".") || len([]rune(help)) > 250 {
					t.Errorf("%s.help in %s is no helpful sentence: %q", key, l, help)
				}
			}
		}
	}
	for _, key := range locale.Keys(locale.Swedish) {
		sv := locale.Swedish.T(key)
		command := strings.HasPrefix(key, "cli.") && strings.HasSuffix(key, ".example")
		if len(strings.Fields(sv)) > 4 && !command && sv == locale.English.T(key) {
			t.Errorf("%s is the same in both languages: %q", key, sv)
		}
	}
}

// Whatever the program finds wrong with what somebody wrote, it can say so.
func TestEveryWrongHasWords(t *testing.T) {
	codes := map[string]string{}
	for _, s := range sources(t) {
		if s.test || s.room == "browser" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
				name, isName := call.Fun.(*ast.Ident)
				code, isText := call.Args[0].(*ast.BasicLit)
				if isName && isText && name.Name == "fileWrong" {
					text, _ := strconv.Unquote(code.Value)
					codes[text] = s.line(call.Pos())
				}
			}
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if isWrong(lit.Type) {
				codes[wrongCode(lit)] = s.line(lit.Pos())
			}
			if array, ok := lit.Type.(*ast.ArrayType); ok && isWrong(array.Elt) {
				for _, e := range lit.Elts {
					if e, ok := e.(*ast.CompositeLit); ok {
						codes[wrongCode(e)] = s.line(e.Pos())
					}
				}
			}
			return true
		})
	}
	delete(codes, "") // the code is a variable there
	if len(codes) < 25 {
		t.Fatalf("only %d codes found in the sources", len(codes))
	}
	for _, l := range locale.Langs() {
		for code, place := range codes {
			if !l.Has("wrong." + code) {
				t.Errorf("%s: wrong.%s has no words in %s", place, code, l)
			}
		}
	}
}

// A key that is written out where a text is asked for has words.
func TestEveryKeyAskedForHasWords(t *testing.T) {
	asked := map[string]string{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); !ok || sel.Sel.Name != "T" {
				return true
			}
			if lit, ok := call.Args[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				key, _ := strconv.Unquote(lit.Value)
				asked[key] = s.line(lit.Pos())
			}
			return true
		})
	}
	err := walk(func(path string, text []byte) error {
		if strings.HasPrefix(path, "web/pages/") {
			for _, m := range templateKey.FindAllSubmatch(text, -1) {
				asked[string(m[1])] = path
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(asked) < 100 {
		t.Fatalf("only %d keys found in the sources", len(asked))
	}
	for _, l := range locale.Langs() {
		for key, place := range asked {
			if !l.Has(key) {
				t.Errorf("%s: %s has no words in %s", place, key, l)
			}
		}
	}
}

// templateKey is a key written out in a page: {{.T "web.login"}}.
var templateKey = regexp.MustCompile(`\.T "([^"]+)"`)

func needer(t *testing.T, l locale.Lang) func(key string) {
	return func(key string) {
		t.Helper()
		if !l.Has(key) {
			t.Errorf("%s has no words in %s", key, l)
		}
	}
}

func isWrong(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "Wrong"
	case *ast.SelectorExpr:
		return e.Sel.Name == "Wrong"
	}
	return false
}

// wrongCode is the code in a literal register.Wrong, or "" if it is not written out there.
func wrongCode(lit *ast.CompositeLit) string {
	for i, e := range lit.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			if name, ok := pair.Key.(*ast.Ident); !ok || name.Name != "Code" {
				continue
			}
			e = pair.Value
		} else if i != 1 {
			continue
		}
		if s, ok := e.(*ast.BasicLit); ok && s.Kind == token.STRING {
			text, _ := strconv.Unquote(s.Value)
			return text
		}
	}
	return ""
}
