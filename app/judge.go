// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// A judged is a portion with what it was dealt out for.
type judged struct {
	isms.Portion
	Kind, About string // spot_check or access_review, and its id
	For         string // its name
	Advice      string // to those who judge: what is a deviation
	Leader      string // id of the person who leads it
	Staff       string // the HR list that tells who is who, "" for none
	Runs        bool   // answers are taken, as far as the check or the review goes
}

// Open reports whether answers are taken.
func (j judged) Open() bool {
	return j.Runs && j.DoneAt == "" && j.WithdrawnOn == "" && j.Retired == ""
}

// judgedOf finds what the portion was dealt out for.
func judgedOf(tx *store.Tx, p isms.Portion) (judged, error) {
	j := judged{Portion: p}
	if p.AccessReview != "" {
		r, err := store.Get[isms.AccessReview](tx, everywhere, string(p.AccessReview))
		j.Kind, j.About, j.For, j.Advice, j.Leader, j.Staff = "access_review", r.ID, r.Name, r.Advice, string(r.Leader), string(r.Staff)
		j.Runs = r.State == isms.AccessReviewOngoing && r.Retired == ""
		return j, err
	}
	c, err := store.Get[isms.SpotCheck](tx, everywhere, string(p.SpotCheck))
	j.Kind, j.About, j.For, j.Advice, j.Leader = "spot_check", c.ID, c.Name, c.Question, string(c.Checker)
	j.Runs = c.State == isms.SpotCheckOngoing && c.Retired == ""
	if d, err := drawOf(tx, p); err != nil || d.AbandonedAt != "" {
		j.Runs = false
		return j, err
	}
	return j, err
}

func drawOf(tx *store.Tx, p isms.Portion) (isms.Draw, error) {
	if p.Draw == "" {
		return isms.Draw{}, nil
	}
	return store.Get[isms.Draw](tx, everywhere, string(p.Draw))
}

// Answers lists the answers that may be given: what an access review asks is not whether something departs from what should be.
func (j judged) Answers() []isms.RowAnswer {
	if j.Kind == "access_review" {
		return []isms.RowAnswer{isms.Keep, isms.Alter, isms.Remove, isms.Unsure}
	}
	return []isms.RowAnswer{isms.Keep, isms.Deviating, isms.Alter, isms.Remove, isms.Unsure}
}

// leads reports whether the actor leads what the portion was dealt out for: may change it where it is.
func (j judged) leads(who access.Actor) bool { return who.May(access.Change, j.Kind, j.Unit) }

// mine reports whether the portion is the actor's to judge.
func (j judged) mine(who access.Actor) bool {
	return who.Person != "" && string(j.Reviewer) == who.Person
}

// was reports whether the portion was the actor's before it was handed over.
func (j judged) was(who access.Actor) bool {
	return who.Person != "" && slices.Contains(j.Former, register.Ref[isms.Person](who.Person))
}

// portionFor returns the portion for somebody who may see it: who judges it or did, and who leads what it was dealt out for. For
// everybody else there is no such portion, whatever roles they hold.
func portionFor(tx *store.Tx, who access.Actor, id string) (judged, error) {
	p, err := store.Get[isms.Portion](tx, everywhere, id)
	if err != nil {
		return judged{}, err
	}
	j, err := judgedOf(tx, p)
	if err != nil {
		return judged{}, err
	}
	if !j.mine(who) && !j.was(who) && !j.leads(who) || p.Masked != nil {
		return judged{}, isms.ErrNotFound
	}
	return j, nil
}

// JudgedRow is what somebody says of a row. An answer may be "" where only the note of an earlier one is to be another.
type JudgedRow struct {
	Row    int64
	Answer isms.RowAnswer
	Note   string
}

// Judging is one saving of answers.
type Judging struct {
	Portion   string
	Answers   []JudgedRow // what is as it was when the page was shown is not kept again
	Seen      int         // the number of the newest saving that the page showed
	Bulk      bool        // one answer was given to all
	Confirmed int         // with Bulk: how many rows the person was told of, and said yes to
	Shown     string      // the page's own word on when it was shown
	Key       string
}

// Judged is how far a portion has come after a saving.
type Judged struct {
	Seen            int
	Answered, Count int
}

// Limits on what is saved at once and on what is written of a row.
const (
	maxBulk      = 100
	maxRowNote   = 2000
	maxSheetText = 60_000
)

// Judge keeps answers to rows of a portion that is the actor's own. Errors: isms.ErrNotFound also for rows that are not in the portion,
// isms.ErrForbidden for who may only see it, isms.ErrStale where a row has been answered anew since the page was shown, and register.Wrongs: portion_closed,
// own_rights, note_needed, bulk_many, bulk_marked, bulk_confirm.
func (a *App) Judge(ctx context.Context, who access.Actor, j Judging) (Judged, error) {
	return a.judge(ctx, who, j, func(tx *store.Tx) (judged, string, error) {
		p, err := portionFor(tx, who, j.Portion)
		if err == nil && !p.mine(who) {
			err = isms.ErrForbidden
		}
		return p, "", err
	})
}

// judge keeps answers. find returns the portion for who may judge it, and the link by which that is, "" for none.
func (a *App) judge(ctx context.Context, who access.Actor, j Judging, find func(*store.Tx) (judged, string, error)) (Judged, error) {
	if len(j.Answers) == 0 || len(j.Answers) > maxPortion {
		return Judged{}, register.Wrongs{{Code: "many", Args: []any{maxPortion}}}
	}
	shown := j.Shown
	j.Shown = "" // when a page was shown makes no other act of the same answers
	_, err := a.once(ctx, who, j.Key, j, func(tx *store.Tx) (string, error) {
		p, link, err := find(tx)
		if err != nil {
			return "", err
		}
		return p.ID, a.keepAnswers(tx, who.Org, p, j, shown, link)
	})
	if err != nil {
		return Judged{}, err
	}
	var done Judged
	err = a.DB.View(ctx, who.Org, func(tx *store.Tx) error {
		p, _, err := find(tx)
		if err != nil {
			return err
		}
		sheets, err := sheetsOf(tx, p.ID)
		if err == nil {
			done.Count, _ = p.Count.Known()
			done.Seen, done.Answered, err = farIn(sheets)
		}
		return err
	})
	return done, err
}

// sheetsOf lists the portion's savings in their order.
func sheetsOf(tx *store.Tx, portion string) ([]isms.AnswerSheet, error) {
	sheets, err := store.Linking[isms.AnswerSheet](tx, everywhere, "portion", []string{portion})
	slices.SortFunc(sheets, func(x, y isms.AnswerSheet) int { return x.Number - y.Number })
	return sheets, err
}

func farIn(sheets []isms.AnswerSheet) (seen, answered int, err error) {
	if len(sheets) == 0 {
		return 0, 0, nil
	}
	last := sheets[len(sheets)-1]
	answered, _ = last.Answered.Known()
	return last.Number, answered, nil
}

func (a *App) keepAnswers(tx *store.Tx, org string, p judged, j Judging, shown, link string) error {
	if !p.Open() {
		return register.Wrongs{{Code: "portion_closed"}}
	}
	sheets, err := sheetsOf(tx, p.ID)
	if err != nil {
		return err
	}
	lines, newest, err := changed(p, sheets, j)
	if err != nil || len(lines) == 0 {
		return err
	}
	if err := a.others(tx, org, p, lines); err != nil {
		return err
	}
	for _, l := range lines {
		newest[l.Row] = rowAnswer{Row: l.Row}
	}
	s := isms.AnswerSheet{Portion: register.Ref[isms.Portion](p.ID), Person: p.Reviewer, ByLink: link != "", At: tx.Now(), Bulk: j.Bulk,
		Answered: register.CountOf(len(newest)), Seconds: a.secondsUntil(tx.Now(), org, p, shown, sheets)}
	number := 0
	if len(sheets) > 0 {
		number = sheets[len(sheets)-1].Number
	}
	for _, some := range sheetfuls(lines) {
		number++
		text, err := json.Marshal(some)
		if err != nil {
			return err
		}
		one := s
		one.ID, one.Unit, one.Number, one.Answers, one.Count = register.NewID(), p.Unit, number, string(text), register.CountOf(len(some))
		if wrong := register.Check(&one); len(wrong) > 0 {
			return register.Wrongs(wrong)
		}
		if err := tx.Put(&one); err != nil {
			return err
		}
		s.Seconds = register.CountOf(0) // of the same saving
	}
	return nil
}

// sheetfuls parts lines so that each part fits in a sheet.
func sheetfuls(lines []sheetLine) (parts [][]sheetLine) {
	size := maxSheetText
	for _, l := range lines {
		text, _ := json.Marshal(l) // signs such as < are written with six
		weight := len(text) + 1
		if size+weight > maxSheetText {
			parts = append(parts, nil)
			size = 0
		}
		size += weight
		parts[len(parts)-1] = append(parts[len(parts)-1], l)
	}
	return parts
}

// changed lists the answers that are others than those that the page showed, and the newest to each row before them.
func changed(p judged, sheets []isms.AnswerSheet, j Judging) (lines []sheetLine, newest map[int64]rowAnswer, err error) {
	rows, err := rowsIn(p.Rows)
	if err != nil {
		return nil, nil, err
	}
	marks, err := marksIn(p.Portion)
	if err != nil {
		return nil, nil, err
	}
	if newest, err = newestIn(sheets); err != nil {
		return nil, nil, err
	}
	then, err := newestIn(slices.DeleteFunc(slices.Clone(sheets), func(s isms.AnswerSheet) bool { return s.Number > j.Seen }))
	if err != nil {
		return nil, nil, err
	}
	met, marked := map[int64]bool{}, 0
	var wrong register.Wrongs
	for _, one := range j.Answers {
		if _, there := slices.BinarySearch(rows, one.Row); !there || met[one.Row] {
			return nil, nil, isms.ErrNotFound
		}
		met[one.Row] = true
		if len(marks[one.Row]) > 0 {
			marked++
		}
		was := then[one.Row]
		note := strings.TrimSpace(strings.ReplaceAll(one.Note, "\r\n", "\n"))
		answer := cmp.Or(one.Answer, was.Answer)
		if answer == was.Answer && note == was.Note && !j.Bulk {
			continue
		}
		if newest[one.Row].sheet > j.Seen {
			return nil, nil, isms.ErrStale
		}
		wrong = append(wrong, wrongAnswer(p, one.Row, answer, note)...)
		lines = append(lines, sheetLine{one.Row, answer, note})
	}
	if j.Bulk && len(wrong) == 0 {
		wrong = wrongBulk(j, marked)
	}
	if len(wrong) > 0 {
		return nil, nil, wrong
	}
	return lines, newest, nil
}

// wrongAnswer reports what is wrong with an answer to a row.
func wrongAnswer(p judged, row int64, answer isms.RowAnswer, note string) (wrong register.Wrongs) {
	at := rowField(row)
	switch {
	case answer == "": // a note without an answer
		wrong = append(wrong, register.Wrong{Field: at, Code: "required"})
	case !slices.Contains(p.Answers(), answer):
		wrong = append(wrong, register.Wrong{Field: at, Code: "choice", Args: []any{string(answer)}})
	case note == "" && (answer == isms.Alter || answer == isms.Deviating):
		wrong = append(wrong, register.Wrong{Field: at, Code: "note_needed"})
	}
	if n := len([]rune(note)); n > maxRowNote {
		return append(wrong, register.Wrong{Field: at, Code: "long", Args: []any{maxRowNote, n}})
	}
	for _, w := range register.Check(&isms.AnswerSheet{Answers: note}) { // the same signs are refused as in every other text
		if w.Field == "answers" && w.Code != "required" {
			wrong = append(wrong, register.Wrong{Field: at, Code: w.Code, Args: w.Args})
		}
	}
	return wrong
}

// wrongBulk keeps one answer to many rows from being a rubber stamp: the person has been told how many they are, they are no more than one
// page shows, and a row that rules have marked is not kept by it.
func wrongBulk(j Judging, marked int) register.Wrongs {
	answer := j.Answers[0].Answer
	for _, one := range j.Answers {
		if one.Answer != answer {
			return register.Wrongs{{Code: "bulk_one"}}
		}
	}
	switch {
	case len(j.Answers) > maxBulk:
		return register.Wrongs{{Code: "bulk_many", Args: []any{maxBulk}}}
	case marked > 0 && answer == isms.Keep:
		return register.Wrongs{{Code: "bulk_marked", Args: []any{marked}}}
	case j.Confirmed != len(j.Answers):
		return register.Wrongs{{Code: "bulk_confirm", Args: []any{len(j.Answers), marked}}}
	}
	return nil
}

// others refuses answers of somebody to rows about themselves, whenever that has come to be known.
func (a *App) others(tx *store.Tx, org string, p judged, lines []sheetLine) error {
	if p.Reviewer == "" {
		return isms.ErrForbidden
	}
	numbers := make([]int64, len(lines))
	for i, l := range lines {
		numbers[i] = l.Row
	}
	own, err := a.ownRows(tx, org, p, string(p.Reviewer), numbers)
	if err != nil {
		return err
	}
	var wrong register.Wrongs
	for _, n := range own {
		wrong = append(wrong, register.Wrong{Field: rowField(n), Code: "own_rights"})
	}
	if wrong != nil {
		return wrong
	}
	return nil
}

// ownRows lists those of the rows that are about the person.
func (a *App) ownRows(tx *store.Tx, org string, p judged, person string, numbers []int64) (own []int64, err error) {
	set, err := store.Get[isms.Population](tx, everywhere, string(p.Population))
	if err != nil {
		return nil, err
	}
	numbers = slices.Clone(numbers)
	slices.Sort(numbers)
	rows, err := tx.SetRows(set.ID, numbers)
	if errors.Is(err, isms.ErrNotFound) {
		return nil, register.Wrongs{{Code: "portion_gone"}}
	}
	if err != nil {
		return nil, err
	}
	mine, err := a.selfOf(tx, org, person, p.Staff)
	if err != nil {
		return nil, err
	}
	names := namesIn(&set)
	for _, row := range rows {
		if mine.isIn(names.of(row.Cells)) {
			own = append(own, row.Number)
		}
	}
	return own, nil
}

// rowField names a row where something is wrong with what is said of it.
func rowField(row int64) string { return "row." + itoa(row) }
