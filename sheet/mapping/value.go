// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"regexp"
	"strconv"
	"strings"

	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/sheet"
)

// An answer is what one text in one column comes to.
type answer struct {
	kind   sheet.CellKind // of the cell
	text   string         // for id, unit, retired; the whole cell of a link; otherwise "" where the field is left empty
	values []string       // for the form; the ids of a link
	texts  []string       // of a link
	link   bool
	skip   bool
	wrong  *register.Wrong
}

func value(text string) answer { return answer{text: text, values: []string{text}} }

// answer reads a cell in the column.
func (r *Reader) answer(c *column, cell sheet.Cell) answer {
	wrong := func(code string, args ...any) answer {
		return answer{wrong: &register.Wrong{Field: c.name, Code: code, Args: args}}
	}
	text := strings.TrimSpace(strings.Trim(cell.Text, "\uFEFF\u200b"))
	if cell.Kind == sheet.ErrorCell {
		return wrong("cell_error", text)
	}
	if to, ok := c.said(text); ok {
		if to == Skip {
			return answer{skip: true}
		}
		if isLink(c.field.Kind) && to != "" {
			return answer{link: true, text: text, values: []string{to}}
		}
		if c.fields == nil {
			return value(to)
		}
		text = to
	}
	switch {
	case c.fields != nil:
		return levelsAnswer(text, len(c.fields), wrong)
	case c.field.Name == "" && c.name == "retired":
		return r.day(cell.Kind, text, wrong)
	case c.field.Name == "":
		return value(unescaped(text))
	}
	switch c.field.Kind {
	case register.Prose:
		if text != "" {
			text = cell.Text // with its own blanks
		}
		return value(plainText(register.Prose, text))
	case register.Text:
		return value(plainText(register.Text, text))
	case register.Choice:
		return choiceAnswer(c, text, wrong)
	case register.Link, register.Links:
		return linkAnswer(c, text)
	}
	if isUnknown(text) {
		text = ""
	}
	switch c.field.Kind {
	case register.Bool:
		return boolAnswer(text, wrong)
	case register.Int, register.Number:
		return numberAnswer(c.field.Kind, text, wrong)
	case register.Share:
		return shareAnswer(cell.Kind, text, wrong)
	case register.Instant:
		if text != "" && !register.Moment(text).Valid() {
			return wrong("cell_moment", text)
		}
		return value(text)
	}
	return r.day(cell.Kind, text, wrong)
}

// said is what the Map says that the text means.
func (c *column) said(text string) (string, bool) {
	if len(c.values) == 0 {
		return "", false
	}
	to, ok := c.values[Fold(text)]
	return to, ok
}

// isUnknown reports whether the text says that nothing is known.
func isUnknown(text string) bool { return len(text) < 40 && data().unknown[Fold(text)] }

func isLink(k register.Kind) bool { return k == register.Link || k == register.Links }

// plainText is the text of a cell as a field keeps it: one line where the field has only one.
func plainText(k register.Kind, text string) string {
	text = strings.ReplaceAll(unescaped(text), "\r\n", "\n")
	if k == register.Prose {
		return strings.ReplaceAll(text, "\r", "\n")
	}
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' || r == '\v' {
			return ' '
		}
		return r
	}, text)
}

// unescaped takes away the apostrophe that sheet writes before what a spreadsheet program would take for a formula.
func unescaped(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok {
		if first := strings.TrimLeft(rest, " \u00a0\uFEFF"); first != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0]) {
			return rest
		}
	}
	return text
}

// choiceWords are the words by which people write the field's choices, by Fold: its value, its words in each language, whole and without
// what stands in brackets, the number that its words begin with, and those that the program's data adds. Words that mean two choices
// mean none.
func choiceWords(f register.Field) map[string]string {
	words := map[string]string{}
	add := func(text, choice string) {
		for _, key := range []string{Fold(text), foldWords(text)} {
			if was, taken := words[key]; taken && was != choice {
				words[key] = ambiguous
			} else if key != "" {
				words[key] = choice
			}
		}
	}
	for _, choice := range f.Choices {
		for _, l := range locale.Langs() {
			if key := f.ChoiceKey(choice); l.Has(key) {
				label := l.T(key)
				add(label, choice)
				add(withoutAside(label), choice)
				if number, rest, ok := strings.Cut(label, " – "); ok && number == choice {
					add(rest, choice)
				}
			}
		}
		for _, word := range data().words.Choices[f.Type][choice] {
			add(word, choice)
		}
	}
	for _, choice := range f.Choices { // last: the value itself means only itself
		words[Fold(choice)], words[foldWords(choice)] = choice, choice
	}
	return words
}

const ambiguous = "\x00"

// choiceAnswer finds the choice that the text means. What is not understood is wrong, and what says that nothing is known is
// nothing: never the lowest of a scale.
func choiceAnswer(c *column, text string, wrong func(string, ...any) answer) answer {
	key := Fold(text)
	if choice, ok := choiceOf(c, key, text); ok {
		return value(choice)
	}
	if key == "" || data().unknown[key] {
		return value("")
	}
	return wrong("cell_choice", text)
}

func choiceOf(c *column, key, text string) (string, bool) {
	for _, key := range []string{key, foldWords(text)} {
		if choice, ok := c.words[key]; ok && choice != ambiguous {
			return choice, true
		}
	}
	if c.words["yes"] == "yes" && c.words["no"] == "no" {
		switch {
		case data().yes[key]:
			return "yes", true
		case data().no[key]:
			return "no", true
		}
	}
	// K3, K 3, 3 - serious, 3.0: a number of the scale with what people write about it.
	if m := scaleNumber.FindStringSubmatch(key); m != nil {
		if choice, ok := c.words[m[1]]; ok && choice == m[1] {
			return choice, true
		}
	}
	return "", false
}

var scaleNumber = regexp.MustCompile(`^(?:[krts] ?|niva |level )?([0-9])(?:[.,]0+|\s*[-:=(].*)?$`)

func boolAnswer(text string, wrong func(string, ...any) answer) answer {
	switch key := Fold(text); {
	case key == "" || data().no[key]:
		return value("0")
	case data().yes[key]:
		return value("1")
	}
	return wrong("cell_bool", text)
}

// numberAnswer reads a whole number. A year or an ordinal may have words after it: 4 - large.
func numberAnswer(k register.Kind, text string, wrong func(string, ...any) answer) answer {
	if text == "" {
		return value("")
	}
	if k == register.Int {
		if m := ordinal.FindStringSubmatch(Fold(text)); m != nil {
			return value(m[1])
		}
	}
	number, ok := sheet.ParseNumber(text)
	whole, part, _ := strings.Cut(number, ".")
	if !ok || strings.Trim(part, "0") != "" || len(whole) > 12 || whole[0] == '-' || strings.HasSuffix(text, "%") {
		return wrong("cell_number", text)
	}
	return value(whole)
}

var ordinal = regexp.MustCompile(`^([0-9]{1,2})\s*[-:=(]\s*\pL.*$`)

// shareAnswer reads a share in percent. The numbers of spreadsheets have more decimals than anybody wrote and are rounded.
func shareAnswer(kind sheet.CellKind, text string, wrong func(string, ...any) answer) answer {
	if text == "" {
		return value("")
	}
	number, ok := sheet.ParseNumber(text)
	if ok && kind == sheet.NumberCell {
		if f, err := strconv.ParseFloat(number, 64); err == nil {
			number = strconv.FormatFloat(f, 'f', 2, 64)
		}
	}
	p, valid := register.ParsePercent(number)
	if !ok || !valid {
		return wrong("cell_percent", text)
	}
	return value(p.String())
}

// day reads a day. One that can be read in two ways is wrong until the Map's Order says which.
func (r *Reader) day(kind sheet.CellKind, text string, wrong func(string, ...any) answer) answer {
	if text == "" || isUnknown(text) {
		return value("")
	}
	if kind == sheet.NumberCell && r.From1904 {
		if n, err := strconv.ParseFloat(text, 64); err == nil && n < 100_000 {
			if day, ok := sheet.SerialDay(n, true); ok {
				return value(string(day))
			}
		}
	}
	day, other, ok := sheet.ParseDay(text, r.m.Order)
	if !ok || !day.Valid() {
		return wrong("cell_day", text)
	}
	if other != "" {
		return wrong("cell_day_order", text, string(day), string(other))
	}
	return value(string(day))
}

func linkAnswer(c *column, text string) answer {
	if text == "" || isUnknown(text) {
		return value("")
	}
	text = plainText(c.field.Kind, strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", ";"), "\n", ";"))
	if c.field.Kind == register.Link {
		return answer{link: true, text: text, texts: []string{text}}
	}
	a := answer{link: true, text: text}
	pieces := splitAt(text, ";")
	if len(pieces) == 1 {
		pieces = splitAt(text, ",")
	}
	for _, piece := range pieces {
		if id, ok := c.said(piece); ok {
			if id != "" && id != Skip {
				a.values = append(a.values, id)
			}
			continue
		}
		a.texts = append(a.texts, piece)
	}
	return a
}

// notation is a whole classification in one cell: K3/R3/T2, K3R3T2S1, 3-3-2, 332. A dash or a question mark is a level not known.
var notation = regexp.MustCompile(`^k?:?\s*([0-9?-])[\s/,;|.-]*r?:?\s*([0-9?-])[\s/,;|.-]*t?:?\s*([0-9?-])(?:[\s/,;|.-]*s?:?\s*([0-9?-]))?$`)

func levelsAnswer(text string, n int, wrong func(string, ...any) answer) answer {
	key := Fold(text)
	if key == "" || data().unknown[key] {
		return answer{values: make([]string, n)}
	}
	m := notation.FindStringSubmatch(key)
	if m == nil {
		return wrong("cell_levels", text)
	}
	a := answer{text: text}
	for _, level := range m[1:min(len(m), n+1)] {
		if level == "?" || level == "-" {
			level = ""
		}
		if level > "4" {
			return wrong("cell_levels", text)
		}
		a.values = append(a.values, level)
	}
	return a
}
