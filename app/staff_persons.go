// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/store"
)

// staffPersons says what the list changes of the persons that have records: told by their number, or else by their e-mail address.
func (a *App) staffPersons(ctx context.Context, tx *store.Tx, who access.Actor, f FeedStaff, p *staffPlan, units map[string]isms.Unit, is isms.Staff) error {
	persons, err := store.All[isms.Person](tx, who.In(access.See, "person"))
	if err != nil {
		return err
	}
	byNumber, byEmail := map[string]*isms.Person{}, map[string]*isms.Person{}
	for i := range persons {
		one := &persons[i]
		if one.Number != "" {
			byNumber[sheet.Fold(one.Number)] = one
		}
		if one.Email != "" {
			byEmail[sheet.Fold(one.Email)] = one
		}
	}
	met := map[string]bool{}
	for _, person := range slices.Sorted(maps.Keys(is)) {
		e := is[person]
		one := cmp.Or(byNumber[person], byEmail[person], byEmail[sheet.Fold(e.Email)])
		switch {
		case one != nil:
			met[one.ID] = true
			if err := a.staffChange(ctx, who, p, one, e); err != nil {
				return err
			}
		case e.Unit != "" && e.Name != "" && (f.Persons == "all" || f.Persons == "leaders" && e.Leads):
			if !a.newUnit(p, e.Unit) {
				if err := a.allow(ctx, who, access.Create, "person", e.Unit); err != nil {
					return err
				}
			}
			n := &isms.Person{Name: cut(e.Name, 120), Title: cut(e.Title, 120), Email: cut(e.Email, 200)}
			if n.Number = cut(person, 40); n.Number == sheet.Fold(e.Email) {
				n.Number = ""
			}
			n.ID, n.Unit = register.NewID(), e.Unit
			p.New = append(p.New, n.Name)
			p.put = append(p.put, n)
		}
	}
	return a.staffLeavers(ctx, who, f, p, persons, met)
}

// newUnit reports whether the unit is one that this act makes.
func (a *App) newUnit(p *staffPlan, unit string) bool {
	return slices.ContainsFunc(p.put, func(rec register.Entity) bool {
		u, ok := rec.(*isms.Unit)
		return ok && u.ID == unit
	})
}

// staffChange changes what the list knows better of a person: unit, title, e-mail address, number. What the list does not say stays.
func (a *App) staffChange(ctx context.Context, who access.Actor, p *staffPlan, was *isms.Person, e isms.Employed) error {
	is := *was
	is.Title = cmp.Or(cut(e.Title, 120), is.Title)
	is.Email = cmp.Or(cut(e.Email, 200), is.Email)
	if sheet.Fold(e.Email) != e.Person {
		is.Number = cmp.Or(cut(e.Person, 40), is.Number)
	}
	var fields []string
	for _, c := range register.Diff(was, &is) {
		fields = append(fields, c.Field.Name)
	}
	if e.Unit != "" && e.Unit != was.Unit {
		is.Unit = e.Unit
		fields = append(fields, "unit")
		if !a.newUnit(p, e.Unit) {
			if err := a.allow(ctx, who, access.Create, "person", e.Unit); err != nil {
				return err
			}
		}
	}
	if fields == nil {
		return nil
	}
	if err := a.allow(ctx, who, access.Change, "person", was.Unit); err != nil {
		return err
	}
	p.Changed = append(p.Changed, PersonChange{was.ID, was.Name, fields})
	p.put = append(p.put, &is)
	return nil
}

// staffLeavers finds persons whom staff lists know by their number, in the set's units, and who are not in this one.
func (a *App) staffLeavers(ctx context.Context, who access.Actor, f FeedStaff, p *staffPlan, persons []isms.Person, met map[string]bool) error {
	counted := map[string]bool{p.Set.Unit: true}
	for _, u := range p.Units {
		counted[u.ID] = true
	}
	for _, one := range persons {
		if one.Number == "" || met[one.ID] || !counted[one.Unit] {
			continue
		}
		p.Leavers = append(p.Leavers, PersonChange{ID: one.ID, Name: one.Name})
		if !f.Retire {
			continue
		}
		if err := a.allow(ctx, who, access.Retire, "person", one.Unit); err != nil {
			return err
		}
		p.retire = append(p.retire, one)
	}
	return nil
}
