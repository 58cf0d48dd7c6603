// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/register"
)

func judged(id, kind, object string, k, r, t Level) Classification {
	c := Classification{Record: Record{ID: id}, Model: CurrentModel, State: ClassificationDecided, DecidedOn: before,
		Confidentiality: k, Integrity: r, Availability: t}
	switch kind {
	case "system":
		c.System = register.Ref[System](object)
	case "process":
		c.Process = register.Ref[Process](object)
	case "information_type":
		c.Type = register.Ref[InformationType](object)
	default:
		c.Set = register.Ref[InformationSet](object)
	}
	return c
}

func refs[T any](ids ...string) []register.Ref[T] {
	var list []register.Ref[T]
	for _, id := range ids {
		list = append(list, register.Ref[T](id))
	}
	return list
}

// town is a set with pupils in the school's system, which passes it on to the portal, and the portal on to the archive.
func town() Landscape {
	return Landscape{Day: today,
		Types:   []InformationType{{Record: Record{ID: "contact"}, Common: true}},
		Sets:    []InformationSet{{Record: Record{ID: "pupils"}, Systems: refs[System]("school"), Types: refs[InformationType]("contact")}, {Record: Record{ID: "menus"}, Systems: refs[System]("kitchen")}},
		Systems: []System{{Record: Record{ID: "school"}}, {Record: Record{ID: "portal"}}, {Record: Record{ID: "archive"}}, {Record: Record{ID: "kitchen"}}},
		Integrations: []Integration{{Record: Record{ID: "to-portal"}, Source: "school", Target: "portal"},
			{Record: Record{ID: "to-archive"}, Source: "portal", Target: "archive"}, {Record: Record{ID: "back"}, Source: "archive", Target: "portal"}},
		Classifications: []Classification{judged("c-pupils", "information_set", "pupils", "3", "2", "1"), judged("c-contact", "information_type", "contact", "1", "1", "2")},
	}
}

func TestDerivedLevelsAndTheirPaths(t *testing.T) {
	d := Derive(town())
	for _, c := range []struct {
		kind, id string
		want     string
		atLeast  bool
	}{
		{"information_set", "pupils", "K3/R2/T2", false}, // the common type raises T
		{"system", "school", "K3/R2/T2", false},
		{"system", "portal", "K3/R2/T2", true}, // nobody has judged what the portal holds itself
		{"system", "archive", "K3/R2/T2", true},
		{"system", "kitchen", "K-/R-/T-", true},
		{"information_set", "menus", "K-/R-/T-", true},
		{"system", "no such", "K-/R-/T-", true},
	} {
		p, atLeast := d.Profile(c.kind, c.id)
		if p.String() != c.want || atLeast != c.atLeast {
			t.Errorf("%s %s: %s, at least %v", c.kind, c.id, p, atLeast)
		}
	}
	want := []Step{{"classification", "c-pupils"}, {"information_set", "pupils"}, {"system", "school"}, {"integration", "to-portal"},
		{"system", "portal"}, {"integration", "to-archive"}, {"system", "archive"}}
	if diff := cmp.Diff(want, d.Of("system", "archive", Confidentiality).Path); diff != "" {
		t.Error(diff)
	}
	if got := d.Of("system", "school", Availability).Path[0]; got != (Step{"classification", "c-contact"}) {
		t.Errorf("the common type's level comes from %v", got)
	}
	if got := d.Inputs("system", "portal"); !cmp.Equal(got, []Input{{Step{"system", "archive"}, "back"}, {Step{"system", "school"}, "to-portal"}}) {
		t.Error(got)
	}
}

func TestACircleDoesNotHoldItselfUp(t *testing.T) {
	l := town()
	d := Derive(l)
	gone := l.Classifications[0]
	gone.ValidUntil = before
	changed := d.Change(&gone)
	for _, id := range []string{"school", "portal", "archive"} {
		if p, atLeast := d.Profile("system", id); p.String() != "K1/R1/T2" || atLeast && id == "school" {
			t.Errorf("%s is %s, at least %v, after the set's classification expired", id, p, atLeast)
		}
	}
	if !slices.Contains(changed, Step{"system", "archive"}) || slices.Contains(changed, Step{"system", "kitchen"}) {
		t.Errorf("changed: %v", changed)
	}
	set := l.Sets[0]
	set.Types = nil
	d.Change(&set)
	if p, atLeast := d.Profile("system", "archive"); p != (Profile{}) || !atLeast {
		t.Errorf("with nothing judged the archive is %s", p)
	}
}

func TestWhatIsOutOfUseHoldsNothing(t *testing.T) {
	l := town()
	d := Derive(l)
	school := l.Systems[0]
	school.Lifecycle = OutOfUse
	d.Change(&school)
	if p, _ := d.Profile("system", "portal"); p != (Profile{}) {
		t.Errorf("a system out of use still passes on %s", p)
	}
	school.Lifecycle = InUse
	d.Change(&school)
	if p, _ := d.Profile("system", "portal"); p.String() != "K3/R2/T2" {
		t.Errorf("back in use it passes on %s", p)
	}
}

func TestASetInTwoHundredSystems(t *testing.T) {
	l := Landscape{Day: today, Classifications: []Classification{judged("c", "information_set", "s", "2", "2", "2")}}
	set := InformationSet{Record: Record{ID: "s"}}
	for i := range 200 {
		id := fmt.Sprint("sys", i)
		l.Systems = append(l.Systems, System{Record: Record{ID: id}})
		set.Systems = append(set.Systems, register.Ref[System](id))
	}
	l.Sets = []InformationSet{set}
	d := Derive(l)
	raised := judged("c", "information_set", "s", "3", "2", "2")
	if changed := d.Change(&raised); len(changed) != 201 {
		t.Errorf("%d objects changed", len(changed))
	}
	set.Systems = set.Systems[:1]
	if changed := d.Change(&set); len(changed) != 199 {
		t.Errorf("%d systems lost the set", len(changed))
	}
}

// A drawnTown is a landscape that a test changes at random, with the records by id.
type drawnTown struct{ Landscape }

func (w *drawnTown) record(t *rapid.T) register.Entity {
	pick := func(prefix string, n int) string { return fmt.Sprint(prefix, rapid.IntRange(0, n-1).Draw(t, prefix)) }
	some := func(prefix string, n int) []string {
		var ids []string
		for range rapid.IntRange(0, 3).Draw(t, "some") {
			ids = append(ids, pick(prefix, n))
		}
		return ids
	}
	retired := register.Day("")
	if rapid.IntRange(0, 5).Draw(t, "retired") == 0 {
		retired = before
	}
	level := func() Level { return Level(rapid.SampledFrom([]string{"", "0", "1", "2", "3"}).Draw(t, "level")) }
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return &InformationType{Record: Record{ID: pick("t", 3), Retired: retired}, Common: rapid.Bool().Draw(t, "common")}
	case 1:
		return &InformationSet{Record: Record{ID: pick("i", 5), Retired: retired}, Types: refs[InformationType](some("t", 3)...), Systems: refs[System](some("s", 5)...)}
	case 2:
		return &System{Record: Record{ID: pick("s", 5), Retired: retired}, Lifecycle: rapid.SampledFrom([]Lifecycle{InUse, Planned, OutOfUse}).Draw(t, "life")}
	case 3:
		return &Process{Record: Record{ID: pick("p", 2), Retired: retired}, Sets: refs[InformationSet](some("i", 5)...)}
	case 4:
		return &Integration{Record: Record{ID: pick("g", 6), Retired: retired}, Source: register.Ref[System](pick("s", 5)), Target: register.Ref[System](pick("s", 5)), Sets: refs[InformationSet](some("i", 5)...)}
	}
	kinds := []string{"system", "process", "information_type", "information_set"}
	kind := rapid.SampledFrom(kinds).Draw(t, "object")
	c := judged(pick("c", 12), kind, pick(map[string]string{"system": "s", "process": "p", "information_type": "t", "information_set": "i"}[kind], 5), level(), level(), level())
	c.Traceability, c.Retired = level(), retired
	c.State = rapid.SampledFrom([]ClassificationState{ClassificationDecided, ClassificationDecided, ClassificationProposed}).Draw(t, "state")
	c.ValidUntil = rapid.SampledFrom([]register.Day{"", before, after}).Draw(t, "until")
	return &c
}

func put[T any](list []T, rec T, same func(a, b T) bool) []T {
	if i := slices.IndexFunc(list, func(o T) bool { return same(o, rec) }); i >= 0 {
		list[i] = rec
		return list
	}
	return append(list, rec)
}

func (w *drawnTown) keep(rec register.Entity) {
	switch r := rec.(type) {
	case *InformationType:
		w.Types = put(w.Types, *r, func(a, b InformationType) bool { return a.ID == b.ID })
	case *InformationSet:
		w.Sets = put(w.Sets, *r, func(a, b InformationSet) bool { return a.ID == b.ID })
	case *System:
		w.Systems = put(w.Systems, *r, func(a, b System) bool { return a.ID == b.ID })
	case *Process:
		w.Processes = put(w.Processes, *r, func(a, b Process) bool { return a.ID == b.ID })
	case *Integration:
		w.Integrations = put(w.Integrations, *r, func(a, b Integration) bool { return a.ID == b.ID })
	case *Classification:
		w.Classifications = put(w.Classifications, *r, func(a, b Classification) bool { return a.ID == b.ID })
	}
}

// TestChangesGiveWhatAllFromNothingGives holds the derivation that is changed record by record equal to a recomputation
// that knows nothing of edges, places or what changed.
func TestChangesGiveWhatAllFromNothingGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &drawnTown{Landscape: Landscape{Day: today}}
		for range rapid.IntRange(0, 30).Draw(t, "first") {
			w.keep(w.record(t))
		}
		d := Derive(w.Landscape)
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			was := naive(w.Landscape)
			rec := w.record(t)
			w.keep(rec)
			changed := d.Change(rec)
			now := naive(w.Landscape)
			for s, want := range now {
				for i, a := range Aspects() {
					got := d.Of(s.Kind, s.ID, a)
					if got.Level != want.level[i] || got.AtLeast != want.unjudged[i] {
						t.Fatalf("%v %s: %q at least %v, want %q %v", s, a, got.Level, got.AtLeast, want.level[i], want.unjudged[i])
					}
					checkPath(t, w.Landscape, s, a, got)
				}
				if was, known := was[s]; known && was != want && !slices.Contains(changed, s) {
					t.Fatalf("%v changed and is not told", s)
				}
			}
		}
	})
}

// checkPath holds that a path leads from a classification with the level to the object.
func checkPath(t *rapid.T, l Landscape, s Step, a Aspect, got Derived) {
	if got.Level == "" {
		if got.Path != nil {
			t.Fatalf("%v has a path to nothing", s)
		}
		return
	}
	first, last := got.Path[0], got.Path[len(got.Path)-1]
	i := slices.IndexFunc(l.Classifications, func(c Classification) bool { return c.ID == first.ID })
	if first.Kind != "classification" || last != s || i < 0 || l.Classifications[i].Profile().Level(a) != got.Level || len(got.Path) > 2*len(l.Systems)+6 {
		t.Fatalf("%v %s %s has the path %v", s, a, got.Level, got.Path)
	}
}

type naiveValue struct {
	level    [4]Level
	unjudged [4]bool
}

// naive gives every object its own part and then lets values rise through the records until none does.
func naive(l Landscape) map[Step]naiveValue {
	live := func(r Record) bool { return r.Retired == "" || r.Retired > l.Day }
	values, out, commons := map[Step]naiveValue{}, map[Step]bool{}, map[string]bool{}
	for _, t := range l.Types {
		out[Step{"information_type", t.ID}], commons[t.ID] = !live(t.Record), t.Common && live(t.Record)
	}
	for _, r := range l.Sets {
		out[Step{"information_set", r.ID}] = !live(r.Record)
	}
	for _, r := range l.Systems {
		out[Step{"system", r.ID}] = !live(r.Record) || r.Lifecycle == OutOfUse
	}
	for _, r := range l.Processes {
		out[Step{"process", r.ID}] = !live(r.Record)
	}
	own := func(s Step) Classification {
		var best Classification
		for _, c := range l.Classifications {
			if kind, id := c.Object(); (Step{kind, id}) == s && c.Valid(l.Day) && (best.ID == "" || c.DecidedOn > best.DecidedOn || c.DecidedOn == best.DecidedOn && c.ID > best.ID) {
				best = c
			}
		}
		return best
	}
	begin := func(s Step, held bool) {
		if _, done := values[s]; done && !held {
			return
		}
		var v naiveValue
		for i, a := range Aspects() {
			v.level[i] = own(s).Profile().Level(a)
			v.unjudged[i] = v.level[i] == "" && !held
		}
		if out[s] {
			v = naiveValue{}
		}
		values[s] = v
	}
	rise := func(from, to Step, typed bool) bool {
		begin(from, false)
		begin(to, false)
		f, v := values[from], values[to]
		was := v
		if out[from] || out[to] {
			return false
		}
		for i, a := range Aspects() {
			v.level[i] = max(v.level[i], f.level[i])
			v.unjudged[i] = v.unjudged[i] || f.unjudged[i] && !(typed && own(to).Profile().Level(a) != "")
		}
		values[to] = v
		return v != was
	}
	for _, r := range l.Types {
		begin(Step{"information_type", r.ID}, false)
	}
	inSystem := map[string]bool{}
	for _, r := range l.Sets {
		parts, all := 0, true
		for _, ty := range r.Types {
			known := slices.ContainsFunc(l.Types, func(t InformationType) bool { return t.ID == string(ty) && t.Common })
			all = all && known
			if !out[Step{"information_type", string(ty)}] {
				parts++
			}
		}
		begin(Step{"information_set", r.ID}, all && parts > 0)
		if live(r.Record) {
			for _, s := range r.Systems {
				inSystem[string(s)] = true
			}
		}
	}
	for _, r := range l.Systems {
		begin(Step{"system", r.ID}, inSystem[r.ID])
	}
	for id := range inSystem {
		begin(Step{"system", id}, true)
	}
	for _, r := range l.Processes {
		parts := 0
		for _, s := range r.Sets {
			if !out[Step{"information_set", string(s)}] {
				parts++
			}
		}
		begin(Step{"process", r.ID}, parts > 0 && live(r.Record))
	}
	for rising := true; rising; {
		rising = false
		for _, r := range l.Sets {
			set := Step{"information_set", r.ID}
			for _, ty := range r.Types {
				if live(r.Record) && commons[string(ty)] {
					rising = rise(Step{"information_type", string(ty)}, set, true) || rising
				}
			}
			for _, s := range r.Systems {
				if live(r.Record) {
					rising = rise(set, Step{"system", string(s)}, false) || rising
				}
			}
		}
		for _, r := range l.Processes {
			for _, s := range r.Sets {
				if live(r.Record) {
					rising = rise(Step{"information_set", string(s)}, Step{"process", r.ID}, false) || rising
				}
			}
		}
		for _, r := range l.Integrations {
			if !live(r.Record) {
				continue
			}
			for _, s := range r.Sets {
				rising = rise(Step{"information_set", string(s)}, Step{"system", string(r.Target)}, false) || rising
			}
			if len(r.Sets) == 0 {
				rising = rise(Step{"system", string(r.Source)}, Step{"system", string(r.Target)}, false) || rising
			}
		}
	}
	return values
}
