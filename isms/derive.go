// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"
	"strings"

	"ledsyn/register"
)

// Landscape is what levels are derived from on a day: types of information in sets, sets in systems and processes, and
// systems that pass information on. The models that ship number their levels alike, so levels made with different
// versions can be compared; where a version is replaced by one that does not, its classifications are moved first.
type Landscape struct {
	Types           []InformationType
	Sets            []InformationSet
	Systems         []System
	Processes       []Process
	Integrations    []Integration
	Classifications []Classification
	Day             register.Day
}

// Derived is what an object's level in an aspect is at least.
type Derived struct {
	Level   Level  // "" is not classified, which is never low
	AtLeast bool   // something beneath has no valid classification, so it may be higher; also where nothing is known
	Path    []Step // what gives the level: from a classification up to the object itself
}

// Known reports whether there is a level and nothing beneath can raise it.
func (d Derived) Known() bool { return d.Level != "" && !d.AtLeast }

// Step is a record that a derived level comes through.
type Step struct{ Kind, ID string }

// Input is something that an object gets information from, and by which integration where it is one.
type Input struct {
	From Step
	By   string // the integration's id, or ""
}

// Derivation is a landscape with every level derived. It is built once and changed record by record, so that a change
// costs no more than what it changes. It must not be used by two goroutines at once.
//
// A set is at least what it was classified as itself and what its common types were. A system holds at least its sets,
// what flows in, and what it was itself classified as; so does a process hold its sets. A set whose types are all common
// and classified needs no classification of its own. What flows is what a system holds, not how its protection was
// decided: accumulation stays where it is.
type Derivation struct {
	day     register.Day
	at      map[Step]int // place in nodes
	nodes   []node
	own     map[Step]map[string]Classification // all classifications of an object, by id
	lines   map[Step][]line                    // the edges that each record has drawn
	of      map[string]Step                    // the object of each classification
	changes int                                // how many there have been
	touched int                                // nodes looked at since the derivation was made
}

// A node is an object in the graph. Each aspect has two lanes, both of which only rise along edges: the level, and
// whether something beneath is not classified.
type node struct {
	step    Step
	gone    bool // there, but no longer in use: holds nothing
	common  bool // a type that is classified once and reused
	base    [lanes]int8
	baseBy  string // the classification behind base
	value   [lanes]int8
	from    [lanes]int // the edge that gives value, or -1 for base
	in, out []edge
	marked  int         // the change in which it was last marked
	moved   int         // the change in which was is the value from before
	was     [lanes]int8 //
}

type edge struct {
	node int    // the other end
	by   string // the integration, or ""
}

// lanes are a level for each aspect and then a mark for each aspect.
const lanes = 8

func level(n int8) Level {
	if n == 0 {
		return ""
	}
	return Level(rune('0' + n - 1))
}

func number(l Level) int8 {
	if l == "" {
		return 0
	}
	return int8(l[0]-'0') + 1
}

// Derive derives every level of the landscape.
func Derive(l Landscape) *Derivation {
	d := &Derivation{day: l.Day, at: map[Step]int{}, own: map[Step]map[string]Classification{}, lines: map[Step][]line{}, of: map[string]Step{}}
	var all []register.Entity
	all = appendAll(all, l.Classifications)
	all = appendAll(all, l.Types)
	all = appendAll(all, l.Sets)
	all = appendAll(all, l.Systems)
	all = appendAll(all, l.Processes)
	all = appendAll(all, l.Integrations)
	d.Change(all...)
	return d
}

func appendAll[T any, P interface {
	*T
	register.Entity
}](all []register.Entity, records []T) []register.Entity {
	for i := range records {
		all = append(all, P(&records[i]))
	}
	return all
}

// Change takes new or changed records of the landscape's registers and returns the objects whose level, or whose
// certainty of it, is another now, sorted. Records of other registers change nothing.
func (d *Derivation) Change(records ...register.Entity) []Step {
	d.changes++
	c := changing{Derivation: d}
	for _, rec := range records {
		c.take(rec)
	}
	for lane := range lanes {
		c.settle(lane)
	}
	var changed []Step
	for _, n := range c.moved {
		if nd := &d.nodes[n]; nd.was != nd.value {
			changed = append(changed, nd.step)
		}
	}
	slices.SortFunc(changed, compareSteps)
	return changed
}

func compareSteps(a, b Step) int {
	if n := strings.Compare(a.Kind, b.Kind); n != 0 {
		return n
	}
	return strings.Compare(a.ID, b.ID)
}

// Of returns what is derived for the object in the aspect. An object that is not there is not classified.
func (d *Derivation) Of(kind, id string, a Aspect) Derived {
	n, ok := d.at[Step{kind, id}]
	if !ok {
		return Derived{AtLeast: true}
	}
	lane := slices.Index(Aspects(), a)
	out := Derived{Level: level(d.nodes[n].value[lane]), AtLeast: d.nodes[n].value[lane+lanes/2] > 0}
	if out.Level != "" {
		out.Path = d.path(n, lane)
	}
	return out
}

// Profile is the derived level in every aspect; atLeast tells whether something beneath is not classified in one of the
// compulsory aspects.
func (d *Derivation) Profile(kind, id string) (p Profile, atLeast bool) {
	for _, a := range Aspects() {
		of := d.Of(kind, id, a)
		p = p.With(a, of.Level)
		atLeast = atLeast || of.AtLeast && a != Traceability
	}
	return p, atLeast
}

// path follows the edges that give a value down to the classification, and turns it round.
func (d *Derivation) path(n, lane int) []Step {
	var steps []Step
	for {
		nd := &d.nodes[n]
		steps = append(steps, nd.step)
		if nd.from[lane] < 0 {
			steps = append(steps, Step{"classification", nd.baseBy})
			break
		}
		e := nd.in[nd.from[lane]]
		if e.by != "" {
			steps = append(steps, Step{"integration", e.by})
		}
		n = e.node
	}
	slices.Reverse(steps)
	return steps
}

// Inputs lists what the object gets information from directly, sorted.
func (d *Derivation) Inputs(kind, id string) []Input {
	n, ok := d.at[Step{kind, id}]
	if !ok {
		return nil
	}
	var list []Input
	for _, e := range d.nodes[n].in {
		list = append(list, Input{d.nodes[e.node].step, e.by})
	}
	slices.SortFunc(list, func(a, b Input) int {
		if n := compareSteps(a.From, b.From); n != 0 {
			return n
		}
		return strings.Compare(a.By, b.By)
	})
	return list
}

// Own is the object's own valid classification on the derivation's day: the one decided last.
func (d *Derivation) Own(kind, id string) (Classification, bool) {
	var best Classification
	found := false
	for _, c := range d.own[Step{kind, id}] {
		if c.Valid(d.day) && (!found || c.DecidedOn > best.DecidedOn || c.DecidedOn == best.DecidedOn && c.ID > best.ID) {
			best, found = c, true
		}
	}
	return best, found
}
