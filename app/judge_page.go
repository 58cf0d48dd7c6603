// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// RowsShown picks rows of a portion.
type RowsShown struct {
	Show string // all, unanswered, marked; "" is all
	Page int    // from 1
}

// pageRows is how many rows a page shows.
const pageRows = 100

// A PortionRow is a row as who judges it sees it.
type PortionRow struct {
	Number int64
	Cells  []string
	Marks  []string // see RowMarks
	Chosen bool     // by risk
	Answer isms.RowAnswer
	Note   string
	By     string // id of who answered
	At     register.Moment
}

// A PortionColumn is a column of the rows: what it holds, "" where that is not known, and its heading in the list.
type PortionColumn struct{ Meaning, Head string }

// A PortionPage is a portion with some of its rows.
type PortionPage struct {
	Portion                 isms.Portion
	Kind, About             string // spot_check or access_review, and its id
	For, Advice             string
	Day                     register.Day // that the list tells of
	Open, Runs              bool         // answers are taken; they would be, but for the portion
	Mine, Leads             bool
	Gone                    bool // the rows have been disposed of
	Astray                  bool // for the leader: nobody can judge it any more
	Answers                 []isms.RowAnswer
	Columns                 []PortionColumn
	Rows                    []PortionRow
	Show                    string
	Page, Pages             int
	Count, Answered, Marked int // of the whole portion
	Seen                    int
	Shown                   string
	Pace                    Pace      // for the leader
	Links                   []LinkUse // for the leader
	ValidTo                 register.Day
	Titles                  Titles // of persons, and of the unit
}

// Portion returns some rows of a portion for who judges it, who did before it was handed over, and who leads what it was dealt out for. For all others
// it is not there: isms.ErrNotFound.
func (a *App) Portion(ctx context.Context, who access.Actor, id string, q RowsShown) (PortionPage, error) {
	var page PortionPage
	err := a.view(ctx, who, func(tx *store.Tx) error {
		p, err := portionFor(tx, who, id)
		if err != nil {
			return err
		}
		if page, err = a.portionPage(tx, who.Org, p, q); err != nil {
			return err
		}
		page.Mine, page.Leads = p.mine(who), p.leads(who)
		if page.Leads {
			sheets, err := sheetsOf(tx, p.ID)
			if err != nil {
				return err
			}
			if page.Pace, err = paceOf(sheets); err != nil {
				return err
			}
			if page.Links, err = linksOf(tx, p, sheets, a.Today()); err != nil {
				return err
			}
			lost, err := a.astray(tx, []isms.Portion{p.Portion})
			if err != nil {
				return err
			}
			page.Astray = page.Open && len(lost) > 0
		}
		w := links(&p.Portion)
		for _, use := range page.Links {
			w.add("person", string(use.Person))
		}
		for _, row := range page.Rows {
			w.add("person", row.By)
		}
		page.Titles, err = titles(tx, who, w)
		return err
	})
	return page, err
}

// portionPage reads the rows. Who may see them has been asked.
func (a *App) portionPage(tx *store.Tx, org string, p judged, q RowsShown) (PortionPage, error) {
	page := PortionPage{Portion: p.Portion, Kind: p.Kind, About: p.About, For: p.For, Advice: p.Advice, Open: p.Open(), Runs: p.Runs, Answers: p.Answers(), Show: q.Show}
	sheets, err := sheetsOf(tx, p.ID)
	if err != nil {
		return page, err
	}
	answers, err := newestIn(sheets)
	if err != nil {
		return page, err
	}
	whole, left, err := leftIn(p.Portion, answers)
	if err != nil {
		return page, err
	}
	if page.Seen, _, err = farIn(sheets); err != nil {
		return page, err
	}
	page.Count, page.Answered, page.Marked = len(whole.Rows), len(whole.Rows)-len(left), len(whole.Marks)
	page.Shown = a.shownNow(tx.Now(), org, p.ID, string(p.Reviewer))
	numbers := whole.Rows
	switch q.Show {
	case "unanswered":
		numbers = left
	case "marked":
		numbers = slices.DeleteFunc(slices.Clone(numbers), func(n int64) bool { return len(whole.Marks[n]) == 0 })
	default:
		page.Show = "all"
	}
	page.Pages = max(1, (len(numbers)+pageRows-1)/pageRows)
	page.Page = min(max(1, q.Page), page.Pages)
	from := (page.Page - 1) * pageRows
	return page, page.readRows(tx, whole, numbers[from:min(len(numbers), from+pageRows)], answers)
}

func (page *PortionPage) readRows(tx *store.Tx, whole dealt, numbers []int64, answers map[int64]rowAnswer) error {
	set, err := store.Get[isms.Population](tx, everywhere, whole.Population)
	if err != nil {
		return err
	}
	if set.Masked != nil {
		return isms.ErrNotFound
	}
	page.Day = set.Day
	rows, err := tx.SetRows(set.ID, numbers)
	if errors.Is(err, isms.ErrNotFound) {
		page.Gone = true
		return nil
	}
	if err != nil {
		return err
	}
	places, err := page.columns(set)
	if err != nil {
		return err
	}
	for _, row := range rows {
		_, chosen := slices.BinarySearch(whole.Chosen, row.Number)
		said := answers[row.Number]
		one := PortionRow{Number: row.Number, Marks: whole.Marks[row.Number], Chosen: chosen, Answer: said.Answer, Note: said.Note, By: said.Person, At: said.At}
		for _, i := range places {
			one.Cells = append(one.Cells, row.Cells[i])
		}
		page.Rows = append(page.Rows, one)
	}
	return nil
}

// rowColumns are what columns hold, in the order in which they are shown.
var rowColumns = []string{"name", "person", "email", "account", "unit", "title", "system", "role", "privileged", "granted", "last_used", "to", "active"}

// mostColumns is how many columns a page has room for.
const mostColumns = 12

// columns picks the columns to show: those whose meaning is known, in their order, and then others as they stand in the list.
func (page *PortionPage) columns(set isms.Population) (places []int, err error) {
	var heads []string
	if err := readKept(set.Columns, &heads); err != nil {
		return nil, err
	}
	meaning := columnMeanings(set)
	for _, what := range rowColumns {
		if i, known := meaning[what]; known && len(places) < mostColumns {
			places = append(places, i)
			page.Columns = append(page.Columns, PortionColumn{what, heads[i]})
		}
	}
	for i, head := range heads {
		if len(places) < mostColumns && !slices.Contains(places, i) {
			places = append(places, i)
			page.Columns = append(page.Columns, PortionColumn{Head: head})
		}
	}
	return places, nil
}
