// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ledsyn/chart"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

func asHTML(t testing.TB, d Doc, l Links) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, d, l); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostile is a document in which everything people can write tries to become code.
func hostile() Doc {
	const bad = `<script>alert(1)</script>"' onload=x style=y &`
	in := replayed(locale.Swedish)
	r := &in.Records
	in.Organisation, in.Unit.Name, in.Review.Dnr, in.Review.Contact, in.Validation = bad, bad, bad, bad, "javascript:alert(1)"
	r.Factors[0].Text, r.Factors[0].Heading, r.Factors[0].Source = bad, bad, bad
	r.Documents[0].Title, r.SpotChecks[0].Area, r.Recommendations[0].Text = bad, bad, bad
	r.Measurements[0].Source, r.Activities[0].Name, r.Persons[0].Name = bad, bad, bad
	r.Sections[0].Text = "# Rubrik\n\n<script>x</script>\n\n<img src=x onerror=y>\n\nText <b onclick=z>fet</b> [a](javascript:1) [b](data:x) [c](https://example.org/?a=1&b=\"2\") ![bild](https://example.org/x.png) <https://example.org> <mailto:a@example.org>\n\n" +
		"```\n<script>\n```\n\n> citat\n\n| a | b |\n|---|---:|\n| <i> | 1 |\n\n---\n\n3. tre\n4. fyra\n   - under\n"
	return ManagementReview(in)
}

func TestHTMLIsWellFormedAndHoldsNoCode(t *testing.T) {
	for name, d := range map[string]Doc{"recorded": ManagementReview(replayed(locale.English)), "hostile": hostile(), "empty": ManagementReview(empty(locale.Swedish))} {
		out := asHTML(t, d, Links{Figure: func(ref string) string { return "/figures/" + ref }, After: func(refs []metric.Ref) string { return fmt.Sprintf("<i>%d</i>", len(refs)) }})
		tags := regexp.MustCompile(`<[^>]*>`).FindAllString(out, -1)
		for _, tag := range tags {
			if regexp.MustCompile(`(?i)^<(script|style|img|iframe|object)|\s(style|on\w+)=|="\s*(javascript|data):`).MatchString(regexp.MustCompile(`="[^"]*"`).ReplaceAllStringFunc(tag, func(s string) string {
				if strings.HasPrefix(s, `="javascript:`) || strings.HasPrefix(s, `="data:`) {
					return s
				}
				return `=""`
			})) {
				t.Errorf("%s: %s", name, tag)
			}
		}
		ids := map[string]bool{}
		levels := []int{}
		dec := xml.NewDecoder(strings.NewReader(regexp.MustCompile(`<(br|hr)>`).ReplaceAllString(out, "<$1/>")))
		for {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			e, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			if len(e.Name.Local) == 2 && e.Name.Local[0] == 'h' && e.Name.Local != "hr" {
				levels = append(levels, int(e.Name.Local[1]-'0'))
			}
			for _, a := range e.Attr {
				if a.Name.Local == "id" {
					if ids[a.Value] {
						t.Errorf("%s: the id %s twice", name, a.Value)
					}
					ids[a.Value] = true
				}
			}
		}
		for i := 1; i < len(levels); i++ {
			if levels[i] > levels[i-1]+1 {
				t.Errorf("%s: heading levels jump: %v", name, levels)
				break
			}
		}
		for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(out, -1) {
			if !ids[m[1]] {
				t.Errorf("%s: a link to #%s, which is not there", name, m[1])
			}
		}
	}
}

func TestOwnTextAsBlocks(t *testing.T) {
	s, _ := hostile().Section("status")
	var own []Block
	for _, b := range s.Blocks {
		if b.Own {
			own = append(own, b)
		}
	}
	types := make([]string, len(own))
	for i, b := range own {
		types[i] = string(b.Type)
	}
	if got := strings.Join(types, " "); got != "heading paragraph paragraph paragraph code quote table rule list" {
		t.Fatal(got)
	}
	if own[0].Level != 2 {
		t.Errorf("the text's heading has level %d under a section of level 1", own[0].Level)
	}
	if got := PlainText(own[1].Text); got != "<script>x</script>" {
		t.Errorf("HTML is text like any other: %q", got)
	}
	links := map[string]string{}
	for _, span := range own[3].Text {
		links[span.Text] = span.Link
	}
	want := map[string]string{"a": "", "b": "", "c": `https://example.org/?a=1&b="2"`, "https://example.org": "https://example.org", "mailto:a@example.org": "mailto:a@example.org"}
	for text, link := range want {
		if got, ok := links[text]; ok && got != link || !ok && link != "" {
			t.Errorf("the link %q leads to %q, want %q; %v", text, got, link, links)
		}
	}
	last := own[len(own)-1]
	if !last.Numbered || last.Start != 3 || len(last.Items) != 2 || len(last.Items[1].Sub) != 1 {
		t.Errorf("the list is %+v", last)
	}
}

func TestMarkdownTextIsReadAsWritten(t *testing.T) {
	for source, want := range map[string]string{
		`a \* b &auml; &amp; ` + "`\\* &amp;`": `a * b ä & \* &amp;`,
		"rad ett\nrad två":                     "rad ett rad två",
		"rad ett  \nrad två":                   "rad ett\nrad två",
		"**fet** och *kursiv*":                 "fet och kursiv",
		"":                                     "",
		"   \n\n":                              "",
	} {
		got := ""
		for _, b := range markdown(source, 1) {
			got += PlainText(b.Text)
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", source, got, want)
		}
	}
}

func TestMarkdownHeadingsDoNotJump(t *testing.T) {
	var levels []int
	for _, b := range markdown("### a\n##### b\n# c\n## d\n", 2) {
		levels = append(levels, b.Level)
	}
	if !cmp.Equal(levels, []int{3, 4, 3, 4}) {
		t.Error(levels)
	}
}

func FuzzMarkdown(f *testing.F) {
	f.Add("# a\n- b\n  - c\n> > > d\n<x>\n[e](f)\n")
	f.Add(strings.Repeat("> ", 40) + "x")
	f.Add(strings.Repeat("- ", 40) + "x")
	f.Fuzz(func(t *testing.T, source string) {
		d := Doc{Sections: []Section{{Key: "s", Level: 1, Heading: "h", Blocks: markdown(source, 1)}}}
		out := asHTML(t, d, Links{})
		if m := regexp.MustCompile(`(?i)<(script|img|iframe|style)|<[^>]*\shref="(javascript|data|vbscript)`).FindString(out); m != "" {
			t.Errorf("%q gives %s", source, m)
		}
	})
}

func TestJSONReadsBack(t *testing.T) {
	d := ManagementReview(replayed(locale.Swedish))
	var b bytes.Buffer
	if err := JSON(&b, d); err != nil {
		t.Fatal(err)
	}
	first := b.String()
	back, err := ReadJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	opts := cmp.Options{cmpopts.EquateEmpty(), cmp.Comparer(func(a, b register.Count) bool { return a == b }), cmp.Comparer(func(a, b register.Percent) bool { return a == b })}
	if diff := cmp.Diff(d, back, opts); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	JSON(&b, back)
	if b.String() != first {
		t.Error("written, read and written again it is not the same bytes")
	}
	for _, bad := range []string{"", "{}", `{"schema":"ledsyn/doc/0"}`, "[1]"} {
		if _, err := ReadJSON(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is read as a document", bad)
		}
	}
}

func TestSectionHTML(t *testing.T) {
	d := ManagementReview(replayed(locale.Swedish))
	s, _ := d.Section("status")
	var b bytes.Buffer
	if err := SectionHTML(&b, d, s, Links{Figure: func(ref string) string { return "/f/" + ref }}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<a href="/f/systems_classified@2022-12-31" class="doc-figure">30 procent</a>`, `id="status-note-1"`, `<svg class="chart"`, `<div class="doc-own">`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the section lacks %s", want)
		}
	}
	if strings.Contains(b.String(), "Tertialrapport") {
		t.Error("the section has notes that only others refer to")
	}
}

func TestPageStandsAlone(t *testing.T) {
	var alone, linked bytes.Buffer
	d := ManagementReview(replayed(locale.Swedish))
	if err := errors.Join(Page(&alone, d, ""), Page(&linked, d, "/report.css")); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(alone.String(), "<style>") || !strings.Contains(alone.String(), `<html lang="sv">`) {
		t.Error("the page that stands alone has no style sheet or language")
	}
	if strings.Contains(linked.String(), "<style") || !strings.Contains(linked.String(), `<link rel="stylesheet" href="/report.css">`) {
		t.Error("the page does not link its style sheet")
	}
}

func TestPDFIsTheSameEachTime(t *testing.T) {
	for _, d := range []Doc{ManagementReview(replayed(locale.Swedish)), ManagementReview(counted(locale.English, "2024-11-20")), ManagementReview(empty(locale.Swedish)), hostile()} {
		var a, b bytes.Buffer
		if err := errors.Join(PDF(&a, d), PDF(&b, d)); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(a.Bytes(), []byte("%PDF-1.7")) || !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: %d and %d bytes", d.Front.Board, a.Len(), b.Len())
		}
	}
}

func TestEveryTypeOfBlockIsWritten(t *testing.T) {
	text := func(s string) []Span { return []Span{{Text: s, Bold: true}} }
	blocks := []Block{{Type: Paragraph, Text: text("w1")}, {Type: Fact, Text: text("w2")}, {Type: Missing, Text: text("w3")}, {Type: Heading, Level: 2, Text: text("w4")},
		{Type: List, Items: []Item{{Text: text("w5"), Sub: []Item{{Text: text("w6")}}}}}, {Type: Table, Head: []Cell{{Text: text("w7")}}, Rows: [][]Cell{{{Text: text("w8")}}}},
		{Type: Graph, Chart: &chart.Chart{Title: "w9", Desc: "w9"}}, {Type: Box, Text: text("w10"), Blocks: []Block{{Type: Paragraph, Text: text("w11")}}},
		{Type: Quote, Blocks: []Block{{Type: Paragraph, Text: text("w12")}}}, {Type: Rule}, {Type: Code, Text: text("w13")}}
	d := Doc{Lang: "en", AsOf: "2024-01-01", Front: Front{Title: "t"}, Sections: []Section{{Key: "s", Level: 1, Heading: "h", Blocks: blocks}}}
	html, plain := asHTML(t, d, Links{}), asText(t, d)
	for i := 1; i <= 13; i++ {
		word := fmt.Sprintf("w%d", i)
		if !strings.Contains(html, word) {
			t.Errorf("HTML lacks %s", word)
		}
		if !strings.Contains(plain, word) {
			t.Errorf("plain text lacks %s", word)
		}
	}
	if err := PDF(io.Discard, d); err != nil {
		t.Error(err)
	}
}

func TestTemplates(t *testing.T) {
	for _, key := range []string{"stockholm-2024", "kommun", "iso-9-3"} {
		if _, ok := TemplateOf(key); !ok {
			t.Fatalf("no template %s", key)
		}
	}
	for _, template := range Templates() {
		answered := map[string]bool{}
		for _, s := range template.Sections {
			for _, input := range s.Inputs {
				answered[input] = true
			}
			for _, f := range s.Facts {
				for _, input := range f.Inputs {
					answered[input] = true
				}
			}
		}
		for _, input := range Inputs() {
			if !answered[input] {
				t.Errorf("%s: no section can answer %s", template.Key, input)
			}
		}
	}
	const section = `{"key":"t","sections":[{"key":"s","level":%s,"heading":{"sv":"a","en":"b"},"facts":[{"fact":%q,"inputs":[%q]}]}]}`
	if _, err := ReadTemplate(fmt.Appendf(nil, section, "1", "plan", "a")); err != nil {
		t.Errorf("a good template: %v", err)
	}
	for _, bad := range []string{"", "{}", fmt.Sprintf(section, "2", "plan", "a"), fmt.Sprintf(section, "1", "no_such", "a"), fmt.Sprintf(section, "1", "plan", "no_such"),
		strings.Replace(fmt.Sprintf(section, "1", "plan", "a"), `"en":"b"`, `"en":""`, 1), strings.Replace(fmt.Sprintf(section, "1", "plan", "a"), `"facts"`, `"fakta"`, 1)} {
		if _, err := ReadTemplate([]byte(bad)); err == nil {
			t.Errorf("accepted: %s", bad)
		}
	}
}

// many is a unit with as many systems as a large one has.
func many() Input {
	in := counted(locale.Swedish, "2024-11-20")
	in.Curves = map[string][]metric.Figure{}
	for i := range 2000 {
		id := fmt.Sprint("many", i)
		in.Records.Systems = append(in.Records.Systems, isms.System{Record: head(id), Name: id, Lifecycle: isms.InUse})
		in.Records.Classifications = append(in.Records.Classifications, isms.Classification{Record: head("c" + id), System: register.Ref[isms.System](id),
			State: isms.ClassificationDecided, DecidedOn: register.Day("2023-01-01").AddDays(i % 700)})
	}
	return in
}

func BenchmarkReviewOf2000Systems(b *testing.B) {
	in := many()
	for b.Loop() {
		ManagementReview(in)
	}
}

func BenchmarkPDFOf2000Systems(b *testing.B) {
	d := ManagementReview(many())
	for b.Loop() {
		if err := PDF(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHTMLOf2000Systems(b *testing.B) {
	d := ManagementReview(many())
	for b.Loop() {
		if err := HTML(io.Discard, d, Links{}); err != nil {
			b.Fatal(err)
		}
	}
}
