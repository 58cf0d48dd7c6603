// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/csv"
	"io/fs"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/app"
	"ledsyn/demo"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// demoVerdict is what somebody says of a row.
type demoVerdict struct {
	Answer isms.RowAnswer
	Note   string
}

// demoEmployee is what the staff list says of a person.
type demoEmployee struct{ unit, to string }

// demoRow is a row as its reviewer meets it: its cells by what they hold, or else by their heading, and its marks.
type demoRow struct {
	number int64
	cells  map[string]string
	marks  []string
}

// judge lets the reviewers of a check or a review answer, one after another: the journal has one order.
func (s *demoStage) judge(ctx context.Context, d demoAct) error {
	portions, err := s.portions(ctx, d)
	if err != nil {
		return err
	}
	for _, p := range portions {
		if string(p.Reviewer) == d.But || p.DoneAt != "" {
			continue
		}
		who, err := s.a.Actor(ctx, demoCity, string(p.Reviewer))
		if err != nil {
			return err
		}
		if err := s.answer(ctx, who, p, d); err != nil {
			return err
		}
	}
	return nil
}

// portions lists those that have a reviewer and have not been taken back.
func (s *demoStage) portions(ctx context.Context, d demoAct) ([]*isms.Portion, error) {
	e, kind, err := s.entry(ctx, d.Of, "")
	if err != nil {
		return nil, err
	}
	where := map[string][]string{kind: {e.ID}}
	if d.Reviewer != "" {
		where["reviewer"] = []string{d.Reviewer}
	}
	table, err := s.a.List(ctx, operator(demoCity), "portion", store.Query{Where: where, Limit: 500})
	if err != nil {
		return nil, err
	}
	var list []*isms.Portion
	for _, rec := range table.Records {
		if p := rec.(*isms.Portion); p.Reviewer != "" && p.WithdrawnOn == "" {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(x, y *isms.Portion) int { return strings.Compare(string(x.Reviewer), string(y.Reviewer)) })
	return list, nil
}

// answer lets one reviewer go through the portion, page by page. Where one answer is given to all at once, marked rows are answered by themselves,
// as the program demands.
func (s *demoStage) answer(ctx context.Context, who access.Actor, p *isms.Portion, d demoAct) error {
	left := 0
	for page := 1; ; page++ {
		shown, err := s.a.Portion(ctx, who, p.ID, app.RowsShown{Page: page})
		if err != nil {
			return err
		}
		var marked, plain []app.JudgedRow
		for i, row := range shown.Rows {
			if d.Share > 0 && i*100 >= d.Share*len(shown.Rows) {
				left++
				continue
			}
			said := s.says(d.Verdicts, rowOf(shown, row))
			if len(row.Marks) > 0 || !d.Bulk {
				marked = append(marked, said)
			} else {
				plain = append(plain, said)
			}
		}
		seen := shown.Seen
		for _, part := range []struct {
			rows []app.JudgedRow
			bulk bool
		}{{marked, false}, {plain, true}} {
			if len(part.rows) == 0 {
				continue
			}
			s.wait(d.Seconds * len(part.rows))
			j := app.Judging{Portion: p.ID, Answers: part.rows, Seen: seen}
			if d.Seconds > 0 {
				j.Shown = shown.Shown
			}
			if part.bulk {
				j.Bulk, j.Confirmed = true, len(part.rows)
			}
			done, err := s.a.Judge(ctx, who, j)
			if err != nil {
				return err
			}
			seen = done.Seen
		}
		if page >= shown.Pages {
			break
		}
	}
	if !d.HandIn {
		return nil
	}
	return s.a.HandIn(ctx, who, app.HandIn{Portion: p.ID, Unanswered: left})
}

func rowOf(page app.PortionPage, row app.PortionRow) demoRow {
	r := demoRow{number: row.Number, cells: map[string]string{}}
	for _, mark := range row.Marks {
		kind, _, _ := strings.Cut(mark, ":") // and then why
		r.marks = append(r.marks, kind)
	}
	for i, c := range page.Columns {
		name := c.Meaning
		if name == "" {
			name = c.Head
		}
		r.cells[name] = row.Cells[i]
	}
	return r
}

// says finds the verdict on a row: of the first fact that is known of it and that there are words for.
func (s *demoStage) says(verdicts string, row demoRow) app.JudgedRow {
	for _, fact := range append(s.facts(verdicts, row), "sound") {
		for _, key := range []string{fact + " " + row.cells["role"], fact} {
			if v, ok := s.verdicts[verdicts][key]; ok {
				employee := s.staff[row.cells["person"]]
				what := employee.to
				if fact == isms.MarkMoved {
					what = employee.unit
				}
				return app.JudgedRow{Row: row.number, Answer: v.Answer, Note: strings.ReplaceAll(v.Note, "{1}", what)}
			}
		}
	}
	return app.JudgedRow{Row: row.number, Answer: isms.Unsure}
}

// facts are what is known of a row, the gravest first: its marks, and where it has none what the staff list or the row itself tells.
func (s *demoStage) facts(verdicts string, row demoRow) []string {
	if len(row.marks) > 0 {
		order := []string{isms.MarkLeaver, isms.MarkUnemployed, isms.MarkConflict, isms.MarkMoved, isms.MarkDormant, isms.MarkShared, isms.MarkPrivileged}
		return slices.DeleteFunc(order, func(m string) bool { return !slices.Contains(row.marks, m) })
	}
	switch verdicts {
	case "posts":
		switch holder := row.cells["name"]; holder {
		case "":
			return []string{"vacant"}
		default:
			if s.gone[holder] {
				return []string{"left"}
			}
		}
	case "rights":
		return s.standing(row.cells["person"], row.cells["unit"])
	case "booking":
		if row.cells["person"] == "" {
			return []string{isms.MarkShared}
		}
		if row.cells["last_used"] < "2026-07-01" {
			return []string{"stale"}
		}
	}
	return nil
}

// standing is what the staff list tells of a person who has a right in the unit.
func (s *demoStage) standing(number, unit string) []string {
	employee, known := s.staff[number]
	switch {
	case number == "":
		return []string{isms.MarkShared}
	case !known:
		return []string{isms.MarkUnemployed}
	case employee.to != "":
		return []string{isms.MarkLeaver}
	case employee.unit != unit:
		return []string{isms.MarkMoved}
	}
	return nil
}

// choose puts rows beside the sample, of which the staff list tells the fact.
func (s *demoStage) choose(ctx context.Context, who access.Actor, e app.Entry, d demoAct) error {
	rec, err := s.a.Get(ctx, who, "spot_check", e.ID)
	if err != nil {
		return err
	}
	set := string(rec.Entity.(*isms.SpotCheck).Source)
	var rows []int64
	err = s.a.DB.View(ctx, demoCity, func(tx *store.Tx) error {
		return tx.SetEach(set, func(number int64, cells []string) error {
			if len(rows) < d.Most && slices.Contains(s.standing(cells[1], cells[4]), d.Fact) {
				rows = append(rows, number)
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	return s.a.ChooseRows(ctx, who, e, rows, d.Reason, "")
}

// move hands a portion over, or opens a link to it.
func (s *demoStage) move(ctx context.Context, who access.Actor, d demoAct) error {
	portions, err := s.portions(ctx, d)
	if err != nil {
		return err
	}
	for _, p := range portions {
		if d.Act == "link" {
			to, err := s.id(d.ValidTo)
			if err != nil {
				return err
			}
			if _, _, err := s.a.OpenPortionLink(ctx, who, app.OpenLink{Portion: p.ID, ValidTo: register.Day(to)}); err != nil {
				return err
			}
			continue
		}
		reviewer, err := s.a.Actor(ctx, demoCity, string(p.Reviewer))
		if err != nil {
			return err
		}
		if err := s.a.Delegate(ctx, reviewer, app.Delegation{Portion: p.ID, To: d.To, Note: d.Reason, Rev: p.Rev}); err != nil {
			return err
		}
	}
	return nil
}

// readStaff reads the staff list that the city's managers have beside them when they judge.
func (s *demoStage) readStaff(file string) error {
	text, err := fs.ReadFile(demo.Lists(), file)
	if err != nil {
		return err
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		return err
	}
	s.staff = map[string]demoEmployee{}
	for _, row := range rows[1:] {
		s.staff[row[0]] = demoEmployee{unit: row[4], to: row[8]}
	}
	return nil
}
