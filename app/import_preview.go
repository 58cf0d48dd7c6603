// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"crypto/sha256"
	"io"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/sheet/mapping"
	"ledsyn/store"
)

// PreviewQuery picks rows of a preview.
type PreviewQuery struct {
	Only  string // RowNew and so on; "" all rows, without what has disappeared
	After int    // Preview.Next of the page before
	Limit int    // 50 if 0, at most 500
}

// A PreviewRow is what would become of one row.
type PreviewRow struct {
	Number  int    // as beside the row in the file; 0 for a record that has disappeared
	Act     string // RowNew and so on
	Kind    string
	ID      string // of the record; a new one has none yet
	Title   string
	Changes []ImportChange
	Wrong   []CellWrong
}

// Preview is what an import would do. Nothing of it has been done.
type Preview struct {
	New, Changed, Unchanged, Wrong, Skipped, Gone int

	Heads  []string // the headings as they stand in the file
	Rows   []PreviewRow
	Total  int // rows that the query picks
	Next   int // where the next page begins; 0 on the last page
	Asks   []Ask
	Titles Titles      // of the records that the changes point at
	Set    *SetPreview // of a list that is kept as a set of rows; then there are no rows above
}

// PreviewImport tells what the draft would do as it is. Errors: FileError, register.Wrongs for a map that does not fit the file.
func (a *App) PreviewImport(ctx context.Context, who access.Actor, id string, q PreviewQuery) (Preview, error) {
	d, _, err := a.ownDraft(ctx, who, id)
	if err != nil {
		return Preview{}, err
	}
	if d.Map.IsSet() {
		return a.previewSet(ctx, d)
	}
	p, err := a.planOf(ctx, who, d)
	if err != nil {
		return Preview{}, err
	}
	v := p.preview()
	v.page(p, q)
	err = a.view(ctx, who, func(tx *store.Tx) error {
		v.Titles, err = previewTitles(tx, who, p, v.Rows)
		return err
	})
	return v, err
}

// preview is the plan's numbers and questions.
func (p *plan) preview() Preview {
	return Preview{New: p.created, Changed: p.changed, Unchanged: p.unchanged, Wrong: p.wrong, Skipped: p.skipped, Gone: len(p.gone), Asks: p.asks, Heads: p.heads}
}

func (v *Preview) page(p *plan, q PreviewQuery) {
	limit := min(q.Limit, maxPage)
	if limit <= 0 {
		limit = 50
	}
	add := func(row func() PreviewRow) {
		if v.Total++; v.Total <= q.After {
			return
		}
		if len(v.Rows) == limit {
			v.Next = q.After + limit
			return
		}
		v.Rows = append(v.Rows, row())
	}
	for _, r := range p.rows {
		if q.Only == "" || q.Only == r.act {
			add(func() PreviewRow { return p.shown(r) })
		}
	}
	for _, g := range p.gone {
		if q.Only == RowGone {
			add(g.shown)
		}
	}
}

func (p *plan) shown(r plannedRow) PreviewRow {
	row := PreviewRow{r.number, r.act, r.kind, r.id, r.title, nil, r.wrong}
	for _, s := range p.steps[r.from:r.to] {
		row.Changes = append(row.Changes, s.changes()...)
	}
	if r.act == RowNew {
		row.ID = ""
	}
	return row
}

func (g goneRecord) shown() PreviewRow {
	s := register.OfValue(g.rec)
	return PreviewRow{Act: RowGone, Kind: s.Name, ID: g.rec.Head().ID, Title: s.Title(g.rec), Wrong: g.deny}
}

// previewTitles names what the rows' changes point at, what the plan itself makes among it.
func previewTitles(tx *store.Tx, who access.Actor, p *plan, rows []PreviewRow) (Titles, error) {
	w := wanted{}
	for _, r := range rows {
		for _, c := range r.Changes {
			s, err := schema(c.Kind)
			if err != nil {
				return nil, err
			}
			target := "unit"
			if c.Field != "unit" {
				f, _ := s.Field(c.Field)
				target = f.Target
			}
			if target != "" {
				w.add(target, strings.Fields(c.Was+" "+c.Is)...)
			}
		}
	}
	named, err := titles(tx, who, w)
	if err != nil {
		return nil, err
	}
	for kind, ids := range w {
		for _, id := range ids {
			if title, ok := p.made[kind][id]; ok {
				named[kind][id] = title
			}
		}
	}
	return named, nil
}

// planKey is what a plan holds for.
type planKey struct {
	org, person, draft string
	mapped             [32]byte
	seq                int64
	day                register.Day
}

type keptPlan struct {
	key  planKey
	plan *plan
}

// How many plans are remembered, so that the pages of a preview and the import after it need not make it again.
const (
	keptPlans = 4
	keptRows  = 120_000
)

// planOf returns the draft's plan as the journal stands.
func (a *App) planOf(ctx context.Context, who access.Actor, d ImportDraft) (*plan, error) {
	key := planKey{org: who.Org, person: who.Person, draft: d.ID, mapped: sha256.Sum256(d.Map.JSON()), day: a.Today()}
	var p *plan
	a.imports.turn.Lock()
	defer a.imports.turn.Unlock()
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		if key.seq, _, _, err = tx.Head(); err != nil {
			return err
		}
		if p = a.imports.plan(key); p != nil {
			return nil
		}
		b, done, err := a.book(ctx, d)
		if err != nil {
			return err
		}
		defer done()
		p, err = planned(ctx, tx, who, b, d.Map, a.imports.progress(who.Org, d.ID))
		return err
	})
	if err != nil {
		return nil, err
	}
	a.imports.remember(key, p)
	return p, nil
}

func (i *imports) plan(key planKey) *plan {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, k := range i.plans {
		if k.key == key {
			return k.plan
		}
	}
	return nil
}

func (i *imports) remember(key planKey, p *plan) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.plans = slices.DeleteFunc(i.plans, func(k keptPlan) bool { return k.key.org == key.org && k.key.draft == key.draft })
	i.plans = append([]keptPlan{{key, p}}, i.plans...)
	rows := 0
	for n, k := range i.plans {
		if rows += len(k.plan.rows); n >= keptPlans || rows > keptRows && n > 0 {
			clear(i.plans[n:])
			i.plans = i.plans[:n]
			return
		}
	}
}

// ImportErrors writes the draft's sheet again, as csv or xlsx, with a column that says in words what is wrong with each row.
func (a *App) ImportErrors(ctx context.Context, who access.Actor, id, format string, lang locale.Lang, w io.Writer) error {
	d, _, err := a.ownDraft(ctx, who, id)
	if err != nil {
		return err
	}
	if d.Map.IsSet() || ExportTypes[format] == "" {
		return isms.ErrNotFound
	}
	p, err := a.planOf(ctx, who, d)
	if err != nil {
		return err
	}
	b, done, err := a.book(ctx, d)
	if err != nil {
		return err
	}
	defer done()
	n, err := sheetOf(b, d.Map)
	if err != nil {
		return err
	}
	header, err := heading(b, n, d.Map.Header)
	if err != nil {
		return err
	}
	wrong := map[int][]string{}
	for _, r := range p.rows {
		for _, c := range r.wrong {
			text := lang.T("wrong."+c.Code, c.Args...)
			if c.Column >= 0 && c.Column < len(header) && header[c.Column].Text != "" {
				text = header[c.Column].Text + ": " + text
			}
			wrong[r.number] = append(wrong[r.number], text)
		}
	}
	return mapping.Marked(w, format, b, n, d.Map, wrong, lang)
}
