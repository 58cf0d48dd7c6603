// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/store"
)

// An ImportedRecord is a record that an import made or changed.
type ImportedRecord struct {
	Kind, ID, Title string
	Made            bool
}

// ImportResult is what an import did, with the records that the actor may see, at most so many, in the order of the list. Total is
// how many it touched.
type ImportResult struct {
	Import  isms.Import
	Records []ImportedRecord
	Total   int
	Undo    bool // the actor may undo it, as far as rights go
}

// ImportResult returns what an import did.
func (a *App) ImportResult(ctx context.Context, who access.Actor, id string, limit int) (ImportResult, error) {
	var r ImportResult
	_, in, err := a.visible(ctx, who, "import")
	if err != nil {
		return r, err
	}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		if r.Import, err = store.Get[isms.Import](tx, in, id); err != nil {
			return err
		}
		did, err := touchedBy(tx, r.Import)
		if err != nil {
			return err
		}
		r.Total = len(did)
		r.Undo = r.Import.UndoneOn == "" && who.May(access.Change, "import", r.Import.Unit)
		w := wanted{}
		for _, t := range did[:min(limit, len(did))] {
			w.add(t.schema.Name, t.id)
		}
		named, err := titles(tx, who, w)
		if err != nil {
			return err
		}
		for _, t := range did[:min(limit, len(did))] {
			if title := named.Of(t.schema.Name, t.id); title != "" {
				r.Records = append(r.Records, ImportedRecord{t.schema.Name, t.id, title, t.made})
			}
		}
		return nil
	})
	return r, err
}
