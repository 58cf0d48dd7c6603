// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/store"
)

// PostPage is the areas of responsibility of a unit and the units below it on a day.
type PostPage struct {
	Day     register.Day
	Past    bool // as it was known at the end of a day that is over
	Rows    []PostRow
	Counts  PostCounts
	Sees    bool          // who has confirmed, and when
	Propose []isms.Unit   // for which the actor may propose posts
	Titles  Titles        // of units, persons and courses
	Lists   []LeaversList // the staff lists that holders were looked for in
}

// PostRow is one area of responsibility. NotListed says that a staff list does not have the holder, though the person's record is in use.
type PostRow struct {
	metric.PostStanding
	NotListed bool
	May       bool // change it
}

// Wants reports whether somebody has to see to the post.
func (r PostRow) Wants() bool {
	return !r.Filled() || r.NotListed || r.DeputyLeft || len(r.Doubles) > 0 || r.Word != metric.WordThisYear || r.Trained == isms.No
}

// PostCounts is how many of the posts are in which state.
type PostCounts struct {
	All, Vacant, Left, NotListed, Doubled, Confirmed, Untrained int
}

// A LeaversList is a staff list and its day.
type LeaversList struct {
	ID, Name string
	Day      register.Day
}

// Posts tells how it stands with the areas of responsibility of the unit and the units below it on the day, today if it is "". A day that is
// over is told as it was known when it ended, to those who may see what was.
func (a *App) Posts(ctx context.Context, who access.Actor, unit string, day register.Day) (PostPage, error) {
	today := a.Today()
	if day == "" {
		day = today
	}
	if err := timely(day, ""); err != nil {
		return PostPage{}, err
	}
	p := PostPage{Day: day, Past: day < today, Sees: who.May(access.See, "post_confirmation", unit)}
	err := a.view(ctx, who, func(tx *store.Tx) error {
		if _, err := tx.Get(register.Of[isms.Unit](), who.In(access.See, "unit"), unit); err != nil {
			return err
		}
		act := access.See
		if p.Past {
			act = access.SeeHistory
		}
		if err := a.allow(ctx, who, act, "post", unit); err != nil {
			return err
		}
		known := register.Moment("")
		if p.Past {
			known = day.End()
		}
		r, err := postRecords(tx, who, unit, known)
		if err != nil {
			return err
		}
		return a.fillPosts(tx, who, &p, unit, r)
	})
	return p, err
}

// postRecords reads what posts are told from: those of the unit and the units below it that the actor may see.
func postRecords(tx *store.Tx, who access.Actor, unit string, known register.Moment) (r metric.Records, err error) {
	if r.Units, err = unitsAt(tx, known); err != nil {
		return r, err
	}
	in := within(who.In(access.See, "post"), subtree(r.Units, unit))
	if r.Posts, err = recordsOf[isms.Post](tx, in, known); err != nil {
		return r, err
	}
	if r.PostConfirmations, err = recordsOf[isms.PostConfirmation](tx, in, known); err != nil {
		return r, err
	}
	if r.Persons, err = recordsOf[isms.Person](tx, everywhere, known); err != nil {
		return r, err
	}
	r.Courses, err = recordsOf[isms.Course](tx, everywhere, known)
	return r, err
}

// recordsOf lists the register's records in the scope, the retired too, as the journal knew them at the moment; "" is now.
func recordsOf[T any, P interface {
	*T
	register.Entity
}](tx *store.Tx, in register.In, known register.Moment) ([]T, error) {
	list, err := at(tx, register.Of[T](), in, known)
	all := make([]T, len(list))
	for i, rec := range list {
		all[i] = *rec.(P)
	}
	return all, err
}

func (a *App) fillPosts(tx *store.Tx, who access.Actor, p *PostPage, unit string, r metric.Records) error {
	standings := metric.PostStandings(r, p.Day)
	missing, lists, err := a.notListed(tx, who.Org, r, standings, p.Day)
	if err != nil {
		return err
	}
	p.Lists = lists
	records := make([]register.Entity, 0, len(standings))
	for _, s := range standings {
		row := PostRow{PostStanding: s, NotListed: missing[string(s.Holder)], May: !p.Past && who.May(access.Change, "post", s.Unit)}
		p.Rows = append(p.Rows, row)
		p.Counts.add(row)
		records = append(records, &s.Post)
	}
	if p.Titles, err = titles(tx, who, links(records...)); err != nil {
		return err
	}
	slices.SortStableFunc(p.Rows, func(a, b PostRow) int {
		return cmp.Compare(sheet.Fold(p.Titles.Of("unit", a.Unit)), sheet.Fold(p.Titles.Of("unit", b.Unit)))
	})
	if p.Past {
		return nil
	}
	below := subtree(r.Units, unit)
	for _, u := range r.Units {
		if u.Exists(p.Day) && slices.Contains(below, u.ID) && who.May(access.Create, "post", u.ID) {
			p.Propose = append(p.Propose, u)
		}
	}
	return nil
}

func (c *PostCounts) add(row PostRow) {
	c.All++
	for n, is := range map[*int]bool{&c.Vacant: row.Vacant, &c.Left: row.Left, &c.NotListed: row.NotListed && !row.Left, &c.Doubled: len(row.Doubles) > 0,
		&c.Confirmed: row.Filled() && row.Word == metric.WordThisYear, &c.Untrained: row.Trained == isms.No} {
		if is {
			*n++
		}
	}
}

// notListed finds holders who are known by their employee number, and whom the newest staff list of their unit, or of the nearest above it
// that has one, does not have on the day. A list that was not fed in retires nobody, and nobody may be retired who has left.
func (a *App) notListed(tx *store.Tx, org string, r metric.Records, posts []metric.PostStanding, day register.Day) (missing map[string]bool, lists []LeaversList, err error) {
	missing = map[string]bool{}
	holders := map[string]bool{}
	for _, p := range posts {
		holders[string(p.Holder)] = true
	}
	sets, err := store.All[isms.Population](tx, everywhere)
	if err != nil {
		return nil, nil, err
	}
	read := map[string]staffList{}
	for _, one := range r.Persons {
		if !holders[one.ID] || one.Retired != "" || one.Number == "" {
			continue
		}
		set := staffListOf(sets, append([]string{one.Unit}, above(r.Units, one.Unit)...), day)
		if set == nil {
			continue
		}
		list, there := read[set.ID]
		if !there {
			if list, err = a.staffList(tx, org, set); err != nil {
				return nil, nil, err
			}
			read[set.ID] = list
			lists = append(lists, LeaversList{set.ID, set.Name, set.Day})
		}
		if !list.tellsOf(set.Unit, one.Unit, r.Units) {
			continue
		}
		missing[one.ID] = !list.has(one, day)
	}
	return missing, lists, nil
}

// staffListOf returns the newest staff list of the nearest of the units that has one on the day, or nil.
func staffListOf(sets []isms.Population, units []string, day register.Day) *isms.Population {
	for _, unit := range units {
		var newest *isms.Population
		for i, s := range sets {
			if s.Kind != isms.Employments || s.Unit != unit || s.DisposedOn != "" || s.Day > day || newest != nil && newest.Day >= s.Day {
				continue
			}
			if _, _, err := meanings(&s, "person", "unit"); err == nil { // a list that names no persons tells nothing of them
				newest = &sets[i]
			}
		}
		if newest != nil {
			return newest
		}
	}
	return nil
}

// A staffList is the last day of employment of each who is in a staff list, "" where it has none: by employee number, and by e-mail address. Its
// units are as it writes them.
type staffList struct {
	number, email map[string]register.Day
	units         map[string]bool
}

// tellsOf reports whether a list of one unit tells who works in another: its own, and those that it names.
func (l staffList) tellsOf(own, unit string, units []isms.Unit) bool {
	return own == unit || slices.ContainsFunc(units, func(u isms.Unit) bool {
		return u.ID == unit && (l.units[sheet.Fold(u.Name)] || l.units[sheet.Fold(u.Code)] || l.units[sheet.Fold(u.ID)])
	})
}

// maxStaff is how many staff lists are remembered.
const maxStaff = 4

// staffList reads the set, once.
func (a *App) staffList(tx *store.Tx, org string, set *isms.Population) (staffList, error) {
	key := org + "/" + set.ID
	a.past.mu.Lock()
	list, there := a.past.staff[key]
	a.past.mu.Unlock()
	if there {
		return list, nil
	}
	staff, _, err := staffOf(tx, set)
	if err != nil {
		return list, err
	}
	list = staffList{map[string]register.Day{}, map[string]register.Day{}, map[string]bool{}}
	for number, e := range staff {
		list.number[number], list.units[sheet.Fold(e.Unit)] = e.To, true
		if e.Email != "" {
			list.email[sheet.Fold(e.Email)] = e.To
		}
	}
	a.past.mu.Lock()
	defer a.past.mu.Unlock()
	if a.past.staff == nil || len(a.past.staff) >= maxStaff {
		a.past.staff = map[string]staffList{}
	}
	a.past.staff[key] = list
	return list, nil
}

// has reports whether the list has the person, as one who has not left before the day.
func (l staffList) has(p isms.Person, day register.Day) bool {
	last, there := l.number[sheet.Fold(p.Number)]
	if !there && p.Email != "" {
		if last, there = l.email[sheet.Fold(p.Email)]; !there { // a list that knows people by their addresses
			last, there = l.number[sheet.Fold(p.Email)]
		}
	}
	return there && (last == "" || last >= day)
}

// ProposePosts makes posts, without a holder, of those of the program's own that the unit does not have, and returns how many. Keys names
// which; a name that the unit uses already, in either language, is passed over.
func (a *App) ProposePosts(ctx context.Context, who access.Actor, unit string, keys []string, lang locale.Lang, key string) (int, error) {
	made := 0
	_, err := a.once(ctx, who, key, []any{"propose posts", unit, keys, lang}, func(tx *store.Tx) (string, error) {
		made = 0
		if err := a.allow(ctx, who, access.Create, "post", unit); err != nil {
			return "", err
		}
		there, err := store.All[isms.Post](tx, register.In{Units: []string{unit}})
		if err != nil {
			return "", err
		}
		for _, p := range Proposals(there, lang) {
			if !slices.Contains(keys, p.Key) {
				continue
			}
			rec := &isms.Post{Record: isms.Record{ID: register.NewID(), Unit: unit}, Name: p.Name, Description: p.Description, ValidFrom: a.Today(),
				Several: slices.Contains(ofSeveral, p.Key)}
			if wrong := register.Check(rec); len(wrong) > 0 {
				return "", register.Wrongs(wrong)
			}
			if err := tx.Put(rec); err != nil {
				return "", err
			}
			made++
		}
		return unit, nil
	})
	return made, err
}

// ofSeveral are the program's own posts that more than one person holds in a unit, each for a part of it.
var ofSeveral = []string{"information_owner", "system_owner"}

// Proposals are the program's own posts that are not among those of a unit, under their name in either language.
func Proposals(there []isms.Post, lang locale.Lang) []isms.StandardPost {
	has := func(name string) bool {
		return slices.ContainsFunc(there, func(p isms.Post) bool { return strings.EqualFold(strings.TrimSpace(p.Name), name) })
	}
	names := map[string][]string{}
	for _, l := range locale.Langs() {
		for _, s := range isms.StandardPosts(string(l)) {
			names[s.Key] = append(names[s.Key], s.Name)
		}
	}
	return slices.DeleteFunc(isms.StandardPosts(string(lang)), func(s isms.StandardPost) bool { return slices.ContainsFunc(names[s.Key], has) })
}
