// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// A Pace is how a portion has been judged, for whoever leads to see whether the rows were looked at. It says nothing by itself: whoever knows their
// ten people is soon done.
type Pace struct {
	Items   int            // answers, with those that were given anew
	Kept    int            // of them
	Seconds register.Count // per answer, the median; unknown where no time is known
	Timed   int            // answers whose time is known
	Run     int            // the most answers in a row that were keep, in the order in which they were given
	Bulk    int            // answers that were given to many at once
}

// portionPace is how the portion has been judged.
func portionPace(tx *store.Tx, portion string) (Pace, error) {
	sheets, err := sheetsOf(tx, portion)
	if err != nil {
		return Pace{}, err
	}
	return paceOf(sheets)
}

// paceOf reckons with savings in their order. A saving's time is shared alike by its answers.
func paceOf(sheets []isms.AnswerSheet) (Pace, error) {
	var p Pace
	type saving struct{ tenths, items int } // per answer
	var savings []saving
	run := 0
	for _, s := range sheets {
		var lines []sheetLine
		if err := readKept(s.Answers, &lines); err != nil {
			return p, err
		}
		p.Items += len(lines)
		if s.Bulk {
			p.Bulk += len(lines)
		}
		for _, l := range lines {
			if run++; l.Answer != isms.Keep {
				run = 0
				continue
			}
			p.Kept++
			p.Run = max(p.Run, run)
		}
		if seconds, known := s.Seconds.Known(); known && len(lines) > 0 {
			savings = append(savings, saving{10 * seconds / len(lines), len(lines)})
			p.Timed += len(lines)
		}
	}
	slices.SortFunc(savings, func(x, y saving) int { return x.tenths - y.tenths })
	before := 0
	for _, s := range savings {
		if before += s.items; 2*before >= p.Timed {
			p.Seconds = register.CountOf((s.tenths + 5) / 10)
			break
		}
	}
	return p, nil
}
