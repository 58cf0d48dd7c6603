// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
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
