// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"errors"
	"fmt"
	"strings"
)

const (
	noteGap    = 16.0 // between the text and the first note
	noteIndent = 15.0
)

var noteType = typeface{size: 8.5, leading: 11, colour: inkColour}

// note is a footnote. Its mark in the text and the label before it link to
// each other.
type note struct {
	label string
	elem  *elem // Note
	text  *elem // the note's P
	lines []line
	mark  *dest // where the mark stands
	place *dest // where the note stands
}

// footing is the lines of a note that stand on one page.
type footing struct {
	note  *note
	lines []line
	first bool // it begins with the note's first line
}

func (f footing) height() float64 { return float64(len(f.lines))*noteType.leading + 2 }

// mark makes a footnote that is read at the end of e, and returns its mark.
func (l *layout) mark(t Text, e *elem, f typeface) (atom, error) {
	for _, s := range t {
		if len(s.Note) > 0 {
			return atom{}, errors.New("a footnote has a footnote")
		}
	}
	n := &note{label: fmt.Sprint(len(l.notes) + 1), mark: &dest{}, place: &dest{}}
	l.notes = append(l.notes, n)
	n.elem = e.footnote("note-" + n.label)
	n.text = n.elem.child("P")
	var err error
	if n.lines, err = l.wrap(t, n.text, textWidth-noteIndent, noteType); err != nil {
		return atom{}, err
	}
	return atom{look: look{
		size: f.size * 0.65, rise: f.size * 0.36, colour: linkColour,
		elem: e.child("Reference").child("Link"), note: n,
		link: &link{dest: n.place, contents: describe(l.doc.Note, n.label)},
	}, text: n.label, width: l.fonts[regular].width(n.label, f.size*0.65)}, nil
}

// describe names a footnote's link, or gives the number alone if there is no word.
func describe(word, label string) string {
	return strings.TrimSpace(word + " " + label)
}

// extra is the height that notes would take at the foot of this page.
func (l *layout) extra(notes []*note) float64 {
	if len(notes) == 0 {
		return 0
	}
	h := 0.0
	if len(l.standing) == 0 {
		h = noteGap
	}
	for _, n := range notes {
		h += footing{lines: n.lines}.height()
	}
	return h
}

// stand puts notes at the foot of the page, as far as room allows. The lines
// that remain go to the next page.
func (l *layout) stand(notes []*note, room float64) {
	for _, n := range notes {
		room = l.standOne(footing{n, n.lines, true}, room)
	}
}

// carry puts what the last page had no room for at the foot of this one,
// leaving half the page to the text.
func (l *layout) carry() {
	waiting := l.carried
	l.carried, l.standing, l.footed = nil, nil, 0
	room := (bottom - top) / 2
	for _, f := range waiting {
		room = l.standOne(f, room)
	}
}

func (l *layout) standOne(f footing, room float64) float64 {
	gap := 0.0
	if len(l.standing) == 0 {
		gap = noteGap
	}
	fit := int((room - gap - 2 + 0.01) / noteType.leading)
	fit = max(0, min(fit, len(f.lines)))
	if len(l.carried) > 0 {
		fit = 0 // notes keep their order
	}
	if fit < len(f.lines) {
		l.carried = append(l.carried, footing{f.note, f.lines[fit:], f.first && fit == 0})
	}
	if fit == 0 {
		return room
	}
	f.lines = f.lines[:fit]
	l.standing = append(l.standing, f)
	l.footed += gap + f.height()
	return room - gap - f.height()
}

// paintNotes paints the page's notes at its foot, below a short rule.
func (l *layout) paintNotes() {
	if len(l.standing) == 0 {
		return
	}
	y := bottom - l.footed
	l.page.rule(rect{margin, y + noteGap - 7, 60 * mm, 0.5}, strongColour)
	y += noteGap
	for _, f := range l.standing {
		if f.first {
			*f.note.place = dest{l.page, y}
			l.paintLabel(f.note, y)
		}
		for _, ln := range f.lines {
			l.paintLine(l.page, ln, margin+noteIndent, y, noteType, false)
			y += noteType.leading
		}
		y += 2
	}
	l.standing = nil
}

// paintLabel sets the note's number, which leads back to the text.
func (l *layout) paintLabel(n *note, y float64) {
	s := seg{look: look{
		size: noteType.size, colour: linkColour, elem: n.elem.child("Lbl").child("Link"), note: n,
		link: &link{dest: n.mark, contents: describe(l.doc.Back, n.label)},
	}, text: n.label}
	s.width = l.fonts[regular].width(s.text, s.size)
	l.paintLine(l.page, line{segs: []seg{s}, width: s.width}, margin, y, noteType, false)
}
