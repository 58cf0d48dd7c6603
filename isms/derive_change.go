// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"

	"ledsyn/register"
)

// changing is a derivation while records are taken in: which nodes must be looked at again, and what the values were of
// those that were touched.
type changing struct {
	dirty []int // in the order they were met, so that the same records give the same paths
	moved []int // those whose value was another, perhaps only for a while
	*Derivation
}

func (c *changing) node(s Step) int {
	if n, ok := c.at[s]; ok {
		return n
	}
	n := len(c.nodes)
	c.at[s] = n
	nd := node{step: s}
	for lane := range lanes {
		nd.from[lane] = -1
	}
	c.nodes = append(c.nodes, nd)
	c.look(n)
	return n
}

// look marks a node as one whose own part or edges may be others.
func (c *changing) look(n int) {
	if nd := &c.nodes[n]; nd.marked != c.changes {
		nd.marked = c.changes
		c.dirty = append(c.dirty, n)
	}
}

func (c *changing) take(rec register.Entity) {
	gone := c.out(*rec.Head())
	switch r := rec.(type) {
	case *Classification:
		c.classification(*r)
	case *InformationType:
		c.object(Step{"information_type", r.ID}, gone, r.Common, nil)
	case *System:
		c.object(Step{"system", r.ID}, gone || r.Lifecycle == OutOfUse, false, nil)
	case *Process:
		c.object(Step{"process", r.ID}, gone, false, processLines(r))
	case *InformationSet:
		c.object(Step{"information_set", r.ID}, gone, false, setLines(r))
	case *Integration:
		lines := integrationLines(r)
		if gone {
			lines = nil
		}
		c.edges(Step{"integration", r.ID}, lines)
	}
}

func (c *changing) out(r Record) bool { return r.Retired != "" && r.Retired <= c.day }

// classification keeps the classification under its object, and takes it from the one it was of before.
func (c *changing) classification(cl Classification) {
	if was, ok := c.of[cl.ID]; ok {
		delete(c.own[was], cl.ID)
		c.look(c.node(was))
	}
	kind, id := cl.Object()
	s := Step{kind, id}
	if c.own[s] == nil {
		c.own[s] = map[string]Classification{}
	}
	c.own[s][cl.ID], c.of[cl.ID] = cl, s
	c.look(c.node(s))
}

func (c *changing) object(s Step, gone, common bool, lines []line) {
	n := c.node(s)
	if nd := &c.nodes[n]; nd.gone != gone || nd.common != common {
		nd.gone, nd.common = gone, common
		for _, e := range nd.out { // what it is part of may need to be judged itself now
			c.look(e.node)
		}
	}
	c.look(n)
	if gone {
		lines = nil
	}
	c.edges(s, lines)
}

// edges takes away the edges that the record drew before and draws those it draws now; those that stay are untouched.
func (c *changing) edges(s Step, is []line) {
	was := c.lines[s]
	for _, l := range was {
		if !slices.Contains(is, l) {
			c.cut(l)
		}
	}
	for _, l := range is {
		if !slices.Contains(was, l) {
			c.draw(l)
		}
	}
	c.lines[s] = is
}

// A line is an edge by its ends' names.
type line struct {
	from, to Step
	by       string
}

func setLines(r *InformationSet) (lines []line) {
	set := Step{"information_set", r.ID}
	for _, t := range r.Types {
		lines = once(lines, line{Step{"information_type", string(t)}, set, ""})
	}
	for _, s := range r.Systems {
		lines = once(lines, line{set, Step{"system", string(s)}, ""})
	}
	return lines
}

func processLines(r *Process) (lines []line) {
	for _, s := range r.Sets {
		lines = once(lines, line{Step{"information_set", string(s)}, Step{"process", r.ID}, ""})
	}
	return lines
}

// integrationLines carries the sets that are named, or all that the source holds.
func integrationLines(r *Integration) (lines []line) {
	to := Step{"system", string(r.Target)}
	for _, s := range r.Sets {
		lines = once(lines, line{Step{"information_set", string(s)}, to, r.ID})
	}
	if len(r.Sets) == 0 {
		lines = append(lines, line{Step{"system", string(r.Source)}, to, r.ID})
	}
	return lines
}

func once(lines []line, l line) []line {
	if slices.Contains(lines, l) {
		return lines
	}
	return append(lines, l)
}

func (c *changing) draw(l line) {
	from, to := c.node(l.from), c.node(l.to)
	c.nodes[from].out = append(c.nodes[from].out, edge{to, l.by})
	c.nodes[to].in = append(c.nodes[to].in, edge{from, l.by})
	c.look(to)
}

// cut takes an edge away. The edges after it move up, so the places that values come from move with them.
func (c *changing) cut(l line) {
	from, to := c.node(l.from), c.node(l.to)
	out, in := c.nodes[from].out, c.nodes[to].in
	i := slices.Index(in, edge{from, l.by})
	c.nodes[from].out = slices.Delete(out, slices.Index(out, edge{to, l.by}), slices.Index(out, edge{to, l.by})+1)
	c.nodes[to].in = slices.Delete(in, i, i+1)
	for lane := range lanes {
		switch at := &c.nodes[to].from[lane]; {
		case *at == i:
			*at = lost
		case *at > i:
			*at--
		}
	}
	c.look(to)
}

// lost is the place of an edge that is no longer there.
const lost = -2

// settle makes one lane's values right again. Values that nothing supports any longer are taken away together with all
// that came from them, so that no circle of systems holds itself up. Then values rise along the edges until none rises.
func (c *changing) settle(lane int) {
	var fallen []int
	for _, n := range c.dirty {
		c.touched++
		c.nodes[n].base[lane] = c.base(n, lane)
		if c.nodes[n].value[lane] > 0 && !c.supported(n, lane) {
			fallen = c.fall(fallen, n, lane)
		}
	}
	for i := 0; i < len(fallen); i++ {
		n := fallen[i]
		for _, e := range c.nodes[n].out {
			m := &c.nodes[e.node]
			if at := m.from[lane]; m.value[lane] > 0 && at >= 0 && m.in[at] == (edge{n, e.by}) {
				fallen = c.fall(fallen, e.node, lane)
			}
		}
	}
	var rising []int
	for _, n := range c.dirty {
		rising = c.raise(rising, n, lane)
	}
	for _, n := range fallen {
		rising = c.raise(rising, n, lane)
	}
	for i := 0; i < len(rising); i++ {
		n := rising[i]
		for _, e := range c.nodes[n].out {
			m := &c.nodes[e.node]
			if v := c.passes(n, e.node, lane); v > m.value[lane] {
				c.remember(m, e.node)
				m.value[lane], m.from[lane] = v, slices.Index(m.in, edge{n, e.by})
				rising = append(rising, e.node)
			}
		}
	}
	c.touched += len(fallen) + len(rising)
}

// remember keeps what the value was when the change began.
func (c *changing) remember(nd *node, n int) {
	if nd.moved != c.changes {
		nd.moved, nd.was = c.changes, nd.value
		c.moved = append(c.moved, n)
	}
}

func (c *changing) fall(fallen []int, n, lane int) []int {
	nd := &c.nodes[n]
	c.remember(nd, n)
	nd.value[lane], nd.from[lane] = 0, -1
	return append(fallen, n)
}

func (c *changing) supported(n, lane int) bool {
	nd := &c.nodes[n]
	switch at := nd.from[lane]; at {
	case lost:
		return false
	case -1:
		return nd.base[lane] >= nd.value[lane]
	default:
		return c.passes(nd.in[at].node, n, lane) >= nd.value[lane]
	}
}

// raise gives the node the most that its own part and its edges give.
func (c *changing) raise(rising []int, n, lane int) []int {
	nd := &c.nodes[n]
	best, from := nd.base[lane], -1
	for i, e := range nd.in {
		if v := c.passes(e.node, n, lane); v > best {
			best, from = v, i
		}
	}
	if best <= nd.value[lane] {
		return rising
	}
	c.remember(nd, n)
	nd.value[lane], nd.from[lane] = best, from
	return append(rising, n)
}

// passes is the value that goes from one node to the next. A set that has been judged itself is not made uncertain by
// its types: whoever judged it knew them. Types that are not common are not reused.
func (c *changing) passes(from, to, lane int) int8 {
	f, t := &c.nodes[from], &c.nodes[to]
	if f.gone || t.gone {
		return 0
	}
	if f.step.Kind == "information_type" {
		if lane >= lanes/2 && t.base[lane-lanes/2] > 0 || !f.common {
			return 0
		}
	}
	return f.value[lane]
}

// base is the node's own part: the level of its own classification; and for the marks, whether what it holds itself
// has not been judged.
func (c *changing) base(n, lane int) int8 {
	nd := &c.nodes[n]
	if nd.gone {
		return 0
	}
	if lane < lanes/2 {
		cl, ok := c.Own(nd.step.Kind, nd.step.ID)
		nd.baseBy = cl.ID
		if !ok {
			return 0
		}
		return number(cl.Profile().Level(Aspects()[lane]))
	}
	if nd.base[lane-lanes/2] > 0 || c.heldBySomething(nd) {
		return 0
	}
	return 1
}

// heldBySomething reports whether the node's parts say all that there is to say of it, so that it need not be judged
// itself: a set with nothing but common types, a system or process with sets.
func (c *changing) heldBySomething(nd *node) bool {
	parts := 0
	for _, e := range nd.in {
		part := &c.nodes[e.node]
		switch {
		case part.step.Kind == "information_type" && !part.common:
			return false
		case e.by != "": // what flows in says nothing of what is there already
		case !part.gone:
			parts++
		}
	}
	return parts > 0
}
