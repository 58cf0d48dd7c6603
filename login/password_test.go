// SPDX-License-Identifier: EUPL-1.2

package login

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"ledsyn/locale"
)

func TestPasswordIsCheckedExactlyAsTyped(t *testing.T) {
	const password = " Åsnan äter blå tistlar "
	h := hashPassword(password)
	if !strings.HasPrefix(h, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash is %q", h)
	}
	for typed, want := range map[string]bool{
		password:                         true,
		strings.TrimSpace(password):      false,
		strings.ToLower(password):        false,
		" A\u030asnan äter blå tistlar ": false, // the same to the eye, other code points
		"":                               false,
		password + "\x00":                false,
	} {
		if got, err := checkPassword(h, typed); got != want || err != nil {
			t.Errorf("%q: %v, %v", typed, got, err)
		}
	}
	if h == hashPassword(password) {
		t.Error("two hashes of the same password are the same")
	}
	long := strings.Repeat("å", mostLength)
	if ok, err := checkPassword(hashPassword(long), long); !ok || err != nil {
		t.Error("the longest password is not taken", ok, err)
	}
}

func TestNoAccountIsNeverRight(t *testing.T) {
	for _, typed := range []string{"", "x", strings.Repeat("x", 1<<20)} {
		if ok, err := checkPassword("", typed); ok || err != nil {
			t.Errorf("%v, %v", ok, err)
		}
	}
}

// An account that is not there takes as long to refuse as a wrong password. The bound is wide: it tells a
// missing hash from a made one, which is a factor of thousands.
func TestNoAccountTakesAsLong(t *testing.T) {
	h := hashPassword("somebody's own password")
	with, without := time.Hour, time.Hour
	for range 9 { // by turns, so that whatever else the machine does is in both
		for stored, best := range map[string]*time.Duration{h: &with, "": &without} {
			began := time.Now()
			checkPassword(stored, "a guess of somebody")
			*best = min(*best, time.Since(began))
		}
	}
	if without < with/3 || with < without/3 {
		t.Errorf("with an account %v, without %v", with, without)
	}
}

func TestDamagedHashIsAnError(t *testing.T) {
	good := hashPassword("somebody's own password")
	for _, h := range []string{
		"x", "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$a2V5", strings.Replace(good, "v=19", "v=18", 1),
		strings.Replace(good, "m=19456", "m=99999999", 1), strings.Replace(good, "t=2", "t=0", 1),
		strings.Replace(good, "p=1", "p=99", 1), strings.Replace(good, "m=19456,", "", 1), good[:len(good)-30], good + "$",
	} {
		if ok, err := checkPassword(h, "somebody's own password"); ok || err == nil {
			t.Errorf("%q: %v, %v", h, ok, err)
		}
	}
	if outdated(good) {
		t.Error("a fresh hash is outdated")
	}
	if !outdated(strings.Replace(good, "t=2", "t=1", 1)) {
		t.Error("a hash of other costs is not outdated")
	}
}

func TestTurnsAreBounded(t *testing.T) {
	var dones []func()
	for range cap(hashing) {
		done, err := turn(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		dones = append(dones, done)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := turn(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("one too many got %v", err)
	}
	dones[0]()
	if done, err := turn(context.Background()); err != nil {
		t.Error(err)
	} else {
		done()
	}
	for _, done := range dones[1:] {
		done()
	}
}

func TestJudge(t *testing.T) {
	words := []string{"Exempelstaden", "exempelstaden", "Anna Ek", "anna.ek@exempelstaden.example"}
	for _, c := range []struct{ password, code string }{
		{"kort men bra!", "short"},
		{"fjorton tecken", "short"},
		{"korrekt häst batteri klammer", ""},
		{"tre små grisar byggde", ""},
		{"correct horse battery staple", ""},
		{"xK9#mQ2$vL7@pR4", ""},
		{"830274659102837", ""},
		{strings.Repeat("grönsak ", 16), "guessable"},
		{"den här långa meningen har fler än sextiofyra tecken och ska gå lika bra som andra", ""},
		{strings.Repeat("å b c d e f g h ", 8), ""},
		{strings.Repeat("å b c d e f g h ", 8) + "x", "long"},
		{"aaaaaaaaaaaaaaaaaaaa", "guessable"},
		{"123456789012345", "guessable"},
		{"Lösenord1234567890", "guessable"},
		{"P@ssw0rdP@ssw0rd", "guessable"},
		{"sommaren2026sommaren", "guessable"},
		{"Exempelstaden2026!", "guessable"},
		{"AnnaEkExempelstaden", "guessable"},
		{"Ledsyn-Kommun-2026", "guessable"},
		{"Exempelstaden har grönare gräs", ""},
		{"\xff\xfeabcdefghijklmnop", "unreadable"},
		{"               ", "guessable"},
	} {
		err := judge(c.password, words...)
		var p Problem
		if errors.As(err, &p); p.Code != c.code {
			t.Errorf("%q: %q, want %q", c.password, p.Code, c.code)
		}
		for _, l := range locale.Langs() {
			if c.code != "" && (strings.Contains(Text(l, err), "[[") || strings.Contains(Text(l, err), "{") || Text(l, err) == "") {
				t.Errorf("%q in %s: %q", c.password, l, Text(l, err))
			}
		}
	}
}

func TestCommonWordsAreWellFormed(t *testing.T) {
	if len(common) < 300 {
		t.Errorf("only %d common words", len(common))
	}
	for _, w := range common {
		if len([]rune(w)) < 3 || w != strings.ToLower(w) {
			t.Errorf("%q would never be found, or too often", w)
		}
	}
}

func TestEveryNoHasWords(t *testing.T) {
	for _, l := range locale.Langs() {
		for _, err := range []error{ErrWrong, ErrTooMany, ErrNobody, ErrNoStepping, errBusy, Problem{Code: "same"}} {
			if text := Text(l, err); text == "" || strings.Contains(text, "[[") {
				t.Errorf("%v in %s: %q", err, l, text)
			}
		}
		if text := Text(l, errors.New("another room's")); text != "" {
			t.Errorf("another room's error has the words %q", text)
		}
		if text := Rules(l); strings.Contains(text, "[[") {
			t.Error(text)
		}
	}
}

func TestNetworkOf(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7:1234":         "192.0.2.7",
		"[2001:db8:1:2:3::4]:80": "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::9":   "2001:db8:1:2::/64",
		"::ffff:192.0.2.7":       "192.0.2.7",
		"[fe80::1%eth0]:80":      "fe80::/64",
		"":                       "unknown",
		"garbage' or 1=1":        "unknown",
	} {
		if got := networkOf(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func TestOnLoopback(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:8080": true, "127.0.0.1": true, "[::1]:8080": true, "::1": true, "localhost:8080": true, "localhost": true,
		":8080": false, "0.0.0.0:8080": false, "[::]:8080": false, "192.0.2.1:80": false, "localhost.example.se:80": false,
		"example.se": false, "": false, "127.0.0.1.example.se:80": false,
	} {
		if got := onLoopback(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}
