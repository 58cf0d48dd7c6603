// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/sheet/mapping"
	"ledsyn/store"
)

// FeedStaff says what of a staff list becomes records. Headcounts always do.
type FeedStaff struct {
	Population string
	Persons    string // which new persons get a record: none, leaders or all; "" is none
	MakeUnits  bool   // units of the list that there are not are made under the list's own unit
	Retire     bool   // persons who are known and have left are taken out of use
	Key        string
}

// StaffFeed is what a staff list changes, before and after it has been fed.
type StaffFeed struct {
	Set      *isms.Population
	Earlier  *isms.Population // the list that it is compared with, nil if it is the first
	Units    []StaffUnit
	Unknown  []string // units of the list that there are not, as it writes them
	MayMake  bool     // whether the actor may make them
	Joined   int
	Left     int
	Moved    int
	New      []string       // persons who get a record, as the list names them
	Changed  []PersonChange // persons whose record changes
	Leavers  []PersonChange // persons with a record who have left
	Nameless int            // rows that name no person
	Done     bool           // the headcounts of this list are there
}

// StaffUnit is a unit's numbers. ID is "" where there is no such unit.
type StaffUnit struct {
	ID, Name string
	isms.StaffCount
}

// PersonChange is a person whose record a staff list says something else about.
type PersonChange struct {
	ID, Name string
	Fields   []string
}

// StaffPlan tells what feeding the list would do. Rights as for feeding it.
func (a *App) StaffPlan(ctx context.Context, who access.Actor, f FeedStaff) (StaffFeed, error) {
	var plan staffPlan
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		plan, err = a.planStaff(ctx, tx, who, f)
		return err
	})
	return plan.StaffFeed, err
}

// FeedStaff makes headcounts of a staff list, and of its persons and units what the choices say. Everything is one act. The list must
// be an HR list with columns for person and unit, in a unit where the actor may make headcounts; units, persons and retirements
// need their own rights, too.
func (a *App) FeedStaff(ctx context.Context, who access.Actor, f FeedStaff) error {
	_, err := a.once(ctx, who, f.Key, f, func(tx *store.Tx) (string, error) {
		plan, err := a.planStaff(ctx, tx, who, f)
		if err != nil {
			return "", err
		}
		if plan.Done {
			return "", register.Wrongs{{Code: "staff_fed"}}
		}
		for _, rec := range plan.put {
			if wrong := register.Check(rec); len(wrong) > 0 {
				return "", register.Wrongs(wrong)
			}
			if err := tx.Put(rec); err != nil {
				return "", err
			}
		}
		for _, p := range plan.retire {
			if err := tx.Retire(register.Of[isms.Person](), who.In(access.Retire, "person"), p.ID, p.Rev, plan.Set.Day); err != nil {
				return "", err
			}
		}
		return plan.Set.ID, nil
	})
	return err
}

// staffPlan is a StaffFeed with the records that it comes to.
type staffPlan struct {
	StaffFeed
	put    []register.Entity // units before those who are in them
	retire []isms.Person
}

// population returns the set, of the kind, for somebody who may see it and make records of the register in its unit.
func (a *App) population(ctx context.Context, tx *store.Tx, who access.Actor, id string, kind isms.PopulationKind, makes string) (*isms.Population, error) {
	rec, err := tx.Get(register.Of[isms.Population](), who.In(access.See, "population"), id)
	if err != nil {
		return nil, err
	}
	p := rec.(*isms.Population)
	if err := a.allow(ctx, who, access.Create, makes, p.Unit); err != nil {
		return nil, err
	}
	if p.Kind != kind {
		return nil, register.Wrongs{{Field: "kind", Code: "set_of_other_kind"}}
	}
	if p.DisposedOn != "" {
		return nil, register.Wrongs{{Code: "set_disposed", Args: []any{string(p.DisposedOn)}}}
	}
	return p, nil
}

// lacks is what is wrong with a set that has no column of the meaning.
var lacks = map[string]string{"person": "set_lacks_person", "unit": "set_lacks_unit", "course": "set_lacks_course"}

// meanings tells which column of the set holds what, by number, and in which order its days are written.
func meanings(p *isms.Population, needed ...string) (columns map[string]int, order string, err error) {
	var heads []string
	var means map[string]string
	if err := json.Unmarshal([]byte(p.Columns), &heads); err != nil {
		return nil, "", err
	}
	if p.Meaning != "" {
		if err := json.Unmarshal([]byte(p.Meaning), &means); err != nil {
			return nil, "", err
		}
	}
	columns = map[string]int{}
	for meaning, head := range means {
		if i := slices.Index(heads, head); i >= 0 {
			columns[meaning] = i
		}
	}
	var wrong register.Wrongs
	for _, n := range needed {
		if _, ok := columns[n]; !ok {
			wrong = append(wrong, register.Wrong{Code: lacks[n]})
		}
	}
	if wrong != nil {
		return nil, "", wrong
	}
	return columns, means["dates"], nil
}

// cellsOf reads the columns of a row by their meaning.
type cellsOf struct {
	columns map[string]int
	order   string
	cells   []string
}

func (c cellsOf) text(meaning string) string {
	if i, ok := c.columns[meaning]; ok {
		return strings.TrimSpace(c.cells[i])
	}
	return ""
}

func (c cellsOf) day(meaning string) register.Day {
	day, _, _ := sheet.ParseDay(c.text(meaning), c.order)
	return day
}

func (c cellsOf) yes(meaning string) bool {
	yes, _ := mapping.Yes(c.text(meaning))
	return yes
}

func (c cellsOf) count(meaning string) register.Count {
	number, ok := sheet.ParseNumber(c.text(meaning))
	n, err := strconv.Atoi(number)
	if !ok || err != nil {
		return register.Count{}
	}
	return register.CountOf(n)
}

// staffOf reads who was employed on the set's day. Units are as the set writes them.
func staffOf(tx *store.Tx, p *isms.Population) (isms.Staff, int, error) {
	columns, order, err := meanings(p, "person", "unit")
	if err != nil {
		return nil, 0, err
	}
	staff, nameless := isms.Staff{}, 0
	err = tx.SetEach(p.ID, func(_ int64, cells []string) error {
		c := cellsOf{columns, order, cells}
		nameless += staff.Add(isms.Employed{Person: sheet.Fold(c.text("person")), Name: c.text("name"), Email: c.text("email"),
			Title: c.text("title"), Unit: c.text("unit"), Leads: c.yes("leader"), From: c.day("from"), To: c.day("to")}, p.Day)
		return nil
	})
	return staff, nameless, err
}

// earlier returns the latest set of the same kind, list and unit from before the set's day, or nil.
func earlier(tx *store.Tx, p *isms.Population) (*isms.Population, error) {
	all, err := store.All[isms.Population](tx, register.In{Units: []string{p.Unit}})
	if err != nil {
		return nil, err
	}
	var last *isms.Population
	for i, q := range all {
		if q.Kind == p.Kind && strings.EqualFold(q.Source, p.Source) && q.DisposedOn == "" && q.Day < p.Day && (last == nil || q.Day > last.Day) {
			last = &all[i]
		}
	}
	return last, nil
}

func (a *App) planStaff(ctx context.Context, tx *store.Tx, who access.Actor, f FeedStaff) (staffPlan, error) {
	set, err := a.population(ctx, tx, who, f.Population, isms.Employments, "headcount")
	if err != nil {
		return staffPlan{}, err
	}
	p := staffPlan{StaffFeed: StaffFeed{Set: set, MayMake: who.May(access.Create, "unit", set.Unit)}}
	is, nameless, err := staffOf(tx, set)
	if err != nil {
		return p, err
	}
	p.Nameless = nameless
	var was isms.Staff
	if p.Earlier, err = earlier(tx, set); err != nil {
		return p, err
	}
	if p.Earlier != nil {
		if was, _, err = staffOf(tx, p.Earlier); err != nil {
			return p, err
		}
	}
	units, err := a.staffUnits(ctx, tx, who, f, &p, was, is)
	if err != nil {
		return p, err
	}
	place(was, units)
	place(is, units)
	if err := p.headcounts(tx, who, units, was, is); err != nil {
		return p, err
	}
	return p, a.staffPersons(ctx, tx, who, f, &p, units, is)
}

// place writes the units' ids for the list's names of them.
func place(staff isms.Staff, units map[string]isms.Unit) {
	for person, e := range staff {
		e.Unit = units[sheet.Fold(e.Unit)].ID
		staff[person] = e
	}
}

// staffUnits finds the units that the lists name, by code, name or id, among the set's own unit and those below it. Units that are
// not there are made if the choice is so, and else told of.
func (a *App) staffUnits(ctx context.Context, tx *store.Tx, who access.Actor, f FeedStaff, p *staffPlan, lists ...isms.Staff) (map[string]isms.Unit, error) {
	all, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	if err != nil {
		return nil, err
	}
	known := map[string]isms.Unit{}
	within := subtree(all, p.Set.Unit)
	for _, by := range []func(isms.Unit) string{func(u isms.Unit) string { return u.Name }, func(u isms.Unit) string { return u.Code },
		func(u isms.Unit) string { return u.ID }} {
		for _, u := range all {
			if slices.Contains(within, u.ID) && u.Retired == "" {
				known[sheet.Fold(by(u))] = u
			}
		}
	}
	named := map[string]string{}
	for _, list := range lists {
		for _, e := range list {
			named[sheet.Fold(e.Unit)] = e.Unit
		}
	}
	for _, folded := range slices.Sorted(maps.Keys(named)) {
		if _, there := known[folded]; there {
			continue
		}
		p.Unknown = append(p.Unknown, named[folded])
		if !f.MakeUnits || folded == "" {
			continue
		}
		if err := a.allow(ctx, who, access.Create, "unit", p.Set.Unit); err != nil {
			return nil, err
		}
		u := isms.Unit{Name: cut(named[folded], 120), Code: cut(named[folded], 20), Kind: "department",
			Parent: register.Ref[isms.Unit](p.Set.Unit), ValidFrom: p.Set.Day}
		u.ID = register.NewID()
		u.Unit = u.ID
		known[folded] = u
		p.put = append(p.put, &u)
	}
	return known, nil
}

func cut(s string, n int) string {
	r := []rune(s)
	return strings.TrimSpace(string(r[:min(len(r), n)]))
}

// headcounts counts every unit of the lists. Units that there are not are counted together, without a record.
func (p *staffPlan) headcounts(tx *store.Tx, who access.Actor, units map[string]isms.Unit, was, is isms.Staff) error {
	names := map[string]string{}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	there, err := store.Linking[isms.Headcount](tx, everywhere, "population", []string{p.Set.ID})
	if err != nil {
		return err
	}
	p.Done = len(there) > 0
	counts := isms.CountStaff(was, is)
	for _, unit := range slices.Sorted(maps.Keys(counts)) {
		c := counts[unit]
		p.Units = append(p.Units, StaffUnit{ID: unit, Name: names[unit], StaffCount: c})
		if unit == "" {
			continue
		}
		if _, known := units[sheet.Fold(unit)]; known && !who.May(access.Create, "headcount", unit) {
			return isms.ErrForbidden
		}
		h := &isms.Headcount{Day: p.Set.Day, Persons: register.CountOf(c.Persons), Managers: register.CountOf(c.Managers), Joined: c.Joined,
			Left: c.Left, MovedIn: c.MovedIn, MovedOut: c.MovedOut, Population: register.Ref[isms.Population](p.Set.ID), Source: p.Set.Name}
		h.ID, h.Unit = register.NewID(), unit
		p.put = append(p.put, h)
	}
	slices.SortFunc(p.Units, func(a, b StaffUnit) int { return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID)) })
	if was != nil {
		p.Left = len(is.Left(was))
		p.Joined = len(was.Left(is))
		for person, e := range is {
			if before, there := was[person]; there && before.Unit != e.Unit {
				p.Moved++
			}
		}
	}
	return nil
}
