// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// A portionOf is what rows are dealt out for: a spot check with its draw, or an access review.
type portionOf struct {
	SpotCheck, Draw, AccessReview string
	Unit                          string
	DueOn                         register.Day
}

// A dealt is the rows of one list that one person is to judge. Reviewer is "" where nobody is known who can.
type dealt struct {
	Name, Reviewer string
	Population     string
	Rows           []int64            // in order
	Chosen         []int64            // those of them that were chosen by risk
	Marks          map[int64][]string // what rules say of rows: see RowMarks

	byUnit string // whose manager or head the reviewer is, where that is why
	looked bool   // by a dealer, who gives nobody their own rights
}

// RowMarks are what rules can say of a row before anybody has looked at it (the words judge.mark.MARK and judge.mark.MARK.why).
func RowMarks() []string {
	return []string{"leaver", "unemployed", "moved", "dormant", "privileged", "conflict", "shared"}
}

// A portion holds at most so many rows, and its marks so many bytes; what is more becomes portions of their own.
const (
	maxPortion = 2000
	maxMarks   = 80_000
)

// deal makes portions of the parts and returns their ids. Rows about the part's own reviewer go to the reserve, and to nobody where the
// reserve may not judge them either. The reviewers are told by the reminders of portions. The spot check or the access review must be kept before,
// or in the same act.
func (a *App) deal(ctx context.Context, tx *store.Tx, who access.Actor, of portionOf, parts []dealt, reserve string) (ids []string, err error) {
	staff, err := staffBehind(tx, of.AccessReview)
	if err != nil {
		return nil, err
	}
	var all []dealt
	for _, part := range parts {
		if part.looked || part.Reviewer == "" {
			all = append(all, part)
			continue
		}
		apart, err := a.partOwn(tx, who.Org, part, reserve, staff)
		if err != nil {
			return nil, err
		}
		all = append(all, apart...)
	}
	for _, part := range all {
		made, err := a.makePortions(tx, of, part)
		if err != nil {
			return nil, err
		}
		ids = append(ids, made...)
	}
	a.Log.InfoContext(ctx, "dealt out", "org", who.Org, "who", signature(who), "portions", len(ids))
	return ids, nil
}

// makePortions keeps the part as one portion, or as several where it is large.
func (a *App) makePortions(tx *store.Tx, of portionOf, part dealt) (ids []string, err error) {
	pieces := part.split()
	for i, piece := range pieces {
		p, err := piece.portion(of, a.Today())
		if err != nil {
			return nil, err
		}
		if len(pieces) > 1 {
			p.Name = fmt.Sprintf("%s (%d/%d)", p.Name, i+1, len(pieces))
		}
		if wrong := register.Check(p); len(wrong) > 0 {
			return nil, register.Wrongs(wrong)
		}
		if err := tx.Put(p); err != nil {
			return nil, err
		}
		if err := a.remind(tx, p); err != nil {
			return nil, err
		}
		ids = append(ids, p.ID)
	}
	return ids, nil
}

// partOwn takes the rows about the part's reviewer out of it, for the reserve or for nobody.
func (a *App) partOwn(tx *store.Tx, org string, part dealt, reserve, staff string) ([]dealt, error) {
	p, err := store.Get[isms.Population](tx, everywhere, part.Population)
	if err != nil {
		return nil, err
	}
	rows, err := tx.SetRows(part.Population, part.Rows)
	if err != nil {
		return nil, err
	}
	mine, err := a.selfOf(tx, org, part.Reviewer, staff)
	if err != nil {
		return nil, err
	}
	names := namesIn(&p)
	own := map[int64]bool{}
	var left, nobodys []store.SetRow
	for _, row := range rows {
		if mine.isIn(names.of(row.Cells)) {
			own[row.Number] = true
			left = append(left, row)
		}
	}
	if len(own) == 0 {
		return []dealt{part}, nil
	}
	var spare self
	if reserve != "" {
		if spare, err = a.selfOf(tx, org, reserve, staff); err != nil {
			return nil, err
		}
	}
	var spares []store.SetRow
	for _, row := range left {
		if reserve == "" || spare.isIn(names.of(row.Cells)) {
			nobodys = append(nobodys, row)
		} else {
			spares = append(spares, row)
		}
	}
	parts := []dealt{part.only(part.Reviewer, func(n int64) bool { return !own[n] })}
	for reviewer, rows := range map[string][]store.SetRow{reserve: spares, "": nobodys} {
		of := map[int64]bool{}
		for _, row := range rows {
			of[row.Number] = true
		}
		if len(of) > 0 {
			parts = append(parts, part.only(reviewer, func(n int64) bool { return of[n] }))
		}
	}
	slices.SortStableFunc(parts[1:], func(x, y dealt) int { return strings.Compare(y.Reviewer, x.Reviewer) })
	return slices.DeleteFunc(parts, func(d dealt) bool { return len(d.Rows) == 0 }), nil
}

// only is the part with some of its rows, for the reviewer.
func (d dealt) only(reviewer string, has func(int64) bool) dealt {
	pick := func(rows []int64) (some []int64) {
		for _, n := range rows {
			if has(n) {
				some = append(some, n)
			}
		}
		return some
	}
	one := dealt{Name: d.Name, Reviewer: reviewer, Population: d.Population, Rows: pick(d.Rows), Chosen: pick(d.Chosen), Marks: map[int64][]string{}, looked: true}
	if reviewer == d.Reviewer {
		one.byUnit = d.byUnit
	}
	for n, marks := range d.Marks {
		if has(n) {
			one.Marks[n] = marks
		}
	}
	return one
}

// split cuts the part into pieces that portions can hold.
func (d dealt) split() []dealt {
	chosen := map[int64]bool{}
	for _, n := range d.Chosen {
		chosen[n] = true
	}
	var pieces []dealt
	size := 0
	for _, n := range d.Rows {
		weight := 0
		if marks := d.Marks[n]; len(marks) > 0 {
			text, _ := json.Marshal(marks) // signs such as & are written with six
			weight = len(`"123456789":,`) + len(text)
		}
		if len(pieces) == 0 || len(pieces[len(pieces)-1].Rows) == maxPortion || size+weight > maxMarks {
			pieces = append(pieces, dealt{Name: d.Name, Reviewer: d.Reviewer, Population: d.Population, Marks: map[int64][]string{}, byUnit: d.byUnit})
			size = 0
		}
		one := &pieces[len(pieces)-1]
		size += weight
		one.Rows = append(one.Rows, n)
		if chosen[n] {
			one.Chosen = append(one.Chosen, n)
		}
		if marks := d.Marks[n]; len(marks) > 0 {
			one.Marks[n] = marks
		}
	}
	return pieces
}

func (d dealt) portion(of portionOf, today register.Day) (*isms.Portion, error) {
	p := &isms.Portion{Name: cut(d.Name, 150), SpotCheck: register.Ref[isms.SpotCheck](of.SpotCheck), Draw: register.Ref[isms.Draw](of.Draw),
		AccessReview: register.Ref[isms.AccessReview](of.AccessReview), Population: register.Ref[isms.Population](d.Population),
		Reviewer: register.Ref[isms.Person](d.Reviewer), DueOn: of.DueOn, SentOn: today, ByUnit: register.Ref[isms.Unit](d.byUnit)}
	p.ID, p.Unit = register.NewID(), of.Unit
	return p, d.fill(p)
}

// fill writes the part's rows in the portion.
func (d dealt) fill(p *isms.Portion) error {
	p.Rows, p.Count, p.Chosen, p.Marks = rowsText(d.Rows), register.CountOf(len(d.Rows)), rowsText(d.Chosen), ""
	if len(d.Marks) == 0 {
		return nil
	}
	text, err := json.Marshal(d.Marks)
	p.Marks = string(text)
	return err
}

// rowsText writes numbers, in order, as a portion keeps them: 1-4,9.
func rowsText(rows []int64) string {
	var b strings.Builder
	for i := 0; i < len(rows); i++ {
		first := rows[i]
		for i+1 < len(rows) && rows[i+1] == rows[i]+1 {
			i++
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(first, 10))
		if rows[i] > first {
			b.WriteByte('-')
			b.WriteString(strconv.FormatInt(rows[i], 10))
		}
	}
	return b.String()
}

// rowsIn reads what rowsText wrote. The program alone writes it, so what cannot be read is an error of its own.
func rowsIn(text string) ([]int64, error) {
	var rows []int64
	for part := range strings.SplitSeq(text, ",") {
		if part == "" {
			continue
		}
		from, to, ranged := strings.Cut(part, "-")
		first, err := strconv.ParseInt(from, 10, 64)
		last := first
		if err == nil && ranged {
			last, err = strconv.ParseInt(to, 10, 64)
		}
		if err != nil || last < first || len(rows)+int(last-first) > maxPortion {
			return nil, fmt.Errorf("app: no rows: %q", part)
		}
		for n := first; n <= last; n++ {
			rows = append(rows, n)
		}
	}
	return rows, nil
}

// marksIn reads what rules say of a portion's rows.
func marksIn(p isms.Portion) (marks map[int64][]string, err error) {
	return marks, readKept(p.Marks, &marks)
}

// A rowAnswer is what somebody said of a row.
type rowAnswer struct {
	Row    int64
	Answer isms.RowAnswer
	Note   string
	Person string
	At     register.Moment
	ByLink bool
	Bulk   bool

	sheet int // its number in the portion
}

// sheetLine is an answer as an answer sheet holds it.
type sheetLine struct {
	Row    int64          `json:"row"`
	Answer isms.RowAnswer `json:"answer"`
	Note   string         `json:"note,omitempty"`
}

// answersOf returns the newest answer to each row of the portions, which are of one population.
func answersOf(tx *store.Tx, portions ...string) (map[int64]rowAnswer, error) {
	newest := map[int64]rowAnswer{}
	for some := range slices.Chunk(portions, maxPage) {
		sheets, err := store.Linking[isms.AnswerSheet](tx, everywhere, "portion", some)
		if err != nil {
			return nil, err
		}
		answers, err := newestIn(sheets)
		if err != nil {
			return nil, err
		}
		maps.Copy(newest, answers)
	}
	return newest, nil
}

// newestIn returns the newest answer to each row. A row is in one portion, so that sheets of several are held apart by it.
func newestIn(sheets []isms.AnswerSheet) (map[int64]rowAnswer, error) {
	slices.SortStableFunc(sheets, func(x, y isms.AnswerSheet) int { return x.Number - y.Number })
	newest := map[int64]rowAnswer{}
	for _, s := range sheets {
		var lines []sheetLine
		if err := readKept(s.Answers, &lines); err != nil {
			return nil, fmt.Errorf("app: answer sheet %s: %w", s.ID, err)
		}
		for _, l := range lines {
			newest[l.Row] = rowAnswer{l.Row, l.Answer, l.Note, string(s.Person), s.At, s.ByLink, s.Bulk, s.Number}
		}
	}
	return newest, nil
}
