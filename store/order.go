// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"ledsyn/register"
)

// Both engines order text by code point and know upper case in ASCII only, so that Älmhult would come before
// Åmål and a search for ö would miss Ö. So order and search are made here, in columns of their own.

// collators hands out collators for Swedish, each with the buffer that it writes in; one is not safe for use by two goroutines.
var collators = sync.Pool{New: func() any { return &collator{Collator: collate.New(language.Swedish)} }}

type collator struct {
	*collate.Collator
	buf collate.Buffer
}

// sortKey is a text that compares, byte for byte, as Swedish orders s. Only the first 120 characters count.
func sortKey(s string) string {
	if r := []rune(s); len(r) > 120 {
		s = string(r[:120])
	}
	c := collators.Get().(*collator)
	defer collators.Put(c)
	c.buf.Reset()
	return hex.EncodeToString(c.KeyFromString(&c.buf, s))
}

// fieldSortKey is the value of a listed field's sort column: a text in Swedish order, a choice by its place
// among the choices, the empty one first.
func fieldSortKey(f register.Field, rec register.Entity) string {
	text := f.Text(rec)
	if f.Kind == register.Choice {
		return fmt.Sprintf("%03d", slices.Index(f.Choices, text)+1)
	}
	return sortKey(text)
}

// findText is what the free-text search looks in.
func (t *table) findText(rec register.Entity) string {
	var texts []string
	for _, f := range t.Fields {
		if f.Find {
			texts = append(texts, fold(f.Text(rec)))
		}
	}
	return strings.Join(texts, "\n")
}

// fold makes texts that differ only in case or in how their letters are composed alike. Letters stay
// themselves: far is not found in får.
func fold(s string) string {
	return norm.NFC.String(strings.Map(foldRune, norm.NFC.String(s)))
}

// foldRune returns the smallest of the letters that differ from r only in case.
func foldRune(r rune) rune {
	if r < unicode.MaxASCII {
		return unicode.ToLower(r)
	}
	small := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		small = min(small, f)
	}
	if small <= unicode.MaxASCII { // the Kelvin sign is a k
		return unicode.ToLower(small)
	}
	return small
}

// likePatterns returns, for each word of the search, a pattern for like with the escape character !.
func likePatterns(search string) []string {
	words := strings.Fields(fold(search))
	for i, w := range words {
		words[i] = "%" + likeEscapes.Replace(w) + "%"
	}
	return words
}

var likeEscapes = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")
