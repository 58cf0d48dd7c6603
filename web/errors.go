// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// MessagePage says one thing and what to do next: an error, or that something was done.
type MessagePage struct {
	Frame
	Paragraphs []string
	Links      []Link
	Quote      string // the request's id, to quote to those who look after the program
}

// refusals is every error that a person can meet, with its status and its words: web.error.KEY.
var refusals = []struct {
	err    error
	status int
	key    string
}{
	{errCrossSite, http.StatusForbidden, "cross_site"},
	{errTooLarge, http.StatusRequestEntityTooLarge, "too_large"},
	{errAddress, http.StatusRequestURITooLong, "address"},
	{errMediaType, http.StatusUnsupportedMediaType, "media_type"},
	{errText, http.StatusBadRequest, "text"},
	{errQuery, http.StatusBadRequest, "query"},
	{errForm, http.StatusBadRequest, "form"},
	{errMethod, http.StatusMethodNotAllowed, "method"},
	{errNoPage, http.StatusNotFound, "not_found"},
	{app.ErrFiles, http.StatusServiceUnavailable, "files"},
	{isms.ErrNotFound, http.StatusNotFound, "not_found"},
	{isms.ErrForbidden, http.StatusForbidden, "forbidden"},
	{isms.ErrStale, http.StatusConflict, "stale"},
	{isms.ErrFrozen, http.StatusConflict, "frozen"},
}

// fail answers with what went wrong. An error that nobody foresaw is logged whole and shown as nothing but the request's id.
func (v *visit) fail(err error) {
	if v.status != 0 {
		v.site.log.Error("failed after the answer began", "request", v.id, "path", spoken(v.r.URL.Path), "error", err)
		return
	}
	if errors.Is(err, errSignIn) {
		v.askToSignIn()
		return
	}
	status, key := http.StatusInternalServerError, "unexpected"
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			status, key = r.status, r.key
			break
		}
	}
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		status, key = http.StatusUnprocessableEntity, "wrong"
	}
	if len(wrong) > 0 {
		v.site.log.Info("not accepted", "request", v.id, "path", spoken(v.r.URL.Path), "wrong", wrong.Error())
	}
	if status == http.StatusInternalServerError && !errors.Is(err, context.Canceled) && !errors.Is(err, errUnexpected) {
		v.site.log.Error("failed", "request", v.id, "path", spoken(v.r.URL.Path), "error", err)
	}
	p := &MessagePage{Quote: v.id, Links: []Link{{v.lang.T("web.error.home"), "/"}}}
	p.Failed = true
	p.Title = v.lang.T("web.error." + key)
	p.Paragraphs = []string{v.lang.T("web.error." + key + ".why")}
	for _, w := range wrong {
		p.Paragraphs = append(p.Paragraphs, v.lang.T("wrong."+w.Code, w.Args...))
	}
	if v.wantsJSON() {
		v.sendJSON(status, map[string]string{"error": p.Title})
		return
	}
	if err := v.show(status, "message", p); err != nil {
		v.site.log.Error("the error page failed", "request", v.id, "error", err)
		http.Error(v.w, v.id, status)
	}
}

// askToSignIn leads to the page for it, and back afterwards where the way back is a page.
func (v *visit) askToSignIn() {
	if v.wantsJSON() {
		v.sendJSON(http.StatusUnauthorized, map[string]string{"error": v.lang.T("web.login.again")})
		return
	}
	to := "/login"
	if v.site.config.Demo {
		to = "/demo"
	}
	if here := v.r.URL.RequestURI(); v.r.Method == http.MethodGet && here != "/" {
		to += "?next=" + url.QueryEscape(here)
	}
	v.goTo(to)
}

// message shows a page that says one thing.
func (v *visit) message(status int, key string, links ...Link) error {
	p := &MessagePage{Paragraphs: []string{v.lang.T(key + ".why")}, Links: links}
	p.Title = v.lang.T(key)
	p.Failed = status >= 400
	return v.show(status, "message", p)
}
