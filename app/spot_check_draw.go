// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sample"
	"ledsyn/store"
)

// A sample is drawn in three acts, each in the journal before the next is allowed: the seed is bound by its hash, the rows are frozen, and
// the seed is made known and the rows drawn. Who freezes the rows cannot know the seed, and who has bound the seed cannot
// change it. In between, the seed waits in a table of its own: see store.KeepDrawSeed.

// CommitDraw binds the seed of the check's draw, the first or another in its place. Another needs a reason; the one it replaces stays to be
// seen, with its seed, and what was dealt out of it is withdrawn.
func (a *App) CommitDraw(ctx context.Context, who access.Actor, e Entry, reason, key string) error {
	_, err := a.once(ctx, who, key, []any{"commit draw", e, reason}, func(tx *store.Tx) (string, error) {
		c, err := a.workOn(ctx, tx, who, e, isms.SpotCheckPlanned, isms.SpotCheckCommitted, isms.SpotCheckFrozen, isms.SpotCheckDrawn, isms.SpotCheckOngoing)
		if err != nil {
			return "", err
		}
		wrong := unplanned(c)
		former, err := drawsOf(tx, c.ID)
		if err != nil {
			return "", err
		}
		if reason = strings.TrimSpace(reason); len(former) > 0 && reason == "" {
			wrong = append(wrong, register.Wrong{Field: "reason", Code: "redraw_why"})
		}
		if len(wrong) > 0 {
			return "", wrong
		}
		if err := abandon(tx, c, former); err != nil {
			return "", err
		}
		if len(former) == 0 {
			reason = ""
		}
		if err := a.commit(tx, c, len(former)+1, reason); err != nil {
			return "", err
		}
		c.State = isms.SpotCheckCommitted
		return c.ID, tx.Put(&c)
	})
	return err
}

func (a *App) commit(tx *store.Tx, c isms.SpotCheck, number int, reason string) error {
	source := a.seeds
	if source == nil {
		source = rand.Reader
	}
	seed, err := sample.NewSeed(source)
	if err != nil {
		return err
	}
	d := isms.Draw{SpotCheck: register.Ref[isms.SpotCheck](c.ID), Number: number, Reason: reason, Commitment: seed.Commitment(), CommittedAt: tx.Now()}
	d.ID, d.Unit = register.NewID(), c.Unit
	if wrong := register.Check(&d); len(wrong) > 0 {
		return register.Wrongs(wrong)
	}
	if err := tx.Put(&d); err != nil {
		return err
	}
	return tx.KeepDrawSeed(d.ID, seed.Hex())
}

// abandon gives up the draw that holds, if any. Its seed is made known, so that anybody can see what it would have drawn.
func abandon(tx *store.Tx, c isms.SpotCheck, draws []isms.Draw) error {
	for _, d := range draws {
		if d.AbandonedAt != "" {
			continue
		}
		d.AbandonedAt = tx.Now()
		if d.Seed == "" {
			seed, err := tx.DrawSeed(d.ID)
			if err != nil && !errors.Is(err, isms.ErrNotFound) {
				return err
			}
			d.Seed = seed
		}
		if err := tx.DropDrawSeed(d.ID); err != nil {
			return err
		}
		if err := tx.Put(&d); err != nil {
			return err
		}
		portions, err := store.Linking[isms.Portion](tx, everywhere, "draw", []string{d.ID})
		if err != nil {
			return err
		}
		for _, p := range portions {
			if p.WithdrawnOn == "" {
				p.WithdrawnOn = tx.Now().Day()
				if err := tx.Put(&p); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// OpenPlan lets the plan be changed again. The draw that holds is given up, and the next one needs a reason.
func (a *App) OpenPlan(ctx context.Context, who access.Actor, e Entry, key string) error {
	_, err := a.once(ctx, who, key, []any{"open plan", e}, func(tx *store.Tx) (string, error) {
		c, err := a.workOn(ctx, tx, who, e, isms.SpotCheckCommitted, isms.SpotCheckFrozen, isms.SpotCheckDrawn)
		if err != nil {
			return "", err
		}
		draws, err := drawsOf(tx, c.ID)
		if err != nil {
			return "", err
		}
		if err := abandon(tx, c, draws); err != nil {
			return "", err
		}
		c.State = isms.SpotCheckPlanned
		return c.ID, tx.Put(&c)
	})
	return err
}

// CancelSpotCheck ends a check that is not to be done, with a reason that stays on it.
func (a *App) CancelSpotCheck(ctx context.Context, who access.Actor, e Entry, reason, key string) error {
	_, err := a.once(ctx, who, key, []any{"cancel check", e, reason}, func(tx *store.Tx) (string, error) {
		c, err := a.workOn(ctx, tx, who, e, isms.SpotCheckPlanned, isms.SpotCheckCommitted, isms.SpotCheckFrozen, isms.SpotCheckDrawn, isms.SpotCheckOngoing)
		if err != nil {
			return "", err
		}
		if strings.TrimSpace(reason) == "" {
			return "", register.Wrongs{{Field: "reason", Code: "reason_needed"}}
		}
		draws, err := drawsOf(tx, c.ID)
		if err != nil {
			return "", err
		}
		if err := abandon(tx, c, draws); err != nil {
			return "", err
		}
		c.State, c.Note = isms.SpotCheckCancelled, joined("\n", c.Note, strings.TrimSpace(reason))
		if wrong := register.Check(&c); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		return c.ID, tx.Put(&c)
	})
	return err
}

// FreezeDraw freezes what the check is drawn from. An imported set that is checked whole stands as it is once its rows have been
// read and found to be what they were; a part of one, or records, are written as a set of their own. How the sample is divided is settled with the rows.
func (a *App) FreezeDraw(ctx context.Context, who access.Actor, e Entry, key string) error {
	var c isms.SpotCheck
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		if c, err = a.workOn(ctx, tx, who, e, isms.SpotCheckCommitted); err != nil {
			return err
		}
		_, err = currentDraw(tx, c.ID)
		return err
	})
	if err != nil {
		return a.doneBefore(ctx, who, key, []any{"freeze draw", e}, err)
	}
	f := freezing{app: a, ctx: ctx, who: who, check: c}
	if err := f.freeze(); err != nil {
		return errors.Join(err, f.drop())
	}
	kept := false
	_, err = a.once(ctx, who, key, []any{"freeze draw", e}, func(tx *store.Tx) (string, error) {
		kept = false
		c, err := a.workOn(ctx, tx, who, e, isms.SpotCheckCommitted)
		if err != nil {
			return "", err
		}
		d, err := currentDraw(tx, c.ID)
		if err != nil {
			return "", err
		}
		if err := f.keep(tx, c, d); err != nil {
			return "", err
		}
		c.State = isms.SpotCheckFrozen
		kept = true
		return c.ID, tx.Put(&c)
	})
	if err != nil || !kept {
		return errors.Join(err, f.drop())
	}
	a.Log.InfoContext(ctx, "frozen", "org", who.Org, "who", signature(who), "spot_check", c.ID, "rows", f.set.Rows)
	return nil
}

// doneBefore lets a form that is sent twice succeed twice: the state that the act asks for is gone once it has been done.
func (a *App) doneBefore(ctx context.Context, who access.Actor, key string, asked any, refused error) error {
	if key == "" || !errors.As(refused, new(register.Wrongs)) && !errors.Is(refused, isms.ErrStale) {
		return refused
	}
	_, err := a.once(ctx, who, key, asked, func(*store.Tx) (string, error) { return "", refused })
	return err
}

// A freezing is a population on its way to be frozen.
type freezing struct {
	app    *App
	ctx    context.Context
	who    access.Actor
	check  isms.SpotCheck
	source *checkSource
	made   string // the id of the set that was written, "" where the imported one stands
	set    store.Set
	rows   countedRows
	plan   SamplePlan
}

func (f *freezing) freeze() error {
	err := f.app.openView(f.ctx, f.who, func(tx *store.Tx) (err error) {
		if f.source, err = f.app.sourceOf(tx, f.who, f.check); err != nil {
			return err
		}
		if f.source.asItIs() {
			return nil
		}
		return f.write()
	})
	if err == nil && f.source.asItIs() {
		err = f.verify()
	}
	if err != nil {
		return err
	}
	if f.plan, err = sizeOf(f.check, f.rows.rows); err != nil {
		return err
	}
	return f.plan.divide(f.check, f.rows.strata())
}

// verify reads the whole imported set and counts it.
func (f *freezing) verify() error {
	p := f.source.set
	var err error
	if f.set, err = f.app.verifiedSet(f.ctx, f.who.Org, p.ID, p.Rows, p.SHA256); err != nil {
		return err
	}
	return f.app.DB.View(f.ctx, f.who.Org, func(tx *store.Tx) error {
		f.source.tx = tx
		f.rows, err = f.source.count(f.ctx, f.check.Stratify)
		return err
	})
}

// verifiedSet reads the set and holds it to what was written down of it. Error: register.Wrongs with the code population_edited.
func (a *App) verifiedSet(ctx context.Context, org, id string, rows register.Count, sha string) (store.Set, error) {
	set, err := a.DB.VerifySet(ctx, org, id)
	n, known := rows.Known()
	if errors.As(err, new(*store.ErrCorrupt)) || errors.Is(err, isms.ErrNotFound) || err == nil && (set.SHA256 != sha || !known || int64(n) != set.Rows) {
		a.Log.ErrorContext(ctx, "the rows are not what they were", "org", org, "population", id, "error", err)
		return set, register.Wrongs{{Code: "population_edited"}}
	}
	return set, err
}

// write writes the rows as a set of their own, while other acts go on.
func (f *freezing) write() error {
	s := f.source
	column := -1
	if f.check.Stratify != "" {
		column, _ = s.column(f.check.Stratify)
	}
	id := register.NewID()
	w, err := f.app.DB.WriteSet(f.ctx, f.who.Org, id, s.columns)
	if err != nil {
		return setError(err)
	}
	f.made = id
	err = s.each(func(cells []string) error {
		if err := f.rows.add(cells, column); err != nil {
			return err
		}
		return w.Add(cells)
	})
	if err == nil && f.rows.rows == 0 {
		err = register.Wrongs{{Field: "choice", Code: "population_empty"}}
	}
	if err == nil {
		f.set, err = w.Close()
	}
	if err != nil {
		return errors.Join(setError(err), w.Drop())
	}
	return nil
}

// drop takes away the set that was written and is not to be kept.
func (f *freezing) drop() error {
	if f.made == "" {
		return nil
	}
	return f.app.DB.DropSet(context.WithoutCancel(f.ctx), f.who.Org, f.made)
}

// keep notes the frozen rows.
func (f *freezing) keep(tx *store.Tx, c isms.SpotCheck, d isms.Draw) error {
	population := f.made
	if population == "" {
		population = f.source.set.ID
	} else if err := f.note(tx, c, d); err != nil {
		return err
	}
	d.Population, d.Rows, d.SHA256, d.FrozenAt = register.Ref[isms.Population](population), register.CountOf(int(f.set.Rows)), f.set.SHA256, tx.Now()
	if err := setStrata(&d, f.plan.Strata); err != nil {
		return err
	}
	return tx.Put(&d)
}

// note makes the record of the set that was written.
func (f *freezing) note(tx *store.Tx, c isms.SpotCheck, d isms.Draw) error {
	columns, err := json.Marshal(f.source.columns)
	if err != nil {
		return err
	}
	meaning, err := json.Marshal(f.source.meaning)
	if err != nil {
		return err
	}
	p := isms.Population{Name: cut(c.Name, 140) + " (" + strconv.Itoa(d.Number) + ")", Kind: isms.OtherRows, Day: f.source.day, Source: cut(f.source.name, 120),
		Definition: c.Definition, Rows: register.CountOf(int(f.set.Rows)), Columns: string(columns), Meaning: string(meaning), SHA256: f.set.SHA256,
		ImportedOn: tx.Now().Day()}
	if from := f.source.set; from != nil {
		p.Kind, p.System = from.Kind, from.System
	}
	p.ID, p.Unit = f.made, c.Unit
	if wrong := register.Check(&p); len(wrong) > 0 {
		return register.Wrongs(wrong)
	}
	return tx.Put(&p)
}

func setStrata(d *isms.Draw, strata []DrawnStratum) error {
	text, err := json.Marshal(strata)
	if err != nil {
		return err
	}
	d.Strata = string(text)
	if wrong := register.Check(d); len(wrong) > 0 {
		return register.Wrongs{{Field: "stratify", Code: "many_strata", Args: []any{maxStrata}}}
	}
	return nil
}

// DrawSample makes the seed known and draws the rows. It refuses where the rows are not those that were frozen, or the seed not the one
// that was bound.
func (a *App) DrawSample(ctx context.Context, who access.Actor, e Entry, key string) error {
	var d isms.Draw
	var secret string
	asked := []any{"draw", e}
	err := a.view(ctx, who, func(tx *store.Tx) error {
		c, err := a.workOn(ctx, tx, who, e, isms.SpotCheckFrozen)
		if err != nil {
			return err
		}
		if d, err = currentDraw(tx, c.ID); err != nil {
			return err
		}
		secret, err = tx.DrawSeed(d.ID)
		if errors.Is(err, isms.ErrNotFound) {
			return register.Wrongs{{Code: "seed_lost"}}
		}
		return err
	})
	if err != nil {
		return a.doneBefore(ctx, who, key, asked, err)
	}
	seed, err := sample.ParseSeed(secret)
	if err != nil || seed.Commitment() != d.Commitment {
		a.Log.ErrorContext(ctx, "the seed is not the one that was bound", "org", who.Org, "draw", d.ID)
		return register.Wrongs{{Code: "seed_changed"}}
	}
	if _, err := a.verifiedSet(ctx, who.Org, string(d.Population), d.Rows, d.SHA256); err != nil {
		return err
	}
	strata, err := a.drawn(ctx, who.Org, d, seed)
	if err != nil {
		return err
	}
	_, err = a.once(ctx, who, key, asked, func(tx *store.Tx) (string, error) {
		c, err := a.workOn(ctx, tx, who, e, isms.SpotCheckFrozen)
		if err != nil {
			return "", err
		}
		d, err := currentDraw(tx, c.ID)
		if err != nil {
			return "", err
		}
		if seed.Commitment() != d.Commitment {
			return "", register.Wrongs{{Code: "seed_changed"}}
		}
		if err := setStrata(&d, strata); err != nil {
			return "", err
		}
		d.Seed, d.Size, d.DrawnAt = seed.Hex(), register.CountOf(len(drawnRows(strata))), tx.Now()
		if err := tx.DropDrawSeed(d.ID); err != nil {
			return "", err
		}
		if err := tx.Put(&d); err != nil {
			return "", err
		}
		c.State = isms.SpotCheckDrawn
		return c.ID, tx.Put(&c)
	})
	if err == nil {
		a.Log.InfoContext(ctx, "drawn", "org", who.Org, "who", signature(who), "draw", d.ID)
	}
	return err
}

// drawn draws each part's rows and finds where they stand in the whole set.
func (a *App) drawn(ctx context.Context, org string, d isms.Draw, seed sample.Seed) ([]DrawnStratum, error) {
	strata, err := strataOf(d)
	if err != nil {
		return nil, err
	}
	if len(strata) == 1 && strata[0].Name == "" { // the rows are numbered as the set is
		strata[0].Drawn, err = drawIn(seed, strata[0])
		return strata, err
	}
	places := make([][]int64, len(strata)) // in each part, in order
	index := make(map[string]int, len(strata))
	for i, s := range strata {
		if places[i], err = drawIn(seed.Stratum(i+1), s); err != nil {
			return nil, err
		}
		index[s.Name] = i
	}
	err = a.DB.View(ctx, org, func(tx *store.Tx) error {
		c, err := linkedCheck(tx, d)
		if err != nil {
			return err
		}
		set, err := tx.Set(string(d.Population))
		if err != nil {
			return err
		}
		column := slices.Index(set.Columns, c.Stratify)
		if column < 0 {
			return fmt.Errorf("app: draw %s: no column %q", d.ID, c.Stratify)
		}
		met := make([]int64, len(strata))
		return tx.SetEach(string(d.Population), func(number int64, cells []string) error {
			i, known := index[cells[column]]
			if !known {
				return fmt.Errorf("app: draw %s: row %d is in no part", d.ID, number)
			}
			met[i]++
			if next := places[i]; len(next) > 0 && next[0] == met[i] {
				strata[i].Drawn, places[i] = append(strata[i].Drawn, number), next[1:]
			}
			return nil
		})
	})
	for i := range places {
		if err == nil && len(places[i]) > 0 {
			err = fmt.Errorf("app: draw %s: part %d has fewer rows than were frozen", d.ID, i+1)
		}
	}
	return strata, err
}

// drawIn draws rows of a part, numbered within it, in order.
func drawIn(seed sample.Seed, s DrawnStratum) ([]int64, error) {
	rows, err := sample.Draw(seed, int64(s.Rows), s.Size)
	slices.Sort(rows)
	return rows, err
}

func linkedCheck(tx *store.Tx, d isms.Draw) (isms.SpotCheck, error) {
	return store.Get[isms.SpotCheck](tx, everywhere, string(d.SpotCheck))
}

// ChooseRows puts rows beside the sample that somebody suspects, all for one reason; no reason takes them away again. They are judged with the
// others and told of apart.
func (a *App) ChooseRows(ctx context.Context, who access.Actor, e Entry, rows []int64, reason, key string) error {
	_, err := a.once(ctx, who, key, []any{"choose rows", e, rows, reason}, func(tx *store.Tx) (string, error) {
		c, err := a.workOn(ctx, tx, who, e, isms.SpotCheckFrozen, isms.SpotCheckDrawn)
		if err != nil {
			return "", err
		}
		d, err := currentDraw(tx, c.ID)
		if err != nil {
			return "", err
		}
		chosen, err := chosenOf(d)
		if err != nil {
			return "", err
		}
		most, _ := d.Rows.Known()
		if len(rows) == 0 {
			return "", register.Wrongs{{Field: "rows", Code: "required"}}
		}
		for _, n := range rows {
			if n < 1 || n > int64(most) {
				return "", register.Wrongs{{Field: "rows", Code: "no_row", Args: []any{n, most}}}
			}
			chosen = slices.DeleteFunc(chosen, func(r ChosenRow) bool { return r.Row == n })
			if reason := strings.TrimSpace(reason); reason != "" {
				chosen = append(chosen, ChosenRow{n, reason})
			}
		}
		if len(chosen) > maxChosen {
			return "", register.Wrongs{{Field: "rows", Code: "many", Args: []any{maxChosen}}}
		}
		slices.SortFunc(chosen, func(a, b ChosenRow) int { return int(a.Row - b.Row) })
		d.Chosen = ""
		if len(chosen) > 0 {
			text, err := json.Marshal(chosen)
			if err != nil {
				return "", err
			}
			d.Chosen = string(text)
		}
		if wrong := register.Check(&d); len(wrong) > 0 {
			return "", register.Wrongs{{Field: "reason", Code: "long", Args: []any{wrong[0].Args[0], len(d.Chosen)}}}
		}
		if err := tx.Put(&d); err != nil {
			return "", err
		}
		return c.ID, tx.Put(&c) // so that two who choose at once see each other's rows
	})
	return err
}

// chosenNumbers reads numbers of rows and ranges of them, with any dash.
func chosenNumbers(text string) ([]int64, error) {
	unread := register.Wrongs{{Field: "rows", Code: "row_list"}}
	var rows []int64
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",; \t\r\n", r) }) {
		from, to, ranged := strings.Cut(strings.NewReplacer("–", "-", "—", "-").Replace(part), "-")
		first, err := strconv.ParseInt(from, 10, 64)
		last := first
		if err == nil && ranged {
			last, err = strconv.ParseInt(to, 10, 64)
		}
		if err != nil || first < 1 || last < first {
			return nil, unread
		}
		if last-first >= maxChosen || len(rows)+int(last-first) >= maxChosen {
			return nil, register.Wrongs{{Field: "rows", Code: "many", Args: []any{maxChosen}}}
		}
		for n := first; n <= last; n++ {
			if !slices.Contains(rows, n) {
				rows = append(rows, n)
			}
		}
	}
	if len(rows) == 0 {
		return nil, unread
	}
	return rows, nil
}
