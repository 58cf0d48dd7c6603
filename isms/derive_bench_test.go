// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"ledsyn/register"
)

// largeTown has 10,000 sets in 2,000 systems with 5,000 integrations among them, circles and all.
func largeTown() Landscape {
	r := rand.New(rand.NewPCG(1, 2))
	l := Landscape{Day: today}
	for i := range 2000 {
		l.Systems = append(l.Systems, System{Record: Record{ID: fmt.Sprint("sys", i)}, Lifecycle: InUse})
	}
	system := func() register.Ref[System] { return register.Ref[System](l.Systems[r.IntN(2000)].ID) }
	for i := range 50 {
		id := fmt.Sprint("type", i)
		l.Types = append(l.Types, InformationType{Record: Record{ID: id}, Common: true})
		l.Classifications = append(l.Classifications, judged("c-"+id, "information_type", id, "1", "2", "1"))
	}
	for i := range 10000 {
		set := InformationSet{Record: Record{ID: fmt.Sprint("set", i)}}
		for range 1 + r.IntN(3) {
			set.Systems = append(set.Systems, system())
		}
		set.Types = append(set.Types, register.Ref[InformationType](l.Types[r.IntN(50)].ID))
		l.Sets = append(l.Sets, set)
		if i%4 > 0 {
			level := func() Level { return Level(fmt.Sprint(r.IntN(4))) }
			l.Classifications = append(l.Classifications, judged("c-"+set.ID, "information_set", set.ID, level(), level(), level()))
		}
	}
	for i := range 5000 {
		l.Integrations = append(l.Integrations, Integration{Record: Record{ID: fmt.Sprint("int", i)}, Source: system(), Target: system()})
	}
	return l
}

func BenchmarkDeriveAll(b *testing.B) {
	l := largeTown()
	for b.Loop() {
		Derive(l)
	}
}

// BenchmarkDeriveOneChange changes one set's classification at a time, up and down.
func BenchmarkDeriveOneChange(b *testing.B) {
	l := largeTown()
	d := Derive(l)
	r := rand.New(rand.NewPCG(3, 4))
	for b.Loop() {
		c := l.Classifications[50+r.IntN(len(l.Classifications)-50)]
		c.Confidentiality, c.Integrity = Level(fmt.Sprint(r.IntN(4))), Level(fmt.Sprint(r.IntN(4)))
		d.Change(&c)
	}
}

// BenchmarkDeriveWorstChange changes the one set whose level reaches almost every system, up and down again: the most that
// one change can move.
func BenchmarkDeriveWorstChange(b *testing.B) {
	l := largeTown()
	for i := range l.Classifications {
		l.Classifications[i].SetProfile(Profile{"1", "1", "1", ""})
	}
	d := Derive(l)
	c := l.Classifications[60]
	moved := 0
	for n := 0; b.Loop(); n++ {
		c.SetProfile(Profile{"1", "1", "1", ""})
		if n%2 == 0 {
			c.SetProfile(Profile{"3", "3", "3", ""})
		}
		moved = len(d.Change(&c))
	}
	b.ReportMetric(float64(moved), "objects-moved")
}

// TestAChangeCostsNoMoreThanItChanges holds that a set in one small system does not set the whole town moving.
func TestAChangeCostsNoMoreThanItChanges(t *testing.T) {
	l := largeTown()
	l.Systems = append(l.Systems, System{Record: Record{ID: "small"}})
	l.Sets = append(l.Sets, InformationSet{Record: Record{ID: "own"}, Systems: refs[System]("small")})
	d := Derive(l)
	before := d.touched
	c := judged("c-own", "information_set", "own", "3", "3", "3")
	if changed := d.Change(&c); len(changed) != 2 {
		t.Errorf("changed %v", changed)
	}
	if n := d.touched - before; n > 2*2*lanes {
		t.Errorf("%d nodes were looked at for a change of two", n)
	}
	// The set's system has inflow from all the town, whose highest level already stands: raising one more set to it moves nothing else.
	held := judged("c-set1", "information_set", "set1", "3", "3", "3")
	d.Change(&held)
	before = d.touched
	d.Change(&held)
	if n := d.touched - before; n > 3*lanes {
		t.Errorf("%d nodes were looked at for no change", n)
	}
}
