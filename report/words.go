// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ledsyn/metric"
	"ledsyn/register"
)

func (c *making) t(key string, args ...any) string { return c.lang.T(key, args...) }

func (c *making) orUnknown(s string) string {
	if s == "" {
		return c.t("unknown")
	}
	return s
}

func (c *making) days(d register.Day) string { return c.lang.Day(string(d)) }

func years(n int) string { return strconv.Itoa(n) }

// number writes small numbers as running text does: two, not 2.
func (c *making) number(n int) string {
	if key := "report.number." + strconv.Itoa(n); n >= 0 && n <= 12 && c.lang.Has(key) {
		return c.t(key)
	}
	return c.lang.Number(n)
}

// who names a person, with the title where it says more than the name.
func (c *making) who(id string) string {
	p, ok := c.persons[id]
	switch {
	case !ok:
		return ""
	case p.Title == "" || strings.EqualFold(p.Title, p.Name):
		return p.Name
	}
	return p.Name + ", " + lowerFirst(p.Title)
}

// lowerFirst writes a word inside a sentence. Words that are capitals throughout, such as IT, stay.
func lowerFirst(s string) string {
	r := []rune(s)
	if len(r) > 1 && strings.ToUpper(string(r[:2])) == string(r[:2]) {
		return s
	}
	if len(r) > 0 {
		return strings.ToLower(string(r[0])) + string(r[1:])
	}
	return s
}

func upperFirst(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return strings.ToUpper(string(r[0])) + string(r[1:])
}

// stop ends a sentence that people wrote without its full stop.
func stop(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?:") {
		return s
	}
	return s + "."
}

// noStop is the sentence without its full stop, to stand inside another.
func noStop(s string) string { return strings.TrimSuffix(strings.TrimSpace(s), ".") }

// say makes a sentence whose arguments may be spans, which keep their style and the figure they show.
func (c *making) say(key string, args ...any) []Span {
	var parts []Span
	marked := make([]any, len(args))
	for i, a := range args {
		marked[i] = a
		if s, ok := a.(Span); ok {
			marked[i] = fmt.Sprintf("\x01%d\x02", len(parts))
			parts = append(parts, s)
		}
	}
	var out []Span
	text := c.t(key, marked...)
	for text != "" {
		before, rest, found := strings.Cut(text, "\x01")
		if before != "" {
			out = append(out, Span{Text: before})
		}
		if !found {
			break
		}
		n, after, _ := strings.Cut(rest, "\x02")
		if i, err := strconv.Atoi(n); err == nil && i < len(parts) {
			out = append(out, parts[i])
		}
		text = after
	}
	return out
}

func plain(s string) []Span { return []Span{{Text: s}} }

// fact is a sentence made from records.
func fact(text []Span, refs ...metric.Ref) Block {
	b := Block{Type: Fact, Text: text, Refs: refs}
	for _, s := range text {
		if s.Figure != "" && !slices.Contains(b.Figures, s.Figure) {
			b.Figures = append(b.Figures, s.Figure)
		}
	}
	return b
}

// missing says that something is not known or not reported.
func (c *making) missing(key string, args ...any) []Block {
	return []Block{{Type: Missing, Text: c.say(key, args...)}}
}

func item(text []Span, refs ...metric.Ref) Item { return Item{Text: text, Refs: refs} }

func list(items ...Item) Block { return Block{Type: List, Items: items} }

func ref(kind, id string) metric.Ref { return metric.Ref{Kind: kind, ID: id} }

// join puts sentences after each other with a space between.
func join(sentences ...[]Span) []Span {
	var out []Span
	for _, s := range sentences {
		if len(s) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, Span{Text: " "})
		}
		out = append(out, s...)
	}
	return merge(out)
}

// merge puts neighbouring spans of the same style together.
func merge(spans []Span) []Span {
	var out []Span
	for _, s := range spans {
		if n := len(out); n > 0 && out[n-1].Note == 0 {
			last := out[n-1]
			last.Text, last.Note = s.Text, s.Note
			if last == s && s.Figure == "" && s.Link == "" {
				out[n-1].Text, out[n-1].Note = out[n-1].Text+s.Text, s.Note
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// note puts a footnote after the text, the same one where the same text is noted again.
func (c *making) note(text []Span, note string) []Span {
	if note == "" || len(text) == 0 {
		return text
	}
	n := 0
	for _, was := range c.notes {
		if was.Text == note {
			n = was.Number
		}
	}
	if n == 0 {
		n = len(c.notes) + 1
		c.notes = append(c.notes, Note{n, note})
	}
	text = slices.Clone(text)
	last := &text[len(text)-1]
	if last.Note == 0 {
		last.Note = n
		return text
	}
	return append(text, Span{Note: n})
}

// show is the figure's share, with one decimal at most, as a span that opens it, and keeps it among the document's figures.
func (c *making) show(f metric.Figure) Span {
	c.keep(f)
	if p, known := f.Percent().Known(); known {
		return Span{Text: c.lang.Percent(tenths(p)), Figure: FigureRef(f)}
	}
	if f.Key == "" {
		return Span{Text: c.t("unknown")}
	}
	return Span{Text: c.t("unknown"), Figure: FigureRef(f)}
}

func (c *making) keep(f metric.Figure) {
	if f.Key == "" {
		return // there is no such figure on the day
	}
	for _, was := range c.shown {
		if FigureRef(was) == FigureRef(f) {
			return
		}
	}
	c.shown = append(c.shown, f)
}

// figure returns the figure of the review's day with the ID.
func (c *making) figure(id string) metric.Figure {
	for _, f := range c.counted {
		if f.ID() == id {
			return f
		}
	}
	return metric.Figure{Key: id, Day: c.day}
}
