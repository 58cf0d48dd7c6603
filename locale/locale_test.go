// SPDX-License-Identifier: EUPL-1.2

package locale

import (
	"slices"
	"strings"
	"testing"
)

// The files themselves: every line is read, no key twice, no text empty.
func TestFilesAreWellFormed(t *testing.T) {
	for _, m := range words().mistakes {
		t.Error(m)
	}
}

func TestEveryKeyInBothLanguages(t *testing.T) {
	for _, l := range Langs() {
		for _, other := range Langs() {
			for _, key := range Keys(l) {
				if !other.Has(key) {
					t.Errorf("%s has words in %s and none in %s", key, l, other)
				}
			}
		}
	}
}

func TestArgumentsAlikeInBothLanguages(t *testing.T) {
	arguments := func(l Lang, key string) []int {
		var n []int
		for _, p := range l.texts()[key] {
			if p.arg > 0 && !p.plural { // a plural may be needed in one language and not in the other
				n = append(n, p.arg)
			}
		}
		slices.Sort(n)
		return slices.Compact(n)
	}
	for _, key := range Keys(Swedish) {
		if !English.Has(key) {
			continue
		}
		if sv, en := arguments(Swedish, key), arguments(English, key); !slices.Equal(sv, en) {
			t.Errorf("%s takes %v in Swedish and %v in English", key, sv, en)
		}
	}
}

// A text left as a mark, with doubled spaces or with quotation marks of the other language was not read
// by anybody.
func TestTextsAreRead(t *testing.T) {
	for _, l := range Langs() {
		for key, text := range words().raw[l] {
			for _, mark := range []string{"[[", "]]", "TODO", "XXX", "  ", " .", " ,"} {
				if strings.Contains(text, mark) {
					t.Errorf("%s in %s has %q: %s", key, l, mark, text)
				}
			}
		}
	}
}

func TestReadTellsMistakes(t *testing.T) {
	w := &wordlist{texts: map[Lang]map[string]template{Swedish: {}}, raw: map[Lang]map[string]string{Swedish: {}}}
	w.read(Swedish, "a.txt", "# hej\n\na = ett\n  två\n\ttre\nb =\nno equals\nÅ = x\na = igen\nc = x = y\n\n  z\n\n")
	want := []string{"a.txt:6: b has no words", "a.txt:7: not of the form", "a.txt:8: not of the form", "a.txt:9: a has words already"}
	if len(w.mistakes) != len(want) {
		t.Fatalf("mistakes: %q", w.mistakes)
	}
	for i, m := range w.mistakes {
		if !strings.HasPrefix(m, want[i]) {
			t.Errorf("mistake %d is %q, want %q", i, m, want[i])
		}
	}
	if got := w.raw[Swedish]["a"]; got != "ett\ntvå\ntre" {
		t.Errorf("a = %q", got)
	}
	if got := w.raw[Swedish]["c"]; got != "x = y\n\nz" {
		t.Errorf("c = %q", got)
	}
}

func TestArguments(t *testing.T) {
	for _, c := range []struct {
		text string
		args []any
		want string
	}{
		{"{1} {1:avvikelse|avvikelser}", []any{1}, "1 avvikelse"},
		{"{1} {1:avvikelse|avvikelser}", []any{0}, "0 avvikelser"},
		{"{1} {1:avvikelse|avvikelser}", []any{int64(12345)}, "12\u00a0345 avvikelser"},
		{"år {1}", []any{"2024"}, "år 2024"},
		{"år {#1}, {1} kr", []any{2024}, "år 2024, 2\u00a0024 kr"},
		{"{2} före {1}", []any{"a", "b"}, "b före a"},
		{"fattas: {2}", []any{"a"}, "fattas: {2}"},
		{`{"a": {1}} och {x`, []any{true}, `{"a": true} och {x`},
		{"{1:bara en}", []any{1}, "{1:bara en}"},
	} {
		var b strings.Builder
		for _, p := range cut(c.text) {
			b.WriteString(p.with(Swedish, c.args))
		}
		if b.String() != c.want {
			t.Errorf("%s with %v = %q, want %q", c.text, c.args, b.String(), c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Swedish.Number(0), "0"},
		{Swedish.Number(999), "999"},
		{Swedish.Number(1234567), "1\u00a0234\u00a0567"},
		{English.Number(1234567), "1,234,567"},
		{Swedish.Number(-1234), "\u22121\u00a0234"},
		{Swedish.Percent(1250), "12,5 procent"},
		{English.Percent(1250), "12.5 percent"},
		{Swedish.Percent(3333), "33,33 procent"},
		{Swedish.Percent(5), "0,05 procent"},
		{Swedish.Percent(10000), "100 procent"},
		{Swedish.PercentSign(1250), "12,5\u00a0%"},
		{English.PercentSign(1250), "12.5%"},
		{Swedish.Points(2000), "20 procentenheter"},
		{Swedish.Points(100), "1 procentenhet"},
		{Swedish.Points(-100), "\u22121 procentenhet"},
		{Swedish.Points(50), "0,5 procentenheter"},
		{English.Points(2000), "20 percentage points"},
		{English.Points(100), "1 percentage point"},
		{Swedish.Day("2024-12-31"), "2024-12-31"},
		{Swedish.Day(""), "uppgift saknas"},
		{English.Day(""), "not known"},
		{Swedish.And(nil), ""},
		{Swedish.And([]string{"a"}), "a"},
		{Swedish.And([]string{"a", "b", "c"}), "a, b och c"},
		{English.And([]string{"a", "b", "c"}), "a, b and c"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestParse(t *testing.T) {
	for s, want := range map[string]Lang{"sv": Swedish, "en-GB": English, "SV_se": Swedish} {
		if l, ok := Parse(s); !ok || l != want {
			t.Errorf("Parse(%q) = %q, %v", s, l, ok)
		}
	}
	for _, s := range []string{"", "de", "svenska"} {
		if l, ok := Parse(s); ok {
			t.Errorf("Parse(%q) = %q", s, l)
		}
	}
}

func TestMissingKeyIsSeen(t *testing.T) {
	if got := Swedish.T("no.such.key"); got != "[[no.such.key]]" {
		t.Error(got)
	}
	if got := Lang("").T("unknown"); got != "uppgift saknas" {
		t.Error(got)
	}
}

func BenchmarkT(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		Swedish.T("number.points", "12,5", "12,5")
	}
}

func BenchmarkTWithoutArguments(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		Swedish.T("unknown")
	}
}
