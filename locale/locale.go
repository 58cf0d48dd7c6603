// SPDX-License-Identifier: EUPL-1.2

// Package locale holds every word that people read, in Swedish first and English complete, and how each
// language writes numbers, shares and lists. It knows no register, page or report: it gives the text of a
// key, whatever the key is about.
//
// The words are the embedded files sv/*.txt and en/*.txt. A line is "key = text". A line that begins with
// two spaces or a tab continues the text above as a new line of it, also after an empty line, which is then
// part of the text. # begins a comment line. {1} is the first argument, {#1} the same without grouping of
// thousands (for years), and {1:avvikelse|avvikelser} one of two words: the first when the first argument
// is 1.
package locale

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Lang is a language that people can read the program in, by its ISO 639-1 code. Any other value is
// treated as Swedish.
type Lang string

// The languages.
const (
	Swedish Lang = "sv"
	English Lang = "en"
)

// Langs lists the languages, Swedish first.
func Langs() []Lang { return []Lang{Swedish, English} }

// Parse reads a language tag such as sv, en-GB or SV_se, and reports whether it is one of Langs.
func Parse(s string) (Lang, bool) {
	base := strings.ToLower(s)
	if i := strings.IndexAny(base, "-_"); i >= 0 {
		base = base[:i]
	}
	l := Lang(base)
	return l, slices.Contains(Langs(), l)
}

// T returns the text of the key with the arguments in it. Integers are written as Number does, unless the
// text asks for them plain; a year is given as a string or asked for plain. Other values are written by
// fmt.Sprint. A key without words gives [[key]], so that it is seen and not taken for a text.
func (l Lang) T(key string, args ...any) string {
	t, ok := l.texts()[key]
	if !ok {
		return "[[" + key + "]]"
	}
	if len(t) == 1 && t[0].arg == 0 {
		return t[0].text
	}
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.with(l, args))
	}
	return b.String()
}

// Has reports whether the key has words.
func (l Lang) Has(key string) bool {
	_, ok := l.texts()[key]
	return ok
}

// Keys lists every key that has words in the language, sorted.
func Keys(l Lang) []string { return slices.Sorted(maps.Keys(l.texts())) }

func (l Lang) texts() map[string]template {
	all := words().texts
	if t, ok := all[l]; ok {
		return t
	}
	return all[Swedish]
}

func (p piece) with(l Lang, args []any) string {
	switch {
	case p.arg == 0:
		return p.text
	case p.arg > len(args):
		return "{" + strconv.Itoa(p.arg) + "}"
	}
	arg := args[p.arg-1]
	if p.plural {
		if fmt.Sprint(arg) == "1" {
			return p.one
		}
		return p.other
	}
	if p.plain {
		return fmt.Sprint(arg)
	}
	switch n := arg.(type) {
	case int:
		return l.Number(n)
	case int64:
		return l.Number(int(n))
	case string:
		return n
	}
	return fmt.Sprint(arg)
}
