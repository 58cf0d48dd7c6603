// SPDX-License-Identifier: EUPL-1.2

package mapping

import "strings"

// A Link is what a cell says of a field that points at other records; an empty cell is in Forms instead.
type Link struct {
	Part, Field string
	Target      string // the register pointed at
	Many        bool   // the field may point at several
	Texts       []string
	IDs         []string // those that the Map's values give
	Cell        string   // the whole cell
	Column      int      // in the row's cells, from 0
}

// Split divides what a cell of a field with many links says, given which texts are known to name a record. Since titles may hold commas and
// semicolons, the longest run that names a record is kept together wherever one begins; else the cell is divided at its semicolons and
// line breaks, or, where it has none, at its commas.
func (l Link) Split(known func(text string) bool) []string {
	if !l.Many {
		return []string{l.Cell}
	}
	usual := ";\n"
	if !strings.ContainsAny(l.Cell, usual) {
		usual = ","
	}
	var texts []string
	for rest := l.Cell; rest != ""; {
		end := longestKnown(rest, known)
		if end == 0 {
			if end = strings.IndexAny(rest, usual); end < 0 {
				end = len(rest)
			}
		}
		if text := strings.TrimSpace(rest[:end]); text != "" {
			texts = append(texts, text)
		}
		rest = strings.TrimLeft(rest[end:], " ,;\n\t\u00a0")
	}
	return texts
}

// longestKnown is the length of the longest beginning of the text, up to a sign that divides or the end, that is known; 0 if none is.
func longestKnown(text string, known func(string) bool) int {
	longest := 0
	for i, tries := 0, 0; i < len(text) && tries < 20; tries++ {
		next := strings.IndexAny(text[i:], ",;\n")
		if next < 0 {
			next = len(text) - i
		}
		i += next
		if known(strings.TrimSpace(text[:i])) {
			longest = i
		}
		i++
	}
	return longest
}

// splitAt divides the text at any of the signs and leaves out what is empty.
func splitAt(text, signs string) []string {
	var pieces []string
	for _, piece := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(signs, r) }) {
		if piece = strings.TrimSpace(piece); piece != "" {
			pieces = append(pieces, piece)
		}
	}
	return pieces
}
