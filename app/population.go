// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/store"
)

// A RowQuery picks rows of a set; a RowCondition says what a cell must be.
type (
	RowQuery     = store.SetQuery
	RowCondition = store.SetCondition
	RowPage      = store.SetPage
	ValueCount   = store.SetValue
)

// A PopulationPage is a set of rows with some of them.
type PopulationPage struct {
	Population isms.Population
	Columns    []string
	Meaning    map[string]int // which column holds what
	Rows       RowPage        // none where the rows have been disposed of
	Rules      []DisposalRule // those of the set's kind for its unit, the one that holds before the others
	Dispose    bool           // the actor may dispose of the rows
	Titles     Titles         // of the unit, the system and the rule
}

// A DisposalRule is a rule for how long such sets are kept, with the day from which it disposes of the set's rows; "" where it is
// only proposed. Of the decided ones that of the nearest unit holds, and of several there the one that keeps the rows longest.
type DisposalRule struct {
	isms.RetentionRule
	Due   register.Day
	Holds bool
}

// Population returns a set of rows and those of them that q asks for. Errors: isms.ErrNotFound, register.Wrongs.
func (a *App) Population(ctx context.Context, who access.Actor, id string, q RowQuery) (PopulationPage, error) {
	var p PopulationPage
	err := a.rowsOf(ctx, who, id, func(tx *store.Tx, rec isms.Population) (err error) {
		p.Population = rec
		p.Meaning = columnMeanings(rec)
		if err := json.Unmarshal([]byte(cmp.Or(rec.Columns, "[]")), &p.Columns); err != nil {
			return err
		}
		if rec.DisposedOn == "" {
			if p.Rows, err = tx.SetPage(id, q); err != nil {
				return err
			}
		}
		if p.Rules, err = disposalRules(tx, rec, a.Today()); err != nil {
			return err
		}
		p.Dispose = rec.DisposedOn == "" && who.May(access.Retire, "population", rec.Unit)
		p.Titles, err = titles(tx, who, links(&rec))
		return err
	})
	return p, err
}

// rowsOf looks at a set that the actor may see.
func (a *App) rowsOf(ctx context.Context, who access.Actor, id string, f func(*store.Tx, isms.Population) error) error {
	_, in, err := a.visible(ctx, who, "population")
	if err != nil {
		return err
	}
	return a.view(ctx, who, func(tx *store.Tx) error {
		p, err := store.Get[isms.Population](tx, in, id)
		if err != nil {
			return err
		}
		return f(tx, p)
	})
}

// columnMeanings tells by name which column holds what. What the record does not say is not known.
func columnMeanings(p isms.Population) map[string]int {
	var columns []string
	var meaning map[string]string
	places := map[string]int{}
	if json.Unmarshal([]byte(p.Columns), &columns) != nil || json.Unmarshal([]byte(p.Meaning), &meaning) != nil {
		return places
	}
	for name, column := range meaning {
		if i := slices.Index(columns, column); i >= 0 {
			places[name] = i
		}
	}
	return places
}

// disposalRules lists the rules for a set on the day: of its kind, and of its unit or one above.
func disposalRules(tx *store.Tx, p isms.Population, today register.Day) ([]DisposalRule, error) {
	rules, err := store.All[isms.RetentionRule](tx, everywhere)
	if err != nil {
		return nil, err
	}
	units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	if err != nil {
		return nil, err
	}
	near := append([]string{p.Unit}, above(units, p.Unit)...)
	var decided, proposed []DisposalRule
	for _, r := range rules {
		if r.Kind != p.Kind || r.ValidTo != "" && r.ValidTo < today || !slices.Contains(near, r.Unit) {
			continue
		}
		one := DisposalRule{RetentionRule: r}
		if r.DecidedOn <= today {
			one.Due = r.Due(p.Day)
		}
		if one.Due == "" {
			proposed = append(proposed, one)
		} else {
			decided = append(decided, one)
		}
	}
	slices.SortStableFunc(decided, func(a, b DisposalRule) int {
		return cmp.Or(cmp.Compare(slices.Index(near, a.Unit), slices.Index(near, b.Unit)), cmp.Compare(b.Due, a.Due))
	})
	if len(decided) > 0 {
		decided[0].Holds = true
	}
	return append(decided, proposed...), nil
}

// PopulationValues counts the rows of each of a column's most common values, in the whole set, and tells how many different values there are.
func (a *App) PopulationValues(ctx context.Context, who access.Actor, id string, column, limit int) (most []ValueCount, distinct int64, err error) {
	err = a.rowsOf(ctx, who, id, func(tx *store.Tx, p isms.Population) (err error) {
		if p.DisposedOn != "" {
			return isms.ErrNotFound
		}
		most, distinct, err = tx.SetValues(id, column, limit)
		return err
	})
	return most, distinct, err
}

// MaxWorkbookRows is how many rows of a set a workbook holds. More are had as CSV.
const MaxWorkbookRows = 100_000

// ExportPopulation writes the rows that q picks, all of them, with their columns as they came. Error: register.Wrongs with the code
// workbook_rows where they are too many for a workbook, before anything has been written.
func (a *App) ExportPopulation(ctx context.Context, who access.Actor, id string, q RowQuery, format string, lang locale.Lang, w io.Writer) error {
	if ExportTypes[format] == "" {
		return isms.ErrNotFound
	}
	return a.rowsOf(ctx, who, id, func(tx *store.Tx, p isms.Population) error {
		if p.DisposedOn != "" {
			return isms.ErrNotFound
		}
		set, err := tx.Set(id)
		if err != nil {
			return err
		}
		if format == "csv" {
			return rowsAsCSV(tx, set, id, q, w)
		}
		q.Limit = 1
		if page, err := tx.SetPage(id, q); err != nil {
			return err
		} else if page.Total > MaxWorkbookRows {
			return register.Wrongs{{Code: "workbook_rows", Args: []any{MaxWorkbookRows, int(page.Total)}}}
		}
		t := Sheet{Name: p.Name, Head: set.Columns}
		err = tx.SetPicked(id, q, func(_ int64, cells []string) error {
			row := make([]any, len(cells))
			for i, c := range cells {
				row[i] = c
				if day := register.Day(c); day.Valid() {
					row[i] = day
				}
			}
			t.Rows = append(t.Rows, row)
			return nil
		})
		if err != nil {
			return err
		}
		return sheet.Workbook(w, t)
	})
}

var errEnough = errors.New("the rows are not wanted any more")

func rowsAsCSV(tx *store.Tx, set store.Set, id string, q RowQuery, w io.Writer) error {
	var failed error
	err := sheet.Each(w, func(yield func([]string) bool) {
		if !yield(set.Columns) {
			return
		}
		failed = tx.SetPicked(id, q, func(_ int64, cells []string) error {
			if !yield(cells) {
				return errEnough
			}
			return nil
		})
	})
	if failed != nil && !errors.Is(failed, errEnough) {
		return failed
	}
	return err
}

// DisposePopulation disposes of a set's rows by the rule that holds for it, once its time has come: its record says so from then on, and
// the rows are gone. A set that was disposed of when the program stopped before its rows were gone is finished. Errors:
// register.Wrongs.
func (a *App) DisposePopulation(ctx context.Context, who access.Actor, id, key string) error {
	_, err := a.once(ctx, who, key, []any{"dispose", id}, func(tx *store.Tx) (string, error) {
		p, err := store.Get[isms.Population](tx, who.In(access.See, "population"), id)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Retire, "population", p.Unit); err != nil || p.DisposedOn != "" {
			return id, err
		}
		rules, err := disposalRules(tx, p, a.Today())
		if err != nil {
			return "", err
		}
		switch {
		case len(rules) == 0 || !rules[0].Holds:
			return "", register.Wrongs{{Field: "rule", Code: "rule_undecided"}}
		case rules[0].Due > a.Today():
			return "", register.Wrongs{{Field: "rule", Code: "rule_later", Args: []any{string(rules[0].Due)}}}
		}
		p.DisposedOn, p.Rule = a.Today(), register.Ref[isms.RetentionRule](rules[0].ID)
		if err := tx.Put(&p); err != nil {
			return "", err
		}
		rows, _ := p.Rows.Known()
		note, err := json.Marshal(map[string]any{"rows": rows, "sha256": p.SHA256, "rule": rules[0].ID})
		if err != nil {
			return "", err
		}
		return id, tx.Note("dispose", "population", id, note)
	})
	if err != nil {
		return err
	}
	a.Log.InfoContext(ctx, "disposed of rows", "org", who.Org, "who", who.Person, "population", id)
	return a.DB.DropSet(context.WithoutCancel(ctx), who.Org, id)
}
