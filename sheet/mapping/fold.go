// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"strings"
	"unicode"
)

// plain gives the letters without marks that people write instead of those with.
var plain = func() map[rune]string {
	m := map[rune]string{'æ': "ae", 'œ': "oe", 'ß': "ss", 'þ': "th"}
	for base, letters := range map[string]string{
		"a": "å ä à á â ã ā", "c": "ç ć", "d": "ð ď", "e": "é è ê ë ē", "i": "í ì î ï ī", "n": "ñ ń", "o": "ö ø ó ò ô õ ō", "s": "š ś",
		"u": "ü ú ù û ū", "y": "ý ÿ", "z": "ž ź ż",
	} {
		for _, letter := range strings.Fields(letters) {
			m[[]rune(letter)[0]] = base
		}
	}
	return m
}()

// Fold makes what people write alike: letters small and without marks, every run of blanks one space and none at the ends, every dash a
// hyphen. Two cells with the same Fold are the same value. A text without any letter or digit keeps its signs, so that - and ? differ.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200b':
			space = b.Len() > 0
			continue
		case r >= 0x300 && r <= 0x36f: // marks of letters that are written in two
			continue
		case r >= '\u2010' && r <= '\u2015' || r == '\u2212':
			r = '-'
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		r = unicode.ToLower(r)
		if r < 0x80 {
			b.WriteByte(byte(r))
		} else if p, ok := plain[r]; ok {
			b.WriteString(p)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isFolded(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 || c >= 'A' && c <= 'Z' || c < ' ' || c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}

// foldWords makes headings alike: as Fold, with signs as spaces, and words that are written together with a capital between, as in JSON,
// divided: klassningDatum is "klassning datum".
func foldWords(s string) string {
	var b strings.Builder
	last := ' '
	for _, r := range s {
		switch {
		case unicode.IsUpper(r) && unicode.IsLower(last):
			b.WriteByte(' ')
			b.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r >= 0x300 && r <= 0x36f:
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
		last = r
	}
	return Fold(b.String())
}

// withoutAside leaves out what stands in brackets: "Riktighet (R)" is Riktighet.
func withoutAside(s string) string {
	for _, pair := range []string{"()", "[]"} {
		from := strings.IndexByte(s, pair[0])
		if from < 0 {
			continue
		}
		if to := strings.IndexByte(s[from:], pair[1]); to > 0 {
			s = s[:from] + " " + s[from+to+1:]
		}
	}
	return s
}
