// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"

	"ledsyn/isms"
	"ledsyn/store"
)

// Part is a person with a role whom one may step into in a demonstration.
type Part struct {
	Person string
	Name   string
	Title  string
	Roles  []isms.Role
	Units  []string // names of the units in which the person has a role of their own
}

// Cast is an organisation with those whom one may step into there.
type Cast struct {
	Organisation Organisation
	Parts        []Part
}

// Cast lists everybody with a role today, by organisation, in a demonstration; isms.ErrNotFound in any other program.
func (a *App) Cast(ctx context.Context) ([]Cast, error) {
	if !a.Demo {
		return nil, isms.ErrNotFound
	}
	organisations, err := a.DB.Organisations(ctx)
	if err != nil {
		return nil, err
	}
	var all []Cast
	for _, org := range organisations {
		c := Cast{Organisation: org}
		err := a.DB.View(ctx, org.ID, func(tx *store.Tx) error {
			units, err := store.All[isms.Unit](tx, everywhere)
			if err != nil {
				return err
			}
			persons, err := store.All[isms.Person](tx, everywhere)
			if err != nil {
				return err
			}
			held, err := store.All[isms.Assignment](tx, everywhere)
			if err != nil {
				return err
			}
			for _, p := range persons {
				if part := a.part(p, held, units); len(part.Roles) > 0 {
					c.Parts = append(c.Parts, part)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func (a *App) part(p isms.Person, held []isms.Assignment, units []isms.Unit) Part {
	part := Part{Person: p.ID, Name: p.Name, Title: p.Title}
	today := a.Today()
	for _, h := range held {
		if string(h.Person) != p.ID || !h.Holds(today) {
			continue
		}
		if !slices.Contains(part.Roles, h.Role) {
			part.Roles = append(part.Roles, h.Role)
		}
		for _, u := range units {
			if u.ID == h.Unit && !slices.Contains(part.Units, u.Name) {
				part.Units = append(part.Units, u.Name)
			}
		}
	}
	return part
}
