// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"fmt"
	"slices"
	"strings"
)

// numberTree numbers the root of the structure tree and all its elements.
func numberTree(f *file, l *layout) (root int) {
	root = f.number()
	var walk func(e *elem)
	walk = func(e *elem) {
		e.object = f.number()
		for _, k := range e.kids {
			if k.elem != nil {
				walk(k.elem)
			}
		}
	}
	walk(l.root)
	return root
}

// writeTree writes the structure tree, and the trees that lead from pages and
// links, and from the identifiers of footnotes, back to its elements.
func writeTree(f *file, l *layout, root int) {
	var ids []*elem
	var walk func(e *elem, parent int)
	walk = func(e *elem, parent int) {
		if e.id != "" {
			ids = append(ids, e)
		}
		writeElem(f, e, parent)
		for _, k := range e.kids {
			if k.elem != nil {
				walk(k.elem, e.object)
			}
		}
	}
	walk(l.root, root)

	parents, idTree := f.number(), ""
	next := writeParents(f, l, parents)
	if len(ids) > 0 {
		slices.SortFunc(ids, func(a, b *elem) int { return strings.Compare(a.id, b.id) })
		var names strings.Builder
		for _, e := range ids {
			fmt.Fprintf(&names, "%s %d 0 R ", textString(e.id), e.object)
		}
		n := f.number()
		f.object(n, "<</Names [%s]>>", names.String())
		idTree = fmt.Sprintf(" /IDTree %d 0 R", n)
	}
	f.object(root, "<</Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey %d /RoleMap <</Title /P>>%s>>",
		l.root.object, parents, next, idTree)
}

// writeParents writes the tree that leads from content to elements, and
// returns the first key that is free.
func writeParents(f *file, l *layout, n int) (next int) {
	var nums strings.Builder
	for i, p := range l.pages {
		fmt.Fprintf(&nums, "%d [", i)
		for _, e := range p.owners {
			fmt.Fprintf(&nums, "%d 0 R ", e.object)
		}
		nums.WriteString("]\n")
	}
	next = len(l.pages)
	for _, p := range l.pages {
		for _, a := range p.annots {
			fmt.Fprintf(&nums, "%d %d 0 R\n", next, a.elem.object)
			next++
		}
	}
	f.object(n, "<</Nums [%s]>>", nums.String())
	return next
}

func writeElem(f *file, e *elem, parent int) {
	var b strings.Builder
	fmt.Fprintf(&b, "<</Type /StructElem /S /%s /P %d 0 R", e.tag, parent)
	if e.id != "" {
		b.WriteString(" /ID " + textString(e.id))
	}
	if e.attrs != "" {
		b.WriteString(" /A " + e.attrs)
	}
	if e.alt != "" {
		b.WriteString(" /Alt " + textString(e.alt))
	}
	if e.lang != "" {
		b.WriteString(" /Lang " + textString(e.lang))
	}
	var home *page // of the marked content that needs no page of its own
	for _, k := range e.kids {
		if k.page != nil {
			home = k.page
			fmt.Fprintf(&b, " /Pg %d 0 R", home.object)
			break
		}
	}
	b.WriteString(" /K [")
	for _, k := range e.kids {
		switch {
		case k.elem != nil:
			fmt.Fprintf(&b, "%d 0 R ", k.elem.object)
		case k.annot != nil:
			fmt.Fprintf(&b, "<</Type /OBJR /Pg %d 0 R /Obj %d 0 R>> ", k.annot.page.object, k.annot.object)
		case k.page == home:
			fmt.Fprintf(&b, "%d ", k.mcid)
		default:
			fmt.Fprintf(&b, "<</Type /MCR /Pg %d 0 R /MCID %d>> ", k.page.object, k.mcid)
		}
	}
	b.WriteString("]>>")
	f.object(e.object, "%s", b.String())
}

// mark is a bookmark, with those below it.
type bookmark struct {
	*heading
	object int
	below  []*bookmark
}

// writeOutlines writes the headings as bookmarks and returns what the
// catalogue says of them.
func writeOutlines(f *file, l *layout) string {
	if len(l.headings) == 0 {
		return ""
	}
	root := &bookmark{heading: &heading{}, object: f.number()}
	branch := []*bookmark{root} // from the root to the last heading
	for _, h := range l.headings {
		for len(branch) > 1 && branch[len(branch)-1].level >= h.level {
			branch = branch[:len(branch)-1]
		}
		b := &bookmark{heading: h, object: f.number()}
		up := branch[len(branch)-1]
		up.below = append(up.below, b)
		branch = append(branch, b)
	}
	f.object(root.object, "<</Type /Outlines /First %d 0 R /Last %d 0 R /Count %d>>",
		root.below[0].object, root.below[len(root.below)-1].object, len(root.below))
	root.write(f)
	return fmt.Sprintf(" /Outlines %d 0 R /PageMode /UseOutlines", root.object)
}

// write writes the bookmarks below b, closed, so that the first level is seen.
func (b *bookmark) write(f *file) {
	for i, k := range b.below {
		var s strings.Builder
		fmt.Fprintf(&s, "<</Title %s /Parent %d 0 R /Dest %s", textString(k.text), b.object, k.dest)
		if i > 0 {
			fmt.Fprintf(&s, " /Prev %d 0 R", b.below[i-1].object)
		}
		if i < len(b.below)-1 {
			fmt.Fprintf(&s, " /Next %d 0 R", b.below[i+1].object)
		}
		if n := len(k.below); n > 0 {
			fmt.Fprintf(&s, " /First %d 0 R /Last %d 0 R /Count -%d", k.below[0].object, k.below[n-1].object, n)
		}
		s.WriteString(">>")
		f.object(k.object, "%s", s.String())
		k.write(f)
	}
}
