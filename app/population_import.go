// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/sheet/mapping"
	"ledsyn/store"
)

// SetPreview is what a list that is kept as a set of rows would become.
type SetPreview struct {
	Rows    int64
	Columns []string          // the headings as they will be kept
	Meaning map[string]string // what a column holds -> its heading
	Head    [][]string        // the first rows
}

// headRows is how many rows of a set a preview shows.
const headRows = 20

// setColumns are the headings of the list as a set keeps them, each once, with what its columns hold.
func setColumns(b *sheet.Book, n int, m ImportMap) (columns []string, meaning map[string]string, err error) {
	header, err := heading(b, n, m.Header)
	if err != nil {
		return nil, nil, err
	}
	width := len(header)
	if width == 0 {
		rows, err := b.Head(n, sampled)
		if err != nil {
			return nil, nil, err
		}
		for _, row := range rows {
			width = max(width, len(row))
		}
	}
	taken := map[string]bool{}
	for i := range width {
		name := ""
		if i < len(header) {
			name = strings.Join(strings.Fields(header[i].Text), " ")
		}
		if name == "" {
			name = columnName(i)
		}
		unique := name
		for again := 2; taken[unique]; again++ {
			unique = fmt.Sprintf("%s (%d)", name, again)
		}
		taken[unique] = true
		columns = append(columns, unique)
	}
	reader, err := m.Reader(header, isms.Register)
	if err != nil {
		return nil, nil, err
	}
	meaning = map[string]string{}
	for _, c := range m.Columns {
		if at := reader.Place("", c.Field); c.Field != "" && at >= 0 && at < len(columns) {
			meaning[c.Field] = columns[at]
		}
	}
	return columns, meaning, nil
}

// columnName is how spreadsheet programs name a column without a heading: A, B, … AA.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// eachSetRow hands f the rows under the heading as they came, each as wide as the columns. A total at the end is left out where the map says so.
func eachSetRow(b *sheet.Book, n int, m ImportMap, width int, f func(cells []string) error) error {
	row := make([]string, width)
	return b.Rows(n, func(number int, cells []sheet.Cell) error {
		if number <= m.Header || m.Totals && sheet.IsTotal(cells) {
			return nil
		}
		if len(cells) > width {
			return &sheet.FileError{Code: "import_wide", Args: []any{number, width}, Row: number}
		}
		for i := range row {
			row[i] = ""
			if i < len(cells) {
				row[i] = cells[i].Text
			}
		}
		return f(row)
	})
}

func (a *App) previewSet(ctx context.Context, d ImportDraft) (Preview, error) {
	b, done, err := a.book(ctx, d)
	if err != nil {
		return Preview{}, err
	}
	defer done()
	return previewOfSet(ctx, b, d.Map)
}

func previewOfSet(ctx context.Context, b *sheet.Book, m ImportMap) (Preview, error) {
	n, err := sheetOf(b, m)
	if err != nil {
		return Preview{}, err
	}
	v := &SetPreview{}
	if v.Columns, v.Meaning, err = setColumns(b, n, m); err != nil {
		return Preview{}, err
	}
	err = eachSetRow(b, n, m, len(v.Columns), func(cells []string) error {
		if v.Rows++; v.Rows <= headRows {
			v.Head = append(v.Head, append([]string(nil), cells...))
		}
		return ctx.Err()
	})
	return Preview{New: int(v.Rows), Set: v}, err
}

// takableSet returns why the list may not become a set, or what is not said of it yet: a set that does not say what it is, when it
// holds and what its columns hold can never be used.
func (a *App) takableSet(ctx context.Context, who access.Actor, m ImportMap, r RunImport) error {
	wrong := register.Wrongs(m.Check(isms.Register))
	required := func(field, value string) {
		if strings.TrimSpace(value) == "" {
			wrong = append(wrong, register.Wrong{Field: field, Code: "required"})
		}
	}
	required("unit", m.Unit)
	required("name", r.Name)
	required("list_day", string(r.ListDay))
	required("definition", r.Definition)
	if r.ListDay != "" && !r.ListDay.Valid() {
		wrong = append(wrong, register.Wrong{Field: "list_day", Code: "day", Args: []any{string(r.ListDay)}})
	}
	meant := false
	for _, c := range m.Columns {
		meant = meant || c.Field != ""
	}
	if !meant {
		wrong = append(wrong, register.Wrong{Field: "columns", Code: "import_meaning"})
	}
	if len(wrong) > 0 {
		return wrong
	}
	if err := a.allow(ctx, who, access.Create, "import", m.Unit); err != nil {
		return err
	}
	return a.allow(ctx, who, access.Create, "population", m.Unit)
}

func (a *App) takeSet(ctx context.Context, who access.Actor, d ImportDraft, r RunImport) error {
	b, done, err := a.book(ctx, d)
	if err != nil {
		return err
	}
	defer done()
	in := intake{id: d.ID, name: d.Name, sha: d.SHA256, m: d.Map}
	return a.writeSet(ctx, who, b, in, r, func(rows int) { a.imports.tell(who.Org, d.ID, rows, 0) })
}

// writeSet writes the rows beside the registers, while other acts go on, and then in one act the records that make them count. A
// set without its record is swept away.
func (a *App) writeSet(ctx context.Context, who access.Actor, b *sheet.Book, in intake, r RunImport, progress func(rows int)) error {
	if err := a.takableSet(ctx, who, in.m, r); err != nil {
		return err
	}
	n, err := sheetOf(b, in.m)
	if err != nil {
		return err
	}
	columns, meaning, err := setColumns(b, n, in.m)
	if err != nil {
		return err
	}
	pop, err := a.newPopulation(ctx, who, in, r, columns, meaning)
	if err != nil {
		return err
	}
	w, err := a.DB.WriteSet(ctx, who.Org, pop.ID, columns)
	if err != nil {
		return setError(err)
	}
	rows := 0
	err = eachSetRow(b, n, in.m, len(columns), func(cells []string) error {
		if rows++; rows%10_000 == 0 {
			progress(rows)
		}
		return w.Add(cells)
	})
	if err == nil && rows == 0 {
		err = register.Wrongs{{Code: "import_empty"}}
	}
	var set store.Set
	if err == nil {
		set, err = w.Close()
	}
	if err != nil {
		return errors.Join(setError(err), w.Drop())
	}
	pop.Rows, pop.SHA256 = register.CountOf(int(set.Rows)), set.SHA256
	err = a.DB.Update(ctx, store.Act{Org: who.Org, Who: signature(who), Key: "import/" + in.id}, func(tx *store.Tx) error {
		return a.noteSet(tx, in, r, pop)
	})
	if err != nil {
		return errors.Join(err, a.DB.DropSet(context.WithoutCancel(ctx), who.Org, pop.ID))
	}
	a.Log.InfoContext(ctx, "imported", "org", who.Org, "who", signature(who), "import", in.id, "kind", in.m.Kind, "rows", set.Rows)
	if pop.Kind == isms.Entitlements { // what goes wrong with that can be mended from the access review
		if _, err := a.compareList(context.WithoutCancel(ctx), who, pop.ID, ""); err != nil {
			a.Log.ErrorContext(ctx, "not compared with earlier lists", "org", who.Org, "population", pop.ID, "error", err)
		}
	}
	return nil
}

// setError says in words what the store refuses.
func setError(err error) error {
	switch {
	case errors.Is(err, store.ErrSetLimit):
		return register.Wrongs{{Code: "import_set_limit", Args: []any{store.MaxSetRows, store.MaxSetColumns, store.MaxSetCell}}}
	case errors.Is(err, store.ErrSetText):
		return register.Wrongs{{Code: "utf8"}}
	}
	return err
}

// newPopulation is the set's record, checked before the rows are written.
func (a *App) newPopulation(ctx context.Context, who access.Actor, in intake, r RunImport, columns []string, meaning map[string]string) (*isms.Population, error) {
	heads, err := json.Marshal(columns)
	if err != nil {
		return nil, err
	}
	means, err := json.Marshal(meaning)
	if err != nil {
		return nil, err
	}
	p := &isms.Population{Name: strings.TrimSpace(r.Name), Kind: isms.PopulationKind(strings.TrimPrefix(in.m.Kind, mapping.SetPrefix)), Day: r.ListDay,
		Source: in.m.Source, Definition: strings.TrimSpace(r.Definition), System: register.Ref[isms.System](r.System), Columns: string(heads),
		Meaning: string(means), SHA256: in.sha, FileName: in.name, FileSHA256: in.sha, ImportedOn: a.Today()}
	p.ID, p.Unit = register.NewID(), in.m.Unit
	wrong := register.Wrongs(register.Check(p))
	err = a.view(ctx, who, func(tx *store.Tx) error {
		missing, err := dangling(one(tx), who, nil, p)
		wrong = append(wrong, missing...)
		return err
	})
	if err == nil && len(wrong) > 0 {
		err = wrong
	}
	return p, err
}

func (a *App) noteSet(tx *store.Tx, in intake, r RunImport, pop *isms.Population) error {
	seq, _, _, err := tx.Head()
	if err != nil {
		return err
	}
	pop.ImportedOn = tx.Now().Day()
	if err := tx.Put(pop); err != nil {
		return err
	}
	i := &isms.Import{Name: in.name, Kind: in.m.Kind, Source: in.m.Source, ImportedOn: tx.Now().Day(), ListDay: r.ListDay, SHA256: in.sha,
		Mapping: mapText(in.m), Created: pop.Rows, FirstEntry: register.CountOf(int(seq) + 1), LastEntry: register.CountOf(int(seq) + 1)}
	i.ID, i.Unit = in.id, in.m.Unit
	return tx.Put(i)
}

// populationOf is the set that the import made, "" where it made none.
func populationOf(tx *store.Tx, i isms.Import) (id string, err error) {
	from, known := i.FirstEntry.Known()
	to, _ := i.LastEntry.Known()
	if !known {
		return "", nil
	}
	err = tx.EntriesBetween(int64(from), int64(to), func(e store.Entry) error {
		if e.Kind == "population" {
			id = e.ID
		}
		return nil
	})
	return id, err
}

// importSetFile is ImportFile of a list that is kept as a set of rows.
func (a *App) importSetFile(ctx context.Context, who access.Actor, b *sheet.Book, m ImportMap, sha string, f ImportFile) (ImportReport, error) {
	r := ImportReport{Map: m}
	if err := a.takableSet(ctx, who, m, f.Run); err != nil {
		return r, err
	}
	var err error
	if r.Preview, err = previewOfSet(ctx, b, m); err != nil || f.Dry {
		return r, err
	}
	in := intake{id: register.NewID(), name: listName(f.Name), sha: sha, m: m}
	if err := a.writeSet(ctx, who, b, in, f.Run, func(int) {}); err != nil {
		return r, err
	}
	r.Record = in.id
	return r, nil
}
