// SPDX-License-Identifier: EUPL-1.2

package browser

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The tests of this file hold the suite itself, on a tiny site: that it sees what is wrong, and that its hands work.

// policy is as strict as the program's own, so that the suite is known to work under it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
	"frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"

// site is a tiny program with the demo's page, a language switch, and the given pages. A page is what stands in its main element.
func site(t *testing.T, pages map[string]string) string {
	t.Helper()
	mux := http.NewServeMux()
	cookie := func(r *http.Request, name, otherwise string) string {
		if c, err := r.Cookie(name); err == nil {
			return c.Value
		}
		return otherwise
	}
	set := func(action, field, to string) {
		mux.HandleFunc("POST "+action, func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: field, Value: r.FormValue(field), Path: "/", HttpOnly: true})
			http.Redirect(w, r, to, http.StatusSeeOther)
		})
	}
	set("/demo/step", "person", "/")
	set("/language", "lang", "/")
	mux.HandleFunc("GET /look.css", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprint(w, "body { color: #222; background: #fff } .wide { width: 900px } .pale { color: #ccc }")
	})
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /own.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, "addEventListener('DOMContentLoaded', () => document.querySelector('h1').textContent += ' alive')")
	})
	mux.HandleFunc("GET /list.csv", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		fmt.Fprint(w, "a;b\n")
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		lang := cookie(r, "lang", "sv")
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="%s"><head><title>Tiny</title><meta name="viewport" content="width=device-width">
			<link rel="stylesheet" href="/look.css"><script src="/own.js" defer></script></head>
			<body><header><form action="/language" method="post"><button name="lang" value="sv">Svenska</button> <button name="lang" value="en">English</button></form></header>
			<main><h1>Page</h1><p>You are %s.</p>%s</main></body></html>`,
			html.EscapeString(lang), html.EscapeString(cookie(r, "person", "nobody")), strings.ReplaceAll(body, "ANSWER", html.EscapeString(r.FormValue("name")+r.FormValue("level")+r.FormValue("agree")+r.FormValue("on"))))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

const twoPeople = `<form action="/demo/step" method="post"><input type="hidden" name="person" value="p1"><button>The coordinator</button></form>
	<form action="/demo/step" method="post"><input type="hidden" name="person" value="p2"><button>The auditor</button></form>`

func TestHands(t *testing.T) {
	base := site(t, map[string]string{
		"/": `<nav aria-label="main"><a href="/form">To the form</a></nav>`,
		"/form": `<form action="/answer"><label for="n">Name</label><input id="n" name="name" value="old"> <label for="l">Level</label><select id="l" name="level">
			<option value="0">none</option><option value="3">high</option></select> <label><input type="checkbox" name="agree" value="yes"> Agree</label>
			<label for="d">Day</label> <input type="date" id="d" name="on"> <button>Send</button></form><details><summary>More</summary><p>Hidden words</p></details>`,
		"/answer": `<p>Got ANSWER</p>`,
		"/demo":   twoPeople,
	})
	v := openAt(t, base)
	v.stepInto("auditor")
	v.see("You are p2.")
	v.see("Page alive")
	v.language("en")
	v.follow("To the form")
	v.fill("Name", "Åsa")
	v.fill("Level", "high")
	v.fill("Agree", "on")
	v.fill("Day", "2024-02-29")
	v.click("More")
	v.see("Hidden words")
	v.follow("Send")
	v.see("Got Åsa3yes2024-02-29")
	if want := "/answer?name=%C3%85sa&level=3&agree=yes&on=2024-02-29"; v.path() != want {
		t.Errorf("at %s, want %s", v.path(), want)
	}
	v.accessible()
	v.fits(390)
	if got := eval[string](v, "document.documentElement.lang"); got != "en" {
		t.Errorf("the page is in %q, want en", got)
	}
}

func TestKeyboard(t *testing.T) {
	v := openAt(t, site(t, map[string]string{
		"/":     `<p><a href="/x">First</a> <a href="/next">Second</a></p>`,
		"/next": `<label for="n">Name</label><input id="n">`,
	}))
	v.visit("/")
	v.tabTo("Second")
	v.press("Shift+Tab")
	if got := v.focus(); got != "First" {
		t.Errorf("after Shift+Tab the focus is on %q, want First", got)
	}
	v.press("Tab")
	v.pressAndLoad("Enter")
	v.tabTo("Name")
	v.press("abc")
	if got := eval[string](v, "document.activeElement.value"); v.path() != "/next" || got != "abc" {
		t.Errorf("at %s with %q in the field, want /next and abc", v.path(), got)
	}
}

func TestWithoutScripts(t *testing.T) {
	v := openAt(t, site(t, map[string]string{"/": `<a href="/two">On</a>`, "/two": `<p>There</p>`, "/demo": twoPeople}))
	v.scripts(false)
	v.stepInto("p1")
	v.follow("On")
	v.see("There")
	if strings.Contains(v.text("body"), "alive") {
		t.Error("the page's script ran though scripts are off")
	}
	v.scripts(true)
	v.visit("/two")
	v.wait("Page alive")
}

func TestShot(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("LEDSYN_SHOTS", folder)
	v := openAt(t, site(t, map[string]string{"/": `<p>Smile</p>`}))
	v.visit("/")
	v.shot("start")
	for _, name := range []string{"start-1280.png", "start-390.png"} {
		picture, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || !strings.HasPrefix(string(picture), "\x89PNG") {
			t.Errorf("%s: no picture: %v", name, err)
		}
	}
}

// TestSeesFaults plants each kind of fault and expects the crawl to name it, and nothing else.
func TestSeesFaults(t *testing.T) {
	const style = `<p style="color:red">Inline</p>`
	for name, c := range map[string]struct{ body, want string }{
		"good":       {`<p>All is well. <a href="/list.csv">Table</a></p>`, ""},
		"contrast":   {`<p class="pale">Hard to read</p>`, "color-contrast"},
		"label":      {`<p><input></p>`, "label: "},
		"dead link":  {`<p><a href="/nowhere">Gone</a></p>`, "a link to /nowhere? answers 404"},
		"policy":     {style, "Content Security Policy"},
		"other host": {`<p><img alt="x" src="http://127.0.0.2:9/x.png"></p>`, "asked another host"},
		"missing":    {`<p><img alt="x" src="/x.png"></p>`, "404 (Not Found)"},
		"wide":       {`<p class="wide">Wide</p>`, "wider than 320"},
		"unfinished": {`<p>%!s(MISSING)</p>`, "the page holds"},
	} {
		t.Run(name, func(t *testing.T) {
			v := openAt(t, site(t, map[string]string{"/": `<p><a href="/it">On</a></p>`, "/it": c.body}))
			v.visit("/")
			crawl := newCrawl("sv", &sights{})
			crawl.walk(v, "nobody")
			found := crawl.report()
			if crawl.pages != 2 {
				t.Errorf("%d pages opened, want 2", crawl.pages)
			}
			if c.want == "" && len(found) > 0 || c.want != "" && !strings.Contains(strings.Join(found, "\n"), c.want) {
				t.Errorf("found:\n%s\nwant %q", strings.Join(found, "\n"), c.want)
			}
		})
	}
}

func TestSamplesRecords(t *testing.T) {
	pages := map[string]string{"/": ""}
	for i := range 20 {
		at := fmt.Sprintf("/system/s%d", i)
		pages["/"] += `<p><a href="` + at + `">` + at + `</a></p>`
		pages[at] = "<p>A system</p>"
	}
	v := openAt(t, site(t, pages))
	v.visit("/")
	c := newCrawl("sv", &sights{})
	c.walk(v, "nobody")
	if c.pages != 1+sameKind || c.looked != 2 {
		t.Errorf("%d pages, and %d looked at, want %d and 2", c.pages, c.looked, 1+sameKind)
	}
	c.walk(v, "somebody else")
	if want := 1 + sameKind + 2; c.pages != want {
		t.Errorf("%d pages after a second walk, want %d: one of each kind", c.pages, want)
	}
	v.language("en")
	english := newCrawl("en", c.drawn)
	english.walk(v, "nobody")
	if english.looked != 2 {
		t.Errorf("%d pages looked at in another language, want 2: one of each kind", english.looked)
	}
}

func TestParts(t *testing.T) {
	got := parts([]person{
		{"a/1", "Step in Eva Ek, Manager, The board"}, {"a/2", "Step in Bo Ek, Manager, Another board"},
		{"a/3", "Step in Asa Ek, Manager, Auditor, The board"}, {"b/1", "Step in Eva Ek, Manager, The board"}, {"p2", "The auditor"},
	})
	var names []string
	for _, p := range got {
		names = append(names, p.Person)
	}
	if want := "a/1 a/3 b/1 p2"; strings.Join(names, " ") != want {
		t.Errorf("picked %v, want %s", names, want)
	}
}
