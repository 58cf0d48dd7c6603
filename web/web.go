// SPDX-License-Identifier: EUPL-1.2

// Package web shows the program as pages. It knows addresses, methods, statuses, headers, cookies and templates, and turns errors into
// words. It knows nothing of databases, of the rules of the work, or of who may do what: that it asks app, and who is asking it asks login.
package web

import (
	"context"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"ledsyn/app"
	"ledsyn/locale"
	"ledsyn/login"
)

// Config is what pages need to know of the program around them.
type Config struct {
	App   *app.App
	Login *login.Login
	Log   *slog.Logger
	TLS   bool        // people reach the program by https: cookies are secure and browsers are told to stay on https
	Demo  bool        // anybody may step into any role
	Lang  locale.Lang // of pages for whom neither a choice nor a browser asks for another; "" is Swedish
	Own   string      // the address that people use (https://ledsyn.example.se) where a proxy in front changes the host, or ""
}

type site struct {
	config Config
	app    *app.App
	login  *login.Login
	log    *slog.Logger
	mux    *http.ServeMux
	origin *http.CrossOriginProtection
	assets map[string]asset
	pages  map[string]*template.Template
}

// New returns the pages as a handler. An error is a mistake in the pages themselves.
func New(c Config) (http.Handler, error) {
	s := &site{config: c, app: c.App, login: c.Login, log: c.Log, mux: http.NewServeMux(), origin: http.NewCrossOriginProtection()}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if c.Own != "" {
		if err := s.origin.AddTrustedOrigin(c.Own); err != nil {
			return nil, fmt.Errorf("web: the program's own address: %w", err)
		}
	}
	var err error
	if s.assets, err = readAssets(); err != nil {
		return nil, err
	}
	if s.pages, err = readPages(); err != nil {
		return nil, err
	}
	for _, r := range s.routes() {
		s.mux.HandleFunc(r.pattern, func(w http.ResponseWriter, req *http.Request) {
			v := visitOf(req)
			v.w = w
			v.err = r.answer(s, v)
		})
	}
	s.mux.HandleFunc("/", func(_ http.ResponseWriter, req *http.Request) { visitOf(req).err = errNoPage })
	return s, nil
}

// Server returns a server for the handler that does not wait for ever for anybody. Who calls it listens and shuts it down.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}

// A route is a page's address and what answers it. All but the open ones ask who is there first.
type route struct {
	pattern string
	open    bool
	handle  func(*site, *visit) error
}

func (r route) answer(s *site, v *visit) error {
	if err := s.recognize(v); err != nil {
		return err
	}
	if !r.open && !v.signed {
		return errSignIn
	}
	if err := v.forReader(); err != nil {
		return err
	}
	return r.handle(s, v)
}

// Addresses lists every address that the pages answer, each with its method and {names} where an address varies: what a test of
// everything that can be asked for goes through.
func Addresses(c Config) []string {
	var all []string
	for _, r := range (&site{config: c}).routes() {
		all = append(all, r.pattern)
	}
	return all
}

// routes is every address of the pages.
func (s *site) routes() []route {
	all := []route{
		{"GET /static/{hash}/{name}", true, (*site).serveAsset},
		{"GET /healthz", true, (*site).healthy},
		{"GET /readyz", true, (*site).ready},
		{"GET /login", true, (*site).loginForm},
		{"POST /login", true, (*site).signIn},
		{"POST /logout", true, (*site).signOut},
		{"POST /language", true, (*site).chooseLanguage},
		{"GET /account", false, (*site).account},
		{"POST /account/password", false, (*site).changePassword},
		{"POST /account/sessions", false, (*site).endSessions},

		{"GET /{$}", false, (*site).start},
		{"GET /organisation", false, (*site).organisation},
		{"GET /journal", false, (*site).journal},
		{"POST /journal/verify", false, (*site).verify},
		{"GET /journal/checkpoint", false, (*site).checkpoint},
		{"GET /archive", false, (*site).archive},
		{"POST /archive/file", false, (*site).archiveFile},
		{"GET /figures", false, (*site).figures},
		{"GET /figures/{id...}", false, (*site).figure},

		{"GET /r/{kind}", false, (*site).list},
		{"GET /csv/{kind}", false, (*site).export},
		{"GET /xlsx/{kind}", false, (*site).export},
		{"GET /r/{kind}/new", false, (*site).newForm},
		{"POST /r/{kind}/new", false, (*site).create},
		{"GET /r/{kind}/{id}", false, (*site).record},
		{"GET /r/{kind}/{id}/edit", false, (*site).editForm},
		{"POST /r/{kind}/{id}/edit", false, (*site).edit},
		{"POST /r/{kind}/{id}/retire", false, (*site).retire},
		{"GET /r/{kind}/{id}/history", false, (*site).history},
		{"POST /r/{kind}/{id}/files", false, (*site).attach},
		{"POST /r/{kind}/{id}/files/{file}/remove", false, (*site).removeFile},
		{"GET /files/{id}", false, (*site).download},

		{"GET /secrecy/reads", false, (*site).reads},
		{"GET /secrecy/{kind}/{id}", false, (*site).secrecy},
		{"POST /secrecy/{kind}/{id}", false, (*site).putMark},
		{"POST /secrecy/{kind}/{id}/{mark}/lift", false, (*site).liftMark},

		{"GET /classify", false, (*site).classify},
		{"GET /classify/new", false, (*site).classifyNew},
		{"POST /classify/new", false, (*site).startWorkshop},
		{"GET /classify/plan", false, (*site).classifyPlan},
		{"POST /classify/plan", false, (*site).placeAt},
		{"GET /classify/{id}", false, (*site).workshopPage},
		{"POST /classify/{id}", false, (*site).judge},
		{"GET /classify/{id}/now", false, (*site).nowAt},
		{"POST /classify/{id}/type", false, (*site).typeResult},
		{"GET /classify/{id}/stop", false, (*site).classifyStop},
		{"POST /classify/{id}/stop", false, (*site).refer},
		{"GET /classify/{id}/decide", false, (*site).classifyDecideForm},
		{"POST /classify/{id}/decide", false, (*site).classifyDecide},
		{"GET /classify/{id}/model", false, (*site).classifyModelForm},
		{"POST /classify/{id}/model", false, (*site).classifyModel},
		{"GET /systems/{id}/protection", false, (*site).protection},
		{"GET /systems/{id}/protection/{file}", false, (*site).measureList},
		{"POST /systems/{id}/protection/level", false, (*site).decideLevel},
		{"POST /systems/{id}/protection/exception", false, (*site).askException},
		{"POST /systems/{id}/protection/answer", false, (*site).answerMeasure},
		{"POST /systems/{id}/protection/activity", false, (*site).planMeasure},

		{"GET /processing", false, (*site).processings},
		{"GET /processing/campaign", false, (*site).campaign},
		{"POST /dpia/{id}/activity", false, (*site).planRisk},
		{"POST /processing/campaign", false, (*site).answerCampaign},
		{"POST /processing/campaign/start", false, (*site).startCampaign},
		{"GET /processing/document/{file}", false, (*site).recordDocument},
		{"GET /processing/transfers", false, (*site).transfers},
		{"GET /processing/worklist", false, (*site).worklist},
		{"GET /processing/{id}", false, (*site).processingEntry},
		{"POST /processing/{id}/check", false, (*site).checkEntry},
		{"POST /processing/{id}/approve", false, (*site).approveEntry},
		{"POST /processing/{id}/end", false, (*site).endEntry},
		{"GET /dpia/{id}", false, (*site).dpia},
		{"GET /requests", false, (*site).requests},

		{"GET /import", false, (*site).imports},
		{"POST /import", false, (*site).startImport},
		{"GET /import/{id}", false, (*site).importState},
		{"GET /import/{id}/now", false, (*site).importNow},
		{"POST /import/{id}/drop", false, (*site).dropImport},
		{"GET /import/{id}/list", false, (*site).importList},
		{"POST /import/{id}/list", false, (*site).saveImportList},
		{"GET /import/{id}/columns", false, (*site).importColumns},
		{"POST /import/{id}/columns", false, (*site).saveImportColumns},
		{"GET /import/{id}/answers", false, (*site).importAnswers},
		{"POST /import/{id}/answers", false, (*site).saveImportAnswers},
		{"GET /import/{id}/preview", false, (*site).importPreview},
		{"GET /import/{id}/errors/{form}", false, (*site).importErrors},
		{"POST /import/{id}/run", false, (*site).runImport},
		{"POST /import/{id}/undo", false, (*site).undoImport},
		{"GET /population/{id}", false, (*site).population},
		{"GET /population/{id}/values", false, (*site).populationValues},
		{"POST /population/{id}/dispose", false, (*site).disposePopulation},
		{"GET /population/{id}/feed", false, (*site).feed},
		{"POST /population/{id}/feed", false, (*site).doFeed},

		{"GET /reviews", false, (*site).reviews},
		{"GET /reviews/new", false, (*site).newReview},
		{"POST /reviews/new", false, (*site).startReview},
		{"GET /reviews/{id}", false, (*site).review},
		{"POST /reviews/{id}/advance", false, (*site).advance},
		{"GET /reviews/{id}/s/{section}", false, (*site).section},
		{"POST /reviews/{id}/s/{section}", false, (*site).saveSection},
		{"GET /reviews/{id}/consultations", false, (*site).consultations},
		{"POST /reviews/{id}/consultations", false, (*site).consult},
		{"GET /reviews/{id}/examine", false, (*site).examine},
		{"POST /reviews/{id}/examine", false, (*site).acceptFinding},
		{"GET /reviews/{id}/decide", false, (*site).decideForm},
		{"POST /reviews/{id}/decide", false, (*site).decide},
		{"POST /reviews/{id}/publish", false, (*site).publish},
		{"POST /reviews/{id}/correct", false, (*site).correct},
		{"GET /reviews/{id}/frozen", false, (*site).frozen},
		{"GET /reviews/{id}/document/{file}", false, (*site).document},
	}
	all = append(all, controlRoutes()...)
	all = append(all, incidentRoutes()...)
	all = append(all, deviceRoutes()...)
	all = append(all, trackRoutes()...)
	all = append(all, checkRoutes()...)
	all = append(all, noticeRoutes()...)
	all = append(all, accessRoutes()...)
	all = append(all, postRoutes()...)
	all = append(all, judgeRoutes()...)
	if s.config.Demo {
		all = append(all, route{"GET /demo", true, (*site).demo}, route{"POST /demo/step", true, (*site).stepInto})
	}
	return all
}

// healthy says that the program runs, ready that it can reach its database. Neither tells anything else.
func (s *site) healthy(v *visit) error { return v.plain(http.StatusOK, "ok\n") }

func (s *site) ready(v *visit) error {
	ctx, cancel := context.WithTimeout(v.r.Context(), 3*time.Second)
	defer cancel()
	if err := s.app.DB.Ready(ctx); err != nil {
		s.log.Error("not ready", "error", err)
		return v.plain(http.StatusServiceUnavailable, "not ready\n")
	}
	return v.plain(http.StatusOK, "ready\n")
}

func (v *visit) plain(status int, text string) error {
	v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	v.status = status
	v.w.WriteHeader(status)
	v.w.Write([]byte(text))
	return nil
}
