// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"ledsyn/isms"
	"ledsyn/locale"
)

// TestTemplatesMatchTheirStructs finds a misspelt field in any branch of any page.
func TestTemplatesMatchTheirStructs(t *testing.T) {
	sets, err := readPages()
	if err != nil {
		t.Fatal(err)
	}
	for name, set := range sets {
		if err := templatecheck.CheckHTML(set.Lookup("frame"), pageTypes[name]); err != nil {
			t.Errorf("pages/%s.html: %v", name, err)
		}
	}
}

var key = regexp.MustCompile(`"(web\.[a-z_.0-9]+[a-z_0-9])"`)

// TestWordsOfPages looks for keys in templates and sources that have no words in some language.
func TestWordsOfPages(t *testing.T) {
	all := map[string]string{}
	gather := func(fsys fs.FS, pattern string) {
		names, err := fs.Glob(fsys, pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v, %d files", pattern, err, len(names))
		}
		for _, name := range names {
			text, err := fs.ReadFile(fsys, name)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range key.FindAllSubmatch(text, -1) {
				all[string(found[1])] = name
			}
		}
	}
	gather(files, "pages/*.html")
	for _, r := range refusals {
		all["web.error."+r.key], all["web.error."+r.key+".why"] = "errors.go", "errors.go"
	}
	for _, g := range navGroups {
		all["web.group."+g.key] = "nav.go"
	}
	for _, w := range waitings {
		all["web.start."+w.key] = "start.go"
	}
	for _, k := range documentKinds {
		all["web.document."+k.name] = "frozen.go"
	}
	for _, state := range isms.ReviewState("").Choices() {
		if !isms.ReviewState(state).Frozen() {
			all["web.review.to."+state] = "review.go"
		}
		if state != "published" {
			all["web.start.review."+state] = "start.go"
		}
	}
	for _, act := range []string{"create", "change", "retire", "erase", "decide", "confirm", "sign", "import"} {
		all["web.history.act."+act], all["web.journal.act."+act] = "history.go", "journal.go"
	}
	all["web.journal.act.archive"] = "journal.go" // of the organisation, which has no history of its own
	for _, l := range locale.Langs() {
		for k, where := range all {
			if !l.Has(k) {
				t.Errorf("%s asks for %s, which has no words in %s", where, k, l)
			}
		}
	}
	if len(all) < 150 {
		t.Errorf("only %d keys were found", len(all))
	}
}

// TestEveryRegisterHasAPlace holds that the way about the program leads to every register, once.
func TestEveryRegisterHasAPlace(t *testing.T) {
	var placed []string
	for _, g := range navGroups {
		placed = append(placed, g.kinds...)
	}
	for _, s := range isms.Registers() {
		n := 0
		for _, kind := range placed {
			if kind == s.Name {
				n++
			}
		}
		if n != 1 {
			t.Errorf("register %s stands %d times in navGroups, want once", s.Name, n)
		}
		for _, word := range listWords {
			if _, ok := s.Field(word); ok {
				t.Errorf("%s.%s has the name of a list's own parameter", s.Name, word)
			}
		}
	}
	for _, kind := range placed {
		if _, ok := isms.Register(kind); !ok {
			t.Errorf("navGroups names %s, which is no register", kind)
		}
	}
}

// TestStateTypesExist holds the colours of states to choices that there are.
func TestStateTypesExist(t *testing.T) {
	choices := map[string][]string{}
	for _, s := range isms.Registers() {
		for _, f := range s.Fields {
			if f.Type != "" {
				choices[f.Type] = f.Choices
			}
		}
	}
	for name, classes := range stateTypes {
		for value := range classes {
			if !slices.Contains(choices[name], value) {
				t.Errorf("stateTypes has %s.%s, which is no choice", name, value)
			}
		}
		for _, value := range choices[name] {
			if classes[value] == "" {
				t.Errorf("stateTypes gives %s.%s no class", name, value)
			}
		}
	}
}

// TestNothingInline holds the pages to the policy that they are sent with: no style, no script and no handler in them.
func TestNothingInline(t *testing.T) {
	inline := regexp.MustCompile(`(?i)\sstyle=|<style|<script(?: [^>]*)?>[^<]|\son[a-z]+=|javascript:`)
	names, _ := fs.Glob(files, "pages/*.html")
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := inline.Find(text); found != nil {
			t.Errorf("%s holds %q", name, found)
		}
		if strings.Contains(string(text), "safeHTML") {
			t.Errorf("%s writes text as it stands", name)
		}
	}
}

// TestNoPageHidesItsFrame finds a field of a page with the name of one that every page has around it, which the frame would then show.
func TestNoPageHidesItsFrame(t *testing.T) {
	frame := reflect.TypeFor[Frame]()
	for name, p := range pageTypes {
		page := reflect.TypeOf(p).Elem()
		for i := range page.NumField() {
			if f := page.Field(i); !f.Anonymous {
				if _, hidden := frame.FieldByName(f.Name); hidden {
					t.Errorf("%T, of %s.html, has a %s of its own", p, name, f.Name)
				}
			}
		}
	}
}
