// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// TestSecretAddressesAreNotLogged holds that who reads the log can neither fetch a calendar nor report by a link.
func TestSecretAddressesAreNotLogged(t *testing.T) {
	var log bytes.Buffer
	s := closed(t, Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
	for _, path := range []string{"/calendar/hemlig.ics", "/calendar/hemlig", "/report/link/hemlig", "/calendar/hemlig/mer"} {
		send(s, "GET", path, "")
	}
	if text := log.String(); strings.Contains(text, "hemlig") || strings.Count(text, "path=/calendar/...") < 3 || !strings.Contains(text, "path=/report/link/...") {
		t.Errorf("the log says %s", text)
	}
}
