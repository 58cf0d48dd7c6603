// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/sheet/mapping"
	"ledsyn/store"
)

// lineReader reads the rows of entitlement lists as their columns are meant. Lists repeat their texts, so each is folded and read once.
type lineReader struct {
	systems map[string]string // by folded name and id
	roles   map[string]bool   // folded; empty is all
	units   *unitTexts

	folded map[string]string
	days   map[dayText]register.Day
	met    map[string]bool // systems of the rows that have been read

	list    *isms.Population
	columns map[string]int
	order   string
	system  string // of rows that name none
	last    string // the system of the row before
}

type dayText struct{ text, order string }

// mostTexts is how many texts are remembered before they are forgotten.
const mostTexts = 200_000

// newLineReader returns a reader of lines in the organisation. roles is as an access review has it: one a line, "" is all.
func newLineReader(tx *store.Tx, roles string) (*lineReader, error) {
	r := &lineReader{systems: map[string]string{}, roles: map[string]bool{}, met: map[string]bool{}, folded: map[string]string{}, days: map[dayText]register.Day{}}
	systems, err := store.All[isms.System](tx, everywhere)
	if err != nil {
		return nil, err
	}
	for _, s := range systems {
		r.systems[sheet.Fold(s.Name)] = s.ID
	}
	for _, s := range systems {
		r.systems[sheet.Fold(s.ID)] = s.ID
	}
	for _, role := range linesOf(roles) {
		r.roles[sheet.Fold(role)] = true
	}
	r.units, err = newUnitTexts(tx)
	return r, err
}

// linesOf is what stands on each line of a text, without those where nothing does.
func linesOf(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// of begins with a list.
func (r *lineReader) of(p *isms.Population) (err error) {
	r.list = p
	r.columns, r.order, err = meanings(p)
	r.system = cmp.Or(string(p.System), "list "+cmp.Or(sheet.Fold(p.Source), p.ID))
	return err
}

// has reports whether the list has a column of the meaning.
func (r *lineReader) has(meaning string) bool {
	_, ok := r.columns[meaning]
	return ok
}

func (r *lineReader) raw(cells []string, meaning string) string {
	if i, ok := r.columns[meaning]; ok && i < len(cells) {
		return cells[i]
	}
	return ""
}

func (r *lineReader) fold(cells []string, meaning string) string {
	text := r.raw(cells, meaning)
	if text == "" {
		return ""
	}
	folded, known := r.folded[text]
	if !known {
		if len(r.folded) >= mostTexts {
			clear(r.folded)
		}
		folded = sheet.Fold(text)
		r.folded[text] = folded
	}
	return folded
}

func (r *lineReader) day(cells []string, meaning string) register.Day {
	key := dayText{dayPart(r.raw(cells, meaning)), r.order}
	if key.text == "" {
		return ""
	}
	day, known := r.days[key]
	if !known {
		if len(r.days) >= mostTexts {
			clear(r.days)
		}
		day, _, _ = sheet.ParseDay(key.text, r.order)
		r.days[key] = day
	}
	return day
}

// dayPart is 2024-01-31 of 2024-01-31 14:05:09, so that times of day are not texts of their own; of anything else it is all.
func dayPart(text string) string {
	if len(text) > 10 && text[4] == '-' && text[7] == '-' && (text[10] == ' ' || text[10] == 'T') && strings.Trim(text[11:], "0123456789:.Z") == "" {
		return text[:10]
	}
	return text
}

// is reports whether the cell says yes, or else no.
func (r *lineReader) is(cells []string, meaning string) (yes, said bool) {
	text := r.fold(cells, meaning)
	if text == "" {
		return false, false
	}
	return mapping.Yes(text)
}

// systemOf is the id of the row's system, or what the list writes where there is no such system.
func (r *lineReader) systemOf(cells []string) string {
	text := r.fold(cells, "system")
	if text == "" {
		return r.system
	}
	return cmp.Or(r.systems[text], text)
}

// never are the words by which lists say that an account has never been used.
var never = []string{"aldrig", "never", "-", "–"}

// line reads a row.
func (r *lineReader) line(cells []string) isms.Entitlement {
	e := isms.Entitlement{Person: r.fold(cells, "person"), Email: r.fold(cells, "email"), Account: r.fold(cells, "account"), System: r.systemOf(cells),
		Right: r.fold(cells, "role"), Unit: strings.TrimSpace(r.raw(cells, "unit")), Granted: r.day(cells, "granted"), LastUsed: r.day(cells, "last_used")}
	if e.System != r.last {
		r.last, r.met[e.System] = e.System, true
	}
	e.Privileged, _ = r.is(cells, "privileged")
	active, said := r.is(cells, "active")
	to := r.day(cells, "to")
	e.Ended = said && !active || to != "" && to < r.list.Day
	if used := r.fold(cells, "last_used"); r.has("last_used") {
		e.Unused = used == "" || slices.Contains(never, used)
	}
	e.Aside = len(r.roles) > 0 && !r.roles[e.Right]
	return e
}

// unitTexts knows which unit lists mean by a text.
type unitTexts struct {
	ids  map[string]string          // by folded name, code and id
	over map[string]map[string]bool // the units above each
	same map[[2]string]bool
}

func newUnitTexts(tx *store.Tx) (*unitTexts, error) {
	units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	if err != nil {
		return nil, err
	}
	t := &unitTexts{ids: map[string]string{}, over: map[string]map[string]bool{}, same: map[[2]string]bool{}}
	for _, by := range []func(isms.Unit) string{func(u isms.Unit) string { return u.Name }, func(u isms.Unit) string { return u.Code },
		func(u isms.Unit) string { return u.ID }} {
		for _, u := range units {
			t.ids[sheet.Fold(by(u))] = u.ID
		}
	}
	for _, u := range units {
		t.over[u.ID] = map[string]bool{}
		for _, id := range above(units, u.ID) {
			t.over[u.ID][id] = true
		}
	}
	return t, nil
}

// can reports whether two lists can mean the same unit: it is the same, or one is above the other. Where only one text is that of a unit, nothing
// is known of the other.
func (t *unitTexts) can(a, b string) bool {
	key := [2]string{a, b}
	same, known := t.same[key]
	if known {
		return same
	}
	if len(t.same) >= mostTexts {
		clear(t.same)
	}
	fa, fb := sheet.Fold(a), sheet.Fold(b)
	ia, ib := t.ids[fa], t.ids[fb]
	switch {
	case ia != "" && ib != "":
		same = ia == ib || t.over[ia][ib] || t.over[ib][ia]
	case ia == "" && ib == "":
		same = fa == fb
	default:
		same = true
	}
	t.same[key] = same
	return same
}

// directoryOf reads an HR list, with the one before it of the same kind, unit and source.
func directoryOf(tx *store.Tx, id string) (*isms.Directory, error) {
	p, err := store.Get[isms.Population](tx, everywhere, id)
	if err != nil {
		return nil, err
	}
	if p.DisposedOn != "" {
		return nil, register.Wrongs{{Field: "staff", Code: "set_disposed", Args: []any{string(p.DisposedOn)}}}
	}
	before, err := earlier(tx, &p)
	if err != nil {
		return nil, err
	}
	d := isms.NewDirectory(p.Day, "")
	if before != nil {
		d.Before = before.Day
	}
	if err := eachEmployed(tx, &p, d.Add); err != nil || before == nil {
		return d, err
	}
	return d, eachEmployed(tx, before, d.AddEarlier)
}

// eachEmployed reads the employments of an HR list, whatever their days.
func eachEmployed(tx *store.Tx, p *isms.Population, f func(isms.Employed)) error {
	columns, order, err := meanings(p)
	if err != nil {
		return err
	}
	return tx.SetEach(p.ID, func(_ int64, cells []string) error {
		c := cellsOf{columns, order, cells}
		email := sheet.Fold(c.text("email"))
		f(isms.Employed{Person: cmp.Or(sheet.Fold(c.text("person")), email), Email: email, Unit: c.text("unit"), From: c.day("from"), To: c.day("to")})
		return nil
	})
}

// conflictsOn lists the pairs of rights that hold on the day.
func conflictsOn(tx *store.Tx, day register.Day) ([]isms.RightsConflict, error) {
	all, err := store.All[isms.RightsConflict](tx, everywhere)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(c isms.RightsConflict) bool {
		return c.ValidFrom > day || c.ValidTo != "" && c.ValidTo < day
	}), nil
}

// foldedConflicts are the pairs as they are compared.
func foldedConflicts(all []isms.RightsConflict) []isms.RightsConflict {
	all = slices.Clone(all)
	for i := range all {
		all[i].Right, all[i].With = sheet.Fold(all[i].Right), sheet.Fold(all[i].With)
	}
	return all
}

// headsOf are the headings of a list as they came.
func headsOf(p *isms.Population) (heads []string, err error) {
	return heads, readKept(p.Columns, &heads)
}

// foldedLines is linesOf as it is compared.
func foldedLines(text string) []string {
	lines := linesOf(text)
	for i, line := range lines {
		lines[i] = sheet.Fold(line)
	}
	return lines
}
