// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMetadata(t *testing.T) {
	r := parse(t, render(t, sample()))
	if got := r.root["Lang"]; got != "sv" {
		t.Errorf("language %v", got)
	}
	if r.dict(r.root["MarkInfo"])["Marked"] != operator("true") || r.dict(r.root["ViewerPreferences"])["DisplayDocTitle"] != operator("true") {
		t.Error("not marked as tagged, or its title is not shown")
	}
	info := r.dict(r.trailer["Info"])
	want := dict{
		"Title": "Ledningens genomgång 2024", "Author": "Norra stadsdelsnämnden", "Subject": "Underlag och beslut",
		"Creator": "Ledsyn", "Producer": producer, "CreationDate": "D:20231123100000+01'00'", "ModDate": "D:20231123100000+01'00'",
	}
	if d := cmp.Diff(want, info); d != "" {
		t.Error(d)
	}
	xmp := string(r.streams[int(r.root["Metadata"].(ref))])
	for _, s := range []string{
		"<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", ">Ledningens genomgång 2024<", ">Norra stadsdelsnämnden<",
		"<rdf:li>sv<", "<xmp:CreateDate>2023-11-23T10:00:00+01:00<", "<xmp:ModifyDate>2023-11-23T10:00:00+01:00<",
	} {
		if !strings.Contains(xmp, s) {
			t.Errorf("the metadata lack %s", s)
		}
	}
}

// outline returns the tree with the text of each element that holds text itself.
func outline(n *node, depth int, skip map[string]bool) string {
	s := fmt.Sprintf("%s%s", strings.Repeat("  ", depth), n.tag)
	if len(n.kids) == 0 {
		s += " " + strings.TrimSpace(n.text)
	}
	s += "\n"
	for _, k := range n.kids {
		if !skip[k.tag] {
			s += outline(k, depth+1, skip)
		}
	}
	return s
}

func TestTreeIsInReadingOrder(t *testing.T) {
	d := sample()
	d.Blocks = []Block{
		Heading{Level: 1, Text: "Rubrik"},
		Paragraph{Text: Text{{Text: "Före "}, {Text: "länk", Link: "https://exempel.example/"}, {Text: " och", Note: Plain("Not.")}, {Text: " efter."}}},
		List{Items: []Item{{Text: Plain("ett"), Sub: List{Numbered: true, Items: []Item{{Text: Plain("inre")}}}}, {Text: Plain("två")}}},
		Table{Caption: Plain("Text"), RowHeads: true, Columns: make([]Column, 2), Head: [][]Text{{Plain("A"), Plain("B")}}, Rows: [][]Text{{Plain("a1")}}},
		Box{Title: "Ruta", Body: []Block{Paragraph{Text: Plain("Inne.")}}},
		Quote{Text: Plain("Citat.")},
	}
	want := `Document
  H1 Rubrik
  P
    Link länk
    Reference
      Link 1
    Note
      Lbl
        Link 1
      P Not.
  L
    LI
      Lbl •
      LBody
        L
          LI
            Lbl 1.
            LBody inre
    LI
      Lbl •
      LBody två
  Table
    Caption Text
    THead
      TR
        TH A
        TH B
    TBody
      TR
        TH a1
        TD 
  Div
    P Ruta
    P Inne.
  BlockQuote
    P Citat.
`
	root := parse(t, render(t, d)).tree()
	if d := cmp.Diff(want, outline(root, 0, nil)); d != "" {
		t.Error(d)
	}
	if got, want := root.all("P")[0].text, "Före länk och1 efter.1Not."; got != want {
		t.Errorf("the paragraph reads %q, want %q", got, want)
	}
	scopes := ""
	for _, th := range root.all("TH") {
		scopes += string(th.dict["A"].(dict)["Scope"].(name)) + " "
	}
	if scopes != "Column Column Row " {
		t.Errorf("scopes %s", scopes)
	}
}

// Programs that read the pages without their tree must get the text in the
// same order. Footnotes are read where they belong but stand at the foot.
func TestContentIsInReadingOrder(t *testing.T) {
	for _, d := range []Document{sample(), with(sampleTable(100)), reviewLike()} {
		var turns [][2]int
		var walk func(n *node)
		walk = func(n *node) {
			if n.tag == "Note" {
				return
			}
			turns = append(turns, n.own...)
			for _, k := range n.kids {
				walk(k)
			}
		}
		// Only elements without kids have their content in one piece.
		root := parse(t, render(t, d)).tree()
		for _, k := range root.kids {
			if len(k.kids) == 0 || k.tag != "P" {
				walk(k)
			}
		}
		if !slices.IsSortedFunc(turns, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) }) {
			t.Errorf("the content's order is %v", turns)
		}
	}
}

func TestEveryLinkIsTiedToItsElement(t *testing.T) {
	r := parse(t, render(t, sample()))
	root := r.tree()
	byKey := map[float64]dict{} // from the parent tree
	nums := r.dict(r.dict(r.root["StructTreeRoot"])["ParentTree"])["Nums"].([]any)
	for i := 0; i < len(nums); i += 2 {
		if _, ok := nums[i+1].(ref); ok {
			byKey[nums[i].(float64)] = r.dict(nums[i+1])
			continue
		}
		for mcid, e := range nums[i+1].([]any) {
			if tag := r.tags[int(nums[i].(float64))][mcid]; name(tag) != r.dict(e)["S"] {
				t.Errorf("content %d leads to %v, not %s", mcid, r.dict(e)["S"], tag)
			}
		}
	}
	tied := 0
	for _, l := range root.all("Link") {
		if len(l.refs) == 0 {
			t.Errorf("the link %q has no annotation", l.text)
		}
		for _, a := range l.refs {
			tied++
			if c, _ := a["Contents"].(string); c == "" {
				t.Errorf("the link %q has no description", l.text)
			}
			if got := byKey[a["StructParent"].(float64)]; got["S"] != name("Link") || fmt.Sprint(got) != fmt.Sprint(l.dict) {
				t.Errorf("the annotation of %q leads to another element", l.text)
			}
		}
	}
	all := 0
	for _, p := range r.pages {
		if p["Tabs"] != name("S") {
			t.Error("a page's order of tabs is not the structure's")
		}
		if p["Annots"] != nil {
			all += len(p["Annots"].([]any))
		}
	}
	if all != tied || all == 0 {
		t.Errorf("%d links, of which %d are in the tree", all, tied)
	}
}

func TestFootnotesLinkBothWays(t *testing.T) {
	r := parse(t, render(t, sample()))
	root := r.tree()
	notes := root.all("Note")
	if len(notes) != 3 {
		t.Fatalf("%d notes", len(notes))
	}
	marks := root.all("Reference")
	for i, n := range notes {
		var mark *node
		for _, m := range marks {
			if len(m.kids) == 1 && m.kids[0].text == n.all("Lbl")[0].text && m.kids[0].refs[0]["Contents"] == fmt.Sprintf("Fotnot %d", i+1) {
				mark = m.kids[0]
			}
		}
		if mark == nil {
			t.Fatalf("note %d has no mark", i+1)
		}
		back := n.all("Link")[0]
		if got := r.pageOf(mark.refs[0]["Dest"].([]any)[0]) + 1; got != n.page {
			t.Errorf("mark %d leads to page %d, the note is on %d", i+1, got, n.page)
		}
		if got := r.pageOf(back.refs[0]["Dest"].([]any)[0]) + 1; got != mark.page {
			t.Errorf("note %d leads back to page %d, the mark is on %d", i+1, got, mark.page)
		}
		if back.refs[0]["Contents"] != fmt.Sprintf("Tillbaka till texten %d", i+1) {
			t.Errorf("note %d describes its link as %v", i+1, back.refs[0]["Contents"])
		}
		if n.dict["ID"] != fmt.Sprintf("note-%d", i+1) {
			t.Errorf("note %d has the ID %v", i+1, n.dict["ID"])
		}
	}
}

func TestContentsAndBookmarksLeadToHeadings(t *testing.T) {
	r := parse(t, render(t, sample()))
	root := r.tree()
	page := map[string]int{}
	for _, tag := range []string{"H1", "H2", "H3", "H4"} {
		for _, h := range root.all(tag) {
			page[strings.TrimSpace(h.text)] = h.page
		}
	}
	if len(page) != 8 {
		t.Fatalf("headings: %v", page)
	}
	lines := root.all("TOCI")
	if len(lines) != 6 { // neither its own heading nor level 4
		t.Errorf("%d lines of contents", len(lines))
	}
	for _, l := range lines {
		at := strings.LastIndex(l.text, " ")
		title, num := l.text[:at], l.text[at+1:]
		if num != fmt.Sprint(page[title]) {
			t.Errorf("contents say that %q is on page %s, it is on %d", title, num, page[title])
		}
		dest := l.all("Link")[0].refs[0]["Dest"].([]any)
		if got := r.pageOf(dest[0]) + 1; got != page[title] {
			t.Errorf("contents link %q to page %d", title, got)
		}
	}
	var marks []string
	var walk func(v any, depth int)
	walk = func(v any, depth int) {
		for v != nil {
			d := r.dict(v)
			title := d["Title"].(string)
			marks = append(marks, strings.Repeat("  ", depth)+title)
			if got := r.pageOf(d["Dest"].([]any)[0]) + 1; got != page[title] {
				t.Errorf("the bookmark %q leads to page %d", title, got)
			}
			walk(d["First"], depth+1)
			v = d["Next"]
		}
	}
	walk(r.dict(r.root["Outlines"])["First"], 0)
	want := []string{"Bakgrund", "Innehåll", "1 Status för åtgärder från ledningens tidigare genomgångar", "  1.1 Åtgärder som är kvar",
		"    1.1.1 Rekommendationer", "      Anmärkning", "2 System", "5 Plan"}
	if d := cmp.Diff(want, marks); d != "" {
		t.Error(d)
	}
}

func TestHeadsAreRepeatedAsArtifacts(t *testing.T) {
	r := parse(t, render(t, sample()))
	root := r.tree()
	if n := len(root.all("Table")[0].all("THead")[0].all("TR")); n != 1 {
		t.Errorf("%d header rows in the tree", n)
	}
	last := root.all("Table")[0].all("TR")[60]
	first := root.all("Table")[0].page
	if last.page <= first {
		t.Fatal("the table is on one page")
	}
	for p := first + 1; p <= last.page; p++ {
		if !strings.Contains(r.outside[p-1], "Ändamål") {
			t.Errorf("page %d does not repeat the head", p)
		}
	}
	if strings.Contains(r.outside[first-1], "Ändamål") {
		t.Error("the head is repeated where it stands")
	}
	for i, s := range r.outside[1:] {
		if !strings.Contains(s, fmt.Sprintf("Sida %d av %d", i+2, len(r.pages))) || !strings.Contains(s, "Dnr NSN 2023/17") {
			t.Errorf("page %d has the strips %q", i+2, s)
		}
	}
}

func TestFigureHasAlternative(t *testing.T) {
	r := parse(t, render(t, sample()))
	f := r.tree().all("Figure")[0]
	if f.dict["Alt"] != sampleCurve().Alt {
		t.Errorf("alternative text %v", f.dict["Alt"])
	}
	a := f.dict["A"].(dict)
	box := a["BBox"].([]any)
	if len(box) != 4 || math.Round(box[2].(float64)-box[0].(float64)) != 453 || math.Round(box[3].(float64)-box[1].(float64)) != 170 {
		t.Errorf("box %v", box)
	}
	if len(f.all("Caption")) != 1 {
		t.Error("no caption")
	}
}

func TestHeadingLevelsHaveNoGaps(t *testing.T) {
	d := sample()
	d.Blocks = []Block{Heading{Level: 3, Text: "a"}, Heading{Level: 1, Text: "b"}, Heading{Level: 4, Text: "c"}, Heading{Level: 2, Text: "d"}}
	got := ""
	for _, k := range parse(t, render(t, d)).tree().kids {
		got += k.tag + " "
	}
	if got != "H1 H1 H2 H2 " {
		t.Errorf("tags %s", got)
	}
}
