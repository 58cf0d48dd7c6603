// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"errors"
	"fmt"
)

// The page is A4 with margins of 25 mm. All lengths are in points, and y
// counts down from the top of the page until it is written.
const (
	mm         = 72 / 25.4
	pageWidth  = 210 * mm
	pageHeight = 297 * mm
	margin     = 25 * mm
	top        = margin
	bottom     = pageHeight - margin
	textWidth  = pageWidth - 2*margin
)

// Colour is a colour of the sRGB space as 0xRRGGBB.
type Colour uint32

// The document's own colours. Each on its ground has a contrast of at least
// 4.5 to 1, and rules at least 3 to 1 where they carry meaning.
const (
	inkColour    Colour = 0x1A1C1F
	titleColour  Colour = 0x14324A
	quietColour  Colour = 0x54606B
	linkColour   Colour = 0x0B5394
	ruleColour   Colour = 0xC3CAD1
	strongColour Colour = 0x5B6B7A
	zebraColour  Colour = 0xF4F6F8
)

var (
	bodyType  = typeface{size: 10.5, leading: 14.4, colour: inkColour}
	leadType  = typeface{size: 12, leading: 17, colour: inkColour}
	smallType = typeface{size: 9, leading: 12, colour: quietColour}
)

// layout lays blocks out on pages.
type layout struct {
	doc   *Document
	fonts [styles]*font
	used  [styles]map[uint16]rune // glyphs on pages, with what they mean
	root  *elem
	pages []*page
	page  *page
	y     float64 // where the next box goes
	after float64 // room below the last box, if another follows
	fresh bool    // nothing but repeated heads is on the page
	group []box   // boxes that want to stay together, not yet placed
	held  bool    // boxes gather in group whether they want or not

	left, width float64 // of the column that blocks are laid out in
	shade       *shade  // of the box last placed
	shadeTop    float64

	notes    []*note   // all of the document
	standing []footing // notes at the foot of this page
	carried  []footing // what is left for the next
	footed   float64   // height of the notes standing

	headings []*heading
	targets  map[string]*dest
	listed   int // the level of the last heading, as tagged
	text     int // bytes of text so far
	broken   int // lines that text has been broken into so far
}

// box is a strip of the column that is not divided, unless split says how.
type box struct {
	before float64 // room above, except at the top of a page
	height float64
	keep   bool    // it wants to be on the page of the next box
	notes  []*note // that belong at the foot of its page
	head   *box    // repeated first, if the box begins a page
	shade  *shade  // its ground
	paint  func(p *page, y float64)
	// split divides the box so that its head is no higher than room. Unless
	// it must, it refuses to leave a head or a tail that looks stray.
	split func(room float64, must bool) (head, tail box, ok bool)
}

// shade is the ground of boxes that follow on each other.
type shade struct {
	fill, bar Colour
	x, w      float64
}

func newLayout(d *Document) (*layout, error) {
	f, err := fonts()
	if err != nil {
		return nil, err
	}
	l := &layout{doc: d, fonts: f, root: &elem{tag: "Document", placed: true}, targets: map[string]*dest{}, left: margin, width: textWidth}
	for i := range l.used {
		l.used[i] = map[uint16]rune{}
	}
	for i, b := range d.Blocks {
		if h, ok := b.(Heading); ok {
			if err := l.announce(h); err != nil {
				return nil, fmt.Errorf("pdf: block %d: %w", i+1, err)
			}
		}
	}
	l.newPage(nil)
	return l, nil
}

// announce notes a heading before anything is laid out, for the contents and for
// links that come before it.
func (l *layout) announce(b Heading) error {
	h := &heading{text: oneLine(l.clean(b.Text)), level: b.Level, dest: &dest{}}
	if h.level < 1 || h.level > 4 {
		return fmt.Errorf("heading of level %d", h.level)
	}
	if h.text == "" {
		return errors.New("a heading has no text")
	}
	if b.ID != "" {
		if l.targets[b.ID] != nil {
			return fmt.Errorf("two headings have the ID %q", b.ID)
		}
		h.dest = l.target(b.ID)
	}
	l.headings = append(l.headings, h)
	return nil
}

// add takes the next box. It is placed when a box comes that need not stay
// with the one after it.
func (l *layout) add(b box) {
	b.before += l.after
	l.after = 0
	l.group = append(l.group, b)
	if !b.keep && !l.held {
		l.flush()
	}
}

// hold returns the boxes that f adds instead of placing them.
func (l *layout) hold(f func() error) ([]box, error) {
	group, held := l.group, l.held
	l.group, l.held = nil, true
	err := f()
	inside := l.group
	l.group, l.held = group, held
	return inside, err
}

func (l *layout) addAll(boxes []box) {
	for _, b := range boxes {
		l.add(b)
	}
}

// flush places the waiting boxes: on this page if they fit together, else on
// the next, and if they are higher than a page as they may.
func (l *layout) flush() {
	g := l.group
	l.group = nil
	for len(g) > 0 {
		n := l.fitting(g)
		if n == len(g) {
			l.putAll(g)
			return
		}
		if l.fresh {
			l.putAll(g[:n])
			g = l.overflow(g[n:], n == 0)
		} else if n == len(g)-1 {
			g = l.putPart(g)
		}
		if len(g) > 0 {
			l.newPage(g[0].head)
		}
	}
}

// overflow places as much as it can of the first box, which does not fit on the
// page. If the page is empty and the box cannot be divided, it goes over the edge.
func (l *layout) overflow(g []box, must bool) []box {
	if tail, ok := l.splitHere(g[0], must); ok {
		return append([]box{tail}, g[1:]...)
	}
	if must {
		l.put(g[0])
		return g[1:]
	}
	return g
}

// putPart places the boxes before the last and a part of the last, if it can
// be divided without leaving a stray line, and returns what is left.
func (l *layout) putPart(g []box) []box {
	last := len(g) - 1
	b := g[last]
	if b.split == nil {
		return g
	}
	var notes []*note
	room := l.room() - b.before
	for _, p := range g[:last] {
		room -= p.before + p.height
		notes = append(notes, p.notes...)
	}
	if _, _, ok := b.split(room-l.extra(append(notes, b.notes...)), false); !ok {
		return g
	}
	l.putAll(g[:last])
	if tail, ok := l.splitHere(b, false); ok {
		return []box{tail}
	}
	return g[last:]
}

func (l *layout) splitHere(b box, must bool) (tail box, ok bool) {
	if b.split == nil {
		return box{}, false
	}
	room := l.room() - l.extra(b.notes)
	if !l.fresh {
		room -= b.before
	}
	head, tail, ok := b.split(room, must)
	head.before = b.before
	if ok {
		l.put(head)
	}
	return tail, ok
}

// fitting returns how many of the boxes fit on what is left of the page.
func (l *layout) fitting(g []box) int {
	h, fresh := 0.0, l.fresh
	var notes []*note
	for i, b := range g {
		if !fresh {
			h += b.before
		}
		h, fresh = h+b.height, false
		notes = append(notes, b.notes...)
		if h+l.extra(notes) > l.room()+0.01 {
			return i
		}
	}
	return len(g)
}

// room is the height left above the notes.
func (l *layout) room() float64 { return bottom - l.footed - l.y }

func (l *layout) putAll(g []box) {
	for _, b := range g {
		l.put(b)
	}
}

// put paints a box where the last one ended.
func (l *layout) put(b box) {
	if !l.fresh {
		l.y += b.before
	}
	if b.shade != l.shade {
		l.endShade(b.before)
		l.shade, l.shadeTop = b.shade, l.y
	}
	l.fresh = false
	if b.paint != nil {
		b.paint(l.page, l.y)
	}
	l.y += b.height
	l.stand(b.notes, l.room())
}

// endShade paints the ground of the boxes since shadeTop; y is already past
// the room above the next one.
func (l *layout) endShade(before float64) {
	if s := l.shade; s != nil {
		h := l.y - before - l.shadeTop
		l.page.fill(rect{s.x, l.shadeTop, s.w, h}, s.fill)
		l.page.fill(rect{s.x, l.shadeTop, 3, h}, s.bar)
	}
	l.shade = nil
}

// newPage ends the page and begins the next, with a repeated head if any.
func (l *layout) newPage(head *box) {
	l.endPage()
	l.page = &page{number: len(l.pages) + 1, shut: true}
	l.pages = append(l.pages, l.page)
	l.y, l.fresh = top, true
	l.carry()
	if head != nil {
		head.paint(l.page, l.y)
		l.y += head.height
	}
}

func (l *layout) endPage() {
	if l.page == nil {
		return
	}
	l.endShade(0)
	l.paintNotes()
	l.page.end()
}

// finish places what waits, then fills in all that depends on the number of pages.
func (l *layout) finish() error {
	l.flush()
	l.endPage()
	for len(l.carried) > 0 {
		l.newPage(nil)
		l.endPage()
	}
	if n := len(l.pages); n > 1 && l.fresh && l.page.main.Len() == 0 {
		l.pages = l.pages[:n-1] // a page break at the end
	}
	for id, d := range l.targets {
		if d.page == nil {
			return fmt.Errorf("a link leads to #%s, which no heading has", id)
		}
	}
	l.root.settle()
	for _, p := range l.pages {
		l.fillIn(p)
		l.strips(p)
	}
	return nil
}

// fillIn writes the page's late content into its place.
func (l *layout) fillIn(p *page) {
	if len(p.late) == 0 {
		return
	}
	early := append([]byte(nil), p.main.Bytes()...)
	p.main.Reset()
	at := 0
	for _, in := range p.late {
		p.main.Write(early[at:in.at])
		at = in.at
		in.paint()
		p.end()
	}
	p.main.Write(early[at:])
}

// target returns the place of the heading with an ID, which may be yet to come.
func (l *layout) target(id string) *dest {
	d := l.targets[id]
	if d == nil {
		d = &dest{}
		l.targets[id] = d
	}
	return d
}
