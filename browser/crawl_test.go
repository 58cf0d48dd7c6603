// SPDX-License-Identifier: EUPL-1.2

package browser

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

const (
	mostPages  = 20 // by one person in one language
	sameKind   = 2  // of these, records of one register, and other pages that differ by their id only
	knownPages = 4  // of these, of kinds that somebody else has opened in that language; one of each
	sameLook   = 2  // pages of one kind and language that axe looks at, over all persons
)

// TestEveryPage goes from the start page along the links, in both languages at once, as one person of each part in each of the demo's
// organisations, and as nobody. Every link leads somewhere, and no page has faults that axe finds, complaints in the console, requests
// to other hosts, or needs sideways scrolling when narrow. Axe looks at each kind of page in each language, and at a second page of one
// kind when its shape is new; at the colours of a shape once, in whichever language comes first.
func TestEveryPage(t *testing.T) {
	start := time.Now()
	people := append(parts(open(t).people()), person{"", "nobody"})
	drawn := &sights{}
	for _, lang := range []string{"sv", "en"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			c := newCrawl(lang, drawn)
			defer func() { // also when a step in between fails
				t.Logf("%d persons, %d pages of %d kinds loaded, %d links asked for, %d pages looked at, %.0f s",
					len(people), c.pages, len(c.kinds), c.asked, c.looked, time.Since(start).Seconds())
				for _, fault := range c.report() {
					t.Error(fault)
				}
			}()
			for _, p := range people {
				t.Run(p.Label, func(t *testing.T) { c.as(open(t), p) })
			}
			if c.pages < 2*len(people) {
				t.Errorf("only %d pages were found: the start page leads nowhere", c.pages)
			}
		})
	}
}

// as walks as the person.
func (c *crawl) as(v *visitor, p person) {
	v.t.Helper()
	v.visit("/demo")
	if p.Person != "" {
		v.send("/demo/step", "person", p.Person)
	}
	if v.status >= 400 {
		c.fault(fmt.Sprintf("answers %d to somebody who steps in", v.status), fmt.Sprintf("%s as %s", v.path(), p.Label))
	}
	v.language(c.lang)
	c.walk(v, p.Label)
}

// parts picks the first person of each part.
func parts(all []person) []person {
	met := map[string]bool{}
	return slices.DeleteFunc(all, func(p person) bool {
		defer func() { met[p.part()] = true }()
		return met[p.part()]
	})
}

func TestPageThatIsNotThere(t *testing.T) {
	v := open(t)
	for _, lang := range []string{"sv", "en"} {
		v.visit("/")
		v.language(lang)
		v.visit("/no-such-page")
		if v.status != 404 {
			t.Errorf("a page that is not there answers %d", v.status)
		}
		v.accessible()
	}
}

// A crawl remembers what was seen in one language, over all persons.
type crawl struct {
	lang   string
	drawn  *sights
	kinds  map[string]bool // of addresses
	looks  map[string]int  // by kind
	pages  int
	asked  int
	looked int
	faults map[string]*fault
}

// sights are the shapes that were looked at, over both languages.
type sights struct{ shapes sync.Map }

// first reports whether nobody has looked at the shape.
func (s *sights) first(shape string) bool {
	_, met := s.shapes.LoadOrStore(shape, true)
	return !met
}

// A fault is something wrong, where it was seen first, and how often.
type fault struct {
	where string
	times int
}

func newCrawl(lang string, drawn *sights) *crawl {
	return &crawl{lang: lang, drawn: drawn, kinds: map[string]bool{}, looks: map[string]int{}, faults: map[string]*fault{}}
}

func (c *crawl) fault(what, where string) {
	if f := c.faults[what]; f != nil {
		f.times++
		return
	}
	c.faults[what] = &fault{where, 1}
}

// report lists the faults in a fixed order.
func (c *crawl) report() []string {
	var all []string
	for what, f := range c.faults {
		all = append(all, fmt.Sprintf("%s (seen %d times): %s", f.where, f.times, what))
	}
	slices.Sort(all)
	return all
}

var id = regexp.MustCompile(`/[^/]*[0-9][^/]*`)
var notInNames = regexp.MustCompile(`[^a-z0-9]+`)
var given = regexp.MustCompile(`=[^&]*`)

// kind is an address without its ids and the values of its query: what all records of a register have in common.
func kind(address string) string {
	path, query, _ := strings.Cut(address, "?")
	return id.ReplaceAllString(path, "/*") + "?" + given.ReplaceAllString(query, "")
}

// walk opens pages from the start page on until there are no new ones or enough. Kinds that nobody has opened go first.
func (c *crawl) walk(v *visitor, who string) {
	v.t.Helper()
	waiting := []string{"/"}
	met := map[string]bool{"/": true}
	times := map[string]int{} // by kind
	mine := map[string]bool{} // kinds that this walk is the first to open
	known, opened := 0, 0
	for len(waiting) > 0 && opened < mostPages {
		next := max(0, slices.IndexFunc(waiting, func(a string) bool { return !c.kinds[kind(a)] }))
		at := waiting[next]
		waiting = slices.Delete(waiting, next, next+1)
		k := kind(at)
		if !c.kinds[k] {
			mine[k] = true
		}
		if times[k]++; times[k] > sameKind || times[k] > 1 && !mine[k] {
			continue
		}
		if !mine[k] {
			if known++; known > knownPages {
				continue
			}
		}
		where := fmt.Sprintf("%s as %s in %s", at, who, c.lang)
		if !c.ask(v, at, where) {
			continue
		}
		c.kinds[k] = true
		opened++
		for _, link := range c.look(v, at, where) {
			if !met[link] {
				met[link] = true
				waiting = append(waiting, link)
			}
		}
	}
	if len(waiting) > 0 {
		v.t.Logf("%d pages opened, %d links left", opened, len(waiting))
	}
}

// unfinished are the marks that a template or format string leaves when something was forgotten.
var unfinished = regexp.MustCompile(`%!\w?\(|ZgotmplZ|&lt;no value&gt;|<no value>|&lt;nil&gt;`)

// ask fetches an address without the browser, which would store what is not a page. It reports whether a page is there.
func (c *crawl) ask(v *visitor, at, where string) bool {
	v.t.Helper()
	c.asked++
	var cookies []*network.Cookie
	v.within("cookies", func(ctx context.Context) error {
		r, err := chromedp.Call(ctx, network.GetCookies, network.GetCookiesParams{})
		cookies = r.Cookies
		return err
	})
	request, err := http.NewRequest("GET", v.base+at, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, k := range cookies {
		request.AddCookie(&http.Cookie{Name: k.Name, Value: k.Value})
	}
	answer, err := (&http.Client{Timeout: patience}).Do(request)
	if err != nil {
		c.fault(err.Error(), where)
		return false
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 10<<20))
	if err != nil {
		c.fault(err.Error(), where)
	}
	if answer.StatusCode >= 400 {
		c.fault(fmt.Sprintf("a link to %s answers %d", kind(at), answer.StatusCode), where)
		return false
	}
	if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") || strings.HasPrefix(answer.Header.Get("Content-Disposition"), "attachment") {
		return false
	}
	if mark := unfinished.Find(body); mark != nil {
		c.fault(fmt.Sprintf("the page holds %q", mark), where)
	}
	return true
}

// look opens a page in the browser, notes its faults and gives its links.
func (c *crawl) look(v *visitor, at, where string) []string {
	v.t.Helper()
	c.pages++
	v.visit(at)
	if v.status >= 400 {
		c.fault(fmt.Sprintf("answers %d in the browser, though not outside it", v.status), where)
	}
	if now := eval[string](v, "document.documentElement.lang"); now != c.lang {
		c.fault(fmt.Sprintf("the page says it is in %q where %q is chosen", now, c.lang), where)
	}
	links := ask[[]string](v, "links")
	k := kind(at)
	first := c.looks[k] < sameLook && c.drawn.first(ask[string](v, "shape"))
	if first || c.looks[k] == 0 {
		c.looks[k]++
		c.looked++
		v.shot(strings.Trim(notInNames.ReplaceAllString(c.lang+k, "-"), "-"))
		for _, b := range v.breaches(first) {
			c.fault(b.String(), where)
		}
		if over := v.overflow(320); over != "" {
			c.fault("wider than 320 pixels because of "+over, where)
		}
	}
	for _, complaint := range v.heard() {
		c.fault(complaint, where)
	}
	return links
}
