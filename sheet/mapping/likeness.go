// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"regexp"
	"slices"
	"strings"

	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/sheet"
)

// labels are the words of a key in each language.
func labels(key string) []string {
	var texts []string
	for _, l := range locale.Langs() {
		if l.Has(key) {
			texts = append(texts, l.T(key))
		}
	}
	return texts
}

// A look is what the cells of a column in the sample are.
type look struct {
	texts []string // that are not empty, as Fold gives them
	cells []sheet.Cell
	twin  bool // another column has the same heading; of such the first is the surer field's, whatever its values
}

func (g *guesser) look(column int) look {
	var l look
	l.twin = g.headings[Fold(g.m.Columns[column].Header)] > 1
	for _, row := range g.sample {
		if column < len(row) && row[column].Kind != sheet.Empty && len(l.texts) < 200 {
			l.texts = append(l.texts, Fold(row[column].Text))
			l.cells = append(l.cells, row[column])
		}
	}
	return l
}

// share is how many in a hundred of the cells satisfy f, or -1 if there are none.
func (l look) share(f func(i int) bool) int {
	n := 0
	for i := range l.texts {
		if f(i) {
			n++
		}
	}
	if len(l.texts) == 0 {
		return -1
	}
	return 100 * n / len(l.texts)
}

// score says how sure it is that the column is the target, of 100: by its heading, made more or less by its values; or, under a heading
// that says nothing, by values that can hardly be anything else.
func (t target) score(header string, seen look, all []target) int {
	score := t.heading(header)
	if score == 0 {
		return t.byValues(seen, header == "", all)
	}
	switch fit := t.fit(seen); {
	case fit < 0:
		return score
	case fit >= 80 && !seen.twin:
		return score + 3
	case fit >= 20:
		return score
	case t.name == "id": // another program's: taken for one, it would be no record's
		return 0
	case t.field.Kind == register.Choice: // a scale of its own, whose values are asked about
		return score - 8
	}
	return score - 30
}

// heading says how sure the heading alone makes it.
func (t target) heading(header string) int {
	whole := foldWords(header)
	if whole == "" {
		return 0
	}
	if score, ok := t.names[whole]; ok {
		return score
	}
	if short := foldWords(withoutAside(header)); short != whole && short != "" {
		if score, ok := t.names[short]; ok {
			return score - 2
		}
	}
	best := 0
	if i := strings.LastIndexByte(header, '.'); i > 0 { // a nested key of JSON
		if score, ok := t.names[foldWords(header[i+1:])]; ok {
			best = score - 10
		}
	}
	words := strings.Fields(whole)
	for name, score := range t.names {
		switch {
		case squeeze(name) == squeeze(whole):
			best = max(best, score-2)
		case len(name) >= 6 && oneOff(name, whole):
			best = max(best, score-10)
		case len(name) >= 5 && holds(words, strings.Fields(name)):
			best = max(best, score-10-strangeness(words, strings.Fields(name)))
		}
	}
	return best
}

func squeeze(s string) string { return strings.ReplaceAll(s, " ", "") }

// strangeness is how much less sure the other words of a heading make it: little words next to nothing, others so much that only the
// surest names bear one.
func strangeness(words, name []string) int {
	less := 0
	for _, word := range words {
		switch {
		case slices.Contains(name, word):
		case data().small[word]:
			less += 3
		default:
			less += 31
		}
	}
	return less
}

// holds reports whether the words hold the others in a row.
func holds(words, others []string) bool {
	for i := 0; i+len(others) <= len(words); i++ {
		if slices.Equal(words[i:i+len(others)], others) {
			return len(others) > 0
		}
	}
	return false
}

// oneOff reports whether the texts differ by one letter more, less or other.
func oneOff(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || strings.ContainsAny(a+b, "0123456789") {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}

// fit is how many in a hundred of the cells can be values of the target, or -1 where anything can.
func (t target) fit(seen look) int {
	known := data().unknown
	switch t.field.Kind {
	case register.Choice:
		c := &column{words: t.words}
		return seen.share(func(i int) bool {
			_, ok := choiceOf(c, seen.texts[i], seen.cells[i].Text)
			return ok || known[seen.texts[i]]
		})
	case register.Bool:
		return seen.share(func(i int) bool { return data().yes[seen.texts[i]] || data().no[seen.texts[i]] })
	case register.Int, register.Number, register.Share:
		return seen.share(func(i int) bool {
			_, ok := sheet.ParseNumber(seen.texts[i])
			return ok || known[seen.texts[i]] || ordinal.MatchString(seen.texts[i])
		})
	case register.Date:
		return seen.share(func(i int) bool { return isDay(seen.cells[i]) || known[seen.texts[i]] })
	case register.Instant:
		return seen.share(func(i int) bool { return register.Moment(seen.cells[i].Text).Valid() })
	}
	switch _, name := cut(t.name); {
	case t.field.Name != "":
		return -1
	case name == "retired":
		return seen.share(func(i int) bool { return isDay(seen.cells[i]) })
	case name == "id":
		return seen.share(func(i int) bool { return t.id(seen.texts[i]) })
	case name == Levels:
		return seen.share(func(i int) bool { return notation.MatchString(seen.texts[i]) || known[seen.texts[i]] })
	}
	return -1
}

// id reports whether the text can be a record's id. In a list of a known shape, which comes from another system, it must be as the
// program makes them.
func (t target) id(text string) bool {
	return register.ValidID(text) && (!t.foreign || len(text) == 26 && !strings.ContainsAny(text, "-_"))
}

func isDay(c sheet.Cell) bool {
	if c.Kind == sheet.DayCell || c.Kind == sheet.MomentCell {
		return true
	}
	_, _, ok := sheet.ParseDay(c.Text, "")
	return ok && !register.Moment(c.Text).Valid()
}

var (
	email        = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[a-z]{2,}$`)
	aspectLevel  = regexp.MustCompile(`^([krts]) ?[0-4]$`)
	longNotation = regexp.MustCompile(`^k ?[0-4?-][\s/,;-]*r ?[0-4?-][\s/,;-]*t ?[0-4?-]`)
)

var aspects = map[string]string{"k": "confidentiality", "r": "integrity", "t": "availability", "s": "traceability"}

// byValues says how sure the values alone make it: addresses of e-mail, levels with their letter, days where there is no heading and one
// field of days, words that are choices of this field and no other.
func (t target) byValues(seen look, bare bool, all []target) int {
	if len(seen.texts) < 2 {
		return 0
	}
	_, name := cut(t.name)
	every := func(p *regexp.Regexp) bool {
		return seen.share(func(i int) bool { return p.MatchString(seen.texts[i]) }) >= 80
	}
	switch {
	case name == "email" && every(email):
		return 70
	case name == Levels && every(longNotation):
		return 74
	case t.field.Kind == register.Choice && t.field.Type == "level":
		letter := aspectLevel.FindStringSubmatch(seen.texts[0])
		if letter != nil && aspects[letter[1]] == name && every(aspectLevel) {
			return 74
		}
		return 0
	case t.field.Kind == register.Choice:
		if t.ownWords(seen, all) {
			return 62
		}
	case t.field.Kind == register.Date && bare:
		days := 0
		for _, other := range all {
			if other.field.Kind == register.Date {
				days++
			}
		}
		if days == 1 && t.fit(seen) == 100 {
			return 62
		}
	}
	return 0
}

// ownWords reports whether all cells are words for choices of the target that no other target has, at least two different ones.
func (t target) ownWords(seen look, all []target) bool {
	different := map[string]bool{}
	for _, text := range seen.texts {
		choice, ok := t.words[text]
		if !ok || choice == ambiguous || len(text) < 4 {
			return false
		}
		different[choice] = true
	}
	if len(different) < 2 {
		return false
	}
	for _, other := range all {
		if other.name != t.name && other.words != nil && seen.share(func(i int) bool { _, ok := other.words[seen.texts[i]]; return ok }) == 100 {
			return false
		}
	}
	return true
}
