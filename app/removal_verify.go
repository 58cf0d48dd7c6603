// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// A Comparison is what a newer list of a system shows of rights that are to be taken away, and of those of people who have left.
type Comparison struct {
	Gone     int // removals that the list shows to be done
	Left     int // still there
	Untold   int // the list lacks what would tell
	Leavers  int // rights of people who had left, which are gone though nobody asked for it
	Compared bool
}

// CompareList holds the open removals of a system, and the rights of its earlier list, to a newer list of it. It is done when a list is imported, and
// can be asked for again: what is noted already is not noted twice. Where several lists of one system go by different names (Source), only those
// of the same name are compared. Errors: register.Wrongs: set_of_other_kind, set_disposed.
func (a *App) CompareList(ctx context.Context, who access.Actor, population, key string) (Comparison, error) {
	err := a.view(ctx, who, func(tx *store.Tx) error {
		p, err := store.Get[isms.Population](tx, who.In(access.See, "population"), population)
		if err != nil {
			return err
		}
		return a.allow(ctx, who, access.Change, "removal", p.Unit)
	})
	if err != nil {
		return Comparison{}, err
	}
	return a.compareList(ctx, who, population, key)
}

// compareList is CompareList as the program's own errand. The lists are read before the act, while other acts go on.
func (a *App) compareList(ctx context.Context, who access.Actor, population, key string) (Comparison, error) {
	var c *comparing
	err := a.DB.View(ctx, who.Org, func(tx *store.Tx) (err error) {
		if c, err = newComparing(tx, population); err != nil {
			return err
		}
		return c.compare(ctx, tx)
	})
	if err != nil || len(c.put) == 0 {
		if err != nil {
			return Comparison{}, err
		}
		return c.Comparison, nil
	}
	_, err = a.once(ctx, who, key, []any{"compare", population}, func(tx *store.Tx) (string, error) {
		for _, r := range c.put {
			if r.Rev > 0 {
				now, err := store.Get[isms.Removal](tx, everywhere, r.ID)
				if err != nil {
					return "", err
				}
				if now.Rev != r.Rev {
					continue // somebody has said something else of it meanwhile; the next comparison sees it
				}
			}
			if wrong := register.Check(r); len(wrong) > 0 {
				return "", register.Wrongs(wrong)
			}
			if err := tx.Put(r); err != nil {
				return "", err
			}
		}
		return population, nil
	})
	if err == nil {
		a.Log.InfoContext(ctx, "compared", "org", who.Org, "population", population, "gone", c.Gone, "left", c.Left, "leavers", c.Leavers)
	}
	return c.Comparison, err
}

// comparing holds a newer list to what is to be gone.
type comparing struct {
	Comparison
	list    isms.Population
	maker   *removalMaker
	before  *isms.Population // the list before it, nil where there is none
	open    []*awaited
	leavers []*awaited
	by      map[string][]*awaited // by each key that a row can be known by
	has     map[string]bool       // what the newer list has columns for
	put     []*isms.Removal
}

func newComparing(tx *store.Tx, population string) (*comparing, error) {
	c := &comparing{by: map[string][]*awaited{}, has: map[string]bool{}}
	var err error
	if c.list, err = store.Get[isms.Population](tx, everywhere, population); err != nil {
		return nil, err
	}
	switch {
	case c.list.Kind != isms.Entitlements:
		return nil, register.Wrongs{{Field: "kind", Code: "set_of_other_kind"}}
	case c.list.DisposedOn != "":
		return nil, register.Wrongs{{Code: "set_disposed", Args: []any{string(c.list.DisposedOn)}}}
	}
	if c.before, err = earlierOf(tx, c.list); err != nil {
		return nil, err
	}
	staff, err := staffListFor(tx, c.list)
	if err != nil {
		return nil, err
	}
	if c.maker, err = newRemovalMaker(tx, staff); err != nil {
		return nil, err
	}
	if err := c.maker.lines.of(&c.list); err != nil {
		return nil, err
	}
	c.has = c.maker.lines.tells()
	return c, nil
}

// sameList reports whether two entitlement lists are the same list at two times: of one system, by one name.
func sameList(a, b isms.Population) bool {
	return a.Kind == b.Kind && a.Unit == b.Unit && a.System == b.System && strings.EqualFold(strings.TrimSpace(a.Source), strings.TrimSpace(b.Source)) &&
		(a.System != "" || strings.TrimSpace(a.Source) != "")
}

// earlierOf is the same list the time before, or nil.
func earlierOf(tx *store.Tx, p isms.Population) (*isms.Population, error) {
	all, err := store.All[isms.Population](tx, register.In{Units: []string{p.Unit}})
	var last *isms.Population
	for i, q := range all {
		if sameList(p, q) && q.DisposedOn == "" && q.Day < p.Day && (last == nil || q.Day > last.Day) {
			last = &all[i]
		}
	}
	return last, err
}

// staffListFor is the latest HR list of the list's unit or of the nearest above it, "" where there is none.
func staffListFor(tx *store.Tx, p isms.Population) (string, error) {
	units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	if err != nil {
		return "", err
	}
	for _, unit := range append([]string{p.Unit}, above(units, p.Unit)...) {
		all, err := store.All[isms.Population](tx, register.In{Units: []string{unit}})
		if err != nil {
			return "", err
		}
		var last isms.Population
		for _, q := range all {
			if q.Kind == isms.Employments && q.DisposedOn == "" && q.Day > last.Day {
				last = q
			}
		}
		if last.ID != "" {
			return last.ID, nil
		}
	}
	return "", nil
}

// tells is what the list has columns for, of what tells rights apart.
func (r *lineReader) tells() map[string]bool {
	return map[string]bool{"account": r.has("account"), "person": r.has("person") || r.has("email"), "role": r.has("role")}
}

func (c *comparing) compare(ctx context.Context, tx *store.Tx) error {
	if err := c.awaitRemovals(tx); err != nil {
		return err
	}
	if err := c.awaitLeavers(ctx, tx); err != nil {
		return err
	}
	c.Compared = len(c.open) > 0 || c.before != nil
	if len(c.by) > 0 {
		if err := c.look(ctx, tx); err != nil {
			return err
		}
	}
	for _, w := range c.open {
		switch {
		case !w.tellable(c.has):
			c.Untold++
			continue
		case w.there:
			c.Left++
			w.removal.SeenOn = c.list.Day
		default:
			c.Gone++
			w.removal.GoneOn, w.removal.VerifiedBy = c.list.Day, register.Ref[isms.Population](c.list.ID)
		}
		if w.removal.EndedOn == "" {
			w.removal.EndedOn = c.ended(w.line)
		}
		c.put = append(c.put, &w.removal)
	}
	for _, w := range c.leavers {
		if !w.there && w.tellable(c.has) {
			c.Leavers++
			w.removal.GoneOn, w.removal.VerifiedBy = c.list.Day, register.Ref[isms.Population](c.list.ID)
			c.put = append(c.put, &w.removal)
		}
	}
	return nil
}

// ended is the last day of employment of the line's person, where the HR list knows it and it is before the newer list's day.
func (c *comparing) ended(e isms.Entitlement) register.Day {
	if c.maker.staff == nil {
		return ""
	}
	at, known := c.maker.staff.Find(e.Person, e.Email)
	if !known {
		return ""
	}
	last, _ := c.maker.staff.Ended(at, c.list.Day)
	return last
}

// look goes through the newer list once. A right that has ended in it is not there.
func (c *comparing) look(ctx context.Context, tx *store.Tx) error {
	lines := c.maker.lines
	if err := lines.of(&c.list); err != nil {
		return err
	}
	return tx.SetEach(c.list.ID, func(n int64, cells []string) error {
		if n%patience == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		e := lines.line(cells)
		if e.Ended {
			return nil
		}
		for _, withRight := range []bool{true, false} {
			for _, account := range []bool{true, false} {
				for _, key := range keysOf(e, map[string]bool{"account": account, "person": !account}, withRight) {
					for _, w := range c.by[key] {
						w.there = true
					}
				}
			}
		}
		return nil
	})
}

// retractList takes back what a list showed, when its import is undone: what it showed to be gone is open again, as last seen in its own list, and
// what only it told of is withdrawn.
func (a *App) retractList(tx *store.Tx, population string) error {
	shown, err := store.Linking[isms.Removal](tx, everywhere, "verified_by", []string{population})
	if err != nil {
		return err
	}
	for _, r := range shown {
		r.GoneOn, r.VerifiedBy = "", ""
		if r.Cause == isms.RemovalLeaver {
			r.WithdrawnOn = a.Today()
		}
		own, err := store.Get[isms.Population](tx, everywhere, string(r.Population))
		if err != nil {
			return err
		}
		r.SeenOn = own.Day
		if err := tx.Put(&r); err != nil {
			return err
		}
	}
	return nil
}
