// SPDX-License-Identifier: EUPL-1.2

package login

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ledsyn/locale"
)

// How long a password is, in characters. There are no rules of composition and nobody is made to change a
// password that is not known to be lost (NIST SP 800-63B-4, 3.1.1.2; ASVS 6.2).
const (
	leastLength = 15
	mostLength  = 128
	mostBytes   = 4 * mostLength
)

// What must be left of a password when the words that everybody tries are taken out of it.
const (
	leastLeft      = 8
	leastDifferent = 5
)

// A Problem is why a password cannot be used. Its words have the key login.password.CODE.
type Problem struct {
	Code string
	Args []any
}

// Error makes a Problem an error.
func (p Problem) Error() string { return "login: password " + p.Code }

// Text says what is wrong with the password and how to choose another.
func (p Problem) Text(l locale.Lang) string { return l.T("login.password."+p.Code, p.Args...) }

// judge returns the Problem of a new password, or nil. The words are those of its surroundings that a guesser tries
// first: the organisation, the person, the account.
func judge(password string, words ...string) error {
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password):
		return Problem{"unreadable", nil}
	case n < leastLength:
		return Problem{"short", []any{leastLength, n}}
	case n > mostLength:
		return Problem{"long", []any{mostLength, n}}
	}
	guessed := slices.Clone(common)
	for _, w := range words {
		for _, part := range strings.FieldsFunc(strings.ToLower(w), notWord) {
			if utf8.RuneCountInString(part) >= 3 {
				guessed = append(guessed, part)
			}
		}
	}
	slices.SortStableFunc(guessed, func(a, b string) int { return len(b) - len(a) })
	plain := strings.ToLower(password)
	for _, p := range []string{plain, asLetters.Replace(plain)} {
		if weak(p, guessed) {
			return Problem{"guessable", nil}
		}
	}
	return nil
}

// weak takes repetitions and the guessed words, longest first, out of the password and reports whether too little is
// left.
func weak(p string, guessed []string) bool {
	p = unrepeated(p)
	for _, w := range guessed {
		p = strings.ReplaceAll(p, w, " ")
	}
	n := 0
	different := map[rune]bool{}
	for _, r := range p {
		if !notWord(r) {
			n++
			different[r] = true
		}
	}
	return n < leastLeft || len(different) < leastDifferent
}

// unrepeated returns the part that the whole text repeats, or all of it.
func unrepeated(text string) string {
	runes := []rune(text)
	for n := 1; n <= len(runes)/2; n++ {
		if slices.Equal(runes[n:], runes[:len(runes)-n]) {
			return string(runes[:n])
		}
	}
	return text
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// asLetters undoes the figures and signs that people write for letters.
var asLetters = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i", "€", "e")

//go:embed common.txt
var commonText string

// common lists, in lower case, what people put in passwords and guessers therefore try first.
var common = strings.Fields(withoutComments(commonText))

func withoutComments(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// Rules says in words how a new password is chosen.
func Rules(l locale.Lang) string { return l.T("login.password.rules", leastLength) }
