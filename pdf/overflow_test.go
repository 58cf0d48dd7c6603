// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// with returns the sample's frame around other blocks.
func with(blocks ...Block) Document {
	d := sample()
	d.Blocks = blocks
	return d
}

// placed is text where it stands on a page.
type placed struct {
	page  int
	x, y  float64
	right float64 // where it ends
	size  float64
}

// placements returns all text of a file outside of drawings, with its place.
func placements(r *read) []placed {
	var out []placed
	widths := map[name]map[int]float64{}
	for i, p := range r.pages {
		fonts := r.dict(r.dict(p["Resources"])["Font"])
		for k, f := range fonts {
			if widths[k] == nil {
				widths[k] = map[int]float64{}
				w := r.dict(r.dict(f)["DescendantFonts"].([]any)[0])["W"].([]any)
				for j := 0; j < len(w); j += 2 {
					widths[k][int(w[j].(float64))] = w[j+1].([]any)[0].(float64)
				}
			}
		}
		lx := &lexer{r.t, r.streams[int(p["Contents"].(ref))]}
		var stack []any
		var at placed
		var font name
		for lx.skip(); len(lx.b) > 0; lx.skip() {
			v := lx.value()
			op, ok := v.(operator)
			if !ok {
				stack = append(stack, v)
				continue
			}
			switch op {
			case "Tf":
				font, at.size = stack[0].(name), stack[1].(float64)
			case "Td":
				at.page, at.x, at.y = i+1, stack[0].(float64), stack[1].(float64)
			case "TJ":
				at.right = at.x
				for _, part := range stack[0].([]any) {
					if k, ok := part.(float64); ok {
						at.right -= k * at.size / 1000
					}
					codes, _ := part.(string)
					for ; len(codes) > 1; codes = codes[2:] {
						at.right += widths[font][int(codes[0])<<8|int(codes[1])] * at.size / 1000
					}
				}
				out = append(out, at)
			}
			stack = stack[:0]
		}
	}
	return out
}

// inside fails if any text stands outside of the margins, save the strips and
// the space at the end of a line.
func inside(t *testing.T, r *read) {
	t.Helper()
	for _, p := range placements(r) {
		if p.y < 20*mm || p.y > pageHeight-20*mm {
			continue
		}
		if p.x < margin-0.01 || p.right > pageWidth-margin+0.3*p.size || p.y < pageHeight-bottom-0.01 || p.y > pageHeight-top {
			t.Errorf("page %d: text from %.1f to %.1f at height %.1f", p.page, p.x, p.right, p.y)
		}
	}
}

func TestEmptyDocument(t *testing.T) {
	r := parse(t, render(t, with()))
	if len(r.pages) != 1 || len(r.tree().kids) != 0 {
		t.Errorf("%d pages", len(r.pages))
	}
}

func TestNoEmptyPageAtTheEnd(t *testing.T) {
	for _, d := range []Document{with(FrontPage{Title: "T"}), with(Paragraph{Text: Plain("a")}, PageBreak{}), with(PageBreak{}, Paragraph{Text: Plain("a")}, PageBreak{}, PageBreak{})} {
		if r := parse(t, render(t, d)); len(r.pages) != 1 {
			t.Errorf("%d pages", len(r.pages))
		}
	}
}

// What a block leaves below itself must not become a page of its own.
func TestNoEmptyPageAfterAFullOne(t *testing.T) {
	for n := range 120 {
		blocks := []Block{}
		for range n {
			blocks = append(blocks, Paragraph{Text: Plain("Kort.")})
		}
		blocks = append(blocks, sampleTable(3), Box{Title: "Ruta"})
		r := parse(t, render(t, with(blocks...)))
		if last := len(r.pages) - 1; len(r.texts[last]) == 0 {
			t.Fatalf("%d paragraphs: page %d is empty", n, last+1)
		}
	}
}

func TestLongWordBreaks(t *testing.T) {
	word := strings.Repeat("abcdefghij", 500)
	url := "https://exempel.example/" + strings.Repeat("en-lang-vag/", 30) + "slut?fraga=1"
	r := parse(t, render(t, with(
		Paragraph{Text: Plain("Före " + word + " efter.")},
		Paragraph{Text: Text{{Text: url, Link: url}}},
		Table{Columns: []Column{{Width: 1}, {Width: 9}}, Rows: [][]Text{{Plain(word[:200]), Plain("kort")}}},
	)))
	inside(t, r)
	root := r.tree()
	if got := root.all("P")[0].text; got != "Före "+word+" efter." {
		t.Errorf("the word became %.60q...", got)
	}
	if got := root.all("Link")[0].text; got != url {
		t.Errorf("the address became %q", got)
	}
}

func TestLongCellIsDividedOverPages(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat(filler, 60))
	r := parse(t, render(t, with(
		Heading{Level: 1, Text: "Rubrik"},
		Table{Columns: []Column{{Width: 1}, {Width: 2}, {Width: 1}}, Head: [][]Text{{Plain("Ett"), Plain("Två"), Plain("Tre")}},
			Rows: [][]Text{{Plain("a"), Plain(long), Plain(long[:800])}, {Plain("b"), {}, Plain("slut")}}},
	)))
	inside(t, r)
	if len(r.pages) < 4 {
		t.Errorf("%d pages", len(r.pages))
	}
	rows := r.tree().all("TBody")[0].all("TR")
	if len(rows) != 2 || len(rows[0].kids) != 3 || len(rows[1].kids) != 3 {
		t.Fatalf("%d rows", len(rows))
	}
	if got := rows[0].kids[1].text; got != long {
		t.Errorf("the cell reads %d characters, want %d", len(got), len(long))
	}
	for i, s := range r.outside[1:] {
		if !strings.Contains(s, "Två") {
			t.Errorf("page %d does not repeat the head", i+2)
		}
	}
}

func TestThousandRows(t *testing.T) {
	r := parse(t, render(t, with(sampleTable(1000))))
	inside(t, r)
	rows := r.tree().all("TBody")[0].all("TR")
	for i, row := range rows {
		if want := fmt.Sprintf("System %02d", i+1); row.kids[0].text != want {
			t.Fatalf("row %d is %q", i+1, row.kids[0].text)
		}
	}
	if len(rows) != 1000 || rows[999].page != len(r.pages) {
		t.Errorf("%d rows on %d pages", len(rows), len(r.pages))
	}
}

func TestHighHeadIsNotRepeated(t *testing.T) {
	high := Table{Columns: make([]Column, 2), Head: [][]Text{{Plain(strings.Repeat(filler, 14)), Plain("b")}}, Rows: sampleTable(60).Rows}
	for i := range high.Rows {
		high.Rows[i] = high.Rows[i][:2]
	}
	r := parse(t, render(t, with(high)))
	inside(t, r)
	if n := len(r.tree().all("TBody")[0].kids); n != 60 {
		t.Errorf("%d rows", n)
	}
}

func TestManyLongFootnotes(t *testing.T) {
	var text Text
	for i := range 12 {
		text = append(text, Span{Text: fmt.Sprintf("Påstående %d", i+1), Note: Plain(strings.Repeat(filler, 1+5*i))}, Span{Text: ". "})
	}
	r := parse(t, render(t, with(Paragraph{Text: text}, Paragraph{Text: Plain(strings.Repeat(filler, 30))})))
	inside(t, r)
	notes := r.tree().all("Note")
	for i, n := range notes {
		if got, want := strings.TrimSpace(n.all("P")[0].text), strings.TrimSpace(strings.Repeat(filler, 1+5*i)); got != want {
			t.Errorf("note %d has %d characters, want %d", i+1, len(got), len(want))
		}
	}
	if len(notes) != 12 {
		t.Errorf("%d notes", len(notes))
	}
}

func TestLastRowsStayTogether(t *testing.T) {
	for n := 20; n < 90; n++ {
		rows := parse(t, render(t, with(sampleTable(n)))).tree().all("TBody")[0].all("TR")
		if rows[n-1].page != rows[n-2].page || rows[0].page != rows[1].page {
			t.Errorf("of %d rows the last is on page %d, the one before on %d", n, rows[n-1].page, rows[n-2].page)
		}
	}
}

func TestStripsDoNotMeet(t *testing.T) {
	d := with(Paragraph{Text: Plain("a")})
	long := strings.Repeat("Ledningens genomgång ", 20)
	for _, s := range []Strip{{Left: long, Right: long}, {Left: long, Centre: "mitt", Right: "höger"}, {Left: long}} {
		d.Header = func(int, int) Strip { return s }
		last := margin
		at := placements(parse(t, render(t, d)))
		slices.SortFunc(at, func(a, b placed) int { return int(a.x - b.x) })
		for _, p := range at {
			if p.y < pageHeight-20*mm {
				continue // not the header
			}
			if p.x < last-0.01 || p.right > pageWidth-margin+0.01 {
				t.Errorf("%.20v: text from %.1f to %.1f, the one before ends at %.1f", s, p.x, p.right, last)
			}
			last = p.right
		}
	}
}

// No line may stand alone, and a heading not last on a page, however the text falls.
func TestNoStrayLines(t *testing.T) {
	for n := range 60 {
		blocks := []Block{}
		for range n {
			blocks = append(blocks, Paragraph{Text: Plain("Kort.")})
		}
		blocks = append(blocks, Heading{Level: 1, Text: "Rubrik"}, Paragraph{Text: Plain(strings.Repeat(filler, 2))})
		r := parse(t, render(t, with(blocks...)))
		root := r.tree()
		h, p := root.all("H1")[0], root.all("P")[n]
		if h.page != p.page {
			t.Fatalf("%d paragraphs: the heading is on page %d, its text on %d", n, h.page, p.page)
		}
		lines := map[int]map[float64]bool{}
		for _, at := range placements(r) {
			if at.size == bodyType.size && at.page >= p.page {
				if lines[at.page] == nil {
					lines[at.page] = map[float64]bool{}
				}
				lines[at.page][at.y] = true
			}
		}
		if last := len(lines[len(r.pages)]); last < 2 {
			t.Fatalf("%d paragraphs: %d line on the last page", n, last)
		}
	}
}

func TestMissingGlyphsAreBoxes(t *testing.T) {
	text := "a\U0001F600b\xffc\uE000d\u0007e"
	if got, want := Missing(text), []rune{0x1F600, 0xFFFD, 0xE000}; !slices.Equal(got, want) {
		t.Errorf("missing %U, want %U", got, want)
	}
	d := with(Paragraph{Text: Plain(text)})
	d.Title = "T\x00itel \U0001F600"
	r := parse(t, render(t, d))
	if got, want := r.tree().text, "a□b□c□de"; got != want {
		t.Errorf("read %q, want %q", got, want)
	}
	if got := r.dict(r.trailer["Info"])["Title"]; got != "Titel □" {
		t.Errorf("title %q", got)
	}
}

func TestSwedishAndTypographicCharacters(t *testing.T) {
	const text = "Åäö ÅÄÖ é ü – — ”citat” ’ … • § € № ½ × ≥ ≤ → 5\u00A0%"
	if m := Missing(text); len(m) > 0 {
		t.Errorf("missing %q", m)
	}
	if got := parse(t, render(t, with(Paragraph{Text: Plain(text)}))).tree().text; got != text {
		t.Errorf("read %q", got)
	}
	composed := parse(t, render(t, with(Paragraph{Text: Plain("A\u030Ar\u202Fa\u0308o\u0308")}))).tree().text
	if composed != "År\u00A0äö" {
		t.Errorf("read %q", composed)
	}
}

func TestNumbersAndNoBreakSpacesHoldTogether(t *testing.T) {
	l, err := newLayout(&Document{})
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"2023-11-23", "2023/980", "10\u00A0500\u00A0kronor"} {
		for n := range 80 {
			lines, err := l.wrap(Plain(strings.Repeat("x", n)+" "+word+" y"), l.root, 300, bodyType)
			if err != nil {
				t.Fatal(err)
			}
			whole := false
			for _, ln := range lines {
				for _, s := range ln.segs {
					whole = whole || strings.Contains(s.text, word)
				}
			}
			if !whole {
				t.Errorf("%s is broken after %d characters", word, n)
			}
		}
	}
}

func TestSoftHyphenShowsWhereALineBreaks(t *testing.T) {
	l, err := newLayout(&Document{})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := l.wrap(Plain("informations\u00ADsäkerhets\u00ADsamordnare"), l.root, 110, bodyType)
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != 2 || lines[0].segs[0].text != "informations\u00AD" && lines[0].segs[0].text != "informationssäkerhets\u00AD" {
		t.Errorf("%d lines, the first %q", len(lines), lines[0].segs[0].text)
	}
}

func TestRefused(t *testing.T) {
	figure := sampleCurve()
	figure.Alt = " "
	odd := sampleCurve()
	odd.Marks = []Mark{Disc{Centre: Point{math.NaN(), 0}, Radius: 1}}
	wordy := sampleCurve()
	wordy.Marks = []Mark{Label{Text: strings.Repeat("a", maxLabel+1)}}
	para := func(s Span) Block { return Paragraph{Text: Text{s}} }
	for want, d := range map[string]Document{
		"no title":            {Lang: "sv", Created: sample().Created},
		"language tag":        {Title: "T", Lang: "på svenska", Created: sample().Created},
		"no time of creation": {Title: "T", Lang: "sv"},
		"no alternative text": with(figure),
		"no number":           with(odd),
		"label is longer":     with(wordy),
		"#nowhere":            with(para(Span{Text: "a", Link: "#nowhere"})),
		"not an address":      with(para(Span{Text: "a", Link: "https://exempel.example/ä ö"})),
		"a footnote has":      with(para(Span{Text: "a", Note: Text{{Text: "b", Note: Plain("c")}}})),
		"no columns":          with(Table{Rows: [][]Text{{}}}),
		"no rows":             with(Table{Columns: make([]Column, 1)}),
		"row 1: 2 cells":      with(Table{Columns: make([]Column, 1), Rows: [][]Text{{{}, {}}}}),
		"99 columns":          with(Table{Columns: make([]Column, 99), Rows: [][]Text{{}}}),
		"level 5":             with(Heading{Level: 5, Text: "a"}),
		"heading has no text": with(Heading{Level: 1}),
		"two headings":        with(Heading{Level: 1, Text: "a", ID: "x"}, Heading{Level: 1, Text: "b", ID: "x"}),
		"holds a pdf.Table":   with(Box{Body: []Block{sampleTable(1)}}),
		"longer than":         with(Paragraph{Text: Plain(strings.Repeat("a", MaxText+1))}),
		"more than":           with(Paragraph{Text: Plain(strings.Repeat("\n", maxLines+1))}),
	} {
		var b bytes.Buffer
		if err := Write(&b, d); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got the error %v, want %q", err, want)
		}
		if b.Len() > 0 {
			t.Errorf("%s: %d bytes were written", want, b.Len())
		}
	}
}
