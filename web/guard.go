// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"ledsyn/register"
)

// What a request may be at most. A form is text that somebody wrote: a million bytes is a thick book.
const (
	mostBody    = 1 << 20
	mostAddress = 8 << 10
	mostFields  = 2000
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; manifest-src 'self'; require-trusted-types-for 'script'"

// fixedHeaders go with every answer. Cache-Control is loosened only for files whose address names their content.
var fixedHeaders = [][2]string{
	{"Content-Security-Policy", policy},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"X-Frame-Options", "DENY"},
	{"Permissions-Policy", "accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), " +
		"magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(self), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"},
	{"X-Robots-Tag", "noindex, nofollow"},
	{"Cache-Control", "no-store"},
}

// Errors of the door itself; those of the rooms within are isms' and register's.
var (
	errNoPage     = errors.New("web: no such page")
	errMethod     = errors.New("web: the page does not take this method")
	errCrossSite  = errors.New("web: the form was sent from another site, or from no site that can be known")
	errTooLarge   = errors.New("web: more was sent than a form may hold")
	errAddress    = errors.New("web: the address is too long")
	errMediaType  = errors.New("web: not a form")
	errText       = errors.New("web: not UTF-8")
	errQuery      = errors.New("web: the address asks for something the page does not know")
	errForm       = errors.New("web: the form holds something the page does not know")
	errSignIn     = errors.New("web: nobody is signed in")
	errUnexpected = errors.New("web: the program failed")
)

// ServeHTTP lets a request through to its page, after what must be true of every request.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := &visit{site: s, w: w, r: r, id: register.NewID()[:10], began: time.Now()}
	v.lang = language(r, s.config.Lang)
	defer func() {
		if failure := recover(); failure != nil {
			if failure == http.ErrAbortHandler {
				panic(failure)
			}
			s.log.Error("panic", "request", v.id, "path", spoken(r.URL.Path), "failure", failure, "stack", string(debug.Stack()))
			v.fail(errUnexpected)
		}
	}()
	h := w.Header()
	for _, header := range fixedHeaders {
		h.Set(header[0], header[1])
	}
	if s.config.TLS {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	h.Set("X-Request-Id", v.id)
	if err := s.enter(v); err != nil {
		v.fail(err)
	}
	s.log.Log(r.Context(), level(r.URL.Path), "request", "request", v.id, "method", r.Method, "path", spoken(r.URL.Path),
		"status", max(v.status, http.StatusOK), "ms", time.Since(v.began).Milliseconds())
}

// level keeps the questions of load balancers and browsers' fetching of files out of the ordinary log.
func level(path string) slog.Level {
	if path == "/healthz" || path == "/readyz" || strings.HasPrefix(path, "/static/") {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

func (s *site) enter(v *visit) error {
	r := v.r
	if len(r.URL.RequestURI()) > mostAddress {
		return errAddress
	}
	if !utf8.ValidString(r.URL.Path) {
		return errText
	}
	if unsafeMethod(r.Method) {
		if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
			return errCrossSite // CrossOriginProtection takes this for something other than a browser and lets it pass
		}
		if s.origin.Check(r) != nil {
			return errCrossSite
		}
	}
	v.body = r.Body
	r.Body = http.MaxBytesReader(v.w, r.Body, mostBody)
	if _, pattern := s.mux.Handler(r); pattern == "" || pattern == "/" {
		return s.missing(v)
	}
	defer v.removeUpload()
	s.mux.ServeHTTP(v.w, r.WithContext(withVisit(r.Context(), v)))
	return v.err
}

func unsafeMethod(m string) bool {
	return m != http.MethodGet && m != http.MethodHead && m != http.MethodOptions
}

// missing tells a page that is not there from one that does not take the method.
func (s *site) missing(v *visit) error {
	if err := s.recognize(v); err != nil { // so that the way about the program is on the page
		return err
	}
	var takes []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := v.r.Clone(v.r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "" && pattern != "/" {
			takes = append(takes, method)
		}
	}
	if len(takes) == 0 {
		return errNoPage
	}
	v.w.Header().Set("Allow", strings.Join(takes, ", "))
	return errMethod
}

// form reads the form that was sent. Names are whole words that pages gave; their values are judged by who asked for them.
func (v *visit) form() (url.Values, error) {
	kind, _, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, errMediaType
	}
	if err := v.r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, errTooLarge
		}
		return nil, errForm
	}
	fields := 0
	for name, values := range v.r.PostForm {
		fields += len(values)
		if !utf8.ValidString(name) {
			return nil, errText
		}
	}
	if fields > mostFields {
		return nil, errTooLarge
	}
	return v.r.PostForm, nil
}

// formOf reads a form that holds nothing but the named fields, one value each.
func (v *visit) formOf(names ...string) (map[string]string, error) {
	form, err := v.form()
	if err != nil {
		return nil, err
	}
	return single(form, names, errForm)
}

// query reads the address's query, which holds nothing but the named parameters, one value each.
func (v *visit) query(names ...string) (map[string]string, error) {
	values, err := url.ParseQuery(v.r.URL.RawQuery)
	if err != nil {
		return nil, errQuery
	}
	got, err := single(values, names, errQuery)
	if err != nil {
		return nil, err
	}
	return got, v.asFile(got["as"])
}

func single(values url.Values, names []string, wrong error) (map[string]string, error) {
	got := map[string]string{}
	for _, name := range names {
		list := values[name]
		if len(list) > 1 {
			return nil, wrong
		}
		if len(list) == 1 {
			if !utf8.ValidString(list[0]) {
				return nil, errText
			}
			got[name] = strings.TrimSpace(list[0])
		}
		values.Del(name)
	}
	if len(values) > 0 {
		return nil, wrong
	}
	return got, nil
}

// local returns the path if it leads to a page of this program, and the start page otherwise, so that nobody is sent elsewhere by a link
// that somebody else wrote.
func local(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}
