// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"

	"ledsyn/register"
)

// Entitlement is a line of an entitlement list. Its texts are folded by who reads the list, so that they can be compared as they are.
type Entitlement struct {
	Person  string // employee number, or whatever the list tells persons apart by
	Email   string
	Account string // "" where the list has no accounts: the person's
	System  string // an id, or what the list writes
	Right   string
	Unit    string

	Privileged bool
	Ended      bool // the account is closed or the right's last day has passed: no live right, and no marks
	Granted    register.Day
	LastUsed   register.Day
	Unused     bool // the list tells of use, and this has none
	Aside      bool // held against the other lines, but not itself reviewed: it gets no marks
}

// EntitlementRules say which lines are marked.
type EntitlementRules struct {
	Staff     *Directory             // nil: nobody knows who is employed
	Dormant   register.Count         // days; unknown: no line is marked as dormant
	Shared    []string               // known shared accounts, folded; * stands for anything
	Conflicts []RightsConflict       // those that hold, with Right and With folded
	Same      func(a, b string) bool // whether two lists can mean the same unit by the texts; nil: if they are the same
}

// A Marker marks the lines of one or more lists. It holds some 20 bytes of each line and nothing of its texts; persons and accounts that the
// staff list does not know are told apart by a hash of 64 bits that is another each time, so that of two million, two are taken for one once in
// ten million times.
type Marker struct {
	rules  EntitlementRules
	seed   maphash.Seed
	on     register.Day
	dorm   register.Day // what was last used before this is dormant
	marks  []MarkSet
	who    []uint32 // the person, 0 where the line names none
	rights []uint32 // by code
	codes  map[string]uint32
	sides  [][]side // of each code
	others map[uint64]uint32
	alone  []uint64             // the account
	held   map[personPair]twoOf // until Finish
	hits   map[uint32][]int32   // pairs that a person holds both of
	users  map[uint64]int       // persons of each account that several have
}

// side is a right's place in a pair: its first or its second.
type side struct {
	pair   int32
	second bool
}

type personPair struct {
	person uint32
	pair   int32
}

// twoOf is which codes of each side somebody holds: the first that came, and whether there are others.
type twoOf struct {
	first [2]uint32 // the code plus one, 0 for none
	more  [2]bool
}

func (t twoOf) both() bool {
	return t.first[0] != 0 && t.first[1] != 0 && (t.first[0] != t.first[1] || t.more[0] || t.more[1])
}

// Marker returns a marker of no lines.
func (r EntitlementRules) Marker() *Marker {
	if r.Same == nil {
		r.Same = func(a, b string) bool { return a == b }
	}
	return &Marker{rules: r, seed: maphash.MakeSeed(), codes: map[string]uint32{}, others: map[uint64]uint32{}, held: map[personPair]twoOf{},
		hits: map[uint32][]int32{}, users: map[uint64]int{}}
}

// List begins a list of the day: the lines that follow are of it.
func (m *Marker) List(day register.Day) {
	m.on, m.dorm = day, ""
	if days, known := m.rules.Dormant.Known(); known {
		m.dorm = day.AddDays(-days)
	}
}

// Grow makes room for so many lines more.
func (m *Marker) Grow(lines int) {
	m.marks, m.who, m.rights, m.alone = slices.Grow(m.marks, lines), slices.Grow(m.who, lines), slices.Grow(m.rights, lines), slices.Grow(m.alone, lines)
}

// Lines is how many lines have been added.
func (m *Marker) Lines() int { return len(m.marks) }

// Add adds a line. What can be said of the line by itself is said at once.
func (m *Marker) Add(e Entitlement) {
	at, known := int32(0), false
	if m.rules.Staff != nil {
		at, known = m.rules.Staff.Find(e.Person, e.Email)
	}
	who := m.person(e, at, known)
	var set MarkSet
	code := m.code(e)
	account := uint64(0)
	if !e.Ended {
		if !e.Aside {
			m.each(e, at, known, func(mark Mark) { set |= bitOf(mark.Kind) })
		}
		if who != 0 {
			for _, s := range m.sides[code] {
				m.hold(who, s, code)
			}
		}
		if e.Account != "" {
			account = max(1, m.hash(e.System+"\x00"+e.Account))
		}
	}
	if e.Ended || e.Aside {
		code |= aside
	}
	m.marks, m.who, m.rights, m.alone = append(m.marks, set), append(m.who, who), append(m.rights, code), append(m.alone, account)
}

// aside marks the code of a line that gets no marks.
const aside = 1 << 31

func (m *Marker) hash(text string) uint64 { return maphash.String(m.seed, text) }

// person numbers the line's person: those of the staff list first.
func (m *Marker) person(e Entitlement, at int32, known bool) uint32 {
	if known {
		return uint32(at) + 1
	}
	key := cmp.Or(e.Person, e.Email)
	if key == "" {
		return 0
	}
	h := m.hash(key)
	n, met := m.others[h]
	if !met {
		n = uint32(len(m.others)) + 1
		if m.rules.Staff != nil {
			n += uint32(len(m.rules.Staff.people))
		}
		m.others[h] = n
	}
	return n
}

// code numbers the line's right within its system.
func (m *Marker) code(e Entitlement) uint32 {
	key := e.System + "\x00" + e.Right
	c, met := m.codes[key]
	if met {
		return c
	}
	c = uint32(len(m.codes))
	m.codes[key] = c
	var sides []side
	for i, p := range m.rules.Conflicts {
		if e.Right == "" {
			break
		}
		if string(p.System) == e.System && (p.Right == "*" || p.Right == e.Right) {
			sides = append(sides, side{int32(i), false})
		}
		if string(p.Other) == e.System && (p.With == "*" || p.With == e.Right) {
			sides = append(sides, side{int32(i), true})
		}
	}
	m.sides = append(m.sides, sides)
	return c
}

func (m *Marker) hold(who uint32, s side, code uint32) {
	key := personPair{who, s.pair}
	t := m.held[key]
	i := 0
	if s.second {
		i = 1
	}
	if t.first[i] == 0 {
		t.first[i] = code + 1
	} else if t.first[i] != code+1 {
		t.more[i] = true
	}
	m.held[key] = t
}

// each hands over the marks that a line has by itself.
func (m *Marker) each(e Entitlement, at int32, known bool, f func(Mark)) {
	pattern, shared := m.pattern(e)
	if d := m.rules.Staff; d != nil {
		switch {
		case known:
			employed, why := d.standing(at, m.on)
			if !employed {
				f(why)
			} else if moved, why := d.moved(at, e.Unit, e.Granted, m.on, m.rules.Same); moved {
				f(why)
			}
		case cmp.Or(e.Person, e.Email) != "":
			f(Mark{MarkUnemployed, "absent", []string{string(d.Day)}})
		case !shared:
			f(Mark{Kind: MarkUnemployed, Why: "nobody"})
		}
	}
	if m.dorm != "" {
		switch {
		case e.LastUsed != "" && e.LastUsed < m.dorm:
			f(Mark{MarkDormant, "used", []string{string(e.LastUsed)}})
		case e.Unused && e.Granted != "" && e.Granted < m.dorm:
			f(Mark{MarkDormant, "unused", []string{string(e.Granted)}})
		}
	}
	if e.Privileged {
		f(Mark{Kind: MarkPrivileged})
	}
	if shared {
		f(Mark{MarkShared, "listed", []string{pattern}})
	}
}

// pattern returns which of the known shared accounts the line's is.
func (m *Marker) pattern(e Entitlement) (string, bool) {
	account := cmp.Or(e.Account, e.Person)
	for _, p := range m.rules.Shared {
		if account != "" && matches(p, account) {
			return p, true
		}
	}
	return "", false
}

// matches reports whether the text is what the pattern says, where * stands for anything.
func matches(pattern, text string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	if !strings.HasPrefix(text, head) {
		return false
	}
	text = text[len(head):]
	for {
		part, next, star := strings.Cut(rest, "*")
		if !star {
			return strings.HasSuffix(text, part)
		}
		_, after, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text, rest = after, next
	}
}

// Finish adds the marks that rest on all lines together: rights that one person may not hold together, and accounts that several use.
func (m *Marker) Finish() {
	for key, t := range m.held {
		if t.both() {
			m.hits[key.person] = append(m.hits[key.person], key.pair)
		}
	}
	m.held = nil
	for _, pairs := range m.hits {
		slices.Sort(pairs)
	}
	m.share()
	for i, code := range m.rights {
		if code&aside != 0 {
			continue
		}
		if len(m.pairs(i)) > 0 {
			m.marks[i] |= conflictBit
		}
		if _, shared := m.users[m.alone[i]]; shared {
			m.marks[i] |= sharedBit
		}
	}
}

// share finds the accounts of which lines name several persons.
func (m *Marker) share() {
	order := make([]uint32, 0, len(m.alone))
	for i, account := range m.alone {
		if account != 0 && m.who[i] != 0 {
			order = append(order, uint32(i))
		}
	}
	slices.SortFunc(order, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(m.alone[a], m.alone[b]), cmp.Compare(m.who[a], m.who[b]))
	})
	for i := 0; i < len(order); {
		account, persons := m.alone[order[i]], 0
		for last := uint32(0); i < len(order) && m.alone[order[i]] == account; i++ {
			if m.who[order[i]] != last {
				last = m.who[order[i]]
				persons++
			}
		}
		if persons > 1 {
			m.users[account] = persons
		}
	}
}

// pairs lists the pairs that the line is part of and its person holds both rights of.
func (m *Marker) pairs(i int) (in []int32) {
	hits := m.hits[m.who[i]]
	if len(hits) == 0 {
		return nil
	}
	for _, s := range m.sides[m.rights[i]&^aside] {
		if slices.Contains(hits, s.pair) && !slices.Contains(in, s.pair) {
			in = append(in, s.pair)
		}
	}
	return in
}

// Marks is what the rules say of the line of that place, counted from 0 in the order that the lines were added. Those that rest on all
// lines are there after Finish.
func (m *Marker) Marks(i int) MarkSet { return m.marks[i] }

// Reasons gives the marks of a line with their facts, after Finish. The line is the one that was added in that place, and List has been
// called with its list's day.
func (m *Marker) Reasons(i int, e Entitlement) []Mark {
	if m.marks[i] == 0 {
		return nil
	}
	var list []Mark
	at, known := int32(0), false
	if m.rules.Staff != nil {
		at, known = m.rules.Staff.Find(e.Person, e.Email)
	}
	listed := false
	m.each(e, at, known, func(mark Mark) {
		listed = listed || mark.Kind == MarkShared
		list = append(list, mark)
	})
	if pairs := m.pairs(i); len(pairs) > 0 {
		c := Mark{Kind: MarkConflict, Why: "pair"}
		for _, p := range pairs {
			c.Facts = append(c.Facts, m.rules.Conflicts[p].Name)
		}
		list = append(list, c)
	}
	if n, shared := m.users[m.alone[i]]; shared && !listed {
		list = append(list, Mark{MarkShared, "persons", []string{strconv.Itoa(n)}})
	}
	slices.SortStableFunc(list, func(a, b Mark) int { return cmp.Compare(slices.Index(Marks, a.Kind), slices.Index(Marks, b.Kind)) })
	return list
}

// Hits counts the persons who hold both rights of each pair, by its place in the rules, after Finish.
func (m *Marker) Hits() []int {
	n := make([]int, len(m.rules.Conflicts))
	for _, pairs := range m.hits {
		for _, p := range pairs {
			n[p]++
		}
	}
	return n
}
