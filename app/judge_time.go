// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
)

// How long somebody looked at rows before they answered is measured by the server: a page carries when it was shown, signed. The key is this
// program's own while it runs, so a page from before a restart, or from another server, tells nothing, and the time is then unknown.

type shownKey struct {
	once sync.Once
	key  [32]byte
}

func (k *shownKey) sum(text string) string {
	k.once.Do(func() { rand.Read(k.key[:]) }) // which never fails
	h := hmac.New(sha256.New, k.key[:])
	h.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// shownNow is what a page of the portion carries to tell when it was shown to the person.
func (a *App) shownNow(now register.Moment, org, portion, person string) string {
	at := strconv.FormatInt(now.Time().Unix(), 10)
	return at + "." + a.shown.sum(strings.Join([]string{org, portion, person, at}, " "))
}

// shownAt is when the page was shown, and whether it can be told.
func (a *App) shownAt(token, org, portion, person string) (time.Time, bool) {
	at, mac, _ := strings.Cut(token, ".")
	want := a.shown.sum(strings.Join([]string{org, portion, person, at}, " "))
	if !hmac.Equal([]byte(mac), []byte(want)) {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseInt(at, 10, 64)
	return time.Unix(seconds, 0), err == nil
}

// secondsUntil is the time from the page was shown, or from the same person's earlier saving if that was later.
func (a *App) secondsUntil(now register.Moment, org string, p judged, shown string, sheets []isms.AnswerSheet) register.Count {
	from, known := a.shownAt(shown, org, p.ID, string(p.Reviewer))
	if !known {
		return register.Count{}
	}
	for _, s := range slices.Backward(sheets) {
		if s.Person == p.Reviewer {
			if at := s.At.Time(); at.After(from) {
				from = at
			}
			break
		}
	}
	return register.CountOf(max(0, int(now.Time().Sub(from).Round(time.Second)/time.Second)))
}

func itoa(n int64) string { return fmt.Sprint(n) }
