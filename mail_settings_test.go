// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"strings"
	"testing"
)

// TestMailSettings says what is wrong with the settings before anything is served.
func TestMailSettings(t *testing.T) {
	good := []string{"-smtp", "mail.example.se:587", "-mailfrom", "ledsyn@example.se", "-origin", "https://ledsyn.example.se"}
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "-origin"},
		{[]string{"-origin", "https://ledsyn.example.se"}, "-smtp"},
		{append(good[:2:2], good[4:]...), "-mailfrom"},
		{append(good[:6:6], "-smtptls", "kanske"), "-smtptls"},
		{append(good[:6:6], "-smtptls", "none", "-smtpuser", "ledsyn"), "-smtpuser"},
		{append(good[:6:6], "-smtppassword", "hemligt"), "smtppassword"}, // there is no such flag
	} {
		args := append([]string{"serve", "-data", t.TempDir(), "-listen", "127.0.0.1:0", "-mail"}, c.args...)
		if status, _, errs := run(t, "", args...); status != misused || !strings.Contains(errs, c.want) {
			t.Errorf("%v: status %d, %q", c.args, status, errs)
		}
	}
}
