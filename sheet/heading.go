// SPDX-License-Identifier: EUPL-1.2

package sheet

import "strings"

// GuessHeader says which of a sheet's first rows is the heading, from 0, or -1 if the rows seem to have none. It is the first row that
// has different words in most of the columns: not a title above the table, nor a row of groups above the heading, whose words are
// repeated where cells are merged.
func GuessHeader(rows [][]Cell) int {
	width := 0
	for _, row := range rows {
		width = max(width, filled(row))
	}
	for i, row := range rows {
		if filled(row) == 0 {
			continue
		}
		words := differentWords(row)
		if words*10 < width*6 || width > 1 && words < 2 || !onlyWords(row) {
			continue
		}
		if i+1 < len(rows) && words < filled(row) && onlyWords(rows[i+1]) && differentWords(rows[i+1]) > words {
			return i + 1
		}
		return i
	}
	return -1
}

func filled(row []Cell) int {
	n := 0
	for _, c := range row {
		if c.Kind != Empty {
			n++
		}
	}
	return n
}

func differentWords(row []Cell) int {
	seen := map[string]bool{}
	for _, c := range row {
		if c.Kind != Empty {
			seen[Fold(c.Text)] = true
		}
	}
	return len(seen)
}

// onlyWords says whether the row may be a heading: no days, and hardly any numbers but those that look like years.
func onlyWords(row []Cell) bool {
	numbers := 0
	for _, c := range row {
		switch c.Kind {
		case Empty:
		case DayCell, MomentCell, BoolCell, ErrorCell:
			return false
		default:
			if _, number := ParseNumber(c.Text); number && !yearlike(c.Text) {
				numbers++
			}
			if _, _, day := ParseDay(c.Text, ""); day || len(c.Text) > 300 {
				return false
			}
		}
	}
	return numbers*5 <= filled(row)
}

func yearlike(s string) bool {
	return len(s) == 4 && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20"))
}

// totals are the words that begin a row of totals.
var totals = map[string]bool{"totalt": true, "total": true, "totals": true, "summa": true, "sum": true, "summering": true, "delsumma": true,
	"subtotal": true, "totalsumma": true, "slutsumma": true, "antal": true, "count": true, "grand total": true}

// IsTotal says whether the row looks like a total below a table: its first words say so and nothing but numbers stand in the other
// cells.
func IsTotal(cells []Cell) bool {
	named := false
	for _, c := range cells {
		if c.Kind == Empty {
			continue
		}
		if !named {
			if c.Kind != TextCell || !totalWord(Fold(c.Text)) {
				return false
			}
			named = true
			continue
		}
		if _, number := ParseNumber(c.Text); !number && c.Kind != ErrorCell {
			return false
		}
	}
	return named
}

// totalWord says whether the words are those of a total: Summa, Totalt:, Totalt antal system, Summa 12.
func totalWord(s string) bool {
	s = strings.TrimRight(s, ":. ")
	first, rest, _ := strings.Cut(s, " ")
	return totals[s] || totals[strings.TrimRight(first, ":")] && (strings.HasPrefix(rest, "antal") || strings.HasPrefix(rest, "number") || isNumber(rest))
}

func isNumber(s string) bool {
	_, ok := ParseNumber(s)
	return ok
}
