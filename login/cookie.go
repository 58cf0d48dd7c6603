// SPDX-License-Identifier: EUPL-1.2

package login

import (
	"net/http"
	"time"
)

// Over https the cookies' names begin with __Host-, so that browsers take them only from this very host, over https and
// for all its paths. On plain http, which is for loopback alone, browsers would refuse such a name.

func (l *Login) sessionCookie() string { return l.cookieName("ledsyn") }

func (l *Login) deviceCookie() string { return l.cookieName("ledsyn_device") }

func (l *Login) cookieName(name string) string {
	if l.secure {
		return "__Host-" + name
	}
	return name
}

// setCookie gives the browser a cookie that no script can read and that other sites' forms do not carry along; for age
// 0 it lasts until the browser is closed, and below 0 it is taken back.
func (l *Login) setCookie(w http.ResponseWriter, name, value string, age time.Duration) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(age / time.Second), HttpOnly: true,
		Secure: l.secure, SameSite: http.SameSiteLaxMode}
	if age < 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// cookieOf returns the token in the cookie, or "" if there is none or it is given twice: a second cookie of the same
// name was set by somebody else.
func cookieOf(r *http.Request, name string) string {
	all := r.CookiesNamed(name)
	if len(all) != 1 || len(all[0].Value) != 43 {
		return ""
	}
	return all[0].Value
}

// knownDevice returns the token of the device if the account has been signed in to on it, so that those who guess at an
// account elsewhere do not shut out its owner (OWASP's device cookies). It proves nothing by itself.
func (l *Login) knownDevice(r *http.Request, account string) (string, error) {
	token := cookieOf(r, l.deviceCookie())
	if token == "" {
		return "", nil
	}
	n, err := l.app.Attempts(r.Context(), attemptKey("known", account, token), deviceTime)
	if err != nil || n == 0 {
		return "", err
	}
	return token, nil
}

// knowDevice makes the browser's device known to the account for deviceTime.
func (l *Login) knowDevice(w http.ResponseWriter, r *http.Request, account string) error {
	token, err := l.knownDevice(r, account)
	if err != nil {
		return err
	}
	if token == "" {
		token = newToken()
	}
	key := attemptKey("known", account, token)
	if err := l.app.DropAttempts(r.Context(), key); err != nil {
		return err
	}
	if err := l.app.Attempt(r.Context(), key); err != nil {
		return err
	}
	l.setCookie(w, l.deviceCookie(), token, deviceTime)
	return nil
}
