// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"io"
	"maps"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// A removalOf is what removals come from: an access review or a spot check. Staff is the HR list that tells who has left, "" for none.
type removalOf struct {
	AccessReview, SpotCheck string
	Unit                    string
	Staff                   string
}

// makeRemovals makes a removal of each row of the list that is to be taken away or changed, and returns their ids. A row that has one from the same
// review or check is not given another.
func (a *App) makeRemovals(tx *store.Tx, of removalOf, population string, answers map[int64]rowAnswer) (ids []string, err error) {
	var rows []int64
	for _, n := range slices.Sorted(maps.Keys(answers)) {
		if answer := answers[n].Answer; answer == isms.Remove || answer == isms.Alter {
			rows = append(rows, n)
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	had, err := removalsOf(tx, of, population)
	if err != nil {
		return nil, err
	}
	m, err := newRemovalMaker(tx, of.Staff)
	if err != nil {
		return nil, err
	}
	p, err := store.Get[isms.Population](tx, everywhere, population)
	if err != nil {
		return nil, err
	}
	if err := m.lines.of(&p); err != nil {
		return nil, err
	}
	for some := range slices.Chunk(rows, maxPage) {
		cells, err := tx.SetRows(population, some)
		if err != nil {
			return nil, err
		}
		for _, row := range cells {
			if had[row.Number] {
				continue
			}
			answer := answers[row.Number]
			r := m.removal(row, of.Unit)
			r.AccessReview, r.SpotCheck = register.Ref[isms.AccessReview](of.AccessReview), register.Ref[isms.SpotCheck](of.SpotCheck)
			r.Wanted, r.Cause, r.Note, r.DecidedOn = answer.Answer, isms.RemovalDecided, answer.Note, answer.At.Day()
			if wrong := register.Check(r); len(wrong) > 0 {
				return nil, register.Wrongs(wrong)
			}
			if err := tx.Put(r); err != nil {
				return nil, err
			}
			ids = append(ids, r.ID)
		}
	}
	return ids, nil
}

// removalsOf tells which rows of the list have a removal from the review or the check.
func removalsOf(tx *store.Tx, of removalOf, population string) (map[int64]bool, error) {
	field, id := "access_review", of.AccessReview
	if id == "" {
		field, id = "spot_check", of.SpotCheck
	}
	all, err := store.Linking[isms.Removal](tx, everywhere, field, []string{id})
	had := map[int64]bool{}
	for _, r := range all {
		if n, known := r.Row.Known(); known && string(r.Population) == population {
			had[int64(n)] = true
		}
	}
	return had, err
}

// A removalMaker fills in what a removal takes from its row.
type removalMaker struct {
	lines *lineReader
	staff *isms.Directory // nil where there is no HR list
	known map[string]bool // systems
}

func newRemovalMaker(tx *store.Tx, staff string) (*removalMaker, error) {
	m := &removalMaker{known: map[string]bool{}}
	var err error
	if m.lines, err = newLineReader(tx, ""); err != nil {
		return nil, err
	}
	for _, id := range m.lines.systems {
		m.known[id] = true
	}
	if staff == "" {
		return m, nil
	}
	p, err := store.Get[isms.Population](tx, everywhere, staff)
	if err == nil && p.DisposedOn == "" {
		m.staff, err = directoryOf(tx, staff)
	}
	return m, err
}

// removal is a removal of the row, of the list that lines has begun with.
func (m *removalMaker) removal(row store.SetRow, unit string) *isms.Removal {
	p := m.lines.list
	e := m.lines.line(row.Cells)
	text := func(meaning string) string { return strings.TrimSpace(m.lines.raw(row.Cells, meaning)) }
	r := &isms.Removal{Name: cut(cmp.Or(text("name"), text("person"), text("email"), text("account"), "–"), 120), Population: register.Ref[isms.Population](p.ID),
		Row: register.CountOf(int(row.Number)), Right: cut(text("role"), 500), SeenOn: p.Day}
	r.ID, r.Unit = register.NewID(), unit
	if m.known[e.System] {
		r.System = register.Ref[isms.System](e.System)
	}
	if m.staff != nil {
		if at, known := m.staff.Find(e.Person, e.Email); known {
			r.EndedOn, _ = m.staff.Ended(at, p.Day)
		}
	}
	return r
}

// RemovalList is the rows of one list that are to be taken away or changed.
type RemovalList struct {
	Population isms.Population
	Removals   []isms.Removal
	NotOrdered int
	Open       int
}

// removalLists are an access review's removals by list.
func removalLists(tx *store.Tx, review string) (lists []RemovalList, err error) {
	all, err := store.Linking[isms.Removal](tx, everywhere, "access_review", []string{review})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(x, y isms.Removal) int {
		n, _ := x.Row.Known()
		m, _ := y.Row.Known()
		return cmp.Or(cmp.Compare(x.Population, y.Population), cmp.Compare(n, m), cmp.Compare(x.ID, y.ID))
	})
	for _, r := range all {
		if len(lists) == 0 || lists[len(lists)-1].Population.ID != string(r.Population) {
			p, err := store.Get[isms.Population](tx, everywhere, string(r.Population))
			if err != nil {
				return nil, err
			}
			lists = append(lists, RemovalList{Population: p})
		}
		l := &lists[len(lists)-1]
		l.Removals = append(l.Removals, r)
		if r.GoneOn == "" && r.WithdrawnOn == "" {
			l.Open++
			if r.OrderedOn == "" {
				l.NotOrdered++
			}
		}
	}
	return lists, nil
}

// ExportRemovals writes the rows of a list that the access review wants taken away or changed and that are not gone, in the list's own columns as they came,
// with what is to be done and what was noted after them. Errors: isms.ErrNotFound, register.Wrongs: set_disposed, workbook_rows.
func (a *App) ExportRemovals(ctx context.Context, who access.Actor, review, population, format string, lang locale.Lang, w io.Writer) error {
	if ExportTypes[format] == "" {
		return isms.ErrNotFound
	}
	return a.view(ctx, who, func(tx *store.Tx) error {
		if _, err := store.Get[isms.AccessReview](tx, who.In(access.See, "access_review"), review); err != nil {
			return err
		}
		p, err := store.Get[isms.Population](tx, who.In(access.See, "population"), population)
		if err != nil {
			return err
		}
		if p.DisposedOn != "" {
			return register.Wrongs{{Code: "set_disposed", Args: []any{string(p.DisposedOn)}}}
		}
		lists, err := removalLists(tx, review)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(lists, func(l RemovalList) bool { return l.Population.ID == population })
		if i < 0 {
			return isms.ErrNotFound
		}
		t, err := removalSheet(tx, lang, lists[i])
		if err != nil {
			return err
		}
		if format == "xlsx" && len(t.Rows) > MaxWorkbookRows {
			return register.Wrongs{{Code: "workbook_rows", Args: []any{MaxWorkbookRows, len(t.Rows)}}}
		}
		return WriteSheet(w, format, lang, t)
	})
}

func removalSheet(tx *store.Tx, lang locale.Lang, l RemovalList) (Sheet, error) {
	heads, err := headsOf(&l.Population)
	if err != nil {
		return Sheet{}, err
	}
	wanted, _ := register.Of[isms.Removal]().Field("wanted")
	t := Sheet{Name: l.Population.Name, Head: append(slices.Clone(heads), lang.T("removal.wanted"), lang.T("removal.note"))}
	open := slices.DeleteFunc(slices.Clone(l.Removals), func(r isms.Removal) bool { return r.GoneOn != "" || r.WithdrawnOn != "" })
	for some := range slices.Chunk(open, pickedRows) {
		rows, err := tx.SetRows(l.Population.ID, rowsOfRemovals(some))
		if err != nil {
			return Sheet{}, err
		}
		for i, row := range rows {
			cells := make([]any, 0, len(row.Cells)+2)
			for _, c := range row.Cells {
				cells = append(cells, c)
			}
			t.Rows = append(t.Rows, append(cells, lang.T(wanted.ChoiceKey(string(some[i].Wanted))), some[i].Note))
		}
	}
	return t, nil
}

// pickedRows is how many rows are read at a time.
const pickedRows = 10_000

func rowsOfRemovals(list []isms.Removal) []int64 {
	rows := make([]int64, len(list))
	for i, r := range list {
		n, _ := r.Row.Known()
		rows[i] = int64(n)
	}
	return rows
}

// OrderRemovals notes that the removals of an access review, all that have not been ordered before, have been sent to those who take rights away.
func (a *App) OrderRemovals(ctx context.Context, who access.Actor, review, key string) error {
	_, err := a.once(ctx, who, key, []any{"order removals", review}, func(tx *store.Tx) (string, error) {
		r, err := a.accessReview(ctx, tx, who, review)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Change, "removal", r.Unit); err != nil {
			return "", err
		}
		lists, err := removalLists(tx, review)
		if err != nil {
			return "", err
		}
		for _, l := range lists {
			for _, one := range l.Removals {
				if one.OrderedOn != "" || one.GoneOn != "" || one.WithdrawnOn != "" {
					continue
				}
				one.OrderedOn = a.Today()
				if err := tx.Put(&one); err != nil {
					return "", err
				}
			}
		}
		return review, nil
	})
	return err
}

// WithdrawRemoval lets a right stay after all, for a reason.
func (a *App) WithdrawRemoval(ctx context.Context, who access.Actor, e Entry, reason, key string) error {
	_, err := a.once(ctx, who, key, []any{"withdraw removal", e, reason}, func(tx *store.Tx) (string, error) {
		r, err := store.Get[isms.Removal](tx, who.In(access.See, "removal"), e.ID)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Change, "removal", r.Unit); err != nil {
			return "", err
		}
		if r.GoneOn != "" || r.WithdrawnOn != "" {
			return "", register.Wrongs{{Code: "removal_over"}}
		}
		if strings.TrimSpace(reason) == "" {
			return "", register.Wrongs{{Field: "note", Code: "required"}}
		}
		r.Rev, r.WithdrawnOn, r.Note = e.Rev, a.Today(), strings.TrimSpace(strings.TrimSpace(r.Note)+"\n"+strings.TrimSpace(reason))
		if wrong := register.Check(&r); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		return r.ID, tx.Put(&r)
	})
	return err
}

// unpadded is a folded text, and a number without the zeros that it begins with: spreadsheets lose them.
func unpadded(text string) string {
	if strings.Trim(text, "0123456789") == "" {
		return strings.TrimLeft(text, "0")
	}
	return text
}
