// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/store"
)

// A dealing is how rows are dealt out: who judges them, which HR list knows managers ("" for none), and who judges what nobody else can.
type dealing struct {
	Judges  isms.Judges
	Judge   string // who judges all, where one does
	Staff   string
	Reserve string
}

// dealingOfReview is how an access review is dealt out, dealingOfCheck how a spot check is: what its reviewers cannot judge, its checker does.
func dealingOfReview(r isms.AccessReview) dealing {
	return dealing{r.Judges, string(r.Judge), string(r.Staff), string(r.Reserve)}
}

func dealingOfCheck(c isms.SpotCheck) dealing {
	return dealing{c.Judges, string(c.Judge), "", string(c.Checker)}
}

// A dealer finds who judges each row. Of rows it keeps nothing but their numbers, and of the lists nothing but the HR list.
//
// By managers, the first of these who is known and is not the row's own person: the row's manager, the person's manager in the HR list, and then
// the manager or else the head of the row's unit, or of the person's unit in the HR list, and of each unit above it. By owners: the owner of the
// row's system, or else of the list's. Else, and where that is the row's own person: the reserve; else nobody.
type dealer struct {
	app   *App
	tx    *store.Tx
	how   dealing
	today register.Day

	persons *calledPersons
	there   map[string]bool     // persons in use
	called  map[string]string   // a person by number, e-mail, id, or a name that nobody else has
	units   map[string]string   // by name, code and id
	title   map[string]string   // of units, by id
	up      map[string][]string // a unit that exists with those above it, the nearest first
	holds   map[string][]string // managers and then heads, by unit
	systems map[string]isms.System
	staff   map[string]*staffLine
	selves  map[string]self
	folded  map[string]string

	parts map[dealtKey]*dealt
	order []dealtKey
}

// A staffLine is what the HR list says of a person.
type staffLine struct {
	person, email, manager, unit string
	holds                        bool // on the list's day
}

type dealtKey struct{ population, reviewer, name string }

// dealers returns a dealer of the organisation as it is today. It must not be used in an act that makes persons or units before.
func (a *App) dealers(tx *store.Tx, org string, how dealing) (*dealer, error) {
	d := &dealer{app: a, tx: tx, how: how, today: a.Today(), there: map[string]bool{}, called: map[string]string{}, units: map[string]string{},
		title: map[string]string{}, up: map[string][]string{}, holds: map[string][]string{}, systems: map[string]isms.System{},
		staff: map[string]*staffLine{}, selves: map[string]self{}, folded: map[string]string{}, parts: map[dealtKey]*dealt{}}
	d.persons = &calledPersons{} // its own: what is kept is locked while it is used
	for _, read := range []func() error{func() error { return d.persons.read(tx) }, d.readPersons, d.readUnits, d.readSystems, d.readStaff} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *dealer) readPersons() error {
	var all []isms.Person
	if err := d.tx.Unveiled(func() error { return load(d.tx, &all) }); err != nil {
		return err
	}
	names := map[string][]string{}
	for _, p := range all {
		if !active(p, d.today) {
			continue
		}
		d.there[p.ID] = true
		names[sheet.Fold(p.Name)] = append(names[sheet.Fold(p.Name)], p.ID)
	}
	for name, ids := range names {
		if len(ids) == 1 && name != "" {
			d.called[name] = ids[0]
		}
	}
	for _, by := range []func(isms.Person) string{func(p isms.Person) string { return p.Email }, func(p isms.Person) string { return p.Number },
		func(p isms.Person) string { return p.ID }} {
		for _, p := range all {
			if text := sheet.Fold(by(p)); text != "" && d.there[p.ID] {
				d.called[text] = p.ID
			}
		}
	}
	return nil
}

// readUnits reads the tree as it is today: a unit that has ceased holds nobody, and what it was leads to those above it.
func (d *dealer) readUnits() error {
	var units []isms.Unit
	var assignments []isms.Assignment
	err := d.tx.Unveiled(func() error { return errors.Join(load(d.tx, &units), load(d.tx, &assignments)) })
	if err != nil {
		return err
	}
	exists := map[string]bool{}
	for _, by := range []func(isms.Unit) string{func(u isms.Unit) string { return u.Name }, func(u isms.Unit) string { return u.Code },
		func(u isms.Unit) string { return u.ID }} {
		for _, living := range []bool{false, true} { // of two with one name the one that exists
			for _, u := range units {
				if is := u.Exists(d.today) && u.Retired == ""; is == living {
					d.units[sheet.Fold(by(u))] = u.ID
					exists[u.ID] = is
				}
			}
		}
	}
	for _, u := range units {
		d.title[u.ID] = u.Name
		for _, place := range append([]string{u.ID}, above(units, u.ID)...) {
			if exists[place] {
				d.up[u.ID] = append(d.up[u.ID], place)
			}
		}
	}
	slices.SortStableFunc(assignments, func(x, y isms.Assignment) int { return cmp.Compare(x.ValidFrom, y.ValidFrom) })
	for _, role := range []isms.Role{isms.Manager, isms.Head} {
		for _, as := range assignments {
			if as.Role == role && as.Holds(d.today) && d.there[string(as.Person)] {
				d.holds[as.Unit] = append(d.holds[as.Unit], string(as.Person))
			}
		}
	}
	return nil
}

func (d *dealer) readSystems() error {
	var all []isms.System
	if err := d.tx.Unveiled(func() error { return load(d.tx, &all) }); err != nil {
		return err
	}
	for _, by := range []func(isms.System) string{func(s isms.System) string { return s.Name }, func(s isms.System) string { return s.ID }} {
		for _, s := range all {
			d.systems[sheet.Fold(by(s))] = s
		}
	}
	return nil
}

func (d *dealer) readStaff() error {
	if d.how.Staff == "" {
		return nil
	}
	p, err := store.Get[isms.Population](d.tx, everywhere, d.how.Staff)
	if err != nil || p.DisposedOn != "" {
		return err
	}
	columns, order, err := meanings(&p)
	if err != nil {
		return err
	}
	return d.tx.SetEach(p.ID, func(_ int64, cells []string) error {
		c := cellsOf{columns, order, cells}
		one := &staffLine{person: sheet.Fold(c.text("person")), email: sheet.Fold(c.text("email")), manager: d.fold(c.text("manager")), unit: d.fold(c.text("unit"))}
		from, to := c.day("from"), c.day("to")
		one.holds = (from == "" || from <= p.Day) && (to == "" || p.Day <= to)
		for _, text := range []string{one.person, one.email} {
			if was := d.staff[text]; text != "" && (was == nil || one.holds && !was.holds) {
				d.staff[text] = one
			}
		}
		return nil
	})
}

// maxFolded is how many texts a dealer remembers the folded form of, before it begins anew.
const maxFolded = 100_000

func (d *dealer) fold(text string) string {
	if text == "" {
		return ""
	}
	folded, known := d.folded[text]
	if !known {
		if len(d.folded) >= maxFolded {
			clear(d.folded)
		}
		folded = sheet.Fold(text)
		d.folded[text] = folded
	}
	return folded
}

// A listDealer deals out the rows of one list.
type listDealer struct {
	*dealer
	list                  *isms.Population
	names                 nameColumns
	unit, manager, system int
}

// of begins with a list.
func (d *dealer) of(p *isms.Population) *listDealer {
	l := &listDealer{dealer: d, list: p, names: namesIn(p), unit: -1, manager: -1, system: -1}
	for what, i := range columnMeanings(*p) {
		switch what {
		case "unit":
			l.unit = i
		case "manager":
			l.manager = i
		case "system":
			l.system = i
		}
	}
	return l
}

func (l *listDealer) cell(cells []string, i int) string {
	if i < 0 || i >= len(cells) {
		return ""
	}
	return l.fold(cells[i])
}

// take deals out a row. The marks may be shared between rows, and are kept.
func (l *listDealer) take(row int64, cells []string, chosen bool, marks ...string) error {
	n := rowNames{l.cell(cells, l.names.person), l.cell(cells, l.names.email), l.cell(cells, l.names.account), l.cell(cells, l.names.name)}
	staff := cmp.Or(l.staff[n.person], l.staff[n.email], l.staff[n.account])
	reviewer, byUnit, name, err := l.reviewer(n, staff, cells)
	if err != nil {
		return err
	}
	key := dealtKey{l.list.ID, reviewer, name}
	part := l.parts[key]
	if part == nil {
		part = &dealt{Name: name, Reviewer: reviewer, Population: l.list.ID, Marks: map[int64][]string{}, looked: true}
		l.parts[key] = part
		l.order = append(l.order, key)
	}
	part.byUnit = cmp.Or(part.byUnit, byUnit) // enough to be noticed when the unit has another
	part.Rows = append(part.Rows, row)
	if chosen {
		part.Chosen = append(part.Chosen, row)
	}
	if len(marks) > 0 {
		part.Marks[row] = marks
	}
	return nil
}

// each deals out all rows of the list. marks, which may be nil, says what rules say of a row.
func (l *listDealer) each(marks func(row int64, cells []string) []string) error {
	return l.tx.SetEach(l.list.ID, func(row int64, cells []string) error {
		if marks == nil {
			return l.take(row, cells, false)
		}
		return l.take(row, cells, false, marks(row, cells)...)
	})
}

// rows deals out the rows of those numbers, in order.
func (l *listDealer) rows(numbers []int64, chosen map[int64]bool) error {
	for some := range slices.Chunk(numbers, maxPortion) {
		rows, err := l.tx.SetRows(l.list.ID, some)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := l.take(row.Number, row.Cells, chosen[row.Number]); err != nil {
				return err
			}
		}
	}
	return nil
}

// reviewer finds who judges the row, the unit whose manager or head that is where that is why, and what the portion is called.
func (l *listDealer) reviewer(n rowNames, staff *staffLine, cells []string) (reviewer, byUnit, name string, err error) {
	var candidates []string
	var unit string
	named := 2 // candidates who are not found by the tree
	switch l.how.Judges {
	case isms.JudgedByOne:
		candidates, name = []string{l.how.Judge}, l.list.Name
	case isms.JudgedByOwners:
		s, known := l.systems[l.cell(cells, l.system)]
		if !known {
			s = l.systems[string(l.list.System)]
		}
		candidates, name = []string{string(s.Owner)}, cmp.Or(s.Name, l.list.Name)
	default:
		unit = l.units[l.cell(cells, l.unit)]
		if unit == "" && staff != nil {
			unit = l.units[staff.unit]
		}
		candidates = []string{l.called[l.cell(cells, l.manager)], ""}
		if staff != nil {
			candidates[1] = l.called[staff.manager]
		}
		for _, place := range l.up[unit] {
			candidates = append(candidates, l.holds[place]...)
		}
		name = cmp.Or(l.title[unit], strings.TrimSpace(l.raw(cells, l.unit)), l.list.Name)
	}
	for i, person := range append(candidates, l.how.Reserve) {
		if person == "" || !l.there[person] {
			continue
		}
		mine, err := l.self(person)
		if err != nil {
			return "", "", "", err
		}
		if mine.isIn(n) {
			continue
		}
		if i >= named && i < len(candidates) {
			byUnit = unit
		}
		return person, byUnit, name, nil
	}
	return "", "", name, nil
}

func (l *listDealer) raw(cells []string, i int) string {
	if i < 0 || i >= len(cells) {
		return ""
	}
	return cells[i]
}

func (d *dealer) self(person string) (self, error) {
	s, known := d.selves[person]
	if known {
		return s, nil
	}
	s, err := d.persons.closure(person, func(called string) ([]string, error) {
		line := d.staff[called]
		if line == nil {
			return nil, nil
		}
		return []string{line.person, line.email}, nil
	})
	d.selves[person] = s
	return s, err
}

// fewRows is how many rows are too few to be a part of their own.
const fewRows = 10

// deal is what has been dealt out since it was asked for last, by list, name and reviewer. A reviewer's parts with few rows are put with the
// reviewer's largest of the same list, so that nobody has many pages with a row on each.
func (d *dealer) deal() []dealt {
	slices.SortFunc(d.order, func(x, y dealtKey) int {
		return cmp.Or(cmp.Compare(x.population, y.population), cmp.Compare(x.name, y.name), cmp.Compare(x.reviewer, y.reviewer))
	})
	largest := map[dealtKey]*dealt{}
	for _, key := range d.order {
		of, part := dealtKey{key.population, key.reviewer, ""}, d.parts[key]
		if largest[of] == nil || len(part.Rows) > len(largest[of].Rows) {
			largest[of] = part
		}
	}
	grown := map[*dealt]bool{}
	for _, key := range d.order {
		part, into := d.parts[key], largest[dealtKey{key.population, key.reviewer, ""}]
		if part != into && len(part.Rows) < fewRows {
			into.take(*part)
			part.Rows, grown[into] = nil, true
		}
	}
	var list []dealt
	for _, key := range d.order {
		part := d.parts[key]
		if grown[part] {
			slices.Sort(part.Rows)
			slices.Sort(part.Chosen)
		}
		if len(part.Rows) > 0 {
			list = append(list, *part)
		}
	}
	clear(d.parts)
	d.order = nil
	return list
}

// take takes another part's rows.
func (d *dealt) take(other dealt) {
	d.Rows, d.Chosen, d.byUnit = append(d.Rows, other.Rows...), append(d.Chosen, other.Chosen...), cmp.Or(d.byUnit, other.byUnit)
	for n, marks := range other.Marks {
		d.Marks[n] = marks
	}
}
