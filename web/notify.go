// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/notify"
	"ledsyn/register"
)

// NoticesPage is where a person chooses what to be told of, and keeps the address of the private calendar.
type NoticesPage struct {
	Frame
	Done  string
	Mail  string // where mail goes, or why none does
	None  bool   // none does
	Kinds []Option
	Quiet bool
	Langs []Option
	Feed  string // how it stands with the calendar
	Has   bool   // there is a calendar
	New   string // its address, when it was just made
}

// noticeRoutes are the person's own choices and the calendar, which a calendar program fetches with nothing but its address.
func noticeRoutes() []route {
	return []route{
		{"GET /account/notices", false, (*site).notices},
		{"POST /account/notices", false, (*site).chooseNotices},
		{"POST /account/notices/calendar", false, (*site).openCalendar},
		{"POST /account/notices/calendar/close", false, (*site).closeCalendar},
		{"GET /calendar/{file}", true, (*site).calendar},
		{"POST /archive/mail", false, (*site).letMailOut},
	}
}

func (s *site) notices(v *visit) error {
	q, err := v.query("done")
	if err != nil {
		return err
	}
	done := ""
	switch q["done"] {
	case "choices":
		done = v.lang.T("web.notices.done")
	case "closed":
		done = v.lang.T("web.notices.calendar.closed")
	}
	return v.showNotices(done, "")
}

func (v *visit) showNotices(done, address string) error {
	n, err := v.site.app.Notices(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	l := v.lang
	p := &NoticesPage{Done: done, New: address, Quiet: n.Quiet, Has: n.Feed != "", Feed: l.T("web.notices.calendar.none")}
	p.Title = l.T("web.notices")
	p.Crumbs = []Link{{l.T("web.account"), "/account"}}
	if p.Has {
		p.Feed = l.T("web.notices.calendar.made", clock(n.Feed))
	}
	switch {
	case !n.Mail:
		p.Mail, p.None = l.T("web.notices.no_mail"), true
	case n.Address == "":
		p.Mail, p.None = l.T("web.notices.no_address"), true
	default:
		p.Mail = l.T("web.notices.to", n.Address)
	}
	for _, k := range app.ReminderKinds() {
		p.Kinds = append(p.Kinds, Option{Value: string(k), Text: l.T("notify.kind." + string(k)), Chosen: n.Wants(k)})
	}
	p.Langs = []Option{{Text: l.T("web.notices.lang.server"), Chosen: n.Lang == ""}}
	for _, other := range locale.Langs() {
		p.Langs = append(p.Langs, Option{Value: string(other), Text: l.T("web.notices.lang." + string(other)), Chosen: n.Lang == other})
	}
	return v.show(http.StatusOK, "notices", p)
}

func (s *site) chooseNotices(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	var c app.Choice
	for name, list := range form {
		switch {
		case name == "kind":
		case len(list) > 1:
			return errForm
		case name == "quiet":
			c.Quiet = list[0] == "1"
		case name == "lang":
			c.Lang = locale.Lang(list[0])
		default:
			return errForm
		}
	}
	for _, k := range form["kind"] {
		if !slices.Contains(app.ReminderKinds(), app.ReminderKind(k)) {
			return errForm
		}
	}
	for _, k := range app.ReminderKinds() {
		if !slices.Contains(form["kind"], string(k)) {
			c.Refused = append(c.Refused, k)
		}
	}
	if err := s.app.Choose(v.r.Context(), v.who, c); err != nil {
		return err
	}
	return v.goTo("/account/notices?done=choices")
}

// openCalendar shows the new address in the answer itself: it cannot be shown again.
func (s *site) openCalendar(v *visit) error {
	if _, err := v.formOf(); err != nil {
		return err
	}
	token, err := s.app.OpenFeed(v.r.Context(), v.who, v.lang)
	if err != nil {
		return err
	}
	return v.showNotices("", v.base()+"/calendar/"+token+calendarEnding)
}

func (s *site) closeCalendar(v *visit) error {
	if _, err := v.formOf(); err != nil {
		return err
	}
	if err := s.app.CloseFeed(v.r.Context(), v.who); err != nil {
		return err
	}
	return v.goTo("/account/notices?done=closed")
}

const calendarEnding = ".ics"

// base is the address that people use the program by.
func (v *visit) base() string {
	if own := v.site.config.Own; own != "" {
		return strings.TrimSuffix(own, "/")
	}
	scheme := "http://"
	if v.site.config.TLS {
		scheme = "https://"
	}
	return scheme + v.r.Host
}

// calendar sends a person's calendar to whoever has its address. Everything that is wrong with an address is answered alike.
func (s *site) calendar(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	v.w.Header().Set("Cache-Control", "private, no-store")
	token, ok := strings.CutSuffix(v.r.PathValue("file"), calendarEnding)
	if !ok {
		token = "" // looked for as any other, so that it is counted
	}
	who, lang, agenda, err := s.app.Feed(v.r.Context(), token, s.login.Network(v.r))
	switch {
	case errors.Is(err, isms.ErrNotFound):
		return v.plain(http.StatusNotFound, "not found\n")
	case errors.Is(err, app.ErrFlood):
		v.w.Header().Set("Retry-After", "3600")
		return v.plain(http.StatusTooManyRequests, "too many requests\n")
	case err != nil:
		return err
	}
	v.w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	v.status = http.StatusOK
	v.w.Write(notify.Calendar(lang, v.base(), who.Org, register.MomentOf(s.app.Now()), agenda))
	return nil
}

// spoken is the path as the log may name it: without the secrets that the addresses of calendars and of links hold.
func spoken(path string) string {
	for _, secret := range []string{"/calendar/", "/report/link/", "/j/"} {
		if strings.HasPrefix(path, secret) {
			return secret + "..."
		}
	}
	return path
}

// mailNotice tells in a line how it stands with the mail, and in another why or what to do.
func (v *visit) mailNotice(state app.MailState) (n Notice, why string) {
	l := v.lang
	switch {
	case !state.On:
		return Notice{l.T("web.mail.off"), ""}, l.T("web.mail.off.why")
	case state.Stopped != "":
		return Notice{l.T("web.mail.stopped"), "bad"}, l.T("web.mail.stopped.why", clock(state.Stopped))
	case state.Failed > 0:
		return Notice{l.T("web.mail.failed", state.Failed), "bad"}, l.T("web.mail.failed.why", clock(state.FailedAt), problem(l, state.Problem))
	case state.Retrying > 0:
		return Notice{l.T("web.mail.retrying", state.Retrying), "bad"}, l.T("web.mail.retrying.why")
	}
	return Notice{l.T("web.mail.good"), "good"}, ""
}

// problem is why a letter was not sent: the mail server's own number, or a word.
func problem(l locale.Lang, code string) string {
	if len(code) == 3 && code[0] >= '4' && code[0] <= '5' {
		return l.T("notify.problem.refused", code)
	}
	return l.T("notify.problem." + code)
}

// startMail is what the start page tells of the mail to those who answer for the program: nothing while all is well.
func (v *visit) startMail() (*Notice, error) {
	if !v.site.app.SeesBackups(v.who) {
		return nil, nil
	}
	state, err := v.site.app.MailState(v.r.Context(), v.who)
	if err != nil {
		return nil, err
	}
	if n, _ := v.mailNotice(state); n.Class == "bad" {
		return &n, nil
	}
	return nil, nil
}

// letMailOut ends the stop that a restore has made.
func (s *site) letMailOut(v *visit) error {
	if _, err := v.formOf(); err != nil {
		return err
	}
	if err := s.app.LetMailOut(v.r.Context(), v.who); err != nil {
		return err
	}
	return v.goTo("/archive")
}
