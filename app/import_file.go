// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/store"
)

// ImportFile is a list that is taken in at once, as the command does.
type ImportFile struct {
	Name string
	File io.ReaderAt
	Size int64

	Map    *ImportMap // how its columns are read; nil guesses, as the page does
	Kind   string     // "" is what the map or the guess says
	Unit   string     // id; of the import and of rows that name none; "" is the map's
	Key    []string   // columns by their heading, or fields; nil keeps the map's
	Source string     // "" keeps the map's
	Run    RunImport
	Dry    bool // only tell what would be done
}

// ImportReport is what an import did, or would do.
type ImportReport struct {
	Map     ImportMap // as it was used
	Record  string    // the import's, "" where nothing was kept
	Preview           // its rows are all rows, those that have disappeared last
	Retired int       // of those, the ones taken out of use
	Titles  Titles
}

// ImportFile takes a list in, or tells what it would do. The report is whole also where the error is register.Wrongs that say
// that rows are wrong. Errors: FileError, register.Wrongs, isms.ErrForbidden.
func (a *App) ImportFile(ctx context.Context, who access.Actor, f ImportFile) (ImportReport, error) {
	if f.Size > MaxUpload {
		return ImportReport{}, register.Wrongs{{Code: "import_large", Args: []any{MaxUpload >> 20}}}
	}
	b, err := sheet.Open(f.Name, f.File, f.Size)
	if err != nil {
		return ImportReport{}, err
	}
	defer b.Close()
	m, err := a.mapOf(ctx, who, b, f)
	if err != nil {
		return ImportReport{Map: m}, err
	}
	sha, err := sumOf(f)
	if err != nil {
		return ImportReport{Map: m}, err
	}
	if m.IsSet() {
		return a.importSetFile(ctx, who, b, m, sha, f)
	}
	in := intake{id: register.NewID(), name: listName(f.Name), sha: sha, m: m,
		open: func() (*sheet.Book, func(), error) { return b, func() {}, nil }}
	in.plan = func() (p *plan, err error) {
		err = a.view(ctx, who, func(tx *store.Tx) error {
			p, err = planned(ctx, tx, who, b, m, nil)
			return err
		})
		return p, err
	}
	var p *plan
	out := 0
	if f.Dry {
		if err = a.takable(ctx, who, m, f.Run); err == nil {
			if p, err = in.plan(); err == nil {
				err = p.ready(f.Run)
			}
		}
	} else {
		p, out, err = a.take(ctx, who, in, f.Run, nil)
	}
	r := ImportReport{Map: m, Retired: out}
	if p == nil {
		return r, err
	}
	if err == nil && !f.Dry {
		r.Record = in.id
	}
	return a.report(ctx, who, r, p, err)
}

// report fills in what became of each row.
func (a *App) report(ctx context.Context, who access.Actor, r ImportReport, p *plan, outcome error) (ImportReport, error) {
	r.Preview = p.preview()
	for _, row := range p.rows {
		shown := p.shown(row)
		if r.Record != "" {
			shown.ID = row.id
		}
		r.Rows = append(r.Rows, shown)
	}
	for _, g := range p.gone {
		r.Rows = append(r.Rows, g.shown())
	}
	r.Total = len(r.Rows)
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		r.Titles, err = previewTitles(tx, who, p, r.Rows)
		return err
	})
	return r, errors.Join(outcome, err)
}

// mapOf is how the file's columns are read.
func (a *App) mapOf(ctx context.Context, who access.Actor, b *sheet.Book, f ImportFile) (m ImportMap, err error) {
	if f.Map != nil {
		m = *f.Map
	} else if m, _, err = a.guess(ctx, who, b, f.Kind, ""); err != nil {
		return m, err
	}
	if f.Kind != "" {
		m.Kind = f.Kind
	}
	if f.Unit != "" {
		m.Unit = f.Unit
	}
	if f.Source != "" {
		m.Source = f.Source
	}
	if m.Kind == "" {
		return m, register.Wrongs{{Field: "kind", Code: "required"}}
	}
	if len(f.Key) > 0 {
		m.Key = slices.Clone(f.Key)
		for i, key := range f.Key {
			for _, c := range m.Columns {
				if c.Header == key && c.Field != "" {
					m.Key[i] = c.Field
				}
			}
		}
	}
	if wrong := m.Check(isms.Register); len(wrong) > 0 {
		return m, register.Wrongs(wrong)
	}
	return m, nil
}

func sumOf(f ImportFile) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f.File, 0, f.Size)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
