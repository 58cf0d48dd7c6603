// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

const mostUnits = 500

// unitRecords lists the units that the actor may see, read once a visit. Those who may see none get an empty list.
func (v *visit) unitRecords() ([]*isms.Unit, error) {
	if v.unitsRead {
		return v.unitList, nil
	}
	t, err := v.site.app.List(v.r.Context(), v.who, "unit", app.Query{Limit: mostUnits, Sort: "name"})
	if err != nil && !errors.Is(err, isms.ErrNotFound) && !errors.Is(err, isms.ErrForbidden) {
		return nil, err
	}
	for _, rec := range t.Records {
		v.unitList = append(v.unitList, rec.(*isms.Unit))
	}
	v.unitsRead = true
	return v.unitList, nil
}

// A branch is a unit with how deep it stands under the uppermost that the actor sees.
type branch struct {
	unit  *isms.Unit
	depth int
}

// branches puts the units in the order of the tree. A unit whose parent may not be seen stands at the top.
func branches(units []*isms.Unit) []branch {
	under := map[string][]*isms.Unit{}
	seen := map[string]bool{}
	for _, u := range units {
		seen[u.ID] = true
	}
	for _, u := range units {
		parent := string(u.Parent)
		if !seen[parent] {
			parent = ""
		}
		under[parent] = append(under[parent], u)
	}
	var all []branch
	var walk func(parent string, depth int)
	walk = func(parent string, depth int) {
		for _, u := range under[parent] {
			all = append(all, branch{u, depth})
			if depth < 20 {
				walk(u.ID, depth+1)
			}
		}
	}
	walk("", 0)
	return all
}

// units lists the units as choices, those below others set in.
func (v *visit) units() ([]Option, error) {
	records, err := v.unitRecords()
	if err != nil {
		return nil, err
	}
	var all []Option
	for _, b := range branches(records) {
		all = append(all, Option{Value: b.unit.ID, Text: strings.Repeat("\u2003", b.depth) + b.unit.Name})
	}
	return all, nil
}

// unitName is the unit's name, or nothing if it may not be seen.
func (v *visit) unitName(id string) string {
	records, _ := v.unitRecords()
	for _, u := range records {
		if u.ID == id {
			return u.Name
		}
	}
	return ""
}

// home is the unit that a person's pages begin with: the first with a role of the person's own.
func (v *visit) home(units []Option) string {
	for _, id := range v.who.Units() {
		if slices.ContainsFunc(units, func(o Option) bool { return o.Value == id }) {
			return id
		}
	}
	if len(units) > 0 {
		return units[0].Value
	}
	return ""
}

// OrganisationPage is the tree of units with who has which role.
type OrganisationPage struct {
	Frame
	Units   []UnitRow
	NewUnit string
	NewRole string
	Lists   []Link
	Tally   string
}

// A UnitRow is one unit of the tree. Depth is its distance from the top.
type UnitRow struct {
	Link
	Depth int
	Kind  string
	Code  string
	Gone  string // that it is no longer, or not yet
	Roles []RoleRow
}

// A RoleRow is a role with those who have it.
type RoleRow struct {
	Role    string
	Persons []Link
}

func (s *site) organisation(v *visit) error {
	if _, err := v.query("as"); err != nil {
		return err
	}
	units, err := v.unitRecords()
	if err != nil {
		return err
	}
	l := v.lang
	p := &OrganisationPage{}
	p.Title = l.T("web.organisation")
	p.Tally = l.T("web.organisation.count", len(units))
	roles, err := v.rolesByUnit(p)
	if err != nil {
		return err
	}
	today := s.app.Today()
	kind, _ := register.Of[isms.Unit]().Field("kind")
	for _, b := range branches(units) {
		row := UnitRow{Link: Link{b.unit.Name, address("unit", b.unit.ID)}, Depth: b.depth, Kind: l.T(kind.ChoiceKey(string(b.unit.Kind))), Code: b.unit.Code,
			Roles: roles[b.unit.ID]}
		switch {
		case b.unit.ValidTo != "" && b.unit.ValidTo < today:
			row.Gone = l.T("web.organisation.until", string(b.unit.ValidTo))
		case b.unit.ValidFrom > today:
			row.Gone = l.T("web.organisation.from", string(b.unit.ValidFrom))
		}
		p.Units = append(p.Units, row)
	}
	sees, _ := s.app.Sees(v.who)
	for _, kind := range []string{"unit", "person", "assignment"} {
		if !sees[kind] {
			continue
		}
		p.Lists = append(p.Lists, Link{l.T("register." + kind), "/r/" + kind})
	}
	if t, err := s.app.List(v.r.Context(), v.who, "unit", app.Query{Limit: 1}); err == nil && len(t.CreateIn) > 0 {
		p.NewUnit = "/r/unit/new"
	}
	return v.show(http.StatusOK, "organisation", p)
}

// rolesByUnit reads who has which role where today, as far as the actor may see it.
func (v *visit) rolesByUnit(p *OrganisationPage) (map[string][]RoleRow, error) {
	today := v.site.app.Today()
	role, _ := register.Of[isms.Assignment]().Field("role")
	all := map[string][]RoleRow{}
	q := app.Query{Limit: 500}
	for {
		t, err := v.site.app.List(v.r.Context(), v.who, "assignment", q)
		if errors.Is(err, isms.ErrNotFound) || errors.Is(err, isms.ErrForbidden) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if len(t.CreateIn) > 0 {
			p.NewRole = "/r/assignment/new"
		}
		for _, rec := range t.Records {
			a := rec.(*isms.Assignment)
			if !a.Holds(today) {
				continue
			}
			name := v.lang.T(role.ChoiceKey(string(a.Role)))
			rows := all[a.Unit]
			i := slices.IndexFunc(rows, func(r RoleRow) bool { return r.Role == name })
			if i < 0 {
				i = len(rows)
				rows = append(rows, RoleRow{Role: name})
			}
			person := linked(v.lang, "person", string(a.Person), t.Titles)
			rows[i].Persons = append(rows[i].Persons, Link{person.Text, person.URL})
			all[a.Unit] = rows
		}
		if q.After = t.Next; q.After == "" {
			break
		}
	}
	for _, rows := range all {
		slices.SortFunc(rows, func(a, b RoleRow) int { return cmp.Compare(a.Role, b.Role) })
	}
	return all, nil
}
