// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// awaited is a right that is looked for in the newer list.
type awaited struct {
	removal isms.Removal
	line    isms.Entitlement
	told    map[string]bool // what its own list has columns for
	there   bool
}

// tellable reports whether a list with those columns can tell whether the right is still there: it must tell the person or the account, and the
// right where the earlier list did. That something has been changed can only be told by the right.
func (w *awaited) tellable(has map[string]bool) bool {
	byAccount := w.line.Account != "" && has["account"]
	byPerson := cmp.Or(w.line.Person, w.line.Email) != "" && has["person"]
	if !byAccount && !byPerson || w.line.Right != "" && !has["role"] {
		return false
	}
	return w.removal.Wanted != isms.Alter || w.line.Right != ""
}

// keys are what the right is known by in a list that has those columns: the account where there is one, or else the person, by number and by
// e-mail address. A right that is found by either is still there.
func keysOf(e isms.Entitlement, has map[string]bool, withRight bool) (keys []string) {
	right := "\x00"
	if withRight {
		right += e.Right
	}
	if e.Account != "" && has["account"] {
		return []string{"a\x00" + e.System + "\x00" + e.Account + right}
	}
	for _, text := range []string{e.Person, e.Email} {
		if text != "" && has["person"] {
			keys = append(keys, "p\x00"+e.System+"\x00"+unpadded(text)+right)
		}
	}
	return keys
}

func (c *comparing) await(w *awaited) {
	if !w.tellable(c.has) {
		return
	}
	both := map[string]bool{}
	for what := range c.has {
		both[what] = c.has[what] && w.told[what]
	}
	for _, key := range keysOf(w.line, both, w.line.Right != "") {
		c.by[key] = append(c.by[key], w)
	}
}

// awaitRemovals finds the open removals that the list can tell of: those of the same list at an earlier time.
func (c *comparing) awaitRemovals(tx *store.Tx) error {
	all, err := store.All[isms.Removal](tx, everywhere)
	if err != nil {
		return err
	}
	lists := map[register.Ref[isms.Population]]*isms.Population{}
	rows := map[register.Ref[isms.Population]][]isms.Removal{}
	for _, r := range all {
		if r.GoneOn != "" || r.WithdrawnOn != "" || r.SeenOn >= c.list.Day {
			continue
		}
		p, read := lists[r.Population]
		if !read {
			one, err := store.Get[isms.Population](tx, everywhere, string(r.Population))
			if err != nil {
				return err
			}
			if sameList(one, c.list) && one.DisposedOn == "" && one.Day < c.list.Day {
				p = &one
			}
			lists[r.Population] = p
		}
		if p != nil {
			rows[r.Population] = append(rows[r.Population], r)
		}
	}
	for id, list := range rows {
		if err := c.awaitRows(tx, lists[id], list); err != nil {
			return err
		}
	}
	slices.SortFunc(c.open, func(a, b *awaited) int { return cmp.Compare(a.removal.ID, b.removal.ID) })
	return nil
}

func (c *comparing) awaitRows(tx *store.Tx, p *isms.Population, list []isms.Removal) error {
	lines := c.maker.lines
	if err := lines.of(p); err != nil {
		return err
	}
	told := lines.tells()
	for some := range slices.Chunk(list, pickedRows) {
		rows, err := tx.SetRows(p.ID, rowsOfRemovals(some))
		if err != nil {
			return err
		}
		for i, row := range rows {
			w := &awaited{removal: some[i], line: lines.line(row.Cells), told: told}
			c.open = append(c.open, w)
			c.await(w)
		}
	}
	return nil
}

// awaitLeavers finds the rights of the list before that belonged to people whose last day of employment the HR list knows, and which no
// removal tells of.
func (c *comparing) awaitLeavers(ctx context.Context, tx *store.Tx) error {
	if c.before == nil || c.maker.staff == nil {
		return nil
	}
	had, err := store.Linking[isms.Removal](tx, everywhere, "population", []string{c.before.ID})
	if err != nil {
		return err
	}
	told := map[int]bool{}
	for _, r := range had {
		n, _ := r.Row.Known()
		told[n] = true
	}
	asked := map[string]bool{} // the same right may have stood in several lists
	for _, w := range c.open {
		for _, key := range keysOf(w.line, w.told, true) {
			asked[key] = true
		}
	}
	lines := c.maker.lines
	if err := lines.of(c.before); err != nil {
		return err
	}
	has := lines.tells()
	err = tx.SetEach(c.before.ID, func(n int64, cells []string) error {
		if n%patience == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		e := lines.line(cells)
		if e.Ended || told[int(n)] {
			return nil
		}
		last := c.ended(e)
		if last == "" {
			return nil
		}
		for _, key := range keysOf(e, has, true) {
			if asked[key] {
				return nil
			}
		}
		r := c.maker.removal(store.SetRow{Number: n, Cells: cells}, c.list.Unit)
		r.Wanted, r.Cause, r.DecidedOn, r.EndedOn = isms.Remove, isms.RemovalLeaver, c.list.Day, last
		w := &awaited{removal: *r, line: e, told: has}
		c.leavers = append(c.leavers, w)
		c.await(w)
		return nil
	})
	return err
}
