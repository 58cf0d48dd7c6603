// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// importNote is the body of the note by which the journal remembers which records an import made or met, those left out that an
// earlier import of the same list has noted already. By it the next list is compared with what came before.
type importNote struct {
	Records []string `json:"records"`
}

// Imported is the act of the note.
const Imported = "import"

// finish sorts the rows, orders the questions and finds what has disappeared since the earlier lists of the same source.
func (p *planner) finish(tx *store.Tx) error {
	slices.SortStableFunc(p.rows, func(a, b plannedRow) int { return cmp.Compare(a.number, b.number) })
	for _, a := range p.asked {
		p.asks = append(p.asks, *a)
	}
	slices.SortFunc(p.asks, func(a, b Ask) int {
		return cmp.Or(cmp.Compare(a.Column, b.Column), cmp.Compare(b.Count, a.Count), strings.Compare(a.Text, b.Text))
	})
	known := map[string]bool{}
	if p.m.Source != "" {
		var err error
		if known, err = knownOf(tx, p.m); err != nil {
			return err
		}
	}
	for id := range p.met {
		if !known[id] && p.m.Source != "" {
			p.fresh = append(p.fresh, id)
		}
	}
	slices.Sort(p.fresh)
	return p.findGone(known)
}

// importsOf lists the imports of the same list in the same unit that have not been undone, the latest first.
func importsOf(tx *store.Tx, m ImportMap) ([]isms.Import, error) {
	all, err := store.All[isms.Import](tx, register.In{Units: []string{m.Unit}})
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(i isms.Import) bool { return i.Source != m.Source || i.Kind != m.Kind || i.UndoneOn != "" })
	latestFirst(all)
	return all, nil
}

// latestFirst sorts imports by their place in the journal.
func latestFirst(all []isms.Import) {
	slices.SortStableFunc(all, func(a, b isms.Import) int {
		return cmp.Or(strings.Compare(string(b.ImportedOn), string(a.ImportedOn)), cmp.Compare(lastEntry(b), lastEntry(a)))
	})
}

func lastEntry(i isms.Import) int {
	n, _ := i.LastEntry.Known()
	return n
}

// knownOf is the records that earlier lists of the same source had.
func knownOf(tx *store.Tx, m ImportMap) (map[string]bool, error) {
	imports, err := importsOf(tx, m)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, i := range imports {
		entries, err := tx.History(register.Of[isms.Import](), everywhere, i.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Act != Imported || e.Erased() {
				continue
			}
			var note importNote
			if err := json.Unmarshal(e.Body, &note); err != nil {
				return nil, err
			}
			for _, id := range note.Records {
				known[id] = true
			}
		}
	}
	return known, nil
}

// findGone lists the records in use that earlier lists had and no row means, as far as the actor may see them.
func (p *planner) findGone(known map[string]bool) error {
	in := p.l.reach(p.who, access.See, p.schema.Name)
	replaced := map[string]bool{}
	records, err := p.l.All(p.schema)
	if err != nil {
		return err
	}
	for _, rec := range records {
		if e, ok := rec.(*isms.Processing); ok && p.seen[e.ID] > 0 {
			replaced[string(e.Replaces)] = true
		}
	}
	for _, rec := range records {
		h := rec.Head()
		c, isClassification := rec.(*isms.Classification)
		switch {
		case !known[h.ID] || p.seen[h.ID] > 0 || h.Retired != "" || !in.Has(h.Unit) || replaced[h.ID]:
			continue
		case isClassification && c.State == isms.ClassificationSuperseded:
			continue
		}
		wrong, err := refusals(nil, retirable(p.l, p.who, rec, p.allow(p.schema.Name)))
		if err != nil {
			return err
		}
		g := goneRecord{rec: rec}
		for _, w := range wrong {
			g.deny = append(g.deny, CellWrong{Column: -1, Wrong: w})
		}
		p.gone = append(p.gone, g)
	}
	return nil
}
