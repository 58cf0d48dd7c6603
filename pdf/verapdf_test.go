// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// hard is a document with what is awkward to set and to tag.
func hard() Document {
	long := strings.Repeat(filler, 40)
	notes := Text{}
	for range 8 {
		notes = append(notes, Span{Text: "Påstående", Note: Plain(strings.Repeat(filler, 8))}, Span{Text: ", "})
	}
	items := []Item{}
	for range 30 {
		items = append(items, Item{Text: Plain(filler), Sub: List{Items: []Item{{Text: Plain("inre"), Sub: List{Numbered: true, Start: 98, Items: []Item{{Text: Plain("innerst")}, {}}}}}}})
	}
	return with(
		FrontPage{Organisation: "Exempelstaden", Title: strings.Repeat("Ledningens genomgång ", 5), Lines: []Labelled{{"Beslutad", long}, {strings.Repeat("Etikett ", 20), "värde"}, {"", ""}}},
		Contents{Title: "Innehåll", Depth: 4},
		Heading{Level: 3, Text: "Tom\u00ADma \U0001F600 (parentes\\)"},
		Paragraph{},
		Paragraph{Text: Text{{Text: " "}, {Link: "https://exempel.example/", Text: " "}, {Text: "a\nb\n\nc"}}},
		Paragraph{Text: Text{{Text: strings.Repeat("lång länk ", 40), Link: "https://exempel.example/a(b)\\c"}, {Text: strings.Repeat("in English ", 30), Lang: "en"}}},
		Paragraph{Text: notes},
		List{Numbered: true, Start: 95, Items: items},
		Box{Tone: Notice, Body: []Block{List{Items: items[:12]}, Paragraph{Text: Text{{Text: "not", Note: Plain("I en ruta.")}}}}},
		Table{
			Caption: Text{{Text: "Tabell"}, {Text: " med not", Note: Plain("I en rubrik.")}}, RowHeads: true, Zebra: true, Small: true,
			Columns: []Column{{}, {Align: Centre}, {Align: Right}},
			Head:    [][]Text{{Plain("A"), Plain("B")}, {{}, Plain(filler), {{Text: "c", Note: Plain("I ett huvud.")}}}},
			Rows:    [][]Text{{Plain("a"), Plain(long + long), {{Text: "länk", Link: "#x"}}}, {}, {{}, {}, {{Text: "b", Note: Plain("I en cell.")}}}},
		},
		Heading{Level: 1, Text: "Sist", ID: "x"},
		Figure{Alt: "Tomt.", Width: 2000, Height: 3000, Marks: []Mark{Area{Points: Rect(0, 0, 2000, 3000), Colour: 0xEEEEEE}, Label{At: Point{10, 900}, Text: "Text \U0001F600", Size: 300, Bold: true}}},
		Table{Head: [][]Text{{Plain("bara huvud")}}, Columns: make([]Column, 1)},
		Heading{Level: 4, Text: "Slut"},
	)
}

func TestHardDocument(t *testing.T) {
	r := parse(t, render(t, hard()))
	inside(t, r)
	if n := len(r.tree().all("Note")); n != 12 {
		t.Errorf("%d notes", n)
	}
}

// spoil breaks one promise of a good file by renaming a key, length kept.
var spoil = map[string][2]string{
	"alt":      {" /Alt ", " /Xlt "},
	"contents": {"/Contents <FEFF", "/Xontents <FEFF"},
	"lang":     {"/Lang (sv)", "/Xang (sv)"},
	"note":     {"/ID (note-1)", "/XD (note-1)"},
	"parent":   {"/StructParent ", "/XtructParent "},
	"tabs":     {"/Tabs /S", "/Xabs /S"},
	"title":    {"DisplayDocTitle true", "DisplayDocTitle null"},
	"claim":    {"<pdfuaid:part>1<", "<pdfuaid:part>7<"},
	"profile":  {"/DestOutputProfile", "/XestOutputProfile"},
	"unicode":  {"/ToUnicode", "/XoUnicode"},
	"level":    {"<pdfaid:conformance>A", "<pdfaid:conformance>Q"},
}

// With LEDSYN_TEST_VERAPDF set, veraPDF must be to be had, pass our files and
// fail each spoilt one.
func TestVeraPDF(t *testing.T) {
	if os.Getenv("LEDSYN_TEST_VERAPDF") == "" {
		t.Skip("LEDSYN_TEST_VERAPDF is not set")
	}
	dir := t.TempDir()
	good := render(t, sample())
	files := map[string][]byte{"a-sample": good, "hard": render(t, hard()), "empty": render(t, with()), "table": render(t, with(sampleTable(300)))}
	for k, s := range spoil {
		bad := bytes.ReplaceAll(good, []byte(s[0]), []byte(s[1]))
		if bytes.Equal(bad, good) {
			t.Errorf("%s: the file has no %s", k, s[0])
		}
		files["spoilt-"+k] = bad
	}
	args := []string{filepath.Join(dir, "a-sample.pdf")}
	for k, data := range files {
		path := filepath.Join(dir, k+".pdf")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if path != args[0] {
			args = append(args, path)
		}
	}
	out, err := exec.Command("./verapdf", args...).CombinedOutput()
	if e, ok := err.(*exec.ExitError); !ok || e.ExitCode() != 1 {
		t.Fatalf("%v\n%s", err, out)
	}
	for k := range files {
		path := filepath.Join(dir, k+".pdf")
		passes := strings.Contains(string(out), "pass 2a "+path+"\n") && strings.Contains(string(out), "pass ua1 "+path+"\n")
		if spoilt := strings.HasPrefix(k, "spoilt-"); passes == spoilt {
			t.Errorf("%s: passes both is %v\n%s", k, passes, out)
		}
	}
}
