// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
	_ "time/tzdata" // moments are shown in Swedish time also where the machine has no list of time zones

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// A visit is one request and who makes it.
type visit struct {
	site  *site
	w     http.ResponseWriter
	r     *http.Request
	body  io.ReadCloser // what was sent, for a page that takes more than a form: see upload
	id    string        // what a person can quote and the log can be searched for
	began time.Time
	lang  locale.Lang

	who     app.Actor // the zero Actor, who may do nothing, when nobody is signed in
	signed  bool
	session session

	unitList  []*isms.Unit // see unitRecords
	unitsRead bool
	offered   map[string]offered // see options

	masked bool            // a copy is asked for that may be given to somebody outside
	rests  map[string]bool // the provisions that its masking rests on, as far as it is made

	as     string // the form that a list is asked for in, "" for its page
	status int
	err    error
}

type visitKey struct{}

func withVisit(ctx context.Context, v *visit) context.Context {
	return context.WithValue(ctx, visitKey{}, v)
}

func visitOf(r *http.Request) *visit {
	v := r.Context().Value(visitKey{}).(*visit)
	v.r = r // the mux has filled in the path's values
	return v
}

const languageCookie = "ledsyn_lang"

// language is the language the person chose, or else the first of the browser's that the program speaks, or else the given one.
func language(r *http.Request, otherwise locale.Lang) locale.Lang {
	if c, err := r.Cookie(languageCookie); err == nil {
		if l, ok := locale.Parse(c.Value); ok {
			return l
		}
	}
	header := r.Header.Get("Accept-Language")
	for tag := range strings.SplitSeq(header[:min(len(header), 200)], ",") {
		tag, _, _ = strings.Cut(tag, ";")
		if l, ok := locale.Parse(strings.TrimSpace(tag)); ok {
			return l
		}
	}
	if otherwise == "" {
		return locale.Swedish
	}
	return otherwise
}

// show writes a page with the status, or a list as the file that it is asked for as.
func (v *visit) show(status int, name string, p page) error {
	if list, ok := p.(tabled); ok && v.as != "" {
		return v.sendTable(list)
	} else if ok {
		v.offer(list)
	}
	v.fill(p.frame())
	text, err := v.write(name, p)
	if err != nil {
		return err
	}
	if v.masked { // what the masking rests on is known when the page has been made
		p.frame().Copy = v.copyNote()
		if text, err = v.write(name, p); err != nil {
			return err
		}
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Content-Language", string(v.lang))
	v.status = status
	v.w.WriteHeader(status)
	io.WriteString(v.w, text)
	return nil
}

// write makes the page, with words where something is masked.
func (v *visit) write(name string, p page) (string, error) {
	var b bytes.Buffer
	err := v.site.pages[name].ExecuteTemplate(&b, "frame", p)
	return v.said(b.String()), err
}

// goTo answers a form that was accepted: the browser gets the page with another request, so that a reload sends nothing twice.
func (v *visit) goTo(path string) error {
	v.status = http.StatusSeeOther
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}

// sendFile sends a document to keep. It is shut in a sandbox should a browser open it all the same.
func (v *visit) sendFile(kind, name string, body []byte) error {
	v.fileHeaders(kind, name)
	v.w.Write(body)
	return nil
}

func (v *visit) fileHeaders(kind, name string) {
	h := v.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	v.status = http.StatusOK
}

// wantsJSON reports whether the page's own script asks, which reads a short answer instead of a page.
func (v *visit) wantsJSON() bool { return v.r.Header.Get("Accept") == "application/json" }

func (v *visit) sendJSON(status int, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "application/json")
	v.status = status
	v.w.WriteHeader(status)
	io.WriteString(v.w, v.said(string(body)))
	return nil
}

var swedishTime = func() *time.Location {
	place, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err) // the list of time zones is part of the program
	}
	return place
}()

// clock writes a moment as day and time in Sweden.
func clock(m register.Moment) string {
	if !m.Valid() {
		return ""
	}
	return m.Time().In(swedishTime).Format("2006-01-02 15:04")
}
