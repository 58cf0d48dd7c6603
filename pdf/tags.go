// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"bytes"
	"fmt"
)

// elem is an element of the structure tree: what a part of the document is,
// in the order in which it is read.
type elem struct {
	tag    string
	parent *elem
	kids   []kid
	after  []*elem // footnotes: read when the rest of the element is done
	placed bool    // it is among its parent's kids
	attrs  string  // attribute dictionary, as written in the file
	alt    string  // what it shows, for those who do not see it
	lang   string  // if other than the document's
	id     string  // needed by footnotes
	object int     // its number in the file
}

// kid is a child of an element: an element, marked content on a page, or an
// annotation.
type kid struct {
	elem  *elem
	page  *page
	mcid  int
	annot *annot
}

// child makes an element below e. It takes its place among e's kids when
// something of it is first painted, so that the tree's order is the order of
// reading also where text and links alternate.
func (e *elem) child(tag string) *elem {
	return &elem{tag: tag, parent: e}
}

// attach puts e, and what it lies in, into the tree now.
func (e *elem) attach() {
	if e.placed || e.parent == nil {
		return
	}
	e.placed = true
	e.parent.attach()
	e.parent.kids = append(e.parent.kids, kid{elem: e})
}

// footnote makes a Note element that is read after the rest of e.
func (e *elem) footnote(id string) *elem {
	n := &elem{tag: "Note", parent: e, placed: true, id: id}
	e.after = append(e.after, n)
	return n
}

// settle moves footnotes to the end of their elements, through the whole tree.
func (e *elem) settle() {
	for _, n := range e.after {
		e.kids = append(e.kids, kid{elem: n})
	}
	e.after = nil
	for _, k := range e.kids {
		if k.elem != nil {
			k.elem.settle()
		}
	}
}

// page is a page being painted. All its content is either marked as belonging
// to an element or marked as an artifact, which no reader reads aloud.
type page struct {
	number int
	under  bytes.Buffer // grounds, lowest
	rules  bytes.Buffer // thin lines above the grounds
	main   bytes.Buffer
	edge   bytes.Buffer // header and footer
	open   *elem        // whose marked content is open in main
	shut   bool         // no marked content is open in main
	owners []*elem      // by number of marked content
	annots []*annot
	late   []insert
	object int
}

// insert is content known only when all pages are: it belongs at a place in main.
type insert struct {
	at    int
	paint func()
}

// begin marks what follows as e's. A nil e means an artifact.
func (p *page) begin(e *elem) {
	if !p.shut && p.open == e {
		return
	}
	p.end()
	p.open, p.shut = e, false
	if e == nil {
		p.main.WriteString("/Artifact BMC\n")
		return
	}
	e.attach()
	fmt.Fprintf(&p.main, "/%s <</MCID %d>> BDC\n", e.tag, len(p.owners))
	e.kids = append(e.kids, kid{page: p, mcid: len(p.owners)})
	p.owners = append(p.owners, e)
}

// end closes the marked content that is open, if any.
func (p *page) end() {
	if !p.shut {
		p.main.WriteString("EMC\n")
	}
	p.open, p.shut = nil, true
}

// later lets paint write to main at this place when all pages are known.
func (p *page) later(paint func()) {
	p.end()
	p.late = append(p.late, insert{p.main.Len(), paint})
}

// annot is a link on a page, either to an address or to a place in the document.
type annot struct {
	page     *page
	elem     *elem // the Link element that it belongs to
	rect     rect
	contents string // what the link is, for those who do not see it
	uri      string
	dest     *dest
	object   int
}

// dest is a place in the document. Its page is nil until it is painted.
type dest struct {
	page *page
	y    float64 // points from the top of the page
}

// rect is a rectangle in points; y counts down from the top of the page.
type rect struct {
	x, y, w, h float64
}

// link lays a link over r on the page and ties it to its element.
func (p *page) link(a annot) {
	a.page = p
	p.annots = append(p.annots, &a)
	a.elem.attach()
	a.elem.kids = append(a.elem.kids, kid{annot: &a})
}
