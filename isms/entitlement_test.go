// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/register"
)

func markTexts(marks []Mark) (list []string) {
	for _, m := range marks {
		list = append(list, m.String())
	}
	return list
}

// marked returns the marks of each line as texts.
func marked(r EntitlementRules, day register.Day, lines ...Entitlement) [][]string {
	m := r.Marker()
	m.List(day)
	for _, e := range lines {
		m.Add(e)
	}
	m.Finish()
	all := make([][]string, len(lines))
	for i, e := range lines {
		all[i] = markTexts(m.Reasons(i, e))
	}
	return all
}

func TestMarksOfALine(t *testing.T) {
	d := NewDirectory("2026-09-30", "2026-08-31")
	d.Add(Employed{Person: "1", Email: "anna@x", Unit: "kfn", From: "2015-01-01"})
	d.Add(Employed{Person: "2", Unit: "kfn", From: "2010-01-01", To: "2026-08-31"})
	d.Add(Employed{Person: "3", Unit: "kfn", From: "2026-11-01"})
	d.Add(Employed{Person: "004", Unit: "tn", From: "2020-01-01", To: "2026-09-30"})
	d.Add(Employed{Person: "5", Unit: "tn", From: "2020-01-01"})
	d.Add(Employed{Person: "5", Unit: "kfn", From: "2024-01-01"})
	d.Add(Employed{Person: "6", Email: "alla@x", Unit: "kfn"})
	d.Add(Employed{Person: "7", Email: "alla@x", Unit: "kfn"})
	d.AddEarlier(Employed{Person: "8", Unit: "kfn"})
	d.AddEarlier(Employed{Person: "9", Unit: "kfn", To: "2026-09-15"})
	d.AddEarlier(Employed{Person: "10", Unit: "kfn", To: "2026-12-31"})
	d.AddEarlier(Employed{Person: "1", Unit: "kfn"})
	rules := EntitlementRules{Staff: d, Dormant: register.CountOf(90), Shared: []string{"kassa*", "drift"}}
	for _, c := range []struct {
		name string
		line Entitlement
		want []string
	}{
		{"in order", Entitlement{Person: "1", Unit: "kfn", Granted: "2015-01-01", LastUsed: "2026-09-01"}, nil},
		{"by e-mail", Entitlement{Email: "anna@x", Unit: "kfn"}, nil},
		{"e-mail as number", Entitlement{Person: "anna@x", Unit: "kfn"}, nil},
		{"zeros lost", Entitlement{Person: "4", Unit: "tn"}, nil},
		{"zeros gained", Entitlement{Person: "0001", Unit: "kfn"}, nil},
		{"left", Entitlement{Person: "2", Unit: "kfn"}, []string{"leaver:ended:2026-08-31"}},
		{"left, closed", Entitlement{Person: "2", Unit: "kfn", Ended: true, Privileged: true}, nil},
		{"last day", Entitlement{Person: "004", Unit: "tn"}, nil},
		{"gone from the list", Entitlement{Person: "8"}, []string{"leaver:gone:2026-08-31|2026-09-30"}},
		{"gone, last day known", Entitlement{Person: "9"}, []string{"leaver:ended:2026-09-15"}},
		{"gone before the last day", Entitlement{Person: "10"}, []string{"leaver:gone:2026-08-31|2026-09-30"}},
		{"not begun", Entitlement{Person: "3"}, []string{"unemployed:ahead:2026-11-01"}},
		{"unknown", Entitlement{Person: "77", Email: "ute@x"}, []string{"unemployed:absent:2026-09-30"}},
		{"a shared address", Entitlement{Email: "alla@x"}, []string{"unemployed:absent:2026-09-30"}},
		{"nobody", Entitlement{Account: "robot"}, []string{"unemployed:nobody"}},
		{"nobody, known as shared", Entitlement{Account: "kassa2"}, []string{"shared:listed:kassa*"}},
		{"other unit", Entitlement{Person: "1", Unit: "tn"}, []string{"moved:unit:tn|kfn"}},
		{"two employments", Entitlement{Person: "5", Unit: "kfn", Granted: "2024-01-01"}, nil},
		{"granted before", Entitlement{Person: "5", Unit: "kfn", Granted: "2023-12-31"}, []string{"moved:since:2023-12-31|2024-01-01|kfn"}},
		{"granted before, unit not known", Entitlement{Person: "5", Granted: "2020-01-01"}, nil},
		{"dormant", Entitlement{Person: "1", LastUsed: "2026-07-01"}, []string{"dormant:used:2026-07-01"}},
		{"the ninetieth day", Entitlement{Person: "1", LastUsed: "2026-07-02"}, nil},
		{"never used", Entitlement{Person: "1", Unused: true, Granted: "2026-01-01"}, []string{"dormant:unused:2026-01-01"}},
		{"never used, new", Entitlement{Person: "1", Unused: true, Granted: "2026-09-01"}, nil},
		{"never used, nobody knows since when", Entitlement{Person: "1", Unused: true}, nil},
		{"use not known", Entitlement{Person: "1", Granted: "2015-01-01"}, nil},
		{"several", Entitlement{Person: "2", Account: "drift", Privileged: true}, []string{"leaver:ended:2026-08-31", "privileged", "shared:listed:drift"}},
	} {
		if diff := cmp.Diff(c.want, marked(rules, "2026-09-30", c.line)[0]); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	if got := marked(EntitlementRules{}, "2026-09-30", Entitlement{Person: "2", LastUsed: "2001-01-01"})[0]; got != nil {
		t.Errorf("without a staff list and days the line is %v", got)
	}
}

func TestMarksOfLinesTogether(t *testing.T) {
	d := NewDirectory("2026-09-30", "")
	d.Add(Employed{Person: "1", Email: "anna@x"})
	d.Add(Employed{Person: "2", Email: "bo@x"})
	pair := func(name, system, right, other, with string) RightsConflict {
		return RightsConflict{Name: name, System: register.Ref[System](system), Right: right, Other: register.Ref[System](other), With: with}
	}
	conflict := func(pairs ...string) []string { return []string{"conflict:pair:" + strings.Join(pairs, "|")} }
	for _, c := range []struct {
		name  string
		pairs []RightsConflict
		lines []Entitlement
		want  [][]string
	}{
		{"across systems, in two spellings", []RightsConflict{pair("P", "a", "inköp", "b", "betala")},
			[]Entitlement{{Person: "1", System: "a", Right: "inköp"}, {Person: "anna@x", System: "b", Right: "betala"}, {Person: "1", System: "a", Right: "läsa"},
				{Person: "2", System: "b", Right: "betala"}}, [][]string{conflict("P"), conflict("P"), nil, nil}},
		{"any right of the same system", []RightsConflict{pair("P", "a", "admin", "a", "*")},
			[]Entitlement{{Person: "1", System: "a", Right: "admin"}, {Person: "2", System: "a", Right: "admin"}, {Person: "2", System: "a", Right: "läsa"}},
			[][]string{nil, conflict("P"), conflict("P")}},
		{"the same right twice is one", []RightsConflict{pair("P", "a", "*", "a", "*")},
			[]Entitlement{{Person: "1", System: "a", Right: "x"}, {Person: "1", System: "a", Right: "x"}}, [][]string{nil, nil}},
		{"closed", []RightsConflict{pair("P", "a", "x", "a", "y")},
			[]Entitlement{{Person: "1", System: "a", Right: "x"}, {Person: "1", System: "a", Right: "y", Ended: true}}, [][]string{nil, nil}},
		{"one stands aside", []RightsConflict{pair("P", "a", "x", "a", "y")},
			[]Entitlement{{Person: "1", System: "a", Right: "x"}, {Person: "1", System: "a", Right: "y", Aside: true}}, [][]string{conflict("P"), nil}},
		{"two pairs", []RightsConflict{pair("P", "a", "x", "a", "y"), pair("Q", "a", "z", "a", "x")},
			[]Entitlement{{Person: "1", System: "a", Right: "x"}, {Person: "1", System: "a", Right: "y"}, {Person: "1", System: "a", Right: "z"}},
			[][]string{conflict("P", "Q"), conflict("P"), conflict("Q")}},
		{"an account of two", nil,
			[]Entitlement{{Person: "1", System: "a", Account: "k"}, {Person: "2", System: "a", Account: "k"}, {Person: "2", System: "b", Account: "k"}},
			[][]string{{"shared:persons:2"}, {"shared:persons:2"}, nil}},
		{"an account of one in two spellings", nil,
			[]Entitlement{{Person: "1", System: "a", Account: "k"}, {Email: "anna@x", System: "a", Account: "k"}, {System: "a", Account: "k"}},
			[][]string{nil, nil, {"unemployed:nobody"}}},
	} {
		got := marked(EntitlementRules{Staff: d, Conflicts: c.pairs}, "2026-09-30", c.lines...)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestMarkTexts(t *testing.T) {
	m := Mark{MarkMoved, "unit", []string{"a|b:c", strings.Repeat("å", 100)}}
	back := ParseMark(m.String())
	if back.Kind != m.Kind || back.Why != m.Why || back.Facts[0] != "a/b:c" || len([]rune(back.Facts[1])) != longestFact {
		t.Errorf("%q is read as %+v", m, back)
	}
	if m := ParseMark("leaver"); m.Kind != "leaver" || m.Why != "" || m.Facts != nil {
		t.Errorf("only a kind is %+v", m)
	}
	for pattern, texts := range map[string][2]string{"a": {"a", "ab"}, "a*": {"ab", "ba"}, "*a": {"ba", "ab"}, "a*b*c": {"aXbbc", "acb"}, "*": {"x", ""}} {
		if !matches(pattern, texts[0]) || texts[1] != "" && matches(pattern, texts[1]) {
			t.Errorf("%s", pattern)
		}
	}
}

// Marks by streaming are those of a reader who has all lines in front of them and compares each with each.
func TestMarksAreThoseOfComparingAll(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		day := register.Day("2026-09-30")
		pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, label) }
		days := []string{"", "2020-01-01", "2026-05-01", "2026-09-01", "2026-10-15"}
		employed := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) Employed {
			return Employed{Person: rapid.SampledFrom([]string{"1", "2", "3", "04"}).Draw(rt, "p"), Unit: rapid.SampledFrom([]string{"", "u", "v"}).Draw(rt, "u"),
				Email: rapid.SampledFrom([]string{"", "a@x", "b@x"}).Draw(rt, "e"), From: register.Day(rapid.SampledFrom(days).Draw(rt, "f")),
				To: register.Day(rapid.SampledFrom(days).Draw(rt, "t"))}
		}), 0, 6)
		now, before := employed.Draw(rt, "staff"), employed.Draw(rt, "earlier")
		lines := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) Entitlement {
			pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, label) }
			return Entitlement{Person: pick("p", "", "1", "2", "3", "4", "5", "a@x"), Email: pick("e", "", "a@x", "b@x", "c@x"), Account: pick("a", "", "k", "l", "svc-1"),
				System: pick("s", "s", "t"), Right: pick("r", "", "x", "y", "z"), Unit: pick("u", "", "u", "v"), Privileged: rapid.Bool().Draw(rt, "priv"),
				Ended: pick("ended", "", "", "", "x") != "", Aside: pick("aside", "", "", "", "x") != "", Granted: register.Day(pick("g", days...)),
				LastUsed: register.Day(pick("l", days...))}
		}), 0, 12).Draw(rt, "lines")
		for i := range lines {
			lines[i].Unused = lines[i].LastUsed == "" && rapid.Bool().Draw(rt, "unused")
		}
		var pairs []RightsConflict
		for i := range rapid.IntRange(0, 3).Draw(rt, "pairs") {
			pairs = append(pairs, RightsConflict{Name: fmt.Sprint("P", i), System: register.Ref[System](pick("a", "s", "t")), Right: pick("ar", "x", "y", "*"),
				Other: register.Ref[System](pick("b", "s", "t")), With: pick("br", "x", "y", "*")})
		}
		d := NewDirectory(day, "2026-08-31")
		for _, e := range now {
			d.Add(e)
		}
		for _, e := range before {
			d.AddEarlier(e)
		}
		rules := EntitlementRules{Staff: d, Dormant: register.CountOf(30), Shared: []string{"svc-*"}, Conflicts: pairs}
		got := marked(rules, day, lines...)
		n := comparing{now, before, rules, lines, day}
		for i := range lines {
			var kinds []string
			for _, text := range got[i] {
				kinds = append(kinds, ParseMark(text).Kind)
			}
			if diff := cmp.Diff(n.marks(i), kinds); diff != "" {
				rt.Fatalf("line %d of %+v: %s", i, lines, diff)
			}
		}
	})
}

// comparing reckons the marks of each line by going through everything each time.
type comparing struct {
	now, before []Employed
	rules       EntitlementRules
	lines       []Entitlement
	day         register.Day
}

// who names the person that the line is about; staff tells whether the staff lists know of the person.
func (n comparing) who(e Entitlement) (name string, staff bool) {
	everybody := slices.Concat(n.now, n.before)
	numbered := func(test func(number string) bool) []string {
		var found []string
		for _, p := range everybody {
			if test(p.Person) && !slices.Contains(found, p.Person) {
				found = append(found, p.Person)
			}
		}
		return found
	}
	mailed := func(address string) []string {
		var found, met []string
		for _, p := range everybody { // a person's address is that of the first row
			if !slices.Contains(met, p.Person) && p.Email == address && address != "" {
				found = append(found, p.Person)
			}
			met = append(met, p.Person)
		}
		return found
	}
	for _, found := range [][]string{
		numbered(func(number string) bool { return e.Person != "" && number == e.Person }),
		numbered(func(number string) bool {
			return e.Person != "" && strings.TrimLeft(number, "0") == strings.TrimLeft(e.Person, "0")
		}),
		mailed(e.Person), mailed(e.Email),
	} {
		if len(found) == 1 {
			return "staff " + found[0], true
		}
	}
	if e.Person != "" {
		return e.Person, false
	}
	return e.Email, false
}

func (n comparing) marks(i int) (kinds []string) {
	e := n.lines[i]
	if e.Ended || e.Aside {
		return nil
	}
	who, staff := n.who(e)
	listed := strings.HasPrefix(cmpOr(e.Account, e.Person), "svc-")
	number := strings.TrimPrefix(who, "staff ")
	mine := func(rows []Employed) (list []Employed) {
		for _, p := range rows {
			if staff && p.Person == number {
				list = append(list, p)
			}
		}
		return list
	}
	current := slices.DeleteFunc(mine(n.now), func(p Employed) bool { return !during(p.From, p.To, n.day) })
	ended := slices.ContainsFunc(mine(n.now), func(p Employed) bool { return p.To != "" && p.To < n.day })
	fits := func(p Employed) bool { return e.Unit == "" || p.Unit == "" || p.Unit == e.Unit }
	settled := func(p Employed) bool { return fits(p) && (e.Granted == "" || p.From == "" || p.From <= e.Granted) }
	switch {
	case staff && len(current) > 0:
		if !slices.ContainsFunc(current, settled) {
			kinds = append(kinds, MarkMoved)
		}
	case staff && (ended || len(mine(n.now)) == 0):
		kinds = append(kinds, MarkLeaver)
	case staff || who != "" || !listed:
		kinds = append(kinds, MarkUnemployed)
	}
	old := n.day.AddDays(-30)
	if e.LastUsed != "" && e.LastUsed < old || e.Unused && e.Granted != "" && e.Granted < old {
		kinds = append(kinds, MarkDormant)
	}
	if e.Privileged {
		kinds = append(kinds, MarkPrivileged)
	}
	if who != "" && n.conflicts(e, who) {
		kinds = append(kinds, MarkConflict)
	}
	if listed || e.Account != "" && n.shared(e) {
		kinds = append(kinds, MarkShared)
	}
	return kinds
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// conflicts compares the person's lines two by two. The line need only be of one of the pair's rights, and the person have both.
func (n comparing) conflicts(e Entitlement, who string) bool {
	first := func(p RightsConflict, e Entitlement) bool {
		return e.Right != "" && string(p.System) == e.System && (p.Right == "*" || p.Right == e.Right)
	}
	second := func(p RightsConflict, e Entitlement) bool {
		return e.Right != "" && string(p.Other) == e.System && (p.With == "*" || p.With == e.Right)
	}
	for _, p := range n.rules.Conflicts {
		if !first(p, e) && !second(p, e) {
			continue
		}
		for _, a := range n.lines {
			for _, b := range n.lines {
				wa, _ := n.who(a)
				wb, _ := n.who(b)
				if wa == who && wb == who && !a.Ended && !b.Ended && first(p, a) && second(p, b) && (a.System != b.System || a.Right != b.Right) {
					return true
				}
			}
		}
	}
	return false
}

func (n comparing) shared(e Entitlement) bool {
	var persons []string
	for _, other := range n.lines {
		if who, _ := n.who(other); other.Account == e.Account && other.System == e.System && !other.Ended && who != "" && !slices.Contains(persons, who) {
			persons = append(persons, who)
		}
	}
	return len(persons) > 1
}
