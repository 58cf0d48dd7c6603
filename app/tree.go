// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"

	"ledsyn/isms"
)

// subtree returns the unit and all units below it, the unit first; nothing if there is no such unit. A circle, which no
// act can make, ends where it closes.
func subtree(units []isms.Unit, root string) []string {
	if !slices.ContainsFunc(units, func(u isms.Unit) bool { return u.ID == root }) {
		return nil
	}
	ids := []string{root}
	for i := 0; i < len(ids); i++ {
		for _, u := range units {
			if string(u.Parent) == ids[i] && !slices.Contains(ids, u.ID) {
				ids = append(ids, u.ID)
			}
		}
	}
	return ids
}

// above returns the units over the unit, the nearest first.
func above(units []isms.Unit, id string) []string {
	var ids []string
	for {
		i := slices.IndexFunc(units, func(u isms.Unit) bool { return u.ID == id })
		if i < 0 || units[i].Parent == "" || slices.Contains(ids, string(units[i].Parent)) {
			return ids
		}
		id = string(units[i].Parent)
		ids = append(ids, id)
	}
}
