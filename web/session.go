// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/login"
	"ledsyn/register"
)

// A session is what pages show of the session that the person is in.
type session struct {
	organisation string
	account      string
	ends         string
}

// recognize finds out who makes the request.
func (s *site) recognize(v *visit) error {
	r, err := s.login.Recognise(v.r)
	if err != nil {
		return err
	}
	v.r = r
	visitor, ok := login.Who(r.Context())
	if !ok {
		return nil
	}
	v.who, v.signed = visitor.Actor, true
	name, err := s.app.OrganisationName(r.Context(), visitor.Actor.Org)
	v.session = session{name, visitor.Account, clock(register.MomentOf(visitor.Ends))}
	return err
}

// LoginPage asks for name and password.
type LoginPage struct {
	Frame
	Summary *Summary
	Name    string
	Next    string
	Demo2   bool // there is a page for stepping into somebody
}

func (s *site) loginForm(v *visit) error {
	q, err := v.query("next")
	if err != nil {
		return err
	}
	if v.signed {
		return v.goTo(local(q["next"]))
	}
	return v.showLogin(http.StatusOK, "", q["next"], "")
}

func (v *visit) showLogin(status int, name, next, wrong string) error {
	p := &LoginPage{Name: name, Next: next, Demo2: v.site.config.Demo}
	p.Title = v.lang.T("web.login")
	if wrong != "" {
		p.Failed = true
		p.Summary = &Summary{v.lang.T("web.form.problem"), []Link{{wrong, "#f-account"}}}
	}
	v.signed = false // a page of its own, without the way about the program
	return v.show(status, "login", p)
}

func (s *site) signIn(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	for name, list := range form {
		if !slices.Contains([]string{"account", "password", "next"}, name) || len(list) > 1 {
			return errForm
		}
	}
	err = s.login.SignIn(v.w, v.r, form.Get("account"), form.Get("password"))
	if text := login.Text(v.lang, err); text != "" {
		status := http.StatusUnprocessableEntity
		if errors.Is(err, login.ErrTooMany) {
			status = http.StatusTooManyRequests
		}
		return v.showLogin(status, form.Get("account"), form.Get("next"), text)
	}
	if err != nil {
		return err
	}
	return v.goTo(local(form.Get("next")))
}

func (s *site) signOut(v *visit) error {
	if _, err := v.formOf(); err != nil {
		return err
	}
	if err := s.login.SignOut(v.w, v.r); err != nil {
		return err
	}
	v.signed = false
	return v.goTo("/login")
}

// chooseLanguage keeps the language in a cookie. It tells nothing of anybody, so it may last.
func (s *site) chooseLanguage(v *visit) error {
	form, err := v.formOf("lang", "back")
	if err != nil {
		return err
	}
	l, ok := locale.Parse(form["lang"])
	if !ok {
		return errForm
	}
	http.SetCookie(v.w, &http.Cookie{Name: languageCookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, Secure: s.config.TLS,
		SameSite: http.SameSiteLaxMode})
	return v.goTo(local(form["back"]))
}

// AccountPage is the person's own account.
type AccountPage struct {
	Frame
	Summary *Summary
	Facts   []Fact
	Change  bool // there is a password to change
	Done    string
}

func (s *site) account(v *visit) error {
	q, err := v.query("done")
	if err != nil {
		return err
	}
	done := ""
	if q["done"] != "" {
		done = v.lang.T("web.account.done")
	}
	return v.showAccount(http.StatusOK, nil, done)
}

func (v *visit) showAccount(status int, summary *Summary, done string) error {
	l := v.lang
	p := &AccountPage{Summary: summary, Change: v.session.account != "", Done: done}
	p.Title = l.T("web.account")
	p.Failed = summary != nil
	fact := func(key, text string) {
		if text != "" {
			p.Facts = append(p.Facts, Fact{l.T("web.account." + key), []Value{{Text: text, Prose: true}}})
		}
	}
	fact("name", v.who.Name)
	fact("roles", v.roles())
	fact("account", v.session.account)
	fact("ends", v.session.ends)
	return v.show(status, "account", p)
}

func (s *site) changePassword(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	for name, list := range form {
		if !slices.Contains([]string{"present", "password", "again", "account"}, name) || len(list) > 1 {
			return errForm
		}
	}
	problem := func(text, field string) error {
		return v.showAccount(http.StatusUnprocessableEntity, &Summary{v.lang.T("web.form.problem"), []Link{{text, "#f-" + field}}}, "")
	}
	if form.Get("password") != form.Get("again") {
		return problem(v.lang.T("web.account.differ"), "again")
	}
	err = s.login.ChangePassword(v.w, v.r, form.Get("present"), form.Get("password"))
	if text := login.Text(v.lang, err); text != "" {
		field := "present"
		if errors.As(err, new(login.Problem)) {
			field = "password"
		}
		return problem(text, field)
	}
	if err != nil {
		return err
	}
	return v.goTo("/account?done=password")
}

// endSessions signs the person out of every browser.
func (s *site) endSessions(v *visit) error {
	if _, err := v.formOf(); err != nil {
		return err
	}
	if err := s.login.SignOutEverywhere(v.w, v.r); err != nil {
		return err
	}
	return v.goTo("/login")
}

// DemoPage lets anybody step into any role. It is there in a demonstration only.
type DemoPage struct {
	Frame
	Casts []CastRow
	Next  string
}

// A CastRow is an organisation with those one can step into, by unit.
type CastRow struct {
	Text  string
	Units []CastUnit
}

// A CastUnit is a unit with those who have a role in it.
type CastUnit struct {
	Text  string
	Parts []PartRow
}

// A PartRow is one person with her roles.
type PartRow struct{ Person, Name, Roles string }

func (s *site) demo(v *visit) error {
	q, err := v.query("next")
	if err != nil {
		return err
	}
	casts, err := s.app.Cast(v.r.Context())
	if err != nil {
		return err
	}
	p := &DemoPage{Next: q["next"]}
	p.Title = v.lang.T("web.demo.title")
	role, _ := register.Of[isms.Assignment]().Field("role")
	for _, c := range casts {
		row := CastRow{Text: c.Organisation.Name}
		for _, part := range c.Parts {
			var roles []string
			for _, r := range part.Roles {
				roles = append(roles, v.lang.T(role.ChoiceKey(string(r))))
			}
			unit := v.lang.And(part.Units)
			i := slices.IndexFunc(row.Units, func(u CastUnit) bool { return u.Text == unit })
			if i < 0 {
				i = len(row.Units)
				row.Units = append(row.Units, CastUnit{Text: unit})
			}
			row.Units[i].Parts = append(row.Units[i].Parts, PartRow{c.Organisation.ID + "/" + part.Person, part.Name, v.lang.And(roles)})
		}
		p.Casts = append(p.Casts, row)
	}
	v.signed = false
	return v.show(http.StatusOK, "demo", p)
}

func (s *site) stepInto(v *visit) error {
	form, err := v.formOf("person", "next")
	if err != nil {
		return err
	}
	org, person, _ := strings.Cut(form["person"], "/")
	err = s.login.StepIn(v.w, v.r, org, person)
	switch {
	case errors.Is(err, login.ErrWrong):
		return isms.ErrNotFound
	case errors.Is(err, login.ErrNoStepping):
		return isms.ErrForbidden
	case err != nil:
		return err
	}
	return v.goTo(local(form["next"]))
}
