// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/store"
)

// RunImport is what is chosen when a list is taken in.
type RunImport struct {
	SkipWrong  bool         // take in the rows that are right, though others are wrong
	RetireGone bool         // take what has disappeared out of use
	ListDay    register.Day // the day that the list tells of; "" is today where a day is needed

	// Of a list that is kept as a set of rows.
	Name       string
	Definition string
	System     string // id
}

// An intake is a list on its way in.
type intake struct {
	id   string // of the import's record
	name string
	sha  string
	m    ImportMap
	open func() (b *sheet.Book, done func(), err error)
	plan func() (*plan, error) // as the journal stands
}

// take takes the list in: all of it in one act, or nothing. It returns the plan that was carried out, with how many records
// were taken out of use.
func (a *App) take(ctx context.Context, who access.Actor, in intake, r RunImport, progress func(done, total int)) (*plan, int, error) {
	if err := a.takable(ctx, who, in.m, r); err != nil {
		return nil, 0, err
	}
	p, err := in.plan()
	if err != nil {
		return nil, 0, err
	}
	if err := p.ready(r); err != nil {
		return p, 0, err
	}
	out := 0
	reader := readerOf(who)
	act := store.Act{Org: who.Org, Who: signature(who), Key: "import/" + in.id, By: &reader}
	err = a.DB.Update(ctx, act, func(tx *store.Tx) error {
		seq, _, _, err := tx.Head()
		if err != nil {
			return err
		}
		if seq != p.seq { // something has been noted since: the plan is made again, of what is now
			b, done, err := in.open()
			if err != nil {
				return err
			}
			defer done()
			err = tx.As(reader, func() (err error) { // as the plan was made: by what the actor may see
				p, err = planned(ctx, tx, who, b, in.m, nil)
				return err
			})
			if err != nil {
				return err
			}
			if err := p.ready(r); err != nil {
				return err
			}
		}
		out, err = a.carryOut(tx, who, in, r, p, progress)
		return err
	})
	if errors.Is(err, store.ErrDone) {
		err = nil
	}
	if err == nil {
		a.Log.InfoContext(ctx, "imported", "org", who.Org, "who", signature(who), "import", in.id, "kind", in.m.Kind,
			"created", p.created, "changed", p.changed)
	}
	return p, out, err
}

// takable returns why the actor may not take in a list of this kind, or what is not chosen yet.
func (a *App) takable(ctx context.Context, who access.Actor, m ImportMap, r RunImport) error {
	wrong := register.Wrongs(m.Check(isms.Register))
	if m.Unit == "" {
		wrong = append(wrong, register.Wrong{Field: "unit", Code: "required"})
	}
	if r.ListDay != "" && !r.ListDay.Valid() {
		wrong = append(wrong, register.Wrong{Field: "list_day", Code: "day", Args: []any{string(r.ListDay)}})
	}
	if r.RetireGone && m.Source == "" {
		wrong = append(wrong, register.Wrong{Field: "source", Code: "import_gone_source"})
	}
	if len(wrong) > 0 {
		return wrong
	}
	return a.allow(ctx, who, access.Create, "import", m.Unit)
}

// ready returns why the plan may not be carried out as is chosen.
func (p *plan) ready(r RunImport) error {
	if p.wrong > 0 && !r.SkipWrong {
		return register.Wrongs{{Code: "import_rows_wrong", Args: []any{p.wrong}}}
	}
	if !r.RetireGone {
		return nil
	}
	if slices.ContainsFunc(p.rows, func(row plannedRow) bool { return row.ambiguous }) {
		return register.Wrongs{{Code: "import_gone_unsure"}}
	}
	denied := 0
	for _, g := range p.gone {
		if len(g.deny) > 0 {
			denied++
		}
	}
	if denied > 0 && !r.SkipWrong {
		return register.Wrongs{{Code: "import_gone_denied", Args: []any{denied}}}
	}
	return nil
}

// carryOut does what the plan says and notes the import.
func (a *App) carryOut(tx *store.Tx, who access.Actor, in intake, r RunImport, p *plan, progress func(done, total int)) (out int, err error) {
	total := len(p.rows)
	met := slices.Clone(p.fresh)
	for i, s := range p.steps {
		id, err := a.carryOutStep(tx, who, s)
		if err != nil {
			return 0, fmt.Errorf("row %d: %w", s.row, err)
		}
		if in.m.Source != "" && s.schema.Name == in.m.Kind && id != s.rec.Head().ID {
			met = append(met, id) // a new version of the record, which the next list will mean
		}
		if progress != nil && i%50 == 0 {
			progress(total+i*total/len(p.steps), 2*total)
		}
	}
	if r.RetireGone {
		if out, err = p.retireGone(tx, cmp.Or(r.ListDay, tx.Now().Day())); err != nil {
			return 0, err
		}
	}
	if len(met) > 0 {
		body, err := json.Marshal(importNote{met})
		if err != nil {
			return 0, err
		}
		if err := tx.Note(Imported, "import", in.id, body); err != nil {
			return 0, err
		}
	}
	return out, a.noteImport(tx, in, r, p, out)
}

// carryOutStep keeps one record and returns its id. A record that an earlier step has changed in passing, such as a
// classification that another took the place of, is changed from what it is now.
func (a *App) carryOutStep(tx *store.Tx, who access.Actor, s step) (id string, err error) {
	id = s.rec.Head().ID
	if s.rec != s.was {
		was, rec := s.was, copyOf(s.rec)
		if was != nil && was.Head().Masked != nil { // the plan did not see all of it, and what follows from the change must
			if was, rec, err = a.again(tx, who, s); err != nil {
				return id, err
			}
		}
		id, err = a.keep(tx, who, was, rec)
		if errors.Is(err, isms.ErrStale) && was != nil {
			if was, rec, err = a.again(tx, who, s); err == nil {
				id, err = a.keep(tx, who, was, rec)
			}
		}
		if err == nil {
			err = a.afterwards(tx, was, rec)
		}
	}
	if err != nil || s.retire == "" {
		return id, err
	}
	rec, err := tx.Get(s.schema, everywhere, id)
	if err != nil {
		return id, err
	}
	return id, tx.Retire(s.schema, everywhere, id, rec.Head().Rev, s.retire)
}

func (a *App) again(tx *store.Tx, who access.Actor, s step) (was, rec register.Entity, err error) {
	now, err := tx.Get(s.schema, everywhere, s.was.Head().ID)
	if err != nil {
		return nil, nil, err
	}
	c := s.change
	c.Rev = now.Head().Rev
	allow := func(act access.Act, unit string) error {
		if who.May(act, s.schema.Name, unit) {
			return nil
		}
		return isms.ErrForbidden
	}
	was, rec, wrong, err := intended(one(tx), who, s.schema, c, allow)
	if err == nil && len(wrong) > 0 {
		err = wrong
	}
	return was, rec, err
}

func (p *plan) retireGone(tx *store.Tx, day register.Day) (out int, err error) {
	for _, g := range p.gone {
		if len(g.deny) > 0 {
			continue
		}
		s, h := register.OfValue(g.rec), g.rec.Head()
		now, err := tx.Get(s, everywhere, h.ID)
		if err != nil {
			return 0, err
		}
		if err := tx.Retire(s, everywhere, h.ID, now.Head().Rev, day); err != nil {
			return 0, err
		}
		out++
	}
	return out, nil
}

// noteImport keeps the import's own record, in the act that kept its rows.
func (a *App) noteImport(tx *store.Tx, in intake, r RunImport, p *plan, out int) error {
	i := &isms.Import{Name: in.name, Kind: in.m.Kind, Source: in.m.Source, ImportedOn: tx.Now().Day(), ListDay: r.ListDay, SHA256: in.sha,
		Mapping: mapText(in.m), Created: register.CountOf(p.created), Changed: register.CountOf(p.changed),
		Unchanged: register.CountOf(p.unchanged), Skipped: register.CountOf(p.wrong + p.skipped),
		Disappeared: register.CountOf(len(p.gone)), TakenOut: register.CountOf(out)}
	i.ID, i.Unit = in.id, in.m.Unit
	seq, _, _, err := tx.Head()
	if err != nil {
		return err
	}
	if seq > p.seq {
		i.FirstEntry, i.LastEntry = register.CountOf(int(p.seq)+1), register.CountOf(int(seq))
	}
	return tx.Put(i)
}

// mapText is the map as a record keeps it: what may not stand in one is written as JSON escapes it.
func mapText(m ImportMap) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(string(m.JSON())) {
		switch {
		case r == '\n':
			b.WriteByte('\n')
		case unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
