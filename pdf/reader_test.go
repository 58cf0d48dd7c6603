// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// The tests read files back with a small reader of their own, which shares no
// code with the writer.

type (
	name string
	ref  int
	dict map[name]any
)

// read is a file read back.
type read struct {
	t       testing.TB
	objects map[int]any
	streams map[int][]byte
	root    dict
	trailer dict
	pages   []dict
	texts   []map[int]string // by page: marked content with its text
	tags    []map[int]string // by page: marked content with its tag
	outside []string         // by page: text that is an artifact
	order   []map[int]int    // by page: marked content with its turn in the stream
}

var objectStart = regexp.MustCompile(`(?m)^(\d+) 0 obj\n`)

func parse(t testing.TB, data []byte) *read {
	t.Helper()
	r := &read{t: t, objects: map[int]any{}, streams: map[int][]byte{}}
	tail := data[bytes.LastIndex(data, []byte("trailer\n"))+8:]
	r.trailer = (&lexer{t, tail}).value().(dict)
	xref := data[r.startOf(data):]
	lines := strings.Split(string(xref), "\n")
	for n, row := range lines[3 : 2+int(r.trailer["Size"].(float64))] {
		at, err := strconv.Atoi(row[:10])
		if err != nil || row[10:] != " 00000 n " {
			t.Fatalf("xref row %q", row)
		}
		r.object(n+1, data[at:])
	}
	r.root = r.dict(r.trailer["Root"])
	for _, k := range r.dict(r.root["Pages"])["Kids"].([]any) {
		r.pages = append(r.pages, r.dict(k))
		r.content(len(r.pages) - 1)
	}
	return r
}

func (r *read) startOf(data []byte) int {
	m := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(data)
	if m == nil {
		r.t.Fatal("no startxref")
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n
}

func (r *read) object(n int, b []byte) {
	m := objectStart.FindSubmatch(b)
	if m == nil || string(m[1]) != strconv.Itoa(n) || !bytes.HasPrefix(b, m[0]) {
		r.t.Fatalf("object %d is not where the table says", n)
	}
	lx := &lexer{r.t, b[len(m[0]):]}
	r.objects[n] = lx.value()
	rest, ok := bytes.CutPrefix(lx.b, []byte("\nstream\n"))
	if !ok {
		return
	}
	d := r.objects[n].(dict)
	body := rest[:int(d["Length"].(float64))]
	if d["Filter"] == name("FlateDecode") {
		z, err := zlib.NewReader(bytes.NewReader(body))
		if err != nil {
			r.t.Fatal(err)
		}
		if body, err = io.ReadAll(z); err != nil {
			r.t.Fatal(err)
		}
	}
	r.streams[n] = body
}

func (r *read) get(v any) any {
	if n, ok := v.(ref); ok {
		if r.objects[int(n)] == nil {
			r.t.Fatalf("object %d is not there", n)
		}
		return r.objects[int(n)]
	}
	return v
}

func (r *read) dict(v any) dict {
	d, ok := r.get(v).(dict)
	if !ok {
		r.t.Fatalf("%v is not a dictionary", v)
	}
	return d
}

// content reads a page's text, and fails if any of it is unmarked.
func (r *read) content(i int) {
	fonts := map[name]map[uint16]rune{}
	for k, v := range r.dict(r.dict(r.pages[i]["Resources"])["Font"]) {
		fonts[k] = r.toUnicode(r.dict(v))
	}
	texts, tags, order, outside := map[int]string{}, map[int]string{}, map[int]int{}, ""
	const none, artifact = -2, -1
	open := none
	var stack []any
	lx := &lexer{r.t, r.streams[int(r.pages[i]["Contents"].(ref))]}
	var font map[uint16]rune
	for lx.skip(); len(lx.b) > 0; lx.skip() {
		v := lx.value()
		op, ok := v.(operator)
		if !ok {
			stack = append(stack, v)
			continue
		}
		switch op {
		case "BMC", "BDC":
			if open != none {
				r.t.Fatalf("page %d: marked content within marked content", i+1)
			}
			open = artifact
			if stack[0] != name("Artifact") {
				open = int(stack[1].(dict)["MCID"].(float64))
				tags[open] = string(stack[0].(name))
				texts[open] += ""
				order[open] = len(order)
			}
		case "EMC":
			open = none
		case "Tf":
			font = fonts[stack[0].(name)]
		case "TJ", "f", "S", "re":
			if open == none {
				r.t.Errorf("page %d: unmarked content", i+1)
			}
			if op != "TJ" {
				break
			}
			s := ""
			for _, part := range stack[0].([]any) {
				codes, _ := part.(string)
				for ; len(codes) > 1; codes = codes[2:] {
					c, ok := font[uint16(codes[0])<<8|uint16(codes[1])]
					if !ok || codes[:2] == "\x00\x00" {
						r.t.Errorf("page %d: a glyph without a meaning", i+1)
					}
					s += string(c)
				}
			}
			if open == artifact {
				outside += s + "\n"
			} else {
				texts[open] += s
			}
		}
		stack = stack[:0]
	}
	if open != none {
		r.t.Errorf("page %d: marked content is not closed", i+1)
	}
	r.order = append(r.order, order)
	r.texts, r.tags, r.outside = append(r.texts, texts), append(r.tags, tags), append(r.outside, outside)
}

var bfchar = regexp.MustCompile(`<(....)> <(....)>\n`)

func (r *read) toUnicode(font dict) map[uint16]rune {
	m := map[uint16]rune{}
	for _, row := range bfchar.FindAllSubmatch(r.streams[int(font["ToUnicode"].(ref))], -1) {
		g, _ := strconv.ParseUint(string(row[1]), 16, 16)
		c, _ := strconv.ParseUint(string(row[2]), 16, 16)
		m[uint16(g)] = rune(c)
	}
	return m
}

// node is an element of the structure tree read back, with the text below it.
type node struct {
	dict
	tag  string
	text string   // own text and that of all below, in reading order
	page int      // of its first content, from 1
	own  [][2]int // page from 0 and turn of its own content
	kids []*node
	refs []dict // annotations
}

// tree reads the structure tree and checks that all content hangs in it.
func (r *read) tree() *node {
	seen := make([]int, len(r.pages))
	top := r.dict(r.root["StructTreeRoot"])
	n := r.node(top["K"].([]any)[0], seen)
	for i, c := range seen {
		if c != len(r.texts[i]) {
			r.t.Errorf("page %d: %d of %d pieces of content are in the tree", i+1, c, len(r.texts[i]))
		}
	}
	return n
}

func (r *read) pageOf(v any) int {
	for i, k := range r.dict(r.root["Pages"])["Kids"].([]any) {
		if k == v {
			return i
		}
	}
	r.t.Fatalf("%v is not a page", v)
	return 0
}

func (r *read) node(v any, seen []int) *node {
	n := &node{dict: r.dict(v)}
	n.tag = string(n.dict["S"].(name))
	piece := func(page, mcid int) {
		seen[page]++
		if r.tags[page][mcid] != n.tag {
			r.t.Errorf("content %d of page %d is tagged %s in the tree and %q on the page", mcid, page+1, n.tag, r.tags[page][mcid])
		}
		if n.page == 0 {
			n.page = page + 1
		}
		n.own = append(n.own, [2]int{page, r.order[page][mcid]})
		n.text += r.texts[page][mcid]
	}
	for _, k := range n.dict["K"].([]any) {
		switch k := k.(type) {
		case float64:
			piece(r.pageOf(n.dict["Pg"]), int(k))
		case dict:
			if k["Type"] == name("OBJR") {
				n.refs = append(n.refs, r.dict(k["Obj"]))
			} else {
				piece(r.pageOf(k["Pg"]), int(k["MCID"].(float64)))
			}
		case ref:
			c := r.node(k, seen)
			n.kids = append(n.kids, c)
			n.text += c.text
			if n.page == 0 {
				n.page = c.page
			}
		}
	}
	return n
}

// all returns the elements with a tag, in reading order.
func (n *node) all(tag string) []*node {
	var out []*node
	if n.tag == tag {
		out = append(out, n)
	}
	for _, k := range n.kids {
		out = append(out, k.all(tag)...)
	}
	return out
}

// operator is an operator of a content stream, or another bare word.
type operator string

// lexer reads PDF's notation.
type lexer struct {
	t testing.TB
	b []byte
}

func (lx *lexer) skip() { lx.b = bytes.TrimLeft(lx.b, " \n") }

var (
	refHere = regexp.MustCompile(`^(\d+) 0 R`)
	numHere = regexp.MustCompile(`^[-+]?[0-9.]+`)
	wordEnd = " \n/[]<>()"
)

func (lx *lexer) value() any {
	lx.skip()
	if m := refHere.FindSubmatch(lx.b); m != nil {
		lx.b = lx.b[len(m[0]):]
		n, _ := strconv.Atoi(string(m[1]))
		return ref(n)
	}
	switch {
	case bytes.HasPrefix(lx.b, []byte("<<")):
		lx.b = lx.b[2:]
		d := dict{}
		for lx.skip(); !bytes.HasPrefix(lx.b, []byte(">>")); lx.skip() {
			k := lx.value().(name)
			d[k] = lx.value()
		}
		lx.b = lx.b[2:]
		return d
	case lx.b[0] == '[':
		lx.b = lx.b[1:]
		list := []any{}
		for lx.skip(); lx.b[0] != ']'; lx.skip() {
			list = append(list, lx.value())
		}
		lx.b = lx.b[1:]
		return list
	case lx.b[0] == '/':
		lx.b = lx.b[1:]
		return name(lx.word())
	case lx.b[0] == '<':
		return lx.hex()
	case lx.b[0] == '(':
		return lx.literal()
	}
	if m := numHere.Find(lx.b); m != nil {
		lx.b = lx.b[len(m):]
		v, err := strconv.ParseFloat(string(m), 64)
		if err != nil {
			lx.t.Fatalf("number %q", m)
		}
		return v
	}
	return operator(lx.word())
}

func (lx *lexer) word() string {
	i := bytes.IndexAny(lx.b, wordEnd)
	if i < 0 {
		i = len(lx.b)
	}
	w := string(lx.b[:i])
	if lx.b = lx.b[i:]; w == "" {
		lx.t.Fatalf("cannot read %.40q", lx.b)
	}
	return w
}

func (lx *lexer) hex() string {
	i := bytes.IndexByte(lx.b, '>')
	var out []byte
	if _, err := fmt.Sscanf(string(lx.b[1:i]), "%x", &out); err != nil && i > 1 {
		lx.t.Fatal(err)
	}
	lx.b = lx.b[i+1:]
	if !bytes.HasPrefix(out, []byte{0xFE, 0xFF}) {
		return string(out)
	}
	var units []uint16
	for ; len(out) > 1; out = out[2:] {
		units = append(units, uint16(out[0])<<8|uint16(out[1]))
	}
	return string(utf16.Decode(units[1:]))
}

func (lx *lexer) literal() string {
	var out []byte
	for i := 1; ; i++ {
		switch c := lx.b[i]; c {
		case '\\':
			i++
			out = append(out, lx.b[i])
		case ')':
			lx.b = lx.b[i+1:]
			return string(out)
		default:
			out = append(out, c)
		}
	}
}
