// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const softHyphen = '\u00AD'

// typeface is how a text is set where its spans do not say otherwise.
type typeface struct {
	size, leading float64 // points
	bold, italic  bool
	colour        Colour
}

// line is a line of text, ready to paint.
type line struct {
	segs  []seg
	width float64 // without the space at its end
	notes []*note // whose marks stand on the line
}

// seg is a stretch of a line in one font that belongs to one element.
type seg struct {
	look
	text  string
	width float64
}

// look is what distinguishes one stretch of text from the next.
type look struct {
	style  style
	size   float64
	rise   float64 // of a footnote's mark, above the baseline
	colour Colour
	elem   *elem
	link   *link
	note   *note // the footnote that this is the mark of
}

// link is where a stretch of text leads.
type link struct {
	uri      string
	dest     *dest
	contents string
}

// atom is a piece of text without a place to break inside, and what may come
// after it.
type atom struct {
	look
	text  string
	brk   byte // ' ' space, '-' may break, '~' may break with a hyphen, '\n' must break, 0 may not
	width float64
}

// wrap breaks t into lines no wider than width. Its text belongs to e; links
// and marks of footnotes become elements below it. There is always one line.
func (l *layout) wrap(t Text, e *elem, width float64, f typeface) ([]line, error) {
	atoms, err := l.atoms(t, e, f)
	if err != nil {
		return nil, err
	}
	var (
		lines []line
		cur   []atom
		used  float64
	)
	flush := func() {
		l.broken++
		lines = append(lines, l.join(cur))
		cur, used = nil, 0
	}
	for i := 0; i < len(atoms) && l.broken < maxLines; {
		n := 1 // atoms that stick together
		for i+n < len(atoms) && atoms[i+n-1].brk == 0 {
			n++
		}
		word := atoms[i : i+n]
		w, hyphen := l.gap(cur), 0.0
		for _, a := range word {
			w += a.width
		}
		if a := word[n-1]; a.brk == '~' { // in case the line ends here
			hyphen = l.fonts[a.style].width(string(softHyphen), a.size)
		}
		switch {
		case used+w+hyphen <= width:
		case len(cur) > 0:
			flush()
			continue
		default: // wider than a whole line
			if fits, rest := l.cut(word, width); len(rest) > 0 {
				cur = append(cur, fits...)
				i += n - len(rest)
				copy(atoms[i:], rest)
				flush()
				continue
			}
		}
		cur, used, i = append(cur, word...), used+w, i+n
		if cur[len(cur)-1].brk == '\n' {
			flush()
		}
	}
	if len(cur) > 0 || len(lines) == 0 {
		flush()
	}
	if l.broken >= maxLines {
		return nil, fmt.Errorf("the text has more than %d lines", maxLines)
	}
	return lines, nil
}

// gap is the width of the space after the atoms so far.
func (l *layout) gap(cur []atom) float64 {
	if n := len(cur); n > 0 && cur[n-1].brk == ' ' {
		return l.fonts[cur[n-1].style].width(" ", cur[n-1].size)
	}
	return 0
}

// cut divides a word that is wider than a line into what fits and the rest.
// At least one character fits, however narrow the line.
func (l *layout) cut(word []atom, width float64) (fits, rest []atom) {
	for i, a := range word {
		if a.width <= width {
			width -= a.width
			continue
		}
		f, at, w := l.fonts[a.style], 0, 0.0
		for j, r := range a.text {
			w += float64(f.advance[f.glyph(r)]) * a.size / float64(f.unitsPerEm)
			if w > width && (j > 0 || i > 0) {
				break
			}
			at = j + utf8.RuneLen(r)
		}
		if at == 0 {
			return word[:i:i], word[i:]
		}
		if at == len(a.text) {
			return word[: i+1 : i+1], word[i+1:]
		}
		head, tail := a, a
		head.text, head.brk = a.text[:at], '-'
		tail.text = a.text[at:]
		head.width = f.width(head.text, a.size)
		tail.width = f.width(tail.text, a.size) // not the difference: the two may be kerned together
		fits = append(word[:i:i], head)
		return fits, append([]atom{tail}, word[i+1:]...)
	}
	return word, nil
}

// join makes a line of atoms, with spaces between and a hyphen where a word
// was divided. The space where the line was broken stays, so that a reader
// does not run the words together.
func (l *layout) join(atoms []atom) line {
	var ln line
	for i, a := range atoms {
		text := a.text
		last := i == len(atoms)-1
		if a.brk == ' ' {
			text += " "
		} else if a.brk == '~' && last {
			text += string(softHyphen)
		}
		if a.note != nil {
			ln.notes = append(ln.notes, a.note)
		}
		if n := len(ln.segs); n > 0 && ln.segs[n-1].look == a.look {
			ln.segs[n-1].text += text
		} else if text != "" {
			ln.segs = append(ln.segs, seg{look: a.look, text: text})
		}
	}
	for i := range ln.segs {
		s := &ln.segs[i]
		s.width = l.fonts[s.style].width(s.text, s.size)
		ln.width += s.width
	}
	if n := len(ln.segs); n > 0 && strings.HasSuffix(ln.segs[n-1].text, " ") {
		s := ln.segs[n-1]
		ln.width -= l.fonts[s.style].width(" ", s.size)
	}
	return ln
}

// atoms divides t where lines may break.
func (l *layout) atoms(t Text, e *elem, f typeface) ([]atom, error) {
	var out []atom
	for _, s := range t {
		if l.text += len(s.Text); l.text > MaxText {
			return nil, fmt.Errorf("the text is longer than %d bytes", MaxText)
		}
		s.Bold, s.Italic = s.Bold || f.bold, s.Italic || f.italic
		lk := look{style: styleOf(s), size: f.size, colour: f.colour, elem: e}
		if s.Lang != "" {
			if !isLang(s.Lang) {
				return nil, fmt.Errorf("%q is not a language tag", s.Lang)
			}
			lk.elem = lk.elem.child("Span")
			lk.elem.lang = s.Lang
		}
		text := l.clean(s.Text)
		if shown := oneLine(text); s.Link != "" && shown != "" {
			lk.elem = lk.elem.child("Link")
			lk.colour = linkColour
			lk.link = &link{contents: shown}
			if id, ok := strings.CutPrefix(s.Link, "#"); ok {
				lk.link.dest = l.target(id)
			} else if !isAddress(s.Link) {
				return nil, fmt.Errorf("the link %.100q is not an address", s.Link)
			} else {
				lk.link.uri = s.Link
			}
		}
		out = l.divide(out, text, lk)
		if len(s.Note) > 0 {
			m, err := l.mark(s.Note, e, f)
			if err != nil {
				return nil, err
			}
			out = append(out, m)
		}
	}
	return out, nil
}

// divide appends the atoms of text, which has one look.
func (l *layout) divide(out []atom, text string, lk look) []atom {
	add := func(s string, brk byte) {
		if s == "" && brk == ' ' && (len(out) == 0 || out[len(out)-1].brk == ' ' || out[len(out)-1].brk == '\n') {
			return // spaces run together, and none begins a line
		}
		if s == "" && brk == 0 {
			return
		}
		if brk == '~' && endsDivided(out, s) {
			brk = '-' // one hyphen is enough
		}
		out = append(out, atom{look: lk, text: s, brk: brk, width: l.fonts[lk.style].width(s, lk.size)})
	}
	long, from := isLong(text), 0
	var prev rune
	for i, r := range text {
		switch {
		case r == ' ' || r == '\n':
			add(text[from:i], byte(r))
			from = i + 1
			long = isLong(text[from:])
		case r == softHyphen:
			add(text[from:i], '~')
			from = i + utf8.RuneLen(r)
		case i > from && breaksBefore(prev, r, long):
			add(text[from:i], '-')
			from = i
		}
		prev = r
	}
	add(text[from:], 0)
	return out
}

// endsDivided reports whether the text so far, which s ends, is divided there by a hyphen, dash or slash of its own.
func endsDivided(out []atom, s string) bool {
	if s == "" && len(out) > 0 && out[len(out)-1].brk == 0 {
		s = out[len(out)-1].text
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune("-–/", r)
}

// breaksBefore reports whether a line may break between two characters of a
// word. Numbers such as 2023-11-23 and 2023/980 are never broken; addresses
// are where a reader would expect it.
func breaksBefore(prev, r rune, long bool) bool {
	switch prev {
	case '-', '–', '—', '/':
		return long || unicode.IsLetter(r)
	case '?', '&', '=', '.', '_', '@', '#', '%':
		return long
	}
	return false
}

// isLong reports whether the word that s begins with is so long that it must
// be an address or the like.
func isLong(s string) bool {
	const most = 30
	return len(s) > most && !strings.ContainsAny(s[:most], " \n")
}

// isAddress reports whether s can be the address of a link: ASCII without
// spaces, as a URL must be, and short enough for browsers.
func isAddress(s string) bool {
	return len(s) <= 2000 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}
