// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// walls is the plan of the house: each room and the rooms it may import. A room is a folder at the top; folders inside it belong
// to it. Adding a room means adding a line here. Why it differs from doc/design.md where it does: doc/decisions/0001-rooms.md.
const walls = `
register:
law:
locale:
chart:
pdf:
sign:
sample:
files:
isms:      register law
access:    isms register
metric:    isms law register
sheet:     register locale
report:    metric isms law register locale chart pdf
data:      isms register
store:     isms register
app:       store data report metric access isms law register sheet sign locale files sample
login:     app access locale
notify:    app access isms law locale register
web:       app login notify report isms law register locale chart
api:       app login isms law register locale
demo:      app data isms access law register
browser:   locale
main:      register law locale chart pdf sign isms access metric sheet report data store app login notify web api demo files sample
`

// bounded lists the packages outside the house that only some rooms may import, each with everything below it. A library that is
// not listed may not be imported at all; a standard package that is not listed may be imported anywhere. ROOM_test is that room's
// test files, any_test those of every room.
const bounded = `
C:
database/sql:                        store
net/http:                            web api login main browser files

modernc.org/sqlite:                  store
github.com/jackc/pgx/v5:             store
github.com/transparency-dev/merkle:  store
golang.org/x/mod/sumdb:              store sign
golang.org/x/text/collate:           store
golang.org/x/text/unicode/norm:      store
golang.org/x/text/language:          store
golang.org/x/text/encoding:          sheet
golang.org/x/text:                   locale
golang.org/x/crypto/argon2:          login
golang.org/x/term:                   main
github.com/wneessen/go-mail:         notify
github.com/yuin/goldmark:            report
go.yaml.in/yaml/v3:                  law data main

github.com/google/go-cmp:            any_test
pgregory.net/rapid:                  any_test
github.com/jba/templatecheck:        web_test
github.com/chromedp:                 browser_test
`

// folders at the top that are no rooms.
var folders = []string{"doc"}

// swedish lists the Go files outside locale that may hold Swedish words in strings, each with the reason. There is seldom one.
var swedish = map[string]string{}

// A source is one Go file of the tree.
type source struct {
	path string // with slashes, from the root
	room string // "main" for the files at the root
	test bool
	text []byte
	file *ast.File
	at   *token.FileSet
}

func (s source) line(p token.Pos) string {
	return fmt.Sprintf("%s:%d", s.path, s.at.Position(p).Line)
}

// readSources parses the tree once for all tests of this file.
var readSources = sync.OnceValues(func() ([]source, error) {
	var all []source
	at := token.NewFileSet()
	err := walk(func(path string, text []byte) error {
		if !strings.HasSuffix(path, ".go") || strings.Contains(path, "testdata/") {
			return nil
		}
		file, err := parser.ParseFile(at, path, text, parser.ParseComments)
		if err != nil {
			return err
		}
		room := "main"
		if top, _, inside := strings.Cut(path, "/"); inside {
			room = top
		}
		all = append(all, source{path, room, strings.HasSuffix(path, "_test.go"), text, file, at})
		return nil
	})
	return all, err
})

func sources(t *testing.T) []source {
	t.Helper()
	all, err := readSources()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// walk hands every file of the repository to see, except what git and the program itself keep beside the sources.
func walk(see func(path string, text []byte) error) error {
	return filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path = filepath.ToSlash(path)
		if d.IsDir() {
			if path == ".git" || path == "ledsyn-demo" {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || path == "ledsyn" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return see(path, text)
	})
}

// table reads lines of the form "key: word word".
func table(text string) map[string][]string {
	m := map[string][]string{}
	for line := range strings.Lines(text) {
		if key, words, ok := strings.Cut(line, ":"); ok {
			m[key] = strings.Fields(words)
		}
	}
	return m
}

func TestPlanHasEveryFolder(t *testing.T) {
	plan := table(walls)
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() || strings.HasPrefix(name, ".") || name == "ledsyn-demo" || slices.Contains(folders, name) {
			continue
		}
		if _, ok := plan[name]; !ok {
			t.Errorf("folder %s is not in the plan of the house: add it to walls in rooms_test.go, and say why in doc/decisions/", name)
		}
	}
}

func TestWalls(t *testing.T) {
	plan, limits := table(walls), table(bounded)
	for room, may := range plan {
		for _, other := range may {
			if _, ok := plan[other]; !ok {
				t.Errorf("walls: %s may import %s, which is no room", room, other)
			}
		}
	}
	for _, s := range sources(t) {
		for _, spec := range s.file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if wrong := forbidden(s, path, plan, limits); wrong != "" {
				t.Errorf("%s: %s", s.line(spec.Pos()), wrong)
			}
		}
	}
}

// forbidden says why the file may not import the path, or nothing.
func forbidden(s source, path string, plan, limits map[string][]string) string {
	if inside, ok := strings.CutPrefix(path, "ledsyn/"); ok {
		room, _, _ := strings.Cut(inside, "/")
		if room == s.room || slices.Contains(plan[s.room], room) {
			return ""
		}
		return fmt.Sprintf("room %s may not import room %s; it may import: %s", s.room, room, strings.Join(plan[s.room], " "))
	}
	as := []string{s.room}
	if s.test {
		as = append(as, s.room+"_test", "any_test")
	}
	first, _, _ := strings.Cut(path, "/")
	listed := strings.Contains(first, ".") // a library: forbidden unless a line allows it
	for prefix, rooms := range limits {
		if path != prefix && !strings.HasPrefix(path, prefix+"/") {
			continue
		}
		listed = true
		if slices.ContainsFunc(as, func(a string) bool { return slices.Contains(rooms, a) }) {
			return ""
		}
	}
	if listed {
		return fmt.Sprintf("room %s may not import %s: see bounded in rooms_test.go", s.room, path)
	}
	return ""
}

// TestForbidden holds the judge itself: a wall that lets everything through would make the house's test worthless.
func TestForbidden(t *testing.T) {
	plan, limits := table(walls), table(bounded)
	for _, c := range []struct {
		room    string
		test    bool
		path    string
		allowed bool
	}{
		{"web", false, "ledsyn/app", true},
		{"web", false, "ledsyn/web/pages", true},
		{"web", false, "ledsyn/store", false},
		{"web", true, "ledsyn/store", false},
		{"isms", false, "ledsyn/locale", false},
		{"browser", true, "ledsyn/app", false},
		{"main", true, "ledsyn/store", true},
		{"web", false, "net/http/httptest", true},
		{"app", false, "net/http", false},
		{"app", true, "database/sql", false},
		{"store", false, "database/sql/driver", true},
		{"store", false, "C", false},
		{"chart", false, "encoding/xml", true},
		{"metric", true, "pgregory.net/rapid", true},
		{"metric", false, "pgregory.net/rapid", false},
		{"app", true, "github.com/jba/templatecheck", false},
		{"locale", false, "golang.org/x/text/message", true},
		{"app", false, "golang.org/x/text/collate", false},
		{"web", false, "github.com/stretchr/testify/assert", false},
	} {
		wrong := forbidden(source{room: c.room, test: c.test}, c.path, plan, limits)
		if (wrong == "") != c.allowed {
			t.Errorf("%s (test file: %v) importing %s: got %q, want allowed %v", c.room, c.test, c.path, wrong, c.allowed)
		}
	}
}

// TestWhatGoesOnAtOnceIsTestedForRaces holds that every room that starts a goroutine is among those that CI runs under the race detector.
func TestWhatGoesOnAtOnceIsTestedForRaces(t *testing.T) {
	ci, err := os.ReadFile(".ci/run")
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`concurrent='([^']*)'`).FindSubmatch(ci)
	if list == nil {
		t.Fatal(".ci/run names no rooms in which things go on at once")
	}
	tested := strings.Fields(string(list[1]))
	starts := map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				starts[s.room] = true
			case *ast.SelectorExpr:
				starts[s.room] = starts[s.room] || n.Sel.Name == "Go"
			}
			return true
		})
	}
	if !starts["store"] {
		t.Error("no goroutine is found in store, which has its writers: this test has lost its eyes")
	}
	for room := range starts {
		if room != "main" && starts[room] && !slices.Contains(tested, "./"+room) {
			t.Errorf("room %s starts goroutines: add it to concurrent in .ci/run", room)
		}
	}
}

const licence = "// SPDX-License-Identifier: EUPL-1.2\n\n"

func TestEveryFileNamesItsLicence(t *testing.T) {
	for _, s := range sources(t) {
		if !strings.HasPrefix(string(s.text), licence) {
			t.Errorf("%s does not begin with %q and an empty line", s.path, strings.TrimSpace(licence))
		}
	}
}

func TestEveryPackageSaysWhatItKnows(t *testing.T) {
	comments := map[string]string{} // by folder
	names := map[string]string{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		folder := filepath.ToSlash(filepath.Dir(s.path))
		names[folder] = s.file.Name.Name
		comments[folder] += s.file.Doc.Text()
	}
	for folder, name := range names {
		switch comment := comments[folder]; {
		case comment == "":
			t.Errorf("package %s (%s) has no package comment", name, folder)
		case name != "main" && !strings.HasPrefix(comment, "Package "+name+" "):
			t.Errorf("the comment of package %s (%s) does not begin with \"Package %s \", or it stands in more than one file", name, folder, name)
		}
	}
}

// swedishWord is a letter that gives Swedish away beside another letter; alone it is a glyph or a key to sort by, and in the order
// of the alphabet it is a list of letters.
var swedishWord = regexp.MustCompile(`[åäöÅÄÖ]\pL|\pL[åäöÅÄÖ]`)
var alphabet = strings.NewReplacer("åäö", "", "ÅÄÖ", "")

// TestWordsLiveInLocale finds most strays, not all.
func TestWordsLiveInLocale(t *testing.T) {
	needed := map[string]bool{}
	for _, s := range sources(t) {
		if s.test || s.room == "locale" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil || !swedishWord.MatchString(alphabet.Replace(text)) {
				return true
			}
			needed[s.path] = true
			if swedish[s.path] == "" {
				t.Errorf("%s: Swedish words %s outside locale", s.line(lit.Pos()), lit.Value)
			}
			return true
		})
	}
	for path := range swedish {
		if !needed[path] {
			t.Errorf("the list swedish names %s, which holds no Swedish words any longer", path)
		}
	}
}

// leaks are traces of the machine somebody worked on. The expressions are put together from pieces so that they do not find themselves.
var leaks = regexp.MustCompile(strings.Join([]string{
	`/ho` + `me/[a-z]`, `/Us` + `ers/[A-Za-z]`, `[A-Z]:\\Us` + `ers\\`, `/ro` + `ot/`, `/tm` + `p/[A-Za-z]`, `(^|[\s"'=(])/wo` + `rk/`,
}, "|"))

func TestNoTracesOfAnyonesMachine(t *testing.T) {
	err := walk(func(path string, text []byte) error {
		if slices.Contains(text[:min(len(text), 8000)], 0) { // not text
			return nil
		}
		for i, line := range strings.Split(string(text), "\n") {
			if found := leaks.FindString(line); found != "" {
				t.Errorf("%s:%d names %q, a folder on somebody's machine", path, i+1, found)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
