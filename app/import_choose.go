// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/sheet/mapping"
)

// MayImport reports whether the actor may take in lists somewhere, as far as rights go.
func (a *App) MayImport(who access.Actor) bool { return mayCreate(who, "import") && a.Files != nil }

func mayCreate(who access.Actor, kind string) bool {
	in := who.In(access.Create, kind)
	return in.All || len(in.Units) > 0
}

// ImportKinds lists the registers that the actor may take in lists to, in the registers' order, and then the kinds of set.
func (a *App) ImportKinds(who access.Actor) []string {
	if !a.MayImport(who) {
		return nil
	}
	var kinds []string
	for _, s := range isms.Registers() {
		if mayCreate(who, s.Name) && ownAct(nil, s.New()) == nil {
			kinds = append(kinds, s.Name)
		}
	}
	if mayCreate(who, "population") {
		for _, kind := range isms.PopulationKind("").Choices() {
			kinds = append(kinds, mapping.SetPrefix+kind)
		}
	}
	return kinds
}

// ImportUnits lists the ids of the units that the actor may take in lists for.
func (a *App) ImportUnits(who access.Actor) register.In { return who.In(access.Create, "import") }

// ImportHead returns the first rows of the draft's sheet as they stand, at most n, and which of them seems to be the heading: its row
// number, or 0. "" is the first sheet.
func (a *App) ImportHead(ctx context.Context, who access.Actor, id, name string, n int) (rows [][]string, header int, err error) {
	d, _, err := a.ownDraft(ctx, who, id)
	if err != nil {
		return nil, 0, err
	}
	b, done, err := a.book(ctx, d)
	if err != nil {
		return nil, 0, err
	}
	defer done()
	at, err := sheetOf(b, ImportMap{Sheet: name})
	if err != nil {
		return nil, 0, err
	}
	head, err := b.Head(at, n)
	if err != nil {
		return nil, 0, err
	}
	for _, cells := range head {
		row := make([]string, len(cells))
		for i, c := range cells {
			row[i] = c.Text
		}
		rows = append(rows, row)
	}
	return rows, sheet.GuessHeader(head) + 1, nil
}

// GuessImportAt guesses the draft's map anew, as GuessImport does, where the sheet and the row number of its heading are chosen: 0 where it
// has none, less where that is to be guessed, too.
func (a *App) GuessImportAt(ctx context.Context, who access.Actor, id, kind, preset, name string, header int) (ImportMap, error) {
	d, _, err := a.ownDraft(ctx, who, id)
	if err != nil {
		return ImportMap{}, err
	}
	b, done, err := a.book(ctx, d)
	if err != nil {
		return ImportMap{}, err
	}
	defer done()
	n, err := sheetOf(b, ImportMap{Sheet: name})
	if err != nil {
		return ImportMap{}, err
	}
	if header > maxHeader {
		return ImportMap{}, register.Wrongs{{Field: "header", Code: "map_header", Args: []any{header, maxHeader}}}
	}
	rows, err := b.Head(n, max(header, 0)+sampled)
	if err != nil {
		return ImportMap{}, err
	}
	if header < 0 {
		header = sheet.GuessHeader(rows[:min(len(rows), 30)]) + 1
	}
	if header > len(rows) {
		return ImportMap{}, register.Wrongs{{Field: "header", Code: "map_header", Args: []any{header, len(rows)}}}
	}
	m, _, err := a.guessAt(ctx, who, b, n, header-1, rows, kind, preset)
	return m, err
}

// maxHeader is the lowest row that a heading can stand in.
const maxHeader = 1000
