// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/register"
)

var update = flag.Bool("update", false, "write testdata/golden.txt anew")

const today = register.Day("2024-03-01")

// tree is a city with a board, an administration below it with a department, and a second board.
func tree() []isms.Unit {
	return []isms.Unit{
		unit("city", ""), unit("board", "city"), unit("admin", "board"), unit("department", "admin"), unit("other", "city"),
	}
}

func unit(id, parent string) isms.Unit {
	return isms.Unit{Record: isms.Record{ID: id, Unit: id}, Name: id, Parent: register.Ref[isms.Unit](parent)}
}

func person(id string) isms.Person {
	return isms.Person{Record: isms.Record{ID: id, Unit: "city"}, Name: "Person " + id}
}

func assign(person string, role isms.Role, unit string) isms.Assignment {
	return isms.Assignment{Record: isms.Record{ID: person + unit, Unit: unit}, Person: register.Ref[isms.Person](person), Role: role}
}

func holding(role isms.Role, unit string) Actor {
	return NewActor("org", person("p"), []isms.Assignment{assign("p", role, unit)}, tree(), today)
}

func roles() []isms.Role {
	var list []isms.Role
	for _, r := range isms.Role("").Choices() {
		list = append(list, isms.Role(r))
	}
	return list
}

var relations = []struct{ name, unit string }{
	{"own", "board"}, {"below", "admin"}, {"far below", "department"}, {"above", "city"}, {"beside", "other"}, {"unknown", "nowhere"},
}

// TestGolden holds every role, act, register and place against a table that people can read. When the table in
// table.txt is changed on purpose, run go test -update and read what the change did.
func TestGolden(t *testing.T) {
	var b strings.Builder
	b.WriteString("What a role held in one unit allows: a letter for each act, in the unit itself (own), the unit below\n" +
		"it and so on. s see, h see_history, x see_secret, c create, m change, r retire, d decide, p publish, t report, L load, A accounts, V verify, O archive.\n")
	letters := map[Act]string{See: "s", SeeHistory: "h", SeeSecret: "x", Create: "c", Change: "m", Retire: "r", Decide: "d", Publish: "p", Report: "t",
		Load: "L", Accounts: "A", Verify: "V", Archive: "O"}
	for _, role := range roles() {
		actor := holding(role, "board")
		head := strings.Repeat(" ", 20)
		for _, rel := range relations {
			head += fmt.Sprintf(" %-9s", rel.name)
		}
		fmt.Fprintf(&b, "\n%s\n%s\n", role, strings.TrimRight(head, " "))
		for _, kind := range append(registerNames(), "") {
			line := fmt.Sprintf("%-20s", cmpOr(kind, "(organisation)"))
			for _, rel := range relations {
				cell := ""
				for _, act := range Acts() {
					if actor.May(act, kind, rel.unit) {
						cell += letters[act]
					} else {
						cell += "-"
					}
				}
				if kind == "" {
					cell = cell[len(cell)-3:]
				} else {
					cell = cell[:len(cell)-3]
				}
				line += fmt.Sprintf(" %-9s", cell)
			}
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	const file = "testdata/golden.txt"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("rights differ from %s (-want +got):\n%s", file, diff)
	}
}

func cmpOr(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func registerNames() []string {
	var names []string
	for _, s := range isms.Registers() {
		names = append(names, s.Name)
	}
	return names
}

func kinds() []string { return append(registerNames(), "", "no_such_register") }

func everyRight(a Actor, units []string, f func(act Act, kind, unit string)) {
	for _, act := range append(Acts(), "", "delete") {
		for _, kind := range kinds() {
			for _, unit := range append(units, "") {
				if a.May(act, kind, unit) {
					f(act, kind, unit)
				}
			}
		}
	}
}

func units() []string {
	var ids []string
	for _, u := range tree() {
		ids = append(ids, u.ID)
	}
	return ids
}

func TestNobodyMayAnything(t *testing.T) {
	all := func() (as []isms.Assignment) {
		for _, role := range roles() {
			as = append(as, assign("p", role, "city"))
		}
		return as
	}
	with := func(mend func(*isms.Assignment)) Actor {
		as := all()
		for i := range as {
			mend(&as[i])
		}
		return NewActor("org", person("p"), as, tree(), today)
	}
	gone := person("p")
	gone.Retired = today
	for name, a := range map[string]Actor{
		"zero":                   {},
		"no roles":               NewActor("org", person("p"), nil, tree(), today),
		"no organisation":        NewActor("", person("p"), all(), tree(), today),
		"no person":              NewActor("org", isms.Person{}, append(all(), assign("", isms.Coordinator, "city")), tree(), today),
		"retired person":         NewActor("org", gone, all(), tree(), today),
		"no units":               NewActor("org", person("p"), all(), nil, today),
		"another's roles":        NewActor("org", person("q"), all(), tree(), today),
		"roles ended yesterday":  with(func(a *isms.Assignment) { a.ValidTo = today.AddDays(-1) }),
		"roles begin tomorrow":   with(func(a *isms.Assignment) { a.ValidFrom = today.AddDays(1) }),
		"roles taken back":       with(func(a *isms.Assignment) { a.Retired = today }),
		"roles in unknown units": with(func(a *isms.Assignment) { a.Unit = "nowhere" }),
		"roles in no unit":       with(func(a *isms.Assignment) { a.Unit = "" }),
		"roles that are none":    with(func(a *isms.Assignment) { a.Role = "mayor" }),
		"empty role":             with(func(a *isms.Assignment) { a.Role = "" }),
		"operator of nothing":    Operator("", "root"),
	} {
		t.Run(name, func(t *testing.T) {
			everyRight(a, append(units(), "nowhere"), func(act Act, kind, unit string) { t.Errorf("may %s %q in %q", act, kind, unit) })
			for _, act := range Acts() {
				for _, kind := range kinds() {
					if in := a.In(act, kind); in.All || len(in.Units) > 0 {
						t.Errorf("In(%s, %q) = %v", act, kind, in)
					}
				}
			}
		})
	}
}

func TestRoleHoldsOnItsDays(t *testing.T) {
	as := assign("p", isms.Coordinator, "board")
	as.ValidFrom, as.ValidTo = "2024-02-01", "2024-03-01"
	for day, want := range map[register.Day]bool{
		"2024-01-31": false, "2024-02-01": true, "2024-03-01": true, "2024-03-02": false,
	} {
		a := NewActor("org", person("p"), []isms.Assignment{as}, tree(), day)
		if got := a.May(Create, "system", "board"); got != want {
			t.Errorf("on %s: %v, want %v", day, got, want)
		}
	}
}

// TestSeparation names the rules that must hold whatever else the table says.
func TestSeparation(t *testing.T) {
	for _, role := range roles() {
		a := holding(role, "city")
		if !a.May(Report, "incident", "board") {
			t.Errorf("%s: everybody may report an incident", role)
		}
		if a.May(Decide, "review", "board") != (role == isms.Head) || a.May(Publish, "review", "board") != (role == isms.Head) {
			t.Errorf("%s: only the head decides and publishes reviews", role)
		}
		if a.May(Load, "", "city") || a.May(Load, "", "") {
			t.Errorf("%s: only the operator loads", role)
		}
		if a.May(Create, "assignment", "board") && role != isms.CentralOffice {
			t.Errorf("%s: only the central office gives roles", role)
		}
		everyRight(a, units(), func(act Act, kind, unit string) {
			if act != See && act != SeeHistory && act != Verify && act != Report && role == isms.Auditor {
				t.Errorf("auditor may %s %q", act, kind)
			}
			if kind != "" && act != Report && role == isms.Administrator {
				t.Errorf("administrator may %s %q", act, kind)
			}
			if !act.OnOrganisation() && act != Report && !a.May(See, kind, unit) {
				t.Errorf("%s may %s %q without seeing it", role, act, kind)
			}
			if act != See && act != SeeHistory && !act.OnOrganisation() && !holding(role, unit).May(act, kind, unit) {
				t.Errorf("%s may %s %q from above only", role, act, kind)
			}
		})
	}
	for _, act := range []Act{See, SeeHistory} {
		for _, kind := range registerNames() {
			if kind == "attachment" { // seen by whoever sees the record it belongs to
				if holding(isms.Auditor, "city").May(act, kind, "city") || holding(isms.CentralOffice, "city").May(act, kind, "city") {
					t.Errorf("somebody may %s attachments as such", act)
				}
				continue
			}
			if !holding(isms.Auditor, "city").May(act, kind, "department") || !holding(isms.DPO, "city").May(act, kind, "department") {
				t.Errorf("auditor and data protection officer must be able to %s %s", act, kind)
			}
		}
	}
}

func TestOperator(t *testing.T) {
	a := Operator("org", "root")
	if !a.System() || a.Org != "org" || a.Name != "root" || a.Person != "" {
		t.Errorf("operator is %+v", a)
	}
	if !a.May(Load, "", "") || !a.May(Create, "unit", "anything") || !a.In(See, "system").All {
		t.Error("the operator is kept from something")
	}
	if a.May("delete", "system", "x") || a.May(See, "no_such_register", "x") || a.May(Load, "system", "x") || a.In(See, "no_such_register").All {
		t.Error("the operator may what does not exist")
	}
	if holding(isms.CentralOffice, "city").System() {
		t.Error("a person is the operator")
	}
}

// TestInAgreesWithMay holds that the scope of lists and the answer for single records are one, for any tree,
// circles included, and any roles, and that nothing reaches outside the units that there are.
func TestInAgreesWithMay(t *testing.T) {
	ids := []string{"a", "b", "c", "d", "e"}
	rapid.Check(t, func(t *rapid.T) {
		var units []isms.Unit
		for _, id := range ids {
			units = append(units, unit(id, rapid.SampledFrom([]string{"", "a", "b", "c", "d", "e", "gone"}).Draw(t, "parent of "+id)))
		}
		var as []isms.Assignment
		for range rapid.IntRange(0, 3).Draw(t, "assignments") {
			as = append(as, assign("p", rapid.SampledFrom(roles()).Draw(t, "role"), rapid.SampledFrom(ids).Draw(t, "unit")))
		}
		a := NewActor("org", person("p"), as, units, today)
		act := rapid.SampledFrom(Acts()).Draw(t, "act")
		kind := rapid.SampledFrom(kinds()).Draw(t, "kind")
		in := a.In(act, kind)
		if in.All {
			t.Fatal("a person sees the whole organisation without its units being named")
		}
		for _, id := range append(ids, "gone", "") {
			if id == "" && act.OnOrganisation() {
				continue
			}
			if in.Has(id) != a.May(act, kind, id) {
				t.Errorf("In has %q: %v, May: %v", id, in.Has(id), a.May(act, kind, id))
			}
		}
		if in.Has("gone") || in.Has("") {
			t.Errorf("reaches a unit that is not there: %v", in)
		}
	})
}

// TestAnotherOrganisation: an actor of one organisation, whatever the roles, may do nothing in the units of
// another. (Were two organisations to use the same ids, Org keeps them apart in the store.)
func TestAnotherOrganisation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var theirs []isms.Unit
		for _, u := range tree() {
			theirs = append(theirs, unit("x-"+u.ID, ""))
		}
		role := rapid.SampledFrom(roles()).Draw(t, "role")
		place := rapid.SampledFrom(theirs).Draw(t, "unit").ID
		a := NewActor("theirs", person("p"), []isms.Assignment{assign("p", role, place)}, theirs, today)
		everyRight(a, units(), func(act Act, kind, unit string) { t.Errorf("may %s %q in %q", act, kind, unit) })
	})
}

func TestOrganisationActs(t *testing.T) {
	if a := holding(isms.Administrator, "board"); !a.May(Accounts, "", "admin") || a.May(Accounts, "", "city") || a.May(Accounts, "", "") {
		t.Error("a board's administrator looks after the board's accounts and no others")
	}
	if a := holding(isms.Administrator, "city"); !a.May(Accounts, "", "") || !a.May(Verify, "", "") {
		t.Error("the city's administrator looks after the whole organisation")
	}
	two := append(tree(), unit("island", ""))
	if a := NewActor("org", person("p"), []isms.Assignment{assign("p", isms.Administrator, "city")}, two, today); a.May(Verify, "", "") {
		t.Error("a role that does not reach every unit counts as one that does")
	}
}

func TestRolesAndUnits(t *testing.T) {
	as := []isms.Assignment{assign("p", isms.Head, "admin"), assign("p", isms.Employee, "city"), assign("p", isms.Coordinator, "admin")}
	a := NewActor("org", person("p"), as, tree(), today)
	if diff := cmp.Diff([]string{"admin", "city"}, a.Units()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]isms.Role{isms.Coordinator, isms.Employee, isms.Head}, a.Roles("department")); diff != "" {
		t.Error(diff)
	}
	if got := a.Roles("other"); !slices.Equal(got, []isms.Role{isms.Employee}) {
		t.Errorf("roles beside: %v", got)
	}
	if got := a.Roles("nowhere"); len(got) != 0 {
		t.Errorf("roles in an unknown unit: %v", got)
	}
}

func TestTableIsReadStrictly(t *testing.T) {
	for name, mend := range map[string][2]string{
		"unknown role":             {"role dpo", "role boss"},
		"role twice":               {"role dpo", "role head"},
		"role missing":             {"role employee\n    see: common\n", ""},
		"unknown register":         {"publish: review", "publish: reveiw"},
		"unknown group":            {"    see: headcount", "    see: hedcount"},
		"unknown act":              {"publish: review", "publsih: review"},
		"right twice":              {"publish: review", "publish decide: review"},
		"register twice":           {"publish: review", "publish: review review"},
		"nothing taken away":       {"- assignment", "- assignment - assignment"},
		"hanging hyphen":           {"- assignment", "- assignment -"},
		"double hyphen":            {"- assignment", "- - assignment"},
		"no register":              {"publish: review", "publish:"},
		"act without registers":    {"publish: review", "publish"},
		"registers for an org act": {"accounts verify", "accounts: person"},
		"no act":                   {"publish: review", ": review"},
		"group named as register":  {"group work:", "group review:"},
		"group twice":              {"group work:", "group scrutiny:"},
		"apart after common":       {"common: unit", "common: unit\napart: unit\n#"},
		"group after roles":        {"role employee", "group late: unit\nrole employee"},
		"line of nobody":           {"group organisation", "    see: all\ngroup organisation"},
		"something else":           {"role employee", "rule employee"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(tableText, mend[0], mend[1], 1)
			if text == tableText {
				t.Fatalf("the table no longer holds %q", mend[0])
			}
			if _, err := parse(text); err == nil {
				t.Error("accepted")
			}
		})
	}
	defer func() {
		if recover() == nil {
			t.Error("a table that cannot be read does not stop the program")
		}
	}()
	mustParse("role nobody")
}
